"""One play: one strategy in one market, once.

In: a scenario, a market, a plan and the number of a replication. Out: an `Outcome`. Invariant: the outcome depends
on these and on nothing else, so any replication can be played alone, anywhere, on either clock, with the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import simpy

from simulator.campaign.hiring import Plan
from simulator.campaign.ledger import COUNTED_BY_CREATOR, Outcome, settle
from simulator.campaign.operations import Crowd, Publication, run_campaign
from simulator.campaign.quality import largest_share, quality
from simulator.campaign.record import POSTS, Record
from simulator.campaign.schedule import planned_seconds
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import Market
from simulator.market.creators import Profile
from simulator.scenario.account import Account
from simulator.scenario.model import Scenario
from simulator.spread.conditions import (
    Chances,
    Conditions,
    Post,
    Seconds,
    Tally,
    chance,
    delay_table,
    reach_table,
    wear_table,
)
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.reference import ReferenceCrowd
from simulator.streams import extend_key, generator, uniform

Engine = Literal["compiled", "reference"]


def play(scenario: Scenario, market: Market, plan: Plan, replication: int, engine: Engine = "compiled") -> Outcome:
    """Play one strategy once."""
    unknowns = Unknowns.of(scenario.seed, replication)
    conditions = conditions_of(scenario, market, plan, unknowns)
    env = simpy.Environment()
    crowd = _crowd(conditions, env, engine)
    publications = _publications(scenario, plan, unknowns)
    run_campaign(env, crowd, publications, conditions.horizon)
    tally = crowd.tally()
    counts = _by_creator(scenario, plan, unknowns, publications, tally)
    return settle(plan, replication, scenario.product, unknowns, tally, counts, _record(counts))


def _record(counts: npt.NDArray[np.int64]) -> Record:
    nothing = np.zeros(len(counts), np.int64)
    return Record(counts[:, -len(POSTS) :], nothing, nothing)


def _crowd(conditions: Conditions, env: simpy.Environment, engine: Engine) -> Crowd:
    return ReferenceCrowd(conditions, env) if engine == "reference" else CompiledCrowd(conditions)


def conditions_of(scenario: Scenario, market: Market, plan: Plan, unknowns: Unknowns) -> Conditions:
    """Turn a scenario into what the crowd depends on, with the unknowns of one replication."""
    behaviour, horizon = scenario.behaviour, scenario.horizon_seconds
    spread = scenario.people.activity_spread
    reach_per_peer = unknowns.value("behaviour.reach_per_peer", behaviour.reach_per_peer)
    bound = behaviour.most_reproduction
    most_share = 1.0 if bound is None else largest_share(market.graph, reach_per_peer, bound)
    return Conditions(
        people=market.people,
        graph=market.graph,
        horizon=horizon,
        posts=tuple(_posts(scenario, market, plan, unknowns, most_share)),
        peer_reach=reach_table(reach_per_peer, spread),
        peer_delay=delay_table(behaviour.peer_delay, horizon, 1),
        wear=wear_table(unknowns.value("behaviour.fatigue", behaviour.fatigue)),
        baseline_key=extend_key(unknowns.replication_key, "baseline order"),
        baseline=chance(
            unknowns.value("product.baseline_order_probability", scenario.product.baseline_order_probability)
        ),
    )


def _post_key(unknowns: Unknowns, profile: Profile, number: int) -> int:
    return extend_key(unknowns.replication_key, "post", profile.name, number)


@dataclass(frozen=True)
class _Rates:
    """What a post of mean quality does, of one creator or of a pool's; `engage` to `order` are probabilities."""

    reach: Chances
    delay: Seconds
    engage: float
    share: float
    click: float
    order: float


def _posts(scenario: Scenario, market: Market, plan: Plan, unknowns: Unknowns, most_share: float) -> Iterator[Post]:
    rates: dict[tuple[str, str | None], _Rates] = {}
    for profile in plan.profiles:
        for number in range(profile.account.post_count):
            key = _post_key(unknowns, profile, number)
            its_quality, its_format = quality(key, profile.account.quality_spread), profile.account.format_of(number)
            if (profile.path, its_format) not in rates:
                rates[profile.path, its_format] = _rates(profile.path, profile.account, its_format, scenario, unknowns)
            its_rates = rates[profile.path, its_format]
            yield _post(key, market.audiences[profile.name], its_rates, its_quality, most_share)


