"""Who is left out of which plan, and the plays of that.

In: a scenario, maybe the plans and creators that are asked about, and draws. Out: a `Question` for each plan, and its
`Plays`. Invariants: a creator is left out as if it had never been hired: its posts and its cost are gone, nobody takes
its place, and what it would have cost is not spent on others; plays with and without it meet the same draws; it is
left out in the markets where it is hired only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from simulator.campaign.hiring import Plan, hire
from simulator.errors import ScenarioError
from simulator.market.creators import Profile
from simulator.scenario.model import Scenario
from simulator.scenario.parts import check_known, nearest
from simulator.study.summary import open_cost_lines
from simulator.study.trials import Alternative, Draw, Trials


@dataclass(frozen=True)
class Question:
    """The creators of one plan that are asked about, and the draws they are played with.

    Attributes:
        names: The creators, by name order.
        plans: What the strategy buys, by market.
        draws: With which the whole plan is played.
        fixed_costs: Whether the plan decides what is spent.
    """

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
class Plays:
    """The plays of a question; of a creator those in the markets where it is hired, in the order of the draws.

    Attributes:
        whole: Plays of the whole plan.
        without: Plays without each creator, by name.
        alone: Plays with no other creator, by name; none where these are not asked for.
        nobody: Plays with no creator at all, with all draws.
    """

    whole: pa.Table
    without: Mapping[str, pa.Table]
    alone: Mapping[str, pa.Table]
    nobody: pa.Table | None


# ---- what is asked


def questions_of(
    scenario: Scenario, strategies: Sequence[str], names: Sequence[str], draws: list[Draw]
) -> tuple[list[Question], list[str]]:
    """Give a question for each plan, and why others have none.

    Args:
        scenario: What to play.
        strategies: The plans; none for all in which there is somebody to leave out.
        names: The creators; none for all.
        draws: With which the whole plans are played.

    Raises:
        ScenarioError: there is no such plan or creator, or nobody to leave out of a plan that is asked about.
    """
    for strategy in strategies:
        check_known("strategy", strategy, scenario.strategies)
    every = [_question(scenario, name, draws) for name in dict.fromkeys(strategies or scenario.strategies)]
    refused = {its.strategy: why for its in every if (why := _nobody_to_leave_out(its))}
    asked = [its for its in every if its.strategy not in refused]
    if not asked or (strategies and refused):
        raise ScenarioError("\n".join(refused.values()))
    return list(_narrowed(asked, names)), list(refused.values())


def _question(scenario: Scenario, strategy: str, draws: list[Draw]) -> Question:
    plans = {market: hire(scenario, market, strategy) for market in sorted({draw.market for draw in draws})}
    names = sorted({profile.name for plan in plans.values() for profile in plan.profiles})
    fixed = not open_cost_lines(scenario)[strategy]
    return Question(scenario, strategy, tuple(names), plans, tuple(draws), fixed)


def _nobody_to_leave_out(its: Question) -> str:
    """Say why there is nobody to leave out; empty where there is."""
    if not its.names:
        return f"{its.strategy} hires nobody, so there is no creator to leave out."
    if len(its.names) == 1 and not any(plan.ads_cents for plan in its.plans.values()):
        return (
            f"{its.strategy} hires nobody but {its.names[0]}: without it nothing is left of the plan, and what it is "
            "worth is what `run` says of the plan."
        )
    return ""


def _narrowed(asked: Sequence[Question], names: Sequence[str]) -> Iterator[Question]:
    """Keep of each question the creators that are asked about, and of the questions those with any."""
    hired = sorted({name for its in asked for name in its.names})
    for name in names:
        if name not in hired:
            plans = " or ".join(its.strategy for its in asked)
            raise ScenarioError(f"creator: given {name!r}; {plans} hires no such creator.{nearest(name, hired)}")
    for its in asked:
        kept = tuple(name for name in its.names if name in names or not names)
        if kept:
            yield replace(its, names=kept)


# ---- what is played


def plays_of(questions: Sequence[Question], trials: Trials, *, solo: bool) -> list[Plays]:
    """Play everything in one go, so that each market is built once."""
    wanted = [wanted_plays(its, solo=solo) for its in questions]
    tables = iter(trials.play([play for of_one in wanted for play in of_one]))
    return [_sorted_out(its, [next(tables) for _ in of_one]) for its, of_one in zip(questions, wanted, strict=True)]


def wanted_plays(its: Question, *, solo: bool) -> list[tuple[Alternative, Sequence[Draw]]]:
    """Give what is played for a question, in the order of `_sorted_out`."""
    without = [(its.without([name]), its.draws_with(name)) for name in its.names]
    alone = [(its.only(name), its.draws_with(name)) for name in its.names if solo]
    nobody = [(its.without(list(its.profiles)), its.draws)] if solo else []
    return [(its.without([]), its.draws), *without, *alone, *nobody]


def _sorted_out(its: Question, tables: list[pa.Table]) -> Plays:
    whole, *others = tables
    count = len(its.names)
    without = dict(zip(its.names, others[:count], strict=True))
    if len(others) == count:
        return Plays(whole, without, {}, None)
    return Plays(whole, without, dict(zip(its.names, others[count:-1], strict=True)), others[-1])
