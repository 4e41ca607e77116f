"""A scenario that says only what differs from another one: `extends = "base.toml"`.

In: a file. Out: its raw values laid over those of the file it extends, which may extend another, with the place of
each key. What holds:

- Sections, pools, strategies, formats and creators (by handle) are laid over key by key; a key that is written again
  counts as a whole, and so does a table of plain numbers, such as `split` or `niches`, and a distribution or law that
  says which one it is.
- `remove = ["strategies.celebrity"]` takes keys of the base away first.
- `name` and `title` are each file's own; files are named relative to the one that names them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from simulator.errors import ScenarioError
from simulator.scenario.files import files_in
from simulator.scenario.overrides import path_of
from simulator.scenario.parts import Path, Problem, nearest
from simulator.scenario.source import Place, Source
from simulator.scenario.toml_file import read_toml, visible
from simulator.scenario.wording import TAGS, inside, section_at, shown

LAYER_KEYS = ("extends", "remove")  # what says how files lie on each other; nothing of it is left in the values
_OWN = ("name", "title")


def read(path: FilePath) -> tuple[Source, list[Problem]]:
    """Read a file and those below it.

    Returns:
        The values with their places, and what is wrong with how the files lie on each other.

    Raises:
        ScenarioError: a file cannot be read, or they go round in a circle.
    """
    return _read(path, ())


def _read(path: FilePath, above: tuple[FilePath, ...]) -> tuple[Source, list[Problem]]:
    file = read_toml(path)
    own = Source(path, file.values, {key: Place(path, line) for key, line in file.lines.items()})
    name = own.values.get("extends")
    if name is not None and not isinstance(name, str):  # all that is missing would be said besides
        raise _refused(own, f'given {shown(name)}; must be text in quotes, such as extends = "base.toml".')
    if name is None:
        alone = "has no effect without extends. Write extends, or remove this key."
        return own, [Problem(("remove",), alone)] if "remove" in own.values else []
    base_path = FilePath(os.path.normpath(path.parent / name))
    if reason := _refusal(base_path, (*above, path)):
        raise _refused(own, f"given {shown(name)}; {reason}")
    base, problems = _read(base_path, (*above, path))
    _relocate(base.values, base_path.parent, path.parent)
    del own.values["extends"]
    problems += _remove(base, own)
    return _over(base, own), problems


def _refused(own: Source, message: str) -> ScenarioError:
    where = own.place(("extends",))
    return ScenarioError(visible(f"{own.path}: 1 problem") + "\n" + visible(f"  {where}: extends: {message}"))


def _refusal(base: FilePath, above: tuple[FilePath, ...]) -> str:
    """Say why a file cannot be extended; nothing where it can."""
    if not base.is_file():
        return f"there is no such file. It is named relative to this one.{files_in(base.parent, '*.toml', base.name)}"
    known = [file.resolve() for file in above]
    if base.resolve() not in known:
        return ""
    if base.resolve() == known[-1]:
        return "this is the file itself. Name another one, or remove this key."
    circle = [*above[known.index(base.resolve()) :], base]
    return f"the files go round in a circle: {' -> '.join(map(str, circle))}. Remove one extends."


def _relocate(values: Any, folder: FilePath, seen_from: FilePath) -> None:
    """Name the files that raw values name as they are seen from another folder."""
    if folder == seen_from or not isinstance(values, dict):
        return
    for key, value in values.items():
        if key.endswith("_file") and isinstance(value, str) and value.strip():
            values[key] = FilePath(os.path.relpath(folder / value, seen_from)).as_posix()
        _relocate(value, folder, seen_from)


# ---- taking away


def _remove(base: Source, own: Source) -> list[Problem]:
    """Take away what is not wanted of the base; give what is not there to be taken."""
    keys = own.values.get("remove")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return []  # which is said with all other problems
    del own.values["remove"]
    return [problem for row, key in enumerate(keys) if (problem := _remove_one(base, key, own.place(("remove", row))))]


def _remove_one(base: Source, key: str, where: str) -> Problem | None:
    path = path_of(base.values, key)
    parent: Any = inside(base.values, path[:-1])
    names = list(parent) if isinstance(parent, dict) else []
    if inside(base.values, path) is None or not isinstance(parent, dict | list):
        of_base = f"{base.path} has no such key"
        return Problem(("remove",), f"given {shown(key)}; {of_base}.{nearest(str(path[-1]), names) if names else ''}")
    row = parent[path[-1]] if isinstance(parent, list) and isinstance(path[-1], int) else {}
    base.removed[str(row.get("handle", path[-1]))] = where
    del parent[path[-1]]  # type: ignore[arg-type]  # a row of a list is found by its number, a key of a table by name
    places = {place: line for place, line in base.places.items() if place[: len(path)] != path}
    base.places = {_moved_up(place, path): line for place, line in places.items()}
    return None


def _moved_up(place: Path, removed: Path) -> Path:
    """Give the path of a key after a row of a list is taken away."""
    at, row = len(removed) - 1, removed[-1]
    if isinstance(row, str) or len(place) <= at or place[:at] != removed[:-1]:
        return place
    here = place[at]
    return (*place[:at], here - 1, *place[at + 1 :]) if isinstance(here, int) and here > row else place


# ---- laying over


def _over(base: Source, own: Source) -> Source:
    """Lay the values of a file over those of its base."""
    values = {key: value for key, value in base.values.items() if key not in _OWN}
    places = {path: place for path, place in base.places.items() if path[0] not in (*_OWN, *LAYER_KEYS)}
    places |= {path: place for path, place in own.places.items() if path[0] in LAYER_KEYS}
    result = Source(own.path, values, places, removed=base.removed)
    _lay(result, (), own, (), own.values)
    return result


def _lay(onto: Source, at: Path, own: Source, own_at: Path, given: Mapping[str, Any]) -> None:
    """Lay a table over the one that stands at a path."""
    here = inside(onto.values, at)
    for key, value in given.items():
        there, from_there = (*at, key), (*own_at, key)
        if isinstance(value, dict) and isinstance(here.get(key), dict) and not _counts_as_a_whole(there, value, onto):
            onto.places[there] = own.places.get(from_there, onto.places.get(there, Place(own.path, 1)))
            _lay(onto, there, own, from_there, value)
        elif _rows(value) and _rows(here.get(key)):
            _lay_rows(onto, there, own, from_there, value)
        else:
            _replace(onto, there, own, from_there, value)


def _lay_rows(onto: Source, at: Path, own: Source, own_at: Path, given: list[Any]) -> None:
    """Lay rows over those of the same handle; the others come after these."""
    rows = inside(onto.values, at)
    for number, row in enumerate(given):
        handles = [its["handle"] for its in rows]
        if row["handle"] in handles:
            _lay(onto, (*at, handles.index(row["handle"])), own, (*own_at, number), row)
        else:
            rows.append(row)
            _copy_places(onto, (*at, len(rows) - 1), own, (*own_at, number))


def _rows(value: Any) -> bool:
    """Say whether a value is a list of tables that have a name."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and "handle" in row for row in value)


def _counts_as_a_whole(at: Path, given: Mapping[str, Any], onto: Source) -> bool:
    """Say whether a table replaces what was there: another distribution or law, or a table of plain numbers."""
    is_section = section_at(at, onto.values) is not None
    has_sections = any(section_at((*at, key), onto.values) is not None for key in given)
    return any(tag in given for tag in TAGS) or not (is_section or has_sections)


def _replace(onto: Source, at: Path, own: Source, own_at: Path, value: Any) -> None:
    inside(onto.values, at[:-1])[at[-1]] = value
    for path in [path for path in onto.places if path[: len(at)] == at]:
        del onto.places[path]
    _copy_places(onto, at, own, own_at)


def _copy_places(onto: Source, at: Path, own: Source, own_at: Path) -> None:
    for path, place in own.places.items():
        if path[: len(own_at)] == own_at:
            onto.places[(*at, *path[len(own_at) :])] = place
