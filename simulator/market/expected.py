"""Audiences as they are to be expected before anybody is drawn: their niches, their overlap, whom they reach together.

In: what a scenario says of people, and each creator's niche and number of followers. Out: shares and numbers of people.
Invariant: no market is built and nothing heavy is imported.

A person follows with a weight w = affinity x how many accounts it follows (`audiences.py`), and an audience drawn
without replacement holds of each person 1 - exp(-L w), where L is such that these add up to the audience (Efraimidis,
Spirakis 2006). For audiences that are small beside the market, the share of a creator's own niche, of size s, is so
affinity x s / (affinity x s + 1 - s); of all people it is s. In between, who follows many is exhausted first.

Two audiences are drawn independently, but by the same weights: who follows many accounts is likely to be in both. So
two audiences a and b of N people without niches share a b / N x mean(w ** 2) / mean(w) ** 2 people while they are
small, and the heavy tail of w counts. How many accounts people follow is taken for a power law beside the follows that
are returned, which are about the same for all (`follow_graph.py`); so shares of a niche are right to about 0.02 and
overlaps to about a tenth of themselves, on average a twentieth too low; where all follows are returned, a
sixth. Audiences that `[overlap]` ties to each other are drawn otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log, log1p, prod, sqrt

from simulator.scenario.people import SyntheticPeople

_MOST_STEPS = 200
_MOST_WEIGHT, _MOST_WEIGHT_SHARE = 1000.0, 0.02  # as in follow_graph.py
# The chance that a follow is returned, for each unit of `follow_back_probability`: a mean over who is followed, where
# accounts much followed return less.
_RETURNED = 0.49
# People from the most followings to the fewest: each tenth of the way down the tail is so much shorter than the last.
_HALVINGS, _PARTS = 14, 4
_LEVELS, _STEPS, _FAR, _WIDE = 10, 400, 20.0, 10.0  # of activity; steps of logits, as far as they differ


@dataclass(frozen=True)
class Audience:
    """Who is to follow a creator.

    Attributes:
        niche: The creator's niche, None where it has none.
        size: How many people of the market follow [persons].
    """

    niche: str | None
    size: int


@dataclass(frozen=True)
class Shown:
    """What some like creators show to their followers.

    Attributes:
        audience: Who follows each of them.
        creators: How many they are.
        seen: The chance that a follower sees at least one post of a creator, by how active it is (_LEVELS,).
    """

    audience: Audience
    creators: int
    seen: tuple[float, ...]


def expected_share(people: SyntheticPeople, niche: str, audience: Audience) -> float:
    """Give the expected share of a niche among a creator's followers in the market."""
    its_size = _size(people, niche)
    if audience.niche is None or audience.size >= people.count:
        return its_size
    chances = _chances(people, audience)[niche == audience.niche]
    return its_size * _mean(people, chances) / (max(audience.size, 1) / people.count)


def expected_overlap(people: SyntheticPeople, first: Audience, second: Audience) -> float:
    """Give which share of the smaller of two audiences is expected to follow both; 0 where nobody follows."""
    smaller = min(first.size, second.size, people.count)
    if smaller <= 0:
        return 0.0
    shared = 0.0
    for niche, size in _niches(people, (first, second)):
        both = zip(_of(people, first, niche), _of(people, second, niche), strict=True)
        shared += size * _mean(people, tuple(one * other for one, other in both))
    return min(shared * people.count / smaller, 1.0)


def expected_people(people: SyntheticPeople, shown: Sequence[Shown]) -> float:
    """Give how many different people are expected to see a post of any of some creators [persons]."""
    missed = 0.0
    for niche, size in _niches(people, [its.audience for its in shown]):
        chances = [(its, _of(people, its.audience, niche)) for its in shown]
        for place, (_, share) in enumerate(_followings(*_follows(people))):
            for level in range(_LEVELS):
                none = prod((1 - its.seen[level] * chance[place]) ** its.creators for its, chance in chances)
                missed += size * share * none / _LEVELS
    return people.count * max(1 - missed, 0.0)


