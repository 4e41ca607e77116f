"""The calendar of pending events, and the desk on which one of its buckets is laid out to be played.

In: events, in any order. Out: the events of one time bucket at a time, in the order of the rulebook. Invariant: an
event is in the calendar or on the desk, once; the order in which events come out does not depend on the order in
which they went in, nor on the width of a bucket.

Data layout. An event is two 64-bit words, and comparing them in turn is the order of events:

    when = second << 32 | kind << 30 | post            who = shower << 31 | viewer

Kinds and showers are numbered in the rulebook; a later order has its number in place of a shower.

* The *calendar* keeps events by time bucket, each bucket a chain of blocks of 64 events: linked lists of single
  events cost four times as much per impression, by pointer chasing. Both words lie side by side, as do the four
  numbers of a bucket: an event that is put in touches two cache lines.
* The *desk* holds the bucket being played: its events laid out by second with a counting sort, ties within a
  second (few) sorted in place. What people share meanwhile and falls into the same bucket goes to a small
  binary heap, to be merged on the fly.

References:
    Brown (1988), Calendar queues: a fast O(1) priority queue implementation for the simulation event set problem,
    Communications of the ACM 31(10).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

BLOCK = 64  # events; 1 KiB of words, so a half-filled block in each of 4,096 buckets wastes 2 MiB at most

WHEN, WHO = range(2)  # the words of an event
FIRST, LAST, FILLED, COUNT = range(4)  # of a bucket: its first and last block, events in the last one and in all
NEXT_FREE, FREE = range(2)  # the first free block, and how many there are
BUCKET, PLACE, SIZE, LATE = range(4)  # the desk's cursor: which bucket, next event, events, events in the heap
# Where the parts of an event's words begin, and what masks them.
SECOND_SHIFT, KIND_SHIFT, SHOWER_SHIFT = np.uint64(32), np.uint64(30), np.uint64(31)
KIND_MASK, POST_MASK, VIEWER_MASK = np.uint64(3), np.uint64((1 << 30) - 1), np.uint64((1 << 31) - 1)


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


def empty_calendar(count: Whole) -> Calendar:
    """Give a calendar with so many empty buckets."""
    blocks = count + 64
    return Calendar(
        events=np.empty((blocks * BLOCK, 2), np.uint64),
        following=np.arange(1, blocks + 1, dtype=np.int32),
        buckets=np.tile(np.array([-1, -1, 0, 0], np.int64), (count, 1)),
        free=np.array([0, blocks], np.int64),
    )


def larger_calendar(old: Calendar) -> Calendar:
    """Give the same calendar with twice as many blocks."""
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


def empty_desk(width: int) -> Desk:
    """Give an empty desk for buckets of a width [s]."""
    return Desk(
        events=np.empty((1024, 2), np.uint64),
        starts=np.zeros(width + 1, np.int64),
        late=np.empty((1024, 2), np.uint64),
        cursor=np.zeros(4, np.int64),
    )


def larger_desk(old: Desk, calendar: Calendar) -> Desk:
    """Give an empty desk on which every bucket of the calendar has room."""
    most = int(calendar.buckets[:, COUNT].max())
    return old._replace(events=np.empty((2 * most, 2), np.uint64))


def larger_heap(old: Desk) -> Desk:
    """Give the same desk with room for twice as many late events."""
    return old._replace(late=_twice_as_long(old.late))


@bare_kernel
def push(
    events: Words, following: npt.NDArray[np.int32], buckets: Ints, free: Ints, bucket: Whole, when: Word, who: Word
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
def put(calendar: Calendar, desk: Desk, bucket: Whole, when: Word, who: Word) -> None:
    """Put an event onto the heap where its bucket is being played, else into the calendar; there is room for it."""
    if bucket == desk.cursor[BUCKET]:
        late_push(desk.late, desk.cursor, when, who)
    else:
        push(calendar.events, calendar.following, calendar.buckets, calendar.free, bucket, when, who)


@bare_kernel
def open_bucket(calendar: Calendar, desk: Desk, bucket_bits: int) -> None:
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
    first: Whole,
    count: Whole,
    laid: Words,
    starts: Ints,
    begin: Whole,
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
def before(when: Word, who: Word, other_when: Word, other_who: Word) -> bool:
    """Say whether one event comes before another."""
    return bool(when < other_when or (when == other_when and who < other_who))


@bare_kernel
def _sort(events: Words, begin: Whole, end: Whole) -> None:
    """Sort the events of one second in place: Shell's sort, quick for the short and the nearly sorted."""
    gap = 1
    while gap < (end - begin) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(begin + gap, end):
            when, who, j = events[i, WHEN], events[i, WHO], i
            while j >= begin + gap and before(when, who, events[j - gap, WHEN], events[j - gap, WHO]):
                events[j, WHEN], events[j, WHO] = events[j - gap, WHEN], events[j - gap, WHO]
                j -= gap
            events[j, WHEN], events[j, WHO] = when, who
        gap //= 3


@bare_kernel
def put_back(calendar: Calendar, desk: Desk) -> None:
    """Return what was not played to the calendar."""
    events, following, buckets, free = calendar.events, calendar.following, calendar.buckets, calendar.free
    cursor = desk.cursor
    for i in range(cursor[PLACE], cursor[SIZE]):
        push(events, following, buckets, free, cursor[BUCKET], desk.events[i, WHEN], desk.events[i, WHO])
    for i in range(cursor[LATE]):
        push(events, following, buckets, free, cursor[BUCKET], desk.late[i, WHEN], desk.late[i, WHO])
    cursor[PLACE], cursor[SIZE], cursor[LATE] = 0, 0, 0


@bare_kernel
def late_push(late: Words, cursor: Ints, when: Word, who: Word) -> None:
    """Put an event of the bucket being played onto the heap."""
    i = cursor[LATE]
    cursor[LATE] += 1
    while i > 0 and before(when, who, late[(i - 1) // 2, WHEN], late[(i - 1) // 2, WHO]):
        late[i, WHEN], late[i, WHO] = late[(i - 1) // 2, WHEN], late[(i - 1) // 2, WHO]
        i = (i - 1) // 2
    late[i, WHEN], late[i, WHO] = when, who


@bare_kernel
def late_pop(late: Words, cursor: Ints) -> None:
    """Take the earliest event off the heap."""
    cursor[LATE] -= 1
    size = cursor[LATE]
    when, who, i = late[size, WHEN], late[size, WHO], 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and before(
            late[child + 1, WHEN], late[child + 1, WHO], late[child, WHEN], late[child, WHO]
        ):
            child += 1
        if before(when, who, late[child, WHEN], late[child, WHO]):
            break
        late[i, WHEN], late[i, WHO] = late[child, WHEN], late[child, WHO]
        i = child
    late[i, WHEN], late[i, WHO] = when, who
