"""The page: a story with its pictures, its numbers and what each of them is, laid out as HTML.

In: findings and a brand. Out: the bytes of a file. Invariants: as in the package's docstring; the answer, the pictures
and the table that tell most, and how sure that is stand open; all else is closed, with its conclusion in sight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.present.brand import PLAIN, Brand, read_brand
from simulator.present.digits import clean, directed
from simulator.present.findings import Findings, read_findings
from simulator.present.glossary import glossary
from simulator.present.pitch.story import story
from simulator.present.report.drawings import drawings
from simulator.present.report.looks import logo_source, root_css
from simulator.present.report.parts import Part, part_of
from simulator.present.report.seal import sealed
from simulator.present.report.sources import sources
from simulator.present.typeset import typeset

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
# What stands open between the answer and how sure it is: with these, two printed pages.
_FRONT, _SURE = ("plans", "roi"), "sureness"
_INPUTS = "inputs"
_AFTER_UNDERSCORE = re.compile(r"(?<=\w_)(?=[^\W_])")
# Where reach goes, a picture per plan; of more than two plans, reach over time tells of all in one.
_PER_PLAN, _OF_ALL, _BESIDE = "waterfall", "reach", 2


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
    parts = {exhibit.key: part_of(exhibit, drawn.by_key.get(exhibit.key)) for exhibit in told.exhibits}
    inputs = parts[_INPUTS].exhibit.table if _INPUTS in parts else None
    answer, groups = told.exhibits[0].key, _front(parts)
    shown = {answer, _SURE, *(part.exhibit.key for group in groups for part in group)}
    entries = glossary(findings.summary, findings.decisions)
    css = drawn.fonts + root_css(brand, clean(told.origin)) + (TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = (
        _environment()
        .get_template("report.html")
        .render(
            story=told,
            answer=parts[answer],
            front=groups,
            sure=parts[_SURE],
            behind=[part for key, part in parts.items() if key not in shown],
            entries=entries,
            sources=sources(entries.values(), inputs),
            logo=logo_source(brand),
            css=Markup(css),  # noqa: S704  # made of brand values that `looks` writes as text of CSS
        )
    )
    return sealed(page)


def _front(parts: Mapping[str, Part]) -> list[list[Part]]:
    """Choose what stands open, and what of it side by side."""
    per_plan = [part for key, part in parts.items() if key.partition("_")[0] == _PER_PLAN and part.drawing]
    last = per_plan if 1 <= len(per_plan) <= _BESIDE else [parts[_OF_ALL]] if _OF_ALL in parts else []
    return [*([parts[key]] for key in _FRONT if key in parts), *([last] if last else [])]


def breakable(text: str) -> Markup:
    """Write a text so that a line may end behind "_", and need not inside a word.

    >>> print(breakable("small_and_<b>"))
    small_<wbr>and_&lt;b&gt;
    """
    from markupsafe import Markup, escape

    written = escape(typeset(directed(text)))
    return Markup(_AFTER_UNDERSCORE.sub("<wbr>", written))  # noqa: S704  # escaped before anything is put into it


def _environment() -> Environment:
    """Make what fills templates: all that is not markup is escaped and typeset; what is literal, escaped only."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else typeset(directed(value)),
    )
    made.filters["breakable"] = breakable
    made.filters["literal"] = lambda value: escape(clean(value))
    return made
