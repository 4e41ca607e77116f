"""Rates that are laws of followers: by hand, by counts, without steps; a flat law is no law.

Checks against a law use fixed seeds and go wrong about a right program with probability 6.8e-6 each; a negative control
stands beside every one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from market_helpers import P_BOUND
from pydantic import TypeAdapter
from scipy import stats
from study_helpers import DELAY, creator, tiny, tiny_values

import simulator
from simulator.campaign.content import conditions_of, reach_rate, usual_engagement
from simulator.campaign.hiring import Plan, hire
from simulator.campaign.play import Engine
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import build_market
from simulator.scenario.account import RATES
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import LogQuadraticRate, PowerRate, Rate, RateLaw, factor, highest, rate_at, unknown_of
from simulator.spread.conditions import Post, chance
from simulator.streams import name_key, uniform
from simulator.study.results import Study, csv_bytes, resolved_toml

ENGINES: tuple[Engine, ...] = ("compiled", "reference")


def power(value: object, exponent: float, at: float = 1000) -> dict[str, object]:
    """Give a power law as TOML holds it."""
    return {"law": "power", "at": at, "value": value, "exponent": exponent}


def inverted_u(value: object, curvature: float, at: float = 1000, slope: float = 0.0) -> dict[str, object]:
    """Give a log-quadratic law as TOML holds it."""
    return {"law": "log_quadratic", "at": at, "value": value, "curvature": curvature, "slope": slope}


def law(given: dict[str, object]) -> RateLaw:
    """Read a law."""
    adapter: TypeAdapter[RateLaw | Quantity] = TypeAdapter(Rate)
    rate = adapter.validate_python(given)
    assert isinstance(rate, PowerRate | LogQuadraticRate)
    return rate


# ---- the law itself


@pytest.mark.parametrize(
    ("given", "followers", "expected"),
    [
        (power(0.1, -0.5), 1000, 1.0),
        (power(0.1, -0.5), 4000, 0.5),
        (power(0.1, -0.5), 250, 2.0),
        (power(0.1, 2.0), 3000, 9.0),
        (power(0.1, -0.22, at=30_000), 1_000_000, (100 / 3) ** -0.22),
        (inverted_u(0.1, -0.1), 1000, 1.0),
        (inverted_u(0.1, -0.1), 10_000, np.exp(-0.1 * np.log(10) ** 2)),
        (inverted_u(0.1, -0.1), 100, np.exp(-0.1 * np.log(10) ** 2)),
        (inverted_u(0.1, 0.0, slope=0.5), 4000, 2.0),
        (inverted_u(0.1, -0.1, slope=0.5), 2000, np.exp(0.5 * np.log(2) - 0.1 * np.log(2) ** 2)),
    ],
)
def test_the_factor_is_the_formula(given: dict[str, object], followers: float, expected: float) -> None:
    """(f / at) ** exponent, and exp(slope x d + curvature x d ** 2) with d = ln(f / at); exactly 1 at `at`."""
    assert factor(law(given), followers) == pytest.approx(expected, rel=1e-12)
    assert factor(law(given), 1000 if given["at"] == 1000 else 30_000) == 1.0


@pytest.mark.parametrize(
    "given", [power(0.1, -0.22, at=30_000), power(0.1, -0.41, at=30_000), inverted_u(0.1, -0.1, at=1e6)]
)
def test_there_is_no_step(given: dict[str, object]) -> None:
    """99,999 and 100,001 followers differ by less than 1e-4; 30,000 and 3,000,000 do by more than a third."""
    few, many = (factor(law(given), followers) for followers in (99_999, 100_001))
    assert few != many
    assert few == pytest.approx(many, rel=1e-4)
    low, high = sorted(factor(law(given), followers) for followers in (30_000, 3_000_000))
    assert low < high / 1.3


@pytest.mark.parametrize(("slope", "curvature"), [(0.0, -0.1), (0.4, -0.1), (-0.7, -0.05), (0.3, -1.0)])
def test_an_inverted_u_has_its_summit_where_it_should(slope: float, curvature: float) -> None:
    """At `at` where the slope is 0, else at `at` x exp(-slope / (2 x curvature)); a finer look finds nothing higher."""
    its, at = law(inverted_u(0.1, curvature, at=1e6, slope=slope)), 1e6 * np.exp(-slope / (2 * curvature))
    around = at * np.geomspace(0.01, 100, 4001)
    values = [factor(its, followers) for followers in around]
    assert around[int(np.argmax(values))] == pytest.approx(at)
    rate, followers = highest(its, 1.0, 1e10)
    assert rate == pytest.approx(0.1 * max(values))
    assert followers == pytest.approx(at)


def test_the_highest_rate_is_found_wherever_it_is() -> None:
    """Of 400 laws on as many ranges of followers none is higher anywhere than is said, and it is reached inside."""
    rng = np.random.default_rng(5)
    for number in range(400):
        slope, curvature = rng.uniform(-3, 3, 2) * rng.integers(0, 2, 2)
        its = law(power(0.1, slope, 1e4) if number % 2 else inverted_u(0.1, curvature, 1e4, slope))
        fewest, most = sorted(np.exp(rng.uniform(0, np.log(1e7), 2)).tolist())
        rate, followers = highest(its, fewest, most)
        assert fewest <= followers <= most
        assert rate == 0.1 * factor(its, followers)
        assert max(0.1 * factor(its, f) for f in np.geomspace(fewest, most, 200)) <= rate * (1 + 1e-9)


def test_a_plain_rate_knows_nothing_of_followers() -> None:
    """A share is what it is, for any account; its highest value is the plausible one."""
    plain = Quantity("share", "range", (0.01, 0.03))
    assert {0.02} == {rate_at(plain, 0.02, followers) for followers in (0, 1000, 1e9)}
    assert highest(plain, 5.0, 7.0)[0] == 0.03
    assert unknown_of(plain) is plain


def test_a_rate_stays_a_share() -> None:
    """What a law would lift above 1 is 1; nobody has less than one follower; nothing overflows."""
    steep, narrow = law(power("50% to 90%", -3.0)), law(inverted_u(0.5, -3.0))
    assert rate_at(steep, 0.5, 900) == pytest.approx(0.5 * (1000 / 900) ** 3)
    assert 1.0 == rate_at(steep, 0.5, 500) == rate_at(steep, 0.5, 1)
    assert factor(steep, 0) == factor(steep, 1) == pytest.approx(1e9)
    assert 0.0 == rate_at(steep, 0.0, 1)
    assert 0.0 <= rate_at(narrow, 0.5, 1) < 1e-60
    assert rate_at(law(inverted_u(1.0, 3.0, at=1e10)), 1.0, 1) == 1.0


# ---- in a play


def scenario(tmp_path: Path, **rates: object) -> Scenario:
    """Give a scenario with creators of 250, 1,000 and 4,000 followers of whom a fifth is fake, alone and together."""
    own = {"fake_share": 0.2, "reach_per_follower": 0.3, "post_days": [0, 0.25], **rates}
    followers = {"anna": 1000, "bert": 4000, "carl": 250}
    return tiny(
        tmp_path,
        people={"count": 5000, "followings_per_person": 2.0},
        creators=[creator(handle, followers=count, **own) for handle, count in followers.items()],
        strategies={"all": {"creators": [*followers]}} | {handle: {"creators": [handle]} for handle in followers},
        budget=5000,
    )


def plan_and_posts(of: Scenario, strategy: str, replication: int = 0) -> tuple[Plan, tuple[Post, ...]]:
    """Give whom a strategy hires, and the posts of one play."""
    plan = hire(of, 0, strategy)
    market = build_market(of, 0, plan.profiles)
    return plan, conditions_of(of, market, plan, Unknowns.of(of.seed, replication)).posts


LAWS = {
    "reach_per_follower": power(0.2, -0.5),
    "engagement_per_impression": power(0.1, -0.5),
    "share_per_impression": inverted_u(0.02, -0.25),
    "click_per_impression": power(0.04, 0.5),
    "order_per_click": inverted_u(0.3, 0.0, slope=-0.5),
    "formats": {"feed": {}, "story": {"reach_per_follower": power(0.1, -1.0)}},
    "post_formats": ["feed", "story"],
}


def test_the_rates_of_each_creator_are_by_hand(tmp_path: Path) -> None:
    """With a quarter, one and four times the followers of `at`: each rate and each format, alone or with others."""
    of = scenario(tmp_path, **LAWS)
    bend = 0.02 * np.exp(-0.25 * np.log(4) ** 2)
    by_hand = {  # reach of feed and story, per real follower; engagement, share, click, order
        "anna": (0.2 / 0.8, 0.1 / 0.8, 0.1, 0.02, 0.04, 0.3),
        "bert": (0.1 / 0.8, 0.025 / 0.8, 0.05, bend, 0.08, 0.15),
        "carl": (0.4 / 0.8, 0.4 / 0.8, 0.2, bend, 0.02, 0.6),
    }
    together = plan_and_posts(of, "all")[1]
    for row, (handle, (feed, story, *rates)) in enumerate(by_hand.items()):
        for post, reach in zip(together[2 * row : 2 * row + 2], (feed, story), strict=True):
            actual = (post.reach[0], post.reach[-1], post.engage, post.share, post.click, post.order)
            assert [chance(rate) for rate in (reach, reach, *rates)] == pytest.approx(list(map(int, actual)), abs=1)
        alone = plan_and_posts(of, handle)[1]
        assert [(p.key, p.engage, p.order) for p in alone] == [
            (p.key, p.engage, p.order) for p in together[2 * row : 2 * row + 2]
        ]


def test_what_is_usual_follows_the_law(tmp_path: Path) -> None:
    """The platform's and a boost's idea of a usual post, and the reach outside the market, are those of the creator."""
    of = scenario(tmp_path, **LAWS)
    unknowns = Unknowns.of(of.seed, 0)
    anna, bert, carl = hire(of, 0, "all").profiles
    assert [0.1, 0.05, 0.2] == [pytest.approx(usual_engagement(its, unknowns)) for its in (anna, bert, carl)]
    assert [0.25, 0.125, 0.5] == [pytest.approx(reach_rate(its, "feed", unknowns)) for its in (anna, bert, carl)]


def test_the_value_of_a_law_is_the_unknown_it_was_before(tmp_path: Path) -> None:
    """In each replication a creator has the plain rate's own draw, times the factor of its followers."""
    plain = scenario(tmp_path / "plain", engagement_per_impression="5% to 10%")
    lawful = scenario(tmp_path / "law", engagement_per_impression=power("5% to 10%", -0.5))
    drawn = set()
    for replication in range(5):
        pairs = zip(
            plan_and_posts(plain, "all", replication)[1], plan_and_posts(lawful, "all", replication)[1], strict=True
        )
        for number, (before, after) in enumerate(pairs):
            assert after.engage == pytest.approx(before.engage * (1.0, 0.5, 2.0)[number // 2], abs=2)
            drawn.add(before.engage)
    assert len(drawn) == 15


def tables(study: Study) -> list[bytes]:
    """Give all that a study wrote down."""
    return [csv_bytes(table) for table in (study.replications, study.timeline, study.creators)]


def eventful(tmp_path: Path, make: Callable[[object], object]) -> Scenario:
    """Give the tiny scenario with formats, discovery and a boost, every rate of it as `make` writes a value."""
    values: dict[str, Any] = tiny_values()
    rates = {key: make(value) for key, value in values["pools"]["micro"].items() if key in RATES}
    story = {"formats": {"story": {"reach_per_follower": make("5% to 9%")}}, "post_formats": ["story"]}
    boost = {"top": 1, "day": 0.25, "days": 1, "budget": 50, "cpm": 100}
    return tiny(
        tmp_path,
        people={**values["people"], "activity_spread": 0.3},
        pools={"micro": {**values["pools"]["micro"], **rates, **story, "nonfollower_reach_ratio": 0.5}},
        creators=[{**its, **rates} for its in values["creators"]],
        strategies={**values["strategies"], "many": {"split": {"micro": 0.9}, "boost": boost}},
    )


FLAT: dict[str, Callable[[object], object]] = {
    "power": lambda value: power(value, 0.0, at=77),
    "log_quadratic": lambda value: inverted_u(value, 0.0, at=1e9),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", FLAT)
def test_a_flat_law_is_its_value(tmp_path: Path, engine: Engine, kind: str) -> None:
    """Exponent 0, or slope and curvature 0, change no byte of a study on either clock; a slope does."""

    def study(make: Callable[[object], object]) -> list[bytes]:
        return tables(simulator.run(eventful(tmp_path, make), replications=4, engine=engine, workers=1))

    plain = study(lambda value: value)
    assert plain == study(FLAT[kind])
    assert plain != study(lambda value: power(value, -0.1, at=200))


def test_both_clocks_play_laws_alike(tmp_path: Path) -> None:
    """A law changes what a post is, not how it is played."""
    of = scenario(tmp_path, **LAWS)
    compiled, reference = (simulator.run(of, replications=3, engine=engine, workers=1) for engine in ENGINES)
    assert tables(compiled) == tables(reference)


# ---- by counts


def pool_of_laws(tmp_path: Path) -> Scenario:
    """Give a pool of 40 accounts with 10,000 to 1,000,000 followers, of whom a hundredth are people of the market."""
    pool = {
        "count": 40,
        "followers": "10_000 to 1_000_000",
        "outside_share": 0.99,
        "fee": 1,
        "post_days": [0],
        "reach_per_follower": 0.5,
        "engagement_per_impression": power(0.1, -0.22, at=30_000),
        "share_per_impression": 0.0,
        "click_per_impression": 0.1,
        "order_per_click": 0.0,
        "delay": DELAY,
    }
    return tiny(
        tmp_path,
        people={"count": 20_000, "followings_per_person": 0.0},
        markets=1,
        replications=10,
        pools={"micro": pool},
        creators=[],
        strategies={"many": {"split": {"micro": 1.0}}},
    )


def test_the_engagements_of_a_pool_follow_its_law(tmp_path: Path) -> None:
    """Of each creator's impressions, counted in creators.csv, as many engage as the law gives to its followers.

    Without fatigue and quality spread the engagements of a creator are binomial given its impressions, exactly; the
    bound is shared by the 40 creators. Control: laws with other exponents, and one rate for the whole pool, fail.
    """
    of = pool_of_laws(tmp_path)
    rows = simulator.run(of, workers=1).creators.to_pylist()
    assert len(rows) == 40
    followers = {row["creator"]: shown_followers(of.seed, int(row["creator"].removeprefix("micro/"))) for row in rows}
    assert {row["creator"]: row["followers"] for row in rows} == followers
    least = {
        name: min(p_value(row, of.replications, rate(followers[row["creator"]])) for row in rows)
        for name, rate in CANDIDATES.items()
    }
    assert least["right"] > P_BOUND / 40
    assert max(value for name, value in least.items() if name != "right") < P_BOUND / 40


CANDIDATES: dict[str, Callable[[int], float]] = {
    "right": lambda followers: 0.1 * (followers / 30_000) ** -0.22,
    "flatter": lambda followers: 0.1 * (followers / 30_000) ** -0.19,
    "steeper": lambda followers: 0.1 * (followers / 30_000) ** -0.25,
    "of the pool": lambda _: 0.1 * (100_000 / 30_000) ** -0.22,
}


def shown_followers(seed: int, place: int) -> int:
    """Draw the followers of a pool's creator from its name, as section 3 of the design page writes names."""
    luck: float = uniform(name_key(seed, "market", 0, "pool", "micro", place, "followers"))
    return round(10_000 * float(100**luck))


def p_value(row: dict[str, Any], replications: int, rate: float) -> float:
    """Test a creator's engagements against a rate per impression, exactly."""
    engagements, impressions = (round(row[key] * replications) for key in ("engagements", "impressions"))
    return float(stats.binomtest(engagements, impressions, rate).pvalue)


# ---- as a part of a scenario


def test_a_scenario_with_laws_is_written_and_read_alike(tmp_path: Path) -> None:
    """The resolved scenario holds the laws, with distributions inside, and is the same scenario."""
    beta = {"dist": "pert", "min": 0.1, "mode": 0.2, "max": 0.3}
    of = scenario(
        tmp_path,
        **LAWS | {"reach_per_follower": power(beta, -0.2), "click_per_impression": inverted_u("1% to 3%", -0.1)},
    )
    file = tmp_path / "resolved.toml"
    file.write_text(resolved_toml(of), encoding="utf-8")
    again = load(file)
    assert (of.hash, resolved_toml(of)) == (again.hash, resolved_toml(again))
    assert of.creators == again.creators
    other = load(file, {"creators.anna.click_per_impression.curvature": -0.2})
    assert other.creators[0].click_per_impression != of.creators[0].click_per_impression
    assert other.creators[1:] == of.creators[1:]


def test_only_laws_know_of_followers(tmp_path: Path) -> None:
    """An account says whether one of its rates, or of its formats' rates, is a law."""
    anna = scenario(tmp_path, **LAWS).creators[0]
    assert anna.has_laws
    assert 7 == len(anna.rates)
    assert not scenario(tmp_path).creators[0].has_laws
    formats = {"formats": {"story": {"reach_per_follower": power(0.1, 0.0)}, "feed": {}}}
    assert scenario(tmp_path, **formats).creators[0].has_laws
