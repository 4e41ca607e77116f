"""Laws of chance with known values: first passage, contagion in time, overlap, frequency, funnel.

Every check uses fixed seeds and goes wrong about a right program with probability 6.8e-6 (4.5 standard errors,
two-sided, or the same exactly for counts). Beside each stands a negative control: the same check on the same plays
must fail against a law that is wrong by a stated amount.

References:
    Bass (1969), A new product growth model for consumer durables, Management Science 15.
    Zhao et al. (2015), SEISMIC, KDD (the reaction-time kernel).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from market_helpers import (
    Values,
    column,
    conditions_on,
    count_agrees,
    creator,
    distribution_agrees,
    graph_of,
    load,
    mean_agrees,
    outcomes,
    reach_on,
    reached_by,
    scenario_values,
    variance_agrees,
)
from scipy import stats
from scipy.integrate import solve_ivp

import simulator
from simulator.market.follow_graph import FollowGraph
from simulator.scenario.section import Exponential, PowerLaw
from simulator.spread.conditions import Conditions
from simulator.spread.crowd import CompiledCrowd
from simulator.study.results import Study

Ids = npt.NDArray[np.int32]


HOUR = 3600
UNIT = 100 * HOUR  # a unit of time of the law; long, so that rounding to seconds does not matter


def hourly(mean_units: float) -> Exponential:
    """Give an exponential delay by its mean in units."""
    return Exponential(dist="exponential", mean_hours=mean_units * UNIT / HOUR)


def arrivals(c: Conditions) -> Values:
    """Give when each reached person first saw the post, to the middle of the hour, in order [units]."""
    crowd = CompiledCrowd(c)
    crowd.publish(0, 0)
    crowd.advance(c.horizon + 1)
    reach = crowd.tally().by_hour[:, 0]
    return np.repeat((np.arange(reach.size) - 0.5) * HOUR / UNIT, reach)


def test_first_passage_on_a_line_is_erlang() -> None:
    """With delays of rate 2, hop k of a line, if reached, is reached after an Erlang(k, 2) time.

    Friends see a share with 0.9 and share it with 0.9, so seeing, delay and sharing must be independent.
    Control: rate 2.2 fails in the mean of hop 4 and in its distribution.
    """
    line, law, horizon = graph_of(4, [(0, 1), (1, 2), (2, 3)]), hourly(0.5), 15 * UNIT
    plays = []
    for i in range(5000):
        c = conditions_on(
            line,
            [0],
            replication=i,
            peer_reach=0.9,
            share=0.9,
            source_delay=law,
            peer_delay=law,
            horizon=horizon,
        )
        plays.append(arrivals(c))
    hops = [np.array([times[k] for times in plays if times.size > k]) for k in range(4)]
    for k, times in enumerate(hops, 1):
        assert mean_agrees(times, k / 2, k**0.5 / 2)
        assert variance_agrees(times, k / 2, k / 4)
    assert distribution_agrees(hops[3], stats.gamma(4, scale=0.5).cdf)
    assert not mean_agrees(hops[3], 4 / 2.2, 4**0.5 / 2.2)
    assert not distribution_agrees(hops[3], stats.gamma(4, scale=1 / 2.2).cdf)


def test_hops_succeed_independently() -> None:
    """On a line where friends see a share with probability p, hop k is reached with probability p ** k.

    Control: p = 0.75 instead of 0.7 fails at the third hop.
    """
    line = graph_of(4, [(0, 1), (1, 2), (2, 3)])
    reach = sizes_from(line, [0], 0.7, 5000)
    for k in (1, 2, 3):
        assert count_agrees(int((reach > k).sum()), 5000, 0.7**k)
    assert not count_agrees(int((reach > 3).sum()), 5000, 0.75**3)


def sizes_from(graph: FollowGraph, sources: Sequence[int], peer_reach: float, plays: int) -> Values:
    """Play cascades from the same sources (plays,)."""
    return np.array(
        [reach_on(conditions_on(graph, sources, replication=i, peer_reach=peer_reach)) for i in range(plays)]
    )


@cache
def everybody_follows_everybody(count: int) -> FollowGraph:
    """Make the complete graph."""
    return graph_of(count, [(u, v) for u in range(count) for v in range(count) if u != v])


def test_everybody_is_reached_after_the_known_time() -> None:
    """On the complete graph of 50, at pair rate 1/49, all are reached after 2 H(49) 49 / 50 = 8.77924 units.

    Control: 40 people (8.29 units at 1/39) fail.
    """
    last = [
        arrivals(
            conditions_on(everybody_follows_everybody(50), [0], replication=i, peer_delay=hourly(49), horizon=30 * UNIT)
        )
        for i in range(400)
    ]
    assert {50} == {times.size for times in last}
    assert mean_agrees([times[-1] for times in last], 8.77924)
    assert not mean_agrees([times[-1] for times in last], 2 * sum(1 / i for i in range(1, 40)) * 39 / 40)


def birth_chain(count: int, p: float, q: float, times: Sequence[float]) -> Values:
    """Give the mean number of adopters by time where each of the others adopts at rate p + q i / N.

    The law of Bass with finitely many people, from Kolmogorov's forward equations.
    """
    rate = np.array([(count - i) * (p + q * i / count) for i in range(count + 1)])

    def forward(_: float, chance: Values) -> Values:
        flow = rate * chance
        return np.asarray(np.concatenate(([0.0], flow[:-1])) - flow)

    start = np.zeros(count + 1)
    start[0] = 1.0
    solved = solve_ivp(forward, (0.0, max(times)), start, t_eval=times, rtol=1e-8, atol=1e-10)
    return np.asarray(np.arange(count + 1) @ solved.y)


def test_a_creator_and_contagion_make_a_bass_curve() -> None:
    """A creator at rate p and friends at rate q / N on the complete graph follow Bass (p = 0.03, q = 0.38).

    The exact law is that of 150 people; the known values of the limit are close to it. Control: q = 0.33 fails.
    """
    count, p, q, times = 150, 0.03, 0.38, (1.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0)
    plays = np.array(
        [
            reached_by(
                conditions_on(
                    everybody_follows_everybody(count),
                    range(count),
                    replication=i,
                    source_delay=hourly(1 / p),
                    peer_delay=hourly(count / q),
                    horizon=20 * UNIT,
                ),
                [int(t * UNIT) for t in times],
            )
            for i in range(300)
        ]
    )

    def agrees(q: float) -> bool:
        return all(mean_agrees(plays[:, i], mean) for i, mean in enumerate(birth_chain(count, p, q, times)))

    assert agrees(q)
    assert not agrees(0.33)
    bass = [0.0358, 0.1505, 0.3312, 0.6517, 0.8128, 0.9716, 0.9963]
    assert pytest.approx(bass, abs=0.03) == (plays.mean(axis=0) / count).tolist()


def test_reactions_follow_the_published_kernel() -> None:
    """Times from a share to its impressions, read off the clock, follow the power law flat up to 5 minutes.

    Control: exponent 0.2314843, which other sources use, fails.
    """
    count, days = 60_000, 30
    star = graph_of(count + 1, [(0, i) for i in range(1, count + 1)])
    c = conditions_on(
        star,
        [0],
        peer_delay=PowerLaw(dist="power_law", flat_minutes=5.0, exponent=0.242),
        horizon=days * 24 * HOUR,
    )
    seconds = [300, HOUR, 24 * HOUR, days * 24 * HOUR]
    seen = [reach - 1 for reach in reached_by(c, seconds)]

    def agrees(theta: float) -> bool:
        later = [(s / 300) ** -theta / (1 + theta) for s in seconds]
        return all(count_agrees(n, count, 1 - p) for n, p in zip(seen, later, strict=True))

    assert agrees(0.242)
    assert not agrees(0.2314843)
    assert pytest.approx([0.1948, 0.5587, 0.7955, 1 - 0.0898], abs=0.01) == [n / count for n in seen]


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Run two accounts of 50,000 and 30,000 followers, 10,000 of them in common, at reach 0.3."""
    followers = [("a", f"{i}") for i in range(50_000)] + [("b", f"{i}") for i in range(40_000, 70_000)]
    creators = [creator(handle, share_per_impression=0.0) for handle in "ab"]
    values = scenario_values(creators, {"both": ["a", "b"], "a": ["a"]}, replications=200)
    return simulator.run(load(tmp_path_factory.mktemp("overlap"), values, followers))


