"""The story: each sentence claims no more than its interval, each chart holds the numbers of the summary."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import make_study
import numpy as np
import pytest
from make_results import findings_of, two_plans
from make_study import HOSTILE, HandMadeStudy, make, skewed
from study_helpers import write_scenario

import simulator
from simulator.present import digits, losing, pays, titles, words
from simulator.present.choice import choice_face, choice_title
from simulator.present.claims import Facts, leading_pair, side
from simulator.present.findings import Findings
from simulator.present.frontier import frontier_title, short_frontier_title
from simulator.present.glossary import glossary
from simulator.present.operations_lines import operations_title
from simulator.present.pitch.chart import Chart
from simulator.present.pitch.dial import frontier
from simulator.present.pitch.exhibit import Exhibit, Story
from simulator.present.pitch.parts import MOST_PLANS
from simulator.present.pitch.plans import _money_title
from simulator.present.pitch.returns import worst_difference
from simulator.present.pitch.story import story
from simulator.present.pitch.traces import _table as _posts_table
from simulator.present.plan_rows import plan_rows
from simulator.present.split import split_title
from simulator.present.target import target_title
from simulator.present.worth import short_worth_title, worth_title
from simulator.study.compare import compare, usual_winner
from simulator.study.estimates import shortfall_difference
from simulator.study.results import resolved_toml

Summary = Mapping[str, Any]

MANY_PLAYS = 400


@cache
def rois(mean: float, spread: float, seed: int, n: int = 120) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Draw ROIs, once."""
    return skewed(n, mean, spread, seed)


def pair_of_plans(portfolio: Any, celebrity: Any, markets: int = 4) -> HandMadeStudy:
    return make({"portfolio": portfolio, "celebrity": celebrity}, markets=markets)


# The ROI of every play of a plan that pays, and of one that does not.
BETTER, WORSE = (0.4, 0.3, 1), (-0.4, 0.6, 2)
LOST, NOTHING_SPENT = np.full(40, -1.0), np.full(40, np.nan)
MADE: Mapping[str, Callable[[], HandMadeStudy]] = {
    "one": make_study.one,
    "two": make_study.two,
    "turned": lambda: pair_of_plans(rois(*WORSE), rois(*BETTER)),
    "five": make_study.five,
    "tie": make_study.tie,
    "all negative": make_study.all_negative,
    "undefined": make_study.undefined,
    "one play": lambda: pair_of_plans([0.3], [-0.2], markets=1),
    "one play of one plan": lambda: make({"portfolio": [0.3]}, markets=1),
    "one market": lambda: pair_of_plans(rois(*BETTER), rois(*WORSE), markets=1),
    "few plays": lambda: pair_of_plans(rois(*BETTER)[:12], rois(*WORSE)[:12]),
    "no orders": lambda: pair_of_plans(LOST, LOST),
    "no spend": lambda: pair_of_plans(NOTHING_SPENT, NOTHING_SPENT),
    "one without spend": lambda: make({"portfolio": NOTHING_SPENT}),
    "a lottery": lambda: pair_of_plans(LOST, rois(*BETTER)[:40]),
    "the same": lambda: pair_of_plans(rois(*BETTER), rois(*BETTER)),
    "nine": lambda: make({f"plan {k} of nine with a long name {k}": skewed(60, 0.1 * k, seed=k) for k in range(9)}),
    "rare gains": lambda: pair_of_plans(np.where(np.arange(400) % 5, -0.1, 4.0), skewed(400, 0.0, 0.02)),
    "hostile": lambda: make({HOSTILE: rois(*BETTER), "=1+1": rois(*WORSE), "\u202eevil\x07\n": rois(0.1, 0.5, 1)}),
}
SITUATIONS = tuple(MADE)


