"""What a scenario holds: every key says what it is, nothing acts by default, and every value counts."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simulator.errors import ScenarioError
from simulator.scenario.account import Creator, Format, Pool, Scandal
from simulator.scenario.decision import Decision
from simulator.scenario.listed import ListedPool, Member
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.scenario.people import People, PeopleFromFile, SyntheticPeople
from simulator.scenario.product import Behaviour, Product
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import LogQuadraticRate, PowerRate
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw, Section
from simulator.scenario.strategy import Ads, Approval, Boost, Discovery, Stagger, Stock, Strategy
from simulator.scenario.terms import PowerFee, Terms
from simulator.study.results import resolved_toml

SECTIONS: list[type[Section]] = [
    *(Scenario, SyntheticPeople, PeopleFromFile, Behaviour, Product, Creator, Pool, PowerFee, Strategy),
    *(ListedPool, Member),
    *(Stagger, Boost, Terms, Format, Scandal, PowerRate, LogQuadraticRate),
    *(Approval, Discovery, Stock, Ads, Decision),
    *(Lognormal, Exponential, PowerLaw, Constant),
]
NO_KEYS = (
    "folder",
    "graph_digest",
    "filled",
    "written",
    "notes",
    "extends",
    "remove",
    "dist",
    "law",
)  # set by the program, or named in the rules for delays, fees and rates
RATES = {
    "reach_per_follower": {"dist": "pert", "min": 0.1, "mode": 0.2, "max": 0.3},
    "engagement_per_impression": {"dist": "beta", "mean": 0.1, "sd": 0.02},
    "share_per_impression": 0.004,
    "click_per_impression": "1% to 3%",
    "order_per_click": {"dist": "uniform", "min": 0.01, "max": 0.03},
    "goodwill_per_impression": "0.05% to 0.2%",
}
ACCOUNT = {
    "niche": "beauty",
    "post_days": [0.0, 3.0],
    "post_jitter_hours": 12.0,
    **RATES,
    "delay": {"dist": "lognormal", "median_hours": 6.0, "sigma": 1.4},
    "trust": "0.8 to 1.3",
    "disclosure": 0.95,
    "quality_spread": 0.5,
    "fake_share": 0.1,
    "outside_share": 0.2,
    "management_cost": {"dist": "lognormal", "median": 250.0, "sigma": 0.3},
    "completion_probability": "85% to 95%",
    "formats": {
        "story": {
            "reach_per_follower": "4% to 9%",
            "delay": {"dist": "exponential", "mean_hours": 8.0},
            "nonfollower_reach_ratio": "1 to 2",
        }
    },
    "post_formats": ["story"],
    "nonfollower_reach_ratio": "0.1 to 0.4",
    "scandal": {"probability_per_day": 0.002, "trust_left": "10% to 40%", "goodwill_left": 0.3, "refund_of_fee": 0.5},
    "terms": {
        "agency_commission_of_fee": 0.15,
        "usage_rights_of_fee_per_month": "15% to 30%",
        "usage_rights_months": 3.0,
        "exclusivity_of_fee_per_month": 0.5,
        "exclusivity_months": 2.0,
        "whitelisting_of_fee_per_month": 0.25,
        "whitelisting_months": 1.0,
        "production_cost_per_post": "100 to 200",
        "product_sent_cost": 60.0,
        "affiliate_commission_of_order_value": 0.1,
    },
}
# Every key there is, but for those of a graph file.
FULL: dict[str, Any] = {
    "name": "full",
    "title": "Many or one?",
    "currency": "€",
    "evidence": "industry",
    "platform": "instagram",
    "seed": 7,
    "start_date": "2026-03-02",
    "horizon_days": 21.0,
    "replications": 400,
    "markets": 4,
    "budget": 60000.0,
    "people": {
        "count": 200_000,
        "activity_spread": 0.3,
        "niches": {"beauty": 0.4, "food": 0.6},
        "niche_affinity": 8.0,
        "followings_per_person": 25.0,
        "followings_within_niche": 0.6,
        "follow_back_probability": 0.5,
        "follower_exponent": 2.2,
        "following_exponent": 2.0,
    },
    "behaviour": {
        "reach_per_peer": "8% to 15%",
        "peer_delay": {"dist": "power_law", "flat_minutes": 5.0, "exponent": 0.242},
        "response_by_frequency": [0.7, 1.0, 0.8],
        "fatigue": 0.43,
        "share_by_friends": [1.0, 2.5],
        "share_per_order": "2% to 5%",
        "comments_of_engagements": 0.05,
        "saves_of_engagements": 0.1,
        "most_reproduction": 0.9,
    },
    "brand": {
        "half_life_days": "30 to 90",
        "occasion_every_days": 30.0,
        "order_per_occasion": "0.1% to 0.3%",
        "most_goodwill": 0.05,
    },
    "product": {
        "return_probability": "10% to 20%",
        "untracked_multiplier": "1.5 to 3",
        "earned_media_cpm": 10.0,
        "niche_fit": "1.1 to 1.5",
        "viewer_fit": 1.5,
        "purchase_lag": {"dist": "lognormal", "median_hours": 1.0, "sigma": 3.0},
        "repeat_orders": {"probability": 0.3, "delay": {"dist": "exponential", "mean_hours": 1000.0}},
        "baseline_niche_factor": "2 to 6",
        "niche": "beauty",
        "order_value": "85 to 115",
        "margin": 0.5,
        "baseline_order_probability": 0.01,
    },
    "approval": {
        "reviewers": 2,
        "submit_days_before": 3.0,
        "review_hours": {"dist": "lognormal", "median_hours": 1.5, "sigma": 0.8},
        "send_back_probability": "10% to 30%",
        "rework_hours": {"dist": "exponential", "mean_hours": 12.0},
        "working_hours": [8.0, 18.0],
        "working_days": ["mon", "tue", "sat"],
    },
    "discovery": {"review_hours": [2.0, 12.0], "responsiveness": 1.5, "most": 8.0},
    "stock": {"units": 500, "restock_units": 300, "restock_after_days": 7.0, "pause_paid": False},
    "ads": {
        "cpm": "6 to 12",
        "niche": "beauty",
        "day": 1.0,
        "days": 14,
        "engagement_per_impression": "0.5% to 2%",
        "share_per_impression": 0.001,
        "click_per_impression": "0.5% to 1.5%",
        "order_per_click": "1% to 2%",
        "goodwill_per_impression": 0.0005,
    },
    "creators": [
        {
            **ACCOUNT,
            "handle": "anna",
            "followers": 50_000,
            "fee": 900.0,
            "delay": {"dist": "exponential", "mean_hours": 4.0},
        },
        {**ACCOUNT, "handle": "ben", "followers": 0, "fee": 0.0, "delay": {"dist": "constant", "hours": 1.0}},
    ],
    "pools": {
        "micro": {
            **ACCOUNT,
            "tier": "micro",
            "platform": "tiktok",
            "count": 60,
            "followers": "10_000 to 100_000",
            "fee": {"law": "power", "scale": 0.038, "exponent": 0.89, "noise": 0.8},
        },
        "mid": {
            **{key: value for key, value in ACCOUNT.items() if key != "post_days"},
            "reach_per_follower": {"law": "power", "at": 30_000.0, "value": "12% to 25%", "exponent": -0.22},
            "click_per_impression": {
                "law": "log_quadratic",
                "at": 1e6,
                "value": {"dist": "beta", "mean": 0.02, "sd": 0.005},
                "curvature": -0.1,
                "slope": 0.05,
            },
            "posts": 3,
            "first_day": 0.5,
            "every_days": 2.0,
            "weekdays": ["mon", "thu"],
            "count": 9,
            "followers": 100_000,
            "fee": "1_000 to 2_000",
        },
        "own": {
            **ACCOUNT,
            "fee": "100 to 2_000",
            "creators": [
                {"handle": "zoë 🌟", "followers": 12_000},
                {
                    "handle": "cem",
                    "followers": 40_000,
                    "fee": 700.0,
                    "platform": "instagram",
                    "niche": "food",
                    "fake_share": 0.3,
                    "outside_share": 0.4,
                    **{key: value for key, value in RATES.items() if key != "goodwill_per_impression"},
                    "delay": {"dist": "exponential", "mean_hours": 5.0},
                    "nonfollower_reach_ratio": "0.2 to 0.5",
                },
            ],
        },
    },
    "overlap": {"micro": 0.4, "anna": {"ben": 0.3}},
    "decision": {
        "measure": "profit",
        "at_months": 3,
        "at_least": 100.0,
        "indifference": 50.0,
        "least_share": {"micro": 0.2},
        "most_share": {"ads": 0.5},
        "most_hired": {"mid": 3},
        "most_spend": 900.0,
    },
    "correlate": [["product.order_value", "pools.micro.click_per_impression", 0.4]],
    "strategies": {
        "all": {
            "creators": ["anna", "ben"],
            "split": {"micro": 0.6, "mid": 0.3, "ads": 0.1},
            "boost": {
                "top": 3,
                "by": "engagement_rate",
                "day": 3.0,
                "days": 5,
                "budget": 5000.0,
                "cpm": 8.0,
                "niche": "beauty",
            },
            "stagger": {"waves": 3, "every_days": 7.0, "by": "small_first"},
        },
        "one": {"creators": [], "boost": {"posts": {"ben": 1}, "day": 3.0, "budget": 50.0, "cpm": "6 to 12"}},
    },
}

Path_ = tuple[str | int, ...]


def scenario_of(raw: dict[str, Any]) -> Scenario:
    return Scenario.model_validate(raw)


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Give the path of every value that isn't a table or a list of tables."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


def copy_with(raw: Any, path: Path_, value: object) -> Any:
    """Copy nested values with another one at a path."""
    copy = json.loads(json.dumps(raw))
    here = copy
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return copy


def at(raw: Any, path: Path_) -> Any:
    for key in path:
        raw = raw[key]
    return raw


def others(value: Any) -> list[Any]:
    """Give other values, of which at least one fits where this one does."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value * 1.01, value / 2, value * 2, value + 1, 0.5] if value else [1, 0.5]
    if isinstance(value, str):
        names = ["big_first", "clicks", "wies2023", "youtube", "mid", "roi"]
        return [f"{value}x"[-4:], "2% to 4%", "2 to 4", "90 to 120", "2026-03-03", *names]
    return [[0.25, 3.0], [0.25, 0.75], ["ben"], ["fri"], [["product.order_value", "brand.half_life_days", 0.4]]]


