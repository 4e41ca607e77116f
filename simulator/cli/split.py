"""`campaign-roi split`: which split of the budget is best, how sure that is, and which are as good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import AT, AT_LEAST, JSON, MEASURE, OUT, QUIET, SET, SOURCE, WORKERS
from simulator.cli.questions import print_written, question

if TYPE_CHECKING:
    from simulator.decide.split import SplitAnswer


@click.command()
@SOURCE
@click.option(
    "--pools", help="Between which pools, such as micro,celebrity or micro,ads.  [default: those of the plans]"
)
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
@WORKERS
@OUT
@JSON
@QUIET
def split(
    *,
    source: Path,
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
    """Say which split of a scenario's budget is best, how sure that is, and which others are as good.

    All splits meet the same markets and the same luck; those that cannot be the best any more are played no more.
    Numbers and pictures go to decisions/ in the result folder, and an interrupted command continues there.
    """
    from functools import partial

    from simulator.decide import split as of_split
    from simulator.present.pictures.split import draw_split
    from simulator.study.results import csv_bytes, json_bytes

    names = None if pools is None else [name.strip() for name in pools.split(",") if name.strip()]
    with question(source, settings, out, workers, quiet=quiet) as asked:
        answer = of_split.split(
            asked.scenario,
            names,
            steps,
            strategy=strategy,
            measure=measure,
            at=at,
            at_least=at_least,
            indifference=indifference,
            confidence=confidence,
            replications=replications,
            most=most,
            trials=asked.trials,
        )
        files = {"split.json": json_bytes(answer.summary), "split.csv": csv_bytes(answer.table)}
        _print(answer, files["split.json"], as_json=as_json)
        paths = asked.folder.write(files, partial(draw_split, answer))
    if not as_json:
        print_written(paths)


def _print(answer: SplitAnswer, json: bytes, *, as_json: bool) -> None:
    from simulator.present.split import dial_lines, plays_line, split_lines
    from simulator.present.table import sentence_lines

    if as_json:
        click.echo(json, nl=False)
        return
    said, under = sentence_lines(split_lines(answer.summary)), sentence_lines([plays_line(answer.summary)])
    for line in (*said, "", *dial_lines(answer.summary), "", *under, ""):
        click.echo(line)
    if not answer.summary["decided"]:
        click.echo("To decide it: more replications of a split with --most, or a larger --indifference.\n")
