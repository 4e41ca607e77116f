"""What must hold between the keys of a scenario, and whether this machine can hold it.

In: the raw values of a file. Out: problems, each with the path of the key it is about. Invariants: nothing is
allocated; sizes are arithmetic. A check runs wherever the keys it needs can be used, whatever else is broken, so
that one read reports everything there is to mend.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, Generic, TypeGuard, TypeVar

from pydantic import ValidationError

from simulator.scenario.account import Account, Creator, Pool, PowerFee
from simulator.scenario.contract import ValueOf, contract_cents, median, to_cents
from simulator.scenario.model import MOST_REPLICATIONS, PeopleFromFile, Scenario, SyntheticPeople
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import Section
from simulator.scenario.strategy import Strategy

Path = tuple[str | int, ...]
MAX_POSTS = 65_535  # each costs a scan of its creator's followers; more is a slip of the pen
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")

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
    creators: list[Part[Creator]]
    pools: dict[str, Part[Pool]]
    strategies: dict[str, Part[Strategy]]

    @property
    def accounts(self) -> list[Part[Creator] | Part[Pool]]:
        """Give every creator and pool."""
        return [*self.creators, *self.pools.values()]

    @property
    def synthetic(self) -> Part[SyntheticPeople] | None:
        """Give the people where they are not from a file."""
        people = self.people
        return people if people and isinstance(people.value, SyntheticPeople) else None

    @property
    def budget(self) -> float | None:
        """Give the budget where there is one that can be used."""
        given = self.raw.get("budget")
        return float(given) if _is_number(given) and 0 < given <= 1e15 else None


def parts_of(raw: Mapping[str, Any]) -> Parts:
    """Take the sections out of raw values, each as far as it can be used."""
    people, creators = raw.get("people"), raw.get("creators")
    from_file = isinstance(people, Mapping) and "graph_file" in people
    rows = dict(enumerate(creators)) if isinstance(creators, list | tuple) else {}
    return Parts(
        raw,
        _part(PeopleFromFile, ("people",), people) if from_file else _part(SyntheticPeople, ("people",), people),
        list(_parts(Creator, "creators", rows).values()),
        _parts(Pool, "pools", raw.get("pools")),
        _parts(Strategy, "strategies", raw.get("strategies")),
    )


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


def problems_between(parts: Parts) -> Iterator[Problem]:
    """Give every problem that concerns several keys at once."""
    yield from _handles(parts)
    for account in parts.accounts:
        yield from _plan(account)
        yield from _rates(account)
        yield from _niche(account, parts)
        yield from _followers(account, parts)
    for strategy in parts.strategies.values():
        yield from _hires(strategy, parts)
        yield from _split(strategy, parts)
        yield from _explicit_cost(strategy, parts)
        yield from _posts(strategy, parts)
        yield from _stagger(strategy, parts)
    yield from _market_size(parts)
    yield from _study_size(parts)


def _handles(parts: Parts) -> Iterator[Problem]:
    seen: set[str] = set()
    for creator in parts.creators:
        handle, path = creator.value.handle, (*creator.path, "handle")
        if not creator.has("handle"):
            continue
        if handle in seen:
            yield Problem(path, f'two creators have the handle "{handle}"; each creator needs a handle of its own.')
        pool, slash, _ = handle.rpartition("/")
        if slash and pool in parts.pools:
            yield Problem(path, f'"{handle}" is how a creator of the pool "{pool}" is called; choose another handle.')
        seen.add(handle)


def _plan(part: Part[Creator] | Part[Pool]) -> Iterator[Problem]:
    account = part.value
    if not part.has("post_days", "posts"):
        return
    if account.post_days is None and account.posts is None:
        yield Problem(
            (*part.path, "post_days"),
            "missing. This is the list of days on which posts go out, counted from 0 at the start; write for example "
            "post_days = [0, 3, 7], or posts = 3 with every_days = 2 for posts at regular intervals.",
        )
    elif account.post_days is not None and account.posts is not None:
        message = f"given {account.posts} beside post_days; a plan has one of the two. Remove posts or post_days."
        yield Problem((*part.path, "posts"), message)
    elif account.posts is None:
        yield from _plan_without_posts(part)


def _plan_without_posts(part: Part[Creator] | Part[Pool]) -> Iterator[Problem]:
    for key in ("first_day", "every_days"):
        value = getattr(part.value, key)
        # a default may be written out
        if part.has(key) and value != type(part.value).model_fields[key].default:
            message = f"given {value:g}; this has no effect without posts. Write posts = 3, or remove this key."
            yield Problem((*part.path, key), message)


def _rates(part: Part[Creator] | Part[Pool]) -> Iterator[Problem]:
    account = part.value
    if part.has("fake_share", "outside_share") and account.market_share < -1e-12:
        total = account.fake_share + account.outside_share
        yield Problem(
            (*part.path, "outside_share"),
            f"fake_share {account.fake_share:g} and outside_share {account.outside_share:g} add up to {total:g}; "
            "together they are at most 1. Lower one of the two.",
        )
    if part.has("fake_share", "reach_per_follower"):
        yield from _reachable(account, ("reach_per_follower",), account.reach_per_follower, part.path)
    if part.has("formats", "post_formats"):
        for name in dict.fromkeys(account.post_formats):
            if name not in account.formats:
                known = nearest(name, list(account.formats))
                yield Problem((*part.path, "post_formats"), f'no format "{name}" in formats.{known}')
    if part.has("fake_share", "formats"):
        for name, its in account.formats.items():
            if its.reach_per_follower is not None:
                yield from _reachable(
                    account, ("formats", name, "reach_per_follower"), its.reach_per_follower, part.path
                )


def _reachable(account: Account, key: Path, reach: Quantity, path: Path) -> Iterator[Problem]:
    # without fake followers every share can be reached
    if account.fake_share > 0 and reach.plausible_high > account.real_share + 1e-12:
        yield Problem(
            (*path, *key),
            f"{reach.plausible_high:g} of the advertised followers cannot be reached when only "
            f"{account.real_share:g} of them are real (1 - fake_share). Lower one of the two.",
        )


def _niche(part: Part[Creator] | Part[Pool], parts: Parts) -> Iterator[Problem]:
    niche, path = part.value.niche, (*part.path, "niche")
    if niche is None or parts.people is None or not part.has("niche"):
        return
    synthetic = parts.synthetic
    if synthetic is None:
        yield Problem(path, f'given "{niche}"; people from a graph file have no niches. Remove this key.')
    elif synthetic.has("niches") and niche not in synthetic.value.niches:
        known = nearest(niche, list(synthetic.value.niches))
        yield Problem(path, f'no niche "{niche}" in people.niches.{known}')


def _followers(part: Part[Creator] | Part[Pool], parts: Parts) -> Iterator[Problem]:
    if parts.synthetic is not None:
        yield from _followers_in_market(part, parts.synthetic)
    elif parts.people is not None and isinstance(part.value, Creator):
        given = {key: getattr(part.value, key) for key in ("followers", "fake_share", "outside_share") if part.has(key)}
        for key, value in given.items():
            # a share may be written as 0, which is what holds
            if value is not None and (key == "followers" or value > 0):
                message = f"given {value:g}; the graph file says who follows this creator. Remove this key."
                yield Problem((*part.path, key), message)


def _followers_in_market(part: Part[Creator] | Part[Pool], people: Part[SyntheticPeople]) -> Iterator[Problem]:
    account, path = part.value, (*part.path, "followers")
    if isinstance(account, Creator) and account.followers is None and part.has("followers"):
        yield Problem(
            path, "missing. This is how many followers the account shows; write for example followers = 50_000."
        )
    if not part.has("followers", "fake_share", "outside_share") or not people.has("count"):
        return
    real = _most_followers(account) * account.market_share
    if real >= people.value.count + 0.5:
        yield Problem(
            path,
            f"up to {real:,.0f} real followers in a market of {people.value.count:,} people. Raise people.count, "
            "raise outside_share (followers who live outside the market) or lower followers.",
        )


def _most_followers(account: Creator | Pool) -> float:
    return account.followers.bounds[1] if isinstance(account, Pool) else float(account.followers or 0)


def _hires(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy, path = part.value, (*part.path, "creators")
    if part.has("creators"):
        handles = _handles_written(parts.raw)
        for handle, times in Counter(strategy.creators).items():
            if handle not in handles:
                yield Problem(path, f'no creator "{handle}".{nearest(handle, handles)}')
            elif times > 1:
                yield Problem(path, f'hires "{handle}" {times} times; name each creator once.')
    if not {"creators", "split"} & strategy.model_fields_set:
        yield Problem(part.path, 'hires nobody. Give creators = ["handle"], split = { pool = 1.0 }, or both.')


def _handles_written(raw: Mapping[str, Any]) -> list[str]:
    given = raw.get("creators")
    rows = given if isinstance(given, list | tuple) else []
    return [row["handle"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("handle"), str)]


def _split(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    path, raw_pools = (*part.path, "split"), parts.raw.get("pools")
    raw_split = parts.raw["strategies"][part.path[1]].get("split")
    if not isinstance(raw_split, Mapping) or not raw_split:
        return
    pools = list(raw_pools) if isinstance(raw_pools, Mapping) else []
    for pool in raw_split:
        if pool not in pools:
            yield Problem((*path, pool), f'no pool "{pool}".{nearest(pool, pools)}')
    total = sum(part.value.split.values())
    if part.has("split") and total > 1 + 1e-9:
        yield Problem(path, f"the shares add up to {total:g}; together they are at most 1. Lower one of them.")
    if parts.raw.get("budget") is None:
        yield Problem(path, "shares of which budget? Write budget = 60_000 at the top of the file.")


def _explicit_cost(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    if parts.budget is None or not part.has("creators"):
        return
    by_handle = {creator.value.handle: creator for creator in reversed(parts.creators)}
    hired = [by_handle[handle] for handle in dict.fromkeys(part.value.creators) if handle in by_handle]
    if not all(_has_cost(creator) for creator in hired):
        return
    # the bounds first: they are free, a median may need scipy
    if sum(_contract_cents(creator.value, lambda _, q: q.bounds[1]) for creator in hired) <= parts.budget * 100:
        return
    cents = sum(_contract_cents(creator.value, median) for creator in hired)
    if cents > round(parts.budget * 100):
        yield Problem(
            (*part.path, "creators"),
            f"the creators cost {cents / 100:,.2f} and the budget is {parts.budget:,.2f}. Raise the budget or hire "
            "fewer of them.",
        )


def _has_cost(creator: Part[Creator]) -> bool:
    """Say whether all that a creator's contract costs can be relied on; its posts count where they cost something."""
    per_post = creator.value.terms.production_cost_per_post.bounds[1] > 0
    return creator.has("handle", "fee", "management_cost", "terms", *(["post_days", "posts"] if per_post else []))


