"""From all replications to tables and the summary.

In: a scenario, its plans and the assembled replications. Out: a `Study`. Invariant: everything is reduced once, from
all rows in index order, so the numbers cannot depend on how the work was shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulator.campaign.hiring import Plans, hired_rows
from simulator.campaign.ledger import (
    BOOKED_BY_CREATOR,
    COUNTED_BY_CREATOR,
    ROI_FORMULA,
    TRACKED_FORMULA,
    UNTRACKED_FORMULA,
)
from simulator.campaign.record import POSTS
from simulator.scenario.contract import COSTS, may_have_scandal, may_refund, open_lines
from simulator.scenario.model import Scenario
from simulator.scenario.people import PeopleFromFile
from simulator.scenario.presets.evidence import Use, uses_of
from simulator.scenario.presets.preset import preset
from simulator.scenario.strategy import ADS
from simulator.spread.tally import HOURLY
from simulator.study import engagement, long_run, ways
from simulator.study.chunks import (
    MEASURES,
    REACH_MEASURES,
    REPLICATION_SCHEMA,
    plans_by_market,
    rows_of,
    values_of,
)
from simulator.study.compare import comparisons
from simulator.study.creators import creator_table
from simulator.study.engagement import engagement_kinds, engagement_rates
from simulator.study.estimates import (
    LEAST,
    STRUCTURAL,
    Estimate,
    MeanEstimate,
    mean_estimate,
    measure_estimates,
    probability,
    ratio_of_means,
    reciprocal,
    shortfall_difference,
)
from simulator.study.overlap import overlap_summary
from simulator.study.results import FORMAT, Study

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]

FORMULAS = {
    "roi": ROI_FORMULA,
    "roi_tracked": TRACKED_FORMULA,
    "naive_incremental_orders": (
        "naive incremental orders = reach x (buyers among people reached / reach - buyers among all others / all "
        "others); buyers would have bought anyway or make an incremental order"
    ),
    "naive_attribution": "naive attribution = naive incremental orders / incremental buyers; each buyer counts once",
    "roi_with_untracked": UNTRACKED_FORMULA,
    "revenue": "revenue = orders x order value",
    "profit": "profit = incremental orders x order value x margin - spend",
    "roas": "ROAS = revenue / spend",
    "cpm": "CPM = 1000 x spend / impressions",
    **engagement.FORMULAS,
    **ways.FORMULAS,
    "cpe": "CPE = spend / engagements",
    "cpc": "CPC = spend / clicks",
    "cpa": "CPA = spend / orders",
    "earned_media_value": (
        "earned media value = (impressions - paid impressions) x earned media CPM / 1000; no part of ROI"
    ),
    "break_even_cost_share": "break-even cost share = (profit + spend) / spend",
    "order_contribution": "order contribution = incremental orders x order value x margin - affiliate commission",
    "break_even_order_factor": "break-even order factor = (spend - affiliate commission) / order contribution",
}
# What changes where a scandal may bring back fees.
_OF_REFUNDS = {"roi", "roi_tracked", "roi_with_untracked", "profit", "roi_over_time", "roi_with_brand_orders"}
_WITH_REFUNDS = {
    "break_even_cost_share": "break-even cost share = (profit + spend - refunds) / (spend - refunds)",
    "break_even_order_factor": (
        "break-even order factor = (spend - refunds - affiliate commission) / order contribution"
    ),
}
_OF_KEPT_ORDERS = _OF_REFUNDS | {"revenue"}
# What the campaign's operations came to.
OPERATIONS = (
    *(*POSTS, "scandals", "stock_outs", "returned_orders", "incremental_returns", "lost_orders"),
    *("review_wait_hours", "sold_out_hours"),
)


def study_of(
    scenario: Scenario,
    plans: Plans,
    audiences: Mapping[str, int],
    rows: pa.Table,
    operations: pa.Table,
    warnings: tuple[str, ...] = (),
) -> Study:
    """Conclude from all replications.

    Args:
        scenario: What was run.
        plans: Who is hired, by strategy and market.
        audiences: Audience of each creator that a graph file knows, by handle [persons].
        rows: All replications in order, with the columns of `chunks.CHUNK_SCHEMA`.
        operations: The log of one replication, with the columns of `operations.OPERATIONS_SCHEMA`.
        warnings: What was ignored on the way.
    """
    creators = creator_table(scenario, plans, audiences, rows)
    return Study(
        scenario=scenario,
        replications=rows.select(REPLICATION_SCHEMA.names),
        timeline=timeline_table(scenario, rows),
        creators=creators,
        operations=operations,
        summary=summary_of(scenario, plans, rows, warnings),
        warnings=warnings,
    )


def summary_of(scenario: Scenario, plans: Plans, rows: pa.Table, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Gather every estimate and comparison into one dict of plain values."""
    by_strategy = {name: rows_of(rows, name) for name in scenario.strategies}
    measures = (*MEASURES, *REACH_MEASURES)
    values = {name: {m: values_of(its, m) for m in measures} for name, its in by_strategy.items()}
    market = next(iter(by_strategy.values()))["market"].to_numpy()
    played, open_costs, uses = len(np.unique(market)), open_cost_lines(scenario), tuple(uses_of(scenario))
    compared = {name: its | long_run.compared_over_time(scenario, by_strategy[name]) for name, its in values.items()}
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "seed": scenario.seed,
        "replications": scenario.replications,
        "markets": scenario.markets,
        "horizon_days": scenario.horizon_days,
        "start": scenario.start_text,
        "currency": scenario.currency,
        "budget": scenario.budget,
        "people_from": "file" if isinstance(scenario.people, PeopleFromFile) else "synthetic",
        "conditional_on": "the market played" if played == 1 else f"the {played} markets played",
        "evidence": _evidence(scenario, uses),
        **_platforms(scenario, uses),
        "formulas": formulas_of(scenario),
        "long_run_terms": long_run.terms_of(scenario),
        "warnings": list(warnings),
        "strategies": {
            name: _strategy_summary(scenario, plans, name, its, values[name], open_costs[name])
            for name, its in by_strategy.items()
        },
        "comparisons": comparisons(compared, market, {name for name, lines in open_costs.items() if lines}),
    }


