"""How much room a text takes, so that nothing on a slide is cut off.

In: a text and its size in points. Out: inches, and lines. Invariant: the answer is the same on every machine, and on
the safe side: letters are measured in DejaVu Sans, which comes with matplotlib and is wider than what themes commonly
name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

LINE_HEIGHT = 1.2  # of a line, in sizes of its letters
_ELLIPSIS = "\u2026"
_SPACE = re.compile(r"[ \n]+")  # but not a space that does not break


@dataclass(frozen=True)
class Box:
    """A place on a slide [in]."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Give its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Give its lower edge."""
        return self.top + self.height


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a line [in]."""
    return _ems(text, bold) * size / 72


@lru_cache(maxsize=65_536)
def _ems(text: str, bold: bool) -> float:  # noqa: FBT001  # a key of the cache
    """Measure a line in sizes of its letters; one that the font lacks is as wide as it is high."""
    advances = _advances(bold)
    return sum(advances.get(ord(letter), 1.0) for letter in text)


def height_of(lines: int, size: float) -> float:
    """Measure so many lines [in]."""
    return lines * size * LINE_HEIGHT / 72


def words(text: str) -> list[str]:
    """Divide a text where a line may end: at spaces, but not at those that do not break."""
    return [word for word in _SPACE.split(text) if word]


def broken(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into the lines that it takes in a column so wide [in]; a word that is too long is broken, too."""
    lines, line, taken = [], "", 0.0
    space = width_of(" ", size, bold=bold)
    for word in words(text):
        wide = width_of(word, size, bold=bold)
        if line and taken + space + wide <= width:
            line, taken = f"{line} {word}", taken + space + wide
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, size, width, bold=bold) if wide > width else [word]
        lines, taken = lines + full, width_of(line, size, bold=bold)
    return [*lines, line] if line or not lines else lines


def shortened(text: str, size: float, width: float, most: int, *, bold: bool = False) -> str:
    """Cut a text where it takes more than so many lines; it then ends in dots."""
    if len(broken(text, size, width, bold=bold)) <= most:
        return text
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        cut = text[:middle].rstrip() + _ELLIPSIS
        low, high = (middle, high) if len(broken(cut, size, width, bold=bold)) <= most else (low, middle)
    return text[:low].rstrip() + _ELLIPSIS


def _cut(word: str, size: float, width: float, *, bold: bool) -> list[str]:
    """Cut a word where it is too long, behind the last "_" or "-" that fits, else behind the last letter that does."""
    parts = []
    while width_of(word, size, bold=bold) > width and len(word) > 1:
        fits = next((n for n in range(1, len(word)) if width_of(word[: n + 1], size, bold=bold) > width), len(word))
        end = max(word.rfind(mark, 0, fits) for mark in "_-") + 1 or fits
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word]


@cache
def _advances(bold: bool) -> dict[int, float]:  # noqa: FBT001  # a key of the cache
    """Give how wide each letter is, in sizes of the font."""
    import matplotlib as mpl
    from fontTools.ttLib import TTFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    with TTFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / name) as font:
        widths, per_em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[glyph][0] / per_em for code, glyph in font.getBestCmap().items()}
