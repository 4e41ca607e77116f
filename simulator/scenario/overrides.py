"""Put values in place of those of a file, by dotted key: `product.margin`, `pools.micro.count`, `creators.anna.fee`.

In: the raw values of a file, which are changed here and nowhere else, a dotted key and a value. Out: the path of the
key, and what is wrong with it where there is no such place. Invariant: a key that is refused changes no value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from simulator.scenario.parts import Path, Problem, nearest
from simulator.scenario.section import Section
from simulator.scenario.wording import SECTIONS, home_of, inside, section_at, shown

_NAMED = {"pools": "pool", "strategies": "strategy"}


def override(values: dict[str, Any], dotted: str, value: object) -> tuple[Path, Problem | None]:
    """Replace one value.

    Args:
        values: The raw values of a file.
        dotted: The key. A handle or a name that is there may hold dots itself.
        value: A number, a text, a list or a dict.

    Returns:
        The path of the key, and a problem where it cannot be set.
    """
    path, given = path_of(values, dotted), as_toml(value)
    here: Any = values
    for depth, key in enumerate(path[:-1]):
        if message := _refusal(here, path[: depth + 1], {}):
            return path, Problem(path, message)
        if inside(here, (key,)) is None:
            here[key] = _default(path[: depth + 1], values)
        here = here[key]
    if message := _refusal(here, path, given):
        return path, Problem(path, message)
    here[path[-1]] = given
    return path, None


def path_of(values: Mapping[str, Any], dotted: str) -> Path:
    """Give the path that a dotted key means in raw values; creators are called by handle."""
    path: list[str | int] = []
    rest: str | None = dotted
    while rest is not None:
        here = inside(values, tuple(path))
        names = _handles(here) if isinstance(here, list) else list(here) if isinstance(here, dict) else []
        fits = [name for name in names if rest == name or rest.startswith(f"{name}.")]
        word = max(fits, key=len, default=rest.partition(".")[0])
        rest = rest[len(word) + 1 :] if len(word) < len(rest) else None
        path.append(_place(here, word.strip()))
    return tuple(path)


def _handles(rows: list[Any]) -> list[str]:
    return [str(row["handle"]) if isinstance(row, dict) and "handle" in row else "" for row in rows]


def _place(here: Any, word: str) -> str | int:
    if not isinstance(here, list):
        return word
    if word in _handles(here):
        return _handles(here).index(word)
    return int(word) if word.isdecimal() and int(word) < len(here) else word


def _refusal(here: Any, path: Path, given: object) -> str:
    """Say why the last word of a path, with what is to stand there, leads nowhere; nothing where it can be followed."""
    if path[-1] == "":
        return "write a key such as product.margin, with a word on each side of a dot."
    if isinstance(here, list):
        return _refusal_in_list(here, path)
    if isinstance(here, dict):
        return _refusal_in_table(list(here), path, given)
    return f"{'.'.join(map(str, path[:-1]))} is {shown(here)} and has no keys of its own. Replace it as a whole."


def _refusal_in_list(here: list[Any], path: Path) -> str:
    key = path[-1]
    if isinstance(key, int):
        return ""
    if path[-2] == "creators" and path[0] in ("creators", "pools"):
        return f'no creator "{key}".{nearest(key, [handle for handle in _handles(here) if handle])}'
    return "a list is replaced as a whole, for example post_days=[0, 3, 7]."


def _refusal_in_table(known: list[str], path: Path, given: object) -> str:
    key = str(path[-1])
    if len(path) == 1 and isinstance(given, dict) and key not in [*known, *SECTIONS]:
        home = home_of(key, None)
        return f'no section "{key}".{f" Write it {home}." if home else nearest(key, list(SECTIONS))}'
    is_whole = isinstance(given, dict) and given  # a pool or strategy may be added as a whole
    if len(path) == 2 and path[0] in _NAMED and key not in known and not is_whole:
        return f'no {_NAMED[str(path[0])]} "{key}".{nearest(key, known)}'
    return ""


def _default(path: Path, values: dict[str, Any]) -> Any:
    """Give what a table holds that is not written, so that one key of it can be replaced."""
    section = section_at(path[:-1], values)
    field = section.model_fields.get(str(path[-1])) if section else None
    default = field.default if field else None
    if isinstance(default, Section):
        return as_toml(default.model_dump(exclude_none=True))
    return as_toml(default) if isinstance(default, dict | tuple) else {}


def as_toml(value: object) -> Any:
    """Copy a value as TOML would hold it, so that what the caller handed over stays as it is."""
    if isinstance(value, Mapping):
        return {key: as_toml(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_toml(inner) for inner in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    item = getattr(value, "item", None)  # a number of numpy
    return item() if callable(item) else value
