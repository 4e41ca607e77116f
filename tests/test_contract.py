"""What contracts cost: every line to the cent, and what a plan does not know is paid out of orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_helpers import creator, tiny

import simulator
from simulator.campaign.hiring import hire, planned_cents
from simulator.scenario.account import Creator
from simulator.scenario.contract import (
    CONTRACT,
    COSTS,
    affiliate_cents,
    contract_cents,
    is_known,
    may_refund,
    median,
    open_lines,
    refund_cents,
    to_cents,
)
from simulator.scenario.terms import Terms
from simulator.study.results import Study, csv_bytes

TERMS: dict[str, Any] = {
    "agency_commission_of_fee": 0.15,
    "usage_rights_of_fee_per_month": 0.2,
    "usage_rights_months": 3,
    "exclusivity_of_fee_per_month": 0.5,
    "exclusivity_months": 2,
    "production_cost_per_post": 12.34,
    "product_sent_cost": 59.99,
}
SELLING = {"reach_per_follower": 1.0, "click_per_impression": 1.0, "order_per_click": 0.5, "share_per_impression": 0.0}


def account(**values: Any) -> Creator:
    """Make a creator's account."""
    return Creator.model_validate(creator("anna", **values))


def one(tmp_path: Path, product: dict[str, Any] | None = None, **values: Any) -> Study:
    """Run one strategy that hires one creator."""
    return simulator.run(
        tiny(
            tmp_path,
            product={"order_value": 33.33, "margin": 0.4, **(product or {})},
            creators=[creator("anna", **values)],
            strategies={"one": {"creators": ["anna"]}},
        )
    )


def test_lines_of_a_contract_by_hand() -> None:
    """A fee of 333.33 with two posts: each line is what its key says, rounded to a cent."""
    anna = account(fee=333.33, post_days=[0, 1], management_cost=250, terms=TERMS)
    expected = {
        "fee": 33_333,
        "agency_commission": 5_000,  # 49.9995
        "usage_rights": 20_000,  # 0.2 x 3 x 333.33 = 199.998
        "exclusivity": 33_333,  # 0.5 x 2
        "whitelisting": 0,
        "production_cost": 2_468,  # 12.34 x 2
        "product_sent_cost": 5_999,
        "management_cost": 25_000,
    }
    assert tuple(expected.values()) == contract_cents(anna, 33_333, median)
    assert tuple(expected) == CONTRACT
    assert (*expected, "affiliate_commission", "paid_media") == COSTS


def test_terms_that_are_not_written_cost_nothing(tmp_path: Path) -> None:
    """A contract without terms is the fee and the management; terms written as 0 change no byte of the results."""
    zero = dict.fromkeys(Terms.model_fields, 0)
    assert (20_000, 0, 0, 0, 0, 0, 0, 0) == contract_cents(account(), 20_000, median)
    plain, written = one(tmp_path), one(tmp_path, {"untracked_multiplier": 1}, terms=zero)
    assert csv_bytes(plain.replications) == csv_bytes(written.replications)
    assert csv_bytes(plain.creators) == csv_bytes(written.creators)


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.floats(0, 1))
@settings(derandomize=True, deadline=None)
def test_commission_is_a_whole_number_of_cents_for_each_order(orders: int, value: int, share: float) -> None:
    """So many orders cost so many times one order: no cent is lost or made by adding up."""
    anna = account(terms={"affiliate_commission_of_order_value": share})
    assert orders * affiliate_cents(anna, 1, value, median) == affiliate_cents(anna, orders, value, median)
    assert abs(affiliate_cents(anna, 1, value, median) - value * share) <= 0.5


def test_commission_identities_to_the_cent(tmp_path: Path) -> None:
    """In every play: commission = orders x 3.33; spend = the sum of its lines; profit and both ROI follow from them."""
    study = one(tmp_path, {"untracked_multiplier": 2}, terms={"affiliate_commission_of_order_value": 0.1}, **SELLING)
    rows = study.replications.to_pylist()
    assert len({row["orders"] for row in rows}) > 3
    for row in rows:
        assert 333 * row["orders"] == to_cents(row["affiliate_commission"])
        assert to_cents(row["spend"]) == sum(to_cents(row[line]) for line in COSTS)
        contribution = 3333 * row["incremental_orders"] * 0.4
        assert round(contribution) - to_cents(row["spend"]) == to_cents(row["profit"])
        assert row["profit"] / row["spend"] == pytest.approx(row["roi"], rel=1e-12)
        both = (round(2 * contribution) - to_cents(row["spend"])) / to_cents(row["spend"])
        assert both == pytest.approx(row["roi_with_untracked"], rel=1e-12)


def test_commission_is_no_part_of_what_is_planned(tmp_path: Path) -> None:
    """A budget is planned with what the contract says; commissions come on top, out of orders."""
    terms = {"affiliate_commission_of_order_value": 0.5}
    assert 20_000 == planned_cents(hire(one(tmp_path, terms=terms, **SELLING).scenario, 0, "one").profiles[0])
    assert min(one(tmp_path, terms=terms, **SELLING).replications["spend"].to_pylist()) > 200.0


