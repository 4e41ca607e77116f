"""Who a strategy hires with its budget, in one market.

In: a scenario, a market's index and a strategy's name. Out: a frozen `Plan`: the creators hired and what
each pool's share of the budget bought. Invariant: pools are hired from in their own order, the same for
every strategy, and a pool's share stops at the first creator it cannot pay (nobody is skipped).

Explicit creators are paid first; the shares of `split` are shares of what is left of the budget. Costs
that are unknown before the campaign (a range) are planned at their median.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import ScenarioError
from simulator.market.creators import Profile, creator_profile, pool_profile, to_cents
from simulator.scenario.model import Scenario


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


def planned_cents(profile: Profile) -> int:
    """Give what hiring a creator is planned to cost, management included [cents]."""
    fee = profile.fee_cents
    if fee is None:
        fee = to_cents(profile.account.fee.median)  # type: ignore[attr-defined]  # only a Creator's fee is unknown
    return fee + to_cents(profile.account.management_cost.median)


def hire(scenario: Scenario, market: int, strategy: str) -> Plan:
    """Spend a strategy's budget in one market."""
    spec = scenario.strategies[strategy]
    by_handle = {creator.handle: creator for creator in scenario.creators}
    explicit = [creator_profile(by_handle[handle]) for handle in spec.creators]
    left = to_cents(scenario.budget or 0.0) - sum(planned_cents(profile) for profile in explicit)
    pools, profiles = [], explicit
    for pool, share in spec.split.items():
        # rounded first: 0.3 of 60,000.00 is 18,000.00 and not a cent less
        hired = _hire_from(scenario, market, pool, round(left * share))
        profiles = profiles + hired[0]
        pools.append(hired[1])
    return Plan(strategy, market, tuple(sorted(profiles, key=lambda p: p.name)), tuple(pools))


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


def check_hiring(scenario: Scenario) -> None:
    """Make sure that each strategy that spends a budget can hire somebody.

    Raises:
        ScenarioError: a strategy hires nobody in any market; the message says what the first one costs.
    """
    problems = [
        _nobody(scenario, strategy)
        for strategy, spec in scenario.strategies.items()
        if spec.split and not any(hire(scenario, m, strategy).profiles for m in range(scenario.markets))
    ]
    if problems:
        raise ScenarioError("\n".join(problems))


def _nobody(scenario: Scenario, strategy: str) -> str:
    costs = {
        pool: min(planned_cents(pool_profile(scenario, m, pool, 1)) for m in range(scenario.markets))
        for pool in scenario.strategies[strategy].split
    }
    shares = scenario.strategies[strategy].split
    budget = scenario.budget or 0.0
    first = "; ".join(
        f"the first creator of {pool!r} costs {cents / 100:,.2f} with management, its share of the budget is "
        f"{budget * shares[pool]:,.2f}"
        for pool, cents in costs.items()
    )
    return (
        f"strategies.{strategy}: can hire nobody in any market: {first}. Raise the budget (now {budget:,.2f}) or "
        "the share, or lower the fee."
    )
