"""Runs that stop when they are sure enough: the same looks whatever happened before, and a summary that says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from stopping_helpers import DIFFERENCES, LAWS, contested, sights_of, three_plans
from study_helpers import state_of, tiny, tiny_values, tree, write_scenario

import simulator
from simulator import cli
from simulator.decide.stopping import run_until, wish_of
from simulator.errors import ScenarioError
from simulator.present import words
from simulator.present.compared import compared_lines
from simulator.present.pictures import plots
from simulator.present.stopping import look_line, stopping_lines
from simulator.scenario.model import Scenario
from simulator.study import decided, precision
from simulator.study.chunks import rows_of, values_of
from simulator.study.results import ResultFolder

VALUES: dict[str, Any] = {"markets": 1, "people": {"count": 1000, "followings_per_person": 5.0}}


@pytest.fixture(autouse=True)
def first_look_is_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tiny runs be looked at after 25 plays."""
    monkeypatch.setattr(precision, "FIRST_LOOK", 25)
    monkeypatch.setattr(decided, "FIRST_LOOK", 25)


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return tiny(tmp_path, **VALUES)


def invoke(*parts: object) -> Result:
    return CliRunner().invoke(cli.main, [str(part) for part in parts], prog_name="campaign-roi")


# the rules on plays -----------------------------------------------------------------------------------------------


def test_a_precise_run_is_the_run_of_as_many_replications(scenario: Scenario) -> None:
    """Only the means of the measure, which the looks went by, and what is said of them differ."""
    stopped = simulator.run(scenario, precision=0.3, workers=1)
    section = stopped.summary["stopping"]
    assert ("precision", "roi", 0.3, "narrow") == tuple(section[key] for key in ("rule", "measure", "wanted", "why"))
    n = section["replications"]
    assert n == stopped.summary["replications"] == section["looks"][-1]["replications"] < 400
    assert section["half_width"] <= 0.3
    plain = simulator.run(scenario, n, workers=2)
    assert plain.replications.equals(stopped.replications)
    assert plain.summary["comparisons"] == stopped.summary["comparisons"]
    for plan in ("many", "one"):
        roi, plain_roi = (its.summary["strategies"][plan]["roi"] for its in (stopped, plain))
        assert section["means"][plan].items() <= roi["mean"].items()
        assert "after" in roi["mean"]["method"]
        assert roi["mean"]["value"] == pytest.approx(plain_roi["mean"]["value"], rel=1e-12)
        assert roi["mean"]["high"] - roi["mean"]["value"] <= 0.3
        assert roi["quantiles"] == plain_roi["quantiles"]
    assert "free" not in section["means"], "who spends nothing has no ROI, and nobody waits for it"


def test_a_run_stops_at_its_maximum_and_says_so(scenario: Scenario) -> None:
    """What is not reached is not claimed."""
    study = simulator.run(scenario, precision=0.001, most=60)
    assert ("maximum", 60) == tuple(study.summary["stopping"][key] for key in ("why", "replications"))
    assert [25, 50, 60] == [its["replications"] for its in study.summary["stopping"]["looks"]]
    (line, _) = stopping_lines(study.summary)
    assert line.startswith(
        "The maximum of 60 plays of each plan was reached before the precision: mean ROI is known to"
    )
    assert line.endswith("wanted was 0.001.")


def test_a_decided_run_has_the_interval_of_its_looks(scenario: Scenario) -> None:
    """In the comparison, and so in the verdict; the plans' own means are as they are."""
    changed = scenario.with_replications(7)
    study = simulator.run(changed, until_decided=True, measure="reach", most=100)
    section = study.summary["stopping"]
    assert ("until decided", "decided", "many") == (section["rule"], section["why"], section["leader"])
    plain = simulator.run(scenario, section["replications"])
    assert plain.summary["strategies"] == study.summary["strategies"]
    told = {(one["a"], one["b"]): one for one in section["differences"]}
    for one, its in zip(study.summary["comparisons"], plain.summary["comparisons"], strict=True):
        found = told.get((one["a"], one["b"])) if one["measure"] == "reach" else None
        if found is None:
            assert one == its
        else:
            assert found["difference"].items() <= one["difference"]["mean"].items()
            assert found["p_value"] == one["p_value"]
            assert "look 1 of at most" in one["difference"]["mean"]["method"]
    assert told, "somebody was waited for"
    assert stopping_lines(study.summary)[1].startswith("Having looked once is part of the intervals of this comparison")
    at_the_end = {**section, "most": section["replications"]}
    assert len(stopping_lines({**study.summary, "stopping": at_the_end})) == 1, "nobody could have stopped it earlier"
    assert any("it is decided for many" in line for line in words.answer(study.summary).limits)


