"""The picture of one play: when it is drawn, whether what it says is true of the log, and whether it is legible."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import make_study
import numpy as np
import picture_helpers
import pytest
from make_log import Row, money, of_creators, reviewed, sold_out, spread, with_log
from make_study import HOSTILE, HandMadeStudy
from picture_helpers import SVG, Placed, faults, texts

from simulator.present import digits, one_play
from simulator.present.one_play import Log
from simulator.present.pictures import lanes, operations, page, plots
from simulator.present.pictures.look import COLUMN, SLIDE, Look, Size, styled
from simulator.present.pictures.operations_names import picture_names
from simulator.present.pictures.saving import save_picture
from simulator.scenario.strategy import ADS

DOLLARS = digits.money_unit("$")


def two() -> HandMadeStudy:
    """Make the main case: six creators, one of whom drops out, against one with a scandal while stock runs out."""
    portfolio = [
        *of_creators(6, 4, 14.0),
        *(row for k in range(1, 7) for row in spread(f"creator {k}", 1, 2.0 + k, 4000.0 * k)),
        Row(15.0, "dropped_out", "creator 2", None, 2.0),
    ]
    celebrity = [
        *reviewed("@anna", 1, 2.0, 1.5),
        *reviewed("@anna", 2, 9.0, 9.0, back=True)[:-2],
        Row(8.2, "scandal", "@anna", None, 3.0),
        *spread("@anna", 1, 2.0, 90_000.0),
        *money("@anna", 3, 7, 700.0),
        *money("ads", 1, 12, 300.0),
        *sold_out(6.0, 9.2),
    ]
    return with_log({"portfolio": portfolio, "celebrity": celebrity})


def many() -> HandMadeStudy:
    """Make 600 posts of 60 creators over 400 days, 20 of whom drop out."""
    rows = [
        *of_creators(60, 10, 400.0),
        *(Row(40.0 + 9 * k, "dropped_out", f"creator {k + 30}", None, 2.0) for k in range(20)),
        *(Row(50.0 * k, "scandal", f"creator {k}", None, 5.0) for k in range(1, 4)),
        *(row for k in range(1, 60) for row in spread(f"creator {k}", 1, 6.0 * k, 4000.0)),
        *money("creator 1", 5, 7, 800.0),
        *money("creator 1", 12, 3, 800.0, "paused"),
        *money("ads", 0, 300, 1e4),
    ]
    return with_log({"portfolio": rows}, 420.0)


def crowded() -> HandMadeStudy:
    """Make plans with a dozen creators each, names that look like mathematics or are long, and two more plans."""
    hostile = [*reviewed(HOSTILE, 1, 2.0, 4.0), Row(5.0, "scandal", HOSTILE, None, 1.0), *sold_out(6.0)]
    paused = [*money("ads", 0, 10, 1000.0), *money("ads", 10, 3, 1000.0, "paused"), *sold_out(10.0, 13.0)]
    return with_log({
        HOSTILE: [*hostile, *of_creators(11, 2, 14.0)],
        "portfolio of sixty micro-influencers, beauty and skin care only": [*of_creators(12, 3, 14.0), *paused],
        "W" * 60: of_creators(12, 2, 14.0, seed=3),
        "four": [],
        "five": of_creators(1, 1, 1.0),
    })  # fmt: skip


def one_event() -> HandMadeStudy:
    return with_log({"launch": [Row(3.0, "published", "anna", 1, 0.0)]})


def half_empty() -> HandMadeStudy:
    """Make a plan without any happening beside one with ads and no creator."""
    return with_log({"nobody": [], "ads only": money("ads", 0, 20, 1234.56)})


def unknown() -> HandMadeStudy:
    """Make rows of a kind that nobody knows, and one whose values are missing."""
    return with_log({"a": [Row(1.0, "eclipse", "sun"), Row(2.0, "published", "anna", 1), Row(-9.0, "submitted", "b")]})


VARIANTS: dict[str, Callable[[], HandMadeStudy]] = {
    "two": two,
    "many": many,
    "crowded": crowded,
    "one event": one_event,
    "half empty": half_empty,
    "unknown": unknown,
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Draw the operations of all variants once; give the SVG of each."""
    folder = tmp_path_factory.mktemp("figures")
    return {name: draw(make(), folder / name)[1] for name, make in VARIANTS.items()}


