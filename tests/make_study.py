"""Build studies by hand, with known returns, for the tests of `simulator/present`.

In: the ROI of every play of every plan. Out: a `HandMadeStudy` with the fields of a `Study`: tables with
all measures, a timeline, creators, and a summary made by the program's own estimates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulator.study import compare, estimates
from simulator.study.creators import CREATOR_SCHEMA
from simulator.study.operations import OPERATIONS_SCHEMA

Values = npt.NDArray[np.float64]

MEASURES = (
    *("reach", "impressions", "engagements", "shares", "clicks"),
    *("orders", "incremental_orders", "revenue", "spend", "profit", "roi"),
)
ORDER_VALUE, MARGIN = 80.0, 0.5
HOSTILE = "<b>$x^2$ & [red]_{\\frac{1}{0}} %s</b>"


@dataclass(frozen=True)
class HandMadeStudy:
    """Looks like a `Study`; the ready-made ones are shared between tests, so copy before you change one."""

    scenario: Any
    replications: pa.Table
    timeline: pa.Table
    creators: pa.Table
    summary: dict[str, Any]
    operations: pa.Table = field(default_factory=OPERATIONS_SCHEMA.empty_table)


def skewed(n: int, mean: float, sigma: float = 0.5, seed: int = 1) -> Values:
    """Draw ROIs as campaigns have them: never below -1, with a long upper tail."""
    normal = np.random.default_rng(seed).standard_normal(n)
    return (1 + mean) * np.exp(sigma * normal - sigma**2 / 2) - 1


@cache
def two(n: int = 400) -> HandMadeStudy:
    """Make the main case: a portfolio that pays against a celebrity that doesn't."""
    return make({"portfolio": skewed(n, 0.31, 0.35, 1), "celebrity": skewed(n, -0.38, 0.9, 2)})


@cache
def one(n: int = 400) -> HandMadeStudy:
    """Make a study of a single plan."""
    return make({"portfolio": skewed(n, 0.31, 0.35, 1)})


@cache
def five(n: int = 400) -> HandMadeStudy:
    """Make a study of five plans with long and hostile names."""
    means = (0.31, -0.38, 0.05, 0.29, -0.7)
    names = (
        "portfolio of sixty micro-influencers, beauty and skin care only",
        "portfolio of sixty micro-influencers, fashion and beauty only",
        HOSTILE,
        "mix",
        "celebrity_without_any_blank_in_its_very_long_name_of_60_chars",
    )
    return make({name: skewed(n, mean, 0.5, k) for k, (name, mean) in enumerate(zip(names, means, strict=True))})


@cache
def tie(n: int = 400) -> HandMadeStudy:
    """Make two plans that cannot be told apart."""
    return make({"portfolio": skewed(n, 0.1, 0.6, 1), "celebrity": skewed(n, 0.1, 0.6, 2)})


@cache
def all_negative(n: int = 400) -> HandMadeStudy:
    """Make two plans that lose money in every play, one less than the other."""
    return make({"portfolio": skewed(n, -0.55, 0.1, 1), "celebrity": skewed(n, -0.8, 0.3, 2)})


@cache
def undefined(n: int = 400) -> HandMadeStudy:
    """Make a plan that spends nothing beside one that does, and one that spends in half of the markets."""
    some = skewed(n, 0.2, 0.4, 1)
    some[np.arange(n) % 4 >= 2] = np.nan
    return make({"portfolio": skewed(n, 0.31, 0.35, 2), "nobody": np.full(n, np.nan), "sometimes": some})


def make(
    roi: Mapping[str, Values | Sequence[float]],
    spend: Mapping[str, Values | float] | None = None,
    markets: int = 4,
    currency: str = "$",
    shift: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
) -> HandMadeStudy:
    """Make a study with these returns; NaN is a play that spends nothing.

    Args:
        roi: Plan -> ROI of each play (n,).
        spend: Plan -> what it spends, 60,000 where not given.
        markets: How many markets the plays go round.
        currency: Its sign.
        shift: What to add to the ROI of the plays of each market.
    """
    n = len(next(iter(roi.values())))
    market = np.arange(n) % markets
    lift = np.resize(np.asarray(shift), markets)[market]
    spends = {name: (spend or {}).get(name, 60_000.0) for name in roi}
    columns = {name: _measures(np.asarray(of) + lift, spends[name]) for name, of in roi.items()}
    scenario = SimpleNamespace(
        name="micro-vs-celebrity",
        title="Micro or celebrity?",
        seed=7,
        horizon_days=20.0,
        replications=n,
        markets=markets,
        currency=currency,
        budget=60_000.0,
        strategies=dict.fromkeys(roi),
        pools={},
        creators=(),
        product=SimpleNamespace(margin=SimpleNamespace(is_fixed=True, median=MARGIN)),
    )
    return HandMadeStudy(
        scenario=scenario,
        replications=_replications(columns, market),
        timeline=_timeline(columns),
        creators=CREATOR_SCHEMA.empty_table(),
        summary=_summary(scenario, columns, market),
    )


