"""How everything that goes to a client looks: colours, font, logo.

In: nothing, or a small TOML file (`--style`). Out: a `Brand`, which pictures, report and deck share. Invariant: text is
readable on its ground (WCAG 2.2 AA: a contrast of at least 4.5 to 1), and what is drawn stands out from it (3 to 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Brand:
    """The look that pictures, report and deck share.

    Attributes:
        colours: One for each plan, in scenario order, as "#rrggbb"; there are six or more.
        ink: Of text.
        muted: Of text beside, such as notes, and of axes.
        pale: Of thin lines between rows.
        ground: Of paper.
        gain: Of what is better than nothing, such as an added profit above 0.
        loss: Of what is worse.
        font: The family, and what to take where a reader has none of it.
        logo: A picture file (PNG or SVG), or None.
    """

    # Okabe and Ito (2008) without yellow, which is too pale on white.
    colours: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
    ink: str = "#1a1a1a"
    muted: str = "#595959"
    pale: str = "#d9d9d9"
    ground: str = "#ffffff"
    gain: str = "#0072B2"
    loss: str = "#D55E00"
    font: tuple[str, ...] = ("DejaVu Sans", "sans-serif")
    logo: Path | None = None


PLAIN = Brand()
