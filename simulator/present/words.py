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
from simulator.present.attribution import attribution_lines
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
from simulator.present.pays import WITHIN, break_even, pays, size_interval, who_pays_counted
from simulator.present.stopping import stopping_lines
from simulator.present.titles import roi_title, without_brackets
from simulator.present.wins import DISAGREE, chances, wins
from simulator.study.advice import rounded_up, times_to_decide

FEW_PLAYS = 30
# On the face of a slide: claims that other markets could turn round, plans named.
_MOST_TURNING, _MOST_NAMED = 2, 4
# Beyond this many times the plays, more of them is no sensible advice.
MOST_TIMES = 50
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


def face_lines(summary: Summary) -> list[str]:
    """Say in few lines what stands beside the headline: does any plan pay, who wins how often, what it holds for."""
    facts = Facts(summary)
    pair, later = leading_pair(facts), over_time(facts)
    lines = [*_who_pays(facts), *_how_often(facts, pair), " ".join(later[-2:]), *_of_what(facts, pair)[:1]]
    return [line for line in [*lines, *_other_markets(facts, pair, _MOST_TURNING)[:1]] if line]


def doubts(summary: Summary, sizes: Mapping[str, float] | None = None) -> list[str]:
    """Say what could change the answer, whatever was asked besides: costs, more plays, other markets, what decides.

    Args:
        summary: Of the study.
        sizes: As in `answer`.
    """
    facts = Facts(summary)
    pair = leading_pair(facts)
    first, *others = [*(ranked := ranking(facts)), *(plan for plan in facts.plans if plan not in ranked)]
    even = [line for plan in others for line in break_even(facts, plan, facts.names[plan])]
    own = list(break_even(facts, first, facts.names[first]))
    more = [*_few_plays(facts), *_more_plays(facts, pair), *_other_markets(facts, pair), *_unlike_sums(facts)]
    anyway = [line for plan in facts.plans for line in attribution_lines(summary, plan)]
    return [*own, *more, *even, *_what_decides(facts, sizes or {}), *anyway]


def doubts_title(summary: Summary, longest: int = digits.LONGEST_NAME, *, short: bool = False) -> str:
    """Say in one line what may change the answer: markets, more plays, or costs; `short` without intervals."""
    facts = Facts(summary, longest)
    pair = leading_pair(facts)
    decisive, where = _decisive(facts, pair)
    if facts.plays == 1:
        return "One play decides nothing, so any other may change the answer"
    if could_turn(decisive, where):
        return f"In other markets this could turn round: {_turning_words(facts, pair)}"
    if where == 0 and not never_differ(decisive):
        who = f" between {facts.names[pair.first]} and {facts.names[pair.second]}" if pair else ""
        return (
            f"These plays leave the choice open{who}"
            if pair
            else f"These plays leave open whether {_first(facts)} pays"
        )
    best = next(iter(ranking(facts)), None)
    line = next(iter(break_even(facts, best, facts.names[best])), "") if best else ""
    within = line.partition(WITHIN)[2]
    if best and within:
        return f"{facts.names[best]} breaks even somewhere {within.rstrip('.')}"
    told = without_brackets(line) if short else line.rstrip(".")
    return told or "These plays do not tell what would change the answer"


def _turning_words(facts: Facts, pair: Pair | None) -> str:
    return f"{facts.names[pair.first]} against {facts.names[pair.second]}" if pair else f"whether {_first(facts)} pays"


def _first(facts: Facts) -> str:
    return facts.names[facts.plans[0]]


def _more_plays(facts: Facts, pair: Pair | None) -> Iterable[str]:
    """Say how many more plays would decide what is too close to call, where that is a sensible number."""
    undecided = _undecided(facts, pair)
    if undecided is None or not undecided["value"] or not digits.has_interval(undecided):
        return
    times = times_to_decide(undecided, pair.together if pair else 1)
    if times is not None and times <= MOST_TIMES:
        more = rounded_up(facts.plays * max(times - 1, 1.0))
        what = "which plan is better, if the difference" if pair else "whether it pays, if the mean"
        yield f"About {count(more)} more plays would decide {what} is what it seems."


def _who_pays(facts: Facts) -> list[str]:
    """Say whether any plan pays, unless the headline has said it."""
    line = pays(facts)[0] if len(facts.plans) <= _MOST_NAMED else who_pays_counted(facts)
    return [] if roi_title(facts.summary).startswith(line.removesuffix(" on average.")) else [line]


def _how_often(facts: Facts, pair: Pair | None) -> list[str]:
    """Say who wins how often; of one play or one plan there is nothing to say."""
    if pair is None or facts.plays == 1 or pair.mean.get("value") is None:
        return [] if pair is None else wins(facts, pair)[:1]
    return [chances(facts, pair), *(line for line in wins(facts, pair) if line.startswith(DISAGREE))]


def _undecided(facts: Facts, pair: Pair | None) -> Estimate | None:
    decisive, where = _decisive(facts, pair)
    unknown = (mean for plan in facts.plans if never_varies(mean := facts.mean(plan)))
    return decisive if where == 0 and not never_differ(decisive) else next(unknown, None)


def _decisive(facts: Facts, pair: Pair | None) -> tuple[Estimate, int | None]:
    """Give the mean that the answer hangs on, and on which side of 0 it may be said to lie."""
    mean = facts.mean(facts.plans[0])
    return (pair.mean, pair.side) if pair else (mean, side(mean))


def _limits(facts: Facts, pair: Pair | None) -> list[str]:
    return [*_of_what(facts, pair), *_unlike_sums(facts), *_other_markets(facts, pair)]


def _of_what(facts: Facts, pair: Pair | None) -> list[str]:
    """Say for what intervals hold, and whether together."""
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
    lines += _few_plays(facts)
    return lines


def _few_plays(facts: Facts) -> list[str]:
    few = 1 < facts.plays < FEW_PLAYS
    return [f"{count(facts.plays)} plays are few: take the intervals as rough."] if few else []


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


def _other_markets(facts: Facts, pair: Pair | None, most: int | None = None) -> list[str]:
    """Say what other markets could turn round, of many claims only the first where a number is given."""
    if facts.markets < 2:
        return ["Only one market was played, so nothing is known about others."]
    same_graph = facts.summary.get("people_from") == "file"
    others = "other markets on this graph" if same_graph else "other markets"
    turning = _turning(facts, pair)
    if most is not None and len(turning) > most:
        turning = [
            *turning[:most],
            f"{len(turning) - most} other claims" if len(turning) > most + 1 else "one other claim",
        ]
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
