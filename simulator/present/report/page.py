"""The page: a story with its pictures, its numbers and what each of them is, laid out as HTML.

In: findings and a brand. Out: the bytes of a file. Invariants: as in the package's docstring.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulator.present.brand import PLAIN, Brand, read_brand
from simulator.present.digits import clean
from simulator.present.findings import Findings, read_findings
from simulator.present.glossary import glossary
from simulator.present.pitch.story import story
from simulator.present.report.drawings import drawings
from simulator.present.report.looks import logo_source, root_css
from simulator.present.report.parts import part_of
from simulator.present.report.seal import sealed

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
# What a reader sees below the answer without opening anything: with it, two printed pages.
FRONT = ("plans", "roi", "waterfall", "reach")


def report(results: str | Path, style: str | Path | None = None) -> bytes:
    """Give what a result folder holds as the bytes of an HTML file.

    Args:
        results: The folder of a finished run; decisions that lie in it are told, too.
        style: A brand file, see `brand.read_brand`.

    Raises:
        ResultsError: there is no finished run, or a file of it cannot be read.
        ScenarioError: something in the brand file cannot be used.
    """
    return report_bytes(read_findings(Path(results)), read_brand(Path(style)) if style else PLAIN)


def report_bytes(findings: Findings, brand: Brand = PLAIN) -> bytes:
    """Give what was found as the bytes of an HTML file."""
    from markupsafe import Markup

    told = story(findings)
    drawn = drawings(findings, told.exhibits, brand)
    answer, *others = (part_of(exhibit, drawn.by_key.get(exhibit.key)) for exhibit in told.exhibits)
    environment = _environment()
    page = environment.get_template("report.html").render(
        story=told,
        answer=answer,
        front=[part for part in others if part.exhibit.key in FRONT],
        behind=[part for part in others if part.exhibit.key not in FRONT],
        entries=glossary(findings.summary, findings.decisions),
        logo=logo_source(brand),
        css=Markup(drawn.fonts + root_css(brand, clean(told.origin)) + (TEMPLATES / "report.css").read_text("utf-8")),
    )
    return sealed(page)


def _environment() -> Environment:
    """Make what fills templates: all that is not markup is escaped, without control characters."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else clean(value),
    )
