"""Creators and pools of them: rates, plan of posts and what may go wrong.

In: the tables `[[creators]]` and `[pools.NAME]`. Out: frozen accounts. Invariant: a creator and a pool have the same
keys but for who they are, so one may be replaced by the other. What a rate may be is in `rates.py`,
what the contract costs in `terms.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from simulator.scenario.grammar import MOST
from simulator.scenario.quantity import Amount, HardRange, Quantity, Share
from simulator.scenario.rates import Rate, RateLaw
from simulator.scenario.section import (
    CERTAIN,
    LIST,
    NO_AMOUNT,
    NO_SHARE,
    UNCHANGED,
    Days,
    Delay,
    Factor,
    Name,
    PathName,
    Section,
    ShareBelowOne,
    SomeDays,
    Weekday,
    about,
    at_most,
)
from simulator.scenario.terms import PoolFee, Terms

# Where an account may post, and sizes of account; what is published of each stands in presets/.
PlatformName = Literal["instagram", "tiktok", "youtube", "x"]
PLATFORMS: tuple[PlatformName, ...] = get_args(PlatformName)
TierName = Literal["nano", "micro", "mid", "macro", "mega", "celebrity"]
TIERS: tuple[TierName, ...] = get_args(TierName)
_ROUNDING = 1e-12
MOST_FOLLOWERS = int(MOST["hard_range"])  # of one account
MOST_STRANGERS = 100  # for each other impression
# From a follower to an order.
RATES_TO_ORDER = (
    "reach_per_follower",
    "engagement_per_impression",
    "share_per_impression",
    "click_per_impression",
    "order_per_click",
)
# The keys of an account that may be laws of followers.
RATES = (*RATES_TO_ORDER, "goodwill_per_impression")


StrangersRatio = Annotated[Amount, at_most(MOST_STRANGERS, ": then 99 of 100 impressions are on strangers")]


class Format(Section):
    """A kind of post, such as a story or a video: what differs from the account's own values."""

    reach_per_follower: Annotated[
        Rate | None,
        about(
            "the share of the advertised followers who see a post of this format",
            '"4% to 9%"',
            "of advertised followers",
        ),
    ] = None
    delay: Annotated[
        Delay | None,
        about("how long a post of this format takes to be seen", '{ dist = "exponential", mean_hours = 8.0 }', "hours"),
    ] = None
    nonfollower_reach_ratio: Annotated[
        StrangersRatio | None,
        about(
            "how many impressions on strangers a usual post of this format gets for each other one",
            '"1 to 2"',
            "ratio: impressions on strangers per other impression",
        ),
    ] = None


class Scandal(Section):
    """What may become public about a creator, and what follows."""

    probability_per_day: Annotated[
        Share,
        about(
            "the chance that a creator without a scandal so far has one within a day",
            "0.002",
            "of creators without a scandal so far, per day",
        ),
    ]
    trust_left: Annotated[
        Share,
        about(
            "the share that is left afterwards of clicks per impression, and again of orders per click (of orders, the "
            "square of it)",
            '"10% to 40%"',
            "of clicks per impression and of orders per click",
        ),
    ] = CERTAIN
    goodwill_left: Annotated[
        Share,
        about(
            "the share that is left of the goodwill of everybody who saw a post of the creator", "0.3", "of goodwill"
        ),
    ] = CERTAIN
    refund_of_fee: Annotated[Share, about("the share of the fee that is paid back", "0.5", "of the fee")] = NO_SHARE


