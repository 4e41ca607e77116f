"""Audiences overlap as much as is asked: pools within sampling error, creators by name to the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from market_helpers import P_BOUND, count_agrees, creator, numbered, scenario_values, write_edges
from market_helpers import load as load_on_edges
from scipy import stats
from study_helpers import creator as tiny_creator
from study_helpers import tiny, tiny_values

import simulator
from simulator.errors import ScenarioError
from simulator.market import overlap as measuring
from simulator.market.audiences import Appeal, appeal_of, draw_audience
from simulator.market.build import Market, build_market
from simulator.market.creators import Profile, creator_profile, market_key, pool_profile
from simulator.market.graph_file import edges_of
from simulator.market.overlap import overlap_of
from simulator.market.overlapping import Public, _quotas, draw_from_public, public_of
from simulator.present.terminal import render
from simulator.scenario.model import Scenario
from simulator.streams import extend_key
from simulator.study import montecarlo
from simulator.study.results import ResultFolder, Study, summary_json

Audience = npt.NDArray[np.int32]
NICHES = {"beauty": 0.2, "food": 0.8}


def world(folder: Path, people: int, count: int, followers: str, **values: object) -> Scenario:
    """Give a scenario with a pool of beauty, and as few friends as possible, for they cost time and do not matter."""
    pools = {**tiny_values()["pools"]["micro"], "outside_share": 0.0, "niche": "beauty"}  # type: ignore[index]
    return tiny(
        folder,
        **{
            "people": {"count": people, "followings_per_person": 1.0, "niches": NICHES},
            "pools": {"micro": {**pools, "count": count, "followers": followers}},
            **values,
        },
    )


def hired(scenario: Scenario, places: Iterable[int], pool: str = "micro") -> list[Profile]:
    return [pool_profile(scenario, 0, pool, place) for place in places]


def shared(one: Audience, other: Audience) -> int:
    return int(np.intersect1d(one, other, assume_unique=True).size)


# ---- pools


@pytest.fixture(scope="module")
def pools(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Market, Market]:
    """Fifty creators with 2,000 to 60,000 followers among 500,000 people, who are to share 15%; then without target."""
    folder = tmp_path_factory.mktemp("pools")
    scenario = world(folder, 500_000, 50, "2_000 to 60_000", overlap={"micro": 0.15})
    free = world(folder / "free", 500_000, 50, "2_000 to 60_000")
    profiles = hired(scenario, range(1, 51))
    return scenario, build_market(scenario, 0, profiles), build_market(free, 0, profiles)


def pairs(market: Market) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the shared followers of every pair and the smaller audience of each (pairs,)."""
    audiences = [market.audiences[f"micro/{place}"] for place in range(1, 51)]
    follows = np.zeros((50, 500_000), np.float32)  # exact up to 16 million
    for row, audience in zip(follows, audiences, strict=True):
        row[audience] = 1
    counts, sizes, (one, other) = follows @ follows.T, follows.sum(axis=1), np.triu_indices(50, 1)
    return counts[one, other].astype(np.int64), np.minimum(sizes[one], sizes[other]).astype(np.int64)


def worst_pair(counts: npt.NDArray[np.int64], smaller: npt.NDArray[np.int64], share: float) -> float:
    """Give the p-value of the pair that agrees least with a binomial law, times the number of pairs."""
    law = stats.binom(smaller, share)
    return float(2 * np.minimum(law.cdf(counts), law.sf(counts - 1)).min() * counts.size)


def pooled(market: Market) -> float:
    """Give the overlap of 25 pairs that have no creator in common."""
    each = [(market.audiences[f"micro/{i}"], market.audiences[f"micro/{i + 1}"]) for i in range(1, 51, 2)]
    return sum(shared(*two) for two in each) / sum(min(a.size, b.size) for a, b in each)


