"""What must hold between the keys of a scenario, and whether this machine can hold it.

In: the raw values of a file and whichever of its parts are valid by themselves. Out: problems, each
with the path of the key it is about. Invariant: nothing is allocated; sizes are arithmetic. A part
that is broken is left out, so that one read reports everything there is to mend.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from simulator.scenario.model import (
    Account,
    Creator,
    People,
    PeopleFromFile,
    Pool,
    Strategy,
    SyntheticPeople,
)

Path = tuple[str | int, ...]
MAX_POSTS = 65_535  # a post's place in the order of events has 16 bits


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, and what to do."""

    path: Path
    message: str


@dataclass(frozen=True)
class Parts:
    """The parts of a scenario that are valid by themselves."""

    raw: Mapping[str, Any]
    people: SyntheticPeople | PeopleFromFile | None = None
    creators: dict[int, Creator] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    strategies: dict[str, Strategy] = field(default_factory=dict)

    def accounts(self) -> Iterator[tuple[Path, Account]]:
        """Give every valid creator and pool with its path."""
        yield from ((("creators", i), creator) for i, creator in self.creators.items())
        yield from ((("pools", name), pool) for name, pool in self.pools.items())

    @property
    def handles(self) -> list[str]:
        """Give every handle written, valid or not."""
        given = self.raw.get("creators")
        rows = given if isinstance(given, list) else []
        return [row["handle"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("handle"), str)]


def valid_parts(raw: Mapping[str, Any]) -> Parts:
    """Take the parts out of raw values that are valid by themselves."""
    creators = raw.get("creators")
    return Parts(
        raw,
        _valid(TypeAdapter(People), raw.get("people")),
        _valid_ones(Creator, dict(enumerate(creators)) if isinstance(creators, list) else {}),
        _valid_ones(Pool, raw.get("pools")),
        _valid_ones(Strategy, raw.get("strategies")),
    )


def _valid(adapter: TypeAdapter[Any], given: object) -> Any:
    try:
        return adapter.validate_python(given)
    except ValidationError:
        return None


def _valid_ones(kind: type[Any], given: object) -> dict[Any, Any]:
    adapter = TypeAdapter(kind)
    rows = given if isinstance(given, Mapping) else {}
    parsed = {key: _valid(adapter, value) for key, value in rows.items()}
    return {key: value for key, value in parsed.items() if value is not None}


