"""What a campaign leaves behind, as text: ROI over time, goodwill, and what a customer is worth.

In: the summary of a study. Out: a sentence that compares plans, lines for each plan, a title. Invariants: the
campaign's own ROI stays the headline; a plan is called ahead only where the paired interval leaves out 0; what the
figures rest on is said with every comparison; where nothing is left behind there is no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Facts, Pair, Summary, could_turn, leading_pair, pair_of, ranking, side
from simulator.present.digits import PER_ONE, PERCENT, interval_text, listed, value_text, with_interval
from simulator.present.written import hours_text, number

LATER = "roi_12_months"
WITH_BRAND = "roi_with_brand_orders"
MONTHS_AFTER = {0: WITH_BRAND, 3: "roi_3_months", 6: "roi_6_months", 12: LATER}
_END = "the end of the campaign"
_WITH_OCCASIONS = f"by {_END}, with orders at people's own occasions,"
_LAG = "purchase_lag_median_hours"
# Who brings orders after the end, by the term that it rests on.
_BRING_LATER_ORDERS = {
    "goodwill_half_life_days": "goodwill",
    "repeat_probability": "returning customers",
    _LAG: "people who order late",
}
# The share of orders after the end from which on it is said.
_GOOD_PART = 0.1


def has_long_run(summary: Summary) -> bool:
    """Say whether a study has figures of the long run."""
    return bool(summary.get("long_run_terms"))


def has_brand(summary: Summary) -> bool:
    """Say whether a study with figures of the long run has a brand, whose goodwill leads to orders."""
    return summary["long_run_terms"]["goodwill_half_life_days"] is not None


# ---- what it rests on


def terms_text(summary: Summary) -> str:
    """Say on what the figures rest, as it follows "if": "goodwill halves every 60 days"."""
    terms: Mapping[str, Any] = summary["long_run_terms"]
    half_life, repeat = terms["goodwill_half_life_days"], terms["repeat_probability"]
    lag = terms["purchase_lag_median_hours"]
    return listed(
        [
            *([f"goodwill halves every {_days(*half_life)}"] if half_life is not None else []),
            *([f"{_share(*repeat)} of orders are followed by another"] if repeat is not None else []),
            *([f"half of the orders come within {hours_text(lag)} of the click"] if lag is not None else []),
        ]
    )


def _holds_if(summary: Summary) -> str:
    """Say the same as the end of a sentence, and that it takes enough to sell where a scenario's stock is limited."""
    enough = ", and if there is enough to sell" if summary["long_run_terms"]["stock_is_limited"] else ""
    return f"if {terms_text(summary)}, as the scenario says{enough}"


def assumptions(summary: Summary) -> list[str]:
    """Give the same as sentences."""
    who = "Orders at people's own occasions and after the end" if has_brand(summary) else "Orders after the end"
    no_stock = [f"{who} take no stock."] if summary["long_run_terms"]["stock_is_limited"] else []
    return [f"ROI over time holds {_holds_if(summary)}.", *no_stock]


def _days(low: float, high: float) -> str:
    ends = " to ".join(dict.fromkeys(number(end) for end in (low, high)))
    return "day" if ends == "1" else f"{ends} days"


def _share(low: float, high: float) -> str:
    ends = dict.fromkeys(f"{100 * end:.3g}%" for end in (low, high))
    return " to ".join(ends)


# ---- which plan is ahead


def over_time(facts: Facts) -> list[str]:
    """Say which plans pay with what comes beside and after the campaign, and which plan is ahead then."""
    claims = [*_pays_with_more(facts), *([claim] if (claim := _claim(facts)) else [])]
    if not claims:
        return []
    holds = _holds_if(facts.summary)
    if len(claims) == 1 and not _other_pair(facts):
        return [f"{claims[0]}, {holds}."]
    sentences = [*claims[:-1], *_other_pair(facts), claims[-1]] if _claim(facts) else claims
    every = {1: "This holds", 2: "Both hold"}.get(len(claims), "All of this holds")
    return [*(f"{sentence}." for sentence in sentences), f"{every} {holds}."]


def _other_pair(facts: Facts) -> list[str]:
    """Say why other plans are compared than in the verdict on the campaign's own ROI, where they are."""
    pair, own = _pair_over_time(facts), leading_pair(facts)
    if pair is None or own is None or not _claim(facts) or {pair.first, pair.second} == {own.first, own.second}:
        return []
    before, later = facts.names[ranking(facts)[0]], facts.names[ranking(facts, LATER)[0]]
    first = f"12 months after the campaign {later} is first on average"
    return [f"{first}, so it is compared with {before}, first by the campaign's own ROI"]


