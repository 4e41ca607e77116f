"""The one door to numba: compiled functions, their cache, and the compiled hash.

In: a plain function of numbers and arrays. Out: the same function, compiled at its first call.
Invariant: a cached machine code is used only with the very sources and versions it was made from.

Numba looks only at the file of a function to decide whether its cached code is still good, not at
the functions it calls. So the cache folder carries a digest of every source file of the package
that holds kernels. It lies in `NUMBA_CACHE_DIR` where that is set, else in the user's cache folder, so a read-only
installation works too. Where neither can be written, every process compiles anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np

from simulator import streams

F = TypeVar("F", bound=Callable[..., object])
# An unsigned 64-bit number: np.uint64 inside kernels, a plain integer outside.
Word: TypeAlias = Any
# A signed 64-bit number, likewise.
Whole: TypeAlias = Any
_PACKAGE = Path(__file__).parent


def _user_cache() -> Path:
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "campaign-roi"


@cache
def cache_folder() -> Path:
    """Give the folder for compiled code: one for each state of the sources and versions."""
    digest = hashlib.blake2b(f"{numba.__version__} {np.__version__} {_PACKAGE}".encode(), digest_size=8)
    sources = [_PACKAGE / "streams.py", _PACKAGE / "compiled.py"]
    for folder in ("market", "spread"):
        sources += sorted((_PACKAGE / folder).glob("*.py"))
    for source in sources:
        digest.update(source.read_bytes())
    return _user_cache() / digest.hexdigest()


@cache
def _can_cache() -> bool:
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home folder
        return False
    return os.access(cache_folder(), os.W_OK)


def is_cached(module: str) -> bool:
    """Say whether compiled functions of a module (its last name) are on disk already, as far as can be known."""
    return _can_cache() and any(cache_folder().rglob(f"{module}.*.nbi"))


def _compile(function: F, signature: str | None = None, **options: bool) -> F:
    words = (signature,) if signature else ()
    cached = _can_cache()
    config: Any = numba.config
    compiler: Any = numba.njit
    before = config.CACHE_DIR
    if cached:
        config.CACHE_DIR = str(cache_folder())
    try:
        return cast("F", compiler(*words, nogil=True, cache=cached, **options)(function))
    finally:
        config.CACHE_DIR = before


def kernel(function: F) -> F:
    """Compile a function of numbers and arrays: nopython, without the GIL, cached on disk.

    Types are fixed by the first call. An int64 mixed with a uint64 becomes a float64 in numba, so
    whoever calls a kernel that hashes hands over `np.uint64` values.
    """
    return _compile(function)


def bare_kernel(function: F) -> F:
    """Compile like `kernel`, but without counting references; for functions that allocate nothing.

    Numba counts references atomically for each array that one compiled function hands to another: putting
    an event into the calendar took 68 ns with the counting and takes 10 without. The caller holds all arrays,
    so nothing can be freed meanwhile.
    """
    return _compile(function, _nrt=False)


def rule(signature: str) -> Callable[[F], F]:
    """Compile a scalar function for one signature.

    Called from Python, it takes plain integers and converts them; without a signature numba would
    compile a second, different function for small ones.
    """
    return lambda function: _compile(function, signature)


fold: Callable[[Word, Word], Word] = rule("uint64(uint64, uint64)")(streams.fold)
uniform: Callable[[Word], float] = rule("float64(uint64)")(streams.uniform)
