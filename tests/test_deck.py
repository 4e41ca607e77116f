"""A deck: slides that say their conclusion, on which everything fits, in a company's look, byte for byte the same."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import make_study
import pytest
from click.testing import CliRunner
from company_template import ACCENTS, FONT, OLD, company_template
from deck_story import CHARTS, HOSTILE, LONG, SHORT, made_deck, made_picture, made_story, opened
from make_results import findings_of, two_plans
from study_helpers import execute, write_scenario

import simulator
from simulator import cli
from simulator.errors import ScenarioError
from simulator.present.brand import PLAIN
from simulator.present.deck import measure, tables, text
from simulator.present.deck.deck import deck as api
from simulator.present.deck.deck import open_look, pictures_of, told_deck
from simulator.present.deck.look import box_of, letters_of, title_of
from simulator.present.deck.measure import Box
from simulator.present.deck.package import is_own_deck
from simulator.present.digits import clean
from simulator.present.pictures.look import DPI
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.pitch.story import story
from simulator.scenario.load import load
from simulator.study import montecarlo
from simulator.study.results import ResultFolder

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
EDGE = 0.02  # of an inch, that roundings take


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_template(tmp_path_factory.mktemp("company") / "acme.pptx")


@cache
def data_of(template: Path | None) -> bytes:
    return made_deck(template)


@cache
def deck_of(template: Path | None):
    return opened(data_of(template))


@pytest.fixture(params=["plain", "company"])
def deck(request: pytest.FixtureRequest, template: Path):
    return deck_of(template if request.param == "company" else None)


def texts_of(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def is_foot(shape) -> bool:
    return shape.is_placeholder and shape.placeholder_format.type.name in ("FOOTER", "SLIDE_NUMBER")


# ---- what every slide has


def test_every_slide_says_its_conclusion(deck) -> None:
    """Each exhibit has its slide with its title; no title is what a layout suggests."""
    titles = [slide.shapes.title.text for slide in deck.slides]
    found = " ".join(title.rstrip("\u2026") for title in titles)
    assert "Micro or celebrity?" == titles[0]
    assert all(text.set_text(exhibit.title)[:40] in found for exhibit in made_story().exhibits)
    assert not any("Click to" in texts_of(slide) for slide in deck.slides)


def test_the_title_is_read_first_and_nothing_is_empty(deck) -> None:
    for slide in deck.slides:
        assert slide.shapes.title.shape_id == slide.shapes[0].shape_id
        assert all(shape.text_frame.text.strip() for shape in slide.shapes if shape.has_text_frame)
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))


def test_every_slide_has_notes_and_names_its_origin(deck) -> None:
    """Notes hold details and assumptions; the footer scenario hash and seed, and the number is the slide's."""
    for number, slide in enumerate(deck.slides, 1):
        assert "scenario hash 3f9a1c77 | seed 7" in slide.notes_slide.notes_text_frame.text
        (foot, place) = (shape.text_frame.text for shape in slide.shapes if is_foot(shape))
        assert "scenario hash 3f9a1c77 | seed 7" in foot
        assert str(number) == place
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    assert "A detail." in notes and "It rests on this." in notes


def test_every_chart_picture_and_table_has_a_text_alternative(deck) -> None:
    seen = set()
    for slide in deck.slides:
        for shape in slide.shapes:
            described = shape._element.xpath(".//p:cNvPr/@descr")
            if shape.has_chart or shape.has_table or shape.shape_type.name == "PICTURE":
                seen.add(shape.shape_type.name)
                assert described and described[0]
    assert {"CHART", "TABLE", "PICTURE"} <= seen


def test_text_has_a_language(deck) -> None:
    for slide in deck.slides:
        for run in slide._element.iter(f"{A}r", f"{A}fld"):
            assert "en-US" == run.find(f"{A}rPr").get("lang")


# ---- everything fits


def test_shapes_are_on_the_slide_and_apart(deck) -> None:
    width, height = deck.slide_width / 914_400, deck.slide_height / 914_400
    for slide in deck.slides:
        boxes = [box_of(shape) for shape in slide.shapes]
        for box in boxes:
            assert min(box.left, box.top) >= -EDGE
            assert (box.right <= width + EDGE) and (box.bottom <= height + EDGE)
        for one, other in combinations(boxes, 2):
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            assert min(across, down) <= EDGE, (slide.shapes.title.text, one, other)


