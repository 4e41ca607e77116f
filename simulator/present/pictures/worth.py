"""The pictures of what creators are worth: what each adds to profit, and whose audiences overlap.

In: a `Worth`. Out: files. Invariants: a bar has its interval, for itself and for all together; colour is never the only
sign; what is left out is counted in a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simulator.present import digits
from simulator.present.pictures import scales
from simulator.present.pictures.look import TEXT_SIZE, brand, ink, muted, size
from simulator.present.pictures.page import (
    LINE,
    Page,
    Told,
    add_axes,
    add_axes_at,
    cut_off,
    draw_zero_line,
    new_page,
    put,
    set_ticks,
    stroke,
    width_of,
)
from simulator.present.pictures.saving import Draw, save_picture
from simulator.present.worth import VERDICTS, overlap_title, worth_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Creators at either end of the ranks; creators of the matrix, and up to how many its cells hold numbers.
_MOST_ROWS, _MOST_SIDE, _MOST_WRITTEN = 15, 22, 10
_ROW, _ABOVE, _BELOW = 0.26, 0.3, 0.62
_MARKS = {"drop": "v", "keep": "^", "open": "o"}
_KEY_LINES = 3
# Of the matrix [in]: its side and that of a cell at most, the key of its shades, a letter of a name, all around it.
_SIDE, _CELL, _SHADES, _LETTER, _AROUND = 4.6, 0.7, 1.6, 0.1, 2.4


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
        if any(row["strategy"] == strategy for row in worth.pairs):
            pictures[f"overlap{end}"] = partial(_overlap, worth, strategy)
    return pictures


def _worth(worth: Valued, strategy: str) -> Figure:
    """Draw what each creator adds to profit, whom to drop first on top."""
    every = worth.summary["strategies"][strategy]["creators"]
    shown = every if len(every) <= 2 * _MOST_ROWS else [*every[:_MOST_ROWS], *every[-_MOST_ROWS:]]
    left = len(every) - len(shown)
    notes = [f"The {_MOST_ROWS} at either end; {left:,} more between them are in creators.csv."] if left else []
    under = "What each creator adds to profit per play: the same plays with and without it, its cost saved"
    height = max(2.8 + len(shown) * _ROW, 4.0) + 0.4
    page = new_page(worth, worth_title(worth.summary, strategy), under, notes, _KEY_LINES, height=height)
    axes = add_axes(page, size().left, size().right - size().left - 0.2, above=_ABOVE, below=_BELOW)
    _lay_out(axes, shown, str(worth.summary["currency"]))
    for row, its in enumerate(shown):
        _bar(axes, row + 0.5, its)
    if left:
        axes.axhline(_MOST_ROWS, color=ink(), linewidth=1, linestyle=(0, (1, 2)))
    _write_rows(page, axes, shown, str(worth.summary["currency"]))
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
    box, whole = axes.get_position(), page.figure.get_figheight()
    step, unit = box.height * whole / len(shown), digits.money_unit(currency)
    names = cut_off(page.figure, [digits.clean(its["name"]) for its in shown], size().left - size().margin - 0.15)
    for row, (its, name) in enumerate(zip(shown, names, strict=True)):
        middle = box.y1 * whole - (row + 0.5) * step
        put(page.figure, size().margin, middle, name, va="center")
        put(page.figure, size().right, middle, _amount(its["marginal"]["profit"], unit), va="center")


def _amount(profit: digits.Estimate, unit: digits.Unit) -> str:
    """Write an amount short enough for the right column, "-$1.5k (-1.7k to -1.4k)"."""
    compact = digits.compact_unit(unit, *(profit[end] for end in ("low", "value", "high")))
    return digits.with_interval(profit, compact, digits.without_sign(compact))


def _write_key(page: Page, creators: int) -> None:
    """Say in the right column what lines and marks are."""
    lines = (("95% for one creator", 6.0), (f"95% for all {creators:,} together", 1.2))
    for place, (text, width) in enumerate(lines):
        top = page.key - place * LINE
        stroke(
            page.figure,
            (size().right, size().right + 0.22),
            (top - 0.09, top - 0.09),
            color=ink(),
            linewidth=width,
        )
        put(page.figure, size().right + 0.32, top, text)
    at, top = size().right + 0.05, page.key - 2 * LINE
    for verdict, word in VERDICTS.items():
        mark = {
            "marker": _MARKS[verdict],
            "color": _of_verdict()[verdict],
            "markeredgecolor": ink(),
            "markersize": 7,
        }
        stroke(page.figure, (at, at), (top - 0.1, top - 0.1), **mark)
        put(page.figure, at + 0.1, top, word)
        at += 0.4 + width_of(page.figure, word)


# ---- overlap


def _overlap(worth: Valued, strategy: str) -> Figure:
    """Draw how much each two audiences overlap, as a matrix."""
    pairs = [row for row in worth.pairs if row["strategy"] == strategy]
    names = _most_overlapping(pairs)
    every = len({name for row in pairs for name in (row["creator"], row["other"])})
    matrix = _matrix(pairs, names)
    notes = ["Means over the markets where both are hired."]
    if len(names) < every:
        notes += [f"The {len(names)} creators of the largest overlaps; all {every:,} are in overlap.csv."]
    under = "Shared followers of each two creators, as a share of the smaller audience"
    plays = f"counted in {worth.summary['conditional_on']}"
    below = min(max(map(len, names)) * _LETTER, size().left)
    side = min(max(_CELL * len(names), _SHADES + 0.4), _SIDE)
    title, height = overlap_title(worth.summary, strategy), side + below + _AROUND
    page = new_page(worth, title, under, notes, height=height, plays=plays)
    left = size().left + 0.5
    axes = add_axes_at(page, left, page.top - side - 0.15, side, side)
    _draw_matrix(
        axes, matrix, cut_off(page.figure, [digits.clean(name) for name in names], left - size().margin - 0.15)
    )
    _shade_key(page, float(np.nanmax(matrix)), page.top - 0.15)
    return page.figure


def _most_overlapping(pairs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Choose the creators of the largest overlaps, in the order of these: the pairs come largest first."""
    names = dict.fromkeys(name for row in pairs for name in (row["creator"], row["other"]))
    return list(names)[:_MOST_SIDE]


