"""Flops and hits: the quality of a post, and the bound on how many shares a share may cause.

Checks against a law use fixed seeds and go wrong about a right program with probability 6.8e-6 each; a negative control
stands beside every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from market_helpers import Values, creator, distribution_agrees, graph_of, load, mean_agrees, numbered, scenario_values
from scipy import stats
from study_helpers import values_of

import simulator
from simulator.campaign.content import conditions_of
from simulator.campaign.hiring import Plan, hire
from simulator.campaign.play import Engine, play
from simulator.campaign.quality import largest_share, quality, reproduction
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import Market, build_market
from simulator.market.follow_graph import FollowGraph, draw_follow_graph, graph_of_edges
from simulator.scenario.model import Scenario
from simulator.spread.conditions import Post, chance
from simulator.streams import name_key, uniform

RATES = {
    "reach_per_follower": 0.9,
    "engagement_per_impression": 0.3,
    "share_per_impression": 0.2,
    "click_per_impression": 0.4,
    "order_per_click": 0.5,
}
FUNNEL: dict[str, object] = {**RATES, "followers": 200, "post_days": [0.0, 1.0, 2.0]}


def market_values(
    creators: list[dict[str, object]], behaviour: Mapping[str, object] | None = None, **values: object
) -> dict[str, object]:
    """Give a scenario in synthetic markets of 1,000 people, in which each creator is hired alone and all together."""
    handles = [str(its["handle"]) for its in creators]
    strategies = {"all": handles} | {f"only_{handle}": [handle] for handle in handles}
    given = scenario_values(creators, strategies, **values)
    people = {"count": 1000, "activity_spread": 0.2, "followings_per_person": 8.0}
    usual: dict[str, object] = {"reach_per_peer": 0.4, "fatigue": 0.3}
    return given | {"people": people, "behaviour": usual | dict(behaviour or {})}


def market_of(scenario: Scenario) -> Market:
    """Build a scenario's market 0 with everybody it may hire."""
    profiles = {p.name: p for strategy in scenario.strategies for p in hire(scenario, 0, strategy).profiles}
    return build_market(scenario, 0, profiles.values())


def posts_of(scenario: Scenario, market: Market, strategy: str = "all", replication: int = 0) -> tuple[Post, ...]:
    """Give the posts of one play."""
    plan = hire(scenario, 0, strategy)
    return conditions_of(scenario, market, plan, Unknowns.of(scenario.seed, replication)).posts


def quality_by_name(seed: int, replication: int, handle: str, number: int, spread: float) -> float:
    """Give a post's quality from its name, as section 3 of the design page writes names."""
    luck = uniform(name_key(seed, "replication", replication, "post", handle, number, "quality"))
    return float(stats.lognorm.ppf(luck, spread, scale=np.exp(-(spread**2) / 2)))


# Quality ------------------------------------------------------------------------------------------------------


def test_without_spread_every_post_is_exactly_average() -> None:
    """Spread 0 multiplies by exactly 1."""
    assert {1.0} == {quality(name_key(3, number), 0.0) for number in range(100)}


def test_neutral_values_give_the_same_bytes(tmp_path: Path) -> None:
    """Without the keys, with spread 0, and with a bound no post exceeds, a study is the same; with spread it is not."""

    def study(name: str, spread: Mapping[str, object], behaviour: Mapping[str, object]) -> object:
        values = market_values([creator("a", **FUNNEL, **spread)], behaviour, replications=12)
        return simulator.run(load(tmp_path / name, values), workers=1).replications

    none = study("none", {}, {})
    assert none.equals(study("zero", {"quality_spread": 0.0}, {}))  # type: ignore[attr-defined]
    small = {"reach_per_peer": 0.02}
    assert study("small", {}, small).equals(  # type: ignore[attr-defined]
        study("bound", {}, {**small, "most_reproduction": 0.9})
    )
    assert not none.equals(study("one", {"quality_spread": 1.0}, {}))  # type: ignore[attr-defined]
    assert not none.equals(study("low", {}, {"most_reproduction": 0.2}))  # type: ignore[attr-defined]


@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_quality_multiplies_responses_and_neither_reach_nor_orders(tmp_path: Path, spread: float) -> None:
    """Engagement, share and click are the rate times the post's quality, at most 1; all else is as without."""
    creators = [creator(handle, **FUNNEL) for handle in "ab"]
    flat = load(tmp_path / "flat", market_values(creators))
    scenario = load(tmp_path / "wide", market_values([{**its, "quality_spread": spread} for its in creators]))
    market, names = market_of(flat), [(handle, number) for handle in "ab" for number in range(3)]
    for replication in range(20):
        pairs = zip(
            posts_of(scenario, market, "all", replication), posts_of(flat, market, "all", replication), strict=True
        )
        for (handle, number), (post, average) in zip(names, pairs, strict=True):
            factor = quality_by_name(scenario.seed, replication, handle, number, spread)
            for actual, rate in ((post.engage, 0.3), (post.share, 0.2), (post.click, 0.4)):
                assert pytest.approx(min(1.0, rate * factor), abs=2.0**-32) == actual / 2**32
            assert (average.key, average.order) == (post.key, post.order)
            assert post.reach is average.reach
            assert post.delay is average.delay


