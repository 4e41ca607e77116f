"""Shares of the variance: exact where the parts are known exactly, and intervals that hold as often as they say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_helpers import tiny

import simulator
from simulator.decide import variance
from simulator.decide.recombine import Rows
from simulator.decide.variance import FEWEST_ROWS, LEVELS, MarketsOfRows, variance_split
from simulator.scenario.model import Scenario
from simulator.study.estimates import FIXED, NO_VARIATION, Values


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("shares"))


def markets_of(rows: int, markets: int) -> MarketsOfRows:
    """Give the two markets of each row, as they are played."""
    step = 1 + (np.arange(rows) // markets) % (markets - 1)
    return np.stack([np.arange(rows) % markets, (np.arange(rows) + step) % markets], axis=1)


def values_of(told: Mapping[str, Any]) -> list[float]:
    return [told[name]["value"] for name in LEVELS]


def made(
    rng: np.random.Generator, rows: int, markets: int, parts: tuple[float, float, float], *, skewed: bool = False
) -> tuple[Values, MarketsOfRows, float]:
    """Make plays of known parts, and give what the effects of the markets drawn really vary by."""
    inputs = rng.standard_normal(rows)
    if skewed:
        inputs = (np.exp(0.6 * inputs) - np.exp(0.18)) / np.sqrt((np.exp(0.36) - 1) * np.exp(0.36))
    effects = rng.standard_normal(markets) * parts[1] ** 0.5
    market = markets_of(rows, markets)
    noise = rng.standard_normal((rows, 2, 2)) * parts[2] ** 0.5
    if skewed:
        noise *= np.sqrt(np.maximum(0.2, 1 + 0.8 * inputs))[:, None, None]
    values = inputs[:, None, None] * parts[0] ** 0.5 + effects[market][:, :, None] + noise
    return values, market, float(effects.var(ddof=1))


def test_what_only_one_level_decides_is_that_levels(scenario: Scenario) -> None:
    """Inputs, market or chance alone: a share of 1, the others 0, but for what few numbers of chance leave open."""
    market, rng = markets_of(48, 4), np.random.default_rng(1)
    inputs = np.broadcast_to(rng.standard_normal(48)[:, None, None], (48, 2, 2))
    between = np.broadcast_to(np.array([3.0, -1.0, 0.5, 2.0])[market][:, :, None], (48, 2, 2))
    assert pytest.approx([1, 0, 0], abs=1e-12) == values_of(variance_split(inputs, market))
    assert pytest.approx([0, 1, 0], abs=1e-12) == values_of(variance_split(between, market))
    chance = variance_split(rng.standard_normal((48, 2, 2)), market)
    assert chance["chance"]["low"] < 1 == chance["chance"]["high"]
    assert pytest.approx(1, abs=1e-9) == sum(values_of(variance_split(inputs + between, market)))


def test_the_parts_are_those_of_the_textbook() -> None:
    """With all rows in the same two markets: covariance of the cells, mean square of chance, and what is left."""
    values, _, _ = made(np.random.default_rng(2), 40, 2, (1.0, 0.5, 0.5))
    market = np.tile([0, 1], (40, 1))
    cells, chance = values.mean(axis=2), float(np.mean(np.var(values, axis=2, ddof=1)))
    inputs = float(np.cov(cells.T)[0, 1])
    markets = float(np.mean(np.var(cells, axis=1, ddof=1))) - chance / 2
    expected = np.array([inputs, markets, chance])
    told = variance_split(values, market)
    assert pytest.approx(expected.sum()) == told["variance"]
    assert pytest.approx(expected / expected.sum()) == values_of(told)


def test_what_markets_add_changes_no_other_part() -> None:
    """Markets as different as may be leave the variance of inputs and chance as it was, to rounding."""
    values, market, _ = made(np.random.default_rng(3), 64, 4, (1.0, 0.2, 0.3))
    more = values + np.array([0.0, 100.0, -40.0, 7.0])[market][:, :, None]
    one, other = variance_split(values, market), variance_split(more, market)
    for name in ("inputs", "chance"):
        assert pytest.approx(one[name]["value"] * one["variance"]) == other[name]["value"] * other["variance"]
    assert pytest.approx(np.var([0.0, 100.0, -40.0, 7.0], ddof=1), rel=0.01) == other["between_markets"]


def test_shares_lie_in_their_intervals_and_these_in_those_of_all_markets() -> None:
    values, market, _ = made(np.random.default_rng(4), 64, 4, (1.0, 0.2, 0.3))
    told = variance_split(values, market)
    for name in LEVELS:
        its, across = told[name], told[name]["across_markets"]
        assert 0 <= across["low"] <= its["low"] <= its["value"] <= its["high"] <= across["high"] <= 1
    few = variance_split(*made(np.random.default_rng(4), 64, 2, (1.0, 0.2, 0.3))[:2])["markets"]["across_markets"]
    assert few["high"] - few["low"] > 0.7, "two markets tell next to nothing of all markets"


def test_shares_add_up_to_1_also_where_a_part_comes_out_below_0() -> None:
    """Where only chance is at work, parts without bias are below 0 as often as above."""
    rng, market = np.random.default_rng(14), markets_of(16, 4)
    some = [variance_split(rng.standard_normal((16, 2, 2)), market) for _ in range(20)]
    assert pytest.approx(np.ones(20)) == [sum(values_of(told)) for told in some]
    assert 0.0 in [told["inputs"]["value"] for told in some]
    assert all(told[name]["low"] <= told[name]["value"] <= told[name]["high"] for told in some for name in LEVELS)


def test_without_unknown_inputs_their_share_is_exactly_0() -> None:
    values, market, _ = made(np.random.default_rng(5), 32, 4, (0.0, 0.2, 0.3))
    its = variance_split(values, market, known=True)["inputs"]
    assert (0.0, 0.0, 0.0, FIXED) == (its["value"], its["low"], its["high"], its["method"])
    assert its["across_markets"]["high"] == 0


def test_one_market_tells_nothing_of_markets() -> None:
    values, market, _ = made(np.random.default_rng(6), 64, 2, (1.0, 0.0, 1.0))
    told = variance_split(values[:, :1], np.zeros_like(market[:, :1]))
    assert told["markets"]["value"] is None is told["inputs"]["across_markets"]
    assert 0.25 < told["inputs"]["value"] < 0.75
    assert pytest.approx(1) == told["inputs"]["value"] + told["chance"]["value"]


def test_undefined_plays_leave_out_their_rows() -> None:
    values, market, _ = made(np.random.default_rng(7), 40, 4, (1.0, 0.2, 0.3))
    holed = values.copy()
    holed[5, 1, 0] = holed[9, 0, 1] = np.nan
    kept = np.setdiff1d(np.arange(40), [5, 9])
    assert variance_split(values[kept], market[kept]) == variance_split(holed, market)
    assert 38 == variance_split(holed, market)["rows"]


def test_nothing_is_claimed_where_nothing_varies_or_too_little_is_played() -> None:
    market = markets_of(32, 4)
    still = variance_split(np.full((32, 2, 2), 5.0), market)
    assert (0.0, None, NO_VARIATION) == (still["variance"], still["chance"]["value"], still["chance"]["method"])
    few = variance_split(np.ones((FEWEST_ROWS - 1, 2, 2)), market[: FEWEST_ROWS - 1])
    assert few["variance"] is None is few["inputs"]["value"]
    with pytest.raises(ValueError, match="market"):
        variance_split(np.ones((4, 2, 2)), market)


def coverage(reps: int, rows: int, parts: tuple[float, float, float], *, skewed: bool = False) -> Values:
    """Give how often the intervals hold the shares: in the markets drawn, then of all markets (2, LEVELS)."""
    rng, hits = np.random.default_rng(8), []
    for _ in range(reps):
        values, market, between = made(rng, rows, 4, parts, skewed=skewed)
        told = variance_split(values, market)
        here, anywhere = np.array([parts[0], between, parts[2]]), np.array(parts)
        hits.append(
            [
                [
                    told[name]["low"] <= share <= told[name]["high"]
                    for name, share in zip(LEVELS, here / here.sum(), strict=True)
                ],
                [
                    told[name]["across_markets"]["low"] <= share <= told[name]["across_markets"]["high"]
                    for name, share in zip(LEVELS, anywhere / anywhere.sum(), strict=True)
                ],
            ]
        )
    return np.mean(hits, axis=0)


def test_the_intervals_hold_about_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """50 studies of 32 rows: at 95% fewer than 42 of 50 would come once in 1,000; a third of the error fails."""
    assert (coverage(50, 32, (0.6, 0.1, 0.3)) >= 42 / 50).all()
    error = variance._jackknife_error
    monkeypatch.setattr(variance, "_jackknife_error", lambda plan: error(plan) / 3)
    assert (coverage(50, 32, (0.6, 0.1, 0.3))[0] < 42 / 50).all()


@pytest.mark.slow
def test_the_intervals_hold_in_a_thousand_studies() -> None:
    """128 rows in 4 markets: 93% to 98% for normal effects, never below 86% for inputs of skewness 2."""
    for parts in ((0.7, 0.05, 0.25), (0.3, 0.3, 0.4), (0.1, 0.02, 0.88)):
        found = coverage(1000, 128, parts)
        assert (found >= 0.93).all() and (found[0] <= 0.98).all(), (parts, found)
        assert (coverage(1000, 128, parts, skewed=True) >= 0.86).all(), parts


# ---- of plays


def test_rows_share_what_they_are_said_to_share(scenario: Scenario) -> None:
    """Inputs in all four plays of a row, the market in two and two, luck in none; all pairs of markets alike."""
    rows = Rows(scenario, 24, 4)
    drawn = rows.nested()
    for row in range(24):
        four = [draws[row] for draws in drawn]
        assert {row} == {draw.inputs for draw in four}
        assert 4 == len({draw.replication for draw in four})
        assert four[0].market == four[1].market != four[2].market == four[3].market
    pairs = {(draws.market, other.market) for draws, other in zip(drawn[0], drawn[2], strict=True)}
    assert 12 == len(pairs)
    every = [draw.replication for draws in (*drawn, rows.second()) for draw in draws]
    assert len(every) == len(set(every))
    assert [draws[:8] for draws in drawn] == Rows(scenario, 8, 4).nested(), "a longer study begins with the shorter"


def test_shares_of_a_plan(scenario: Scenario, tmp_path: Path) -> None:
    """What is played says the same twice; a scenario of numbers has no share of inputs, one market none of markets."""
    one, two = (simulator.variance_shares(scenario, "many", replications=16).summary for _ in range(2))
    assert one == two
    assert ("many", 16, 2) == (one["plan"], one["variance"]["rows"], one["variance"]["markets_played"])
    known = {"behaviour": {"reach_per_peer": 0.2}, "product": {"order_value": 100.0, "margin": 0.5}}
    certain = tiny(tmp_path, **known, pools={}, strategies={"one": {"creators": ["anna"]}})
    shares = simulator.variance_shares(certain, replications=16, markets=1, measure="profit").summary["variance"]
    assert (0.0, FIXED) == (shares["inputs"]["value"], shares["inputs"]["method"])
    assert (1.0, None) == (shares["chance"]["value"], shares["markets"]["value"])
