"""What a finished run holds is the scenario that was run, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_helpers import tiny

import simulator
from simulator.errors import ResultsError
from simulator.scenario.model import Scenario
from simulator.study import montecarlo
from simulator.study.finished import read_finished, scenario_of
from simulator.study.results import ResultFolder


@pytest.fixture
def ran(tmp_path: Path) -> tuple[Scenario, Path]:
    scenario, results = tiny(tmp_path / "files", replications=2), tmp_path / "results"
    with ResultFolder(results, scenario, "compiled") as folder:
        folder.write(montecarlo.run(scenario, folder=folder), lambda _study, _folder: [])
    return scenario, results


def test_the_scenario_of_a_run_is_read_back(ran: tuple[Scenario, Path]) -> None:
    scenario, results = ran
    assert scenario.hash == scenario_of(read_finished(results)).hash
    again = simulator.run(scenario_of(read_finished(results))).replications
    assert read_finished(results).tables["replications"]["roi"].to_pylist() == again["roi"].to_pylist()


def test_a_scenario_that_was_changed_is_not_that_of_the_run(ran: tuple[Scenario, Path]) -> None:
    file = ran[1] / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("seed = 3", "seed = 4"), encoding="utf-8")
    with pytest.raises(ResultsError, match="is not the scenario of this run"):
        scenario_of(read_finished(ran[1]))
