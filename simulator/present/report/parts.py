"""An exhibit as it stands on the page, and the numbers behind it as a table.

In: an exhibit. Out: a `Part`. Invariants: a part that has a picture has a table and a text for it; a cell that holds a
number names the entry of the glossary that explains it, where its exhibit says which measure it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from simulator.present.digits import NUMBER, UNDEFINED, Unit, rounded, tick_text, with_interval
from simulator.present.pitch.chart import Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.report.drawings import Drawing

# Of more places than this along an axis, a table shows some.
MOST_PLACES = 25
# Longer cells are words, whatever numbers are in them.
_LONGEST_NUMBER = 40
# Numbers of fewer letters stay in one line.
_SHORT = 20
# Letters that a line of a table has room for in a narrow place, and those of it that a column of words takes.
_NARROW, _WORDS = 51, 14


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the measure it is of, "" for none."""

    text: str
    measure: str = ""

    @property
    def short(self) -> bool:
        """Say whether it is a number or two, such as the ends of a range, and not a text."""
        return len(self.text) <= _SHORT and any(letter.isdigit() for letter in self.text)

    @property
    def value(self) -> str:
        """Give what stands before the interval."""
        return self.text.partition(" (")[0]

    @property
    def interval(self) -> str:
        """Give the interval behind a value, in its brackets; "" where there is none, as in a text."""
        value, opened, inside = self.text.partition(" (")
        told = inside.endswith(")") and len(value) <= _LONGEST_NUMBER and any(letter.isdigit() for letter in value)
        return opened.lstrip() + inside if told else ""


@dataclass(frozen=True)
class DataTable:
    """A table as it is laid out: the first cell of each row names it."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def wordy(self) -> tuple[bool, ...]:
        """Say of each column whether it holds words, which are read from their beginnings, and not numbers."""
        return tuple(_is_wordy(column) for column in zip(*self.rows, strict=True))

    @property
    def stacked(self) -> bool:
        """Say whether in a narrow place each of its rows is a list, because its columns have no room there."""
        columns = list(zip(self.header, zip(*self.rows, strict=True), self.wordy, strict=True))[1:]
        told = (_WORDS if wordy else _letters(name, column) for name, column, wordy in columns)
        return _WORDS + sum(told) > _NARROW


def _is_wordy(column: Sequence[Cell]) -> bool:
    longest = max(len(cell.text) for cell in column)
    return longest > _LONGEST_NUMBER or not any(letter.isdigit() for cell in column for letter in cell.text)


def _letters(name: str, column: Sequence[Cell]) -> int:
    """Count the letters that a column of numbers takes at least."""
    inside = (part for cell in column for part in ((cell.value, cell.interval) if cell.interval else (cell.text,)))
    return max(map(len, [*inside, *name.replace("_", " ").split()])) + 1


@dataclass(frozen=True)
class Part:
    """An exhibit with its picture, None where there is none, and the numbers behind it."""

    exhibit: Exhibit
    drawing: Drawing | None
    table: DataTable | None


def part_of(exhibit: Exhibit, drawing: Drawing | None) -> Part:
    """Put an exhibit together with its picture and its table."""
    return Part(exhibit, drawing, data_table(exhibit))


def data_table(exhibit: Exhibit) -> DataTable | None:
    """Give the numbers behind an exhibit: its table, else those of its chart."""
    if exhibit.table is not None:
        return _of_table(exhibit.table)
    return _of_chart(exhibit.chart) if exhibit.chart is not None else None


def _of_table(table: Table) -> DataTable:
    rows = zip_longest(table.rows, table.row_measures, fillvalue="")
    return DataTable(table.header, tuple(tuple(_cells(row, of_row, table.column_measures)) for row, of_row in rows))


def _cells(row: Sequence[str], of_row: str, of_columns: Sequence[str]) -> Iterator[Cell]:
    for place, text in enumerate(row):
        measure = of_row or (of_columns[place] if place < len(of_columns) else "")
        yield Cell(text, measure if place and text else "")


def _of_chart(chart: Chart) -> DataTable:
    """Write the numbers of a chart, a row per category or per place along its axis."""
    names = chart.categories or tuple(tick_text(place, chart.along.unit) for place in chart.at)
    kept = _kept(len(names))
    note = f"{len(kept)} of {len(names):,} places along the axis." if len(kept) < len(names) else ""
    header = (chart.along.title, *(f"{series.name} ({chart.across.title})" for series in chart.series))
    rows = ((Cell(names[at]), *(Cell(_number(of, at, chart.across.unit)) for of in chart.series)) for at in kept)
    return DataTable(header, tuple(rows), note)


def _kept(count: int) -> list[int]:
    """Choose places, the first and the last among them, equally far apart but for rounding.

    >>> _kept(3), len(_kept(500)), _kept(500)[-1]
    ([0, 1, 2], 25, 499)
    """
    if count <= MOST_PLACES:
        return list(range(count))
    return [round(step * (count - 1) / (MOST_PLACES - 1)) for step in range(MOST_PLACES)]


def _number(series: Series, at: int, unit: Unit = NUMBER) -> str:
    value = series.values[at]
    if value is None:
        return UNDEFINED
    if series.low and series.high:
        return with_interval({"value": value, "low": series.low[at], "high": series.high[at]}, unit)
    return series.labels[at] if series.labels and series.labels[at] else rounded(value, None, None, unit)
