"""What a budget buys: ways to split it between pools, how much money makes sense, and the plays of each.

In: a scenario, the plan whose other parts are kept, and limits. Out: `Offers`, which give a split's plan at a budget.
Invariants: shares of a split are whole steps and add up to exactly 1; two budgets that buy the same in every market are
one alternative; a plan that hires nobody in some market, or more than the limits allow, is none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from simulator.campaign.hiring import Plan, hire, planned_cents
from simulator.decide.ladder import round_numbers
from simulator.decide.shares import Point, buys, keeps_limits, number_of_points, points_of, shares_of
from simulator.errors import ScenarioError
from simulator.scenario.decision import Decision
from simulator.scenario.model import Scenario
from simulator.scenario.parts import nearest
from simulator.scenario.strategy import ADS, Strategy
from simulator.scenario.variant import changed
from simulator.study.trials import Alternative

FEWEST_STEPS, MOST_STEPS = 1, 100
# With three and more pools steps are made longer until there are no more splits than this.
MOST_SPLITS = 70
# Where ads can take any amount of money, budgets end at so many times that of the scenario.
_TIMES_WITH_ADS = 10
# Budgets from a thousandth of the most are looked at.
_LADDER = 1000
_ENDLESS = 1e12
_NAME = "target"


@dataclass(frozen=True)
class Bought:
    """What a share of the budget buys: from the market where it is least to the one where it is most.

    Attributes:
        share: The part of the budget it gets.
        hired: How many creators.
        offered: How many there are; 0 of ads.
        spent: Money.
        unspent: Money that is left because it does not pay the next creator, or nobody is left.
    """

    share: float
    hired: tuple[int, int]
    offered: int
    spent: tuple[float, float]
    unspent: tuple[float, float]


@dataclass(frozen=True)
class Offers:
    """What money can buy.

    Attributes:
        scenario: Whose pools and ads these are.
        strategy: The plan whose named creators, boost and stagger are kept.
        pools: Between which pools, or ADS, the budget is split.
        points: The splits.
        budgets: Rising; the last is the most that is looked at.
        given: Whether that last one was given, and not what hires everybody.
    """

    scenario: Scenario
    strategy: str
    pools: tuple[str, ...]
    points: tuple[Point, ...]
    budgets: tuple[float, ...]
    given: bool
    _plans: dict[tuple[Point, int], list[Plan]] = field(default_factory=dict, repr=False)
    _alike: dict[tuple[object, ...], Alternative] = field(default_factory=dict, repr=False)

    @property
    def last(self) -> int:
        """Give the rung of the most money."""
        return len(self.budgets) - 1

    def shares(self, point: Point) -> dict[str, float]:
        """Give the share of each pool."""
        return shares_of(self.pools, point)

    def rung(self, budget: float) -> int:
        """Give the first rung of at least so much money."""
        return min(bisect_left(self.budgets, budget), self.last)

    def alternative(self, point: Point, rung: int) -> Alternative | None:
        """Give a split at a budget; None where it is no plan."""
        plans = self._bought(point, rung)
        if self._is_too_much(plans) or not all(map(buys, plans)):
            return None
        alike = tuple(map(buys, plans))
        if alike not in self._alike:
            its = split_at(self.scenario, self.strategy, self.shares(point), self.budgets[rung])
            self._alike[alike] = Alternative(_NAME, its, _NAME)
        return self._alike[alike]

    def bought(self, point: Point, rung: int) -> dict[str, Bought]:
        """Give what each share of a split buys."""
        plans = self._bought(point, rung)
        return {pool: _of_pool(plans, pool, share) for pool, share in self.shares(point).items()}

    def hires_all(self, point: Point, rung: int) -> bool:
        """Say whether a split hires everybody there is, and no ads could be bought with more money."""
        hired = all(its.hired[0] == its.offered > 0 for its in self.bought(point, rung).values())
        return hired and ADS not in self.pools

    def ends(self, point: Point) -> tuple[int, int]:
        """Give the lowest rung on which a split is a plan, and the highest, which may be below it."""
        rungs = range(len(self.budgets))
        first = bisect_left(rungs, 1, key=lambda rung: int(all(map(buys, self._bought(point, rung)))))
        above = bisect_left(rungs, 1, key=lambda rung: int(self._is_too_much(self._bought(point, rung))))
        return first, above - 1

    def _bought(self, point: Point, rung: int) -> list[Plan]:
        if (point, rung) not in self._plans:
            its = plans_at(self.scenario, self.strategy, self.shares(point), self.budgets[rung])
            self._plans[point, rung] = its
        return self._plans[point, rung]

    def _is_too_much(self, plans: Sequence[Plan]) -> bool:
        most = (self.scenario.decision or Decision()).most_hired
        return any(spent.hired > most.get(spent.share, inf) for plan in plans for spent in plan.shares)


def split_at(scenario: Scenario, strategy: str, shares: Mapping[str, float], budget: float) -> Scenario:
    """Give a scenario whose only strategy splits a budget, and is else as one of its strategies.

    Raises:
        ScenarioError: that cannot be played, for want of memory for instance.
    """
    its = _split(scenario, strategy, shares).model_dump(exclude_none=True)
    try:
        return changed(scenario, {"budget": budget, "strategies": {_NAME: its}})
    except ScenarioError as error:
        raise ScenarioError(f"with a budget of {budget:,.2f}: {error}\nOr look at less with --most-budget.") from None


def plans_at(scenario: Scenario, strategy: str, shares: Mapping[str, float], budget: float) -> list[Plan]:
    """Give what a split of a budget buys in every market; whether that can be played is not asked."""
    plan = {_NAME: _split(scenario, strategy, shares)}
    its = scenario.model_copy(update={"budget": budget, "strategies": plan})
    return [hire(its, market, _NAME) for market in range(scenario.markets)]


def _split(scenario: Scenario, strategy: str, shares: Mapping[str, float]) -> Strategy:
    split = {pool: share for pool, share in shares.items() if share > 0}
    return scenario.strategies[strategy].model_copy(update={"split": split})


def _of_pool(plans: Sequence[Plan], pool: str, share: float) -> Bought:
    its = [spending for plan in plans for spending in plan.shares if spending.share == pool]
    hired = [spending.hired for spending in its] or [0]
    spent = [spending.spent_cents / 100 for spending in its] or [0.0]
    unspent = [spending.unspent_cents / 100 for spending in its] or [0.0]
    offered = max((spending.offered for spending in its), default=0)
    return Bought(share, (min(hired), max(hired)), offered, (min(spent), max(spent)), (min(unspent), max(unspent)))


def offers_of(scenario: Scenario, strategy: str | None, steps: int, most_budget: float | None) -> Offers:
    """Make sense of how money may be spent.

    Args:
        scenario: Whose `[decision]` may limit shares, hires and spending.
        strategy: Whose other parts are kept; by default the first that splits the budget.
        steps: In how many parts the budget is split.
        most_budget: The most money that is looked at; by default what hires everybody.

    Raises:
        ScenarioError: there is no such strategy, nothing that more money buys, or no split within the limits.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise ScenarioError(
            f"steps: given {steps}; allowed is {FEWEST_STEPS} to {MOST_STEPS}, such as 10 for shares of 10%."
        )
    name = strategy_of(scenario, strategy)
    used = {pool for its in scenario.strategies.values() for pool in its.split}
    pools = tuple(pool for pool in (*scenario.pools, ADS) if pool in used)
    points = _points(scenario, pools, steps)
    limits = {"most-budget": most_budget, "decision.most_spend": (scenario.decision or Decision()).most_spend}
    given = {key: money for key, money in limits.items() if money is not None}
    key = min(given, key=lambda key: given[key], default="budget")
    most = given[key] if given else most_that_helps(scenario, name, pools, points)
    before = spent_before(scenario, name)
    if not before < most:
        raise ScenarioError(
            f"{key}: given {most:,.2f}; must be more than the {before:,.2f} that the creators and the boost of "
            f"{name!r} cost."
        )
    offers = Offers(scenario, name, pools, points, round_numbers(max(most / _LADDER, before), most), bool(given))
    if all(first > above for first, above in map(offers.ends, points)):
        raise ScenarioError(
            f"{key}: with {most:,.2f} every split hires nobody in some market, or more than most_hired allows."
        )
    return offers


