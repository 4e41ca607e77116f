"""The result folder: chunks that survive a crash, tables, the summary and where they came from.

In: a folder's path, a scenario, then chunks and finally a `Study`. Out: files. Invariants: a file is there whole or
not at all (written beside its place, then renamed); a folder that holds anything but the same scenario is left
untouched; all files but the manifest have the same bytes for the same scenario, whoever made them.

This is the one place that writes files (pictures are drawn by `present`, into paths handed out here).
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulator.errors import ResultsError
from simulator.scenario.emit import to_toml
from simulator.scenario.model import PeopleFromFile, Scenario
from simulator.study.chunks import CHUNK_SCHEMA, Chunk

FORMAT = 1
_VERSIONED = ("campaign-roi", "numpy", "scipy", "numba", "simpy", "pyarrow", "matplotlib")
_OURS = ("chunks", "figures", "scenario.toml", "replications.csv", "creators.csv", "timeline.csv", "summary.json")


@dataclass(frozen=True)
class Study:
    """What a run came to.

    Attributes:
        scenario: What was run.
        replications: A row per strategy and replication, see `chunks.REPLICATION_SCHEMA`.
        timeline: Cumulative reach, impressions and orders by hour: strategy, hour, measure, mean, p10, p50, p90.
        creators: A row per strategy, market and hired creator, with means over the market's replications.
        summary: Every estimate and comparison, as in `summary.json`.
        warnings: What was ignored on the way, in sentences.
    """

    scenario: Scenario
    replications: pa.Table
    timeline: pa.Table
    creators: pa.Table
    summary: dict[str, Any]
    warnings: tuple[str, ...] = ()


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the disk says into an error with a path and advice."""
    try:
        yield
    except OSError as error:
        raise ResultsError(
            f"{error.filename or path}: {error.strerror or error}. Nothing that was finished is lost; make room or "
            "choose another folder with --out."
        ) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class ResultFolder:
    """One result folder, opened for a scenario."""

    def __init__(self, path: Path, scenario: Scenario, engine: str) -> None:
        """Open a folder: a new one, or one that holds the same scenario.

        Raises:
            ResultsError: the folder holds something else, which stays as it is, or cannot be written.
        """
        self.path, self.scenario, self._engine = path, scenario, engine
        with disk_errors(path):
            self._reuse = self._may_reuse()
            self.set_state("running")

    def _may_reuse(self) -> bool:
        """Say whether the folder's chunks can be used; refuse a folder that holds something else."""
        if not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir())):
            return False
        if not self.path.is_dir():
            raise ResultsError(f"{self.path}: is a file. Choose a folder with --out.")
        manifest = self._manifest()
        if manifest.get("format") != FORMAT or manifest.get("world_hash") != self.scenario.world_hash:
            raise ResultsError(
                f"{self.path}: {self._what_is_there(manifest)} It was left untouched. Choose another folder with "
                f"--out {self.path}-2, or delete this one."
            )
        stored = manifest.get("replications", 0)
        if stored > self.scenario.replications:
            raise ResultsError(
                f"{self.path}: holds {stored:,} replications of this scenario and {self.scenario.replications:,} "
                "were asked for; it was left untouched. Ask for as many or more, or choose another folder with --out."
            )
        return bool(manifest.get("versions") == versions())

    def _manifest(self) -> dict[str, Any]:
        try:
            manifest = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return {}
        return manifest if isinstance(manifest, dict) else {}

    def _what_is_there(self, manifest: dict[str, Any]) -> str:
        if not manifest:
            return "is not a result folder of this program."
        if manifest.get("format") != FORMAT:
            return f"was written by another version of this program ({manifest.get('versions')})."
        return f"holds another scenario.{self._difference()}"

    def _difference(self) -> str:
        try:
            before = _flat(tomllib.loads((self.path / "scenario.toml").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return ""
        now = _flat(tomllib.loads(resolved_toml(self.scenario)))
        keys = [key for key in {**before, **now} if before.get(key) != now.get(key) and key != "replications"]
        shown = [f"{key} = {_shown(before.get(key))} there, {_shown(now.get(key))} here" for key in keys[:3]]
        more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
        return f" Different: {'; '.join(shown)}{more}." if shown else " Its graph file has other contents."

    def set_state(self, state: str) -> None:
        """Write the manifest: the only file with times and host names."""
        manifest = {
            "format": FORMAT,
            "state": state,
            "hash": self.scenario.hash,
            "world_hash": self.scenario.world_hash,
            "seed": self.scenario.seed,
            "replications": self.scenario.replications,
            "engine": self._engine,
            "versions": versions(),
            "python": platform.python_version(),
            "host": platform.node(),
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with disk_errors(self.path):
            write_whole(self.path / "manifest.json", _json_bytes(manifest))
            write_whole(self.path / "scenario.toml", resolved_toml(self.scenario).encode())

    def stored(self, chunk: Chunk) -> pa.Table | None:
        """Give a chunk from an earlier run, or None where there is none that is whole."""
        if not self._reuse:
            return None
        try:
            table = pq.read_table(self._chunk_path(chunk), page_checksum_verification=True)
        except (OSError, pa.ArrowInvalid):
            return None
        expected = [r for _ in self.scenario.strategies for r in chunk.replications]
        if not table.schema.equals(CHUNK_SCHEMA) or table["replication"].to_pylist() != expected:
            return None
        return table

    def store(self, chunk: Chunk, table: pa.Table) -> None:
        """Keep a finished chunk, with a checksum in each page."""
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        with disk_errors(self.path):
            write_whole(self._chunk_path(chunk), buffer.getvalue())

    def _chunk_path(self, chunk: Chunk) -> Path:
        return self.path / "chunks" / f"{chunk.name}.parquet"

    def write(self, study: Study, draw: Callable[[Study, Path], list[Path]]) -> list[Path]:
        """Write the tables, the summary and the pictures; then the run is complete.

        Args:
            study: What the run came to.
            draw: Draws the pictures into a folder and gives their paths.

        Returns:
            The paths written, pictures last.
        """
        with disk_errors(self.path):
            files = {
                "summary.json": _json_bytes(study.summary),
                "replications.csv": csv_bytes(study.replications),
                "timeline.csv": csv_bytes(study.timeline),
                "creators.csv": csv_bytes(study.creators),
            }
            for name, data in files.items():
                write_whole(self.path / name, data)
            figures = draw(study, self.path / "figures")
        self.set_state("complete")
        return [self.path / name for name in files] + figures


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


def versions() -> dict[str, str]:
    """Give the versions of what a result depends on."""
    return {name: version(name) for name in _VERSIONED}


def csv_bytes(table: pa.Table) -> bytes:
    """Write a table as CSV: lines end with a line feed, floats are Python's repr, undefined is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return text.getvalue().encode()


def summary_json(summary: dict[str, Any]) -> str:
    """Give a summary as JSON text."""
    return _json_bytes(summary).decode()


def _json_bytes(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _flat(values: Any, path: str = "") -> dict[str, object]:
    if isinstance(values, dict):
        return {k: v for key, inner in values.items() for k, v in _flat(inner, f"{path}.{key}" if path else key).items()}
    if isinstance(values, list) and values and isinstance(values[0], dict):
        rows: Iterable[tuple[int, Any]] = enumerate(values)
        return {k: v for i, inner in rows for k, v in _flat(inner, f"{path}.{inner.get('handle', i)}").items()}
    return {path: values}


def _shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
