"""Which splits bring most, on average and in their worst plays, in a sentence.

In: the summary of a split. Out: a title, a text for who cannot see the picture. Invariant: both ends are told as what
was seen in these plays, and no more: nothing decides between splits by their worst plays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.present.objectives import measure_words
from simulator.present.split import split_text, unit_of_mean


def frontier_title(summary: Mapping[str, Any]) -> str:
    """Name both ends of the frontier, as what was seen and no more."""
    if not efficient(summary):
        return "No split has plays enough to tell its worst ones"
    highest, safest = _ends(summary)
    if highest is safest:
        return f"Going by these plays, {split_text(summary, safest)} brings most, on average and in the worst plays"
    ends = split_text(summary, highest), split_text(summary, safest)
    return f"Going by these plays, {ends[0]} brings most on average, and {ends[1]} most in the worst plays"


def short_frontier_title(summary: Mapping[str, Any]) -> str:
    """Say the same without names, but for a split that is both ends."""
    if not efficient(summary):
        return frontier_title(summary)
    highest, safest = _ends(summary)
    if highest is safest:
        return f"In these plays {split_text(summary, safest)} is best, on average and in its worst 5%"
    return "In these plays one split is best on average, another in its worst 5%"


def _ends(summary: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give the efficient split of the highest mean, and that of the best worst plays."""
    rows = efficient(summary)
    return max(rows, key=lambda row: float(row["mean"]["value"])), max(rows, key=worst)


def frontier_alt(summary: Mapping[str, Any]) -> str:
    """Say in words what the picture shows."""
    unit = unit_of_mean(summary)
    told = (
        f"{split_text(summary, row)} {digits.value_text(row['mean'], unit)} and "
        f"{digits.value_text(row['expected_shortfall_5'], unit)}"
        for row in efficient(summary)
    )
    words = f"mean {measure_words(summary)} and that of the worst 5% of plays"
    return f"Each split as a point: {words}. Beaten by none in both: {'; '.join(told) or 'none that is known'}."


def efficient(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the splits that no other beats both on average and in the worst plays."""
    return [row for row in summary["splits"] if row["efficient"]]


def worst(row: Mapping[str, Any]) -> float:
    """Give the mean of the worst plays of a split."""
    return float(row["expected_shortfall_5"]["value"])