def _post(key: int, audience: npt.NDArray[np.int32], rates: _Rates, its_quality: float, most_share: float) -> Post:
    return Post(
        key,
        audience,
        rates.reach,
        rates.delay,
        engage=chance(rates.engage * its_quality),
        share=chance(min(rates.share * its_quality, most_share)),
        click=chance(rates.click * its_quality),
        order=chance(rates.order),
    )


def _rates(path: str, account: Account, its_format: str | None, scenario: Scenario, unknowns: Unknowns) -> _Rates:
    own_delay = account.formats[its_format].delay if its_format else None
    return _Rates(
        reach=reach_table(_reach(path, account, its_format, unknowns), scenario.people.activity_spread),
        delay=delay_table(own_delay or account.delay, scenario.horizon_seconds, 0),
        engage=unknowns.value(f"{path}.engagement_per_impression", account.engagement_per_impression),
        share=unknowns.value(f"{path}.share_per_impression", account.share_per_impression),
        click=unknowns.value(f"{path}.click_per_impression", account.click_per_impression),
        order=unknowns.value(f"{path}.order_per_click", account.order_per_click),
    )


def _reach(path: str, account: Account, its_format: str | None, unknowns: Unknowns) -> float:
    """Give the chance that a real follower is reached by a post; the rate is per advertised follower."""
    rate = unknowns.value(f"{path}.reach_per_follower", account.reach_per_follower)
    if its_format and (own := account.formats[its_format].reach_per_follower):
        rate = unknowns.value(f"{path}.formats.{its_format}.reach_per_follower", own)
    # A drawn rate can lie above what the real followers allow; then all of them are reached.
    return min(rate / account.real_share, 1.0)


def _publications(scenario: Scenario, plan: Plan, unknowns: Unknowns) -> list[list[Publication]]:
    """Give each creator's publications; posts are numbered through all creators."""
    plans, post = [], 0
    for profile, planned in zip(plan.profiles, planned_seconds(scenario, plan), strict=True):
        seconds = [second + _jitter(profile, number, unknowns) for number, second in enumerate(planned)]
        delivered = seconds[: _delivered_posts(profile, unknowns)]
        plans.append([Publication(post + i, second) for i, second in enumerate(delivered)])
        post += len(seconds)
    return plans


def _delivered_posts(profile: Profile, unknowns: Unknowns) -> int:
    """Give how many posts a creator delivers: all, or, of one who drops out, any number below that."""
    chance = unknowns.value(f"{profile.path}.completion_probability", profile.account.completion_probability)
    key = extend_key(unknowns.replication_key, "drop-out", profile.name)
    if uniform(key) < chance:
        return profile.account.post_count
    return int(uniform(extend_key(key, "after")) * profile.account.post_count)


def _jitter(profile: Profile, number: int, unknowns: Unknowns) -> int:
    """Give how much later than planned a post goes out [s], up to `post_jitter_hours`."""
    latest = round(profile.account.post_jitter_hours * 3600)
    key = extend_key(_post_key(unknowns, profile, number), "jitter")
    return (key >> 32) * (latest + 1) >> 32


def _by_creator(
    scenario: Scenario, plan: Plan, unknowns: Unknowns, publications: list[list[Publication]], tally: Tally
) -> npt.NDArray[np.int64]:
    rows = np.zeros((len(plan.rows), len(COUNTED_BY_CREATOR)), np.int64)
    for row, profile, its in zip(rows, plan.profiles, publications, strict=False):
        counts = tally.by_post[[publication.post for publication in its]].sum(axis=0)
        done = [number for number, one in enumerate(its) if one.second <= scenario.horizon_seconds]
        outside = _outside_impressions(profile, done, unknowns)
        row[:] = (*counts, 0, outside, len(done), 0, profile.account.post_count - len(its), 0)
    return rows


def _outside_impressions(profile: Profile, numbers: list[int], unknowns: Unknowns) -> int:
    """Draw how often real followers outside the market see the posts of a creator that went out."""
    if profile.outside_size == 0:
        return 0
    key = extend_key(unknowns.replication_key, "outside", profile.name)
    seen = 0
    for its_format, posts in Counter(profile.account.format_of(number) for number in numbers).items():
        rng = generator(extend_key(key, its_format) if its_format else key)
        reach = _reach(profile.path, profile.account, its_format, unknowns)
        seen += int(rng.binomial(profile.outside_size * posts, reach))
    return seen
