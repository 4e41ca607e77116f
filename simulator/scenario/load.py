"""From a TOML file to a checked `Scenario`.

In: a path and overrides (dotted key -> value). Out: a frozen `Scenario`. Invariant: every key is used
or refused, and one read reports every problem, each with its file and line, what was given and what is allowed.

The order: files are laid over each other (`layers.py`), overrides put in place, rosters read into rows, blanks filled
from presets, rates of rosters put in place, and then overrides that reach into what was filled; what came from where is
known to `source.py`. What a preset fills in stands on the line of the key that names it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.scenario import parts
from simulator.scenario.checks import problems_between
from simulator.scenario.files import read_csv
from simulator.scenario.layers import LAYER_KEYS, read
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Problem
from simulator.scenario.presets.filling import offer, without_consequences
from simulator.scenario.roster.loading import measure, read_rosters, without_rosters
from simulator.scenario.source import Source, dotted, key_word
from simulator.scenario.toml_file import toml_values, visible
from simulator.scenario.wording import HIDDEN, inside, problem_of, shown


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
    source, problems = read(Path(path))
    source.values.setdefault("name", _name_of(source.path))
    given = {str(key): value for key, value in (overrides or {}).items()}
    problems += [_of_files(key) for key in given if key.strip() in LAYER_KEYS]
    later = {}
    for key, value in given.items():
        if source.reaches_into_a_blank(key):
            later[key] = value
        else:
            problems += source.override({key: value})
    rosters, unreadable = read_rosters(source)
    source.fill_blanks()
    measure(source, rosters)
    problems += unreadable
    problems += source.override(later)
    return _scenario(source, problems)


def read_resolved(text: str) -> Scenario:
    """Read what a resolved scenario says, as a result folder holds it, without the files that it names.

    What it says can be told so, even where its graph file is gone; it cannot be played, and its hash is another one.

    Raises:
        ScenarioError: it is no scenario of this version.
    """
    try:
        return Scenario.model_validate(toml_values(text))
    except (ValidationError, ValueError) as error:
        raise ScenarioError(f"the resolved scenario cannot be read ({type(error).__name__}).") from None


def _of_files(key: str) -> Problem:
    return Problem((key.strip(),), "files are laid over each other before anything is set. Write this key in a file.")


def _name_of(path: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:60] or "scenario"


def _scenario(source: Source, problems: list[Problem]) -> Scenario:
    scenario = None
    digest, unreadable = _graph_digest(source)
    try:
        hidden = {
            "folder": source.path.parent,
            "graph_digest": digest,
            "filled": tuple(source.filled.items()),
            "written": source.written(),
            "notes": source.notes,
        }
        scenario = Scenario.model_validate({**source.values, **hidden})
    except ValidationError as error:
        problems = problems + [problem_of(details, source.values) for details in error.errors()]
    problems = problems + unreadable + list(problems_between(parts.parts_of(source.values)))
    problems += [Problem((key,), "unknown key. Remove it.") for key in HIDDEN if key in source.values]
    problems = [problem for problem in problems if not source.is_guessed(problem.path)]
    problems = without_rosters(without_consequences(problems, source.values))
    if problems or scenario is None:
        raise ScenarioError(_message(source, problems))
    return scenario


def _graph_digest(source: Source) -> tuple[str, list[Problem]]:
    """Give a digest of the graph file's bytes, where there is one, or why it cannot be read."""
    name = inside(source.values, ("people", "graph_file"))
    if not isinstance(name, str) or not name.strip():
        return "", []
    try:
        digest = read_csv(source.path.parent / name, lambda file: hashlib.file_digest(file, "sha256"))
        return digest.hexdigest(), []
    except ValueError as error:
        return "", [Problem(("people", "graph_file"), f"given {shown(name)}; {error}")]


def _message(source: Source, problems: list[Problem]) -> str:
    in_order = sorted(problems, key=lambda problem: source.order(problem.path))
    rows = [visible(f"  {_where(source, p.path)}: {p.message}{_advice(source, p)}") for p in dict.fromkeys(in_order)]
    count = "1 problem" if len(rows) == 1 else f"{len(rows)} problems"
    offered = offer(problems, source.values)
    return "\n".join([f"{source.path}: {count}", *rows, *([f"  {offered}"] if offered else [])])


def _advice(source: Source, problem: Problem) -> str:
    """Say of a value that a preset filled in, or of one that the message names beside it, how it is replaced."""
    about = [path for path in source.filled if problem.path[: len(path)] == path]
    # but for keys that are words of their own, such as followers
    beside = [path for path in source.filled if problem.path[: len(path) - 1] == path[:-1] and "_" in str(path[-1])]
    at_fault = re.split(" There is: | This is ", problem.message)[0]  # what follows lists and explains keys
    for path in [*about, *(path for path in beside if re.search(rf"\b{path[-1]}\b", at_fault))]:
        asker, key = source.asker(path) or path, key_word(path[-1])
        by = f"{asker[-1]} = {shown(inside(source.values, asker))}"
        return f" {'This value' if path in about else key} is filled in by {by}; write {key} yourself instead."
    gone = re.match(r'no \w+ "(.*?)"', problem.message)
    return f" It is taken away by remove ({source.removed[gone[1]]})." if gone and gone[1] in source.removed else ""


def _where(source: Source, path: parts.Path) -> str:
    place, key = source.place(path), dotted(path, source.values)
    return place if path in source.overridden or place == f"--set {key}" else f"{place}: {key}"
