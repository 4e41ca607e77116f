"""Laws with exact answers: enumerated cascades, shortest paths, reachability, money.

Nothing here is statistical: the program is played where chance has no say (probability 1), or its own named draws
are recomputed, and the results must be equal.

References:
    Kempe, Kleinberg, Tardos (2003), Maximizing the spread of influence through a social network, KDD: a cascade of
    independent edges is reachability over live edges.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from market_helpers import (
    COUNTS,
    Edge,
    column,
    conditions_on,
    creator,
    graph_of,
    load,
    numbered,
    outcomes,
    reach_on,
    reached_by,
    scenario_values,
)
from scipy import stats

import simulator
from simulator.market.people import People, named_people
from simulator.scenario.section import Exponential
from simulator.spread import rules
from simulator.spread.conditions import Conditions
from simulator.spread.reference import ReferenceCrowd
from simulator.streams import name_key
from simulator.study.results import Study

Pair = tuple[int, int]  # followed, follower
Reach = Callable[[int, tuple[int, ...], tuple[Pair, ...]], int]  # of people, sources and live edges


@dataclass(frozen=True)
class Golden:
    """A small graph, where its cascade starts, and the expected number of people it takes, sources included."""

    edges: Mapping[Pair, Fraction]
    sources: tuple[int, ...]
    expected: str  # as published; rounded where it is no short decimal

    @property
    def count(self) -> int:
        """Give the number of people."""
        return 1 + max(max(edge) for edge in self.edges)


def same(edges: Sequence[Pair], p: str) -> dict[Pair, Fraction]:
    """Give every edge the same probability."""
    return dict.fromkeys(edges, Fraction(p))


def complete(n: int) -> list[Pair]:
    """Give the edges of a graph in which everybody follows everybody."""
    return [(u, v) for u in range(n) for v in range(n) if u != v]


DIAMOND = [(0, 1), (0, 2), (1, 3), (2, 3)]
RING = [edge for i in range(5) for edge in ((i, (i + 1) % 5), ((i + 1) % 5, i))]
S, A, B, C, D = range(5)
ASYMMETRIC = {
    (S, A): ".2",
    (S, B): ".4",
    (A, B): ".3",
    (B, A): ".1",
    (A, C): ".5",
    (B, C): ".25",
    (C, D): ".6",
    (D, S): ".9",
    (B, D): ".05",
}
GOLDEN = {
    "diamond": Golden(same(DIAMOND, ".5"), (0,), "2.4375"),
    "diamond, p = 0.3": Golden(same(DIAMOND, ".3"), (0,), "1.7719"),
    "line of 5": Golden(same([(i, i + 1) for i in range(4)], ".5"), (0,), "1.9375"),
    "star of 10": Golden(same([(0, i) for i in range(1, 11)], ".1"), (0,), "2"),
    "K3": Golden(same(complete(3), ".5"), (0,), "2.25"),
    "K4": Golden(same(complete(4), ".5"), (0,), "3.25"),
    "K4, p = 0.3": Golden(same(complete(4), ".3"), (0,), "2.316556"),
    "K4, two sources": Golden(same(complete(4), ".3"), (0, 1), "3.16994"),
    "ring of 5, both ways": Golden(same(RING, ".4"), (0,), "2.25824"),
    "asymmetric": Golden({edge: Fraction(p) for edge, p in ASYMMETRIC.items()}, (S,), "2.015265"),
}


@cache  # the same subgraphs serve several probabilities
def sources_are_people(count: int, sources: tuple[int, ...], live: tuple[Pair, ...]) -> int:
    """Play a cascade whose sources are the followers of a creator who reaches all of them."""
    return reach_on(conditions_on(graph_of(count, live), sources, horizon=60))


def source_is_a_creator(count: int, sources: tuple[int, ...], live: tuple[Pair, ...]) -> int:
    """Play a cascade that a creator starts in place of the source; what would come back to it is no edge."""
    (source,) = sources
    audience = tuple(follower for followed, follower in live if followed == source)
    return shown_by_a_creator(count, audience, tuple(edge for edge in live if source not in edge))


@cache  # edges back to the source make no other play
def shown_by_a_creator(count: int, audience: tuple[int, ...], among_people: tuple[Pair, ...]) -> int:
    return reach_on(conditions_on(graph_of(count, among_people), audience, horizon=60))


def searched(count: int, sources: tuple[int, ...], live: tuple[Pair, ...]) -> int:
    """Count whom the live edges connect with the sources, without the program."""
    found, border = set(sources), list(sources)
    while border:
        here = border.pop()
        ahead = {follower for followed, follower in live if followed == here} - found
        found |= ahead
        border += ahead
    return len(found)


def expected_reach(golden: Golden, reach: Reach) -> Fraction:
    """Sum over all sets of live edges: the probability of the set times the reach on it."""
    edges, total = list(golden.edges), Fraction(0)
    for size in range(len(edges) + 1):
        for live in combinations(edges, size):
            weight = Fraction(1)
            for edge, p in golden.edges.items():
                weight *= p if edge in live else 1 - p
            total += weight * reach(golden.count, golden.sources, live)
    return total


def is_golden(golden: Golden, value: Fraction) -> bool:
    """Say whether an exact value is the published one, to all digits published."""
    digits = len(golden.expected.partition(".")[2])
    return Fraction(golden.expected) == round(value, digits)


@pytest.mark.parametrize("name", GOLDEN)
def test_enumerated_cascade_from_people(name: str) -> None:
    """Played at probability 1 on each live subgraph and weighted, a cascade from people has the known reach."""
    assert is_golden(GOLDEN[name], expected_reach(GOLDEN[name], sources_are_people))


@pytest.mark.parametrize("name", [name for name, golden in GOLDEN.items() if len(golden.sources) == 1])
def test_enumerated_cascade_from_a_creator(name: str) -> None:
    """A creator in place of the source is no person: the same cascade reaches exactly one person less."""
    assert is_golden(GOLDEN[name], expected_reach(GOLDEN[name], source_is_a_creator) + 1)


def test_enumeration_notices_a_wrong_cascade() -> None:
    """Negative control: a cascade cut short after one step, or other probabilities, miss the known reach."""

    def cut_short(count: int, sources: tuple[int, ...], live: tuple[Pair, ...]) -> int:
        return reach_on(conditions_on(graph_of(count, live), sources, horizon=1))

    diamond = GOLDEN["diamond"]
    assert not is_golden(diamond, expected_reach(diamond, cut_short))
    assert not is_golden(diamond, expected_reach(Golden(same(DIAMOND, ".501"), (0,), ""), sources_are_people))


def test_closed_forms_hold_exactly() -> None:
    """Diamond, line and star are their closed forms as fractions, for a p nobody published."""
    p = Fraction(3, 7)
    diamond, line = same(DIAMOND, "3/7"), same([(i, i + 1) for i in range(4)], "3/7")
    star = same([(0, i) for i in range(1, 7)], "3/7")
    assert 2 + 2 * p - (1 - p**2) ** 2 == expected_reach(Golden(diamond, (0,), ""), sources_are_people)
    assert sum(p**i for i in range(5)) == expected_reach(Golden(line, (0,), ""), sources_are_people)
    assert 1 + 6 * p == expected_reach(Golden(star, (0,), ""), sources_are_people)


@st.composite
def small_graphs(draw: st.DrawFn) -> Golden:
    """Draw a graph of up to 6 people and 8 edges, each edge with its own probability, and one or two sources."""
    pairs = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])
    edges = draw(st.lists(pairs, min_size=1, max_size=8, unique=True))
    tenths = draw(st.lists(st.integers(1, 9), min_size=len(edges), max_size=len(edges)))
    people = sorted({person for edge in edges for person in edge})
    sources = draw(st.lists(st.sampled_from(people), min_size=1, max_size=2, unique=True))
    probabilities = dict(zip(edges, (Fraction(n, 10) for n in tenths), strict=True))
    return Golden(probabilities, tuple(sources), "")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(small_graphs())
def test_enumeration_equals_a_search_of_its_own(golden: Golden) -> None:
    """On drawn graphs the enumerated reach equals that of a plain graph search, as a fraction."""
    assert expected_reach(golden, searched) == expected_reach(golden, sources_are_people)


def test_diamond_enumerated_through_files(tmp_path: Path) -> None:
    """The diamond's 16 subgraphs, each written as a scenario and run, weigh to 1.4375 people."""
    diamond = [("a", "x"), ("a", "y"), ("x", "t"), ("y", "t")]
    behaviour = {"reach_per_peer": 1.0, "peer_delay": {"dist": "exponential", "mean_hours": 2.0}}
    values = scenario_values(
        [creator("a", reach_per_follower=1.0)], {"only_a": ["a"]}, behaviour=behaviour, replications=1
    )
    total = Fraction(0)
    for number in range(16):
        live = [edge for i, edge in enumerate(diamond) if number >> i & 1]
        scenario = load(tmp_path, values, [*live, ("nobody", "t")])
        total += Fraction(1, 16) * int(column(simulator.run(scenario), "only_a", "reach")[0])
    assert Fraction("1.4375") == total


