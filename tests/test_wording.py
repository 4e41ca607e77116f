"""What a message says of a key is what the model allows: bounds of every number, keys of every table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError
from test_model import FULL, SECTIONS, Path_, at, copy_with

from simulator.scenario.model import Scenario
from simulator.scenario.parts import Problem
from simulator.scenario.people import PeopleFromFile
from simulator.scenario.product import Brand, Product, Repeat
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import DELAYS, Section
from simulator.scenario.wording import problem_of, section_at

FROM_FILE = copy_with(FULL, ("people",), {"graph_file": "edges.csv"})


def problems(raw: dict[str, Any]) -> list[Problem]:
    try:
        Scenario.model_validate(raw)
    except ValidationError as error:
        return [problem_of(details, raw) for details in error.errors()]
    return []


def message(raw: dict[str, Any], path: Path_) -> str:
    """Give the only message, which is about this key or what is in it."""
    (problem,) = problems(raw)
    assert problem.path[: len(path)] == path
    return problem.message


# ---- every bound is said


def tables(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Give the path of every table."""
    if isinstance(value, dict):
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from tables(one, (*path, key))


def sections_of(raw: dict[str, Any]) -> Iterator[tuple[Path_, type[Section]]]:
    for path in tables(raw):
        if section := section_at(path, raw):
            yield path, section


def limited(annotation: Any, metadata: list[Any]) -> Iterator[tuple[Any, Any, type]]:
    """Give each number that may stand somewhere: its limits and the list or table it stands in, or a quantity."""
    limits = [limit for entry in metadata for limit in getattr(entry, "metadata", [entry])]
    if get_origin(annotation) is Annotated:
        first, *more = get_args(annotation)
        yield from limited(first, [*limits, *more])
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from limited(one, limits)
    elif get_origin(annotation) in (tuple, dict):
        among = get_origin(annotation)
        inner = get_args(annotation)[1 if among is dict else 0]
        yield from ((its, among, kind) for its, _, kind in limited(inner, []))
    elif (annotation in (int, float) and limits) or annotation is Quantity:
        yield limits, None, annotation


def outside(limits: list[Any]) -> Iterator[tuple[float, float]]:
    """Give a number beyond each limit, and the limit."""
    for limit in limits:
        match limit:
            case Ge(least):
                yield least - 1, least
            case Gt(least):
                yield least, least
            case Le(most):
                yield most + 1, most
            case Lt(most):
                yield most, most


def cases() -> list[Any]:
    found: dict[Any, Any] = {}
    for raw in (FULL, FROM_FILE):
        for path, section in sections_of(raw):
            for key, field in section.model_fields.items():
                for limits, inside, kind in limited(field.annotation, field.metadata):
                    found[section, key, str(limits)] = (raw, (*path, key), limits, inside, kind)
    return [pytest.param(*case, id=f"{section.__name__}.{key}") for (section, key, _), case in found.items()]


CASES = cases()


def test_every_section_is_gone_through() -> None:
    """The cases below come from every part of the model, and section_at knows each of them."""
    met = {section for raw in (FULL, FROM_FILE) for _, section in sections_of(raw)}
    assert {*SECTIONS, Brand, Repeat} == met
    names = {str(case.id) for case in CASES}
    assert {"Brand.half_life_days", "Repeat.probability", "SyntheticPeople.niches", "PowerFee.scale"} <= names
    assert {"Behaviour.share_by_friends", "PowerRate.exponent", "Constant.hours", "Boost.top"} <= names
    assert len(names) > 90


@pytest.mark.parametrize(("raw", "path", "limits", "inside", "kind"), CASES)
def test_every_limit_of_a_number_is_said(raw: dict[str, Any], path: Path_, limits: Any, inside: Any, kind: Any) -> None:
    """A value below or above what a key allows is answered with the limit and an example."""
    if kind is Quantity:
        below, above = (message(copy_with(raw, path, value), path) for value in (-1, 1e17))
        assert re.search(r"must not be below 0|must be above 0|must be 1 or more", below)
        assert re.search(r"must be at most [0-9.,]+|lies between 0 and 1", above)
        return
    for value, limit in outside(limits):
        given = {"beauty": value} if inside is dict else [value] if inside is tuple else value
        said = message(copy_with(raw, path, given), path)
        number = f"{limit:,}" if isinstance(limit, int) else f"{limit:,.16g}"
        assert re.search(rf"must be a (whole )?number.* {re.escape(number)}(?![0-9,.]*[0-9])", said), said
        assert f" for example {path[-1]} = " in said


# ---- a table is no delay


