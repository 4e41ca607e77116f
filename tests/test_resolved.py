"""A scenario that was written out and read back: who says each of its values is found again by what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_helpers import creator, tiny

import simulator
from simulator.errors import ScenarioError
from simulator.scenario.load import read_resolved
from simulator.scenario.model import Scenario
from simulator.scenario.values import values_as_resolved, values_of
from simulator.study.results import resolved_toml

SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))


def written_out(scenario: Scenario) -> Scenario:
    return read_resolved(resolved_toml(scenario))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_who_says_a_value_is_found_again_by_what_it_is(path: Path) -> None:
    scenario = simulator.load(path)
    resolved = {its.path: its for its in values_as_resolved(written_out(scenario))}
    told = values_of(scenario)
    assert [its.path for its in told] == [*resolved]
    for its in told:
        found = resolved[its.path]
        assert its.value == found.value
        # Whoever writes what a preset or default says has written it; that is not known afterwards.
        assert its.kind in {found.kind, "written"}, its.path
        if its.kind == found.kind != "written":
            assert (its.source, its.cite) == (found.source, found.cite), its.path


def test_presets_are_found_in_scenarios_that_use_them() -> None:
    for name in ("tiktok_discovery", "ads_vs_creators", "own_roster"):
        scenario = simulator.load(next(path for path in SHIPPED if path.stem == name))
        presets = {its.path: its for its in values_as_resolved(written_out(scenario)) if its.kind == "preset"}
        assert len(scenario.filled) > 10
        assert set() == dict(scenario.filled).keys() - presets.keys()
        assert all(its.cite for its in presets.values())


def test_what_differs_from_a_preset_is_not_said_to_be_from_it() -> None:
    path = next(path for path in SHIPPED if path.stem == "ads_vs_creators")
    scenario = simulator.load(path, {"pools.creators.click_per_impression": 0.0123})
    found = {its.path: its.kind for its in values_as_resolved(written_out(scenario))}
    assert "written" == found["pools", "creators", "click_per_impression"]
    assert "preset" == found["pools", "creators", "order_per_click"]


def test_a_resolved_scenario_is_read_without_its_graph_file(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("follower,followed\nben,anna\neve,anna\n", encoding="utf-8")
    anna = {key: its for key, its in creator("anna").items() if key != "followers"}
    graph = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies": {"one": {"creators": ["anna"]}}}
    loaded = tiny(tmp_path, creators=[anna], **graph)
    (tmp_path / "edges.csv").unlink()
    told = {its.path: its.value for its in values_as_resolved(loaded)}
    found = {its.path: its.value for its in values_as_resolved(written_out(loaded))}
    assert str(found["people", "graph_file"]).endswith("/edges.csv")
    assert told | {("people", "graph_file"): found["people", "graph_file"]} == found


@pytest.mark.parametrize("text", ["", "no toml", "name = 3"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_resolved(text)
