"""Kernels of the compiled clock that play pending events: what people see, and what follows from it.

In: the arrays of a play, and until when. Out: the arrays, changed. Invariant: events are played in the order the
rulebook gives; an event is taken off only when it is played whole.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled import Whole, Word, bare_kernel
from simulator.spread.arrays import (
    DONE,
    GROW_CALENDAR,
    GROW_DESK,
    HAS_ORDERED,
    LOW_31,
    LOW_32,
    NEVER,
    SHOWER_SHIFT,
    TIMES_SEEN,
    Hits,
    State,
    World,
)
from simulator.spread.calendar_queue import (
    BLOCK,
    BUCKET,
    COUNT,
    FREE,
    LATE,
    PLACE,
    SECOND_SHIFT,
    SIZE,
    WHEN,
    WHO,
    Calendar,
    Desk,
    before,
    late_pop,
    open_bucket,
    put_back,
)
from simulator.spread.conditions import (
    CLICKS,
    ENGAGEMENTS,
    IMPRESSIONS,
    INCREMENTAL_ORDERS,
    INCREMENTAL_RETURNS,
    LOST_ORDERS,
    NEW_IMPRESSIONS,
    NEW_ORDERS,
    NEW_REACH,
    ORDERS,
    RETURNED_ORDERS,
    shown_count,
)
from simulator.spread.rules import (
    CLICKED,
    ENGAGED,
    ORDERED,
    PLATFORM,
    SHARED,
    happens,
    hour_of,
    is_returned,
    response,
    shower_key,
    showing_key,
)
from simulator.spread.showings import share


@bare_kernel
def advance(world: World, calendar: Calendar, desk: Desk, hits: Hits, state: State, until: Whole) -> int:
    """Play every event of the seconds before `until`, but none after the second in which the stock runs out."""
    cursor = desk.cursor
    while True:
        if cursor[PLACE] == cursor[SIZE] and cursor[LATE] == 0:
            last = (_stop(state, until) - 1) >> world.bucket_bits
            while cursor[BUCKET] <= last and calendar.buckets[cursor[BUCKET], COUNT] == 0:
                cursor[BUCKET] += 1
            if cursor[BUCKET] > last:
                break
            if calendar.buckets[cursor[BUCKET], COUNT] > len(desk.events):
                return GROW_DESK
            open_bucket(calendar, desk, world.bucket_bits)
        status = _play_bucket(world, calendar, desk, hits, state, np.uint64(_stop(state, until)))
        if status != DONE:
            return status
        if cursor[PLACE] < cursor[SIZE] or cursor[LATE] > 0:
            if calendar.free[FREE] < (cursor[SIZE] - cursor[PLACE] + cursor[LATE]) // BLOCK + 1:
                return GROW_CALENDAR
            put_back(calendar, desk)
            break
    cursor[BUCKET] = _stop(state, until) >> world.bucket_bits
    return DONE


@bare_kernel
def _stop(state: State, until: Whole) -> Whole:
    """Give the second before which to play: the campaign must know of a stock that ran out before anything else."""
    sold_out = state.sold_out[0]
    return sold_out + 1 if sold_out != NEVER and sold_out < until else until


@bare_kernel
def _play_bucket(  # noqa: C901 - one impression from end to end; apart it is slower
    world: World, calendar: Calendar, desk: Desk, hits: Hits, state: State, until: Word
) -> int:
    """Play what lies on the desk, up to `until`; an event is taken off only when it is played whole."""
    events, late, cursor = desk.events, desk.late, desk.cursor
    codes, post_keys, chances = world.codes, world.post_keys, state.chances
    wear, most_seen = world.wear, world.wear.size - 1
    people, by_post = state.people, state.by_post
    place, size, status = cursor[PLACE], cursor[SIZE], DONE
    while place < size or cursor[LATE] > 0:
        from_late = cursor[LATE] > 0 and (
            place == size or before(late[0, WHEN], late[0, WHO], events[place, WHEN], events[place, WHO])
        )
        when = late[0, WHEN] if from_late else events[place, WHEN]
        who = late[0, WHO] if from_late else events[place, WHO]
        if when >> SECOND_SHIFT >= until:
            break
        second, post = np.int64(when >> SECOND_SHIFT), np.int64(when & LOW_32)
        shower, viewer = np.int64(who >> SHOWER_SHIFT), np.int64(who & LOW_31)
        # A person's word is its number + 1, which is also its number as a shower.
        shower_word, viewer_word = np.uint64(shower), np.uint64(viewer + 1)
        if codes.size:
            viewer_word = codes[viewer]
            if 0 < shower < PLATFORM:
                shower_word = codes[shower - 1]
        showing = showing_key(shower_key(post_keys[post], shower_word), viewer_word)
        state_before = people[viewer]
        times_seen = np.int64(state_before & TIMES_SEEN)
        its_wear = wear[times_seen if times_seen < most_seen else most_seen]  # noqa: FURB136 - min has no type here
        wants = response(
            showing,
            its_wear,
            chances[post, 0],
            chances[post, 1],
            chances[post, 2],
            chances[post, 3],
        )
        if wants & SHARED:
            status = share(world, calendar, desk, hits, state, when, viewer)
            if status != DONE:
                break
        # What was just shared happens at least a second later, so the top of the heap is still this event.
        if from_late:
            late_pop(late, cursor)
        place += not from_late
        people[viewer] = state_before + np.uint32(1)
        _count_impression(state, second, post, world.creators[post], shower, viewer, times_seen, its_wear)
        if wants & ENGAGED:
            by_post[post, ENGAGEMENTS] += 1
        if wants & CLICKED:
            by_post[post, CLICKS] += 1
            if wants & ORDERED and state_before & HAS_ORDERED == 0:
                _order(world, state, second, post, viewer, viewer_word, showing)
                until = np.uint64(_stop(state, np.int64(until)))
    cursor[PLACE] = place
    return status


@bare_kernel
def _count_impression(
    state: State,
    second: Whole,
    post: Whole,
    creator: Whole,
    shower: Whole,
    viewer: Whole,
    times_seen: Whole,
    its_wear: Word,
) -> None:
    """Count an impression; the bit that says who saw the creator is what it costs most, memory of its own."""
    hour = hour_of(second)
    state.by_hour[hour, NEW_IMPRESSIONS] += 1
    state.by_post[post, IMPRESSIONS] += 1
    state.wear_seen[post] += np.int64(its_wear)
    if shower > 0:
        state.by_post[post, shown_count(shower)] += 1
    bit = np.uint64(1) << np.uint64(viewer & 63)
    state.reach_by_creator[creator] += state.reached[creator, viewer >> 6] & bit == 0
    state.reached[creator, viewer >> 6] |= bit
    if times_seen == 0:
        state.reach[0] += 1
        state.by_hour[hour, NEW_REACH] += 1


@bare_kernel
def _order(
    world: World, state: State, second: Whole, post: Whole, viewer: Whole, viewer_word: Word, showing: Word
) -> None:
    """Let somebody who has not ordered take a unit of the stock, or lose the order where there is none."""
    if state.stock[0] == 0:
        state.by_post[post, LOST_ORDERS] += 1
        return
    state.stock[0] -= 1
    if state.stock[0] == 0:
        state.sold_out[0] = second
    state.people[viewer] |= HAS_ORDERED
    state.by_hour[hour_of(second), NEW_ORDERS] += 1
    state.by_post[post, ORDERS] += 1
    on_target = np.int64(world.niche[viewer]) == world.target_niche
    anyway = world.baseline_on_target if on_target else world.baseline
    incremental = not happens(showing_key(world.baseline_key, viewer_word), anyway)
    state.by_post[post, INCREMENTAL_ORDERS] += incremental
    if is_returned(showing, world.returns):
        state.by_post[post, RETURNED_ORDERS] += 1
        state.by_post[post, INCREMENTAL_RETURNS] += incremental
