"""The heat map of overlap and the ranking of creators: who stands beside whom, and that it can be read."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from make_study import HOSTILE
from picture_helpers import faults, placed
from test_worth import made_up

from simulator.present.colour import contrast
from simulator.present.pictures.family import Decided
from simulator.present.pictures.look import SIZES, Look, styled
from simulator.present.pictures.overlap import _alike_together, _hex, _shades, draw_overlap
from simulator.present.pictures.worth import worth_pictures


def _pairs(names: list[str], seed: int = 1) -> list[dict[str, Any]]:
    """Make overlaps of all pairs, the largest first; some are never hired together."""
    rng = np.random.default_rng(seed)
    every = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    shares = np.sort(rng.uniform(0.02, 0.6, len(every)))[::-1]
    rows = [
        {"strategy": "portfolio", "creator": a, "other": b, "overlap": s}
        for (a, b), s in zip(every, shares, strict=True)
    ]
    return [row for place, row in enumerate(rows) if place == 0 or place % 9 != 8]


def _worth(names: list[str]) -> Decided:
    return Decided(made_up({name: (10.0 * k - 100, 20.0, 60.0) for k, name in enumerate(names)}), _pairs(names))


NAMES = {
    "two": ["anna", "bert"],
    "seven": [f"micro/{k}" for k in range(7)],
    "thirty": [f"micro/{k}" for k in range(30)],
    "hundred": [f"a_creator_with_a_very_long_name_that_is_cut/{k}" for k in range(100)],
    "hostile": [HOSTILE, "東京ごはん日記", "x" * 60, "=1+1"],
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("names", NAMES)
def test_words_fit(names: str, size: str) -> None:
    """No text leaves the pictures or lies on another; who is left out is counted."""
    pictures = worth_pictures(_worth(NAMES[names]))
    assert ["creators", "overlap"] == list(pictures)
    for name, draw in pictures.items():
        figure, texts = placed(draw, Look(size=SIZES[size]))
        assert [] == faults(figure, texts), name
    assert (names == "hundred") == any("all 100 are in" in text for text, _ in texts)


def test_those_who_are_alike_stand_together() -> None:
    """Three groups that are mixed up are put together again; a matrix that is not sorted has none together."""
    group = np.arange(12) % 3
    matrix = np.where(group[:, None] == group, 0.6, 0.05)
    np.fill_diagonal(matrix, np.nan)
    found = group[_alike_together(matrix)]
    assert 2 == np.count_nonzero(np.diff(found))
    assert 11 == np.count_nonzero(np.diff(group))


def test_the_matrix_keeps_every_overlap() -> None:
    """However rows are ordered, each pair has its own share, on both sides of the diagonal."""
    names = NAMES["seven"]
    worth = _worth(names)
    with styled():
        figure = draw_overlap(worth, worth.pairs, "portfolio")
    cells = np.asarray(figure.axes[0].images[0].get_array().filled(np.nan))
    rows = [text.get_text() for text in figure.texts if text.get_text() in names]
    shares = {frozenset((row["creator"], row["other"])): row["overlap"] for row in worth.pairs}
    wanted = [[shares.get(frozenset((a, b)), np.nan) if a != b else np.nan for b in rows] for a in rows]
    np.testing.assert_array_equal(wanted, cells)


def test_more_is_darker_also_in_grey() -> None:
    """Lightness falls all the way, so that the shades can be told in print and by whoever sees no colours."""
    with styled():
        shades = [_hex(_shades()(share)) for share in np.linspace(0, 1, 20)]
    on_paper = [contrast(shade, "#ffffff") for shade in shades]
    assert on_paper == sorted(on_paper) and on_paper[0] < 1.5 and on_paper[-1] > 7


def test_who_adds_most_and_least_is_shown() -> None:
    """On a slide fewer than in a column; both ends, each once."""
    worth = _worth([f"anna {k}" for k in range(40)])
    shown = {}
    for name, its in SIZES.items():
        texts = [text for text, _ in placed(partial(worth_pictures(worth)["creators"]), Look(size=its))[1]]
        shown[name] = sum(text.startswith("anna") for text in texts)
    assert {"slide": 14, "column": 30} == shown
