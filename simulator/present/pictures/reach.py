"""The picture of reach over time: the median of each plan, and between which values most of the plays lie.

In: a study. Out: a figure. Invariant: what a band holds is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.present import digits, scales, titles
from simulator.present.pictures.page import BODY, add_plot, new_page, set_ticks
from simulator.present.pictures.roi import plays_words
from simulator.present.pictures.rows import Plan, Risk, label_ends, labels_below, labels_height, plans_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

MIDDLE = Risk(("0.1", "0.9"), 0.8, 22)


def draw_reach_over_time(study: Study) -> Figure:
    """Draw the median reach of each plan, and between which values 80% of the plays lie."""
    plans = plans_of(study)
    courses = {plan.key: scales.timeline_of(study, plan.key, "reach") for plan in plans}
    under = "Reach: different people of the market who saw the campaign at least once, so far"
    notes = scales.left_out_notes(study.summary, list(courses))
    shown = [plan for plan in plans if len(courses[plan.key]["p50"])]
    lasts = {plan.key: {key: values[-1] for key, values in courses[plan.key].items()} for plan in shown}
    ends = [(plan, lasts[plan.key]["p50"], _reach_text(lasts[plan.key])) for plan in shown]
    title = titles.reach_title(study.summary)
    page = new_page(study, title, under, notes, body=BODY + labels_height(len(ends)))
    page = labels_below(page, f"median ({plays_words(study, MIDDLE)})", ends)
    axes = add_plot(page, above=0.1)
    for plan in plans:
        _fan(axes, plan, courses[plan.key], alpha=0.5 / (1 + len(plans)))
    axes.set_xlim(0, study.summary["horizon_days"])
    axes.set_ylim(0, max([1.0, *(course["p90"].max(initial=0) for course in courses.values())]) * 1.06)
    axes.set_xlabel(titles.days_label(study.summary))
    axes.set_ylabel("people reached")
    set_ticks(axes.xaxis, digits.tick_text, 8)
    set_ticks(axes.yaxis, digits.tick_text, 6)
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
