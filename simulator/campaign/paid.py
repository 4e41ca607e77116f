"""Impressions that money buys: boosts of creators' posts, and ads without creators.

In: a running `Campaign` and the terms of a purchase. Out: people shown a post, and the cents spent on it. Invariants:
money is spent in whole cents and never more than the budget; a post has as many impressions as all its cents pay for;
what is bought in a second t is chosen by what happened up to t - 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simulator.campaign.agenda import Moment, Turn
from simulator.campaign.content import OVER_A_DAY, targets, usual_engagement
from simulator.campaign.operations import Campaign, Process
from simulator.campaign.setting import Setting
from simulator.scenario.contract import to_cents
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import ADS, Ads, Boost
from simulator.spread.conditions import Counts, Strangers
from simulator.spread.rules import PAID
from simulator.spread.tally import CLICKS, ENGAGEMENTS, IMPRESSIONS, ORDERS

_NO_POST = -1  # the index of what does not exist


@dataclass(frozen=True)
class Candidate:
    """A post on which money may be spent.

    Attributes:
        post: Index into `Conditions.posts`.
        creator: Name of its creator, or of the ads.
        number: Of the post, from 1; None for ads, which need not go out.
        usual_engagement: Engagements per impression of a usual post of the creator.
    """

    post: int
    creator: str
    number: int | None
    usual_engagement: float


@dataclass(frozen=True)
class Media:
    """The terms of a purchase.

    Attributes:
        day: When it begins [days].
        days: Over how many days the money is spent.
        budget_cents: How much that is.
        cpm_cents: What a thousand impressions cost.
        to: Among whom viewers are picked.
        pause: Whether nothing is bought on a day that finds nothing to sell.
    """

    day: float
    days: int
    budget_cents: int
    cpm_cents: int
    to: Strangers
    pause: bool


class Purchase:
    """Media that a strategy buys while a campaign runs.

    Attributes:
        spent_cents: By index of the post, so far.
        bought: Impressions, by index of the post, so far.
    """

    def __init__(self, media: Media, candidates: Sequence[Candidate], by: str = "", top: int | None = None) -> None:
        """Prepare to buy impressions of all candidates or, where `top` is given, of so many of the best."""
        self.media, self.candidates, self.by, self.top = media, candidates, by, top
        self.spent_cents: Counter[int] = Counter()
        self.bought: Counter[int] = Counter()

    def process(self, campaign: Campaign) -> Process:
        """Choose posts on the first day and buy impressions of them, day by day."""
        first = round(self.media.day * SECONDS_PER_DAY)
        yield Moment(campaign.env, first, Turn.PAID)
        chosen = self.candidates if self.top is None else best(campaign, self.candidates, self.by, self.top)
        for day in range(self.media.days if chosen else 0):
            yield Moment(campaign.env, first + day * SECONDS_PER_DAY, Turn.PAID)
            self._buy_a_day(campaign, chosen, part(self.media.budget_cents, day, self.media.days))

    def _buy_a_day(self, campaign: Campaign, chosen: Sequence[Candidate], cents: int) -> None:
        if self.media.pause and campaign.sold_out_since is not None:
            campaign.note("paused", value=cents / 100)
            return
        for place, its in enumerate(chosen):
            self._buy(campaign, its, part(cents, place, len(chosen)))

    def _buy(self, campaign: Campaign, its: Candidate, cents: int) -> None:
        """Buy what a day's cents pay for; nothing for a post that is not out, or whose creator has a scandal."""
        is_out = its.number is None or its.post in campaign.published
        if not cents or not is_out or its.creator in campaign.disgraced:
            return
        self.spent_cents[its.post] += cents
        count = self.spent_cents[its.post] * 1000 // self.media.cpm_cents - self.bought[its.post]
        self.bought[its.post] += count
        campaign.crowd.show(its.post, PAID, count, campaign.now, self.media.to, OVER_A_DAY)
        campaign.note("paid", its.creator, its.number, cents / 100)


def part(amount: int, place: int, parts: int) -> int:
    """Give one of so many equal parts of a whole number; together they are the number.

    >>> [part(100, place, 3) for place in range(3)]
    [33, 33, 34]
    """
    return amount * (place + 1) // parts - amount * place // parts


def best(campaign: Campaign, candidates: Sequence[Candidate], by: str, top: int) -> list[Candidate]:
    """Choose the best posts so far among those that are out; of equals, the first in the order of posts."""
    out = [its for its in candidates if its.post in campaign.published and its.creator not in campaign.disgraced]
    score, counts = SCORES[by], campaign.crowd.counts
    return sorted(out, key=lambda its: (-score(its, counts[its.post]), its.post))[:top]


def _engagement_rate(its: Candidate, counts: Counts) -> float:
    """Give engagements per impression, as if one more had come at the usual rate: a young post is no hit yet."""
    if its.usual_engagement == 0:
        return 0.0
    return (int(counts[ENGAGEMENTS]) + 1) / (int(counts[IMPRESSIONS]) + 1 / its.usual_engagement)


# What makes a post one of the best, by `Boost.by`.
SCORES: dict[str, Callable[[Candidate, Counts], float]] = {
    "engagement": lambda _, counts: float(counts[ENGAGEMENTS]),
    "engagement_rate": _engagement_rate,
    "clicks": lambda _, counts: float(counts[CLICKS]),
    "orders": lambda _, counts: float(counts[ORDERS]),
}


def purchases_of(setting: Setting) -> Iterator[Purchase]:
    """Give what a strategy buys; the price of boosts is one unknown, `boost.cpm`, the same for all strategies."""
    scenario, plan = setting.scenario, setting.plan
    boost, ads = scenario.strategies[plan.strategy].boost, scenario.ads
    if boost is not None:
        media = _media(setting, boost, "boost.cpm", boost.cpm, plan.boost_cents)
        candidates = list(_candidates(setting)) if boost.top else _named_posts(setting, boost)
        yield Purchase(media, candidates, boost.by, boost.top)
    if ads is not None and ADS in plan.rows:
        media = _media(setting, ads, "ads.cpm", ads.cpm, plan.ads_cents)
        post = next(i for i, post in enumerate(setting.conditions.posts) if post.creator == plan.rows.index(ADS))
        yield Purchase(media, [Candidate(post, ADS, None, 0.0)])


def _media(setting: Setting, its: Boost | Ads, path: str, cpm: Quantity, budget_cents: int) -> Media:
    stock = setting.scenario.stock
    return Media(
        its.day,
        its.days,
        budget_cents,
        max(to_cents(setting.unknowns.value(path, cpm)), 1),
        targets(setting.scenario, setting.market, its.niche),
        stock is not None and stock.pause_paid,
    )


def _candidates(setting: Setting) -> Iterator[Candidate]:
    for profile, work in zip(setting.plan.profiles, setting.team, strict=True):
        usual = usual_engagement(profile, setting.unknowns)
        for number, its in enumerate(work.assignments):
            yield Candidate(its.post, work.name, number + 1, usual)


def _named_posts(setting: Setting, boost: Boost) -> list[Candidate]:
    """Give the posts that a boost names; that of a creator left out keeps its part of the money and never goes out."""
    left_out = [
        Candidate(_NO_POST, profile.name, number + 1, 0.0)
        for profile in setting.plan.left_out
        for number in range(profile.account.post_count)
    ]
    named = [its for its in (*_candidates(setting), *left_out) if boost.posts.get(its.creator) == its.number]
    return sorted(named, key=lambda its: its.creator)