@cache
def told(situation: str) -> tuple[Findings, Story]:
    """Tell the story of a situation, once."""
    findings = findings_of(MADE[situation]())
    return findings, story(findings)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Play a tiny scenario and ask every question of it."""
    path = write_scenario(tmp_path_factory.mktemp("asked"), two_plans())
    scenario = simulator.load(path)
    found = findings_of(
        simulator.run(scenario),
        split=simulator.split(scenario, steps=3, most=40).summary,
        sensitivity=simulator.sensitivity(scenario, replications=16).summary,
        target=simulator.target(scenario, measure="orders", at_least=5, replications=20).summary,
        creators=simulator.creators(scenario).summary,
    )
    toml = resolved_toml(scenario)
    return replace(found, finished=replace(found.finished, scenario_toml=toml))


@pytest.fixture(scope="module", params=[*SITUATIONS, "asked"])
def telling(request: pytest.FixtureRequest) -> tuple[Findings, Story]:
    """Give findings and story of each situation, and of a real run of which everything was asked."""
    if request.param != "asked":
        return told(request.param)
    findings = request.getfixturevalue("asked")
    return findings, story(findings)


def exhibit(of: Story, key: str) -> Exhibit:
    return next(its for its in of.exhibits if its.key == key)


def texts_of(its: Exhibit) -> Iterator[str]:
    """Give every text of an exhibit."""
    yield from (its.title, its.alt, *its.lines, *its.details, *its.notes)
    if its.table:
        yield from its.table.header
        yield from (cell for row in its.table.rows for cell in row)
    if its.chart:
        yield from (its.chart.along.title, its.chart.across.title, *its.chart.categories)
        yield from (text for series in its.chart.series for text in (series.name, *series.labels))


# ---- what the whole holds


def test_the_answer_comes_first_and_keys_are_names_of_their_own(telling: tuple[Findings, Story]) -> None:
    """Who links to an exhibit finds one."""
    keys = [its.key for its in telling[1].exhibits]
    assert "answer" == keys[0]
    assert len(keys) == len(set(keys))
    assert {"answer", "plans", "roi", "reach", "doubts", "sureness", "assumptions", "appendix"} <= set(keys)


def test_titles_fit_a_slide_and_are_no_default(telling: tuple[Findings, Story]) -> None:
    """A title is one line or two of a slide: at most 100 letters."""
    for its in telling[1].exhibits:
        assert 8 < len(its.title) <= 100, its.title
        assert not its.title.endswith("."), its.title
        assert not re.search(r"[Tt]itle|[Uu]ntitled|\bNone\b|\bnan\b", its.title), its.title


def test_no_number_has_more_digits_than_its_interval_allows(telling: tuple[Findings, Story]) -> None:
    """No text holds a number with seven decimals, or what Python calls nothing."""
    for its in telling[1].exhibits:
        for text in texts_of(its):
            assert not re.search(r"\d\.\d{6,}", text), text
            assert not re.search(r"\b(nan|None|inf)\b", text), text
            assert text == digits.clean(text), text


def test_what_is_drawn_has_words_and_a_table(telling: tuple[Findings, Story]) -> None:
    """Who cannot see a chart is told what it shows, with numbers, and finds all of them in a table."""
    for its in telling[1].exhibits:
        if its.chart or its.picture:
            assert its.table is not None, its.key
            assert its.table.rows, its.key
            assert len(its.alt) > 40, its.key
            assert re.search(r"\d|undefined|no ROI|nobody", its.alt), its.alt
        else:
            assert "" == its.alt, its.key


def test_tables_are_square_and_their_measures_are_explained(telling: tuple[Findings, Story]) -> None:
    """Each row has all columns; each measure that is named stands in the glossary."""
    findings, of = telling
    known = glossary(findings.summary, findings.decisions)
    for its in of.exhibits:
        if its.table:
            assert {len(its.table.header)} == {len(row) for row in its.table.rows}, its.key
            assert len(its.table.row_measures) in (0, len(its.table.rows)), its.key
            assert len(its.table.column_measures) in (0, len(its.table.header)), its.key
            assert {*its.table.row_measures, *its.table.column_measures} <= {"", *known}, its.key


def test_charts_are_of_one_length_throughout(telling: tuple[Findings, Story]) -> None:
    """Values, intervals, labels, colours and categories belong together one by one."""
    for its in telling[1].exhibits:
        if its.chart:
            check_chart(its.chart)


def check_chart(chart: Chart) -> None:
    """Check what holds of every chart."""
    many = len(chart.at or chart.categories)
    assert many, "a chart without places"
    assert bool(chart.at) == (chart.kind in ("lines", "histogram", "points"))
    assert chart.kind == "points" or sorted(set(chart.at)) == list(chart.at)
    assert all(len(row) in (0, many) for row in (chart.categories, chart.at_low, chart.at_high))
    assert chart.series
    for series in chart.series:
        assert many == len(series.values), series.name
        for row in (series.low, series.high, series.labels):
            assert len(row) in (0, many), series.name
        if isinstance(series.colour, tuple):
            assert many == len(series.colour)
        none = (None,) * many
        for low, value, high in zip(series.low or none, series.values, series.high or none, strict=True):
            assert low is None or value is None or high is None or low - 1e-9 <= value <= high + 1e-9
        assert all(value is None or np.isfinite(value) for value in series.values)


def test_the_same_findings_give_the_same_story() -> None:
    """Nothing in it depends on anything else."""
    findings, of = told("five")
    assert of == story(findings)


def test_names_come_out_as_text() -> None:
    """Markup, formulas and control characters of a plan's name are letters like others."""
    _, of = told("hostile")
    texts = [text for its in of.exhibits for text in texts_of(its)]
    assert any("=1+1" in text for text in texts)
    texts += [text for told_and_command in of.missing for text in told_and_command]
    assert not any("\u202e" in text or "\x07" in text or "\n" in text for text in texts)


def test_a_chart_holds_no_more_plans_than_there_are_colours_and_says_so() -> None:
    """Of nine plans six are drawn; all nine are in the tables."""
    _, of = told("nine")
    plans = exhibit(of, "plans")
    assert plans.chart is not None and plans.table is not None
    assert MOST_PLANS == len(plans.chart.categories)
    assert 10 == len(plans.table.header)
    assert any("3 more are in the summary" in note for note in plans.notes)


# ---- charts hold the summary's numbers


@pytest.mark.parametrize(("key", "measure"), [("answer", "roi"), ("plans", "profit")], ids=["mean ROI", "profit"])
@pytest.mark.parametrize("situation", ["two", "five", "undefined", "one play"])
def test_means_are_those_of_the_summary(situation: str, key: str, measure: str) -> None:
    """Values and intervals are exact; labels are rounded as the interval allows."""
    findings, of = told(situation)
    chart = exhibit(of, key).chart
    assert chart is not None
    plans = [plan for plan in findings.facts.plans if findings.facts.names[plan] in chart.categories]
    means = [findings.facts.mean(plan, measure) for plan in plans]
    (series,) = chart.series
    assert tuple(mean["value"] for mean in means) == series.values
    assert tuple(mean["low"] for mean in means) == series.low
    assert tuple(mean["high"] for mean in means) == series.high
    for mean, label in zip(means, series.labels, strict=True):
        compact = digits.compact_unit(chart.across.unit, mean["low"], mean["value"], mean["high"])
        assert label in (digits.value_text(mean, compact), digits.value_text(mean, chart.across.unit))


def test_shares_of_a_histogram_and_of_plays_outside_add_up_to_1() -> None:
    """Every play is in a bin or counted in the note."""
    _, of = told("two")
    roi = exhibit(of, "roi")
    assert roi.chart is not None
    outside = [re.match(r"(\d+) of (\d+) plays lie", line) for line in roi.details]
    (found,) = (match for match in outside if match)
    drawn = sum(round(sum(map(float, series.values)) * MANY_PLAYS) for series in roi.chart.series)  # type: ignore[arg-type]
    assert int(found[2]) == drawn + int(found[1])
    assert 0 < int(found[1])
    whole = exhibit(told("one market")[1], "roi")
    assert whole.chart is not None
    assert not any("outside" in line for line in whole.details)
    for series in whole.chart.series:
        assert 1 == pytest.approx(sum(map(float, series.values)))  # type: ignore[arg-type]


