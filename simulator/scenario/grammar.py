"""How a quantity is written: the words and numbers of a range or a distribution, for messages and for editors.

In: a kind of quantity. Out: patterns of text, parameters, advice, and the JSON Schema of what TOML may hold. Invariant:
what this schema refuses, reading a quantity refuses as well; how the numbers of a text lie is more than it can say.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import WithJsonSchema
from typing_extensions import TypeAliasType

Kind = Literal["share", "amount", "hard_range"]

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_PLAIN_NUMBER = rf"({_DIGITS}(?:\.(?:{_DIGITS})?)?(?:[eE][+-]?[0-9]+)?)"
NUMBER = rf"{_PLAIN_NUMBER}\s*(%?)"
ONE = re.compile(rf"\s*{NUMBER}\s*")
TWO = re.compile(rf"\s*{NUMBER}\s+to\s+{NUMBER}\s*")
DASHED = re.compile(rf"\s*{NUMBER}\s*(?:-|\u2013|\u2014|\.\.+)\s*{NUMBER}\s*")

# name of the distribution -> its parameters, in the order they are explained
PARAMETERS: dict[str, tuple[str, ...]] = {
    "uniform": ("min", "max"),
    "pert": ("min", "mode", "max"),
    "beta": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
}
# Between these, sums and products of a whole study stay far from the ends of floating point.
MOST: dict[Kind, float] = {"share": 1.0, "amount": 1e15, "hard_range": 1e10}
MOST_SIGMA = 5.0
DISTRIBUTIONS: dict[Kind, tuple[str, ...]] = {
    "share": ("uniform", "pert", "beta"),
    "amount": ("uniform", "pert", "lognormal"),
    "hard_range": ("uniform", "pert"),
}
HOW_TO_WRITE: dict[Kind, str] = {
    "share": 'write a share (0.024 or "2.4%"), a range that holds 90% of what is plausible ("1% to 3%"), or a '
    'distribution such as { dist = "pert", min = "1%", mode = "2%", max = "4%" }',
    "amount": 'write a number (250), a range that holds 90% of what is plausible ("200 to 400"), or a distribution '
    'such as { dist = "pert", min = 100, mode = 250, max = 600 }',
    "hard_range": 'write a number (30_000), a range from the lowest to the highest ("10_000 to 100_000"), or a '
    'distribution such as { dist = "pert", min = 10_000, mode = 30_000, max = 100_000 }',
}


def text_of(kind: Kind, *, ranges: bool) -> dict[str, Any]:
    """Give the JSON Schema of a number, or a range, written as text."""
    number = NUMBER if kind == "share" else _PLAIN_NUMBER
    other_end = rf"(\s+to\s+{number})?" if ranges else ""
    return {"type": "string", "pattern": rf"^\s*{number}{other_end}\s*$"}


def _table(name: str, kind: Kind) -> dict[str, Any]:
    """Give the JSON Schema of a distribution."""
    most = {"sigma": MOST_SIGMA}
    numbers = {key: {"type": "number", "minimum": 0, "maximum": most.get(key, MOST[kind])} for key in PARAMETERS[name]}
    either = {key: {"anyOf": [number, text_of(kind, ranges=False)]} for key, number in numbers.items()}
    return {
        "type": "object",
        "properties": {"dist": {"enum": [name]}, **either},
        "required": ["dist", *either],
        "additionalProperties": False,
    }


def _quantity_of(kind: Kind) -> dict[str, Any]:
    """Give the JSON Schema of a quantity."""
    number = {"type": "number", "minimum": 0, "maximum": MOST[kind]}
    tables = [_table(name, kind) for name in DISTRIBUTIONS[kind]]
    return {"description": HOW_TO_WRITE[kind], "anyOf": [number, text_of(kind, ranges=True), *tables]}


# By name, so that a schema says it once for all keys.
AS_WRITTEN = {kind: TypeAliasType(kind, Annotated[Any, WithJsonSchema(_quantity_of(kind))]) for kind in get_args(Kind)}
