"""The terminal's lines on operations: each sentence, when it comes and when it doesn't."""

from __future__ import annotations

import dataclasses
from typing import Any

import make_study
import pytest

from simulator.present import terminal
from simulator.present.operations_lines import operations_lines


def mean(value: float | None, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    """Make an estimate; without bounds it has no interval."""
    return {"value": value, "low": low, "high": high, "level": 0.95, "method": "by hand", "n": 400}


def fixed(value: float) -> dict[str, Any]:
    return {**mean(value, value, value), "method": "fixed by the plan"}


NO_REFUND = fixed(0.0)
CHANCE = mean(0.04, 0.025, 0.06)
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("posts_slipped", "posts_dropped", "posts_withdrawn", "scandals", "sold_out_hours"), fixed(0.0)),
    **dict.fromkeys(("lost_orders", "returned_orders"), fixed(0.0)),
    "posts_done": fixed(60.0),
    "review_wait_hours": mean(None),
}


def lines(
    scandals: dict[str, Any] | None = None,
    *,
    name: str = "portfolio",
    sold_out: dict[str, Any] | None = None,
    shown: dict[str, Any] | None = None,
    refund: dict[str, Any] = NO_REFUND,
    **means: Any,
) -> list[str]:
    """Give the lines of one strategy with these means; the others are those of a strategy where nothing happens."""
    operations = {key: {"mean": estimate} for key, estimate in {**NOTHING, **means}.items()}
    its = {
        "operations": operations,
        "impressions_by_way": shown,
        "scandals": scandals,
        "refund": {"mean": refund},
    }
    return operations_lines({"currency": "$", "strategies": {name: {**its, "sold_out": sold_out}}}, name)


def test_what_is_off_has_no_line() -> None:
    """Neither means of 0 nor summaries without these numbers say anything."""
    assert [] == lines()
    assert [] == operations_lines({"strategies": {"a": {}}}, "a")
    assert [] == operations_lines({"strategies": {"a": {"operations": {}, "scandals": None}}}, "a")
    assert [] == operations_lines({"strategies": {"a": {"operations": None}}}, "a")
    assert [] == operations_lines(make_study.two().summary, "portfolio")


def test_late_posts_and_the_wait_for_reviewers() -> None:
    """How many of how many are late, and how long it takes to reach a reviewer."""
    wait, reached = mean(5.12, 4.8, 5.4), "a reviewer is reached after 5.1 hours (4.8 to 5.4) on average"
    assert lines(posts_slipped=mean(12.3, 11.1, 13.5), review_wait_hours=wait) == [
        f"portfolio: 12 (11 to 14) of 60 (exact) posts go out later than planned; {reached}."
    ]
    assert lines(review_wait_hours=wait) == [
        "portfolio: no post goes out later than planned; a reviewer is reached after 5.1 hours (4.8 to 5.4) on average."
    ]


def test_posts_that_are_not_out_at_the_end_are_never_left_out() -> None:
    """Whoever still waits has waited so far, so the wait is one of at least; and nothing is said to be in time."""
    wait = mean(5.12, 4.8, 5.4)
    reached = "a reviewer is reached after at least 5.1 hours (4.8 to 5.4) on average"
    counts = {"posts_slipped": mean(43.0, 40.0, 46.0), "posts_done": mean(46.0, 43.0, 49.0)}
    pending = mean(3.0, 2.0, 4.0)
    late = "43 (40 to 46) of 46 (43 to 49) posts go out later than planned"
    assert lines(**counts, posts_pending=pending, review_wait_hours=wait) == [
        f"portfolio: {late} and 3 (2 to 4) more are not out at the end; {reached}."
    ]
    assert lines(**counts, posts_pending=pending) == [f"portfolio: {late} and 3 (2 to 4) more are not out at the end."]
    not_out = "portfolio: 3 (2 to 4) posts are not out at the end"
    assert lines(posts_pending=pending, review_wait_hours=wait) == [f"{not_out}; {reached}."]
    assert lines(posts_pending=pending) == [f"{not_out}."]


