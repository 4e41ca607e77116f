"""Text on slides: as large as it fits, and never larger than its place.

In: sentences and a place. Out: paragraphs in a shape. Invariants: text is text, in the language it is written in;
letters keep the size of the layout where they fit with it, and are shown smaller, down to a smallest size, where not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.present.deck import measure
from simulator.present.deck.measure import Box
from simulator.present.digits import directed
from simulator.present.typeset import loosened, typeset

if TYPE_CHECKING:
    from pptx.slide import Slide

INSET_X, INSET_Y = 0.1, 0.05  # what a text box leaves free at its sides [in]
BULLET = 0.4  # what a bullet takes of a line at most [in]
_BETWEEN = 0.6  # of a line, between two paragraphs
SMALLEST_TEXT, SMALLEST_FOOT = 12.0, 8.0
SMALLEST_TITLE = 20.0  # reached only where a template leaves titles little room [pt]
MOST_TITLE_LINES = 2


@dataclass(frozen=True)
class Fitted:
    """Paragraphs and the size at which they fit, with those that do not even at the smallest [pt]."""

    paragraphs: tuple[str, ...]
    size: float
    left: tuple[str, ...] = ()


def set_text(text: str) -> str:
    """Give a text as it stands on a slide."""
    return typeset(directed(text))


def in_width(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Let what is held together be broken where a line has no room for it."""
    widest = max((measure.width_of(word, size, bold=bold) for word in measure.words(text)), default=0.0)
    return loosened(text) if widest > width else text


def fitted(paragraphs: Sequence[str], box: Box, largest: float, smallest: float = SMALLEST_TEXT) -> Fitted:
    """Choose the largest size at which paragraphs fit; at the smallest, take as many as do."""
    size = max(largest, smallest)
    given = tuple(in_width(set_text(text), size, box.width - 2 * INSET_X) for text in paragraphs)
    while size > smallest and height(given, size, box.width) > box.height:
        size -= 1
    kept = len(given)
    while kept > 1 and height(given[:kept], size, box.width) > box.height:
        kept -= 1
    return Fitted(given[:kept], size, given[kept:])


def height(paragraphs: Sequence[str], size: float, width: float) -> float:
    """Measure paragraphs in a text box so wide, with what it leaves free [in]."""
    inner = width - 2 * INSET_X
    lines = sum(len(measure.broken(text, size, inner)) for text in paragraphs)
    between = _BETWEEN * max(len(paragraphs) - 1, 0)
    return measure.height_of(1, size) * (lines + between) + 2 * INSET_Y


def fitted_title(text: str, box: Box, largest: float, *, bold: bool) -> tuple[str, float]:
    """Give a title and its size: two lines at most; one that is too long even at the smallest size ends in dots."""
    words, size, inner = set_text(text), largest, box.width - 2 * INSET_X

    def too_large() -> bool:
        lines = len(measure.broken(words, size, inner, bold=bold))
        return lines > MOST_TITLE_LINES or measure.height_of(lines, size) + 2 * INSET_Y > box.height

    while size > SMALLEST_TITLE and too_large():
        size -= 1
    if too_large():
        room = int((box.height - 2 * INSET_Y) / measure.height_of(1, size))
        words = measure.shortened(words, size, inner, max(min(room, MOST_TITLE_LINES), 1), bold=bold)
    return words, size


def write(shape: Any, paragraphs: Sequence[str], size: float | None, *, after: bool = True) -> None:
    """Write paragraphs, set already, into a shape; without a size, in that of its layout."""
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap = True
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if after and place:
            paragraph.space_before = Pt(round(_BETWEEN * measure.LINE_HEIGHT * (size or 18)))
        run = paragraph.add_run()
        run.text = text
        run._r.get_or_add_rPr().set("lang", "en-US")
        if size is not None:
            run.font.size = Pt(size)


def add_box(slide: Slide, box: Box, name: str) -> Any:
    """Add an empty text box."""
    from pptx.util import Inches

    shape = slide.shapes.add_textbox(*(Inches(side) for side in (box.left, box.top, box.width, box.height)))
    shape.name = name
    return shape


def put(shape: Any, box: Box) -> None:
    """Put a shape in its place."""
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (
        Inches(side) for side in (box.left, box.top, box.width, box.height)
    )