def test_one_plan_under_two_names_needs_no_more_plays(tmp_path: Path) -> None:
    """They are equal in every count of every play."""
    twins = {"one": {"creators": ["anna"]}, "other": {"creators": ["anna"]}}
    study = simulator.run(tiny(tmp_path, **VALUES, strategies=twins), until_decided=True)
    assert ("small", 25) == tuple(study.summary["stopping"][key] for key in ("why", "replications"))


def test_a_difference_that_does_not_matter_is_enough(tmp_path: Path) -> None:
    """The scenario's decision says from when on it matters; of another measure it says nothing."""
    decision = {"measure": "orders", "indifference": 1e6}
    indifferent = tiny(tmp_path, **VALUES, decision=decision)
    study = simulator.run(indifferent, until_decided=True, most=200)
    assert study.summary["stopping"]["indifference"] == 1e6
    assert study.summary["stopping"]["why"] in ("decided", "small")
    other = wish_of(indifferent, until_decided=True, measure="roi")
    assert other is not None
    assert other.indifference is None


def test_a_chance_may_be_looked_at(scenario: Scenario) -> None:
    """With a target the section has the chances; the measure's own means stay as they are."""
    study = simulator.run(scenario, precision=0.2, measure="orders", at_least=5)
    mean = study.summary["stopping"]["means"]["one"]
    share = np.mean(values_of(rows_of(study.replications, "one"), "orders") >= 5)
    assert mean["value"] == pytest.approx(share)
    assert "look" not in study.summary["strategies"]["one"]["orders"]["mean"]["method"]
    assert "the chance of orders of at least 5" in stopping_lines(study.summary)[0]


# folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_does_not_depend_on_workers_or_interruptions(scenario: Scenario, tmp_path: Path) -> None:
    """What was played before, by a shorter run or by one that was stopped, changes no look and no byte."""
    wish = wish_of(scenario, precision=0.3)
    assert wish is not None
    contents = []
    for name, workers, before in (("fresh", 1, 0), ("resumed", 2, 30)):
        path = tmp_path / name
        if before:
            with ResultFolder(path, scenario.with_replications(before), "compiled") as folder:
                simulator.study.montecarlo.run(scenario, before, folder=folder)
        with ResultFolder(path, scenario.with_replications(max(before, 25)), "compiled") as folder:
            folder.write(run_until(scenario, wish, workers=workers, folder=folder), lambda _study, _folder: [])
        contents.append({name: data for name, data in tree(path).items() if not name.startswith("chunks")})
    assert contents[0] == contents[1]


@pytest.mark.usefixtures("no_pictures")
def test_a_folder_that_holds_more_than_needed_is_left_as_it_was(tmp_path: Path) -> None:
    """Also its state: what was complete still is. A plain run says that it holds more, as ever."""
    path, out = write_scenario(tmp_path, tiny_values(**VALUES)), tmp_path / "out"
    assert invoke("run", path, "--out", out, "--replications", 200, "--quiet").exit_code == 0
    before = state_of(out)
    refused = invoke("run", path, "--out", out, "--precision", 5, "--quiet")
    assert refused.exit_code == 3
    assert "holds 200 replications of this scenario and 50 are enough for what was asked for" in refused.output
    after = state_of(out)
    changed = {name for name in before if before[name][1] != after[name][1]}
    assert changed <= {str(out / "manifest.json")}, "which has the time"
    assert json.loads((out / "manifest.json").read_text())["state"] == "complete"