def test_every_pair_of_a_pool_overlaps_as_asked(pools: tuple[Scenario, Market, Market]) -> None:
    """All 1,225 pairs lie within binomial error of 15%, whatever the two sizes, and so do 25 of them together.

    A right program fails with probability 6.8e-6 at the pairs. What all pairs have in common is whom lots put into
    smaller circles: over 40 pools the 25 pairs varied by 0.00105 (standard deviation) around 15.04%, so five times
    that are allowed. This seed decides. Control: 14% and 16% fail, and so do audiences drawn without the target.
    """
    _, market, free = pools
    counts, smaller = pairs(market)
    assert smaller.max() > 10 * smaller.min()
    assert worst_pair(counts, smaller, 0.15) > P_BOUND
    assert abs(pooled(market) - 0.15) < 0.0053
    assert min(abs(pooled(market) - wrong) for wrong in (0.14, 0.16)) > 0.0045
    assert worst_pair(counts, smaller, 0.14) < P_BOUND > worst_pair(counts, smaller, 0.16)
    assert worst_pair(*pairs(free), 0.15) < P_BOUND
    assert abs(pooled(free) - 0.15) > 0.05


def test_sizes_are_exact_and_nobody_is_there_twice(pools: tuple[Scenario, Market, Market]) -> None:
    """An account has the followers that it shows, in ascending order."""
    scenario, market, free = pools
    for profile in hired(scenario, range(1, 51)):
        audience = market.audiences[profile.name]
        assert profile.audience_size == audience.size == free.audiences[profile.name].size
        assert (np.diff(audience) > 0).all()
        assert np.int32 == audience.dtype


def appeal_in(scenario: Scenario, market: Market) -> Appeal:
    return appeal_of(market.people, market.graph.followings, 0, scenario.people.niche_affinity)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def equals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Market]:
    """Twelve creators with 6,000 followers each among 100,000 people, without a target."""
    scenario = world(tmp_path_factory.mktemp("equals"), 100_000, 12, "6_000")
    return scenario, build_market(scenario, 0, hired(scenario, range(1, 13)))


def its_audiences(equals: tuple[Scenario, Market], share: float) -> list[Audience]:
    """Draw the same creators' audiences with a target."""
    (scenario, market), key = equals, 5
    public = public_of(market.people, appeal_in(scenario, market), 6000, share, key)
    return [draw_from_public(market.people, public, 6000, place) for place in range(12)]


def test_a_target_that_holds_anyway_changes_nothing_else(equals: tuple[Scenario, Market]) -> None:
    """With the overlap that falls by itself as a target, audiences are as without one: niche, followings, duplicates.

    Niche and followings within sampling error (error rate 1e-5), different followers within 1%. Control: with half and
    with twice that overlap the number of different followers is another by far, and with half of it the niche fails.
    """
    _, market = equals
    plain = list(market.audiences.values())
    niche, followings = market.people.niche == 0, market.graph.followings
    own = overlap_of(100_000, plain)
    tied = its_audiences(equals, own.mean or 0.0)
    every, its = np.concatenate(plain), np.concatenate(tied)
    assert count_agrees(int(niche[tied[0]].sum()), 6000, float(niche[every].mean()))
    error = 4.5 * float(followings[every].std()) / np.sqrt(6000)
    assert abs(float(followings[tied[0]].mean() - followings[every].mean())) < error
    assert np.isclose(np.unique(every).size, np.unique(its).size, rtol=0.01)
    less, more = (its_audiences(equals, factor * (own.mean or 0.0)) for factor in (0.5, 2))
    assert np.unique(np.concatenate(less)).size > 1.1 * np.unique(every).size
    assert np.unique(np.concatenate(more)).size < 0.9 * np.unique(every).size
    assert not count_agrees(int(niche[less[0]].sum()), 6000, float(niche[every].mean()))
    nearly_nested = its_audiences(equals, 0.9)[0]
    assert abs(float(niche[nearly_nested].mean() - niche[every].mean())) < 0.06


