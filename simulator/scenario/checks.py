"""What must hold between the keys of a scenario, and whether this machine can hold it.

In: the parts of a scenario. Out: problems, each with the path of the key it is about. By subject: creators and pools
in `account_checks.py`, strategies in `strategy_checks.py`, paid impressions, discovery and stock in
`operation_checks.py`, presets in `filling.py`, niches of all of them in `niche_checks.py`, people's behaviour and
goodwill in `behaviour_checks.py`, overlap in `overlap_checks.py`, unknowns that go together in
`correlation_checks.py`, sizes in `memory.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account_checks import account_problems
from simulator.scenario.behaviour_checks import behaviour_problems
from simulator.scenario.correlation_checks import correlation_problems
from simulator.scenario.filling import preset_problems
from simulator.scenario.listed_checks import listed_problems
from simulator.scenario.memory import memory_problems
from simulator.scenario.niche_checks import niche_problems
from simulator.scenario.operation_checks import operation_problems
from simulator.scenario.overlap_checks import overlap_problems
from simulator.scenario.parts import Parts, Problem
from simulator.scenario.strategy_checks import strategy_problems


def problems_between(parts: Parts) -> Iterator[Problem]:
    """Give every problem that concerns several keys at once."""
    yield from preset_problems(parts)
    yield from account_problems(parts)
    yield from listed_problems(parts)
    yield from strategy_problems(parts)
    yield from operation_problems(parts)
    yield from niche_problems(parts)
    yield from behaviour_problems(parts)
    yield from overlap_problems(parts)
    yield from correlation_problems(parts)
    yield from memory_problems(parts)
