"""A play that was traced, read back: who shared which post because of whom.

In: the folder of a replay with its trace. Out: a `Traced`. Invariants: a share comes after the one it goes back to; a
trace that cannot be read is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from simulator.decide.cascades import ROOT
from simulator.decide.trace import FRIEND_WAY
from simulator.errors import ResultsError


@dataclass(frozen=True)
class Share:
    """One share of a post.

    Attributes:
        post: Whose post it is, as its place in `Traced.posts`.
        hours: Since the post went out.
        parent: The share of the friend who had shown it, as its place in `Traced.shares`; ROOT where it was no friend.
        depth: Steps from the post, from 1.
        following: How many shares of others go back to this one.
        shown: How many people saw the post because of it.
    """

    post: int
    hours: float
    parent: int
    depth: int
    following: int
    shown: int


@dataclass(frozen=True)
class Traced:
    """A play that was traced.

    Attributes:
        summary: Its numbers, as in `replay.json`.
        posts: What each post came to, as in `posts.csv`.
        shares: Every share, in the order in which they happened.
    """

    summary: Mapping[str, Any]
    posts: tuple[Mapping[str, Any], ...]
    shares: tuple[Share, ...]


def read_traced(folder: Path) -> Traced:
    """Read a traced play.

    Raises:
        ResultsError: a file of it is missing or cannot be read.
    """
    try:
        summary = json.loads((folder / "replay.json").read_bytes())
        text = pyarrow.csv.ConvertOptions(column_types={"creator": "string"}, strings_can_be_null=False)
        lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
        posts = pyarrow.csv.read_csv(folder / "posts.csv", parse_options=lines, convert_options=text).to_pylist()
        cascades = pq.read_table(folder / "cascades.parquet").to_pylist()
        return Traced(summary, tuple(posts), _shares(posts, cascades, _shown(folder / "events.parquet")))
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ResultsError(
            f"{folder}: the trace of this play cannot be read ({reason}). Replay it with --trace again."
        ) from None


def _shown(events: Path) -> dict[tuple[str, int, int], int]:
    """Count to how many people each sharer showed a post, by creator, number of the post and person."""
    key = ["creator", "post", "shower"]
    shown = pq.read_table(events, columns=[*key, "shown_by", "impressions"])
    shown = shown.filter(pc.and_(pc.equal(shown["shown_by"], FRIEND_WAY), shown["impressions"])).select(key)
    columns = {name: shown[name].cast("string") if name == "creator" else shown[name] for name in key}
    counts = pyarrow.table(columns).group_by(key).aggregate([([], "count_all")]).to_pylist()
    return {(row["creator"], row["post"], row["shower"]): row["count_all"] for row in counts}


def _shares(
    posts: list[dict[str, Any]], cascades: list[dict[str, Any]], shown: Mapping[tuple[str, int, int], int]
) -> tuple[Share, ...]:
    place = {(post["creator"], post["post"]): row for row, post in enumerate(posts)}
    rows = {(its["creator"], its["post"], its["person"]): row for row, its in enumerate(cascades)}
    return tuple(
        Share(
            post=place[its["creator"], its["post"]],
            hours=its["second"] / 3600 - 24 * posts[place[its["creator"], its["post"]]]["published_day"],
            parent=ROOT if its["parent"] is None else rows[its["creator"], its["post"], its["parent"]],
            depth=its["depth"],
            following=its["following"],
            shown=shown.get((its["creator"], its["post"], its["person"]), 0),
        )
        for its in cascades
    )
