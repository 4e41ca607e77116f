"""What is to be made large: a measure, maybe as of later, or the chance to reach a target."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from study_helpers import tiny

from simulator.decide.objective import Objective, objective_of
from simulator.errors import ScenarioError
from simulator.present.units import unit_of
from simulator.scenario.decision import LATER, MEASURE_NAMES
from simulator.study import precision
from simulator.study.chunks import REPLICATION_SCHEMA, values_of
from simulator.study.estimates import mean_estimate, probability


def rows(**columns: list[float | None]) -> pa.Table:
    """Give plays with these columns."""
    return pa.table(columns)


def test_a_measure_is_its_column() -> None:
    for name in MEASURE_NAMES:
        if name != "brand_lift":
            assert [2.0] == Objective(name).values(rows(**{name: [2.0]})).tolist()
            assert name in REPLICATION_SCHEMA.names


def test_a_target_is_reached_or_not() -> None:
    """A play that has no ROI has not reached a target of it."""
    plays = rows(roi=[0.2, None, 0.3])
    assert [0.0, 0.0, 1.0] == Objective("roi", at_least=0.25).values(plays).tolist()
    assert np.isnan(Objective("roi").values(plays)).tolist() == [False, True, False]
    assert [1.0] == Objective("orders", at_least=5).values(rows(orders=[5])).tolist()


def test_brand_lift_is_brand_orders_per_order_without() -> None:
    plays = rows(brand_orders=[3, 4], brand_orders_without=[12.0, 0.0])
    lift = Objective("brand_lift").values(plays)
    assert 0.25 == lift[0]
    assert np.isnan(lift[1])


def test_as_of_later() -> None:
    """Profit as of later is ROI as of later x spend; without spend nothing is divided."""
    plays = rows(
        roi_3_months=[0.5, None],
        spend=[200.0, 0.0],
        profit=[10.0, 7.0],
        incremental_orders=[4, 1],
        brand_orders=[2, 0],
        later_orders_3_months=[3, 5],
    )
    assert [100.0, 7.0] == Objective("profit", 3).values(plays).tolist()
    assert [9.0, 6.0] == Objective("incremental_orders", 3).values(plays).tolist()
    assert 0.5 == Objective("roi", 3).values(plays)[0]


def test_profit_as_of_later_is_that_of_the_ledger(tmp_path: Path) -> None:
    """Where nothing follows a campaign, it is its profit."""
    import simulator

    its = simulator.run(tiny(tmp_path), replications=4).replications
    assert np.allclose(values_of(its, "profit"), Objective("profit", 6).values(its))


def test_every_objective_has_words_and_a_unit() -> None:
    for name in MEASURE_NAMES:
        assert Objective(name).words
        assert unit_of([Objective(name).measure], "$")
    for name in LATER:
        assert Objective(name, 3).words.endswith("after 3 months")


def test_what_is_asked_for_goes_before_what_the_scenario_says(tmp_path: Path) -> None:
    decision = {"measure": "profit", "at_months": 3, "at_least": 100}
    scenario = tiny(tmp_path, decision=decision)
    assert Objective("profit", 3, 100.0) == objective_of(scenario)
    assert Objective("profit", 6, 100.0) == objective_of(scenario, at="6 months")
    assert Objective("profit", 0, 100.0) == objective_of(scenario, at="end")
    assert Objective("profit", 3, 50.0) == objective_of(scenario, at_least=50.0)
    assert Objective("reach_2_plus") == objective_of(scenario, "reach 2 plus"), "a target of profit is none of reach"
    assert Objective("profit", 3, 100.0) == objective_of(scenario, "profit")
    assert Objective() == objective_of()


@pytest.mark.parametrize("text", ["3 months", "3", "3-months", 3, "3 month"])
def test_times_are_read_as_people_write_them(text: str | int) -> None:
    assert 3 == objective_of(None, "profit", text).at_months


@pytest.mark.parametrize(
    ("measure", "at", "message"),
    [
        ("ordrs", None, "measure: given 'ordrs'; there is no such measure. Did you mean \"orders\"?"),
        ("clicks", "3 months", "clicks is counted up to the end of the campaign only. After it there is: roi, profit"),
        ("roi", "4 months", 'at: given \'4 months\'; must be "end" (of the campaign), "3 months", "6 months"'),
    ],
)
def test_what_there_is_is_listed(measure: str, at: str | None, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        objective_of(None, measure, at)
    assert message in str(refused.value)


def test_a_chance_has_an_interval_within_0_and_1() -> None:
    """Whether all, nearly all or none reach the target; by t it would say more than 100%, or nothing."""
    market = np.arange(200) % 4
    for reached in (0, 1, 199, 200):
        values = (np.arange(200) < reached).astype(np.float64)
        its = Objective("orders", 0, 5.0).mean(values, market)
        assert its.items() >= probability(reached, 200).items()
        across = its["across_markets"]
        assert across is not None
        assert across["high"] is None or across["high"] <= 1
        looked_at = precision.known(values, market, 2, least=0.0, chance=True)
        assert looked_at is not None is not looked_at["high"]
        assert looked_at["high"] <= 1
    plain = Objective("profit").mean(values, market)
    assert mean_estimate(values, market) == plain
