"""Sentences: each says what its interval supports, in either direction, and no more."""

from __future__ import annotations

import copy
import dataclasses
import re
from typing import Any

import make_study
import numpy as np
import pyarrow as pa
import pytest
from make_study import HandMadeStudy, make, skewed
from scipy import stats

from simulator.present import claims, titles, words
from simulator.present.claims import Facts
from simulator.present.hiring import COST_WORDS, PAID, account_sizes, cost_line, dropped_line, hiring_line
from simulator.scenario.contract import COSTS
from simulator.study import compare, estimates
from simulator.study.creators import CREATOR_SCHEMA

Summary = dict[str, Any]


def estimate(value: float | None, low: float | None, high: float | None, n: int = 500) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "level": 0.95, "method": "given", "n": n}


def mean(
    value: float | None, low: float | None, high: float | None, across: tuple[float, float] | None = None
) -> dict[str, Any]:
    others = estimate(value, *across, n=4) if across else None
    return {**estimate(value, low, high), "across_markets": others}


BASE = make({"portfolio": skewed(500, 0.3), "celebrity": skewed(500, 0.1, seed=2)}).summary
BETTER = mean(0.31, 0.243, 0.381)
WORSE = mean(-0.31, -0.381, -0.243)
UNCLEAR = mean(0.04, -0.05, 0.13)
NEVER_VARIED = {**mean(400.0, None, None), "method": estimates.NO_VARIATION}
LIKELY, UNLIKELY, EVEN = estimate(0.78, 0.76, 0.80), estimate(0.22, 0.20, 0.24), estimate(0.5, 0.48, 0.52)


def told(
    portfolio: dict[str, Any] = BETTER,
    celebrity: dict[str, Any] = UNCLEAR,
    difference: dict[str, Any] = BETTER,
    wins: tuple[dict[str, Any], dict[str, Any]] = (LIKELY, UNLIKELY),
) -> Summary:
    """Give a summary of two plans with these means of ROI and this paired difference."""
    summary: Summary = copy.deepcopy(BASE)
    for plan, roi in (("portfolio", portfolio), ("celebrity", celebrity)):
        summary["strategies"][plan]["roi"]["mean"] = roi
        summary["strategies"][plan]["profit"]["mean"] = roi
        summary["strategies"][plan]["roi"]["probability_positive"] = EVEN
        share = {end: None if roi[end] is None else 1 + roi[end] for end in ("value", "low", "high")}
        breaks_even(summary["strategies"][plan], estimate(**share))
    for pair in summary["comparisons"]:
        if pair["measure"] in ("roi", "profit"):
            pair["difference"]["mean"] = difference
            pair["a_beats_b"], pair["b_beats_a"] = wins
    return summary


def earning(portfolio: dict[str, Any], celebrity: dict[str, Any]) -> Summary:
    """Give a summary of two plans with these means of profit."""
    summary = told()
    for plan, profit in (("portfolio", portfolio), ("celebrity", celebrity)):
        summary["strategies"][plan]["profit"]["mean"] = profit
    return summary


def breaks_even(its: dict[str, Any], share: dict[str, Any]) -> None:
    """Let the orders of a plan without commissions and refunds bring in this share of what it costs."""
    its["ratios"] = {"break_even_cost_share": share, "break_even_order_factor": estimates.reciprocal(share)}  # type: ignore[arg-type]
    its["order_contribution"] = {"mean": share}


def swapped(summary: Summary) -> Summary:
    """Exchange the two plans' places, but not what is known about them."""
    turned = copy.deepcopy(summary)
    turned["strategies"] = {name: summary["strategies"][name] for name in ("celebrity", "portfolio")}
    for pair in turned["comparisons"]:
        pair["a"], pair["b"] = "celebrity", "portfolio"
        pair["a_beats_b"], pair["b_beats_a"] = pair["b_beats_a"], pair["a_beats_b"]
        difference = pair["difference"]["mean"]
        across = difference["across_markets"]
        pair["difference"]["mean"] = {**turn(difference), "across_markets": turn(across) if across else None}
    return turned


def turn(given: dict[str, Any]) -> dict[str, Any]:
    ends = {"value": "value", "low": "high", "high": "low"}
    return {**given, **{end: None if given[other] is None else -given[other] for end, other in ends.items()}}


def test_the_winner_is_named_with_its_margin_and_its_chance() -> None:
    """The verdict is the paired mean, with its interval, and the share of plays won."""
    expected = (
        "portfolio earns $0.31 more per $1 spent than celebrity (0.24 to 0.39) and wins 78% of plays (76% to 80%)."
    )
    assert (expected,) == words.answer(told()).wins


def test_the_verdict_turns_round_with_the_sign() -> None:
    """The same numbers the other way round name the other plan."""
    expected = (
        "celebrity earns $0.31 more per $1 spent than portfolio (0.24 to 0.39) and wins 78% of plays (76% to 80%)."
    )
    summary = told(UNCLEAR, BETTER, WORSE, (UNLIKELY, LIKELY))
    assert (expected,) == words.answer(summary).wins
    assert words.answer(summary).headline.startswith("celebrity earns $0.31 more per $1 spent than portfolio")


@pytest.mark.parametrize(
    "summary",
    [
        told(),
        told(UNCLEAR, BETTER, WORSE, (UNLIKELY, LIKELY)),
        told(difference=UNCLEAR, wins=(EVEN, EVEN)),
        told(difference=UNCLEAR, wins=(LIKELY, UNLIKELY)),
        told(wins=(UNLIKELY, LIKELY)),
        told(WORSE, WORSE, BETTER),
        told(difference=mean(0.31, 0.243, 0.381, across=(-0.1, 0.7))),
    ],
)
def test_no_plan_is_favoured(summary: Summary) -> None:
    """The order of the plans in the scenario changes no sentence about which one wins."""
    here, there = words.answer(summary), words.answer(swapped(summary))
    assert here.wins == there.wins
    assert here.headline == there.headline
    assert set(here.pays[1:]) == set(there.pays[1:])


def test_an_interval_with_0_is_too_close_to_call() -> None:
    """Without a clear mean there is no winner, whatever the value."""
    answer = words.answer(told(difference=UNCLEAR, wins=(EVEN, EVEN)))
    close, chances = answer.wins
    assert close.startswith("portfolio against celebrity is too close to call: ")
    assert close.endswith("the mean ROI of portfolio minus that of celebrity lies between -0.05 and 0.13.")
    assert "portfolio wins 50% of plays (48% to 52%) and celebrity 50% of plays (48% to 52%)." == chances
    assert "Too close to call: portfolio or celebrity" == answer.headline
    assert UNCLEAR == answer.undecided


