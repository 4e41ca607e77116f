"""Pictures: they exist, have the same bytes twice, and say what they must as text."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import make_study
import numpy as np
import pytest
from make_study import HandMadeStudy, make, skewed
from picture_helpers import SVG, faults, placed, texts

from simulator.errors import ResultsError
from simulator.present import digits, titles
from simulator.present.pictures import money, page, plots, roi
from simulator.present.pictures.look import COLUMN, SLIDE, Look, Size, styled

NAMES = ("roi_distribution", "roi_exceedance", "reach_over_time", "money")
VARIANTS: dict[str, Callable[[], HandMadeStudy]] = {
    "two": make_study.two,
    "five, long and hostile names": make_study.five,
    "all negative": make_study.all_negative,
    "undefined": make_study.undefined,
    "one play": lambda: make_study.two(1),
    "three plays": lambda: make_study.two(3),
    "tie": make_study.tie,
    "one plan": make_study.one,
}


DRAWN = ("two", "five, long and hostile names", "undefined", "one play")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Draw most variants once; give the folder of each."""
    folders = {}
    for name in DRAWN:
        folders[name] = tmp_path_factory.mktemp("figures")
        draw(VARIANTS[name](), folders[name])
    return folders


def draw(study: HandMadeStudy, folder: Path) -> list[Path]:
    return plots.draw_all(study, folder)  # type: ignore[arg-type]


def said(path: Path) -> str:
    """Join the texts of a picture, so that line breaks don't matter."""
    return " ".join(" ".join(texts(path)).split())


def test_the_same_study_gives_the_same_files(tmp_path: Path, pictures: dict[str, Path]) -> None:
    """PNG and SVG of each picture, in a folder that did not exist, with the bytes of the first drawing.

    Negative control: another study's pictures have other bytes.
    """
    folder = tmp_path / "new" / "figures"
    paths = draw(make_study.two(), folder)
    assert [f"{name}.{kind}" for name in NAMES for kind in ("png", "svg")] == [path.name for path in paths]
    assert sorted(paths) == sorted(folder.iterdir())
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths if path.suffix == ".png")
    assert all(path.read_bytes() == (pictures["two"] / path.name).read_bytes() for path in paths)
    assert all(path.read_bytes() != (pictures["one play"] / path.name).read_bytes() for path in paths)


def test_no_hill_begins_below_the_loss_of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bins begin where ROI can be; negative control: they do not where all plays lie far above."""
    ends: list[tuple[float, float]] = []

    def noted(rows: object, row: int, plan: object, roi: object, bins: Any) -> None:
        ends.append((float(bins[0]), float(bins[-1])))

    monkeypatch.setattr(roi, "_hill", noted)
    for returns in (np.append(np.full(50, -1.0), np.linspace(-1, 9, 50)), np.linspace(2, 3, 100)):
        with styled():
            roi.draw_roi_distribution(make({"a": returns, "b": returns}))  # type: ignore[arg-type]
    assert [-1.0, -1.0] == [low for low, _ in ends[:2]]
    assert ends[2][0] > -1


def test_another_process_gives_the_same_bytes(tmp_path: Path, pictures: dict[str, Path]) -> None:
    """Neither hash randomization nor a user's matplotlib settings reach a picture."""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.hashsalt: other\naxes.facecolor: red\n")
    tests = str(Path(__file__).parent)
    code = (
        f"import sys, pathlib; sys.path.insert(0, {tests!r}); import make_study; "
        "from simulator.present.pictures import plots; "
        f"plots.draw_all(make_study.two(), pathlib.Path({str(tmp_path)!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=Path(tests).parent)
    for name in NAMES:
        for kind in ("png", "svg"):
            assert (pictures["two"] / f"{name}.{kind}").read_bytes() == (tmp_path / f"{name}.{kind}").read_bytes()


def test_nothing_global_changes(tmp_path: Path) -> None:
    """Settings are what they were, and pyplot is not even imported."""
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 31.0}):
        before = dict(mpl.rcParams)
        draw(make_study.one(20), tmp_path)
        assert before == dict(mpl.rcParams)
    code = "import sys; from simulator.present.pictures import plots; print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "False" == told.stdout.strip()


@pytest.mark.parametrize("variant", DRAWN)
@pytest.mark.parametrize("name", NAMES)
def test_every_picture_names_its_origin(pictures: dict[str, Path], variant: str, name: str) -> None:
    """Scenario, hash and seed stand on each picture, and nothing carries a date."""
    text = said(pictures[variant] / f"{name}.svg")
    assert "micro-vs-celebrity | scenario hash 3f9a1c77 | seed 7 | " in text
    assert "date" not in (pictures[variant] / f"{name}.svg").read_text().lower().replace("update", "")
    assert b"Software" not in (pictures[variant] / f"{name}.png").read_bytes()


@pytest.mark.parametrize("name", ["roi_distribution", "roi_exceedance"])
def test_pictures_of_roi_print_its_formula_and_unit(pictures: dict[str, Path], name: str) -> None:
    """The formula stands beside every ROI."""
    text = said(pictures["two"] / f"{name}.svg")
    assert "ROI = (incremental orders x order value x margin - spend) / spend" in text
    assert "ROI [profit per $1 spent]" in text
    assert "break even" in text


