"""Sentences and tables as plain lines: what a command prints that is no page of its own.

In: sentences, cells. Out: lines. Invariant: the first column is flush left, numbers flush right; a line holds 100
characters where its cells allow, for which a value and its interval go below each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from textwrap import wrap

WIDTH = 100
_GAP = 2


def sentence_lines(texts: Iterable[str]) -> list[str]:
    """Break sentences into lines, each beginning on a line of its own; what is indented stays so."""
    return [
        line
        for text in texts
        for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent=_indent(text))
    ]


def _indent(text: str) -> str:
    return " " * (len(text) - len(text.lstrip()))


def table_lines(header: Sequence[str], rows: Sequence[Sequence[str]], width: int = WIDTH) -> list[str]:
    """Write a table.

    Args:
        header: The names of the columns, with line breaks where they have several lines.
        rows: The cells, each a value, maybe with its interval in brackets behind it, or lines.
        width: How long a line may be.
    """
    whole = [[cell.split("\n") for cell in row] for row in rows]
    if _width(header, whole) > width:
        whole = [[_broken(cell) for cell in row] for row in rows]
    head = [cell.split("\n") for cell in header]
    widths = _widths(header, whole)
    lines = [line for row in (head, *whole) for line in _lines(row, widths, from_below=row is head)]
    tall, rule = max(map(len, head)), "-" * (sum(widths) + _GAP * (len(widths) - 1))
    return [line.rstrip() for line in (*lines[:tall], rule, *lines[tall:])]


def _broken(cell: str) -> list[str]:
    return cell.replace(" (", "\n(").split("\n")


def _widths(header: Sequence[str], rows: Sequence[Sequence[list[str]]]) -> list[int]:
    columns = zip(*([cell.split("\n") for cell in header], *rows), strict=True)
    return [max(_columns(line) for cell in column for line in cell) for column in columns]


def _width(header: Sequence[str], rows: Sequence[Sequence[list[str]]]) -> int:
    widths = _widths(header, rows)
    return sum(widths) + _GAP * (len(widths) - 1)


def _lines(row: Sequence[list[str]], widths: Sequence[int], *, from_below: bool) -> list[str]:
    tall = max(map(len, row))
    filled = [[""] * (tall - len(cell)) + cell if from_below else cell + [""] * (tall - len(cell)) for cell in row]
    return [
        (" " * _GAP).join(
            cell[line] + _fill(cell[line], width) if place == 0 else _fill(cell[line], width) + cell[line]
            for place, (cell, width) in enumerate(zip(filled, widths, strict=True))
        )
        for line in range(tall)
    ]


def _fill(text: str, width: int) -> str:
    return " " * (width - _columns(text))


def _columns(text: str) -> int:
    """Give how many columns of a terminal a text takes; East Asian letters and pictures take two each."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
