"""Numbers as text, with no more digits than their interval allows.

In: an estimate of the summary (`value`, `low`, `high`; None where undefined) and its unit. Out: text.
Invariant: a value is cut at the first digit of its interval's half-width, and rounding never
moves a number onto a limit that it does not reach: 0.004 is not shown as 0, nor 99.7% as 100%, and
a share of 0.00002% is "<0.01%". The interval shown contains the interval given: its ends are rounded outwards.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from textwrap import TextWrapper
from typing import Any

Estimate = Mapping[str, Any]

UNDEFINED = "undefined"
# How the method of an estimate begins that the plan decides, `simulator.study.estimates.FIXED`.
_FIXED = "fixed by the plan"
# And that of a mean of values that never vary, `simulator.study.estimates.NO_VARIATION`.
_NO_VARIATION = "no variation seen"
LONGEST_NAME = 40
# What letters from right to left are called, and the mark behind them.
_FROM_RIGHT, _LEFT_TO_RIGHT = ("R", "AL"), "\u200e"
_MOST_EXTRA_PLACES = 6
# Decimals of a percent beyond which nobody reads one.
_LEGIBLE_PLACES = 2
# From where on a number is counted in what, and in how many digits at most.
_COMPACT = ((1e9, 1e-9, "bn"), (1e6, 1e-6, "M"), (1e4, 1e-3, "k"))
_MOST_COMPACT = 4


@dataclass(frozen=True)
class Unit:
    """How one kind of number is written: `before` + number x `scale` + `after`."""

    before: str = ""
    after: str = ""
    scale: float = 1.0
    # Fewest and most decimals; below 0 is rounding to tens, hundreds, ...
    fewest: int = -15
    most: int = 4
    # Numbers onto which rounding must not move another number.
    limits: tuple[float, ...] = (0.0,)


NUMBER = Unit()
PERCENT = Unit(after="%", scale=100.0, fewest=0, most=1, limits=(0.0, 100.0))
TIMES = Unit(limits=(0.0, 1.0), fewest=1)
# An amount per one spent, such as ROI.
PER_ONE = Unit(fewest=2, most=3)


def money_unit(currency: str, *, cents: bool = False) -> Unit:
    """Make the unit of an amount; with `cents`, of an amount per one spent (always two decimals or more)."""
    sign = clean(currency)
    spaced = sign + " " if sign[-1:].isalnum() else sign
    return replace(PER_ONE, before=spaced) if cents else Unit(before=spaced, most=2)


def compact_unit(unit: Unit, *values: float | None) -> Unit:
    """Let a unit count in thousands or millions where its values are that large, in four digits at most."""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    scale, after = next(((scale, after) for least, scale, after in _COMPACT if largest >= least), (1.0, ""))
    if not after:
        return unit
    before_point = math.floor(math.log10(largest * scale)) + 1
    return replace(unit, scale=scale, after=after, most=min(unit.most, max(_MOST_COMPACT - before_point, 0)))


def without_sign(unit: Unit) -> Unit:
    """Leave out what stands before a number, as between brackets: "$18k (16k to 21k)"."""
    return replace(unit, before="")


def places_for(low: float | None, high: float | None, value: float | None = None) -> int:
    """Count the decimals an interval allows: those up to the first digit of its half-width.

    A value without an interval gets two digits; one with an interval of width 0 gets none above 100 and as many as it
    needs, but at most two, below.
    """
    size = abs(value or 0.0)
    if low is None or high is None:
        return 1 - math.floor(math.log10(size)) if size > 0 else 0
    half = (high - low) / 2
    if half <= 1e-12 * max(abs(low), abs(high)):
        return 0 if size >= 100 else next((p for p in (0, 1) if abs(round(size, p) - size) < 1e-9), 2)
    # The tolerance keeps 0.1 a tenth when it is stored as 0.09999...
    return -math.floor(math.log10(half) + 1e-9)


def plain(number: float, places: int, unit: Unit = NUMBER) -> str:
    """Write one number (already scaled) with thousands separators and its unit's signs."""
    return _written(number, places, unit, round)


def outwards(number: float, places: int, unit: Unit, *, up: bool) -> str:
    """Write one end of an interval (already scaled), rounded away from its middle."""
    return _written(number, places, unit, _up if up else _down)


def _written(number: float, places: int, unit: Unit, to_places: Callable[[float, int], float]) -> str:
    if unit.after == "%" and number in unit.limits:
        # Certain is certain: 0% and 100% without decimals.
        places = 0
    if limit := _unreached(number, places, unit, to_places):
        return limit
    shown, places = _rounded_off_limits(number, places, unit.limits, to_places)
    shown_digits = f"{abs(shown):,.{max(places, 0)}f}"
    return ("-" if shown < 0 else "") + unit.before + shown_digits + unit.after


