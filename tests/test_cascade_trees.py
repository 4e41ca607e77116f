"""Cascades: trees read from the event log, and how they are measured.

Oracles: all distances of a tree by walking it, closed forms of the star and the chain, and a slow reading of the log.
"""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Sequence

import pytest
from test_event_log import logs, rows_of, worlds

from simulator.decide.cascades import ROOT, Cascades, cascades_of, shape_of, structural_virality
from simulator.spread import rules
from simulator.spread.event_log import EventLog
from simulator.spread.tally import SHARES

Person = tuple[int, int]  # a post and a person


def random_tree(rng: random.Random, nodes: int) -> list[int]:
    """Draw the parents of a tree, bushy, deep or between."""
    newest = rng.choice([1, 2, nodes])
    return [rng.randrange(max(ROOT, node - newest), node) for node in range(nodes - 1)]


def distances(parents: Sequence[int]) -> list[int]:
    """Give the distances of all ordered pairs of different nodes, walking from each."""
    beside: dict[int, list[int]] = {node: [] for node in range(ROOT, len(parents))}
    for node, parent in enumerate(parents):
        beside[node].append(parent)
        beside[parent].append(node)
    found = []
    for start in beside:
        steps, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for there in beside[here]:
                if there not in steps:
                    steps[there] = steps[here] + 1
                    queue.append(there)
        found += [far for node, far in steps.items() if node != start]
    return found


def test_structural_virality_is_the_mean_distance() -> None:
    """Of 300 random trees of 2 to 40 nodes; the same check fails where pairs of a node with itself are counted."""
    rng = random.Random(4)
    wrong = 0
    for _ in range(300):
        parents = random_tree(rng, rng.randrange(2, 41))
        every, nodes = distances(parents), len(parents) + 1
        assert structural_virality(parents) == pytest.approx(sum(every) / len(every), rel=1e-14)
        wrong += structural_virality(parents) != pytest.approx(sum(every) / nodes**2, rel=1e-14)
    assert wrong == 300


@pytest.mark.parametrize("n", [2, 3, 4, 100, 5000])
def test_a_star_and_a_chain(n: int) -> None:
    """Goel et al. (2016): 2 - 2 / n for a pure broadcast, (n + 1) / 3 for a chain."""
    assert structural_virality([ROOT] * (n - 1)) == pytest.approx(2 - 2 / n, rel=1e-14)
    assert structural_virality(range(ROOT, n - 2)) == pytest.approx((n + 1) / 3, rel=1e-14)


def test_a_chain_of_a_million_is_exact() -> None:
    """Whole numbers do not run over, and nothing is as slow as its square."""
    n = 1_000_000
    assert structural_virality(range(ROOT, n - 2)) == (n + 1) / 3


def test_a_post_that_nobody_shares_has_no_shape() -> None:
    its = shape_of([])
    assert (1, 0, 0, None, None) == (
        its.nodes,
        its.depth,
        its.max_breadth,
        its.broadcast_share,
        its.structural_virality,
    )


def test_shapes_by_hand() -> None:
    """Two people got it directly, one of them passed it to three, one of these to one."""
    its = shape_of([ROOT, ROOT, 0, 0, 0, 3])
    assert (7, 3, 3, 2 / 6) == (its.nodes, its.depth, its.max_breadth, its.broadcast_share)
    assert its.structural_virality == pytest.approx(sum(distances([ROOT, ROOT, 0, 0, 0, 3])) / 42)


# ---- trees of a log


def tree_by_hand(log: EventLog) -> dict[Person, tuple[Person | None, int]]:
    """Give whose showing led each sharer to share, None for no friend's, and how deep that is."""
    first: dict[Person, int] = {}
    tree: dict[Person, tuple[Person | None, int]] = {}
    for _, kind, post, shower, viewer, changes in rows_of(log):
        if changes & 1:
            first.setdefault((post, viewer), shower)
        if changes >> SHARES & 1:
            by = first[post, viewer] if kind == rules.LATER_ORDER else shower
            parent = (post, by - 1) if 0 < by < rules.PLATFORM else None
            tree[post, viewer] = (parent, 1 if parent is None else tree[parent][1] + 1)
    return tree


def tree_of(its: Cascades) -> dict[Person, tuple[Person | None, int]]:
    """Give the same of cascades."""
    people = list(zip(its.post.tolist(), its.person.tolist(), strict=True))
    parents = [None if parent == ROOT else people[parent] for parent in its.parent.tolist()]
    return dict(zip(people, zip(parents, its.depth.tolist(), strict=True), strict=True))


def test_cascades_are_those_of_the_log() -> None:
    """Of all kinds of shares: after a showing by anybody, with an order, and with a later order."""
    kinds: Counter[int] = Counter()
    deepest = 0
    for _, log in logs():
        its = cascades_of(log)
        assert tree_by_hand(log) == tree_of(its)
        kinds.update(row[1] for row in rows_of(log) if row[5] >> SHARES & 1)
        deepest = max(deepest, int(its.depth.max(initial=0)))
    assert min(kinds[kind] for kind in (rules.SHOWING, rules.FIRST_ORDER, rules.LATER_ORDER)) > 3
    assert deepest > 3


def test_a_friend_showed_it_before() -> None:
    """A parent shared at least a second before its child."""
    for _, log in logs():
        its = cascades_of(log)
        children = its.parent != ROOT
        assert (its.second[its.parent[children]] < its.second[children]).all()


def test_shapes_are_those_of_each_post() -> None:
    """Posts keep apart, those that nobody shared too; what follows from shares adds up."""
    for world, (counts, log) in zip(worlds(), logs(), strict=True):
        its, posts = cascades_of(log), len(world.conditions.posts)
        shapes = list(its.shapes(posts))
        assert [shape.nodes - 1 for shape in shapes] == [row[SHARES] for row in counts[1]]
        for post, shape in enumerate(shapes):
            depths = its.depth[its.post == post]
            assert shape.depth == depths.max(initial=0)
            assert shape.max_breadth == max(Counter(depths.tolist()).values(), default=0)
            # everybody at depth d is followed back by d - 1 others
            assert its.following[its.post == post].sum() == (depths - 1).sum()
            alone = shape_of(local_parents(its, post))
            assert alone == shape


def local_parents(its: Cascades, post: int) -> list[int]:
    """Give the parents within one post's tree."""
    people = [person for number, person in zip(its.post.tolist(), its.person.tolist(), strict=True) if number == post]
    rows = zip(its.post.tolist(), its.parent.tolist(), strict=True)
    return [
        ROOT if parent == ROOT else people.index(int(its.person[parent])) for number, parent in rows if number == post
    ]


def test_between_star_and_chain() -> None:
    """No tree of n nodes is below a broadcast or above a chain."""
    rng = random.Random(5)
    for _ in range(300):
        n = rng.randrange(2, 60)
        found = structural_virality(random_tree(rng, n))
        assert found is not None
        assert 2 - 2 / n - 1e-12 <= found <= (n + 1) / 3 + 1e-12
        assert not math.isnan(found)
