"""Does any plan pay, and what would break even: the first part of the answer.

In: facts. Out: sentences. Invariant: a claim needs an interval that leaves out 0; where all plays gave the same ROI,
what happened is told and nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.present.claims import FEW_ORDERS, Facts, negated, never_varies, ranking, side
from simulator.present.digits import (
    PER_ONE,
    Estimate,
    Unit,
    count,
    has_interval,
    interval_text,
    listed,
    value_text,
)

# How a sentence goes on that says that costs as they are may be those of break-even.
WITHIN = " lies within the error: "
NOTHING_SPENT = "has no ROI: no play of it spends anything"


def pays(facts: Facts) -> list[str]:
    """Say which plans pay, then of each (of the first of many) how much, and what would break even."""
    few = len(facts.plans) <= 2
    sentences = [] if len(facts.plans) == 1 else [_who_pays(facts)]
    for plan in facts.plans if few else ranking(facts)[:1]:
        of_plan = (_plan_pays(facts, plan), *_contradictions(facts, plan), *break_even(facts, plan))
        sentences.append(" ".join(of_plan))
    more = (line for plan in facts.plans for line in (*_without_roi(facts, plan, few=few), *_few_orders(facts, plan)))
    return [*sentences, *more]


def _who_pays(facts: Facts) -> str:
    total = len(facts.plans)
    groups: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for plan in facts.plans:
        where = side(facts.mean(plan))
        if where is not None:
            groups[where].append(plan)
    for key, plans in groups.items():
        if len(plans) == total:
            return _same_for_all(key, total)
    parts = [_group(facts, plans, key) for key, plans in groups.items() if plans]
    if not parts and all(facts.mean(plan)["value"] is None for plan in facts.plans):
        return "No plan spends anything, so none has an ROI; what each earns is in the table."
    if not parts:
        return "Whether any plan pays cannot be told from these plays."
    parts += [always(facts, plan) for plan in facts.plans if never_varies(facts.mean(plan))]
    return _capital("; ".join(parts)) + "."


def who_pays_counted(facts: Facts) -> str:
    """Say of many plans how many pay, without naming them."""
    sides = [side(facts.mean(plan)) for plan in facts.plans]
    words = ((1, "pay", "pays", " on average"), (-1, "lose", "loses", " money"), (0, "are", "is", " too close to call"))
    parts = [
        f"{many} {one if many == 1 else more}{rest}" for key, more, one, rest in words if (many := sides.count(key))
    ]
    return f"Of {len(sides)} plans, {listed(parts)}." if parts else _who_pays(facts)


def always(facts: Facts, plan: str) -> str:
    """Say what a plan did in each play, where all plays gave the same ROI: a fact about plays, no verdict."""
    mean = facts.mean(plan)
    plays = f"in each of {count(mean['n'])} plays"
    if mean["value"] == -1:
        return f"{facts.names[plan]} lost everything it spent {plays}"
    if mean["value"] == 0:
        return f"{facts.names[plan]} broke even {plays}"
    return f"{gain(facts, plan)} {plays}"


def _same_for_all(key: int, total: int) -> str:
    if key == 0:
        return f"Whether {'either' if total == 2 else 'any'} plan pays is too close to call."
    if key == 1:
        return f"{'Both' if total == 2 else f'All {total}'} plans pay on average."
    return "Neither plan pays on average." if total == 2 else f"None of the {total} plans pays on average."


def _group(facts: Facts, plans: Sequence[str], key: int) -> str:
    names = listed(facts.names[plan] for plan in plans)
    one = len(plans) == 1
    if key == 1:
        return f"{names} {'pays' if one else 'pay'} on average"
    if key == -1:
        return f"{names} {'loses' if one else 'lose'} money on average"
    return f"whether {names} {'pays' if one else 'pay'} is too close to call"


def _capital(text: str) -> str:
    """Begin a sentence of ours with a capital letter, but leave a plan's name as it is."""
    return "W" + text[1:] if text.startswith("whether ") else text


def _plan_pays(facts: Facts, plan: str) -> str:
    mean, name = facts.mean(plan), facts.names[plan]
    where = side(mean)
    if mean.get("value") is None:
        return f"{name} {NOTHING_SPENT}."
    if never_varies(mean):
        return f"{always(facts, plan)}; where nothing varies, nothing is known about the mean."
    if where is None:
        return f"{gain(facts, plan)} in {only_play(facts)}; one play decides nothing."
    chance = facts.measure(plan)["probability_positive"]
    profit = f"makes a profit in {of_plays(chance)}"
    if where == 0:
        return f"{name} is too close to call: its mean ROI lies between {between(mean)}, and it {profit}."
    but = "but" if _chance_disagrees(where, chance) else "and"
    return f"{gain(facts, plan)} on average ({size_interval(mean)}) {but} {profit}."


def only_play(facts: Facts) -> str:
    """Name the only play that tells anything about ROI."""
    return "the only play" if facts.plays == 1 else "the only play that has an ROI"


def gain(facts: Facts, plan: str) -> str:
    """Say what a plan makes or loses per one spent."""
    mean, name = facts.mean(plan), facts.names[plan]
    if mean["value"] < 0:
        return f"{name} loses {per_spent(facts, negated(mean))}"
    return f"{name} makes {per_spent(facts, mean, ' profit')}"


