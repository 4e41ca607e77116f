"""Estimates as sentences; terminal, report and deck all take theirs from here.

In: the summary of a study. Out: an `Answer`: does any plan pay and what would break even, which plan
wins, and what that holds for. Invariant: no sentence claims more than its interval supports, and
no plan is favoured: swapping two plans swaps them in the sentences and changes nothing else.

A claim needs an interval that leaves out 0; where it does not, the sentence says "too close to call".
The verdict is the mean's; the chance of winning stands beside it, and disagreement is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.present import digits
from simulator.present.claims import (
    Facts,
    Pair,
    Summary,
    is_zero,
    leading_pair,
    negated,
    pair_of,
    ranking,
    side,
)
from simulator.present.digits import (
    Estimate,
    Unit,
    count,
    has_interval,
    interval_text,
    listed,
    value_text,
    with_interval,
)

FEW_PLAYS = 30
# Without this decline no portfolio of small accounts ever wins; users must know where it comes from.
WHAT_DECIDES = (
    "Between small and large accounts it is decided by how fast reach, engagement, clicks and orders per "
    "follower fall as accounts grow, against what a follower and a contract cost: all from the scenario."
)
PER_ONE = Unit(fewest=2, most=3)
_NOTHING_SPENT = "has no ROI: no play of it spends anything"


@dataclass(frozen=True)
class Answer:
    """The answer of a study, in the order it is read; what belongs together is one text."""

    headline: str
    pays: tuple[str, ...]
    wins: tuple[str, ...]
    limits: tuple[str, ...]
    # The mean that is too close to call, where one is: more replications narrow it.
    undecided: Estimate | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Give everything, the verdicts first."""
        return self.pays + self.wins + self.limits


def answer(summary: Summary) -> Answer:
    """Say what a study found."""
    facts = Facts(summary)
    pair = leading_pair(facts)
    decisive = _decisive(facts, pair)
    return Answer(
        headline=_headline(facts, pair),
        pays=tuple(_pays(facts)),
        wins=tuple(_wins(facts, pair)),
        limits=tuple(_limits(facts, pair)),
        undecided=decisive if side(decisive) == 0 and not is_zero(decisive) else None,
    )


def _decisive(facts: Facts, pair: Pair | None) -> Estimate:
    return pair.mean if pair else facts.mean(facts.plans[0])


# ---- does any plan pay, and what would break even


def _pays(facts: Facts) -> list[str]:
    few = len(facts.plans) <= 2
    sentences = [] if len(facts.plans) == 1 else [_who_pays(facts)]
    for plan in facts.plans if few else ranking(facts)[:1]:
        of_plan = (_plan_pays(facts, plan), *_contradictions(facts, plan), *_break_even(facts, plan))
        sentences.append(" ".join(of_plan))
    return sentences + [line for plan in facts.plans for line in _without_roi(facts, plan, few=few)]


def _who_pays(facts: Facts) -> str:
    total = len(facts.plans)
    groups: dict[int | str, list[str]] = {1: [], 0: [], "even": [], -1: []}
    for plan in facts.plans:
        mean = facts.mean(plan)
        key = "even" if is_zero(mean) else side(mean)
        if key is not None:
            groups[key].append(plan)
    for key, plans in groups.items():
        if len(plans) == total and key != "even":
            return _same_for_all(key, total)
    parts = [_group(facts, plans, key) for key, plans in groups.items() if plans]
    if not parts:
        return "Whether any plan pays cannot be told from these plays."
    return _capital("; ".join(parts)) + "."


def _same_for_all(key: int | str, total: int) -> str:
    if key == 0:
        return f"Whether {'either' if total == 2 else 'any'} plan pays is too close to call."
    if key == 1:
        return f"{'Both' if total == 2 else f'All {total}'} plans pay on average."
    return "Neither plan pays on average." if total == 2 else f"None of the {total} plans pays on average."


def _group(facts: Facts, plans: Sequence[str], key: int | str) -> str:
    names = listed(facts.names[plan] for plan in plans)
    one = len(plans) == 1
    if key == 1:
        return f"{names} {'pays' if one else 'pay'} on average"
    if key == -1:
        return f"{names} {'loses' if one else 'lose'} money on average"
    if key == "even":
        return f"{names} {'breaks' if one else 'break'} even exactly"
    return f"whether {names} {'pays' if one else 'pay'} is too close to call"


def _capital(text: str) -> str:
    """Begin a sentence of ours with a capital letter, but leave a plan's name as it is."""
    return "W" + text[1:] if text.startswith("whether ") else text


