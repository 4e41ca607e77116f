"""Four pictures of a study, as PNG and SVG; the only home of matplotlib.

In: a study and a folder. Out: the files written. Invariants: the same study gives the same bytes;
the titles are conclusions of `words`; names are text, never markup or mathematics; nothing global of
matplotlib stays changed.

All pictures are laid out alike, in inches: the conclusion and what is shown on top, names on the left,
the drawing, and in the right column the numbers of each mark; notes and the origin of the numbers below.
Risk (how plays differ) is always pale and wide, error (how well a mean is known) dark and narrow.

References:
    Okabe and Ito (2008), Color Universal Design: colours that colour-blind people tell apart.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.present import digits, scales, words
from simulator.present.claims import Facts
from simulator.present.scales import Values
from simulator.study.disk import disk_errors, write_whole

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
# Fewer plays than this are drawn one by one.
SEPARATE_PLAYS = 30
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
class _Plan:
    """One strategy as it is drawn: its key in the tables, its colour, and the keys of all strategies."""

    key: str
    colour: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class _Page:
    """A figure with its words in place.

    What is left to draw in lies between `bottom` and `top`; right of what is shown, at `key`, is room for
    two lines that explain marks [in].
    """

    figure: Figure
    key: float
    top: float
    bottom: float


class _Risk(NamedTuple):
    """Between which quantiles the bar of risk lies, what share of the plays that is, and its thickness [pt]."""

    ends: tuple[str, str]
    share: float
    thickest: float


_ROI_RISK = _Risk(("0.05", "0.95"), 0.9, 11)
_MIDDLE = _Risk(("0.1", "0.9"), 0.8, 22)


def draw_all(study: Study, folder: Path) -> list[Path]:
    """Draw all pictures into a folder, each as PNG and SVG.

    Raises:
        ResultsError: If a picture cannot be written.
    """
    pictures: Mapping[str, Callable[[Study], Figure]] = {
        "roi_distribution": _roi_distribution,
        "roi_exceedance": _roi_exceedance,
        "reach_over_time": _reach_over_time,
        "money": _money,
    }
    return [path for name, draw in pictures.items() for path in _saved(study, draw, folder / name)]


def _saved(study: Study, draw: Callable[[Study], Figure], stem: Path) -> list[Path]:
    with _styled():
        figure = draw(study)
        pictures = {
            stem.with_name(stem.name + ".png"): _bytes(figure, "png", {"Software": None}),
            stem.with_name(stem.name + ".svg"): _bytes(figure, "svg", {"Date": None, "Creator": None}),
        }
    for path, content in pictures.items():
        _write(path, content)
    return list(pictures)


@contextmanager
def _styled() -> Iterator[None]:
    """Set our style over matplotlib's defaults, not over the user's, and put everything back."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        # A name may use letters that the font lacks; the SVG holds them as text all the same.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def _bytes(figure: Figure, kind: str, metadata: Mapping[str, None]) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format=kind, dpi=DPI, metadata=dict(metadata))
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    with disk_errors(path):
        write_whole(path, content)


# ---- the page


