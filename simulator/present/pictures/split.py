"""The dial of a split between two pools: what every share brings, whom it hires, and what is left.

In: a `SplitAnswer`. Out: a figure; and files, the efficient frontier beside it. Invariants: the title is the answer;
every split that was played equally often is drawn, with its error; what is not decided is not drawn as if it were; the
plan of today is a dot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.present import digits, scales
from simulator.present.objectives import measure_words
from simulator.present.pictures.frontier import draw_frontier
from simulator.present.pictures.look import ink, muted, size
from simulator.present.pictures.page import Told, add_axes_at, draw_level, new_page, set_ticks
from simulator.present.pictures.rows import RISK_ALPHA
from simulator.present.pictures.saving import save_picture
from simulator.present.pictures.split_parts import (
    CHANCE,
    DIAL,
    TODAY,
    WORST,
    Entry,
    colour_of,
    entries_height,
    tick_unit,
    write_entries,
    zone_note,
)
from simulator.present.spending import money_text
from simulator.present.split import (
    answer_line,
    hiring_pools,
    moved_change,
    moved_unit,
    moved_words,
    row_of,
    told_chance,
    undecided_text,
    unit_of_mean,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.decide.split import SplitAnswer

# Where axes begin, how high a slide is, and the drawing in a column [in].
_LEFT, _HEIGHT, _BODY = 1.1, 8.0, 6.2


def draw_split(answer: SplitAnswer, folder: Path) -> list[Path]:
    """Draw the dial, of two pools, and the frontier into a folder.

    Raises:
        ResultsError: a picture cannot be written.
    """
    dial = save_picture(partial(draw_dial, answer), folder / "split") if has_dial(answer) else []
    return [*dial, *save_picture(partial(draw_frontier, answer), folder / "frontier")]


def has_dial(answer: Told) -> bool:
    """Say whether there is a dial: of two pools."""
    return len(answer.summary["pools"]) == 2


def draw_dial(answer: Told) -> Figure:
    """Draw mean, band, worst plays and chance over the share of the first pool."""
    summary, its = answer.summary, size()
    notes = [
        f"{zone_note(summary)}{_shaded(summary)} The split named is judged by new plays, which are not drawn.",
        "Numbers below: creators hired, fewest to most by market, and the money left where most is left.",
    ]
    entries = _entries(summary)
    key_lines, body = 0 if its.narrow else 2, _BODY + entries_height(entries)
    page = new_page(answer, _title(summary), _under(summary), notes, key_lines, height=_HEIGHT, body=body)
    page = write_entries(page, "the split named, on new plays", entries)
    chance = row_of(summary)["probability"] is not None
    hired, width = page.bottom + 0.62, its.right - _LEFT - (0.12 if its.narrow else 0.35)
    moved = hired + 0.92
    above = moved + 1.05
    top = above + (0.95 if chance else 0.0)
    _draw_dial(add_axes_at(page, _LEFT, top, width, page.top - top - 0.1), summary)
    if chance:
        _draw_chance(add_axes_at(page, _LEFT, above, width, 0.75), summary)
    _draw_moved(add_axes_at(page, _LEFT, moved, width, 0.85), summary)
    _draw_hired(add_axes_at(page, _LEFT, hired, width, 0.7), summary)
    return page.figure


def _title(summary: Mapping[str, Any]) -> str:
    """Give the answer; of a contest that was stopped without what to do about it, for which there is no room."""
    return answer_line(summary) if summary["decided"] else undecided_text(summary)


def _shaded(summary: Mapping[str, Any]) -> str:
    return " Shaded: as good." if len(summary["as_good"]["places"]) > 1 else ""


def _under(summary: Mapping[str, Any]) -> str:
    return f"What each split of {money_text(summary['budget'], summary['currency'])} brings, in common plays."


def _at(summary: Mapping[str, Any], row: Mapping[str, Any]) -> float:
    return 100 * float(row["shares"][summary["pools"][0]])


def _draw_dial(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Draw mean, band and worst plays by share, and mark the best split and today's plan."""
    _draw_zone(axes, summary)
    ends = _draw_curves(axes, summary)
    best, today = row_of(summary), summary["today"]
    _mark(axes, summary, best, "D", color=colour_of(DIAL), markersize=10, zorder=6)
    if summary["pools"][0] in today["shares"] and today["mean"]["value"] is not None:
        plan = summary["plans"][today["strategy"]]
        _mark(axes, summary, plan, "o", color=colour_of(TODAY), markersize=9, zorder=7)
    axes.set_ylim(*scales.with_zero(*ends))
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        draw_level(axes)
    axes.set_ylabel(measure_words(summary))
    set_ticks(axes.yaxis, partial(digits.tick_text, unit=tick_unit(summary)), 6)
    _share_axis(axes, label=False)