def changed(raw: Any, path: Path_) -> Scenario | None:
    """Give a valid scenario with one other value, None where there is none."""
    for value in others(at(raw, path)):
        try:
            return scenario_of(copy_with(raw, path, value))
        except ValidationError:
            continue
    return None


FULL_LEAVES = list(leaves(FULL))
# The name of a distribution comes with its own keys; see the test below.
TAGS = [path for path in FULL_LEAVES if path[-1] in ("dist", "law")]


# ---- what each key says of itself


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_says_what_it_is_with_an_example_that_works(section: type[Section]) -> None:
    """Messages can quote what a key is and how it is written, and what they quote is accepted."""
    for name, field in section.model_fields.items():
        if name not in NO_KEYS:
            assert field.description, name
            example = tomllib.loads(f"{name} = {(field.examples or [''])[0]}")[name]
            assert TypeAdapter(field.rebuild_annotation()).validate_python(example) is not None


def test_the_full_scenario_has_every_key() -> None:
    """The scenario on which these tests stand leaves no key out."""
    written = {path[-1] for path in FULL_LEAVES} | {key for path in FULL_LEAVES for key in path}
    known = {name for section in SECTIONS for name in section.model_fields if section is not PeopleFromFile}
    of_files = {"written", "notes", "extends", "remove", "roster_file", "audience_country"}
    assert known - written <= {"folder", "graph_digest", "filled", *of_files}


