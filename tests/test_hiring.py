"""What a budget buys: creators, boosts and ads, to the last cent and never beyond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_helpers import creator, tiny_values

from simulator.campaign.hiring import Plan, check_hiring, hire, hired_rows, hiring_warnings, planned_cents, plans_of
from simulator.campaign.ledger import BOOKED_BY_CREATOR
from simulator.campaign.play import play
from simulator.errors import ScenarioError
from simulator.market.build import Market, build_market
from simulator.present.hiring import hiring_lines, scenario_line
from simulator.scenario.checks import problems_between
from simulator.scenario.contract import contract_cents, median, to_cents
from simulator.scenario.model import Scenario
from simulator.scenario.parts import parts_of

ADS = {"cpm": 8, "click_per_impression": 0.01, "order_per_click": 0.02}
BOOST = {"top": 2, "day": 1, "budget": 150, "cpm": 8}
WHITELISTING = {"terms": {"whitelisting_of_fee_per_month": 0.25}}


def scenario_of(plan: dict[str, Any], **values: Any) -> Scenario:
    """Make the tiny scenario with one strategy."""
    return Scenario.model_validate(tiny_values(ads=ADS, strategies={"it": plan}, **values))


def bought(scenario: Scenario, plan: Plan) -> int:
    """Add up what a plan is planned to cost, creator by creator [cents]."""
    creators = sum(planned_cents(profile, boosted=profile.name in plan.boosted) for profile in plan.profiles)
    return creators + plan.boost_cents + plan.ads_cents


def test_the_boost_comes_before_the_shares() -> None:
    """Of 1,000 a named creator takes 200 and the boost 150; shares are shares of the 650 that are left."""
    plan = hire(scenario_of({"creators": ["anna"], "split": {"micro": 0.5, "ads": 0.3}, "boost": BOOST}), 0, "it")
    micro, ads = plan.shares
    assert (15_000, 19_500) == (plan.boost_cents, plan.ads_cents)
    assert 32_500 == micro.spent_cents + micro.unspent_cents
    assert ("ads", 0, 0, 19_500, 0) == (ads.share, ads.hired, ads.offered, ads.spent_cents, ads.unspent_cents)


def test_the_rows_of_the_books_are_creators_then_ads() -> None:
    """Ads have a row where the split has a share of them, also one of no money; a boost has none."""
    assert ("anna",) == hire(scenario_of({"creators": ["anna"], "boost": BOOST}), 0, "it").rows
    nothing_left = {"creators": ["anna"], "split": {"ads": 1.0}}
    plan = hire(scenario_of(nothing_left, budget=200), 0, "it")
    assert (0, ("anna", "ads")) == (plan.ads_cents, plan.rows)
    many = hire(scenario_of({"split": {"ads": 0.2, "micro": 0.8}}), 0, "it")
    assert (*(profile.name for profile in many.profiles), "ads") == many.rows


def test_a_boost_needs_no_budget() -> None:
    """Without a budget the boost is spent all the same."""
    plan = hire(scenario_of({"creators": ["anna"], "boost": BOOST}, budget=None), 0, "it")
    assert (15_000, ()) == (plan.boost_cents, plan.shares)


def test_whitelisting_is_planned_for_whom_it_is_needed() -> None:
    """With the best posts, for all who are hired; with posts by name, for their creators; else for nobody."""
    anna, bea = (creator(handle, **WHITELISTING) for handle in ("anna", "bea"))
    plans = (({"boost": BOOST}, {"anna", "bea"}), ({"boost": {**BOOST, "top": None, "posts": {"bea": 1}}}, {"bea"}))
    for extra, boosted in (*plans, ({}, set[str]())):
        scenario = scenario_of({"creators": ["anna", "bea"], **extra}, creators=[anna, bea])
        plan = hire(scenario, 0, "it")
        assert boosted == plan.boosted
        assert 40_000 + 5_000 * len(boosted) == sum(
            planned_cents(profile, boosted=profile.name in plan.boosted) for profile in plan.profiles
        )
        named = hired_rows(plans_of(scenario), "it")[0]
        assert 400.0 + 50.0 * len(boosted) == named["spent"]


def test_a_pool_that_must_be_whitelisted_hires_fewer() -> None:
    """The right to boost is paid out of the pool's share: the same share hires fewer for more each."""
    values = tiny_values()
    pool = {**values["pools"]["micro"], "terms": {"whitelisting_of_fee_per_month": 1.0}}  # type: ignore[index]
    without = hire(scenario_of({"split": {"micro": 0.85}}, pools={"micro": pool}), 0, "it").shares[0]
    boosted = scenario_of({"split": {"micro": 1.0}, "boost": BOOST}, pools={"micro": pool})
    with_boost = hire(boosted, 0, "it")
    assert 85_000 == without.spent_cents + without.unspent_cents
    assert 85_000 == with_boost.shares[0].spent_cents + with_boost.shares[0].unspent_cents
    assert 0 < with_boost.shares[0].hired < without.hired
    assert {profile.name for profile in with_boost.profiles} == with_boost.boosted


