"""What must hold between keys: each limit from both sides, sizes by arithmetic, and no fault hides another."""

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from simulator.campaign.ledger import BOOKED_BY_CREATOR
from simulator.scenario.account import Pool
from simulator.scenario.checks import memory, problems_between
from simulator.scenario.checks.memory import machine_bytes, market_bytes, stranger_bytes, study_bytes
from simulator.scenario.checks.strategies import MAX_POSTS
from simulator.scenario.parts import Problem, nearest, parts_of
from simulator.scenario.people import SyntheticPeople
from simulator.study.chunks import REPLICATION_SCHEMA

GIB = 2**30
ACCOUNT = {
    "post_days": [0],
    "reach_per_follower": 0.2,
    "engagement_per_impression": 0.05,
    "share_per_impression": 0.01,
    "click_per_impression": 0.02,
    "order_per_click": 0.02,
    "delay": {"dist": "constant", "hours": 0},
}
ADS = {"cpm": 5, "click_per_impression": 0.01, "order_per_click": 0.02}
BY_POOL = {"waves": "pools", "every_days": 7}
BOOST_POST = {"posts": {"anna": 1}, "day": 1, "budget": 100, "cpm": 5}
BOOST = {"top": 1, "day": 1, "budget": 100, "cpm": 5}
ANNA = {**ACCOUNT, "handle": "anna", "fee": 100, "followers": 1000}
MICRO = {**ACCOUNT, "count": 60, "followers": "1_000 to 10_000", "fee": 200}
PERT = {"min": 0, "mode": 0, "max": 0.001}
WITHOUT_UNITS = {"units": 5, "restock_units": 0, "restock_after_days": 0.001}
BASE: dict[str, Any] = {
    "horizon_days": 20,
    "budget": 1000,
    "people": {"count": 20_000, "niches": {"beauty": 1, "food": 2}},
    "product": {"order_value": 100, "margin": 0.5},
    "creators": [ANNA],
    "pools": {"micro": MICRO},
    "strategies": {"both": {"creators": ["anna"], "split": {"micro": 1}}},
}


def power(value: object, exponent: float, at: float) -> dict[str, object]:
    """Give a rate that is a power law of followers."""
    return {"law": "power", "at": at, "value": value, "exponent": exponent}


STEEP = {"pools.micro.click_per_impression": power(0.5, -2.0, at=5000)}
SUMMIT = {"law": "log_quadratic", "at": 3000, "curvature": -0.1}


def with_keys(changes: dict[str, object]) -> dict[str, Any]:
    """Copy the base with other values at dotted keys; None takes a key away."""
    raw = json.loads(json.dumps(BASE))
    for dotted, value in changes.items():
        *parents, last = dotted.split(".")
        here = raw
        for key in parents:
            here = here[int(key) if key.isdecimal() else key]
        if value is None:
            del here[last]
        else:
            here[int(last) if last.isdecimal() else last] = value
    return raw


def problems(changes: dict[str, object]) -> list[Problem]:
    return list(problems_between(parts_of(with_keys(changes))))


def places(changes: dict[str, object]) -> list[str]:
    return [".".join(map(str, problem.path)) for problem in problems(changes)]


def test_the_base_is_in_order() -> None:
    """The scenario that these tests break has no problem of its own."""
    assert [] == problems({})


# ---- each limit from both sides


def test_a_misspelt_budget_is_one_problem() -> None:
    """That the shares miss it follows from it; where it is left out, they say so."""
    assert [] == places({"budget": None, "budgett": 1000})
    assert ["strategies.both.split"] == places({"budget": None})
    assert ["strategies.both.split"] == places({"budget": None, "titel": 1})


