"""The picture of ROI over time: at the end of the campaign, and 3, 6 and 12 months after it.

In: a study whose campaigns leave something behind. Out: a figure. Invariants: each mean has its interval, each line its
plan; the orders of a line are counted alike at all times, so at the end, too, with those at people's own occasions; the
campaign's own ROI, which has none of these, is a mark of its own; the axis holds all, and 0 where it is not far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.present import digits, scales
from simulator.present.claims import Facts, Summary
from simulator.present.digits import Estimate
from simulator.present.long_run import LATER, MONTHS_AFTER, assumptions, has_brand, long_run_title
from simulator.present.pictures.look import brand, ink, size
from simulator.present.pictures.page import BODY, Page, add_plot, draw_level, new_page, set_ticks
from simulator.present.pictures.rows import End, Plan, label_ends, labels_below, labels_height, plans_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

# How far the marks of two plans stand apart [months].
_BESIDE = 0.14
# How far before the line the campaign's own ROI stands [months].
_OWN_BEFORE = 0.6


def draw_long_run(study: Study) -> Figure:
    """Draw each plan's mean ROI over time, with its error."""
    facts = Facts(study.summary)
    every = plans_of(study)
    plans = [plan for plan in every if facts.mean(plan.key)["value"] is not None]
    lasts = [(facts.mean(plan.key, LATER), plan) for plan in plans]
    ends = [(plan, last["value"], digits.with_interval(last, digits.PER_ONE)) for last, plan in lasts]
    page = _page(study, facts, plans, ends)
    axes = add_plot(page, above=0.1)
    for place, plan in enumerate(plans):
        _course(axes, facts, plan, _BESIDE * (place - (len(plans) - 1) / 2))
    _lay_out(axes, facts, plans)
    label_ends(page, axes, ends)
    return page.figure


def _page(study: Study, facts: Facts, plans: Sequence[Plan], ends: Sequence[End]) -> Page:
    shown = [plan.key for plan in plans]
    without = [facts.names[plan.key] for plan in plans_of(study) if plan.key not in shown]
    notes = [
        _at_the_end(study.summary),
        *assumptions(study.summary),
        *([f"No ROI, because nothing is spent: {digits.listed(without)}."] if without else []),
        *scales.left_out_notes(study.summary, [plan.key for plan in plans_of(study)]),
    ]
    formula = study.summary["formulas"]["roi_over_time"]
    title, body = long_run_title(study.summary), BODY + labels_height(len(ends))
    page = new_page(study, title, formula, notes, key_lines=0 if size().narrow else 3, body=body)
    return labels_below(page, "mean after 12 months (error)", ends)


def _at_the_end(summary: Summary) -> str:
    """Say what stands at the end of the campaign."""
    if not has_brand(summary):
        return "At the end stands the campaign's own ROI."
    return "Hollow: the campaign's own ROI. The lines count orders at people's own occasions as well, from the end on."


def _course(axes: Axes, facts: Facts, plan: Plan, beside: float) -> None:
    """Draw a line through the means, and the error of each a little beside those of other plans."""
    means = {months: facts.mean(plan.key, measure) for months, measure in MONTHS_AFTER.items()}
    at = [months + beside for months in means]
    axes.plot(at, [mean["value"] for mean in means.values()], color=plan.colour, linewidth=2, zorder=2)
    for month, mean in zip(at, means.values(), strict=True):
        if digits.has_interval(mean):
            error = (mean["low"], mean["high"])
            axes.plot((month, month), error, color=ink(), linewidth=5, solid_capstyle="butt", zorder=3)
            axes.plot((month, month), error, color=plan.colour, linewidth=3, solid_capstyle="butt", zorder=4)
        axes.plot(month, mean["value"], "o", color=plan.colour, markersize=7, markeredgecolor=ink(), zorder=5)
    if has_brand(facts.summary):
        _own(axes, facts.mean(plan.key), plan, at[0] - _OWN_BEFORE)


def _own(axes: Axes, mean: Estimate, plan: Plan, at: float) -> None:
    """Mark the campaign's own ROI with its error, hollow."""
    if digits.has_interval(mean):
        axes.plot((at, at), (mean["low"], mean["high"]), color=plan.colour, linewidth=1.5, zorder=3)
    axes.plot(at, mean["value"], "o", color=plan.colour, markersize=7, markerfacecolor=brand().ground, zorder=6)


def _lay_out(axes: Axes, facts: Facts, plans: Sequence[Plan]) -> None:
    means = [facts.mean(plan.key, measure) for plan in plans for measure in ("roi", *MONTHS_AFTER.values())]
    ends = [mean[end] for mean in means for end in ("low", "value", "high") if mean[end] is not None]
    limits = scales.with_zero(min(ends), max(ends)) if ends else (-1.0, 1.0)
    axes.set_ylim(*limits)
    axes.set_xlim(-0.4 - (_OWN_BEFORE if has_brand(facts.summary) else 0), 12.4)
    axes.set_xticks(list(MONTHS_AFTER), labels=["end", "3", "6", "12"])
    axes.set_xlabel("months after the campaign")
    axes.set_ylabel(f"ROI [profit per {digits.plain(1, 0, digits.money_unit(facts.currency))} spent]")
    set_ticks(axes.yaxis, digits.tick_text, 6)
    if limits[0] < 0 < limits[1]:
        draw_level(axes)
