"""Where reach and money go: steps that add up exactly, on real plays, and titles that claim what the steps allow."""

from __future__ import annotations

import json
from dataclasses import replace
from math import fsum
from pathlib import Path
from typing import Any

import market_helpers
import numpy as np
import pytest
from make_results import findings_of
from make_study import HOSTILE, make, skewed, two
from study_helpers import creator, tiny_values, write_scenario

import simulator
from simulator.market.creators import creator_profile, pool_profile
from simulator.present import reach_steps
from simulator.present.findings import Findings
from simulator.present.pitch import ways as telling
from simulator.present.reach_steps import Step, Way, ways
from simulator.scenario.model import Scenario
from simulator.study.estimates import mean_estimate
from simulator.study.finished import Finished

ADS = {"cpm": 20.0, "day": 0, "days": 1, "niche": "beauty"} | {
    f"{rate}_per_{of}": 0.1
    for rate, of in (("engagement", "impression"), ("share", "impression"), ("click", "impression"))
}
STRATEGIES = {
    "many": {"split": {"micro": 0.9}},
    "one": {"creators": ["anna"]},
    "both": {"creators": ["anna"], "split": {"micro": 0.6, "ads": 0.4}},
    "ads": {"split": {"ads": 1.0}},
    "free": {"creators": ["bert"]},
}


