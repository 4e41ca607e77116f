"""The conclusions that stand over pictures, each one line.

In: the summary of a study. Out: titles. Invariant: a title claims what the answer claims, and names the markets played
where others could turn it round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from simulator.present import digits
from simulator.present.claims import (
    Facts,
    Pair,
    Summary,
    could_turn,
    leading_pair,
    negated,
    never_differ,
    never_varies,
    pair_of,
    profit_side,
    ranking,
    side,
)
from simulator.present.digits import (
    LONGEST_NAME,
    PER_ONE,
    Estimate,
    count,
    has_interval,
    interval_text,
    listed,
    value_text,
    with_interval,
)
from simulator.present.pays import NOTHING_SPENT, always, gain, only_play, size_interval
from simulator.present.wins import margin, no_interval, rank, versus, why

# By the side of 0 on which the mean profit of all plans, so many of them, lies.
_ALL_PLANS = {
    1: "All {} plans make a profit on average",
    0: "Whether any of the {} plans makes a profit is too close to call",
    -1: "All {} plans lose money on average",
}
# Of what is reached, a difference in people that a title calls small.
_HARDLY = 0.05
# What a title has room for; names are cut, the longest that fit first.
MOST_LETTERS = 96
_NAMES, _SHORT_NAMES = (LONGEST_NAME, 32, 26), (20, 16, 12)


def fitted(*wordings: Callable[[int], str], most: int = MOST_LETTERS) -> str:
    """Write a title in the fullest words, and with names as long, as there is room for.

    Args:
        wordings: Each writes it with names of so many letters at most; the fullest first.
        most: How many letters it may have; where none is so short, it is the last with the shortest names.
    """
    lengths = [*(product(wordings, _NAMES)), *product(wordings, _SHORT_NAMES)]
    texts = (wording(longest) for wording, longest in lengths)
    return next((text for text in texts if len(text) <= most), wordings[-1](_SHORT_NAMES[-1]))


def cut(title: str, most: int = MOST_LETTERS) -> str:
    """Leave out what a title has no room for, at the end of a word."""
    return digits.broken(title, most, 1)[0]


def roi_title(summary: Summary, longest: int = LONGEST_NAME) -> str:
    """Say which plan earns most per one spent, or whether the only one pays."""
    facts = Facts(summary, longest)
    pair = leading_pair(facts)
    if len(facts.plans) == 1:
        return _single(facts, facts.plans[0])
    if pair is None:
        return "No two plans have an ROI to compare"
    if len(ranking(facts)) > 2:
        return _of_many(facts)
    return _of_two(facts, pair)


def _played(claims: Iterable[tuple[Estimate, int | None]]) -> str:
    """Name the condition of a claim that other markets could turn round."""
    return " in the markets played" if any(could_turn(mean, where) for mean, where in claims) else ""


def _single(facts: Facts, plan: str) -> str:
    mean, name = facts.mean(plan), facts.names[plan]
    if mean.get("value") is None:
        return f"{name} {NOTHING_SPENT}"
    if never_varies(mean):
        return always(facts, plan)
    if side(mean) is None:
        return f"{gain(facts, plan)} in {only_play(facts)}"
    if side(mean) == 0:
        return f"Too close to call whether {name} pays"
    return f"{gain(facts, plan)} on average ({size_interval(mean)}){_played([(mean, side(mean))])}"


def _of_two(facts: Facts, pair: Pair) -> str:
    names, means = facts.names, [facts.mean(plan) for plan in facts.plans]
    if pair.side == 0 and not never_differ(pair.mean):
        return f"Too close to call: {names[pair.first]} or {names[pair.second]}"
    if never_varies(pair.mean) and not never_differ(pair.mean):
        return f"No interval can be given for {names[pair.first]} against {names[pair.second]}{why(facts, [pair])}"
    if not pair.side:
        return next(iter(versus(facts, pair))).rstrip(".")
    losing = all(side(mean) == -1 for mean in means)
    claims = [(pair.mean, pair.side), *((mean, side(mean)) for mean in means if losing)]
    claim = f"{margin(facts, pair)} ({interval_text(pair.mean, PER_ONE)}){_played(claims)}"
    return f"Neither plan pays, but {claim}" if losing else claim


def short_roi_title(summary: Summary, longest: int = LONGEST_NAME) -> str:
    """Say the same in fewer words: without by how much, and of many plans without whom the first is ahead of."""
    facts = Facts(summary, longest)
    if facts.plays == 1 and len(facts.plans) > 1:
        return "One play decides nothing between the plans"
    if len(ranking(facts)) < 3:
        return _short_of_two(facts)
    found, best = rank(facts), facts.names[ranking(facts)[0]]
    if found.unknown or found.behind:
        return found.start
    if len(found.unclear) > 2:
        return f"Too close to call which of {len(facts.plans)} plans is best"
    if found.unclear:
        return f"Too close to call which plan is best: {', '.join([best, *found.unclear[:-1]])} or {found.unclear[-1]}"
    return f"{best} is ahead of all others{_played((pair.mean, pair.side) for pair in found.ahead)}"


def _short_of_two(facts: Facts) -> str:
    pair = leading_pair(facts)
    if pair and never_varies(pair.mean) and not never_differ(pair.mean):
        return f"No interval can be given for {facts.names[pair.first]} against {facts.names[pair.second]}"
    return without_brackets(roi_title(facts.summary, facts.longest))


def without_brackets(sentence: str) -> str:
    """Leave out the intervals of a sentence, and its full stop."""
    return re.sub(r" \([^()]*\d[^()]* to [^()]*\d[^()]*\)", "", sentence).rstrip(".")


def _of_many(facts: Facts) -> str:
    found = rank(facts)
    if found.unknown and not found.unclear and not found.behind:
        names = [facts.names[pair.second] for pair in found.ahead]
        ahead = f" and is ahead of {_first_of(names)}" if names else ""
        return f"{found.start}{ahead}, but {no_interval(facts, found.unknown)}"
    if not found.unclear and not found.behind:
        played = _played((pair.mean, pair.side) for pair in found.ahead)
        return f"{found.start} and is ahead of each of the others{played}"
    parts = [f"{word} {_first_of(names)}" for word, names in _against(found.behind, found.unclear) if names]
    return f"{found.start}, but is {' and '.join(parts)}"


def _against(behind: list[str], unclear: list[str]) -> list[tuple[str, list[str]]]:
    return [("behind", behind), ("too close to call against", unclear)]


def _first_of(names: list[str]) -> str:
    more = len(names) - 1
    return listed([names[0], *([f"{more} other{'' if more == 1 else 's'}"] if more else [])])


def chance_title(summary: Summary, longest: int = LONGEST_NAME) -> str:
    """Say how likely the plans are to make a profit."""
    facts = Facts(summary, longest)
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
        others = "".join(f", {facts.names[plan]} in {_seen_in(chances[plan], '')}" for plan in rest)
        return f"{facts.names[first]} makes a profit in {_seen_in(chances[first])}{others}"
    high, low = likeliest[0], likeliest[-1]
    ends = f"from {texts[low]} ({facts.names[low]}) to {texts[high]} ({facts.names[high]})"
    return f"The share of plays with a profit goes {ends}"


def _seen_in(chance: Estimate, of_plays: str = " of plays") -> str:
    """Write a share of plays; none and all of them are counted, because 0% and 100% would say that it is certain."""
    if chance["value"] in (0, 1):
        return f"{'each' if chance['value'] else 'none'} of {count(chance['n'])} plays"
    return value_text(chance, digits.PERCENT) + of_plays


def wins_title(summary: Summary, worst: Estimate | None = None, longest: int = LONGEST_NAME) -> str:
    """Say which plan wins how often, and of two plans which has the better worst plays.

    The second is said only after the first, so both hold together as surely as each (a fixed sequence of claims).

    Args:
        summary: Of the study.
        worst: The mean of the worst 5% of plays of the first plan of `leading_pair` less that of the second.
        longest: How many letters a name may have.
    """
    facts = Facts(summary, longest)
    pair = leading_pair(facts)
    if len(facts.plans) == 1 and (spread := _spread(facts)):
        return spread
    if pair is None or facts.plays == 1 or pair.mean.get("value") is None:
        return chance_title(summary, longest)
    first, second = facts.names[pair.first], facts.names[pair.second]
    if never_differ(pair.mean):
        return f"{first} and {second} have the same ROI in every play"
    if pair.usual_winner is None:
        chances = [value_text(chance, digits.PERCENT) for chance in (pair.first_wins, pair.second_wins)]
        return f"Too close to call which wins more often: {first} ({chances[0]} of plays) or {second} ({chances[1]})"
    return f"{_usual(facts, pair)}{_but(facts, pair, worst)}"


def _spread(facts: Facts) -> str:
    """Say of a single plan between which values the ROI of most plays lies; "" where too few plays tell."""
    low, high = (facts.measure(facts.plans[0])["quantiles"][end] for end in ("0.05", "0.95"))
    if not has_interval(low) or not has_interval(high):
        return ""
    text = digits.range_text(low, high, PER_ONE).replace(" to ", " and ")
    return f"In 90% of plays the ROI of {facts.names[facts.plans[0]]} lies between {text}"


def _usual(facts: Facts, pair: Pair) -> str:
    """Say who wins more often and how often; where most plays are ties, the other one, too."""
    chances = {pair.first: pair.first_wins, pair.second: pair.second_wins}
    winner = pair.usual_winner or pair.first
    (other,) = (plan for plan in chances if plan != winner)
    chance, less = chances[winner], value_text(chances[other], digits.PERCENT)
    share = f"each of {count(chance['n'])}" if chance["value"] == 1 else f"{value_text(chance, digits.PERCENT)} of"
    against = f" against {facts.names[other]}" if len(facts.plans) > 2 else ""
    if not against and chance["value"] < 1 / 2:
        against = f", {facts.names[other]} {less}"
    return f"{facts.names[winner]} wins {share} plays{against}"


def _but(facts: Facts, pair: Pair, worst: Estimate | None) -> str:
    """Say where the mean disagrees with who wins more often; else whose worst plays are better, of two plans."""
    if pair.usual_winner == pair.second and pair.side == 1:
        return ", but its mean ROI is lower"
    if pair.side == 0:
        return ", but mean ROI is too close to call"
    if worst is None or pair.side is None or len(facts.plans) > 2:
        return ""
    lose = all(side(facts.measure(plan)["expected_shortfall_5"]) == -1 for plan in (pair.first, pair.second))
    better, worse = ("loses less", "loses more") if lose else ("is better", "is worse")
    texts = {1: f", and {better} in its worst 5%", -1: f", but {worse} in its worst 5%"}
    return texts.get(side(worst) or 0, "")


def days_label(summary: Summary) -> str:
    """Say from when days are counted."""
    start = summary.get("start")
    return f"days since the start ({start})" if start else "days since the start"


def reach_title(summary: Summary, longest: int = LONGEST_NAME) -> str:
    """Say which plan reaches more people on average, where that can be told."""
    facts = Facts(summary, longest)
    best, *others = ranking(facts, "reach")
    name, mean = facts.names[best], facts.mean(best, "reach")
    if facts.plays == 1:
        return f"{name} reaches {value_text(mean)} people in the only play"
    if not others:
        average = with_interval(mean) if has_interval(mean) else value_text(mean)
        return f"{name} reaches {average} people on average"
    pairs = [pair for other in others if (pair := pair_of(facts, best, other, "reach"))]
    unclear = [pair.second for pair in pairs if pair.side in (0, -1)]
    unknown = [pair for pair in pairs if pair.side is None]
    if unclear:
        rivals = listed(facts.names[plan] for plan in [best, *unclear])
        return f"Too close to call which plan reaches more people: {rivals}"
    if unknown:
        nobody = listed(facts.names[pair.second] for pair in unknown)
        return f"{name} reaches the most people in these plays; no interval can be given against {nobody}"
    return _most_reached(facts, pairs)


def short_reach_title(summary: Summary, longest: int = LONGEST_NAME) -> str:
    """Say the same without by how much."""
    facts = Facts(summary, longest)
    best, *others = ranking(facts, "reach")
    pairs = [pair for other in others if (pair := pair_of(facts, best, other, "reach"))]
    if pairs and all(pair.side == 1 for pair in pairs):
        return f"{facts.names[best]} reaches the most people{_played((pair.mean, pair.side) for pair in pairs)}"
    if any(pair.side in (0, -1) for pair in pairs):
        return "Too close to call which plan reaches more people"
    return without_brackets(reach_title(summary, longest))


def _most_reached(facts: Facts, pairs: Sequence[Pair]) -> str:
    """Say how many more people a plan reaches than the next one, which is sure for each of these pairs."""
    nearest, name = min(pairs, key=lambda pair: float(pair.mean["value"])), facts.names[pairs[0].first]
    played, other = _played((pair.mean, pair.side) for pair in pairs), facts.names[nearest.second]
    if len(pairs) == 1:
        interval = interval_text(nearest.mean)
        return f"{name} reaches {value_text(nearest.mean)} people more than {other} ({interval}){played}"
    mean = facts.mean(nearest.first, "reach")
    little = f" but of {value_text(mean)} only" if nearest.mean["value"] < _HARDLY * mean["value"] else ""
    return f"{name} reaches the most people,{little} {with_interval(nearest.mean)} more than {other}{played}"


def money_title(summary: Summary, longest: int = LONGEST_NAME, *, short: bool = False) -> str:
    """Say what the plans make or lose in money, on average; `short` spends few words on what is too close to call."""
    facts = Facts(summary, longest)
    claims = [(facts.mean(plan, "profit"), profit_side(facts, plan)) for plan in facts.plans]
    if len(facts.plans) <= 2:
        if all(_untold(facts, plan) for plan in facts.plans):
            return f"These plays do not tell whether {'a' if len(facts.plans) > 1 else 'the'} plan makes a profit"
        return _profits_told(facts, _played(claims), short=short)
    sides = [where for _, where in claims]
    if sides[0] is not None and len(set(sides)) == 1:
        return f"{_ALL_PLANS[sides[0]].format(len(sides))}{_played(claims)}"
    parts = [
        f"{many} {one if many == 1 else more}"
        for many, one, more in (
            (sides.count(1), "makes a profit on average", "make a profit on average"),
            (sides.count(-1), "loses money", "lose money"),
            (sides.count(0), "is too close to call", "are too close to call"),
        )
        if many
    ]
    if parts and (unknown := sides.count(None)):
        parts.append(f"what {unknown} {'makes' if unknown == 1 else 'make'} is not known")
    return f"Of {len(claims)} plans, {listed(parts)}{_played(claims)}" if parts else "What the plans make or lose"


def _untold(facts: Facts, plan: str) -> bool:
    return never_varies(facts.mean(plan)) or never_varies(facts.mean(plan, "profit"))


def _profits_told(facts: Facts, played: str, *, short: bool) -> str:
    """Say what one plan or two make or lose: first what is clear, then what is too close to call or not known."""
    unknown = [facts.names[plan] for plan in facts.plans if _untold(facts, plan)]
    told = {plan: profit_side(facts, plan) for plan in facts.plans if not _untold(facts, plan)}
    unclear = [facts.names[plan] for plan, where in told.items() if where == 0]
    clear = [plan for plan, where in told.items() if where != 0]
    parts = []
    if clear:
        when = "In the only play" if facts.plays == 1 else f"On average{played}"
        parts.append(f"{when}, {listed(_profit_text(facts, plan) for plan in clear)}")
    if unclear and clear and short:
        parts.append(f"{unclear[0]} is too close to call")
    elif unclear:
        which = "either plan" if len(unclear) > 1 else unclear[0]
        profit = "any" if clear and facts.mean(clear[0], "profit")["value"] >= 0 else "a profit"
        parts.append(f"{'whether' if clear else 'Whether'} {which} makes {profit} is too close to call")
    return "; ".join([*parts, *(f"what {name} makes is not known" for name in unknown)])


def _profit_text(facts: Facts, plan: str) -> str:
    profit, name = facts.mean(plan, "profit"), facts.names[plan]
    loses = profit["value"] < 0
    size = negated(profit) if loses else profit
    unit = digits.compact_unit(digits.money_unit(facts.currency), size["value"])
    return f"{name} {'loses' if loses else 'makes'} {value_text(size, unit)}{'' if loses else ' profit'}"
