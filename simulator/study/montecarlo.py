"""Monte Carlo: all strategies of a scenario, played many times in the same worlds.

In: a scenario. Out: a `Study`. Invariants: strategies share markets, unknowns and luck, so replication i of one is
paired with replication i of any other; every outcome is kept and reduced once in index order, so the study does not
depend on workers, interruptions or what was already on disk.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Protocol, get_args

import pyarrow as pa

from simulator.campaign.hiring import Plans, check_hiring, plans_of
from simulator.campaign.operations import Happening
from simulator.campaign.play import Engine, log_of, play
from simulator.campaign.schedule import plan_warnings
from simulator.errors import ScenarioError
from simulator.market.build import Market, build_market
from simulator.market.graph_file import edges_of
from simulator.market.overlap import AudienceOverlap
from simulator.scenario.model import Scenario
from simulator.study.chunks import REPLICATION_SCHEMA, Chunk, assemble, chunk_table, cut
from simulator.study.executors import Stopped, default_workers, on_threads
from simulator.study.faults import faults
from simulator.study.operations import operations_table
from simulator.study.overlap import audience_overlap
from simulator.study.results import ResultFolder, Study
from simulator.study.summary import study_of
from simulator.study.trial_markets import TrialMarkets


class Progress(Protocol):
    """Who wants to know how far a run is."""

    def begin(self, kept: int) -> None:
        """Take note of how many plays an earlier run finished."""

    def expect(self, plays: int, kept: int = 0) -> None:
        """Take note that so many more plays are wanted, some of which an earlier run finished."""

    def add(self, plays: int) -> None:
        """Take note of plays that were finished just now; called from any thread."""


class World:
    """Plans and markets of a scenario; each market is built when it is first needed and dropped after its last use."""

    def __init__(
        self, scenario: Scenario, plans: Plans, missing: Iterable[Chunk] = (), kept: TrialMarkets | None = None
    ) -> None:
        """Prepare the worlds of a scenario, of which the missing chunks are still to be played.

        Args:
            scenario: What is run.
            plans: Who is hired, by strategy and market.
            missing: What is to be played.
            kept: Where markets are kept after their last use, for a run that may become longer.
        """
        self.scenario, self.plans = scenario, plans
        self.edges = edges_of(scenario)
        self._kept = kept
        self._left: Counter[int] = Counter()
        self._markets: dict[int, Market] = {}
        self._overlaps: dict[int, dict[str, AudienceOverlap]] = {}
        self._locks: dict[int, threading.Lock] = {}
        self.expect(missing)

    def expect(self, missing: Iterable[Chunk]) -> None:
        """Take note of chunks that are to be played as well."""
        self._left.update(chunk.market for chunk in missing)
        for market in self._left:
            self._locks.setdefault(market, threading.Lock())

    def market(self, index: int) -> Market:
        """Give a market; the first to ask builds it, others wait."""
        with self._locks[index]:
            if index not in self._markets:
                self._markets[index] = self.built_market(index)
            return self._markets[index]

    def overlaps(self, index: int) -> Mapping[str, AudienceOverlap]:
        """Give how much the audiences of each strategy overlap in a market, counted once."""
        market = self.market(index)
        with self._locks[index]:
            if index not in self._overlaps:
                self._overlaps[index] = {
                    strategy: audience_overlap(self.scenario, market, self.plans[strategy, index])
                    for strategy in self.scenario.strategies
                }
            return self._overlaps[index]

    def built_market(self, index: int) -> Market:
        """Build a market, or take it from where it is kept."""
        plans = [self.plans[strategy, index] for strategy in self.scenario.strategies]
        profiles = {profile.name: profile for plan in plans for profile in plan.profiles}
        if self._kept:
            return self._kept.market(self.scenario, index, list(profiles.values()))
        return build_market(self.scenario, index, profiles.values(), self.edges)

    def done_with(self, index: int) -> None:
        """Take note that one chunk less needs a market; the last one drops it."""
        with self._locks[index]:
            self._left[index] -= 1
            if self._left[index] <= 0:
                self._markets.pop(index, None)

    def audience_sizes(self) -> dict[str, int]:
        """Give the audience of each creator of its own that a graph file knows, by handle [persons]."""
        return {name: audience.size for name, audience in self.edges.audiences.items()} if self.edges else {}


def run(
    scenario: Scenario,
    replications: int | None = None,
    engine: Engine = "compiled",
    workers: int | None = None,
    *,
    folder: ResultFolder | None = None,
    progress: Progress | None = None,
) -> Study:
    """Play every strategy of a scenario many times.

    Args:
        scenario: What to run.
        replications: How many times, instead of what the scenario says.
        engine: "compiled", or "reference" for plain SimPy; the results are equal.
        workers: How many threads; by default as many as this process has processors.
        folder: Where finished chunks are kept, and taken from when they are there already; opened for this scenario.
        progress: Told how many plays are finished.

    Raises:
        ScenarioError: an argument cannot be used, a strategy can hire nobody, or a graph file cannot be read.
        ResultsError: the disk refuses.
        ExecutionError: a play failed.
    """
    growing = Run(scenario, engine, workers, folder=folder, progress=progress)
    growing.play(scenario.replications if replications is None else replications)
    return growing.study()


class Run:
    """A run that can be made longer: its worlds, and all chunks that were played so far."""

    def __init__(
        self,
        scenario: Scenario,
        engine: Engine = "compiled",
        workers: int | None = None,
        *,
        folder: ResultFolder | None = None,
        progress: Progress | None = None,
        grows: bool = False,
    ) -> None:
        """Prepare a run; nothing is played yet.

        Args:
            scenario: As for `run`, and so the next four.
            engine: The clock.
            workers: How many threads.
            folder: Where finished chunks are kept.
            progress: Told how many plays are finished.
            grows: Whether it is to be played on after a look at it, so that markets are better kept.
        """
        self.scenario, self._workers = _checked(scenario, engine, workers)
        self._engine, self._folder, self._progress = engine, folder, progress
        self._plans = plans_of(scenario)
        check_hiring(scenario, self._plans)
        self._world = World(scenario, self._plans, kept=TrialMarkets(self._workers) if grows else None)
        self._tables: dict[Chunk, pa.Table] = {}

    def play(self, replications: int) -> None:
        """Play what is missing until every strategy was played so many times.

        Raises:
            ScenarioError: that is no number of replications.
            ResultsError: the disk refuses.
            ExecutionError: a play failed.
        """
        first = not self._tables
        before = self._plays
        self.scenario = self.scenario.with_replications(replications)
        stored = {chunk: self._stored(chunk) for chunk in cut(self.scenario)}
        self._tables = {chunk: table for chunk, table in stored.items() if table is not None}
        missing = _in_turn([chunk for chunk, table in stored.items() if table is None], self._workers)
        if self._progress and first:
            self._progress.begin(self._plays)
        elif self._progress:
            wanted = len(self.scenario.strategies) * replications - before
            self._progress.expect(wanted, self._plays - before)
        self._play_missing(missing)

    @property
    def _plays(self) -> int:
        return sum(table.num_rows for table in self._tables.values())

    def _stored(self, chunk: Chunk) -> pa.Table | None:
        if chunk in self._tables or self._folder is None:
            return self._tables.get(chunk)
        return self._folder.stored(chunk)

    def _play_missing(self, missing: Sequence[Chunk]) -> None:
        self._world.expect(missing)
        world, engine, stop, progress = self._world, self._engine, threading.Event(), self._progress
        on_all = on_threads(lambda c: _play_chunk(world, c, engine, stop, progress), missing, self._workers, stop)
        with closing(on_all) as played:
            for chunk, table in played:
                self._tables[chunk] = table
                if self._folder:
                    self._folder.store(chunk, table)

    def rows(self) -> pa.Table:
        """Give what was played so far, by strategy and replication (rows, columns of REPLICATION_SCHEMA)."""
        return assemble(self.scenario, [table.select(REPLICATION_SCHEMA.names) for table in self._tables.values()])

    def study(self) -> Study:
        """Conclude from all that was played."""
        rows, world = assemble(self.scenario, list(self._tables.values())), self._world
        warnings = (*(world.edges.warnings if world.edges else ()), *plan_warnings(self.scenario, self._plans))
        with faults("one replication could not be played again for its log"):
            operations = operations_table(self.scenario, rows, lambda replication: _logs_of(world, replication))
        return study_of(self.scenario, self._plans, world.audience_sizes(), rows, operations, warnings)


def _checked(scenario: Scenario, engine: Engine, workers: int | None) -> tuple[Scenario, int]:
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"run plays a Scenario and was given {scenario!r}; make one with simulator.load(path).")
    if engine not in get_args(Engine):
        raise ScenarioError(f"engine: given {engine!r}; there is {' and '.join(map(repr, get_args(Engine)))}.")
    if workers is not None and workers < 1:
        raise ScenarioError(f"workers: given {workers}; at least 1 thread has to play.")
    return scenario, default_workers() if workers is None else workers


def _in_turn(chunks: Sequence[Chunk], workers: int) -> list[Chunk]:
    """Order chunks so that as many markets as workers are in use at a time: each worker builds one, few are kept."""
    return sorted(chunks, key=lambda chunk: (chunk.market // workers, chunk.block, chunk.market))


def _logs_of(world: World, replication: int) -> dict[str, list[Happening]]:
    """Play a replication of every strategy again and give the logs."""
    index = world.scenario.market_of(replication)
    market = world.built_market(index)
    return {
        strategy: log_of(world.scenario, market, world.plans[strategy, index], replication)
        for strategy in world.scenario.strategies
    }


def _play_chunk(
    world: World, chunk: Chunk, engine: Engine, stop: threading.Event, progress: Progress | None
) -> pa.Table:
    if stop.is_set():
        raise Stopped
    with faults(f"market {chunk.market} could not be built"):
        market, overlaps = world.market(chunk.market), world.overlaps(chunk.market)
    outcomes = []
    for strategy in world.scenario.strategies:
        plan = world.plans[strategy, chunk.market]
        for replication in chunk.replications:
            if stop.is_set():
                raise Stopped
            with faults(f"strategy {strategy!r}, replication {replication} in market {chunk.market} was not played"):
                outcomes.append(play(world.scenario, market, plan, replication, engine))
            if progress:
                progress.add(1)
    world.done_with(chunk.market)
    return chunk_table(outcomes, overlaps)
