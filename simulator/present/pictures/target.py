"""The picture of a target: how often it is reached by budget, with the split that was chosen and with each pool alone.

In: a `Target`. Out: a figure. Invariants: each chance is of plays that had no part in choosing the split, and has its
interval; the share of plays that is asked for is a line of its own, on which the interval of the budget lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.pictures.look import brand, ink, muted, size
from simulator.present.pictures.page import BODY, Told, add_plot, draw_level, new_page, set_ticks
from simulator.present.pictures.rows import RISK_ALPHA, Plan, label_ends, labels_below, labels_height
from simulator.present.pictures.saving import save_picture
from simulator.present.spending import percent
from simulator.present.target import answer, goal, no_answer, split_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.decide.target import Target

# From where to where the budgets reach, in times of the one that is marked.
_FROM, _TO = 0.3, 2.1


def draw_target(target: Target, folder: Path) -> list[Path]:
    """Draw the picture into a folder, as PNG and SVG.

    Raises:
        ResultsError: If it cannot be written.
    """
    return save_picture(partial(draw_chances, target), folder / "target")


def draw_chances(target: Told) -> Figure:
    """Draw how often the target is reached by budget."""
    its = target.summary
    title = answer(its) if its["reached"] else no_answer(its)
    under = f"Chance of {goal(its)} or more. Bands: 95% intervals."
    limits = _limits(its)
    curves = _curves(its, limits)
    lasts = {plan: points[-1]["probability"] for plan, points in curves.items()}
    ends = [(plan, last["value"], digits.percent(last)) for plan, last in lasts.items()]
    key_lines, body = 0 if size().narrow else 2, BODY + labels_height(len(ends))
    page = new_page(target, title, under, [], key_lines, body=body, plays=_plays(its))
    page = labels_below(page, "chance at the right end", ends)
    axes = add_plot(page, above=0.15)
    axes.set_xlim(*limits)
    axes.set_ylim(-0.02, 1.02)
    for plan, points in curves.items():
        _draw_curve(axes, points, plan.colour)
    _mark(axes, its)
    _lay_out(axes, its)
    label_ends(page, axes, ends)
    return page.figure


def _curves(its: Mapping[str, Any], limits: tuple[float, float]) -> dict[Plan, list[Mapping[str, Any]]]:
    """Give the points of each curve between two budgets, those of the split first."""
    names = [split_text(curve).replace("all of it to ", "all to ") for curve in its["curves"]]
    low, high = limits
    points = [[point for point in curve["points"] if low <= point["budget"] <= high] for curve in its["curves"]]
    plans = [Plan(name, colour, tuple(names)) for name, colour in zip(names, brand().colours, strict=False)]
    return {plan: some for plan, some in zip(plans, points, strict=False) if some}


def _plays(its: Mapping[str, Any]) -> str:
    return f"{digits.count(its['replications'])} plays, which had no part in choosing the split"


def _limits(its: Mapping[str, Any]) -> tuple[float, float]:
    marked = its["needed"]["budget"]["value"] if its["reached"] else its["out_of_reach"]["budget"]
    budgets = [point["budget"] for curve in its["curves"] for point in curve["points"]]
    near = [budget for budget in budgets if _FROM * marked <= budget <= _TO * marked] or [marked]
    rim = 0.03 * (max(near) - min(near)) or 0.1 * marked
    return min(near) - rim, max(near) + rim


def _draw_curve(axes: Axes, points: list[Mapping[str, Any]], colour: str) -> None:
    at = [point["budget"] for point in points]
    chances = [point["probability"] for point in points]
    band = [chance["low"] for chance in chances], [chance["high"] for chance in chances]
    axes.fill_between(at, *band, color=colour, alpha=RISK_ALPHA / 2, linewidth=0, zorder=2)
    axes.plot(at, [chance["value"] for chance in chances], "o-", color=colour, markersize=4, linewidth=2, zorder=3)


def _mark(axes: Axes, its: Mapping[str, Any]) -> None:
    """Mark the share of plays that is asked for, and on it the budget with its interval."""
    wanted = its["confidence"]
    draw_level(axes, wanted)
    below = wanted > 0.9
    axes.text(
        0.01,
        wanted + (-0.015 if below else 0.015),
        f"asked for: {percent(wanted)}",
        transform=axes.get_yaxis_transform(),
        va="top" if below else "bottom",
        color=muted(),
    )
    if its["reached"]:
        budget = its["needed"]["budget"]
        if digits.has_interval(budget):
            ends = (budget["low"], budget["high"])
            axes.plot(ends, (wanted, wanted), color=ink(), linewidth=5, solid_capstyle="butt", zorder=4)
        axes.plot(budget["value"], wanted, "|", color=ink(), markersize=14, markeredgewidth=2, zorder=5)


def _lay_out(axes: Axes, its: Mapping[str, Any]) -> None:
    unit = digits.money_unit(its["currency"])
    set_ticks(axes.xaxis, partial(digits.tick_text, unit=unit), 6)
    set_ticks(axes.yaxis, partial(digits.tick_text, unit=digits.PERCENT), 6)
    axes.set_xlabel("budget")
    axes.set_ylabel("chance to reach the target")