@pytest.mark.parametrize("difference", [mean(0.1, 0.0, 0.2), mean(-0.1, -0.2, 0.0), mean(0.0, -0.1, 0.1)])
def test_an_interval_that_touches_0_decides_nothing(difference: dict[str, Any]) -> None:
    """An end at 0 is inside."""
    answer = words.answer(told(difference=difference, wins=(EVEN, EVEN)))
    assert "too close to call" in answer.wins[0]
    assert "more per" not in " ".join(answer.wins)


def test_ties_are_told_where_they_are_not_few() -> None:
    """Two chances that do not add up to 100% leave a question; negative control: 4% of ties do not."""
    rare = estimate(0.17, 0.14, 0.20)
    expected = (
        "portfolio wins 17% of plays (14% to 20%) and celebrity 17% of plays (14% to 20%); the other 66% are ties."
    )
    assert expected in words.answer(told(difference=UNCLEAR, wins=(rare, rare))).wins
    nearly = estimate(0.48, 0.46, 0.5)
    assert "ties" not in " ".join(words.answer(told(difference=UNCLEAR, wins=(nearly, nearly))).wins)


def test_winning_more_often_without_a_clear_mean_is_said() -> None:
    """The chance of winning does not make a verdict."""
    answer = words.answer(told(difference=UNCLEAR, wins=(LIKELY, UNLIKELY)))
    expected = "Mean and chance of winning disagree: portfolio wins more often, its mean is not clearly ahead."
    assert expected == answer.wins[-1]


def test_winning_less_often_with_the_better_mean_is_said() -> None:
    """Where mean and chance point different ways, both are told."""
    assert (
        "portfolio earns $0.31 more per $1 spent than celebrity (0.24 to 0.39) but wins 22% of plays (20% to 24%).",
        "Mean and chance of winning disagree: celebrity wins 78% of plays (76% to 80%), portfolio fewer but by more.",
    ) == words.answer(told(wins=(UNLIKELY, LIKELY))).wins


def test_ties_are_no_wins_of_the_other_plan() -> None:
    """A plan that wins few plays and loses none is not said to win less often."""
    answer = words.answer(told(wins=(UNLIKELY, estimate(0.0, 0.0, 0.01))))
    assert 1 == len(answer.wins)
    assert "and wins 22% of plays (20% to 24%)." in answer.wins[0]


def test_a_losing_plan_may_lose_less() -> None:
    """The better of two losing plans is not said to earn."""
    answer = words.answer(told(WORSE, mean(-0.62, -0.68, -0.56), BETTER))
    assert answer.wins[0].startswith("portfolio loses $0.31 less per $1 spent than celebrity (0.24 to 0.39)")
    assert "Neither plan pays on average." == answer.pays[0]
    assert answer.headline.startswith("Neither plan pays, but portfolio loses $0.31 less")


def test_more_money_with_the_lower_roi_is_said() -> None:
    """ROI and money may rank plans differently."""
    summary = told()
    for pair in summary["comparisons"]:
        if pair["measure"] == "profit":
            pair["difference"]["mean"] = mean(-4000.0, -4500.0, -3500.0)
    expected = "In money it is the other way round: celebrity makes $4,000 ($3,500 to $4,500) more profit."
    assert expected == words.answer(summary).wins[-1]


def test_less_money_lost_with_the_lower_roi_is_said() -> None:
    """A plan that loses makes no profit, also where it loses less than the other."""
    summary = told()
    for pair in summary["comparisons"]:
        if pair["measure"] == "profit":
            pair["difference"]["mean"] = mean(-4000.0, -4500.0, -3500.0)
    summary["strategies"]["celebrity"]["profit"]["mean"] = mean(-900.0, -1000.0, -800.0)
    expected = "In money it is the other way round: celebrity loses $4,000 ($3,500 to $4,500) less."
    assert expected == words.answer(summary).wins[-1]


def test_a_plan_that_pays_says_how_much_it_may_cost() -> None:
    """Profit, its chance, and how far break-even is."""
    expected = (
        "portfolio makes $0.31 profit per $1 spent on average (0.24 to 0.39) and makes a profit in 50% of plays "
        "(48% to 52%). It would still break even at 31% higher cost (24% to 39%) or 0.76 times the orders "
        "(0.72 to 0.81)."
    )
    assert expected == words.answer(told()).pays[1]


def test_a_plan_that_loses_says_what_would_break_even() -> None:
    """The loss has a positive size; break-even is lower cost or more orders."""
    expected = (
        "celebrity loses $0.38 per $1 spent on average (0.36 to 0.40) and makes a profit in 50% of plays "
        "(48% to 52%). It would break even at 38% lower cost (36% to 40%) or 1.61 times the orders (1.56 to 1.67)."
    )
    assert expected == words.answer(told(celebrity=mean(-0.38, -0.4, -0.36))).pays[2]


def test_break_even_within_the_error_claims_no_direction() -> None:
    """Neither lower cost nor more orders is asked for where today's may do."""
    expected = (
        "celebrity is too close to call: its mean ROI lies between -0.05 and 0.13, and it makes a profit in 50% of "
        "plays (48% to 52%). Its break-even lies within the error: between 5% lower cost and 13% higher cost."
    )
    assert expected == words.answer(told()).pays[2]


def test_no_orders_break_even_at_no_cost_only() -> None:
    """A loss of everything cannot be cured by a factor."""
    answer = words.answer(told(celebrity=mean(-1.0, -1.0, -1.0)))
    assert answer.pays[2].endswith("Its orders bring in no margin, so it would break even only at no cost at all.")


def test_costs_cannot_fall_by_more_than_all() -> None:
    """An interval beyond -100% is cut there; where orders may bring in nothing, no number of them surely does."""
    answer = words.answer(told(celebrity=mean(-0.9, -1.2, -0.6)))
    assert answer.pays[2].endswith(
        "It would break even at 90% lower cost (60% to 100%); how many times the orders that would take cannot be "
        "told, because they may contribute nothing."
    )


def break_even_of(**changes: Any) -> str:
    """Say what would break even for a plan that loses, with other facts about its orders or its stock."""
    summary = told(celebrity=mean(-0.38, -0.4, -0.36))
    its = summary["strategies"]["celebrity"]
    its["ratios"] |= changes.pop("ratios", {})
    its |= changes
    return words.answer(summary).pays[2].partition("It would ")[2]


