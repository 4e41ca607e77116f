"""What a campaign leaves behind, as it is told: the summary's figures against the plays, and every sentence.

In: tiny scenarios with a brand and customers who come back, and summaries by hand. Out: checks that each figure is that
of the table, that no sentence says more than its interval, and that nothing is said where nothing is left behind.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from market_helpers import column
from study_helpers import creator, tiny, tiny_values

import simulator
from simulator.present import terminal, words
from simulator.present.claims import Facts
from simulator.present.long_run import (
    assumptions,
    has_long_run,
    long_run_lines,
    long_run_title,
    over_time,
    short_long_run_title,
    terms_text,
)
from simulator.present.pictures import long_run as long_run_picture
from simulator.present.pictures import plots
from simulator.present.pictures.look import styled
from simulator.scenario.model import Scenario
from simulator.study.long_run import terms_of
from simulator.study.results import Study, summary_json
from simulator.study.summary import formulas_of

BRAND = {"half_life_days": 60, "occasion_every_days": 1, "order_per_occasion": 0.02}
REPEAT = {"probability": 0.3, "delay": {"dist": "exponential", "mean_hours": 700.0}}
GOODWILL = {"goodwill_per_impression": 0.05}
PRODUCT: dict[str, Any] = {"order_value": 90, "margin": 0.5}
COUNTED = ("brand_orders", *(f"later_orders_{months}_months" for months in (3, 6, 12)))
OVER_TIME = tuple(f"roi_{months}_months" for months in (3, 6, 12))


def scenario_of(**values: Any) -> Scenario:
    """Load the tiny scenario with creators whose impressions leave goodwill, where it has a brand."""
    goodwill = GOODWILL if "brand" in values else {}
    pool: dict[str, Any] = tiny_values()["pools"]["micro"]  # type: ignore[index]
    creators = [creator("anna", **goodwill), creator("bert", fee=0, followers=0, post_days=[1])]
    mine = {"creators": creators, "pools": {"micro": pool | goodwill}, "product": PRODUCT, **values}
    with TemporaryDirectory() as folder:
        return tiny(Path(folder), **mine)


def play(**values: Any) -> Study:
    """Play it."""
    return simulator.run(scenario_of(**values))


@cache
def both() -> Study:
    """Play with a brand and with customers who come back."""
    return play(brand=BRAND, product={**PRODUCT, "repeat_orders": REPEAT})


@cache
def neither() -> Study:
    """Play the same people without either."""
    return play()


# ---- the summary


def test_every_figure_is_that_of_the_plays() -> None:
    """Means of the columns; ROI over time play by play from orders, value, margin and spend; 0 is in no interval."""
    study = both()
    for plan in ("many", "one"):
        its = study.summary["strategies"][plan]["long_run"]
        for name in ("goodwill_per_person", *COUNTED):
            mean = its[name]["mean"]
            assert 0 < column(study, plan, name).mean() == pytest.approx(mean["value"], rel=1e-12)
            assert 0 <= mean["low"] < mean["value"] < mean["high"]
        lift, names = (
            study.summary["strategies"][plan]["ratios"]["brand_lift"],
            ("brand_orders", "brand_orders_without"),
        )
        brand, without = (column(study, plan, name).mean() for name in names)
        assert brand / without == pytest.approx(lift["value"], rel=1e-12)
        spend = column(study, plan, "spend")
        own = column(study, plan, "incremental_orders") + column(study, plan, "brand_orders")
        for name, later in zip(OVER_TIME, COUNTED[1:], strict=True):
            roi = ((own + column(study, plan, later)) * 45 - spend) / spend
            assert roi.mean() == pytest.approx(its[name]["mean"]["value"], rel=1e-12)
            assert {"mean", "quantiles", "probability_positive", "expected_shortfall_5"} == set(its[name])
        means = [study.summary["strategies"][plan]["roi"], *(its[name] for name in OVER_TIME)]
        assert sorted(its["mean"]["value"] for its in means) == [its["mean"]["value"] for its in means]


def test_a_customer_is_worth_what_customers_bring_in_over_their_number() -> None:
    """Lifetime contribution over first orders; more than one order's margin, because some come back."""
    study = both()
    for plan in ("many", "one"):
        its = study.summary["strategies"][plan]
        orders, repeats, worth = (column(study, plan, n) for n in ("orders", "repeat_orders", "lifetime_contribution"))
        customers = orders - repeats
        assert customers.mean() == pytest.approx(its["customers"]["customers"]["mean"]["value"])
        value = its["ratios"]["customer_lifetime_value"]
        assert 45 < worth.sum() / customers.sum() == pytest.approx(value["value"], rel=1e-12)
        assert value["low"] < value["value"] < value["high"]
    free = study.summary["strategies"]["free"]
    assert free["ratios"]["customer_lifetime_value"]["value"] is None


