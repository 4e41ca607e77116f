"""Goodwill fades by a closed form, sells what it says, is taken away by a scandal, and is nothing where it is off.

References:
    Nerlove, Arrow (1962), Optimal advertising policy under dynamic conditions, Economica 29(114).
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_helpers import Z_BOUND, conditions_on, graph_of
from pydantic import ValidationError
from scipy.stats import binomtest
from study_helpers import creator, tiny

import simulator
from simulator.campaign import content
from simulator.campaign.unknowns import Unknowns
from simulator.scenario.model import Scenario
from simulator.scenario.product import Brand as Section
from simulator.spread.conditions import Conditions, chance
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.goodwill import LONG_RUN, MOST_GOODWILL, Brand, brand_world, goodwill_at, orders_between
from simulator.spread.rules import FRESH
from simulator.spread.tally import CLICKS, ORDERS, Tally
from simulator.streams import extend_key, name_key, uniform

DAY = 86_400
HALF_LIFE, EVERY = 60 * DAY, 30 * DAY
PEOPLE = 20_000
BRAND = {"half_life_days": 60, "occasion_every_days": 30, "order_per_occasion": 0.002}


def brand_of(replication: int = 0, **values: Any) -> Brand:
    """Give a brand whose goodwill halves in 60 days, of people with an occasion a month."""
    return replace(Brand(name_key(replication, "occasion"), HALF_LIFE, EVERY), **values)


def written(goodwill: float, second: int) -> np.uint64:
    """Give goodwill as it is kept."""
    return np.uint64((min(chance(goodwill), MOST_GOODWILL) << 32) | second)


def seen_by_all(
    goodwill: float, days: tuple[float, ...], horizon: int, brand: Brand, wear: tuple[int, ...] = (FRESH,)
) -> Conditions:
    """Give posts that everybody sees on some days, each leaving goodwill."""
    its = conditions_on(graph_of(PEOPLE, []), range(PEOPLE), share=0.0, horizon=horizon)
    posts = tuple(replace(its.posts[0], key=name_key(3, i), goodwill=chance(goodwill)) for i in range(len(days)))
    return replace(its, posts=posts, brand=brand, wear=np.array(wear, np.uint64))


def played(its: Conditions, days: tuple[float, ...], scandal: tuple[float, float] | None = None) -> Tally:
    """Play them; a scandal on a day leaves a part of the goodwill."""
    crowd = CompiledCrowd(its)
    events = [(round(day * DAY), post) for post, day in enumerate(days)]
    if scandal:
        events = sorted([*events, (round(scandal[0] * DAY), -1)])
    for second, post in events:
        crowd.advance(second)
        if post < 0:
            assert scandal
            crowd.lose_goodwill(0, second, round(scandal[1] * FRESH))
        else:
            crowd.publish(post, second)
    crowd.advance(its.horizon + 1)
    return crowd.tally()


# How it fades -------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**7), st.integers(0, 4 * 10**8), st.integers(0, 2**32 - 1))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_goodwill_halves_in_every_half_life(half_life: int, elapsed: int, goodwill: int) -> None:
    """At any second: the closed form, within 0.01% and 2 units of 2**-32."""
    its = brand_world(brand_of(half_life=half_life), 0)
    left = int(goodwill_at(its, np.uint64(goodwill << 32), elapsed))
    exact = goodwill * 2.0 ** (-elapsed / half_life)
    assert abs(left - exact) <= 1e-4 * exact + 2
    assert goodwill == int(goodwill_at(its, np.uint64(goodwill << 32), 0))
    if elapsed % half_life == 0 and elapsed // half_life <= 32:
        assert left == goodwill >> (elapsed // half_life)


@given(st.lists(st.integers(0, 700 * DAY), min_size=2, max_size=6), st.integers(0, 2**31))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_reading_it_changes_nothing(ends: list[int], person: int) -> None:
    """Orders of a span are those of its parts, wherever it is cut: goodwill is what was written, not what was read."""
    its, name = brand_world(brand_of(occasion_every=DAY), 0), np.uint64(person)
    cuts = sorted(ends)
    parts = [orders_between(its, written(0.4, 0), name, a, b) for a, b in pairwise(cuts)]
    assert sum(parts) == orders_between(its, written(0.4, 0), name, cuts[0], cuts[-1])


def test_impressions_add_up() -> None:
    """What everybody has at the horizon is the sum of what each impression left, faded since: within 0.01%."""
    days, horizon, wear = (0.0, 3.0, 10.0, 40.0), 50 * DAY, (FRESH, FRESH // 2, FRESH // 4)
    tally = played(seen_by_all(0.003, days, horizon, brand_of(), wear), days)
    exact = sum(0.003 * part * 2 ** (-(50 - day) / 60) for part, day in zip((1, 0.5, 0.25, 0.25), days, strict=True))
    assert tally.goodwill / 2**32 / PEOPLE == pytest.approx(exact, rel=1e-4)


def test_nobody_has_more_than_the_most() -> None:
    """Ten impressions leave no more than the most there can be."""
    days = tuple(i / 10 for i in range(10))
    tally = played(seen_by_all(0.003, days, DAY, brand_of(most=chance(0.01), half_life=10**9)), days)
    assert tally.goodwill == pytest.approx(PEOPLE * chance(0.01), rel=1e-3)


# What it sells ------------------------------------------------------------------------------------------------


def expected_orders(goodwill: float, half_life: float, seconds: float) -> float:
    """Give how many orders goodwill leads one person to in expectation: the integral of what is left, by occasion."""
    return goodwill * half_life / math.log(2) * (1 - 2 ** (-seconds / half_life)) / EVERY


def test_orders_follow_the_closed_form() -> None:
    """Up to the horizon and 3, 6 and 12 months behind it; error rate 6.8e-6 each, another half-life is rejected.

    An occasion a month at most counts once, so the count's variance is below that of a Poisson law.
    """
    horizon, days = 30 * DAY, (0.0,)
    plays = [played(seen_by_all(0.05, days, horizon, brand_of(i)), days).brand_orders for i in range(4)]
    orders = np.sum(plays, axis=0) / len(plays)
    for count, end in zip(orders, (horizon, *(horizon + after for after in LONG_RUN)), strict=True):
        right, wrong = (PEOPLE * expected_orders(0.05, half_life, end) for half_life in (HALF_LIFE, 1.5 * HALF_LIFE))
        assert abs(count - right) < Z_BOUND * math.sqrt(right / len(plays))
        assert end == horizon or abs(count - wrong) > Z_BOUND * math.sqrt(right / len(plays))
    assert sorted(orders.tolist()) == orders.tolist()


def test_who_would_order_anyway_is_no_brand_order() -> None:
    """Orders at occasions need goodwill; where the baseline is certain there is nothing to add."""
    days, horizon = (0.0,), 30 * DAY
    certain = played(seen_by_all(0.05, days, horizon, brand_of(order_at_occasion=chance(1.0))), days)
    assert [0] * 4 == certain.brand_orders.tolist()
    none = played(seen_by_all(0.0, days, horizon, brand_of()), days)
    assert ([0] * 4, 0) == (none.brand_orders.tolist(), none.goodwill)
    without = played(seen_by_all(0.05, days, horizon, brand_of()), days).brand_orders
    some = played(seen_by_all(0.05, days, horizon, brand_of(order_at_occasion=chance(0.5))), days).brand_orders
    # the same luck, another part of it: as many in expectation, not the same ones
    assert abs(some[0] - without[0]) < Z_BOUND * math.sqrt(2 * without[0])
    assert some.tolist() != without.tolist()


def test_goodwill_is_added_to_an_order_after_a_click() -> None:
    """Nobody orders after the first impression, which leaves 0.3; after the second 0.3 do; error rate 6.8e-6."""
    days = (0.0, 0.001)
    its = seen_by_all(0.3, days, DAY, brand_of())
    its = replace(its, posts=tuple(replace(post, click=chance(1.0)) for post in its.posts))
    by_post = played(its, days).by_post
    assert (PEOPLE, 0) == (by_post[0, CLICKS], by_post[0, ORDERS])
    assert binomtest(int(by_post[1, ORDERS]), PEOPLE, 0.3).pvalue > 6.8e-6
    assert binomtest(int(by_post[1, ORDERS]), PEOPLE, 0.33).pvalue < 6.8e-6


def test_a_scandal_takes_it_away() -> None:
    """A third is left, from its second on: at the horizon exactly, and of the orders after it."""
    days, horizon = (0.0,), 40 * DAY
    calm = played(seen_by_all(0.05, days, horizon, brand_of()), days)
    third = played(seen_by_all(0.05, days, horizon, brand_of()), days, (20.0, 1 / 3))
    gone = played(seen_by_all(0.05, days, horizon, brand_of()), days, (20.0, 0.0))
    assert third.goodwill / calm.goodwill == pytest.approx(1 / 3, rel=1e-3)
    assert 0 == gone.goodwill
    assert [gone.brand_orders[0]] * 3 == gone.brand_orders[1:].tolist()
    before = PEOPLE * expected_orders(0.05, HALF_LIFE, 20 * DAY)
    assert abs(gone.brand_orders[0] - before) < Z_BOUND * math.sqrt(before)
    # the same occasions: whoever orders with a third of the goodwill orders with all of it
    assert gone.brand_orders[0] < third.brand_orders[0] < calm.brand_orders[0]


# In a scenario ------------------------------------------------------------------------------------------------


def scenario_of(folder: Path, brand: dict[str, Any] | None = None, goodwill: object = None, **values: Any) -> Scenario:
    """Give a scenario of two plans; goodwill is left where it is written."""
    own = {} if goodwill is None else {"goodwill_per_impression": goodwill}
    accounts = [creator("anna", niche="food", **own, **values), creator("bert", post_days=[1], **own)]
    section = {} if brand is None else {"brand": brand}
    product = {"order_value": 90, "margin": 0.5, "niche": "food", "return_probability": 0.1}
    plans = {"one": {"creators": ["anna"]}, "both": {"creators": ["anna", "bert"]}}
    return tiny(folder, creators=accounts, pools={}, product=product, strategies=plans, **section)


def column(scenario: Scenario, name: str, engine: Any = "compiled") -> npt.NDArray[np.float64]:
    """Give a column of its replications."""
    return np.array(simulator.run(scenario, engine=engine).replications[name].to_pylist(), np.float64)


def test_a_brand_without_goodwill_changes_nothing(tmp_path: Path) -> None:
    """Every number of every play is that without a brand, but for the orders that there are at occasions anyway."""
    plain, *others = (
        simulator.run(scenario_of(tmp_path, *its)).replications.drop(["brand_orders_without"])
        for its in ((), (BRAND, 0), (BRAND | {"half_life_days": 1.0}, 0))
    )
    assert all(plain.equals(its) for its in others)
    assert plain["roi"].equals(plain["roi_12_months"])


def test_half_life_may_be_unknown(tmp_path: Path) -> None:
    """A range is drawn once per replication by its own name, at most ten years; one without width is the number."""
    fixed, same, unsure = (
        scenario_of(tmp_path, {**BRAND, "half_life_days": its}, 0.03) for its in (60, "60 to 60", "1 to 3_000")
    )
    plays = [simulator.run(its).replications for its in (fixed, same, unsure)]
    assert plays[0].equals(plays[1])
    assert not plays[0].equals(plays[2])
    assert unsure.brand is not None
    for i in range(200):
        unknowns = Unknowns.of(7, i)
        u = uniform(extend_key(unknowns.replication_key, "unknown", "brand.half_life_days"))
        days = min(unsure.brand.half_life_days.quantile(u), 3660)
        assert content._brand(unsure.brand, unknowns).half_life == round(days * DAY)


@pytest.mark.parametrize(
    ("given", "refused"),
    [(0, "must be above 0 days"), ({"dist": "uniform", "min": 0, "max": 9}, "above 0"), ("1 to 3_661", "at most 3660")],
)
def test_a_half_life_is_above_zero_and_at_most_ten_years(given: object, refused: str) -> None:
    """Whatever it is written as; what is just inside passes."""
    for fine in (0.001, "1 to 3_660"):
        assert Section.model_validate({**BRAND, "half_life_days": fine})
    with pytest.raises(ValidationError, match=refused):
        Section.model_validate({**BRAND, "half_life_days": given})


def test_clocks_agree_on_goodwill(tmp_path: Path) -> None:
    """Every number of every play, with a scandal that takes goodwill away."""
    scandal = {"probability_per_day": 0.5, "goodwill_left": "10% to 50%"}
    scenario = scenario_of(tmp_path, BRAND, "1% to 5%", scandal=scandal)
    fast, slow = (simulator.run(scenario, engine=engine).replications for engine in ("compiled", "reference"))  # type: ignore[arg-type]
    assert fast.equals(slow)
    assert sum(fast["brand_orders"].to_pylist()) > 0


def test_trusted_creators_leave_more(tmp_path: Path) -> None:
    """Goodwill is multiplied by trust, like clicks; what is left per person is proportional."""
    plain, trusted = (scenario_of(tmp_path, BRAND, 0.01, trust=trust) for trust in (1, 2))
    one, two = column(plain, "goodwill_per_person")[:12], column(trusted, "goodwill_per_person")[:12]
    assert two == pytest.approx(2 * one, rel=1e-3)
    assert column(plain, "roi_12_months")[:12].mean() < column(trusted, "roi_12_months")[:12].mean()


def test_fitting_creators_leave_more(tmp_path: Path) -> None:
    """Goodwill is multiplied by the product's fit where creator and product share the niche, and nowhere else."""
    plain = scenario_of(tmp_path, BRAND, 0.01)
    fitting = simulator.load(tmp_path / "tiny.toml", {"product.niche_fit": 3.0})
    one, three = (column(its, "goodwill_per_person") for its in (plain, fitting))
    assert three[:12] == pytest.approx(3 * one[:12], rel=1e-3)
    both_before, both_after = one[12:].mean(), three[12:].mean()
    assert 1.2 * both_before < both_after < 2.9 * both_before  # bert has no niche


