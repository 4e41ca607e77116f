"""Which of several alternatives is the best, and which are as good, from paired plays.

In: a function that plays alternatives in blocks (one replication in each market, averaged), the same blocks for all
of them; how large a difference matters. Out: the alternative named best, how far each was played and what was seen of
its gap; and, from plays that nobody was chosen by, upper bounds of the gaps. Invariants: nothing here knows what is
played or makes a random number; an alternative that is out is played no more; what is claimed is what was reached, so
a contest stopped at its maximum says who is left.

`select` is procedure KN of Kim and Nelson, but that a pair's variance is raised to what is seen later, never lowered:
the first blocks may just have missed the few large hits of a heavy tail. With probability of at least `confidence` it
names the best alternative where that is better than any other by `indifference` or more; where others are nearer, one
of these may be named. It is exact for normal blocks, however they are correlated between alternatives: what counts is
the variance of each pair's difference, which common random numbers make small. Measured at a nominal 95% over 1,000
contests where the best is better by exactly `indifference`, which is the hardest case (`tests/test_selection.py`),
the best is named 969 to 988 times for normal blocks of 2 to 21 alternatives with common luck and without, 985 to 995
times for blocks of four log-normal(0, 1) plays, and 991 times for log-normal(0, 1.5) plays, whose skewness is 33
(824 times if variances were those of the first 25 blocks only).

`upper_gaps` bounds how far each alternative may be behind the best of them, all bounds together with `confidence`.
The best is one of them, whichever; so only its comparisons with the others must hold (Hsu), which are count - 1.
Their number is fixed before these blocks are played, so looking at the contest first spoils nothing.

References:
    Kim and Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM
    Transactions on Modeling and Computer Simulation 11, section 2 (with c = 1); Hsu (1984), Constrained simultaneous
    confidence intervals for multiple comparisons with the best, Annals of Statistics 12, theorem 1; with common
    random numbers: Nelson and Matejcik (1995), Using common random numbers for indifference-zone selection and
    multiple comparisons in simulation, Management Science 41.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.study.estimates import Values

# (alternatives, first block, blocks) -> values (blocks, alternatives); NaN where a block is undefined.
Sample = Callable[[Sequence[int], int, int], Values]

# Fewer blocks than this tell too little of a variance.
FEWEST_BLOCKS = 10
# Each round of a contest plays so much more of what was played before: few rounds, little played in vain.
_MORE = 0.25


@dataclass(frozen=True)
class Rule:
    """When a contest ends.

    Attributes:
        indifference: Differences of means that are smaller than this do not matter.
        confidence: Probability with which the best is to be named.
        first: Blocks that all alternatives play, from which variances are told.
        most: Blocks after which a contest ends undecided.
    """

    indifference: float
    confidence: float
    first: int
    most: int


@dataclass(frozen=True)
class Selection:
    """What came of a contest.

    Attributes:
        best: The alternative named.
        rivals: Those that were still in when the maximum was reached; empty where the contest is decided.
        blocks: How many blocks each alternative was played (alternatives,).
        gaps: How far each was behind the leader when it went out, or at the end (alternatives,).
    """

    best: int
    rivals: tuple[int, ...]
    blocks: tuple[int, ...]
    gaps: tuple[float, ...]


def select(sample: Sample, count: int, rule: Rule) -> Selection:
    """Find the alternative with the greatest mean.

    Args:
        sample: Plays alternatives, given by their places, in common blocks.
        count: How many alternatives there are.
        rule: When the contest ends.

    Raises:
        ValueError: fewer than FEWEST_BLOCKS of the first blocks are defined for all alternatives.

    References:
        Kim and Nelson (2001), section 2, steps "Setup" to "Stopping Rule".
    """
    values = _defined(sample(range(count), 0, rule.first))
    if len(values) < FEWEST_BLOCKS:
        raise ValueError(
            f"{len(values)} of the first {rule.first} blocks are defined for all; {FEWEST_BLOCKS} are needed"
        )
    contest = _Contest(values, rule)
    while contest.is_open and contest.played < rule.most:
        more = min(math.ceil(_MORE * contest.played), rule.most - contest.played)
        contest.add(sample(contest.alive, contest.played, more))
    return contest.result()


class _Contest:
    """Who is still in, by the blocks that those have played."""

    def __init__(self, values: Values, rule: Rule) -> None:
        """Begin with the first blocks (blocks, alternatives)."""
        self._rule, self._count, self.played = rule, values.shape[1], rule.first
        self.alive = list(range(self._count))
        self._values, self._variances = values, difference_variances(values)
        self._per_variance = _blocks_per_variance(len(values), self._count, rule)
        self._blocks, self._gaps = np.full(self._count, rule.first), np.zeros(self._count)
        self._sums, self._used = values.sum(axis=0), len(values)
        self._screen()

    @property
    def is_open(self) -> bool:
        """Say whether more blocks may still decide between those that are in."""
        return len(self.alive) > 1 and self._used <= self._limits().max()

    def _limits(self) -> Values:
        """Give after how many blocks each pair of those that are in is decided at the latest."""
        return self._per_variance * self._variances[np.ix_(self.alive, self.alive)]

    def add(self, values: Values) -> None:
        """Take in more blocks of those that are in, one after the other (blocks, in)."""
        self.played += len(values)
        self._blocks[self.alive] = self.played
        new, players = _defined(values), list(self.alive)
        self._learn(players, new)
        for row in new:
            self._sums[players] += row
            self._used += 1
            self._screen()
            if not self.is_open:
                break

    def _learn(self, players: list[int], new: Values) -> None:
        """Raise the variances of pairs to those seen by now; they never fall below those of the first blocks."""
        rows = np.full((len(new), self._count), np.nan)
        rows[:, players] = new
        self._values = np.vstack([self._values, rows])
        here = np.ix_(players, players)
        self._variances[here] = np.maximum(self._variances[here], difference_variances(self._values[:, players]))

    def _screen(self) -> None:
        """Let go who is behind somebody by more than the two may still be apart."""
        means = self._sums[self.alive] / self._used
        allowed = self._rule.indifference / 2 * np.maximum(self._limits() / self._used - 1, 0.0)
        self._gaps[self.alive] = means.max() - means
        stays = (means[:, None] >= means[None, :] - allowed).all(axis=1)
        self.alive = [place for place, is_in in zip(self.alive, stays, strict=True) if is_in]

    def result(self) -> Selection:
        """Name the leader; of equal ones the first."""
        best = min(self.alive, key=lambda place: (self._gaps[place], place))
        rivals = tuple(place for place in self.alive if place != best) if self.is_open else ()
        return Selection(best, rivals, tuple(self._blocks.tolist()), tuple(self._gaps.tolist()))


def _blocks_per_variance(first: int, count: int, rule: Rule) -> float:
    """Give the factor h^2 / indifference^2 that turns a pair's variance into its last block."""
    freedom, others = first - 1, max(count - 1, 1)
    eta = ((2 * (1 - rule.confidence) / others) ** (-2 / freedom) - 1) / 2
    return float(2 * eta * freedom / rule.indifference**2)


