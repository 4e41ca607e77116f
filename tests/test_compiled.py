"""The compiled hash equals the Python one; compiled code is kept only for the sources it was made from."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import compiled, streams

WORDS = st.integers(0, streams.MASK)


@given(WORDS, WORDS)
@example(0, 0)
@example(0, 1)
@example(2**63 - 1, 2**63)
@example(streams.MASK, streams.MASK)
@settings(derandomize=True, max_examples=500)
def test_compiled_fold_equals_python(key: int, word: int) -> None:
    """Compiled and interpreted, one source gives one number, over all of uint64."""
    expected = streams.fold(key, word)
    assert expected == compiled.fold(key, word)
    assert expected == compiled.fold(np.uint64(key), np.uint64(word))


def test_compiled_fold_chains_like_python() -> None:
    """What the compiled hash hands back can be handed in again: a thousand steps in a row agree."""
    expected = actual = streams.name_key(2**63 - 1)
    for word in range(1000):
        expected, actual = streams.fold(expected, word), compiled.fold(actual, word)
    assert expected == actual


def test_rule_is_one_function_for_small_and_large_numbers() -> None:
    """A rule is compiled once, for its signature, whatever integers it is called with."""
    double = compiled.rule("uint64(uint64)")(lambda x: x + x)
    assert [2, 2, 2**64 - 2] == [double(1), double(np.int8(1)), double(2**63 - 1)]
    assert 1 == len(double.signatures)  # type: ignore[attr-defined]


def test_kernels_release_the_interpreter() -> None:
    """Kernels and rules run without the GIL, or the study's threads would wait for each other."""
    assert compiled.kernel(lambda x: x).targetoptions["nogil"]  # type: ignore[attr-defined]
    assert compiled.fold.targetoptions["nogil"]  # type: ignore[attr-defined]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the package that the cache folder is then reckoned for, in a user cache of its own."""
    copy = tmp_path / "simulator"
    shutil.copytree(Path(compiled.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiled, "_PACKAGE", copy)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    compiled.cache_folder.cache_clear()
    compiled._can_cache.cache_clear()
    yield copy
    compiled.cache_folder.cache_clear()
    compiled._can_cache.cache_clear()


def folder_now() -> Path:
    """Reckon the cache folder afresh."""
    compiled.cache_folder.cache_clear()
    return compiled.cache_folder()


SOURCES_OF_KERNELS = ["streams.py", "compiled.py", "market/people.py", "market/follow_graph.py"]
SOURCES_OF_KERNELS += ["market/creators.py", "spread/rules.py", "spread/impressions.py", "spread/conditions.py"]


@pytest.mark.parametrize("source", SOURCES_OF_KERNELS)
def test_another_source_is_another_cache(package: Path, source: str) -> None:
    """Changing any file that holds kernels, or constants of kernels, leaves the old compiled code behind."""
    before = folder_now()
    assert before == folder_now()
    with (package / source).open("a") as file:
        file.write("# changed\n")
    assert before != folder_now()


def test_all_kernels_lie_in_hashed_files(package: Path) -> None:
    """No file outside the hashed folders takes a decorator that compiles."""
    takes_decorator = re.compile(r"from simulator\.compiled import .*(kernel|rule)\b|import numba")
    takers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if takes_decorator.search(path.read_text())
    }
    assert {"spread/impressions.py", "spread/showings.py"} <= takers
    assert [] == [path for path in takers if path.split("/")[0] not in ("market", "spread", "compiled.py")]


def test_sources_without_kernels_keep_the_cache(package: Path) -> None:
    """Changing what has no kernels does not throw compiled code away."""
    before = folder_now()
    (package / "cli" / "options.py").write_text("changed = True\n")
    assert before == folder_now()


def test_cache_lies_in_the_users_folder(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code goes where the system keeps a user's caches, not beside the sources."""
    assert tmp_path / "cache" / "campaign-roi" == folder_now().parent
    monkeypatch.setattr(compiled.sys, "platform", "win32")
    assert tmp_path / "local" / "campaign-roi" == folder_now().parent
    monkeypatch.setattr(compiled.sys, "platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Path.home() / ".cache" / "campaign-roi" == folder_now().parent


def test_other_versions_are_another_cache(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code of another numba or numpy is not used."""
    folders = {folder_now()}
    for module in (numba, np):
        monkeypatch.setattr(module, "__version__", "0.0.1")
        folders.add(folder_now())
    assert 3 == len(folders)


def test_compiling_leaves_numbas_own_settings(package: Path) -> None:
    """Where numba keeps other packages' code is as it was after one of ours is compiled."""
    before = numba.config.CACHE_DIR
    assert 5 == compiled.kernel(_plus_two)(3)
    assert before == numba.config.CACHE_DIR


def _plus_two(x: int) -> int:
    return x + 2


def test_without_a_place_to_cache_kernels_still_work(package: Path, tmp_path: Path) -> None:
    """Where the user's cache folder cannot be made, functions are compiled and not kept."""
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert not compiled._can_cache()
    function = compiled.kernel(_plus_two)
    assert 5 == function(3)
    assert function.stats.cache_path is None  # type: ignore[attr-defined]


def fold_in_new_process(**environment: str) -> dict[str, object]:
    """Import the compiled hash in a new interpreter; give a number and how often a cache was hit and missed."""
    code = (
        "import json; from simulator.compiled import fold; s = fold.stats;"
        "print(json.dumps({'number': int(fold(7, 3)), 'hits': sum(s.cache_hits.values()),"
        " 'misses': sum(s.cache_misses.values())}))"
    )
    without = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=without | environment)
    return dict(json.loads(done.stdout))


def test_second_process_takes_compiled_code_from_the_cache(tmp_path: Path) -> None:
    """The first process compiles, the second loads what the first left, and both give the same number."""
    expected = streams.fold(7, 3)
    home = {"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    assert {"number": expected, "hits": 0, "misses": 1} == fold_in_new_process(**home)
    assert {"number": expected, "hits": 1, "misses": 0} == fold_in_new_process(**home)
    assert list((tmp_path / "campaign-roi").glob("*/**/*.nbi"))


def test_numba_cache_dir_is_respected(tmp_path: Path) -> None:
    """Where the user names a folder for numba's code, it goes there and nowhere else."""
    home, named = tmp_path / "home", tmp_path / "named"
    fold_in_new_process(XDG_CACHE_HOME=str(home), LOCALAPPDATA=str(home), NUMBA_CACHE_DIR=str(named))
    assert list(named.glob("**/*.nbi"))
    assert not home.exists()