def long_run_title(summary: Summary, longest: int = digits.LONGEST_NAME) -> str:
    """Say how ROI changes after the campaign, as a title."""
    facts = Facts(summary, longest)
    later = ranking(facts, LATER)
    if not later:
        return "No plan has an ROI, neither at the end nor later"
    pair = _pair_over_time(facts)
    if pair is None:
        name, by_end = facts.names[later[0]], value_text(facts.mean(later[0], WITH_BRAND), PER_ONE)
        counted = ", with orders at people's own occasions," if has_brand(summary) else ""
        after = with_interval(facts.mean(later[0], LATER), PER_ONE)
        return f"{name}: ROI is {by_end} at {_END}{counted} and {after} 12 months after it"
    if soon := _ahead_by_end(facts, pair):
        who = f"{facts.names[pair.first]} than for {facts.names[pair.second]}"
        at_end, later_by = (with_interval(its.mean, PER_ONE) for its in (soon, pair))
        when = f"at the end by {at_end}, 12 months later by {later_by}{_where(soon) or _where(pair)}"
        return f"With orders at people's own occasions ROI is higher for {who}: {when}"
    either = f"{facts.names[pair.first]} or {facts.names[pair.second]}"
    return _claim(facts) or (
        f"Too close to call 12 months after the campaign: {either}"
        if pair.side == 0
        else f"No interval can be given for 12 months after the campaign: {either}"
    )


def short_long_run_title(summary: Summary, longest: int = digits.LONGEST_NAME) -> str:
    """Say the same of the two plans 12 months after the campaign only, without by how much."""
    facts = Facts(summary, longest)
    pair = _pair_over_time(facts)
    if pair is None or pair.side not in (0, 1):
        return long_run_title(summary, longest)
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.side == 0:
        return f"Too close to call 12 months after the campaign: {first} or {second}"
    return f"12 months after the campaign ROI is higher for {first} than for {second}{_where(pair)}"


def _pays_with_more(facts: Facts) -> Iterator[str]:
    """Name the plans that lose money by the campaign's own ROI and pay with more orders: first those before its end."""
    if not has_long_run(facts.summary):
        return
    losing = [plan for plan in facts.plans if side(facts.mean(plan)) == -1]
    by_end = [plan for plan in losing if has_brand(facts.summary) and side(facts.mean(plan, WITH_BRAND)) == 1]
    later = [plan for plan in losing if plan not in by_end and side(facts.mean(plan, LATER)) == 1]
    for plans, measure, when in ((by_end, WITH_BRAND, _WITH_OCCASIONS), (later, LATER, "12 months later")):
        if plans:
            one = len(plans) == 1
            lose, pay = ("loses", "it pays") if one else ("lose", "they pay")
            turning = [could_turn(facts.mean(plan), -1) for plan in plans]
            turning += [could_turn(facts.mean(plan, measure), 1) for plan in plans]
            where = ", in the markets played" if any(turning) else ""
            names = listed(facts.names[plan] for plan in plans)
            yield f"By the campaign's own ROI {names} {lose} money; {when} {pay}{where}"


def _pair_over_time(facts: Facts) -> Pair | None:
    """Give the plan that leads after 12 months against the one that leads before, or else against the next before."""
    if not has_long_run(facts.summary):
        return None
    own, later = ranking(facts), ranking(facts, LATER)
    if len(later) < 2 or len(own) < 2:
        return None
    pair = pair_of(facts, later[0], own[0] if own[0] != later[0] else own[1], LATER)
    return pair.turned() if pair and (pair.mean.get("value") or 0) < 0 else pair


def _claim(facts: Facts) -> str:
    pair = _pair_over_time(facts)
    own = pair_of(facts, pair.first, pair.second) if pair else None
    if pair is None or own is None:
        return ""
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.side == 1:
        by = f"by {with_interval(pair.mean, PER_ONE)}{_where(pair)}"
        soon = _ahead_by_end(facts, pair)
        if soon is not None:
            return f"{_before(own.side, first, second, soon)}, and 12 months later {by}"
        return f"{_before(own.side, first, second)} higher for {first}, {by}"
    if pair.side == 0 and own.side:
        ahead, behind = (first, second) if own.side == 1 else (second, first)
        by_itself = f" by itself, not with all {pair.together} comparisons together" if side(pair.mean) else ""
        between = f"{first} minus {second} lies between {interval_text(pair.mean, PER_ONE).replace(' to ', ' and ')}"
        own_text = f"The campaign's own ROI is higher for {ahead} than for {behind}"
        return f"{own_text}; 12 months later that is too close to call: {between}{by_itself}"
    return ""