def _plan_pays(facts: Facts, plan: str) -> str:
    mean, name = facts.mean(plan), facts.names[plan]
    where = side(mean)
    if mean.get("value") is None:
        return f"{name} {_NOTHING_SPENT}."
    if where is None:
        return f"{_gain(facts, plan)} in {_only_play(facts)}; one play decides nothing."
    chance = facts.measure(plan)["probability_positive"]
    profit = f"makes a profit in {_of_plays(chance)}"
    if is_zero(mean):
        return f"{name} breaks even exactly: its mean ROI is 0."
    if where == 0:
        return f"{name} is too close to call: its mean ROI lies between {_between(mean)}, and it {profit}."
    but = "but" if _chance_disagrees(where, chance) else "and"
    return f"{_gain(facts, plan)} on average ({_size_interval(mean)}) {but} {profit}."


def _only_play(facts: Facts) -> str:
    return "the only play" if facts.summary["replications"] == 1 else "the only play that has an ROI"


def _gain(facts: Facts, plan: str) -> str:
    mean, name = facts.mean(plan), facts.names[plan]
    if mean["value"] < 0:
        return f"{name} loses {_per_spent(facts, negated(mean))}"
    return f"{name} makes {_per_spent(facts, mean, ' profit')}"


def _per_spent(facts: Facts, roi: Estimate, word: str = "") -> str:
    """Write an ROI as money: "$0.31 more per $1 spent", `word` being " more"."""
    one = digits.plain(1, 0, digits.money_unit(facts.currency))
    return f"{value_text(roi, digits.money_unit(facts.currency, cents=True))}{word} per {one} spent"


def _size_interval(mean: Estimate) -> str:
    """Write the interval of a size: of a loss where the mean is negative."""
    return interval_text(negated(mean) if mean["value"] < 0 else mean, PER_ONE)


def _between(estimate: Estimate) -> str:
    return interval_text(estimate, PER_ONE).replace(" to ", " and ")


def _of_plays(chance: Estimate) -> str:
    return f"{value_text(chance, digits.PERCENT)} of plays ({interval_text(chance, digits.PERCENT)})"


def _chance_disagrees(where: int, chance: Estimate) -> bool:
    return has_interval(chance) and bool(chance["high"] < 0.5 if where == 1 else chance["low"] > 0.5)


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
    mean, played = facts.mean(plan), facts.summary["replications"]
    with_roi = mean.get("n", played)
    if mean.get("value") is None:
        # With few plans, each has said it already.
        if not few:
            yield f"{facts.names[plan]} {_NOTHING_SPENT}."
    elif with_roi < played:
        plays = f"{count(with_roi)} of {count(played)} plays"
        yield f"The ROI of {facts.names[plan]} is that of the {plays} in which something is spent."


def _break_even(facts: Facts, plan: str) -> Iterable[str]:
    share = facts.summary["strategies"][plan]["ratios"]["break_even_cost_share"]
    if share.get("value") is None:
        return
    if share["value"] <= 0:
        yield "Its orders bring in no margin, so it would break even only at no cost at all."
    elif side(_less_one(share)) == 0:
        low, high = (_cost_change(share[end] - 1) for end in ("low", "high"))
        yield f"Its break-even lies within the error: between {low} and {high}."
    else:
        start = "It would" if has_interval(share) else "Going by the plays alone, it would"
        still = "still break even" if share["value"] >= 1 else "break even"
        yield f"{start} {still} at {_cost_text(share)} or {_orders_text(share)}."


def _less_one(share: Estimate) -> dict[str, Any]:
    return {end: None if share.get(end) is None else share[end] - 1 for end in ("value", "low", "high")}


def _cost_change(change: float) -> str:
    size = min(-change, 1.0) if change < 0 else change
    return f"{digits.plain(100 * size, 0, digits.PERCENT)} {'lower' if change < 0 else 'higher'} cost"


def _cost_text(share: Estimate) -> str:
    change = _less_one(share)
    if change["value"] >= 0:
        return _bracketed(change, digits.PERCENT, " higher cost")
    lower = negated(change)
    # A cost cannot fall by more than all of it.
    lower["high"] = None if lower["high"] is None else min(lower["high"], 1.0)
    return _bracketed(lower, digits.PERCENT, " lower cost")


