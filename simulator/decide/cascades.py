"""Cascades: who got a post from whom, and how far that is from a broadcast.

In: the event log of a play. Out: `Cascades`, a tree for each post, and the `Shape` of each. Invariants: a node is
somebody who shared the post, as in the literature, where spreading it on is what adoption means; the root is the post
itself; a person shares a post once, so what leads from one to the next is a tree; a parent shared before its children.

Whose showing led to a share is its parent: a friend, or the root where the creator, the platform or paid media showed
the post. A share that goes with an order comes from the showing that was clicked, and one that goes with a customer's
later order from the first showing of the post to that person.

References:
    Goel, Anderson, Hofman and Watts (2016), The structural virality of online diffusion, Management Science 62(1),
    equation 1: the mean distance between all pairs of nodes. Near 2 for a pure broadcast, (n + 1) / 3 for a chain.
    Mohar and Pisanski (1988), How to compute the Wiener index of a graph, Journal of Mathematical Chemistry 2: in a
    tree every edge lies between s x (n - s) pairs, s being the nodes on one side of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.spread.event_log import EventLog
from simulator.spread.rules import CREATOR, PLATFORM
from simulator.spread.tally import IMPRESSIONS, SHARES

ROOT = -1  # the post itself, as a parent
PERSON_BITS = 31
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """How a post's cascade looks.

    Attributes:
        nodes: The post and everybody who shared it.
        depth: Steps from the post to the farthest of them.
        max_breadth: The most people at one depth.
        broadcast_share: Share of them who got it from no friend; None where nobody shared it.
        structural_virality: Mean distance between all pairs of nodes; None where nobody shared it.
    """

    nodes: int
    depth: int
    max_breadth: int
    broadcast_share: float | None
    structural_virality: float | None


@dataclass(frozen=True)
class Cascades:
    """The cascades of one play, an entry per share, in the order in which they happened.

    Attributes:
        second: When [s] (shares,).
        post: Index of the post in the play (shares,).
        person: Who shared it (shares,).
        shower: Who had shown it, as in the rulebook (shares,).
        parent: Entry of the friend who had shown it, ROOT where it was no friend (shares,).
        depth: Steps from the post, from 1 (shares,).
        following: How many shares of others go back to this one (shares,).
    """

    second: Whole
    post: Whole
    person: Whole
    shower: Whole
    parent: Whole
    depth: Whole
    following: Whole

    def shapes(self, posts: int) -> Iterator[Shape]:
        """Give the shape of the cascade of each of so many posts."""
        order = np.argsort(self.post, kind="stable")
        starts = np.searchsorted(self.post[order], np.arange(posts + 1))
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        within = np.where(self.parent == ROOT, ROOT, place[self.parent] - starts[self.post])[order].tolist()
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            yield shape_of(within[start:end])


def cascades_of(log: EventLog) -> Cascades:
    """Find out who got each post from whom."""
    at = np.flatnonzero(log.counted(SHARES))
    post, person, shower = log.post[at], log.viewer[at], _shower_of_shares(log, at)
    from_friend = (shower > CREATOR) & (shower < PLATFORM)
    pairs, wanted = pair_of(post, person), pair_of(post, np.where(from_friend, shower - 1, 0))
    order = np.argsort(pairs)
    found = order[np.minimum(np.searchsorted(pairs[order], wanted), max(at.size - 1, 0))] if at.size else at
    assert np.array_equal(pairs[found][from_friend], wanted[from_friend]), "a friend who shows a post has shared it"
    parent = np.where(from_friend, found, ROOT)
    depth, size = (np.array(its(parent.tolist()), np.int64) for its in (_depths, _sizes))
    return Cascades(log.second[at], post, person, shower, parent, depth, size - 1)


def shape_of(parents: Sequence[int]) -> Shape:
    """Measure a tree.

    Args:
        parents: The parent of each node but the root, as its place in this list, ROOT for the root; a parent comes
            before its children (n - 1,).
    """
    by_depth = Counter(_depths(parents))
    return Shape(
        nodes=len(parents) + 1,
        depth=max(by_depth, default=0),
        max_breadth=max(by_depth.values(), default=0),
        broadcast_share=by_depth[1] / len(parents) if len(parents) else None,
        structural_virality=structural_virality(parents),
    )


def structural_virality(parents: Sequence[int]) -> float | None:
    """Give the mean distance between all pairs of a tree's nodes; None where there is only the root.

    >>> structural_virality([ROOT] * 99), structural_virality(range(-1, 98))  # a star and a chain of 100 nodes
    (1.98, 33.666666666666664)
    """
    n = len(parents) + 1
    return 2 * sum(size * (n - size) for size in _sizes(parents)) / (n * (n - 1)) if n > 1 else None


def _sizes(parents: Sequence[int]) -> list[int]:
    """Count the nodes of the subtree of each node, itself included."""
    sizes = [1] * len(parents)
    for node in range(len(parents) - 1, -1, -1):
        if parents[node] != ROOT:
            sizes[parents[node]] += sizes[node]
    return sizes


def _depths(parents: Sequence[int]) -> list[int]:
    """Count the steps from the root to each node."""
    depths: list[int] = []
    for parent in parents:
        depths.append(1 if parent == ROOT else depths[parent] + 1)
    return depths


def _shower_of_shares(log: EventLog, at: Whole) -> Whole:
    """Give whose showing led to each share, by its place in the log (shares,)."""
    shower = log.showers[at]
    unknown = np.flatnonzero(shower < 0)
    if unknown.size:
        seen = np.flatnonzero(log.counted(IMPRESSIONS))
        pairs, first = np.unique(pair_of(log.post[seen], log.viewer[seen]), return_index=True)
        its = np.searchsorted(pairs, pair_of(log.post[at[unknown]], log.viewer[at[unknown]]))
        shower[unknown] = log.shower[seen[first[its]]]
    return shower


def pair_of(post: Whole, person: Whole) -> Whole:
    """Give a post and a person as one number."""
    return post << PERSON_BITS | person
