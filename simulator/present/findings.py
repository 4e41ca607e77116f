"""What a result folder holds for whoever tells of it: the finished run, and the decisions found beside it.

In: a folder's path. Out: `Findings`. Invariants: decisions are of the world that was run, or they are not taken, which
is said; what is missing is None, never an error, for a report can do without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from simulator.errors import ResultsError
from simulator.present.claims import Facts
from simulator.study.disk import DECISIONS
from simulator.study.finished import Finished, read_finished
from simulator.study.results import read_manifest

Summary = Mapping[str, Any]
# The questions whose answers may lie beside a run, by the name of their file.
QUESTIONS = ("split", "target", "sensitivity", "creators")
# What the answer to each has at least.
_HOLDS = {
    "split": ("splits", "best"),
    "target": ("curves", "needed"),
    "sensitivity": ("tornado", "factors"),
    "creators": ("strategies", "solo"),
}


@dataclass(frozen=True)
class Findings:
    """A finished run and what was decided from it.

    Attributes:
        finished: The run.
        decisions: The summary of each question that was asked, by name, see `QUESTIONS`.
        traces: The folders of plays that were played again with a trace, in order of their names.
        notes: What was found and not taken, in sentences.
    """

    finished: Finished
    decisions: Mapping[str, Summary] = field(default_factory=dict)
    traces: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        """Give every estimate of the run."""
        return self.finished.summary

    @cached_property
    def facts(self) -> Facts:
        """Give the summary with what every sentence needs of it."""
        return Facts(self.summary)

    @property
    def replications(self) -> pa.Table:
        """Give a row per strategy and replication."""
        return self.finished.tables["replications"]

    @property
    def timeline(self) -> pa.Table:
        """Give reach, impressions and orders by hour."""
        return self.finished.tables["timeline"]

    @property
    def creators(self) -> pa.Table:
        """Give a row per strategy and hired creator."""
        return self.finished.tables["creators"]

    @property
    def operations(self) -> pa.Table | None:
        """Give what happened in one play of each strategy, where anything beside posting can."""
        return self.finished.tables.get("operations")


def read_findings(path: Path) -> Findings:
    """Read a result folder and the decisions in it.

    Raises:
        ResultsError: there is no finished run in it, or a file of it cannot be read.
    """
    finished = read_finished(path)
    folder = path / DECISIONS
    if not folder.is_dir():
        return Findings(finished)
    files = {name: file for name in QUESTIONS if (file := folder / f"{name}.json").exists()}
    if note := _why_not(folder, finished):
        return Findings(finished, notes=(note,) if files else ())
    decisions = {name: _read(name, file) for name, file in files.items()}
    traces = tuple(sorted(file.parent for file in (folder / "replay").glob("*/cascades.parquet")))
    return Findings(finished, decisions, traces)


def _why_not(folder: Path, finished: Finished) -> str:
    """Say why decisions are not taken; nothing where they are."""
    manifest = read_manifest(folder)
    if manifest.get("world_hash") == finished.manifest.get("world_hash"):
        return ""
    if manifest:
        return f"{folder} holds decisions about another scenario; they are left out."
    return f"{folder}: its manifest.json is gone or damaged, so nobody knows what was decided about; all is left out."


def _read(name: str, file: Path) -> Summary:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ResultsError(_unreadable(file, str(error))) from None
    if not isinstance(found, dict) or any(key not in found for key in _HOLDS[name]):
        raise ResultsError(_unreadable(file, f"it is no answer to {name}"))
    return found


def _unreadable(file: Path, reason: str) -> str:
    return f"{file}: cannot be read ({reason}). Ask the question again, which writes it anew."
