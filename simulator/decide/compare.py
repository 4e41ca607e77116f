"""Plans compared in every measure, within one run or across runs.

In: result folders, or studies in memory, and what they are to be judged by. Out: a `Compared`, whose `summary` goes
into `compare.json`. Invariants: replications are taken in pairs wherever both runs come from one seed (see `runs.py`
for what it takes to share a world), and where they do not, that is said; verdicts of pairs of one kind hold together
for each measure (Bonferroni); the interval of the worst plays is cautious, because a plan is called better for it; what
pairing saved is told as it is, also where it costs.

Within one run every plan is compared with every other, first minus second in scenario order. Of two runs the plan of
the later one is compared with that of the earlier one, later minus earlier: plans of the same name in every measure,
for that is what changed; all others in the one that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import Any, Literal

import numpy as np

from simulator.decide.looked_at import settled_in
from simulator.decide.objective import Objective, objective_of, words_of
from simulator.decide.runs import Run, runs_of, world_differences
from simulator.errors import ScenarioError
from simulator.scenario.contract import COSTS
from simulator.scenario.decision import MEASURE_NAMES, Decision
from simulator.scenario.model import MOST_REPLICATIONS
from simulator.scenario.parts import nearest
from simulator.study.advice import joint_half_width, rounded_up, times_to_decide
from simulator.study.chunks import REPLICATION_SCHEMA, rows_of, values_of
from simulator.study.compare import Comparison, same_in_all, verdict
from simulator.study.compare import compare as compare_paired
from simulator.study.decided import with_settled
from simulator.study.estimates import (
    LEAST,
    NO_VARIATION,
    STRUCTURAL,
    Estimate,
    Markets,
    Values,
    mean_estimate,
    shortfall_difference,
    shortfall_estimate,
)
from simulator.study.finished import Finished
from simulator.study.pairing import apart, compare_unpaired, saved_by_pairing
from simulator.study.results import FORMAT, Study

Kind = Literal["plans", "same plan", "other plans"]
Pairing = Literal["same world", "same seed", "none"]

# Amounts of money, which in another currency are other measures.
MONEY = frozenset({"revenue", "spend", "profit", "refund", "lifetime_contribution", *COSTS})
_COLUMNS = REPLICATION_SCHEMA.names[3:]  # behind the names of the play
_GROUPS = ("long_run", "costs", "operations")


@dataclass(frozen=True)
class Compared:
    """What runs have in common and in what their plans differ.

    Attributes:
        runs: The runs, in the order in which they were given.
        summary: Every comparison, as in `compare.json`.
    """

    runs: tuple[Run, ...]
    summary: dict[str, Any]


def compare(
    *results: Study | Finished | str | Path,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
) -> Compared:
    """Compare plans within one run, or across runs.

    Args:
        results: Result folders, or studies as `simulator.run` gives them.
        measure: What the plans are judged by, any measure of the summary; by default what `[decision]` of the first
            run says, else ROI.
        at: Until how long after the end of the campaign it is counted, such as "3 months".
        at_least: The target; with it, the chance to reach it is what plans are judged by.

    Raises:
        ScenarioError: there is nothing to compare, or not by this measure; the message lists what is possible.
        ResultsError: a folder is no result folder of a finished run.
    """
    runs = runs_of(results)
    return compare_by(runs, _judged(runs, measure, at, at_least))


def compare_by(runs: Sequence[Run], judged: Judged) -> Compared:
    """Compare plans of runs by what is given; see `compare`."""
    pairs = list(_pairs(runs))
    if not pairs:
        raise ScenarioError(
            f"{runs[0].name}: only one plan was played ({runs[0].plans[0]}), so there is none to compare it with. "
            "Name the result folder of another run beside it."
        )
    compared = [_compared(pair, judged) for pair in pairs]
    _conclude(compared, judged)
    summary = {
        "format": FORMAT,
        "measure": judged.key,
        "measure_in_words": judged.words,
        "objective": judged.objective.plain if judged.objective else None,
        "indifference": judged.indifference,
        "runs": [_run_summary(run) for run in runs],
        "pairs": compared,
    }
    return Compared(tuple(runs), summary)


# ---- what the plans are judged by


@dataclass(frozen=True)
class Judged:
    """What plans are judged by: a column of the replications, or an objective made of several.

    Attributes:
        key: Its name among the measures.
        words: What it is called.
        objective: What makes its values, None for a plain column.
        indifference: The smallest difference that matters, None where any does.
    """

    key: str = "roi"
    words: str = "ROI"
    objective: Objective | None = field(default_factory=Objective)
    indifference: float | None = None

    def values(self, run: Run, plan: str) -> Values:
        """Give its value in each play of a plan (n,)."""
        rows = rows_of(run.rows, plan)
        return self.objective.values(rows) if self.objective else values_of(rows, self.key)


def _judged(runs: Sequence[Run], measure: str | None, at: str | int | None, at_least: float | None) -> Judged:
    """Say what is asked for; what is not, [decision] of the first run says, unless another measure is asked for."""
    said = Decision.model_validate(runs[0].values.get("decision") or {})
    name = said.measure if measure is None else measure.strip().lower().replace(" ", "_").replace("-", "_")
    _check_measure(runs, name)
    is_its = name == said.measure
    target = at_least if at_least is not None else said.at_least if is_its else None
    if name not in MEASURE_NAMES:
        if at is not None or target is not None:
            raise ScenarioError(f"measure: {name} has no target and no later time. These have: {_listed()}.")
        return Judged(name, words_of(name), None)
    months = (said.at_months if is_its else 0) if at is None else at
    objective = objective_of(None, name, months, target)
    matters = said.indifference if is_its and target is None and objective.at_months == said.at_months else None
    if target is None:
        return Judged(objective.column, objective.words, objective, matters)
    words = f"chance of {objective.words} of {target:,.10g} or more"
    return Judged(f"{objective.column}_at_least_{target:g}", words, objective)


def _listed() -> str:
    return ", ".join(MEASURE_NAMES)


def _check_measure(runs: Sequence[Run], name: str) -> None:
    """Refuse a measure that not all runs have, or that they have in different currencies."""
    with_brand = ["brand_lift"] if all("brand" in run.values for run in runs) else []
    known = [column for column in _COLUMNS if all(_told(run, column) for run in runs)] + with_brand
    if name not in known:
        raise ScenarioError(f"measure: given {name!r}; there is no such measure in these runs.{_all_of(name, known)}")
    if name in MONEY and _currency_differs(runs):
        possible = [column for column in known if column not in MONEY]
        currencies = " and ".join(dict.fromkeys(str(run.summary["currency"]) for run in runs))
        raise ScenarioError(
            f"measure: {name} is money, and these runs count it in {currencies}. Compare by another measure: "
            f"{', '.join(possible)}."
        )


def _all_of(name: str, known: list[str]) -> str:
    hint, there, _ = nearest(name, known).partition(" There is:")
    return f"{hint}{there} {', '.join(known)}."


def _currency_differs(runs: Sequence[Run]) -> bool:
    return len({run.summary["currency"] for run in runs}) > 1


def _told(run: Run, column: str) -> bool:
    return all(_mean_of(run, plan, column) is not None for plan in run.plans)


def _mean_of(run: Run, plan: str, column: str) -> Mapping[str, Any] | None:
    """Give what the summary says of the mean of a measure of a plan; None where it says nothing."""
    its = run.summary["strategies"][plan]
    for group in (its, *(its.get(name) or {} for name in _GROUPS)):
        if isinstance(group.get(column), Mapping) and "mean" in group[column]:
            mean: Mapping[str, Any] = group[column]["mean"]
            return mean
    return None


# ---- which plans are compared


@dataclass(frozen=True)
class _Pair:
    """Plan a of a run, and plan b of the same or of an earlier one."""

    kind: Kind
    run_a: Run
    a: str
    run_b: Run
    b: str

    @property
    def common(self) -> int:
        """Give how many replications both have."""
        return min(self.run_a.replications, self.run_b.replications)


def _pairs(runs: Sequence[Run]) -> Iterator[_Pair]:
    if len(runs) == 1:
        yield from (_Pair("plans", runs[0], a, runs[0], b) for a, b in combinations(runs[0].plans, 2))
        return
    for earlier, later in combinations(runs, 2):
        yield from (_Pair("same plan", later, plan, earlier, plan) for plan in later.plans if plan in earlier.plans)
    for earlier, later in combinations(runs, 2):
        others = ((a, b) for b, a in product(earlier.plans, later.plans) if a != b)
        yield from (_Pair("other plans", later, a, earlier, b) for a, b in others)


# ---- one pair


def _compared(pair: _Pair, judged: Judged) -> dict[str, Any]:
    differs = [] if pair.run_a is pair.run_b else world_differences(pair.run_b, pair.run_a)
    pairing: Pairing = "same world" if not differs else "same seed" if pair.run_a.seed == pair.run_b.seed else "none"
    plays = _Plays.of(pair, pairing, _measures(pair, judged), judged)
    is_one_plan = pairing != "none" and same_in_all(plays.a, plays.b)
    names = [judged.key] if pair.kind == "other plans" and _has_namesakes(pair) else list(plays.a)
    return {
        "kind": pair.kind,
        "a": {"run": pair.run_a.name, "plan": pair.a},
        "b": {"run": pair.run_b.name, "plan": pair.b},
        "pairing": pairing,
        "world_differs_in": differs,
        "replications": {"a": plays.played[0], "b": plays.played[1], "compared": len(plays.market[0])},
        "same_in_every_play": is_one_plan,
        "measures": {name: _measure(pair, plays, name, judged, same=is_one_plan) for name in names},
    }


def _has_namesakes(pair: _Pair) -> bool:
    return bool(set(pair.run_a.plans) & set(pair.run_b.plans))


def _measures(pair: _Pair, judged: Judged) -> list[str]:
    """Give the measures that both plans have: the one that is asked for first, then in the order of the table."""
    runs = (pair.run_a, pair.run_b)
    sides = ((pair.run_a, pair.a), (pair.run_b, pair.b))
    there = [column for column in _COLUMNS if all(_mean_of(run, plan, column) is not None for run, plan in sides)]
    usable = [column for column in there if not (column in MONEY and _currency_differs(runs))]
    return list(dict.fromkeys([judged.key, *usable]))


@dataclass(frozen=True)
class _Plays:
    """The plays of two plans that are compared: of pairs those that both have, else all.

    Attributes:
        a: The values of each measure of the one (n,); those that are 0 in all plays of both are left out.
        b: Those of the other.
        market: The market of each play, of both.
        played: How many times each was played.
    """

    a: dict[str, Values]
    b: dict[str, Values]
    market: tuple[Markets, Markets]
    played: tuple[int, int]
    pairing: Pairing

    @classmethod
    def of(cls, pair: _Pair, pairing: Pairing, names: Sequence[str], judged: Judged) -> _Plays:
        most = None if pairing == "none" else pair.common
        values = []
        for run, plan in ((pair.run_a, pair.a), (pair.run_b, pair.b)):
            rows = rows_of(run.rows, plan)
            its = {name: judged.values(run, plan) if name == judged.key else values_of(rows, name) for name in names}
            values.append({name: of[:most] for name, of in its.items()})
        something = [name for name in names if name == judged.key or any(np.any(its[name] != 0) for its in values)]
        a, b = ({name: its[name] for name in something} for its in values)
        markets = (pair.run_a.market[:most], pair.run_b.market[:most])
        played = (pair.run_a.replications, pair.run_b.replications)
        return cls(a, b, markets, played, pairing)

    @property
    def strata(self) -> Markets:
        """Give the pair of markets that each pair of plays was played in, as one number (n,)."""
        a, b = self.market
        return a if np.array_equal(a, b) else a * (int(b.max()) + 1) + b


def _measure(pair: _Pair, plays: _Plays, name: str, judged: Judged, *, same: bool) -> dict[str, Any]:
    """Compare two plans by one measure."""
    a, b = plays.a[name], plays.b[name]
    structural = name in STRUCTURAL | set(COSTS) and all(
        not str((_mean_of(run, plan, name) or {}).get("method")).startswith(NO_VARIATION)
        for run, plan in ((pair.run_a, pair.a), (pair.run_b, pair.b))
    )
    if plays.pairing == "none":
        market_a, market_b = plays.market
        comparison = compare_unpaired(pair.a, a, market_a, pair.b, b, market_b, name, structural=structural)
        shortfall = apart(shortfall_estimate(a, market_a), shortfall_estimate(b, market_b))
        saved: Estimate | None = None
    else:
        market = plays.strata
        comparison = compare_paired(pair.a, a, pair.b, b, name, market, same=same, structural=structural)
        if pair.kind == "plans" and name == judged.key:
            comparison = with_settled(comparison, settled_in(pair.run_a.summary, pair.a, pair.b, judged.objective))
        shortfall = shortfall_difference(a, b, market, cautious=True)
        saved = saved_by_pairing(a, b, market)
    by = judged.objective if name == judged.key else None
    mean = by.mean if by else partial(mean_estimate, structural=structural, least=LEAST.get(name))
    return {
        "mean_a": mean(a, plays.market[0]),
        "mean_b": mean(b, plays.market[1]),
        "shortfall_a": shortfall_estimate(a, plays.market[0]),
        "shortfall_b": shortfall_estimate(b, plays.market[1]),
        **_without_names(comparison, is_same_world=plays.pairing == "same world"),
        "shortfall_difference": shortfall,
        "saved_by_pairing": saved,
    }


def _without_names(comparison: Comparison, *, is_same_world: bool) -> dict[str, Any]:
    """Leave out what stands above; who wins a play only counts where both plans met the same world in it."""
    left_out = {"a", "b", "measure", *(() if is_same_world else ("a_beats_b", "b_beats_a"))}
    found = {key: value for key, value in comparison.items() if key not in left_out}
    saved = found.pop("replications_saved_by_pairing")
    return {**found, "saved_by_pairing_across_markets": saved}


# ---- what may be said of all together


def _conclude(compared: Sequence[dict[str, Any]], judged: Judged) -> None:
    """Add to each comparison how many hold together with it, which plan is ahead, and what would decide."""
    found = [(pair["kind"], name, its) for pair in compared for name, its in pair["measures"].items()]
    together = Counter((kind, name) for kind, name, its in found if _may_be_claimed(its["difference"]["mean"]))
    for kind, name, its in found:
        number = max(together[kind, name], 1)
        its["together"] = number
        its["ahead"] = verdict(its, number)  # it has the keys that are asked for
        matters = judged.indifference if name == judged.key else None
        its["advice"] = advice(its["difference"]["mean"], number, matters, is_tie=its["ahead"] == "tie")


def _may_be_claimed(mean: Estimate) -> bool:
    """Say whether chance has a part in a difference: what the plan decides needs no interval."""
    return mean["low"] is not None and mean["low"] != mean["high"]


def advice(mean: Estimate, together: int, matters: float | None, *, is_tie: bool) -> dict[str, Any]:
    """Say what more replications would do for a comparison.

    Args:
        mean: The mean difference.
        together: How many comparisons are to hold together.
        matters: The smallest difference that matters, None where any does.
        is_tie: Whether it is too close to call.

    Returns:
        `kind`: "decided", also of plans that are the same; "too small to matter", where the whole interval lies within
        what does not; "more" with `more`, how many replications beside those there are would about decide it; "tie"
        where that would be more than can be played; "no interval".
    """
    half, value = joint_half_width(mean, together), mean["value"]
    if half is None or value is None:
        return {"kind": "no interval", "more": None}
    if matters is not None and abs(value) + half < matters:
        return {"kind": "too small to matter", "more": None}
    if not is_tie or half == 0:
        return {"kind": "decided", "more": None}
    times = times_to_decide(mean, together, max(abs(value), (matters or 0.0) - abs(value)))
    more = mean["n"] * (max(times, 1.0) - 1) if times is not None else 0.0
    if more > MOST_REPLICATIONS:
        return {"kind": "tie", "more": None}
    return {"kind": "more", "more": rounded_up(max(more, 1.0))}


def _run_summary(run: Run) -> dict[str, Any]:
    keys = ("scenario", "title", "hash", "seed", "replications", "markets", "horizon_days", "currency")
    return {"name": run.name, **{key: run.summary[key] for key in keys}, "looked_at": list(run.looked_at)}
