"""The result folder: chunks that survive a crash, tables, the summary and where they came from.

In: a folder's path, a scenario, then chunks and finally a `Study`. Out: files. Invariants: a folder that holds
anything but the same scenario is left untouched; a chunk is used again only if it is whole and comes from the same
scenario, program and libraries; all files but the manifest have the same bytes for the same scenario, however often
the run was interrupted or extended.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Self

import pyarrow as pa
import pyarrow.parquet as pq

from simulator.errors import ResultsError
from simulator.scenario.emit import to_toml
from simulator.scenario.model import Scenario
from simulator.scenario.people import PeopleFromFile
from simulator.scenario.toml_file import toml_values
from simulator.study.chunks import CHUNK_SCHEMA, Chunk
from simulator.study.disk import disk_errors, is_empty, lock_folder, remove_unfinished, write_whole

FORMAT = 1
_VERSIONED = ("campaign-roi", "numpy", "scipy", "numba", "simpy", "pyarrow", "matplotlib")
_PACKAGE = Path(__file__).parents[1]
# What decides the outcome of a play.
_DECIDING = (
    "streams.py",
    "compiled.py",
    "scenario/**/*.py",
    "market/*.py",
    "spread/*.py",
    "campaign/*.py",
    "study/chunks.py",
)

State = Literal["running", "interrupted", "failed", "complete"]


@dataclass(frozen=True)
class Study:
    """What a run came to.

    Attributes:
        scenario: What was run.
        replications: A row per strategy and replication, see `chunks.REPLICATION_SCHEMA`.
        timeline: Cumulative reach, impressions and orders by hour: strategy, hour, measure, mean, p10, p50, p90.
        creators: A row per strategy and hired creator, with means over all replications, see `creators.CREATOR_SCHEMA`.
        operations: What happened in one replication of each strategy, see `operations.OPERATIONS_SCHEMA`.
        summary: Every estimate and comparison, as in `summary.json`.
        warnings: What was ignored on the way, in sentences.
    """

    scenario: Scenario
    replications: pa.Table
    timeline: pa.Table
    creators: pa.Table
    operations: pa.Table
    summary: dict[str, Any]
    warnings: tuple[str, ...] = ()


class ResultFolder:
    """One result folder, opened for a scenario; a context in which no other run writes into it."""

    def __init__(self, path: Path, scenario: Scenario, engine: str) -> None:
        """Open a folder: a new one, or one that holds the same scenario.

        Raises:
            ResultsError: the folder holds something else, which stays as it is, or another run is writing into it,
                or it cannot be written.
        """
        self.path, self.scenario, self._engine = path, scenario, engine
        self._before: State | None = None
        self._looked_at: list[int] = []
        self._is_left = False
        with disk_errors(path):
            _refuse_other_contents(path, scenario)
            path.mkdir(parents=True, exist_ok=True)
            self._lock = lock_folder(path)
            try:
                # Again, because another run may have begun and ended in between.
                _refuse_other_contents(path, scenario)
                self._open()
            except BaseException:
                os.close(self._lock)
                raise

    def _open(self) -> None:
        for folder in (self.path, self.path / "chunks", self.path / "figures"):
            remove_unfinished(folder)
        manifest = read_manifest(self.path)
        self._before, self._looked_at = manifest.get("state"), list(manifest.get("looked_at") or ())
        self.set_state("running")
        write_whole(self.path / "scenario.toml", resolved_toml(self.scenario).encode())
        self._rows: dict[str, int] = {}
        self._chunk_files: dict[str, list[Path]] = {}
        for file in (self.path / "chunks").glob(_CHUNK_FILES):
            self._chunk_files.setdefault(_chunk_name(file), []).append(file)

    def __enter__(self) -> Self:
        """Give the folder."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Let other runs write into the folder; note down how this one ended early, if it did."""
        if error is not None and not self._is_left:
            with suppress(ResultsError):
                self.set_state("failed" if isinstance(error, Exception) else "interrupted")
        os.close(self._lock)

    def grow(self, replications: int) -> None:
        """Let the folder hold more replications of the scenario; fewer than there are change nothing."""
        if replications <= self.scenario.replications:
            return
        self.scenario = self.scenario.with_replications(replications)
        self.set_state("running")
        with disk_errors(self.path):
            write_whole(self.path / "scenario.toml", resolved_toml(self.scenario).encode())

    def note_look(self, replications: int) -> None:
        """Remember that somebody looked at the run when it had so many replications, to see whether to go on."""
        self._looked_at = sorted({*self._looked_at, replications})
        self.set_state("running")

    @property
    def notes(self) -> list[str]:
        """Say what is to be known of a folder in which a run that stops when it is sure enough played before."""
        if not self._looked_at:
            return []
        times = f"{len(self._looked_at)} time{'' if len(self._looked_at) == 1 else 's'}"
        told = (
            f"this folder was looked at {times} by a run that stops when it is sure enough. Intervals are now as if "
            "nobody had looked: right if so many replications were wanted whatever was seen, too narrow if they were "
            "chosen because of it (docs/stopping.md)."
        )
        return [told]

    def leave(self) -> None:
        """Note down the state that it was in when it was opened, and leave it at that."""
        if self._before is not None:
            self.set_state(self._before)
        self._is_left = True

    def set_state(self, state: State) -> None:
        """Write the manifest: the only file with times and host names."""
        manifest = {
            "format": FORMAT,
            "state": state,
            "hash": self.scenario.hash,
            "world_hash": self.scenario.world_hash,
            "graph": self.scenario.graph_digest or None,
            "seed": self.scenario.seed,
            "replications": self.scenario.replications,
            **({"looked_at": self._looked_at} if self._looked_at else {}),
            "engine": self._engine,
            "versions": versions(),
            "python": platform.python_version(),
            "host": platform.node(),
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with disk_errors(self.path):
            write_whole(self.path / "manifest.json", json_bytes(manifest))

    def stored(self, chunk: Chunk) -> pa.Table | None:
        """Give a chunk from an earlier run, or None where there is none that is whole and of this scenario."""
        expected = [replication for _ in self.scenario.strategies for replication in chunk.replications]
        self._rows[chunk.name] = 0
        for file in self._chunk_files.get(chunk.name, []):
            table = read_whole(file, self._origin(), CHUNK_SCHEMA)
            if table is not None and table["replication"].to_pylist() == expected:
                self._rows[chunk.name] = table.num_rows
                return table
        return None

    def store(self, chunk: Chunk, table: pa.Table) -> None:
        """Keep a finished chunk; the end of its file's name is the digest of its bytes."""
        data = parquet_bytes(table.replace_schema_metadata(self._origin()))
        file = self.path / "chunks" / f"{chunk.name}-{digest_of(data)}.parquet"
        with disk_errors(self.path):
            write_whole(file, data)
            for other in self._chunk_files.get(chunk.name, []):
                if other != file:
                    other.unlink(missing_ok=True)
        self._chunk_files[chunk.name], self._rows[chunk.name] = [file], table.num_rows

    @property
    def kept(self) -> int | None:
        """Give how many plays of this scenario it holds; None while those of an earlier run were not looked at."""
        return sum(self._rows.values()) if self._chunk_files.keys() <= self._rows.keys() else None

    def _origin(self) -> dict[bytes, bytes]:
        """Give what a chunk must come from to be used."""
        return {b"world_hash": self.scenario.world_hash.encode(), b"versions": json.dumps(versions()).encode()}

    def write(self, study: Study, draw: Callable[[Study, Path], list[Path]]) -> list[Path]:
        """Write the tables, the summary and the pictures; then the run is complete.

        Args:
            study: What the run came to.
            draw: Draws the pictures into a folder and gives their paths.

        Returns:
            The paths of what is there to look at, pictures last.
        """
        files = {
            "summary.json": summary_json(study.summary),
            "replications.csv": csv_bytes(study.replications),
            "timeline.csv": csv_bytes(study.timeline),
            "creators.csv": csv_bytes(study.creators),
            **({"operations.csv": csv_bytes(study.operations)} if study.operations.num_rows else {}),
        }
        with disk_errors(self.path):
            for name, data in files.items():
                write_whole(self.path / name, data)
            figures = draw(study, self.path / "figures")
        self.set_state("complete")
        return [self.path / name for name in (*files, "scenario.toml")] + figures


# ---- chunks on disk

_CHUNK_FILES = "market-*-block-*-*.parquet"


def _chunk_name(file: Path) -> str:
    return file.stem.rpartition("-")[0]


def digest_of(data: bytes) -> str:
    """Give the digest of a file's bytes that stands at the end of its name."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def read_whole(file: Path, origin: dict[bytes, bytes], schema: pa.Schema) -> pa.Table | None:
    """Read a table, if its bytes are those that were written and it comes from where it should; else give None."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if digest_of(data) != file.stem.rpartition("-")[2]:
        return None
    table = pq.read_table(io.BytesIO(data))
    fits = table.schema.metadata == origin and table.schema.equals(schema)
    return table.replace_schema_metadata(None) if fits else None


# ---- what a folder holds


def _refuse_other_contents(path: Path, scenario: Scenario) -> None:
    """Refuse a folder that holds anything but this scenario, with as many replications at most."""
    if not path.exists() or (path.is_dir() and is_empty(path)):
        return
    if not path.is_dir():
        raise ResultsError(f"{path}: is a file, and was left untouched. Choose a folder with --out.")
    manifest = read_manifest(path)
    if manifest.get("format") != FORMAT or manifest.get("world_hash") != scenario.world_hash:
        there = what_is_there(manifest) or f"holds another scenario.{_difference(path, scenario)}"
        raise ResultsError(
            f"{path}: {there} It was left untouched. Choose another folder with --out, or delete this one."
        )
    if manifest["replications"] > scenario.replications:
        raise ResultsError(
            f"{path}: holds {manifest['replications']:,} replications of this scenario and "
            f"{scenario.replications:,} were asked for; it was left untouched. Ask for as many or more, or choose "
            "another folder with --out."
        )


def read_manifest(path: Path) -> dict[str, Any]:
    """Give a folder's manifest; an empty one where it has none."""
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) and isinstance(manifest.get("replications"), int) else {}


