"""The tutorial, typed as it stands: every command works and says what the page says it does.

A line `...` of the page stands for any lines, and `...` inside a line for any text. RECORD=1 pytest
tests/test_tutorial.py writes the lines of the page anew, each stretch from the line that is most like its first one.
"""

import os
import re
import shlex
from difflib import get_close_matches
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import interview, main

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r"(?:<!-- write (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
ANY_LINES, DOTS = r"(?:.*\n)*?", re.escape("...")
ANSWER = re.compile(r"^(?:\d/5 .*|Number) \[.*?\]: (.*)$", re.MULTILINE)


def said_by(command: str, transcript: str) -> str:
    """Type a command and answer its questions as the page does; give all that it says."""
    program, *words = shlex.split(command)
    assert "campaign-roi" == program
    answers = "".join(f"{answer}\n" for answer in ANSWER.findall(transcript))
    return CliRunner().invoke(main, words, input=answers, prog_name=program).output


def fits(page: str, said: str) -> bool:
    """Say whether a text is what the page shows of it."""
    lines = [ANY_LINES if line == "..." else re.escape(line).replace(DOTS, ".*") + "\n" for line in page.splitlines()]
    return re.fullmatch("".join(lines), said if said.endswith("\n") else f"{said}\n") is not None


def anew(page: str, said: str) -> str:
    """Give what the page is to show: each stretch of lines from where its first one begins alike."""
    found, rest = [], said.splitlines()
    for stretch in re.split(r"^(\.\.\.)\n", page, flags=re.MULTILINE):
        lines = stretch.splitlines()
        if stretch == "..." or not lines:
            found += [stretch] if stretch else []
            continue
        start = rest.index(get_close_matches(lines[0], rest, n=1, cutoff=0)[0])
        found += rest[start : start + len(lines)]
        rest = rest[start + len(lines) :]
    return "".join(f"{line}\n" for line in found)


def test_the_tutorial_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of the page is written, every command typed, in the page's order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(interview, "_is_terminal", lambda: True)
    text = PAGE.read_text(encoding="utf-8")
    commands = 0
    for block in BLOCK.finditer(text):
        if block["file"]:
            Path(block["file"]).write_text(block["text"], encoding="utf-8")
        if block["kind"] == "console":
            command, _, shown = block["text"].removeprefix("$ ").partition("\n")
            said = said_by(command, shown)
            commands += 1
            if os.environ.get("RECORD"):
                text = text.replace(block["text"], f"$ {command}\n{anew(shown, said)}")
            else:
                assert fits(shown, said), f"{command}\n{said}"
    if os.environ.get("RECORD"):
        PAGE.write_text(text, encoding="utf-8")
    assert 8 == commands
    assert (tmp_path / "results" / "led_mask" / "figures" / "roi_distribution.png").is_file()


def test_a_page_that_says_otherwise_is_seen() -> None:
    """Another number, a line too many and one too few do not fit."""
    assert fits("a 1\n...\nb ... c\n", "a 1\nx\ny\nb 2 c\n")
    assert fits("...\nb\n", "b\n")
    for said in ("a 2\nb 2 c\n", "a 1\nb 2 c\nd\n", "a 1\n"):
        assert not fits("a 1\n...\nb ... c\n", said)