def test_the_picture_of_money_says_what_revenue_counts() -> None:
    """Returned orders and refunds are named where there may be any; negative control: a study without either."""
    study = make_study.two(20)
    every = money._formulas(study)  # type: ignore[arg-type]
    assert every.startswith("Profit = incremental margin - spend; ")
    assert every.endswith(" Revenue counts every order in full.")
    told = {"revenue": "revenue = ...; returned orders count as none", "profit": "profit = ... + refunds - spend"}
    summary = {**study.summary, "formulas": {**study.summary["formulas"], **told}}
    some = money._formulas(dataclasses.replace(study, summary=summary))  # type: ignore[arg-type]
    assert some.startswith("Profit = incremental margin + refunds - spend; ")
    assert some.endswith(" Returned orders are left out, revenue counts all others in full.")
    with styled():
        figure = money.draw_money(dataclasses.replace(study, summary=summary))  # type: ignore[arg-type]
    assert some in " ".join(text.get_text() for text in figure.texts)


def test_amounts_count_in_thousands_where_their_intervals_do() -> None:
    """So that a wide interval keeps inside its panel; negative control: small amounts are written out."""
    dollars = digits.money_unit("$")
    assert "-$10k (-20k to 10k)" == money._amount({"value": -7400.0, "low": -18_000.0, "high": 3000.0}, dollars)
    assert "$4,000 (1,000 to 7,000)" == money._amount({"value": 4000.0, "low": 1200.0, "high": 6900.0}, dollars)


def test_a_tick_beside_the_edge_of_the_page_has_no_words() -> None:
    """They would be cut; negative control: a little farther in, they are there."""
    from matplotlib.figure import Figure

    words = {}
    for low in (-20_000, -26_000):
        with styled():
            figure = Figure((3.5, 2.0))
            axes = page.add_axes_at(page.Page(figure, 2.0, 0.0, 0.0, 0.0), 0.2, 0.5, 3.1, 1.0)
            axes.set_xlim(low, 40_000)
            page.set_ticks(axes.xaxis, lambda value: f"{value:,.0f} dollars"[:9], 5)
            figure.draw_without_rendering()
            words[low] = [label.get_text() for label in axes.get_xticklabels() if label.get_text()]
    assert "-20,000 d" not in words[-20_000]
    assert "-20,000 d" in words[-26_000]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("small_and_boosted", ["small_and_", "boosted"]),
        ("micro-vs-celebrity", ["micro-vs-", "celebrity"]),
        ("abcdefghijklmnopqrstuv", ["abcdefghijklmn", "opqrstuv"]),
        ("makes up to -0.31 now", ["makes up to", "-0.31 now"]),
        ("of all two_names", ["of all", "two_names"]),
    ],
)
def test_names_break_between_their_words(text: str, lines: list[str]) -> None:
    """After "_" and "-" where they are too long for a line, and never between a sign and its number."""
    assert lines == digits.broken(text, 14, 3)


def test_lines_made_equally_long_break_no_name() -> None:
    """A name that fits into a line is whole; negative control: without it the lines are shorter."""
    assert ["there lie many", "two_long_names"] == page._balanced("there lie many two_long_names", 19, ["", ""])
    assert ["there lie", "many names"] == page._balanced("there lie many names", 19, ["", ""])


def test_titles_are_the_conclusions_of_words(pictures: dict[str, Path]) -> None:
    """No picture makes a sentence of its own."""
    summary = make_study.two().summary
    expected = (
        titles.roi_title(summary),
        titles.chance_title(summary),
        titles.reach_title(summary),
        titles.money_title(summary),
    )
    for name, title in zip(NAMES, expected, strict=True):
        assert title in said(pictures["two"] / f"{name}.svg")


def test_risk_and_error_are_told_apart(pictures: dict[str, Path]) -> None:
    """The spread of plays and the interval of the mean are labelled, with the numbers of each plan."""
    text = said(pictures["two"] / "roi_distribution.svg")
    assert "error of mean (95%) in these 4 markets" in text
    assert "error of mean (95%) in these 4 markets" in said(pictures["two"] / "money.svg")
    assert "in this market" in said(pictures["one play"] / "roi_distribution.svg")
    assert "risk: 90% of plays" in text
    assert "0.26 (0.21 to 0.31)" in text
    assert "-0.30 to 1.01" in text
    assert "risk: 80% of plays" in said(pictures["two"] / "money.svg")


def test_plays_outside_are_counted_on_the_picture(pictures: dict[str, Path]) -> None:
    """A cut tail is said to be cut."""
    for name in ("roi_distribution", "roi_exceedance"):
        assert "plays lie outside the picture (highest" in said(pictures["two"] / f"{name}.svg")


def test_money_names_the_incremental_margin(pictures: dict[str, Path]) -> None:
    """Spend, revenue and profit, and what lies between the last two."""
    text = said(pictures["two"] / "money.svg")
    for wanted in ("Spend", "Revenue", "Profit", "incremental margin = incremental orders x order value x margin"):
        assert wanted in text


