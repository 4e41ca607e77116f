"""A slide with what every slide has: title, footer, number, notes.

In: a `Look` and texts. Out: a slide in its presentation, and the place that is free on it. Invariants: the title is
read first; no placeholder is left empty; what the layout offers is used, and what it lacks stands at the bottom edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.present.deck import measure, text
from simulator.present.deck.look import Look, box_of, foot_of, letters_of, placeholder_of, title_of
from simulator.present.deck.measure import Box
from simulator.present.digits import clean

if TYPE_CHECKING:
    from pptx.slide import Slide

_FOOT_SIZE = 10.0
_NUMBER_WIDTH = 0.8
_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"  # any will do; it names the kind of field, not the slide
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Pages:
    """Where slides are made: the look, and what stands at the foot of each; the shorter where there is little room."""

    look: Look
    foot: str
    short_foot: str


def add_page(pages: Pages, title: str, notes: Sequence[str], *, layout: Any = None) -> Slide:
    """Add a slide with its title, footer, number and notes."""
    look = pages.look
    used = layout if layout is not None else look.bare
    slide: Slide = look.presentation.slides.add_slide(used)
    shape = title_of(slide)
    size = letters_of(used)
    words, fits = text.fitted_title(title, box_of(shape), size, bold=look.title_bold)
    text.write(shape, [words], None if fits == size else fits)
    tree = slide.shapes._spTree
    tree.remove(shape._element)
    tree.insert_element_before(shape._element, "p:sp", "p:pic", "p:graphicFrame", "p:extLst")
    told = [title] if words != text.set_text(title) else []
    _write_notes(slide, [*told, *notes, pages.foot])
    return slide


def _write_notes(slide: Slide, notes: Sequence[str]) -> None:
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(clean(note) for note in notes if note)


def finish(pages: Pages, slide: Slide) -> None:
    """Write footer and number, last in the order of reading, and take out what stayed empty."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text:
            shape._element.getparent().remove(shape._element)
    own = foot_of(pages.look)
    number = str(len(pages.look.presentation.slides))
    foot = Box(own.left, own.top, own.width - _NUMBER_WIDTH, own.height)
    _write_foot(slide, _around(slide, "FOOTER", foot), pages)
    place = Box(own.right - _NUMBER_WIDTH, own.top, _NUMBER_WIDTH, own.height)
    shape = _around(slide, "SLIDE_NUMBER", place)
    text.write(shape, [number], None if shape.is_placeholder else _FOOT_SIZE)
    _as_field(shape)


def _around(slide: Slide, kind: str, box: Box) -> Any:
    """Give the slide a placeholder as its layout has it, or a box at the bottom edge."""
    of_layout = placeholder_of(slide.slide_layout, kind)
    if of_layout is None:
        return text.add_box(slide, box, kind.title().replace("_", " "))
    element = deepcopy(of_layout._element)
    slide.shapes._spTree.append(element)
    element.xpath("./p:nvSpPr/p:cNvPr")[0].set("id", str(_next_id(slide)))
    for child in list(element.spPr):
        element.spPr.remove(child)
    body = element.txBody
    for paragraph in body.findall(f"{_A}p")[1:]:
        body.remove(paragraph)
    for child in list(body.find(f"{_A}p")):
        body.find(f"{_A}p").remove(child)
    return placeholder_of(slide, kind)


def _next_id(slide: Slide) -> int:
    found = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
    return max(map(int, found), default=1) + 1


def _write_foot(slide: Slide, shape: Any, pages: Pages) -> None:
    """Write the footer: as long and as large as its place allows."""
    box = box_of(placeholder_of(slide.slide_layout, "FOOTER") or shape)
    for told, smallest in ((pages.foot, _FOOT_SIZE - 1), (pages.short_foot, text.SMALLEST_FOOT)):
        words = text.set_text(told)
        size = text.fitted([words], box, _FOOT_SIZE, smallest).size
        if text.height([words], size, box.width) <= box.height:
            break
    room = max(int((box.height - 2 * text.INSET_Y) / measure.height_of(1, size)), 1)
    text.write(shape, [measure.shortened(words, size, box.width - 2 * text.INSET_X, room)], size)


def _as_field(shape: Any) -> None:
    """Let the number follow where its slide is moved."""
    run = shape.text_frame.paragraphs[0].runs[0]._r
    field = run.makeelement(f"{_A}fld", {"id": _FIELD, "type": "slidenum"})
    field.extend(list(run))
    run.getparent().replace(run, field)