@pytest.mark.usefixtures("no_pictures")
def test_the_command_says_what_each_look_saw_and_why_it_stopped(tmp_path: Path) -> None:
    """Progress on stderr grows with the looks; the page and summary.json say why."""
    path, out = write_scenario(tmp_path, tiny_values(**VALUES)), tmp_path / "out"
    done = invoke("run", path, "--out", out, "--precision", 0.3, "--most", 1000)
    assert done.exit_code == 0, done.output
    section = json.loads((out / "summary.json").read_text())["stopping"]
    n = section["replications"]
    said = done.stderr.splitlines()
    assert said[0] == "75 plays."
    assert sum(line.startswith("Look ") for line in said) == len(section["looks"]) >= 2
    assert any(line.startswith("Look 1, 25 plays of each plan: mean ROI is known to within") for line in said)
    assert any(line.startswith(f"{3 * n:,} plays finished in") for line in said)
    assert f"Stopped after {n:,} plays of each plan" in " ".join(done.stdout.split())
    plain = invoke("run", path, "--out", out, "--quiet")
    assert plain.exit_code == 3
    assert f"holds {n:,} replications" in plain.output


def test_a_comparison_keeps_the_interval_of_the_looks_and_says_that_there_were_some(scenario: Scenario) -> None:
    """By what the run looked at; by another measure, or beside another run, it is only said."""
    study = simulator.run(scenario, until_decided=True, measure="reach", most=100)
    plain = simulator.run(scenario, study.summary["replications"])
    (settled, *_), looks = (
        study.summary["stopping"]["differences"],
        [its["replications"] for its in study.summary["stopping"]["looks"]],
    )
    own, other = simulator.compare(study, measure="reach"), simulator.compare(study, measure="orders")
    (found,) = [
        its for its in own.summary["pairs"] if (its["a"]["plan"], its["b"]["plan"]) == (settled["a"], settled["b"])
    ]
    its = found["measures"]["reach"]
    assert settled["difference"].items() <= its["difference"]["mean"].items()
    assert settled["p_value"] == its["p_value"]
    assert all(
        "look" not in one["difference"]["mean"]["method"]
        for pair in other.summary["pairs"]
        for one in pair["measures"].values()
    )
    beside = simulator.compare(plain, study, measure="reach")
    assert [[], looks] == [run["looked_at"] for run in beside.summary["runs"]]
    for compared in (own, other, beside):
        assert "looked at to see whether to go on" in " ".join(compared_lines(compared.summary))
    assert "looked at" not in " ".join(compared_lines(simulator.compare(plain).summary))


@pytest.mark.usefixtures("no_pictures")
def test_who_goes_on_without_looking_is_told_that_there_were_looks(tmp_path: Path) -> None:
    """The folder remembers; the tables of the longer run are those of a run that nobody looked at."""
    path, out = write_scenario(tmp_path, tiny_values(**VALUES)), tmp_path / "out"
    assert invoke("run", path, "--out", out, "--until-decided", "--most", 50, "--quiet").exit_code == 0
    n = json.loads((out / "summary.json").read_text())["replications"]
    longer = invoke("run", path, "--out", out, "--replications", n + 10, "--quiet")
    assert longer.exit_code == 0
    assert "note: this folder was looked at" in longer.stderr
    assert n in json.loads((out / "manifest.json").read_text())["looked_at"]
    (run,) = simulator.compare(out).summary["runs"]
    assert n in run["looked_at"]
    fresh = invoke("run", path, "--out", tmp_path / "fresh", "--replications", n + 10, "--quiet")
    assert "looked at" not in fresh.stderr
    assert (tmp_path / "fresh" / "summary.json").read_bytes() == (out / "summary.json").read_bytes()