@pytest.mark.parametrize(
    ("inside", "outside", "place"),
    [
        ({"creators.0.followers": 20_000}, {"creators.0.followers": 20_001}, "creators.0.followers"),
        (
            {"creators.0.followers": 40_000, "creators.0.outside_share": 0.5},
            {"creators.0.followers": 40_002, "creators.0.outside_share": 0.5},
            "creators.0.followers",
        ),
        (
            {"pools.micro.followers": "1_000 to 20_000"},
            {"pools.micro.followers": {"dist": "pert", "min": 0, "mode": 0, "max": 20_001}},
            "pools.micro.followers",
        ),
        (
            {"creators.0.fake_share": 0.3, "creators.0.outside_share": 0.7},
            {"creators.0.fake_share": 0.3, "creators.0.outside_share": 0.71},
            "creators.0.outside_share",
        ),
        ({"creators.0.fake_share": 0.8}, {"creators.0.fake_share": 0.81}, "creators.0.reach_per_follower"),
        (
            {"pools.micro.fake_share": 0.7, "pools.micro.reach_per_follower": "1% to 30%"},
            {"pools.micro.fake_share": 0.7, "pools.micro.reach_per_follower": "1% to 31%"},
            "pools.micro.reach_per_follower",
        ),
        (
            {"creators.0.reach_per_follower": 1.0},
            {"creators.0.reach_per_follower": {"dist": "beta", "mean": 0.9, "sd": 0.1}, "creators.0.fake_share": 0.1},
            "creators.0.reach_per_follower",
        ),
        (
            {"creators.0.click_per_impression": power(0.5, 1.0, at=500)},
            {"creators.0.click_per_impression": power(0.5, 1.0, at=499)},
            "creators.0.click_per_impression",
        ),
        (
            {"pools.micro.share_per_impression": power("1% to 50%", -1.0, at=2000)},
            {"pools.micro.share_per_impression": power("1% to 50%", -1.0, at=2001)},
            "pools.micro.share_per_impression",
        ),
        (
            {"pools.micro.order_per_click": {**SUMMIT, "value": 1.0}},
            {"pools.micro.order_per_click": {**SUMMIT, "value": 1.0, "slope": 0.001}},
            "pools.micro.order_per_click",
        ),
        (
            {"creators.0.fake_share": 0.4, "creators.0.reach_per_follower": power(0.3, -1.0, at=2000)},
            {"creators.0.fake_share": 0.4, "creators.0.reach_per_follower": power(0.3, -1.0, at=2001)},
            "creators.0.reach_per_follower",
        ),
        (
            {
                "pools.micro.fake_share": 0.4,
                "pools.micro.formats": {"story": {"reach_per_follower": power(0.3, 1, 5e3)}},
            },
            {
                "pools.micro.fake_share": 0.4,
                "pools.micro.formats": {"story": {"reach_per_follower": power(0.3, 1, 4999)}},
            },
            "pools.micro.formats.story.reach_per_follower",
        ),
        ({"pools.micro.niche": "food"}, {"pools.micro.niche": "foods"}, "pools.micro.niche"),
        ({"creators.0.fee": 1000}, {"creators.0.fee": 1000.01}, "strategies.both.creators"),
        (
            {"creators.0.fee": "900 to 1_100", "creators.0.management_cost": 5},
            {"creators.0.fee": "900 to 1_100", "creators.0.management_cost": 6},
            "strategies.both.creators",
        ),
        (
            {"creators.0.fee": {"dist": "pert", "min": 0, "mode": 1000, "max": 2000}},
            {"creators.0.fee": {"dist": "pert", "min": 0, "mode": 1001, "max": 2002}},
            "strategies.both.creators",
        ),
        (
            {"strategies.both.split": {"micro": 0.999999}},
            {"strategies.both.split": {"mikro": 1}},
            "strategies.both.split.mikro",
        ),
        (
            {"pools.micro.count": (MAX_POSTS - 1) // 2, "pools.micro.post_days": [0, 1]},
            {
                "pools.micro.count": (MAX_POSTS - 1) // 2,
                "pools.micro.post_days": [0, 1],
                "creators.0.post_days": [0, 1],
            },
            "strategies.both",
        ),
        (
            {"creators.0.handle": "micros/1", "strategies.both.creators": ["micros/1"]},
            {"creators.0.handle": "micro/1", "strategies.both.creators": ["micro/1"]},
            "creators.0.handle",
        ),
        ({"strategies.both.creators": None}, {"strategies.both": {}}, "strategies.both"),
        (
            {"strategies.both.creators": ["anna"]},
            {"strategies.both.creators": ["anna", "anna"]},
            "strategies.both.creators",
        ),
        ({"strategies.both.split": None, "budget": None}, {"budget": None}, "strategies.both.split"),
        ({"creators.0.followers": 0}, {"creators.0.followers": None}, "creators.0.followers"),
        ({"creators.0.post_days": [0]}, {"creators.0.post_days": None}, "creators.0.post_days"),
        ({"creators.0.post_days": None, "creators.0.posts": 3}, {"creators.0.posts": 3}, "creators.0.posts"),
        ({"creators.0.first_day": 0}, {"creators.0.first_day": 0.5}, "creators.0.first_day"),
        ({"pools.micro.every_days": 1}, {"pools.micro.every_days": 2}, "pools.micro.every_days"),
        (
            {"pools.micro.count": (MAX_POSTS - 1) // 2, "pools.micro.post_days": None, "pools.micro.posts": 2},
            {"pools.micro.count": MAX_POSTS // 3, "pools.micro.post_days": None, "pools.micro.posts": 3},
            "strategies.both",
        ),
        (
            {"strategies.both.stagger": {"waves": "pools", "every_days": 7}},
            {"strategies.both": {"creators": ["anna"], "stagger": {"waves": "pools", "every_days": 7}}},
            "strategies.both.stagger.waves",
        ),
        (
            {"ads": ADS, "strategies.both.split.ads": 1e-12, "strategies.both.stagger": BY_POOL},
            {"ads": ADS, "strategies.both.split": {"ads": 1}, "strategies.both.stagger": BY_POOL},
            "strategies.both.stagger.waves",
        ),
        (
            {"ads": ADS, "strategies.both.split": {"micro": 0.9, "ads": 0.1}},
            {"strategies.both.split": {"micro": 0.9, "ads": 0.1}},
            "strategies.both.split.ads",
        ),
        (
            {"ads": ADS, "strategies.both.split": {"micro": 0.9, "ads": 0.1}},
            {"ads": ADS, "strategies.both.split": {"micro": 0.9, "ads": 0.2}},
            "strategies.both.split",
        ),
        ({"ads": {**ADS, "niche": "food"}}, {"ads": {**ADS, "niche": "foods"}}, "ads.niche"),
        ({"creators.0.handle": "ad", "strategies.both.creators": []}, {"pools.ads": MICRO}, "pools.ads"),
        (
            {"creators.0.handle": "Ads", "strategies.both.creators": []},
            {"creators.0.handle": "ads", "strategies.both.creators": []},
            "creators.0.handle",
        ),
        (
            {"ads": ADS, "pools.micro.count": MAX_POSTS - 2, "strategies.both.split": {"micro": 0.9, "ads": 0.1}},
            {"ads": ADS, "pools.micro.count": MAX_POSTS - 1, "strategies.both.split": {"micro": 0.9, "ads": 0.1}},
            "strategies.both",
        ),
        ({"discovery": {"most": 5}}, {"discovery": {"most": 6}}, "discovery"),
        (
            {"discovery": {"most": 6}, "pools.micro.nonfollower_reach_ratio": 0},
            {"discovery": {"most": 6}},
            "discovery",
        ),
        (
            {"discovery": {"most": 6}, "pools.micro.formats": {"story": {"nonfollower_reach_ratio": 0.1}}},
            {"discovery": {"most": 6}, "pools.micro.formats": {"story": {}}},
            "discovery",
        ),
        (
            {"stock": {"units": 5, "restock_units": 1, "restock_after_days": 1}},
            {"stock": {"units": 5, "restock_after_days": 1}},
            "stock.restock_after_days",
        ),
        ({"stock": {"units": 5, "restock_after_days": 0}}, {"stock": WITHOUT_UNITS}, "stock.restock_after_days"),
    ],
)
def test_each_limit_holds_to_its_last_digit(inside: dict[str, object], outside: dict[str, object], place: str) -> None:
    """What is just allowed passes, what is just too much is one problem at its key."""
    assert [] == places(inside)
    assert [place] == places(outside)


@pytest.mark.parametrize(
    ("inside", "outside", "place"),
    [
        ({}, {"top": None}, "top"),
        ({"posts": {}}, {"posts": {"anna": 1}}, "posts"),
        ({"top": None, "posts": {"anna": 1}}, {"top": None, "posts": {}}, "top"),
        ({"by": "clicks"}, {"top": None, "posts": {"anna": 1}, "by": "clicks"}, "by"),
        ({"top": None, "posts": {"anna": 1}}, {"top": None, "posts": {"ana": 1}}, "posts.ana"),
        ({"top": None, "posts": {"anna": 1}}, {"top": None, "posts": {"anna": 2}}, "posts.anna"),
        ({"top": None, "posts": {"micro/60": 1}}, {"top": None, "posts": {"micro/61": 1}}, "posts.micro/61"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micro/1": 2}}, "posts.micro/1"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micro/0": 1}}, "posts.micro/0"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micro/01": 1}}, "posts.micro/01"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micro/\u0661": 1}}, "posts.micro/\u0661"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micro": 1}}, "posts.micro"),
        ({"top": None, "posts": {"micro/1": 1}}, {"top": None, "posts": {"micros/1": 1}}, "posts.micros/1"),
        ({"niche": "food"}, {"niche": "foods"}, "niche"),
        ({"budget": 900}, {"budget": 900.01}, "budget"),
        ({"budget": 900, "cpm": 0.018}, {"budget": 900, "cpm": 0.01799}, "budget"),
        ({"budget": 900, "cpm": "0.018 to 1"}, {"budget": 900, "cpm": "0.01799 to 1"}, "budget"),
        (
            {"budget": 900, "cpm": {"dist": "lognormal", "median": 0.0933, "sigma": 1}},
            {"budget": 900, "cpm": {"dist": "lognormal", "median": 0.0932, "sigma": 1}},
            "budget",
        ),
        ({"day": 13}, {"day": 13.01}, "days"),
        ({"day": 13, "days": 7}, {"day": 13, "days": 8}, "days"),
        ({"day": 19, "days": 1}, {"day": 19, "days": 2}, "days"),
        ({"day": 19, "days": 1}, {"day": 19.01, "days": 1}, "day"),
    ],
)
def test_each_limit_of_a_boost_holds_to_its_last_digit(
    inside: dict[str, object], outside: dict[str, object], place: str
) -> None:
    """A boost that can just be played passes; one that cannot is one problem at its key."""

    def found(keys: dict[str, object]) -> list[str]:
        boost = {key: value for key, value in {**BOOST, **keys}.items() if value is not None}
        return places({"strategies.both.boost": boost})

    assert [] == found(inside)
    assert [f"strategies.both.boost.{place}"] == found(outside)