def _page(study: Study, title: str, under: str, notes: Sequence[str]) -> _Page:
    """Lay out a page: the title, what is shown under it, notes and origin at the bottom."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    width = WIDTH - 2 * MARGIN
    top = HEIGHT - 0.2
    for line in _wrapped(figure, title, width, 3, size=TITLE_SIZE, weight="bold"):
        _put(figure, MARGIN, top, line, size=TITLE_SIZE, weight="bold")
        top -= TITLE_LINE
    key = top = top - 0.05
    for line in _wrapped(figure, under, RIGHT - MARGIN - 0.2):
        _put(figure, MARGIN, top, line, color=GREY)
        top -= LINE
    bottom = MARGIN
    for line in reversed([*(part for note in notes for part in _wrapped(figure, note, width)), _origin(study)]):
        _put(figure, MARGIN, bottom, line, color=GREY)
        bottom += LINE
    return _Page(figure, key, top - 0.12, bottom - 0.05)


def _origin(study: Study) -> str:
    summary = study.summary
    plays = summary["replications"]
    markets = min(plays, summary["markets"])
    played = f"{digits.count(plays)} play{'' if plays == 1 else 's'}"
    where = f"{digits.count(markets)} market{'' if markets == 1 else 's'}"
    name, short_hash = digits.shortened(summary["scenario"], 32), str(summary["hash"])[:8]
    return f"{name} | scenario hash {short_hash} | seed {summary['seed']} | {played} in {where}"


def _put(figure: Figure, x: float, y: float, text: str, **how: Any) -> None:
    """Write text with its top left corner at (x, y) [in]."""
    figure.text(x / WIDTH, y / HEIGHT, text, **{"va": "top", **how})


def _wrapped(figure: Figure, text: str, width: float, most: int = 2, **font: Any) -> list[str]:
    """Break a text into at most `most` lines that fit a width [in]; what is too much ends in dots."""
    letters = max(len(text), 4)
    while True:
        lines = _broken(text, letters, most)
        too_wide = max(_width(figure, line, **font) for line in lines) / width
        if too_wide <= 1 or letters <= 4:
            return _balanced(text, letters, lines)
        # Fewer letters by at least one; many fewer only where the lines are much too wide.
        letters = max(min(letters - 1, int(letters / too_wide) + 3), 4)


def _broken(text: str, letters: int, most: int) -> list[str]:
    return textwrap.wrap(text, letters, max_lines=most, placeholder="...") or [""]


def _balanced(text: str, letters: int, lines: list[str]) -> list[str]:
    """Make lines equally long, where that neither adds a line nor loses a word."""
    for fewer in range(letters - 1, 3, -1):
        shorter = _broken(text, fewer, len(lines) + 1)
        if len(shorter) > len(lines) or shorter[-1].endswith("...") or len(text.split()) < len(lines):
            return lines
        lines = shorter
    return lines


def _width(figure: Figure, text: str, **font: Any) -> float:
    """Measure a text [in]."""
    artist = figure.text(0, 0, text, **font)
    extent = artist.get_window_extent()
    artist.remove()
    return float(extent.width) / DPI


def _axes(page: _Page, left: float, width: float, above: float, below: float = 0.58) -> Axes:
    """Add axes `width` wide at `left`, over the free height less what their labels need [in]."""
    bottom = page.bottom + below
    height = page.top - above - bottom
    axes = page.figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3)
    return axes


def _ticks(axis: Axis, show: Callable[[float], str], most: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: show(float(value))))


def _zero_line(axes: Axes) -> None:
    low, high = axes.get_xlim()
    if low < 0 < high:
        axes.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def _plans(study: Study) -> list[_Plan]:
    keys = scales.plans_to_show(study.summary, len(COLOURS))
    among = tuple(study.summary["strategies"])
    return [_Plan(key, colour, among) for key, colour in zip(keys, COLOURS, strict=False)]


def _labels(figure: Figure, plans: Sequence[_Plan], width: float, most: int) -> list[list[str]]:
    """Break the plans' names into at most `most` bold lines, cutting from their middles what is too long."""

    def broken(longest: int) -> list[list[str]]:
        names = [digits.display_names(plan.among, longest)[plan.key] for plan in plans]
        short = [name.replace("...", "\u2026") for name in names]
        return [_wrapped(figure, name, width, most + 1, weight="bold") for name in short]

    def too_long(longest: int) -> int:
        return int(any(len(lines) > most for lines in broken(longest)))

    lengths = range(10, digits.LONGEST_NAME + 1)
    fitting = bisect_left(lengths, 1, key=too_long)
    return [lines[:most] for lines in broken(lengths[max(fitting - 1, 0)])]


def _row_height(axes: Axes, rows: int) -> float:
    return axes.get_position().height * HEIGHT / rows


def _row_names(page: _Page, axes: Axes, plans: Sequence[_Plan]) -> None:
    """Write the plans' names to the left of their rows."""
    step = _row_height(axes, len(plans))
    most = min(max(int(step / LINE), 1), 4)
    for row, lines in enumerate(_labels(page.figure, plans, LEFT - MARGIN - 0.15, most)):
        middle = axes.get_position().y1 * HEIGHT - (row + 0.5) * step
        _put(page.figure, MARGIN, middle, "\n".join(lines), va="center", weight="bold", linespacing=1.1)


