"""The picture of what makes plays differ, and its title."""

from __future__ import annotations

from typing import Any

import pytest
from make_study import HOSTILE
from picture_helpers import faults, placed

from simulator.present.pictures.family import Decided
from simulator.present.pictures.look import SIZES, Look
from simulator.present.pictures.variance import draw_variance
from simulator.present.titles import MOST_LETTERS
from simulator.present.variance import has_parts, variance_alt, variance_title


def _share(value: float | None, half: float | None = 0.05, method: str = "nested") -> dict[str, Any]:
    known = value is not None and half is not None
    low, high = (max(value - half, 0.0), min(value + half, 1.0)) if known else (None, None)  # type: ignore[operator]
    return {"value": value, "low": low, "high": high, "level": 0.95, "method": method, "n": 128}


def _factor(paths: list[str], alone: float, together: float, *, used: bool = True) -> dict[str, Any]:
    return {"paths": paths, "used": used, "first_order": _share(alone), "total": _share(together)}


def _summary(inputs: Any, markets: Any, chance: Any, factors: int = 3, **more: Any) -> dict[str, Any]:
    parts = {"inputs": inputs, "markets": markets, "chance": chance, "rows": 128, "variance": 0.1}
    every = [_factor([f"pools.micro_{k}.order_per_click"], 0.3 / (k + 1), 0.4 / (k + 1)) for k in range(factors)]
    every += [_factor(["product.margin"], 0.0, 0.0, used=False)]
    return {
        "scenario": "made", "hash": "0123456789", "seed": 7, "currency": "$", "replications": 512, "markets": 4,
        "plan": "portfolio", "measure": "roi", "at_least": None, "at_months": None, "budget": 100.0,
        "variance": parts, "factors": every,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ((0.8, 0.1, 0.1), "Most of the variance of ROI of portfolio (80%) is what nobody knows of the inputs"),
        ((0.1, 0.8, 0.1), "Most of the variance of ROI of portfolio (80%) is which market it is"),
        ((0.1, 0.1, 0.8), "Most of the variance of ROI of portfolio (80%) is chance"),
        (
            (0.48, 0.22, 0.3),
            "The largest part of the variance of ROI of portfolio (48%) is what nobody knows of the inputs",
        ),
        ((0.44, 0.18, 0.38), "Too close to call what ROI of portfolio varies by most"),
        ((0.7, None, 0.3), "Most of the variance of ROI of portfolio (70%) is what nobody knows of the inputs"),
    ],
)
def test_the_title_claims_what_intervals_allow(parts: tuple[float | None, ...], title: str) -> None:
    """Most, the largest or neither, and it turns with the numbers."""
    assert title == variance_title(_summary(*(_share(part) for part in parts)))


def test_the_markets_played_are_named_where_others_could_turn_it_round() -> None:
    """Few markets tell little of how markets differ; what is sure of all of them needs no such words."""
    wide, narrow = ({"value": 0.84, "low": low, "high": 0.92} for low in (0.36, 0.6))
    rest = _share(0.1), _share(0.06)
    claim = "ost of the variance of ROI of portfolio (84%) is"
    for across, start in ((wide, "In the markets played, m"), (narrow, "M")):
        summary = _summary(_share(0.84) | {"across_markets": across}, *rest)
        assert f"{start}{claim} what nobody knows of the inputs" == variance_title(summary)
        assert f"{start}{claim} unknown inputs" == variance_title(summary, short=True)
        assert len(variance_title(summary | {"plan": "p" * 60}, 12, short=True)) <= MOST_LETTERS
    largest = _share(0.48) | {"across_markets": {"value": 0.48, "low": 0.2, "high": 0.6}}
    title = variance_title(_summary(largest, _share(0.22), _share(0.3)))
    assert title.startswith("In the markets played, the largest part of")


def test_without_an_interval_nothing_is_claimed() -> None:
    """As where plays are too few."""
    assert "no interval can be given" in variance_title(_summary(_share(0.9, None), _share(None), _share(0.1, None)))
    assert not has_parts(_summary(_share(None), _share(None), _share(None)))


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("factors", [0, 1, 12])
def test_words_fit(name: str, factors: int) -> None:
    """No text leaves the picture or lies on another; what is left out is counted."""
    summary = _summary(_share(0.8), _share(0.1), _share(0.1), factors, plan=HOSTILE)
    if factors:
        summary["factors"][0]["paths"] = [f"pools.{HOSTILE}.click_per_impression", "product.order_value"]
    figure, texts = placed(lambda: draw_variance(Decided(summary)), Look(size=SIZES[name]))
    assert [] == faults(figure, texts)
    assert (factors > 7) == ("Left out, with smaller shares: 5 inputs" in " ".join(text for text, _ in texts))


def test_the_text_holds_every_share() -> None:
    """Those who do not see the picture read the same shares."""
    alt = variance_alt(_summary(_share(0.8), _share(None), _share(0.2)))
    assert "unknown inputs 80% (75% to 85%)" in alt and "which market" not in alt and "orders per click" in alt
