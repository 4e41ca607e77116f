"""`campaign-roi replay`: play one replication of a finished run again, alone, and event by event."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.endings import say
from simulator.cli.options import JSON, QUIET


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--strategy", required=True, help="Whose play.")
@click.option("--replication", type=int, required=True, help="Which of its plays, from 0.")
@click.option(
    "--trace",
    is_flag=True,
    help="Keep every event, who shared what because of whom, and what each post came to, in RESULTS/decisions/replay.",
)
@JSON
@QUIET
def replay(*, results: Path, strategy: str, replication: int, trace: bool, as_json: bool, quiet: bool) -> None:
    """Play one replication of a finished RESULTS folder again, and say what happened in it.

    It comes out as it did, to the bit, or the program says what differs. A trace holds every impression: who showed
    which post to whom, when, and what came of it. Only its market is built, so it takes seconds.
    """
    from simulator.decide.folder import DecisionFolder
    from simulator.decide.replay import replay as play_again
    from simulator.present.replay import replay_lines
    from simulator.present.table import sentence_lines
    from simulator.study.results import json_bytes

    if not quiet:
        say("Building the market of this replication and playing it again ...")
    its = play_again(results, strategy, replication, trace=trace)
    paths = []
    if trace:
        with DecisionFolder(results, its.scenario) as folder:
            paths = folder.write(its.files())
    if as_json:
        click.echo(json_bytes(its.summary), nl=False)
        return
    for line in sentence_lines(replay_lines(its.summary)):
        click.echo(line)
    for path in paths:
        click.echo(str(path))
