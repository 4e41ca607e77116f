"""How commands ask: of which scenario, where what is decided is kept, and how far the plays are.

In: a scenario file, or the folder of a finished run. Out: a `Question`, in which the answer is worked out. Invariant:
what was played before an error or Ctrl-C is kept, and the same command goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.endings import ctrl_c_ends, say
from simulator.cli.options import overrides_of
from simulator.cli.progress import Progress, compiles

if TYPE_CHECKING:
    from simulator.decide.folder import DecisionFolder
    from simulator.scenario.model import Scenario
    from simulator.study.trials import Trials


@dataclass(frozen=True)
class Question:
    """A scenario, the folder of its decisions, open for writing, and trials that keep their plays there."""

    scenario: Scenario
    folder: DecisionFolder
    trials: Trials


def asked_scenario(source: Path, settings: tuple[str, ...]) -> tuple[Scenario, Path]:
    """Load what a question is about.

    Args:
        source: A scenario file, or the folder of a finished run.
        settings: What was given with --set; of a folder nothing can be set.

    Returns:
        The scenario, and the result folder where what is decided belongs.
    """
    from simulator.scenario.load import load

    if not source.is_dir():
        loaded = load(source, overrides_of(settings))
        return loaded, Path("results") / loaded.name
    if settings:
        raise click.UsageError(
            f"{source} is the folder of a run, in which nothing can be set. Name the scenario file, and another "
            "folder with --out."
        )
    from simulator.study.finished import read_finished, scenario_of

    return scenario_of(read_finished(source)), source


@contextmanager
def question(
    source: Path, settings: tuple[str, ...], out: Path | None, workers: int | None, *, quiet: bool
) -> Iterator[Question]:
    """Open a question about a scenario, and say on stderr how far its plays are."""
    from simulator.decide.folder import DecisionFolder
    from simulator.study.trials import Trials

    scenario, results = asked_scenario(source, settings)
    progress = None if quiet else Progress(0, compiles("compiled"))
    with DecisionFolder(out or results, scenario) as folder, ctrl_c_ends(lambda: _interrupted(folder.path)):
        for note in scenario.notes:
            say(f"note: {note}")
        yield Question(scenario, folder, Trials(store=folder.store, workers=workers, progress=progress))
        if progress:
            progress.end()


def keep(
    asked: Question, name: str, summary: dict[str, Any], tables: Mapping[str, Any], draw: Callable[[Path], list[Path]]
) -> tuple[bytes, list[Path]]:
    """Keep an answer in the folder of decisions: its summary, its tables by name and its pictures.

    Returns:
        The summary as the bytes of its file, and the paths of all that was written.
    """
    from simulator.study.results import csv_bytes, json_bytes

    data = json_bytes(summary)
    files = {f"{name}.json": data, **{f"{its}.csv": csv_bytes(table) for its, table in tables.items()}}
    return data, asked.folder.write(files, draw)


def print_kept(kept: tuple[bytes, list[Path]], page: Callable[[], Iterable[str]], *, as_json: bool) -> None:
    """Print an answer that is kept: as JSON, or its page and what was written."""
    data, paths = kept
    if as_json:
        click.echo(data, nl=False)
        return
    for line in (*page(), ""):
        click.echo(line)
    print_written(paths)


def print_written(paths: Sequence[Path]) -> None:
    """Say which files were written; of a picture that is there in two formats, one."""
    folder = next(path.parent for path in paths if path.suffix == ".json")
    files = [path.relative_to(folder).as_posix() for path in paths if path.suffix != ".svg"]
    svg = "; each picture as SVG, too" if len(files) < len(paths) else ""
    click.echo(f"Written to {folder}: {', '.join(files)}{svg}.")


def _interrupted(path: Path) -> str:
    return f"interrupted. The plays that were finished are kept in {path}; the same command continues there."
