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
from simulator.study.chunks import Chunk, assemble, chunk_table, cut
from simulator.study.executors import Stopped, default_workers, on_threads
from simulator.study.faults import faults
from simulator.study.operations import operations_table
from simulator.study.overlap import audience_overlap
from simulator.study.results import ResultFolder, Study
from simulator.study.summary import study_of


class Progress(Protocol):
    """Who wants to know how far a run is."""

    def begin(self, kept: int) -> None:
        """Take note of how many plays an earlier run finished."""

    def add(self, plays: int) -> None:
        """Take note of plays that were finished just now; called from any thread."""


class World:
    """Plans and markets of a scenario; each market is built when it is first needed and dropped after its last use."""

    def __init__(self, scenario: Scenario, plans: Plans, missing: Iterable[Chunk]) -> None:
        """Prepare the worlds of a scenario, of which the missing chunks are still to be played."""
        self.scenario, self.plans = scenario, plans
        self.edges = edges_of(scenario)
        self._left = Counter(chunk.market for chunk in missing)
        self._markets: dict[int, Market] = {}
        self._overlaps: dict[int, dict[str, AudienceOverlap]] = {}
        self._locks = {market: threading.Lock() for market in self._left}

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
        """Build a market that is not kept."""
        plans = [self.plans[strategy, index] for strategy in self.scenario.strategies]
        profiles = {profile.name: profile for plan in plans for profile in plan.profiles}
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
    scenario, workers = _checked(scenario, replications, engine, workers)
    plans = plans_of(scenario)
    check_hiring(scenario, plans)
    tables = {chunk: folder.stored(chunk) if folder else None for chunk in cut(scenario)}
    missing = _in_turn([chunk for chunk, table in tables.items() if table is None], workers)
    world = World(scenario, plans, missing)
    stop = threading.Event()
    if progress:
        progress.begin(sum(table.num_rows for table in tables.values() if table is not None))
    with closing(on_threads(lambda c: _play_chunk(world, c, engine, stop, progress), missing, workers, stop)) as played:
        for chunk, table in played:
            tables[chunk] = table
            if folder:
                folder.store(chunk, table)
    rows = assemble(scenario, [table for table in tables.values() if table is not None])
    warnings = (*(world.edges.warnings if world.edges else ()), *plan_warnings(scenario, plans))
    with faults("one replication could not be played again for its log"):
        operations = operations_table(scenario, rows, lambda replication: _logs_of(world, replication))
    return study_of(scenario, plans, world.audience_sizes(), rows, operations, warnings)


def _checked(scenario: Scenario, replications: int | None, engine: Engine, workers: int | None) -> tuple[Scenario, int]:
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"run plays a Scenario and was given {scenario!r}; make one with simulator.load(path).")
    if engine not in get_args(Engine):
        raise ScenarioError(f"engine: given {engine!r}; there is {' and '.join(map(repr, get_args(Engine)))}.")
    if workers is not None and workers < 1:
        raise ScenarioError(f"workers: given {workers}; at least 1 thread has to play.")
    if replications is not None:
        scenario = scenario.with_replications(replications)
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
