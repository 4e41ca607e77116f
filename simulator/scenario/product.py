"""The product, and the people who hear of it: what they do, what an order is worth and what the brand keeps.

In: the tables `[behaviour]`, `[product]` and `[brand]`. Out: frozen sections. Invariant: a key that is not written does
nothing.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from simulator.scenario.quantity import PLAIN, Amount, Least, Quantity, Share, amount_but
from simulator.scenario.section import (
    LIST,
    MOST_DAYS,
    NO_AMOUNT,
    NO_SHARE,
    UNCHANGED,
    Constant,
    Delay,
    Exponential,
    Factor,
    Name,
    PlainShare,
    Section,
    UnknownDays,
    about,
    at_most,
)

MOST_REPEATED = 0.95  # then an order is followed by 19 others on average


class Behaviour(Section):
    """What people do with what friends show them."""

    reach_per_peer: Annotated[
        Share, about("the chance that a follower sees what a friend shares", '"8% to 15%"', "of the sharer's followers")
    ] = NO_SHARE
    peer_delay: Annotated[
        Delay,
        about(
            "how long a share takes to be seen", '{ dist = "exponential", mean_hours = 4.0 }', "hours", cite="assumed"
        ),
    ] = Exponential(dist="exponential", mean_hours=4.0)
    fatigue: Annotated[
        Amount, about("how fast repetition wears out: the k-th impression counts k ** -fatigue", "0.43", "exponent")
    ] = NO_AMOUNT
    response_by_frequency: Annotated[
        tuple[Annotated[float, Field(ge=0, lt=2)], ...],
        LIST,
        Field(max_length=1000),
        about(
            "the list of what the 1st, 2nd, ... impression counts; the last holds for all later ones",
            "[0.7, 1.0, 1.0, 0.8]",
            "times",
        ),
    ] = ()
    share_by_friends: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        LIST,
        Field(max_length=1000),
        about(
            "the list of by what the chance to share is multiplied once 1, 2, ... different friends have shown the "
            "post; the last holds for more",
            "[1.0, 2.5, 4.5]",
            "times",
        ),
    ] = ()
    share_per_order: Annotated[
        Share, about("the chance that somebody who orders shares the post then", "0.05", "of orders")
    ] = NO_SHARE
    comments_of_engagements: Annotated[
        PlainShare,
        about("the share of engagements that are comments (all others are likes or saves)", "0.04", "of engagements"),
    ] = 0.0
    saves_of_engagements: Annotated[
        PlainShare, about("the share of engagements that save the post for later", "0.1", "of engagements")
    ] = 0.0
    most_reproduction: Annotated[
        Annotated[float, Field(gt=0, lt=1)] | None,
        about(
            "the most shares that one share of a post may cause on average (livelier posts are shared less)",
            "0.9",
            "shares per share",
        ),
    ] = None


def _hour_or_more(delay: Any) -> Any:
    if isinstance(delay, Constant) and delay.hours < 1:
        raise ValueError("a constant delay must be at least 1 hour here: a customer orders once an hour at most")
    return delay


class Repeat(Section):
    """Customers who order again, on their own."""

    probability: Annotated[
        Share,
        at_most(MOST_REPEATED, "; at 1 a customer would never stop"),
        about("the chance that an order is followed by another", '"20% to 35%"', "of orders"),
    ]
    delay: Annotated[
        Delay,
        AfterValidator(_hour_or_more),
        about(
            "how long after an order the next one comes (at least an hour; what is shorter counts as one)",
            '{ dist = "exponential", mean_hours = 1000.0 }',
            "hours",
        ),
    ]


class Brand(Section):
    """How goodwill lasts and works; what an impression leaves stands at creators and pools.

    Sources:
        Nerlove, Arrow (1962), Optimal advertising policy under dynamic conditions, Economica 29(114).
    """

    half_life_days: Annotated[
        UnknownDays, about("in how many days goodwill halves when nothing adds to it", '"30 to 90"', "days")
    ]
    occasion_every_days: Annotated[
        Annotated[float, Field(ge=1, le=MOST_DAYS)],
        about("how often a person has an occasion to buy such a product, without any post [days]", "30", "days"),
    ]
    order_per_occasion: Annotated[
        Share, about("the chance of an order at an occasion without the campaign", "0.002", "of occasions")
    ] = NO_SHARE
    most_goodwill: Annotated[
        PlainShare,
        about("the most that goodwill can add to the chance of an order", "0.05", "added to the chance of an order"),
    ] = 1.0


class Product(Section):
    """What an order is worth."""

    niche: Annotated[
        Name | None, about("the niche whose people are to be reached (all people without it)", '"beauty"', "none")
    ] = None
    niche_fit: Annotated[
        Factor,
        about(
            "by what clicks, orders per click and goodwill are multiplied where creator and product share the niche",
            "1.3",
            "times",
        ),
    ] = UNCHANGED
    viewer_fit: Annotated[
        Factor,
        about(
            "by what clicks and orders per click are multiplied where the viewer is of the product's niche",
            "1.5",
            "times",
        ),
    ] = UNCHANGED
    order_value: Annotated[Amount, about("the value of one order, in money", "85.0", "money per order")]
    margin: Annotated[
        Share, about("the share of an order's value that is left after its costs", "0.5", "of order value")
    ]
    baseline_order_probability: Annotated[
        Share, about("the chance that a person would have bought anyway", "0.01", "of persons")
    ] = NO_SHARE
    baseline_niche_factor: Annotated[
        Factor,
        about("by what the chance to have bought anyway is multiplied for people of the product's niche", "4", "times"),
    ] = UNCHANGED
    return_probability: Annotated[
        Share, about("the chance that an order is returned, which leaves nothing of it", '"10% to 20%"', "of orders")
    ] = NO_SHARE
    purchase_lag: Annotated[
        Delay | None,
        about(
            "how long after the click an order comes (at once without it)",
            '{ dist = "lognormal", median_hours = 1.0, sigma = 3.0 }',
            "hours",
        ),
    ] = None
    repeat_orders: Annotated[
        Repeat | None,
        about(
            "the orders that follow a customer's first one",
            '{ probability = 0.3, delay = { dist = "exponential", mean_hours = 1000.0 } }',
        ),
    ] = None
    untracked_multiplier: Annotated[
        Quantity,
        amount_but(Least(1, "must be 1 or more: every order that is tracked is one order")),
        PLAIN,
        about(
            "how many orders there are for each one that is tracked (1: all are tracked)",
            '"1.5 to 3"',
            "orders per tracked order",
        ),
    ] = Quantity("amount", "fixed", (1.0,))
    earned_media_cpm: Annotated[
        float | None,
        Field(ge=0, le=1e9),
        about("what a thousand impressions would cost as paid ads, in money", "10", "money per 1,000 impressions"),
    ] = None
