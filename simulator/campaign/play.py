"""One play: one strategy in one market, once.

In: a scenario, a market, a plan and the number of a replication. Out: an `Outcome`, or the log of what happened.
Invariant: both depend on these and on nothing else, so any replication can be played alone, anywhere, on either clock,
with the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import simpy

from simulator.campaign.approval import Office
from simulator.campaign.content import (
    OVER_A_DAY,
    conditions_of,
    discoverers,
    nonfollower_ratio,
    reach_rate,
    targets,
    usual_engagement,
)
from simulator.campaign.hiring import Plan
from simulator.campaign.ledger import COUNTED_BY_CREATOR, Outcome, settle
from simulator.campaign.operations import Campaign, Crowd, Happening, Work
from simulator.campaign.promotion import Candidate, Discoverable, Media, advertise, best, discover
from simulator.campaign.record import POSTS, Record
from simulator.campaign.team import team_of
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import Market
from simulator.market.creators import Profile
from simulator.scenario.contract import to_cents
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import ADS, Ads, Boost
from simulator.spread.conditions import COUNTS, Conditions, Tally
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.reference import ReferenceCrowd
from simulator.streams import extend_key, generator

Engine = Literal["compiled", "reference"]


def play(scenario: Scenario, market: Market, plan: Plan, replication: int, engine: Engine = "compiled") -> Outcome:
    """Play one strategy once; a play with a scandal is played again without, to know what the scandal cost."""
    outcome = _played(scenario, market, plan, replication, engine).outcome
    if outcome.scandals:
        calm = _played(scenario, market, plan, replication, engine, scandals=False).outcome
        outcome = replace(outcome, roi_without_scandals=calm.roi)
    return outcome


def log_of(
    scenario: Scenario, market: Market, plan: Plan, replication: int, engine: Engine = "compiled"
) -> list[Happening]:
    """Play one strategy once and give what its campaign did, in the order it happened."""
    return _played(scenario, market, plan, replication, engine).log


@dataclass(frozen=True)
class _Played:
    outcome: Outcome
    log: list[Happening]


@dataclass(frozen=True)
class _Setting:
    """What everything in a play refers to."""

    scenario: Scenario
    market: Market
    plan: Plan
    unknowns: Unknowns
    conditions: Conditions
    team: Sequence[Work]


def _played(
    scenario: Scenario, market: Market, plan: Plan, replication: int, engine: Engine, *, scandals: bool = True
) -> _Played:
    unknowns = Unknowns.of(scenario.seed, replication)
    conditions = conditions_of(scenario, market, plan, unknowns)
    team = tuple(team_of(scenario, plan, conditions, unknowns, scandals=scandals))
    setting = _Setting(scenario, market, plan, unknowns, conditions, team)
    env = simpy.Environment(_first_second(setting))
    campaign = Campaign(env, _crowd(conditions, env, engine), conditions.horizon)
    office, purchases = _office(setting, env), _purchases(setting)
    _let_discover(campaign, setting)
    campaign.hire(team, office, _lead(scenario))
    if scenario.stock is not None:
        campaign.sell(scenario.stock)
    for purchase in purchases:
        env.process(advertise(campaign, purchase.media, partial(purchase.choose, campaign), OVER_A_DAY))
    campaign.run()
    tally = campaign.crowd.tally()
    record = _record(setting, campaign, office, [purchase.media for purchase in purchases])
    counts = _by_creator(setting, campaign, tally, record)
    return _Played(settle(plan, replication, scenario.product, unknowns, tally, counts, record), campaign.log)


def _crowd(conditions: Conditions, env: simpy.Environment, engine: Engine) -> Crowd:
    return ReferenceCrowd(conditions, env) if engine == "reference" else CompiledCrowd(conditions)


def _lead(scenario: Scenario) -> int:
    """Give how long before it is due a post is submitted [s]."""
    return round(scenario.approval.submit_days_before * SECONDS_PER_DAY) if scenario.approval else 0


def _first_second(setting: _Setting) -> int:
    """Give when the first post is submitted, or 0 where that is later [s]."""
    due = [its.due for work in setting.team for its in work.assignments[: work.delivered]]
    return min(min(due, default=0) - _lead(setting.scenario), 0)


def _office(setting: _Setting, env: simpy.Environment) -> Office | None:
    approval = setting.scenario.approval
    if approval is None:
        return None
    send_back = setting.unknowns.value("approval.send_back_probability", approval.send_back_probability)
    return Office(env, approval, setting.scenario.start_weekday, send_back)


def _let_discover(campaign: Campaign, setting: _Setting) -> None:
    """Let the platform review each post that it may show to strangers, once it is out."""
    for profile, work in zip(setting.plan.profiles, setting.team, strict=True):
        for number, its in enumerate(work.assignments):
            ratio = nonfollower_ratio(profile, number, setting.unknowns)
            if ratio > 0:
                post = Discoverable(
                    its.post,
                    its.key,
                    profile.name,
                    number + 1,
                    ratio,
                    usual_engagement(profile.path, profile.account, setting.unknowns),
                    discoverers(setting.scenario, setting.market, profile),
                    setting.conditions.posts[its.post].delay,
                )
                campaign.follow_ups[its.post] = partial(discover, campaign, setting.scenario.discovery, post)


@dataclass(frozen=True)
class _Purchase:
    """Media that a strategy buys, and on which posts."""

    media: Media
    boost: Boost | None
    candidates: tuple[Candidate, ...]

    def choose(self, campaign: Campaign) -> Sequence[Candidate]:
        """Give the posts on which the money is spent: the named ones, or the best so far."""
        if self.boost is None or self.boost.top is None:
            return self.candidates
        return best(campaign, self.candidates, self.boost.by, self.boost.top)


def _purchases(setting: _Setting) -> list[_Purchase]:
    """Give what a strategy buys; the price of boosts is one unknown, the same for all strategies."""
    scenario, plan = setting.scenario, setting.plan
    boost, ads, bought = scenario.strategies[plan.strategy].boost, scenario.ads, []
    if boost is not None:
        candidates = tuple(its for its in _candidates(setting.team) if _may_boost(boost, its))
        media = _media(setting, "boost", boost.cpm, plan.boost_cents, boost)
        bought.append(_Purchase(media, boost, candidates))
    if ads is not None and ADS in plan.rows:
        media = _media(setting, ADS, ads.cpm, plan.ads_cents, ads)
        bought.append(_Purchase(media, None, (Candidate(len(setting.conditions.posts) - 1, ADS, None),)))
    return bought


def _media(setting: _Setting, path: str, cpm: Quantity, budget_cents: int, its: Boost | Ads) -> Media:
    stock = setting.scenario.stock
    return Media(
        its.day,
        its.days,
        budget_cents,
        max(to_cents(setting.unknowns.value(f"{path}.cpm", cpm)), 1),
        targets(setting.scenario, setting.market, its.niche),
        stock is not None and stock.pause_paid,
    )


def _candidates(team: Sequence[Work]) -> list[Candidate]:
    return [Candidate(its.post, work.name, n + 1) for work in team for n, its in enumerate(work.assignments)]


def _may_boost(boost: Boost, its: Candidate) -> bool:
    return boost.top is not None or boost.posts.get(its.creator) == its.number


def _record(setting: _Setting, campaign: Campaign, office: Office | None, bought: Sequence[Media]) -> Record:
    paid = np.zeros(len(setting.plan.rows), np.int64)
    for media in bought:
        for post, cents in media.spent_cents.items():
            paid[setting.conditions.posts[post].creator] += cents
    no_posts = np.zeros((len(setting.plan.rows) - len(setting.team), len(POSTS)), np.int64)
    rows = [_posts_of(work, campaign) for work in setting.team]
    return Record(
        posts=np.vstack([np.array(rows, np.int64).reshape(-1, len(POSTS)), no_posts]),
        paid_cents=paid,
        scandals=np.array([name in campaign.disgraced for name in setting.plan.rows], np.int64),
        review_wait_hours=office.review_wait_hours if office else None,
        sold_out_hours=campaign.sold_out_seconds / 3600,
    )


def _posts_of(work: Work, campaign: Campaign) -> tuple[int, int, int, int]:
    """Give how many posts a creator did, did late, dropped and saw withdrawn."""
    out = [(its, campaign.published[its.post]) for its in work.assignments if its.post in campaign.published]
    withdrawn = sum(its.post in campaign.withdrawn for its in work.assignments)
    slipped = sum(second > its.due for its, second in out)
    return len(out), slipped, len(work.assignments) - work.delivered, withdrawn


def _by_creator(setting: _Setting, campaign: Campaign, tally: Tally, record: Record) -> npt.NDArray[np.int64]:
    """Give the counts of each row of the books (rows, COUNTED_BY_CREATOR)."""
    rows = len(setting.plan.rows)
    counts = np.zeros((rows, len(COUNTS)), np.int64)
    np.add.at(counts, [post.creator for post in setting.conditions.posts], tally.by_post)
    reach, outside = np.zeros((rows, 1), np.int64), np.zeros((rows, 1), np.int64)
    reach[: tally.reach_by_creator.size, 0] = tally.reach_by_creator
    for row, (profile, work) in enumerate(zip(setting.plan.profiles, setting.team, strict=True)):
        done = [number for number, its in enumerate(work.assignments) if its.post in campaign.published]
        outside[row] = _outside_impressions(profile, done, setting.unknowns)
    by_creator = np.hstack([counts, reach, outside, record.posts])
    assert by_creator.shape == (rows, len(COUNTED_BY_CREATOR))
    return by_creator


def _outside_impressions(profile: Profile, numbers: list[int], unknowns: Unknowns) -> int:
    """Draw how often real followers outside the market see the posts of a creator that went out."""
    if profile.outside_size == 0:
        return 0
    key = extend_key(unknowns.replication_key, "outside", profile.name)
    seen = 0
    for its_format, posts in Counter(profile.account.format_of(number) for number in numbers).items():
        rng = generator(extend_key(key, its_format) if its_format else key)
        reach = reach_rate(profile.path, profile.account, its_format, unknowns)
        seen += int(rng.binomial(profile.outside_size * posts, reach))
    return seen
