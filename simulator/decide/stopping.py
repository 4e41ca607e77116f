"""Play until sure enough: until means are known precisely, or until it is decided which plan is best.

In: a scenario and what is wanted. Out: a `Study` of as many replications as that took, with `summary["stopping"]`, and
with the intervals and p values of the measure that was looked at replaced by those that hold although it was looked at
again and again. Invariants: the same scenario and wish give the same looks, whatever was played before and on however
many workers; a folder that holds more replications than were needed is left as it was.

`study/precision.py` and `study/decided.py` hold the two rules; here they meet the plays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.campaign.play import Engine
from simulator.decide.objective import Objective, objective_of
from simulator.errors import ResultsError, ScenarioError
from simulator.scenario.model import MOST_REPLICATIONS, Scenario
from simulator.study import decided, precision
from simulator.study.chunks import REPLICATION_SCHEMA, REPLICATIONS_PER_CHUNK, rows_of
from simulator.study.compare import Comparison
from simulator.study.decided import Pair, Settled
from simulator.study.estimates import LEVEL, Markets, MeanEstimate, Values
from simulator.study.montecarlo import Progress, Run
from simulator.study.montecarlo import run as play_all
from simulator.study.results import ResultFolder, Study

# Without another wish, a run ends here at the latest [replications].
MOST = 10_000
OnLook = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Wish:
    """What a run is to reach before it stops.

    Attributes:
        objective: What is measured.
        within: How far either end of the interval of each plan's mean may be from it; None for "until decided".
        most: The maximum of replications.
        indifference: The difference of two plans from which on it matters, None where every one does.
    """

    objective: Objective
    within: float | None
    most: int
    indifference: float | None = None

    @property
    def plain(self) -> dict[str, Any]:
        """Give it as a summary holds it."""
        rule = "until decided" if self.within is None else "precision"
        return {
            "rule": rule,
            **self.objective.plain,
            "wanted": self.within,
            "indifference": self.indifference,
            "most": self.most,
            "level": LEVEL,
        }


def wish_of(
    scenario: Scenario,
    *,
    precision: float | None = None,
    until_decided: bool = False,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    most: int | None = None,
    replications: int | None = None,
) -> Wish | None:
    """Give what a run is to reach; None where nothing is wished but a number of replications.

    Args:
        scenario: Whose `[decision]` counts where nothing is asked for.
        precision: How far either end of each interval may be from its mean, in the unit of the measure.
        until_decided: Whether to play until the plans' paired differences are decided instead.
        measure: As for `objective_of`, and so the next two.
        at: How long after the horizon.
        at_least: The target.
        most: The maximum of replications, by default MOST.
        replications: How many are asked for, which none may be here.

    Raises:
        ScenarioError: the wish makes no sense; the message says what to do.
    """
    given = {"measure": measure, "at": at, "at_least": at_least, "most": most}
    if precision is None and not until_decided:
        _refuse_alone([name for name, value in given.items() if value is not None])
        return None
    if precision is not None and until_decided:
        raise ScenarioError(
            "precision and until_decided were both asked for; a run stops by one of them. Leave one out."
        )
    if replications is not None:
        raise ScenarioError(
            f"replications: given {replications!r}, but a run that stops when it is sure enough plays as many as that "
            f"takes. Leave replications out, and give the maximum as most (it is {MOST:,} without)."
        )
    if until_decided and len(scenario.strategies) < 2:
        raise ScenarioError(
            "until_decided compares plans and the scenario has one strategy; ask for a precision instead."
        )
    objective = objective_of(scenario, measure, at, at_least)
    return Wish(objective, _precision(precision), _most(most), _indifference(scenario, objective))


def run(
    scenario: Scenario,
    replications: int | None = None,
    engine: Engine = "compiled",
    workers: int | None = None,
    *,
    precision: float | None = None,
    until_decided: bool = False,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    most: int | None = None,
) -> Study:
    """Play every strategy of a scenario many times, or as often as it takes to be sure enough.

    Args:
        scenario: What to run.
        replications: How many times, instead of what the scenario says.
        engine: "compiled", or "reference" for plain SimPy; the results are equal.
        workers: How many threads; by default as many as this process has processors.
        precision: See `wish_of`, and so all that follow.
        until_decided: Whether to play until the plans' paired differences are decided.
        measure: What precision and decision are about.
        at: Until when its money is counted.
        at_least: A target.
        most: The maximum of replications.

    Raises:
        ScenarioError: an argument cannot be used, a strategy can hire nobody, or a graph file cannot be read.
        ExecutionError: a play failed.
    """
    wish = wish_of(
        scenario,
        precision=precision,
        until_decided=until_decided,
        measure=measure,
        at=at,
        at_least=at_least,
        most=most,
        replications=replications,
    )
    if wish is None:
        return play_all(scenario, replications, engine, workers)
    return run_until(scenario, wish, engine, workers)


def _refuse_alone(given: Sequence[str]) -> None:
    if given:
        raise ScenarioError(
            f"{given[0]} goes with a run that stops when it is sure enough: ask for precision or until_decided as well."
        )


def _precision(given: float | None) -> float | None:
    if given is not None and not (math.isfinite(given) and given > 0):
        raise ScenarioError(
            f"precision: given {given!r}; must be above 0: how far the ends of an interval may be from the mean, in "
            "the unit of the measure, such as 0.02 for ROI."
        )
    return given


def _most(given: int | None) -> int:
    if given is not None and not 2 <= given <= MOST_REPLICATIONS:
        raise ScenarioError(f"most: given {given!r}; must be a number of replications from 2 to {MOST_REPLICATIONS:,}.")
    return MOST if given is None else given


def _indifference(scenario: Scenario, objective: Objective) -> float | None:
    """Give from which difference on it matters, where the scenario says so of this objective."""
    if scenario.decision is None or objective_of(scenario) != objective:
        return None
    return scenario.decision.indifference


def first_look(scenario: Scenario, wish: Wish) -> int:
    """Give how many replications a run is played before anybody looks."""
    if wish.within is None:
        return decided.looks_of(_step(scenario), wish.most)[0]
    return precision.first_look(_step(scenario), wish.most)


def _step(scenario: Scenario) -> int:
    """Give of what looks are a multiple: whole chunks in every market, so that none is played twice."""
    return REPLICATIONS_PER_CHUNK * scenario.markets


def run_until(
    scenario: Scenario,
    wish: Wish,
    engine: Engine = "compiled",
    workers: int | None = None,
    *,
    folder: ResultFolder | None = None,
    progress: Progress | None = None,
    on_look: OnLook | None = None,
) -> Study:
    """Play every strategy of a scenario until a wish is fulfilled, or its maximum reached.

    Args:
        scenario: What to run; how many replications it asks for does not count.
        wish: When to stop.
        engine: As for `montecarlo.run`, and so the next two.
        workers: How many threads.
        folder: Where chunks are kept.
        progress: Told how many plays are finished.
        on_look: Told what each look saw, as `summary["stopping"]["looks"]` holds it.

    Raises:
        ScenarioError: as for `montecarlo.run`.
        ResultsError: the disk refuses, or the folder holds more replications than were needed.
        ExecutionError: a play failed.
    """
    run = Run(scenario, engine, workers, folder=folder, progress=progress, grows=True)
    looking = _Contest(run, wish) if wish.within is None else _Precision(run, wish)
    while (then := looking.then) is not None:
        if folder:
            folder.grow(then)
        run.play(then)
        seen = looking.look()
        if on_look:
            on_look(seen)
    if folder and folder.scenario.replications > run.scenario.replications:
        folder.leave()
        raise ResultsError(_holds_more(folder, run.scenario.replications))
    study = run.study()
    return replace(study, summary=looking.told(study.summary))


def _holds_more(folder: ResultFolder, enough: int) -> str:
    return (
        f"{folder.path}: holds {folder.scenario.replications:,} replications of this scenario and {enough:,} are "
        "enough for what was asked for; it was left untouched. Ask for more, or choose another folder with --out."
    )


class _Looking:
    """Looks at a run, and says when to look again."""

    def __init__(self, run: Run, wish: Wish) -> None:
        self._run, self._wish = run, wish
        self._looks: list[dict[str, Any]] = []
        # How many replications to play until the next look; None when the run stops.
        self.then: int | None = first_look(run.scenario, wish)

    def _values(self, rows: pa.Table) -> tuple[dict[str, Values], Markets]:
        """Give the objective of every plan that has one in some play (n,), and the markets (n,)."""
        parts = {name: rows_of(rows, name) for name in self._run.scenario.strategies}
        values = {name: self._wish.objective.values(its) for name, its in parts.items()}
        market = next(iter(parts.values()))["market"].to_numpy()
        return {name: its for name, its in values.items() if not np.isnan(its).all()}, market

    def _noted(self, seen: dict[str, Any], then: int | None) -> dict[str, Any]:
        """Keep what a look saw; nothing comes after the maximum."""
        self.then = then if seen["replications"] < self._wish.most else None
        self._looks.append(seen)
        return {**self._wish.plain, **seen, "look": len(self._looks), "then": self.then}

    def _section(self, why: str, found: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self._wish.plain,
            "why": why,
            "replications": self._looks[-1]["replications"],
            "looks": self._looks,
            **found,
        }


class _Precision(_Looking):
    """Looks whether every plan's mean is known precisely enough."""

    _last: precision.Look | None = None

    def look(self) -> dict[str, Any]:
        """Look at what was played, and give what was seen."""
        self._plays, self._market = self._values(self._run.rows())
        step, most, wanted = _step(self._run.scenario), self._wish.most, self._wish.within
        assert wanted is not None, "a wish for precision says how much"
        chance = self._wish.objective.at_least is not None
        self._last = its = precision.look(
            self._plays, self._market, wanted, step=step, most=most, before=self._last, chance=chance
        )
        seen = {"replications": its.replications, "half_width": its.half_width}
        return self._noted(seen, None if its.is_enough or not self._plays else its.then)

    def told(self, summary: dict[str, Any]) -> dict[str, Any]:
        """Give the summary with what the run stopped at."""
        objective, half = self._wish.objective, self._looks[-1]["half_width"]
        looks, chance = len(self._looks), objective.at_least is not None
        found = {
            plan: precision.known(values, self._market, looks, least=objective.least, chance=chance)
            for plan, values in self._plays.items()
        }
        means = {plan: estimate for plan, estimate in found.items() if estimate is not None}
        narrow = half is not None and half <= self._wish.within
        why = "narrow" if narrow else "maximum" if self._plays else "undefined"
        section = self._section(why, {"half_width": half, "means": means})
        if objective.at_least is not None:
            return {**summary, "stopping": section}
        its = summary["strategies"]
        strategies = {name: _with_mean(one, objective.column, means.get(name)) for name, one in its.items()}
        return {**summary, "strategies": strategies, "stopping": section}


