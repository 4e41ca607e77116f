"""A roster: the creators of a pool, as a spreadsheet or an influencer platform lists them.

In: a CSV file. Out: a frozen `Roster`, each cell as a value with the meaning of its column, or every problem of the
file at once with file, row and column. Invariants: a cell is used as it stands or refused; where a number can be read
in two ways, the rest of the file decides, and where that does not, what makes sense in the column; what was decided is
said in a note.

What the values come to as keys of the model is `roster/keys.py`; the text of the file is read in `roster/cells.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.scenario.account import MOST_FOLLOWERS
from simulator.scenario.files import MOST_BYTES, read_csv
from simulator.scenario.grammar import MOST
from simulator.scenario.parts import first_of
from simulator.scenario.roster.cells import Numeral, Table, currency_in, is_missing, numeral_of, read_table
from simulator.scenario.roster.columns import (
    BY_KEY,
    Kind,
    column_of,
    places_of,
    plain_header,
    says_percent,
    scale_of,
    tokens_of,
)
from simulator.scenario.section import LONGEST_NAME, one_line
from simulator.scenario.wording import shown

Value = str | float
MOST_TOLD = 20
_LIKELY_ENGAGEMENT = 0.2  # by followers; what is above it may be percent
_TOTALS = frozenset(
    (
        *("total", "totals", "sum", "average", "avg", "mean", "median"),
        *("summe", "gesamt", "gesamtsumme", "insgesamt", "durchschnitt", "mittelwert", "somme", "moyenne", "totale"),
    )
)
_PLATFORMS = {
    "instagram": ("instagram", "ig", "insta"),
    "tiktok": ("tiktok", "tt", "douyin"),
    "youtube": ("youtube", "yt"),
    "x": ("x", "twitter", "xtwitter", "twitterx"),
}


@dataclass(frozen=True)
class Row:
    """One creator of a roster.

    Attributes:
        number: The row of the file, as a spreadsheet counts it.
        values: By column, a text or a number: money, a count, or a share from 0 to 1. What is not known is left out.
    """

    number: int
    values: Mapping[str, Value]

    def number_of(self, key: str) -> float | None:
        """Give a number; None where none is known."""
        value = self.values.get(key)
        return value if isinstance(value, float) else None

    def text_of(self, key: str) -> str | None:
        """Give a text; None where none is known."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Roster:
    """What a file says.

    Attributes:
        file: Its name, as messages call it.
        headers: The columns that have a meaning, as they are written, by that meaning.
        notes: How the file was read, in sentences.
        currencies: What its fees are in, as far as cells and headers say so.
    """

    file: str
    headers: Mapping[str, str]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()


# ---- reading


def read_roster(path: Path) -> tuple[Roster | None, list[str]]:
    """Read a roster.

    Args:
        path: The CSV file.

    Returns:
        The roster, None where something is wrong with the file; and what is wrong, in sentences that begin with the
        name of the file. Of many problems the first are told, and how many more there are.
    """
    try:
        data = read_csv(path, lambda file: file.read(MOST_BYTES + 1))
        table = read_table(data, lambda header: column_of(header) is not None)
        found = places_of(table.header)
    except ValueError as error:
        return None, [f"{path.name}: {error}"]
    reader = _Reader(path.name, table, found)
    rows, problems = reader.rows(), reader.problems
    if len(problems) > MOST_TOLD:
        more = len(problems) - MOST_TOLD
        problems = [*problems[:MOST_TOLD], f"{path.name}: and {more:,} more problems like these."]
    headers = {key: plain_header(table.header[place]) for key, place in found.items()}
    if problems:
        return None, problems
    return Roster(path.name, headers, rows, tuple(reader.notes()), reader.currencies()), []


# ---- cells


