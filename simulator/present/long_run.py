"""What a campaign leaves behind, as text: ROI over time, goodwill, and what a customer is worth.

In: the summary of a study. Out: a sentence that compares plans, lines for each plan, a title. Invariants: the
campaign's own ROI stays the headline; a plan is called ahead only where the paired interval leaves out 0; what the
figures rest on is said with every comparison; where nothing is left behind there is no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Facts, Pair, Summary, could_turn, pair_of, ranking, side
from simulator.present.digits import PER_ONE, PERCENT, interval_text, listed, value_text, with_interval

LATER = "roi_12_months"
MONTHS_AFTER = {0: "roi", 3: "roi_3_months", 6: "roi_6_months", 12: LATER}
_END = "the end of the campaign"


def has_long_run(summary: Summary) -> bool:
    """Say whether a study has figures of the long run."""
    return bool(summary.get("long_run_terms"))


# ---- what it rests on


def terms_text(summary: Summary) -> str:
    """Say on what the figures rest, as it follows "if": "goodwill halves every 60 days"."""
    terms: Mapping[str, Any] = summary["long_run_terms"]
    half_life, repeat = terms["goodwill_half_life_days"], terms["repeat_probability"]
    return listed(
        [
            *([f"goodwill halves every {_days(half_life)}"] if half_life is not None else []),
            *([f"{_share(*repeat)} of orders are followed by another"] if repeat is not None else []),
        ]
    )


def assumptions(summary: Summary) -> str:
    """Give the same as a sentence."""
    return f"ROI over time holds if {terms_text(summary)}, as the scenario says."


def _days(number: float) -> str:
    return "day" if number == 1 else f"{number:g} days"


def _share(low: float, high: float) -> str:
    ends = dict.fromkeys(f"{100 * end:.3g}%" for end in (low, high))
    return " to ".join(ends)


# ---- which plan is ahead


def over_time(facts: Facts) -> list[str]:
    """Say which plans pay after 12 months only, and which plan is ahead then, beside the campaign's own ROI."""
    claims = [claim for claim in (_pays_later(facts), _claim(facts)) if claim]
    if not claims:
        return []
    holds = f"{', both' if len(claims) > 1 else ','} if {terms_text(facts.summary)}, as the scenario says."
    return [*(f"{claim}." for claim in claims[:-1]), claims[-1] + holds]


def long_run_title(summary: Summary) -> str:
    """Say how ROI changes after the campaign, as a title."""
    facts = Facts(summary)
    later = ranking(facts, LATER)
    if not later:
        return "No plan has an ROI, neither at the end nor later"
    pair = _pair_over_time(facts)
    if pair is None:
        name, own = facts.names[later[0]], value_text(facts.mean(later[0]), PER_ONE)
        after = with_interval(facts.mean(later[0], LATER), PER_ONE)
        return f"{name}: ROI is {own} at {_END} and {after} 12 months after it"
    either = f"{facts.names[pair.first]} or {facts.names[pair.second]}"
    return _claim(facts) or (
        f"Too close to call 12 months after the campaign: {either}"
        if pair.side == 0
        else f"No interval can be given for 12 months after the campaign: {either}"
    )


def _pays_later(facts: Facts) -> str:
    """Name the plans that lose money by the campaign's own ROI and pay after 12 months."""
    if not has_long_run(facts.summary):
        return ""
    later = {plan: facts.mean(plan, LATER) for plan in facts.plans if side(facts.mean(plan)) == -1}
    paying = {facts.names[plan]: mean for plan, mean in later.items() if side(mean) == 1}
    if not paying:
        return ""
    lose, pay = ("loses", "it pays") if len(paying) == 1 else ("lose", "they pay")
    turning = [could_turn(mean, 1) for mean in paying.values()]
    turning += [could_turn(facts.mean(plan), -1) for plan, mean in later.items() if side(mean) == 1]
    where = ", in the markets played" if any(turning) else ""
    return f"By the campaign's own ROI {listed(paying)} {lose} money; 12 months later {pay}{where}"