BRAND = {"half_life_days": 60, "occasion_every_days": 30}
LEFT = {"probability_per_day": 0.01, "goodwill_left": 0.5}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, ["brand"]),
        ({"creators.0.scandal": LEFT}, ["brand", "creators.0.scandal.goodwill_left"]),
        ({"ads": ADS}, ["brand"]),
        ({"creators.0.goodwill_per_impression": 0.001, "pools.micro.scandal": LEFT}, []),
        ({"pools.micro.goodwill_per_impression": {"law": "power", "at": 1, "value": 0.001, "exponent": 0}}, []),
        ({"ads": {**ADS, "goodwill_per_impression": "0.1% to 0.2%"}, "creators.0.scandal": LEFT}, []),
        ({"creators.0.goodwill_per_impression": 0, "creators.0.scandal": LEFT}, []),  # switched off for once
        ({"creators.0.goodwill_per_impression": "x"}, []),  # a problem of its own
    ],
)
def test_a_brand_needs_somebody_who_leaves_goodwill(changes: dict[str, object], where: list[str]) -> None:
    """Where no impression adds to goodwill, the section and what is left of goodwill do nothing."""
    found = problems({"brand": BRAND, **changes})
    assert where == [".".join(map(str, problem.path)) for problem in found]
    assert all("no effect while no impression leaves goodwill. Write " in problem.message for problem in found)
    assert not any("no impression leaves" in problem.message for problem in problems({**changes, "brand": True}))


