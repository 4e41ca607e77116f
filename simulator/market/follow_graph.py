"""Who follows whom: a synthetic follow graph, or the graph of given edges.

In: the niche of each person and a name, or a list of edges. Out: a frozen `FollowGraph`.
Invariant: a person's followers are ascending, without repeats and without the person itself; the same
name gives the same graph.

Edge u -> v means that v follows u, so content runs along the arrow. Everything here is kept as rows: the
ids of all people's rows in one array, one row after the other, and the offsets at which the rows begin.

The synthetic graph is a directed Chung-Lu graph with communities (a degree-corrected block model) in which
follows may be returned. Time and memory are linear in people and follows:

1. Two power-law weights per person: how much it is followed, how much it follows. Nearly half of the people
   take both from one and the same number, so that who is followed much also follows much.
2. Follows are drawn from a lottery drum that holds a person's id once per unit of follower weight. Niche
   lies after niche in it, so a draw within a niche is a draw from a slice of the drum.
3. Counting sorts turn the follows into followers by person, and these into ascending followings by person.
4. Follows that are not mutual already may be returned; a merge adds who returns a follow to the followers.

References:
    Chung, Lu (2002), The average distances in random graphs with given expected degrees, PNAS 99(25);
    Karrer, Newman (2011), Stochastic blockmodels and community structure in networks, Phys. Rev. E 83.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, fold, kernel, uniform
from simulator.streams import extend_key

_Ids: TypeAlias = npt.NDArray[np.int32]
_Offsets: TypeAlias = npt.NDArray[np.int64]
_Reals: TypeAlias = npt.NDArray[np.float64]

# The heaviest account weighs this share of the number of people: the celebrity among them.
_LARGEST_WEIGHT_SHARE = 0.02
_LARGEST_FOLLOWING_WEIGHT = 1_000.0
# With 0.5, one key in ten exceeds the correlation of real networks (0.3 to 0.7) at 1e5 people.
_SHARE_OF_EQUAL_LUCK = 0.45
# Accounts up to this follower weight return follows alike, heavier ones less by this power of it. With
# the same chance for all, hubs would follow their crowds back and followings would copy followers.
_RETURNS_ALIKE = 4.0
_FADING = 0.7
_PILOT_PEOPLE = 20_000
# Rounds until repeats are given up. Two or three are the rule; the bound is for those who follow nearly all.
_ROUNDS = 16
# Follows that a small niche has no people for must not come back as returned ones.
_LARGEST_ADJUSTMENT = 2.0
_ONE = np.uint64(1)


@dataclass(frozen=True)
class FollowGraph:
    """Who follows whom among N persons, E follows in all.

    Attributes:
        offsets: Where the followers of each person begin (N + 1,).
        followers: Those of person u are `followers[offsets[u]:offsets[u + 1]]`, ascending (E,).
        followings: How many persons each person follows (N,).
    """

    offsets: _Offsets
    followers: _Ids
    followings: _Ids

    @cached_property
    def followers_of_a_follower(self) -> float:
        """Give how many followers a follower has on average [persons].

        Whom a share reaches is met in proportion to how many they follow, so this is
        sum(followers x followings) / sum(followings) over all people, and 0 where nobody follows anybody.
        """
        met = int(np.diff(self.offsets) @ self.followings.astype(np.int64))
        return met / self.followers.size if self.followers.size else 0.0


class _Rows(NamedTuple):
    """A row of ids for each person p: `ids[offsets[p]:offsets[p + 1]]`."""

    offsets: _Offsets
    ids: _Ids


class _Lottery(NamedTuple):
    """Where follows are drawn from: `drum[slices[n]:slices[n + 1]]` holds the tickets of niche n."""

    niche: npt.NDArray[np.uint8]
    within_niche: float
    drum: _Ids
    slices: _Offsets


def graph_of_edges(count: int, followed: _Ids, follower: _Ids) -> FollowGraph:
    """Make the graph of a set of edges: order and repeats do not matter, self-follows are dropped.

    Args:
        count: Number of persons, whose ids are 0 to count - 1.
        followed: Who is followed, per edge (E,).
        follower: Who follows, per edge (E,).

    Raises:
        ValueError: an id is not one of a person.
    """
    for ids in (followed, follower):
        if ids.size and not 0 <= ids.min() <= ids.max() < count:
            raise ValueError(f"ids must be 0 to {count - 1}, given {ids.min()} to {ids.max()}")
    others = followed != follower
    followers = _transposed(_grouped(count, follower[others], followed[others]))
    row = _row_of_each(followers)
    first = np.ones(row.size, np.bool_)
    first[1:] = (np.diff(row) != 0) | (np.diff(followers.ids) != 0)
    distinct = _grouped(count, row[first], followers.ids[first])
    return FollowGraph(*distinct, _counts(count, distinct.ids))


def draw_follow_graph(
    niche: npt.NDArray[np.uint8],
    key: int,
    *,
    mean_followings: float = 25.0,
    within_niche: float = 0.6,
    follower_exponent: float = 2.15,
    following_exponent: float = 2.0,
    follow_back: float = 0.5,
) -> FollowGraph:
    """Draw a synthetic follow graph.

    Args:
        niche: Niche of each person (N,), N at least 1.
        key: Name of the graph.
        mean_followings: How many persons a person follows, returned follows included [persons]; at most half
            of all others.
        within_niche: Share of the follows drawn within the follower's niche; the others are drawn from all. In
            a niche with too few people for its share, some of these follows are left out.
        follower_exponent: Exponent of the density of follower weights, above 2.
        following_exponent: Exponent of the density of following weights, above 1.
        follow_back: Chance that an account of follower weight w returns a follow, if w is at most 4; above,
            it is `follow_back * (4 / w) ** 0.7`. Adjusted a little, so that the mean comes out.
    """
    weight, following_weight = _weights(niche.size, key, follower_exponent, following_exponent)
    chance = follow_back * np.minimum(1.0, (_RETURNS_ALIKE / weight) ** _FADING)
    wanted = niche.size * min(mean_followings, (niche.size - 1) / 2)

    lottery = _lottery(niche, within_niche, weight)
    follows = _draw_all_follows(key, lottery, following_weight, wanted, chance)
    followers = _transposed(follows)
    follows = _transposed(followers)
    unreturned = _without(followers, follows)
    chance = _adjusted(chance, wanted - follows.ids.size, unreturned)
    returns = _kept(_word(key, "follow back"), unreturned, chance)
    followings = np.diff(follows.offsets) + np.diff(returns.offsets)
    del follows, unreturned  # the merge needs their memory
    return FollowGraph(*_merged(followers, _transposed(returns)), followings.astype(np.int32))


def _weights(count: int, key: int, follower_exponent: float, following_exponent: float) -> tuple[_Reals, _Reals]:
    """Draw follower weights (whole numbers) and following weights."""
    cap = max(1.0, _LARGEST_WEIGHT_SHARE * count)
    luck = _uniforms(_word(key, "follower weight"), count)
    other_luck = _uniforms(_word(key, "following weight"), count)
    same = _uniforms(_word(key, "equal luck"), count) < _SHARE_OF_EQUAL_LUCK
    weight = _power_law(luck, follower_exponent, cap)
    following_cap = min(cap, _LARGEST_FOLLOWING_WEIGHT)
    return np.floor(weight), _power_law(np.where(same, luck, other_luck), following_exponent, following_cap)


def _power_law(luck: _Reals, exponent: float, cap: float) -> _Reals:
    weight: _Reals = luck ** (-1.0 / (exponent - 1.0))
    return np.minimum(cap, weight)


def _lottery(niche: npt.NDArray[np.uint8], within_niche: float, weight: _Reals) -> _Lottery:
    """Fill the drum."""
    people = np.argsort(niche, kind="stable").astype(np.int32)
    drum = np.repeat(people, weight[people].astype(np.int64))
    niche_tickets = np.bincount(niche, weights=weight).astype(np.int64)
    return _Lottery(niche, within_niche, drum, np.concatenate([np.zeros(1, np.int64), np.cumsum(niche_tickets)]))


def _draw_all_follows(key: int, lottery: _Lottery, following_weight: _Reals, wanted: float, chance: _Reals) -> _Rows:
    """Draw as many follows as make `wanted` ones once some of them are returned.

    How many are returned depends on who is followed. The drum alone does not tell: repeats take follows from
    the heavy accounts. A pilot draw of some people's follows does.
    """
    rounding = _uniforms(_word(key, "rounding"), following_weight.size)
    draw_key = _word(key, "follow")
    planned = _planned(wanted, following_weight, rounding)
    pilot = _draw_follows(draw_key, planned[:_PILOT_PEOPLE], lottery).ids
    returned_share = float(chance[pilot].mean()) if pilot.size else 0.0
    return _draw_follows(draw_key, _planned(wanted / (1.0 + returned_share), following_weight, rounding), lottery)


def _planned(total: float, weight: _Reals, rounding: _Reals) -> _Ids:
    """Share out a number of follows by weight, to nobody more than half of all others; round at random."""
    most = (weight.size - 1) / 2
    share: _Reals = weight * (total / weight.sum())
    for _ in range(_ROUNDS):
        if share.max() <= most:
            break
        share = np.minimum(most, share)
        share *= total / share.sum()
    whole: _Reals = np.floor(np.minimum(most, share) + rounding)
    return whole.astype(np.int32)


def _adjusted(chance: _Reals, missing: float, unreturned: _Rows) -> _Reals:
    """Scale the chances of a return so that the expected number of returns is the number missing.

    It makes up for the follows that are mutual by chance, which nobody can return any more.
    """
    expected = float(chance @ np.diff(unreturned.offsets))
    scale = max(0.0, missing) / expected if expected > 0.0 else 1.0
    return np.minimum(1.0, chance * min(scale, _LARGEST_ADJUSTMENT))


def _word(key: int, purpose: str) -> Word:
    return np.uint64(extend_key(key, purpose))


def _counts(count: int, ids: _Ids) -> _Ids:
    return np.bincount(ids, minlength=count).astype(np.int32)


def _row_of_each(rows: _Rows) -> _Ids:
    return np.repeat(np.arange(rows.offsets.size - 1, dtype=np.int32), np.diff(rows.offsets))


def _transposed(rows: _Rows) -> _Rows:
    """Turn rows round: row q of the result holds everybody in whose row q was, ascending."""
    return _grouped(rows.offsets.size - 1, rows.ids, _row_of_each(rows))


@kernel
def _uniforms(key: Word, count: int) -> _Reals:
    numbers = np.empty(count)
    for person in range(count):
        numbers[person] = uniform(fold(key, np.uint64(person)))
    return numbers


@kernel
def _draw_follows(key: Word, planned: _Ids, lottery: _Lottery) -> _Rows:
    """Draw whom the first people follow: first accounts of the own niche, then of all, no account twice.

    Draws are named by person and number. Repeats are struck out after a whole round of draws, which lets the
    processor fetch many tickets at once, and drawn anew in the next round.
    """
    niche, within_niche, drum, slices = lottery
    offsets = np.zeros(planned.size + 1, np.int64)
    ids = np.empty(planned.sum(), np.int32)
    last_follower = np.full(niche.size, -1, np.int32)
    end = 0
    for person in range(planned.size):
        person_key = fold(key, np.uint64(person))
        draw = np.uint64(0)
        own, own_end = slices[niche[person]], slices[niche[person] + 1]
        # The number of the person's own key rounds at random; draws have keys of their own.
        inside = int(within_niche * planned[person] + uniform(person_key))
        last_follower[person] = person
        for first, tickets, wanted in ((own, own_end - own, inside), (0, drum.size, planned[person] - inside)):
            full = end + wanted
            for _ in range(_ROUNDS):
                start = end
                for place in range(start, full):
                    ids[place] = drum[first + int(uniform(fold(person_key, draw)) * tickets)]
                    draw += _ONE
                for account in ids[start:full]:
                    if last_follower[account] != person:
                        last_follower[account] = person
                        ids[end] = account
                        end += 1
                if end == full:
                    break
        offsets[person + 1] = end
    return _Rows(offsets, ids[:end])


@kernel
def _grouped(count: int, group: _Ids, ids: _Ids) -> _Rows:
    """Gather ids into the rows of their groups, in their order: a counting sort."""
    sizes = np.zeros(count + 1, np.int64)
    for row in group:
        sizes[row + 1] += 1
    offsets = np.cumsum(sizes)
    place = offsets[:-1].copy()
    gathered = np.empty_like(ids)
    for i in range(group.size):
        row = group[i]
        gathered[place[row]] = ids[i]
        place[row] += 1
    return _Rows(offsets, gathered)


@kernel
def _without(rows: _Rows, others: _Rows) -> _Rows:
    """Leave out of each ascending row what is in the other's row of the same person."""
    offsets = np.zeros_like(rows.offsets)
    ids = np.empty_like(rows.ids)
    end = 0
    for person in range(offsets.size - 1):
        place, stop = others.offsets[person], others.offsets[person + 1]
        for account in rows.ids[rows.offsets[person] : rows.offsets[person + 1]]:
            while place < stop and others.ids[place] < account:
                place += 1
            ids[end] = account
            end += place == stop or others.ids[place] != account
        offsets[person + 1] = end
    return _Rows(offsets, ids[:end])


