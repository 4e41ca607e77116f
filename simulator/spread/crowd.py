"""The compiled clock: the rulebook played by time buckets in contiguous memory.

In: `Conditions`, then posts as the campaign publishes them. Out: a `Tally`. Invariant: events are played
in the order the rulebook gives, so the tally equals that of `reference.py` to the bit, whatever the width
of a bucket. Between two calls of `advance` every pending event lies in the calendar.

Data layout. An event is two 64-bit words, and comparing them in turn is the order of events:

    when = second << 32 | post            who = shower << 31 | viewer      (shower 0 is the creator)

* The *calendar* keeps pending events by time bucket, each bucket a chain of blocks of 64 events: linked
  lists of single events cost four times as much per impression, by pointer chasing.
* The *desk* is the bucket being played: its events laid out by second with a counting sort, ties within
  a second (few) sorted in place. What people share meanwhile and falls into the same bucket goes to a
  small heap, merged on the fly.
* A person's state is one 32-bit word, so an impression touches one cache line of people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, kernel
from simulator.market.people import ACTIVITY_LEVELS
from simulator.spread.conditions import COUNTS, HOURLY, Conditions, Tally
from simulator.spread.rules import (
    CLICKED,
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
BUCKET, PLACE, SIZE, LATE = range(4)  # the desk's cursor
HAS_ORDERED = np.uint32(1 << 31)
TIMES_SEEN = np.uint32((1 << 31) - 1)
LOW_32 = np.uint64((1 << 32) - 1)
LOW_31 = np.uint64((1 << 31) - 1)
SECOND_SHIFT = np.uint64(32)
SHOWER_SHIFT = np.uint64(31)
ONE = np.uint64(1)
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

    when: Words
    who: Words
    following: npt.NDArray[np.int32]  # (blocks,) the next block of the same chain, or of the free ones
    first: npt.NDArray[np.int32]  # (buckets,) first block of a chain, -1 if none
    last: npt.NDArray[np.int32]  # (buckets,)
    filled: npt.NDArray[np.int32]  # (buckets,) events in the last block
    count: Ints  # (buckets,)
    free: Ints  # (2,) first free block, number of free blocks


class Desk(NamedTuple):
    """The bucket being played."""

    when: Words
    who: Words
    starts: Ints  # (bucket width + 1,) counting sort
    late_when: Words  # binary heap
    late_who: Words
    cursor: Ints  # (4,) bucket, next place, size, events in the heap
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
            size = 2 * int(self._calendar.count.max())
            self._desk = self._desk._replace(when=np.empty(size, np.uint64), who=np.empty(size, np.uint64))
        elif status == GROW_LATE:
            desk = self._desk
            late = [np.concatenate([a, np.empty(a.size, np.uint64)]) for a in (desk.late_when, desk.late_who)]
            self._desk = desk._replace(late_when=late[0], late_who=late[1])
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


def _empty_calendar(buckets: int) -> Calendar:
    blocks = buckets + 64
    following = np.arange(1, blocks + 1, dtype=np.int32)
    return Calendar(
        when=np.empty(blocks * BLOCK, np.uint64),
        who=np.empty(blocks * BLOCK, np.uint64),
        following=following,
        first=np.full(buckets, -1, np.int32),
        last=np.full(buckets, -1, np.int32),
        filled=np.zeros(buckets, np.int32),
        count=np.zeros(buckets, np.int64),
        free=np.array([0, blocks], np.int64),
    )


def _larger_calendar(old: Calendar) -> Calendar:
    blocks = old.following.size
    following = np.concatenate([old.following, np.arange(blocks + 1, 2 * blocks + 1, dtype=np.int32)])
    # The new blocks are free, and the old free ones come after them.
    following[-1] = old.free[0]
    return old._replace(
        when=np.concatenate([old.when, np.empty(old.when.size, np.uint64)]),
        who=np.concatenate([old.who, np.empty(old.who.size, np.uint64)]),
        following=following,
        free=np.array([blocks, old.free[1] + blocks], np.int64),
    )


def _empty_desk(c: Conditions, width: int) -> Desk:
    audience = max((post.audience.size for post in c.posts), default=0)
    followers = int(np.diff(c.graph.offsets).max(initial=0)) if c.people.count else 0
    hits = max(audience, followers) + 1
    return Desk(
        when=np.empty(1024, np.uint64),
        who=np.empty(1024, np.uint64),
        starts=np.zeros(width + 1, np.int64),
        late_when=np.empty(1024, np.uint64),
        late_who=np.empty(1024, np.uint64),
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


@kernel
def _seen_by(
    people: npt.NDArray[np.int32],
    shower: Word,
    codes: Words,
    activity: npt.NDArray[np.uint16],
    table: Words,
    hit_viewer: npt.NDArray[np.int32],
    hit_key: Words,
) -> int:
    # Kept apart and without branches: inside a larger function the same loop costs several times more.
    hits = 0
    equal = table[0] == table[ACTIVITY_LEVELS - 1]
    for person in people:
        word = codes[person] if codes.size else np.uint64(person + 1)
        key = showing_key(shower, word)
        hit_viewer[hits] = person
        hit_key[hits] = key
        hits += happens(key, table[0] if equal else table[activity[person]])
    return hits


@kernel
def _push(calendar: Calendar, bucket: int, when: Word, who: Word) -> None:
    block = calendar.last[bucket]
    if block < 0 or calendar.filled[bucket] == BLOCK:
        fresh = calendar.free[0]
        calendar.free[0] = calendar.following[fresh]
        calendar.free[1] -= 1
        if block < 0:
            calendar.first[bucket] = fresh
        else:
            calendar.following[block] = fresh
        calendar.last[bucket] = fresh
        calendar.filled[bucket] = 0
        block = fresh
    place = block * BLOCK + calendar.filled[bucket]
    calendar.when[place] = when
    calendar.who[place] = who
    calendar.filled[bucket] += 1
    calendar.count[bucket] += 1


@kernel
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
    shower = shower_key(world.post_keys[post], np.uint64(0))
    hits = _seen_by(audience, shower, world.codes, world.activity, reach, desk.hit_viewer, desk.hit_key)
    if calendar.free[1] < hits // BLOCK + calendar.first.size:
        return GROW_CALENDAR
    for i in range(hits):
        at = second + delay[delay_entry(desk.hit_key[i])]
        if at <= world.horizon:
            when = np.uint64(at) << SECOND_SHIFT | np.uint64(post)
            _push(calendar, at >> world.bucket_bits, when, np.uint64(desk.hit_viewer[i]))
    return DONE


@kernel
def _advance(world: World, calendar: Calendar, desk: Desk, state: State, until: int) -> int:
    cursor = desk.cursor
    while True:
        if cursor[PLACE] == cursor[SIZE] and cursor[LATE] == 0:
            last = (until - 1) >> world.bucket_bits
            while cursor[BUCKET] <= last and calendar.count[cursor[BUCKET]] == 0:
                cursor[BUCKET] += 1
            if cursor[BUCKET] > last:
                cursor[BUCKET] = until >> world.bucket_bits
                return DONE
            if calendar.count[cursor[BUCKET]] > desk.when.size:
                return GROW_DESK
            _open_bucket(calendar, desk, world.bucket_bits)
        status = _play_bucket(world, calendar, desk, state, np.uint64(until))
        if status != DONE:
            return status
        if cursor[PLACE] < cursor[SIZE] or cursor[LATE] > 0:
            if calendar.free[1] < (cursor[SIZE] - cursor[PLACE] + cursor[LATE]) // BLOCK + 1:
                return GROW_CALENDAR
            _put_back(calendar, desk)
            cursor[BUCKET] = until >> world.bucket_bits
            return DONE


@kernel
def _open_bucket(calendar: Calendar, desk: Desk, bucket_bits: int) -> None:
    """Lay the events of the cursor's bucket on the desk, in order, and free its blocks."""
    bucket = desk.cursor[BUCKET]
    begin = np.uint64(bucket << bucket_bits)
    starts = desk.starts
    starts[:] = 0
    first, last = calendar.first[bucket], calendar.last[bucket]
    block, left = first, calendar.count[bucket]
    while left > 0:
        for place in range(block * BLOCK, block * BLOCK + min(left, BLOCK)):
            starts[np.int64((calendar.when[place] >> SECOND_SHIFT) - begin) + 1] += 1
        block, left = calendar.following[block], left - BLOCK
    for second in range(1, starts.size):
        starts[second] += starts[second - 1]
    block, left, blocks = first, calendar.count[bucket], 0
    while left > 0:
        for place in range(block * BLOCK, block * BLOCK + min(left, BLOCK)):
            second = np.int64((calendar.when[place] >> SECOND_SHIFT) - begin)
            desk.when[starts[second]] = calendar.when[place]
            desk.who[starts[second]] = calendar.who[place]
            starts[second] += 1
        block, left, blocks = calendar.following[block], left - BLOCK, blocks + 1
    calendar.following[last] = calendar.free[0]
    calendar.free[0] = first
    calendar.free[1] += blocks
    desk.cursor[PLACE], desk.cursor[SIZE] = 0, calendar.count[bucket]
    calendar.first[bucket], calendar.last[bucket], calendar.filled[bucket], calendar.count[bucket] = -1, -1, 0, 0
    begin_of_second = 0
    for second in range(starts.size - 1):
        if starts[second] - begin_of_second > 1:
            _sort(desk.when, desk.who, begin_of_second, starts[second])
        begin_of_second = starts[second]


