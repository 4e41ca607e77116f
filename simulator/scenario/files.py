"""Files that a scenario names: read, or refused with the one that was probably meant.

In: a path. Out: what is in the file, or words. Invariant: of a file that cannot be read only a `ValueError` with advice
comes.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

from simulator.scenario.parts import nearest

T = TypeVar("T")
MOST_BYTES = 10_000_000  # of a file that is read whole; what is larger was written for something else


def files_in(folder: Path, pattern: str, name: str) -> str:
    """Say which of the files that are there was probably meant; nothing where there are none."""
    try:
        there = sorted(path.name for path in folder.glob(pattern))
    except (OSError, ValueError):
        there = []
    return nearest(name, there) if there else ""


def read_csv(path: Path, read: Callable[[BufferedReader], T]) -> T:
    """Read a CSV file that a scenario names.

    Args:
        path: The file.
        read: Takes what is wanted from the open file.

    Raises:
        ValueError: it cannot be read; the message says why, and what is there.
    """
    reason = "this is no file"
    try:
        if path.is_file() or not path.exists():
            with path.open("rb") as file:
                return read(file)
    except (OSError, ValueError) as error:
        reason = f"this file cannot be read ({getattr(error, 'strerror', None) or error})"
    there = files_in(path.parent, "*.csv", path.name)
    raise ValueError(f"{reason}. Name a CSV file, its path relative to the scenario.{there}")
