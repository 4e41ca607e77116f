"""`campaign-roi report`: what a result folder holds as one HTML file, to be read, sent and printed."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.files import hand_over


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--style", type=click.Path(path_type=Path), help="A brand file (TOML): colours, font, logo.")
@click.option("--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/report.html]")
@click.option("--force", is_flag=True, help="Replace a file that is there, whatever it is.")
def report(*, results: Path, style: Path | None, out: Path | None, force: bool) -> None:
    """Write a finished RESULTS folder as one HTML file, the answer first.

    It needs no network and runs no script, so it works as an attachment; printed, it begins with two pages. Decisions
    that lie beside the run (split, target, sensitivity, creators, replay) are told in it.
    """
    from simulator.present.report.page import report as page
    from simulator.present.report.seal import is_own_report

    path = out if out is not None else results / "report.html"
    data = page(results, style)
    hand_over(path, data, "report", is_own=lambda: path.is_file() and is_own_report(path.read_bytes()), force=force)
