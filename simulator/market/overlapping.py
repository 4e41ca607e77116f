"""Audiences that overlap as much as the scenario asks.

In: people, how likely each is to follow, sizes, names and targets. Out: the people who follow each creator.
Invariants: sizes are exact; a creator's audience comes from its own name, its size and what the targets tie it to, so
it does not depend on who else is hired.

Pools. All creators of a pool share one order of the people, by exponential keys as in `audiences.py`. A creator with a
followers draws them by lot, with keys of its own, among the first a / o people of that order, its circle. Circles are
nested, so whoever follows the smaller of two accounts lies in the circle of the larger one and follows it with chance
o: the shared followers are hypergeometric with mean o x the smaller audience, whatever the two sizes. The wider the
circle, the less the pool's niche and people with many followings stand out in it.

Creators by name. They are drawn in the order of the scenario; each takes the written number of followers of every
earlier one it has a target with, to the person, and the rest from people who follow none of these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, fold, kernel, uniform
from simulator.errors import ScenarioError
from simulator.market.audiences import Appeal, draw_audience
from simulator.market.people import People, word_of
from simulator.scenario.overlap import circle_size

Persons = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]


def order_of(people: People, appeal: Appeal, key: int) -> Persons:
    """Order the people of a market for a pool: the likelier somebody follows its creators, the earlier (N,).

    Args:
        people: The people of the market.
        appeal: How likely each of them is to follow creators of the pool's niche.
        key: Name of the pool in its market.
    """
    keys = _exponential_keys(appeal.weight, people.codes, np.uint64(key))
    return np.argsort(keys, kind="stable").astype(np.int32)


def draw_from_circle(people: People, order: Persons, size: int, share: float, key: int) -> Persons:
    """Draw who follows a creator of a pool whose audiences overlap by a share.

    Args:
        people: The people of the market.
        order: The people in the order of the pool (N,).
        size: How many followers to draw [persons]; their circle holds at most N.
        share: How much the audiences of the pool overlap, above 0.
        key: Name of the creator in its market.

    Returns:
        The followers, ascending, without repeats (size,).
    """
    circle = order[: circle_size(size, share)]
    if size in (0, circle.size):
        return np.sort(circle[:size])
    wanted = size + 6 * math.sqrt(size) + 6
    while True:
        # Most people need not be looked at twice: few more than wanted draw a number below this.
        limit = min(int(wanted / circle.size * 2.0**64), 2**64 - 1)
        person, lot = _small_lots(circle, people.codes, np.uint64(key), np.uint64(limit))
        if person.size >= size:
            return np.sort(person[np.argpartition(lot, size - 1)[:size]])
        wanted *= 1.5


@dataclass(frozen=True)
class Member:
    """A creator known by name: how many follow it, how likely each person is to, and its name in its market."""

    name: str
    size: int
    appeal: Appeal
    key: int


def draw_related(
    people: People, members: Sequence[Member], shares: Mapping[frozenset[str], float]
) -> dict[str, Persons]:
    """Draw who follows creators whose audiences overlap pair by pair.

    Args:
        people: The people of the market.
        members: The creators, in the order in which they are drawn.
        shares: How much the audiences of two of them overlap, by their two names.

    Returns:
        The followers of each, by name; ascending, without repeats.

    Raises:
        ScenarioError: there are not enough people for the audience of one of them.
    """
    drawn: dict[str, Persons] = {}
    for member in members:
        earlier = [other for other in drawn if frozenset((member.name, other)) in shares]
        wanted = [
            round(shares[frozenset((member.name, other))] * min(member.size, drawn[other].size)) for other in earlier
        ]
        drawn[member.name] = _draw_beside(people, member, {name: drawn[name] for name in earlier}, wanted)
    return drawn


def _draw_beside(people: People, member: Member, others: Mapping[str, Persons], wanted: Sequence[int]) -> Persons:
    """Draw an audience that shares so many people with each of the others, those with the smallest keys."""
    if not others:
        return draw_audience(people, member.appeal, member.size, member.key)
    group, follows = _groups(people.count, list(others.values()))
    sizes = np.bincount(group, minlength=len(follows))
    take = _quotas(sizes, follows, np.array(wanted, np.int64), member.size)
    if take is None:
        raise ScenarioError(
            f"overlap: {member.name} cannot share as many followers with {', '.join(others)} as is written and have "
            f"{member.size:,} in all, with {people.count:,} people. Lower some of these numbers, or raise "
            "people.count."
        )
    keys = _exponential_keys(member.appeal.weight, people.codes, np.uint64(member.key))
    chosen = [_smallest(np.flatnonzero(group == i), keys, count) for i, count in enumerate(take.tolist()) if count]
    return np.sort(np.concatenate([np.empty(0, np.int64), *chosen])).astype(np.int32)


def _groups(count: int, audiences: Sequence[Persons]) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """Group people by whom they follow: the group of each (N,), and whom each follows (groups, audiences).

    Group 0 follows nobody, the next ones the first audience only, the second only, and so on; then come those who
    follow several.
    """
    bits = np.zeros(count, np.int64)
    for i, audience in enumerate(audiences):
        bits[audience] |= 1 << i
    alone = [0, *(1 << i for i in range(len(audiences)))]
    codes = np.array([*alone, *np.setdiff1d(bits, alone)], np.int64)
    ascending = np.argsort(codes)
    group = ascending[np.searchsorted(codes[ascending], bits)]
    return group, (codes[:, None] >> np.arange(len(audiences)) & 1).astype(bool)


def _quotas(sizes: Counts, follows: npt.NDArray[np.bool_], wanted: Counts, size: int) -> Counts | None:
    """Say how many people to take of each group, so that as many follow each creator as wanted; None if impossible.

    Of people who follow several, the lowest of the shares in which these creators' followers are wanted is taken: with
    equal targets everybody is then as likely, whomever they follow. Those who follow one creator only make up what is
    missing to the number wanted.

    Args:
        sizes: People in each group (groups,), ordered as in `_groups`.
        follows: Whom each group follows (groups, creators).
        wanted: How many followers of each creator to take (creators,).
        size: How many people to take in all.
    """
    several = slice(wanted.size + 1, None)
    share = np.where(follows, wanted / np.maximum(sizes @ follows, 1), 1.0).min(axis=1)
    due = share[several] * sizes[several]
    # What rounding takes from one group it gives to the next; rounded down where that leaves no room for the others.
    for rounded in (np.diff(np.rint(np.cumsum(due)), prepend=0.0), np.floor(due)):
        take = np.concatenate([np.zeros(wanted.size + 1), np.minimum(rounded, sizes[several])]).astype(np.int64)
        take[1 : wanted.size + 1] = wanted - take[several] @ follows[several]
        take[0] = size - take.sum()
        if ((take >= 0) & (take <= sizes)).all():
            return take
    return None


def _smallest(persons: npt.NDArray[np.intp], keys: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.intp]:
    """Give the persons with the smallest keys (count,)."""
    return persons if count == persons.size else persons[np.argpartition(keys[persons], count - 1)[:count]]


@kernel
def _exponential_keys(
    weight: npt.NDArray[np.float64], codes: npt.NDArray[np.uint64], key: Word
) -> npt.NDArray[np.float64]:
    """Give everybody's exponential key."""
    keys = np.empty(weight.size, np.float64)
    for i in range(weight.size):
        keys[i] = -np.log1p(-uniform(fold(key, word_of(codes, i)))) / weight[i]
    return keys


@kernel
def _small_lots(
    circle: Persons, codes: npt.NDArray[np.uint64], key: Word, limit: Word
) -> tuple[Persons, npt.NDArray[np.uint64]]:
    """Give the people of a circle whose number for a creator is at most the limit, and the numbers."""
    person = np.empty(circle.size, np.int32)
    lot = np.empty(circle.size, np.uint64)
    found = 0
    for i in range(circle.size):
        number = fold(key, word_of(codes, circle[i]))
        person[found] = circle[i]
        lot[found] = number
        found += number <= limit
    return person[:found].copy(), lot[:found].copy()
