"""What a comparison found, as sentences and tables: the answer first.

In: the summary of a comparison, see `decide/compare.py`. Out: lines of text. Invariants: a plan is called ahead only
where the interval of the difference says so together with all comparisons beside it; what pairing saved is told as it
is; where worlds are not shared, it is said in what they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.decide.objective import words_of
from simulator.present import digits
from simulator.present.claims import negated, never_differ, never_varies
from simulator.present.digits import PERCENT, Estimate, Unit, clean, count, listed
from simulator.present.objectives import measure_unit
from simulator.present.table import sentence_lines, table_lines

Pair = Mapping[str, Any]
Summary = Mapping[str, Any]

# Measures that every comparison of two plans is told by; what others there are is in the file.
MAIN = (
    *("spend", "reach", "reach_2_plus", "reach_3_plus", "on_target_reach", "impressions", "engagements", "clicks"),
    *("orders", "incremental_orders", "brand_orders", "revenue", "profit", "roi", "roi_12_months"),
)
_MOST_SENTENCES, _MOST_TABLES, _LONGEST = 8, 3, 22
# Within so much of 1, pairing made no difference.
_NOTHING_SAVED = 0.05
_FACTOR = Unit(fewest=0, most=1)


def compared_lines(summary: Summary, *, one_measure: bool = False) -> list[str]:
    """Say what a comparison found.

    Args:
        summary: Of the comparison.
        one_measure: Whether only the measure that was asked for is told.
    """
    summary = with_names_shown(summary)
    blocks = [sentence_lines(sentences(summary)), by_pair(summary)]
    blocks += [] if one_measure else list(_by_measure(summary))
    blocks += [sentence_lines(notes(summary))]
    return [line for place, block in enumerate(filter(None, blocks)) for line in ([""] if place else []) + block]


def with_names_shown(summary: Summary) -> dict[str, Any]:
    """Give the same summary with plans and runs called as they are shown: short, safe to print and never alike."""
    sides = [pair[which] for pair in summary["pairs"] for which in ("a", "b")]
    runs = digits.display_names(run["name"] for run in summary["runs"])
    plans = digits.display_names(dict.fromkeys(side["plan"] for side in sides))

    def shown(side: Mapping[str, str]) -> dict[str, str]:
        return {"run": runs[side["run"]], "plan": plans[side["plan"]]}

    return {
        **summary,
        "runs": [{**run, "name": runs[run["name"]]} for run in summary["runs"]],
        "pairs": [{**pair, "a": shown(pair["a"]), "b": shown(pair["b"])} for pair in summary["pairs"]],
    }


# ---- the answer


def sentences(summary: Summary) -> list[str]:
    """Say of each pair who is ahead by the measure that was asked for, or what would decide it."""
    pairs = first_pairs(summary)
    told = [_sentence(summary, pair) for pair in pairs[:_MOST_SENTENCES]]
    left = len(summary["pairs"]) - len(told)
    return [*told, *([f"{left} more {'pairs are' if left > 1 else 'pair is'} in the table."] if left else [])]


def first_pairs(summary: Summary) -> list[Pair]:
    """Give the pairs that were asked about: of two runs plans of the same name, where there are any."""
    return [pair for pair in summary["pairs"] if pair["kind"] == summary["pairs"][0]["kind"]]


def _sentence(summary: Summary, pair: Pair) -> str:
    its, by = pair["measures"][summary["measure"]], f"By {summary['measure_in_words']}, "
    mean = its["difference"]["mean"]
    if pair["same_in_every_play"]:
        plays = count(pair["replications"]["compared"])
        return f"{_both(pair)} are the same in every one of {plays} plays: no measure differs."
    if mean["value"] is None:
        return f"{by}{_against(pair)} cannot be compared: in no play do both have one."
    if never_varies(mean) or never_differ(mean):
        return by + _constant(summary, pair, mean)
    if mean["low"] is None:
        return f"{by}{_against(pair)} cannot be decided: one play gives no interval."
    if its["ahead"] == "tie":
        return by + _too_close(summary, pair, its)
    return f"{by}{_ahead(summary, pair, mean)}{_wins(its)}{_common(pair, mean)}.{_too_small(summary, its)}"


def _common(pair: Pair, mean: Estimate) -> str:
    """Say in how many plays both have the measure, where these are not all."""
    fewer = mean["n"] < pair["replications"]["compared"] and pair["pairing"] != "none"
    return f", in the {count(mean['n'])} plays where both have one" if fewer else ""


def _constant(summary: Summary, pair: Pair, mean: Estimate) -> str:
    plays = f"in every one of {count(mean['n'])} plays"
    if str(mean["method"]).endswith("in one of them"):
        return f"no interval can be given for {_against(pair)}: one of them never varied."
    if mean["value"] == 0:
        return f"{_both(pair)} are equal {plays}."
    return f"{_ahead(summary, pair, mean)} {plays}; where nothing varies, no interval can be given."


def _ahead(summary: Summary, pair: Pair, mean: Estimate) -> str:
    """Say by how much the one is above the other; a difference is told without its sign."""
    above = mean["value"] > 0
    unit = unit_of_measure(summary, summary["measure"])
    by = digits.with_interval(mean if above else negated(mean), unit, digits.without_sign(unit))
    by = by.removesuffix(" (no interval)")
    if pair["kind"] == "same plan":
        word = "higher" if above else "lower"
        return f"{pair['a']['plan']} is {by} {word} in {pair['a']['run']} than in {pair['b']['run']}"
    return f"{_name(pair, 'a')} is {by} {'above' if above else 'below'} {_name(pair, 'b')}"


def _wins(its: Mapping[str, Any]) -> str:
    if "a_beats_b" not in its:
        return ""
    key, word = ("a_beats_b", "higher") if its["ahead"] == "a" else ("b_beats_a", "lower")
    seldom = (its[key]["high"] or 1.0) < 0.5
    return f", {'but' if seldom else 'and'} {word} in {'only ' if seldom else ''}{digits.percent(its[key])} of plays"


def _too_small(summary: Summary, its: Mapping[str, Any]) -> str:
    if its["advice"]["kind"] != "too small to matter":
        return ""
    return f" That is smaller than matters to you ({_matters(summary)})."


def _matters(summary: Summary) -> str:
    its, unit = summary["indifference"], unit_of_measure(summary, summary["measure"])
    return digits.value_text({"value": its, "low": its, "high": its}, unit)


def _too_close(summary: Summary, pair: Pair, its: Mapping[str, Any]) -> str:
    mean = its["difference"]["mean"]
    interval = digits.interval_text(mean, unit_of_measure(summary, summary["measure"])).replace(" to ", " and ")
    alone = mean["low"] > 0 or mean["high"] < 0
    with_all = f" (by itself; not with all {its['together']} comparisons together)" if alone else ""
    what = f"{_minus(pair)} lies between {interval}{with_all}{_common(pair, mean)}"
    return f"{_against(pair)} is too close to call: {what}{_higher(pair, its)}. {_advice(summary, its)}"


def _higher(pair: Pair, its: Mapping[str, Any]) -> str:
    """Say in how many plays the first is higher, where both met the same world."""
    if "a_beats_b" not in its:
        return ""
    who = f"in {pair['a']['run']} it" if pair["kind"] == "same plan" else _name(pair, "a")
    return f"; {who} is higher in {digits.percent(its['a_beats_b'])} of plays"


def _advice(summary: Summary, its: Mapping[str, Any]) -> str:
    kind, more = its["advice"]["kind"], its["advice"]["more"]
    if kind == "too small to matter":
        return f"Whichever it is, the difference is smaller than matters to you ({_matters(summary)})."
    if kind == "tie":
        return "It would take more than a million more replications to decide: take it as a tie."
    return f"About {count(more)} more replications would decide it, if the difference is what it seems."


# ---- names


def _name(pair: Pair, which: str) -> str:
    plan, run = pair[which]["plan"], pair[which]["run"]
    return str(plan) if pair["a"]["run"] == pair["b"]["run"] else f"{plan} in {run}"


def _both(pair: Pair) -> str:
    if pair["kind"] == "same plan":
        return f"{pair['a']['plan']} in {pair['a']['run']} and in {pair['b']['run']}"
    return f"{_name(pair, 'a')} and {_name(pair, 'b')}"


def _against(pair: Pair) -> str:
    if pair["kind"] == "same plan":
        return f"{pair['a']['plan']} in {pair['a']['run']} against {pair['b']['run']}"
    return f"{_name(pair, 'a')} against {_name(pair, 'b')}"


def _minus(pair: Pair) -> str:
    if pair["kind"] == "same plan":
        return f"its mean in {pair['a']['run']} minus that in {pair['b']['run']}"
    return f"the mean of {_name(pair, 'a')} minus that of {_name(pair, 'b')}"


def unit_of_measure(summary: Summary, measure: str) -> Unit:
    """Give the unit in which a measure is written."""
    objective = summary["objective"] if measure == summary["measure"] else None
    if objective and objective["at_least"] is not None:
        return PERCENT
    return measure_unit(objective["measure"] if objective else measure, str(summary["runs"][0]["currency"]))


# ---- tables


def by_pair(summary: Summary) -> list[str]:
    """Tell every pair by the measure that was asked for, where there are several."""
    if len(summary["pairs"]) < 2:
        return []
    words = "\n".join(digits.broken(f"{summary['measure_in_words']}: A minus B", _LONGEST))
    header = (words, "mean of A", "mean of B", "difference", "pairing\nsaved", "A is")
    return table_lines(header, [_pair_row(summary, pair) for pair in summary["pairs"]])


def _pair_row(summary: Summary, pair: Pair) -> list[str]:
    its = pair["measures"][summary["measure"]]
    names = [*digits.broken(_name(pair, "a"), _LONGEST), *digits.broken(f"- {_name(pair, 'b')}", _LONGEST)]
    return ["\n".join(names), *_cells(summary, pair, summary["measure"]), _verdict(its)]


def _verdict(its: Mapping[str, Any]) -> str:
    """Say in a word how A stands to B, and how many more replications would about decide it."""
    kind, more = its["advice"]["kind"], its["advice"]["more"]
    if kind == "more":
        return f"too close\n{count(more)} more?"
    told = {"tie": "tied", "too small to matter": "as good", "no interval": ""}
    if never_differ(its["difference"]["mean"]):
        return "equal"
    ahead = {"a": "higher", "b": "lower", "tie": "equal"}
    return told.get(kind, ahead[its["ahead"]])


def _by_measure(summary: Summary) -> Iterator[list[str]]:
    """Tell the first pairs by every main measure."""
    for pair in first_pairs(summary)[:_MOST_TABLES]:
        if not pair["same_in_every_play"]:
            yield measures_of(summary, pair)


def measures_of(summary: Summary, pair: Pair) -> list[str]:
    """Tell a pair by every main measure."""
    rows = [[words_of(name), *_cells(summary, pair, name)] for name in _main(summary, pair)]
    rows += _worst_plays(summary, pair)
    names = ["\n".join(digits.broken(_name(pair, which), _LONGEST)) for which in ("a", "b")]
    header = ["per play", *names, "difference", "pairing\nsaved"]
    if pair["kind"] == "same plan":  # what was comes before what is
        header[1:4] = [header[2], header[1], "change"]
        rows = [[name, b, a, *others] for name, a, b, *others in rows]
    return table_lines(header, rows)


def _worst_plays(summary: Summary, pair: Pair) -> Iterator[list[str]]:
    """Tell a pair by the mean of the worst 5% of plays, in the measure that was asked for."""
    its, unit = pair["measures"][summary["measure"]], unit_of_measure(summary, summary["measure"])
    if its["shortfall_difference"]["value"] is not None:
        name = "\n".join(digits.broken(f"{summary['measure_in_words']}, mean of the worst 5% of plays", _LONGEST))
        means = [compact(its[key], unit) for key in ("shortfall_a", "shortfall_b")]
        yield [name, *means, _difference(its["shortfall_difference"], unit), ""]


def _difference(difference: Estimate, unit: Unit) -> str:
    """Write a difference; of what was equal in every play no interval says more than that."""
    return "the same" if never_differ(difference) else compact(difference, unit)


def _main(summary: Summary, pair: Pair) -> list[str]:
    names = [name for name in MAIN if name in pair["measures"]]
    return [*([] if summary["measure"] in names else [summary["measure"]]), *names]


def _cells(summary: Summary, pair: Pair, measure: str) -> list[str]:
    its, unit = pair["measures"][measure], unit_of_measure(summary, measure)
    shown = [compact(its[key], unit) for key in ("mean_a", "mean_b")]
    saved = its["saved_by_pairing"]
    factor = "" if saved is None or saved["value"] is None else f"{digits.value_text(saved, _FACTOR)}x"
    return [*shown, _difference(its["difference"]["mean"], unit), factor]


def compact(estimate: Estimate, unit: Unit) -> str:
    """Write a value with its interval, large ones in thousands or millions."""
    if unit.scale == 1.0:
        unit = digits.compact_unit(unit, *(estimate[end] for end in ("low", "value", "high")))
    return digits.with_interval(estimate, unit, digits.without_sign(unit))


# ---- what it holds for


def notes(summary: Summary) -> list[str]:
    """Say how the runs belong together, what pairing saved and what the intervals hold for."""
    about = (_worlds, _saved, _legend, _limits, _looked_at, _unlike)
    return [line for lines in about for line in lines(summary)]


def _worlds(summary: Summary) -> Iterator[str]:
    """Say of each two runs whether they share a world, and which replications are compared."""
    told = set()
    for pair in summary["pairs"]:
        runs = (pair["b"]["run"], pair["a"]["run"])
        if runs[0] != runs[1] and runs not in told:
            told.add(runs)
            yield _world(pair, " and ".join(runs))


def _world(pair: Pair, both: str) -> str:
    its = pair["replications"]
    fewer = f" Only the first {count(its['compared'])} replications are compared, those that both have."
    common = fewer if its["a"] != its["b"] else ""
    if pair["pairing"] == "same world":
        return (
            f"{both} share a world: the same seed, markets and people, so replications are paired one by one.{common}"
        )
    differ = f"{both} do not share a world; they differ in {listed(map(clean, pair['world_differs_in']))}."
    if pair["pairing"] == "same seed":
        return (
            f"{differ} They have the same seed, so the unknowns are drawn by the same numbers and replications are "
            f"still paired, but they do not meet the same people and luck.{common}"
        )
    return f"{differ} They are independent studies, so differences are less sure than those of pairs."


def _saved(summary: Summary) -> Iterator[str]:
    """Say what pairing saved for the first pair that tells, by the measure that was asked for."""
    name, pairs = summary["measure"], summary["pairs"]
    every = [(pair, pair["measures"][name]["saved_by_pairing"]) for pair in pairs]
    pair, saved = next(((pair, its) for pair, its in every if its and its["value"] is not None), (None, None))
    if pair is None or saved is None:
        return
    times = f"{digits.value_text(saved, _FACTOR)} times ({digits.interval_text(saved, _FACTOR)})"
    study = f"two independent studies in the same markets would need {times} the replications for the same error"
    which = f" of {_both(pair)}" if len(pairs) > 1 else ""
    yield f"Pairing{which} {_verb(saved)} replications by {summary['measure_in_words']}: {study}."


def _verb(saved: Estimate) -> str:
    if abs(saved["value"] - 1) <= _NOTHING_SAVED or (saved["low"] or 0.0) <= 1 <= (saved["high"] or 0.0):
        return "neither clearly saved nor cost"
    return "saved" if saved["value"] > 1 else "cost"


def _limits(summary: Summary) -> Iterator[str]:
    first = summary["pairs"][0]["measures"][summary["measure"]]
    level = digits.plain(100 * first["difference"]["mean"]["level"], 0)
    yield f"Intervals are {level}%, each by itself, and hold for the markets played."
    for kind, words in (
        ("plans", "pairs of plans"),
        ("same plan", "plans of the same name"),
        ("other plans", "others"),
    ):
        its = [pair["measures"][summary["measure"]] for pair in summary["pairs"] if pair["kind"] == kind]
        number = max((one["together"] for one in its), default=1)
        if number > 1:
            yield (
                f"Of {words}, who is ahead is claimed so that {'both' if number == 2 else f'all {number}'} "
                f"comparisons by a measure hold together ({level}%)."
            )


def _looked_at(summary: Summary) -> Iterator[str]:
    """Say of runs that were looked at that what was seen decided how long they are."""
    names = [its["name"] for its in summary["runs"] if its["looked_at"]]
    if names:
        own = " but that of a difference which a run waited for" if len(summary["runs"]) == 1 else ""
        was = "was" if len(names) == 1 else "were"
        yield (
            f"{listed(names)} {was} looked at to see whether to go on, so what was seen decided how often plans were "
            f"played; intervals here are as if nobody had looked,{own or ' also those of what a run waited for'}."
        )


def _legend(summary: Summary) -> Iterator[str]:
    """Say what a number in the table means, where no sentence does."""
    told = [pair["measures"][summary["measure"]]["advice"]["kind"] for pair in summary["pairs"]]
    if "more" in told[len(first_pairs(summary)) :]:
        yield '"50 more?": about so many more replications would decide it, if the difference is what it seems.'


def _unlike(summary: Summary) -> Iterator[str]:
    runs = summary["runs"]
    if len({run["currency"] for run in runs}) > 1:
        told = listed(f"{run['name']} in {clean(run['currency'])}" for run in runs)
        yield f"Money is counted {told}, so it is not compared."
    if len({run["horizon_days"] for run in runs}) > 1:
        told = listed(f"{run['horizon_days']:g} days in {run['name']}" for run in runs)
        yield f"What is counted up to the horizon goes to {told}."
