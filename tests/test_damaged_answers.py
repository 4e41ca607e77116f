"""Answers beside a run that cannot be taken: each is told, with what to do, and none is told as this run's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.errors import ResultsError
from simulator.present import findings
from simulator.present.findings import read_findings
from simulator.present.split import _more_plays
from simulator.study.finished import Finished, read_finished

SPLIT = '{"splits": [], "best": null}'


@pytest.fixture
def decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of answers of a run that was read."""
    run = Finished(tmp_path, {"world_hash": "mine"}, {}, {}, "")
    monkeypatch.setattr(findings, "read_finished", lambda path: run)
    folder = tmp_path / "decisions"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"world_hash": "mine", "replications": 3}))
    return folder


@pytest.mark.parametrize("text", ['{"a":', "[1]", "{}", '"text"', '{"splits": []}'])
def test_what_is_no_answer_is_said(decisions: Path, text: str) -> None:
    """Also where it is JSON; an answer is taken."""
    (decisions / "split.json").write_text(SPLIT)
    assert ["split"] == list(read_findings(decisions.parent).decisions)
    (decisions / "split.json").write_text(text)
    with pytest.raises(ResultsError, match=r"split\.json: cannot be read .*Ask the question again"):
        read_findings(decisions.parent)


@pytest.mark.parametrize(("manifest", "said"), [('{"x"', "gone or damaged"), ("other", "another scenario")])
def test_answers_of_nobody_knows_what_are_left_out(decisions: Path, manifest: str, said: str) -> None:
    (decisions / "split.json").write_text(SPLIT)
    text = json.dumps({"world_hash": "other", "replications": 3}) if manifest == "other" else manifest
    (decisions / "manifest.json").write_text(text)
    found = read_findings(decisions.parent)
    assert not found.decisions and said in found.notes[0]


def test_answers_without_a_run_say_where_the_run_is(tmp_path: Path) -> None:
    """The folder of answers names the one above it, and a folder that holds only answers the command."""
    folder = tmp_path / "results" / "decisions"
    folder.mkdir(parents=True)
    with pytest.raises(ResultsError, match=f"Name the folder that it is in: {folder.parent}"):
        read_finished(folder)
    with pytest.raises(ResultsError, match=f"Run the scenario first, with --out {folder.parent}"):
        read_finished(folder.parent)


def test_no_option_of_a_command_is_told_to_clients() -> None:
    """A contest of splits that stopped says what would decide it, in words that are no command's."""
    asked = {"most": 40, "decided": False}
    assert "may decide it" in _more_plays(asked)
    assert "--" not in _more_plays(asked)
