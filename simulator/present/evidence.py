"""What a scenario has from its evidence, as text.

In: a scenario. Out: lines of text. Invariant: where a scenario asks for no evidence nothing is said.
"""

from __future__ import annotations

from collections import Counter

from simulator.scenario.evidence import preset
from simulator.scenario.model import Scenario


def evidence_lines(scenario: Scenario) -> list[str]:
    """Say which evidence a scenario uses and how much of it is from there; nothing where it uses none."""
    if scenario.evidence is None:
        return []
    by_account = Counter(path[:2] for path in scenario.filled)
    fills = [f"{count} of {_account_name(scenario, path)}" for path, count in by_account.items()]
    what = f"{len(scenario.filled)} values ({', '.join(fills)})" if fills else "nothing: no account leaves a value out"
    return [f"Evidence {scenario.evidence} fills in {what}.", f"It says: {preset(scenario.evidence).says}."]


def _account_name(scenario: Scenario, path: tuple[str | int, ...]) -> str:
    row = path[1]
    return scenario.creators[row].handle if isinstance(row, int) else row
