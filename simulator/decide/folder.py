"""Where decisions are kept: the folder `decisions` in a result folder, with the plays they were made of.

In: a result folder, a scenario, then files. Out: files, each there whole or not at all. Invariants: a folder that holds
decisions about another world is left untouched; one program at a time writes into it; a question that was interrupted
goes on from the plays that were finished.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from simulator.errors import ResultsError
from simulator.scenario.model import Scenario
from simulator.study.disk import DECISIONS, LOCK, disk_errors, lock_folder, remove_unfinished, write_whole
from simulator.study.results import FORMAT, json_bytes, read_manifest, versions, what_is_there
from simulator.study.trial_store import TrialStore

_MANIFEST = "manifest.json"


class DecisionFolder:
    """The decisions about one scenario, open for writing; a context in which nobody else writes."""

    def __init__(self, results: Path, scenario: Scenario) -> None:
        """Open the decisions in a result folder, which need not be there yet.

        Raises:
            ResultsError: it holds another scenario, which stays as it is, or somebody writes into it, or the disk
                refuses.
        """
        self.path, self._scenario = results / DECISIONS, scenario
        with disk_errors(self.path):
            for folder in (results, self.path):
                _refuse_another_world(folder, scenario)
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = lock_folder(self.path)
            try:
                _refuse_another_world(self.path, scenario)
                remove_unfinished(self.path)
                self._note()
            except BaseException:
                os.close(self._lock)
                raise
        self.store = TrialStore(self.path / "trials")

    def __enter__(self) -> Self:
        """Give the folder."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Let others write; of a question that was refused before anything was played, leave nothing behind."""
        if error is not None:
            with suppress(OSError):
                _remove_if_unused(self.path)
        os.close(self._lock)

    def _note(self) -> None:
        its = self._scenario
        manifest = {
            "format": FORMAT,
            "world_hash": its.world_hash,
            "replications": its.replications,
            "seed": its.seed,
            "versions": versions(),
        }
        write_whole(self.path / _MANIFEST, json_bytes(manifest))

    def write(self, files: Mapping[str, bytes], draw: Callable[[Path], Sequence[Path]] | None = None) -> list[Path]:
        """Write what a question came to.

        Args:
            files: By path below the folder.
            draw: Draws pictures into a folder and gives their paths.

        Returns:
            The paths of what was written, pictures last.
        """
        with disk_errors(self.path):
            for name, data in files.items():
                write_whole(self.path / name, data)
            figures = self.path / "figures"
            figures.mkdir(exist_ok=True)
            pictures = list(draw(figures)) if draw else []
        return [self.path / name for name in files] + pictures


def _remove_if_unused(decisions: Path) -> None:
    """Remove a folder of decisions without any, and a result folder that holds nothing else."""
    if {file.name for file in decisions.iterdir()} <= {LOCK, _MANIFEST}:
        for name in (_MANIFEST, LOCK):
            (decisions / name).unlink(missing_ok=True)
        decisions.rmdir()
        decisions.parent.rmdir()


def _refuse_another_world(folder: Path, scenario: Scenario) -> None:
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder}: is a file, and was left untouched. Choose a folder with --out.")
    manifest = read_manifest(folder)
    if not manifest:
        return
    if manifest.get("format") != FORMAT or manifest.get("world_hash") != scenario.world_hash:
        there = what_is_there(manifest) or "holds another scenario."
        raise ResultsError(
            f"{folder}: {there} It was left untouched. Choose another folder with --out, or delete this one."
        )
