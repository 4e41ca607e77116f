"""The smallest setting of a dial at which a target is reached often enough, by as few plays as that takes.

In: a ladder of settings, from the least favourable rung to the most, and who plays a draw on a rung. Out: the first
rung on which the target is reached in a share of the draws, with the rungs that bound it. Invariants: every rung meets
the same draws; a bound is an order statistic, so it holds whatever the law; what was played once is not played again.

Where more helps (`rising`), a draw has a smallest rung B on which it reaches the target, and P(target on rung b) =
P(B <= b): the rung that is needed for a share is that quantile of B, and its interval that of a quantile. A draw known
to reach the target on a lower rung is then not played on a higher one, nor the other way round. How often that
is wrong is told by `Reached.fell`. Where more may harm, as with ROI, every draw is played on every rung that is
looked at: those of a stride, from the lowest up, then those between the first that holds and the one before it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from simulator.study.estimates import LEVEL, quantile_ranks

Bools = npt.NDArray[np.bool_]
_Known = npt.NDArray[np.int8]
Play = Callable[[int, Sequence[int]], Bools]

# Round numbers from 100 to 1,000, at most 2.5% apart.
_ROUND = (*range(100, 200, 2), *range(200, 500, 5), *range(500, 1000, 10))
# How many rungs apart those are that are looked at where more may harm: a factor of about 1.6.
STRIDE = 24
# A search goes on without further plays where so few or many of the first ones would be that unlikely.
_UNLIKELY = 0.001
_FIRST_DRAWS = 16
_UNKNOWN = -1


def round_numbers(least: float, most: float) -> tuple[float, ...]:
    """Give the round numbers from `least` on, at most 2.5% apart, and as the last one `most` itself.

    >>> round_numbers(1.97, 2.1)
    (1.98, 2.0, 2.05, 2.1)
    """
    tens = range(math.floor(math.log10(least)) - 1, math.floor(math.log10(most)) + 2)
    numbers = (
        digits * 10.0 ** (ten - 2) if ten >= 2 else digits / 10 ** (2 - ten) for ten in tens for digits in _ROUND
    )
    return (*(number for number in numbers if least <= number < most), most)


@dataclass
class Reached:
    """Which draws reach the target on which rung.

    Attributes:
        play: Plays draws, given by their numbers from 0, on a rung: whether each reaches the target (draws,).
        draws: How many there are.
        rising: Whether a draw that reaches the target on a rung does so on every higher one.
    """

    play: Play
    draws: int
    rising: bool
    _played: dict[int, _Known] = field(default_factory=dict)

    def known(self, rung: int) -> _Known:
        """Give what is known of each draw on a rung (draws,): 1 reached, 0 not, -1 unknown."""
        found = np.full(self.draws, _UNKNOWN, dtype=np.int8)
        if self.rising:
            for other, its in sorted(self._played.items(), key=itemgetter(0)):
                found[its == (1 if other < rung else 0)] = 1 if other < rung else 0
        own = self._played.get(rung)
        if own is not None:
            found[own != _UNKNOWN] = own[own != _UNKNOWN]
        return found

    def played(self, rung: int) -> Bools:
        """Play every draw on a rung, whatever other rungs tell (draws,)."""
        own = self._played.get(rung, np.full(self.draws, _UNKNOWN, dtype=np.int8))
        self._play(rung, np.flatnonzero(own == _UNKNOWN))
        reached: Bools = self._played[rung] == 1
        return reached

    def count(self, rung: int) -> int:
        """Count the draws that reach the target on a rung."""
        self._find(rung, self.draws)
        return int(np.count_nonzero(self.known(rung) == 1))

    def at_least(self, rung: int, wanted: int) -> bool:
        """Say whether so many draws reach the target on a rung; no more are played than that takes."""
        for draws in _blocks(self.draws):
            its = self.known(rung)
            if np.count_nonzero(its == 1) >= wanted:
                return True
            if np.count_nonzero(its == 0) > self.draws - wanted:
                return False
            self._find(rung, draws)
        return int(np.count_nonzero(self.known(rung) == 1)) >= wanted

    def seems(self, rung: int, share: float) -> bool:
        """Say whether a share of the draws seems to reach the target; a few are enough where they leave no doubt."""
        for draws in _blocks(self.draws):
            self._find(rung, draws)
            its = int(np.count_nonzero(self.known(rung)[:draws] == 1))
            below, above = _tails(its, draws, share)
            if min(below, above) < _UNLIKELY:
                return above < below
        return self.count(rung) >= quantile_ranks(self.draws, str(share))[0]

    def seen(self, rung: int) -> tuple[int, int]:
        """Give how many of the first draws reach the target on a rung, and how many these are.

        They are the most of `_blocks` of which all is known. What is known of draws behind them comes from other rungs:
        from a lower one only of those that reached it, from a higher one only of those that did not. That is no fair
        sample.
        """
        its = self.known(rung)
        whole = [draws for draws in _blocks(self.draws) if not np.any(its[:draws] == _UNKNOWN)]
        draws = max(whole, default=0)
        return int(np.count_nonzero(its[:draws] == 1)), draws

    def contradicted(self, rung: int) -> tuple[int, int]:
        """Count the draws that reached the target on a lower rung and, when they were played, not on this one.

        Returns:
            Their number, and that of all draws that reached the target on a lower rung and were played on this one.
        """
        lower = np.zeros(self.draws, dtype=bool)
        for other, its in self._played.items():
            lower |= (its == 1) & (other < rung)
        own = self._played[rung]
        return int(np.count_nonzero(lower & (own == 0))), int(np.count_nonzero(lower & (own != _UNKNOWN)))

    @property
    def fewest(self) -> int:
        """Give how many draws are played at the least where a rung is looked at."""
        return _blocks(self.draws)[0]

    @property
    def rungs(self) -> list[int]:
        """Give the rungs on which anything was played."""
        return sorted(self._played)

    def _find(self, rung: int, draws: int) -> None:
        self._play(rung, np.flatnonzero(self.known(rung)[:draws] == _UNKNOWN))

    def _play(self, rung: int, draws: npt.NDArray[np.intp]) -> None:
        own = self._played.setdefault(rung, np.full(self.draws, _UNKNOWN, dtype=np.int8))
        if len(draws):
            own[draws] = self.play(rung, [int(draw) for draw in draws])


def _blocks(draws: int) -> list[int]:
    """Give after how many draws it is asked whether they are enough: a sixteenth, an eighth, ... all."""
    return [*dict.fromkeys(min(max(draws // part, _FIRST_DRAWS), draws) for part in (16, 8, 4, 2, 1))]


@lru_cache(maxsize=4096)
def _tails(successes: int, draws: int, share: float) -> tuple[float, float]:
    """Give the binomial probabilities of at most, and of at least so many successes."""
    from scipy import special

    above = float(special.bdtrc(successes - 1, draws, share)) if successes else 1.0
    return float(special.bdtr(successes, draws, share)), above


def first_rung(
    holds: Callable[[int], bool], last: int, *, start: int = 0, first: int = 0, rising: bool = True
) -> int | None:
    """Find the first rung that holds, None where none does.

    Args:
        holds: Whether a rung does.
        last: The last rung that is asked about.
        start: Where a rising search begins; the nearer, the less is asked.
        first: The first rung there is.
        rising: Whether every rung above one that holds does, too.
    """
    below, above = _bracket(holds, first, last, start) if rising else _scan(holds, first, last)
    if above is None:
        return None
    return below + 1 + bisect_left(range(below + 1, above), 1, key=lambda rung: int(holds(rung)))


def _bracket(holds: Callable[[int], bool], first: int, last: int, start: int) -> tuple[int, int | None]:
    """Give a rung that does not hold, or the one before the first, and a higher one that does."""
    rung, stride = min(max(start, first), last), 1
    if holds(rung):
        while rung > first:
            lower, stride = max(rung - stride, first), 3 * stride
            if not holds(lower):
                return lower, rung
            rung = lower
        return first - 1, rung
    while rung < last:
        higher, stride = min(rung + stride, last), 3 * stride
        if holds(higher):
            return rung, higher
        rung = higher
    return last, None


def _scan(holds: Callable[[int], bool], first: int, last: int) -> tuple[int, int | None]:
    below = first - 1
    for rung in scanned(first, last):
        if holds(rung):
            return below, rung
        below = rung
    return below, None


def scanned(first: int, last: int) -> list[int]:
    """Give the rungs that are looked at where more may harm."""
    return [*range(first, last, STRIDE), last]


@dataclass(frozen=True)
class Needed:
    """The rung that is needed, and between which ones it lies; None is above all rungs.

    Attributes:
        rung: The first on which the target is reached in the wanted share of the draws.
        low: Lower bound.
        high: Upper bound.
        bounded: Whether there are draws enough for bounds.
    """

    rung: int | None
    low: int | None
    high: int | None
    bounded: bool


def needed(
    reached: Reached, confidence: float, last: int, *, start: int = 0, first: int = 0, level: float = LEVEL
) -> Needed:
    """Find the rung on which the target is reached in a share of the draws, with its interval.

    The draws must have had no part in the choice of what is played: for one of many dials, the interval is too
    optimistic on the draws by which it was chosen.

    References:
        David and Nagaraja (2003), Order Statistics, section 7.1.
    """
    wanted, bounds = quantile_ranks(reached.draws, str(confidence), level)

    def rung_of(rank: int, near: int | None) -> int | None:
        def holds(rung: int) -> bool:
            return reached.at_least(rung, rank)

        return first_rung(holds, last, start=last if near is None else near, first=first, rising=reached.rising)

    rung = _settled(reached, rung_of(wanted, start), wanted, last)
    if bounds is None:
        return Needed(rung, None, None, bounded=False)
    low, high = rung_of(bounds[0], rung), rung_of(bounds[1], rung)
    return Needed(rung, low, None if rung is None or high is None else max(high, rung), bounded=True)


def _settled(reached: Reached, rung: int | None, wanted: int, last: int) -> int | None:
    """Play all draws on a rung, so that nothing there is taken from others; go up where they are not enough."""
    while rung is not None and np.count_nonzero(reached.played(rung)) < wanted:
        rung = rung + 1 if rung < last else None
    return rung
