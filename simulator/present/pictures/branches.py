"""Which part of a play's cascades can be read in a picture, and where each share stands in it.

In: a traced play, and how much can be read. Out: `Lane`s, one per post. Invariants: whoever is drawn has his or her way
from the post drawn; who led to more others comes first; what is not drawn is counted.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.decide.cascades import ROOT
from simulator.decide.traced import Traced


@dataclass(frozen=True)
class Lane:
    """The drawn part of one post's cascade.

    Attributes:
        post: Its place in `Traced.posts`.
        rows: In which row each drawn share stands, from 0, by its place in `Traced.shares`.
        others: Hours since the post went out at which it was shared by those who are not drawn.
    """

    post: int
    rows: Mapping[int, int]
    others: tuple[float, ...]

    @property
    def height(self) -> int:
        """Count the rows."""
        return max(self.rows.values(), default=-1) + 1


def lanes_of(traced: Traced, most_posts: int, most_shares: int, most_rows: int) -> list[Lane]:
    """Choose what is drawn: the posts with most shares by friends, of these the shares that led to most others."""
    friends = Counter(share.post for share in traced.shares if share.parent != ROOT)
    every = Counter(share.post for share in traced.shares)
    posts = sorted(every, key=lambda post: (-friends[post], -every[post], post))[:most_posts]
    children: dict[int, list[int]] = {}
    for place, share in enumerate(traced.shares):
        children.setdefault(share.parent, []).append(place)
    chosen = _chosen(traced, posts, children, most_shares, most_rows)
    return [_lane(traced, post, children, chosen) for post in posts]


def _chosen(
    traced: Traced, posts: Sequence[int], children: Mapping[int, list[int]], most_shares: int, most_rows: int
) -> set[int]:
    """Take shares one by one, who led to most others first, each after its parent."""
    heads = [its for its in children.get(ROOT, []) if traced.shares[its].post in posts and traced.shares[its].following]
    waiting = [(-traced.shares[its].following, its) for its in heads]
    heapq.heapify(waiting)
    chosen: set[int] = set()
    continued: set[int] = set()
    rows = 0
    while waiting and len(chosen) < most_shares:
        _, place = heapq.heappop(waiting)
        parent = traced.shares[place].parent
        # The first to follow stands in the row of its parent, any other in one of its own.
        own_row = parent == ROOT or parent in continued
        if own_row and rows == most_rows:
            continue
        rows += own_row
        continued.add(parent)
        chosen.add(place)
        for child in children.get(place, []):
            heapq.heappush(waiting, (-traced.shares[child].following, child))
    return chosen


def _lane(traced: Traced, post: int, children: Mapping[int, list[int]], chosen: set[int]) -> Lane:
    rows: dict[int, int] = {}
    heads = (its for its in children.get(ROOT, []) if its in chosen and traced.shares[its].post == post)
    for head in _largest_first(traced, heads):
        waiting = [(head, max(rows.values(), default=-1) + 1)]
        while waiting:
            place, row = waiting.pop()
            # Whoever does not stand in the row of a parent gets the next one that is free.
            rows[place] = row if row >= 0 else max(rows.values()) + 1
            drawn = _largest_first(traced, (its for its in children.get(place, []) if its in chosen))
            places = [(child, rows[place] if first else -1) for first, child in zip(_first(), drawn, strict=False)]
            waiting += reversed(places)
    others = (share.hours for its, share in enumerate(traced.shares) if share.post == post and its not in chosen)
    return Lane(post, rows, tuple(others))


def _first() -> Iterator[bool]:
    yield True
    while True:
        yield False


def _largest_first(traced: Traced, places: Iterator[int]) -> list[int]:
    return sorted(places, key=lambda its: (-traced.shares[its].following, its))
