"""`campaign-roi deck`: what a result folder holds as slides, with charts that a reader may edit."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from simulator.cli.handing import hand_over, place_of, say_drawing, say_notes, tell_missing
from simulator.cli.options import FORCE, STYLE, program


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--template", type=click.Path(path_type=Path), help="A company's .pptx or .potx: layouts, colours, fonts."
)
@STYLE
@click.option("--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/deck.pptx]")
@FORCE
def deck(*, results: Path, template: Path | None, style: Path | None, out: Path | None, force: bool) -> None:
    """Write a finished RESULTS folder as a PowerPoint deck, the answer first.

    Its charts are PowerPoint's own: the numbers behind each open in a sheet, and an edit there moves the chart.
    Decisions that lie beside the run (split, target, sensitivity, creators) are told in it. With a template, colours
    and fonts are the template's; --style is then for pictures of which PowerPoint has no chart.
    """
    from simulator.present.deck.deck import open_look, pictures_of, told_deck
    from simulator.present.deck.package import is_own_deck
    from simulator.present.findings import read_findings
    from simulator.present.pitch.story import story

    path = place_of(out, results / "deck.pptx", "deck")
    look, brand = open_look(template, style)
    findings = read_findings(results)
    say_notes(findings, brand if style else None, look.notes)
    only_in_report: list[str] = []

    def written() -> bytes:
        say_drawing("the deck")
        made = told_deck(story(findings), look, pictures_of(findings, brand, look.body))
        only_in_report.extend(made.left)
        return made.data

    hand_over(path, written, "deck", is_own=lambda: is_own_deck(path), force=force)
    if only_in_report:
        command = f"{program()} report {shlex.quote(str(results))}"
        click.echo(f"Only in the report: {', '.join(only_in_report)}. To write it: {command}")
    tell_missing(findings)
