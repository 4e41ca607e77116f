"""A native waterfall: stacked columns, the lowest of which is not seen.

In: a `Chart` and the frame it gets. Out: a `Drawn` chart. Invariants: the sheet holds the steps, and computes from them
where each part begins and ends, above 0 and below it; a total stands on the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.present.deck import measure, parts
from simulator.present.deck.bars import (
    LINE,
    Drawn,
    Frame,
    along,
    assembled,
    first_colour,
    labels_room,
    laid_out,
    plain_series,
    point_colours,
)
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import SIZE, Label, Palette
from simulator.present.deck.sheet import Column, Computed
from simulator.present.pitch.chart import Chart, Series

_FROM, _TO, _BASE, _ABOVE, _BELOW = "from", "to", "not drawn", "above 0", "below 0"


def draw_waterfall(chart: Chart, box: Box, _palette: Palette) -> Drawn:
    """Draw steps from where the last one ended; a total stands on the ground."""
    series = chart.series[0]
    ends = _steps(chart)
    frame = laid_out(chart, box, [end for step in ends for end in step], labels_room(chart.series))
    code = frame.scale.code
    columns = [Column(chart.along.title, chart.categories), Column(series.name, series.values, code)]
    columns += _step_columns(chart, ends, code)
    label_column = len(columns)
    columns.append(Column("label", series.labels or ("",) * len(series.values)))
    base = plain_series(0, 4, columns, parts.unseen())
    upper = _step_series(1, series, 5, columns, frame, ends, label_column)
    lower = _step_series(2, series, 6, columns, frame, ends, label_column)
    content = assembled(
        chart, replace(frame, key=""), [base, upper, lower], '<c:gapWidth val="40"/><c:overlap val="100"/>', "stacked"
    )
    return Drawn(content, tuple(columns))


def _steps(chart: Chart) -> list[tuple[float, float]]:
    """Give where each step begins and ends."""
    ends, at = [], 0.0
    for name, value in zip(chart.categories, chart.series[0].values, strict=True):
        start = 0.0 if name in chart.totals else at
        at = (value or 0.0) if name in chart.totals else at + (value or 0.0)
        ends.append((start, at))
    return ends


def _step_columns(chart: Chart, ends: list[tuple[float, float]], code: str) -> list[Column]:
    """Give the columns that follow from the steps, each with its formula."""

    def begins(row: int) -> str:
        return "0" if row == 0 or chart.categories[row] in chart.totals else f"D{row + 1}"

    low, high = "MIN(C{row},D{row})", "MAX(C{row},D{row})"
    rows = list(enumerate(ends))
    return [
        Column(_FROM, tuple(Computed(begins(row), start) for row, (start, _) in rows), code),
        Column(_TO, tuple(Computed("C{row}+B{row}", end) for _, (_, end) in rows), code),
        Column(_BASE, tuple(Computed(f"MAX({low},0)+MIN({high},0)", _base(*step)) for step in ends), code),
        Column(_ABOVE, tuple(Computed(f"MAX({high},0)-MAX({low},0)", _above(*step)) for step in ends), code),
        Column(
            _BELOW, tuple(Computed(f"MIN({low},0)-MIN({high},0)", -_above(-step[0], -step[1])) for step in ends), code
        ),
    ]


def _base(start: float, end: float) -> float:
    return max(min(start, end), 0.0) + min(max(start, end), 0.0)


def _above(start: float, end: float) -> float:
    return max(start, end, 0.0) - max(min(start, end), 0.0)


def _step_series(
    order: int,
    series: Series,
    place: int,
    columns: Sequence[Column],
    frame: Frame,
    ends: list[tuple[float, float]],
    label_column: int,
) -> str:
    """Draw what lies above 0, or what lies below; each label stands on the side of its step."""
    below = order == 2
    here = [] if not series.labels else [
        _beyond(index, text, frame, below=below)
        for index, (text, step) in enumerate(zip(series.labels, ends, strict=True))
        for low, high in [(min(step), max(step))]
        if text and (high <= 0 and low < 0) == below
    ]  # fmt: skip
    points = point_colours(series.colour, len(series.values))
    written, range_ = parts.labels(here, label_column, columns[label_column])
    return plain_series(order, place, columns, parts.filled(first_colour(series.colour)), points + written, range_)


def _beyond(index: int, text: str, frame: Frame, *, below: bool) -> Label:
    """Put a label of a stacked part, which stands at its inner end by itself, beyond its outer one."""
    room = (measure.width_of(text, SIZE) if frame.lying else LINE) + 0.1
    x, y = along(room, frame, below=below)
    return Label(index, text, x, y, "inEnd")
