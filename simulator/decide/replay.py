"""One play of a run, played again: alone, to the bit, and event by event where that is asked for.

In: a result folder, a strategy and the number of a replication. Out: a `Replay`. Invariants: only the market of that
replication is built, with the audiences of that strategy's creators; what comes out equals the stored row in every
column, or nothing comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.campaign.hiring import hire
from simulator.campaign.ledger import Outcome
from simulator.campaign.play import Played, watch
from simulator.decide.cascades import Cascades
from simulator.decide.trace import (
    CREATOR_WAY,
    cascades_in,
    cascades_table,
    events_table,
    posts_table,
)
from simulator.errors import ExecutionError, ScenarioError
from simulator.market.build import build_market
from simulator.market.graph_file import edges_of
from simulator.scenario.checks.memory import machine_bytes
from simulator.scenario.model import Scenario
from simulator.scenario.parts import check_known
from simulator.study.chunks import MEASURES, REACH_MEASURES, REPLICATION_SCHEMA, chunk_table, rows_of, values_of
from simulator.study.faults import faults
from simulator.study.finished import Finished, other_versions, read_finished, scenario_of
from simulator.study.operations import log_table
from simulator.study.results import FORMAT, csv_bytes, json_bytes, parquet_bytes

_MOST_NAMED = 3
_BYTES_PER_EVENT = 160  # at most at a time, of log, tables and Parquet: 125 were measured with 5.9 million


@dataclass(frozen=True)
class Replay:
    """One play of a run, played again.

    Attributes:
        scenario: What was run.
        outcome: What the play came to; its columns in `replications.csv` are the same.
        operations: What its campaign did, see `operations.OPERATIONS_SCHEMA`.
        summary: The play's numbers beside those of all plays, as in `replay.json`.
        events: Every event of the crowd, see `trace.events_table`; None where the play was not traced, as below.
        cascades: Who shared what because of whom, see `trace.cascades_table`.
        posts: What each post came to, see `trace.posts_table`.
    """

    scenario: Scenario
    outcome: Outcome
    operations: pa.Table
    summary: dict[str, Any]
    events: pa.Table | None = None
    cascades: pa.Table | None = None
    posts: pa.Table | None = None

    def files(self) -> dict[str, bytes]:
        """Give what is kept of it in the folder for decisions, by path there."""
        folder = f"replay/{_folder_name(self.scenario.strategies, self.outcome.strategy)}"
        tables = {"events": self.events, "cascades": self.cascades}
        files = {f"{its}.parquet": parquet_bytes(table) for its, table in tables.items() if table is not None}
        files |= {"posts.csv": csv_bytes(self.posts)} if self.posts is not None else {}
        files |= {"replay.json": json_bytes(self.summary)}
        return {f"{folder}-{self.outcome.replication}/{file}": data for file, data in files.items()}


def _folder_name(strategies: Iterable[str], strategy: str) -> str:
    """Give a strategy a name that a folder can have, and no other strategy has."""
    names = {its: re.sub(r"[^\w-]+", "-", its).strip("-") for its in strategies}
    own, place = names[strategy], list(names).index(strategy) + 1
    alike = [name for name in names.values() if name.casefold() == own.casefold()]
    return own if own and len(alike) == 1 else f"{own or 'strategy'}-{place}"


def replay(results: str | Path, strategy: str, replication: int, *, trace: bool = False) -> Replay:
    """Play one replication of a strategy again.

    Args:
        results: The result folder of a run that is finished.
        strategy: Name of the strategy.
        replication: Which of its plays, from 0.
        trace: Whether to log every event of the crowd.

    Raises:
        ResultsError: the folder holds no finished run, or no longer the scenario that was run.
        ScenarioError: the run has no such strategy or replication.
        ExecutionError: the play could not be played, its log has no room in memory, or it comes to something else than
            the stored row.
    """
    finished = read_finished(Path(results))
    rows = _rows_of_strategy(finished, strategy)
    stored = _stored(rows, strategy, replication)
    scenario = scenario_of(finished)
    if trace:
        _check_memory(stored)
    with faults(f"strategy {strategy!r}, replication {replication} could not be played again"):
        played, ids = _play(scenario, strategy, replication, trace=trace)
        log = log_table(scenario, replication, lambda _: {strategy: played.log})
        _check(finished, stored, played.outcome)
        summary = {**_summary(finished, scenario, rows, stored), "happenings": _happenings(log), "trace": None}
        found = Replay(scenario, played.outcome, log, summary)
        return _with_trace(found, played, ids) if trace else found


def _with_trace(found: Replay, played: Played, ids: list[str] | None) -> Replay:
    cascades, events = cascades_in(played), events_table(played, ids)
    posts, shared = posts_table(played, cascades), cascades_table(played, cascades, ids)
    summary = {**found.summary, "trace": _trace_summary(events, posts, cascades, shared)}
    return replace(found, summary=summary, events=events, cascades=shared, posts=posts)


def _rows_of_strategy(finished: Finished, strategy: str) -> pa.Table:
    check_known("strategy", strategy, finished.summary["strategies"])
    return rows_of(finished.tables["replications"], strategy)


def _stored(rows: pa.Table, strategy: str, replication: int) -> dict[str, Any]:
    """Give the row of a replication."""
    numbers = rows["replication"]
    # True is no number here, and 17.0 none either
    places = [place for place, number in enumerate(numbers.to_pylist()) if repr(number) == repr(replication)]
    if not places:
        raise ScenarioError(
            f"replication: given {replication!r}; {strategy!r} was played {rows.num_rows:,} times, from replication "
            f"{pc.min(numbers).as_py()} to {pc.max(numbers).as_py()}."
        )
    row: dict[str, Any] = rows.slice(places[0], 1).to_pylist()[0]
    return row


def _check_memory(stored: dict[str, Any]) -> None:
    """Make sure that this machine can hold the log of a play."""
    needed = stored["impressions"] * _BYTES_PER_EVENT
    if needed > machine_bytes():
        raise ExecutionError(
            f"strategy {stored['strategy']!r}, replication {stored['replication']}: the log of its "
            f"{stored['impressions']:,} impressions needs about {needed / 2**30:,.1f} GiB of memory and this machine "
            f"has {machine_bytes() / 2**30:,.1f}. Replay it without a trace, or choose a play with fewer impressions."
        )


def _play(scenario: Scenario, strategy: str, replication: int, *, trace: bool) -> tuple[Played, list[str] | None]:
    """Play, and give the ids of people, where a graph file gives them."""
    index, edges = scenario.market_of(replication), edges_of(scenario)
    plan = hire(scenario, index, strategy)
    market = build_market(scenario, index, plan.profiles, edges)
    return watch(scenario, market, plan, replication, trace=trace), edges.ids if edges else None


def _check(finished: Finished, stored: dict[str, Any], outcome: Outcome) -> None:
    """Make sure that a play came to what is stored, to the bit."""
    found = chunk_table([outcome]).select(REPLICATION_SCHEMA.names).to_pylist()[0]
    # repr tells 0.0 from -0.0, too, and is what the file holds
    wrong = [name for name in found if repr(found[name]) != repr(stored[name])]
    if not wrong:
        return
    shown = ", ".join(f"{name} was {stored[name]!r} and is {found[name]!r}" for name in wrong[:_MOST_NAMED])
    more = f" and {len(wrong) - _MOST_NAMED} more columns differ" if len(wrong) > _MOST_NAMED else ""
    others = other_versions(finished)
    why = (
        f"The run was made with other versions ({others}), which may play otherwise. Run the scenario again with these."
        if others
        else "If nobody changed replications.csv, this is a fault of the program; please report it with the scenario."
    )
    raise ExecutionError(
        f"{finished.path}: strategy {outcome.strategy!r}, replication {outcome.replication} does not come out as it "
        f"did: {shown}{more}. {why}"
    )


def _summary(finished: Finished, scenario: Scenario, rows: pa.Table, stored: dict[str, Any]) -> dict[str, Any]:
    """Put the numbers of a play beside those of all plays of its strategy."""
    estimates = finished.summary["strategies"][stored["strategy"]]
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "hash": finished.manifest["hash"],
        "seed": scenario.seed,
        "currency": scenario.currency,
        "horizon_days": scenario.horizon_days,
        "strategy": stored["strategy"],
        "replication": stored["replication"],
        "market": stored["market"],
        "outcome": stored,
        "measures": {
            name: {"value": stored[name], "mean": estimates[name]["mean"], "plays": _standing(rows, name, stored[name])}
            for name in (*MEASURES, *REACH_MEASURES)
        },
    }


def _standing(rows: pa.Table, measure: str, value: float | None) -> dict[str, int] | None:
    """Count the plays with less, as much (this one included) and more; None where it is undefined in this one."""
    if value is None:
        return None
    values = values_of(rows, measure)
    return {
        "lower": int(np.count_nonzero(values < value)),
        "equal": int(np.count_nonzero(values == value)),
        "higher": int(np.count_nonzero(values > value)),
    }


def _happenings(log: pa.Table) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = log.select(["day", "what", "who", "post", "value"]).to_pylist()
    return lines


def _trace_summary(events: pa.Table, posts: pa.Table, cascades: Cascades, shared: pa.Table) -> dict[str, Any]:
    """Say what the log holds, and how the cascades look; the largest is the first of the largest."""
    shares = shared.num_rows
    sizes = posts["nodes"].to_numpy()
    largest = posts.slice(int(np.argmax(sizes)), 1).to_pylist()[0] if shares else None
    return {
        "events": events.num_rows,
        "impressions": int(pc.sum(events["impressions"]).as_py() or 0),
        "posts": posts.num_rows,
        "shares": shares,
        "posts_shared": int(np.count_nonzero(sizes > 1)),
        "shares_not_by_friends": int(np.count_nonzero(cascades.depth == 1)),
        "shares_by_creators": int(pc.sum(pc.equal(shared["shown_by"], CREATOR_WAY)).as_py() or 0),
        "depth": int(cascades.depth.max(initial=0)),
        "largest": largest,
    }