def nearest(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, and what there is."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    there = ", ".join(repr(k) for k in known[:12]) + (", ..." if len(known) > 12 else "")
    return f"{hint} There is: {there}." if known else f"{hint} There is none."


def problems_between(parts: Parts) -> Iterator[Problem]:
    """Give every problem that concerns several keys at once."""
    yield from _handles(parts)
    for path, account in parts.accounts():
        yield from _rates(path, account)
        yield from _niche(path, account, parts.people)
        yield from _followers(path, account, parts.people)
    for name, strategy in parts.strategies.items():
        yield from _strategy(("strategies", name), strategy, parts)
    yield from _sizes(parts)


def _handles(parts: Parts) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, creator in parts.creators.items():
        if creator.handle in seen:
            yield Problem(("creators", i, "handle"), f"the handle {creator.handle!r} is taken; each is one account.")
        if creator.handle.rpartition("/")[0] in parts.pools:
            yield Problem(("creators", i, "handle"), "looks like the name of a creator of a pool; choose another.")
        seen.add(creator.handle)


def _rates(path: Path, account: Account) -> Iterator[Problem]:
    if account.market_share < -1e-12:
        yield Problem((*path, "outside_share"), "fake_share and outside_share together are above 1.")
        return
    high = account.reach_per_follower.plausible_high
    if high > account.real_share + 1e-12:
        yield Problem(
            (*path, "reach_per_follower"),
            f"{high:g} of the advertised followers cannot be reached when only {account.real_share:g} of them are "
            "real (1 - fake_share). Lower one of the two.",
        )


def _niche(path: Path, account: Account, people: SyntheticPeople | PeopleFromFile | None) -> Iterator[Problem]:
    if account.niche is None or people is None:
        return
    if isinstance(people, PeopleFromFile):
        yield Problem((*path, "niche"), "people from a graph file have no niches; remove this key.")
    elif account.niche not in people.niches:
        yield Problem((*path, "niche"), f"no such niche in [people].{nearest(account.niche, list(people.niches))}")


def _followers(path: Path, account: Account, people: SyntheticPeople | PeopleFromFile | None) -> Iterator[Problem]:
    if isinstance(people, PeopleFromFile) and isinstance(account, Creator):
        for key in ("followers", "fake_share", "outside_share"):
            if getattr(account, key):
                yield Problem((*path, key), "the graph file says who follows this creator; remove this key.")
    if not isinstance(people, SyntheticPeople):
        return
    if isinstance(account, Creator) and account.followers is None:
        yield Problem((*path, "followers"), "missing: how many followers the account shows.")
        return
    most = _most_followers(account)
    if most * account.market_share > people.count:
        yield Problem(
            (*path, "followers"),
            f"up to {most * account.market_share:,.0f} real followers in a market of {people.count:,} people. Raise "
            "people.count, raise outside_share (followers who live outside the market) or lower followers.",
        )


def _most_followers(account: Account) -> float:
    if isinstance(account, Pool):
        return account.followers.quantile(1.0) if account.followers.form != "lognormal" else 0.0
    return float(getattr(account, "followers", 0) or 0)


def _strategy(path: Path, strategy: Strategy, parts: Parts) -> Iterator[Problem]:
    raw_pools = parts.raw.get("pools")
    pools = list(raw_pools) if isinstance(raw_pools, Mapping) else []
    for handle, times in Counter(strategy.creators).items():
        if handle not in parts.handles:
            yield Problem((*path, "creators"), f"no creator {handle!r}.{nearest(handle, parts.handles)}")
        elif times > 1:
            yield Problem((*path, "creators"), f"hires {handle!r} {times} times; name each creator once.")
    for pool in strategy.split:
        if pool not in pools:
            yield Problem((*path, "split", pool), f"no pool {pool!r}.{nearest(pool, pools)}")
    if not {"creators", "split"} & strategy.model_fields_set:
        yield Problem(path, "hires nobody: give creators = [...], split = { pool = share }, or both.")
    total = sum(strategy.split.values())
    if total > 1 + 1e-9:
        yield Problem((*path, "split"), f"the shares add up to {total:g}; together they are at most 1.")
    if strategy.split and parts.raw.get("budget") is None:
        yield Problem((*path, "split"), "shares of which budget? Give a top-level key such as budget = 60_000.")
    yield from _explicit_cost(path, strategy, parts)


def _explicit_cost(path: Path, strategy: Strategy, parts: Parts) -> Iterator[Problem]:
    budget = parts.raw.get("budget")
    if isinstance(budget, bool) or not isinstance(budget, int | float):
        return
    by_handle = {creator.handle: creator for creator in parts.creators.values()}
    hired = [by_handle[handle] for handle in dict.fromkeys(strategy.creators) if handle in by_handle]
    cost = sum(creator.fee.median + creator.management_cost.median for creator in hired)
    if cost > budget:
        yield Problem(
            (*path, "creators"),
            f"the creators cost {cost:,.2f} and the budget is {budget:,.2f}. Raise the budget or hire fewer.",
        )


def _sizes(parts: Parts) -> Iterator[Problem]:
    for name, strategy in parts.strategies.items():
        posts = sum(len(creator.post_days) for creator in parts.creators.values() if creator.handle in strategy.creators)
        posts += sum(p.count * len(p.post_days) for pool, p in parts.pools.items() if pool in strategy.split)
        if posts > MAX_POSTS:
            yield Problem(("strategies", name), f"plans up to {posts:,} posts; at most {MAX_POSTS:,} can be played.")
    people = parts.people
    if not isinstance(people, SyntheticPeople):
        return
    if len(people.niches) not in range(1, 256):
        yield Problem(("people", "niches"), "between 1 and 255 niches.")
    if (needed := bytes_needed(people, list(parts.pools.values()))) > machine_bytes():
        yield Problem(
            ("people", "count"),
            f"needs about {needed / 2**30:,.1f} GiB of memory and this machine has {machine_bytes() / 2**30:,.1f}. "
            "Lower people.count or followings_per_person.",
        )


def bytes_needed(people: SyntheticPeople, pools: list[Pool]) -> int:
    """Estimate the memory at the peak of building one market [bytes]."""
    edges = people.count * people.followings_per_person
    audiences = sum(pool.count * pool.followers.median * pool.market_share for pool in pools)
    # Measured at a million people: 30 bytes per edge while building, 60 per person, 8 per audience member.
    return int(30 * edges + 60 * people.count + 8 * audiences)


def machine_bytes() -> int:
    """Give this machine's memory [bytes]; where it cannot be asked, 16 GiB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 16 * 2**30