def test_an_undefined_wait_is_left_out() -> None:
    """Where no reviewer was ever reached, only the late posts are told; long waits are told in days."""
    assert ["portfolio: 2.0 (no interval) of 60 (exact) posts go out later than planned."] == lines(
        posts_slipped=mean(2.0)
    )
    (line,) = lines(review_wait_hours=mean(96.0, 84.0, 108.0))
    assert "after 4.0 days (3.5 to 4.5) on average" in line


def test_stock_that_runs_out() -> None:
    """How likely that is, and what is lost; without lost orders this is said, and an unlimited stock has no line."""
    gone, told = mean(76.8, 67.2, 86.4), "there is nothing to sell for 3.2 days (2.8 to 3.6)"
    sold_out = {"probability": mean(0.62, 0.55, 0.69)}
    runs_out = "the stock runs out in 62% of plays (55% to 69%)"
    tried = mean(84.0, 70.0, 98.0)
    lost = "on average over all plays 80 (70 to 100) attempts to order find nothing left"
    assert lines(name="launch", sold_out=sold_out, lost_orders=tried, sold_out_hours=gone) == [
        f"launch: {runs_out}; {lost} and {told}."
    ]
    assert lines(sold_out=sold_out, sold_out_hours=gone) == [
        f"portfolio: {runs_out}; on average over all plays {told}."
    ]
    # Filled again at once, it ran out all the same.
    assert lines(sold_out=sold_out, lost_orders=tried) == [f"portfolio: {runs_out}; {lost}."]
    assert lines(sold_out=sold_out) == [f"portfolio: {runs_out}."]
    never = {"probability": mean(0.0, 0.0, 0.02)}
    assert ["portfolio: the stock runs out in 0% of plays (0% to 2%)."] == lines(sold_out=never)
    assert [] == lines(sold_out_hours=gone)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (mean(-0.18, -0.31, -0.04), " is 0.18 (0.04 to 0.31) lower than without"),
        (mean(-0.1, -0.25, 0.05), " changes by -0.10 (-0.25 to 0.05), too close to call"),
        (mean(0.1, 0.05, 0.15), " changes by 0.10 (0.05 to 0.15)"),
        (mean(-0.1), " changes by -0.10 (no interval)"),
    ],
)
def test_what_scandals_do_to_the_worst_plays(cost: dict[str, Any], said: str) -> None:
    """The paired difference of the tails is told, and called lower only where its interval leaves out 0."""
    scandals = {"probability": CHANCE, "roi_cost": mean(None), "shortfall_cost": cost}
    (line,) = lines(scandals)
    assert line == f"portfolio: a scandal in 4% of plays (2% to 6%); the mean ROI of the worst 5% of plays{said}."


def ways(**shares: dict[str, Any]) -> dict[str, Any]:
    """Give the impressions of each way; those of ways that are not named are none."""
    none = {"mean": fixed(0.0), "share": mean(0.0)}
    every = dict.fromkeys(("creators", "friends", "platform", "paid"), none)
    return {**every, **{way: {"mean": mean(1234.0), "share": share} for way, share in shares.items()}}


def test_where_impressions_come_from() -> None:
    """Each way that occurs, with its share of all impressions; a single way needs no words."""
    own, friends = mean(0.7, 0.69, 0.71), mean(0.2, 0.185, 0.215)
    (line,) = lines(shown=ways(creators=own, friends=friends, platform=mean(0.083, 0.078, 0.088), paid=mean(0.017)))
    assert line == (
        "portfolio: 70% (69% to 71%) of the impressions come from creators' own posts, 20% (18% to 22%) from friends "
        "who share, 8.3% (7.8% to 8.8%) from the platform's discovery and 1.7% (no interval) from paid media."
    )
    assert lines(shown=ways(friends=mean(0.3, 0.25, 0.35), paid=mean(0.7, 0.65, 0.75))) == [
        (
            "portfolio: 30% (25% to 35%) of the impressions come from friends who share and 70% (65% to 75%) from paid "
            "media."
        )
    ]
    assert [] == lines(shown=ways(creators=mean(1.0)))


