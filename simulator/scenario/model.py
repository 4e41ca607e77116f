"""What a scenario says: typed, frozen, every key with its unit or denominator.

In: the nested values of one TOML file. Out: a `Scenario`.
Invariants: a value here is the value used. Defaults are neutral: every multiplier, fake share, outside share, spread
and jitter is off unless its key is given (`niche_affinity` acts only on creators whose `niche` is). Each key says
what it is and how it may be written; messages quote that.

What concerns one key is checked here; what concerns several at once is in `checks.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
)

from simulator.errors import ScenarioError
from simulator.scenario.quantity import Amount, HardRange, Quantity, Share, parse_number

SECONDS_PER_DAY = 86_400
MOST_REPLICATIONS = 1_000_000
MOST_WAVES = 100_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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


class Section(BaseModel):
    """Base of all parts of a scenario: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def about(meaning: str, example: str) -> Any:
    """Say what a key is, as the end of "This is ...", and how it may be written in TOML."""
    return Field(description=meaning, examples=[example])


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValueError("must be one line of text, without control characters")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _share_of_text(given: object) -> object:
    number = parse_number(given) if isinstance(given, str) else None
    return given if number is None else number


def _tuple_of_list(given: object) -> object:
    return tuple(given) if isinstance(given, list) else given


def _iso_date(given: object) -> str:
    """Give a date as text, so that it is the same in a hash, in TOML and in JSON."""
    text = given.isoformat() if isinstance(given, date) and not isinstance(given, datetime) else given
    try:
        if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError("must be a date of the calendar, written year-month-day")


def _waves(given: object) -> int | str:
    if given == "pools" or (isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= MOST_WAVES):
        return given
    raise ValueError(f'must be a whole number from 1 to {MOST_WAVES:,}, or "pools"')


