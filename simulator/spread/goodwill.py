"""Goodwill: what impressions leave in people, and what people order on their own because of it.

In: the terms of a brand, and what impressions leave, when. Out: goodwill at any second, and orders. Invariants: what a
person has is one word (how much, and when it was written), and only impressions and scandals write it, so it does not
depend on how often it is read and costs nothing while nobody does; an order is counted when the second it happens at is
behind, once.

The stock of Nerlove and Arrow: it grows with each impression and halves in every half-life. Fading is a table of
2**DECAY_BITS steps of a half-life in units of 2**-31 and a shift for whole ones; time is rounded to the nearest step,
an error of goodwill below 0.01% either way.

References:
    Nerlove, Arrow (1962), Optimal advertising policy under dynamic conditions, Economica 29(114).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel, kernel
from simulator.market.people import word_of
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.spread.rules import (
    CHANCE_BITS,
    DECAY_BITS,
    WEAR_BITS,
    decay_steps,
    faded,
    goodwill_lasts,
    is_brand_order,
    occasion,
    occasion_second,
    worn,
)

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

# How long after the horizon the long run is looked at: 3, 6 and 12 months [s].
MONTHS = (3, 6, 12)
LONG_RUN = tuple(days * SECONDS_PER_DAY for days in (91, 182, 365))
YEAR = LONG_RUN[-1]
MOST_GOODWILL = (1 << CHANCE_BITS) - 1
_DECAY_STEPS = 1 << DECAY_BITS
_IN_STEP = np.int64(_DECAY_STEPS - 1)
_SHIFT = np.uint64(32)
_LOW = np.uint64((1 << 32) - 1)


@dataclass(frozen=True)
class Brand:
    """On what terms goodwill lasts and works.

    Attributes:
        key: Name of the decisions at people's own occasions.
        half_life: In which goodwill halves [s].
        occasion_every: A person has one occasion in each period of this length [s].
        order_at_occasion: Chance of an order at an occasion without goodwill.
        most: The most goodwill that a person can have, up to MOST_GOODWILL.
    """

    key: int
    half_life: int
    occasion_every: int
    order_at_occasion: int = 0
    most: int = MOST_GOODWILL


class BrandWorld(NamedTuple):
    """The same for kernels; without a brand, half_life is 0."""

    key: Word
    half_life: int
    occasion_every: int
    order_at_occasion: Word
    most: Word
    decay: Words
    returns: Word


@cache
def decay_table() -> Words:
    """Give what is left of goodwill after each step of a half-life, in units of 2**-31 (2**DECAY_BITS,)."""
    return np.asarray(np.rint(2.0 ** (WEAR_BITS - np.arange(_DECAY_STEPS) / _DECAY_STEPS)), np.uint64)


def brand_world(brand: Brand | None, returns: int) -> BrandWorld:
    """Lay out a brand for kernels."""
    its = brand or Brand(0, 0, 1)
    return BrandWorld(
        np.uint64(its.key),
        its.half_life,
        its.occasion_every,
        np.uint64(its.order_at_occasion),
        np.uint64(its.most),
        decay_table(),
        np.uint64(returns),
    )


@bare_kernel
def goodwill_at(brand: BrandWorld, written: Word, second: Whole) -> Word:
    """Give what is left at a second of goodwill as it was written."""
    steps = decay_steps(second - np.int64(written & _LOW), brand.half_life)
    return faded(written >> _SHIFT, brand.decay[steps & _IN_STEP], steps >> DECAY_BITS)


@bare_kernel
def orders_between(brand: BrandWorld, written: Word, person: Word, after: Whole, until: Whole) -> Whole:
    """Count the orders that goodwill as it was written leads a person to after a second and up to another."""
    orders, at_first = 0, written >> _SHIFT
    if at_first == 0:
        return orders
    until = min(until, np.int64(written & _LOW) + goodwill_lasts(brand.half_life))
    for period in range((after + 1) // brand.occasion_every, until // brand.occasion_every + 1):
        its_occasion = occasion(brand.key, person, period)
        # Goodwill only fades, so nearly all occasions are done with before it is worked out.
        if not is_brand_order(its_occasion, brand.order_at_occasion, at_first, brand.returns):
            continue
        second = occasion_second(its_occasion, period, brand.occasion_every)
        if after < second <= until:
            goodwill = goodwill_at(brand, written, second)
            orders += is_brand_order(its_occasion, brand.order_at_occasion, goodwill, brand.returns)
    return orders


@bare_kernel
def write(
    brand: BrandWorld, people: Words, orders: Counts, viewer: Whole, person: Word, second: Whole, goodwill: Word
) -> None:
    """Count a person's orders up to a second, and write what goodwill there is then, up to the most.

    Args:
        brand: On what terms.
        people: What every person has (N,).
        orders: Orders so far (1,).
        viewer: Number of the person.
        person: Its word.
        second: When [s].
        goodwill: How much it is from then on.
    """
    written = people[viewer]
    orders[0] += orders_between(brand, written, person, np.int64(written & _LOW), second)
    people[viewer] = min(goodwill, brand.most) << _SHIFT | np.uint64(second)


@kernel
def write_all_reached(
    brand: BrandWorld, people: Words, orders: Counts, codes: Words, reached: Words, second: Whole, kept: Word
) -> None:
    """Let everybody who has goodwill and is marked as reached keep only a part of it from the next second on.

    Args:
        brand: On what terms.
        people: What every person has (N,).
        orders: Orders so far (1,).
        codes: See `People.codes`.
        reached: A bit for each person (N // 64 + 1,).
        second: When [s].
        kept: What stays, in units of 2**-31.
    """
    for viewer in range(people.size):
        is_reached = reached[viewer >> 6] >> np.uint64(viewer & 63) & np.uint64(1)
        if is_reached and people[viewer] >> _SHIFT:
            left = worn(goodwill_at(brand, people[viewer], second), kept)
            write(brand, people, orders, viewer, word_of(codes, viewer), second, left)


@kernel
def long_run(brand: BrandWorld, people: Words, codes: Words, horizon: Whole, ends: Counts) -> tuple[Counts, Whole]:
    """Give the orders that goodwill leads to from when it was written until each end, and all goodwill at the horizon.

    Args:
        brand: On what terms.
        people: What every person has (N,).
        codes: See `People.codes`.
        horizon: The last second that is played [s].
        ends: Rising, from the horizon on [s] (E,).

    Returns:
        Orders (E,), and goodwill in units of 2**-32 person.
    """
    orders = np.zeros(ends.size, np.int64)
    total = np.int64(0)
    for viewer in range(people.size):
        written, person = people[viewer], word_of(codes, viewer)
        if written >> _SHIFT == 0:
            continue
        total += np.int64(goodwill_at(brand, written, horizon))
        after = np.int64(written & _LOW)
        for i in range(ends.size):
            orders[i] += orders_between(brand, written, person, after, ends[i])
            after = ends[i]
    return np.cumsum(orders), total
