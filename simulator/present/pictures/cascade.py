"""The picture of one play's cascades: who shared which post because of whom, and when.

In: findings, and a traced play. Out: a figure. Invariants: every line goes from who showed a post to who shared it,
forward in time; a filled mark has a friend before it, a hollow one has none; what is not drawn is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import log1p
from typing import TYPE_CHECKING, Any

from simulator.decide.cascades import ROOT
from simulator.decide.traced import Share, Traced, read_traced
from simulator.present import digits
from simulator.present.cascades import cascade_title
from simulator.present.digits import count
from simulator.present.findings import Findings
from simulator.present.pictures.branches import Lane, lanes_of
from simulator.present.pictures.look import TEXT_SIZE, brand, size
from simulator.present.pictures.page import LINE, Page, add_axes_at, cut_off, new_page, put, stroke
from simulator.present.pictures.saving import Draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Posts that are drawn, on a slide and in a column, which may be long; shares and rows of all of them.
_MOST_POSTS = {"slide": 5, "column": 6}
_MOST_SHARES, _MOST_ROWS = 150, 42
# Of a lane: its height without rows, that of a row in a column, words above it there, its ticks; the axis below [in].
_LANE, _ROW, _WORDS, _TICKS, _BELOW = 0.44, 0.1, 0.25, 0.09, 0.62
_KEY_LINES, _SMALL = 4, 0.19
# Marks [pt^2]: the least, and how much larger the largest is.
_LEAST, _LARGER = 10.0, 200.0
# Hours at which the axis has ticks.
_TICKS_AT = {0: "0", 1: "1 h", 6: "6 h", 24: "1 d", 72: "3 d", 168: "7 d", 336: "14 d", 720: "30 d", 2160: "90 d"}


def cascade_pictures(findings: Findings) -> Mapping[str, Draw]:
    """Give the picture of each play that was traced."""
    names = ["cascade", *(f"cascade_{place}" for place in range(2, len(findings.traces) + 1))]
    return {name: partial(_read_and_draw, findings, place) for place, name in enumerate(names[: len(findings.traces)])}


def _read_and_draw(findings: Findings, place: int) -> Figure:
    return draw_cascade(findings, read_traced(findings.traces[place]))


def draw_cascade(findings: Findings, traced: Traced) -> Figure:
    """Draw the largest cascades of a play, a lane for each post, time from the left."""
    lanes = lanes_of(traced, _MOST_POSTS[size().name], _MOST_SHARES, _MOST_ROWS)
    under = "From the post to who shared it, and on to who shared it because of them"
    page = new_page(
        findings, cascade_title(traced), under, _notes(traced, lanes), _KEY_LINES if lanes else 0,
        body=sum(_heights(lanes)) + len(lanes) * _WORDS + _BELOW if lanes else 1.0, plays=_which(traced),
    )  # fmt: skip
    if lanes:
        _draw(page, traced, lanes)
    else:
        middle = (page.top + page.bottom) / 2
        put(page.figure, size().margin, middle, "No cascade to draw: nobody shared a post.", color=brand().muted)
    return page.figure


def _which(traced: Traced) -> str:
    return f"replication {traced.summary['replication']}, in market {traced.summary['market']}"


def _notes(traced: Traced, lanes: Sequence[Lane]) -> list[str]:
    """Say what is drawn of how much."""
    drawn, shared = sum(len(lane.rows) for lane in lanes), len({share.post for share in traced.shares})
    if not lanes:
        return []
    posts = (
        "the only post that was shared" if shared == 1 else f"{count(len(lanes))} of {shared} posts that were shared"
    )
    if not drawn:
        return [f"Nobody shared a post that a friend had shown. Ticks: every share of {posts}."]
    every = len(traced.shares)
    if drawn == every:
        return [f"Drawn: all {count(every)} shares."]
    return [
        f"Drawn: {count(drawn)} of {count(every)} shares, those that led to most others. Ticks: the others of {posts}."
    ]


def _heights(lanes: Sequence[Lane], room: float | None = None) -> list[float]:
    """Give how high each lane is [in], in a column as its rows need, on a slide together the room there is."""
    if room is None:
        return [max(_LANE, _ROW * lane.height + 2 * _TICKS) for lane in lanes]
    rows = sum(lane.height for lane in lanes) or 1
    least = min(_LANE, room / len(lanes))
    return [least + (room - least * len(lanes)) * lane.height / rows for lane in lanes]


def _draw(page: Page, traced: Traced, lanes: Sequence[Lane]) -> None:
    its = size()
    bottom, left = page.bottom + _BELOW, its.margin + 0.1 if its.narrow else its.left + 0.1
    words = _WORDS if its.narrow else 0.0
    heights = _heights(lanes, None if its.narrow else page.top - bottom)
    tops = [0.0, *accumulate(height + words for height in heights)]
    axes = add_axes_at(page, left, bottom, its.right - left - 0.15, tops[-1])
    _lay_out(axes, traced, tops[-1])
    most = max((traced.shares[its].shown for lane in lanes for its in lane.rows), default=0)
    for lane, top, height in zip(lanes, tops, heights, strict=False):
        _draw_lane(axes, traced, lane, (top + words, height), most)
        _write_words(page, traced, lane, bottom + tops[-1] - top, height)
        if top:
            axes.axhline(top, color=brand().pale, linewidth=0.8, zorder=0)
    _write_key(page, most)


def _at(hours: float) -> float:
    return log1p(max(hours, 0.0))


def _lay_out(axes: Axes, traced: Traced, height: float) -> None:
    last = max(share.hours for share in traced.shares)
    axes.set_xlim(-0.12, _at(last) * 1.04 + 0.1)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    shown = [hours for hours in _TICKS_AT if hours <= max(last, 1)]
    axes.set_xticks([_at(hours) for hours in shown], [_TICKS_AT[hours] for hours in shown], size=TEXT_SIZE - 1)
    axes.set_xlabel("hours and days since the post went out", size=TEXT_SIZE - 1)


def _draw_lane(axes: Axes, traced: Traced, lane: Lane, place: tuple[float, float], most: int) -> None:
    """Draw the post, lines and shares of a lane; place: its upper edge and its height [in]."""
    (top, height), its = place, brand()
    step = (height - 2 * _TICKS) / max(lane.height, 1)
    spots = {
        share: (_at(traced.shares[share].hours), top + _TICKS / 2 + step * (row + 0.5))
        for share, row in lane.rows.items()
    }
    source = (0.0, top + _TICKS / 2 + step * lane.height / 2 if lane.rows else top + height / 2)
    # The large ones first, so that none hides a small one.
    for share, spot in sorted(spots.items(), key=lambda its: -traced.shares[its[0]].shown):
        parent = traced.shares[share].parent
        pale = parent == ROOT
        _line(axes, spots.get(parent, source), spot, its.muted if pale else its.colours[0], 0.6 if pale else 1.4)
        _mark(axes, traced.shares[share], spot, most)
    foot = top + height - _TICKS * 0.3
    ticks = [_at(hours) for hours in lane.others]
    axes.vlines(ticks, foot - _TICKS, foot, color=its.muted, linewidth=0.5, alpha=0.6, zorder=1)
    axes.plot(*source, "s", color=its.ink, markersize=6, zorder=4)


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (start[0] + end[0]) / 2
    path = Path([start, (middle, start[1]), (middle, end[1]), end], [Path.MOVETO, *[Path.CURVE4] * 3])
    axes.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=width, zorder=2))


def _mark(axes: Axes, share: Share, spot: tuple[float, float], most: int) -> None:
    its, area = brand(), _area(share.shown, most)
    inside = its.ground if share.parent == ROOT else its.colours[0]
    edge = its.ink if share.parent == ROOT else its.ground
    axes.scatter(*spot, s=area, color=inside, edgecolor=edge, linewidth=0.8, zorder=3, clip_on=False)


def _area(shown: int, most: int) -> float:
    return _LEAST + _LARGER * shown / (most or 1)


# ---- words


def _write_words(page: Page, traced: Traced, lane: Lane, top: float, height: float) -> None:
    """Write whose post it is, and what friends showed of it."""
    its, post = size(), traced.posts[lane.post]
    several = sum(other["creator"] == post["creator"] for other in traced.posts) > 1
    name = digits.clean(post["creator"]) + (f", post {post['post']}" if several else "")
    small = {"size": TEXT_SIZE - 1}
    told = f"{count(post['nodes'] - 1)} shares, {count(post['depth'])} deep"
    seen = f"{count(post['friend_impressions'])} of {count(post['impressions'])}"
    if its.narrow:
        (name,) = cut_off(page.figure, [name], 1.3)
        put(page.figure, its.margin, top - 0.05, name, weight="bold", **small)
        put(page.figure, its.width - its.margin, top - 0.05, f"{told}, {seen} by friends", ha="right", **small)
        return
    (name,) = cut_off(page.figure, [name], its.left - its.margin - 0.15)
    middle = top - height / 2
    put(page.figure, its.margin, middle + _SMALL, name, weight="bold", size=TEXT_SIZE - 1)
    put(page.figure, its.margin, middle, told, color=brand().muted, **small)
    put(page.figure, its.right, middle + _SMALL, seen, weight="bold", **small)
    put(page.figure, its.right, middle, "impressions by friends", color=brand().muted, **small)


def _write_key(page: Page, most: int) -> None:
    """Say what the marks are."""
    its, left = brand(), page.key_left + 0.12
    marks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("the post; ticks: other shares", {"marker": "s", "color": its.ink, "markersize": 6}),
        ("shared it, shown by no friend", {"marker": "o", "color": its.ground, "markeredgecolor": its.ink}),
        ("shared it, shown by a friend", {"marker": "o", "color": its.colours[0]}),
    )
    for place, (text, mark) in enumerate(marks):
        top = page.key - place * LINE
        stroke(page.figure, (left, left), (top - 0.09, top - 0.09), **{"markersize": 7, **mark})
        put(page.figure, left + 0.15, top, text, size=TEXT_SIZE - 1)
    text = f"size: shown to at most {count(most)}"
    put(page.figure, page.key_left, page.key - len(marks) * LINE, text, size=TEXT_SIZE - 1)
