"""The pictures of ROI: how often each is played, and the chance to exceed any.

In: a study. Out: figures. Invariants: the titles are those of `titles`; plays outside the axes are counted in a note;
risk and error are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.present import digits, scales, titles
from simulator.present.claims import Facts
from simulator.present.pictures.look import ink, muted, size
from simulator.present.pictures.page import (
    BODY,
    LINE,
    Page,
    add_axes,
    add_plot,
    draw_zero_line,
    new_page,
    put,
    set_ticks,
)
from simulator.present.pictures.rows import (
    End,
    Plan,
    Risk,
    Rows,
    add_rows,
    draw_marks,
    head_height,
    labels_below,
    labels_height,
    labels_of,
    plans_of,
    write_beside,
    write_key,
    write_label,
    write_row_names,
)
from simulator.present.scales import Values
from simulator.study.estimates import LEAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

# Fewer plays than this are drawn one by one.
SEPARATE_PLAYS = 30
# Of the key of risk and error: two lines for the error and what it holds for, one for the risk.
KEY_LINES = 3
_ROI_RISK = Risk(("0.05", "0.95"), 0.9, 11)
# Of a hill and the marks below it in a column, and between rows and the edges of the axes' room [in].
_HILL, _AROUND = 1.0, 0.85


def draw_roi_distribution(study: Study) -> Figure:
    """Draw each plan's plays as a hill; below it, risk and error."""
    plans, facts = plans_of(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _limits(study, groups)
    body = len(plans) * (_HILL + head_height(2)) + _AROUND
    page = _page(study, titles.roi_title(study.summary), groups, limits, KEY_LINES, body)
    its = size()
    axes = add_axes(page, its.left, its.right - its.left - (0.0 if its.narrow else 0.2), above=0.25)
    _lay_out(study, axes, limits)
    rows = add_rows(axes, len(plans), lines=2)
    write_row_names(page, rows, plans)
    bins = np.linspace(max(limits[0], LEAST["roi"]), limits[1], scales.bin_count(max(map(len, groups.values()))) + 1)
    for row, plan in enumerate(plans):
        _hill(rows, row, plan, groups[plan.key], bins)
        if len(groups[plan.key]):
            draw_marks(axes, rows.at(row, 0.84), facts.measure(plan.key), plan.colour, _ROI_RISK)
        _write_numbers(page, rows, row, facts.measure(plan.key), plan.colour)
    write_key(page, page.key, (error_words(facts), f"risk: {plays_words(study, _ROI_RISK)}"), words=muted())
    return page.figure


def _page(
    study: Study, title: str, groups: Mapping[str, Values], limits: scales.Limits, key_lines: int, body: float
) -> Page:
    summary = study.summary
    notes = [
        *scales.undefined_notes(groups, digits.display_names(summary["strategies"]), summary["replications"]),
        *scales.outside_notes(groups, limits),
        *scales.left_out_notes(summary, list(groups)),
    ]
    return new_page(study, title, digits.clean(summary["formulas"]["roi"]), notes, key_lines, body=body)


def _limits(study: Study, groups: Mapping[str, Values]) -> scales.Limits:
    facts = Facts(study.summary)
    return scales.limits_of(groups.values(), [facts.mean(plan) for plan in groups])


def _lay_out(study: Study, axes: Axes, limits: scales.Limits) -> None:
    one = digits.plain(1, 0, digits.money_unit(study.summary["currency"]))
    axes.set_xlim(*limits)
    axes.set_xlabel(f"ROI [profit per {one} spent]")
    set_ticks(axes.xaxis, digits.tick_text, 7)
    draw_zero_line(axes)
    if limits[0] < 0 < limits[1]:
        where = -limits[0] / (limits[1] - limits[0])
        side = "left" if where < 0.15 else "right" if where > 0.85 else "center"
        place = axes.get_xaxis_transform()
        axes.text(0, 1.02, "break even", transform=place, ha=side, va="bottom", color=muted())


def error_words(facts: Facts) -> str:
    """Say what the error of a mean holds for, in two lines."""
    level = 100 * float(facts.mean(facts.plans[0]).get("level", 0.95))
    where = "this market" if facts.markets == 1 else f"these {digits.count(facts.markets)} markets"
    return f"error of mean ({digits.plain(level, 0)}%)\nin {where}"


def plays_words(study: Study, risk: Risk) -> str:
    """Say which plays lie between two quantiles: all, where there are too few to leave one out."""
    beyond = round(study.summary["replications"] * (1 - risk.share) / 2, 9)  # 20 plays leave out one, not 0.99...
    all_plays = beyond < 1
    return "all plays" if all_plays else f"{digits.plain(100 * risk.share, 0)}% of plays"


def _hill(rows: Rows, row: int, plan: Plan, roi: Values, bins: Values) -> None:
    """Draw how often each ROI is played, the tallest bin as high as the row allows."""
    axes, ground, summit = rows.axes, rows.at(row, 0.7), rows.at(row, 0.1)
    if 0 < len(roi) < SEPARATE_PLAYS:
        middle = rows.at(row, 0.5)
        axes.plot(roi, np.full(len(roi), middle), "o", color=plan.colour, alpha=0.7, markersize=8)
    elif len(roi):
        counts, _ = np.histogram(roi, bins)
        top = ground - (ground - summit) * counts / counts.max()
        axes.stairs(top, bins, baseline=ground, fill=True, color=plan.colour, alpha=0.6)
        axes.stairs(top, bins, baseline=ground, color=plan.colour, linewidth=1.2)


def _write_numbers(page: Page, rows: Rows, row: int, roi: Mapping[str, Any], colour: str) -> None:
    below_name = rows.top(row) - 0.07 - LINE
    if roi["mean"]["value"] is None:
        if size().narrow:
            put(page.figure, size().margin, below_name, "ROI is undefined: nothing is spent")
        else:
            text = "ROI is undefined:\nnothing is spent"
            put(page.figure, page.key_left, rows.middle(row), text, va="center", linespacing=1.25)
        return
    low, high = (roi["quantiles"][end] for end in _ROI_RISK.ends)
    texts = digits.with_interval(roi["mean"], digits.PER_ONE), digits.range_text(low, high, digits.PER_ONE)
    if size().narrow:
        write_beside(page, below_name, texts, colour)
    else:
        write_key(page, rows.middle(row) + LINE - 0.02, texts, colour)


def draw_roi_exceedance(study: Study) -> Figure:
    """Draw the probability that ROI exceeds x."""
    plans, facts = plans_of(study), Facts(study.summary)
    groups = {plan.key: scales.roi_of(study, plan.key) for plan in plans}
    limits = _limits(study, groups)
    body = BODY + labels_height(len(plans))
    page = _page(study, titles.chance_title(study.summary), groups, limits, 0, body)
    ends = [_chance_end(plan, facts) for plan in plans]
    page = labels_below(page, "chance of profit (error)", ends)
    axes = add_plot(page, above=0.3, beside=0.3)
    _lay_out(study, axes, limits)
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("plays with a higher ROI")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], labels=["0%", "25%", "50%", "75%", "100%"])
    at = np.linspace(*limits, 801)
    for place, plan in enumerate(plans):
        if len(groups[plan.key]):
            axes.plot(at, scales.exceedance(groups[plan.key], at), color=plan.colour, linewidth=2.2)
            beside = 0.007 * (place - (len(plans) - 1) / 2) * (limits[1] - limits[0])
            _chance_mark(axes, plan, facts.measure(plan.key)["probability_positive"], beside)
    _list_chances(page, ends)
    return page.figure