@pytest.mark.parametrize(
    ("chance", "factor", "fits"),
    [
        (0.25, 4, True),
        (0.25, 4.01, False),
        ("10% to 25%", "2 to 4", True),
        ("10% to 26%", "2 to 4", False),
        (0.1, 10, True),
        (1, 1, True),
        (1, 0.5, True),
    ],
)
def test_more_than_everybody_would_not_have_bought_anyway(chance: object, factor: object, fits: bool) -> None:
    """The chance of people of the product's niche is one, up to the ends of ranges."""
    keys = {"niche": "beauty", "baseline_order_probability": chance, "baseline_niche_factor": factor}
    found = problems({f"product.{key}": value for key, value in keys.items()})
    assert fits is (not found)
    assert fits or found[0].message.endswith("; a chance is at most 1. Lower one of the two.")


def test_a_boost_needs_creators() -> None:
    """Where ads are all that is paid for, there are no posts to boost; with one pool beside them there are."""
    changes = {"ads": ADS, "strategies.both": {"split": {"ads": 1}, "boost": BOOST}}
    assert ["strategies.both.boost"] == places(changes)
    assert [] == places({**changes, "strategies.both.split": {"ads": 0.5, "micro": 0.5}})
    assert [] == places({**changes, "strategies.both.boost": None})


def test_a_boosted_creator_that_is_none_is_one_problem() -> None:
    """A creator who is not there, or whose plan of posts is missing, is no second problem of the boost."""
    nobody: dict[str, object] = {"strategies.both.creators": ["ana"]}
    assert ["strategies.both.creators"] == places(
        {**nobody, "strategies.both.boost": {**BOOST_POST, "posts": {"ana": 1}}}
    )
    assert ["creators.0.post_days"] == places({"creators.0.post_days": None, "strategies.both.boost": BOOST_POST})


def test_a_boost_without_a_budget_is_limited_by_what_can_be_played() -> None:
    """Without a budget nobody is asked where the money comes from."""
    changes: dict[str, object] = {"budget": None, "strategies.both.split": None}
    assert [] == places({**changes, "strategies.both.boost": {**BOOST, "budget": 250_000}})
    assert ["strategies.both.boost.budget"] == places({**changes, "strategies.both.boost": {**BOOST, "budget": 1e9}})


def test_what_is_paid_for_is_played() -> None:
    """Money for days beyond the horizon is refused; the message says when it ends, also where days is the default."""

    def found(section: str, **keys: object) -> list[str]:
        its = {"ads": {**ADS, **keys}, "strategies.both.split": {"micro": 0.5, "ads": 0.5}}
        boost = {"strategies.both.boost": {**BOOST, **keys}}
        return [problem.message for problem in problems(its if section == "ads" else boost)]

    for section in ("ads", "boost"):
        assert [] == found(section, day=6, days=14)
        watched = "and the campaign is watched until day 20"
        assert [
            f"given 15; 15 days from day 6.5 on end on day 21.5, {watched}. Write days = 13, or raise horizon_days."
        ] == found(section, day=6.5, days=15)
        (default,) = found(section, day=15)
        assert default == (
            f"not written, which means 7; 7 days from day 15 on end on day 22, {watched}. Write days = 5, or raise "
            "horizon_days."
        )
        (late,) = found(section, day=25, days=2)
        assert late == (
            f"given 25; even one day of paid impressions ends on day 26, {watched}. Begin on day 19 at the latest, or "
            "raise horizon_days."
        )