def _evidence(scenario: Scenario, uses: Sequence[Use]) -> dict[str, Any] | None:
    """Say whose rates are used, and for which keys of which accounts; None where the scenario asks for no evidence."""
    if scenario.evidence is None:
        return None
    return {"name": scenario.evidence, **_preset(scenario.evidence, uses)}


def _platforms(scenario: Scenario, uses: Sequence[Use]) -> dict[str, Any]:
    """Say for which keys of which accounts the tables of a platform are used; nothing where none are."""
    used = dict.fromkeys(use.preset for use in uses if use.preset != scenario.evidence)
    return {"platforms": {name: _preset(name, uses) for name in used}} if used else {}


def _preset(name: str, uses: Sequence[Use]) -> dict[str, Any]:
    its, used = preset(name), [use for use in uses if use.preset == name]
    keys = {f"{use.section}.{use.name}": list(use.keys) for use in used}
    # of a listed pool of which only some creators have these: how many, and of how many
    some = {f"{use.section}.{use.name}": list(use.creators) for use in used if use.creators[0] < use.creators[1]}
    return {"publication": its.publication, "says": its.says, "keys": keys, **({"creators": some} if some else {})}


def _strategy_summary(
    scenario: Scenario, plans: Plans, name: str, rows: pa.Table, values: Mapping[str, Values], open_costs: set[str]
) -> dict[str, Any]:
    market = rows["market"].to_numpy()
    rates = engagement_rates(rows, plans_by_market(plans, name), market)
    break_even, contribution = _break_even(rows, market)

    def mean_of(column: str) -> dict[str, Any]:
        return {"mean": mean_estimate(values_of(rows, column), market, least=0.0)}

    return {
        **{
            m: measure_estimates(its, market, structural=m in STRUCTURAL and not open_costs, least=LEAST.get(m))
            for m, its in values.items()
        },
        **{
            its: measure_estimates(values_of(rows, its), market, least=LEAST["roi"])
            for its in ("roi_tracked", "roi_with_untracked")
        },
        "ratios": {
            **_ratios(values, market),
            **break_even,
            **rates,
            "naive_attribution": _naive_attribution(scenario, rows, market),
            "brand_lift": long_run.brand_lift(scenario, rows, market),
            "later_share": long_run.later_share(scenario, rows, market),
            "customer_lifetime_value": long_run.customer_lifetime_value(scenario, rows, market),
        },
        "long_run": long_run.long_run_summary(scenario, rows, market),
        "customers": long_run.customers_summary(scenario, rows, market),
        "order_contribution": {"mean": contribution},
        "costs": _costs(rows, market, open_costs),
        "refund": {
            "mean": mean_estimate(
                values_of(rows, "refund"), market, structural=not _may_refund(scenario, name), least=0.0
            )
        },
        "operations": {what: mean_of(what) for what in OPERATIONS},
        "scandals": _scandals(scenario, name, rows, market),
        "sold_out": {"probability": _share_of_plays(values_of(rows, "stock_outs"))} if scenario.stock else None,
        "earned_media_value": _earned_media_value(scenario, rows, market),
        "engagement_kinds": engagement_kinds(scenario, rows, market),
        "sharing": {"advocate_shares": mean_of("advocate_shares")} if _some_advocate(scenario) else None,
        "impressions_by_way": ways.impressions_by_way(rows, market),
        "outside_impressions": {"mean": mean_estimate(_outside_impressions(rows), market, least=0.0)},
        "audience_overlap": overlap_summary(scenario, rows, plans_by_market(plans, name)),
        "hiring": hired_rows(plans, name),
    }