def test_commissions_count_with_the_orders() -> None:
    """How many times the orders is a number of its own; where commissions take everything there is none."""
    lower = "break even at 38% lower cost (36% to 40%)"
    factor = {"break_even_order_factor": estimate(2.0, 1.8, 2.2)}
    assert break_even_of(ratios=factor) == f"{lower} or 2.0 times the orders (1.8 to 2.2)."
    none = {"break_even_order_factor": estimate(None, None, None)}
    for left in (0.0, -12.5):
        told_none = break_even_of(ratios=none, order_contribution={"mean": mean(left, left - 1, left + 1)})
        assert told_none == f"{lower}; more orders would not help, because commissions take all they bring in."


def test_orders_that_could_not_be_filled_are_not_asked_for() -> None:
    """Where the stock runs out in any play, only the cost is told."""
    probability = {"probability": estimate(0.002, 0.001, 0.01)}
    assert break_even_of(sold_out=probability) == "break even at 38% lower cost (36% to 40%)."
    for in_stock in (None, {"probability": estimate(0.0, 0.0, 0.01)}):
        assert break_even_of(sold_out=in_stock).endswith("or 1.61 times the orders (1.56 to 1.67).")


@pytest.mark.parametrize(
    ("portfolio", "celebrity", "sentence"),
    [
        (BETTER, BETTER, "Both plans pay on average."),
        (WORSE, WORSE, "Neither plan pays on average."),
        (UNCLEAR, UNCLEAR, "Whether either plan pays is too close to call."),
        (BETTER, WORSE, "portfolio pays on average; celebrity loses money on average."),
        (WORSE, UNCLEAR, "Whether celebrity pays is too close to call; portfolio loses money on average."),
        (
            {**mean(-1.0, None, None), "method": estimates.NO_VARIATION},
            BETTER,
            "celebrity pays on average; portfolio lost everything it spent in each of 500 plays.",
        ),
    ],
)
def test_whether_any_plan_pays_comes_first(portfolio: dict[str, Any], celebrity: dict[str, Any], sentence: str) -> None:
    """The first sentence groups the plans by what may be said of each."""
    assert sentence == words.answer(told(portfolio, celebrity)).pays[0]


@pytest.mark.parametrize(
    ("roi", "chance", "sentence"),
    [
        (BETTER, UNLIKELY, "most plays make no profit, but the gains outweigh the losses"),
        (WORSE, LIKELY, "most plays make a profit, but the losses outweigh the gains"),
    ],
)
def test_mean_and_chance_of_profit_may_disagree(roi: dict[str, Any], chance: dict[str, Any], sentence: str) -> None:
    """A mean carried by few plays is said to be so; negative control: not where they agree."""
    summary = told(portfolio=roi)
    summary["strategies"]["portfolio"]["roi"]["probability_positive"] = chance
    assert f"Its mean and its chance of profit disagree: {sentence}." in words.answer(summary).pays[1]
    summary["strategies"]["portfolio"]["roi"]["probability_positive"] = EVEN
    assert "disagree" not in words.answer(summary).pays[1]


def test_mean_roi_and_mean_profit_may_disagree() -> None:
    """Plays of large spend may turn the money round."""
    summary = told()
    summary["strategies"]["portfolio"]["profit"]["mean"] = mean(-4000.0, -4500.0, -3500.0)
    expected = "In money it is the other way round: its mean profit is -$4,000 (-$4,500 to -$3,500)."
    assert expected in words.answer(summary).pays[1]


def test_other_markets_may_turn_the_verdict_round() -> None:
    """A verdict on the markets played is not one on all markets."""
    limits = words.answer(told(difference=mean(0.31, 0.243, 0.381, across=(-0.1, 0.7)))).limits
    expected = "Over other markets this could turn round: portfolio against celebrity (-0.10 to 0.70)."
    assert expected in limits


def test_other_markets_may_hold_the_verdict() -> None:
    """Where the markets agree, that is said with their interval, as a size."""
    held = mean(0.31, 0.243, 0.381, across=(0.1, 0.5))
    assert (
        "The verdict holds over other markets like these, too (0.10 to 0.50)."
        in words.answer(told(difference=held)).limits
    )
    turned = swapped(told(difference=held))
    assert "The verdict holds over other markets like these, too (0.10 to 0.50)." in words.answer(turned).limits


def test_what_is_too_close_cannot_turn_round() -> None:
    """Where nothing is claimed, other markets contradict nothing."""
    unclear = mean(0.04, -0.05, 0.13, across=(-0.5, 0.6))
    summary = told(unclear, unclear, unclear, (EVEN, EVEN))
    assert "other markets" not in " ".join(words.answer(summary).limits)


def test_limits_name_level_markets_and_plays() -> None:
    """What intervals hold for is always said."""
    limits = words.answer(told()).limits
    assert "Intervals are 95% and hold for the 4 markets played (500 plays of each plan)." == limits[0]


@pytest.mark.parametrize(
    ("small", "large", "is_said"),
    [([5_000.0] * 3, [5_000.0, 400_000.0], True), ([5_000.0] * 3, [9_000.0], False), ([5_000.0] * 3, [], False)],
)
def test_what_decides_between_small_and_large_is_said_where_sizes_differ(
    small: list[float], large: list[float], is_said: bool
) -> None:
    """One large account is enough; not where the same ones are hired in another order, nor beside ads."""
    every = [(plan, size) for plan, sizes in (("portfolio", small), ("celebrity", large)) for size in sizes]
    rows = [{"strategy": plan, "followers": size, "audience": 1.0, "markets_hired_in": 4} for plan, size in every]
    study: Any = dataclasses.replace(make_study.two(), creators=pa.Table.from_pylist(rows, CREATOR_SCHEMA))
    said = words.answer(study.summary, account_sizes(study.creators.to_pylist())).limits
    assert is_said == (f"{words.SIZE_DECIDES}." in said)
    assert f"{words.SIZE_DECIDES}." not in words.answer(study.summary).limits


