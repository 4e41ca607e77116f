"""What a scenario says: typed, frozen, every key with its unit or denominator.

In: the nested values of one TOML file. Out: a `Scenario`; nothing in it can change any more.
Invariant: a value here is the value used. Defaults are neutral: every multiplier, fake share,
outside share, spread and jitter is off unless its key is given.

What concerns one key is checked here; what concerns several at once is in `checks.py`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from simulator.scenario.quantity import Amount, HardRange, Quantity, Share

SECONDS_PER_DAY = 86_400
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


def _plain_text(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be readable text: not empty, no line breaks or control characters")
    return text


def _percent_or_number(given: object) -> object:
    if isinstance(given, str) and given.strip().endswith("%"):
        try:
            return float(given.strip()[:-1] + "e-2")
        except ValueError:
            return given
    return given


Text = Annotated[str, Field(max_length=200), AfterValidator(_plain_text)]
Name = Annotated[str, Field(max_length=60), AfterValidator(_plain_text)]
# Names that become part of a file path or of a dotted key.
PathName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
PlainShare = Annotated[float, BeforeValidator(_percent_or_number), Field(ge=0, le=1)]
ShareBelowOne = Annotated[float, BeforeValidator(_percent_or_number), Field(ge=0, lt=1)]
Days = Annotated[float, Field(ge=0, le=3660)]


class Lognormal(Section):
    """Delays whose logarithm is normal: half of them are below `median_hours`."""

    dist: Literal["lognormal"]
    median_hours: Annotated[float, Field(gt=0)]
    sigma: Annotated[float, Field(ge=0, le=20)]


class Exponential(Section):
    """Delays without memory."""

    dist: Literal["exponential"]
    mean_hours: Annotated[float, Field(gt=0)]


class PowerLaw(Section):
    """Delays flat up to `flat_minutes`, then falling as a power (SEISMIC; domain E11)."""

    dist: Literal["power_law"]
    flat_minutes: Annotated[float, Field(gt=0)]
    exponent: Annotated[float, Field(gt=0, le=20)]


class Constant(Section):
    """The same delay always."""

    dist: Literal["constant"]
    hours: Annotated[float, Field(ge=0)]


Delay = Annotated[Lognormal | Exponential | PowerLaw | Constant, Field(discriminator="dist")]


class SyntheticPeople(Section):
    """People and who follows whom, drawn from a few numbers."""

    count: Annotated[int, Field(ge=1, le=2**31 - 2)]
    activity_spread: ShareBelowOne = 0.0
    niches: dict[Name, Annotated[float, Field(gt=0)]] = DEFAULT_NICHES
    niche_affinity: Annotated[float, Field(ge=1, le=1e6)] = 8.0
    followings_per_person: Annotated[float, Field(ge=0, le=1000)] = 25.0
    followings_within_niche: PlainShare = 0.6
    follow_back_probability: PlainShare = 0.5
    follower_exponent: Annotated[float, Field(gt=2, le=5)] = 2.15
    following_exponent: Annotated[float, Field(gt=1.5, le=5)] = 2.0


class PeopleFromFile(Section):
    """People and who follows whom, from an edge list."""

    graph_file: Text
    activity_spread: ShareBelowOne = 0.0


def _which_people(given: Any) -> str:
    from_file = isinstance(given, PeopleFromFile) or (isinstance(given, dict) and "graph_file" in given)
    return "file" if from_file else "synthetic"


People = Annotated[
    Annotated[PeopleFromFile, Tag("file")] | Annotated[SyntheticPeople, Tag("synthetic")],
    Discriminator(_which_people),
]


class Behaviour(Section):
    """What people do with what friends show them."""

    reach_per_peer: Share = Quantity("share", "fixed", (0.0,))
    peer_delay: Delay = Exponential(dist="exponential", mean_hours=4.0)
    fatigue: Amount = Quantity("amount", "fixed", (0.0,))


class Product(Section):
    """What an order is worth."""

    order_value: Amount
    margin: Share
    baseline_order_probability: Share = Quantity("share", "fixed", (0.0,))


class PowerFee(Section):
    """A fee that grows with the audience: scale x followers ** exponent x exp(noise x normal)."""

    law: Literal["power"]
    scale: Annotated[float, Field(gt=0)]
    exponent: Annotated[float, Field(ge=0, le=3)]
    noise: Annotated[float, Field(ge=0, le=5)] = 0.0


def _which_fee(given: Any) -> str:
    is_law = isinstance(given, PowerFee) or (isinstance(given, dict) and "law" in given)
    return "law" if is_law else "amount"


PoolFee = Annotated[
    Annotated[PowerFee, Tag("law")] | Annotated[Amount, Tag("amount")],
    Discriminator(_which_fee),
]


class Account(Section):
    """What a single creator and a pool of creators have in common: rates, delay and plan."""

    niche: Name | None = None
    post_days: Annotated[tuple[Days, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
    post_jitter_hours: Annotated[float, Field(ge=0, le=24 * 60)] = 0.0
    reach_per_follower: Share
    engagement_per_impression: Share
    share_per_impression: Share
    click_per_impression: Share
    order_per_click: Share
    delay: Delay
    fake_share: ShareBelowOne = 0.0
    outside_share: ShareBelowOne = 0.0
    management_cost: Amount = Quantity("amount", "fixed", (0.0,))

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

    handle: Name
    followers: Annotated[int, Field(ge=0, le=10**10)] | None = None
    fee: Amount


class Pool(Account):
    """Accounts of one sort, of which a strategy hires as many as it can pay."""

    count: Annotated[int, Field(ge=1, le=100_000)]
    followers: HardRange
    fee: PoolFee


class Strategy(Section):
    """A way to spend the budget."""

    creators: Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)] = ()
    split: dict[str, Annotated[float, BeforeValidator(_percent_or_number), Field(gt=0, le=1)]] = {}


class Scenario(Section):
    """One TOML file, read and checked."""

    name: PathName
    title: Annotated[str, Field(max_length=200)] = ""
    currency: Annotated[str, Field(min_length=1, max_length=5), AfterValidator(_plain_text)] = "$"
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    horizon_days: Annotated[float, Field(gt=0, le=3660)]
    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    markets: Annotated[int, Field(ge=1, le=10_000)] = 4
    budget: Annotated[float, Field(gt=0)] | None = None
    people: People
    behaviour: Behaviour = Behaviour()
    product: Product
    creators: Annotated[tuple[Creator, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)] = ()
    pools: dict[PathName, Pool] = {}
    strategies: Annotated[dict[Name, Strategy], Field(min_length=1)]

    # Where the file lies (a graph file is named relative to it) and a digest of the graph file's bytes.
    folder: Annotated[Path, Field(exclude=True)] = Path()
    graph_digest: Annotated[str, Field(exclude=True)] = ""

    @property
    def horizon_seconds(self) -> int:
        """Give the last second that is played [s]."""
        return round(self.horizon_days * SECONDS_PER_DAY)

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
        """Give the same scenario with another number of replications."""
        return Scenario.model_validate({**self._fields(), "replications": replications})

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}

    def _digest(self, plain: dict[str, Any]) -> str:
        if self.graph_digest:
            plain = {**plain, "people": {**plain["people"], "graph_file": self.graph_digest}}
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
