"""What each creator is worth to a plan: the same plays with and without it.

In: a scenario, maybe the plans and creators it is about. Out: a frozen `Worth`. Invariants: a creator is left out as
if it had never been hired: its posts and its cost are gone, nobody takes its place and what it would have cost is not
spent on others; plays with and without it meet the same draws; a creator counts in the markets where it is hired only.

A pool's creator that is drawn is another account in each market; it has one name, that of its place. What is said of it
is said of the account at that place, on average over the markets.

What is worth leaving out one by one need not be so together: of two creators with the same followers each may be
dropped, but not both. So all that are to be dropped are left out together, too, in plays that had no part in choosing
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

import pyarrow as pa

from simulator.campaign.hiring import Plan, check_hiring, hire, plans_of
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
from simulator.errors import ScenarioError
from simulator.market.creators import Profile
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.parts import nearest
from simulator.study.chunks import values_of
from simulator.study.estimates import LEAST, LEVEL, STRUCTURAL, mean_estimate
from simulator.study.results import FORMAT
from simulator.study.summary import formulas_of, open_cost_lines
from simulator.study.trials import Alternative, Draw, Trials, draws_of

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


@dataclass(frozen=True)
class _Question:
    """The creators of one plan that are asked about, and the draws they are played with."""

    scenario: Scenario
    strategy: str
    names: tuple[str, ...]
    plans: Mapping[int, Plan]
    draws: tuple[Draw, ...]
    fixed_costs: bool

    @cached_property
    def profiles(self) -> dict[str, dict[int, Profile]]:
        """Give whom the plan hires, by name and market."""
        found: dict[str, dict[int, Profile]] = {}
        for market, plan in self.plans.items():
            for profile in plan.profiles:
                found.setdefault(profile.name, {})[market] = profile
        return dict(sorted(found.items()))

    def places(self, name: str) -> list[int]:
        """Give the places of the draws in markets where a creator is hired."""
        return [place for place, draw in enumerate(self.draws) if draw.market in self.profiles[name]]

    def draws_with(self, name: str) -> list[Draw]:
        """Give the draws in markets where a creator is hired."""
        return [self.draws[place] for place in self.places(name)]

    def without(self, names: Sequence[str]) -> Alternative:
        """Give the plan without some creators; without nobody, the plan itself."""
        told = f"{self.strategy} without {', '.join(names)}" if names else self.strategy
        return Alternative(told, self.scenario, self.strategy, frozenset(names))

    def only(self, name: str) -> Alternative:
        """Give the plan with no other creator."""
        return self.without([other for other in self.profiles if other != name])


@dataclass(frozen=True)
class _Plays:
    """The plays of a question: of the whole plan, of it without each creator, and maybe of each creator alone."""

    whole: pa.Table
    without: Mapping[str, pa.Table]
    alone: Mapping[str, pa.Table]
    nobody: pa.Table | None


def creators(
    scenario: Scenario,
    strategies: Sequence[str] = (),
    names: Sequence[str] = (),
    *,
    replications: int | None = None,
    solo: bool = False,
    trials: Trials | None = None,
) -> Worth:
    """Say what each creator adds to a plan, by playing without it.

    Args:
        scenario: What to play.
        strategies: The plans; by default all in which there is somebody to leave out.
        names: The creators; by default all that they hire.
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
    questions, left_out = _questions(scenario, strategies, names, draws_of(scenario, range(played)))
    trials = Trials() if trials is None else trials
    plays = _play(questions, trials, solo=solo)
    answers = [_answer(its, of_it, trials) for its, of_it in zip(questions, plays, strict=True)]
    together = _left_out_together(questions, answers, trials, played)
    return Worth(
        scenario,
        _summary(scenario, questions, answers, together, left_out, played, solo=solo),
        pa.Table.from_pylist([row for its in answers for row in its.rows()], schema=WORTH_SCHEMA),
        pa.concat_tables([OVERLAP_SCHEMA.empty_table(), *(its.overlaps for its in answers)]),
    )


# ---- what is asked


def _questions(
    scenario: Scenario, strategies: Sequence[str], names: Sequence[str], draws: list[Draw]
) -> tuple[list[_Question], list[str]]:
    """Give a question for each plan, and why others have none."""
    for strategy in strategies:
        if strategy not in scenario.strategies:
            raise ScenarioError(
                f"strategy: given {strategy!r}; there is no such plan.{nearest(strategy, list(scenario.strategies))}"
            )
    every = [_question(scenario, name, draws) for name in dict.fromkeys(strategies or scenario.strategies)]
    refused = {its.strategy: why for its in every if (why := _nobody_to_leave_out(its))}
    asked = [its for its in every if its.strategy not in refused]
    if not asked or (strategies and refused):
        raise ScenarioError("\n".join(refused.values()))
    return list(_narrowed(asked, names)), list(refused.values())


def _question(scenario: Scenario, strategy: str, draws: list[Draw]) -> _Question:
    plans = {market: hire(scenario, market, strategy) for market in sorted({draw.market for draw in draws})}
    names = sorted({profile.name for plan in plans.values() for profile in plan.profiles})
    fixed = not open_cost_lines(scenario)[strategy]
    return _Question(scenario, strategy, tuple(names), plans, tuple(draws), fixed)


