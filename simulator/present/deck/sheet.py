"""The sheet behind a native chart: what a reader sees and edits when the numbers are opened.

In: columns. Out: the bytes of a workbook, and how a chart refers to its cells. Invariants: every number stands there to
the last bit; a name is a text, whatever it begins with; formulas are of this program only, and the chart holds their
results, so both say the same; the same columns give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from simulator.present.digits import clean
from simulator.present.workbook import Exact

SHEET = "numbers"
_CREATED = datetime(2000, 1, 1)  # the same for all, so that bytes are


@dataclass(frozen=True)
class Computed:
    """A cell that follows from others: its formula, "{row}" where the row's number stands, and its result."""

    formula: str
    value: float | None


Cell = str | float | Computed | None


@dataclass(frozen=True)
class Column:
    """A column: what it holds, its cells, and how its numbers are written."""

    header: str
    cells: tuple[Cell, ...]
    code: str = "General"


def workbook_bytes(columns: Sequence[Column]) -> bytes:
    """Write columns beside each other, in the order in which `letter` counts them."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(SHEET)
        for place, column in enumerate(columns):
            page.write_string(0, place, clean(column.header))
            look = book.add_format({"num_format": column.code})
            for row, cell in enumerate(column.cells, 1):
                _put(page, row, place, cell, look)
            page.set_column(place, place, 16)
    return file.getvalue()


def letter(place: int) -> str:
    """Name a column as spreadsheets do."""
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def cells(place: int, column: Column) -> str:
    """Name all cells of a column but its header."""
    name = letter(place)
    return f"{SHEET}!${name}$2:${name}${len(column.cells) + 1}"


def number_of(cell: Cell) -> float | None:
    """Give the number that stands in a cell."""
    value = cell.value if isinstance(cell, Computed) else cell
    assert not isinstance(value, str)
    return value


def number_reference(place: int, column: Column) -> str:
    """Refer to a column of numbers, and say what stands there."""
    points = _points(None if (n := number_of(cell)) is None else repr(float(n)) for cell in column.cells)
    held = f"<c:formatCode>{escape(column.code)}</c:formatCode>{points}"
    return f"<c:numRef><c:f>{cells(place, column)}</c:f><c:numCache>{held}</c:numCache></c:numRef>"


def text_reference(place: int, column: Column) -> str:
    """Refer to a column of texts."""
    points = _points(str(cell) for cell in column.cells)
    return f"<c:strRef><c:f>{cells(place, column)}</c:f><c:strCache>{points}</c:strCache></c:strRef>"


def header_reference(place: int, column: Column) -> str:
    """Refer to the header of a column."""
    points = _points([column.header])
    return f"<c:strRef><c:f>{SHEET}!${letter(place)}$1</c:f><c:strCache>{points}</c:strCache></c:strRef>"


def points_of(column: Column) -> str:
    """Say what stands in a column of texts."""
    return _points(str(cell) for cell in column.cells)


def _points(values: Iterable[str | None]) -> str:
    every = list(values)
    points = (
        f'<c:pt idx="{place}"><c:v>{escape(clean(value))}</c:v></c:pt>'
        for place, value in enumerate(every)
        if value is not None
    )
    return f'<c:ptCount val="{len(every)}"/>{"".join(points)}'


def _put(page: Any, row: int, place: int, cell: Cell, look: Any) -> None:
    if isinstance(cell, Computed):
        value = "" if cell.value is None else Exact(cell.value)
        page.write_formula(row, place, "=" + cell.formula.replace("{row}", str(row + 1)), look, value)
    elif isinstance(cell, str):
        page.write_string(row, place, clean(cell))
    elif cell is not None:
        page.write_number(row, place, Exact(cell), look)