# ---- nothing acts unless it is written


def test_defaults_are_neutral() -> None:
    """What isn't written multiplies by one, adds nothing and takes nothing away."""
    behaviour, creator = Behaviour(), creator_with()
    assert 0.0 == behaviour.fatigue.values[0] == behaviour.reach_per_peer.values[0]
    assert (0.0, 0.0, 0.0) == (creator.fake_share, creator.outside_share, creator.post_jitter_hours)
    assert (0.0, ()) == (creator.first_day, creator.weekdays)
    assert Strategy().stagger is None
    assert 0.0 == creator.management_cost.values[0] == creator.quality_spread
    assert behaviour.most_reproduction is None
    assert 0.0 == creator.nonfollower_reach_ratio.values[0]
    assert creator.scandal is None is Strategy().boost
    assert 0.0 == SyntheticPeople(count=5).activity_spread == PeopleFromFile(graph_file="x").activity_spread
    assert 0.0 == Product.model_validate({"order_value": 1, "margin": 0.5}).baseline_order_probability.values[0]
    assert 0.0 == PowerFee(law="power", scale=1, exponent=1).noise


def creator_with(**keys: Any) -> Creator:
    base = {**RATES, "delay": {"dist": "constant", "hours": 0}, "post_days": [0], "handle": "a", "fee": 5}
    return Creator.model_validate({**base, **keys})


