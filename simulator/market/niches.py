"""How many of a creator's followers are of a niche, as is to be expected before anybody is drawn.

In: what a scenario says of people, a niche, and a creator's niche and number of followers. Out: a share. Invariant: no
market is built and nothing heavy is imported.

A person of a group g follows with a weight w_g = affinity x how many accounts it follows (`audiences.py`), and an
audience drawn without replacement holds of each person 1 - exp(-L w), where L is such that these add up to the
audience (Efraimidis, Spirakis 2006). For audiences that are small beside the market, the share of a creator's own
niche, of size s, is so affinity x s / (affinity x s + 1 - s); of all people it is s. In between, who follows many is
exhausted first. How many accounts people follow is taken for a power law beside the follows that are returned, which
are about the same for all (`follow_graph.py`); so the share is right to about 0.02, and niches vary besides.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp

from simulator.scenario.people import SyntheticPeople

_PERSONS, _BISECTIONS = 200, 50
_MOST_WEIGHT, _MOST_WEIGHT_SHARE = 1000.0, 0.02  # as in follow_graph.py
# The chance that a follow is returned, for each unit of `follow_back_probability`: a mean over who is followed, where
# accounts much followed return less.
_RETURNED = 0.49


def expected_share(people: SyntheticPeople, niche: str, of_creator: str | None, size: int) -> float:
    """Give the expected share of a niche among a creator's followers in the market.

    Args:
        people: The people of the market.
        niche: The niche whose people are counted.
        of_creator: The creator's niche, None where it has none.
        size: How many people of the market follow the creator [persons].
    """
    total = sum(people.niches.values())
    its_size = people.niches[niche] / total
    if of_creator is None or size >= people.count:
        return its_size
    own_size, wanted = people.niches[of_creator] / total, max(size, 1) / people.count
    followings = _followings(
        people.count, people.followings_per_person, people.following_exponent, people.follow_back_probability
    )
    return its_size * _hit(followings, people.niche_affinity, own_size, wanted)[niche == of_creator] / wanted


@lru_cache
def _followings(count: int, mean: float, exponent: float, follow_back: float) -> tuple[float, ...]:
    """Give how many accounts people follow, of some who stand for all, from many to few."""
    most = min(max(_MOST_WEIGHT_SHARE * count, 1.0), _MOST_WEIGHT)
    weights = [min(most, ((place + 0.5) / _PERSONS) ** (-1 / (exponent - 1))) for place in range(_PERSONS)]
    returned = _RETURNED * follow_back / (1 + _RETURNED * follow_back)
    level = (1 - returned) * mean * _PERSONS / sum(weights)
    return tuple(max(1.0, level * weight + returned * mean) for weight in weights)


@lru_cache
def _hit(followings: tuple[float, ...], affinity: float, own_size: float, wanted: float) -> tuple[float, float]:
    """Give which share follows a creator: of people outside its niche, and of those in it."""

    def at(level: float) -> tuple[float, float]:
        others, own = (sum(1 - exp(-level * times * its) for its in followings) for times in (1.0, affinity))
        return others / _PERSONS, own / _PERSONS

    low, high = 0.0, 1.0
    while high < 2.0**40 and _mixed(at(high), own_size) < wanted:
        high *= 2
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _mixed(at(middle), own_size) < wanted else (low, middle)
    return at(high)


def _mixed(shares: tuple[float, float], own_size: float) -> float:
    return (1 - own_size) * shares[0] + own_size * shares[1]