def test_spend_that_depends_on_orders_is_not_fixed_by_the_plan(tmp_path: Path) -> None:
    """Who sold nothing in any play may still owe a commission in the next; without one, spend is the plan's."""
    nothing = {**SELLING, "order_per_click": 0.0}
    paid = one(tmp_path, terms={"affiliate_commission_of_order_value": 0.1}, **nothing)
    mean = paid.summary["strategies"]["one"]["spend"]["mean"]
    assert (200.0, None) == (mean["value"], mean["low"])
    fixed = one(tmp_path, **nothing).summary["strategies"]["one"]["spend"]["mean"]
    assert (200.0, 200.0, 200.0) == (fixed["low"], fixed["value"], fixed["high"])


def test_a_commission_leaves_the_spend_of_other_plans_as_it_was(tmp_path: Path) -> None:
    """Beside a plan that pays by order, another one has its spend fixed; their difference needs the first to vary."""
    terms = {"affiliate_commission_of_order_value": 0.1}
    for rate, known in ((0.5, True), (0.0, False)):
        anna = creator("anna", terms=terms, **{**SELLING, "order_per_click": rate})
        plans = {"paid": {"creators": ["anna"]}, "fixed": {"creators": ["ben"]}}
        summary = simulator.run(tiny(tmp_path, creators=[anna, creator("ben")], strategies=plans)).summary
        assert 200.0 == summary["strategies"]["fixed"]["spend"]["mean"]["low"]
        spend = next(c for c in summary["comparisons"] if c["measure"] == "spend")
        assert known == (spend["difference"]["mean"]["low"] is not None)


def test_pools_pay_their_terms_out_of_the_budget(tmp_path: Path) -> None:
    """A pool hires fewer when its contracts cost more, and never plans to spend more than its share."""
    plain = tiny(tmp_path, strategies={"many": {"split": {"micro": 1.0}}})
    raw = plain.plain()
    raw["pools"]["micro"]["terms"] = {"product_sent_cost": 100.0}
    dearer = type(plain).model_validate(raw)
    for market in range(2):
        before, after = (hire(scenario, market, "many").shares[0] for scenario in (plain, dearer))
        assert after.hired < before.hired
        assert after.spent_cents <= to_cents(dearer.budget or 0)


def test_earned_media_is_a_side_figure(tmp_path: Path) -> None:
    """It is impressions at a CPM, and moves no other number; without a CPM there is none."""
    without, with_cpm = one(tmp_path, **SELLING), one(tmp_path, {"earned_media_cpm": 10}, **SELLING)
    its = with_cpm.summary["strategies"]["one"]
    assert its["earned_media_value"]["mean"]["value"] == pytest.approx(its["impressions"]["mean"]["value"] / 100)
    assert without.summary["strategies"]["one"]["earned_media_value"] is None
    assert without.replications.equals(with_cpm.replications)


def test_what_is_drawn_anew_is_known_as_such() -> None:
    """A contract is known when none of its quantities is an unknown."""
    assert is_known(account(terms=TERMS))
    assert not is_known(account(terms={**TERMS, "product_sent_cost": "50 to 70"}))


def test_whitelisting_is_paid_for_where_posts_may_be_boosted() -> None:
    """A share of the fee per month, off and on; it falls with the fee when posts are not delivered."""
    anna = account(post_days=[0, 1], terms={"whitelisting_of_fee_per_month": 0.25, "whitelisting_months": 3})
    line = CONTRACT.index("whitelisting")
    off, on = (contract_cents(anna, 33_333, median, boosted=boosted) for boosted in (False, True))
    assert (0, 25_000) == (off[line], on[line])  # 24,999.75
    assert off == (*on[:line], 0, *on[line + 1 :])
    assert 12_500 == contract_cents(anna, 33_333, median, 1, boosted=True)[line]  # of round(33,333 / 2) = 16,666
    assert 0 == contract_cents(anna, 33_333, median, 0, boosted=True)[line]


def test_a_refund_is_a_share_of_the_fee() -> None:
    """Half of the fee comes back, rounded to a cent; without the key, or without scandals, nothing does."""
    for scandal, expected in (({"refund_of_fee": 0.5}, 5_000), ({"refund_of_fee": 1}, 10_001), ({}, 0)):
        anna = account(scandal={"probability_per_day": 0.1, **scandal})
        assert expected == refund_cents(anna, 10_001, median)
    assert 0 == refund_cents(account(), 10_001, median)


def test_lines_that_the_plan_does_not_decide() -> None:
    """Drop-outs open what is paid by the post, commissions what is paid by the order; scandals none."""
    assert () == open_lines(account(terms=TERMS))
    assert ("affiliate_commission",) == open_lines(account(terms={"affiliate_commission_of_order_value": 0.1}))
    by_post = set(open_lines(account(completion_probability=0.9)))
    assert by_post == set(CONTRACT) - {"product_sent_cost", "management_cost"}
    for daily, refund, expected in ((0.1, 0.5, True), (0.0, 0.5, False), (0.1, 0.0, False)):
        anna = account(scandal={"probability_per_day": daily, "refund_of_fee": refund})
        assert ((), expected) == (open_lines(anna), may_refund(anna))