def test_two_accounts_reach_23_100(overlapping: Study) -> None:
    """Two overlapping accounts reach r (|A| + |B|) - r^2 |A and B| = 23,100 people, with the variance of the law.

    Control: 23,160 people fail (the overlap 7% smaller), and so does two and a half times the variance.
    """
    reach = column(overlapping, "both", "reach")
    variance = 60_000 * 0.3 * 0.7 + 10_000 * 0.51 * 0.49
    assert mean_agrees(reach, 23_100, variance**0.5)
    assert variance_agrees(reach, 23_100, variance)
    assert not mean_agrees(reach, 23_160, variance**0.5)
    assert not variance_agrees(reach, 23_100, 2.5 * variance)


def test_frequency_is_poisson_binomial(overlapping: Study) -> None:
    """Of the common followers 9% see both posts, so impressions exceed reach by 900 people on average.

    Control: 8.8% fails.
    """
    twice = int((column(overlapping, "both", "impressions") - column(overlapping, "both", "reach")).sum())
    assert count_agrees(twice, 200 * 10_000, 0.09)
    assert not count_agrees(twice, 200 * 10_000, 0.088)


def test_either_creator_reaches_a_common_follower(tmp_path: Path) -> None:
    """A follower of both is reached with 1 - (1 - p_a)(1 - p_b) = 0.65, the friend of a sharer with 0.3 of that.

    Control: 0.5 instead of 0.65 fails, and so does one cascade with two sources for the friend (0.3 x 0.65).
    """
    creators = [creator("a"), creator("b", reach_per_follower=0.5)]
    edges = [("a", "x"), ("b", "x"), ("x", "friend")]
    values = scenario_values(creators, {"both": ["a", "b"]}, replications=4000)
    reach = np.array([outcome.reach for outcome in outcomes(load(tmp_path, values, edges), "both")])
    friend = 1 - (1 - 0.3 * 0.3) * (1 - 0.5 * 0.3)
    assert count_agrees(int((reach >= 1).sum()), 4000, 0.65)
    assert count_agrees(int((reach == 2).sum()), 4000, friend)
    assert not count_agrees(int((reach >= 1).sum()), 4000, 0.5)
    assert not count_agrees(int((reach == 2).sum()), 4000, 0.3 * 0.65)


