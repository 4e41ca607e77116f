"""What would turn the choice: where the difference of two plans crosses 0.

In: a question, plans and the values of their plays. Out: a dict in the style of `summary.json`. Invariant: both plans
meet the same rows at every value of an unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulator.decide.break_even import Kind, break_even, side_of
from simulator.decide.farther import farther
from simulator.decide.movers import moved
from simulator.decide.unknown_plays import HIGH, LOW, Columns, Question, column
from simulator.study.estimates import Values, mean_estimate
from simulator.study.trials import Trials

# Where the difference of two plans is looked at as well, if it may cross 0.
_BETWEEN = (0.275, 0.5, 0.725)
# Measures of which 0 is what doing nothing brings.
_OF_NOTHING = ("roi", "profit")


def choice(
    question: Question, names: Sequence[str], columns: Sequence[Columns], trials: Trials
) -> dict[str, Any] | None:
    """Say what moves the difference of the plan to its rival, and where it crosses 0; alone, its rival is nothing.

    None where there is nothing to choose: one plan, and a measure that doing nothing does not bring.
    """
    if len(names) == 2:
        apart = _apart(*columns)
        told = moved(question, apart, names)
    elif question.objective.measure in _OF_NOTHING and question.objective.at_least is None:
        apart, told = columns[0], {}
    else:
        return None
    between = _between(question, names, apart, trials)
    found = [_break_even(question, path, apart, between.get(path, {})) for path in question.used(names)]
    order: dict[Kind, int] = {"flips": 0, "open": 1, "unclear": 2, "never": 3}
    beyond = farther(question, names, apart, found, trials)
    return {**told, "break_even": sorted(found, key=lambda its: order[its["kind"]]), "farther": beyond}


def _apart(first: Columns, second: Columns) -> Columns:
    """Give what two plans differ by, play by play."""
    labels = dict.fromkeys([*first, *second])
    return {label: column(first, label) - column(second, label) for label in labels}


def _between(
    question: Question, names: Sequence[str], apart: Columns, trials: Trials
) -> dict[str, dict[float, Values]]:
    """Play plans with an unknown between its ends, where their difference may cross 0 there."""
    paths = [path for path in question.used(names) if _may_cross(question, path, apart)]
    wanted = {
        (name, path, share): question.rows.at(question.factor_of(path), path, share)
        for path in paths
        for share in _BETWEEN
        for name in names
        if path in question.used([name])
    }
    tables = trials.play([(question.plan(name), draws) for (name, _, _), draws in wanted.items()])
    played = {key: question.objective.values(rows) for key, rows in zip(wanted, tables, strict=True)}
    drawn = dict(zip(names, _own_drawn(question, names, trials), strict=True))
    signs = dict(zip(names, (1.0, -1.0), strict=False))
    return {
        path: {
            share: np.sum([signs[name] * played.get((name, path, share), drawn[name]) for name in names], axis=0)
            for share in _BETWEEN
        }
        for path in paths
    }


def _own_drawn(question: Question, names: Sequence[str], trials: Trials) -> list[Values]:
    found = trials.play([(question.plan(name), question.rows.drawn()) for name in names])
    return [question.objective.values(rows) for rows in found]


def _may_cross(question: Question, path: str, apart: Columns) -> bool:
    """Say whether the difference has not one sign at both ends, but a sign at one of them."""
    ends = [column(apart, ("at", path, share)) for share in (LOW, HIGH)]
    low, high = (side_of(mean_estimate(its, question.rows.market)) for its in ends)
    return low != high


def _break_even(question: Question, path: str, apart: Columns, between: Mapping[float, Values]) -> dict[str, Any]:
    values = {share: column(apart, ("at", path, share)) for share in (LOW, HIGH)} | dict(between)
    shares = sorted(values)
    at = [question.unknowns[path].quantile(share) for share in shares]
    told = break_even(at, np.stack([values[share] for share in shares], axis=1), question.rows.market)
    return {"path": path, **told}
