"""Kernels of the compiled clock that play pending events: what people see, and what follows from it.

In: the arrays of a play, and until when. Out: the arrays, changed. Invariant: events are played in the order the
rulebook gives; an event is taken off only when it is played whole.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled import Whole, Word, bare_kernel
from simulator.spread.arrays import (
    CLICK,
    CLICK_ON_TARGET,
    DONE,
    ENGAGE,
    GOODWILL,
    GROW_CALENDAR,
    GROW_DESK,
    GROW_FRIENDS,
    GROW_LOG,
    HAS_ORDERED,
    NEVER,
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
    KIND_MASK,
    KIND_SHIFT,
    LATE,
    PLACE,
    POST_MASK,
    SECOND_SHIFT,
    SHOWER_SHIFT,
    SIZE,
    VIEWER_MASK,
    WHEN,
    WHO,
    Calendar,
    Desk,
    before,
    late_pop,
    open_bucket,
    put_back,
)
from simulator.spread.event_log import note_before, note_event
from simulator.spread.goodwill import goodwill_at, write
from simulator.spread.orders import advocate, fill_order, order_after_lag, play_order, room_for_order
from simulator.spread.rules import (
    CLICKED,
    ENGAGED,
    ORDERED,
    PLATFORM,
    SHARED,
    SHOWING,
    either,
    engagement_kind,
    hour_of,
    response,
    shower_key,
    showing_key,
    worn,
)
from simulator.spread.showings import friends_so_far, note_friend, share
from simulator.spread.tally import CLICKS, ENGAGEMENTS, IMPRESSIONS, LIKES, NEW_IMPRESSIONS, NEW_REACH, shown_count


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
def _play_bucket(  # noqa: C901, PLR0912, PLR0915 - an impression from end to end; apart it takes twice as long
    world: World, calendar: Calendar, desk: Desk, hits: Hits, state: State, until: Word
) -> int:
    """Play what lies on the desk, up to `until`; an event is taken off only when it is played whole."""
    events, late, cursor = desk.events, desk.late, desk.cursor
    codes, post_keys, chances = world.codes, world.post_keys, state.chances
    wear, most_seen = world.wear, world.wear.size - 1
    people, by_post = state.people, state.by_post
    most_friends, orders_at_once = world.shares.shape[1] - 1, world.lag.size == 0
    has_target, has_brand, has_log = world.target_niche >= 0, world.brand.half_life > 0, state.log.size > 0
    place, size, status = cursor[PLACE], cursor[SIZE], DONE
    while place < size or cursor[LATE] > 0:
        from_late = cursor[LATE] > 0 and (
            place == size or before(late[0, WHEN], late[0, WHO], events[place, WHEN], events[place, WHO])
        )
        when = late[0, WHEN] if from_late else events[place, WHEN]
        who = late[0, WHO] if from_late else events[place, WHO]
        if when >> SECOND_SHIFT >= until:
            break
        if has_log:
            if state.log_count[0] == len(state.log):
                status = GROW_LOG
                break
            note_before(state, np.int64(when & POST_MASK))
        if when >> KIND_SHIFT & KIND_MASK != SHOWING:
            status = play_order(world, calendar, desk, hits, state, when, who)
            if status != DONE:
                break
            if from_late:
                late_pop(late, cursor)
            place += not from_late
            if has_log:
                note_event(state, when, who)
            until = np.uint64(_stop(state, np.int64(until)))
            continue
        second, post = np.int64(when >> SECOND_SHIFT), np.int64(when & POST_MASK)
        shower, viewer = np.int64(who >> SHOWER_SHIFT), np.int64(who & VIEWER_MASK)
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
        friends, effect, goodwill = np.int64(0), CLICK, np.uint64(0)
        if most_friends > 0:
            if 2 * state.friends_count[0] >= state.friends.size:
                status = GROW_FRIENDS
                break
            friends = min(friends_so_far(state, post, viewer) + (0 < shower < PLATFORM), most_friends)
        if has_target and np.int64(world.niche[viewer]) == world.target_niche:
            effect = CLICK_ON_TARGET
        if has_brand:
            goodwill = goodwill_at(world.brand, state.goodwill[viewer], second)
        wants = response(
            showing,
            its_wear,
            chances[post, ENGAGE],
            world.shares[post, friends],
            chances[post, effect],
            either(chances[post, effect + 1], goodwill),
        )
        orders = wants & ORDERED != 0 and state_before & HAS_ORDERED == 0
        if orders or wants & SHARED:
            status = _share_and_make_room(world, calendar, desk, hits, state, second, post, viewer, showing, wants)
            if status != DONE:
                break
        # What follows from an event happens at least a second later, so the top of the heap is still this one.
        if from_late:
            late_pop(late, cursor)
        place += not from_late
        people[viewer] = state_before + np.uint32(1)
        _count_impression(state, second, post, world.creators[post], shower, viewer, times_seen, its_wear)
        if most_friends > 0 and 0 < shower < PLATFORM:
            note_friend(state, post, viewer)
        if has_brand and chances[post, GOODWILL] > 0:
            goodwill += worn(chances[post, GOODWILL], its_wear)
            write(world.brand, state.goodwill, state.brand_orders, viewer, viewer_word, second, goodwill)
        if wants & ENGAGED:
            by_post[post, ENGAGEMENTS] += 1
            by_post[post, LIKES + _kind(showing, world.comments, world.saves)] += 1
        if wants & CLICKED:
            by_post[post, CLICKS] += 1
            if orders and orders_at_once:
                fill_order(world, calendar, desk, state, second, post, viewer, viewer_word, showing, np.int64(0))
                until = np.uint64(_stop(state, np.int64(until)))
            elif orders:
                order_after_lag(world, calendar, desk, state, second, post, who, showing)
        if has_log:
            note_event(state, when, who)
    cursor[PLACE] = place
    return status


@bare_kernel
def _share_and_make_room(
    world: World,
    calendar: Calendar,
    desk: Desk,
    hits: Hits,
    state: State,
    second: Whole,
    post: Whole,
    viewer: Whole,
    showing: Word,
    wants: Whole,
) -> Whole:
    """Let the viewer share the post, for itself or because of an order, and see to room for an order that follows."""
    if not wants & SHARED and world.lag.size == 0:
        return advocate(world, calendar, desk, hits, state, second, post, viewer, showing)
    status = room_for_order(calendar, desk, state)
    if status == DONE and wants & SHARED:
        return share(world, calendar, desk, hits, state, second, post, viewer)
    return status


@bare_kernel
def _kind(showing: Word, comments: Word, saves: Word) -> Whole:
    """Give what an engagement is; all are likes where nothing else is written."""
    return engagement_kind(showing, comments, saves) if comments + saves > 0 else np.int64(0)


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
