"""The efficient frontier of a split: which splits nothing beats both on average and in the worst plays.

In: the summary of a split. Out: a figure. Invariants: the title names both ends as what was seen, and no more; every
split that was played equally often is drawn; a label that stands far from its point has a leader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.frontier import frontier_title
from simulator.present.objectives import measure_words
from simulator.present.pictures.look import brand, ink, muted
from simulator.present.pictures.page import BODY, Told, add_plot, new_page, set_ticks
from simulator.present.pictures.split_parts import (
    DIAL,
    TODAY,
    Entry,
    colour_of,
    entries_height,
    tick_unit,
    write_entries,
    zone_note,
)
from simulator.present.spending import percent
from simulator.present.split import row_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox


def draw_frontier(answer: Told) -> Figure:
    """Draw each split by its worst plays and its mean; those that nothing beats in both are joined."""
    summary = answer.summary
    under, entries = "Mean against the mean of the worst 5% of plays, in common plays.", _entries(summary)
    body = BODY + entries_height(entries)
    page = new_page(answer, frontier_title(summary), under, [zone_note(summary)], body=body)
    page = write_entries(page, "", entries)
    axes = add_plot(page, above=0.1, beside=0.35, below=0.62)
    known = [row for row in summary["splits"] if row["expected_shortfall_5"]["value"] is not None]
    _scatter(axes, known, "o", muted(), 5)
    efficient = sorted((row for row in known if row["efficient"]), key=lambda row: row["mean"]["value"])
    axes.plot(
        [_worst(row) for row in efficient],
        [row["mean"]["value"] for row in efficient],
        color=colour_of(DIAL),
        linewidth=2,
        zorder=3,
    )
    _scatter(axes, efficient, "o", colour_of(DIAL), 7)
    _scatter(axes, [row_of(summary)], "D", colour_of(DIAL), 11)
    for name, plan in summary["plans"].items():
        if _is_known(plan):
            _scatter(axes, [plan], "s", _plan_colour(summary, name), 8)
    axes.set_xlabel(f"{measure_words(summary)}, mean of the worst 5% of plays")
    axes.set_ylabel(f"mean {measure_words(summary)}")
    show = partial(digits.tick_text, unit=tick_unit(summary))
    set_ticks(axes.xaxis, show, 6)
    set_ticks(axes.yaxis, show, 6)
    _label_points(axes, summary, efficient)
    return page.figure


def _worst(row: Mapping[str, Any]) -> float:
    return float(row["expected_shortfall_5"]["value"])


def _scatter(axes: Axes, rows: Sequence[Mapping[str, Any]], mark: str, colour: str, size: int) -> None:
    places = [_worst(row) for row in rows], [row["mean"]["value"] for row in rows]
    axes.plot(
        *places,
        mark,
        color=colour,
        markeredgecolor=ink(),
        markeredgewidth=0.6,
        markersize=size,
        linestyle="none",
        zorder=4,
    )


def _plan_colour(summary: Mapping[str, Any], plan: str) -> str:
    """Give the plan of today its colour; the others are white."""
    return colour_of(TODAY) if plan == summary["today"]["strategy"] else brand().ground


def _label_points(axes: Axes, summary: Mapping[str, Any], efficient: Sequence[Mapping[str, Any]]) -> None:
    """Write shares beside the ends of the frontier and the split named; below them, the names of plans."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.22 * (high - low))
    axes.margins(y=0.14)
    named = {id(row): row for row in (row_of(summary), *efficient[:1], *efficient[-1:]) if _is_known(row)}
    labels = [
        (row, "/".join(percent(row["shares"][pool]) for pool in summary["pools"]), ink()) for row in named.values()
    ]
    plans = [(plan, digits.shortened(name, 20), muted()) for name, plan in summary["plans"].items() if _is_known(plan)]
    taken = [_box(axes, row) for row in (*filter(_is_known, summary["splits"]), *(plan for plan, _, _ in plans))]
    for row, text, colour in (*labels, *plans):
        label_point(axes, row, text, colour, taken)


def _box(axes: Axes, row: Mapping[str, Any]) -> Bbox:
    """Give the place that a point takes [pixels]."""
    from matplotlib.transforms import Bbox

    x, y = axes.transData.transform((_worst(row), row["mean"]["value"]))
    return Bbox.from_extents(x - 5, y - 5, x + 5, y + 5)


def _is_known(row: Mapping[str, Any]) -> bool:
    return row["mean"]["value"] is not None and row["expected_shortfall_5"]["value"] is not None


# Where a label may stand beside its point, best first [points]; the leader of one that stands far tells whose it is.
_BESIDE = ((11.0, -4.0), (-11.0, -4.0), (0.0, 12.0), (0.0, -19.0))
_AROUND = (*_BESIDE, *((11.0, 16.0 * step) for step in (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6)))


def label_point(axes: Axes, row: Mapping[str, Any], text: str, colour: str, taken: list[Bbox]) -> None:
    """Write a label at the first place around its point where it covers nothing that is taken; take that."""
    from matplotlib.text import Text

    place = _worst(row), row["mean"]["value"]
    for away in _AROUND:
        label = axes.annotate(
            text,
            place,
            away,
            textcoords="offset points",
            size=10,
            color=colour,
            ha="left" if away[0] > 0 else "right" if away[0] < 0 else "center",
            zorder=5,
            arrowprops=None if away in _BESIDE else {"arrowstyle": "-", "color": muted(), "linewidth": 0.6},
        )
        label.get_window_extent()  # puts it in its place
        box = Text.get_window_extent(label)  # that of the text, without the leader
        free = not any(box.overlaps(other) for other in taken)
        if away == _AROUND[-1] or (free and axes.bbox.fully_containsx(box.x0) and axes.bbox.fully_containsy(box.y0)):
            break
        label.remove()
    taken.append(box)


def _entries(summary: Mapping[str, Any]) -> list[Entry]:
    """Say what the marks are."""
    return [
        ("o", colour_of(DIAL), 1.0, "efficient: none is better", "on average and at worst"),
        ("D", colour_of(DIAL), 1.0, "the split named", "by the contest"),
        ("o", muted(), 1.0, "other splits", " / ".join(summary["pools"])),
        ("s", colour_of(TODAY), 1.0, "the plan of today", digits.shortened(summary["today"]["strategy"], 24)),
        *([("s", brand().ground, 1.0, "other plans", "of the scenario")] if len(summary["plans"]) > 1 else []),
    ]
