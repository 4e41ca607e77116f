"""`campaign-roi compare` and `diff`: how plans differ, and what changed between two scenarios or runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simulator.cli.options import AT, AT_LEAST, JSON


@click.command()
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--measure",
    help="What the plans are judged by, such as profit, orders or reach_2_plus; nothing else is told then."
    "  [default: roi, or [decision]]",
)
@AT
@AT_LEAST
@JSON
def compare(
    *, results: tuple[Path, ...], measure: str | None, at: str | None, at_least: float | None, as_json: bool
) -> None:
    """Compare the plans of one RESULTS folder, or of several, replication by replication.

    Says who is ahead, or about how many more replications would decide it, and how many pairing saved. Of several
    folders, plans of the same name are compared: what did the change do? compare.json goes to the folder `decisions` of
    the first one.
    """
    from simulator.decide.compare import compare as compare_runs
    from simulator.present.compared import compared_lines

    found = compare_runs(*results, measure=measure, at=at, at_least=at_least)
    _print(found.summary, compared_lines(found.summary, one_measure=measure is not None), as_json=as_json)
    _write(results[0], "compare.json", found.summary)


@click.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@JSON
def diff(*, a: Path, b: Path, as_json: bool) -> None:
    """Say which inputs and which outcomes differ between A and B, each a scenario file or a result folder.

    Of two result folders, outcomes are told with the difference of each plan; diff.json goes to the folder `decisions`
    of B.
    """
    from simulator.decide.diff import diff as diff_of
    from simulator.present.diff import diff_lines

    found = diff_of(a, b)
    _print(found.summary, diff_lines(found), as_json=as_json)
    if found.compared is not None:
        _write(b, "diff.json", found.summary)


def _write(results: Path, name: str, summary: dict[str, Any]) -> None:
    from simulator.study.disk import DECISIONS, disk_errors, write_whole
    from simulator.study.results import json_bytes

    file = results / DECISIONS / name
    with disk_errors(file, "It was not written; make room or mend the folder, and give the same command again."):
        write_whole(file, json_bytes(summary))


def _print(summary: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    from simulator.study.results import json_bytes

    if as_json:
        click.echo(json_bytes(summary), nl=False)
        return
    for line in lines:
        click.echo(line)
