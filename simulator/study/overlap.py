"""How much the audiences of a strategy overlap, beside how much they were meant to.

In: a scenario, its markets and plans, then the replications. Out: an `AudienceOverlap` per strategy and market, and
from these what the summary says. Invariant: it is counted once in each market, is stored with the plays and read from
there, so a run that is continued says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.campaign.hiring import Plan
from simulator.market.build import Market
from simulator.market.overlap import AudienceOverlap, overlap_of
from simulator.scenario.model import Scenario
from simulator.scenario.overlap import Target
from simulator.study.chunks import overlap_in
from simulator.study.estimates import MeanEstimate, mean_estimate


def audience_overlap(scenario: Scenario, market: Market, plan: Plan) -> AudienceOverlap:
    """Count how much the audiences of the creators that a plan hires overlap; its groups are the scenario's targets."""
    audiences = [market.audiences[profile.name] for profile in plan.profiles]
    return overlap_of(market.people.count, audiences, [_places(target, plan) for target in scenario.overlap_targets])


def _places(target: Target, plan: Plan) -> list[int]:
    """Give the places of the hired creators whom a target is about; none where one of two is not hired."""
    places = [
        place
        for place, profile in enumerate(plan.profiles)
        if (profile.pool == target.pool if target.pool else profile.pool is None and profile.name in target.creators)
    ]
    return places if target.pool or len(places) == len(target.creators) else []


def overlap_summary(scenario: Scenario, rows: pa.Table, plans: Sequence[Plan]) -> dict[str, Any] | None:
    """Say how much the audiences of a strategy overlap: means over the markets, as often as each is played.

    Args:
        scenario: What was run.
        rows: The replications of the strategy, with the columns of `chunks.CHUNK_SCHEMA`.
        plans: Its plan in each market.

    Returns:
        Mean, lowest and highest over the pairs of hired creators, their unduplicated share, and each target with what
        was achieved; None where no two creators are hired in any market.
    """
    measured = {plan.market: its for plan in plans if (its := overlap_in(rows, plan)) is not None}
    lowest = [its.lowest for its in measured.values() if its.lowest is not None]
    highest = [its.highest for its in measured.values() if its.highest is not None]
    if not lowest:
        return None
    market = rows["market"].to_numpy()

    def over_markets(values: Mapping[int, float | None]) -> MeanEstimate:
        found = {index: np.nan if value is None else value for index, value in values.items()}
        by_play = np.array([found.get(index, np.nan) for index in market.tolist()])
        return mean_estimate(by_play, market, structural=True, least=0.0)

    def of_target(place: int) -> MeanEstimate:
        return over_markets({index: its.groups[place] for index, its in measured.items()})

    return {
        "mean": over_markets({index: its.mean for index, its in measured.items()}),
        "lowest": min(lowest),
        "highest": max(highest),
        "unduplicated_share": {"mean": over_markets({index: its.unduplicated for index, its in measured.items()})},
        "targets": [
            {"pool": target.pool, "creators": list(target.creators), "target": target.share, "mean": mean}
            for place, target in enumerate(scenario.overlap_targets)
            if (mean := of_target(place))["value"] is not None
        ],
    }