def _ahead_by_end(facts: Facts, pair: Pair) -> Pair | None:
    """Give the pair with brand orders by the end, where these alone put the first plan ahead as it is later."""
    own = pair_of(facts, pair.first, pair.second)
    if own is None or own.side not in (0, -1) or pair.side != 1 or not has_brand(facts.summary):
        return None
    soon = pair_of(facts, pair.first, pair.second, WITH_BRAND)
    return soon if soon and soon.side == 1 else None


def _before(own: int | None, first: str, second: str, soon: Pair | None = None) -> str:
    """Say how the campaign's own ROI compares with what is said next: 12 months later, or `soon`, by the end."""
    then = "12 months later it is"
    if soon:
        then = f"{_WITH_OCCASIONS} it is higher for {first}, by {with_interval(soon.mean, PER_ONE)}{_where(soon)}"
    if own == 1:
        return f"The campaign's own ROI is higher for {first} than for {second}; {then} still"
    if own == -1:
        return f"The campaign's own ROI is higher for {second} than for {first}; {then}"
    if own == 0:
        return f"By the campaign's own ROI {first} against {second} is too close to call; {then}"
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
    share = its["ratios"].get("later_share") or {"value": None}
    texts = (
        *_roi(its),
        *_orders(its["long_run"], lift, terms),
        *_share_later(share, terms),
        *_lifetime_value(its, str(summary["currency"])),
    )
    return [f"{name}: {text}." for text in texts]


def _roi(its: Mapping[str, Any]) -> Iterator[str]:
    later, own = its["long_run"][LATER]["mean"], its["roi"]["mean"]
    if later["value"] is not None:
        told = with_interval(later, PER_ONE)
        soon, brand = (its["long_run"][name]["mean"] for name in (WITH_BRAND, "brand_orders"))
        more = f", with orders at people's own occasions {with_interval(soon, PER_ONE)}" if brand["value"] else ""
        yield f"12 months after the campaign ROI is {told}; the campaign's own is {with_interval(own, PER_ONE)}{more}"


def _orders(found: Mapping[str, Any], lift: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[str]:
    """Say what goodwill brings before the end, and what follows."""
    brand, later = (found[key]["mean"] for key in ("brand_orders", "later_orders_12_months"))
    of_those = "of those that come there without the campaign (brand lift)"
    lifted = f", {with_interval(lift, PERCENT)} {of_those}" if lift["value"] else ""
    before = f"goodwill brings {with_interval(brand)} orders at people's own occasions by {_END}{lifted}"
    who = [name for key, name in _BRING_LATER_ORDERS.items() if terms[key] is not None]
    what = f"{with_interval(later)} {'more' if brand['value'] else 'orders'} in the 12 months after it"
    after = f"{listed(who)} {'brings' if who == ['goodwill'] else 'bring'} {what}"
    if brand["value"] and later["value"]:
        yield f"{before}, and {what}" if who == ["goodwill"] else f"{before}; {after}"
    elif brand["value"] or later["value"]:
        yield before if brand["value"] else after.replace("after it", "after the campaign")


def _share_later(share: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[str]:
    """Say which share of the orders a campaign's own ROI leaves out because they come late, where it is a good part."""
    by_lag_only = [key for key in _BRING_LATER_ORDERS if terms[key] is not None] == [_LAG]
    if (share["value"] or 0) >= _GOOD_PART:
        mend = "; a longer horizon_days would count them" if by_lag_only else ""
        told = f"{with_interval(share, PERCENT)} of the orders it leads to come after {_END}"
        yield f"{told}, so they are not in the campaign's own ROI{mend}"


def _lifetime_value(its: Mapping[str, Any], currency: str) -> Iterator[str]:
    worth = its["ratios"].get("customer_lifetime_value") or {"value": None}
    if worth["value"] is not None:
        told = digits.money(worth, currency)
        yield f"customer lifetime value is {told}: the margin of a customer's orders within a year of the first"
