"""Kernels of the compiled clock that show a post: to a creator's followers, a sharer's friends, and strangers.

In: the arrays of a play. Out: pending events in the calendar. Invariant: a kernel that runs out of room changes nothing
and says what must grow; its caller lets that grow and calls it again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel
from simulator.market.people import ACTIVITY_LEVELS, word_of
from simulator.spread.arrays import (
    DONE,
    GROW_CALENDAR,
    GROW_LATE,
    GROW_SHARED,
    LOW_32,
    NO_ROOM,
    Hits,
    State,
    World,
)
from simulator.spread.calendar_queue import (
    BLOCK,
    FREE,
    LATE,
    SECOND_SHIFT,
    SHOWER_SHIFT,
    Calendar,
    Desk,
    Ints,
    Words,
    push,
    put,
)
from simulator.spread.rules import (
    ATTEMPTS,
    CREATOR,
    delay_entry,
    happens,
    shower_key,
    showing_key,
    stranger_number,
    stranger_place,
)
from simulator.spread.tally import SHARES

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing of the set of shares


@bare_kernel
def publish(
    world: World,
    calendar: Calendar,
    hits: Hits,
    audience: npt.NDArray[np.int32],
    reach: Words,
    delay: Ints,
    post: Whole,
    second: Whole,
) -> int:
    """Show a post to its creator's followers, from a second on."""
    events, following, buckets, free = calendar.events, calendar.following, calendar.buckets, calendar.free
    viewer, key, horizon, bucket_bits = hits.viewer, hits.key, world.horizon, world.bucket_bits
    shower = shower_key(world.post_keys[post], np.uint64(CREATOR))
    count = _seen_by(audience, shower, world.codes, world.activity, reach, viewer, key)
    if free[FREE] < count // BLOCK + len(buckets):
        return GROW_CALENDAR
    for i in range(count):
        at = second + delay[delay_entry(key[i])]
        if at <= horizon:
            when = np.uint64(at) << SECOND_SHIFT | np.uint64(post)
            push(events, following, buckets, free, at >> bucket_bits, when, np.uint64(viewer[i]))
    return DONE


@bare_kernel
def share(
    world: World,
    calendar: Calendar,
    desk: Desk,
    hits: Hits,
    state: State,
    second: Whole,
    post: Whole,
    viewer: Whole,
) -> int:
    """Let a viewer share a post, unless it has; nothing is changed when there is no room for it and one event more."""
    place = place_of_pair(state.shared, post, viewer)
    if state.shared[place] != 0:
        return DONE
    friends = world.followers[world.offsets[viewer] : world.offsets[viewer + 1]]
    shower = shower_key(world.post_keys[post], word_of(world.codes, viewer))
    count = _seen_by(friends, shower, world.codes, world.activity, world.peer_reach, hits.viewer, hits.key)
    if calendar.free[FREE] < count + 1:
        return GROW_CALENDAR
    if desk.cursor[LATE] + count + 1 > len(desk.late):
        return GROW_LATE
    if 2 * state.shared_count[0] >= state.shared.size:
        return GROW_SHARED
    state.shared[place] = pair_of(post, viewer)
    state.shared_count[0] += 1
    state.by_post[post, SHARES] += 1
    _show_to_friends(world, calendar, desk, hits, count, second, post, viewer)
    return DONE


@bare_kernel
def _show_to_friends(
    world: World, calendar: Calendar, desk: Desk, hits: Hits, count: Whole, second: Whole, post: Whole, viewer: Whole
) -> None:
    shower = np.uint64(viewer + 1) << SHOWER_SHIFT
    for i in range(count):
        at = second + world.peer_delay[delay_entry(hits.key[i])]
        if at > world.horizon:
            continue
        when_seen, who = np.uint64(at) << SECOND_SHIFT | np.uint64(post), shower | np.uint64(hits.viewer[i])
        put(calendar, desk, at >> world.bucket_bits, when_seen, who)


