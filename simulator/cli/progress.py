"""How far a run has come, on stderr.

In: finished plays. Out: a line that is redrawn on a terminal, else a line now and then.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from simulator.cli.endings import say

if TYPE_CHECKING:
    from simulator.campaign.play import Engine


def compiles(engine: Engine) -> bool:
    """Say whether this run has to compile first, as far as can be known."""
    from simulator.compiled import is_cached

    return not is_cached("impressions" if engine == "compiled" else "people")


class Progress:
    """Counts finished plays on stderr: a line that is redrawn on a terminal, else a line now and then."""

    def __init__(self, total: int, compiles: bool) -> None:  # noqa: FBT001
        """Count up to a total, which may grow while questions are answered (`expect`)."""
        self._total, self._compiles = total, compiles
        self._kept = self._done = self._shown = 0
        self._began = self._shown_at = self._first_at = time.monotonic()
        self._grows = False
        self._redraws = sys.stderr.isatty()
        self._lock = threading.Lock()

    def begin(self, kept: int) -> None:
        """Say how many plays there are, and how many of them an earlier run finished."""
        self._kept = self._done = self._shown = kept
        of_them = f", {kept:,} of them finished before" if kept else ""
        say(f"{self._total:,} plays{of_them}.")
        if self._compiles and kept < self._total:
            say("Compiling first; this is done once and takes about 20 seconds.")

    def expect(self, plays: int, kept: int = 0) -> None:
        """Take note that so many more plays are wanted, some of which an earlier run finished."""
        with self._lock:
            self._grows = True
            self._total += plays
            self._kept += kept
            self._done += kept
            if self._compiles and self._done == self._kept:
                say("Compiling first; this is done once and takes about 20 seconds.")
                self._compiles = False

    def add(self, plays: int) -> None:
        """Count plays that are finished."""
        with self._lock:
            now = time.monotonic()
            if self._done == self._kept:
                self._first_at = now
            self._done += plays
            if self._is_due(now):
                self._shown, self._shown_at = self._done, now
                say(f"\r\x1b[K{self._text(now)}" if self._redraws else self._text(now), nl=not self._redraws)

    def _is_due(self, now: float) -> bool:
        if self._redraws:
            return now - self._shown_at >= 0.1
        return now - self._shown_at >= 5 and 10 * (self._done - self._shown) >= self._total

    def tell(self, text: str) -> None:
        """Say what was found on the way."""
        say(f"\r\x1b[K{text}" if self._redraws else text)

    def end(self) -> None:
        """Say how long it took."""
        text = f"{self._done:,} plays finished in {_duration(time.monotonic() - self._began)}."
        if not self._total:
            text = "All plays that this needs were finished before."
        self.tell(text)

    def _text(self, now: float) -> str:
        so_far = " wanted so far" if self._grows else ""
        text = f"{self._done:,} of {self._total:,} plays{so_far} finished"
        # Counted from the first that was finished: before it, markets are built.
        played, seconds = self._done - self._kept - 1, now - self._first_at
        if played < 1 or seconds <= 0:
            return text
        text = f"{text}, {_rate(played / seconds)} per second"
        if self._grows:  # nobody knows how many more it takes
            return text
        return f"{text}, about {_duration((self._total - self._done) * seconds / played)} left"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
