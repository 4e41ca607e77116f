"""The plays of a target: each split on each budget, by one set of draws.

In: what money can buy, the target, and replications. Out: which draws reach the target, and what is measured.
Invariant: every split and budget meets the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from simulator.decide.budgets import Offers
from simulator.decide.ladder import Bools, Reached, first_rung
from simulator.decide.objective import Objective
from simulator.decide.shares import Point
from simulator.scenario.decision import MeasureName
from simulator.scenario.model import Scenario
from simulator.study.chunks import values_of
from simulator.study.estimates import Values
from simulator.study.trials import Alternative, Trials, draws_of

# Measures that more money may lower; all others count something, of which creators add and take nothing away.
NOT_RISING: tuple[MeasureName, ...] = ("roi", "profit", "brand_lift")


@dataclass(frozen=True)
class Plays:
    """Plays splits on budgets.

    Attributes:
        scenario: Where the draws are from.
        offers: What money can buy.
        objective: The target.
        trials: Who plays.
        replications: Which draws.
    """

    scenario: Scenario
    offers: Offers
    objective: Objective
    trials: Trials
    replications: range
    _reached: dict[Point, Reached] = field(default_factory=dict, init=False, repr=False)
    _plays: list[int] = field(default_factory=list, init=False, repr=False)

    @property
    def rising(self) -> bool:
        """Say whether more money never lowers the measure, but for fatigue."""
        return self.objective.measure not in NOT_RISING

    @property
    def count(self) -> int:
        """Give how many plays were asked for."""
        return sum(self._plays)

    def of(self, point: Point) -> Reached:
        """Give which draws reach the target with a split, on each rung of its budgets."""
        if point not in self._reached:

            def play(rung: int, draws: Sequence[int]) -> Bools:
                plan = self.offers.alternative(point, rung)
                if plan is None:
                    return np.zeros(len(draws), dtype=bool)
                return self.objective.reached(self.values(plan, draws))

            self._reached[point] = Reached(play, len(self.replications), self.rising)
        return self._reached[point]

    def measured(self, point: Point, rung: int, draws: int | None = None) -> Values:
        """Give what is measured of a split on a budget, by the first draws or all (draws,)."""
        plan = self.offers.alternative(point, rung)
        every = range(len(self.replications) if draws is None else draws)
        return np.full(len(every), np.nan) if plan is None else self.values(plan, every)

    def nearness(self, point: Point, rung: int, draws: int) -> Values:
        """Say how near a split on a budget comes to a target that is out of reach, by the first draws (draws,).

        That is what is measured. Of profit, it is what orders bring in as a share of what they would have to: whoever
        spends nothing loses nothing, and is no nearer to a profit.
        """
        plan = self.offers.alternative(point, rung)
        if plan is None or self.objective.measure != "profit":
            return self.measured(point, rung, draws)
        rows = self._rows(plan, range(draws))
        profit, spend = self.objective.measured(rows), values_of(rows, "spend")
        wanted = spend + (self.objective.at_least or 0.0)
        near: Values = np.divide(profit + spend, wanted, out=np.full(draws, np.nan), where=wanted > 0)
        return near

    def values(self, plan: Alternative, draws: Sequence[int]) -> Values:
        """Give what is measured of any plan by draws, given by their numbers from 0 (draws,)."""
        return self.objective.measured(self._rows(plan, draws))

    def _rows(self, plan: Alternative, draws: Sequence[int]) -> pa.Table:
        self._plays.append(len(draws))
        wanted = draws_of(self.scenario, (self.replications[draw] for draw in draws))
        (rows,) = self.trials.play([(plan, wanted)])
        return rows


@dataclass(frozen=True)
class Asked:
    """What is asked, made sense of.

    Attributes:
        scenario: Whose money is spent.
        offers: What it can buy.
        objective: The target.
        confidence: In which share of the plays it is to be reached.
        choosing: The plays by which a split is chosen.
        judging: Others, which say how much money it needs.
    """

    scenario: Scenario
    offers: Offers
    objective: Objective
    confidence: float
    choosing: Plays
    judging: Plays

    @property
    def rising(self) -> bool:
        """Say whether more money never lowers the measure, but for fatigue."""
        return self.judging.rising

    def rung_of(self, point: Point, first: int, last: int, start: int) -> int | None:
        """Find the rung from which a split seems to reach the target, by the plays that choose."""
        reached = self.choosing.of(point)

        def holds(rung: int) -> bool:
            return reached.seems(rung, self.confidence)

        return first_rung(holds, last, start=start, first=first, rising=self.rising)