def _measures(roi: Values, spend: Values | float) -> dict[str, Values]:
    spent = np.where(np.isnan(roi), 0.0, spend)
    orders = np.round(spent * (1 + np.nan_to_num(roi)) / (ORDER_VALUE * MARGIN))
    profit = orders * ORDER_VALUE * MARGIN - spent
    made = {
        "reach": np.round(4e5 * (1 - np.exp(-orders / 2000))),
        "impressions": orders * 400,
        "engagements": orders * 20,
        "shares": orders * 2,
        "clicks": orders * 40,
        "orders": np.round(orders * 1.05),
        "incremental_orders": orders,
        "revenue": np.round(orders * 1.05) * ORDER_VALUE,
        "spend": spent,
        "profit": profit,
        "roi": np.divide(profit, spent, out=np.full(len(roi), np.nan), where=spent > 0),
    }
    return {measure: made[measure] for measure in MEASURES}


def _replications(columns: Mapping[str, Mapping[str, Values]], market: npt.NDArray[np.int64]) -> pa.Table:
    n = len(market)
    table: dict[str, Any] = {
        "strategy": np.repeat(list(columns), n).tolist(),
        "market": np.tile(market, len(columns)),
        "replication": np.tile(np.arange(n), len(columns)),
    }
    for measure in MEASURES:
        joined = np.concatenate([of[measure] for of in columns.values()])
        table[measure] = pa.array(joined, from_pandas=True)
    return pa.table(table)


def _timeline(columns: Mapping[str, Mapping[str, Values]]) -> pa.Table:
    hours = np.arange(20 * 24 + 1)
    # Two waves: the posts of day 0 and of day 7.
    grown = 0.6 * (1 - np.exp(-hours / 20)) + 0.4 * (1 - np.exp(-np.maximum(hours - 168, 0) / 20))
    parts = []
    for name, of in columns.items():
        for measure in ("reach", "impressions", "orders"):
            end = np.sort(of[measure])
            p10, p50, p90 = (end[int(np.ceil(len(end) * share)) - 1] for share in (0.1, 0.5, 0.9))
            ends = {"mean": end.mean(), "p10": p10, "p50": p50, "p90": p90}
            names = {"strategy": [name] * len(hours), "hour": hours, "measure": [measure] * len(hours)}
            parts.append(pa.table({**names, **{key: grown * value for key, value in ends.items()}}))
    return pa.concat_tables(parts)


def _summary(scenario: Any, columns: Mapping[str, dict[str, Values]], market: npt.NDArray[np.int64]) -> dict[str, Any]:
    return {
        "format": 1,
        "scenario": scenario.name,
        "hash": "3f9a1c77d0e84b52a6c1",
        "seed": scenario.seed,
        "replications": len(market),
        "markets": scenario.markets,
        "horizon_days": scenario.horizon_days,
        "currency": scenario.currency,
        "budget": scenario.budget,
        "conditional_on": "the market played" if scenario.markets == 1 else f"the {scenario.markets} markets played",
        "formulas": {"roi": "ROI = (incremental orders x order value x margin - spend) / spend"},
        "strategies": {name: _plan_summary(of, market) for name, of in columns.items()},
        "comparisons": compare.comparisons(columns, market),
    }


def _plan_summary(of: Mapping[str, Values], market: npt.NDArray[np.int64]) -> dict[str, Any]:
    contribution = of["profit"] + of["spend"]
    share = estimates.ratio_of_means(contribution, of["spend"], market)
    hiring = [
        {"market": m, "buys": "creators", "pool": "micro", "hired": 37 + m, "offered": 60, "spent": 59_000.0}
        | {"unspent": 230.0 * (m + 1)}
        for m in np.unique(market).tolist()
    ]
    return {
        **{
            measure: estimates.measure_estimates(values, market, structural=measure in estimates.STRUCTURAL)
            for measure, values in of.items()
        },
        "ratios": {"break_even_cost_share": share, "break_even_order_factor": estimates.reciprocal(share)},
        "order_contribution": {"mean": estimates.mean_estimate(contribution, market)},
        "outside_impressions": {"mean": estimates.mean_estimate(of["impressions"], market)},
        "hiring": hiring,
    }
