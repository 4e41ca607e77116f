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
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from simulator.campaign.hiring import check_hiring, plans_of
from simulator.campaign.unknowns import unknown_inputs
from simulator.decide.break_even import Kind, break_even, side_of
from simulator.decide.objective import Objective, objective_of
from simulator.decide.recombine import Factor, Rows, factors_of, used_paths, values_in
from simulator.decide.sobol import FEWEST_ROWS, Indices, power_of_two, sobol_estimates
from simulator.decide.variance import MarketsOfRows, variance_split
from simulator.decide.worst import EVENTS, worst_plays
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path, nearest
from simulator.scenario.quantity import Quantity
from simulator.scenario.values import values_of as values_of_scenario
from simulator.study.chunks import values_of
from simulator.study.estimates import FIXED, LEVEL, Estimate, Values, mean_estimate
from simulator.study.results import FORMAT
from simulator.study.trials import Alternative, Draw, Trials

REPLICATIONS = 128
_MOST_ROWS = 2**16
# What counts as low and as high: between them lie 90% of the values.
LOW, HIGH = 0.05, 0.95
# Where the difference of two plans is looked at as well, if it may cross 0.
_BETWEEN = (0.275, 0.5, 0.725)
# Measures of which 0 is what doing nothing brings.
_OF_NOTHING = ("roi", "profit")
NOT_USED = f"{FIXED}: it has nothing to do with it"

_DRAWN, _SECOND = "drawn", "second"
# What plays are about: a name, or a name with the factor, or with the unknown and the share of its values below.
Label = str | tuple[str, object] | tuple[str, str, float]
Columns = Mapping[Label, Values]


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
class _Question:
    """What is asked, made sense of."""

    objective: Objective
    rows: Rows
    unknowns: Mapping[str, Quantity]

    @property
    def scenario(self) -> Scenario:
        return self.rows.scenario

    @cached_property
    def factors(self) -> list[Factor]:
        return factors_of(self.scenario, self.unknowns)

    def plan(self, name: str) -> Alternative:
        return Alternative(name, self.scenario, name)

    def factor_of(self, path: str) -> Factor:
        return next(its for its in self.factors if path in its.paths)

    def used(self, names: Sequence[str]) -> list[str]:
        """Give the unknowns that any of some plans has to do with, in the order of the scenario."""
        used = {path for name in names for path in used_paths(self.factors, self.scenario, name)}
        return [path for path in self.unknowns if path in used]


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
    question = _question(scenario, strategy, objective_of(scenario, measure, at, at_least), replications, markets)
    check_hiring(scenario, plans_of(scenario))
    trials = trials or Trials()
    plan, rival = _chosen(question, strategy, trials)
    names = [plan] if rival is None else [plan, rival]
    tables = _played(question, names, trials)
    columns = [{label: question.objective.values(rows) for label, rows in its.items()} for its in tables]
    summary = {
        **_asked(question),
        "plan": plan,
        "rival": rival,
        "unknown_inputs": _ranges(question),
        **_moved(question, columns[0], [plan]),
        "choice": _choice(question, names, columns, trials),
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
) -> dict[str, Any]:
    """Split the variance of a plan's plays into unknown inputs, markets and chance; see `variance.variance_split`.

    Takes what `sensitivity` takes, and 4 plays of the plan for each of `replications` (2 where one market is played).

    Raises:
        ScenarioError: an argument cannot be used, or the measure is undefined in all plays of the plan.
        ExecutionError: a play failed.
    """
    question = _question(scenario, strategy, objective_of(scenario, measure, at, at_least), replications, markets)
    check_hiring(scenario, plans_of(scenario))
    trials = trials or Trials()
    plan, _ = _chosen(question, strategy, trials)
    found = trials.play([(question.plan(plan), draws) for draws in question.rows.nested()])
    columns = {("nested", place): question.objective.values(rows) for place, rows in enumerate(found)}
    return {**_asked(question), "plan": plan, "variance": _shares(question, columns, [plan])}


# ---- what is asked


