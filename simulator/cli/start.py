"""`campaign-roi init`: a first scenario, and what lies beside it.

Invariant: no file that is there is written over but the schema, which is this program's own; the scenario comes last.
"""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from simulator.cli.endings import fail, say
from simulator.cli.look import check_scenario
from simulator.errors import ScenarioError


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--product", help='What is sold, and for how much, for example "LED mask for 400".')
@click.option("--budget", help="What a plan may spend, for example 30,000.")
@click.option("--people", help="How many people could buy it, for example 1M.")
@click.option("--platform", help="instagram, tiktok, youtube or x.")
@click.option("--compare", help="many-or-few, sizes, creators-or-ads or own-list.")
@click.option("--roster", help="The list of creators, for own-list.  [default: creators.csv]")
def init(*, file: Path | None, **options: str | None) -> None:
    """Write a first scenario to FILE, from five questions.

    What no option answers is asked. FILE is called after the product where none is given; a file that is there is left
    as it is.
    """
    from simulator.cli.interview import interview
    from simulator.scenario.starter import starter_files
    from simulator.study.disk import disk_errors, write_whole

    try:
        path, answers = interview(file, **options)
    except click.Abort:
        fail("no more answers. Nothing was written.", ScenarioError.exit_code)
    if path.exists():
        raise click.BadParameter(
            f"{path} is there already, and is left as it is. Name another file.", param_hint="FILE"
        )
    for name, text in starter_files(answers).items():
        its = path.parent / name
        is_list = name == answers.roster_file
        if is_list and its.exists():
            continue  # the user's own
        with disk_errors(its, "It was not written. Name a FILE in another folder."):
            write_whole(its, text.encode())
        say(f"{its}: written{', an example; put your own list in its place' if is_list else ''}.")
    check_scenario(path, ())
    say(f"Next: campaign-roi explain {quote(str(path))}, then campaign-roi run {quote(str(path))}.")
