"""Tables and summary agree with the plays they come from, to the last digit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from study_helpers import creator, tiny

import simulator
from simulator.campaign.hiring import hired_rows, plans_of
from simulator.campaign.ledger import ROI_FORMULA
from simulator.market.creators import Profile
from simulator.scenario.contract import COSTS
from simulator.study.chunks import MEASURES, REACH_MEASURES
from simulator.study.estimates import shortfall_difference
from simulator.study.results import Study, summary_json

COUNTED = ("impressions", "engagements", "shares", "clicks", "orders", "incremental_orders")
REPLICATIONS = 21


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Play 21 replications in 2 markets (11 and 10) up to hour 40 and a bit."""
    return simulator.run(tiny(tmp_path_factory.mktemp("study"), replications=REPLICATIONS, horizon_days=1.68))


def of(table: pa.Table, **values: object) -> pa.Table:
    for name, value in values.items():
        table = table.filter(pc.equal(table[name], value))
    return table


# timeline.csv -----------------------------------------------------------------------------------------------------


def test_the_timeline_has_every_hour_from_0_to_the_horizon(study: Study) -> None:
    """For each strategy and measure: hours 0, 1, ..., the last one that has begun before the horizon, once each."""
    assert "strategy,hour,measure,mean,p10,p50,p90" == ",".join(study.timeline.column_names)
    hours = math.ceil(1.68 * 24)
    for strategy in study.scenario.strategies:
        for measure in ("reach", "impressions", "orders"):
            its = of(study.timeline, strategy=strategy, measure=measure)
            assert list(range(hours + 1)) == its["hour"].to_pylist()
    assert 3 * 3 * (hours + 1) == study.timeline.num_rows


def test_the_timeline_ends_with_what_the_plays_came_to(study: Study) -> None:
    """It only rises, its quantiles are in order, and its last row is the whole campaign."""
    for strategy in study.scenario.strategies:
        for measure in ("reach", "impressions", "orders"):
            its = of(study.timeline, strategy=strategy, measure=measure)
            totals = np.array(of(study.replications, strategy=strategy)[measure])
            last = its.to_pylist()[-1]
            assert totals.mean() == pytest.approx(last["mean"], rel=1e-14)
            assert np.quantile(totals, [0.1, 0.5, 0.9], method="inverted_cdf").tolist() == [
                last["p10"],
                last["p50"],
                last["p90"],
            ]
            for column in ("mean", "p10", "p50", "p90"):
                assert (np.diff(its[column].to_numpy()) >= 0).all()
            assert all(row["p10"] <= row["p50"] <= row["p90"] for row in its.to_pylist())


@pytest.mark.parametrize(
    ("second", "hour"), [(0, 0), (1, 1), (3599, 1), (3600, 1), (3601, 2), (7200, 2), (7201, 3), (10_800, 3)]
)
def test_an_hour_ends_with_its_last_second(tmp_path: Path, second: int, hour: int) -> None:
    """Row h counts what happened up to and including h hours after the start: 3,600 s is hour 1, 3,601 s hour 2."""
    seen = creator("anna", reach_per_follower=1.0, delay={"dist": "constant", "hours": second / 3600})
    scenario = tiny(
        tmp_path,
        horizon_days=0.125,
        replications=1,
        behaviour={},
        creators=[seen | {"share_per_impression": 0.0}],
        strategies={"one": {"creators": ["anna"]}},
    )
    reach = of(simulator.run(scenario).timeline, measure="reach")["mean"].to_pylist()
    assert [0.0] * hour + [300.0] * (4 - hour) == reach


def test_what_falls_after_the_horizon_does_not_happen(tmp_path: Path) -> None:
    """The horizon's own second still counts, the next one doesn't; the fee is paid all the same."""
    reach = {}
    for seconds in (4000, 4001):
        late = creator(
            "anna", reach_per_follower=1.0, post_days=[seconds / 86_400], delay={"dist": "constant", "hours": 0}
        )
        values = {"creators": [late], "strategies": {"one": {"creators": ["anna"]}}, "horizon_days": 4000 / 86_400}
        study = simulator.run(tiny(tmp_path, replications=1, **values))
        reach[seconds] = study.replications["reach"].to_pylist()
        assert [200.0] == study.replications["spend"].to_pylist()
        assert 2 == of(study.timeline, measure="reach")["hour"].to_pylist()[-1]
    assert reach[4000][0] >= 300
    assert [0] == reach[4001]