def _findings(folder: Path, scenario: Scenario) -> Findings:
    """Give the findings of a run as they would be read back, with its scenario beside it."""
    found = findings_of(simulator.run(scenario))
    manifest = {"world_hash": scenario.world_hash}
    return Findings(Finished(folder, manifest, found.summary, found.finished.tables, "read from the file"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, Scenario]:
    """Play plans with creators, ads, both and neither, on markets that get unlike numbers of plays."""
    folder = tmp_path_factory.mktemp("way")
    values = tiny_values(replications=7, markets=3, ads=ADS | {"order_per_click": 0.3}, strategies=STRATEGIES)
    values["creators"] = [creator("anna", fake_share=0.2), creator("bert", fee=0, followers=0, post_days=[1])]
    values["pools"]["micro"] |= {"fake_share": 0.3}  # type: ignore[index]
    write_scenario(folder, values).rename(folder / "scenario.toml")
    scenario = simulator.load(folder / "scenario.toml")
    return _findings(folder, scenario), scenario


@pytest.fixture(scope="module")
def by_plan(played: tuple[Findings, Scenario]) -> dict[str, Way]:
    """Give where reach and money go by plan."""
    return {way.plan: way for way in ways(played[0])}


def _left_over(steps: tuple[Step, ...]) -> float:
    """Give what the steps between the first total and the last leave of their difference."""
    *between, last = steps
    start = between.pop(0).value if between and between[0].total else 0.0
    assert not any(step.total for step in between)
    return abs(start + fsum(step.value for step in between) - last.value) / max(abs(start), abs(last.value), 1.0)


@pytest.mark.parametrize("plan", STRATEGIES)
def test_reach_adds_up(by_plan: dict[str, Way], plan: str) -> None:
    """Advertised followers and every step after them come to the people reached, to the precision of floats."""
    steps = by_plan[plan].reach
    assert _left_over(steps) < 1e-12
    # The check finds a step that is missing.
    lost = [step for step in steps if not step.total]
    assert all(_left_over(tuple(other for other in steps if other is not step)) > 1e-6 for step in lost)


@pytest.mark.parametrize("plan", STRATEGIES)
def test_money_adds_up(by_plan: dict[str, Way], plan: str) -> None:
    """Incremental margin less every cost that there is comes to profit."""
    steps = by_plan[plan].money
    assert _left_over(steps) < 1e-12
    assert all(step.value < 0 for step in steps[1:-1])


def test_followers_are_of_the_markets_that_are_played(
    by_plan: dict[str, Way], played: tuple[Findings, Scenario]
) -> None:
    """Each play counts once: markets 0, 1 and 2 have 3, 2 and 2 of 7 plays."""
    findings, scenario = played
    hired = {
        (row["market"], place)
        for row in findings.summary["strategies"]["many"]["hiring"]
        for place in range(1, row["hired"] + 1)
    }
    profiles = [(7 // 3 + (market < 1), pool_profile(scenario, market, "micro", place)) for market, place in hired]
    values = {step.key: step.value for step in by_plan["many"].reach}
    assert values["followers"] == pytest.approx(sum(n * its.followers for n, its in profiles) / 7)
    assert values["outside"] == pytest.approx(-sum(n * its.outside_size for n, its in profiles) / 7)
    # A share of each account, but for its rounding.
    assert values["fake"] == pytest.approx(-0.3 * values["followers"], abs=len(hired))
    even = sum(its.followers for _, its in profiles) / 3
    assert values["followers"] != pytest.approx(even), "the rule of equal markets would be seen"


def test_the_audience_is_the_one_that_was_played(by_plan: dict[str, Way], played: tuple[Findings, Scenario]) -> None:
    """What is left of a named creator's followers is the audience in the table of creators."""
    findings, scenario = played
    (row,) = (row for row in findings.creators.to_pylist() if row["strategy"] == "one")
    followers, fake, not_shown, reached = by_plan["one"].reach
    assert ("followers", "fake", "not_shown", "reach") == (followers.key, fake.key, not_shown.key, reached.key)
    assert 300 == followers.value
    assert row["audience"] == followers.value + fake.value == creator_profile(scenario.creators[0]).audience_size
    assert row["reach_not_additive"] == pytest.approx(reached.value)


def test_one_creator_has_no_overlap_and_ads_have_no_followers(by_plan: dict[str, Way]) -> None:
    """Steps that are nothing are left out, as are followers where nobody is hired."""
    assert ["ads", "reach"] == [step.key for step in by_plan["ads"].reach]
    assert "overlap" not in [step.key for step in by_plan["one"].reach]
    assert "overlap" in [step.key for step in by_plan["many"].reach]
    assert {"ads", "overlap", "fake", "outside"} < {step.key for step in by_plan["both"].reach}
    assert reach_steps.reach_title(by_plan["ads"]).endswith("people reached, all by ads")


def test_the_leading_plan_comes_first() -> None:
    """Plans stand in the order in which they earn."""
    worse_first = make({"celebrity": skewed(60, -0.3), "portfolio": skewed(60, 0.3)})
    assert ["portfolio", "celebrity"] == [way.plan for way in ways(findings_of(worse_first))]


def test_where_the_scenario_is_gone_fake_and_elsewhere_are_one_step(played: tuple[Findings, Scenario]) -> None:
    """The table of creators tells only both together, and that is said."""
    findings = played[0]
    other = replace(findings.finished, path=Path("nowhere"))
    way = {way.plan: way for way in ways(replace(findings, finished=other))}["many"]
    assert ["followers", "strangers", "not_shown", "overlap", "reach"] == [step.key for step in way.reach]
    assert _left_over(way.reach) < 1e-12
    assert any("cannot be read" in note for note in way.notes)


def test_a_graph_file_tells_no_advertised_followers(tmp_path: Path) -> None:
    """The way begins with the followers in the graph, and says so."""
    edges = [("anna", str(n)) for n in range(40)] + [("bea", str(n)) for n in range(20, 50)]
    who = [market_helpers.creator(name) for name in ("anna", "bea")]
    values = market_helpers.scenario_values(who, {"both": ["anna", "bea"]}, replications=8)
    (way,) = ways(findings_of(simulator.run(market_helpers.load(tmp_path, values, edges))))
    assert ("audience", 70.0) == (way.reach[0].key, way.reach[0].value)
    assert _left_over(way.reach) < 1e-12
    assert any("graph file" in note for note in way.notes)
    assert "70 followers in the graph" in reach_steps.reach_title(way)


def test_nothing_known_of_creators_gives_no_steps() -> None:
    """A study without creators still tells what it reaches."""
    for way in ways(findings_of(two())):
        assert () == way.reach == way.money
        assert reach_steps.reach_title(way).endswith("people reached")
        assert 5 == len(telling.reach_table(way).rows)


# ---- titles


def _way(reach: float, error: float | None, **lost: float) -> Way:
    """Make a way of 1,000 followers."""
    mean: dict[str, Any] = {"value": reach, "low": None, "high": None, "level": 0.95, "n": 100}
    if error is not None:
        mean |= {"low": reach - error, "high": reach + error}
    steps = [Step(key, key, value, error=None if key in ("fake", "outside") else error) for key, value in lost.items()]
    followers = reach_steps._fixed("followers", "advertised followers", 1000.0, total=True)
    last = Step("reach", "different people reached", reach, mean, total=True)
    return Way("plan", "plan", (followers, *steps, last), (last,), (), "$", ())


@pytest.mark.parametrize(
    ("way", "end"),
    [
        (_way(100, 5, fake=-200, not_shown=-600, overlap=-100), "; most lost to posts not shown"),
        (_way(100, 5, fake=-600, not_shown=-200, overlap=-100), "; most lost to fake or inactive followers"),
        (_way(100, 5, fake=-100, not_shown=-200, overlap=-600), "; most lost to overlap"),
        (_way(100, 5, fake=-250, not_shown=-400, overlap=-250), "; largest loss: posts not shown"),
        # Too close to call which is the larger.
        (_way(100, 5, fake=-440, not_shown=-446, overlap=-14), "people reached"),
        (_way(100, 50, fake=-250, not_shown=-340, overlap=-310), "people reached"),
        # More than half, but not for sure.
        (_way(100, 20, not_shown=-460, overlap=-440), "people reached"),
        (_way(100, 5, not_shown=-460, overlap=-440), "; most lost to posts not shown"),
        # Without an interval nothing is said of what was counted.
        (_way(100, None, not_shown=-600, overlap=-300), "people reached"),
        # Friends bring more than is lost.
        (_way(1500, 50, fake=-100, beside=700, overlap=-100), ", more than follow"),
        (_way(1040, 50, fake=-10, beside=60, overlap=-10), "people reached"),
        (_way(1000, 0.5), "people reached"),
    ],
)
def test_a_loss_is_named_only_where_it_is_sure(way: Way, end: str) -> None:
    """The title names the largest loss where errors leave no doubt, and turns with the numbers."""
    title = reach_steps.reach_title(way)
    assert title.startswith("plan: 1,000 followers advertised, ")
    assert title.endswith(end)


def test_the_error_of_a_sum_of_reach_is_not_taken_too_small() -> None:
    """Where creators reach the same people, different people vary less than the sum over creators; impressions do not.

    In each play all of twenty creators are seen by the same share of a market, which differs from play to play: what
    they reach in all and impressions are that share, different people fall short of it.
    """
    share = np.random.default_rng(5).lognormal(np.log(0.04), 0.5, 400)
    added_up, reach, impressions = (mean_estimate(of, np.arange(400) % 4) for of in _seen(share))

    def relative(mean: Any) -> float:
        return float((mean["high"] - mean["low"]) / 2)

    last = Step("reach", "different people", reach["value"], reach, total=True)
    error = reach_steps._error(last, impressions, added_up["value"])
    assert error is not None
    assert relative(added_up) <= error * (1 + 1e-9)
    assert relative(added_up) > 1.3 * relative(reach) / reach["value"] * added_up["value"], "reach alone is too small"
    alone = reach_steps._error(last, impressions, reach["value"])
    assert alone == pytest.approx(relative(reach)), "where nobody is reached twice, the sum is the reach"
    unknown = replace(last, estimate={"value": reach["value"], "low": None, "high": None})
    assert reach_steps._error(unknown, impressions, added_up["value"]) is None


def _seen(share: Any) -> tuple[Any, Any, Any]:
    """Give the sum of reach over twenty creators, different people and impressions of each play."""
    return 20_000 * share, 1000 * (1 - (1 - np.minimum(share, 1)) ** 20), 30_000 * share


def test_the_short_title_of_a_plan_keeps_its_name_whole() -> None:
    """A name may hold what stands before a claim."""
    way = replace(_way(100, 5, fake=-200, not_shown=-600, overlap=-100), name="a; b")
    assert "a; b: 1,000 followers advertised, 100 people reached" == reach_steps.reach_title(way, short=True)


def test_what_money_comes_to_is_claimed_as_far_as_its_interval_goes() -> None:
    """Profit, loss, neither and one play only."""

    def title(**roi: Any) -> str:
        found = findings_of(make(roi, markets=1))
        found.summary["strategies"]["plan"] |= {
            "costs": {line: {"mean": {"value": 0.0}} for line in ("fee", "affiliate_commission")},
            "refund": {"mean": {"value": 0.0}},
        }
        (way,) = ways(found)
        return reach_steps.money_title(found.facts, way)

    assert "a profit of $" in title(plan=skewed(400, 0.5))
    assert "a loss of $" in title(plan=skewed(400, -0.5))
    assert "too close to call whether it pays" in title(plan=[-0.5, 0.52] * 50)
    assert "in the only play" in title(plan=[0.4])
    assert "do not tell whether it pays" in title(plan=[0.4] * 20)
    assert title(plan=skewed(400, 0.5)).startswith("plan brings in $") and "--" not in title(plan=skewed(400, -0.5))


# ---- chart, table and text


def test_the_chart_holds_exact_numbers_and_rounded_labels(by_plan: dict[str, Way]) -> None:
    """What PowerPoint draws adds up; totals stand on the ground."""
    way = by_plan["both"]
    chart = telling.reach_chart(way)
    (series,) = chart.series
    assert tuple(step.value for step in way.reach) == series.values
    assert {"advertised followers", "different people reached"} == chart.totals
    assert "waterfall" == chart.kind and len(chart.categories) == len(series.labels) == len(set(chart.categories))
    assert isinstance(series.colour, tuple) and {"muted", "loss", "gain"} == set(series.colour)
    assert (series.low[-1], series.high[-1]) == (way.reach[-1].estimate["low"], way.reach[-1].estimate["high"])  # type: ignore[index]


def test_table_and_text_hold_every_step(by_plan: dict[str, Way]) -> None:
    """Those who do not see the picture read the same numbers."""
    way = by_plan["both"]
    table, alt = telling.reach_table(way), telling.reach_alt(way)
    assert [row[0] for row in table.rows] == [step.label for step in (*way.reach, *way.funnel[1:])]
    assert "exact" == table.rows[0][2] and "no interval" in {row[2] for row in table.rows}
    assert all(label in alt for label, *_ in table.rows)
    money = telling.money_table(way)
    assert all(label in telling.money_alt(way) for label, *_ in money.rows)
    assert all(len(row) == len(table.header) for row in (*table.rows, *money.rows))


def test_hostile_names_are_text() -> None:
    """A name is written as it is."""
    found = findings_of(make({HOSTILE: skewed(40, 0.1)}))
    (way,) = ways(found)
    assert reach_steps.reach_title(way).startswith(found.facts.names[HOSTILE])
    json.dumps(way.name)
