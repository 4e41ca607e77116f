"""Help for the tests of pictures: which texts one shows and where, whether one is cut off or lies on another.

In: what draws a picture, and a look. Out: texts with their boxes, and what is wrong with them. Every text
is an artist of the figure or of its axes; there are no legends.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from simulator.present.pictures.look import Look, styled

SVG = "{http://www.w3.org/2000/svg}"
Placed = list[tuple[str, Any]]


def texts(path: Path) -> list[str]:
    """Read the texts of an SVG; parsing it proves that it is well-formed."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def placed(draw: Callable[[], Any], look: Look | None = None) -> tuple[Any, Placed]:
    """Lay a picture out; give the figure, and each text that is seen with its box [pixels]."""
    with styled(look):
        figure = draw()
        figure.draw_without_rendering()
        shown = [*figure.texts, *(text for axes in figure.axes for text in texts_of(axes))]
        return figure, [(text.get_text(), _extent(text)) for text in shown if text.get_text()]


def _extent(text: Any) -> Any:
    from matplotlib.text import Text

    text.get_window_extent()
    return Text.get_window_extent(text)  # that of the text, without a leader


def texts_of(axes: Any) -> list[Any]:
    """Give the texts of axes that are drawn; ticks beyond the ends of an axis are not."""
    if not axes.axison:
        return []
    labels = [*axes.texts, axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
    for axis, ends in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
        ticks = [tick for tick in axis.get_major_ticks() if ends[0] <= tick.get_loc() <= ends[1]]
        labels += [label for tick in ticks for label in (tick.label1, tick.label2)]
    return [label for label in labels if label.get_visible()]


def faults(figure: Any, found: Placed) -> list[str]:
    """Say which texts leave the picture, and which lie on others."""
    width, height = figure.get_size_inches() * figure.dpi
    wrong = [
        f"{text!r} is cut off" for text, box in found if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    for place, (text, box) in enumerate(found):
        wrong += [f"{text!r} lies on {other!r}" for other, beside in found[place + 1 :] if overlap(box, beside)]
    return wrong


def overlap(box: Any, beside: Any) -> bool:
    """Say whether two boxes overlap by more than what lines of text may share, the depth of a letter."""
    wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
    high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
    return bool(wide > 2 and high > 6)
