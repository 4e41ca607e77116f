"""Which split of the budget is best: the dial from one pool to another, and the best of three and more.

In: a scenario, the pools between which money is moved, and how sure the answer has to be. Out: a `SplitAnswer`: what
each split brings and buys, which is named best, which are as good, and what the plan of today gives up. Invariants:
all splits meet the same draws; plays that choose are never those that judge, so neither the choice nor how long it
took bends a number of the answer; every split named here is one that was played, with money that adds up.

In this order:

1. Every split is played `replications` times (two pools). Of three and more, a search on plays of its own chooses who
   enters (`search.py`).
2. The contest: those still in are played on, until one is left or `most` is reached (`selection.select`). A block is
one
   replication in each market, averaged, so blocks are alike and answers are about the markets of the scenario.
3. New plays judge: the split named, all that came within the indifference zone of it, the plan of today, and what a
little
   more money for each pool would bring. "As good" is said of splits whose bound lies within the zone
   (`selection.upper_gaps`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.decide.objective import Objective, objective_of
from simulator.decide.search import NO_CHOICE, search
from simulator.decide.selection import FEWEST_BLOCKS, Rule, Selection, blocks_needed, select, upper_gaps
from simulator.decide.split_plays import Stage, Told
from simulator.decide.split_summary import Choices, Judged, Question, summary_of, table_of
from simulator.decide.splits import Split, grid_of, merged, own_plan
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.study.estimates import LEVEL, Values
from simulator.study.trials import Trials

# More splits than this are searched, not all played.
MOST_PLAYED = 41
# How many of those that were searched enter the contest.
_FINALISTS = 10
# How many times `replications` a split is played at the most, unless said.
_MOST_TIMES = 10
# Which difference matters, unless said: of ROI and probabilities, and as a share of the budget or of today's plan.
_ZONE, _ZONE_SHARE = 0.02, 0.01
# The block from which what the plan of today brings is told for that: far beyond any contest.
_PILOT = 1_000_000


@dataclass(frozen=True)
class SplitAnswer:
    """The answer, and its table: a row per split (splits,)."""

    summary: dict[str, Any]
    table: pa.Table


def split(
    scenario: Scenario,
    pools: Sequence[str] | None = None,
    steps: int = 21,
    *,
    strategy: str | None = None,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    indifference: float | None = None,
    confidence: float = LEVEL,
    replications: int | None = None,
    most: int | None = None,
    trials: Trials | None = None,
) -> SplitAnswer:
    """Find the best split of a scenario's budget.

    Args:
        scenario: Whose budget is split; its `[decision]` may say the measure, the indifference zone and constraints.
        pools: Between which pools, or "ads"; by default those of the scenario's splits, or all.
        steps: How many shares of a pool are looked at, 0% and 100% among them.
        strategy: The plan of today: compared with the best, and all splits have its named creators, boost and stagger;
            by default the first that splits the budget.
        measure: What is to be made large; see `objective_of`.
        at: Until when its money is counted.
        at_least: A target; the chance to reach it is made large instead.
        indifference: Which difference matters; by default that of `[decision]`, else 0.02 of ROI or of a probability,
            1% of the budget, or 1% of what the plan of today brings.
        confidence: Probability with which the best is named.
        replications: How often each split is played at first; by default as the scenario says.
        most: How often any is played at the most to choose, and again to judge; by default ten times that.
        trials: Who plays; by default nothing is kept.

    Raises:
        ScenarioError: an argument cannot be used, or the constraints leave no split.
        ExecutionError: a play failed.
    """
    _check(confidence, indifference)
    grid, objective = grid_of(scenario, pools, steps, strategy), objective_of(scenario, measure, at, at_least)
    first, longest = _lengths(scenario, replications, most)
    stage, today = Stage(trials or Trials(), scenario.markets), own_plan(scenario, grid.today, grid.pools)
    zone, zone_from = _zone(scenario, objective, indifference, stage, today)
    question = Question(scenario, grid, objective, zone, zone_from, confidence, first, longest)
    choices, values = _entered(question, stage, today)
    found = _contest(question, stage, choices)
    judged = _judge(question, stage, choices, found, values)
    told = Told(stage, objective, choices.offset, first)
    summary = summary_of(question, told, choices, found, judged, today)
    return SplitAnswer(summary, table_of(summary))


def _check(confidence: float, indifference: float | None) -> None:
    if not 0.5 <= confidence < 1:
        raise ScenarioError(f"confidence: given {confidence:g}; allowed is 0.5 to below 1, such as 0.95.")
    if indifference is not None and not (indifference > 0 and math.isfinite(indifference)):
        raise ScenarioError(f"indifference: given {indifference:g}; must be above 0, such as 0.02 of ROI.")


def _lengths(scenario: Scenario, replications: int | None, most: int | None) -> tuple[int, int]:
    """Give how many blocks each split plays at first, and at the most."""
    least = FEWEST_BLOCKS * scenario.markets
    for name, given in (("replications", replications), ("most", most)):
        if given is not None and given < least:
            raise ScenarioError(
                f"{name}: given {given}; fewer than {least} plays, {FEWEST_BLOCKS} in each market, tell too little of "
                "how much splits vary."
            )
    if replications is not None and most is not None and most < replications:
        raise ScenarioError(f"most: given {most}, and each split is to be played {replications} times at first.")
    played = scenario.replications if replications is None else replications
    first = max(math.ceil(played / scenario.markets), FEWEST_BLOCKS)
    longest = _MOST_TIMES * first if most is None else math.ceil(most / scenario.markets)
    return min(first, longest), longest


def _zone(
    scenario: Scenario, objective: Objective, given: float | None, stage: Stage, today: Split
) -> tuple[float, str]:
    """Give the indifference zone, and where it is from."""
    said = _said_zone(scenario, objective)
    if given is not None or said is not None:
        return (said or 0.0, "the scenario") if given is None else (given, "given")
    if objective.at_least is not None or objective.measure in ("roi", "brand_lift"):
        return _ZONE, "default"
    if objective.measure in ("profit", "revenue"):
        return _ZONE_SHARE * (scenario.budget or 0.0), f"default: {_ZONE_SHARE:.0%} of the budget"
    # From plays that the contest does not use, so that it does not depend on who leads there.
    pilot = stage.values([today], _PILOT, FEWEST_BLOCKS, objective)
    return max(_ZONE_SHARE * float(pilot.mean()), 1e-9), f"default: {_ZONE_SHARE:.0%} of what the plan of today brings"


def _said_zone(scenario: Scenario, objective: Objective) -> float | None:
    """Give the zone that the scenario names, where it is one of what is made large."""
    its = scenario.decision
    if its is None or its.measure != objective.measure or (its.at_least is None) != (objective.at_least is None):
        return None
    return its.indifference


def _entered(question: Question, stage: Stage, today: Split) -> tuple[Choices, Values]:
    """Give who enters the contest, and their first blocks (blocks, splits): all whose objective is defined there."""
    choices = _choices(question, stage, today)
    values = stage.values(choices.splits, choices.offset, question.first, question.objective)
    defined = [not bool(np.isnan(column).any()) for column in values.T]
    if not any(defined):
        raise ScenarioError("measure: it is undefined in some plays of every split. Choose another, such as profit.")
    kept = [its for its, is_defined in zip(choices.splits, defined, strict=True) if is_defined]
    more = [{"shares": its.shares, "why": UNDEFINED} for its in choices.splits if its not in kept]
    return replace(choices, splits=kept, left_out=[*choices.left_out, *more]), values[:, defined]


UNDEFINED = "spends nothing in some plays, in which the measure is undefined"


def _choices(question: Question, stage: Stage, today: Split) -> Choices:
    """Give the splits there are, or the best of a search, and the plan of today where it is one of the kind."""
    grid = question.grid
    of_today = [today] if grid.takes(today) else []
    if len(grid.pools) > 2 and grid.count > MOST_PLAYED:
        tried = search(grid, lambda splits: _means(stage.values(splits, 0, FEWEST_BLOCKS, question.objective)))
        best = [its for its, _ in tried[:_FINALISTS]]
        return Choices(merged([*best, *of_today]), FEWEST_BLOCKS, [], len(tried))
    every = [(its, grid.refused(its)) for its in map(grid.split, grid.points())]
    left_out = [{"shares": its.shares, "why": why} for its, why in every if why]
    kept = merged([*(its for its, why in every if not why), *of_today])
    if not kept:
        raise ScenarioError(NO_CHOICE)
    return Choices(sorted(kept, key=lambda its: tuple(its.shares.values())), 0, left_out, 0)


def _means(values: Values) -> list[float]:
    """Give the mean of each split; the worst there is where it has an undefined block."""
    return [float(mean) if np.isfinite(mean) else -math.inf for mean in values.mean(axis=0)]


def _contest(question: Question, stage: Stage, choices: Choices) -> Selection:
    def sample(places: Sequence[int], begin: int, blocks: int) -> Values:
        splits = [choices.splits[place] for place in places]
        return stage.values(splits, choices.offset + begin, blocks, question.objective)

    return select(sample, len(choices.splits), _rule(question))


def _rule(question: Question) -> Rule:
    return Rule(question.zone, question.confidence, question.first, question.most, _grain(question))


def _grain(question: Question) -> float:
    """Give by how much one play moves its block, where it reaches a target or not."""
    return 0.0 if question.objective.at_least is None else 1 / question.scenario.markets


def _judge(question: Question, stage: Stage, choices: Choices, found: Selection, values: Values) -> Judged:
    """Play the split named, and all that came near it, in blocks that nobody was chosen by."""
    near = [place for place, gap in enumerate(found.gaps) if gap <= question.zone or place == found.best]
    wanted = blocks_needed(values[:, near], question.zone / 2, question.confidence, _grain(question))
    blocks = min(max(wanted, question.first), question.most)
    begin = choices.offset + max(found.blocks)
    new = stage.values([choices.splits[place] for place in near], begin, blocks, question.objective)
    bounds = [float(bound) for bound in upper_gaps(new, question.confidence, _grain(question))]
    return Judged(dict(zip(near, bounds, strict=True)), begin, blocks)
