"""The picture of where reach and money go: its bars add up, its words fit, at both sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from make_results import findings_of
from make_study import HOSTILE, make, skewed
from picture_helpers import faults, placed

from simulator.present.pictures.look import SIZES, Look, styled
from simulator.present.pictures.saving import svg_text
from simulator.present.pictures.waterfall import draw_way, way_pictures
from simulator.present.reach_steps import Step, Way, amount, ways

LONG = "celebrity_without_any_blank_in_its_very_long_name_of_60_chars"


def _total(key: str, label: str, value: float, half: float = 0.0) -> Step:
    return Step(
        key, label, value, {"value": value, "low": value - half, "high": value + half, "method": "t"}, total=True
    )


REACH = {
    "usual": (
        _total("followers", "advertised followers", 1_339_022.0),
        Step("fake", "fake or inactive", -334_755.0),
        Step("outside", "outside the market", -133_900.0),
        Step("not_shown", "not shown a post, net", -624_000.0, error=4000.0),
        Step("ads", "reached by ads", 20_000.0, error=500.0),
        Step("overlap", "reached more than once", -131_159.0, error=4000.0),
        _total("reach", "different people reached", 135_208.0, 2400.0),
    ),
    "beyond": (
        _total("followers", "advertised followers", 200.0),
        Step("beside", "reached beyond followers, net", 100.0, error=20.0),
        _total("reach", "different people reached", 300.0, 20.0),
    ),
    "ads": (Step("ads", "reached by ads", 5000.0), _total("reach", "different people reached", 5000.0)),
}
COSTS = ("fees", "agency commission", "usage rights", "exclusivity", "whitelisting", "production", "product sent")
MONEY = {
    "many costs": (
        _total("margin", "incremental margin", 20_604.0, 900.0),
        *(Step(name, name, -4000.0) for name in (*COSTS, "management", "affiliate commission", "paid media")),
        Step("refund", "refunds", 396.0),
        _total("profit", "profit", -19_000.0, 900.0),
    ),
    "one cost": (
        _total("margin", "incremental margin", 500.0, 90.0),
        Step("fee", "fees", -400.0),
        _total("profit", "profit", 100.0, 90.0),
    ),
    "unknown": (),
}


def _drawn(plan: str, reach: str, money: str) -> tuple[Any, Way]:
    found = findings_of(make({plan: skewed(40, 0.1)}))
    (way,) = ways(found)
    return found, replace(way, reach=REACH[reach], money=MONEY[money], notes=("Net: some are reached otherwise.",))


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize(("reach", "money", "plan"), list(zip(REACH, MONEY, [LONG, HOSTILE, "ads"], strict=True)))
def test_words_fit(name: str, plan: str, reach: str, money: str) -> None:
    """No text leaves the picture or lies on another, whatever the plan is called and however many steps there are."""
    found, way = _drawn(plan, reach, money)
    figure, texts = placed(lambda: draw_way(found, way), Look(size=SIZES[name]))
    assert [] == faults(figure, texts)
    shown = [text for text, _ in texts]
    assert all(amount(step) in shown for step in way.reach)


def test_bars_begin_where_the_last_ended() -> None:
    """A bar's two ends are those of the steps before and after it; a total stands on the ground."""
    found, way = _drawn("portfolio", "usual", "many costs")
    with styled():
        axes = draw_way(found, way).axes[0]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    assert len(way.reach) == len(ends)
    for (_, before), (begin, end), step in zip([(0.0, 0.0), *ends], ends, way.reach, strict=False):
        assert begin == (0.0 if step.total else before)
        assert end == pytest.approx(begin + step.value)
    assert ends[-1][1] == pytest.approx(ends[-2][1]), "the last total closes the way"


def test_there_is_a_picture_for_each_plan_whose_creators_are_known() -> None:
    """Without creators there is nothing to draw."""
    assert {} == way_pictures(findings_of(make({"portfolio": skewed(40, 0.1)})))


def test_names_stay_text() -> None:
    """Markup in a name is shown, not obeyed, and the same picture gives the same bytes."""
    found, way = _drawn(HOSTILE, "usual", "many costs")
    svg = svg_text(lambda: draw_way(found, way), carried=False)
    assert "<b>" not in svg and "&lt;b&gt;" in svg
    assert svg == svg_text(lambda: draw_way(found, way), carried=False)
