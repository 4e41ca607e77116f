"""The same scenario with something changed: what is asked when a split is moved, a budget raised or a rate fixed.

In: a checked scenario and what is to be different, by dotted key. Out: a checked `Scenario`. Invariant: what is not
changed stays as it was, presets' values included, so plays of both meet the same world wherever the change allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.scenario import parts
from simulator.scenario.checks import problems_between
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import as_toml, override
from simulator.scenario.source import dotted
from simulator.scenario.strategy import Strategy
from simulator.scenario.wording import HIDDEN, problem_of


def changed(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Give a scenario in which some values are replaced.

    Args:
        scenario: The scenario as it is, which stays so.
        values: By dotted key, as with `--set`: `{"product.margin": 0.4}`.

    Raises:
        ScenarioError: a value cannot be used; the message names its key.
    """
    raw: dict[str, Any] = as_toml(scenario.plain())
    found = [override(raw, key, value) for key, value in values.items()]
    problems = [problem for _, problem in found if problem]
    variant = None
    try:
        variant = Scenario.model_validate({**raw, **{name: getattr(scenario, name) for name in HIDDEN}})
    except ValidationError as error:
        problems += [problem_of(details, raw) for details in error.errors()]
    problems += problems_between(parts.parts_of(raw))
    if problems or variant is None:
        lines = [f"{dotted(its.path, raw)}: {its.message}" for its in dict.fromkeys(problems)]
        raise ScenarioError("\n".join(lines))
    return variant


def only(scenario: Scenario, strategy: str) -> Scenario:
    """Give a scenario in which nothing but one of its strategies is played."""
    return _with_strategies(scenario, {strategy: scenario.strategies[strategy]})


def with_split(scenario: Scenario, name: str, shares: Mapping[str, float], like: Strategy | None = None) -> Scenario:
    """Give a scenario whose only strategy splits the budget in a given way.

    Args:
        scenario: Where pools, ads and everything else are from.
        name: Of the strategy.
        shares: The share of each pool, or of ads, of the budget left after creators and boost; shares of 0 buy nothing.
        like: The strategy whose named creators, boost and stagger it keeps; by default it has none.
    """
    split = {share: part for share, part in shares.items() if part > 0}
    return _with_strategies(scenario, {name: (like or Strategy()).model_copy(update={"split": split})})


def _with_strategies(scenario: Scenario, strategies: Mapping[str, Strategy]) -> Scenario:
    return changed(
        scenario, {"strategies": {name: its.model_dump(exclude_none=True) for name, its in strategies.items()}}
    )
