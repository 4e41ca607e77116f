"""What everything in one play refers to: the values that are known before its first second."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.campaign.hiring import Plan
from simulator.campaign.operations import Work
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import Market
from simulator.scenario.model import Scenario
from simulator.spread.conditions import Conditions


@dataclass(frozen=True)
class Setting:
    """One play before it begins.

    Attributes:
        plan: Whom the strategy hired, and the money for paid impressions.
        unknowns: What turned out in this replication.
        conditions: What the posts of the plan are to the crowd.
        team: What each creator of the plan does, in its order.
    """

    scenario: Scenario
    market: Market
    plan: Plan
    unknowns: Unknowns
    conditions: Conditions
    team: tuple[Work, ...]
