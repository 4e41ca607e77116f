"""The compiled clock: the rulebook played by time buckets in contiguous memory.

In: `Conditions`, then posts as the campaign publishes them. Out: a `Tally`. Invariant: events are played
in the order the rulebook gives, so the tally equals that of `reference.py` to the bit, whatever the width
of a bucket. Between two calls of `advance` every pending event lies in the calendar.

Data layout. An event is two 64-bit words, and comparing them in turn is the order of events:

    when = second << 32 | post            who = shower << 31 | viewer      (shower 0 is the creator)

* The *calendar* keeps pending events by time bucket, each bucket a chain of blocks of 64 events: linked
  lists of single events cost four times as much per impression, by pointer chasing. Both words lie side by
  side, as do the four numbers of a bucket: an event that is put in touches two cache lines.
* The *desk* is the bucket being played: its events laid out by second with a counting sort, ties within
  a second (few) sorted in place. What people share meanwhile and falls into the same bucket goes to a
  small heap, merged on the fly.
* A person's state is one 32-bit word, so an impression touches one cache line of people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, bare_kernel
from simulator.market.people import ACTIVITY_LEVELS
from simulator.spread.conditions import COUNTS, HOURLY, Conditions, Tally
from simulator.spread.rules import (
    CLICKED,
    CREATOR,
    ENGAGED,
    ORDERED,
    SHARED,
    delay_entry,
    happens,
    response,
    shower_key,
    showing_key,
)

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

BLOCK = 64  # events; 1 KiB of words, so a half-filled block in each of 4,096 buckets wastes 2 MiB at most
MOST_BUCKETS = 4096  # more, and the open ends of the chains no longer fit the second-level cache

DONE, GROW_CALENDAR, GROW_DESK, GROW_LATE, GROW_SHARED = range(5)
WHEN, WHO = range(2)  # the words of an event
FIRST, LAST, FILLED, COUNT = range(4)  # of a bucket: its first and last block, events in the last one and in all
NEXT_FREE, FREE = range(2)  # the first free block, and how many there are
BUCKET, PLACE, SIZE, LATE = range(4)  # the desk's cursor: which bucket, next event, events, events in the heap
HAS_ORDERED = np.uint32(1 << 31)
TIMES_SEEN = np.uint32((1 << 31) - 1)
LOW_32 = np.uint64((1 << 32) - 1)
LOW_31 = np.uint64((1 << 31) - 1)
SECOND_SHIFT = np.uint64(32)
SHOWER_SHIFT = np.uint64(31)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing of the set of shares


class World(NamedTuple):
    """What does not change during a play; see `Conditions` for the meaning."""

    offsets: Ints
    followers: npt.NDArray[np.int32]
    activity: npt.NDArray[np.uint16]
    codes: Words
    post_keys: Words
    post_account: Ints
    chances: Words  # (accounts, 4): engage, share, click, order
    peer_reach: Words
    peer_delay: Ints
    wear: Words
    baseline_key: Word
    baseline: Word
    horizon: int
    bucket_bits: int


class Calendar(NamedTuple):
    """Pending events: chains of blocks, one chain per bucket."""

    events: Words  # (blocks * BLOCK, 2) WHEN, WHO
    following: npt.NDArray[np.int32]  # (blocks,) the next block of the same chain, or of the free ones
    buckets: Ints  # (buckets, 4) FIRST, LAST, FILLED, COUNT; blocks are -1 where there is none
    free: Ints  # (2,) NEXT_FREE, FREE


class Desk(NamedTuple):
    """The bucket being played."""

    events: Words  # (size, 2) in order
    starts: Ints  # (bucket width + 1,) counting sort
    late: Words  # (size, 2) binary heap
    cursor: Ints  # (4,) BUCKET, PLACE, SIZE, LATE
    hit_viewer: npt.NDArray[np.int32]  # who sees a post or a share, in a row
    hit_key: Words


class State(NamedTuple):
    """What the play has led to so far."""

    people: npt.NDArray[np.uint32]  # times seen, and the top bit: has ordered
    shared: Words  # open addressing: post << 32 | viewer + 1, 0 is empty
    shared_count: Ints  # (1,)
    by_post: Ints
    by_hour: Ints
    reach: Ints  # (1,)


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
        self._calendar = _empty_calendar((conditions.horizon >> bucket_bits) + 2)
        self._desk = _empty_desk(conditions, 1 << bucket_bits)
        self._state = _empty_state(conditions)

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from `second` on; all earlier seconds are played."""
        audience = self._conditions.posts[post].audience
        account = self._conditions.accounts[self._conditions.posts[post].account]
        while True:
            args = (audience, account.reach, account.delay, post, second)
            status = _publish(self._world, self._calendar, self._desk, *args)
            if status == DONE:
                return
            self._grow(status)

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`."""
        while (status := _advance(self._world, self._calendar, self._desk, self._state, until)) != DONE:
            self._grow(status)

    def tally(self) -> Tally:
        """Give what happened so far."""
        state = self._state
        return Tally(int(state.reach[0]), state.by_post.copy(), state.by_hour.copy())

    def _grow(self, status: int) -> None:
        if status == GROW_CALENDAR:
            self._calendar = _larger_calendar(self._calendar)
        elif status == GROW_DESK:
            most = int(self._calendar.buckets[:, COUNT].max())
            self._desk = self._desk._replace(events=np.empty((2 * most, 2), np.uint64))
        elif status == GROW_LATE:
            self._desk = self._desk._replace(late=_twice_as_long(self._desk.late))
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
        post_account=np.array([post.account for post in c.posts], np.int64),
        chances=np.array([(a.engage, a.share, a.click, a.order) for a in c.accounts], np.uint64).reshape(-1, 4),
        peer_reach=c.peer_reach,
        peer_delay=c.peer_delay,
        wear=c.wear,
        baseline_key=np.uint64(c.baseline_key),
        baseline=np.uint64(c.baseline),
        horizon=c.horizon,
        bucket_bits=bucket_bits,
    )


def _empty_calendar(count: int) -> Calendar:
    blocks = count + 64
    return Calendar(
        events=np.empty((blocks * BLOCK, 2), np.uint64),
        following=np.arange(1, blocks + 1, dtype=np.int32),
        buckets=np.tile(np.array([-1, -1, 0, 0], np.int64), (count, 1)),
        free=np.array([0, blocks], np.int64),
    )


def _larger_calendar(old: Calendar) -> Calendar:
    blocks = old.following.size
    following = np.concatenate([old.following, np.arange(blocks + 1, 2 * blocks + 1, dtype=np.int32)])
    # The new blocks are free, and the old free ones come after them.
    following[-1] = old.free[NEXT_FREE]
    return Calendar(
        events=_twice_as_long(old.events),
        following=following,
        buckets=old.buckets,
        free=np.array([blocks, old.free[FREE] + blocks], np.int64),
    )


def _twice_as_long(events: Words) -> Words:
    longer = np.empty((2 * len(events), 2), np.uint64)
    longer[: len(events)] = events
    return longer


def _empty_desk(c: Conditions, width: int) -> Desk:
    audience = max((post.audience.size for post in c.posts), default=0)
    followers = int(np.diff(c.graph.offsets).max(initial=0))
    hits = max(audience, followers) + 1
    return Desk(
        events=np.empty((1024, 2), np.uint64),
        starts=np.zeros(width + 1, np.int64),
        late=np.empty((1024, 2), np.uint64),
        cursor=np.zeros(4, np.int64),
        hit_viewer=np.empty(hits, np.int32),
        hit_key=np.empty(hits, np.uint64),
    )


def _empty_state(c: Conditions) -> State:
    return State(
        people=np.zeros(c.people.count, np.uint32),
        shared=np.zeros(1024, np.uint64),
        shared_count=np.zeros(1, np.int64),
        by_post=np.zeros((len(c.posts), len(COUNTS)), np.int64),
        by_hour=np.zeros((c.hours + 1, len(HOURLY)), np.int64),
        reach=np.zeros(1, np.int64),
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
        word = codes[person] if codes.size else np.uint64(person + 1)
        key = showing_key(shower, word)
        hit_viewer[hits] = person
        hit_key[hits] = key
        hits += happens(key, table[0] if equal else table[activity[person]])
    return hits


@bare_kernel
def _push(
    events: Words, following: npt.NDArray[np.int32], buckets: Ints, free: Ints, bucket: int, when: Word, who: Word
) -> None:
    """Put an event into the calendar, which has a free block."""
    block, filled = buckets[bucket, LAST], buckets[bucket, FILLED]
    if block < 0 or filled == BLOCK:
        fresh = free[NEXT_FREE]
        free[NEXT_FREE] = following[fresh]
        free[FREE] -= 1
        if block < 0:
            buckets[bucket, FIRST] = fresh
        else:
            following[block] = fresh
        buckets[bucket, LAST] = fresh
        block, filled = fresh, 0
    events[block * BLOCK + filled, WHEN] = when
    events[block * BLOCK + filled, WHO] = who
    buckets[bucket, FILLED] = filled + 1
    buckets[bucket, COUNT] += 1


@bare_kernel
def _publish(
    world: World,
    calendar: Calendar,
    desk: Desk,
    audience: npt.NDArray[np.int32],
    reach: Words,
    delay: Ints,
    post: int,
    second: int,
) -> int:
    events, following, buckets, free = calendar.events, calendar.following, calendar.buckets, calendar.free
    hit_viewer, hit_key, horizon, bucket_bits = desk.hit_viewer, desk.hit_key, world.horizon, world.bucket_bits
    shower = shower_key(world.post_keys[post], np.uint64(CREATOR))
    hits = _seen_by(audience, shower, world.codes, world.activity, reach, hit_viewer, hit_key)
    if free[FREE] < hits // BLOCK + len(buckets):
        return GROW_CALENDAR
    for i in range(hits):
        at = second + delay[delay_entry(hit_key[i])]
        if at <= horizon:
            when = np.uint64(at) << SECOND_SHIFT | np.uint64(post)
            _push(events, following, buckets, free, at >> bucket_bits, when, np.uint64(hit_viewer[i]))
    return DONE


@bare_kernel
def _advance(world: World, calendar: Calendar, desk: Desk, state: State, until: int) -> int:
    cursor = desk.cursor
    while True:
        if cursor[PLACE] == cursor[SIZE] and cursor[LATE] == 0:
            last = (until - 1) >> world.bucket_bits
            while cursor[BUCKET] <= last and calendar.buckets[cursor[BUCKET], COUNT] == 0:
                cursor[BUCKET] += 1
            if cursor[BUCKET] > last:
                break
            if calendar.buckets[cursor[BUCKET], COUNT] > len(desk.events):
                return GROW_DESK
            _open_bucket(calendar, desk, world.bucket_bits)
        status = _play_bucket(world, calendar, desk, state, np.uint64(until))
        if status != DONE:
            return status
        if cursor[PLACE] < cursor[SIZE] or cursor[LATE] > 0:
            if calendar.free[FREE] < (cursor[SIZE] - cursor[PLACE] + cursor[LATE]) // BLOCK + 1:
                return GROW_CALENDAR
            _put_back(calendar, desk)
            break
    cursor[BUCKET] = until >> world.bucket_bits
    return DONE


@bare_kernel
def _open_bucket(calendar: Calendar, desk: Desk, bucket_bits: int) -> None:
    """Lay the events of the cursor's bucket on the desk, in order, and free its blocks."""
    its = calendar.buckets[desk.cursor[BUCKET]]
    begin = desk.cursor[BUCKET] << bucket_bits
    _lay_by_second(calendar.events, calendar.following, its[FIRST], its[COUNT], desk.events, desk.starts, begin)
    calendar.following[its[LAST]] = calendar.free[NEXT_FREE]
    calendar.free[NEXT_FREE] = its[FIRST]
    calendar.free[FREE] += (its[COUNT] + BLOCK - 1) // BLOCK
    desk.cursor[PLACE], desk.cursor[SIZE] = 0, its[COUNT]
    its[FIRST], its[LAST], its[FILLED], its[COUNT] = -1, -1, 0, 0
    begin_of_second = 0
    for end_of_second in desk.starts[:-1]:
        if end_of_second - begin_of_second > 1:
            _sort(desk.events, begin_of_second, end_of_second)
        begin_of_second = end_of_second


@bare_kernel
def _lay_by_second(
    events: Words,
    following: npt.NDArray[np.int32],
    first: int,
    count: int,
    laid: Words,
    starts: Ints,
    begin: int,
) -> None:
    """Lay a chain of events out by second, a counting sort; afterwards `starts` holds where each second ends."""
    starts[:] = 0
    block, left = first, count
    while left > 0:
        for place in range(block * BLOCK, block * BLOCK + min(left, BLOCK)):
            starts[np.int64(events[place, WHEN] >> SECOND_SHIFT) - begin + 1] += 1
        block, left = following[block], left - BLOCK
    for second in range(1, starts.size):
        starts[second] += starts[second - 1]
    block, left = first, count
    while left > 0:
        for place in range(block * BLOCK, block * BLOCK + min(left, BLOCK)):
            second = np.int64(events[place, WHEN] >> SECOND_SHIFT) - begin
            laid[starts[second], WHEN] = events[place, WHEN]
            laid[starts[second], WHO] = events[place, WHO]
            starts[second] += 1
        block, left = following[block], left - BLOCK


@bare_kernel
def _before(when: Word, who: Word, other_when: Word, other_who: Word) -> bool:
    return when < other_when or (when == other_when and who < other_who)


@bare_kernel
def _sort(events: Words, begin: int, end: int) -> None:
    """Sort the events of one second in place: Shell's sort, quick for the short and the nearly sorted."""
    gap = 1
    while gap < (end - begin) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(begin + gap, end):
            when, who, j = events[i, WHEN], events[i, WHO], i
            while j >= begin + gap and _before(when, who, events[j - gap, WHEN], events[j - gap, WHO]):
                events[j, WHEN], events[j, WHO] = events[j - gap, WHEN], events[j - gap, WHO]
                j -= gap
            events[j, WHEN], events[j, WHO] = when, who
        gap //= 3


@bare_kernel
def _put_back(calendar: Calendar, desk: Desk) -> None:
    """Return what was not played to the calendar."""
    events, following, buckets, free = calendar.events, calendar.following, calendar.buckets, calendar.free
    cursor = desk.cursor
    for i in range(cursor[PLACE], cursor[SIZE]):
        _push(events, following, buckets, free, cursor[BUCKET], desk.events[i, WHEN], desk.events[i, WHO])
    for i in range(cursor[LATE]):
        _push(events, following, buckets, free, cursor[BUCKET], desk.late[i, WHEN], desk.late[i, WHO])
    cursor[PLACE], cursor[SIZE], cursor[LATE] = 0, 0, 0


@bare_kernel
def _late_push(late: Words, cursor: Ints, when: Word, who: Word) -> None:
    i = cursor[LATE]
    cursor[LATE] += 1
    while i > 0 and _before(when, who, late[(i - 1) // 2, WHEN], late[(i - 1) // 2, WHO]):
        late[i, WHEN], late[i, WHO] = late[(i - 1) // 2, WHEN], late[(i - 1) // 2, WHO]
        i = (i - 1) // 2
    late[i, WHEN], late[i, WHO] = when, who


@bare_kernel
def _late_pop(late: Words, cursor: Ints) -> None:
    cursor[LATE] -= 1
    size = cursor[LATE]
    when, who, i = late[size, WHEN], late[size, WHO], 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and _before(
            late[child + 1, WHEN], late[child + 1, WHO], late[child, WHEN], late[child, WHO]
        ):
            child += 1
        if _before(when, who, late[child, WHEN], late[child, WHO]):
            break
        late[i, WHEN], late[i, WHO] = late[child, WHEN], late[child, WHO]
        i = child
    late[i, WHEN], late[i, WHO] = when, who


@bare_kernel
def _play_bucket(world: World, calendar: Calendar, desk: Desk, state: State, until: Word) -> int:
    """Play what lies on the desk, up to `until`; an event is taken off only when it is played whole."""
    events, late, cursor = desk.events, desk.late, desk.cursor
    codes, post_keys, post_account = world.codes, world.post_keys, world.post_account
    chances, wear, most_seen = world.chances, world.wear, world.wear.size - 1
    people, by_post, by_hour = state.people, state.by_post, state.by_hour
    place, size, status = cursor[PLACE], cursor[SIZE], DONE
    while place < size or cursor[LATE] > 0:
        from_late = cursor[LATE] > 0 and (
            place == size or _before(late[0, WHEN], late[0, WHO], events[place, WHEN], events[place, WHO])
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
            shower_word, viewer_word = codes[shower - 1] if shower else shower_word, codes[viewer]
        account, before = post_account[post], people[viewer]
        times_seen = np.int64(before & TIMES_SEEN)
        wants = response(
            showing_key(shower_key(post_keys[post], shower_word), viewer_word),
            wear[min(times_seen, most_seen)],
            chances[account, 0],
            chances[account, 1],
            chances[account, 2],
            chances[account, 3],
        )
        if wants & SHARED:
            status = _share(world, calendar, desk, state, when, viewer, from_late)
            if status != DONE:
                break
        elif from_late:
            _late_pop(late, cursor)
        place += not from_late
        hour = (second + 3599) // 3600
        by_hour[hour, 1] += 1
        by_post[post, 0] += 1
        people[viewer] = before + np.uint32(1)
        if times_seen == 0:
            state.reach[0] += 1
            by_hour[hour, 0] += 1
        if wants & ENGAGED:
            by_post[post, 1] += 1
        if wants & CLICKED:
            by_post[post, 3] += 1
            if wants & ORDERED and before & HAS_ORDERED == 0:
                people[viewer] |= HAS_ORDERED
                by_hour[hour, 2] += 1
                by_post[post, 4] += 1
                by_post[post, 5] += not happens(showing_key(world.baseline_key, viewer_word), world.baseline)
    cursor[PLACE] = place
    return status


@bare_kernel
def _share(
    world: World, calendar: Calendar, desk: Desk, state: State, when: Word, viewer: int, from_late: bool
) -> int:
    """Let a viewer share a post, unless it has; nothing is changed when there is no room."""
    post, cursor = np.int64(when & LOW_32), desk.cursor
    place, hits = _share_place(state.shared, post, viewer), -1
    if state.shared[place] == 0:
        friends = world.followers[world.offsets[viewer] : world.offsets[viewer + 1]]
        word = world.codes[viewer] if world.codes.size else np.uint64(viewer + 1)
        shower = shower_key(world.post_keys[post], word)
        hits = _seen_by(
            friends, shower, world.codes, world.activity, world.peer_reach, desk.hit_viewer, desk.hit_key
        )
        if calendar.free[FREE] < hits:
            return GROW_CALENDAR
        if cursor[LATE] + hits > len(desk.late):
            return GROW_LATE
        if 2 * state.shared_count[0] >= state.shared.size:
            return GROW_SHARED
    if from_late:
        _late_pop(desk.late, cursor)
    if hits >= 0:
        state.shared[place] = np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)
        state.shared_count[0] += 1
        state.by_post[post, 2] += 1
        _show_to_friends(world, calendar, desk, when, viewer, hits)
    return DONE


@bare_kernel
def _show_to_friends(world: World, calendar: Calendar, desk: Desk, when: Word, viewer: int, hits: int) -> None:
    second, post = np.int64(when >> SECOND_SHIFT), when & LOW_32
    shower = np.uint64(viewer + 1) << SHOWER_SHIFT
    for i in range(hits):
        at = second + world.peer_delay[delay_entry(desk.hit_key[i])]
        if at > world.horizon:
            continue
        when_seen, who = np.uint64(at) << SECOND_SHIFT | post, shower | np.uint64(desk.hit_viewer[i])
        bucket = at >> world.bucket_bits
        if bucket == desk.cursor[BUCKET]:
            _late_push(desk.late, desk.cursor, when_seen, who)
        else:
            _push(calendar.events, calendar.following, calendar.buckets, calendar.free, bucket, when_seen, who)


@bare_kernel
def _share_place(shared: Words, post: int, viewer: int) -> int:
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