class _Reader:
    """Reads the cells of one table, and gathers what is wrong."""

    def __init__(self, file: str, table: Table, places: Mapping[str, int]) -> None:
        self._file, self._table, self._places = file, table, places
        self._problems: list[tuple[int, str]] = []
        self._numerals = {
            (number, key): numeral
            for number, cells in table.rows
            for key, place in places.items()
            if BY_KEY[key].kind != "text" and (numeral := numeral_of(_cell(cells, place))) is not None
        }
        self._signs = {sign: place for place, numeral in self._numerals.items() if (sign := numeral.sign)}
        self._in_percent = {key: self._is_percent(key) for key in places if BY_KEY[key].kind == "rate"}

    def rows(self) -> tuple[Row, ...]:
        rows = tuple(self._row(number, cells) for number, cells in self._table.rows)
        self._refuse_twice(rows)
        self._refuse_totals(rows)
        return rows

    def notes(self) -> Iterator[str]:
        """Say how columns were read where that was a choice, and which were not read."""
        for key in self._in_percent:
            unsigned = [one for (_, its), one in self._numerals.items() if its == key and not one.percent]
            header = self._table.header[self._places[key]]
            if unsigned and not says_percent(header):
                how = "percent (2.5 is 2.5%)" if self._in_percent[key] else self._as_shares(key, unsigned)
                yield f"numbers without a percent sign in {shown(plain_header(header))} are read as {how}"
        if "fee" in self._places:
            yield f"{self._named('fee')} is taken as the fee for all posts together"
        if unused := [
            shown(plain_header(text)) for text in self._table.header if text.strip() and column_of(text) is None
        ]:
            yield f"not used: {first_of(unused, 10)}"

    def _as_shares(self, key: str, unsigned: list[Numeral]) -> str:
        """Say it of the largest number, and what to do where that is too much to be likely."""
        largest = max(self._reading(one, "rate") or 0.0 for one in unsigned)
        too_much = key == "engagement_rate" and largest > _LIKELY_ENGAGEMENT
        remedy = "; if they are percent, write (%) behind the name of the column" if too_much else ""
        return f"shares of 1 ({largest:.6g} is {100 * largest:.6g}%){remedy}"

    def currencies(self) -> tuple[str, ...]:
        """Give the currencies that the cells and headers of fees name."""
        places = [self._places[key] for key in ("fee", "fee_per_post") if key in self._places]
        texts = [self._table.header[place] for place in places]
        texts += [_cell(cells, place) for _, cells in self._table.rows for place in places]
        return tuple(sorted({currency for text in texts if (currency := currency_in(text))}))

    def _row(self, number: int, cells: tuple[str, ...]) -> Row:
        if any(cell.strip() for cell in cells[len(self._table.header) :]):
            self._refuse_row(number, f"{len(cells)} cells under {len(self._table.header)} columns. Put text that holds "
                             "the separator in quotation marks, or remove what is too much.")  # fmt: skip
        values: dict[str, Value] = {}
        for key, place in self._places.items():
            value = self._value(number, key, _cell(cells, place))
            if value is not None:
                values[key] = value
        return Row(number, values)

    def _value(self, number: int, key: str, cell: str) -> Value | None:
        if key == "handle":
            return self._handle(number, cell)
        if is_missing(cell):
            if key == "followers":
                self._refuse(number, key, cell, "every creator needs a number of followers")
            return None
        if BY_KEY[key].kind == "text":
            return " ".join(cell.split())
        numeral = self._numerals.get((number, key))
        if numeral is None:
            where_known = "such as 12500 or 12.5k" if key == "followers" else "or empty where it is not known"
            self._refuse(number, key, cell, f"must be a number, {where_known}")
            return None
        return self._number(number, key, cell, numeral)

    def _handle(self, number: int, cell: str) -> str | None:
        handle = handle_of(cell)
        if not handle or is_missing(handle):
            self._refuse(number, "handle", cell, "every creator needs a name")
        elif reason := _unfit_name(handle):
            self._refuse(number, "handle", cell, reason)
        else:
            return handle
        return None

    def _number(self, number: int, key: str, cell: str, numeral: Numeral) -> float | None:
        kind = BY_KEY[key].kind
        value = self._reading(numeral, kind)
        if value is None:
            self._refuse(number, key, cell, self._two_readings(numeral, kind))
            return None
        header = self._table.header[self._places[key]]
        if kind == "rate":
            value = round(value / 100, 15) if numeral.percent or self._in_percent[key] else value
        elif numeral.percent:
            what = "; this column is taken as the fee" if kind == "money" else ""
            self._refuse(number, key, cell, f"must be a number, not a percentage{what}")
            return None
        elif not numeral.suffixed:
            value *= scale_of(header)
        if reason := _unfit(key, kind, value):
            self._refuse(number, key, cell, reason)
            return None
        return float(round(value)) if kind == "whole" else value

    def _reading(self, numeral: Numeral, kind: Kind) -> float | None:
        """Choose between two readings; None where nothing decides, or where what decides makes no sense here."""
        readings = numeral.readings
        if not numeral.is_open:
            return next(iter(readings.values()))
        thousands, decimals = max(readings.values(), key=abs), min(readings.values(), key=abs)
        counts = kind in ("whole", "money") and not numeral.suffixed
        if not self._signs:
            return thousands if counts or (kind == "mean" and not numeral.suffixed) else decimals
        if len(self._signs) > 1:
            return None
        value = readings[next(iter(self._signs))]
        return None if counts and value == decimals else value

    def _two_readings(self, numeral: Numeral, kind: Kind) -> str:
        small, large = sorted(numeral.readings.values(), key=abs)
        where = " and ".join(
            f"{'a point' if sign == '.' else 'a comma'} (as in row {row}, column {self._named(key)})"
            for sign, (row, key) in sorted(self._signs.items())
        )
        return (
            f"this may be {large:,.15g} or {small:,.15g}, and the decimal sign of this file is {where}. Write "
            f"{large:.15g}{'' if kind == 'whole' else f' or {small:.15g}'}"
        )

    def _is_percent(self, key: str) -> bool:
        """Say whether numbers without a percent sign are percent: the header says so, or one is above 1."""
        header = self._table.header[self._places[key]]
        if says_percent(header):
            return True
        its = [numeral for (_, column), numeral in self._numerals.items() if column == key and not numeral.percent]
        return any((self._reading(numeral, "rate") or 0.0) > 1 for numeral in its)

    # ---- what is wrong

    @property
    def problems(self) -> list[str]:
        """Give what is wrong, row by row."""
        return [message for _, message in sorted(self._problems, key=lambda problem: problem[0])]

    def _named(self, key: str) -> str:
        return shown(plain_header(self._table.header[self._places[key]]))

    def _refuse(self, number: int, key: str, cell: str, reason: str) -> None:
        given = f"given {shown(cell.strip())}" if cell.strip() else "empty"
        self._problems.append((number, f"{self._file}, row {number}, column {self._named(key)}: {given}; {reason}."))

    def _refuse_row(self, number: int, reason: str) -> None:
        self._problems.append((number, f"{self._file}, row {number}: {reason}"))

    def _refuse_twice(self, rows: tuple[Row, ...]) -> None:
        first: dict[tuple[str, str | None], int] = {}
        for row in rows:
            if (handle := row.text_of("handle")) is None:
                continue
            name = _same(handle), platform_of(row)
            if name in first:
                self._refuse(row.number, "handle", handle, f"this creator stands in row {first[name]} already")
            first.setdefault(name, row.number)

    def _refuse_totals(self, rows: tuple[Row, ...]) -> None:
        """Refuse a last row that sums up those above it."""
        *above, last = rows
        words = tokens_of(last.text_of("handle") or "")
        adds_up = last.number_of("followers") == sum(row.number_of("followers") or 0.0 for row in above)
        if above and _TOTALS & {*words} and (len(words) == 1 or adds_up):
            reason = "this looks like the totals below a table. Delete this row, or move it up if it is a creator"
            self._refuse(last.number, "handle", str(last.values["handle"]), reason)


