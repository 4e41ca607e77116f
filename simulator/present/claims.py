"""What may be claimed from a summary, before it is put into words.

In: the summary of a study. Out: on which side of 0 an interval lies, who leads, by what paired difference.
Invariant: nothing here prefers a plan; a pair may be turned round and then says the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from simulator.present import digits
from simulator.present.digits import Estimate, has_interval
from simulator.study import compare

Summary = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """A summary, and what every sentence needs from it."""

    summary: Summary

    @cached_property
    def names(self) -> dict[str, str]:
        """Give the short name of each plan."""
        return digits.display_names(self.summary["strategies"])

    @property
    def plans(self) -> list[str]:
        """Give the plans in scenario order."""
        return list(self.summary["strategies"])

    @property
    def currency(self) -> str:
        """Give the sign of the currency."""
        return str(self.summary["currency"])

    def measure(self, plan: str, measure: str = "roi") -> Mapping[str, Any]:
        """Give all estimates of one measure of one plan."""
        found: Mapping[str, Any] = self.summary["strategies"][plan][measure]
        return found

    def mean(self, plan: str, measure: str = "roi") -> Estimate:
        """Give the mean of one measure of one plan."""
        found: Estimate = self.measure(plan, measure)["mean"]
        return found


@dataclass(frozen=True)
class Pair:
    """The paired difference first - second, whichever way round the summary holds it."""

    first: str
    second: str
    mean: Estimate
    first_wins: Estimate
    second_wins: Estimate
    # The plan that clearly wins more of the plays that are no tie; None where neither does.
    usual_winner: str | None

    def turned(self) -> Pair:
        """Give the same pair the other way round."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            mean=negated(self.mean),
            first_wins=self.second_wins,
            second_wins=self.first_wins,
        )


def side(estimate: Estimate) -> int | None:
    """Say on which side of 0 an interval lies: 1, -1, 0 where it contains 0, None without interval."""
    if estimate.get("value") is None or not has_interval(estimate):
        return None
    return 1 if estimate["low"] > 0 else -1 if estimate["high"] < 0 else 0


def is_zero(estimate: Estimate) -> bool:
    """Say whether an estimate is exactly 0, without any error."""
    return bool(estimate.get("low") == estimate.get("high") == 0)


def negated(estimate: Estimate) -> dict[str, Any]:
    """Turn an estimate of x into one of -x, its across-market interval included."""
    across = estimate.get("across_markets")
    return {
        **estimate,
        "value": _minus(estimate.get("value")),
        "low": _minus(estimate.get("high")),
        "high": _minus(estimate.get("low")),
        "across_markets": negated(across) if across else None,
    }


def _minus(number: float | None) -> float | None:
    return None if number is None else 0.0 - number


def ranking(facts: Facts, measure: str = "roi") -> list[str]:
    """Order the plans by their mean, best first; equal ones stay in scenario order, undefined ones go."""
    defined = [plan for plan in facts.plans if facts.mean(plan, measure).get("value") is not None]
    return sorted(defined, key=lambda plan: -facts.mean(plan, measure)["value"])


def leading_pair(facts: Facts) -> Pair | None:
    """Give the two plans of highest mean ROI, the one with the higher paired mean first."""
    best = ranking(facts)[:2]
    pair = pair_of(facts, best[0], best[1]) if len(best) == 2 else None
    return pair.turned() if pair and (pair.mean.get("value") or 0) < 0 else pair


def pair_of(facts: Facts, first: str, second: str, measure: str = "roi") -> Pair | None:
    """Find the comparison of two plans."""
    for found in facts.summary["comparisons"]:
        if found["measure"] == measure and {found["a"], found["b"]} == {first, second}:
            pair = _pair(found)
            return pair if pair.first == first else pair.turned()
    return None


def _pair(found: compare.Comparison) -> Pair:
    a, b = found["a"], found["b"]
    return Pair(
        first=a,
        second=b,
        mean=found["difference"]["mean"],
        first_wins=found["a_beats_b"],
        second_wins=found["b_beats_a"],
        usual_winner={"a": a, "b": b}.get(compare.usual_winner(found)),
    )
