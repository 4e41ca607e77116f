"""Pieces that native charts are made of, as XML.

In: what is said or shown. Out: elements of DrawingML charts. Invariants: colours are places in the theme, so a
company's template recolours a chart; text is escaped; a label that is written beside a number is linked to its cell.

References:
    ECMA-376 Part 1, 21.2 (DrawingML charts); [MS-ODRAWXML] 2.24.3 (labels from cells).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from simulator.present.brand import PLAIN
from simulator.present.colour import contrast
from simulator.present.deck.axes import Scale
from simulator.present.deck.measure import Box
from simulator.present.deck.sheet import Column, cells, points_of
from simulator.present.digits import clean
from simulator.present.pitch.chart import Colour

SIZE = 14.0  # of letters in charts [pt]
ACCENTS = 6
MUTED = PLAIN.muted
_C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
_EXTENDED = f'<c:ext uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}" xmlns:c15="{_C15}">'
_NO_LEADERS = '<c15:showLeaderLines val="0"/>'
# Labels that were moved get no line to where they would stand.
UNLED = f"<c:extLst>{_EXTENDED}{_NO_LEADERS}</c:ext></c:extLst>"
_FIELD = "{5F3B6F0A-6C0B-4C39-9C3D-0000000%05d}"
# What stands for gain and loss where a theme knows no such thing: the colours of the first two plans.
_DARKER = '<a:lumMod val="50000"/>'  # of a theme's colours, when they come again
_PALE = '<a:lumMod val="40000"/><a:lumOff val="60000"/>'
_MEANT = {"gain": 0, "loss": 1}


@dataclass(frozen=True)
class Palette:
    """The colours that a theme has for its places, as "#rrggbb", for what must stand out from them."""

    accents: tuple[str, ...]
    ink: str
    ground: str

    def on(self, of: Colour) -> str:
        """Give the place in the theme of the letters that are easier to read on a colour."""
        of = _MEANT.get(of, of) if isinstance(of, str) else of
        if isinstance(of, int) and of >= ACCENTS:
            return "bg1"
        behind = self.accents[of % ACCENTS] if isinstance(of, int) else MUTED if of == "muted" else self.ink
        return max(("tx1", self.ink), ("bg1", self.ground), key=lambda way: contrast(way[1], behind))[0]


def colour(of: Colour, opacity: float = 1.0) -> str:
    """Give a colour as its place in the theme."""
    of = _MEANT.get(of, of) if isinstance(of, str) else of
    inner = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1 else ""
    if of == "pale":
        return f'<a:schemeClr val="accent1">{_PALE}{inner}</a:schemeClr>'
    if isinstance(of, int):
        again = _DARKER if of >= ACCENTS else ""
        return f'<a:schemeClr val="accent{of % ACCENTS + 1}">{again}{inner}</a:schemeClr>'
    grey = '<a:lumMod val="65000"/><a:lumOff val="35000"/>' if of == "muted" else ""
    return f'<a:schemeClr val="tx1">{grey}{inner}</a:schemeClr>'


def filled(of: Colour, opacity: float = 1.0) -> str:
    """Fill a shape, without an outline."""
    solid = f"<a:solidFill>{colour(of, opacity)}</a:solidFill>"
    return f"<c:spPr>{solid}<a:ln><a:noFill/></a:ln></c:spPr>"


def unseen() -> str:
    """Leave a shape out of sight."""
    return "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"


def stroke(of: Colour, points: float, *, dashed: bool = False) -> str:
    """Draw a line."""
    dash = '<a:prstDash val="dash"/>' if dashed else ""
    solid = f"<a:solidFill>{colour(of)}</a:solidFill>"
    return f'<a:ln w="{round(points * 12_700)}" cap="rnd">{solid}{dash}<a:round/></a:ln>'


def letters(size: float = SIZE, of: Colour = "ink", *, bold: bool = False, inner: str = "") -> str:
    """Set the letters of a part of a chart."""
    solid = f"<a:solidFill>{colour(of)}</a:solidFill>"
    font = '<a:latin typeface="+mn-lt"/><a:cs typeface="+mn-cs"/>'
    set_as = f'<a:defRPr lang="en-US" sz="{round(size * 100)}" b="{int(bold)}">{solid}{font}</a:defRPr>'
    return f"<c:txPr><a:bodyPr {inner}/><a:lstStyle/><a:p><a:pPr>{set_as}</a:pPr></a:p></c:txPr>"


def rich(paragraphs: list[str], size: float = SIZE, of: Colour = "ink", *, bold: bool = False) -> str:
    """Write text that is no cell's."""
    solid = f"<a:solidFill>{colour(of)}</a:solidFill>"
    look = f'<a:rPr lang="en-US" sz="{round(size * 100)}" b="{int(bold)}">{solid}</a:rPr>'
    body = "".join(
        f'<a:p><a:pPr algn="l"/><a:r>{look}<a:t>{escape(clean(text))}</a:t></a:r></a:p>' for text in paragraphs
    )
    return f'<c:tx><c:rich><a:bodyPr rot="0" wrap="none"/><a:lstStyle/>{body}</c:rich></c:tx>'


