"""Where reach and money go: from advertised followers to different people, to orders, to profit.

In: findings. Out: a `Way` per plan, which is steps that add up, and the conclusions that stand over them.
Invariants: each number is a mean per play over all plays; the steps between two totals add up to their difference; what
is not known (a graph file tells no advertised followers) is left out and said; a loss is called the largest only where
it is, whatever the error of its neighbours.

The audience of a creator is what its followers leave of them: fake ones never see a post, and those outside the market
are none of its people. What becomes of the audience is counted in the plays: people whom each creator reached, in
whatever way, added up over creators, and different people. So what is lost because a post is not shown is net of
people who saw it without following: through friends, on the platform's discovery pages or as a boosted post.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any, Literal

from simulator.campaign.hiring import Plans, plans_of
from simulator.errors import CampaignError
from simulator.present import digits
from simulator.present.claims import Facts, could_turn, negated, never_varies, profit_side, ranking
from simulator.present.digits import NUMBER, Estimate, Unit
from simulator.present.findings import Findings
from simulator.present.hiring import COST_WORDS
from simulator.scenario.strategy import ADS
from simulator.study.estimates import FIXED
from simulator.study.finished import scenario_of

# Impressions that need no follower, by the column of creators.csv that counts them.
_BESIDE = {
    "friend_impressions": "friends",
    "discovery_impressions": "the platform",
    "paid_impressions": "boosted posts",
}
_FUNNEL = {
    "reach": "different people",
    "impressions": "impressions",
    "clicks": "clicks",
    "orders": "orders",
    "incremental_orders": "incremental orders",
}
# What a title says of the largest loss.
_LOST_TO = {
    "fake": "fake or inactive followers",
    "outside": "followers elsewhere",
    "strangers": "fake followers or elsewhere",
    "not_shown": "posts not shown",
    "overlap": "overlap",
}
# Less than so many people or so much money is the error of a sum of floats.
_NOTHING = 1e-6


@dataclass(frozen=True)
class Step:
    """A number on the way: a total, or what comes to or goes from the last one.

    Attributes:
        key: What it is, in the program's words.
        label: What it is, in a reader's words.
        value: The mean per play, below 0 where it takes away.
        estimate: The same with its interval, as it is written; None where its interval is not known.
        total: Whether it stands on the ground.
        error: What is taken as the error of a value without an interval, for rounding and for what may be claimed
            of it: as much of the people reached, added up over creators, as that of impressions is of these, or that of
            different people where it is more.
    """

    key: str
    label: str
    value: float
    estimate: Estimate | None = None
    total: bool = False
    error: float | None = None


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Way:
    """Where a plan's reach and money go.

    Attributes:
        plan: Its key.
        name: Its short name.
        reach: From advertised followers to different people; empty where nothing is known of the creators.
        funnel: From different people to incremental orders, each a total.
        money: From incremental margin over costs to profit; empty where costs are not known.
        currency: The sign of the currency.
        notes: What the steps rest on, in sentences.
    """

    plan: str
    name: str
    reach: tuple[Step, ...]
    funnel: tuple[Step, ...]
    money: tuple[Step, ...]
    currency: str
    notes: tuple[str, ...]


def ways(findings: Findings) -> tuple[Way, ...]:
    """Follow reach and money of every plan, the leading plan first."""
    facts, plans = findings.facts, _plans(findings)
    first = ranking(facts)
    order = [*first, *(plan for plan in facts.plans if plan not in first)]
    return tuple(_way(findings, plan, plans) for plan in order)


def _plans(findings: Findings) -> Plans | None:
    """Hire as the run did, which tells who is fake; None where its scenario cannot be read any more."""
    try:
        return plans_of(scenario_of(findings.finished))
    except CampaignError:
        return None


def _way(findings: Findings, plan: str, plans: Plans | None) -> Way:
    facts, rows = findings.facts, [row for row in findings.creators.to_pylist() if row["strategy"] == plan]
    reach = _reach_steps(findings, plan, rows, plans)
    funnel = tuple(_known(facts, plan, measure, label) for measure, label in _FUNNEL.items())
    return Way(plan, facts.names[plan], reach, funnel, _money_steps(facts, plan), facts.currency, _notes(reach, rows))


def _known(facts: Facts, plan: str, measure: str, label: str) -> Step:
    mean = facts.mean(plan, measure)
    return Step(measure, label, mean["value"], mean, total=True)


# ---- reach


def _reach_steps(findings: Findings, plan: str, rows: Sequence[Mapping[str, Any]], plans: Plans | None) -> Steps:
    if not rows:
        return ()
    reached = fsum(row["reach_not_additive"] for row in rows if row["creator"] != ADS)
    by_ads = fsum(row["reach_not_additive"] for row in rows if row["creator"] == ADS)
    last = _known(findings.facts, plan, "reach", "different people reached")
    error = _error(last, findings.facts.mean(plan, "impressions"), reached + by_ads)
    accounts, audience = _accounts(findings, plan, rows, plans)
    shown = reached - audience
    counted = (
        Step("not_shown", "not shown a post, net", shown, error=error)
        if shown < 0
        else Step("beside", "reached beyond followers, net", shown, error=error),
        Step("ads", "reached by ads", by_ads, error=error),
        Step("overlap", "reached more than once", last.value - reached - by_ads, error=error),
    )
    return (*accounts, *(step for step in counted if abs(step.value) > _NOTHING), last)


def _error(last: Step, impressions: Estimate, added_up: float) -> float | None:
    """Give an error that the sum of reach over creators does not exceed.

    The more is shown, the less of it goes to somebody new: different people vary less than the sum of reach, in shares
    of themselves, and impressions, which nothing holds back, vary more. Measured in 42 plans of all shipped scenarios,
    the error of the sum is up to 1.6 times that of different people, and never more than this one. Where nobody is
    reached twice the sum is the reach.
    """
    shares = [_relative_error(of) for of in (last.estimate or {}, impressions)]
    if shares[0] is None or abs(added_up - last.value) <= _NOTHING:
        return None if shares[0] is None else shares[0] * added_up
    return max(shares[0], shares[1] or 0.0) * added_up


def _relative_error(mean: Estimate) -> float | None:
    if not digits.has_interval(mean) or not mean["value"]:
        return None
    return float((mean["high"] - mean["low"]) / 2 / mean["value"])


def _accounts(
    findings: Findings, plan: str, rows: Sequence[Mapping[str, Any]], plans: Plans | None
) -> tuple[Steps, float]:
    """Give the steps from advertised followers to the audience, and the audience, all from before a post is shown."""
    hired = [row for row in rows if row["creator"] != ADS]
    if not hired:
        return (), 0.0
    if any(row["followers"] is None for row in hired):
        audience = _over_markets(findings, hired, "audience")
        return (_fixed("audience", "followers in the graph, added up", audience, total=True),), audience
    if plans is None:
        followers, audience = (_over_markets(findings, hired, column) for column in ("followers", "audience"))
        lost = {"strangers": ("no people of the market", audience - followers)}
    else:
        followers, audience, outside = _per_play(findings, plan, plans)
        lost = {
            "fake": ("fake or inactive", audience + outside - followers),
            "outside": ("outside the market", -outside),
        }
    steps = (_fixed(key, label, value) for key, (label, value) in lost.items() if abs(value) > _NOTHING)
    return (_fixed("followers", "advertised followers", followers, total=True), *steps), audience


def _fixed(key: str, label: str, value: float, *, total: bool = False) -> Step:
    """Give a step that the plan decides in the markets played."""
    return Step(key, label, value, {"value": value, "low": value, "high": value, "method": FIXED}, total)


def _over_markets(findings: Findings, hired: Sequence[Mapping[str, Any]], column: str) -> float:
    """Add up what the table tells of accounts, each as often as there are markets in which it is hired."""
    return fsum(row[column] * row["markets_hired_in"] for row in hired) / findings.facts.markets


def _per_play(findings: Findings, plan: str, plans: Plans) -> tuple[float, float, float]:
    """Give advertised followers, those in the market and those outside it, as means over plays."""
    of = zip(*(findings.replications[name].to_pylist() for name in ("strategy", "market")), strict=True)
    played = Counter(market for strategy, market in of if strategy == plan)
    sizes = [
        (plays, its.followers or 0, its.audience_size, its.outside_size)
        for market, plays in played.items()
        for its in plans[plan, market].profiles
    ]
    every = sum(played.values())
    followers, audience, outside = (sum(its[0] * its[place] for its in sizes) / every for place in (1, 2, 3))
    return followers, audience, outside


def _notes(reach: Steps, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if not reach:
        return ()
    keys = {step.key for step in reach}
    beside = [word for column, word in _BESIDE.items() if any(row[column] and row["creator"] != ADS for row in rows)]
    notes = []
    if beside and keys & {"not_shown", "beside"}:
        notes.append(f"Net: people reached through {digits.listed(beside)} without following make up for others.")
    if "audience" in keys:
        notes.append("A graph file says who follows, so nothing is known of advertised followers.")
    if "strangers" in keys:
        notes.append("The scenario cannot be read any more, so fake followers and those elsewhere are one step.")
    between = "; those between followers and reach have no interval of their own" if len(reach) > 2 else ""
    notes.append(f"Steps add up but for rounding{between}.")
    return tuple(notes)


# ---- money


def _money_steps(facts: Facts, plan: str) -> Steps:
    its = facts.summary["strategies"][plan]
    if "costs" not in its:
        return ()
    profit, refund = facts.mean(plan, "profit"), its["refund"]["mean"]
    margin = profit["value"] + facts.mean(plan, "spend")["value"] - refund["value"]
    costs = [
        Step(line, COST_WORDS[line], -mean["value"], negated(mean))
        for line, mean in ((line, cost["mean"]) for line, cost in its["costs"].items())
        if mean["value"] > 0
    ]
    back = [Step("refund", "refunds", refund["value"], refund)] if refund["value"] > 0 else []
    # Only commission parts what orders contribute from their margin.
    known = its["order_contribution"]["mean"] if not its["costs"]["affiliate_commission"]["mean"]["value"] else None
    first = Step("margin", "incremental margin", margin, known, total=True)
    return (first, *costs, *back, Step("profit", "profit", profit["value"], profit, total=True))


# ---- telling


def amount(step: Step, unit: Unit = NUMBER) -> str:
    """Write a step short enough for a mark of a picture, "-285k", with the digits that its error allows."""
    compact = digits.compact_unit(unit, step.value)
    if compact != unit:
        compact = replace(compact, most=max(compact.most - 1, 0))
    plus = "" if step.total or step.value <= 0 else "+"
    return plus + digits.value_text(as_estimate(step), compact)


def as_estimate(step: Step) -> Estimate:
    """Give a step with its interval, or with its error in place of one, as numbers are written."""
    if step.estimate is not None:
        return step.estimate
    if step.error is None:
        return {"value": step.value, "low": None, "high": None}
    return {"value": step.value, "low": step.value - step.error, "high": step.value + step.error}


def reach_title(way: Way, *, short: bool = False) -> str:
    """Say how many different people come of the advertised followers, and unless it is `short` where most are lost."""
    last = way.reach[-1] if way.reach else way.funnel[0]
    reached = f"{digits.value_text(last.estimate or {})} people reached"
    first = way.reach[0] if way.reach else last
    if first.key == "ads":
        return f"{way.name}: {reached}, all by ads"
    if first is last:
        return f"{way.name}: {reached}"
    followers = "followers in the graph" if first.key == "audience" else "followers advertised"
    return f"{way.name}: {amount(first)} {followers}, {reached}{'' if short else _most_lost(way.reach)}"


def _most_lost(steps: Steps) -> str:
    """Say where most is lost, or that reach goes beyond the followers, where that is sure; else nothing."""
    reach = steps[-1].estimate or {}
    if digits.has_interval(reach) and reach["low"] > steps[0].value:
        return ", more than follow"
    lost = sorted((step for step in steps if not step.total and step.value < 0), key=lambda step: step.value)
    error = next((step.error for step in steps if step.error is not None), None)
    if not lost or error is None:
        return ""
    largest, every = -lost[0].value - error, -fsum(step.value for step in lost)
    if largest > every / 2:
        return f"; most lost to {_LOST_TO[lost[0].key]}"
    if all(largest > -other.value + error for other in lost[1:]):
        return f"; largest loss: {_LOST_TO[lost[0].key]}"
    return ""


def money_title(facts: Facts, way: Way) -> str:
    """Say what a plan brings in, what it costs, and whether it pays."""
    unit = digits.money_unit(way.currency)
    spend = facts.mean(way.plan, "spend")
    start = f"{way.name} brings in {amount(way.money[0], unit)} of margin and costs "
    cost = amount(Step("spend", "spend", spend["value"], spend, total=True), unit)
    return f"{start}{cost}: {_profit_text(facts, way, unit)}"


def _profit_text(facts: Facts, way: Way, unit: Unit) -> str:
    profit, side = way.money[-1], profit_side(facts, way.plan)
    if facts.plays > 1 and (side is None or never_varies(facts.mean(way.plan, "profit"))):
        return "these plays do not tell whether it pays"
    if side == 0:
        return "too close to call whether it pays"
    word = "a profit of" if profit.value > 0 else "a loss of"
    loss = replace(profit, value=-profit.value, estimate=negated(profit.estimate or {}))
    size = profit if profit.value > 0 else loss
    where = " in the markets played" if could_turn(facts.mean(way.plan, "profit"), side) else ""
    return f"{word} {amount(size, unit)}{' in the only play' if facts.plays == 1 else where}"


def colour_of(step: Step) -> Literal["muted", "gain", "loss"]:
    """Say what the colour of a step means; totals are of none."""
    return "muted" if step.total else "gain" if step.value > 0 else "loss"