def test_the_chance_of_profit_can_be_read_off_at_0() -> None:
    """The falling line at 0 is the chance of the summary, exactly."""
    findings, of = told("two")
    chart = exhibit(of, "chance").chart
    assert chart is not None
    at_zero = chart.at.index(0.0)
    for plan, series in zip(findings.facts.plans, chart.series, strict=True):
        chance = findings.facts.measure(plan)["probability_positive"]["value"]
        assert chance == pytest.approx(series.values[at_zero], abs=1e-12)
        values = [float(value) for value in series.values if value is not None]
        assert sorted(values, reverse=True) == values


def test_reach_is_that_of_the_timeline() -> None:
    """The lines are medians and bands at some hours; the last is the end of the campaign."""
    findings, of = told("two")
    chart = exhibit(of, "reach").chart
    assert chart is not None
    rows = [row for row in findings.timeline.to_pylist() if row["measure"] == "reach"]
    for place, plan in enumerate(findings.facts.plans):
        course = {row["hour"] / 24: row for row in rows if row["strategy"] == plan}
        median, upper, lower = chart.series[3 * place : 3 * place + 3]
        assert (False, True, True) == (median.dashed, upper.dashed, lower.dashed)
        for series, end in ((median, "p50"), (upper, "p90"), (lower, "p10")):
            assert [course[day][end] for day in chart.at] == list(series.values)
    assert findings.summary["horizon_days"] == chart.at[-1]


def test_the_rows_of_plans_are_those_of_the_terminal() -> None:
    """The same numbers with the same digits."""
    findings, of = told("two")
    table = exhibit(of, "plans").table
    assert table is not None
    for row, cells in zip(plan_rows(findings.facts), table.rows, strict=True):
        assert [row.text(findings.facts, plan) for plan in findings.facts.plans] == list(cells[1:])


def test_a_share_of_a_split_is_where_its_mean_is(asked: Findings) -> None:
    """The dial runs over the share of the first pool."""
    summary = asked.decisions["split"]
    chart = exhibit(story(asked), "split").chart
    assert chart is not None and "lines" == chart.kind
    first = summary["pools"][0]
    means = {row["shares"][first]: row["mean"] for row in summary["splits"]}
    assert sorted(means) == list(chart.at)
    assert [means[at]["value"] for at in chart.at] == list(chart.series[0].values)
    assert [means[at]["low"] for at in chart.at] == list(chart.series[0].low)


def test_creators_are_drawn_by_their_verdict(asked: Findings) -> None:
    """Blue is to keep, red to drop, grey open; each bar is the marginal profit."""
    summary = asked.decisions["creators"]
    chart = exhibit(story(asked), "creators").chart or exhibit(story(asked), "creators_1").chart
    assert chart is not None
    every = next(iter(summary["strategies"].values()))["creators"]
    assert [its["marginal"]["profit"]["value"] for its in every] == list(chart.series[0].values)
    meaning = {"keep": "gain", "drop": "loss", "open": "muted"}
    assert tuple(meaning[its["verdict"]] for its in every) == chart.series[0].colour


def test_a_tornado_ends_where_the_changes_are(asked: Findings) -> None:
    """Each bar is the change of the mean, and beside it stands what the input is there."""
    summary = asked.decisions["sensitivity"]
    chart = exhibit(story(asked), "doubts").chart
    assert chart is not None
    for series, end in zip(chart.series, ("low", "high"), strict=True):
        shown = summary["tornado"][: len(chart.categories)]
        assert [its[end]["change"]["value"] for its in shown] == list(series.values)


# ---- who wins how often


def of_two(a: float, b: float, spread: float = 0.3, n: int = 400) -> Findings:
    """Give findings of two plans with these mean ROIs."""
    return findings_of(make({"portfolio": skewed(n, a, spread, 1), "celebrity": skewed(n, b, spread, 2)}))


def swapped(findings: Findings) -> Findings:
    """Exchange the places of two plans, but not what is known about them."""
    summary = copy.deepcopy(dict(findings.summary))
    summary["strategies"] = dict(reversed(summary["strategies"].items()))
    for pair in summary["comparisons"]:
        pair["a"], pair["b"] = pair["b"], pair["a"]
        pair["a_beats_b"], pair["b_beats_a"] = pair["b_beats_a"], pair["a_beats_b"]
        mean = pair["difference"]["mean"]
        pair["difference"]["mean"] = turn(mean) | {
            "across_markets": mean["across_markets"] and turn(mean["across_markets"])
        }
    return replace(findings, finished=replace(findings.finished, summary=summary))


def turn(mean: Mapping[str, Any]) -> dict[str, Any]:
    ends = {"value": "value", "low": "high", "high": "low"}
    return {**mean, **{end: None if mean[of] is None else -mean[of] for end, of in ends.items()}}


def test_swapped_plans_change_no_title_but_their_places() -> None:
    """Who wins is who wins, wherever it stands."""
    for findings in (of_two(0.4, -0.3), of_two(-0.3, 0.4), of_two(0.1, 0.1)):
        there, here = story(swapped(findings)), story(findings)
        for key in ("answer", "roi", "reach", "doubts"):
            assert exhibit(here, key).title == exhibit(there, key).title


def test_plans_with_the_other_numbers_change_their_names() -> None:
    """The same plays under exchanged names give the same sentences with exchanged names."""
    a, b = skewed(400, 0.4, 0.3, 1), skewed(400, -0.3, 0.5, 2)
    here = story(findings_of(make({"left": a, "right": b})))
    there = story(findings_of(make({"right": a, "left": b})))
    names = {"left": "right", "right": "left"}
    for key in ("answer", "roi", "chance", "reach", "doubts"):
        exchanged = re.sub("left|right", lambda found: names[found[0]], exhibit(here, key).title)
        assert exchanged == exhibit(there, key).title


def claims_a_winner(title: str) -> str | None:
    """Give the plan that a title says wins, if it does."""
    found = re.match(r"(.+?) wins (?:each|[\d.]+%) of", title)
    return found[1] if found else None


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_winner_is_named_only_where_most_decided_plays_are_surely_its_own(situation: str) -> None:
    """Checked against the comparison itself: its interval of the decided plays leaves out one half."""
    findings, _ = told(situation)
    title = titles.wins_title(findings.summary)
    roi = [pair for pair in findings.summary["comparisons"] if pair["measure"] == "roi"]
    clear = {findings.facts.names[pair[usual_winner(pair)]] for pair in roi if usual_winner(pair) != "tie"}
    winner = claims_a_winner(title)
    assert winner is None or winner in clear
    if len(findings.facts.plans) == 2 and findings.facts.plays > 1:
        assert (winner is not None) == bool(clear)


