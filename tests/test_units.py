"""Every key of a scenario says what it is measured in, and every default that acts says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from simulator.scenario.model import Scenario
from simulator.scenario.people import PeopleFromFile
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import Section, cite_of, unit_of
from simulator.scenario.wording import HIDDEN

TAGS = ("dist", "law")
# What adds nothing, multiplies by one, asks for nothing or is not there.
OFF = (None, (), {}, "", 0, 0.0, 1.0, Quantity("share", "fixed", (0.0,)), Quantity("share", "fixed", (1.0,)))
OFF += (Quantity("amount", "fixed", (0.0,)), Quantity("amount", "fixed", (1.0,)))
# What is 1 and acts all the same.
ONES = {"seed", "every_days", "responsiveness", "usage_rights_months", "exclusivity_months", "whitelisting_months"}
# Tables by pool, whose values are shares.
TABLES_OF_SHARES = ("Scenario.overlap", "Strategy.split", "Decision.least_share", "Decision.most_share")


def sections_in(annotation: Any) -> Iterator[type[Section]]:
    """Give every section that may stand where an annotation does."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from sections_in(inner)


def keys() -> dict[str, FieldInfo]:
    """Give every key there is, by its section's and its own name."""
    found: dict[str, FieldInfo] = {}
    waiting: list[type[Section]] = [Scenario]
    while waiting:
        section = waiting.pop()
        for name, field in section.model_fields.items():
            if f"{section.__name__}.{name}" in found or name in HIDDEN or name in TAGS:
                continue
            found[f"{section.__name__}.{name}"] = field
            waiting += sections_in(field.annotation)
    return found


KEYS = keys()


def holds_sections(field: FieldInfo) -> bool:
    """Say whether a key holds further keys, and is no law, distribution or delay."""
    return any(not {*TAGS} & {*section.model_fields} for section in sections_in(field.annotation))


def test_the_walk_meets_every_kind_of_section() -> None:
    """It reaches what stands deep, and what stands instead of something else."""
    assert {"Terms.usage_rights_months", "Stagger.by", "PowerLaw.exponent", "LogQuadraticRate.at"} <= {*KEYS}
    assert {f"PeopleFromFile.{key}" for key in PeopleFromFile.model_fields} <= {*KEYS}
    assert len(KEYS) > 130


@pytest.mark.parametrize("key", KEYS)
def test_every_key_has_a_unit(key: str) -> None:
    """A few words: a unit, or of what it is a share; what holds further keys has none."""
    unit = unit_of(KEYS[key])
    assert bool(unit) is not holds_sections(KEYS[key])
    assert len(unit) <= 52


def accepts(field: FieldInfo, value: object) -> bool:
    """Say whether a value may stand at a key, but for what only the whole section can say."""
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(value)
    except ValidationError:
        return False
    return True


def test_shares_name_their_denominator() -> None:
    """What may be a percentage, and is no text, is "of" something, added to a chance, or another key's share."""
    shares = {key for key, field in KEYS.items() if accepts(field, "5%") and not accepts(field, "five")}
    assert {"Creator.order_per_click", "Product.margin", "Creator.fake_share", "Scandal.refund_of_fee"} <= shares
    assert len(shares) > 45
    for key in shares:
        assert unit_of(KEYS[key]).startswith(("of ", "added to the chance", "correlation", "as the rate")), key
    for key in {*KEYS} - shares:
        assert not unit_of(KEYS[key]).startswith("of ") or key in TABLES_OF_SHARES, key


@pytest.mark.parametrize("key", KEYS)
def test_every_default_that_acts_says_where_it_comes_from(key: str) -> None:
    """What switches something off needs no source; nor does what must be written."""
    field = KEYS[key]
    default = None if field.is_required() else field.default
    acts = not isinstance(default, Section) or holds_sections(field) is False
    acts = acts and (key.split(".")[1] in ONES or not any(type(default) is type(off) and default == off for off in OFF))
    assert bool(cite_of(field)) is (acts and not field.is_required())