def test_many_random_audiences_reach_the_known_share(tmp_path: Path) -> None:
    """Twenty accounts, each with a random 5% of the people at reach 0.2, reach 18.2093% of them.

    Control: 20% (no overlap) fails, and so do 19 accounts.
    """
    pool = {
        **{key: value for key, value in creator("", share_per_impression=0.0).items() if key != "handle"},
        "count": 20,
        "followers": "1_000 to 1_000",
        "fee": 1.0,
        "reach_per_follower": 0.2,
    }
    values = scenario_values([], {}, replications=120, markets=40, budget=20.0)
    people = {"count": 20_000, "followings_per_person": 0.0, "niche_affinity": 1.0}
    values |= {"people": people, "pools": {"many": pool}, "strategies": {"all": {"split": {"many": 1.0}}}}
    del values["creators"]
    study = simulator.run(load(tmp_path, values))
    by_market = column(study, "all", "reach").reshape(3, 40).mean(axis=0) / 20_000
    assert mean_agrees(by_market, 0.182093)
    assert not mean_agrees(by_market, 0.2)
    assert not mean_agrees(by_market, 1 - 0.99**19)


def test_diamond_reaches_1_4375(tmp_path: Path) -> None:
    """A creator on the diamond reaches 1.4375 people on average at p = 0.5, and t with 0.4375.

    Control: p = 0.53 (1.53 people) fails.
    """
    behaviour = {"reach_per_peer": 0.5}
    values = scenario_values(
        [creator("a", reach_per_follower=0.5)], {"only_a": ["a"]}, behaviour=behaviour, replications=4000
    )
    diamond = [("a", "x"), ("a", "y"), ("x", "t"), ("y", "t")]
    reach = [outcome.reach for outcome in outcomes(load(tmp_path, values, diamond), "only_a")]
    assert mean_agrees(reach, 1.4375)
    assert not mean_agrees(reach, 2 * 0.53 + 1 - (1 - 0.53**2) ** 2)


def test_funnel_without_cascade(tmp_path: Path) -> None:
    """Orders are binomial with followers x reach x click x order, ROI the formula of their mean.

    Control: a reach of 0.31 instead of 0.3 fails in orders and in ROI, and Poisson orders in variance.
    """
    rates = {"reach_per_follower": 0.9, "click_per_impression": 0.8, "order_per_click": 0.75}
    edges = [("a", f"{i}") for i in range(2000)]
    values = scenario_values(
        [creator("a", share_per_impression=0.0, fee=20_000.0, **rates)], {"a": ["a"]}, replications=1500
    )
    played = outcomes(load(tmp_path, values, edges), "a")
    p = 0.9 * 0.8 * 0.75

    def agrees(p: float) -> bool:
        mean, sd = 2000 * p, (2000 * p * (1 - p)) ** 0.5
        roi = (0.5 * 100.0 * mean - 20_000) / 20_000
        return mean_agrees([o.orders for o in played], mean, sd) and mean_agrees(
            [o.roi or 0.0 for o in played], roi, 0.5 * 100.0 * sd / 20_000
        )

    assert agrees(p)
    assert variance_agrees([o.orders for o in played], 2000 * p, 2000 * p * (1 - p))
    assert not agrees(p * 0.31 / 0.3)
    assert not variance_agrees([o.orders for o in played], 2000 * p, 2000 * p)


