"""What a plan's posts are to the crowd, with the unknowns of one replication.

In: a scenario, a market, a plan and unknowns. Out: `Conditions`, and among which strangers a post may be shown.
Invariants: posts stand in the order of creators' names, then numbers, ads last; what a post is depends on its own name
and on its creator's rates only, not on who else is hired. What multiplies a rate is said in `funnel.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.campaign.funnel import Step, engagement_step, impression_steps, impression_steps_of_ads, reach_step
from simulator.campaign.hiring import Plan
from simulator.campaign.quality import largest_share, quality
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import Market
from simulator.market.creators import Profile
from simulator.scenario.model import Scenario
from simulator.scenario.people import PeopleFromFile
from simulator.scenario.product import Brand as BrandSection
from simulator.scenario.section import MOST_DAYS, SECONDS_PER_DAY
from simulator.scenario.strategy import ADS, Ads
from simulator.spread.conditions import (
    DELAY_ENTRIES,
    Chances,
    Conditions,
    Post,
    Seconds,
    Strangers,
    chance,
    delay_table,
    reach_table,
    wear_table,
)
from simulator.spread.goodwill import LONG_RUN, MOST_GOODWILL, Brand
from simulator.streams import extend_key

_NOBODY = np.empty(0, np.int32)
_RatesName = tuple[str, str | None, int | None]


def conditions_of(scenario: Scenario, market: Market, plan: Plan, unknowns: Unknowns) -> Conditions:
    """Turn a scenario into what the crowd depends on, with the unknowns of one replication."""
    behaviour, product, horizon = scenario.behaviour, scenario.product, scenario.horizon_seconds
    lag, repeat = product.purchase_lag, product.repeat_orders
    reach_per_peer = unknowns.value("behaviour.reach_per_peer", behaviour.reach_per_peer)
    baseline = unknowns.value("product.baseline_order_probability", product.baseline_order_probability)
    of_niche = unknowns.value("product.baseline_niche_factor", product.baseline_niche_factor)
    return Conditions(
        people=market.people,
        graph=market.graph,
        horizon=horizon,
        posts=tuple(_posts(scenario, market, plan, unknowns, _people(scenario, market, reach_per_peer))),
        peer_reach=reach_table(reach_per_peer, scenario.people.activity_spread),
        peer_delay=delay_table(behaviour.peer_delay, horizon, 1),
        wear=wear_table(unknowns.value("behaviour.fatigue", behaviour.fatigue), behaviour.response_by_frequency),
        baseline_key=extend_key(unknowns.replication_key, "baseline order"),
        baseline=chance(baseline),
        baseline_on_target=chance(baseline * of_niche),
        returns=chance(unknowns.value("product.return_probability", product.return_probability)),
        stock=scenario.stock.units if scenario.stock else None,
        target_niche=scenario.niche_index(scenario.product.niche),
        advocate=chance(unknowns.value("behaviour.share_per_order", behaviour.share_per_order)),
        lag=delay_table(lag, horizon + LONG_RUN[-1], 1) if lag else None,
        later_key=extend_key(unknowns.replication_key, "later order"),
        repeat=chance(unknowns.value("product.repeat_orders.probability", repeat.probability)) if repeat else 0,
        repeat_delay=delay_table(repeat.delay, horizon + LONG_RUN[-1], 3600) if repeat else None,
        comments=chance(behaviour.comments_of_engagements),
        saves=chance(behaviour.saves_of_engagements),
        brand=_brand(scenario.brand, unknowns) if scenario.brand else None,
    )


def _brand(terms: BrandSection, unknowns: Unknowns) -> Brand:
    half_life = min(unknowns.value("brand.half_life_days", terms.half_life_days), MOST_DAYS)
    return Brand(
        extend_key(unknowns.replication_key, "occasion"),
        half_life=max(round(half_life * SECONDS_PER_DAY), 1),
        occasion_every=round(terms.occasion_every_days * SECONDS_PER_DAY),
        order_at_occasion=chance(unknowns.value("brand.order_per_occasion", terms.order_per_occasion)),
        most=min(chance(terms.most_goodwill), MOST_GOODWILL),
    )


def post_key(unknowns: Unknowns, creator: str, number: int) -> int:
    """Give the name of a creator's post, counted from 0, in a replication."""
    return extend_key(unknowns.replication_key, "post", creator, number)


@dataclass(frozen=True)
class _Rates:
    """What a post of a creator, or of a pool's, does: whom it reaches, when, and what follows from an impression."""

    reach: Chances
    delay: Seconds
    steps: dict[str, Step]


@dataclass(frozen=True)
class _People:
    """What people do with any post.

    Attributes:
        most_share: The most that the chance of a share may be.
        share_by_friends: By what it is multiplied once 1, 2, ... friends have shown the post.
    """

    most_share: float
    share_by_friends: tuple[float, ...]


def _people(scenario: Scenario, market: Market, reach_per_peer: float) -> _People:
    behaviour, bound = scenario.behaviour, scenario.behaviour.most_reproduction
    most_share = 1.0 if bound is None else largest_share(market.graph, reach_per_peer, bound)
    return _People(most_share, behaviour.share_by_friends)


