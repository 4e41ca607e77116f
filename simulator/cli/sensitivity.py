"""`campaign-roi sensitivity`: what moves a plan, what would turn the choice, and what bad plays have in common."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.options import AT, AT_LEAST, JSON, MEASURE, OUT, QUIET, SET, SOURCE, WORKERS
from simulator.cli.questions import keep, print_kept, question


@click.command()
@SOURCE
@click.option("--strategy", help="The plan.  [default: the one that is best on average]")
@MEASURE
@AT
@AT_LEAST
@click.option(
    "--replications",
    type=int,
    default=128,
    show_default=True,
    help="Rows of plays, a power of two; each takes 5 plays and 3 more for every unknown input.",
)
@click.option("--markets", type=int, help="Over how many markets the plays are spread.  [default: the scenario's]")
@SET
@WORKERS
@OUT
@JSON
@QUIET
def sensitivity(
    *,
    source: Path,
    strategy: str | None,
    measure: str | None,
    at: str | None,
    at_least: float | None,
    replications: int,
    markets: int | None,
    settings: tuple[str, ...],
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what moves the outcome of a plan, and which value of which input would turn the choice.

    How much of the spread is unknown inputs, markets and chance; the mean with each unknown input low and high; where
    the preferred plan flips; what the worst plays have in common. Numbers and the picture go to decisions/ in the
    result folder, and an interrupted command continues there.
    """
    from functools import partial

    from simulator.decide import sensitivity as of_inputs
    from simulator.present.pictures.sensitivity import draw_sensitivity
    from simulator.present.sensitivity import sensitivity_lines

    with question(source, settings, out, workers, quiet=quiet) as asked:
        answer = of_inputs.sensitivity(
            asked.scenario,
            strategy,
            measure=measure,
            at=at,
            at_least=at_least,
            replications=replications,
            markets=markets,
            trials=asked.trials,
        )
        draw = partial(draw_sensitivity, answer)
        kept = keep(asked, "sensitivity", answer.summary, {"sensitivity": answer.table}, draw)
    print_kept(kept, lambda: sensitivity_lines(answer.summary), as_json=as_json)