# creators.csv -----------------------------------------------------------------------------------------------------


def test_creators_add_up_to_their_strategy(study: Study) -> None:
    """The creators' means add up to the mean over the replications, for every count of a post and every cost line."""
    for strategy in study.scenario.strategies:
        creators, plays = of(study.creators, strategy=strategy), of(study.replications, strategy=strategy)
        for measure in (*COUNTED, *COSTS):
            assert pc.sum(creators[measure]).as_py() == pytest.approx(pc.mean(plays[measure]).as_py(), rel=1e-12)
        spend = sum(pc.sum(creators[line]).as_py() for line in COSTS)
        assert spend == pytest.approx(pc.mean(plays["spend"]).as_py(), rel=1e-12)


def test_outside_impressions_add_up_to_the_summary(study: Study) -> None:
    """Impressions outside the market stand beside the others, never among them."""
    for strategy, its in study.summary["strategies"].items():
        total = pc.sum(of(study.creators, strategy=strategy)["outside_impressions"]).as_py()
        assert total == pytest.approx(its["outside_impressions"]["mean"]["value"], rel=1e-12)
        assert (total > 0) == (strategy == "many")


def test_creators_are_those_hired(study: Study) -> None:
    """A row per strategy and creator that is hired in some market, with the means of what its account shows."""
    plans, rows = plans_of(study.scenario), study.creators.to_pylist()
    hired: dict[tuple[str, str], list[Profile]] = {}
    for strategy in study.scenario.strategies:
        profiles = [profile for market in (0, 1) for profile in plans[strategy, market].profiles]
        for profile in sorted(profiles, key=lambda profile: profile.name):
            hired.setdefault((strategy, profile.name), []).append(profile)
    assert list(hired) == [(row["strategy"], row["creator"]) for row in rows]
    for row, profiles in zip(rows, hired.values(), strict=True):
        assert (profiles[0].pool, len(profiles)) == (row["pool"], row["markets_hired_in"])
        for column, key in (("followers", "followers"), ("audience", "audience_size")):
            assert sum(getattr(profile, key) for profile in profiles) / len(profiles) == row[column]
    assert any(row["impressions"] > 0 for row in rows)


def test_a_creator_that_is_not_hired_in_every_market_counts_there_with_nothing(study: Study) -> None:
    """Its fee is weighted with the replications in which it is paid: 11 in market 0, 10 in market 1."""
    plans = plans_of(study.scenario)
    for row in of(study.creators, strategy="many").to_pylist():
        fees = [
            sum(profile.fee_cents or 0 for profile in plans["many", market].profiles if profile.name == row["creator"])
            for market in (0, 1)
        ]
        assert row["fee"] == pytest.approx((11 * fees[0] + 10 * fees[1]) / REPLICATIONS / 100, rel=1e-12)


def test_a_fee_that_each_play_draws_is_shown_with_its_mean(tmp_path: Path) -> None:
    """A range as a fee is what the plays drew; spend is that of each play."""
    values = {"creators": [creator("anna", fee="100 to 300")], "strategies": {"one": {"creators": ["anna"]}}}
    study = simulator.run(tiny(tmp_path, **values))
    assert pc.mean(study.replications["fee"]).as_py() == pytest.approx(study.creators["fee"].to_pylist()[0])
    assert 12 == len(set(study.replications["spend"].to_pylist()))


# summary.json -----------------------------------------------------------------------------------------------------


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{i}")
    else:
        yield path, value