def test_ads_that_nobody_pays_for_may_end_whenever_they_like() -> None:
    """A section [ads] of which no split has a share does nothing, so its days are no problem."""
    late = {"ads": {**ADS, "day": 15}}
    assert [] == problems(late)
    assert ["ads.days"] == places({**late, "strategies.both.split": {"ads": 0.5}})
    # one problem, however many strategies pay for them; none made up from what can't be used
    two = {"strategies.both": {"split": {"ads": 0.5}}, "strategies.more": {"split": {"ads": 0.5}}}
    assert ["ads.days"] == places({**late, **two})
    assert [] == places({**late, **two, "horizon_days": "long"})
    assert [] == places({**late, **two, "strategies": {"both": {"split": {"ads": 7}}}})


def test_a_horizon_of_hours_has_no_room_for_paid_days() -> None:
    """Where even the first day ends too late, only a longer horizon helps; what floats add up to is no reason."""
    (problem,) = problems({"horizon_days": 0.5, "strategies.both.boost": {**BOOST, "day": 0, "days": 1}})
    assert problem.path[-1] == "day"
    assert problem.message.endswith("until day 0.5. Raise horizon_days.")
    assert 0.1 + 0.7 + 3 < 0.1 + 3.7
    assert [] == problems({"horizon_days": 0.1 + 0.7 + 3, "strategies.both.boost": {**BOOST, "day": 0.8, "days": 3}})


def test_the_paid_impressions_of_a_strategy_count_together() -> None:
    """Ads are paid with what a boost leaves of the budget; the greater of the two is to be lowered."""

    def found(boost: float, ads_cpm: float) -> list[str]:
        keys = {**BOOST, "budget": boost, "cpm": 0.02}
        split = {"micro": 0.5, "ads": 0.5}
        both = {"ads": {**ADS, "cpm": ads_cpm}, "strategies.both.boost": keys, "strategies.both.split": split}
        return places({"creators.0.fee": 0, **both})

    assert [] == found(500, 0.01)  # 25 million + 250 / 0.01 = 25 million
    assert ["strategies.both.split.ads"] == found(500, 0.00999)
    assert ["strategies.both.boost.budget"] == found(510, 0.0098)  # 25.5 million beside 25 million
    assert [] == found(1000, 1e-9)  # nothing is left for ads


def test_shares_that_add_up_to_one_are_allowed() -> None:
    """Shares that are above 1 only by the last digit of a float aren't above 1."""
    shares = (0.33, 0.56, 0.11)
    assert 0.33 + 0.56 + 0.11 > 1

    def found(split: dict[str, float]) -> list[Problem]:
        raw = {**BASE, "pools": dict.fromkeys("abc", MICRO), "strategies": {"all": {"split": split}}}
        return list(problems_between(parts_of(raw)))

    assert [] == found(dict(zip("abc", shares, strict=True)))
    assert 1 == len(found(dict(zip("abc", (0.33, 0.56, 0.12), strict=True))))


def test_costs_are_compared_in_cents() -> None:
    """Fees of 1.10 and 2.20 fit a budget of 3.30, as they do on paper."""
    assert 1.1 + 2.2 > 3.3
    two = [{**ANNA, "fee": 1.1}, {**ANNA, "handle": "ben", "fee": 2.2}]
    raw = {**BASE, "budget": 3.3, "creators": two, "strategies": {"x": {"creators": ["anna", "ben"]}}}
    assert [] == list(problems_between(parts_of(raw)))
    assert 1 == len(list(problems_between(parts_of({**raw, "budget": 3.29}))))


def test_the_right_to_boost_counts_where_it_is_paid_for() -> None:
    """A creator of 700 whose whitelisting costs 200 leaves 100 for a boost of its posts, and 300 for one of others'."""
    rights = {"creators.0.fee": 700, "creators.0.terms": {"whitelisting_of_fee_per_month": 0.25}}
    rights |= {"creators.0.terms.whitelisting_months": 200 / 175}

    def found(budget: float, **boost: object) -> list[str]:
        its = {**BOOST, "budget": budget, **boost}
        raw = {key: value for key, value in its.items() if value is not None}
        return [
            f"{'.'.join(map(str, problem.path))}: {problem.message}"
            for problem in problems({**rights, "strategies.both.boost": raw})
        ]

    assert [] == found(100)
    assert [] == found(300, top=None, posts={"micro/1": 1})
    (own,) = found(100.01)
    assert own == (
        "strategies.both.boost.budget: given 100.01 beside creators who cost 900.00 with the right to boost them, and "
        "the budget for all of it is 1,000.00. Raise the budget, lower this one or hire fewer creators."
    )
    (others,) = found(300.01, top=None, posts={"micro/1": 1})
    assert "beside creators who cost 700.00, and" in others
    # whom a boost chooses is not known: only what is certain is counted
    assert [] == found(300, top="all")
    rights |= {"creators.0.fee": 800}
    (dear,) = found(1)
    assert dear.startswith(
        "strategies.both.creators: the creators cost 1,028.57 with the right to boost them and the budget"
    )


