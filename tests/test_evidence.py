"""Evidence presets: each says what its source says, they disagree as the sources do, and only blanks are filled.

What a law says of its source is checked by arithmetic. Plays are compared with the laws at a fixed seed; a right
program fails with probability 6.8e-6 for each of ten comparisons, and the laws of other sources stand beside as
negative controls.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from market_helpers import Z_BOUND, Values, column
from page_helpers import BEGIN, holds
from pydantic import TypeAdapter, ValidationError

import simulator
from simulator import cli
from simulator.errors import ScenarioError
from simulator.present.evidence import evidence_line, evidence_name
from simulator.present.pictures.page import new_page
from simulator.present.terminal import render
from simulator.scenario.account import RATES_TO_ORDER, Account
from simulator.scenario.emit import to_toml
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.presets.evidence import evidence_warnings, uses_of
from simulator.scenario.presets.filling import fill, sources_of
from simulator.scenario.presets.preset import FOLDER, preset
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import Rate, RateLaw, factor, highest
from simulator.study.results import Study, resolved_toml, summary_json

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "evidence.md"
FEWEST, MOST = 1_000, 50_000_000
# From nano to celebrity: the six sizes of account of the trade's tables, with their usual rates in percent.
SIZES = (5e3, 30e3, 250e3, 750e3, 3e6, 50e6)
USUAL = {
    "reach_per_follower": (30, 20, 15, 12, 10, 7),
    "click_per_impression": (2.0, 1.8, 1.5, 1.3, 1.1, 0.8),
    "order_per_click": (2.4, 2.2, 1.8, 1.5, 1.2, 1.0),
}
FUNNEL = ("reach_per_follower", "click_per_impression", "order_per_click")
FEE_EXPONENT = 0.89
PLAYS = 60


@cache
def rate(name: str, key: str) -> RateLaw | Quantity:
    """Give a rate of a preset."""
    adapter: TypeAdapter[RateLaw | Quantity] = TypeAdapter(Rate)
    return adapter.validate_python(preset(name).values[key])


def relative(name: str, keys: tuple[str, ...], followers: float, to: float = 30_000) -> float:
    """Give by how much a product of rates differs between two sizes of account; nobody knows its level, but this."""
    laws = [law for key in keys if not isinstance(law := rate(name, key), Quantity)]
    return math.prod(factor(law, followers) / factor(law, to) for law in laws)


def exponent(name: str, *keys: str) -> float:
    """Give the exponent of a product of power laws, which is the same wherever it is measured."""
    local = [math.log(relative(name, keys, 2 * f, f)) / math.log(2) for f in SIZES]
    assert max(local) - min(local) < 1e-9
    return local[0]


# ---- the files


def test_every_preset_is_a_file_and_every_file_a_preset() -> None:
    """What scenarios can name is what is there, and it is part of an installed program."""
    assert {*EVIDENCE, "tiers"} == {path.stem for path in FOLDER.glob("*.toml")}
    package_data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packed = {path for glob in package_data["package-data"]["simulator"] for path in (ROOT / "simulator").glob(glob)}
    assert {FOLDER / f"{name}.toml" for name in EVIDENCE} <= packed


@pytest.mark.parametrize("name", EVIDENCE)
def test_every_value_has_a_source(name: str) -> None:
    """A preset fills in all rates and the delay, and says of each who found it and what is assumed."""
    its = preset(name)
    assert {*RATES_TO_ORDER, "delay"} == set(its.values) == set(its.sources)
    for text in (its.publication, its.says, *its.sources.values()):
        assert len(text) > 20
        assert text.isprintable()
    assert set(its.values) <= set(Account.model_fields)


def test_what_differs_from_the_trade_is_what_a_study_says() -> None:
    """All other values of a study's preset are those of the trade, and so are their sources."""
    trade = preset("industry")
    differing = {
        name: {key for key in trade.values if preset(name).values[key] != trade.values[key]} for name in EVIDENCE
    }
    assert differing == {
        "industry": set(),
        "beichert2024": {"engagement_per_impression", "click_per_impression"},
        "wies2023": {"engagement_per_impression"},
        "tian2024": {"reach_per_follower", "engagement_per_impression", "share_per_impression", "delay"},
        "barari2025": {"order_per_click"},
    }
    for name, keys in differing.items():
        assert keys == {key for key in trade.sources if preset(name).sources[key] != trade.sources[key]}


