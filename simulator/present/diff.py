"""What differs between two scenarios or runs, side by side: inputs by key, then outcomes by plan.

In: a `Diff`. Out: lines of text. Invariants: every key that differs is told once, with its unit; where nothing
differs, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from simulator.present import digits
from simulator.present.compared import measures_of, notes, sentences, with_names_shown
from simulator.present.table import WIDTH, sentence_lines
from simulator.present.values import value_text
from simulator.scenario.values import Value

if TYPE_CHECKING:
    from simulator.decide.diff import Diff, Side

_KEY, _GAP = 34, 2
_VALUE = (WIDTH - _KEY) // 2 - _GAP


def diff_lines(diff: Diff) -> list[str]:
    """Say what differs: first how much of it, then every input, then the outcomes of each plan."""
    outcomes = with_names_shown(diff.summary["outcomes"]) if diff.compared else None
    blocks = [
        sentence_lines(_answer(diff)),
        sentence_lines(sentences(outcomes)) if outcomes else [],
        list(_inputs(diff)),
    ]
    blocks += [
        *(_plan_tables(outcomes) if outcomes else []),
        sentence_lines(notes(outcomes) if outcomes else _unplayed(diff)),
    ]
    return [line for place, block in enumerate(filter(None, blocks)) for line in ([""] if place else []) + block]


def _answer(diff: Diff) -> list[str]:
    number = len(diff.inputs)
    a, b = (digits.clean(side.name) for side in (diff.a, diff.b))
    if diff.only_order:
        first = f"{a} and {b} have the same inputs; only the order of creators, pools or plans differs."
    elif number == 0:
        first = f"Nothing differs between the inputs of {a} and {b}."
    else:
        first = f"{number} {'input differs' if number == 1 else 'inputs differ'} between {a} and {b}."
    return [first, *_plans(diff)]


def _plans(diff: Diff) -> Iterator[str]:
    for side, plans in zip((diff.a, diff.b), diff.plans_only, strict=True):
        if plans:
            names = digits.listed(digits.shortened(plan) for plan in plans)
            yield f"Only {digits.clean(side.name)} has the plan{'s' if len(plans) > 1 else ''} {names}."


def _inputs(diff: Diff) -> Iterator[str]:
    """Write each key, and what it is in the one and in the other."""
    if not diff.inputs:
        return
    yield from _row("input", "A", "B")
    yield "-" * WIDTH
    for change in diff.inputs:
        yield from _row(change.key, _text(change.a, diff.a), _text(change.b, diff.b))


def _text(value: Value | None, side: Side) -> str:
    if value is None:
        return "not there"
    return "off" if value.value is None else value_text(value, side.scenario.currency)


def _row(key: str, a: str, b: str) -> Iterator[str]:
    if len(key) > _KEY - _GAP:  # what would be broken in the middle of a word stands by itself
        yield digits.clean(key)
        key = ""
    room = zip((digits.clean(key), a, b), (_KEY - _GAP, _VALUE, _VALUE), strict=True)
    cells = zip_longest(*(digits.broken(text, letters) or [""] for text, letters in room), fillvalue="")
    for name, left, right in cells:
        yield f"{name:<{_KEY}}{left:<{_VALUE + _GAP}}{right}".rstrip()


def _plan_tables(outcomes: Mapping[str, Any]) -> Iterator[list[str]]:
    """Tell every plan that both have by every main measure."""
    for pair in outcomes["pairs"]:
        if not pair["same_in_every_play"]:
            yield [f"{pair['a']['plan']}:", *measures_of(outcomes, pair)]


def _unplayed(diff: Diff) -> list[str]:
    """Say why there are no outcomes to tell."""
    unplayed = [digits.clean(side.name) for side in (diff.a, diff.b) if side.played is None]
    if len(unplayed) == 1:
        return [f"{unplayed[0]} is a scenario that is not played here, so outcomes are not told."]
    return [] if unplayed else ["No plan is in both, so no outcomes are set beside each other."]