def what_is_there(manifest: dict[str, Any]) -> str:
    """Say what a folder is that is no result folder of this version; nothing where it is one."""
    if not manifest:
        return "is not a result folder of this program."
    if manifest.get("format") != FORMAT:
        return f"was written by another version of this program ({manifest.get('versions')})."
    return ""


def _difference(path: Path, scenario: Scenario) -> str:
    try:
        before = _flat(toml_values((path / "scenario.toml").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ""
    now = _flat(toml_values(resolved_toml(scenario)))
    keys = [key for key in {**before, **now} if before.get(key) != now.get(key) and key != "replications"]
    shown = [f"{key} = {_shown(before.get(key))} there, {_shown(now.get(key))} here" for key in keys[:3]]
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return f" Different: {'; '.join(shown)}{more}." if shown else " Its graph file has other contents."


def _flat(values: Any, path: str = "") -> dict[str, object]:
    """Give the values of nested tables by dotted key; creators go by their handle."""
    if isinstance(values, list) and values and isinstance(values[0], dict):
        values = {str(row.get("handle", i)): row for i, row in enumerate(values)}
    if not isinstance(values, dict):
        return {path: values}
    inner = [_flat(value, f"{path}.{key}" if path else key) for key, value in values.items()]
    return {key: value for part in inner for key, value in part.items()}


def _shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


# ---- what is written


def resolved_toml(scenario: Scenario) -> str:
    """Give the resolved scenario as TOML that can be run again from anywhere."""
    plain = scenario.plain()
    if isinstance(scenario.people, PeopleFromFile):
        assert scenario.graph_path is not None
        plain["people"] = {**plain["people"], "graph_file": scenario.graph_path.resolve().as_posix()}
    listed: dict[str, object] = _lists({key: value for key, value in plain.items() if value not in ((), {})})
    return to_toml(listed)


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    return [_lists(inner) for inner in value] if isinstance(value, tuple | list) else value


@cache
def versions() -> dict[str, str]:
    """Give the versions of what a result depends on, and a digest of the sources that decide outcomes."""
    return {name: version(name) for name in _VERSIONED} | {"sources": _sources()}


def _sources() -> str:
    sources = sorted(source for pattern in _DECIDING for source in _PACKAGE.glob(pattern))
    return digest_of(b"\0".join(source.read_bytes() for source in sources))


def parquet_bytes(table: pa.Table) -> bytes:
    """Write a table as Parquet."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def csv_bytes(table: pa.Table) -> bytes:
    """Write a table as CSV: lines end with a line feed, floats are Python's repr, undefined is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return text.getvalue().encode()


def summary_json(summary: dict[str, Any]) -> bytes:
    """Give a summary as the bytes of `summary.json`."""
    return json_bytes(summary)


def json_bytes(value: dict[str, Any]) -> bytes:
    """Give plain values as the bytes of a JSON file."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