# ---- what each says


@pytest.mark.parametrize("key", USUAL)
def test_the_trade_falls_as_its_tables_do(key: str) -> None:
    """Exponents are slopes of the straight line through six sizes of account, usual rates those of a micro account."""
    slope = np.polyfit(np.log(SIZES), np.log(USUAL[key]), 1)[0]
    assert exponent("industry", key) == pytest.approx(slope, abs=0.0005)
    law = rate("industry", key)
    assert not isinstance(law, Quantity)
    assert (30_000, USUAL[key][1] / 100) == (law.at, pytest.approx(law.value.values[1]))


def test_engagement_of_the_trade_is_per_follower() -> None:
    """Reach x engagement per impression is 1.5, 2.4 and 4% of 30,000 followers and falls with followers ** -0.22."""
    assert exponent("industry", "reach_per_follower", "engagement_per_impression") == pytest.approx(-0.22)
    reach, engagement = rate("industry", "reach_per_follower"), rate("industry", "engagement_per_impression")
    assert not isinstance(reach, Quantity)
    assert not isinstance(engagement, Quantity)
    usual_reach = reach.value.values[1]
    assert [0.015, 0.024, 0.04] == pytest.approx([usual_reach * value for value in engagement.value.values])


def test_nothing_of_the_trade_peaks() -> None:
    """Every rate that is a law falls from the smallest account to the largest."""
    for key in RATES_TO_ORDER:
        law = rate("industry", key)
        assert isinstance(law, Quantity) or 0 > exponent("industry", key)


def revenue_per_follower(name: str, low: float, high: float) -> float:
    """Give revenue by followers of many accounts whose numbers of followers are log-uniform, up to the level."""
    followers = np.geomspace(low, high, 201)
    return float(sum(f * relative(name, FUNNEL, f) for f in followers) / followers.sum())


def test_nano_accounts_sell_more_in_beichert() -> None:
    """The published ratio of 5.4 between nano and macro accounts; 3 to 9 between their ranges. Other sources differ."""
    nano_by_macro = relative("beichert2024", FUNNEL, 5_000, 316_228)
    assert nano_by_macro == pytest.approx(0.265 / 0.049, rel=0.02)
    assert exponent("beichert2024", *FUNNEL) == pytest.approx(-0.41)
    ratio = {name: revenue_per_follower(name, 1e3, 1e4) / revenue_per_follower(name, 1e5, 1e6) for name in EVIDENCE}
    assert 3 <= ratio["beichert2024"] <= 9
    assert ratio["beichert2024"] > ratio["industry"] > 3 > ratio["barari2025"]
    assert ratio["tian2024"] > 9
    # by money: published as 3.3 or more
    assert nano_by_macro * (5_000 / 316_228) ** (1 - FEE_EXPONENT) > 3.3


def test_engagement_peaks_at_a_million_in_wies() -> None:
    """An inverted U whose summit is at a million followers; a like is cheapest between 50,000 and 750,000."""
    key = ("engagement_per_impression",)
    law = rate("wies2023", *key)
    assert not isinstance(law, Quantity)
    assert law.slopes[1] < 0
    highest_rate, summit = highest(law, FEWEST, MOST)
    assert (0.063, 1_000_000) == (pytest.approx(49 / 775, rel=0.005), summit)
    assert highest_rate == 0.063
    sizes = np.geomspace(FEWEST, MOST, 401)
    cost_per_like = {
        name: [f ** (FEE_EXPONENT - 1) / relative(name, ("reach_per_follower", *key), f) for f in sizes]
        for name in ("wies2023", "industry")
    }
    assert 50_000 < sizes[np.argmin(cost_per_like["wies2023"])] < 750_000
    assert sizes[0] == sizes[np.argmin(cost_per_like["industry"])]


