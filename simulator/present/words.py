"""Estimates as sentences; terminal, report and deck all take theirs from here.

In: the summary of a study. Out: an `Answer`: does any plan pay and what would break even, which plan
wins, and what that holds for. Invariant: no sentence claims more than its interval supports, and
no plan is favoured: swapping two plans swaps them in the sentences and changes nothing else.

A claim needs an interval that leaves out 0; where it does not, the sentence says "too close to call", and where there
is none, that none can be given.
The verdict is the mean's; the chance of winning stands beside it, and disagreement is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulator.present import digits
from simulator.present.claims import (
    Facts,
    Pair,
    Summary,
    could_turn,
    leading_pair,
    never_differ,
    never_varies,
    ranking,
    side,
)
from simulator.present.digits import PER_ONE, Estimate, count, interval_text, listed, value_text
from simulator.present.evidence import evidence_name
from simulator.present.hiring import paid_share
from simulator.present.long_run import over_time
from simulator.present.pays import pays, size_interval
from simulator.present.stopping import stopping_lines
from simulator.present.titles import roi_title
from simulator.present.wins import wins

FEW_PLAYS = 30
# Without this decline no portfolio of small accounts ever wins; users must know where it comes from.
SIZE_DECIDES = (
    "Between small and large accounts it is decided by how fast reach, engagement, clicks and orders per "
    "follower fall as accounts grow, against what a follower and a contract cost: all from the scenario"
)
PAID_DECIDES = (
    "Between paid impressions and creators' posts it is decided by what a thousand impressions of each cost and how "
    "often they are clicked and lead to orders: all from the scenario"
)
# Plans whose accounts differ by this factor hire small and large ones.
_OTHER_SIZE = 3.0
# From this share of each other on, sums count as the same.
_SAME_SUM = 0.95


@dataclass(frozen=True)
class Answer:
    """The answer of a study, in the order it is read; what belongs together is one text."""

    headline: str
    pays: tuple[str, ...]
    wins: tuple[str, ...]
    # What the long run changes in that, where a campaign leaves anything behind.
    over_time: tuple[str, ...]
    limits: tuple[str, ...]
    # The mean that is too close to call, or that never varied, where one is: more replications tell more of it.
    undecided: Estimate | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Give everything, the verdicts first."""
        return self.pays + self.wins + self.over_time + self.limits


def answer(summary: Summary, sizes: Mapping[str, float] | None = None) -> Answer:
    """Say what a study found.

    Args:
        summary: Of the study.
        sizes: How large the accounts are that each plan hires, as in `hiring.account_sizes`; without them nothing is
            said of what decides between small and large ones.
    """
    facts = Facts(summary)
    pair = leading_pair(facts)
    return Answer(
        headline=roi_title(summary),
        pays=tuple(pays(facts)),
        wins=tuple(wins(facts, pair)),
        over_time=tuple(over_time(facts)),
        limits=(*stopping_lines(summary), *_limits(facts, pair), *_what_decides(facts, sizes or {})),
        undecided=_undecided(facts, pair),
    )


def _undecided(facts: Facts, pair: Pair | None) -> Estimate | None:
    decisive, where = _decisive(facts, pair)
    unknown = (mean for plan in facts.plans if never_varies(mean := facts.mean(plan)))
    return decisive if where == 0 and not never_differ(decisive) else next(unknown, None)


def _decisive(facts: Facts, pair: Pair | None) -> tuple[Estimate, int | None]:
    """Give the mean that the answer hangs on, and on which side of 0 it may be said to lie."""
    mean = facts.mean(facts.plans[0])
    return (pair.mean, pair.side) if pair else (mean, side(mean))


def _limits(facts: Facts, pair: Pair | None) -> list[str]:
    summary, played = facts.summary, facts.plays
    level = digits.plain(100 * float(_decisive(facts, pair)[0].get("level", 0.95)), 0)
    plays = f"{count(played)} play{'' if played == 1 else 's'}"
    each = " of each plan" if len(facts.plans) > 1 else ""
    lines = [f"Intervals are {level}% and hold for {digits.clean(summary['conditional_on'])} ({plays}{each})."]
    if played == 1:
        lines = ["One play gives no intervals, so nothing is claimed from it."]
    if pair and pair.together > 1:
        lines.append("Each interval holds by itself, not all of them together.")
        lines.append(
            f"Who is ahead of whom is claimed so that all {pair.together} comparisons hold together ({level}%)."
        )
    if 1 < played < FEW_PLAYS:
        lines.append(f"{count(played)} plays are few: take the intervals as rough.")
    return [*lines, *_unlike_sums(facts), *_other_markets(facts, pair)]


def _unlike_sums(facts: Facts) -> Iterable[str]:
    """Say it where plans that are compared spend clearly different sums."""
    spends = {plan: facts.mean(plan, "spend") for plan in ranking(facts)}
    order = sorted(spends, key=lambda plan: float(spends[plan]["value"]))
    if len(order) < 2 or spends[order[0]]["value"] >= _SAME_SUM * spends[order[-1]]["value"]:
        return
    unit = digits.money_unit(facts.currency)
    least, most = (f"{value_text(spends[plan], unit)} ({facts.names[plan]})" for plan in (order[0], order[-1]))
    yield f"ROI compares unlike sums: what a play spends on average goes from {least} to {most}."


def _what_decides(facts: Facts, sizes: Mapping[str, float]) -> Iterable[str]:
    """Say what decides between plans of different kinds, and whose numbers these are."""
    evidence = evidence_name(facts.summary)
    whose = f" and {evidence}." if evidence else "."
    if sizes and max(sizes.values()) >= _OTHER_SIZE * min(sizes.values()):
        yield SIZE_DECIDES + whose
    paid = [paid_share(facts.summary, plan) for plan in facts.plans]
    if max(paid) - min(paid) > 1 - _SAME_SUM:
        yield PAID_DECIDES + whose


def _other_markets(facts: Facts, pair: Pair | None) -> list[str]:
    if facts.markets < 2:
        return ["Only one market was played, so nothing is known about others."]
    same_graph = facts.summary.get("people_from") == "file"
    others = "other markets on this graph" if same_graph else "other markets"
    turning = _turning(facts, pair)
    lines = [f"Over {others} this could turn round: {listed(turning)}."] if turning else []
    if same_graph:
        # Markets of one graph may not differ at all, and agreement between them would then be no evidence.
        return [*lines, "All markets share the graph of the file, so nothing is known about other graphs."]
    return lines or list(_holds_elsewhere(*_decisive(facts, pair)))


def _turning(facts: Facts, pair: Pair | None) -> list[str]:
    """Name the claims that other markets could turn round, each with its interval across markets."""
    means = [(f"whether {facts.names[plan]} pays", facts.mean(plan)) for plan in facts.plans]
    claims = [(what, mean, side(mean)) for what, mean in means]
    if pair:
        claims.insert(0, (f"{facts.names[pair.first]} against {facts.names[pair.second]}", pair.mean, pair.side))
    return [
        f"{what} ({interval_text(mean['across_markets'], PER_ONE)})"
        for what, mean, where in claims
        if could_turn(mean, where)
    ]


def _holds_elsewhere(mean: Estimate, where: int | None) -> Iterable[str]:
    across = mean.get("across_markets") or {}
    if where and side(across) == where:
        yield f"The verdict holds over other markets like these, too ({size_interval(across)})."
