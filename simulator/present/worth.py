"""What creators are worth, as text: whom to drop first, whom to keep first, and how sure that is.

In: the summary of `decide.worth`. Out: sentences, the answer first, and lines of a table. Invariants: nothing is called
worth dropping or keeping unless its interval says so with those of all other creators together; a number stands with
its interval; money saved is never said to be spent again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary, negated
from simulator.present.digits import Estimate, Unit
from simulator.present.table import table_lines

# What a creator's verdict is called.
VERDICTS = {"drop": "drop", "keep": "keep", "open": "undecided"}
# Creators named in a sentence; rows of the table at either end.
_MOST_NAMED, _MOST_ROWS = 8, 8
_NAME = 24


def worth_lines(summary: Summary) -> list[str]:
    """Say what creators are worth: for each plan the answer and what goes with it, then what all of it holds for."""
    lines = [line for strategy in summary["strategies"] for line in plan_lines(summary, strategy)]
    return [*lines, *shared_lines(summary)]


def plan_lines(summary: Summary, strategy: str) -> list[str]:
    """Say what the creators of one plan are worth: the answer, and what goes with it."""
    answer = [*_answer(summary, strategy), *_together(summary, strategy)]
    return [*answer, *_beside_each_other(summary, strategy), *_alone(summary, strategy)]


def shared_lines(summary: Summary) -> list[str]:
    """Say what holds for all plans: whom was left out, and what the numbers rest on."""
    return [*summary["left_out"], *_limits(summary)]


def worth_table(summary: Summary, strategy: str) -> list[str]:
    """Give a table of a plan's creators, whom to drop first on top; of many, those at either end."""
    creators = summary["strategies"][strategy]["creators"]
    names = digits.display_names([its["name"] for its in creators], _NAME)
    left = len(creators) - 2 * _MOST_ROWS
    shown = [*creators[:_MOST_ROWS], *creators[-_MOST_ROWS:]] if left > 0 else creators
    head = [f"{_plan(summary, strategy)}, per play", "costs", "reach", "orders", "profit", ""]
    rows = [_cells(summary, names[its["name"]], its) for its in shown]
    if left > 0:
        rows.insert(_MOST_ROWS, [f"... {left:,} more in creators.csv", *("" for _ in head[1:])])
    return table_lines(head, rows)


def _cells(summary: Summary, name: str, its: Mapping[str, Any]) -> list[str]:
    money, marginal = digits.money_unit(str(summary["currency"])), its["marginal"]
    units = {"spend": money, "reach": digits.NUMBER, "incremental_orders": digits.NUMBER, "profit": money}
    return [name, *(_short(marginal[key], unit) for key, unit in units.items()), VERDICTS[its["verdict"]]]


def _short(estimate: Estimate, unit: Unit) -> str:
    """Write an estimate for a table: "$492 (455 to 530)"."""
    if estimate["value"] is None or digits.interval_text(estimate, unit) == "exact":
        return digits.value_text(estimate, unit)
    return digits.with_interval(estimate, unit, digits.without_sign(unit))


def worth_title(summary: Summary, strategy: str) -> str:
    """Say in one line what creators of a plan are worth: how many to drop, how many to keep."""
    its = summary["strategies"][strategy]
    every, drop, keep = len(its["creators"]), len(its["drop_first"]), len(its["keep_first"])
    plan = _plan(summary, strategy)
    if not drop and not keep:
        return f"No creator of {plan} surely costs more than it brings, or brings more than it costs"
    parts = [f"{drop:,} surely {'costs' if drop == 1 else 'cost'} more than {_they(drop)}"] if drop else []
    parts += (
        [f"{keep:,} surely {'brings' if keep == 1 else 'bring'} more than {_they(keep, costs=True)}"] if keep else []
    )
    rest = every - drop - keep
    parts += [f"{rest:,} {'is' if rest == 1 else 'are'} undecided"] if rest else []
    return f"Of {every:,} creators of {plan} {digits.listed(parts)}"