def _orders_text(share: Estimate) -> str:
    """Write the factor on orders that breaks even: 1 / share, because profit is linear in orders."""
    bounded = has_interval(share) and share["low"] > 0
    times = {
        "value": 1 / share["value"],
        "low": 1 / share["high"] if bounded else None,
        "high": 1 / share["low"] if bounded else None,
    }
    return _bracketed(times, digits.TIMES, " times the orders")


def _bracketed(estimate: Estimate, unit: Unit, word: str) -> str:
    inside = f" ({interval_text(estimate, unit)})" if has_interval(estimate) else ""
    return f"{value_text(estimate, unit)}{word}{inside}"


# ---- which plan wins


def _wins(facts: Facts, pair: Pair | None) -> list[str]:
    if len(facts.plans) == 1:
        return ["Only one plan was played, so there is none to compare it with."]
    if pair is None:
        return ["Fewer than two plans have an ROI, so they cannot be compared by it."]
    ranked = [] if len(ranking(facts)) == 2 else [_rank_sentence(facts)]
    return [*ranked, *_versus(facts, pair), *_money_disagrees(facts, pair)]


def _rank_sentence(facts: Facts) -> str:
    start, ahead, unclear = _rank(facts)
    if not unclear:
        return f"{start} and is ahead of each of the others."
    if not ahead:
        return f"{start}, but it is too close to call against {listed(unclear)}."
    return f"{start}: it is ahead of {listed(ahead)}, but too close to call against {listed(unclear)}."


def _rank_headline(facts: Facts) -> str:
    start, _, unclear = _rank(facts)
    if not unclear:
        return f"{start} and is ahead of each of the others"
    more = len(unclear) - 1
    others = [f"{more} other{'' if more == 1 else 's'}"] if more else []
    return f"{start}, but is too close to call against {listed([unclear[0], *others])}"


def _rank(facts: Facts) -> tuple[str, list[str], list[str]]:
    """Name the plan of highest mean ROI, those it is ahead of, and those it cannot be told from."""
    best, *others = ranking(facts)
    with_roi = "" if len(others) + 1 == len(facts.plans) else " that have one"
    start = f"{facts.names[best]} has the highest mean ROI of the {len(others) + 1} plans{with_roi}"
    pairs = {other: pair_of(facts, best, other) for other in others}
    ahead = [other for other, pair in pairs.items() if pair and side(pair.mean) == 1]
    unclear = [facts.names[other] for other in others if other not in ahead]
    return start, [facts.names[other] for other in ahead], unclear


def _versus(facts: Facts, pair: Pair) -> Iterable[str]:
    """Compare two plans: by the mean, by the chance of winning, and say where these disagree."""
    first, second = facts.names[pair.first], facts.names[pair.second]
    where = side(pair.mean)
    if pair.mean.get("value") is None:
        yield f"In no play do both {first} and {second} have an ROI, so they cannot be compared by it."
    elif where is None:
        yield f"In the only play to compare, {_margin(facts, pair)}; one play decides nothing."
    elif is_zero(pair.mean):
        yield f"{first} and {second} have the same ROI in every play."
    elif where == 0:
        difference = f"the mean ROI of {first} minus that of {second} lies between {_between(pair.mean)}"
        yield f"{first} against {second} is too close to call: {difference}."
        yield f"{first} wins {_of_plays(pair.first_wins)} and {second} {_of_plays(pair.second_wins)}."
        yield from _usual_winner_not_ahead(facts, pair)
    else:
        chance = f"wins {_of_plays(pair.first_wins)}"
        but = "but" if pair.usual_winner == pair.second else "and"
        yield f"{_margin(facts, pair)} ({interval_text(pair.mean, PER_ONE)}) {but} {chance}."
        yield from _usual_winner_behind(facts, pair)


def _margin(facts: Facts, pair: Pair) -> str:
    """Say by how much the first plan is ahead; a losing plan may still lose less."""
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.mean["value"] == 0:
        return f"{first} and {second} have the same ROI"
    loses = side(facts.mean(pair.first)) == -1
    verb, word = ("loses", " less") if loses else ("earns", " more")
    return f"{first} {verb} {_per_spent(facts, pair.mean, word)} than {second}"


def _usual_winner_not_ahead(facts: Facts, pair: Pair) -> Iterable[str]:
    if pair.usual_winner:
        usual = facts.names[pair.usual_winner]
        yield f"Mean and chance of winning disagree: {usual} wins more often, its mean is not clearly ahead."


