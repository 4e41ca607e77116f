"""What would turn the choice between two plans, as sentences.

In: the summary of a sensitivity. Out: sentences. Invariant: a plan is said to be better only where that is sure; what
lies beyond or between the values that were played is not said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.present.claims import negated, side
from simulator.present.digits import with_interval
from simulator.present.inputs import MOST_NAMED, Summary, input_name, range_text, unit_of_input, value_text
from simulator.present.objectives import objective_unit, objective_words
from simulator.present.written import number

_SAID = ("flips", "open", "never", "unclear")


def choice_lines(summary: Summary) -> Iterator[str]:
    """Say which plan is ahead, and at which value of which input that turns."""
    choice = summary["choice"]
    if choice is None:
        return
    yield from _preferred(summary)
    by_kind = {kind: [its for its in choice["break_even"] if its["kind"] == kind] for kind in _SAID}
    yield from (_flip_text(summary, its) for its in by_kind["flips"])
    yield from (_open_text(summary, its) for its in by_kind["open"])
    if by_kind["never"]:
        yield _never_text(summary, by_kind["never"])
    yield from _farther(summary)
    if by_kind["unclear"]:
        inputs = [input_name(its["path"]) for its in by_kind["unclear"]]
        yield f"Too close to call at both ends of what is plausible of {digits.listed(inputs)}."


def choice_title(summary: Summary, most: int = 96) -> str:
    """Say as a title what single input turns the choice within what is plausible of it; "" where none was asked for."""
    choice = summary["choice"]
    if choice is None:
        return ""
    by_kind = {kind: [its for its in choice["break_even"] if its["kind"] == kind] for kind in _SAID}
    told = [*_flips(summary, by_kind["flips"]), *_leave_open(by_kind["open"] + by_kind["unclear"])]
    if not told:
        who = "" if summary["rival"] is None else " between the two plans"
        told = (
            [f"No single input turns the choice{who} at either end of what is plausible"] if by_kind["never"] else [""]
        )
    return next((text for text in told if len(text) <= most), told[-1])


def choice_face(summary: Summary) -> list[str]:
    """Say of the same what is told first: what turns the choice, or what comes nearest to turning it."""
    choice = summary["choice"]
    if choice is None:
        return []
    flips = [_flip_text(summary, its) for its in choice["break_even"] if its["kind"] == "flips"]
    found = flips or [_open_text(summary, its) for its in choice["break_even"] if its["kind"] == "open"]
    farther = sorted((its for its in choice["farther"] if its["kind"] == "flips"), key=_distance)
    beyond = (
        [f"Beyond what is plausible or known, the choice would flip with {_farther_text(summary, farther[0])}."]
        if (farther)
        else []
    )
    return found[:2] or beyond


def _flips(summary: Summary, flips: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [input_name(its["path"]) for its in flips]
    if not names:
        return []
    more = f"The choice flips at plausible values of {len(names)} inputs"
    if len(names) > 1:
        return [f"The choice flips at plausible values of {digits.listed(names)}", more]
    value = _flip_value(summary, flips[0])
    return [f"The choice flips where {names[0]} is {value}", "The choice flips at a plausible value of one input"]


def _leave_open(unclear: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [input_name(its["path"]) for its in unclear]
    if not names:
        return []
    some = f"{len(names)} inputs" if len(names) > 1 else "one input"
    return [f"At some plausible values of {of} the choice is too close to call" for of in (digits.listed(names), some)]


def _never_text(summary: Summary, never: Sequence[Mapping[str, Any]]) -> str:
    """Name the inputs that turn nothing, those that move the difference most first."""
    moved = summary["choice"].get("tornado") or summary["tornado"]
    order = [its["path"] for its in moved]
    paths = sorted((its["path"] for its in never), key=order.index)
    named = [f"{input_name(path)} ({range_text(summary, path)})" for path in paths[:MOST_NAMED]]
    more = len(paths) - len(named)
    others = (
        [f"{more} other input{'' if more == 1 else 's'} that move{'s' if more == 1 else ''} it less"] if more else []
    )
    return f"The choice is the same at both ends of what is plausible of {digits.listed([*named, *others])}."


def _preferred(summary: Summary) -> Iterator[str]:
    choice, plan = summary["choice"], digits.shortened(summary["plan"])
    currency = str(summary["currency"])
    unit, words = objective_unit(summary, currency), objective_words(summary, currency)
    if summary["rival"] is None:
        yield f"The mean {words} of {plan} is {with_interval(summary['mean'], unit)}; doing nothing brings 0."
        return
    rival, ahead = digits.shortened(summary["rival"]), side(choice["mean"])
    if not ahead:
        mean = with_interval(choice["mean"], unit)
        yield f"Too close to call which of {plan} and {rival} has the higher mean {words}: they differ by {mean}."
        return
    better, other = (plan, rival) if ahead > 0 else (rival, plan)
    mean = with_interval(choice["mean"] if ahead > 0 else negated(choice["mean"]), unit)
    of = objective_words(summary, currency, article=True)
    yield f"{better} is ahead of {other} by {mean} of {of} on average."


def _better_at(summary: Summary, its: Mapping[str, Any]) -> str:
    """Say what is better where a difference has a side: a plan, or making a profit or a loss."""
    positive = (side(its["mean"]) or 0) > 0
    if summary["rival"] is None:
        return "it makes a profit" if positive else "it makes a loss"
    return f"{digits.shortened(summary['plan'] if positive else summary['rival'])} is better"


def _flip_text(summary: Summary, its: Mapping[str, Any]) -> str:
    path = its["path"]
    below, above = _better_at(summary, its["low"]), _better_at(summary, its["high"])
    return (
        f"The choice flips where {input_name(path)} is {_flip_value(summary, its)}: below, {below}, above, {above} "
        f"(plausible is {range_text(summary, path)})."
    )


def _farther(summary: Summary) -> Iterator[str]:
    """Say where the choice flips beyond what is plausible, and of what is known: the nearest first."""
    every = summary["choice"]["farther"]
    flips = sorted((its for its in every if its["kind"] == "flips"), key=_distance)
    if flips:
        more = len(flips) - MOST_NAMED
        others = (
            [f"{more} other change{'' if more == 1 else 's'} that go farther (sensitivity.json)"] if more > 0 else []
        )
        named = [_farther_text(summary, its) for its in flips[:MOST_NAMED]]
        yield f"Beyond what is plausible or known, the choice would flip with {'; '.join([*named, *others])}."
    still = [
        f"{input_name(its['path'])} at {_lever_text(summary, its, 'low')} or at {_lever_text(summary, its, 'high')}"
        for its in every
        if its["kind"] == "never"
    ]
    if still:
        yield f"It would not flip with {digits.listed(still)}."


def _distance(its: Mapping[str, Any]) -> float:
    """Say how many times more or less of a value it takes (its logarithm)."""
    return abs(math.log(its["break_even"]["value"] / its["start"]))


def _farther_text(summary: Summary, its: Mapping[str, Any]) -> str:
    path, name = its["path"], input_name(its["path"])
    if its["measured_as"] == "times":
        return f"the {name} at {with_interval(its['break_even'], digits.TIMES)} times what it is"
    unknown = path in summary["unknown_inputs"]
    now = f"plausible is {range_text(summary, path)}" if unknown else f"it is {_lever_text(summary, its, 'start')}"
    return (
        f"{name} at {with_interval(its['break_even'], unit_of_input(summary, path, its['measured_as']))}, where {now}"
    )


def _lever_text(summary: Summary, its: Mapping[str, Any], end: str) -> str:
    value = its[end] if end == "start" else its[end]["at"]
    if its["measured_as"] == "times":
        return f"{number(value)} times what it is"
    unit = unit_of_input(summary, its["path"], its["measured_as"])
    return f"{unit.before}{number(round(value * unit.scale, 9))}{unit.after}"


def _flip_value(summary: Summary, its: Mapping[str, Any]) -> str:
    kind = summary["unknown_inputs"][its["path"]]["kind"]
    return with_interval(its["break_even"], unit_of_input(summary, its["path"], kind))


def _open_text(summary: Summary, its: Mapping[str, Any]) -> str:
    path, found = its["path"], its["break_even"]
    clear = "high" if side(its["high"]["mean"]) else "low"
    edge = found["high"] if clear == "high" else found["low"]
    where, beyond = ("above", "below") if clear == "high" else ("below", "above")
    if edge is None:
        return f"Of {input_name(path)} it cannot be told where it flips (plausible is {range_text(summary, path)})."
    told = value_text(summary, path, edge)
    name = input_name(path)
    return (
        f"With {name} {where} {told}, {_better_at(summary, its[clear])}; {beyond} that it is too close to call "
        f"(plausible is {range_text(summary, path)})."
    )