def draw(study: HandMadeStudy, folder: Path) -> list[Path]:
    """Draw this one picture only."""
    return save_picture(lambda: operations.draw_operations(study), folder / "operations")  # type: ignore[arg-type]


def said(path: Path) -> str:
    return " ".join(" ".join(texts(path)).split())


def log_of(*rows: Row, horizon: float = 20.0) -> Log:
    return one_play.log_of(with_log({"a": rows}, horizon), "a")  # type: ignore[arg-type]


def findings(*rows: Row) -> list[str]:
    return [finding.text for finding in one_play.findings(log_of(*rows), DOLLARS)]


# ---- when it is drawn


def test_it_is_drawn_where_a_play_was_logged(tmp_path: Path) -> None:
    """As the last picture; without rows there is none, and the others keep their bytes."""
    study = make_study.two(20)
    logged = dataclasses.replace(study, operations=two().operations)
    without = plots.draw_all(study, tmp_path / "without")  # type: ignore[arg-type]
    paths = plots.draw_all(logged, tmp_path / "with")  # type: ignore[arg-type]
    assert ["operations.png", "operations.svg"] == [path.name for path in paths[len(without) :]]
    for ours, theirs in zip(paths, without, strict=False):
        assert ours.name == theirs.name
        assert ours.read_bytes() == theirs.read_bytes()


def test_the_same_log_gives_the_same_bytes(tmp_path: Path, pictures: dict[str, Path]) -> None:
    """In another process with another hash seed too, in whatever order the rows come; another log's are others."""
    tests = str(Path(__file__).parent)
    code = (
        f"import sys, pathlib; sys.path.insert(0, {tests!r}); import test_operations_picture as t; "
        f"t.draw(t.two(), pathlib.Path({str(tmp_path)!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=Path(tests).parent)
    for kind in (".svg", ".png"):
        expected = pictures["two"].with_suffix(kind).read_bytes()
        assert expected == (tmp_path / f"operations{kind}").read_bytes()
        assert expected != pictures["many"].with_suffix(kind).read_bytes()


# ---- what is read from the log


def test_a_post_waits_until_it_is_approved() -> None:
    """From when it was first handed in, however often it is sent back."""
    (post,) = log_of(*reviewed("anna", 1, 5.0, 4.5, back=True)).posts
    assert (2.0, 6.5, 6.5, 36.0) == (post.submitted, post.ready, post.published, post.late)
    assert (3.5,) == post.sent_back
    assert not post.waits


def test_a_post_that_is_never_approved_waits_to_the_end() -> None:
    """Or until a scandal of its own creator stops it; somebody else's doesn't."""
    handed_in = Row(2.0, "submitted", "anna", 1)
    (post,) = log_of(handed_in, Row(4.0, "scandal", "ben", None, 0.0)).posts
    assert (20.0, True) == (post.ready, post.waits)
    (post,) = log_of(handed_in, Row(4.0, "scandal", "anna", None, 1.0)).posts
    assert (4.0, False) == (post.ready, post.waits)


def test_stock_may_run_out_again() -> None:
    """Each time until it is filled again, the last until the end."""
    log = log_of(*sold_out(2.0, 3.5), *sold_out(18.0))
    assert ((2.0, 3.5), (18.0, 20.0)) == log.sold_out
    assert 24 * 3.5 == one_play.sold_out_hours(log)


def test_creators_come_in_the_order_in_which_they_begin() -> None:
    """The ads are no creator."""
    rows = [Row(2.0, "published", "b", 1), Row(1.0, "published", "c", 1), Row(2.0, "published", "a", 1)]
    assert ["c", "a", "b"] == log_of(*rows, *money("ads", 0, 2, 5.0), Row(0.5, "discovery", "ads", None, 3.0)).creators


# ---- sentences


def published(*late: float) -> list[Row]:
    return [Row(float(k), "published", "anna", k + 1, hours) for k, hours in enumerate(late)]


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        ((0.0,), "the only post that went out was on time"),
        ((0.0, 0.0), "both posts that went out were on time"),
        ((0.0, 0.0, 0.0), "all 3 posts that went out were on time"),
        ((5.0,), "the only post that went out was 5 hours late"),
        ((5.0, 0.0), "1 of the 2 posts that went out was late, by 5 hours"),
        ((5.0, 0.0, 50.0), "2 of the 3 posts that went out were late, by up to 2.1 days"),
        ((1.0, 2.0, 72.0, 96.0, 6.0), "all 5 posts that went out were late, half of them by 6 hours or more"),
    ],
)
def test_lateness_is_counted_among_posts_that_went_out(late: tuple[float, ...], sentence: str) -> None:
    """One, some or all, by how much at most, or by the middle of them."""
    assert [sentence] == findings(Row(-1.0, "submitted", "anna", 1), *published(*late))


