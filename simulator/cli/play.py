"""`campaign-roi run`: play a scenario, print the answer, fill the result folder.

Invariant: chunks finished before an error or Ctrl-C stay on disk.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.endings import ctrl_c_ends, say
from simulator.cli.options import AT, JSON, QUIET, SCENARIO, SET, WORKERS, command_of, overrides_of
from simulator.cli.progress import Progress, compiles
from simulator.errors import CampaignError

if TYPE_CHECKING:
    from simulator.campaign.play import Engine
    from simulator.decide.stopping import Wish
    from simulator.scenario.model import Scenario
    from simulator.study.results import ResultFolder, Study


@click.command()
@SCENARIO
@click.option("--replications", type=click.IntRange(1, 1_000_000), help="How many times each strategy is played.")
@click.option(
    "--precision",
    type=float,
    help="Play until no end of the 95% interval of a plan's mean is farther from it than this, in the measure's unit.",
)
@click.option("--until-decided", is_flag=True, help="Play until it is decided which plan is best.")
@click.option("--measure", help="What these two look at, such as profit or orders.  [default: roi, or [decision]]")
@AT
@click.option("--at-least", type=float, help="A target: then they look at the chance to reach it.")
@click.option("--most", type=int, help="The most replications that these two play.  [default: 10,000]")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="The number that makes the randomness.")
@SET
@click.option(
    "--engine",
    type=click.Choice(["compiled", "reference"]),
    default="compiled",
    show_default=True,
    help="The fast clock, or plain SimPy, slow and easy to read. The results are equal.",
)
@WORKERS
@click.option(
    "--out", type=click.Path(path_type=Path), help="The result folder.  [default: results/<name of the scenario>]"
)
@JSON
@QUIET
def run(
    *,
    scenario: Path,
    replications: int | None,
    precision: float | None,
    until_decided: bool,
    measure: str | None,
    at: str | None,
    at_least: float | None,
    most: int | None,
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

    How many replications are enough can be left to the run: --precision 0.02 plays until mean ROI is known that well,
    --until-decided until the comparison of the plans is decided, both up to a maximum. Looking again and again spoils
    neither: the intervals are made for it.
    """
    from simulator.scenario.load import load

    named = {"seed": seed, "replications": replications}
    overrides = overrides_of(settings) | {key: value for key, value in named.items() if value is not None}
    loaded = load(scenario, overrides)
    folder = out if out is not None else Path("results") / loaded.name
    from simulator.decide.stopping import wish_of

    wish = wish_of(
        loaded,
        precision=precision,
        until_decided=until_decided,
        measure=measure,
        at=at,
        at_least=at_least,
        most=most,
        replications=replications,
    )
    study, paths = _run(loaded, folder, engine, workers, wish, quiet=quiet)
    if as_json:
        from simulator.study.results import summary_json

        click.echo(summary_json(study.summary), nl=False)
    else:
        seeded = () if seed is None else (f"seed={seed}",)
        click.echo(_page(study, paths, command_of(scenario, (*settings, *seeded))), nl=False)


def _run(
    scenario: Scenario, out: Path, engine: Engine, workers: int | None, wish: Wish | None, *, quiet: bool
) -> tuple[Study, list[Path]]:
    from simulator.campaign.hiring import check_hiring, plans_of

    check_hiring(scenario, plans_of(scenario))
    from simulator.decide.stopping import first_look, run_until
    from simulator.present.pictures.plots import draw_all
    from simulator.present.stopping import look_line
    from simulator.study import montecarlo
    from simulator.study.results import ResultFolder

    begun = scenario if wish is None else _begun(scenario, wish, out)
    with ResultFolder(out, begun, engine) as folder, ctrl_c_ends(lambda: _interrupted(folder)):
        first = len(scenario.strategies) * (scenario.replications if wish is None else first_look(scenario, wish))
        progress = None if quiet else Progress(first, compiles(engine))
        if wish is None:
            study = montecarlo.run(scenario, None, engine, workers, folder=folder, progress=progress)
        else:
            on_look = None if progress is None else lambda look: progress.tell(look_line(look))
            study = run_until(scenario, wish, engine, workers, folder=folder, progress=progress, on_look=on_look)
        if progress:
            progress.end()
        for warning in (*scenario.notes, *study.warnings, *(folder.notes if wish is None else ())):
            say(f"note: {warning}")
        return study, folder.write(study, draw_all)


def _begun(scenario: Scenario, wish: Wish, out: Path) -> Scenario:
    """Give the scenario with as many replications as its folder holds, or as are played before the first look."""
    from simulator.decide.stopping import first_look
    from simulator.study.results import read_manifest

    held = read_manifest(out).get("replications", 0) if out.is_dir() else 0
    return scenario.with_replications(max(first_look(scenario, wish), held))


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


def _page(study: Study, paths: list[Path], command: list[str]) -> str:
    from simulator.present.terminal import render

    interactive = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    color = interactive and "NO_COLOR" not in os.environ
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return render(study, paths, width, color=color, ascii_only=not encoding.startswith("utf"), command=command)