def test_the_check_of_winners_finds_a_wrong_one() -> None:
    """Negative control: a title that names somebody in a tie is caught."""
    findings, _ = told("tie")
    (pair,) = (pair for pair in findings.summary["comparisons"] if pair["measure"] == "roi")
    assert "tie" == usual_winner(pair)
    assert "celebrity" == claims_a_winner("celebrity wins 52% of plays")
    assert claims_a_winner(titles.wins_title(findings.summary)) is None


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (0.1, 0.3, 0.2, "portfolio wins 87% of plays, and loses less in its worst 5%"),
        (-0.3, -0.1, -0.2, "portfolio wins 87% of plays, but loses more in its worst 5%"),
        (-0.1, 0.3, 0.1, "portfolio wins 87% of plays"),
        (0.0, 0.3, 0.15, "portfolio wins 87% of plays"),
        (None, None, 0.2, "portfolio wins 87% of plays"),
    ],
)
def test_worst_plays_are_compared_only_where_that_is_sure(
    low: float | None, high: float | None, value: float, expected: str
) -> None:
    """An interval with 0 in it, or none, adds nothing to the title."""
    worst = {"value": value, "low": low, "high": high, "level": 0.95, "method": "given", "n": 400}
    assert expected == titles.wins_title(make_study.two().summary, worst)


def test_worst_plays_that_make_a_profit_lose_nothing() -> None:
    """Where the worst plays of both plans pay, they are better or worse, and do not lose."""
    findings = of_two(1.5, 0.9, 0.05)
    title = exhibit(story(findings), "roi").title
    assert "portfolio wins each of 400 plays, and is better in its worst 5%" == title
    assert "loses" not in title


def test_the_difference_of_worst_plays_is_paired_and_of_two_plans_only() -> None:
    """It is that of the plays themselves; of more plans, of which two were picked, none is told."""
    findings, _ = told("two")
    study = make_study.two()
    plays = {
        plan: study.replications.filter(np.array(study.replications["strategy"]) == plan)
        for plan in findings.facts.plans
    }
    values = [plays[plan]["roi"].to_numpy() for plan in ("portfolio", "celebrity")]
    expected = shortfall_difference(*values, plays["portfolio"]["market"].to_numpy(), cautious=True)
    assert dict(expected) == worst_difference(findings, leading_pair(findings.facts))
    five, _ = told("five")
    assert worst_difference(five, leading_pair(five.facts)) is None


def test_a_mean_that_disagrees_is_said_before_worst_plays() -> None:
    """Who wins more often but has the lower mean is not praised."""
    findings, of = told("rare gains")
    pair = leading_pair(findings.facts)
    assert pair is not None and (1, "portfolio", "celebrity") == (pair.side, pair.first, pair.usual_winner)
    assert "celebrity wins 80% of plays, but its mean ROI is lower" == exhibit(of, "roi").title
    assert any(line.startswith("Mean and chance of winning disagree") for line in exhibit(of, "answer").lines)


def test_where_most_plays_are_ties_both_shares_are_told() -> None:
    """A winner of 3 in 10 plays is not told without the other's 1 in 10."""
    ahead = np.resize([0.1] * 3 + [-0.1] + [0.0] * 6, 400)
    of = story(findings_of(make({"portfolio": 0.2 + ahead, "celebrity": 0.2 + 0 * ahead})))
    assert exhibit(of, "roi").title.startswith("portfolio wins 30% of plays, celebrity 10%")


def test_one_plan_is_told_by_its_spread() -> None:
    """Of a single plan nobody wins."""
    assert "In 90% of plays the ROI of portfolio lies between -0.30 and 1.01" == titles.wins_title(
        make_study.one().summary
    )
    alone = make({"portfolio": [0.3]}, markets=1).summary
    assert "One play tells nothing about chances" == titles.wins_title(alone)


# ---- how often plays make no profit


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_profit_is_what_is_left_of_the_chance_of_profit(situation: str) -> None:
    """Its interval is the other one turned round, so it holds as surely."""
    findings, _ = told(situation)
    for plan in findings.facts.plans:
        chance, none = findings.facts.measure(plan)["probability_positive"], losing.no_profit(findings.facts, plan)
        if chance["value"] is None:
            assert none["value"] is None
            continue
        assert 1 == pytest.approx(chance["value"] + none["value"])
        assert 1 == pytest.approx(chance["low"] + none["high"])
        assert 0 <= none["low"] <= none["value"] <= none["high"] <= 1


def test_a_play_that_breaks_even_makes_no_profit_and_is_no_loss() -> None:
    """The sentence says "no profit", never "loses"."""
    facts = findings_of(make({"portfolio": np.resize([0.0, 0.5], 200)})).facts
    assert "portfolio makes no profit in 50% of plays (43% to 57%)." == losing.no_profit_line(facts, "portfolio")
    assert "lose" not in losing.no_profit_line(facts, "portfolio")


def cost_title(low: float, high: float) -> str:
    """Give the title of costs where fees are 30 to 35 of 60 thousand, and in other markets between these."""
    summary = copy.deepcopy(dict(make_study.one().summary))
    its = summary["strategies"]["portfolio"]
    money = {"value": 33_000.0, "low": low, "high": high, "level": 0.95, "method": "t", "n": 400}
    fee = {**money, "low": 31_000.0, "high": 35_000.0, "across_markets": money}
    rest = {**fee, "value": 27_000.0, "low": 25_000.0, "high": 29_000.0, "across_markets": None}
    its["costs"] = {"fee": {"mean": fee}, "management_cost": {"mean": rest}}
    return _money_title(Facts(summary), ["fee", "management_cost"])


def test_where_most_of_the_money_goes_names_the_markets_played_where_others_could_turn_it() -> None:
    """More than half in these markets, and surely so in others, or not."""
    assert "Most of the money goes to fees" == cost_title(30_500, 36_000)
    assert "Most of the money goes to fees in the markets played" == cost_title(29_500, 36_500)


