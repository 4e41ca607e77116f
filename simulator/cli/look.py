"""`campaign-roi check` and `explain`: what a scenario says, before anything is played."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.endings import say
from simulator.cli.options import SCENARIO, SET, overrides_of

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


@click.command()
@SCENARIO
@SET
def check(*, scenario: Path, settings: tuple[str, ...]) -> None:
    """Say whether a SCENARIO file can be run, what it would play and whom it hires."""
    check_scenario(scenario, settings)


def check_scenario(scenario: Path, settings: tuple[str, ...]) -> None:
    """Print what a scenario would play and whom its plans hire, or what has to be mended."""
    from simulator.campaign.hiring import check_hiring, plans_of
    from simulator.campaign.schedule import plan_warnings
    from simulator.present.evidence import evidence_lines
    from simulator.present.hiring import hiring_lines, scenario_line
    from simulator.scenario.load import load
    from simulator.scenario.presets.plausible import range_warnings

    loaded = load(scenario, overrides_of(settings))
    plans = plans_of(loaded)
    check_hiring(loaded, plans)
    warnings = [*loaded.notes, *_graph_warnings(loaded), *plan_warnings(loaded, plans), *range_warnings(loaded)]
    click.echo(f"{scenario}: fine. {scenario_line(loaded)}")
    for line in [*evidence_lines(loaded), *hiring_lines(loaded, plans)]:
        click.echo(line)
    for warning in warnings:
        say(f"note: {warning}")


@click.command()
@SCENARIO
@SET
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
    from simulator.scenario.load import load
    from simulator.scenario.presets.evidence import evidence_warnings
    from simulator.scenario.presets.plausible import range_warnings
    from simulator.scenario.values import values_of

    loaded = load(scenario, overrides_of(settings))
    told = [evidence_lines(loaded) + explanation_lines(loaded, explain_scenario(loaded))]
    told += [reach_lines(expected_reach(loaded)), overlap_lines(expected_overlaps(loaded))]
    _echo_apart(told)
    for warning in (*loaded.notes, *evidence_warnings(loaded), *range_warnings(loaded)):
        say(f"note: {warning}")
    _echo_apart([[], value_lines(loaded, values_of(loaded))])


def _echo_apart(blocks: Iterable[Sequence[str]]) -> None:
    """Print blocks of lines with a blank line before each but the first."""
    for place, block in enumerate(blocks):
        for line in [*([""] if place and block else []), *block]:
            click.echo(line)


def _graph_warnings(scenario: Scenario) -> tuple[str, ...]:
    """Read the graph file, if there is one, as a run would; without one, numpy need not be imported."""
    if scenario.graph_path is None:
        return ()
    from simulator.market.graph_file import edges_of

    edges = edges_of(scenario)
    return edges.warnings if edges else ()
