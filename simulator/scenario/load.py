"""From a TOML file to a checked `Scenario`.

In: a path and overrides (dotted key -> value). Out: a frozen `Scenario`. Invariant: every key is used
or refused, and one read reports every problem of the file, each with its line, what was given and
what is allowed. What a preset fills in stands on the line of the key that names it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.scenario import parts
from simulator.scenario.checks import problems_between
from simulator.scenario.filling import Filled, asked_by, fill, offer, without_consequences
from simulator.scenario.lines import key_lines, line_of
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import override
from simulator.scenario.parts import Problem, nearest
from simulator.scenario.wording import HIDDEN, NAMES, inside, problem_of, shown

MAX_FILE_BYTES = 10_000_000
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass
class Source:
    """The raw values of a file and where each of them came from."""

    path: Path
    values: dict[str, Any]
    lines: dict[parts.Path, int]
    overridden: dict[parts.Path, str] = field(default_factory=dict)
    filled: tuple[Filled, ...] = ()

    def override(self, overrides: Mapping[str, object]) -> list[Problem]:
        """Put values in place of those of the file; give what is wrong with that."""
        problems = []
        for key, value in overrides.items():
            path, problem = override(self.values, key, value)
            self.overridden[path] = _word(key)
            problems += [problem] if problem else []
        return problems

    def fill_blanks(self) -> None:
        """Fill what accounts leave out from presets, anew; what was replaced since is no longer from there."""
        for path, _ in self.filled:
            if not any(_overlap(path, other) for other in self.overridden):
                del inside(self.values, path[:-1])[path[-1]]
        self.values, self.filled = fill(self.values)

    def asker(self, key: parts.Path) -> parts.Path | None:
        """Give the key that had a value filled in from a preset, None where it is not from one."""
        return next((asked_by(self.values, *its) for its in self.filled if key[: len(its[0])] == its[0]), None)

    def is_guessed(self, key: parts.Path) -> bool:
        """Say whether a key is filled in from a preset that was probably meant, because there is none of that name."""
        asker = self.asker(key)
        return asker is not None and inside(self.values, asker) not in NAMES[str(asker[-1])]

    def line(self, key: parts.Path) -> int | None:
        """Give the line of a key, which of one filled in is the line of the key that asked for it."""
        return line_of(self.lines, self.asker(key) or key)

    def place(self, key: parts.Path) -> str:
        """Say where a key stands: the file and line, or the override that set it or made the section it lies in."""
        if asker := self.asker(key):
            return self.place(asker)
        prefixes = [key[:end] for end in range(len(key), 0, -1)]
        for prefix in prefixes:
            if prefix in self.overridden:
                return f"--set {self.overridden[prefix]}"
        unwritten = [prefix for prefix in prefixes if prefix not in self.lines]
        for path, words in self.overridden.items():
            if any(path[: len(prefix)] == prefix for prefix in unwritten):
                return f"--set {words}"
        line = line_of(self.lines, key)
        return f"{self.path}:{line}" if line else f"{self.path}"


def load(path: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read a scenario.

    Args:
        path: The TOML file.
        overrides: Values that replace those of the file, by dotted key, for example
            `{"product.margin": 0.4, "pools.micro.count": 40, "creators.anna.fee": "800 to 1_200"}`. A value may be
            a number, a text, a list or a dict; a creator is called by its handle.

    Returns:
        The scenario, checked.

    Raises:
        ScenarioError: the file cannot be read, or something in it cannot be used; the message
            lists every problem with its line.
    """
    source = _read(Path(path))
    source.values.setdefault("name", _name_of(source.path))
    given = {str(key): value for key, value in (overrides or {}).items()}
    # names of presets once before all others, which may reach into what these fill in
    source.override({key: value for key, value in given.items() if key.rpartition(".")[2].strip() in NAMES})
    source.fill_blanks()
    problems = source.override(given)
    source.fill_blanks()
    return _scenario(source, problems)


def _overlap(a: parts.Path, b: parts.Path) -> bool:
    """Say whether one of two paths is, or lies in, the other."""
    return all(x == y for x, y in zip(a, b, strict=False))


def _name_of(path: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:60] or "scenario"