def per_spent(facts: Facts, roi: Estimate, word: str = "") -> str:
    """Write an ROI as money: "$0.31 more per $1 spent", `word` being " more"."""
    one = digits.plain(1, 0, digits.money_unit(facts.currency))
    return f"{value_text(roi, digits.money_unit(facts.currency, cents=True))}{word} per {one} spent"


def size_interval(mean: Estimate) -> str:
    """Write the interval of a size: of a loss where the mean is negative."""
    return interval_text(negated(mean) if mean["value"] < 0 else mean, PER_ONE)


def between(estimate: Estimate) -> str:
    """Write an interval as it follows "between"."""
    return interval_text(estimate, PER_ONE).replace(" to ", " and ")


def of_plays(chance: Estimate) -> str:
    """Write a share of plays with its interval."""
    return f"{value_text(chance, digits.PERCENT)} of plays ({interval_text(chance, digits.PERCENT)})"


def _chance_disagrees(where: int, chance: Estimate) -> bool:
    return has_interval(chance) and bool(chance["high"] < 0.5 if where == 1 else chance["low"] > 0.5)


def _few_orders(facts: Facts, plan: str) -> Iterable[str]:
    some = facts.plays_with_orders(plan)
    if 0 < some < min(FEW_ORDERS, facts.plays):
        has = "1 play has" if some == 1 else f"{count(some)} plays have"
        yield f"What is said of {facts.names[plan]} rests on few orders: {has} any, of {count(facts.plays)}."


def _contradictions(facts: Facts, plan: str) -> Iterable[str]:
    """Say where the chance of profit, or the money itself, does not go with the mean ROI."""
    where, profit = side(facts.mean(plan)), facts.mean(plan, "profit")
    if not where:
        return
    if _chance_disagrees(where, facts.measure(plan)["probability_positive"]):
        most = "make no profit, but the gains outweigh the losses"
        most = most if where == 1 else "make a profit, but the losses outweigh the gains"
        yield f"Its mean and its chance of profit disagree: most plays {most}."
    if side(profit) == -where:
        amount = digits.money(profit, facts.currency)
        yield f"In money it is the other way round: its mean profit is {amount}."


def _without_roi(facts: Facts, plan: str, *, few: bool) -> Iterable[str]:
    mean, played = facts.mean(plan), facts.plays
    with_roi = mean.get("n", played)
    if mean.get("value") is None:
        # With few plans, each has said it already.
        if not few:
            yield f"{facts.names[plan]} {NOTHING_SPENT}."
    elif with_roi < played:
        plays = f"{count(with_roi)} of {count(played)} plays"
        yield f"The ROI of {facts.names[plan]} is that of the {plays} in which something is spent."


def break_even(facts: Facts, plan: str, who: str = "It") -> Iterable[str]:
    """Say at which cost, or with how many times the orders, a plan would break even."""
    its = facts.summary["strategies"][plan]
    share = its["ratios"]["break_even_cost_share"]
    of = "" if who == "It" else f" of {who}"
    if share.get("value") is None or never_varies(facts.mean(plan)):
        return
    if share["value"] <= 0:
        yield f"{'The' if of else 'Its'} orders{of} bring in no margin, so it would break even only at no cost at all."
    elif side(_less_one(share)) == 0:
        low, high = (_cost_change(share[end] - 1, up=end == "high") for end in ("low", "high"))
        yield f"{'The' if of else 'Its'} break-even{of}{WITHIN}between {low} and {high}."
    else:
        start = f"{who} would" if has_interval(share) else f"Going by the plays alone, {_inside(who)} would"
        still = "still break even" if share["value"] >= 1 else "break even"
        yield f"{start} {still} at {_cost_text(share)}{_orders_text(its)}."


def _inside(who: str) -> str:
    return "it" if who == "It" else who


def _less_one(share: Estimate) -> dict[str, Any]:
    return {end: None if share.get(end) is None else share[end] - 1 for end in ("value", "low", "high")}


def _cost_change(change: float, *, up: bool) -> str:
    size = min(abs(change), 1.0) if change < 0 else change
    text = digits.outwards(100 * size, 0, digits.PERCENT, up=up == (change >= 0))
    return f"{text} {'lower' if change < 0 else 'higher'} cost"


def _cost_text(share: Estimate) -> str:
    change = _less_one(share)
    if change["value"] >= 0:
        return _bracketed(change, digits.PERCENT, " higher cost")
    lower = negated(change)
    # A cost cannot fall by more than all of it.
    lower["high"] = None if lower["high"] is None else min(lower["high"], 1.0)
    return _bracketed(lower, digits.PERCENT, " lower cost")


def _orders_text(its: Mapping[str, Any]) -> str:
    """Say how many times the orders would break even, or why that cannot be said."""
    if (its.get("sold_out") or {"probability": {"value": 0}})["probability"]["value"]:
        # More orders could not be filled.
        return ""
    left, factor = its["order_contribution"]["mean"], its["ratios"]["break_even_order_factor"]
    if left["value"] <= 0:
        return "; more orders would not help, because commissions take all they bring in"
    if side(left) == 0:
        return "; how many times the orders that would take cannot be told, because they may contribute nothing"
    return "" if factor["value"] is None else f" or {_bracketed(factor, digits.TIMES, ' times the orders')}"


def _bracketed(estimate: Estimate, unit: Unit, word: str) -> str:
    inside = f" ({interval_text(estimate, unit)})" if has_interval(estimate) else ""
    return f"{value_text(estimate, unit)}{word}{inside}"
