"""The text of a roster: the bytes of a CSV file as rows of cells, and a cell as a number.

In: bytes as spreadsheets and platforms write them: UTF-8 or UTF-16, with commas, semicolons, tabs or bars. Out: a
`Table` whose rows are numbered as a spreadsheet numbers them, and `Numeral`s. Invariants: nothing is guessed where two
readings are possible, both are given; no row is lost in silence (a quotation mark that is never closed is refused).

What a column means, and which reading of a number fits it, is `roster/reading.py`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simulator.scenario.files import MOST_BYTES
from simulator.scenario.listed import MOST_LISTED

MISSING = frozenset(
    {"", "n/a", "#n/a", "na", "n.a.", "k.a.", "k. a.", "-", "--", "---", "null", "none", "?", "unknown"}
)
MISSING |= {"tbd", "tba", "tbc", "on request", "upon request"}
_DELIMITERS = ",;\t|"
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_NUMERAL = re.compile(r"([^\d]*?)([.,]?\d(?:[\d.,' ]*\d)?)(e[+-]?\d{1,2})?([^\d]*)", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]")
# words that a number is counted in, as powers of ten
_TENS = dict.fromkeys(("k", "tsd", "thousand"), 3) | dict.fromkeys(("b", "bn", "mrd", "billion"), 9)
_TENS |= dict.fromkeys(("m", "mn", "mio", "mln", "million", "millions"), 6)
_PERCENT = ("%", "percent", "pct")
_CURRENCIES = re.compile(
    "usd|eur|gbp|chf|cad|aud|nzd|inr|brl|jpy|cny|sek|nok|dkk|pln|czk|huf|aed|sar|mxn|sgd|hkd|zar|try|us|a|c|r|rs|kr|fr|"
    "euros?|dollars?|pounds?"
)
_SIGN_OF = {"usd": "$", "dollar": "$", "dollars": "$", "eur": "€", "euro": "€", "euros": "€"}
_SIGN_OF |= {"gbp": "£", "pound": "£", "pounds": "£", "jpy": "¥", "inr": "₹"}


@dataclass(frozen=True)
class Table:
    """The cells of a file.

    Attributes:
        header: What stands above the columns.
        rows: Each row with its number, counted from 1 for the header; rows without any text are left out.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Numeral:
    """A number as it is written.

    Attributes:
        readings: What it is where the decimal sign is a point, and where it is a comma; what cannot be is left out.
        percent: Whether it is followed by a percent sign.
        suffixed: Whether it is followed by a word such as k or M, which the readings count in.
    """

    readings: Mapping[str, float]
    percent: bool
    suffixed: bool

    @property
    def sign(self) -> str | None:
        """Give the decimal sign that this number shows to be meant; None where it shows none."""
        return next(iter(self.readings)) if len(self.readings) == 1 else None

    @property
    def is_open(self) -> bool:
        """Say whether the two readings differ: 1,234 is a thousand or one and a bit."""
        return len({*self.readings.values()}) > 1


# ---- the table


