"""A finished study as one workbook of sheets, for people who go on in a spreadsheet.

In: what a result folder holds. Out: the bytes of an .xlsx file. Invariants: the same scenario gives the same bytes; a
number is a number, exact to the last bit, and carries its unit; a name is a text, whatever it begins with; what is
undefined is an empty cell.

Sheets hold as many rows as spreadsheets do; a longer table goes on in a sheet that is called "replications 2".
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from simulator.present import digits, words
from simulator.present.hiring import account_sizes
from simulator.present.units import SHARE, unit_of
from simulator.scenario.toml_file import toml_values
from simulator.study.finished import Finished

MOST_ROWS = 1_048_576  # of a sheet, the header among them
_CREATED = datetime(2000, 1, 1)  # the same for all, so that bytes are; a workbook knows no zone
_CORE = "docProps/core.xml"
_BATCH = 10_000
_MOST_WHOLE = 10**15  # spreadsheets keep 15 digits; only a seed has more
_WIDEST = 60
_SHEETS = {
    "answer": "what may be concluded, the verdicts first",
    "summary": "every estimate of each strategy, with its interval",
    "comparisons": "the paired difference of each two strategies, a - b",
    "replications": "a row per strategy and replication; replications of the same number met the same market and luck",
    "creators": "a row per strategy and hired creator, means over all replications",
    "timeline": "cumulative reach, impressions and orders by hour: mean, and 10%, 50% and 90% points",
    "operations": "what happened in one replication of each strategy, chosen because much happens in it",
}

Cell = str | int | float | bool | date | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Sheet:
    """A table: its name, the words of its header (a unit of "" is none), and its rows, read once."""

    name: str
    header: tuple[str, ...]
    units: tuple[str, ...]
    rows: Iterable[Row]


class Exact(float):
    """A float that is written with all its digits; the library writes 16 of the 17 that may be needed."""

    def __format__(self, _spec: str) -> str:
        """Write all digits, whatever is asked for."""
        return repr(float(self))


def workbook_bytes(study: Finished) -> bytes:
    """Give a study as the bytes of a workbook."""
    import xlsxwriter

    file = io.BytesIO()
    # rows leave memory as they are written, for there may be millions
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        origin = f"campaign-roi export of {study.manifest['world_hash']}"
        book.set_properties({"title": study.summary["scenario"], "comments": origin, "created": _CREATED})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for sheet in _sheets(study):
            _write(book, looks, sheet)
    return file.getvalue()


def is_own_export(path: Path, data: bytes) -> bool:
    """Say whether a file is an export of the same scenario that nothing has changed since, going by its properties."""
    with suppress(OSError, KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as there:
        return there.read(_CORE) == zipfile.ZipFile(io.BytesIO(data)).read(_CORE)
    return False


# ---- what stands in the sheets


def _sheets(study: Finished) -> Iterator[Sheet]:
    currency = study.summary["currency"]
    sentences = words.answer(study.summary, account_sizes(study.tables["creators"].to_pylist())).sentences
    yield Sheet("answer", ("answer",), ("",), ((digits.clean(sentence),) for sentence in sentences))
    yield _summary(study.summary, currency)
    yield _comparisons(study.summary, currency)
    for name, table in study.tables.items():
        yield _table(name, table, currency)
    yield Sheet("about", ("what", "value"), ("", ""), _about(study))


_ESTIMATE = ("value", "low", "high", "level", "method", "n")


def _summary(summary: dict[str, Any], currency: str) -> Sheet:
    rows = (
        (strategy, *_figure_row(path, figure, currency))
        for strategy, its in summary["strategies"].items()
        for path, figure in _figures(its, ())
    )
    header = ("strategy", "measure", "figure", "unit", *_ESTIMATE)
    return Sheet("summary", header, _units(header, currency), rows)


def _comparisons(summary: dict[str, Any], currency: str) -> Sheet:
    rows = (
        (pair["a"], pair["b"], *_figure_row((pair["measure"], *path), figure, currency))
        for pair in summary["comparisons"]
        for path, figure in _figures({key: pair[key] for key in pair if key not in ("a", "b", "measure")}, ())
    )
    header = ("a", "b", "measure", "figure", "unit", *_ESTIMATE)
    return Sheet("comparisons", header, _units(header, currency), rows)


def _figures(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Give every estimate, and every other value as one without interval, by its path."""
    if isinstance(node, dict) and "value" in node and "method" in node:
        yield path, node
        yield from _figures(node.get("across_markets"), (*path, "across markets"))
    elif isinstance(node, dict | list):
        inner = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in inner:
            yield from _figures(value, (*path, str(key)))
    elif node is not None:
        yield path, {"value": node}