def test_the_title_of_doubts_keeps_its_interval_where_there_is_room() -> None:
    """A break-even by itself would be surer than it is."""
    summary = make_study.one().summary
    full, short = (words.doubts_title(summary, short=how) for how in (False, True))
    assert re.fullmatch(r"portfolio would still break even at \d+% higher cost \(\d+% to \d+%\).*", full)
    assert short == titles.without_brackets(full)


def test_none_and_all_of_the_plays_are_counted_and_not_called_certain() -> None:
    """0% would say that it cannot happen; of 200 plays it may still in 2 of 100."""
    summary = make({"portfolio": np.resize([-0.1, 0.5], 200), "celebrity": skewed(200, -0.7, 0.05)}).summary
    title = "portfolio makes a profit in 50% of plays, celebrity in none of 200 plays"
    assert title == titles.chance_title(summary)
    sure = make({"portfolio": skewed(200, 0.9, 0.05), "celebrity": np.resize([-0.1, 0.5], 200)}).summary
    assert "portfolio makes a profit in each of 200 plays, celebrity in 50%" == titles.chance_title(sure)


def test_worst_plays_are_compared_in_plays_where_both_spend() -> None:
    """Where some plays are left out of the difference, that is said."""
    some = skewed(400, 0.4, 0.2, 1)
    some[::4] = np.nan
    findings = findings_of(make({"portfolio": some, "celebrity": skewed(400, -0.5, 0.3, 2)}))
    pair = leading_pair(findings.facts)
    verdict = list(losing.worst_lines(findings.facts, pair, worst_difference(findings, pair)))[-1]
    assert verdict.endswith(" in the 300 plays where both spend.")


def test_what_is_linked_is_what_stands_in_the_column(asked: Findings) -> None:
    """A chance of a profit is no chance of a target; a budget needed stands in no column of chances."""
    without, of = asked.decisions["split"], exhibit(story(asked), "split").table
    assert of is not None and without["at_least"] is None
    place = of.header.index("chance of a profit")
    assert "probability_positive" == of.column_measures[place]
    wanted = replace(asked, decisions={"split": {**without, "at_least": 5.0}})
    aimed = exhibit(story(wanted), "split").table
    assert aimed is not None and "chance_of_target" == aimed.column_measures[place]
    table = exhibit(story(asked), "target").table
    assert table is not None
    for row in table.rows:
        chance, needed = (row[table.column_measures.index(key)] for key in ("chance_of_target", "needed_budget"))
        assert bool(chance) != bool(needed) and "%" not in needed
        assert not chance or "%" in chance


def test_posts_of_a_traced_play_lead_to_what_is_counted_of_them() -> None:
    """Impressions and shares are explained; how far a chain goes is not, so it leads nowhere."""
    counted = {"impressions": 900, "friend_impressions": 40, "shares": 3, "depth": 2, "max_breadth": 1}
    traced = SimpleNamespace(posts=[{"creator": "anna", "post": 1, **counted}])
    table = _posts_table(cast("Any", traced))
    assert dict(zip(table.column_measures, table.rows[0], strict=True)) == {
        "": "anna, post 1",
        **{name: str(number) for name, number in counted.items()},
    }
    entries = glossary(make_study.two().summary)
    assert ["impressions", "shares"] == [name for name in counted if name in entries]


def test_plays_that_spend_nothing_are_no_losses_either() -> None:
    """They are left out, which is said."""
    facts = told("undefined")[0].facts
    assert losing.no_profit_line(facts, "sometimes").endswith(", of the 200 in which something is spent.")
    assert "nobody has no ROI: no play of it spends anything." == losing.no_profit_line(facts, "nobody")


def test_worst_plays_are_called_better_only_where_that_is_sure() -> None:
    """In a tie the interval is told and nobody named; where it leaves out 0, the better plan is."""
    for findings, better in ((of_two(0.4, -0.3), "portfolio"), (of_two(-0.3, 0.4), "celebrity")):
        pair = leading_pair(findings.facts)
        _, verdict = losing.worst_lines(findings.facts, pair, worst_difference(findings, pair))
        assert verdict.startswith(f"There {better} is better than ")
    tie, _ = told("tie")
    pair = leading_pair(tie.facts)
    _, verdict = losing.worst_lines(tie.facts, pair, worst_difference(tie, pair))
    assert re.fullmatch(r"Whose worst plays are better is too close to call: -0\.\d+ to 0\.\d+\.", verdict)
    few, _ = told("few plays")
    pair = leading_pair(few.facts)
    assert "cannot be told" in " ".join(losing.worst_lines(few.facts, pair, worst_difference(few, pair)))


# ---- every title against its interval


RANKS = (
    r"is ahead of (?:each|all)|earns \$[\d.]+ more|loses \$[\d.]+ less|people more than|the most people(?! in these)"
)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_title_ranks_plans_whose_interval_holds_0(situation: str) -> None:
    """What is said to be ahead, to earn more or to reach more is so by an interval on that side of 0."""
    findings, of = told(situation)
    for key, measure in (("answer", "roi"), ("reach", "reach")):
        title = exhibit(of, key).title
        if re.search(RANKS, title) and findings.facts.plays > 1:
            assert surely_ahead(findings, title, measure), title


def surely_ahead(findings: Findings, title: str, measure: str) -> bool:
    """Say whether the plan that a title begins with is above the one after "than", or else above all others."""
    first, rival = (
        named(findings, title.removeprefix("Neither plan pays, but ")),
        named(findings, title.rsplit(" than ", maxsplit=1)[-1]),
    )
    found = [pair for pair in findings.summary["comparisons"] if pair["measure"] == measure]
    ends = {pair["b"]: pair["difference"]["mean"]["low"] for pair in found if pair["a"] == first}
    ends |= {pair["a"]: turn(pair["difference"]["mean"])["low"] for pair in found if pair["b"] == first}
    against = [rival] if rival and " than " in title else list(ends)
    return bool(against) and all(ends[plan] is not None and ends[plan] > 0 for plan in against)