def _chance_end(plan: Plan, facts: Facts) -> End:
    chance = facts.measure(plan.key)["probability_positive"]
    text = "ROI is undefined" if chance["value"] is None else digits.percent(chance)
    return plan, chance["value"] or 0.0, text


def _chance_mark(axes: Axes, plan: Plan, chance: digits.Estimate, beside: float) -> None:
    """Mark the chance of profit near where the curve crosses 0, with its interval."""
    low, high = axes.get_xlim()
    if low < 0 < high and digits.has_interval(chance):
        error = (chance["low"], chance["high"])
        axes.plot((beside, beside), error, color=ink(), linewidth=5, solid_capstyle="butt", zorder=3)
        axes.plot((beside, beside), error, color=plan.colour, linewidth=3, solid_capstyle="butt", zorder=4)
        axes.plot(beside, chance["value"], "o", color=plan.colour, markersize=8, markeredgecolor=ink(), zorder=5)


def _list_chances(page: Page, ends: Sequence[End]) -> None:
    """List the plans in the right column of a slide, the likeliest to make a profit first."""
    its = size()
    if its.narrow:
        return
    order = sorted(ends, key=lambda end: -end[1])
    lines = 2 if len(order) <= 4 else 1
    labels = labels_of(page.figure, [plan for plan, _, _ in order], its.right_width - 0.32, lines)
    top = page.top - 0.1
    for (plan, _, text), name in zip(order, labels, strict=True):
        write_label(page, its.right, top, plan.colour, "\n".join(name), text)
        top -= LINE * (len(name) + 1) + 0.08