def _draw_zone(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Shade the splits that are as good, half a step beyond the last of them."""
    half = 50 / (summary["steps"] - 1)
    for low, high in summary["as_good"]["ranges"] if len(summary["as_good"]["places"]) > 1 else []:
        ends = max(100 * low - half, -2), min(100 * high + half, 102)
        axes.axvspan(*ends, color=colour_of(DIAL), alpha=0.1, linewidth=0, zorder=0)


def _draw_curves(axes: Axes, summary: Mapping[str, Any]) -> tuple[float, float]:
    """Draw what each split brings; give the lowest and the highest of it."""
    rows = summary["splits"]
    at, dial = [_at(summary, row) for row in rows], colour_of(DIAL)
    low, high = ([row["quantiles"][end]["value"] for row in rows] for end in ("0.1", "0.9"))
    means = [row["mean"]["value"] for row in rows]
    worst = [row["expected_shortfall_5"]["value"] for row in rows]
    axes.fill_between(at, low, high, color=dial, alpha=RISK_ALPHA / 2, linewidth=0, zorder=1)
    for row, x in zip(rows, at, strict=True):
        _error(axes, x, row["mean"], dial)
    axes.plot(at, means, "-o", color=dial, markersize=4, linewidth=2, zorder=4)
    axes.plot(at, worst, "-o", color=colour_of(WORST), markersize=3, linewidth=1.5, zorder=3)
    return min(*low, *worst, *high), max(*low, *worst, *high)


def _mark(axes: Axes, summary: Mapping[str, Any], row: Mapping[str, Any], marker: str, **how: Any) -> None:
    """Mark a split at its mean."""
    axes.plot(_at(summary, row), row["mean"]["value"], marker, markeredgecolor=ink(), **how)


def _error(axes: Axes, x: float, mean: Mapping[str, Any], colour: str) -> None:
    if digits.has_interval(mean):
        axes.plot((x, x), (mean["low"], mean["high"]), color=colour, linewidth=3, solid_capstyle="butt", zorder=3)


def _share_axis(axes: Axes, *, label: bool, pool: str = "") -> None:
    axes.set_xlim(-2, 102)
    step = 20 if size().narrow else 10
    axes.set_xticks(
        range(0, 101, 10), labels=[f"{share}%" if label and share % step == 0 else "" for share in range(0, 101, 10)]
    )
    if label:
        # A name has room for some letters only where there is but one column.
        axes.set_xlabel(f"share of the budget to {digits.shortened(pool, 16 if size().narrow else 32)}")


def _draw_chance(axes: Axes, summary: Mapping[str, Any]) -> None:
    rows = summary["splits"]
    at = [_at(summary, row) for row in rows]
    for row, x in zip(rows, at, strict=True):
        _error(axes, x, row["probability"], colour_of(CHANCE))
    axes.plot(
        at, [row["probability"]["value"] for row in rows], "-o", color=colour_of(CHANCE), markersize=3, linewidth=1.5
    )
    axes.set_ylim(0, 1.03)
    axes.set_yticks((0, 0.5, 1), labels=("0%", "50%", "100%"))
    _share_axis(axes, label=False)


def _draw_moved(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Draw what moving money to the first pool changes, between each two splits."""
    rows = summary["splits"]
    for before, row in pairwise(rows):
        change = moved_change(summary, row)
        if change and change["value"] is not None:
            x = (_at(summary, before) + _at(summary, row)) / 2
            _error(axes, x, change, muted())
            axes.plot(x, change["value"], "o", color=ink(), markersize=4, zorder=4)
    draw_level(axes)
    set_ticks(axes.yaxis, partial(digits.tick_text, unit=moved_unit(summary)), 3)
    _share_axis(axes, label=False)


def _draw_hired(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Write how many creators of each pool every split hires, and how much money it leaves at the most."""
    pools = hiring_pools(summary)
    axes.set_ylim(len(pools) + 0.5, -0.5)
    axes.set_yticks(range(len(pools) + 1), labels=[*(digits.shortened(pool, 12) for pool in pools), "left"])
    axes.tick_params(axis="y", length=0, labelsize=9, pad=10)
    every = max(1, -(-len(summary["splits"]) // (6 if size().narrow else 11)))
    for line, pool in enumerate(pools):
        for place, row in enumerate(summary["splits"]):
            low, high = row["bought"][pool]["hired"]
            changes = place and row["bought"][pool]["hired"] != summary["splits"][place - 1]["bought"][pool]["hired"]
            if place % every == 0 or (changes and high <= 3):
                axes.text(
                    _at(summary, row),
                    line,
                    f"{low}" if low == high else f"{low}-{high}",
                    ha="center",
                    va="center",
                    size=8,
                )
    for row in summary["splits"][::every]:
        axes.text(_at(summary, row), len(pools), _left(row), ha="center", va="center", size=8)
    axes.spines["left"].set_visible(False)
    _share_axis(axes, label=True, pool=summary["pools"][0])


def _left(row: Mapping[str, Any]) -> str:
    return digits.two_digits(round(row["unspent"][1])) if row["unspent"][1] >= 0.5 else "0"


def _entries(summary: Mapping[str, Any]) -> list[Entry]:
    """Say what each line is, with the numbers of the split named."""
    best, unit = summary["best"], unit_of_mean(summary)
    band = digits.range_text(best["quantiles"]["0.1"], best["quantiles"]["0.9"], unit)
    today = digits.shortened(summary["today"]["strategy"], 16)
    chance = ("", colour_of(CHANCE), 1.0, told_chance(summary), digits.percent(best["probability"] or {}))
    return [
        ("", colour_of(DIAL), 1.0, f"mean {measure_words(summary)}", digits.with_interval(best["mean"], unit)),
        ("", colour_of(DIAL), RISK_ALPHA / 2, "8 of 10 plays", band),
        ("", colour_of(WORST), 1.0, "mean of the worst 5%", digits.with_interval(best["expected_shortfall_5"], unit)),
        *([chance] if best["probability"] is not None else []),
        ("", ink(), 1.0, moved_words(summary), f"to {digits.shortened(summary['pools'][0], 20)}: change"),
        ("", colour_of(TODAY), 1.0, f"today: {today}", digits.with_interval(summary["today"]["mean"], unit)),
    ]
