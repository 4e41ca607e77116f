"""What is to be decided: what is to be made large, what differences matter, and within which limits.

In: the table `[decision]`. Out: a frozen section. Invariant: it decides no play, so it is no part of the world that
scenarios share; what is not written limits nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from simulator.scenario.section import PERCENT, Section, about

MeasureName = Literal[
    "roi",
    "profit",
    "orders",
    "incremental_orders",
    "revenue",
    "reach",
    "reach_2_plus",
    "reach_3_plus",
    "on_target_reach",
    "impressions",
    "engagements",
    "clicks",
    "brand_lift",
]
MEASURE_NAMES: tuple[MeasureName, ...] = get_args(MeasureName)
AtMonths = Literal[0, 3, 6, 12]
AT_MONTHS: tuple[AtMonths, ...] = get_args(AtMonths)
# What goes on after the horizon, so that it can be told as of later.
LATER: tuple[MeasureName, ...] = ("roi", "profit", "incremental_orders")
_Share = Annotated[float, PERCENT, Field(ge=0, le=1)]


class Decision(Section):
    """What the plans are judged by where one has to be chosen."""

    measure: Annotated[
        MeasureName,
        about(
            "what is to be made large, on average over the plays",
            '"profit"',
            "none",
            cite="assumed: what a budget is spent for",
        ),
    ] = "roi"
    at_months: Annotated[
        AtMonths,
        about(
            "how long after the end of the campaign its money is counted: 0, 3, 6 or 12 months",
            "3",
            "months after the horizon",
        ),
    ] = 0
    at_least: Annotated[
        float | None,
        about(
            "the target: the chance that the measure is at least this is made large instead", "5_000", "as the measure"
        ),
    ] = None
    indifference: Annotated[
        Annotated[float, Field(gt=0)] | None,
        about("the difference of two plans from which on it matters to you", "0.05", "as the measure"),
    ] = None
    least_share: Annotated[
        dict[str, _Share],
        about("the share of the budget that a pool, or ads, gets at the least", "{ micro = 0.2 }", "of the budget"),
    ] = {}
    most_share: Annotated[
        dict[str, _Share],
        about("the share of the budget that a pool, or ads, gets at the most", "{ ads = 0.3 }", "of the budget"),
    ] = {}
    most_hired: Annotated[
        dict[str, Annotated[int, Field(ge=0, le=1_000_000)]],
        about("how many creators of a pool are hired at the most", "{ celebrity = 3 }", "creators"),
    ] = {}
    most_spend: Annotated[
        Annotated[float, Field(gt=0, le=1e15)] | None,
        about("the money that a plan is to cost at the most", "25_000", "money per strategy"),
    ] = None
