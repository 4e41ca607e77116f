"""How the replications are cut into chunks, and what one chunk comes to as a table.

In: a scenario and how many replications. Out: `Chunk`s, and for each a table with a row per strategy and
replication. Invariant: a chunk's boundaries and rows depend on the scenario only, not on workers, executors or on
how many replications follow; all replications of a chunk share one market.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulator.campaign.hiring import Plan, Plans
from simulator.campaign.ledger import BOOKED_BY_CREATOR, Outcome
from simulator.campaign.long_run import LATER_ORDERS, ROI_LATER, WITH_BRAND
from simulator.campaign.record import POSTS
from simulator.market.overlap import AudienceOverlap
from simulator.scenario.contract import COSTS
from simulator.scenario.model import Scenario
from simulator.spread.tally import COUNTS, HOURLY

# What every strategy is judged by; the other counts say how it came about.
COUNTED = ("reach", *COUNTS[: COUNTS.index("incremental_orders") + 1])
MEASURES = (*COUNTED, "revenue", "spend", "profit", "roi")
# Who is reached often enough, and who of those that the product is for.
REACH_MEASURES = ("reach_2_plus", "reach_3_plus", "on_target_reach")
# What an interrupted run loses at most, per worker; small enough to share work evenly.
REPLICATIONS_PER_CHUNK = 25

_NAMES = [("strategy", pa.string()), ("market", pa.int64()), ("replication", pa.int64())]
_MEASURES = [(name, pa.int64() if name in COUNTED else pa.float64()) for name in MEASURES]
_REACH = [(name, pa.int64()) for name in REACH_MEASURES]
_LONG_RUN = [
    ("goodwill_per_person", pa.float64()),
    *((name, pa.int64()) for name in ("brand_orders", *LATER_ORDERS)),
    ("brand_orders_without", pa.float64()),
    *((name, pa.float64()) for name in (WITH_BRAND, *ROI_LATER, "lifetime_contribution")),
]
# What attribution that knows no better would say.
_ATTRIBUTION = [(name, pa.float64()) for name in ("roi_tracked", "naive_incremental_orders")]
_MONEY = [(name, pa.float64()) for name in ("roi_with_untracked", "roi_without_scandals", *COSTS, "refund")]
_OPERATIONS = [
    (name, pa.int64()) for name in (*POSTS, "scandals", "stock_outs", *(name for name in COUNTS if name not in COUNTED))
]
_HOURS = [(name, pa.float64()) for name in ("review_wait_hours", "sold_out_hours")]
REPLICATION_SCHEMA = pa.schema(_NAMES + _MEASURES + _REACH + _ATTRIBUTION + _MONEY + _LONG_RUN + _OPERATIONS + _HOURS)
# The overlap of audiences is the same for all plays of a strategy in a market; its numbers as in `_overlap_numbers`.
_DETAILS = [
    *((f"{name}_by_hour", pa.list_(pa.int64())) for name in HOURLY),
    ("by_creator", pa.list_(pa.int64())),
    ("audience_overlap", pa.list_(pa.float64())),
]
CHUNK_SCHEMA = pa.schema([*REPLICATION_SCHEMA, *_DETAILS])


@dataclass(frozen=True)
class Chunk:
    """Some replications of one market.

    Attributes:
        market: Index of the market.
        block: Place of the chunk among those of its market.
        replications: The numbers of its replications.
    """

    market: int
    block: int
    replications: tuple[int, ...]

    @property
    def name(self) -> str:
        """Give the chunk's name, also that of its file."""
        return f"market-{self.market:04d}-block-{self.block:05d}"


def cut(scenario: Scenario) -> list[Chunk]:
    """Cut all replications of a scenario into chunks; replication i plays in market i % markets."""
    chunks = []
    for market in scenario.markets_played:
        mine = range(market, scenario.replications, scenario.markets)
        for block, start in enumerate(range(0, len(mine), REPLICATIONS_PER_CHUNK)):
            chunks.append(Chunk(market, block, tuple(mine[start : start + REPLICATIONS_PER_CHUNK])))
    return chunks


def chunk_table(outcomes: Sequence[Outcome], overlaps: Mapping[str, AudienceOverlap] | None = None) -> pa.Table:
    """Put outcomes into a table, in the order given (rows, columns of CHUNK_SCHEMA).

    Args:
        outcomes: What came of the plays of one chunk.
        overlaps: How much the audiences of each strategy overlap in its market; empty lists where it is not given.
    """
    columns: dict[str, list[object]] = {
        field.name: [getattr(outcome, field.name) for outcome in outcomes]
        for field in REPLICATION_SCHEMA
        if field.name not in COSTS
    }
    for i, name in enumerate(COSTS):
        columns[name] = [outcome.costs[i] for outcome in outcomes]
    for i, name in enumerate(HOURLY):
        columns[f"{name}_by_hour"] = [outcome.by_hour[:, i] for outcome in outcomes]
    columns["by_creator"] = [outcome.by_creator.reshape(-1) for outcome in outcomes]
    numbers = {strategy: _overlap_numbers(overlap) for strategy, overlap in (overlaps or {}).items()}
    columns["audience_overlap"] = [numbers.get(outcome.strategy, []) for outcome in outcomes]
    return pa.table(columns, schema=CHUNK_SCHEMA)


def _overlap_numbers(its: AudienceOverlap) -> list[float | None]:
    return [its.mean, its.lowest, its.highest, its.unduplicated, *its.groups, *its.creators]


def overlap_in(rows: pa.Table, plan: Plan) -> AudienceOverlap | None:
    """Give how much the audiences of a plan overlap; None where its rows do not say.

    Args:
        rows: Rows of its strategy, some of its market among them.
        plan: Whom the strategy hires in the market.
    """
    numbers = rows["audience_overlap"][pc.index(rows["market"], plan.market).as_py()].as_py()
    if not numbers:
        return None
    (mean, lowest, highest, unduplicated), first = numbers[:4], len(numbers) - len(plan.profiles)
    return AudienceOverlap(mean, lowest, highest, unduplicated, tuple(numbers[4:first]), tuple(numbers[first:]))


def assemble(scenario: Scenario, tables: Sequence[pa.Table]) -> pa.Table:
    """Put chunks together: by strategy in scenario order, then by replication."""
    table = pa.concat_tables(tables)
    order = {name: place for place, name in enumerate(scenario.strategies)}
    strategy = np.array([order[name] for name in table["strategy"].to_pylist()], np.int64)
    rows = np.lexsort((table["replication"].to_numpy(), strategy))
    return table.take(pa.array(rows)).combine_chunks()


def books_of(rows: pa.Table, plan: Plan) -> npt.NDArray[np.int64]:
    """Give what a plan's plays booked of each of its rows (plays, rows, BOOKED_BY_CREATOR)."""
    flat = rows["by_creator"].combine_chunks().flatten().to_numpy()
    books: npt.NDArray[np.int64] = flat.reshape(rows.num_rows, len(plan.rows), len(BOOKED_BY_CREATOR))
    return books


def rows_of(rows: pa.Table, strategy: str) -> pa.Table:
    """Give the rows of one strategy."""
    return rows.filter(pc.equal(rows["strategy"], strategy))


def values_of(rows: pa.Table, measure: str) -> npt.NDArray[np.float64]:
    """Give a column as floats (rows,); what is undefined is NaN."""
    return np.array(rows[measure].to_numpy(), np.float64)


def plans_by_market(plans: Plans, strategy: str) -> list[Plan]:
    """Give a strategy's plan in each market."""
    return [plan for (name, _), plan in plans.items() if name == strategy]
