"""Evidence presets: what a study, or the trade's tables, say of the rates that a scenario leaves out.

In: raw values of a scenario, of which `evidence = "NAME"` asks for a preset. Out: the same values with the blanks of
its creators and pools filled, and which these were; of a scenario, the source of each, and where it is used beyond what
it holds for. Invariant: what a creator or pool writes is never touched (a key counts as a whole), and without
`evidence` nothing is.

A preset is the file `presets/NAME.toml`: a table for each key of an account, with its value and its source. What it
does not hold, it takes from the preset that it is `based_on`. The sources contradict each other, so none is a default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from simulator.scenario.account import Account, Creator, Pool
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.parts import Parts, Path, Problem, parts_of
from simulator.scenario.wording import inside, shown

FOLDER = FilePath(__file__).parent / "presets"
_ABOUT = ("based_on", "publication", "says", "followers", "most_fake_share")


@dataclass(frozen=True)
class Preset:
    """What one source says.

    Attributes:
        name: How scenarios call it.
        publication: Who found it, and where that is published.
        says: The finding, in a few words.
        values: What it gives to a key of an account, as TOML holds it. Not to be changed.
        sources: Where the value of each of these keys comes from, what was computed and what is assumed.
        followers: For accounts with how many advertised followers it is meant: the fewest and the most.
        most_fake_share: Up to which share of these may be fake.
    """

    name: str
    publication: str
    says: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]
    followers: tuple[int, int]
    most_fake_share: float


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
    span = given.get("followers") or {}
    return Preset(
        name,
        given["publication"],
        given["says"],
        {**(base.values if base else {}), **{key: table["value"] for key, table in own.items()}},
        {**(base.sources if base else {}), **{key: table["source"] for key, table in own.items()}},
        base.followers if base and not span else (span["from"], span["to"]),
        given["most_fake_share"] if base is None else base.most_fake_share,
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


def fillable() -> frozenset[str]:
    """Give the keys that a creator or pool may leave out where the scenario asks for a preset."""
    return frozenset(key for name in EVIDENCE for key in preset(name).values)


def sources_of(scenario: Scenario) -> dict[Path, str]:
    """Give the source of each value that a scenario has from its evidence, by the path of the value."""
    if scenario.evidence is None:
        return {}
    sources = preset(scenario.evidence).sources
    return {path: sources[str(path[-1])] for path in scenario.filled}


def keys_of_evidence(scenario: Scenario) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the keys of creators and pools that hold what the scenario's evidence says.

    It goes by values, not by who wrote them, so a scenario that is written out and read again has the same keys.

    Returns:
        By section and name ("creators", the handle) the keys; accounts without one are left out.
    """
    found = {(section, name): keys for section, name, _, keys in _accounts_of_evidence(scenario)}
    return {place: keys for place, keys in found.items() if keys}


def evidence_warnings(scenario: Scenario) -> list[str]:
    """Say of which accounts the evidence is used though it is not meant for them."""
    if scenario.evidence is None:
        return []
    its, warnings = preset(scenario.evidence), []
    fewest, most = its.followers
    for _, name, account, keys in _accounts_of_evidence(scenario):
        low, high = (round(end) for end in account.fewest_and_most or (0, 0))
        if keys and high and not fewest <= low <= high <= most:
            has = f"{low:,}" if low == high else f"{low:,} to {high:,}"
            holds = f"is meant for accounts with {fewest:,} to {most:,}"
            warnings.append(f"{name} has {has} followers; evidence {its.name} {holds}, its rates are a guess here.")
        if "reach_per_follower" in keys and account.fake_share > its.most_fake_share:
            holds = f"{its.name} is meant for accounts with at most {its.most_fake_share:.0%} of these"
            warnings.append(f"{name} has {100 * account.fake_share:.3g}% fake followers; evidence {holds}.")
    return warnings


def _accounts_of_evidence(scenario: Scenario) -> Iterator[tuple[str, str, Creator | Pool, tuple[str, ...]]]:
    """Give each creator and pool: its section, its name, itself, and which of its keys hold what the evidence says."""
    if scenario.evidence is None:
        return
    says = _typed(scenario.evidence)
    named: list[tuple[str, str, Creator | Pool]] = [("creators", its.handle, its) for its in scenario.creators]
    named += [("pools", name, its) for name, its in scenario.pools.items()]
    for section, name, account in named:
        keys = (key for key in preset(scenario.evidence).values if getattr(account, key) == getattr(says, key))
        yield section, name, account, tuple(keys)


@cache
def _typed(name: str) -> Account:
    """Give an account whose rates are those of a preset, as a scenario holds them."""
    return parts_of({"pools": {name: dict(preset(name).values)}}).pools[name].value


def evidence_problems(parts: Parts) -> Iterator[Problem]:
    """Say that people from a graph file can have no evidence."""
    name = parts.raw.get("evidence")
    if name is not None and inside(parts.raw, ("people", "graph_file")) is not None:
        yield Problem(
            ("evidence",),
            f"given {shown(name)}; its rates are laws of followers, and people from a graph file follow who the file "
            "says: their creators show no number of followers. Remove this key and write the rates of each creator.",
        )


def without_consequences(problems: Iterable[Problem], values: Mapping[str, Any]) -> list[Problem]:
    """Leave out that rates are missing where evidence was to fill them in, but stands where it can not."""
    given = list(problems)
    asked = any(problem.path[-1:] == ("evidence",) for problem in given)
    blanks = set(_blanks(values)) if asked else set()
    return [problem for problem in given if problem.path not in blanks]


def offer(problems: Iterable[Problem], values: Mapping[str, Any]) -> str:
    """Say which evidence there is where rates are missing that it would fill in; empty where none are."""
    if "evidence" in values or inside(values, ("people", "graph_file")) is not None:
        return ""
    blanks = set(_blanks(values))
    if not any(problem.path in blanks for problem in problems):
        return ""
    first, *others = EVIDENCE
    return (
        f'evidence = "{first}", written at the top, would fill in the rates and the delay that creators and pools '
        f"leave out. Other sources, which disagree: {', '.join(others)}."
    )


def _blanks(values: Mapping[str, Any]) -> Iterator[Path]:
    """Give the path of each key that a creator or pool leaves out and evidence could fill in."""
    keys = preset(EVIDENCE[0]).values
    for section, row, account in _accounts(values):
        yield from ((section, row, key) for key in keys if key not in account)


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
