"""The picture of money: spend, revenue and profit of each plan, on one scale.

In: a study. Out: a figure. Invariant: what revenue counts, and what profit is, stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.present import digits, scales, titles
from simulator.present.claims import Facts
from simulator.present.pictures.look import TEXT_SIZE, muted, size
from simulator.present.pictures.page import Page, add_axes, add_axes_at, new_page, put, set_ticks, width_of
from simulator.present.pictures.reach import MIDDLE
from simulator.present.pictures.roi import KEY_LINES, error_words, plays_words
from simulator.present.pictures.rows import (
    Plan,
    Rows,
    add_rows,
    draw_marks,
    plans_of,
    write_key,
    write_row_names,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

_MEASURES = ("spend", "revenue", "profit")
# In a column [in]: of a plan's mark and the words above it, of the heading of a measure, below all.
_ROW, _HEADING, _BELOW = 0.6, 0.4, 0.58


def draw_money(study: Study) -> Figure:
    """Draw spend, revenue and profit of each plan on one scale."""
    plans, facts = plans_of(study), Facts(study.summary)
    notes = scales.left_out_notes(study.summary, [plan.key for plan in plans])
    body = len(_MEASURES) * (_HEADING + _ROW * len(plans)) + _BELOW
    page = new_page(study, titles.money_title(study.summary), _formulas(study), notes, KEY_LINES, body=body)
    limits = _limits(facts, plans)
    for measure, axes in zip(_MEASURES, _panels(page, len(plans)), strict=True):
        rows = _draw_panel(axes, measure, plans, facts, limits)
        if size().narrow:
            _write_rows(page, rows, measure, plans, facts)
            last = measure == _MEASURES[-1]
            axes.tick_params(labelbottom=last)
            axes.set_xlabel("per play" if last else "")
    if not size().narrow:
        write_row_names(page, rows, plans)
    write_key(page, page.key, (error_words(facts), f"risk: {plays_words(study, MIDDLE)}"), words=muted())
    return page.figure


def _panels(page: Page, plans: int) -> list[Axes]:
    """Add axes for each measure: on a slide beside each other, in a column below each other."""
    its, many = size(), len(_MEASURES)
    if its.narrow:
        step = _HEADING + _ROW * plans
        tops = [page.top - place * step - _HEADING for place in range(many)]
        return [add_axes_at(page, its.margin, top - _ROW * plans, its.inner, _ROW * plans) for top in tops]
    gap = 0.4
    width = (its.width - its.margin - its.left - (many - 1) * gap) / many
    return [add_axes(page, its.left + place * (width + gap), width, above=0.3) for place in range(many)]


def _formulas(study: Study) -> str:
    """Say what is counted, which refunds and returned orders change where there may be any."""
    formulas = study.summary["formulas"]
    refunds = " + refunds" if "refunds" in formulas.get("profit", "") else ""
    returned = "returned orders" in formulas.get("revenue", "")
    revenue = "Returned orders are left out, revenue counts all others" if returned else "Revenue counts every order"
    return (
        f"Profit = incremental margin{refunds} - spend; incremental margin = incremental orders x order value x "
        f"margin. {revenue} in full."
    )


def _limits(facts: Facts, plans: Sequence[Plan]) -> scales.Limits:
    every = [0.0]
    for plan in plans:
        for measure in ("spend", "revenue", "profit"):
            estimates = facts.measure(plan.key, measure)
            every += [estimates["quantiles"][end]["value"] for end in ("0.1", "0.9")]
            every += [estimates["mean"][end] for end in ("low", "value", "high")]
    known = [value for value in every if value is not None]
    return scales.with_zero(min(known), max(known))


def _draw_panel(axes: Axes, measure: str, plans: Sequence[Plan], facts: Facts, limits: scales.Limits) -> Rows:
    unit = digits.money_unit(facts.currency)
    rows = add_rows(axes, len(plans))
    axes.set_xlim(*limits)
    axes.set_title(measure.capitalize(), loc="left", x=0.0 if size().narrow else 0.02, size=TEXT_SIZE, weight="bold")
    axes.set_xlabel("per play")
    set_ticks(axes.xaxis, lambda value: digits.tick_text(value, unit), 5 if size().narrow else 3)
    for row, plan in enumerate(plans):
        y, estimates = row + (0.72 if size().narrow else 0.64), facts.measure(plan.key, measure)
        thick = draw_marks(axes, y, estimates, plan.colour, MIDDLE)
        axes.plot(0, y, "|", color=muted(), markersize=thick + 6, zorder=1)
        if not size().narrow:
            axes.annotate(
                _amount(estimates["mean"], unit), (0.02, y), (0, thick / 2 + 4), va="bottom",
                xycoords=axes.get_yaxis_transform(), textcoords="offset points",
            )  # fmt: skip
    return rows


def _write_rows(page: Page, rows: Rows, measure: str, plans: Sequence[Plan], facts: Facts) -> None:
    """Write names and amounts above their marks."""
    unit = digits.money_unit(facts.currency)
    amounts = {name: [_amount(facts.mean(plan.key, name), unit) for plan in plans] for name in _MEASURES}
    # Names are cut alike in all three.
    widest = max(width_of(page.figure, amount) for some in amounts.values() for amount in some)
    write_row_names(page, rows, plans, beside=widest + 0.15)
    for row, amount in enumerate(amounts[measure]):
        put(page.figure, size().width - size().margin, rows.top(row) - 0.07, amount, ha="right")


def _amount(mean: digits.Estimate, unit: digits.Unit) -> str:
    if not digits.has_interval(mean):
        return digits.value_text(mean, digits.compact_unit(unit, mean["value"]))
    largest = max(abs(mean[end]) for end in ("low", "value", "high"))
    return digits.with_interval(mean, digits.compact_unit(unit, largest), digits.compact_unit(digits.NUMBER, largest))
