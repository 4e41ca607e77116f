"""What nobody foresaw: where in the work it happened, and what to do.

In: any exception while something is worked on. Out: a `CampaignError`. Invariant: an error that already says what to
do goes through unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulator.errors import CampaignError, ExecutionError
from simulator.study.executors import Stopped


@contextmanager
def faults(what: str) -> Iterator[None]:
    """Say where something went wrong that nobody foresaw.

    Args:
        what: The beginning of the message: what could not be done.

    Raises:
        ExecutionError: it went wrong.
    """
    try:
        yield
    except (CampaignError, Stopped):
        raise
    except MemoryError as error:
        raise ExecutionError(
            f"{what}: this machine has too little memory for it. Lower people.count or --workers."
        ) from error
    except Exception as error:
        raise ExecutionError(
            f"{what}: {type(error).__name__}: {error}. This is a fault of the program; please report it with the "
            "scenario."
        ) from error
