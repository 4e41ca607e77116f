"""The log of a play of the crowd: every event that counted, in the order in which it was played.

In: events, and the counts of their post before and after. Out: an `EventLog`. Invariant: an event is logged by what it
changed in the counts of its post, whatever the rule behind it, so the log adds up to the `Tally`, count by count, and
both clocks write the same. An event that changed nothing (an order of somebody who has ordered already) is not in it.

A row is three words: the two of the event (see `calendar_queue.py`) and its changes, a bit for each of COUNTS; no event
counts twice in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel
from simulator.spread.arrays import State
from simulator.spread.calendar_queue import (
    KIND_MASK,
    KIND_SHIFT,
    POST_MASK,
    SECOND_SHIFT,
    SHOWER_SHIFT,
    VIEWER_MASK,
    WHEN,
    WHO,
    Words,
)
from simulator.spread.rules import LATER_ORDER
from simulator.spread.tally import IMPRESSIONS

CHANGES = 2  # the third word of a row


@dataclass(frozen=True)
class EventLog:
    """What was played, an entry per event, in the order of play.

    Attributes:
        second: When [s] (events,).
        kind: SHOWING, FIRST_ORDER or LATER_ORDER of the rulebook (events,).
        post: Index into `Conditions.posts` (events,).
        shower: Who showed the post, as in the rulebook; of an order after a lag, in the showing that was clicked; of a
            later order, its number (events,).
        viewer: Who saw it, or ordered (events,).
        changes: What was counted of it, a bit for each of COUNTS (events,).
    """

    second: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    post: npt.NDArray[np.int64]
    shower: npt.NDArray[np.int64]
    viewer: npt.NDArray[np.int64]
    changes: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, words: Words) -> EventLog:
        """Read the rows of a log (events, 3)."""
        when, who = words[:, WHEN], words[:, WHO]
        return cls(
            (when >> SECOND_SHIFT).astype(np.int64),
            (when >> KIND_SHIFT & KIND_MASK).astype(np.int64),
            (when & POST_MASK).astype(np.int64),
            (who >> SHOWER_SHIFT).astype(np.int64),
            (who & VIEWER_MASK).astype(np.int64),
            words[:, CHANGES].copy(),
        )

    def counted(self, count: int) -> npt.NDArray[np.bool_]:
        """Say which events added one to a count, by its place in COUNTS (events,)."""
        return (self.changes >> np.uint64(count) & np.uint64(1)).astype(bool)

    @property
    def showers(self) -> npt.NDArray[np.int64]:
        """Give who showed the post in what led to each event; -1 for a later order, which no showing led to."""
        return np.where(self.kind == LATER_ORDER, -1, self.shower)

    def impression_numbers(self) -> npt.NDArray[np.int64]:
        """Give how many impressions the viewer of each event has had in the campaign, it included (events,)."""
        seen = self.counted(IMPRESSIONS).astype(np.int64)
        order = np.argsort(self.viewer, kind="stable")
        viewers, total = self.viewer[order], np.cumsum(seen[order])
        first = np.flatnonzero(np.diff(viewers, prepend=-1))
        before = np.repeat(total[first] - seen[order][first], np.diff(np.append(first, viewers.size)))
        numbers = np.empty_like(seen)
        numbers[order] = total - before
        return numbers


@bare_kernel
def note_before(state: State, post: Whole) -> None:
    """Take note of what is counted of a post before one of its events is played."""
    for i in range(state.counted.size):
        state.counted[i] = state.by_post[post, i]


@bare_kernel
def note_event(state: State, when: Word, who: Word) -> None:
    """Log an event that was played whole, if it counted; there is room for it."""
    post, changes = np.int64(when & POST_MASK), np.uint64(0)
    for i in range(state.counted.size):
        changes |= np.uint64(state.by_post[post, i] - state.counted[i]) << np.uint64(i)
    if changes == 0:
        return
    place = state.log_count[0]
    state.log[place, WHEN], state.log[place, WHO], state.log[place, CHANGES] = when, who, changes
    state.log_count[0] += 1
