"""The heat map of overlap: how much the audiences of each two creators of a plan have in common.

In: pairs of creators, as in overlap.csv. Out: a figure. Invariants: creators whose audiences overlap with the same ones
stand beside each other; more overlap is darker, which also a printer in black tells; who is left out is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.present import digits, scales
from simulator.present.colour import contrast, tint
from simulator.present.pictures.look import brand, ink, muted, size
from simulator.present.pictures.page import LINE, Page, Told, add_axes_at, cut_off, new_page, put, stroke
from simulator.present.worth import overlap_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# Creators of the matrix, and up to how many its cells hold numbers; from how many on only some columns are numbered.
_MOST, _MOST_WRITTEN, _FEW_COLUMNS = 30, 8, 14
# A cell at least and at most, names, the numbers of columns, the bar of shades, around all on a slide [in].
_LEAST_CELL, _CELL, _NAMES, _COLUMNS, _SHADES, _AROUND = 0.178, 1.0, 1.75, 0.25, (0.22, 1.5), 2.3
# The scale begins at a multiple of this, below the least overlap.
_STEP = 0.05
# The palest shade, and how much ink is in the darkest.
_PALEST, _DARKEST = 0.12, 0.6
_KEY_LINES = 2


def draw_overlap(worth: Told, pairs: Sequence[Mapping[str, Any]], strategy: str) -> Figure:
    """Draw how much each two audiences overlap, as a matrix."""
    its, every = size(), _names(pairs)
    names = every[:_MOST]
    matrix = _matrix(pairs, names)
    order = _alike_together(matrix)
    names, matrix = [names[place] for place in order], matrix[np.ix_(order, order)]
    page = _page(worth, strategy, len(names), len(every))
    left = its.margin + _NAMES
    wide = (its.width - its.margin if its.narrow else its.right - 0.3) - left
    high = page.top - page.bottom - _COLUMNS
    cell = min(wide / len(names), high / len(names), _CELL)
    # In a column rows may be higher than columns are wide, for their names.
    side = cell * len(names), (high if its.narrow else cell * len(names))
    axes = add_axes_at(page, left, page.top - _COLUMNS - side[1], *side)
    limits = _limits(matrix)
    _draw(axes, matrix, limits)
    _write_names(page, axes, names)
    _write_key(page, limits, never=_has_unknown(matrix))
    return page.figure


def _page(worth: Told, strategy: str, shown: int, every: int) -> Page:
    notes = ["Means over the markets where both are hired."]
    if shown < every:
        notes.append(f"The {shown} creators of the largest overlaps; all {every:,} are in overlap.csv.")
    under = "Shared followers of each two creators, as a share of the smaller audience"
    rows = shown * max(_LEAST_CELL, min(_CELL, (size().inner - _NAMES) / shown))
    height = max(size().height, shown * _LEAST_CELL + _AROUND)
    plays = f"counted in {worth.summary['conditional_on']}"
    title, body = overlap_title(worth.summary, strategy), rows + _COLUMNS + 0.1
    key = _KEY_LINES if size().narrow else 0
    return new_page(worth, title, under, notes, key, height=height, body=body, plays=plays)


def _names(pairs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give every creator once, those of the largest overlaps first, as the pairs come."""
    return list(dict.fromkeys(name for row in pairs for name in (row["creator"], row["other"])))