def _usual_winner_behind(facts: Facts, pair: Pair) -> Iterable[str]:
    if pair.usual_winner == pair.second:
        ahead, behind = facts.names[pair.first], facts.names[pair.second]
        wins = f"{behind} wins {_of_plays(pair.second_wins)}, {ahead} fewer but by more"
        yield f"Mean and chance of winning disagree: {wins}."


def _money_disagrees(facts: Facts, pair: Pair) -> Iterable[str]:
    money, where = pair_of(facts, pair.first, pair.second, "profit"), side(pair.mean)
    if money and where and side(money.mean) == -where:
        more = digits.money(negated(money.mean), facts.currency)
        yield f"In money it is the other way round: {facts.names[pair.second]} makes {more} more profit."


# ---- what the answer holds for


def _limits(facts: Facts, pair: Pair | None) -> list[str]:
    summary, played = facts.summary, facts.summary["replications"]
    level = digits.plain(100 * float(_decisive(facts, pair).get("level", 0.95)), 0)
    plays = f"{count(played)} play{'' if played == 1 else 's'}"
    each = " of each plan" if len(facts.plans) > 1 else ""
    lines = [f"Intervals are {level}% and hold for {digits.clean(summary['conditional_on'])} ({plays}{each})."]
    if played == 1:
        lines = ["One play gives no intervals, so nothing is claimed from it."]
    if len(facts.plans) > 2:
        lines.append("Each interval holds by itself, not all of them together.")
    if 1 < played < FEW_PLAYS:
        lines.append(f"{count(played)} plays are few: take the intervals as rough.")
    return lines + _other_markets(facts, pair) + ([WHAT_DECIDES] if len(facts.plans) > 1 else [])


def _other_markets(facts: Facts, pair: Pair | None) -> list[str]:
    if facts.summary["markets"] < 2:
        return ["Only one market was played, so nothing is known about others."]
    claims = [(f"whether {facts.names[plan]} pays", facts.mean(plan)) for plan in facts.plans]
    if pair:
        claims.insert(0, (f"{facts.names[pair.first]} against {facts.names[pair.second]}", pair.mean))
    turning = [
        f"{what} ({interval_text(mean['across_markets'], PER_ONE)})" for what, mean in claims if _could_turn(mean)
    ]
    if turning:
        return [f"Over other markets this could turn round: {listed(turning)}."]
    return list(_holds_elsewhere(_decisive(facts, pair)))


def _could_turn(mean: Estimate) -> bool:
    """Say whether the markets, taken as a sample of all markets, leave open what the plays decide."""
    across = mean.get("across_markets") or {}
    return bool(side(mean)) and side(across) not in (None, side(mean))


def _holds_elsewhere(mean: Estimate) -> Iterable[str]:
    across = mean.get("across_markets") or {}
    if side(mean) and side(across) == side(mean):
        yield f"The verdict holds over other markets like these, too ({_size_interval(across)})."


# ---- titles


def _headline(facts: Facts, pair: Pair | None) -> str:
    if len(facts.plans) == 1:
        return _single_headline(facts, facts.plans[0])
    if pair is None:
        return "No two plans have an ROI to compare"
    if len(ranking(facts)) > 2:
        return _rank_headline(facts)
    if side(pair.mean) == 0 and not is_zero(pair.mean):
        return f"Too close to call: {facts.names[pair.first]} or {facts.names[pair.second]}"
    if not side(pair.mean):
        return next(iter(_versus(facts, pair))).rstrip(".")
    losing = all(side(facts.mean(plan)) == -1 for plan in facts.plans)
    claim = f"{_margin(facts, pair)} ({interval_text(pair.mean, PER_ONE)})"
    return f"Neither plan pays, but {claim}" if losing else claim


def _single_headline(facts: Facts, plan: str) -> str:
    mean, name = facts.mean(plan), facts.names[plan]
    if mean.get("value") is None:
        return f"{name} {_NOTHING_SPENT}"
    if side(mean) is None:
        return f"{_gain(facts, plan)} in {_only_play(facts)}"
    if side(mean) == 0:
        return f"Too close to call whether {name} pays"
    return f"{_gain(facts, plan)} on average ({_size_interval(mean)})"


