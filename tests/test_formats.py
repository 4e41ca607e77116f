"""Formats of posts: each with its own reach and delay, in turn; what they leave out is the account's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from study_helpers import creator, tiny

import simulator
from simulator.scenario.model import Scenario
from simulator.study.results import Study, csv_bytes

ALL_SEE_AT_ONCE: dict[str, Any] = {"reach_per_follower": 1.0, "share_per_impression": 0.0, "fee": 200}
LATE = {"dist": "constant", "hours": 5}


def scenario(tmp_path: Path, **values: Any) -> Scenario:
    """Give a scenario with one creator."""
    anna = creator("anna", **{**ALL_SEE_AT_ONCE, "delay": {"dist": "constant", "hours": 1}, **values})
    return tiny(tmp_path, replications=8, creators=[anna], strategies={"one": {"creators": ["anna"]}})


def hours(study: Study) -> dict[int, float]:
    """Give the mean of new impressions by hour, where there are any."""
    its = [row["mean"] for row in study.timeline.to_pylist() if row["measure"] == "impressions"]
    return {hour: new for hour, new in enumerate(b - a for a, b in zip([0.0, *its], its, strict=False)) if new}


def test_each_post_has_the_reach_and_delay_of_its_format(tmp_path: Path) -> None:
    """Feed, story, video, feed at hours 0, 2, 4, 6: own values, nobody, five hours late, own values again."""
    formats = {"feed": {}, "story": {"reach_per_follower": 0.0}, "video": {"delay": LATE}}
    plan = {"post_days": [0, 2 / 24, 4 / 24, 6 / 24], "formats": formats, "post_formats": ["feed", "story", "video"]}
    assert {1: 300.0, 9: 300.0, 7: 300.0} == hours(simulator.run(scenario(tmp_path, **plan)))


def test_a_format_with_the_accounts_own_values_is_no_format(tmp_path: Path) -> None:
    """An empty format, or one that repeats the account's values, changes no byte; nor do formats that no post has."""
    seen = {"reach_per_follower": 0.5, "post_days": [0, 0.1, 0.2]}
    plain = simulator.run(scenario(tmp_path, **seen))
    same = {"story": {"reach_per_follower": 0.5, "delay": {"dist": "constant", "hours": 1}}}
    for keys in (
        {"formats": {"story": {}}, "post_formats": ["story"]},
        {"formats": same, "post_formats": ["story"]},
        {"formats": {"story": {"reach_per_follower": 0.1}}},
    ):
        study = simulator.run(scenario(tmp_path, **seen, **keys))
        assert csv_bytes(plain.replications) == csv_bytes(study.replications)
        assert csv_bytes(plain.timeline) == csv_bytes(study.timeline)
    other = {"formats": {"story": {"reach_per_follower": 0.1}}, "post_formats": ["story"]}
    assert plain.replications != simulator.run(scenario(tmp_path, **seen, **other)).replications


def test_reach_of_a_format_may_be_an_unknown_of_its_own(tmp_path: Path) -> None:
    """A range as the reach of a format is drawn once per replication; the mean number of viewers is the median's."""
    formats = {"story": {"reach_per_follower": {"dist": "uniform", "min": 0.2, "max": 0.6}}}
    plan = {"post_days": [0, 0.1], "formats": formats, "post_formats": ["story"]}
    rows = simulator.run(scenario(tmp_path, **plan), replications=200).replications["impressions"].to_pylist()
    # Over 200 plays the mean of 600 x uniform(0.2, 0.6) has a standard error of 5; 5 of them: error rate 1e-6.
    assert sum(rows) / 200 == pytest.approx(240, abs=25)
    assert max(rows) - min(rows) > 150


def test_both_engines_play_formats_alike(tmp_path: Path) -> None:
    """Formats change what a post is, not how it is played."""
    formats = {"story": {"reach_per_follower": 0.3, "delay": {"dist": "exponential", "mean_hours": 2}}, "feed": {}}
    plan = {
        "post_days": [0, 0.2, 0.4],
        "formats": formats,
        "post_formats": ["feed", "story"],
        "outside_share": 0.2,
        "share_per_impression": 0.2,
    }
    its = scenario(tmp_path, **plan)
    compiled, reference = (simulator.run(its, engine=engine) for engine in ("compiled", "reference"))
    assert compiled.replications.equals(reference.replications)
    assert compiled.creators.equals(reference.creators)
    assert compiled.creators["outside_impressions"].to_pylist()[0] > 0
