"""What the splits and the budgets around an answer come to: rows, curves and the table of a target.

In: what is asked, the split that was chosen and its rung. Out: plain rows. Invariants: splits are told by the plays
that chose between them, curves by those that had no part in it; a chance is of plays, or follows from those of the same
draws with less and more money.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from simulator.decide.shares import Point
from simulator.decide.target_plays import Asked
from simulator.study.estimates import Estimate, probability

# Of the splits that are not chosen, so many of the best are told with the money they need.
_RUNNERS_UP = 3
# At which budgets, in times of the one needed, the chance is told for each pool alone.
_AROUND = (0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0)


def split_rows(asked: Asked, chosen: Point, rung: int) -> list[dict[str, Any]]:
    """Tell each split by the plays that chose: how often it reaches the target with the budget, and what it needs."""
    offers, rows = asked.offers, []
    chances = {point: _chance(asked, point, rung) for point in offers.points}
    best = sorted(offers.points, key=lambda point: (point != chosen, -(chances[point]["value"] or 0.0)))
    for place, point in enumerate(best):
        first, last = offers.ends(point)
        near = place <= _RUNNERS_UP and chances[point]["value"] and first <= last
        own = asked.rung_of(point, first, last, start=rung) if near else None
        rows.append(
            {
                "shares": offers.shares(point),
                "chosen": point == chosen,
                "budget": None if own is None else offers.budgets[own],
                "probability": chances[point],
                "as_good": point == chosen or (chances[point]["high"] or 0.0) >= asked.confidence,
            }
        )
    return rows


def _chance(asked: Asked, point: Point, rung: int) -> Estimate:
    first, last = asked.offers.ends(point)
    its = asked.choosing.of(point)
    if first <= rung <= last:
        its.seems(rung, asked.confidence)
        return probability(*its.seen(rung))
    return probability(0, 0)


def curves(asked: Asked, chosen: Point, rung: int) -> list[dict[str, Any]]:
    """Give the chance to reach the target by budget: of the split that was chosen, and of each pool alone."""
    offers = asked.offers
    alone = [point for point in offers.points if max(point) == sum(point) and point != chosen]
    around = _AROUND if asked.rising else _AROUND[1::2]
    wanted = sorted({offers.rung(times * offers.budgets[rung]) for times in around})
    return [_curve(asked, point, wanted) for point in (chosen, *alone)]


def _curve(asked: Asked, point: Point, wanted: Sequence[int]) -> dict[str, Any]:
    first, last = asked.offers.ends(point)
    its = asked.judging.of(point)
    for rung in _halving([rung for rung in wanted if first <= rung <= last]):
        its.count(rung)
    whole = [rung for rung in its.rungs if its.seen(rung)[1] == its.draws]
    return {
        "shares": asked.offers.shares(point),
        "points": [
            {"budget": asked.offers.budgets[rung], "probability": probability(*its.seen(rung))} for rung in whole
        ],
    }


def _halving(rungs: Sequence[int]) -> list[int]:
    """Put the middle first, then the middles of both halves, so that each tells most about those that follow."""
    if not rungs:
        return []
    middle = len(rungs) // 2
    return [rungs[middle], *_halving(rungs[:middle]), *_halving(rungs[middle + 1 :])]


def split_table(asked: Asked, splits: Sequence[dict[str, Any]]) -> pa.Table:
    """Give the rows of `split_rows` as a table (splits,)."""
    rows = [
        {
            **{f"share_{pool}": its["shares"][pool] for pool in asked.offers.pools},
            "chosen": its["chosen"],
            "as_good": its["as_good"],
            "budget": its["budget"],
            "probability": its["probability"]["value"],
            "probability_low": its["probability"]["low"],
            "probability_high": its["probability"]["high"],
            "n": its["probability"]["n"],
        }
        for its in splits
    ]
    kinds = {"chosen": pa.bool_(), "as_good": pa.bool_(), "n": pa.int64()}
    names = [f"share_{pool}" for pool in asked.offers.pools]
    names += ["chosen", "as_good", "budget", "probability", "probability_low", "probability_high", "n"]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, kinds.get(name, pa.float64())) for name in names]))