def test_what_decides_between_ads_and_creators_is_said_where_ads_are() -> None:
    """Where plans differ in paid media; negative control: not where all have the same share of it."""
    summary = copy.deepcopy(told())
    ads = {"market": 0, "buys": "ads", "pool": "ads", "hired": 0, "offered": 0, "spent": 9_000.0, "unspent": 0.0}
    summary["strategies"]["portfolio"]["hiring"] = [ads]
    assert f"{words.PAID_DECIDES}." == words.answer(summary).limits[-1]
    summary["strategies"]["celebrity"]["hiring"] = [ads]
    assert "decided by" not in " ".join(words.answer(summary).limits)


@pytest.mark.parametrize(("other", "is_said"), [(10_000.0, True), (57_500.0, False)])
def test_unlike_sums_are_said(other: float, is_said: bool) -> None:
    """A pool that stops at the first creator it cannot pay spends less than its budget."""
    returns = {"a": skewed(60, 0.3), "b": skewed(60, 0.1, seed=2)}
    limits = words.answer(make(returns, {"a": other}).summary).limits
    said = f"ROI compares unlike sums: what a play spends on average goes from ${other:,.0f} (a) to $60,000 (b)."
    assert is_said == (said in limits)
    assert is_said == any(line.startswith("ROI compares") for line in limits)


def test_one_market_says_nothing_about_others() -> None:
    """No interval across markets is made up."""
    summary = make({"a": skewed(100, 0.2), "b": skewed(100, 0.1, seed=2)}, markets=1).summary
    assert "Only one market was played, so nothing is known about others." in words.answer(summary).limits


def test_few_plays_are_called_few() -> None:
    """Under 30 plays the intervals are called rough; negative control: not with 400."""
    assert "12 plays are few: take the intervals as rough." in words.answer(make_study.two(12).summary).limits
    assert "are few" not in " ".join(words.answer(make_study.two(400).summary).limits)


def test_one_play_decides_nothing() -> None:
    """Without intervals nothing is claimed, of one plan or of two."""
    for study in (make_study.two(1), make_study.one(1)):
        answer = words.answer(study.summary)
        assert "One play gives no intervals, so nothing is claimed from it." == answer.limits[0]
        assert all("on average" not in text for text in (*answer.sentences, answer.headline))
        assert "one play decides nothing" in " ".join(answer.pays)
        assert "Going by the plays alone, it would" in " ".join(answer.pays)
    assert "One play tells nothing about chances" == titles.chance_title(make_study.two(1).summary)


def test_plans_that_never_differ_are_the_same() -> None:
    """A difference of exactly 0 is no close call, and more replications would not help."""
    answer = words.answer(make({"a": skewed(100, 0.2), "b": skewed(100, 0.2)}).summary)
    assert ("a and b have the same ROI in every one of 100 plays.",) == answer.wins
    assert "a and b have the same ROI in every one of 100 plays" == answer.headline
    assert answer.undecided is None


def test_a_single_plan_is_compared_with_nothing() -> None:
    """One plan gets its own verdict and no winner."""
    answer = words.answer(make_study.one().summary)
    assert 1 == len(answer.pays)
    assert ("Only one plan was played, so there is none to compare it with.",) == answer.wins
    assert answer.headline.startswith("portfolio makes $0.")
    assert "decided by" not in " ".join(answer.limits)


def test_a_plan_without_spend_has_no_roi() -> None:
    """An undefined ROI is named, not compared; one that is defined in some plays says in how many."""
    answer = words.answer(make_study.undefined().summary)
    assert "nobody has no ROI: no play of it spends anything." in answer.pays
    assert "The ROI of sometimes is that of the 200 of 400 plays in which something is spent." in answer.pays
    assert "nobody" not in " ".join(answer.wins)


def test_no_roi_at_all_still_gives_an_answer() -> None:
    """Plans that spend nothing leave nothing to compare."""
    summary = make({"a": np.full(40, np.nan), "b": np.full(40, np.nan)}).summary
    answer = words.answer(summary)
    assert "No plan spends anything, so none has an ROI; what each earns is in the table." == answer.pays[0]
    assert ("Fewer than two plans have an ROI, so they cannot be compared by it.",) == answer.wins
    assert "No plan has an ROI, so none has a chance of profit" == titles.chance_title(summary)


def test_with_many_plans_the_best_is_named() -> None:
    """The plan of highest mean ROI is named, and that it is ahead of each where it is."""
    rng = np.random.default_rng(1)
    levels = {"a": 0.1, "b": 0.5, "c": -0.3}
    plans = {name: level + 0.01 * rng.standard_normal(100) for name, level in levels.items()}
    answer = words.answer(make(plans).summary)
    assert "a and b pay on average; c loses money on average." == answer.pays[0]
    assert "b has the highest mean ROI of the 3 plans and is ahead of each of the others." == answer.wins[0]
    assert answer.wins[1].startswith("b earns $0.400 more per $1 spent than a")
    assert "Each interval holds by itself, not all of them together." in answer.limits
    expected = "Who is ahead of whom is claimed so that all 3 comparisons hold together (95%)."
    assert expected in answer.limits


def test_with_many_plans_the_close_ones_are_named() -> None:
    """Plans that the best cannot be told from are not called beaten."""
    rng = np.random.default_rng(1)
    levels = {"a": 0.5, "b": 0.5, "c": -0.3, "d": 0.5}
    plans = {name: level + 0.5 * rng.standard_normal(100) for name, level in levels.items()}
    answer = words.answer(make(plans).summary)
    best, *others = sorted("abd", key=lambda name: -np.mean(plans[name]))
    assert (
        f"{best} has the highest mean ROI of the 4 plans: it is ahead of c, but too close to call against "
        f"{others[0]} and {others[1]}."
    ) == answer.wins[0]
    assert (
        f"{best} has the highest mean ROI of the 4 plans, but is too close to call against {others[0]} and 1 other"
        == (answer.headline)
    )


def test_five_plans_and_hostile_names_come_out_as_text() -> None:
    """No name is interpreted, doubled or lost."""
    summary = make_study.five().summary
    shown = " ".join(words.answer(summary).sentences)
    assert make_study.HOSTILE in shown
    assert "celebrity_without_a...g_name_of_60_chars" in shown


@pytest.mark.parametrize(
    ("study", "title"),
    [
        (make_study.all_negative, "No play of any plan makes a profit"),
        (make_study.one, "portfolio makes a profit in 72% of plays"),
        (make_study.two, "portfolio makes a profit in 72% of plays, celebrity in 16%"),
    ],
)
def test_the_title_on_chances_gives_the_chances(study: Any, title: str) -> None:
    """It says how likely a profit is, and compares nothing."""
    assert title == titles.chance_title(study().summary)


