"""Kernels of the compiled clock that fill orders: at a click or after a lag, and customers' later orders.

In: the arrays of a play. Out: the arrays, changed. Invariant: a person orders for the first time once; an order is
filled, or lost where there is no stock; a kernel that runs out of room changes nothing and says what must grow.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled import Whole, Word, bare_kernel
from simulator.market.people import word_of
from simulator.spread.arrays import (
    DONE,
    GROW_CALENDAR,
    GROW_LATE,
    HAS_ORDERED,
    Hits,
    State,
    World,
    shower_word,
)
from simulator.spread.calendar_queue import (
    FREE,
    KIND_MASK,
    KIND_SHIFT,
    LATE,
    POST_MASK,
    SECOND_SHIFT,
    SHOWER_SHIFT,
    VIEWER_MASK,
    Calendar,
    Desk,
    put,
)
from simulator.spread.rules import (
    FIRST_ORDER,
    LATER_ORDER,
    delay_entry,
    happens,
    hour_of,
    is_advocated,
    is_repeated,
    is_returned,
    lag_entry,
    later_order,
    shower_key,
    showing_key,
)
from simulator.spread.showings import share
from simulator.spread.tally import (
    ADVOCATE_SHARES,
    INCREMENTAL_ORDERS,
    INCREMENTAL_REPEAT_ORDERS,
    INCREMENTAL_RETURNS,
    LOST_ORDERS,
    NEW_ORDERS,
    ORDERS,
    REPEAT_ORDERS,
    RETURNED_ORDERS,
    SHARES,
)


@bare_kernel
def room_for_order(calendar: Calendar, desk: Desk) -> Whole:
    """Say whether one more event has room; DONE where it has."""
    if calendar.free[FREE] < 1:
        return GROW_CALENDAR
    return GROW_LATE if desk.cursor[LATE] + 1 > len(desk.late) else DONE


@bare_kernel
def _schedule(
    world: World, calendar: Calendar, desk: Desk, second: Whole, kind: Whole, post: Whole, shower: Whole, viewer: Whole
) -> None:
    when = np.uint64(second) << SECOND_SHIFT | np.uint64(kind) << KIND_SHIFT | np.uint64(post)
    who = np.uint64(shower) << SHOWER_SHIFT | np.uint64(viewer)
    put(calendar, desk, second >> world.bucket_bits, when, who)


@bare_kernel
def order_after_lag(
    world: World, calendar: Calendar, desk: Desk, second: Whole, post: Whole, who: Word, showing: Word
) -> None:
    """Let a click lead to an order later, where that is not behind the horizon; there is room for it."""
    at = second + world.lag[lag_entry(showing)]
    if at <= world.horizon:
        shower, viewer = np.int64(who >> SHOWER_SHIFT), np.int64(who & VIEWER_MASK)
        _schedule(world, calendar, desk, at, FIRST_ORDER, post, shower, viewer)


@bare_kernel
def play_order(world: World, calendar: Calendar, desk: Desk, hits: Hits, state: State, when: Word, who: Word) -> Whole:
    """Play an order that is an event of its own."""
    second, post = np.int64(when >> SECOND_SHIFT), np.int64(when & POST_MASK)
    shower, viewer = np.int64(who >> SHOWER_SHIFT), np.int64(who & VIEWER_MASK)
    person, number = word_of(world.codes, viewer), np.int64(0)
    if when >> KIND_SHIFT & KIND_MASK == LATER_ORDER:
        number, order = shower, later_order(world.later_key, person, shower)
    elif state.people[viewer] & HAS_ORDERED != 0:
        return DONE
    else:
        order = showing_key(shower_key(world.post_keys[post], shower_word(world.codes, shower)), person)
    status = advocate(world, calendar, desk, hits, state, second, post, viewer, order)
    if status == DONE:
        fill_order(world, calendar, desk, state, second, post, viewer, person, order, number)
    return status


@bare_kernel
def advocate(
    world: World,
    calendar: Calendar,
    desk: Desk,
    hits: Hits,
    state: State,
    second: Whole,
    post: Whole,
    viewer: Whole,
    order: Word,
) -> Whole:
    """Let somebody whose order is filled now share the post, perhaps; see to room for the order first."""
    status = room_for_order(calendar, desk)
    if status != DONE or state.stock[0] == 0 or not is_advocated(order, world.advocate):
        return status
    before = state.by_post[post, SHARES]
    status = share(world, calendar, desk, hits, state, second, post, viewer)
    state.by_post[post, ADVOCATE_SHARES] += state.by_post[post, SHARES] - before
    return status


@bare_kernel
def fill_order(
    world: World,
    calendar: Calendar,
    desk: Desk,
    state: State,
    second: Whole,
    post: Whole,
    viewer: Whole,
    person: Word,
    order: Word,
    number: Whole,
) -> None:
    """Let an order take a unit of the stock, or lose it where there is none; there is room for the one that follows."""
    if state.stock[0] == 0:
        state.by_post[post, LOST_ORDERS] += 1
        return
    state.stock[0] -= 1
    if state.stock[0] == 0:
        state.sold_out[0] = second
    state.people[viewer] |= HAS_ORDERED
    state.by_hour[hour_of(second), NEW_ORDERS] += 1
    state.by_post[post, ORDERS] += 1
    state.by_post[post, REPEAT_ORDERS] += number > 0
    on_target = np.int64(world.niche[viewer]) == world.target_niche
    anyway = world.baseline_on_target if on_target else world.baseline
    incremental = not happens(showing_key(world.baseline_key, person), anyway)
    state.by_post[post, INCREMENTAL_ORDERS] += incremental
    state.by_post[post, INCREMENTAL_REPEAT_ORDERS] += incremental and number > 0
    if is_returned(order, world.returns):
        state.by_post[post, RETURNED_ORDERS] += 1
        state.by_post[post, INCREMENTAL_RETURNS] += incremental
    if world.repeat > 0:
        _follow_up(world, calendar, desk, state, second, post, viewer, person, number, incremental)


@bare_kernel
def _follow_up(
    world: World,
    calendar: Calendar,
    desk: Desk,
    state: State,
    second: Whole,
    post: Whole,
    viewer: Whole,
    person: Word,
    number: Whole,
    incremental: Whole,
) -> None:
    """Put a customer's next order on the calendar; behind the horizon all that follow are counted at once."""
    at, ends = second, world.ends
    while True:
        number += 1
        order = later_order(world.later_key, person, number)
        if not is_repeated(order, world.repeat):
            return
        at += world.repeat_delay[delay_entry(order)]
        if at <= world.horizon:
            _schedule(world, calendar, desk, at, LATER_ORDER, post, number, viewer)
            return
        if at > ends[-1]:
            return
        if not is_returned(order, world.returns):
            for i in range(ends.size):
                state.later_orders[i, 0] += at <= ends[i]
                state.later_orders[i, 1] += incremental and at <= ends[i]