def toml_values(text: str) -> dict[str, Any]:
    """Read TOML text.

    Raises:
        ValueError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError("brackets inside brackets, too deep to read") from None
    except ValueError:  # Python refuses to read thousands of digits
        raise ValueError("a number of thousands of digits") from None


def override_value(text: str) -> object:
    """Read a value given on a command line as TOML; what is no TOML is a text, so that quotes can be left out."""
    try:
        values = toml_values(f"value = {text}")
    except ValueError:
        return text
    return values["value"] if list(values) == ["value"] else text


def _read(path: Path) -> Source:
    text = _text(path)
    try:
        return Source(path, toml_values(text), key_lines(text))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(_not_toml(path, text, str(error))) from None
    except ValueError as error:
        raise ScenarioError(f"{path}: not TOML: {error}.") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file.{_files_in(path.parent, '*.toml', path.name)}") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path}: is a folder. Name a TOML file.{_files_in(path, '*.toml', '')}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{str(path)!r}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if len(data) > MAX_FILE_BYTES:
        raise ScenarioError(f"{path}: more than {MAX_FILE_BYTES:,} bytes; that is no scenario.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def _files_in(folder: Path, pattern: str, name: str) -> str:
    """Say which of the files that are there was probably meant; nothing where there are none."""
    try:
        there = sorted(path.name for path in folder.glob(pattern))
    except (OSError, ValueError):
        there = []
    return nearest(name, there) if there else ""


def _not_toml(path: Path, text: str, error: str) -> str:
    reason, place = _TOML_PLACE.sub("", error), _TOML_PLACE.search(error)
    rows = text.split("\n")
    number = int(place[1]) if place and place[1] else len(rows) if place else 0
    where = f"{path}:{number}" if number else f"{path}"
    line = _visible(rows[number - 1].strip()[:100]) if number else ""
    return f"{where}: this is not TOML: {line or 'the end of the file'}\n  {_toml_hint(reason, line)} ({reason}.)"


def _toml_hint(reason: str, line: str) -> str:
    if re.search("declare|overwrite|define|twice", reason):
        return "Each key and each [section] may be written once."
    if re.search(r"=\s*[0-9._]+,[0-9]", line):
        return "Numbers have a point and no comma: 0.5 or 1_000."
    if re.search(r"=\s*[0-9]", line):
        return 'Percentages and ranges stand in quotes: "2.4%", "1% to 3%"; a date is written 2026-03-02.'
    return 'A line is key = value or [section], texts stand in quotes: name = "spring-launch", brackets are closed.'


def _scenario(source: Source, problems: list[Problem]) -> Scenario:
    scenario = None
    digest, unreadable = _graph_digest(source)
    try:
        hidden = {"folder": source.path.parent, "graph_digest": digest, "filled": source.filled}
        scenario = Scenario.model_validate({**source.values, **hidden})
    except ValidationError as error:
        problems = problems + [problem_of(details, source.values) for details in error.errors()]
    problems = problems + unreadable + list(problems_between(parts.parts_of(source.values)))
    problems += [Problem((key,), "unknown key. Remove it.") for key in HIDDEN if key in source.values]
    problems = [problem for problem in problems if not source.is_guessed(problem.path)]
    problems = without_consequences(problems, source.values)
    if problems or scenario is None:
        raise ScenarioError(_message(source, problems))
    return scenario


def _graph_digest(source: Source) -> tuple[str, list[Problem]]:
    """Give a digest of the graph file's bytes, where there is one, or why it cannot be read."""
    name = inside(source.values, ("people", "graph_file"))
    if not isinstance(name, str) or not name.strip():
        return "", []
    path = source.path.parent / name
    try:
        if path.exists() and not path.is_file():
            reason = "this is no file"
        else:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest(), []
    except (OSError, ValueError) as error:
        reason = f"this file cannot be read ({getattr(error, 'strerror', None) or error})"
    there = _files_in(path.parent, "*.csv", path.name)
    message = f"given {shown(name)}; {reason}. Name a CSV file, its path relative to the scenario.{there}"
    return "", [Problem(("people", "graph_file"), message)]


def _message(source: Source, problems: list[Problem]) -> str:
    in_order = sorted(problems, key=lambda problem: source.line(problem.path) or 0)
    rows = [_visible(f"  {_where(source, p.path)}: {p.message}{_advice(source, p)}") for p in dict.fromkeys(in_order)]
    count = "1 problem" if len(rows) == 1 else f"{len(rows)} problems"
    offered = offer(problems, source.values)
    return "\n".join([f"{source.path}: {count}", *rows, *([f"  {offered}"] if offered else [])])


def _advice(source: Source, problem: Problem) -> str:
    """Say of a value that a preset filled in, or of one that the message names beside it, how it is replaced."""
    about = [path for path, _ in source.filled if problem.path[: len(path)] == path]
    beside = [path for path, _ in source.filled if problem.path[: len(path) - 1] == path[:-1]]
    for path in [*about, *(path for path in beside if re.search(rf"\b{path[-1]}\b", problem.message))]:
        asker, key = source.asker(path) or path, _word(path[-1])
        by = f"{asker[-1]} = {shown(inside(source.values, asker))}"
        return f" {'This value' if path in about else key} is filled in by {by}; write {key} yourself instead."
    return ""


def _where(source: Source, path: parts.Path) -> str:
    place, key = source.place(path), _dotted(path, source.values)
    return place if path in source.overridden else f"{place}: {key}"


def _dotted(path: parts.Path, values: dict[str, Any]) -> str:
    """Write a path as a key: creators by handle, lists as a whole."""
    words: list[str] = []
    for depth, key in enumerate(path):
        here = inside(values, path[: depth + 1])
        if isinstance(key, str):
            words.append(_word(key))
        elif path[0] == "creators" and depth == 1:
            words.append(_word(here.get("handle", key) if isinstance(here, dict) else key))
    return ".".join(words)


def _word(key: object) -> str:
    """Write one word of a key, in quotes where it would else be misread."""
    return str(key) if str(key).split() == [str(key)] else shown(str(key))


def _visible(text: str) -> str:
    """Write out characters that a terminal would obey instead of showing them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
