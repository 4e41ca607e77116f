"""What a scenario, and so a result, has from its evidence, as text.

In: a scenario, or the summary of a study. Out: lines of text. Invariant: where a scenario asks for no
evidence nothing is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.scenario.evidence import preset
from simulator.scenario.model import Scenario

_MOST_NAMED = 3


def evidence_lines(scenario: Scenario) -> list[str]:
    """Say which evidence a scenario uses and how much of it is from there; nothing where it uses none."""
    if scenario.evidence is None:
        return []
    by_account = Counter(path[:2] for path in scenario.filled)
    fills = [f"{count} of {_account_name(scenario, path)}" for path, count in by_account.items()]
    what = f"{len(scenario.filled)} values ({', '.join(fills)})" if fills else "nothing: no account leaves a value out"
    return [f"Evidence {scenario.evidence} fills in {what}.", f"It says: {preset(scenario.evidence).says}."]


def evidence_line(summary: Mapping[str, Any]) -> str:
    """Say whose rates stand behind the numbers of a study; empty where all are the scenario's own."""
    its = summary.get("evidence")
    if not its or not its["keys"]:
        return ""
    names = [digits.shortened(path.partition(".")[2]) for path in its["keys"]]
    of = digits.listed(names) if len(names) <= _MOST_NAMED else f"{len(names):,} creators and pools"
    values = sum(map(len, its["keys"].values()))
    source = f"{its['name']} ({its['publication']})"
    return f"Evidence: {values:,} rates and delays of {of} are those of {source}: {its['says']}."


def evidence_name(summary: Mapping[str, Any]) -> str:
    """Give the name of the evidence behind the numbers of a study; empty where there is none."""
    return str(summary["evidence"]["name"]) if evidence_line(summary) else ""


def _account_name(scenario: Scenario, path: tuple[str | int, ...]) -> str:
    row = path[1]
    return scenario.creators[row].handle if isinstance(row, int) else row