def difference_variances(values: Values) -> Values:
    """Give the variance of the difference of each two columns (alternatives, alternatives)."""
    return np.array([np.var(values - values[:, [place]], axis=0, ddof=1) for place in range(values.shape[1])])


def upper_gaps(values: Values, confidence: float) -> Values:
    """Bound how far each alternative may be behind the best of them, all together with `confidence`.

    Args:
        values: Blocks that were not used to choose the alternatives or their number (blocks, alternatives).
        confidence: Probability that all bounds hold.

    Returns:
        Upper bounds of greatest mean - mean (alternatives,), 0 or more. Infinite where a difference never varies, which
        is no proof of certainty, or where fewer than 2 blocks are defined.
    """
    used = _defined(values)
    count = used.shape[1]
    if count == 1 or len(used) < 2:
        return np.full(count, 0.0 if count == 1 else math.inf)
    variances = difference_variances(used)
    half = _quantile(len(used) - 1, (1 - confidence) / (count - 1)) * np.sqrt(variances / len(used))
    means = used.mean(axis=0)
    bounds = means[None, :] - means[:, None] + np.where(variances > 0, half, math.inf)
    np.fill_diagonal(bounds, 0.0)
    worst: Values = bounds.max(axis=1)
    return worst


def blocks_needed(values: Values, half_width: float, confidence: float) -> int:
    """Give how many new blocks make the margins in `upper_gaps` about so wide, going by the variances of these."""
    used = _defined(values)
    count, largest = used.shape[1], float(difference_variances(used).max())
    if count == 1:
        return 0
    t = _quantile(len(used) - 1, (1 - confidence) / (count - 1))
    return math.ceil(t**2 * largest / half_width**2)


def _quantile(freedom: int, tail: float) -> float:
    from scipy import special

    return float(special.stdtrit(freedom, 1 - tail))


def _defined(values: Values) -> Values:
    """Keep the blocks that are defined for all."""
    kept: Values = values[~np.isnan(values).any(axis=1)]
    return kept