def test_comparisons_over_time_are_paired_and_come_after_the_campaigns_own() -> None:
    """The difference is the mean of each play's; ROI stays first."""
    study = both()
    found = {(one["a"], one["b"], one["measure"]): one["difference"]["mean"] for one in study.summary["comparisons"]}
    added = ("roi_12_months", "roi_with_brand_orders", "brand_orders")
    for measure in added:
        difference = column(study, "many", measure) - column(study, "one", measure)
        assert difference.mean() == pytest.approx(found["many", "one", measure]["value"], rel=1e-9)
    measures = [one["measure"] for one in study.summary["comparisons"]]
    assert {"roi"} == set(measures[:3])
    assert set(added) == set(measures) - {one["measure"] for one in neither().summary["comparisons"]}


def test_what_is_off_is_not_there() -> None:
    """Neither figures nor formulas nor words; with a brand there are three more formulas."""
    study = neither()
    assert study.summary["long_run_terms"] is None
    assert not has_long_run(study.summary)
    for plan, its in study.summary["strategies"].items():
        assert (None, None, None, None) == tuple(
            its[group] for group in ("long_run", "customers", "sharing", "engagement_kinds")
        )
        assert its["ratios"]["customer_lifetime_value"] is None
        assert [] == long_run_lines(study.summary, plan)
    assert [] == over_time(Facts(study.summary))
    with_brand = formulas_of(scenario_of(brand=BRAND))
    assert set(with_brand) - set(formulas_of(study.scenario)) == {
        *("roi_over_time", "roi_with_brand_orders", "brand_lift")
    }
    text = terminal.render(study, width=300)
    assert not any(word in text for word in ("12 months", "goodwill", "lifetime", "over time"))


def test_the_half_that_is_off_is_nothing_for_certain() -> None:
    """Without a brand its figures are exactly 0; without returning customers nothing is said of any."""
    customers = play(product={**PRODUCT, "repeat_orders": REPEAT})
    its = customers.summary["strategies"]["many"]
    for name in ("goodwill_per_person", "brand_orders"):
        mean = its["long_run"][name]["mean"]
        assert (0.0, 0.0, 0.0, "fixed by the plan") == tuple(mean[key] for key in ("value", "low", "high", "method"))
    assert its["ratios"]["brand_lift"] is None
    assert its["long_run"]["later_orders_12_months"]["mean"]["value"] > 0
    assert {"brand_orders"} & {one["measure"] for one in customers.summary["comparisons"]} == set()
    brand = play(brand=BRAND).summary["strategies"]["many"]
    assert (None, None) == (brand["customers"], brand["ratios"]["customer_lifetime_value"])


def test_formulas_name_refunds_and_returned_orders() -> None:
    """As those of the campaign's own ROI do."""
    scandal = {"probability_per_day": 0.1, "trust_left": 0.1, "refund_of_fee": 0.5}
    anna = {"creators": [creator("anna", scandal=scandal)], "strategies": {"one": {"creators": ["anna"]}}}
    product = {**PRODUCT, "repeat_orders": REPEAT, "return_probability": 0.1}
    told = formulas_of(scenario_of(**anna, product=product))
    assert told["roi_over_time"] == (
        "ROI after 3, 6 or 12 months = ((incremental orders + brand orders + later orders until then) x order value x "
        "margin + refunds - spend) / spend; returned orders count as none"
    )
    plain = formulas_of(both().scenario)
    assert plain["roi_over_time"].endswith(" x margin - spend) / spend")
    assert plain["customer_lifetime_value"].endswith("customers = orders - repeat orders")


def test_kinds_of_engagement_and_who_shares_because_of_an_order() -> None:
    """Groups of their own where the scenario tells them apart; kinds add up to engagements."""
    behaviour: dict[str, Any] = tiny_values()["behaviour"]  # type: ignore[assignment]
    more = {"comments_of_engagements": 0.2, "saves_of_engagements": 0.1, "share_per_order": 0.5}
    study = play(behaviour={**behaviour, **more})
    for plan, its in study.summary["strategies"].items():
        kinds = {kind: found["mean"]["value"] for kind, found in its["engagement_kinds"].items()}
        assert ["likes", "comments", "saves"] == list(kinds)
        assert sum(kinds.values()) == pytest.approx(its["engagements"]["mean"]["value"])
        shares = its["sharing"]["advocate_shares"]["mean"]["value"]
        assert column(study, plan, "advocate_shares").mean() == pytest.approx(shares)
        assert shares > 0 or plan == "free"


