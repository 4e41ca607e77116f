"""A result folder of a run that is done, read back.

In: a folder's path. Out: its tables, its summary and the scenario's text. Invariant: what is given out is whole: a
folder that is none, that another version wrote, that misses a file or whose run has not finished is refused.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.csv

from simulator.errors import ResultsError
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.study.chunks import REPLICATION_SCHEMA
from simulator.study.creators import CREATOR_SCHEMA
from simulator.study.disk import DECISIONS
from simulator.study.operations import OPERATIONS_SCHEMA
from simulator.study.results import FORMAT, read_manifest, versions, what_is_there

# What the columns of each table hold; those not named are numbers.
_SCHEMAS = {
    "replications": REPLICATION_SCHEMA,
    "creators": CREATOR_SCHEMA,
    "timeline": pa.schema([("strategy", pa.string()), ("measure", pa.string())]),
    "operations": OPERATIONS_SCHEMA,
}
T = TypeVar("T")


@dataclass(frozen=True)
class Finished:
    """What a result folder holds.

    Attributes:
        path: The folder.
        manifest: Where it came from; see `results.ResultFolder.set_state`.
        summary: Every estimate and comparison.
        tables: The tables by name, as in a `Study`; without `operations` where there are none.
        scenario_toml: The resolved scenario.
    """

    path: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]
    tables: dict[str, pa.Table]
    scenario_toml: str


def read_finished(path: Path) -> Finished:
    """Read a result folder.

    Raises:
        ResultsError: it is none, or not finished, or another version wrote it, or what it holds cannot be read.
    """
    manifest = _manifest(path)
    schemas = {name: schema for name, schema in _SCHEMAS.items() if name != "operations" or _file(path, name).exists()}
    return Finished(
        path,
        manifest,
        _read(path / "summary.json", json.loads),
        {name: _read(_file(path, name), partial(_table, schema)) for name, schema in schemas.items()},
        _read(path / "scenario.toml", bytes.decode),
    )


def scenario_of(finished: Finished) -> Scenario:
    """Load the scenario of a finished run, as it was resolved.

    Raises:
        ScenarioError: it cannot be loaded, as where its graph file is gone.
        ResultsError: it is not the scenario that was run: somebody changed its file, or that of its graph.
    """
    path = finished.path / "scenario.toml"
    scenario = load(path)
    if scenario.world_hash != finished.manifest.get("world_hash"):
        what = "it or its graph file was" if scenario.graph_path else "it was"
        others = other_versions(finished)
        read = f", or these versions read it otherwise ({others})" if others else ""
        raise ResultsError(
            f"{path}: is not the scenario of this run; {what} changed since{read}. Give the run's command again."
        )
    return scenario


def other_versions(finished: Finished) -> str:
    """Say which versions a run was made with that are others now: "numpy 1.26 then, 2.1 now"; nothing where none."""
    then, now = finished.manifest.get("versions") or {}, versions()
    others = [name for name in now if then.get(name) != now[name]]
    called = {"sources": "the program's sources"}
    return "; ".join(f"{called.get(name, name)} {then.get(name)} then, {now[name]} now" for name in others)


def _file(path: Path, table: str) -> Path:
    return path / f"{table}.csv"


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        reason = "is a file" if path.exists() else "there is no such folder"
        raise ResultsError(f"{path}: {reason}. Name the result folder of a run, such as results/micro-vs-celebrity.")
    manifest = read_manifest(path)
    if "state" not in manifest and (path.name == DECISIONS or (path / DECISIONS).is_dir()):
        inside = path.name == DECISIONS
        place = path.parent if inside else path
        raise ResultsError(
            f"{path}: holds answers about a scenario, but no run. "
            + (f"Name the folder that it is in: {place}." if inside else f"Run the scenario first, with --out {place}.")
        )
    if manifest.get("format") != FORMAT:
        raise ResultsError(f"{path}: {what_is_there(manifest)} Name the result folder of a run.")
    if manifest.get("state") != "complete":
        raise ResultsError(
            f"{path}: the run in this folder is not finished ({manifest.get('state')}). Give its command again, which "
            "continues it."
        )
    return manifest


def _read(file: Path, meaning: Callable[[bytes], T]) -> T:
    try:
        return meaning(file.read_bytes())
    except (OSError, ValueError) as error:  # what JSON, CSV and UTF-8 refuse are such as well
        reason = getattr(error, "strerror", None) or error
        raise ResultsError(
            f"{file}: cannot be read ({reason}). Give the command of the run again, which writes it anew."
        ) from None


def _table(schema: pa.Schema, data: bytes) -> pa.Table:
    """Read a table as the run wrote it: numbers exact, what is undefined as null."""
    types = {field.name: field.type for field in schema}
    return pyarrow.csv.read_csv(
        io.BytesIO(data),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""]),
    )