def test_shares_of_followers_are_taken_from_the_advertised_ones() -> None:
    """Fake followers and followers elsewhere are both shares of what the account shows."""
    creator = creator_with(fake_share="25%", outside_share=0.25)
    assert (0.75, 0.5) == (creator.real_share, creator.market_share)


def test_a_rate_is_the_rate_written() -> None:
    """Nothing is added to, or multiplied with, what the scenario says."""
    scenario = scenario_of(FULL)
    assert Quantity("share", "fixed", (0.004,)) == scenario.pools["micro"].share_per_impression
    assert Quantity("hard_range", "range", (1e4, 1e5)) == scenario.pools["micro"].followers
    assert 21 * 86_400 == scenario.horizon_seconds


def test_a_scenario_is_frozen() -> None:
    """Nothing can be assigned to a scenario or to a part of it."""
    scenario = scenario_of(FULL)
    for part, key in ((scenario, "seed"), (scenario.product, "margin"), (scenario.pools["micro"], "count")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, key, 1)


def test_the_accounts_of_a_strategy_are_its_creators_and_pools() -> None:
    """Whom a strategy may hire from: creators in its order, then the pools of its split; ads are nobody's account."""
    plan = {"creators": ["ben", "anna"], "split": {"mid": 0.3, "ads": 0.2, "micro": 0.5}}
    scenario = scenario_of({**FULL, "strategies": {"all": plan, "ads only": {"split": {"ads": 1}}}})
    anna, ben = scenario.creators
    assert (ben, anna, scenario.pools["mid"], scenario.pools["micro"]) == scenario.accounts_of("all")
    assert () == scenario.accounts_of("ads only")


def test_whose_posts_a_strategy_may_boost() -> None:
    """With the best posts, anybody's; with posts by name, those of the creators named; without a boost, nobody's."""
    boost = {"day": 1, "budget": 5, "cpm": 5}
    best, named = ({**boost, "top": 2}, {**boost, "posts": {"anna": 1}})
    strategies = [Strategy(), *(Strategy.model_validate({"boost": its}) for its in (best, named))]
    assert [False, True, True] == [strategy.boosts("anna") for strategy in strategies]
    assert [False, True, False] == [strategy.boosts("micro/1") for strategy in strategies]


def test_niches_are_numbered_in_their_order() -> None:
    """A market knows a niche by its place among those written, the first is 0."""
    people = SyntheticPeople(count=5, niches={"food": 1, "beauty": 3, "art": 2})
    assert [0, 1, 2] == [people.niche_index(name) for name in ("food", "beauty", "art")]


def test_replications_take_the_markets_in_turn() -> None:
    """Each market is played in turn, so any number of replications spreads over them as evenly as can be."""
    scenario = scenario_of({**FULL, "markets": 3, "replications": 7})
    assert [0, 1, 2, 0, 1, 2, 0] == [scenario.market_of(replication) for replication in range(7)]
    assert {*scenario.markets_played} == {scenario.market_of(replication) for replication in range(7)}
    two = scenario.with_replications(2)
    assert {*two.markets_played} == {two.market_of(replication) for replication in range(2)} == {0, 1}


@pytest.mark.parametrize(
    ("key", "value"),
    [("people", {"count": 5, "graph_file": "x"}), ("people", {}), ("product", {}), ("strategies", {}), ("name", "a b")],
)
def test_a_wrong_part_is_refused(key: str, value: object) -> None:
    """A part that can't be used isn't repaired in silence."""
    with pytest.raises(ValidationError):
        scenario_of({**FULL, key: value})


def test_people_are_from_a_file_where_one_is_named() -> None:
    """A graph file decides which keys people have."""
    adapter: TypeAdapter[Any] = TypeAdapter(People)
    assert isinstance(adapter.validate_python({"graph_file": "edges.csv"}), PeopleFromFile)
    assert isinstance(adapter.validate_python({"count": 5}), SyntheticPeople)


# ---- hashes


