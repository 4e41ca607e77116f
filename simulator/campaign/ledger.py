"""Counts and money of one replication.

In: what the crowd did, whom the strategy hired and the unknowns of the replication. Out: a frozen `Outcome`.
Invariants: money is added up in whole cents and turned into an amount once, at the end; spend is the sum of the cost
lines of all creators (`contract.py`); profit = incremental orders x order value x margin - spend, and
roi = profit / spend, undefined where nothing was spent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.campaign.hiring import Plan, fee_cents
from simulator.campaign.unknowns import Unknowns
from simulator.market.creators import Profile
from simulator.scenario.contract import COSTS, affiliate_cents, contract_cents, to_cents
from simulator.scenario.model import Product
from simulator.scenario.quantity import Quantity
from simulator.spread.conditions import COUNTS, ORDERS, Tally

ROI_FORMULA = "ROI = (incremental orders x order value x margin - spend) / spend"
UNTRACKED_FORMULA = (
    "ROI with untracked orders = (untracked multiplier x incremental orders x order value x margin - spend) / spend"
)
POSTS = ("posts_done", "posts_dropped")
COUNTED_BY_CREATOR = (*COUNTS, "outside_impressions", *POSTS)
_DONE, _DROPPED = (COUNTED_BY_CREATOR.index(name) for name in POSTS)


@dataclass(frozen=True)
class Outcome:
    """What one strategy came to in one replication.

    Attributes:
        reach: Different people of the market with at least one impression.
        revenue: Orders x order value, in money, exact to the cent; likewise spend and profit.
        roi: Profit / spend, None where spend is 0.
        roi_with_untracked: The same, each tracked incremental order counted `untracked_multiplier` times.
        costs: Each line of `contract.COSTS`, in money.
        posts_done: Posts that went out up to the horizon.
        posts_dropped: Posts of creators who dropped out before them.
        by_hour: See `Tally.by_hour` (hours + 1, 3).
        by_creator: Counts of each creator of the plan, in its order, then its cost lines [cents]
            (creators, COUNTED_BY_CREATOR + COSTS).
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
    roi_with_untracked: float | None
    costs: tuple[float, ...]
    posts_done: int
    posts_dropped: int
    by_hour: npt.NDArray[np.int64]
    by_creator: npt.NDArray[np.int64]


def settle(
    plan: Plan,
    replication: int,
    product: Product,
    unknowns: Unknowns,
    tally: Tally,
    counts: npt.NDArray[np.int64],
) -> Outcome:
    """Close the books of one replication.

    Args:
        plan: Whom the strategy hired.
        replication: Its number.
        product: What an order is worth.
        unknowns: What turned out in this replication.
        tally: What the crowd did.
        counts: Counts of each creator of the plan, in its order (creators, COUNTED_BY_CREATOR).
    """
    order_cents = to_cents(unknowns.value("product.order_value", product.order_value))
    margin = unknowns.value("product.margin", product.margin)
    untracked = unknowns.value("product.untracked_multiplier", product.untracked_multiplier)
    lines = np.array(
        [
            _cost_lines(profile, int(row[ORDERS]), int(row[_DROPPED]), order_cents, unknowns)
            for profile, row in zip(plan.profiles, counts, strict=True)
        ],
        np.int64,
    ).reshape(-1, len(COSTS))
    impressions, engagements, shares, clicks, orders, incremental = (int(n) for n in tally.by_post.sum(axis=0)[:6])
    spend = int(lines.sum())
    profit = round(incremental * order_cents * margin) - spend
    with_untracked = round(untracked * incremental * order_cents * margin) - spend
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
        revenue=orders * order_cents / 100,
        spend=spend / 100,
        profit=profit / 100,
        roi=_ratio(profit, spend),
        roi_with_untracked=_ratio(with_untracked, spend),
        costs=tuple((lines.sum(axis=0) / 100).tolist()),
        posts_done=int(counts[:, _DONE].sum()),
        posts_dropped=int(counts[:, _DROPPED].sum()),
        by_hour=tally.by_hour,
        by_creator=np.hstack([counts, lines]),
    )


def _ratio(profit_cents: int, spend_cents: int) -> float | None:
    """Divide the amounts as they are shown, so that whoever divides the columns gets the same bits."""
    return (profit_cents / 100) / (spend_cents / 100) if spend_cents else None


def _cost_lines(profile: Profile, orders: int, dropped: int, order_cents: int, unknowns: Unknowns) -> tuple[int, ...]:
    def value_of(key: str, quantity: Quantity) -> float:
        return unknowns.value(f"{profile.path}.{key}", quantity)

    delivered = profile.account.post_count - dropped
    contract = contract_cents(profile.account, fee_cents(profile, value_of), value_of, delivered)
    return (*contract, affiliate_cents(profile.account, orders, order_cents, value_of))
