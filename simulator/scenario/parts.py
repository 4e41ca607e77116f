"""The sections of a scenario as far as each can be used, and what there is to mend.

In: the raw values of a file. Out: `Parts`, on which checks are made, and the `Problem`s they find. Invariant: a
check runs wherever the keys it needs can be used, whatever else is broken, so that one read reports everything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Generic, TypeGuard, TypeVar

from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.scenario.account import Creator, Pool
from simulator.scenario.listed import ListedPool, is_listed
from simulator.scenario.people import PeopleFromFile, SyntheticPeople
from simulator.scenario.product import Behaviour, Brand, Product
from simulator.scenario.section import MOST_DAYS, Section
from simulator.scenario.strategy import ADS, Ads, Approval, Boost, Discovery, Stock, Strategy

Path = tuple[str | int, ...]
AnySection = TypeVar("AnySection", bound=Section)


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, and what to do."""

    path: Path
    message: str


@dataclass(frozen=True)
class Part(Generic[AnySection]):
    """A section of a scenario, of which some keys may be broken.

    Attributes:
        path: Where it stands.
        value: The section; a broken key holds its example.
        broken: The keys that are missing or cannot be used as written.
    """

    path: Path
    value: AnySection
    broken: frozenset[str]

    def has(self, *keys: str) -> bool:
        """Say whether all these keys can be relied on."""
        return self.broken.isdisjoint(keys)


@dataclass(frozen=True)
class Parts:
    """The parts of a scenario that are checked against each other."""

    raw: Mapping[str, Any]
    people: Part[SyntheticPeople] | Part[PeopleFromFile] | None
    behaviour: Part[Behaviour] | None
    product: Part[Product] | None
    brand: Part[Brand] | None
    approval: Part[Approval] | None
    creators: list[Part[Creator]]
    pools: dict[str, Part[Pool] | Part[ListedPool]]
    strategies: dict[str, Part[Strategy]]
    boosts: dict[str, Part[Boost]]
    discovery: Part[Discovery] | None
    stock: Part[Stock] | None
    ads: Part[Ads] | None

    @property
    def accounts(self) -> list[Part[Creator] | Part[Pool] | Part[ListedPool]]:
        """Give every creator and pool."""
        return [*self.creators, *self.pools.values()]

    @property
    def handles(self) -> list[str]:
        """Give the handle of every creator as it is written, also where it needs mending."""
        given = self.raw.get("creators")
        rows = given if isinstance(given, list | tuple) else []
        return [row["handle"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("handle"), str)]

    def creator(self, handle: str) -> Part[Creator] | None:
        """Give the first creator with a handle, None where there is none with a handle that can be used."""
        return self._by_handle.get(handle)

    @cached_property
    def _by_handle(self) -> dict[str, Part[Creator]]:
        return {part.value.handle: part for part in reversed(self.creators) if part.has("handle")}

    def boost_of(self, strategy: Part[Strategy]) -> Part[Boost] | None:
        """Give the boost of a strategy, None where it has none."""
        return self.boosts.get(str(strategy.path[1]))

    @property
    def with_ads(self) -> list[Part[Strategy]]:
        """Give the strategies of which a share is for ads."""
        return [part for part in self.strategies.values() if part.has("split") and ADS in part.value.split]

    @property
    def synthetic(self) -> Part[SyntheticPeople] | None:
        """Give the people where they are not from a file."""
        people = self.people
        return people if people and isinstance(people.value, SyntheticPeople) else None

    @property
    def budget(self) -> float | None:
        """Give the budget where there is one that can be used."""
        given = self.raw.get("budget")
        return float(given) if is_number(given) and 0 < given <= 1e15 else None

    @property
    def horizon_days(self) -> float | None:
        """Give how long the campaign is watched where that can be used [days]."""
        given = self.raw.get("horizon_days")
        return float(given) if is_number(given) and 0 < given <= MOST_DAYS else None


