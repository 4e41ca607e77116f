"""The best split of a budget, in sentences: which, how sure, what else is as good, and what today's plan gives up.

In: the summary of a `SplitAnswer`. Out: sentences, the answer first, and the dial as lines of text. Invariants: a
split is called best only of those that were in the contest and with the probability asked for; where others are as
good, that is said before any is named; a contest that was stopped names who is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary, negated, side
from simulator.present.digits import Estimate, Unit, count, listed
from simulator.present.objectives import (
    chance_words,
    measure_unit,
    measure_words,
    objective_unit,
    objective_words,
    wished_text,
)
from simulator.present.spending import all_bought_text, count_range, money_range, money_text, percent, some_of
from simulator.present.table import table_lines

_MOST_LISTED = 6
# From this share of the budget on, what a split leaves is said on its own.
_MUCH_LEFT = 0.1


def split_lines(summary: Summary) -> list[str]:
    """Say what came of a contest between splits, the answer first."""
    return [
        answer_line(summary),
        *_much_left(summary),
        _sure(summary),
        *_open(summary),
        _brings(summary),
        *_today(summary),
        *_next_money(summary),
        *_indivisible(summary),
        *_left_out(summary),
    ]


def split_face(summary: Summary) -> list[str]:
    """Say of the same what is told first: the answer, what it brings, what the plan of today gives up."""
    return [answer_line(summary), _brings(summary), *_today(summary)]


def answer_line(summary: Summary) -> str:
    """Name the best split, or say that several are as good, or that it is not decided."""
    best, total = row_of(summary), len(summary["splits"])
    name = split_text(summary, best) + _without(summary, best)
    if not summary["decided"]:
        return f"{undecided_text(summary)}. {_more_plays(summary)}"
    others = [place for place in summary["as_good"]["places"] if place != summary["best"]["place"]]
    if total == 1:
        return f"There is one choice: {name}."
    if not others:
        return f"Best: {name}: mean {words_of(summary)} {_objective(summary, summary['best'])}."
    within = f"(within {zone_text(summary)} of the best of them, {_percent_sure(summary)} sure)"
    return f"Flat: {as_good_text(summary)} is as good {within}. Named: {name}."


def split_title(summary: Summary, most: int = 96) -> str:
    """Say the same as a title: without how sure, and without who else may be better where there is no room for it."""
    best, total = row_of(summary), len(summary["splits"])
    name = split_text(summary, best)
    others = [place for place in summary["as_good"]["places"] if place != summary["best"]["place"]]
    if not summary["decided"]:
        told = [undecided_text(summary), f"Not decided: {name} leads", "Which split is best is not decided"]
    elif total == 1:
        told = [f"There is one choice: {name}"]
    elif others:
        told = [
            f"{_capital(as_good_text(summary))} is as good",
            f"{count(len(others) + 1)} of {total} splits are as good",
        ]
    else:
        told = [f"The best split is {name}", f"One of {total} splits is best"]
    return next((text for text in told if len(text) <= most), told[-1])


def _capital(text: str) -> str:
    """Begin a sentence of ours with a capital letter, but leave a name as it is."""
    return text[:1].upper() + text[1:] if text.startswith(("anything", "any of")) else text


def undecided_text(summary: Summary) -> str:
    """Say of a contest that was stopped who leads, and who may be better still."""
    best, rivals = row_of(summary), [summary["splits"][place] for place in summary["rivals"]]
    name, first = split_text(summary, best) + _without(summary, best), summary["pools"][0]
    if len(summary["pools"]) == 2:
        others = f"{listed([percent(its['shares'][first]) for its in rivals])} to {first}"
    else:
        others = _some([split_text(summary, its) for its in rivals])
    return f"Not decided: {name} leads, and {others} may be better still"


def _without(summary: Summary, row: Mapping[str, Any]) -> str:
    """Say which pools a split gives money with which they hire nobody in any market."""
    bought = [(pool, row["bought"][pool]) for pool in summary["pools"]]
    nobody = [pool for pool, its in bought if its["share"] and not its["hired"][1] and not its["spent"][1]]
    what = "hires nobody, so its" if len(nobody) == 1 else "hire nobody, so their"
    return f" (where {listed(nobody)} {what} money is left)" if nobody else ""


def as_good_text(summary: Summary) -> str:
    """Say which splits are as good as the best: stretches of the dial, or a list."""
    ranges = summary["as_good"]["ranges"]
    if not ranges:
        return f"any of {_some([split_text(summary, summary['splits'][p]) for p in summary['as_good']['places']])}"
    pool = summary["pools"][0]
    parts = [
        percent(low) if low == high else f"anything between {percent(low)} and {percent(high)}" for low, high in ranges
    ]
    return f"{listed(parts)} to {pool}"


def _more_plays(summary: Summary) -> str:
    return (
        f"The contest stopped at {count(summary['most'])} replications of a split; more of them, or larger differences "
        "that do not matter, may decide it."
    )


def _sure(summary: Summary) -> str:
    """Say what is guaranteed, among how many and by which plays."""
    played = [row["contest"]["replications"] for row in summary["splits"]]
    total, market = len(played), "market" if summary["markets"] == 1 else "markets"
    among = (
        f"the {total} that a search among {count(summary['searched'])} left"
        if summary["searched"]
        else f"{total} splits"
    )
    each = count(min(played)) if min(played) == max(played) else f"{count(min(played))} to {count(max(played))}"
    new = count(summary["as_good"]["replications"])
    plays = f"{each} replications each in {count(summary['markets'])} {market}, then {new} new ones"
    if not summary["decided"]:
        return f"Nothing is guaranteed of a contest that was stopped; it had {plays} ({among})."
    return (
        f"It is the best of {among} with a probability of at least {_percent_sure(summary)}, unless another is within "
        f"{zone_text(summary)} (Kim and Nelson's procedure; {plays} that judge)."
    )


def _open(summary: Summary) -> Iterable[str]:
    """Say of which splits near the one named it is open whether they are as good, or whether that one is."""
    good, near = summary["as_good"]["places"], summary["as_good"]["near"]
    unclear = [its for its in near if its["place"] not in good] if len(near) > 1 else []
    names = [split_text(summary, summary["splits"][its["place"]]) for its in unclear]
    if names:
        bounds = [its["behind_by_at_most"] for its in unclear]
        unit, largest = _unit(summary), max((bound for bound in bounds if bound is not None), default=None)
        far = "" if largest is None else f"; it may be {digits.outwards(largest * unit.scale, 2, unit, up=True)} behind"
        verb = "is" if len(names) == 1 else "are"
        yield f"Open is whether {_some(names)} {verb} as good{far}."


def _percent_sure(summary: Summary) -> str:
    return f"{round(100 * summary['confidence'], 4):g}%"


def _brings(summary: Summary) -> str:
    best = summary["best"]
    unit, mean = unit_of_mean(summary), f"mean {measure_words(summary)}"
    parts = [f"{mean} {digits.with_interval(best['mean'], unit)}"]
    parts.append(f"the worst 5% of plays {digits.with_interval(best['expected_shortfall_5'], unit)} on average")
    if best["probability"]:
        parts.append(f"{told_chance(summary)} {digits.percent(best['probability'])}")
    return f"It brings: {', '.join(parts)}."


def _today(summary: Summary) -> Iterable[str]:
    """Say what the plan of today gives up."""
    today = summary["today"]
    name = digits.shortened(today["strategy"])
    if today["place"] is not None and today["place"] == summary["best"]["place"]:
        yield f"It buys what {name} buys, the plan of today."
        return
    gap, unit = today["gives_up"], _unit(summary)
    where = side(gap)
    if gap["value"] is None:
        yield f"Against {name}, the plan of today, nothing can be said: its {words_of(summary)} is undefined."
    elif where == 1:
        yield f"{name}, the plan of today, gives up {digits.with_interval(gap, unit)} of {words_of(summary)}."
    elif where == -1:
        # Only a plan that keeps none of the limits, or spends other money, is no choice itself.
        ahead = f"{digits.with_interval(negated(gap), unit)} of {words_of(summary)}"
        yield f"{name}, the plan of today, is better by {ahead}, but is none of the choices."
    else:
        behind = f"{digits.with_interval(gap, unit)} of {words_of(summary)}"
        yield f"Whether {name}, the plan of today, is any worse is too close to call: {behind}."


def _next_money(summary: Summary) -> Iterable[str]:
    """Say what a little more money brings in each pool, on top of the split named."""
    parts = [_return_text(summary, pool, its) for pool, its in summary["best"]["next_money"].items()]
    money = next(iter(summary["best"]["next_money"].values()))["money"]
    yield f"The next {_money(summary, money)} on top: {'; '.join(parts)}."


def _return_text(summary: Summary, pool: str, its: Mapping[str, Any]) -> str:
    found = its["return"]
    if found["value"] is None:
        return f"in {pool} it buys nothing more" if not found["n"] else f"in {pool} it cannot be told"
    if summary["measure"] in ("roi", "profit"):
        unit = digits.money_unit(summary["currency"], cents=True)
        return f"in {pool} it brings back {digits.with_interval(found, unit)} per {_money(summary, 1)} spent"
    per = {key: found[key] and 1000 * found[key] for key in ("value", "low", "high")}
    brought = f"{digits.with_interval({**found, **per})} {measure_words(summary)}"
    return f"in {pool} it brings {brought} per {_money(summary, 1000)} spent"


def _much_left(summary: Summary) -> Iterable[str]:
    """Say it where the split named leaves much of the budget: an ROI may be high because little is spent."""
    left = row_of(summary)["unspent"]
    if left[1] > _MUCH_LEFT * summary["budget"]:
        only = "" if summary["measure"] != "roi" else "; ROI divides by what is spent only, profit does not"
        lost = f"{money_range(left, summary['currency'])} of {_money(summary, summary['budget'])}"
        yield f"It leaves {lost} unspent{only}."


def _indivisible(summary: Summary) -> Iterable[str]:
    """Say what the split named buys and leaves, and where on the dial a pool hires nobody."""
    best = row_of(summary)
    yield f"It buys {all_bought_text(best['bought'], summary['currency'])}."
    for pool in summary["pools"]:
        yield from _nobody(summary, pool)


def _nobody(summary: Summary, pool: str) -> Iterable[str]:
    """Say up to which share a pool hires nobody, in all markets and in some."""
    offered = [row["bought"][pool] for row in summary["splits"] if row["bought"][pool]["share"]]
    left = [its for its in offered if its["unspent"][1]]
    every = max((its["share"] for its in left if not its["hired"][1]), default=0.0)
    some = max((its["share"] for its in left if not its["hired"][0]), default=0.0)
    if every:
        yield f"{pool} hires nobody up to {percent(every)} of the budget, which is left: a creator is hired or not."
    if some > every:
        yield f"{pool} hires nobody in some of the markets up to {percent(some)} of the budget."


def _left_out(summary: Summary) -> Iterable[str]:
    whys: dict[str, list[str]] = {}
    for its in summary["left_out"]:
        whys.setdefault(its["why"], []).append(split_text(summary, its))
    for why, names in whys.items():
        yield f"Left out because it {why}: {_some(names)}."
    same = sum(len(row["alike"]) for row in summary["splits"])
    if same:
        steps = "step buys" if same == 1 else "steps buy"
        yield f"{count(same)} more {steps} the same as another and count as that one."


# ---- the words and units of a summary


def row_of(summary: Summary) -> Mapping[str, Any]:
    """Give the row of the split named."""
    row: Mapping[str, Any] = summary["splits"][summary["best"]["place"]]
    return row


def split_text(summary: Summary, its: Mapping[str, Any]) -> str:
    """Name a split: "45% to micro and 55% to celebrity"."""
    shares = its["shares"]
    return listed(
        f"{percent(shares[pool])} to {pool}" for pool in summary["pools"] if shares[pool] or len(summary["pools"]) == 2
    )


def _money(summary: Summary, amount: float) -> str:
    return money_text(amount, summary["currency"])


def _some(names: Sequence[str]) -> str:
    return some_of(names, _MOST_LISTED)


def told_chance(summary: Summary) -> str:
    """Name the chance that is told beside the mean."""
    return "chance of a profit" if summary["at_least"] is None else chance_words(summary, summary["currency"])


def words_of(summary: Summary) -> str:
    """Say what is made large."""
    return objective_words(summary, summary["currency"])


def unit_of_mean(summary: Summary) -> Unit:
    """Give the unit of the measure."""
    return measure_unit(summary["measure"], summary["currency"])


def _unit(summary: Summary) -> Unit:
    return objective_unit(summary, summary["currency"])


def _objective(summary: Summary, its: Mapping[str, Any]) -> str:
    return digits.with_interval(its["objective"], _unit(summary))


def zone_text(summary: Summary) -> str:
    """Write the indifference zone: "0.02 of ROI"."""
    zone = float(summary["indifference"])
    if summary["at_least"] is not None:
        return f"{100 * zone:g} points of the {words_of(summary)}"
    return f"{wished_text(zone, unit_of_mean(summary))} of {words_of(summary)}"


# ---- the dial as text


def dial_lines(summary: Summary) -> list[str]:
    """Write the dial as a table: shares, what is hired, mean, worst plays, chance, and what moved money changes."""
    best, moved = row_of(summary), len(summary["pools"]) == 2
    heads = [
        *summary["pools"],
        "hired",
        f"mean {measure_words(summary)}",
        "worst 5%",
        *(["chance"] if best["probability"] else []),
        *([moved_words(summary)] if moved else []),
        "left",
        "",
    ]
    rows = [_dial_row(summary, place, row) for place, row in enumerate(summary["splits"])]
    return table_lines(heads, rows)


def plays_line(summary: Summary) -> str:
    """Say which plays the dial is of: others than those that judge the split named, so its mean differs."""
    common, new = count(max(row["mean"]["n"] for row in summary["splits"])), count(summary["as_good"]["replications"])
    return (
        f"The table is of {common} plays that all splits have in common, which also chose the split named; what is "
        f"said of it above is of {new} new plays, which had no part in that and are the ones to go by."
    )


def hiring_pools(summary: Summary) -> list[str]:
    """Give the pools from which any split hires anybody; ads are none."""
    rows = summary["splits"]
    return [pool for pool in summary["pools"] if any(row["bought"][pool]["hired"][1] for row in rows)]


def moved_words(summary: Summary) -> str:
    """Say what a change along the dial is per: money moved to the first pool from the other."""
    return f"per {_money(summary, moved_per(summary))} moved"


def moved_per(summary: Summary) -> float:
    """Give per how much moved money a change is told: money per 1, counts per 1,000."""
    return 1.0 if summary["measure"] in ("roi", "profit", "revenue") else 1000.0


def moved_change(summary: Summary, row: Mapping[str, Any]) -> Estimate | None:
    """Give what moving money from the split before changes; None of the first."""
    if not row["moved"]:
        return None
    change, per = row["moved"]["change"], moved_per(summary)
    ends = {key: None if change[key] is None else per * change[key] for key in ("value", "low", "high")}
    return {**change, **ends}


def moved_unit(summary: Summary) -> Unit:
    """Give the unit of such a change."""
    return digits.NUMBER if moved_per(summary) > 1 else digits.money_unit(summary["currency"], cents=True)


def _dial_row(summary: Summary, place: int, row: Mapping[str, Any]) -> list[str]:
    unit = unit_of_mean(summary)
    people = [its["hired"] for pool, its in row["bought"].items() if pool in hiring_pools(summary)]
    hired = " + ".join(count_range(ends).replace(" to ", "-") for ends in people)
    marks = {summary["today"]["place"]: "today"} | dict.fromkeys(summary["as_good"]["places"], "as good")
    marks |= dict.fromkeys(summary["rivals"], "still in") | {summary["best"]["place"]: "named"}
    change = moved_change(summary, row)
    return [
        *(percent(row["shares"][pool]) for pool in summary["pools"]),
        hired,
        digits.with_interval(row["mean"], unit),
        digits.value_text(row["expected_shortfall_5"], unit),
        *([digits.value_text(row["probability"], digits.PERCENT)] if row["probability"] else []),
        *([digits.with_interval(change, moved_unit(summary)) if change else ""] if len(summary["pools"]) == 2 else []),
        money_range(row["unspent"], summary["currency"]),
        marks.get(place, ""),
    ]