def test_followers_hardly_matter_in_tian() -> None:
    """1% more followers bring 0.10% more impressions; by the tables of the trade, 0.84%."""
    assert 1 + exponent("tian2024", "reach_per_follower") == pytest.approx(0.10, abs=1e-12)
    assert 1 + exponent("industry", "reach_per_follower") == pytest.approx(0.844)


def test_large_accounts_sell_and_small_ones_engage_in_barari() -> None:
    """Orders per click rise as fast as those of the trade fall; engagement per follower falls."""
    assert 0 < exponent("barari2025", "order_per_click") == pytest.approx(-exponent("industry", "order_per_click"))
    assert exponent("barari2025", "reach_per_follower", "engagement_per_impression") < 0


@pytest.mark.parametrize("name", EVIDENCE)
def test_rates_are_rates_from_a_thousand_to_fifty_million(name: str) -> None:
    """No law leads above 1 for these accounts, and a third of their followers may be fake."""
    for key in RATES_TO_ORDER:
        assert highest(rate(name, key), FEWEST, MOST)[0] <= (0.65 if key == "reach_per_follower" else 1)


# ---- what is filled in

POOL: dict[str, Any] = {"post_days": [0], "followers": 30_000, "outside_share": 0.997, "count": 60, "fee": 366.0}
STAR: dict[str, Any] = {**POOL, "handle": "star", "followers": 3_000_000, "fee": 22_100.0}
del STAR["count"]
REACH: dict[str, Any] = {"reach_per_follower": 0.1}
OWN: dict[str, Any] = {**dict.fromkeys(RATES_TO_ORDER, 0.25), "delay": {"dist": "constant", "hours": 1.0}}


def values(**others: object) -> dict[str, Any]:
    """Give a scenario whose accounts leave out all that evidence can fill in."""
    return {
        "name": "evidence",
        "evidence": "industry",
        "seed": 7,
        "horizon_days": 60,
        "replications": PLAYS,
        "markets": 1,
        "people": {"count": 20_000, "followings_per_person": 2.0},
        "product": {"order_value": 100, "margin": 0.5},
        "pools": {"micro": deepcopy(POOL)},
        "creators": [deepcopy(STAR)],
        "budget": 1e6,
        "strategies": {"many": {"split": {"micro": 1.0}}, "one": {"creators": ["star"]}},
    } | others


def written(folder: Path, **others: object) -> Path:
    """Write that scenario."""
    path = folder / "evidence.toml"
    path.write_text(to_toml(values(**others)), encoding="utf-8")
    return path


def plain(scenario: Scenario, pool: str = "micro") -> dict[str, Any]:
    """Give a pool's values as they are written."""
    its: dict[str, Any] = scenario.plain()["pools"][pool]
    return its


@pytest.mark.parametrize("name", EVIDENCE)
def test_blanks_are_filled_with_what_the_preset_says(name: str, tmp_path: Path) -> None:
    """An account without rates has those of the preset, and each has its source."""
    scenario = simulator.load(written(tmp_path, evidence=name))
    for account, path in ((scenario.pools["micro"], ("pools", "micro")), (scenario.creators[0], ("creators", 0))):
        for key in RATES_TO_ORDER:
            assert rate(name, key) == getattr(account, key)
            assert preset(name).sources[key] == sources_of(scenario)[*path, key]
    assert 12 == len(sources_of(scenario)) == len(scenario.filled)


def test_without_evidence_nothing_is_filled(tmp_path: Path) -> None:
    """Rates that are left out are missing, and a scenario that writes them is what it was."""
    raw = values()
    del raw["evidence"]
    assert (raw, ()) == fill(raw)
    path = tmp_path / "none.toml"
    path.write_text(to_toml(raw), encoding="utf-8")
    with pytest.raises(ScenarioError, match="12 problems"):
        simulator.load(path)
    shipped = simulator.load(ROOT / "scenarios" / "rates_fall_with_size.toml")
    assert "evidence" not in shipped.plain()
    assert ({}, ()) == (sources_of(shipped), shipped.filled)
    assert ([], []) == (evidence_warnings(shipped), list(uses_of(shipped)))


