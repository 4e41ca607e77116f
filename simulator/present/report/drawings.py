"""Pictures as inline SVG: part of the page, drawn at once wherever the page is shown.

In: findings, the names of pictures and a brand. Out: SVG texts. Invariants: text in a picture is text; no two pictures
of a page share an id; what a picture shows is said in its title and description.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from simulator.present.brand import Brand
from simulator.present.digits import clean
from simulator.present.findings import Findings
from simulator.present.pictures.page import styled
from simulator.present.pitch.exhibit import Exhibit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG, for wide and for narrow screens."""

    wide: str
    narrow: str


def drawings(findings: Findings, exhibits: tuple[Exhibit, ...], brand: Brand) -> Mapping[str, Drawing]:
    """Draw the pictures of exhibits, by the exhibits' keys."""
    from simulator.present.pictures.plots import _money, _reach_over_time, _roi_distribution, _roi_exceedance

    def fake(f): 
        return type("S", (), {"summary": f.summary, "replications": f.replications, "timeline": f.timeline, "creators": f.creators})()
    made = {"money": _money, "reach_over_time": _reach_over_time, "roi_distribution": _roi_distribution, "roi_exceedance": _roi_exceedance}
    with styled():
        return {
            of.key: Drawing(inline(made[of.picture](fake(findings)), of, "w"), inline(made[of.picture](fake(findings)), of, "n"))
            for of in exhibits
            if of.picture in made
        }


_BEFORE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


def inline(figure, of, size):
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    text = _METADATA.sub("", _BEFORE.sub("", stream.getvalue()))
    p = f"{size}-{of.key}-"
    text = re.sub(r'\bid="', f'id="{p}', text)
    text = re.sub(r'(href="#|url\(#)', lambda m: m[0] + p, text)
    head, rest = text.split(">", 1)
    head = re.sub(r' (width|height)="[^"]*pt"', "", head)
    return f'{head} role="img" aria-labelledby="{p}t {p}d"><title id="{p}t">{escape(clean(of.title))}</title><desc id="{p}d">{escape(clean(of.alt))}</desc>{rest}'
