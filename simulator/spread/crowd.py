"""The compiled clock: the rulebook played by time buckets in contiguous memory.

In: `Conditions`, then what the campaign does: publish posts, show them to strangers, change what they lead to,
restock. Out: a `Tally`. Invariant: events are played in the order the rulebook gives, so the tally equals that of
`reference.py` to the bit, whatever the width of a bucket. Between two calls of `advance` every pending event lies in
the calendar.

The arrays are in `arrays.py`, pending events and their order in `calendar_queue.py`, the kernels that make pending
events in `showings.py`, those that play them in `impressions.py` and `orders.py`, goodwill in `goodwill.py`. Arrays
grow between kernels: a kernel that runs out of room changes nothing more, says what must grow, and is called again.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from simulator.spread.arrays import (
    CLICK,
    DONE,
    GROW_CALENDAR,
    GROW_DESK,
    GROW_FRIENDS,
    GROW_LATE,
    GROW_WAITING,
    NEVER,
    NO_ROOM,
    TIMES_SEEN,
    empty_state,
    room_for_hits,
    world_arrays,
)
from simulator.spread.calendar_queue import (
    WHEN,
    WHO,
    Ints,
    empty_calendar,
    empty_desk,
    larger_calendar,
    larger_desk,
    larger_heap,
)
from simulator.spread.conditions import Conditions, Counts, Effect, Strangers
from simulator.spread.goodwill import long_run, write_all_reached
from simulator.spread.impressions import advance
from simulator.spread.orders import orders_behind
from simulator.spread.rules import FRESH, PAID, PLATFORM
from simulator.spread.showings import copy_pairs, publish, show_to_strangers
from simulator.spread.tally import Tally, anyway_of, reach_of

_NO_COUNTS = np.empty(0, np.int64)
MOST_BUCKETS = 4096  # more, and the open ends of the chains no longer fit the second-level cache


class CompiledCrowd:
    """One play of the crowd on the compiled clock."""

    def __init__(self, conditions: Conditions, bucket_bits: int | None = None) -> None:
        """Prepare a play.

        Args:
            conditions: What the play depends on.
            bucket_bits: Width of a time bucket as a power of two [s]; the tally does not depend on it.
        """
        if bucket_bits is None:
            bucket_bits = max(6, (conditions.horizon // MOST_BUCKETS).bit_length())
        self._conditions = conditions
        self._world = world_arrays(conditions, bucket_bits)
        self._calendar = empty_calendar((conditions.horizon >> bucket_bits) + 2)
        self._desk = empty_desk(1 << bucket_bits)
        self._hits = room_for_hits(conditions)
        self._state = empty_state(conditions)
        self._shown: Counter[tuple[int, int]] = Counter()

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from `second` on; all earlier seconds are played."""
        its = self._conditions.posts[post]
        while True:
            args = (its.audience, its.reach, its.delay, post, second)
            status = publish(self._world, self._calendar, self._hits, *args)
            if status == DONE:
                return
            self._grow(status)

    def show(self, post: int, source: int, count: int, second: int, to: Strangers, delay: Ints) -> int:
        """Show a post to so many strangers, from `second` on, and give how many were found."""
        first = source + self._shown[post, source]
        assert self._shown[post, source] + count <= PAID - PLATFORM, "showings of one post have names of their own"
        self._shown[post, source] += count
        by_niche, inside = self._conditions.people.by_niche, np.uint64(to.inside)
        while True:
            args = (by_niche, to.first, to.count, inside, to.passed_over, delay, post, first, count, second)
            found = int(show_to_strangers(self._world, self._calendar, *args))
            if found != NO_ROOM:
                return found
            self._grow(GROW_CALENDAR)

    def change(self, post: int, effect: Effect) -> None:
        """Change what a post's impressions lead to, from now on."""
        self._state.chances[post, CLICK:] = effect

    def lose_goodwill(self, creator: int, second: int, kept: int) -> None:
        """Let everybody who saw a post of a creator keep only a part of their goodwill, in units of 2**-31."""
        state, codes = self._state, self._conditions.people.codes
        if state.goodwill.size and second > 0:
            args = (state.goodwill, state.brand_orders, codes, state.reached[creator], second - 1, np.uint64(kept))
            write_all_reached(self._world.brand, *args)

    def restock(self, units: int) -> None:
        """Add to the stock."""
        self._state.stock[0] += units

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`, but none after the second in which the stock runs out."""
        if until <= 0:
            return
        while (status := advance(self._world, self._calendar, self._desk, self._hits, self._state, until)) != DONE:
            self._grow(status)

    def take_sold_out(self) -> int | None:
        """Give the second in which the stock ran out, once, after it did."""
        second = int(self._state.sold_out[0])
        self._state.sold_out[0] = NEVER
        return None if second == NEVER else second

    def attention(self, post: int) -> float:
        """Give the impressions of a post so far, each counted as far as its viewer was not tired."""
        return float(self._state.wear_seen[post]) / FRESH

    @property
    def counts(self) -> Counts:
        """Give the counts of each post so far, to be read only (posts, COUNTS)."""
        return self._state.by_post

    def tally(self) -> Tally:
        """Give what happened so far."""
        state, c = self._state, self._conditions
        seen = state.people & TIMES_SEEN
        by_frequency, on_target = reach_of(seen, c.people, c.target_niche)
        brand_orders, goodwill = self._brand_tally()
        return Tally(
            int(state.reach[0]),
            state.by_post.copy(),
            state.by_hour.copy(),
            state.reach_by_creator.copy(),
            by_frequency,
            on_target,
            self._orders_behind(),
            int(state.lifetime_orders[0]),
            brand_orders,
            goodwill,
            *anyway_of(seen, c),
        )

    def _orders_behind(self) -> Counts:
        state = self._state
        waiting = state.waiting[: state.waiting_count[0]]
        in_order = waiting[np.lexsort((waiting[:, WHO], waiting[:, WHEN]))]
        behind: Counts = orders_behind(self._world, state, in_order)
        return behind

    def _brand_tally(self) -> tuple[Counts, int]:
        """Give the orders that goodwill led to up to the horizon and each end, and all goodwill at the horizon."""
        state, c = self._state, self._conditions
        if not c.brand:
            return np.zeros(1 + c.ends.size, np.int64), 0
        ends = np.concatenate([[c.horizon], c.ends])
        orders, goodwill = long_run(self._world.brand, state.goodwill, c.people.codes, c.horizon, ends)
        return state.brand_orders + orders, int(goodwill)

    def _grow(self, status: int) -> None:
        if status == GROW_CALENDAR:
            self._calendar = larger_calendar(self._calendar)
        elif status == GROW_DESK:
            self._desk = larger_desk(self._desk, self._calendar)
        elif status == GROW_LATE:
            self._desk = larger_heap(self._desk)
        elif status == GROW_WAITING:
            waiting = self._state.waiting
            self._state = self._state._replace(waiting=np.concatenate([waiting, np.zeros_like(waiting)]))
        elif status == GROW_FRIENDS:
            size = 2 * self._state.friends.size
            friends, counts = np.zeros(size, np.uint64), np.zeros(size, np.int64)
            copy_pairs(self._state.friends, friends, self._state.friend_counts, counts)
            self._state = self._state._replace(friends=friends, friend_counts=counts)
        else:
            shared = np.zeros(2 * self._state.shared.size, np.uint64)
            copy_pairs(self._state.shared, shared, _NO_COUNTS, _NO_COUNTS)
            self._state = self._state._replace(shared=shared)
