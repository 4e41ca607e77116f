"""`campaign-roi schema` and `export`: files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.handing import ELSEWHERE, hand_over
from simulator.cli.options import FORCE


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

        with disk_errors(out, ELSEWHERE):
            write_whole(out, schema_text().encode())


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--xlsx", is_flag=True, help="As one workbook of sheets: summary, comparisons, replications, creators, ..."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file.  [default: RESULTS/<name of the scenario>.xlsx]"
)
@FORCE
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
