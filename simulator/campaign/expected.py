"""What plans reach directly, and how much the audiences of their creators overlap, before any market is built.

In: a scenario. Out: frozen values. Invariants: whom a plan hires is hired when it is played; every unknown is at
its median; no market is built and nothing heavy is imported.

Directly means: real followers of the market who see posts of the creators they follow, where all posts go out: without
friends, strangers and paid media.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log2, prod
from statistics import fmean

from simulator.campaign.funnel import reach_step
from simulator.campaign.hiring import Plan, hire
from simulator.market.creators import Profile, creator_profile, typical_profiles
from simulator.market.expected import Audience, Shown, by_activity, expected_overlap, expected_people
from simulator.scenario.contract import median
from simulator.scenario.model import Scenario
from simulator.scenario.people import SyntheticPeople

_MOST_MARKETS = 4  # in which hiring is looked at
_MOST_ACCOUNTS = 12  # of which pairs are formed
_SIZES = 4  # numbers of followers told apart, for each doubling


@dataclass(frozen=True)
class PlanReach:
    """What the creators of a strategy reach directly, on average over some markets.

    Attributes:
        strategy: Its name.
        creators: How many it hires, in the market with the fewest and in that with the most.
        followers: Real followers of these in the market, counted once for each creator [persons].
        impressions: How many impressions their posts make on them.
        people: How many different people these are [persons].
        paid: How many impressions its money for paid media buys besides.
        is_bound: Whether that is the most that it can be, because targets of overlap decide who follows.
    """

    strategy: str
    creators: tuple[int, int]
    followers: float
    impressions: float
    people: float
    paid: float
    is_bound: bool


@dataclass(frozen=True)
class PairOverlap:
    """How much the audiences of two creators overlap.

    Attributes:
        names: Two creators, or the pools that they are typical of.
        share: Followers of both, as a share of the smaller audience.
        is_target: Whether the scenario asks for it.
    """

    names: tuple[str, str]
    share: float
    is_target: bool


def expected_reach(scenario: Scenario) -> list[PlanReach]:
    """Say what each strategy reaches directly; nothing where a graph file says who follows."""
    if not isinstance(scenario.people, SyntheticPeople):
        return []
    markets = scenario.markets_played[:_MOST_MARKETS]
    return [_reach(scenario, [hire(scenario, market, name) for market in markets]) for name in scenario.strategies]


def expected_overlaps(scenario: Scenario) -> list[PairOverlap]:
    """Say how much audiences overlap, of each pair of creators and typical creators of pools, the largest accounts'.

    Pools are looked at with their median number of followers, and with themselves where they have two creators. Nothing
    where a graph file says who follows.
    """
    people = scenario.people
    if not isinstance(people, SyntheticPeople):
        return []
    sizes = (typical_profiles(scenario, name) for name in scenario.pools)
    every = [*map(creator_profile, scenario.creators), *(its[len(its) // 2] for its in sizes)]
    largest = sorted(every, key=lambda profile: -profile.audience_size)[:_MOST_ACCOUNTS]
    pairs = _pairs(scenario, [profile for profile in every if profile in largest])
    return [_pair(scenario, people, *pair) for pair in pairs]


# ---- reach


def _reach(scenario: Scenario, plans: list[Plan]) -> PlanReach:
    people = scenario.people
    assert isinstance(people, SyntheticPeople), "people from a graph file are not known before it is read"
    rates = _Rates()
    shown = [_shown(plan.profiles, rates, people.activity_spread) for plan in plans]
    tied = any(_is_tied(scenario, plan) for plan in plans)
    reached = [_at_most(people, its) if tied else expected_people(people, its) for its in shown]
    profiles = [profile for plan in plans for profile in plan.profiles]
    return PlanReach(
        plans[0].strategy,
        (min(len(plan.profiles) for plan in plans), max(len(plan.profiles) for plan in plans)),
        sum(profile.audience_size for profile in profiles) / len(plans),
        sum(profile.audience_size * sum(rates.of(profile)) for profile in profiles) / len(plans),
        fmean(reached),
        fmean(_paid(scenario, plan) for plan in plans),
        tied,
    )


def _paid(scenario: Scenario, plan: Plan) -> float:
    boost, ads = scenario.strategies[plan.strategy].boost, scenario.ads
    boosted = plan.boost_cents / boost.cpm.median if boost else 0.0
    return 10 * (boosted + (plan.ads_cents / ads.cpm.median if ads else 0.0))  # 1,000 impressions, 100 cents


def _at_most(people: SyntheticPeople, shown: Iterable[Shown]) -> float:
    """Give how many people are reached where nobody follows two creators."""
    return min(sum(its.creators * its.audience.size * fmean(its.seen) for its in shown), people.count)


def _is_tied(scenario: Scenario, plan: Plan) -> bool:
    """Say whether targets of overlap decide who follows two creators of a plan."""
    names, pools = {profile.name for profile in plan.profiles}, [profile.pool for profile in plan.profiles]
    return any(
        pools.count(target.pool) > 1 if target.pool else names.issuperset(target.creators)
        for target in scenario.overlap_targets
    )


def _shown(profiles: Iterable[Profile], rates: _Rates, spread: float) -> list[Shown]:
    """Take creators of a pool with about as many followers for alike."""
    alike: dict[tuple[str, str | None, int], list[Profile]] = {}
    for profile in profiles:
        if profile.audience_size:
            size = round(_SIZES * log2(profile.audience_size))
            alike.setdefault((profile.path, profile.account.niche, size), []).append(profile)
    return [_of_alike(group, rates, spread) for group in alike.values()]


def _of_alike(profiles: list[Profile], rates: _Rates, spread: float) -> Shown:
    size = round(fmean(profile.audience_size for profile in profiles))
    seen = [_seen(rates.of(profile), spread) for profile in profiles]
    levels = tuple(fmean(level) for level in zip(*seen, strict=True))
    return Shown(Audience(profiles[0].account.niche, size), len(profiles), levels)


@lru_cache(maxsize=4096)
def _seen(rates: tuple[float, ...], spread: float) -> tuple[float, ...]:
    """Give the chance that a follower sees at least one of some posts, by how active it is."""
    posts = [by_activity(rate, spread) for rate in rates]
    return tuple(1 - prod(1 - chance for chance in level) for level in zip(*posts, strict=True))


class _Rates:
    """The chance that a real follower sees each post of a creator, worked out once for all who are alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int | None], tuple[float, ...]] = {}

    def of(self, profile: Profile) -> tuple[float, ...]:
        account = profile.account
        name = id(account), profile.followers if account.has_laws else None
        if name not in self._known:
            formats = map(account.format_of, range(account.post_count))
            self._known[name] = tuple(min(reach_step(profile, its, median).rate(), 1.0) for its in formats)
        return self._known[name]


# ---- overlap


def _pairs(scenario: Scenario, profiles: list[Profile]) -> Iterator[tuple[Profile, Profile]]:
    for place, first in enumerate(profiles):
        if first.pool is not None and scenario.pools[first.pool].count > 1:
            yield first, first
        yield from ((first, second) for second in profiles[place + 1 :])


def _pair(scenario: Scenario, people: SyntheticPeople, first: Profile, second: Profile) -> PairOverlap:
    names = (first.name, second.name)
    for target in scenario.overlap_targets:
        of_pool = target.pool == first.pool == second.pool is not None
        if of_pool or (first.pool is second.pool is None and {*target.creators} == {*names}):
            return PairOverlap(names, target.share, is_target=True)
    audiences = (Audience(its.account.niche, its.audience_size) for its in (first, second))
    return PairOverlap(names, expected_overlap(people, *audiences), is_target=False)
