"""Measures of a follow graph, as domain texts define them; plain and slow, for tests only.

Sums over all pairs or triples are sampled, with a fixed seed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from simulator.market.follow_graph import FollowGraph

Counts = npt.NDArray[np.integer]
_SAMPLES = 100_000


def follower_counts(graph: FollowGraph) -> Counts:
    """Count each person's followers (N,)."""
    return np.diff(graph.offsets)


def followed_of_each(graph: FollowGraph) -> npt.NDArray[np.int32]:
    """Give who is followed, per edge, beside `graph.followers` (E,)."""
    return np.repeat(np.arange(graph.followings.size, dtype=np.int32), follower_counts(graph))


def matrix(graph: FollowGraph) -> sparse.csr_array:
    """Give the adjacency matrix: row = followed, column = follower."""
    count = graph.followings.size
    return sparse.csr_array(
        (np.ones(graph.followers.size, np.int32), graph.followers, graph.offsets), shape=(count, count)
    )


def gini(values: Counts) -> float:
    """Give the Gini coefficient."""
    ordered, n = np.sort(values).astype(float), values.size
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n)


def tail_exponent(values: Counts, smallest_tail: int = 1_000) -> tuple[float, int]:
    """Fit a power law to the tail, which begins where the fit is best.

    Returns:
        The exponent of the density, and where the tail begins.

    References:
        Clauset, Shalizi, Newman (2009), Power-law distributions in empirical data, equations 3.7 and 3.9.
    """
    ordered = np.sort(values).astype(float)
    candidates = np.unique(ordered[:-smallest_tail])
    candidates = np.unique(np.geomspace(max(2, candidates[0]), candidates[-1], 60).astype(int))
    fits = [_tail_fit(ordered[np.searchsorted(ordered, start) :], start) for start in candidates]
    best = int(np.argmin([distance for _, distance in fits]))
    return fits[best][0], int(candidates[best])


def _tail_fit(tail: npt.NDArray[np.float64], start: int) -> tuple[float, float]:
    """Give the maximum-likelihood exponent of a tail and its Kolmogorov-Smirnov distance."""
    exponent = 1 + tail.size / np.log(tail / (start - 0.5)).sum()
    steps, counts = np.unique(tail, return_counts=True)
    above = 1 - np.cumsum(counts) / tail.size  # share of values greater than each step
    return float(exponent), float(np.abs(above - ((steps + 0.5) / (start - 0.5)) ** (1 - exponent)).max())


def mutual(graph: FollowGraph) -> sparse.csr_array:
    """Give the adjacency matrix of the follows that are returned."""
    return matrix(graph).multiply(matrix(graph).T).tocsr()


def reciprocity(graph: FollowGraph) -> float:
    """Give the share of follows that are returned."""
    return float(mutual(graph).nnz / graph.followers.size)


def returned_share(graph: FollowGraph, accounts: npt.NDArray[np.bool_]) -> float:
    """Give the share of the follows of some accounts that those accounts return."""
    return float(np.diff(mutual(graph).indptr)[accounts].sum() / follower_counts(graph)[accounts].sum())


def correlation(graph: FollowGraph) -> float:
    """Give the correlation of followers and followings over people."""
    return float(np.corrcoef(follower_counts(graph), graph.followings)[0, 1])


def modularity(graph: FollowGraph, niche: npt.NDArray[np.uint8]) -> float:
    """Give the directed modularity of the niches.

    References:
        Leicht, Newman (2008), Community structure in directed networks, equation 4.
    """
    edges = graph.followers.size
    within = np.mean(niche[followed_of_each(graph)] == niche[graph.followers])
    followed_share = np.bincount(niche, weights=follower_counts(graph)) / edges
    follower_share = np.bincount(niche, weights=graph.followings) / edges
    return float(within - followed_share @ follower_share)


def assortativity(graph: FollowGraph) -> float:
    """Give the correlation of total degree (followers + followings) along edges."""
    degree = follower_counts(graph) + graph.followings
    return float(np.corrcoef(degree[followed_of_each(graph)], degree[graph.followers])[0, 1])


def largest_strong_component(graph: FollowGraph) -> float:
    """Give the share of people in the largest strongly connected component."""
    _, label = csgraph.connected_components(matrix(graph), directed=True, connection="strong")
    return float(np.bincount(label).max() / label.size)


def mean_distance(graph: FollowGraph, sources: int = 20) -> float:
    """Give the mean number of steps from sampled people to everybody their content can reach."""
    count = graph.followings.size
    step = matrix(graph).T.tocsr()
    seen = np.zeros((count, sources), np.int32)
    seen[np.random.default_rng(1).choice(count, sources, replace=False), np.arange(sources)] = 1
    frontier, reached, steps, distance = seen.copy(), 0, 0, 0
    while frontier.any():
        steps += 1
        frontier = ((step @ frontier) > 0) & (seen == 0)
        seen += frontier
        reached += int(frontier.sum())
        distance += steps * int(frontier.sum())
        frontier = frontier.astype(np.int32)
    return distance / reached


def transitivity(graph: FollowGraph) -> float:
    """Give the share of connected triples that are closed, directions left aside."""
    either = (matrix(graph) + matrix(graph).T).tocsr()
    degree = np.diff(either.indptr).astype(float)
    triples = degree * (degree - 1)
    return _closed(either, np.random.default_rng(2).choice(degree.size, _SAMPLES, p=triples / triples.sum()))


def mutual_clustering(graph: FollowGraph, degree: int) -> float:
    """Give the mean local clustering of the graph of mutual follows, at people of about that degree."""
    both = mutual(graph)
    degrees = np.diff(both.indptr)
    near = np.flatnonzero((degrees >= 0.9 * degree) & (degrees <= 1.1 * degree))
    return _closed(both, np.random.default_rng(3).choice(near, _SAMPLES))


def _closed(undirected: sparse.csr_array, middle: Counts) -> float:
    """Draw two different neighbours of each given person; give how often they are neighbours themselves."""
    rng = np.random.default_rng(4)
    start, degree = undirected.indptr[middle], np.diff(undirected.indptr)[middle]
    first = rng.integers(degree)
    second = (first + 1 + rng.integers(degree - 1)) % degree
    pairs = undirected[undirected.indices[start + first], undirected.indices[start + second]]
    return float(np.mean(np.asarray(pairs) > 0))
