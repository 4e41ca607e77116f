"""Plans in a picture: which are drawn, their rows, names, marks and labels.

In: a page, plans, estimates. Out: marks in axes, words beside them. Invariants: risk (how plays differ) is always pale
and wide, error (how well a mean is known) dark and narrow; a name is cut only where its room ends, and never to that of
another plan.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.present import digits, scales
from simulator.present.pictures.look import brand, ink, muted, size
from simulator.present.pictures.page import LINE, Page, Told, box_of, put, stroke, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RISK_ALPHA = 0.45
# More plans cannot be told apart.
MOST_PLANS = 6
# Between the names of labels below a drawing [in].
_APART = 0.08


@dataclass(frozen=True)
class Plan:
    """One strategy as it is drawn: its key in the tables, its colour, and the keys of all strategies."""

    key: str
    colour: str
    among: tuple[str, ...]


class Risk(NamedTuple):
    """Between which quantiles the bar of risk lies, what share of the plays that is, and its thickness [pt]."""

    ends: tuple[str, str]
    share: float
    thickest: float


class Rows(NamedTuple):
    """Axes that are divided into rows, the first on top.

    Attributes:
        axes: Their height runs from the number of rows down to 0.
        many: How many.
        head: Which share of each row is left to words above what is drawn.
    """

    axes: Axes
    many: int
    head: float

    def at(self, row: int, share: float) -> float:
        """Give the place in axes of a share of what is drawn in a row."""
        return row + self.head + (1 - self.head) * share

    @property
    def step(self) -> float:
        """Give the height of a row [in]."""
        return row_height(self.axes, self.many)

    def top(self, row: int) -> float:
        """Give the upper edge of a row [in]."""
        return box_of(self.axes)[3] - row * self.step

    def middle(self, row: int) -> float:
        """Give the middle of a row [in]."""
        return self.top(row) - self.step / 2


def plans_of(study: Told) -> list[Plan]:
    """Choose the plans to draw, each with its colour."""
    colours = brand().colours[:MOST_PLANS]
    keys = scales.plans_to_show(study.summary, len(colours))
    among = tuple(study.summary["strategies"])
    return [Plan(key, colour, among) for key, colour in zip(keys, colours, strict=False)]


def labels_of(figure: Figure, plans: Sequence[Plan], width: float, most: int, weight: str = "bold") -> list[list[str]]:
    """Break the plans' names into at most `most` lines, cutting from their middles what is too long."""

    def broken(longest: int) -> list[list[str]]:
        names = [digits.display_names(plan.among, longest)[plan.key] for plan in plans]
        short = [name.replace("...", "\u2026") for name in names]
        return [wrapped(figure, name, width, most + 1, weight=weight) for name in short]

    def too_long(longest: int) -> int:
        return int(any(len(lines) > most for lines in broken(longest)))

    lengths = range(10, digits.LONGEST_NAME + 1)
    fitting = bisect_left(lengths, 1, key=too_long)
    return [lines[:most] for lines in broken(lengths[max(fitting - 1, 0)])]


def row_height(axes: Axes, rows: int) -> float:
    """Give the height of one of so many rows [in]."""
    _, bottom, _, top = box_of(axes)
    return (top - bottom) / rows


def head_height(lines: int) -> float:
    """Give how high the words above what is drawn in a row are in a column; on a slide they stand beside it [in]."""
    return lines * LINE + 0.1 if size().narrow else 0.0


def add_rows(axes: Axes, count: int, lines: int = 0) -> Rows:
    """Divide axes into rows with room for so many lines of words, where these stand above what is drawn."""
    lay_rows(axes, count)
    head = head_height(lines) / row_height(axes, count) if lines else 0.0
    for row in range(count):
        hide_lines(axes, row, row + head)
    return Rows(axes, count, head)


def hide_lines(axes: Axes, top: float, bottom: float) -> None:
    """Let lines down the whole axes stop where there are words."""
    if bottom > top:
        edge = 0.04 * (bottom - top)
        axes.axhspan(top + edge, bottom - edge, color=brand().ground, linewidth=0, zorder=3.5)


