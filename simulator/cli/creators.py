"""`campaign-roi creators`: what each creator is worth to a plan, and whose audiences overlap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import JSON, OUT, QUIET, SET, SOURCE, WORKERS
from simulator.cli.questions import keep, print_kept, question

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
    from simulator.present.pictures.worth import draw_worth

    with question(source, settings, out, workers, quiet=quiet) as asked:
        answer = worth.creators(
            asked.scenario, strategies, names, replications=replications, solo=solo, trials=asked.trials
        )
        tables = {"creators": answer.creators, "overlap": answer.overlaps}
        kept = keep(asked, "creators", answer.summary, tables, partial(draw_worth, answer))
    print_kept(kept, lambda: _page(answer), as_json=as_json)


def _page(worth: Worth) -> Iterator[str]:
    from simulator.present.table import sentence_lines
    from simulator.present.worth import worth_lines, worth_table

    yield from sentence_lines(worth_lines(worth.summary))
    for strategy in worth.summary["strategies"]:
        yield from ("", *worth_table(worth.summary, strategy))
