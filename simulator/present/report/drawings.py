"""Pictures as inline SVG: part of the page, for wide and for narrow screens.

In: findings, exhibits and a brand. Out: SVG texts, and the style rules with the letters of their font. Invariants: text
in a picture is text; no two pictures of a page share an id; what a picture shows is said in its title and description.
The heading above a picture is its conclusion, so the picture itself leaves that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.present.brand import Brand
from simulator.present.digits import clean
from simulator.present.findings import Findings
from simulator.present.pictures.family import drawable_pictures
from simulator.present.pictures.look import COLUMN, SLIDE, Look, Size
from simulator.present.pictures.saving import Draw, page_fonts, svg_text
from simulator.present.pictures.untitled import without_title
from simulator.present.pitch.exhibit import Exhibit

_POINTS = 72  # of an inch
_TAG = re.compile(r"<[^>]*>")
# More decimals of a point than are seen, and the spaces that matplotlib writes between steps of a line.
_NUMBER, _BLANK = re.compile(r"-?\b\d+\.\d{3,}\b"), re.compile(r" \n")
_BOX = re.compile(r'height="[^"]*" viewBox="0 0 (\S+) (\S+)"')


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG, for wide and for narrow screens."""

    wide: str
    narrow: str


@dataclass(frozen=True)
class Drawings:
    """Pictures by the keys of their exhibits, and the style rules that hold the letters of their font."""

    by_key: Mapping[str, Drawing]
    fonts: str


def drawings(findings: Findings, exhibits: Iterable[Exhibit], brand: Brand) -> Drawings:
    """Draw the pictures of exhibits."""
    # The logo stands once, on top of the page.
    bare, there = replace(brand, logo=None), drawable_pictures(findings)
    drawn = {
        of.key: Drawing(*(_svg(there[of.picture], of, bare, size) for size in (SLIDE, COLUMN)))
        for of in exhibits
        if of.picture in there
    }
    texts = [text for one in drawn.values() for text in (one.wide, one.narrow)]
    return Drawings(drawn, page_fonts(texts, Look(bare)) if texts else "")


def _svg(draw: Draw, of: Exhibit, brand: Brand, size: Size) -> str:
    """Draw a picture without its title, and cut off where that stood."""
    cut = 0.0

    def untitled() -> Any:
        nonlocal cut
        figure = draw()
        cut = without_title(figure)
        return figure

    prefix = f"{of.key}-{size.name}-"
    svg = svg_text(untitled, Look(brand, size), alt=clean(of.alt), prefix=prefix, carried=False)
    svg = _BOX.sub(lambda box: _cut_box(float(box[1]), float(box[2]), cut * _POINTS), svg, count=1)
    return _TAG.sub(lambda tag: thinned(tag[0]), svg)


def thinned(tag: str) -> str:
    r"""Write the places in a tag to a hundredth of a point.

    >>> thinned('<path d="M 79.2 -75.839968 \nL 0.996 1 "/>')
    '<path d="M 79.2 -75.84\nL 1.00 1 "/>'
    """
    return _BLANK.sub("\n", _NUMBER.sub(lambda number: f"{float(number[0]):.2f}", tag))


def _cut_box(width: float, height: float, cut: float) -> str:
    left = round(height - cut, 3)
    return f'height="{left:g}pt" viewBox="0 {cut:g} {width:g} {left:g}"'