def test_where_nobody_reviews_nothing_is_called_on_time() -> None:
    """Nothing could be late: posts are counted, and those that never went out."""
    rows = [*published(0.0, 0.0), Row(1.0, "published", "ben", 1, 0.0)]
    assert ["3 posts of 2 creators went out"] == findings(*rows)
    dropped = Row(5.0, "dropped_out", "ben", None, 2.0)
    assert "3 posts of 2 creators went out, 2 never did" == findings(*rows, dropped)[-1]


def test_findings_come_the_gravest_first() -> None:
    """Scandal, stock, lateness, drop-outs, waiting; each true of the log."""
    rows = [
        *published(0.0, 3.0),
        Row(3.4, "scandal", "anna", None, 2.0),
        *sold_out(6.0, 9.2),
        Row(5.0, "dropped_out", "ben", None, 1.0),
        Row(7.0, "submitted", "cy", 1),
    ]
    assert findings(*rows) == [
        "a scandal of anna on day 3 stopped 2 posts",
        "sold out on day 6, for 3.2 days",
        "1 of the 2 posts that went out was late, by 3 hours",
        "1 creator dropped out and 1 post is missing",
        "1 post was still not approved at the end",
    ]


@pytest.mark.parametrize(
    ("rows", "said_beside"),
    [
        (sold_out(6.0, 9.0), "sold out for 3 days"),
        (sold_out(6.0, 6.0), "sold out for a moment"),
        (sold_out(20.0), "sold out at the end"),
        ([Row(6.0, "restocked", value=5.0)], "restocked"),
    ],
)
def test_the_lane_of_the_stock_says_how_long_it_is_out(rows: list[Row], said_beside: str) -> None:
    """A stock that is filled again at once was not sold out at the end."""
    (lane,) = lanes.stock_lane(lanes.Scene(log_of(*rows), "#1a1a1a", (0.0, 20.0), 0.0, DOLLARS))
    assert (said_beside,) == lane.numbers


def test_nothing_to_sell_is_graver_than_all() -> None:
    """An empty stock from the start comes even before a scandal; negative control: one that runs out does not."""
    scandal = Row(3.4, "scandal", "anna", None, 2.0)
    never, after = "there was never anything to sell", "a scandal of anna on day 3 stopped 2 posts"
    assert [never, after] == findings(scandal, *sold_out(0.0))
    first = "there was nothing to sell for the first 7 days"
    assert [first, after] == findings(scandal, *sold_out(0.0, 7.0))
    assert [f"{first}, nor later for a while"] == findings(*sold_out(0.0, 7.0), *sold_out(9.0))
    assert [after, "sold out from day 1 to the end"] == findings(scandal, *sold_out(1.0))


def test_posts_on_time_do_not_hide_those_that_never_went_out() -> None:
    """Stopped, not delivered or still waiting, they are counted beside them."""
    rows = [*published(0.0, 0.0), Row(7.0, "submitted", "cy", 1), Row(5.0, "dropped_out", "ben", None, 2.0)]
    expected = "2 posts went out on time, 5 never did"
    assert expected == findings(*rows, Row(3.4, "scandal", "anna", None, 2.0))[-1]


