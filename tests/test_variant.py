"""The same scenario with something changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_helpers import tiny

import simulator
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.variant import changed, only, with_split

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("variant"))


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_scenario_without_changes_is_the_same(path: Path) -> None:
    scenario = simulator.load(path)
    assert scenario.hash == changed(scenario, {}).hash


def test_values_are_replaced_by_key(scenario: Scenario) -> None:
    its = changed(scenario, {"product.margin": 0.4, "creators.anna.fee": "100 to 200", "budget": 500})
    assert (0.4,) == its.product.margin.values
    assert (100.0, 200.0) == its.creators[0].fee.values
    assert 500 == its.budget
    assert scenario.budget == 1000, "the scenario as it was stays so"


def test_only_one_strategy_is_left(scenario: Scenario) -> None:
    assert {"one": scenario.strategies["one"]} == only(scenario, "one").strategies


def test_a_split_keeps_what_else_a_plan_has(scenario: Scenario) -> None:
    plan = with_split(scenario, "mix", {"micro": 0.25, "celebrity": 0.0}, scenario.strategies["one"]).strategies["mix"]
    assert ({"micro": 0.25}, ("anna",)) == (plan.split, plan.creators)
    assert () == with_split(scenario, "mix", {"micro": 1.0}).strategies["mix"].creators


def test_what_cannot_be_used_is_said_all_at_once(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        changed(scenario, {"product.margin": 4, "pools.mirco.count": 3, "strategies.one.split": {"macro": 0.5}})
    told = str(refused.value)
    assert "product.margin: given 4; a share lies between 0 and 1" in told
    assert 'no pool "mirco". Did you mean "micro"?' in told
    assert 'strategies.one.split.macro: no pool "macro"' in told


# ---- what is to be decided


def test_a_decision_is_no_part_of_the_world(scenario: Scenario) -> None:
    """So a result folder is continued when a limit is changed; the scenario is another one all the same."""
    decided = changed(scenario, {"decision": {"measure": "profit", "indifference": 50, "most_hired": {"micro": 2}}})
    assert scenario.world_hash == decided.world_hash
    assert scenario.hash != decided.hash


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        ({"measure": "profits"}, 'decision.measure: given "profits"; must be "roi", "profit", "orders"'),
        ({"at_months": 4}, "decision.at_months: given 4; must be 0, 3, 6 or 12"),
        ({"measure": "reach", "at_months": 3}, "reach is counted up to the end of the campaign only. After it there"),
        ({"indifference": 0}, "decision.indifference: given 0; must be a number above 0"),
        ({"least_share": {"mikro": 0.2}}, 'decision.least_share.mikro: no pool "mikro". Did you mean "micro"?'),
        ({"least_share": {"micro": 0.6}, "most_share": {"micro": 0.5}}, "given 0.6, and most_share allows 0.5 at"),
        ({"least_share": {"micro": 0.7, "ads": 0.6}}, "these shares add up to 1.3, more than 1"),
        ({"most_hired": {"ads": 3}}, "ads hire nobody. Limit their share with most_share"),
        ({"most_spend": -1}, "decision.most_spend: given -1; must be a number above 0"),
    ],
)
def test_a_decision_that_cannot_be_used_is_refused(scenario: Scenario, decision: object, message: str) -> None:
    ads = {"cpm": 8, "click_per_impression": 0.01, "order_per_click": 0.01}
    with pytest.raises(ScenarioError) as refused:
        changed(scenario, {"ads": ads, "decision": decision})
    assert message in str(refused.value)
