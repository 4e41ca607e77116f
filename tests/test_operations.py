"""What the processes of a campaign do: money buys what it pays for, scandals and stock-outs have their laws.

In: small scenarios and hand-made campaigns. Each mechanism is held against a law of its own, exactly or with a stated
error rate, and left out it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from market_helpers import Z_BOUND
from scipy.stats import binomtest, kstest
from study_helpers import creator, tiny

import simulator
from simulator.campaign.content import discoverers, targets
from simulator.campaign.discovery import preference
from simulator.campaign.hiring import hire
from simulator.campaign.operations import Assignment, Campaign, Scandal, Work
from simulator.campaign.paid import SCORES, Candidate, Media, Purchase, best, part
from simulator.campaign.play import log_of, play
from simulator.campaign.team import scandal_day
from simulator.market.build import Market, build_market
from simulator.market.follow_graph import graph_of_edges
from simulator.market.people import ACTIVITY_LEVELS, People
from simulator.scenario.model import Scenario
from simulator.scenario.strategy import Boost, Discovery, Stock
from simulator.spread.conditions import DELAY_ENTRIES, Conditions, Effect, Post, Strangers
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.reference import ReferenceCrowd
from simulator.spread.rules import PAID, PLATFORM
from simulator.spread.tally import COUNTS
from simulator.streams import name_key
from simulator.study.chunks import MEASURES
from simulator.study.results import csv_bytes

DAY = 86_400
ALWAYS = 2**32
AT_ONCE = np.zeros(DELAY_ENTRIES, np.int64)
NOBODY = np.empty(0, np.int32)
NOTHING = Effect(0, 0, 0, 0, 0)
ANYBODY = Strangers(0, 0, 0, NOBODY)


def conditions(
    posts: int = 1, *, people: int = 100, horizon: int = 10 * DAY, stock: int | None = None, **chances: int
) -> Conditions:
    """Make a world in which nobody follows anybody and a post is seen by all its followers at once."""
    given_chances = {"engage": ALWAYS, "share": 0, "click": ALWAYS, "order": ALWAYS} | chances
    equal = np.full(ACTIVITY_LEVELS, ALWAYS, np.uint64)
    audience = np.arange(people // 2, dtype=np.int32)
    niches = (np.arange(people) % 4).astype(np.uint8)
    return Conditions(
        people=People(people, niches, np.zeros(people, np.uint16), np.empty(0, np.uint64)),
        graph=graph_of_edges(people, NOBODY, NOBODY),
        horizon=horizon,
        posts=tuple(Post(name_key(5, i), audience, equal, AT_ONCE, **given_chances, creator=i) for i in range(posts)),
        peer_reach=equal,
        peer_delay=AT_ONCE + 1,
        wear=np.array([2**31], np.uint64),
        baseline_key=1,
        baseline=0,
        stock=stock,
    )


def campaign_of(its: Conditions, due: Mapping[int, int], scandals: Mapping[int, Scandal] | None = None) -> Campaign:
    """Prepare a campaign in which each post is one creator's."""
    env = simpy.Environment()
    campaign = Campaign(env, CompiledCrowd(its), its.horizon)
    campaign.hire(
        [
            Work(f"c{post}", (Assignment(post, its.posts[post].key, second),), 1, (scandals or {}).get(post))
            for post, second in due.items()
        ]
    )
    return campaign


def total(campaign: Campaign, name: str) -> list[int]:
    """Give a count of each post."""
    return campaign.crowd.counts[:, COUNTS.index(name)].tolist()


# ---- paid impressions


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_parts_are_the_whole(amount: int, parts: int) -> None:
    """Equal parts of whole numbers add up and differ by one at most."""
    given_parts = [part(amount, place, parts) for place in range(parts)]
    assert amount == sum(given_parts)
    assert max(given_parts) - min(given_parts) <= 1


