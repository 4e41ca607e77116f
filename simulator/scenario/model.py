"""What a scenario says: typed, frozen, every key with its unit or denominator.

In: the nested values of one TOML file. Out: a `Scenario`.
Invariants: a value here is the value used. Defaults are neutral: every multiplier, fake share, outside share, spread
and jitter is off unless its key is given (`niche_affinity` acts only on creators whose `niche` is). Each key says
what it is and how it may be written; messages quote that.

The market is in `people.py`, product, brand and behaviour in `product.py`, creators and pools in `account.py`
and `listed.py`, what they are paid in `terms.py`, strategies and operations in `strategy.py`, the types that keys share
in `section.py`. What concerns one key is checked in these; what concerns several at once is in `checks.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from simulator.errors import ScenarioError
from simulator.scenario.account import Creator, PlatformName, Pool
from simulator.scenario.correlation import Correlation, checked_pair, correlation_of
from simulator.scenario.decision import Decision
from simulator.scenario.listed import AnyPool, ListedPool
from simulator.scenario.overlap import OverlapTable, Target, targets_of
from simulator.scenario.people import People, PeopleFromFile
from simulator.scenario.product import Behaviour, Brand, Product
from simulator.scenario.section import (
    DATE,
    LIST,
    SECONDS_PER_DAY,
    WEEKDAYS,
    Name,
    PathName,
    Section,
    SomeDays,
    about,
    not_blank,
    one_line,
)
from simulator.scenario.strategy import ADS, Ads, Approval, Discovery, Stock, Strategy

MOST_REPLICATIONS = 1_000_000
# What may fill the blanks of creators and pools; each is a file of presets/.
EvidenceName = Literal["industry", "beichert2024", "wies2023", "tian2024", "barari2025"]
EVIDENCE: tuple[EvidenceName, ...] = get_args(EvidenceName)


class Scenario(Section):
    """One TOML file, read and checked."""

    extends: Annotated[
        str | None,
        about("the scenario that this one changes, relative to it", '"base.toml"', "none"),
        Field(exclude=True),
    ] = None
    remove: Annotated[
        tuple[str, ...],
        LIST,
        about("the list of keys of that scenario that this one does without", '["strategies.celebrity"]', "none"),
        Field(exclude=True),
    ] = ()
    name: Annotated[PathName, about("the name of the scenario and of its result folder", '"spring-launch"', "none")]
    title: Annotated[
        str, Field(max_length=200), AfterValidator(one_line), about("the question, in words", '"Many or one?"', "none")
    ] = ""
    currency: Annotated[
        str,
        Field(max_length=5),
        AfterValidator(one_line),
        AfterValidator(not_blank),
        about("the sign of the money", '"$"', "none", cite="assumed"),
    ] = "$"
    seed: Annotated[
        int,
        Field(ge=0, le=2**63 - 1),
        about("the number that makes the randomness", "7", "none", cite="any number does as well"),
    ] = 1
    horizon_days: Annotated[SomeDays, about("how long the campaign is watched [days]", "21", "days")]
    start_date: Annotated[
        Annotated[str, DATE] | None,
        about("the date of day 0, which is a Monday where no date is given", "2026-03-02", "date"),
    ] = None
    replications: Annotated[
        int,
        Field(ge=1, le=MOST_REPLICATIONS),
        about(
            "how many times each strategy is played",
            "400",
            "plays per strategy",
            cite="a choice: more make intervals narrower",
        ),
    ] = 200
    markets: Annotated[
        int,
        Field(ge=1, le=10_000),
        about(
            "over how many differently drawn markets the plays are spread",
            "4",
            "markets",
            cite="a choice: more make intervals hold for more worlds",
        ),
    ] = 4
    budget: Annotated[
        Annotated[float, Field(gt=0, le=1e15)] | None,
        about("the money that a strategy may spend", "60_000", "money per strategy"),
    ] = None
    evidence: Annotated[
        EvidenceName | None,
        about("whose findings fill in the rates and the delay that creators and pools leave out", '"industry"', "none"),
    ] = None
    platform: Annotated[
        PlatformName | None,
        about(
            "the platform of creators and pools that name none; its published figures fill in what they leave out",
            '"instagram"',
            "none",
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
    decision: Annotated[
        Decision | None,
        about("what a plan is chosen by, and within which limits", '{ measure = "profit", indifference = 500 }'),
    ] = None
    creators: Annotated[tuple[Creator, ...], LIST, about("the list of creators known by name", "[]")] = ()
    pools: Annotated[dict[PathName, AnyPool], about("the list of pools", "{}")] = {}
    overlap: Annotated[
        OverlapTable | None,
        about(
            "how much audiences overlap, as a share of the smaller one",
            "{ micro = 0.15, anna = { ben = 0.3 } }",
            "of the smaller audience",
        ),
    ] = None
    correlate: Annotated[
        tuple[Annotated[tuple[str, str, Annotated[float, Field(ge=-1, le=1)]], BeforeValidator(checked_pair)], ...],
        LIST,
        about(
            "the list of unknowns that go together, with their rank correlations",
            '[["product.order_value", "product.margin", 0.4]]',
            "rank correlation",
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
        """Give the digest without what decides no play: more replications extend a run, a decision is made of it."""
        plain = {key: value for key, value in self.plain().items() if key != "decision"}
        return self._digest({**plain, "replications": None})

    def plain(self) -> dict[str, Any]:
        """Give the resolved scenario as TOML values: defaults filled in, nothing that is None."""
        return self.model_dump(mode="python", exclude_none=True)

    def accounts_of(self, strategy: str) -> tuple[Creator | Pool | ListedPool, ...]:
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