def reach(difference: dict[str, Any]) -> Summary:
    """Give a summary in which the plans' reach differs by this."""
    summary = told()
    for plan, value in (("portfolio", 400_000.0), ("celebrity", 400_000.0 - difference["value"])):
        summary["strategies"][plan]["reach"]["mean"] = mean(value, value - 5000, value + 5000)
    for pair in summary["comparisons"]:
        if pair["measure"] == "reach":
            pair["difference"]["mean"] = difference
    return summary


def test_the_title_on_reach_names_the_larger_in_either_direction() -> None:
    """More people, with the paired interval."""
    more, fewer = mean(50_000.0, 40_000.0, 60_000.0), mean(-50_000.0, -60_000.0, -40_000.0)
    expected = "portfolio reaches 50,000 people more than celebrity (40,000 to 60,000)"
    assert expected == titles.reach_title(reach(more))
    assert "celebrity reaches 50,000 people more than portfolio (40,000 to 60,000)" == titles.reach_title(reach(fewer))


def test_the_title_on_reach_may_be_too_close() -> None:
    """No claim where the interval contains 0."""
    title = titles.reach_title(reach(mean(1000.0, -9000.0, 11_000.0)))
    assert "Too close to call which plan reaches more people: portfolio and celebrity" == title


def test_the_title_on_reach_calls_nothing_close_without_an_interval() -> None:
    """A plan that reached nobody in any play is neither close nor surely behind."""
    summary = make({"a": skewed(40, 0.4, 0.2), "lost": np.full(40, -1.0)}).summary
    expected = "a reaches the most people in these plays; no interval can be given against lost"
    assert expected == titles.reach_title(summary)


def three_of_reach(larger: float) -> Summary:
    """Give a summary of three plans, of which the first surely reaches so many more than the second, b."""
    returns = skewed(60, 0.3)
    summary = make({name: returns - lost for name, lost in (("a", 0.0), ("b", 0.1), ("c", 0.2))}).summary
    for name, behind in (("a", 0.0), ("b", larger), ("c", 2 * larger)):
        value = 50_000.0 - behind
        summary["strategies"][name]["reach"]["mean"] = mean(value, value - 1000, value + 1000)
    for pair in summary["comparisons"]:
        if pair["measure"] == "reach":
            value = larger * ("abc".index(pair["b"]) - "abc".index(pair["a"]))
            pair["difference"]["mean"], pair["p_value"] = mean(value, 0.9 * value, 1.1 * value), 1e-6
    return summary


def test_the_title_on_reach_of_many_says_by_how_much() -> None:
    """The paired difference from the next plan; where that is little beside what each reaches, it says so."""
    expected = "a reaches the most people, 20,000 (18,000 to 22,000) more than b"
    assert expected == titles.reach_title(three_of_reach(20_000.0))
    expected = "a reaches the most people, but of 50,000 only 200 (180 to 220) more than b"
    assert expected == titles.reach_title(three_of_reach(200.0))


def test_the_title_on_reach_of_one_or_one_play_claims_no_more() -> None:
    """One plan has a mean with its interval, one play only a number."""
    assert titles.reach_title(make_study.one().summary).endswith("people on average")
    assert titles.reach_title(make_study.two(1).summary).endswith("people in the only play")


@pytest.mark.parametrize(
    ("portfolio", "celebrity", "title"),
    [
        (
            mean(18_400.0, 16_300.0, 20_500.0),
            mean(-24_000.0, -26_000.0, -22_000.0),
            "On average, portfolio makes $18k profit and celebrity loses $24k",
        ),
        (
            mean(-18_400.0, -20_500.0, -16_300.0),
            mean(400.0, -900.0, 1700.0),
            "On average, portfolio loses $18k; whether celebrity makes a profit is too close to call",
        ),
        (
            mean(400.0, -900.0, 1700.0),
            mean(510.0, 160.0, 860.0),
            "On average, celebrity makes $500 profit; whether portfolio makes any is too close to call",
        ),
        (
            mean(400.0, -900.0, 1700.0),
            mean(-400.0, -1700.0, 900.0),
            "Whether either plan makes a profit is too close to call",
        ),
        (
            mean(-18_400.0, -20_500.0, -16_300.0, (-46_000.0, 9_000.0)),
            NEVER_VARIED,
            "On average in the markets played, portfolio loses $18k; what celebrity makes is not known",
        ),
        (
            mean(-18_400.0, -20_500.0, -16_300.0),
            NEVER_VARIED,
            "On average, portfolio loses $18k; what celebrity makes is not known",
        ),
        (
            mean(400.0, -900.0, 1700.0),
            NEVER_VARIED,
            "Whether portfolio makes a profit is too close to call; what celebrity makes is not known",
        ),
        (NEVER_VARIED, NEVER_VARIED, "These plays do not tell whether a plan makes a profit"),
    ],
)
def test_the_title_on_money_says_what_is_made_or_lost(
    portfolio: dict[str, Any], celebrity: dict[str, Any], title: str
) -> None:
    """Amounts where they are clear, none where not; what is clear comes first in either order of the plans."""
    assert title == titles.money_title(earning(portfolio, celebrity))
    turn = {"portfolio": "celebrity", "celebrity": "portfolio"}
    turned = re.sub(
        "portfolio|celebrity", lambda name: turn[name[0]], titles.money_title(earning(celebrity, portfolio))
    )
    assert title == turned or " and " in title


def test_the_title_on_money_is_short_where_markets_are_named() -> None:
    """So that it fits a slide; it says the same."""
    summary = earning(mean(18_400.0, 16_300.0, 20_500.0, (-9_000.0, 46_000.0)), mean(400.0, -900.0, 1700.0))
    title = titles.money_title(summary, short=True)
    assert "On average in the markets played, portfolio makes $18k profit; celebrity is too close to call" == title
    tie = earning(mean(400.0, -900.0, 1700.0), mean(400.0, -900.0, 1700.0))
    assert titles.money_title(tie) == titles.money_title(tie, short=True)


@pytest.mark.parametrize(
    ("profit", "title"),
    [
        (mean(510.0, 160.0, 860.0), "On average, portfolio makes $500 profit"),
        (mean(-18_400.0, -20_500.0, -16_300.0), "On average, portfolio loses $18k"),
        (mean(400.0, -900.0, 1700.0), "Whether portfolio makes a profit is too close to call"),
        (NEVER_VARIED, "These plays do not tell whether the plan makes a profit"),
    ],
)
def test_the_title_on_money_of_one_plan(profit: dict[str, Any], title: str) -> None:
    """There is no other plan to speak of."""
    summary = copy.deepcopy(make_study.one().summary)
    summary["strategies"]["portfolio"]["profit"]["mean"] = profit
    assert title == titles.money_title(summary)


