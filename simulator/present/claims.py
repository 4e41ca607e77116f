"""What may be claimed from a summary, before it is put into words.

In: the summary of a study. Out: on which side of 0 an interval lies, who leads, by what paired difference.
Invariants: nothing here prefers a plan; a pair may be turned round and then says the same thing. With more than
two plans, all claims on pairs of one measure hold together at the level of a single interval: each pair's p value
must be below (1 - level) / number of pairs (Bonferroni over all pairs, because which plan leads is seen from the
same plays).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.digits import Estimate, has_interval

if TYPE_CHECKING:
    from simulator.study.compare import Comparison

Summary = Mapping[str, Any]

# With orders in fewer plays than this, their mean and its interval are rough.
FEW_ORDERS = 10


@dataclass(frozen=True)
class Facts:
    """A summary, and what every sentence needs from it; names have at most so many letters."""

    summary: Summary
    longest: int = digits.LONGEST_NAME

    @cached_property
    def names(self) -> dict[str, str]:
        """Give the short name of each plan."""
        return digits.display_names(self.summary["strategies"], self.longest)

    @property
    def plans(self) -> list[str]:
        """Give the plans in scenario order."""
        return list(self.summary["strategies"])

    @property
    def currency(self) -> str:
        """Give the sign of the currency."""
        return str(self.summary["currency"])

    @property
    def plays(self) -> int:
        """Give how many plays each plan has."""
        return int(self.summary["replications"])

    @property
    def markets(self) -> int:
        """Give how many markets were played."""
        return min(int(self.summary["markets"]), self.plays)

    @cached_property
    def pairs(self) -> dict[tuple[str, str, str], Pair]:
        """Give every comparison by measure and plans, both ways round."""
        every = self.summary["comparisons"]
        together = Counter(one["measure"] for one in every if one["difference"]["mean"]["value"] is not None)
        found = {}
        for comparison in every:
            pair = _pair(comparison, together[comparison["measure"]])
            found[comparison["measure"], pair.first, pair.second] = pair
            found[comparison["measure"], pair.second, pair.first] = pair.turned()
        return found

    def plays_with_orders(self, plan: str) -> int:
        """Count the plays in which a plan brings any incremental order."""
        share = self.measure(plan, "incremental_orders")["probability_positive"]
        return round(float(share["value"] or 0.0) * int(share["n"]))

    def measure(self, plan: str, measure: str = "roi") -> Mapping[str, Any]:
        """Give all estimates of one measure of one plan; those of the long run are a group of their own."""
        its: Mapping[str, Any] = self.summary["strategies"][plan]
        found: Mapping[str, Any] = its[measure] if measure in its else its["long_run"][measure]
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
    # Two-sided, of the mean; and how many pairs are claimed together.
    p_value: float | None = None
    together: int = field(default=1, kw_only=True)

    @property
    def side(self) -> int | None:
        """Say which plan is ahead: 1 the first, -1 the second, 0 too close to call, None without interval."""
        where = side(self.mean)
        if where and self.together > 1 and not self._holds_together:
            return 0
        return where

    @property
    def _holds_together(self) -> bool:
        return self.p_value is not None and self.p_value * self.together < 1 - self.mean["level"]

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


def never_varies(estimate: Estimate) -> bool:
    """Say whether a mean rests on values that never vary, which is no proof of certainty."""
    from simulator.study.estimates import NO_VARIATION

    return bool(estimate.get("value") is not None and str(estimate.get("method")).startswith(NO_VARIATION))


def never_differ(difference: Estimate) -> bool:
    """Say whether two plans were the same in every play, whatever that proves."""
    without_error = difference.get("low") == difference.get("high") == 0
    return difference.get("value") == 0 and (never_varies(difference) or without_error)


def could_turn(mean: Estimate, where: int | None) -> bool:
    """Say whether the markets, taken as a sample of all markets, leave open what the plays decide (`where`)."""
    across = mean.get("across_markets") or {}
    return bool(where) and side(across) not in (None, where)


def profit_side(facts: Facts, plan: str) -> int | None:
    """Say on which side of 0 mean profit lies; unknown where ROI never varies, whatever costs do."""
    return None if never_varies(facts.mean(plan)) else side(facts.mean(plan, "profit"))


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
    """Order the plans by paired differences, best first; equal ones stay in scenario order, undefined ones go.

    A plan comes before those it is better than on average in the plays that both have: first whoever is better
    than more of the others, then the greater mean. Where all plays are defined, this is the order of the means.
    """
    defined = [plan for plan in facts.plans if facts.mean(plan, measure).get("value") is not None]

    def better_than(plan: str) -> int:
        pairs = [pair_of(facts, plan, other, measure) for other in defined]
        return sum((pair.mean.get("value") or 0.0) > 0 for pair in pairs if pair)

    return sorted(defined, key=lambda plan: (-better_than(plan), -facts.mean(plan, measure)["value"]))


def leading_pair(facts: Facts) -> Pair | None:
    """Give the first two plans of the ranking, the one with the higher paired mean first."""
    best = ranking(facts)[:2]
    pair = pair_of(facts, best[0], best[1]) if len(best) == 2 else None
    return pair.turned() if pair and (pair.mean.get("value") or 0) < 0 else pair


def pair_of(facts: Facts, first: str, second: str, measure: str = "roi") -> Pair | None:
    """Find the comparison of two plans."""
    return facts.pairs.get((measure, first, second))


def _pair(found: Comparison, together: int) -> Pair:
    from simulator.study.compare import usual_winner

    a, b = found["a"], found["b"]
    return Pair(
        first=a,
        second=b,
        mean=found["difference"]["mean"],
        first_wins=found["a_beats_b"],
        second_wins=found["b_beats_a"],
        usual_winner={"a": a, "b": b}.get(usual_winner(found)),
        p_value=found.get("p_value"),
        together=together,
    )
