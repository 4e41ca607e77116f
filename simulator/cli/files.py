"""`campaign-roi schema` and `export`: files for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from simulator.cli.endings import say
from simulator.errors import ResultsError, ScenarioError

_ELSEWHERE = "It was not written. Choose another place with --out."


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.  [default: print it]")
def schema(*, out: Path | None) -> None:
    """Print the JSON Schema of scenarios, with which editors complete and check them.

    Write it beside your scenarios, and name it in their first line: "#:schema ./campaign-roi.schema.json".
    """
    from simulator.scenario.schema import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
    else:
        from simulator.study.disk import disk_errors, write_whole

        with disk_errors(out, _ELSEWHERE):
            write_whole(out, schema_text().encode())


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--xlsx", is_flag=True, help="As one workbook of sheets: summary, comparisons, replications, creators, ..."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/<name of the scenario>.xlsx]"
)
@click.option("--force", is_flag=True, help="Replace a file that is there, whatever it is.")
def export(*, results: Path, xlsx: bool, out: Path | None, force: bool) -> None:
    """Write the tables of a finished RESULTS folder into one file for other programs."""
    if not xlsx:
        raise click.UsageError("Say as what: --xlsx, a workbook for spreadsheets.")
    from simulator.present.workbook import is_own_export, workbook_bytes
    from simulator.study.finished import read_finished

    study = read_finished(results)
    path = out if out is not None else results / f"{study.summary['scenario']}.xlsx"
    data = workbook_bytes(study)
    hand_over(path, lambda: data, "export of this scenario", is_own=lambda: is_own_export(path, data), force=force)


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


def drawing(what: str) -> None:
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
    with disk_errors(path, _ELSEWHERE):
        write_whole(path, made)
    click.echo(f"{path}: written.")
