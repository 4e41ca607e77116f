"""What the compiled clock keeps in contiguous memory: what does not change in a play, and what has happened so far.

In: `Conditions`. Out: `World`, `Hits` and `State`, tuples of arrays that kernels read and write. Invariant: a person's
state is one 32-bit word, so an impression touches one cache line of people, and one of who saw the creator.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word
from simulator.spread.calendar_queue import Ints, Words
from simulator.spread.conditions import COUNTS, HOURLY, Conditions

DONE, GROW_CALENDAR, GROW_DESK, GROW_LATE, GROW_SHARED = range(5)
HAS_ORDERED = np.uint32(1 << 31)
TIMES_SEEN = np.uint32((1 << 31) - 1)
LOW_32 = np.uint64((1 << 32) - 1)
LOW_31 = np.uint64((1 << 31) - 1)
SHOWER_SHIFT = np.uint64(31)
UNLIMITED = 1 << 62  # units of stock; more than all people's orders
NEVER, NO_ROOM, NOBODY = -1, -1, -1


class World(NamedTuple):
    """What does not change during a play; see `Conditions` for the meaning."""

    offsets: Ints
    followers: npt.NDArray[np.int32]
    activity: npt.NDArray[np.uint16]
    niche: npt.NDArray[np.uint8]
    codes: Words
    post_keys: Words
    creators: Ints  # (posts,) row of each post's creator
    peer_reach: Words
    peer_delay: Ints
    wear: Words
    baseline_key: Word
    baseline: Word
    baseline_on_target: Word
    returns: Word
    target_niche: int  # NOBODY where there is none
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


def world_arrays(c: Conditions, bucket_bits: int) -> World:
    """Lay out what does not change during a play."""
    return World(
        offsets=c.graph.offsets,
        followers=c.graph.followers,
        activity=c.people.activity,
        niche=c.people.niche,
        codes=c.people.codes,
        post_keys=np.array([post.key for post in c.posts], np.uint64),
        creators=np.array([post.creator for post in c.posts], np.int64),
        peer_reach=c.peer_reach,
        peer_delay=c.peer_delay,
        wear=c.wear,
        baseline_key=np.uint64(c.baseline_key),
        baseline=np.uint64(c.baseline),
        baseline_on_target=np.uint64(c.baseline_on_target),
        returns=np.uint64(c.returns),
        target_niche=NOBODY if c.target_niche is None else c.target_niche,
        horizon=c.horizon,
        bucket_bits=bucket_bits,
    )


def room_for_hits(c: Conditions) -> Hits:
    """Give room for the largest audience."""
    audience = max((post.audience.size for post in c.posts), default=0)
    followers = int(np.diff(c.graph.offsets).max(initial=0))
    size = max(audience, followers) + 1
    return Hits(np.empty(size, np.int32), np.empty(size, np.uint64))


def empty_state(c: Conditions) -> State:
    """Give the state before anything happened."""
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