@given(
    st.integers(40_000, 10**7),
    st.lists(st.floats(0.01, 1), min_size=2, max_size=2),
    st.floats(0.01, 150),
    st.booleans(),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_no_plan_exceeds_its_budget(budget: int, shares: list[float], boost: float, whole: bool) -> None:
    """What is bought adds up to the budget at most; shares of the whole leave no more than rounding them does."""
    total = sum(shares) if whole or sum(shares) > 1 else 1.0
    micro, ads = (share / total for share in shares)
    plan = {"creators": ["anna"], "split": {"micro": micro, "ads": ads}, "boost": {**BOOST, "budget": boost}}
    scenario = scenario_of(plan, budget=budget / 100)
    hired = hire(scenario, 0, "it")
    unspent = sum(share.unspent_cents for share in hired.shares)
    assert bought(scenario, hired) + unspent <= budget
    assert to_cents(boost) == hired.boost_cents
    if whole:
        assert budget - 2 <= bought(scenario, hired) + unspent
    check_hiring(scenario, plans_of(scenario))


def test_shares_never_add_up_to_more_than_is_left() -> None:
    """Shares that exceed the whole by what numbers lose are cut at the end, also where that is more than a cent."""
    scenario = scenario_of({"split": {"micro": 1e-9, "ads": 1.0}}, budget=10**10)
    plan = hire(scenario, 0, "it")
    assert 10**12 == sum(share.spent_cents + share.unspent_cents for share in plan.shares)


def test_a_plan_of_ads_alone_hires_nobody_and_that_is_fine() -> None:
    """It is no mistake and no reason to warn; beside a pool that nobody can be hired from it changes nothing."""
    scenario = scenario_of({"split": {"ads": 1.0}})
    plans = plans_of(scenario)
    check_hiring(scenario, plans)
    assert [] == hiring_warnings(scenario, plans)
    assert ["it hires nobody; $1,000 for ads."] == hiring_lines(scenario, plans)
    poor = scenario_of({"split": {"micro": 0.01, "ads": 0.99}})
    with pytest.raises(ScenarioError, match=r"strategies\.it: can hire nobody in any market\. The first creator"):
        check_hiring(poor, plans_of(poor))


@given(
    st.integers(0, 60_000),
    st.integers(1, 40_000),
    st.booleans(),
    st.booleans(),
    st.integers(-2, 2),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_what_reading_lets_pass_is_what_a_plan_can_pay(
    fee: int, boost: int, top: bool, any_right: bool, off: int
) -> None:
    """A scenario is refused for what its named creators and its boost cost exactly where a plan would cost more."""
    anna = creator("anna", fee=fee / 100, **(WHITELISTING if any_right else {}))
    bea = creator("bea", fee=fee / 100, **WHITELISTING)
    its = {**BOOST, "budget": boost / 100, **({} if top else {"top": None, "posts": {"bea": 1}})}
    its = {key: value for key, value in its.items() if value is not None} | {"days": 1, "day": 0}
    values = tiny_values(creators=[anna, bea], strategies={"it": {"creators": ["anna", "bea"], "boost": its}})
    cost = bought(plan_of := Scenario.model_validate(values), hire(plan_of, 0, "it"))
    budget = max(cost + off, 1)
    found = [problem.path for problem in problems_between(parts_of({**values, "budget": budget / 100}))]
    assert (cost > budget) == bool(found)
    assert {path[-1] for path in found} <= {"budget", "creators"}


def test_what_is_bought_is_told_by_kind() -> None:
    """A row each for named creators, the boost, pools and ads, in every market; money in whole sentences."""
    plan = {"creators": ["anna"], "split": {"ads": 0.3, "micro": 0.5}, "boost": BOOST}
    scenario = scenario_of(plan, markets=1)
    plans = plans_of(scenario)
    rows = hired_rows(plans, "it")
    assert [("creators", None), ("boost", None), ("ads", "ads"), ("creators", "micro")] == [
        (row["buys"], row["pool"]) for row in rows
    ]
    assert [200.0, 150.0, 195.0] == [row["spent"] for row in rows[:3]]
    assert [None, None, 0.0] == [row["unspent"] for row in rows[:3]]
    (line,) = hiring_lines(scenario, plans)
    assert line.startswith("it hires 1 named creator for $200; ")
    assert line.endswith("left unspent); $150 for boosting posts; $195 for ads.")


def test_a_contract_without_boost_is_what_it_was() -> None:
    """Terms of whitelisting move nothing where nobody is boosted."""
    plain, written = (
        hire(scenario_of({"creators": ["anna"]}, creators=[creator("anna", **extra)]), 0, "it").profiles[0]
        for extra in ({}, WHITELISTING)
    )
    assert contract_cents(plain.account, 20_000, median) == contract_cents(written.account, 20_000, median)


def test_one_day_is_no_days() -> None:
    """A horizon of a day is told in the singular; negative control: half a day more is not."""
    for days, text in ((1, "1 day each."), (1.5, "1.5 days each.")):
        assert scenario_line(scenario_of({"creators": ["anna"]}, horizon_days=days)).endswith(f", {text}")


# ---- plans without some of their creators


def test_a_plan_without_a_creator_saves_its_cost() -> None:
    """Its share keeps the money, nobody moves up, and what was chosen before is still known."""
    plan = hire(scenario_of({"creators": ["anna"], "split": {"ads": 0.1, "micro": 0.9}, "boost": BOOST}), 0, "it")
    first, *others = (profile for profile in plan.profiles if profile.pool)
    left = plan.without({first.name, "micro/999"})
    (ads, before), (ads_left, after) = plan.shares, left.shares
    cost = planned_cents(first, boosted=True)
    assert (ads, before.offered) == (ads_left, after.offered)
    assert (before.hired - 1, before.spent_cents - cost) == (after.hired, after.spent_cents)
    assert before.unspent_cents + cost == after.unspent_cents
    assert ["anna", *(profile.name for profile in others)] == [profile.name for profile in left.profiles]
    assert (plan.profiles, (first,), plan.boosted - {first.name}) == (left.chosen, left.left_out, left.boosted)


def test_leaving_out_is_the_same_at_once_and_one_by_one() -> None:
    """And leaving out nobody, or who is not hired, is the plan itself; a named creator is no part of a share."""
    plan = hire(scenario_of({"creators": ["anna"], "split": {"micro": 0.9}}), 0, "it")
    names = [profile.name for profile in plan.profiles]
    one_by_one = plan
    for name in names:
        one_by_one = one_by_one.without({name})
    assert plan.without(names) == one_by_one
    assert (plan, plan) == (plan.without(()), plan.without({"cleo"}))
    assert ((), 0, plan.profiles) == (one_by_one.profiles, one_by_one.shares[0].hired, one_by_one.chosen)
    assert plan.shares == plan.without({"anna"}).shares


def played_rows(scenario: Scenario, plan: Plan, market: Market, columns: Sequence[str]) -> dict[str, list[int]]:
    """Play a plan and give some columns of each creator's books."""
    books = play(scenario, market, plan, 0).by_creator[:, [BOOKED_BY_CREATOR.index(name) for name in columns]]
    return dict(zip(plan.rows, books.tolist(), strict=True))


def test_the_others_do_what_they_did() -> None:
    """Each in its place of the stagger, with its luck and its part of a boost of named posts; also with none left.

    Negative control: in a plan that never had the creator the others begin earlier and share the whole boost.
    """
    handles = ["anna", "bert", "cleo"]
    boost = {"posts": dict.fromkeys(handles, 1), "day": 0.7, "days": 1, "budget": 30, "cpm": 100}
    waves = {"stagger": {"waves": 3, "every_days": 0.3}, "boost": boost}
    values: dict[str, Any] = {"behaviour": {"reach_per_peer": 0.0}, "horizon_days": 1.2, "markets": 1, "pools": {}}
    values |= {"creators": [creator(handle) for handle in handles]}
    strategies = {"it": {"creators": handles, **waves}, "never": {"creators": ["bert", "cleo"], **waves}}
    scenario = Scenario.model_validate(tiny_values(strategies=strategies, **values))
    plan, never = (hire(scenario, 0, name) for name in strategies)
    market = build_market(scenario, 0, plan.profiles)
    seen = ("impressions", "paid_impressions", "engagements", "shares", "clicks", "paid_media", "posts_done", "fee")
    every = played_rows(scenario, plan, market, seen)
    for name in handles:
        others = {other: row for other, row in every.items() if other != name}
        assert others == played_rows(scenario, plan.without({name}), market, seen)
    assert every["bert"] != played_rows(scenario, never, market, seen)["bert"]
    assert {} == played_rows(scenario, plan.without(handles), market, seen)
    assert 0.0 == play(scenario, market, plan.without(handles), 0).spend
