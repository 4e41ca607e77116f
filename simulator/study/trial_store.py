"""Trials on disk: what was played for a question is there when it is asked again.

In: tables of plays, by the key of the alternative. Out: files, and the rows that are in them. Invariants: a file is
there whole or not at all, and used only if its bytes are those that were written and it comes from this version of the
program and its libraries; a play that is in two files has the same row in both.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from simulator.study.chunks import REPLICATION_SCHEMA
from simulator.study.disk import disk_errors, remove_unfinished, write_whole
from simulator.study.results import digest_of, parquet_bytes, read_whole, versions

TRIAL_SCHEMA = pa.schema([("draw", pa.string()), *REPLICATION_SCHEMA])


class TrialStore:
    """A folder of trials with one writer, which has locked it."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which need not be there yet."""
        self._folder = folder

    def read(self, key: str) -> list[pa.Table]:
        """Give the plays of an alternative that are kept, as they were written (columns of TRIAL_SCHEMA)."""
        folder = self._folder / key
        with disk_errors(folder):
            remove_unfinished(folder)
            tables = [read_whole(file, self._origin(), TRIAL_SCHEMA) for file in sorted(folder.glob("*.parquet"))]
        return [table for table in tables if table is not None]

    def write(self, key: str, rows: pa.Table) -> None:
        """Keep plays of an alternative; the name of their file is the digest of its bytes."""
        data, folder = parquet_bytes(rows.replace_schema_metadata(self._origin())), self._folder / key
        with disk_errors(folder):
            write_whole(folder / f"plays-{digest_of(data)}.parquet", data)

    def _origin(self) -> dict[bytes, bytes]:
        return {b"versions": json.dumps(versions()).encode()}
