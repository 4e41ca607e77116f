"""In which order a campaign does what it does in one second.

In: a SimPy environment, a second and a turn. Out: an event there. Invariant: within a second the order is that of
`Turn`, whoever was put on the agenda first, and all of it comes before what people see in that second.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import simpy


class Turn(IntEnum):
    """Who acts when in a second, lowest first.

    SimPy itself uses 0 for beginnings and interrupts and 1 for timeouts, with which reviews end and posts go out. The
    reference clock's showings come behind all of these.
    """

    NEWS = -1  # what people did in the second before: the stock ran out
    SCANDAL = 0
    POST = 1
    RESTOCK = 2
    PLATFORM = 3
    PAID = 4


class Moment(simpy.Event):
    """Happens at a second, in turn."""

    def __init__(self, env: simpy.Environment, second: int, turn: Turn) -> None:
        """Put the moment on the agenda; one that is over happens now."""
        super().__init__(env)
        self._ok, self._value = True, None
        priority: Any = int(turn)
        env.schedule(self, priority, max(second - env.now, 0))