def _unreached(number: float, places: int, unit: Unit, to_places: Callable[[float, int], float]) -> str:
    """Write a percent that is as good as a limit as less, or more, than the legible one beside that; "" of others."""
    finest = max(places, _LEGIBLE_PLACES)
    limit = to_places(number, finest)
    if unit.after != "%" or number in unit.limits or limit not in unit.limits:
        return ""
    side = 1 if number > limit else -1
    return ("<" if side == 1 else ">") + plain(limit + side * 10.0**-finest, finest, unit)


def _rounded_off_limits(
    number: float, places: int, limits: tuple[float, ...], to_places: Callable[[float, int], float]
) -> tuple[float, int]:
    for extra in range(_MOST_EXTRA_PLACES + 1):
        rounded = to_places(number, places + extra)
        if number in limits or rounded not in limits:
            return rounded + 0.0, places + extra
    return to_places(number, places) + 0.0, places


def _up(number: float, places: int) -> float:
    return -_down(-number, places)


def _down(number: float, places: int) -> float:
    """Round down, but leave a number whose digits end there, but for the error of its last bit, as it is."""
    nearest = round(number, places)
    if abs(nearest - number) <= 1e-12 * abs(number) or nearest < number:
        return nearest
    return round(nearest - 10.0**-places, places)


def _places(estimate: Estimate, unit: Unit) -> int:
    # What was the same in every play is written as that: no interval is known, but all digits are.
    same = str(estimate.get("method")).startswith(_NO_VARIATION)
    given = (estimate.get(key) for key in (("value",) * 3 if same else ("low", "high", "value")))
    allowed = places_for(*(None if number is None else number * unit.scale for number in given))
    return min(max(allowed, unit.fewest), unit.most)


def tick_text(value: float, unit: Unit = NUMBER) -> str:
    """Write the number at a tick, exactly and as short as that allows: "400k"."""
    compact = compact_unit(unit, value)
    scaled = value * compact.scale
    places = next((p for p in range(9) if abs(round(scaled, p) - scaled) < 1e-9), 9)
    return plain(round(scaled, places), places, compact)


def two_digits(value: float) -> str:
    """Write a count with two digits, "240k"."""
    return tick_text(float(f"{value:.2g}"))


def value_text(estimate: Estimate, unit: Unit = NUMBER) -> str:
    """Write an estimate's value, rounded to what its interval allows."""
    if estimate.get("value") is None:
        return UNDEFINED
    return plain(estimate["value"] * unit.scale, _places(estimate, unit), unit)


def has_interval(estimate: Estimate) -> bool:
    """Say whether an estimate has both ends of an interval."""
    return estimate.get("low") is not None and estimate.get("high") is not None


def interval_text(estimate: Estimate, unit: Unit = NUMBER) -> str:
    """Write an estimate's interval, "0.24 to 0.38"; "exact" where the plan decides it, or "no interval"."""
    if not has_interval(estimate):
        return "no interval"
    if estimate["low"] == estimate["high"] and str(estimate.get("method")).startswith(_FIXED):
        return "exact"
    places = _places(estimate, unit)
    low, high = (outwards(estimate[end] * unit.scale, places, unit, up=end == "high") for end in ("low", "high"))
    return f"{low} to {high}"


def with_interval(estimate: Estimate, unit: Unit = NUMBER, inside: Unit | None = None) -> str:
    """Write "value (low to high)"; `inside` is the unit between the brackets where it differs."""
    if estimate.get("value") is None:
        return UNDEFINED
    return f"{value_text(estimate, unit)} ({interval_text(estimate, inside or unit)})"


def range_text(low: Estimate, high: Estimate, unit: Unit = NUMBER) -> str:
    """Write two estimates as the ends of a range, with the digits that both intervals allow."""
    if low["value"] == high["value"]:
        return value_text(low, unit)
    places = min(_places(low, unit), _places(high, unit))
    ends = (plain(end["value"] * unit.scale, places, unit) for end in (low, high))
    return " to ".join(ends)


def rounded(value: float | None, low: float | None, high: float | None, unit: Unit = NUMBER) -> str:
    """Write a value with the digits that its interval allows.

    >>> rounded(0.3141, 0.243, 0.381), rounded(412_345, 409_100, 415_600)
    ('0.31', '412,000')
    """
    return value_text({"value": value, "low": low, "high": high}, unit)


