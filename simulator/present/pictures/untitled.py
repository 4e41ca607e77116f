"""Pictures without their title, for places that have it above them: a section of a report, a slide.

In: a figure, or what draws it. Out: the figure without its title, and how far down that reached; PNG that begins
below it. Invariant: all but the title is as it was.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from simulator.present.pictures.look import DPI, TITLE_SIZE, Look, styled
from simulator.present.pictures.page import TITLE_LINE
from simulator.present.pictures.saving import Draw

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def without_title(figure: Figure) -> float:
    """Take the title from a picture, and give how far down it reached [in]."""
    title = [text for text in figure.texts if text.get_fontsize() == TITLE_SIZE and text.get_fontweight() == "bold"]
    lowest = min((text.get_position()[1] for text in title), default=1.0)
    for text in title:
        text.remove()
    return (1 - lowest) * float(figure.get_figheight()) + TITLE_LINE if title else 0.0


def untitled_png(draw: Draw, wanted: Look | None = None) -> bytes:
    """Draw a picture as PNG that begins below its title."""
    from matplotlib.transforms import Bbox

    with styled(wanted):
        figure, stream = draw(), io.BytesIO()
        width, height = figure.get_size_inches()
        kept = Bbox.from_extents(0.0, 0.0, width, height - without_title(figure))
        figure.savefig(stream, format="png", dpi=DPI, bbox_inches=kept, metadata={"Software": None})
    return stream.getvalue()
