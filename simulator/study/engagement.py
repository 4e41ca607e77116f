"""How much people engage, by the two denominators that are in use, and how they do.

In: the replications of a strategy, and its plans. Out: estimates of engagements per impression, and per follower and
post, and of likes, comments and saves. Invariants: both rates are ratios of means over the same plays; ads have no
followers, so they count in the first only. Kinds of engagements add up to all of them.

Platforms report engagements per impression; influencer marketing quotes engagements of a post per advertised follower,
which falls with the size of an account because reach does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.campaign.hiring import Plan
from simulator.campaign.ledger import BOOKED_BY_CREATOR
from simulator.scenario.model import Scenario
from simulator.study.chunks import books_of, values_of
from simulator.study.estimates import Estimate, Markets, Values, mean_estimate, ratio_of_means

FORMULAS = {
    "engagement_per_impression": "engagement rate by impression = engagements / impressions",
    "engagement_per_follower": (
        "engagement rate by follower = engagements of creators' posts / (posts done x advertised followers)"
    ),
}
_KINDS = ("likes", "comments", "saves")
_ENGAGEMENTS, _DONE = (BOOKED_BY_CREATOR.index(name) for name in ("engagements", "posts_done"))


def engagement_rates(rows: pa.Table, plans: Iterable[Plan], market: Markets) -> dict[str, Estimate | None]:
    """Estimate the engagement rates of a strategy; by follower None where a graph file says who follows.

    Args:
        rows: Its replications (R,), with the columns of `chunks.CHUNK_SCHEMA`.
        plans: Its plan in each market.
        market: Index of the market of each replication (R,).
    """
    engagements, impressions = (values_of(rows, name) for name in ("engagements", "impressions"))
    by_creators, followers = np.zeros(len(market)), np.zeros(len(market))
    known = True
    for plan in plans:
        played = market == plan.market
        by_creators[played], followers[played] = _of_creators(rows.filter(pa.array(played)), plan)
        known = known and all(profile.followers is not None for profile in plan.profiles)
    return {
        "engagement_per_impression": ratio_of_means(engagements, impressions, market),
        "engagement_per_follower": ratio_of_means(by_creators, followers, market) if known else None,
    }


def engagement_kinds(scenario: Scenario, rows: pa.Table, market: Markets) -> dict[str, Any] | None:
    """Estimate likes, comments and saves; None where the scenario does not tell them apart.

    Args:
        scenario: What was run.
        rows: A strategy's replications (R,), with the columns of `chunks.REPLICATION_SCHEMA`.
        market: Index of the market of each replication (R,).
    """
    behaviour = scenario.behaviour
    if not behaviour.comments_of_engagements and not behaviour.saves_of_engagements:
        return None
    return {kind: {"mean": mean_estimate(values_of(rows, kind), market, least=0.0)} for kind in _KINDS}


def _of_creators(rows: pa.Table, plan: Plan) -> tuple[Values, Values]:
    """Give the engagements of creators' posts, and the followers they went out to, post by post (plays,)."""
    books = books_of(rows, plan)[:, : len(plan.profiles)].astype(np.float64)
    followers = np.array([profile.followers or 0 for profile in plan.profiles], np.float64)
    return books[:, :, _ENGAGEMENTS].sum(axis=1), books[:, :, _DONE] @ followers
