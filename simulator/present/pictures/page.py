"""The page that all pictures share: words in their places, axes, lines.

In: what the picture is of and what is to be said. Out: a figure to draw in. Invariants: names are text, never markup or
mathematics; a page is laid out in inches, in the look of `look.styled`.

All pages are laid out alike. On a slide: the conclusion and what is shown on top, names on the left, the drawing, and
in the right column keys and numbers. In a column of a document what would stand beside the drawing stands above or
below it, and the page is as high as that needs. Notes, the origin of the numbers and the logo are at the bottom.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from simulator.present import digits
from simulator.present.evidence import evidence_name
from simulator.present.pictures.fonts import families_here
from simulator.present.pictures.logo import draw_logo, logo_room
from simulator.present.pictures.look import DPI, TITLE_SIZE, brand, muted, size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LINE, TITLE_LINE = 0.21, 0.29
# Above the title, below it, above the drawing [in].
_TOP, _AFTER_TITLE, _ABOVE = 0.2, 0.05, 0.12
# Between what is shown and the key, in a column [in].
_BEFORE_KEY = 0.08
# Of a drawing in a column, where nobody says how high it is [in].
BODY = 3.0


@dataclass(frozen=True)
class Page:
    """A figure with its words in place.

    What is left to draw in lies between `bottom` and `top`. The lines that explain marks begin below `key`, right of
    `key_left` [in].
    """

    figure: Figure
    key: float
    top: float
    bottom: float
    key_left: float


class Told(Protocol):
    """What a picture can be of: anything with a summary."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Give every estimate, and the scenario, hash and seed they are from."""


def new_page(
    study: Told,
    title: str,
    under: str,
    notes: Sequence[str],
    key_lines: int = 0,
    *,
    height: float | None = None,
    body: float = BODY,
    plays: str | None = None,
) -> Page:
    """Lay out a page: the title, what is shown under it, a key of some lines, notes and origin at the bottom.

    Args:
        study: What the picture is of.
        title: The conclusion.
        under: What is shown.
        notes: What is left out.
        key_lines: How many lines the key needs.
        height: Of a slide, where it is not that of its size [in].
        body: How high the drawing is in a column, with all that stands beside it on a slide [in].
        plays: From which plays the picture comes, all of the study where not given.
    """
    its = size()
    figure = _blank(its.width)
    heading = wrapped(figure, title, its.inner, 7 if its.narrow else 3, size=TITLE_SIZE, weight="bold")
    beside = its.inner if its.narrow else its.right - its.margin - 0.2
    shown = wrapped(figure, under, beside, 6 if its.narrow else max(key_lines, 2))
    room = its.inner - logo_room()
    every = (*notes, *_joined(figure, _origin(study, plays), room))
    foot = [line for note in every for line in wrapped(figure, note, room, 5 if its.narrow else 2)]
    below = len(shown) * LINE + _BEFORE_KEY if its.narrow else 0.0
    before_key = _TOP + len(heading) * TITLE_LINE + _AFTER_TITLE + below
    head = before_key + (key_lines if its.narrow else max(len(shown), key_lines)) * LINE + _ABOVE
    bottom = its.margin + len(foot) * LINE - 0.05
    whole = head + body + bottom if its.narrow else height or its.height
    figure.set_size_inches(its.width, whole)
    figure.set_label(title)
    _write(figure, whole - _TOP, heading, TITLE_LINE, size=TITLE_SIZE, weight="bold")
    _write(figure, whole - _TOP - len(heading) * TITLE_LINE - _AFTER_TITLE, shown, LINE, color=muted())
    _write(figure, its.margin + (len(foot) - 1) * LINE, foot, LINE, color=muted())
    draw_logo(figure)
    return Page(figure, whole - before_key, whole - head, bottom, its.margin if its.narrow else its.right)


def _blank(width: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 1.0), dpi=DPI, facecolor=brand().ground)
    FigureCanvasAgg(figure)
    return figure


def _write(figure: Figure, top: float, lines: Sequence[str], step: float, **how: Any) -> None:
    for place, line in enumerate(lines):
        put(figure, size().margin, top - place * step, line, **how)


def _origin(study: Told, plays: str | None) -> list[str]:
    summary = study.summary
    name, short_hash = digits.shortened(summary["scenario"], 32), str(summary["hash"])[:8]
    of = [evidence] if (evidence := evidence_name(summary)) else []
    return [name, *of, f"scenario hash {short_hash}", f"seed {summary['seed']}", plays or _all_plays(study)]