def _matrix(pairs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> scales.Values:
    """Give the overlaps as a matrix (names, names); NaN where two are never hired together, and of one with itself."""
    place = {name: row for row, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    for row in pairs:
        if row["creator"] in place and row["other"] in place:
            a, b = place[row["creator"]], place[row["other"]]
            matrix[a, b] = matrix[b, a] = row["overlap"]
    return matrix


def _alike_together(matrix: scales.Values) -> list[int]:
    """Order creators so that those with much in common stand together, whom most have much in common with on top."""
    if len(matrix) < 3:
        return list(range(len(matrix)))
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    apart = float(np.nanmax(matrix)) - np.nan_to_num(matrix, nan=0.0)
    np.fill_diagonal(apart, 0.0)
    order = leaves_list(linkage(squareform(apart, checks=False), "average", optimal_ordering=True))
    shares = np.nan_to_num(matrix, nan=0.0)[order].mean(axis=1)
    half = len(order) // 2
    turned = order[::-1] if shares[-half:].sum() > shares[:half].sum() else order
    return [int(place) for place in turned]


def _limits(matrix: scales.Values) -> tuple[float, float]:
    """Give the overlaps of the palest and the darkest shade."""
    low, high = float(np.nanmin(matrix)), float(np.nanmax(matrix))
    start = np.floor(low / _STEP + 1e-9) * _STEP
    return float(start), float(max(high, start + _STEP))


def _shades() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    colour, ground = brand().colours[0], brand().ground
    ends = [tint(colour, _PALEST, ground), tint(colour, 0.6, ground), tint(ink(), _DARKEST, colour)]
    return LinearSegmentedColormap.from_list("overlap", ends)


def _has_unknown(matrix: scales.Values) -> bool:
    """Say whether two creators are never hired together."""
    return bool(np.isnan(matrix).sum() > len(matrix))


def _draw(axes: Axes, matrix: scales.Values, limits: tuple[float, float]) -> None:
    shades, count = _shades(), len(matrix)
    axes.imshow(matrix, cmap=shades, vmin=limits[0], vmax=limits[1], interpolation="nearest", aspect="auto")
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for row, column in zip(*np.nonzero(np.isnan(matrix)), strict=True):
        if row != column:
            axes.plot(column, row, "x", color=muted(), markersize=3.5, markeredgewidth=0.8)
    if count > _MOST_WRITTEN:
        return
    for (row, column), share in np.ndenumerate(matrix):
        if not np.isnan(share):
            inside = _hex(shades((share - limits[0]) / (limits[1] - limits[0])))
            colour = max((ink(), brand().ground), key=lambda text, on=inside: contrast(text, on))  # type: ignore[misc]
            axes.text(column, row, _percent(share), ha="center", va="center", color=colour)


def _hex(colour: Any) -> str:
    from matplotlib.colors import to_hex

    return str(to_hex(colour))


def _percent(share: float) -> str:
    return digits.value_text({"value": share, "low": None, "high": None}, digits.PERCENT)


def _write_names(page: Page, axes: Axes, names: Sequence[str]) -> None:
    """Write name and number of each row at its left, and the numbers of columns above them."""
    box, count = axes.get_position(), len(names)
    wide, whole = page.figure.get_size_inches()
    short = cut_off(page.figure, [digits.clean(name) for name in names], _NAMES - 0.5)
    left, top, step = box.x0 * wide, box.y1 * whole, box.height * whole / count
    for place, name in enumerate(short, start=1):
        middle = top - (place - 0.5) * step
        put(page.figure, size().margin, middle, name, va="center")
        put(page.figure, left - 0.06, middle, str(place), va="center", ha="right", color=muted())
        if count <= _FEW_COLUMNS or place == 1 or place % 5 == 0:
            across = left + (place - 0.5) * box.width * wide / count
            put(page.figure, across, top + 0.04, str(place), va="bottom", ha="center", color=muted())


def _write_key(page: Page, limits: tuple[float, float], *, never: bool) -> None:
    """Say how much overlap a shade is: on a slide in the right column, in a column above the matrix."""
    narrow, (thick, long) = size().narrow, _SHADES
    left, top = (page.key_left, page.key - 0.02) if narrow else (size().right + 0.1, page.top - _COLUMNS)
    if not narrow:
        put(page.figure, left, top, "of the smaller audience", color=muted())
        top -= LINE + 0.1
    ramp = np.linspace(*limits, 64)[None, :] if narrow else np.linspace(*limits, 64)[::-1, None]
    place = (left + 0.5, top - thick, long, thick) if narrow else (left, top - long, thick, long)
    axes = add_axes_at(page, *place)
    axes.imshow(ramp, cmap=_shades(), vmin=limits[0], vmax=limits[1], aspect="auto")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    low, high = (_percent(end) for end in limits)
    if narrow:
        put(page.figure, left + 0.42, top - 0.02, low, ha="right")
        put(page.figure, left + 0.58 + long, top - 0.02, high)
    else:
        put(page.figure, left + thick + 0.08, top + 0.02, high)
        put(page.figure, left + thick + 0.08, top - long - 0.02, low, va="bottom")
    if never:
        at = (left + 3.0, top - 0.12) if narrow else (left + 0.11, top - long - 0.25)
        stroke(page.figure, (at[0], at[0]), (at[1], at[1]), marker="x", color=muted(), markersize=5)
        put(
            page.figure,
            at[0] + 0.15,
            at[1] + 0.09,
            "never together" if narrow else "never hired together",
            color=muted(),
        )
