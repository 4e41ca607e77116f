"""Platforms and tiers: every number has a source, blanks alone are filled, and odd values are told."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from page_helpers import holds

import simulator
from simulator import cli
from simulator.errors import ScenarioError
from simulator.present.evidence import evidence_line, evidence_lines, evidence_name
from simulator.present.terminal import render
from simulator.present.written import ends_text
from simulator.scenario.account import PLATFORMS, RATES_TO_ORDER, TIERS, Account
from simulator.scenario.emit import to_toml
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.presets.evidence import evidence_warnings, uses_of
from simulator.scenario.presets.filling import fill, sources_of
from simulator.scenario.presets.plausible import range_warnings
from simulator.scenario.presets.preset import FOLDER, Tier, preset, presets_for, tier, tier_of, tiers, typed
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import PowerRate, RateLaw, factor, highest, unknown_of
from simulator.scenario.section import Lognormal
from simulator.scenario.strategy import Discovery
from simulator.scenario.terms import PowerFee
from simulator.study.results import resolved_toml

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "platforms.md"
# Nano to mega, as engagements per follower are published for them.
SIZES = (5e3, 30e3, 250e3, 750e3, 3e6)
KEYS = {*RATES_TO_ORDER, "delay", "nonfollower_reach_ratio", "fee", "management_cost"}
OWN: dict[str, Any] = {**dict.fromkeys(RATES_TO_ORDER, 0.25), "delay": {"dist": "constant", "hours": 1.0}}


# ---- the files


def test_every_name_is_a_file_and_every_file_a_name() -> None:
    """What scenarios can name is what is there, and it is part of an installed program."""
    files = set(FOLDER.rglob("*.toml"))
    assert set(PLATFORMS) == {path.stem for path in files if path.parent.name == "platforms"}
    assert TIERS == tuple(its.name for its in tiers())
    package_data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    globs = package_data["package-data"]["simulator"]
    assert files <= {path for glob in globs for path in (ROOT / "simulator").glob(glob)}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_number_of_every_file_has_a_source(path: Path) -> None:
    """A table with a value says who found it; what is like that of another preset says why."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    if path.stem == "tiers":
        sources = given.pop("sources")
        for its in given.values():
            assert its.keys() == sources.keys()
        texts = list(sources.values())
    else:
        tables = {key: table for key, table in given.items() if key in Account.model_fields or key == "fee"}
        assert all({"source"} == table.keys() - {"value", "like"} for table in tables.values())
        texts = [table["source"] for table in tables.values()]
    assert texts
    assert all(len(text) > 30 and text.isprintable() for text in texts)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_gives_every_key(name: str) -> None:
    """Rates, delay, strangers, what a post and a contract cost; for accounts of all tiers."""
    its = preset(name)
    assert KEYS == set(its.values) == set(its.sources)
    assert ((name,), (1_000, 50_000_000), 0.35) == (its.platforms, its.followers, its.most_fake_share)
    assert (its.followers[0], its.followers[1]) == (tiers()[0].followers[0], tiers()[-1].followers[1])


def test_instagram_repeats_no_number() -> None:
    """Its rates are those of the trade's tables, and its file has none of its own."""
    given = tomllib.loads((FOLDER / "platforms" / "instagram.toml").read_text(encoding="utf-8"))
    assert "industry" == given["based_on"]
    assert set(given).isdisjoint({*RATES_TO_ORDER, "delay"})
    assert all(preset("instagram").values[key] is preset("industry").values[key] for key in RATES_TO_ORDER)


# ---- what each says, by arithmetic


def law(name: str, key: str) -> PowerRate:
    its = getattr(typed(name), key)
    assert isinstance(its, PowerRate)
    return its


def plain(name: str, key: str) -> Quantity:
    its = getattr(typed(name), key)
    assert isinstance(its, Quantity)
    return its


def slope(percents: tuple[float, ...]) -> float:
    """Give the slope of the line through the published rates of five sizes of account."""
    return float(np.polyfit(np.log(SIZES), np.log(percents), 1)[0])


def test_tiktok_is_computed_from_its_sources() -> None:
    """Engagements per follower by all views per follower, those of strangers (2 to 5 for each other) included."""
    assert (0.12, 0.30, 0.45) == plain("tiktok", "reach_per_follower").values
    strangers = plain("tiktok", "nonfollower_reach_ratio")
    assert ((2.0, 5.0), pytest.approx(math.sqrt(10))) == (strangers.values, strangers.median)
    engagement = law("tiktok", "engagement_per_impression")
    assert engagement.value.values[1] == pytest.approx(0.081 / (0.30 * (1 + math.sqrt(10))), rel=0.005)
    assert engagement.exponent == pytest.approx(slope((10.3, 8.1, 6.3, 5.5, 4.9)), abs=0.0005)
    # 2 % x 1 % of one source to 5 % x 20 % of the other, and where the second begins
    assert plain("tiktok", "click_per_impression").values == pytest.approx((0.02 * 0.01, 0.03 * 0.1, 0.05 * 0.2))
    assert preset("tian2024").values["share_per_impression"] is preset("tiktok").values["share_per_impression"]


