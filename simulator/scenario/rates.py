"""The rate of an account: one value for all its creators, or a law that changes smoothly with followers.

In: what TOML holds at the key of a rate: a share, a range, a distribution, or `{ law = "power", ... }`. Out: a frozen
`Rate`, and what it is for a number of followers. Invariant: a law multiplies its `value` by a factor that depends on
followers only and is exactly 1 at `at`; so a law that is flat is its value, to the last bit.

With d = ln(followers / at) the factor is exp(exponent x d) of a power law, which is (followers / at) ** exponent, and
exp(slope x d + curvature x d ** 2) of a log-quadratic one, whose summit is at `at` where its slope is 0.

References:
    Wies, Bleier, Edeling (2023), Finding Goldilocks influencers, Journal of Marketing: an inverted U of engagement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.quantity import Quantity, Share
from simulator.scenario.section import Section, about

_At = Annotated[
    float,
    Field(ge=1, le=1e10),
    about("the number of followers for which the law gives its value", "30_000", "advertised followers"),
]
_Value = Annotated[
    Share, about("the rate of an account with so many followers as at says", '"2% to 3%"', "as the rate")
]
_Slope = Annotated[float, Field(ge=-3, le=3)]


class PowerRate(Section):
    """A rate that falls or rises steadily with followers."""

    law: Literal["power"]
    at: _At
    value: _Value
    exponent: Annotated[_Slope, about("by how many % the rate changes with 1% more followers", "-0.22", "exponent")]

    @property
    def slopes(self) -> tuple[float, float]:
        """Give what stands before ln(followers / at) and before its square."""
        return self.exponent, 0.0


class LogQuadraticRate(Section):
    """A rate with a summit (an inverted U) or a valley."""

    law: Literal["log_quadratic"]
    at: _At
    value: _Value
    curvature: Annotated[
        _Slope,
        about(
            "how the rate bends: below 0 it falls on both sides of its summit",
            "-0.1",
            "exponent, per logarithm of followers",
        ),
    ]
    slope: Annotated[
        _Slope, about("by how many % the rate changes with 1% more followers at the followers of at", "0.1", "exponent")
    ] = 0.0

    @property
    def slopes(self) -> tuple[float, float]:
        """Give what stands before ln(followers / at) and before its square."""
        return self.slope, self.curvature


RateLaw = PowerRate | LogQuadraticRate
LAWS: dict[str, type[RateLaw]] = {"power": PowerRate, "log_quadratic": LogQuadraticRate}


def _which_rate(given: Any) -> str:
    if isinstance(given, RateLaw):
        return f"#{given.law}"
    # only laws have a value
    is_law = isinstance(given, Mapping) and ("law" in given or "value" in given)
    return f"#{given.get('law')}" if is_law else "#share"


# No key begins with "#", so a tag in the path of an error cannot be taken for a key.
Rate = Annotated[
    Annotated[PowerRate, Tag("#power")]
    | Annotated[LogQuadraticRate, Tag("#log_quadratic")]
    | Annotated[Share, Tag("#share")],
    Discriminator(_which_rate),
]


def factor(law: RateLaw, followers: float) -> float:
    """Give by what a law multiplies its value for an account; one without followers counts as one with a single."""
    slope, curvature = law.slopes
    distance = math.log(max(followers, 1.0) / law.at)
    return math.exp(min(slope * distance + curvature * distance**2, 700.0))  # e ** 710 is no float


def rate_at(rate: RateLaw | Quantity, value: float, followers: float) -> float:
    """Give a rate for an account, at most 1.

    Args:
        rate: The rate as the scenario has it.
        value: What it turned out to be, or for a law, what its `value` turned out to be.
        followers: The advertised followers of the account.
    """
    return value if isinstance(rate, Quantity) else min(value * factor(rate, followers), 1.0)


def unknown_of(rate: RateLaw | Quantity) -> Quantity:
    """Give what of a rate nobody knows before the campaign."""
    return rate if isinstance(rate, Quantity) else rate.value


def highest(rate: RateLaw | Quantity, fewest: float, most: float) -> tuple[float, float]:
    """Give the highest rate that a plan must expect, which for a law may lie above 1, and for how many followers.

    Args:
        rate: The rate as the scenario has it.
        fewest: The fewest followers that an account may have.
        most: The most.
    """
    if isinstance(rate, Quantity):
        return rate.plausible_high, fewest
    followers = max((fewest, most, min(max(_summit(rate), fewest), most)), key=lambda f: factor(rate, f))
    return rate.value.plausible_high * factor(rate, followers), followers


def _summit(law: RateLaw) -> float:
    """Give the number of followers where a law turns, wherever that is; `at` where it never does."""
    slope, curvature = law.slopes
    return law.at * math.exp(min(max(-slope / (2 * curvature), -700.0), 700.0)) if curvature else law.at
