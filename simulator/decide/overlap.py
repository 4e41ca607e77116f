"""How much the audiences of each two creators of a plan overlap, over the markets where both are hired.

In: markets with the creators hired in them. Out: a table with a row per pair. Invariant: everything is counted; a
pool's creator may be another account in each market, so what is said of a pair is a mean over markets, with the lowest
and the highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import numpy as np
import pyarrow as pa

from simulator.market.overlap import pair_overlaps
from simulator.market.overlapping import Persons

OVERLAP_SCHEMA = pa.schema(
    [
        ("strategy", pa.string()),
        ("creator", pa.string()),
        ("other", pa.string()),
        ("overlap", pa.float64()),
        ("lowest", pa.float64()),
        ("highest", pa.float64()),
        ("markets", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Audiences:
    """Who follows whom in one market: how many people there are, and the followers of each creator, by name."""

    people: int
    followers: Mapping[str, Persons]


def overlap_table(strategy: str, markets: Iterable[Audiences]) -> pa.Table:
    """Give how much each two audiences overlap, the pairs that overlap most first; of equals, by name.

    Args:
        strategy: Name of the plan.
        markets: Who follows whom whom it hires, in each market.

    Returns:
        A row per pair of creators whom anybody follows, in a market where both are hired (pairs, OVERLAP_SCHEMA).
    """
    found: dict[tuple[str, str], list[float]] = {}
    for its in markets:
        names = sorted(its.followers)
        shares = pair_overlaps(its.people, [its.followers[name] for name in names])
        for (a, name), (b, other) in combinations(enumerate(names), 2):
            if not np.isnan(shares[a, b]):
                found.setdefault((name, other), []).append(float(shares[a, b]))
    rows = [(strategy, name, other, fmean(its), min(its), max(its), len(its)) for (name, other), its in found.items()]
    rows.sort(key=lambda row: (-row[3], row[1], row[2]))
    records = [dict(zip(OVERLAP_SCHEMA.names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(records, schema=OVERLAP_SCHEMA)


def mean_overlaps(overlaps: pa.Table) -> dict[str, float]:
    """Give how much each creator's audience overlaps with another's, on average over its pairs."""
    found: dict[str, list[float]] = {}
    for row in overlaps.to_pylist():
        for name in (row["creator"], row["other"]):
            found.setdefault(name, []).append(row["overlap"])
    return {name: fmean(its) for name, its in found.items()}
