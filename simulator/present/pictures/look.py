"""What every picture looks like now: the brand it wears and the size of its page.

In: a `Look`. Out: matplotlib in our style, and the look for whoever draws. Invariant: nothing global of matplotlib
stays changed, and nothing of a user's settings reaches a picture.

Drawing is always done inside `styled`, so that the look need not be handed through every line that draws a mark.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from simulator.present.brand import PLAIN, Brand
from simulator.present.pictures.fonts import families_here, lent

DPI = 160
TITLE_SIZE, TEXT_SIZE = 16, 12


@dataclass(frozen=True)
class Size:
    """A page: its width, and its height unless what is drawn needs another [in].

    Attributes:
        name: "slide" or "column".
        width: Of the page.
        height: Of the page.
        margin: Around everything.
        left: Where drawings with names on their left begin.
        right: Where drawings end and the right column begins; without one, the right margin.
        grows: Whether a page may be higher than that; else less is drawn on it.
    """

    name: str
    width: float
    height: float
    margin: float
    left: float
    right: float
    grows: bool = True

    @property
    def narrow(self) -> bool:
        """Say whether there is one column only: keys and labels then stand below or above what they explain."""
        return self.right >= self.width - self.margin

    @property
    def right_width(self) -> float:
        """Give how wide the right column is [in]."""
        return self.width - self.margin - self.right

    @property
    def inner(self) -> float:
        """Give how wide the page is without its margins [in]."""
        return self.width - 2 * self.margin


SLIDE = Size("slide", 10.0, 5.6, 0.3, 1.95, 7.1)
COLUMN = Size("column", 5.0, 5.6, 0.2, 0.2, 4.8)
SIZES = {size.name: size for size in (SLIDE, COLUMN)}


@dataclass(frozen=True)
class Look:
    """What pictures look like: a brand, and a size."""

    brand: Brand = PLAIN
    size: Size = SLIDE


_CURRENT: ContextVar[Look] = ContextVar("look", default=Look())  # noqa: B039  # a frozen value


def look() -> Look:
    """Give the look to draw in."""
    return _CURRENT.get()


def brand() -> Brand:
    """Give the brand to draw in."""
    return _CURRENT.get().brand


def ink() -> str:
    """Give the colour of text."""
    return brand().ink


def muted() -> str:
    """Give the colour of text beside, and of axes."""
    return brand().muted


def size() -> Size:
    """Give the size of the page to draw on."""
    return _CURRENT.get().size


@contextmanager
def styled(wanted: Look | None = None) -> Iterator[None]:
    """Set a look over matplotlib's defaults, not over the user's, and put everything back."""
    import matplotlib as mpl

    its = wanted or Look()
    token = _CURRENT.set(its)
    try:
        with lent(its.brand), mpl.rc_context(), warnings.catch_warnings():
            # A name may use letters that the font lacks; the SVG holds them as text all the same.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            mpl.rcdefaults()
            mpl.rcParams.update(_settings(its.brand))
            yield
    finally:
        _CURRENT.reset(token)


def _settings(its: Brand) -> dict[Any, Any]:
    return {
        "font.family": families_here(its),
        "font.size": TEXT_SIZE,
        "text.parse_math": False,
        "text.color": its.ink,
        "figure.facecolor": its.ground,
        "axes.facecolor": "none",
        "axes.edgecolor": its.muted,
        "axes.labelcolor": its.ink,
        "xtick.color": its.muted,
        "ytick.color": its.muted,
        "xtick.labelcolor": its.ink,
        "ytick.labelcolor": its.ink,
        "svg.fonttype": "none",
        "svg.hashsalt": "campaign-roi",
    }
