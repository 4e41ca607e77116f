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

from importlib import import_module
from typing import TYPE_CHECKING

from simulator.errors import CampaignError, ExecutionError, ResultsError, ScenarioError

if TYPE_CHECKING:
    from simulator.decide.compare import compare
    from simulator.decide.diff import diff
    from simulator.decide.replay import replay
    from simulator.decide.sensitivity import sensitivity, variance_shares
    from simulator.decide.split import split
    from simulator.decide.stopping import run
    from simulator.decide.target import target
    from simulator.decide.worth import creators
    from simulator.present.deck.deck import deck
    from simulator.present.pictures.folder import pictures
    from simulator.present.report.page import report
    from simulator.scenario.load import load

__all__ = [
    "CampaignError",
    "ExecutionError",
    "ResultsError",
    "ScenarioError",
    "compare",
    "creators",
    "deck",
    "diff",
    "load",
    "pictures",
    "replay",
    "report",
    "run",
    "sensitivity",
    "split",
    "target",
    "variance_shares",
]
# Where each function stands; its module is imported when it is first asked for, so `import simulator` costs nothing.
_HOMES = {
    "compare": "decide.compare",
    "creators": "decide.worth",
    "deck": "present.deck.deck",
    "diff": "decide.diff",
    "load": "scenario.load",
    "pictures": "present.pictures.folder",
    "replay": "decide.replay",
    "report": "present.report.page",
    "run": "decide.stopping",
    "sensitivity": "decide.sensitivity",
    "split": "decide.split",
    "target": "decide.target",
    "variance_shares": "decide.sensitivity",
}


def __getattr__(name: str) -> object:
    """Give a function of the package from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = function
    return function


def __dir__() -> list[str]:
    """Give what there is, found or not yet."""
    return sorted({*globals(), *_HOMES})
