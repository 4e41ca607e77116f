"""What a scenario, and so a result, has from its evidence, its platforms and its tiers, as text.

In: a scenario, or the summary of a study. Out: lines of text. Invariant: where a scenario names none of them nothing is
said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.scenario.evidence import kind_of, named_accounts
from simulator.scenario.model import Scenario
from simulator.scenario.preset import preset

_MOST_NAMED = 3


def evidence_lines(scenario: Scenario) -> list[str]:
    """Say which evidence, platforms and tiers a scenario uses, and how much of it is from there."""
    lines = []
    if scenario.evidence is not None:
        lines = [_fills(scenario, scenario.evidence), f"It says: {preset(scenario.evidence).says}."]
    accounts = [scenario, *(account for _, _, account in named_accounts(scenario))]
    platforms = [its.platform for its in accounts if its.platform]
    others = [name for _, name in scenario.filled if name != scenario.evidence]
    return [*lines, *(_fills(scenario, name) for name in dict.fromkeys([*platforms, *others]))]


def _fills(scenario: Scenario, name: str) -> str:
    """Say how many values of whom a preset fills in."""
    by_account = Counter(path[:2] for path, its in scenario.filled if its == name)
    fills = [f"{count} of {_account_name(scenario, path)}" for path, count in by_account.items()]
    total = "1 value" if by_account.total() == 1 else f"{by_account.total():,} values"
    what = f"{total} ({', '.join(fills)})" if fills else "nothing: no account leaves a value out"
    kind = kind_of(name)
    return f"{kind[0].upper()}{kind[1:]} fills in {what}."


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
