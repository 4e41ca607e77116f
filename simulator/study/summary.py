"""From all replications to tables and the summary.

In: a scenario, its plans and the assembled replications. Out: a `Study`. Invariant: everything is reduced once, from
all rows in index order, so the numbers cannot depend on how the work was shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulator.campaign.hiring import Plan, Plans, hired_rows
from simulator.campaign.ledger import ROI_FORMULA
from simulator.scenario.model import PeopleFromFile, Scenario
from simulator.spread.conditions import COUNTS, HOURLY
from simulator.study.chunks import MEASURES, REPLICATION_SCHEMA
from simulator.study.compare import comparisons
from simulator.study.estimates import STRUCTURAL, mean_estimate, measure_estimates, ratio_of_means
from simulator.study.results import FORMAT, Study

Values = npt.NDArray[np.float64]

FORMULAS = {
    "roi": ROI_FORMULA,
    "revenue": "revenue = orders x order value",
    "profit": "profit = incremental orders x order value x margin - spend",
    "roas": "ROAS = revenue / spend",
    "cpm": "CPM = 1000 x spend / impressions",
    "cpe": "CPE = spend / engagements",
    "cpc": "CPC = spend / clicks",
    "cpa": "CPA = spend / orders",
    "break_even_cost_share": "break-even cost share = (profit + spend) / spend",
}
COUNTED_BY_CREATOR = (*COUNTS, "outside_impressions")


def study_of(
    scenario: Scenario,
    plans: Plans,
    audiences: Mapping[str, int],
    rows: pa.Table,
    warnings: tuple[str, ...] = (),
) -> Study:
    """Conclude from all replications.

    Args:
        scenario: What was run.
        plans: Who is hired, by strategy and market.
        audiences: Audience of each creator that a graph file knows, by handle [persons].
        rows: All replications in order, with the columns of `chunks.CHUNK_SCHEMA`.
        warnings: What was ignored on the way.
    """
    creators = creator_table(scenario, plans, audiences, rows)
    return Study(
        scenario=scenario,
        replications=rows.select(REPLICATION_SCHEMA.names),
        timeline=timeline_table(scenario, rows),
        creators=creators,
        summary=summary_of(scenario, plans, rows, warnings),
        warnings=warnings,
    )


def _rows_of(rows: pa.Table, strategy: str) -> pa.Table:
    return rows.filter(pc.equal(rows["strategy"], strategy))


def _values(rows: pa.Table, measure: str) -> Values:
    return np.array(rows[measure].to_numpy(), np.float64)  # undefined becomes NaN


def summary_of(scenario: Scenario, plans: Plans, rows: pa.Table, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Gather every estimate and comparison into one dict of plain values."""
    by_strategy = {name: _rows_of(rows, name) for name in scenario.strategies}
    values = {name: {m: _values(its, m) for m in MEASURES} for name, its in by_strategy.items()}
    market = next(iter(by_strategy.values()))["market"].to_numpy()
    played = len(np.unique(market))
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "seed": scenario.seed,
        "replications": scenario.replications,
        "markets": scenario.markets,
        "horizon_days": scenario.horizon_days,
        "currency": scenario.currency,
        "budget": scenario.budget,
        "people_from": "file" if isinstance(scenario.people, PeopleFromFile) else "synthetic",
        "conditional_on": "the market played" if played == 1 else f"the {played} markets played",
        "formulas": FORMULAS,
        "warnings": list(warnings),
        "strategies": {
            name: {
                **{m: measure_estimates(values[name][m], market, structural=m in STRUCTURAL) for m in MEASURES},
                "ratios": _ratios(values[name], market),
                "outside_impressions": {"mean": mean_estimate(_outside_impressions(its), market)},
                "hiring": hired_rows(plans, name),
            }
            for name, its in by_strategy.items()
        },
        "comparisons": comparisons(values, market),
    }


def _ratios(values: Mapping[str, Values], market: npt.NDArray[np.int64]) -> dict[str, Any]:
    spend, contribution = values["spend"], values["profit"] + values["spend"]
    return {
        "roas": ratio_of_means(values["revenue"], spend, market),
        "cpm": ratio_of_means(1000 * spend, values["impressions"], market),
        "cpe": ratio_of_means(spend, values["engagements"], market),
        "cpc": ratio_of_means(spend, values["clicks"], market),
        "cpa": ratio_of_means(spend, values["orders"], market),
        "break_even_cost_share": ratio_of_means(contribution, spend, market),
    }


