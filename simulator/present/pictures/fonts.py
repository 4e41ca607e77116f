"""The fonts of pictures: which of a brand's are here, and a part of each to be carried inside an SVG.

In: a brand; the letters of a picture. Out: names of families; `@font-face` rules. Invariants: the same letters give the
same bytes; what is lent to matplotlib is taken back.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from simulator.present.brand import PLAIN, Brand, css_family, family_of

# Regular, and bold.
WEIGHTS = (400, 700)
# What showing text needs of a font; the rest of its tables is left out.
_TABLES = {
    *("GlyphOrder", "head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "name", "post"),
    *("loca", "glyf", "CFF ", "kern", "GDEF", "GPOS", "GSUB"),
}
# Always there: most pictures need no other letters, and so share one part of a font.
_COMMON = {chr(code) for code in range(32, 127)} | {"\u2026", "\u2212", "\u2192"}
_FEATURES = ("ccmp", "kern", "liga", "mark", "mkmk", "init", "medi", "fina", "rlig")


@contextmanager
def lent(brand: Brand) -> Iterator[None]:
    """Let matplotlib know a brand's own font file, and forget it again."""
    from matplotlib.font_manager import fontManager

    before, log = list(fontManager.ttflist), logging.getLogger("matplotlib.font_manager")
    level = log.level
    try:
        log.setLevel(logging.ERROR)  # that a font has no bold is no news
        for file in _files_of(brand):
            fontManager.addfont(file)
        yield
    finally:
        log.setLevel(level)
        fontManager.ttflist[:] = before


def _files_of(brand: Brand) -> list[Path]:
    """Give a brand's font file, and those of the same family beside it, such as the bold."""
    if brand.font_file is None:
        return []
    beside = sorted(brand.font_file.parent.glob("*.[ot]tf"))
    return [file for file in beside if file == brand.font_file or family_of(file) == brand.font[0]]


def families_here(brand: Brand) -> list[str]:
    """Give the families of a brand that this machine has, and at last what stands for any."""
    from matplotlib.font_manager import fontManager

    there = {entry.name for entry in fontManager.ttflist}
    return [name for name in brand.font if name in there or name == PLAIN.font[-1]]


def font_note(brand: Brand) -> list[str]:
    """Say it where a brand's font is not on this machine."""
    with lent(brand):
        here = families_here(brand)
    if brand.font[0] in here:
        return []
    return [f"style: no font {brand.font[0]!r} is installed here; pictures use {here[0]}. Name its .ttf or .otf file."]


def _file(family: str, weight: int) -> str:
    from matplotlib.font_manager import FontProperties, findfont

    return str(findfont(FontProperties(family=[family], weight=weight), fallback_to_default=False))


def font_faces(brand: Brand, texts: Iterable[str]) -> str:
    """Write style rules that hold those letters of a brand's font which some texts need, regular and bold.

    Args:
        brand: Whose font.
        texts: All texts that will be shown with it.
    """
    letters = "".join(sorted(_COMMON.union(*texts)))
    with lent(brand):
        family = families_here(brand)[0]
        files = {weight: _file(family, weight) for weight in WEIGHTS}
    same = len(set(files.values())) == 1
    weights = {"400 700": files[400]} if same else {str(weight): file for weight, file in files.items()}
    return "".join(
        f"@font-face{{font-family:{css_family([family])};font-weight:{weight};"
        f"src:url(data:font/woff;base64,{_subset(Path(file), letters)})}}"
        for weight, file in weights.items()
    )


@lru_cache(maxsize=64)
def _subset(file: Path, letters: str) -> str:
    """Give the part of a font that has some letters, as WOFF in base64."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    with TTFont(file, recalcTimestamp=False) as font:
        others = [table for table in font.keys() if table not in _TABLES]  # noqa: SIM118  # TTFont is no dict
        options = Options(layout_features=list(_FEATURES), hinting=False, notdef_outline=True, drop_tables=others)
        subsetter = Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream)
    return base64.b64encode(stream.getvalue()).decode()
