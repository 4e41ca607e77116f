"""How the program ends: with a message and an exit code, whatever happens.

In: what a command raises, or Ctrl-C. Out: text on stderr and an exit code: 0 done, 2 scenario or usage, 3 results
folder or disk, 4 execution, 130 interrupted. Invariant: a traceback never reaches the user.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from typing import Any, NoReturn

import click

from simulator.errors import CampaignError, ExecutionError, ResultsError

INTERRUPTED = 130


class Commands(click.Group):
    """A group of commands that end with a message and an exit code, whatever happens."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program."""
        with ctrl_c_ends(lambda: "interrupted."):
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and say what went wrong."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            _stop_printing()
        except CampaignError as error:
            fail(str(error), error.exit_code)
        except OSError as error:
            fail(f"{error.filename or 'output'}: {error.strerror or error}.", ResultsError.exit_code)
        except MemoryError:
            fail("this machine has too little memory for it; lower people.count.", ExecutionError.exit_code)
        except Exception as error:  # noqa: BLE001  # the last resort of the invariant above
            fail(_fault(error), ExecutionError.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; of one that is not there, say which was probably meant."""
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            close = get_close_matches(cmd_name, self.commands, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            there = ", ".join(repr(name) for name in sorted(self.commands))
            raise click.UsageError(f"No such command {cmd_name!r}.{hint} There is: {there}.", ctx)
        return command


def say(text: str, *, nl: bool = True) -> None:
    """Print on stderr; nobody listening there is no reason to stop."""
    with suppress(OSError):
        click.echo(text, err=True, nl=nl)


def fail(message: str, exit_code: int) -> NoReturn:
    """End the program with a message."""
    say(f"campaign-roi: {message}")
    sys.exit(exit_code)


def _fault(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno}). This is a fault of the program; "
        "please report it with the scenario."
    )


def _stop_printing() -> NoReturn:
    """End when whoever read stdout has left, as `head` does: what was to be done is done."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


@contextmanager
def ctrl_c_ends(last_words: Callable[[], str]) -> Iterator[None]:
    """Let Ctrl-C end the program at once, wherever it is.

    An exception instead could be swallowed by a library and would wait for every thread. Nothing has to be unwound:
    only the main thread writes files, and each is there whole or not at all.
    """

    def leave(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            os.write(2, f"\ncampaign-roi: {last_words()}\n".encode(errors="replace"))
        finally:
            os._exit(INTERRUPTED)

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
