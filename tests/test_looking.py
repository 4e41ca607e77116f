"""Look at what goes to a client: every page of the deck and of the report, rendered, for every shipped scenario.

Opt-in, for it needs LibreOffice, poppler and Chromium and takes minutes:

    LOOKING=/some/folder .venv/bin/pytest -m looking -n 0

writes every page as a PNG to that folder, to be looked at by a person; without LOOKING nothing is kept. LOOKING_AT
names some scenarios, such as "scandal_risk,own_roster"; by default all are played, a few times each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from looking import Look, Page, Word, deck_as_pdf, measured, pages_of, pictures_of, report_as_pdf
from study_helpers import without_pictures

pytestmark = pytest.mark.looking
SCENARIOS = Path(__file__).parent.parent / "scenarios"
WANTED = [name for name in os.environ.get("LOOKING_AT", "").split(",") if name]
NAMES = WANTED or sorted(path.stem for path in SCENARIOS.glob("*.toml"))
# As few as make intervals and quantiles; questions are put to the scenario of the README only.
PLAYS, ASKED = 24, "micro_vs_celebrity"
QUESTIONS = (
    ("split", "--steps", "5", "--replications", "40", "--most", "40"),
    ("sensitivity", "--replications", "16"),
    ("creators", "--replications", "8"),
    ("target", "--measure", "orders", "--at-least", "50", "--replications", "16", "--steps", "3"),
)
PHONE, DESKTOP = 390, 1280


@dataclass(frozen=True)
class Looked:
    """What was made of one scenario, in a folder of its own."""

    name: str
    folder: Path

    @property
    def deck(self) -> Path:
        return self.folder / "deck.pptx"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @cached_property
    def deck_pages(self) -> list[Page]:
        pdf = deck_as_pdf(self.deck)
        self.keep(pictures_of(pdf, "slide"))
        return pages_of(pdf)

    @cached_property
    def printed(self) -> list[Page]:
        pdf = report_as_pdf(self.report)
        self.keep(pictures_of(pdf, "print"))
        return pages_of(pdf)

    def looked(self, width: int, *, opened: bool) -> Look:
        picture = self.folder / f"report_{width}{'_opened' if opened else ''}.png"
        look = measured(self.report, width, opened=opened, picture=picture)
        self.keep([picture])
        return look

    def keep(self, pictures: list[Path]) -> None:
        """Copy pictures to where a person can look at them."""
        if wanted := os.environ.get("LOOKING"):
            folder = Path(wanted) / self.name
            folder.mkdir(parents=True, exist_ok=True)
            for picture in pictures:
                shutil.copy(picture, folder / picture.name)


@pytest.fixture(scope="module", params=NAMES)
def looked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """Play a scenario a few times and write its deck and its report."""
    folder = tmp_path_factory.mktemp(request.param)
    results = folder / "results"
    scenario = SCENARIOS / f"{request.param}.toml"
    run = without_pictures("run", scenario, "--replications", PLAYS, "--out", results, "--quiet")
    commands = [run, *(without_pictures(*its, results, "--quiet") for its in QUESTIONS if request.param == ASKED)]
    commands += [without_pictures("report", results, "--out", folder / "report.html")]
    commands += [without_pictures("deck", results, "--out", folder / "deck.pptx")]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
        assert 0 == done.returncode, done.stderr[-3000:]
    return Looked(request.param, folder)


# ---- the deck


def slides_of(deck: Path) -> list[Any]:
    from pptx import Presentation

    return list(Presentation(str(deck)).slides)


def shown_words(text: str) -> list[str]:
    return [word for word in text.replace("\v", " ").split() if any(letter.isalnum() for letter in word)]


def test_the_deck_has_a_page_for_each_slide(looked: Looked) -> None:
    assert len(slides_of(looked.deck)) == len(looked.deck_pages) >= 8


def test_no_word_of_the_deck_is_cut_off(looked: Looked) -> None:
    assert [] == [(number, its) for number, page in enumerate(looked.deck_pages, 1) if (its := page.beyond())]


def test_no_words_of_the_deck_lie_over_each_other(looked: Looked) -> None:
    assert [] == [(number, its) for number, page in enumerate(looked.deck_pages, 1) if (its := page.overlapping())]


def test_every_slide_shows_its_whole_title(looked: Looked) -> None:
    for number, (slide, page) in enumerate(zip(slides_of(looked.deck), looked.deck_pages, strict=True), 1):
        title = slide.shapes.title
        assert title is not None and title.text_frame.text.strip(), number
        joined = page.text.replace(" ", "")
        missing = [word for word in shown_words(title.text_frame.text) if word not in joined]
        assert [] == missing, number


def test_every_chart_picture_and_table_of_the_deck_has_a_text_alternative(looked: Looked) -> None:
    seen = 0
    for number, slide in enumerate(slides_of(looked.deck), 1):
        for shape in slide.shapes:
            if shape.shape_type is not None and (shape.has_chart or shape.has_table or hasattr(shape, "image")):
                seen += 1
                properties = shape._element.xpath(".//p:cNvPr")[0]
                assert properties.get("descr"), (number, shape.name)
    assert seen >= 4


# ---- the report


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("opened", [False, True], ids=["as it comes", "opened"])
def test_the_report_fits_its_window(looked: Looked, width: int, opened: bool) -> None:
    look = looked.looked(width, opened=opened)
    assert look.width == width
    assert [] == look.far
    assert look.scroll <= width
    assert [] == look.cut
    assert [] == look.bare
    assert width > PHONE or [] == look.sideways
    assert look.figures >= 4
    assert look.details >= 4


def test_the_printed_report_begins_with_two_pages(looked: Looked) -> None:
    numbers = [number for number, page in enumerate(looked.printed, 1) if "What stands behind it" in page.text]
    assert 3 == numbers[0]
    assert [] == [(number, its) for number, page in enumerate(looked.printed, 1) if (its := page.beyond())]
    assert [] == [(number, its) for number, page in enumerate(looked.printed, 1) if (its := page.overlapping())]


# ---- that looking sees


def test_a_word_beyond_its_page_is_seen() -> None:
    page = Page(100, 50, (Word("in", 1, 1, 20, 10), Word("out", 90, 1, 120, 10), Word("over", 2, 2, 21, 9)))
    assert ["out"] == page.beyond()
    assert [("in", "over")] == page.overlapping()


_FIGURE = "<figure><svg width='50' height='20'{}><text x='0' y='15'>{}</text></svg><figcaption>b</figcaption></figure>"


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<p style='width: 2000px'>wide</p>", "far"),
        (_FIGURE.format(" aria-label='x'", "a text that is too long"), "cut"),
        (_FIGURE.format("", "a"), "bare"),
        (
            "<div style='overflow-x: auto'><table><tr><td style='min-width: 2000px'>a</td></tr></table></div>",
            "sideways",
        ),
    ],
)
def test_what_is_wrong_with_a_report_is_seen(tmp_path: Path, inside: str, what: str) -> None:
    report = tmp_path / "report.html"
    report.write_text(f"<!DOCTYPE html><html><body>{inside}<p>text</p></body></html>", encoding="utf-8")
    assert [] != getattr(measured(report, PHONE, opened=True), what)
    report.write_text("<!DOCTYPE html><html><body><p>text</p></body></html>", encoding="utf-8")
    assert [] == getattr(measured(report, PHONE, opened=True), what)
