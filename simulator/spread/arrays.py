"""What the compiled clock keeps in contiguous memory: what does not change in a play, and what has happened so far.

In: `Conditions`. Out: `World`, `Hits` and `State`, tuples of arrays that kernels read and write. Invariant: a person's
state is one 32-bit word, so an impression touches one cache line of people, and one of who saw the creator.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel
from simulator.spread.calendar_queue import Ints, Words
from simulator.spread.conditions import Conditions, Effect, Post
from simulator.spread.goodwill import BrandWorld, brand_world
from simulator.spread.rules import PLATFORM
from simulator.spread.tally import COUNTS, HOURLY

DONE, GROW_CALENDAR, GROW_DESK, GROW_LATE, GROW_SHARED, GROW_FRIENDS, GROW_WAITING, GROW_LOG = range(8)
HAS_ORDERED = np.uint32(1 << 31)
TIMES_SEEN = np.uint32((1 << 31) - 1)
LOW_32 = np.uint64((1 << 32) - 1)
# The columns of `State.chances`: engagement, then those of `Effect`.
ENGAGE, CLICK, ORDER, CLICK_ON_TARGET, ORDER_ON_TARGET, GOODWILL = range(1 + len(Effect._fields))
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
    shares: Words  # (posts, friends + 1) chance of a share by how many friends have shown the post
    wear: Words
    baseline_key: Word
    baseline: Word
    baseline_on_target: Word
    returns: Word
    target_niche: int  # NOBODY where there is none
    advocate: Word
    lag: Ints  # empty where orders follow clicks at once
    later_key: Word
    repeat: Word
    repeat_delay: Ints
    comments: Word
    saves: Word
    brand: BrandWorld
    ends: Ints
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
    friends: Words  # which friends have shown what to whom: post << 32 | viewer + 1, as `shared`
    friend_counts: Ints  # beside it, how many
    friends_count: Ints  # (1,)
    chances: Words  # (posts, 1 + Effect); the campaign may change all but the first
    by_post: Ints
    wear_seen: Ints  # (posts,) sum of wear over the impressions
    by_hour: Ints
    reach: Ints  # (1,)
    reached: Words  # (creators, words): a bit for each person who saw a post of the creator
    reach_by_creator: Ints
    stock: Ints  # (1,) units left
    sold_out: Ints  # (1,) second in which the stock ran out, NEVER once the campaign knows
    goodwill: Words  # (people,) how much << 32 | the second it was written; empty without a brand
    brand_orders: Ints  # (1,) that are behind
    later_orders: Ints  # (ends,), see `Tally`; without first orders
    lifetime_orders: Ints  # (1,)
    waiting: Words  # (room, 2) when and who of first orders behind the horizon
    waiting_count: Ints  # (1,)
    log: Words  # (room, 3) events as they were played, see `event_log.py`; no room where nobody wants to know
    log_count: Ints  # (1,)
    counted: Ints  # (COUNTS,) those of an event's post before it


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
        shares=_shares_by_friends(c.posts),
        wear=c.wear,
        baseline_key=np.uint64(c.baseline_key),
        baseline=np.uint64(c.baseline),
        baseline_on_target=np.uint64(c.baseline_on_target),
        returns=np.uint64(c.returns),
        target_niche=NOBODY if c.target_niche is None else c.target_niche,
        advocate=np.uint64(c.advocate),
        lag=_NO_SECONDS if c.lag is None else c.lag,
        later_key=np.uint64(c.later_key),
        repeat=np.uint64(c.repeat),
        repeat_delay=_NO_SECONDS if c.repeat_delay is None else c.repeat_delay,
        comments=np.uint64(c.comments),
        saves=np.uint64(c.saves),
        brand=brand_world(c.brand, c.returns),
        ends=c.ends,
        horizon=c.horizon,
        bucket_bits=bucket_bits,
    )


_NO_SECONDS = np.empty(0, np.int64)


def _shares_by_friends(posts: tuple[Post, ...]) -> Words:
    """Give the chance of a share of each post by how many friends have shown it, from 0 (posts, columns)."""
    columns = 1 + max((len(post.share_by_friends) for post in posts), default=0)
    table = np.empty((len(posts), columns), np.uint64)
    for row, post in zip(table, posts, strict=True):
        chances = (post.share, *post.share_by_friends)
        row[:] = [chances[min(friends, len(chances) - 1)] for friends in range(columns)]
    return table


@bare_kernel
def shower_word(codes: Words, shower: Whole) -> Word:
    """Give the word of a shower in names: a person's own, else its number."""
    return codes[shower - 1] if codes.size and 0 < shower < PLATFORM else np.uint64(shower)


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
        friends=np.zeros(1024, np.uint64),
        friend_counts=np.zeros(1024, np.int64),
        friends_count=np.zeros(1, np.int64),
        chances=np.array([(p.engage, *p.effect) for p in c.posts], np.uint64).reshape(-1, 1 + len(Effect._fields)),
        by_post=np.zeros((len(c.posts), len(COUNTS)), np.int64),
        wear_seen=np.zeros(len(c.posts), np.int64),
        by_hour=np.zeros((c.hours + 1, len(HOURLY)), np.int64),
        reach=np.zeros(1, np.int64),
        reached=np.zeros((c.creators, c.people.count // 64 + 1), np.uint64),
        reach_by_creator=np.zeros(c.creators, np.int64),
        stock=np.array([UNLIMITED if c.stock is None else c.stock], np.int64),
        sold_out=np.array([NEVER], np.int64),
        goodwill=np.zeros(c.people.count if c.brand else 0, np.uint64),
        brand_orders=np.zeros(1, np.int64),
        later_orders=np.zeros(len(c.ends), np.int64),
        lifetime_orders=np.zeros(1, np.int64),
        waiting=np.zeros((256 if c.lag is not None else 1, 2), np.uint64),
        waiting_count=np.zeros(1, np.int64),
        log=np.zeros((0, 3), np.uint64),
        log_count=np.zeros(1, np.int64),
        counted=np.zeros(len(COUNTS), np.int64),
    )
