"""Sentences: each says what its interval supports, in either direction, and no more."""

from __future__ import annotations

import copy
from typing import Any

import make_study
import numpy as np
import pytest
from make_study import make, skewed

from simulator.present import words

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
        summary["strategies"][plan]["ratios"]["break_even_cost_share"] = estimate(**share)
    for pair in summary["comparisons"]:
        if pair["measure"] in ("roi", "profit"):
            pair["difference"]["mean"] = difference
            pair["a_beats_b"], pair["b_beats_a"] = wins
    return summary


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
    return {**given, "value": -given["value"], "low": -given["high"], "high": -given["low"]}


def test_the_winner_is_named_with_its_margin_and_its_chance() -> None:
    """The verdict is the paired mean, with its interval, and the share of plays won."""
    expected = (
        "portfolio earns $0.31 more per $1 spent than celebrity (0.24 to 0.38) and wins 78% of plays (76% to 80%)."
    )
    assert (expected,) == words.answer(told()).wins


def test_the_verdict_turns_round_with_the_sign() -> None:
    """The same numbers the other way round name the other plan."""
    expected = (
        "celebrity earns $0.31 more per $1 spent than portfolio (0.24 to 0.38) and wins 78% of plays (76% to 80%)."
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


def test_winning_more_often_without_a_clear_mean_is_said() -> None:
    """The chance of winning does not make a verdict."""
    answer = words.answer(told(difference=UNCLEAR, wins=(LIKELY, UNLIKELY)))
    expected = "Mean and chance of winning disagree: portfolio wins more often, its mean is not clearly ahead."
    assert expected == answer.wins[-1]


def test_winning_less_often_with_the_better_mean_is_said() -> None:
    """Where mean and chance point different ways, both are told."""
    assert (
        "portfolio earns $0.31 more per $1 spent than celebrity (0.24 to 0.38) but wins 22% of plays (20% to 24%).",
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
    assert answer.wins[0].startswith("portfolio loses $0.31 less per $1 spent than celebrity (0.24 to 0.38)")
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


def test_a_plan_that_pays_says_how_much_it_may_cost() -> None:
    """Profit, its chance, and how far break-even is."""
    expected = (
        "portfolio makes $0.31 profit per $1 spent on average (0.24 to 0.38) and makes a profit in 50% of plays "
        "(48% to 52%). It would still break even at 31% higher cost (24% to 38%) or 0.76 times the orders "
        "(0.72 to 0.80)."
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
    """An interval beyond -100% is cut there, and the factor on orders then has no bound."""
    answer = words.answer(told(celebrity=mean(-0.9, -1.2, -0.6)))
    assert answer.pays[2].endswith("It would break even at 90% lower cost (60% to 100%) or 10.0 times the orders.")


@pytest.mark.parametrize(
    ("portfolio", "celebrity", "sentence"),
    [
        (BETTER, BETTER, "Both plans pay on average."),
        (WORSE, WORSE, "Neither plan pays on average."),
        (UNCLEAR, UNCLEAR, "Whether either plan pays is too close to call."),
        (BETTER, WORSE, "portfolio pays on average; celebrity loses money on average."),
        (WORSE, UNCLEAR, "Whether celebrity pays is too close to call; portfolio loses money on average."),
        (mean(0, 0, 0), BETTER, "celebrity pays on average; portfolio breaks even exactly."),
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
    """What intervals hold for is always said, and what the answer hangs on."""
    limits = words.answer(told()).limits
    assert "Intervals are 95% and hold for the 4 markets played (500 plays of each plan)." == limits[0]
    assert words.WHAT_DECIDES == limits[-1]


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
    assert "One play tells nothing about chances" == words.chance_title(make_study.two(1).summary)


def test_plans_that_never_differ_are_the_same() -> None:
    """A difference of exactly 0 is no close call, and more replications would not help."""
    answer = words.answer(make({"a": skewed(100, 0.2), "b": skewed(100, 0.2)}).summary)
    assert ("a and b have the same ROI in every play.",) == answer.wins
    assert "a and b have the same ROI in every play" == answer.headline
    assert answer.undecided is None


def test_a_single_plan_is_compared_with_nothing() -> None:
    """One plan gets its own verdict and no winner."""
    answer = words.answer(make_study.one().summary)
    assert 1 == len(answer.pays)
    assert ("Only one plan was played, so there is none to compare it with.",) == answer.wins
    assert answer.headline.startswith("portfolio makes $0.")
    assert words.WHAT_DECIDES not in answer.limits


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
    assert ("Fewer than two plans have an ROI, so they cannot be compared by it.",) == answer.wins
    assert "No plan has an ROI, so none has a chance of profit" == words.chance_title(summary)


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
    assert title == words.chance_title(study().summary)


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
    assert expected == words.reach_title(reach(more))
    assert "celebrity reaches 50,000 people more than portfolio (40,000 to 60,000)" == words.reach_title(reach(fewer))


def test_the_title_on_reach_may_be_too_close() -> None:
    """No claim where the interval contains 0."""
    title = words.reach_title(reach(mean(1000.0, -9000.0, 11_000.0)))
    assert "Too close to call which plan reaches more people: portfolio and celebrity" == title


def test_the_title_on_reach_of_one_or_one_play_claims_no_more() -> None:
    """One plan has a mean with its interval, one play only a number."""
    assert words.reach_title(make_study.one().summary).endswith("people on average")
    assert words.reach_title(make_study.two(1).summary).endswith("people in the only play")


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
            "On average, portfolio loses $18k and celebrity is too close to call",
        ),
    ],
)
def test_the_title_on_money_says_what_is_made_or_lost(
    portfolio: dict[str, Any], celebrity: dict[str, Any], title: str
) -> None:
    """Amounts where they are clear, none where not."""
    summary = told()
    for plan, profit in (("portfolio", portfolio), ("celebrity", celebrity)):
        summary["strategies"][plan]["profit"]["mean"] = profit
    assert title == words.money_title(summary)


def test_the_title_on_money_counts_many_plans() -> None:
    """Five plans are grouped, not listed."""
    title = words.money_title(make_study.five().summary)
    assert "Of 5 plans, 2 make a profit on average, 2 lose money and 1 is too close to call" == title


def test_hiring_is_told_as_a_range_over_markets() -> None:
    """Fees differ between markets, and so do who is hired and what is left."""
    assert "portfolio hires 37 to 40 of 60 micro ($230 to $920 left unspent)" == words.hiring(
        make_study.two().summary, "portfolio"
    )


def test_hiring_of_named_creators_leaves_nothing_unspent() -> None:
    """Explicit creators have no pool; a number that never differs is told once."""
    summary = copy.deepcopy(make_study.two().summary)
    named = {"pool": None, "hired": 2, "offered": 2, "spent": None, "unspent": None}
    summary["strategies"]["celebrity"]["hiring"] = [{"market": market, **named} for market in range(4)]
    assert "celebrity hires 2 of 2 named creators" == words.hiring(summary, "celebrity")


def test_another_currency_is_used_everywhere() -> None:
    """No dollar is left where the scenario counts in euros."""
    summary = make({"a": skewed(100, 0.2), "b": skewed(100, 0.9, seed=2)}, currency="EUR").summary
    text = " ".join((*words.answer(summary).sentences, words.money_title(summary), words.hiring(summary, "a")))
    assert "per EUR 1 spent" in text
    assert "$" not in text
