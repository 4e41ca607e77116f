"""The picture of what makes plays differ: inputs, markets and chance, and which inputs.

In: the answer of a sensitivity. Out: a figure. Invariants: every share has its interval; what an input takes away alone
and with others are told apart by their marks, not only by colour.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.digits import Estimate
from simulator.present.pictures.look import TEXT_SIZE, brand, ink, muted, size
from simulator.present.pictures.page import LINE, Page, Told, add_axes, new_page, put, set_ticks, stroke, wrapped
from simulator.present.pictures.rows import Rows, add_rows, head_height
from simulator.present.sensitivity import factor_name, index_text
from simulator.present.variance import PARTS, parts, strongest, variance_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inputs that are drawn at most, and from which share on.
_MOST, _LEAST = 7, 0.01
# Where bars begin on a slide, the height of a row there and in a column, all around rows [in].
_LEFT, _ROW, _LOW_ROW, _AROUND = 3.1, 0.3, 0.2, 2.9
_KEY_LINES = 3


def draw_variance(answer: Told) -> Figure:
    """Draw the parts of the variance, and below them what single inputs contribute."""
    summary, its = answer.summary, size()
    known, every = parts(summary), strongest(summary)
    shown = [factor for factor in every[:_MOST] if (factor["total"]["high"] or 0.0) >= _LEAST]
    count = len(known) + len(shown) + bool(shown)
    page = _page(answer, count, len(every) - len(shown))
    left = its.left if its.narrow else _LEFT
    rows = add_rows(add_axes(page, left, its.right - left - 0.15, above=0.1), count, lines=1)
    _lay_out(rows.axes)
    for row, (name, share) in enumerate(known.items()):
        _bar(rows, row, share, brand().colours[0])
        _write(page, rows, row, PARTS[name][0], digits.percent(share), "bold")
    if shown:
        _head(page, rows, len(known))
    for row, factor in enumerate(shown, start=len(known) + 1):
        _bar(rows, row, factor["first_order"], muted())
        _with_others(rows, row, factor["total"])
        _write(page, rows, row, factor_name(factor), index_text(factor["total"]), "normal")
    _write_key(page, several=bool(shown))
    return page.figure


def _page(answer: Told, rows: int, left: int) -> Page:
    summary = answer.summary
    notes = ["Shares of single inputs need not add up: some act together."] if summary["factors"] else []
    if left:
        notes.append(f"Left out, with smaller shares: {left:,} input{'' if left == 1 else 's'} (see sensitivity.csv).")
    plays = f"{digits.count(summary['variance']['rows'])} draws of the inputs, several plays of each"
    under = "Shares of the variance from play to play: better data would take away that of unknown inputs"
    height = max(size().height, _AROUND + _ROW * rows)
    body = 0.8 + rows * (_LOW_ROW + head_height(1))
    return new_page(
        answer, variance_title(summary), under, notes, _KEY_LINES, height=height, body=body, plays=plays
    )  # fmt: skip


def _lay_out(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    set_ticks(axes.xaxis, partial(digits.tick_text, unit=digits.PERCENT), 6)
    axes.set_xlabel("share of the variance")


def _bar(rows: Rows, row: int, share: Estimate, colour: str) -> None:
    """Draw a share and, dark on it, its interval."""
    if share["value"] is None:
        return
    axes, y = rows.axes, rows.at(row, 0.5)
    axes.barh(y, share["value"], height=0.56 * (1 - rows.head), color=colour, zorder=2)
    if digits.has_interval(share) and share["low"] != share["high"]:
        for width, on in ((6, brand().ground), (3.5, ink())):
            axes.plot((share["low"], share["high"]), (y, y), color=on, linewidth=width, solid_capstyle="butt", zorder=3)


def _with_others(rows: Rows, row: int, share: Estimate) -> None:
    """Draw what an input contributes together with others, a diamond on a thin line."""
    axes, y, colour = rows.axes, rows.at(row, 0.86), brand().colours[0]
    if digits.has_interval(share):
        axes.plot((share["low"], share["high"]), (y, y), color=colour, linewidth=1.2, zorder=4)
    axes.plot(share["value"], y, "D", color=colour, markersize=5, zorder=5, clip_on=False)


def _head(page: Page, rows: Rows, row: int) -> None:
    """Write in a row of its own what the rows below it are."""
    rows.axes.axhline(row, color=muted(), linewidth=1)
    where = rows.top(row) - 0.05 if size().narrow else rows.middle(row)
    place = {"va": "top" if size().narrow else "center"}
    put(page.figure, size().margin, where, "single inputs, the strongest first", color=muted(), **place)
    if not size().narrow:
        put(page.figure, size().right, where, "with others", color=muted(), **place)


def _write(page: Page, rows: Rows, row: int, name: str, share: str, weight: str) -> None:
    its, font = size(), {"size": TEXT_SIZE - 1, "weight": weight}
    if its.narrow:
        (line,) = wrapped(page.figure, name, its.inner - 1.75, 1, **font)
        put(page.figure, its.margin, rows.top(row) - 0.05, line, **font)
        put(page.figure, its.width - its.margin, rows.top(row) - 0.05, share, ha="right", size=TEXT_SIZE - 1)
        return
    (line,) = wrapped(page.figure, name, _LEFT - its.margin - 0.1, 1, **font)
    put(page.figure, its.margin, rows.middle(row), line, va="center", **font)
    put(page.figure, its.right, rows.middle(row), share, va="center", size=TEXT_SIZE - 1)


def _write_key(page: Page, *, several: bool) -> None:
    left, top = page.key_left, page.key
    lines: list[tuple[str, dict[str, Any]]] = [("error (95%)", {"color": ink(), "linewidth": 3.5})]
    if several:
        lines.append(("one input alone", {"color": muted(), "linewidth": 9}))
        lines.append(("it and what acts with it", {"color": brand().colours[0], "marker": "D", "markersize": 5}))
    for place, (text, how) in enumerate(lines):
        y = top - place * LINE - 0.09
        stroke(page.figure, (left, left + 0.11, left + 0.22), (y, y, y), **{"markevery": [1], **how})
        put(page.figure, left + 0.32, top - place * LINE, text, color=muted())