def test_returned_orders() -> None:
    """How many come back; posts that are dropped are another line's."""
    told = lines(returned_orders=mean(12.0, 10.0, 14.0), posts_dropped=mean(3.2, 2.7, 3.7))
    assert ["portfolio: 12 (10 to 14) orders are returned."] == told


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (mean(-0.03, -0.05, -0.01), " costs 0.03 (0.01 to 0.05) of ROI on average over all plays"),
        (
            mean(-0.01, -0.03, 0.01),
            " changes ROI by -0.01 (-0.03 to 0.01) on average over all plays, too close to call",
        ),
        (mean(0.02, 0.01, 0.03), " changes ROI by 0.02 (0.01 to 0.03) on average over all plays"),
        (mean(-0.25), " changes ROI by -0.25 (no interval) on average over all plays"),
        (mean(None), ""),
    ],
)
def test_scandals_and_what_they_cost(cost: dict[str, Any], said: str) -> None:
    """A cost is claimed only where the interval of the paired difference leaves out 0."""
    found = lines({"probability": CHANCE, "roi_cost": cost, "roi_without": {}}, name="celebrity")
    assert [f"celebrity: a scandal in 4% of plays (2% to 6%){said}."] == found


def test_a_cost_of_some_plays_is_not_said_of_all() -> None:
    """Where ROI is undefined in some plays, the sentence names how many it is about."""
    cost = {**mean(-0.03, -0.05, -0.01), "n": 180}
    (line,) = lines({"probability": CHANCE, "roi_cost": cost})
    assert line.endswith(" costs 0.03 (0.01 to 0.05) of ROI on average over the 180 plays that have an ROI.")


def test_posts_that_a_scandal_stops_are_told() -> None:
    """And a scandal that never came says how likely it may still be, and nothing of its cost."""
    (line,) = lines({"probability": CHANCE, "roi_cost": mean(None)}, posts_withdrawn=mean(1.5, 1.2, 1.8))
    assert line.endswith("of plays (2% to 6%); 1.5 (1.2 to 1.8) posts are withdrawn on average.")
    never = {"probability": mean(0.0, 0.0, 0.0183), "roi_cost": mean(0.0)}
    assert ["portfolio: a scandal in 0% of plays (0% to 1.9%)."] == lines(never)


def test_refunds_are_told_with_the_scandals() -> None:
    """What comes back of the fees, at the end of the line."""
    (line,) = lines({"probability": CHANCE, "roi_cost": mean(None)}, refund=mean(1200.0, 900.0, 1500.0))
    assert line.endswith("of plays (2% to 6%); refunds bring back $1,200 ($900 to $1,500) on average.")


def test_the_terminal_shows_them_below_the_hiring() -> None:
    """Each strategy's lines follow its own, wrapped like the others."""
    study = make_study.two()
    operations = {key: {"mean": estimate} for key, estimate in NOTHING.items()}
    operations["returned_orders"] = {"mean": mean(12.0, 10.0, 14.0)}
    plans = {**study.summary["strategies"]}
    plans["portfolio"] = {**plans["portfolio"], "operations": operations, "scandals": None}
    text = terminal.render(dataclasses.replace(study, summary={**study.summary, "strategies": plans}), width=80)  # type: ignore[arg-type]
    after = text.partition("portfolio hires")[2]
    assert "portfolio: 12 (10 to 14) orders are returned.\ncelebrity hires" in after


def test_names_are_shown_as_elsewhere() -> None:
    """A name that could act on the terminal is cleaned."""
    (line,) = lines(name="a\x1b[2J", returned_orders=mean(12.0, 10.0, 14.0))
    assert line.startswith("a[2J: 12 ")


def test_how_few_plays_a_mean_rests_on_is_said() -> None:
    """Below ten; a single one is a play, and what never happened rests on none."""
    gone = mean(1.0, 0.1, 2.0)
    for share, said in ((0.0025, " (this rests on 1 play)."), (0.0225, " (this rests on 9 plays)."), (0.025, "")):
        stock = {"probability": mean(share, 0.001, 0.1)}
        (line,) = lines(sold_out=stock, lost_orders=gone, sold_out_hours=gone)
        assert line.endswith(said or "hours (0.1 to 2.0).")
        (line,) = lines({"probability": mean(share, 0.001, 0.1), "roi_cost": mean(-0.02, -0.03, -0.01)})
        assert ("rests" in line) == bool(said)
