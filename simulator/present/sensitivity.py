"""What moves a plan and what would turn the choice, as sentences and a table.

In: the summary of a sensitivity. Out: lines of text, the answer first. Invariants: what is said to be more is so for
sure; more replications are never said to make a play more certain; of bad plays nothing is called a cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from simulator.decide.objective import Objective
from simulator.present import digits
from simulator.present.claims import side
from simulator.present.digits import Unit, with_interval
from simulator.present.table import WIDTH, table_lines
from simulator.present.written import number

Summary = Mapping[str, Any]

_MOST_NAMED = 4
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
        list(_moving_lines(summary)),
        list(_choice_lines(summary)),
        list(_worst_lines(summary)),
        list(_note_lines(summary)),
    ]
    filled = [" ".join(lines) for lines in paragraphs if lines]
    text = [wrap(paragraph, WIDTH, break_on_hyphens=False, break_long_words=False) for paragraph in filled]
    return [line for lines in text for line in (*lines, "")] + input_lines(summary)


# ---- words


def input_name(path: str) -> str:
    """Name an unknown as a sentence does.

    >>> input_name("pools.micro.order_per_click"), input_name("product.margin"), input_name("boost.cpm")
    ('order_per_click of micro', 'margin', 'cpm of boosts')
    """
    section, _, inside = digits.clean(path).partition(".")
    owner, _, key = inside.rpartition(".")
    if section in ("pools", "creators"):
        return f"{key} of {owner}"
    if section in ("boost", "ads"):
        return f"{inside} of {'boosts' if section == 'boost' else 'ads'}"
    return inside


def value_text(summary: Summary, path: str, value: float) -> str:
    """Write what an unknown may be: shares in percent, money with its sign."""
    its = summary["unknown_inputs"][path]
    if its["kind"] == "share":
        return f"{number(100 * value)}%"
    sign = digits.money_unit(summary["currency"]).before if str(its["unit"]).startswith("money") else ""
    return f"{sign}{number(round(value, 9))}"


def range_text(summary: Summary, path: str) -> str:
    """Write what is plausible of an unknown: its low and its high end."""
    its = summary["unknown_inputs"][path]
    return f"{value_text(summary, path, its['low'])} to {value_text(summary, path, its['high'])}"


def measure_unit(summary: Summary) -> Unit:
    """Give the unit of the measure."""
    if summary["measure"] == "roi":
        return digits.PER_ONE
    if summary["measure"] == "brand_lift":
        return digits.PERCENT
    return digits.money_unit(summary["currency"]) if summary["measure"] in ("profit", "revenue") else digits.NUMBER


def objective_unit(summary: Summary) -> Unit:
    """Give the unit of what plans are judged by."""
    return measure_unit(summary) if summary["at_least"] is None else digits.PERCENT


def measure_words(summary: Summary) -> str:
    """Name the measure: "ROI after 3 months"."""
    return Objective(summary["measure"], summary["at_months"]).words


def objective_words(summary: Summary) -> str:
    """Name what plans are judged by."""
    if summary["at_least"] is None:
        return measure_words(summary)
    unit = measure_unit(summary)
    least = summary["at_least"] * unit.scale
    places = next((places for places in range(4) if abs(round(least, places) - least) < 1e-9), 4)
    return f"the chance of {measure_words(summary)} of at least {digits.plain(least, places, unit)}"


def _of_plan(summary: Summary) -> str:
    return f"{objective_words(summary)} of {digits.shortened(summary['plan'])}"


# ---- what is not known


def variance_lines(summary: Summary) -> list[str]:
    """Split the variance into inputs, markets and chance, and say what would help."""
    its = summary["variance"]
    if its["chance"]["value"] is None:
        few = "does not vary in these plays" if its["variance"] == 0 else "is defined in too few plays"
        return [f"{_sentence(_of_plan(summary))} {few}, so nothing can be said of what moves it."]
    return [_split_sentence(summary), *_what_helps(summary), *_across(its)]


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
    spread = digits.rounded(its["standard_deviation"], None, None, objective_unit(summary))
    parts = digits.listed([part for part in (inputs, between, chance) if part])
    return f"Of the variance of {_of_plan(summary)} from play to play (standard deviation {spread}), {parts}."


def _what_helps(summary: Summary) -> Iterator[str]:
    """Say whether better data, more replications or neither helps."""
    its = summary["variance"]
    inputs, chance = its["inputs"], its["chance"]
    if inputs["value"]:
        left = its["standard_deviation"] * (1 - inputs["value"]) ** 0.5
        less = digits.rounded(left, None, None, objective_unit(summary))
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
            "(more --markets would tell)."
        )


# ---- what moves the plan


def _moving_lines(summary: Summary) -> Iterator[str]:
    told = summary["tornado"]
    clear = [its for its in told if side(its["swing"])]
    if not told:
        return
    if not clear:
        yield f"No single input moves {_of_plan(summary)} for sure."
        return
    leading = [its for its in clear if side(its["behind"]) != 1]
    most = [_swing_text(summary, its) for its in leading[:_MOST_NAMED]]
    which = f"is {most[0]}" if len(most) == 1 else f"is too close to call between {digits.listed(most)}"
    yield f"What moves {_of_plan(summary)} most {which}."
    others = [_swing_text(summary, its) for its in clear if its not in leading][: max(_MOST_NAMED - len(most), 0)]
    if others:
        yield f"Then {digits.listed(others)}."
    yield from _index_sentence(summary)


def _swing_text(summary: Summary, its: Mapping[str, Any]) -> str:
    unit = objective_unit(summary)
    ends = [digits.value_text(its[end]["mean"], unit) for end in ("low", "high")]
    return (
        f"{input_name(its['path'])} (from {range_text(summary, its['path'])} the mean goes from {ends[0]} to {ends[1]})"
    )


def _index_sentence(summary: Summary) -> Iterator[str]:
    """Say which inputs are worth knowing, by their first-order indices."""
    sure = [its for its in summary["factors"] if its["first_order"]["low"]]
    sure.sort(key=lambda its: -its["first_order"]["value"])
    if sure:
        parts = [f"{factor_name(its)} {digits.percent(its['first_order'])}" for its in sure[:_MOST_NAMED]]
        yield f"Known exactly, each by itself would take away of the variance: {digits.listed(parts)}."


def factor_name(factor: Mapping[str, Any]) -> str:
    """Name a factor by its unknowns."""
    return digits.listed([input_name(path) for path in factor["paths"]])


# ---- what would turn the choice


def _choice_lines(summary: Summary) -> Iterator[str]:
    choice = summary["choice"]
    if choice is None:
        return
    yield from _preferred(summary)
    by_kind = {kind: [its for its in choice["break_even"] if its["kind"] == kind] for kind in _SAID}
    yield from (_flip_text(summary, its) for its in by_kind["flips"])
    yield from (_open_text(summary, its) for its in by_kind["open"])
    if by_kind["never"]:
        yield _never_text(summary, by_kind["never"])
    yield from _farther(summary)
    if by_kind["unclear"]:
        inputs = [input_name(its["path"]) for its in by_kind["unclear"]]
        yield f"Too close to call at every plausible value of {digits.listed(inputs)}."


_SAID = ("flips", "open", "never", "unclear")


def _never_text(summary: Summary, never: Sequence[Mapping[str, Any]]) -> str:
    """Name the inputs that turn nothing, those that move the difference most first."""
    moved = summary["choice"].get("tornado") or summary["tornado"]
    order = [its["path"] for its in moved]
    paths = sorted((its["path"] for its in never), key=order.index)
    named = [f"{input_name(path)} ({range_text(summary, path)})" for path in paths[:_MOST_NAMED]]
    more = len(paths) - len(named)
    others = (
        [f"{more} other input{'' if more == 1 else 's'} that move{'s' if more == 1 else ''} it less"] if more else []
    )
    return f"The choice flips nowhere in what is plausible of {digits.listed([*named, *others])}."


def _preferred(summary: Summary) -> Iterator[str]:
    choice, plan = summary["choice"], digits.shortened(summary["plan"])
    unit, words = objective_unit(summary), objective_words(summary)
    if summary["rival"] is None:
        yield f"The mean {words} of {plan} is {with_interval(summary['mean'], unit)}; doing nothing brings 0."
        return
    rival, ahead = digits.shortened(summary["rival"]), side(choice["mean"])
    if not ahead:
        mean = with_interval(choice["mean"], unit)
        yield f"Too close to call which of {plan} and {rival} has the higher mean {words}: they differ by {mean}."
        return
    better, other = (plan, rival) if ahead > 0 else (rival, plan)
    mean = with_interval(choice["mean"] if ahead > 0 else _negated(choice["mean"]), unit)
    yield f"{better} is ahead of {other} by {mean} of {words} on average."


def _negated(estimate: Mapping[str, Any]) -> dict[str, Any]:
    from simulator.present.claims import negated

    return negated(estimate)


def better_at(summary: Summary, its: Mapping[str, Any]) -> str:
    """Say what is better where a difference has a side: a plan, or making a profit or a loss."""
    positive = (side(its["mean"]) or 0) > 0
    if summary["rival"] is None:
        return "it makes a profit" if positive else "it makes a loss"
    return f"{digits.shortened(summary['plan'] if positive else summary['rival'])} is better"


def _flip_text(summary: Summary, its: Mapping[str, Any]) -> str:
    path = its["path"]
    below, above = better_at(summary, its["low"]), better_at(summary, its["high"])
    return (
        f"The choice flips where {input_name(path)} is {_flip_value(summary, its)}: below, {below}, above, {above} "
        f"(plausible is {range_text(summary, path)})."
    )


def _farther(summary: Summary) -> Iterator[str]:
    """Say where the choice flips beyond what is plausible, and of what is known."""
    every = summary["choice"]["farther"]
    found = [_farther_text(summary, its) for its in every if its["kind"] == "flips"]
    if found:
        yield f"Beyond what is plausible or known, the choice would flip with {digits.listed(found)}."
    still = [
        f"{input_name(its['path'])} from {_lever_text(summary, its, its['low']['at'])} to "
        f"{_lever_text(summary, its, its['high']['at'])}"
        for its in every
        if its["kind"] == "never"
    ]
    if still:
        yield f"It would not flip with {digits.listed(still)}."


def _farther_text(summary: Summary, its: Mapping[str, Any]) -> str:
    value, low, high = (_lever_text(summary, its, its["break_even"][key]) for key in ("value", "low", "high"))
    path = its["path"]
    now = f"; plausible is {range_text(summary, path)}" if path in summary["unknown_inputs"] else ""
    if not now and its["measured_as"] != "times":
        now = f"; it is {_lever_text(summary, its, its['start'])}"
    return f"{input_name(path)} {'at' if its['measured_as'] != 'times' else ''} {value} ({low} to {high}{now})".replace(
        "  ", " "
    )


def _lever_text(summary: Summary, its: Mapping[str, Any], value: float) -> str:
    if its["measured_as"] == "times":
        return f"{number(value)} times"
    if its["measured_as"] == "share":
        return f"{number(100 * value)}%"
    if its["path"] in summary["unknown_inputs"]:
        return value_text(summary, its["path"], value)
    return f"{digits.money_unit(summary['currency']).before}{number(round(value, 9))}"


def _flip_value(summary: Summary, its: Mapping[str, Any]) -> str:
    found, path = its["break_even"], its["path"]
    low, high = (value_text(summary, path, found[end]) for end in ("low", "high"))
    return f"{value_text(summary, path, found['value'])} ({low} to {high})"


def _open_text(summary: Summary, its: Mapping[str, Any]) -> str:
    path, found = its["path"], its["break_even"]
    clear = "high" if side(its["high"]["mean"]) else "low"
    edge = found["high"] if clear == "high" else found["low"]
    where, beyond = ("above", "below") if clear == "high" else ("below", "above")
    if edge is None:
        return f"Of {input_name(path)} it cannot be told where it flips (plausible is {range_text(summary, path)})."
    told = value_text(summary, path, edge)
    name = input_name(path)
    return (
        f"With {name} {where} {told}, {better_at(summary, its[clear])}; {beyond} that it is too close to call "
        f"(plausible is {range_text(summary, path)})."
    )


# ---- the bad plays


def _worst_lines(summary: Summary) -> Iterator[str]:
    its = summary["worst"]
    if not its["bad"]:
        return
    unit = measure_unit(summary)
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


def _note_lines(summary: Summary) -> Iterator[str]:
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
    unit, rows = objective_unit(summary), []
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
    return [*table_lines(head, rows), "", *wrap(legend, WIDTH)]


def index_text(estimate: Mapping[str, Any]) -> str:
    """Write an index with its interval; one that no play tells from 0 as that."""
    if estimate["value"] is None:
        return "-"
    return digits.percent(estimate) if digits.has_interval(estimate) else "0% in every play"


def finding(summary: Summary) -> str:
    """Say in one line what moves the plan most, for the title of a picture."""
    clear = [its for its in summary["tornado"] if side(its["swing"])]
    if not clear:
        return f"No single input moves {_of_plan(summary)} for sure"
    leading = [input_name(its["path"]) for its in clear if side(its["behind"]) != 1]
    if len(leading) > 1:
        return f"What moves {_of_plan(summary)} most: {digits.listed(leading[:_MOST_NAMED])}"
    return f"What moves {_of_plan(summary)} most is {leading[0]}"
