"""Native charts of lines over numbers.

In: a `Chart` of kind "lines" and the frame it gets. Out: a `Drawn` chart. Invariants: the sheet holds every number;
each line is named where it ends, names that would touch move apart; the ends of a band are thin lines of the line's
colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from simulator.present.deck import measure, parts
from simulator.present.deck.axes import Scale, scale_of, tick_labels
from simulator.present.deck.bars import LINE, Drawn, key_place, title_height
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import SIZE, AxisPlace, Palette
from simulator.present.deck.sheet import Column, header_reference, number_reference
from simulator.present.digits import Unit
from simulator.present.pitch.chart import Chart, Colour, Numbers, Series

_NAME_SHARE = 0.2  # of a chart's width that names of lines may take; programs break longer ones themselves
_THICK, _THIN = 2.5, 1.0
_FARTHEST = 0.75  # that a name may stand from the end of its line [in]
_NAME = 14.0  # of a name, bold in its line's colour: large enough to be read with a contrast of 3 to 1 [pt]
_NAME_LINE = measure.height_of(1, _NAME)


@dataclass(frozen=True)
class _Line:
    """One line as it is drawn: its numbers, and what is written at its end, in lines."""

    name: str
    values: Numbers
    colour: Colour
    width: float
    dashed: bool
    end: tuple[str, ...]


def draw_lines(chart: Chart, box: Box, _palette: Palette) -> Drawn:
    """Draw lines, each named where it ends; above the chart where all ends lie in one place."""
    room = min(max(_name_widths(chart), default=0.0) + 0.15, _NAME_SHARE * box.width)
    lines = [line for series in chart.series for line in _lines_of(series, room - 0.1)]
    up = scale_of([value for line in lines for value in line.values], chart.across.unit, 5)
    plot = plot_of(chart, box, up, room, 0.0)
    shifts = _shifts(lines, up, plot)
    key = ""
    if max(map(abs, shifts), default=0.0) > _FARTHEST:
        height, key = _key(lines, box)
        lines = [replace(line, end=()) for line in lines]
        plot, shifts = plot_of(chart, box, up, 0.1, height), [0.0] * len(lines)
    over = _whole_axis(chart, plot.width)
    at = Column(chart.along.title, chart.at, over.code)
    columns = [at, *(Column(line.name, line.values, up.code) for line in lines)]
    drawn = [_series(place, line, columns, shifts[place - 1], box) for place, line in enumerate(lines, 1)]
    return Drawn(assembled(chart, box, plot, (over, up), drawn, key), tuple(columns))


def plot_of(chart: Chart, box: Box, up: Scale, right: float, above: float) -> Box:
    """Give the place of a plot of lines or points, with room for names on its right or above it."""
    left = max(measure.width_of(text, SIZE) for text in tick_labels(up, chart.across.unit)) + 0.12
    top = above + title_height(chart, box) + 0.12
    return Box(left, top, box.width - left - right - 0.1, box.height - top - 2 * LINE - 0.25)


def _shifts(lines: list[_Line], up: Scale, plot: Box) -> list[float]:
    return _apart([_end_place(line, up) for line in lines], [len(line.end) * _NAME_LINE for line in lines], plot)


def _key(lines: list[_Line], box: Box) -> tuple[float, str]:
    """Name the lines above the chart; ends of bands are not named."""
    height, place = key_place([line.name for line in lines if line.end], box)
    hidden = [number for number, line in enumerate(lines) if not line.end]
    return height, parts.legend(place, box, hidden)


def _whole_axis(chart: Chart, width: float) -> Scale:
    """Let the axis end where the lines do, so that their names stand beside it."""
    unit = chart.along.unit
    scale = scale_of(chart.at, unit, most_steps(chart.at, unit, width), zero=False)
    # not to the last bit, for then programs find the last point beyond the axis and leave its name out
    part = scale.step / 100
    high = math.ceil(max(chart.at) / part + 1e-3) * part
    return Scale(scale.low, min(high, scale.high), scale.step, scale.code)


def _name_widths(chart: Chart) -> Iterator[float]:
    return (measure.width_of(text, _NAME, bold=True) for series in chart.series for text in _end_texts(series))


def _end_texts(series: Series) -> tuple[str, ...]:
    """Give what is written at a line's end: its name, and its last number where that has a label."""
    last = series.labels[-1] if series.labels else ""
    return tuple(text for text in ("" if series.dashed else series.name, last) if text)


