"""Build logs of one play by hand, for the tests of the picture of operations.

In: what happens to whom and when. Out: a table like `Study.operations`, or a study that has it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from make_study import HandMadeStudy, make, skewed

from simulator.study.operations import OPERATIONS_SCHEMA


class Row(NamedTuple):
    """One happening."""

    day: float
    what: str
    who: str = ""
    post: int | None = None
    value: float | None = None


def table(logs: Mapping[str, Iterable[Row]], replication: int = 17) -> pa.Table:
    """Put the logs of strategies into one table."""
    rows = [
        {"strategy": plan, "market": replication % 4, "replication": replication, **row._asdict()}
        for plan, log in logs.items()
        for row in log
    ]
    return pa.Table.from_pylist(rows, OPERATIONS_SCHEMA)


def with_log(logs: Mapping[str, Iterable[Row]], horizon: float = 20.0, plans: int = 0) -> HandMadeStudy:
    """Make a study of these strategies, and of more of them if asked for, with their logs."""
    names = [*logs, *(f"more {k}" for k in range(plans - len(logs)))]
    study = make({name: skewed(40, 0.1, seed=k) for k, name in enumerate(names)})
    summary: dict[str, Any] = {**study.summary, "horizon_days": horizon}
    return dataclasses.replace(study, summary=summary, operations=table(logs))


def reviewed(who: str, number: int, due: float, wait: float, lead: float = 3.0, *, back: bool = False) -> list[Row]:
    """Let a post be handed in, wait for approval, and go out when it is due or later."""
    submitted, approved = due - lead, due - lead + wait
    out = max(due, approved)
    again = [Row(submitted + wait / 3, "sent_back", who, number), Row(submitted + wait / 2, "submitted", who, number)]
    return [
        Row(submitted, "submitted", who, number),
        *(again if back else []),
        Row(approved, "approved", who, number, 24 * wait),
        Row(out, "published", who, number, 24 * (out - due)),
    ]


def spread(who: str, number: int, out: float, size: float) -> list[Row]:
    """Let the platform show a post to strangers, four times and ever fewer."""
    return [
        Row(out + hours / 24, "discovery", who, number, size / 2**k) for k, hours in enumerate((1.0, 6.0, 24.0, 72.0))
    ]


def of_creators(count: int, posts: int, days: float, seed: int = 1, *, lead: float = 3.0) -> list[Row]:
    """Let so many creators bring posts over some days, each reviewed, some of them late."""
    chance = np.random.default_rng(seed)
    rows = []
    for creator in range(count):
        for number in range(posts):
            due = days * (number + chance.random()) / posts
            wait = float(chance.gamma(2.0, 1.0))
            rows += reviewed(f"creator {creator + 1}", number + 1, due, wait, lead, back=chance.random() < 0.3)
    return rows


def sold_out(since: float, until: float | None = None, units: float = 300) -> list[Row]:
    """Let the stock run out, and come back where it does."""
    return [Row(since, "sold_out"), *([] if until is None else [Row(until, "restocked", value=units)])]


def money(who: str, first: int, days: int, each: float, what: str = "paid") -> list[Row]:
    """Let the same money be spent, or not be spent, at noon of each day."""
    return [Row(first + day + 0.5, what, who, None, each) for day in range(days)]
