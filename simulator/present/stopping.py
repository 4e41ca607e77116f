"""Why a run stopped when it did, as sentences.

In: the part of a summary that says what a run was to reach and what its looks saw. Out: sentences. Invariant: what was
not reached is said as plainly as what was, and no more is claimed than the interval that belongs to the looks supports.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.present import digits
from simulator.present.digits import NUMBER, Unit, count, interval_text
from simulator.present.objectives import objective_unit, objective_words, wished_text

Section = Mapping[str, Any]
# A look is told without the scenario, of a measure in plain numbers.
_NO_CURRENCY = ""
_SEEN = {None: "not decided yet", "decided": "decided", "small": "no difference that matters"}


def stopping_lines(summary: Section) -> list[str]:
    """Say why a run stopped; nothing of one that played as often as it was told to."""
    its = summary.get("stopping")
    if its is None:
        return []
    told = _precision_line(its, summary) if its["rule"] == "precision" else _decided_line(its, summary)
    return [told, *_other_figures(its)]


def look_line(look: Section) -> str:
    """Say what a look saw, while the run is going on."""
    seen = f"Look {look['look']}, {_plays(look)}: {_seen(look)}"
    return f"{seen}." if look["then"] is None else f"{seen}; next look at {count(look['then'])}."


def _seen(look: Section) -> str:
    if look["rule"] == "precision":
        return f"{_measure(look, _NO_CURRENCY)} {_reached(look, NUMBER)}, wanted is {look['wanted']:g}"
    return (
        f"fewer than two plans have one ({_measure(look, _NO_CURRENCY)})"
        if look["why"] == "undefined"
        else _SEEN[look["why"]]
    )


def _precision_line(its: Section, summary: Section) -> str:
    unit = objective_unit(its, summary["currency"])
    what, wanted = _measure(its, summary["currency"]), wished_text(its["wanted"], unit)
    if its["why"] == "undefined":
        return f"Stopped after {_plays(its)}: {what} is undefined in all of them."
    known = f"{what} {_reached(its, unit)}{' or better' if len(its['means']) > 1 else ''}"
    if its["why"] == "maximum":
        return f"The maximum of {_plays(its)} was reached before the precision: {known}, wanted was {wanted}."
    return f"Stopped after {_plays(its)}, {_looks(its)}: {known}, as asked ({wanted})."


def _reached(its: Section, unit: Unit) -> str:
    half = its["half_width"]
    if half is None:
        return "has no interval yet, because it never varied"
    places = 1 - math.floor(math.log10(half * unit.scale))
    return f"is known to within {digits.outwards(half * unit.scale, places, replace(unit, most=15), up=True)}"


def _decided_line(its: Section, summary: Section) -> str:
    what = _measure(its, summary["currency"])
    found, names = _found(its, summary), digits.display_names(summary["strategies"])
    if its["why"] == "undefined":
        return f"Stopped after {_plays(its)}: fewer than two plans have {what}."
    if its["why"] == "maximum":
        return f"The maximum of {_plays(its)} was reached, and by {what} the plans are not decided{found}."
    start, leader = f"Stopped after {_plays(its)}, {_looks(its)}", names[its["leader"]]
    if its["why"] == "decided":
        return f"{start}: by {what} it is decided for {leader}{found}."
    return f"{start}: by {what} {_too_close(its, summary, leader)}{found}."


def _too_close(its: Section, summary: Section, leader: str) -> str:
    if its["indifference"] is None:
        return f"no plan differs from {leader} but in its name, or it is behind"
    zone = wished_text(its["indifference"], objective_unit(its, summary["currency"]))
    return f"no plan is ahead of {leader} by {zone} or more, so the difference does not matter"


def _found(its: Section, summary: Section) -> str:
    """Give the differences that the run waited for."""
    names, unit = digits.display_names(summary["strategies"]), objective_unit(its, summary["currency"])
    told = [
        f"{names[one['a']]} minus {names[one['b']]}: {interval_text(one['difference'], unit)}"
        for one in its["differences"]
    ]
    return f" ({'; '.join(told)})" if told else ""


def _other_figures(its: Section) -> list[str]:
    if len(its["looks"]) < 2:
        return []
    what = "these means" if its["rule"] == "precision" else "this comparison"
    return [f"Having looked {len(its['looks'])} times is part of the intervals of {what}, not of other figures."]


def _plays(its: Section) -> str:
    return f"{count(its['replications'])} plays of each plan"


def _looks(its: Section) -> str:
    return f"{len(its['looks'])} look{'' if len(its['looks']) == 1 else 's'}"


def _measure(its: Section, currency: str) -> str:
    """Name what was looked at: "mean ROI after 3 months", "the chance of orders of at least 5,000"."""
    words = objective_words(its, currency, article=True)
    return f"mean {words}" if its["at_least"] is None else words