def test_what_is_written_stays(tmp_path: Path) -> None:
    """An account's own value holds as a whole, that of one of its formats too, and neither is said to be filled in."""
    own = {
        "click_per_impression": 0.25,
        "formats": {"story": {"reach_per_follower": 0.0625}},
        "post_formats": ["story"],
    }
    scenario = simulator.load(written(tmp_path, pools={"micro": POOL | own}))
    micro = scenario.pools["micro"]
    assert (0.25,) == micro.click_per_impression.values
    assert (0.0625,) == micro.formats["story"].reach_per_follower.values
    assert rate("industry", "reach_per_follower") == micro.reach_per_follower
    assert ("pools", "micro", "click_per_impression") not in dict(scenario.filled)
    assert 11 == len(scenario.filled)


def test_raw_values_and_presets_are_not_changed(tmp_path: Path) -> None:
    """Filling copies: neither what was given nor what the next scenario gets is touched."""
    raw, before = values(), json.dumps([preset(name).values for name in EVIDENCE])
    copy = deepcopy(raw)
    fill(raw)
    assert copy == raw
    simulator.load(written(tmp_path), {"pools.micro.delay.sigma": 2, "pools.micro.reach_per_follower.at": 5})
    assert before == json.dumps([preset(name).values for name in EVIDENCE])


def test_overrides_win(tmp_path: Path) -> None:
    """`--set` chooses the evidence, replaces what it fills in, whole or in part, and adds accounts with blanks."""
    path = written(tmp_path)
    wies = simulator.load(path, {"pools.micro.share_per_impression": 0.5, "evidence": "wies2023"})
    assert rate("wies2023", "engagement_per_impression") == wies.pools["micro"].engagement_per_impression
    assert (0.5,) == wies.pools["micro"].share_per_impression.values
    flatter = simulator.load(path, {"pools.micro.reach_per_follower.exponent": -0.125})
    assert (30_000, -0.125) == tuple(plain(flatter)["reach_per_follower"][key] for key in ("at", "exponent"))
    for scenario, key in ((wies, "share_per_impression"), (flatter, "reach_per_follower")):
        assert 11 == len(scenario.filled)
        assert ("pools", "micro", key) not in dict(scenario.filled)
    added = simulator.load(path, {"pools.nano": POOL, "pools.micro": POOL | {"order_per_click": 0.5}})
    assert plain(added, "nano")["reach_per_follower"] == plain(added)["reach_per_follower"]
    assert 17 == len(added.filled) == len(set(added.filled))
    without = simulator.load(
        path, {**{f"pools.micro.{key}": 0.5 for key in RATES_TO_ORDER}, "strategies.one": {"split": {}}}
    )
    assert 7 == len(without.filled)


@pytest.mark.parametrize("name", EVIDENCE)
def test_what_is_written_out_is_the_same_scenario(name: str, tmp_path: Path) -> None:
    """The resolved scenario holds the values and the name of the evidence; read again, it has the same hash."""
    scenario = simulator.load(written(tmp_path, evidence=name))
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(scenario), encoding="utf-8")
    assert f'evidence = "{name}"' in again.read_text(encoding="utf-8")
    read = simulator.load(again)
    assert (scenario.hash, ()) == (read.hash, read.filled)
    # values that are there are not filled in once more
    assert plain(scenario) == plain(simulator.load(again, {"evidence": "tian2024"}))
    assert scenario.filled == scenario.with_replications(3).filled


def test_presets_make_different_scenarios(tmp_path: Path) -> None:
    """Each has a hash of its own, so results cannot be mixed."""
    path = written(tmp_path)
    assert len(EVIDENCE) == len({simulator.load(path, {"evidence": name}).hash for name in EVIDENCE})


# ---- what is wrong


def refusal(path: Path, overrides: dict[str, object]) -> list[str]:
    """Give the problems of a scenario that is refused."""
    with pytest.raises(ScenarioError) as error:
        simulator.load(path, overrides)
    return str(error.value).splitlines()[1:]


