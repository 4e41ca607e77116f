"""What a scenario says: typed, frozen, every key with its unit or denominator.

In: the nested values of one TOML file. Out: a `Scenario`.
Invariants: a value here is the value used. Defaults are neutral: every multiplier, fake share, outside share, spread
and jitter is off unless its key is given (`niche_affinity` acts only on creators whose `niche` is). Each key says
what it is and how it may be written; messages quote that.

Creators and pools are in `account.py`, strategies and operations in `strategy.py`, the types that keys share in
`section.py`. What concerns one key is checked in these; what concerns several at once is in `checks.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, ValidationError

from simulator.errors import ScenarioError
from simulator.scenario.account import Creator, PlatformName, Pool
from simulator.scenario.correlation import Correlation, checked_pair, correlation_of
from simulator.scenario.overlap import OverlapTable, Target, targets_of
from simulator.scenario.quantity import PLAIN, Amount, Least, Quantity, Share, amount_but
from simulator.scenario.section import (
    DATE,
    LIST,
    MOST_DAYS,
    NO_AMOUNT,
    NO_SHARE,
    PERCENT,
    SECONDS_PER_DAY,
    UNCHANGED,
    WEEKDAYS,
    Constant,
    Delay,
    Exponential,
    Factor,
    Name,
    PathName,
    PlainShare,
    Section,
    ShareBelowOne,
    SomeDays,
    UnknownDays,
    about,
    at_most,
    not_blank,
    one_line,
)
from simulator.scenario.strategy import ADS, Ads, Approval, Discovery, Stock, Strategy

MOST_REPLICATIONS = 1_000_000
MOST_REPEATED = 0.95  # then an order is followed by 19 others on average
# What may fill the blanks of creators and pools; each is a file of presets/.
EvidenceName = Literal["industry", "beichert2024", "wies2023", "tian2024", "barari2025"]
EVIDENCE: tuple[EvidenceName, ...] = get_args(EvidenceName)
DEFAULT_NICHES = {
    "fashion": 0.22,
    "beauty": 0.18,
    "food": 0.15,
    "fitness": 0.13,
    "travel": 0.11,
    "gaming": 0.09,
    "tech": 0.07,
    "parenting": 0.05,
}


class SyntheticPeople(Section):
    """People and who follows whom, drawn from a few numbers."""

    count: Annotated[
        int, Field(ge=1, le=2**31 - 2), about("the number of people in the market (or give a graph_file)", "200_000")
    ]
    activity_spread: Annotated[
        ShareBelowOne, about("how much people differ in how much of their feed they see (0: not at all)", "0.3")
    ] = 0.0
    niches: Annotated[
        dict[Name, Annotated[float, PERCENT, Field(gt=0, le=1e6)]],
        Field(min_length=1, max_length=255),
        about("the table of niches and their relative sizes", "{ beauty = 0.4, food = 0.6 }"),
    ] = DEFAULT_NICHES
    niche_affinity: Annotated[
        float, Field(ge=1, le=1e6), about("how many times likelier people follow creators of their own niche", "8.0")
    ] = 8.0
    followings_per_person: Annotated[
        float, Field(ge=0, le=1000), about("how many people of the market a person follows on average", "25.0")
    ] = 25.0
    followings_within_niche: Annotated[
        PlainShare, about("the share of these that lie in the person's own niche", "0.6")
    ] = 0.6
    follow_back_probability: Annotated[PlainShare, about("the chance that a follow is returned", "0.5")] = 0.5
    follower_exponent: Annotated[
        float, Field(gt=2, le=5), about("the exponent of how unequal numbers of followers are (less: more)", "2.15")
    ] = 2.15
    following_exponent: Annotated[
        float, Field(gt=1.5, le=5), about("the exponent of how unequal numbers of followings are", "2.0")
    ] = 2.0

    def niche_index(self, name: str) -> int:
        """Give the number of a niche, counted from 0 in the order of `niches`; markets know niches by it."""
        return list(self.niches).index(name)


class PeopleFromFile(Section):
    """People and who follows whom, from an edge list."""

    graph_file: Annotated[
        Annotated[str, Field(max_length=1000), AfterValidator(one_line), AfterValidator(not_blank)],
        about("the file that says who follows whom, relative to the scenario", '"edges.csv"'),
    ]
    activity_spread: Annotated[
        ShareBelowOne, about("how much people differ in how much of their feed they see (0: not at all)", "0.3")
    ] = 0.0


# No key begins with "#", so a tag in the path of an error cannot be taken for a key.
def _which_people(given: Any) -> str:
    from_file = isinstance(given, PeopleFromFile) or (isinstance(given, dict) and "graph_file" in given)
    return "#file" if from_file else "#synthetic"


People = Annotated[
    Annotated[PeopleFromFile, Tag("#file")] | Annotated[SyntheticPeople, Tag("#synthetic")],
    Discriminator(_which_people),
]


class Behaviour(Section):
    """What people do with what friends show them."""

    reach_per_peer: Annotated[Share, about("the chance that a follower sees what a friend shares", '"8% to 15%"')] = (
        NO_SHARE
    )
    peer_delay: Annotated[
        Delay, about("how long a share takes to be seen", '{ dist = "exponential", mean_hours = 4.0 }')
    ] = Exponential(dist="exponential", mean_hours=4.0)
    fatigue: Annotated[
        Amount, about("how fast repetition wears out: the k-th impression counts k ** -fatigue", "0.43")
    ] = NO_AMOUNT
    response_by_frequency: Annotated[
        tuple[Annotated[float, Field(ge=0, lt=2)], ...],
        LIST,
        Field(max_length=1000),
        about(
            "the list of what the 1st, 2nd, ... impression counts; the last holds for all later ones",
            "[0.7, 1.0, 1.0, 0.8]",
        ),
    ] = ()
    share_by_friends: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        LIST,
        Field(max_length=1000),
        about(
            "the list of by what the chance to share is multiplied once 1, 2, ... different friends have shown the "
            "post; the last holds for more",
            "[1.0, 2.5, 4.5]",
        ),
    ] = ()
    share_per_order: Annotated[Share, about("the chance that somebody who orders shares the post then", "0.05")] = (
        NO_SHARE
    )
    comments_of_engagements: Annotated[
        PlainShare, about("the share of engagements that are comments (all others are likes or saves)", "0.04")
    ] = 0.0
    saves_of_engagements: Annotated[
        PlainShare, about("the share of engagements that save the post for later", "0.1")
    ] = 0.0
    most_reproduction: Annotated[
        Annotated[float, Field(gt=0, lt=1)] | None,
        about("the most shares that one share of a post may cause on average (livelier posts are shared less)", "0.9"),
    ] = None


def _hour_or_more(delay: Any) -> Any:
    if isinstance(delay, Constant) and delay.hours < 1:
        raise ValueError("a constant delay must be at least 1 hour here: a customer orders once an hour at most")
    return delay


class Repeat(Section):
    """Customers who order again, on their own."""

    probability: Annotated[
        Share,
        at_most(MOST_REPEATED, "; at 1 a customer would never stop"),
        about("the chance that an order is followed by another", '"20% to 35%"'),
    ]
    delay: Annotated[
        Delay,
        AfterValidator(_hour_or_more),
        about(
            "how long after an order the next one comes (at least an hour; what is shorter counts as one)",
            '{ dist = "exponential", mean_hours = 1000.0 }',
        ),
    ]


class Brand(Section):
    """How goodwill lasts and works; what an impression leaves stands at creators and pools.

    Sources:
        Nerlove, Arrow (1962), Optimal advertising policy under dynamic conditions, Economica 29(114).
    """

    half_life_days: Annotated[
        UnknownDays, about("in how many days goodwill halves when nothing adds to it", '"30 to 90"')
    ]
    occasion_every_days: Annotated[
        Annotated[float, Field(ge=1, le=MOST_DAYS)],
        about("how often a person has an occasion to buy such a product, without any post [days]", "30"),
    ]
    order_per_occasion: Annotated[
        Share, about("the chance of an order at an occasion without the campaign", "0.002")
    ] = NO_SHARE
    most_goodwill: Annotated[PlainShare, about("the most that goodwill can add to the chance of an order", "0.05")] = (
        1.0
    )


class Product(Section):
    """What an order is worth."""

    niche: Annotated[
        Name | None, about("the niche whose people are to be reached (all people without it)", '"beauty"')
    ] = None
    niche_fit: Annotated[
        Factor,
        about(
            "by what clicks, orders per click and goodwill are multiplied where creator and product share the niche",
            "1.3",
        ),
    ] = UNCHANGED
    viewer_fit: Annotated[
        Factor,
        about("by what clicks and orders per click are multiplied where the viewer is of the product's niche", "1.5"),
    ] = UNCHANGED
    order_value: Annotated[Amount, about("the value of one order, in money", "85.0")]
    margin: Annotated[Share, about("the share of an order's value that is left after its costs", "0.5")]
    baseline_order_probability: Annotated[Share, about("the chance that a person would have bought anyway", "0.01")] = (
        NO_SHARE
    )
    baseline_niche_factor: Annotated[
        Factor,
        about("by what the chance to have bought anyway is multiplied for people of the product's niche", "4"),
    ] = UNCHANGED
    return_probability: Annotated[
        Share, about("the chance that an order is returned, which leaves nothing of it", '"10% to 20%"')
    ] = NO_SHARE
    purchase_lag: Annotated[
        Delay | None,
        about(
            "how long after the click an order comes (at once without it)",
            '{ dist = "lognormal", median_hours = 1.0, sigma = 3.0 }',
        ),
    ] = None
    repeat_orders: Annotated[
        Repeat | None,
        about(
            "the orders that follow a customer's first one",
            '{ probability = 0.3, delay = { dist = "exponential", mean_hours = 1000.0 } }',
        ),
    ] = None
    untracked_multiplier: Annotated[
        Quantity,
        amount_but(Least(1, "must be 1 or more: every order that is tracked is one order")),
        PLAIN,
        about("how many orders there are for each one that is tracked (1: all are tracked)", '"1.5 to 3"'),
    ] = Quantity("amount", "fixed", (1.0,))
    earned_media_cpm: Annotated[
        float | None, Field(ge=0, le=1e9), about("what a thousand impressions would cost as paid ads, in money", "10")
    ] = None


class Scenario(Section):
    """One TOML file, read and checked."""

    extends: Annotated[
        str | None, about("the scenario that this one changes, relative to it", '"base.toml"'), Field(exclude=True)
    ] = None
    remove: Annotated[
        tuple[str, ...],
        LIST,
        about("the list of keys of that scenario that this one does without", '["strategies.celebrity"]'),
        Field(exclude=True),
    ] = ()
    name: Annotated[PathName, about("the name of the scenario and of its result folder", '"spring-launch"')]
    title: Annotated[
        str, Field(max_length=200), AfterValidator(one_line), about("the question, in words", '"Many or one?"')
    ] = ""
    currency: Annotated[
        str,
        Field(max_length=5),
        AfterValidator(one_line),
        AfterValidator(not_blank),
        about("the sign of the money", '"$"'),
    ] = "$"
    seed: Annotated[int, Field(ge=0, le=2**63 - 1), about("the number that makes the randomness", "7")] = 1
    horizon_days: Annotated[SomeDays, about("how long the campaign is watched [days]", "21")]
    start_date: Annotated[
        Annotated[str, DATE] | None,
        about("the date of day 0, which is a Monday where no date is given", "2026-03-02"),
    ] = None
    replications: Annotated[
        int, Field(ge=1, le=MOST_REPLICATIONS), about("how many times each strategy is played", "400")
    ] = 200
    markets: Annotated[
        int, Field(ge=1, le=10_000), about("over how many differently drawn markets the plays are spread", "4")
    ] = 4
    budget: Annotated[
        Annotated[float, Field(gt=0, le=1e15)] | None, about("the money that a strategy may spend", "60_000")
    ] = None
    evidence: Annotated[
        EvidenceName | None,
        about("whose findings fill in the rates and the delay that creators and pools leave out", '"industry"'),
    ] = None
    platform: Annotated[
        PlatformName | None,
        about(
            "the platform of creators and pools that name none; its published figures fill in what they leave out",
            '"instagram"',
        ),
    ] = None
    people: Annotated[People, about("the market", "{ count = 200_000 }")]
    behaviour: Annotated[Behaviour, about("what people do with what friends show them", "{ reach_per_peer = 0.1 }")] = (
        Behaviour()
    )
    product: Annotated[Product, about("what an order is worth", "{ order_value = 85.0, margin = 0.5 }")]
    brand: Annotated[
        Brand | None,
        about("what goodwill lasts and does", "{ half_life_days = 60, occasion_every_days = 30 }"),
    ] = None
    approval: Annotated[
        Approval | None,
        about(
            "the review of content before it goes out",
            '{ reviewers = 2, review_hours = { dist = "exponential", mean_hours = 2.0 } }',
        ),
    ] = None
    discovery: Annotated[Discovery, about("how the platform shows posts to others", "{ review_hours = [1, 24] }")] = (
        Discovery()
    )
    stock: Annotated[Stock | None, about("how much there is to sell", "{ units = 500 }")] = None
    ads: Annotated[
        Ads | None,
        about(
            "the paid impressions that a share of a split buys",
            "{ cpm = 8, click_per_impression = 0.01, order_per_click = 0.015 }",
        ),
    ] = None
    creators: Annotated[tuple[Creator, ...], LIST, about("the list of creators known by name", "[]")] = ()
    pools: Annotated[dict[PathName, Pool], about("the list of pools", "{}")] = {}
    overlap: Annotated[
        OverlapTable | None,
        about("how much audiences overlap, as a share of the smaller one", "{ micro = 0.15, anna = { ben = 0.3 } }"),
    ] = None
    correlate: Annotated[
        tuple[Annotated[tuple[str, str, Annotated[float, Field(ge=-1, le=1)]], BeforeValidator(checked_pair)], ...],
        LIST,
        about(
            "the list of unknowns that go together, with their rank correlations",
            '[["product.order_value", "product.margin", 0.4]]',
        ),
    ] = ()
    strategies: Annotated[
        dict[Name, Strategy],
        Field(min_length=1),
        about("the list of plans to compare", '{ portfolio = { creators = ["anna"] } }'),
    ]

    # Where the file lies (a graph file is named relative to it), a digest of the graph file's bytes, which values are
    # filled in from which preset ("industry", "tiktok", "tier micro"), the place of each that is written, and what the
    # user should know of all this.
    folder: Annotated[Path, Field(exclude=True)] = Path()
    graph_digest: Annotated[str, Field(exclude=True)] = ""
    filled: Annotated[tuple[tuple[tuple[str | int, ...], str], ...], Field(exclude=True)] = ()
    written: Annotated[Mapping[tuple[str | int, ...], str], Field(exclude=True)] = {}
    notes: Annotated[tuple[str, ...], Field(exclude=True)] = ()

    @property
    def markets_played(self) -> range:
        """Give the indices of the markets that are played."""
        return range(min(self.markets, self.replications))

    @property
    def correlation(self) -> Correlation | None:
        """Give how unknowns go together; None where all are independent."""
        return correlation_of(self.correlate) if self.correlate else None

    @property
    def overlap_targets(self) -> tuple[Target, ...]:
        """Give how much audiences are to overlap, by pool and by pair of creators."""
        return targets_of(self.overlap)

    def niche_index(self, name: str | None) -> int | None:
        """Give the number of a niche; None where none is named, and of people from a file, who have none."""
        return None if name is None or isinstance(self.people, PeopleFromFile) else self.people.niche_index(name)

    def market_of(self, replication: int) -> int:
        """Give the index of the market in which a replication is played."""
        return replication % self.markets

    @property
    def horizon_seconds(self) -> int:
        """Give the last second that is played [s]."""
        return round(self.horizon_days * SECONDS_PER_DAY)

    @property
    def start_text(self) -> str | None:
        """Give weekday and date of day 0, None where no date is given."""
        return f"{WEEKDAYS[self.start_weekday].capitalize()} {self.start_date}" if self.start_date else None

    @property
    def start_weekday(self) -> int:
        """Give the weekday of day 0, counted from 0 for Monday."""
        return date.fromisoformat(self.start_date).weekday() if self.start_date else 0

    @property
    def graph_path(self) -> Path | None:
        """Give the path of the graph file, or None where the people are synthetic."""
        if isinstance(self.people, PeopleFromFile):
            return self.folder / self.people.graph_file
        return None

    @property
    def hash(self) -> str:
        """Give a digest of every value, the bytes of a graph file included."""
        return self._digest(self.plain())

    @property
    def world_hash(self) -> str:
        """Give the digest without the number of replications: more of them extend a run."""
        return self._digest({**self.plain(), "replications": None})

    def plain(self) -> dict[str, Any]:
        """Give the resolved scenario as TOML values: defaults filled in, nothing that is None."""
        return self.model_dump(mode="python", exclude_none=True)

    def accounts_of(self, strategy: str) -> tuple[Creator | Pool, ...]:
        """Give the accounts a strategy may hire from: the creators it names, in its order, then the pools of its split.

        The share `ads` of a split is no account and left out.
        """
        its = self.strategies[strategy]
        by_handle = {creator.handle: creator for creator in self.creators}
        named = tuple(by_handle[handle] for handle in its.creators)
        return (*named, *(self.pools[pool] for pool in its.split if pool != ADS))

    def with_replications(self, replications: int) -> Scenario:
        """Give the same scenario with another number of replications.

        Raises:
            ScenarioError: that is no number of replications.
        """
        try:
            return Scenario.model_validate({**self._fields(), "replications": replications})
        except ValidationError:
            raise ScenarioError(
                f"replications: given {replications!r}; must be a whole number from 1 to {MOST_REPLICATIONS:,}."
            ) from None

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}

    def _digest(self, plain: dict[str, Any]) -> str:
        if self.graph_digest:
            plain = {**plain, "people": {**plain["people"], "graph_file": self.graph_digest}}
        # The order of strategies, pools and niches is part of the scenario, so keys are not sorted.
        text = json.dumps(plain, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