def test_a_creator_is_found_by_a_handle_that_can_be_used() -> None:
    """Of two with the same handle the first is meant; one whose handle is broken is nobody, though it is written."""
    parts = parts_of({"creators": [{**ANNA, "fee": 1}, {**ANNA, "fee": 2}, {**ANNA, "handle": "x" * 61}, 5]})
    anna = parts.creator("anna")
    assert anna is not None
    assert ("creators", 0) == anna.path
    assert parts.creator("x" * 61) is None is parts.creator("ben")
    assert ["anna", "anna", "x" * 61] == parts.handles
    # the example in place of a broken handle is nobody's name
    assert parts_of({"creators": [{**ANNA, "handle": 5}]}).creator("anna") is None


def test_many_creators_are_found_fast() -> None:
    """Looking creators up takes time in proportion to their number, also where every strategy hires all of them."""
    handles = [f"c{number}" for number in range(4000)]
    rows = [{**ANNA, "handle": handle, "fee": 0} for handle in handles]
    parts = parts_of({**BASE, "creators": rows, "strategies": {name: {"creators": handles} for name in "abcdefgh"}})
    begin = time.perf_counter()
    assert [] == list(problems_between(parts))
    assert time.perf_counter() - begin < 4


def test_a_graph_file_says_who_follows() -> None:
    """Keys about followers of a creator have no place beside a graph file; a share of 0 says nothing else."""
    people = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies.both.split": None}
    without = {**people, "creators.0.followers": None}
    assert [] == places({**without, "creators.0.fake_share": 0, "creators.0.outside_share": 0.0})
    keys = ["followers", "fake_share", "outside_share", "niche"]
    wrong = {f"creators.0.{key}": value for key, value in zip(keys, (0, 0.1, 0.1, "beauty"), strict=True)}
    assert sorted(f"creators.0.{key}" for key in keys) == sorted(places({**people, **wrong}))


def test_a_graph_file_gives_laws_no_followers() -> None:
    """A creator whom a graph file describes shows no followers for a law; of a pool, which shows some, a law may be."""
    people = {"people": {"graph_file": "edges.csv"}, "creators.0.followers": None}
    laws = {"creators.0.formats": {"story": {"reach_per_follower": power(0.1, 0, 1)}}}
    laws |= {"creators.0.order_per_click": power(0.1, -0.2, at=1000), "pools.micro.order_per_click": power(0.1, 0, 1)}
    expected = ["creators.0.order_per_click", "creators.0.formats.story.reach_per_follower"]
    assert expected == places({**people, **laws})
    without = {"creators.0.followers": None, "creators.0.order_per_click": power(0.5, -3, at=1e9)}
    assert ["creators.0.followers"] == places(without)


def test_a_graph_file_orders_nobody_by_followers() -> None:
    """Whom nobody has counted the followers of can begin by name only."""
    people = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies.both.split": None}
    without = {**people, "creators.0.followers": None}
    stagger = {"waves": 2, "every_days": 7}
    assert [] == places({**without, "strategies.both.stagger": stagger})
    by_size = {**without, "strategies.both.stagger": stagger | {"by": "big_first"}}
    assert ["strategies.both.stagger.by"] == places(by_size)


def test_a_graph_file_has_no_niches_for_ads() -> None:
    """Whom nobody has sorted by niche can be shown ads and boosts only all together."""
    people = {"people": {"graph_file": "edges.csv"}, "pools": {}, "strategies.both.split": None}
    bare = {**people, "creators.0.followers": None}
    assert [] == places({**bare, "ads": ADS, "strategies.both.boost": BOOST})
    by_niche = {"ads": {**ADS, "niche": "beauty"}, "strategies.both.boost": {**BOOST, "niche": "beauty"}}
    assert {"strategies.both.boost.niche", "ads.niche"} == set(places({**bare, **by_niche}))
    assert ["product.niche"] == places({**bare, "product.niche": "beauty"})


# ---- no fault hides another


@pytest.mark.parametrize(
    "broken",
    [
        {"creators.0.delay": "soon"},
        {"creators.0.order_per_click": 7},
        {"creators.0.post_days": "daily"},
        {"creators.0.posts": 0},
        {"creators.0.surprise": 1},
        {"pools.micro.count": 1.5},
        {"people.niche_affinity": -1},
        {"people.niches": 5},
        {"strategies.both.split": {"micro": 7}},
        {"horizon_days": "long"},
        {"strategies.both.boost": {"top": 0}},
        {"strategies.both.boost": 5},
        {"ads": {"cpm": 0}},
        {"stock": {"units": -1}},
        {"discovery": {"most": 0}},
        {"approval": {"reviewers": 0}},
        {"pools.micro.scandal": 1},
    ],
)
def test_a_broken_key_hides_no_problem_of_other_keys(broken: dict[str, object]) -> None:
    """A key that can't be used leaves out the checks that need it, and no others."""
    faults = {
        "creators.0.fee": 2000,
        "creators.0.fake_share": 0.9,
        "pools.micro.followers": "1_000 to 30_000",
        "strategies.both.creators": ["anna", "ana"],
    }
    expected = [
        "creators.0.reach_per_follower",
        "pools.micro.followers",
        "strategies.both.creators",
        "strategies.both.creators",
    ]
    assert expected == places({**faults, **broken})


