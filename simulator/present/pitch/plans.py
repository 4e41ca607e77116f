"""The plans side by side: whom each hires, what it costs, what comes of it, and where the money goes.

In: findings. Out: exhibits. Invariant: the rows are those of the terminal.
"""

from __future__ import annotations

from simulator.present import digits, titles
from simulator.present.attribution import attribution_lines
from simulator.present.claims import Facts
from simulator.present.findings import Findings
from simulator.present.hiring import COST_WORDS, cost_line, dropped_line, hiring_line
from simulator.present.operations_lines import operations_lines
from simulator.present.overlap import overlap_line
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.plan_rows import plan_rows

# Plans of which whom they hire stands on the face of it.
_MOST_TOLD = 4


def plans(findings: Findings) -> Exhibit:
    """Put the plans side by side."""
    facts, unit = findings.facts, digits.money_unit(findings.facts.currency)
    hires = parts.lines_of(facts, hiring_line)
    few = len(hires) <= _MOST_TOLD
    more = parts.lines_of(facts, cost_line, dropped_line, operations_lines, attribution_lines, overlap_line)
    return Exhibit(
        "plans",
        titles.fitted(
            lambda longest: titles.money_title(facts.summary, longest),
            lambda longest: titles.money_title(facts.summary, longest, short=True),
        ),
        tuple(hires) if few else (),
        chart=parts.means_chart(facts, "profit", unit, "profit per play"),
        alt=f"Columns of the mean profit of each plan with its interval: {parts.means_text(facts, 'profit', unit)}.",
        table=parts.plans_table(facts, plan_rows(facts)),
        details=(*(() if few else hires), *more),
        notes=(*parts.basis(facts, "profit", "revenue"), *parts.left_out(facts)),
    )


def money(findings: Findings) -> Exhibit | None:
    """Show what the money goes to, beside what comes back; None where no plan spends anything."""
    facts = findings.facts
    costs = _costs(facts)
    if not costs:
        return None
    told = parts.lines_of(facts, cost_line)
    return Exhibit(
        "money",
        titles.fitted(
            lambda longest: _money_title(Facts(facts.summary, longest), costs),
            lambda longest: _spends_from(Facts(facts.summary, longest)),
        ),
        tuple(told[:_MOST_TOLD]),
        chart=_stacked(facts, costs),
        picture="money",
        alt=f"Stacked bars of what each plan spends per play, by what it is for. {' '.join(told) or _spends(facts)}",
        table=_costs_table(facts, costs),
        details=tuple(told[_MOST_TOLD:]),
        notes=(*parts.basis(facts, "profit", "revenue"), *parts.left_out(facts)),
        aside=True,
    )


def _costs(facts: Facts) -> list[str]:
    """Give the costs that any plan has, in the order of a contract."""
    every = [facts.summary["strategies"][plan].get("costs") or {} for plan in facts.plans]
    return [line for line in COST_WORDS if any((its.get(line) or {"mean": {}})["mean"].get("value") for its in every)]


def _cost(facts: Facts, plan: str, line: str) -> digits.Estimate:
    found: digits.Estimate = facts.summary["strategies"][plan]["costs"][line]["mean"]
    return found


def _money_title(facts: Facts, costs: list[str]) -> str:
    """Say what the largest cost is where it is the same for all plans that spend, else what plans spend."""
    largest = {
        max(costs, key=lambda line: _cost(facts, plan, line)["value"] or 0.0)
        for plan in facts.plans
        if facts.mean(plan, "spend")["value"]
    }
    if len(costs) == 1:
        return f"All that is spent goes to {COST_WORDS[costs[0]]}"
    if len(largest) == 1 and _is_most(facts, costs):
        played = "" if _is_most(facts, costs, elsewhere=True) else " in the markets played"
        return f"Most of the money goes to {COST_WORDS[largest.pop()]}{played}"
    return _spends(facts)


def _is_most(facts: Facts, costs: list[str], *, elsewhere: bool = False) -> bool:
    """Say whether of each plan that spends one cost is more than half, at both ends of its interval.

    Args:
        facts: Of the study.
        costs: What it may go to.
        elsewhere: Whether that is asked of other markets, too, where the markets played tell of them.
    """
    spent = [plan for plan in facts.plans if facts.mean(plan, "spend")["value"]]
    return all(any(_half(facts, plan, line, elsewhere=elsewhere) for line in costs) for plan in spent)


def _half(facts: Facts, plan: str, line: str, *, elsewhere: bool) -> bool:
    cost, spend = _cost(facts, plan, line), facts.mean(plan, "spend")
    if elsewhere:
        cost, spend = (_over_markets(its) for its in (cost, spend))
    if not digits.has_interval(cost) or not digits.has_interval(spend):
        return False
    return bool(2 * cost["low"] > spend["high"])


def _over_markets(mean: digits.Estimate) -> digits.Estimate:
    across = mean.get("across_markets") or {}
    return across if digits.has_interval(across) else mean


def _spends(facts: Facts) -> str:
    unit = digits.money_unit(facts.currency)
    told = [f"{facts.names[plan]} {digits.value_text(facts.mean(plan, 'spend'), unit)}" for plan in facts.plans]
    return f"What a play spends on average: {digits.listed(told)}"


def _spends_from(facts: Facts) -> str:
    """Say what the cheapest and the dearest plan spend."""
    unit, order = digits.money_unit(facts.currency), sorted(facts.plans, key=lambda p: facts.mean(p, "spend")["value"])
    ends = [f"{digits.value_text(facts.mean(plan, 'spend'), unit)} ({facts.names[plan]})" for plan in order]
    return f"A play costs from {ends[0]} to {ends[-1]} on average"


def _stacked(facts: Facts, costs: list[str]) -> Chart:
    unit, plans = digits.money_unit(facts.currency), parts.shown(facts)
    series = tuple(
        Series(
            COST_WORDS[line],
            tuple(_cost(facts, plan, line)["value"] for plan in plans),
            colour=place,
            labels=tuple(parts.estimate_text(_cost(facts, plan, line), unit) for plan in plans),
        )
        for place, line in enumerate(costs)
    )
    return Chart("stacked", series, Axis(""), Axis("spend per play", unit), tuple(facts.names[plan] for plan in plans))


def _costs_table(facts: Facts, costs: list[str]) -> Table:
    unit = digits.money_unit(facts.currency)
    rows = [
        (COST_WORDS[line], *(digits.with_interval(_cost(facts, plan, line), unit) for plan in facts.plans))
        for line in costs
    ]
    whole = [("spend", "spend"), ("revenue", "revenue"), ("profit", "profit")]
    rows += [(name, *(digits.with_interval(facts.mean(p, key), unit) for p in facts.plans)) for name, key in whole]
    header = ("per play", *(facts.names[plan] for plan in facts.plans))
    return Table(header, tuple(rows), row_measures=(*costs, *(key for _, key in whole)))
