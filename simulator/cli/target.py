"""`campaign-roi target`: how much money reaches a target, split how; or what would have to be true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import AT, JSON, OUT, QUIET, SET, SOURCE, WORKERS
from simulator.cli.questions import keep, print_kept, question

if TYPE_CHECKING:
    from simulator.decide.target import Target


@click.command()
@SOURCE
@click.option(
    "--measure", help="What is counted, such as orders, profit or reach_2_plus.  [default: roi, or [decision]]"
)
@AT
@click.option("--at-least", type=float, help="The target, such as 5000.  [default: [decision]]")
@click.option(
    "--confidence", type=float, default=0.8, show_default=True, help="In which share of the plays it is to be reached."
)
@click.option(
    "--strategy", help="Whose named creators and boost are kept.  [default: the first that splits the budget]"
)
@click.option("--steps", type=int, default=10, show_default=True, help="In how many parts the budget is split.")
@click.option("--most-budget", type=float, help="The most money looked at.  [default: what hires everybody]")
@click.option(
    "--replications",
    type=click.IntRange(1, 1_000_000),
    help="How many draws choose the split, and as many others judge it.  [default: the scenario's]",
)
@SET
@WORKERS
@OUT
@JSON
@QUIET
def target(
    *,
    source: Path,
    measure: str | None,
    at: str | None,
    at_least: float | None,
    confidence: float,
    strategy: str | None,
    steps: int,
    most_budget: float | None,
    replications: int | None,
    settings: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say which budget, split how, reaches a target in most plays; or what would have to be true.

    Numbers and a picture go to decisions/ in the result folder, and an interrupted command continues there.
    """
    from functools import partial

    from simulator.decide import target as of_target
    from simulator.present.pictures.target import draw_target

    with question(source, settings, out, workers, quiet=quiet) as asked:
        found = of_target.target(
            asked.scenario,
            measure=measure,
            at=at,
            at_least=at_least,
            confidence=confidence,
            strategy=strategy,
            steps=steps,
            most_budget=most_budget,
            replications=replications,
            trials=asked.trials,
        )
        kept = keep(asked, "target", found.summary, {"target": found.table}, partial(draw_target, found))
    print_kept(kept, lambda: _page(found), as_json=as_json)


def _page(found: Target) -> Iterator[str]:
    from simulator.present.table import sentence_lines, table_lines
    from simulator.present.target import confidence_table, target_lines, target_table

    yield from sentence_lines(target_lines(found.summary))
    for heads, rows in (target_table(found.summary), confidence_table(found.summary)):
        if rows:
            yield from ("", *table_lines(heads, rows))
