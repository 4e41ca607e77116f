"""What changed between two scenarios or runs: every input, every plan's outcomes, and bad requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from study_helpers import creator, tiny, tiny_values, write_scenario
from test_scenarios import SCENARIOS

import simulator
from simulator import cli
from simulator.errors import ResultsError, ScenarioError
from simulator.present.diff import diff_lines
from simulator.present.pictures import plots


def changed(folder: Path, **values: Any) -> Path:
    """Write the tiny scenario with values changed, by dotted key ("__" for ".")."""
    folder.mkdir(parents=True, exist_ok=True)
    scenario = simulator.load(write_scenario(folder), {key.replace("__", "."): its for key, its in values.items()})
    from simulator.study.results import resolved_toml

    path = folder / "changed.toml"
    path.write_text(resolved_toml(scenario), encoding="utf-8")
    return path


def inputs_of(a: Any, b: Any) -> dict[str, tuple[Any, Any]]:
    """Give what differs, by key."""
    return {its["key"]: (its["a"], its["b"]) for its in simulator.diff(a, b).summary["inputs"]}


def text_of(a: Any, b: Any) -> str:
    """Write what differs on one line."""
    return " ".join(" ".join(diff_lines(simulator.diff(a, b))).split())


# ---- inputs


def test_what_was_set_is_what_differs(tmp_path: Path) -> None:
    """Keys of sections, pools, creators by handle and lists, each with both values, and nothing else."""
    values = {
        "product__margin": 0.4,
        "pools__micro__management_cost": "10 to 30",
        "creators__bert__fee": 50,
        "strategies__many__split": {"micro": 0.5},
    }
    assert {
        "product.margin": (0.5, 0.4),
        "pools.micro.management_cost": (10.0, "10.0 to 30.0"),
        "creators.bert.fee": (0.0, 50.0),
        "strategies.many.split": ({"micro": 0.9}, {"micro": 0.5}),
    } == inputs_of(write_scenario(tmp_path), changed(tmp_path / "b", **values))


def test_values_are_told_with_their_units(tmp_path: Path) -> None:
    """Side by side, as `explain` writes them."""
    b = changed(tmp_path / "b", product__margin=0.4, pools__micro__management_cost=25)
    lines = [" ".join(line.split()) for line in diff_lines(simulator.diff(write_scenario(tmp_path), b))]
    assert f"2 inputs differ between {tmp_path}/tiny.toml and" in " ".join(lines)
    assert "product.margin 50% of order value 40% of order value" in lines
    assert "pools.micro.management_cost $10 per creator $25 per creator" in lines
    assert "so outcomes are not told" not in " ".join(lines)


def test_sections_that_are_off_are_told_by_their_keys(tmp_path: Path) -> None:
    """A stock in one only: its units, and no line for the section itself or for what does nothing."""
    found = inputs_of(write_scenario(tmp_path), changed(tmp_path / "b", stock={"units": 9}))
    assert {"stock.units": (None, 9)} == found
    assert "stock.units not there 9" in text_of(write_scenario(tmp_path), changed(tmp_path / "b", stock={"units": 9}))


def test_creators_and_plans_go_by_name(tmp_path: Path) -> None:
    """Another order of creators is no difference of a key; a new plan is listed, and a new creator's own keys."""
    values = tiny_values()
    values["creators"] = [values["creators"][1], values["creators"][0]]  # type: ignore[index]
    a, b = write_scenario(tmp_path / "a"), write_scenario(tmp_path / "b", values)
    assert {} == inputs_of(a, b)
    assert simulator.diff(a, b).only_order
    assert "have the same inputs; only the order of creators, pools or plans differs." in text_of(a, b)
    more = tiny_values(strategies={**tiny_values()["strategies"], "two": {"creators": ["zoe"]}})  # type: ignore[dict-item]
    more["creators"] = [*more["creators"], creator("zoe")]  # type: ignore[misc]
    c = write_scenario(tmp_path / "c", more)
    found = inputs_of(a, c)
    assert (None, ["zoe"]) == found["strategies.two.creators"]
    assert (None, 300) == found["creators.zoe.followers"]
    assert "creators.zoe.trust" not in found
    assert "strategies.two.split" not in found
    assert f"Only {c} has the plan two." in text_of(a, c)


def test_a_graph_file_differs_by_its_contents(tmp_path: Path) -> None:
    """The same name with other bytes is another market."""
    anna = {key: value for key, value in creator("a").items() if key != "followers"}
    own: dict[str, Any] = {"people": {"graph_file": "edges.csv"}, "creators": [anna], "pools": {}}
    paths = []
    for name, row in (("x", "a,p"), ("y", "a,q"), ("z", "a,p")):
        path = write_scenario(tmp_path / name, tiny_values(**own, strategies={"one": {"creators": ["a"]}}))
        (tmp_path / name / "edges.csv").write_text(f"followed,follower\n{row}\n")
        paths.append(path)
    assert ["people.graph_file (its contents)"] == list(inputs_of(paths[0], paths[1]))
    assert {} == inputs_of(paths[0], paths[2])


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_nothing_differs_between_a_scenario_and_itself(path: Path) -> None:
    """Also where presets and lists fill in much of it; changed values are found in each, and only they."""
    assert f"Nothing differs between the inputs of {path} and {path}." in text_of(path, path)
    other = simulator.load(path, {"product.order_value": 20.5, "title": "x"})
    assert {"title", "product.order_value"} == inputs_of(path, other).keys()


