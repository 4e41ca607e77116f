"""What changed between two scenarios, or two runs: inputs by key, and outcomes by plan.

In: two scenario files or result folders, or a `Scenario` or `Study` each. Out: a `Diff`, whose `summary` goes into
`diff.json`. Invariants: every key of the resolved scenarios is looked at, creators and plans by name, so their order
is no difference of a key; outcomes are told only where both were played, as differences b - a of plans of the same
name, in pairs where the two share a world (see `runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator.decide.compare import Compared, Judged, compare_by
from simulator.decide.runs import runs_of
from simulator.errors import ScenarioError
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import as_toml
from simulator.scenario.source import dotted
from simulator.scenario.values import Value, values_of
from simulator.scenario.wording import inside
from simulator.study.finished import Finished, read_finished
from simulator.study.results import FORMAT, Study


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        name: What it is called: its path, or the name of its scenario.
        played: Its run, None where it was not played.
    """

    name: str
    scenario: Scenario
    played: Study | Finished | None


@dataclass(frozen=True)
class Change:
    """A key that differs: what it is in a and in b, None where it is not there."""

    key: str
    a: Value | None
    b: Value | None


@dataclass(frozen=True)
class Diff:
    """What differs between a and b.

    Attributes:
        inputs: The keys that differ, in the order of the scenario.
        only_order: Whether nothing differs but the order of creators, pools or plans.
        plans_only: The plans that only a has, and those that only b has.
        compared: The plans that both have, None where one of the two was not played or they share no plan.
        summary: All of it, as in `diff.json`.
    """

    a: Side
    b: Side
    inputs: tuple[Change, ...]
    only_order: bool
    plans_only: tuple[tuple[str, ...], tuple[str, ...]]
    compared: Compared | None
    summary: dict[str, Any]


def diff(a: str | Path | Scenario | Study, b: str | Path | Scenario | Study) -> Diff:
    """Say which inputs and which outcomes differ between two scenarios or runs.

    Args:
        a: A scenario file, a result folder, a scenario, or a study as `simulator.run` gives it.
        b: Another one.

    Raises:
        ScenarioError: one is neither, or its scenario cannot be read.
        ResultsError: a folder is no result folder of a finished run.
    """
    sides = _told_apart(_side(a), _side(b))
    inputs = tuple(changes(*(side.scenario for side in sides)))
    plans = [list(side.scenario.strategies) for side in sides]
    only = tuple(plan for plan in plans[0] if plan not in plans[1]), tuple(p for p in plans[1] if p not in plans[0])
    both = any(plan in plans[1] for plan in plans[0])
    played = [side.played for side in sides if side.played is not None]
    compared = compare_by(runs_of(played), Judged()) if both and len(played) == 2 else None
    only_order = not inputs and sides[0].scenario.hash != sides[1].scenario.hash
    summary = {
        "format": FORMAT,
        **{which: _side_summary(side) for which, side in zip(("a", "b"), sides, strict=True)},
        "inputs": _plain(inputs, *sides),
        "only_order": only_order,
        "plans_only_in_a": list(only[0]),
        "plans_only_in_b": list(only[1]),
        "outcomes": _outcomes(compared) if compared else None,
    }
    return Diff(*sides, inputs, only_order, only, compared, summary)


def _told_apart(a: Side, b: Side) -> tuple[Side, Side]:
    """Give what has no path and the same name numbers."""
    if a.name != b.name or Path(a.name).exists():
        return a, b
    return replace(a, name=f"{a.name} #1"), replace(b, name=f"{b.name} #2")


def _side(given: str | Path | Scenario | Study) -> Side:
    if isinstance(given, Study):
        return Side(given.scenario.name, given.scenario, given)
    if isinstance(given, Scenario):
        return Side(given.name, given, None)
    if not isinstance(given, str | Path):
        raise ScenarioError(f"given {given!r}; must be a scenario file, a result folder, a scenario or a study.")
    path = Path(given)
    if path.is_dir():
        return Side(str(path), load(path / "scenario.toml"), read_finished(path)) if _is_run(path) else _no_run(path)
    if not path.exists():
        raise ScenarioError(f"{path}: there is no such file or folder. Name a scenario file or a result folder.")
    return Side(str(path), load(path), None)


def _is_run(path: Path) -> bool:
    return (path / "manifest.json").is_file()


def _no_run(path: Path) -> Side:
    raise ScenarioError(f"{path}: is no result folder of this program. Name a scenario file or a result folder.")


def changes(a: Scenario, b: Scenario) -> Iterator[Change]:
    """Give every key whose value differs, in the order of a, then what only b has."""
    before, after = _by_key(a), _by_key(b)
    for key in {**before, **after}:
        change = Change(key, before.get(key), after.get(key))
        if not _is_same(change) and not _is_told_inside(key, before, after):
            yield change
    if a.graph_digest and b.graph_digest and a.graph_digest != b.graph_digest:
        yield Change(_CONTENTS, before.get("people.graph_file"), after.get("people.graph_file"))


_CONTENTS = "people.graph_file (its contents)"


def _by_key(scenario: Scenario) -> dict[str, Value]:
    plain = as_toml(scenario.plain())
    return {dotted(value.path, plain): value for value in values_of(scenario)}


def _is_same(change: Change) -> bool:
    """Say whether a key has the same value in both; a default is as one that is not there."""
    if change.a is None or change.b is None:
        alone = change.a or change.b
        return alone is None or alone.is_default
    return bool(change.a.value == change.b.value)


def _is_told_inside(key: str, before: dict[str, Value], after: dict[str, Value]) -> bool:
    """Say whether a key is a whole section, of which the other scenario has each key by itself."""
    return any(other.startswith(f"{key}.") for other in (*before, *after))


def _side_summary(side: Side) -> dict[str, Any]:
    its = side.scenario
    return {"name": side.name, "scenario": its.name, "hash": its.hash, "seed": its.seed, "played": bool(side.played)}


def _plain(inputs: Sequence[Change], a: Side, b: Side) -> list[dict[str, Any]]:
    """Give the keys that differ with their values as TOML holds them, None where a key is off or not there."""
    raw_a, raw_b = (as_toml(side.scenario.plain()) for side in (a, b))
    return [
        {
            "key": its.key,
            "unit": next(value.unit for value in (its.b, its.a) if value),
            "a": inside(raw_a, its.a.path) if its.a else None,
            "b": inside(raw_b, its.b.path) if its.b else None,
            "source_of_a": its.a.source if its.a else "",
            "source_of_b": its.b.source if its.b else "",
        }
        for its in inputs
    ]


def _outcomes(compared: Compared) -> dict[str, Any]:
    """Give the comparison of plans of the same name."""
    same = [pair for pair in compared.summary["pairs"] if pair["kind"] == "same plan"]
    return {**compared.summary, "pairs": same}
