"""Two pictures of a split: the dial, and the efficient frontier.

In: a `SplitAnswer`. Out: figures, as PNG and SVG. Invariants: the titles are the answer; every split that was played
equally often is drawn, with its error; what is not decided is not drawn as if it were; the plan of today is a dot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.objectives import measure_words
from simulator.present.pictures import scales
from simulator.present.pictures.page import (
    COLOURS,
    GREY,
    INK,
    LINE,
    RIGHT,
    RISK_ALPHA,
    Page,
    add_axes_at,
    new_page,
    put,
    set_ticks,
    stroke,
)
from simulator.present.pictures.plots import save_picture
from simulator.present.spending import money_text, percent
from simulator.present.split import (
    answer_line,
    hiring_pools,
    moved_change,
    moved_unit,
    moved_words,
    row_of,
    split_text,
    told_chance,
    undecided_text,
    unit_of_mean,
    zone_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

    from simulator.decide.split import SplitAnswer

_DIAL, _WORST, _CHANCE, _TODAY = COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3]
_LEFT, _HEIGHT = 1.1, 8.0


def draw_split(answer: SplitAnswer, folder: Path) -> list[Path]:
    """Draw the dial, of two pools, and the frontier into a folder.

    Raises:
        ResultsError: a picture cannot be written.
    """
    dial = save_picture(partial(_dial, answer), folder / "split") if len(answer.summary["pools"]) == 2 else []
    return [*dial, *save_picture(partial(_frontier, answer), folder / "frontier")]


def _dial(answer: SplitAnswer) -> Figure:
    """Draw mean, band, worst plays and chance over the share of the first pool."""
    summary = answer.summary
    notes = [
        f"{_zone_note(summary)}{_shaded(summary)} The split named is judged by new plays, which are not drawn.",
        "Numbers below: creators hired, fewest to most by market, and the money left where most is left.",
    ]
    page = new_page(answer, _title(summary), _under(summary), notes, key_lines=2, height=_HEIGHT)
    chance = row_of(summary)["probability"] is not None
    hired, width = page.bottom + 0.62, RIGHT - _LEFT - 0.35
    moved = hired + 0.92
    above = moved + 1.05
    top = above + (0.95 if chance else 0.0)
    upper = add_axes_at(page, _LEFT, top, width, page.top - top - 0.1)
    _draw_dial(upper, summary)
    if chance:
        _draw_chance(add_axes_at(page, _LEFT, above, width, 0.75), summary)
    _draw_moved(add_axes_at(page, _LEFT, moved, width, 0.85), summary)
    _draw_hired(add_axes_at(page, _LEFT, hired, width, 0.7), summary)
    _write_key(page, summary, chance=chance)
    return page.figure


def _title(summary: Mapping[str, Any]) -> str:
    """Give the answer; of a contest that was stopped without what to do about it, for which there is no room."""
    return answer_line(summary) if summary["decided"] else undecided_text(summary)


def _shaded(summary: Mapping[str, Any]) -> str:
    return " Shaded: as good." if len(summary["as_good"]["places"]) > 1 else ""


def _under(summary: Mapping[str, Any]) -> str:
    return f"What each split of {money_text(summary['budget'], summary['currency'])} brings, in common plays."


def _zone_note(summary: Mapping[str, Any]) -> str:
    return f"Differences below {zone_text(summary)} are taken not to matter."


def _at(summary: Mapping[str, Any], row: Mapping[str, Any]) -> float:
    return 100 * float(row["shares"][summary["pools"][0]])


def _draw_dial(axes: Axes, summary: Mapping[str, Any]) -> None:
    rows = summary["splits"]
    at = [_at(summary, row) for row in rows]
    for low, high in summary["as_good"]["ranges"] if len(summary["as_good"]["places"]) > 1 else []:
        half = 50 / (summary["steps"] - 1)
        axes.axvspan(
            max(100 * low - half, -2), min(100 * high + half, 102), color=_DIAL, alpha=0.1, linewidth=0, zorder=0
        )
    band = [[row["quantiles"][end]["value"] for row in rows] for end in ("0.1", "0.9")]
    axes.fill_between(at, band[0], band[1], color=_DIAL, alpha=RISK_ALPHA / 2, linewidth=0, zorder=1)
    for row, x in zip(rows, at, strict=True):
        _error(axes, x, row["mean"], _DIAL)
    axes.plot(at, [row["mean"]["value"] for row in rows], "-o", color=_DIAL, markersize=4, linewidth=2, zorder=4)
    worst = [row["expected_shortfall_5"]["value"] for row in rows]
    axes.plot(at, worst, "-o", color=_WORST, markersize=3, linewidth=1.5, zorder=3)
    best, today = row_of(summary), summary["today"]
    axes.plot(_at(summary, best), best["mean"]["value"], "D", color=_DIAL, markeredgecolor=INK, markersize=10, zorder=6)
    if summary["pools"][0] in today["shares"] and today["mean"]["value"] is not None:
        plan = summary["plans"][today["strategy"]]
        axes.plot(
            _at(summary, plan), plan["mean"]["value"], "o", color=_TODAY, markeredgecolor=INK, markersize=9, zorder=7
        )
    every = [*band[0], *band[1], *worst]
    axes.set_ylim(*scales.with_zero(min(every), max(every)))
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_ylabel(_measure_label(summary))
    set_ticks(axes.yaxis, partial(digits.tick_text, unit=_tick_unit(summary)), 6)
    _share_axis(axes, label=False)


def _error(axes: Axes, x: float, mean: Mapping[str, Any], colour: str) -> None:
    if digits.has_interval(mean):
        axes.plot((x, x), (mean["low"], mean["high"]), color=colour, linewidth=3, solid_capstyle="butt", zorder=3)


def _measure_label(summary: Mapping[str, Any]) -> str:
    return measure_words(summary)


def _tick_unit(summary: Mapping[str, Any]) -> digits.Unit:
    return digits.NUMBER if summary["measure"] == "roi" else unit_of_mean(summary)


def _share_axis(axes: Axes, *, label: bool, pool: str = "") -> None:
    axes.set_xlim(-2, 102)
    axes.set_xticks(range(0, 101, 10), labels=[f"{share}%" if label else "" for share in range(0, 101, 10)])
    if label:
        axes.set_xlabel(f"share of the budget to {digits.shortened(pool)}")


def _draw_chance(axes: Axes, summary: Mapping[str, Any]) -> None:
    rows = summary["splits"]
    at = [_at(summary, row) for row in rows]
    for row, x in zip(rows, at, strict=True):
        _error(axes, x, row["probability"], _CHANCE)
    axes.plot(at, [row["probability"]["value"] for row in rows], "-o", color=_CHANCE, markersize=3, linewidth=1.5)
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
            _error(axes, x, change, GREY)
            axes.plot(x, change["value"], "o", color=INK, markersize=4, zorder=4)
    axes.axhline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    set_ticks(axes.yaxis, partial(digits.tick_text, unit=moved_unit(summary)), 3)
    _share_axis(axes, label=False)


def _draw_hired(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Write how many creators of each pool every split hires, and how much money it leaves at the most."""
    pools = hiring_pools(summary)
    axes.set_ylim(len(pools) + 0.5, -0.5)
    axes.set_yticks(range(len(pools) + 1), labels=[*(digits.shortened(pool, 12) for pool in pools), "left"])
    axes.tick_params(axis="y", length=0, labelsize=9)
    every = max(1, -(-len(summary["splits"]) // 11))
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


def _write_key(page: Page, summary: Mapping[str, Any], *, chance: bool) -> None:
    """Say in the right column what each line is, with the numbers of the split named."""
    best, unit, top = summary["best"], unit_of_mean(summary), page.key
    put(page.figure, RIGHT, top, "the split named, on new plays", color=GREY)
    band = digits.range_text(best["quantiles"]["0.1"], best["quantiles"]["0.9"], unit)
    today = digits.shortened(summary["today"]["strategy"], 16)
    lines = [
        (_DIAL, 1.0, f"mean {measure_words(summary)}", digits.with_interval(best["mean"], unit)),
        (_DIAL, RISK_ALPHA / 2, "8 of 10 plays", band),
        (_WORST, 1.0, "mean of the worst 5%", digits.with_interval(best["expected_shortfall_5"], unit)),
        *([(_CHANCE, 1.0, told_chance(summary), digits.percent(best["probability"]))] if chance else []),
        (INK, 1.0, moved_words(summary), f"to {digits.shortened(summary['pools'][0], 20)}: change"),
        (_TODAY, 1.0, f"today: {today}", digits.with_interval(summary["today"]["mean"], unit)),
    ]
    top -= LINE + 0.12
    for colour, alpha, name, value in lines:
        stroke(page.figure, (RIGHT, RIGHT + 0.22), (top - 0.1, top - 0.1), color=colour, alpha=alpha, linewidth=5)
        put(page.figure, RIGHT + 0.32, top, name, color=INK)
        put(page.figure, RIGHT + 0.32, top - LINE, value, color=GREY)
        top -= 2 * LINE + 0.14


def _frontier(answer: SplitAnswer) -> Figure:
    """Draw each split by its worst plays and its mean; those that nothing beats in both are joined."""
    summary = answer.summary
    page = new_page(
        answer,
        _frontier_title(summary),
        "Mean against the mean of the worst 5% of plays, in common plays.",
        [_zone_note(summary)],
    )
    axes = add_axes_at(page, _LEFT, page.bottom + 0.62, RIGHT - _LEFT - 0.35, page.top - page.bottom - 0.72)
    known = [row for row in summary["splits"] if row["expected_shortfall_5"]["value"] is not None]
    _scatter(axes, known, "o", GREY, 5)
    efficient = sorted((row for row in known if row["efficient"]), key=lambda row: row["mean"]["value"])
    axes.plot(
        [_worst(row) for row in efficient],
        [row["mean"]["value"] for row in efficient],
        color=_DIAL,
        linewidth=2,
        zorder=3,
    )
    _scatter(axes, efficient, "o", _DIAL, 7)
    _scatter(axes, [row_of(summary)], "D", _DIAL, 11)
    for name, plan in summary["plans"].items():
        if _is_known(plan):
            _scatter(axes, [plan], "s", _plan_colour(summary, name), 8)
    axes.set_xlabel(f"{measure_words(summary)}, mean of the worst 5% of plays")
    axes.set_ylabel(f"mean {measure_words(summary)}")
    show = partial(digits.tick_text, unit=_tick_unit(summary))
    set_ticks(axes.xaxis, show, 6)
    set_ticks(axes.yaxis, show, 6)
    _label_points(axes, summary, efficient)
    _frontier_key(page, summary)
    return page.figure


def _frontier_title(summary: Mapping[str, Any]) -> str:
    """Name both ends of the frontier, as what was seen and no more."""
    efficient = [row for row in summary["splits"] if row["efficient"]]
    if not efficient:
        return "No split has plays enough to tell its worst ones"
    highest, safest = max(efficient, key=lambda row: float(row["mean"]["value"])), max(efficient, key=_worst)
    if highest is safest:
        return f"Going by these plays, {split_text(summary, safest)} brings most, on average and in the worst plays"
    ends = split_text(summary, highest), split_text(summary, safest)
    return f"Going by these plays, {ends[0]} brings most on average, and {ends[1]} most in the worst plays"


def _worst(row: Mapping[str, Any]) -> float:
    return float(row["expected_shortfall_5"]["value"])


def _scatter(axes: Axes, rows: Sequence[Mapping[str, Any]], mark: str, colour: str, size: int) -> None:
    places = [_worst(row) for row in rows], [row["mean"]["value"] for row in rows]
    axes.plot(
        *places,
        mark,
        color=colour,
        markeredgecolor=INK,
        markeredgewidth=0.6,
        markersize=size,
        linestyle="none",
        zorder=4,
    )


def _plan_colour(summary: Mapping[str, Any], plan: str) -> str:
    """Give the plan of today its colour; the others are white."""
    return _TODAY if plan == summary["today"]["strategy"] else "white"


def _label_points(axes: Axes, summary: Mapping[str, Any], efficient: Sequence[Mapping[str, Any]]) -> None:
    """Write shares beside the ends of the frontier and the split named; below them, the names of plans."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.22 * (high - low))
    axes.margins(y=0.14)
    named = {id(row): row for row in (row_of(summary), *efficient[:1], *efficient[-1:]) if _is_known(row)}
    labels = [(row, "/".join(percent(row["shares"][pool]) for pool in summary["pools"]), INK) for row in named.values()]
    plans = [(plan, digits.shortened(name, 20), GREY) for name, plan in summary["plans"].items() if _is_known(plan)]
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
            arrowprops=None if away in _BESIDE else {"arrowstyle": "-", "color": GREY, "linewidth": 0.6},
        )
        label.get_window_extent()  # puts it in its place
        box = Text.get_window_extent(label)  # that of the text, without the leader
        free = not any(box.overlaps(other) for other in taken)
        if away == _AROUND[-1] or (free and axes.bbox.fully_containsx(box.x0) and axes.bbox.fully_containsy(box.y0)):
            break
        label.remove()
    taken.append(box)


def _frontier_key(page: Page, summary: Mapping[str, Any]) -> None:
    top = page.top - 0.1
    lines = [
        ("o", _DIAL, "efficient: none is better", "on average and at worst"),
        ("D", _DIAL, "the split named", "by the contest"),
        ("o", GREY, "other splits", " / ".join(summary["pools"])),
        ("s", _TODAY, "the plan of today", digits.shortened(summary["today"]["strategy"], 24)),
        *([("s", "white", "other plans", "of the scenario")] if len(summary["plans"]) > 1 else []),
    ]
    for mark, colour, name, text in lines:
        how = {"marker": mark, "markeredgecolor": INK, "markersize": 8}
        stroke(page.figure, (RIGHT + 0.1,), (top - 0.09,), color=colour, **how)
        put(page.figure, RIGHT + 0.32, top, name)
        put(page.figure, RIGHT + 0.32, top - LINE, text, color=GREY)
        top -= 2 * LINE + 0.14