class Account(Section):
    """What a single creator and a pool of creators have in common: rates, delay and plan."""

    platform: Annotated[
        PlatformName | None,
        about("the platform of the posts, whose published figures fill in what is left out", '"tiktok"', "none"),
    ] = None
    niche: Annotated[Name | None, about("the niche whose people follow the creator most", '"beauty"', "none")] = None
    post_days: Annotated[
        Annotated[tuple[Days, ...], LIST, Field(min_length=1)] | None,
        about(
            "the list of days on which posts go out, counted from 0 at the start", "[0, 3, 7]", "days after the start"
        ),
    ] = None
    posts: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None,
        about("how many posts go out at regular intervals (instead of post_days)", "3", "posts per creator"),
    ] = None
    first_day: Annotated[
        Days, about("the day of the first of these posts, counted from 0 at the start", "0.75", "days after the start")
    ] = 0.0
    every_days: Annotated[
        SomeDays,
        about(
            "how long after a post the next one goes out [days]",
            "2",
            "days between posts",
            cite="assumed: a post a day",
        ),
    ] = 1.0
    weekdays: Annotated[
        tuple[Weekday, ...],
        LIST,
        about(
            "the list of weekdays on which posts may be planned; another day's post waits", '["tue", "thu"]', "weekdays"
        ),
    ] = ()
    post_jitter_hours: Annotated[
        float,
        Field(ge=0, le=24 * 60),
        about("by how much a post may go out later than planned [hours]", "12.0", "hours, at most"),
    ] = 0.0
    formats: Annotated[
        dict[PathName, Format],
        about("the table of formats of posts", '{ story = { reach_per_follower = "4% to 9%" } }'),
    ] = {}
    post_formats: Annotated[
        tuple[PathName, ...],
        LIST,
        about(
            "the list of the posts' formats in turn, from the first again after the last", '["feed", "story"]', "none"
        ),
    ] = ()
    reach_per_follower: Annotated[
        Rate, about("the share of the advertised followers who see a post", '"12% to 25%"', "of advertised followers")
    ]
    engagement_per_impression: Annotated[
        Rate, about("the chance that an impression is liked or commented", '"8% to 16%"', "of impressions")
    ]
    share_per_impression: Annotated[
        Rate, about("the chance that an impression is shared", '"0.3% to 0.6%"', "of impressions")
    ]
    click_per_impression: Annotated[
        Rate, about("the chance that an impression is clicked", '"1.2% to 2.7%"', "of impressions")
    ]
    order_per_click: Annotated[Rate, about("the chance that a click ends in an order", '"1.5% to 3.2%"', "of clicks")]
    goodwill_per_impression: Annotated[
        Rate,
        about(
            "what an impression adds to the chance of an order after a click or at an occasion of one's own",
            '"0.05% to 0.2%"',
            "added to the chance of an order, per impression",
        ),
    ] = NO_SHARE
    delay: Annotated[
        Delay,
        about(
            "how long a post takes to be seen by followers",
            '{ dist = "lognormal", median_hours = 6.0, sigma = 1.4 }',
            "hours",
        ),
    ]
    nonfollower_reach_ratio: Annotated[
        StrangersRatio,
        about(
            "how many impressions on strangers the platform adds to each other one of a usual post",
            '"0.1 to 0.4"',
            "ratio: impressions on strangers per other impression",
        ),
    ] = NO_AMOUNT
    trust: Annotated[
        Factor,
        about(
            "by what clicks, orders per click and goodwill are multiplied because of who says it",
            '"0.8 to 1.3"',
            "times",
        ),
    ] = UNCHANGED
    disclosure: Annotated[
        Factor, about("by what engagement is multiplied because posts are marked as ads", '"0.8 to 1.05"', "times")
    ] = UNCHANGED
    quality_spread: Annotated[
        float,
        Field(ge=0, le=2),
        about(
            "how much the quality of posts differs: the standard deviation of its logarithm",
            "0.5",
            "standard deviation of the logarithm",
        ),
    ] = 0.0
    fake_share: Annotated[
        ShareBelowOne,
        about("the share of the advertised followers who are fake or inactive", "0.25", "of advertised followers"),
    ] = 0.0
    outside_share: Annotated[
        ShareBelowOne,
        about("the share of the advertised followers who live outside the market", "0.3", "of advertised followers"),
    ] = 0.0
    management_cost: Annotated[
        Amount, about("what it costs to find, brief and manage one creator, in money", "250", "money per creator")
    ] = NO_AMOUNT
    completion_probability: Annotated[
        Share,
        about("the chance that a creator delivers all posts, not just the first few", '"85% to 95%"', "of creators"),
    ] = CERTAIN
    scandal: Annotated[
        Scandal | None, about("the chance of a scandal and what follows from it", "{ probability_per_day = 0.002 }")
    ] = None
    terms: Annotated[Terms, about("what the contract costs beside the fee", "{ agency_commission_of_fee = 0.15 }")] = (
        Terms()
    )

    @property
    def post_count(self) -> int:
        """Give how many posts each creator publishes."""
        return (self.posts or 0) if self.post_days is None else len(self.post_days)

    def format_of(self, number: int) -> str | None:
        """Give the name of the format of a post, counted from 0; None where posts have the account's own values."""
        return self.post_formats[number % len(self.post_formats)] if self.post_formats else None

    @property
    def rates(self) -> dict[tuple[str, ...], RateLaw | Quantity]:
        """Give every rate that may be a law of followers, by where it stands in the account."""
        rates: dict[tuple[str, ...], RateLaw | Quantity] = {(key,): getattr(self, key) for key in RATES}
        for name, its in self.formats.items():
            if its.reach_per_follower is not None:
                rates["formats", name, "reach_per_follower"] = its.reach_per_follower
        return rates

    @property
    def has_laws(self) -> bool:
        """Say whether a rate depends on the creator's followers."""
        return any(not isinstance(rate, Quantity) for rate in self.rates.values())

    @property
    def can_be_discovered(self) -> bool:
        """Say whether the platform may show posts to strangers."""
        ratios = [self.nonfollower_reach_ratio, *(its.nonfollower_reach_ratio for its in self.formats.values())]
        return any(ratio is not None and ratio.bounds[1] > 0 for ratio in ratios)

    @property
    def real_share(self) -> float:
        """Give the share of the advertised followers who are real, in the market or outside."""
        return 1.0 - self.fake_share

    @property
    def market_share(self) -> float:
        """Give the share of the advertised followers who are real people of the market."""
        return 1.0 - self.fake_share - self.outside_share

    @property
    def shares_fit(self) -> bool:
        """Say whether fake followers and those outside the market are at most all, but for the rounding of floats."""
        return self.market_share >= -_ROUNDING

    def can_reach(self, share: float) -> bool:
        """Say whether so many of the advertised followers can be reached: without fake ones any, else the real."""
        return self.fake_share == 0 or share <= self.real_share + _ROUNDING

    def audience_size(self, followers: float) -> int:
        """Give how many people of the market follow an account that shows so many followers [persons]."""
        return int(followers * self.market_share + 0.5)