# ---- the words


def estimate(value: float | None, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    """Make an estimate; without bounds it has no interval."""
    return {"value": value, "low": low, "high": high, "level": 0.95, "method": "by hand", "n": 400}


TERMS = {
    "goodwill_half_life_days": [60.0, 60.0],
    "repeat_probability": None,
    "purchase_lag_median_hours": None,
    "stock_is_limited": False,
}
NONE = {"value": 0.5, "low": 0.4, "high": 0.6, "level": 0.95, "method": "wilson", "n": 400}
AHEAD, BEHIND, UNCLEAR = (0.12, 0.05, 0.19), (-0.2, -0.3, -0.1), (0.02, -0.05, 0.09)
Interval = tuple[float | None, float | None, float | None]


def compared(measure: str, difference: Interval, a: str, b: str) -> dict[str, Any]:
    """Give a comparison with this interval."""
    mean, chance = estimate(*difference), {"a_beats_b": NONE, "b_beats_a": NONE, "p_value": 0.001}
    return {"a": a, "b": b, "measure": measure, "difference": {"mean": mean, "quantiles": {}}, **chance}


def told(own: Interval, later: Interval, terms: dict[str, Any] | None = TERMS, a: str = "portfolio") -> dict[str, Any]:
    """Make a summary of two plans with these differences, the first less the second."""
    b = "celebrity" if a == "portfolio" else "portfolio"
    plans = {
        name: {
            "roi": {"mean": estimate((own[0] or 0) * first)},
            "long_run": {
                name: {"mean": estimate((value or 0) * first)}
                for name, value in (("roi_12_months", later[0]), ("roi_with_brand_orders", own[0]))
            },
        }
        for name, first in ((a, 1), (b, 0))
    }
    differences = [compared("roi", own, a, b), compared("roi_12_months", later, a, b)]
    return {"long_run_terms": terms, "strategies": plans, "comparisons": differences, "currency": "$"}


IF = ", if goodwill halves every 60 days, as the scenario says."


@pytest.mark.parametrize(
    ("own", "later", "said"),
    [
        (
            BEHIND,
            AHEAD,
            (
                "The campaign's own ROI is higher for celebrity than for portfolio; 12 months later it is higher for "
                "portfolio, by 0.12 (0.05 to 0.19)"
            ),
        ),
        (
            (0.2, 0.1, 0.3),
            AHEAD,
            (
                "The campaign's own ROI is higher for portfolio than for celebrity; 12 months later it is still higher "
                "for portfolio, by 0.12 (0.05 to 0.19)"
            ),
        ),
        (
            UNCLEAR,
            AHEAD,
            (
                "By the campaign's own ROI portfolio against celebrity is too close to call; 12 months later it is "
                "higher for portfolio, by 0.12 (0.05 to 0.19)"
            ),
        ),
        (
            (0.1, None, None),
            AHEAD,
            (
                "Of portfolio and celebrity, 12 months after the campaign ROI is higher for portfolio, by 0.12 "
                "(0.05 to 0.19)"
            ),
        ),
        (
            BEHIND,
            UNCLEAR,
            (
                "The campaign's own ROI is higher for celebrity than for portfolio; 12 months later that is too close "
                "to call: portfolio minus celebrity lies between -0.05 and 0.09"
            ),
        ),
    ],
)
def test_which_plan_is_ahead_over_time(own: Interval, later: Interval, said: str) -> None:
    """Each case of the two intervals, the same with the plans the other way round, with what it rests on."""
    assert [said + IF] == over_time(Facts(told(own, later)))
    assert said == long_run_title(told(own, later))
    turned: list[Interval] = [
        (None if v is None else -v, None if high is None else -high, None if low is None else -low)
        for v, low, high in (own, later)
    ]
    assert [said + IF] == over_time(Facts(told(turned[0], turned[1], a="celebrity")))


@pytest.mark.parametrize(
    ("later", "title"),
    [
        (AHEAD, "12 months after the campaign ROI is higher for {} than for {}"),
        (UNCLEAR, "Too close to call 12 months after the campaign: {} or {}"),
        ((0.1, None, None), "No interval can be given for 12 months after the campaign: {} or {}"),
    ],
)
@pytest.mark.parametrize("own", [AHEAD, BEHIND, UNCLEAR])
def test_the_short_title_tells_of_12_months_only(own: Interval, later: Interval, title: str) -> None:
    """It claims what the interval after 12 months does, whatever the campaign's own ROI says, either way round."""
    assert title.format("portfolio", "celebrity") == short_long_run_title(told(own, later))
    turned: list[Interval] = [
        (None if v is None else -v, None if high is None else -high, None if low is None else -low)
        for v, low, high in (own, later)
    ]
    assert title.format("portfolio", "celebrity") == short_long_run_title(told(turned[0], turned[1], a="celebrity"))


@pytest.mark.parametrize(
    ("own", "later"), [(UNCLEAR, UNCLEAR), (AHEAD, (0.1, None, None)), ((0.1, None, None), (0.1, None, None))]
)
def test_without_an_interval_that_leaves_out_zero_nobody_is_ahead(own: Interval, later: Interval) -> None:
    """Then the answer says nothing, and the title says that nothing can be said."""
    summary = told(own, later)
    assert [] == over_time(Facts(summary))
    title = long_run_title(summary)
    if later[1] is None:
        assert title == "No interval can be given for 12 months after the campaign: portfolio or celebrity"
    else:
        assert title == "Too close to call 12 months after the campaign: portfolio or celebrity"


def test_of_many_plans_the_leader_after_is_told_against_the_leader_before() -> None:
    """And claims hold for all pairs together: an interval that leaves out 0 by itself is not enough."""
    plans = {
        name: {"roi": {"mean": estimate(own)}, "long_run": {"roi_12_months": {"mean": estimate(later)}}}
        for name, own, later in (("a", 0.1, 0.5), ("b", 0.2, 0.3), ("c", 0.3, 0.4))
    }
    pairs = [
        compared(measure, difference, a, b)
        for measure, differences in (
            ("roi", {"ab": (-0.1, -0.15, -0.05), "ac": BEHIND, "bc": (-0.1, -0.15, -0.05)}),
            ("roi_12_months", {"ab": (0.2, 0.15, 0.25), "ac": (0.1, 0.02, 0.18), "bc": (-0.1, -0.15, -0.05)}),
        )
        for (a, b), difference in differences.items()
    ]
    summary = {"long_run_terms": TERMS, "strategies": plans, "comparisons": pairs, "currency": "$"}
    why = (
        "12 months after the campaign a is first on average, so it is compared with c, first by the campaign's own ROI."
    )
    start = "The campaign's own ROI is higher for c than for a; 12 months later"
    holds = f"This holds{IF.removeprefix(',')}"
    assert [why, f"{start} it is higher for a, by 0.10 (0.02 to 0.18).", holds] == over_time(Facts(summary))
    weak = [one | ({"p_value": 0.02} if one["measure"] == "roi_12_months" else {}) for one in pairs]
    by_itself = "by itself, not with all 3 comparisons together"
    unclear = f"{start} that is too close to call: a minus c lies between 0.02 and 0.18 {by_itself}."
    assert [why, unclear, holds] == over_time(Facts({**summary, "comparisons": weak}))


def test_who_pays_only_later_is_named() -> None:
    """Only where both intervals leave out 0; with a verdict on who is ahead, what both rest on is said once."""
    summary = told(UNCLEAR, UNCLEAR)
    loss, gain = {"mean": estimate(-0.1, -0.16, -0.04)}, {"mean": estimate(0.4, 0.3, 0.5)}
    first, second = summary["strategies"].values()
    first["roi"] = second["roi"] = loss
    unclear = {"mean": estimate(0.1, -0.1, 0.3)}
    first["long_run"] = second["long_run"] = {"roi_12_months": gain, "roi_with_brand_orders": unclear}
    second["long_run"] = {"roi_12_months": unclear, "roi_with_brand_orders": unclear}
    later = "By the campaign's own ROI portfolio loses money; 12 months later it pays"
    assert [later + IF] == over_time(Facts(summary))
    second["long_run"] = first["long_run"]
    every = "By the campaign's own ROI portfolio and celebrity lose money; 12 months later they pay"
    assert [every + IF] == over_time(Facts(summary))
    second["long_run"] = {"roi_12_months": unclear, "roi_with_brand_orders": unclear}
    ahead = {**summary, "comparisons": told((0.2, 0.1, 0.3), AHEAD)["comparisons"]}
    assert over_time(Facts(ahead))[0] == f"{later}."
    assert over_time(Facts(ahead))[1].endswith("by 0.12 (0.05 to 0.19).")
    assert over_time(Facts(ahead))[2] == f"Both hold{IF.removeprefix(',')}"
    gain["mean"]["across_markets"] = estimate(0.4, -0.3, 1.1)
    assert over_time(Facts(ahead))[0] == f"{later}, in the markets played."
    first["roi"] = {"mean": estimate(-0.1, -0.3, 0.1)}
    assert [] == over_time(Facts(summary))


def with_the_end(summary: dict[str, Any], soon: Interval) -> dict[str, Any]:
    """Add the comparison with brand orders by the end."""
    one = summary["comparisons"][0]
    more = compared("roi_with_brand_orders", soon, one["a"], one["b"])
    return {**summary, "comparisons": [*summary["comparisons"], more]}


def test_what_is_so_by_the_end_is_not_told_as_later() -> None:
    """Ahead, or paying, with brand orders by the end: only where the interval with them leaves out 0."""
    soon = (0.1, 0.04, 0.16)
    behind = "The campaign's own ROI is higher for celebrity than for portfolio"
    unclear = "By the campaign's own ROI portfolio against celebrity is too close to call"
    at_the_end = "by the end of the campaign, with orders at people's own occasions, it is higher for portfolio"
    for own, start in ((BEHIND, behind), (UNCLEAR, unclear)):
        summary = with_the_end(told(own, AHEAD), soon)
        said = f"{start}; {at_the_end}, by 0.10 (0.04 to 0.16), and 12 months later by 0.12 (0.05 to 0.19)"
        assert [said + IF] == over_time(Facts(summary))
        assert long_run_title(summary) == (
            "With orders at people's own occasions ROI is higher for portfolio than for celebrity: at the end by 0.10 "
            "(0.04 to 0.16), 12 months later by 0.12 (0.05 to 0.19)"
        )
        summary["comparisons"][-1]["difference"]["mean"]["across_markets"] = estimate(0.1, -0.1, 0.3)
        assert long_run_title(summary).endswith("12 months later by 0.12 (0.05 to 0.19) in the markets played")
        assert "by 0.10 (0.04 to 0.16) in the markets played, and 12 months later" in over_time(Facts(summary))[0]
        not_yet = with_the_end(told(own, AHEAD), UNCLEAR)
        assert [f"{start}; 12 months later it is higher for portfolio, by 0.12 (0.05 to 0.19){IF}"] == over_time(
            Facts(not_yet)
        )
    still = "The campaign's own ROI is higher for portfolio than for celebrity; 12 months later it is still higher"
    assert over_time(Facts(with_the_end(told((0.2, 0.1, 0.3), AHEAD), soon)))[0].startswith(still)


def test_who_pays_by_the_end_with_orders_at_occasions_is_named_apart() -> None:
    """One sentence for those who pay by the end, one for those of whom that is sure 12 months later only."""
    summary = told(UNCLEAR, UNCLEAR)
    loss, gain, unclear = (
        {"mean": estimate(*its)} for its in ((-0.1, -0.16, -0.04), (0.4, 0.3, 0.5), (0.1, -0.1, 0.3))
    )
    first, second = summary["strategies"].values()
    first |= {"roi": loss, "long_run": {"roi_12_months": gain, "roi_with_brand_orders": gain}}
    own = "By the campaign's own ROI"
    by_end = f"{own} portfolio loses money; by the end of the campaign, with orders at people's own occasions, it pays"
    assert [by_end + IF] == over_time(Facts(summary))
    second |= {"roi": loss, "long_run": {"roi_12_months": gain, "roi_with_brand_orders": unclear}}
    later = f"{own} celebrity loses money; 12 months later it pays"
    assert [f"{by_end}.", f"{later}.", f"Both hold{IF.removeprefix(',')}"] == over_time(Facts(summary))
    ahead = {**summary, "comparisons": told((0.2, 0.1, 0.3), AHEAD)["comparisons"]}
    assert over_time(Facts(ahead))[3] == f"All of this holds{IF.removeprefix(',')}"


def test_the_plans_of_the_verdict_are_compared_where_the_leader_stays() -> None:
    """The leader against the second by the campaign's own ROI, whoever is second later."""
    plans = {
        name: {"roi": {"mean": estimate(own)}, "long_run": {"roi_12_months": {"mean": estimate(later)}}}
        for name, own, later in (("a", 0.3, 0.6), ("b", 0.2, 0.3), ("c", 0.1, 0.5))
    }
    pairs = [
        compared(measure, difference, a, b)
        for measure, differences in (
            ("roi", {"ab": AHEAD, "ac": (0.2, 0.1, 0.3), "bc": AHEAD}),
            ("roi_12_months", {"ab": (0.3, 0.2, 0.4), "ac": (0.1, 0.02, 0.18), "bc": BEHIND}),
        )
        for (a, b), difference in differences.items()
    ]
    summary = {"long_run_terms": TERMS, "strategies": plans, "comparisons": pairs, "currency": "$"}
    (said,) = over_time(Facts(summary))
    assert said.startswith(
        "The campaign's own ROI is higher for a than for b; 12 months later it is still higher for a"
    )


def test_other_markets_may_turn_it_round() -> None:
    """Then the claim names the markets played."""
    summary = told(UNCLEAR, AHEAD)
    summary["comparisons"][1]["difference"]["mean"]["across_markets"] = estimate(0.12, -0.1, 0.34)
    (said,) = over_time(Facts(summary))
    assert said.endswith(f"by 0.12 (0.05 to 0.19) in the markets played{IF}")


@pytest.mark.parametrize(
    ("half_life", "repeat", "lag", "said"),
    [
        ([60.0, 60.0], None, None, "goodwill halves every 60 days"),
        ([30.0, 90.0], None, None, "goodwill halves every 30 to 90 days"),
        ([1.0, 1.0], None, None, "goodwill halves every day"),
        (None, [0.3, 0.3], None, "30% of orders are followed by another"),
        (None, None, 1.0, "half of the orders come within 1 hour of the click"),
        (None, None, 240.0, "half of the orders come within 10 days of the click"),
        (
            [45.5, 45.5],
            [0.2, 0.35],
            2.0,
            (
                "goodwill halves every 45.5 days, 20% to 35% of orders are followed by another and half of the orders "
                "come within 2 hours of the click"
            ),
        ),
    ],
)
def test_what_it_rests_on(
    half_life: list[float] | None, repeat: list[float] | None, lag: float | None, said: str
) -> None:
    """Every assumption, in the scenario's numbers; with stock, that there is enough of it."""
    terms = {**TERMS, "goodwill_half_life_days": half_life, "repeat_probability": repeat}
    summary: dict[str, Any] = {"long_run_terms": {**terms, "purchase_lag_median_hours": lag}}
    assert said == terms_text(summary)
    assert assumptions(summary) == [f"ROI over time holds if {said}, as the scenario says."]
    summary["long_run_terms"]["stock_is_limited"] = True
    who = "Orders at people's own occasions and after the end" if half_life else "Orders after the end"
    holds = f"ROI over time holds if {said}, as the scenario says, and if there is enough to sell."
    assert assumptions(summary) == [holds, f"{who} take no stock."]


LIFT = estimate(0.042, 0.039, 0.045)


def lines(
    terms: dict[str, Any], worth: dict[str, Any] | None = None, lift: dict[str, Any] = LIFT, **means: dict[str, Any]
) -> list[str]:
    """Give the lines of a plan with these means."""
    found = {
        "roi_12_months": estimate(0.41, 0.35, 0.47),
        "roi_with_brand_orders": estimate(0.2, 0.15, 0.25),
        "brand_orders": estimate(320.0, 310.0, 330.0),
        "later_orders_12_months": estimate(512.0, 490.0, 530.0),
        **means,
    }
    its = {
        "roi": {"mean": estimate(-0.1, -0.16, -0.04)},
        "ratios": {"customer_lifetime_value": worth, "brand_lift": lift},
        "long_run": {name: {"mean": mean} for name, mean in found.items()},
    }
    return long_run_lines({"long_run_terms": terms, "strategies": {"micro": its}, "currency": "$"}, "micro")


OWN = "micro: 12 months after the campaign ROI is 0.41 (0.35 to 0.47); the campaign's own is -0.10 (-0.16 to -0.04)"
ROI = f"{OWN}, with orders at people's own occasions 0.20 (0.15 to 0.25)."
BOTH = {**TERMS, "repeat_probability": [0.3, 0.3]}


def test_a_plan_is_told_with_all_it_leaves_behind() -> None:
    """ROI at both times, orders by goodwill with brand lift, what follows, and what a customer is worth."""
    assert lines(BOTH, estimate(43.2, 41.1, 45.3)) == [
        ROI,
        (
            "micro: goodwill brings 320 (310 to 330) orders at people's own occasions by the end of the campaign, 4.2% "
            "(3.9% to 4.5%) of those that come there without the campaign (brand lift); goodwill and returning "
            "customers bring 510 (490 to 530) "
            "more in the 12 months after it."
        ),
        (
            "micro: customer lifetime value is $43 ($41 to $46): the margin of a customer's orders within a "
            "year of the first."
        ),
    ]


def test_what_does_not_happen_is_not_told() -> None:
    """Brand only, customers only, no lift to speak of, nothing at all, and no ROI where nothing is spent."""
    zero, nothing = estimate(0.0), estimate(None)
    brand, repeat = {**BOTH, "repeat_probability": None}, {**BOTH, "goodwill_half_life_days": None}
    start = "micro: goodwill brings 320 (310 to 330) orders at people's own occasions by the end of the campaign"
    assert lines(brand, lift=nothing)[1:] == [f"{start}, and 510 (490 to 530) more in the 12 months after it."]
    assert lines(brand, later_orders_12_months=zero, lift=nothing)[1:] == [f"{start}."]
    assert lines(repeat, brand_orders=zero, lift=nothing)[1:] == [
        "micro: returning customers bring 510 (490 to 530) orders in the 12 months after the campaign."
    ]
    assert lines(brand, brand_orders=zero, lift=zero)[1:] == [
        "micro: goodwill brings 510 (490 to 530) orders in the 12 months after the campaign."
    ]
    assert [f"{OWN}."] == lines(brand, brand_orders=zero, lift=zero, later_orders_12_months=zero)
    assert [] == lines(brand, estimate(None), roi_12_months=nothing, brand_orders=zero, later_orders_12_months=zero)


LATE = {"dist": "lognormal", "median_hours": 60.0, "sigma": 1.0}


def test_orders_that_come_late_are_a_long_run_of_their_own() -> None:
    """A lag alone: its median, orders behind the end, the share that they are, and what would count them."""
    study = play(product={**PRODUCT, "purchase_lag": LATE, "return_probability": 0.1})
    assert has_long_run(study.summary)
    assert terms_text(study.summary) == "half of the orders come within 2.5 days of the click"
    its = study.summary["strategies"]["many"]
    names = ("incremental_orders", "incremental_returns", "later_orders_12_months")
    orders, returned, later = (column(study, "many", name).sum() for name in names)
    assert 0.3 < later / (orders - returned + later) == pytest.approx(its["ratios"]["later_share"]["value"])
    assert column(study, "many", "roi_with_brand_orders").tolist() == column(study, "many", "roi").tolist()
    told_lines = " ".join(long_run_lines(study.summary, "many"))
    for said in (
        "many: people who order late bring ",
        " orders in the 12 months after the campaign.",
        " of the orders it leads to come after the end of the campaign, so they are not in the campaign's own ROI; ",
        "own ROI; a longer horizon_days would count them.",
    ):
        assert said in told_lines
    soon = {**PRODUCT, "purchase_lag": {"dist": "constant", "hours": 0.1}}
    quick = play(product=soon)
    assert "come after" not in " ".join(long_run_lines(quick.summary, "many"))


@pytest.mark.parametrize(
    ("law", "hours"),
    [
        (LATE, 60.0),
        ({"dist": "exponential", "mean_hours": 10.0}, 6.931471805599453),
        ({"dist": "constant", "hours": 24.0}, 24.0),
        ({"dist": "power_law", "flat_minutes": 60.0, "exponent": 1.0}, 1.0),
        ({"dist": "power_law", "flat_minutes": 60.0, "exponent": 0.001}, 1e9),
    ],
)
def test_the_median_of_every_lag_is_told(law: dict[str, Any], hours: float) -> None:
    """By hand: mean x ln 2; half of a power law with exponent 1 lies in its flat part; 1e9 stands for more."""
    terms = terms_of(scenario_of(product={**PRODUCT, "purchase_lag": law}))
    assert terms is not None
    assert hours == pytest.approx(terms["purchase_lag_median_hours"])


def test_stock_is_said_to_bound_nothing_of_the_long_run() -> None:
    """Where a scenario has stock, and only there."""
    limited = play(brand=BRAND, stock={"units": 5})
    holds, stock = assumptions(limited.summary)
    assert holds.endswith(", as the scenario says, and if there is enough to sell.")
    assert stock == "Orders at people's own occasions and after the end take no stock."
    for said in (texts_of(limited), " ".join(terminal.render(limited, width=300).split())):
        assert f"{holds} {stock}" in said
    assert len(assumptions(both().summary)) == 1
    ahead = told(BEHIND, AHEAD, {**TERMS, "stock_is_limited": True})
    assert over_time(Facts(ahead))[0].endswith(", as the scenario says, and if there is enough to sell.")


def test_the_terminal_tells_it_after_the_verdicts() -> None:
    """Lines below each plan, the formula and what it rests on below the campaign's own; the headline is that one's."""
    text = " ".join(terminal.render(both(), width=300).split())
    for plan in ("many", "one"):
        for line in long_run_lines(both().summary, plan):
            assert line in text
    own, later = (text.index(f"{start} = (") for start in ("ROI", "ROI after 3, 6 or 12 months"))
    assert own < later < text.index(assumptions(both().summary)[0])
    answer = words.answer(both().summary)
    assert "12 months" not in answer.headline + " ".join(answer.pays + answer.wins)


# ---- the picture


def texts_of(study: Study) -> str:
    """Join the texts of the picture, what stands at the bottom from top to bottom."""
    with styled():
        figure = long_run_picture.draw_long_run(study)
    (axes,) = figure.axes
    ticks = [label.get_text() for label in axes.get_xticklabels()]
    notes = sorted(
        (text for text in figure.texts if text.get_position()[1] < 0.25), key=lambda it: -it.get_position()[1]
    )
    said = [text.get_text() for text in (*figure.texts, *notes)]
    return " ".join(" ".join([*said, *ticks, axes.get_xlabel()]).split())


def test_the_picture_has_every_mean_and_says_what_it_rests_on() -> None:
    """Title, formula, assumption and the numbers after 12 months; plans without ROI are named, not drawn."""
    said, summary = texts_of(both()), both().summary
    assert said.startswith(long_run_title(summary))
    for part in (summary["formulas"]["roi_over_time"], *assumptions(summary), "end 3 6 12 months after the campaign"):
        assert part in said
    assert "No ROI, because nothing is spent: free." in said
    with styled():
        figure = long_run_picture.draw_long_run(both())
    drawn = [line.get_ydata() for line in figure.axes[0].lines if len(line.get_ydata()) == 4]
    facts = Facts(summary)
    for plan, ys in zip(("many", "one"), drawn, strict=True):
        assert [facts.mean(plan, name)["value"] for name in ("roi_with_brand_orders", *OVER_TIME)] == list(ys)
    hollow = [line.get_ydata()[0] for line in figure.axes[0].lines if line.get_markerfacecolor() == "#ffffff"]
    assert [facts.mean(plan)["value"] for plan in ("many", "one")] == hollow
    low, high = figure.axes[0].get_ylim()
    assert low < min(hollow)
    ends = [facts.mean(plan, name)[end] for plan in ("many", "one") for name in OVER_TIME for end in ("low", "high")]
    assert low < min(ends) < max(ends) < high


def test_the_picture_without_a_brand_begins_with_the_campaigns_own_roi() -> None:
    """No hollow mark; and the longest formula stands there to its end."""
    scandal = {"probability_per_day": 0.1, "trust_left": 0.1, "refund_of_fee": 0.5}
    creators = [creator("anna", scandal=scandal), creator("bert", fee=0, followers=0, post_days=[1])]
    study = play(creators=creators, product={**PRODUCT, "repeat_orders": REPEAT, "return_probability": 0.1})
    said = texts_of(study)
    assert "At the end stands the campaign's own ROI." in said
    assert study.summary["formulas"]["roi_over_time"] in said
    with styled():
        figure = long_run_picture.draw_long_run(study)
    assert not [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "#ffffff"]


def test_the_picture_is_there_where_the_long_run_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One picture more, of a study with one plan or whose plans all spend nothing too."""
    saved: list[str] = []
    monkeypatch.setattr(plots, "save_picture", lambda draw, stem, wanted: saved.append(stem.name) or [])
    plots.draw_all(neither(), tmp_path)
    plain = list(saved)
    saved.clear()
    plots.draw_all(both(), tmp_path)
    assert [*plain, "long_run"] == saved
    alone = play(brand=BRAND, strategies={"one": {"creators": ["anna"]}})
    assert long_run_title(alone.summary).startswith("one: ROI is ")
    assert "12 months after it" in texts_of(alone)
    free = play(brand=BRAND, strategies={"free": {"creators": ["bert"]}})
    assert "No plan has an ROI, neither at the end nor later" in texts_of(free)


@pytest.mark.parametrize("replications", [1, 3])
def test_few_plays_claim_nothing(replications: int) -> None:
    """One play has no intervals: numbers are told as such, nobody is ahead, and summary and picture hold no NaN."""
    product = {**PRODUCT, "repeat_orders": REPEAT}
    study = play(brand=BRAND, product=product, replications=replications, markets=1)
    assert study.summary == json.loads(summary_json(study.summary).decode(), parse_constant=pytest.fail)
    assert long_run_title(study.summary) in texts_of(study)
    told_lines = long_run_lines(study.summary, "one")
    assert told_lines[0].startswith("one: 12 months after the campaign ROI is ")
    if replications == 1:
        assert [] == over_time(Facts(study.summary))
        assert all("(no interval)" in line for line in told_lines)
        assert long_run_title(study.summary).startswith("No interval can be given for 12 months after the campaign: ")
