"""The logo of a brand, small in the lower right corner of every picture.

In: a figure; an SVG. Out: the same with the logo. Invariant: an SVG logo stands in an SVG as it is, as a picture of its
own in which nothing runs; a PNG picture holds the PNG beside it, if there is one.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.present.brand import Brand, svg_shape
from simulator.present.pictures.look import brand, size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# How high and wide at the most, and how far from the edge [in].
_HIGH, _WIDE, _FROM_EDGE, _GAP = 0.34, 1.3, 0.12, 0.2
LABEL = "logo"


def logo_room() -> float:
    """Give how much of the width below a drawing the logo takes [in]."""
    width, _ = _extent(brand())
    return width + _GAP if width else 0.0


def draw_logo(figure: Figure) -> None:
    """Draw the logo, where there is one that can be drawn, into the corner of a figure."""
    its = brand().raster_logo
    if its is None:
        return
    left, bottom, width, height = _place(brand())
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((left / wide, bottom / high, width / wide, height / high), label=LABEL)
    axes.imshow(_pixels(its), aspect="auto", interpolation="antialiased")
    axes.set_axis_off()


def svg_logo(height: float) -> str:
    """Give the element that puts an SVG logo on a page so high [in] of 72 units to the inch; nothing without one."""
    its = brand()
    if its.logo is None or its.logo.suffix.lower() != ".svg":
        return ""
    left, bottom, width, high = _place(its)
    data = base64.b64encode(its.logo.read_bytes()).decode()
    numbers = {"x": left, "y": height - bottom - high, "width": width, "height": high}
    place = " ".join(f'{name}="{72 * value:g}"' for name, value in numbers.items())
    return f'<image {place} xlink:href="data:image/svg+xml;base64,{data}"/>'


def _place(its: Brand) -> tuple[float, float, float, float]:
    """Give left, bottom, width and height [in]."""
    width, height = _extent(its)
    return size().width - _FROM_EDGE - width, _FROM_EDGE, width, height


def _extent(its: Brand) -> tuple[float, float]:
    if its.logo is None:
        return 0.0, 0.0
    shape = _shape(its.logo)
    width = min(shape * _HIGH, _WIDE)
    return width, width / shape


@lru_cache(maxsize=8)
def _shape(file: Path) -> float:
    if file.suffix.lower() == ".svg":
        return svg_shape(file.read_bytes()) or 1.0
    high, wide = _pixels(file).shape[:2]
    return float(wide / high)


@lru_cache(maxsize=8)
def _pixels(file: Path) -> Any:
    from matplotlib.image import imread

    return imread(file)