def _question(
    scenario: Scenario, strategy: str | None, objective: Objective, replications: int, markets: int | None
) -> _Question:
    if strategy is not None and strategy not in scenario.strategies:
        there = nearest(strategy, list(scenario.strategies))
        raise ScenarioError(f'strategy: there is no strategy "{strategy}".{there}')
    whole = isinstance(replications, int) and FEWEST_ROWS <= replications <= _MOST_ROWS
    if not whole or power_of_two(replications) != replications:
        raise ScenarioError(f"replications: given {replications!r}; {_possible_rows(replications)}")
    most = replications // 4
    if markets is not None and not 1 <= markets <= most:
        raise ScenarioError(
            f"markets: given {markets!r}; must be a whole number from 1 to {most:,}, a quarter of the replications."
        )
    played = min(scenario.markets, most) if markets is None else markets
    return _Question(objective, Rows(scenario, replications, played), unknown_inputs(scenario))


def _possible_rows(given: object) -> str:
    near = power_of_two(min(max(given, FEWEST_ROWS), _MOST_ROWS)) if isinstance(given, int) else REPLICATIONS
    both = " or ".join(f"{number:,}" for number in (near, 2 * near) if number <= _MOST_ROWS)
    return f"must be a power of two from {FEWEST_ROWS} to {_MOST_ROWS:,}, such as {both}."


def _asked(question: _Question) -> dict[str, Any]:
    its = question.scenario
    return {
        **{"format": FORMAT, "scenario": its.name, "title": its.title, "currency": its.currency},
        **{"hash": its.hash, "seed": its.seed, "budget": its.budget},
        **{"replications": question.rows.count, "markets": question.rows.markets, "level": LEVEL},
        **question.objective.plain,
    }


def _ranges(question: _Question) -> dict[str, Any]:
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


# ---- what is played


def _chosen(question: _Question, strategy: str | None, trials: Trials) -> tuple[str, str | None]:
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


def _played(question: _Question, names: Sequence[str], trials: Trials) -> list[dict[Label, pa.Table]]:
    """Play plans, each with all it takes, and give the plays of each by what they are about."""
    wanted = [_draws(question, name) for name in names]
    pairs = [(question.plan(name), draws) for name, its in zip(names, wanted, strict=True) for draws in its.values()]
    found = iter(trials.play(pairs))
    return [{label: next(found) for label in its} for its in wanted]


def _draws(question: _Question, name: str) -> dict[Label, list[Draw]]:
    rows, scenario = question.rows, question.scenario
    used = [its for its in question.factors if its.is_used(scenario, name)]
    return {
        _DRAWN: rows.drawn(),
        _SECOND: rows.second(),
        **{("nested", place): draws for place, draws in enumerate(rows.nested())},
        **{("mixed", its): rows.mixed(its) for its in used},
        **{
            ("at", path, share): rows.at(question.factor_of(path), path, share)
            for path in question.used([name])
            for share in (LOW, HIGH)
        },
    }


# ---- what follows


def _column(columns: Columns, label: Label) -> Values:
    """Give plays; those about an unknown that a plan has nothing to do with are as they were drawn."""
    return columns.get(label, columns[_DRAWN])


def _moved(question: _Question, columns: Columns, names: Sequence[str]) -> dict[str, Any]:
    """Say what moves a plan, or the difference of two."""
    shares = _shares(question, columns, names)
    return {
        "mean": mean_estimate(columns[_DRAWN], question.rows.market),
        "variance": shares,
        "factors": _factors(question, columns, names, shares["between_markets"] or 0.0),
        "tornado": _tornado(question, columns, names),
    }


def _shares(question: _Question, columns: Columns, names: Sequence[str]) -> dict[str, Any]:
    rows, cells = question.rows, 2 if question.rows.markets == 1 else 4
    values = np.stack([columns["nested", place] for place in range(cells)], axis=1).reshape(rows.count, -1, 2)
    market: MarketsOfRows = np.stack([rows.market, rows.other_market], axis=1)[:, : values.shape[1]]
    return variance_split(values, market, known=not question.used(names))


def _factors(question: _Question, columns: Columns, names: Sequence[str], between: float) -> list[dict[str, Any]]:
    """Give the indices of each factor, the largest total index first."""
    rows = question.rows
    used = {name: its for its in question.factors if _is_used(question, its, names) for name in [its.paths]}
    mixed = {" ".join(paths): _column(columns, ("mixed", its)) for paths, its in used.items()}
    found = sobol_estimates(
        columns[_DRAWN],
        columns[_SECOND],
        mixed,
        seed=question.scenario.seed,
        market=(rows.market, rows.other_market),
        between=between,
    )
    told = [
        {"paths": list(its.paths), "used": its.paths in used, **(found.get(" ".join(its.paths)) or _unused(question))}
        for its in question.factors
    ]
    return sorted(told, key=lambda its: -(its["total"]["value"] or 0.0))


