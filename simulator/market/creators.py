"""Creators: what an account shows of itself, before anybody looks at who follows it.

In: a scenario and the index of a market. Out: `Profile`s: followers and fee, drawn by name, which costs next to
nothing. Invariant: a creator's profile comes from its own name in its market, so every strategy that hires it hires
the same person with the same followers and fee.

Nothing heavy is imported here: what a budget buys can be said without building a market.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from simulator.scenario.account import Account, Creator
from simulator.scenario.contract import to_cents
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.terms import PowerFee
from simulator.streams import extend_key, name_key, uniform


@dataclass(frozen=True)
class Profile:
    """What a creator's account shows, in one market.

    Attributes:
        name: The handle; of a pool, behind its name, the place in it ("micro/3") or the handle ("own/anna").
        path: Where its rates stand in the scenario ("creators.anna" or "pools.micro").
        pool: Name of the pool, None for a creator of its own.
        followers: Advertised followers [accounts]; None where a graph file says who follows.
        fee_cents: The fee, None where it is an unknown of each replication.
    """

    name: str
    path: str
    pool: str | None
    account: Account
    followers: int | None
    fee_cents: int | None

    @property
    def audience_size(self) -> int:
        """Give the number of advertised followers who are people of the market [persons]."""
        return self.account.audience_size(self.followers or 0)

    @property
    def outside_size(self) -> int:
        """Give the number of real followers who live outside the market [persons]."""
        return int((self.followers or 0) * self.account.outside_share + 0.5)


def market_key(scenario: Scenario, market: int) -> int:
    """Give the name of a market, from which all its draws descend."""
    return name_key(scenario.seed, "market", market)


def creator_profile(creator: Creator) -> Profile:
    """Give the profile of a creator of its own."""
    cents = to_cents(creator.fee.median) if creator.fee.is_fixed else None
    return Profile(creator.handle, f"creators.{creator.handle}", None, creator, creator.followers, cents)


def pool_profile(scenario: Scenario, market: int, pool_name: str, place: int) -> Profile:
    """Give the profile of the creator at a place of a pool, counted from 1: drawn, or as it is listed."""
    pool = scenario.pools[pool_name]
    if isinstance(pool, ListedPool):
        return _listed_profile(scenario, market, pool_name, pool, place)
    key = extend_key(market_key(scenario, market), "pool", pool_name, place)
    followers = round(pool.followers.quantile(uniform(extend_key(key, "followers"))))
    fee = fee_at(pool.fee, followers, uniform(extend_key(key, "fee")))
    return Profile(f"{pool_name}/{place}", f"pools.{pool_name}", pool_name, pool, followers, to_cents(fee))


def _listed_profile(scenario: Scenario, market: int, name: str, pool: ListedPool, place: int) -> Profile:
    """Give a listed creator, whose luck hangs on its handle, not on its place."""
    member, account = pool.creators[place - 1], pool.accounts[place - 1]
    u = uniform(extend_key(market_key(scenario, market), "pool", name, member.handle, "fee"))
    cents = to_cents(fee_at(pool.fee_of(member), member.followers, u))
    return Profile(f"{name}/{member.handle}", f"pools.{name}", name, account, member.followers, cents)


def typical_rows(pool: ListedPool, among: Iterable[int]) -> tuple[int, ...]:
    """Give the rows of the creators with the fewest, the median and the most followers, or one where all are equal."""
    rows = sorted(among, key=lambda row: pool.creators[row].followers)
    chosen = (rows[0], rows[(len(rows) - 1) // 2], rows[-1])
    return tuple({pool.creators[row].followers: row for row in chosen}.values())


def typical_profiles(scenario: Scenario, pool_name: str, among: Iterable[int] | None = None) -> tuple[Profile, ...]:
    """Give creators of a pool with the fewest, the median and the most followers, or one where all are equal.

    Their fee is the median of what they may be paid; of a listed pool they are creators of it.

    Args:
        scenario: The scenario.
        pool_name: The pool.
        among: Of a listed pool, the rows to choose from; None for all.
    """
    pool = scenario.pools[pool_name]
    if isinstance(pool, ListedPool):
        rows = typical_rows(pool, range(pool.count) if among is None else among)
        members = [(row, pool.creators[row]) for row in rows]
        chosen = [(pool.accounts[row], pool.fee_of(member), member.followers) for row, member in members]
    else:
        low, high = pool.followers.bounds
        sizes = dict.fromkeys(round(size) for size in (low, pool.followers.median, high))
        chosen = [(pool, pool.fee, size) for size in sizes]
    return tuple(
        Profile(pool_name, f"pools.{pool_name}", pool_name, account, followers, to_cents(fee_at(fee, followers, 0.5)))
        for account, fee, followers in chosen
    )


def fee_at(fee: Quantity | PowerFee, followers: int, u: float) -> float:
    """Give the fee of an account of a pool where a uniform number is u, in money."""
    if not isinstance(fee, PowerFee):
        return fee.quantile(u)
    noise = math.exp(fee.noise * NormalDist().inv_cdf(u)) if fee.noise else 1.0
    return fee.usual(followers) * noise