def short_worth_title(summary: Summary, strategy: str) -> str:
    """Say the same in fewer words."""
    its = summary["strategies"][strategy]
    every, drop, keep = len(its["creators"]), len(its["drop_first"]), len(its["keep_first"])
    if not drop and not keep:
        return f"No creator of {_plan(summary, strategy)} is surely worth more or less than it costs"
    numbers = ((drop, "to drop"), (keep, "to keep"), (every - drop - keep, "undecided"))
    parts = [f"{number:,} {'is' if number == 1 else 'are'} {what}" for number, what in numbers if number]
    return f"Of {every:,} creators of {_plan(summary, strategy)} {digits.listed(parts)}"


def _they(count: int, *, costs: bool = False) -> str:
    """Say what one or several cost or bring, "it brings"."""
    verb = "cost" if costs else "bring"
    return f"it {verb}s" if count == 1 else f"they {verb}"


def overlap_title(summary: Summary, strategy: str) -> str:
    """Say which audiences of a plan overlap most; empty where no two creators have any."""
    its = summary["strategies"][strategy]
    if not its["overlaps"]:
        return ""
    if its["overlaps"][0]["overlap"] == 0:
        return f"No two audiences of {_plan(summary, strategy)} overlap"
    return f"Audiences overlap most between {_pair(its['overlaps'][0])}"


def _pair(pair: Mapping[str, Any]) -> str:
    share = digits.value_text({"value": pair["overlap"], "low": None, "high": None}, digits.PERCENT)
    names = " and ".join(digits.shortened(pair[key]) for key in ("creator", "other"))
    if pair["markets"] == 1:
        return f"{names}: {share} of the smaller one, in one market"
    low, high = ({"value": pair[end], "low": None, "high": None} for end in ("lowest", "highest"))
    spread = digits.range_text(low, high, digits.PERCENT)
    return f"{names}: {share} of the smaller one ({spread} in {pair['markets']:,} markets)"


def _plan(summary: Summary, strategy: str) -> str:
    return digits.display_names(summary["strategies"])[strategy]


# ---- sentences


def _answer(summary: Summary, strategy: str) -> Iterator[str]:
    """Say whom to drop first and whom to keep first, or that nobody stands out."""
    its, plan = summary["strategies"][strategy], _plan(summary, strategy)
    creators = its["creators"]
    found = {one["name"]: one for one in creators}
    if not its["drop_first"]:
        yield f"No creator of {plan} surely costs more than it brings. {_dropping(summary, creators[0], plan)}"
    else:
        yield _dropping(summary, found[its["drop_first"][0]], plan)
        yield _named("Drop first, surely worth less than they cost", its["drop_first"], len(creators))
    if its["keep_first"]:
        yield _keeping(summary, found[its["keep_first"][0]], plan)
        yield _named("Keep first, surely worth more than they cost", its["keep_first"], len(creators))
    else:
        yield f"No creator of {plan} surely brings more than it costs."


def _dropping(summary: Summary, its: Mapping[str, Any], plan: str) -> str:
    """Say what leaving a creator out would do."""
    marginal, money = its["marginal"], digits.money_unit(str(summary["currency"]))
    orders, profit = marginal["incremental_orders"], negated(its["profit_together"])
    lost = _short(orders, digits.NUMBER) if (orders["value"] or 0.0) >= 0 else _short(negated(orders), digits.NUMBER)
    verb = "lose" if (orders["value"] or 0.0) >= 0 else "gain"
    return (
        f"Dropping {digits.shortened(its['name'])} from {plan} would save {_short(marginal['spend'], money)} and "
        f"{verb} {lost} incremental orders per play: profit {_signed(profit, money)}{_where(its)}."
    )


