"""What commands share that hand something on: notes about its look, its file, and what is not told in it.

In: findings, a brand, bytes. Out: lines on stderr and stdout, a file. Invariant: a file that the program did not write
so is never replaced unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.endings import say
from simulator.cli.options import program
from simulator.errors import ResultsError, ScenarioError

if TYPE_CHECKING:
    from simulator.present.brand import Brand
    from simulator.present.findings import Findings

ELSEWHERE = "It was not written. Choose another place with --out."


def say_notes(findings: Findings, brand: Brand | None, more: Sequence[str] = ()) -> None:
    """Say what was found and not taken, and what is to be known of a brand, where there is one of the user's."""
    from simulator.present.brand import brand_notes
    from simulator.present.pictures.fonts import font_note

    plans = len(findings.summary["strategies"])
    of_brand = () if brand is None else (*brand_notes(brand, plans), *font_note(brand))
    for note in (*more, *findings.notes, *of_brand):
        say(f"note: {note}")


def tell_missing(findings: Findings) -> None:
    """Print what could be told had it been asked for, with the command that asks."""
    from simulator.present.pitch.missing import missing

    for what, command in missing(findings, program()):
        click.echo(f"Not told: {what}. To ask: {command}")


def place_of(out: Path | None, usual: Path, what: str) -> Path:
    """Give where a file goes.

    Args:
        out: What the user asked for, if anything.
        usual: Where it goes otherwise; its ending is what others need, too, for programs go by it.
        what: What it is, for the message.

    Raises:
        ScenarioError: the file asked for has another ending.
    """
    if out is None or out.suffix.lower() == usual.suffix or out.is_dir():
        return usual if out is None else out
    better = out.with_suffix(usual.suffix).name
    raise ScenarioError(f"--out: given {str(out)!r}; a {what} is a {usual.suffix} file. Write --out with {better!r}.")


def say_drawing(what: str) -> None:
    """Say what is being drawn, which takes a while."""
    say(f"Drawing {what} ...")


def hand_over(path: Path, data: Callable[[], bytes], what: str, *, is_own: Callable[[], bool], force: bool) -> None:
    """Write a file for somebody else, unless something is there that the program did not write so.

    Args:
        path: Where.
        data: Make what stands in it, which is not asked for where it may not be written.
        what: What it is, for the message.
        is_own: Says whether the file that is there is such a one, and unchanged.
        force: Replace whatever is there.

    Raises:
        ResultsError: another file is there, or it cannot be written.
    """
    from simulator.study.disk import disk_errors, write_whole

    if path.is_dir():
        raise ResultsError(f"{path}: is a folder, and was left untouched. Name a file with --out.")
    if path.exists() and not force and not is_own():
        raise ResultsError(
            f"{path}: is there already and no {what}, or was changed since; it was left untouched. "
            "Choose another file with --out, or replace it with --force."
        )
    made = data()
    with disk_errors(path, ELSEWHERE):
        write_whole(path, made)
    click.echo(f"{path}: written.")