def _lines_of(series: Series, room: float) -> Iterator[_Line]:
    colour = series.colour[0] if isinstance(series.colour, tuple) else series.colour
    end = tuple(part for text in _end_texts(series) for part in measure.broken(text, _NAME, room, bold=True))
    width = _THIN if series.dashed else _THICK
    yield _Line(series.name, series.values, colour, width, series.dashed, end)
    for what, values in (("low", series.low), ("high", series.high)):
        if values:
            yield _Line(f"{series.name}, {what}", values, colour, _THIN, dashed=True, end=())


def _end_place(line: _Line, scale: Scale) -> float | None:
    """Give where a line ends, from 0 at the bottom to 1; None where nothing is written there."""
    last = next((value for value in reversed(line.values) if value is not None), None)
    return None if last is None or not line.end else scale.place(last)


def _apart(places: list[float | None], heights: list[float], plot: Box) -> list[float]:
    """Give by how much each text moves down so that none touches another [in]."""
    order = sorted((p for p, place in enumerate(places) if place is not None), key=lambda p: -(places[p] or 0.0))
    wanted = {p: (1 - (places[p] or 0.0)) * plot.height for p in order}
    placed: dict[int, float] = {}
    edge = 0.0
    for p in order:
        placed[p] = max(wanted[p], edge + heights[p] / 2)
        edge = placed[p] + heights[p] / 2 + 0.04
    floor = plot.height + LINE / 2
    for p in reversed(order):
        placed[p] = min(placed[p], floor - heights[p] / 2)
        floor = placed[p] - heights[p] / 2 - 0.04
    return [placed[p] - wanted[p] if p in placed else 0.0 for p in range(len(places))]


def _series(place: int, line: _Line, columns: list[Column], shift: float, box: Box) -> str:
    number = place - 1
    look = f"<c:spPr>{parts.stroke(line.colour, line.width, dashed=line.dashed)}</c:spPr>"
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx>{header_reference(place, columns[place])}</c:tx>'
        f'{look}<c:marker><c:symbol val="none"/></c:marker>{_end_label(line, shift, box)}'
        f"<c:xVal>{number_reference(0, columns[0])}</c:xVal><c:yVal>{number_reference(place, columns[place])}</c:yVal>"
        f'<c:smooth val="0"/></c:ser>'
    )


def _end_label(line: _Line, shift: float, box: Box) -> str:
    """Write a line's name at its last number: linked to its column where it stands in one line."""
    last = max((place for place, value in enumerate(line.values) if value is not None), default=None)
    if last is None or not line.end:
        return f"<c:dLbls>{parts.shown()}</c:dLbls>"
    text = "" if line.end == (line.name,) else parts.rich(list(line.end), _NAME, line.colour, bold=True)
    look = "" if text else parts.letters(_NAME, line.colour, bold=True, inner='wrap="none"')
    moved = parts.moved(0.0, shift / box.height)
    which = parts.shown("SerName")
    label = f'<c:dLbl><c:idx val="{last}"/>{moved}{text}{look}<c:dLblPos val="r"/>{which}</c:dLbl>'
    return f"<c:dLbls>{label}{parts.shown()}{parts.UNLED}</c:dLbls>"


def assembled(
    chart: Chart,
    box: Box,
    plot: Box,
    scales: tuple[Scale, Scale],
    drawn: list[str],
    key: str,
    foot: str = "autoZero",
) -> bytes:
    """Put lines or points, both axes and the names of series together; `foot` is where the lower axis stands."""
    along, up = scales
    chart_xml = (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{"".join(drawn)}'
        '<c:axId val="1"/><c:axId val="2"/></c:scatterChart>'
    )
    heading = Box(0, plot.top - title_height(chart, box) - 0.12, 0, 0)
    under = Box(plot.left, box.height - LINE - 0.06, 0, 0)
    below = parts.title(chart.along.title, under, box) if chart.along.title else ""
    above = parts.title(chart.across.title, heading, box) if chart.across.title else ""
    over = parts.value_axis(AxisPlace(1, 2, "b", crosses_at=foot), along, below, grid=False, between=False)
    side = parts.value_axis(AxisPlace(2, 1, "l", crosses_at="min"), up, above, between=False)
    return parts.space(plot, box, chart_xml + over + side, key)


def most_steps(numbers: Iterable[float], unit: Unit, width: float) -> int:
    """Count how many steps of a lower axis so wide have room for their numbers side by side."""
    rough = tick_labels(scale_of(numbers, unit, 10, zero=False), unit)
    most = int(width / (max(measure.width_of(text, SIZE) for text in rough) + 0.25))
    return min(max(most, 2), 10)