@pytest.mark.parametrize(
    ("fault", "needed"),
    [
        ({"creators.0.followers": 30_000}, {"people.count": "many"}),
        ({"creators.0.followers": 30_000}, {"creators.0.fake_share": 2}),
        ({"creators.0.fee": 2000}, {"creators.0.fee": -1}),
        ({"creators.0.fee": 2000}, {"budget": "all"}),
        ({"creators.0.fee": 2000}, {"strategies.both.creators": "anna"}),
        ({"pools.micro.niche": "x"}, {"people.niches": {"x": -1}}),
        ({"creators.0.fake_share": 0.9}, {"creators.0.reach_per_follower": 2}),
        (STEEP, {"pools.micro.followers": "many"}),
        (STEEP, {"pools.micro.formats": {"story": {"reach_per_follower": 2}}, "pools.micro.click_per_impression": 2}),
        ({"discovery": {"most": 6}}, {"pools.micro.nonfollower_reach_ratio": -1}),
        ({"strategies.both.boost": {**BOOST, "day": 15}}, {"strategies.both.boost.days": 0}),
        ({"strategies.both.boost": {**BOOST, "days": 21}}, {"strategies.both.boost.day": -1}),
        ({"stock": WITHOUT_UNITS}, {"stock.restock_units": -1}),
        ({"strategies.both.boost": {**BOOST, "niche": "x"}}, {"people.niches": {"x": -1}}),
        ({"strategies.both.boost": {**BOOST, "budget": 950}}, {"creators.0.fee": -1}),
        ({"strategies.both.boost": {**BOOST, "cpm": 1e-6}}, {"strategies.both.boost.budget": 0}),
        ({"strategies.both.boost": {**BOOST_POST, "posts": {"anna": 4}}}, {"creators.0.post_days": 5}),
        ({"strategies.both.boost": {**BOOST_POST, "posts": {"ana": 1}}}, {"strategies.both.creators": 5}),
    ],
)
def test_a_check_needs_usable_keys(fault: dict[str, object], needed: dict[str, object]) -> None:
    """No problem is made up from a key that can't be used."""
    assert 1 == len(problems(fault))
    assert [] == problems({**fault, **needed})


@pytest.mark.parametrize("value", [None, 5, "x", [], [5], {}, {"x": 5}, True])
@pytest.mark.parametrize(
    "key",
    [
        *("people", "product", "creators", "pools", "strategies", "budget", "horizon_days"),
        *("approval", "discovery", "stock", "ads"),
    ],
)
def test_any_value_of_a_section_is_survived(key: str, value: object) -> None:
    """Whatever stands in place of a section, the checks end with problems and not with an error."""
    for problem in problems_between(parts_of({**BASE, key: value})):
        assert problem.message.endswith(".")


# ---- words


def test_the_nearest_word_is_suggested() -> None:
    """A slip of the pen is guessed; what resembles nothing isn't, but what there is is listed."""
    assert ' Did you mean "margin"? There is: margin, order_value.' == nearest("margn", ["margin", "order_value"])
    assert " There is: margin, order_value." == nearest("zzz", ["margin", "order_value"])
    assert " There is none." == nearest("zzz", [])
    assert nearest("k", [f"k{i}" for i in range(40)]).endswith("k29, ....")


# ---- sizes


def test_the_memory_of_a_market_is_arithmetic() -> None:
    """Edges, people and the audiences that a budget can buy make up the memory of a market."""
    people = SyntheticPeople(count=1_000_000, followings_per_person=20.0)
    pool = Pool.model_validate({**MICRO, "followers": "10_000 to 30_000", "fee": 100, "management_cost": 100})
    assert 30 * 20_000_000 + 60_000_000 == market_bytes(people, [], None, 0)
    assert 12 * 5 * 20_000 + 5 * 250_000 == market_bytes(people, [pool], 1000.0, 0) - market_bytes(people, [], None, 0)
    assert 12 * 60 * 20_000 + 60 * 250_000 == market_bytes(people, [pool], 1e9, 0) - market_bytes(people, [], None, 0)


def test_what_strangers_are_shown_takes_memory() -> None:
    """People by niche, where posts are shown to strangers, and a day's paid impressions count in what is needed."""
    assert 2 * 16 * 1_000_000 == stranger_bytes(1_000_000, 0)
    assert 2 * 2 * 16 * 5_000_000 == stranger_bytes(0, 5_000_000)