def _joined(figure: Figure, parts: Sequence[str], width: float) -> list[str]:
    """Join parts to lines that fit a width [in], as many as fit into each."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]} | {part}"
        fits = width_of(figure, longer) <= width
        lines[-1:] = [longer] if fits else [lines[-1], part]
    return lines


def _all_plays(study: Told) -> str:
    plays = study.summary["replications"]
    markets = min(plays, study.summary["markets"])
    played = f"{digits.count(plays)} play{'' if plays == 1 else 's'}"
    return f"{played} in {digits.count(markets)} market{'' if markets == 1 else 's'}"


def put(figure: Figure, x: float, y: float, text: str, **how: Any) -> None:
    """Write text with its top left corner at (x, y) [in]."""
    figure.text(x / figure.get_figwidth(), y / figure.get_figheight(), text, **{"va": "top", **how})


def wrapped(figure: Figure, text: str, width: float, most: int = 2, **font: Any) -> list[str]:
    """Break a text into at most `most` lines that fit a width [in]; what is too much ends in dots."""
    letters = max(len(text), 4)
    while True:
        lines = _broken(text, letters, most)
        too_wide = max(width_of(figure, line, **font) for line in lines) / width
        if too_wide <= 1 or letters <= 4:
            return _balanced(text, letters, lines)
        # Fewer letters by at least one; many fewer only where the lines are much too wide.
        letters = max(min(letters - 1, int(letters / too_wide) + 3), 4)


def _broken(text: str, letters: int, most: int) -> list[str]:
    return digits.broken(text, letters, most) or [""]


def _balanced(text: str, letters: int, lines: list[str]) -> list[str]:
    """Make lines equally long, where that neither adds a line nor loses or breaks a word."""
    longest = max((len(word) for word in text.split() if len(word) <= letters), default=0)
    for fewer in range(letters - 1, max(longest - 1, 3), -1):
        shorter = _broken(text, fewer, len(lines) + 1)
        if len(shorter) > len(lines) or shorter[-1].endswith("...") or len(text.split()) < len(lines):
            return lines
        lines = shorter
    return lines


def width_of(figure: Figure, text: str, **font: Any) -> float:
    """Measure a text [in]."""
    artist = figure.text(0, 0, text, **font)
    extent = artist.get_window_extent()
    artist.remove()
    return float(extent.width) / DPI


def add_axes(page: Page, left: float, width: float, above: float, below: float = 0.58) -> Axes:
    """Add axes `width` wide at `left`, over the free height less what their labels need [in]."""
    bottom = page.bottom + below
    return add_axes_at(page, left, bottom, width, page.top - above - bottom)


def add_plot(page: Page, above: float, *, beside: float = 0.4, below: float = 0.58) -> Axes:
    """Add axes with numbers at their left, up to `beside` before the right column, where there is one [in]."""
    its = size()
    left, right = (0.85, its.right - 0.12) if its.narrow else (1.1, its.right - beside)
    return add_axes(page, left, right - left, above, below)


def add_axes_at(page: Page, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes with their lower left corner at (left, bottom) [in]."""
    whole, wide = page.figure.get_figheight(), page.figure.get_figwidth()
    axes = page.figure.add_axes((left / wide, bottom / whole, width / wide, height / whole))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3)
    return axes


def box_of(axes: Axes) -> tuple[float, float, float, float]:
    """Give the left, bottom, right and top edge of axes [in]."""
    box = axes.get_position()
    figure = axes.get_figure(root=True)
    assert figure is not None
    wide, high = figure.get_size_inches()
    return box.x0 * wide, box.y0 * high, box.x1 * wide, box.y1 * high


def set_ticks(axis: Axis, show: Callable[[float], str], most: int) -> None:
    """Put at most so many ticks at round numbers, written by `show`; fewer where axes are not wide.

    A tick beside the edge of the page has no words where they would be cut.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    across = axis is axis.axes.xaxis
    left, _, right, _ = box_of(axis.axes)
    fitting = max(int((right - left) / 0.8), 2) if across else most

    def written(value: float, _: int | None) -> str:
        text = show(float(value))
        return text if not across or _is_on_page(axis.axes, value, text) else ""

    axis.set_major_locator(MaxNLocator(min(most, fitting), steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(written))


def _is_on_page(axes: Axes, value: float, text: str) -> bool:
    """Say whether a text below a value of the horizontal axis lies inside the page."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    left, _, right, _ = box_of(axes)
    low, high = axes.get_xlim()
    middle, half = left + (value - low) / (high - low) * (right - left), width_of(figure, text) / 2
    return bool(half <= middle <= figure.get_figwidth() - half)


def draw_zero_line(axes: Axes) -> None:
    """Mark 0 where it lies inside the axis."""
    low, high = axes.get_xlim()
    if low < 0 < high:
        axes.axvline(0, color=muted(), linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def draw_level(axes: Axes, value: float = 0.0) -> None:
    """Mark a height."""
    axes.axhline(value, color=muted(), linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def drawable(text: str) -> str:
    """Leave out the letters that the font of pictures lacks."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont(families_here(brand())[0])).get_charmap()
    return digits.clean("".join(letter for letter in text if letter.isspace() or ord(letter) in known))


def cut_off(figure: Figure, names: Sequence[str], width: float) -> list[str]:
    """Cut names from their ends where they are too wide [in]; those that then look alike get their place behind."""
    short = [_cut(figure, name, "", width) for name in names]
    places = enumerate(zip(names, short, strict=True), start=1)
    return [_cut(figure, name, f" #{place}", width) if short.count(cut) > 1 else cut for place, (name, cut) in places]


def _cut(figure: Figure, name: str, end: str, width: float) -> str:
    if width_of(figure, name + end) <= width:
        return name + end
    fitting = bisect_left(
        range(1, len(name)), 1, key=lambda kept: int(width_of(figure, name[:kept] + "\u2026" + end) > width)
    )
    return name[: max(fitting, 1)].rstrip() + "\u2026" + end


def stroke(figure: Figure, xs: Sequence[float], ys: Sequence[float], **how: Any) -> None:
    """Draw a straight line on the page, or a mark at a single place [in]."""
    from matplotlib.lines import Line2D

    wide, high = figure.get_size_inches()
    figure.add_artist(Line2D([x / wide for x in xs], [y / high for y in ys], solid_capstyle="butt", **how))


def rectangle(figure: Figure, left: float, bottom: float, width: float, height: float, **how: Any) -> None:
    """Draw a rectangle on the page [in]."""
    from matplotlib.patches import Rectangle

    wide, high = figure.get_size_inches()
    corner, place = (left / wide, bottom / high), figure.transFigure
    figure.add_artist(Rectangle(corner, width / wide, height / high, transform=place, **how))