def estimates(value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give everything of a summary that has a value."""
    if isinstance(value, dict):
        if "value" in value:
            yield path, value
        for key, inner in value.items():
            yield from estimates(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from estimates(inner, f"{path}.{i}")


def test_every_value_has_low_high_level_method_and_n(study: Study) -> None:
    """No number without its uncertainty; and an interval holds its value."""
    found = list(estimates(study.summary))
    assert 3 * (len(MEASURES) * 8 + 7) + 3 * len(MEASURES) * 7 <= len(found)
    for path, estimate in found:
        assert {"value", "low", "high", "level", "method", "n"} <= set(estimate), path
        assert isinstance(estimate["method"], str)
        assert 0 <= estimate["n"] <= REPLICATIONS
        assert (estimate["low"] is None) == (estimate["high"] is None)
        if estimate["low"] is not None:
            assert estimate["low"] <= estimate["value"] <= estimate["high"], path


def test_the_summary_has_the_shape_that_others_rely_on(study: Study) -> None:
    """Keys and their nesting are those of the documented example."""
    summary = study.summary
    head = {"format": 1, "scenario": "tiny", "hash": study.scenario.hash, "seed": 3, "replications": 21, "markets": 2}
    assert head == {key: summary[key] for key in head}
    assert ["many", "one", "free"] == list(summary["strategies"])
    for its in summary["strategies"].values():
        for measure in (*MEASURES, *REACH_MEASURES):
            assert {"mean", "quantiles", "probability_positive", "expected_shortfall_5"} == set(its[measure])
            assert ["0.05", "0.1", "0.5", "0.9", "0.95"] == list(its[measure]["quantiles"])
    pairs = [(c["a"], c["b"], c["measure"]) for c in summary["comparisons"]]
    every_pair = [("many", "one"), ("many", "free"), ("one", "free")]
    assert [(a, b, "roi") for a, b in every_pair] == pairs[:3]
    assert {(a, b, m) for a, b in every_pair for m in (*MEASURES, *REACH_MEASURES)} == set(pairs)
    for comparison in summary["comparisons"]:
        assert {"mean", "quantiles"} == set(comparison["difference"])
        assert "wilson" == comparison["a_beats_b"]["method"]
        assert "replications_saved_by_pairing" in comparison
    assert summary["formulas"]["roi"] == ROI_FORMULA
    assert "the 2 markets played" == summary["conditional_on"]


def test_means_are_those_of_the_table(study: Study) -> None:
    """The summary's numbers can be had from replications.csv by anybody."""
    for strategy, its in study.summary["strategies"].items():
        plays = of(study.replications, strategy=strategy)
        for measure in MEASURES:
            mean = pc.mean(plays[measure]).as_py()
            assert mean == (None if mean is None else pytest.approx(its[measure]["mean"]["value"], rel=1e-12))
    comparison = study.summary["comparisons"][0]
    roi = [np.array(of(study.replications, strategy=name)["roi"]) for name in ("many", "one")]
    assert (roi[0] - roi[1]).mean() == pytest.approx(comparison["difference"]["mean"]["value"], rel=1e-12)
    assert (roi[0] > roi[1]).mean() == comparison["a_beats_b"]["value"]
    saved = (roi[0].var() + roi[1].var()) / (roi[0] - roi[1]).var()
    assert saved == pytest.approx(comparison["replications_saved_by_pairing"], rel=1e-9)


def test_ratios_are_ratios_of_totals(study: Study) -> None:
    """ROAS, CPM, CPE, CPC, CPA: total over total, as platforms report them."""
    for strategy in ("many", "one"):
        plays, ratios = of(study.replications, strategy=strategy), study.summary["strategies"][strategy]["ratios"]
        total = {measure: pc.sum(plays[measure]).as_py() for measure in (*MEASURES, "naive_incremental_orders")}
        expected = {
            "roas": total["revenue"] / total["spend"],
            "cpm": 1000 * total["spend"] / total["impressions"],
            "engagement_per_impression": total["engagements"] / total["impressions"],
            "engagement_per_follower": ratios["engagement_per_follower"]["value"],  # see test_engagement.py
            "cpe": total["spend"] / total["engagements"],
            "cpc": total["spend"] / total["clicks"],
            "cpa": total["spend"] / total["orders"],
            "break_even_cost_share": (total["profit"] + total["spend"]) / total["spend"],
            "naive_attribution": total["naive_incremental_orders"] / total["incremental_orders"],
            "break_even_order_factor": total["spend"] / (total["profit"] + total["spend"]),
        }
        assert {*expected, "customer_lifetime_value", "brand_lift", "later_share"} == set(ratios)
        for name, value in expected.items():
            assert value == pytest.approx(ratios[name]["value"], rel=1e-12)


def test_what_is_undefined_is_null(study: Study) -> None:
    """A strategy that spends nothing and reaches nobody has no ROI, no costs per anything, and no winner."""
    free = study.summary["strategies"]["free"]
    assert {None} == {value for path, value in leaves(free["roi"]) if path.endswith((".value", ".low", ".high"))}
    assert {None} == {its["value"] for its in free["ratios"].values() if its}
    assert 0.0 == free["profit"]["mean"]["value"]
    against = next(c for c in study.summary["comparisons"] if (c["b"], c["measure"]) == ("free", "roi"))
    assert (None, 0) == (against["difference"]["mean"]["value"], against["a_beats_b"]["n"])
    assert against["replications_saved_by_pairing"] is None


def test_what_operations_came_to_stands_there_once(study: Study) -> None:
    """Every column from the posts on is an operation but what people do, and no number stands in two places."""
    people = {
        *("friend_impressions", "discovery_impressions", "paid_impressions"),
        *("repeat_orders", "incremental_repeat_orders", "advocate_shares", "likes", "comments", "saves"),
    }
    for strategy, its in study.summary["strategies"].items():
        names = of(study.replications, strategy=strategy).column_names
        assert {*names[names.index("posts_done") :]} - people == {*its["operations"]}
        # How many scandals there are is one thing, how likely any is and what they cost another.
        assert {"scandals"} == set(its) & set(its["operations"])


def test_impressions_are_told_apart_by_way(study: Study) -> None:
    """Means add up to all impressions, shares to 1; whoever is not a friend, the platform or paid is the creator."""
    for strategy, its in study.summary["strategies"].items():
        plays, ways = of(study.replications, strategy=strategy), its["impressions_by_way"]
        assert ["creators", "friends", "platform", "paid"] == list(ways)
        columns = {"friends": "friend_impressions", "platform": "discovery_impressions", "paid": "paid_impressions"}
        for way, column in columns.items():
            assert pc.mean(plays[column]).as_py() == pytest.approx(ways[way]["mean"]["value"], rel=1e-12)
        total = its["impressions"]["mean"]["value"]
        assert total == pytest.approx(sum(ways[way]["mean"]["value"] for way in ways), rel=1e-12)
        for way in ways:
            mean, share = ways[way]["mean"]["value"], ways[way]["share"]["value"]
            assert share == (pytest.approx(mean / total, rel=1e-12) if total else None)
        assert (ways["friends"]["share"]["value"] or 0) > 0 or strategy == "free"


def test_the_worst_plays_with_and_without_scandals_are_paired(tmp_path: Path) -> None:
    """The cost in the tail is the one tail less the other, and its interval is that of pairs."""
    scandal = {"probability_per_day": 0.3, "trust_left": 0.1}
    anna = creator("anna", post_days=[0, 1], scandal=scandal)
    values = {"creators": [anna], "strategies": {"one": {"creators": ["anna"]}}, "replications": 120}
    study = simulator.run(tiny(tmp_path, **values))
    its, plays = study.summary["strategies"]["one"], study.replications
    worst = [np.sort(plays[name].to_numpy())[:6].mean() for name in ("roi", "roi_without_scandals")]
    cost = its["scandals"]["shortfall_cost"]
    assert 0 > cost["value"] == pytest.approx(worst[0] - worst[1])
    assert ("influence function, paired, stratified by market", 120) == (cost["method"], cost["n"])
    pairs = [plays[name].to_numpy() for name in ("roi", "roi_without_scandals", "market")]
    cautious, plain = (shortfall_difference(*pairs, cautious=how) for how in (True, False))
    assert cost == cautious != plain


def test_refunds_are_income_and_the_formulas_say_so_where_they_are_possible(tmp_path: Path) -> None:
    """The mean is that of the column; no formula speaks of refunds where no scandal brings back a fee."""
    plain = simulator.run(tiny(tmp_path / "plain"))
    assert not any("refund" in formula for formula in plain.summary["formulas"].values())
    assert {(0.0, 0.0)} == {
        (its["refund"]["mean"]["low"], its["refund"]["mean"]["high"]) for its in plain.summary["strategies"].values()
    }
    anna = creator("anna", scandal={"probability_per_day": 0.5, "trust_left": 0.1, "refund_of_fee": 0.5})
    values = {"creators": [anna], "strategies": {"one": {"creators": ["anna"]}}}
    study = simulator.run(tiny(tmp_path / "refunded", **values))
    mean = study.summary["strategies"]["one"]["refund"]["mean"]
    assert 0 < pc.mean(study.replications["refund"]).as_py() == pytest.approx(mean["value"])
    assert 0 <= mean["low"] < mean["high"]
    formulas = study.summary["formulas"]
    for name in ("roi", "roi_tracked", "roi_with_untracked", "profit"):
        assert " x margin + refunds - spend" in formulas[name]
    assert {name for name in formulas if "refund" in formulas[name]} == {
        *("roi", "roi_tracked", "roi_with_untracked", "profit"),
        *("break_even_cost_share", "break_even_order_factor"),
    }


def test_the_stock_ran_out_where_it_did_for_a_moment_only(tmp_path: Path) -> None:
    """A stock that is filled again at once ran out all the same."""
    stock = {"units": 1, "restock_units": 5000, "restock_after_days": 0}
    study = simulator.run(tiny(tmp_path, stock=stock, strategies={"one": {"creators": ["anna"]}}))
    outs = study.replications["stock_outs"].to_numpy()
    assert 0 < (outs > 0).mean() == study.summary["strategies"]["one"]["sold_out"]["probability"]["value"]
    assert 0 == pc.max(study.replications["sold_out_hours"]).as_py()


@pytest.mark.parametrize(("replications", "markets"), [(1, 1), (1, 4), (2, 2), (5, 3)])
def test_json_holds_no_nan_however_few_plays(tmp_path: Path, replications: int, markets: int) -> None:
    """Few plays have fewer intervals, never numbers that are none."""
    study = simulator.run(tiny(tmp_path, replications=replications, markets=markets))
    text = summary_json(study.summary).decode()
    assert study.summary == json.loads(text, parse_constant=pytest.fail)
    assert all(math.isfinite(value) for _, value in leaves(study.summary) if isinstance(value, float))


def test_a_market_in_which_nobody_is_hired_is_a_market(tmp_path: Path) -> None:
    """Fees differ between markets: where they are too high nothing is spent, and that is shown."""
    cheap = tiny(tmp_path, replications=8, markets=4, strategies={"many": {"split": {"micro": 1.0}}})
    costs = sorted(row["spent"] for row in hired_rows(plans_of(cheap), "many"))
    first = {m: plans_of(cheap)["many", m].profiles[0] for m in range(4)}
    least = sorted((p.fee_cents or 0) / 100 + 10 for p in first.values())
    assert costs[0] > 0
    budget = math.ceil(least[1])
    values = {"budget": budget, "replications": 8, "markets": 4, "strategies": {"many": {"split": {"micro": 1.0}}}}
    study = simulator.run(tiny(tmp_path, **values))
    hired = {row["market"]: row for row in study.summary["strategies"]["many"]["hiring"]}
    empty = [m for m, row in hired.items() if row["hired"] == 0]
    assert empty
    assert all(0.0 == hired[m]["spent"] and budget == hired[m]["unspent"] for m in empty)
    assert all(row["markets_hired_in"] <= 4 - len(empty) for row in study.creators.to_pylist())
    for row in study.replications.to_pylist():
        assert (row["spend"] == 0.0) == (row["roi"] is None) == (row["market"] in empty)


def test_hiring_is_shown_per_market_and_pool(tmp_path: Path) -> None:
    """Named creators and pools stand apart; money spent and left adds up to the pool's share of what is left."""
    both = {"split": {"micro": 0.5}, "creators": ["anna"]}
    rows = hired_rows(plans_of(tiny(tmp_path, strategies={"both": both})), "both")
    assert [(0, None), (0, "micro"), (1, None), (1, "micro")] == [(row["market"], row["pool"]) for row in rows]
    for row in rows:
        if row["pool"] is None:
            assert (1, 1, 200.0, None) == (row["hired"], row["offered"], row["spent"], row["unspent"])
        else:
            assert 4 == row["offered"]
            assert 400.0 == pytest.approx(row["spent"] + (row["unspent"] or 0.0))
