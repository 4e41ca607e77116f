"""The deck without a company's template: wide slides, four layouts, the brand's colours and font as its theme.

In: a brand. Out: an open presentation without slides. Invariant: colours and font stand in the theme and nowhere else,
so whoever edits the deck can change them in one place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from simulator.present.brand import PLAIN, Brand
from simulator.present.deck.look import EMU
from simulator.present.deck.measure import Box

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WIDTH, _HEIGHT = 13.333, 7.5
_MARGIN = 0.6
_ACROSS = _WIDTH - 2 * _MARGIN
_TITLE = Box(_MARGIN, 0.4, _ACROSS, 1.15)
_BODY = Box(_MARGIN, 1.75, _ACROSS, 4.95)
_FOOTER = Box(_MARGIN, 6.95, _ACROSS - 1.1, 0.32)
_NUMBER = Box(_WIDTH - _MARGIN - 1.0, 6.95, 1.0, 0.32)
_COVER_TITLE, _COVER_TEXT = Box(_MARGIN + 0.4, 2.1, 11.3, 1.6), Box(_MARGIN + 0.4, 4.05, 11.3, 1.6)
_LOGO = Box(_WIDTH - _MARGIN - 1.5, 0.2, 1.5, 0.5)
# What the brand's first colours mark: the edge of a cover, and where a title begins.
_BAND, _RULE, _MARK = Box(0, 0, 0.45, _HEIGHT), Box(_MARGIN + 0.5, 3.83, 1.6, 0.07), Box(_MARGIN + 0.1, 0.3, 0.9, 0.07)
_COVER_SIZE = 40  # of letters [pt]
_KEPT = {"Title Slide", "Title and Content", "Title Only"}  # of the library's own template
# The font of pictures comes with this program, and with few offices.
_OFFICE_FONT = "Arial"


def plain_presentation(brand: Brand) -> Presentation:
    """Make an empty presentation in the brand's look."""
    from pptx import Presentation as Opened

    presentation = Opened()
    presentation.slide_width, presentation.slide_height = _emu(_WIDTH), _emu(_HEIGHT)
    presentation.part._element.xpath("./p:sldSz")[0].attrib.pop("type", None)  # it says 4:3
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts):
        if layout.name not in _KEPT:
            presentation.slide_layouts.remove(layout)
    _set_theme(master, brand)
    _set_styles(master)
    for holder in (master, *presentation.slide_layouts):
        _place(holder)
    for layout in presentation.slide_layouts:
        _mark(layout)
    _add_logo(master, brand)
    return presentation


def _emu(inches: float) -> Any:
    from pptx.util import Emu

    return Emu(round(inches * EMU))


def _place(holder: Any) -> None:
    """Put a master's or a layout's placeholders in their places; none is for a date."""
    boxes = {"TITLE": _TITLE, "OBJECT": _BODY, "BODY": _BODY, "FOOTER": _FOOTER, "SLIDE_NUMBER": _NUMBER}
    boxes |= {"CENTER_TITLE": _COVER_TITLE, "SUBTITLE": _COVER_TEXT}
    for shape in list(holder.placeholders):
        box = boxes.get(shape.placeholder_format.type.name)
        if box is None:
            shape._element.getparent().remove(shape._element)
        else:
            shape.left, shape.top, shape.width, shape.height = (
                _emu(side) for side in (box.left, box.top, box.width, box.height)
            )
            _set_paragraphs(shape)


def _mark(layout: Any) -> None:
    """Draw what a layout has of the brand's colours, behind all else."""
    cover = layout.name == "Title Slide"
    marks = [(_BAND, "accent1"), (_RULE, "accent2")] if cover else [(_MARK, "accent1")]
    for place, (box, colour) in enumerate(marks):
        layout.shapes._spTree.insert(2 + place, _bar(100 + place, box, colour))


