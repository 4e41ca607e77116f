"""The picture of where reach and money go: two waterfalls, and what people do between them.

In: findings and the `reach_steps.Way` of a plan. Out: a figure. Invariants: every bar begins where the last one ended,
and says its number; colour is never the only sign, for steps that take away have a minus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simulator.present import digits
from simulator.present.digits import NUMBER, Unit
from simulator.present.findings import Findings
from simulator.present.pictures.look import TEXT_SIZE, brand, size
from simulator.present.pictures.page import LINE, Page, add_axes_at, new_page, put, stroke, width_of, wrapped
from simulator.present.pictures.saving import Draw
from simulator.present.reach_steps import Step, Way, amount, colour_of, money_title, reach_title, ways

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The height of a row in a column, on a slide at most and at least, and of a line of small text; how wide the names of
# steps are, and the gap between parts [in].
_ROW, _MOST, _LEAST, _SMALL, _NAMES, _APART = 0.4, 0.55, 0.27, 0.19, 1.65, 0.3
# What is written above bars, below it, and what people do between them [in].
_HEAD, _GAP, _FUNNEL = 2 * LINE, 0.08, 0.75
_ARROW = "\u2192 "


def way_pictures(findings: Findings) -> Mapping[str, Draw]:
    """Give the picture of each plan of which anything is known, the leading plan first."""
    told = [way for way in ways(findings) if way.reach]
    names = ["waterfall", *(f"waterfall_{place}" for place in range(2, len(told) + 1))]
    return {name: partial(draw_way, findings, way) for name, way in zip(names, told, strict=False)}


def draw_way(findings: Findings, way: Way) -> Figure:
    """Draw where reach and money of a plan go."""
    told = money_title(findings.facts, way) if way.money else ""
    under = "Where reach and money go: means per play; dark lines are 95% intervals"
    page = new_page(findings, reach_title(way), under, way.notes, height=_height(way), body=_body(way))
    (_stacked if size().narrow else _side_by_side)(page, way, told)
    return page.figure


def _height(way: Way) -> float:
    """Give how high a slide must be [in]."""
    rows = max(len(way.reach), len(way.money))
    return max(size().height, 2.1 + _HEAD + _GAP + _FUNNEL + rows * _LEAST)


def _body(way: Way) -> float:
    """Give how high all is in a column [in]."""
    heads = LINE + (_HEAD if way.money else 0.0) + 2 * _GAP + _APART
    return heads + (len(way.reach) + len(way.money)) * _ROW + len(way.funnel) * LINE


def _side_by_side(page: Page, way: Way, told: str) -> None:
    its, high = size(), page.top - page.bottom - _HEAD - 2 * _GAP - _FUNNEL
    half, below = (its.inner - _APART) / 2, page.top - _HEAD - _GAP
    parts = ((way.reach, NUMBER, "People"), (way.money, _unit(way), told))
    for (steps, unit, head), left in zip(parts, (its.margin, its.margin + half + _APART), strict=True):
        _head(page, head, (left, page.top, half))
        _waterfall(page, steps, unit, (left, below, half), min(_MOST, high / max(len(steps), 1)))
    _funnel(page, way.funnel)


def _stacked(page: Page, way: Way, told: str) -> None:
    its = size()
    _head(page, "People", (its.margin, page.top, its.inner))
    at = page.top - LINE - _GAP
    _waterfall(page, way.reach, NUMBER, (its.margin, at, its.inner), _ROW)
    at = _funnel_list(page, way.funnel[1:], at - len(way.reach) * _ROW - _APART / 2) - _APART / 2
    _head(page, told, (its.margin, at, its.inner))
    _waterfall(page, way.money, _unit(way), (its.margin, at - _HEAD - _GAP, its.inner), _ROW)


def _unit(way: Way) -> Unit:
    return digits.money_unit(way.currency)


def _head(page: Page, text: str, place: tuple[float, float, float]) -> None:
    """Write what stands above bars: left edge, upper edge and width [in]."""
    left, top, width = place
    lines = wrapped(page.figure, text, width, 2, weight="bold")
    put(page.figure, left, top, "\n".join(lines), weight="bold", linespacing=1.2)


def _waterfall(page: Page, steps: Sequence[Step], unit: Unit, place: tuple[float, float, float], height: float) -> None:
    """Draw steps, the first on top.

    Args:
        page: Where to draw.
        steps: What to draw; nothing where nothing is known.
        unit: Of their numbers.
        place: Left edge, upper edge and width [in].
        height: Of a row [in].
    """
    left, top, width = place
    if not steps:
        return
    axes = add_axes_at(page, left + _NAMES, top - len(steps) * height, width - _NAMES, len(steps) * height)
    _scale(axes, steps, _room(page, steps, unit) / (width - _NAMES))
    _bars(axes, steps, unit)
    for row, step in enumerate(steps):
        font = {"size": TEXT_SIZE - 1, "weight": "bold" if step.total else "normal"}
        lines = wrapped(page.figure, step.label, _NAMES - 0.1, 2, **font)
        middle = top - (row + 0.5) * height
        put(page.figure, left, middle, "\n".join(lines), va="center", linespacing=1.05, **font)


def _room(page: Page, steps: Sequence[Step], unit: Unit) -> float:
    """Measure the longest number [in]."""
    return max(width_of(page.figure, amount(step, unit), weight="bold") for step in steps) + 0.1


def _ends(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Give where each bar begins and ends: a total at 0, any other where the last one ended."""
    found, at = [], 0.0
    for step in steps:
        begin = 0.0 if step.total else at
        at = begin + step.value
        found.append((begin, at))
    return found


