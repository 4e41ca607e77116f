"""An exhibit: one conclusion and what stands behind it.

In: sentences, numbers. Out: an `Exhibit`, which a report shows as a section and a deck as a slide. Invariants: the
title is a conclusion and claims no more than its numbers allow; every picture or chart has a text that says in words
what it shows, for those who cannot see it, and a table of the numbers behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.present.pitch.chart import Chart


@dataclass(frozen=True)
class Table:
    """Numbers as text, rounded to what their intervals allow, each with its interval.

    Attributes:
        header: The names of the columns, with their units.
        rows: The cells; the first of each row names it.
        row_measures: What each row holds, as a key of the glossary (`glossary.py`), "" where it has none.
        column_measures: The same for each column, where it is columns that hold measures.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_measures: tuple[str, ...] = ()
    column_measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exhibit:
    """One conclusion, as it is told.

    Attributes:
        key: Its name in links and file names, such as "roi".
        title: The conclusion, a sentence without its full stop, at most about 90 letters.
        lines: What else is to be said on the face of it, few sentences.
        chart: What can be drawn natively, or None.
        picture: The name of the picture in `pictures.family` that shows it, or "".
        alt: What chart or picture show, in words; "" where there is none.
        table: The numbers behind it, or None.
        details: Sentences for who wants to know more: closed in a report, notes of a slide.
        notes: What it rests on: assumptions, formulas, how many plays. Speaker notes.
        aside: Whether a short telling can do without it.
    """

    key: str
    title: str
    lines: tuple[str, ...] = ()
    chart: Chart | None = None
    picture: str = ""
    alt: str = ""
    table: Table | None = None
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True)
class Story:
    """All that is told of a result folder, in order.

    Attributes:
        title: Of the whole: the question that the scenario asks.
        subtitle: The scenario's name.
        origin: Scenario hash, seed, plays and markets: one line, on every page.
        exhibits: The answer first.
        missing: What could be told had its question been asked: what it is, and the command that asks it.
    """

    title: str
    subtitle: str
    origin: str
    exhibits: tuple[Exhibit, ...]
    missing: tuple[tuple[str, str], ...] = ()
