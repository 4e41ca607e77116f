"""What a contract with a creator costs: the fee, and what comes on top of it.

In: the keys `fee` and `terms` of creators and pools. Out: frozen values. Invariant: each key says what it is a share
of. What a contract comes to in cents is `contract.py`.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.quantity import Amount, Share
from simulator.scenario.section import NO_AMOUNT, NO_SHARE, Months, Section, about


class PowerFee(Section):
    """A fee that grows with the audience: scale x followers ** exponent x exp(noise x normal)."""

    law: Literal["power"]
    scale: Annotated[
        float,
        Field(gt=0, le=1e12),
        about("the fee of an account with one follower", "0.038", "money per creator, all posts"),
    ]
    exponent: Annotated[
        float, Field(ge=0, le=3), about("how fast the fee grows with the followers", "0.89", "exponent")
    ]
    noise: Annotated[
        float,
        Field(ge=0, le=5),
        about("how much fees of equal accounts differ", "0.8", "standard deviation of the logarithm"),
    ] = 0.0

    def usual(self, followers: float) -> float:
        """Give the fee of an account in the middle of those that show so many followers, in money."""
        return float(self.scale * float(followers) ** self.exponent)

    @property
    def mean_factor(self) -> float:
        """Give how many times the usual fee the mean of equal accounts is: that of a log-normal law."""
        return math.exp(self.noise**2 / 2)


def _which_fee(given: Any) -> str:
    is_law = isinstance(given, PowerFee) or (isinstance(given, dict) and "law" in given)
    return "#law" if is_law else "#amount"


PoolFee = Annotated[
    Annotated[PowerFee, Tag("#law")] | Annotated[Amount, Tag("#amount")],
    Discriminator(_which_fee),
]


class Terms(Section):
    """What a contract costs beside the fee; each key says what it is a share of."""

    agency_commission_of_fee: Annotated[
        Share, about("the share of the fee that an agency takes on top", "0.15", "of the fee")
    ] = NO_SHARE
    usage_rights_of_fee_per_month: Annotated[
        Share, about("the share of the fee that a month of using the content costs", "0.2", "of the fee, per month")
    ] = NO_SHARE
    usage_rights_months: Annotated[
        Months, about("for how many months the content may be used", "3", "months", cite="assumed: one month")
    ] = 1.0
    exclusivity_of_fee_per_month: Annotated[
        Share,
        about("the share of the fee that a month without work for competitors costs", "0.5", "of the fee, per month"),
    ] = NO_SHARE
    exclusivity_months: Annotated[
        Months,
        about("for how many months the creator works for no competitor", "1", "months", cite="assumed: one month"),
    ] = 1.0
    whitelisting_of_fee_per_month: Annotated[
        Share,
        about(
            "the share of the fee that a month of running ads through the account costs",
            "0.25",
            "of the fee, per month",
        ),
    ] = NO_SHARE
    whitelisting_months: Annotated[
        Months, about("for how many months ads may run through the account", "1", "months", cite="assumed: one month")
    ] = 1.0
    production_cost_per_post: Annotated[
        Amount, about("what producing one post costs, in money", "150", "money per post")
    ] = NO_AMOUNT
    product_sent_cost: Annotated[
        Amount,
        about("what the product sent to a creator costs, shipping included, in money", "60", "money per creator"),
    ] = NO_AMOUNT
    affiliate_commission_of_order_value: Annotated[
        Share, about("the share of each order's value that the creator gets", "0.1", "of order value")
    ] = NO_SHARE
