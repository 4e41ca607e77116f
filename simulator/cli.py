"""The commands; the only place that prints and exits.

In: words on the command line. Out: text on stdout (the answer), text on stderr (progress, warnings, errors) and an
exit code: 0 done, 2 scenario or usage, 3 results folder or disk, 4 execution, 130 interrupted.
Invariant: a traceback never reaches the user; what was finished before an error or Ctrl-C stays on disk.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from simulator.errors import CampaignError

if TYPE_CHECKING:
    from simulator.campaign.play import Engine
    from simulator.scenario.model import Scenario
    from simulator.study.montecarlo import Progress
    from simulator.study.results import Study

INTERRUPTED = 130


class _Commands(click.Group):
    """A group of commands whose errors end with a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CampaignError as error:
            _fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            _fail("interrupted.", INTERRUPTED)


def _fail(message: str, exit_code: int) -> NoReturn:
    click.echo(f"campaign-roi: {message}", err=True)
    sys.exit(exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="campaign-roi")
def main() -> None:
    """Should the budget go to many micro-influencers, one celebrity, or a mix?

    Plays the campaign of a scenario file many times and answers with distributions.
    """


def _overrides(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, object]:
    overrides: dict[str, object] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{text!r}: write KEY=VALUE, such as product.margin=0.4.")
        overrides[key.strip()] = _toml_value(value.strip())
    return overrides


def _toml_value(text: str) -> object:
    """Read a value as TOML; what is no TOML is a text, so that quotes can be left out."""
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if list(parsed) == ["value"] else text


_SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
_SET = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_overrides,
    help="Replace a value of the scenario, for example product.margin=0.4. May be repeated.",
)


@main.command()
@_SCENARIO
@click.option("--replications", type=click.IntRange(1, 1_000_000), help="How many times each strategy is played.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="The number that makes the randomness.")
@_SET
@click.option(
    "--engine",
    type=click.Choice(["compiled", "reference"]),
    default="compiled",
    show_default=True,
    help="The fast clock, or plain SimPy, slow and easy to read. The results are equal.",
)
@click.option("--workers", type=click.IntRange(1, 1024), help="Threads.  [default: one per processor]")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The result folder.  [default: results/<name of the scenario>]"
)
@click.option("--json", "as_json", is_flag=True, help="Print summary.json on stdout and nothing else there.")
@click.option("--quiet", is_flag=True, help="Print no progress.")
def run(
    *,
    scenario: Path,
    replications: int | None,
    seed: int | None,
    overrides: dict[str, object],
    engine: Engine,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Play the strategies of a SCENARIO file many times, and say which one pays.

    The answer is printed; numbers and pictures go to the result folder. A folder that already holds the same
    scenario is continued, so an interrupted run loses little and more replications build on those there are.
    """
    from simulator.scenario.load import load

    named = {"seed": seed, "replications": replications}
    loaded = load(scenario, overrides | {key: value for key, value in named.items() if value is not None})
    folder = out if out is not None else Path("results") / loaded.name
    study, paths = _run(loaded, folder, engine, workers, quiet=quiet)
    if as_json:
        from simulator.study.results import summary_json

        click.echo(summary_json(study.summary), nl=False)
    else:
        click.echo(_page(study, paths), nl=False)


def _run(
    scenario: Scenario, out: Path, engine: Engine, workers: int | None, *, quiet: bool
) -> tuple[Study, list[Path]]:
    from simulator.campaign.hiring import check_hiring
    from simulator.study.results import ResultFolder

    check_hiring(scenario)
    folder = ResultFolder(out, scenario, engine)
    try:
        with _progress(scenario, quiet=quiet) as progress:
            from simulator.study import montecarlo

            study = montecarlo.run(scenario, None, engine, workers, folder=folder, progress=progress)
        for warning in study.warnings:
            click.echo(f"note: {warning}", err=True)
        from simulator.present.plots import draw_all

        return study, folder.write(study, draw_all)
    except KeyboardInterrupt:
        folder.set_state("interrupted")
        _fail(f"interrupted. What was finished is kept in {out}; the same command continues there.", INTERRUPTED)


@contextmanager
def _progress(scenario: Scenario, *, quiet: bool) -> Iterator[Progress | None]:
    """Show on stderr how many plays are finished."""
    if quiet:
        yield None
        return
    line = _ProgressLine(len(scenario.strategies) * scenario.replications)
    try:
        yield line.add
    finally:
        line.end()


class _ProgressLine:
    """A line on stderr that counts finished plays, from any thread."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._begin, self._shown = total, 0, time.monotonic(), 0.0
        self._lock = threading.Lock()
        self._redraws = sys.stderr.isatty()
        click.echo("Building the first markets (the very first run also compiles, about 20 seconds) ...", err=True)

    def add(self, plays: int) -> None:
        with self._lock:
            self._done += plays
            now = time.monotonic()
            if self._redraws and now - self._shown >= 0.1:
                self._shown = now
                click.echo(f"\r{self._text()}", err=True, nl=False)

    def end(self) -> None:
        click.echo(f"\r{self._text()}" if self._redraws else self._text(), err=True)

    def _text(self) -> str:
        return f"{self._done:,} of {self._total:,} plays finished, {time.monotonic() - self._begin:.0f} s"


def _page(study: Study, paths: list[Path]) -> str:
    from simulator.present.terminal import render

    interactive = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    color = interactive and "NO_COLOR" not in os.environ
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return render(study, paths, width=width, color=color, ascii_only=not encoding.startswith("utf"))


@main.command()
@_SCENARIO
@_SET
def check(*, scenario: Path, overrides: dict[str, object]) -> None:
    """Say whether a SCENARIO file can be run, and what it would play."""
    from simulator.campaign.hiring import check_hiring
    from simulator.scenario.load import load

    loaded = load(scenario, overrides)
    check_hiring(loaded)
    strategies = ", ".join(loaded.strategies)
    click.echo(f"{scenario}: fine. {loaded.replications:,} replications of {len(loaded.strategies)}: {strategies}.")