def test_youtube_is_computed_from_its_sources() -> None:
    """Half of the views per follower are by followers, and engagement is divided by all of them."""
    views = {5e3: (0.30, 0.50), math.sqrt(1e4 * 5e5): (0.14, 0.20), math.sqrt(5e5 * 1e7): (0.05, 0.15)}
    middles = [math.sqrt(low * high) for low, high in views.values()]
    falls, level = np.polyfit(np.log(list(views)), np.log(middles), 1)
    reach = law("youtube", "reach_per_follower")
    usual = math.exp(level + falls * math.log(30e3))
    assert reach.value.values == pytest.approx((0.14 / 2, usual / 2, 0.35 / 2), rel=0.02)
    assert reach.exponent == pytest.approx(falls, abs=0.0005)
    assert plain("youtube", "nonfollower_reach_ratio").median == pytest.approx(1)
    engagement = law("youtube", "engagement_per_impression")
    assert engagement.value.values[1] == pytest.approx(0.021 / usual, rel=0.02)
    assert engagement.exponent == pytest.approx(slope((3.2, 2.1, 1.5, 1.2, 0.9)) - falls, abs=0.0005)
    delay = typed("youtube").delay
    assert isinstance(delay, Lognormal)
    assert delay.median_hours == pytest.approx(24 * math.sqrt(6 * 9), rel=0.005)


def test_x_is_computed_from_its_sources() -> None:
    """Two thirds of the views are by followers; clicks per follower who could have seen it by 5 to 15% views."""
    reach, clicks = plain("x", "reach_per_follower"), plain("x", "click_per_impression")
    assert reach.values == pytest.approx((0.05 / 1.5, 0.10 / 1.5, 0.15 / 1.5), rel=0.01)
    per_follower = 9.6e6 / 75e9
    assert clicks.values == pytest.approx((per_follower / 0.15, per_follower / 0.10, per_follower / 0.05), rel=0.02)
    assert plain("x", "engagement_per_impression").values[1] == pytest.approx(0.0039 / 0.10)
    delay = typed("x").delay
    assert isinstance(delay, Lognormal)
    assert delay.median_hours * 60 == pytest.approx(80, rel=0.005)
    assert NormalDist(0, delay.sigma).cdf(math.log(24 / delay.median_hours)) == pytest.approx(0.95, abs=0.001)


def test_fees_are_multiples_of_those_on_instagram() -> None:
    """The law goes through what tiers are said to be paid; 0.25 to 1, 2 and 0.5 times of it elsewhere."""
    fees = {name: typed(name).fee for name in PLATFORMS}
    assert all(isinstance(fee, PowerFee) and 0.89 == fee.exponent for fee in fees.values())
    scales = [fee.scale for fee in fees.values() if isinstance(fee, PowerFee)]
    assert [1, math.sqrt(0.25 * 1), 2, 0.5] == pytest.approx([scale / 0.038 for scale in scales])
    usual = {5e3: 75, 30e3: 370, 250e3: 2_400, 750e3: 6_400, 3e6: 22_000, 50e6: 270_000}
    assert [0.038 * f**0.89 for f in usual] == pytest.approx(list(usual.values()), rel=0.02)


def test_tiers_are_those_of_the_tables() -> None:
    """Lowest, usual and highest share of fake followers; borders meet; a number of followers lies in one tier."""
    assert {its.name: its.fake_share.values for its in tiers()} == {
        "nano": (0.15, 0.25, 0.40),
        "micro": (0.15, 0.25, 0.45),
        "mid": (0.20, 0.30, 0.45),
        "macro": (0.20, 0.30, 0.45),
        "mega": (0.20, 0.33, 0.50),
        "celebrity": (0.20, 0.35, 0.50),
    }
    assert [a.followers[1] for a in tiers()[:-1]] == [b.followers[0] for b in tiers()[1:]]
    lying = {1: "nano", 9_999: "nano", 10_000: "micro", 31_623: "micro", 10_000_000: "celebrity", 10**10: "celebrity"}
    assert list(lying.values()) == [tier_of(followers).name for followers in lying]


@pytest.mark.parametrize("name", PLATFORMS)
def test_rates_are_rates_in_every_tier(name: str) -> None:
    """No rate leads above 1, and no more followers are reached than are real."""
    for its in tiers():
        for key in RATES_TO_ORDER:
            most = 1 - its.usual_fake_share if key == "reach_per_follower" else 1.0
            assert highest(getattr(typed(name), key), *its.followers)[0] <= most


# ---- what is filled in

POOL: dict[str, Any] = {"post_days": [0], "followers": 30_000, "outside_share": 0.7, "count": 3, "fee": 366.0}
STAR: dict[str, Any] = {"handle": "star", "followers": 3_000_000, "fee": 22_100.0, "posts": 2, "outside_share": 0.65}


def values(**others: object) -> dict[str, Any]:
    """Give a scenario whose accounts leave out all that can be filled in; None takes a key away."""
    given = {
        "name": "platforms",
        "horizon_days": 10,
        "people": {"count": 2_000_000},
        "product": {"order_value": 100, "margin": 0.5},
        "pools": {"micro": deepcopy(POOL)},
        "creators": [deepcopy(STAR)],
        "budget": 1e6,
        "strategies": {"many": {"split": {"micro": 1.0}}, "one": {"creators": ["star"]}},
    } | others
    return {key: value for key, value in given.items() if value is not None}


def written(folder: Path, **others: object) -> Path:
    path = folder / "platforms.toml"
    path.write_text(to_toml(values(**others)), encoding="utf-8")
    return path


def without(account: dict[str, Any], *keys: str, **others: object) -> dict[str, Any]:
    return {key: value for key, value in account.items() if key not in keys} | others


def presets_used(scenario: Scenario, *place: str | int) -> dict[str, str]:
    """Give by key which preset filled an account."""
    return {str(path[-1]): name for path, name in scenario.filled if path[:-1] == place}


def test_without_a_name_nothing_is_filled(tmp_path: Path) -> None:
    """Rates that are left out are missing, and fake followers are nobody's guess."""
    assert (values(), ()) == fill(values())
    own = values(pools={"micro": POOL | OWN}, creators=[STAR | OWN])
    assert (own, ()) == fill(own)
    path = tmp_path / "own.toml"
    path.write_text(to_toml(own), encoding="utf-8")
    scenario = simulator.load(path)
    assert 0 == scenario.pools["micro"].fake_share
    assert ([], [], {}) == (range_warnings(scenario), evidence_warnings(scenario), sources_of(scenario))
    assert "platform" not in scenario.plain()


