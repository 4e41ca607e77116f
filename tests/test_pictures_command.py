"""`campaign-roi pictures`: what it writes and says, and what it refuses, from a run of the tiny scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from study_helpers import execute, tiny, tree, without_pictures, write_scenario

import simulator
from simulator.cli import main
from simulator.errors import ResultsError, ScenarioError
from simulator.present.pictures import plots

NAMES = ("roi_distribution", "roi_exceedance", "reach_over_time", "money")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the tiny scenario once, without pictures."""
    home = tmp_path_factory.mktemp("command")
    done = execute(without_pictures("run", write_scenario(home), "--out", home / "results", "--quiet"))
    assert 0 == done.returncode, done.stderr
    return home / "results"


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in ("pictures", *words)])


@pytest.fixture(scope="module")
def drawn(results: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Draw every picture once; give the folder and what was said."""
    folder = tmp_path_factory.mktemp("drawn") / "one"
    return folder, call(results, "--out", folder)


def test_every_picture_is_written_for_slides_and_columns(results: Path, drawn: tuple[Path, Result]) -> None:
    """Said in one line; below it the commands that would make more pictures possible."""
    folder, done = drawn
    assert 0 == done.exit_code, done.output
    written = tree(folder)
    slides = {name for name in written if "/" not in name}
    assert "Drawing the pictures ...\n4 pictures are drawn.\n" in done.stderr
    assert {f"{name}.{kind}" for name in NAMES for kind in ("png", "svg")} <= slides
    assert {f"column/{name}" for name in slides} == set(written) - slides
    assert done.stdout.startswith(f"Written to {folder}, each as PNG and SVG: roi_distribution, ")
    for asked in ("target", "sensitivity", "creators", "replay"):
        assert f" {asked} {results}" in done.stdout
    assert f" split {results}" not in done.stdout  # of one pool there is none


def tree_of(paths: list[Path], folder: Path) -> dict[str, bytes]:
    """Give what is in a folder, which has to be the files named."""
    found = tree(folder)
    assert sorted(found) == sorted(path.relative_to(folder).as_posix() for path in paths)
    return found


def test_pictures_have_the_same_bytes_whoever_draws_them(
    results: Path, drawn: tuple[Path, Result], tmp_path: Path
) -> None:
    """From Python as by the command; and those that `run` draws, played anew."""
    of_command = {name: data for name, data in tree(drawn[0]).items() if "/" not in name}
    paths = simulator.pictures(results, size="slide", out=tmp_path / "read")
    assert of_command == tree_of(paths, tmp_path / "read")
    plots.draw_all(simulator.run(tiny(tmp_path)), tmp_path / "run")
    run = tree(tmp_path / "run")
    assert {f"{name}.svg" for name in NAMES} <= set(run) <= set(of_command)
    assert all(of_command[name] == data for name, data in run.items())


def test_a_style_and_a_size_can_be_chosen(results: Path, tmp_path: Path) -> None:
    """Notes about the style go to stderr; pictures that are there are drawn anew."""
    (tmp_path / "brand.toml").write_text('colours = ["#b5402a", "#5f7a1c"]\nfont = "No Such Font"\n')
    words = (results, "--out", tmp_path / "out", "--size", "column", "--style", tmp_path / "brand.toml")
    (tmp_path / "out" / "column").mkdir(parents=True)
    (tmp_path / "out" / "column" / "money.svg").write_text("old")
    done = call(*words)
    assert 0 == done.exit_code, done.output
    assert {"column"} == {name.partition("/")[0] for name in tree(tmp_path / "out")}
    assert "#b5402a" in (tmp_path / "out" / "column" / "money.svg").read_text()
    assert "note: style: #b5402a and #5f7a1c will look alike to readers with deuteranopia" in done.stderr
    assert "note: style: no font 'No Such Font' is installed here; pictures use DejaVu Sans." in done.stderr


def test_what_cannot_be_done_is_refused(results: Path, tmp_path: Path) -> None:
    """A style that cannot be used, no results, a file in the way: exit codes and words; nothing is written."""
    (tmp_path / "brand.toml").write_text('ink = "#ffffff"\n')
    done = call(results, "--style", tmp_path / "brand.toml", "--out", tmp_path / "out")
    assert 2 == done.exit_code
    assert "ink: #ffffff on the ground #ffffff has a contrast of 1.00 to 1; 4.5 to 1 is needed" in done.stderr
    assert 2 == call(results, "--style", tmp_path / "none.toml").exit_code
    assert 3 == call(tmp_path / "nowhere").exit_code
    (tmp_path / "file").write_text("mine")
    done = call(results, "--out", tmp_path / "file")
    assert (3, "mine") == (done.exit_code, (tmp_path / "file").read_text())
    assert "is a file, and was left untouched. Choose a folder with --out." in done.stderr
    (tmp_path / "taken" / "roi_distribution.png").mkdir(parents=True)
    done = call(results, "--out", tmp_path / "taken", "--size", "slide")
    assert 3 == done.exit_code
    assert "roi_distribution.png" in done.stderr
    assert not (tmp_path / "out").exists()
    with pytest.raises(ScenarioError, match=r"Did you mean .slide"):
        simulator.pictures(results, size="slid", out=tmp_path / "out")
    with pytest.raises(ResultsError, match="no such folder"):
        simulator.pictures(tmp_path / "nowhere")