def _scale(axes: Axes, steps: Sequence[Step], room: float) -> None:
    """Let all bars fit, and the number of the one that reaches farthest."""
    ends = [end for pair in _ends(steps) for end in pair]
    known = [step.estimate or {} for step in steps if step.total]
    ends += [its[end] for its in known for end in ("low", "high") if its.get(end) is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    axes.set_xlim(low, low + ((high - low) or 1.0) / max(1.0 - room, 0.2))
    axes.set_ylim(len(steps), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _bars(axes: Axes, steps: Sequence[Step], unit: Unit) -> None:
    its, ends = brand(), _ends(steps)
    axes.plot((0, 0), (0, len(steps)), color=its.muted, linewidth=1, zorder=3)
    for row, (step, (begin, end)) in enumerate(zip(steps, ends, strict=True)):
        y = row + 0.5
        axes.barh(y, end - begin, 0.66, begin, color=getattr(its, colour_of(step)), zorder=2)
        if row + 1 < len(steps):
            axes.plot((end, end), (y, y + 1), color=its.muted, linewidth=0.8, zorder=1)
        farthest = max(begin, end, _error(axes, y, step))
        axes.annotate(
            amount(step, unit), (farthest, y), (5, 0), textcoords="offset points", va="center",
            weight="bold" if step.total else "normal", bbox={"fc": its.ground, "ec": "none", "pad": 1}, zorder=5,
        )  # fmt: skip


def _error(axes: Axes, y: float, step: Step) -> float:
    """Draw the interval of a total that chance decides; give how far it reaches."""
    mean = step.estimate or {}
    if not step.total or not digits.has_interval(mean) or mean["low"] == mean["high"]:
        return step.value
    for width, colour in ((7, brand().ground), (4, brand().ink)):
        axes.plot((mean["low"], mean["high"]), (y, y), color=colour, linewidth=width, solid_capstyle="butt", zorder=4)
    return float(mean["high"])


# ---- what people do


def _funnel(page: Page, steps: Sequence[Step]) -> None:
    """Write along the bottom how many people, impressions, clicks and orders there are."""
    its, wide = size(), size().inner / len(steps)
    top = page.bottom + _FUNNEL
    stroke(page.figure, (its.margin, its.width - its.margin), (top, top), color=brand().pale, linewidth=1)
    for place, step in enumerate(steps):
        left, small = its.margin + place * wide, {"size": TEXT_SIZE - 1}
        put(page.figure, left, top - 0.1, f"{_ARROW if place else ''}{amount(step)}", weight="bold")
        put(page.figure, left, top - 0.1 - LINE, step.label, **small)
        put(page.figure, left, top - 0.1 - LINE - _SMALL, _interval(step), color=brand().muted, **small)


def _funnel_list(page: Page, steps: Sequence[Step], top: float) -> float:
    """Write the same as lines; give the lower edge [in]."""
    its = size()
    for row, step in enumerate(steps):
        y = top - row * LINE
        put(page.figure, its.margin, y, f"{_ARROW}{amount(step)} {step.label}", weight="bold")
        put(page.figure, its.width - its.margin, y, _interval(step), ha="right", color=brand().muted)
    return top - len(steps) * LINE


def _interval(step: Step) -> str:
    """Write the interval of a number as short as the number."""
    mean = step.estimate or {}
    largest = [mean[end] for end in ("low", "value", "high")]
    return digits.interval_text(mean, digits.compact_unit(NUMBER, *largest))
