"""Orders as events of their own: after a lag, again and again, and shared; and what viewers and engagements are.

Each has a closed form: a delay's law, a geometric or thinned renewal count, a binomial count; what is off changes
nothing.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy
from market_helpers import Z_BOUND, conditions_on, graph_of, numbered
from scipy.stats import binomtest
from study_helpers import creator, tiny

import simulator
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.section import Constant, Exponential, Lognormal
from simulator.spread.conditions import Conditions, Strangers, chance, delay_table
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.goodwill import LONG_RUN, YEAR
from simulator.spread.reference import ReferenceCrowd
from simulator.spread.rules import PAID
from simulator.spread.tally import (
    ADVOCATE_SHARES,
    CLICKS,
    COMMENTS,
    ENGAGEMENTS,
    FRIEND_IMPRESSIONS,
    INCREMENTAL_ORDERS,
    INCREMENTAL_REPEAT_ORDERS,
    LIKES,
    NEW_ORDERS,
    ORDERS,
    REPEAT_ORDERS,
    RETURNED_ORDERS,
    SAVES,
    SHARES,
    Tally,
)
from simulator.streams import name_key

HOUR, DAY = 3600, 86_400
PEOPLE = 20_000
LEAST_P = 6.8e-6
LAG = Lognormal(dist="lognormal", median_hours=1.0, sigma=2.0)


def all_order(horizon: int, edges: list[tuple[int, int]] | None = None, **values: Any) -> Conditions:
    """Give one post that everybody sees, clicks and orders after."""
    its = conditions_on(graph_of(PEOPLE, edges or []), range(PEOPLE), share=0.0, horizon=horizon)
    post = replace(its.posts[0], engage=chance(1.0), click=chance(1.0), order=chance(1.0))
    return replace(its, **{"posts": (post,), "later_key": name_key(3, "later"), **values})


def played(its: Conditions) -> Tally:
    """Play it on the compiled clock."""
    crowd = CompiledCrowd(its)
    crowd.publish(0, 0)
    crowd.advance(its.horizon + 1)
    return crowd.tally()


# After a lag --------------------------------------------------------------------------------------------------


def test_orders_come_after_the_lag() -> None:
    """By hour as the law says (Kolmogorov-Smirnov at the ends of hours, conservative); a median of two is rejected."""
    horizon = 30 * DAY
    tally = played(all_order(horizon, lag=delay_table(LAG, horizon, 1)))
    assert PEOPLE == tally.by_post[0, CLICKS] > tally.by_post[0, ORDERS]
    by_hour = tally.by_hour[:, NEW_ORDERS]

    def distance(median_hours: float) -> float:
        law = [0.5 * math.erfc(-math.log(hour / median_hours) / 2.0 / math.sqrt(2)) for hour in range(1, by_hour.size)]
        return float(np.abs(np.cumsum(by_hour)[1:] / PEOPLE - law).max())

    allowed = math.sqrt(-math.log(LEAST_P / 2) / 2 / PEOPLE)
    assert distance(1.0) < allowed < distance(2.0)


def test_orders_behind_the_horizon_are_counted_whenever_people_clicked() -> None:
    """With a lag, too: who clicked at the start and who clicked at the end has ordered as often a year later.

    Posts on day 0 and on day 9 of 10, half of the orders after 5 days or more, half of all orders followed by another
    10 days later; error rate 6.8e-6. Without first orders behind the horizon the second has less than half as many.
    """
    horizon, law = 10 * DAY, Lognormal(dist="lognormal", median_hours=120.0, sigma=1.0)
    again = delay_table(Constant(dist="constant", hours=240.0), horizon + YEAR, HOUR)
    its = all_order(horizon, lag=delay_table(law, horizon + YEAR, 1), repeat=chance(0.5), repeat_delay=again)
    totals = []
    for day in (0, 9):
        crowd = CompiledCrowd(its)
        crowd.publish(0, day * DAY)
        crowd.advance(horizon + 1)
        tally = crowd.tally()
        totals.append(int(tally.by_post[0, ORDERS] + tally.later_orders[-1]))
    error = math.sqrt(2 * PEOPLE * 0.5 / 0.25)
    assert abs(totals[0] - totals[1]) < Z_BOUND * error
    assert abs(totals[0] - 2 * PEOPLE) < Z_BOUND * error
    assert tally.by_post[0, ORDERS] < 0.5 * PEOPLE


def test_who_clicks_twice_and_waits_orders_once() -> None:
    """Two clicks whose orders both come behind the horizon are one order, the earlier, on both clocks."""
    its = all_order(HOUR, lag=delay_table(Lognormal(dist="lognormal", median_hours=50.0, sigma=1.0), 2 * YEAR, 1))
    its = replace(its, posts=(its.posts[0], replace(its.posts[0], key=name_key(8))))
    env = simpy.Environment()
    fast, slow = CompiledCrowd(its), ReferenceCrowd(its, env)
    for crowd in (fast, slow):
        crowd.publish(0, 0)
        crowd.publish(1, 0)
    fast.advance(its.horizon + 1)
    env.run(until=its.horizon + 1)
    assert fast.tally().later_orders.tolist() == slow.tally().later_orders.tolist()
    assert 0.98 * PEOPLE < fast.tally().later_orders[-1] + fast.counts[:, ORDERS].sum() <= PEOPLE


def test_who_clicks_twice_orders_once() -> None:
    """Two posts at once, each with its lag: everybody orders once, after the shorter of the two."""
    horizon, lag = DAY, Exponential(dist="exponential", mean_hours=1.0)
    its = all_order(horizon, lag=delay_table(lag, horizon, 1))
    its = replace(its, posts=(its.posts[0], replace(its.posts[0], key=name_key(8))))
    crowd = CompiledCrowd(its)
    crowd.publish(0, 0)
    crowd.publish(1, 0)
    crowd.advance(HOUR // 2 + 1)
    assert binomtest(int(crowd.counts[:, ORDERS].sum()), PEOPLE, 1 - math.exp(-1)).pvalue > LEAST_P
    crowd.advance(horizon + 1)
    assert [PEOPLE] * 2 == crowd.counts[:, CLICKS].tolist()
    assert PEOPLE == crowd.counts[:, ORDERS].sum()


# Again and again ----------------------------------------------------------------------------------------------


def test_customers_come_back_a_geometric_number_of_times() -> None:
    """All within the horizon: p / (1 - p) later orders a customer; error rate 6.8e-6, another p is rejected."""
    p, now = 0.4, delay_table(Constant(dist="constant", hours=1.0), 100 * DAY, HOUR)
    tally = played(all_order(100 * DAY, repeat=chance(p), repeat_delay=now, baseline=chance(0.25)))
    counts = tally.by_post[0]
    error = math.sqrt(PEOPLE * p / (1 - p) ** 2)
    assert abs(counts[REPEAT_ORDERS] - PEOPLE * p / (1 - p)) < Z_BOUND * error
    assert abs(counts[REPEAT_ORDERS] - PEOPLE * 0.45 / 0.55) > Z_BOUND * error
    assert counts[ORDERS] == PEOPLE + counts[REPEAT_ORDERS] == tally.by_hour[:, NEW_ORDERS].sum()
    assert 0 == tally.later_orders.sum()
    # who would have bought anyway does so later too
    first = counts[INCREMENTAL_ORDERS] - counts[INCREMENTAL_REPEAT_ORDERS]
    assert binomtest(int(first), PEOPLE, 0.75).pvalue > LEAST_P
    share = counts[INCREMENTAL_REPEAT_ORDERS] / counts[REPEAT_ORDERS]
    assert abs(share - 0.75) < 5 * 0.0057  # repeats of a person go together
    # the n-th order is at hour n exactly
    by_hour = tally.by_hour[:8, NEW_ORDERS]
    assert PEOPLE == by_hour[0]
    for before, after in pairwise(by_hour[:5]):
        assert binomtest(int(after), int(before), p).pvalue > LEAST_P


def test_later_orders_behind_the_horizon_are_counted() -> None:
    """With exponential gaps: p / (1 - p) x (1 - exp(-(1 - p) t / gap)) up to t; error rate 6.8e-6 each.

    A tenth comes back, three tenths are rejected. The count varies less than the whole geometric number.
    """
    p, gap, horizon, returned = 0.5, 90 * DAY, 10 * DAY, 0.1
    law = Exponential(dist="exponential", mean_hours=gap / HOUR)
    its = all_order(horizon, repeat=chance(p), repeat_delay=delay_table(law, horizon + LONG_RUN[-1], HOUR))
    tally = played(replace(its, returns=chance(returned)))

    def by(second: float) -> float:
        return p / (1 - p) * -math.expm1(-(1 - p) * second / gap)

    inside = tally.by_post[0, REPEAT_ORDERS]
    error = math.sqrt(PEOPLE * p / (1 - p) ** 2)
    assert abs(inside - PEOPLE * by(horizon)) < Z_BOUND * math.sqrt(PEOPLE * by(horizon) * 1.5)
    for later, end in zip(tally.later_orders, LONG_RUN, strict=True):
        right = (1 - returned) * PEOPLE * (by(horizon + end) - by(horizon))
        assert abs(later - right) < Z_BOUND * error
        assert abs(later - right * 0.7 / 0.9) > Z_BOUND * error
    assert binomtest(int(tally.by_post[0, RETURNED_ORDERS]), PEOPLE + int(inside), returned).pvalue > LEAST_P


# Who orders may share, and to whom it is sold -------------------------------------------------------------------


@pytest.mark.parametrize("lag", [None, Constant(dist="constant", hours=1.0)])
def test_buyers_advocate(lag: Constant | None) -> None:
    """Nobody shares but who orders, a third of them, at once or when the order comes; their friends are shown it."""
    ring = [(i, (i + 1) % PEOPLE) for i in range(PEOPLE)]
    table = None if lag is None else delay_table(lag, DAY, 1)
    tally = played(all_order(DAY, ring, advocate=chance(1 / 3), lag=table))
    counts = tally.by_post[0]
    assert counts[SHARES] == counts[ADVOCATE_SHARES] == counts[FRIEND_IMPRESSIONS]
    assert binomtest(int(counts[SHARES]), PEOPLE, 1 / 3).pvalue > LEAST_P
    assert binomtest(int(counts[SHARES]), PEOPLE, 0.4).pvalue < LEAST_P
    assert PEOPLE == counts[ORDERS]
    assert 0 == played(all_order(DAY, ring, lag=table)).by_post[0, SHARES]


def test_there_is_room_for_every_order() -> None:
    """Thousands of orders wait in the bucket that is played, most of people who shared the post already."""
    people, often = 300, 100
    its = conditions_on(graph_of(people, []), range(people), share=1.0, horizon=600)
    post = replace(its.posts[0], click=chance(1.0), order=chance(0.5))
    its = replace(its, posts=(post,), lag=delay_table(Constant(dist="constant", hours=0.05), 600, 1))
    to, at_once = Strangers(0, 0, 0, np.empty(0, np.int32)), delay_table(Constant(dist="constant", hours=0.0), 600, 0)
    env = simpy.Environment()
    fast, slow = CompiledCrowd(its, bucket_bits=9), ReferenceCrowd(its, env)
    for crowd in (fast, slow):
        crowd.publish(0, 0)
        assert people * often == crowd.show(0, PAID, people * often, 0, to, at_once)
    fast.advance(its.horizon + 1)
    env.run(until=its.horizon + 1)
    assert slow.tally().by_post.tolist() == fast.tally().by_post.tolist()
    assert people == fast.counts[0, ORDERS] == fast.counts[0, SHARES]


def test_who_shared_already_does_not_share_again() -> None:
    """Where everybody shares for its own sake no share is an advocate's."""
    its = all_order(DAY, [(0, 1)], advocate=chance(1.0))
    its = replace(its, posts=(replace(its.posts[0], share=chance(1.0)),))
    counts = played(its).by_post[0]
    assert (PEOPLE, 0) == (counts[SHARES], counts[ADVOCATE_SHARES])


