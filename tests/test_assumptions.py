"""Method and assumptions: each number counted from the scenario, each source where the value is that of the source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import make_study
import pytest
from make_results import findings_of
from study_helpers import creator, tiny

import simulator
from simulator.present.findings import Findings
from simulator.present.pitch.assumptions import assumptions, every_input
from simulator.present.pitch.exhibit import Table
from simulator.present.pitch.inputs import inputs_of
from simulator.scenario.model import Scenario
from simulator.study.results import resolved_toml

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def findings_with(scenario: Scenario) -> Findings:
    """Give findings whose scenario is this one; of its numbers nothing is told here."""
    made = findings_of(make_study.two())
    return replace(made, finished=replace(made.finished, scenario_toml=resolved_toml(scenario)))


def shipped(name: str, **overrides: object) -> Scenario:
    return simulator.load(SCENARIOS / f"{name}.toml", overrides)


def rows_of(table: Table | None) -> dict[str, tuple[str, ...]]:
    assert table is not None
    return {row[0]: row[1:] for row in table.rows}


# ---- the title


def test_the_title_counts_inputs_and_ranges() -> None:
    exhibit = assumptions(findings_with(shipped("micro_vs_celebrity")))
    table = every_input(findings_with(shipped("micro_vs_celebrity")))
    assert table is not None and table.table is not None
    # The ranges of micro_vs_celebrity.toml: two of the product, one of friends, five rates of each pool.
    assert (
        f"The answer rests on {len(table.table.rows)} inputs; 13 are ranges, because nobody knows them better"
        == exhibit.title
    )
    assert len(exhibit.title) <= 90


def test_one_more_range_is_one_more(tmp_path: Path) -> None:
    known: dict[str, Any] = {"behaviour": {"reach_per_peer": 0.1}, "creators": [creator("anna")]}
    known |= {"pools": {}, "strategies": {"one": {"creators": ["anna"]}}}
    for margin, end in (
        (0.5, "inputs, all taken as known"),
        ("40% to 60%", "; 1 is a range, because nobody knows it better"),
    ):
        scenario = tiny(tmp_path, product={"order_value": 100, "margin": margin}, **known)
        assert assumptions(findings_with(scenario)).title.endswith(end)


def test_what_no_plan_hires_is_no_input(tmp_path: Path) -> None:
    anna, micro = {"one": {"creators": ["anna"]}}, {"many": {"split": {"micro": 1.0}}}
    more, less = (inputs_of(resolved_toml(tiny(tmp_path, strategies=its))) for its in (anna | micro, anna))
    assert more is not None and less is not None
    assert any(its.path[:2] == ("pools", "micro") for its in more.values)
    assert not any(its.path[0] == "pools" for its in less.values)
    assert less.unknown < more.unknown
    assert {0} == {its.path[1] for its in less.values if its.path[0] == "creators"}


def test_what_decides_no_play_is_no_input() -> None:
    its = inputs_of(resolved_toml(shipped("micro_vs_celebrity")))
    assert its is not None
    assert not {"name", "seed", "replications", "markets", "decision"} & {one.path[0] for one in its.values}


# ---- who says so


def test_each_value_has_its_unit_and_who_says_so() -> None:
    table = every_input(findings_with(shipped("ads_vs_creators")))
    rows = rows_of(table.table if table else None)
    assert ("$150 to $190 per order", "set in the scenario") == rows["product.order_value"][1:]
    assert rows["pools.creators.share_per_impression"][2].startswith("platform instagram: Reshares per person reached")
    assert rows["people.niche_affinity"][2] == "default: assumed"
    assert all(all(cells) for cells in rows.values())


def test_a_value_that_differs_from_its_preset_is_not_told_to_be_from_it() -> None:
    scenario = shipped("ads_vs_creators", **{"pools.creators.share_per_impression": 0.0123})
    table = every_input(findings_with(scenario))
    assert "set in the scenario" == rows_of(table.table if table else None)["pools.creators.share_per_impression"][2]


def test_the_counts_of_the_full_table_add_up() -> None:
    for name in ("tiktok_discovery", "micro_vs_celebrity", "own_roster"):
        exhibit = every_input(findings_with(shipped(name)))
        assert exhibit is not None
        first, *others = (int(word.replace(",", "")) for word in exhibit.title.split() if word.isdigit())
        assert first == sum(others)


def test_the_short_table_fits_a_slide_and_holds_plans_side_by_side() -> None:
    for path in sorted(SCENARIOS.glob("*.toml")):
        table = assumptions(findings_with(simulator.load(path))).table
        assert table is not None
        assert 8 <= len(table.rows) <= 13, path.stem
    rows = rows_of(assumptions(findings_with(shipped("micro_vs_celebrity"))).table)
    assert "micro: 12% to 25%; celebrity: 6% to 16%" == rows["reach per follower"][0]
    assert rows["fee"][0].startswith("micro: about $140 to $1,100, by followers; celebrity: $12,000 to $27,000")


def test_creators_of_a_list_with_numbers_of_their_own_are_told_apart() -> None:
    rows = rows_of(assumptions(findings_with(shipped("own_roster"))).table)
    assert "own (1 of 14 creators) and market: 25%" == rows["fake followers"][0]
    assert rows["clicks per impression"][0].startswith("own (10 of 14 creators) and market: ")


# ---- the method


def test_the_method_says_how_often_and_in_what_was_played() -> None:
    lines = " ".join(assumptions(findings_with(shipped("micro_vs_celebrity"))).lines)
    assert "Both plans were played 400 times, in 4 markets of 1,000,000 people: a campaign of 20 days" in lines
    assert "the same people and the same luck" in lines
    alone = " ".join(assumptions(findings_of(make_study.one())).lines)
    assert alone.startswith("The plan was played 400 times") and "all plans" not in alone


def test_what_is_left_out_is_said_and_only_that() -> None:
    def left_out(scenario: Scenario) -> str:
        return next(line for line in assumptions(findings_with(scenario)).details if line.startswith("Could be played"))

    plain = left_out(shipped("micro_vs_celebrity"))
    assert "scandals" in plain and "goodwill" in plain and "would have bought anyway" not in plain
    assert "scandals" not in left_out(shipped("scandal_risk"))
    assert "goodwill" not in left_out(shipped("perception_builds"))
    assert "stock" not in left_out(shipped("product_launch"))


def test_a_scenario_that_cannot_be_read_leaves_the_method() -> None:
    exhibit = assumptions(findings_of(make_study.two()))
    assert "Every plan met the same people and the same luck, 400 times" == exhibit.title
    assert exhibit.table is None and exhibit.lines
    assert any("could not be read" in line for line in exhibit.details)
    assert every_input(findings_of(make_study.two())) is None


def test_a_graph_file_is_told_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("follower,followed\nben,anna\neve,anna\n", encoding="utf-8")
    anna = {key: its for key, its in creator("anna").items() if key != "followers"}
    graph = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies": {"one": {"creators": ["anna"]}}}
    loaded = tiny(tmp_path, creators=[anna], **graph)
    findings = findings_with(loaded)
    (tmp_path / "edges.csv").unlink()
    exhibit = every_input(findings)
    assert exhibit is not None and exhibit.table is not None
    assert str(tmp_path) not in str(exhibit) + str(assumptions(findings))


@pytest.mark.parametrize("name", ["<script>", "=1+1", "a\u202eb"])
def test_names_are_text(tmp_path: Path, name: str) -> None:
    scenario = tiny(tmp_path, creators=[creator("anna")], pools={}, strategies={name: {"creators": ["anna"]}})
    told = str(every_input(findings_with(scenario)))
    assert "\u202e" not in told and "\\u202e" not in told