def test_raw_values_and_presets_are_not_changed() -> None:
    """Filling copies: neither what was given nor what the next scenario gets is touched."""
    raw, before = values(platform="tiktok"), json.dumps([dict(preset(name).values) for name in PLATFORMS])
    copy = deepcopy(raw)
    filled, _ = fill(raw)
    filled["pools"]["micro"]["delay"]["sigma"] = 3
    assert copy == raw
    assert before == json.dumps([dict(preset(name).values) for name in PLATFORMS])


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_fills_what_is_left_out(name: str, tmp_path: Path) -> None:
    """All its keys, but for the fee of a creator, who has its own; fake followers by size; each with a source."""
    scenario = simulator.load(written(tmp_path, platform=name, pools={"micro": without(POOL, "fee")}))
    micro, star = scenario.pools["micro"], scenario.creators[0]
    for key in KEYS:
        assert getattr(micro, key) == getattr(typed(name), key)
        assert preset(name).sources[key] == sources_of(scenario)["pools", "micro", key]
        assert key == "fee" or getattr(star, key) == getattr(typed(name), key)
    assert (0.25, 0.33) == (micro.fake_share, star.fake_share)
    assert {**dict.fromkeys(KEYS, name), "fake_share": "tier micro"} == presets_used(scenario, "pools", "micro")
    assert {**dict.fromkeys(KEYS - {"fee"}, name), "fake_share": "tier mega"} == presets_used(scenario, "creators", 0)
    assert tier("mega").sources["fake_share"] == sources_of(scenario)["creators", 0, "fake_share"]


def test_each_account_has_its_own_platform(tmp_path: Path) -> None:
    """Its own name wins over that at the top; an account without either has nothing filled."""
    tiktok = {"micro": POOL | {"platform": "tiktok"}}
    scenario = simulator.load(written(tmp_path, platform="youtube", pools=tiktok))
    assert {"tiktok", "tier micro"} == set(presets_used(scenario, "pools", "micro").values())
    assert {"youtube", "tier mega"} == set(presets_used(scenario, "creators", 0).values())
    scenario = simulator.load(written(tmp_path, pools=tiktok, creators=[STAR | OWN]))
    assert {} == presets_used(scenario, "creators", 0)


def test_written_wins_then_evidence_then_the_platform(tmp_path: Path) -> None:
    """Evidence fills accounts on Instagram or without a platform; its keys only, and a platform the rest."""
    pools = {
        "micro": POOL | {"click_per_impression": 0.25, "platform": "instagram"},
        "tok": POOL | {"platform": "tiktok"},
    }
    scenario = simulator.load(written(tmp_path, evidence="barari2025", pools=pools))
    rest = {"nonfollower_reach_ratio": "instagram", "management_cost": "instagram", "fake_share": "tier micro"}
    by_evidence = dict.fromkeys([*RATES_TO_ORDER, "delay"], "barari2025")
    assert without(by_evidence | rest, "click_per_impression") == presets_used(scenario, "pools", "micro")
    assert by_evidence == presets_used(scenario, "creators", 0)
    assert "barari2025" not in presets_used(scenario, "pools", "tok").values()
    used = [(use.preset, use.section, use.name) for use in uses_of(scenario)]
    assert [("barari2025", "creators", "star"), ("barari2025", "pools", "micro"), ("tiktok", "pools", "tok")] == used
    assert [(*RATES_TO_ORDER, "delay")] == [use.keys for use in uses_of(scenario) if use.preset == "tiktok"]
    assert (0.25,) == unknown_of(scenario.pools["micro"].click_per_impression).values


def test_evidence_is_about_instagram_but_for_one(tmp_path: Path) -> None:
    """One study is of TikTok, and is offered for Instagram because it disagrees."""
    assert {name: preset(name).platforms for name in EVIDENCE} == {
        **dict.fromkeys(EVIDENCE, ("instagram",)),
        "tian2024": ("instagram", "tiktok"),
    }
    assert ("tian2024", "tiktok") == presets_for("tian2024", "tiktok")
    assert ("youtube",) == presets_for("tian2024", "youtube")
    [problem] = refusal(written(tmp_path, platform="x", evidence="tian2024"), {})
    assert 'evidence: given "tian2024"; this is about instagram and tiktok, and all creators and pools post on x' in (
        problem
    )


def test_a_tier_gives_followers_and_fakes(tmp_path: Path) -> None:
    """Between hard bounds; rates are left to a platform or evidence. What is written stays."""
    pool = without(POOL, "followers", tier="mid", count=2, outside_share=0.69)
    scenario = simulator.load(written(tmp_path, evidence="industry", pools={"micro": pool}))
    micro = scenario.pools["micro"]
    assert ((100_000.0, 500_000.0), 0.30) == (micro.followers.values, micro.fake_share)
    assert Quantity("hard_range", "range", (100_000.0, 500_000.0)) == micro.followers
    used = presets_used(scenario, "pools", "micro")
    assert {"followers": "tier mid", "fake_share": "tier mid"} == {
        key: used[key] for key in ("followers", "fake_share")
    }
    own = simulator.load(written(tmp_path, evidence="industry", pools={"micro": POOL | OWN | {"tier": "mid"}}))
    assert ({"fake_share": "tier mid"}, 30_000) == (
        presets_used(own, "pools", "micro"),
        own.pools["micro"].followers.median,
    )
    *missing, _ = refusal(written(tmp_path, pools={"micro": pool}), {})
    assert 12 == len(missing)
    assert not any("filled in" in problem for problem in missing)


