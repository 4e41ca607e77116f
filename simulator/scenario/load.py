"""From a TOML file to a checked `Scenario`.

In: a path and overrides (dotted key -> value). Out: a frozen `Scenario`. Invariant: every key is used
or refused, and one read reports every problem of the file, each with its line, what was given and
what is allowed.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import ScenarioError
from simulator.scenario.checks import Problem, nearest, problems_between, valid_parts
from simulator.scenario.lines import key_lines, line_of
from simulator.scenario.model import (
    Behaviour,
    Creator,
    PeopleFromFile,
    Pool,
    Product,
    Scenario,
    Section,
    Strategy,
    SyntheticPeople,
)

KeyPath = tuple[str | int, ...]
MAX_FILE_BYTES = 10_000_000


@dataclass
class Source:
    """The raw values of a file and where each of them came from."""

    path: Path
    values: dict[str, Any]
    lines: dict[KeyPath, int]
    overridden: dict[KeyPath, str] = field(default_factory=dict)

    def place(self, key: KeyPath) -> str:
        """Say where a key stands: the file and line, or the override that set it."""
        for end in range(len(key), 0, -1):
            if key[:end] in self.overridden:
                return f"--set {self.overridden[key[:end]]}"
        line = line_of(self.lines, key)
        return f"{self.path}:{line}" if line else f"{self.path}"


def load(path: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read a scenario.

    Args:
        path: The TOML file.
        overrides: Values that replace those of the file, by dotted key, for example
            `{"product.margin": 0.4, "pools.micro.count": 40, "creators.a.fee": 900}`.

    Returns:
        The scenario, checked.

    Raises:
        ScenarioError: the file cannot be read, or something in it cannot be used; the message
            lists every problem with its line.
    """
    source = _read(Path(path))
    source.values.setdefault("name", re.sub(r"[^A-Za-z0-9_-]+", "-", source.path.stem).strip("-") or "scenario")
    for key, value in (overrides or {}).items():
        _override(source, key, value)
    return _scenario(source)


def _read(path: Path) -> Source:
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE_BYTES:
            raise ScenarioError(f"{path}: {len(data):,} bytes; a scenario has at most {MAX_FILE_BYTES:,}.")
        text = data.decode("utf-8-sig")
        return Source(path, tomllib.loads(text), key_lines(text))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file.{_files_nearby(path)}") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not TOML: {error}.{_toml_hint(error)}") from None


def _files_nearby(path: Path) -> str:
    there = sorted(p.name for p in path.parent.glob("*.toml")) if path.parent.is_dir() else []
    return nearest(path.name, there) if there else ""


def _toml_hint(error: Exception) -> str:
    if "Invalid value" in str(error):
        return ' Texts stand in quotes ("2.4%"), numbers have a point and no comma (1_000.5).'
    return ""


def _override(source: Source, dotted: str, value: object) -> None:
    keys = [key.strip() for key in dotted.split(".")]
    path, here = cast(KeyPath, ()), cast(Any, source.values)
    for depth, key in enumerate(keys):
        step = _step(here, key, path, last=depth == len(keys) - 1)
        path = (*path, step)
        if depth < len(keys) - 1:
            if isinstance(here, dict) and not isinstance(here.get(step), dict | list):
                here[step] = {}
            here = here[step]
    here[path[-1]] = value
    source.overridden[path] = dotted


def _step(here: Any, key: str, path: KeyPath, *, last: bool) -> str | int:
    if isinstance(here, list):
        handles = [row.get("handle") if isinstance(row, dict) else None for row in here]
        if key in handles:
            return handles.index(key)
        if key.isdecimal() and int(key) < len(here):
            return int(key)
        raise ScenarioError(f"--set: no creator {key!r}.{nearest(key, [str(h) for h in handles if h])}")
    if not key:
        raise ScenarioError("--set: write a dotted key, such as product.margin=0.4.")
    named = path in (("pools",), ("strategies",))
    if (named or (not path and not last)) and key not in here:
        known = list(here) if named else ["people", "behaviour", "product", "creators", "pools", "strategies"]
        if named or key not in known:
            what = {"pools": "pool", "strategies": "strategy"}[str(path[0])] if named else "section"
            raise ScenarioError(f"--set: no {what} {key!r}.{nearest(key, known)}")
    return key


def _scenario(source: Source) -> Scenario:
    problems: list[Problem] = []
    scenario = None
    graph_digest = _graph_digest(source, problems)
    try:
        scenario = Scenario.model_validate(
            {**source.values, "folder": source.path.parent, "graph_digest": graph_digest}
        )
    except ValidationError as error:
        problems += [_problem(details, source.values) for details in error.errors()]
    problems += problems_between(valid_parts(source.values))
    hidden = sorted({"folder", "graph_digest"} & set(source.values))
    problems += [Problem((key,), "unknown key.") for key in hidden]
    if problems or scenario is None:
        raise ScenarioError(_message(source, problems))
    return scenario