def test_decisions_of_an_impression_are_independent(tmp_path: Path) -> None:
    """Engagements, shares and clicks of the same impressions vary together as independent counts do.

    Control: the variance of one decision for all three, thrice as large, fails.
    """
    rates = {f"{name}_per_impression": 0.5 for name in ("engagement", "share", "click")}
    a = creator("a", **rates | {"reach_per_follower": 1.0})
    values = scenario_values([a], {"a": ["a"]}, replications=1000)
    edges = [("a", f"{i}") for i in range(300)]
    total = [o.engagements + o.shares + o.clicks for o in outcomes(load(tmp_path, values, edges), "a")]
    assert mean_agrees(total, 450.0, 225.0**0.5)
    assert variance_agrees(total, 450.0, 225.0)
    assert not variance_agrees(total, 450.0, 3 * 225.0)


def test_baseline_orders_are_left_out(tmp_path: Path) -> None:
    """Of all orders the share of those who would have bought anyway is not incremental.

    Control: a baseline of 0.3 instead of 0.2 fails.
    """
    product = {"order_value": 100.0, "margin": 0.5, "baseline_order_probability": 0.2}
    rates = {"share_per_impression": 0.0, "click_per_impression": 0.5, "order_per_click": 0.5}
    edges = [("a", f"{i}") for i in range(500)]
    played = outcomes(
        load(tmp_path, scenario_values([creator("a", **rates)], {"a": ["a"]}, product=product), edges), "a"
    )
    orders, incremental = (sum(getattr(o, name) for o in played) for name in ("orders", "incremental_orders"))
    assert count_agrees(incremental, orders, 0.8)
    assert not count_agrees(incremental, orders, 0.7)


def test_fatigue_lowers_each_next_impression(tmp_path: Path) -> None:
    """The k-th impression is clicked with the first one's chance times k ** -fatigue.

    Control: fatigue 0.5 instead of 0.43 fails.
    """
    posts = 4
    rates = {"reach_per_follower": 1.0, "share_per_impression": 0.0, "click_per_impression": 0.5}
    a = creator("a", post_days=[float(day) for day in range(posts)], **rates)
    behaviour = {"reach_per_peer": 0.0, "fatigue": 0.43}
    edges = [("a", f"{i}") for i in range(1000)]
    values = scenario_values([a], {"a": ["a"]}, behaviour=behaviour, replications=100)
    clicks = [outcome.clicks for outcome in outcomes(load(tmp_path, values, edges), "a")]

    def agrees(fatigue: float) -> bool:
        chances = 0.5 * np.arange(1, posts + 1) ** -fatigue
        sd = (1000 * (chances * (1 - chances)).sum()) ** 0.5
        return mean_agrees(clicks, 1000 * chances.sum(), sd)

    assert agrees(0.43)
    assert not agrees(0.5)


def test_names_do_not_matter_on_average(tmp_path: Path) -> None:
    """People under other names have other luck and the same law.

    Control: the same graph with one edge less fails.
    """
    edges = [("a", "x"), ("a", "y"), ("x", "t"), ("y", "t"), ("t", "u"), ("u", "x")]
    renamed = {"x": "u7", "y": "Ω", "t": "x", "u": "007"}
    values = scenario_values(
        [creator("a", reach_per_follower=0.5)],
        {"a": ["a"]},
        behaviour={"reach_per_peer": 0.5},
        replications=2000,
    )

    def reach(folder: str, edges: list[tuple[str, str]]) -> Values:
        played = outcomes(load(tmp_path / folder, values, edges), "a")
        return np.array([outcome.reach for outcome in played], np.float64)

    before = reach("before", edges)
    after = reach("after", [(renamed.get(u, u), renamed.get(v, v)) for u, v in edges])
    fewer = reach("fewer", edges[:2] + edges[3:])
    assert before.tolist() != after.tolist()
    assert mean_agrees(after - before, 0.0)
    assert not mean_agrees(fewer - before, 0.0)


def test_posts_of_a_creator_are_independent() -> None:
    """Two posts to the same followers reach 1 - (1 - p)^2 of them.

    Control: one decision for both posts (p) fails.
    """
    count = 20_000
    c = conditions_on(graph_of(count, []), range(count), source_reach=0.3)
    first = c.posts[0]
    second = replace(first, key=first.key ^ 1)
    crowd = CompiledCrowd(Conditions(**{**c.__dict__, "posts": (first, second)}))
    for post in (0, 1):
        crowd.publish(post, 0)
    crowd.advance(10)
    assert count_agrees(crowd.tally().reach, count, 1 - 0.7**2)
    assert not count_agrees(crowd.tally().reach, count, 0.3)
