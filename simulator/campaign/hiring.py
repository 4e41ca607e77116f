"""Whom the strategies hire with their budget, before anything is played.

In: a scenario. Out: a frozen `Plan` per strategy and market: the creators hired and what each pool's share of the
budget bought. Invariant: pools are hired from in their own order, the same for every strategy, and a pool's share
stops at the first creator it cannot pay (nobody is skipped); no strategy plans to spend more than its budget.
Nothing heavy is imported or built, so `check` can say all of this at once.

Explicit creators are paid first; the shares of `split` are shares of what is left of the budget. Costs
that are unknown before the campaign (a range) are planned at their median; what a contract is
made of stands in `scenario/contract.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from simulator.errors import ScenarioError
from simulator.market.creators import Profile, creator_profile, pool_profile
from simulator.scenario.account import Creator
from simulator.scenario.contract import ValueOf, contract_cents, median, to_cents
from simulator.scenario.model import Scenario

Plans = Mapping[tuple[str, int], "Plan"]  # by strategy and market


@dataclass(frozen=True)
class PoolSpending:
    """What one pool's share of the budget bought: creators hired of those offered, and money [cents]."""

    pool: str
    hired: int
    offered: int
    spent_cents: int
    unspent_cents: int


@dataclass(frozen=True)
class Plan:
    """A strategy in one market: whom it hires, by name order, and what its pools' shares bought."""

    strategy: str
    market: int
    profiles: tuple[Profile, ...]
    pools: tuple[PoolSpending, ...]


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


def fee_cents(profile: Profile, value_of: ValueOf) -> int:
    """Give a creator's fee [cents]; `value_of` gives the value of an unknown one by its key."""
    if profile.fee_cents is not None:
        return profile.fee_cents
    assert isinstance(profile.account, Creator), "only a creator of its own can have an unknown fee"
    return to_cents(value_of("fee", profile.account.fee))


def planned_cents(profile: Profile) -> int:
    """Give what hiring a creator is planned to cost [cents]."""
    return sum(contract_cents(profile.account, fee_cents(profile, median), median))


def hire(scenario: Scenario, market: int, strategy: str) -> Plan:
    """Spend a strategy's budget in one market."""
    spec = scenario.strategies[strategy]
    by_handle = {creator.handle: creator for creator in scenario.creators}
    profiles = [creator_profile(by_handle[handle]) for handle in spec.creators]
    left = to_cents(scenario.budget or 0.0) - sum(planned_cents(profile) for profile in profiles)
    pools = []
    for pool, share in spec.split.items():
        hired, spending = _hire_from(scenario, market, pool, _share_of(left, share))
        profiles += hired
        pools.append(spending)
    return Plan(strategy, market, tuple(sorted(profiles, key=lambda p: p.name)), tuple(pools))


def _share_of(cents: int, share: float) -> int:
    """Give a share of an amount in whole cents, rounded down, but 0.3 of 60,000.00 is 18,000.00 and no cent less."""
    return int(cents * share + 1e-6)


def _hire_from(scenario: Scenario, market: int, pool: str, cents: int) -> tuple[list[Profile], PoolSpending]:
    hired: list[Profile] = []
    offered, left = scenario.pools[pool].count, cents
    while len(hired) < offered:
        profile = pool_profile(scenario, market, pool, len(hired) + 1)
        if planned_cents(profile) > left:
            break
        left -= planned_cents(profile)
        hired.append(profile)
    return hired, PoolSpending(pool, len(hired), offered, cents - left, left)


def plans_of(scenario: Scenario) -> Plans:
    """Spend the budget of every strategy in every market that is played."""
    return {
        (strategy, market): hire(scenario, market, strategy)
        for market in scenario.markets_played
        for strategy in scenario.strategies
    }


def check_hiring(scenario: Scenario, plans: Plans) -> None:
    """Make sure that each strategy that spends a budget hires somebody.

    Raises:
        ScenarioError: a strategy hires nobody in any market; the message says what the first one costs.
    """
    problems = [
        f"strategies.{strategy}: can hire nobody in any market. {_too_dear(scenario, plans, strategy)} Raise the "
        f"budget (now {scenario.budget or 0:,.2f}) or the share, or lower the fee."
        for strategy, spec in scenario.strategies.items()
        if spec.split and not any(plans[strategy, market].profiles for market in scenario.markets_played)
    ]
    if problems:
        raise ScenarioError("\n".join(problems))


def hiring_warnings(scenario: Scenario, plans: Plans) -> list[str]:
    """Say which pools a strategy pays for and hires nobody from, in some markets or in all of them."""
    warnings = []
    for strategy, spec in scenario.strategies.items():
        for pool in spec.split:
            empty = [market for market in scenario.markets_played if not _spending(plans, strategy, market, pool).hired]
            if empty:
                where = _markets(len(empty), len(scenario.markets_played))
                warnings.append(
                    f"{strategy} hires nobody from {pool} in {where}: {_first_cost(scenario, plans, strategy, pool)}."
                )
    return warnings


def _markets(some: int, of_all: int) -> str:
    if some < of_all:
        return f"{some} of {of_all} markets"
    return "the market that is played" if of_all == 1 else "any market"


def _too_dear(scenario: Scenario, plans: Plans, strategy: str) -> str:
    sentences = [_first_cost(scenario, plans, strategy, pool) for pool in scenario.strategies[strategy].split]
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)


def _first_cost(scenario: Scenario, plans: Plans, strategy: str, pool: str) -> str:
    """Say what the first creator of a pool costs where it is cheapest among those the strategy cannot pay."""
    costs = {
        market: planned_cents(pool_profile(scenario, market, pool, 1))
        for market in scenario.markets_played
        if not _spending(plans, strategy, market, pool).hired
    }
    market = min(costs, key=lambda market: costs[market])
    share = _spending(plans, strategy, market, pool).unspent_cents
    return (
        f"the first creator of {pool!r} costs {costs[market] / 100:,.2f} with all that comes with the fee, "
        f"and {pool!r} has {share / 100:,.2f} of the budget"
    )


def _spending(plans: Plans, strategy: str, market: int, pool: str) -> PoolSpending:
    return next(spending for spending in plans[strategy, market].pools if spending.pool == pool)


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