def named(findings: Findings, text: str) -> str | None:
    """Give the plan with which a text begins, under any short form of its name."""
    shown = [digits.display_names(findings.facts.names, longest) for longest in (40, 32, 26, 20, 16, 12)]
    return next((plan for names in shown for plan, name in names.items() if text.startswith(f"{name} ")), None)


@pytest.mark.parametrize("situation", ["two", "turned", "all negative"])
def test_the_check_of_ranks_finds_a_wrong_one(situation: str) -> None:
    """Negative control: with the names exchanged, or in a tie, the same title is caught."""
    findings, of = told(situation)
    names = {"portfolio": "celebrity", "celebrity": "portfolio"}
    for key, measure in (("answer", "roi"), ("reach", "reach")):
        title = exhibit(of, key).title
        assert re.search(RANKS, title)
        assert surely_ahead(findings, title, measure)
        wrong = re.sub("portfolio|celebrity", lambda found: names[found[0]], title)
        assert not surely_ahead(findings, wrong, measure)
        assert not surely_ahead(told("tie")[0], title, measure)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_short_titles_claim_nothing_that_long_ones_do_not(situation: str) -> None:
    """Where the long title is too close to call, so is the short one; a name in it is one of the long one's plans."""
    summary = told(situation)[0].summary
    for long, short in ((titles.roi_title, titles.short_roi_title), (titles.reach_title, titles.short_reach_title)):
        whole, brief = long(summary), short(summary)
        assert len(brief) <= len(whole) or "Too close" in brief
        if "ahead of all others" in brief:
            assert "ahead of each of the others" in whole
        if "the most people" in brief:
            assert "people more than" in whole or "the most people" in whole
        if "oo close to call" in whole and not whole.startswith("Of "):
            assert "oo close to call" in brief or brief.startswith(whole.split(",")[0])


# ---- what would change the answer


def test_what_other_markets_could_turn_is_the_first_doubt() -> None:
    """It leads the title where the interval across markets holds 0 and the markets played decide."""
    shifted = make(
        {"portfolio": skewed(400, 0.2, 0.1, 1), "celebrity": skewed(400, 0.1, 0.1, 2)}, shift=(0.0, 0.0, 0.0, 0.0)
    )
    assert not words.doubts_title(shifted.summary).startswith("In other markets")
    a = skewed(400, 0.2, 0.1, 1) + np.resize([0.4, -0.3, 0.3, -0.2], 400)
    turning = make({"portfolio": a, "celebrity": skewed(400, 0.1, 0.1, 2)})
    pair = leading_pair(Facts(turning.summary))
    assert pair is not None and pair.side
    across = pair.mean["across_markets"]
    assert across["low"] < 0 < across["high"]
    assert words.doubts_title(turning.summary).startswith("In other markets this could turn round: ")


def test_a_tie_leaves_the_choice_open_and_says_how_many_plays_would_decide() -> None:
    """Neither plan is named first because it leads."""
    assert "These plays leave the choice open between celebrity and portfolio" == words.doubts_title(
        make_study.tie().summary
    )
    (more,) = (line for line in words.doubts(make_study.tie().summary) if "more plays" in line)
    assert re.fullmatch(
        r"About [\d,]+ more plays would decide which plan is better, if the difference is what it seems\.", more
    )
    assert not [line for line in words.doubts(make_study.two().summary) if "more plays" in line]


def test_break_even_names_its_plan_and_no_direction_within_the_error() -> None:
    """The sentences of a list of plans say whose they are."""
    facts = Facts(make_study.tie().summary)
    (within,) = pays.break_even(facts, "portfolio", "portfolio")
    assert re.fullmatch(
        r"The break-even of portfolio lies within the error: between \d+% lower cost and \d+% higher cost\.", within
    )
    (clear,) = pays.break_even(Facts(make_study.two().summary), "celebrity", "celebrity")
    assert clear.startswith("celebrity would break even at ")


def test_a_headline_that_says_that_neither_pays_is_not_repeated() -> None:
    """The face of the answer adds to its title."""
    lines = words.face_lines(make_study.all_negative().summary)
    assert "Neither plan pays on average." not in lines
    assert "portfolio pays on average; celebrity loses money on average." in words.face_lines(make_study.two().summary)


def test_many_plans_are_counted_on_the_face() -> None:
    """Nine names are no line of a slide."""
    summary = told("nine")[0].summary
    counted = words.face_lines(summary)[0]
    sides = [estimate["roi"]["mean"] for estimate in summary["strategies"].values()]
    paying = sum(mean["low"] > 0 for mean in sides)
    assert counted.startswith(f"Of 9 plans, {paying} pay on average")


# ---- questions that were asked


def split_summary(asked: Findings, **values: Any) -> dict[str, Any]:
    return {**copy.deepcopy(dict(asked.decisions["split"])), **values}


def test_the_title_of_a_split_says_whether_it_is_decided(asked: Findings) -> None:
    """Best, as good as others, or not decided."""
    summary = split_summary(asked, decided=True, rivals=[])
    best = summary["best"]["place"]
    alone = split_summary(asked, decided=True, as_good={"places": [best], "ranges": [], "near": [], "replications": 20})
    assert split_title(alone).startswith("The best split is ")
    flat = {"places": [best, best + 1], "ranges": [[0.0, 1.0]], "near": [], "replications": 20}
    assert "Anything between 0% and 100% to micro is as good" == split_title(
        split_summary(asked, decided=True, as_good=flat)
    )
    opened = split_title(split_summary(asked, decided=False))
    assert opened.startswith("Not decided")
    assert "best" not in opened.lower().replace("best is not decided", "")


def test_the_title_of_a_target_has_its_interval_or_says_that_it_is_out_of_reach(asked: Findings) -> None:
    """A budget comes with its interval; a chance whose interval holds what is asked for is open."""
    summary = dict(asked.decisions["target"])
    if summary["reached"]:
        assert re.match(r"It takes \$[\d,.]+ \(.+\) to reach 5 orders in 80% of plays", target_title(summary))
    chance = {"value": 0.4, "low": 0.3, "high": 0.5, "level": 0.95, "method": "wilson", "n": 20}
    out = {**summary, "reached": False, "out_of_reach": {"probability": chance}}
    assert "Out of reach: 5 orders in 80% of plays" == target_title(out)
    near = {**summary, "reached": False, "out_of_reach": {"probability": {**chance, "high": 0.81}}}
    assert "Too close to call whether 5 orders in 80% of plays is within reach" == target_title(near)