def test_a_filled_fee_is_for_all_posts_and_says_so(tmp_path: Path) -> None:
    """The law is of one post; a number of posts that `--set` changes counts."""
    path = written(tmp_path, platform="tiktok", pools={"micro": without(POOL, "fee")})
    fees = [simulator.load(path, {"pools.micro.post_days": list(range(n))}) for n in (1, 4)]
    assert [0.019, 4 * 0.019] == [fee.scale for its in fees if isinstance(fee := its.pools["micro"].fee, PowerFee)]
    one, four = (sources_of(its)["pools", "micro", "fee"] for its in fees)
    assert f"{one} Computed: 4 posts cost 4 times as much." == four
    regular = {"pools.micro": without(POOL, "fee", "post_days", posts=3)}
    fee = simulator.load(path, regular).pools["micro"].fee
    assert isinstance(fee, PowerFee)
    assert (3 * 0.019, 0.9) == (fee.scale, fee.noise)


def test_overrides_win(tmp_path: Path) -> None:
    """`--set` chooses platform and tier, and replaces what they fill in, whole or in part; the rest follows."""
    path = written(tmp_path, platform="instagram")
    other = simulator.load(
        path, {"pools.micro.platform": "x", "pools.micro.delay.sigma": 2, "pools.micro.fake_share": 0}
    )
    micro = other.pools["micro"]
    assert (1.33, 2.0, 0.0) == (micro.delay.median_hours, micro.delay.sigma, micro.fake_share)  # type: ignore[union-attr]
    assert {"delay", "fake_share"}.isdisjoint(presets_used(other, "pools", "micro"))
    # fake followers go by the followers that --set gives
    larger = simulator.load(
        path, {"pools.micro.followers": "1_000_000 to 3_000_000", "pools.micro.outside_share": 0.66}
    )
    assert 0.33 == larger.pools["micro"].fake_share
    nano = simulator.load(path, {"pools.micro": without(POOL, "followers"), "pools.micro.tier": "nano"})
    assert ("tier nano", (1_000.0, 10_000.0)) == (
        presets_used(nano, "pools", "micro")["followers"],
        nano.pools["micro"].followers.values,
    )


def test_a_row_of_a_pool_is_filled_where_it_posts_elsewhere() -> None:
    """Its rates, delay and strangers are its platform's; its fee stays the pool's, and rows that agree get nothing."""
    rows = [
        {"handle": "a", "followers": 4_000},
        {"handle": "b", "followers": 9_000, "platform": "tiktok", "order_per_click": 0.5},
        {"handle": "c", "followers": 900_000, "platform": "instagram"},
    ]
    raw = values(platform="instagram", pools={"own": {"post_days": [0, 1], "creators": rows}}, creators=[])
    filled, found = fill(raw)
    own = filled["pools"]["own"]
    assert [rows[0], rows[2]] == [own["creators"][0], own["creators"][2]]
    names = {path[-1] for path, name in found if len(path) == 5 and path[3] == 1 and name == "tiktok"}
    assert {*RATES_TO_ORDER, "delay", "nonfollower_reach_ratio"} - {"order_per_click"} == names
    assert 0.5 == own["creators"][1]["order_per_click"]
    # the geometric middle of 4,000, 9,000 and 900,000 is 32,000
    assert (2 * 0.038, 0.25) == (own["fee"]["scale"], own["fake_share"])
    assert "followers" not in own
    # a pool whose creators all have a fee needs none
    raw["pools"]["own"]["creators"] = [row | {"fee": 100} for row in rows]
    assert "fee" not in fill(raw)[0]["pools"]["own"]


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_is_written_out_is_the_same_scenario(name: str, tmp_path: Path) -> None:
    """The resolved scenario holds the values and the names; read again, it has the same hash and the same notes."""
    pools = {
        "micro": without(POOL, "followers", "fee", tier="micro", posts=2, count=2) | {"outside_share": 0.7},
        "other": POOL | {"platform": "tiktok", "engagement_per_impression": 0.35},
    }
    del pools["micro"]["post_days"]
    scenario = simulator.load(written(tmp_path, platform=name, pools=pools))
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(scenario), encoding="utf-8")
    read = simulator.load(again)
    assert (scenario.hash, ()) == (read.hash, read.filled)
    assert range_warnings(scenario) == range_warnings(read) != []
    assert scenario.filled == scenario.with_replications(3).filled


# ---- what is wrong


def refusal(path: Path, overrides: dict[str, object]) -> list[str]:
    """Give the problems of a scenario that is refused."""
    with pytest.raises(ScenarioError) as error:
        simulator.load(path, overrides)
    return str(error.value).splitlines()[1:]


def test_a_value_that_does_not_fit_names_the_key_that_asked_for_it(tmp_path: Path) -> None:
    """It stands on that key's line, or at the `--set` that gave it, and says how it is replaced."""
    path = written(tmp_path, platform="tiktok")
    line = 1 + path.read_text(encoding="utf-8").split("\n").index('platform = "tiktok"')
    fakes = {"creators.star.outside_share": 0, "creators.star.fake_share": 0.999}
    [problem] = refusal(path, fakes)
    assert problem.startswith(f"  {path}:{line}: creators.star.reach_per_follower: ")
    assert problem.endswith('filled in by platform = "tiktok"; write reach_per_follower yourself instead.')
    [problem] = refusal(path, fakes | {"creators.star.platform": "x"})
    assert problem.startswith("  --set creators.star.platform: creators.star.reach_per_follower: ")
    [problem] = refusal(path, {"pools.micro.outside_share": 0.8})
    assert problem.startswith(
        "  --set pools.micro.outside_share: fake_share 0.25 and outside_share 0.8 add up to 1.05;"
    )
    assert problem.endswith('fake_share is filled in by platform = "tiktok"; write fake_share yourself instead.')
    [problem] = refusal(path, {"pools.micro.outside_share": 0.8, "pools.micro.tier": "mid"})
    assert problem.endswith('fake_share is filled in by tier = "mid"; write fake_share yourself instead.')
    [problem] = refusal(path, {"pools.micro.cont": 5})
    assert problem.endswith(", ....")  # keys that are only listed are at no fault


