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
from simulator.present.colour import tint
from simulator.present.inputs import input_name, value_text
from simulator.present.objectives import objective_unit, objective_words
from simulator.present.pictures.look import TEXT_SIZE, brand, ink, muted, size
from simulator.present.pictures.page import (
    LINE,
    Page,
    Told,
    add_axes,
    draw_zero_line,
    new_page,
    put,
    set_ticks,
    stroke,
    wrapped,
)
from simulator.present.pictures.rows import Rows, add_rows, head_height
from simulator.present.pictures.saving import save_picture
from simulator.present.sensitivity import factor_name, finding, index_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.decide.sensitivity import Sensitivity

MOST_BARS = 12
# Where bars begin on a slide, the height of a row, the room around all rows in a column [in].
_LEFT, _ROW, _AROUND = 3.1, 0.42, 0.9
_SMALL = TEXT_SIZE - 2
# What is left of a line to a share, in a column [in].
_SHARE = 1.9


def draw_sensitivity(answer: Sensitivity, folder: Path) -> list[Path]:
    """Draw the tornado into a folder; nothing where no input is unknown.

    Raises:
        ResultsError: the picture cannot be written.
    """
    return save_picture(partial(draw_tornado, answer), folder / "tornado") if has_tornado(answer) else []


def has_tornado(answer: Told) -> bool:
    """Say whether there is a tornado: anything is unknown, and it has a mean to move."""
    return bool(answer.summary["tornado"]) and answer.summary["mean"]["value"] is not None


def draw_tornado(answer: Told) -> Figure:
    """Draw by how much each unknown moves the mean."""
    summary, its = answer.summary, size()
    bars = summary["tornado"][:MOST_BARS]
    page = _page(answer, bars)
    left = its.left if its.narrow else _LEFT
    rows = add_rows(add_axes(page, left, its.right - left, above=0.3), len(bars), lines=1)
    _lay_out(rows.axes, summary, bars)
    _write_names(page, rows, bars)
    for row, bar in enumerate(bars):
        for end in ("low", "high"):
            _bar(rows, row, summary, bar, end)
    _write_shares(page, rows, summary, bars)
    return page.figure


def _colour(end: str) -> str:
    """Give the colour of an end: the high one dark, the low one pale."""
    return brand().colours[0] if end == "high" else tint(brand().colours[0], 0.45, brand().ground)


def _page(answer: Told, bars: Sequence[Mapping[str, Any]]) -> Page:
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
    key_lines = 3 if size().narrow else 2
    height, body = 2.9 + _ROW * len(bars), _AROUND + (_ROW + head_height(1)) * len(bars)
    return new_page(answer, finding(summary), under, notes, key_lines, height=height, body=body, plays=plays)


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
    room = (0.42 if size().narrow else 0.24) * ((high - low) or max(abs(high), 1.0))  # for the numbers at the ends
    axes.set_xlim(low - room, high + room)
    unit = objective_unit(summary, summary["currency"])
    axes.set_xlabel(f"mean {objective_words(summary, summary['currency'])}")
    set_ticks(axes.xaxis, lambda value: digits.tick_text(value, unit), 6)
    draw_zero_line(axes)
    axes.axvline(mean, color=ink(), linewidth=1, zorder=3)
    told = digits.with_interval(summary["mean"], unit)
    axes.text(mean, 1.01, f"mean {told}", transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=muted())


def _bar(rows: Rows, row: int, summary: Mapping[str, Any], its: Mapping[str, Any], end: str) -> None:
    """Draw a bar from the mean to where an end moves it, with its error and what the end is."""
    axes, y = rows.axes, rows.at(row, 0.5)
    mean, change = summary["mean"]["value"], its[end]["change"]
    if change["value"] is None:
        return
    axes.barh(y, change["value"], height=0.56 * (1 - rows.head), left=mean, color=_colour(end), zorder=2)
    edge = mean + change["value"]
    if digits.has_interval(change):
        error = (mean + change["low"], mean + change["high"])
        axes.plot(error, (y, y), color=ink(), linewidth=2, solid_capstyle="butt", zorder=4)
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


def _write_names(page: Page, rows: Rows, bars: Sequence[Mapping[str, Any]]) -> None:
    its = size()
    font: dict[str, Any] = {"weight": "bold", "size": TEXT_SIZE - 1}
    for row, bar in enumerate(bars):
        name = input_name(bar["path"])
        if its.narrow:
            (line,) = wrapped(page.figure, name, its.inner - _SHARE, 1, **font)
            put(page.figure, its.margin, rows.top(row) - 0.05, line, **font)
        else:
            text = "\n".join(wrapped(page.figure, name, _LEFT - its.margin - 0.15, **font))
            put(page.figure, its.margin, rows.middle(row), text, va="center", linespacing=1.1, **font)


def _write_shares(page: Page, rows: Rows, summary: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> None:
    """Write the key, and for each input the share of the variance that knowing it would take away."""
    its, left = size(), page.key_left + (0.0 if size().narrow else 0.15)
    for place, (end, word) in enumerate((("low", "at its low end"), ("high", "at its high end"))):
        y = page.key - place * LINE
        stroke(page.figure, (left, left + 0.22), (y - 0.09, y - 0.09), color=_colour(end), linewidth=9)
        put(page.figure, left + 0.32, y, word, color=muted())
    alone = page.key - 2 * LINE if its.narrow else rows.top(0) + 0.28
    what = "on the right: share of the variance, alone" if its.narrow else "alone, of the variance"
    put(page.figure, left, alone, what, color=muted())
    for row, bar in enumerate(bars):
        factor = next(one for one in summary["factors"] if bar["path"] in one["paths"])
        text, font = index_text(factor["first_order"]), {"size": TEXT_SIZE - 1}
        if its.narrow:
            put(page.figure, its.width - its.margin, rows.top(row) - 0.05, text, ha="right", **font)
        else:
            put(page.figure, left, rows.middle(row), text, va="center", **font)
