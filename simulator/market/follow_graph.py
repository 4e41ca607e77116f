"""Who follows whom: a synthetic follow graph, or the graph of given edges.

In: the niche of each person and a name, or a list of edges. Out: a frozen `FollowGraph`.
Invariant: a person's followers are ascending, without repeats and without the person itself; the same
name gives the same graph.

Edge u -> v means that v follows u, so content runs along the arrow. Everything here is kept as rows: the
ids of all people's rows in one array, one row after the other, and the offsets at which the rows begin.

The synthetic graph is a directed Chung-Lu graph with communities (a degree-corrected block model) in which
follows may be returned. Time and memory are linear in people and follows:

1. Two power-law weights per person: how much it is followed, how much it follows. Half of the people take
   both from one and the same number, so that who is followed much also follows much.
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
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, fold, kernel
from simulator.streams import extend_key

_Ids: TypeAlias = npt.NDArray[np.int32]
_Offsets: TypeAlias = npt.NDArray[np.int64]
_Reals: TypeAlias = npt.NDArray[np.float64]

# The heaviest account weighs this share of the number of people: the celebrity among them.
_LARGEST_WEIGHT_SHARE = 0.02
_LARGEST_FOLLOWING_WEIGHT = 1_000.0
_SHARE_OF_EQUAL_LUCK = 0.5
# Accounts up to this follower weight return follows alike, heavier ones less by this power of it. With
# the same chance for all, hubs would follow their crowds back and followings would copy followers.
_RETURNS_ALIKE = 4.0
_FADING = 0.7
_PILOT_PEOPLE = 20_000
# Rounds of redrawing repeats. Two or three are the rule; the bound matters where hardly anybody is left.
_ROUNDS = 16
_LARGEST_ADJUSTMENT = 2.0
_ONE = np.uint64(1)
_DOUBLE_SHIFT = np.uint64(12)


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


class _Rows(NamedTuple):
    """A row of ids for each person p: `ids[offsets[p]:offsets[p + 1]]`."""

    offsets: _Offsets
    ids: _Ids


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
            raise ValueError(f"ids go from {ids.min()} to {ids.max()}; with {count} people, 0 to {count - 1} exist")
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
        within_niche: Share of the follows drawn within the follower's niche; the others are drawn from all.
        follower_exponent: Exponent of the density of follower weights, above 2.
        following_exponent: Exponent of the density of following weights, above 1.
        follow_back: Chance that an account of follower weight w returns a follow, if w is at most 4; above,
            it is `follow_back * (4 / w) ** 0.7`. Adjusted a little, so that the mean comes out.
    """
    weight, following_weight = _weights(niche.size, key, follower_exponent, following_exponent)
    chance = follow_back * np.minimum(1.0, (_RETURNS_ALIKE / weight) ** _FADING)
    wanted = niche.size * min(mean_followings, (niche.size - 1) / 2)

    follows = _draw_all_follows(niche, key, wanted, within_niche, weight, following_weight, chance)
    followers = _transposed(follows)
    follows = _transposed(followers)
    unreturned = _without(followers, follows)
    chance = _adjusted(chance, wanted - follows.ids.size, unreturned)
    returns = _kept(_word(key, "follow back"), unreturned, chance)
    followings = np.diff(follows.offsets) + np.diff(returns.offsets)
    del follows, unreturned
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
    return np.minimum(cap, luck ** (-1.0 / (exponent - 1.0)))


def _draw_all_follows(
    niche: npt.NDArray[np.uint8],
    key: int,
    wanted: float,
    within_niche: float,
    weight: _Reals,
    following_weight: _Reals,
    chance: _Reals,
) -> _Rows:
    """Draw as many follows as make `wanted` ones once some are returned.

    Which share is returned depends on who is followed. The drum tells it but for repeats, which take follows
    away from the heavy accounts; a pilot draw of some people sees those too.
    """
    drum, slices = _drum(niche, weight)
    rounding = _uniforms(_word(key, "rounding"), niche.size)
    draw_key = _word(key, "follow")
    returned_share = (chance @ weight) / weight.sum()
    planned = _planned(wanted / (1.0 + returned_share), following_weight, rounding)
    pilot = _draw_follows(draw_key, planned[:_PILOT_PEOPLE], niche, within_niche, drum, slices)
    if pilot.ids.size:
        returned_share = chance[pilot.ids].mean()
    planned = _planned(wanted / (1.0 + returned_share), following_weight, rounding)
    return _draw_follows(draw_key, planned, niche, within_niche, drum, slices)


def _drum(niche: npt.NDArray[np.uint8], weight: _Reals) -> tuple[_Ids, _Offsets]:
    """Fill the drum; the slice of niche n is `drum[slices[n]:slices[n + 1]]`."""
    people = np.argsort(niche, kind="stable").astype(np.int32)
    niche_weight = np.bincount(niche, weights=weight)
    slices = np.concatenate([[0.0], np.cumsum(niche_weight)]).astype(np.int64)
    return np.repeat(people, weight[people].astype(np.int64)), slices


def _planned(total: float, weight: _Reals, rounding: _Reals) -> _Ids:
    """Share out a number of follows by weight, to nobody more than half of all others; round at random."""
    most = (weight.size - 1) / 2
    share = weight * (total / weight.sum())
    for _ in range(_ROUNDS):
        if share.max() <= most:
            break
        share = np.minimum(most, share)
        share *= total / share.sum()
    return np.floor(np.minimum(most, share) + rounding).astype(np.int32)


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
def _uniform(number: Word) -> float:
    """Turn the top 52 bits of a number into one in (0, 1), both ends excluded."""
    return (np.float64(number >> _DOUBLE_SHIFT) + 0.5) * 2.0**-52


@kernel
def _uniforms(key: Word, count: int) -> _Reals:
    numbers = np.empty(count)
    for person in range(count):
        numbers[person] = _uniform(fold(key, np.uint64(person)))
    return numbers


@kernel
def _draw_follows(
    key: Word,
    planned: _Ids,
    niche: npt.NDArray[np.uint8],
    within_niche: float,
    drum: _Ids,
    slices: _Offsets,
) -> _Rows:
    """Draw whom the first people follow, as many different accounts as planned for each, in drawn order.

    The number of a person's draw says with its first half-step whether the draw is one within the niche,
    and with its second which ticket it is. Drawing a whole round before striking out repeats lets the
    processor fetch many tickets at once.
    """
    offsets = np.zeros(planned.size + 1, np.int64)
    ids = np.empty(planned.sum(), np.int32)
    followed_by = np.full(niche.size, -1, np.int32)  # who followed each account last
    end = 0
    for person in range(planned.size):
        person_key = fold(key, np.uint64(person))
        draw = np.uint64(0)
        first = slices[niche[person]]
        niche_tickets = slices[niche[person] + 1] - first
        full = end + planned[person]
        followed_by[person] = person
        for _ in range(_ROUNDS):
            start = end
            for place in range(start, full):
                number = fold(person_key, draw)
                draw += _ONE
                ticket = _uniform(fold(number, _ONE))
                if _uniform(number) < within_niche:
                    ids[place] = drum[first + int(ticket * niche_tickets)]
                else:
                    ids[place] = drum[int(ticket * drum.size)]
            for account in ids[start:full]:
                if followed_by[account] != person:
                    followed_by[account] = person
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
            end += _uniform(fold(person_key, np.uint64(account))) < chance[person]
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