@bare_kernel
def _seen_by(
    people: npt.NDArray[np.int32],
    shower: Word,
    codes: Words,
    activity: npt.NDArray[np.uint16],
    table: Words,
    hit_viewer: npt.NDArray[np.int32],
    hit_key: Words,
) -> int:
    """Find out which people see a post or a share, in a row.

    Kept apart and without branches: inside a larger function the same loop costs several times more.
    """
    hits = 0
    equal = table[0] == table[ACTIVITY_LEVELS - 1]
    for person in people:
        key = showing_key(shower, word_of(codes, person))
        hit_viewer[hits] = person
        hit_key[hits] = key
        hits += happens(key, table[0] if equal else table[activity[person]])
    return hits


@bare_kernel
def pair_of(post: Whole, viewer: Whole) -> Word:
    """Give a post and a viewer as one word, never 0."""
    return np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)


@bare_kernel
def place_of_pair(pairs: Words, post: Whole, viewer: Whole) -> Whole:
    """Find the place of a post and a viewer in a set of pairs: where it is, or the empty place where it would go."""
    pair = pair_of(post, viewer)
    mask = pairs.size - 1
    place = np.int64((pair * _SPREAD) >> SECOND_SHIFT) & mask
    while pairs[place] != 0 and pairs[place] != pair:
        place = (place + 1) & mask
    return place


@bare_kernel
def copy_pairs(old: Words, new: Words, old_counts: Ints, new_counts: Ints) -> None:
    """Put the pairs of a set into a larger one, with what is counted beside them (nothing where that is empty)."""
    for i in range(old.size):
        if old[i] != 0:
            place = place_of_pair(new, np.int64(old[i] >> SECOND_SHIFT), np.int64(old[i] & LOW_32) - 1)
            new[place] = old[i]
            if old_counts.size:
                new_counts[place] = old_counts[i]


@bare_kernel
def friends_so_far(state: State, post: Whole, viewer: Whole) -> Whole:
    """Give how many different friends have shown a post to a viewer; each shows it once."""
    return state.friend_counts[place_of_pair(state.friends, post, viewer)]


@bare_kernel
def note_friend(state: State, post: Whole, viewer: Whole) -> None:
    """Take note that one friend more has shown a post to a viewer; there is room for it."""
    place = place_of_pair(state.friends, post, viewer)
    if state.friends[place] == 0:
        state.friends[place] = pair_of(post, viewer)
        state.friends_count[0] += 1
    state.friend_counts[place] += 1


@bare_kernel
def show_to_strangers(
    world: World,
    calendar: Calendar,
    by_niche: npt.NDArray[np.int32],
    begin: Whole,
    inside_count: Whole,
    inside: Word,
    passed_over: npt.NDArray[np.int32],
    delay: Ints,
    post: Whole,
    first: Whole,
    count: Whole,
    second: Whole,
) -> int:
    """Pick a viewer for each impression, put it into the calendar and give how many were found.

    Nothing is changed when there is no room.
    """
    if calendar.free[FREE] < count // BLOCK + len(calendar.buckets):
        return NO_ROOM
    found = 0
    for number in range(first, first + count):
        shower = shower_key(world.post_keys[post], np.uint64(number))
        viewer = _stranger(shower, by_niche, begin, inside_count, inside, passed_over)
        if viewer < 0:
            continue
        found += 1
        at = second + delay[delay_entry(showing_key(shower, word_of(world.codes, viewer)))]
        if at <= world.horizon:
            when = np.uint64(at) << SECOND_SHIFT | np.uint64(post)
            who = np.uint64(number) << SHOWER_SHIFT | np.uint64(viewer)
            bucket = at >> world.bucket_bits
            push(calendar.events, calendar.following, calendar.buckets, calendar.free, bucket, when, who)
    return found


@bare_kernel
def _stranger(
    shower: Word,
    by_niche: npt.NDArray[np.int32],
    begin: Whole,
    inside_count: Whole,
    inside: Word,
    passed_over: npt.NDArray[np.int32],
) -> Whole:
    """Pick a viewer who is not to be passed over; -1 where none is found."""
    others = by_niche.size - inside_count
    for attempt in range(ATTEMPTS):
        place = stranger_place(stranger_number(shower, attempt), inside, begin, inside_count, others)
        if place < 0:
            continue
        viewer = np.int64(by_niche[place])
        at = np.searchsorted(passed_over, by_niche[place])
        if at == passed_over.size or passed_over[at] != viewer:
            return viewer
    return -1