def test_people_of_the_niche_have_chances_of_their_own() -> None:
    """Clicks, and orders per click, of every tenth person, who is of the niche; error rate 6.8e-6."""
    niche = (np.arange(PEOPLE) % 10 == 0).astype(np.uint8)
    its = all_order(DAY, people=replace(numbered(PEOPLE), niche=niche), target_niche=1)
    post = replace(its.posts[0], click=chance(0.0), order=chance(0.0))
    post = replace(post, click_on_target=chance(0.5), order_on_target=chance(0.2))
    counts = played(replace(its, posts=(post,))).by_post[0]
    assert binomtest(int(counts[CLICKS]), PEOPLE // 10, 0.5).pvalue > LEAST_P
    assert binomtest(int(counts[ORDERS]), int(counts[CLICKS]), 0.2).pvalue > LEAST_P
    assert binomtest(int(counts[CLICKS]), PEOPLE // 10, 0.4).pvalue < LEAST_P
    assert 0 == played(replace(its, posts=(post,), target_niche=None)).by_post[0, CLICKS]


def test_an_engagement_is_a_like_a_comment_or_a_save() -> None:
    """Each kind is binomial, and together they are all; error rate 6.8e-6."""
    counts = played(all_order(DAY, comments=chance(0.05), saves=chance(0.2))).by_post[0]
    assert PEOPLE == counts[ENGAGEMENTS] == counts[[LIKES, COMMENTS, SAVES]].sum()
    for kind, share in ((COMMENTS, 0.05), (SAVES, 0.2)):
        assert binomtest(int(counts[kind]), PEOPLE, share).pvalue > LEAST_P
        assert binomtest(int(counts[kind]), PEOPLE, 1.25 * share).pvalue < LEAST_P


# In a scenario ------------------------------------------------------------------------------------------------

PRODUCT = {"order_value": 90, "margin": 0.5, "niche": "food"}
LAG_OF_AN_HOUR = {"dist": "exponential", "mean_hours": 1.0}
REPEAT = {"probability": "20% to 40%", "delay": {"dist": "exponential", "mean_hours": 20.0}}


def scenario_of(
    folder: Path, product: dict[str, Any] | None = None, behaviour: dict[str, Any] | None = None, **values: Any
) -> Scenario:
    """Give a scenario of two plans."""
    behaviour = {"reach_per_peer": 0.3, **(behaviour or {})}
    plans = {"one": {"creators": ["anna"]}, "many": {"split": {"micro": 0.9}}}
    product = {**PRODUCT, **(product or {})}
    return tiny(folder, product=product, behaviour=behaviour, strategies=plans, replications=6, **values)


def test_what_is_off_changes_nothing(tmp_path: Path) -> None:
    """A fit of 1, no sharing buyers, no repeated orders: every number is that of the keys unwritten."""
    plain = simulator.run(scenario_of(tmp_path)).replications
    off = {"viewer_fit": 1.0, "repeat_orders": {**REPEAT, "probability": 0}}
    assert plain.equals(simulator.run(scenario_of(tmp_path, off, {"share_per_order": 0.0})).replications)
    for product, behaviour in (
        ({"viewer_fit": 2.0}, {}),
        ({"repeat_orders": REPEAT}, {}),
        ({}, {"share_per_order": 1}),
    ):
        assert not plain.equals(simulator.run(scenario_of(tmp_path, product, behaviour)).replications)


def test_clocks_agree_on_customers(tmp_path: Path) -> None:
    """Every number of every play, with all of it on and little stock."""
    product = {"viewer_fit": 1.5, "purchase_lag": LAG_OF_AN_HOUR, "repeat_orders": REPEAT, "return_probability": 0.2}
    behaviour = {"share_per_order": 0.5, "comments_of_engagements": 0.1, "saves_of_engagements": 0.2}
    behaviour |= {"share_by_friends": [1.0, 3.0]}
    scenario = scenario_of(
        tmp_path,
        {**product, "baseline_order_probability": 0.2},
        behaviour,
        stock={"units": 8, "restock_units": 3, "restock_after_days": 0.1},
    )
    fast, slow = (simulator.run(scenario, engine=engine).replications for engine in ("compiled", "reference"))  # type: ignore[arg-type]
    assert fast.equals(slow)
    for name in ("repeat_orders", "advocate_shares", "lost_orders", "comments", "later_orders_3_months"):
        assert sum(fast[name].to_pylist()) > 0, name


def test_a_customer_is_worth_all_tracked_orders(tmp_path: Path) -> None:
    """The lifetime contribution is that of a customer's orders within a year of the first, whenever that is."""
    rows = simulator.run(scenario_of(tmp_path)).replications.to_pylist()
    assert all(row["lifetime_contribution"] == pytest.approx(row["orders"] * 45) for row in rows)
    again = simulator.run(scenario_of(tmp_path, {"repeat_orders": REPEAT})).replications.to_pylist()
    for row in again:
        customers = row["orders"] - row["repeat_orders"]
        assert row["lifetime_contribution"] >= customers * 45 - 1e-6
        more = row["later_orders_12_months"]
        assert row["roi_12_months"] == pytest.approx(row["roi"] + more * 45 / row["spend"])
    worth = sum(row["lifetime_contribution"] for row in again)
    assert worth > 1.1 * 45 * sum(row["orders"] - row["repeat_orders"] for row in again)


def test_a_lifetime_is_as_long_whenever_it_begins() -> None:
    """Lifetime orders of the same people are the same whether they buy on the first day or on the last."""
    horizon, law = 90 * DAY, Exponential(dist="exponential", mean_hours=5000.0)
    its = all_order(
        horizon, repeat=chance(0.5), repeat_delay=delay_table(law, horizon + YEAR, HOUR), returns=chance(0.1)
    )
    lifetimes = []
    for day in (0, 85):
        crowd = CompiledCrowd(its)
        crowd.publish(0, day * DAY)
        crowd.advance(horizon + 1)
        lifetimes.append(crowd.tally().lifetime_orders)
    assert lifetimes[0] == lifetimes[1]
    p, gap = 0.5, 5000.0
    expected = 0.9 * (1 + p / (1 - p) * -math.expm1(-(1 - p) * 365 * 24 / gap))
    assert abs(lifetimes[0] / PEOPLE - expected) < Z_BOUND * math.sqrt(2.0 / PEOPLE)


@pytest.mark.parametrize(
    ("product", "behaviour", "said"),
    [
        ({"niche": None, "viewer_fit": 1.2}, {}, "no effect while the product has no niche"),
        ({}, {"comments_of_engagements": 0.6, "saves_of_engagements": 0.5}, "together they are at most 1"),
        ({}, {"share_by_friends": [1.0, -1.0]}, "from 0 to 1,000,000"),
        ({"repeat_orders": {"probability": 0.5}}, {}, "delay: missing"),
        ({"repeat_orders": {**REPEAT, "probability": 0.951}}, {}, "0.95; at 1 a customer would never stop"),
        ({"repeat_orders": {**REPEAT, "probability": "50% to 96%"}}, {}, "0.95; at 1 a customer would never stop"),
        ({"repeat_orders": {**REPEAT, "delay": {"dist": "constant", "hours": 0.99}}}, {}, "must be at least 1 hour"),
    ],
)
def test_what_cannot_work_is_refused(
    tmp_path: Path, product: dict[str, Any], behaviour: dict[str, Any], said: str
) -> None:
    """With where it stands and what to do."""
    product = {key: value for key, value in {**PRODUCT, **product}.items() if value is not None}
    with pytest.raises(ScenarioError, match=said):
        tiny(tmp_path, product=product, behaviour=behaviour)


def test_goodwill_without_a_brand_is_refused(tmp_path: Path) -> None:
    """At a creator, in a scandal and of ads: what to write is said."""
    anna = creator("anna", goodwill_per_impression=0.1, scandal={"probability_per_day": 0.1, "goodwill_left": 0.5})
    with pytest.raises(ScenarioError, match=r"(?s)goodwill_per_impression: this has no effect.*goodwill_left"):
        tiny(tmp_path, creators=[anna], strategies={"one": {"creators": ["anna"]}})