def test_a_value_that_does_not_fit_is_a_problem_of_the_evidence(tmp_path: Path) -> None:
    """It stands on the line of `evidence`, or at the `--set` that chose it, and says how it is replaced."""
    path = written(tmp_path)
    line = 1 + path.read_text(encoding="utf-8").split("\n").index('evidence = "industry"')
    [problem] = refusal(path, {"creators.star.outside_share": 0, "creators.star.fake_share": 0.999})
    assert problem.startswith(f"  {path}:{line}: creators.star.reach_per_follower: ")
    assert problem.endswith('filled in by evidence = "industry"; write reach_per_follower yourself instead.')
    small = {"evidence": "tian2024", "pools.micro.followers": "100 to 30_000"}
    [problem] = refusal(path, small)
    assert problem.startswith("  --set evidence: pools.micro.reach_per_follower: the law gives 5.0")
    [problem] = refusal(path, {**small, "pools.micro.reach_per_follower.value": "90%"})
    assert problem.startswith("  --set pools.micro.reach_per_follower.value: pools.micro.reach_per_follower: the law")
    assert "filled in" not in problem


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("beichert", 'there is no such evidence. Did you mean "beichert2024"? There is: industry, '),
        ("zzz", "there is no such evidence. There is: industry, "),
        (3, 'must be "industry", "beichert2024", '),
        (["industry"], 'must be "industry", "beichert2024", '),
    ],
)
def test_unknown_evidence_is_the_only_problem(given: object, reason: str, tmp_path: Path) -> None:
    """The message knows the nearest name, and blanks are not called missing besides."""
    path = written(tmp_path)
    [problem] = refusal(path, {"evidence": given})
    assert problem.startswith(f"  --set evidence: given {json.dumps(given)}; {reason}")
    with pytest.raises(ValidationError):
        Scenario.model_validate(values(evidence=given))


def test_people_from_a_graph_file_have_no_evidence(tmp_path: Path) -> None:
    """Their creators show no followers, so there is nothing that a law could be of."""
    (tmp_path / "edges.csv").write_text("followed,follower\nstar,u1\n", encoding="utf-8")
    star = {key: value for key, value in STAR.items() if key not in ("followers", "outside_share")}
    own = {**dict.fromkeys(RATES_TO_ORDER, 0.5), "delay": {"dist": "constant", "hours": 1.0}}
    of_file = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies": {"one": {"creators": ["star"]}}}
    path = written(tmp_path, **of_file, creators=[star | own])
    [problem] = refusal(path, {})
    assert ': evidence: given "industry"; its rates are laws of followers, and people from a graph file' in problem
    blank = refusal(written(tmp_path, **of_file, creators=[star]), {})
    assert [problem] == blank


@pytest.mark.parametrize("path", ["people", "product", "pools.micro", "creators.star", "strategies.one"])
def test_evidence_in_a_section_is_the_only_problem(path: str, tmp_path: Path) -> None:
    """That rates are missing follows from it and is left out; what is missing besides is not."""
    raw = values()
    del raw["evidence"]
    source = tmp_path / "inside.toml"
    source.write_text(to_toml(raw), encoding="utf-8")
    inside = {f"{path}.evidence": "industry"}
    [problem] = refusal(source, inside)
    assert "evidence: does not belong under [" in problem
    del raw["pools"]["micro"]["fee"]
    source.write_text(to_toml(raw), encoding="utf-8")
    assert 2 == len(refusal(source, inside))


def test_missing_rates_tell_of_evidence_once(tmp_path: Path) -> None:
    """After all problems the presets are named; not where no rate is missing, nor where evidence is no help."""
    raw = values()
    del raw["evidence"]
    path = tmp_path / "none.toml"
    path.write_text(to_toml(raw), encoding="utf-8")
    *missing, last = refusal(path, {})
    assert 12 == len(missing)
    assert last.startswith('  evidence = "industry", written at the top, would fill in the rates and the delay that')
    assert 'platform = "instagram", at the top or in one of them, would do so too, and more; there is also' in last
    assert all(name in last for name in EVIDENCE)
    assert not any("evidence" in row for row in missing)
    assert not any("evidence" in row for row in refusal(written(tmp_path), {"pools.micro.count": 0}))
    own = {key: value for key, value in STAR.items() if key not in ("followers", "outside_share")}
    of_file = {"people": {"graph_file": "edges.csv"}, "creators": [own], "pools": {}}
    (tmp_path / "edges.csv").write_text("followed,follower\nstar,u1\n", encoding="utf-8")
    path.write_text(to_toml(raw | of_file | {"strategies": {"one": {"creators": ["star"]}}}), encoding="utf-8")
    assert 6 == len(refusal(path, {}))


