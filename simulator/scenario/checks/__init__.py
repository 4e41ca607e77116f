"""What must hold between the keys of a scenario, and whether this machine can hold it.

In: the parts of a scenario. Out: problems, each with the path of the key it is about. There is a module for each part
of the model that has any, `paid.py` for how many impressions money buys, `memory.py` for sizes. What presets can not do
is said by `presets/filling.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.checks.accounts import account_problems
from simulator.scenario.checks.behaviour import behaviour_problems
from simulator.scenario.checks.correlation import correlation_problems
from simulator.scenario.checks.decision import decision_problems
from simulator.scenario.checks.listed import listed_problems
from simulator.scenario.checks.memory import memory_problems
from simulator.scenario.checks.niches import niche_problems
from simulator.scenario.checks.operations import operation_problems
from simulator.scenario.checks.overlap import overlap_problems
from simulator.scenario.checks.strategies import strategy_problems
from simulator.scenario.parts import Parts, Problem
from simulator.scenario.presets.filling import preset_problems


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
    yield from decision_problems(parts)
    yield from memory_problems(parts)
