"""`campaign-roi schema` and `export`: files for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from simulator.errors import ResultsError

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
    hand_over(path, data, "export of this scenario", is_own=lambda: is_own_export(path, data), force=force)


def hand_over(path: Path, data: bytes, what: str, *, is_own: Callable[[], bool], force: bool) -> None:
    """Write a file for somebody else, unless something is there that the program did not write so.

    Args:
        path: Where.
        data: What stands in it.
        what: What it is, for the message.
        is_own: Says whether the file that is there is such a one, and unchanged.
        force: Replace whatever is there.

    Raises:
        ResultsError: another file is there, or it cannot be written.
    """
    from simulator.study.disk import disk_errors, write_whole

    if path.exists() and not force and not is_own():
        raise ResultsError(
            f"{path}: is there already and no {what}, or was changed since; it was left untouched. "
            "Choose another file with --out, or replace it with --force."
        )
    with disk_errors(path, _ELSEWHERE):
        write_whole(path, data)
    click.echo(f"{path}: written.")
