"""What must hold between the keys of paid impressions, discovery and stock.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import Account, Creator, Pool
from simulator.scenario.checks.paid import MAX_PAID_IMPRESSIONS, ads_impressions, boosted_impressions, can_be_played
from simulator.scenario.listed import ListedPool
from simulator.scenario.parts import Part, Parts, Problem, nearest
from simulator.scenario.strategy import ADS, Ads, Boost, Discovery, Strategy


def operation_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem with what is bought, shown by the platform and sold."""
    for name, boost in parts.boosts.items():
        yield from _choice(boost)
        yield from _boosted(boost, parts.strategies[name], parts)
        yield from _beyond_horizon(boost, parts)
    if parts.ads and parts.with_ads:
        yield from _beyond_horizon(parts.ads, parts)
    for strategy in parts.strategies.values():
        yield from _paid_impressions(strategy, parts)
    yield from _discovery(parts)
    yield from _stock(parts)


def _choice(part: Part[Boost]) -> Iterator[Problem]:
    boost = part.value
    if not part.has("top", "posts"):
        return
    if boost.top is None and not boost.posts:
        yield Problem(
            (*part.path, "top"),
            "missing. This is how many of the best posts so far are boosted; write for example top = 3, or "
            "posts = { anna = 1 } for posts that you choose.",
        )
    elif boost.top is not None and boost.posts:
        yield Problem((*part.path, "posts"), "given beside top; a boost has one of the two. Remove posts or top.")
    elif boost.posts and part.has("by") and boost.by != Boost.model_fields["by"].default:
        message = f'given "{boost.by}"; this has no effect beside posts. Write top = 3 instead, or remove this key.'
        yield Problem((*part.path, "by"), message)


def _boosted(part: Part[Boost], strategy: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    """Say which of the posts to boost there will not be."""
    its = strategy.value
    if not strategy.has("creators", "split") or not (its.creators or its.split):
        return
    if not its.creators and set(its.split) == {ADS}:
        message = "this strategy hires nobody whose posts could be boosted. Hire creators, or remove this."
        yield Problem(part.path, message)
    elif part.has("posts"):
        for name, number in part.value.posts.items():
            if message := _no_post(name, number, its, parts):
                yield Problem((*part.path, "posts", name), message)


def _no_post(name: str, number: int, its: Strategy, parts: Parts) -> str:
    """Say why a creator of a strategy has no such post; nothing where it has."""
    if name in its.creators:
        return _too_late(name, number, parts.creator(name))
    pool, _, place = name.partition("/")
    hired = parts.pools.get(pool) if pool in its.split else None
    if hired is None or not _may_be_called(place, hired):
        known = [*its.creators, *(f"{pool}/{_first(pool, parts)}" for pool in its.split if pool in parts.pools)]
        return f'this strategy hires no creator "{name}".{nearest(name, known)}'
    if hired.has("count", "creators") and isinstance(hired.value, Pool) and int(place) > hired.value.count:
        return f'the last creator of the pool "{pool}" is "{pool}/{hired.value.count}". Choose one up to that.'
    return _too_late(name, number, hired)


def _first(pool: str, parts: Parts) -> str:
    return next(iter(parts.pools[pool].value.places))


def _may_be_called(place: str, pool: Part[Pool] | Part[ListedPool]) -> bool:
    """Say whether a creator of a pool can have such a name behind the pool's."""
    if isinstance(pool.value, Pool):
        return _is_place(place)
    return place in pool.value.places or not pool.has("creators")


def _is_place(text: str) -> bool:
    return text.isdecimal() and int(text) > 0 and str(int(text)) == text


def _too_late(name: str, number: int, account: Part[Creator] | Part[Pool] | Part[ListedPool] | None) -> str:
    """Say that an account has fewer posts; nothing where it has enough, or its plan cannot be used."""
    if account is None or not account.has("post_days", "posts"):
        return ""
    last = account.value.post_count
    if number <= last or last == 0:  # 0: how many there are is not written, which is a problem of its own
        return ""
    return f'given {number}; the last post of "{name}" is number {last}. Choose a number up to that.'


def _beyond_horizon(part: Part[Boost] | Part[Ads], parts: Parts) -> Iterator[Problem]:
    """Say that money is spent on impressions that are not played."""
    its, horizon = part.value, parts.horizon_days
    if horizon is None or not part.has("day", "days") or its.day + its.days <= horizon + 1e-9:
        return
    watched = f"and the campaign is watched until day {horizon:g}"
    most = int(horizon - its.day + 1e-9)
    if most >= 1:
        given = f"given {its.days}" if "days" in its.model_fields_set else f"not written, which means {its.days}"
        yield Problem(
            (*part.path, "days"),
            f"{given}; {its.days} days from day {its.day:g} on end on day {its.day + its.days:g}, {watched}. "
            f"Write days = {most}, or raise horizon_days.",
        )
    else:
        mend = f"Begin on day {horizon - 1:g} at the latest, or raise" if horizon >= 1 else "Raise"
        yield Problem(
            (*part.path, "day"),
            f"given {its.day:g}; even one day of paid impressions ends on day {its.day + 1:g}, {watched}. {mend} "
            "horizon_days.",
        )


def _paid_impressions(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    boosted, shown = boosted_impressions(part, parts), ads_impressions(part, parts)
    if can_be_played(boosted + shown):
        return
    key, other, mend = ("boost", "budget"), "the ads", "this budget, or raise its cpm"
    if shown >= boosted:
        key, other, mend = ("split", ADS), "the boost", "this share, or raise ads.cpm"
    beside = f", together with {other}," if boosted and shown else ""
    yield Problem(
        (*part.path, *key),
        f"buys{beside} up to {min(boosted + shown, 1e18):,.0f} paid impressions; at most "
        f"{MAX_PAID_IMPRESSIONS:,} of a strategy can be played. Lower {mend}.",
    )


def _discovery(parts: Parts) -> Iterator[Problem]:
    discovery, accounts = parts.discovery, parts.accounts
    # the default may be written out
    if discovery is None or discovery.value == Discovery() or not accounts:
        return
    known = all(part.has("nonfollower_reach_ratio", "formats") for part in accounts)
    if known and not any(_says_how_many_strangers(part.value) for part in accounts):
        yield Problem(
            discovery.path,
            "has no effect: no creator and no pool has a nonfollower_reach_ratio. Write one there, for example "
            'nonfollower_reach_ratio = "0.1 to 0.4", or remove this section.',
        )


def _says_how_many_strangers(account: Account | ListedPool) -> bool:
    """Say whether somebody wrote, or a preset says, how many strangers see posts; 0 is an answer, too."""
    key = "nonfollower_reach_ratio"
    accounts = account.accounts if isinstance(account, ListedPool) else (account,)
    return any(key in part.model_fields_set for its in accounts for part in (its, *its.formats.values()))


def _stock(parts: Parts) -> Iterator[Problem]:
    stock = parts.stock
    if stock is None or not stock.has("restock_units", "restock_after_days"):
        return
    days = stock.value.restock_after_days
    if days > 0 and stock.value.restock_units == 0:
        yield Problem(
            (*stock.path, "restock_after_days"),
            f"given {days:g}; this has no effect without restock_units. Write restock_units = 300, or remove this key.",
        )
