"""How much money reaches a target, in sentences: the budget and its split, or what would have to be true.

In: the summary of a `Target`. Out: sentences, the answer first, and tables as lines of text. Invariants: a budget comes
with its interval, or with why it has none; a target is called out of reach only of what was looked at; where the plays
leave it open whether it is reached, that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.decide.levers import CREATORS
from simulator.present import digits
from simulator.present.claims import Summary
from simulator.present.digits import count, has_interval, listed
from simulator.present.objectives import measure_unit, wished_text
from simulator.present.spending import all_bought_text, money_text, percent, some_of

_MOST_LISTED = 5
# From this budget on cents say nothing.
_WHOLE = 1000


def target_lines(summary: Summary) -> list[str]:
    """Say what came of a target, the answer first."""
    return [*_within_reach(summary)] if summary["reached"] else [*_out_of_reach(summary)]


# ---- within reach


def _within_reach(summary: Summary) -> Iterable[str]:
    needed = summary["needed"]
    yield f"{answer(summary)}."
    yield _held(summary)
    yield f"It buys {all_bought_text(needed['buys'], summary['currency'])}."
    yield from _too_much(summary)
    yield from _other_splits(summary)
    yield from _more_confidence(summary)
    yield from _contradicted(summary)
    yield _looked_at(summary)


def answer(summary: Summary) -> str:
    """Name the budget with its interval, and its split."""
    needed = summary["needed"]
    return (
        f"{_money(summary, needed['budget']['value'])} ({_interval(summary, needed)}) is the smallest budget that "
        f"reaches {goal(summary)} in {percent(summary['confidence'])} of plays, with {split_text(needed)}"
    )


def target_title(summary: Summary) -> str:
    """Say the same as a title, or that the target is out of reach, or that this is open."""
    wanted = f"{goal(summary)} in {percent(summary['confidence'])} of plays"
    if not summary["reached"]:
        chance = summary["out_of_reach"]["probability"]
        is_open = has_interval(chance) and chance["high"] >= summary["confidence"]
        return f"Too close to call whether {wanted} is within reach" if is_open else f"Out of reach: {wanted}"
    needed = summary["needed"]
    return f"It takes {_money(summary, needed['budget']['value'])} ({_interval(summary, needed)}) to reach {wanted}"


def _interval(summary: Summary, needed: Mapping[str, Any]) -> str:
    budget = needed["budget"]
    if has_interval(budget):
        return f"{_money(summary, budget['low'])} to {_money(summary, budget['high'])}"
    if needed["at_least"] is None:
        return "no interval: too few plays"
    return (
        f"at least {_money(summary, needed['at_least'])}; no upper end up to {_money(summary, summary['most_budget'])}"
    )


def _held(summary: Summary) -> str:
    chance, budget = summary["needed"]["probability"], summary["needed"]["budget"]
    told = f"Of {count(chance['n'])} plays that had no part in choosing the split, {digits.percent(chance)} reach it."
    if not has_interval(budget) or budget["high"] <= budget["value"]:
        return told
    sure = percent((1 + budget["level"]) / 2)
    return f"{told} To be {sure} sure of {percent(summary['confidence'])}, take {_money(summary, budget['high'])}."


def _too_much(summary: Summary) -> Iterable[str]:
    """Say it where more money lowers the measure, and how coarsely budgets were looked at."""
    if summary["rising"]:
        return
    until = summary["needed"]["enough_until"]
    words = summary["objective"]["words"]
    if until is not None:
        yield f"More than {_money(summary, until)} is too much: {words} then falls short of it more often."
    yield f"More money may lower {words}, so budgets were looked at from the lowest up, a factor of 1.6 apart at first."


def _other_splits(summary: Summary) -> Iterable[str]:
    others = [its for its in summary["splits"] if not its["chosen"]]
    as_good = [split_text(its) for its in others if its["as_good"]]
    if as_good:
        yield f"Too close to call whether they do worse with this money: {some_of(as_good, _MOST_LISTED)}."
    elif others:
        each = "The other split reaches" if len(others) == 1 else f"All {count(len(others))} other splits reach"
        yield f"{each} it more rarely with this money."


def _more_confidence(summary: Summary) -> Iterable[str]:
    """Say what the next higher confidence costs."""
    asked = summary["needed"]["budget"]["value"]
    higher = [its for its in summary["confidences"] if its["confidence"] > summary["confidence"]]
    for its in higher:
        share, value = percent(its["confidence"]), its["budget"]["value"]
        if value is None:
            yield f"{share} of plays is out of reach with this split."
        elif value > asked:
            points = round(100 * (its["confidence"] - summary["confidence"]), 1)
            each = _money(summary, float(f"{(value - asked) / points:.2g}"))
            needs = f"{share} instead needs {_money(summary, value)}"
            yield f"{needs}: about {each} for each more of the {points:g} points."
        else:
            yield f"{share} needs no more money."


def _contradicted(summary: Summary) -> Iterable[str]:
    its = summary["needed"]["contradicted"]
    if its["plays"]:
        yield (
            f"In {count(its['plays'])} of {count(its['of'])} plays that could be compared more money missed the target "
            "where less reached it (people tire of repetition); the share above is as played."
        )


def _looked_at(summary: Summary) -> str:
    splits = summary["splits_looked_at"]
    step = percent(1 / summary["split_steps"])
    among = f"{count(splits)} splits in steps of {step}" if splits > 1 else "one split"
    markets = summary["markets"]
    return (
        f"Looked at: {among}, round budgets up to {_money(summary, summary['most_budget'])}, and creators are hired or "
        f"not. It holds for the {count(markets)} market{'' if markets == 1 else 's'} of the scenario."
        f"{_which_plays(summary)}"
    )


def _which_plays(summary: Summary) -> str:
    """Say that the table of splits is of other plays than the answer, so that its numbers differ."""
    told = any(row["budget"] is not None for row in summary["splits"])
    return " The table of splits is of the plays that chose among them, the answer above of others." if told else ""


# ---- out of reach


def _out_of_reach(summary: Summary) -> Iterable[str]:
    out = summary["out_of_reach"]
    yield f"{no_answer(summary)}."
    yield f"It buys {all_bought_text(out['buys'], summary['currency'])}."
    yield from _brings(summary)
    yield from _levers(summary)
    yield _looked_at(summary)


def no_answer(summary: Summary) -> str:
    """Say that a target is out of reach, or that this is open, and how often the best plan reaches it."""
    out, wanted = summary["out_of_reach"], percent(summary["confidence"])
    chance = out["probability"]
    plan = f"{_money(summary, out['budget'])} with {split_text(out)}"
    often = f"reaches {goal(summary)} in {digits.percent(chance)} of plays"
    if has_interval(chance) and chance["high"] >= summary["confidence"]:
        return f"Too close to call: the best there is, {plan}, {often}; {wanted} is asked for"
    if not summary["rising"]:
        return f"Out of reach: no budget is enough. The nearest, {plan}, {often}, not in {wanted}"
    most = "the most that may be spent" if summary["most_budget_given"] else "the most that was looked at"
    all_there_is = "which hires all there are" if out["hires_all"] else most
    return f"Out of reach: even {plan}, {all_there_is}, {often}, not in {wanted}"


def _brings(summary: Summary) -> Iterable[str]:
    out = summary["out_of_reach"]
    share = percent(summary["confidence"])
    if out["brings"]["value"] is None:
        return
    unit = measure_unit(summary["objective"]["measure"], summary["currency"])
    told = f"In {share} of plays it brings {amount(summary, digits.with_interval(out['brings'], unit))} or more"
    if out["times"]["value"] is None:
        yield f"{told}."
    else:
        yield f"{told}; the target is {digits.with_interval(out['times'], digits.TIMES)} times that."


def _levers(summary: Summary) -> Iterable[str]:
    levers = summary["out_of_reach"]["levers"]
    enough = [its for its in levers if its["factor"]["value"] is not None]
    short = [its for its in levers if its["factor"]["value"] is None]
    if enough:
        yield "What would have to be true, one of these alone:"
        yield from (f"  {_enough(its)}." for its in enough)
    if short:
        yield f"Not enough alone: {listed(_not_enough(its) for its in short)}."


def _enough(its: Mapping[str, Any]) -> str:
    factor = its["factor"]
    if its["down"]:
        return f"{its['lever']} at {digits.percent(factor)} of what they are"
    more = ", and the money to hire them" if its["lever"] == CREATORS else ""
    return f"{its['lever']}: {digits.with_interval(factor, digits.TIMES)} times {_as_many(its)}{more}"


def _not_enough(its: Mapping[str, Any]) -> str:
    if its["most"] == 1:
        return f"{its['lever']} (cannot be higher)"
    if its["down"]:
        return f"{its['lever']} at {percent(its['most'])} of what they are"
    return f"{its['lever']} {its['most']:.3g} times {_as_many(its)}"


def _as_many(its: Mapping[str, Any]) -> str:
    return "as many" if its["lever"] == CREATORS else "as high"


# ---- tables


def target_table(summary: Summary) -> tuple[list[str], list[list[str]]]:
    """Give the best splits as a table: shares, how often they reach the target with the budget, what they need."""
    its = summary["needed"] or summary["out_of_reach"]
    budget = its["budget"]["value"] if summary["needed"] else its["budget"]
    heads = ["split", f"reaches it with {_money(summary, budget)}", "needs about"]
    rows = [
        [
            split_text(row),
            digits.percent(row["probability"]) if row["probability"]["value"] is not None else "hires nobody",
            _money(summary, row["budget"]) if row["budget"] is not None else "more",
        ]
        for row in summary["splits"]
        if row["budget"] is not None
    ]
    return heads, rows


def confidence_table(summary: Summary) -> tuple[list[str], list[list[str]]]:
    """Give the budgets of this confidence and of those next to it as a table."""
    rows = [
        [
            percent(its["confidence"]),
            "out of reach" if its["budget"]["value"] is None else _money(summary, its["budget"]["value"]),
            "" if its["budget"]["value"] is None else _interval(summary, its),
        ]
        for its in summary["confidences"]
    ]
    return ["in plays", "needs", "95% interval"], rows


# ---- words and numbers


def goal(summary: Summary) -> str:
    """Name the target: "5,000 orders", "an ROI of 0.5"."""
    its = summary["objective"]
    return amount(summary, wished_text(its["at_least"], measure_unit(its["measure"], summary["currency"])))


def amount(summary: Summary, number: str) -> str:
    """Name so much of the measure: "5,000 orders", "an ROI of 0.5"."""
    its = summary["objective"]
    before = {"roi": "an ", "profit": "a ", "revenue": "", "brand_lift": "a "}.get(its["measure"])
    return f"{number} {its['words']}" if before is None else f"{before}{its['words']} of {number}"


def split_text(its: Mapping[str, Any]) -> str:
    """Name a split: "70% to micro and 30% to celebrity"."""
    used = [(pool, share) for pool, share in its["shares"].items() if share]
    return listed(f"all of it to {pool}" if share == 1 else f"{percent(share)} to {pool}" for pool, share in used)


def _money(summary: Summary, amount: float) -> str:
    """Write a budget; above 1,000 without cents."""
    return money_text(round(amount) if amount >= _WHOLE else amount, summary["currency"])
