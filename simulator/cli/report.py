"""`campaign-roi report`: what a result folder holds as one HTML file, to be read, sent and printed."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.handing import hand_over, place_of, say_drawing, say_notes, tell_missing
from simulator.cli.options import FORCE, STYLE


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@STYLE
@click.option("--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/report.html]")
@FORCE
def report(*, results: Path, style: Path | None, out: Path | None, force: bool) -> None:
    """Write a finished RESULTS folder as one HTML file, the answer first.

    It needs no network and runs no script, so it works as an attachment; printed, it begins with two pages. Decisions
    that lie beside the run (split, target, sensitivity, creators, replay) are told in it.
    """
    from simulator.present.brand import PLAIN, read_brand
    from simulator.present.findings import read_findings
    from simulator.present.report.page import report_bytes
    from simulator.present.report.seal import is_own_report

    path = place_of(out, results / "report.html", "report")
    brand = PLAIN if style is None else read_brand(style)
    findings = read_findings(results)
    say_notes(findings, brand)

    def written() -> bytes:
        say_drawing("the report")
        return report_bytes(findings, brand)

    hand_over(path, written, "report", is_own=lambda: path.is_file() and is_own_report(path.read_bytes()), force=force)
    tell_missing(findings)
