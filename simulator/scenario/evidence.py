"""Evidence presets: what a study, or the trade's tables, say of the rates that a scenario leaves out.

In: raw values of a scenario, of which `evidence = "NAME"` asks for a preset. Out: the same values with the blanks of
its creators and pools filled, and which these were; of a scenario, the source of each. Invariant: what a creator or
pool writes is never touched (a key counts as a whole), and without `evidence` nothing is.

A preset is the file `presets/NAME.toml`: a table for each key of an account, with its value and its source. What it
does not hold, it takes from the preset that it is `based_on`. The sources contradict each other, so none is a default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.parts import Parts, Path, Problem
from simulator.scenario.wording import inside, shown

FOLDER = FilePath(__file__).parent / "presets"
_ABOUT = ("based_on", "publication", "says")


@dataclass(frozen=True)
class Preset:
    """What one source says.

    Attributes:
        name: How scenarios call it.
        publication: Who found it, and where that is published.
        says: The finding, in a few words.
        values: What it gives to a key of an account, as TOML holds it. Not to be changed.
        sources: Where the value of each of these keys comes from, what was computed and what is assumed.
    """

    name: str
    publication: str
    says: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]


@cache
def preset(name: str) -> Preset:
    """Read a preset.

    Args:
        name: One of `EVIDENCE`.

    Returns:
        The preset, with what it takes from another.
    """
    given = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    base = preset(given["based_on"]) if "based_on" in given else None
    own = {key: table for key, table in given.items() if key not in _ABOUT}
    return Preset(
        name,
        given["publication"],
        given["says"],
        {**(base.values if base else {}), **{key: table["value"] for key, table in own.items()}},
        {**(base.sources if base else {}), **{key: table["source"] for key, table in own.items()}},
    )


def fill(values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Fill the blanks of creators and pools from the preset that raw values ask for.

    Args:
        values: The raw values of a scenario, which stay as they are. A name that is no preset is refused elsewhere;
            here the one that was probably meant stands in for it, so that no blank is called missing besides.

    Returns:
        The values with blanks filled, and the path of each blank.
    """
    name = values.get("evidence")
    filled = dict(values)
    if name is None or inside(values, ("people", "graph_file")) is not None:
        return filled, ()
    of_preset = preset(_probably(name)).values
    paths: list[Path] = []
    for section, row, account in _accounts(values):
        blanks = {key: deepcopy(value) for key, value in of_preset.items() if key not in account}
        if filled[section] is values[section]:
            filled[section] = values[section].copy()
        filled[section][row] = {**account, **blanks}
        paths += [(section, row, key) for key in blanks]
    return filled, tuple(paths)


def sources_of(scenario: Scenario) -> dict[Path, str]:
    """Give the source of each value that a scenario has from its evidence, by the path of the value."""
    if scenario.evidence is None:
        return {}
    sources = preset(scenario.evidence).sources
    return {path: sources[str(path[-1])] for path in scenario.filled}


def evidence_problems(parts: Parts) -> Iterator[Problem]:
    """Say that people from a graph file can have no evidence."""
    name = parts.raw.get("evidence")
    if name is not None and inside(parts.raw, ("people", "graph_file")) is not None:
        yield Problem(
            ("evidence",),
            f"given {shown(name)}; its rates are laws of followers, and people from a graph file follow who the file "
            "says: their creators show no number of followers. Remove this key and write the rates of each creator.",
        )


def _probably(name: object) -> str:
    close = get_close_matches(name[:60], EVIDENCE, n=1, cutoff=0.5) if isinstance(name, str) else []
    return close[0] if close else EVIDENCE[0]


def _accounts(values: Mapping[str, Any]) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """Give each creator and pool that is a table: its section, its place in it, and its keys."""
    creators, pools = values.get("creators"), values.get("pools")
    rows = {
        "creators": enumerate(creators) if isinstance(creators, list) else (),
        "pools": pools.items() if isinstance(pools, Mapping) else (),
    }
    for section, accounts in rows.items():
        yield from ((section, row, account) for row, account in accounts if isinstance(account, Mapping))