def _figure_row(path: tuple[str, ...], figure: dict[str, Any], currency: str) -> Row:
    named = (path[0], " ".join(path[1:]).replace("quantiles ", "quantile "))
    return (*named, unit_of(path, currency), *(figure.get(key) for key in _ESTIMATE))


def _table(name: str, table: Any, currency: str) -> Sheet:
    header, rows = tuple(table.column_names), _rows(table)
    if (told_by := next((key for key in ("measure", "what") if key in header), None)) is not None:
        # the unit of a value depends on the row
        place = header.index(told_by)
        header, rows = (*header, "unit"), ((*row, unit_of([str(row[place])], currency)) for row in rows)
    return Sheet(name, header, _units(header, currency), rows)


def _rows(table: Any) -> Iterator[Row]:
    for batch in table.to_batches(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _units(header: Sequence[str], currency: str) -> tuple[str, ...]:
    return tuple(unit_of([name], currency) for name in header)


def _about(study: Finished) -> Iterator[Row]:
    summary, start = study.summary, toml_values(study.scenario_toml).get("start_date")
    yield "scenario", summary["scenario"]
    yield "title", summary["title"]
    yield "hash of the scenario", summary["hash"]
    yield from ((key, summary[key]) for key in ("seed", "replications", "markets", "currency", "budget"))
    yield "horizon [days]", summary["horizon_days"]
    yield "start date", date.fromisoformat(start) if start else None
    yield from ((f"version of {name}", version) for name, version in study.manifest["versions"].items())
    yield from (
        (f"sheet {name}", text) for name, text in _SHEETS.items() if name != "operations" or name in study.tables
    )
    yield from ((f"formula of {name}", text) for name, text in summary["formulas"].items())
    yield from (("warning", text) for text in summary["warnings"])
    yield from (("scenario.toml", line) for line in study.scenario_toml.split("\n"))


# ---- how they are written


_LOOKS: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd"},
}


def _write(book: Any, looks: Mapping[str, Any], sheet: Sheet) -> None:
    """Write a table, in as many sheets as it needs."""
    rows, number = iter(sheet.rows), 1
    first = next(rows, None)
    while first is not None or number == 1:
        name = sheet.name if number == 1 else f"{sheet.name} {number}"
        kept = islice(chain([first] if first is not None else [], rows), MOST_ROWS - 1)
        _write_part(book.add_worksheet(name), looks, sheet, kept)
        first, number = next(rows, None), number + 1


def _write_part(page: Any, looks: Mapping[str, Any], sheet: Sheet, rows: Iterable[Row]) -> None:
    heads = [f"{name} [{unit}]" if unit else name for name, unit in zip(sheet.header, sheet.units, strict=True)]
    widths = [len(max(head.split(" ["), key=len)) for head in heads]
    of_row = sheet.header.index("unit") if "unit" in sheet.header else None
    last = 0
    for column, head in enumerate(heads):
        page.write_string(0, column, head, looks["header"])
    for last, row in enumerate(rows, 1):  # the number of the last row
        unit_here = "" if of_row is None else str(row[of_row])
        for column, (cell, unit) in enumerate(zip(row, sheet.units, strict=True)):
            _put(page, (last, column), cell, looks[_look(cell, unit or unit_here)])
            widths[column] = max(widths[column], len(cell) if isinstance(cell, str) else 0)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 3, _WIDEST))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, len(heads) - 1)


def _look(cell: Cell, unit: str) -> str:
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return "text"
    if unit == SHARE:
        return "percent"
    return "whole" if isinstance(cell, int) else "number"


def _put(page: Any, place: tuple[int, int], cell: Cell, look: Any) -> None:
    """Write a cell as what it is; a whole number of more digits than a spreadsheet keeps as text."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        refused = page.write_boolean(*place, cell, look)
    elif isinstance(cell, int | float) and abs(cell) < _MOST_WHOLE:
        refused = page.write_number(*place, Exact(cell) if isinstance(cell, float) else cell, look)
    elif isinstance(cell, date):
        refused = page.write_datetime(*place, cell, look)
    else:
        refused = page.write_string(*place, str(cell), look)
    assert not refused, f"{place}: {str(cell)[:40]} fits no cell"