def test_quality_is_log_normal_with_mean_one() -> None:
    """Over 40,000 names quality has mean 1 and follows its law.

    Control: a median of 1 instead of the mean fails, and so does a spread that is 5% larger.
    """
    spread = 0.6
    sample = np.array([quality(name_key(5, number), spread) for number in range(40_000)])
    sd = float(np.sqrt(np.expm1(spread**2)))
    assert mean_agrees(sample, 1.0, sd)
    assert not mean_agrees(sample * np.exp(spread**2 / 2), 1.0, sd)
    assert distribution_agrees(sample, stats.lognorm(spread, scale=np.exp(-(spread**2) / 2)).cdf)
    assert not distribution_agrees(sample, stats.lognorm(1.05 * spread, scale=np.exp(-(spread**2) / 2)).cdf)


def test_every_strategy_gets_the_same_flops_and_hits(tmp_path: Path) -> None:
    """A creator's posts are as good whoever else is hired; posts, creators and replications differ."""
    creators = [creator(handle, **FUNNEL, quality_spread=1.0) for handle in "ab"]
    scenario = load(tmp_path, market_values(creators))
    market = market_of(scenario)
    seen = set()
    for replication in range(5):
        together = posts_of(scenario, market, "all", replication)
        apart = [post for handle in "ab" for post in posts_of(scenario, market, f"only_{handle}", replication)]
        assert [post.engage for post in together] == [post.engage for post in apart]
        seen |= {post.engage for post in together if post.engage < 2**32}
    assert len(seen) > 20


# The reproduction number --------------------------------------------------------------------------------------


def test_followers_of_a_follower_by_hand() -> None:
    """Person 0 has 3 followers and follows 1, who has 1; 2 and 3 follow only: (3 x 1 + 1 x 1) / 4 follows."""
    assert 1.0 == graph_of(4, [(0, 1), (0, 2), (0, 3), (1, 0)]).followers_of_a_follower
    assert 0.0 == graph_of(4, []).followers_of_a_follower


def test_followers_of_a_follower_is_the_mean_over_follows() -> None:
    """On a drawn graph it is the mean number of followers of who follows, edge by edge, far above a person's mean."""
    graph = draw_follow_graph(np.zeros(3000, np.uint8), name_key(4, "graph"))
    counts = np.diff(graph.offsets)
    assert pytest.approx(counts[graph.followers].mean(), rel=1e-12) == graph.followers_of_a_follower
    assert graph.followers_of_a_follower > 2 * counts.mean()


def test_bound_is_kept_and_never_raises(tmp_path: Path) -> None:
    """A post above the bound comes down to it, one below keeps its share chance; nothing else changes."""
    creators = [creator("a", **FUNNEL, quality_spread=1.0)]
    free = load(tmp_path / "free", market_values(creators))
    bound = load(tmp_path / "bound", market_values(creators, {"most_reproduction": 0.5}))
    market = market_of(free)
    limit = chance(0.5 / reproduction(market.graph, 0.4, 1.0))
    lowered = 0
    for replication in range(30):
        for post, was in zip(
            posts_of(bound, market, "all", replication), posts_of(free, market, "all", replication), strict=True
        ):
            assert min(was.share, limit) == post.share
            assert reproduction(market.graph, 0.4, post.share / 2**32) <= 0.5 + 1e-7
            assert (was.engage, was.click, was.order) == (post.engage, post.click, post.order)
            lowered += post.share < was.share
    assert 0 < lowered < 90


def test_bound_without_follows_or_reach_changes_nothing() -> None:
    """Where nobody follows anybody, or sees what friends share, any share chance is within the bound."""
    assert 1.0 == largest_share(graph_of(3, []), 0.5, 0.1) == largest_share(graph_of(3, [(0, 1), (1, 2)]), 0.0, 0.1)


# On both sides of the threshold -------------------------------------------------------------------------------

PEOPLE, FOLLOWERS, REACH, SHARE, BOUND = 20_000, 4.0, 0.5, 0.3, 0.8


@cache
def random_graph() -> FollowGraph:
    """Draw a directed Erdos-Renyi graph, in which a follower has as many followers as anybody."""
    rng = np.random.default_rng(1)
    return graph_of_edges(PEOPLE, *rng.integers(0, PEOPLE, (2, int(PEOPLE * FOLLOWERS)), dtype=np.int32))