def lay_rows(axes: Axes, count: int) -> None:
    """Divide axes into rows, the first on top."""
    axes.set_ylim(count, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for row in range(1, count):
        axes.axhline(row, color=brand().pale, linewidth=0.8, zorder=0)


def write_row_names(page: Page, rows: Rows, plans: Sequence[Plan], beside: float = 0.0) -> None:
    """Write the plans' names to the left of their rows, in a column above them.

    Args:
        page: Where to write.
        rows: Theirs.
        plans: One for each row.
        beside: How much room to leave at the right of a name that stands above its row [in].
    """
    its = size()
    if its.narrow:
        names = labels_of(page.figure, plans, its.inner - beside, 1)
        for row, (line, *_) in enumerate(names):
            put(page.figure, its.margin, rows.top(row) - 0.07, line, weight="bold")
        return
    most = min(max(int(rows.step / LINE), 1), 4)
    for row, lines in enumerate(labels_of(page.figure, plans, its.left - its.margin - 0.15, most)):
        put(page.figure, its.margin, rows.middle(row), "\n".join(lines), va="center", weight="bold", linespacing=1.1)


def draw_marks(axes: Axes, y: float, estimates: Mapping[str, Any], colour: str, risk: Risk) -> float:
    """Draw risk as a pale bar between two quantiles, error as a dark bar with a tick at the mean.

    Returns:
        How thick the pale bar is [pt].
    """
    mean, quantiles = estimates["mean"], estimates["quantiles"]
    # The rows' axis runs from its number of rows down to 0; a bar takes a quarter of a row.
    thick = min(risk.thickest, 72 * row_height(axes, int(axes.get_ylim()[0])) / 4)
    ends = [quantiles[end]["value"] for end in risk.ends]
    axes.plot(ends, (y, y), color=colour, alpha=RISK_ALPHA, linewidth=thick, solid_capstyle="butt", zorder=2)
    # The tick keeps a mean without width visible.
    axes.plot(mean["value"], y, "|", color=ink(), markersize=thick, markeredgewidth=2, zorder=3)
    if digits.has_interval(mean):
        error = (mean["low"], mean["high"])
        axes.plot(error, (y, y), color=ink(), linewidth=thick / 2, solid_capstyle="butt", zorder=3)
    return thick


def write_key(page: Page, top: float, texts: tuple[str, str], colour: str = "", words: str = "") -> None:
    """Write what the error is, and below it the risk, each beside its mark, where keys and numbers stand."""
    left, lines = page.key_left, [text.split("\n") for text in texts]
    second = top - len(lines[0]) * LINE
    for start, of_one in zip((top, second), lines, strict=True):
        for number, line in enumerate(of_one):
            put(page.figure, left + 0.32, start - number * LINE, line, color=words or ink())
    _error_mark(page.figure, left, top - 0.09)
    _risk_mark(page.figure, left, second - 0.1, colour)


def write_beside(page: Page, top: float, texts: tuple[str, str], colour: str) -> None:
    """Write error and risk in one line, each beside its mark, as there is room for in a column."""
    left = size().margin
    _error_mark(page.figure, left, top - 0.09)
    put(page.figure, left + 0.32, top, texts[0])
    left += 0.32 + width_of(page.figure, texts[0]) + 0.2
    _risk_mark(page.figure, left, top - 0.1, colour)
    put(page.figure, left + 0.32, top, texts[1])


def _error_mark(figure: Figure, left: float, middle: float) -> None:
    stroke(figure, (left, left + 0.22), (middle, middle), color=ink(), linewidth=5)
    stroke(figure, (left + 0.11,) * 2, (middle - 0.07, middle + 0.07), color=ink(), linewidth=2)


def _risk_mark(figure: Figure, left: float, middle: float, colour: str) -> None:
    colour = colour or muted()
    stroke(figure, (left, left + 0.22), (middle, middle), color=colour, alpha=RISK_ALPHA, linewidth=10)


# ---- labels of lines

End = tuple[Plan, float, str]


def labels_height(count: int) -> float:
    """Give the height of a heading and so many labels below a drawing, in a column; on a slide there are none [in]."""
    return LINE + count * (2 * LINE + _APART) + 0.1 if size().narrow else 0.0


def labels_below(page: Page, heading: str, ends: Sequence[End]) -> Page:
    """In a column, write the labels of lines below the drawing, the highest line first; give the page that is left.

    Args:
        page: Where to write.
        heading: What the texts are.
        ends: The plan of each line, where it ends, and what is written below the plan's name.
    """
    its = size()
    if not its.narrow:
        put(page.figure, its.right, page.key, heading, color=muted())
        return page
    bottom = page.bottom + labels_height(len(ends))
    top = bottom - 0.1
    put(page.figure, its.margin, top, heading, color=muted())
    top -= LINE
    order = sorted(ends, key=lambda end: -end[1])
    names = labels_of(page.figure, [plan for plan, _, _ in order], its.inner - 0.32, 1)
    for (plan, _, text), (name, *_) in zip(order, names, strict=True):
        write_label(page, its.margin, top, plan.colour, name, text)
        top -= 2 * LINE + _APART
    return replace(page, bottom=bottom)


def write_label(page: Page, left: float, top: float, colour: str, name: str, text: str) -> None:
    """Write a name beside a stroke of its colour, and a text below it."""
    stroke(page.figure, (left, left + 0.22), (top - 0.1, top - 0.1), color=colour, linewidth=5)
    put(page.figure, left + 0.32, top, name, weight="bold", linespacing=1.2)
    put(page.figure, left + 0.32, top - LINE * (1 + name.count("\n")), text)


def label_ends(page: Page, axes: Axes, ends: Sequence[End]) -> None:
    """Label each line in the right column where it ends; labels that would touch move apart and keep a thin line.

    In a column of a document, `labels_below` has written them.

    Args:
        page: Where to write.
        axes: In which the lines are, up to their right edge.
        ends: The plan of each line, where it ends, and what is written below the plan's name.
    """
    its = size()
    if its.narrow:
        return
    (_, bottom, edge, top), (low, high) = box_of(axes), axes.get_ylim()
    wanted = [bottom + (top - bottom) * (value - low) / (high - low) for _, value, _ in ends]
    labels = labels_of(page.figure, [plan for plan, _, _ in ends], its.right_width, 2 if len(ends) <= 4 else 1)
    height = LINE * (1 + max(map(len, labels), default=1))
    middles = scales.spread_out(wanted, height + 0.06, page.bottom + height / 2, page.top - height / 2)
    for (plan, _, text), name, end, middle in zip(ends, labels, wanted, middles, strict=True):
        stroke(page.figure, (edge + 0.04, its.right - 0.06), (end, middle), color=plan.colour, linewidth=1.5)
        top = middle + LINE * (len(name) + 1) / 2
        put(page.figure, its.right, top, "\n".join(name), weight="bold", linespacing=1.2)
        put(page.figure, its.right, top - LINE * len(name), text)