@pytest.mark.parametrize("share", [0.06, 0.1, 0.35, 0.6, 0.95, 0.999, 1.0])
@pytest.mark.parametrize("alike", [True, False])
def test_rates_solve_both_equations(share: float, *, alike: bool) -> None:
    """Chances add up to the largest audience, and their mean over its followers is the overlap asked for."""
    people = numbered(10_500)
    followings = np.ones(10_500, np.int32) if alike else (2000 // (1 + np.arange(10_500, dtype=np.int32) % 97)) ** 2
    public = public_of(people, appeal_of(people, followings, None, 1.0), 630, share, 11)
    chance = -np.expm1(-public.rate)
    assert 630.0 == pytest.approx(public.reach[-1], rel=1e-6)
    assert share == pytest.approx((chance**2).sum() / chance.sum(), abs=3e-5)
    assert 10_500 == np.unique(public.person).size


def test_an_audience_follows_the_chances_of_its_circle(pools: tuple[Scenario, Market, Market]) -> None:
    """Of a small account as of a large one: the niche's share is what the chances in its circle add up to.

    Error rate 6.8e-6 for each account. Control: the niche's share among all people fails.
    """
    scenario, market, _ = pools
    niche, key = market.people.niche == 0, extend_key(market_key(scenario, 0), "overlap", "pools.micro")
    public = public_of(market.people, appeal_in(scenario, market), 60_000, 0.15, key)
    for place in (1, 2, 3, 4):
        audience = market.audiences[f"micro/{place}"]
        circle = public.reach <= audience.size
        chance = -np.expm1(-public.rate[circle])
        expected = float(chance[niche[public.person[circle]]].sum() / chance.sum())
        assert count_agrees(int(niche[audience].sum()), audience.size, expected)
        assert not count_agrees(int(niche[audience].sum()), audience.size, float(niche.mean()))


def test_an_audience_does_not_depend_on_who_else_is_hired(tmp_path: Path) -> None:
    """Alone, with all others, and in another order of hiring, a creator has the same followers."""
    scenario = world(tmp_path, 20_000, 9, "500 to 3_000", overlap={"micro": 0.2})
    every = build_market(scenario, 0, hired(scenario, range(9, 0, -1))).audiences
    for place in (1, 5):
        alone = build_market(scenario, 0, hired(scenario, [place])).audiences
        assert [f"micro/{place}"] == list(alone)
        assert every[f"micro/{place}"].tolist() == alone[f"micro/{place}"].tolist()
    assert every["micro/1"].tolist() != every["micro/2"].tolist()


@pytest.mark.parametrize(("share", "followers"), [(0.15, 3000), (1.0, 3000), (1.0, 20_000), (0.5, 0)])
def test_the_limit_of_what_is_possible_is_reached(tmp_path: Path, share: float, followers: int) -> None:
    """The overlap of chance, audiences that are one and the same, everybody and nobody: sizes stay exact."""
    scenario = world(tmp_path, 20_000, 2, str(followers or 0.4), overlap={"micro": share})
    one, other = build_market(scenario, 0, hired(scenario, (1, 2))).audiences.values()
    assert followers == one.size == other.size
    assert count_agrees(shared(one, other), followers, share) if followers else True


def test_a_nested_pool_is_nested(tmp_path: Path) -> None:
    """With an overlap of 1 every smaller audience lies in every larger one."""
    scenario = world(tmp_path, 20_000, 4, "500 to 3_000", overlap={"micro": 1})
    audiences = sorted(build_market(scenario, 0, hired(scenario, range(1, 5))).audiences.values(), key=len)
    assert all(np.isin(small, large).all() for small, large in combinations(audiences, 2))


def test_one_follower_more_than_possible_is_refused(tmp_path: Path) -> None:
    """Below the overlap of chance there are not enough people; the message says what is possible."""
    with pytest.raises(ScenarioError, match=r"overlap\.micro: given 0\.15; .* overlap by 0\.151 or more"):
        world(tmp_path, 20_000, 2, "3_001", overlap={"micro": 0.15})
    assert 2 == world(tmp_path, 20_000, 2, "3_001", overlap={"micro": 0.151}).pools["micro"].count


# ---- what is not asked for


def test_without_a_target_audiences_are_drawn_each_for_itself(tmp_path: Path) -> None:
    """No table is no value in the hash; a pool and a creator without a target stay as they are beside those with."""
    values = {"creators": [tiny_creator("anna"), tiny_creator("ben"), tiny_creator("carla")]}
    values |= {"strategies": {"all": {"creators": ["anna", "ben", "carla"]}}}
    free = world(tmp_path, 3000, 3, "100 to 400", **values)
    assert "overlap" not in free.plain()
    table = {"anna": {"ben": 0.5}}
    tied = world(tmp_path, 3000, 3, "100 to 400", **values, overlap=table)
    assert free.hash != tied.hash
    plain, its = (build_market(s, 0, [*hired(s, (1, 2, 3)), *map(creator_profile, s.creators)]) for s in (free, tied))
    assert {"ben"} == {name for name in its.audiences if its.audiences[name].tolist() != plain.audiences[name].tolist()}
    for profile in hired(free, (1, 2, 3)):
        key = extend_key(market_key(free, 0), "audience", profile.path, profile.name)
        expected = draw_audience(plain.people, appeal_in(free, plain), profile.audience_size, key)
        assert expected.tolist() == plain.audiences[profile.name].tolist()


# ---- creators by name


def related(folder: Path, sizes: Sequence[int], table: object, b_has_niche: bool = True) -> tuple[Scenario, Market]:
    """Build a market with creators a, b, c, ... of beauty with these sizes, whose overlap is asked for."""
    names = "abcdefgh"[: len(sizes)]
    creators = [tiny_creator(name, followers=size, fee=0) for name, size in zip(names, sizes, strict=True)]
    creators = [its | ({"niche": "beauty"} if b_has_niche or its["handle"] != "b" else {}) for its in creators]
    scenario = world(
        folder, 20_000, 2, "100", creators=creators, strategies={"all": {"creators": list(names)}}, overlap=table
    )
    return scenario, build_market(scenario, 0, map(creator_profile, scenario.creators))


def test_pairs_share_what_is_written_to_the_person(tmp_path: Path) -> None:
    """Shared followers are the written share of the smaller audience, and 0 where 0 is written; sizes are exact."""
    table = {"a": {"b": 0.3, "c": 0.1}, "c": {"b": "25%", "d": 0}}
    _, market = related(tmp_path, [3000, 1001, 2000, 5000], table)
    a, b, c, d = market.audiences.values()
    assert [3000, 1001, 2000, 5000] == [x.size for x in (a, b, c, d)]
    assert [300, 200, 250, 0] == [shared(a, b), shared(a, c), shared(b, c), shared(c, d)]
    assert all((np.diff(x) > 0).all() for x in (a, b, c, d))
    assert shared(a, d) > 0


def test_named_audiences_depend_on_no_hiring_and_no_order_of_the_table(tmp_path: Path) -> None:
    """Who is hired alone has the same followers; a pair may be written under either of the two."""
    scenario, market = related(tmp_path / "one", [3000, 1000, 2000], {"a": {"b": 0.3, "c": 0.1}, "b": {"c": 0.2}})
    _, turned = related(tmp_path / "two", [3000, 1000, 2000], {"c": {"b": 0.2, "a": 0.1}, "b": {"a": 0.3}})
    alone = build_market(scenario, 0, [creator_profile(scenario.creators[2])])
    assert ["c"] == list(alone.audiences)
    assert market.audiences["c"].tolist() == alone.audiences["c"].tolist() == turned.audiences["c"].tolist()


def test_who_is_shared_follows_the_niche_too(tmp_path: Path) -> None:
    """Who follows one creator and then another is of the niche more often than those who follow the first, and so on.

    The same holds of the rest, among people who do not follow the first. With eight times likelier followers the odds
    are twice as high and more. Control: they do not rise where the second creator has no niche.
    """
    (tmp_path / "other").mkdir()
    for folder, rises in ((tmp_path, True), (tmp_path / "other", False)):
        _, market = related(folder, [2000, 2000], {"a": {"b": 0.25}}, b_has_niche=rises)
        a, b = market.audiences.values()
        rest = np.setdiff1d(np.arange(20_000), a)
        taken = ((np.intersect1d(a, b), a), (np.setdiff1d(b, a), rest))
        assert [rises, rises] == [odds(market, some) > 2 * odds(market, of) for some, of in taken]


def odds(market: Market, persons: npt.NDArray[np.int64] | Audience) -> float:
    """Give the odds that one of these people is of the niche."""
    share = float((market.people.niche[persons] == 0).mean())
    return share / (1 - share)


def test_many_creators_may_overlap_pair_by_pair(tmp_path: Path) -> None:
    """Eight equal accounts share 30% with each other exactly; and many followers follow three or more of them."""
    names = "abcdefgh"
    table = {x: dict.fromkeys(names[i + 1 :], 0.3) for i, x in enumerate(names[:-1])}
    _, market = related(tmp_path, [1000] * 8, table)
    assert {300} == {shared(one, other) for one, other in combinations(market.audiences.values(), 2)}
    often = np.bincount(np.concatenate(list(market.audiences.values())))
    # of independent coins with chance 0.3 for 3,333 people, 45% would follow three or more
    assert 0.3 < float((often >= 3).mean() * often.size / 3333) < 0.6


def test_quotas_by_hand() -> None:
    """Of 100 people who follow both, the lower share is taken; those who follow one make up the rest."""
    follows = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], bool)
    sizes = np.array([500, 100, 300, 100])
    # wanted 100 of 200 followers and 100 of 400: half and a quarter, so a quarter of the 100 who follow both
    assert [75, 75, 75, 25] == _quotas(sizes, follows, np.array([100, 100]), 250).tolist()  # type: ignore[union-attr]
    assert _quotas(sizes, follows, np.array([100, 100]), 174) is None  # too few to take
    assert _quotas(sizes, follows, np.array([100, 100]), 676) is None  # too few who follow nobody
    assert _quotas(np.array([500, 0, 300, 100]), follows, np.array([80, 0]), 80) is None  # all 80 would follow both


