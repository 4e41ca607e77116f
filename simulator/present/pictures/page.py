"""The page that all pictures share: words in their places, rows of plans, marks and their key.

In: a study and what is to be said. Out: a figure to draw in. Invariants: names are text, never markup or mathematics;
nothing global of matplotlib stays changed.

All pages are laid out alike, in inches: the conclusion and what is shown on top, names on the left,
the drawing, and in the right column the numbers of each mark; notes and the origin of the numbers below.
Risk (how plays differ) is always pale and wide, error (how well a mean is known) dark and narrow.

References:
    Okabe and Ito (2008), Color Universal Design: colours that colour-blind people tell apart.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from simulator.present import digits
from simulator.present.evidence import evidence_name
from simulator.present.pictures import scales

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from simulator.study.results import Study

WIDTH, HEIGHT, DPI = 10.0, 5.6, 160
TITLE_SIZE, TEXT_SIZE = 16, 12
# Okabe-Ito without yellow, which is too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
INK, GREY, PALE = "#1a1a1a", "#595959", "#d9d9d9"
LINE, TITLE_LINE = 0.21, 0.29
RISK_ALPHA = 0.45
MARGIN = 0.3
# Where the drawing and the right column begin, and how wide they are [in].
LEFT, RIGHT, RIGHT_WIDTH = 1.95, 7.1, WIDTH - MARGIN - 7.1
_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": TEXT_SIZE,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "campaign-roi",
}


@dataclass(frozen=True)
class Plan:
    """One strategy as it is drawn: its key in the tables, its colour, and the keys of all strategies."""

    key: str
    colour: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A figure with its words in place.

    What is left to draw in lies between `bottom` and `top`; right of what is shown, at `key`, is room for
    the lines that explain marks [in].
    """

    figure: Figure
    key: float
    top: float
    bottom: float


class Risk(NamedTuple):
    """Between which quantiles the bar of risk lies, what share of the plays that is, and its thickness [pt]."""

    ends: tuple[str, str]
    share: float
    thickest: float


class Told(Protocol):
    """What a picture can be of: anything with a summary."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Give every estimate, and the scenario, hash and seed they are from."""


@contextmanager
def styled() -> Iterator[None]:
    """Set our style over matplotlib's defaults, not over the user's, and put everything back."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        # A name may use letters that the font lacks; the SVG holds them as text all the same.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def new_page(
    study: Told,
    title: str,
    under: str,
    notes: Sequence[str],
    key_lines: int = 1,
    *,
    height: float = HEIGHT,
    plays: str | None = None,
) -> Page:
    """Lay out a page: the title, what is shown under it beside a key of some lines, notes and origin at the bottom.

    Args:
        study: What the picture is of.
        title: The conclusion.
        under: What is shown.
        notes: What is left out.
        key_lines: How many lines the key in the right column needs.
        height: Of the page [in].
        plays: From which plays the picture comes, all of the study where not given.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    width = WIDTH - 2 * MARGIN
    top = height - 0.2
    for line in wrapped(figure, title, width, 3, size=TITLE_SIZE, weight="bold"):
        put(figure, MARGIN, top, line, size=TITLE_SIZE, weight="bold")
        top -= TITLE_LINE
    key = top = top - 0.05
    for line in wrapped(figure, under, RIGHT - MARGIN - 0.2, max(key_lines, 2)):
        put(figure, MARGIN, top, line, color=GREY)
        top -= LINE
    top = min(top, key - key_lines * LINE)
    bottom = MARGIN
    for line in reversed([part for note in (*notes, _origin(study, plays)) for part in wrapped(figure, note, width)]):
        put(figure, MARGIN, bottom, line, color=GREY)
        bottom += LINE
    return Page(figure, key, top - 0.12, bottom - 0.05)


