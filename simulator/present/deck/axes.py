"""Axes of native charts: where ticks stand, and how a spreadsheet writes their numbers.

In: the numbers to show and their `Unit`. Out: a `Scale`. Invariants: ticks are at round numbers, as many as have room;
a tick is written exactly, with its unit, by a number format that works in the chart and in its sheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.present.digits import Unit, compact_unit
from simulator.present.typeset import MINUS

_THOUSANDS = {1.0: "", 1e-3: ",", 1e-6: ",,", 1e-9: ",,,"}
_ROUND = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high` with a tick every `step`; `code` is how a spreadsheet writes its numbers."""

    low: float
    high: float
    step: float
    code: str

    def place(self, value: float) -> float:
        """Give where on the axis a value stands, 0 at its low end, 1 at its high one."""
        return (value - self.low) / (self.high - self.low)


def scale_of(numbers: Iterable[float | None], unit: Unit, most: int, *, zero: bool = True) -> Scale:
    """Choose an axis of at most so many steps on which all numbers lie; with `zero`, 0 does, too."""
    given = [number for number in numbers if number is not None and math.isfinite(number)]
    low, high = min(given, default=0.0), max(given, default=1.0)
    low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-9):
        high = low + (abs(low) or 1.0)
    step = _step((high - low) / most)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(low, high, step, number_format(_compact(unit, low, high), step))


def _compact(unit: Unit, low: float, high: float) -> Unit:
    """Count in thousands where numbers are large; what has a scale of its own, such as percent, keeps it."""
    return unit if unit.scale != 1.0 else compact_unit(unit, low, high)


def _step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least))
    return next(size * part for part in _ROUND if size * part >= least * (1 - 1e-9))


def number_format(unit: Unit, step: float) -> str:
    """Write a spreadsheet's number format of a unit, with the decimals that multiples of a step need.

    >>> number_format(Unit(before="$"), 0.5)
    '"$"#,##0.0;"\u2212$"#,##0.0;"$"0'
    """
    places = decimals(step * unit.scale)
    digits = "#,##0" + ("." + "0" * places if places else "")
    if unit.after == "%" and unit.scale == 100.0:
        return f"{digits}%;{_literal(MINUS)}{digits}%"
    assert unit.scale in _THOUSANDS, f"a sheet has no number format for a scale of {unit.scale}"
    number = f"{digits}{_THOUSANDS[unit.scale]}{_literal(unit.after)}"
    before = _literal(unit.before)
    signed = f"{before}{number};{_literal(MINUS + unit.before)}{number}"
    return f"{signed};{before}0" if unit.before or unit.after else signed


def decimals(step: float) -> int:
    """Count the decimals that multiples of a step need."""
    return next((places for places in range(7) if abs(round(step, places) - step) < 1e-6 * step), 6)


def _literal(text: str) -> str:
    """Quote what stands beside a number; a quote cannot be quoted and goes."""
    kept = text.replace('"', "")
    return f'"{kept}"' if kept else ""


def tick_labels(scale: Scale, unit: Unit) -> list[str]:
    """Write the ticks as the number format does, to measure them."""
    compact = _compact(unit, scale.low, scale.high)
    places = decimals(scale.step * compact.scale)
    count = round((scale.high - scale.low) / scale.step)
    values = [(scale.low + tick * scale.step) * compact.scale for tick in range(count + 1)]
    zero = f"{compact.before}0" if compact.before or compact.after not in ("", "%") else ""
    return [
        (zero if not value else "")
        or f"{MINUS if value < 0 else ''}{compact.before}{abs(value):,.{places}f}{compact.after}"
        for value in values
    ]