@pytest.mark.parametrize("path", [p for p in FULL_LEAVES if p not in TAGS], ids=lambda p: ".".join(map(str, p)))
def test_changing_any_value_changes_the_hash(path: Path_) -> None:
    """There is no value that a scenario's hash leaves out."""
    other, full = changed(FULL, path), scenario_of(FULL)
    assert other is not None
    assert other.hash != full.hash
    decides_no_play = path == ("replications",) or path[0] == "decision"
    assert decides_no_play == (other.world_hash == full.world_hash)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("behaviour", "peer_delay"), {"dist": "constant", "hours": 4.0}),
        (("creators", 0, "delay"), {"dist": "constant", "hours": 4.0}),
        (("creators", 0, "order_per_click"), {"dist": "pert", "min": 0.01, "mode": 0.02, "max": 0.03}),
        (("pools", "micro", "fee"), 0.038),
        (("pools", "mid", "followers"), {"dist": "uniform", "min": 1e5, "max": 1e5}),
        (("product", "margin"), "50% to 50%"),
        (
            ("pools", "mid", "reach_per_follower"),
            {"law": "log_quadratic", "at": 30_000.0, "value": "12% to 25%", "slope": -0.22, "curvature": 0.0},
        ),
        (("pools", "mid", "reach_per_follower"), "12% to 25%"),
    ],
)
def test_another_distribution_changes_the_hash(path: Path_, value: object) -> None:
    """The shape of a quantity counts like its numbers."""
    assert scenario_of(copy_with(FULL, path, value)).hash != scenario_of(FULL).hash


@pytest.mark.parametrize(
    ("path", "default"),
    [
        (("people", "niche_affinity"), 8.0),
        (("people", "followings_per_person"), 25),
        (("markets",), 4),
        (("pools", "micro", "post_days"), [0, 3]),
        (("pools", "micro", "first_day"), 0),
        (("pools", "micro", "every_days"), 1),
        (("pools", "micro", "weekdays"), []),
        (("strategies", "all", "stagger", "every_days"), 7),
        (("approval", "working_hours"), [8, 18]),
        (("strategies", "one", "boost", "days"), 7),
        (("strategies", "one", "boost", "by"), "engagement"),
        (("pools", "mid", "reach_per_follower", "at"), 30_000),
    ],
)
def test_the_same_values_have_the_same_hash(path: Path_, default: object) -> None:
    """A default that is written out and a whole number for a decimal one are the same scenario."""
    assert scenario_of(FULL).hash == scenario_of(copy_with(FULL, path, default)).hash
    assert scenario_of(FULL).hash == scenario_of(dict(reversed(FULL.items()))).hash


@pytest.mark.parametrize("path", [("strategies",), ("pools",), ("people", "niches"), ("strategies", "all", "split")])
def test_an_order_that_matters_changes_the_hash(path: Path_) -> None:
    """Strategies are compared, pools hired from and niches numbered in their order."""
    turned = copy_with(FULL, path, dict(reversed(at(FULL, path).items())))
    assert scenario_of(turned).hash != scenario_of(FULL).hash


@pytest.mark.parametrize("most", [100, "0.1 to 100", {"dist": "pert", "min": 0, "mode": 1, "max": 100}])
def test_strangers_are_at_most_a_hundred_times_as_many(most: object) -> None:
    """A ratio of 100 is the largest, of a creator and of a format; of a range, what holds 95% of it counts."""
    more = json.loads(json.dumps(most).replace("100", "100.1"))
    for keys in ("nonfollower_reach_ratio", "formats"):
        its, too_much = ({"nonfollower_reach_ratio": ratio} for ratio in (most, more))
        if keys == "formats":
            its, too_much = {"formats": {"story": its}}, {"formats": {"story": too_much}}
        assert creator_with(**its).can_be_discovered
        with pytest.raises(ValidationError, match="must be at most 100: then 99 of 100 impressions are on strangers"):
            creator_with(**too_much)


@pytest.mark.parametrize("lognormal", [{"dist": "lognormal", "median": 1, "sigma": s} for s in (2.7, 2.9)])
def test_strangers_of_a_lognormal_are_as_many_as_its_95_percent_point(lognormal: dict[str, Any]) -> None:
    """exp(2.7 x 1.645) is 85, exp(2.9 x 1.645) is 118."""
    if lognormal["sigma"] < 2.8:
        assert creator_with(nonfollower_reach_ratio=lognormal).can_be_discovered
    else:
        with pytest.raises(ValidationError, match="at most 100"):
            creator_with(nonfollower_reach_ratio=lognormal)


