"""`campaign-roi pictures`: all pictures of a run and of what was decided from it, in a company's own look."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.handing import say_notes, tell_missing
from simulator.cli.options import STYLE


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@STYLE
@click.option(
    "--size",
    type=click.Choice(["slide", "column", "both"]),
    default="both",
    show_default=True,
    help="For a slide, or for a column of a document.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder.  [default: RESULTS/figures]")
def pictures(*, results: Path, style: Path | None, size: str, out: Path | None) -> None:
    """Draw every picture that a finished RESULTS folder allows, each as PNG and SVG.

    Beside those of the run, these are pictures of the answers to split, target, sensitivity, creators and replay, where
    these were asked. Those for a column of a document go to the folder column. Pictures that are there are drawn anew.
    """
    from simulator.present.brand import PLAIN, read_brand
    from simulator.present.findings import read_findings
    from simulator.present.pictures.folder import drawn_pictures, folder_of

    brand = PLAIN if style is None else read_brand(style)
    findings = read_findings(results)
    folder = folder_of(findings, out)
    say_notes(findings, brand)
    paths = list(drawn_pictures(findings, brand, size, folder))
    names = [path.relative_to(folder).as_posix() for path in paths if path.suffix == ".png"]
    click.echo(f"Written to {folder}, each as PNG and SVG: {', '.join(name.removesuffix('.png') for name in names)}.")
    tell_missing(findings)
