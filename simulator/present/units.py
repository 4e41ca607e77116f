"""The unit of every column and figure that a study writes.

In: the name of a column, or the path of a figure in the summary, and the currency. Out: its unit, empty for a name.
Invariant: one name has one unit, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.campaign.long_run import LATER_ORDERS, ROI_LATER, WITH_BRAND
from simulator.campaign.record import POSTS
from simulator.scenario.contract import COSTS
from simulator.spread.tally import COUNTS

PEOPLE, COUNT, SHARE, PER_ONE = "people", "count", "share", "money per money spent"
CURRENCY = "CURRENCY"  # stands for the currency of a scenario
_NAMES: Mapping[str, Sequence[str]] = {
    PEOPLE: ("reach", "reach_2_plus", "reach_3_plus", "on_target_reach", "reach_not_additive", "audience", "customers"),
    "followers": ("followers",),
    COUNT: (
        *(*COUNTS, *LATER_ORDERS, "naive_incremental_orders", "brand_orders", "brand_orders_without"),
        *("scandals", "stock_outs", "posts", *POSTS, "outside_impressions", "impressions_by_way"),
        *("hired", "offered", "markets_hired_in", "n"),
    ),
    CURRENCY: (
        *("revenue", "spend", "profit", *COSTS, "refund", "lifetime_contribution", "order_contribution"),
        *("spent", "unspent", "earned_media_value", "customer_lifetime_value", "lifetime_value", "paid", "paused"),
    ),
    PER_ONE: (
        *("roi", "roi_tracked", "roi_with_untracked", "roi_without_scandals", WITH_BRAND, *ROI_LATER),
        *("roas", "break_even_cost_share"),
    ),
    "times": ("break_even_order_factor", "naive_attribution", "replications_saved_by_pairing"),
    f"{CURRENCY} per 1,000 impressions": ("cpm",),
    f"{CURRENCY} per engagement": ("cpe",),
    f"{CURRENCY} per click": ("cpc",),
    f"{CURRENCY} per order": ("cpa",),
    SHARE: (
        *("audience_overlap", "unduplicated_share", "share", "a_beats_b", "b_beats_a", "p_value", "level"),
        *("probability_positive", "brand_lift"),
        *("goodwill_per_person", "probability", "later_share", "engagement_per_impression", "engagement_per_follower"),
    ),
    "hours": ("review_wait_hours", "sold_out_hours"),
    "hours from the start": ("hour",),
    "days from the start": ("day",),
    "number, from 0": ("market", "replication"),
    "number, from 1": ("post",),
    # Of what happens in a campaign, the unit of its value; see `simulator.campaign.operations.Happening`.
    "hours waited": ("approved",),
    "hours late": ("published",),
    "posts": ("dropped_out", "scandal"),
    "impressions": ("discovery",),
    "units": ("restocked",),
}
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names}


def unit_of(path: Sequence[str], currency: str) -> str:
    """Give the unit of a column, or of a figure of the summary: of the last word of its path that has one.

    >>> unit_of(["costs", "fee", "mean"], "$"), unit_of(["strategy"], "$")
    ('$', '')
    """
    units = (_UNITS[word] for word in reversed(path) if word in _UNITS)
    return next(units, "").replace(CURRENCY, currency)