def _bar(number: int, box: Box, colour: str) -> Any:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    sides = tuple(round(side * EMU) for side in (box.left, box.top, box.width, box.height))
    place = '<a:off x="{}" y="{}"/><a:ext cx="{}" cy="{}"/>'.format(*sides)
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Mark {number}"/><p:cNvSpPr/>'
        '<p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _set_paragraphs(shape: Any) -> None:
    """Set what stands around a slide small and to its side; a title stands above its text."""
    from lxml import etree

    kind = shape.placeholder_format.type.name
    body = shape._element.find(f".//{_A}bodyPr")
    if kind in ("TITLE", "CENTER_TITLE"):
        body.set("anchor", "b" if kind == "CENTER_TITLE" else "t")
    if kind == "CENTER_TITLE":
        level = etree.SubElement(shape._element.find(f".//{_A}lstStyle"), f"{_A}lvl1pPr")
        etree.SubElement(level, f"{_A}defRPr", {"sz": str(_COVER_SIZE * 100)})
    for level in shape._element.iter(f"{_A}lvl1pPr"):
        level.set("algn", "r" if kind == "SLIDE_NUMBER" else "l")
        for letters in level.iter(f"{_A}defRPr"):
            if kind in ("FOOTER", "SLIDE_NUMBER"):
                letters.set("sz", "1000")
            _use(letters, "tx2")


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def _use(letters: Any, place: str) -> None:
    """Colour letters by a place in the theme."""
    for colour in letters.iter(f"{_A}schemeClr"):
        colour.set("val", place)
        for change in list(colour):
            colour.remove(change)


def _set_styles(master: Any) -> None:
    title = master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr")[0]
    title.set("algn", "l")
    letters = title.find(f"{_A}defRPr")
    letters.set("sz", "2800")
    letters.set("b", "1")
    body = master._element.xpath("./p:txStyles/p:bodyStyle/a:lvl1pPr")[0]
    body.set("marL", "0")
    body.set("indent", "0")
    for mark in [*body.iter(f"{_A}buFont"), *body.iter(f"{_A}buChar")]:
        mark.tag = f"{_A}buNone" if mark.tag.endswith("buChar") else mark.tag
        mark.attrib.clear()
    for font in list(body.iter(f"{_A}buFont")):
        body.remove(font)
    body.find(f"{_A}defRPr").set("sz", "2000")
    between = body.find(f"{_A}spcBef/{_A}spcPct")
    between.set("val", "50000")


def _set_theme(master: Any, brand: Brand) -> None:
    """Write colours and font into the theme."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode().replace('name="Office Theme"', 'name="campaign-roi"', 1)
    colours = {"dk1": brand.ink, "lt1": brand.ground, "dk2": brand.muted, "lt2": brand.pale}
    colours |= {f"accent{place}": colour for place, colour in enumerate(brand.colours[:6], 1)}
    colours |= {"hlink": brand.colours[0], "folHlink": brand.muted}
    inner = "".join(f'<a:{key}><a:srgbClr val="{value[1:].upper()}"/></a:{key}>' for key, value in colours.items())
    scheme = f'<a:clrScheme name="campaign-roi">{inner}</a:clrScheme>'
    xml = re.sub(r"<a:clrScheme.*?</a:clrScheme>", lambda _: scheme, xml, count=1, flags=re.DOTALL)
    face = f"<a:latin typeface={quoteattr(font_of(brand))}/>"
    part._blob = re.sub(r'<a:latin typeface="[^"]*"/>', lambda _: face, xml).encode()


def font_of(brand: Brand) -> str:
    """Give the font of a deck: the brand's; without one, a font that every office has."""
    return _OFFICE_FONT if brand.font == PLAIN.font else brand.font[0]


def _add_logo(master: Any, brand: Brand) -> None:
    """Put the logo on every slide, once."""
    if brand.raster_logo is None:
        return
    from pptx.oxml.shapes.picture import CT_Picture

    image, related = master.part.get_or_add_image_part(str(brand.raster_logo))
    width, height = image.image.size
    scale = min(_LOGO.width / width, _LOGO.height / height)
    box = Box(_LOGO.right - width * scale, _LOGO.top, width * scale, height * scale)
    sides = (_emu(side) for side in (box.left, box.top, box.width, box.height))
    tree = master.shapes._spTree
    tree.append(CT_Picture.new_pic(99, "Logo", "logo", related, *sides))  # type: ignore[no-untyped-call]