def _with_mean(its: dict[str, Any], measure: str, mean: Mapping[str, Any] | None) -> dict[str, Any]:
    """Replace the mean of a measure, but for what other markets would give."""
    group = its if measure in its else its["long_run"] or {}
    if mean is None or measure not in group:
        return its
    changed = {measure: {**group[measure], "mean": {**group[measure]["mean"], **mean}}}
    return {**its, **(changed if group is its else {"long_run": {**group, **changed}})}


class _Contest(_Looking):
    """Looks whether it is decided which plan is best."""

    def __init__(self, run: Run, wish: Wish) -> None:
        super().__init__(run, wish)
        self._sights: list[decided.Sight] = []
        self._design = decided.plan_looks(_step(run.scenario), wish.most, len(run.scenario.strategies))

    def look(self) -> dict[str, Any]:
        """Look at what was played, and give what was seen."""
        rows = self._run.rows()
        values, market = self._values(rows)
        design, here = self._design, len(self._sights)
        zone, same = self._wish.indifference, _same(rows, list(values))
        sight = decided.sight_of(values, market, design.bounds[here], zone=zone, same=same)
        self._sights.append(sight)
        is_last = here + 1 == len(design.looks)
        seen = {"replications": sight.replications, "leader": sight.leader, "why": sight.why}
        return self._noted(seen, None if sight.why or is_last else design.looks[here + 1])

    def told(self, summary: dict[str, Any]) -> dict[str, Any]:
        """Give the summary with what the run stopped at."""
        objective, last = self._wish.objective, self._sights[-1]
        settled = decided.settled(self._design, self._sights, self._wish.indifference)
        differences = [
            {"a": a, "b": b, "difference": its.difference, "p_value": its.p_value} for (a, b), its in settled.items()
        ]
        found = {"leader": last.leader, "differences": differences}
        section = self._section(last.why or "maximum", found)
        if objective.at_least is not None:
            return {**summary, "stopping": section}
        compared = [_with_settled(one, objective.column, settled) for one in summary["comparisons"]]
        return {**summary, "comparisons": compared, "stopping": section}


def _with_settled(its: Comparison, measure: str, settled: Mapping[Pair, Settled]) -> Comparison:
    """Replace interval and p value of a mean difference, but for what other markets would give."""
    found = settled.get((its["a"], its["b"])) if its["measure"] == measure else None
    if found is None:
        return its
    mean: MeanEstimate = {**found.difference, "across_markets": its["difference"]["mean"]["across_markets"]}
    return {**its, "difference": {**its["difference"], "mean": mean}, "p_value": found.p_value}


def _same(rows: pa.Table, plans: Sequence[str]) -> frozenset[Pair]:
    """Give the pairs that are one plan under two names: equal in all that was counted of every replication."""
    counted = [name for name in REPLICATION_SCHEMA.names if name != "strategy"]
    parts = {plan: rows_of(rows, plan).select(counted) for plan in plans}
    return frozenset((a, b) for a, b in combinations(plans, 2) if parts[a].equals(parts[b]))
