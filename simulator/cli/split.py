"""`campaign-roi split`: which split of the budget is best, and which are as good.

Invariant: plays finished before an error or Ctrl-C stay on disk.
"""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.endings import ctrl_c_ends, say
from simulator.cli.options import AT, AT_LEAST, MEASURE, SCENARIO, SET, overrides_of
from simulator.cli.progress import Progress, compiles


@click.command()
@SCENARIO
@click.option("--pools", help="Between which pools, such as micro,celebrity or micro,ads.  [default: those of the plans]")
@click.option("--steps", type=int, default=21, show_default=True, help="How many shares, 0% and 100% among them.")
@click.option("--strategy", help="The plan of today.  [default: the first that splits the budget]")
@MEASURE
@AT
@AT_LEAST
@click.option("--indifference", type=float, help="Which difference matters.  [default: [decision], or 0.02 of ROI]")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="How sure the best has to be.")
@click.option("--replications", type=int, help="How often each split is played at first.  [default: the scenario's]")
@click.option("--most", type=int, help="How often any is played at the most.  [default: 10 times that]")
@SET
@click.option("--workers", type=click.IntRange(1, 1024), help="Threads.  [default: one per processor]")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The result folder.  [default: results/<name of the scenario>]"
)
@click.option("--json", "as_json", is_flag=True, help="Print split.json on stdout and nothing else there.")
@click.option("--quiet", is_flag=True, help="Print no progress.")
def split(
    *,
    scenario: Path,
    pools: str | None,
    steps: int,
    strategy: str | None,
    measure: str | None,
    at: str | None,
    at_least: float | None,
    indifference: float | None,
    confidence: float,
    replications: int | None,
    most: int | None,
    settings: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say which split of a SCENARIO's budget is best, how sure that is, and which others are as good.

    All splits meet the same markets and the same luck; those that cannot be the best any more are played no more.
    Numbers and pictures go to decisions/ in the result folder, and an interrupted command continues there.
    """
    from simulator.decide import split as question
    from simulator.decide.folder import DecisionFolder
    from simulator.present.split import dial_lines, split_lines
    from simulator.present.split_picture import draw_split
    from simulator.scenario.load import load
    from simulator.study.results import csv_bytes, json_bytes
    from simulator.study.trials import Trials

    loaded = load(scenario, overrides_of(settings))
    folder = out if out is not None else Path("results") / loaded.name
    names = None if pools is None else [name.strip() for name in pools.split(",") if name.strip()]
    asked = question.Asked(
        names, steps, strategy, measure, at, at_least, indifference, confidence, replications, most
    )
    asked.check(loaded)
    with DecisionFolder(folder, loaded) as kept, ctrl_c_ends(lambda: _interrupted(kept.path)):
        progress = None if quiet else Progress(0, compiles("compiled"))
        answer = question.answered(loaded, asked, Trials(store=kept.store, workers=workers, progress=progress))
        if progress:
            progress.end()
        files = {"split.json": json_bytes(answer.summary), "split.csv": csv_bytes(answer.table)}
        paths = kept.write(files, lambda figures: draw_split(answer, figures))
    for note in loaded.notes:
        say(f"note: {note}")
    if as_json:
        click.echo(json_bytes(answer.summary), nl=False)
        return
    for line in (*split_lines(answer.summary), "", *dial_lines(answer.summary), ""):
        click.echo(line)
    click.echo(f"Files: {', '.join(path.name for path in paths)} in {kept.path}")


def _interrupted(path: Path) -> str:
    return f"interrupted. What was played is kept in {path}; the same command continues there."
