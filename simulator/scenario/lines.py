"""Find the line on which each key of a TOML text stands.

In: TOML text that `tomllib` accepts (it tells no positions of its own). Out: key path -> 1-based line.
Invariant: the paths are exactly those of the nested value that `tomllib` returns, tables and array elements
included. Values are skipped, never read. What TOML 1.1 adds (newlines and a last comma in inline tables, two
more escapes) is understood too.
"""

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple, TypeVar

Path = tuple[str | int, ...]
Where = TypeVar("Where")

# The branches of a repeat begin differently and runs are possessive (`++`), so that no pattern tries twice.
_BASIC = r'"(?:[^"\\\n]++|\\.)*"'
_LITERAL = r"'[^'\n]*+'"
_LONG_BASIC = r'"""(?:[^"\\]++|\\.|"(?!""))*"{3,5}'
_LONG_LITERAL = r"'''(?:[^']++|'(?!''))*'{3,5}"
_UNQUOTED = r"""[^\s,\[\]{}#"'][^,\]}#\n]*+"""

_SCALAR = re.compile(f"{_LONG_BASIC}|{_LONG_LITERAL}|{_BASIC}|{_LITERAL}|{_UNQUOTED}", re.DOTALL)
_KEY_PART = re.compile(rf"[ \t]*+([A-Za-z0-9_-]++|{_LITERAL}|{_BASIC})[ \t]*+", re.DOTALL)
_EQUALS = re.compile(r"=[ \t]*+")
_GAP = re.compile(r"(?:[ \t\n,]++|#[^\n]*+)*")
_ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(00[0-9A-Fa-f]{6})|[btnfre"\\])')
_SHORT_ESCAPES = {
    r"\b": "\b",
    r"\t": "\t",
    r"\n": "\n",
    r"\f": "\f",
    r"\r": "\r",
    r"\e": "\x1b",
    r"\"": '"',
    r"\\": "\\",
}


class _Mention(NamedTuple):
    """One place in the text that names a path; `by_header` where a table's own header does."""

    path: Path
    at: int
    by_header: bool = False


class _Open(NamedTuple):
    """An array (with the indices it has still to give out) or inline table that is not closed yet."""

    path: Path
    indices: Iterator[int] | None


def key_lines(text: str) -> dict[Path, int]:
    r"""Return the line of every key, table and array element of a TOML text.

    A table stands where its own header does, or, having none, where it is first mentioned (`[pools.micro]`
    mentions `pools`, `fee.scale = 1` mentions `fee`). An array of tables stands at its first header. Lines
    end with a line feed, with or without a carriage return before it.

    Args:
        text: TOML that `tomllib.loads` accepts. For any other text the answer means nothing.

    Returns:
        Path as `tomllib` nests it -> line, counted from 1.

    Raises:
        ValueError: The text is not TOML, and plainly so.

    >>> key_lines('[[creators]]\nfee = { law = "power" }')
    {('creators',): 1, ('creators', 0): 1, ('creators', 0, 'fee'): 2, ('creators', 0, 'fee', 'law'): 2}
    """
    text = text.replace("\r\n", "\n")
    newlines = [match.start() for match in re.finditer("\n", text)]
    lines: dict[Path, int] = {}
    for path, at, by_header in _mentions(text):
        if by_header or path not in lines:
            lines[path] = bisect_left(newlines, at) + 1
    return lines


def line_of(lines: Mapping[Path, Where], path: Sequence[str | int]) -> Where | None:
    """Return the line (or place) of the longest known prefix of a path, or None where its first part is unknown."""
    for size in range(len(path), 0, -1):
        line = lines.get(tuple(path[:size]))
        if line is not None:
            return line
    return None


def _mentions(text: str) -> Iterator[_Mention]:
    """Yield every mention of a path, in the text's order."""
    sizes: dict[Path, int] = {}
    table: Path = ()
    at = _end(_GAP, text, 0)
    while at < len(text):
        if text[at] == "[":
            table, at = yield from _header(text, at, sizes)
        else:
            path, at = yield from _name(text, at, table)
            at = yield from _value(text, at, path)
        at = _end(_GAP, text, at)


def _header(text: str, at: int, sizes: dict[Path, int]) -> Generator[_Mention, None, tuple[Path, int]]:
    """Mention what a `[table]` or `[[array]]` header names; return the table it opens and where it ends.

    `sizes` counts the tables of each array so far; a header reaches into the newest one.
    """
    is_array = text.startswith("[[", at)
    brackets = 1 + is_array
    (*parents, name), end = _key(text, at + brackets)
    path: Path = ()
    for parent in parents:
        path += (parent,)
        yield _Mention(path, at)
        if path in sizes:
            path += (sizes[path] - 1,)
    path += (name,)
    yield _Mention(path, at, by_header=not is_array)
    if is_array:
        sizes[path] = sizes.get(path, 0) + 1
        path += (sizes[path] - 1,)
        yield _Mention(path, at)
    return path, end + brackets


def _name(text: str, at: int, table: Path) -> Generator[_Mention, None, tuple[Path, int]]:
    """Mention each level of the key of `key = value`; return its path and where the value starts."""
    parts, end = _key(text, at)
    path = table
    for part in parts:
        path += (part,)
        yield _Mention(path, at)
    return path, _end(_EQUALS, text, end)


def _value(text: str, at: int, path: Path) -> Generator[_Mention, None, int]:
    """Mention what lies inside the value that starts at `at`; return where it ends.

    A list of open containers instead of recursion: `tomllib`'s own depth is the only limit.
    """
    opened: list[_Open] = []
    while True:
        if text.startswith(("[", "{"), at):
            opened.append(_Open(path, count() if text[at] == "[" else None))
            at += 1
        else:
            at = _end(_SCALAR, text, at)
        at = _close(text, at, opened)
        if not opened:
            return at
        path, at = yield from _member(text, at, opened[-1])


def _close(text: str, at: int, opened: list[_Open]) -> int:
    """Take away the containers that end before the next member; return where that member starts."""
    while opened:
        at = _end(_GAP, text, at)
        if not text.startswith(("]", "}"), at):
            break
        opened.pop()
        at += 1
    return at


def _member(text: str, at: int, container: _Open) -> Generator[_Mention, None, tuple[Path, int]]:
    """Mention the member that starts at `at`; return its path and where its value starts."""
    if container.indices is None:
        return (yield from _name(text, at, container.path))
    path = (*container.path, next(container.indices))
    yield _Mention(path, at)
    return path, at


def _key(text: str, at: int) -> tuple[list[str], int]:
    """Return the parts of a dotted key and where it ends, spaces after it included."""
    parts: list[str] = []
    while not parts or text.startswith(".", at):
        match = _match(_KEY_PART, text, at + bool(parts))
        parts.append(_plain(match[1]))
        at = match.end()
    return parts, at


def _plain(part: str) -> str:
    """Return a key part without its quotes and escapes."""
    if part.startswith("'"):
        return part[1:-1]
    return _ESCAPE.sub(_unescape, part[1:-1]) if part.startswith('"') else part


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    return chr(int(digits, base=16)) if digits else _SHORT_ESCAPES[match[0]]


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    return _match(pattern, text, at).end()


def _match(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = pattern.match(text, at)
    if match is None:
        line = text.count("\n", 0, at) + 1
        msg = f"line {line}: not TOML: {text[at : at + 20]!r}"
        raise ValueError(msg)
    return match