def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    """Where what is written for three creators cannot hold at once, the one that does not fit is named."""
    with pytest.raises(ScenarioError, match=r"^overlap: c cannot share as many followers with a, b .* have 1,000 in"):
        related(tmp_path, [1000, 1000, 1000], {"a": {"b": 0, "c": 0.6}, "b": {"c": 0.6}})
    with pytest.raises(ScenarioError, match=r"overlap\.a\.b: given 0\.4; audiences of 15,000 and 10,000 .* 0\.5 or"):
        related(tmp_path, [15_000, 10_000], {"a": {"b": 0.4}})
    _, market = related(tmp_path, [15_000, 10_000], {"a": {"b": 0.5}})
    assert 5000 == shared(*market.audiences.values())


def test_too_many_names_are_refused(tmp_path: Path) -> None:
    """Sixty creators may be named, one more is too many."""

    def of(count: int) -> Scenario:
        creators = [tiny_creator(f"c{i}", followers=10) for i in range(count)]
        table = {"c0": {f"c{i}": 0.1 for i in range(1, count)}}
        return world(tmp_path, 20_000, 2, "100", creators=creators, strategies={"one": {"creators": []}}, overlap=table)

    assert 59 == len(of(60).overlap_targets)
    with pytest.raises(ScenarioError, match="overlap: names 61 creators; at most 60 can be"):
        of(61)


