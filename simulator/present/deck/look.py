"""What a deck is put on: the layouts that it uses, and where on them there is room.

In: an open presentation without slides. Out: a `Look`. Invariants: layouts are found by what they hold, never by their
names; what no layout offers has a place of the program's own, which touches none of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.errors import ScenarioError
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import ACCENTS, Palette

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import SlideLayout

EMU = 914_400
_TITLE_SIZE = 44.0  # where nothing says another [pt]
_FOOT = 0.35  # how high a footer of the program's own is [in]
# Of a slide: the least part that may be called room for an exhibit, as width and height.
_LEAST = (0.6, 0.4)


@dataclass(frozen=True)
class Look:
    """A presentation, and what its slides are made with.

    Attributes:
        presentation: Open, without slides.
        cover: The layout of the first slide, and of dividers.
        content: The layout with a title and room for text.
        bare: The layout with a title only.
        size: Of a slide.
        title: Where a title stands, on `content`.
        body: Where there is room, on `content` and on `bare`.
        title_size: Of a title's letters, as the layout has it [pt].
        title_bold: Whether they are bold.
        bulleted: Whether paragraphs of the layout begin with a bullet, which takes room.
        palette: The colours of the theme.
        font: Of the theme, for text.
        notes: What the template lacks, in sentences.
    """

    presentation: Presentation
    cover: SlideLayout
    content: SlideLayout | None
    bare: SlideLayout
    size: Box
    title: Box
    body: Box
    title_size: float
    title_bold: bool
    bulleted: bool
    palette: Palette
    font: str
    notes: tuple[str, ...] = ()


def look_at(presentation: Presentation, name: str) -> Look:
    """Find the layouts of a presentation.

    Raises:
        ScenarioError: no layout has a title.
    """
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if title_of(layout) is not None]
    if not titled:
        raise ScenarioError(
            f"{name}: none of its {len(layouts)} layouts has a title, and every slide of the deck has one. "
            "Give a layout a title (View, Slide Master, Insert Placeholder), or take another template."
        )
    size = Box(0, 0, (presentation.slide_width or 0) / EMU, (presentation.slide_height or 0) / EMU)
    content = next((layout for layout in titled if _is_content(layout, size)), None)
    bare = next((layout for layout in titled if not _filled(layout)), None) or content or titled[0]
    cover = next((layout for layout in titled if _kinds(layout) & {"CENTER_TITLE", "SUBTITLE"}), None)
    title = box_of(title_of(content or bare))
    body = _body(content, bare, size)
    notes = _notes(name, content, cover, content or bare)
    letters = (letters_of(content or bare), bool(_style(content or bare, "titleStyle", "a:lvl1pPr/a:defRPr[@b='1']")))
    bulleted = bool(_style(content or bare, "bodyStyle", "a:lvl1pPr/a:buChar"))
    return Look(
        presentation,
        cover or content or bare,
        content,
        bare,
        size,
        title,
        body,
        *letters,
        bulleted,
        *_theme(content or bare),
        notes,
    )


def title_of(layout: Any) -> Any:
    """Give the title of a layout or a slide, None where it has none."""
    return next((shape for shape in layout.placeholders if _kind(shape) in ("TITLE", "CENTER_TITLE")), None)


def placeholder_of(layout: Any, *kinds: str) -> Any:
    """Give the first placeholder of one of these kinds, None where there is none."""
    return next((shape for shape in layout.placeholders if _kind(shape) in kinds), None)


def box_of(shape: Any) -> Box:
    """Give where a shape stands."""
    return Box(*((side or 0) / EMU for side in (shape.left, shape.top, shape.width, shape.height)))


def _kind(shape: Any) -> str:
    return str(shape.placeholder_format.type.name)


def _kinds(layout: Any) -> set[str]:
    return {_kind(shape) for shape in layout.placeholders}


_AROUND = {"TITLE", "CENTER_TITLE", "DATE", "FOOTER", "SLIDE_NUMBER"}


def _filled(layout: Any) -> list[Any]:
    """Give what a layout holds beside its title and what stands around."""
    return [shape for shape in layout.placeholders if _kind(shape) not in _AROUND]


def _is_content(layout: Any, size: Box) -> bool:
    held = _filled(layout)
    return len(held) == 1 and _kind(held[0]) in ("OBJECT", "BODY") and _is_large(box_of(held[0]), size)


def _is_large(box: Box, size: Box) -> bool:
    return box.width >= _LEAST[0] * size.width and box.height >= _LEAST[1] * size.height


def _body(content: Any, bare: Any, size: Box) -> Box:
    """Give the room of the layout with text, else what its title and its footer leave."""
    if content is not None:
        return box_of(_filled(content)[0])
    margin, title = 0.04 * size.width, box_of(title_of(bare))
    others = [box_of(s) for s in bare.placeholders if _kind(s) in _AROUND - {"TITLE", "CENTER_TITLE"}]
    above = title.bottom + 0.1 if title.top < size.height / 2 else margin
    ends = [box.top for box in [title, *others] if box.top > above and box.top > size.height / 2]
    below = min(ends, default=size.height - _FOOT - 0.1) - 0.1
    return Box(margin, above, size.width - 2 * margin, below - above)


def foot_of(look: Look) -> Box:
    """Give a place at the bottom for what the layout has no placeholder for."""
    return Box(look.body.left, look.size.height - _FOOT, look.body.width, _FOOT)


def _notes(name: str, content: Any, cover: Any, used: Any) -> tuple[str, ...]:
    lacks = [
        ("a layout with a title and one large place for text; text stands in boxes", content is None),
        ("a layout for a title slide; the first slide is like the others", cover is None),
        ("a place for a footer; it stands at the bottom edge", placeholder_of(used, "FOOTER") is None),
        ("a place for the slide's number; it stands at the bottom edge", placeholder_of(used, "SLIDE_NUMBER") is None),
    ]
    return tuple(f"{name}: the template has not {what}." for what, missing in lacks if missing)


def _theme(layout: Any) -> tuple[Palette, str]:
    """Read the colours and the font of the theme that a layout has from its master."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    master = layout.slide_master
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    colours = {
        etree.QName(place).localname: "#" + next((c.get("lastClr") or c.get("val") for c in place), "000000").lower()
        for place in theme.iterfind(f".//{_A}clrScheme/*")
    }
    means = master._element.xpath("./p:clrMap")[0].attrib
    used = {key: colours.get(means.get(key, key), "#000000") for key in ("tx1", "bg1")}
    accents = tuple(colours.get(f"accent{place}", "#000000") for place in range(1, ACCENTS + 1))
    face = theme.find(f".//{_A}minorFont/{_A}latin")
    return Palette(accents, used["tx1"], used["bg1"]), "" if face is None else face.get("typeface", "")


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def letters_of(layout: Any) -> float:
    """Give the size of titles: of the layout's own, else of its master's, else of the master's style."""
    inner = "./p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz"
    shapes = [shape for shape in (title_of(layout), title_of(layout.slide_master)) if shape is not None]
    found = [size for shape in shapes for size in shape._element.xpath(inner)]
    found = found or _style(layout, "titleStyle", "a:lvl1pPr/a:defRPr/@sz")
    return int(found[0]) / 100 if found else _TITLE_SIZE


def _style(layout: Any, style: str, path: str) -> list[Any]:
    found: Iterable[Any] = layout.slide_master._element.xpath(f"./p:txStyles/p:{style}/{path}")
    return list(found)
