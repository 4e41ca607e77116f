"""How much audiences overlap: shared followers of two creators, as a share of the smaller audience.

In: audiences. Out: an `AudienceOverlap`. Invariant: everything is counted, nothing drawn, so it depends on the
audiences only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.compiled import kernel

_MOST_COUNTERS = 2**24  # that are counted in at once
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AudienceOverlap:
    """How much the audiences of some creators overlap; what there is no pair for is None.

    Attributes:
        mean: Mean over all pairs of creators whom anybody follows.
        lowest: The lowest of these, likewise `highest`.
        unduplicated: Different followers as a share of the sum of all audiences.
        groups: Mean over the pairs of creators of each group.
        creators: Mean over the pairs that each creator is in.
    """

    mean: float | None
    lowest: float | None
    highest: float | None
    unduplicated: float | None
    groups: tuple[float | None, ...]
    creators: tuple[float | None, ...]


def overlap_of(
    people: int, audiences: Sequence[npt.NDArray[np.int32]], groups: Sequence[Sequence[int]] = ()
) -> AudienceOverlap:
    """Measure how much audiences overlap.

    Args:
        people: How many people there are.
        audiences: The followers of each creator (C,), each without repeats.
        groups: Places of creators, of each group of them that is to be measured by itself.
    """
    sizes = np.array([audience.size for audience in audiences], np.int64)
    offsets, creators = _by_person(people, audiences)
    member = np.zeros((len(groups), len(sizes)), bool)
    for row, places in zip(member, groups, strict=True):
        row[list(places)] = True
    sums, of_group, ends = _sums(offsets, creators, sizes, member)
    followed = sizes > 0
    count = int(followed.sum())
    in_group = (member & followed).sum(axis=1).tolist()
    return AudienceOverlap(
        mean=_mean(sums.sum() / 2, _pairs(count)),
        lowest=ends[0] if count > 1 else None,
        highest=ends[1] if count > 1 else None,
        unduplicated=_mean(int(np.count_nonzero(np.diff(offsets))), int(sizes.sum())),
        groups=tuple(_mean(its, _pairs(n)) for its, n in zip(of_group, in_group, strict=True)),
        creators=tuple(_mean(its, count - 1 if there else 0) for its, there in zip(sums, followed, strict=True)),
    )


def pair_overlaps(people: int, audiences: Sequence[npt.NDArray[np.int32]]) -> Values:
    """Measure how much each two audiences overlap (C, C); NaN for a creator with itself, and where nobody follows.

    Args:
        people: How many people there are.
        audiences: The followers of each creator (C,), each without repeats.
    """
    sizes = np.array([audience.size for audience in audiences], np.int64)
    later = np.zeros((len(sizes), len(sizes)))
    for start, share in _rows(*_by_person(people, audiences), sizes):
        later[start : start + len(share)] = share
    overlaps: Values = later + later.T
    overlaps[np.minimum.outer(sizes, sizes) == 0] = np.nan
    np.fill_diagonal(overlaps, np.nan)
    return overlaps


def _sums(
    offsets: npt.NDArray[np.int64],
    creators: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int64],
    member: npt.NDArray[np.bool_],
) -> tuple[Values, Values, tuple[float, float]]:
    """Add up the overlap of pairs by creator (C,) and by group (groups,), and give the lowest and the highest."""
    sums, of_group, lowest, highest = np.zeros(len(sizes)), np.zeros(len(member)), 1.0, 0.0
    for start, share in _rows(offsets, creators, sizes):
        rows = slice(start, start + len(share))
        sums[rows] += share.sum(axis=1)
        sums += share.sum(axis=0)
        of_group += [share[its[rows]][:, its].sum() for its in member]
        is_pair = np.triu(np.outer(sizes[rows] > 0, sizes > 0), start + 1)
        lowest = min(lowest, float(share.min(where=is_pair, initial=1.0)))
        highest = max(highest, float(share.max(where=is_pair, initial=0.0)))
    return sums, of_group, (lowest, highest)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _mean(total: float, count: int) -> float | None:
    return float(total / count) if count > 0 else None


def _rows(
    offsets: npt.NDArray[np.int64], creators: npt.NDArray[np.int32], sizes: npt.NDArray[np.int64]
) -> Iterator[tuple[int, Values]]:
    """Give the overlap of some creators with all later ones, and which creator is the first of these rows.

    Yields:
        The first creator, and shares of the smaller audience (rows, C); 0 for creators that are not later.
    """
    step = max(_MOST_COUNTERS // max(len(sizes), 1), 1)
    for start in range(0, len(sizes), step):
        shared = _shared(offsets, creators, start, min(start + step, len(sizes)), len(sizes))
        smaller = np.minimum.outer(sizes[start : start + step], sizes)
        yield start, shared / np.maximum(smaller, 1)


def _by_person(
    people: int, audiences: Sequence[npt.NDArray[np.int32]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Turn audiences around: whom each person follows, ascending, and where each person's begin (N + 1,)."""
    offsets = np.zeros(people + 1, np.int64)
    for audience in audiences:
        offsets[audience + 1] += 1
    offsets = np.cumsum(offsets)
    creators = np.empty(int(offsets[-1]), np.int32)
    free = offsets[:-1].copy()
    for place, audience in enumerate(audiences):
        creators[free[audience]] = place
        free[audience] += 1
    return offsets, creators


@kernel
def _shared(
    offsets: npt.NDArray[np.int64], creators: npt.NDArray[np.int32], start: int, stop: int, count: int
) -> npt.NDArray[np.int64]:
    """Count the followers that creators from `start` to before `stop` share with each later one."""
    shared = np.zeros((stop - start, count), np.int64)
    for person in range(offsets.size - 1):
        for i in range(offsets[person], offsets[person + 1]):
            if start <= creators[i] < stop:
                row = creators[i] - start
                for j in range(i + 1, offsets[person + 1]):
                    shared[row, creators[j]] += 1
    return shared
