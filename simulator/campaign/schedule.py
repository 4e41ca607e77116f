"""When the creators of a plan publish: days and weekdays of each account, and groups that begin one after the other.

In: a scenario and a plan of hiring. Out: the planned second of each post of each creator. Invariant: the plan is no
chance decision and names none; who posts when does not change any post's luck.

Posts are first delayed by their creator's group and then moved to an allowed weekday, by whole days, so weekdays hold
whatever the delay is and the hour of the day stays. A post beyond the horizon is planned and does not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from simulator.campaign.hiring import Plan, Plans, hiring_warnings, markets_text
from simulator.market.creators import Profile
from simulator.scenario.account import Account
from simulator.scenario.model import Scenario
from simulator.scenario.presets.evidence import evidence_warnings
from simulator.scenario.section import SECONDS_PER_DAY, WEEKDAYS
from simulator.scenario.strategy import Stagger

_SIGN = {"name": 0, "small_first": 1, "big_first": -1}


def planned_seconds(scenario: Scenario, plan: Plan) -> list[tuple[int, ...]]:
    """Give the planned second of each post of each creator, in the plan's order of creators [s]."""
    delays = group_delays(scenario, plan)
    known: dict[tuple[str, int], tuple[int, ...]] = {}
    rows = []
    for profile in plan.profiles:
        key = profile.path, delays.get(profile.name, 0)
        if key not in known:
            known[key] = account_seconds(profile.account, scenario.start_weekday, key[1])
        rows.append(known[key])
    return rows


def plan_warnings(scenario: Scenario, plans: Plans) -> list[str]:
    """Say where evidence is a guess, whom a strategy hires nobody of for its money, which boosts buy nothing."""
    return [*evidence_warnings(scenario), *hiring_warnings(scenario, plans), *_boost_warnings(scenario, plans)]


def _boost_warnings(scenario: Scenario, plans: Plans) -> list[str]:
    warnings = []
    for strategy, spec in scenario.strategies.items():
        if spec.boost is None:
            continue
        its = [plans[strategy, market] for market in scenario.markets_played]
        for creator in spec.boost.posts:
            missing = sum(creator not in {profile.name for profile in plan.profiles} for plan in its)
            if missing:
                where = markets_text(missing, len(its))
                warnings.append(f"{strategy} boosts a post of {creator}, whom it does not hire in {where}.")
        first = min((day for plan in its for day in _planned_days(scenario, plan)), default=0.0)
        if spec.boost.top and first > spec.boost.day:
            warnings.append(
                f"{strategy} chooses the posts it boosts on day {spec.boost.day:g}, before any is planned (the first "
                f"on day {first:g}): the boost buys nothing."
            )
    return warnings


def _planned_days(scenario: Scenario, plan: Plan) -> list[float]:
    return [second / SECONDS_PER_DAY for seconds in planned_seconds(scenario, plan) for second in seconds]


def account_seconds(account: Account, start_weekday: int, delay: int = 0) -> tuple[int, ...]:
    """Give the planned seconds of an account's posts [s].

    Args:
        account: Says on which days it posts.
        start_weekday: The weekday of day 0, 0 for Monday.
        delay: How much later than others the creator begins [s].
    """
    allowed = frozenset(WEEKDAYS.index(day) for day in account.weekdays)
    if account.post_days is not None:
        return tuple(_moved(_seconds(day) + delay, allowed, start_weekday) for day in account.post_days)
    gap = _seconds(account.every_days)
    planned = [_moved(_seconds(account.first_day) + delay, allowed, start_weekday)]
    while len(planned) < account.post_count:
        planned.append(_moved(planned[-1] + gap, allowed, start_weekday))
    return tuple(planned)


def _seconds(days: float) -> int:
    return round(days * SECONDS_PER_DAY)


def _moved(second: int, allowed: frozenset[int], start_weekday: int) -> int:
    """Give the first second on an allowed weekday, at the same hour of the day; every day is where none is named."""
    while allowed and (second // SECONDS_PER_DAY + start_weekday) % 7 not in allowed:
        second += SECONDS_PER_DAY
    return second


def group_delays(scenario: Scenario, plan: Plan) -> dict[str, int]:
    """Give how much later each creator begins than without stagger, by name [s]; nothing without stagger.

    Groups are cut as the strategy means them, whoever the plan leaves out of them.
    """
    stagger = scenario.strategies[plan.strategy].stagger
    if stagger is None:
        return {}
    groups = _groups(stagger, plan)
    return {profile.name: _seconds(g * stagger.every_days) for g, group in enumerate(groups) for profile in group}


def _groups(stagger: Stagger, plan: Plan) -> list[list[Profile]]:
    if stagger.waves == "pools":
        return _by_pool(stagger, plan)
    sign = _SIGN[stagger.by]
    return _cut(sorted(plan.chosen, key=lambda p: (sign * (p.followers or 0), p.name)), stagger.waves)


def _cut(ordered: Sequence[Profile], waves: int) -> list[list[Profile]]:
    """Cut creators into groups as equal as possible; earlier groups get the extra one."""
    size, extra = divmod(len(ordered), waves)
    ends = [size * g + min(g, extra) for g in range(min(waves, len(ordered)) + 1)]
    return [list(ordered[begin:end]) for begin, end in pairwise(ends)]


def _by_pool(stagger: Stagger, plan: Plan) -> list[list[Profile]]:
    """Make each pool one group and the creators hired by name another; who hires nobody from a pool has no group.

    By name, the named creators begin and the pools follow as in `split`; else the mean of the advertised followers
    decides, and that order where means are equal.
    """
    pools = [None, *(spending.share for spending in plan.shares)]
    groups = [group for pool in pools if (group := [p for p in plan.chosen if p.pool == pool])]
    sign = _SIGN[stagger.by]
    return sorted(groups, key=lambda group: sign * sum(p.followers or 0 for p in group) / len(group))
