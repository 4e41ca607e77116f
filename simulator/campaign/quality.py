"""How good a post is, and how far sharing may carry it.

In: the name of a post, a graph and rates. Out: a factor, and the largest chance of a share. Invariant: quality comes
from the post's own name, so every strategy that hires the creator gets the same flops and hits.
"""

from __future__ import annotations

from math import exp
from statistics import NormalDist

from simulator.market.follow_graph import FollowGraph
from simulator.streams import extend_key, uniform


def quality(post_key: int, spread: float) -> float:
    """Give by what a post's engagement, shares and clicks per impression are multiplied: log-normal with mean 1.

    Args:
        post_key: Name of the post in its replication.
        spread: Standard deviation of the logarithm; 0 makes every post exactly 1.
    """
    if spread == 0:
        return 1.0
    return exp(spread * NormalDist().inv_cdf(uniform(extend_key(post_key, "quality"))) - spread**2 / 2)


def reproduction(graph: FollowGraph, reach_per_peer: float, share: float) -> float:
    """Give how many shares one share causes at most, on average: R, above 1 of which a post can go through the roof.

    That is while the post is new to everybody: fatigue, saturation and that a person shares a post once lower it. Only
    whether people much followed follow each other more than others may raise it, which it does not know.

    Args:
        graph: Who follows whom.
        reach_per_peer: Chance that a follower sees a share.
        share: Chance that an impression is shared.

    References:
        Newman (2002), Spread of epidemic disease on networks, Phys. Rev. E 66.
    """
    return share * reach_per_peer * graph.followers_of_a_follower


def largest_share(graph: FollowGraph, reach_per_peer: float, most_reproduction: float) -> float:
    """Give the largest chance of a share that keeps a post's reproduction number within a bound."""
    if_all_share = reproduction(graph, reach_per_peer, 1.0)
    return most_reproduction / if_all_share if if_all_share > most_reproduction else 1.0
