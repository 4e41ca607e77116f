"""Counts and money of one replication.

In: what the crowd did, whom the strategy hired and the unknowns of the replication. Out: a frozen `Outcome`.
Invariant: profit = incremental orders x order value x margin - spend, and roi = profit / spend, undefined where
nothing was spent. Costs are added up in whole cents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.campaign.hiring import Plan, cost_cents
from simulator.campaign.unknowns import Unknowns
from simulator.scenario.model import Product
from simulator.spread.conditions import Tally

ROI_FORMULA = "ROI = (incremental orders x order value x margin - spend) / spend"


@dataclass(frozen=True)
class Outcome:
    """What one strategy came to in one replication.

    Attributes:
        reach: Different people of the market with at least one impression.
        roi: Profit / spend, None where spend is 0.
        by_hour: See `Tally.by_hour` (hours + 1, 3).
        by_creator: Counts of each creator of the plan, in its order (creators, COUNTS + outside impressions).
    """

    strategy: str
    market: int
    replication: int
    reach: int
    impressions: int
    engagements: int
    shares: int
    clicks: int
    orders: int
    incremental_orders: int
    revenue: float
    spend: float
    profit: float
    roi: float | None
    by_hour: npt.NDArray[np.int64]
    by_creator: npt.NDArray[np.int64]


def settle(
    plan: Plan,
    replication: int,
    product: Product,
    unknowns: Unknowns,
    tally: Tally,
    by_creator: npt.NDArray[np.int64],
) -> Outcome:
    """Close the books of one replication."""
    impressions, engagements, shares, clicks, orders, incremental = (int(n) for n in tally.by_post.sum(axis=0))
    order_value = unknowns.value("product.order_value", product.order_value)
    margin = unknowns.value("product.margin", product.margin)
    spend = sum(cost_cents(profile, unknowns.value) for profile in plan.profiles) / 100
    profit = incremental * order_value * margin - spend
    return Outcome(
        plan.strategy,
        plan.market,
        replication,
        tally.reach,
        impressions,
        engagements,
        shares,
        clicks,
        orders,
        incremental,
        revenue=orders * order_value,
        spend=spend,
        profit=profit,
        roi=profit / spend if spend else None,
        by_hour=tally.by_hour,
        by_creator=by_creator,
    )
