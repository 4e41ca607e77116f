"""The documents tell the truth: README's commands stand there once, the design page's trace runs as printed."""

import doctest
import re
from pathlib import Path

import pytest

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


def test_files_that_documents_point_to_exist() -> None:
    """Every relative link of a document leads somewhere."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "design.md", ROOT / "results" / "README.md"]
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