def _ratios(values: Mapping[str, Values], market: npt.NDArray[np.int64]) -> dict[str, Any]:
    spend = values["spend"]
    return {
        "roas": ratio_of_means(values["revenue"], spend, market),
        "cpm": ratio_of_means(1000 * spend, values["impressions"], market),
        "cpe": ratio_of_means(spend, values["engagements"], market),
        "cpc": ratio_of_means(spend, values["clicks"], market),
        "cpa": ratio_of_means(spend, values["orders"], market),
    }


def _break_even(rows: pa.Table, market: npt.NDArray[np.int64]) -> tuple[dict[str, Estimate], MeanEstimate]:
    """Give what would break even, and what orders contribute [currency].

    Costs: were all of them, and so the refunds, which are shares of fees, this share of what they are, mean profit
    would be 0; so it would with the margin divided by this share. Orders: were there so many times of them, with
    what is paid for each; the factor is undefined where each costs as much in commission as it brings in.
    """
    spend, refund, commission = (values_of(rows, name) for name in ("spend", "refund", "affiliate_commission"))
    # Back to whole cents, so that what is equal leaves exactly nothing.
    margin = np.round(values_of(rows, "profit") + spend - refund, 2)
    cost, contribution = np.round(spend - refund, 2), np.round(margin - commission, 2)
    by_orders = ratio_of_means(contribution, np.round(cost - commission, 2), market)
    ratios = {
        "break_even_cost_share": ratio_of_means(margin, cost, market),
        "break_even_order_factor": reciprocal(by_orders),
    }
    return ratios, mean_estimate(contribution, market)


def _naive_attribution(scenario: Scenario, rows: pa.Table, market: npt.NDArray[np.int64]) -> Estimate | None:
    """Give how many times the buyers that a plan won a comparison with people not reached would credit it with.

    None where nobody would have bought anyway: both are then the same. Plays that reach nobody or everybody are left
    out of both.
    """
    if scenario.product.baseline_order_probability.bounds[1] == 0:
        return None
    names = ("naive_incremental_orders", "incremental_orders", "incremental_repeat_orders")
    naive, incremental, repeated = (values_of(rows, name) for name in names)
    return ratio_of_means(naive, incremental - repeated, market)


