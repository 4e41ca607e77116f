"""The event log of a play: both clocks write the same, it adds up, and being watched changes nothing.

The worlds are those of `test_clocks.py`, drawn so that ties are the rule.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

import numpy as np
import pytest
import simpy
from test_clocks import WRONG_ORDERS, Counts, RevisedOrder, World, compiled, draw_world, played

from simulator.campaign.operations import Crowd
from simulator.spread import rules, traced
from simulator.spread.conditions import Conditions
from simulator.spread.event_log import EventLog
from simulator.spread.tally import COUNTS, IMPRESSIONS, LOST_ORDERS, ORDERS, SHARES
from simulator.spread.traced import Traced, TracedCrowd, TracedReference

FIELDS = ("second", "kind", "post", "shower", "viewer", "changes")


def watched(world: World, engine: str, env: simpy.Environment | None = None) -> tuple[Counts, EventLog]:
    """Play a world with a log."""
    made: list[Traced] = []

    def make(conditions: Conditions, its_env: simpy.Environment) -> Crowd:
        reference = engine == "reference"
        crowd = TracedReference(conditions, its_env) if reference else TracedCrowd(conditions, world.bucket_bits)
        made.append(crowd)
        return crowd

    counts = played(world, make, env)
    return counts, made[0].event_log()


def rows_of(log: EventLog) -> list[tuple[int, ...]]:
    """Give a log as rows."""
    return list(zip(*(getattr(log, field).tolist() for field in FIELDS), strict=True))


@cache
def worlds() -> tuple[World, ...]:
    """Give worlds full of ties and others, always the same, among them some in which a later order makes a share."""
    tied, others = [*range(60), 240, 246, 289], [*range(20), 65, 182, 225, 414]
    drawn = [draw_world(random.Random(seed), ties=True) for seed in tied]
    return (*drawn, *(draw_world(random.Random(seed)) for seed in others))


@cache
def logs() -> tuple[tuple[Counts, EventLog], ...]:
    """Give what the compiled clock logs in them."""
    return tuple(watched(world, "compiled") for world in worlds())


def test_both_clocks_write_the_same_log() -> None:
    """Event by event, in the same order."""
    for world, (counts, log) in zip(worlds(), logs(), strict=True):
        other_counts, other_log = watched(world, "reference")
        assert (other_counts, rows_of(other_log)) == (counts, rows_of(log)), world


def test_being_watched_changes_nothing() -> None:
    assert [counts for counts, _ in logs()] == [compiled(world) for world in worlds()]


def test_a_log_adds_up() -> None:
    """To the counts of each post, to the people reached, and to how often each of them was."""
    total: Counter[str] = Counter()
    for world, (counts, log) in zip(worlds(), logs(), strict=True):
        posts = len(world.conditions.posts)
        for i, name in enumerate(COUNTS):
            by_post = np.bincount(log.post, log.counted(i), minlength=posts)
            assert by_post.tolist() == [row[i] for row in counts[1]], name
            total[name] += int(by_post.sum())
        seen = log.counted(IMPRESSIONS)
        assert counts[0] == np.unique(log.viewer[seen]).size
        assert (log.kind[seen] == rules.SHOWING).all()
        assert (log.counted(ORDERS) | log.counted(LOST_ORDERS))[~seen].all()
    assert min(total.values()) > 0, "something of everything"


def test_events_stand_in_the_order_of_the_rulebook() -> None:
    for _, log in logs():
        order = [row[:5] for row in rows_of(log)]
        assert order == sorted(order)


def test_impressions_of_a_person_are_numbered() -> None:
    for _, log in logs():
        seen: Counter[int] = Counter()
        for row, number in zip(rows_of(log), log.impression_numbers().tolist(), strict=True):
            seen[row[4]] += row[5] & 1
            assert number == seen[row[4]]


def test_a_log_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """From room for a single event."""
    monkeypatch.setattr(traced, "_FIRST_ROOM", 1)
    for world, (counts, log) in list(zip(worlds(), logs(), strict=True))[:20]:
        again, its_log = watched(world, "compiled")
        assert (again, rows_of(its_log)) == (counts, rows_of(log))


def test_another_order_of_ties_is_seen_in_the_log() -> None:
    """The same comparison fails for a clock that plays ties as they were inserted."""
    wrong = [
        rows_of(watched(world, "reference", RevisedOrder(WRONG_ORDERS["as inserted"]))[1]) != rows_of(log)
        for world, (_, log) in list(zip(worlds(), logs(), strict=True))[:40]
    ]
    assert np.mean(wrong) > 0.5


def test_shares_are_logged_once_a_person_and_post() -> None:
    for _, log in logs():
        shared = Counter((row[2], row[4]) for row in rows_of(log) if row[5] >> SHARES & 1)
        assert set(shared.values()) <= {1}
