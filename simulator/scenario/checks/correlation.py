"""Which unknowns can go together: those that have one value in a play and are not known before.

In: the parts of a scenario. Out: problems, each with the pair of `correlate` it is about. Invariant: the names are
those under which a play draws its unknowns. A name of a listed pool stands for all its creators: it is an unknown where
it is one of any of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.scenario.account import Account, Creator
from simulator.scenario.correlation import Pair, as_pair, correlation_of, nearest_possible
from simulator.scenario.listed import ListedPool, Member
from simulator.scenario.parts import Part, Parts, Problem, nearest
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw, unknown_of
from simulator.scenario.section import Section
from simulator.scenario.strategy import Boost

_OF_EACH_CREATOR = ("followers", "fee")  # of a pool: what differs from creator to creator


def correlation_problems(parts: Parts) -> Iterator[Problem]:
    """Say which pairs name no unknown, and that all of them cannot hold at once."""
    pairs = _pairs(parts.raw.get("correlate"))
    known = dict(quantities(parts))
    seen: set[frozenset[str]] = set()
    usable = True
    for row, (first, second, _) in pairs.items():
        messages = [_refusal(name, known, parts) for name in dict.fromkeys((first, second))]
        if first == second:
            messages.append(f'given "{first}" twice; an unknown goes together with itself anyway. Name another one.')
        if frozenset((first, second)) in seen:
            messages.append(f'"{first}" and "{second}" are already a pair of this list. Remove one of the two.')
        seen.add(frozenset((first, second)))
        yield from (Problem(("correlate", row), message) for message in messages if message)
        usable = usable and not any(messages)
    if usable and correlation_of(tuple(pairs.values())) is None:
        yield Problem(("correlate",), _impossible(tuple(pairs.values())))


def _impossible(pairs: tuple[Pair, ...]) -> str:
    near = json.dumps([list(pair) for pair in nearest_possible(pairs)], ensure_ascii=False)
    return f"these rank correlations cannot all hold at once. The nearest that can: correlate = {near}"


def _refusal(name: str, known: Mapping[str, Quantity], parts: Parts) -> str:
    """Say why a name is no unknown; nothing where it is one."""
    its = known.get(name)
    pool, _, key = name.removeprefix("pools.").rpartition(".")
    if its is not None and not its.is_fixed:
        return ""
    if its is not None:
        value = f"{name} is {its.values[0]:g}, which is known"
        if pool in parts.pools and _is_of_each_row(parts.pools[pool], key):
            value = f"{name} is known of each creator of the list, whose rows have one of their own"
        return f'{value}. Write a range there ("1% to 3%"), or remove this pair.'
    if pool in parts.pools and key in _OF_EACH_CREATOR:
        return f"{name} differs from creator to creator, and is no unknown of a play. Name a rate or a cost."
    there = nearest(name, [known_name for known_name, its in known.items() if not its.is_fixed])
    return f'there is no unknown "{name}".{there}'


def _pairs(given: Any) -> dict[int, Pair]:
    """Give the pairs that can be used, by their row; what is wrong with the others is said by the model."""
    rows = enumerate(given) if isinstance(given, list | tuple) else ()
    return {row: pair for row, its in rows if (pair := as_pair(its)) is not None}


def quantities(parts: Parts) -> Iterator[tuple[str, Quantity]]:
    """Give every quantity that has one value in a play, known or not, by the name under which it is drawn."""
    sections = {
        "product": parts.product,
        "behaviour": parts.behaviour,
        "brand": parts.brand,
        "approval": parts.approval,
        "ads": parts.ads,
        **{f"creators.{part.value.handle}": part for part in parts.creators if part.has("handle")},
        **{f"pools.{name}": part for name, part in parts.pools.items()},
        "boost": _boost(parts),
    }
    for name, part in sections.items():
        if part is not None:
            yield from _inside(name, part)


def _boost(parts: Parts) -> Part[Boost] | None:
    """Give a boost, one of unknown price where there is one: the price is one unknown for all strategies."""
    boosts = [part for part in parts.boosts.values() if part.has("cpm")]
    return min(boosts, key=lambda part: part.value.cpm.is_fixed, default=None)


def _inside(name: str, part: Part[Any]) -> Iterator[tuple[str, Quantity]]:
    of_pool = isinstance(part.value, Account) and not isinstance(part.value, Creator)
    rows = part.value.accounts if _has_rows(part) else ()
    for key, value in part.value:
        if part.has(key) and not (of_pool and key in _OF_EACH_CREATOR):
            yield from _of(f"{name}.{key}", _open_one(key, value, rows))


def _has_rows(part: Part[Any]) -> bool:
    return isinstance(part.value, ListedPool) and part.has("creators")


def _is_of_each_row(part: Part[Any], key: str) -> bool:
    return _has_rows(part) and all(key in row.own for row in part.value.creators)


def _open_one(key: str, value: object, rows: Sequence[Account]) -> object:
    """Give a pool's value, of a list that of a creator: the first that is not known, for one name stands for all."""
    if not rows or key not in Member.model_fields:
        return value
    values = [getattr(row, key) for row in rows]
    return next(
        (its for its in values if isinstance(its, Quantity | RateLaw) and not unknown_of(its).is_fixed), values[0]
    )


def _of(name: str, value: object) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity | RateLaw):
        yield name, unknown_of(value)
    elif isinstance(value, Section | Mapping):
        for key, inner in dict(value).items():
            yield from _of(f"{name}.{key}", inner)
