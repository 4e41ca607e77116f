"""What is expected of audiences before any is drawn: in closed form where there is one, and against plays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from study_helpers import RATES, creator, tiny, tiny_values

import simulator
from simulator.campaign.expected import PlanReach, expected_overlaps, expected_reach
from simulator.campaign.hiring import hire
from simulator.campaign.play import play
from simulator.market.build import build_market
from simulator.market.expected import Audience, Shown, by_activity, expected_overlap, expected_people
from simulator.present.expected import overlap_lines, reach_lines
from simulator.scenario.model import Scenario
from simulator.scenario.people import SyntheticPeople

SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
ALIKE = {"followings_per_person": 0.0, "niches": {"food": 1.0}}


def people(count: int, **values: Any) -> SyntheticPeople:
    """Give the people of a market."""
    return SyntheticPeople(count=count, **values)


def always(audience: Audience, creators: int = 1, chance: float = 1.0) -> Shown:
    """Give creators whose followers see their posts with one chance, however active they are."""
    return Shown(audience, creators, (chance,) * 10)


# ---- exact


def test_audiences_of_people_who_are_all_alike_overlap_as_it_falls() -> None:
    """Of a and b followers among N people, drawn without regard to each other, a b / N follow both."""
    its = people(1000, **ALIKE)
    assert pytest.approx(0.3) == expected_overlap(its, Audience(None, 100), Audience(None, 300))
    assert pytest.approx(0.3) == expected_overlap(its, Audience("food", 300), Audience("food", 300))
    assert 1.0 == expected_overlap(its, Audience("food", 20), Audience(None, 1000))
    assert 0.0 == expected_overlap(its, Audience("food", 0), Audience(None, 300))


def test_small_audiences_overlap_by_affinity() -> None:
    """N x overlap / a is the mean of the product of both weights over the product of their means."""
    its = people(10**8, followings_per_person=0.0, niches={"food": 0.2, "art": 0.8}, niche_affinity=8)
    food, art, nobody = Audience("food", 1000), Audience("art", 1000), Audience(None, 1000)
    mean = 8 * 0.2 + 0.8, 8 * 0.8 + 0.2, 1.0
    of_both = {
        (food, food): (64 * 0.2 + 0.8) / mean[0] ** 2,
        (food, art): 8.0 / (mean[0] * mean[1]),
        (food, nobody): 1.0,
    }
    for pair, factor in of_both.items():
        assert pytest.approx(1e-5 * factor, rel=1e-3) == expected_overlap(its, *pair)


def test_people_reached_by_independent_audiences() -> None:
    """Twenty creators who each have a twentieth of all people, and are seen by a fifth: 1 - (1 - 0.01) ** 20."""
    its = people(100_000, **ALIKE)
    reached = expected_people(its, [always(Audience("food", 5000), 20, 0.2)])
    assert pytest.approx(100_000 * (1 - 0.99**20), rel=1e-6) == reached
    two = [always(Audience(None, 50_000), 1, 0.3), always(Audience("food", 30_000), 1, 0.3)]
    assert pytest.approx(0.3 * 80_000 - 0.09 * 15_000, rel=1e-6) == expected_people(its, two)
    assert 0.0 == expected_people(its, [])


def test_one_creator_reaches_its_followers_times_the_rate() -> None:
    """Whatever the niches and followings are; and of two, both less the overlap."""
    its = people(50_000)
    one, other = Audience("beauty", 3000), Audience("food", 700)
    assert pytest.approx(900, rel=1e-4) == expected_people(its, [always(one, 1, 0.3)])
    both = 700 * expected_overlap(its, one, other)
    assert pytest.approx(3700 - both, rel=1e-4) == expected_people(its, [always(one), always(other)])


@pytest.mark.parametrize("rate", [0.003, 0.234, 0.9])
@pytest.mark.parametrize("spread", [0.05, 0.3, 0.9])
def test_tenths_of_activity_are_those_of_the_beta_law(rate: float, spread: float) -> None:
    """Their mean is the rate; each is the mean of the law's quantiles there, to 0.01."""
    tenths = by_activity(rate, spread)
    law = stats.beta(rate * (1 / spread - 1), (1 - rate) * (1 / spread - 1))
    exact = law.ppf((np.arange(10_000) + 0.5) / 10_000).reshape(10, -1).mean(axis=1)
    assert pytest.approx(rate, abs=1e-3) == sum(tenths) / 10
    assert pytest.approx(exact.tolist(), abs=0.01) == list(tenths)


