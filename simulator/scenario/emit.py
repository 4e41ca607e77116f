"""Write a nested dict as TOML that a person likes to read.

In: dicts, lists, strings, integers, finite floats and booleans. Out: TOML text. Invariants: `tomllib` reads
it back to an equal value; the same dict in the same order gives the same text. Layout:

- In each table plain values come first, then its sub-tables, each group in the dict's order.
- A dict directly below the top is a `[table]`. Where such a table holds nothing but dicts (`pools`), each of
  these is a `[table]` too (`[pools.micro]`).
- Any other dict is an inline table (`fee = { law = "power", scale = 0.038 }`) if no dict lies inside it and
  it fits the line; else it is a `[table]`.
- A list of dicts is an array of `[[tables]]`. Any other list stands on one line if it fits, else one item per
  line.
- A `[header]` that the next one below it already implies is left out.
"""

import math
import re
from collections.abc import Iterator, Mapping

_WIDTH = 100
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT_ESCAPES = {'"': r"\"", "\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
# Beyond what TOML forbids: characters that editors take for a line's end or don't show.
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]')
_SURROGATE = re.compile("[\ud800-\udfff]")

_Table = Mapping[str, object]


def to_toml(data: dict[str, object]) -> str:
    """Return a nested dict as TOML text, laid out as the module says.

    Raises:
        ValueError: A value has no place in TOML or would not come back equal (None, a tuple, inf, nan, a lone
            surrogate, a key that is no string). The message names its path.

    >>> print(to_toml({"pools": {"micro": {"count": 60, "fee": {"law": "power"}}}, "seed": 7}), end="")
    seed = 7
    <BLANKLINE>
    [pools.micro]
    count = 60
    fee = { law = "power" }
    """
    _refuse_unwritable(data, ())
    text = "".join(line + "\n" for line in _body((), data))
    return text.removeprefix("\n")


def _refuse_unwritable(value: object, path: tuple[object, ...]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_unwritable_key(key, path)
            _refuse_unwritable(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_unwritable(item, (*path, index))
    elif not _is_writable_scalar(value):
        raise _refusal(path, f"TOML can't hold the value {value!r}")


def _refuse_unwritable_key(key: object, path: tuple[object, ...]) -> None:
    if not isinstance(key, str) or _SURROGATE.search(key):
        raise _refusal(path, f"TOML can't hold the key {key!r}")


def _is_writable_scalar(value: object) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is None
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int)


def _refusal(path: tuple[object, ...], problem: str) -> ValueError:
    where = ".".join(str(part) for part in path) or "top level"
    return ValueError(f"{where}: {problem}")


def _body(path: tuple[str, ...], table: _Table) -> Iterator[str]:
    """Yield the lines below a table's header: its plain values, then its sub-tables."""
    all_tables = not path or (len(path) == 1 and _holds_only_dicts(table))
    sections = {key: value for key, value in table.items() if _is_section(key, value, all_tables=all_tables)}
    for key, value in table.items():
        if key not in sections:
            yield from _assignment(key, value)
    for key, value in sections.items():
        yield from _section((*path, key), value)


def _is_section(key: str, value: object, *, all_tables: bool) -> bool:
    """Tell whether a value gets headers; `all_tables` where every dict beside it does."""
    if isinstance(value, dict):
        return all_tables or _holds_a_dict(value) or len(_line(key, value)) > _WIDTH
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _holds_only_dicts(table: _Table) -> bool:
    return bool(table) and all(isinstance(value, dict) for value in table.values())


def _holds_a_dict(value: dict[str, object] | list[object]) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return any(isinstance(item, dict) or (isinstance(item, list) and _holds_a_dict(item)) for item in items)


def _section(path: tuple[str, ...], value: object) -> Iterator[str]:
    name = ".".join(_key(part) for part in path)
    if isinstance(value, list):
        for item in value:
            yield from ("", f"[[{name}]]", *_body(path, item))
    elif isinstance(value, dict):
        body = list(_body(path, value))
        # A body that begins with a header mentions this table by itself.
        yield from body if body[:1] == [""] else ("", f"[{name}]", *body)


def _assignment(key: str, value: object) -> Iterator[str]:
    line = _line(key, value)
    if len(line) <= _WIDTH or not isinstance(value, list):
        yield line
    else:
        yield f"{_key(key)} = ["
        yield from (f"    {_value(item)}," for item in value)
        yield "]"


def _line(key: str, value: object) -> str:
    return f"{_key(key)} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_line(key, item) for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    # The base types' own texts: numpy floats and integer enums print their type's name.
    return float.__repr__(value) if isinstance(value, float) else int.__repr__(value)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT_ESCAPES.get(character, f"\\u{ord(character):04X}")
