"""docs/stopping.md says how often intervals hold the truth: its tables are what repeated studies of each law give."""

from __future__ import annotations

from pathlib import Path

import pytest
from stopping_helpers import DIFFERENCES, LAWS, contested, precise

from simulator.decide.stopping import MOST

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "stopping.md").read_text(encoding="utf-8")
WANTED = ("0.2", "0.1", "0.05")
DIFFERENT = ("0", "0.1", "0.25")
STUDIES = 5_000
# What an interval is to cover, but for the laws that are too hard for it [percent].
LEAST, MOST_COVERED = 93.8, 96.2


def rows(heading: str) -> dict[tuple[str, str], list[str]]:
    """Give the cells of a table after a heading by their first two: what it is like, and what was wanted or true."""
    lines = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {(first, second): rest for first, second, *rest in cells[2:]}


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def test_the_tables_have_every_law() -> None:
    """And say of most that what is promised is kept."""
    precision, decided = rows("Precision"), rows("Until decided")
    assert {(law, wanted) for law in LAWS for wanted in WANTED} == precision.keys()
    assert {(law, true) for law in DIFFERENCES for true in DIFFERENT} == decided.keys()
    for cells in (precision, decided):
        for (law, _), (covered, *_) in cells.items():
            if "Pareto 2.5" not in law and "orders in" not in law and "an order in" not in law:
                assert LEAST <= float(covered.strip("%")) <= MOST_COVERED
    assert f"({MOST:,} without it)" in PAGE


@pytest.mark.slow
@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("law", LAWS)
def test_coverage_of_a_precise_run_is_what_the_page_says(law: str, wanted: str) -> None:
    """Covered, naively covered, replications on average."""
    seed = 100 * list(LAWS).index(law) + WANTED.index(wanted)
    found = precise(LAWS[law], float(wanted), STUDIES, seed)
    assert rows("Precision")[law, wanted] == [
        percent(found.covered),
        percent(found.naive_covered),
        f"{found.replications:,.0f}",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("true", DIFFERENT)
@pytest.mark.parametrize("law", DIFFERENCES)
def test_coverage_and_decisions_are_what_the_page_says(law: str, true: str) -> None:
    """Covered, naively covered, decided, naively decided, replications on average."""
    seed = 100 * list(DIFFERENCES).index(law) + DIFFERENT.index(true)
    found = contested(DIFFERENCES[law], float(true), STUDIES, seed)
    shares = (found.covered, found.naive_covered, found.decided, found.naive_decided)
    assert rows("Until decided")[law, true] == [*map(percent, shares), f"{found.replications:,.0f}"]
