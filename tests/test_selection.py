"""Contests between alternatives: the best is named as often as is said, and nothing is called as good that is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from simulator.decide import selection
from simulator.decide.selection import (
    FEWEST_BLOCKS,
    Rule,
    Sample,
    Selection,
    Values,
    blocks_needed,
    difference_variances,
    select,
    upper_gaps,
)

# Given a generator, blocks and alternatives: the luck of each (blocks, alternatives), with mean 0.
Luck = Callable[[np.random.Generator, int, int], Values]
ZONE = 0.4
# Of 1,000 contests at exactly 95%, fewer than this are right with probability 0.015.
ENOUGH = 935


def normal(common: float, largest: float = 1.0) -> Luck:
    """Give normal luck, a share of whose variance all alternatives have in common; the last varies the most."""

    def luck(rng: np.random.Generator, blocks: int, count: int) -> Values:
        shared, own = rng.normal(size=(blocks, 1)), rng.normal(size=(blocks, count))
        return np.linspace(1, largest, count) * (np.sqrt(common) * shared + np.sqrt(1 - common) * own)

    return luck


def lognormal(sigma: float, common: float, markets: int = 4) -> Luck:
    """Give the luck of a few large hits, averaged over the plays of a block."""

    def luck(rng: np.random.Generator, blocks: int, count: int) -> Values:
        shared, own = rng.normal(size=(blocks, markets, 1)), rng.normal(size=(blocks, markets, count))
        hits = np.exp(sigma * (np.sqrt(common) * shared + np.sqrt(1 - common) * own))
        return np.asarray((hits - np.exp(sigma**2 / 2)).mean(axis=1))

    return luck


def sampler(rng: np.random.Generator, luck: Luck, means: Sequence[float], asked: list[int] | None = None) -> Sample:
    """Give a function that plays alternatives with these means."""

    def sample(places: Sequence[int], _begin: int, blocks: int) -> Values:
        if asked is not None:
            asked.append(blocks * len(places))
        return luck(rng, blocks, len(means))[:, list(places)] + np.array(means)[list(places)]

    return sample


def contests(luck: Luck, means: Sequence[float], times: int, first: int = 20, seed: int = 1) -> list[Selection]:
    """Hold so many contests."""
    rng = np.random.default_rng(seed)
    rule = Rule(ZONE, 0.95, first, 100_000)
    return [select(sampler(rng, luck, means), len(means), rule) for _ in range(times)]


def right(found: Sequence[Selection], means: Sequence[float]) -> int:
    """Count the contests that named the best, or one less than the zone behind it."""
    return sum(means[its.best] > max(means) - ZONE + 1e-9 for its in found)


def hardest(count: int) -> list[float]:
    """Give means of which one is better than all the others by exactly the zone."""
    means = [0.0] * count
    means[count // 2] = ZONE
    return means


CASES = {
    "two, apart": (normal(0.0), 2, 20),
    "two, common luck": (normal(0.8, 2.0), 2, 20),
    "ten, common luck": (normal(0.8, 2.0), 10, 20),
    "21, common luck": (normal(0.5, 2.0), 21, 25),
    "two, skewed": (lognormal(1.0, 0.5), 2, 25),
    "ten, skewed": (lognormal(1.0, 0.5), 10, 25),
    "five, heavy tail": (lognormal(1.5, 0.5), 5, 25),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_best_is_named_as_often_as_is_said(case: str) -> None:
    """At least 935 of 1,000 times at a nominal 95%, where that is hardest; the first plays alone would not do."""
    luck, count, first = CASES[case]
    means = hardest(count)
    named = right(contests(luck, means, 1000, first), means)
    assert named >= ENOUGH


@pytest.mark.parametrize("case", ["two, common luck", "ten, common luck", "two, skewed"])
def test_the_best_is_named_in_few_contests(case: str) -> None:
    """The same with 100 contests: fewer than 89 at exactly 95% have probability 0.004."""
    luck, count, first = CASES[case]
    means = hardest(count)
    assert right(contests(luck, means, 100, first), means) >= 89


def test_who_leads_after_the_first_plays_is_named_too_seldom() -> None:
    """The same check fails for the rule that names the leader of the first blocks."""
    luck, count, first = CASES["ten, common luck"]
    rng, means = np.random.default_rng(1), hardest(count)
    leaders = [int((luck(rng, first, count) + means).mean(axis=0).argmax()) for _ in range(1000)]
    assert sum(leader == count // 2 for leader in leaders) < ENOUGH - 50


@pytest.mark.slow
def test_one_that_is_good_enough_is_named_where_several_are_near() -> None:
    """Means half a zone apart, as on a dial: the one named is less than the zone behind the best."""
    means = [0.5 * ZONE * place for place in (0, 1, 2, 3, 4, 4, 3, 2, 1, 0)]
    assert right(contests(normal(0.8, 1.5), means, 1000), means) >= ENOUGH


def test_replications_are_spent_where_the_contest_is() -> None:
    """Who is clearly behind is played no more after the first blocks; who is near is played on."""
    asked: list[int] = []
    means = [0.0, -20.0, -30.0, 0.3 * ZONE, -25.0]
    found = select(sampler(np.random.default_rng(3), normal(0.5), means, asked), 5, Rule(ZONE / 4, 0.95, 20, 10_000))
    assert {found.blocks[place] for place in (1, 2, 4)} == {20}
    assert min(found.blocks[0], found.blocks[3]) > 40
    assert sum(asked) == sum(found.blocks)
    assert asked[0] == 100
    assert found.gaps[1] == pytest.approx(20, abs=1)


def test_common_luck_saves_replications() -> None:
    """What counts is the variance of differences: with much in common, fewer blocks decide."""
    means = hardest(5)
    apart, common = (
        sum(sum(its.blocks) for its in contests(normal(share), means, 20, first=FEWEST_BLOCKS)) for share in (0.0, 0.95)
    )
    assert common < apart / 3


def test_a_contest_that_is_stopped_says_who_is_left() -> None:
    """At the maximum, the leader is named, with all its rivals."""
    found = select(sampler(np.random.default_rng(4), normal(0.0), [0.0, 0.0, -50.0]), 3, Rule(0.01, 0.95, 20, 30))
    assert {found.best, *found.rivals} == {0, 1}
    assert len(found.rivals) == 1
    assert found.blocks == (30, 30, 20)


def test_equal_alternatives_end_with_the_first() -> None:
    """Two that never differ cannot be told apart; that takes no replications."""
    luck = normal(1.0)
    found = select(sampler(np.random.default_rng(5), luck, [0.0, 0.0]), 2, Rule(ZONE, 0.95, 20, 1000))
    assert Selection(0, (), (20, 20), (0.0, 0.0)) == found


def rare(rng: np.random.Generator, chances: Sequence[float]) -> Sample:
    """Give a function that plays alternatives with so small chances to reach a target, one play a block."""

    def sample(places: Sequence[int], _begin: int, blocks: int) -> Values:
        return (rng.random((blocks, len(places))) < np.array(chances)[list(places)]).astype(np.float64)

    return sample


@pytest.mark.parametrize("grain", [0.0, 1.0])
def test_a_target_that_nobody_reached_yet_decides_nothing(grain: float) -> None:
    """The best is named as often as is said though its first blocks show nothing; the rule of variances fails."""
    rng, chances = np.random.default_rng(12), [0.0, 0.05]
    found = [select(rare(rng, chances), 2, Rule(0.02, 0.95, 10, 4000, grain)) for _ in range(50)]
    assert all(its.best == 1 and not its.rivals for its in found)
    without = [_with_variances_only(rare(rng, chances)) for _ in range(50)]
    assert sum(best == 1 for best in without) < 30


def _with_variances_only(sample: Sample) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "_unseen", lambda values, _grain: np.zeros((values.shape[1], values.shape[1])))
        return select(sample, 2, Rule(0.02, 0.95, 10, 4000)).best


def test_what_never_came_of_anybody_is_not_decided_unless_it_is_surely_rare() -> None:
    """Plays that went the same way for all: of a chance their number says enough, of what can be any size it never."""

    def nothing(places: Sequence[int], _begin: int, blocks: int) -> Values:
        return np.zeros((blocks, len(places)))

    any_size, chance = (select(nothing, 5, Rule(0.02, 0.95, 50, 2000, grain)) for grain in (0.0, 1.0))
    assert ((1, 2, 3, 4), 2000) == (any_size.rivals, any_size.blocks[0])
    assert () == chance.rivals
    assert 5 / 0.02 < chance.blocks[0] < 1000
    assert upper_gaps(np.zeros((50, 2)), 0.95, 1.0).min() > 0.06, "three events in 50 plays have that chance to miss"
    assert upper_gaps(np.zeros((1000, 2)), 0.95, 1.0).max() < 0.005


def test_one_alternative_is_the_best_of_one() -> None:
    """A contest without others is over after the first blocks."""
    found = select(sampler(np.random.default_rng(6), normal(0.0), [1.0]), 1, Rule(ZONE, 0.95, 20, 1000))
    assert (0, ()) == (found.best, found.rivals)
    assert [0.0] == upper_gaps(np.ones((20, 1)), 0.95).tolist()
    assert 0 == blocks_needed(np.ones((20, 1)), 0.1, 0.95)


def test_undefined_blocks_are_left_out() -> None:
    """A block in which one is undefined counts for nobody; too few defined ones are refused."""
    values = np.random.default_rng(7).normal(size=(60, 2)) + np.array([0.0, 3.0])
    values[::2, 0] = np.nan

    def sample(places: Sequence[int], begin: int, blocks: int) -> Values:
        return values[begin : begin + blocks][:, list(places)]

    assert 1 == select(sample, 2, Rule(ZONE, 0.95, 40, 60)).best
    with pytest.raises(ValueError, match="5 of the first 10 blocks are defined"):
        select(sample, 2, Rule(ZONE, 0.95, 10, 60))


def test_variances_are_those_of_differences() -> None:
    """By hand."""
    values = np.array([[1.0, 2.0], [2.0, 5.0], [3.0, 5.0]])
    assert difference_variances(values).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def wrongly_as_good(times: int, blocks: int, bounds: Callable[[Values], Values]) -> int:
    """Count the dials on which one that is a zone behind is called as good; four are, and two are best."""
    rng, means = np.random.default_rng(8), np.array([-ZONE, -ZONE, 0.0, 0.0, -ZONE, -ZONE])
    behind = means <= -ZONE
    luck = normal(0.5)
    return sum(bool((bounds(luck(rng, blocks, 6) + means)[behind] <= ZONE).any()) for _ in range(times))


def test_what_is_called_as_good_is_so() -> None:
    """In at most 5% of 1,000 dials (65 or more would have probability 0.02) one is called as good that is not."""
    assert wrongly_as_good(1000, 40, lambda values: upper_gaps(values, 0.95)) < 65


def test_observed_gaps_would_call_too_many_as_good() -> None:
    """The same check fails where what was seen is taken for what is."""
    assert wrongly_as_good(1000, 40, lambda values: values.mean(axis=0).max() - values.mean(axis=0)) > 300


def test_flat_dials_are_seen_as_flat() -> None:
    """With as many new blocks as are asked for, nearly all of a flat dial is called as good: half a zone is spare."""
    rng, luck = np.random.default_rng(9), normal(0.5)
    blocks = blocks_needed(luck(rng, 50, 8), ZONE / 2, 0.95)
    flat = sum(int((upper_gaps(luck(rng, blocks, 8), 0.95) <= ZONE).sum()) for _ in range(50))
    assert flat > 0.95 * 50 * 8


def test_what_never_varies_is_no_proof() -> None:
    """Two that were the same in every block have no bound; nor have two with a single block."""
    same = np.random.default_rng(10).normal(size=(30, 1)).repeat(2, axis=1)
    assert upper_gaps(same, 0.95).tolist() == [np.inf, np.inf]
    assert upper_gaps(same[:1], 0.95).tolist() == [np.inf, np.inf]
