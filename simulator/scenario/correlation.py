"""Unknowns that go together: `correlate = [["pools.micro.click_per_impression", "pools.micro.order_per_click", 0.4]]`.

In: pairs of keys with a rank correlation (Spearman's), from -1 to 1. Out: how independent normal numbers are mixed so
that the ranks of the unknowns have these correlations, or why they can not. Invariants: how each unknown is
distributed stays as it is written; pairs that are not written are independent; an unknown that is written first keeps
the draw it would have alone.

The ranks of two normal numbers with correlation r have the rank correlation (6 / pi) asin(r / 2), so the mixing is made
for r = 2 sin(pi x / 6) of a wanted x (a Gaussian copula).

References:
    Kruskal (1958), Ordinal measures of association, JASA 53(284), section 9: rank correlation of normal numbers.
    Higham (2002), Computing the nearest correlation matrix, IMA Journal of Numerical Analysis 22(3): alternating
    projections with Dykstra's correction, for what is proposed where correlations cannot hold at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import asin, pi, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Pair = tuple[str, str, float]
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Correlation:
    """How unknowns go together.

    Attributes:
        names: The unknowns, in the order in which they are first written.
        weights: A row per unknown: what it takes of the own normal number of each one up to itself. The squares of a
            row add up to 1.
    """

    names: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]


def as_pair(given: object) -> Pair | None:
    """Read a pair as TOML holds it, None where it is none."""
    match given:
        case [str(first), str(second), int(rank) | float(rank)] if not isinstance(rank, bool) and -1 <= rank <= 1:
            return first, second, float(rank)
    return None


def checked_pair(given: object) -> Pair:
    """Read a pair as TOML holds it.

    Raises:
        ValueError: it is none.
    """
    pair = as_pair(given)
    if pair is None:
        raise ValueError("must be a list of two keys and a number from -1 to 1")
    return pair


@cache
def correlation_of(pairs: tuple[Pair, ...]) -> Correlation | None:
    """Give how unknowns are mixed; None where no numbers have these correlations."""
    names = _names(pairs)
    weights = _weights(_matrix(names, pairs))
    return Correlation(names, weights) if weights is not None else None


def nearest_possible(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Give rank correlations of the same pairs that can hold at once, as near as two digits allow."""
    import numpy as np  # reading a scenario must not cost its import

    names = _names(pairs)
    written = _matrix(names, pairs)
    found = _nearest(np.array(written), np.array([[r != 0 for r in row] for row in written]))
    rows = [(names.index(first), names.index(second)) for first, second, _ in pairs]
    ranks = [6 / pi * asin(min(max(found[row] / 2, -0.5), 0.5)) for row in rows]
    for percent in range(100, -1, -1):  # rounded to two digits they may just miss
        near = tuple((a, b, _cut(percent * rank) / 100) for (a, b, _), rank in zip(pairs, ranks, strict=True))
        if correlation_of(near) is not None:
            return near
    raise AssertionError("independent unknowns are possible")


def _names(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Give the unknowns of pairs, in the order in which they are first written."""
    return tuple(dict.fromkeys(name for first, second, _ in pairs for name in (first, second)))


def _cut(number: float) -> int:
    """Cut off what stands behind the point; 28.999999 is 29 but for the rounding of floats."""
    return int(round(number, 6))


def _matrix(names: Sequence[str], pairs: Iterable[Pair]) -> list[list[float]]:
    """Give the correlations that normal numbers must have, for the ranks to have those of the pairs."""
    matrix = [[float(i == j) for j in range(len(names))] for i in range(len(names))]
    for first, second, rank in pairs:
        i, j = names.index(first), names.index(second)
        matrix[i][j] = matrix[j][i] = 2 * sin(pi * rank / 6)
    return matrix


def _weights(matrix: list[list[float]]) -> tuple[tuple[float, ...], ...] | None:
    """Factor a matrix (Cholesky's way, a number that the others decide included); None where it has no factor."""
    rows: list[list[float]] = []
    for i, line in enumerate(matrix):
        row: list[float] = []
        for j in range(i):
            left = line[j] - sum(a * b for a, b in zip(row, rows[j], strict=False))
            if rows[j][j] == 0 and abs(left) > sqrt(_ROUNDING):
                return None
            row.append(left / rows[j][j] if rows[j][j] else 0.0)
        own = 1.0 - sum(weight * weight for weight in row)
        if own < -_ROUNDING:
            return None
        rows.append([*row, sqrt(own) if own > _ROUNDING else 0.0])
    return tuple(tuple(row) for row in rows)


def _nearest(wanted: npt.NDArray[np.float64], free: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Give the nearest correlation matrix in which what is not free stays as it is: 1 with itself, else 0."""
    import numpy as np

    found, correction = wanted.copy(), np.zeros_like(wanted)
    fixed = np.where(free, 0.0, wanted)
    np.fill_diagonal(fixed, 1.0)
    np.fill_diagonal(free, val=False)
    for _ in range(1000):
        values, vectors = np.linalg.eigh(found - correction)
        if values[0] >= -_ROUNDING:
            break
        possible = vectors * np.maximum(values, 0.0) @ vectors.T
        correction = possible - (found - correction)
        found = np.where(free, possible, fixed)
    return found