@pytest.mark.parametrize(
    ("key", "given", "reason"),
    [
        ("platform", "instagramm", 'there is no such platform. Did you mean "instagram"? There is: instagram, tiktok,'),
        ("creators.star.platform", "twitter", "there is no such platform. There is: instagram, tiktok, youtube, x."),
        ("pools.micro.tier", "mikro", 'there is no such tier. Did you mean "micro"? There is: nano, micro, mid,'),
        ("pools.micro.platform", 3, 'must be "instagram", "tiktok", "youtube" or "x".'),
        ("pools.micro.tier", ["nano"], 'must be "nano", "micro", "mid", "macro", "mega" or "celebrity".'),
    ],
)
def test_an_unknown_name_is_the_only_problem(key: str, given: object, reason: str, tmp_path: Path) -> None:
    """The message knows the nearest name, and blanks are not called missing besides."""
    path = written(tmp_path, platform="instagram", pools={"micro": without(POOL, "fee")})
    [problem] = refusal(path, {key: given})
    assert problem.startswith(f"  --set {key}: given {json.dumps(given)}; {reason}")


def test_missing_rates_tell_of_platforms(tmp_path: Path) -> None:
    """After all problems, once; not where every account has one."""
    *_, last = refusal(written(tmp_path), {})
    assert last.endswith(
        'platform = "instagram", at the top or in one of them, would do so too, and more; there is also tiktok, '
        "youtube, x."
    )
    [only] = refusal(written(tmp_path, platform="x"), {"pools.micro.count": 0})
    assert "pools.micro.count" in only


# ---- what is said of it


def test_check_says_who_filled_how_much(tmp_path: Path) -> None:
    """One line for each platform and tier; nothing of them where none is named."""
    pools = {"micro": without(POOL, "followers", tier="micro", platform="tiktok") | OWN}
    said = CliRunner().invoke(cli.main, ["check", str(written(tmp_path, platform="youtube", pools=pools))])
    assert [
        "Platform youtube fills in 8 values (8 of star).",
        "Platform tiktok fills in 2 values (2 of micro).",
        "Tier mega fills in 1 value (1 of star).",
        "Tier micro fills in 2 values (2 of micro).",
    ] == said.stdout.splitlines()[1:5]
    own = values(platform="x", pools={"micro": POOL | OWN}, creators=[], strategies={"many": {"split": {"micro": 1}}})
    own["pools"]["micro"] |= {"fake_share": 0.25, "nonfollower_reach_ratio": 1, "management_cost": 5}
    path = tmp_path / "own.toml"
    path.write_text(to_toml(own), encoding="utf-8")
    said = CliRunner().invoke(cli.main, ["check", str(path)])
    assert "Platform x fills in nothing: no account leaves a value out." in said.stdout


def test_a_result_says_whose_rates_it_rests_on(tmp_path: Path) -> None:
    """In the summary and the answer; nothing of platforms where none gave a value."""
    few: dict[str, Any] = {"replications": 2, "markets": 1, "people": {"count": 20_000}}
    few |= {"creators": [STAR | OWN | {"followers": 20_000}]}
    pools = {"micro": POOL | {"platform": "x", "outside_share": 0.74, "order_per_click": 0.5}}
    study = simulator.run(simulator.load(written(tmp_path, **few, pools=pools)))
    assert {"x": ["pools.micro"]} == {name: list(its["keys"]) for name, its in study.summary["platforms"].items()}
    said = evidence_line(study.summary)
    assert said.startswith("Platform: 5 rates and delays of micro are those of x (A census of impressions (Pfeffer")
    assert "platform x" == evidence_name(study.summary)
    assert said in " ".join(render(study).split())
    study = simulator.run(simulator.load(written(tmp_path, **few, pools={"micro": POOL | OWN})))
    assert "platforms" not in study.summary
    assert ("", "") == (evidence_line(study.summary), evidence_name(study.summary))


def test_a_result_names_platforms_that_only_rows_of_a_list_name(tmp_path: Path) -> None:
    """Each with how many of the creators have rates of it; the pool's own platform gets no credit for the others."""
    rows = [
        {"handle": "anna", "followers": 2_000},
        {"handle": "ben", "followers": 3_000, "platform": "tiktok"},
        {"handle": "cem", "followers": 4_000, "platform": "tiktok", "share_per_impression": 0.01, "fake_share": 0.4},
        {
            "handle": "dora",
            "followers": 5_000,
            **dict.fromkeys(RATES_TO_ORDER, 0.1),
            "delay": {"dist": "constant", "hours": 5},
        },
    ]
    own = {"creators": rows, "platform": "instagram", "post_days": [0], "fee": 10, "share_per_impression": 0.02}
    few: dict[str, Any] = {"replications": 2, "markets": 1, "people": {"count": 20_000}, "creators": []}
    path = written(tmp_path, **few, pools={"own": own}, strategies={"many": {"split": {"own": 1}}})
    scenario = simulator.load(path)
    summary = simulator.run(scenario).summary
    found = {name: (its["keys"], its["creators"]) for name, its in summary["platforms"].items()}
    all_but_shares = [key for key in RATES_TO_ORDER if key != "share_per_impression"]
    assert {
        "instagram": ({"pools.own": [*all_but_shares, "delay"]}, {"pools.own": [1, 4]}),
        "tiktok": ({"pools.own": [*RATES_TO_ORDER, "delay"]}, {"pools.own": [2, 4]}),
    } == found
    assert "platforms instagram and tiktok" == evidence_name(summary)
    said = evidence_line(summary)
    assert "Platform: 5 rates and delays of own (1 of 4 creators) are those of instagram (" in said
    assert "Platform: 6 rates and delays of own (2 of 4 creators) are those of tiktok (" in said
    assert "2 of 4 creators of own have at most 40% fake followers; platform tiktok is meant for" in "".join(
        evidence_warnings(scenario)
    )
    typed_once = [line.split(" fills")[0] for line in evidence_lines(scenario)]
    assert typed_once.count("Platform tiktok") == typed_once.count("Platform instagram") == 1


