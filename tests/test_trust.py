"""Trust, fit and disclosure multiply what they say, and nothing else; each is 1 unless written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from study_helpers import creator, tiny

import simulator
from simulator.campaign.content import conditions_of
from simulator.campaign.hiring import hire
from simulator.campaign.unknowns import Unknowns
from simulator.errors import ScenarioError
from simulator.market.build import build_market
from simulator.scenario.model import Scenario
from simulator.spread.conditions import Post, chance
from simulator.study.results import csv_bytes

PRODUCT = {"order_value": 90, "margin": 0.5}


def scenario_of(folder: Path, product: dict[str, Any] | None = None, **values: Any) -> Scenario:
    """Give a scenario with two creators, anna in the niche of food and bert in none, of whom the first differs."""
    creators = [creator("anna", niche="food", **values), creator("bert")]
    return tiny(
        folder,
        creators=creators,
        strategies={"both": {"creators": ["anna", "bert"]}},
        product={**PRODUCT, **(product or {})},
        replications=40,
    )


def posts_of(scenario: Scenario) -> tuple[Post, ...]:
    """Give anna's post and bert's as the crowd sees them."""
    plan = hire(scenario, 0, "both")
    market = build_market(scenario, 0, plan.profiles)
    return conditions_of(scenario, market, plan, Unknowns.of(scenario.seed, 0)).posts


def test_each_factor_multiplies_what_it_says(tmp_path: Path) -> None:
    """Trust and fit: clicks and orders per click. Disclosure: engagement. Nobody else's, and never above 1."""
    plain = posts_of(scenario_of(tmp_path))
    anna, bert = posts_of(scenario_of(tmp_path, {"niche": "food", "niche_fit": 1.5}, trust=0.5, disclosure=0.8))
    assert (chance(0.2 * 0.75), chance(0.3 * 0.75)) == (anna.click, anna.order)
    assert (plain[0].share, chance(0.2 * 0.8)) == (anna.share, anna.engage)
    assert [plain[1].engage, plain[1].click, plain[1].order] == [bert.engage, bert.click, bert.order]
    assert chance(1.0) == posts_of(scenario_of(tmp_path, trust=9))[0].click
    other = posts_of(scenario_of(tmp_path, {"niche": "beauty", "niche_fit": 1.5}))[0]
    assert (plain[0].click, plain[0].order) == (other.click, other.order)


def test_trust_shows_in_the_counts(tmp_path: Path) -> None:
    """Clicks per impression and orders per click are binomial with half their rates; error rate 6.8e-6 each."""
    rows = simulator.run(scenario_of(tmp_path, trust=0.5)).creators.to_pylist()
    anna, bert = (row for row in rows)
    for row, factor in ((anna, 0.5), (bert, 1.0)):
        impressions, clicks = round(40 * row["impressions"]), round(40 * row["clicks"])
        assert binomtest(clicks, impressions, 0.2 * factor).pvalue > 6.8e-6
        assert binomtest(clicks, impressions, 0.2 * (1.5 - factor)).pvalue < 6.8e-6


def test_factors_of_one_are_no_keys(tmp_path: Path) -> None:
    """What is multiplied by 1 changes no byte, on both clocks."""
    written = scenario_of(tmp_path, {"niche_fit": 1}, trust=1, disclosure=1.0)
    plain, fast, slow = (
        csv_bytes(simulator.run(scenario, engine=engine).replications)  # type: ignore[arg-type]
        for scenario, engine in (
            (scenario_of(tmp_path), "compiled"),
            (written, "compiled"),
            (written, "reference"),
        )
    )
    assert plain == fast == slow


def test_an_unknown_trust_is_one_draw_for_all(tmp_path: Path) -> None:
    """A range is drawn once for a replication: every post of a pool has the same."""
    scenario = tiny(tmp_path, strategies={"many": {"split": {"micro": 0.9}}})
    pool = {**scenario.plain()["pools"]["micro"], "trust": "0.5 to 1.5"}
    scenario = Scenario.model_validate({**scenario.plain(), "pools": {"micro": pool}})
    plan = hire(scenario, 0, "many")
    market = build_market(scenario, 0, plan.profiles)
    clicks = [conditions_of(scenario, market, plan, Unknowns.of(3, i)).posts for i in range(4)]
    assert all(len({post.click for post in posts}) == 1 for posts in clicks)
    assert 4 == len({posts[0].click for posts in clicks})
    assert np.unique([len(posts) for posts in clicks]).size == 1


@pytest.mark.parametrize(
    ("product", "said"),
    [
        ({"niche_fit": 1.2}, "no effect while the product has no niche"),
        ({"niche": "food", "niche_fit": 11}, "at most 10"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, product: dict[str, Any], said: str) -> None:
    """A fit without a niche, and a factor beyond reason."""
    with pytest.raises(ScenarioError, match=said):
        scenario_of(tmp_path, product)