def _origin(study: Told, plays: str | None) -> str:
    summary = study.summary
    name, short_hash = digits.shortened(summary["scenario"], 32), str(summary["hash"])[:8]
    of = f" | {evidence}" if (evidence := evidence_name(summary)) else ""
    return f"{name}{of} | scenario hash {short_hash} | seed {summary['seed']} | {plays or _all_plays(study)}"


def _all_plays(study: Told) -> str:
    plays = study.summary["replications"]
    markets = min(plays, study.summary["markets"])
    played = f"{digits.count(plays)} play{'' if plays == 1 else 's'}"
    return f"{played} in {digits.count(markets)} market{'' if markets == 1 else 's'}"


def put(figure: Figure, x: float, y: float, text: str, **how: Any) -> None:
    """Write text with its top left corner at (x, y) [in]."""
    figure.text(x / WIDTH, y / figure.get_figheight(), text, **{"va": "top", **how})


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


def add_axes_at(page: Page, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes with their lower left corner at (left, bottom) [in]."""
    whole = page.figure.get_figheight()
    axes = page.figure.add_axes((left / WIDTH, bottom / whole, width / WIDTH, height / whole))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3)
    return axes


def set_ticks(axis: Axis, show: Callable[[float], str], most: int) -> None:
    """Put at most so many ticks at round numbers, written by `show`."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: show(float(value))))


def draw_zero_line(axes: Axes) -> None:
    """Mark 0 where it lies inside the axis."""
    low, high = axes.get_xlim()
    if low < 0 < high:
        axes.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def plans_of(study: Study) -> list[Plan]:
    """Choose the plans to draw, each with its colour."""
    keys = scales.plans_to_show(study.summary, len(COLOURS))
    among = tuple(study.summary["strategies"])
    return [Plan(key, colour, among) for key, colour in zip(keys, COLOURS, strict=False)]


def labels_of(figure: Figure, plans: Sequence[Plan], width: float, most: int, weight: str = "bold") -> list[list[str]]:
    """Break the plans' names into at most `most` lines, cutting from their middles what is too long."""

    def broken(longest: int) -> list[list[str]]:
        names = [digits.display_names(plan.among, longest)[plan.key] for plan in plans]
        short = [name.replace("...", "\u2026") for name in names]
        return [wrapped(figure, name, width, most + 1, weight=weight) for name in short]

    def too_long(longest: int) -> int:
        return int(any(len(lines) > most for lines in broken(longest)))

    lengths = range(10, digits.LONGEST_NAME + 1)
    fitting = bisect_left(lengths, 1, key=too_long)
    return [lines[:most] for lines in broken(lengths[max(fitting - 1, 0)])]


def drawable(text: str) -> str:
    """Leave out the letters that the font of pictures lacks."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont(_STYLE["font.family"][0])).get_charmap()
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


def row_height(axes: Axes, rows: int) -> float:
    """Give the height of one of so many rows [in]."""
    return axes.get_position().height * HEIGHT / rows


def write_row_names(page: Page, axes: Axes, plans: Sequence[Plan]) -> None:
    """Write the plans' names to the left of their rows."""
    step = row_height(axes, len(plans))
    most = min(max(int(step / LINE), 1), 4)
    for row, lines in enumerate(labels_of(page.figure, plans, LEFT - MARGIN - 0.15, most)):
        middle = axes.get_position().y1 * HEIGHT - (row + 0.5) * step
        put(page.figure, MARGIN, middle, "\n".join(lines), va="center", weight="bold", linespacing=1.1)


def lay_rows(axes: Axes, count: int) -> None:
    """Divide axes into rows, the first on top."""
    axes.set_ylim(count, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for row in range(1, count):
        axes.axhline(row, color=PALE, linewidth=0.8, zorder=0)


def draw_marks(
    axes: Axes,
    y: float,
    estimates: Mapping[str, Any],
    colour: str,
    risk: Risk,
) -> float:
    """Draw risk as a pale bar between two quantiles, error as a dark bar with a tick at the mean.

    Returns:
        How thick the pale bar is [pt].
    """
    mean, quantiles = estimates["mean"], estimates["quantiles"]
    # The rows' axis runs from its number of rows down to 0; a bar takes a quarter of a row.
    thick = min(risk.thickest, 72 * row_height(axes, int(axes.get_ylim()[0])) / 4)
    ends = [quantiles[end]["value"] for end in risk.ends]
    axes.plot(ends, (y, y), color=colour, alpha=RISK_ALPHA, linewidth=thick, solid_capstyle="butt", zorder=2)
    # The tick keeps a mean without width visible.
    axes.plot(mean["value"], y, "|", color=INK, markersize=thick, markeredgewidth=2, zorder=3)
    if digits.has_interval(mean):
        error = (mean["low"], mean["high"])
        axes.plot(error, (y, y), color=INK, linewidth=thick / 2, solid_capstyle="butt", zorder=3)
    return thick


def write_key(page: Page, top: float, texts: tuple[str, str], colour: str = GREY, ink: str = INK) -> None:
    """Write in the right column what the error is, and below it the risk, each beside its mark."""
    lines = [texts[0].split("\n"), texts[1].split("\n")]
    second = top - len(lines[0]) * LINE
    for start, of_one in zip((top, second), lines, strict=True):
        for number, line in enumerate(of_one):
            put(page.figure, RIGHT + 0.32, start - number * LINE, line, color=ink)
    error, risk = top - 0.09, second - 0.1
    ends, middle = (RIGHT, RIGHT + 0.22), (RIGHT + 0.11, RIGHT + 0.11)
    stroke(page.figure, ends, (error, error), color=INK, linewidth=5)
    stroke(page.figure, middle, (error - 0.07, error + 0.07), color=INK, linewidth=2)
    stroke(page.figure, ends, (risk, risk), color=colour, alpha=RISK_ALPHA, linewidth=10)


def label_ends(page: Page, axes: Axes, ends: Sequence[tuple[Plan, float, str]]) -> None:
    """Label each line in the right column where it ends; labels that would touch move apart and keep a thin line.

    Args:
        page: Where to write.
        axes: In which the lines are, up to their right edge.
        ends: The plan of each line, where it ends, and what is written below the plan's name.
    """
    box, (low, high) = axes.get_position(), axes.get_ylim()
    wanted = [(box.y0 + box.height * (value - low) / (high - low)) * HEIGHT for _, value, _ in ends]
    labels = labels_of(page.figure, [plan for plan, _, _ in ends], RIGHT_WIDTH, 2 if len(ends) <= 4 else 1)
    height = LINE * (1 + max(map(len, labels), default=1))
    middles = scales.spread_out(wanted, height + 0.06, page.bottom + height / 2, page.top - height / 2)
    for (plan, _, text), name, end, middle in zip(ends, labels, wanted, middles, strict=True):
        gap = (box.x1 * WIDTH + 0.04, RIGHT - 0.06)
        stroke(page.figure, gap, (end, middle), color=plan.colour, linewidth=1.5)
        top = middle + LINE * (len(name) + 1) / 2
        put(page.figure, RIGHT, top, "\n".join(name), weight="bold", linespacing=1.2)
        put(page.figure, RIGHT, top - LINE * len(name), text)


def stroke(figure: Figure, xs: Sequence[float], ys: Sequence[float], **how: Any) -> None:
    """Draw a straight line on the page, or a mark at a single place [in]."""
    from matplotlib.lines import Line2D

    places = [x / WIDTH for x in xs], [y / figure.get_figheight() for y in ys]
    figure.add_artist(Line2D(*places, solid_capstyle="butt", **how))


def rectangle(figure: Figure, left: float, bottom: float, width: float, height: float, **how: Any) -> None:
    """Draw a rectangle on the page [in]."""
    from matplotlib.patches import Rectangle

    whole = figure.get_figheight()
    corner = left / WIDTH, bottom / whole
    place = figure.transFigure
    figure.add_artist(Rectangle(corner, width / WIDTH, height / whole, transform=place, **how))