def moved(x: float, y: float) -> str:
    """Move a label from where it would stand, in shares of the chart."""
    if not x and not y:
        return ""
    return f'<c:layout><c:manualLayout><c:x val="{x:.6f}"/><c:y val="{y:.6f}"/></c:manualLayout></c:layout>'


def placed(box: Box, frame: Box, target: str = "") -> str:
    """Lay out a part of a chart at a place within its frame [in]."""
    shares = (box.left / frame.width, box.top / frame.height, box.width / frame.width, box.height / frame.height)
    x, y, w, h = (f"{share:.6f}" for share in shares)
    inner = f'<c:layoutTarget val="{target}"/>' if target else ""
    sized = f'<c:w val="{w}"/><c:h val="{h}"/>' if box.width else ""
    modes = '<c:xMode val="edge"/><c:yMode val="edge"/>'
    return (
        f'<c:layout><c:manualLayout>{inner}{modes}<c:x val="{x}"/><c:y val="{y}"/>{sized}</c:manualLayout></c:layout>'
    )


def title(text: str, box: Box, frame: Box) -> str:
    """Title an axis at a place of its own, level."""
    words = rich([text])
    return f'<c:title>{words}{placed(box, frame)}<c:overlay val="0"/></c:title>'


_SHOWN = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")


def shown(*what: str) -> str:
    """Say what labels show."""
    return "".join(f'<c:show{part} val="{int(part in what)}"/>' for part in _SHOWN)


@dataclass(frozen=True)
class Label:
    """A label at a number: how far it is moved [shares of the chart], and where it stands before that."""

    index: int
    text: str
    x: float = 0.0
    y: float = 0.0
    position: str = "outEnd"
    colour: str = "tx1"


def labels(every: list[Label], place: int, column: Column) -> tuple[str, str]:
    """Write labels that are linked to the cells of a column.

    Returns:
        What the series holds as its labels, and what stands at its end.
    """
    if not every:
        return f"<c:dLbls>{shown()}</c:dLbls>", ""
    ends = '<c15:showDataLabelsRange val="1"/></c:ext>'
    points = "".join(_label(one, f"<c:extLst>{_EXTENDED}<c15:dlblFieldTable/>{ends}</c:extLst>") for one in every)
    others = f'<c:extLst>{_EXTENDED}<c15:showDataLabelsRange val="0"/>{_NO_LEADERS}</c:ext></c:extLst>'
    held = f"<c15:f>{cells(place, column)}</c15:f><c15:dlblRangeCache>{points_of(column)}</c15:dlblRangeCache>"
    uri = "{02D57815-91ED-43cb-92C2-25804820EDAC}"
    inner = f"<c15:datalabelsRange>{held}</c15:datalabelsRange>"
    range_ = f'<c:extLst><c:ext uri="{uri}" xmlns:c15="{_C15}">{inner}</c:ext></c:extLst>'
    return f"<c:dLbls>{points}{shown()}{others}</c:dLbls>", range_


