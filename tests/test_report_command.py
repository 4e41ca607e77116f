"""`campaign-roi report`: where it writes, what it never overwrites, and what it says when it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from make_results import findings_of
from make_study import one
from page_tree import tree_of

import simulator
from simulator.cli import main
from simulator.present import findings
from simulator.present.report import page
from simulator.present.report.drawings import Drawings
from simulator.present.report.seal import is_own_report


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that is read back as a run made by hand, and told without its pictures, which take long."""
    for module in (page, findings):
        monkeypatch.setattr(module, "read_findings", lambda path: findings_of(one(60)))
    monkeypatch.setattr(page, "drawings", lambda *_: Drawings({}, ""))
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def report(*words: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, words)])


def test_a_report_lies_in_the_folder_and_is_written_anew(results: Path) -> None:
    """Twice gives the same bytes, and a report of another run that nobody changed may be replaced."""
    done = report(results)
    path = results / "report.html"
    assert 0 == done.exit_code, done.output
    assert done.stdout.startswith(f"{path}: written.\nNot told: ")
    assert done.stderr == "Drawing the report ...\n"
    first = path.read_bytes()
    assert is_own_report(first)
    assert "lang" in tree_of(first.decode()).all("html")[0].attributes
    assert 0 == report(results).exit_code
    assert first == path.read_bytes()


@pytest.mark.parametrize("there", [b"my notes", "edited"])
def test_what_somebody_wrote_is_kept(results: Path, there: bytes | str) -> None:
    """A file that is not exactly a report stays as it is, until --force."""
    path = results / "report.html"
    if there == "edited":
        assert 0 == report(results).exit_code
        there = path.read_bytes().replace(b"plays", b"weeks", 1)
    path.write_bytes(there)  # type: ignore[arg-type]
    done = report(results)
    assert 3 == done.exit_code
    assert "left untouched" in done.output and "--force" in done.output and str(path) in done.output
    assert there == path.read_bytes()
    assert 0 == report(results, "--force").exit_code
    assert is_own_report(path.read_bytes())


def test_a_place_that_cannot_be_written(results: Path, tmp_path: Path) -> None:
    """A folder in its place, or a file in the way, is said; nothing is left behind."""
    (tmp_path / "file").write_text("in the way")
    for out in (tmp_path / "file" / "report.html", results):
        done = report(results, "--out", out)
        assert 3 == done.exit_code, done.output
        assert "campaign-roi: " in done.output and "Traceback" not in done.output
    assert [] == list(results.iterdir())


def test_no_run_and_no_style(tmp_path: Path) -> None:
    """What is missing is named: the run, or the brand file."""
    done = report(tmp_path / "nowhere")
    assert 3 == done.exit_code and "there is no such folder" in done.output
    done = report(tmp_path / "nowhere", "--style", tmp_path / "brand.toml")
    assert done.exit_code in (2, 3)
    assert not (tmp_path / "nowhere").exists()


def test_a_style_is_worn(results: Path, tmp_path: Path) -> None:
    """Its colours are those of the page, and its logo stands on top, once."""
    style = tmp_path / "brand.toml"
    style.write_text('ink = "#102030"\nlogo = "logo.svg"\n')
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><rect width="4" height="1"/></svg>'
    (tmp_path / "logo.svg").write_text(logo)
    done = report(results, "--style", style)
    assert 0 == done.exit_code, done.output
    text = (results / "report.html").read_text(encoding="utf-8")
    assert "--ink: #102030;" in text
    (image,) = tree_of(text).all("img")
    assert image.attributes["src"].startswith("data:image/svg+xml;base64,")
    style.write_text('inc = "#102030"\n')
    refused = report(results, "--style", style)
    assert 2 == refused.exit_code and "ink" in refused.output


def test_python_gives_the_same(results: Path) -> None:
    """`simulator.report` gives the bytes that the command writes."""
    assert 0 == report(results).exit_code
    assert (results / "report.html").read_bytes() == simulator.report(results)
    shutil.rmtree(results)


def test_a_report_has_its_ending(results: Path, tmp_path: Path) -> None:
    """A file that no browser would open is not written; nor is a folder taken for a file, whatever is forced."""
    done = report(results, "--out", tmp_path / "mine.pptx")
    assert 2 == done.exit_code
    assert f"given '{tmp_path / 'mine.pptx'}'; a report is a .html file. Write --out with 'mine.html'." in done.output
    done = report(results, "--out", tmp_path, "--force")
    assert 3 == done.exit_code and "is a folder, and was left untouched" in done.output
    assert not (tmp_path / "mine.pptx").exists()
