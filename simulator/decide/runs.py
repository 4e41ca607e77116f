"""Runs to be compared, whichever way they are given, and what world each was played in.

In: result folders, or studies that are still in memory. Out: `Run`s with names of their own. Two runs share a world
where replication i of the one meets the same people, the same luck and the same unknowns as replication i of the
other. That is so where these are the same:

- the seed, in the name of every chance decision;
- the market of each replication, so the number of markets (for the replications that both have);
- the people and who follows whom: all keys of `[people]` but `activity_spread` and `niche_affinity`, which say what
  people do and whom they follow among creators; names of niches do not matter, only their sizes, in their order;
- with people from a graph file, its bytes and the handles of all creators, because any other id is a person;
- the program and the numpy that played them, because another version may name decisions otherwise.

Everything else may differ and is what is being asked: budgets, fees, rates, products, plans, the horizon. Chance
decisions about a creator are named by its handle, or its pool and its place in it, so a creator of the same name has
the same luck in both, whatever its rates. Which unknowns go together (`correlate`) changes what is made of the
numbers, not their names.

Where worlds differ but seeds do not, the unknowns of replication i are still drawn by the same numbers: the two runs
are not independent, and pairs of replications are still the right ones to take differences of. Only runs with
different seeds are independent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.decide.looked_at import looks_at
from simulator.errors import ScenarioError
from simulator.scenario.toml_file import toml_values
from simulator.study.chunks import rows_of
from simulator.study.estimates import Markets
from simulator.study.finished import Finished, read_finished
from simulator.study.results import Study, resolved_toml, versions

# What people do, and whom they follow among creators: no part of who they are and whom they follow.
_NOT_WHO = ("activity_spread", "niche_affinity")
_PROGRAM = ("sources", "numpy")


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        name: What it is called beside the others: its folder, or its scenario.
        path: Its folder, None where it is in memory.
        rows: A row per strategy and replication, see `chunks.REPLICATION_SCHEMA`.
        summary: Every estimate and comparison.
        values: The resolved scenario, as nested TOML values.
        graph: A digest of the graph file, None where it has none or does not tell.
        program: What decides how chance decisions are named, by library.
        looked_at: At how many replications somebody looked whether they are enough, see `looked_at.py`.
    """

    name: str
    path: Path | None
    rows: pa.Table
    summary: Mapping[str, Any]
    values: Mapping[str, Any]
    graph: str | None
    program: Mapping[str, str | None]
    looked_at: tuple[int, ...] = ()

    @property
    def plans(self) -> list[str]:
        """Give the plans in scenario order."""
        return list(self.summary["strategies"])

    @property
    def replications(self) -> int:
        """Give how many times each plan was played."""
        return int(self.summary["replications"])

    @property
    def seed(self) -> int:
        """Give the number that made the randomness."""
        return int(self.summary["seed"])

    @property
    def market(self) -> Markets:
        """Give the market of each replication (R,)."""
        market: Markets = rows_of(self.rows, self.plans[0])["market"].to_numpy()
        return market


def runs_of(given: Sequence[Study | Finished | str | Path]) -> list[Run]:
    """Open runs, and call each by a name of its own.

    Raises:
        ScenarioError: none is given, one is given twice, or something else than a run.
        ResultsError: a folder is no result folder of a finished run.
    """
    if not given:
        raise ScenarioError("nothing to compare. Name a result folder, such as results/micro-vs-celebrity, or several.")
    runs = [_run(one) for one in given]
    paths = Counter(run.path.resolve() for run in runs if run.path)
    if twice := [str(path) for path, times in paths.items() if times > 1]:
        raise ScenarioError(f"{twice[0]}: is given twice. Name each result folder once.")
    return _named(runs)


def _run(given: Study | Finished | str | Path) -> Run:
    if isinstance(given, Study):
        text, graph = resolved_toml(given.scenario), given.scenario.graph_digest
        return _of(str(given.summary["scenario"]), None, given.replications, given.summary, text, graph, versions())
    if not isinstance(given, Finished | str | Path):
        raise ScenarioError(f"given {given!r}; must be a result folder, or a study as simulator.run gives it.")
    its = given if isinstance(given, Finished) else read_finished(Path(given))
    name, told = its.path.resolve().name, its.manifest
    run = _of(
        name,
        its.path,
        its.tables["replications"],
        its.summary,
        its.scenario_toml,
        told.get("graph"),
        told.get("versions") or {},
    )
    return replace(run, looked_at=looks_at(its.summary, told))


def _of(
    name: str,
    path: Path | None,
    rows: pa.Table,
    summary: Mapping[str, Any],
    text: str,
    graph: str | None,
    program: Mapping[str, str],
) -> Run:
    decides = {library: program.get(library) for library in _PROGRAM}
    return Run(name, path, rows, summary, toml_values(text), graph or None, decides, looks_at(summary))


def _named(runs: list[Run]) -> list[Run]:
    """Tell runs of the same name apart: by their whole paths, else by number."""
    for number in (False, True):
        alike = {name for name, times in Counter(run.name for run in runs).items() if times > 1}
        runs = [
            replace(run, name=f"{run.name} #{place}" if number else str(run.path or run.name))
            if run.name in alike
            else run
            for place, run in enumerate(runs, start=1)
        ]
    return runs


def world_differences(a: Run, b: Run) -> list[str]:
    """Say in which parts the worlds of two runs differ; nothing where they share one."""
    return [
        *_differ("the seed", a.seed, b.seed),
        *_market_differences(a, b),
        *_people_differences(a, b),
        *_differ("the version of the program", a.program.get("sources"), b.program.get("sources"), told=False),
        *_differ("the version of numpy", a.program.get("numpy"), b.program.get("numpy")),
    ]


def _differ(what: str, a: object, b: object, *, told: bool = True) -> list[str]:
    if a == b:
        return []
    return [f"{what} ({_text(a)} and {_text(b)})" if told else what]


def _text(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:,}" if abs(value) >= 10_000 and isinstance(value, int) else str(value)
    return "not told" if value is None else str(value)


def _market_differences(a: Run, b: Run) -> list[str]:
    common = min(a.replications, b.replications)
    if np.array_equal(a.market[:common], b.market[:common]):
        return []
    return _differ("the number of markets", a.summary["markets"], b.summary["markets"])


def _people_differences(a: Run, b: Run) -> list[str]:
    people = [run.values["people"] for run in (a, b)]
    from_file = ["graph_file" in its for its in people]
    if all(from_file):
        return _graph_differences(a, b)
    if any(from_file):
        return ["the people (from a graph file and drawn)"]
    keys = [key for key in {**people[0], **people[1]} if key not in _NOT_WHO]
    return [line for key in keys for line in _one_key(key, *(its.get(key) for its in people))]


def _one_key(key: str, a: Any, b: Any) -> list[str]:
    if key == "niches":
        return _differ("people.niches", list((a or {}).values()), list((b or {}).values()), told=False)
    return _differ(f"people.{key}", a, b)


def _graph_differences(a: Run, b: Run) -> list[str]:
    handles = [{str(row.get("handle")) for row in run.values.get("creators", ())} for run in (a, b)]
    only = sorted(handles[0] ^ handles[1])
    listed = f"the creators by name, of whom the graph file knows who they are ({', '.join(only)} in one only)"
    if a.graph is None or b.graph is None:
        return ["the graph file (a folder of an older version does not tell which it was)"]
    return [*_differ("the graph file", a.graph, b.graph, told=False), *([listed] if only else [])]