def test_pools_on_a_graph_file_may_overlap(tmp_path: Path) -> None:
    """People from a file have no niche, and how many they are is known when it is read."""
    pool = {key: value for key, value in creator("x").items() if key != "handle"} | {"count": 3, "followers": 40}
    edges = [(f"p{i}", f"p{i + 1}") for i in range(199)]
    write_edges(tmp_path, edges)
    values = scenario_values([], {}, pools={"micro": pool}, strategies={"s": {"split": {"micro": 1.0}}}, budget=1000)
    scenario = load_on_edges(tmp_path, {**values, "overlap": {"micro": 0.5}})
    market = build_market(scenario, 0, hired(scenario, (1, 2, 3)), edges_of(scenario))
    assert [40] * 3 == [audience.size for audience in market.audiences.values()]
    assert market.people.count == 200
    assert 40 < len(set().union(*(audience.tolist() for audience in market.audiences.values()))) < 100
    less = load_on_edges(tmp_path, {**values, "overlap": {"micro": 0.19}})
    with pytest.raises(ScenarioError, match=r"overlap\.micro: given 0\.19; .* 40 followers among 200 .* 0\.2 or more"):
        build_market(less, 0, hired(less, (1, 2, 3)), edges_of(less))


def test_sizes_are_exact_whatever_the_rates() -> None:
    """Where few people are drawn to a pool at all, those who hardly are fill up an audience."""
    people = numbered(500)
    rate = np.where(np.arange(500) % 2 == 0, 1e17, 1e-260)
    public = Public(np.arange(500, dtype=np.int32), rate, np.cumsum(-np.expm1(-rate)))
    for size in (0, 1, 5, 249, 250):
        audience = draw_from_public(people, public, size, 3)
        assert list(range(0, 2 * size, 2)) == audience.tolist()
    more = draw_from_public(people, public, 400, 3)
    assert 400 == np.unique(more).size
    assert np.isin(np.arange(0, 500, 2), more).all()
    assert 500 == draw_from_public(people, public, 500, 3).size


