"""Native charts of bars: side by side, stacked, as a histogram.

In: a `Chart` and the frame it gets. Out: a `Drawn` chart: its XML and the columns of its sheet. Invariants: every
number of the chart stands in the sheet, and what is drawn is computed there from it (how far an interval reaches,
where a step begins), so that an edit moves the picture; labels stand behind the intervals, not on them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from simulator.present.deck import measure, parts
from simulator.present.deck.axes import Scale, decimals, number_format, scale_of, tick_labels
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import SIZE, AxisPlace, Label, Palette
from simulator.present.deck.sheet import Column, Computed, header_reference, letter, number_reference, text_reference
from simulator.present.pitch.chart import Chart, Colour, Numbers, Series

LINE = measure.height_of(1, SIZE)
_GAP, _OFF = 0.12, 0.03
_MOST_NAME_LINES = 3
_NAME_SHARE, _WORD_SHARE = 0.36, 0.46  # of a chart's width that names of lying bars may take, and one word of them
_TITLE_SHARE = 0.19  # and that the title of the upright axis may take before it is broken
_BIN_LABELS = 9


@dataclass(frozen=True)
class Drawn:
    """A native chart: its XML, and the columns of its sheet."""

    xml: bytes
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Frame:
    """How bars lie in their frame: the plot, the axis of values, and whether bars lie."""

    box: Box
    plot: Box
    scale: Scale
    lying: bool
    key: str
    heading: str


def draw_bars(chart: Chart, box: Box, _palette: Palette) -> Drawn:
    """Draw columns or bars side by side, with their intervals."""
    frame = laid_out(chart, box, _ends(chart.series), labels_room(chart.series))
    names = Column(chart.along.title, chart.categories)
    columns, drawn, facing = [names], [], _apart(chart.series)
    for order, series in enumerate(chart.series):
        first = len(columns)
        columns += _columns_of(series, chart)
        labels = [label for label in _outer_labels(series, frame) if series.values[label.index] or not facing]
        drawn.append(_series(order, series, first, columns, labels))
    gap = 60 if len(chart.series) == 1 else 80
    over = '<c:overlap val="100"/>' if facing else ""
    return Drawn(assembled(chart, frame, drawn, f'<c:gapWidth val="{gap}"/>{over}'), tuple(columns))


def _apart(every: Sequence[Series]) -> bool:
    """Say whether two series never lie on the same side of 0, so that one row has room for both.

    At 0 itself there is room for no label; the sheet has it.
    """
    return len(every) == 2 and all(
        (a or 0.0) * (b or 0.0) <= 0 for a, b in zip(*(s.values for s in every), strict=True)
    )


def draw_stacked(chart: Chart, box: Box, palette: Palette) -> Drawn:
    """Draw the parts of a whole in one bar per category."""
    sums = [sum(value or 0.0 for value in of) for of in zip(*(s.values for s in chart.series), strict=True)]
    frame = laid_out(replace(chart, kind="bars"), box, sums, 0.0)
    columns, drawn = [Column(chart.along.title, chart.categories)], []
    for order, series in enumerate(chart.series):
        first = len(columns)
        columns += _columns_of(replace(series, low=(), high=()), chart)
        drawn.append(_series(order, replace(series, low=()), first, columns, _inner_labels(series, frame, palette)))
    return Drawn(
        assembled(chart, frame, drawn, '<c:gapWidth val="50"/><c:overlap val="100"/>', "stacked"), tuple(columns)
    )


def draw_histogram(chart: Chart, box: Box, _palette: Palette) -> Drawn:
    """Draw distributions over each other: columns that touch, and that one may look through."""
    ticks = Column("written at the axis", _ticks(chart))
    middles = Column(f"{chart.along.title}, middle of", chart.at, number_format(chart.along.unit, _shown_step(chart)))
    frame = laid_out(chart, box, _ends(chart.series), 0.0)
    columns = [ticks, middles, *(Column(s.name, s.values, _value_code(chart)) for s in chart.series)]
    places = list(enumerate(chart.series))
    drawn = [plain_series(o, o + 2, columns, parts.filled(first_colour(s.colour), 0.55)) for o, s in places]
    return Drawn(assembled(chart, frame, drawn, '<c:gapWidth val="0"/><c:overlap val="100"/>'), tuple(columns))


def _shown_step(chart: Chart) -> float:
    """Give the place of the last digit that the middles of bins need, two more than their distance at most."""
    unit = chart.along.unit.scale
    step = min((abs(b - a) for a, b in pairwise(chart.at)), default=1.0) * unit
    places = max(decimals(at * unit) for at in chart.at)
    return float(10.0 ** -min(places, max(1 - math.floor(math.log10(step) + 1e-9), 0)) / unit)


def _ticks(chart: Chart) -> tuple[str, ...]:
    """Write round numbers at the bins in which they lie, and nothing at the others."""
    half = min((abs(b - a) for a, b in pairwise(chart.at)), default=1.0) / 2
    scale = scale_of(chart.at, chart.along.unit, _BIN_LABELS, zero=False)
    written = tick_labels(scale, chart.along.unit)
    found = [""] * len(chart.at)
    for place, text in enumerate(written):
        tick = scale.low + place * scale.step
        nearest = min(range(len(chart.at)), key=lambda bin_: abs(chart.at[bin_] - tick))
        if abs(chart.at[nearest] - tick) <= half * 1.001:
            found[nearest] = text
    return tuple(found)


# ---- what all share


def _columns_of(series: Series, chart: Chart) -> list[Column]:
    """Give the numbers of a series, how far its intervals reach, and its labels."""
    code = _value_code(chart)
    columns = [Column(series.name, series.values, code)]
    if series.low:
        columns += [Column(f"{series.name}, low", series.low, code), Column(f"{series.name}, high", series.high, code)]
    if series.labels:
        columns.append(Column(f"{series.name}, label", series.labels))
    return columns


def _value_code(chart: Chart) -> str:
    return scale_of(_ends(chart.series), chart.across.unit, 60).code


def reach(columns: list[Column], first: int) -> tuple[str, str]:
    """Append how far intervals reach to both sides, computed from their ends; refer to both."""
    values, low, high = (columns[first + shift].cells for shift in range(3))
    name, code = columns[first].header, columns[first].code
    references = []
    for what, end, cells, sign in (("plus", first + 2, high, 1.0), ("minus", first + 1, low, -1.0)):
        one, other = (end, first) if sign > 0 else (first, end)
        formula = f"{letter(one)}{{row}}-{letter(other)}{{row}}"
        computed = tuple(
            Computed(formula, sign * (e - v)) if isinstance(v, float | int) and isinstance(e, float | int) else None
            for v, e in zip(values, cells, strict=True)
        )
        columns.append(Column(f"{name}, {what}", computed, code))
        references.append(number_reference(len(columns) - 1, columns[-1]))
    return references[0], references[1]


def _series(
    order: int, series: Series, first: int, columns: list[Column], labels: list[Label], opacity: float = 1.0
) -> str:
    errors = parts.error_bars(*reach(columns, first)) if series.low else ""
    place = first + (3 if series.low else 1)
    written, range_ = parts.labels(labels, place, columns[place]) if labels else parts.labels([], 0, columns[0])
    points = point_colours(series.colour, len(series.values), opacity)
    fill = parts.filled(first_colour(series.colour), opacity)
    return plain_series(order, first, columns, fill, points + written + errors, range_)


def plain_series(order: int, place: int, columns: Sequence[Column], fill: str, inner: str = "", end: str = "") -> str:
    """Write a series of bars: its name, its numbers and what they are of."""
    along = columns[0]
    texts = any(isinstance(cell, str) for cell in along.cells)
    names = text_reference(0, along) if texts else number_reference(0, along)
    return (
        f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/><c:tx>{header_reference(place, columns[place])}</c:tx>'
        f'{fill}<c:invertIfNegative val="0"/>{inner}<c:cat>{names}</c:cat>'
        f"<c:val>{number_reference(place, columns[place])}</c:val>{end}</c:ser>"
    )


def first_colour(of: Colour | tuple[Colour, ...]) -> Colour:
    """Give the colour of a series, or of its first number."""
    return _colour_at(of, 0)


def _colour_at(of: Colour | tuple[Colour, ...], place: int) -> Colour:
    return of[place % len(of)] if isinstance(of, tuple) else of


def point_colours(of: Colour | tuple[Colour, ...], count: int, opacity: float = 1.0) -> str:
    """Colour the numbers of a series one by one."""
    if not isinstance(of, tuple):
        return ""
    return "".join(
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{parts.filled(_colour_at(of, place), opacity)}</c:dPt>"
        for place in range(count)
    )


def _ends(every: Sequence[Series]) -> list[float | None]:
    return [number for series in every for numbers in (series.values, series.low, series.high) for number in numbers]


def labels_room(every: Sequence[Series]) -> float:
    """Measure the widest label [in]."""
    return max((measure.width_of(text, SIZE) for series in every for text in series.labels), default=0.0)


def laid_out(chart: Chart, box: Box, numbers: Sequence[float | None], label_width: float) -> Frame:
    """Place plot, names, ticks and legend in a frame; columns whose names have no room lie down."""
    key_height, key = _key(chart, box)
    heading_height = title_height(chart, box)
    ticks = scale_of(numbers, chart.across.unit, 5)
    tick_width = max(measure.width_of(text, SIZE) for text in tick_labels(ticks, chart.across.unit))
    left, top = tick_width + _GAP, key_height + heading_height + 0.1
    slot = (box.width - left - 0.1) / max(len(chart.categories), 1) - 0.1
    if chart.kind == "bars" or (chart.categories and not _fit_below(chart.categories, slot)):
        return _lying(chart, box, numbers, label_width, key_height, key)
    below = _names_height(chart, slot)
    top += LINE if label_width else 0.0
    plot = Box(left, top, box.width - left - 0.15, box.height - top - below)
    scale = _with_room(numbers, chart, (LINE + 0.08) / plot.height if label_width else 0.0)
    heading = parts.title(chart.across.title, Box(0, key_height, 0, 0), box) if chart.across.title else ""
    return Frame(box, plot, scale, lying=False, key=key, heading=heading)


def _lying(
    chart: Chart, box: Box, numbers: Sequence[float | None], label_width: float, key_height: float, key: str
) -> Frame:
    widest = max(measure.width_of(name, SIZE) for name in chart.categories)
    word = max(measure.width_of(word, SIZE) for name in chart.categories for word in measure.words(name) or [""])
    left = min(widest + 0.2, max(box.width * _NAME_SHARE, min(word + 0.2, box.width * _WORD_SHARE)))
    below = 2 * LINE + 0.2 if chart.across.title else LINE + 0.1
    plot = Box(
        left,
        key_height + 0.05,
        box.width - left - max(label_width, 0.25) - 0.15,
        box.height - key_height - 0.05 - below,
    )
    room = (label_width + 0.12) / plot.width if label_width else 0.0
    scale = _with_room(numbers, chart, room, _most_ticks(numbers, chart, plot.width))
    at = Box(left, box.height - LINE - 0.06, 0, 0)
    heading = parts.title(chart.across.title, at, box) if chart.across.title else ""
    return Frame(box, plot, scale, lying=True, key=key, heading=heading)


def title_height(chart: Chart, box: Box) -> float:
    """Give the room for the title of an upright axis, which programs break where it is wide."""
    if not chart.across.title:
        return 0.0
    return measure.height_of(len(measure.broken(chart.across.title, SIZE, _TITLE_SHARE * box.width)), SIZE) + 0.08


def _fit_below(names: Sequence[str], slot: float) -> bool:
    """Say whether names fit below their columns without breaking a word."""
    words = max((measure.width_of(word, SIZE) for name in names for word in name.split()), default=0.0)
    return words <= slot and max(len(measure.broken(name, SIZE, slot)) for name in names) <= _MOST_NAME_LINES


def _names_height(chart: Chart, slot: float) -> float:
    lines = max((len(measure.broken(name, SIZE, slot)) for name in chart.categories), default=1)
    titled = LINE + 0.05 if chart.at and chart.along.title else 0.0
    return measure.height_of(lines, SIZE) + 0.15 + titled


def _with_room(numbers: Sequence[float | None], chart: Chart, room: float, most: int = 5) -> Scale:
    """Choose the axis so that labels below 0 have room, `room` being what one takes of it; others stand beyond it."""
    given = [number for number in numbers if number is not None] or [0.0]
    high, low = max(*given, 0.0), min(*given, 0.0)
    wider = low - (high - low) * room / max(1 - room, 0.3) if low < 0 else low
    scale = scale_of([high, wider], chart.across.unit, most)
    if low < 0 and scale.place(low) < room:
        further = scale.low - (room - scale.place(low)) * (scale.high - scale.low)
        scale = scale_of([high, further], chart.across.unit, most)
    return scale


def _most_ticks(numbers: Sequence[float | None], chart: Chart, width: float) -> int:
    """Count how many steps of a lying axis have room for their numbers side by side."""
    unit = chart.across.unit
    widest = max(measure.width_of(text, SIZE) for text in tick_labels(scale_of(numbers, unit, 5), unit))
    return max(min(int(width / (widest + 0.2)) - 1, 5), 2)


def _key(chart: Chart, box: Box) -> tuple[float, str]:
    """Name the series above the chart where there are several."""
    if len(chart.series) < 2:
        return 0.0, ""
    height, place = key_place([series.name for series in chart.series], box)
    return height, parts.legend(place, box)


def key_place(names: Sequence[str], box: Box) -> tuple[float, Box]:
    """Give how high the names of series above a chart are, in columns as wide as the widest, and their place."""
    entry = max(measure.width_of(name, SIZE) for name in names) + 0.5
    columns = max(min(int(box.width / entry), len(names)), 1)
    height = -(-len(names) // columns) * (LINE + 0.06) + 0.05
    return height, Box(0, 0, min(entry * columns, box.width), height)


def along(room: float, frame: Frame, *, below: bool) -> tuple[float, float]:
    """Give by which shares of the chart something moves along the axis of values, away from 0 or down."""
    if frame.lying:
        return (-room if below else room) / frame.box.width, 0.0
    return 0.0, (room if below else -room) / frame.box.height


def _outer_labels(series: Series, frame: Frame) -> list[Label]:
    """Put each label beyond the bar and its interval."""
    found = []
    for index, (text, value) in enumerate(zip(series.labels, series.values, strict=False)):
        if not text or value is None:
            continue
        below = value < 0
        end = _at(series.low if below else series.high, index, value)
        shift = abs(frame.scale.place(end) - frame.scale.place(value))
        size = frame.plot.width if frame.lying else frame.plot.height
        x, y = along(shift * size + (_OFF if series.high else 0.0), frame, below=below)
        found.append(Label(index, text, x, y))
    return found


def _at(ends: Numbers, index: int, value: float) -> float:
    end = ends[index] if ends else None
    return value if end is None else end


def _inner_labels(series: Series, frame: Frame, palette: Palette) -> list[Label]:
    """Write into parts that are wide enough."""
    unit = frame.plot.width / (frame.scale.high - frame.scale.low)
    return [
        Label(index, text, position="ctr", colour=palette.on(_colour_at(series.colour, index)))
        for index, (text, value) in enumerate(zip(series.labels, series.values, strict=False))
        if text and value is not None and abs(value) * unit > measure.width_of(text, SIZE) + 0.1
    ]


def assembled(chart: Chart, frame: Frame, drawn: list[str], spacing: str, grouping: str = "clustered") -> bytes:
    """Put bars, both axes and the names of series together."""
    way = "bar" if frame.lying else "col"
    bars = (
        f'<c:barChart><c:barDir val="{way}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{"".join(drawn)}'
        f'{spacing}<c:axId val="1"/><c:axId val="2"/></c:barChart>'
    )
    under = Box(frame.plot.left, frame.box.height - LINE - 0.04, 0, 0)
    heading = parts.title(chart.along.title, under, frame.box) if chart.at and chart.along.title else ""
    side = AxisPlace(1, 2, "l" if frame.lying else "b", reversed=frame.lying)
    names = parts.category_axis(side, heading, breaks=not chart.at)
    across = AxisPlace(2, 1, "b" if frame.lying else "l", crosses_at="max" if frame.lying else "autoZero")
    values = parts.value_axis(across, frame.scale, frame.heading)
    return parts.space(frame.plot, frame.box, bars + names + values, frame.key)
