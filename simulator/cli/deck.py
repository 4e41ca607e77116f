"""`campaign-roi deck`: what a result folder holds as slides, with charts that a reader may edit."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.endings import say
from simulator.cli.files import drawing, hand_over, place_of


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--template", type=click.Path(path_type=Path), help="A company's .pptx or .potx: layouts, colours, fonts."
)
@click.option("--style", type=click.Path(path_type=Path), help="A brand file (TOML): colours, font, logo.")
@click.option("--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/deck.pptx]")
@click.option("--force", is_flag=True, help="Replace a file that is there, whatever it is.")
def deck(*, results: Path, template: Path | None, style: Path | None, out: Path | None, force: bool) -> None:
    """Write a finished RESULTS folder as a PowerPoint deck, the answer first.

    Its charts are PowerPoint's own: the numbers behind each open in a sheet, and an edit there moves the chart.
    Decisions that lie beside the run (split, target, sensitivity, creators) are told in it. With a template, colours
    and fonts are the template's; --style is then for pictures of which PowerPoint has no chart.
    """
    from simulator.present.brand import brand_notes
    from simulator.present.deck.deck import open_look, pictures_of, told_deck
    from simulator.present.deck.package import is_own_deck
    from simulator.present.findings import read_findings
    from simulator.present.pictures.fonts import font_note
    from simulator.present.pitch.story import story

    path = place_of(out, results / "deck.pptx", "deck")
    look, brand = open_look(template, style)
    findings = read_findings(results)
    told = story(findings)
    of_style = (*brand_notes(brand, len(findings.summary["strategies"])), *font_note(brand)) if style else ()
    for note in (*look.notes, *findings.notes, *of_style):
        say(f"note: {note}")

    def written() -> bytes:
        drawing("the deck")
        return told_deck(told, look, pictures_of(findings, brand))

    hand_over(path, written, "deck", is_own=lambda: is_own_deck(path), force=force)
    for what, command in told.missing:
        click.echo(f"Not told: {what}. To ask: {command}")
