"""What attribution that knows no better would say of a plan, as lines of text.

In: the summary of a study. Out: a line for each plan in which somebody would have bought anyway, where that makes a
difference. Invariants: the headline stays the ROI without those who would have bought anyway; how wrongly a comparison
credits a plan is said only where the interval of the ratio leaves out 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary, side
from simulator.present.digits import PER_ONE, TIMES, Estimate, value_text, with_interval


def attribution_lines(summary: Summary, plan: str) -> list[str]:
    """Say what a plan's ROI on all tracked orders is, and with how many orders a comparison would credit it."""
    its: Mapping[str, Any] = summary["strategies"][plan]
    credited: Estimate | None = its["ratios"].get("naive_attribution")
    if credited is None:
        return []
    name = digits.display_names(summary["strategies"])[plan]
    return [*(_tracked(name, its) if tells_tracked(summary) else []), *_credited(name, credited)]


def tells_tracked(summary: Summary) -> bool:
    """Say whether ROI on all tracked orders, as it is written, differs from ROI for any plan: then all plans tell."""
    return any(_differs(its) for its in summary["strategies"].values())


def _differs(its: Mapping[str, Any]) -> bool:
    texts = {value_text(its[key]["mean"], PER_ONE) for key in ("roi", "roi_tracked") if key in its}
    return its["ratios"].get("naive_attribution") is not None and len(texts) > 1


def _tracked(name: str, its: Mapping[str, Any]) -> Iterator[str]:
    all_orders, without = (with_interval(its[key]["mean"], PER_ONE) for key in ("roi_tracked", "roi"))
    yield f"{name}: ROI on all tracked orders is {all_orders}; without those who would have bought anyway, {without}."


def _credited(name: str, ratio: Estimate) -> Iterator[str]:
    less_one = {end: None if ratio[end] is None else ratio[end] - 1 for end in ("value", "low", "high")}
    if not side(less_one):
        return
    comparing = "comparing people reached with people not reached would"
    if side(ratio) == -1:
        yield f"{name}: {comparing} credit it with no buyers, because those not reached buy more often anyway."
    else:
        yield f"{name}: {comparing} credit it with {with_interval(ratio, TIMES)} times the buyers it won."