@lru_cache(maxsize=4096)
def by_activity(rate: float, spread: float) -> tuple[float, ...]:
    """Give the chance that a person sees something, from the least active tenth of people to the most active.

    Args:
        rate: The chance on average.
        spread: `activity_spread`: the intraclass correlation of the beta law of a person's chance.

    Returns:
        Means of each tenth, whose mean is the rate (_LEVELS,).
    """
    if not spread or rate <= 0 or rate >= 1:
        return (min(max(rate, 0.0), 1.0),) * _LEVELS
    a, b = (share * (1 / spread - 1) for share in (rate, 1 - rate))
    # Of the logit y of a beta law the density is proportional to x ** a (1 - x) ** b, which has no poles. Far out x is
    # 0 or 1, and all that lies beyond counts there.
    middle, wide = log(a / b), _WIDE * sqrt(1 / a + 1 / b)
    far = _FAR + abs(middle)
    low, high = max(middle - wide, -far), min(middle + wide, far)
    step = (high - low) / _STEPS
    ys = [low, *(low + step * (place + 0.5) for place in range(_STEPS)), high]
    weights = [log(1 / a), *[log(step)] * _STEPS, log(1 / b)]
    logs = [weight - a * _softplus(-y) - b * _softplus(y) for weight, y in zip(weights, ys, strict=True)]
    highest = max(logs)
    return _tenths([1 / (1 + exp(-y)) for y in ys], [exp(its - highest) for its in logs])


def _softplus(y: float) -> float:
    return max(y, 0.0) + log1p(exp(-abs(y)))


def _tenths(values: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """Give the mean of each tenth of some rising values, by their weights."""
    means, total, place, left = [], sum(weights), 0, weights[0]
    for _ in range(_LEVELS):
        wanted, found = total / _LEVELS, 0.0
        while left < wanted and place < len(values) - 1:
            found, wanted, place = found + left * values[place], wanted - left, place + 1
            left = weights[place]
        left -= wanted
        means.append((found + wanted * values[place]) * _LEVELS / total)
    return tuple(means)


def _size(people: SyntheticPeople, niche: str) -> float:
    return people.niches[niche] / sum(people.niches.values())


def _niches(people: SyntheticPeople, audiences: Sequence[Audience]) -> list[tuple[str | None, float]]:
    """Give the niches that tell audiences apart, and None for all others, each with its share of the people."""
    own = {its.niche: _size(people, its.niche) for its in audiences if its.niche is not None}
    return [*own.items(), (None, max(1 - sum(own.values()), 0.0))]


def _of(people: SyntheticPeople, audience: Audience, niche: str | None) -> tuple[float, ...]:
    """Give the chances that people of a niche follow, by how many they follow."""
    return _chances(people, audience)[niche is not None and niche == audience.niche]


def _mean(people: SyntheticPeople, chances: Sequence[float]) -> float:
    strata = _followings(*_follows(people))
    return sum(share * chance for (_, share), chance in zip(strata, chances, strict=True))


def _follows(people: SyntheticPeople) -> tuple[int, float, float, float]:
    return people.count, people.followings_per_person, people.following_exponent, people.follow_back_probability


def _chances(people: SyntheticPeople, audience: Audience) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give the chance that a person follows a creator, by how many it follows: outside of its niche, and in it."""
    own_size = 0.0 if audience.niche is None else _size(people, audience.niche)
    wanted = max(audience.size, 0) / people.count
    return _hit(_followings(*_follows(people)), people.niche_affinity, own_size, wanted)


@lru_cache
def _followings(count: int, mean: float, exponent: float, follow_back: float) -> tuple[tuple[float, float], ...]:
    """Give how many accounts people follow, of some who stand for all, from many to few, and their shares of all."""
    most = min(max(_MOST_WEIGHT_SHARE * count, 1.0), _MOST_WEIGHT)
    ends = [0.0, *(2.0 ** (-_HALVINGS + step / _PARTS) for step in range(_HALVINGS * _PARTS + 1))]
    strata = [(min(most, ((low + high) / 2) ** (-1 / (exponent - 1))), high - low) for low, high in pairwise(ends)]
    returned = _RETURNED * follow_back / (1 + _RETURNED * follow_back)
    level = (1 - returned) * mean / sum(weight * share for weight, share in strata)
    most = max((count - 1) / 2, 1.0)
    return tuple((min(max(1.0, level * weight + returned * mean), most), share) for weight, share in strata)


@lru_cache(maxsize=4096)
def _hit(
    strata: tuple[tuple[float, float], ...], affinity: float, own_size: float, wanted: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give the chances to follow that make up an audience of a wanted share of the people; see `_chances`."""
    if wanted >= 1:
        return (1.0,) * len(strata), (1.0,) * len(strata)

    # By Newton's steps, each of which stays below what is sought, for who follows many is exhausted first.
    weighed = [(its, share * (1 - own_size)) for its, share in strata]
    weighed += [(its * affinity, share * own_size) for its, share in strata] if own_size else []
    level = 0.0
    for _ in range(_MOST_STEPS):
        left = [(its, share * exp(-level * its)) for its, share in weighed]
        step = (wanted - 1 + sum(share for _, share in left)) / sum(its * share for its, share in left)
        level += step
        if step <= 1e-9 * level:
            break
    others, own = (tuple(1 - exp(-level * times * its) for its, _ in strata) for times in (1.0, affinity))
    return others, own
