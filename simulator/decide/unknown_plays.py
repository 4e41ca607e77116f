"""What is asked of unknowns, and the plays that answer it.

In: a scenario, a plan, an objective, how many rows. Out: a `Question`, and by what they are about the plays of plans.
Invariants: each row is played with the same luck, market and other unknowns, but for what the plays are about; an
unknown that a plan has nothing to do with is not played.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from simulator.campaign.hiring import check_hiring, plans_of
from simulator.campaign.unknowns import unknown_inputs
from simulator.decide.objective import Objective, objective_of
from simulator.decide.recombine import Factor, Rows, factors_of, used_paths
from simulator.decide.sobol import FEWEST_ROWS, power_of_two
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.parts import check_known, nearest
from simulator.scenario.quantity import Quantity
from simulator.study.estimates import Values
from simulator.study.trials import Alternative, Draw, Trials

REPLICATIONS = 128
_MOST_ROWS = 2**16
# What counts as low and as high: between them lie 90% of the values.
LOW, HIGH = 0.05, 0.95
DRAWN, SECOND = "drawn", "second"
# What plays are about: a name, or a name with the factor, or with the unknown and the share of its values below.
Label = str | tuple[str, object] | tuple[str, str, float]
Columns = Mapping[Label, Values]


@dataclass(frozen=True)
class Question:
    """What is asked, made sense of: what plans are judged by, the rows to play and what is not known, by path."""

    objective: Objective
    rows: Rows
    unknowns: Mapping[str, Quantity]

    @property
    def scenario(self) -> Scenario:
        """Give the scenario."""
        return self.rows.scenario

    @cached_property
    def factors(self) -> list[Factor]:
        """Give the unknowns, those that go together as one."""
        return factors_of(self.scenario, self.unknowns)

    def plan(self, name: str) -> Alternative:
        """Give one of the scenario's plans, to be played."""
        return Alternative(name, self.scenario, name)

    def factor_of(self, path: str) -> Factor:
        """Give the factor of an unknown."""
        return next(its for its in self.factors if path in its.paths)

    def used(self, names: Sequence[str]) -> list[str]:
        """Give the unknowns that any of some plans has to do with, in the order of the scenario."""
        used = {path for name in names for path in used_paths(self.factors, self.scenario, name)}
        return [path for path in self.unknowns if path in used]


def question_of(
    scenario: Scenario,
    strategy: str | None,
    judged_by: tuple[str | None, str | int | None, float | None],
    replications: int,
    markets: int | None,
) -> Question:
    """Make sense of what is asked.

    Args:
        scenario: What is asked about.
        strategy: The plan, if one is named.
        judged_by: Measure, time and target, as `objective_of` takes them.
        replications: How many rows.
        markets: Over how many markets, if said.

    Raises:
        ScenarioError: something of it cannot be used; the message lists what can.
    """
    objective = objective_of(scenario, *judged_by)
    if strategy is not None:
        check_known("strategy", strategy, scenario.strategies)
    whole = isinstance(replications, int) and FEWEST_ROWS <= replications <= _MOST_ROWS
    if not whole or power_of_two(replications) != replications:
        raise ScenarioError(f"replications: given {replications!r}; {_possible_rows(replications)}")
    most = replications // 4
    if markets is not None and not 1 <= markets <= most:
        raise ScenarioError(
            f"markets: given {markets!r}; must be a whole number from 1 to {most:,}, a quarter of the replications."
        )
    check_hiring(scenario, plans_of(scenario))
    played = min(scenario.markets, most) if markets is None else markets
    return Question(objective, Rows(scenario, replications, played), unknown_inputs(scenario))


def _possible_rows(given: object) -> str:
    near = power_of_two(min(max(given, FEWEST_ROWS), _MOST_ROWS)) if isinstance(given, int) else REPLICATIONS
    both = " or ".join(f"{number:,}" for number in (near, 2 * near) if number <= _MOST_ROWS)
    return f"must be a power of two from {FEWEST_ROWS} to {_MOST_ROWS:,}, such as {both}."


# ---- what is played


def chosen(question: Question, strategy: str | None, trials: Trials) -> tuple[str, str | None]:
    """Give the plan and its closest rival, by their means in the plays that both have."""
    names, draws = list(question.scenario.strategies), question.rows.drawn()
    found = trials.play([(question.plan(name), draws) for name in names])
    values = {name: question.objective.values(rows) for name, rows in zip(names, found, strict=True)}
    defined = {name: its for name, its in values.items() if not np.isnan(its).all()}
    plan = strategy or max(defined, key=lambda name: float(np.nanmean(defined[name])), default=names[0])
    if plan not in defined:
        words = question.objective.words
        raise ScenarioError(
            f"strategy {plan!r}: {words} is undefined in all its plays, because nothing is spent. Choose another "
            f"measure, such as profit or orders.{nearest(plan, list(defined)) if defined else ''}"
        )
    apart = {name: its - defined[plan] for name, its in defined.items() if name != plan}
    both = {name: float(np.nanmean(its)) for name, its in apart.items() if not np.isnan(its).all()}
    return plan, max(both, key=lambda name: both[name], default=None)


def played(question: Question, names: Sequence[str], trials: Trials) -> list[dict[Label, pa.Table]]:
    """Play plans, each with all it takes, and give the plays of each by what they are about."""
    wanted = [_draws(question, name) for name in names]
    pairs = [(question.plan(name), draws) for name, its in zip(names, wanted, strict=True) for draws in its.values()]
    found = iter(trials.play(pairs))
    return [{label: next(found) for label in its} for its in wanted]


def _draws(question: Question, name: str) -> dict[Label, list[Draw]]:
    rows, scenario = question.rows, question.scenario
    used = [its for its in question.factors if its.is_used(scenario, name)]
    return {
        DRAWN: rows.drawn(),
        SECOND: rows.second(),
        **{("nested", place): draws for place, draws in enumerate(rows.nested())},
        **{("mixed", its): rows.mixed(its) for its in used},
        **{
            ("at", path, share): rows.at(question.factor_of(path), path, share)
            for path in question.used([name])
            for share in (LOW, HIGH)
        },
    }


def column(columns: Columns, label: Label) -> Values:
    """Give plays; those about an unknown that a plan has nothing to do with are as they were drawn."""
    return columns.get(label, columns[DRAWN])