@pytest.mark.parametrize("given", [True, 0.3, "30%", [1]])
@pytest.mark.parametrize(
    ("path", "keys"),
    [
        (("brand",), "half_life_days, occasion_every_days"),
        (("stock",), "units, restock_units"),
        (("ads",), "cpm, niche"),
        (("product", "repeat_orders"), "probability, delay"),
        (("creators", 0, "scandal"), "probability_per_day, trust_left"),
        (("pools", "micro", "terms"), "agency_commission_of_fee"),
        (("pools", "micro", "formats", "story"), "reach_per_follower, delay"),
        (("strategies", "all", "boost"), "top, by"),
        (("strategies", "all", "stagger"), "waves, every_days"),
    ],
)
def test_a_value_in_place_of_a_table_is_answered_with_its_keys(path: Path_, keys: str, given: object) -> None:
    """Which keys there are, and an example; a delay is spoken of where there is one."""
    said = message(copy_with(FULL, path, given), path)
    assert f"; its keys are {keys}" in said
    assert "write a line [" in said or "must be a table in curly brackets" in said
    assert "delay is written" not in said


@pytest.mark.parametrize("path", [("product", "purchase_lag"), ("product", "repeat_orders", "delay")])
def test_a_value_in_place_of_a_delay_is_answered_with_the_delays(path: Path_) -> None:
    """The kinds of delays are listed where one is meant."""
    said = message(copy_with(FULL, path, 5), path)
    assert all(f'{{ dist = "{name}", ' in said for name in DELAYS)


# ---- misspelt and missing keys


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (("brand", "half_live_days"), "half_life_days"),
        (("brand", "half_life"), "half_life_days"),
        (("product", "repeat_orders", "probabilty"), "probability"),
        (("product", "repeat_orders", "delay", "mean"), "mean_hours"),
        (("product", "purchase_lag", "median"), "median_hours"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_nearest(path: Path_, meant: str) -> None:
    """Wherever it stands, the keys that are there are listed."""
    said = message(copy_with(FULL, path, 5), path)
    section = section_at(path[:-1], FULL)
    assert section is not None
    assert f'unknown key. Did you mean "{meant}"? There is: {", ".join(section.model_fields)}.' == said


@pytest.mark.parametrize(
    ("section", "path"),
    [
        (Brand, ("brand", "half_life_days")),
        (Repeat, ("product", "repeat_orders", "probability")),
        (DELAYS["exponential"], ("product", "repeat_orders", "delay", "mean_hours")),
        (DELAYS["lognormal"], ("product", "purchase_lag", "sigma")),
    ],
)
def test_a_missing_key_is_described_by_its_own_meaning(section: type[Section], path: Path_) -> None:
    """What is said to be missing is the key, not what it lies in."""
    parent = {key: value for key, value in at(FULL, path[:-1]).items() if key != path[-1]}
    said = message(copy_with(FULL, path[:-1], parent), path)
    assert said.startswith(f"missing. This is {section.model_fields[str(path[-1])].description}; write for example ")


def test_a_key_at_the_wrong_place_is_sent_home() -> None:
    """Also those of a brand, of customers who order again, and what creators and pools have in common."""
    assert "Write it under [brand]." in message(copy_with(FULL, ("product", "half_life_days"), 5), ("product",))
    assert "Write it inside repeat_orders" in message(copy_with(FULL, ("product", "probability"), 5), ("product",))
    assert "Write it under a creator or a pool." in message(copy_with(FULL, ("scandal",), 0.1), ("scandal",))


# ---- which section stands where


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ((), Scenario),
        (("product",), Product),
        (("creators",), None),
        (("overlap",), None),
        (("overlap", "anna"), None),
        (("people", "niches"), None),
        (("strategies", "all", "split"), None),
        (("product", "margin"), None),
        (("nowhere", "at", "all"), None),
        (("creators", 5, "delay"), None),
    ],
)
def test_a_section_is_found_by_its_path(path: Path_, section: type[Section] | None) -> None:
    """A table of values is no section, and neither is what is not there."""
    assert section is section_at(path, FULL)
    assert PeopleFromFile is section_at(("people",), FROM_FILE)


def test_an_unknown_kind_is_no_section() -> None:
    """Which keys a delay or a law has is said by its name; a fee has one law, whatever it is called."""
    for path in (("behaviour", "peer_delay", "dist"), ("pools", "mid", "reach_per_follower", "law")):
        assert section_at(path[:-1], FULL)
        assert section_at(path[:-1], copy_with(FULL, path, "x")) is None
    assert section_at(("pools", "micro", "fee"), copy_with(FULL, ("pools", "micro", "fee", "law"), "x"))


@pytest.mark.parametrize("given", ["20% to 30%", {"dist": "pert", "min": 0.1, "mode": 0.2, "max": 0.3}])
def test_a_range_of_what_is_one_number_is_answered(given: object) -> None:
    """A range is for what differs between plays; what the market is drawn with does not."""
    path = ("pools", "micro", "fake_share")
    said = message(copy_with(FULL, path, given), path)
    assert "; must be a number from 0 to below 1, and no range: it is the same in all plays." in said