def _nobody_to_leave_out(its: _Question) -> str:
    """Say why there is nobody to leave out; empty where there is."""
    if not its.names:
        return f"{its.strategy} hires nobody, so there is no creator to leave out."
    if len(its.names) == 1 and not any(plan.ads_cents for plan in its.plans.values()):
        return (
            f"{its.strategy} hires nobody but {its.names[0]}: without it nothing is left of the plan, and what it is "
            "worth is what `run` says of the plan."
        )
    return ""


def _narrowed(asked: Sequence[_Question], names: Sequence[str]) -> Iterator[_Question]:
    """Keep of each question the creators that are asked about, and of the questions those with any."""
    hired = sorted({name for its in asked for name in its.names})
    for name in names:
        if name not in hired:
            plans = " or ".join(its.strategy for its in asked)
            raise ScenarioError(f"creator: given {name!r}; {plans} hires no such creator.{nearest(name, hired)}")
    for its in asked:
        kept = tuple(name for name in its.names if name in names or not names)
        if kept:
            yield _Question(its.scenario, its.strategy, kept, its.plans, its.draws, its.fixed_costs)


# ---- what is played


def _play(questions: Sequence[_Question], trials: Trials, *, solo: bool) -> list[_Plays]:
    """Play everything in one go, so that each market is built once."""
    wanted = [_wanted(its, solo=solo) for its in questions]
    tables = iter(trials.play([play for of_one in wanted for play in of_one]))
    return [_sorted_out(its, [next(tables) for _ in of_one]) for its, of_one in zip(questions, wanted, strict=True)]


def _wanted(its: _Question, *, solo: bool) -> list[tuple[Alternative, Sequence[Draw]]]:
    """Give what is played for a question, in the order of `_sorted_out`."""
    without = [(its.without([name]), its.draws_with(name)) for name in its.names]
    alone = [(its.only(name), its.draws_with(name)) for name in its.names if solo]
    nobody = [(its.without(list(its.profiles)), its.draws)] if solo else []
    return [(its.without([]), its.draws), *without, *alone, *nobody]


def _sorted_out(its: _Question, tables: list[pa.Table]) -> _Plays:
    whole, *others = tables
    count = len(its.names)
    without = dict(zip(its.names, others[:count], strict=True))
    if len(others) == count:
        return _Plays(whole, without, {}, None)
    return _Plays(whole, without, dict(zip(its.names, others[count:-1], strict=True)), others[-1])


# ---- what is answered


@dataclass(frozen=True)
class _Answer:
    """What is said of one plan, creator by creator."""

    summary: dict[str, Any]
    overlaps: pa.Table

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of WORTH_SCHEMA, whom to drop first on top."""
        return [_row(self.summary["name"], place, its) for place, its in enumerate(self.summary["creators"], start=1)]


def _answer(its: _Question, plays: _Plays, trials: Trials) -> _Answer:
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


def _audiences(its: _Question, market: int, trials: Trials) -> Audiences:
    built = trials.market(its.without([]), market)
    return Audiences(
        built.people.count,
        {profile.name: built.audiences[profile.name] for profile in its.plans[market].profiles},
    )


def _worth(its: _Question, plays: _Plays, name: str, audiences: Mapping[int, Audiences]) -> dict[str, Any]:
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


def _is_shown_to_strangers(its: _Question, name: str) -> bool:
    boosted = any(name in plan.boosted for plan in its.plans.values())
    return boosted or any(profile.account.can_be_discovered for profile in its.profiles[name].values())


def _solo(its: _Question, plays: _Plays, name: str, whole: pa.Table) -> dict[str, Any]:
    if plays.nobody is None:
        return {}
    alone, nobody = plays.alone[name], plays.nobody.take(pa.array(its.places(name)))
    return {
        "solo": marginal_estimates(alone, nobody, SOLO_MEASURES, fixed_costs=its.fixed_costs),
        "share_of_solo": shares_of_solo(whole, plays.without[name], alone, nobody),
    }


def _total(its: _Question, whole: pa.Table) -> dict[str, Any]:
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


def _own_reach(its: _Question, plays: _Plays) -> dict[str, Any] | None:
    """Give which share of the plan's reach its creators add one by one; None where only some are asked about."""
    if len(its.names) < len(its.profiles):
        return None
    added = []
    for name in its.names:
        places = its.places(name)
        added.append((places, difference(plays.whole.take(pa.array(places)), plays.without[name], "reach")))
    return dict(own_share(plays.whole, added))


def _left_out_together(
    questions: Sequence[_Question], answers: Sequence[_Answer], trials: Trials, n: int
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
    questions: Sequence[_Question],
    answers: Sequence[_Answer],
    together: Mapping[str, Any],
    left_out: Sequence[str],
    played: int,
    *,
    solo: bool,
) -> dict[str, Any]:
    markets = len({draw.market for draw in questions[0].draws})
    plays = sum(len(draws) for its in questions for _, draws in _wanted(its, solo=solo)) + 2 * played * len(together)
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
        "plays": plays,
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
