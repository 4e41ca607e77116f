"""The tornado: by how much each unknown moves the mean, the widest bar on top.

In: a `Sensitivity`. Out: a figure. Invariants: every bar begins at the mean of the plan and ends where the mean is with
the unknown at its low or its high end, with the error of that change; what the ends are stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.inputs import input_name, value_text
from simulator.present.objectives import objective_unit, objective_words
from simulator.present.pictures.page import (
    COLOURS,
    GREY,
    INK,
    LINE,
    MARGIN,
    RIGHT,
    TEXT_SIZE,
    Page,
    add_axes,
    draw_zero_line,
    lay_rows,
    new_page,
    put,
    set_ticks,
    stroke,
    wrapped,
)
from simulator.present.pictures.plots import save_picture
from simulator.present.sensitivity import factor_name, finding, index_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.decide.sensitivity import Sensitivity

MOST_BARS = 12
_LEFT, _ROW = 3.1, 0.42
_COLOURS = {"low": COLOURS[5], "high": COLOURS[0]}
_SMALL = TEXT_SIZE - 2


def draw_sensitivity(answer: Sensitivity, folder: Path) -> list[Path]:
    """Draw the tornado into a folder; nothing where no input is unknown.

    Raises:
        ResultsError: the picture cannot be written.
    """
    if not answer.summary["tornado"] or answer.summary["mean"]["value"] is None:
        return []
    return save_picture(partial(_tornado, answer), folder / "tornado")


def _tornado(answer: Sensitivity) -> Figure:
    summary = answer.summary
    bars = summary["tornado"][:MOST_BARS]
    page = _page(answer, bars)
    axes = add_axes(page, _LEFT, RIGHT - _LEFT, above=0.3)
    lay_rows(axes, len(bars))
    _lay_out(axes, summary, bars)
    _write_names(page, axes, bars)
    for row, its in enumerate(bars):
        for end in ("low", "high"):
            _bar(axes, row + 0.5, summary, its, end)
    _write_shares(page, axes, summary, bars)
    return page.figure


def _page(answer: Sensitivity, bars: Sequence[Mapping[str, Any]]) -> Page:
    summary = answer.summary
    more = len(summary["tornado"]) - len(bars)
    notes = [
        *([f"The {len(bars)} widest of {len(bars) + more} inputs; the others are in sensitivity.csv."] if more else [])
    ]
    groups = [factor_name(its) for its in summary["factors"] if len(its["paths"]) > 1 and its["used"]]
    notes += (
        [f"{' and '.join(groups)} go together: moved one by one as they go, one share of the variance."]
        if groups
        else []
    )
    plan = digits.shortened(summary["plan"])
    words = objective_words(summary, summary["currency"])
    under = f"Mean {words} of {plan} with each input at its low and high end, all else as drawn"
    rows, markets = digits.count(summary["replications"]), digits.count(summary["markets"])
    plays = f"{rows} paired plays for each bar, in {markets} market{'' if summary['markets'] == 1 else 's'}"
    height = 2.9 + _ROW * len(bars)
    return new_page(answer, finding(summary), under, notes, key_lines=2, height=height, plays=plays)


def _lay_out(axes: Axes, summary: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> None:
    mean = summary["mean"]["value"]
    ends = [
        mean + its[end]["change"][key]
        for its in bars
        for end in ("low", "high")
        for key in ("value", "low", "high")
        if its[end]["change"][key] is not None
    ]
    low, high = min([mean, *ends]), max([mean, *ends])
    room = 0.24 * ((high - low) or max(abs(high), 1.0))  # for the numbers at the ends
    axes.set_xlim(low - room, high + room)
    unit = objective_unit(summary, summary["currency"])
    axes.set_xlabel(f"mean {objective_words(summary, summary['currency'])}")
    set_ticks(axes.xaxis, lambda value: digits.tick_text(value, unit), 6)
    draw_zero_line(axes)
    axes.axvline(mean, color=INK, linewidth=1, zorder=3)
    told = digits.with_interval(summary["mean"], unit)
    axes.text(mean, 1.01, f"mean {told}", transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=GREY)


def _bar(axes: Axes, y: float, summary: Mapping[str, Any], its: Mapping[str, Any], end: str) -> None:
    """Draw a bar from the mean to where an end moves it, with its error and what the end is."""
    mean, change = summary["mean"]["value"], its[end]["change"]
    if change["value"] is None:
        return
    axes.barh(y, change["value"], height=0.56, left=mean, color=_COLOURS[end], zorder=2)
    edge = mean + change["value"]
    if digits.has_interval(change):
        error = (mean + change["low"], mean + change["high"])
        axes.plot(error, (y, y), color=INK, linewidth=2, solid_capstyle="butt", zorder=4)
    other = its["high" if end == "low" else "low"]["change"]["value"] or 0.0
    right = change["value"] > other if change["value"] != other else end == "high"
    far = (
        max([edge, *([error[1]] if digits.has_interval(change) else [])])
        if right
        else min([edge, *([error[0]] if digits.has_interval(change) else [])])
    )
    axes.annotate(
        value_text(summary, its["path"], its[end]["at"]), (far, y), (4 if right else -4, 0), va="center",
        textcoords="offset points", ha="left" if right else "right", size=_SMALL, zorder=5,
    )  # fmt: skip


def _middles(page: Page, axes: Axes, rows: int) -> list[float]:
    """Give the middle of each row [in]."""
    box, whole = axes.get_position(), page.figure.get_figheight()
    return [(box.y1 - (row + 0.5) * box.height / rows) * whole for row in range(rows)]


def _write_names(page: Page, axes: Axes, bars: Sequence[Mapping[str, Any]]) -> None:
    font: dict[str, Any] = {"weight": "bold", "size": TEXT_SIZE - 1}
    for its, middle in zip(bars, _middles(page, axes, len(bars)), strict=True):
        lines = wrapped(page.figure, input_name(its["path"]), _LEFT - MARGIN - 0.15, **font)
        put(page.figure, MARGIN, middle, "\n".join(lines), va="center", linespacing=1.1, **font)


def _write_shares(page: Page, axes: Axes, summary: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> None:
    """Write the key, and in the right column the share of the variance that knowing each would take away."""
    for place, (end, word) in enumerate((("low", "at its low end"), ("high", "at its high end"))):
        y = page.key - place * LINE
        stroke(page.figure, (RIGHT + 0.15, RIGHT + 0.37), (y - 0.09, y - 0.09), color=_COLOURS[end], linewidth=9)
        put(page.figure, RIGHT + 0.47, y, word, color=GREY)
    box, whole = axes.get_position(), page.figure.get_figheight()
    put(page.figure, RIGHT + 0.15, box.y1 * whole + 0.28, "alone, of the variance", color=GREY)
    for its, middle in zip(bars, _middles(page, axes, len(bars)), strict=True):
        factor = next(one for one in summary["factors"] if its["path"] in one["paths"])
        text = index_text(factor["first_order"])
        put(page.figure, RIGHT + 0.15, middle, text, va="center", size=TEXT_SIZE - 1)