def size_of(shape) -> float | None:
    sizes = {run.font.size for paragraph in shape.text_frame.paragraphs for run in paragraph.runs}
    return max((size.pt for size in sizes if size), default=None)


def test_no_text_is_larger_than_its_place(deck, template: Path) -> None:
    """Measured line by line; titles take two lines at most, and body text has 12 points or more."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if not shape.has_text_frame or (is_foot(shape) and size_of(shape) is None):
                continue
            title = shape.shape_id == slide.shapes.title.shape_id
            size = size_of(shape) or letters_of(slide.slide_layout)
            said = [paragraph.text for paragraph in shape.text_frame.paragraphs]
            assert text.height(said, size, shape.width / 914_400) <= shape.height / 914_400 + EDGE, said
            assert is_foot(shape) or size >= (20 if title else 12)
            if title:
                assert len(measure.broken(said[0], size, shape.width / 914_400 - 0.2)) <= text.MOST_TITLE_LINES


def test_plain_titles_are_large() -> None:
    """Without a template, no title of 90 letters has to be smaller than 24 points."""
    sizes = [size_of(s.shapes.title) or 28 for s in deck_of(None).slides if len(s.shapes.title.text) <= 90]
    assert len(sizes) > 12 and min(sizes) >= 24


def test_a_text_that_is_too_long_is_cut_and_said() -> None:
    """A title ends in dots where even the smallest letters do not fit; of sentences those are left that do not."""
    box = Box(0, 0, 5, 1.1)
    words, size = text.fitted_title("word " * 60, box, 28, bold=True)
    assert (20.0, "\u2026") == (size, words[-1])
    assert len(measure.broken(words, size, 4.8, bold=True)) <= 2
    few = text.fitted(["A sentence of some words." * 3] * 20, box, 18)
    assert 12 == few.size and few.left and 20 == len(few.paragraphs) + len(few.left)


# ---- tables


def test_every_row_of_a_long_table_comes() -> None:
    rows = []
    for slide in deck_of(None).slides:
        if slide.shapes.title.text.startswith("A long table ("):
            (table,) = (shape.table for shape in slide.shapes if shape.has_table)
            rows += [tuple(cell.text for cell in row.cells) for row in table.rows][1:]
            assert len(table.rows) <= tables.MOST_ROWS + 1
    assert [tuple(text.set_text(cell) for cell in row) for row in LONG.rows] == rows


def test_one_long_cell_makes_only_its_own_row_high() -> None:
    """Columns that want little keep it, so that their words stay on one line; the long one alone is broken."""
    short = ("management cost", "micro: $120", "set in the scenario")
    rows = (short, ("fee", "micro: about $140 to $680, by followers; " * 4, "set in the scenario"), short)
    (laid,) = tables.laid_out(Table(("input", "value", "who says so"), rows), Box(0, 0, 12, 4))
    line = measure.height_of(1, laid.size)
    assert [1, 1, 1] == [round(height / line) for height in (laid.heights[0], laid.heights[1], laid.heights[3])]
    assert laid.heights[2] > 2 * line
    assert sum(laid.widths) <= 12 + 1e-9


def test_a_table_takes_no_more_room_than_its_rows_have(deck) -> None:
    for slide in deck.slides:
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            for row in table.rows:
                for cell, column in zip(row.cells, table.columns, strict=True):
                    run = cell.text_frame.paragraphs[0].runs[0] if cell.text else None
                    if run is None:
                        continue
                    inner = (column.width - cell.margin_left - cell.margin_right) / 914_400
                    lines = len(measure.broken(cell.text, run.font.size.pt, inner + 1e-3, bold=bool(run.font.bold)))
                    room = (row.height - cell.margin_top - cell.margin_bottom) / 914_400
                    assert measure.height_of(lines, run.font.size.pt) <= room + EDGE


def test_the_numbers_of_charts_stand_in_their_sheets_alone() -> None:
    """No table repeats a chart; of a picture, and of a list to look things up in, the report has the numbers."""
    titles = [slide.shapes.title.text for slide in deck_of(None).slides]
    assert [] == [title for title in titles if title.startswith("The numbers behind: The ")]
    inputs = Exhibit("inputs", "Every input", table=SHORT)
    pictured = Exhibit("overlap", "Audiences overlap", picture="made", alt="A map.", table=SHORT)
    cascades = tuple(Exhibit(f"cascade_{place}", f"Play {place}", ("It spread.",)) for place in (1, 2))
    made = replace(made_story(), exhibits=(made_story().exhibits[0], inputs, pictured, *cascades))
    told = told_deck(made, open_look(None, None)[0], lambda name: made_picture())
    assert ("inputs", "cascade_2", "the numbers of overlap") == told.left
    titles = [slide.shapes.title.text for slide in opened(told.data).slides]
    assert [made.title, made.exhibits[0].title, "Appendix", "Audiences overlap", "Play 1"] == [*map(clean, titles)]


def test_what_is_cut_off_stands_elsewhere_and_is_said() -> None:
    """A table of which a slide has the first rows comes whole in the appendix; one that is longer, in the report."""
    few = replace(LONG, rows=LONG.rows[:20])
    for table, where in ((few, "appendix"), (LONG, "report")):
        exhibit = Exhibit("assumptions", "It rests on this", ("A sentence.",), table=table)
        made = replace(made_story(), exhibits=(made_story().exhibits[0], exhibit))
        told = told_deck(made, open_look(None, None)[0], lambda name: None)
        whole = "\n".join(texts_of(slide) for slide in opened(told.data).slides)
        assert f"All {len(table.rows)} rows stand in the {where}." in whole
        assert ("The numbers behind: It rests on this" in whole) == (where == "appendix")
        assert (("the numbers of assumptions",) if where == "report" else ()) == told.left


def test_the_answer_shows_its_numbers() -> None:
    """The table of the answer stands under its chart, and of a wide one the columns that tell most."""
    header = ("plan", "profit", "ROI", "ROI, of most plays", "chance of profit")
    measures = ("", "profit", "roi", "quantiles", "probability_positive")
    wide = tuple(
        (f"plan {k}", f"$1 (0 to {k})", *["-0.3 (-0.4 to -0.2) " * 6] * 2, "15% (11% to 19%)") for k in range(4)
    )
    shown = []
    for rows in (tuple((*row[:2], "1", "2", row[4]) for row in wide), wide):
        exhibit = replace(made_story().exhibits[0], table=Table(header, rows, column_measures=measures))
        told = told_deck(replace(made_story(), exhibits=(exhibit,)), open_look(None, None)[0], lambda name: None)
        (table,) = (shape.table for shape in opened(told.data).slides[1].shapes if shape.has_table)
        shown.append([cell.text for cell in table.rows[0].cells])
    assert [list(header), ["plan", "profit", "chance of profit"]] == shown


def test_signs_and_intervals_are_not_torn_apart(deck) -> None:
    """A minus is one; a bracketed interval is one word, also where lines are measured."""
    assert ["loses", "\u22120.76", "(\u22120.81\u00a0to\u00a0\u22120.73)"] == measure.words(
        text.set_text("loses -0.76 (-0.81 to -0.73)")
    )
    assert "a (1 to 2)" == text.in_width(text.set_text("a (1 to 2)"), 12, 0.3)
    whole = "\n".join(texts_of(slide) for slide in deck.slides)
    assert "(0.2\u00a0to\u00a00.3)" in whole


# ---- a company's look


def test_the_plain_deck_wears_the_brand(tmp_path: Path) -> None:
    """Colours and font of a brand file stand in the theme."""
    style = tmp_path / "brand.toml"
    style.write_text('colours = ["#7a1fa2", "#00695c"]\nfont = "Lato"\n', encoding="utf-8")
    look, brand = open_look(None, style)
    assert brand.colours[:6] == look.palette.accents
    assert "Lato" == look.font
    assert PLAIN.colours[:6] == open_look(None, None)[0].palette.accents
    assert "Arial" == open_look(None, None)[0].font


def test_a_template_keeps_its_look(template: Path) -> None:
    """Size, layouts, colours and fonts are the company's; its title stays at the bottom."""
    deck = deck_of(template)
    assert (10, 7.5) == (deck.slide_width / 914_400, deck.slide_height / 914_400)
    assert [f"ACME {place}" for place in range(6)] == [layout.name for layout in deck.slide_layouts]
    assert {"ACME 0", "ACME 1", "ACME 5"} == {slide.slide_layout.name for slide in deck.slides}
    with zipfile.ZipFile(io.BytesIO(data_of(template))) as package:
        theme = package.read("ppt/theme/theme1.xml").decode()
    assert all(colour in theme for colour in ACCENTS) and FONT in theme
    assert all(slide.shapes.title.top > 5 * 914_400 for slide in list(deck.slides)[1:3])
    look, brand = open_look(template, None)
    assert tuple(f"#{colour.lower()}" for colour in ACCENTS) == look.palette.accents == brand.colours
    assert FONT == look.font == brand.font[0]


