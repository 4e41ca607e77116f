"""Runs that were looked at while they grew, and what that means for who compares their plans later.

In: a summary, and a manifest where there is one. Out: at how many replications a run was looked at, and the difference
that it waited for. Invariant: a difference that ended a run keeps the interval that belongs to its looks, wherever it
is told again; where that cannot be, it is said that somebody looked.

A run that stops when it is sure enough has as many replications as its plays decided, so an interval of a fixed number
of plays is not right for it. See `docs/stopping.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.decide.objective import Objective
from simulator.study.decided import Settled


def looks_at(summary: Mapping[str, Any], manifest: Mapping[str, Any] | None = None) -> tuple[int, ...]:
    """Give at how many replications a run was looked at; none where it played as often as it was told to.

    Args:
        summary: Of the run.
        manifest: Of its folder, which remembers the looks of an earlier run that was continued without any.
    """
    own = [its["replications"] for its in (summary.get("stopping") or {}).get("looks", ())]
    return tuple(sorted({*own, *((manifest or {}).get("looked_at") or ())}))


def settled_in(summary: Mapping[str, Any], a: str, b: str, objective: Objective | None) -> Settled | None:
    """Give the difference a - b that a run waited for; None where it waited for none.

    Args:
        summary: Of the run.
        a: The plan that stands first in it.
        b: The other.
        objective: What the plans are judged by now: only what the run looked at has the interval of its looks.
    """
    its = summary.get("stopping") or {}
    looked_at = {key: its.get(key) for key in ("measure", "at_months", "at_least")}
    if objective is None or objective.plain != looked_at:
        return None
    for one in its.get("differences", ()):
        if (one["a"], one["b"]) == (a, b):
            return Settled(one["difference"], one["p_value"])
    return None
