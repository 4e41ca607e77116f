"""The work is cut into chunks that depend on the scenario only, and put together in index order."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from study_helpers import tiny

from simulator.campaign.ledger import Outcome
from simulator.scenario.contract import COSTS
from simulator.study.chunks import (
    CHUNK_SCHEMA,
    MEASURES,
    REPLICATION_SCHEMA,
    REPLICATIONS_PER_CHUNK,
    assemble,
    chunk_table,
    cut,
)


def outcome(strategy: str, replication: int) -> Outcome:
    """Make an outcome that can be told from all others."""
    return Outcome(
        strategy,
        replication % 2,
        replication,
        *range(10, 32),
        revenue=0.1,
        spend=2.0,
        profit=-1.9,
        roi=None if replication % 3 == 0 else -0.95,
        roi_tracked=None if replication % 3 == 0 else -0.85,
        naive_incremental_orders=None if replication % 5 == 0 else -1.25,
        roi_with_untracked=None if replication % 3 == 0 else -0.9,
        roi_without_scandals=None if replication % 3 == 0 else -0.8,
        roi_with_brand_orders=-0.75,
        roi_3_months=-0.7,
        roi_6_months=-0.6,
        roi_12_months=-0.5,
        goodwill_per_person=0.001,
        brand_orders=4,
        brand_orders_without=2.5,
        lifetime_contribution=12.5,
        later_orders_3_months=1,
        later_orders_6_months=2,
        later_orders_12_months=3,
        refund=0.5,
        costs=tuple(range(len(COSTS))),
        posts_done=3,
        posts_slipped=2,
        posts_dropped=1,
        posts_withdrawn=0,
        posts_pending=4,
        scandals=1,
        stock_outs=2,
        review_wait_hours=None if replication % 2 else 1.5,
        sold_out_hours=0.25,
        by_hour=np.full((3, 3), replication),
        by_creator=np.full((2, 7), replication),
    )


@pytest.mark.parametrize(("replications", "markets"), [(1, 1), (1, 4), (3, 4), (25, 1), (26, 1), (200, 4), (403, 4)])
def test_chunks_cover_every_replication_once_in_its_market(tmp_path: Path, replications: int, markets: int) -> None:
    """Every replication is in one chunk, and replication i in market i % markets."""
    chunks = cut(tiny(tmp_path, replications=replications, markets=markets))
    assert list(range(replications)) == sorted(i for chunk in chunks for i in chunk.replications)
    assert all(i % markets == chunk.market for chunk in chunks for i in chunk.replications)
    assert all(1 <= len(chunk.replications) <= REPLICATIONS_PER_CHUNK for chunk in chunks)
    assert len(chunks) == len({chunk.name for chunk in chunks})


def test_a_longer_run_keeps_the_chunks_that_were_full(tmp_path: Path) -> None:
    """Full chunks of a run are chunks of every longer run; a chunk that was not full begins the same."""
    short, long = (cut(tiny(tmp_path, replications=n, markets=3)) for n in (160, 400))
    by_name = {chunk.name: chunk for chunk in long}
    for chunk in short:
        longer = by_name[chunk.name].replications
        assert chunk.replications == longer[: len(chunk.replications)]
        assert len(chunk.replications) < REPLICATIONS_PER_CHUNK or chunk == by_name[chunk.name]


def test_measures_are_the_columns_of_replications_csv() -> None:
    """The columns are those that others rely on, in their order."""
    expected = "strategy,market,replication,reach,impressions,engagements,shares,clicks,orders,incremental_orders"
    expected += ",revenue,spend,profit,roi"
    assert expected.endswith(",".join(MEASURES))
    expected += ",reach_2_plus,reach_3_plus,on_target_reach,roi_tracked,naive_incremental_orders"
    expected += ",roi_with_untracked,roi_without_scandals"
    expected += ",fee,agency_commission,usage_rights,exclusivity,whitelisting,production_cost,product_sent_cost"
    expected += ",management_cost,affiliate_commission,paid_media,refund"
    expected += ",goodwill_per_person,brand_orders"
    expected += ",later_orders_3_months,later_orders_6_months,later_orders_12_months,brand_orders_without"
    expected += ",roi_with_brand_orders,roi_3_months,roi_6_months,roi_12_months,lifetime_contribution"
    expected += ",posts_done,posts_slipped,posts_dropped,posts_withdrawn,posts_pending,scandals,stock_outs"
    expected += ",friend_impressions,discovery_impressions,paid_impressions"
    expected += ",returned_orders,incremental_returns,lost_orders,repeat_orders,incremental_repeat_orders"
    expected += ",advocate_shares,likes,comments,saves,review_wait_hours,sold_out_hours"
    assert expected == ",".join(REPLICATION_SCHEMA.names)


def test_a_chunk_table_keeps_everything_of_its_outcomes() -> None:
    """An undefined ROI is null, counts stay integers, hours and creators keep their order."""
    rows = chunk_table([outcome("b", 3), outcome("a", 4)])
    assert rows.schema.equals(CHUNK_SCHEMA)
    assert ["b", "a"] == rows["strategy"].to_pylist()
    assert [None, -0.95] == rows["roi"].to_pylist()
    assert [10, 10] == rows["reach"].to_pylist()
    assert [1.0, 1.0] == rows["agency_commission"].to_pylist()
    assert [25, 25] == rows["lost_orders"].to_pylist()
    assert [None, 1.5] == rows["review_wait_hours"].to_pylist()
    assert ([2, 2], [0.25, 0.25]) == (rows["posts_slipped"].to_pylist(), rows["sold_out_hours"].to_pylist())
    assert [[3] * 3, [4] * 3] == rows["orders_by_hour"].to_pylist()
    assert [[3] * 14, [4] * 14] == rows["by_creator"].to_pylist()


def test_rows_come_by_strategy_in_scenario_order_then_replication(tmp_path: Path) -> None:
    """Whatever the order in which chunks were finished, the rows stand in one order."""
    scenario = tiny(tmp_path, replications=60, markets=2)
    tables = [
        chunk_table([outcome(strategy, i) for strategy in ("one", "free", "many") for i in chunk.replications])
        for chunk in cut(scenario)
    ]
    expected = [(strategy, i) for strategy in ("many", "one", "free") for i in range(60)]
    for _ in range(5):
        random.Random(1).shuffle(tables)
        rows = assemble(scenario, tables)
        assert expected == list(zip(rows["strategy"].to_pylist(), rows["replication"].to_pylist(), strict=True))
        assert [[i] * 3 for _, i in expected] == rows["reach_by_hour"].to_pylist()
