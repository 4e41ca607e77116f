"""Whom the strategies hire in the markets that are played, before anything is.

In: a scenario. Out: plans, and for each strategy what its money buys, as plain rows. Invariant: nothing heavy is
imported or built, so `check` can say this at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from simulator.campaign.hiring import Plan, hire, planned_cents
from simulator.scenario.model import Scenario

Plans = Mapping[tuple[str, int], Plan]  # by strategy and market


class Hired(TypedDict):
    """What a strategy buys in one market: from one pool, or (pool None) of the creators it names.

    Money is as planned: a cost that is an unknown of each replication counts with its median.
    """

    market: int
    pool: str | None
    hired: int
    offered: int
    spent: float
    unspent: float | None


def markets_played(scenario: Scenario) -> range:
    """Give the indices of the markets that are played: replication i plays in market i % markets."""
    return range(min(scenario.markets, scenario.replications))


def plans_of(scenario: Scenario) -> Plans:
    """Spend the budget of every strategy in every market that is played."""
    return {
        (strategy, market): hire(scenario, market, strategy)
        for market in markets_played(scenario)
        for strategy in scenario.strategies
    }


def hired_rows(plans: Plans, strategy: str) -> list[Hired]:
    """Give what a strategy buys: by market, named creators first, then its pools."""
    return [row for (name, _), plan in plans.items() if name == strategy for row in _rows(plan)]


def _rows(plan: Plan) -> list[Hired]:
    named = [profile for profile in plan.profiles if profile.pool is None]
    rows = [_row(plan, None, len(named), len(named), sum(planned_cents(profile) for profile in named))] if named else []
    for pool in plan.pools:
        row = _row(plan, pool.pool, pool.hired, pool.offered, pool.spent_cents)
        rows.append({**row, "unspent": pool.unspent_cents / 100})
    return rows


def _row(plan: Plan, pool: str | None, hired: int, offered: int, cents: int) -> Hired:
    return {
        "market": plan.market,
        "pool": pool,
        "hired": hired,
        "offered": offered,
        "spent": cents / 100,
        "unspent": None,
    }