def test_several_scandals_and_stock_that_stays_out() -> None:
    """The first is dated, their posts are added up."""
    scandals = [Row(8.0, "scandal", "b", None, 1.0), Row(2.0, "scandal", "a", None, 0.0)]
    assert findings(*scandals, *sold_out(6.0)) == [
        "2 scandals, the first on day 2, stopped 1 post",
        "sold out from day 6 to the end",
    ]
    twice = findings(*sold_out(2.0, 3.5), *sold_out(18.0))
    assert ["sold out on day 2, for 3.5 days in all (2 times)"] == twice
    # Filled again at once.
    assert ["sold out on day 2, for a moment"] == findings(*sold_out(2.0, 2.0))
    moments = findings(*sold_out(2.0, 2.0), *sold_out(3.0, 3.0))
    assert ["sold out on day 2, for a moment (2 times)"] == moments


def test_money_and_nothing_are_told_where_nothing_else_is() -> None:
    assert ["$24.7k bought impressions from day 0 to day 19"] == findings(*money("ads", 0, 20, 1234.56))
    assert ["$5 bought impressions on day 2"] == findings(*money("ads", 2, 1, 5.0))
    assert ["no post went out"] == findings()


def test_the_title_tells_the_gravest_findings_of_two_plans(pictures: dict[str, Path]) -> None:
    """What it leaves stands beside the plan's name."""
    text = said(pictures["two"])
    title = "celebrity: a scandal of @anna on day 8 stopped 3 posts; portfolio: 2 of the 24 posts"
    assert title in text
    assert "portfolio 1 creator dropped out and 2 posts are missing" in text
    assert "celebrity sold out on day 6, for 3.2 days; 1 post went out on time, 3 never did" in text


def test_the_picture_says_that_it_is_of_one_play(pictures: dict[str, Path]) -> None:
    """With the replication; nothing carries a date."""
    for name, path in pictures.items():
        text, plain = said(path), name in ("one event", "half empty", "unknown")
        assert "scenario hash 3f9a1c77 | seed 7 | one play: replication 17, not an average" in text
        much = "" if plain else " in which much happened"
        assert f"One play (replication 17){much}, not an average: what" in text
        assert "days since the start" in text
        assert "<dc:date>" not in path.read_text(encoding="utf-8")


def test_each_lane_has_its_numbers(pictures: dict[str, Path]) -> None:
    """Counts of posts, money and time beside what is drawn."""
    text = texts(pictures["two"])
    assert {"1 post, scandal", "4 posts, 1 late", "4 posts, dropped out", "sold out for 3.2 days"} <= set(text)
    assert {"boosts $4,900, ads $3,600", "up to $1,000 per day"} <= set(text)


def test_many_creators_are_counted_per_day(pictures: dict[str, Path]) -> None:
    """A lane per kind of happening instead of sixty; days are joined where there are many."""
    text = set(texts(pictures["many"]))
    assert {"waiting", "posts out", "creators lost", "to strangers", "paid media"} <= text
    assert not any(line.startswith("creator 4") for line in text)
    assert "600 posts, 127 late" in text
    assert any(re.fullmatch(r"up to \d+ per 7 days", line) for line in text)
    assert {"3 scandals, 15 posts stopped", "20 dropped out"} <= text
    assert {"boosts $5,600, ads $3M", "$2,400 not spent"} <= text


def test_bars_add_up() -> None:
    """Every happening lies in a bar, at the edges too, whatever the days."""
    for limits in ((-3.0, 20.0), (-0.4, 420.0), (0.0, 0.5), (-200.0, 3660.0)):
        edges, _ = lanes._bins(limits)
        days = np.linspace(*limits, 101)
        assert 101 == lanes._per_bin(edges, ((day, 1.0) for day in days)).sum()
        assert len(edges) <= lanes._MOST_BINS + 3


def test_at_most_three_plans_and_a_note(pictures: dict[str, Path]) -> None:
    """More are left out in words; names that look like mathematics come out as written."""
    text = said(pictures["crowded"])
    assert "3 of 5 plans are drawn, those with most to tell; not four and five." in text
    assert HOSTILE in text
    assert "five" not in texts(pictures["crowded"])
    assert "plans are drawn" not in said(pictures["two"])


SHOWN = dataclasses.replace(SLIDE, width=12.1, height=5.2, right=9.2, grows=False)


