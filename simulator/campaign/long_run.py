"""What a campaign leaves behind: goodwill, the orders it leads to, and customers who come back.

In: what the crowd did, and on what terms. Out: a frozen `LongRun`. Invariants: all orders here are kept (not returned)
and, but for `lifetime_orders`, would not have been placed without the campaign; what comes after the horizon is counted
3, 6 and 12 months behind it, each with all before it. None of it is part of the campaign's ROI; with the orders at
people's own occasions up to the horizon, ROI at its end is counted as ROI after it is.

Orders at people's own occasions are found by no link or code: they are in no count of orders, take no stock and pay
no commission. Later orders behind the horizon pay none either.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.campaign.unknowns import Unknowns
from simulator.scenario.model import Scenario
from simulator.spread.goodwill import MONTHS
from simulator.spread.rules import CHANCE_BITS
from simulator.spread.tally import Tally

LATER_ORDERS = tuple(f"later_orders_{months}_months" for months in MONTHS)
ROI_LATER = tuple(f"roi_{months}_months" for months in MONTHS)
WITH_BRAND = "roi_with_brand_orders"
WITH_BRAND_FORMULA = (
    "ROI with brand orders = ((incremental orders + brand orders) x order value x margin - spend) / spend"
)
LONG_RUN_FORMULA = (
    "ROI after 3, 6 or 12 months = ((incremental orders + brand orders + later orders until then) x order value x "
    "margin - spend) / spend"
)


@dataclass(frozen=True)
class LongRun:
    """What one play left behind.

    Attributes:
        goodwill_per_person: By how much the chance of an order is raised at the horizon, on average over the market.
        brand_orders: Orders at people's own occasions, up to the horizon, because of goodwill.
        orders_without: Those that are expected at such occasions up to the horizon without the campaign.
        lifetime_orders: Orders of the play's customers within a year of their first, that one included.
        later_orders: Later orders of customers and because of goodwill, after the horizon, by `MONTHS`.
    """

    goodwill_per_person: float
    brand_orders: int
    orders_without: float
    lifetime_orders: int
    later_orders: tuple[int, ...]


def long_run_of(scenario: Scenario, unknowns: Unknowns, tally: Tally) -> LongRun:
    """Gather what a play left behind.

    Args:
        scenario: What was played.
        unknowns: What turned out in this replication.
        tally: What the crowd did.
    """
    brand = int(tally.brand_orders[0])
    after = tally.brand_orders[1:] - brand + tally.later_orders
    return LongRun(
        goodwill_per_person=tally.goodwill / 2**CHANCE_BITS / tally.people,
        brand_orders=brand,
        orders_without=_orders_without(scenario, tally.people, unknowns),
        lifetime_orders=tally.lifetime_orders,
        later_orders=tuple(after.tolist()),
    )


def _orders_without(scenario: Scenario, people: int, unknowns: Unknowns) -> float:
    """Give the orders that are expected at people's occasions up to the horizon without the campaign, and kept."""
    brand, product = scenario.brand, scenario.product
    if brand is None:
        return 0.0
    chance = unknowns.value("brand.order_per_occasion", brand.order_per_occasion)
    kept = 1 - unknowns.value("product.return_probability", product.return_probability)
    return people * scenario.horizon_days / brand.occasion_every_days * chance * kept