_PERCENT = BeforeValidator(_share_of_text)
_LIST = BeforeValidator(_tuple_of_list)
Name = Annotated[str, Field(max_length=60), AfterValidator(_one_line), AfterValidator(_not_blank)]
# Names that become part of a file path or of a dotted key.
PathName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
PlainShare = Annotated[float, _PERCENT, Field(ge=0, le=1)]
ShareBelowOne = Annotated[float, _PERCENT, Field(ge=0, lt=1)]
Days = Annotated[float, Field(ge=0, le=3660)]
SomeDays = Annotated[float, Field(gt=0, le=3660)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[float, Field(gt=0, le=100_000)]
Months = Annotated[float, Field(ge=0, le=120)]
# What is not written adds and costs nothing.
_NO_SHARE = Quantity("share", "fixed", (0.0,))
_NO_AMOUNT = Quantity("amount", "fixed", (0.0,))


class Lognormal(Section):
    """Delays whose logarithm is normal: half of them are below `median_hours`."""

    dist: Literal["lognormal"]
    median_hours: Annotated[Hours, about("the delay that half of the followers stay below [hours]", "6.0")]
    sigma: Annotated[float, Field(ge=0, le=20), about("the standard deviation of the delay's logarithm", "1.4")]


class Exponential(Section):
    """Delays without memory."""

    dist: Literal["exponential"]
    mean_hours: Annotated[Hours, about("the mean delay [hours]", "4.0")]


class PowerLaw(Section):
    """Delays flat up to `flat_minutes`, then falling as a power (SEISMIC; domain E11)."""

    dist: Literal["power_law"]
    flat_minutes: Annotated[
        float, Field(gt=0, le=6e6), about("the delay up to which all delays are equally likely [minutes]", "5.0")
    ]
    exponent: Annotated[float, Field(ge=0.001, le=20), about("how fast long delays become rare", "0.242")]


class Constant(Section):
    """The same delay always."""

    dist: Literal["constant"]
    hours: Annotated[float, Field(ge=0, le=100_000), about("the delay of every follower [hours]", "0.0")]


DELAYS: dict[str, type[Section]] = {
    "lognormal": Lognormal,
    "exponential": Exponential,
    "power_law": PowerLaw,
    "constant": Constant,
}
Delay = Annotated[Lognormal | Exponential | PowerLaw | Constant, Field(discriminator="dist")]


class SyntheticPeople(Section):
    """People and who follows whom, drawn from a few numbers."""

    count: Annotated[
        int, Field(ge=1, le=2**31 - 2), about("the number of people in the market (or give a graph_file)", "200_000")
    ]
    activity_spread: Annotated[
        ShareBelowOne, about("how much people differ in how much of their feed they see (0: not at all)", "0.3")
    ] = 0.0
    niches: Annotated[
        dict[Name, Annotated[float, _PERCENT, Field(gt=0, le=1e6)]],
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


class PeopleFromFile(Section):
    """People and who follows whom, from an edge list."""

    graph_file: Annotated[
        Annotated[str, Field(max_length=1000), AfterValidator(_one_line), AfterValidator(_not_blank)],
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
        _NO_SHARE
    )
    peer_delay: Annotated[
        Delay, about("how long a share takes to be seen", '{ dist = "exponential", mean_hours = 4.0 }')
    ] = Exponential(dist="exponential", mean_hours=4.0)
    fatigue: Annotated[
        Amount, about("how fast repetition wears out: the k-th impression counts k ** -fatigue", "0.43")
    ] = _NO_AMOUNT
    most_reproduction: Annotated[
        Annotated[float, Field(gt=0, lt=1)] | None,
        about("the most shares that one share of a post may cause on average (livelier posts are shared less)", "0.9"),
    ] = None


def _at_least_one(quantity: Quantity) -> Quantity:
    if quantity.values[0] < 1:
        raise ValueError("must be 1 or more: every order that is tracked is one order")
    return quantity


class Product(Section):
    """What an order is worth."""

    order_value: Annotated[Amount, about("the value of one order, in money", "85.0")]
    margin: Annotated[Share, about("the share of an order's value that is left after its costs", "0.5")]
    baseline_order_probability: Annotated[Share, about("the chance that a person would have bought anyway", "0.01")] = (
        _NO_SHARE
    )
    untracked_multiplier: Annotated[
        Amount,
        AfterValidator(_at_least_one),
        about("how many orders there are for each one that is tracked (1: all are tracked)", '"1.5 to 3"'),
    ] = Quantity("amount", "fixed", (1.0,))
    earned_media_cpm: Annotated[
        float | None, Field(ge=0, le=1e9), about("what a thousand impressions would cost as paid ads, in money", "10")
    ] = None


class PowerFee(Section):
    """A fee that grows with the audience: scale x followers ** exponent x exp(noise x normal)."""

    law: Literal["power"]
    scale: Annotated[float, Field(gt=0, le=1e12), about("the fee of an account with one follower", "0.038")]
    exponent: Annotated[float, Field(ge=0, le=3), about("how fast the fee grows with the followers", "0.89")]
    noise: Annotated[float, Field(ge=0, le=5), about("how much fees of equal accounts differ", "0.8")] = 0.0


def _which_fee(given: Any) -> str:
    is_law = isinstance(given, PowerFee) or (isinstance(given, dict) and "law" in given)
    return "#law" if is_law else "#amount"


PoolFee = Annotated[
    Annotated[PowerFee, Tag("#law")] | Annotated[Amount, Tag("#amount")],
    Discriminator(_which_fee),
]


class Terms(Section):
    """What a contract costs beside the fee; each key says what it is a share of."""

    agency_commission_of_fee: Annotated[Share, about("the share of the fee that an agency takes on top", "0.15")] = (
        _NO_SHARE
    )
    usage_rights_of_fee_per_month: Annotated[
        Share, about("the share of the fee that a month of using the content costs", "0.2")
    ] = _NO_SHARE
    usage_rights_months: Annotated[Months, about("for how many months the content may be used", "3")] = 1.0
    exclusivity_of_fee_per_month: Annotated[
        Share, about("the share of the fee that a month without work for competitors costs", "0.5")
    ] = _NO_SHARE
    exclusivity_months: Annotated[Months, about("for how many months the creator works for no competitor", "1")] = 1.0
    production_cost_per_post: Annotated[Amount, about("what producing one post costs, in money", "150")] = Quantity(
        "amount", "fixed", (0.0,)
    )
    product_sent_cost: Annotated[
        Amount, about("what the product sent to a creator costs, shipping included, in money", "60")
    ] = _NO_AMOUNT
    affiliate_commission_of_order_value: Annotated[
        Share, about("the share of each order's value that the creator gets", "0.1")
    ] = _NO_SHARE


class Format(Section):
    """A kind of post, such as a story or a video: what differs from the account's own values."""

    reach_per_follower: Annotated[
        Share | None, about("the share of the advertised followers who see a post of this format", '"4% to 9%"')
    ] = None
    delay: Annotated[
        Delay | None,
        about("how long a post of this format takes to be seen", '{ dist = "exponential", mean_hours = 8.0 }'),
    ] = None


class Account(Section):
    """What a single creator and a pool of creators have in common: rates, delay and plan."""

    niche: Annotated[Name | None, about("the niche whose people follow the creator most", '"beauty"')] = None
    post_days: Annotated[
        Annotated[tuple[Days, ...], _LIST, Field(min_length=1)] | None,
        about("the list of days on which posts go out, counted from 0 at the start", "[0, 3, 7]"),
    ] = None
    posts: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None,
        about("how many posts go out at regular intervals (instead of post_days)", "3"),
    ] = None
    first_day: Annotated[Days, about("the day of the first of these posts, counted from 0 at the start", "0.75")] = 0.0
    every_days: Annotated[SomeDays, about("how long after a post the next one goes out [days]", "2")] = 1.0
    weekdays: Annotated[
        tuple[Weekday, ...],
        _LIST,
        about("the list of weekdays on which posts may be planned; another day's post waits", '["tue", "thu"]'),
    ] = ()
    post_jitter_hours: Annotated[
        float, Field(ge=0, le=24 * 60), about("by how much a post may go out later than planned [hours]", "12.0")
    ] = 0.0
    formats: Annotated[
        dict[PathName, Format],
        about("the table of formats of posts", '{ story = { reach_per_follower = "4% to 9%" } }'),
    ] = {}
    post_formats: Annotated[
        tuple[PathName, ...],
        _LIST,
        about("the list of the posts' formats in turn, from the first again after the last", '["feed", "story"]'),
    ] = ()
    reach_per_follower: Annotated[Share, about("the share of the advertised followers who see a post", '"12% to 25%"')]
    engagement_per_impression: Annotated[
        Share, about("the chance that an impression is liked or commented", '"8% to 16%"')
    ]
    share_per_impression: Annotated[Share, about("the chance that an impression is shared", '"0.3% to 0.6%"')]
    click_per_impression: Annotated[Share, about("the chance that an impression is clicked", '"1.2% to 2.7%"')]
    order_per_click: Annotated[Share, about("the chance that a click ends in an order", '"1.5% to 3.2%"')]
    delay: Annotated[
        Delay,
        about(
            "how long a post takes to be seen by followers", '{ dist = "lognormal", median_hours = 6.0, sigma = 1.4 }'
        ),
    ]
    quality_spread: Annotated[
        float,
        Field(ge=0, le=2),
        about("how much the quality of posts differs: the standard deviation of its logarithm", "0.5"),
    ] = 0.0
    fake_share: Annotated[
        ShareBelowOne, about("the share of the advertised followers who are fake or inactive", "0.25")
    ] = 0.0
    outside_share: Annotated[
        ShareBelowOne, about("the share of the advertised followers who live outside the market", "0.3")
    ] = 0.0
    management_cost: Annotated[
        Amount, about("what it costs to find, brief and manage one creator, in money", "250")
    ] = _NO_AMOUNT
    completion_probability: Annotated[
        Share, about("the chance that a creator delivers all posts, not just the first few", '"85% to 95%"')
    ] = Quantity("share", "fixed", (1.0,))
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
    def real_share(self) -> float:
        """Give the share of the advertised followers who are real, in the market or outside."""
        return 1.0 - self.fake_share

    @property
    def market_share(self) -> float:
        """Give the share of the advertised followers who are real people of the market."""
        return 1.0 - self.fake_share - self.outside_share


class Creator(Account):
    """One account, known by name."""

    handle: Annotated[Name, about("the name of the creator", '"anna"')]
    followers: Annotated[
        Annotated[int, Field(ge=0, le=10**10)] | None, about("how many followers the account shows", "50_000")
    ] = None
    fee: Annotated[Amount, about("what the creator is paid for all posts together, in money", "900")]


class Pool(Account):
    """Accounts of one sort, of which a strategy hires as many as it can pay."""

    count: Annotated[int, Field(ge=1, le=100_000), about("how many creators can be hired", "60")]
    followers: Annotated[HardRange, about("how many followers an account shows", '"10_000 to 100_000"')]
    fee: Annotated[PoolFee, about("what a creator is paid for all posts together, in money", '"100 to 2_000"')]


class Stagger(Section):
    """Creators of a strategy who begin one after the other, in groups."""

    waves: Annotated[
        int | Literal["pools"],
        BeforeValidator(_waves),
        about('the number of groups that begin one after the other, or "pools" for one group per pool', "3"),
    ]
    every_days: Annotated[SomeDays, about("how much later each group begins than the one before [days]", "7")]
    by: Annotated[
        Literal["name", "small_first", "big_first"],
        about("the order in which creators begin, by name or by advertised followers", '"small_first"'),
    ] = "name"


class Strategy(Section):
    """A way to spend the budget."""

    creators: Annotated[
        tuple[str, ...], _LIST, about("the list of creators it hires, by handle", '["anna", "ben"]')
    ] = ()
    split: Annotated[
        dict[str, Annotated[float, _PERCENT, Field(gt=0, le=1)]],
        about("the share of the budget that each pool gets", "{ micro = 0.7, celebrity = 0.3 }"),
    ] = {}
    stagger: Annotated[
        Stagger | None,
        about("the plan by which creators begin in groups, one after the other", "{ waves = 3, every_days = 7 }"),
    ] = None


class Scenario(Section):
    """One TOML file, read and checked."""

    name: Annotated[PathName, about("the name of the scenario and of its result folder", '"spring-launch"')]
    title: Annotated[
        str, Field(max_length=200), AfterValidator(_one_line), about("the question, in words", '"Many or one?"')
    ] = ""
    currency: Annotated[
        str,
        Field(max_length=5),
        AfterValidator(_one_line),
        AfterValidator(_not_blank),
        about("the sign of the money", '"$"'),
    ] = "$"
    seed: Annotated[int, Field(ge=0, le=2**63 - 1), about("the number that makes the randomness", "7")] = 1
    horizon_days: Annotated[float, Field(gt=0, le=3660), about("how long the campaign is watched [days]", "21")]
    start_date: Annotated[
        Annotated[str, BeforeValidator(_iso_date)] | None,
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
    people: Annotated[People, about("the market", "{ count = 200_000 }")]
    behaviour: Annotated[Behaviour, about("what people do with what friends show them", "{ reach_per_peer = 0.1 }")] = (
        Behaviour()
    )
    product: Annotated[Product, about("what an order is worth", "{ order_value = 85.0, margin = 0.5 }")]
    creators: Annotated[tuple[Creator, ...], _LIST, about("the list of creators known by name", "[]")] = ()
    pools: Annotated[dict[PathName, Pool], about("the list of pools", "{}")] = {}
    strategies: Annotated[
        dict[Name, Strategy],
        Field(min_length=1),
        about("the list of plans to compare", '{ portfolio = { creators = ["anna"] } }'),
    ]

    # Where the file lies (a graph file is named relative to it) and a digest of the graph file's bytes.
    folder: Annotated[Path, Field(exclude=True)] = Path()
    graph_digest: Annotated[str, Field(exclude=True)] = ""

    @property
    def markets_played(self) -> range:
        """Give the indices of the markets that are played: replication i plays in market i % markets."""
        return range(min(self.markets, self.replications))

    @property
    def horizon_seconds(self) -> int:
        """Give the last second that is played [s]."""
        return round(self.horizon_days * SECONDS_PER_DAY)

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
