"""A result folder as slides with charts that a reader may edit.

In: findings, a look. Out: the bytes of a .pptx file. Invariants: the same findings and the same look give the same
bytes; a company's template keeps its layouts, colours and fonts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from simulator.errors import ScenarioError
from simulator.present.brand import PLAIN, Brand, read_brand
from simulator.present.colour import DRAWN_CONTRAST, contrast
from simulator.present.deck.look import Look, look_at
from simulator.present.deck.measure import Box
from simulator.present.deck.package import deck_bytes
from simulator.present.deck.pages import Pages
from simulator.present.deck.plain import plain_presentation
from simulator.present.deck.slides import Pictures, add_story
from simulator.present.deck.template import template_presentation
from simulator.present.findings import Findings, read_findings
from simulator.present.pitch.exhibit import Story
from simulator.present.pitch.story import story

_MISSING = "A deck needs python-pptx, which is not installed. Install it with: pip install python-pptx"


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
    look, brand = open_look(template, style)
    findings = read_findings(Path(results))
    return told_deck(story(findings), look, pictures_of(findings, brand, look.body)).data


def open_look(template: str | Path | None, style: str | Path | None) -> tuple[Look, Brand]:
    """Open a company's template, or the plain deck in the brand's colours.

    Returns:
        The look, and the brand for pictures: the one asked for, else the template's.

    Raises:
        ScenarioError: template or style cannot be used, or python-pptx is not installed.
    """
    if find_spec("pptx") is None:
        raise ScenarioError(_MISSING)
    brand = PLAIN if style is None else read_brand(Path(style))
    if template is None:
        return look_at(plain_presentation(brand), "plain deck"), brand
    look = look_at(template_presentation(Path(template)), str(template))
    return look, _themed(look) if style is None else brand


@dataclass(frozen=True)
class Deck:
    """A deck: the bytes of its file, and what is left to the report, named by the keys of exhibits."""

    data: bytes
    left: tuple[str, ...]


def told_deck(told: Story, look: Look, pictures: Pictures) -> Deck:
    """Put a story on slides.

    Args:
        told: The story.
        look: An open presentation, which is used up.
        pictures: Give what has no chart of PowerPoint's.
    """
    pages = Pages(look, f"{told.subtitle} | {told.origin}", told.origin)
    left = add_story(pages, told, pictures)
    return Deck(deck_bytes(look.presentation, told.title, told.origin), left)


def _themed(look: Look) -> Brand:
    """Give the brand that a template's theme is, for pictures; colours too pale to be drawn with are not taken."""
    palette = look.palette
    font = (look.font, *PLAIN.font) if look.font and not look.font.startswith("+") else PLAIN.font
    if any(contrast(colour, PLAIN.ground) < DRAWN_CONTRAST for colour in palette.accents):
        return replace(PLAIN, font=font)
    return replace(PLAIN, colours=palette.accents, gain=palette.accents[0], loss=palette.accents[1], font=font)


def pictures_of(findings: Findings, brand: Brand, room: Box) -> Pictures:
    """Give what draws the PNG of a picture, without title and logo, which every slide has, as large as its room."""
    from simulator.present.pictures.family import drawable_pictures
    from simulator.present.pictures.look import SLIDE
    from simulator.present.pictures.look import Look as PictureLook
    from simulator.present.pictures.page import TITLE_LINE
    from simulator.present.pictures.untitled import untitled_png

    # where there is less room than letters of that size need, all becomes smaller
    scale = max(SLIDE.width / room.width, 1.0)
    width, height = scale * room.width, scale * room.height + TITLE_LINE
    size = replace(SLIDE, width=width, height=height, right=width - (SLIDE.width - SLIDE.right), grows=False)
    drawable = drawable_pictures(findings)
    look = PictureLook(replace(brand, logo=None), size)
    return lambda name: untitled_png(drawable[name], look) if name in drawable else None
