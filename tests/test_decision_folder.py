"""Where decisions are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_helpers import state_of, tiny

from simulator.decide.folder import DecisionFolder
from simulator.errors import ResultsError
from simulator.scenario.variant import changed
from simulator.study.results import ResultFolder


def test_a_run_may_begin_where_decisions_are(tmp_path: Path) -> None:
    """And decisions where a run is; about the same world."""
    scenario, results = tiny(tmp_path / "files"), tmp_path / "results"
    with DecisionFolder(results, scenario) as folder:
        (written,) = folder.write({"split.json": b"{}\n"})
    with ResultFolder(results, scenario, "compiled"):
        pass
    with DecisionFolder(results, changed(scenario, {"decision.measure": "profit", "replications": 50})):
        pass
    assert b"{}\n" == written.read_bytes()


@pytest.mark.parametrize("holds", ["decisions", "a run"])
def test_another_world_is_left_untouched(tmp_path: Path, holds: str) -> None:
    scenario, results = tiny(tmp_path / "files"), tmp_path / "results"
    opened = DecisionFolder(results, scenario) if holds == "decisions" else ResultFolder(results, scenario, "compiled")
    with opened:
        pass
    before = state_of(results)
    with pytest.raises(ResultsError, match="holds another scenario"):
        DecisionFolder(results, changed(scenario, {"seed": 9}))
    assert before == state_of(results)


def test_one_program_at_a_time_writes(tmp_path: Path) -> None:
    scenario = tiny(tmp_path / "files")
    with DecisionFolder(tmp_path / "results", scenario), pytest.raises(ResultsError, match="another run is writing"):
        DecisionFolder(tmp_path / "results", scenario)


def test_a_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("mine")
    with pytest.raises(ResultsError, match="is a file"):
        DecisionFolder(tmp_path / "results", tiny(tmp_path / "files"))


def test_a_question_that_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    """Nor does it take away what was there before."""
    scenario, results = tiny(tmp_path / "files"), tmp_path / "results"
    with pytest.raises(ValueError, match="no such pool"), DecisionFolder(results, scenario):
        raise ValueError("no such pool")
    assert not results.exists()
    with DecisionFolder(results, scenario) as folder:
        folder.write({"split.json": b"{}\n"})
    with pytest.raises(ValueError, match="no such pool"), DecisionFolder(results, scenario):
        raise ValueError("no such pool")
    assert (results / "decisions" / "split.json").exists()