def test_nothing_of_the_old_slides_is_left(template: Path) -> None:
    """Neither slides nor notes, charts, sections, titles or thumbnail."""
    with zipfile.ZipFile(template) as package:
        assert any(OLD.encode() in package.read(name) for name in package.namelist())
    with zipfile.ZipFile(io.BytesIO(data_of(template))) as package:
        assert [] == [name for name in package.namelist() if OLD.encode() in package.read(name)]
        assert [] == [name for name in package.namelist() if "thumbnail" in name or "app.xml" in name]
        charts = [name for name in package.namelist() if name.startswith("ppt/charts/")]
    assert len(CHARTS) == len([name for name in charts if name.endswith(".xml")])


def test_a_template_file_is_taken_like_a_presentation(template: Path, tmp_path: Path) -> None:
    """A .potx differs in its type only."""
    potx = tmp_path / "acme.potx"
    with zipfile.ZipFile(template) as there, zipfile.ZipFile(potx, "w") as written:
        for name in there.namelist():
            data = there.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            written.writestr(name, data)
    assert data_of(template) == made_deck(potx)


def changed(template: Path, path: Path, change) -> Path:
    deck = opened(template.read_bytes())
    change(deck)
    deck.save(str(path))
    return path


def test_what_a_template_lacks_is_said_and_stands_elsewhere(template: Path, tmp_path: Path) -> None:
    """Without places for text, footer and number, they stand in boxes of their own, on the slide and apart."""

    def poor(deck) -> None:
        for layout in list(deck.slide_layouts)[:5]:
            if not layout.used_by_slides:
                deck.slide_layouts.remove(layout)
        for listed in list(deck.slides._sldIdLst):
            deck.part.drop_rel(listed.rId)
            deck.slides._sldIdLst.remove(listed)
        deck.slide_layouts.remove(next(layout for layout in deck.slide_layouts if layout.name == "ACME 1"))
        for shape in list(deck.slide_layouts[0].placeholders):
            if shape.placeholder_format.type.name != "TITLE":
                shape._element.getparent().remove(shape._element)

    path = changed(template, tmp_path / "poor.pptx", poor)
    notes = open_look(path, None)[0].notes
    assert 4 == len(notes) and all("the template has not" in note for note in notes)
    deck = opened(made_deck(path))
    test_shapes_are_on_the_slide_and_apart(deck)
    assert all("seed 7" in texts_of(slide) for slide in deck.slides)


