"""A result folder as slides with charts that a reader may edit.

In: findings, a look. Out: the bytes of a .pptx file. Invariants: the same findings and the same look give the same bytes;
a company's template keeps its layouts, colours and fonts.
"""

from __future__ import annotations

from pathlib import Path

from simulator.errors import ScenarioError
from simulator.present.brand import PLAIN, Brand
from simulator.present.deck.look import Look, look_at
from simulator.present.deck.package import deck_bytes
from simulator.present.deck.pages import Pages
from simulator.present.deck.plain import plain_presentation
from simulator.present.deck.slides import add_story, pictures_of
from simulator.present.deck.template import template_presentation
from simulator.present.findings import Findings, read_findings
from simulator.present.pitch.exhibit import Story
from simulator.present.pitch.story import story

_MISSING = "A deck needs python-pptx, which is not installed. Install it with: pip install 'campaign-roi[deck]'"


def deck(results: str | Path, template: str | Path | None = None, style: str | Path | None = None) -> bytes:
    """Tell a finished result folder as a PowerPoint deck.

    Args:
        results: The folder of a finished run; decisions that lie beside it are told, too.
        template: A company's .pptx or .potx file, whose layouts, colours and fonts are taken.
        style: A brand file.

    Returns:
        The bytes of a .pptx file.

    Raises:
        ResultsError: there is no finished run in the folder.
        ScenarioError: template or style cannot be used, or python-pptx is not installed.
    """
    findings = read_findings(Path(results))
    return told_deck(findings, story(findings), open_look(template, brand_of(style)))


def brand_of(style: str | Path | None) -> Brand:
    """Read a brand file, where one is given."""
    from simulator.present.brand import read_brand

    return PLAIN if style is None else read_brand(Path(style))


def open_look(template: str | Path | None, brand: Brand) -> Look:
    """Open a company's template, or the plain deck in the brand's colours.

    Raises:
        ScenarioError: the template cannot be used, or python-pptx is not installed.
    """
    try:
        import pptx  # noqa: F401  # only to say at once that it is missing
    except ImportError:
        raise ScenarioError(_MISSING) from None
    if template is None:
        return look_at(plain_presentation(brand), "plain deck")
    return look_at(template_presentation(Path(template)), str(template))


def told_deck(findings: Findings, told: Story, look: Look) -> bytes:
    """Put a story on slides.

    Args:
        findings: What its pictures are drawn of.
        told: The story.
        look: An open presentation, which is used up.
    """
    pages = Pages(look, f"{told.subtitle} | {told.origin}", told.origin)
    add_story(pages, told, pictures_of(findings))
    return deck_bytes(look.presentation, told.title, told.origin)
