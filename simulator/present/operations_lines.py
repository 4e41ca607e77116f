"""What happens while a campaign runs, on average over all plays, as lines of text.

In: the summary of a study. Out: for each strategy a line per mechanism that did anything: approval, who shows posts
beside their creators, stock, returns, scandals; who drops out is said where hiring is. Invariants: a mechanism that is
off has no line; every number has its interval; a summary without these numbers gives no lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Facts, Summary, negated, side
from simulator.present.digits import PER_ONE, Estimate, Unit, with_interval
from simulator.present.pays import of_plays

# Means of what happened in fewer plays than this are told with how few they were.
_FEW = 10
# Hours from which on a duration is told in days.
_LONG = 48.0
_HOURS = Unit(after=" hours")
_DAYS = Unit(after=" days", scale=1 / 24)


def operations_lines(summary: Summary, plan: str) -> list[str]:
    """Say what the operations of a strategy came to, a sentence for each mechanism that is on."""
    its: Mapping[str, Any] = summary["strategies"][plan]
    found: Mapping[str, Any] = its.get("operations") or {}
    means: dict[str, Estimate] = {key: estimates["mean"] for key, estimates in found.items()}
    texts = (
        _slipped_text(means),
        _shown_text(its.get("impressions_by_way") or {}),
        _stock_text(its.get("sold_out"), means),
        _returned_text(means),
        _scandal_text(its, means, str(summary.get("currency", ""))),
    )
    name = digits.display_names(summary["strategies"])[plan]
    return [f"{name}: {text}." for text in texts if text]


def operations_title(facts: Facts) -> str:
    """Say as a title what weighs most of what happens: stock, scandals, late posts, who shows posts; "" for nothing."""
    told = _weightiest(facts)
    if told is None:
        return ""
    what, plan = told
    unit, text = _TITLES[what]
    return text.format(digits.value_text(_happens(facts.summary["strategies"][plan])[what], unit), facts.names[plan])


def plan_of_title(facts: Facts) -> str | None:
    """Give the plan that the title tells of."""
    told = _weightiest(facts)
    return None if told is None else told[1]


def _weightiest(facts: Facts) -> tuple[str, str] | None:
    """Give what weighs most of what happens, and the plan of which it is the most."""
    means = {plan: _happens(facts.summary["strategies"][plan]) for plan in facts.plans}
    most = ((what, max(means, key=lambda plan: _size(means[plan], what))) for what in _TITLES)
    return next(((what, plan) for what, plan in most if _size(means[plan], what)), None)


# What the title says of each, the gravest first.
_TITLES = {
    "sold_out": (digits.PERCENT, "The stock runs out in {} of plays of {}"),
    "scandals": (digits.PERCENT, "A scandal hits {} of plays of {}"),
    "posts_slipped": (digits.NUMBER, "On average {} posts of {} go out later than planned"),
    "platform": (digits.PERCENT, "The platform's discovery brings {} of the impressions of {}"),
    "paid": (digits.PERCENT, "Paid media bring {} of the impressions of {}"),
    "friends": (digits.PERCENT, "Friends who share bring {} of the impressions of {}"),
    "returned_orders": (digits.NUMBER, "On average {} orders of {} are returned"),
}


def _happens(its: Mapping[str, Any]) -> dict[str, Estimate]:
    """Give how often or how much of each, of what is on."""
    rare = {key: group["probability"] for key in ("sold_out", "scandals") if (group := its.get(key))}
    ways = {way: found["share"] for way, found in (its.get("impressions_by_way") or {}).items()}
    return {**{key: found["mean"] for key, found in (its.get("operations") or {}).items()}, **ways, **rare}


def _size(means: Mapping[str, Estimate], key: str) -> float:
    """Give a mean, 0 where it is undefined or not there."""
    return float((means.get(key) or {}).get("value") or 0.0)


def _slipped_text(means: Mapping[str, Estimate]) -> str:
    """Say how many posts are late or not out at all, and how long one waits for a reviewer, at least so far."""
    waited, late = means.get("review_wait_hours") or {"value": None}, _late_text(means)
    if waited["value"] is None:
        return late
    least = "at least " if _size(means, "posts_pending") else ""
    reached = f"a reviewer is reached after {least}{_duration(waited)} on average"
    return f"{late or 'no post goes out later than planned'}; {reached}"


def _late_text(means: Mapping[str, Estimate]) -> str:
    slipped, pending = (_size(means, key) for key in ("posts_slipped", "posts_pending"))
    if not slipped:
        return f"{with_interval(means['posts_pending'])} posts are not out at the end" if pending else ""
    of = f" of {with_interval(means['posts_done'])}" if _size(means, "posts_done") else ""
    late = f"{with_interval(means['posts_slipped'])}{of} posts go out later than planned"
    return f"{late} and {with_interval(means['posts_pending'])} more are not out at the end" if pending else late


# Who shows a post.
_SHOWERS = {
    "creators": "creators' own posts",
    "friends": "friends who share",
    "platform": "the platform's discovery",
    "paid": "paid media",
}


def _shown_text(ways: Mapping[str, Any]) -> str:
    """Say where impressions come from, where that is not one way only."""
    shares = {way: ways[way]["share"] for way in _SHOWERS if (ways.get(way) or {"mean": {}})["mean"].get("value")}
    if len(shares) < 2:
        return ""
    (first, share), *others = shares.items()
    rest = [f"{digits.percent(its)} from {_SHOWERS[way]}" for way, its in others]
    return digits.listed([f"{digits.percent(share)} of the impressions come from {_SHOWERS[first]}", *rest])


def _stock_text(sold_out: Mapping[str, Any] | None, means: Mapping[str, Estimate]) -> str:
    if not sold_out:
        return ""
    chance = f"the stock runs out in {of_plays(sold_out['probability'])}"
    more = []
    if _size(means, "lost_orders"):
        # Attempts, not people: who finds nothing may try again, and then order after all.
        more.append(f"{with_interval(means['lost_orders'])} attempts to order find nothing left")
    if _size(means, "sold_out_hours"):
        more.append(f"there is nothing to sell for {_duration(means['sold_out_hours'])}")
    return f"{chance}; on average over all plays {digits.listed(more)}{_rests_on(sold_out)}" if more else chance


def _rests_on(happening: Mapping[str, Any]) -> str:
    """Say how few plays a mean of something rare rests on: its interval is then too short at its far end."""
    probability = happening["probability"]
    plays = round((probability["value"] or 0.0) * probability["n"])
    return f" (this rests on {digits.count(plays)} play{'s' if plays > 1 else ''})" if 0 < plays < _FEW else ""


def _returned_text(means: Mapping[str, Estimate]) -> str:
    if not _size(means, "returned_orders"):
        return ""
    return f"{with_interval(means['returned_orders'])} orders are returned"


def _scandal_text(its: Mapping[str, Any], means: Mapping[str, Estimate], currency: str) -> str:
    scandals = its.get("scandals")
    if not scandals:
        return ""
    chance = f"a scandal in {of_plays(scandals['probability'])}"
    if not scandals["probability"]["value"]:
        return chance
    plays = int(scandals["probability"]["n"])
    cost, tail = (scandals.get(key) or {"value": None} for key in ("roi_cost", "shortfall_cost"))
    more = []
    if _size(means, "posts_withdrawn"):
        more.append(f"{with_interval(means['posts_withdrawn'])} posts are withdrawn on average")
    if (refund := (its.get("refund") or {}).get("mean") or {}).get("value"):
        more.append(f"refunds bring back {digits.money(refund, currency)} on average")
    return "; ".join([f"{chance}{_cost_text(cost, plays)}{_tail_text(tail)}", *more]) + _rests_on(scandals)


def _cost_text(difference: Estimate, plays: int) -> str:
    """Say what scandals change in ROI: a cost where the interval leaves out 0, else a difference."""
    if difference["value"] is None:
        return ""
    some = f"the {digits.count(difference['n'])} plays that have an ROI" if difference["n"] < plays else "all plays"
    average = f"on average over {some}"
    where = side(difference)
    if where == -1:
        return f" costs {with_interval(negated(difference), PER_ONE)} of ROI {average}"
    return f" changes ROI by {with_interval(difference, PER_ONE)} {average}{_unclear(where)}"


def _tail_text(difference: Estimate) -> str:
    """Say what scandals change in the worst plays: those with scandals against those of the same plays without."""
    if difference["value"] is None:
        return ""
    worst, where = "; the mean ROI of the worst 5% of plays", side(difference)
    if where == -1:
        return f"{worst} is {with_interval(negated(difference), PER_ONE)} lower than without"
    return f"{worst} changes by {with_interval(difference, PER_ONE)}{_unclear(where)}"


def _unclear(where: int | None) -> str:
    return ", too close to call" if where == 0 else ""


def _duration(hours: Estimate) -> str:
    """Write a mean duration with its interval, in hours or days."""
    unit = _HOURS if float(hours["value"] or 0.0) < _LONG else _DAYS
    return with_interval(hours, unit, Unit(scale=unit.scale))
