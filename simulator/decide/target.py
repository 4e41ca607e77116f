"""How much money reaches a target, split how; or, out of reach, what would have to be true.

In: a scenario, a target ("at least 5,000 orders") and in which share of the plays it is to be reached. Out: a `Target`.
Invariants: all splits and budgets meet the same draws; plays that choose a split are never those that say how much it
needs, so the choice does not flatter the answer; every budget named is one whose plan was played.

In this order:

1. Splits are tried one after the other on the first draws. A split is only looked at just below the best budget so
   far, and its own smallest one is looked for where it reaches the target there.
2. New draws say how much money the split that was chosen needs, with an interval (`ladder.needed`), for this
   confidence and those next to it, and how often other budgets, and each pool alone, reach the target.
3. Where no budget is enough, they say what comes of the best one, and by which factor one thing alone would have to be
   different (`levers.py`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.decide.budgets import offers_of
from simulator.decide.ladder import Needed, first_rung, needed, scanned
from simulator.decide.levers import levers_moved
from simulator.decide.objective import Objective, objective_of
from simulator.decide.shares import Point
from simulator.decide.target_plays import Asked, Plays
from simulator.decide.target_tables import curves, split_rows, split_table
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.study.estimates import LEVEL, Estimate, probability, quantile_estimate, quantile_ranks, reciprocal
from simulator.study.results import FORMAT
from simulator.study.trials import Trials

# Of splits at the most money, so many are played by all draws before the best is chosen.
_FINALISTS = 5
_OTHER_CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_METHOD = "order statistics of the budget that each draw needs"


@dataclass(frozen=True)
class Target:
    """The answer, and its table: a row per split (splits,)."""

    summary: dict[str, Any]
    table: pa.Table


@dataclass(frozen=True)
class _Chosen:
    """A split, and the rung from which it seems to reach the target."""

    point: Point
    rung: int


def target(
    scenario: Scenario,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    confidence: float = 0.8,
    strategy: str | None = None,
    steps: int = 10,
    most_budget: float | None = None,
    replications: int | None = None,
    trials: Trials | None = None,
) -> Target:
    """Find the smallest budget that reaches a target, and its split.

    Args:
        scenario: Whose pools are hired; its `[decision]` may say measure, target and limits.
        measure: What is counted; see `objective_of`, also for `at`.
        at: Until when its money is counted.
        at_least: The target.
        confidence: In which share of the plays it is to be reached.
        strategy: Whose named creators, boost and stagger are kept; by default the first that splits the budget.
        steps: In how many parts the budget is split; fewer with three and more pools.
        most_budget: The most money that is looked at [money]; by default what hires everybody.
        replications: How many draws choose, and how many others judge; by default as the scenario says.
        trials: Who plays; by default nothing is kept.

    Raises:
        ScenarioError: an argument cannot be used, or money buys nothing.
        ExecutionError: a play failed.
    """
    objective = _objective(scenario, measure, at, at_least)
    if not 0 < confidence < 1:
        raise ScenarioError(
            f"confidence: given {confidence:g}; must be a share of the plays above 0 and below 1, such as 0.8."
        )
    if replications is not None:
        scenario = scenario.with_replications(replications)
    offers = offers_of(scenario, strategy, steps, most_budget)
    first = Plays(scenario, offers, objective, trials or Trials(), range(scenario.replications))
    second = replace(first, replications=range(scenario.replications, 2 * scenario.replications))
    asked = Asked(scenario, offers, objective, confidence, first, second)
    chosen = _choose(asked)
    found = _needed(asked, chosen, confidence) if chosen else None
    if chosen is None or found is None or found.rung is None:
        return _out_of_reach(asked)
    return _reached(asked, chosen, found, found.rung)


def _objective(scenario: Scenario, measure: str | None, at: str | int | None, at_least: float | None) -> Objective:
    objective = objective_of(scenario, measure, at, at_least)
    if objective.at_least is None:
        example = 0.2 if objective.measure in ("roi", "brand_lift") else 5000
        raise ScenarioError(
            f"at-least: no target is given. Say how much of {objective.words} is wanted, such as --at-least {example}, "
            f"or at_least = {example} under [decision]."
        )
    if not math.isfinite(objective.at_least):
        raise ScenarioError(f"at-least: given {objective.at_least}; must be a number.")
    return objective


# ---- which split


def _choose(asked: Asked) -> _Chosen | None:
    """Find the split that seems to need the least money; None where none seems to reach the target."""
    best, offers = None, asked.offers
    for point in _nearest_first(asked):
        first, above = offers.ends(point)
        last = min(above, best.rung - 1) if best else above
        if last >= first:
            rung = asked.rung_of(point, first, last, start=last if best else offers.rung(asked.scenario.budget or 0))
            best = best if rung is None else _Chosen(point, rung)
    return best


def _nearest_first(asked: Asked) -> list[Point]:
    """Put the splits that are like that of the plan first."""
    split = asked.scenario.strategies[asked.offers.strategy].split

    def distance(point: Point) -> float:
        return sum(abs(share - split.get(pool, 0.0)) for pool, share in asked.offers.shares(point).items())

    return sorted(asked.offers.points, key=distance)


def _needed(asked: Asked, chosen: _Chosen, confidence: float) -> Needed:
    first, last = asked.offers.ends(chosen.point)
    return needed(asked.judging.of(chosen.point), confidence, last, start=chosen.rung, first=first)


# ---- within reach


def _reached(asked: Asked, chosen: _Chosen, found: Needed, rung: int) -> Target:
    its, offers = asked.judging.of(chosen.point), asked.offers
    successes = int(np.count_nonzero(its.played(rung)))
    wrong, told = its.contradicted(rung) if asked.rising else (0, 0)
    splits = split_rows(asked, chosen.point, rung)
    answer = {
        "budget": _budget(asked, found),
        "at_least": None if found.low is None else offers.budgets[found.low],
        "shares": offers.shares(chosen.point),
        "probability": probability(successes, its.draws),
        "buys": {pool: asdict(bought) for pool, bought in offers.bought(chosen.point, rung).items()},
        "enough_until": _enough_until(asked, chosen.point, rung),
        "contradicted": {"plays": wrong, "of": told},
    }
    summary = {
        **_question(asked),
        "reached": True,
        "needed": answer,
        "confidences": _confidences(asked, _Chosen(chosen.point, rung), found),
        "splits": splits,
        "curves": curves(asked, chosen.point, rung),
        "out_of_reach": None,
    }
    return Target({**summary, "plays": asked.choosing.count + asked.judging.count}, split_table(asked, splits))


def _question(asked: Asked) -> dict[str, Any]:
    its, offers = asked.scenario, asked.offers
    return {
        "format": FORMAT,
        "scenario": its.name,
        "title": its.title,
        "currency": its.currency,
        "hash": its.hash,
        "seed": its.seed,
        "replications": its.replications,
        "markets": its.markets,
        "objective": {**asked.objective.plain, "words": asked.objective.words},
        "confidence": asked.confidence,
        "strategy": offers.strategy,
        "pools": list(offers.pools),
        "split_steps": sum(offers.points[0]),
        "splits_looked_at": len(offers.points),
        "budget": its.budget,
        "most_budget": offers.budgets[-1],
        "most_budget_given": offers.given,
        "rising": asked.rising,
    }


def _budget(asked: Asked, found: Needed) -> Estimate:
    """Give the money that is needed; without bounds where the upper one lies above all that is looked at."""
    budgets, bounds = asked.offers.budgets, (found.low, found.high)
    low, high = (None if None in bounds or rung is None else budgets[rung] for rung in bounds)
    value = None if found.rung is None else budgets[found.rung]
    n = asked.scenario.replications
    return {"value": value, "low": low, "high": high, "level": LEVEL, "method": _METHOD, "n": n}


def _confidences(asked: Asked, chosen: _Chosen, found: Needed) -> list[dict[str, Any]]:
    """Give what the confidences next to the wanted one need."""
    lower = max((share for share in _OTHER_CONFIDENCES if share < asked.confidence - 1e-9), default=None)
    higher = min((share for share in _OTHER_CONFIDENCES if share > asked.confidence + 1e-9), default=None)
    every = {asked.confidence: found}
    every |= {share: _needed(asked, chosen, share) for share in (lower, higher) if share is not None}
    rows = sorted(every.items())
    return [
        {
            "confidence": share,
            "budget": _budget(asked, its),
            "at_least": None if its.low is None else asked.offers.budgets[its.low],
        }
        for share, its in rows
    ]


def _enough_until(asked: Asked, point: Point, rung: int) -> float | None:
    """Give up to which budget the target is still reached, None up to the most that is looked at."""
    if asked.rising:
        return None
    its, (_, last) = asked.judging.of(point), asked.offers.ends(point)
    wanted, _ = quantile_ranks(its.draws, str(asked.confidence))

    def fails(rung: int) -> bool:
        return not its.at_least(rung, wanted)

    first = first_rung(fails, last, first=rung, rising=False)
    return None if first is None else asked.offers.budgets[first - 1]


# ---- out of reach


def _out_of_reach(asked: Asked) -> Target:
    point, rung = _best_there_is(asked)
    offers, level = asked.offers, str(round(1 - asked.confidence, 12))
    measured = asked.judging.measured(point, rung)
    reached = asked.objective.reached(measured)
    brings = quantile_estimate(measured, level)
    # On the plays that judge it may be enough after all; that is too close to call, and nothing has to be different.
    enough = reached.sum() >= quantile_ranks(len(reached), str(asked.confidence))[0]
    assert asked.objective.at_least is not None, "there is a target"
    out = {
        "budget": offers.budgets[rung],
        "shares": offers.shares(point),
        "buys": {pool: asdict(bought) for pool, bought in offers.bought(point, rung).items()},
        "hires_all": offers.hires_all(point, rung),
        "probability": probability(int(reached.sum()), len(measured)),
        "brings": brings,
        "times": _times(brings, asked.objective.at_least),
        "levers": [] if enough else levers_moved(asked.judging, point, rung, asked.confidence),
    }
    splits = split_rows(asked, point, rung)
    summary = {
        **_question(asked),
        "reached": False,
        "needed": None,
        "confidences": [],
        "splits": splits,
        "curves": curves(asked, point, rung),
        "out_of_reach": out,
    }
    return Target({**summary, "plays": asked.choosing.count + asked.judging.count}, split_table(asked, splits))


def _best_there_is(asked: Asked) -> tuple[Point, int]:
    """Find the split and budget that come nearest in the wanted share of the plays: few draws first, then all."""
    offers, level = asked.offers, str(round(1 - asked.confidence, 12))
    ends = {point: offers.ends(point) for point in offers.points}
    every = [
        (point, rung)
        for point, (first, last) in ends.items()
        if first <= last
        for rung in ([last] if asked.rising else scanned(first, last))
    ]

    def near(its: tuple[Point, int], draws: int) -> float:
        value = quantile_estimate(asked.choosing.nearness(*its, draws), level)["value"]
        return -math.inf if value is None else value

    few = asked.choosing.of(every[0][0]).fewest
    best = sorted(every, key=lambda its: -near(its, few))[:_FINALISTS]
    return max(best, key=lambda its: near(its, asked.scenario.replications))


def _times(brings: Estimate, wanted: float) -> Estimate:
    """Give how many times as much is wanted as there is; undefined where there is nothing."""
    value, low, high = (
        None if end is None or wanted <= 0 else end / wanted for end in (brings["value"], brings["low"], brings["high"])
    )
    return reciprocal({**brings, "value": value, "low": low, "high": high})
