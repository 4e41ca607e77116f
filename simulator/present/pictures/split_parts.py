"""What both pictures of a split share: places in the brand's colours, a note, the unit of an axis.

In: the summary of a split. Out: words and units. Invariant: what is drawn in both has one colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.present import digits
from simulator.present.pictures.look import brand, ink, muted, size
from simulator.present.pictures.page import LINE, Page, put, stroke, wrapped
from simulator.present.split import unit_of_mean, zone_text

# Which of the brand's colours is the mean, the worst plays, the chance and the plan of today.
DIAL, WORST, CHANCE, TODAY = range(4)


def colour_of(place: int) -> str:
    """Give the colour at one of these places."""
    return brand().colours[place]


def zone_note(summary: Mapping[str, Any]) -> str:
    """Say which differences do not matter."""
    return f"Differences below {zone_text(summary)} are taken not to matter."


def tick_unit(summary: Mapping[str, Any]) -> digits.Unit:
    """Give the unit of numbers at an axis."""
    return digits.NUMBER if summary["measure"] == "roi" else unit_of_mean(summary)


# A mark (nothing for a stroke), its colour and how dense it is, what it is, and a text below that.
Entry = tuple[str, str, float, str, str]
_STEP = 2 * LINE + 0.14


def entries_height(entries: Sequence[Entry]) -> float:
    """Give how high a heading and the entries of a key are below a drawing, in a column [in]."""
    return LINE + 0.12 + len(entries) * _STEP if size().narrow else 0.0


def write_entries(page: Page, heading: str, entries: Sequence[Entry]) -> Page:
    """Write a key: in the right column of a slide, else below the drawing; give the page that is left."""
    its, left = size(), page.key_left
    top = page.bottom + entries_height(entries) if its.narrow else page.key
    if heading:
        put(page.figure, left, top, heading, color=muted())
    top -= LINE + 0.12
    for mark, colour, alpha, name, value in entries:
        if mark:
            how = {"marker": mark, "markeredgecolor": ink(), "markersize": 8}
            stroke(page.figure, (left + 0.1,), (top - 0.09,), color=colour, **how)
        else:
            stroke(page.figure, (left, left + 0.22), (top - 0.1, top - 0.1), color=colour, alpha=alpha, linewidth=5)
        room = its.width - its.margin - left - 0.32
        put(page.figure, left + 0.32, top, wrapped(page.figure, name, room, 1)[0])
        put(page.figure, left + 0.32, top - LINE, wrapped(page.figure, value, room, 1)[0], color=muted())
        top -= _STEP
    return replace(page, bottom=page.bottom + entries_height(entries))