@pytest.mark.parametrize(("name", "plans"), [("two", 1), ("crowded", 1), ("half empty", 2)])
def test_on_a_page_that_does_not_grow_there_are_as_many_plans_as_have_room(name: str, plans: int) -> None:
    """The gravest of them; what is not there is named, and nothing is cut off."""
    study = VARIANTS[name]()
    figure, found = picture_helpers.placed(lambda: operations.draw_operations(study), Look(size=SHOWN))  # type: ignore[arg-type]
    assert [] == faults(figure, found)
    assert figure.get_figheight() <= SHOWN.height
    shown = " ".join(text for text, _ in found)
    many = len(study.summary["strategies"])
    said_so = f"There is room for {plans} of {many} plans; not " in " ".join(shown.split())
    assert said_so == (plans < many)


@pytest.mark.parametrize("plan", ["portfolio", "celebrity"])
def test_where_there_is_room_for_one_plan_it_is_that_of_the_title(plan: str) -> None:
    study = two()
    study.summary["strategies"][plan]["scandals"] = {"probability": {"value": 0.5, "low": 0.4, "high": 0.6}}
    _, found = picture_helpers.placed(lambda: operations.draw_operations(study), Look(size=SHOWN))  # type: ignore[arg-type]
    assert {plan} == {text for text, _ in found} & {"portfolio", "celebrity"}


def test_the_plans_with_the_gravest_findings_are_drawn(tmp_path: Path) -> None:
    """In scenario order, whatever comes first in the scenario; of the same findings, the first plans."""
    late, fine = published(3.0), published(0.0)
    logs = {"p1": fine, "p2": late, "p3": fine, "p4": [*late, *sold_out(6.0)], "p5": [*late, *sold_out(5.0)]}
    text = said(draw(with_log(logs), tmp_path)[1])
    assert "3 of 5 plans are drawn, those with most to tell; not p1 and p3." in text
    assert text.index("p2 the only post") < text.index("p5 the only post")
    assert "p4: sold out from day 6 to the end; p5: sold out from day 5 to the end" in text


def test_the_title_does_not_say_the_same_twice(tmp_path: Path) -> None:
    """Plans with the same finding share it; where all do, none is named."""
    text = said(
        draw(with_log({"p1": published(3.0), "p2": published(3.0), "p3": reviewed("anna", 1, 2.0, 1.0)}), tmp_path)[1]
    )
    one = "the only post that went out was"
    assert f"p1 and p2: {one} 3 hours late; p3: {one} on time" in text
    text = said(draw(with_log({"p1": published(3.0), "p2": published(3.0)}), tmp_path)[1])
    assert f"Every plan drawn: {one} 3 hours late" in text
    assert 1 == text.count(one)


def test_only_marks_that_occur_are_explained(pictures: dict[str, Path]) -> None:
    """One post needs one line; every mark that a lane names is in the key."""
    words = {mark.words for mark in lanes.key().values()}
    assert {"posts"} == words & set(texts(pictures["one event"]))
    everything = {line for path in pictures.values() for line in texts(path)}
    assert words <= everything


def test_each_meaning_stands_once_in_the_key(pictures: dict[str, Path]) -> None:
    """Also where it has two signs, as in plans with few and with many creators; the band after a scandal has one."""
    of_many, of_few = [row for k in range(13) for row in reviewed(f"c{k}", 1, 2.0, 4.0)], published(0.0, 3.0)
    study = with_log({"many": [*of_many, *published(0.0)], "few": of_few})
    _, found = placed(study)
    shown = [text for text, _ in found]
    assert 1 == shown.count("posts on time") == shown.count("late posts")
    assert "after a scandal" in texts(pictures["two"])
    assert "days since the start; the first is day 0" in shown


def test_marks_differ_in_more_than_colour() -> None:
    """No two marks of a key have the same shape and filling; posts that cannot be late look as those on time."""
    looks = [(mark.shape, *(str(mark.how.get(key)) for key in ("hatch", "linestyle", "markersize", "alpha")))
             for mark in lanes.key().values() if mark.words != "posts"]  # fmt: skip
    assert len(set(looks)) == len(looks)


def test_a_plan_in_which_nothing_happens_has_an_empty_panel(pictures: dict[str, Path]) -> None:
    """Beside one that has only ads; where no plan's panel is empty, nothing of the kind is said."""
    assert {"nobody", "nothing happened", "ads only", "paid media"} <= set(texts(pictures["half empty"]))
    assert "nothing happened" not in texts(pictures["two"])


