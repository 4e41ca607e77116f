"""Tables on slides: columns as wide as they need to be, rows as many as fit.

In: a `Table` and a place. Out: its parts, one for each slide, and native tables of them. Invariants: no cell takes more
room than its row gives it; every row comes, on a further slide where it does not fit on the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulator.present.deck import measure
from simulator.present.deck.measure import Box
from simulator.present.deck.text import in_width, set_text
from simulator.present.pitch.exhibit import Table

if TYPE_CHECKING:
    from pptx.slide import Slide

SIZES = (14.0, 13.0, 12.0)
MOST_ROWS = 16
_INSET_X, _INSET_Y = 0.08, 0.04
# Built into every PowerPoint: no fill and no lines, so that a company's theme is not painted over.
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_SPACING = 2 * _INSET_X + 0.04
_HALVINGS = 40  # after which a width is exact, but for less than anybody sees


@dataclass(frozen=True)
class Laid:
    """A part of a table as it stands on one slide: header and rows, widths and heights [in], size of letters [pt]."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float


def laid_out(table: Table, box: Box) -> list[Laid]:
    """Lay out a table in as many parts as it needs."""
    header = tuple(map(set_text, table.header))
    rows = [tuple(map(set_text, row)) for row in table.rows]
    for size in SIZES:
        widths = _widths([header, *rows], size, box.width)
        fitting = [_in_widths(row, widths, size) for row in rows]
        parts = list(_parts(header, fitting, widths, size, box.height))
        if len(parts) <= -(-len(rows) // MOST_ROWS):
            return parts
    return parts


def _in_widths(row: Sequence[str], widths: Sequence[float], size: float) -> tuple[str, ...]:
    """Let intervals be broken that are wider than their column."""
    cells = enumerate(zip(row, widths, strict=True))
    return tuple(in_width(text, size, width - 2 * _INSET_X, bold=not place) for place, (text, width) in cells)


def beginning(table: Table, box: Box) -> Laid:
    """Lay out as many of a table's first rows as fit, one at least."""
    for count in range(min(len(table.rows), MOST_ROWS), 0, -1):
        part, *others = laid_out(replace(table, rows=table.rows[:count]), box)
        if not others and sum(part.heights) <= box.height:
            break
    return part


def _widths(rows: Sequence[Sequence[str]], size: float, width: float) -> tuple[float, ...]:
    """Give each column what its longest cell needs, headers last; where that is too much, the wide ones give way."""
    columns = list(zip(*rows, strict=True))
    wanted = [_widest(of, size, bold=not place) + _SPACING for place, of in enumerate(columns)]
    words = [[word for text in of for word in measure.words(text)] or [""] for of in columns]
    least = [_widest(of, size, bold=not place) + _SPACING for place, of in enumerate(words)]
    floor = [min(need, most, width / len(columns)) for need, most in zip(least, wanted, strict=True)]
    cells = [_widest(("", *of[1:]), size, bold=not place) + _SPACING for place, of in enumerate(columns)]
    without_headers = [max(need, least) for need, least in zip(cells, floor, strict=True)]
    return _shared_out(_shared_out(floor, without_headers, width), wanted, width)


def _shared_out(floor: Sequence[float], wanted: Sequence[float], width: float) -> tuple[float, ...]:
    """Give each column what it wants up to one width, the largest that has room; none gets less than its floor.

    >>> [round(given, 6) for given in _shared_out([1, 1, 1], [1.5, 9, 2], 8)]
    [1.5, 4.5, 2]
    """

    def given(level: float) -> tuple[float, ...]:
        return tuple(min(most, max(least, level)) for least, most in zip(floor, wanted, strict=True))

    low, high = 0.0, max(wanted)
    if sum(given(high)) <= width:
        return given(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(given(middle)) <= width else (low, middle)
    return given(low)


def _widest(texts: Sequence[str], size: float, *, bold: bool) -> float:
    """Measure the widest of some cells, the first of which is the header and bold."""
    return max(measure.width_of(text, size, bold=bold or place == 0) for place, text in enumerate(texts))


def _parts(
    header: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: Sequence[float], size: float, room: float
) -> Iterator[Laid]:
    """Give the parts of a table, each as long as fits, and about equally long."""
    high = [_height(row, widths, size, head=not place) for place, row in enumerate((header, *rows))]
    most = _most(high, room)
    count = max(-(-len(rows) // most), 1)
    each = -(-len(rows) // count)
    start = 0
    while start < len(rows) or start == 0:
        end = min(start + each, len(rows))
        while end > start + 1 and high[0] + sum(high[start + 1 : end + 1]) > room:
            end -= 1
        heights = (high[0], *high[start + 1 : end + 1])
        yield Laid((header, *rows[start:end]), tuple(widths), heights, size)
        start = end
        if not rows:
            return


def _most(high: Sequence[float], room: float) -> int:
    """Count how many rows of the usual height fit."""
    usual = sum(high[1:]) / max(len(high) - 1, 1)
    return max(min(int((room - high[0]) / usual) if usual else MOST_ROWS, MOST_ROWS), 1)


def _height(row: Sequence[str], widths: Sequence[float], size: float, *, head: bool) -> float:
    cells = enumerate(zip(row, widths, strict=True))
    lines = max(
        len(measure.broken(text, size, width - 2 * _INSET_X, bold=head or place == 0)) for place, (text, width) in cells
    )
    return measure.height_of(lines, size) + 2 * _INSET_Y


def add_table(slide: Slide, laid: Laid, box: Box, name: str, alt: str) -> None:
    """Put a part of a table on a slide."""
    from pptx.util import Inches

    sides = (box.left, box.top, sum(laid.widths), sum(laid.heights))
    frame = slide.shapes.add_table(len(laid.rows), len(laid.widths), *(Inches(side) for side in sides))
    frame.name = name
    frame._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", alt)
    table = frame.table
    table._tbl.xpath("./a:tblPr/a:tableStyleId")[0].text = _NO_STYLE
    table.horz_banding = False
    for place, width in enumerate(laid.widths):
        table.columns[place].width = Inches(width)
    for row, (cells, height) in enumerate(zip(laid.rows, laid.heights, strict=True)):
        table.rows[row].height = Inches(height)
        for column, text in enumerate(cells):
            _write(table.cell(row, column), text, laid.size, head=row == 0, bold=row == 0 or column == 0)


def _write(cell: Any, text: str, size: float, *, head: bool, bold: bool) -> None:
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    cell.margin_left = cell.margin_right = Inches(_INSET_X)
    cell.margin_top = cell.margin_bottom = Inches(_INSET_Y)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    run = cell.text_frame.paragraphs[0].add_run()
    run.text = text
    run._r.get_or_add_rPr().set("lang", "en-US")
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    _underline(cell, 1.5 if head else 0.75, grey=not head)


def _underline(cell: Any, points: float, *, grey: bool) -> None:
    """Draw the line under a cell."""
    from pptx.oxml import parse_xml

    paler = '<a:lumMod val="25000"/><a:lumOff val="75000"/>' if grey else ""
    names = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    solid = f'<a:solidFill><a:schemeClr val="tx1">{paler}</a:schemeClr></a:solidFill>'
    line = f'<a:lnB {names} w="{round(points * 12_700)}">{solid}</a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))
