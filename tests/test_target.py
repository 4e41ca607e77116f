"""How much money reaches a target: ladders by exact laws, splits where the answer is known, the command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from study_helpers import RATES, tiny, tiny_values, tree, write_scenario

import simulator
from simulator.cli import main
from simulator.decide import budgets, ladder, levers
from simulator.decide.ladder import Bools, Reached, first_rung, needed, round_numbers
from simulator.decide.target import Target, target
from simulator.decide.target_tables import may_be_enough
from simulator.errors import ScenarioError
from simulator.present.pictures.target import draw_target
from simulator.present.target import confidence_table, target_lines, target_table
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.variant import changed
from simulator.study.estimates import Values, probability, quantile_ranks
from simulator.study.results import json_bytes
from simulator.study.trial_store import TrialStore
from simulator.study.trials import Trials

LAST = 60


class Dial:
    """A made-up dial, of which it is known on which rung each draw first reaches the target."""

    def __init__(self, first: Values) -> None:
        self.first, self.plays = first, 0

    def play(self, rung: int, draws: Sequence[int]) -> Bools:
        self.plays += len(draws)
        reached: Bools = self.first[np.asarray(draws, dtype=int)] <= rung
        return reached

    def reached(self, *, rising: bool = True) -> Reached:
        return Reached(self.play, len(self.first), rising)


# ---- ladders


@pytest.mark.parametrize(("least", "most"), [(1.0, 10.0), (0.37, 5.0), (95.0, 141_931.26), (1000.0, 1001.0)])
def test_round_numbers_are_close_and_end_with_the_most(least: float, most: float) -> None:
    numbers = round_numbers(least, most)
    assert least <= numbers[0] <= 1.025 * least
    assert most == numbers[-1]
    steps = np.array(numbers[1:]) / np.array(numbers[:-1])
    assert (steps > 1).all()
    assert (steps <= 1.0251).all()
    assert all(float(f"{number:.3g}") == number for number in numbers[:-1])


@pytest.mark.parametrize("rising", [True, False])
@pytest.mark.parametrize("start", [0, 17, LAST])
def test_the_first_rung_is_found_wherever_it_is(start: int, *, rising: bool) -> None:
    """Also where it is the first, the last or none."""
    for first in range(3, LAST + 2):
        found = first_rung(lambda rung, first=first: rung >= first, LAST, start=start, first=3, rising=rising)
        assert found == (first if first <= LAST else None)


def test_where_more_harms_the_first_stretch_that_holds_is_found() -> None:
    """A stretch that is shorter than the stride may be missed, no other."""
    for begin in range(LAST - ladder.STRIDE):
        stretch = range(begin, begin + ladder.STRIDE)
        assert begin == first_rung(lambda rung, its=stretch: rung in its, LAST, rising=False)
    assert first_rung(lambda rung: rung == 1, LAST, rising=False) is None


@pytest.mark.parametrize("rising", [True, False])
def test_what_is_needed_is_an_order_statistic(*, rising: bool) -> None:
    """For every draw's own smallest rung, the rung needed and its bounds are sorted values, however it is searched."""
    for seed in range(20):
        first = np.random.default_rng(seed).integers(0, LAST + 8, 90)
        rank, bounds = quantile_ranks(90, "0.8")
        assert bounds is not None
        expected = [
            int(its) if its <= LAST else None for its in np.sort(first)[[rank - 1, bounds[0] - 1, bounds[1] - 1]]
        ]
        found = needed(Dial(first).reached(rising=rising), 0.8, LAST, start=3 * seed)
        assert expected == [found.rung, found.low, found.high]


def test_few_draws_have_no_bounds() -> None:
    found = needed(Dial(np.arange(10)).reached(), 0.8, LAST)
    assert (7, None, None, False) == (found.rung, found.low, found.high, found.bounded)


