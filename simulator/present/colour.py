"""How much two colours differ, for whom, and whether one can be read on the other.

In: colours as "#rrggbb". Out: contrasts, differences, tints. Invariant: sRGB is decoded before anything is worked out,
as light adds up.

References:
    W3C (2023), Web Content Accessibility Guidelines 2.2: relative luminance and contrast ratio, criteria 1.4.3, 1.4.11.
    Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision deficiency,
        IEEE TVCG 15(6): matrices of severity 1.0 for linear RGB.
    Sharma, Wu and Dalal (2005), The CIEDE2000 color-difference formula, Color Research and Application 30(1).
    IEC 61966-2-1: sRGB, its primaries and white (D65).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rgb = npt.NDArray[np.float64]
# What is read has to stand out so much from its ground, what is drawn so much (WCAG level AA).
TEXT_CONTRAST, DRAWN_CONTRAST = 4.5, 3.0
# Colours that differ less (CIEDE2000) look alike beside each other in a small area; 2 is what an eye just notices.
ALIKE = 10.0
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
VISIONS: dict[str, Rgb] = {
    "full colour vision": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


class Likeness(NamedTuple):
    """Two colours, for whom they are most alike, and how much they differ then (CIEDE2000)."""

    colours: tuple[str, str]
    vision: str
    difference: float


def contrast(colour: str, ground: str) -> float:
    """Give the contrast ratio of WCAG, from 1 to 21.

    >>> contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def likeness(colour: str, other: str) -> Likeness:
    """Say for whom two colours are most alike."""
    seen = {vision: difference(colour, other, vision) for vision in VISIONS}
    vision = min(seen, key=lambda name: seen[name])
    return Likeness((colour, other), vision, seen[vision])


def likest(colours: Sequence[str]) -> Likeness:
    """Find the two of several colours that are most alike to somebody."""
    return min((likeness(*pair) for pair in combinations(colours, 2)), key=lambda found: found.difference)


def tint(colour: str, share: float, ground: str = "#ffffff") -> str:
    """Mix a colour into its ground: a share of 1 is the colour, one of 0 the ground."""
    mixed = share * _coded(colour) + (1 - share) * _coded(ground)
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)


def difference(colour: str, other: str, vision: str = "full colour vision") -> float:
    """Give how much two colours differ for a vision of `VISIONS`, by CIEDE2000."""
    return _ciede2000(_lab(colour, vision), _lab(other, vision))


def _coded(colour: str) -> Rgb:
    return np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def _linear(colour: str) -> Rgb:
    coded = _coded(colour)
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ _LUMINANCE)


def _lab(colour: str, vision: str) -> Rgb:
    seen = np.clip(VISIONS[vision] @ _linear(colour), 0.0, 1.0)
    return lab_of(_XYZ @ seen / _XYZ.sum(axis=1))


def lab_of(relative: Rgb) -> Rgb:
    """Give CIELAB of XYZ relative to white (3,)."""
    cubed = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    return np.array([116 * cubed[1] - 16, 500 * (cubed[0] - cubed[1]), 200 * (cubed[1] - cubed[2])])


def _ciede2000(one: Rgb, other: Rgb) -> float:
    """Work out the difference of two colours in CIELAB, names and steps as in Sharma et al., equations 2 to 22."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    grey = 1.5 - 0.5 * _saturation(chroma)
    (c1, h1), (c2, h2) = (_polar(grey * lab[1], lab[2]) for lab in (one, other))
    light, mean_light, mean_chroma = other[0] - one[0], (one[0] + other[0]) / 2, (c1 + c2) / 2
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    wave = 1 + sum(
        share * np.cos(np.radians(times * mean_hue + shift))
        for share, times, shift in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    )
    s_light = 1 + 0.015 * (mean_light - 50) ** 2 / np.sqrt(20 + (mean_light - 50) ** 2)
    parts = light / s_light, (c2 - c1) / (1 + 0.045 * mean_chroma), hue / (1 + 0.015 * mean_chroma * wave)
    bend = np.sin(np.radians(60 * np.exp(-(((mean_hue - 275) / 25) ** 2))))
    rotation = -2 * _saturation(mean_chroma) * bend * parts[1] * parts[2]
    return float(np.sqrt(sum(part**2 for part in parts) + rotation))


def _saturation(chroma: float) -> float:
    return float(np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))


def _polar(a: float, b: float) -> tuple[float, float]:
    return float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)) % 360)