@pytest.mark.parametrize(
    ("profit", "title"),
    [
        (mean(18_400.0, 16_300.0, 20_500.0), "All 5 plans make a profit on average"),
        (mean(-24_000.0, -26_000.0, -22_000.0), "All 5 plans lose money on average"),
        (mean(400.0, -900.0, 1700.0), "Whether any of the 5 plans makes a profit is too close to call"),
    ],
)
def test_the_title_on_money_does_not_count_where_all_are_alike(profit: dict[str, Any], title: str) -> None:
    """No "of 5 plans, 5"."""
    summary = copy.deepcopy(make_study.five().summary)
    for its in summary["strategies"].values():
        its["profit"]["mean"] = profit
    assert title == titles.money_title(summary)


def test_the_title_on_money_counts_many_plans() -> None:
    """Five plans are grouped, not listed."""
    title = titles.money_title(make_study.five().summary)
    assert "Of 5 plans, 2 make a profit on average, 2 lose money and 1 is too close to call" == title


def test_plans_whose_profit_is_not_known_are_counted_too() -> None:
    """So that the numbers add up."""
    summary = copy.deepcopy(make_study.five().summary)
    for its in list(summary["strategies"].values())[:2]:
        its["profit"]["mean"] = NEVER_VARIED
    title = (
        "Of 5 plans, 1 makes a profit on average, 1 loses money, 1 is too close to call and what 2 make is not known"
    )
    assert title == titles.money_title(summary)


def test_hiring_is_told_as_a_range_over_markets() -> None:
    """Fees differ between markets, and so do who is hired and what is left."""
    assert "portfolio hires 37 to 40 of 60 micro for $59,000 ($230 to $920 left unspent)." == hiring_line(
        make_study.two().summary, "portfolio"
    )


def test_hiring_of_named_creators_leaves_nothing_unspent() -> None:
    """Explicit creators have no pool; a number that never differs is told once."""
    summary = copy.deepcopy(make_study.two().summary)
    named = {"buys": "creators", "pool": None, "hired": 2, "offered": 2, "spent": 60_000.0, "unspent": None}
    summary["strategies"]["celebrity"]["hiring"] = [{"market": market, **named} for market in range(4)]
    assert "celebrity hires 2 named creators for $60,000." == hiring_line(summary, "celebrity")


def test_money_for_paid_impressions_is_said_after_whom_it_is_beside() -> None:
    """A boost and ads are no creators, wherever they stand; who hires nobody says so."""
    summary = copy.deepcopy(make_study.two().summary)
    its = summary["strategies"]["portfolio"]
    more = {"hired": 0, "offered": 0, "unspent": None}
    boost = {"buys": "boost", "pool": None, "spent": 5_000.0, **more}
    ads = [{"market": market, "buys": "ads", "pool": "ads", "spent": 9_000.0, **more} for market in range(4)]
    its["hiring"] = [*({"market": market, **boost} for market in range(4)), *its["hiring"], *ads]
    micro = "37 to 40 of 60 micro for $59,000 ($230 to $920 left unspent)"
    expected = f"portfolio hires {micro}; $5,000 for boosting posts; $9,000 for ads."
    assert expected == hiring_line(summary, "portfolio")
    its["hiring"] = ads
    assert "portfolio hires nobody; $9,000 for ads." == hiring_line(summary, "portfolio")


def test_another_currency_is_used_everywhere() -> None:
    """No dollar is left where the scenario counts in euros."""
    summary = make({"a": skewed(100, 0.2), "b": skewed(100, 0.9, seed=2)}, currency="EUR").summary
    text = " ".join((*words.answer(summary).sentences, titles.money_title(summary), hiring_line(summary, "a")))
    assert "per EUR 1 spent" in text
    assert "$" not in text


def lottery(seed: int) -> HandMadeStudy:
    """Make a plan of rare, huge orders whose true mean ROI is +2, beside one that earns a little in each play."""
    rng = np.random.default_rng(seed)
    return make({"lottery": 500.0 * rng.binomial(1, 6e-3, 100) - 1.0, "portfolio": rng.normal(0.3, 0.1, 100)})


def test_a_lottery_is_never_said_to_lose() -> None:
    """Of 40 studies of a plan that pays, none calls it a loser or beaten with certainty, or says "exact"."""
    unlucky = 0
    for seed in range(40):
        summary = lottery(seed).summary
        answer = words.answer(summary)
        text = " ".join((*answer.sentences, answer.headline, titles.money_title(summary)))
        assert "exact" not in text
        assert "lottery loses" not in text
        if summary["strategies"]["lottery"]["roi"]["mean"]["value"] == -1.0:
            unlucky += 1
            assert "portfolio pays on average; lottery lost everything it spent in each of 100 plays." in text
            assert "what lottery makes is not known" in text
            assert "too close" not in " ".join((answer.headline, *answer.wins)).lower()
            ahead = "it never varied; portfolio was ahead in 100 of 100 plays"
            assert f"No interval can be given for portfolio against lottery ({ahead})" == answer.headline
            assert answer.wins[0].startswith("No interval can be given for portfolio against lottery: lottery lost ")
            assert answer.wins[0].endswith("; portfolio was ahead in 100 of 100 plays.")
            assert "other markets" not in " ".join(answer.limits)
    assert unlucky > 10


def test_of_many_plans_one_that_never_varied_is_not_called_close() -> None:
    """Who was ahead in how many plays is told instead; negative control: a plan that is close is called so."""
    better, lost = skewed(40, 0.4, 0.2), np.full(40, -1.0)
    start = "a has the highest mean ROI of the 3 plans"
    unknown = "no interval can be given against lost (it never varied; a was ahead in 40 of 40 plays)"
    answer = words.answer(make({"a": better, "b": better - 0.5, "lost": lost}).summary)
    assert f"{start} and is ahead of b; {unknown}." == answer.wins[0]
    assert f"{start} and is ahead of b, but {unknown}" == answer.headline
    close = better + 1e-3 * np.random.default_rng(1).standard_normal(40) - 1e-5
    answer = words.answer(make({"a": better, "b": close, "lost": lost}).summary)
    assert f"but is too close to call against b; {unknown}." in answer.wins[0].replace("it is", "is")
    nothing = words.answer(make({"a": better, "gone": np.full(40, -0.9), "lost": lost}).summary)
    expected = f"{start}, but no interval can be given against gone and lost (gone and lost never varied)"
    assert (f"{expected}.", expected) == (nothing.wins[0], nothing.headline)
    assert "too close" not in nothing.headline


