"""What moves a plan and what would turn the choice, as sentences and a table.

In: the summary of a sensitivity. Out: lines of text, the answer first. Invariants: what is said to be more is so for
sure; more replications are never said to make a play more certain; of bad plays nothing is called a cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.present import digits
from simulator.present.choice import choice_lines
from simulator.present.claims import side
from simulator.present.digits import with_interval
from simulator.present.inputs import MOST_NAMED, Summary, input_name, range_text, value_text
from simulator.present.objectives import measure_unit, measure_words, objective_unit, objective_words
from simulator.present.table import sentence_lines, table_lines

# What happened in a play, by the column that counts it: in how many plays, and in which of them.
_HAPPENED = {
    "scandals": "a scandal hit",
    "stock_outs": "the stock ran out",
    "posts_dropped": "a creator dropped out",
    "posts_slipped": "a post was late",
    "posts_withdrawn": "a scandal stopped posts",
    "posts_pending": "a post was not out in time",
    "lost_orders": "orders were lost",
}


def sensitivity_lines(summary: Summary) -> list[str]:
    """Say what is not known, what moves the plan, what would turn the choice and what bad plays have in common."""
    paragraphs = [
        variance_lines(summary),
        list(moving_lines(summary)),
        list(choice_lines(summary)),
        list(worst_lines(summary)),
        list(note_lines(summary)),
    ]
    filled = [" ".join(lines) for lines in paragraphs if lines]
    text = [line for paragraph in filled for line in (*sentence_lines([paragraph]), "")]
    return text + input_lines(summary)


# ---- what is not known


def _of_plan(summary: Summary) -> str:
    return f"{objective_words(summary, summary['currency'], article=True)} of {digits.shortened(summary['plan'])}"


def variance_lines(summary: Summary) -> list[str]:
    """Split the variance into inputs, markets and chance, and say what would help."""
    its = summary["variance"]
    if its["chance"]["value"] is None:
        few = "does not vary in these plays" if its["variance"] == 0 else "is defined in too few plays"
        return [f"{_sentence(_of_plan(summary))} {few}, so nothing can be said of what moves it."]
    return [_split_sentence(summary), *better_data(summary), *_across(its)]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _split_sentence(summary: Summary) -> str:
    its = summary["variance"]
    inputs = f"{digits.percent(its['inputs'])} is what nobody knows of the inputs"
    if str(its["inputs"]["method"]).startswith("fixed"):
        why = "it has nothing to do with any" if summary["unknown_inputs"] else "the scenario has none"
        inputs = f"0% is unknown inputs ({why})"
    markets = its["markets"]
    between = f"{digits.percent(markets)} is which market it is" if markets["value"] is not None else ""
    chance = f"{digits.percent(its['chance'])} is chance"
    spread = digits.rounded(its["standard_deviation"], None, None, objective_unit(summary, summary["currency"]))
    parts = digits.listed([part for part in (inputs, between, chance) if part])
    return f"Of the variance of {_of_plan(summary)} from play to play (standard deviation {spread}), {parts}."


def better_data(summary: Summary) -> Iterator[str]:
    """Say whether better data, more replications or neither helps."""
    its = summary["variance"]
    inputs, chance = its["inputs"], its["chance"]
    if inputs["value"]:
        left = its["standard_deviation"] * (1 - inputs["value"]) ** 0.5
        less = digits.rounded(left, None, None, objective_unit(summary, summary["currency"]))
        word = (
            "would help most"
            if inputs["low"] > 0.5
            else "would help little"
            if inputs["value"] < 0.25
            else "would help"
        )
        yield f"Better data {word}: with every input known, the standard deviation would still be about {less}."
    if chance["low"] is not None and chance["low"] > 0.5:
        yield "Most of it is chance, which neither better data nor more replications take away."
    yield "More replications make the interval of the mean narrower, never the spread of plays."


def _across(its: Mapping[str, Any]) -> Iterator[str]:
    """Say how little a few markets tell of markets."""
    markets = its["markets"]
    if markets["value"] is None:
        yield "Only one market is played, so nothing is known of how markets differ."
        return
    of_all = markets["across_markets"]
    if of_all["high"] - of_all["low"] > 1.5 * (markets["high"] - markets["low"]):
        yield (
            f"These intervals hold for the {digits.count(its['markets_played'])} markets played. Of others so few tell "
            f"little: there, which market it is may be {digits.interval_text(of_all, digits.PERCENT)} of the variance "
            "(more markets would tell)."
        )


# ---- what moves the plan


def moving_lines(summary: Summary) -> Iterator[str]:
    """Say which inputs move the plan most, and which are worth knowing."""
    told = summary["tornado"]
    clear = [its for its in told if its["moves"]]
    if not told:
        return
    if not clear:
        yield f"No single input moves {_of_plan(summary)} for sure."
        return
    leading = [its for its in clear if side(its["behind"]) != 1]
    most = [_swing_text(summary, its) for its in leading[:MOST_NAMED]]
    which = f"is {most[0]}" if len(most) == 1 else f"is too close to call between {digits.listed(most)}"
    yield f"What moves {_of_plan(summary)} most {which}."
    others = [_swing_text(summary, its) for its in clear if its not in leading][: max(MOST_NAMED - len(most), 0)]
    if others:
        yield f"Then {digits.listed(others)}."
    yield from _index_sentence(summary)


def _swing_text(summary: Summary, its: Mapping[str, Any]) -> str:
    unit = objective_unit(summary, summary["currency"])
    ends = [digits.value_text(its[end]["mean"], unit) for end in ("low", "high")]
    return (
        f"{input_name(its['path'])} (from {range_text(summary, its['path'])} the mean goes from {ends[0]} to {ends[1]})"
    )


def _index_sentence(summary: Summary) -> Iterator[str]:
    """Say which inputs are worth knowing, by their first-order indices."""
    sure = [its for its in summary["factors"] if its["first_order"]["low"]]
    sure.sort(key=lambda its: -its["first_order"]["value"])
    if sure:
        parts = [f"{factor_name(its)} {digits.percent(its['first_order'])}" for its in sure[:MOST_NAMED]]
        yield f"Known exactly, each by itself would take away of the variance: {digits.listed(parts)}."


def factor_name(factor: Mapping[str, Any]) -> str:
    """Name a factor by its unknowns."""
    return digits.listed([input_name(path) for path in factor["paths"]])


# ---- the bad plays


def worst_lines(summary: Summary) -> Iterator[str]:
    """Say what the worst plays have in common."""
    its = summary["worst"]
    if not its["bad"]:
        return
    unit = measure_unit(summary["measure"], summary["currency"])
    border, mean, others = (
        digits.rounded(its[name], None, None, unit) for name in ("border", "mean", "mean_of_others")
    )
    start = (
        f"In the worst 5% of plays of {digits.shortened(summary['plan'])} ({digits.count(its['bad'])} of "
        f"{digits.count(its['plays'])}, {measure_words(summary)} {border} or less, {mean} on average against {others})"
    )
    found = [*_low_or_high(summary), *_happened(its), *_played_in(its)]
    if not found:
        yield f"{start} no input and no event is clearly different from the other plays."
        return
    yield f"{start} {digits.listed(found)}. They go together; that one causes the other is not said."


def _low_or_high(summary: Summary) -> list[str]:
    found = []
    for its in summary["worst"]["inputs"]:
        if its["differs"]:
            word = "low" if its["lower_in"] > 0.5 else "high"
            usual, bad = (value_text(summary, its["path"], its[key]) for key in ("median_of_others", "median"))
            found.append(f"{input_name(its['path'])} was {word} (median {bad} against {usual})")
    return found


def _happened(worst: Mapping[str, Any]) -> list[str]:
    found = []
    for its in worst["events"]:
        if its["differs"]:
            less = its["share"]["value"] < its["share_of_others"]["value"]
            found.append(f"{_HAPPENED[its['event']]} {'less' if less else 'more'} often ({_against(its)})")
    return found


def _played_in(worst: Mapping[str, Any]) -> list[str]:
    more = [
        its for its in worst["markets"] if its["differs"] and its["share"]["value"] > its["share_of_others"]["value"]
    ]
    return [f"the market was number {its['market']} more often ({_against(its)})" for its in more]


def _against(its: Mapping[str, Any]) -> str:
    bad, others = (digits.value_text(its[key], digits.PERCENT) for key in ("share", "share_of_others"))
    return f"{bad} against {others}"


# ---- what to know of it


def note_lines(summary: Summary) -> Iterator[str]:
    """Say what the numbers leave out, and which inputs have nothing to do with the plan."""
    if not summary["unknown_inputs"]:
        yield 'Of single inputs nothing is said, for none is unknown: write a range ("1% to 3%") where you do not know.'
        return
    groups = [factor_name(its) for its in summary["factors"] if len(its["paths"]) > 1]
    if groups:
        together = _sentence("; ".join(groups))
        yield f"{together} go together (correlate): one factor of the variance; where one moves, the others follow."
    idle = [factor_name(its) for its in summary["factors"] if not its["used"]]
    if idle:
        plan = digits.shortened(summary["plan"])
        yield f"Nothing to do with {plan}, so exactly 0: {digits.listed(idle)}."
    if "where defined" in summary["mean"]["method"]:
        yield f"Plays in which {measure_words(summary)} is undefined, because nothing is spent, are left out."


def input_lines(summary: Summary) -> list[str]:
    """Write a row for each unknown: its ends, the mean there, and its indices."""
    unit, rows = objective_unit(summary, summary["currency"]), []
    for its in summary["tornado"]:
        factor = next(one for one in summary["factors"] if its["path"] in one["paths"])
        ends = [with_interval(its[end]["mean"], unit) for end in ("low", "high")]
        shares = [index_text(factor[key]) for key in ("first_order", "total")]
        rows.append([input_name(its["path"]), range_text(summary, its["path"]), *ends, *shares])
    if not rows:
        return []
    head = ("input", "low to high", "mean at low", "mean at high", "alone", "with others")
    legend = (
        "low to high: 90% of what is plausible. alone: the share of the variance that knowing it alone would take "
        "away; with others: what would be left if all else, luck too, were known (first-order and total Sobol index)."
    )
    return [*table_lines(head, rows), "", *sentence_lines([legend])]


def index_text(estimate: Mapping[str, Any]) -> str:
    """Write an index with its interval; one that no play tells from 0 as that."""
    if estimate["value"] is None:
        return "-"
    return digits.percent(estimate) if digits.has_interval(estimate) else "none seen"


def finding(summary: Summary) -> str:
    """Say in one line what moves the plan most, for the title of a picture."""
    clear = [its for its in summary["tornado"] if its["moves"]]
    if not clear:
        return f"No single input moves {_of_plan(summary)} for sure"
    leading = [input_name(its["path"]) for its in clear if side(its["behind"]) != 1]
    if len(leading) > 1:
        return f"What moves {_of_plan(summary)} most: {digits.listed(leading[:MOST_NAMED])}"
    return f"What moves {_of_plan(summary)} most is {leading[0]}"
