"""Kernels of the compiled clock that fill orders: at a click or after a lag, and customers' later orders.

In: the arrays of a play. Out: the arrays, changed. Invariant: a person orders for the first time once; an order is
filled, or lost where there is no stock; a kernel that runs out of room changes nothing and says what must grow.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled import Whole, Word, bare_kernel, kernel
from simulator.market.people import word_of
from simulator.spread.arrays import (
    DONE,
    GROW_CALENDAR,
    GROW_LATE,
    GROW_WAITING,
    HAS_ORDERED,
    NEVER,
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
    WHEN,
    WHO,
    Calendar,
    Desk,
    Words,
    put,
)
from simulator.spread.conditions import Counts
from simulator.spread.goodwill import YEAR
from simulator.spread.rules import (
    FIRST_ORDER,
    LATER_ORDER,
    buys_anyway,
    delay_entry,
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
def room_for_order(calendar: Calendar, desk: Desk, state: State) -> Whole:
    """Say whether one more event has room, behind the horizon too; DONE where it has."""
    if calendar.free[FREE] < 1:
        return GROW_CALENDAR
    if state.waiting_count[0] == len(state.waiting):
        return GROW_WAITING
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
    world: World, calendar: Calendar, desk: Desk, state: State, second: Whole, post: Whole, who: Word, showing: Word
) -> None:
    """Let a click lead to an order later; one behind the horizon waits to be counted. There is room for it."""
    at = second + world.lag[lag_entry(showing)]
    if at <= world.horizon:
        shower, viewer = np.int64(who >> SHOWER_SHIFT), np.int64(who & VIEWER_MASK)
        _schedule(world, calendar, desk, at, FIRST_ORDER, post, shower, viewer)
    elif at <= world.ends[-1]:
        place = state.waiting_count[0]
        state.waiting[place, WHEN] = np.uint64(at) << SECOND_SHIFT | np.uint64(post)
        state.waiting[place, WHO] = who
        state.waiting_count[0] += 1


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
        order = _first_order(world, post, shower, person)
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
    status = room_for_order(calendar, desk, state)
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
    incremental = _is_incremental(world, viewer, person)
    state.by_post[post, INCREMENTAL_ORDERS] += incremental
    state.by_post[post, INCREMENTAL_REPEAT_ORDERS] += incremental and number > 0
    if is_returned(order, world.returns):
        state.by_post[post, RETURNED_ORDERS] += 1
        state.by_post[post, INCREMENTAL_RETURNS] += incremental
    if number == 0:
        state.lifetime_orders[0] += _lifetime_orders(world, person, second, order)
    at = _next_order(world, person, number + 1, second)
    if at == NEVER:
        return
    if at <= world.horizon:
        _schedule(world, calendar, desk, at, LATER_ORDER, post, number + 1, viewer)
    elif incremental:
        _count_behind(world, state.later_orders, person, number + 1, at)


@bare_kernel
def _first_order(world: World, post: Whole, shower: Whole, person: Word) -> Word:
    """Name a first order: it is that of the showing that was clicked."""
    return showing_key(shower_key(world.post_keys[post], shower_word(world.codes, shower)), person)


@bare_kernel
def _is_incremental(world: World, viewer: Whole, person: Word) -> bool:
    """Say whether a person would not have bought anyway."""
    is_on_target = np.int64(world.niche[viewer]) == world.target_niche
    return not buys_anyway(world.baseline_key, person, is_on_target, world.baseline, world.baseline_on_target)


@bare_kernel
def _next_order(world: World, person: Word, number: Whole, before: Whole) -> Whole:
    """Give when a customer orders for the n-th time, counted from 0, after the order before it; NEVER where not [s]."""
    order = later_order(world.later_key, person, number)
    if not is_repeated(order, world.repeat):
        return NEVER
    return before + world.repeat_delay[delay_entry(order)]


@bare_kernel
def _lifetime_orders(world: World, person: Word, second: Whole, order: Word) -> Whole:
    """Count the orders that a customer keeps from the first one on, within a year of it, whatever the stock."""
    kept, number, end = np.int64(not is_returned(order, world.returns)), np.int64(1), second + YEAR
    second = _next_order(world, person, number, second)
    while NEVER < second <= end:
        kept += not is_returned(later_order(world.later_key, person, number), world.returns)
        number += 1
        second = _next_order(world, person, number, second)
    return kept


@bare_kernel
def _count_behind(world: World, later_orders: Counts, person: Word, number: Whole, second: Whole) -> None:
    """Count a customer's order behind the horizon and all that follow, where they are kept, up to each end."""
    ends = world.ends
    while NEVER < second <= ends[-1]:
        if not is_returned(later_order(world.later_key, person, number), world.returns):
            for i in range(ends.size):
                later_orders[i] += second <= ends[i]
        number += 1
        second = _next_order(world, person, number, second)


@kernel
def orders_behind(world: World, state: State, waiting: Words) -> Counts:
    """Give the incremental orders behind the horizon that are kept, first ones that waited included (ends,).

    Args:
        world: What does not change.
        state: What the play has led to.
        waiting: First orders that come behind the horizon, in order (orders, 2); of a person the first one counts.
    """
    later, done = state.later_orders.copy(), state.people.copy()
    for i in range(len(waiting)):
        viewer = np.int64(waiting[i, WHO] & VIEWER_MASK)
        if done[viewer] & HAS_ORDERED != 0:
            continue
        done[viewer] |= HAS_ORDERED
        person, second = word_of(world.codes, viewer), np.int64(waiting[i, WHEN] >> SECOND_SHIFT)
        if not _is_incremental(world, viewer, person):
            continue
        post, shower = np.int64(waiting[i, WHEN] & POST_MASK), np.int64(waiting[i, WHO] >> SHOWER_SHIFT)
        order = _first_order(world, post, shower, person)
        if not is_returned(order, world.returns):
            later += second <= world.ends
        number = np.int64(1)
        _count_behind(world, later, person, number, _next_order(world, person, number, second))
    return later
