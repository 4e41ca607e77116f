"""Ways to spend the budget, and the operations that all of them share: approval, discovery, stock, ads.

In: the tables `[strategies.NAME]`, `[approval]`, `[discovery]`, `[stock]` and `[ads]`. Out: frozen sections.
Invariant: a section that is not written does nothing.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from simulator.scenario.quantity import PLAIN, Least, Quantity, Share, amount_but
from simulator.scenario.section import (
    LIST,
    NO_SHARE,
    PERCENT,
    Days,
    Delay,
    Exponential,
    Hours,
    Name,
    Section,
    SomeDays,
    Weekday,
    WholeDays,
    about,
)

MOST_WAVES = 100_000
ADS: Final = "ads"  # the section, and its name in a split and in the books


def _waves(given: object) -> int | str:
    if given == "pools" or (isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= MOST_WAVES):
        return given
    raise ValueError(f'must be a whole number from 1 to {MOST_WAVES:,}, or "pools"')


def _from_to(hours: tuple[float, ...]) -> tuple[float, ...]:
    if len(hours) != 2 or hours[0] >= hours[1]:
        raise ValueError("must be two hours from 0 to 24, the earlier one first")
    return hours


def _rising(hours: tuple[float, ...]) -> tuple[float, ...]:
    if list(hours) != sorted(set(hours)):
        raise ValueError("must be in rising order")
    return hours


Cpm = Annotated[
    Quantity,
    amount_but(Least(0, "must be above 0: impressions that cost nothing could be bought without end", included=False)),
    PLAIN,
]


class Stagger(Section):
    """Creators of a strategy who begin one after the other, in groups."""

    waves: Annotated[
        Annotated[int, Field(ge=1, le=MOST_WAVES)] | Literal["pools"],
        BeforeValidator(_waves),
        about('the number of groups that begin one after the other, or "pools" for one group per pool', "3", "groups"),
    ]
    every_days: Annotated[
        SomeDays, about("how much later each group begins than the one before [days]", "7", "days between groups")
    ]
    by: Annotated[
        Literal["name", "small_first", "big_first"],
        about(
            "the order in which creators begin, by name or by advertised followers",
            '"small_first"',
            "none",
            cite="assumed: by name",
        ),
    ] = "name"


class Boost(Section):
    """Money for impressions of creators' posts, bought day by day."""

    top: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None,
        about("how many of the best posts so far are boosted", "3", "posts"),
    ] = None
    by: Annotated[
        Literal["engagement", "engagement_rate", "clicks", "orders"],
        about(
            "what makes a post one of the best: so many so far, or engagements per impression",
            '"engagement"',
            "none",
            cite="assumed",
        ),
    ] = "engagement"
    posts: Annotated[
        dict[Name, Annotated[int, Field(ge=1, le=1000)]],
        about(
            "the table of posts that are boosted instead: creator and number of the post",
            "{ anna = 1 }",
            "number of the post",
        ),
    ] = {}
    day: Annotated[Days, about("the day on which posts are chosen and the boost begins", "3", "days after the start")]
    days: Annotated[WholeDays, about("over how many days the money is spent", "7", "days", cite="assumed: a week")] = 7
    budget: Annotated[float, Field(gt=0, le=1e15), about("how much is spent on it, in money", "5_000", "money")]
    cpm: Annotated[Cpm, about("what a thousand paid impressions cost, in money", "8", "money per 1,000 impressions")]
    niche: Annotated[
        Name | None, about("the niche whose people are shown the posts (all people without it)", '"beauty"', "none")
    ] = None


class Strategy(Section):
    """A way to spend the budget."""

    creators: Annotated[
        tuple[str, ...], LIST, about("the list of creators it hires, by handle", '["anna", "ben"]', "none")
    ] = ()
    split: Annotated[
        dict[str, Annotated[float, PERCENT, Field(gt=0, le=1)]],
        about(
            "the share of the budget that each pool, or ads, gets",
            "{ micro = 0.7, ads = 0.3 }",
            "of the budget left after creators and boost",
        ),
    ] = {}
    boost: Annotated[
        Boost | None,
        about(
            "the paid impressions of creators' posts, taken from the budget first",
            "{ top = 3, day = 3, budget = 5_000, cpm = 8 }",
        ),
    ] = None
    stagger: Annotated[
        Stagger | None,
        about("the plan by which creators begin in groups, one after the other", "{ waves = 3, every_days = 7 }"),
    ] = None

    def boosts(self, creator: str) -> bool:
        """Say whether it may boost posts of a creator it hires, given by name: of any, or of those its boost names."""
        return self.boost is not None and (self.boost.top is not None or creator in self.boost.posts)


