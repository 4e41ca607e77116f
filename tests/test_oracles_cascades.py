"""Laws of cascades on random graphs: branching below criticality, percolation above it.

Every check uses fixed seeds and goes wrong about a right program with probability 6.8e-6 (4.5 standard errors,
two-sided, or the same exactly for counts). Beside each stands a negative control: the same check on the same plays
must fail against a law that is wrong by a stated amount.

References:
    Otter (1949), The multiplicative process, Ann. Math. Statist. 20 (total sizes; Borel's law for Poisson offspring).
    Newman (2002), Spread of epidemic disease on networks, Phys. Rev. E 66 (percolation).
    Kenah, Robins (2007), Second look at the spread of epidemics on networks, Phys. Rev. E 76 (one decision for all
    edges of a person: the same mean, another chance to take off).
    von Bahr, Martin-Löf (1980), Threshold limit theorems for some epidemic processes, Adv. Appl. Probab. 12.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from market_helpers import (
    Values,
    conditions_on,
    count_agrees,
    mean_agrees,
    reach_on,
    reached_by,
    variance_agrees,
)

from simulator.market.follow_graph import FollowGraph, graph_of_edges

Ids = npt.NDArray[np.int32]


@cache
def random_graph(count: int, mean_followers: float, seed: int) -> FollowGraph:
    """Draw a directed Erdos-Renyi graph (repeats and self-follows are few and dropped)."""
    rng = np.random.default_rng(seed)
    size = rng.poisson(count * mean_followers)
    return graph_of_edges(count, *rng.integers(0, count, (2, size), dtype=np.int32))


def stubs_graph(followers: Ids, followings: Ids, rng: np.random.Generator) -> FollowGraph:
    """Draw a directed configuration model; both arrays have the same sum."""
    ids = np.arange(followers.size, dtype=np.int32)
    return graph_of_edges(ids.size, np.repeat(ids, followers), rng.permutation(np.repeat(ids, followings)))


@cache
def three_regular(count: int, seed: int) -> FollowGraph:
    """Draw a graph of mutual follows in which everybody has three friends (but for a few repeats)."""
    stubs = np.random.default_rng(seed).permutation(np.repeat(np.arange(count, dtype=np.int32), 3))
    a, b = stubs[::2], stubs[1::2]
    return graph_of_edges(count, np.concatenate([a, b]), np.concatenate([b, a]))


def sizes(
    graph: FollowGraph, plays: int, peer_reach: float, *, share: float = 1.0, sources: int = 1, seed: int = 5
) -> Values:
    """Play cascades from people drawn at random; sizes include the sources (plays,)."""
    rng = np.random.default_rng(seed)
    people = graph.offsets.size - 1
    return np.array(
        [
            reach_on(
                conditions_on(
                    graph,
                    rng.choice(people, sources, replace=False),
                    replication=play,
                    peer_reach=peer_reach,
                    share=share,
                )
            )
            for play in range(plays)
        ],
        np.float64,
    )


def borel(r: float, n: int) -> float:
    """Give the chance of a total size n with Poisson offspring of mean r."""
    return float(np.exp(-r * n + (n - 1) * np.log(r * n) - sum(np.log(np.arange(1, n + 1)))))


PLAYS = 2000


@pytest.mark.parametrize(
    ("r", "mean", "variance", "alone", "ten_or_more"),
    [(0.5, 2.0, 4.0, 0.60653, 0.013616), (0.8, 5.0, 100.0, 0.44933, 0.12260)],
)
def test_subcritical_cascades_are_borel(
    r: float, mean: float, variance: float, alone: float, ten_or_more: float
) -> None:
    """Sizes below criticality have the mean, the variance and the chances of the Borel law.

    Control: a law whose R is 0.1 lower fails.
    """
    size = sizes(random_graph(60_000, 4.0, 1), PLAYS, r / 4)

    def agrees(r: float, mean: float, alone: float) -> bool:
        few = all(count_agrees(int((size == n).sum()), PLAYS, borel(r, n)) for n in (2, 3, 4, 5))
        return few and mean_agrees(size, mean, variance**0.5) and count_agrees(int((size == 1).sum()), PLAYS, alone)

    assert agrees(r, mean, alone)
    assert variance_agrees(size, mean, variance)
    assert count_agrees(int((size >= 10).sum()), PLAYS, ten_or_more)
    assert not agrees(r - 0.1, 1 / (1.1 - r), borel(r - 0.1, 1))


def test_sharing_once_correlates_what_friends_see() -> None:
    """With an undecided sharer the mean stays 1 / (1 - R) while variance and singletons follow the offspring law.

    Control: a cascade of the same R with independent edges (Borel) fails in the singletons.
    """
    seen, share, r = 1.5, 1 / 3, 0.5
    size = sizes(random_graph(60_000, 3.0, 2), PLAYS, seen / 3.0, share=share)
    offspring = share * (seen + seen**2) - r**2  # a share shows the post to a Poisson number of friends
    alone = 1 - share + share * np.exp(-seen)
    variance = offspring / (1 - r) ** 3
    assert mean_agrees(size, 2.0, variance**0.5)
    assert variance_agrees(size, 2.0, variance)
    assert count_agrees(int((size == 1).sum()), PLAYS, alone)
    assert not count_agrees(int((size == 1).sum()), PLAYS, borel(r, 1))


def test_generations_shrink_by_r() -> None:
    """Generation g of a cascade has R ** g people on average.

    Control: R = 0.6 instead of 0.5 fails.
    """
    graph, rng = random_graph(60_000, 4.0, 1), np.random.default_rng(6)
    reached = np.array(
        [
            reached_by(conditions_on(graph, [int(rng.integers(60_000))], replication=i, peer_reach=1 / 8), range(4))
            for i in range(PLAYS)
        ]
    )
    generations = np.diff(reached, axis=1, prepend=0)

    def agrees(r: float) -> bool:
        return all(mean_agrees(generations[:, g], r**g) for g in (1, 2, 3))

    assert agrees(0.5)
    assert not agrees(0.6)


def test_several_sources_multiply_the_mean() -> None:
    """Ten sources of one cascade take ten times as many people, as long as they are few.

    Control: one source more fails.
    """
    size = sizes(random_graph(60_000, 4.0, 1), 2000, 1 / 8, sources=10)
    assert mean_agrees(size, 20.0, 40.0**0.5)
    assert not mean_agrees(size, 22.0, 40.0**0.5)


@pytest.mark.parametrize(("peer_reach", "mean"), [(0.1, 1.42857), (0.2, 2.5)])
def test_random_graph_below_criticality(peer_reach: float, mean: float) -> None:
    """With three followers on average the mean size is 1 / (1 - 3 T).

    Control: four followers on average fail.
    """
    size = sizes(random_graph(60_000, 3.0, 2), PLAYS, peer_reach)
    assert mean_agrees(size, mean)
    assert not mean_agrees(size, 1 / (1 - 4 * peer_reach))


@pytest.mark.parametrize(("ct", "share"), [(1.2, 0.31370), (1.5, 0.582812), (2.0, 0.796812), (3.0, 0.940480)])
def test_random_graph_above_criticality(ct: float, share: float) -> None:
    """A cascade takes off with probability S and then takes the share S of the people: S = 1 - exp(-cT S).

    A fresh graph for each play makes it a Reed-Frost epidemic, whose final size is normal with variance
    N S (1 - S) / (1 - cT (1 - S))^2. Control: an S that belongs to cT + 0.1 fails as the size, 1 - S as the chance.
    """
    count, plays = 6000, 400
    size = np.array([sizes(random_graph.__wrapped__(count, 3.0, 100 + i), 1, ct / 3, seed=i)[0] for i in range(plays)])
    took_off = size[size > count * share / 3]
    sd = (count * share * (1 - share)) ** 0.5 / (1 - ct * (1 - share))
    assert count_agrees(took_off.size, plays, share)
    assert mean_agrees(took_off, share * count, sd)
    other = final_share(ct + 0.1)
    assert not mean_agrees(took_off, other * count, sd)
    assert not count_agrees(took_off.size, plays, 1 - share)


def final_share(r: float) -> float:
    """Solve S = 1 - exp(-r S) for S > 0."""
    share = 1.0
    for _ in range(200):
        share = 1 - np.exp(-r * share)
    return float(share)


def test_undecided_people_are_asked_again() -> None:
    """With share probability s and m followers who see, sharers are y = 1 - exp(-m s y), reach is 1 - exp(-m y).

    A person decides at every impression until the share is made; a cascade takes off less often than it then
    reaches people: x = s (1 - exp(-m x)). Control: a person who decides once (reach = 1 - exp(-m s reach)) fails,
    and so does taking off with the probability y.
    """
    count, plays, m, s = 6000, 500, 3.0, 0.5
    size = np.array(
        [sizes(random_graph.__wrapped__(count, m, 400 + i), 1, 1.0, share=s, seed=i)[0] for i in range(plays)]
    )
    took_off = size[size > count / 4]
    sharers, start = final_share(m * s), 1.0
    for _ in range(200):
        start = s * (1 - np.exp(-m * start))
    assert mean_agrees(took_off, (1 - np.exp(-m * sharers)) * count)
    assert count_agrees(took_off.size, plays, start)
    assert not mean_agrees(took_off, sharers * count)
    assert not count_agrees(took_off.size, plays, sharers)


@pytest.mark.parametrize(("t", "mean"), [(0.2, 2.0), (0.3, 3.25)])
def test_three_regular_graph_below_criticality(t: float, mean: float) -> None:
    """Among mutual friends, three each, the mean size is 1 + 3 T / (1 - 2 T).

    Control: as if the friend who showed it could be reached anew, 1 / (1 - 3 T), fails.
    """
    size = sizes(three_regular(60_000, 3), PLAYS, t)
    assert mean_agrees(size, mean)
    assert not mean_agrees(size, 1 / (1 - 3 * t))


@pytest.mark.parametrize(("t", "share"), [(0.6, 0.70370), (0.7, 0.92128), (0.8, 0.984375)])
def test_three_regular_graph_above_criticality(t: float, share: float) -> None:
    """Among mutual friends, three each, a cascade takes off with probability S and takes the share S.

    Control: the share that belongs to T + 0.02 fails.
    """
    count, plays = 20_000, 120
    size = np.concatenate([sizes(three_regular(count, 10 + i), 1, t, seed=i) for i in range(plays)])
    took_off = size[size > count * share / 3]
    other = 1 - (1 - (t + 0.02) + (1 - t - 0.02) ** 2 / (t + 0.02)) ** 3
    assert count_agrees(took_off.size, plays, share)
    assert mean_agrees(took_off, share * count)
    assert not mean_agrees(took_off, other * count)


@pytest.mark.parametrize("tied", [False, True])
def test_followed_people_who_follow_much_raise_r(*, tied: bool) -> None:
    """On a directed graph R = T <followers x followings> / <followers>, and the mean size 1 + T <followers> / (1 - R).

    Half of the people have 9 followers and half 1; followings are the same numbers, the same person's or shuffled.
    Control: the mean of the other case fails.
    """
    rng, count, t = np.random.default_rng(8), 60_000, 0.06
    followers = np.repeat(np.array([9, 1], np.int32), count // 2)
    followings = followers if tied else rng.permutation(followers)
    size = sizes(stubs_graph(followers, followings, rng), 2 * PLAYS, t)
    means = {r: 1 + t * 5 / (1 - r) for r in (t * 41 / 5, t * 5)}
    right, wrong = means.values() if tied else reversed(means.values())
    assert mean_agrees(size, right)
    assert not mean_agrees(size, wrong)
