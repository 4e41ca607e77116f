"""The pictures of what creators are worth: what each adds to profit, and whose audiences overlap.

In: a `Worth`. Out: files. Invariants: a bar has its interval, for itself and for all together; colour is never the only
sign; what is left out is counted in a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simulator.present import digits, scales
from simulator.present.pictures.look import brand, ink, muted, size
from simulator.present.pictures.overlap import draw_overlap
from simulator.present.pictures.page import (
    LINE,
    Page,
    Told,
    add_axes_at,
    box_of,
    cut_off,
    draw_zero_line,
    new_page,
    put,
    set_ticks,
    stroke,
    width_of,
)
from simulator.present.pictures.saving import Draw, save_picture
from simulator.present.worth import VERDICTS, worth_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Creators at either end of the ranks: on a slide, and in a column, which may be long.
_MOST_ROWS = {"slide": 7, "column": 15}
# A row in a column, one on a slide at most, above rows, below them, of a number in a column [in].
_ROW, _MOST_ROW, _ABOVE, _BELOW, _NUMBER = 0.26, 0.5, 0.08, 0.62, 0.85
_MARKS = {"drop": "v", "keep": "^", "open": "o"}
_KEY_LINES = 3


class Valued(Told, Protocol):
    """What the pictures of creators can be of: the summary of what they are worth, and pairs of them that overlap."""

    @property
    def pairs(self) -> Sequence[Mapping[str, Any]]:
        """Give a row per plan and pair of creators, see `overlap.OVERLAP_SCHEMA`, the largest overlap first."""


def draw_worth(worth: Valued, folder: Path) -> list[Path]:
    """Draw the pictures into a folder, each as PNG and SVG.

    Raises:
        ResultsError: If a picture cannot be written.
    """
    return [path for name, draw in worth_pictures(worth).items() for path in save_picture(draw, folder / name)]


def worth_pictures(worth: Valued) -> dict[str, Draw]:
    """Give what draws each picture; plans are numbered where they are several."""
    plans = list(worth.summary["strategies"])
    pictures: dict[str, Draw] = {}
    for place, strategy in enumerate(plans, start=1):
        end = f"_{place}" if len(plans) > 1 else ""
        pictures[f"creators{end}"] = partial(_worth, worth, strategy)
        if pairs := [row for row in worth.pairs if row["strategy"] == strategy]:
            pictures[f"overlap{end}"] = partial(draw_overlap, worth, pairs, strategy)
    return pictures


def _worth(worth: Valued, strategy: str) -> Figure:
    """Draw what each creator adds to profit, whom to drop first on top."""
    its, every, currency = size(), worth.summary["strategies"][strategy]["creators"], str(worth.summary["currency"])
    most = _MOST_ROWS[its.name]
    shown = every if len(every) <= 2 * most else [*every[:most], *every[-most:]]
    left = len(every) - len(shown)
    notes = [f"The {most} at either end; {left:,} more between them are in creators.csv."] if left else []
    under = "What each creator adds to profit per play: the same plays with and without it, its cost saved"
    body = _ABOVE + _BELOW + len(shown) * _ROW
    page = new_page(worth, worth_title(worth.summary, strategy), under, notes, _KEY_LINES, body=body)
    names = its.margin + 1.35 if its.narrow else its.left
    wide = its.width - its.margin - _NUMBER - names if its.narrow else its.right - names - 0.2
    room = page.top - page.bottom - _ABOVE - _BELOW
    high = room if its.narrow else min(_MOST_ROW * len(shown), room)
    axes = add_axes_at(page, names, page.top - _ABOVE - high, wide, high)
    _lay_out(axes, shown, currency)
    for row, one in enumerate(shown):
        _bar(axes, row + 0.5, one)
    if left:
        axes.axhline(most, color=ink(), linewidth=1, linestyle=(0, (1, 2)))
    _write_rows(page, axes, shown, currency)
    _write_key(page, len(every))
    return page.figure


def _of_verdict() -> dict[str, str]:
    """Give the colour of each verdict."""
    return {"drop": brand().loss, "keep": brand().gain, "open": muted()}


def _lay_out(axes: Axes, shown: Sequence[Mapping[str, Any]], currency: str) -> None:
    ends = [
        value
        for its in shown
        for of in (its["marginal"]["profit"], its["profit_together"])
        for value in (of["value"], of["low"], of["high"])
        if value is not None
    ]
    axes.set_ylim(len(shown), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*scales.with_zero(min(ends), max(ends)))
    unit = digits.money_unit(currency)
    set_ticks(axes.xaxis, lambda value: digits.tick_text(value, unit), 6)
    axes.set_xlabel("added profit per play")
    draw_zero_line(axes)
    for row in range(1, len(shown)):
        axes.axhline(row, color=brand().pale, linewidth=0.6, zorder=0)


def _bar(axes: Axes, y: float, its: Mapping[str, Any]) -> None:
    """Draw the interval of one creator for itself, thick, that with all others, thin, and the value on top."""
    own, sure, colour = its["marginal"]["profit"], its["profit_together"], _of_verdict()[its["verdict"]]
    if digits.has_interval(sure):
        axes.plot((sure["low"], sure["high"]), (y, y), color=colour, linewidth=1.2, zorder=2)
    if digits.has_interval(own):
        axes.plot((own["low"], own["high"]), (y, y), color=colour, linewidth=6, solid_capstyle="butt", zorder=3)
    axes.plot(own["value"], y, _MARKS[its["verdict"]], color=colour, markeredgecolor=ink(), markersize=7, zorder=4)


def _write_rows(page: Page, axes: Axes, shown: Sequence[Mapping[str, Any]], currency: str) -> None:
    """Write each creator's name to the left of its row, and its numbers to the right."""
    its, unit = size(), digits.money_unit(currency)
    left, bottom, _, top = box_of(axes)
    step = (top - bottom) / len(shown)
    names = cut_off(page.figure, [digits.clean(one["name"]) for one in shown], left - its.margin - 0.15)
    for row, (one, name) in enumerate(zip(shown, names, strict=True)):
        middle, profit = top - (row + 0.5) * step, one["marginal"]["profit"]
        put(page.figure, its.margin, middle, name, va="center")
        if its.narrow:
            short = digits.value_text(profit, digits.compact_unit(unit, profit["value"]))
            put(page.figure, its.width - its.margin, middle, short, va="center", ha="right")
        else:
            put(page.figure, its.right, middle, _amount(profit, unit), va="center")


def _amount(profit: digits.Estimate, unit: digits.Unit) -> str:
    """Write an amount short enough for the right column, "-$1.5k (-1.7k to -1.4k)"."""
    compact = digits.compact_unit(unit, *(profit[end] for end in ("low", "value", "high")))
    return digits.with_interval(profit, compact, digits.without_sign(compact))


def _write_key(page: Page, creators: int) -> None:
    """Say what lines and marks are."""
    lines = (("95% for one creator", 6.0), (f"95% for all {creators:,} together", 1.2))
    left = page.key_left
    for place, (text, width) in enumerate(lines):
        top = page.key - place * LINE
        stroke(page.figure, (left, left + 0.22), (top - 0.09, top - 0.09), color=ink(), linewidth=width)
        put(page.figure, left + 0.32, top, text)
    at, top = left + 0.05, page.key - 2 * LINE
    for verdict, word in VERDICTS.items():
        mark = {"marker": _MARKS[verdict], "color": _of_verdict()[verdict], "markeredgecolor": ink(), "markersize": 7}
        stroke(page.figure, (at, at), (top - 0.1, top - 0.1), **mark)
        put(page.figure, at + 0.1, top, word)
        at += 0.4 + width_of(page.figure, word)