# ---- outcomes


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run the tiny scenario, the same with a dearer pool and another plan, and with another seed."""
    folder = tmp_path_factory.mktemp("runs")
    plans = {**tiny_values()["strategies"], "two": {"creators": ["anna", "bert"]}}  # type: ignore[dict-item]
    micro = tiny_values()["pools"]["micro"] | {"management_cost": 60}  # type: ignore[index]
    given: dict[str, dict[str, object]] = {"a": {}, "b": {"pools": {"micro": micro}, "strategies": plans}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plots, "draw_all", lambda _study, _folder: [])
        for name, values in (*given.items(), ("seeded", {"seed": 9})):
            path = write_scenario(folder / f"{name}-file", tiny_values(replications=30, **values))
            assert 0 == invoke("run", path, "--out", folder / name, "--quiet").exit_code
    return {name: folder / name for name in ("a", "b", "seeded")}


def invoke(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli.main, list(map(str, words)))


def test_outcomes_are_the_comparison_of_plans_of_the_same_name(folders: dict[str, Path]) -> None:
    """Every plan that both have, b minus a, in pairs where they share a world, and which plans only one has."""
    found = simulator.diff(folders["a"], folders["b"])
    pairs = found.summary["outcomes"]["pairs"]
    assert [("same plan", plan) for plan in ("many", "one", "free")] == [
        (its["kind"], its["b"]["plan"]) for its in pairs
    ]
    assert ["a", "b"] == [pairs[0][side]["run"] for side in ("b", "a")]
    compared = simulator.compare(folders["a"], folders["b"], measure="roi").summary["pairs"]
    assert compared[:3] == pairs
    assert ([], ["two"]) == (found.summary["plans_only_in_a"], found.summary["plans_only_in_b"])
    text = " ".join(" ".join(diff_lines(found)).split())
    assert "By ROI, many is " in text and " lower in b than in a" in text
    assert "one in b and in a are the same in every one of 30 plays: no measure differs." in text
    assert "many: pairing per play many in a many in b change saved" in text


def test_outcomes_of_other_worlds_are_told_without_pairs(folders: dict[str, Path]) -> None:
    """The seed is an input that differs, and the worlds are said to differ."""
    text = text_of(folders["a"], folders["seeded"])
    assert "1 input differs" in text
    assert "a and seeded do not share a world; they differ in the seed (3 and 9)." in text


def test_a_scenario_has_no_outcomes(folders: dict[str, Path], tmp_path: Path) -> None:
    """Of a folder and a file, inputs alone are told; the folder's own scenario is the same."""
    file = write_scenario(tmp_path, tiny_values(replications=30))
    found = simulator.diff(folders["a"], file)
    assert ((), None) == (found.inputs, found.summary["outcomes"])
    assert f"{file} is a scenario that is not played here, so outcomes are not told." in text_of(folders["a"], file)


def test_no_plan_in_common_is_said(folders: dict[str, Path], tmp_path: Path) -> None:
    """There are inputs to tell all the same."""
    study = simulator.run(tiny(tmp_path, replications=2, strategies={"other": {"creators": ["anna"]}}))
    found = simulator.diff(folders["a"], study)
    assert (found.compared, ["many", "one", "free"], ["other"]) == (None, *map(list, found.plans_only))
    assert "No plan is in both, so no outcomes are set beside each other." in " ".join(diff_lines(found))


# ---- bad requests, and the command


def test_bad_requests_say_what_is_possible(tmp_path: Path, folders: dict[str, Path]) -> None:
    """Nothing there, a folder of something else, a run that did not finish, something else altogether."""
    scenario = write_scenario(tmp_path)
    (tmp_path / "empty").mkdir()
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    manifest = json.loads((folders["a"] / "manifest.json").read_bytes())
    (stopped / "manifest.json").write_text(json.dumps({**manifest, "state": "interrupted"}))
    (stopped / "scenario.toml").write_bytes((folders["a"] / "scenario.toml").read_bytes())
    for given, error, message in (
        (
            tmp_path / "nowhere",
            ScenarioError,
            "there is no such file or folder. Name a scenario file or a result folder.",
        ),
        (tmp_path / "empty", ScenarioError, "is no result folder of this program. Name a scenario file or a result"),
        (stopped, ResultsError, r"the run in this folder is not finished \(interrupted\)"),
        (7, ScenarioError, "given 7; must be a scenario file, a result folder, a scenario or a study."),
    ):
        with pytest.raises(error, match=message):
            simulator.diff(scenario, given)  # type: ignore[arg-type]


def test_the_command_tells_and_keeps_it(folders: dict[str, Path], tmp_path: Path) -> None:
    """Two folders: diff.json beside the second run; else nothing is written. --json prints the same."""
    result = invoke("diff", folders["a"], folders["b"])
    assert (0, "") == (result.exit_code, result.stderr), result.stderr
    assert f"{folders['a']}" in result.stdout.splitlines()[0]
    kept = (folders["b"] / "decisions" / "diff.json").read_bytes()
    assert kept == invoke("diff", folders["a"], folders["b"], "--json").stdout_bytes
    scenario = write_scenario(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert 0 == invoke("diff", scenario, folders["a"]).exit_code
    assert before == sorted(tmp_path.rglob("*"))
    assert not (folders["a"] / "decisions").exists()
    assert (2, "") == ((bad := invoke("diff", scenario, tmp_path / "x")).exit_code, bad.stdout)
