"""Which plan wins: the second part of the answer.

In: facts. Out: sentences. Invariant: the verdict is that of the mean paired difference, and swapping two plans swaps
them in the sentences; the chance of winning stands beside it, and disagreement is said. Where there is no interval
nothing is called close: that none can be given is said, and who was ahead in how many plays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simulator.present import digits
from simulator.present.claims import Facts, Pair, negated, never_differ, never_varies, pair_of, ranking, side
from simulator.present.digits import PER_ONE, Estimate, count, interval_text, listed
from simulator.present.pays import always, between, of_plays, per_spent

# More ties than this are told [share of plays].
_FEW_TIES = 0.05
# How a sentence begins that says that mean and chance do not go together.
DISAGREE = "Mean and chance of winning disagree"


class Rank(NamedTuple):
    """The leading plan, and the others by what may be said of it against them: names as shown, and pairs."""

    start: str
    ahead: list[Pair]
    unclear: list[str]
    behind: list[str]
    # Against these there is no interval.
    unknown: list[Pair]


def wins(facts: Facts, pair: Pair | None) -> list[str]:
    """Say which plan wins, by how much and how often."""
    if len(facts.plans) == 1:
        return ["Only one plan was played, so there is none to compare it with."]
    if pair is None:
        return ["Fewer than two plans have an ROI, so they cannot be compared by it."]
    ranked = [] if len(ranking(facts)) == 2 else [_rank_sentence(facts)]
    return [*ranked, *versus(facts, pair), *_money_disagrees(facts, pair)]


def rank(facts: Facts) -> Rank:
    """Name the leading plan, those it is ahead of, those it cannot be told from, those ahead of it, and the rest."""
    best, *others = ranking(facts)
    pairs = {other: pair_of(facts, best, other) for other in others}
    sides = {other: pair.side if pair else None for other, pair in pairs.items()}
    return Rank(
        _rank_start(facts, best, others),
        [pair for pair in pairs.values() if pair and pair.side == 1],
        [facts.names[other] for other in others if sides[other] == 0],
        [facts.names[other] for other in others if sides[other] == -1],
        [pair for other, pair in pairs.items() if pair and sides[other] is None],
    )


def _rank_start(facts: Facts, best: str, others: list[str]) -> str:
    with_roi = "" if len(others) + 1 == len(facts.plans) else " that have one"
    highest = all(facts.mean(best)["value"] >= facts.mean(other)["value"] for other in others)
    if highest:
        return f"{facts.names[best]} has the highest mean ROI of the {len(others) + 1} plans{with_roi}"
    return f"{facts.names[best]} comes first of the {len(others) + 1} plans, pair by pair where both spend"


def _rank_sentence(facts: Facts) -> str:
    found = rank(facts)
    unknown = f"{no_interval(facts, found.unknown)}." if found.unknown else ""
    if found.unknown and not found.ahead and not found.unclear and not found.behind:
        return f"{found.start}, but {unknown}"
    return f"{_sides_sentence(facts, found)}{'; ' if unknown else '.'}{unknown}"


def _sides_sentence(facts: Facts, found: Rank) -> str:
    if not found.unclear and not found.behind:
        others = listed(facts.names[pair.second] for pair in found.ahead) if found.unknown else "each of the others"
        return f"{found.start} and is ahead of {others}"
    ahead = [f"it is ahead of {listed(facts.names[pair.second] for pair in found.ahead)}"] if found.ahead else []
    behind = [f"it is behind {listed(found.behind)}"] if found.behind else []
    unclear = [f"it is too close to call against {listed(found.unclear)}"] if found.unclear else []
    if not ahead:
        return f"{found.start}, but {' and '.join(behind + unclear)}"
    return f"{found.start}: {ahead[0]}, but {' and '.join(behind + unclear).removeprefix('it is ')}"


def no_interval(facts: Facts, pairs: Sequence[Pair]) -> str:
    """Say that a plan cannot be compared with others by an interval, and why."""
    return f"no interval can be given against {listed(facts.names[pair.second] for pair in pairs)}{why(facts, pairs)}"


def why(facts: Facts, pairs: Sequence[Pair]) -> str:
    """Say in brackets why there is no interval, and of a single pair who was ahead in the plays."""
    plans = dict.fromkeys([pairs[0].first, *(pair.second for pair in pairs)])
    constant = [plan for plan in plans if never_varies(facts.mean(plan))]
    # The last one named before the brackets is "it".
    who = "it" if constant == [pairs[-1].second] and len(pairs) == 1 else listed(facts.names[plan] for plan in constant)
    told = [f"{who} never varied" if constant else "", lead(facts, pairs[0]) if len(pairs) == 1 else ""]
    return f" ({'; '.join(filter(None, told))})" if any(told) else ""


def lead(facts: Facts, pair: Pair) -> str:
    """Count in how many plays the plan that was ahead more often was so; empty where neither was."""
    wins = {plan: _plays(of) for plan, of in ((pair.first, pair.first_wins), (pair.second, pair.second_wins))}
    usual = max(wins, key=lambda plan: wins[plan])
    if min(wins.values()) == wins[usual]:
        return ""
    return f"{facts.names[usual]} was ahead in {count(wins[usual])} of {count(pair.first_wins['n'])} plays"


def _plays(chance: Estimate) -> int:
    return round(float(chance["value"] or 0.0) * int(chance["n"]))


def versus(facts: Facts, pair: Pair) -> Iterable[str]:
    """Compare two plans: by the mean, by the chance of winning, and say where these disagree."""
    first, second = facts.names[pair.first], facts.names[pair.second]
    where, common = pair.side, _common(facts, pair)
    if pair.mean.get("value") is None:
        yield f"In no play do both {first} and {second} have an ROI, so they cannot be compared by it."
    elif never_varies(pair.mean) or never_differ(pair.mean):
        yield f"{_never_varies(facts, pair)}{common}."
    elif where is None:
        yield f"In the only play to compare, {margin(facts, pair)}; one play decides nothing."
    elif where == 0:
        difference = f"the mean ROI of {first} minus that of {second} lies between {between(pair.mean)}"
        by_itself = f" (by itself; not with all {pair.together} comparisons together)" if side(pair.mean) else ""
        yield f"{first} against {second} is too close to call: {difference}{by_itself}{common}."
        yield chances(facts, pair)
        yield from _usual_winner_not_ahead(facts, pair)
    else:
        chance = f"wins {of_plays(pair.first_wins)}"
        but = "but" if pair.usual_winner == pair.second else "and"
        yield f"{margin(facts, pair)} ({interval_text(pair.mean, PER_ONE)}) {but} {chance}{common}."
        yield from _usual_winner_behind(facts, pair)


def chances(facts: Facts, pair: Pair) -> str:
    """Say how often each of two plans wins."""
    first, second = facts.names[pair.first], facts.names[pair.second]
    return f"{first} wins {of_plays(pair.first_wins)} and {second} {of_plays(pair.second_wins)}{_ties_text(pair)}."


def _ties_text(pair: Pair) -> str:
    """Say how many plays neither plan wins, where these are not few."""
    ties = 1 - float(pair.first_wins["value"] or 0.0) - float(pair.second_wins["value"] or 0.0)
    return f"; the other {digits.plain(100 * ties, 0, digits.PERCENT)} are ties" if ties > _FEW_TIES else ""


def _common(facts: Facts, pair: Pair) -> str:
    pairs = pair.mean.get("n", facts.plays)
    return f", in the {count(pairs)} plays where both spend" if 1 < pairs < facts.plays else ""


def _never_varies(facts: Facts, pair: Pair) -> str:
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.mean["value"] == 0:
        return f"{first} and {second} have the same ROI in every one of {count(pair.mean['n'])} plays"
    constant = [always(facts, plan) for plan in (pair.first, pair.second) if never_varies(facts.mean(plan))]
    reason = listed(constant) or f"their ROI differed by the same in each of {count(pair.mean['n'])} plays"
    ahead = lead(facts, pair)
    told = f"{reason}, and where nothing varies the mean is not known{f'; {ahead}' if ahead else ''}"
    return f"No interval can be given for {first} against {second}: {told}"


def margin(facts: Facts, pair: Pair) -> str:
    """Say by how much the first plan is ahead; a losing plan may still lose less."""
    first, second = facts.names[pair.first], facts.names[pair.second]
    if pair.mean["value"] == 0:
        return f"{first} and {second} have the same ROI"
    loses = side(facts.mean(pair.first)) == -1
    verb, word = ("loses", " less") if loses else ("earns", " more")
    return f"{first} {verb} {per_spent(facts, pair.mean, word)} than {second}"


def _usual_winner_not_ahead(facts: Facts, pair: Pair) -> Iterable[str]:
    if pair.usual_winner:
        usual = facts.names[pair.usual_winner]
        yield f"{DISAGREE}: {usual} wins more often, its mean is not clearly ahead."


def _usual_winner_behind(facts: Facts, pair: Pair) -> Iterable[str]:
    if pair.usual_winner == pair.second:
        ahead, behind = facts.names[pair.first], facts.names[pair.second]
        wins = f"{behind} wins {of_plays(pair.second_wins)}, {ahead} fewer but by more"
        yield f"{DISAGREE}: {wins}."


def _money_disagrees(facts: Facts, pair: Pair) -> Iterable[str]:
    money, where = pair_of(facts, pair.first, pair.second, "profit"), pair.side
    if money and where and money.side == -where:
        more = digits.money(negated(money.mean), facts.currency)
        loses = (facts.mean(pair.second, "profit")["value"] or 0.0) < 0
        what = f"loses {more} less" if loses else f"makes {more} more profit"
        yield f"In money it is the other way round: {facts.names[pair.second]} {what}."
