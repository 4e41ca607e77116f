"""What is to be made large: a measure, maybe as of later, or the chance that it reaches a target.

In: the name of a measure, a time and a target. Out: an `Objective`, which gives a number for each play; what is made
large is its mean. Invariant: a play in which the measure is undefined (ROI where nothing is spent) has no number; it
has not reached the target either, if there is one.

Brand lift of a play is its brand orders, as a share of the orders that people would have placed at their own occasions
anyway; its mean over plays is near the ratio in a run's summary, which divides the sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulator.errors import ScenarioError
from simulator.scenario.decision import AT_MONTHS, LATER, MEASURE_NAMES, AtMonths, Decision, MeasureName
from simulator.scenario.model import Scenario
from simulator.scenario.parts import nearest
from simulator.study.chunks import values_of
from simulator.study.estimates import LEAST, Markets, MeanEstimate, Values, chance_estimate, mean_estimate

_WORDS: dict[MeasureName, str] = {
    "roi": "ROI",
    "profit": "profit",
    "orders": "orders",
    "incremental_orders": "incremental orders",
    "revenue": "revenue",
    "reach": "reach",
    "reach_2_plus": "reach, 2 times or more",
    "reach_3_plus": "reach, 3 times or more",
    "on_target_reach": "reach of the niche",
    "impressions": "impressions",
    "engagements": "engagements",
    "clicks": "clicks",
    "brand_lift": "brand lift",
}


@dataclass(frozen=True)
class Objective:
    """What is to be made large, on average over the plays.

    Attributes:
        measure: What is counted.
        at_months: How long after the horizon [months].
        at_least: The target; with it, the chance to reach it is what is made large.
    """

    measure: MeasureName = "roi"
    at_months: AtMonths = 0
    at_least: float | None = None

    def values(self, rows: pa.Table) -> Values:
        """Give the objective of each play (n,): the measure, NaN where undefined, or 1 where it reaches the target."""
        measured = self.measured(rows)
        if self.at_least is None:
            return measured
        return self.reached(measured).astype(np.float64)

    def reached(self, measured: Values) -> npt.NDArray[np.bool_]:
        """Say of which plays the measure reaches the target, if there is one (n,)."""
        reached: npt.NDArray[np.bool_] = np.nan_to_num(measured, nan=-np.inf) >= (self.at_least or 0.0)
        return reached

    def mean(self, values: Values, market: Markets) -> MeanEstimate:
        """Estimate what is made large from its values and markets (n,): a mean, or of a target a chance."""
        if self.at_least is not None:
            return chance_estimate(values, market)
        return mean_estimate(values, market, least=self.least)

    def measured(self, rows: pa.Table) -> Values:
        """Give the measure of each play, whatever the target (n,); NaN where undefined."""
        if self.measure == "brand_lift":
            return _share_of(values_of(rows, "brand_orders"), values_of(rows, "brand_orders_without"))
        return _later(rows, self.measure, self.at_months) if self.at_months else values_of(rows, self.measure)

    @property
    def column(self) -> str:
        """Give the name that a column of the measure has or would have; but for the time it says the unit."""
        return f"{self.measure}_{self.at_months}_months" if self.at_months else self.measure

    @property
    def least(self) -> float | None:
        """Give the lowest value that there can be, None where there is none."""
        return 0.0 if self.at_least is not None else LEAST.get(self.measure)

    @property
    def words(self) -> str:
        """Say what it is, without the target: "ROI after 3 months"."""
        return words_of(self.column)

    @property
    def plain(self) -> dict[str, Any]:
        """Give it as a summary holds it."""
        return {"measure": self.measure, "at_months": self.at_months, "at_least": self.at_least}


def words_of(column: str) -> str:
    """Say what a column of the replications measures: "reach, 3 times or more", "ROI after 12 months"."""
    for months in AT_MONTHS[1:]:
        if column.endswith(f"_{months}_months"):
            return f"{words_of(column.removesuffix(f'_{months}_months'))} after {months} months"
    known = {str(measure): words for measure, words in _WORDS.items()}
    return known.get(column, column.replace("roi", "ROI").replace("_", " "))


def objective_of(
    scenario: Scenario | None = None,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
) -> Objective:
    """Give an objective: what is asked for, else what the scenario's decision says, else ROI.

    Args:
        scenario: Whose `[decision]` counts where nothing is asked for; asked for another measure, its target does not.
        measure: One of `MEASURE_NAMES`.
        at: How long after the horizon: 3, "3 months" or 0, "end".
        at_least: The target.

    Raises:
        ScenarioError: there is no such measure or time; the message lists what there is.
    """
    said = (scenario.decision if scenario else None) or Decision()
    name = said.measure if measure is None else _measure(measure)
    months = (said.at_months if name == said.measure else 0) if at is None else _months(at)
    if months and name not in LATER:
        raise ScenarioError(
            f"at: {name} is counted up to the end of the campaign only. After it there is: {', '.join(LATER)}."
        )
    target = at_least if at_least is not None or measure not in (None, said.measure) else said.at_least
    return Objective(name, months, target)


def _measure(given: str) -> MeasureName:
    name = given.strip().lower().replace(" ", "_").replace("-", "_")
    for known in MEASURE_NAMES:
        if known == name:
            return known
    raise ScenarioError(f"measure: given {given!r}; there is no such measure.{nearest(name, list(MEASURE_NAMES))}")


def _months(given: str | int) -> AtMonths:
    words = str(given).strip().lower().removesuffix("s").removesuffix("month").strip(" -_")
    for known in get_args(AtMonths):
        if words == str(known) or (known == 0 and words in ("end", "campaign")):
            return AT_MONTHS[AT_MONTHS.index(known)]
    times = ", ".join(f'"{months} months"' for months in AT_MONTHS[1:])
    raise ScenarioError(f'at: given {given!r}; must be "end" (of the campaign), {times}.')


def _share_of(some: Values, of_all: Values) -> Values:
    share: Values = np.divide(some, of_all, out=np.full(of_all.shape, np.nan), where=of_all > 0)
    return share


def _later(rows: pa.Table, measure: MeasureName, months: AtMonths) -> Values:
    """Give a measure as of so long after the horizon (n,)."""
    if measure == "incremental_orders":
        parts = ("incremental_orders", "brand_orders", f"later_orders_{months}_months")
        orders: Values = np.sum([values_of(rows, name) for name in parts], axis=0, dtype=np.float64)
        return orders
    roi, spend = values_of(rows, f"roi_{months}_months"), values_of(rows, "spend")
    if measure == "roi":
        return roi
    profit: Values = np.where(spend > 0, roi * spend, values_of(rows, "profit"))
    return profit
