"""Threads do all the work there is, give it back as it is finished, and stop when they should."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import pytest

from simulator.study.executors import default_workers, on_threads


def results(work: Callable[[int], int], count: int, workers: int) -> dict[int, int]:
    return dict(on_threads(work, range(count), workers, threading.Event()))


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_every_chunk_is_done_once(workers: int) -> None:
    """However many workers there are, each chunk has its own result."""
    calls: list[int] = []

    def work(chunk: int) -> int:
        calls.append(chunk)
        time.sleep(0.001 * (chunk % 3))
        return chunk * chunk

    assert {i: i * i for i in range(40)} == results(work, 40, workers)
    assert list(range(40)) == sorted(calls)


def test_no_chunks_is_no_work() -> None:
    """Where everything is done already, nothing is played."""
    assert {} == results(lambda _: pytest.fail("played"), 0, 2)


def test_no_more_than_the_workers_work_at_a_time() -> None:
    """As many chunks as workers are played at once, and no more."""
    busy, most, lock = 0, 0, threading.Lock()

    def work(chunk: int) -> int:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.02)
        with lock:
            busy -= 1
        return chunk

    results(work, 12, 3)
    assert 3 == most


def test_a_failure_is_raised_and_drops_what_has_not_begun() -> None:
    """The first failure ends the work: what waits is never begun."""
    begun: list[int] = []

    def work(chunk: int) -> int:
        begun.append(chunk)
        if chunk == 1:
            raise ValueError("chunk 1")
        time.sleep(0.05)
        return chunk

    with pytest.raises(ValueError, match="chunk 1"):
        results(work, 1000, 2)
    assert len(begun) < 20


def test_what_has_begun_is_told_to_stop_when_no_more_is_wanted() -> None:
    """When the caller wants no more, long chunks hear of it and end early; when this returns, no thread works."""
    stop, ended = threading.Event(), threading.Event()

    def work(chunk: int) -> int:
        if chunk == 1:
            assert stop.wait(30)
            ended.set()
        return chunk

    played = on_threads(work, range(4), 2, stop)
    assert next(played)[0] in (0, 2, 3)
    began = time.monotonic()
    played.close()
    assert ended.is_set()
    assert time.monotonic() - began < 10


def test_default_workers_are_the_processors_this_process_may_use() -> None:
    """At least one, and not more than the machine has."""
    assert 1 <= default_workers() <= (os.cpu_count() or 1)
