"""How far a post went from friend to friend, in one play that was played again with a trace.

In: findings. Out: an exhibit per trace, none where there is none. Invariant: it is told as one play.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.decide.traced import Traced, read_traced
from simulator.present import digits, titles
from simulator.present.cascades import cascade_alt, cascade_title
from simulator.present.findings import Findings
from simulator.present.pitch.exhibit import Exhibit, Table

# Posts that a table holds.
_MOST = 12
_COLUMNS = {
    "impressions": "impressions",
    "friend_impressions": "by friends",
    "shares": "shares",
    "depth": "longest chain",
    "max_breadth": "most shares in one step",
}


def cascades(findings: Findings) -> list[Exhibit]:
    """Show each play that was traced."""
    return [_of_play(read_traced(folder), place) for place, folder in enumerate(findings.traces, start=1)]


def _of_play(traced: Traced, place: int) -> Exhibit:
    name = "cascade" if place == 1 else f"cascade_{place}"
    title = cascade_title(traced)
    return Exhibit(
        name,
        titles.fitted(lambda _: title, lambda _: title.partition("; ")[0]),
        picture=name,
        alt=cascade_alt(traced),
        table=_table(traced),
        notes=("This is one play of many: what happens in it may not happen in the next.",),
        aside=True,
    )


def _table(traced: Traced) -> Table:
    """Give the posts that were shared most."""
    posts = sorted(traced.posts, key=lambda post: -int(post["shares"]))[:_MOST]
    rows = [(_post_name(post), *(digits.count(post[column]) for column in _COLUMNS)) for post in posts]
    header = ("post", *_COLUMNS.values())
    return Table(header, tuple(rows) or (("no post", *("0" for _ in _COLUMNS)),), column_measures=("", *_COLUMNS))


def _post_name(post: Mapping[str, Any]) -> str:
    return f"{digits.shortened(post['creator'])}, post {post['post']}"