def first_passages(c: Conditions) -> dict[int, int]:
    """Give when each person first sees the only post [s]: Dijkstra on the delays of the showings that are seen.

    Whether and when a showing is seen comes from its name, as the rulebook says; the search is its own.
    """
    (post,) = c.posts
    agenda: list[tuple[int, int]] = []

    def show(at: int, shower_word: int, viewers: Sequence[int], reach: int, delay: Sequence[int]) -> None:
        shower = rules.shower_key(post.key, shower_word)
        for viewer in viewers:
            key = rules.showing_key(shower, c.people.word(viewer))
            if key >> 32 < reach:
                heapq.heappush(agenda, (at + delay[rules.delay_entry(key)], viewer))

    show(0, 0, post.audience.tolist(), int(post.reach[0]), post.delay.tolist())
    arrival: dict[int, int] = {}
    while agenda:
        at, person = heapq.heappop(agenda)
        if person not in arrival and at <= c.horizon:
            arrival[person] = at
            friends = c.graph.followers[c.graph.offsets[person] : c.graph.offsets[person + 1]].tolist()
            show(at, c.people.word(person), friends, int(c.peer_reach[0]), c.peer_delay.tolist())
    return arrival


def logged_arrivals(c: Conditions) -> dict[int, int]:
    """Give when each person first sees a post [s], from the events of the reference clock."""
    env = simpy.Environment()
    log: dict[int, int] = {}

    class Logging(ReferenceCrowd):
        def see(self, event: simpy.Event) -> None:
            log.setdefault(event.viewer, int(env.now))  # type: ignore[attr-defined]
            super().see(event)

    Logging(c, env).publish(0, 0)
    env.run(until=c.horizon + 1)
    return log