def _is_used(question: _Question, factor: Factor, names: Sequence[str]) -> bool:
    return any(factor.is_used(question.scenario, name) for name in names)


def _unused(question: _Question) -> Indices:
    nothing = Estimate(value=0.0, low=0.0, high=0.0, level=LEVEL, method=NOT_USED, n=question.rows.count)
    return {"first_order": nothing, "total": nothing}


def _tornado(question: _Question, columns: Columns, names: Sequence[str]) -> list[dict[str, Any]]:
    """Give the mean with each unknown at its low and its high end, the widest swing first."""
    told = []
    for path in question.used(names):
        ends = {share: _column(columns, ("at", path, share)) for share in (LOW, HIGH)}
        swing = mean_estimate(ends[HIGH] - ends[LOW], question.rows.market)
        told.append({"path": path, **_ends(question, columns, path, ends), "swing": swing})
    return sorted(told, key=lambda its: -abs(its["swing"]["value"] or 0.0))


def _ends(question: _Question, columns: Columns, path: str, ends: Mapping[float, Values]) -> dict[str, Any]:
    market, its = question.rows.market, question.unknowns[path]
    return {
        name: {
            "at": its.quantile(share),
            "mean": mean_estimate(ends[share], market),
            "change": mean_estimate(ends[share] - columns[_DRAWN], market),
        }
        for name, share in (("low", LOW), ("high", HIGH))
    }


# ---- what would turn the choice


def _choice(
    question: _Question, names: Sequence[str], columns: Sequence[Columns], trials: Trials
) -> dict[str, Any] | None:
    """Say what moves the difference of the plan to its rival, and where it crosses 0; alone, its rival is nothing.

    None where there is nothing to choose: one plan, and a measure that doing nothing does not bring.
    """
    if len(names) == 2:
        apart = _apart(*columns)
        told = _moved(question, apart, names)
    elif question.objective.measure in _OF_NOTHING and question.objective.at_least is None:
        apart, told = columns[0], {}
    else:
        return None
    between = _between(question, names, apart, trials)
    found = [_break_even(question, path, apart, between.get(path, {})) for path in question.used(names)]
    order: dict[Kind, int] = {"flips": 0, "open": 1, "unclear": 2, "never": 3}
    return {**told, "break_even": sorted(found, key=lambda its: order[its["kind"]])}


def _apart(first: Columns, second: Columns) -> Columns:
    """Give what two plans differ by, play by play."""
    labels = dict.fromkeys([*first, *second])
    return {label: _column(first, label) - _column(second, label) for label in labels}


def _between(
    question: _Question, names: Sequence[str], apart: Columns, trials: Trials
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


def _own_drawn(question: _Question, names: Sequence[str], trials: Trials) -> list[Values]:
    found = trials.play([(question.plan(name), question.rows.drawn()) for name in names])
    return [question.objective.values(rows) for rows in found]


def _may_cross(question: _Question, path: str, apart: Columns) -> bool:
    """Say whether the difference has not one sign at both ends, but a sign at one of them."""
    ends = [_column(apart, ("at", path, share)) for share in (LOW, HIGH)]
    low, high = (side_of(mean_estimate(its, question.rows.market)) for its in ends)
    return low != high


def _break_even(question: _Question, path: str, apart: Columns, between: Mapping[float, Values]) -> dict[str, Any]:
    values = {share: _column(apart, ("at", path, share)) for share in (LOW, HIGH)} | dict(between)
    shares = sorted(values)
    at = [question.unknowns[path].quantile(share) for share in shares]
    told = break_even(at, np.stack([values[share] for share in shares], axis=1), question.rows.market)
    return {"path": path, **told}


# ---- the bad plays


def _worst(question: _Question, plan: str, tables: Mapping[Label, pa.Table]) -> dict[str, Any]:
    """Say in what the worst of the plays that share nothing differ from the others."""
    rows = pa.concat_tables([tables[_DRAWN], tables[_SECOND]])
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
        **{"of": of, "input": its["path"]},
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