def _posts(scenario: Scenario, market: Market, plan: Plan, unknowns: Unknowns, people: _People) -> Iterator[Post]:
    rates: dict[_RatesName, _Rates] = {}
    for row, profile in enumerate(plan.profiles):
        audience = market.audiences[profile.name]
        for number in range(profile.account.post_count):
            its_format = profile.account.format_of(number)
            name = _rates_name(profile, its_format)
            if name not in rates:
                rates[name] = _rates(profile, its_format, scenario, unknowns)
            key = post_key(unknowns, profile.name, number)
            its_quality = quality(key, profile.account.quality_spread)
            yield _post(key, row, audience, rates[name], its_quality, people)
    if scenario.ads is not None and ADS in plan.rows:
        key = post_key(unknowns, ADS, 0)
        yield _post(key, len(plan.profiles), _NOBODY, _rates_of_ads(scenario.ads, scenario, unknowns), 1.0, people)


def _rates_name(profile: Profile, its_format: str | None) -> _RatesName:
    """Say which posts have the same rates: where rates are laws, only those of creators with as many followers."""
    return profile.path, its_format, profile.followers if profile.account.has_laws else None


def _post(
    key: int, row: int, audience: npt.NDArray[np.int32], rates: _Rates, its_quality: float, people: _People
) -> Post:
    steps = rates.steps
    share, click, order = (steps[key] for key in ("share_per_impression", "click_per_impression", "order_per_click"))
    shared = share.rate(its_quality)
    return Post(
        key,
        audience,
        rates.reach,
        rates.delay,
        engage=chance(steps["engagement_per_impression"].rate(its_quality)),
        share=chance(min(shared, people.most_share)),
        click=chance(click.rate(its_quality)),
        order=chance(order.rate()),
        creator=row,
        share_by_friends=tuple(chance(min(shared * factor, people.most_share)) for factor in people.share_by_friends),
        click_on_target=chance(click.rate_in_niche(its_quality)),
        order_on_target=chance(order.rate_in_niche()),
        goodwill=chance(steps["goodwill_per_impression"].rate()),
    )


def _rates(profile: Profile, its_format: str | None, scenario: Scenario, unknowns: Unknowns) -> _Rates:
    account = profile.account
    own_delay = account.formats[its_format].delay if its_format else None
    return _Rates(
        reach=reach_table(reach_rate(profile, its_format, unknowns), scenario.people.activity_spread),
        delay=delay_table(own_delay or account.delay, scenario.horizon_seconds, 0),
        steps=impression_steps(profile, scenario.product, unknowns.value),
    )


def _rates_of_ads(ads: Ads, scenario: Scenario, unknowns: Unknowns) -> _Rates:
    return _Rates(reach_table(0.0, 0.0), OVER_A_DAY, impression_steps_of_ads(ads, scenario.product, unknowns.value))


# When an impression is seen that was bought for a day: any moment of it, everyone equally likely [s].
OVER_A_DAY: Seconds = (2 * np.arange(DELAY_ENTRIES, dtype=np.int64) + 1) * SECONDS_PER_DAY // (2 * DELAY_ENTRIES)


def reach_rate(profile: Profile, its_format: str | None, unknowns: Unknowns) -> float:
    """Give the chance that a real follower is reached by a post; the rate is per advertised follower."""
    # A drawn rate can lie above what the real followers allow; then all of them are reached.
    return min(reach_step(profile, its_format, unknowns.value).rate(), 1.0)


def usual_engagement(profile: Profile, unknowns: Unknowns) -> float:
    """Give the engagements per impression of a creator's post of mean quality, marked as an ad."""
    return engagement_step(profile, unknowns.value).rate()


def nonfollower_ratio(profile: Profile, number: int, unknowns: Unknowns) -> float:
    """Give how many impressions on strangers each other one of a usual post brings; the post is counted from 0."""
    account, its_format = profile.account, profile.account.format_of(number)
    own = account.formats[its_format].nonfollower_reach_ratio if its_format else None
    if own is not None:
        return unknowns.value(f"{profile.path}.formats.{its_format}.nonfollower_reach_ratio", own)
    return unknowns.value(f"{profile.path}.nonfollower_reach_ratio", account.nonfollower_reach_ratio)


def discoverers(scenario: Scenario, market: Market, profile: Profile) -> Strangers:
    """Give to whom the platform shows a creator's posts: who does not follow, and who likes the niche more often."""
    first, count = _block(scenario, market, profile.account.niche)
    affinity = 1.0 if isinstance(scenario.people, PeopleFromFile) else scenario.people.niche_affinity
    others = market.people.count - count
    inside = affinity * count / (affinity * count + others) if count else 0.0
    return Strangers(first, count, chance(inside), market.audiences[profile.name])


def targets(scenario: Scenario, market: Market, niche: str | None) -> Strangers:
    """Give to whom money shows posts: everybody of a niche, or everybody, followers or not."""
    first, count = _block(scenario, market, niche)
    return Strangers(first, count, chance(1.0 if niche else 0.0), _NOBODY)


def _block(scenario: Scenario, market: Market, niche: str | None) -> tuple[int, int]:
    """Give where the people of a niche begin in the order by niche, and how many they are."""
    index = scenario.niche_index(niche)
    if index is None:
        return 0, 0
    first, end = market.people.niche_starts[index : index + 2].tolist()
    return first, end - first
