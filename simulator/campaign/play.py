"""One play: one strategy in one market, once.

In: a scenario, a market, a plan and the number of a replication. Out: an `Outcome`, or all that happened, `Played`.
Invariant: both depend on these and on nothing else, so any replication can be played alone, anywhere, on either clock,
watched or not, with the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import numpy as np
import numpy.typing as npt
import simpy

from simulator.campaign.approval import Office
from simulator.campaign.content import conditions_of, reach_rate
from simulator.campaign.discovery import let_discover
from simulator.campaign.hiring import Plan
from simulator.campaign.ledger import SEEN_BY_CREATOR, Outcome, settle
from simulator.campaign.operations import Campaign, Crowd, Happening
from simulator.campaign.paid import purchases_of
from simulator.campaign.record import record_of
from simulator.campaign.setting import Setting
from simulator.campaign.team import team_of
from simulator.campaign.unknowns import Inputs, Unknowns
from simulator.market.build import Market
from simulator.market.creators import Profile
from simulator.scenario.model import Scenario
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.spread.conditions import Conditions
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.event_log import EventLog
from simulator.spread.reference import ReferenceCrowd
from simulator.spread.tally import COUNTS, Tally
from simulator.spread.traced import Traced, TracedCrowd, TracedReference
from simulator.streams import extend_key, generator

Engine = Literal["compiled", "reference"]


def play(
    scenario: Scenario,
    market: Market,
    plan: Plan,
    replication: int,
    engine: Engine = "compiled",
    inputs: Inputs | None = None,
) -> Outcome:
    """Play one strategy once; a play with a scandal is played again without, to know what the scandal cost.

    Args:
        scenario: What is played.
        market: The world in which it is played.
        plan: What the strategy buys there.
        replication: Names the decisions of chance.
        engine: The clock; the outcome does not depend on it.
        inputs: Whose numbers the unknowns take; by default the replication's own.
    """
    return watch(scenario, market, plan, replication, engine, inputs).outcome


def watch(
    scenario: Scenario,
    market: Market,
    plan: Plan,
    replication: int,
    engine: Engine = "compiled",
    inputs: Inputs | None = None,
    *,
    trace: bool = False,
) -> Played:
    """Play one strategy once, as `play` does, and give all that happened; with `trace`, each event of the crowd."""
    played = _played(scenario, market, plan, replication, engine, inputs, trace=trace)
    if played.outcome.scandals:
        calm = _played(scenario, market, plan, replication, engine, inputs, scandals=False).outcome
        played = replace(played, outcome=replace(played.outcome, roi_without_scandals=calm.roi))
    return played


def log_of(
    scenario: Scenario, market: Market, plan: Plan, replication: int, engine: Engine = "compiled"
) -> list[Happening]:
    """Play one strategy once and give what its campaign did, in the order it happened."""
    return _played(scenario, market, plan, replication, engine).log


@dataclass(frozen=True)
class Played:
    """All that happened in one play.

    Attributes:
        outcome: What it came to.
        log: What its campaign did, in the order it happened.
        posts: Whose each of the crowd's posts is, and which of its creator's, from 1; the ads have one (posts,).
        events: What the crowd did, None where nobody asked.
    """

    outcome: Outcome
    log: list[Happening]
    posts: tuple[tuple[str, int], ...]
    events: EventLog | None = None


def _played(
    scenario: Scenario,
    market: Market,
    plan: Plan,
    replication: int,
    engine: Engine,
    inputs: Inputs | None = None,
    *,
    scandals: bool = True,
    trace: bool = False,
) -> Played:
    unknowns = Unknowns.of(scenario.seed, replication, scenario.correlation, inputs)
    conditions = conditions_of(scenario, market, plan, unknowns)
    team = tuple(team_of(scenario, plan, conditions, unknowns, scandals=scandals))
    setting = Setting(scenario, market, plan, unknowns, conditions, team)
    env = simpy.Environment(_first_second(setting))
    crowd = _crowd(conditions, env, engine, trace=trace)
    campaign, office = Campaign(env, crowd, conditions.horizon), _office(setting, env)
    let_discover(campaign, setting)
    campaign.hire(team, office, _lead(scenario))
    if scenario.stock is not None:
        campaign.sell(scenario.stock)
    purchases = list(purchases_of(setting))
    for purchase in purchases:
        env.process(purchase.process(campaign))
    campaign.run()
    tally, record = campaign.crowd.tally(), record_of(setting, campaign, office, purchases)
    counts = _seen_by_creator(setting, campaign, tally)
    outcome = settle(scenario, plan, replication, unknowns, tally, counts, record)
    events = crowd.event_log() if isinstance(crowd, Traced) else None
    return Played(outcome, campaign.log, tuple(_posts_of(setting)), events)


def _crowd(conditions: Conditions, env: simpy.Environment, engine: Engine, *, trace: bool) -> Crowd:
    if engine == "reference":
        return TracedReference(conditions, env) if trace else ReferenceCrowd(conditions, env)
    return TracedCrowd(conditions) if trace else CompiledCrowd(conditions)


def _posts_of(setting: Setting) -> Iterator[tuple[str, int]]:
    """Give the creator of each of the crowd's posts, and which of the creator's it is, from 1."""
    for row, posts in groupby(setting.conditions.posts, lambda post: post.creator):
        yield from ((setting.plan.rows[row], number) for number, _ in enumerate(posts, start=1))


def _lead(scenario: Scenario) -> int:
    """Give how long before it is due a post is submitted [s]."""
    return round(scenario.approval.submit_days_before * SECONDS_PER_DAY) if scenario.approval else 0


def _first_second(setting: Setting) -> int:
    """Give when the first post is submitted, or 0 where that is later [s]."""
    due = [its.due for work in setting.team for its in work.assignments[: work.delivered]]
    return min(min(due, default=0) - _lead(setting.scenario), 0)


def _office(setting: Setting, env: simpy.Environment) -> Office | None:
    approval = setting.scenario.approval
    if approval is None:
        return None
    send_back = setting.unknowns.value("approval.send_back_probability", approval.send_back_probability)
    return Office(env, approval, setting.scenario.start_weekday, send_back)


def _seen_by_creator(setting: Setting, campaign: Campaign, tally: Tally) -> npt.NDArray[np.int64]:
    """Give what people did with the posts of each row of the plan (rows, SEEN_BY_CREATOR)."""
    seen = np.zeros((len(setting.plan.rows), len(SEEN_BY_CREATOR)), np.int64)
    np.add.at(seen[:, : len(COUNTS)], [post.creator for post in setting.conditions.posts], tally.by_post)
    seen[:, SEEN_BY_CREATOR.index("reach")] = tally.reach_by_creator
    for row, profile, work in zip(seen, setting.plan.profiles, setting.team, strict=False):  # ads have no account
        done = [number for number, its in enumerate(work.assignments) if its.post in campaign.published]
        row[SEEN_BY_CREATOR.index("outside_impressions")] = _outside_impressions(profile, done, setting.unknowns)
    return seen


def _outside_impressions(profile: Profile, numbers: list[int], unknowns: Unknowns) -> int:
    """Draw how often real followers outside the market see the posts of a creator that went out."""
    if profile.outside_size == 0:
        return 0
    key = extend_key(unknowns.replication_key, "outside", profile.name)
    seen = 0
    for its_format, posts in Counter(profile.account.format_of(number) for number in numbers).items():
        rng = generator(extend_key(key, its_format) if its_format else key)
        reach = reach_rate(profile, its_format, unknowns)
        seen += int(rng.binomial(profile.outside_size * posts, reach))
    return seen
