"""From a follower to an order: the rates of a creator's post, and everything by which they are multiplied.

In: a creator's profile, the product, and the value of each unknown. Out: a `Step` for each rate, with its multipliers
by name. Invariant: this is the one place that says which multiplier acts on which rate, so what is explained is what is
played; what is not written multiplies by exactly 1.

Beside these, a post's quality acts on engagement, shares and clicks, and repetition wears these and goodwill; they
differ between posts and impressions. Nothing heavy is imported here, so a scenario can be explained without a market.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from simulator.market.creators import Profile
from simulator.scenario.contract import ValueOf
from simulator.scenario.product import Product
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw, rate_at, unknown_of
from simulator.scenario.strategy import Ads


@dataclass(frozen=True)
class Factor:
    """By what a rate is multiplied.

    Attributes:
        name: Its key in the scenario.
        given: What stands there.
        value: What it is, or turned out to be.
    """

    name: str
    given: Quantity
    value: float


@dataclass(frozen=True)
class Step:
    """One rate on the way from a follower to an order, for one account.

    Attributes:
        key: Where it stands in the account, such as "click_per_impression" or "formats.story.reach_per_follower".
        given: What stands there.
        value: What it is for the account's followers, before anything multiplies it.
        times: By what it is multiplied, in this order, whoever sees the post.
        real_share: By what it is divided: of the followers that it counts, the share who are real.
        in_niche: By what it is multiplied besides where the viewer is of the product's niche.
    """

    key: str
    given: RateLaw | Quantity
    value: float
    times: tuple[Factor, ...] = ()
    real_share: float = 1.0
    in_niche: tuple[Factor, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether nobody knows the value before the campaign."""
        return not unknown_of(self.given).is_fixed

    def rate(self, quality: float = 1.0) -> float:
        """Give the rate with all that multiplies it; it may lie above 1, which then counts as 1."""
        return self._usual * quality

    def rate_in_niche(self, quality: float = 1.0) -> float:
        """Give the same for viewers of the product's niche."""
        return self.rate(quality) * self._fit

    # Worked out once: all posts of a creator ask for them.
    @cached_property
    def _usual(self) -> float:
        return self.value * prod(factor.value for factor in self.times) / self.real_share

    @cached_property
    def _fit(self) -> float:
        return prod(factor.value for factor in self.in_niche)


def reach_step(profile: Profile, its_format: str | None, value_of: ValueOf) -> Step:
    """Give the chance that a real follower is reached by a post; the rate is per advertised follower.

    Args:
        profile: Who posts.
        its_format: The format of the post, None where it has none.
        value_of: Gives the value of a quantity by its path in the scenario.
    """
    own = profile.account.formats[its_format].reach_per_follower if its_format else None
    if own is not None:
        step = _step(profile, f"formats.{its_format}.reach_per_follower", own, value_of)
    else:
        step = _step(profile, "reach_per_follower", profile.account.reach_per_follower, value_of)
    return replace(step, real_share=profile.account.real_share)


def engagement_step(profile: Profile, value_of: ValueOf) -> Step:
    """Give the engagements per impression of a creator's post, marked as an ad; see `reach_step`."""
    disclosure = _factor(f"{profile.path}.disclosure", profile.account.disclosure, value_of)
    its = profile.account.engagement_per_impression
    return _step(profile, "engagement_per_impression", its, value_of, (disclosure,))


def impression_steps(profile: Profile, product: Product, value_of: ValueOf) -> dict[str, Step]:
    """Give what follows from an impression of a creator's post, by key; see `reach_step`."""
    account, trust = profile.account, tuple(_trust(profile, product, value_of))
    niche = _viewer_fit(product, value_of)
    steps = (
        engagement_step(profile, value_of),
        _step(profile, "share_per_impression", account.share_per_impression, value_of),
        _step(profile, "click_per_impression", account.click_per_impression, value_of, trust, niche),
        _step(profile, "order_per_click", account.order_per_click, value_of, trust, niche),
        _step(profile, "goodwill_per_impression", account.goodwill_per_impression, value_of, trust),
    )
    return {step.key: step for step in steps}


def impression_steps_of_ads(ads: Ads, product: Product, value_of: ValueOf) -> dict[str, Step]:
    """Give what follows from an impression of an ad, whom nobody vouches for; see `impression_steps`."""
    niche = _viewer_fit(product, value_of)
    given = {
        "engagement_per_impression": (ads.engagement_per_impression, ()),
        "share_per_impression": (ads.share_per_impression, ()),
        "click_per_impression": (ads.click_per_impression, niche),
        "order_per_click": (ads.order_per_click, niche),
        "goodwill_per_impression": (ads.goodwill_per_impression, ()),
    }
    return {
        key: Step(key, rate, value_of(f"ads.{key}", rate), in_niche=in_niche) for key, (rate, in_niche) in given.items()
    }


def _trust(profile: Profile, product: Product, value_of: ValueOf) -> Iterator[Factor]:
    """Give by what clicks, orders and goodwill are multiplied: who says it, and whether it is the creator's subject."""
    yield _factor(f"{profile.path}.trust", profile.account.trust, value_of)
    if product.niche is not None and product.niche == profile.account.niche:
        yield _factor("product.niche_fit", product.niche_fit, value_of)


def _viewer_fit(product: Product, value_of: ValueOf) -> tuple[Factor, ...]:
    return (_factor("product.viewer_fit", product.viewer_fit, value_of),)


def _factor(path: str, quantity: Quantity, value_of: ValueOf) -> Factor:
    return Factor(path.rpartition(".")[2], quantity, value_of(path, quantity))


def _step(
    profile: Profile,
    key: str,
    rate: RateLaw | Quantity,
    value_of: ValueOf,
    times: tuple[Factor, ...] = (),
    in_niche: tuple[Factor, ...] = (),
) -> Step:
    value = value_of(f"{profile.path}.{key}", unknown_of(rate))
    return Step(key, rate, rate_at(rate, value, profile.followers or 0), times, in_niche=in_niche)