def formulas_of(scenario: Scenario) -> dict[str, str]:
    """Give the formula of every figure; where fees may come back or orders be returned, with what that means."""
    formulas = FORMULAS | long_run.formulas_of(scenario)
    if any(_may_refund(scenario, strategy) for strategy in scenario.strategies):
        told = _OF_REFUNDS & formulas.keys()
        formulas |= {name: formulas[name].replace(" - spend", " + refunds - spend") for name in told} | _WITH_REFUNDS
    if scenario.product.return_probability.bounds[1] == 0:
        return formulas
    return {
        name: f"{text}; returned orders count as none" if name in _OF_KEPT_ORDERS else text
        for name, text in formulas.items()
    }


def _some_advocate(scenario: Scenario) -> bool:
    return scenario.behaviour.share_per_order.bounds[1] > 0


def _may_refund(scenario: Scenario, strategy: str) -> bool:
    return any(may_refund(account) for account in scenario.accounts_of(strategy))


def open_cost_lines(scenario: Scenario) -> dict[str, set[str]]:
    """Give, by strategy, the cost lines that the plan does not decide because of what it may buy."""
    return {
        name: {
            *(line for account in scenario.accounts_of(name) for line in open_lines(account)),
            *(["paid_media"] if its.boost or ADS in its.split else []),
        }
        for name, its in scenario.strategies.items()
    }


def _scandals(
    scenario: Scenario, strategy: str, rows: pa.Table, market: npt.NDArray[np.int64]
) -> dict[str, Any] | None:
    """Give how likely scandals are and what they cost in ROI; None where none is possible.

    Both costs are paired differences of ROI and ROI without scandals, so below 0 where these cost: `roi_cost` of the
    means, `shortfall_cost` of the means of the worst plays.
    """
    if not any(may_have_scandal(account) for account in scenario.accounts_of(strategy)):
        return None
    roi, without, scandals = (values_of(rows, name) for name in ("roi", "roi_without_scandals", "scandals"))
    return {
        "probability": _share_of_plays(scandals),
        "roi_cost": mean_estimate(roi - without, market),
        "shortfall_cost": shortfall_difference(roi, without, market, cautious=True),
        "roi_without": measure_estimates(without, market, least=LEAST["roi"]),
    }


def _share_of_plays(values: Values) -> Estimate:
    """Give in which share of plays something happened at all."""
    return probability(int(np.count_nonzero(values)), len(values))


def _costs(rows: pa.Table, market: npt.NDArray[np.int64], open_costs: set[str]) -> dict[str, Any]:
    """Give each cost line's mean; all but the open ones are decided by the plan where they do not vary."""
    return {
        line: {"mean": mean_estimate(values_of(rows, line), market, structural=line not in open_costs)}
        for line in COSTS
    }


def _earned_media_value(scenario: Scenario, rows: pa.Table, market: npt.NDArray[np.int64]) -> dict[str, Any] | None:
    """Give what the impressions that were not paid would have cost as ads, where the scenario says at which CPM."""
    cpm = scenario.product.earned_media_cpm
    earned = values_of(rows, "impressions") - values_of(rows, "paid_impressions")
    return None if cpm is None else {"mean": mean_estimate(earned * cpm / 1000, market)}


def _outside_impressions(rows: pa.Table) -> Values:
    width, column = len(BOOKED_BY_CREATOR), COUNTED_BY_CREATOR.index("outside_impressions")
    by_creator = rows["by_creator"].combine_chunks()
    play = by_creator.value_parent_indices().to_numpy().reshape(-1, width)[:, 0]
    outside = by_creator.flatten().to_numpy().reshape(-1, width)[:, column]
    return np.bincount(play, outside, minlength=rows.num_rows).astype(np.float64)


def timeline_table(scenario: Scenario, rows: pa.Table) -> pa.Table:
    """Give cumulative reach, impressions and orders by hour, over the replications of each strategy."""
    parts = []
    for strategy in scenario.strategies:
        its = rows_of(rows, strategy)
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