@pytest.mark.parametrize("section", [{"pools": 3}, {"pools": {"micro": 3}}, {"creators": "star"}, {"creators": [3]}])
def test_broken_sections_are_left_to_their_own_messages(section: dict[str, object]) -> None:
    """What is no account gets nothing."""
    filled, paths = fill(values(**section))
    assert section == {key: filled[key] for key in section}
    assert 6 == len(paths)


# ---- what is said of it


def test_check_says_which_evidence_is_used(tmp_path: Path) -> None:
    """The name, how many values of whom, and what it says; nothing about evidence where there is none."""
    own = dict.fromkeys(RATES_TO_ORDER, 0.25)
    path = written(tmp_path, evidence="wies2023", pools={"micro": POOL | own})
    said = CliRunner().invoke(cli.main, ["check", str(path)]).stdout.splitlines()
    assert "Evidence wies2023 fills in 7 values (6 of star, 1 of micro)." == said[1]
    assert said[2].startswith("It says: engagement per impression peaks at a million followers")
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(simulator.load(path)), encoding="utf-8")
    said = CliRunner().invoke(cli.main, ["check", str(again)]).stdout.splitlines()
    assert "Evidence wies2023 fills in nothing: no account leaves a value out." == said[1]
    shipped = ROOT / "scenarios" / "rates_fall_with_size.toml"
    assert "Evidence" not in CliRunner().invoke(cli.main, ["check", str(shipped)]).stdout


def test_a_result_says_whose_rates_it_rests_on(tmp_path: Path) -> None:
    """In the summary, the answer and the pictures; the scenario that was written out says the same, byte for byte."""
    few = {"evidence": "beichert2024", "replications": 2, "people.count": 10_000, "pools.micro.order_per_click": 0.5}
    scenario = simulator.load(written(tmp_path), few)
    study = simulator.run(scenario)
    its = study.summary["evidence"]
    assert {"name", "publication", "says", "keys"} == set(its)
    assert ("beichert2024", preset("beichert2024").publication) == (its["name"], its["publication"])
    assert {"creators.star": 6, "pools.micro": 5} == {account: len(keys) for account, keys in its["keys"].items()}
    assert "order_per_click" not in its["keys"]["pools.micro"]
    said = " ".join(render(study).split())
    assert "Evidence: 11 rates and delays of star and micro are those of beichert2024 (Beichert, Bayerl, " in said
    assert f"{preset('beichert2024').says}." in said
    assert "a contract cost: all from the scenario and evidence beichert2024." in said
    page = new_page(study, "Title", "What is shown", [], 0)
    assert any("evidence | evidence beichert2024 | scenario hash" in text.get_text() for text in page.figure.texts)
    again = tmp_path / "again.toml"
    again.write_text(resolved_toml(scenario), encoding="utf-8")
    assert summary_json(study.summary) == summary_json(simulator.run(simulator.load(again)).summary)


def test_a_result_without_evidence_says_nothing_of_it(tmp_path: Path) -> None:
    """Neither where none is asked for, nor where the one asked for gave no value."""
    few: dict[str, Any] = {"replications": 2, "creators": [], "strategies": {"many": {"split": {"micro": 1.0}}}}
    only = written(tmp_path, pools={"micro": POOL | OWN}, **few)
    study = simulator.run(simulator.load(only))
    assert {} == study.summary["evidence"]["keys"]
    assert ("", "") == (evidence_line(study.summary), evidence_name(study.summary))
    assert ("", "") == (evidence_line({"evidence": None}), evidence_name({}))


# ---- for which accounts it is meant