def cascade_scenario(folder: Path, behaviour: Mapping[str, object]) -> Scenario:
    """Give a creator with one follower, who sees the post; a share causes 0.6 shares if the post is average."""
    lively = {"reach_per_follower": 1.0, "share_per_impression": SHARE, "followers": 1, "quality_spread": 1.0}
    quick = {"reach_per_peer": REACH, "fatigue": 0.0, "peer_delay": {"dist": "constant", "hours": 0.1}}
    return load(folder, market_values([creator("a", **lively)], quick | dict(behaviour), horizon_days=30.0))


def cascades(scenario: Scenario, plays: int) -> tuple[Values, Values]:
    """Play a post from people drawn at random; give each play's R and how many people it reached (plays,)."""
    rng, plan, graph = np.random.default_rng(2), hire(scenario, 0, "all"), random_graph()
    r, size = [], []
    for replication in range(plays):
        source: npt.NDArray[np.int32] = rng.integers(0, PEOPLE, 1, dtype=np.int32)
        market = Market(numbered(PEOPLE), graph, {"a": source})
        equal = with_equal_people(scenario)
        (post,) = conditions_of(equal, market, plan, Unknowns.of(equal.seed, replication)).posts
        r.append(reproduction(graph, REACH, post.share / 2**32))
        size.append(play(equal, market, plan, replication).reach)
    return np.array(r), np.array(size, np.float64)


def with_equal_people(scenario: Scenario) -> Scenario:
    """Make everybody see equally much, as the branching law has it."""
    return scenario.model_copy(update={"people": scenario.people.model_copy(update={"activity_spread": 0.0})})


def test_with_a_bound_cascades_stay_below_the_branching_law(tmp_path: Path) -> None:
    """With R at most 0.8 a cascade takes 1 / (1 - R) people on average, post by post, and all at most 5 on average.

    A third of the posts would be above the bound. Control: the law of the bound 0.9 fails, and so does a follower less.
    """
    r, size = cascades(cascade_scenario(tmp_path, {"most_reproduction": BOUND}), 3000)
    assert r.max() <= BOUND + 1e-7
    assert 0.1 < np.mean(r > BOUND - 1e-7) < 0.5
    assert mean_agrees(size - 1 / (1 - r), 0.0)
    assert size.mean() < 1 / (1 - BOUND)
    larger = np.where(r > BOUND - 1e-7, 0.9, r)
    assert not mean_agrees(size - 1 / (1 - larger), 0.0)
    assert not mean_agrees(size - 1 / (1 - 0.75 * r), 0.0)


def test_without_a_bound_the_graph_is_the_bound(tmp_path: Path) -> None:
    """Without a bound posts above R = 1 take off; what stops them is that people share once.

    Sharers are y = 1 - exp(-R y), and 1 - exp(-m y) of the people are reached, m = 2 by one share; R is at most m here,
    so 80% of the people at most. Control: the very same posts fail the branching law's bound of 5 people by far.
    """
    r, size = cascades(cascade_scenario(tmp_path, {}), 300)
    m = reproduction(random_graph(), REACH, 1.0)
    assert 0.1 < np.mean(r > 1) < 0.5
    assert size.mean() > 20 / (1 - BOUND)
    for its_r, its_size in zip(r, size, strict=True):
        y = final_share(its_r)
        # 4.5 standard deviations of the reach, and room for posts at R = 1, which are wider
        assert its_size <= PEOPLE * (1 - np.exp(-m * y)) + 0.04 * PEOPLE
    assert size.max() > 0.5 * PEOPLE
    # quality, not the graph: posts below the threshold stay small
    assert size[r < BOUND].mean() < 1 / (1 - BOUND)


def final_share(r: float) -> float:
    """Solve y = 1 - exp(-r y): above R = 1 for y > 0."""
    y = 1.0
    for _ in range(2000):
        y = 1 - np.exp(-r * y)
    return float(y)


# Both clocks --------------------------------------------------------------------------------------------------


def outcome_of(engine: Engine, scenario: Scenario, market: Market, plan: Plan, replication: int) -> dict[str, object]:
    """Play a replication; give all that came of it as values that can be compared."""
    return values_of(play(scenario, market, plan, replication, engine))


@pytest.mark.parametrize("behaviour", [{}, {"most_reproduction": 0.7}], ids=["free", "bound"])
def test_clocks_agree_on_flops_and_hits(tmp_path: Path, behaviour: Mapping[str, object]) -> None:
    """Both clocks count the same where posts of one creator differ in all they lead to."""
    creators = [creator(handle, **FUNNEL, quality_spread=1.0) for handle in "ab"]
    scenario = load(tmp_path, market_values(creators, behaviour, horizon_days=5.0))
    market, plan = market_of(scenario), hire(scenario, 0, "all")
    results = []
    for replication in range(6):
        results.append(outcome_of("reference", scenario, market, plan, replication))
        assert results[-1] == outcome_of("compiled", scenario, market, plan, replication)
    assert all(result["shares"] and result["orders"] for result in results)
    assert 6 == len({repr(result["by_hour"]) for result in results})