@kernel
def _before(when: Word, who: Word, other_when: Word, other_who: Word) -> bool:
    return when < other_when or (when == other_when and who < other_who)


@kernel
def _sort(when: Words, who: Words, begin: int, end: int) -> None:
    """Sort the events of one second in place: Shell's sort, quick for the short and the nearly sorted."""
    gap = 1
    while gap < (end - begin) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(begin + gap, end):
            this_when, this_who, j = when[i], who[i], i
            while j >= begin + gap and _before(this_when, this_who, when[j - gap], who[j - gap]):
                when[j], who[j] = when[j - gap], who[j - gap]
                j -= gap
            when[j], who[j] = this_when, this_who
        gap //= 3


@kernel
def _put_back(calendar: Calendar, desk: Desk) -> None:
    """Return what was not played to the calendar."""
    cursor = desk.cursor
    for i in range(cursor[PLACE], cursor[SIZE]):
        _push(calendar, cursor[BUCKET], desk.when[i], desk.who[i])
    for i in range(cursor[LATE]):
        _push(calendar, cursor[BUCKET], desk.late_when[i], desk.late_who[i])
    cursor[PLACE], cursor[SIZE], cursor[LATE] = 0, 0, 0


@kernel
def _late_push(desk: Desk, when: Word, who: Word) -> None:
    i = desk.cursor[LATE]
    desk.cursor[LATE] += 1
    while i > 0 and _before(when, who, desk.late_when[(i - 1) // 2], desk.late_who[(i - 1) // 2]):
        desk.late_when[i], desk.late_who[i] = desk.late_when[(i - 1) // 2], desk.late_who[(i - 1) // 2]
        i = (i - 1) // 2
    desk.late_when[i], desk.late_who[i] = when, who


@kernel
def _late_pop(desk: Desk) -> None:
    desk.cursor[LATE] -= 1
    size = desk.cursor[LATE]
    when, who, i = desk.late_when[size], desk.late_who[size], 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and _before(
            desk.late_when[child + 1], desk.late_who[child + 1], desk.late_when[child], desk.late_who[child]
        ):
            child += 1
        if _before(when, who, desk.late_when[child], desk.late_who[child]):
            break
        desk.late_when[i], desk.late_who[i] = desk.late_when[child], desk.late_who[child]
        i = child
    desk.late_when[i], desk.late_who[i] = when, who


@kernel
def _play_bucket(world: World, calendar: Calendar, desk: Desk, state: State, until: Word) -> int:
    """Play what lies on the desk, up to `until`; an event is taken off only when it is played whole."""
    cursor = desk.cursor
    while cursor[PLACE] < cursor[SIZE] or cursor[LATE] > 0:
        place = cursor[PLACE]
        from_late = cursor[LATE] > 0 and (
            place == cursor[SIZE]
            or _before(desk.late_when[0], desk.late_who[0], desk.when[place], desk.who[place])
        )
        when = desk.late_when[0] if from_late else desk.when[place]
        who = desk.late_who[0] if from_late else desk.who[place]
        if when >> SECOND_SHIFT >= until:
            return DONE
        hits = -1
        post, viewer = np.int64(when & LOW_32), np.int64(who & LOW_31)
        wants = _wants(world, state, post, who >> SHOWER_SHIFT, viewer)
        if wants & SHARED and _is_new_share(state.shared, post, viewer):
            hits = _share_hits(world, desk, post, viewer)
            if calendar.free[1] < hits:
                return GROW_CALENDAR
            if cursor[LATE] + hits > desk.late_when.size:
                return GROW_LATE
            if 2 * state.shared_count[0] >= state.shared.size:
                return GROW_SHARED
        if from_late:
            _late_pop(desk)
        else:
            cursor[PLACE] += 1
        _count(world, state, np.int64(when >> SECOND_SHIFT), post, viewer, wants)
        if hits >= 0:
            _add_share(state.shared, post, viewer)
            state.shared_count[0] += 1
            state.by_post[post, 2] += 1
            _show_to_friends(world, calendar, desk, when, viewer, hits)
    return DONE


@kernel
def _word(codes: Words, person: int) -> Word:
    return codes[person] if codes.size else np.uint64(person + 1)


@kernel
def _wants(world: World, state: State, post: int, shower: Word, viewer: int) -> int:
    shower_word = np.uint64(0) if shower == 0 else _word(world.codes, np.int64(shower) - 1)
    showing = showing_key(shower_key(world.post_keys[post], shower_word), _word(world.codes, viewer))
    times_seen = np.int64(state.people[viewer] & TIMES_SEEN)
    wear = world.wear[min(times_seen, world.wear.size - 1)]
    chances = world.chances[world.post_account[post]]
    return response(showing, wear, chances[0], chances[1], chances[2], chances[3])


@kernel
def _count(world: World, state: State, second: int, post: int, viewer: int, wants: int) -> None:
    hour = (second + 3599) // 3600
    before = state.people[viewer]
    if before & TIMES_SEEN == 0:
        state.reach[0] += 1
        state.by_hour[hour, 0] += 1
    state.by_hour[hour, 1] += 1
    state.people[viewer] = before + np.uint32(1)
    counts = state.by_post[post]
    counts[0] += 1
    if wants & ENGAGED:
        counts[1] += 1
    if wants & CLICKED:
        counts[3] += 1
    if wants & ORDERED and before & HAS_ORDERED == 0:
        state.people[viewer] |= HAS_ORDERED
        state.by_hour[hour, 2] += 1
        counts[4] += 1
        if not happens(showing_key(world.baseline_key, _word(world.codes, viewer)), world.baseline):
            counts[5] += 1


@kernel
def _share_hits(world: World, desk: Desk, post: int, viewer: int) -> int:
    friends = world.followers[world.offsets[viewer] : world.offsets[viewer + 1]]
    shower = shower_key(world.post_keys[post], _word(world.codes, viewer))
    return _seen_by(
        friends, shower, world.codes, world.activity, world.peer_reach, desk.hit_viewer, desk.hit_key
    )


@kernel
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
            _late_push(desk, when_seen, who)
        else:
            _push(calendar, bucket, when_seen, who)


@kernel
def _share_place(shared: Words, post: int, viewer: int) -> int:
    """Find the place of a share in the set: where it is, or the empty place where it would go."""
    entry = np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)
    mask = shared.size - 1
    place = np.int64((entry * _SPREAD) >> SECOND_SHIFT) & mask
    while shared[place] != 0 and shared[place] != entry:
        place = (place + 1) & mask
    return place


@kernel
def _is_new_share(shared: Words, post: int, viewer: int) -> bool:
    return shared[_share_place(shared, post, viewer)] == 0


@kernel
def _add_share(shared: Words, post: int, viewer: int) -> None:
    entry = np.uint64(post) << SECOND_SHIFT | np.uint64(viewer + 1)
    shared[_share_place(shared, post, viewer)] = entry


@kernel
def _copy_shares(old: Words, new: Words) -> None:
    for entry in old:
        if entry != 0:
            _add_share(new, np.int64(entry >> SECOND_SHIFT), np.int64(entry & LOW_32) - 1)
