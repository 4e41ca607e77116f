"""The documents tell the truth: README's commands stand there once, the design page's trace runs as printed."""

import doctest
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from simulator.scenario.emit import to_toml
from simulator.scenario.load import load

ROOT = Path(__file__).parent.parent


def test_trace_in_design_page_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The post that is followed from TOML to ROI gives what the page says."""
    monkeypatch.chdir(tmp_path)
    failed, attempted = doctest.testfile(str(ROOT / "docs" / "design.md"), module_relative=False, encoding="utf-8")
    assert attempted > 15
    assert 0 == failed


def test_readme_has_exactly_two_shell_blocks() -> None:
    """CI runs the two shell blocks of the README; there must be no third that it would not run."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert 2 == len(blocks)
    assert "campaign-roi run scenarios/micro_vs_celebrity.toml" in blocks[0]
    assert "pytest" in blocks[1]
    assert all("-c constraints.txt" in block for block in blocks)


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Give nested values with others in their place, or beside them."""
    both = {
        key: laid_over(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value
        for key, value in above.items()
    }
    return {**below, **{key: value.isoformat() if isinstance(value, date) else value for key, value in both.items()}}


def keys_of(values: dict[str, Any]) -> Iterator[str]:
    """Give every key at any depth."""
    for key, value in values.items():
        yield key
        if isinstance(value, dict):
            yield from keys_of(value)


def test_what_the_readme_writes_into_a_scenario_is_accepted(tmp_path: Path) -> None:
    """The example of what happens between contract and sale can be laid over the shipped scenario as it stands."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    example = next(tomllib.loads(dedent(block)) for block in blocks if "start_date" in block)
    shipped = tomllib.loads((ROOT / "scenarios" / "micro_vs_celebrity.toml").read_text(encoding="utf-8"))
    del shipped["pools"]["micro"]["post_days"]  # the example says: posts, instead of post_days
    file = tmp_path / "example.toml"
    file.write_text(to_toml(laid_over(shipped, example)), encoding="utf-8")
    assert "small_first" in load(file).strategies
    known = {"approval", "nonfollower_reach_ratio", "scandal", "boost", "ads", "stock", "return_probability"}
    assert known <= {*keys_of(example)}


def test_files_that_documents_point_to_exist() -> None:
    """Every relative link of a document leads somewhere."""
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("*.md"),
        ROOT / "results" / "README.md",
    ]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    links = [(page, link) for page, text in texts.items() for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    assert len(links) >= 5
    assert [] == [(page.name, link) for page, link in links if not (page.parent / link).exists()]


def test_constraints_hold_versions_and_no_addresses() -> None:
    """The constraints file pins exact versions only."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert [] == [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", pin)]


def test_every_file_that_is_written_is_explained() -> None:
    """Who opens a result folder finds each answer, table and picture in its README."""
    stages = [ROOT / "simulator" / name for name in ("study", "decide", "present", "cli")]
    sources = [path.read_text(encoding="utf-8") for stage in stages for path in stage.rglob("*.py")]
    files = {name for source in sources for name in re.findall(r'"(\w+\.(?:json|csv))"', source)}
    named = r'(?:pictures\[)?"(\w+)"(?:: draw_|: partial\(draw|\] = partial\(draw)'
    drawing = (ROOT / "simulator" / "present" / "pictures").rglob("*.py")
    pictures = {name for path in drawing for name in re.findall(named, path.read_text(encoding="utf-8"))}
    told = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    assert {"split.json", "posts.csv"} <= files and {"split", "tornado"} <= pictures
    assert [] == [name for name in files if f"`{name}`" not in told]
    assert [] == [name for name in pictures if f"`figures/{name}`" not in told and f"`{name}`" not in told]
