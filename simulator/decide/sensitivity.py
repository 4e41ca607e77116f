"""What moves the outcome of a plan, and what would turn the choice between two plans.

In: a scenario. Out: a `Sensitivity`, whose `summary` goes into `sensitivity.json`. Invariants: whatever is compared is
played in the same rows, with the same luck, market and other unknowns; an unknown that a plan has nothing to do with
has exactly 0; shares and indices are of the variance of the same plays.

Each row of plays is played as `run` would, once more with nothing in common, with its inputs in other luck and another
market, with each factor of the second play in turn, and with each unknown at its low and its high end. From these
follow, for a plan and for its difference to its closest rival: the shares of chance, markets and inputs
(`variance.py`), Sobol indices (`sobol.py`), the tornado, where the difference crosses 0 (`break_even.py`), and how
the worst twentieth of the plays differs from the others (`worst.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from simulator.decide.choice import choice
from simulator.decide.movers import moved, shares
from simulator.decide.recombine import values_in
from simulator.decide.unknown_plays import (
    DRAWN,
    HIGH,
    LOW,
    REPLICATIONS,
    SECOND,
    Columns,
    Label,
    Question,
    chosen,
    played,
    question_of,
)
from simulator.decide.worst import EVENTS, worst_plays
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.values import values_of as values_of_scenario
from simulator.study.chunks import values_of
from simulator.study.estimates import LEVEL
from simulator.study.results import FORMAT
from simulator.study.trials import Trials


@dataclass(frozen=True)
class Sensitivity:
    """What moves a plan and what would turn the choice.

    Attributes:
        scenario: What was played.
        summary: Every estimate.
        table: A row for each unknown of the plan, and of its difference to its rival, see `TABLE_SCHEMA`.
    """

    scenario: Scenario
    summary: dict[str, Any]
    table: pa.Table


@dataclass(frozen=True)
class VarianceShares:
    """How much of the variance of a plan's plays is unknown inputs, markets and chance: `variance` of the summary."""

    scenario: Scenario
    summary: dict[str, Any]


def sensitivity(
    scenario: Scenario,
    strategy: str | None = None,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    replications: int = REPLICATIONS,
    markets: int | None = None,
    trials: Trials | None = None,
) -> Sensitivity:
    """Say what moves the outcome of a plan, what would turn the choice, and what bad plays have in common.

    It takes `replications` x (5 + 3 x unknowns) plays of the plan, and as many of its rival with the unknowns of that.

    Args:
        scenario: What is asked about; its `[decision]` may say the measure.
        strategy: The plan; by default the one that is best on average. Its rival is the best of the others.
        measure: What plans are judged by; see `objective_of`, also for `at` and `at_least`.
        at: Until when its money is counted.
        at_least: A target; the chance to reach it is what plans are judged by instead.
        replications: How many rows of plays, a power of two.
        markets: Over how many markets they are spread; by default those of the scenario.
        trials: Who plays; by default nothing is kept.

    Raises:
        ScenarioError: an argument cannot be used, or the measure is undefined in all plays of the plan.
        ResultsError: the disk refuses.
        ExecutionError: a play failed.
    """
    question = question_of(scenario, strategy, (measure, at, at_least), replications, markets)
    trials = trials or Trials()
    plan, rival = chosen(question, strategy, trials)
    names = [plan] if rival is None else [plan, rival]
    tables = played(question, names, trials)
    columns = [{label: question.objective.values(rows) for label, rows in its.items()} for its in tables]
    summary = {
        **_asked(question),
        "plan": plan,
        "rival": rival,
        "unknown_inputs": _ranges(question),
        **moved(question, columns[0], [plan]),
        "choice": choice(question, names, columns, trials),
        "worst": _worst(question, plan, tables[0]),
    }
    return Sensitivity(scenario, summary, table_of(summary))


def variance_shares(
    scenario: Scenario,
    strategy: str | None = None,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    replications: int = REPLICATIONS,
    markets: int | None = None,
    trials: Trials | None = None,
) -> VarianceShares:
    """Split the variance of a plan's plays into unknown inputs, markets and chance; see `variance.variance_split`.

    Takes what `sensitivity` takes, and 4 plays of the plan for each of `replications` (2 where one market is played).

    Raises:
        ScenarioError: an argument cannot be used, or the measure is undefined in all plays of the plan.
        ExecutionError: a play failed.
    """
    question = question_of(scenario, strategy, (measure, at, at_least), replications, markets)
    trials = trials or Trials()
    plan, _ = chosen(question, strategy, trials)
    found = trials.play([(question.plan(plan), draws) for draws in question.rows.nested()])
    columns: Columns = {("nested", place): question.objective.values(rows) for place, rows in enumerate(found)}
    unknown = {"unknown_inputs": _ranges(question)}
    told = {**_asked(question), "plan": plan, **unknown, "variance": shares(question, columns, [plan])}
    return VarianceShares(scenario, told)