def test_without_spread_all_are_equally_active() -> None:
    """A rate is everybody's then, and so is one at its ends."""
    assert {0.2} == {*by_activity(0.2, 0.0)}
    assert ({0.0}, {1.0}) == ({*by_activity(0.0, 0.3)}, {*by_activity(1.2, 0.3)})


# ---- against markets


SIZES = (400, 2000, 8000)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, dict[tuple[str, str], float]]:
    """Give a scenario with creators of two niches and of none, and how much they overlap, a mean of four markets."""
    handles = {
        f"{niche}-{size}-{twin}": (niche, size) for niche in ("food", "art", "any") for size in SIZES for twin in (1, 2)
    }
    creators = [
        creator(handle, followers=size, fee=1, **({} if niche == "any" else {"niche": niche}))
        for handle, (niche, size) in handles.items()
    ]
    scenario = tiny(
        tmp_path_factory.mktemp("followed"),
        people={"count": 20_000, "niches": {"food": 1, "art": 3, "other": 6}},
        creators=creators,
        pools={},
        strategies={"all": {"creators": [*handles]}},
    )
    pairs = [(a, b) for place, a in enumerate(handles) for b in [*handles][place + 1 :]]
    found = dict.fromkeys(pairs, 0.0)
    for index in range(4):
        audiences = build_market(scenario, index, hire(scenario, index, "all").profiles).audiences
        for a, b in pairs:
            shared = np.intersect1d(audiences[a], audiences[b], assume_unique=True).size
            found[a, b] += shared / min(audiences[a].size, audiences[b].size) / 4
    return scenario, found


def test_overlap_is_that_of_markets(followed: tuple[Scenario, dict[tuple[str, str], float]]) -> None:
    """Of 105 pairs each is right to 12% of itself and 4.5 standard errors of a binomial share, at a fixed seed."""
    scenario, found = followed
    assert isinstance(scenario.people, SyntheticPeople)
    chance_alone = 0
    for (a, b), share in found.items():
        first, second = (
            Audience(None if its[0] == "any" else its[0], int(its[1])) for its in (a.split("-"), b.split("-"))
        )
        expected, smaller = expected_overlap(scenario.people, first, second), min(first.size, second.size)
        error = 4.5 * (expected * (1 - expected) / (4 * smaller)) ** 0.5
        assert abs(share - expected) <= 0.12 * expected + error, (a, b)
        alone = max(first.size, second.size) / 20_000
        chance_alone += abs(share - alone) <= 0.12 * alone + error
    assert chance_alone < 10


def test_pairs_are_told_as_they_are_expected(followed: tuple[Scenario, dict[tuple[str, str], float]]) -> None:
    """The twelve largest of eighteen creators make 66 pairs, of which the text names fifteen."""
    scenario, _ = followed
    assert isinstance(scenario.people, SyntheticPeople)
    pairs = expected_overlaps(scenario)
    assert 66 == len(pairs)
    assert not any("-400-" in name for its in pairs for name in its.names)
    by_name = {its.names: its.share for its in pairs}
    food, art = Audience("food", 8000), Audience("art", 2000)
    assert expected_overlap(scenario.people, food, art) == by_name["food-8000-1", "art-2000-2"]
    lines = overlap_lines(pairs)
    assert "  51 more pairs overlap less" in lines
    assert 15 == sum(" and " in line and line.endswith("%") for line in lines)


# ---- what plans reach


def reach_of(scenario: Scenario) -> dict[str, PlanReach]:
    """Give what each plan of a scenario reaches."""
    return {its.strategy: its for its in expected_reach(scenario)}


