"""A chart that a reader may edit, on a slide.

In: a `Chart` and a place. Out: a graphic frame with a chart part, and the workbook behind it, in the deck. Invariant:
the chart holds what its sheet holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.present.deck.bars import Drawn, draw_bars, draw_histogram, draw_stacked
from simulator.present.deck.lines import draw_lines
from simulator.present.deck.measure import Box
from simulator.present.deck.parts import Palette
from simulator.present.deck.points import draw_points
from simulator.present.deck.sheet import workbook_bytes
from simulator.present.deck.text import set_text
from simulator.present.deck.waterfall import draw_waterfall
from simulator.present.pitch.chart import Chart, Kind

if TYPE_CHECKING:
    from pptx.slide import Slide

# Distributions of which areas lie over each other, and the bins from which on a tick stands where its number is.
_MOST_OVERLAID, _FEWEST_BINS = 2, 30


def draw_distributions(chart: Chart, box: Box, palette: Palette) -> Drawn:
    """Draw distributions as columns, or as lines through the middles of bins that are wide, or more than two."""
    overlaid = len(chart.series) <= _MOST_OVERLAID and len(chart.at) >= _FEWEST_BINS
    return (draw_histogram if overlaid else draw_lines)(chart, box, palette)


_DRAWING: Mapping[Kind, Callable[[Chart, Box, Palette], Drawn]] = {
    "columns": draw_bars,
    "bars": draw_bars,
    "stacked": draw_stacked,
    "waterfall": draw_waterfall,
    "histogram": draw_distributions,
    "lines": draw_lines,
    "points": draw_points,
}


def _set(chart: Chart) -> Chart:
    """Give a chart whose labels stand as the sentences of a slide do."""
    return replace(chart, series=tuple(replace(of, labels=tuple(map(set_text, of.labels))) for of in chart.series))


def add_chart(slide: Slide, chart: Chart, box: Box, palette: Palette, name: str, alt: str) -> None:
    """Put a chart on a slide, with a text for those who cannot see it."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.oxml.shapes.graphfrm import CT_GraphicalObjectFrame
    from pptx.parts.chart import ChartPart
    from pptx.util import Inches

    drawn = _DRAWING[chart.kind](_set(chart), box, palette)
    package = slide.part.package
    partname = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(partname, CONTENT_TYPE.DML_CHART, package, drawn.xml)
    part.chart_workbook.update_from_xlsx_blob(workbook_bytes(drawn.columns))
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    place = (Inches(side) for side in (box.left, box.top, box.width, box.height))
    number = max((int(i) for i in slide.shapes._spTree.xpath(".//@id") if i.isdigit()), default=1) + 1
    frame = CT_GraphicalObjectFrame.new_chart_graphicFrame(number, name, related, *place)
    frame.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", alt)
    slide.shapes._spTree.append(frame)  # the library only makes charts of its own writing
