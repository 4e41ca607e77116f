"""What the pairs of shipped scenarios claim about micro-influencers: at work in one, failing in its twin.

In: both scenarios of a pair, played as they are shipped with fewer replications. Out: whose paired interval is on which
side of zero. The seeds are fixed and the intervals leave out zero in both of a pair, so each is the negative control of
the other.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from market_helpers import column

import simulator
from simulator.study.results import Study

SCENARIOS = Path(__file__).parent.parent / "scenarios"
REPLICATIONS = {"trusted": 24, "perception": 24, "audiences": 44, "buyers": 64, "nobody": 64}  # by the first word


@cache
def played(name: str) -> Study:
    """Play a shipped scenario."""
    return changed(name, {})


def changed(name: str, overrides: dict[str, object]) -> Study:
    """Play a shipped scenario with other values."""
    scenario = simulator.load(SCENARIOS / f"{name}.toml", overrides)
    return simulator.run(scenario, replications=REPLICATIONS[name.partition("_")[0]])


def lead(name: str, measure: str = "roi") -> tuple[float, float]:
    """Give the first plan's lead in a shipped scenario."""
    return lead_in(played(name), measure)


def lead_in(study: Study, measure: str = "roi") -> tuple[float, float]:
    """Give the 95% interval of the mean paired difference of the first plan to the second, as the answer says it."""
    (comparison,) = (its for its in study.summary["comparisons"] if its["measure"] == measure)
    assert [comparison["a"], comparison["b"]] == list(study.scenario.strategies)
    mean = comparison["difference"]["mean"]
    return mean["low"], mean["high"]


def reach_after(name: str, plan: str, hours: int) -> float:
    """Give how many people a plan has reached on average after so many hours."""
    rows = played(name).timeline.to_pylist()
    (mean,) = (r["mean"] for r in rows if (r["strategy"], r["measure"], r["hour"]) == (plan, "reach", hours))
    return float(mean)


def flat(values: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Give the values of nested tables by their whole keys."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


def differing(one: str, other: str) -> set[str]:
    """Give the keys that are not the same in two scenario files, name and title aside."""
    a, b = (flat(tomllib.loads((SCENARIOS / f"{name}.toml").read_text(encoding="utf-8"))) for name in (one, other))
    return {key for key in a | b if a.get(key) != b.get(key)} - {"name", "title"}


PAIRS = {
    ("trusted_subject", "trusted_alike"): {"product.niche_fit", "product.viewer_fit", "pools.runners.trust"},
    ("perception_builds", "perception_fades"): {"brand.half_life_days"},
    ("buyers_advocate", "nobody_advocates"): {"behaviour.share_per_order", "behaviour.share_by_friends"},
    ("audiences_apart", "audiences_overlap"): {"overlap.small"},
}


@pytest.mark.parametrize("pair", PAIRS)
def test_twins_differ_in_one_mechanism(pair: tuple[str, str]) -> None:
    """In no key but those of the mechanism; and each file names its twin."""
    assert differing(*pair) == PAIRS[pair]
    for name, twin in (pair, pair[::-1]):
        assert f"{twin}.toml" in (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8").split("name =")[0]


# ---- trust and fit


def test_who_is_trusted_may_reach_fewer() -> None:
    """With trust and fit the runners are ahead although they reach half as many; without, far behind."""
    assert lead("trusted_subject")[0] > 0
    assert lead("trusted_alike")[1] < 0
    for name in ("trusted_subject", "trusted_alike"):
        runners, famous = (column(played(name), plan, "reach").mean() for plan in ("runners", "famous"))
        assert runners < famous / 2


@pytest.mark.parametrize("key", ["pools.runners.trust", "product.niche_fit"])
def test_it_takes_both_trust_and_fit(key: str) -> None:
    """With one of them at 1 neither plan is ahead for sure."""
    low, high = lead_in(changed("trusted_subject", {key: 1}))
    assert low < 0 < high
    assert high < lead("trusted_subject")[1]


# ---- advocates


def test_buyers_who_tell_climbers_turn_the_order() -> None:
    """It brings both plans more orders, the small creators so many more that they are ahead."""
    assert lead("buyers_advocate")[0] > 0
    assert lead("nobody_advocates")[1] < 0
    assert orders_by_advocates("small") > 1.5
    assert 1.2 < orders_by_advocates("celebrity") < 1.5


def orders_by_advocates(plan: str) -> float:
    """Give how many times the orders a plan has where buyers tell their friends."""
    told, not_told = (column(played(name), plan, "orders").mean() for name in ("buyers_advocate", "nobody_advocates"))
    return float(told / not_told)


def by_friends(**more: object) -> dict[str, float]:
    """Give each plan's impressions by friends where posts are shared ten times as often, and no buyer shares."""
    shares = {f"pools.{pool}.share_per_impression": 0.04 for pool in ("small", "celebrity")}
    study = simulator.run(simulator.load(SCENARIOS / "nobody_advocates.toml", {**shares, **more}), replications=16)
    return {plan: float(column(study, plan, "friend_impressions").mean()) for plan in study.scenario.strategies}


def test_several_friends_help_the_one_big_post() -> None:
    """What the claim does not say: they show the same post, so who has one post gains more than who has seven."""
    alike, several = by_friends(), by_friends(**{"behaviour.share_by_friends": [1.0, 2.5, 4.5]})
    assert several["celebrity"] / alike["celebrity"] > 1.3
    assert several["small"] / alike["small"] < 1.2


# ---- what stays


def test_what_stays_turns_the_order() -> None:
    """The celebrity is ahead at once; a year later the small creators are, unless goodwill fades within days."""
    for name in ("perception_builds", "perception_fades"):
        assert reach_after(name, "celebrity", 48) > 3 * reach_after(name, "small", 48)
        assert lead(name)[1] < 0
    assert lead("perception_builds", "roi_12_months")[0] > 0
    assert lead("perception_fades", "roi_12_months")[1] < 0


def test_small_accounts_leave_more() -> None:
    """In both, as long as it lasts: the twin fails for how long it does, not for how much."""
    for name in ("perception_builds", "perception_fades"):
        assert lead(name, "brand_orders")[0] > 0


# ---- overlap


def test_overlap_decides_who_is_ahead() -> None:
    """With audiences apart the small creators are ahead, with audiences that overlap the celebrity."""
    assert lead("audiences_apart")[0] > 0
    assert lead("audiences_overlap")[1] < 0


def test_overlap_takes_people_not_impressions() -> None:
    """The small creators' impressions are as many within 5%, their people fewer by a third or more; spend is equal."""
    apart, overlap = played("audiences_apart"), played("audiences_overlap")
    means = {m: [column(its, "small", m).mean() for its in (apart, overlap)] for m in ("spend", "impressions", "reach")}
    assert means["spend"][0] == means["spend"][1]
    assert means["impressions"][0] == pytest.approx(means["impressions"][1], rel=0.05)
    assert means["reach"][1] < means["reach"][0] * 2 / 3
    assert np.array_equal(column(apart, "celebrity", "roi"), column(overlap, "celebrity", "roi"))
