"""The pictures of a study, as PNG and SVG.

In: a study and a folder. Out: the files written. Invariants: the same study gives the same bytes;
the titles are those of `titles`; names are text, never markup or mathematics; nothing global of
matplotlib stays changed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.present import digits, titles
from simulator.present.claims import Facts
from simulator.present.long_run import has_long_run
from simulator.present.pictures import scales
from simulator.present.pictures.long_run import draw_long_run
from simulator.present.pictures.operations import draw_operations
from simulator.present.pictures.page import (
    DPI,
    GREY,
    HEIGHT,
    INK,
    LEFT,
    LINE,
    MARGIN,
    RIGHT,
    RIGHT_WIDTH,
    TEXT_SIZE,
    WIDTH,
    Page,
    Plan,
    Risk,
    add_axes,
    draw_marks,
    draw_zero_line,
    label_ends,
    labels_of,
    lay_rows,
    new_page,
    plans_of,
    put,
    row_height,
    set_ticks,
    stroke,
    styled,
    write_key,
    write_row_names,
)
from simulator.present.pictures.scales import Values
from simulator.study.disk import disk_errors, write_whole
from simulator.study.estimates import LEAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

# Fewer plays than this are drawn one by one.
SEPARATE_PLAYS = 30
# Two for the error and what it holds for, one for the risk.
_KEY_LINES = 3
_ROI_RISK = Risk(("0.05", "0.95"), 0.9, 11)
_MIDDLE = Risk(("0.1", "0.9"), 0.8, 22)


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
        # Only where a play was logged, and where a campaign leaves anything behind.
        **({"operations": draw_operations} if study.operations.num_rows else {}),
        **({"long_run": draw_long_run} if has_long_run(study.summary) else {}),
    }
    return [path for name, draw in pictures.items() for path in save_picture(partial(draw, study), folder / name)]


def save_picture(draw: Callable[[], Figure], stem: Path) -> list[Path]:
    """Draw a picture in our style and write it as PNG and SVG.

    Args:
        draw: Draws it.
        stem: The path of the files, without their ends.

    Raises:
        ResultsError: If it cannot be written.
    """
    with styled():
        figure = draw()
        pictures = {
            stem.with_name(stem.name + ".png"): _bytes(figure, "png", {"Software": None}),
            stem.with_name(stem.name + ".svg"): _bytes(figure, "svg", {"Date": None, "Creator": None}),
        }
    for path, content in pictures.items():
        _write(path, content)
    return list(pictures)


def _bytes(figure: Figure, kind: str, metadata: Mapping[str, None]) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format=kind, dpi=DPI, metadata=dict(metadata))
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    with disk_errors(path):
        write_whole(path, content)


def _roi_page(
    study: Study, title: str, groups: Mapping[str, Values], limits: scales.Limits, key_lines: int = 1
) -> Page:
    summary = study.summary
    notes = [
        *scales.undefined_notes(groups, digits.display_names(summary["strategies"]), summary["replications"]),
        *scales.outside_notes(groups, limits),
        *scales.left_out_notes(summary, list(groups)),
    ]
    return new_page(study, title, digits.clean(summary["formulas"]["roi"]), notes, key_lines)


def _roi_limits(study: Study, groups: Mapping[str, Values]) -> scales.Limits:
    facts = Facts(study.summary)
    return scales.limits_of(groups.values(), [facts.mean(plan) for plan in groups])


def _roi_axis(study: Study, axes: Axes, limits: scales.Limits) -> None:
    one = digits.plain(1, 0, digits.money_unit(study.summary["currency"]))
    axes.set_xlim(*limits)
    axes.set_xlabel(f"ROI [profit per {one} spent]")
    set_ticks(axes.xaxis, digits.tick_text, 7)
    draw_zero_line(axes)
    if limits[0] < 0 < limits[1]:
        where = -limits[0] / (limits[1] - limits[0])
        side = "left" if where < 0.15 else "right" if where > 0.85 else "center"
        axes.text(0, 1.02, "break even", transform=axes.get_xaxis_transform(), ha=side, va="bottom", color=GREY)


def _roi_distribution(study: Study) -> Figure:
    """Draw each plan's plays as a hill; below it, risk and error."""
    plans, facts = plans_of(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _roi_limits(study, groups)
    page = _roi_page(study, titles.roi_title(study.summary), groups, limits, _KEY_LINES)
    axes = add_axes(page, LEFT, RIGHT - LEFT - 0.2, above=0.25)
    _roi_axis(study, axes, limits)
    lay_rows(axes, len(plans))
    write_row_names(page, axes, plans)
    bins = np.linspace(max(limits[0], LEAST["roi"]), limits[1], scales.bin_count(max(map(len, groups.values()))) + 1)
    for row, plan in enumerate(plans):
        _hill(axes, row, plan, groups[plan.key], bins)
        if len(groups[plan.key]):
            draw_marks(axes, row + 0.84, facts.measure(plan.key), plan.colour, _ROI_RISK)
        middle = axes.get_position().y1 * HEIGHT - (row + 0.5) * row_height(axes, len(plans))
        _roi_numbers(page, middle, facts.measure(plan.key), plan.colour)
    write_key(page, page.key, (_error_words(facts), f"risk: {_plays_words(study, _ROI_RISK)}"), ink=GREY)
    return page.figure


def _error_words(facts: Facts) -> str:
    level = 100 * float(facts.mean(facts.plans[0]).get("level", 0.95))
    where = "this market" if facts.markets == 1 else f"these {digits.count(facts.markets)} markets"
    return f"error of mean ({digits.plain(level, 0)}%)\nin {where}"


def _plays_words(study: Study, risk: Risk) -> str:
    """Say which plays lie between two quantiles: all, where there are too few to leave one out."""
    beyond = round(study.summary["replications"] * (1 - risk.share) / 2, 9)  # 20 plays leave out one, not 0.99...
    all_plays = beyond < 1
    return "all plays" if all_plays else f"{digits.plain(100 * risk.share, 0)}% of plays"


def _hill(axes: Axes, row: int, plan: Plan, roi: Values, bins: Values) -> None:
    """Draw how often each ROI is played, the tallest bin as high as the row allows."""
    ground, height = row + 0.7, 0.6
    if 0 < len(roi) < SEPARATE_PLAYS:
        axes.plot(roi, np.full(len(roi), ground - 0.2), "o", color=plan.colour, alpha=0.7, markersize=8)
    elif len(roi):
        counts, _ = np.histogram(roi, bins)
        top = ground - height * counts / counts.max()
        axes.stairs(top, bins, baseline=ground, fill=True, color=plan.colour, alpha=0.6)
        axes.stairs(top, bins, baseline=ground, color=plan.colour, linewidth=1.2)


def _roi_numbers(page: Page, middle: float, roi: Mapping[str, Any], colour: str) -> None:
    if roi["mean"]["value"] is None:
        text = "ROI is undefined:\nnothing is spent"
        put(page.figure, RIGHT, middle, text, va="center", linespacing=1.25)
        return
    low, high = (roi["quantiles"][end] for end in _ROI_RISK.ends)
    risk = digits.range_text(low, high, digits.PER_ONE)
    texts = digits.with_interval(roi["mean"], digits.PER_ONE), risk
    write_key(page, middle + LINE - 0.02, texts, colour)


def _roi_exceedance(study: Study) -> Figure:
    """Draw the probability that ROI exceeds x."""
    plans, facts = plans_of(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _roi_limits(study, groups)
    page = _roi_page(study, titles.chance_title(study.summary), groups, limits)
    axes = add_axes(page, 1.1, RIGHT - 1.1 - 0.3, above=0.3)
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


def _chance_mark(axes: Axes, plan: Plan, chance: digits.Estimate, beside: float) -> None:
    """Mark the chance of profit near where the curve crosses 0, with its interval."""
    low, high = axes.get_xlim()
    if low < 0 < high and digits.has_interval(chance):
        error = (chance["low"], chance["high"])
        axes.plot((beside, beside), error, color=INK, linewidth=5, solid_capstyle="butt", zorder=3)
        axes.plot((beside, beside), error, color=plan.colour, linewidth=3, solid_capstyle="butt", zorder=4)
        axes.plot(beside, chance["value"], "o", color=plan.colour, markersize=8, markeredgecolor=INK, zorder=5)


def _chance_labels(page: Page, plans: Sequence[Plan], facts: Facts) -> None:
    """List the plans in the right column, the likeliest to make a profit first."""
    chances = {plan.key: facts.measure(plan.key)["probability_positive"] for plan in plans}
    order = sorted(plans, key=lambda plan: -(chances[plan.key]["value"] or 0))
    put(page.figure, RIGHT, page.key, "chance of profit (error)", color=GREY)
    labels = labels_of(page.figure, order, RIGHT_WIDTH - 0.32, 2 if len(order) <= 4 else 1)
    top = page.top - 0.1
    for plan, name in zip(order, labels, strict=True):
        chance = chances[plan.key]
        stroke(page.figure, (RIGHT, RIGHT + 0.22), (top - 0.1, top - 0.1), color=plan.colour, linewidth=5)
        put(page.figure, RIGHT + 0.32, top, "\n".join(name), weight="bold", linespacing=1.2)
        top -= LINE * len(name)
        text = "ROI is undefined" if chance["value"] is None else digits.percent(chance)
        put(page.figure, RIGHT + 0.32, top, text)
        top -= LINE + 0.08


def _reach_over_time(study: Study) -> Figure:
    """Draw the median reach of each plan, and between which values 80% of the plays lie."""
    plans = plans_of(study)
    courses = {plan.key: scales.timeline_of(study, plan.key, "reach") for plan in plans}
    under = "Reach: different people of the market who saw the campaign at least once, so far"
    notes = scales.left_out_notes(study.summary, list(courses))
    page = new_page(study, titles.reach_title(study.summary), under, notes)
    put(page.figure, RIGHT, page.key, f"median ({_plays_words(study, _MIDDLE)})", color=GREY)
    axes = add_axes(page, 1.1, RIGHT - 1.1 - 0.4, above=0.1)
    for plan in plans:
        _fan(axes, plan, courses[plan.key], alpha=0.5 / (1 + len(plans)))
    axes.set_xlim(0, study.summary["horizon_days"])
    axes.set_ylim(0, max([1.0, *(course["p90"].max(initial=0) for course in courses.values())]) * 1.06)
    axes.set_xlabel(titles.days_label(study.summary))
    axes.set_ylabel("people reached")
    set_ticks(axes.xaxis, digits.tick_text, 8)
    set_ticks(axes.yaxis, digits.tick_text, 6)
    shown = [plan for plan in plans if len(courses[plan.key]["p50"])]
    lasts = {plan.key: {key: values[-1] for key, values in courses[plan.key].items()} for plan in shown}
    ends = [(plan, lasts[plan.key]["p50"], _reach_text(lasts[plan.key])) for plan in shown]
    label_ends(page, axes, ends)
    return page.figure


def _fan(axes: Axes, plan: Plan, course: scales.Course, alpha: float) -> None:
    days = course["hour"] / 24
    axes.fill_between(days, course["p10"], course["p90"], color=plan.colour, alpha=alpha, linewidth=0)
    for edge in ("p10", "p90"):
        axes.plot(days, course[edge], color=plan.colour, linewidth=0.8)
    axes.plot(days, course["p50"], color=plan.colour, linewidth=2.6)


def _reach_text(last: Mapping[str, float]) -> str:
    """Write median and spread with two digits each, which is what plays of a campaign can tell."""
    p10, p50, p90 = (digits.two_digits(last[key]) for key in ("p10", "p50", "p90"))
    return f"{p50} ({p10} to {p90})"


def _money(study: Study) -> Figure:
    """Draw spend, revenue and profit of each plan on one scale."""
    plans, facts = plans_of(study), Facts(study.summary)
    notes = scales.left_out_notes(study.summary, [plan.key for plan in plans])
    page = new_page(study, titles.money_title(study.summary), _money_formulas(study), notes, _KEY_LINES)
    limits = _money_limits(facts, plans)
    gap = 0.4
    width = (WIDTH - MARGIN - LEFT - 2 * gap) / 3
    for column, measure in enumerate(("spend", "revenue", "profit")):
        axes = add_axes(page, LEFT + column * (width + gap), width, above=0.3)
        _money_panel(axes, measure, plans, facts, limits)
    write_row_names(page, axes, plans)
    write_key(page, page.key, (_error_words(facts), f"risk: {_plays_words(study, _MIDDLE)}"), ink=GREY)
    return page.figure


def _money_formulas(study: Study) -> str:
    """Say what is counted, which refunds and returned orders change where there may be any."""
    formulas = study.summary["formulas"]
    refunds = " + refunds" if "refunds" in formulas.get("profit", "") else ""
    returned = "returned orders" in formulas.get("revenue", "")
    revenue = "Returned orders are left out, revenue counts all others" if returned else "Revenue counts every order"
    return (
        f"Profit = incremental margin{refunds} - spend; incremental margin = incremental orders x order value x "
        f"margin. {revenue} in full."
    )


def _money_limits(facts: Facts, plans: Sequence[Plan]) -> scales.Limits:
    every = [0.0]
    for plan in plans:
        for measure in ("spend", "revenue", "profit"):
            estimates = facts.measure(plan.key, measure)
            every += [estimates["quantiles"][end]["value"] for end in ("0.1", "0.9")]
            every += [estimates["mean"][end] for end in ("low", "value", "high")]
    known = [value for value in every if value is not None]
    return scales.with_zero(min(known), max(known))


def _money_panel(axes: Axes, measure: str, plans: Sequence[Plan], facts: Facts, limits: scales.Limits) -> None:
    unit = digits.money_unit(facts.currency)
    lay_rows(axes, len(plans))
    axes.set_xlim(*limits)
    axes.set_title(measure.capitalize(), loc="left", x=0.02, size=TEXT_SIZE, weight="bold")
    axes.set_xlabel("per play")
    set_ticks(axes.xaxis, lambda value: digits.tick_text(value, unit), 3)
    for row, plan in enumerate(plans):
        y, estimates = row + 0.64, facts.measure(plan.key, measure)
        thick = draw_marks(axes, y, estimates, plan.colour, _MIDDLE)
        axes.plot(0, y, "|", color=GREY, markersize=thick + 6, zorder=1)
        axes.annotate(
            _amount(estimates["mean"], unit), (0.02, y), (0, thick / 2 + 4), va="bottom",
            xycoords=axes.get_yaxis_transform(), textcoords="offset points",
        )  # fmt: skip


def _amount(mean: digits.Estimate, unit: digits.Unit) -> str:
    if not digits.has_interval(mean):
        return digits.value_text(mean, digits.compact_unit(unit, mean["value"]))
    size = max(abs(mean[end]) for end in ("low", "value", "high"))
    return digits.with_interval(mean, digits.compact_unit(unit, size), digits.compact_unit(digits.NUMBER, size))
