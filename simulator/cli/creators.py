"""`campaign-roi creators`: what each creator is worth to a plan, and whose audiences overlap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import JSON, OUT, QUIET, SET, SOURCE, WORKERS
from simulator.cli.questions import print_written, question

if TYPE_CHECKING:
    from simulator.decide.worth import Worth


@click.command()
@SOURCE
@click.option("--strategy", "strategies", multiple=True, help="Of this plan only.  May be repeated.  [default: all]")
@click.option("--creator", "names", multiple=True, help="This creator only.  May be repeated.  [default: all]")
@click.option(
    "--replications",
    type=click.IntRange(1, 1_000_000),
    help="Plays with and without each creator.  [default: those of the scenario, at most 100]",
)
@click.option("--solo", is_flag=True, help="Play each creator alone as well: how much of that is left in the plan.")
@SET
@WORKERS
@OUT
@JSON
@QUIET
def creators(
    *,
    source: Path,
    strategies: tuple[str, ...],
    names: tuple[str, ...],
    replications: int | None,
    solo: bool,
    settings: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what each creator of a plan is worth: whom to drop first, whom to keep first.

    The same plays are played again without each creator: nobody takes its place, and its cost is saved. Takes the
    folder of a finished run, or a scenario file. What was played is kept, so an interrupted command continues.
    """
    from functools import partial

    from simulator.decide import worth
    from simulator.present.worth_picture import draw_worth
    from simulator.study.results import csv_bytes, summary_json

    with question(source, settings, out, workers, quiet=quiet) as asked:
        answer = worth.creators(
            asked.scenario, strategies, names, replications=replications, solo=solo, trials=asked.trials
        )
        files = {
            "creators.json": summary_json(answer.summary),
            "creators.csv": csv_bytes(answer.creators),
            "overlap.csv": csv_bytes(answer.overlaps),
        }
        paths = asked.folder.write(files, partial(draw_worth, answer))
    if as_json:
        click.echo(files["creators.json"], nl=False)
    else:
        _print(answer, paths)


def _print(worth: Worth, paths: list[Path]) -> None:
    from simulator.present.table import sentence_lines
    from simulator.present.worth import worth_lines, worth_table

    for line in sentence_lines(worth_lines(worth.summary)):
        click.echo(line)
    for strategy in worth.summary["strategies"]:
        click.echo()
        for line in worth_table(worth.summary, strategy):
            click.echo(line)
    click.echo()
    print_written(paths)
