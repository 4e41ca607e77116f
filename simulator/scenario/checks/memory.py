"""Whether this machine can hold a scenario.

In: the parts of a scenario. Out: problems where it cannot. Invariant: nothing is allocated; sizes are arithmetic.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path as FilePath

from simulator.scenario.account import Account, Pool
from simulator.scenario.checks.paid import most_in_a_day
from simulator.scenario.contract import contract_cents, to_cents
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import MOST_REPLICATIONS, Scenario
from simulator.scenario.parts import Parts, Problem, is_number
from simulator.scenario.people import SyntheticPeople
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import NO_AMOUNT
from simulator.scenario.terms import PowerFee

NUMBERS_BY_PLAY = 64  # what a row of replications.csv holds
NUMBERS_BY_CREATOR = 36  # its counts, cost lines and refund
_GOODWILL_BYTES = 8  # of a person, in a play
_WORKERS = 2  # that may play at the same time, each in a market of its own
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory_problems(parts: Parts) -> Iterator[Problem]:
    """Say where a market or a study is too big for this machine."""
    yield from _market_size(parts)
    yield from _study_size(parts)


def _market_size(parts: Parts) -> Iterator[Problem]:
    people = parts.synthetic
    if people is None or not people.has("count", "followings_per_person"):
        return
    named = max((len(its.value.creators) for its in parts.strategies.values() if its.has("creators")), default=0)
    paid = most_in_a_day(parts)
    needed = market_bytes(people.value, _usable_pools(parts), parts.budget, named)
    needed += _WORKERS * _GOODWILL_BYTES * people.value.count if "brand" in parts.raw else 0
    if paid or _strangers_are_shown_posts(parts):
        needed += stranger_bytes(people.value.count, paid)
    if needed > machine_bytes():
        bought = f" and {paid:,.0f} paid impressions in a day" if paid else ""
        keys = ["people.count", "people.followings_per_person", *(["what is paid for impressions"] if paid else [])]
        yield Problem(
            ("people", "count"),
            f"{people.value.count:,} people{bought} need about {needed / 2**30:,.1f} GiB of memory and this machine "
            f"has {machine_bytes() / 2**30:,.1f}. Lower {_or(keys)}.",
        )


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _usable_pools(parts: Parts) -> list[Pool | ListedPool]:
    """Give the pools of which it can be said how many creators a budget hires, and with how many followers."""
    needed = ("count", "followers", "creators", "fee", "management_cost", "terms", "post_days", "posts")
    return [part.value for part in parts.pools.values() if part.has(*needed)]


def _strangers_are_shown_posts(parts: Parts) -> bool:
    ratios = [part for part in parts.accounts if part.has("nonfollower_reach_ratio", "formats")]
    return any(part.value.can_be_discovered for part in ratios)


def market_bytes(people: SyntheticPeople, pools: list[Pool | ListedPool], budget: float | None, named: int) -> int:
    """Estimate the memory at the peak of building or playing one market in which posts are shown to followers [bytes].

    Args:
        people: The people of the market.
        pools: Every pool that may be hired from.
        budget: What a strategy may spend.
        named: How many creators a strategy hires by name.
    """
    edges = people.count * people.followings_per_person
    audiences = sum(_hired_audience(pool, people.count, budget) for pool in pools)
    # Measured at 1 and 4 million people: 15 bytes per edge while building; twice that, since another worker may hold
    # a market of its own by then. 60 per person, 12 per audience member, 4 of them while overlap is counted.
    # Drawing audiences that overlap, and counting it, takes less than building did, and comes after it.
    # A play knows of each hired creator whom it reached: a bit per person, for each worker.
    reached = _WORKERS * people.count / 8 * (named + sum(_hired(pool, budget) for pool in pools))
    return int(30 * edges + 60 * people.count + 12 * audiences + reached)


def stranger_bytes(people: int, paid_in_a_day: float) -> int:
    """Estimate the memory that showing posts to strangers adds to that of a market [bytes].

    Args:
        people: How many people there are.
        paid_in_a_day: How many paid impressions a strategy buys in one day at most.
    """
    # Measured: 16 bytes per person while people are sorted by niche, of which 4 are kept.
    # A pending impression is 16 bytes, and there twice while the calendar grows; a day's are seen within the day.
    return int(_WORKERS * (16 * people + 2 * 16 * paid_in_a_day))


def _hired_audience(pool: Pool | ListedPool, people: int, budget: float | None) -> float:
    """Estimate the audience of the creators that the whole budget can hire from a pool [persons]."""
    return _hired(pool, budget) * min(pool.mean_followers * max(pool.market_share, 0.0), people)


def _hired(pool: Pool | ListedPool, budget: float | None) -> float:
    """Estimate how many creators of a pool the whole budget can hire."""
    if isinstance(pool, ListedPool):
        costs = (_cost(pool, member.fee or pool.fee or NO_AMOUNT, member.followers) for member in pool.creators)
        return float(sum(paid <= (budget or 0.0) for paid in accumulate(costs)))
    cost = _cost(pool, pool.fee, pool.mean_followers)
    return min(float(pool.count), (budget or 0.0) / cost) if cost > 0 else float(pool.count)


def _cost(pool: Account, fee: Quantity | PowerFee, followers: float) -> float:
    """Estimate what the contract of a creator with so many followers costs, in money."""
    typical = fee.usual(followers) if isinstance(fee, PowerFee) else _middle(fee)
    return sum(contract_cents(pool, to_cents(typical), lambda _, q: _middle(q))) / 100


def _middle(q: Quantity) -> float:
    return q.values[0] if q.form == "lognormal" else (q.values[0] + q.values[-1]) / 2


def _study_size(parts: Parts) -> Iterator[Problem]:
    replications = parts.raw.get("replications", Scenario.model_fields["replications"].default)
    days, pools = parts.horizon_days, _usable_pools(parts)
    if not (is_number(replications) and 0 < replications <= MOST_REPLICATIONS) or days is None:
        return
    creators = len(parts.creators) + (parts.ads is not None) + sum(_hired(pool, parts.budget) for pool in pools)
    needed = study_bytes(replications, days, len(parts.strategies), creators)
    if needed > machine_bytes():
        yield Problem(
            ("replications",),
            f"{replications:,} replications over {days:g} days need about {needed / 2**30:,.1f} GiB of memory and this "
            f"machine has {machine_bytes() / 2**30:,.1f}. Lower replications or horizon_days.",
        )


def study_bytes(replications: float, horizon_days: float, strategies: int, creators: float) -> int:
    """Estimate the memory for all outcomes of a study [bytes].

    A play has three hourly series, numbers of its own and numbers of each creator, one of them its overlap; all are
    there twice while they are assembled.
    """
    numbers = 3 * (24 * horizon_days + 1) + NUMBERS_BY_PLAY + (NUMBERS_BY_CREATOR + 1) * creators
    return int(2 * 8 * replications * strategies * numbers)


def machine_bytes() -> int:
    """Give the memory that this program may use [bytes]; where it cannot be asked, 16 GiB."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        machine = 16 * 2**30
    return min([machine, *_container_limits()])


def _container_limits() -> Iterator[int]:
    for name in _MEMORY_LIMITS:
        try:
            text = FilePath(name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if text.isdecimal():
            yield int(text)