def money(estimate: Estimate, currency: str) -> str:
    """Write an amount with its interval."""
    return with_interval(estimate, money_unit(currency))


def percent(estimate: Estimate) -> str:
    """Write a share or a probability with its interval."""
    return with_interval(estimate, PERCENT)


def count(number: float) -> str:
    """Write a whole number."""
    return f"{round(number):,}"


def clean(text: object) -> str:
    """Make a name safe to print: no control or direction characters, no line breaks."""
    kept = (" " if c.isspace() else c for c in str(text) if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


def directed(text: object) -> str:
    """Clean a text to be read, so that what follows a name from right to left goes on from left to right.

    Without the mark, the number after such a name would be shown before it. Not for commands, which are typed.

    >>> directed("\u05d0 has 3").count("\u200e"), directed("a has 3").count("\u200e")
    (1, 0)
    """
    parts: list[str] = []
    before, last = "L", 0
    for letter in clean(text):
        kind = unicodedata.bidirectional(letter)
        if kind in _FROM_RIGHT:
            last = len(parts)
        elif kind == "L" and before != "L":
            parts[last] += _LEFT_TO_RIGHT
        before = "R" if kind in _FROM_RIGHT else "L" if kind == "L" else before
        parts.append(letter)
    if before != "L":
        parts[last] += _LEFT_TO_RIGHT
    return "".join(parts)


class _Wrapper(TextWrapper):
    """Breaks a word that is too long for a line after "_" or "-", before a letter; elsewhere only where it has none."""

    def _split(self, text: str) -> list[str]:
        chunks: list[str] = []
        for part in re.split(r"(\s+)", text):
            chunks += [part] if len(part) <= self.width else re.split(r"(?<=\w[_-])(?=[^\W\d_])", part)
        return [chunk for chunk in chunks if chunk]


def broken(text: str, letters: int, most: int | None = None) -> list[str]:
    """Break a text into lines of so many letters; what does not fit into so many lines ends in dots.

    >>> broken("of small_and_boosted", 14)
    ['of small_and_', 'boosted']
    """
    return _Wrapper(letters, max_lines=most, placeholder="...").wrap(text)


def shortened(text: object, longest: int = LONGEST_NAME) -> str:
    """Cut the middle out of a long name; beginnings and ends are what tells names apart.

    >>> shortened("portfolio of sixty micro-influencers in beauty", 24)
    'portfolio...in beauty'
    """
    name = clean(text)
    if len(name) <= longest:
        return name
    ends = longest - 3
    head, tail = name[: (ends + 1) // 2], name[len(name) - ends // 2 :]
    return _whole_words(head, name[len(head)]) + "..." + _whole_words(tail[::-1], name[-len(tail) - 1])[::-1]


def _whole_words(part: str, beyond: str) -> str:
    """Leave out a word that is cut, unless that leaves less than half."""
    whole = part if beyond == " " else part.rpartition(" ")[0]
    return (whole if 2 * len(whole) >= len(part) else part).rstrip()


def display_names(names: Iterable[str], longest: int = LONGEST_NAME) -> dict[str, str]:
    """Give every name a short form of its own, the same for the same names in the same order.

    Names that would look alike lose what they begin with in common, and failing that all get numbers.
    """
    every = list(names)
    shown = {name: shortened(name, longest) for name in every}
    for alike in _alike(shown):
        shared = _shared_letters([clean(name) for name in alike])
        shown.update({name: shortened("..." + clean(name)[shared:], longest) for name in alike})
    if _alike(shown):
        return {name: _numbered(name, number, longest) for number, name in enumerate(every, start=1)}
    return shown


def _alike(shown: Mapping[str, str]) -> list[list[str]]:
    """Group the names whose short forms are the same, or nothing."""
    groups: dict[str, list[str]] = {}
    for name, short in shown.items():
        groups.setdefault(short, []).append(name)
    return [group for short, group in groups.items() if len(group) > 1 or not short]


def _shared_letters(names: list[str]) -> int:
    """Count the letters of the whole words that all names begin with."""
    columns = enumerate(zip(*names, strict=False))
    differ = next((place for place, letters in columns if len(set(letters)) > 1), min(map(len, names)))
    return names[0].rfind(" ", 0, differ) + 1


def _numbered(name: str, number: int, longest: int) -> str:
    mark = f"#{number}"
    return f"{shortened(name, longest - len(mark) - 1)} {mark}".strip()


def listed(parts: Iterable[str]) -> str:
    """Join parts as a sentence does: "a, b and c"."""
    *front, last = list(parts) or [""]
    return f"{', '.join(front)} and {last}" if front else last
