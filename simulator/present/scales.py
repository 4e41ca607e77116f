"""Which part of a study a picture shows: which plans, from where to where, and what that leaves out.

In: a study's tables and summary. Out: values, ends of axes, and notes that say what lies outside.
Invariant: a long tail never sets the scale, and whatever is left out is counted in a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from simulator.present import digits
from simulator.present.claims import Facts, Summary, ranking
from simulator.present.digits import Estimate, count

if TYPE_CHECKING:
    import pyarrow as pa

Values = npt.NDArray[np.float64]
Limits = tuple[float, float]
Course = Mapping[str, Values]


class Played(Protocol):
    """What a study or findings have: the tables of all plays."""

    @property
    def replications(self) -> pa.Table:
        """Give a row per strategy and replication."""

    @property
    def timeline(self) -> pa.Table:
        """Give a row per strategy, hour and measure."""


def plans_to_show(summary: Summary, most: int) -> list[str]:
    """Choose at most `most` plans, those of highest mean ROI, in scenario order."""
    facts = Facts(summary)
    ranked = ranking(facts)
    best = [*ranked, *(plan for plan in facts.plans if plan not in ranked)][:most]
    return [plan for plan in facts.plans if plan in best]


def rows_of(table: pa.Table, **wanted: str) -> pa.Table:
    """Keep the rows that hold these texts in these columns."""
    import pyarrow.compute as pc

    for column, text in wanted.items():
        table = table.filter(pc.equal(table[column], text))
    return table


def roi_of(study: Played, plan: str) -> Values:
    """Give the ROI of all plays of a plan in which it is defined, ascending (n,)."""
    column = rows_of(study.replications, strategy=plan)["roi"]
    return np.sort(np.asarray(column.drop_null().to_numpy(), dtype=np.float64))


def limits_of(groups: Iterable[Values], means: Iterable[Estimate]) -> Limits:
    """Choose the ends of an axis: nearly all plays, all means, and 0 where it is not far.

    Beyond the 5% and 95% points of a group, only values no further off than three quarters of what lies
    between them are kept: 4 standard deviations of a normal law, but little of a heavy tail. Intervals of
    means may add half of the width on either side at most.
    """
    known = [mean for mean in means if mean.get("value") is not None]
    parts = [_kept(group) for group in groups if len(group)]
    every = np.concatenate([*parts, [mean["value"] for mean in known]])
    if len(every) == 0:
        return -1.0, 1.0
    low, high = float(every.min()), float(every.max())
    span = (high - low) or max(abs(high), 0.1)
    ends = [mean[end] for mean in known for end in ("low", "high") if mean.get(end) is not None]
    low, high = max(min([low, *ends]), low - span / 2), min(max([high, *ends]), high + span / 2)
    return with_zero(low, high)


def with_zero(low: float, high: float) -> Limits:
    """Widen an axis a little, and up to 0 where 0 lies no further off than the axis is wide."""
    span = (high - low) or max(abs(high), 0.1)
    low = 0.0 if 0 < low < span else low
    high = 0.0 if 0 < -high < span else high
    rim = 0.04 * ((high - low) or span)
    return low - rim, high + rim


def _kept(ordered: Values) -> Values:
    low, high = np.quantile(ordered, (0.05, 0.95))
    more = 0.75 * (high - low)
    kept: Values = ordered[(ordered >= low - more) & (ordered <= high + more)]
    return kept


def outside_notes(groups: Mapping[str, Values], limits: Limits) -> list[str]:
    """Say how many plays an axis leaves out, and how far they go."""
    every = np.concatenate([*groups.values(), np.empty(0)])
    below, above = every[every < limits[0]], every[every > limits[1]]
    outside = len(below) + len(above)
    if not outside:
        return []
    ends = [f"lowest {digits.plain(float(below.min()), 1)}"] if len(below) else []
    ends += [f"highest {digits.plain(float(above.max()), 1)}"] if len(above) else []
    plays = f"{count(outside)} of {count(len(every))} plays {'lies' if outside == 1 else 'lie'}"
    return [f"{plays} outside the picture ({', '.join(ends)}); the numbers count them."]


def undefined_notes(groups: Mapping[str, Values], names: Mapping[str, str], played: int) -> list[str]:
    """Say which plans have no ROI in some plays."""
    missing = {plan: played - len(group) for plan, group in groups.items() if len(group) < played}
    return [
        f"ROI of {names[plan]} is undefined in {count(many)} of {count(played)} plays: nothing is spent."
        for plan, many in missing.items()
    ]


def left_out_notes(summary: Summary, shown: Sequence[str]) -> list[str]:
    """Say it where a picture does not show all plans."""
    more = len(summary["strategies"]) - len(shown)
    return [f"The {len(shown)} plans of highest mean ROI; {more} more are in the summary."] if more else []


def exceedance(ordered: Values, at: Values) -> Values:
    """Give the share of the values that are greater than each of `at`.

    >>> exceedance(np.array([1.0, 2.0, 2.0, 4.0]), np.array([0.0, 2.0, 4.0])).tolist()
    [1.0, 0.25, 0.0]
    """
    return 1.0 - np.searchsorted(ordered, at, side="right") / len(ordered)


def bin_count(plays: int) -> int:
    """Choose how many bins an axis has: few for few plays, never so many that a hill falls apart."""
    return int(np.clip(2 * np.sqrt(plays), 12, 70))


def spread_out(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels at least `gap` apart, as little as possible, between low and high.

    >>> spread_out([1.0, 1.1, 5.0], 1.0, 0.0, 5.0)
    [1.0, 2.0, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    floor = low
    for i in order:
        placed[i] = max(wanted[i], floor)
        floor = placed[i] + gap
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed


def timeline_of(study: Played, plan: str, measure: str) -> Course:
    """Give the course of one measure of one plan: hour, p10, p50, p90, each (hours,)."""
    rows = rows_of(study.timeline, strategy=plan, measure=measure)
    columns: dict[str, Any] = {name: rows[name].to_numpy() for name in ("hour", "p10", "p50", "p90")}
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
