"""What must hold in a listed pool: between its rows, and between a row and the pool.

In: the parts of a scenario. Out: problems, each with the path of the key it is about. What holds for every pool is
checked with the creators (`checks/accounts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import Account
from simulator.scenario.checks.accounts import are_too_many, unreachable
from simulator.scenario.listed import ListedPool, Member
from simulator.scenario.parts import Part, Parts, Path, Problem, first_of, nearest
from simulator.scenario.rates import highest


def listed_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem in the rows of listed pools, and what is written for a roster file that is not there."""
    for pool in parts.pools.values():
        if isinstance(pool.value, ListedPool):
            yield from _country(pool.value, pool.path)
        if isinstance(pool.value, ListedPool) and pool.has("creators"):
            yield from _fees(pool, pool.value)
            yield from _handles(pool.value, pool.path)
            for row, (member, account) in enumerate(zip(pool.value.creators, pool.value.accounts, strict=True)):
                yield from _row(member, account, (*pool.path, "creators", row), parts)


def _country(pool: ListedPool, path: Path) -> Iterator[Problem]:
    if pool.audience_country is not None and pool.roster_file is None:
        message = f'given "{pool.audience_country}"; this has no effect without a roster_file. Remove this key.'
        yield Problem((*path, "audience_country"), message)


def _fees(part: Part[ListedPool], pool: ListedPool) -> Iterator[Problem]:
    """Say whose fee is not known: neither the row nor the pool says it."""
    without = [member.handle for member in pool.creators if member.fee is None]
    if without and pool.fee is None and part.has("fee"):
        yield Problem(
            (*part.path, "fee"),
            f"missing. There is no fee in the row of {first_of(without, 3)}. This is what a creator is paid "
            'for all posts together, in money; write for example fee = "100 to 2_000", or a fee in each row.',
        )


def _handles(pool: ListedPool, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, member in enumerate(pool.creators):
        if member.handle in seen:
            yield Problem(
                (*path, "creators", row, "handle"),
                f'two creators of the pool have the handle "{member.handle}"; each needs a handle of its own.',
            )
        seen.add(member.handle)


def _row(member: Member, account: Account, path: Path, parts: Parts) -> Iterator[Problem]:
    own = member.own
    if own.keys() & {"fake_share", "outside_share"} and not account.shares_fit:
        total = account.fake_share + account.outside_share
        yield Problem(
            (*path, "fake_share" if "fake_share" in own else "outside_share"),
            f"fake_share {account.fake_share:g} and outside_share {account.outside_share:g}, of the row or else of the "
            f"pool, add up to {total:g}; together they are at most 1. Lower one of the two.",
        )
    for key in account.rates.keys() & {(key,) for key in own}:
        yield from _rate(member, account, path, key[0])
    people = parts.synthetic
    if people is None or not people.has("count"):
        return
    if member.niche is not None and people.has("niches") and member.niche not in people.value.niches:
        known = nearest(member.niche, list(people.value.niches))
        yield Problem((*path, "niche"), f'no niche "{member.niche}" in people.niches.{known}')
    real = member.followers * account.market_share
    if are_too_many(real, people.value):
        yield Problem(
            (*path, "followers"),
            f"{real:,.0f} real followers in a market of {people.value.count:,} people. Raise people.count, raise "
            "outside_share (followers who live outside the market) or leave this creator out.",
        )


def _rate(member: Member, account: Account, path: Path, key: str) -> Iterator[Problem]:
    rate, _ = highest(account.rates[key,], member.followers, member.followers)
    if rate > 1 + 1e-12:
        message = f"the law gives {rate:.4g} to an account with {member.followers:,} followers; a share is at most 1."
        yield Problem((*path, key), f"{message} Lower value, or make the law flatter.")
    elif key == "reach_per_follower" and not account.can_reach(rate):
        yield unreachable((*path, key), account, rate)