def _keeping(summary: Summary, its: Mapping[str, Any], plan: str) -> str:
    """Say what a plan has of a creator."""
    marginal, money = its["marginal"], digits.money_unit(str(summary["currency"]))
    return (
        f"{digits.shortened(its['name'])} adds most to {plan}: for {_short(marginal['spend'], money)} it brings "
        f"{_short(marginal['incremental_orders'], digits.NUMBER)} incremental orders per play: profit "
        f"{_signed(its['profit_together'], money)}{_where(its)}."
    )


def _where(its: Mapping[str, Any]) -> str:
    """Say in how many markets a creator is hired, where it is not in all of them."""
    here, every = its["markets_hired_in"], its["markets"]
    return f" (it is hired in {here:,} of {every:,} markets, and counted there)" if here < every else ""


def _named(what: str, names: Sequence[str], every: int) -> str:
    shown = [digits.shortened(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    told = ", ".join(shown) + (f" and {more:,} more" if more else "")
    return f"{what} ({len(names):,} of {every:,} creators): {told}."


def _signed(estimate: Estimate, unit: Unit) -> str:
    plus = "+" if (estimate["value"] or 0.0) > 0 else ""
    return plus + _short(estimate, unit)


def _together(summary: Summary, strategy: str) -> Iterator[str]:
    """Say what leaving out all whom to drop does, in plays that had no part in choosing them."""
    its = summary["strategies"][strategy]["drop_together"]
    if its is None:
        return
    money, change = digits.money_unit(str(summary["currency"])), its["change"]
    yield (
        f"Without all {len(its['creators']):,} of them at once, in {change['profit']['n']:,} other plays: profit "
        f"{_signed(change['profit'], money)}, reach {_signed(change['reach'], digits.NUMBER)}, incremental orders "
        f"{_signed(change['incremental_orders'], digits.NUMBER)} per play."
    )


def _beside_each_other(summary: Summary, strategy: str) -> Iterator[str]:
    its = summary["strategies"][strategy]
    if its["own_reach"] is not None and its["own_reach"]["value"] is not None:
        yield (
            f"What each creator adds to reach comes to {digits.percent(its['own_reach'])} of what "
            f"{_plan(summary, strategy)} reaches, all added up; what is missing to 100% is reached by several."
        )
    if title := overlap_title(summary, strategy):
        yield f"{title}."


def _alone(summary: Summary, strategy: str) -> Iterator[str]:
    """Say how much of what creators reach alone is left, where they were played alone as well."""
    if not summary["solo"]:
        return
    shares = [
        (its["share_of_solo"]["reach"], digits.shortened(its["name"]))
        for its in summary["strategies"][strategy]["creators"]
        if its["share_of_solo"]["reach"]["value"] is not None
    ]
    if shares:
        shares.sort(key=lambda share: share[0]["value"])
        (low, least), (high, most) = shares[0], shares[-1]
        yield (
            f"Of the people whom a creator reaches alone, {_plan(summary, strategy)} would lose without it from "
            f"{digits.percent(low)}, {least}, to {digits.percent(high)}, {most}; the others reach the rest."
        )


def _limits(summary: Summary) -> Iterator[str]:
    plays, level = summary["plays"], digits.plain(100 * summary["level"], 0)
    of = summary["conditional_on"]
    most = max(len(its["creators"]) for its in summary["strategies"].values())
    yield (
        f"Each creator is left out of the same {summary['replications']:,} plays ({plays:,} plays in all); nobody "
        "takes its place, and what it would have cost is saved."
    )
    yield (
        f"Intervals hold at {level}% for {of}, each for itself. What is called sure, and the profit of a creator told "
        f"in a sentence, holds for all creators of a plan together ({most:,} at most): the same plays chose whom to "
        "tell of. Creators are left out one at a time, so what they are worth does not add up."
    )
    if any(one["drawn"] for its in summary["strategies"].values() for one in its["creators"]):
        yield (
            "A pool's creators are drawn anew in each market: what is said of one is the mean over the accounts that "
            "have its place."
        )
