"""Looking at a growing run until its difference is decided, without spoiling the error.

In: numbers of replications at which somebody looks, and how much error there is to spend. Out: a `Design`: the normal
deviates that decide at each look; then, where the run stopped, the p value and the interval that belong to it.
Invariants: were there no difference, all looks together decide wrongly with the error given, half of it on each side;
the interval leaves out 0 exactly where the run was decided.

The error is spent evenly over the looks, which suits looks at numbers that grow by a factor: each sees as much that is
new. After the stop a fixed-sample interval would be wrong, because a run stops where the difference looks large; a
repeated interval, which holds at every look, would be too wide. The interval here is made of the probability of all
ways in which a run could have ended "farther up": what was decided earlier for the first plan comes before what was
decided later, and that before everything undecided, which is in the order of its mean. All of it comes from the
densities of runs that are still going on at a look, worked out from look to look.

References:
    Armitage, McPherson and Rowe (1969), Repeated significance tests on accumulating data, Journal of the Royal
    Statistical Society A 132; Lan and DeMets (1983), Discrete sequential boundaries for clinical trials, Biometrika 70;
    Tsiatis, Rosner and Mehta (1984), Exact confidence intervals following a group sequential test, Biometrics 40;
    Emerson and Fleming (1990), Parameter estimation following group sequential hypothesis testing, Biometrika 77;
    Jennison and Turnbull (2000), Group Sequential Methods, chapters 7, 8 and 19.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Points of integration on each stretch on which a run goes on; 40 would do for 1e-8.
_POINTS = 96
# No normal deviate lies farther out.
_FAR = 12.0


class Region(NamedTuple):
    """Where a run goes on after a look, as sums on the scale of `_Walk`: |sum| from `inner` to `outer`."""

    inner: float
    outer: float


@dataclass(frozen=True)
class Design:
    """A plan of looks.

    Attributes:
        looks: The replications at each look, growing.
        bounds: The normal deviate beyond which, on either side, each look decides.
    """

    looks: tuple[int, ...]
    bounds: tuple[float, ...]

    def inner(self, look: int, of_zone: float) -> tuple[float, ...]:
        """Give the deviates within which each look finds the difference to be inside a zone around 0; 0 for nowhere.

        Args:
            look: The look whose error is known.
            of_zone: Half of the zone as a deviate: divided by that look's standard error.
        """
        scale = [math.sqrt(n / self.looks[look]) for n in self.looks]
        return tuple(max(of_zone * s - bound, 0.0) for s, bound in zip(scale, self.bounds, strict=True))


@dataclass(frozen=True)
class Ending:
    """What a run that ended at a look says of the difference.

    Attributes:
        p_value: Two-sided.
        low: The deviate from the lower end of the interval.
        high: That from the upper end; below `low`.
    """

    p_value: float
    low: float
    high: float


@lru_cache(maxsize=64)
def design_of(looks: tuple[int, ...], error: float) -> Design:
    """Plan looks that decide wrongly with a given probability in all, where there is no difference.

    >>> [round(bound, 3) for bound in design_of((100, 200), 0.05).bounds]
    [2.241, 2.125]

    Args:
        looks: The replications at each look, growing.
        error: Two-sided, of all looks together.
    """
    from scipy import optimize, special

    each = error / 2 / len(looks)
    bounds = [float(-special.ndtri(each))]
    for here in range(1, len(looks)):
        times = [n / looks[here] for n in looks[: here + 1]]
        walk = _Walk(times, [Region(0.0, bound * math.sqrt(t)) for bound, t in zip(bounds, times, strict=False)])
        spends = _spends(walk, here, each)
        bounds.append(float(optimize.brentq(spends, 0.0, _FAR, xtol=1e-10)))
    return Design(looks, tuple(bounds))


def _spends(walk: _Walk, look: int, wanted: float) -> Callable[[float], float]:
    return lambda bound: walk.mass(look, bound, math.inf, 0.0) - wanted


def ending(design: Design, look: int, deviate: float, level: float, inner: Sequence[float] | None = None) -> Ending:
    """Say what a run tells that ended at a look.

    Args:
        design: The plan of looks.
        look: Index of the look at which it ended.
        deviate: How far the difference lay above 0 there, as a normal deviate.
        level: Confidence level of the interval.
        inner: Where each look stops the run because the difference is small, see `Design.inner`; by default nowhere.
    """
    if deviate < 0:  # as if the plans were turned round
        turned = ending(design, look, -deviate, level, inner)
        return Ending(turned.p_value, -turned.high, -turned.low)
    from scipy import optimize

    above = _Order(design, look, deviate, inner).above
    tail = (1 - level) / 2

    def bound(share: float) -> float:
        # The farther down the truth, the less lies above what was seen.
        return float(optimize.brentq(lambda drift: above(drift) - share, deviate - _FAR, deviate + _FAR, xtol=1e-9))

    at_zero = above(0.0)
    return Ending(min(2 * min(at_zero, 1 - at_zero), 1.0), deviate - bound(tail), deviate - bound(1 - tail))


class _Order:
    """The probability of ending above what was seen, by the true difference."""

    def __init__(self, design: Design, look: int, deviate: float, inner: Sequence[float] | None) -> None:
        self._design, self._look, self._deviate = design, look, deviate
        self._times = [n / design.looks[look] for n in design.looks]
        self._inner = tuple(inner) if inner else (0.0,) * len(design.looks)
        self._decided = deviate > design.bounds[look]
        if self._decided and inner is None:
            # What would have come later is not needed.
            self._times = self._times[: look + 1]
        roots = [math.sqrt(t) for t in self._times]
        self._outer = [bound * root for bound, root in zip(design.bounds, roots, strict=False)]
        self._small = [near * root for near, root in zip(self._inner, roots, strict=False)]

        self._walk = _walk_of(tuple(self._times), tuple(zip(self._small, self._outer, strict=True)))

    def above(self, drift: float) -> float:
        """Give the probability of what is above, where the true difference is `drift` standard errors of the look."""
        if self._decided:
            earlier = sum(self._walk.mass(j, self._outer[j], math.inf, drift) for j in range(self._look))
            return earlier + self._walk.mass(self._look, self._deviate, math.inf, drift)
        decided = sum(self._walk.mass(j, outer, math.inf, drift) for j, outer in enumerate(self._outer))
        return decided + sum(self._undecided_above(j, drift) for j in range(len(self._times)))

    def _undecided_above(self, look: int, drift: float) -> float:
        """Give the probability to end at a look, undecided, with a greater mean than what was seen."""
        is_last = look == len(self._design.looks) - 1
        edge = self._outer[look] if is_last else min(self._small[look], self._outer[look])
        start = self._deviate * self._times[look]
        return self._walk.mass(look, max(start, -edge), edge, drift) if start < edge else 0.0


@lru_cache(maxsize=64)
def _walk_of(times: tuple[float, ...], regions: tuple[tuple[float, float], ...]) -> _Walk:
    return _Walk(times, [Region(*its) for its in regions])


class _Walk:
    """The sum of what was seen, on a scale on which its variance at a look is the look's time.

    A drift multiplies the density of a path by a factor that only depends on where it is, so one set of densities
    without drift serves all.
    """

    def __init__(self, times: Sequence[float], regions: Sequence[Region]) -> None:
        """Prepare for looks at `times`, the run going on after a look where the sum is in its region."""
        self._times, self._regions = times, regions
        self._on: list[tuple[Floats, Floats]] = []

    def mass(self, look: int, low: float, high: float, drift: float) -> float:
        """Give the probability to come to a look and to lie between two sums there."""
        if look == 0:
            return _between(low, high, drift * self._times[0], math.sqrt(self._times[0]))
        points, weights = self._density(look - 1)
        passed = self._times[look] - self._times[look - 1]
        tilted = weights * np.exp(drift * points - drift**2 * self._times[look - 1] / 2)
        return float(tilted @ _between_all(low, high, points + drift * passed, math.sqrt(passed)))

    def _density(self, look: int) -> tuple[Floats, Floats]:
        """Give where runs may be that go on after a look, and how likely, without drift (points,), (points,)."""
        while len(self._on) <= look:
            self._on.append(self._next(len(self._on)))
        return self._on[look]

    def _next(self, look: int) -> tuple[Floats, Floats]:
        points, lengths = _points(self._regions[look])
        if look == 0:
            return points, lengths * _normal(points / math.sqrt(self._times[0])) / math.sqrt(self._times[0])
        before, weights = self._density(look - 1)
        spread = math.sqrt(self._times[look] - self._times[look - 1])
        return points, lengths * (_normal((points[:, None] - before) / spread) @ weights) / spread


def _points(region: Region) -> tuple[Floats, Floats]:
    """Give points and lengths for integrals over where a run goes on (Gauss and Legendre)."""
    nodes, weights = _nodes()
    if region.inner <= 0:
        return region.outer * nodes, region.outer * weights
    if region.inner >= region.outer:
        return np.zeros(1), np.zeros(1)
    middle, half = (region.inner + region.outer) / 2, (region.outer - region.inner) / 2
    return np.concatenate([-middle + half * nodes, middle + half * nodes]), np.tile(half * weights, 2)


@lru_cache(maxsize=1)
def _nodes() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    return np.asarray(nodes, np.float64), np.asarray(weights, np.float64)


def _normal(x: Floats) -> Floats:
    density: Floats = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return density


def _between(low: float, high: float, mean: float, spread: float) -> float:
    return float(_between_all(low, high, np.array([mean]), spread)[0])


def _between_all(low: float, high: float, means: Floats, spread: float) -> Floats:
    """Give the probability of a normal number between two bounds, in the tail that keeps its digits."""
    from scipy import special

    below, above = (low - means) / spread, (high - means) / spread
    turn = below + above > 0
    a, b = np.where(turn, -above, below), np.where(turn, -below, above)
    mass: Floats = special.ndtr(b) - special.ndtr(a)
    return mass