def _cell(cells: tuple[str, ...], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _unfit_name(handle: str) -> str:
    """Say why a text cannot be a creator's name; nothing where it can."""
    try:
        one_line(handle)
    except ValueError as error:
        return str(error)
    return f"must have at most {LONGEST_NAME} characters" if len(handle) > LONGEST_NAME else ""


def _unfit(key: str, kind: Kind, value: float) -> str:
    """Say why a number cannot stand in a column; nothing where it can."""
    if value < 0:
        return "must not be below 0"
    if kind == "rate":
        most = "a rate is at most 100%" if value > 1 else ""
        none_left = (key == "fake" and value == 1) or (key == "credibility" and value == 0)
        return most or ("then no follower is real. Leave this creator out" if none_left else "")
    if kind == "whole":
        fits = 1 <= value <= MOST_FOLLOWERS and abs(value - round(value)) < 1e-6
        return "" if fits else f"must be a whole number from 1 to {MOST_FOLLOWERS:,}"
    return "" if value <= MOST["amount"] else f"must be at most {MOST['amount']:,.0f}"


# ---- names


_ADDRESS = re.compile(r"(?:https?://|www\.|m\.)\S+|[\w.-]+\.(?:com|tv|net)/\S+", re.IGNORECASE)


def handle_of(cell: str) -> str:
    """Give the name of a creator, without "@" and without the address of a profile.

    >>> handle_of(" @Anna "), handle_of("https://www.tiktok.com/@anna?lang=en")
    ('Anna', 'anna')
    """
    text = unicodedata.normalize("NFC", cell).strip().strip("\u200b\u2060\ufeff\u200e\u200f")
    if _ADDRESS.fullmatch(text):
        text = re.split("[?#]", text)[0].rstrip("/").rpartition("/")[2]
    handle = text.removeprefix("@").strip()
    is_seen = any(unicodedata.category(character)[0] not in "CZ" for character in handle)
    return handle if is_seen else ""


def _same(handle: str) -> str:
    """Give what two names have in common that look the same."""
    return "".join(c for c in unicodedata.normalize("NFKC", handle).casefold() if unicodedata.category(c) != "Cf")


def platform_of(row: Row) -> str | None:
    """Give where a creator posts, as the program calls it; another platform as it is written."""
    if (given := row.text_of("platform")) is None:
        return None
    word = "".join(tokens_of(given))
    return next((name for name, words in _PLATFORMS.items() if word in words), given.casefold())


def names_of(roster: Roster, home: str | None) -> list[str]:
    """Give each creator a name of its own: one who posts elsewhere than its namesake has its platform behind it.

    Args:
        roster: The creators.
        home: The platform of the pool, whose creators keep their names.
    """
    shared = Counter(_same(str(row.values["handle"])) for row in roster.rows)
    names = []
    for row in roster.rows:
        handle, platform = str(row.values["handle"]), platform_of(row)
        apart = shared[_same(handle)] > 1 and platform not in (None, home)
        names.append(f"{handle} ({platform})" if apart else handle)
    return names
