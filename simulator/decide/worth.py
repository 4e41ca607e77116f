"""What each creator is worth to a plan: the same plays with and without it.

In: a scenario, maybe the plans and creators it is about. Out: a frozen `Worth`. Invariants: what a creator adds is a
difference of plays that meet the same draws, see `left_out.py`; it counts in the markets where the creator is hired
only.

A pool's creator that is drawn is another account in each market; it has one name, that of its place. What is said of it
is said of the account at that place, on average over the markets.

What is worth leaving out one by one need not be so together: of two creators with the same followers each may be
dropped, but not both. So all that are to be dropped are left out together, too, in plays that had no part in choosing
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import pyarrow as pa

from simulator.campaign.hiring import check_hiring, plans_of
from simulator.decide.left_out import Plays, Question, plays_of, questions_of, wanted_plays
from simulator.decide.marginal import (
    SOLO_MEASURES,
    WORTH_MEASURES,
    difference,
    marginal_estimates,
    own_share,
    profit_per_spend,
    ranked,
    shares_of_solo,
    sure_profit,
    together_level,
    verdict_of,
)
from simulator.decide.overlap import OVERLAP_SCHEMA, Audiences, mean_overlaps, overlap_table
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.study.chunks import values_of
from simulator.study.estimates import LEAST, LEVEL, STRUCTURAL, mean_estimate
from simulator.study.results import FORMAT
from simulator.study.summary import formulas_of
from simulator.study.trials import Trials, draws_of

# Plays are needed for each creator, so a study's number of replications would often be too many.
MOST_UNASKED = 100
_MOST_PAIRS = 20  # of audiences that overlap most, in the summary
_INTERVAL = ("", "_low", "_high")
_SOLO = tuple(f"solo_{measure}" for measure in SOLO_MEASURES)
WORTH_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("strategy", "creator", "pool", "verdict")),
        *((name, pa.int64()) for name in ("drop_rank", "markets_hired_in", "n")),
        *((name, pa.float64()) for name in ("audience", "audience_overlap")),
        *((measure + end, pa.float64()) for measure in WORTH_MEASURES for end in _INTERVAL),
        *((f"profit_together{end}", pa.float64()) for end in _INTERVAL[1:]),
        *((f"profit_per_spend{end}", pa.float64()) for end in _INTERVAL),
        *((measure + end, pa.float64()) for measure in _SOLO for end in _INTERVAL),
    ]
)


@dataclass(frozen=True)
class Worth:
    """What creators are worth to plans.

    Attributes:
        scenario: What was played.
        summary: Every estimate, ranks and verdicts.
        creators: A row per plan and creator, whom to drop first on top, see `WORTH_SCHEMA`.
        overlaps: A row per plan and pair of creators, see `overlap.OVERLAP_SCHEMA`.
    """

    scenario: Scenario
    summary: dict[str, Any]
    creators: pa.Table
    overlaps: pa.Table

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """Give the rows of `overlaps`."""
        rows: list[dict[str, Any]] = self.overlaps.to_pylist()
        return rows


def creators(
    scenario: Scenario,
    strategies: str | Sequence[str] = (),
    names: str | Sequence[str] = (),
    *,
    replications: int | None = None,
    solo: bool = False,
    trials: Trials | None = None,
) -> Worth:
    """Say what each creator adds to a plan, by playing without it.

    Args:
        scenario: What to play.
        strategies: A plan, or several; by default all in which there is somebody to leave out.
        names: A creator, or several; by default all that they hire.
        replications: How many plays of each; by default those of the scenario, but at most MOST_UNASKED.
        solo: Whether to play each creator alone as well, to see how much of what it brings alone others would bring.
        trials: Plays, and remembers what it has played.

    Raises:
        ScenarioError: there is no such plan or creator, or nobody to leave out; the message lists what is possible.
        ResultsError: the disk refuses.
        ExecutionError: a play failed.
    """
    played = min(scenario.replications, MOST_UNASKED) if replications is None else replications
    scenario.with_replications(played)  # refuses what is no number of replications
    check_hiring(scenario, plans_of(scenario))
    draws = draws_of(scenario, range(played))
    questions, left_out = questions_of(scenario, _several(strategies), _several(names), draws)
    trials = Trials() if trials is None else trials
    plays = plays_of(questions, trials, solo=solo)
    answers = [_answer(its, of_it, trials) for its, of_it in zip(questions, plays, strict=True)]
    together = _left_out_together(questions, answers, trials, played)
    return Worth(
        scenario,
        _summary(scenario, questions, answers, together, left_out, played, solo=solo),
        pa.Table.from_pylist([row for its in answers for row in its.rows()], schema=WORTH_SCHEMA),
        pa.concat_tables([OVERLAP_SCHEMA.empty_table(), *(its.overlaps for its in answers)]),
    )


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return (given,) if isinstance(given, str) else given


# ---- what is answered


@dataclass(frozen=True)
class _Answer:
    """What is said of one plan, creator by creator."""

    summary: dict[str, Any]
    overlaps: pa.Table

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of WORTH_SCHEMA, whom to drop first on top."""
        return [_row(self.summary["name"], place, its) for place, its in enumerate(self.summary["creators"], start=1)]


