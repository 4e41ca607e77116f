"""Engagement rates by impression and by follower: against their definitions, and where one of them cannot be known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from market_helpers import creator as graph_creator
from market_helpers import load, scenario_values
from scipy.stats import norm
from study_helpers import creator, tiny

import simulator

ADS = {"cpm": 900, "click_per_impression": 0.1, "order_per_click": 0.1, "days": 1}


def test_rates_are_what_they_are_called(tmp_path: Path) -> None:
    """Means over means of the tables; ads count by impression only."""
    scenario = tiny(
        tmp_path,
        replications=40,
        creators=[creator("anna", followers=300, post_days=[0, 0.5]), creator("bert", followers=900)],
        ads={**ADS, "engagement_per_impression": 0.5},
        strategies={"both": {"creators": ["anna", "bert"], "split": {"ads": 1.0}}, "ads": {"split": {"ads": 1.0}}},
    )
    study = simulator.run(scenario)
    ratios = study.summary["strategies"]["both"]["ratios"]
    rows = {row["creator"]: row for row in study.creators.to_pylist() if row["strategy"] == "both"}
    engagements = sum(row["engagements"] for row in rows.values())
    assert engagements / sum(row["impressions"] for row in rows.values()) == pytest.approx(
        ratios["engagement_per_impression"]["value"]
    )
    by_creators = rows["anna"]["engagements"] + rows["bert"]["engagements"]
    assert rows["ads"]["engagements"] > 0
    assert by_creators / (2 * 300 + 900) == pytest.approx(ratios["engagement_per_follower"]["value"])
    alone = study.summary["strategies"]["ads"]["ratios"]
    assert alone["engagement_per_follower"]["value"] is None
    assert alone["engagement_per_impression"]["low"] is not None


def test_the_rate_by_follower_is_reach_times_the_rate_by_impression(tmp_path: Path) -> None:
    """Without friends who share: 0.3 x 0.2, within 4.5 standard errors (6.8e-6) of what binomial counts allow."""
    anna = creator("anna", followers=1500, share_per_impression=0.0, post_days=[0, 0.5], delay=at_once())
    study = simulator.run(tiny(tmp_path, replications=60, creators=[anna], strategies={"one": {"creators": ["anna"]}}))
    rate = study.summary["strategies"]["one"]["ratios"]["engagement_per_follower"]["value"]
    error = np.sqrt(0.06 * 0.94 / (60 * 2 * 1500))
    assert abs(rate - 0.06) / error < -norm.ppf(3.4e-6)
    assert abs(rate - 0.3) / error > -norm.ppf(3.4e-6)


def at_once() -> dict[str, object]:
    """Give a delay of nothing."""
    return {"dist": "constant", "hours": 0.0}


def test_followers_of_a_graph_file_are_not_advertised(tmp_path: Path) -> None:
    """Then there is no rate by follower, and the rate by impression is there."""
    values = scenario_values([graph_creator("a", engagement_per_impression=0.5)], {"one": ["a"]})
    study = simulator.run(load(tmp_path, values, [("a", "x"), ("a", "y"), ("x", "z")]))
    ratios = study.summary["strategies"]["one"]["ratios"]
    assert ratios["engagement_per_follower"] is None
    assert 0 < ratios["engagement_per_impression"]["value"] < 1
