"""Both clocks with a log of what they play.

In: as for the clocks themselves. Out: the same, and an `EventLog`. Invariant: a clock that is watched plays what it
plays unwatched, to the bit.
"""

from __future__ import annotations

import numpy as np
import simpy

from simulator.spread.arrays import GROW_LOG
from simulator.spread.calendar_queue import KIND_SHIFT, SECOND_SHIFT, SHOWER_SHIFT
from simulator.spread.conditions import Conditions
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.event_log import EventLog
from simulator.spread.reference import ReferenceCrowd, Showing

_FIRST_ROOM = 1 << 16  # events


class TracedCrowd(CompiledCrowd):
    """The compiled clock, with a log."""

    def __init__(self, conditions: Conditions, bucket_bits: int | None = None) -> None:
        """Prepare a play that is logged."""
        super().__init__(conditions, bucket_bits)
        self._state = self._state._replace(log=np.empty((_FIRST_ROOM, 3), np.uint64))

    def event_log(self) -> EventLog:
        """Give what was played so far."""
        return EventLog.of(self._state.log[: self._state.log_count[0]])

    def _grow(self, status: int) -> None:
        if status == GROW_LOG:
            log = self._state.log
            self._state = self._state._replace(log=np.concatenate([log, np.empty_like(log)]))
        else:
            super()._grow(status)


class TracedReference(ReferenceCrowd):
    """The reference clock, with a log."""

    def __init__(self, conditions: Conditions, env: simpy.Environment) -> None:
        """Prepare a play that is logged."""
        super().__init__(conditions, env)
        self._rows: list[tuple[int, int, int]] = []

    def event_log(self) -> EventLog:
        """Give what was played so far."""
        return EventLog.of(np.array(self._rows, np.uint64).reshape(-1, 3))

    def see(self, event: simpy.Event) -> None:
        """Let a viewer see a post, and log it."""
        assert isinstance(event, Showing)
        before = self.by_post[event.post].copy()
        super().see(event)
        self._note(event, before.tolist())

    def order(self, event: simpy.Event) -> None:
        """Let an order happen that is an event of its own, and log it."""
        assert isinstance(event, Showing)
        before = self.by_post[event.post].copy()
        super().order(event)
        self._note(event, before.tolist())

    def _note(self, event: Showing, before: list[int]) -> None:
        after = self.by_post[event.post].tolist()
        changes = sum(now - then << i for i, (then, now) in enumerate(zip(before, after, strict=True)))
        if changes:
            when = int(self.env.now) << int(SECOND_SHIFT) | event.kind << int(KIND_SHIFT) | event.post
            self._rows.append((when, event.shower << int(SHOWER_SHIFT) | event.viewer, changes))


Traced = TracedCrowd | TracedReference