@pytest.mark.parametrize("name", EVIDENCE)
def test_who_is_outside_of_what_a_preset_holds_for_is_told(name: str, tmp_path: Path) -> None:
    """Accounts with fewer or more followers, or more fake ones, than it is meant for; none at the limits."""
    low, high = preset(name).followers
    assert ((3_400, 6_450_000) if name == "wies2023" else (FEWEST, MOST)) == (low, high)

    def told(**keys: object) -> list[str]:
        pool = POOL | {"outside_share": 0.6, "count": 2} | REACH | keys
        return evidence_warnings(simulator.load(written(tmp_path, evidence=name, pools={"micro": pool})))

    fine = {"followers": f"{low} to {high}", "outside_share": 0.9999}
    assert [] == told(**fine)
    [small] = told(followers=f"{low - 1} to 9_000")
    assert f"micro has {low - 1:,} to 9,000 followers; evidence {name} is meant for accounts with {low:,} to" in small
    [large] = told(followers=f"9_000 to {high + 1}", outside_share=0.9999)
    assert f"9,000 to {high + 1:,} followers" in large
    assert [] == told(followers=low - 1, **OWN)


def test_many_fake_followers_are_told(tmp_path: Path) -> None:
    """Where reach is filled in, which is divided by the share of real ones."""

    def told(share: float, **keys: object) -> list[str]:
        pool = POOL | {"outside_share": 0.5, "fake_share": share, "count": 2} | keys
        return evidence_warnings(simulator.load(written(tmp_path, pools={"micro": pool})))

    assert [] == told(0.35)
    assert ["micro has 40% fake followers; evidence industry is meant for accounts with at most 35% of these."] == (
        told(0.4)
    )
    assert [] == told(0.4, reach_per_follower=0.1)


def test_check_and_explain_note_it_and_go_on(tmp_path: Path) -> None:
    """A note on stderr, no error; the caution of ratios without levels stands in what the preset says."""
    path = written(tmp_path, evidence="tian2024", pools={"micro": POOL | {"followers": "900 to 30_000"} | REACH})
    for command in ("check", "explain"):
        result = CliRunner().invoke(cli.main, [command, str(path)])
        assert 0 == result.exit_code
        assert "note: micro has 900 to 30,000 followers; evidence tian2024 is meant for" in result.stderr
        assert "read ratios between accounts from it, not levels" in result.stdout


# ---- one question, five answers


def ratio_and_error(study: Study, above: str, below: str) -> tuple[float, float]:
    """Give how much more of one count per another 60 small accounts have than the large one, as ln, and its error."""
    logs, variance = 0.0, 0.0
    for strategy, sign in (("many", 1), ("one", -1)):
        a, b = (column(study, strategy, count) if count else np.ones(PLAYS) for count in (above, below))
        rest = a - a.mean() / b.mean() * b
        logs += sign * math.log(a.mean() / b.mean())
        variance += float(rest.var(ddof=1)) / len(a) / a.mean() ** 2
    return logs, math.sqrt(variance)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """Play the same question under every preset; trust makes orders frequent, alike for all."""
    trusted = {"pools.micro.trust": 10, "creators.star.trust": 10}
    path = written(tmp_path_factory.mktemp("evidence"))
    return {name: simulator.run(simulator.load(path, {"evidence": name, **trusted})) for name in EVIDENCE}


@pytest.mark.parametrize("name", EVIDENCE)
def test_plays_differ_as_the_sources_do(name: str, studies: dict[str, Study]) -> None:
    """Orders per follower and engagements per impression of small and large accounts are in the ratio of their laws."""
    engaged = ("engagement_per_impression",)
    for measures, keys, others in (
        (("orders", ""), FUNNEL, {"tian2024", "barari2025"}),
        (("engagements", "impressions"), engaged, {"wies2023", "beichert2024"}),
    ):
        measured, error = ratio_and_error(studies[name], *measures)
        # 60 accounts of 30,000 against one of 3,000,000
        measured -= math.log(60 * 30_000 / 3_000_000) if keys is FUNNEL else 0.0
        assert abs(measured - math.log(relative(name, keys, 30_000, 3_000_000))) < Z_BOUND * error
        # large accounts have too few impressions in tian2024 to tell how engaging they are
        for other in others - {name} if (name, keys) != ("tian2024", engaged) else ():
            assert abs(measured - math.log(relative(other, keys, 30_000, 3_000_000))) > Z_BOUND * error


