"""The gallery and the README show pictures that are there, small enough, with commands that the program takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click import Context

from simulator.cli import main

DOCS = Path(__file__).parent.parent / "docs"
GALLERY = (DOCS / "gallery.md").read_text(encoding="utf-8")
_PICTURE = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")


def test_every_picture_of_the_gallery_is_shown_once_with_a_text() -> None:
    shown = _PICTURE.findall(GALLERY)
    assert sorted(path.name for path in (DOCS / "gallery").iterdir()) == sorted(Path(path).name for _, path in shown)
    assert all(len(alt) > 20 for alt, _ in shown)
    headings = re.findall(r"^## (.*)$", GALLERY, re.MULTILINE)
    assert len(set(headings)) == len(headings) == len(shown) >= 14


def test_pictures_are_small_enough_to_be_read_on_a_page() -> None:
    sizes = {path.name: path.stat().st_size for path in (DOCS / "gallery").iterdir()}
    assert [] == [name for name, size in sizes.items() if size > 150_000]
    assert sum(sizes.values()) < 3_000_000
    assert (DOCS / "first_slide.png").stat().st_size < 150_000


def test_the_commands_of_the_gallery_are_commands() -> None:
    """Each is one of the program's, its options are options of it, and its scenario is shipped."""
    commands = {line.strip() for line in GALLERY.splitlines() if line.startswith("    campaign-roi ")}
    assert len(commands) >= 8
    for command in commands:
        _, name, subject, *options = shlex.split(command)
        its = main.get_command(Context(main), name)
        assert its is not None, command
        known = {option for parameter in its.params for option in parameter.opts}
        assert set() == {option for option in options if option.startswith("--")} - known, command
        assert subject.startswith("results/") or (DOCS.parent / subject).is_file(), command


def test_the_readme_shows_three_pictures_and_the_first_slide() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    shown = [path for _, path in _PICTURE.findall(readme)]
    assert 3 <= len([path for path in shown if path.startswith("docs/gallery/")])
    assert "docs/first_slide.png" in shown
    assert [] == [path for path in shown if not (DOCS.parent / path).is_file()]


@pytest.mark.parametrize(
    "name", ["roi_distribution", "waterfall", "split", "tornado", "variance", "cascade", "overlap"]
)
def test_the_family_is_in_the_gallery(name: str) -> None:
    assert f"gallery/{name}.png" in GALLERY