def test_money_of_the_long_run_adds_up(tmp_path: Path) -> None:
    """ROI after n months is that of the campaign and what later orders bring, to the cent."""
    rows = simulator.run(scenario_of(tmp_path, BRAND, 0.03)).replications.to_pylist()
    for row in rows:
        at_the_end = row["roi"] + row["brand_orders"] * 90 * 0.5 / row["spend"]
        assert row["roi_with_brand_orders"] == pytest.approx(at_the_end)
        assert row["roi"] <= row["roi_with_brand_orders"] <= row["roi_3_months"]
        for months in (3, 6, 12):
            more = row["brand_orders"] + row[f"later_orders_{months}_months"]
            assert row[f"roi_{months}_months"] == pytest.approx(row["roi"] + more * 90 * 0.5 / row["spend"])
        assert row["later_orders_3_months"] <= row["later_orders_6_months"] <= row["later_orders_12_months"]
    assert [2000 * 1.5 / 30 * 0.002 * 0.9] * len(rows) == pytest.approx([row["brand_orders_without"] for row in rows])


def test_brand_lift_is_a_ratio_of_means(tmp_path: Path) -> None:
    """However unsure the orders without the campaign are: brand orders and these, each over all plays."""
    study = simulator.run(scenario_of(tmp_path, {**BRAND, "order_per_occasion": "0.1% to 10%"}, 0.03))
    for plan in ("one", "both"):
        rows = [row for row in study.replications.to_pylist() if row["strategy"] == plan]
        brand, without = (sum(row[name] for row in rows) for name in ("brand_orders", "brand_orders_without"))
        lift = study.summary["strategies"][plan]["ratios"]["brand_lift"]
        assert brand / without == pytest.approx(lift["value"])
        by_play = np.mean([row["brand_orders"] / row["brand_orders_without"] for row in rows])
        assert by_play > 1.2 * lift["value"]
