"""Put the creators of roster files in place of their names, in raw values.

In: the raw values of a scenario with where they came from. Out: the same with rows for each `roster_file`, where each
row stands in its file, notes, and problems. Invariants: a roster comes to the same rows that could be written by hand;
where a file cannot be used, its pool has no usable `creators`, so nothing else is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath

from simulator.scenario.parts import Path, Problem
from simulator.scenario.people import DEFAULT_NICHES
from simulator.scenario.presets.evidence import kind_of
from simulator.scenario.roster.cells import currency_in
from simulator.scenario.roster.keys import measured, notes_of, rows_of
from simulator.scenario.roster.reading import Roster, read_roster
from simulator.scenario.source import Source
from simulator.scenario.wording import inside, shown

Rosters = Mapping[str, Roster]  # by pool


def read_rosters(source: Source) -> tuple[Rosters, list[Problem]]:
    """Put the creators of each roster file in place, as far as that needs no rates of their pool.

    Args:
        source: The values, which are changed.

    Returns:
        The rosters, and what is wrong with their files.
    """
    pools = source.values.get("pools")
    rosters: dict[str, Roster] = {}
    problems: list[Problem] = []
    for name, pool in pools.items() if isinstance(pools, Mapping) else ():
        given = pool.get("roster_file") if isinstance(pool, Mapping) else None
        if not isinstance(given, str) or not given.strip():
            continue
        path: Path = ("pools", name, "roster_file")
        if "creators" in pool:
            problems.append(Problem(path, "given beside creators; a pool has one of the two. Remove one of them."))
            continue
        roster, wrong = read_roster(source.path.parent / FilePath(given))
        problems += [Problem(path, message) for message in wrong]
        pool["creators"] = None
        if roster is not None:
            rosters[name] = roster
            _put(source, name, roster)
    return rosters, problems


def _put(source: Source, name: str, roster: Roster) -> None:
    pool = source.values["pools"][name]
    platform = pool.get("platform", source.values.get("platform"))
    pool["creators"] = rows_of(roster, pool, platform, _niches(source.values))
    for place, row in enumerate(roster.rows):
        source.rows["pools", name, "creators", place] = f"{roster.file}, row {row.number}"


def _niches(values: Mapping[str, object]) -> Sequence[str]:
    """Give the niches of the people; those from a file have none."""
    if inside(values, ("people", "graph_file")) is not None:
        return ()
    given = inside(values, ("people", "niches"))
    return list(map(str, given)) if isinstance(given, Mapping) else list(DEFAULT_NICHES)


def measure(source: Source, rosters: Rosters) -> None:
    """Put the rates of rosters in place, which replace what presets filled in, and say what was taken from pools."""
    for name, roster in rosters.items():
        pool = source.values["pools"][name]
        for place, found in enumerate(measured(roster, pool, pool["creators"])):
            pool["creators"][place].update(found)
            for key in found:
                source.filled.pop(("pools", name, "creators", place, key), None)
        presets = {str(path[2]): kind_of(its) for path, its in source.filled.items() if path[:2] == ("pools", name)}
        told = notes_of(roster, pool, pool["creators"], presets)
        told += list(_in_other_money(roster, str(source.values.get("currency", "$"))))
        source.notes += tuple(f"{name} ({roster.file}): {note}" for note in told)


def _in_other_money(roster: Roster, home: str) -> Iterator[str]:
    """Say that fees are in another currency than the scenario's."""
    if others := [one for one in roster.currencies if one not in (home, currency_in(home))]:
        remedy = f"Convert them, or count all money of the scenario in it: currency = {shown(others[0])}."
        yield f"fees in {' and '.join(others)} are taken for {home}, without conversion. {remedy}"


def without_rosters(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out that creators are missing where their file cannot be used."""
    unread = {problem.path[:2] for problem in problems if problem.path[2:] == ("roster_file",)}
    return [problem for problem in problems if problem.path[2:] != ("creators",) or problem.path[:2] not in unread]
