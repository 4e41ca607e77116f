"""What splits bring: their plays in common draws, and the estimates that are made of them.

In: splits and a range of blocks; a block is one replication in each market. Out: values, and estimates as plain
Python in the style of `summary.json`. Invariants: all splits that are compared were played in the same draws; what an
estimate of money says includes what a split leaves unspent only by not spending it.

What the next money brings is told in two ways, both paired. Along the dial: what moving money to the first pool
changes, from one split to the next, per unit of money moved. At a plan: what a step's worth of new money for one pool
brings, the money of the others left as it is, per unit of money it spends. Where the measure is ROI or profit, what
money brings is the contribution before its own cost (profit + spend), so 1 is break-even.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.decide.objective import Objective
from simulator.decide.splits import Grid, Split, more_money
from simulator.study.chunks import values_of
from simulator.study.estimates import (
    LEVEL,
    Estimate,
    Markets,
    MeanEstimate,
    Values,
    mean_estimate,
    measure_estimates,
    probability,
    ratio_of_means,
)
from simulator.study.trials import Alternative, Trials, draws_of

_SHOWN_QUANTILES = ("0.1", "0.5", "0.9")
_MONEY = ("roi", "profit")


@dataclass(frozen=True)
class Stage:
    """Where splits are played: block b is the replications b x markets to (b + 1) x markets - 1."""

    trials: Trials
    markets: int

    def rows(self, splits: Sequence[Split], begin: int, blocks: int) -> list[pa.Table]:
        """Give the plays of splits, a table each (blocks x markets,)."""
        replications = range(begin * self.markets, (begin + blocks) * self.markets)
        wanted = [(Alternative(its.name, its.scenario, its.strategy), replications) for its in splits]
        return self.trials.play([(each, draws_of(each.scenario, numbers)) for each, numbers in wanted])

    def values(self, splits: Sequence[Split], begin: int, blocks: int, objective: Objective) -> Values:
        """Give the mean objective of each block (blocks, splits); NaN where a play of it is undefined."""
        columns = [objective.values(rows) for rows in self.rows(splits, begin, blocks)]
        return np.stack([column.reshape(blocks, self.markets).mean(axis=1) for column in columns], axis=1)


@dataclass(frozen=True)
class Told:
    """Estimates from one range of blocks."""

    stage: Stage
    objective: Objective
    begin: int
    blocks: int

    @property
    def market(self) -> Markets:
        """Give the market of each play (plays,)."""
        return np.tile(np.arange(self.stage.markets), self.blocks)

    def rows(self, split: Split) -> pa.Table:
        """Give the plays of a split."""
        return self.stage.rows([split], self.begin, self.blocks)[0]

    def values(self, split: Split) -> Values:
        """Give the objective of each play (plays,)."""
        return self.objective.values(self.rows(split))

    def brought(self, split: Split) -> Values:
        """Give what each play brings before its own cost: money or counts (plays,)."""
        rows = self.rows(split)
        if self.objective.measure in _MONEY:
            return Objective("profit", self.objective.at_months).measured(rows) + values_of(rows, "spend")
        return self.objective.measured(rows)

    def estimates(self, split: Split) -> dict[str, Any]:
        """Estimate what a split brings: the objective, and of the measure the mean, the band and the worst plays."""
        rows = self.rows(split)
        measured = self.objective.measured(rows)
        its = measure_estimates(measured, self.market, least=replace(self.objective, at_least=None).least)
        return {
            "objective": _plain(self.objective.mean(self.objective.values(rows), self.market)),
            "mean": _plain(its["mean"]),
            "quantiles": {share: its["quantiles"][share] for share in _SHOWN_QUANTILES},
            "expected_shortfall_5": its["expected_shortfall_5"],
            "probability": self._chance(measured),
            "spend": _plain(mean_estimate(values_of(rows, "spend"), self.market, structural=True)),
        }

    def _chance(self, measured: Values) -> dict[str, Any] | None:
        """Estimate how likely the target is, which an undefined play misses, or without one, of money, a profit."""
        target = self.objective.at_least
        if target is not None:
            return {"target": target, **probability(int(self.objective.reached(measured).sum()), len(measured))}
        if self.objective.measure not in _MONEY:
            return None
        defined = measured[~np.isnan(measured)]
        return {"target": None, **probability(int(np.count_nonzero(defined > 0)), len(defined))}


def _plain(mean: MeanEstimate) -> Estimate:
    """Leave out what a mean says of other markets."""
    return {
        "value": mean["value"],
        "low": mean["low"],
        "high": mean["high"],
        "level": mean["level"],
        "method": mean["method"],
        "n": mean["n"],
    }


def difference(told: Told, split: Split, other: Split) -> Estimate:
    """Estimate by how much the objective of a split is above that of another, play by play."""
    gap = told.values(split) - told.values(other)
    return _plain(mean_estimate(gap, told.market, structural=split.buys == other.buys))


def next_money(told: Told, grid: Grid, split: Split) -> dict[str, Any]:
    """Estimate what a step's worth of new money brings in each pool, per unit of money spent.

    Returns:
        By pool: the money offered, how many more creators it hires (from the market where least to where most), and the
        return, whose value is None where the money buys nothing.
    """
    money = round((split.scenario.budget or 0.0) / grid.steps, 2)
    found = {}
    for pool in grid.pools:
        richer = more_money(split, grid.like, pool, money)
        found[pool] = {
            "money": money,
            "hired": _more_hired(richer, split, pool),
            "return": _return(told, richer, split),
        }
    return found


def _more_hired(richer: Split, split: Split, pool: str) -> list[int]:
    pairs = zip(richer.bought[pool].hired, split.bought[pool].hired, strict=True)
    more = [after - before for after, before in pairs]
    return [min(more), max(more)]


def _return(told: Told, richer: Split, split: Split) -> Estimate:
    if richer.buys == split.buys:
        return {"value": None, "low": None, "high": None, "level": LEVEL, "method": "buys nothing more", "n": 0}
    more = told.brought(richer) - told.brought(split)
    spent = values_of(told.rows(richer), "spend") - values_of(told.rows(split), "spend")
    return ratio_of_means(more, spent, told.market)


def moved(told: Told, grid: Grid, split: Split, before: Split) -> dict[str, Any]:
    """Estimate what moving money to the first pool, from one split to the next, changes per unit of money moved."""
    pool = grid.pools[0]
    money = (split.shares[pool] - before.shares[pool]) * grid.shared
    gap = (told.brought(split) - told.brought(before)) / money
    return {"from_share": before.shares[pool], "money": money, "change": _plain(mean_estimate(gap, told.market))}
