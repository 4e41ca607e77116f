"""Plays that share some of their chance: which draws tell what an unknown, the market and luck do.

In: a scenario and how many rows to play. Out: `Factor`s, which are unknowns or groups of them, and lists of `Draw`s,
one for each row. Invariants: row i meets the same luck, market and unknowns in every list, but for what the list is
about; the first rows of a longer study are the shorter one.

Unknowns that go together cannot be varied one without the other, so each group of them that `correlate` ties is one
factor. Which value an unknown takes is chosen by taking it over from another replication, in which it is just that, so
everything else stays as it was, to the bit; of a group the others come along, as they go with such a value.

References:
    Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications 181.
    Jacques, Lavergne, Devictor (2006), Sensitivity analysis in presence of model uncertainty and correlated inputs,
    Reliability Engineering and System Safety 91.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.campaign.unknowns import Unknowns, unknown_inputs
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.strategy import ADS
from simulator.study.estimates import Values
from simulator.study.trials import Draw

# More than there are replications in any study, so that the other plays of a row have numbers of their own.
_STRIDE = 2**20
_SECOND, _CHANCE, _MARKET, _BOTH, _LENDERS = (_STRIDE * number for number in range(1, 6))
# Among how many replications one is sought whose unknown is just at a quantile; of each row where unknowns go together.
_LENDER_COUNT, _LENDERS_PER_ROW = 2048, 16
# Gives the uniform number of an unknown itself.
_AS_DRAWN = Quantity("share", "uniform", (0.0, 1.0))


@dataclass(frozen=True)
class Factor:
    """Unknowns that are varied together: one, or a group that `correlate` ties.

    Attributes:
        paths: Their names, in the order of the scenario.
    """

    paths: tuple[str, ...]

    def is_used(self, scenario: Scenario, strategy: str) -> bool:
        """Say whether a strategy has anything to do with one of them."""
        return any(concerns(path, scenario, strategy) for path in self.paths)


def factors_of(scenario: Scenario, unknowns: Mapping[str, Quantity]) -> list[Factor]:
    """Group the unknowns of a scenario by what goes together."""
    group = {path: {path} for path in unknowns}
    for first, second, rank in scenario.correlate:
        if rank and first in group and second in group and group[first] is not group[second]:
            group[first] |= group[second]
            for path in group[second]:
                group[path] = group[first]
    found = dict.fromkeys(tuple(path for path in unknowns if path in group[one]) for one in unknowns)
    return [Factor(paths) for paths in found]


def concerns(path: str, scenario: Scenario, strategy: str) -> bool:
    """Say whether a strategy has to do with what a value belongs to: an account, a boost, ads or everybody."""
    its = scenario.strategies[strategy]
    owner = path.partition(".")[0]
    if owner == "pools":
        return any(path.startswith(f"pools.{pool}.") for pool in its.split)
    if owner == "creators":
        return any(path.startswith(f"creators.{handle}.") for handle in its.creators)
    if owner in (ADS, "boost"):
        return ADS in its.split if owner == ADS else its.boost is not None
    return True


def used_paths(factors: Sequence[Factor], scenario: Scenario, strategy: str) -> list[str]:
    """Give the unknowns that a strategy has anything to do with."""
    return [path for its in factors for path in its.paths if concerns(path, scenario, strategy)]


@dataclass(frozen=True)
class Rows:
    """So many rows of plays, spread over markets.

    Attributes:
        scenario: Whose unknowns they draw.
        count: How many rows.
        markets: Over how many markets.
    """

    scenario: Scenario
    count: int
    markets: int

    @property
    def market(self) -> npt.NDArray[np.int64]:
        """Give the market of each row (rows,)."""
        return np.arange(self.count) % self.markets

    @property
    def other_market(self) -> npt.NDArray[np.int64]:
        """Give another market for each row, all pairs equally often (rows,); the same where there is one only."""
        row = np.arange(self.count)
        step = 1 + (row // self.markets) % (self.markets - 1) if self.markets > 1 else 0
        return (self.market + step) % self.markets

    def drawn(self) -> list[Draw]:
        """Give the plays of `run`: f(A)."""
        return [Draw(row, int(market), row) for row, market in enumerate(self.market)]

    def second(self) -> list[Draw]:
        """Give as many plays that share nothing with those: f(B)."""
        return [Draw(row + _SECOND, int(market), row + _SECOND) for row, market in enumerate(self.other_market)]

    def nested(self) -> list[list[Draw]]:
        """Give plays with the inputs of each row: twice in its market, the first of them f(A), and twice in another."""
        same = [Draw(row + _CHANCE, int(market), row) for row, market in enumerate(self.market)]
        if self.markets == 1:
            return [self.drawn(), same]
        others = [
            [Draw(row + of, int(market), row) for row, market in enumerate(self.other_market)]
            for of in (_MARKET, _BOTH)
        ]
        return [self.drawn(), same, *others]

    def mixed(self, factor: Factor) -> list[Draw]:
        """Give the plays of `drawn` with one factor of `second`."""
        return [self._swapped(factor, row, row + _SECOND) for row in range(self.count)]

    def at(self, factor: Factor, path: str, share: float) -> list[Draw]:
        """Give the plays of `drawn` with an unknown at its quantile of a share; what goes together with it comes along.

        Args:
            factor: Its factor.
            path: Of the unknown.
            share: Below it lies this share of its values.
        """
        lenders = self._lenders(path, share, self.count if len(factor.paths) > 1 else 1)
        return [self._swapped(factor, row, lenders[row % len(lenders)]) for row in range(self.count)]

    def _swapped(self, factor: Factor, row: int, lender: int) -> Draw:
        return Draw(row, row % self.markets, row, tuple((path, lender) for path in factor.paths))

    def _lenders(self, path: str, share: float, count: int) -> list[int]:
        """Give the replications whose unknown is nearest to a quantile, in their order."""
        nearest_first = np.argsort(np.abs(self._lendable[path] - share), kind="stable")
        return sorted(_LENDERS + int(place) for place in nearest_first[:count])

    @cached_property
    def _lendable(self) -> dict[str, Values]:
        """Give the uniform numbers of all unknowns in the replications that may lend them (lenders,)."""
        together = _LENDERS_PER_ROW * self.count if self.scenario.correlate else 0
        lenders = range(_LENDERS, _LENDERS + max(_LENDER_COUNT, together))
        return values_in(self.scenario, lenders, dict.fromkeys(unknown_inputs(self.scenario), _AS_DRAWN))


def values_in(scenario: Scenario, replications: Sequence[int], unknowns: Mapping[str, Quantity]) -> dict[str, Values]:
    """Give what unknowns are in replications, by path (replications,)."""
    drawn = [Unknowns.of(scenario.seed, replication, scenario.correlation) for replication in replications]
    return {
        path: np.array([its.value(path, quantity) for its in drawn], np.float64) for path, quantity in unknowns.items()
    }