def test_a_template_without_titles_is_refused(template: Path, tmp_path: Path) -> None:
    def untitled(deck) -> None:
        for layout in deck.slide_layouts:
            shape = title_of(layout)
            if shape is not None:
                shape._element.getparent().remove(shape._element)

    path = changed(template, tmp_path / "untitled.pptx", untitled)
    with pytest.raises(ScenarioError, match="none of its 6 layouts has a title"):
        open_look(path, None)


@pytest.mark.parametrize("content", [b"no zip", None, b"PK\x03\x04 cut off"])
def test_what_is_no_presentation_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "brand.pptx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"brand\.pptx: cannot be opened as a template"):
        open_look(path, None)


def test_a_template_with_macros_is_refused(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "brand.pptm"
    with zipfile.ZipFile(template) as there, zipfile.ZipFile(path, "w") as written:
        for name in there.namelist():
            macros = b"vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
            usual = b"vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
            written.writestr(name, there.read(name).replace(usual, macros))
    with pytest.raises(ScenarioError, match="it may hold macros"):
        open_look(path, None)


def test_another_office_file_is_refused(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "brand.pptx"
    openpyxl.Workbook().save(path)
    with pytest.raises(ScenarioError, match="it is no PowerPoint file"):
        open_look(path, None)


# ---- names, bytes, files


def test_names_are_text() -> None:
    """Markup in a name comes out as it was written; control characters are gone."""
    whole = "\n".join(texts_of(slide) for slide in deck_of(None).slides)
    assert HOSTILE[1] in whole and "abc" in whole
    assert not re.search(r"_x[0-9A-F]{4}_", whole)


AGAIN = """
import hashlib, sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from deck_story import made_deck, made_story
story = made_story()
print(hashlib.sha256(made_deck(Path(sys.argv[2]), replace(story, exhibits=story.exhibits[:7]))).hexdigest())
"""


def test_the_same_story_gives_the_same_bytes(template: Path) -> None:
    """In another process, whose hashes of text differ, and at another time."""
    made = made_story()
    data = made_deck(template, replace(made, exhibits=made.exhibits[:7]))
    command = [sys.executable, "-c", AGAIN, str(Path(__file__).parent), str(template)]
    done = execute(command, Path(simulator.__file__).parent.parent)
    assert hashlib.sha256(data).hexdigest() == done.stdout.strip(), done.stderr


def test_a_seal_shows_whether_a_deck_was_edited(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(data_of(None))
    assert is_own_deck(path)
    deck = opened(path.read_bytes())
    deck.slides[0].shapes.title.text = "Edited"
    deck.save(str(path))
    assert not is_own_deck(path)
    assert not is_own_deck(tmp_path / "missing.pptx")
    path.write_bytes(b"no zip")
    assert not is_own_deck(path)


STUDIES = {
    "two": lambda: make_study.two(60),
    "one": lambda: make_study.one(60),
    "five": lambda: make_study.five(60),
    "undefined": lambda: make_study.undefined(60),
}


@pytest.mark.parametrize("study", STUDIES)
def test_decks_of_studies_fit(study: str, template: Path) -> None:
    """Of one plan, two and five with long names, and of one that is never defined: on the slide, apart, and it fits."""
    findings = findings_of(STUDIES[study]())
    look, brand = open_look(None if study != "five" else template, None)
    deck = opened(told_deck(story(findings), look, pictures_of(findings, brand, look.body)).data)
    test_shapes_are_on_the_slide_and_apart(deck)
    test_no_text_is_larger_than_its_place(deck, template)
    test_a_table_takes_no_more_room_than_its_rows_have(deck)
    test_every_chart_or_table_is_described(deck)


def test_pictures_are_drawn_as_large_as_their_slides() -> None:
    """So that their letters, of 12 points, are that on the slide."""
    findings = findings_of(make_study.two(60))
    look, brand = open_look(None, None)
    told = replace(made_story(), exhibits=(Exhibit("money", "A picture", ("Said.",), picture="money", alt="Bars."),))
    deck = opened(told_deck(told, look, pictures_of(findings, brand, look.body)).data)
    (shape,) = (shape for slide in deck.slides for shape in slide.shapes if hasattr(shape, "image"))
    width, height = (pixels / DPI for pixels in shape.image.size)
    assert (width, height) == pytest.approx((shape.width / 914_400, shape.height / 914_400), abs=0.02)
    assert look.body.width == pytest.approx(width, abs=0.02)
    assert 0.85 * look.body.height < height <= look.body.height


def test_sentences_of_a_picture_follow_it() -> None:
    """They would leave it a part of its slide only."""
    slides = list(deck_of(None).slides)
    (place,) = (place for place, slide in enumerate(slides) if any(hasattr(its, "image") for its in slide.shapes))
    words = [[shape.text for shape in slides[at].shapes if shape.has_text_frame] for at in (place, place + 1)]
    assert "Said beside." not in words[0]
    assert "Said beside." in words[1]
    assert "A picture shows it (continued)" == slides[place + 1].shapes.title.text


def test_every_chart_or_table_is_described(deck) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.xpath(".//p:cNvPr/@descr")[0].strip()


# ---- the command


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a small scenario of two plans."""
    home = tmp_path_factory.mktemp("deck")
    scenario = load(write_scenario(home, two_plans() | {"replications": 8}))
    path = home / "results"
    with ResultFolder(path, scenario, "compiled") as folder:
        folder.write(montecarlo.run(scenario, None, "compiled", 1, folder=folder), lambda study, pictures: [])
    return path


def run(*words: object):
    return CliRunner().invoke(cli.main, ["deck", *map(str, words)])


def test_the_command_writes_a_deck_and_never_over_an_edited_one(results: Path) -> None:
    """What was not asked is told by the command, with how to ask it, and not in the client's deck."""
    done = run(results)
    assert 0 == done.exit_code, done.output
    path = results / "deck.pptx"
    assert f"{path}: written." in done.stdout
    assert "campaign-roi split" in done.stdout
    deck = opened(path.read_bytes())
    assert simulator.deck is api
    assert not any("campaign-roi split" in texts_of(slide) for slide in deck.slides)
    written = path.read_bytes()
    deck.slides[0].shapes.title.text = "Edited"
    deck.save(str(path))
    edited = path.read_bytes()
    refused = run(results)
    assert 3 == refused.exit_code
    assert "was changed since; it was left untouched" in refused.output
    assert edited == path.read_bytes()
    assert 0 == run(results, "--force").exit_code
    assert written == path.read_bytes()


def test_a_missing_library_is_said_with_what_to_type(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.present.deck import deck as module

    monkeypatch.setattr(module, "find_spec", lambda name: None)
    done = run(results, "--out", results / "none.pptx")
    assert 2 == done.exit_code
    assert "pip install python-pptx" in done.output
    assert not (results / "none.pptx").exists()


def test_a_wrong_template_or_folder_ends_with_a_message(results: Path, tmp_path: Path) -> None:
    done = run(results, "--template", tmp_path / "none.pptx")
    assert 2 == done.exit_code
    assert "none.pptx: cannot be opened as a template: No such file or directory" in done.output
    assert 3 == run(tmp_path).exit_code


def test_a_damaged_template_is_refused(template: Path, tmp_path: Path) -> None:
    """What is a zip file with a part that is no XML is said, too."""
    path = tmp_path / "brand.pptx"
    with zipfile.ZipFile(template) as whole, zipfile.ZipFile(path, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, b"<broken" if name == "ppt/presentation.xml" else whole.read(name))
    with pytest.raises(ScenarioError, match=r"brand\.pptx: cannot be opened as a template: it is no PowerPoint file"):
        open_look(path, None)


def test_a_deck_has_its_ending_and_says_what_its_style_lacks(results: Path, tmp_path: Path) -> None:
    """A file that PowerPoint would not open is not written; notes are those of pictures and report."""
    done = run(results, "--out", tmp_path / "mine.pdf")
    assert 2 == done.exit_code and "a deck is a .pptx file. Write --out with 'mine.pptx'." in done.output
    assert not (tmp_path / "mine.pdf").exists()
    (tmp_path / "brand.toml").write_text('font = "No Such Font"\n')
    done = run(results, "--style", tmp_path / "brand.toml", "--out", tmp_path / "mine.pptx")
    assert 0 == done.exit_code
    assert "note: style: no font 'No Such Font' is installed here" in done.stderr
    assert "Drawing the deck ..." in done.stderr


def test_short_tables_stand_under_their_sentences() -> None:
    (slide,) = (s for s in deck_of(None).slides if s.shapes.title.text == "A table under sentences")
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    assert len(SHORT.rows) + 1 == len(table.rows)
    assert "Another." in texts_of(slide)
