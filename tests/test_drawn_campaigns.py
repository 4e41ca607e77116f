"""Whole campaigns, drawn at random with every mechanism on or off, come to the same on both clocks.

In: a seed. Out: a small scenario of three strategies. `test_clocks.py` draws what happens to a crowd; here the SimPy
processes take part: reviewers, scandals, discovery, boosts, ads and stock, with ties on purpose.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from study_helpers import creator, tiny, values_of

from simulator.campaign.hiring import hire
from simulator.campaign.play import log_of, play
from simulator.market.build import build_market
from simulator.scenario.model import Scenario

DELAYS: list[dict[str, Any]] = [
    {"dist": "constant", "hours": 0.0},
    {"dist": "constant", "hours": 1.0},
    {"dist": "exponential", "mean_hours": 0.5},
    {"dist": "lognormal", "median_hours": 2.0, "sigma": 1.5},
]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HORIZONS = [2, 3, 8]  # days; a boost ends before them


def draw_creator(rng: random.Random, handle: str, people: int) -> dict[str, Any]:
    """Draw a creator of whom anything may be expected."""
    c = rng.choice
    its = creator(
        handle,
        followers=people // c([2, 3]),
        fee=c([0, 50.0]),
        post_days=sorted({c([0, 0, 0.1, 0.5, 2, 3]) for _ in range(4)}),
        post_jitter_hours=c([0, 0, 5]),
        completion_probability=c([1, 0.5]),
        quality_spread=c([0, 1]),
        nonfollower_reach_ratio=c([0, 0.5, "1 to 3"]),
        delay=c(DELAYS),
        order_per_click=c([0.3, 1]),
        share_per_impression=c([0, 0.5]),
    )
    if rng.randrange(2):
        its["niche"] = c(["beauty", "food"])
    if rng.randrange(2):
        odds, trust, refund = c([0.1, 0.9, 1]), c([0, 0.5, 1]), c([0, 0.5])
        its["scandal"] = {"probability_per_day": odds, "trust_left": trust, "refund_of_fee": refund}
    return its


def draw_approval(rng: random.Random) -> dict[str, Any]:
    """Draw an office."""
    c = rng.choice
    return {
        "reviewers": c([1, 3]),
        "submit_days_before": c([0, 0.5, 3]),
        "review_hours": c(DELAYS),
        "send_back_probability": c([0, 0.4]),
        "rework_hours": c(DELAYS),
        "working_hours": c([[0, 24], [9, 17], [13, 13.5]]),
        "working_days": rng.sample(WEEK, c([1, 5, 7])),
    }


def draw_boost(rng: random.Random) -> dict[str, Any]:
    """Draw a boost of anna's first post, of the best posts, or none."""
    c = rng.choice
    terms = {"day": c([0, 0.5, 1]), "days": 1, "budget": c([1, 20]), "cpm": c([70, "50 to 90"])}
    best = {"top": c([1, 3]), "by": c(["engagement", "engagement_rate", "clicks", "orders"])}
    return c([{}, {"boost": {**terms, **best}}, {"boost": {**terms, "posts": {"anna": 1}, "niche": "food"}}])


def draw_campaign(rng: random.Random, folder: Path) -> Scenario:
    """Draw a scenario."""
    c, people = rng.choice, rng.choice([400, 900])
    creators = [draw_creator(rng, handle, people) for handle in ("anna", "bert")]
    values: dict[str, Any] = {
        "seed": rng.randrange(10**6),
        "horizon_days": c(HORIZONS),
        "people": {"count": people, "followings_per_person": c([0, 5.0]), "activity_spread": c([0, 0.4])},
        "behaviour": {"reach_per_peer": "10% to 30%", "peer_delay": c(DELAYS[1:]), "fatigue": c([0, 0.5])},
        "product": {"order_value": "80 to 120", "margin": 0.5, "return_probability": c([0, 0.3])},
        "ads": {"cpm": 900, "click_per_impression": 0.2, "order_per_click": 0.3, "day": 0, "days": 1},
        "creators": creators,
        "strategies": {
            "all": {"creators": ["anna", "bert"], "split": {"ads": 0.3}, **draw_boost(rng)},
            "one": {"creators": ["anna"], **draw_boost(rng)},
            "ads": {"split": {"ads": 1.0}},
        },
    }
    if rng.randrange(2):
        values["approval"] = draw_approval(rng)
    if rng.randrange(2):
        values["stock"] = {"units": c([0, 1, 5, 30]), "pause_paid": c([True, False])}
        if rng.randrange(2):
            values["stock"] |= {"restock_units": c([1, 10]), "restock_after_days": c([0.01, 0.5])}
    if any(its["nonfollower_reach_ratio"] for its in creators):
        values["discovery"] = {"review_hours": c([[1], [0.001, 0.5, 1, 6]]), "responsiveness": c([0, 1, 3])}
    draw_customers(rng, values)
    return tiny(folder, **values)


def draw_customers(rng: random.Random, values: dict[str, Any]) -> None:
    """Add, or not, what friends and buyers do, orders after a lag and again, and goodwill."""
    c = rng.choice
    values["behaviour"] |= {"share_by_friends": c([[], [0.5, 1, 3]]), "share_per_order": c([0, 0.5])}
    values["behaviour"] |= {"comments_of_engagements": c([0, 0.2]), "saves_of_engagements": c([0, 0.3])}
    product, brand = values["product"], {"half_life_days": c([0.1, 30, "0.5 to 40"]), "occasion_every_days": c([1, 20])}
    product |= {"niche": "food", "viewer_fit": c([1, 2, 0.3]), "baseline_order_probability": c([0, 0.2])}
    if rng.randrange(2):
        product["purchase_lag"] = c(DELAYS)
    if rng.randrange(2):
        product["repeat_orders"] = {"probability": c([0.4, 0.7]), "delay": c(DELAYS)}
    if rng.randrange(2):
        values["brand"] = {**brand, "order_per_occasion": c([0, 0.1]), "most_goodwill": c([0.02, 1])}
        for its in values["creators"]:
            its["goodwill_per_impression"] = c([0, "1% to 3%", 0.3])
            if "scandal" in its:
                its["scandal"]["goodwill_left"] = c([0, 0.5])


@pytest.mark.parametrize("seed", range(50))
def test_drawn_campaigns_are_the_same_on_both_clocks(tmp_path: Path, seed: int) -> None:
    """Every count, cent and line of the log; and what holds whatever happens."""
    scenario = draw_campaign(random.Random(seed), tmp_path)
    plans = [hire(scenario, 0, strategy) for strategy in scenario.strategies]
    market = build_market(scenario, 0, {its.name: its for plan in plans for its in plan.profiles}.values())
    for plan in plans:
        fast, slow = (play(scenario, market, plan, 0, engine) for engine in ("compiled", "reference"))
        assert values_of(fast) == values_of(slow)
        logs = (log_of(scenario, market, plan, 0, engine) for engine in ("compiled", "reference"))
        assert next(logs) == next(logs)
        contracted = sum(profile.account.post_count for profile in plan.profiles)
        assert contracted == fast.posts_done + fast.posts_dropped + fast.posts_withdrawn + fast.posts_pending
        assert fast.roi is None or fast.roi >= -1
        if scenario.stock and not scenario.stock.restock_units:
            assert fast.orders <= scenario.stock.units
