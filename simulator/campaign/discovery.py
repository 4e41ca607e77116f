"""How the platform shows posts to strangers.

In: a running `Campaign` and what is known of each post. Out: strangers shown a post. Invariants: a review at second t
sees what happened up to t - 1; how many impressions it adds has the expected value that the formula gives, whatever it
rounds to.

The platform looks at a post some hours after it went out. For each impression on followers and friends since it last
looked it adds `nonfollower_reach_ratio` impressions on strangers, more of them where the post engages more than usual:

    ratio x impressions since x min(((engagements + 1) / (usual + 1)) ** responsiveness, most)

where `usual` is what the post's impressions so far would lead to at the creator's rate, each worn by fatigue as it was:
a tired audience counts neither for a post nor against it. The 1 keeps a young post from the extremes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from simulator.campaign.agenda import Moment, Turn
from simulator.campaign.content import discoverers, nonfollower_ratio, usual_engagement
from simulator.campaign.operations import Campaign, Process, Work
from simulator.campaign.setting import Setting
from simulator.market.creators import Profile
from simulator.scenario.strategy import Discovery
from simulator.spread.conditions import Seconds, Strangers
from simulator.spread.rules import PLATFORM
from simulator.spread.tally import DISCOVERY_IMPRESSIONS, ENGAGEMENTS, IMPRESSIONS, PAID_IMPRESSIONS
from simulator.streams import extend_key, uniform


@dataclass(frozen=True)
class Discoverable:
    """A post that the platform may show to strangers.

    Attributes:
        post: Index into `Conditions.posts`.
        key: Name of the post in this replication.
        creator: Its name.
        number: Of the post, from 1.
        ratio: Impressions on strangers per other impression, of a post as usual.
        usual_engagement: Engagements per impression of a post as usual, on somebody who is not tired.
        to: Among whom viewers are picked.
        delay: How long it takes until they see it [s].
    """

    post: int
    key: int
    creator: str
    number: int
    ratio: float
    usual_engagement: float
    to: Strangers
    delay: Seconds


def let_discover(campaign: Campaign, setting: Setting) -> None:
    """Let the platform review each post that it may show to strangers, once it is out."""
    for its in _discoverable(setting):
        campaign.follow_ups[its.post] = partial(discover, campaign, setting.scenario.discovery, its)


def _discoverable(setting: Setting) -> Iterator[Discoverable]:
    for profile, work in zip(setting.plan.profiles, setting.team, strict=True):
        if profile.account.can_be_discovered:
            yield from _posts_of(profile, work, setting)


def _posts_of(profile: Profile, work: Work, setting: Setting) -> Iterator[Discoverable]:
    usual = usual_engagement(profile, setting.unknowns)
    to = discoverers(setting.scenario, setting.market, profile)
    for number, its in enumerate(work.assignments):
        ratio, delay = nonfollower_ratio(profile, number, setting.unknowns), setting.conditions.posts[its.post].delay
        if ratio > 0:
            yield Discoverable(its.post, its.key, profile.name, number + 1, ratio, usual, to, delay)


def discover(campaign: Campaign, law: Discovery, its: Discoverable) -> Process:
    """Review a post that just went out, hours later, again and again."""
    published, organic_before = campaign.now, 0
    for review, hours in enumerate(law.review_hours):
        yield Moment(campaign.env, published + round(hours * 3600), Turn.PLATFORM)
        counts = campaign.crowd.counts[its.post].tolist()
        organic = counts[IMPRESSIONS] - counts[DISCOVERY_IMPRESSIONS] - counts[PAID_IMPRESSIONS]
        usual = its.usual_engagement * campaign.crowd.attention(its.post)
        wanted = its.ratio * (organic - organic_before) * preference(law, counts[ENGAGEMENTS], usual)
        count = int(wanted + uniform(extend_key(its.key, "discovery", review)))
        organic_before = organic
        if count:
            shown = campaign.crowd.show(its.post, PLATFORM, count, campaign.now, its.to, its.delay)
            campaign.note("discovery", its.creator, its.number, shown)


def preference(law: Discovery, engagements: int, usual: float) -> float:
    """Give how many times as often as a usual post one is shown; both are numbers of engagements."""
    return float(min(((engagements + 1) / (usual + 1)) ** law.responsiveness, law.most))