@kernel
def _kept(key: Word, rows: _Rows, chance: _Reals) -> _Rows:
    """Keep each id of a row with the chance of the row's person."""
    offsets = np.zeros_like(rows.offsets)
    ids = np.empty_like(rows.ids)
    end = 0
    for person in range(chance.size):
        person_key = fold(key, np.uint64(person))
        for account in rows.ids[rows.offsets[person] : rows.offsets[person + 1]]:
            ids[end] = account
            end += uniform(fold(person_key, np.uint64(account))) < chance[person]
        offsets[person + 1] = end
    return _Rows(offsets, ids[:end])


@kernel
def _merged(rows: _Rows, additions: _Rows) -> _Rows:
    """Merge ascending rows that have nothing in common."""
    ids = np.empty(rows.ids.size + additions.ids.size, np.int32)
    end = 0
    for person in range(rows.offsets.size - 1):
        place, stop = rows.offsets[person], rows.offsets[person + 1]
        for addition in additions.ids[additions.offsets[person] : additions.offsets[person + 1]]:
            while place < stop and rows.ids[place] < addition:
                ids[end] = rows.ids[place]
                place += 1
                end += 1
            ids[end] = addition
            end += 1
        for account in rows.ids[place:stop]:
            ids[end] = account
            end += 1
    return _Rows(rows.offsets + additions.offsets, ids)
