"""One play's cascades: read back from its trace, cut to what can be read, and drawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from make_results import findings_of, two_plans
from make_study import HOSTILE, two
from picture_helpers import faults, placed
from study_helpers import execute, without_pictures, write_scenario

import simulator
from simulator.decide.cascades import ROOT
from simulator.decide.traced import Share, Traced, read_traced
from simulator.errors import ResultsError
from simulator.present.cascades import cascade_alt, cascade_title
from simulator.present.pictures.branches import Lane, lanes_of
from simulator.present.pictures.cascade import draw_cascade
from simulator.present.pictures.look import SIZES, Look

COUNTED = ("impressions", "friend_impressions")


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, simulator.decide.replay.Replay]:
    """Trace one play of a tiny scenario in which friends pass on a lot; give its folder and what was replayed."""
    folder = tmp_path_factory.mktemp("trace")
    values = two_plans() | {
        "behaviour": {"reach_per_peer": 0.6, "peer_delay": {"dist": "exponential", "mean_hours": 2.0}}
    }
    values["pools"]["micro"]["share_per_impression"] = 0.2  # type: ignore[index]
    results = folder / "results"
    done = execute(without_pictures("run", write_scenario(folder, values), "--out", results, "--quiet"))
    assert 0 == done.returncode, done.stderr
    found = simulator.replay(results, "many", 3, trace=True)
    for name, data in found.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / "replay" / "many-3", found


def test_a_trace_is_read_back_whole(traced: tuple[Path, Any]) -> None:
    """Showings add up to the impressions that friends brought, shares to those of each post, depths to the shapes."""
    folder, found = traced
    its = read_traced(folder)
    assert len(its.shares) == found.outcome.shares > 20
    assert sum(share.shown for share in its.shares) == found.outcome.friend_impressions > 0
    assert Counter(share.post for share in its.shares) == {
        place: post["shares"] for place, post in enumerate(its.posts) if post["shares"]
    }
    assert max(share.depth for share in its.shares) == found.summary["trace"]["depth"] > 2
    for share in its.shares:
        parent = its.shares[share.parent] if share.parent != ROOT else None
        assert share.depth == (1 if parent is None else parent.depth + 1)
        assert parent is None or (parent.post == share.post and parent.hours < share.hours and parent.shown)
        assert share.hours > 0


@pytest.mark.parametrize("missing", ["events.parquet", "cascades.parquet", "posts.csv", "replay.json"])
def test_a_trace_that_is_not_whole_is_refused(traced: tuple[Path, Any], tmp_path: Path, missing: str) -> None:
    """The message names the folder and what to do."""
    for file in traced[0].iterdir():
        (tmp_path / file.name).write_bytes(b"nonsense" if file.name == missing else file.read_bytes())
    with pytest.raises(ResultsError, match=r"cannot be read .* --trace again"):
        read_traced(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(ResultsError, match="cannot be read"):
        read_traced(tmp_path)


# ---- what is drawn


def _made(parents: list[int], posts: list[int] | None = None, creator: str = "anna", **outcome: int) -> Traced:
    """Make a play from the parent of each share; a share falls an hour after its parent."""
    post = posts or [0] * len(parents)
    depth, hours = [0] * len(parents), [0.0] * len(parents)
    following = [0] * len(parents)
    for place, parent in enumerate(parents):
        depth[place] = 1 if parent == ROOT else depth[parent] + 1
        hours[place] = 1.0 + place % 7 if parent == ROOT else hours[parent] + 1.0
    for place in range(len(parents) - 1, -1, -1):
        if parents[place] != ROOT:
            following[parents[place]] += following[place] + 1
    shares = tuple(
        Share(post[i], hours[i], parents[i], depth[i], following[i], 10 * following[i]) for i in range(len(parents))
    )
    summary = {
        "strategy": "plan", "replication": 3, "market": 1,
        "outcome": {"impressions": 64_000, "friend_impressions": sum(share.shown for share in shares), **outcome},
    }  # fmt: skip
    count = max(post, default=0) + 1
    told = [
        {"creator": f"{creator}/{k}", "post": 1, "nodes": post.count(k) + 1, "depth": 1, "impressions": 100}
        | {"friend_impressions": 10}
        for k in range(count)
    ]
    return Traced(summary, tuple(told), shares)


def _random(shares: int, posts: int, seed: int = 1) -> Traced:
    """Make a play in which shares go back to a post or to any earlier share."""
    rng = np.random.default_rng(seed)
    parents, post = [], []
    for place in range(shares):
        parent = ROOT if place < posts else int(rng.integers(-1, place))
        parents.append(parent)
        post.append(place % posts if parent == ROOT else post[parent])
    return _made(parents, post)


def _broken(traced: Traced, lanes: list[Lane], shares: int, rows: int) -> list[str]:
    """Say what is wrong with what was chosen."""
    wrong = []
    for lane in lanes:
        for share, row in lane.rows.items():
            parent = traced.shares[share].parent
            wrong += ["no way to the post"] if parent != ROOT and parent not in lane.rows else []
            wrong += ["another post"] if traced.shares[share].post != lane.post else []
            wrong += ["above its parent"] if parent in lane.rows and row < lane.rows[parent] else []
        every = sum(share.post == lane.post for share in traced.shares)
        wrong += ["not all counted"] if len(lane.rows) + len(lane.others) != every else []
        wrong += ["rows are left empty"] if set(lane.rows.values()) != set(range(lane.height)) else []
    wrong += ["too many"] if sum(len(lane.rows) for lane in lanes) > shares else []
    wrong += ["too many rows"] if sum(lane.height for lane in lanes) > rows else []
    return wrong


@pytest.mark.parametrize(("shares", "posts"), [(1, 1), (20, 3), (300, 1), (300, 40), (5000, 7)])
def test_what_is_drawn_is_whole_and_no_hairball(shares: int, posts: int) -> None:
    """Everybody drawn hangs together with the post; what is left out is counted; limits hold."""
    traced = _random(shares, posts)
    lanes = lanes_of(traced, 6, 150, 42)
    assert [] == _broken(traced, lanes, 150, 42)
    assert len(lanes) <= 6
    # The check finds one whose parent is missing.
    lane = next((lane for lane in lanes if len(lane.rows) > 2), None)
    if lane:
        rest = dict(list(lane.rows.items())[1:])
        assert _broken(traced, [Lane(lane.post, rest, lane.others)], 150, 42)


def test_who_led_to_most_is_drawn_first() -> None:
    """Of a chain of 5 beside 200 that led to nobody, the chain is drawn in one row and the others are ticks."""
    traced = _made([ROOT, 0, 1, 2, 3, *[ROOT] * 200])
    (lane,) = lanes_of(traced, 6, 150, 42)
    assert {0: 0, 1: 0, 2: 0, 3: 0, 4: 0} == lane.rows
    assert 200 == len(lane.others)


def test_a_star_of_friends_takes_a_row_each() -> None:
    """A person whom three friends follow has them below each other, the first beside it."""
    (lane,) = lanes_of(_made([ROOT, 0, 0, 0]), 6, 150, 42)
    assert [0, 0, 1, 2] == [lane.rows[place] for place in range(4)]


CASES = {
    "nobody": _made([], impressions=500),
    "no friends": _made([ROOT] * 30),
    "a chain": _made([ROOT, 0, 1, 2]),
    "many": _random(4000, 12),
    "hostile": _made([ROOT, 0, ROOT, ROOT, 3], [0, 0, 1, 2, 2], HOSTILE),
}


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_words_fit(case: str, name: str) -> None:
    """No text leaves the picture or lies on another."""
    figure, texts = placed(lambda: draw_cascade(findings_of(two()), CASES[case]), Look(size=SIZES[name]))
    assert [] == faults(figure, texts)


def test_a_real_play_fits(traced: tuple[Path, Any]) -> None:
    """So does one that was traced."""
    figure, texts = placed(lambda: draw_cascade(findings_of(two()), read_traced(traced[0])))
    assert [] == faults(figure, texts)


def test_lines_go_forward_in_time() -> None:
    """Every line ends to the right of where it begins."""
    figure, _ = placed(lambda: draw_cascade(findings_of(two()), CASES["hostile"]))
    paths = [patch.get_path().vertices for patch in figure.axes[0].patches]
    assert paths and all(path[0][0] < path[-1][0] for path in paths)


def test_the_title_is_what_was_counted() -> None:
    """Friends, the longest chain; nobody shared; no share led on."""
    assert cascade_title(CASES["a chain"]) == (
        "plan, one play: 60 of 64,000 impressions come from friends; the longest chain is 4 shares"
    )
    assert cascade_title(CASES["no friends"]).endswith(
        "0 of 64,000 impressions come from friends; no share led to another"
    )
    assert "plan, one play: nobody shared a post" == cascade_title(CASES["nobody"])
    assert "nobody shared" in cascade_alt(CASES["nobody"])
    assert "Of 4 shares, 3 came from what a friend had shown" in cascade_alt(CASES["a chain"])
    texts = [text for text, _ in placed(lambda: draw_cascade(findings_of(two()), CASES["no friends"]))[1]]
    assert any("Nobody shared a post that a friend had shown" in text for text in texts)
