"""What a scenario, and so a result, has from its evidence, its platforms and its tiers, as text.

In: a scenario, or the summary of a study. Out: lines of text. Invariant: where a scenario names none of them nothing is
said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.scenario.model import Scenario
from simulator.scenario.presets.evidence import kind_of, platforms_of
from simulator.scenario.presets.preset import preset

_MOST_NAMED = 3


def evidence_lines(scenario: Scenario) -> list[str]:
    """Say which evidence, platforms and tiers a scenario uses, and how much of it is from there."""
    lines = []
    if scenario.evidence is not None:
        lines = [_fills(scenario, scenario.evidence), f"It says: {preset(scenario.evidence).says}."]
    others = [name for _, name in scenario.filled if name != scenario.evidence]
    return [*lines, *(_fills(scenario, name) for name in dict.fromkeys([*platforms_of(scenario), *others]))]


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
    return " ".join(_rests_on(name, its) for name, its in _presets(summary).items())


def _presets(summary: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the evidence and the platforms of which rates are used."""
    evidence = summary.get("evidence")
    named = {**({evidence["name"]: evidence} if evidence else {}), **summary.get("platforms", {})}
    return {name: its for name, its in named.items() if its["keys"]}


def _rests_on(name: str, its: Mapping[str, Any]) -> str:
    some = its.get("creators", {})
    names = [_whose(path, some.get(path)) for path in its["keys"]]
    of = digits.listed(names) if len(names) <= _MOST_NAMED else f"{len(names):,} creators and pools"
    values = sum(map(len, its["keys"].values()))
    kind, _, name = kind_of(name).partition(" ")
    return (
        f"{kind.capitalize()}: {values:,} rates and delays of {of} are those of {name} ({its['publication']}): "
        f"{its['says']}."
    )


def _whose(path: str, some: Sequence[int] | None) -> str:
    """Name an account, of a list with how many of its creators."""
    name = digits.shortened(path.partition(".")[2])
    return f"{name} ({some[0]:,} of {some[1]:,} creators)" if some else name


def evidence_name(summary: Mapping[str, Any]) -> str:
    """Name the evidence and the platforms behind the numbers of a study; empty where there are none."""
    kinds: dict[str, list[str]] = {}
    for kind, name in (kind_of(its).split(" ", 1) for its in _presets(summary)):
        kinds.setdefault(kind, []).append(name)
    return digits.listed(
        [f"{kind if len(its) == 1 else f'{kind}s'} {digits.listed(its)}" for kind, its in kinds.items()]
    )


def _account_name(scenario: Scenario, path: tuple[str | int, ...]) -> str:
    row = path[1]
    return scenario.creators[row].handle if isinstance(row, int) else row