def test_the_title_of_creators_counts_verdicts(asked: Findings) -> None:
    """The short title counts what the long one does."""
    summary = asked.decisions["creators"]
    for plan, its in summary["strategies"].items():
        every, drop, keep = len(its["creators"]), len(its["drop_first"]), len(its["keep_first"])
        told_short = short_worth_title(summary, plan)
        assert [n for n in (every, drop, keep, every - drop - keep) if n] == [
            int(n) for n in re.findall(r"\b\d+\b", told_short)
        ][: 1 + sum(map(bool, (drop, keep, every - drop - keep)))] or (not drop and not keep)
        assert bool(drop or keep) != worth_title(summary, plan).startswith("No creator")


def choice(kind: str, **more: Any) -> dict[str, Any]:
    ends = {"mean": {"value": 0.2, "low": 0.1, "high": 0.3}, "at": 0.1}
    low = {"mean": {"value": -0.2, "low": -0.3, "high": -0.1}, "at": 0.1}
    return {"path": "pools.micro.order_per_click", "kind": kind, "low": low, "high": ends, **more}


def judged(asked: Findings, *kinds: str) -> dict[str, Any]:
    """Give a sensitivity in which inputs turn the choice in these ways."""
    summary = copy.deepcopy(dict(asked.decisions["sensitivity"]))
    one = copy.deepcopy(summary["choice"]["break_even"][0])
    found = {"value": 0.25, "low": 0.22, "high": 0.28, "level": 0.95, "method": "given", "n": 32}
    summary["choice"]["break_even"] = [{**copy.deepcopy(one), "kind": kind, "break_even": found} for kind in kinds]
    return summary


def test_the_title_of_doubts_says_what_turns_the_choice(asked: Findings) -> None:
    """An input that surely flips it is named with its value; one that leaves it open is not said to flip it."""
    flips = choice_title(judged(asked, "flips", "never"))
    assert re.match(r"The choice flips where .+ is 25% \(22% to 28%\)", flips)
    assert "The choice flips at plausible values of" in choice_title(judged(asked, "flips", "flips"))
    for kind in ("open", "unclear"):
        opened = choice_title(judged(asked, kind, "never"))
        assert "too close to call" in opened
        assert "flips" not in opened
    never = "No single input turns the choice between the two plans at either end of what is plausible"
    assert never == choice_title(judged(asked, "never"))
    assert "" == choice_title({**asked.decisions["sensitivity"], "choice": None})
    assert [] == choice_face({**asked.decisions["sensitivity"], "choice": None})


def test_what_was_not_asked_is_missing_with_its_command(tmp_path: Path, asked: Findings) -> None:
    """Each command can be typed as it is; what was asked is not missing; one pool has no split."""
    assert ["replay"] == [command.split()[1] for _, command in story(asked).missing]
    folder = tmp_path / "a folder"
    unasked = replace(asked, decisions={}, traces=(), finished=replace(asked.finished, path=folder))
    commands = [command for _, command in story(unasked).missing]
    assert ["split", "target", "sensitivity", "creators", "replay"] == [command.split()[1] for command in commands]
    assert all(f"'{folder}'" in command for command in commands)
    alone = [command.split()[1] for _, command in told("two")[1].missing]
    assert "split" not in alone


# ---- what happens beside posting


def test_the_title_of_operations_is_the_gravest_of_what_happens() -> None:
    """Stock before scandals before late posts; nothing gives no title."""
    summary = copy.deepcopy(dict(make_study.two().summary))
    assert "" == operations_title(Facts(summary))
    its = summary["strategies"]["celebrity"]
    its["operations"] = {"posts_slipped": {"mean": {"value": 5.2, "low": 4.1, "high": 6.3}}}
    assert "On average 5 posts of celebrity go out later than planned" == operations_title(Facts(summary))
    its["scandals"] = {"probability": {"value": 0.1, "low": 0.05, "high": 0.15}}
    assert "A scandal hits 10% of plays of celebrity" == operations_title(Facts(summary))
    its["sold_out"] = {"probability": {"value": 0.0, "low": 0.0, "high": 0.05}}
    assert "A scandal hits 10% of plays of celebrity" == operations_title(Facts(summary))


# ---- titles that fit


def test_a_title_that_is_too_long_gets_shorter_names_then_shorter_words() -> None:
    """The fullest that fits is taken."""

    def long(longest: int) -> str:
        return f"{'x' * longest} and so on at some length"

    assert "x" * 32 + " and so on at some length" == titles.fitted(long, most=60)
    assert "y" * 40 == titles.fitted(long, lambda longest: "y" * longest, most=45)
    assert "y" * 12 == titles.fitted(long, lambda longest: "y" * longest, most=5)


def test_short_titles_leave_out_intervals_and_nothing_of_a_name() -> None:
    """Brackets in a name are its own."""
    better = skewed(400, 0.4, 0.3, 1)
    summary = make({"spring (2024)": better, "spring (2025)": skewed(400, -0.4, 0.3, 2)}).summary
    title = titles.short_roi_title(summary)
    assert re.fullmatch(r"spring \(2024\) earns \$0\.\d+ more per \$1 spent than spring \(2025\)", title)
    assert words.doubts_title(summary).startswith("spring (2024) would still break even at ")


def test_pairs_of_situations_are_told_apart() -> None:
    """Negative control of the whole: different findings give different stories."""
    for one, other in combinations(("two", "turned", "tie", "all negative"), 2):
        assert [its.title for its in told(one)[1].exhibits] != [its.title for its in told(other)[1].exhibits]


# ---- how often a claim is wrong