def test_reach_counts_days_and_people(pictures: dict[str, Path]) -> None:
    """Units on both axes, names at the lines."""
    text = texts(pictures["two"] / "reach_over_time.svg")
    assert {"days since the start", "people reached", "portfolio", "celebrity"} <= set(text)


def test_undefined_roi_is_said(pictures: dict[str, Path]) -> None:
    """A plan without ROI has no hill, and the reason stands there."""
    text = said(pictures["undefined"] / "roi_distribution.svg")
    assert "ROI is undefined: nothing is spent" in text
    assert "ROI of nobody is undefined in 400 of 400 plays: nothing is spent." in text
    assert "ROI is undefined" in said(pictures["undefined"] / "roi_exceedance.svg")


def test_no_roi_at_all_can_be_drawn(tmp_path: Path) -> None:
    """All plays without spend give pictures that say so."""
    draw(make({"a": np.full(40, np.nan), "b": np.full(40, np.nan)}), tmp_path)
    assert "No two plans have an ROI to compare" in said(tmp_path / "roi_distribution.svg")


@pytest.mark.parametrize(("plays", "words"), [(19, "all plays"), (20, "90% of plays")])
def test_risk_says_which_plays_it_holds(tmp_path: Path, plays: int, words: str) -> None:
    """From 20 plays on, the 95% point leaves one play out."""
    draw(make({"a": np.linspace(-0.5, 0.5, plays), "b": np.linspace(-0.4, 0.6, plays)}), tmp_path)
    assert f"risk: {words}" in said(tmp_path / "roi_distribution.svg")


def test_one_play_shows_no_error(pictures: dict[str, Path]) -> None:
    """Without intervals none is drawn or written."""
    text = said(pictures["one play"] / "roi_distribution.svg")
    assert "(no interval)" in text
    assert "risk: all plays" in text
    assert "| 1 play in 1 market" in text


def test_names_are_text_in_any_script_and_never_mathematics(tmp_path: Path) -> None:
    """Dollars, braces and markup come out as written, and letters the font lacks stay in the SVG.

    A warning about those letters would be an error here.
    """
    names = ("$x^2$ <b>", "\\frac{1}", "\u5c0f\u7ea2\u4e66")
    draw(make({name: skewed(40, 0.1 * k, seed=k) for k, name in enumerate(names)}), tmp_path)
    for picture in NAMES:
        text = said(tmp_path / f"{picture}.svg")
        assert all(name in text for name in names)


def test_many_plans_show_the_best_and_say_so(tmp_path: Path) -> None:
    """More plans than colours are left out in words, not in silence."""
    draw(make({f"plan {k}": skewed(40, 0.1 * k, 0.05, k) for k in range(9)}), tmp_path)
    for name in NAMES:
        text = said(tmp_path / f"{name}.svg")
        assert "The 6 plans of highest mean ROI; 3 more are in the summary." in text
        assert "plan 8" in text


@pytest.mark.parametrize("size", [SLIDE, COLUMN], ids=lambda size: size.name)
@pytest.mark.parametrize("variant", [*VARIANTS, "nine plans"])
def test_no_text_is_cut_off_or_lies_on_another(variant: str, size: Size) -> None:
    """Every text lies inside the picture and keeps off all others."""
    nine = make({f"plan number {k} with a rather long name": skewed(40, 0.1 * k, 0.05, k) for k in range(9)})
    study = nine if variant == "nine plans" else VARIANTS[variant]()
    for name, draws in plots.study_pictures(study).items():  # type: ignore[arg-type]
        figure, found = placed(draws, Look(size=size))
        assert len(found) > 10
        assert [] == faults(figure, found), name


def test_the_check_for_overlaps_finds_one() -> None:
    """Negative control: a text written twice at one place is found, and one beyond the edge."""
    figure, found = placed(plots.study_pictures(make_study.one(20))["money"])  # type: ignore[arg-type]
    assert [] == faults(figure, found)
    text, box = found[0]
    assert [f"{text!r} lies on {text!r}"] == faults(figure, [*found, (text, box)])[:1]
    assert [f"{text!r} is cut off"] == faults(figure, [(text, box.translated(-100, 0))])


def test_text_is_never_smaller_than_12_points(pictures: dict[str, Path]) -> None:
    """Pictures are read from the back of a room."""
    for name in NAMES:
        root = ET.fromstring((pictures["five, long and hostile names"] / f"{name}.svg").read_text(encoding="utf-8"))
        styles = [text.attrib["style"] for text in root.iter(f"{SVG}text")]
        sizes = [float(size) for style in styles for size in re.findall(r"([\d.]+)px", style)]
        assert len(styles) == len(sizes)
        assert min(sizes) >= 12


def test_a_folder_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    """The disk's refusal names the place."""
    (tmp_path / "figures").write_text("a file")
    with pytest.raises(ResultsError, match="figures"):
        draw(make_study.one(20), tmp_path / "figures")