def test_two_plans_that_lost_everything_leave_nothing_to_say() -> None:
    """A single plan and two of them: facts about the plays, no verdict, no break-even."""
    lost = np.full(100, -1.0)
    alone = words.answer(make({"a": lost}).summary)
    assert "a lost everything it spent in each of 100 plays" == alone.headline
    assert (
        "a lost everything it spent in each of 100 plays; where nothing varies, nothing is known about the mean.",
    ) == (alone.pays)
    both = words.answer(make({"a": lost, "b": lost}).summary)
    assert "Whether any plan pays cannot be told from these plays." == both.pays[0]
    assert ("a and b have the same ROI in every one of 100 plays.",) == both.wins
    assert "exact" not in " ".join((*alone.sentences, *both.sentences))


def test_few_orders_are_named() -> None:
    """A plan with orders in fewer than 10 plays rests on few; negative controls: 10 plays, and every one of few."""

    def text(orders: int, plays: int) -> str:
        roi = np.where(np.arange(plays) < orders, 3.0, -1.0) + 1e-3 * (np.arange(plays) < orders) * np.arange(plays)
        return " ".join(words.answer(make({"a": roi}).summary).pays)

    assert "What is said of a rests on few orders: 9 plays have any, of 100." in text(9, 100)
    assert "What is said of a rests on few orders: 1 play has any, of 100." in text(1, 100)
    assert "few orders" not in text(10, 100)
    assert "few orders" not in text(6, 6)


def common_markets() -> Summary:
    """Make three plans; "some" spends only in the two good markets, where "all" is better by far."""
    rng = np.random.default_rng(3)
    good = np.arange(200) % 4 >= 2
    plans = {
        "some": np.where(good, 0.5, np.nan) + 0.1 * rng.standard_normal(200),
        "all": np.where(good, 1.0, -1.0) + 0.1 * rng.standard_normal(200),
        "low": np.full(200, -0.9) + 0.02 * rng.standard_normal(200),
    }
    return make(plans).summary


def test_plans_are_ranked_by_the_plays_they_share() -> None:
    """A plan with the higher mean of its own, from good markets only, does not come before one that beats it there."""
    answer = words.answer(common_markets())
    start = "all comes first of the 3 plans, pair by pair where both spend"
    assert f"{start} and is ahead of each of the others." == answer.wins[0]
    assert answer.wins[1].endswith(", in the 100 plays where both spend.")
    assert answer.wins[1].startswith("all earns $0.")
    assert "too close to call" not in " ".join(answer.wins)


def test_a_plan_that_is_ahead_of_the_first_is_said_to_be() -> None:
    """Pairs of different plays may go round in a circle; none of them is called too close to call."""
    market, rng = np.arange(300) % 3, np.random.default_rng(4)
    levels = {"a": (1.0, np.nan, 0.2), "b": (0.5, 1.0, np.nan), "c": (np.nan, 0.5, 0.7)}
    plans = {name: np.array(level)[market] + 0.05 * rng.standard_normal(300) for name, level in levels.items()}
    answer = words.answer(make(plans, markets=3).summary)
    assert "b has the highest mean ROI of the 3 plans: it is ahead of c, but behind a." == answer.wins[0]
    assert answer.headline.endswith("but is behind a")


def test_picking_the_best_of_many_is_corrected_for() -> None:
    """Of plans that are equal, the luckiest is said to be ahead of any in at most 5% of studies (error rate 1e-4).

    Negative control: the single intervals of the luckiest name one it is ahead of far more often.
    """
    rng = np.random.default_rng(5)
    claimed = single = 0
    for _ in range(150):
        summary = summary_of_roi(rng.standard_normal((5, 40)))
        facts = Facts(summary)
        best, *others = claims.ranking(facts)
        pairs = [pair for other in others if (pair := claims.pair_of(facts, best, other))]
        claimed += any(pair.side == 1 for pair in pairs)
        single += any(claims.side(pair.mean) == 1 for pair in pairs)
    assert stats.binomtest(claimed, 150, 0.05, alternative="greater").pvalue > 1e-4
    assert not stats.binomtest(single, 150, 0.05, alternative="greater").pvalue > 1e-4


def summary_of_roi(roi: Any) -> Summary:
    """Make just enough of a summary for claims on ROI."""
    values = {f"plan {k}": {"roi": of} for k, of in enumerate(roi)}
    market = np.zeros(roi.shape[1], dtype=int)
    strategies = {name: {"roi": estimates.measure_estimates(of["roi"], market)} for name, of in values.items()}
    pairs = compare.comparisons(values, market)
    return {"strategies": strategies, "comparisons": pairs, "replications": len(market), "markets": 1}


def test_an_interval_that_leaves_out_0_only_by_itself_is_no_verdict() -> None:
    """With three plans, p = 0.03 is too close to call, and that is said; with two it is a verdict."""
    summary = copy.deepcopy(make({name: skewed(100, 0.3, seed=k) for k, name in enumerate("abc")}).summary)
    for pair in summary["comparisons"]:
        if pair["measure"] in ("roi", "reach"):
            pair["difference"]["mean"], pair["p_value"] = mean(0.1, 0.01, 0.19), 0.03
    answer = words.answer(summary)
    assert "too close to call against b and c" in answer.wins[0]
    assert "lies between 0.01 and 0.19 (by itself; not with all 3 comparisons together)." in answer.wins[1]
    assert "Too close to call which plan reaches more people" in titles.reach_title(summary)
    for pair in summary["comparisons"]:
        pair["p_value"] = 0.01
    assert words.answer(summary).wins[0].endswith("is ahead of each of the others.")


def test_people_from_a_graph_file_are_no_other_markets() -> None:
    """One graph in all markets is no sample of graphs; a summary that does not say so has drawn its people."""
    summary = told(difference=mean(0.31, 0.243, 0.381, across=(0.1, 0.5)))
    assert "The verdict holds over other markets" in " ".join(words.answer(summary).limits)
    summary["people_from"] = "file"
    limits = words.answer(summary).limits
    assert "All markets share the graph of the file, so nothing is known about other graphs." in limits
    assert "holds over other markets" not in " ".join(limits)
    summary["people_from"] = "synthetic"
    assert "The verdict holds over other markets" in " ".join(words.answer(summary).limits)