def test_equal_plans_are_seldom_told_apart() -> None:
    """Of 300 pairs of plans with one law, at most 1 in 12 titles names better worst plays, or a usual winner.

    Each claim is wrong in 1 of 20 such pairs by its interval. Negative control: by the sign of the difference alone
    nearly all would be told apart.
    """
    random = np.random.default_rng(5)
    market = np.arange(200) % 4
    worst, winners, by_sign = 0, 0, 0
    for _ in range(300):
        a, b = np.exp(0.5 * random.standard_normal((2, 200))) - 1.2
        difference = shortfall_difference(a, b, market, cautious=True)
        worst += bool(side(difference))
        by_sign += bool(difference["value"])
        winners += usual_winner(compare("a", a, "b", b, "roi", market)) != "tie"
    assert worst <= 25
    assert winners <= 25
    assert by_sign >= 290


def test_plans_of_different_laws_are_told_apart() -> None:
    """The same claims are made where there is something to claim: each of 40 pairs with clearly worse plays."""
    random = np.random.default_rng(6)
    market = np.arange(400) % 4
    told_apart = 0
    for _ in range(40):
        a, b = random.standard_normal((2, 400)) * [[0.2], [0.6]]
        told_apart += side(shortfall_difference(a, b, market, cautious=True)) == 1
    assert 40 == told_apart


# ---- the frontier


def point(asked: Findings, *rows: tuple[float, float, bool]) -> dict[str, Any]:
    """Give a split whose rows have these means, worst plays and places on the frontier."""
    summary = split_summary(asked)
    for row, (mean, low, is_efficient) in zip(summary["splits"], rows, strict=True):
        row["mean"] = {**row["mean"], "value": mean}
        row["expected_shortfall_5"] = {**row["expected_shortfall_5"], "value": low}
        row["efficient"] = is_efficient
    return summary


def test_the_ends_of_a_frontier_are_told_as_seen_in_these_plays(asked: Findings) -> None:
    """One split at both ends is named as that; two are told apart, in the short title, too."""
    same = point(asked, (0.3, -0.1, True), (0.2, -0.2, False), (0.1, -0.3, False))
    other = point(asked, (0.3, -0.3, True), (0.2, -0.2, True), (0.1, -0.1, True))
    none = point(asked, (0.3, -0.3, False), (0.2, -0.2, False), (0.1, -0.1, False))
    for title in (frontier_title, short_frontier_title):
        assert "0% to micro and 100% to star" in title(same)
        assert re.search("Going by these plays|In these plays", title(same))
        assert re.search("most in the worst plays|another in its worst", title(other))
        assert "No split has plays enough to tell its worst ones" == title(none)
    assert len(short_frontier_title(other)) < len(frontier_title(other))


def with_split(asked: Findings, summary: dict[str, Any]) -> Findings:
    return replace(asked, decisions={**asked.decisions, "split": summary})


def test_a_frontier_holds_every_split_and_every_plan_as_a_point(asked: Findings) -> None:
    """Both numbers of each stand in the chart with their intervals; each plan has a series of its own."""
    summary = split_summary(asked)
    rows = [*summary["splits"], *summary["plans"].values()]
    for place, row in enumerate(rows):
        value = -0.1 * place
        row["expected_shortfall_5"] = {"value": value, "low": value - 0.01, "high": value + 0.02}
    chart = frontier(with_split(asked, summary)).chart
    assert len(rows) == len(set(chart.at)) and chart.series[0].low
    for values, key in ((chart.at, "value"), (chart.at_low, "low"), (chart.at_high, "high")):
        assert sorted(row["expected_shortfall_5"][key] for row in rows) == sorted(values)
    own = [series for series in chart.series if series.mark != "diamond"]
    every = [(at, y) for series in own for at, y in zip(chart.at, series.values, strict=True) if y is not None]
    assert sorted((row["expected_shortfall_5"]["value"], row["mean"]["value"]) for row in rows) == sorted(every)
    plans = [series for series in chart.series if series.mark == "square"]
    assert [(plan,) for plan in summary["plans"]] == [tuple(filter(None, series.labels)) for series in plans]
    assert [f"{summary['today']['strategy']} (today)"] == [its.name for its in plans if its.name.endswith(" (today)")]


def test_the_points_of_a_frontier_are_labelled_where_they_are_told(asked: Findings) -> None:
    """The split that is named and both ends of the frontier, which is joined; the others are marks alone."""
    summary = point(asked, (0.3, -0.3, True), (0.2, -0.2, True), (0.1, -0.4, False))
    summary["best"] = {**summary["best"], "place": 0}
    chart = frontier(with_split(asked, summary)).chart
    by_name = {series.name: series for series in chart.series}
    assert ["0% to micro"] == [label for label in by_name["the split named"].labels if label]
    joined = by_name["beaten by none in both"]
    assert joined.joined and ["50% to micro"] == [label for label in joined.labels if label]
    assert [0.2, 0.3] == [value for value in joined.values if value is not None]
    assert [0.1] == [value for value in by_name["other splits"].values if value is not None]
    assert () == by_name["other splits"].labels


def test_a_frontier_of_which_nothing_is_known_has_no_chart(asked: Findings) -> None:
    """Of few plays no worst ones can be told; with values but no intervals there are points without whiskers."""
    summary = split_summary(asked)
    rows = [*summary["splits"], *summary["plans"].values()]
    for row in rows:
        row["expected_shortfall_5"] = {**row["expected_shortfall_5"], "low": None, "high": None}
    chart = frontier(with_split(asked, summary)).chart
    assert ((), ()) == (chart.at_low, chart.at_high)
    for row in rows:
        row["expected_shortfall_5"] = {**row["expected_shortfall_5"], "value": None}
        row["efficient"] = False
    assert frontier(with_split(asked, summary)).chart is None


def test_thousands_have_no_decimals_however_small_their_error() -> None:
    """Ads reach 107,914.7 people within 0.7; below a thousand a tenth stays."""
    from simulator.present.pitch.appendix import _text

    facts = findings_of(make_study.two()).facts
    exact = {"value": 107_914.7, "low": 107_914.0, "high": 107_915.4, "level": 0.95, "method": "t", "n": 60}
    few = exact | {"value": 19.4, "low": 18.4, "high": 20.4}
    assert "107,915 (107,914 to 107,916)" == _text(facts, exact, "reach")
    assert "19.4" in _text(facts, few | {"low": 18.8, "high": 19.9}, "orders")
