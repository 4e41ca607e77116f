"""Where chunks of work are played: on threads of this machine.

In: a function of a chunk and the chunks. Out: pairs of (chunk, result) as they finish. Invariant: what comes out for
a chunk does not depend on how many workers there are or on who finishes first.

Threads are enough, because the compiled crowd runs without the GIL and all of them read the same market.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

C = TypeVar("C")
R = TypeVar("R")


class Stopped(Exception):  # noqa: N818  # not an error: the run is being ended
    """Raised inside a worker when the run is being ended."""


def default_workers() -> int:
    """Give the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def on_threads(
    work: Callable[[C], R], chunks: Sequence[C], workers: int, stop: threading.Event
) -> Generator[tuple[C, R], None, None]:
    """Do the work of all chunks, and give each result as soon as it is there.

    Args:
        work: What to do with a chunk, called from any thread.
        chunks: What there is to do, in the order in which it is begun.
        workers: How many threads.
        stop: Set when a chunk failed or the caller wants no more. What has not begun is dropped then; what has begun
            is waited for, so `work` should look at it now and then.
    """
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        pending: dict[Future[R], C] = {pool.submit(work, chunk): chunk for chunk in chunks}
        while pending:
            # With a time-out, because on some systems an uninterrupted wait would swallow Ctrl-C.
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                yield pending.pop(future), future.result()
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