def test_accounts_beyond_the_tables_are_told(tmp_path: Path) -> None:
    """Fewer followers than a platform's tables know, or many fake ones."""
    small = {"micro": POOL | {"followers": "500 to 5_000", "fake_share": 0.4, "outside_share": 0.5}}
    told = evidence_warnings(simulator.load(written(tmp_path, platform="youtube", pools=small)))
    assert told == [
        (
            "micro has 500 to 5,000 followers; platform youtube is meant for accounts with 1,000 to 50,000,000, its "
            "rates are a guess here."
        ),
        "micro has 40% fake followers; platform youtube is meant for accounts with at most 35% of these.",
    ]
    assert [] == evidence_warnings(simulator.load(written(tmp_path, platform="youtube")))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_views_by_strangers_come_for_as_long_as_a_post_is_seen(platform: str) -> None:
    """A post is looked at until most of its impressions are made; those after the last look bring no strangers."""
    delay = typed(platform).delay
    assert isinstance(delay, Lognormal)
    late = math.log(Discovery().review_hours[-1] / delay.median_hours) / delay.sigma
    assert NormalDist().cdf(late) > 0.8


# ---- values outside of what is known


def told(folder: Path, platform: str = "instagram", **keys: object) -> list[str]:
    """Give what is said of a micro pool of 10,000 to 100,000 followers with such keys."""
    pool = without(POOL, "fee") | {"followers": "10_000 to 100_000"} | keys
    return range_warnings(simulator.load(written(folder, platform=platform, pools={"micro": pool})))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"engagement_per_impression": "35%"},
            (
                "engagement_per_impression 35% is above the 99th percentile of instagram micro (8.22% to 17.9%). "
                "It counts likes and comments by impressions, not by followers."
            ),
        ),
        (
            {"engagement_per_impression": "2% to 3%"},
            (
                "engagement_per_impression 2.45% (the median of what is written) is below the 1st percentile of "
                "instagram micro (8.22% to 17.9%). If this counts by followers, as many tables do, divide it by "
                "all views per follower, those by strangers included (23.5%): that is 10.4%."
            ),
        ),
        (
            {"share_per_impression": 0.4},
            (
                "share_per_impression 40% is above the 99th percentile of instagram micro (0.27% to 0.556%). "
                'If percent is meant, write "0.4%".'
            ),
        ),
        (
            {"order_per_click": {"law": "power", "at": 31_623, "value": 0.0004, "exponent": 0.5}},
            (
                "order_per_click 0.04% (of 31,623 followers) is below the 1st percentile of instagram micro (1.21% to "
                "3.54%). It counts orders by clicks, not by impressions."
            ),
        ),
        (
            {"reach_per_follower": 0.5},
            (
                "reach_per_follower 50% is above the 99th percentile of instagram micro (10.6% to 27.8%). It counts "
                "different followers who see a post, by all that the account shows; views by others are "
                "nonfollower_reach_ratio."
            ),
        ),
        (
            {"fake_share": 0.0},
            (
                "fake_share 0% is below the 1st percentile of instagram micro (16.6% to 39.7%). It counts fake and "
                "inactive ones by all followers shown."
            ),
        ),
        (
            {"fee": 50_000, "post_days": [0, 1]},
            "fee $50,000 is above the 99th percentile of instagram micro ($120 to $4,944). It is for 2 posts together.",
        ),
        (
            {"fee": "2 to 8"},
            (
                "fee $4 (the median of what is written) is below the 1st percentile of instagram micro ($59.8 to "
                "$2,472). It is for 1 post."
            ),
        ),
        (
            {"fee": {"law": "power", "scale": 0.38, "exponent": 0.89}},
            (
                "fee $3,844 (of 31,623 followers) is above the 99th percentile of instagram micro ($59.8 to $2,472). "
                "It is for 1 post."
            ),
        ),
    ],
)
def test_what_is_outside_of_the_known_is_told(keys: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Which side, of whose numbers, and which denominator is meant."""
    assert [f"micro: {said}"] == told(tmp_path, **keys)


def test_a_rate_of_followers_is_divided_by_views_of_strangers_too(tmp_path: Path) -> None:
    """2% of followers on TikTok, with 1.25 views each, are 1.6% of views: no slip that would explain it."""
    [warning] = told(tmp_path, "tiktok", engagement_per_impression=0.02, reach_per_follower=0.3)
    assert warning.endswith("It counts likes and comments by impressions, not by followers.")


def test_limits_are_the_1st_and_99th_percentile(tmp_path: Path) -> None:
    """Just inside on both sides nothing is said, just outside it is; of every rate, fee and fake followers."""
    middle = math.sqrt(10_000 * 100_000)
    for key in RATES_TO_ORDER:
        its: RateLaw | Quantity = getattr(typed("tiktok"), key)
        by = 1.0 if isinstance(its, Quantity) else factor(its, middle)
        low, high = (unknown_of(its).quantile(u) * by for u in (0.01, 0.99))
        assert [] == told(tmp_path, "tiktok", **{key: low * 1.001}) == told(tmp_path, "tiktok", **{key: high * 0.999})
        assert (
            1
            == len(told(tmp_path, "tiktok", **{key: low * 0.999}))
            == len(told(tmp_path, "tiktok", **{key: high * 1.001}))
        )
    median, z = 0.019 * middle**0.89, NormalDist().inv_cdf(0.99)
    for side in (-1, 1):
        limit = median * math.exp(side * z * 0.9)
        assert [] == told(tmp_path, "tiktok", fee=limit * (1 - side * 0.001))
        assert 1 == len(told(tmp_path, "tiktok", fee=limit * (1 + side * 0.001)))
    low = tier("micro").fake_share.quantile(0.01)
    assert ([], 1) == (told(tmp_path, fake_share=low + 1e-4), len(told(tmp_path, fake_share=low - 1e-4)))


def test_ranges_are_of_the_accounts_size_and_platform(tmp_path: Path) -> None:
    """An order of what is usual on one platform is odd on another; without a name nothing is compared."""
    assert [] == told(tmp_path, click_per_impression=0.02)
    [warning] = told(tmp_path, "x", click_per_impression=0.02)
    assert "above the 99th percentile of x micro (0.091% to 0.222%)" in warning
    own = values(pools={"micro": POOL | OWN}, creators=[STAR | OWN])
    path = tmp_path / "own.toml"
    path.write_text(to_toml(own), encoding="utf-8")
    assert [] == range_warnings(simulator.load(path))


def test_evidence_alone_is_compared_by_its_rates(tmp_path: Path) -> None:
    """Fees and fake followers are no part of it; a preset without a spread says nothing; a platform wins."""

    def alone(name: str, platform: str | None = None) -> list[str]:
        pool = POOL | {"engagement_per_impression": 0.35, "fee": 1e6}
        return range_warnings(
            simulator.load(written(tmp_path, evidence=name, platform=platform, pools={"micro": pool}))
        )

    [warning] = alone("industry")
    assert "above the 99th percentile of industry micro" in warning
    assert [] == alone("wies2023")
    rate, fee = alone("wies2023", "instagram")
    assert "of instagram micro" in rate
    assert "of instagram micro" in fee


def test_what_evidence_fills_in_is_not_compared(tmp_path: Path) -> None:
    """One side of a dispute may lie outside of the tables; who wrote the same value is not told either."""
    large = {"micro": POOL | {"followers": 50_000_000, "fake_share": 0.35, "outside_share": 0.64, "fee": 270_000}}
    path = written(tmp_path, evidence="barari2025", platform="instagram", pools=large)
    assert [] == range_warnings(simulator.load(path))
    [warning] = range_warnings(simulator.load(path, {"pools.micro.order_per_click": "4.7%"}))
    assert "order_per_click 4.7% is above the 99th percentile of instagram celebrity" in warning


def test_creators_of_a_list_are_compared_by_what_is_their_own(tmp_path: Path) -> None:
    """Each with its followers and platform; the pool's values once; what is so of several is told in one sentence."""
    rows: list[dict[str, Any]] = [
        {"handle": "a", "followers": 5_000, "fee": 75, "engagement_per_impression": 0.35},
        {"handle": "b", "followers": 5_000, "fee": 75, "platform": "x", "click_per_impression": 0.02},
        {"handle": "c", "followers": 5_000, "fee": 9_000, "fake_share": 0.01},
    ]
    listed = {"post_days": [0], "creators": rows, "order_per_click": 0.3, "outside_share": 0.5}

    def of(pool: dict[str, Any]) -> list[str]:
        return range_warnings(simulator.load(written(tmp_path, platform="instagram", pools={"micro": pool})))

    assert [
        ("micro: order_per_click 30%", "above the 99th percentile of instagram nano"),
        ("micro/a: engagement_per_impression 35%", "above the 99th percentile of instagram nano"),
        ("micro/b: click_per_impression 2%", "above the 99th percentile of x nano"),
        ("micro/c: fake_share 1%", "below the 1st percentile of instagram nano"),
        ("micro/c: fee $9,000", "above the 99th percentile of instagram nano"),
    ] == [(said.partition(" is ")[0], said.partition(" is ")[2].partition(" (")[0]) for said in of(listed)]
    many = [{"handle": f"h{i}", "followers": 5_000, "fee": 75, "engagement_per_impression": 0.03} for i in range(6)]
    many += [rows[0], many[0] | {"handle": "low", "engagement_per_impression": 0.01}]
    _, told, last = of(listed | {"creators": many})
    assert told == (
        "micro: the engagement_per_impression of 7 of 8 creators is below the 1st percentile of what is usual for "
        "their size and platform, farthest micro/low (1%, usual 9.25% to 20.1%). It counts likes and comments by "
        "impressions, not by followers."
    )
    assert last.startswith("micro/a: engagement_per_impression 35% is above the 99th percentile of instagram nano (")


def test_what_was_read_from_a_list_is_not_said_to_be_divided_wrongly(tmp_path: Path) -> None:
    """Its rates by follower were turned into rates by impression; one that is written by hand may be a slip."""
    rates = {"reach_per_follower": 0.25, "engagement_per_impression": 0.035}
    row = {"handle": "a", "followers": 5_000, "fee": 75}
    (tmp_path / "list.csv").write_text("handle,followers,fee,ER,views\na,5000,75,1.05%,1500\n", encoding="utf-8")
    for pool, said in (
        ({"roster_file": "list.csv"}, "It counts likes and comments by impressions, not by followers."),
        (
            {"creators": [row | rates]},
            "If this counts by followers, as many tables do, divide it by all views per follower",
        ),
    ):
        path = written(tmp_path, platform="instagram", pools={"micro": {"post_days": [0], **pool}})
        [warning] = range_warnings(simulator.load(path))
        assert said in warning


def test_other_currencies_are_not_compared(tmp_path: Path) -> None:
    """Fees of the tables are in dollars; that some were filled in is said."""
    pools = {"micro": without(POOL, "fee")}
    told_of = range_warnings(simulator.load(written(tmp_path, platform="x", currency="€", pools=pools)))
    assert told_of == [
        "star: management_cost is filled in as US dollars, and this scenario counts in €. Write it yourself.",
        (
            "micro: fee and management_cost are filled in as US dollars, and this scenario counts in €. "
            "Write them yourself."
        ),
    ]
    dear = STAR | {"fee": 1e9}
    own = {"management_cost": 1}
    path = written(
        tmp_path, platform="x", currency="€", creators=[dear | own], pools={"micro": POOL | own}, budget=1e10
    )
    assert [] == range_warnings(simulator.load(path))


def test_check_and_explain_note_it_and_go_on(tmp_path: Path) -> None:
    """A note on stderr, no error."""
    pool = POOL | {"engagement_per_impression": "35%"}
    path = written(tmp_path, platform="instagram", pools={"micro": pool})
    for command in ("check", "explain"):
        result = CliRunner().invoke(cli.main, [command, str(path)])
        assert 0 == result.exit_code
        assert "note: micro: engagement_per_impression 35% is above the 99th percentile of instagram" in result.stderr


# ---- the page

COLUMNS = dict(zip(("5,000", "30,000", "250,000", "750,000", "3 million", "50 million"), (*SIZES, 50e6), strict=True))


def cell(its: RateLaw | Quantity, followers: float, scale: float, unit: str) -> str:
    """Write a value for an account: the usual one, and in brackets between which it lies."""
    quantity, by = (its, scale) if isinstance(its, Quantity) else (its.value, scale * factor(its, followers))
    usual = quantity.values[1] if quantity.form == "pert" else quantity.median
    low, high = quantity.plausible_low, quantity.plausible_high
    return f"{by * usual:.2g}{unit} ({by * low:.2g} to {by * high:.2g})"


def half_of(name: str) -> float:
    delay = typed(name).delay
    assert isinstance(delay, Lognormal)
    return delay.median_hours


def fee_cell(fee: object, followers: float) -> str:
    assert isinstance(fee, PowerFee)
    its = Quantity("amount", "lognormal", (fee.scale * followers**fee.exponent, fee.noise))
    return f"{rounded(its.median)} ({rounded(its.quantile(0.05))} to {rounded(its.quantile(0.95))})"


def rounded(amount: float) -> str:
    return f"{float(f'{amount:.2g}'):,.0f}"


def table(title: str, rows: dict[str, list[str]], heads: list[str]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(heads)} |"
    yield f"|---{'|---:' * len(heads)}|"
    yield from (f"| {name} | {' | '.join(row)} |" for name, row in rows.items())
    yield ""


def tables() -> str:
    """Write the part of the page that comes from the files."""
    heads = list(COLUMNS)
    lines = [
        "Rates by followers: the usual one, and in brackets from where to where a play may draw it, in percent.",
        "",
    ]
    for key in RATES_TO_ORDER:
        rows = {n: [cell(getattr(typed(n), key), f, 100, "%") for f in COLUMNS.values()] for n in PLATFORMS}
        lines += table(f"`{key}`", rows, heads)
    lines += ["What one post costs, in US dollars: the usual fee, and in brackets what holds nine of ten accounts.", ""]
    fees = {name: [fee_cell(typed(name).fee, f) for f in COLUMNS.values()] for name in PLATFORMS}
    lines += table("`fee`", fees, heads)
    lines += ["What does not go by followers.", ""]
    same = {
        name: [
            cell(its.nonfollower_reach_ratio, 1, 1, ""),
            f"{half_of(name):g} hours",
            ends_text(its.management_cost),
        ]
        for name in PLATFORMS
        for its in (typed(name),)
    }
    lines += table("", same, ["`nonfollower_reach_ratio`", "half of the impressions within", "`management_cost`"])
    lines += [
        "Tiers. A play has the first share of fake followers; the range in brackets is what notes call usual.",
        "",
    ]
    lines += table("tier", {its.name: tier_cells(its) for its in tiers()}, ["`followers`", "`fake_share`"])
    lines += ["## Where each value comes from", ""]
    for name in PLATFORMS:
        its, base = preset(name), preset("industry")
        lines += [f"**{name}**: {its.publication}.", ""]
        own = [key for key in its.values if its.sources[key] != base.sources.get(key)]
        inherited = (
            ["- Rates and delay: those of `industry` in [evidence.md](evidence.md)."] if len(own) < len(KEYS) else []
        )
        lines += [*inherited, *(f"- `{key}`: {its.sources[key]}" for key in own), ""]
    lines += ["**tiers**", "", *(f"- `{key}`: {text}" for key, text in tiers()[0].sources.items())]
    return "\n".join(lines).strip()


def tier_cells(its: Tier) -> list[str]:
    low, usual, high = (f"{100 * value:.0f}" for value in its.fake_share.values)
    return [f"{its.followers[0]:,} to {its.followers[1]:,}", f"{usual}% ({low} to {high})"]


def test_the_page_is_equal_to_the_files() -> None:
    """Its tables and sources are those of the files. To write them anew: RECORD=1 pytest tests/test_platforms.py."""
    assert holds(PAGE, tables())
    assert "docs/platforms.md" in (ROOT / "README.md").read_text(encoding="utf-8")