def strategy_of(scenario: Scenario, given: str | None) -> str:
    """Give the name of a strategy that splits the budget.

    Raises:
        ScenarioError: there is none.
    """
    names = [name for name, its in scenario.strategies.items() if its.split]
    if not names:
        raise ScenarioError(
            "strategies: none splits a budget between pools or ads, so more money buys nothing more. Write one such "
            "as split = { micro = 1.0 }."
        )
    if given is not None and given not in names:
        raise ScenarioError(
            f"strategy: given {given!r}; no strategy of that name splits a budget.{nearest(given, names)}"
        )
    return names[0] if given is None else given


def _points(scenario: Scenario, pools: Sequence[str], steps: int) -> tuple[Point, ...]:
    while len(pools) > 2 and number_of_points(len(pools), steps) > MOST_SPLITS and steps > 1:
        steps -= 1
    limits = scenario.decision or Decision()
    points = tuple(point for point in points_of(len(pools), steps) if keeps_limits(limits, shares_of(pools, point)))
    if not points:
        raise ScenarioError(
            f"decision: no split in steps of {1 / steps:.3g} keeps least_share and most_share. Loosen them, or "
            "take more steps."
        )
    return points


def most_that_helps(scenario: Scenario, strategy: str, pools: Sequence[str], points: Sequence[Point]) -> float:
    """Give the money with which some split hires everybody; with ads, at least ten times the scenario's budget."""
    costs = _whole_pools(scenario, strategy, pools)
    before = spent_before(scenario, strategy)
    hires_all = [
        before + max(cost / shares[pool] for pool, cost in costs.items())
        for shares in (shares_of(pools, point) for point in points)
        if all(shares[pool] > 0 for pool in costs) and costs
    ]
    every = min(hires_all, default=before + sum(costs.values()))
    ads = _TIMES_WITH_ADS * (scenario.budget or 0.0) if ADS in pools else 0.0
    return round(max(every, ads) + 0.01, 2)


def _whole_pools(scenario: Scenario, strategy: str, pools: Sequence[str]) -> dict[str, float]:
    """Give what it costs to hire all of each pool, in the market where that is most."""
    alone = {pool: plans_at(scenario, strategy, {pool: 1.0}, _ENDLESS) for pool in pools if pool != ADS}
    return {pool: max(plan.shares[0].spent_cents for plan in plans) / 100 for pool, plans in alone.items()}


def spent_before(scenario: Scenario, strategy: str) -> float:
    """Give what the named creators and the boost of a strategy are planned to cost."""
    plan = plans_at(scenario, strategy, {}, _ENDLESS)[0]
    named = (planned_cents(its, boosted=its.name in plan.boosted) for its in plan.profiles)
    return (plan.boost_cents + sum(named)) / 100
