"""Written TOML is read back equal by `tomllib`, and is laid out as a person would write it."""

import math
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.emit import to_toml

SCENARIO: dict[str, Any] = {
    "name": "two-plans",
    "people": {"count": 1000, "activity_spread": 0.0},
    "seed": 7,
    "behaviour": {
        "peer_delay": {"dist": "exponential", "mean_hours": 2.0},
        "fatigue": 0.25,
    },
    "pools": {
        "micro": {"fee": {"law": "power", "scale": 0.038}, "count": 60, "post_days": [0.0, 2.5]},
        "top tier": {"count": 1},
    },
    "creators": [{"handle": "a", "fee": {"dist": "pert", "min": 1, "max": 9}}, {"handle": "b", "real": True}],
    "strategies": {"both": {"creators": ["a", "b"]}, "mix": {"split": {"micro": 0.5, "top tier": 0.5}}},
}

SCENARIO_TEXT = """\
name = "two-plans"
seed = 7

[people]
count = 1000
activity_spread = 0.0

[behaviour]
peer_delay = { dist = "exponential", mean_hours = 2.0 }
fatigue = 0.25

[pools.micro]
fee = { law = "power", scale = 0.038 }
count = 60
post_days = [0.0, 2.5]

[pools."top tier"]
count = 1

[[creators]]
handle = "a"
fee = { dist = "pert", min = 1, max = 9 }

[[creators]]
handle = "b"
real = true

[strategies.both]
creators = ["a", "b"]

[strategies.mix]
split = { micro = 0.5, "top tier" = 0.5 }
"""


def retyped(value: object) -> object:
    """Return a value with each scalar as its type and text: 1, 1.0, True, 0.0 and -0.0 all differ."""
    if isinstance(value, dict):
        return {key: retyped(member) for key, member in value.items()}
    if isinstance(value, list):
        return [retyped(item) for item in value]
    return type(value), repr(value)


def test_layout_of_a_scenario() -> None:
    """A scenario is written as its author might have written it, character for character."""
    assert SCENARIO_TEXT == to_toml(SCENARIO)


def test_written_text_is_written_again() -> None:
    """Reading a written text and writing it once more changes nothing."""
    assert SCENARIO_TEXT == to_toml(tomllib.loads(SCENARIO_TEXT))


def test_order_of_keys_is_kept() -> None:
    """Another order of the same dict gives another text that reads back in that order."""
    turned = dict(reversed(SCENARIO.items())) | {"pools": dict(reversed(SCENARIO["pools"].items()))}
    back = tomllib.loads(to_toml(turned))
    assert ["top tier", "micro"] == list(back["pools"])
    assert ["seed", "name", "strategies", "creators", "pools", "behaviour", "people"] == list(back)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, ""),
        ({"a": {}}, "[a]\n"),
        ({"a": {"b": {}}}, "[a.b]\n"),
        ({"a": {"b": {}, "c": 1}}, "[a]\nb = {}\nc = 1\n"),
        ({"a": []}, "a = []\n"),
        ({"a": [{}, {}]}, "[[a]]\n\n[[a]]\n"),
        ({"a": [{"b": [{"c": 1}]}]}, "[[a]]\n\n[[a.b]]\nc = 1\n"),
        ({"a": [1, {"b": {"c": 2}}]}, "a = [1, { b = { c = 2 } }]\n"),
        ({"a": {"x": 1, "b": {"c": {"d": 1}}}}, "[a]\nx = 1\n\n[a.b]\nc = { d = 1 }\n"),
        ({"a": {"b": {"c": [{"d": 1}]}}}, "[[a.b.c]]\nd = 1\n"),
        ({"": {"a.b": 1, "é": 2, '"': 3, "7-_": 4}}, '[""]\n"a.b" = 1\n"é" = 2\n"\\"" = 3\n7-_ = 4\n'),
    ],
)
def test_layout_of_corner_cases(data: dict[str, Any], expected: str) -> None:
    """Empty, nested and mixed containers get the one layout that the rules give, and read back equal."""
    assert expected == to_toml(data)
    assert data == tomllib.loads(expected)