def _asked(question: Question) -> dict[str, Any]:
    its = question.scenario
    of_scenario = {"scenario": its.name, "title": its.title, "currency": its.currency, "budget": its.budget}
    played = {"replications": question.rows.count, "markets": question.rows.markets, "level": LEVEL}
    return {"format": FORMAT, **of_scenario, "hash": its.hash, "seed": its.seed, **played, **question.objective.plain}


def _ranges(question: Question) -> dict[str, Any]:
    """Say of each unknown what it is measured in, and what is plausible."""
    handles = [creator.handle for creator in question.scenario.creators]
    units = {_path(its.path, handles): its.unit for its in values_of_scenario(question.scenario)}
    ends = {"low": LOW, "median": 0.5, "high": HIGH}
    return {
        path: {
            "kind": its.kind,
            "unit": units.get(path, ""),
            **{name: its.quantile(share) for name, share in ends.items()},
        }
        for path, its in question.unknowns.items()
    }


def _path(path: Path, handles: Sequence[str]) -> str:
    """Give a value's place as its unknown is called: creators by handle, the boosts of all strategies as one."""
    if path[0] == "strategies" and "boost" in path:
        path = path[path.index("boost") :]
    named = [
        handles[key] if place == 1 and path[0] == "creators" and isinstance(key, int) else key
        for place, key in enumerate(path)
    ]
    return ".".join(map(str, named))


def _worst(question: Question, plan: str, tables: Mapping[Label, pa.Table]) -> dict[str, Any]:
    """Say in what the worst of the plays that share nothing differ from the others."""
    rows = pa.concat_tables([tables[DRAWN], tables[SECOND]])
    replications = [draw.inputs for draw in (*question.rows.drawn(), *question.rows.second())]
    unknowns = {path: question.unknowns[path] for path in question.used([plan])}
    inputs = values_in(question.scenario, replications, unknowns)
    events = {name: values_of(rows, name) for name in EVENTS}
    return worst_plays(question.objective.measured(rows), inputs, events, rows["market"].to_numpy())


# ---- the table

_ENDS = ("", "_low", "_high")
TABLE_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("of", "input", "together_with")),
        *((name, pa.float64()) for name in ("at_low", "at_high")),
        *((f"mean_at_{end}", pa.float64()) for end in ("low", "high")),
        *((f"{name}{end}", pa.float64()) for name in ("swing", "first_order", "total") for end in _ENDS),
        ("break_even_kind", pa.string()),
        *((f"break_even{end}", pa.float64()) for end in _ENDS),
    ]
)


def table_of(summary: Mapping[str, Any]) -> pa.Table:
    """Put the summary into a table: a row for each unknown of the plan, then of the difference to its rival."""
    choice = summary["choice"] or {}
    flips = {its["path"]: its for its in choice.get("break_even", [])}
    rows = [
        _row(summary["plan"], summary, its, flips if summary["rival"] is None else {}) for its in summary["tornado"]
    ]
    if summary["rival"] is not None:
        apart = f"{summary['plan']} - {summary['rival']}"
        rows += [_row(apart, choice, its, flips) for its in choice["tornado"]]
    return pa.Table.from_pylist(rows, schema=TABLE_SCHEMA)


def _row(of: str, told: Mapping[str, Any], its: Mapping[str, Any], flips: Mapping[str, Any]) -> dict[str, Any]:
    factor = next(one for one in told["factors"] if its["path"] in one["paths"])
    flip = flips.get(its["path"], {"kind": None, "break_even": {}})
    return {
        "of": of,
        "input": its["path"],
        "together_with": " ".join(path for path in factor["paths"] if path != its["path"]),
        **{f"at_{end}": its[end]["at"] for end in ("low", "high")},
        **{f"mean_at_{end}": its[end]["mean"]["value"] for end in ("low", "high")},
        **_spread("swing", its["swing"]),
        **_spread("first_order", factor["first_order"]),
        **_spread("total", factor["total"]),
        "break_even_kind": flip["kind"],
        **_spread("break_even", flip["break_even"]),
    }


def _spread(name: str, estimate: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}{end}": estimate.get(key) for end, key in zip(_ENDS, ("value", "low", "high"), strict=True)}
