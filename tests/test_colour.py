"""Colours: contrasts and differences are those of their standards, and ours can be read and told apart."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.present import colour
from simulator.present.brand import PLAIN
from simulator.present.colour import ALIKE, DRAWN_CONTRAST, TEXT_CONTRAST, VISIONS, contrast, difference, likest, tint

# Of the 34 pairs of Sharma, Wu and Dalal (2005), table 1, those that find the usual mistakes.
SHARMA = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
    ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
# Before, after: Okabe and Ito without yellow, of which half is too pale for white paper.
OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
# A red and a green of about the same lightness.
RED, GREEN = "#b5402a", "#5f7a1c"


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA)
def test_the_difference_is_that_of_its_standard(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    """To the last digit that is published, whichever comes first."""
    first, second = np.array(one), np.array(other)
    assert expected == round(colour._ciede2000(first, second), 4)
    assert expected == round(colour._ciede2000(second, first), 4)


@pytest.mark.parametrize(
    ("one", "ground", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, ground: str, ratio: float) -> None:
    """Known ratios, whichever is the ground; a colour has none to itself."""
    assert ratio == round(contrast(one, ground), 2) == round(contrast(ground, one), 2)
    assert 1.0 == contrast(one, one)


@pytest.mark.parametrize("vision", VISIONS)
def test_grey_is_seen_by_all(vision: str) -> None:
    """White and grey stay what they are, to the digits of the matrices; so greys differ alike for all."""
    assert np.allclose(VISIONS[vision].sum(axis=1), 1.0, atol=2e-6)
    assert abs(difference("#444444", "#999999", vision) - difference("#444444", "#999999")) < 0.01


def test_our_colours_stand_out() -> None:
    """Text by 4.5 to 1, what is drawn by 3 to 1; negative control: half of the palette that many use does not."""
    assert min(contrast(one, PLAIN.ground) for one in (PLAIN.ink, PLAIN.muted)) >= TEXT_CONTRAST
    drawn = (*PLAIN.colours, PLAIN.gain, PLAIN.loss)
    assert min(contrast(one, PLAIN.ground) for one in drawn) >= DRAWN_CONTRAST
    assert 2 == sum(contrast(one, PLAIN.ground) < DRAWN_CONTRAST - 0.5 for one in OKABE_ITO)


@pytest.mark.parametrize("plans", range(2, 7))
def test_our_colours_can_be_told_apart_by_all(plans: int) -> None:
    """Any two of the first colours, for each vision; the two of most studies by far."""
    found = likest(PLAIN.colours[:plans])
    assert found.difference >= (45 if plans == 2 else 12), found
    assert found.difference > ALIKE


def test_the_check_finds_red_and_green() -> None:
    """Negative control: colours that differ much for most look the same to some."""
    assert difference(RED, GREEN) > 45
    found = likest([*PLAIN.colours[:1], RED, GREEN])
    assert ("deuteranopia", (RED, GREEN)) == (found.vision, found.colours)
    assert found.difference < 1


def test_tints_go_from_the_ground_to_the_colour() -> None:
    """Ends and middle."""
    assert ["#ffffff", "#0072b2", "#80b8d8"] == [tint("#0072b2", share) for share in (0.0, 1.0, 0.5)]
    assert "#000000" == tint("#ffffff", 0.0, "#000000")