def _pair_over_time(facts: Facts) -> Pair | None:
    """Give the plan that leads after 12 months against the one that leads before, or else against the next."""
    if not has_long_run(facts.summary):
        return None
    own, later = ranking(facts), ranking(facts, LATER)
    if len(later) < 2:
        return None
    pair = pair_of(facts, later[0], own[0] if own[0] != later[0] else later[1], LATER)
    return pair.turned() if pair and (pair.mean.get("value") or 0) < 0 else pair


def _claim(facts: Facts) -> str:
    pair = _pair_over_time(facts)
    own = pair_of(facts, pair.first, pair.second) if pair else None
    if pair is None or own is None:
        return ""
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.side == 1:
        by = f"by {with_interval(pair.mean, PER_ONE)}{_where(pair)}"
        return f"{_before(own.side, first, second)} higher for {first}, {by}"
    if pair.side == 0 and own.side:
        ahead, behind = (first, second) if own.side == 1 else (second, first)
        by_itself = f" by itself, not with all {pair.together} comparisons together" if side(pair.mean) else ""
        between = f"{first} minus {second} lies between {interval_text(pair.mean, PER_ONE).replace(' to ', ' and ')}"
        own_text = f"The campaign's own ROI is higher for {ahead} than for {behind}"
        return f"{own_text}; 12 months later that is too close to call: {between}{by_itself}"
    return ""


def _before(own: int | None, first: str, second: str) -> str:
    """Say how the campaign's own ROI compares with what is said next."""
    if own == 1:
        return f"The campaign's own ROI is higher for {first} than for {second}; 12 months later it is still"
    if own == -1:
        return f"The campaign's own ROI is higher for {second} than for {first}; 12 months later it is"
    if own == 0:
        return f"By the campaign's own ROI {first} against {second} is too close to call; 12 months later it is"
    return f"Of {first} and {second}, 12 months after the campaign ROI is"


def _where(pair: Pair) -> str:
    return " in the markets played" if could_turn(pair.mean, pair.side) else ""


# ---- what is said of a plan


def long_run_lines(summary: Summary, plan: str) -> list[str]:
    """Say what a plan's ROI is after 12 months, what brings that about, and what a customer is worth."""
    its: Mapping[str, Any] = summary["strategies"][plan]
    if not has_long_run(summary) or its.get("long_run") is None:
        return []
    name, terms = digits.display_names(summary["strategies"])[plan], summary["long_run_terms"]
    lift = its["ratios"].get("brand_lift") or {"value": None}
    texts = (*_roi(its), *_orders(its["long_run"], lift, terms), *_lifetime_value(its, str(summary["currency"])))
    return [f"{name}: {text}." for text in texts]


def _roi(its: Mapping[str, Any]) -> Iterator[str]:
    later, own = its["long_run"][LATER]["mean"], its["roi"]["mean"]
    if later["value"] is not None:
        told = with_interval(later, PER_ONE)
        yield f"12 months after the campaign ROI is {told}; the campaign's own is {with_interval(own, PER_ONE)}"


def _orders(found: Mapping[str, Any], lift: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[str]:
    """Say what goodwill brings before the end, and what follows."""
    brand, later = (found[key]["mean"] for key in ("brand_orders", "later_orders_12_months"))
    lifted = f", a brand lift of {with_interval(lift, PERCENT)}" if lift["value"] else ""
    before = f"goodwill brings {with_interval(brand)} orders at people's own occasions by {_END}{lifted}"
    who = [
        *(["goodwill"] if terms["goodwill_half_life_days"] is not None else []),
        *(["returning customers"] if terms["repeat_probability"] is not None else []),
    ]
    what = f"{with_interval(later)} {'more' if brand['value'] else 'orders'} in the 12 months after it"
    after = f"{listed(who)} {'brings' if who == ['goodwill'] else 'bring'} {what}"
    if brand["value"] and later["value"]:
        yield f"{before}, and {what}" if who == ["goodwill"] else f"{before}; {after}"
    elif brand["value"] or later["value"]:
        yield before if brand["value"] else after.replace("after it", "after the campaign")


def _lifetime_value(its: Mapping[str, Any], currency: str) -> Iterator[str]:
    worth = its["ratios"].get("customer_lifetime_value") or {"value": None}
    if worth["value"] is not None:
        told = digits.money(worth, currency)
        yield f"customer lifetime value is {told}: the margin of a customer's orders within a year of the first"