def _rows(axes: Axes, count: int) -> None:
    axes.set_ylim(count, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for row in range(1, count):
        axes.axhline(row, color=PALE, linewidth=0.8, zorder=0)


def _marks(
    axes: Axes,
    y: float,
    estimates: Mapping[str, Any],
    colour: str,
    risk: _Risk,
) -> float:
    """Draw risk as a pale bar between two quantiles, error as a dark bar with a tick at the mean.

    Returns:
        How thick the pale bar is [pt].
    """
    mean, quantiles = estimates["mean"], estimates["quantiles"]
    # The rows' axis runs from its number of rows down to 0; a bar takes a quarter of a row.
    thick = min(risk.thickest, 72 * _row_height(axes, int(axes.get_ylim()[0])) / 4)
    ends = [quantiles[end]["value"] for end in risk.ends]
    axes.plot(ends, (y, y), color=colour, alpha=RISK_ALPHA, linewidth=thick, solid_capstyle="butt", zorder=2)
    # The tick keeps a mean without width visible.
    axes.plot(mean["value"], y, "|", color=INK, markersize=thick, markeredgewidth=2, zorder=3)
    if digits.has_interval(mean):
        error = (mean["low"], mean["high"])
        axes.plot(error, (y, y), color=INK, linewidth=thick / 2, solid_capstyle="butt", zorder=3)
    return thick


def _key(page: _Page, top: float, texts: tuple[str, str], colour: str = GREY, ink: str = INK) -> None:
    """Write in the right column what the error is, and below it the risk, each beside its mark."""
    for line, text in enumerate(texts):
        _put(page.figure, RIGHT + 0.32, top - line * LINE, text, color=ink)
    error, risk = top - 0.09, top - 0.1 - LINE
    ends, middle = (RIGHT, RIGHT + 0.22), (RIGHT + 0.11, RIGHT + 0.11)
    _stroke(page.figure, ends, (error, error), color=INK, linewidth=5)
    _stroke(page.figure, middle, (error - 0.07, error + 0.07), color=INK, linewidth=2)
    _stroke(page.figure, ends, (risk, risk), color=colour, alpha=RISK_ALPHA, linewidth=10)


def _stroke(figure: Figure, xs: tuple[float, float], ys: tuple[float, float], **how: Any) -> None:
    """Draw a straight line on the page [in]."""
    from matplotlib.lines import Line2D

    places = [x / WIDTH for x in xs], [y / HEIGHT for y in ys]
    figure.add_artist(Line2D(*places, solid_capstyle="butt", **how))


# ---- ROI, play by play


def _roi_page(study: Study, title: str, groups: Mapping[str, Values], limits: scales.Limits) -> _Page:
    summary = study.summary
    notes = [
        *scales.undefined_notes(groups, digits.display_names(summary["strategies"]), summary["replications"]),
        *scales.outside_notes(groups, limits),
        *scales.left_out_notes(summary, list(groups)),
    ]
    return _page(study, title, digits.clean(summary["formulas"]["roi"]), notes)


def _roi_limits(study: Study, groups: Mapping[str, Values]) -> scales.Limits:
    facts = Facts(study.summary)
    return scales.limits_of(groups.values(), [facts.mean(plan) for plan in groups])


def _roi_axis(study: Study, axes: Axes, limits: scales.Limits) -> None:
    one = digits.plain(1, 0, digits.money_unit(study.summary["currency"]))
    axes.set_xlim(*limits)
    axes.set_xlabel(f"ROI [profit per {one} spent]")
    _ticks(axes.xaxis, scales.tick_text, 7)
    _zero_line(axes)
    if limits[0] < 0 < limits[1]:
        where = -limits[0] / (limits[1] - limits[0])
        side = "left" if where < 0.15 else "right" if where > 0.85 else "center"
        axes.text(0, 1.02, "break even", transform=axes.get_xaxis_transform(), ha=side, va="bottom", color=GREY)


def _roi_distribution(study: Study) -> Figure:
    """Draw each plan's plays as a hill; below it, risk and error."""
    plans, facts = _plans(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _roi_limits(study, groups)
    page = _roi_page(study, words.answer(study.summary).headline, groups, limits)
    axes = _axes(page, LEFT, RIGHT - LEFT - 0.2, above=0.25)
    _roi_axis(study, axes, limits)
    _rows(axes, len(plans))
    _row_names(page, axes, plans)
    bins = np.linspace(*limits, scales.bin_count(max(map(len, groups.values()))) + 1)
    for row, plan in enumerate(plans):
        _hill(axes, row, plan, groups[plan.key], bins)
        if len(groups[plan.key]):
            _marks(axes, row + 0.84, facts.measure(plan.key), plan.colour, _ROI_RISK)
        middle = axes.get_position().y1 * HEIGHT - (row + 0.5) * _row_height(axes, len(plans))
        _roi_numbers(page, middle, facts.measure(plan.key), plan.colour)
    _key(page, page.key, (_error_words(facts, plans), f"risk: {_plays_words(study, _ROI_RISK)}"), ink=GREY)
    return page.figure


def _error_words(facts: Facts, plans: Sequence[_Plan]) -> str:
    level = 100 * float(facts.mean(plans[0].key).get("level", 0.95))
    return f"error of mean ({digits.plain(level, 0)}%)"


def _plays_words(study: Study, risk: _Risk) -> str:
    """Say which plays lie between two quantiles: all, where there are too few to leave one out."""
    all_plays = study.summary["replications"] * (1 - risk.share) / 2 < 1
    return "all plays" if all_plays else f"{digits.plain(100 * risk.share, 0)}% of plays"


def _hill(axes: Axes, row: int, plan: _Plan, roi: Values, bins: Values) -> None:
    """Draw how often each ROI is played, the tallest bin as high as the row allows."""
    ground, height = row + 0.7, 0.6
    if 0 < len(roi) < SEPARATE_PLAYS:
        axes.plot(roi, np.full(len(roi), ground - 0.2), "o", color=plan.colour, alpha=0.7, markersize=8)
    elif len(roi):
        counts, _ = np.histogram(roi, bins)
        top = ground - height * counts / counts.max()
        axes.stairs(top, bins, baseline=ground, fill=True, color=plan.colour, alpha=0.6)
        axes.stairs(top, bins, baseline=ground, color=plan.colour, linewidth=1.2)


def _roi_numbers(page: _Page, middle: float, roi: Mapping[str, Any], colour: str) -> None:
    if roi["mean"]["value"] is None:
        text = "ROI is undefined:\nnothing is spent"
        _put(page.figure, RIGHT, middle, text, va="center", linespacing=1.25)
        return
    low, high = (roi["quantiles"][end] for end in _ROI_RISK.ends)
    risk = digits.range_text(low, high, words.PER_ONE)
    texts = digits.with_interval(roi["mean"], words.PER_ONE), risk
    _key(page, middle + LINE - 0.02, texts, colour)


def _roi_exceedance(study: Study) -> Figure:
    """Draw the probability that ROI exceeds x."""
    plans, facts = _plans(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _roi_limits(study, groups)
    page = _roi_page(study, words.chance_title(study.summary), groups, limits)
    axes = _axes(page, 1.1, RIGHT - 1.1 - 0.3, above=0.3)
    _roi_axis(study, axes, limits)
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("plays with a higher ROI")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], labels=["0%", "25%", "50%", "75%", "100%"])
    at = np.linspace(*limits, 801)
    for place, plan in enumerate(plans):
        if len(groups[plan.key]):
            axes.plot(at, scales.exceedance(groups[plan.key], at), color=plan.colour, linewidth=2.2)
            beside = 0.007 * (place - (len(plans) - 1) / 2) * (limits[1] - limits[0])
            _chance_mark(axes, plan, facts.measure(plan.key)["probability_positive"], beside)
    _chance_labels(page, plans, facts)
    return page.figure


def _chance_mark(axes: Axes, plan: _Plan, chance: digits.Estimate, beside: float) -> None:
    """Mark the chance of profit near where the curve crosses 0, with its interval."""
    low, high = axes.get_xlim()
    if low < 0 < high and digits.has_interval(chance):
        error = (chance["low"], chance["high"])
        axes.plot((beside, beside), error, color=INK, linewidth=5, solid_capstyle="butt", zorder=3)
        axes.plot((beside, beside), error, color=plan.colour, linewidth=3, solid_capstyle="butt", zorder=4)
        axes.plot(beside, chance["value"], "o", color=plan.colour, markersize=8, markeredgecolor=INK, zorder=5)


def _chance_labels(page: _Page, plans: Sequence[_Plan], facts: Facts) -> None:
    """List the plans in the right column, the likeliest to make a profit first."""
    chances = {plan.key: facts.measure(plan.key)["probability_positive"] for plan in plans}
    order = sorted(plans, key=lambda plan: -(chances[plan.key]["value"] or 0))
    _put(page.figure, RIGHT, page.key, "chance of profit (error)", color=GREY)
    labels = _labels(page.figure, order, RIGHT_WIDTH - 0.32, 2 if len(order) <= 4 else 1)
    top = page.top - 0.1
    for plan, name in zip(order, labels, strict=True):
        chance = chances[plan.key]
        _stroke(page.figure, (RIGHT, RIGHT + 0.22), (top - 0.1, top - 0.1), color=plan.colour, linewidth=5)
        _put(page.figure, RIGHT + 0.32, top, "\n".join(name), weight="bold", linespacing=1.2)
        top -= LINE * len(name)
        text = "ROI is undefined" if chance["value"] is None else digits.percent(chance)
        _put(page.figure, RIGHT + 0.32, top, text)
        top -= LINE + 0.08


# ---- reach, day by day


def _reach_over_time(study: Study) -> Figure:
    """Draw the median reach of each plan, and between which values 80% of the plays lie."""
    plans = _plans(study)
    courses = {plan.key: scales.timeline_of(study, plan.key, "reach") for plan in plans}
    under = "Reach: different people of the market who saw the campaign at least once, so far"
    notes = scales.left_out_notes(study.summary, list(courses))
    page = _page(study, words.reach_title(study.summary), under, notes)
    _put(page.figure, RIGHT, page.key, f"median ({_plays_words(study, _MIDDLE)})", color=GREY)
    axes = _axes(page, 1.1, RIGHT - 1.1 - 0.4, above=0.1)
    for plan in plans:
        _fan(axes, plan, courses[plan.key], alpha=0.5 / (1 + len(plans)))
    axes.set_xlim(0, study.summary["horizon_days"])
    axes.set_ylim(0, max([1.0, *(course["p90"].max(initial=0) for course in courses.values())]) * 1.06)
    axes.set_xlabel("days since the start")
    axes.set_ylabel("people reached")
    _ticks(axes.xaxis, scales.tick_text, 8)
    _ticks(axes.yaxis, scales.tick_text, 6)
    _end_labels(page, axes, plans, courses)
    return page.figure


def _fan(axes: Axes, plan: _Plan, course: scales.Course, alpha: float) -> None:
    days = course["hour"] / 24
    axes.fill_between(days, course["p10"], course["p90"], color=plan.colour, alpha=alpha, linewidth=0)
    for edge in ("p10", "p90"):
        axes.plot(days, course[edge], color=plan.colour, linewidth=0.8)
    axes.plot(days, course["p50"], color=plan.colour, linewidth=2.6)


def _end_labels(page: _Page, axes: Axes, plans: Sequence[_Plan], courses: Mapping[str, scales.Course]) -> None:
    """Label each line where it ends; labels that would touch move apart and keep a thin line."""
    shown = [plan for plan in plans if len(courses[plan.key]["p50"])]
    box = axes.get_position()
    share = [courses[plan.key]["p50"][-1] / axes.get_ylim()[1] for plan in shown]
    ends = [(box.y0 + box.height * part) * HEIGHT for part in share]
    labels = _labels(page.figure, shown, RIGHT_WIDTH, 2 if len(shown) <= 4 else 1)
    height = LINE * (1 + max(map(len, labels), default=1))
    middles = scales.spread_out(ends, height + 0.06, page.bottom + height / 2, page.top - height / 2)
    for plan, name, end, middle in zip(shown, labels, ends, middles, strict=True):
        gap = (box.x1 * WIDTH + 0.04, RIGHT - 0.06)
        _stroke(page.figure, gap, (end, middle), color=plan.colour, linewidth=1.5)
        text = _reach_text({key: values[-1] for key, values in courses[plan.key].items()})
        top = middle + LINE * (len(name) + 1) / 2
        _put(page.figure, RIGHT, top, "\n".join(name), weight="bold", linespacing=1.2)
        _put(page.figure, RIGHT, top - LINE * len(name), text)


def _reach_text(last: Mapping[str, float]) -> str:
    """Write median and spread with two digits each, which is what plays of a campaign can tell."""
    p10, p50, p90 = (scales.two_digits(last[key]) for key in ("p10", "p50", "p90"))
    return f"{p50} ({p10} to {p90})"


# ---- money


def _money(study: Study) -> Figure:
    """Draw spend, revenue and profit of each plan on one scale."""
    plans, facts = _plans(study), Facts(study.summary)
    under = (
        "Profit = incremental margin - spend; incremental margin = incremental orders x order value x margin. "
        "Revenue counts every order in full."
    )
    notes = scales.left_out_notes(study.summary, [plan.key for plan in plans])
    page = _page(study, words.money_title(study.summary), under, notes)
    limits = _money_limits(facts, plans)
    gap = 0.25
    width = (WIDTH - MARGIN - LEFT - 2 * gap) / 3
    for column, measure in enumerate(("spend", "revenue", "profit")):
        axes = _axes(page, LEFT + column * (width + gap), width, above=0.3)
        _money_panel(axes, measure, plans, facts, limits)
    _row_names(page, axes, plans)
    _key(page, page.key, (_error_words(facts, plans), f"risk: {_plays_words(study, _MIDDLE)}"), ink=GREY)
    return page.figure


def _money_limits(facts: Facts, plans: Sequence[_Plan]) -> scales.Limits:
    every = [0.0]
    for plan in plans:
        for measure in ("spend", "revenue", "profit"):
            estimates = facts.measure(plan.key, measure)
            every += [estimates["quantiles"][end]["value"] for end in ("0.1", "0.9")]
            every += [estimates["mean"][end] for end in ("low", "value", "high")]
    known = [value for value in every if value is not None]
    return scales.with_zero(min(known), max(known))


def _money_panel(axes: Axes, measure: str, plans: Sequence[_Plan], facts: Facts, limits: scales.Limits) -> None:
    unit = digits.money_unit(facts.currency)
    _rows(axes, len(plans))
    axes.set_xlim(*limits)
    axes.set_title(measure.capitalize(), loc="left", x=0.02, size=TEXT_SIZE, weight="bold")
    axes.set_xlabel("per play")
    _ticks(axes.xaxis, lambda value: scales.tick_text(value, unit), 3)
    for row, plan in enumerate(plans):
        y, estimates = row + 0.64, facts.measure(plan.key, measure)
        thick = _marks(axes, y, estimates, plan.colour, _MIDDLE)
        axes.plot(0, y, "|", color=GREY, markersize=thick + 6, zorder=1)
        axes.annotate(
            _amount(estimates["mean"], unit), (0.02, y), (0, thick / 2 + 4), va="bottom",
            xycoords=axes.get_yaxis_transform(), textcoords="offset points",
        )  # fmt: skip


def _amount(mean: digits.Estimate, unit: digits.Unit) -> str:
    compact = digits.compact_unit(unit, mean["value"])
    if not digits.has_interval(mean):
        return digits.value_text(mean, compact)
    return digits.with_interval(mean, compact, digits.compact_unit(digits.NUMBER, mean["value"]))