def parts_of(raw: Mapping[str, Any]) -> Parts:
    """Take the sections out of raw values, each as far as it can be used."""
    people, creators = raw.get("people"), raw.get("creators")
    from_file = isinstance(people, Mapping) and "graph_file" in people
    rows = dict(enumerate(creators)) if isinstance(creators, list | tuple) else {}
    strategies = _parts(Strategy, "strategies", raw.get("strategies"))
    return Parts(
        raw,
        _part(PeopleFromFile, ("people",), people) if from_file else _part(SyntheticPeople, ("people",), people),
        _part(Behaviour, ("behaviour",), raw.get("behaviour")),
        _part(Product, ("product",), raw.get("product")),
        _part(Brand, ("brand",), raw.get("brand")),
        _part(Approval, ("approval",), raw.get("approval")),
        list(_parts(Creator, "creators", rows).values()),
        _pools(raw.get("pools")),
        strategies,
        _boosts(raw, strategies),
        _part(Discovery, ("discovery",), raw.get("discovery")),
        _part(Stock, ("stock",), raw.get("stock")),
        _part(Ads, (ADS,), raw.get(ADS)),
    )


def _pools(given: object) -> dict[str, Part[Pool] | Part[ListedPool]]:
    """Give the pools in their order, each as the kind it is."""
    rows = given if isinstance(given, Mapping) else {}
    drawn = _parts(Pool, "pools", {name: pool for name, pool in rows.items() if not is_listed(pool)})
    listed = _parts(ListedPool, "pools", {name: pool for name, pool in rows.items() if is_listed(pool)})
    return {name: drawn.get(name) or listed[name] for name in rows if name in drawn or name in listed}


def _boosts(raw: Mapping[str, Any], strategies: Mapping[str, Part[Strategy]]) -> dict[str, Part[Boost]]:
    """Give the boosts by strategy, so that one broken key of a boost hides no other."""
    given = {name: raw["strategies"][name].get("boost") for name in strategies}
    parts = {name: _part(Boost, (*strategies[name].path, "boost"), boost) for name, boost in given.items()}
    return {name: part for name, part in parts.items() if part is not None}


def _parts(kind: type[AnySection], name: str, given: object) -> dict[Any, Part[AnySection]]:
    rows = given if isinstance(given, Mapping) else {}
    parts = {key: _part(kind, (name, key), value) for key, value in rows.items()}
    return {key: part for key, part in parts.items() if part is not None}


def _part(kind: type[AnySection], path: Path, given: object) -> Part[AnySection] | None:
    if not isinstance(given, Mapping):
        return None
    try:
        return Part(path, kind.model_validate(given), frozenset())
    except ValidationError as error:
        broken = frozenset(str(details["loc"][0]) for details in error.errors())
    usable = {key: value for key, value in given.items() if key not in broken}
    examples = {key: example(kind, key) for key in broken if key in kind.model_fields}
    return Part(path, kind.model_validate({**usable, **examples}), broken)


def example(kind: type[Section], key: str) -> Any:
    """Give a value that a key may have."""
    return tomllib.loads(f"{key} = {(kind.model_fields[key].examples or ['0'])[0]}")[key]


def nearest(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, and what there is."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    there = ", ".join(known[:30]) + (", ..." if len(known) > 30 else "")
    return f"{hint} There is: {there}." if known else f"{hint} There is none."


def check_known(what: str, given: str, known: Iterable[str]) -> None:
    """Refuse a name that is not there, with those that are.

    Args:
        what: What is named, such as "strategy".
        given: The name.
        known: Those that there are.

    Raises:
        ScenarioError: it is none of them.
    """
    there = list(known)
    if given not in there:
        raise ScenarioError(f"{what}: given {given!r}; there is none of this name.{nearest(str(given), there)}")


def first_of(words: Sequence[str], most: int) -> str:
    """List some words, and how many more there are."""
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def is_number(given: object) -> TypeGuard[float]:
    """Say whether a raw value is a number."""
    return isinstance(given, int | float) and not isinstance(given, bool)