def _answer(its: Question, plays: Plays, trials: Trials) -> _Answer:
    audiences = {market: _audiences(its, market, trials) for market in its.plans}
    overlaps = overlap_table(its.strategy, audiences.values())
    worth = {name: _worth(its, plays, name, audiences) for name in its.names}
    for name, mean in mean_overlaps(overlaps).items():
        if name in worth:
            worth[name]["audience_overlap"] = mean
    order = ranked(worth)
    return _Answer(
        {
            "name": its.strategy,
            "total": _total(its, plays.whole),
            "together_level": together_level(len(its.names)),
            "drop_first": [name for name in order if worth[name]["verdict"] == "drop"],
            "keep_first": [name for name in reversed(order) if worth[name]["verdict"] == "keep"],
            "own_reach": _own_reach(its, plays),
            "creators": [worth[name] for name in order],
            "overlaps": overlaps.slice(0, _MOST_PAIRS).drop_columns("strategy").to_pylist(),
        },
        overlaps,
    )


def _audiences(its: Question, market: int, trials: Trials) -> Audiences:
    built = trials.market(its.without([]), market)
    return Audiences(
        built.people.count,
        {profile.name: built.audiences[profile.name] for profile in its.plans[market].profiles},
    )


def _worth(its: Question, plays: Plays, name: str, audiences: Mapping[int, Audiences]) -> dict[str, Any]:
    """Gather what is said of one creator."""
    profiles, places = its.profiles[name], its.places(name)
    whole, without = plays.whole.take(pa.array(places)), plays.without[name]
    sizes = [audiences[market].followers[name].size for market in profiles]
    nobody = max(sizes) == 0 and not _is_shown_to_strangers(its, name)
    marginal = marginal_estimates(whole, without, fixed_costs=its.fixed_costs, nobody=nobody)
    sure = sure_profit(whole, without, len(its.names), nobody=nobody)
    pool = next(iter(profiles.values())).pool
    return {
        "name": name,
        "pool": pool,
        "drawn": pool is not None and not isinstance(its.scenario.pools[pool], ListedPool),
        "markets_hired_in": len(profiles),
        "markets": len(its.plans),
        "n": len(places),
        "audience": fmean(sizes),
        "audience_overlap": None,
        "verdict": verdict_of(sure),
        "marginal": marginal,
        "profit_together": sure,
        "profit_per_spend": profit_per_spend(whole, without),
        **_solo(its, plays, name, whole),
    }


def _is_shown_to_strangers(its: Question, name: str) -> bool:
    boosted = any(name in plan.boosted for plan in its.plans.values())
    return boosted or any(profile.account.can_be_discovered for profile in its.profiles[name].values())