def planned_posts(account: Mapping[str, Any]) -> int:
    """Give how many posts raw values plan; 1 where they cannot be used, which is refused elsewhere."""
    days = account.get("post_days")
    count = len(days) if isinstance(days, list | tuple) else account.get("posts")
    return count if isinstance(count, int) and count > 0 else 1


class Creator(Account):
    """One account, known by name."""

    handle: Annotated[Name, about("the name of the creator", '"anna"', "none")]
    followers: Annotated[
        Annotated[int, Field(ge=0, le=MOST_FOLLOWERS)] | None,
        about("how many followers the account shows", "50_000", "advertised followers"),
    ] = None
    fee: Annotated[
        Amount,
        about("what the creator is paid for all posts together, in money", "900", "money per creator, all posts"),
    ]

    @property
    def fewest_and_most(self) -> tuple[float, float] | None:
        """Give between how many followers the account shows; None where a graph file says who follows."""
        return None if self.followers is None else (float(self.followers), float(self.followers))


class Pool(Account):
    """Accounts of one sort, of which a strategy hires as many as it can pay."""

    tier: Annotated[
        TierName | None,
        about(
            "the size of the accounts, which fills in followers and fake_share where they are left out",
            '"micro"',
            "none",
        ),
    ] = None
    count: Annotated[int, Field(ge=1, le=100_000), about("how many creators can be hired", "60", "creators")]
    followers: Annotated[
        HardRange, about("how many followers an account shows", '"10_000 to 100_000"', "advertised followers")
    ]
    fee: Annotated[
        PoolFee,
        about(
            "what a creator is paid for all posts together, in money", '"100 to 2_000"', "money per creator, all posts"
        ),
    ]

    @property
    def fewest_and_most(self) -> tuple[float, float]:
        """Give between how many followers an account of the pool shows."""
        return self.followers.bounds

    @property
    def mean_followers(self) -> float:
        """Give about how many followers an account of the pool shows on average."""
        return sum(self.followers.bounds) / 2

    @property
    def audience_bound(self) -> int:
        """Give how many followers a creator of the pool has among the people of the market at most [persons]."""
        return self.audience_size(self.fewest_and_most[1])

    @property
    def places(self) -> Mapping[str, int]:
        """Give the place of each creator, counted from 1, by what stands behind the pool's name in its own."""
        return {str(place): place for place in range(1, self.count + 1)}