def test_a_headline_names_the_markets_where_others_could_turn_it() -> None:
    """The condition stands in the title of each picture that needs it, and only there."""
    turning, held = (mean(0.31, 0.243, 0.381, across=across) for across in ((-0.1, 0.7), (0.1, 0.5)))
    assert words.answer(told(difference=turning)).headline.endswith("(0.24 to 0.39) in the markets played")
    assert words.answer(told(difference=held)).headline.endswith("(0.24 to 0.39)")
    more = mean(50_000.0, 40_000.0, 60_000.0, across=(-9000.0, 110_000.0))
    assert titles.reach_title(reach(more)).endswith("(40,000 to 60,000) in the markets played")
    summary = told()
    summary["strategies"]["portfolio"]["profit"]["mean"] = mean(18_400.0, 16_300.0, 20_500.0, across=(-1e4, 5e4))
    assert titles.money_title(summary).startswith("On average in the markets played, portfolio makes $18k profit")


def test_costs_that_vary_prove_no_loss() -> None:
    """Without any order, the spread of profit is that of costs alone, and no title claims a loss from it."""
    costs = np.random.default_rng(6).uniform(50_000, 70_000, 100)
    summary = make({"a": np.full(100, -1.0)}, spend={"a": costs}).summary
    assert claims.side(summary["strategies"]["a"]["profit"]["mean"]) == -1
    assert "These plays do not tell whether the plan makes a profit" == titles.money_title(summary)


def test_only_comparisons_that_exist_count_together() -> None:
    """A plan without any ROI is no rival, so the one comparison that is left is judged by itself."""
    limits = " ".join(
        words.answer(make({"a": skewed(100, 0.2), "b": skewed(100, 0.1), "c": np.full(100, np.nan)}).summary).limits
    )
    assert "together" not in limits


def test_costs_are_said_the_largest_first() -> None:
    """Only what is paid, by its name; a plan with a single cost, or none, needs no such line."""

    def cost(value: float, half: float = 0.0) -> dict[str, object]:
        fixed = {"method": "t" if half else "fixed by the plan", "n": 9}
        return {"mean": {"value": value, "low": value - half, "high": value + half, **fixed}}

    costs = {"fee": cost(900.0), "agency_commission": cost(0.0), "management_cost": cost(2000.0)}
    summary = {"currency": "$", "strategies": {"a": {"costs": costs}, "b": {"costs": {"fee": cost(5.0)}}, "c": {}}}
    assert "a spends per play: management $2,000, fees $900." == cost_line(summary, "a")
    assert "" == cost_line(summary, "b") == cost_line(summary, "c")
    costs |= {"paid_media": cost(750.5)}
    more = "paid media $750."
    assert f"a spends per play: management $2,000, fees $900, {more}" == cost_line(summary, "a")
    assert set(COST_WORDS) == set(COSTS)
    costs["fee"] = cost(900.0, 20.0)
    assert f"a spends per play, about: management $2,000, fees $900, {more}" == cost_line(summary, "a")


def costing(spend: float, budget: float | None, **costs: float) -> Summary:
    """Make just enough of a summary of one plan for its costs, of which paid media were to be 4,000 in each market."""
    means = {
        line: {"mean": {**estimate(value, value, value), "method": "fixed by the plan"}}
        for line, value in costs.items()
    }
    paid = [{"market": market, "buys": buys, "pool": None, "spent": 2000.0} for market in (0, 1) for buys in PAID]
    its = {"costs": means, "spend": {"mean": estimate(spend, spend, spend)}, "hiring": paid}
    return {"currency": "$", "budget": budget, "strategies": {"a": its}}


def test_a_commission_that_exceeds_the_budget_is_said_to_come_on_top() -> None:
    """Only where it is what exceeds the budget."""
    on_top = "; the affiliate commission comes on top of the budget."
    costs = {"fee": 9000.0, "affiliate_commission": 1800.0}
    assert cost_line(costing(10_800.0, 10_000.0, **costs), "a").endswith(f"affiliate commission $1,800{on_top}")
    for spend, budget in ((10_000.0, 10_000.0), (11_900.0, 10_000.0), (10_800.0, None)):
        assert "on top" not in cost_line(costing(spend, budget, **costs), "a")


def test_paid_media_that_are_not_bought_are_said() -> None:
    """What was planned stands beside what was spent, also where it is the only cost; cents are no difference."""
    less = cost_line(costing(2900.0, 10_000.0, paid_media=2900.0), "a")
    assert "a spends per play: paid media $2,900 of $4,000 planned." == less
    none = cost_line(costing(9000.0, 20_000.0, fee=9000.0, paid_media=0.0), "a")
    assert "a spends per play: fees $9,000, paid media $0 of $4,000 planned." == none
    assert "planned" not in cost_line(costing(12_999.9, 20_000.0, paid_media=3999.9, fee=9000.0), "a")
    assert "" == cost_line(costing(4000.0, 10_000.0, paid_media=4000.0), "a")


def test_dropped_posts_are_said_where_there_are_any() -> None:
    """Posts lost and posts that went out, rounded to what is known; nothing where none is lost."""

    def mean(value: float, half: float) -> dict[str, object]:
        return {"mean": {"value": value, "low": value - half, "high": value + half, "method": "t", "n": 9}}

    lost = {"posts_done": mean(70.26, 0.4), "posts_dropped": mean(4.74, 0.4)}
    none = {"posts_done": mean(70.0, 0.0), "posts_dropped": mean(0.0, 0.0)}
    plans: dict[str, dict[str, object]] = {"a": {"operations": lost}, "b": {}, "c": {"operations": none}}
    summary = {"currency": "$", "strategies": plans}
    lost_text = "a loses 4.7 (4.3 to 5.2) posts per play to creators who drop out"
    assert f"{lost_text}; 70.3 (69.8 to 70.7) go out." == dropped_line(summary, "a")
    assert "" == dropped_line(summary, "b") == dropped_line(summary, "c")
    lost["posts_done"] = mean(0.0, 0.0)
    assert f"{lost_text}; no post goes out in the days that are played." == dropped_line(summary, "a")