def chance_title(summary: Summary) -> str:
    """Say how likely the plans are to make a profit."""
    facts = Facts(summary)
    chances = {plan: facts.measure(plan)["probability_positive"] for plan in ranking(facts)}
    likeliest = sorted(chances, key=lambda plan: -chances[plan]["value"])
    texts = {plan: value_text(chances[plan], digits.PERCENT) for plan in likeliest}
    if not texts:
        return "No plan has an ROI, so none has a chance of profit"
    if summary["replications"] == 1:
        return "One play tells nothing about chances"
    if all(chance["value"] == 0 for chance in chances.values()):
        return "No play of any plan makes a profit" if len(texts) > 1 else "No play makes a profit"
    if len(texts) <= 2:
        first, *rest = texts
        others = "".join(f", {facts.names[plan]} in {texts[plan]}" for plan in rest)
        return f"{facts.names[first]} makes a profit in {texts[first]} of plays{others}"
    high, low = likeliest[0], likeliest[-1]
    ends = f"from {texts[low]} ({facts.names[low]}) to {texts[high]} ({facts.names[high]})"
    return f"The chance of profit goes {ends}"


def reach_title(summary: Summary) -> str:
    """Say which plan reaches more people on average, where that can be told."""
    facts = Facts(summary)
    best, *others = ranking(facts, "reach")
    name = facts.names[best]
    if not has_interval(facts.mean(best, "reach")):
        return f"{name} reaches {value_text(facts.mean(best, 'reach'))} people in the only play"
    if not others:
        return f"{name} reaches {with_interval(facts.mean(best, 'reach'))} people on average"
    pairs = [pair for other in others if (pair := pair_of(facts, best, other, "reach"))]
    unclear = [pair.second for pair in pairs if side(pair.mean) != 1]
    if unclear:
        rivals = listed(facts.names[plan] for plan in [best, *unclear])
        return f"Too close to call which plan reaches more people: {rivals}"
    if len(others) == 1:
        more = f"{value_text(pairs[0].mean)} people more than {facts.names[others[0]]}"
        return f"{name} reaches {more} ({interval_text(pairs[0].mean)})"
    return f"{name} reaches the most people: {with_interval(facts.mean(best, 'reach'))} on average"


def money_title(summary: Summary) -> str:
    """Say what the plans make or lose in money, on average."""
    facts = Facts(summary)
    if len(facts.plans) <= 2:
        when = "In the only play" if facts.summary["replications"] == 1 else "On average"
        return f"{when}, {listed(_profit_text(facts, plan) for plan in facts.plans)}"
    profits = [facts.mean(plan, "profit") for plan in facts.plans]
    sides = [side(profit) for profit in profits if not is_zero(profit)]
    parts = [
        f"{many} {one if many == 1 else more}"
        for many, one, more in (
            (sides.count(1), "makes a profit on average", "make a profit on average"),
            (sides.count(-1), "loses money", "lose money"),
            (sides.count(0), "is too close to call", "are too close to call"),
        )
        if many
    ]
    return f"Of {len(profits)} plans, {listed(parts)}" if parts else "What the plans make or lose"


def _profit_text(facts: Facts, plan: str) -> str:
    profit = facts.mean(plan, "profit")
    if side(profit) == 0 and not is_zero(profit):
        return f"{facts.names[plan]} is too close to call"
    loses = profit["value"] < 0
    size = negated(profit) if loses else profit
    unit = digits.compact_unit(digits.money_unit(facts.currency), size["value"])
    return f"{facts.names[plan]} {'loses' if loses else 'makes'} {value_text(size, unit)}{'' if loses else ' profit'}"


# ---- who is hired


def hiring(summary: Summary, plan: str) -> str:
    """Say whom a plan hires, over the markets, and what it leaves unspent."""
    facts = Facts(summary)
    rows = summary["strategies"][plan]["hiring"]
    pools = dict.fromkeys(row["pool"] for row in rows)
    parts = [_pool_text(facts, [row for row in rows if row["pool"] == pool]) for pool in pools]
    return f"{facts.names[plan]} hires {'; '.join(parts) or 'nobody'}"


def _pool_text(facts: Facts, rows: Sequence[Mapping[str, Any]]) -> str:
    pool = rows[0]["pool"]
    who = "named creators" if pool is None else digits.shortened(pool)
    hired, offered = (_range((row[key] for row in rows), count) for key in ("hired", "offered"))
    unspent = [row["unspent"] for row in rows if row["unspent"] is not None]
    unit = digits.money_unit(facts.currency)
    if not unspent:
        return f"{hired} of {offered} {who}"
    left = _range(unspent, lambda amount: digits.plain(amount, 0, unit))
    return f"{hired} of {offered} {who} ({left} left unspent)"


def _range(values: Iterable[float], show: Callable[[float], str]) -> str:
    ends = sorted(values)
    low, high = show(ends[0]), show(ends[-1])
    return low if low == high else f"{low} to {high}"
