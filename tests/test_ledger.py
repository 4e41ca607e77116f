"""The books of plays made by hand: every line to the cent, whatever the operations of the campaign did."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from study_helpers import creator, tiny_values

from simulator.campaign.hiring import Plan, Plans, plans_of
from simulator.campaign.ledger import BOOKED_BY_CREATOR, SEEN_BY_CREATOR, Outcome, settle
from simulator.campaign.record import POSTS, Record
from simulator.campaign.unknowns import Unknowns
from simulator.scenario.contract import COSTS, to_cents
from simulator.scenario.model import Scenario
from simulator.spread.tally import COUNTS, FREQUENCIES, HOURLY, Tally
from simulator.study.chunks import MEASURES, assemble, chunk_table, cut
from simulator.study.estimates import measure_estimates
from simulator.study.operations import OPERATIONS_SCHEMA
from simulator.study.results import Study
from simulator.study.summary import OPERATIONS, study_of

Counts = npt.NDArray[np.int64]
TERMS: dict[str, Any] = {
    "agency_commission_of_fee": 0.15,
    "whitelisting_of_fee_per_month": "20% to 30%",
    "production_cost_per_post": 12.34,
    "affiliate_commission_of_order_value": "5% to 15%",
}
SCANDAL: dict[str, Any] = {"probability_per_day": "0.1% to 1%", "refund_of_fee": "30% to 70%"}
ADS: dict[str, Any] = {"cpm": 8, "niche": "food", "click_per_impression": 0.01, "order_per_click": 0.02}
BOOST: dict[str, Any] = {"posts": {"anna": 1}, "day": 0, "budget": 50, "cpm": 8}
PRODUCT: dict[str, Any] = {"order_value": 33.33, "margin": 0.4}


def scenario_of(**values: Any) -> Scenario:
    """Make a scenario of two creators, a pool, ads and a boost, in which everything may go wrong."""
    risky = {"terms": TERMS, "scandal": SCANDAL, "completion_probability": 0.8, "post_days": [0, 0.5, 1]}
    parts: dict[str, Any] = {
        "product": {"order_value": "30 to 40", "margin": "30% to 50%", "return_probability": "10% to 20%"},
        "creators": [creator("anna", **risky), creator("ben", **{**risky, "fee": "50.01 to 99.99"})],
        "ads": ADS,
        "strategies": {
            "all": {"creators": ["anna", "ben"], "split": {"ads": 0.3, "micro": 0.6}, "boost": BOOST},
            "ads only": {"split": {"ads": 1}},
            "calm": {"split": {"micro": 1}},
        },
    }
    return Scenario.model_validate(tiny_values(**{**parts, **values}))


def one(product: Mapping[str, Any] = PRODUCT, boost: Mapping[str, Any] | None = None, **values: Any) -> Scenario:
    """Make a scenario in which one creator with two posts is hired for 100.01."""
    anna = creator("anna", **{"fee": 100.01, "post_days": [0, 1], **values})
    plan = {"creators": ["anna"], **({"boost": boost} if boost else {})}
    return Scenario.model_validate(tiny_values(product=product, creators=[anna], strategies={"one": plan}))


def books(scenario: Scenario, record: Record | None = None, rows: int = 1, **counted: int) -> Outcome:
    """Settle a play of the first strategy, with these counts of its first row and a record of its processes."""
    strategy = next(iter(scenario.strategies))
    plan = plans_of(scenario)[strategy, 0]
    record = record or recorded(rows)
    counts = np.zeros((rows, len(SEEN_BY_CREATOR)), np.int64)
    for name, count in counted.items():
        counts[0, SEEN_BY_CREATOR.index(name)] = count
    return settle(scenario, plan, 0, Unknowns.of(scenario.seed, 0), tally_of(counts), counts, record)


def recorded(rows: int = 1, **values: Any) -> Record:
    """Make a record in which nothing happened, but for these values of its rows."""
    nothing = {"posts": np.zeros((rows, len(POSTS)), np.int64)}
    nothing |= {name: np.zeros(rows, np.int64) for name in ("paid_cents", "scandals")}
    given = {name: np.array(value, np.int64) for name, value in values.items()}
    return Record(**{**nothing, **given})


def tally_of(counts: Counts) -> Tally:
    """Make the tally of these counts by row."""
    reach_by_creator = counts[:, SEEN_BY_CREATOR.index("reach")]
    often = np.zeros(FREQUENCIES, np.int64)
    by_hour, nothing = np.zeros((3, len(HOURLY)), np.int64), np.zeros(3, np.int64)
    return Tally(
        0,
        counts[:, : len(COUNTS)],
        by_hour,
        reach_by_creator,
        often,
        0,
        nothing,
        0,
        np.zeros(4, np.int64),
        0,
        people=100,
    )


def lines_of(outcome: Outcome) -> dict[str, int]:
    """Give the cost lines of a play [cents], those that are nothing left out."""
    return {line: cents for line, its in zip(COSTS, outcome.costs, strict=True) if (cents := to_cents(its))}


def test_an_order_that_comes_back_leaves_nothing() -> None:
    """Of 10 orders 3 come back, 2 of them incremental: 7 are revenue and pay a commission, 6 of 8 are profit."""
    scenario = one({**PRODUCT, "untracked_multiplier": 2}, terms={"affiliate_commission_of_order_value": 0.1})
    its = books(scenario, orders=10, incremental_orders=8, returned_orders=3, incremental_returns=2)
    assert {"fee": 10_001, "affiliate_commission": 7 * 333} == lines_of(its)
    spend = 10_001 + 7 * 333
    assert (7 * 3333, spend) == (to_cents(its.revenue), to_cents(its.spend))
    assert round(6 * 3333 * 0.4) - spend == to_cents(its.profit)
    assert its.profit / its.spend == its.roi == its.roi_without_scandals
    assert (round(2 * 6 * 3333 * 0.4) - spend) / spend == pytest.approx(its.roi_with_untracked, rel=1e-12)
    assert (10, 8, 3, 2) == (its.orders, its.incremental_orders, its.returned_orders, its.incremental_returns)


def test_lost_orders_and_impressions_of_any_kind_are_no_money() -> None:
    """What could not be filled, and by which way an impression came, moves counts only."""
    plain, more = books(one()), books(one(), lost_orders=9, discovery_impressions=5, friend_impressions=4, reach=3)
    assert (9, 5, 4) == (more.lost_orders, more.discovery_impressions, more.friend_impressions)
    assert (plain.spend, plain.profit, plain.revenue) == (more.spend, more.profit, more.revenue)


def test_what_was_paid_for_impressions_is_spent_and_not_what_was_planned() -> None:
    """A boost of 50 of which 12.34 found somebody costs 12.34; whitelisting is paid for where there is a boost."""
    terms = {"whitelisting_of_fee_per_month": 0.5}
    without, boosted = one(terms=terms), one(terms=terms, boost=BOOST)
    assert {"fee": 10_001} == lines_of(books(without))
    record = recorded(paid_cents=[1234])
    assert {"fee": 10_001, "whitelisting": 5_000, "paid_media": 1234} == lines_of(books(boosted, record))
    assert -(10_001 + 5_000 + 1234) == to_cents(books(boosted, record).profit)


def test_a_scandal_brings_back_a_share_of_the_fee_that_was_paid() -> None:
    """Withdrawn posts are paid, dropped ones not: half of what was paid comes back, which lowers no cost."""
    scenario = one(scandal={"probability_per_day": 0.1, "refund_of_fee": 0.5}, terms={"production_cost_per_post": 7})
    its = books(scenario, recorded(posts=[[0, 0, 0, 2, 0]], scandals=[1]))
    assert ({"fee": 10_001, "production_cost": 1_400}, 5_000) == (lines_of(its), to_cents(its.refund))
    assert (11_401, -6_401, 1, 2) == (to_cents(its.spend), to_cents(its.profit), its.scandals, its.posts_withdrawn)
    dropped = books(scenario, recorded(posts=[[0, 0, 1, 1, 0]], scandals=[1]))
    assert ({"fee": 5_000, "production_cost": 700}, 2_500) == (lines_of(dropped), to_cents(dropped.refund))
    assert 0 == books(scenario, recorded(posts=[[2, 1, 0, 0, 0]])).refund


def test_a_refund_of_all_that_was_spent_leaves_an_roi() -> None:
    """Where the fee comes back whole nothing is lost, and ROI is 0 of what was spent."""
    its = books(one(scandal={"probability_per_day": 0.1, "refund_of_fee": 1}), recorded(scandals=[1]))
    assert (100.01, 0.0, 0.0, 0.0) == (its.spend, its.profit, its.roi, its.roi_without_scandals)


def test_ads_are_a_row_that_costs_what_was_paid() -> None:
    """The row of ads has no contract: the money spent on it and nothing else, also where it sold something."""
    scenario = scenario_of(strategies={"ads only": {"split": {"ads": 1}}})
    its = books(scenario, recorded(paid_cents=[4321]), orders=2, incremental_orders=1, paid_impressions=5400)
    assert ({"paid_media": 4321}, 5400) == (lines_of(its), its.paid_impressions)
    assert (1, len(BOOKED_BY_CREATOR)) == its.by_creator.shape


def test_rows_that_are_missing_are_refused() -> None:
    """Books need a row for each creator of the plan."""
    scenario = one()
    plan, counts = plans_of(scenario)["one", 0], np.zeros((0, len(SEEN_BY_CREATOR)), np.int64)
    with pytest.raises(ValueError, match="shorter"):
        settle(scenario, plan, 0, Unknowns.of(1, 0), tally_of(counts), counts, recorded(0))


# studies of plays made by hand ------------------------------------------------------------------------------------


def random_play(scenario: Scenario, plan: Plan, replication: int) -> Outcome:
    """Settle a play in which everything happens, by lot."""
    rng = np.random.default_rng([replication, list(scenario.strategies).index(plan.strategy)])
    counts = rng.integers(0, 50, (len(plan.rows), len(SEEN_BY_CREATOR)))
    counts[:, COUNTS.index("returned_orders")] //= 5
    counts[:, COUNTS.index("incremental_returns")] //= 9
    creators = len(plan.profiles)
    planned = np.array([profile.account.post_count for profile in plan.profiles], np.int64)
    posts = np.zeros((len(plan.rows), len(POSTS)), np.int64)
    posts[:creators, 0] = done = rng.integers(0, planned + 1)
    posts[:creators, 2] = planned - done
    scandals = np.zeros(len(plan.rows), np.int64)
    scandals[:creators] = [profile.account.scandal is not None and rng.random() < 0.3 for profile in plan.profiles]
    paid = rng.integers(0, 5000, len(plan.rows))
    record = Record(posts, paid, scandals, rng.random() if replication % 2 else None, rng.random())
    unknowns = Unknowns.of(scenario.seed, replication)
    outcome = settle(scenario, plan, replication, unknowns, tally_of(counts), counts, record)
    without = None if outcome.roi is None else outcome.roi + 0.5 * outcome.scandals
    return dataclasses.replace(outcome, roi_without_scandals=without)


def concluded(scenario: Scenario, plans: Plans, rows: pa.Table) -> Study:
    """Conclude from rows of plays of which no log was kept."""
    return study_of(scenario, plans, {}, rows, OPERATIONS_SCHEMA.empty_table())


def study(scenario: Scenario) -> Study:
    """Conclude from plays made by hand."""
    plans: Plans = plans_of(scenario)
    tables = [
        chunk_table([random_play(scenario, plans[name, chunk.market], i) for i in chunk.replications])
        for name in scenario.strategies
        for chunk in cut(scenario)
    ]
    return concluded(scenario, plans, assemble(scenario, tables))


@pytest.fixture(scope="module")
def risky() -> Study:
    """Conclude from 24 plays made by hand, in 2 markets."""
    return study(scenario_of(replications=24))


def test_every_play_balances(risky: Study) -> None:
    """Spend is the sum of the lines; revenue and profit leave out what was returned; all to the cent."""
    scenario, rows = risky.scenario, risky.replications.to_pylist()
    assert 3 * 24 == len(rows)
    for row in rows:
        unknowns = Unknowns.of(scenario.seed, row["replication"])
        value = to_cents(unknowns.value("product.order_value", scenario.product.order_value))
        margin = unknowns.value("product.margin", scenario.product.margin)
        spend = sum(to_cents(row[line]) for line in COSTS)
        assert spend == to_cents(row["spend"])
        assert (row["orders"] - row["returned_orders"]) * value == to_cents(row["revenue"])
        kept = row["incremental_orders"] - row["incremental_returns"]
        assert round(kept * value * margin) + to_cents(row["refund"]) - spend == to_cents(row["profit"])
        assert min(row["refund"], row["paid_media"]) >= 0
        assert row["refund"] == 0 or row["scandals"] > 0


def test_creators_and_ads_add_up_to_the_plays(risky: Study) -> None:
    """Rows of creators.csv add up to the means of replications.csv, in counts and money, but for reach."""
    columns = (*COUNTS, *POSTS, *COSTS, "refund")
    for strategy in risky.scenario.strategies:
        its = risky.creators.filter(pc.equal(risky.creators["strategy"], strategy))
        plays = risky.replications.filter(pc.equal(risky.replications["strategy"], strategy))
        for name in columns:
            assert pc.sum(its[name]).as_py() == pytest.approx(pc.mean(plays[name]).as_py(), rel=1e-12, abs=1e-12)
        total = risky.summary["strategies"][strategy]["outside_impressions"]["mean"]["value"]
        assert pc.sum(its["outside_impressions"]).as_py() == pytest.approx(total, rel=1e-12)


def test_reach_by_creator_says_that_it_does_not_add_up(risky: Study) -> None:
    """Whom two creators reach counts with both, so the column has another name than the one of the plays."""
    assert "reach" in risky.replications.column_names
    assert "reach" not in risky.creators.column_names
    (named,) = [name for name in risky.creators.column_names if "reach" in name]
    assert "reach_not_additive" == named
    assert pc.sum(risky.creators[named]).as_py() > 0


def test_ads_are_a_row_beside_the_creators(risky: Study) -> None:
    """Strategies with ads have one row of them, the last; it shows no account."""
    rows = risky.creators.to_pylist()
    ads = [row for row in rows if row["creator"] == "ads"]
    assert ["all", "ads only"] == [row["strategy"] for row in ads]
    for row in ads:
        assert ("ads", "food", 2) == (row["pool"], row["niche"], row["markets_hired_in"])
        assert [None] * 3 == [row[name] for name in ("followers", "audience", "posts")]
        assert {0.0} == {row[line] for line in COSTS if line != "paid_media"}
        assert row["paid_media"] > 0
    assert "ads" == [row["creator"] for row in rows if row["strategy"] == "all"][-1]


def test_a_creator_called_like_the_ads_stays_apart() -> None:
    """Rows are told apart by what they are, not by their name."""
    named = creator("ads")
    plan = {"it": {"creators": ["ads"], "split": {"ads": 1}}}
    rows = study(scenario_of(creators=[named], strategies=plan, replications=4)).creators.to_pylist()
    assert [("ads", None), ("ads", "ads")] == [(row["creator"], row["pool"]) for row in rows]
    assert [True, False] == [row["fee"] > 0 for row in rows]


def test_the_summary_tells_what_operations_came_to(risky: Study) -> None:
    """A mean of each, with its interval; the wait for reviewers where anything was reviewed."""
    for strategy, its in risky.summary["strategies"].items():
        plays = risky.replications.filter(pc.equal(risky.replications["strategy"], strategy))
        assert set(OPERATIONS) == set(its["operations"])
        for name, estimates in its["operations"].items():
            assert pc.mean(plays[name]).as_py() == pytest.approx(estimates["mean"]["value"], rel=1e-12)
        assert its["operations"]["review_wait_hours"]["mean"]["n"] == 12
        assert its["operations"]["sold_out_hours"]["mean"]["n"] == 24
        assert set(COSTS) == set(its["costs"])
        assert set(MEASURES) < set(its)


def test_what_scandals_cost_stands_beside_roi(risky: Study) -> None:
    """Their probability, the paired difference in ROI, and ROI without them; None where none is possible."""
    its = risky.summary["strategies"]
    assert its["ads only"]["scandals"] is its["calm"]["scandals"] is None
    rows = risky.replications.filter(pc.equal(risky.replications["strategy"], "all"))
    scandals = its["all"]["scandals"]
    share = float(np.mean(rows["scandals"].to_numpy() > 0))
    assert 0 < share == pytest.approx(scandals["probability"]["value"])
    assert "wilson" == scandals["probability"]["method"]
    assert -0.5 * float(np.mean(rows["scandals"].to_numpy())) == pytest.approx(scandals["roi_cost"]["value"])
    assert scandals["roi_cost"]["low"] < scandals["roi_cost"]["value"] < scandals["roi_cost"]["high"] < 0
    without = rows["roi_without_scandals"].to_numpy()
    assert measure_estimates(without, rows["market"].to_numpy(), least=-1.0) == scandals["roi_without"]
    assert scandals["roi_without"].keys() == its["all"]["roi"].keys()


def test_a_scandal_that_never_came_is_no_proof_of_none() -> None:
    """Where one is possible and none was seen, the probability has an upper bound above 0."""
    scenario = scenario_of(replications=24)
    plans = plans_of(scenario)
    calm = {"scandals": 0, "roi_without_scandals": 0.1, "roi": 0.1}
    outcomes = [
        dataclasses.replace(random_play(scenario, plans[name, i % 2], i), **calm)
        for name in scenario.strategies
        for i in range(24)
    ]
    rows = assemble(scenario, [chunk_table(outcomes)])
    its = concluded(scenario, plans, rows).summary["strategies"]["all"]["scandals"]
    assert 0.0 == its["probability"]["value"] < its["probability"]["high"]
    assert (0.0, None) == (its["roi_cost"]["value"], its["roi_cost"]["low"])


def test_formulas_say_that_returned_orders_count_as_none(risky: Study) -> None:
    """Where orders may be returned, the formulas of what orders bring say so, and the others stay as they are."""
    text = "; returned orders count as none"
    formulas = risky.summary["formulas"]
    assert {"roi", "roi_tracked", "roi_with_untracked", "revenue", "profit"} == {
        name for name, formula in formulas.items() if formula.endswith(text)
    }
    plain = study(scenario_of(replications=4, product=PRODUCT)).summary["formulas"]
    assert plain == {name: formula.removesuffix(text) for name, formula in formulas.items()}


def test_spend_on_impressions_is_not_fixed_by_the_plan() -> None:
    """A boost or ads that found nobody so far may find somebody in the next play; a plan without them is exact."""
    plans = {
        "ads": {"split": {"ads": 1}},
        "boost": {"creators": ["anna"], "boost": BOOST},
        "none": {"creators": ["anna"]},
    }
    scenario = scenario_of(creators=[creator("anna")], strategies=plans, replications=4)
    its_plans = plans_of(scenario)
    outcomes = [
        dataclasses.replace(random_play(scenario, its_plans[name, i % 2], i), spend=1.0, costs=(1.0,) * len(COSTS))
        for name in plans
        for i in range(4)
    ]
    its = concluded(scenario, its_plans, assemble(scenario, [chunk_table(outcomes)])).summary["strategies"]
    for name, known in (("ads", False), ("boost", False), ("none", True)):
        for estimate in (its[name]["spend"]["mean"], its[name]["costs"]["paid_media"]["mean"]):
            assert known == (estimate["low"] is not None)


def test_paid_impressions_are_not_earned() -> None:
    """Earned media value leaves out the impressions that were bought."""
    risky = study(scenario_of(replications=4, product={**PRODUCT, "earned_media_cpm": 10}))
    for strategy, its in risky.summary["strategies"].items():
        rows = risky.replications.filter(pc.equal(risky.replications["strategy"], strategy))
        earned = pc.mean(pc.subtract(rows["impressions"], rows["paid_impressions"])).as_py()
        assert earned / 100 == pytest.approx(its["earned_media_value"]["mean"]["value"])


def test_columns_of_counts_are_whole_numbers(risky: Study) -> None:
    """Counts stay integers; hours and money are numbers."""
    for name in (*COUNTS, *POSTS, "scandals"):
        assert pa.int64() == risky.replications.schema.field(name).type
    for name in (*COSTS, "roi_without_scandals", "review_wait_hours", "sold_out_hours"):
        assert pa.float64() == risky.replications.schema.field(name).type
