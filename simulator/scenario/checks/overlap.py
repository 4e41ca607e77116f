"""What must hold between the overlap that is asked for and the pools and creators it is asked of.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.account import Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.overlap import MOST_NAMED, is_too_low, share_at_least, too_low_text
from simulator.scenario.parts import Part, Parts, Path, Problem, is_number, nearest
from simulator.scenario.section import share_of_text

_TABLE = "overlap"


def overlap_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem between targets of overlap and whom they are about."""
    table = parts.raw.get(_TABLE)
    if not isinstance(table, Mapping):
        return
    for name, given in table.items():
        yield from _of_creator(name, given, parts) if isinstance(given, Mapping) else _of_pool(name, given, parts)
    yield from _pairs(table, parts)


def _pool_names(parts: Parts) -> list[str]:
    pools = parts.raw.get("pools")
    return [str(name) for name in pools] if isinstance(pools, Mapping) else []


def _share(given: object) -> float | None:
    """Give a target as a number from 0 to 1, None where it is none."""
    share = share_of_text(given)
    return float(share) if is_number(share) and 0 <= share <= 1 else None


# ---- pools


def _of_pool(name: str, given: object, parts: Parts) -> Iterator[Problem]:
    path, handles = (_TABLE, name), list(dict.fromkeys(parts.handles))
    if name in _pool_names(parts):
        if (pool := parts.pools.get(name)) is not None:
            yield from _pool(pool, _share(given), parts)
    elif name in handles:
        whom = next((handle for handle in handles if handle != name), "ben")
        yield Problem(path, f'"{name}" is a creator; say with whom, for example {name} = {{ {whom} = 0.3 }}.')
    else:
        yield Problem(path, f'no pool and no creator "{name}".{nearest(name, [*_pool_names(parts), *handles])}')


def _pool(pool: Part[Pool] | Part[ListedPool], share: float | None, parts: Parts) -> Iterator[Problem]:
    path = (_TABLE, str(pool.path[1]))
    if pool.has("count", "creators") and pool.value.count == 1:
        more = "List another" if isinstance(pool.value, ListedPool) else "Raise its count"
        message = f"this pool has one creator, with whom no other could share followers. {more}, or remove this key."
        yield Problem(path, message)
    people = parts.synthetic
    if share is None:
        return
    if (
        people is None
        or not people.has("count")
        or not pool.has("followers", "creators", "fake_share", "outside_share")
    ):
        if share == 0:
            yield Problem(path, "given 0; any two audiences of a pool share followers. Write a number above 0.")
        return
    most, count = pool.value.audience_bound, people.value.count
    if most <= count and (share == 0 or is_too_low(share, most, count)):
        mend = f"raise people.count, or lower pools.{path[1]}.followers."
        yield Problem(path, f"{too_low_text(share, most, count)}, {mend}")


# ---- creators known by name


def _of_creator(name: str, given: Mapping[str, Any], parts: Parts) -> Iterator[Problem]:
    path, handles = (_TABLE, name), list(dict.fromkeys(parts.handles))
    if parts.people is not None and parts.synthetic is None:
        yield Problem(path, "the graph file says who follows these creators. Remove this key.")
    elif name in handles:
        for other, share in given.items():
            yield from _pair(name, str(other), _share(share), handles, parts)
    elif name in _pool_names(parts):
        yield Problem(path, f'"{name}" is a pool; it has one number for all its pairs: {name} = 0.15.')
    else:
        yield Problem(path, f'no creator "{name}".{nearest(name, handles)}')


def _pair(name: str, other: str, share: float | None, handles: list[str], parts: Parts) -> Iterator[Problem]:
    path = (_TABLE, name, other)
    if other == name:
        yield Problem(path, "a creator and the creator itself are no pair. Name another creator, or remove this key.")
    elif other not in handles:
        yield Problem(path, f'no creator "{other}".{nearest(other, [h for h in handles if h != name])}')
    elif share is not None:
        yield from _room(path, share, parts)


def _room(path: Path, share: float, parts: Parts) -> Iterator[Problem]:
    """Say where two audiences are so big that they must share more followers."""
    people, two = parts.synthetic, [parts.creator(str(handle)) for handle in path[1:]]
    sizes = [
        part.value.audience_size(part.value.followers)
        for part in two
        if part and part.value.followers is not None and part.has("followers", "fake_share", "outside_share")
    ]
    if people is None or not people.has("count") or len(sizes) < 2 or not 0 < min(sizes) <= max(sizes):
        return
    count = people.value.count
    needed = sum(sizes) - count
    if max(sizes) <= count and round(share * min(sizes)) < needed:
        yield Problem(
            path,
            f"given {share:g}; audiences of {sizes[0]:,} and {sizes[1]:,} among {count:,} people overlap by "
            f"{share_at_least(needed / min(sizes))} or more. Write that or more, raise people.count, or lower the "
            "followers of one of the two.",
        )


def _pairs(table: Mapping[str, Any], parts: Parts) -> Iterator[Problem]:
    """Say where a pair is written twice, or where too many creators are named."""
    seen: set[frozenset[str]] = set()
    for name, given in table.items():
        for other in given if isinstance(given, Mapping) else ():
            if other != name and frozenset((name, other)) in seen:
                message = f"this pair is written under {other} already. Remove one of the two."
                yield Problem((_TABLE, name, other), message)
            seen.add(frozenset((name, other)))
    named = {handle for pair in seen for handle in pair}.intersection(parts.handles)
    if len(named) > MOST_NAMED:
        yield Problem((_TABLE,), f"names {len(named)} creators; at most {MOST_NAMED} can be. Remove some of them.")
