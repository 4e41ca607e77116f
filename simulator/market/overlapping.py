"""Audiences that overlap as much as the scenario asks.

In: people, how likely each is to follow, sizes, names and targets. Out: the people who follow each creator.
Invariants: sizes are exact; a creator's audience comes from its own name, its size and what the targets tie it to, so
it does not depend on who else is hired.

Pools. Each person p has a rate r_p, the same towards all creators of the pool, and the people stand in one order, by
lot. A creator with a followers draws them, with keys of its own as in `audiences.py`, among the first so many people of
that order whose chances q_p = 1 - exp(-r_p) add up to a: its circle. Circles are nested, so whoever follows the smaller
of two accounts lies in the circle of the larger one, too, and follows it with chance q_p. The overlap of the two is the
mean chance of a follower, sum q^2 / sum q, whatever the two sizes, and its error is binomial.

Where the pool's largest possible accounts would overlap as much without a target, r_p is proportional to the weight w_p
of `audiences.py`, and their audiences are as they are without a target. For more, rates depend on a taste for the pool
that each person has, r ~ w^c / e^s with e exponential and c^2 = 1 + s^2, so that niche and followings count about as
much as before; for large s the same people follow all. For less, people differ less, r ~ w^c with c < 1; at the least,
c = 0, the overlap is that of chance.

Creators by name. They are drawn in the order of the scenario; each takes the written number of followers of every
earlier one it has a target with, to the person, and the rest from people who follow none of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, fold, kernel, uniform
from simulator.errors import ScenarioError
from simulator.market.audiences import Appeal, draw_audience
from simulator.market.people import People, word_of
from simulator.streams import extend_key

Persons = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
_FAR, _CERTAIN = 600.0, 40.0  # logarithms of rates at which a chance is 0 below, and 1 above
_STRONGEST = 20.0  # strength of taste at which audiences are nested, as far as people can be counted
_SOME, _BISECTIONS = 10_000, 25  # people on whom the strength of taste is found first, and steps
_MENDS, _STEP = 15, 0.5
_PRECISE = 2e-5  # of an overlap; no pair of audiences tells less


@dataclass(frozen=True)
class Public:
    """The people of a market as a pool's creators see them, in an order by lot.

    Attributes:
        person: The people in that order (N,) int32.
        rate: How much each of them is drawn to the pool's creators (N,).
        reach: The chances of all people so far, added up (N,) [persons].
    """

    person: Persons
    rate: Values
    reach: Values


def public_of(people: People, appeal: Appeal, most: int, share: float, key: int) -> Public:
    """Find how much people are drawn to a pool's creators, so that audiences overlap by a share.

    Args:
        people: The people of the market.
        appeal: How likely each of them is to follow creators of the pool's niche.
        most: The largest audience that a creator of the pool may have, from 1 to N x share [persons].
        share: How much the audiences of the pool overlap, above 0.
        key: Name of the pool in its market.
    """
    weight = np.log(appeal.weight)
    taste = np.log(_exponential_keys(np.ones(people.count), people.codes, np.uint64(extend_key(key, "taste"))))
    rate = np.exp(np.clip(_log_rates(weight, taste, most, share), -_FAR, _CERTAIN))
    lots = _exponential_keys(np.ones(people.count), people.codes, np.uint64(extend_key(key, "order")))
    person = np.argsort(lots, kind="stable").astype(np.int32)
    return Public(person, rate[person], np.cumsum(-np.expm1(-rate[person])))


def _log_rates(weight: Values, taste: Values, most: int, share: float) -> Values:
    """Solve for the rates whose chances add up to the largest audience, and that overlap by the share.

    How strong taste is, is found on some of the people first, which costs little, then mended on all.
    """
    few, mean = slice(0, _SOME), most / weight.size
    strength = _bisected(lambda middle: _fitted(weight[few], taste[few], middle, mean)[1] < share)
    level, overlap = _fitted(weight, taste, strength, mean)
    slope = max(overlap * (1 - overlap), 1e-3)  # roughly; each step tells more
    for _ in range(_MENDS):
        if abs(overlap - share) < _PRECISE:
            break
        step = min(max((share - overlap) / slope, -_STEP), _STEP)
        mended = min(max(strength + step, -1.0), _STRONGEST)
        level, now = _fitted(weight, taste, mended, mean, level)
        if mended != strength and (now - overlap) / (mended - strength) > 0:
            slope = (now - overlap) / (mended - strength)
        strength, overlap = mended, now
    return _log_weights(weight, taste, strength) + level


def _bisected(too_low: Callable[[float], bool]) -> float:
    low, high = -1.0, _STRONGEST
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2


def _log_weights(weight: Values, taste: Values, strength: float) -> Values:
    """Weigh people: -1 makes all alike, 0 leaves them as without a target, more lets their taste count more."""
    if strength <= 0:
        return (1.0 + strength) * weight
    of_taste = math.expm1(strength)
    return math.hypot(1.0, of_taste) * weight - of_taste * taste


def _fitted(
    weight: Values, taste: Values, strength: float, mean: float, level: float | None = None
) -> tuple[float, float]:
    """Give the level (a logarithm) at which the mean chance is as given, and how much audiences overlap then.

    Newton's steps, kept inside a bracket; the search may begin at a level.
    """
    rates = _log_weights(weight, taste, strength)
    low, high = -float(rates.max()) - _FAR, -float(rates.min()) + _FAR
    level = -float(np.quantile(rates, 1 - mean)) if level is None else level
    found, squares, slope = _chances(rates, level)
    while abs(found - mean) > 1e-8 * mean and high - low > 1e-12 * max(1.0, abs(level)):
        low, high = (level, high) if found < mean else (low, level)
        newton = level + (mean - found) / slope if slope > 0 else math.inf
        level = newton if low < newton < high else (low + high) / 2
        found, squares, slope = _chances(rates, level)
    return level, squares / found


def draw_from_public(people: People, public: Public, size: int, key: int) -> Persons:
    """Draw who follows a creator of a pool whose audiences overlap by a share.

    Args:
        people: The people of the market.
        public: How much each of them is drawn to the creators of the pool.
        size: How many followers to draw [persons], at most the largest audience that the pool may have.
        key: Name of the creator in its market.

    Returns:
        The followers, ascending, without repeats (size,).
    """
    end = max(int(np.searchsorted(public.reach, size - 1e-6)) + 1, size) if size else 0
    circle, rate = public.person[:end], public.rate[:end]
    if size in (0, circle.size):
        return np.sort(circle)
    limit = 1.0 + 6 / math.sqrt(size)
    while True:
        person, its_key = _small_keys_among(circle, rate, people.codes, np.uint64(key), limit)
        if person.size >= size:
            return np.sort(person[np.argpartition(its_key, size - 1)[:size]])
        limit = 4 * limit if limit < 1e3 else math.inf


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
    by_group = np.split(np.argsort(group, kind="stable"), np.cumsum(sizes)[:-1])
    chosen = [_smallest(its, keys, count) for its, count in zip(by_group, take.tolist(), strict=True) if count]
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
def _exponential_keys(weight: Values, codes: npt.NDArray[np.uint64], key: Word) -> Values:
    """Give everybody's exponential key."""
    keys = np.empty(weight.size, np.float64)
    for i in range(weight.size):
        keys[i] = -np.log1p(-uniform(fold(key, word_of(codes, i)))) / weight[i]
    return keys


@kernel
def _chances(rates: Values, level: float) -> tuple[float, float, float]:
    """Give the mean of people's chances, of their squares, and how fast the first grows with the level."""
    first = second = slope = 0.0
    for i in range(rates.size):
        rate = np.exp(min(rates[i] + level, _CERTAIN))
        chance = -np.expm1(-rate)
        first += chance
        second += chance * chance
        slope += rate * (1.0 - chance)
    return first / rates.size, second / rates.size, slope / rates.size


@kernel
def _small_keys_among(
    circle: Persons, rate: Values, codes: npt.NDArray[np.uint64], key: Word, limit: float
) -> tuple[Persons, Values]:
    """Give the people of a circle whose exponential key is at most the limit, and the keys."""
    person = np.empty(circle.size, np.int32)
    its_key = np.empty(circle.size, np.float64)
    found = 0
    for i in range(circle.size):
        u = uniform(fold(key, word_of(codes, circle[i])))
        # -log(1 - u) is at least u, so most people need no logarithm.
        if u <= limit * rate[i]:
            own = -np.log1p(-u) / rate[i]
            person[found] = circle[i]
            its_key[found] = own
            found += own <= limit
    return person[:found].copy(), its_key[:found].copy()
