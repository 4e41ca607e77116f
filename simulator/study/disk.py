"""Files that are there whole or not at all, and folders with one writer.

In: paths and bytes. Out: files. Invariants: a reader never meets half a file, whenever the program or the machine
stops; of two runs, one at a time writes into a folder. What the disk says comes out as a `ResultsError`.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simulator.errors import ResultsError

# Empty, and left behind: removing it would let two runs lock two files of the same name.
LOCK = ".lock"
# In a result folder, what was decided about its scenario; it may be there before anything is run.
DECISIONS = "decisions"
_KEPT = (
    "What was finished before is kept. Make room or mend the folder and give the same command again, or choose another "
    "folder with --out."
)
_UNFINISHED = ".*.part"
_IN_USE = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


@contextmanager
def disk_errors(path: Path, advice: str = _KEPT) -> Iterator[None]:
    """Turn what the disk says into an error with a path and advice."""
    try:
        yield
    except OSError as error:
        beside = error.filename is None or Path(error.filename).match(f".{path.name}.*.part")
        raise ResultsError(f"{path if beside else error.filename}: {error.strerror or error}. {advice}") from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all: beside its place, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed run was writing when it ended; only for the folder's one writer."""
    for beside in folder.glob(_UNFINISHED):
        beside.unlink(missing_ok=True)


def is_empty(folder: Path) -> bool:
    """Say whether a folder holds no run: nothing, or what one leaves that ended before it wrote, or only decisions."""
    return all(path.name in (LOCK, DECISIONS) or path.match(_UNFINISHED) for path in folder.iterdir())


def lock_folder(folder: Path) -> int:
    """Become a folder's one writer, until the descriptor given back is closed.

    The lock belongs to the process and not to a file's presence: the system takes it back when the process ends,
    however it ends, so it cannot be stale.

    Raises:
        ResultsError: another run writes into the folder.
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor)
    except OSError as error:
        # Some network disks have no locks; there, two runs at once are the user's to avoid.
        if error.errno in _IN_USE:
            os.close(descriptor)
            raise ResultsError(
                f"{folder}: another run is writing into this folder; it was left untouched. Wait until that run is "
                "done, or choose another folder with --out."
            ) from None
    return descriptor


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