@pytest.mark.parametrize(
    "shown",
    [
        {"pools.micro.nonfollower_reach_ratio": 0.1},
        {"strategies.both.boost": {**BOOST, "cpm": 1e6}},
        {"ads": {**ADS, "cpm": 1e6}, "strategies.both.split": {"ads": 1}},
    ],
)
def test_strangers_count_where_there_are_any(shown: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """A market that just fits is too big by what being shown to strangers takes, and not by more."""
    count = 1_000_000
    plain = market_bytes(SyntheticPeople(count=count), [Pool.model_validate(MICRO)], 1000, 1)
    base: dict[str, object] = {"people.count": count}
    monkeypatch.setattr(memory, "machine_bytes", lambda: plain)
    assert [] == places(base)
    assert ["people.count"] == places({**base, **shown})
    monkeypatch.setattr(memory, "machine_bytes", lambda: plain + 32 * count + 100)
    assert [] == places({**base, **shown})


def test_a_day_of_paid_impressions_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a strategy buys in one day, by boost and ads together, is pending at a time."""
    plain = market_bytes(SyntheticPeople(count=20_000), [Pool.model_validate(MICRO)], 1000, 1)
    split = {"micro": 0.2, "ads": 0.8}
    boost = {**BOOST, "budget": 500, "cpm": 0.02, "days": 5}  # 25 million: 5 million a day
    both = {"ads": {**ADS, "cpm": 0.02, "days": 4}, "strategies.both.split": split}  # 20 million: 5 million a day
    fits = plain + stranger_bytes(20_000, 10_000_000)
    monkeypatch.setattr(memory, "machine_bytes", lambda: fits)
    assert [] == places({**both, "strategies.both.boost": boost, "creators.0.fee": 0})
    monkeypatch.setattr(memory, "machine_bytes", lambda: fits - 10)
    (problem,) = problems({**both, "strategies.both.boost": boost, "creators.0.fee": 0})
    assert "20,000 people and 10,000,000 paid impressions in a day need about" in problem.message
    assert problem.message.endswith("Lower people.count, people.followings_per_person or what is paid for impressions.")


def test_pools_whose_posts_are_broken_are_no_size() -> None:
    """Of a pool whose number of posts is not known, nobody knows whom a budget hires."""
    parts = parts_of(with_keys({"pools.micro.post_days": None, "pools.micro.posts": 0}))
    assert [] == memory._usable_pools(parts)
    assert 1 == len(memory._usable_pools(parts_of(BASE)))


def test_a_play_knows_whom_each_creator_reached() -> None:
    """A bit per person and hired creator, for two workers, is part of the memory of a market."""
    people = SyntheticPeople(count=1_000_000, followings_per_person=0.0)
    assert 40 * 2 * 1_000_000 / 8 == market_bytes(people, [], None, 40) - market_bytes(people, [], None, 0)


def test_offered_creators_that_nobody_can_pay_need_no_memory() -> None:
    """A pool of a hundred thousand creators is no problem where the budget hires five."""
    assert [] == problems({"pools.micro.count": 60_000, "people.count": 1_000_000})


def test_the_memory_of_a_study_is_arithmetic() -> None:
    """Hourly series of each play make up the memory of a study."""
    by_play, by_creator = memory.NUMBERS_BY_PLAY, memory.NUMBERS_BY_CREATOR
    assert 2 * 8 * 100 * 2 * (3 * 25 + by_play + (by_creator + 1) * 30) == study_bytes(100, 1, 2, 30)


def test_every_number_of_a_play_is_counted() -> None:
    """What the sizes of a study are reckoned with is what its tables hold; a new column must be counted, too."""
    assert len(REPLICATION_SCHEMA) == memory.NUMBERS_BY_PLAY
    assert len(BOOKED_BY_CREATOR) == memory.NUMBERS_BY_CREATOR


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"people.count": 2**31 - 2}, "people.count"),
        ({"replications": 1_000_000, "horizon_days": 3660}, "replications"),
    ],
)
def test_what_is_too_big_is_refused_before_anything_is_allocated(
    changes: dict[str, object], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A market or study that the machine can't hold is refused at once, with nothing allocated."""
    raw = with_keys(changes) | ({"replications": 1_000_000} if "replications" in changes else {})
    monkeypatch.setattr(memory, "machine_bytes", lambda: 8 * GIB)
    list(problems_between(parts_of(raw)))
    tracemalloc.start()
    begin = time.perf_counter()
    found = list(problems_between(parts_of(raw)))
    seconds, peak = time.perf_counter() - begin, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [place] == [".".join(map(str, problem.path)) for problem in found]
    assert "8.0" in found[0].message
    assert seconds < 1
    assert peak < 2e6
    monkeypatch.setattr(memory, "machine_bytes", lambda: 10**6 * GIB)
    assert [] == list(problems_between(parts_of(raw)))


def test_the_memory_is_that_of_the_machine_or_its_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A container's limit counts where it is lower; where nothing can be asked, 16 GiB are assumed."""
    limit, none = tmp_path / "memory.max", tmp_path / "none"
    monkeypatch.setattr(memory, "_MEMORY_LIMITS", (str(limit), str(none)))
    whole = machine_bytes()
    assert whole > GIB / 4
    limit.write_text("1000000\n", encoding="ascii")
    assert 1_000_000 == machine_bytes()
    limit.write_text("max\n", encoding="ascii")
    assert whole == machine_bytes()

    def unknown(_name: str) -> int:
        raise ValueError

    monkeypatch.setattr(memory.os, "sysconf", unknown)
    assert 16 * GIB == machine_bytes()
