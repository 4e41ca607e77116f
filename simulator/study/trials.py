"""Trials: alternatives played in the same worlds, as many times as a question asks for.

In: pairs of an `Alternative` (a way to play) and `Draw`s (which chance it meets). Out: a table of plays for each.
Invariants: a play depends on its alternative and its draw only, so alternatives given the same draws are paired, and a
draw of `draws_of` gives what `run` gives for that replication, to the bit; what was played once is not played again.

`run` plays all strategies of a scenario equally often. Here each question asks for what it needs: a contest between
splits plays those that are still in it, a study of unknowns recombines them with other luck and other markets.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Protocol

import pyarrow as pa

from simulator.campaign.hiring import Plan, hire
from simulator.campaign.play import Engine, play
from simulator.campaign.unknowns import Inputs
from simulator.market.build import Market
from simulator.scenario.contract import COSTS
from simulator.scenario.model import Scenario
from simulator.study.chunks import REPLICATION_SCHEMA
from simulator.study.executors import Stopped, default_workers, on_threads
from simulator.study.faults import faults
from simulator.study.trial_markets import TrialMarkets
from simulator.study.trial_store import TRIAL_SCHEMA, TrialStore

# What an interrupted question loses at most, per worker; small enough to share work evenly.
_DRAWS_PER_TASK = 10


class Expectant(Protocol):
    """Who wants to know how far a question is; see `montecarlo.Progress`."""

    def expect(self, plays: int) -> None:
        """Take note that so many more plays are wanted."""

    def add(self, plays: int) -> None:
        """Take note of plays that were finished just now; called from any thread."""


@dataclass(frozen=True)
class Draw:
    """Which chance a play meets.

    Attributes:
        replication: Names the decisions of chance.
        market: Index of the market, which need not be one that the scenario plays.
        inputs: The replication whose unknowns these are.
        swapped: Paths of unknowns, each with the other replication whose number it takes instead.
    """

    replication: int
    market: int
    inputs: int
    swapped: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """Give the draw as a text."""
        return json.dumps([self.replication, self.market, self.inputs, *self.swapped], ensure_ascii=False)


@dataclass(frozen=True)
class Alternative:
    """A way to play: one strategy of a scenario, which may be a changed one.

    Attributes:
        name: As shown, and as the strategy of its rows.
        scenario: The scenario.
        strategy: Name of the strategy in it.
        without: Names of creators that the strategy hires and that are left out; nobody takes their place.
    """

    name: str
    scenario: Scenario
    strategy: str
    without: frozenset[str] = frozenset()

    def plan(self, market: int) -> Plan:
        """Give what it buys in a market."""
        plan = hire(self.scenario, market, self.strategy)
        return plan.without(self.without) if self.without else plan

    @cached_property
    def key(self) -> str:
        """Give a digest of all that decides its plays; names of strategies and how often they are played do not."""
        its = self.scenario
        plain = {key: value for key, value in its.plain().items() if key not in _DECIDES_NO_PLAY}
        plain["strategies"] = [its.strategies[self.strategy].model_dump(mode="python", exclude_none=True)]
        text = json.dumps([plain, its.graph_digest, sorted(self.without)], ensure_ascii=False)
        return blake2b(text.encode(), digest_size=12).hexdigest()


_DECIDES_NO_PLAY = ("name", "title", "currency", "replications", "markets", "decision", "strategies")


def _parts(draws: tuple[Draw, ...]) -> Iterator[tuple[Draw, ...]]:
    return (draws[start : start + _DRAWS_PER_TASK] for start in range(0, len(draws), _DRAWS_PER_TASK))


class _Plays:
    """The plays of one alternative, found by the name of their draw."""

    def __init__(self) -> None:
        self._table = TRIAL_SCHEMA.empty_table()
        self._row: dict[str, int] = {}

    def __contains__(self, draw: Draw) -> bool:
        return draw.name in self._row

    def add(self, table: pa.Table) -> None:
        for row, name in enumerate(table["draw"].to_pylist(), start=self._table.num_rows):
            self._row[name] = row
        self._table = pa.concat_tables([self._table, table])

    def rows(self, draws: Sequence[Draw]) -> pa.Table:
        """Give plays in the order of their draws (n, columns of REPLICATION_SCHEMA)."""
        self._table = self._table.combine_chunks()
        found = self._table.take(pa.array([self._row[draw.name] for draw in draws], pa.int64()))
        return found.select(REPLICATION_SCHEMA.names)


@dataclass(frozen=True)
class _Task:
    """Some plays of one alternative in one market."""

    alternative: Alternative
    market: int
    draws: tuple[Draw, ...]


def draws_of(scenario: Scenario, replications: Iterable[int]) -> list[Draw]:
    """Give the draws with which `run` plays replications."""
    return [Draw(replication, scenario.market_of(replication), replication) for replication in replications]


class Trials:
    """Plays alternatives, and remembers what it has played."""

    def __init__(
        self,
        *,
        store: TrialStore | None = None,
        workers: int | None = None,
        engine: Engine = "compiled",
        progress: Expectant | None = None,
    ) -> None:
        """Prepare to play.

        Args:
            store: Where plays are kept, and taken from when they are there already; by default nowhere.
            workers: How many threads; by default as many as this process has processors.
            engine: The clock; the plays do not depend on it.
            progress: Told how many plays are wanted and finished.
        """
        self._store, self._engine, self._progress = store, engine, progress
        self._workers = default_workers() if workers is None else workers
        self._markets = TrialMarkets(self._workers)
        self._played: dict[str, _Plays] = {}

    def play(self, wanted: Sequence[tuple[Alternative, Sequence[Draw]]]) -> list[pa.Table]:
        """Play alternatives, each with draws of its own.

        Returns:
            A table for each pair: a row per draw, in the order of the draws (n, columns of REPLICATION_SCHEMA), with
            the alternative's name as strategy.

        Raises:
            ScenarioError: a market cannot be built for an alternative.
            ResultsError: the disk refuses.
            ExecutionError: a play failed.
        """
        self._play_missing(self._missing(wanted))
        return [self._table(alternative, draws) for alternative, draws in wanted]

    def market(self, alternative: Alternative, index: int) -> Market:
        """Give a market with the audiences of whom an alternative hires, as its plays meet it.

        Raises:
            ScenarioError: it cannot be built.
        """
        with faults(f"market {index} could not be built"):
            return self._markets.market(alternative.scenario, index, alternative.plan(index).profiles)

    def _missing(self, wanted: Sequence[tuple[Alternative, Sequence[Draw]]]) -> list[_Task]:
        """Cut what has not been played yet into tasks, market by market, so that few markets are in use at a time."""
        missing: dict[tuple[int, str], tuple[Alternative, dict[Draw, None]]] = {}
        for alternative, draws in wanted:
            known = self._known(alternative)
            for draw in draws:
                if draw not in known:
                    _, its = missing.setdefault((draw.market, alternative.key), (alternative, {}))
                    its[draw] = None
        tasks = [
            _Task(alternative, market, part)
            for (market, _), (alternative, its) in missing.items()
            for part in _parts(tuple(its))
        ]
        # as many markets as workers at a time: each worker builds one
        return sorted(tasks, key=lambda task: (task.market // self._workers, task.alternative.key, task.market))

    def _known(self, alternative: Alternative) -> _Plays:
        if alternative.key not in self._played:
            self._played[alternative.key] = plays = _Plays()
            for table in self._store.read(alternative.key) if self._store else []:
                plays.add(table)
        return self._played[alternative.key]

    def _play_missing(self, tasks: list[_Task]) -> None:
        if not tasks:
            return
        if self._progress:
            self._progress.expect(sum(len(task.draws) for task in tasks))
        stop = threading.Event()
        with closing(on_threads(lambda task: self._played_task(task, stop), tasks, self._workers, stop)) as played:
            for task, rows in played:
                if self._store:
                    self._store.write(task.alternative.key, rows)
                self._known(task.alternative).add(rows)

    def _played_task(self, task: _Task, stop: threading.Event) -> pa.Table:
        if stop.is_set():
            raise Stopped
        its, rows = task.alternative, []
        with faults(f"market {task.market} could not be built"):
            plan = its.plan(task.market)
            market = self._markets.market(its.scenario, task.market, plan.profiles)
        for draw in task.draws:
            if stop.is_set():
                raise Stopped
            with faults(f"{its.name!r}, replication {draw.replication} in market {task.market} was not played"):
                inputs = Inputs(draw.inputs, draw.swapped)
                outcome = play(its.scenario, market, plan, draw.replication, self._engine, inputs)
            row = {name: getattr(outcome, name) for name in REPLICATION_SCHEMA.names if name not in COSTS}
            rows.append({"draw": draw.name, **row, **dict(zip(COSTS, outcome.costs, strict=True)), "strategy": ""})
            if self._progress:
                self._progress.add(1)
        return pa.Table.from_pylist(rows, schema=TRIAL_SCHEMA)

    def _table(self, alternative: Alternative, draws: Sequence[Draw]) -> pa.Table:
        rows = self._known(alternative).rows(draws)
        name = pa.array([alternative.name] * len(draws), pa.string())
        return rows.set_column(rows.schema.get_field_index("strategy"), "strategy", name)
