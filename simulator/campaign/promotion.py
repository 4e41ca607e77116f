"""Impressions that no follow leads to: what the platform adds to a post, and what money buys.

In: a running `Campaign` and what is known of each post. Out: strangers shown a post, and the cents spent on it.
Invariants: the platform's review at second t sees what happened up to t - 1, and how many impressions it adds has the
expected value that the formula gives, whatever it rounds to; money is spent in whole cents, as many impressions as it
pays for in all, and never more than its budget.

The platform looks at a post some hours after it went out. For each impression on followers and friends since it last
looked it adds `nonfollower_reach_ratio` impressions on strangers, more of them where the post engages more than usual:

    ratio x impressions since x min(((engagements + 1) / (usual + 1)) ** responsiveness, most)

where `usual` is what all impressions so far would lead to at the creator's rate. The 1 keeps a young post from the
extremes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator.campaign.operations import Campaign, Process
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import Discovery
from simulator.spread.conditions import (
    CLICKS,
    DISCOVERY_IMPRESSIONS,
    ENGAGEMENTS,
    IMPRESSIONS,
    ORDERS,
    PAID_IMPRESSIONS,
    Counts,
    Seconds,
    Strangers,
)
from simulator.spread.rules import PAID, PLATFORM
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
        usual_engagement: Engagements per impression of a post as usual.
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


def discover(campaign: Campaign, law: Discovery, its: Discoverable) -> Process:
    """Review a post that just went out, hours later, again and again."""
    published, organic_before = campaign.now, 0  # it begins in the second in which the post goes out
    for review, hours in enumerate(law.review_hours):
        yield campaign.env.timeout(published + round(hours * 3600) - campaign.now)
        counts = campaign.crowd.counts[its.post].tolist()
        organic = counts[IMPRESSIONS] - counts[DISCOVERY_IMPRESSIONS] - counts[PAID_IMPRESSIONS]
        usual = its.usual_engagement * counts[IMPRESSIONS]
        wanted = its.ratio * (organic - organic_before) * preference(law, counts[ENGAGEMENTS], usual)
        count = int(wanted + uniform(extend_key(its.key, "discovery", review)))
        organic_before = organic
        if count:
            campaign.crowd.show(its.post, PLATFORM, count, campaign.now, its.to, its.delay)
            campaign.note("discovery", its.creator, its.number, count)


def preference(law: Discovery, engagements: int, usual: float) -> float:
    """Give how many times as often as a usual post one is shown; both are numbers of engagements."""
    return float(min(((engagements + 1) / (usual + 1)) ** law.responsiveness, law.most))


@dataclass(frozen=True)
class Candidate:
    """A post on which money may be spent: index, creator and number of the post, from 1; None for ads."""

    post: int
    creator: str
    number: int | None


@dataclass
class Media:
    """What one purchase of impressions is, and what was spent on each post so far.

    Attributes:
        day: When it begins [days].
        days: Over how many days the money is spent.
        budget_cents: How much that is.
        cpm_cents: What a thousand impressions cost.
        to: Among whom viewers are picked.
        pause: Whether nothing is bought on a day that finds nothing to sell.
        spent_cents: By index of the post.
        bought: Impressions, by index of the post.
    """

    day: float
    days: int
    budget_cents: int
    cpm_cents: int
    to: Strangers
    pause: bool
    spent_cents: Counter[int] = field(default_factory=Counter)
    bought: Counter[int] = field(default_factory=Counter)


def advertise(campaign: Campaign, media: Media, choose: Callable[[], Sequence[Candidate]], delay: Seconds) -> Process:
    """Choose posts on the first day and buy impressions of them, day by day."""
    yield campaign.env.timeout(round(media.day * SECONDS_PER_DAY) - campaign.now)
    chosen = choose()
    for day in range(media.days if chosen else 0):
        cents = part(media.budget_cents, day, media.days)
        if media.pause and campaign.sold_out_since is not None:
            campaign.note("paused", value=cents / 100)
        else:
            for place, candidate in enumerate(chosen):
                _buy(campaign, media, candidate, part(cents, place, len(chosen)), delay)
        yield campaign.env.timeout(SECONDS_PER_DAY)


def part(amount: int, place: int, parts: int) -> int:
    """Give one of so many equal parts of a whole number; together they are the number.

    >>> [part(100, place, 3) for place in range(3)]
    [33, 33, 34]
    """
    return amount * (place + 1) // parts - amount * place // parts


def _buy(campaign: Campaign, media: Media, its: Candidate, cents: int, delay: Seconds) -> None:
    """Buy what a day's cents pay for; nothing for a post that is not out, or whose creator has a scandal."""
    is_out = its.number is None or its.post in campaign.published
    if not cents or not is_out or its.creator in campaign.disgraced:
        return
    media.spent_cents[its.post] += cents
    count = media.spent_cents[its.post] * 1000 // media.cpm_cents - media.bought[its.post]
    media.bought[its.post] += count
    campaign.crowd.show(its.post, PAID, count, campaign.now, media.to, delay)
    campaign.note("paid", its.creator, its.number, cents / 100)


def best(campaign: Campaign, candidates: Sequence[Candidate], by: str, top: int) -> list[Candidate]:
    """Choose the best posts so far among those that are out; of equals, the first in the order of posts."""
    out = [its for its in candidates if its.post in campaign.published and its.creator not in campaign.disgraced]
    score = _SCORES[by]
    counts = campaign.crowd.counts
    return sorted(out, key=lambda its: (-score(counts[its.post]), its.post))[:top]


def _engagement_rate(counts: Counts) -> float:
    return float(counts[ENGAGEMENTS]) / max(int(counts[IMPRESSIONS]), 1)


_SCORES: dict[str, Callable[[Counts], float]] = {
    "engagement": lambda counts: float(counts[ENGAGEMENTS]),
    "engagement_rate": _engagement_rate,
    "clicks": lambda counts: float(counts[CLICKS]),
    "orders": lambda counts: float(counts[ORDERS]),
}