def _contract_cents(creator: Creator, value_of: ValueOf) -> int:
    return sum(contract_cents(creator, to_cents(value_of("fee", creator.fee)), value_of))


def _posts(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy = part.value
    creators = [c.value for c in parts.creators if c.value.handle in strategy.creators and c.has("post_days", "posts")]
    pools = [pool.value for name, pool in parts.pools.items() if name in strategy.split]
    posts = sum(c.post_count for c in creators) + sum(pool.count * pool.post_count for pool in pools)
    if part.has("creators", "split") and posts > MAX_POSTS:
        yield Problem(
            part.path,
            f"plans up to {posts:,} posts; at most {MAX_POSTS:,} can be played. Shorten post_days, lower posts "
            "or lower the count of a pool.",
        )


def _stagger(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy, stagger = part.value, part.value.stagger
    if stagger is None or not part.has("stagger", "creators", "split"):
        return
    if stagger.waves == "pools" and not strategy.split:
        yield Problem(
            (*part.path, "stagger", "waves"),
            'given "pools"; this strategy hires from no pool. Write a number of groups, such as waves = 3.',
        )
    if stagger.by != "name" and strategy.creators and parts.people is not None and parts.synthetic is None:
        yield Problem(
            (*part.path, "stagger", "by"),
            f'given "{stagger.by}"; with a graph file the advertised followers of creators are not known. Write '
            'by = "name".',
        )


def _market_size(parts: Parts) -> Iterator[Problem]:
    people = parts.synthetic
    if people is None or not people.has("count", "followings_per_person"):
        return
    pools = [
        part.value
        for part in parts.pools.values()
        if part.has("count", "followers", "fee", "management_cost", "terms", "post_days")
    ]
    needed = market_bytes(people.value, pools, parts.budget)
    if needed > machine_bytes():
        yield Problem(
            ("people", "count"),
            f"{people.value.count:,} people need about {needed / 2**30:,.1f} GiB of memory and this machine has "
            f"{machine_bytes() / 2**30:,.1f}. Lower people.count or people.followings_per_person.",
        )


def market_bytes(people: SyntheticPeople, pools: list[Pool], budget: float | None) -> int:
    """Estimate the memory at the peak of building one market [bytes]."""
    edges = people.count * people.followings_per_person
    audiences = sum(_hired_audience(pool, people.count, budget) for pool in pools)
    # Measured at 1 and 4 million people: 15 bytes per edge while building; twice that, since another worker may hold
    # a market of its own by then. 60 per person, 8 per audience member.
    return int(30 * edges + 60 * people.count + 8 * audiences)


def _hired_audience(pool: Pool, people: int, budget: float | None) -> float:
    """Estimate the audience of the creators that the whole budget can hire from a pool [persons]."""
    followers = sum(pool.followers.bounds) / 2
    return _hired(pool, budget) * min(followers * max(pool.market_share, 0.0), people)


def _hired(pool: Pool, budget: float | None) -> float:
    """Estimate how many creators of a pool the whole budget can hire."""
    followers = sum(pool.followers.bounds) / 2
    fee = pool.fee
    typical = fee.scale * followers**fee.exponent if isinstance(fee, PowerFee) else _middle(fee)
    cost = sum(contract_cents(pool, to_cents(typical), lambda _, q: _middle(q))) / 100
    return min(float(pool.count), (budget or 0.0) / cost) if cost > 0 else float(pool.count)


def _middle(q: Quantity) -> float:
    return q.values[0] if q.form == "lognormal" else (q.values[0] + q.values[-1]) / 2


def _study_size(parts: Parts) -> Iterator[Problem]:
    replications = parts.raw.get("replications", Scenario.model_fields["replications"].default)
    days = parts.raw.get("horizon_days")
    if not (
        _is_number(replications) and 0 < replications <= MOST_REPLICATIONS and _is_number(days) and 0 < days <= 3660
    ):
        return
    pools = [
        part.value
        for part in parts.pools.values()
        if part.has("count", "followers", "fee", "management_cost", "terms", "post_days")
    ]
    creators = len(parts.creators) + sum(_hired(pool, parts.budget) for pool in pools)
    needed = study_bytes(replications, days, len(parts.strategies), creators)
    if needed > machine_bytes():
        yield Problem(
            ("replications",),
            f"{replications:,} replications over {days:g} days need about {needed / 2**30:,.1f} GiB of memory and this "
            f"machine has {machine_bytes() / 2**30:,.1f}. Lower replications or horizon_days.",
        )


def _is_number(given: object) -> TypeGuard[float]:
    return isinstance(given, int | float) and not isinstance(given, bool)


def study_bytes(replications: float, horizon_days: float, strategies: int, creators: float) -> int:
    """Estimate the memory for all outcomes of a study [bytes].

    A play has three hourly series, some thirty numbers, and seventeen of each creator; all are there twice while
    they are assembled.
    """
    numbers = 3 * (24 * horizon_days + 1) + 30 + 17 * creators
    return int(2 * 8 * replications * strategies * numbers)


def machine_bytes() -> int:
    """Give the memory that this program may use [bytes]; where it cannot be asked, 16 GiB."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        machine = 16 * 2**30
    return min([machine, *_container_limits()])


def _container_limits() -> Iterator[int]:
    for name in _MEMORY_LIMITS:
        try:
            text = FilePath(name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if text.isdecimal():
            yield int(text)
