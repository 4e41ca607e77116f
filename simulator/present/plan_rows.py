"""The plans beside each other: what each row of their table holds, and how its numbers are written.

In: facts. Out: rows, each of one measure of all plans. Invariants: a number has its interval; what makes no difference
to any plan has no row; terminal, report and deck show the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.decide.objective import words_of
from simulator.present import digits
from simulator.present.claims import Facts
from simulator.present.digits import Estimate, Unit

Cell = Callable[[Mapping[str, Any], Unit], tuple[str, str]]

# Beside reach: who saw enough, and who of those that the product is for.
_REACHES = ("reach_3_plus", "on_target_reach")


@dataclass(frozen=True)
class PlanRow:
    """One row of the table of plans.

    Attributes:
        name: What it is, in lines short enough to stand beside numbers.
        measure: The measure that it tells, as the summary calls it.
        unit: Its unit.
        write: Gives the value, and behind it the interval.
        key: By which the glossary says what it is.
    """

    name: str
    measure: str
    unit: Unit
    write: Cell
    key: str = ""

    def cell(self, facts: Facts, plan: str) -> tuple[str, str]:
        """Give the value of one plan, and its interval in brackets, "" where there is none."""
        return self.write(facts.measure(plan, self.measure), self.unit)

    def text(self, facts: Facts, plan: str) -> str:
        """Give the same as one text."""
        return " ".join(filter(None, self.cell(facts, plan)))


def plan_rows(facts: Facts) -> list[PlanRow]:
    """Give the rows that tell the plans apart."""
    money = digits.money_unit(facts.currency)
    untracked = [PlanRow("ROI with untracked\norders", "roi_with_untracked", digits.PER_ONE, _mean)]
    reaches = [measure for measure in _REACHES if _tells(facts, measure)]
    return [
        PlanRow("spend", "spend", money, _mean),
        PlanRow("reach [people]", "reach", digits.NUMBER, _mean),
        *(PlanRow(words_of(measure), measure, digits.NUMBER, _mean) for measure in reaches),
        PlanRow("orders", "orders", digits.NUMBER, _mean),
        PlanRow("profit", "profit", money, _mean),
        PlanRow("ROI", "roi", digits.PER_ONE, _mean),
        *(untracked if has_untracked(facts) else []),
        *return_rows(),
    ]


def return_rows() -> list[PlanRow]:
    """Give the rows that tell how the ROI of plays differs."""
    return [
        PlanRow("ROI, 5% to 95%\nof plays", "roi", digits.PER_ONE, _spread, "quantiles"),
        PlanRow("chance of profit", "roi", digits.PERCENT, _chance, "probability_positive"),
        PlanRow("ROI, mean of the\nworst 5% of plays", "roi", digits.PER_ONE, _shortfall, "expected_shortfall_5"),
    ]


def has_untracked(facts: Facts) -> bool:
    """Say whether counting orders that no link or code tracks makes a difference to any plan."""
    every = [facts.summary["strategies"][plan] for plan in facts.plans]
    return any("roi_with_untracked" in its and its["roi_with_untracked"]["mean"] != its["roi"]["mean"] for its in every)


def _tells(facts: Facts, measure: str) -> bool:
    """Say whether a measure of reach differs from reach for any plan."""
    every = [facts.summary["strategies"][plan] for plan in facts.plans]
    return any(measure in its and its[measure]["mean"]["value"] != its["reach"]["mean"]["value"] for its in every)


def _mean(estimates: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    return value_and_interval(estimates["mean"], unit)


def _chance(estimates: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    return value_and_interval(estimates["probability_positive"], unit)


def _shortfall(estimates: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    return value_and_interval(estimates["expected_shortfall_5"], unit)


def _spread(estimates: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    low, high = estimates["quantiles"]["0.05"], estimates["quantiles"]["0.95"]
    if low["value"] is None:
        return digits.UNDEFINED, ""
    return digits.range_text(low, high, unit), ""


def value_and_interval(estimate: Estimate, unit: Unit) -> tuple[str, str]:
    """Write an estimate as two texts; where it is large, both count in thousands or millions."""
    if estimate["value"] is None:
        return digits.UNDEFINED, ""
    if unit.scale == 1.0:
        unit = digits.compact_unit(unit, *(estimate[end] for end in ("low", "value", "high")))
    inside = digits.without_sign(unit)
    return digits.value_text(estimate, unit), f"({digits.interval_text(estimate, inside)})"