def returns(study: Study, strategy: str) -> Values:
    """Give the orders by play for each thousand of money where managing one account costs 350."""
    accounts, fees = (60, 366.0) if strategy == "many" else (1, 22_100.0)
    return 1000 * column(study, strategy, "orders") / (accounts * (fees + 350))


def test_the_winner_depends_on_the_evidence(studies: dict[str, Study]) -> None:
    """For the same money small accounts sell more by four of the sources, the large one by the fifth."""
    ahead = {}
    for name, study in studies.items():
        many, one = returns(study, "many"), returns(study, "one")
        error = math.hypot(many.std(ddof=1), one.std(ddof=1)) / PLAYS**0.5
        assert abs(many.mean() - one.mean()) > Z_BOUND * error, name
        ahead[name] = "many" if many.mean() > one.mean() else "one"
    assert {name: "one" if name == "barari2025" else "many" for name in EVIDENCE} == ahead


# ---- the page

COLUMNS = (5_000, 30_000, 250_000, 3_000_000, 50_000_000)
HEADINGS = ("5,000", "30,000", "250,000", "3 million", "50 million")


def number(share: float) -> str:
    return f"{100 * share:.2g}"


def cell(name: str, key: str, followers: float) -> str:
    """Write a rate for an account: the usual one, and from where to where it may lie."""
    its = rate(name, key)
    quantity, by = (its, 1.0) if isinstance(its, Quantity) else (its.value, factor(its, followers))
    if quantity.is_fixed:
        return f"{number(by * quantity.values[0])}%"
    usual = quantity.values[1] if quantity.form == "pert" else quantity.median
    low, high = quantity.plausible_low, quantity.plausible_high
    return f"{number(by * usual)}% ({number(by * low)} to {number(by * high)})"


def rows(title: str, names: list[str], cells: list[list[str]]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(HEADINGS)} |"
    yield f"|---{'|---:' * len(HEADINGS)}|"
    yield from (f"| {name} | {' | '.join(row)} |" for name, row in zip(names, cells, strict=True))
    yield ""


def tables() -> str:
    """Write the part of the page that comes from the files."""
    lines = ["Orders per follower, where an account with 30,000 followers has 1:", ""]
    orders = [[f"{relative(name, FUNNEL, f):.2g}" for f in COLUMNS] for name in EVIDENCE]
    lines += rows("orders per follower", list(EVIDENCE), orders)
    lines += ["The rates: the usual one, and in brackets from where to where a play may draw it, in percent.", ""]
    for key in RATES_TO_ORDER:
        own = [n for n in EVIDENCE if n == "industry" or preset(n).values[key] != preset("industry").values[key]]
        names = ["all others" if name == "industry" and len(own) > 1 else name for name in own]
        names = ["all" if len(own) == 1 else name for name in names]
        lines += rows(f"`{key}`", names, [[cell(name, key, f) for f in COLUMNS] for name in own])
    lines += ["## Where each value comes from", ""]
    for name in EVIDENCE:
        its, trade = preset(name), preset("industry")
        lines += [f"**{name}**: {its.publication}.", ""]
        own_keys = [key for key in its.values if name == "industry" or its.sources[key] != trade.sources[key]]
        lines += [f"- `{key}`: {its.sources[key]}" for key in own_keys] + [""]
    return "\n".join(lines).strip()


def test_the_page_is_equal_to_the_files() -> None:
    """Its tables and sources are those of the presets. To write them anew: RECORD=1 pytest tests/test_evidence.py."""
    assert holds(PAGE, tables())
    before = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]
    for name in EVIDENCE:
        assert f"| `{name}` |" in before


def test_the_readme_points_to_the_page() -> None:
    """Somebody who looks for it finds it."""
    assert "docs/evidence.md" in (ROOT / "README.md").read_text(encoding="utf-8")