def _solo(its: Question, plays: Plays, name: str, whole: pa.Table) -> dict[str, Any]:
    if plays.nobody is None:
        return {}
    alone, nobody = plays.alone[name], plays.nobody.take(pa.array(its.places(name)))
    return {
        "solo": marginal_estimates(alone, nobody, SOLO_MEASURES, fixed_costs=its.fixed_costs),
        "share_of_solo": shares_of_solo(whole, plays.without[name], alone, nobody),
    }


def _total(its: Question, whole: pa.Table) -> dict[str, Any]:
    market = whole["market"].to_numpy()
    return {
        measure: mean_estimate(
            values_of(whole, measure),
            market,
            structural=its.fixed_costs and measure in STRUCTURAL,
            least=LEAST.get(measure),
        )
        for measure in WORTH_MEASURES
    }


def _own_reach(its: Question, plays: Plays) -> dict[str, Any] | None:
    """Give which share of the plan's reach its creators add one by one; None where only some are asked about."""
    if len(its.names) < len(its.profiles):
        return None
    added = []
    for name in its.names:
        places = its.places(name)
        added.append((places, difference(plays.whole.take(pa.array(places)), plays.without[name], "reach")))
    return dict(own_share(plays.whole, added))


def _left_out_together(
    questions: Sequence[Question], answers: Sequence[_Answer], trials: Trials, n: int
) -> dict[str, dict[str, Any]]:
    """Play each plan without all whom to drop, where they are several, with draws that had no part in choosing them."""
    drops = {answer.summary["name"]: answer.summary["drop_first"] for answer in answers}
    several = [its for its in questions if len(drops[its.strategy]) > 1]
    wanted = [
        (its.without(names), draws_of(its.scenario, range(n, 2 * n)))
        for its in several
        for names in ((), drops[its.strategy])
    ]
    tables = trials.play(wanted)
    pairs = zip(several, tables[::2], tables[1::2], strict=True)
    return {
        its.strategy: {
            "creators": drops[its.strategy],
            "change": marginal_estimates(without, whole, fixed_costs=its.fixed_costs),
        }
        for its, whole, without in pairs
    }


def _row(strategy: str, rank: int, its: Mapping[str, Any]) -> dict[str, Any]:
    """Give a creator's row of WORTH_SCHEMA; what was not played is left out."""
    row = {name: its[name] for name in ("pool", "verdict", "markets_hired_in", "n", "audience", "audience_overlap")}
    solo = its.get("solo", {})
    estimates = {
        **its["marginal"],
        "profit_together": its["profit_together"],
        "profit_per_spend": its["profit_per_spend"],
        **{f"solo_{measure}": estimate for measure, estimate in solo.items()},
    }
    for name, estimate in estimates.items():
        ends = zip(_INTERVAL, ("value", "low", "high"), strict=True)
        row |= {name + end: estimate[key] for end, key in ends if name + end in WORTH_SCHEMA.names}
    return {"strategy": strategy, "creator": its["name"], "drop_rank": rank, **row}


def _summary(
    scenario: Scenario,
    questions: Sequence[Question],
    answers: Sequence[_Answer],
    together: Mapping[str, Any],
    left_out: Sequence[str],
    played: int,
    *,
    solo: bool,
) -> dict[str, Any]:
    markets = len({draw.market for draw in questions[0].draws})
    plays = [len(draws) for its in questions for _, draws in wanted_plays(its, solo=solo)]
    formulas = formulas_of(scenario)
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": scenario.seed,
        "currency": scenario.currency,
        "replications": played,
        "markets": markets,
        "conditional_on": "the market played" if markets == 1 else f"the {markets} markets played",
        "plays": sum(plays) + 2 * played * len(together),
        "level": LEVEL,
        "solo": solo,
        "formulas": {name: formulas[name] for name in ("roi", "profit", "revenue")},
        "left_out": list(left_out),
        "strategies": {
            name: {**its.summary, "drop_together": together.get(name)}
            for its in answers
            if (name := its.summary["name"])
        },
    }
