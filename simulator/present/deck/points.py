"""Native charts of points: two numbers of each, with their intervals.

In: a `Chart` of kind "points" and the frame it gets. Out: a `Drawn` chart. Invariants: the sheet holds every number and
computes how far intervals reach; what a point is stands above the chart, by its shape and its colour; a label that
would lie on another one, or on a point, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.present.deck import measure, parts
from simulator.present.deck.axes import Scale, scale_of
from simulator.present.deck.bars import LINE, Drawn, first_colour, key_place, reach
from simulator.present.deck.lines import assembled, most_steps, plot_of
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import SIZE, Label, Palette
from simulator.present.deck.sheet import Column, header_reference, number_reference
from simulator.present.pitch.chart import Chart, Mark, Numbers, Series

_SIZES: dict[Mark, int] = {"circle": 9, "diamond": 14, "square": 12}  # of marks [pt]
_AWAY = 0.1  # from the middle of a point to its label [in]
_WHISKER, _LINE, _RIM = 0.75, 2.0, 0.5  # [pt]
_STEPS = 6
# Where a label may stand beside its point, best first: its side, and how many lines it is moved down from there.
_PLACES = (("r", 0.0), ("l", 0.0), ("t", 0.0), ("b", 0.0), ("r", -0.8), ("r", 0.8), ("l", -0.8), ("l", 0.8))


@dataclass(frozen=True)
class _Point:
    """A point that is drawn: of which series, which of its numbers, where in the plot, and its whiskers [in]."""

    order: int
    index: int
    x: float
    y: float
    whiskers: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """Give the place that its mark takes."""
        return Box(self.x - 0.08, self.y - 0.08, 0.16, 0.16)


def draw_points(chart: Chart, box: Box, _palette: Palette) -> Drawn:
    """Draw points with whiskers in both directions, as many of them with a label as have room for it."""
    height, place = key_place([series.name for series in chart.series], box)
    heights = [number for of in chart.series for numbers in (of.values, of.low, of.high) for number in numbers]
    up = scale_of(heights, chart.across.unit, _STEPS, zero=False)
    plot = plot_of(chart, box, up, 0.2, height)
    along = [number for numbers in (chart.at, chart.at_low, chart.at_high) for number in numbers if number is not None]
    over = scale_of(along, chart.along.unit, most_steps(along, chart.along.unit, plot.width), zero=False)
    columns = _columns_along(chart)
    level = parts.error_bars(*reach(columns, 1), "x", "muted", _WHISKER) if chart.at_low else ""
    points = list(_points(chart, plot, over, up))
    labels = _placed(chart, points, plot, box)
    drawn = [_series(chart, order, columns, labels[order], level) for order in range(len(chart.series))]
    xml = assembled(chart, box, plot, (over, up), drawn, parts.legend(place, box), "min")
    return Drawn(xml, tuple(columns))


def _columns_along(chart: Chart) -> list[Column]:
    """Give the names of points and their numbers along the axis, with the intervals of these."""
    name, code = chart.along.title, scale_of(chart.at, chart.along.unit, 60, zero=False).code
    columns = [Column("point", chart.categories), Column(name, chart.at, code)]
    if chart.at_low:
        columns += [Column(f"{name}, low", chart.at_low, code), Column(f"{name}, high", chart.at_high, code)]
    return columns


def _points(chart: Chart, plot: Box, over: Scale, up: Scale) -> Iterator[_Point]:
    """Give where points lie, from the upper left corner of the plot."""
    for order, series in enumerate(chart.series):
        for index, (across, value) in enumerate(zip(chart.at, series.values, strict=True)):
            if value is None:
                continue
            x, y = over.place(across) * plot.width, (1 - up.place(value)) * plot.height
            sides = [over.place(end) * plot.width for end in _ends(chart.at_low, chart.at_high, index)]
            ends = [(1 - up.place(end)) * plot.height for end in _ends(series.low, series.high, index)]
            level = [Box(sides[0], y - 0.02, sides[1] - sides[0], 0.04)] if sides and series.low else []
            upright = [Box(x - 0.02, ends[1], 0.04, ends[0] - ends[1])] if ends else []
            yield _Point(order, index, x, y, (*level, *upright))


def _ends(low: Numbers, high: Numbers, index: int) -> list[float]:
    """Give both ends of an interval, nothing where there is none."""
    found = (low[index], high[index]) if low and high else ()
    return [end for end in found if end is not None] if None not in found else []


def _placed(chart: Chart, points: Sequence[_Point], plot: Box, box: Box) -> list[list[Label]]:
    """Put labels where they cover nothing, those of the upper series first; give them series by series."""
    found: list[list[Label]] = [[] for _ in chart.series]
    taken, whiskers = [point.box for point in points], [line for point in points for line in point.whiskers]
    for point in sorted(points, key=lambda point: -point.order):
        series = chart.series[point.order]
        text = series.labels[point.index] if series.labels else ""
        room = [(side, down, _label_box(text, point, side, down * LINE)) for side, down in _PLACES] if text else []
        free = [its for its in room if _is_inside(its[2], plot) and not _touches(its[2], [*taken, *point.whiskers])]
        clear = [its for its in free if not _touches(its[2], whiskers)]
        for side, down, place in (clear or free)[:1]:
            taken.append(place)
            found[point.order].append(Label(point.index, text, 0.0, down * LINE / box.height, side))
    return [sorted(labels, key=lambda label: label.index) for labels in found]


def _label_box(text: str, point: _Point, side: str, down: float) -> Box:
    width = measure.width_of(text, SIZE)
    left = {"r": point.x + _AWAY, "l": point.x - _AWAY - width}.get(side, point.x - width / 2)
    top = {"t": point.y - _AWAY - LINE, "b": point.y + _AWAY}.get(side, point.y - LINE / 2)
    return Box(left, top + down, width, LINE)


def _is_inside(box: Box, plot: Box) -> bool:
    return box.left >= 0 and box.top >= 0 and box.right <= plot.width and box.bottom <= plot.height


def _touches(box: Box, others: Sequence[Box]) -> bool:
    return any(
        box.left < other.right and other.left < box.right and box.top < other.bottom and other.top < box.bottom
        for other in others
    )


def _series(chart: Chart, order: int, columns: list[Column], labels: list[Label], level: str) -> str:
    """Write a series, and append its columns; `level` are the whiskers along the axis, for series that have others."""
    series, first = chart.series[order], len(columns)
    code = scale_of(series.values, chart.across.unit, 60, zero=False).code
    columns.append(Column(series.name, series.values, code))
    whiskers = ""
    if series.low:
        columns += [Column(f"{series.name}, low", series.low, code), Column(f"{series.name}, high", series.high, code)]
        whiskers = level + parts.error_bars(*reach(columns, first), "y", "muted", _WHISKER)
    written, range_ = parts.labels([], 0, columns[0])
    if labels:
        columns.append(Column(f"{series.name}, label", series.labels))
        written, range_ = parts.labels(labels, len(columns) - 1, columns[-1])
    return (
        f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/><c:tx>{header_reference(first, columns[first])}</c:tx>'
        f"{_look(series)}{written}{whiskers}<c:xVal>{number_reference(1, columns[1])}</c:xVal>"
        f'<c:yVal>{number_reference(first, columns[first])}</c:yVal><c:smooth val="0"/>{range_}</c:ser>'
    )


def _look(series: Series) -> str:
    """Draw marks, and a line through them where they are joined."""
    colour = first_colour(series.colour)
    line = parts.stroke(colour, _LINE) if series.joined else "<a:ln><a:noFill/></a:ln>"
    inside = f"<a:solidFill>{parts.colour(colour)}</a:solidFill>{parts.stroke('ink', _RIM)}"
    mark = f'<c:symbol val="{series.mark}"/><c:size val="{_SIZES[series.mark]}"/><c:spPr>{inside}</c:spPr>'
    return f"<c:spPr>{line}</c:spPr><c:marker>{mark}</c:marker>"
