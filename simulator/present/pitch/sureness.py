"""How sure the answer is, and of what: the exhibit.

In: findings. Out: an `Exhibit`. Invariants: its title is the verdict on the claim that the answer makes, and is never
surer than the interval of that claim; what no interval covers is always said; of one play nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.present import digits
from simulator.present.claims import (
    Facts,
    Pair,
    could_turn,
    leading_pair,
    never_differ,
    never_varies,
    pair_of,
    ranking,
    side,
)
from simulator.present.digits import PER_ONE, Estimate, count, has_interval, interval_text, with_interval
from simulator.present.findings import Findings
from simulator.present.meanings_of_answers import METHODS
from simulator.present.pays import between, of_plays
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.sensitivity import variance_lines
from simulator.present.wins import rank
from simulator.present.words import FEW_PLAYS, answer

_NAME = 18  # letters of a plan in a title
# From so many markets on, what they tell of others is not called little. Student's t takes it that markets differ
# evenly about their mean, which few cannot show: where one in ten is very bad, 6 in 10 intervals of four are wrong.
_FEW_MARKETS = 5


@dataclass(frozen=True)
class _Claim:
    """What the answer hangs on.

    Attributes:
        sure: The claim, where it is one.
        unsure: What is open, where it is not.
        of: What has the interval, in a sentence.
        mean: Its estimate.
        side: On which side of 0 it may be said to lie, of the leading plan against every other; None where nothing can
            be said.
        pair: The two plans that are compared; None for a plan by itself.
    """

    sure: str
    unsure: str
    of: str
    mean: Estimate
    side: int | None
    pair: Pair | None


def sureness(findings: Findings) -> Exhibit:
    """Say how sure the answer is, what its intervals cover, and what they do not."""
    facts = findings.facts
    claim = _claim(facts)
    return Exhibit(
        "sureness",
        _title(facts, claim),
        lines=tuple(_lines(facts, claim)),
        table=_table(facts),
        details=(*answer(findings.summary).limits, *_shares(findings)),
        notes=tuple(_notes(facts)),
    )


def _claim(facts: Facts) -> _Claim:
    pair = leading_pair(facts)
    if pair is None:
        return _of_one(facts, next(iter(ranking(facts)), facts.plans[0]))
    first, second = (facts.names[plan] for plan in (pair.first, pair.second))
    of = f"the mean ROI of {first} minus that of {second}"
    sure = f"{digits.shortened(first, _NAME)} leads on average"
    return _Claim(sure, "Which plan leads on average", of, pair.mean, _side(facts, pair), pair)


def _of_one(facts: Facts, plan: str) -> _Claim:
    mean, name = facts.mean(plan), digits.shortened(facts.names[plan], _NAME)
    where = side(mean)
    sure = f"{name} {'pays' if where == 1 else 'loses money'} on average"
    return _Claim(sure, f"Whether {name} pays on average", f"the mean ROI of {facts.names[plan]}", mean, where, None)


def _side(facts: Facts, pair: Pair) -> int | None:
    """Say whether the plan that leads does so for sure: against each of the others, not the second only."""
    if pair.side != 1 or len(ranking(facts)) == 2:
        return pair.side
    ranked = rank(facts)
    return 0 if ranked.unclear or ranked.behind or ranked.unknown else 1


# ---- the title


def _title(facts: Facts, claim: _Claim) -> str:
    if facts.plays == 1:
        return "One play says nothing of how sure this is"
    if claim.mean.get("value") is None:
        return "Without an ROI to compare, nothing is sure"
    if never_varies(claim.mean) or never_differ(claim.mean) or claim.side is None:
        return f"{claim.unsure}: no interval can be given"
    if claim.side == 0:
        return f"{claim.unsure} is not sure"
    few = f", but {count(facts.plays)} plays are few" if facts.plays < FEW_PLAYS else _elsewhere(facts, claim)
    return f"{claim.sure}: sure in {_markets(facts)} played{few}"


def _markets(facts: Facts) -> str:
    return "the market" if facts.markets == 1 else f"the {count(facts.markets)} markets"


def _elsewhere(facts: Facts, claim: _Claim) -> str:
    """Say what that is worth in other markets."""
    if facts.markets == 1:
        return "; of others nothing is known"
    if _turns(facts, claim):
        return "; others could turn it"
    if facts.summary.get("people_from") == "file":
        return ", all on one graph"
    if not _holds_elsewhere(facts, claim):
        return ""
    return ", likely in others like them" if facts.markets < _FEW_MARKETS else " and in others like them"


def _means(facts: Facts, claim: _Claim) -> Iterator[Estimate]:
    """Give every mean that the claim rests on: of the leading plan, the differences from all others."""
    pair = claim.pair
    pairs = [pair_of(facts, pair.first, other) for other in ranking(facts) if other != pair.first] if pair else []
    yield from (its.mean for its in pairs if its) if pair else (claim.mean,)


def _turns(facts: Facts, claim: _Claim) -> bool:
    return any(could_turn(mean, claim.side) for mean in _means(facts, claim))


def _holds_elsewhere(facts: Facts, claim: _Claim) -> bool:
    return all(side(mean.get("across_markets") or {}) == claim.side for mean in _means(facts, claim))


# ---- what the intervals cover


def _lines(facts: Facts, claim: _Claim) -> Iterator[str]:
    if has_interval(claim.mean):
        yield _covers_plays(facts, claim)
        yield from _covers_markets(facts, claim)
        if claim.mean["low"] != claim.mean["high"]:
            yield _halved(facts)
    elif facts.plays > 1 and claim.mean.get("value") is not None:
        yield f"No interval can be given of {claim.of}: it never varied, or too few plays have one."
    yield from _chance(facts, claim)
    yield (
        "No interval covers what the scenario says: that its rates hold, that sources disagree on them, and that the "
        "model leaves things out."
    )


def _covers_plays(facts: Facts, claim: _Claim) -> str:
    level = digits.plain(100 * float(claim.mean["level"]), 0)
    if claim.mean["low"] == claim.mean["high"]:
        return f"{claim.of[0].upper()}{claim.of[1:]} is decided by the plans, not by chance."
    where = f"Over endless plays in {_markets(facts)} played"
    return f"{where}, {claim.of} lies between {between(claim.mean)} ({level}% interval)."


def _covers_markets(facts: Facts, claim: _Claim) -> Iterator[str]:
    across = claim.mean.get("across_markets") or {}
    if facts.markets == 1:
        yield "Other markets are not covered, as only one was played."
    elif has_interval(across):
        what = "on this graph" if facts.summary.get("people_from") == "file" else "like these"
        few = facts.markets < _FEW_MARKETS
        only, rare = ("only ", "; rare kinds of market may be missing among so few") if few else ("", "")
        turns = ", so there it may be the other way" if could_turn(claim.mean, claim.side) else ""
        judged = f"judged by {only}{count(facts.markets)} of them"
        yield f"In other markets {what}, {judged}, it lies between {between(across)}{turns}{rare}."


def _halved(facts: Facts) -> str:
    """Say what more plays would do: they tell more of the markets played, and nothing of others."""
    each = " of each plan" if len(facts.plans) > 1 else ""
    more = f"Half as wide an interval takes about four times as many plays, {count(4 * facts.plays)}{each}"
    if facts.markets == 1 or facts.summary.get("people_from") == "file":
        return f"{more}."
    return f"{more}; for other markets it takes more markets."


def _chance(facts: Facts, claim: _Claim) -> Iterator[str]:
    """Say what the chance of winning means."""
    if claim.pair is None or facts.plays == 1 or claim.pair.first_wins.get("value") is None:
        return
    first, second = (facts.names[plan] for plan in (claim.pair.first, claim.pair.second))
    single = "" if claim.pair.first_wins["value"] == 1 else ": a single campaign can go the other way"
    wins = f"{first} wins {of_plays(claim.pair.first_wins)} against {second}"
    yield f"{wins}. More plays make that share no higher{single}."


# ---- the table


def _table(facts: Facts) -> Table:
    """Give each claim with what both of its intervals are."""
    rows, measures = [], []
    for plan in facts.plans:
        rows.append(_row(f"ROI of {facts.names[plan]}", facts.mean(plan)))
        measures.append("roi")
    order = ranking(facts)
    for other in order[1:]:
        pair = pair_of(facts, order[0], other)
        if pair:
            rows.append(_row(f"ROI of {facts.names[order[0]]} minus {facts.names[other]}", pair.mean))
            measures.append("difference")
    header = ("mean of", "in the markets played (95% interval)", "in other markets like these", "plays")
    return Table(header, tuple(rows), tuple(measures))


def _row(what: str, mean: Estimate) -> tuple[str, str, str, str]:
    across = mean.get("across_markets") or {}
    other = interval_text(across, PER_ONE) if has_interval(across) else "not known"
    return what, with_interval(mean, PER_ONE), other, count(mean.get("n") or 0)


# ---- what is known besides


def _shares(findings: Findings) -> Iterator[str]:
    """Say what makes plays differ, where that was asked."""
    asked = findings.decisions.get("sensitivity")
    if asked:
        yield from variance_lines(asked)


def _notes(facts: Facts) -> Iterator[str]:
    """Say how the intervals are made."""
    yield METHODS["t"]
    if facts.markets > 1:
        yield f"Across markets: {METHODS['t over market means']}"
    if len(facts.plans) > 1:
        yield f"Chance of winning: {METHODS['wilson']}"
