"""Play an influencer campaign many times, and say what may be concluded.

In: one scenario (TOML). Out: distributions of reach, conversions and ROI for each strategy, their paired
differences, and pictures. Three promises hold everywhere:

1. The same scenario gives the same bytes, on any number of workers, after any number of interruptions.
2. No number without its uncertainty, and no comparison without pairing.
3. No result without the scenario that made it: scenario hash, seed and replication.

The house, top to bottom; a module imports only from its own folder and from what stands above it:

    errors.py     what can go wrong, with exit codes
    streams.py    keyed randomness: every chance decision has a name
    compiled.py   the one door to numba
    scenario/     what the user wrote: typed, checked, with the line of each problem
    market/       people, who follows whom, creators and their audiences
    spread/       what one impression does (the rulebook), and the two clocks that play it
    campaign/     who is hired, the SimPy processes of one campaign, its counts and money
    study/        many replications, on disk, and what may be concluded from them
    decide/       questions put to paired plays: which split, how much money, what is not known, who is worth it
    present/      conclusions as sentences, pictures and a terminal page
    cli/          the commands; the only place that prints and exits

>>> import simulator
>>> scenario = simulator.load("scenarios/micro_vs_celebrity.toml", {"people.count": 20_000})  # doctest: +SKIP
>>> study = simulator.run(scenario, replications=20)  # doctest: +SKIP
>>> study.summary["comparisons"][0]["difference"]["mean"]  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.errors import CampaignError, ExecutionError, ResultsError, ScenarioError

if TYPE_CHECKING:
    from simulator.campaign.play import Engine
    from simulator.decide.compare import Compared
    from simulator.decide.diff import Diff
    from simulator.decide.replay import Replay
    from simulator.decide.sensitivity import Sensitivity, VarianceShares
    from simulator.decide.split import SplitAnswer
    from simulator.decide.target import Target
    from simulator.decide.worth import Worth
    from simulator.scenario.model import Scenario
    from simulator.study.results import Study
    from simulator.study.trials import Trials

__all__ = [
    "CampaignError",
    "ExecutionError",
    "ResultsError",
    "ScenarioError",
    "compare",
    "creators",
    "diff",
    "load",
    "replay",
    "run",
    "sensitivity",
    "split",
    "target",
    "variance_shares",
]


def load(path: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read and check a scenario; see `simulator.scenario.load.load`."""
    from simulator.scenario.load import load as load_scenario

    return load_scenario(path, overrides)


def run(
    scenario: Scenario,
    replications: int | None = None,
    engine: Engine = "compiled",
    workers: int | None = None,
    *,
    precision: float | None = None,
    until_decided: bool = False,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    most: int | None = None,
) -> Study:
    """Play a scenario's strategies many times; see `simulator.study.montecarlo.run`.

    With `precision` or `until_decided`, as often as it takes to be sure enough; see `simulator.decide.stopping.wish_of`
    for these two and what follows them.
    """
    from simulator.decide.stopping import run_until, wish_of
    from simulator.study.montecarlo import run as run_study

    wish = wish_of(
        scenario,
        precision=precision,
        until_decided=until_decided,
        measure=measure,
        at=at,
        at_least=at_least,
        most=most,
        replications=replications,
    )
    if wish is None:
        return run_study(scenario, replications, engine, workers)
    return run_until(scenario, wish, engine, workers)


def compare(
    *results: str | Path | Study, measure: str | None = None, at: str | int | None = None, at_least: float | None = None
) -> Compared:
    """Compare plans within one run, or across runs; see `simulator.decide.compare.compare`."""
    from simulator.decide.compare import compare as compare_runs

    return compare_runs(*results, measure=measure, at=at, at_least=at_least)


def diff(a: str | Path | Scenario | Study, b: str | Path | Scenario | Study) -> Diff:
    """Say which inputs and which outcomes differ; see `simulator.decide.diff.diff`."""
    from simulator.decide.diff import diff as diff_of

    return diff_of(a, b)


def creators(
    scenario: Scenario,
    strategies: str | Sequence[str] = (),
    names: str | Sequence[str] = (),
    *,
    replications: int | None = None,
    solo: bool = False,
    trials: Trials | None = None,
) -> Worth:
    """Say what each creator is worth to a plan; see `simulator.decide.worth.creators`."""
    from simulator.decide.worth import creators as creators_of

    return creators_of(scenario, strategies, names, replications=replications, solo=solo, trials=trials)


def replay(results: str | Path, strategy: str, replication: int, *, trace: bool = False) -> Replay:
    """Play one replication of a finished run again; see `simulator.decide.replay.replay`."""
    from simulator.decide.replay import replay as play_again

    return play_again(results, strategy, replication, trace=trace)


def sensitivity(
    scenario: Scenario,
    strategy: str | None = None,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    replications: int = 128,
    markets: int | None = None,
    trials: Trials | None = None,
) -> Sensitivity:
    """Say what moves a plan and what would turn the choice; see `simulator.decide.sensitivity.sensitivity`."""
    from simulator.decide import sensitivity as of_inputs

    return of_inputs.sensitivity(
        scenario,
        strategy,
        measure=measure,
        at=at,
        at_least=at_least,
        replications=replications,
        markets=markets,
        trials=trials,
    )


def variance_shares(
    scenario: Scenario,
    strategy: str | None = None,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    replications: int = 128,
    markets: int | None = None,
    trials: Trials | None = None,
) -> VarianceShares:
    """Split the variance of a plan into what is not known; see `simulator.decide.sensitivity.variance_shares`."""
    from simulator.decide import sensitivity as of_inputs

    return of_inputs.variance_shares(
        scenario,
        strategy,
        measure=measure,
        at=at,
        at_least=at_least,
        replications=replications,
        markets=markets,
        trials=trials,
    )


def split(
    scenario: Scenario,
    pools: Sequence[str] | None = None,
    steps: int = 21,
    *,
    strategy: str | None = None,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    indifference: float | None = None,
    confidence: float = 0.95,
    replications: int | None = None,
    most: int | None = None,
    trials: Trials | None = None,
) -> SplitAnswer:
    """Find the best split of a scenario's budget; see `simulator.decide.split.split`."""
    from simulator.decide.split import split as split_of

    return split_of(
        scenario,
        pools,
        steps,
        strategy=strategy,
        measure=measure,
        at=at,
        at_least=at_least,
        indifference=indifference,
        confidence=confidence,
        replications=replications,
        most=most,
        trials=trials,
    )


def target(
    scenario: Scenario,
    *,
    measure: str | None = None,
    at: str | int | None = None,
    at_least: float | None = None,
    confidence: float = 0.8,
    strategy: str | None = None,
    steps: int = 10,
    most_budget: float | None = None,
    replications: int | None = None,
    trials: Trials | None = None,
) -> Target:
    """Find the smallest budget that reaches a target, and its split; see `simulator.decide.target.target`."""
    from simulator.decide.target import target as target_of

    return target_of(
        scenario,
        measure=measure,
        at=at,
        at_least=at_least,
        confidence=confidence,
        strategy=strategy,
        steps=steps,
        most_budget=most_budget,
        replications=replications,
        trials=trials,
    )
