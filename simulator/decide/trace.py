"""What the crowd did in one play, as tables: every event, who shared because of whom, and what each post came to.

In: a play that was traced, and the texts of people's ids where a graph file gives them. Out: tables whose columns say
their unit. Invariants: of every count of `tally.COUNTS` the events have a column of that name, true where an event
added one to it, so each adds up to the play's count; impressions are events, and the other events are orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulator.campaign.play import Played
from simulator.decide.cascades import PERSON_BITS, ROOT, Cascades, cascades_of, pair_of
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.spread.event_log import EventLog
from simulator.spread.rules import CREATOR, FIRST_ORDER, LATER_ORDER, PAID, PLATFORM, SHOWING
from simulator.spread.tally import COUNTS, IMPRESSIONS, LOST_ORDERS, ORDERS

EVENTS = {SHOWING: "impression", FIRST_ORDER: "order after a lag", LATER_ORDER: "later order"}
CREATOR_WAY, FRIEND_WAY, PLATFORM_WAY, PAID_WAY = "creator", "friend", "platform", "paid media"
WAYS = (CREATOR_WAY, FRIEND_WAY, PLATFORM_WAY, PAID_WAY)
# What the columns that tables share hold.
_MEANINGS = {
    "second": "seconds from the start",
    "day": "days from the start",
    "event": "an impression, or an order that comes later",
    "creator": "whose post it is",
    "post": "which of the creator's posts, from 1",
    "shown_by": "who showed the post; of an order, in the showing that was clicked",
    "shower": "person who showed it, numbered from 0",
    "shower_id": "the same person as the graph file calls it",
    "copy": "which of the post's impressions by the platform or paid media, from 1",
    "viewer": "person who saw it or ordered, numbered from 0",
    "viewer_id": "the same person as the graph file calls it",
    "times_seen": "impressions of this person so far in the campaign, this one included",
    "order_number": "which of the person's orders, from 1",
    "person": "person who shared the post, numbered from 0",
    "person_id": "the same person as the graph file calls it",
    "parent": "person whose showing led to it, empty where that was the creator, the platform or paid media",
    "parent_id": "the same person as the graph file calls it",
    "depth": "steps from the post, from 1",
    "following": "shares of others that go back to this one",
    "published_day": "days from the start; empty where it never went out",
    "reach": "people with at least one impression of the post",
    "nodes": "the post and everybody who shared it",
    "max_breadth": "the most people at one depth",
    "broadcast_share": "share of those who shared the post whom no friend had shown it",
    "structural_virality": "mean distance between all pairs of nodes [steps]",
}
Ids = Sequence[str] | None
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def events_table(played: Played, ids: Ids = None) -> pa.Table:
    """Give every event of a traced play, in the order of play (events, columns)."""
    log = _log(played)
    shower = log.showers
    ordered = log.counted(ORDERS) | log.counted(LOST_ORDERS)
    number = np.where(log.kind == LATER_ORDER, log.shower, 0) + 1
    return _table(
        {
            **_time(log.second),
            "event": _words(log.kind, [EVENTS[kind] for kind in sorted(EVENTS)]),
            **_posts(played, log.post),
            "shown_by": _words(_way(shower), WAYS),
            **_person("shower", shower - 1, _is_friend(shower), ids),
            "copy": _where(shower >= PLATFORM, _copy(shower)),
            **_person("viewer", log.viewer, np.ones(log.viewer.size, np.bool_), ids),
            "times_seen": pa.array(log.impression_numbers()),
            "order_number": _where(ordered, number),
            **{name: pa.array(log.counted(i)) for i, name in enumerate(COUNTS)},
        }
    )


def cascades_table(played: Played, cascades: Cascades, ids: Ids = None) -> pa.Table:
    """Give who shared which post because of whom, in the order in which they did (shares, columns)."""
    its = cascades
    return _table(
        {
            **_time(its.second),
            **_posts(played, its.post),
            **_person("person", its.person, np.ones(its.person.size, np.bool_), ids),
            **_person("parent", its.person[its.parent] if its.parent.size else its.parent, its.parent != ROOT, ids),
            "shown_by": _words(_way(its.shower), WAYS),
            "depth": pa.array(its.depth),
            "following": pa.array(its.following),
        }
    )


def posts_table(played: Played, cascades: Cascades) -> pa.Table:
    """Give what each post came to, and the shape of its cascade (posts, columns)."""
    log, posts = _log(played), len(played.posts)
    out = {(it.who, it.number): it.second / SECONDS_PER_DAY for it in played.log if it.what == "published"}
    seen = log.counted(IMPRESSIONS)
    pairs = np.sort(pair_of(log.post[seen], log.viewer[seen]))  # np.unique takes ten times as long
    reached = pairs[np.diff(pairs, prepend=-1) != 0] >> PERSON_BITS
    shapes = [vars(shape) for shape in cascades.shapes(posts)]
    counts = {
        name: np.bincount(log.post, log.counted(i), minlength=posts).astype(np.int64) for i, name in enumerate(COUNTS)
    }
    return _table(
        {
            "creator": pa.array([creator for creator, _ in played.posts], pa.string()),
            "post": pa.array([number for _, number in played.posts], pa.int64()),
            "published_day": pa.array([out.get(post) for post in played.posts], pa.float64()),
            "reach": pa.array(np.bincount(reached, minlength=posts)),
            **{name: pa.array(values) for name, values in counts.items()},
            **{name: pa.array([shape[name] for shape in shapes], kind) for name, kind in _SHAPE.items()},
        }
    )


_SHAPE = {
    "nodes": pa.int64(),
    "depth": pa.int64(),
    "max_breadth": pa.int64(),
    "broadcast_share": pa.float64(),
    "structural_virality": pa.float64(),
}


def cascades_in(played: Played) -> Cascades:
    """Find the cascades of a traced play."""
    return cascades_of(_log(played))


def _log(played: Played) -> EventLog:
    assert played.events is not None, "only a play that was traced has events"
    return played.events


def _table(columns: dict[str, Any]) -> pa.Table:
    """Make a table whose columns say what they hold."""
    meanings = {name: _MEANINGS.get(name, "1 where this was counted of it") for name in columns}
    fields = [pa.field(name, its.type, metadata={"meaning": meanings[name]}) for name, its in columns.items()]
    return pa.table(list(columns.values()), schema=pa.schema(fields))


def _time(second: Whole) -> dict[str, Any]:
    return {"second": pa.array(second), "day": pa.array(second / SECONDS_PER_DAY)}


def _posts(played: Played, post: Whole) -> dict[str, Any]:
    """Give whose each post is, and which of the creator's."""
    places = {creator: row for row, creator in enumerate(dict.fromkeys(creator for creator, _ in played.posts))}
    rows = np.array([places[creator] for creator, _ in played.posts], np.int64)
    numbers = np.array([number for _, number in played.posts], np.int64)
    return {"creator": _words(rows[post], list(places)), "post": pa.array(numbers[post])}


def _person(name: str, person: Whole, there: Flags, ids: Ids) -> dict[str, Any]:
    """Give persons by number, and by id where they have one; null where there is none."""
    columns = {name: _where(there, person)}
    if ids is not None:
        columns[f"{name}_id"] = _words(np.where(there, person, -1), ids)
    return columns


def _where(there: Flags, values: Whole) -> Any:
    return pa.array(values, mask=~there)


def _words(places: Whole, words: Sequence[str]) -> Any:
    """Give words by their place, null below 0, each stored once."""
    indices = pa.array(places.astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _is_friend(shower: Whole) -> Flags:
    return (shower > CREATOR) & (shower < PLATFORM)


def _way(shower: Whole) -> Whole:
    """Give who showed a post as a place in WAYS; -1 for an order that no showing led to."""
    return np.where(shower < 0, -1, np.searchsorted([CREATOR, CREATOR + 1, PLATFORM, PAID], shower, side="right") - 1)


def _copy(shower: Whole) -> Whole:
    return shower - np.where(shower >= PAID, PAID, PLATFORM) + 1
