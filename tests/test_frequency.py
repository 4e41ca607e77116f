"""How often people are reached, and how many of those that the product is for.

Frequency follows a beta-binomial law, because people differ in how much of their feed they see; reach on target is
counted exactly where everybody sees everything.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from market_helpers import Z_BOUND
from scipy import stats
from study_helpers import creator, tiny

import simulator
from simulator.campaign.content import conditions_of
from simulator.campaign.hiring import hire
from simulator.campaign.play import play
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import build_market
from simulator.scenario.model import Scenario
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.tally import COUNTS
from simulator.study.results import csv_bytes

PEOPLE, POSTS, RATE, SPREAD = 20_000, 6, 0.3, 0.3


def posting_to_all(folder: Path, rate: float = RATE, posts: int = POSTS, **values: object) -> Scenario:
    """Give a scenario in which everybody follows one creator, and nobody shares or tires."""
    anna = creator(
        "anna",
        followers=PEOPLE,
        post_days=[i / 10 for i in range(posts)],
        reach_per_follower=rate,
        share_per_impression=0.0,
        delay={"dist": "constant", "hours": 0.0},
    )
    people = {"count": PEOPLE, "followings_per_person": 0, "activity_spread": SPREAD}
    plan = {"one": {"creators": ["anna"]}}
    return tiny(folder, people=people, pools={}, creators=[anna], strategies=plan, markets=1, **values)


def reaches(scenario: Scenario) -> tuple[int, int, int, int]:
    """Play it once and give reach at 1, 2 and 3 and more impressions, and on target."""
    plan = hire(scenario, 0, "one")
    outcome = play(scenario, build_market(scenario, 0, plan.profiles), plan, 0)
    return outcome.reach, outcome.reach_2_plus, outcome.reach_3_plus, outcome.on_target_reach


def test_frequency_is_beta_binomial(tmp_path: Path) -> None:
    """Of 20,000 people with 6 posts each; error rate 6.8e-6 for each figure, people who are all alike are rejected."""
    size = 1 / SPREAD - 1
    laws = stats.betabinom(POSTS, RATE * size, (1 - RATE) * size), stats.binom(POSTS, RATE)
    seen = np.array(reaches(posting_to_all(tmp_path))[:3])
    right, alike = (np.array([law.sf(k) for k in range(3)]) for law in laws)
    error = np.sqrt(right * (1 - right) / PEOPLE)
    assert np.all(np.abs(seen / PEOPLE - right) < Z_BOUND * error)
    assert np.all(np.abs(seen / PEOPLE - alike) > Z_BOUND * error)


def test_reach_on_target_counts_the_people_of_the_niche(tmp_path: Path) -> None:
    """Where everybody sees a post it is the niche; without a niche it is everybody who was reached."""
    product = {"order_value": 100, "margin": 0.5}
    everybody = posting_to_all(tmp_path, rate=1.0, posts=2, product=product)
    assert (PEOPLE, PEOPLE, 0, PEOPLE) == reaches(everybody)
    its = posting_to_all(tmp_path, rate=1.0, posts=2, product={**product, "niche": "food"})
    food = build_market(its, 0, hire(its, 0, "one").profiles).people.niche == its.people.niche_index("food")  # type: ignore[union-attr]
    assert (PEOPLE, PEOPLE, 0, int(np.count_nonzero(food))) == reaches(its)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_the_answer_shows_reach_where_it_differs(tmp_path: Path, engine: str) -> None:
    """In the summary with intervals and compared between strategies, as reach is, on both clocks."""
    study = simulator.run(tiny(tmp_path, product={"order_value": 90, "margin": 0.5, "niche": "food"}), engine=engine)  # type: ignore[arg-type]
    for its in study.summary["strategies"].values():
        means = [its[name]["mean"]["value"] for name in ("reach", "reach_2_plus", "reach_3_plus")]
        assert means == sorted(means, reverse=True)
        assert its["on_target_reach"]["mean"]["value"] <= means[0]
    assert {"reach_2_plus", "on_target_reach"} <= {its["measure"] for its in study.summary["comparisons"]}


RESPONSE = [0.5, 1.5, 1.0, 0.2]


def test_response_wears_in_and_out(tmp_path: Path) -> None:
    """Clicks by post, which is the k-th impression of everybody, are binomial with the k-th factor; error rate 6.8e-6.

    The last factor holds on. Without the list every post's factor is 1, which is rejected.
    """
    behaviour = {"response_by_frequency": RESPONSE}
    clicks = clicks_by_post(posting_to_all(tmp_path, rate=1.0, behaviour=behaviour))
    chances = 0.2 * np.array([*RESPONSE, RESPONSE[-1], RESPONSE[-1]])
    error = np.sqrt(chances * (1 - chances) / PEOPLE)
    assert np.all(np.abs(clicks / PEOPLE - chances) < Z_BOUND * error)
    plain = clicks_by_post(posting_to_all(tmp_path, rate=1.0))
    assert np.all(np.abs(plain / PEOPLE - 0.2) < Z_BOUND * np.sqrt(0.16 / PEOPLE))
    assert np.all((np.abs(plain / PEOPLE - chances) > Z_BOUND * error) == (chances != 0.2))


def clicks_by_post(scenario: Scenario) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Play it once and give the clicks on each post."""
    plan = hire(scenario, 0, "one")
    market = build_market(scenario, 0, plan.profiles)
    its = conditions_of(scenario, market, plan, Unknowns.of(scenario.seed, 0))
    crowd = CompiledCrowd(its)
    for post in range(len(its.posts)):
        crowd.advance(post * 100)
        crowd.publish(post, post * 100)
    crowd.advance(its.horizon + 1)
    return np.asarray(crowd.tally().by_post[:, COUNTS.index("clicks")])


def test_a_list_of_ones_is_no_key(tmp_path: Path) -> None:
    """What counts 1 each time changes no byte."""
    plain, written = (
        simulator.run(tiny(tmp_path, behaviour={"reach_per_peer": 0.2, "fatigue": 0.3, **more})).replications
        for more in ({}, {"response_by_frequency": [1, 1]})
    )
    assert csv_bytes(plain) == csv_bytes(written)
