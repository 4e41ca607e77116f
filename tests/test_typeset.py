"""Text as it is set: signs and intervals hold together, and names stay as they are."""

from __future__ import annotations

import pytest
from make_results import findings_of
from make_study import one

from simulator.present.pictures.family import drawable_pictures
from simulator.present.pictures.saving import png_bytes
from simulator.present.pictures.untitled import untitled_png
from simulator.present.typeset import MINUS, NO_BREAK, typeset


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("-0.73", "M0.73"),
        ("a loss of -$500, -\u20ac5", "a loss of M$500, M\u20ac5"),
        ("(-0.81 to -0.73)", "(M0.81~to~M0.73)"),
        ("(0.42 to 0.50)", "(0.42~to~0.50)"),
        ("plan-1, mid-2026, 2026-11-24, 3-5", "plan-1, mid-2026, 2026-11-24, 3-5"),
        ("f(x)-1 and a_b-2 and --seed", "f(x)-1 and a_b-2 and --seed"),
        ("(400 plays of each plan)", "(400 plays of each plan)"),
        ("from click to order (a to b c)", "from click to order (a to b c)"),
    ],
)
def test_only_signs_and_intervals_change(given: str, expected: str) -> None:
    assert expected.replace("M", MINUS).replace("~", NO_BREAK) == typeset(given)
    assert typeset(given) == typeset(typeset(given))


def test_a_picture_without_title_is_cut_below_it() -> None:
    """It is as wide, and lower; what stands below the title is the same to the last pixel."""
    import io

    import numpy as np
    from PIL import Image

    draw = drawable_pictures(findings_of(one(40)))["roi_distribution"]
    whole, cut = (np.asarray(Image.open(io.BytesIO(data))) for data in (png_bytes(draw), untitled_png(draw)))
    assert whole.shape[1] == cut.shape[1] and 20 < whole.shape[0] - cut.shape[0] < 200
    assert (whole[-cut.shape[0] :] == cut).all()
