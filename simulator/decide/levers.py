"""What would have to be true: by which factor one thing alone would have to differ for a target to be reached.

In: the plays of a target that is out of reach, and its best plan. Out: for each lever the factor, with its interval, or
that not even the end of what is possible is enough. Invariants: nothing but the lever is changed, and its plays meet
the same draws; a changed scenario is one that could be written, so no share exceeds 1.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulator.decide.budgets import most_that_helps, split_at
from simulator.decide.ladder import Bools, Needed, Reached, needed, round_numbers
from simulator.decide.scaled import Fee, fee_times, times
from simulator.decide.shares import Point
from simulator.decide.target_plays import Plays
from simulator.errors import ScenarioError
from simulator.scenario.account import Account, Creator, Pool
from simulator.scenario.decision import MeasureName
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw
from simulator.scenario.strategy import ADS
from simulator.scenario.variant import changed
from simulator.study.estimates import LEVEL, Estimate
from simulator.study.trials import Alternative

# Nothing is multiplied or divided by more than this.
MOST_TIMES = 10.0
_FACTORS = round_numbers(1.0, MOST_TIMES)
_METHOD = "order statistics of the factor that each draw needs"

_RATES: tuple[tuple[str, frozenset[MeasureName]], ...] = (
    ("reach_per_follower", frozenset()),
    ("engagement_per_impression", frozenset({"engagements"})),
    ("click_per_impression", frozenset({"clicks", "orders", "incremental_orders", "revenue", "roi", "profit"})),
    ("order_per_click", frozenset({"orders", "incremental_orders", "revenue", "roi", "profit"})),
    ("goodwill_per_impression", frozenset({"brand_lift"})),
    ("order_value", frozenset({"revenue", "roi", "profit"})),
    ("margin", frozenset({"roi", "profit"})),
)
_OF_PRODUCT = ("order_value", "margin")
FEES, CREATORS = "fees", "creators in the pools"


@dataclass(frozen=True)
class Lever:
    """One thing that may differ.

    Attributes:
        name: What it is called.
        down: Whether it has to become smaller.
        values: Gives what is to be changed for a factor, by dotted key.
    """

    name: str
    down: bool
    values: Callable[[float], Mapping[str, object]]


def levers_moved(plays: Plays, point: Point, rung: int, confidence: float) -> list[dict[str, Any]]:
    """Find for each lever the factor that alone would be enough.

    Args:
        plays: Of a target that is out of reach.
        point: The best split.
        rung: The best budget.
        confidence: In which share of the draws the target is to be reached.
    """
    shares, budget = plays.offers.shares(point), plays.offers.budgets[rung]
    return [_moved(plays, lever, shares, budget, confidence) for lever in levers_of(plays, shares)]


def levers_of(plays: Plays, shares: Mapping[str, float]) -> list[Lever]:
    """Give the levers that the measure of a target hangs on."""
    scenario, measure = plays.scenario, plays.objective.measure
    accounts = dict(_accounts(plays, shares))
    found = []
    for key, measures in _RATES:
        if measures and measure not in measures:
            continue
        quantities = _of_product(scenario, key) if key in _OF_PRODUCT else dict(_of_accounts(accounts, key))
        if any(quantity.plausible_high > 0 for quantity in quantities.values()):
            found.append(Lever(key, down=False, values=partial(_times, quantities)))
    fees = dict(_fees(accounts))
    if fees:
        found.append(Lever(FEES, down=True, values=partial(_fees_times, fees)))
    pools = {name: its for name, its in accounts.items() if isinstance(its, Pool)}
    if pools and plays.rising and not plays.offers.given:
        found.append(Lever(CREATORS, down=False, values=partial(_counts, pools)))
    return found


def _accounts(plays: Plays, shares: Mapping[str, float]) -> Iterator[tuple[str, Any]]:
    """Give the accounts and the ads that the plan may hire, by the dotted key at which they stand."""
    scenario, strategy = plays.scenario, plays.scenario.strategies[plays.offers.strategy]
    named = {creator.handle: creator for creator in scenario.creators}
    yield from ((f"creators.{handle}", named[handle]) for handle in strategy.creators)
    for pool, share in shares.items():
        if share > 0:
            yield (ADS, scenario.ads) if pool == ADS else (f"pools.{pool}", scenario.pools[pool])


def _of_product(scenario: Scenario, key: str) -> dict[str, Quantity]:
    return {f"product.{key}": getattr(scenario.product, key)}


def _of_accounts(accounts: Mapping[str, Any], key: str) -> Iterator[tuple[str, Quantity]]:
    for name, account in accounts.items():
        yield from _at(f"{name}.{key}", getattr(account, key, None))
        if isinstance(account, Account):
            for form, its in account.formats.items():
                yield from _at(f"{name}.formats.{form}.{key}", getattr(its, key, None))
        if isinstance(account, ListedPool):
            for member in account.creators:
                yield from _at(f"{name}.creators.{member.handle}.{key}", getattr(member, key, None))


def _at(path: str, value: object) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity):
        yield path, value
    elif isinstance(value, RateLaw):
        yield f"{path}.value", value.value


def _fees(accounts: Mapping[str, Any]) -> Iterator[tuple[str, Fee]]:
    for name, account in accounts.items():
        if isinstance(account, Creator | Pool | ListedPool) and account.fee is not None:
            yield f"{name}.fee", account.fee
        if isinstance(account, ListedPool):
            yield from (
                (f"{name}.creators.{its.handle}.fee", its.fee) for its in account.creators if its.fee is not None
            )


def _times(quantities: Mapping[str, Quantity], factor: float) -> dict[str, object]:
    return {path: times(quantity, factor) for path, quantity in quantities.items()}


def _fees_times(fees: Mapping[str, Fee], factor: float) -> dict[str, object]:
    return {key: value for path, fee in fees.items() for key, value in fee_times(path, fee, factor).items()}


def _counts(pools: Mapping[str, Pool], factor: float) -> dict[str, object]:
    return {f"{name}.count": round(pool.count * factor) for name, pool in pools.items()}


def _moved(plays: Plays, lever: Lever, shares: Mapping[str, float], budget: float, confidence: float) -> dict[str, Any]:
    """Find the factor of one lever."""
    factors = _possible(plays, lever, shares, budget)

    def play(rung: int, draws: Sequence[int]) -> Bools:
        its = _changed(plays, lever, shares, budget, factors[rung])
        return plays.objective.reached(plays.values(_alternative(its), draws))

    last = len(factors) - 1
    found = needed(Reached(play, len(plays.replications), rising=True), confidence, last, start=last)
    return {"lever": lever.name, "down": lever.down, "factor": _factor(found, factors, plays), "most": factors[-1]}


def _factor(found: Needed, factors: Sequence[float], plays: Plays) -> Estimate:
    rungs = (found.low, found.high)
    # a factor below 1 falls along its ladder
    ends = sorted(factors[rung] for rung in rungs if rung is not None)
    low, high = (ends[0], ends[1]) if None not in rungs else (None, None)
    value = None if found.rung is None else factors[found.rung]
    n = len(plays.replications)
    return {"value": value, "low": low, "high": high, "level": LEVEL, "method": _METHOD, "n": n}


def _possible(plays: Plays, lever: Lever, shares: Mapping[str, float], budget: float) -> tuple[float, ...]:
    """Give the factors that can be written, from 1 on."""

    def impossible(rung: int) -> int:
        try:
            _changed(plays, lever, shares, budget, _factor_at(lever, rung))
        except ScenarioError:
            return 1
        return 0

    possible = bisect_left(range(1, len(_FACTORS)), 1, key=impossible) + 1
    return tuple(_factor_at(lever, rung) for rung in range(possible))


def _factor_at(lever: Lever, rung: int) -> float:
    return 1 / _FACTORS[rung] if lever.down else _FACTORS[rung]


def _changed(plays: Plays, lever: Lever, shares: Mapping[str, float], budget: float, factor: float) -> Scenario:
    """Give the scenario of a plan in which a lever is moved; more creators are hired with the money they cost."""
    its, offers = changed(plays.scenario, lever.values(factor)), plays.offers
    money = budget
    if lever.name == CREATORS and factor > 1:
        money = max(most_that_helps(its, offers.strategy, offers.pools, offers.points), budget)
    return split_at(its, offers.strategy, shares, money)


def _alternative(its: Scenario) -> Alternative:
    (name,) = its.strategies
    return Alternative(name, its, name)