def _graph_digest(source: Source, problems: list[Problem]) -> str:
    people = source.values.get("people")
    name = people.get("graph_file") if isinstance(people, dict) else None
    if not isinstance(name, str):
        return ""
    path = source.path.parent / name
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = f"{path} cannot be read ({error.strerror}); the path is relative to the scenario file."
        problems.append(Problem(("people", "graph_file"), reason))
        return ""


def _message(source: Source, problems: list[Problem]) -> str:
    def line(problem: Problem) -> tuple[int, str]:
        return line_of(source.lines, problem.path) or 0, str(problem.path)

    unique = list(dict.fromkeys(sorted(problems, key=line)))
    rows = [f"  {source.place(p.path)}: {_dotted(p.path, source.values)}: {p.message}" for p in unique]
    count = "1 problem" if len(rows) == 1 else f"{len(rows)} problems"
    return "\n".join([f"{source.path}: {count}", *rows])


def _dotted(path: KeyPath, raw: Any) -> str:
    words: list[str] = []
    for key in path:
        if isinstance(key, int) and isinstance(raw, list) and key < len(raw) and isinstance(raw[key], dict):
            words.append(str(raw[key].get("handle", key)))
        else:
            words.append(str(key))
        raw = _inside(raw, key)
    return ".".join(words)


def _inside(raw: Any, key: str | int) -> Any:
    if isinstance(raw, dict):
        return raw.get(key)
    if isinstance(raw, list) and isinstance(key, int) and key < len(raw):
        return raw[key]
    return None


def _problem(details: ErrorDetails, raw: dict[str, Any]) -> Problem:
    path = _written_path(details["loc"], raw)
    kind, given = details["type"], details["input"]
    if kind == "extra_forbidden":
        return Problem(path, _unknown_key(path, raw))
    if kind == "missing":
        return Problem(path, "missing.")
    if kind == "union_tag_not_found":
        return Problem(path, 'say which one with dist = "...": lognormal, exponential, power_law or constant.')
    reason = details["msg"].removeprefix("Value error, ")
    return Problem(path, f"given {_shown(given)}; {reason[:1].lower()}{reason[1:].rstrip('.')}.")


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _written_path(loc: tuple[int | str, ...], raw: Any) -> KeyPath:
    """Drop the tags of unions from pydantic's path: what is left stands in the file (but for a missing key)."""
    path: list[str | int] = []
    for i, key in enumerate(loc):
        inside = _inside(raw, key)
        if inside is not None or (isinstance(raw, dict) and key in raw):
            path.append(key)
            raw = inside
        elif i == len(loc) - 1 and isinstance(raw, dict):
            path.append(key)
    return tuple(path)


def _unknown_key(path: KeyPath, raw: dict[str, Any]) -> str:
    known = _known_keys(path, raw)
    key = str(path[-1])
    if path[0] == "people" and key in SyntheticPeople.model_fields:
        return "has no effect on people from a graph file; remove it."
    return f"unknown key.{nearest(key, known)}"


def _known_keys(path: KeyPath, raw: dict[str, Any]) -> list[str]:
    if len(path) == 1:
        return [key for key in Scenario.model_fields if key not in ("folder", "graph_digest")]
    sections: dict[str, type[Section]] = {
        "people": PeopleFromFile if "graph_file" in raw.get("people", {}) else SyntheticPeople,
        "behaviour": Behaviour,
        "product": Product,
        "creators": Creator,
        "pools": Pool,
        "strategies": Strategy,
    }
    depth = 2 if path[0] in ("people", "behaviour", "product") else 3
    section = sections.get(str(path[0]))
    if section is None:
        return []
    if len(path) == depth:
        return list(section.model_fields)
    return _nested_keys(section, path, depth, raw)


def _nested_keys(section: type[Section], path: KeyPath, depth: int, raw: Any) -> list[str]:
    inner = raw
    for key in path[:depth]:
        inner = _inside(inner, key)
    dist = inner.get("dist") if isinstance(inner, dict) else None
    from simulator.scenario.model import Constant, Exponential, Lognormal, PowerFee, PowerLaw

    delays = {"lognormal": Lognormal, "exponential": Exponential, "power_law": PowerLaw, "constant": Constant}
    if dist in delays:
        return list(delays[str(dist)].model_fields)
    return list(PowerFee.model_fields) if path[depth - 1] == "fee" else []
