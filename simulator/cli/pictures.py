"""`campaign-roi pictures`: all pictures of a run and of what was decided from it, in a company's own look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from simulator.cli.endings import say
from simulator.cli.handing import say_drawing, say_notes, tell_missing
from simulator.cli.options import STYLE
from simulator.errors import ResultsError

# After how many pictures it is said how many are drawn.
_OFTEN = 4


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
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder}: is a file, and was left untouched. Choose a folder with --out.")
    say_notes(findings, brand)
    paths = list(_counted(drawn_pictures(findings, brand, size, folder)))
    names = [path.relative_to(folder).as_posix() for path in paths if path.suffix == ".png"]
    click.echo(f"Written to {folder}, each as PNG and SVG: {', '.join(name.removesuffix('.png') for name in names)}.")
    tell_missing(findings)


def _counted(paths: Iterator[Path]) -> Iterator[Path]:
    """Say now and then how many pictures are drawn."""
    say_drawing("the pictures")
    drawn: set[Path] = set()
    for path in paths:
        yield path
        if len(drawn) < len(drawn := drawn | {path.with_suffix("")}) and len(drawn) % _OFTEN == 0:
            say(f"{len(drawn)} pictures are drawn.")