def test_long_list_stands_on_many_lines() -> None:
    """A list that doesn't fit the line gets one item per line."""
    handles = [f"creator number {number}" for number in range(12)]
    lines = to_toml({"strategies": {"all": {"creators": handles}}}).splitlines()
    assert ["[strategies.all]", "creators = [", '    "creator number 0",'] == lines[:3]
    assert ['    "creator number 11",', "]"] == lines[-2:]


def test_long_inline_table_becomes_a_table() -> None:
    """A dict that would be inline but doesn't fit the line gets a header."""
    wide = {f"parameter_{number}": number for number in range(12)}
    lines = to_toml({"behaviour": {"delay": wide, "fatigue": 0.5}}).splitlines()
    assert ["[behaviour]", "fatigue = 0.5", "", "[behaviour.delay]", "parameter_0 = 0"] == lines[:5]


def test_control_characters_are_escaped() -> None:
    """No character that an editor could take for a line's end, or hide, is written as it is."""
    text = to_toml({"a": "".join(map(chr, range(0xA0))) + "\u2028\u2029\ufeff"})
    assert text.removesuffix("\n").isprintable()
    assert 1 == len(text.splitlines())
    assert r"\u0000\u0001" in text
    assert r"\u0007\b\t\n\u000B\f\r\u000E" in text


@pytest.mark.parametrize(
    "value",
    [
        math.inf,
        -math.inf,
        math.nan,
        None,
        (1, 2),
        {1},
        b"x",
        1j,
        object(),
        "\ud800",
        {1: 2},
        {None: 1},
        {"\udfff": 1},
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_unwritable_value_is_refused_with_its_path(value: object, depth: int) -> None:
    """What TOML can't give back equal is refused wherever it lies, and the message says where."""
    data: dict[str, Any] = {"fee": [1.0, value]}
    for _ in range(depth):
        data = {"pools": data}
    with pytest.raises(ValueError, match=r"^" + r"pools\." * depth + r"fee\.1: TOML can't hold the "):
        to_toml(data)


def test_unwritable_key_at_the_top_is_refused() -> None:
    """A key that is no string is refused at the top level too."""
    with pytest.raises(ValueError, match=r"^top level: TOML can't hold the key 1$"):
        to_toml({1: 2})  # type: ignore[dict-item]


def test_subclasses_are_written_as_their_base() -> None:
    """A float or text of a derived type, such as numpy's, is written as the plain value."""
    numpy = pytest.importorskip("numpy")
    assert 'a = 0.1\nb = "x"\n' == to_toml({"a": numpy.float64(0.1), "b": numpy.str_("x")})


@pytest.mark.parametrize("value", [0.1, -0.0, 1e16, 1e-7, 5e-324, 1.7976931348623157e308, 1 / 3])
def test_floats_come_back_exactly(value: float) -> None:
    """Every digit and the sign of a float survive, zero's sign included."""
    back = tomllib.loads(to_toml({"a": value}))["a"]
    assert repr(value) == repr(back)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# Few names, so that equal ones meet at different depths, and any text at all.
KEYS = st.sampled_from(["a", "b", "fee", "x y", "", "a.b", '"', "#"]) | TEXTS
SCALARS = (
    st.booleans() | st.integers() | st.integers(0, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)


def tables(nodes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw tables of up to four members."""
    return st.dictionaries(KEYS, nodes, max_size=4)


NODES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda nodes: tables(nodes) | tables(nodes) | st.lists(nodes, max_size=4) | st.lists(tables(nodes), max_size=3),
    max_leaves=20,
)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(tables(NODES))
def test_round_trip(data: dict[str, Any]) -> None:
    """Any nested dict comes back equal, types and signs included."""
    assert retyped(data) == retyped(tomllib.loads(to_toml(data)))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(tables(NODES))
def test_text_survives_a_second_round(data: dict[str, Any]) -> None:
    """The text that was read back gives the same text: the layout depends on the value alone."""
    text = to_toml(data)
    assert text == to_toml(tomllib.loads(text))