def _matrix(pairs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> scales.Values:
    """Give the overlaps as a matrix (names, names); NaN where two are never hired together."""
    place = {name: row for row, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    for row in pairs:
        if row["creator"] in place and row["other"] in place:
            a, b = place[row["creator"]], place[row["other"]]
            matrix[a, b] = matrix[b, a] = row["overlap"]
    return matrix


def _draw_matrix(axes: Axes, matrix: scales.Values, names: Sequence[str]) -> None:
    most = float(np.nanmax(matrix))
    axes.imshow(matrix, cmap="Blues", vmin=0.0, vmax=most or 1.0, interpolation="nearest")
    at = range(len(names))
    axes.set_yticks(at, labels=names, fontsize=TEXT_SIZE)
    axes.set_xticks(at, labels=names, rotation=90, fontsize=TEXT_SIZE)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if len(names) <= _MOST_WRITTEN:
        for (row, column), share in np.ndenumerate(matrix):
            if not np.isnan(share):
                colour = "white" if share > 0.6 * most else ink()
                axes.text(column, row, _percent(share), ha="center", va="center", color=colour)


def _percent(share: float) -> str:
    return digits.value_text({"value": share, "low": None, "high": None}, digits.PERCENT)


def _shade_key(page: Page, most: float, top: float) -> None:
    """Say in the right column how much overlap a shade is."""
    axes = add_axes_at(page, size().right + 0.25, top - _SHADES, 0.25, _SHADES)
    axes.imshow(np.linspace(most, 0.0, 64)[:, None], cmap="Blues", vmin=0.0, vmax=most or 1.0, aspect="auto")
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.set_yticks([0, 63], labels=[_percent(most), "0%"])
    axes.tick_params(length=0)
    below = top - _SHADES - 0.1
    put(page.figure, size().right + 0.25, below, "white: none, or never", color=muted())
    put(page.figure, size().right + 0.25, below - LINE, "hired together", color=muted())
