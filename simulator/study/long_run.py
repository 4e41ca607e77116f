"""What a campaign leaves behind, in the summary: goodwill, orders after its end, ROI over time, customers.

In: the replications of a strategy. Out: estimates, None where the scenario has neither a brand nor customers who order
again, and orders come at once. Invariants: no order counted here enters the campaign's own ROI (what goodwill does to
orders after a click is in there); what a scenario leaves out is 0 for certain, so it has an interval without width.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from simulator.campaign.long_run import LATER_ORDERS, LONG_RUN_FORMULA, ROI_LATER, WITH_BRAND, WITH_BRAND_FORMULA
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.spread.conditions import quantile_seconds
from simulator.study.chunks import values_of
from simulator.study.estimates import (
    LEAST,
    Estimate,
    Markets,
    Values,
    mean_estimate,
    measure_estimates,
    ratio_of_means,
)

# A power law may have a median beyond all numbers that a summary can hold.
_MOST_HOURS = 1e9
_BRAND_LIFT = (
    "brand lift = brand orders / orders expected at people's own occasions up to the horizon without the campaign"
)
_LIFETIME_VALUE = (
    "customer lifetime value = orders within 12 months of a customer's first, that one included x order value x margin "
    "/ customers; customers = orders - repeat orders"
)


def has_long_run(scenario: Scenario) -> bool:
    """Say whether orders may follow a campaign: by goodwill, of customers who order again, or long after a click."""
    product = scenario.product
    return any(section is not None for section in (scenario.brand, product.repeat_orders, product.purchase_lag))


def terms_of(scenario: Scenario) -> dict[str, Any] | None:
    """Give what the figures of the long run rest on, None where there are none.

    Returns:
        `goodwill_half_life_days` and `repeat_probability` as the ends of what is plausible, and
        `purchase_lag_median_hours`, each None where the scenario leaves it out; `stock_is_limited`, while orders at
        people's own occasions and behind the horizon take none of the stock.
    """
    if not has_long_run(scenario):
        return None
    brand, repeat, lag = scenario.brand, scenario.product.repeat_orders, scenario.product.purchase_lag
    return {
        "goodwill_half_life_days": _ends(brand.half_life_days) if brand else None,
        "repeat_probability": _ends(repeat.probability) if repeat else None,
        "purchase_lag_median_hours": min(quantile_seconds(lag, 0.5) / 3600, _MOST_HOURS) if lag else None,
        "stock_is_limited": scenario.stock is not None,
    }


def _ends(quantity: Quantity) -> list[float]:
    return [quantity.plausible_low, quantity.plausible_high]


def formulas_of(scenario: Scenario) -> dict[str, str]:
    """Give the formulas of the figures that a scenario has; where nothing is refunded and no order is returned."""
    if not has_long_run(scenario):
        return {}
    return {
        "roi_over_time": LONG_RUN_FORMULA,
        **({WITH_BRAND: WITH_BRAND_FORMULA, "brand_lift": _BRAND_LIFT} if scenario.brand else {}),
        **({"customer_lifetime_value": _LIFETIME_VALUE} if scenario.product.repeat_orders else {}),
    }


def long_run_summary(scenario: Scenario, rows: pa.Table, market: Markets) -> dict[str, Any] | None:
    """Estimate what a strategy leaves behind.

    Args:
        scenario: What was run.
        rows: The strategy's replications (R,), with the columns of `chunks.REPLICATION_SCHEMA`.
        market: Index of the market of each replication (R,).
    """
    if not has_long_run(scenario):
        return None
    no_brand = scenario.brand is None

    def mean_of(column: str, *, is_out: bool = False) -> dict[str, Any]:
        return {"mean": mean_estimate(values_of(rows, column), market, structural=is_out, least=0.0)}

    return {
        "goodwill_per_person": mean_of("goodwill_per_person", is_out=no_brand),
        "brand_orders": mean_of("brand_orders", is_out=no_brand),
        **{name: mean_of(name) for name in LATER_ORDERS},
        **{
            name: measure_estimates(values_of(rows, name), market, least=LEAST["roi"])
            for name in (WITH_BRAND, *ROI_LATER)
        },
    }


def brand_lift(scenario: Scenario, rows: pa.Table, market: Markets) -> Estimate | None:
    """Estimate brand orders as a share of those expected at such occasions without the campaign.

    None where there is no brand; its value is None where nobody orders at such occasions.
    """
    if scenario.brand is None:
        return None
    return ratio_of_means(values_of(rows, "brand_orders"), values_of(rows, "brand_orders_without"), market)


def later_share(scenario: Scenario, rows: pa.Table, market: Markets) -> Estimate | None:
    """Estimate which share of the orders that a strategy leads to comes after the horizon, up to 12 months after it.

    None where no order can; its value is None where there are no orders. All of them are kept.
    """
    if not has_long_run(scenario):
        return None
    later, before = values_of(rows, LATER_ORDERS[-1]), _kept(rows) + values_of(rows, "brand_orders")
    return ratio_of_means(later, before + later, market)


def compared_over_time(scenario: Scenario, rows: pa.Table) -> dict[str, Values]:
    """Give what strategies are compared by beside the campaign's own figures, by measure (R,)."""
    names = ["roi_12_months"] if has_long_run(scenario) else []
    return {name: values_of(rows, name) for name in [*names, *([WITH_BRAND, "brand_orders"] if scenario.brand else [])]}


def customers_summary(scenario: Scenario, rows: pa.Table, market: Markets) -> dict[str, Any] | None:
    """Estimate how many customers there are and how often they come back; None where no customer does."""
    if scenario.product.repeat_orders is None:
        return None
    counts = {
        "customers": _customers(rows),
        **{name: values_of(rows, name) for name in ("repeat_orders", "incremental_repeat_orders")},
    }
    return {name: {"mean": mean_estimate(values, market, least=0.0)} for name, values in counts.items()}


def customer_lifetime_value(scenario: Scenario, rows: pa.Table, market: Markets) -> Estimate | None:
    """Estimate what the orders of a customer contribute within 12 months of the first [currency].

    None where no customer comes back; its value is None where there are no customers.
    """
    if scenario.product.repeat_orders is None:
        return None
    return ratio_of_means(values_of(rows, "lifetime_contribution"), _customers(rows), market)


def _customers(rows: pa.Table) -> Values:
    customers: Values = values_of(rows, "orders") - values_of(rows, "repeat_orders")
    return customers


def _kept(rows: pa.Table) -> Values:
    kept: Values = values_of(rows, "incremental_orders") - values_of(rows, "incremental_returns")
    return kept
