"""What can be drawn of numbers, whoever draws it: PowerPoint, where a reader may edit it, or a table in a report.

In: numbers with their intervals. Out: a `Chart`. Invariants: numbers are exact and in the unit of the axis's `Unit`
before its scale (a share is 0 to 1); what is undefined is None; a name is text, whatever it begins with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.present.digits import NUMBER, Unit

Numbers = tuple[float | None, ...]
# A place in the brand's colours of plans, or what a colour means; the pale one is a tint of the first.
Colour = int | Literal["gain", "loss", "muted", "ink", "pale"]
Kind = Literal["columns", "bars", "stacked", "waterfall", "histogram", "lines", "points"]
Mark = Literal["circle", "diamond", "square"]


@dataclass(frozen=True)
class Series:
    """One row of numbers.

    Attributes:
        name: What it is, as it stands beside it.
        values: One number per category, or per place on the axis.
        low: The lower end of each number's interval, or of the band around a line; empty where there is none.
        high: The upper end.
        colour: Which of the brand's colours, for the series or for each of its numbers.
        labels: What is written at each number, already rounded to what its interval allows; empty for nothing.
        dashed: Whether a line is; such a line is an end of a band, or beside the point.
        mark: What its points look like.
        joined: Whether a line goes through its points.
    """

    name: str
    values: Numbers
    low: Numbers = ()
    high: Numbers = ()
    colour: Colour | tuple[Colour, ...] = 0
    labels: tuple[str, ...] = ()
    dashed: bool = False
    mark: Mark = "circle"
    joined: bool = False


@dataclass(frozen=True)
class Axis:
    """An axis: its title, in which its unit stands, and how numbers are written at it."""

    title: str
    unit: Unit = NUMBER


@dataclass(frozen=True)
class Chart:
    """Numbers that belong together, and how they are drawn.

    Attributes:
        kind: columns and bars side by side per category (bars lie; the first category is on top), stacked bars (parts
            of a whole), a waterfall (each number is a step from where the last one ended; one of which the category is
            in `totals` stands on the ground), a histogram (categories are the middles of its bins, columns touch
            and lie over each other), lines over numbers, points with a number and an interval in both directions.
        series: At least one; all as long as the categories, or as `at`.
        categories: The names of the places along the axis, or of points; for lines and histograms these are `at`.
        at: Numbers along the axis, ascending; those of points in any order.
        at_low: The lower end of the interval of each of them; empty where there is none.
        at_high: The upper end.
        along: The axis along which categories or numbers lie.
        across: The axis of the values.
        totals: The categories of a waterfall that stand on the ground.
    """

    kind: Kind
    series: tuple[Series, ...]
    along: Axis
    across: Axis
    categories: tuple[str, ...] = ()
    at: tuple[float, ...] = ()
    at_low: Numbers = ()
    at_high: Numbers = ()
    totals: frozenset[str] = frozenset()
