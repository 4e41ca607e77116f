"""What happened in the campaigns of one replication, line by line.

In: a scenario, all its replications, and how to play one with a log. Out: a table with the log of every strategy in
the same replication; empty where the scenario has no operations beside posting. Invariant: the replication is chosen
from all rows by a rule, so the table does not depend on how the work was shared.

The replication is one in which much happens: of the kinds of happenings in `_TELLING` as many as in any, the first
such. It shows how a campaign may go, not how it goes on average.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulator.campaign.operations import Happening
from simulator.scenario.contract import may_have_scandal
from simulator.scenario.model import Scenario
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import ADS

# One row for each `Happening`, which says what there is and what its value means.
OPERATIONS_SCHEMA = pa.schema(
    [
        ("strategy", pa.string()),
        ("market", pa.int64()),
        ("replication", pa.int64()),
        ("day", pa.float64()),  # 0 is the start; content is submitted before it
        ("what", pa.string()),
        ("who", pa.string()),  # a creator, "ads", or nobody
        ("post", pa.int64()),  # number of the creator's post, from 1
        ("value", pa.float64()),
    ]
)
_TELLING = ("scandals", "posts_slipped", "posts_dropped", "sold_out_hours", "discovery_impressions", "paid_impressions")
# Plays a replication of every strategy again and gives what happened, by strategy.
LogsOf = Callable[[int], Mapping[str, Sequence[Happening]]]


def has_operations(scenario: Scenario) -> bool:
    """Say whether anything but posting can happen in a scenario's campaigns."""
    accounts = [account for strategy in scenario.strategies for account in scenario.accounts_of(strategy)]
    return bool(
        scenario.approval
        or scenario.stock
        or any(its.boost or ADS in its.split for its in scenario.strategies.values())
        or any(may_have_scandal(its) or its.completion_probability.bounds[0] < 1 for its in accounts)
        or any(its.can_be_discovered for its in accounts)
    )


def telling_replication(rows: pa.Table) -> int:
    """Give the first replication in which as many kinds of things happen as in any, over all strategies."""
    replication = rows["replication"].to_numpy()
    happened: npt.NDArray[np.int64] = sum(
        (np.nan_to_num(rows[name].to_numpy()) > 0).astype(np.int64) for name in _TELLING
    )
    score = np.bincount(replication, happened)
    return int(np.argmax(score))


def operations_table(scenario: Scenario, rows: pa.Table, logs_of: LogsOf) -> pa.Table:
    """Give the log of one replication of every strategy.

    Args:
        scenario: What was run.
        rows: All replications.
        logs_of: Plays a replication again.
    """
    if not has_operations(scenario):
        return OPERATIONS_SCHEMA.empty_table()
    return log_table(scenario, telling_replication(rows), logs_of)


def log_table(scenario: Scenario, replication: int, logs_of: LogsOf) -> pa.Table:
    """Give the logs of one replication as a table."""
    records = [
        {
            "strategy": strategy,
            "market": scenario.market_of(replication),
            "replication": replication,
            "day": line.second / SECONDS_PER_DAY,
            "what": line.what,
            "who": line.who,
            "post": line.number,
            "value": line.value,
        }
        for strategy, log in logs_of(replication).items()
        for line in log
    ]
    return pa.Table.from_pylist(records, schema=OPERATIONS_SCHEMA)