# ---- what creators are called


def with_pools(**pools: list[str]) -> Any:
    """Make a scenario with these listed pools and two creators of its own."""
    listed = {pool: SimpleNamespace(places={name: k + 1 for k, name in enumerate(its)}) for pool, its in pools.items()}
    return SimpleNamespace(
        pools=listed, creators=[SimpleNamespace(handle="anna"), SimpleNamespace(handle="\u6771\u4eac")]
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("own/chef_dario", "chef_dario"),
        ("own/bea \U0001f370", "bea"),
        ("own/\u6771\u4eac", "own #3"),
        ("own/\u043c\u0430\u043c\u0438\u043d", "\u043c\u0430\u043c\u0438\u043d"),
        ("drawn/12", "drawn/12"),
        ("own/anna", "own #5"),
        ("own/ads", "own #6"),
        ("anna", "creator #1"),
        ("\u6771\u4eac", "creator #2"),
    ],
)
def test_creators_have_names_that_can_be_drawn(name: str, shown: str) -> None:
    """The handle as far as the font goes, else the place in the list; never two alike, and none like the ads."""
    own = ["chef_dario", "bea \U0001f370", "\u6771\u4eac", "\u043c\u0430\u043c\u0438\u043d", "anna", "ads"]
    every = [*(f"own/{handle}" for handle in own), "drawn/12", "anna", "\u6771\u4eac", ADS, None]
    found = picture_names(every, with_pools(own=own, drawn=["12"]), page.drawable)
    assert shown == found[name]
    assert len(set(found.values())) == len(found) == 9


def test_names_are_cut_from_their_ends_and_stay_apart() -> None:
    """What fits stays whole; what would look alike gets its place behind."""
    long = "five_minute_feasts_of_"
    with styled():
        figure = page.new_page(make_study.two(), "", "", []).figure  # type: ignore[arg-type]
        names = page.cut_off(figure, ["chef_dario", f"{long}dario", f"{long}pete", "the.sunday.roast.of.lena"], 1.5)
        assert all(page.width_of(figure, name) <= 1.5 for name in names)
    assert "chef_dario" == names[0]
    assert names[1].startswith("five_min") and names[1].endswith("\u2026 #2")
    assert names[2].endswith("\u2026 #3")
    assert names[3].startswith("the.sunday.") and names[3].endswith("\u2026")


# ---- whether it is legible


def placed(study: HandMadeStudy, look: Look | None = None) -> tuple[Any, Placed]:
    """Lay out, and give the figure and each text that is seen with its box [pixels]."""
    return picture_helpers.placed(lambda: operations.draw_operations(study), look)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [SLIDE, COLUMN], ids=lambda size: size.name)
@pytest.mark.parametrize("variant", VARIANTS)
def test_no_text_is_cut_off_or_lies_on_another(variant: str, size: Size) -> None:
    """Every text lies inside the picture and keeps off all others."""
    figure, found = placed(VARIANTS[variant](), Look(size=size))
    assert len(found) > 8
    assert [] == faults(figure, found)


@pytest.mark.parametrize("variant", VARIANTS)
def test_text_is_never_smaller_than_12_points(pictures: dict[str, Path], variant: str) -> None:
    """As in the other pictures; and the page is never much higher than it is wide."""
    root = ET.fromstring(pictures[variant].read_text(encoding="utf-8"))
    styles = [text.attrib["style"] for text in root.iter(f"{SVG}text")]
    assert min(float(size) for style in styles for size in re.findall(r"([\d.]+)px", style)) >= 12
    height, width = (float(root.attrib[side].removesuffix("pt")) for side in ("height", "width"))
    assert height <= 1.05 * width


def test_all_panels_share_their_days() -> None:
    """The axis goes from the first happening to the horizon, for every plan; day 0 stands on it."""
    figure, _ = placed(two())
    limits = {axes.get_xlim() for axes in figure.axes}
    assert 2 == len(figure.axes)
    assert 1 == len(limits)
    ((low, high),) = limits
    assert low < -2
    assert 20 < high < 21