@pytest.mark.parametrize(
    ("budget", "cpm", "days", "posts"), [(123_457, 777, 5, 3), (1, 800, 1, 2), (9_999, 1, 1, 1), (50_000, 799, 7, 4)]
)
def test_boosts_are_bought_to_the_last_cent(budget: int, cpm: int, days: int, posts: int) -> None:
    """Everything is spent, each post has all impressions its cents pay for, and all are seen within the last day."""
    its = conditions(posts, people=50, horizon=20 * DAY, click=0)
    campaign = campaign_of(its, dict.fromkeys(range(posts), 0))
    media = Media(1.0, days, budget, cpm, ANYBODY, pause=False)
    purchase = Purchase(media, [Candidate(post, f"c{post}", 1, 0.1) for post in range(posts)])
    campaign.env.process(purchase.process(campaign))
    campaign.run()
    assert budget == sum(purchase.spent_cents.values())
    bought = [purchase.spent_cents[post] * 1000 // cpm for post in range(posts)]
    assert bought == total(campaign, "paid_impressions")
    assert sum(bought) > budget * 1000 // cpm - posts
    spent = [round(100 * line.value) for line in campaign.log if line.what == "paid" and line.value is not None]
    assert budget == sum(spent)


def test_money_is_spent_day_by_day() -> None:
    """In every hour of the days that are paid for, and in no other, impressions appear, evenly."""
    its = conditions(1, people=50, horizon=10 * DAY, click=0)
    campaign = campaign_of(its, {0: 0})
    media = Media(2.0, 3, 72_000, 10, ANYBODY, pause=False)
    campaign.env.process(Purchase(media, [Candidate(0, "c0", 1, 0.1)]).process(campaign))
    campaign.run()
    by_hour = campaign.crowd.tally().by_hour[:, 1]
    assert 7_200_000 == by_hour[1:].sum()
    paid = by_hour[48 + 1 : 48 + 72 + 1]
    assert paid.sum() >= 7_200_000 - 10
    assert np.all(np.abs(paid - 100_000) < Z_BOUND * np.sqrt(100_000))


def test_nothing_is_bought_for_what_is_not_out_or_in_a_scandal_or_out_of_stock() -> None:
    """A post that is late has its share from the next day on; a scandal ends it; without stock the day is skipped."""
    its = conditions(3, people=10, stock=5)
    scandal = Scandal(int(2.5 * DAY), {1: NOTHING})
    campaign = campaign_of(its, {0: 0, 1: 0, 2: int(1.5 * DAY)}, {1: scandal})
    campaign.sell(Stock(units=5))
    media = Media(1.0, 4, 120_000, 1000, ANYBODY, pause=False)
    chosen = [Candidate(post, f"c{post}", 1, 0.1) for post in range(3)]
    purchase = Purchase(media, chosen)
    campaign.env.process(purchase.process(campaign))
    campaign.run()
    assert {0: 40_000, 1: 20_000, 2: 30_000} == dict(purchase.spent_cents)
    assert ["sold_out"] == [line.what for line in campaign.log if line.what in ("sold_out", "restocked", "paused")]
    paused = campaign_of(its, {0: 0})
    paused.sell(Stock(units=5))
    media = Media(1.0, 4, 120_000, 1000, ANYBODY, pause=True)
    purchase = Purchase(media, chosen[:1])
    paused.env.process(purchase.process(paused))
    paused.run()
    assert {} == dict(purchase.spent_cents)
    assert [300.0] * 4 == [line.value for line in paused.log if line.what == "paused"]


@pytest.mark.parametrize(
    ("by", "expected"), [("engagement", [1, 0]), ("clicks", [2, 1]), ("orders", [0, 2]), ("engagement_rate", [0, 1])]
)
def test_the_best_posts_are_chosen(by: str, expected: list[int]) -> None:
    """By what they gathered so far; what is not out yet cannot be chosen, equals stand in the order of posts."""
    campaign = campaign_of(conditions(4), {})
    campaign.published = {0: 0, 1: 0, 2: 0}
    columns = [COUNTS.index(name) for name in ("impressions", "engagements", "clicks", "orders")]
    campaign.crowd.counts[:, columns] = [[10, 5, 1, 3], [90, 9, 3, 0], [80, 4, 7, 2], [9, 9, 9, 9]]
    candidates = [Candidate(post, f"c{post}", 1, 0.1) for post in range(4)]
    assert expected == [its.post for its in best(campaign, candidates, by, 2)]
    assert [0, 1, 2] == sorted(its.post for its in best(campaign, candidates, by, 9))
    campaign.disgraced.add(f"c{expected[0]}")
    assert expected[0] not in [its.post for its in best(campaign, candidates, by, 9)]


# ---- the platform


@pytest.mark.parametrize("responsiveness", [0.0, 1.0, 2.5])
def test_who_engages_as_usual_is_preferred_as_usual(responsiveness: float) -> None:
    """The preference is 1 for a post as usual, rises with engagement, and stops at the most."""
    law = Discovery(responsiveness=responsiveness, most=4.0)
    assert 1.0 == preference(law, 40, 40.0)
    values = [preference(law, engagements, 10.0) for engagements in range(200)]
    assert values == sorted(values)
    assert values[-1] == (1.0 if responsiveness == 0 else 4.0)


def discovering(tmp_path: Path, ratio: float, **values: Any) -> Scenario:
    """Give a scenario in which one post is seen at once by its 300 followers and then shown to strangers."""
    anna = creator(
        "anna",
        reach_per_follower=1.0,
        share_per_impression=0.0,
        niche="beauty",
        nonfollower_reach_ratio=ratio,
        delay={"dist": "constant", "hours": 0.0},
    )
    return tiny(tmp_path, creators=[anna], strategies={"one": {"creators": ["anna"]}}, **values)


def shown(scenario: Scenario, replications: int) -> npt.NDArray[np.int64]:
    """Give the impressions on strangers of each replication."""
    column = simulator.run(scenario.with_replications(replications)).replications["discovery_impressions"]
    return np.array(column.to_pylist())


def test_discovery_shows_as_many_as_expected(tmp_path: Path) -> None:
    """Ratio x 300 impressions, rounded up or down by chance; error rate 6.8e-6, a wrong ratio is rejected."""
    scenario = discovering(tmp_path, 0.1015, discovery={"responsiveness": 0.0})
    counts = shown(scenario, 600)
    expected = 0.1015 * 300
    assert {int(expected), int(expected) + 1} == set(counts.tolist())
    fraction = expected % 1
    error = np.sqrt(fraction * (1 - fraction) / counts.size)
    assert abs(counts.mean() - expected) < Z_BOUND * error
    assert abs(counts.mean() - 0.1005 * 300) > Z_BOUND * error


def test_discovery_is_for_strangers_of_the_niche_first(tmp_path: Path) -> None:
    """No follower is picked, and the niche's share of viewers is binomial (6.8e-6); unweighted is rejected."""
    scenario = discovering(tmp_path, 2.0)
    plan = hire(scenario, 0, "one")
    market = build_market(scenario, 0, plan.profiles)
    crowd = CompiledCrowd(conditions_in(market))
    to = discoverers(scenario, market, plan.profiles[0])
    assert 1.0 < to.inside / ALWAYS * market.people.count / to.count
    crowd.show(0, PLATFORM, 20_000, 0, to, AT_ONCE)
    crowd.advance(10)
    times = np.asarray(crowd._state.people & (2**31 - 1))
    followers, niche = to.passed_over, market.people.niche
    assert 0 == times[followers].sum()
    assert 20_000 == times.sum()
    strangers = np.setdiff1d(np.arange(market.people.count), followers)
    weight = np.where(niche[strangers] == 1, 8.0, 1.0)  # beauty is the second niche, the affinity is 8
    seen = int(times[niche == 1].sum())
    assert binomtest(seen, 20_000, weight[niche[strangers] == 1].sum() / weight.sum()).pvalue > 6.8e-6
    assert binomtest(seen, 20_000, float(np.mean(niche[strangers] == 1))).pvalue < 6.8e-6


def conditions_in(market: Market) -> Conditions:
    """Give conditions with one post that nobody follows, in a market."""
    plain = conditions(1)
    return Conditions(
        **{
            **vars(plain),
            "people": market.people,
            "graph": market.graph,
            "posts": (Post(**{**vars(plain.posts[0]), "audience": NOBODY}),),
        }
    )


def test_paid_impressions_are_for_the_niche_only(tmp_path: Path) -> None:
    """Everybody else sees nothing; without a niche everybody may."""
    scenario = discovering(tmp_path, 0.0)
    plan = hire(scenario, 0, "one")
    market = build_market(scenario, 0, plan.profiles)
    for niche, allowed in (("beauty", {1}), (None, set(range(8)))):
        crowd = CompiledCrowd(conditions_in(market))
        crowd.show(0, PAID, 5_000, 0, targets(scenario, market, niche), AT_ONCE)
        crowd.advance(10)
        times = np.asarray(crowd._state.people & (2**31 - 1))
        assert 5_000 == times.sum()
        assert allowed == set(market.people.niche[times > 0].tolist())


def test_reviews_see_what_happened_before_them(tmp_path: Path) -> None:
    """With reviews at 1 and 6 hours all impressions at hour 0 count at the first, none at the second."""
    scenario = discovering(tmp_path, 1.0, discovery={"responsiveness": 0.0, "review_hours": [1, 6]})
    plan = hire(scenario, 0, "one")
    log = log_of(scenario, build_market(scenario, 0, plan.profiles), plan, 0)
    assert [("published", 0, 0.0), ("discovery", 3600, 300.0)] == [(line.what, line.second, line.value) for line in log]


# ---- scandals


@given(st.floats(1e-6, 0.999), st.floats(0.001, 500))
def test_scandals_have_no_memory(probability: float, days: float) -> None:
    """The chance that none has come after so many days is (1 - probability per day) ** days."""
    survival = (1 - probability) ** days
    if 1e-300 < survival < 1 - 1e-9:
        assert scandal_day(probability, survival) == pytest.approx(days, rel=1e-6)


def scandalous(tmp_path: Path, scandal: Mapping[str, object] | None, /, **values: Any) -> Scenario:
    """Give a scenario of eight creators with posts on four days who may have a scandal."""
    its = {"post_days": [0, 1, 2, 3], "followers": 60, **({"scandal": scandal} if scandal else {})}
    handles = "abcdefgh"
    return tiny(
        tmp_path,
        horizon_days=4,
        budget=10_000,
        creators=[creator(handle, **(its | values)) for handle in handles],
        strategies={"all": {"creators": list(handles)}},
    )


def test_scandals_come_as_often_and_when_they_should(tmp_path: Path) -> None:
    """Their moments are exponential up to the horizon, their number binomial (1e-5); other rates are rejected."""
    scenario = scandalous(tmp_path, {"probability_per_day": 0.1}, reach_per_follower=0.0)
    plan = hire(scenario, 0, "all")
    market = build_market(scenario, 0, plan.profiles)
    plays = 250
    log = [line for number in range(plays) for line in log_of(scenario, market, plan, 2 * number)]
    days = [line.second / DAY for line in log if line.what == "scandal"]
    by_horizon = 1 - 0.9**4
    assert binomtest(len(days), 8 * plays, by_horizon).pvalue > 1e-5
    assert binomtest(len(days), 8 * plays, 1 - 0.87**4).pvalue < 1e-5
    assert kstest(days, lambda t: (1 - 0.9**t) / by_horizon).pvalue > 1e-5
    assert kstest(days, lambda t: t / 4).pvalue < 1e-2
    withdrawn = [4 - np.ceil(day) for day in days]
    assert withdrawn == [line.value + 0.0 for line in log if line.what == "scandal" and line.value is not None]


def test_a_scandal_stops_posts_and_ends_trust() -> None:
    """From its second on: what is due then does not go out, what is in flight is seen and clicked by nobody."""
    its = conditions(2, people=10)
    scandal = Scandal(100, {0: NOTHING, 1: NOTHING})
    env = simpy.Environment()
    campaign = Campaign(env, CompiledCrowd(its), its.horizon)
    posts = tuple(Assignment(post, its.posts[post].key, second) for post, second in ((0, 0), (1, 100)))
    campaign.hire([Work("anna", posts, 2, scandal)])
    env.process(late_show(campaign))
    campaign.run()
    assert {0: 0} == campaign.published
    assert {1} == campaign.withdrawn
    assert {"anna"} == campaign.disgraced
    assert [10, 0] == total(campaign, "clicks")[:1] + total(campaign, "impressions")[1:]
    assert 5 + 5 + 5 == total(campaign, "impressions")[0]


def late_show(campaign: Campaign) -> Any:
    """Show the first post to five strangers a second before the scandal, and to five in its second."""
    yield campaign.env.timeout(99)
    campaign.crowd.show(0, PAID, 5, 99, ANYBODY, AT_ONCE)
    yield campaign.env.timeout(1)
    campaign.crowd.show(0, PAID, 5, 100, ANYBODY, AT_ONCE)


def test_a_scandal_costs_what_the_play_without_it_says(tmp_path: Path) -> None:
    """Plays without a scandal cost nothing; those with one are compared with the scenario in which there is none."""
    scandal = {"probability_per_day": 0.05, "trust_left": 0.2, "refund_of_fee": 0.5}
    with_it, without = (simulator.run(scandalous(tmp_path, its)) for its in (scandal, None))
    rows, calm = with_it.replications.to_pylist(), without.replications.to_pylist()
    assert [row["roi_without_scandals"] for row in rows] == [row["roi"] for row in calm]
    assert any(row["scandals"] for row in rows)
    assert all(row["roi"] == row["roi_without_scandals"] for row in rows if not row["scandals"])
    refunds = {row["creator"]: row["refund"] for row in with_it.creators.to_pylist()}
    assert all(0 <= refund <= 100 for refund in refunds.values())
    assert sum(refunds.values()) == pytest.approx(100 * np.mean([row["scandals"] for row in rows]))


# ---- stock


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_stock_is_never_oversold(tmp_path: Path, engine: Any) -> None:
    """Orders filled are the units there were; what is lost is counted; as much as is wanted changes nothing."""
    plenty, few, again = (
        simulator.run(tiny(tmp_path, stock=stock), engine=engine).replications.to_pylist()
        for stock in (
            {"units": 10**9},
            {"units": 5},
            {"units": 5, "restock_units": 3, "restock_after_days": 0.1},
        )
    )
    assert csv_bytes(simulator.run(tiny(tmp_path)).replications) == csv_bytes(
        simulator.run(tiny(tmp_path, stock={"units": 10**9})).replications
    )
    for wanted, row, more in zip(plenty, few, again, strict=True):
        assert row["orders"] == min(wanted["orders"], 5)
        assert (row["lost_orders"] > 0) == (wanted["orders"] > 5)
        assert row["lost_orders"] >= wanted["orders"] - row["orders"] if wanted["orders"] > 5 else True
        assert row["orders"] <= more["orders"] <= wanted["orders"]
        assert row["stock_outs"] == (wanted["orders"] >= 5)
        assert more["sold_out_hours"] <= row["sold_out_hours"]
    assert any(row["lost_orders"] for row in few)
    assert any(more["orders"] > 5 for more in again)


def test_stock_and_restock_by_hand() -> None:
    """Five units are gone at once, three come two days later; sold out is the time without, up to the horizon."""
    its = conditions(2, people=20, stock=5)
    campaign = campaign_of(its, {0: 0, 1: 3 * DAY})
    campaign.sell(Stock(units=5, restock_units=3, restock_after_days=2.0))
    campaign.run()
    assert [5, 3] == total(campaign, "orders")
    assert [5, 2] == total(campaign, "lost_orders")
    log = [(line.what, line.second) for line in campaign.log if line.what != "published"]
    after = 1 + 2 * DAY
    assert [("sold_out", 1), ("restocked", after), ("sold_out", 3 * DAY + 1), ("restocked", 5 * DAY + 1)] == log
    assert 4 * DAY == campaign.sold_out_seconds


def test_nothing_to_sell_from_the_start() -> None:
    """No units: every order is lost, until some come."""
    its = conditions(1, people=20, stock=0)
    campaign = campaign_of(its, {0: DAY})
    campaign.sell(Stock(units=0))
    campaign.run()
    assert ([0], [10]) == (total(campaign, "orders"), total(campaign, "lost_orders"))
    assert 10 * DAY == campaign.sold_out_seconds


# ---- approval


def test_posts_wait_for_approval_and_slip(tmp_path: Path) -> None:
    """A post goes out when it is due and approved; one submitted in time does not slip."""
    approval = {"reviewers": 1, "review_hours": {"dist": "constant", "hours": 2.0}, "working_hours": [0, 24]}
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    late = tiny(tmp_path, approval={**approval, "working_days": week})
    plan = hire(late, 0, "many")
    market = build_market(late, 0, plan.profiles)
    outcome = play(late, market, plan, 0)
    assert outcome.posts_slipped == outcome.posts_done > 0
    planned = sum(profile.account.post_count for profile in plan.profiles)
    assert planned == outcome.posts_done + outcome.posts_pending
    assert outcome.review_wait_hours is not None
    early = tiny(tmp_path, approval={**approval, "working_days": week, "submit_days_before": 30})
    assert 0 == play(early, market, plan, 0).posts_slipped
    log = log_of(early, market, plan, 0)
    assert min(line.second for line in log) < 0


# ---- what is off


def test_every_post_of_a_contract_is_in_the_books(tmp_path: Path) -> None:
    """Done, dropped, withdrawn or not out at the end; a review that never ends is the last."""
    slow = {"reviewers": 1, "review_hours": {"dist": "constant", "hours": 20}, "submit_days_before": 2}
    scandal = {"probability_per_day": 0.1}
    scenario = scandalous(tmp_path, scandal, completion_probability=0.7, post_days=[0, 1, 2, 9])
    rows = simulator.run(scenario).replications.to_pylist()
    approved = Scenario.model_validate({**scenario.plain(), "approval": slow})
    rows += simulator.run(approved).replications.to_pylist()
    for row in rows:
        assert 8 * 4 == row["posts_done"] + row["posts_dropped"] + row["posts_withdrawn"] + row["posts_pending"]
        assert row["posts_slipped"] <= row["posts_done"]
    assert all(row["posts_pending"] > 0 for row in rows)
    assert any(row["posts_withdrawn"] > 0 for row in rows)


def test_every_way_to_be_best_has_its_score() -> None:
    """What a scenario may write is what can be computed."""
    assert set(SCORES) == set(get_args(Boost.model_fields["by"].annotation))


def test_within_a_second_posts_go_out_before_they_are_boosted(tmp_path: Path) -> None:
    """Approval that is never late changes nothing about a boost that begins in the second a post is due."""
    approval = {"reviewers": 9, "submit_days_before": 60, "review_hours": {"dist": "constant", "hours": 1}}
    boosts: list[dict[str, Any]] = [{"posts": {"anna": 1}}, {"top": 1}]
    for boost in boosts:
        terms = {"day": 1, "days": 2, "budget": 500, "cpm": 10, **boost}
        its = {"creators": [creator("anna", post_days=[1])], "horizon_days": 4}
        plans = {"one": {"creators": ["anna"], "boost": terms}}
        plain, approved = (
            simulator.run(tiny(tmp_path, strategies=plans, **its, **more)).replications.select(KEPT)
            for more in ({}, {"approval": approval})
        )
        assert csv_bytes(plain) == csv_bytes(approved)
        assert {500.0} == set(
            simulator.run(tiny(tmp_path, strategies=plans, **its)).replications["paid_media"].to_pylist()
        )


def test_nobody_of_a_niche_without_people_is_shown_anything() -> None:
    """Where the target is empty nothing is seen, on both clocks; it is not everybody instead."""
    its = conditions(1)
    for make in (CompiledCrowd, lambda c: ReferenceCrowd(c, simpy.Environment())):
        crowd = make(its)
        assert 0 == crowd.show(0, PAID, 50, 0, Strangers(100, 0, ALWAYS, NOBODY), AT_ONCE)
        assert 50 == crowd.show(0, PAID, 50, 0, Strangers(0, 100, ALWAYS, NOBODY), AT_ONCE)


def test_many_strangers_at_once_are_the_same_on_both_clocks() -> None:
    """Also where the calendar must grow for them."""
    its = conditions(1, people=300)
    tallies = []
    for engine in ("compiled", "reference"):
        env = simpy.Environment()
        crowd = CompiledCrowd(its) if engine == "compiled" else ReferenceCrowd(its, env)
        campaign = Campaign(env, crowd, its.horizon)
        campaign.env.process(Purchase(Media(0.0, 1, 30_000, 1000, ANYBODY, pause=False), [ADS_POST]).process(campaign))
        campaign.run()
        tallies.append((crowd.tally().by_hour.tolist(), crowd.tally().by_post.tolist()))
    assert tallies[0] == tallies[1]
    assert 30_000 == tallies[0][1][0][COUNTS.index("paid_impressions")]


ADS_POST = Candidate(0, "ads", None, 0.0)


NEUTRAL: dict[str, dict[str, Any]] = {
    "approval": {
        "approval": {"reviewers": 9, "submit_days_before": 60, "review_hours": {"dist": "constant", "hours": 1}}
    },
    "stock": {"stock": {"units": 10**9, "restock_units": 5}},
    "returns": {
        "product": {
            "order_value": "80 to 120",
            "margin": 0.5,
            "baseline_order_probability": 0.1,
            "return_probability": 0,
        }
    },
}
KEPT = ("strategy", "replication", *MEASURES, "posts_done")


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_is_neutral_changes_no_byte(tmp_path: Path, name: str) -> None:
    """Time enough to approve, stock enough, returns never: the same replications as without the keys."""
    plain = simulator.run(tiny(tmp_path)).replications.select(KEPT)
    written = simulator.run(tiny(tmp_path, **NEUTRAL[name])).replications.select(KEPT)
    assert csv_bytes(plain) == csv_bytes(written)


def test_creators_who_never_have_scandals_and_are_never_discovered(tmp_path: Path) -> None:
    """A probability of 0 and a ratio of 0 change no byte."""
    neutral = {"scandal": {"probability_per_day": 0, "trust_left": 0.1}, "nonfollower_reach_ratio": 0.0}
    plain, written = (simulator.run(scandalous(tmp_path, None, **values)) for values in ({}, neutral))
    assert csv_bytes(plain.replications) == csv_bytes(written.replications)
    assert csv_bytes(plain.creators) == csv_bytes(written.creators)


def test_everything_at_once_is_the_same_on_both_clocks(tmp_path: Path) -> None:
    """With every mechanism on, all tables of a study are equal, whatever the engine."""
    everything: dict[str, Any] = {
        "approval": {
            "reviewers": 1,
            "submit_days_before": 0.1,
            "review_hours": {"dist": "exponential", "mean_hours": 1.0},
            "send_back_probability": 0.3,
        },
        "stock": {"units": 20, "restock_units": 10, "restock_after_days": 0.2},
        "ads": {
            "cpm": "50 to 200",
            "click_per_impression": 0.1,
            "order_per_click": 0.1,
            "share_per_impression": 0.05,
            "days": 2,
        },
        "creators": [
            creator(
                handle,
                post_days=[0, 0.4, 0.8],
                completion_probability=0.8,
                nonfollower_reach_ratio="0.5 to 1",
                quality_spread=0.5,
                scandal={"probability_per_day": 0.2, "trust_left": 0.3, "refund_of_fee": 0.5},
                terms={"whitelisting_of_fee_per_month": 0.2},
            )
            for handle in ("anna", "bert")
        ],
        "strategies": {
            "both": {
                "creators": ["anna", "bert"],
                "split": {"ads": 0.5},
                "boost": {"top": 2, "day": 0.5, "days": 1, "budget": 60, "cpm": 90},
            },
            "ads": {"split": {"ads": 1.0}},
            "fixed": {
                "creators": ["anna"],
                "boost": {
                    "posts": {"anna": 2},
                    "day": 0.1,
                    "days": 2,
                    "budget": 60,
                    "cpm": "80 to 120",
                    "niche": "food",
                },
            },
        },
    }
    scenario = tiny(tmp_path, horizon_days=3, **everything)
    compiled, reference = (simulator.run(scenario, engine=engine) for engine in ("compiled", "reference"))
    assert compiled.replications.equals(reference.replications)
    assert compiled.creators.equals(reference.creators)
    assert compiled.timeline.equals(reference.timeline)
    rows = compiled.replications
    for name in (
        "lost_orders",
        "paid_impressions",
        "discovery_impressions",
        "posts_slipped",
        "posts_withdrawn",
        "scandals",
    ):
        assert sum(rows[name].to_pylist()) > 0, name
