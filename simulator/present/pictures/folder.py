"""All pictures that a result folder allows, drawn into it.

In: a result folder, a style. Out: files, each there whole or not at all. Invariant: the same results and the same style
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simulator.errors import ScenarioError
from simulator.present.brand import PLAIN, Brand, read_brand
from simulator.present.findings import Findings, read_findings
from simulator.present.pictures.family import drawable_pictures
from simulator.present.pictures.look import SIZES, SLIDE, Look
from simulator.present.pictures.saving import save_picture
from simulator.scenario.parts import nearest

BOTH = "both"


def pictures(
    results: str | Path, *, style: str | Path | None = None, size: str = BOTH, out: str | Path | None = None
) -> list[Path]:
    """Draw every picture that a result folder allows, each as PNG and SVG.

    Args:
        results: The folder of a finished run.
        style: A brand file: colours, font, logo.
        size: "slide", "column" (of a document) or "both".
        out: Where to, `figures` in the result folder where not given; those for a column go to `column` in it.

    Returns:
        The files, those of slides first.

    Raises:
        ScenarioError: the brand file cannot be used, or there is no such size.
        ResultsError: there is no finished run, or a picture cannot be written.
    """
    brand = PLAIN if style is None else read_brand(Path(style))
    findings = read_findings(Path(results))
    return list(drawn_pictures(findings, brand, size, folder_of(findings, out)))


def folder_of(findings: Findings, out: str | Path | None) -> Path:
    """Give where pictures go."""
    return findings.finished.path / "figures" if out is None else Path(out)


def drawn_pictures(findings: Findings, brand: Brand, size: str, folder: Path) -> Iterator[Path]:
    """Draw one picture after the other; give the paths of each once it is written."""
    known = [*SIZES, BOTH]
    if size not in known:
        raise ScenarioError(f"size: given {size!r}; there is none of this name.{nearest(size, known)}")
    for its in SIZES.values():
        if size in (its.name, BOTH):
            place = folder if its is SLIDE else folder / its.name
            for name, draw in drawable_pictures(findings).items():
                yield from save_picture(draw, place / name, Look(brand, its))
