"""Which splits of a budget there are, what each buys, and which are allowed.

In: a scenario, the pools between which money is moved, how fine, and constraints. Out: `Split`s. Invariants: the shares
of a split are whole steps and add up to exactly all steps, so no money is lost or made; splits that buy the same in
every market are one; what a split leaves unspent is part of it, not hidden; everything but the split (named creators,
boost, stagger) is that of one strategy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simulator.campaign.hiring import Plan, ShareSpending, hire
from simulator.decide.shares import ROUNDING, Point, buys, keeps_limits, number_of_points, points_of, shares_of
from simulator.errors import ScenarioError
from simulator.scenario.decision import Decision
from simulator.scenario.model import Scenario
from simulator.scenario.parts import check_known
from simulator.scenario.strategy import ADS, Strategy
from simulator.scenario.variant import changed, only, with_split

FEWEST_STEPS, MOST_STEPS = 2, 201
NAME = "split"


@dataclass(frozen=True)
class Bought:
    """What a share of the budget buys in each market (markets,).

    Attributes:
        share: The part of the budget it gets.
        hired: How many creators.
        spent: Money.
        unspent: Money that is left because it does not pay the next creator.
    """

    share: float
    hired: tuple[int, ...]
    spent: tuple[float, ...]
    unspent: tuple[float, ...]


@dataclass(frozen=True)
class Split:
    """A way to split the budget, and all points of the grid that buy the same.

    Attributes:
        points: Steps of each pool; the first is the one that is played. Empty for a plan that lies on no point.
        scenario: The scenario with this split as its only strategy.
        strategy: That strategy's name.
        bought: By pool.
        buys: What tells it from others: creators and ads by market.
        own_name: Of a plan of the scenario; a point is called by its shares.
    """

    points: tuple[Point, ...]
    scenario: Scenario
    strategy: str
    bought: Mapping[str, Bought]
    buys: tuple[object, ...]
    own_name: str | None = None

    @property
    def name(self) -> str:
        """Give a name: "45% micro, 55% celebrity"."""
        shares = ", ".join(f"{100 * share:g}% {pool}" for pool, share in self.shares.items())
        return self.own_name or shares

    @property
    def shares(self) -> dict[str, float]:
        """Give the share of each pool."""
        return {pool: bought.share for pool, bought in self.bought.items()}


@dataclass(frozen=True)
class Grid:
    """The question: between which pools, in which steps, with which constraints.

    Attributes:
        scenario: With the budget that may be spent, and the plan of today as its only strategy.
        pools: Names of pools, or ADS.
        steps: How many steps make all of the budget.
        today: Name of the plan of today.
        decision: Constraints.
    """

    scenario: Scenario
    pools: tuple[str, ...]
    steps: int
    today: str
    decision: Decision

    @property
    def like(self) -> Strategy:
        """Give the strategy whose other parts all splits have."""
        return self.scenario.strategies[self.today]

    @property
    def count(self) -> int:
        """Give how many points there are, allowed or not."""
        return number_of_points(len(self.pools), self.steps)

    @cached_property
    def shared(self) -> float:
        """Give the money that is split: what is left after named creators and a boost."""
        point = (self.steps, *(0 for _ in self.pools[1:]))
        bought = self.split(point).bought[self.pools[0]]
        return bought.spent[0] + bought.unspent[0]

    def split(self, point: Point) -> Split:
        """Work out what a point buys."""
        return bought_by(self.scenario, self.like, shares_of(self.pools, point), (point,))

    def points(self) -> Iterator[Point]:
        """Give all points within the constraints on shares, most steps of the last pool first."""
        return filter(self.allows_shares, points_of(len(self.pools), self.steps))

    def allows_shares(self, point: Point) -> bool:
        """Say whether a point keeps the least and most shares."""
        return keeps_limits(self.decision, shares_of(self.pools, point))

    def is_split(self, plan: Split) -> bool:
        """Say whether a plan of the scenario spends its money on these pools only, and splits some."""
        its = plan.scenario.strategies[plan.strategy].split
        return bool(its) and set(its) <= set(self.pools)

    def takes(self, plan: Split) -> bool:
        """Say whether a plan of the scenario is a choice: a split of the same money that keeps the limits."""
        its = plan.scenario.strategies[plan.strategy].split
        same_money = plan.scenario.budget == self.scenario.budget and abs(sum(its.values()) - 1) < ROUNDING
        limits = keeps_limits(self.decision, {pool: its.get(pool, 0.0) for pool in self.pools})
        return self.is_split(plan) and same_money and limits and self.refused(plan) is None

    def refused(self, split: Split) -> str | None:
        """Say why a split is no choice; None where it is one."""
        if any(not bought for bought in split.buys):
            return "hires nobody in some market"
        for pool, most in self.decision.most_hired.items():
            if pool in split.bought and max(split.bought[pool].hired) > most:
                return f"hires more than {most:,} of {pool}"
        return None


def bought_by(scenario: Scenario, like: Strategy, shares: Mapping[str, float], points: tuple[Point, ...] = ()) -> Split:
    """Work out what shares of a budget buy in every market."""
    return _worked_out(with_split(scenario, NAME, shares, like), NAME, shares, points)


def own_plan(scenario: Scenario, strategy: str, pools: Sequence[str] = ()) -> Split:
    """Give a plan of the scenario as it stands there; its shares are those of its split, and 0 of other pools."""
    its = scenario.strategies[strategy].split
    shares = {pool: its.get(pool, 0.0) for pool in (*pools, *(pool for pool in its if pool not in pools))}
    return replace(_worked_out(only(scenario, strategy), strategy, shares, ()), own_name=strategy)


def _worked_out(scenario: Scenario, strategy: str, shares: Mapping[str, float], points: tuple[Point, ...]) -> Split:
    plans = [hire(scenario, market, strategy) for market in range(scenario.markets)]
    bought = {pool: _bought(plans, pool, share) for pool, share in shares.items()}
    return Split(points, scenario, strategy, bought, tuple(map(buys, plans)))


def _bought(plans: Sequence[Plan], pool: str, share: float) -> Bought:
    nothing = ShareSpending(pool, 0, 0, 0, 0)
    every = [next((its for its in plan.shares if its.share == pool), nothing) for plan in plans]
    return Bought(
        share,
        tuple(its.hired for its in every),
        tuple(its.spent_cents / 100 for its in every),
        tuple(its.unspent_cents / 100 for its in every),
    )


def merged(splits: Iterable[Split]) -> list[Split]:
    """Make one of those that buy the same."""
    found: dict[tuple[object, ...], Split] = {}
    for split in splits:
        same = found.get(split.buys)
        found[split.buys] = replace(same, points=same.points + split.points) if same else split
    return list(found.values())


def more_money(split: Split, like: Strategy, pool: str, money: float) -> Split:
    """Give a split more money for one pool, and leave the money of the others as it is."""
    plan = hire(split.scenario, 0, split.strategy)
    shared = sum(spending.spent_cents + spending.unspent_cents for spending in plan.shares) / 100
    richer = changed(split.scenario, {"budget": (split.scenario.budget or 0.0) + money})
    total = shared / sum(split.shares.values())
    parts = {name: share * total + (money if name == pool else 0.0) for name, share in split.shares.items()}
    return bought_by(richer, like, {name: part / (total + money) for name, part in parts.items()})


def grid_of(scenario: Scenario, pools: Sequence[str] | None, steps: int, strategy: str | None) -> Grid:
    """Make sense of a question.

    Args:
        scenario: Whose budget is split.
        pools: Between which pools; by default those of the scenario's splits, or all.
        steps: How many shares of a pool are looked at, 0% and 100% among them.
        strategy: Whose other parts all splits have; by default the first that splits the budget.

    Raises:
        ScenarioError: there is no such pool or strategy, no budget, or too few steps or pools.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise ScenarioError(
            f"steps: given {steps}; allowed is {FEWEST_STEPS} to {MOST_STEPS}, such as 21 for every 5%."
        )
    if not scenario.budget:
        raise ScenarioError("budget: there is none to split. Write one, such as budget = 30_000.")
    name = _like(scenario, strategy)
    names = _pools(scenario, pools)
    decision = scenario.decision or Decision()
    most = decision.most_spend
    alone = only(scenario, name)
    allowed = changed(alone, {"budget": most}) if most is not None and most < scenario.budget else alone
    return Grid(allowed, names, steps - 1, name, decision)


def _like(scenario: Scenario, strategy: str | None) -> str:
    if strategy is None:
        return next((name for name, spec in scenario.strategies.items() if spec.split), next(iter(scenario.strategies)))
    check_known("strategy", strategy, scenario.strategies)
    return strategy


def _pools(scenario: Scenario, given: Sequence[str] | None) -> tuple[str, ...]:
    there = [*scenario.pools, *([ADS] if scenario.ads else [])]
    used = {pool for spec in scenario.strategies.values() for pool in spec.split}
    of_splits = [pool for pool in there if pool in used]
    names = (of_splits if len(of_splits) > 1 else there) if given is None else list(given)
    for name in names:
        check_known("pools", name, there)
    if len(there) < 2:
        only = f"only {there[0]!r}" if there else "no pool and no ads"
        raise ScenarioError(f"pools: the scenario has {only}, so there is nothing to split money between. Add a pool.")
    if len(names) < 2 or len(set(names)) < len(names):
        raise ScenarioError(
            f"pools: given {', '.join(names) or 'none'}; money is split between two or more different ones of "
            f"{', '.join(map(repr, there))}, such as --pools {','.join(there[:2])}."
        )
    return tuple(names)
