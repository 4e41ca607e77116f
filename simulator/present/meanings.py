"""What each measure of a play is, in a sentence, and what it is worked out from.

In: nothing. Out: `OF_MEASURES`, a `Meaning` by its key in the glossary. Invariants: a measure is defined once; what it
rests on in a scenario is what the measures rest on of which it is made, and its own keys; formulas that a summary holds
are not repeated here.

Keys of a scenario stand as in its file, `*` for any name; what a pool says, a creator by name says as well.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.present.units import COUNT, PER_ONE, SHARE
from simulator.scenario.contract import COSTS


class Meaning(NamedTuple):
    """What a measure is.

    Attributes:
        means: What it is, a sentence without its full stop.
        made_of: The measures from which it is worked out, by their keys in the glossary.
        keys: The keys of a scenario that it rests on beside those of the measures.
        formula: How it is worked out, where no summary says so; "" where it is counted.
        unit: What it is measured in, where `units.py` does not know.
        name: How it is called, where its key does not say it.
        sure: How sure it is, of what has no estimate of its own from which that could be told.
    """

    means: str
    made_of: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    formula: str = ""
    unit: str = ""
    name: str = ""
    sure: str = ""


def _pools(*keys: str) -> tuple[str, ...]:
    return tuple(f"pools.*.{key}" for key in keys)


_WHO = ("people.count", "people.followings_per_person", "people.activity_spread")
_SEEN = _pools("followers", "fake_share", "reach_per_follower", "nonfollower_reach_ratio")
_SPREAD = ("behaviour.reach_per_peer", "pools.*.share_per_impression")
_RETURNS = ("product.return_probability",)
_MONTH = "pools.*.terms.{}_of_fee_per_month", "pools.*.terms.{}_months"

_COUNTED = {
    "reach": Meaning("Different people of the market who saw at least one post or ad", ("impressions",)),
    "reach_2_plus": Meaning("Different people who saw posts or ads at least twice", ("reach",)),
    "reach_3_plus": Meaning("Different people who saw posts or ads at least three times", ("reach",)),
    "on_target_reach": Meaning(
        "Different people reached who are of the product's niche; without a niche, all who are reached",
        ("reach",),
        ("product.niche", "people.niches", "people.niche_affinity", "pools.*.niche"),
    ),
    "impressions": Meaning(
        "How often somebody saw a post or ad; one person may make many",
        (),
        (*_WHO, *_SEEN, *_SPREAD, "strategies.*.boost.cpm", "ads.cpm"),
    ),
    "engagements": Meaning(
        "Likes, comments and saves of posts",
        ("impressions",),
        ("pools.*.engagement_per_impression", "pools.*.disclosure", "behaviour.fatigue"),
    ),
    "shares": Meaning(
        "How often somebody showed a post to friends", ("impressions",), (*_SPREAD, "behaviour.share_by_friends")
    ),
    "clicks": Meaning(
        "How often somebody went from a post to the shop",
        ("impressions",),
        (*_pools("click_per_impression", "trust"), "product.niche_fit", "product.viewer_fit", "behaviour.fatigue"),
    ),
    "orders": Meaning(
        "Tracked orders: those that follow a click up to the end of the campaign, also of people who would have bought "
        "anyway",
        ("clicks",),
        ("pools.*.order_per_click", "product.purchase_lag", "product.repeat_orders.probability", "stock.units"),
    ),
    "incremental_orders": Meaning(
        "Tracked orders of people who would not have bought without the campaign",
        ("orders",),
        ("product.baseline_order_probability", "product.baseline_niche_factor"),
    ),
    "creator_impressions": Meaning(
        "Impressions on followers, by creators' own posts",
        ("impressions",),
        unit=COUNT,
        name="impressions by creators' own posts",
    ),
    "friend_impressions": Meaning(
        "Impressions on people to whom a friend showed a post", ("impressions",), name="impressions by friends"
    ),
    "discovery_impressions": Meaning(
        "Impressions on people to whom the platform showed a post that they do not follow",
        ("impressions",),
        ("discovery.responsiveness",),
        name="impressions by the platform",
    ),
    "paid_impressions": Meaning(
        "Impressions that were bought, of ads and of boosted posts",
        ("impressions",),
        ("strategies.*.boost.budget",),
        name="paid impressions",
    ),
    "outside_impressions": Meaning(
        "Impressions on followers outside the market, who are in no other figure",
        (),
        ("pools.*.outside_share", *_SEEN),
        name="impressions outside the market",
    ),
    "likes": Meaning(
        "Engagements that are neither comments nor saves", ("engagements", "comments", "saves"), unit=COUNT
    ),
    "comments": Meaning(
        "Engagements that are comments", ("engagements",), ("behaviour.comments_of_engagements",), unit=COUNT
    ),
    "saves": Meaning(
        "Engagements that save the post", ("engagements",), ("behaviour.saves_of_engagements",), unit=COUNT
    ),
    "advocate_shares": Meaning("Shares by people who ordered", ("shares", "orders"), ("behaviour.share_per_order",)),
}
_OF_MONEY = {
    "revenue": Meaning(
        "What all tracked orders that are kept bring in", ("orders",), ("product.order_value", *_RETURNS)
    ),
    "spend": Meaning(
        "What the campaign costs: the sum of its cost lines",
        COSTS,
        formula=f"spend = {' + '.join(line.replace('_', ' ') for line in COSTS)}",
    ),
    "refund": Meaning(
        "What creators pay back of their fees after a scandal", ("fee",), ("pools.*.scandal.refund_of_fee",)
    ),
    "profit": Meaning(
        "What the orders that the campaign caused leave after their costs, less what was spent",
        ("incremental_orders", "spend", "refund"),
        ("product.order_value", "product.margin", *_RETURNS),
    ),
    "roi": Meaning(
        "Return on investment: profit per money spent; 0 breaks even, -1 loses all of it", ("profit",), name="ROI"
    ),
    "roi_tracked": Meaning(
        "What ROI would seem to be if every tracked order were an effect of the campaign", ("orders", "roi")
    ),
    "roi_with_untracked": Meaning(
        "ROI, each incremental order counted for those that no link or code can track",
        ("roi",),
        ("product.untracked_multiplier",),
    ),
    "roi_without": Meaning(
        "ROI of the same plays without scandals",
        ("roi",),
        ("pools.*.scandal.probability_per_day",),
        unit=PER_ONE,
        name="ROI without scandals",
    ),
    "scandal_roi_cost": Meaning(
        "Mean ROI less that of the same plays without scandals: below 0 where they cost",
        ("roi", "roi_without"),
        name="what scandals cost in mean ROI",
        unit=PER_ONE,
        formula="ROI - ROI without scandals, play by play",
    ),
    "scandal_shortfall_cost": Meaning(
        "Mean ROI of the worst 5% of plays less that without scandals",
        ("roi", "roi_without"),
        name="what scandals cost in the worst plays",
        unit=PER_ONE,
        formula="mean ROI of the worst 5% of plays - the same without scandals",
    ),
    "roas": Meaning("Return on ad spend: revenue per money spent", ("revenue", "spend"), name="ROAS"),
    "cpm": Meaning("What a thousand impressions cost", ("spend", "impressions"), name="CPM"),
    "cpe": Meaning("What an engagement costs", ("spend", "engagements"), name="CPE"),
    "cpc": Meaning("What a click costs", ("spend", "clicks"), name="CPC"),
    "cpa": Meaning("What a tracked order costs", ("spend", "orders"), name="CPA"),
    "earned_media_value": Meaning(
        "What the impressions that were not paid for would have cost as ads; no return",
        ("impressions", "paid_impressions"),
        ("product.earned_media_cpm",),
        name="earned media value (EMV)",
    ),
    "order_contribution": Meaning(
        "What incremental orders leave after their costs and commission",
        ("incremental_orders", "affiliate_commission"),
        ("product.order_value", "product.margin", *_RETURNS),
    ),
    "break_even_cost_share": Meaning(
        "At which share of what it costs the campaign would break even; below 1 it loses money",
        ("profit", "spend"),
        name="break-even cost share",
    ),
    "break_even_order_factor": Meaning(
        "With how many times as many orders the campaign would break even; above 1 it loses money",
        ("spend", "refund", "order_contribution"),
    ),
    "engagement_per_impression": Meaning(
        "Engagement rate as platforms report it", ("engagements", "impressions"), name="engagement rate by impression"
    ),
    "engagement_per_follower": Meaning(
        "Engagement rate as the trade quotes it, of a post",
        ("engagements", "posts_done"),
        ("pools.*.followers",),
        name="engagement rate by follower",
    ),
    "naive_attribution": Meaning(
        "How many times the buyers it won a comparison with people not reached would credit the campaign with",
        ("orders", "incremental_orders"),
    ),
}
_OF_COSTS = {
    "fee": Meaning("What creators are paid for their posts", (), ("pools.*.fee", "pools.*.completion_probability")),
    "agency_commission": Meaning(
        "What agencies take on top of fees", ("fee",), ("pools.*.terms.agency_commission_of_fee",)
    ),
    **{
        line: Meaning(f"What {what} costs", ("fee",), tuple(key.format(line) for key in _MONTH))
        for line, what in {
            "usage_rights": "using creators' content in other places",
            "exclusivity": "that creators work for no competitor",
            "whitelisting": "running ads through creators' accounts",
        }.items()
    },
    "production_cost": Meaning("What producing posts costs", (), ("pools.*.terms.production_cost_per_post",)),
    "product_sent_cost": Meaning("What products sent to creators cost", (), ("pools.*.terms.product_sent_cost",)),
    "management_cost": Meaning("What finding and managing creators costs", (), ("pools.*.management_cost",)),
    "affiliate_commission": Meaning(
        "What creators get of each order",
        ("orders",),
        ("pools.*.terms.affiliate_commission_of_order_value", "product.order_value"),
    ),
    "paid_media": Meaning(
        "What ads and boosted posts cost", ("paid_impressions",), ("strategies.*.boost.budget", "ads.cpm")
    ),
}
_OF_OPERATIONS = {
    "posts_done": Meaning(
        "Posts that went out", (), ("pools.*.post_days", "pools.*.posts"), name="posts that went out"
    ),
    "posts_slipped": Meaning(
        "Posts that went out later than planned, as where their review took long",
        ("posts_done",),
        ("approval.reviewers",),
        name="posts that went out late",
    ),
    "posts_dropped": Meaning(
        "Posts that creators did not deliver", (), ("pools.*.completion_probability",), name="posts not delivered"
    ),
    "posts_withdrawn": Meaning("Posts that a scandal stopped", ("scandals",), name="posts stopped by a scandal"),
    "posts_pending": Meaning(
        "Posts that were not out at the end of the campaign",
        ("posts_done",),
        ("horizon_days",),
        name="posts not out in time",
    ),
    "scandals": Meaning("Creators who had a scandal", (), ("pools.*.scandal.probability_per_day",)),
    "scandal_probability": Meaning(
        "In which share of plays there was a scandal", ("scandals",), unit=SHARE, name="chance of a scandal"
    ),
    "stock_outs": Meaning("How often the stock ran out", ("orders",), ("stock.units",), name="times sold out"),
    "sold_out_probability": Meaning(
        "In which share of plays the stock ran out", ("stock_outs",), unit=SHARE, name="chance to be sold out"
    ),
    "lost_orders": Meaning("Orders that nobody could place because the stock had run out", ("stock_outs",)),
    "sold_out_hours": Meaning("For how long there was no stock", ("stock_outs",), name="hours sold out"),
    "returned_orders": Meaning("Tracked orders that came back", ("orders",), _RETURNS),
    "incremental_returns": Meaning("Incremental orders that came back", ("incremental_orders",), _RETURNS),
    "review_wait_hours": Meaning(
        "How long content waited for a reviewer, on average",
        (),
        ("approval.reviewers", "approval.review_hours"),
        name="wait for a review",
    ),
    "hired": Meaning("Creators that a plan hires of a pool", (), ("budget", "strategies.*.split", "pools.*.fee")),
    "offered": Meaning("Creators that a pool offers", (), ("pools.*.count",)),
    "spent": Meaning("What a plan spends on a pool's contracts", ("hired",)),
    "unspent": Meaning("What is left because no further creator could be paid with it", ("spent",)),
    "audience_overlap": Meaning(
        "Shared followers of two creators as a share of the smaller audience, the mean over all pairs hired",
        (),
        ("overlap", "pools.*.niche", "people.niche_affinity", "people.following_exponent"),
        name="overlap of audiences",
    ),
    "unduplicated_share": Meaning(
        "Different followers of all creators hired as a share of the sum of their audiences",
        ("audience_overlap",),
        name="audience that is not counted twice",
    ),
}
_OF_LONG_RUN = {
    "goodwill_per_person": Meaning(
        "By how much the campaign has raised the chance of an order at its end, on average over the market",
        ("impressions",),
        ("pools.*.goodwill_per_impression", "brand.half_life_days", "brand.most_goodwill"),
    ),
    "brand_orders": Meaning(
        "Orders at people's own occasions because of goodwill, up to the end of the campaign; no link tracks them",
        ("goodwill_per_person",),
        ("brand.occasion_every_days", "brand.order_per_occasion"),
    ),
    **{
        f"later_orders_{months}_months": Meaning(
            f"Orders because of the campaign from its end to {months} months after it",
            ("brand_orders", "orders"),
            ("product.repeat_orders.delay",),
            name=f"later orders, up to {months} months",
        )
        for months in (3, 6, 12)
    },
    "roi_with_brand_orders": Meaning(
        "ROI at the end of the campaign, orders because of goodwill included", ("roi", "brand_orders")
    ),
    **{
        f"roi_{months}_months": Meaning(
            f"ROI with all orders because of the campaign up to {months} months after its end",
            ("roi_with_brand_orders", f"later_orders_{months}_months"),
        )
        for months in (3, 6, 12)
    },
    "brand_lift": Meaning(
        "By which share goodwill raises what people order at occasions of their own", ("brand_orders",)
    ),
    "later_share": Meaning(
        "Which share of all orders because of the campaign comes after its end, up to 12 months",
        ("later_orders_12_months",),
        formula="share of orders that come later = later orders up to 12 months / (incremental orders - incremental "
        "returns + brand orders + later orders up to 12 months)",
        name="share of orders that come later",
    ),
    "customers": Meaning(
        "People who order because they clicked, each once", ("orders",), formula="customers = orders - repeat orders"
    ),
    "repeat_orders": Meaning(
        "Tracked orders that are not a customer's first",
        ("orders",),
        ("product.repeat_orders.probability", "product.repeat_orders.delay"),
        unit=COUNT,
    ),
    "incremental_repeat_orders": Meaning(
        "Repeat orders of people who would not have bought without the campaign", ("repeat_orders",)
    ),
    "customer_lifetime_value": Meaning(
        "What a customer's orders within a year leave after their costs",
        ("customers",),
        ("product.order_value", "product.margin"),
    ),
}
# Of what a single play comes to.
OF_MEASURES = {**_COUNTED, **_OF_MONEY, **_OF_COSTS, **_OF_OPERATIONS, **_OF_LONG_RUN}