@pytest.mark.parametrize("cpm", [0, -1, "0 to 5", {"dist": "pert", "min": 0, "mode": 4, "max": 5}])
def test_nobody_is_told_to_write_what_is_refused_next(cpm: object) -> None:
    """What must be above 0 gives no advice on how 0 is written; elsewhere the advice holds."""
    for section in (Boost, Ads):
        with pytest.raises(ValidationError, match="must be above 0: impressions that cost nothing") as error:
            section.model_validate({"cpm": cpm})
        assert not [details for details in error.value.errors() if "pert" in details["msg"]]
    product = {"order_value": 1, "margin": 0.5}
    with pytest.raises(ValidationError, match="must be 1 or more"):
        Product.model_validate({**product, "untracked_multiplier": "0 to 3"})
    with pytest.raises(ValidationError, match="for what may be 0 write"):
        Product.model_validate({**product, "order_value": "0 to 3"})


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_every_seed_is_a_seed_like_any_other(seed: int) -> None:
    """The first, the second and the last seed are kept as they are, and have hashes of their own."""
    scenario = scenario_of({**FULL, "seed": seed})
    assert seed == scenario.seed
    assert scenario.hash != scenario_of({**FULL, "seed": 2}).hash


def test_the_bytes_of_a_graph_file_count_and_its_place_does_not() -> None:
    """A scenario with the same edges elsewhere is the same; with other edges it isn't."""
    raw = {**FULL, "people": {"graph_file": "edges.csv"}}
    here = scenario_of({**raw, "graph_digest": "abc", "folder": Path("here")})
    there = scenario_of({**raw, "people": {"graph_file": "a/b.csv"}, "graph_digest": "abc", "folder": Path("there")})
    assert here.hash == there.hash
    assert here.hash != scenario_of({**raw, "graph_digest": "abd"}).hash
    assert Path("here/edges.csv") == here.graph_path
    assert scenario_of(FULL).graph_path is None


# ---- other numbers of replications, and writing


def test_more_replications_are_the_same_world() -> None:
    """A longer run of a scenario differs from it in nothing but the number of replications."""
    full = scenario_of(FULL)
    longer = full.with_replications(500)
    assert 500 == longer.replications
    assert full.world_hash == longer.world_hash
    assert full == longer.with_replications(400)


@pytest.mark.parametrize("replications", [0, -1, 1_000_001, 2.0, True, "5", None])
def test_a_number_of_replications_that_is_none_is_refused(replications: Any) -> None:
    """What can't be a number of replications is an error of the scenario, with what is allowed."""
    with pytest.raises(ScenarioError, match=r"replications: given .*; must be a whole number from 1 to 1,000,000\."):
        scenario_of(FULL).with_replications(replications)


def test_the_resolved_scenario_is_the_same_scenario(tmp_path: Path) -> None:
    """A scenario written with all its defaults loads back equal, with the same hash, and is written alike again."""
    full = scenario_of(copy_with(FULL, ("strategies", "one", "creators"), ["ben"]))
    file = tmp_path / "resolved.toml"
    file.write_text(resolved_toml(full), encoding="utf-8")
    again = load(file)
    assert (full.hash, full.world_hash) == (again.hash, again.world_hash)
    assert full == again.model_copy(update={"folder": full.folder, "written": full.written})
    assert resolved_toml(full) == resolved_toml(again)


def test_the_resolved_scenario_of_a_graph_file_is_the_same_from_anywhere(tmp_path: Path) -> None:
    """A resolved scenario names its graph file so that it can be run from another folder."""
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    away.mkdir()
    (home / "edges.csv").write_text("followed,follower\na,u1\n", encoding="utf-8")
    creator = {**creator_with().model_dump(exclude_none=True), "handle": "a"}
    raw = {
        "name": "from-file",
        "horizon_days": 1.0,
        "people": {"graph_file": "edges.csv"},
        "product": {"order_value": 1.0, "margin": 0.5},
        "brand": FULL["brand"],
        "creators": [creator],
        "strategies": {"only_a": {"creators": ["a"]}},
    }
    (home / "first.toml").write_text(resolved_toml(scenario_of({**raw, "folder": home})), encoding="utf-8")
    first = load(home / "first.toml")
    (away / "second.toml").write_text(resolved_toml(first), encoding="utf-8")
    assert first.hash == load(away / "second.toml").hash