def _outside_impressions(rows: pa.Table) -> Values:
    width = len(COUNTED_BY_CREATOR)
    by_creator = rows["by_creator"].combine_chunks()
    play = by_creator.value_parent_indices().to_numpy().reshape(-1, width)[:, 0]
    outside = by_creator.flatten().to_numpy().reshape(-1, width)[:, width - 1]
    return np.bincount(play, outside, minlength=rows.num_rows).astype(np.float64)


def timeline_table(scenario: Scenario, rows: pa.Table) -> pa.Table:
    """Give cumulative reach, impressions and orders by hour, over the replications of each strategy."""
    parts = []
    for strategy in scenario.strategies:
        its = _rows_of(rows, strategy)
        for measure in HOURLY:
            flat = its[f"{measure}_by_hour"].combine_chunks().flatten().to_numpy()
            cumulative = np.cumsum(flat.reshape(its.num_rows, -1), axis=1)
            parts.append(_timeline_part(strategy, measure, cumulative))
    return pa.concat_tables(parts)


def _timeline_part(strategy: str, measure: str, cumulative: npt.NDArray[np.int64]) -> pa.Table:
    hours = cumulative.shape[1]
    p10, p50, p90 = np.quantile(cumulative, [0.1, 0.5, 0.9], axis=0, method="inverted_cdf")
    return pa.table(
        {
            "strategy": pa.array([strategy] * hours),
            "hour": pa.array(np.arange(hours)),
            "measure": pa.array([measure] * hours),
            "mean": pa.array(cumulative.mean(axis=0)),
            "p10": pa.array(p10.astype(np.int64)),
            "p50": pa.array(p50.astype(np.int64)),
            "p90": pa.array(p90.astype(np.int64)),
        }
    )


def creator_table(scenario: Scenario, plans: Plans, audiences: Mapping[str, int], rows: pa.Table) -> pa.Table:
    """Give a row per strategy, market and hired creator; counts are means over the market's replications."""
    records: list[dict[str, object]] = []
    for strategy in scenario.strategies:
        its = _rows_of(rows, strategy)
        for market in scenario.markets_played:
            plan = plans.get((strategy, market))
            played = its.filter(pc.equal(its["market"], market))
            if plan is not None and played.num_rows:
                records += _creator_records(plan, audiences, played)
    return pa.Table.from_pylist(records, schema=CREATOR_SCHEMA)


CREATOR_SCHEMA = pa.schema(
    [
        ("strategy", pa.string()),
        ("market", pa.int64()),
        ("creator", pa.string()),
        ("pool", pa.string()),
        ("niche", pa.string()),
        ("followers", pa.int64()),
        ("audience", pa.int64()),
        ("fee", pa.float64()),
        ("management_cost", pa.float64()),
        ("posts", pa.int64()),
        *((name, pa.float64()) for name in COUNTED_BY_CREATOR),
    ]
)


def _creator_records(plan: Plan, audiences: Mapping[str, int], played: pa.Table) -> list[dict[str, object]]:
    counts = played["by_creator"].combine_chunks().flatten().to_numpy().astype(np.float64)
    means = counts.reshape(played.num_rows, len(plan.profiles), len(COUNTED_BY_CREATOR)).mean(axis=0)
    return [
        {
            "strategy": plan.strategy,
            "market": plan.market,
            "creator": profile.name,
            "pool": profile.pool,
            "niche": profile.account.niche,
            "followers": profile.followers,
            "audience": audiences.get(profile.name, profile.audience_size),
            "fee": None if profile.fee_cents is None else profile.fee_cents / 100,
            "management_cost": cost.median if (cost := profile.account.management_cost).is_fixed else None,
            "posts": profile.account.post_count,
            **dict(zip(COUNTED_BY_CREATOR, mean.tolist(), strict=True)),
        }
        for profile, mean in zip(plan.profiles, means, strict=True)
    ]
