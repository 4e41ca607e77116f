"""The compiled clock: the rulebook played by time buckets in contiguous memory.

In: `Conditions`, then what the campaign does: publish posts, show them to strangers, change what they lead to,
restock. Out: a `Tally`. Invariant: events are played in the order the rulebook gives, so the tally equals that of
`reference.py` to the bit, whatever the width of a bucket. Between two calls of `advance` every pending event lies in
the calendar.

Pending events and their order are in `calendar_queue.py`. A person's state is one 32-bit word, so an impression
touches one cache line of people. Arrays grow between kernels: a kernel that runs out of room changes nothing
more, says what must grow, and is called again.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel
from simulator.market.people import ACTIVITY_LEVELS, word_of
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
    Ints,
    Words,
    before,
    empty_calendar,
    empty_desk,
    larger_calendar,
    larger_desk,
    larger_heap,
    late_pop,
    late_push,
    open_bucket,
    push,
    put_back,
)
from simulator.spread.conditions import (
    CLICKS,
    COUNTS,
    DISCOVERY_IMPRESSIONS,
    ENGAGEMENTS,
    FRIEND_IMPRESSIONS,
    HOURLY,
    IMPRESSIONS,
    INCREMENTAL_ORDERS,
    INCREMENTAL_RETURNS,
    LOST_ORDERS,
    NEW_IMPRESSIONS,
    NEW_ORDERS,
    NEW_REACH,
    ORDERS,
    PAID_IMPRESSIONS,
    RETURNED_ORDERS,
    SHARES,
    Conditions,
    Counts,
    Strangers,
    Tally,
)
from simulator.spread.rules import (
    ATTEMPTS,
    CLICKED,
    CREATOR,
    ENGAGED,
    FRESH,
    ORDERED,
    PAID,
    PLATFORM,
    SHARED,
    delay_entry,
    happens,
    hour_of,
    is_returned,
    place_of,
    response,
    shower_key,
    showing_key,
    stranger_number,
)

MOST_BUCKETS = 4096  # more, and the open ends of the chains no longer fit the second-level cache

DONE, GROW_CALENDAR, GROW_DESK, GROW_LATE, GROW_SHARED = range(5)
HAS_ORDERED = np.uint32(1 << 31)
TIMES_SEEN = np.uint32((1 << 31) - 1)
LOW_32 = np.uint64((1 << 32) - 1)
LOW_31 = np.uint64((1 << 31) - 1)
SHOWER_SHIFT = np.uint64(31)
UNLIMITED = 1 << 62  # units of stock; more than all people's orders
NEVER, NO_ROOM = -1, -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing of the set of shares


class World(NamedTuple):
    """What does not change during a play; see `Conditions` for the meaning."""

    offsets: Ints
    followers: npt.NDArray[np.int32]
    activity: npt.NDArray[np.uint16]
    codes: Words
    post_keys: Words
    creators: Ints  # (posts,) row of each post's creator
    peer_reach: Words
    peer_delay: Ints
    wear: Words
    baseline_key: Word
    baseline: Word
    returns: Word
    horizon: int
    bucket_bits: int


class Hits(NamedTuple):
    """Who sees a post or a share, in a row: room for the largest audience."""

    viewer: npt.NDArray[np.int32]
    key: Words  # names of the showings


class State(NamedTuple):
    """What the play has led to so far."""

    people: npt.NDArray[np.uint32]  # times seen, and the top bit: has ordered
    shared: Words  # open addressing: post << 32 | viewer + 1, 0 is empty
    shared_count: Ints  # (1,)
    chances: Words  # (posts, 4): engage, share, click, order; the campaign may change them
    by_post: Ints
    wear_seen: Ints  # (posts,) sum of wear over the impressions
    by_hour: Ints
    reach: Ints  # (1,)
    reached: Words  # (creators, words): a bit for each person who saw a post of the creator
    reach_by_creator: Ints
    stock: Ints  # (1,) units left
    sold_out: Ints  # (1,) second in which the stock ran out, NEVER once the campaign knows


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
        self._world = _world(conditions, bucket_bits)
        self._calendar = empty_calendar((conditions.horizon >> bucket_bits) + 2)
        self._desk = empty_desk(1 << bucket_bits)
        self._hits = _room_for_hits(conditions)
        self._state = _empty_state(conditions)
        self._shown: Counter[tuple[int, int]] = Counter()

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from `second` on; all earlier seconds are played."""
        its = self._conditions.posts[post]
        while True:
            args = (its.audience, its.reach, its.delay, post, second)
            status = _publish(self._world, self._calendar, self._hits, *args)
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
            found = int(_show_to_strangers(self._world, self._calendar, *args))
            if found != NO_ROOM:
                return found
            self._grow(GROW_CALENDAR)

    def change(self, post: int, click: int, order: int) -> None:
        """Change the chances of a click and of an order per click, from now on."""
        self._state.chances[post, 2:] = click, order

    def restock(self, units: int) -> None:
        """Add to the stock."""
        self._state.stock[0] += units

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`, but none after the second in which the stock runs out."""
        if until <= 0:
            return
        while (status := _advance(self._world, self._calendar, self._desk, self._hits, self._state, until)) != DONE:
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
        state = self._state
        return Tally(int(state.reach[0]), state.by_post.copy(), state.by_hour.copy(), state.reach_by_creator.copy())

    def _grow(self, status: int) -> None:
        if status == GROW_CALENDAR:
            self._calendar = larger_calendar(self._calendar)
        elif status == GROW_DESK:
            self._desk = larger_desk(self._desk, self._calendar)
        elif status == GROW_LATE:
            self._desk = larger_heap(self._desk)
        else:
            shared = np.zeros(2 * self._state.shared.size, np.uint64)
            _copy_shares(self._state.shared, shared)
            self._state = self._state._replace(shared=shared)


def _world(c: Conditions, bucket_bits: int) -> World:
    return World(
        offsets=c.graph.offsets,
        followers=c.graph.followers,
        activity=c.people.activity,
        codes=c.people.codes,
        post_keys=np.array([post.key for post in c.posts], np.uint64),
        creators=np.array([post.creator for post in c.posts], np.int64),
        peer_reach=c.peer_reach,
        peer_delay=c.peer_delay,
        wear=c.wear,
        baseline_key=np.uint64(c.baseline_key),
        baseline=np.uint64(c.baseline),
        returns=np.uint64(c.returns),
        horizon=c.horizon,
        bucket_bits=bucket_bits,
    )


def _room_for_hits(c: Conditions) -> Hits:
    audience = max((post.audience.size for post in c.posts), default=0)
    followers = int(np.diff(c.graph.offsets).max(initial=0))
    size = max(audience, followers) + 1
    return Hits(np.empty(size, np.int32), np.empty(size, np.uint64))


def _empty_state(c: Conditions) -> State:
    return State(
        people=np.zeros(c.people.count, np.uint32),
        shared=np.zeros(1024, np.uint64),
        shared_count=np.zeros(1, np.int64),
        chances=np.array([(p.engage, p.share, p.click, p.order) for p in c.posts], np.uint64).reshape(-1, 4),
        by_post=np.zeros((len(c.posts), len(COUNTS)), np.int64),
        wear_seen=np.zeros(len(c.posts), np.int64),
        by_hour=np.zeros((c.hours + 1, len(HOURLY)), np.int64),
        reach=np.zeros(1, np.int64),
        reached=np.zeros((c.creators, c.people.count // 64 + 1), np.uint64),
        reach_by_creator=np.zeros(c.creators, np.int64),
        stock=np.array([UNLIMITED if c.stock is None else c.stock], np.int64),
        sold_out=np.array([NEVER], np.int64),
    )


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
def _publish(
    world: World,
    calendar: Calendar,
    hits: Hits,
    audience: npt.NDArray[np.int32],
    reach: Words,
    delay: Ints,
    post: Whole,
    second: Whole,
) -> int:
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
def _show_to_strangers(
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
        number = stranger_number(shower, attempt)
        is_inside = happens(number, inside)
        if (inside_count if is_inside else others) == 0:
            continue
        place = place_of(number, inside_count if is_inside else others)
        if is_inside:
            place += begin
        elif place >= begin:
            place += inside_count
        viewer = np.int64(by_niche[place])
        at = np.searchsorted(passed_over, by_niche[place])
        if at == passed_over.size or passed_over[at] != viewer:
            return viewer
    return -1


@bare_kernel
def _stop(state: State, until: Whole) -> Whole:
    """Give the second before which to play: the campaign must know of a stock that ran out before anything else."""
    sold_out = state.sold_out[0]
    return sold_out + 1 if sold_out != NEVER and sold_out < until else until


@bare_kernel
def _advance(world: World, calendar: Calendar, desk: Desk, hits: Hits, state: State, until: Whole) -> int:
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
            status = _share(world, calendar, desk, hits, state, when, viewer)
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
        state.by_post[post, _source(shower)] += 1
    bit = np.uint64(1) << np.uint64(viewer & 63)
    state.reach_by_creator[creator] += state.reached[creator, viewer >> 6] & bit == 0
    state.reached[creator, viewer >> 6] |= bit
    if times_seen == 0:
        state.reach[0] += 1
        state.by_hour[hour, NEW_REACH] += 1


@bare_kernel
def _source(shower: Whole) -> int:
    """Give the count of impressions that one shown by somebody else than the creator belongs to."""
    if shower < PLATFORM:
        return FRIEND_IMPRESSIONS
    return DISCOVERY_IMPRESSIONS if shower < PAID else PAID_IMPRESSIONS


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
    incremental = not happens(showing_key(world.baseline_key, viewer_word), world.baseline)
    state.by_post[post, INCREMENTAL_ORDERS] += incremental
    if is_returned(showing, world.returns):
        state.by_post[post, RETURNED_ORDERS] += 1
        state.by_post[post, INCREMENTAL_RETURNS] += incremental


@bare_kernel
def _share(
    world: World,
    calendar: Calendar,
    desk: Desk,
    hits: Hits,
    state: State,
    when: Word,
    viewer: Whole,
) -> int:
    """Let a viewer share a post, unless it has; nothing is changed when there is no room."""
    post = np.int64(when & LOW_32)
    place = _share_place(state.shared, post, viewer)
    if state.shared[place] != 0:
        return DONE
    friends = world.followers[world.offsets[viewer] : world.offsets[viewer + 1]]
    shower = shower_key(world.post_keys[post], word_of(world.codes, viewer))
    count = _seen_by(friends, shower, world.codes, world.activity, world.peer_reach, hits.viewer, hits.key)
    if calendar.free[FREE] < count:
        return GROW_CALENDAR
    if desk.cursor[LATE] + count > len(desk.late):
        return GROW_LATE
    if 2 * state.shared_count[0] >= state.shared.size:
        return GROW_SHARED
    state.shared[place] = np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)
    state.shared_count[0] += 1
    state.by_post[post, SHARES] += 1
    _show_to_friends(world, calendar, desk, hits, count, when, viewer)
    return DONE


@bare_kernel
def _show_to_friends(
    world: World, calendar: Calendar, desk: Desk, hits: Hits, count: Whole, when: Word, viewer: Whole
) -> None:
    second, post = np.int64(when >> SECOND_SHIFT), when & LOW_32
    shower = np.uint64(viewer + 1) << SHOWER_SHIFT
    for i in range(count):
        at = second + world.peer_delay[delay_entry(hits.key[i])]
        if at > world.horizon:
            continue
        when_seen, who = np.uint64(at) << SECOND_SHIFT | post, shower | np.uint64(hits.viewer[i])
        bucket = at >> world.bucket_bits
        if bucket == desk.cursor[BUCKET]:
            late_push(desk.late, desk.cursor, when_seen, who)
        else:
            push(calendar.events, calendar.following, calendar.buckets, calendar.free, bucket, when_seen, who)


@bare_kernel
def _share_place(shared: Words, post: Whole, viewer: Whole) -> Whole:
    """Find the place of a share in the set: where it is, or the empty place where it would go."""
    entry = np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)
    mask = shared.size - 1
    place = np.int64((entry * _SPREAD) >> SECOND_SHIFT) & mask
    while shared[place] != 0 and shared[place] != entry:
        place = (place + 1) & mask
    return place


@bare_kernel
def _copy_shares(old: Words, new: Words) -> None:
    for entry in old:
        if entry != 0:
            new[_share_place(new, np.int64(entry >> SECOND_SHIFT), np.int64(entry & LOW_32) - 1)] = entry