def read_table(data: bytes, is_known: Callable[[str], bool]) -> Table:
    """Take a file apart.

    Args:
        data: Its bytes.
        is_known: Says of a header whether it has a meaning; the delimiter is the one that makes most of them known.

    Raises:
        ValueError: it is no table; the message says why and what to do.
    """
    text = _text(data)
    if given := _SEP_LINE.match(text):
        return _table(text[given.end() :], given[1])

    def fit(delimiter: str) -> tuple[int, int]:
        header = _first_row(text, delimiter)
        return sum(map(is_known, header)), len(header)

    return _table(text, max(_DELIMITERS, key=fit))


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES:,} bytes; that is no list of creators.")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if data.startswith(_BINARY) or (encoding != "utf-16" and b"\0" in data):
        raise ValueError("this is no text file. In the spreadsheet, save it as CSV (UTF-8).")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start}). In the spreadsheet, save it as CSV UTF-8.") from None
    if not text.strip():
        raise ValueError("the file is empty. Write a line with the names of the columns, and a row for each creator.")
    return text


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next((row for row in _reader(text, delimiter) if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _table(text: str, delimiter: str) -> Table:
    rows: list[tuple[int, tuple[str, ...]]] = []
    number = 0
    try:
        for number, row in enumerate(_reader(text, delimiter), start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, tuple(row)))
    except csv.Error:
        raise ValueError(
            f"row {number + 1}: a quotation mark is not closed, or text follows it. Inside quoted text, a quotation "
            "mark is written twice."
        ) from None
    if len(rows) - 1 > MOST_LISTED:
        raise ValueError(f"{len(rows) - 1:,} rows; at most {MOST_LISTED:,} creators can be listed. Leave some out.")
    if not rows[1:]:
        raise ValueError("there is one line of text and no creator below it. Write a row for each creator.")
    return Table(rows[0][1], tuple(rows[1:]))


# ---- numbers


def is_missing(cell: str) -> bool:
    """Say whether a cell says that nothing is known."""
    return _plain(cell).casefold() in MISSING


def _plain(cell: str) -> str:
    """Give a text with all kinds of spaces, dashes, apostrophes and wide signs made plain."""
    text = unicodedata.normalize("NFKC", cell).translate({0x2019: "'", 0x2212: "-", 0x2013: "-", 0x2014: "-"})
    return " ".join(text.split())


def numeral_of(cell: str) -> Numeral | None:
    """Read a number; None where the cell holds something else.

    >>> numeral_of("$12.5k")
    Numeral(readings={'.': 12500.0}, percent=False, suffixed=True)
    >>> numeral_of("1,234").readings
    {'.': 1234.0, ',': 1.234}
    """
    parts = _NUMERAL.fullmatch(_plain(cell))
    if parts is None:
        return None
    before, after = (_WORD.findall(parts[group].casefold()) for group in (1, 4))
    tens = _TENS.get(after[0]) if after else None
    if tens is not None and (after := after[1:])[:1] == ["."]:  # 2,3 Mio.
        after = after[1:]
    negative, before = "-" in before, [word for word in before if word not in ("-", "+")]
    percent = [word for word in after if word in _PERCENT]
    if not all(_is_currency(word) for word in (*before, *after) if word not in percent) or len(percent) > 1:
        return None
    exponent = int((parts[3] or "e0")[1:]) + (tens or 0)
    found = {sign: _value(parts[2], exponent, sign) for sign in ".,"}
    readings = {sign: -value if negative else value for sign, value in found.items() if value is not None}
    return Numeral(readings, bool(percent), tens is not None) if readings else None


def _is_currency(word: str) -> bool:
    return bool(_CURRENCIES.fullmatch(word)) or all(unicodedata.category(character) == "Sc" for character in word)


def currency_in(text: str) -> str | None:
    """Give the currency that a text names, by its sign where it has one; None where it names none.

    >>> currency_in("Price (EUR)"), currency_in("1.200 €"), currency_in("CHF 300"), currency_in("1200")
    ('€', '€', 'CHF', None)
    """
    words: list[str] = _WORD.findall(_plain(text).casefold())
    for word in words:
        if word in _SIGN_OF or unicodedata.category(word[0]) == "Sc":
            return _SIGN_OF.get(word, word)
        if len(word) == 3 and _CURRENCIES.fullmatch(word):
            return word.upper()
    return None


def _value(body: str, exponent: int, sign: str) -> float | None:
    """Read digits with a decimal sign; None where they cannot be read with it."""
    whole, *fraction = body.split(sign)
    groups = re.split("[.,' ]", whole)
    separators = {*re.findall("[.,' ]", whole)}
    if len(fraction) > 1 or (fraction and not fraction[0].isdecimal()) or len(separators) > 1:
        return None
    if len(groups) > 1 and not _are_thousands(groups, separators.pop()):
        return None
    return float(f"{''.join(groups) or '0'}.{''.join(fraction) or '0'}e{exponent}")


def _are_thousands(groups: list[str], separator: str) -> bool:
    """Say whether digits are grouped as in 1,234,567, or as in 12,34,567."""
    first, *others, last = groups
    if not 1 <= len(first) <= 3 or first.startswith("0") or len(last) != 3:
        return False
    sizes = {len(group) for group in others}
    return sizes <= {3} or (separator == "," and sizes == {2} and len(first) <= 2)
