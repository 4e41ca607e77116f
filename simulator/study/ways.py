"""Where impressions come from: creators' own posts, friends who share, the platform, or paid media.

In: the replications of a strategy. Out: for each way the mean of its impressions and its share of all. Invariant: the
ways add up to all impressions, play by play; creators have what is left.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from simulator.study.chunks import values_of
from simulator.study.estimates import Estimate, Markets, mean_estimate, ratio_of_means

# The columns of the ways that are counted.
WAYS = {"friends": "friend_impressions", "platform": "discovery_impressions", "paid": "paid_impressions"}
FORMULAS = {
    "impressions_by_way": (
        "share of a way = its impressions / impressions; creators' impressions = impressions - those of friends, of "
        "the platform and paid ones"
    )
}


def impressions_by_way(rows: pa.Table, market: Markets) -> dict[str, dict[str, Any]]:
    """Estimate how many impressions come by each way, and which share of all that is.

    Args:
        rows: A strategy's replications (R,), with the columns of `chunks.REPLICATION_SCHEMA`.
        market: Index of the market of each replication (R,).
    """
    impressions = values_of(rows, "impressions")
    others = {way: values_of(rows, column) for way, column in WAYS.items()}
    return {
        way: {
            "mean": mean_estimate(values, market, least=0.0),
            "share": _within_all(ratio_of_means(values, impressions, market)),
        }
        for way, values in {"creators": impressions - sum(others.values()), **others}.items()
    }


def _within_all(share: Estimate) -> Estimate:
    """Cut off what an interval holds beyond nothing and all."""
    if share["low"] is None or share["high"] is None:
        return share
    return {**share, "low": max(share["low"], 0.0), "high": min(share["high"], 1.0)}
