"""Counts and money of one replication.

In: what the crowd did, whom the strategy hired, what the processes of the campaign recorded and the unknowns of the
replication. Out: a frozen `Outcome`.
Invariants: money is added up in whole cents and turned into an amount once, at the end; spend is the sum of the cost
lines of all creators (`contract.py`) and of the ads; an order that is returned leaves nothing: profit = (incremental
orders - incremental returns) x order value x margin + refund - spend, and roi = profit / spend, undefined where spend
is 0. Every post of a contract is done, dropped, withdrawn or pending. What attribution that knows no better would say
(ROI on all tracked orders, naive incremental orders) stands beside these and enters none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.campaign.hiring import Plan, fee_cents
from simulator.campaign.long_run import LATER_ORDERS, long_run_of
from simulator.campaign.record import POSTS, Record
from simulator.campaign.unknowns import Unknowns
from simulator.market.creators import Profile
from simulator.scenario.contract import (
    CONTRACT,
    COSTS,
    ValueOf,
    affiliate_cents,
    contract_cents,
    refund_cents,
    to_cents,
)
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.spread.tally import COUNTS, ORDERS, RETURNED_ORDERS, Tally

ROI_FORMULA = "ROI = (incremental orders x order value x margin - spend) / spend"
UNTRACKED_FORMULA = (
    "ROI with untracked orders = (untracked multiplier x incremental orders x order value x margin - spend) / spend"
)
TRACKED_FORMULA = "ROI on all tracked orders = (orders x order value x margin - spend) / spend"
SEEN_BY_CREATOR = (*COUNTS, "reach", "outside_impressions")
COUNTED_BY_CREATOR = (*SEEN_BY_CREATOR, *POSTS)
# All that the books hold of a creator: counts, then cents.
BOOKED_BY_CREATOR = (*COUNTED_BY_CREATOR, *COSTS, "refund")
_DROPPED = POSTS.index("posts_dropped")


@dataclass(frozen=True)
class Outcome:
    """What one strategy came to in one replication.

    Attributes:
        reach: Different people of the market with at least one impression.
        reach_2_plus: Those with at least two impressions; reach_3_plus: with three.
        on_target_reach: Those of the product's niche with at least one impression; without a niche, all.
        impressions: The first of COUNTS; all of them have their names here.
        revenue: Orders that are kept x order value, in money, exact to the cent; likewise spend and profit.
        roi: Profit / spend, None where spend is 0.
        roi_tracked: The same on all orders that are kept, also of people who would have bought anyway.
        naive_incremental_orders: See `naive_orders`.
        roi_with_untracked: ROI, each tracked incremental order counted `untracked_multiplier` times.
        roi_without_scandals: ROI of the same play without scandals, which is `roi` where there was none.
        roi_with_brand_orders: ROI with the orders at people's own occasions up to the horizon.
        roi_3_months: The same with all orders that come up to so long after the horizon, too.
        goodwill_per_person: See `LongRun`; likewise brand_orders, and brand_orders_without for its orders_without.
        lifetime_contribution: Orders of the play's customers within a year of their first, that one included, x order
            value x margin, in money.
        later_orders_3_months: See `LongRun.later_orders`.
        refund: What scandals brought back of the fees, in money.
        costs: Each line of `contract.COSTS`, in money.
        posts_done: The first of POSTS, see `Record.posts`; all of them have their names here.
        scandals: How many creators had a scandal.
        stock_outs: See `Record`; likewise review_wait_hours and sold_out_hours.
        by_hour: See `Tally.by_hour` (hours + 1, 3).
        by_creator: Counts of each row of the plan, in its order, then its cost lines and its refund [cents]
            (rows, BOOKED_BY_CREATOR).
    """

    strategy: str
    market: int
    replication: int
    reach: int
    reach_2_plus: int
    reach_3_plus: int
    on_target_reach: int
    impressions: int
    engagements: int
    shares: int
    clicks: int
    orders: int
    incremental_orders: int
    friend_impressions: int
    discovery_impressions: int
    paid_impressions: int
    returned_orders: int
    incremental_returns: int
    lost_orders: int
    repeat_orders: int
    incremental_repeat_orders: int
    advocate_shares: int
    likes: int
    comments: int
    saves: int
    revenue: float
    spend: float
    profit: float
    roi: float | None
    roi_tracked: float | None
    naive_incremental_orders: float | None
    roi_with_untracked: float | None
    roi_without_scandals: float | None
    roi_with_brand_orders: float | None
    roi_3_months: float | None
    roi_6_months: float | None
    roi_12_months: float | None
    goodwill_per_person: float
    brand_orders: int
    brand_orders_without: float
    lifetime_contribution: float
    later_orders_3_months: int
    later_orders_6_months: int
    later_orders_12_months: int
    refund: float
    costs: tuple[float, ...]
    posts_done: int
    posts_slipped: int
    posts_dropped: int
    posts_withdrawn: int
    posts_pending: int
    scandals: int
    stock_outs: int
    review_wait_hours: float | None
    sold_out_hours: float
    by_hour: npt.NDArray[np.int64]
    by_creator: npt.NDArray[np.int64]


def settle(
    scenario: Scenario,
    plan: Plan,
    replication: int,
    unknowns: Unknowns,
    tally: Tally,
    counts: npt.NDArray[np.int64],
    record: Record,
) -> Outcome:
    """Close the books of one replication.

    Args:
        scenario: What is played.
        plan: Whom the strategy hired.
        replication: Its number.
        unknowns: What turned out in this replication.
        tally: What the crowd did.
        counts: What people did with the posts of each row of the plan, in its order (rows, SEEN_BY_CREATOR).
        record: What the processes of the campaign did.
    """
    product, long_run = scenario.product, long_run_of(scenario, unknowns, tally)
    order_cents = to_cents(unknowns.value("product.order_value", product.order_value))
    margin = unknowns.value("product.margin", product.margin)
    untracked = unknowns.value("product.untracked_multiplier", product.untracked_multiplier)
    lines = np.array(list(_lines(plan, counts, record, order_cents, unknowns)), np.int64).reshape(-1, len(COSTS) + 1)
    happened: dict[str, int] = dict(zip(COUNTS, tally.by_post.sum(axis=0).tolist(), strict=True))
    spend, refund = int(lines[:, :-1].sum()), int(lines[:, -1].sum())
    kept = happened["incremental_orders"] - happened["incremental_returns"]

    def profit_of(orders: float) -> int:
        return round(orders * order_cents * margin) + refund - spend

    profit = profit_of(kept)
    all_kept = happened["orders"] - happened["returned_orders"]
    with_brand = kept + long_run.brand_orders
    later = [_ratio(profit_of(with_brand + its), spend) for its in long_run.later_orders]
    return Outcome(
        plan.strategy,
        plan.market,
        replication,
        tally.reach,
        int(tally.reach_by_frequency[1]),
        int(tally.reach_by_frequency[2]),
        tally.on_target_reach,
        **happened,
        revenue=all_kept * order_cents / 100,
        spend=spend / 100,
        profit=profit / 100,
        roi=_ratio(profit, spend),
        roi_tracked=_ratio(profit_of(all_kept), spend),
        naive_incremental_orders=naive_orders(
            happened["incremental_orders"] - happened["incremental_repeat_orders"], tally
        ),
        roi_with_untracked=_ratio(profit_of(untracked * kept), spend),
        roi_without_scandals=_ratio(profit, spend),
        roi_with_brand_orders=_ratio(profit_of(with_brand), spend),
        roi_3_months=later[0],
        roi_6_months=later[1],
        roi_12_months=later[2],
        goodwill_per_person=long_run.goodwill_per_person,
        brand_orders=long_run.brand_orders,
        brand_orders_without=long_run.orders_without,
        lifetime_contribution=round(long_run.lifetime_orders * order_cents * margin) / 100,
        **dict(zip(LATER_ORDERS, long_run.later_orders, strict=True)),
        refund=refund / 100,
        costs=tuple((lines[:, :-1].sum(axis=0) / 100).tolist()),
        **dict(zip(POSTS, record.posts.sum(axis=0).tolist(), strict=True)),
        scandals=int(record.scandals.sum()),
        stock_outs=record.stock_outs,
        review_wait_hours=record.review_wait_hours,
        sold_out_hours=record.sold_out_hours,
        by_hour=tally.by_hour,
        by_creator=np.hstack([counts, record.posts, lines]),
    )


def naive_orders(incremental: int, tally: Tally) -> float | None:
    """Give what somebody would credit who takes those not reached for what those reached would have done.

    That is reach x (share of buyers among those reached - share of buyers among all others). Buyers are who would have
    bought anyway, reached or not, and who ordered because of the campaign, once each. It credits the campaign rightly
    on average where whoever would have bought anyway is reached as often as others are.

    Args:
        incremental: Orders of people who would not have bought anyway.
        tally: What the crowd did.

    Returns:
        Orders, below 0 where others buy more often; None where nobody is reached, or everybody.
    """
    others = tally.people - tally.reach
    if tally.reach == 0 or others <= 0:
        return None
    return incremental + tally.anyway_reached - tally.reach * (tally.anyway - tally.anyway_reached) / others


def _ratio(profit_cents: int, spend_cents: int) -> float | None:
    """Divide the amounts as they are shown, so that whoever divides the columns gets the same bits."""
    return (profit_cents / 100) / (spend_cents / 100) if spend_cents else None


def _lines(
    plan: Plan, counts: npt.NDArray[np.int64], record: Record, order_cents: int, unknowns: Unknowns
) -> Iterator[tuple[int, ...]]:
    """Give the cost lines of each row of the plan, then its refund [cents] (rows, COSTS + 1); ads are paid media."""
    kept = (counts[:, ORDERS] - counts[:, RETURNED_ORDERS]).tolist()
    paid, dropped, scandals = record.paid_cents.tolist(), record.posts[:, _DROPPED].tolist(), record.scandals.tolist()
    creators = (*plan.profiles, *(None for _ in plan.rows[len(plan.profiles) :]))
    for row in zip(creators, kept, paid, dropped, scandals, strict=True):
        profile, its_orders, its_paid, its_dropped, had_scandal = row
        lines = dict.fromkeys((*COSTS, "refund"), 0)
        if profile:
            boosted = profile.name in plan.boosted
            lines |= _contract_lines(profile, unknowns, its_dropped, boosted=boosted, scandal=bool(had_scandal))
            commission = affiliate_cents(profile.account, its_orders, order_cents, _value_of(profile, unknowns))
            lines["affiliate_commission"] = commission
        yield tuple((lines | {"paid_media": its_paid}).values())


def _contract_lines(
    profile: Profile, unknowns: Unknowns, dropped: int, *, boosted: bool, scandal: bool
) -> dict[str, int]:
    """Give what a creator is paid for what was delivered, and what a scandal brings back of it [cents]."""
    account, value_of = profile.account, _value_of(profile, unknowns)
    fee, delivered = fee_cents(profile, value_of), account.post_count - dropped
    contract = contract_cents(account, fee, value_of, delivered, boosted=boosted)
    refund = refund_cents(account, contract[0], value_of) if scandal else 0
    return {**dict(zip(CONTRACT, contract, strict=True)), "refund": refund}


def _value_of(profile: Profile, unknowns: Unknowns) -> ValueOf:
    def value_of(key: str, quantity: Quantity) -> float:
        return unknowns.value(f"{profile.path}.{key}", quantity)

    return value_of
