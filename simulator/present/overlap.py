"""How much audiences overlap beside how much they were meant to, as a line of text.

In: the summary of a study. Out: a line per strategy. Invariant: a strategy to which no target applies has no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary
from simulator.present.digits import PERCENT

_MOST_TOLD = 3


def overlap_line(summary: Summary, plan: str) -> str:
    """Say how much the audiences of a strategy overlap, and what was asked for; empty where nothing was."""
    targets = (summary["strategies"][plan].get("audience_overlap") or {}).get("targets") or []
    if not targets:
        return ""
    told = [_told(target) for target in targets[:_MOST_TOLD]]
    left = len(targets) - len(told)
    more = f"; {left:,} more in summary.json" if left else ""
    return f"{digits.display_names(summary['strategies'])[plan]}: audiences of {digits.listed(told)}{more}."


def _told(target: Mapping[str, Any]) -> str:
    who = target["pool"] or " and ".join(target["creators"])
    asked = digits.value_text({"value": target["target"], "low": target["target"], "high": target["target"]}, PERCENT)
    return f"{digits.shortened(who)} overlap by {digits.value_text(target['mean'], PERCENT)} (asked for {asked})"