# ---- what is measured


def test_overlap_by_hand() -> None:
    """Shared followers as a share of the smaller audience; who has no followers is in no pair."""
    audiences = [np.array(x, np.int32) for x in ([0, 1, 2, 3], [2, 3], [], [3, 4, 5, 6, 7])]
    its = overlap_of(10, audiences, [[0, 1], [0, 3, 2], [1], []])
    assert ((1.0 + 0.25 + 0.5) / 3, 0.25, 1.0) == (its.mean, its.lowest, its.highest)
    assert 8 / 11 == its.unduplicated
    assert (1.0, 0.25, None, None) == its.groups
    assert ((1.0 + 0.25) / 2, (1.0 + 0.5) / 2, None, (0.25 + 0.5) / 2) == its.creators
    alone = overlap_of(10, audiences[:1])
    assert (None, None, None, 1.0, (None,)) == (
        alone.mean,
        alone.lowest,
        alone.highest,
        alone.unduplicated,
        alone.creators,
    )
    nobody = overlap_of(10, [])
    assert (None, None, ()) == (nobody.mean, nobody.unduplicated, nobody.creators)


def test_overlap_is_what_sets_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted person by person, in one go or in rows, it is what comparing every two sets gives."""
    rng = np.random.Generator(np.random.Philox(5))
    audiences = [np.sort(rng.choice(300, size, replace=False)).astype(np.int32) for size in (1, 40, 299, 120, 7, 60)]
    expected = [shared(a, b) / min(a.size, b.size) for a, b in combinations(audiences, 2)]
    whole = overlap_of(300, audiences, [[1, 3, 5]])
    monkeypatch.setattr(measuring, "_MOST_COUNTERS", 12)
    by_rows = overlap_of(300, audiences, [[1, 3, 5]])
    for its in (whole, by_rows):
        assert np.isclose(np.mean(expected), its.mean or 0.0)
        assert (min(expected), max(expected)) == (its.lowest, its.highest)
        assert np.isclose(np.mean([expected[6], expected[8], expected[13]]), its.groups[0] or 0.0)
        assert np.allclose(by_rows.creators, whole.creators)  # type: ignore[arg-type]


# ---- what is said


OVERLAP = {"micro": 0.6, "anna": {"bert": 0.25}}


def with_overlap(folder: Path, **values: object) -> Scenario:
    creators = [tiny_creator("anna"), tiny_creator("bert", fee=0, followers=200)]
    strategies = {
        "many": {"split": {"micro": 0.9}},
        "two": {"creators": ["anna", "bert"]},
        "one": {"creators": ["anna"]},
    }
    return tiny(folder, **{"creators": creators, "strategies": strategies, "overlap": OVERLAP, **values})


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return simulator.run(with_overlap(tmp_path_factory.mktemp("study")), workers=1)


def test_the_summary_has_the_achieved_overlap_beside_its_target(study: Study) -> None:
    """By strategy: all its pairs, how many different people follow, and each target that applies."""
    its = {name: strategy["audience_overlap"] for name, strategy in study.summary["strategies"].items()}
    assert its["one"] is None
    (target,) = its["two"]["targets"]
    assert (None, ["anna", "bert"], 0.25, 0.25) == (
        *(target[k] for k in ("pool", "creators", "target")),
        target["mean"]["value"],
    )
    assert 0.25 == its["two"]["mean"]["value"] == its["two"]["lowest"] == its["two"]["highest"]
    assert 450 / 500 == its["two"]["unduplicated_share"]["mean"]["value"]
    (target,) = its["many"]["targets"]
    assert ("micro", [], 0.6) == (target["pool"], target["creators"], target["target"])
    assert 0.5 < target["mean"]["value"] < 0.7
    assert its["many"]["lowest"] < target["mean"]["value"] < its["many"]["highest"]
    assert its["many"]["mean"]["across_markets"]["n"] == 2


def test_the_table_of_creators_has_the_overlap_of_each(study: Study) -> None:
    """With the other creators of the strategy; nothing for one who is alone."""
    rows = {(row["strategy"], row["creator"]): row["audience_overlap"] for row in study.creators.to_pylist()}
    assert (0.25, 0.25, None) == (rows["two", "anna"], rows["two", "bert"], rows["one", "anna"])
    assert all(0.4 < share < 0.8 for (strategy, _), share in rows.items() if strategy == "many")


def test_the_answer_says_what_was_asked_and_what_came_out(study: Study, tmp_path: Path) -> None:
    """A line for each strategy with a target that applies, and none where nothing is asked."""
    text = " ".join(render(study, width=200).split())
    assert "two: audiences of anna and bert overlap by 25% (asked for 25%)." in text
    assert "many: audiences of micro overlap by " in text
    assert "% (asked for 60%)." in text
    assert 2 == text.count("overlap by")
    free = simulator.run(tiny(tmp_path, replications=2), workers=1)
    assert "overlap" not in render(free, width=200)
    assert free.summary["strategies"]["many"]["audience_overlap"]["targets"] == []


def test_both_engines_and_any_workers_say_the_same(study: Study) -> None:
    """The clock and the number of threads change nothing, the overlap included."""
    for other in (
        simulator.run(study.scenario, engine="reference", workers=1),
        simulator.run(study.scenario, workers=3),
    ):
        assert study.replications.equals(other.replications)
        assert study.creators.equals(other.creators)
        assert summary_json(study.summary) == summary_json(other.summary)


def test_a_run_that_is_continued_builds_no_market(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The overlap is stored with the plays, so what is complete is told without any audience."""
    with ResultFolder(tmp_path / "out", study.scenario, "compiled") as folder:
        simulator.study.montecarlo.run(study.scenario, workers=1, folder=folder)
    monkeypatch.setattr(montecarlo, "build_market", None)
    with ResultFolder(tmp_path / "out", study.scenario, "compiled") as folder:
        again = montecarlo.run(study.scenario, workers=1, folder=folder)
    assert summary_json(study.summary) == summary_json(again.summary)
