"""The commands; the only place that prints and exits.

In: words on the command line. Out: text on stdout (the answer), text on stderr (progress, warnings, errors) and an
exit code: 0 done, 2 scenario or usage, 3 results folder or disk, 4 execution, 130 interrupted.
Invariant: a traceback never reaches the user; chunks finished before an error or Ctrl-C stay on disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NoReturn

import click

from simulator.errors import CampaignError, ExecutionError, ResultsError

if TYPE_CHECKING:
    from simulator.campaign.play import Engine
    from simulator.scenario.model import Scenario
    from simulator.study.results import ResultFolder, Study

INTERRUPTED = 130


# ---- how the program ends


class _Commands(click.Group):
    """A group of commands that end with a message and an exit code, whatever happens."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with _ctrl_c_ends(lambda: "interrupted."):
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            _stop_printing()
        except CampaignError as error:
            _fail(str(error), error.exit_code)
        except OSError as error:
            _fail(f"{error.filename or 'output'}: {error.strerror or error}.", ResultsError.exit_code)
        except MemoryError:
            _fail("this machine has too little memory for it; lower people.count.", ExecutionError.exit_code)
        except Exception as error:  # noqa: BLE001  # the last resort of the invariant above
            _fail(_fault(error), ExecutionError.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            close = get_close_matches(cmd_name, self.commands, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            there = ", ".join(repr(name) for name in sorted(self.commands))
            raise click.UsageError(f"No such command {cmd_name!r}.{hint} There is: {there}.", ctx)
        return command


def _say(text: str, *, nl: bool = True) -> None:
    """Print on stderr; nobody listening there is no reason to stop."""
    with suppress(OSError):
        click.echo(text, err=True, nl=nl)


def _fail(message: str, exit_code: int) -> NoReturn:
    _say(f"campaign-roi: {message}")
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
def _ctrl_c_ends(last_words: Callable[[], str]) -> Iterator[None]:
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


# ---- the command line


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="campaign-roi")
def main() -> None:
    """Should the budget go to many micro-influencers, one celebrity, or a mix?

    Plays the campaign of a scenario file many times and answers with distributions.
    """


def _overrides(settings: Sequence[str]) -> dict[str, object]:
    from simulator.scenario.toml_file import toml_value

    overrides: dict[str, object] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{text!r}: write KEY=VALUE, such as product.margin=0.4.", param_hint="--set")
        overrides[key.strip()] = toml_value(value.strip())
    return overrides


_SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
_SET = click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
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
    settings: tuple[str, ...],
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
    overrides = _overrides(settings) | {key: value for key, value in named.items() if value is not None}
    loaded = load(scenario, overrides)
    folder = out if out is not None else Path("results") / loaded.name
    study, paths = _run(loaded, folder, engine, workers, quiet=quiet)
    if as_json:
        from simulator.study.results import summary_json

        click.echo(summary_json(study.summary), nl=False)
    else:
        seeded = () if seed is None else (f"seed={seed}",)
        click.echo(_page(study, paths, _command(scenario, (*settings, *seeded))), nl=False)


def _run(
    scenario: Scenario, out: Path, engine: Engine, workers: int | None, *, quiet: bool
) -> tuple[Study, list[Path]]:
    from simulator.campaign.hiring import check_hiring, plans_of

    check_hiring(scenario, plans_of(scenario))
    from simulator.present.plots import draw_all
    from simulator.study import montecarlo
    from simulator.study.results import ResultFolder

    with ResultFolder(out, scenario, engine) as folder, _ctrl_c_ends(lambda: _interrupted(folder)):
        progress = None if quiet else _Progress(len(scenario.strategies) * scenario.replications, _compiles(engine))
        study = montecarlo.run(scenario, None, engine, workers, folder=folder, progress=progress)
        if progress:
            progress.end()
        for warning in (*scenario.notes, *study.warnings):
            _say(f"note: {warning}")
        return study, folder.write(study, draw_all)


def _interrupted(folder: ResultFolder) -> str:
    from simulator.study.chunks import REPLICATIONS_PER_CHUNK

    with suppress(CampaignError):
        folder.set_state("interrupted")
    if folder.kept == 0:
        return (
            f"interrupted. Nothing is kept in {folder.path} yet: up to {REPLICATIONS_PER_CHUNK} replications of a "
            "market are kept at a time, once all strategies have played them. The same command begins again."
        )
    total = len(folder.scenario.strategies) * folder.scenario.replications
    kept = "What an earlier run finished is" if folder.kept is None else f"{folder.kept:,} of {total:,} plays are"
    return f"interrupted. {kept} kept in {folder.path}; the same command continues there."


def _command(scenario: Path, settings: Sequence[str]) -> list[str]:
    """Give the parts of the command that plays a scenario with the same values."""
    return [f"{_program()} run {quote(str(scenario))}", *(f"--set {quote(text)}" for text in settings)]


def _program() -> str:
    """Give the word this program is called by: as it was typed, where its bare name would not be found."""
    typed = Path(sys.argv[0])
    if typed.parts[-2:] == ("simulator", "__main__.py"):
        return f"{quote(sys.executable)} -m simulator"
    bare = shutil.which("campaign-roi") or not typed.name.startswith("campaign-roi")
    return "campaign-roi" if bare else quote(str(typed))


def _page(study: Study, paths: list[Path], command: list[str]) -> str:
    from simulator.present.terminal import render

    interactive = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    color = interactive and "NO_COLOR" not in os.environ
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return render(study, paths, width, color=color, ascii_only=not encoding.startswith("utf"), command=command)


@main.command()
@_SCENARIO
@_SET
def check(*, scenario: Path, settings: tuple[str, ...]) -> None:
    """Say whether a SCENARIO file can be run, what it would play and whom it hires."""
    from simulator.campaign.hiring import check_hiring, plans_of
    from simulator.campaign.schedule import plan_warnings
    from simulator.present.evidence import evidence_lines
    from simulator.present.hiring import hiring_lines, scenario_line
    from simulator.scenario.load import load
    from simulator.scenario.plausible import range_warnings

    loaded = load(scenario, _overrides(settings))
    plans = plans_of(loaded)
    check_hiring(loaded, plans)
    warnings = [*loaded.notes, *_graph_warnings(loaded), *plan_warnings(loaded, plans), *range_warnings(loaded)]
    click.echo(f"{scenario}: fine. {scenario_line(loaded)}")
    for line in [*evidence_lines(loaded), *hiring_lines(loaded, plans)]:
        click.echo(line)
    for warning in warnings:
        _say(f"note: {warning}")


@main.command()
@_SCENARIO
@_SET
def explain(*, scenario: Path, settings: tuple[str, ...]) -> None:
    """Say what a SCENARIO comes to: what its rates make, what plans reach, and every value with its unit and source.

    For every creator, every pool and the ads, from a follower to an order; who gave each value, with file and line or
    the source behind it. Nothing is played.
    """
    from simulator.campaign.expected import expected_overlaps, expected_reach
    from simulator.campaign.explain import explain as explain_scenario
    from simulator.present.evidence import evidence_lines
    from simulator.present.expected import overlap_lines, reach_lines
    from simulator.present.explain import explanation_lines
    from simulator.present.values import value_lines
    from simulator.scenario.evidence import evidence_warnings
    from simulator.scenario.load import load
    from simulator.scenario.plausible import range_warnings
    from simulator.scenario.values import values_of

    loaded = load(scenario, _overrides(settings))
    told = [evidence_lines(loaded) + explanation_lines(loaded, explain_scenario(loaded))]
    told += [reach_lines(expected_reach(loaded)), overlap_lines(expected_overlaps(loaded))]
    _echo_apart(told)
    for warning in (*loaded.notes, *evidence_warnings(loaded), *range_warnings(loaded)):
        _say(f"note: {warning}")
    _echo_apart([[], value_lines(loaded, values_of(loaded))])


def _echo_apart(blocks: Iterable[Sequence[str]]) -> None:
    """Print blocks of lines with a blank line before each but the first."""
    for place, block in enumerate(blocks):
        for line in [*([""] if place and block else []), *block]:
            click.echo(line)


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.  [default: print it]")
def schema(*, out: Path | None) -> None:
    """Print the JSON Schema of scenarios, with which editors complete and check them.

    Write it beside your scenarios, and name it in their first line: "#:schema ./campaign-roi.schema.json".
    """
    from simulator.scenario.schema import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
    else:
        from simulator.study.disk import write_whole

        write_whole(out, schema_text().encode())


@main.command()
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
    from simulator.study.disk import disk_errors, write_whole
    from simulator.study.finished import read_finished

    study = read_finished(results)
    path = out if out is not None else results / f"{study.summary['scenario']}.xlsx"
    data = workbook_bytes(study)
    if path.exists() and not force and not is_own_export(path, data):
        raise ResultsError(
            f"{path}: is there already and no export of this scenario, or was changed since; it was left untouched. "
            "Choose another file with --out, or replace it with --force."
        )
    with disk_errors(path):
        write_whole(path, data)
    click.echo(f"{path}: written.")


def _graph_warnings(scenario: Scenario) -> tuple[str, ...]:
    """Read the graph file, if there is one, as a run would; without one, numpy need not be imported."""
    if scenario.graph_path is None:
        return ()
    from simulator.market.graph_file import edges_of

    edges = edges_of(scenario)
    return edges.warnings if edges else ()


# ---- progress


def _compiles(engine: Engine) -> bool:
    """Say whether this run has to compile first, as far as can be known."""
    from simulator.compiled import is_cached

    return not is_cached("impressions" if engine == "compiled" else "people")


class _Progress:
    """Counts finished plays on stderr: a line that is redrawn on a terminal, else a line now and then."""

    def __init__(self, total: int, compiles: bool) -> None:  # noqa: FBT001
        self._total, self._compiles = total, compiles
        self._kept = self._done = self._shown = 0
        self._began = self._shown_at = self._first_at = time.monotonic()
        self._redraws = sys.stderr.isatty()
        self._lock = threading.Lock()

    def begin(self, kept: int) -> None:
        self._kept = self._done = self._shown = kept
        of_them = f", {kept:,} of them finished before" if kept else ""
        _say(f"{self._total:,} plays{of_them}.")
        if self._compiles and kept < self._total:
            _say("Compiling first; this is done once and takes about 20 seconds.")

    def add(self, plays: int) -> None:
        with self._lock:
            now = time.monotonic()
            if self._done == self._kept:
                self._first_at = now
            self._done += plays
            if self._is_due(now):
                self._shown, self._shown_at = self._done, now
                _say(f"\r\x1b[K{self._text(now)}" if self._redraws else self._text(now), nl=not self._redraws)

    def _is_due(self, now: float) -> bool:
        if self._redraws:
            return now - self._shown_at >= 0.1
        return now - self._shown_at >= 5 and 10 * (self._done - self._shown) >= self._total

    def end(self) -> None:
        text = f"{self._done:,} plays finished in {_duration(time.monotonic() - self._began)}."
        _say(f"\r\x1b[K{text}" if self._redraws else text)

    def _text(self, now: float) -> str:
        text = f"{self._done:,} of {self._total:,} plays finished"
        # Counted from the first that was finished: before it, markets are built.
        played, seconds = self._done - self._kept - 1, now - self._first_at
        if played < 1 or seconds <= 0:
            return text
        left = (self._total - self._done) * seconds / played
        return f"{text}, {_rate(played / seconds)} per second, about {_duration(left)} left"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