@st.composite
def timed_graphs(draw: st.DrawFn) -> Conditions:
    """Draw a graph with cycles and ties: delays of a few seconds to a few minutes, a horizon that may cut."""
    count = draw(st.integers(2, 9))
    person = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(person, person), max_size=30, unique=True))
    names = draw(st.sampled_from([None, [f"name {i}" for i in range(count)]]))
    people: People = named_people(names, 3) if names else numbered(count)
    return conditions_on(
        graph_of(count, edges),
        draw(st.lists(person, min_size=1, max_size=3)),
        replication=draw(st.integers(0, 1000)),
        peer_reach=draw(st.sampled_from([0.4, 0.8, 1.0])),
        source_reach=draw(st.sampled_from([0.7, 1.0])),
        peer_delay=Exponential(dist="exponential", mean_hours=draw(st.sampled_from([0.001, 0.01, 0.1]))),
        source_delay=Exponential(dist="exponential", mean_hours=draw(st.sampled_from([0.001, 0.02]))),
        horizon=draw(st.sampled_from([20, 200, 5000])),
        people=people,
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(timed_graphs())
def test_arrival_times_are_shortest_paths(c: Conditions) -> None:
    """Who sees a post and when equals Dijkstra on the same draws, on both clocks, second by second.

    Once more with the horizon in the very second of an arrival, which still counts.
    """
    times = sorted(first_passages(c).values())
    for horizon in {c.horizon, *times[len(times) // 2 : len(times) // 2 + 1]} - {0}:
        cut = replace(c, horizon=horizon)
        expected = first_passages(cut)
        seconds = sorted({second for at in expected.values() for second in (at - 1, at) if second >= 0} | {horizon})
        assert expected == logged_arrivals(cut)
        assert [sum(at <= second for at in expected.values()) for second in seconds] == reached_by(cut, seconds)


def test_constant_delays_add_up(tmp_path: Path) -> None:
    """On a line with constant delays the k-th person is reached at k delays, to the hour it falls on."""
    line = [("a", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", "p4")]
    behaviour = {"reach_per_peer": 1.0, "peer_delay": {"dist": "constant", "hours": 1.5}}
    first = creator("a", reach_per_follower=1.0, delay={"dist": "constant", "hours": 2.0})
    values = scenario_values([first], {"only_a": ["a"]}, behaviour=behaviour, replications=3, horizon_days=0.25)
    timeline = simulator.run(load(tmp_path, values, line)).timeline.to_pylist()
    reach = [row["mean"] for row in timeline if row["measure"] == "reach"]
    # reached after 2, 3.5, 5 and 6.5 hours; the last is behind the horizon
    assert [0, 0, 1, 1, 2, 3, 3] == reach


@settings(max_examples=50, deadline=None, derandomize=True)
@given(small_graphs())
def test_certain_spread_is_reachability(golden: Golden) -> None:
    """With every probability 1, reach is the number of people the sources are connected with."""
    edges = tuple(golden.edges)
    assert searched(golden.count, golden.sources, edges) == sources_are_people(golden.count, golden.sources, edges)


def two_stars(overlap: int, friends: int = 0) -> list[Edge]:
    """Give two creators with 40 followers each, so many of them in common, and followers of the followers."""
    followers = [("a", f"p{i}") for i in range(40)] + [("b", f"p{i}") for i in range(40 - overlap, 80 - overlap)]
    return followers + [(person, f"{person} friend {i}") for _, person in followers for i in range(friends)]


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_without_peers_only_followers_are_reached(tmp_path: Path, share: float) -> None:
    """If friends show nothing, sharing or not, reach counts direct followers and equals impressions."""
    behaviour = {"reach_per_peer": 0.0}
    a = creator("a", share_per_impression=share)
    scenario = load(tmp_path, scenario_values([a], {"a": ["a"]}, behaviour=behaviour), two_stars(0, friends=3))
    for outcome in outcomes(scenario, "a"):
        assert outcome.reach == outcome.impressions <= 40


def test_without_shares_peers_do_not_matter(tmp_path: Path) -> None:
    """If nobody shares, what friends would see changes nothing."""

    def counts(reach_per_peer: float) -> list[list[int]]:
        behaviour = {"reach_per_peer": reach_per_peer}
        a = creator("a", share_per_impression=0.0)
        scenario = load(tmp_path, scenario_values([a], {"a": ["a"]}, behaviour=behaviour), two_stars(0, friends=3))
        return [[getattr(outcome, name) for name in COUNTS] for outcome in outcomes(scenario, "a")]

    assert counts(0.0) == counts(1.0)


def test_creator_without_overlap_adds_its_solo_counts(tmp_path: Path) -> None:
    """Creators of two components that never meet add up exactly, play by play."""
    funnel = {"engagement_per_impression": 0.3, "click_per_impression": 0.5, "order_per_click": 0.5}
    creators = [creator(h, share_per_impression=0.5, **funnel) for h in "ab"]
    strategies = {"both": ["a", "b"], "a": ["a"], "b": ["b"]}
    scenario = load(tmp_path, scenario_values(creators, strategies), two_stars(0, friends=3))
    study = simulator.run(scenario)
    for measure in (*COUNTS, "revenue", "spend", "profit"):
        alone = column(study, "a", measure) + column(study, "b", measure)
        assert alone.tolist() == column(study, "both", measure).tolist()
    assert column(study, "both", "orders").sum() > 0


def test_overlap_is_counted_once(tmp_path: Path) -> None:
    """Impressions of two creators add up exactly; reach leaves out those whom both reached."""
    creators = [creator(h, share_per_impression=0.0) for h in "ab"]
    strategies = {"both": ["a", "b"], "a": ["a"], "b": ["b"]}
    study = simulator.run(load(tmp_path, scenario_values(creators, strategies), two_stars(25)))
    reach = {name: column(study, name, "reach") for name in strategies}
    impressions = column(study, "both", "impressions")
    seen_twice = reach["a"] + reach["b"] - reach["both"]
    assert (reach["a"] + reach["b"]).tolist() == impressions.tolist()
    assert (impressions - reach["both"]).tolist() == seen_twice.tolist()
    assert seen_twice.max() <= 25
    assert seen_twice.sum() > 0


def test_impressions_are_reach_times_frequency(tmp_path: Path) -> None:
    """Reach is the people with a frequency above 0 and impressions the sum of frequencies, each person recomputed."""
    creators = [creator(h, share_per_impression=0.0, post_days=[0.0, 1.0, 2.0]) for h in "ab"]
    edges = two_stars(25)
    scenario = load(tmp_path, scenario_values(creators, {"both": ["a", "b"]}), edges)
    for outcome in outcomes(scenario, "both"):
        frequency = recomputed_frequency(scenario.seed, outcome.replication, edges, posts=3, reach=0.3)
        assert sum(n > 0 for n in frequency.values()) == outcome.reach
        assert sum(frequency.values()) == outcome.impressions


def recomputed_frequency(seed: int, replication: int, edges: list[Edge], posts: int, reach: float) -> dict[str, int]:
    """Count how often each follower sees the posts of the creators, from the names of the showings alone."""
    frequency: dict[str, int] = {}
    for handle, person in edges:
        for number in range(posts):
            key = name_key(seed, "replication", replication, "post", handle, number, 0, person)
            frequency[person] = frequency.get(person, 0) + (key >> 32 < round(reach * 2**32))
    return frequency


FUNNEL = {"share_per_impression": 0.0, "click_per_impression": 0.6, "order_per_click": 0.5}


def money_study(folder: Path, fee: float) -> Study:
    """Run a campaign in which some people would have bought anyway."""
    product = {"order_value": 80.0, "margin": 0.25, "baseline_order_probability": 0.2}
    creators = [creator("a", fee=fee, **FUNNEL), creator("b", fee=fee, management_cost=7.5, **FUNNEL)]
    strategies = {"both": ["a", "b"], "a": ["a"]}
    return simulator.run(load(folder, scenario_values(creators, strategies, product=product), two_stars(25)))


def test_money_follows_from_counts(tmp_path: Path) -> None:
    """Revenue, spend, profit and ROI are the formulas of each play's orders."""
    for row in money_study(tmp_path, 30.0).replications.to_pylist():
        spend = {"both": 67.5, "a": 30.0}[row["strategy"]]
        profit = row["incremental_orders"] * 80.0 * 0.25 - spend
        expected = (row["orders"] * 80.0, spend, profit, profit / spend)
        assert expected == (row["revenue"], row["spend"], row["profit"], row["roi"])
        assert row["incremental_orders"] <= row["orders"] <= row["clicks"] <= row["impressions"]


def test_break_even_breaks_even(tmp_path: Path) -> None:
    """The break-even share of the cost is where the mean profit is 0, and a fee of that size brings it there."""
    before = money_study(tmp_path, 30.0)
    ratios = before.summary["strategies"]["a"]["ratios"]
    fee = 30.0 * ratios["break_even_cost_share"]["value"]
    assert pytest.approx(column(before, "a", "incremental_orders").mean() * 20.0) == fee
    assert abs(column(money_study(tmp_path, fee), "a", "profit").mean()) <= 0.005  # fees are whole cents


def everyone_orders(folder: Path, followers: int, margin: float = 0.25, **values: object) -> Mapping[str, Any]:
    """Give what is said of a creator whose followers each order once, for 80."""
    funnel = {"reach_per_follower": 1.0, "click_per_impression": 1.0, "order_per_click": 1.0}
    a = creator("a", share_per_impression=0.0, **funnel, **values)
    product = {"order_value": 80.0, "margin": margin}
    scenario = scenario_values([a], {"a": ["a"]}, product=product, replications=4)
    its: Mapping[str, Any] = simulator.run(load(folder, scenario, [("a", f"p{i}") for i in range(followers)])).summary[
        "strategies"
    ]["a"]
    return its


def test_so_many_times_the_orders_break_even(tmp_path: Path) -> None:
    """Twice the followers order twice as much, and pay for twice the commission."""
    few = {"fee": 480.0, "terms": {"affiliate_commission_of_order_value": 0.1}}
    before = everyone_orders(tmp_path, 20, **few)
    assert (-240.0, 240.0) == (before["profit"]["mean"]["value"], before["order_contribution"]["mean"]["value"])
    assert 2.0 == before["ratios"]["break_even_order_factor"]["value"]
    assert 0.0 == everyone_orders(tmp_path, 40, **few)["profit"]["mean"]["value"]
    # What is wrong: a factor that takes the commission for a cost that stays as it is.
    assert 2.0 != 1 / before["ratios"]["break_even_cost_share"]["value"]


# A scandal that comes in every play, and costs nothing but what it brings back.
REFUNDED = {
    "scandal": {"probability_per_day": 0.999, "trust_left": 1.0, "refund_of_fee": 0.25},
    "terms": {"affiliate_commission_of_order_value": 0.1},
    "management_cost": 80.0,
}


def test_break_even_with_commissions_and_refunds(tmp_path: Path) -> None:
    """At that share of all costs, with the margin divided by it, or with so many times the orders, profit is 0."""
    before = everyone_orders(tmp_path, 20, fee=640.0, **REFUNDED)
    paid, commission, refund = 640.0 + 80.0, 20 * 8.0, 160.0
    assert (paid + commission, refund) == (before["spend"]["mean"]["value"], before["refund"]["mean"]["value"])
    assert 20 * 20.0 + refund - paid - commission == before["profit"]["mean"]["value"]
    share, factor = (before["ratios"][f"break_even_{what}"]["value"] for what in ("cost_share", "order_factor"))
    assert (400 / (720 + 160 - 160), (720 - 160) / (400 - 160)) == pytest.approx((share, factor))

    terms = {"affiliate_commission_of_order_value": 0.1 * share}
    lower = REFUNDED | {"terms": terms, "management_cost": 80.0 * share}
    assert 0.0 == pytest.approx(
        everyone_orders(tmp_path, 20, fee=640.0 * share, **lower)["profit"]["mean"]["value"], abs=0.2
    )
    dear = everyone_orders(tmp_path, 20, 0.25 / share, fee=640.0, **REFUNDED)
    assert 0.0 == pytest.approx(dear["profit"]["mean"]["value"], abs=0.02)
    more = everyone_orders(tmp_path, round(20 * factor * 3), fee=640.0 * 3, **REFUNDED | {"management_cost": 240.0})
    assert 0.0 == pytest.approx(more["profit"]["mean"]["value"], abs=0.02)
    # What is wrong: a refund that stays as it is when costs fall, or margins rise.
    assert share != pytest.approx((400 + 160) / (720 + 160))


def test_no_number_of_orders_pays_for_commissions_that_take_all(tmp_path: Path) -> None:
    """At a commission of the whole margin, the rest of the costs is never earned."""
    for commission in (0.25, 0.3):
        terms = {"affiliate_commission_of_order_value": commission}
        its = everyone_orders(tmp_path, 20, fee=480.0, terms=terms)
        assert its["order_contribution"]["mean"]["value"] == pytest.approx(20 * 80 * (0.25 - commission))
        assert its["ratios"]["break_even_order_factor"]["value"] is None


def test_paired_difference_is_that_of_the_pairs(tmp_path: Path) -> None:
    """Interval and saving of a comparison are those of the play-by-play differences."""
    study = money_study(tmp_path, 30.0)
    a, b = column(study, "both", "roi"), column(study, "a", "roi")
    (comparison,) = [c for c in study.summary["comparisons"] if c["measure"] == "roi"]
    mean, interval = comparison["difference"]["mean"], stats.ttest_1samp(a - b, 0).confidence_interval(0.95)
    assert pytest.approx((interval.low, interval.high)) == (mean["low"], mean["high"])
    saved = (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)
    assert pytest.approx(saved) == comparison["replications_saved_by_pairing"]
    assert pytest.approx((a - b).var()) == a.var() + b.var() - 2 * np.cov(a, b, ddof=0)[0, 1]
    assert pytest.approx((a > b).mean()) == comparison["a_beats_b"]["value"]