def test_what_follows_from_other_rungs_is_not_played() -> None:
    """Where more helps, an interval costs few plays of each draw; where it may not, many."""
    first = np.random.default_rng(1).integers(0, 400, 400)
    rising, plain = Dial(first), Dial(first)
    assert needed(rising.reached(), 0.8, 480, start=300) == needed(plain.reached(rising=False), 0.8, 480)
    assert rising.plays < 5 * 400 < 20 * 400 < plain.plays


def test_a_draw_that_falls_is_seen_and_more_is_asked_for() -> None:
    """The rung that is named is played by every draw; where those taken from lower rungs fall short, it goes up."""
    falls = {5: 10, 6: 10}  # how many of 20 draws reach it; on every other rung from 4 on, 16 do

    def play(rung: int, draws: Sequence[int]) -> Bools:
        reached: Bools = np.asarray(draws) < (0 if rung < 4 else falls.get(rung, 16))
        return reached

    dial = Reached(play, 20, rising=True)
    assert dial.at_least(4, 16)
    assert dial.at_least(5, 16), "taken from the rung below"
    assert 7 == ladder._settled(dial, 5, 16, 9)
    assert (6, 16) == dial.contradicted(5)
    assert ladder._settled(dial, 5, 16, 6) is None


def test_a_few_draws_are_enough_where_they_leave_no_doubt() -> None:
    dial = Dial(np.where(np.arange(800) % 10 < 2, 9, 0))
    reached = dial.reached()
    assert not reached.seems(3, 0.8 + 0.15)
    assert dial.plays < 200
    assert reached.seems(3, 0.8), "exactly 80% of all draws do"
    assert 800 == dial.plays


def test_what_is_seen_of_a_rung_is_a_fair_sample() -> None:
    """After a search elsewhere, the share on a rung holds the true one; what happens to be known of it does not."""
    rng, fair, known = np.random.default_rng(15), [], []
    for _ in range(200):
        reached = Dial(rng.integers(0, 100, 128)).reached()
        for rung in (80, 84, 76, 79, 60):
            reached.seems(rung, 0.8)
        chance, its = probability(*reached.seen(60)), reached.known(60)
        assert chance["low"] is not None is not chance["high"]
        fair.append(chance["low"] <= 0.61 <= chance["high"])
        known.append(np.mean(its[its >= 0]))
    assert np.mean(fair) > 0.9
    assert np.mean(known) < 0.55


# ---- how often an interval holds: 66 splits that are alike, of which the one that seems cheapest is chosen

_SPLITS, _DRAWS, _RUNGS = 66, 100, 4000
_TRUE = 3199  # P(first <= rung) = (rung + 1) / _RUNGS00, so 80% need this rung


def covers(firsts: Values) -> Bools:
    """Say of studies (studies, draws) whether the interval of the rung needed by 80% holds the true one."""
    _, bounds = quantile_ranks(_DRAWS, "0.8")
    assert bounds is not None
    ordered = np.sort(firsts, axis=1)
    held: Bools = (ordered[:, bounds[0] - 1] <= _TRUE) & (_TRUE <= ordered[:, bounds[1] - 1])
    return held


