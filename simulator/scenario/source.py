"""Where each raw value of a scenario came from: a line of a file, an override, or a preset.

In: raw values, and the place of each key that is written. Out: for any path the place to name in a message, also
where nothing stands there. Invariant: a value has one origin, that of who wrote it last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from simulator.scenario.lines import line_of
from simulator.scenario.overrides import override, path_of
from simulator.scenario.parts import Path, Problem
from simulator.scenario.presets.filling import asked_by, fill
from simulator.scenario.wording import NAMES, inside, shown


class Place(NamedTuple):
    """A line of a file, counted from 1."""

    file: FilePath
    line: int

    def __str__(self) -> str:
        """Write it as editors and terminals know it: FILE:LINE."""
        return f"{self.file}:{self.line}"


@dataclass
class Source:
    """The raw values of a scenario and where each of them came from.

    Attributes:
        path: The file that was asked for.
        places: Where each key stands, in this file or in one that it extends.
        overridden: By path, the key as it was given with --set.
        filled: By path, from which preset a value is filled in.
        removed: By name, what is taken away of a file below, and where that is written.
        notes: What the user should know of how the values came about, in sentences.
        rows: Where each creator of a roster stands in its file.
    """

    path: FilePath
    values: dict[str, Any]
    places: dict[Path, Place]
    overridden: dict[Path, str] = field(default_factory=dict)
    filled: dict[Path, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rows: dict[Path, str] = field(default_factory=dict)

    def override(self, overrides: Mapping[str, object]) -> list[Problem]:
        """Put values in place of those of the file, or of a preset; give what is wrong with that."""
        problems = []
        for key, value in overrides.items():
            path, problem = override(self.values, key, value)
            self.overridden[path] = key_word(key)
            self.filled = {filled: name for filled, name in self.filled.items() if not _overlap(filled, path)}
            problems += [problem] if problem else []
        return problems

    def reaches_into_a_blank(self, key: str) -> bool:
        """Say whether a dotted key lies inside a key of a creator or pool that is not written: a preset may fill it."""
        path = path_of(self.values, key)
        return len(path) > 3 and inside(self.values, path[:2]) is not None and inside(self.values, path[:3]) is None

    def fill_blanks(self) -> None:
        """Fill what creators and pools leave out from presets."""
        self.values, found = fill(self.values)
        self.filled = dict(found)

    def asker(self, key: Path) -> Path | None:
        """Give the key that had a value, or what it lies in, filled in from a preset; None where it is from none."""
        path = next((key[:end] for end in range(1, len(key) + 1) if key[:end] in self.filled), None)
        return asked_by(self.values, path, self.filled[path]) if path else None

    def is_guessed(self, key: Path) -> bool:
        """Say whether a key is filled in from a preset that was probably meant, because there is none of that name."""
        asker = self.asker(key)
        return asker is not None and inside(self.values, asker) not in NAMES[str(asker[-1])]

    def order(self, key: Path) -> tuple[bool, str, int]:
        """Give by what problems are put in order: those without a line, of the file asked for, of what it extends."""
        place = line_of(self.places, self.asker(key) or key)
        return (place.file != self.path, str(place.file), place.line) if place else (False, "", 0)

    def place(self, key: Path) -> str:
        """Say where a key stands: the file and line, or the override that set it or made the section it lies in."""
        return self._place(self.asker(key) or key)

    def _place(self, key: Path) -> str:
        """Say where a key stands that no preset filled in."""
        prefixes = [key[:end] for end in range(len(key), 0, -1)]
        for prefix in prefixes:
            if prefix in self.overridden:
                return f"--set {self.overridden[prefix]}"
            if prefix in self.rows:
                return self.rows[prefix]
        unwritten = [prefix for prefix in prefixes if prefix not in self.places]
        for path, words in self.overridden.items():
            if any(path[: len(prefix)] == prefix for prefix in unwritten):
                return f"--set {words}"
        return str(line_of(self.places, key) or self.path)

    def written(self) -> dict[Path, str]:
        """Give the place of everything that is written in a file or set: sections, keys and what lies in them."""
        return {path: self._place(path) for path in _paths(self.values, ()) if not self.asker(path)}


def _paths(values: Any, path: Path) -> Iterator[Path]:
    """Give the path of every key; of lists, only those of the lists of creators are told apart."""
    is_list = path == ("creators",) or (path[:1] == ("pools",) and path[2:] == ("creators",))
    rows = dict(enumerate(values)) if is_list and isinstance(values, list) else {}
    for key, value in (values if isinstance(values, Mapping) else rows).items():
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _overlap(a: Path, b: Path) -> bool:
    """Say whether one of two paths is, or lies in, the other."""
    return all(x == y for x, y in zip(a, b, strict=False))


def dotted(path: Path, values: Mapping[str, Any]) -> str:
    """Write a path as a key: creators by handle, lists as a whole."""
    words: list[str] = []
    for depth, key in enumerate(path):
        here = inside(values, path[: depth + 1])
        if isinstance(key, str):
            words.append(key_word(key))
        elif path[0] in ("creators", "pools") and path[depth - 1] == "creators":
            words.append(key_word(here.get("handle", key) if isinstance(here, dict) else key))
    return ".".join(words)


def key_word(key: object) -> str:
    """Write one word of a key, in quotes where it would else be misread."""
    return str(key) if str(key).split() == [str(key)] else shown(str(key))
