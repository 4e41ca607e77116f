"""One TOML file: its values and the line of each key, or why it cannot be read, in words.

In: a path. Out: values as `tomllib` gives them, and lines. Invariant: a file is read whole or refused with its line,
what stands there and how it is written.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import ScenarioError
from simulator.scenario import parts
from simulator.scenario.files import MOST_BYTES, files_in
from simulator.scenario.lines import key_lines

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class TomlFile:
    """What one file holds.

    Attributes:
        values: Its values, nested.
        lines: The line of each key, counted from 1.
    """

    path: Path
    values: dict[str, Any]
    lines: dict[parts.Path, int]


def read_toml(path: Path) -> TomlFile:
    """Read a file.

    Raises:
        ScenarioError: it cannot be read, or is not TOML.
    """
    text = _text(path)
    try:
        return TomlFile(path, toml_values(text), key_lines(text))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(_not_toml(path, text, str(error))) from None
    except ValueError as error:
        raise ScenarioError(f"{path}: not TOML: {error}.") from None


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


def toml_value(text: str) -> object:
    """Read a value given on a command line as TOML; what is no TOML is a text, so that quotes can be left out."""
    try:
        values = toml_values(f"value = {text}")
    except ValueError:
        return text
    return values["value"] if list(values) == ["value"] else text


def visible(text: str) -> str:
    """Write out characters that a terminal would obey instead of showing them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file.{files_in(path.parent, '*.toml', path.name)}") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path}: is a folder. Name a TOML file.{files_in(path, '*.toml', '')}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{str(path)!r}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if len(data) > MOST_BYTES:
        raise ScenarioError(f"{path}: more than {MOST_BYTES:,} bytes; that is no scenario.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def _not_toml(path: Path, text: str, error: str) -> str:
    reason, place = _TOML_PLACE.sub("", error), _TOML_PLACE.search(error)
    rows = text.split("\n")
    number = int(place[1]) if place and place[1] else len(rows) if place else 0
    where = f"{path}:{number}" if number else f"{path}"
    line = visible(rows[number - 1].strip()[:100]) if number else ""
    return f"{where}: this is not TOML: {line or 'the end of the file'}\n  {_toml_hint(reason, line)} ({reason}.)"


def _toml_hint(reason: str, line: str) -> str:
    if re.search("declare|overwrite|define|twice", reason):
        return "Each key and each [section] may be written once."
    if re.search(r"=\s*[0-9._]+,[0-9]", line):
        return "Numbers have a point and no comma: 0.5 or 1_000."
    if re.search(r"=\s*[0-9]", line):
        return 'Percentages and ranges stand in quotes: "2.4%", "1% to 3%"; a date is written 2026-03-02.'
    return 'A line is key = value or [section], texts stand in quotes: name = "spring-launch", brackets are closed.'