class Approval(Section):
    """Content is submitted, waits for a reviewer and may be sent back before it goes out."""

    reviewers: Annotated[int, Field(ge=1, le=10_000), about("how many people review content", "2", "persons")]
    submit_days_before: Annotated[
        Days, about("how long before its planned time a post is submitted [days]", "3", "days")
    ] = 0.0
    review_hours: Annotated[
        Delay,
        about(
            "how much working time a review takes",
            '{ dist = "lognormal", median_hours = 1.5, sigma = 0.8 }',
            "working hours",
        ),
    ]
    send_back_probability: Annotated[
        Share, about("the chance that a review sends a post back for another round", '"10% to 30%"', "of reviews")
    ] = NO_SHARE
    rework_hours: Annotated[
        Delay,
        about(
            "how long a creator takes to submit it again",
            '{ dist = "exponential", mean_hours = 24.0 }',
            "hours",
            cite="assumed: a day on average",
        ),
    ] = Exponential(dist="exponential", mean_hours=24.0)
    working_hours: Annotated[
        tuple[Annotated[float, Field(ge=0, le=24)], ...],
        LIST,
        AfterValidator(_from_to),
        about(
            "the list of the hours of the day at which reviewers begin and stop",
            "[9, 17]",
            "hours of the day",
            cite="assumed: office hours",
        ),
    ] = (9.0, 17.0)
    working_days: Annotated[
        tuple[Weekday, ...],
        LIST,
        Field(min_length=1),
        about(
            "the list of weekdays on which they work",
            '["mon", "tue", "wed"]',
            "weekdays",
            cite="assumed: an office's week",
        ),
    ] = ("mon", "tue", "wed", "thu", "fri")


class Discovery(Section):
    """How the platform decides to show a post to strangers; how many is each account's `nonfollower_reach_ratio`."""

    review_hours: Annotated[
        tuple[Hours, ...],
        LIST,
        Field(min_length=1),
        AfterValidator(_rising),
        about(
            "the list of hours after which the platform looks at a post",
            "[1, 6, 24, 72]",
            "hours after the post",
            cite="assumed: no platform tells; up to 30 days, for what comes after the last look brings no strangers",
        ),
    ] = (1.0, 6.0, 24.0, 72.0, 168.0, 336.0, 720.0)
    responsiveness: Annotated[
        float,
        Field(ge=0, le=10),
        about(
            "how strongly a post that engages more than usual is preferred (0: not)",
            "1",
            "exponent",
            cite="assumed: in proportion to engagement",
        ),
    ] = 1.0
    most: Annotated[
        float,
        Field(ge=1, le=1000),
        about(
            "how many times as often as a usual post one is shown at most", "5", "times a usual post", cite="assumed"
        ),
    ] = 5.0


class Stock(Section):
    """How much the campaign has to sell; what would be sold without it is no part of this."""

    units: Annotated[
        int,
        Field(ge=0, le=10**9),
        about("how many units are set aside for the orders that come through the campaign", "500", "units"),
    ]
    restock_units: Annotated[
        int, Field(ge=0, le=10**9), about("how many more are ordered when they are gone", "300", "units")
    ] = 0
    restock_after_days: Annotated[Days, about("how long after that they arrive [days]", "7", "days")] = 0.0
    pause_paid: Annotated[
        bool,
        about(
            "whether paid impressions are paused while there is nothing to sell",
            "true",
            "yes or no",
            cite="assumed: nobody advertises what is sold out",
        ),
    ] = True


class Ads(Section):
    """Paid impressions that no creator is part of: what the share `ads` of a split buys."""

    cpm: Annotated[Cpm, about("what a thousand paid impressions cost, in money", "8", "money per 1,000 impressions")]
    niche: Annotated[
        Name | None, about("the niche whose people see the ads (all people without it)", '"beauty"', "none")
    ] = None
    day: Annotated[
        Days, about("the day on which the ads begin, counted from 0 at the start", "3", "days after the start")
    ] = 0.0
    days: Annotated[WholeDays, about("over how many days the money is spent", "7", "days", cite="assumed: a week")] = 7
    engagement_per_impression: Annotated[
        Share, about("the chance that an impression is liked or commented", '"0.5% to 2%"', "of impressions")
    ] = NO_SHARE
    share_per_impression: Annotated[
        Share, about("the chance that an impression is shared", "0.001", "of impressions")
    ] = NO_SHARE
    click_per_impression: Annotated[
        Share, about("the chance that an impression is clicked", '"0.5% to 1.5%"', "of impressions")
    ]
    order_per_click: Annotated[Share, about("the chance that a click ends in an order", '"1% to 2%"', "of clicks")]
    goodwill_per_impression: Annotated[
        Share,
        about(
            "what an impression adds to the chance of an order after a click or at an occasion",
            "0.0005",
            "added to the chance of an order, per impression",
        ),
    ] = NO_SHARE
