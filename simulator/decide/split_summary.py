"""What came of a contest between splits, as a summary and a table.

In: the question, who was in the contest, what came of it, and what new plays said. Out: plain Python in the style of
`summary.json`, and a table with a row per split. Invariants: numbers of the dial are from the first plays, in which all
splits were played equally often; what is said of the split named and of the plan of today is from plays that judge; a
split is called "as good" only where its bound lies within the indifference zone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from simulator.decide.frontier import efficient
from simulator.decide.objective import Objective
from simulator.decide.selection import Selection
from simulator.decide.split_plays import Told, difference, moved, next_money
from simulator.decide.splits import Bought, Grid, Split, own_plan
from simulator.scenario.model import Scenario

FORMULAS = {
    "moved": "change = (what this split brings - what the one before it brings) / money moved to the first pool",
    "next_money": "return = (what more money for a pool makes it bring - what it brings) / what it spends more",
    "brings": "of ROI and profit: profit + spend, so a return of 1 breaks even; of others the measure itself",
    "expected_shortfall_5": "mean of the worst 5% of plays",
}


@dataclass(frozen=True)
class Question:
    """What is asked, made sense of; `first` and `most` count blocks of one replication in each market."""

    scenario: Scenario
    grid: Grid
    objective: Objective
    zone: float
    zone_from: str
    confidence: float
    first: int
    most: int


@dataclass(frozen=True)
class Choices:
    """Who is in the contest, from which block on, who was left out and why, and how many were searched."""

    splits: list[Split]
    offset: int
    left_out: list[dict[str, Any]]
    searched: int


@dataclass(frozen=True)
class Judged:
    """What new plays said: the bound of each split that came near, from which block on, and how many blocks."""

    bounds: dict[int, float]
    begin: int
    blocks: int


def summary_of(
    question: Question, told: Told, choices: Choices, found: Selection, judged: Judged, today: Split
) -> dict[str, Any]:
    """Gather what came of it.

    Args:
        question: What was asked.
        told: The first plays of all splits.
        choices: Who was in the contest.
        found: What came of the contest.
        judged: What new plays said.
        today: The plan of today.
    """
    new = replace(told, begin=judged.begin, blocks=judged.blocks)
    best, names = choices.splits[found.best], question.scenario.strategies
    as_good = sorted(place for place, bound in judged.bounds.items() if bound <= question.zone)
    rows = [_row(question, told, choices, found, place) for place in range(len(choices.splits))]
    plans = {name: own_plan(question.scenario, name, question.grid.pools) for name in names}
    points = [(its["mean"]["value"], its["expected_shortfall_5"]["value"]) for its in rows]
    return {
        **_asked(question, choices),
        "splits": [{**row, "efficient": is_so} for row, is_so in zip(rows, efficient(points), strict=True)],
        "left_out": choices.left_out,
        "decided": not found.rivals,
        "rivals": list(found.rivals),
        "best": {"place": found.best, **new.estimates(best), "next_money": next_money(new, question.grid, best)},
        "as_good": _as_good(question.grid, choices, as_good, judged, told.stage.markets),
        "today": {"place": _place(choices, today), **_today(question, new, today, best)},
        "plans": {name: {"shares": its.shares, **told.estimates(its)} for name, its in plans.items()},
        "formulas": FORMULAS,
    }


def _asked(question: Question, choices: Choices) -> dict[str, Any]:
    its, limits = question.scenario, {"least_share", "most_share", "most_hired", "most_spend"}
    return {
        "scenario": its.name,
        "title": its.title,
        "currency": its.currency,
        "hash": its.hash,
        "seed": its.seed,
        "markets": its.markets,
        "replications": question.first * its.markets,
        "most": question.most * its.markets,
        "budget": question.grid.scenario.budget,
        "shared": question.grid.shared,
        "pools": list(question.grid.pools),
        "steps": question.grid.steps + 1,
        "searched": choices.searched,
        **question.objective.plain,
        "indifference": question.zone,
        "indifference_from": question.zone_from,
        "confidence": question.confidence,
        "limits": question.grid.decision.model_dump(include=limits, exclude_defaults=True),
    }


def _row(question: Question, told: Told, choices: Choices, found: Selection, place: int) -> dict[str, Any]:
    its, dial = choices.splits[place], len(question.grid.pools) == 2
    points = [dict(zip(question.grid.pools, point, strict=True)) for point in its.points]
    return {
        "name": its.name,
        "shares": its.shares,
        "alike": [{pool: step / question.grid.steps for pool, step in point.items()} for point in points[1:]],
        "bought": {pool: _plain(bought) for pool, bought in its.bought.items()},
        "unspent": _unspent(its),
        **told.estimates(its),
        "moved": moved(told, question.grid, its, choices.splits[place - 1]) if dial and place else None,
        "contest": {"replications": found.blocks[place] * told.stage.markets, "behind": found.gaps[place]},
    }


def _unspent(its: Split) -> list[float]:
    """Give what a split leaves in all, where least and where most."""
    left = [round(sum(cents), 2) for cents in zip(*(bought.unspent for bought in its.bought.values()), strict=True)]
    return [min(left), max(left)]


def _plain(bought: Bought) -> dict[str, Any]:
    by_market = {"hired": bought.hired, "spent": bought.spent, "unspent": bought.unspent}
    return {"share": bought.share, **{key: [min(its), max(its)] for key, its in by_market.items()}}


def _as_good(grid: Grid, choices: Choices, places: Sequence[int], judged: Judged, markets: int) -> dict[str, Any]:
    return {
        "places": list(places),
        "ranges": _ranges(grid, [choices.splits[place] for place in places]) if len(grid.pools) == 2 else [],
        "near": [
            {"place": place, "behind_by_at_most": bound if math.isfinite(bound) else None}
            for place, bound in judged.bounds.items()
        ],
        "replications": judged.blocks * markets,
    }


def _ranges(grid: Grid, splits: Sequence[Split]) -> list[list[float]]:
    """Give the stretches of the dial, as shares of the first pool, in which every step is one of these splits."""
    steps = sorted(point[0] for its in splits for point in its.points)
    starts = [step for step in steps if step - 1 not in steps]
    ends = [step for step in steps if step + 1 not in steps]
    return [[start / grid.steps, end / grid.steps] for start, end in zip(starts, ends, strict=True)]


def _place(choices: Choices, plan: Split) -> int | None:
    return next((place for place, its in enumerate(choices.splits) if its.buys == plan.buys), None)


def _today(question: Question, new: Told, today: Split, best: Split) -> dict[str, Any]:
    return {
        "strategy": question.grid.today,
        "shares": today.shares,
        **new.estimates(today),
        "gives_up": difference(new, best, today),
        "next_money": next_money(new, question.grid, today) if question.grid.is_split(today) else {},
    }


# ---- the table


def table_of(summary: Mapping[str, Any]) -> pa.Table:
    """Give the dial as a table: a row per split, with shares, what is bought, and estimates with their ends."""
    return pa.Table.from_pylist([_flat(place, row, summary) for place, row in enumerate(summary["splits"])])


def _flat(place: int, row: Mapping[str, Any], summary: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {"split": row["name"]}
    for pool, bought in row["bought"].items():
        flat[f"share_{pool}"] = bought["share"]
        for key in ("hired", "spent", "unspent"):
            flat |= {f"{key}_{pool}_least": bought[key][0], f"{key}_{pool}_most": bought[key][1]}
    named = {
        "mean": row["mean"],
        "expected_shortfall_5": row["expected_shortfall_5"],
        "probability": row["probability"],
    }
    named |= {f"p{round(100 * float(share))}": its for share, its in row["quantiles"].items()}
    named |= {"moved_change": row["moved"]["change"] if row["moved"] else None}
    for name, estimate in named.items():
        flat |= {name: (estimate or {}).get("value")}
        flat |= {f"{name}_{end}": (estimate or {}).get(end) for end in ("low", "high")}
    is_best, is_good = place == summary["best"]["place"], place in summary["as_good"]["places"]
    return {
        **flat,
        "efficient": row["efficient"],
        "status": "best" if is_best else "as good" if is_good else "rival" if place in summary["rivals"] else "behind",
        **row["contest"],
    }