def played(scenario: Scenario, strategy: str, replications: int) -> tuple[float, float]:
    """Give the mean impressions and reach of plays."""
    outcomes = []
    for index in scenario.markets_played:
        plan = hire(scenario, index, strategy)
        market = build_market(scenario, index, plan.profiles)
        outcomes += [
            play(scenario, market, plan, replication) for replication in range(index, replications, scenario.markets)
        ]
    return (
        float(np.mean([its.impressions for its in outcomes])),
        float(np.mean([its.reach for its in outcomes])),
    )


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_what_a_plan_reaches_is_what_its_plays_reach(tmp_path: Path, spread: float) -> None:
    """Without friends, 40 plays in four markets reach as many people as expected to 4%, fewer where people differ."""
    quiet = RATES | {"share_per_impression": 0}
    pools = {
        "micro": {"count": 12, "followers": "200 to 900", "fee": 5, "post_days": [0, 0.1], "niche": "food"}
        | quiet
        | {"reach_per_follower": {"law": "power", "at": 400, "value": 0.3, "exponent": -0.3}, "fake_share": 0.25}
    }
    scenario = tiny(
        tmp_path,
        people={"count": 4000, "niches": {"food": 1, "art": 3}, "activity_spread": spread},
        pools=pools,
        creators=[creator("anna", followers=1200, share_per_impression=0)],
        strategies={"all": {"creators": ["anna"], "split": {"micro": 1}}},
        markets=4,
        replications=40,
        horizon_days=4,
    )
    its = reach_of(scenario)["all"]
    impressions, reach = played(scenario, "all", 40)
    assert (13, 13) == its.creators
    assert its.followers == pytest.approx(
        sum(p.audience_size for i in range(4) for p in hire(scenario, i, "all").profiles) / 4
    )
    assert impressions == pytest.approx(its.impressions, rel=0.02)
    assert reach == pytest.approx(its.people, rel=0.04)
    if spread:
        plain = reach_of(tiny(tmp_path, **{**tiny_values(), "people": {"count": 4000}}))
        assert plain["one"].people == pytest.approx(90)
        without = expected_reach(
            scenario.model_copy(update={"people": scenario.people.model_copy(update={"activity_spread": 0.0})})
        )
        assert reach < 0.9 * without[0].people


def test_plans_of_one_creator_by_hand(tmp_path: Path) -> None:
    """Anna's 300 followers see 0.3 of one post; ads buy 1,000 impressions for 8; nobody follows Bert."""
    ads = {"cpm": 8, "days": 1, "click_per_impression": 0.01, "order_per_click": 0.02}
    plans = {"one": {"creators": ["anna"]}, "free": {"creators": ["bert"]}, "ads": {"split": {"ads": 1.0}}}
    scenario = tiny(tmp_path, ads=ads, strategies=plans)
    its = reach_of(scenario)
    assert (1, 1, 300, 90, 0) == (*its["one"].creators, its["one"].followers, its["one"].impressions, its["one"].paid)
    assert pytest.approx(90) == its["one"].people
    assert (0, 0, 0) == (its["free"].followers, its["free"].people, its["ads"].people)
    assert pytest.approx(1000 / 8 * 1000) == its["ads"].paid
    rows = {line.split()[0]: line.split()[1:] for line in reach_lines(expected_reach(scenario))[2:5]}
    assert ["1", "300", "90", "90", "1.00", "0"] == rows["one"]
    assert ["0", "0", "0", "0", "-", "125,000"] == rows["ads"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_expected_of_shipped_scenarios_fits_a_screen(path: Path) -> None:
    """No line is longer than 100 characters, and no plan reaches more people than see a post."""
    scenario = simulator.load(path)
    reached = expected_reach(scenario)
    lines = [*reach_lines(reached), *overlap_lines(expected_overlaps(scenario))]
    assert max(map(len, lines)) <= 100
    assert all(0 <= its.people <= its.impressions + 1e-6 for its in reached)


def test_where_targets_tie_audiences_the_most_is_told(tmp_path: Path) -> None:
    """Different people are then at most all who see a post of one creator, and a pair has the overlap asked for."""
    scenario = tiny(
        tmp_path, overlap={"micro": 0.35, "anna": {"bert": 0.2}}, creators=[creator("anna"), creator("bert")]
    )
    its = reach_of(scenario)
    assert its["many"].is_bound
    assert not its["one"].is_bound
    free = reach_of(tiny(tmp_path))["many"]
    assert its["many"].followers == free.followers
    assert free.people < its["many"].people < its["many"].impressions
    pairs = {pair.names: (pair.share, pair.is_target) for pair in expected_overlaps(scenario)}
    assert ((0.35, True), (0.2, True)) == (pairs["micro", "micro"], pairs["anna", "bert"])
    assert not pairs["anna", "micro"][1]
    text = "\n".join([*reach_lines(expected_reach(scenario)), *overlap_lines(expected_overlaps(scenario))])
    assert "up to " in text
    assert "[overlap] decides" in " ".join(text.split())
    assert 2 == text.count("  asked for")


def test_of_people_from_a_file_nothing_is_told(tmp_path: Path) -> None:
    """Who follows whom is not known before the file is read."""
    (tmp_path / "edges.csv").write_text("followed,follower\nanna,bo\nanna,cy\n", encoding="utf-8")
    anna = creator("anna")
    del anna["followers"]
    scenario = tiny(
        tmp_path,
        people={"graph_file": "edges.csv"},
        creators=[anna],
        pools={},
        strategies={"one": {"creators": ["anna"]}},
    )
    assert ([], []) == (expected_reach(scenario), expected_overlaps(scenario))
    assert ([], []) == (reach_lines([]), overlap_lines([]))