# bad wishes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--precision", "0"), "precision: given 0.0; must be above 0"),
        (("--precision", "-1"), "precision: given -1.0; must be above 0"),
        (("--precision", "nan"), "precision: given nan; must be above 0"),
        (("--precision", "0.1", "--measure", "rio"), "given 'rio'; there is no such measure"),
        (("--precision", "0.1", "--until-decided"), "a run stops by one of them"),
        (("--precision", "0.1", "--replications", "50"), "replications: given 50, but a run that stops"),
        (("--until-decided", "--most", "1"), "most: given 1; must be a number of replications from 2 to 1,000,000"),
        (("--measure", "profit"), "measure goes with a run that stops when it is sure enough"),
        (("--most", "500"), "most goes with a run that stops when it is sure enough"),
        (("--precision", "1", "--measure", "reach", "--at", "3 months"), "reach is counted up to the end"),
    ],
)
def test_bad_wishes_end_with_2_and_write_nothing(tmp_path: Path, given: tuple[str, ...], message: str) -> None:
    """The message says what was given and what to do."""
    path, out = write_scenario(tmp_path, tiny_values(**VALUES)), tmp_path / "out"
    done = invoke("run", path, "--out", out, *given)
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.output.split())
    assert not out.exists()


def test_one_plan_has_nothing_to_decide(tmp_path: Path) -> None:
    """It can be known precisely."""
    alone = tiny(tmp_path, **VALUES, strategies={"one": {"creators": ["anna"]}})
    with pytest.raises(ScenarioError, match="until_decided compares plans and the scenario has one strategy"):
        simulator.run(alone, until_decided=True)


# sentences and pairs ----------------------------------------------------------------------------------------------


def test_a_look_is_said_in_a_line() -> None:
    """With what it saw and when the next one is."""
    look = {"rule": "precision", "measure": "roi", "at_months": 0, "at_least": None, "wanted": 0.02, "look": 2}
    seen = look | {"replications": 400, "half_width": 0.03141, "then": 800}
    expected = "Look 2, 400 plays of each plan: mean ROI is known to within 0.032, wanted is 0.02; next look at 800."
    assert expected == look_line(seen)
    none = look_line(seen | {"half_width": None, "then": None})
    assert none.endswith("mean ROI has no interval yet, because it never varied, wanted is 0.02.")
    contest_look = seen | {"rule": "until decided", "why": None}
    assert look_line(contest_look) == "Look 2, 400 plays of each plan: not decided yet; next look at 800."


def test_swapping_plans_swaps_what_is_seen() -> None:
    """No side is preferred, and pairs that were decided before are not waited for."""
    rng, market = np.random.default_rng(4), np.zeros(800, np.int64)
    plans = {"a": rng.standard_normal(800), "b": rng.standard_normal(800) + 0.25, "c": rng.standard_normal(800) - 9}
    one, other = list(sights_of(plans, market)), list(sights_of(dict(reversed(plans.items())), market))
    assert [(its.leader, its.why) for its in one] == [(its.leader, its.why) for its in other]
    assert ("b", "decided") == (one[-1].leader, one[-1].why)
    assert len(one) > 1
    design = decided.plan_looks(100, 800, 3)
    (pair,) = decided.settled(design, one)
    assert ("a", "b") == pair
    turned = decided.settled(design, other)["b", "a"]
    found = decided.settled(design, one)["a", "b"]
    assert (found.p_value, found.difference["low"]) == pytest.approx(
        (turned.p_value, -(turned.difference["high"] or 0))
    )


def test_naive_looks_decide_wrongly_and_these_do_not() -> None:
    """300 studies without any difference; the full evidence is slow and stands in docs/stopping.md."""
    found = contested(DIFFERENCES["normal"], 0.0, 300, 2, most=1_000)
    assert found.decided <= 0.08
    assert found.naive_decided > 0.1
    assert found.covered >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize("law", ["normal", "log-normal (0, 1), skewness 6"])
def test_three_plans(law: str) -> None:
    """Of three equal plans one is declared best in at most 5%; pairs and the plans' own means cover."""
    for means in ((0.0, 0.0, 0.0), (0.2, 0.1, 0.0)):
        found = three_plans(LAWS[law], means, 1_000, 7)
        assert found["wrong"] <= 0.065
        assert found["pairs"] >= 0.93
        assert found["own"] >= 0.93