def _label(one: Label, link: str) -> str:
    solid = f'<a:solidFill><a:schemeClr val="{one.colour}"/></a:solidFill>'
    look = f'<a:rPr lang="en-US" sz="{round(SIZE * 100)}">{solid}</a:rPr>'
    field = (
        f'<a:fld id="{_FIELD % one.index}" type="CELLRANGE">{look}<a:pPr/><a:t>{escape(clean(one.text))}</a:t></a:fld>'
    )
    text = f'<c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p>{field}</a:p></c:rich></c:tx>'
    position = f'<c:dLblPos val="{one.position}"/>'
    return f'<c:dLbl><c:idx val="{one.index}"/>{moved(one.x, one.y)}{text}{position}{shown()}{link}</c:dLbl>'


def error_bars(plus: str, minus: str, direction: str = "", of: Colour = "ink", points: float = 1.5) -> str:
    """Draw intervals; `direction` is "" for bars, x or y for points."""
    way = f'<c:errDir val="{direction}"/>' if direction else ""
    kinds = '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
    line = f"<c:spPr>{stroke(of, points)}</c:spPr>"
    return f"<c:errBars>{way}{kinds}<c:plus>{plus}</c:plus><c:minus>{minus}</c:minus>{line}</c:errBars>"


@dataclass(frozen=True)
class AxisPlace:
    """Where an axis stands: its number, the one it crosses, its side, and what its labels are moved by."""

    number: int
    crosses: int
    side: str
    reversed: bool = False
    crosses_at: str = "autoZero"


def category_axis(place: AxisPlace, heading: str, *, breaks: bool = True) -> str:
    """Write an axis of names, which are broken into lines, or of ticks, which are not; neither is turned."""
    # the smallest turn there is keeps programs from breaking a number in two
    words = letters(inner=f'rot="{0 if breaks else 1}" vert="horz"')
    return (
        f"<c:catAx>{_axis_head(place, None)}{heading}"
        f'<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr>{stroke("muted", 1)}</c:spPr>{words}'
        f'<c:crossAx val="{place.crosses}"/><c:crosses val="{place.crosses_at}"/><c:auto val="0"/>'
        f'<c:lblAlgn val="ctr"/><c:lblOffset val="50"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def value_axis(place: AxisPlace, scale: Scale, heading: str, *, grid: bool = True, between: bool = True) -> str:
    """Write an axis of numbers."""
    pale = (
        '<a:ln w="6350"><a:solidFill><a:schemeClr val="tx1"><a:alpha val="18000"/></a:schemeClr></a:solidFill></a:ln>'
    )
    lines = f"<c:majorGridlines><c:spPr>{pale}</c:spPr></c:majorGridlines>" if grid else ""
    # what lies below 0 does not lift the labels of the other axis
    labels_at = "nextTo" if grid else "low"
    own = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>" if grid else f"<c:spPr>{stroke('muted', 1)}</c:spPr>"
    words = letters(inner='rot="0" vert="horz"')
    return (
        f"<c:valAx>{_axis_head(place, scale)}{lines}{heading}"
        f'<c:numFmt formatCode={quoteattr(scale.code)} sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{labels_at}"/>{own}{words}'
        f'<c:crossAx val="{place.crosses}"/><c:crosses val="{place.crosses_at}"/>'
        f'<c:crossBetween val="{"between" if between else "midCat"}"/><c:majorUnit val="{scale.step!r}"/></c:valAx>'
    )


def _axis_head(place: AxisPlace, scale: Scale | None) -> str:
    ends = "" if scale is None else f'<c:max val="{scale.high!r}"/><c:min val="{scale.low!r}"/>'
    way = "maxMin" if place.reversed else "minMax"
    return (
        f'<c:axId val="{place.number}"/><c:scaling><c:orientation val="{way}"/>{ends}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{place.side}"/>'
    )


def legend(box: Box, frame: Box, hidden: Sequence[int] = ()) -> str:
    """Name the series above the chart, but those that are hidden there."""
    gone = "".join(f'<c:legendEntry><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>' for number in hidden)
    return f'<c:legend><c:legendPos val="t"/>{gone}{placed(box, frame)}<c:overlay val="0"/>{letters()}</c:legend>'


def space(plot: Box, frame: Box, content: str, key: str) -> bytes:
    """Put a whole chart together."""
    names = (
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {names}><c:date1904 val="0"/>'
        f'<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        f"{placed(plot, frame, 'inner')}{content}</c:plotArea>{key}"
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{letters()}</c:chartSpace>'
    ).encode()