def chosen_and_fresh(seed: int, studies: int) -> tuple[Values, Values]:
    """Give the draws by which the cheapest of splits that are alike was chosen, and new ones of it."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, _RUNGS, (studies, _SPLITS, _DRAWS))
    rank, _ = quantile_ranks(_DRAWS, "0.8")
    cheapest = np.argmin(np.sort(first, axis=2)[:, :, rank - 1], axis=1)
    return first[np.arange(studies), cheapest], rng.integers(0, _RUNGS, (studies, _DRAWS))


def test_the_interval_holds_on_new_draws_and_not_on_those_that_chose() -> None:
    """The intervals are those of `needed`, which is asked in some of the studies."""
    old, new = chosen_and_fresh(1, 400)
    for first in new[:5]:
        found = needed(Dial(first).reached(), 0.8, _RUNGS - 1, start=_TRUE)
        assert covers(first[None])[0] == (
            found.low is not None and found.low <= _TRUE and (found.high is None or _TRUE <= found.high)
        )
    assert np.mean(covers(new)) > 0.93
    assert np.mean(covers(old)) < 0.85


@pytest.mark.slow
def test_coverage_of_many_studies() -> None:
    """At least 95% of 4,000 hold on new draws, and the budget suffices as often as not; the choice flatters."""
    old, new = chosen_and_fresh(2, 4_000)
    assert np.mean(covers(new)) > 0.947
    assert np.mean(covers(old)) < 0.85
    rank, bounds = quantile_ranks(_DRAWS, "0.8")
    assert bounds is not None
    named = (np.sort(new, axis=1)[:, [rank - 1, bounds[1] - 1]] + 1) / _RUNGS  # the true chance
    assert abs(named[:, 0].mean() - 0.8) < 0.01
    assert np.mean(named[:, 1] >= 0.8) > 0.97, "the upper end is enough in 97.5% of studies"
    flattered = (np.sort(old, axis=1)[:, rank - 1] + 1) / _RUNGS
    assert flattered.mean() < 0.77


# ---- what money buys

EXACT = {"reach_per_follower": 1.0, "engagement_per_impression": 0.0, "share_per_impression": 0.0, "followers": 300}
SURE = RATES | EXACT | {"post_days": [0], "delay": {"dist": "exponential", "mean_hours": 0.5}}


def exact_values(**values: object) -> dict[str, object]:
    """Give a scenario without luck in impressions: 300 for each creator, of whom small ones are cheaper."""
    own: dict[str, object] = {
        "people": {"count": 2000, "followings_per_person": 8.0},
        "behaviour": {"reach_per_peer": 0.0},
        "replications": 20,
        "budget": 1000,
        "creators": [],
        "pools": {
            "small": SURE | {"count": 6, "fee": 100},
            "large": SURE | {"count": 4, "fee": 250, "followers": 600},
        },
        "strategies": {"mix": {"split": {"small": 0.5, "large": 0.5}}},
    }
    return tiny_values(**(own | values))


def exact(folder: Path, **values: object) -> Scenario:
    return simulator.load(write_scenario(folder, exact_values(**values)))


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return exact(tmp_path_factory.mktemp("target"))


def test_budgets_end_where_everybody_is_hired(scenario: Scenario) -> None:
    """600 for six small ones and 1,000 for four large ones, in steps of a tenth: 40% for small is 1,667 in all."""
    offers = budgets.offers_of(scenario, None, 10, None)
    assert 1666.68 == offers.budgets[-1]
    assert ("mix", ("small", "large"), 11) == (offers.strategy, offers.pools, len(offers.points))
    bought = offers.bought((4, 6), offers.last)
    assert ((6, 6), (4, 4)) == (bought["small"].hired, bought["large"].hired)
    assert (600.0, 600.0) == bought["small"].spent


def test_a_plan_that_hires_nobody_is_none_and_two_that_buy_the_same_are_one(scenario: Scenario) -> None:
    offers = budgets.offers_of(scenario, None, 10, 1000)
    first, last = offers.ends((10, 0))
    assert (100.0, offers.last) == (offers.budgets[first], last)
    assert offers.alternative((10, 0), first - 1) is None
    assert offers.alternative((10, 0), first) is offers.alternative((9, 1), offers.rung(115))
    assert {"small": 0.9, "large": 0.1} == offers.shares((9, 1))


def test_new_draws_may_be_played_in_markets_that_the_first_are_not(tmp_path: Path) -> None:
    """What is bought counts in every market of the scenario, so what buys the same in two of four is not the same."""
    pools = {"small": SURE | {"count": 6, "fee": "80 to 120", "management_cost": 0}}
    splits = {"all": {"split": {"small": 1.0}}}
    its = exact(tmp_path, pools=pools, strategies=splits, replications=2, markets=4)
    offers = budgets.offers_of(its, None, 5, None)
    wanted = [offers.bought((5,), rung)["small"].hired for rung in range(len(offers.budgets))]
    every = changed(its, {"replications": 4})
    again = budgets.offers_of(every, None, 5, None)
    assert wanted == [again.bought((5,), rung)["small"].hired for rung in range(len(again.budgets))]


def test_limits_of_the_decision_hold(tmp_path: Path) -> None:
    decision = {"least_share": {"small": 0.2}, "most_share": {"small": 0.5}, "most_hired": {"large": 2}}
    offers = budgets.offers_of(exact(tmp_path, decision={**decision, "most_spend": 1500}), None, 10, None)
    assert [(2, 8), (3, 7), (4, 6), (5, 5)] == list(offers.points)
    assert 1500 == offers.budgets[-1]
    _, last = offers.ends((2, 8))
    assert (2, 2) == offers.bought((2, 8), last)["large"].hired
    assert offers.alternative((2, 8), last + 1) is None


def test_many_pools_are_split_in_fewer_steps(tmp_path: Path) -> None:
    pools = {name: SURE | {"count": 3, "fee": 100} for name in ("a", "b", "c", "d", "e")}
    splits = {"mix": {"split": dict.fromkeys(pools, 0.2)}}
    offers = budgets.offers_of(exact(tmp_path, pools=pools, strategies=splits), None, 10, None)
    assert 4 == sum(offers.points[0])
    assert len(offers.points) == len(set(offers.points)) == budgets.MOST_SPLITS


# ---- the answer, where it is known


def asked(scenario: Scenario, at_least: float, **how: Any) -> Target:
    return target(scenario, measure="impressions", at_least=at_least, steps=5, **how)


def cheapest(scenario: Scenario, impressions: int) -> float:
    """Try every split on every budget, and count 300 and 600 impressions per creator."""
    offers = budgets.offers_of(scenario, None, 5, None)
    for rung, budget in enumerate(offers.budgets):
        for point in offers.points:
            bought = offers.bought(point, rung)
            if 300 * bought["small"].hired[0] + 600 * bought["large"].hired[0] >= impressions:
                return budget
    raise AssertionError("everybody together is not enough")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trials")


@pytest.fixture(scope="module")
def found(scenario: Scenario, kept: Path) -> Target:
    return asked(scenario, 2400, trials=Trials(store=TrialStore(kept)))


@pytest.fixture(scope="module")
def missed(scenario: Scenario) -> Target:
    return asked(scenario, 6000)


def test_the_smallest_budget_and_its_split_are_found(scenario: Scenario, found: Target) -> None:
    """Without luck it is the one that counting finds, with certainty."""
    its = found.summary["needed"]
    assert found.summary["reached"]
    budget = cheapest(scenario, 2400)
    assert [budget] * 3 == [its["budget"][end] for end in ("low", "value", "high")]
    hired = {pool: bought["hired"][0] for pool, bought in its["buys"].items()}
    assert 300 * hired["small"] + 600 * hired["large"] >= 2400
    assert (1.0, 20) == (its["probability"]["value"], its["probability"]["n"])
    assert 0 == its["contradicted"]["plays"]


def test_the_table_has_a_row_per_split(found: Target) -> None:
    rows = found.table.to_pylist()
    assert 6 == len(rows)
    assert [True] + [False] * 5 == [row["chosen"] for row in rows]
    assert [1.0] * 6 == [row["share_small"] + row["share_large"] for row in rows]
    assert all(row["as_good"] for row in rows if row["chosen"])


def test_splits_are_called_worse_only_all_together() -> None:
    """Of 40 that are just as good, none is in all but 5% of studies; one by one that would be said in most."""
    rng, together, alone = np.random.default_rng(17), 0, 0
    for _ in range(200):
        seen = [(int(its), 100) for its in rng.binomial(100, 0.8, 40)]
        together += not all(may_be_enough(seen, 0.8))
        alone += not all(may_be_enough([its], 0.8)[0] for its in seen)
    assert together <= 0.09 * 200, "17 or fewer of 200, with probability 0.99"
    assert alone > 100
    assert [False, True] == may_be_enough([(50, 100), (0, 2)], 0.8)[:1] + may_be_enough([(2, 2)], 0.8)


def test_the_curves_are_of_each_pool_alone(found: Target) -> None:
    """Without luck a chance is 0 or 1, and never falls with more money."""
    curves = found.summary["curves"]
    assert [1.0, 1.0] == [max(curve["shares"].values()) for curve in curves[-2:]]
    for curve in curves:
        values = [point["probability"]["value"] for point in curve["points"]]
        assert set(values) <= {0.0, 1.0}
        assert values == sorted(values)


def test_out_of_reach_says_what_there_is_and_what_would_have_to_be_true(scenario: Scenario, missed: Target) -> None:
    """4,200 impressions are all there are; 6,000 take 1.43 times as many creators, as many as round to enough."""
    its = missed.summary["out_of_reach"]
    assert not missed.summary["reached"]
    assert 4200 == its["brings"]["value"]
    assert np.isclose(6000 / 4200, its["times"]["value"])
    by_name = {row["lever"]: row for row in its["levers"]}
    assert ["reach_per_follower", levers.FEES, levers.CREATORS] == list(by_name)
    assert 1.0 == by_name["reach_per_follower"]["most"], "everybody is reached already"
    assert by_name[levers.FEES]["factor"]["value"] is None
    factor = by_name[levers.CREATORS]["factor"]["value"]
    enough = [times for times in round_numbers(1.0, 10.0) if 300 * round(6 * times) + 600 * round(4 * times) >= 6000]
    assert enough[0] == factor


def test_a_rate_that_is_too_low_is_told_by_its_factor(tmp_path: Path) -> None:
    """Half of the followers see the posts; the factor that is found is enough, and the one before it is not."""
    pools = {"small": SURE | {"count": 6, "fee": 100, "reach_per_follower": 0.5}}
    scenario = exact(tmp_path, pools=pools, strategies={"all": {"split": {"small": 1.0}}})
    its = asked(scenario, 1400, most_budget=600).summary["out_of_reach"]
    by_name = {row["lever"]: row["factor"] for row in its["levers"]}
    assert levers.CREATORS not in by_name, "no more than 600 may be spent"
    reach = by_name["reach_per_follower"]
    assert 1400 / 900 - 0.1 < reach["low"] <= reach["value"] <= reach["high"] < 1400 / 900 + 0.1
    better = changed(scenario, {"pools.small.reach_per_follower": 0.5 * reach["value"]})
    assert asked(better, 1400, most_budget=600).summary["reached"]


def test_quantities_are_multiplied_as_they_are_written() -> None:
    assert 0.5 == levers.times(Quantity("share", "fixed", (0.25,)), 2.0)
    assert {"dist": "lognormal", "median": 30.0, "sigma": 0.5} == levers.times(
        Quantity("amount", "lognormal", (10.0, 0.5)), 3.0
    )
    assert {"dist": "pert", "min": 0.0, "mode": 2.0, "max": 4.0} == levers.times(
        Quantity("amount", "pert", (0.0, 1.0, 2.0)), 2.0
    )


def test_the_same_question_gives_the_same_answer_and_plays_nothing_again(
    scenario: Scenario, found: Target, kept: Path
) -> None:
    count = Count()
    again = asked(scenario, 2400, trials=Trials(store=TrialStore(kept), workers=1, progress=count))
    assert json_bytes(found.summary) == json_bytes(again.summary)
    assert found.table.equals(again.table)
    assert 0 == count.played


class Count:
    """Counts plays."""

    def __init__(self) -> None:
        self.played = 0

    def expect(self, plays: int) -> None:
        """Take no note."""

    def add(self, plays: int) -> None:
        self.played += plays


def test_profit_may_be_spent_away(tmp_path: Path) -> None:
    """Creators after the first two only cost, so up to which budget the target is reached is told."""
    pool = SURE | {"fee": 50, "click_per_impression": 0.9, "order_per_click": 0.9}
    del pool["followers"]
    rows = [{"handle": f"good{n}", "followers": 400} for n in (1, 2)]
    rows += [{"handle": f"bad{n}", "followers": 10, "fee": 10_000} for n in (1, 2, 3)]
    scenario = exact(
        tmp_path,
        pools={"own": {**pool, "creators": rows}},
        strategies={"all": {"split": {"own": 1.0}}},
        product={"order_value": 100.0, "margin": 0.5},
    )
    its = target(scenario, measure="profit", at_least=15_000.0).summary
    assert not its["rising"]
    assert 50 <= its["needed"]["budget"]["value"] <= 110
    assert 19_500 < its["needed"]["enough_until"] < 20_100, "with the second one it is gone"
    assert any("is too much" in line for line in target_lines(its))


def test_who_spends_little_is_not_nearest_to_a_profit(tmp_path: Path) -> None:
    """Each creator loses money, so one alone loses least; but with higher margins six would bring most."""
    pools = {"small": SURE | {"count": 6, "fee": 2000}}
    scenario = exact(tmp_path, pools=pools, strategies={"all": {"split": {"small": 1.0}}})
    its = target(scenario, measure="profit", at_least=10_000.0, replications=8).summary
    out = its["out_of_reach"]
    assert out["brings"]["value"] < 0
    assert (6, 6) == out["buys"]["small"]["hired"]
    assert "no budget is enough. The nearest, $12" in target_lines(its)[0]


# ---- what cannot be asked


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"confidence": 1.2}, "confidence: given 1.2; must be a share of the plays above 0 and below 1, such as 0.8."),
        ({"confidence": 0}, "confidence: given 0; must be"),
        ({"at_least": None}, "at-least: no target is given. Say how much of orders is wanted, such as --at-least"),
        ({"at_least": float("nan")}, "at-least: given nan; must be a number."),
        ({"measure": "ordrs"}, 'there is no such measure. Did you mean "orders"?'),
        ({"steps": 0}, "steps: given 0; allowed is 1 to 100, such as 10 for shares of 10%."),
        ({"strategy": "mux"}, "strategy: given 'mux'; no strategy of that name splits a budget. Did you mean \"mix\"?"),
        ({"most_budget": -1.0}, "most-budget: given -1.00; must be more than the 0.00 that the creators and the boost"),
        ({"most_budget": 50.0}, "most-budget: with 50.00 every split hires nobody in some market"),
        ({"replications": 0}, "replications: given 0; must be a whole number from 1"),
    ],
)
def test_what_is_possible_is_said(scenario: Scenario, how: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        target(scenario, **{"measure": "orders", "at_least": 5.0, **how})
    assert message in str(refused.value)


def test_a_scenario_without_a_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none splits a budget between pools or ads, so more money buys nothing"):
        asked(tiny(tmp_path, strategies={"one": {"creators": ["anna"]}}), 10)


def test_limits_that_no_step_keeps_are_refused(tmp_path: Path) -> None:
    decision = {"least_share": {"small": 0.41}, "most_share": {"small": 0.49}}
    with pytest.raises(ScenarioError, match=r"decision: no split in steps of 0\.2 keeps least_share and most_share"):
        asked(exact(tmp_path, decision=decision), 10)


# ---- sentences, picture, command


def test_the_answer_comes_first(found: Target, missed: Target) -> None:
    first, *more = target_lines(found.summary)
    assert re.match(
        r"\$[\d,]+ \(\$[\d,]+ to \$[\d,]+\) is the smallest budget that reaches 2,400 impressions in 80%", first
    )
    assert any(
        line.startswith("Of 20 plays that had no part in choosing the split, 100% (83% to 100%)") for line in more
    )
    assert more[-1].endswith("The table of splits is of the plays that chose among them, the answer above of others.")
    first, *more = target_lines(missed.summary)
    assert first.startswith("Out of reach: even $1,667 with 40% to small and 60% to large, which hires all there are")
    assert "In 80% of plays it brings 4,200 (4,200 to 4,200) impressions or more; the target is 1.43" in more[1]
    assert any("reach_per_follower (cannot be higher)" in line for line in more)


def test_tables_tell_the_splits_and_what_other_confidences_need(found: Target, missed: Target) -> None:
    (heads, rows), (_, sure) = target_table(found.summary), confidence_table(found.summary)
    budget = found.summary["needed"]["budget"]["value"]
    assert ["split", f"reaches it with ${budget:,.0f}", "needs about"] == heads
    assert [f"${budget:,.0f}"] == [row[2] for row in rows[:1]]
    assert ["70%", "80%", "90%"] == [row[0] for row in sure]
    none = {**found.summary["confidences"][0], "budget": {"value": None, "low": None, "high": None}}
    assert ["70%", "out of reach", ""] == confidence_table({**found.summary, "confidences": [none]})[1][0]
    assert [] == confidence_table(missed.summary)[1]


def test_what_the_plays_leave_open_is_said(found: Target, missed: Target) -> None:
    """An interval without an upper end, none at all, other splits, and a plan that may be enough after all."""
    needed = found.summary["needed"]
    open_end = {**needed, "budget": {**needed["budget"], "low": None, "high": None}}
    assert "(at least $" in target_lines({**found.summary, "needed": open_end})[0]
    few = {**open_end, "at_least": None}
    assert "(no interval: too few plays)" in target_lines({**found.summary, "needed": few})[0]
    fell = {**needed, "contradicted": {"plays": 3, "of": 20}}
    assert any("In 3 of 20 plays" in line for line in target_lines({**found.summary, "needed": fell}))
    splits = [{**its, "as_good": True} for its in found.summary["splits"]]
    assert any(
        line.startswith("Too close to call whether they do worse")
        for line in target_lines({**found.summary, "splits": splits})
    )
    out = {**missed.summary["out_of_reach"], "probability": probability(15, 20)}
    assert target_lines({**missed.summary, "out_of_reach": out})[0].startswith("Too close to call: the best there is")


def test_both_answers_are_drawn(found: Target, missed: Target, tmp_path: Path) -> None:
    for its in (found, missed):
        assert ["target.png", "target.svg"] == [path.name for path in draw_target(its, tmp_path)]
        text = (tmp_path / "target.svg").read_text(encoding="utf-8")
        assert "asked for: 80%" in text
        assert its.summary["hash"][:8] in text


def test_the_command_prints_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = exact_values(replications=8, pools={"small": SURE | {"count": 6, "fee": 100}})
    file = write_scenario(tmp_path, values | {"strategies": {"all": {"split": {"small": 1.0}}}})
    monkeypatch.chdir(tmp_path)
    words = ["target", file.name, "--measure", "impressions", "--at-least", "700"]
    done = CliRunner().invoke(main, words)
    assert 0 == done.exit_code, done.output
    assert "reaches 700 impressions in 80% of plays, with all of it to small" in " ".join(done.stdout.split())
    assert "plays finished" in done.stderr
    folder = tmp_path / "results" / "tiny" / "decisions"
    assert {"target.json", "target.csv", "figures/target.png", "figures/target.svg"} <= set(tree(folder))
    again = CliRunner().invoke(main, [*words, "--json", "--quiet"])
    assert (folder / "target.json").read_text(encoding="utf-8") == again.stdout
    refused = CliRunner().invoke(main, [*words, "--confidence", "1.2"])
    assert (2, "") == (refused.exit_code, refused.stdout)
    assert "confidence: given 1.2; must be a share" in refused.stderr
