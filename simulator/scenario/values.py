"""Every value that a scenario comes down to: what it is, what it is measured in, and who says so.

In: a checked scenario. Out: frozen values, one for each key, in the order of the model. Invariant: every key of every
section there is comes exactly once, but for what only names files; a list or table of numbers, a law, a distribution
and a delay are one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from pydantic.fields import FieldInfo

from simulator.scenario.account import Account
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.presets.evidence import kind_of
from simulator.scenario.presets.filling import found_in, sources_of
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import Section, cite_of, unit_of
from simulator.scenario.strategy import Discovery
from simulator.scenario.wording import TAGS

SourceKind = Literal["written", "preset", "default"]
# Keys that do nothing unless another key of their section does something.
_NEEDS = {
    "every_days": "posts",
    "peer_delay": "reach_per_peer",
    "rework_hours": "send_back_probability",
    "usage_rights_months": "usage_rights_of_fee_per_month",
    "exclusivity_months": "exclusivity_of_fee_per_month",
    "whitelisting_months": "whitelisting_of_fee_per_month",
}


@dataclass(frozen=True)
class Value:
    """One value of a scenario.

    Attributes:
        path: Where it stands; creators by their place.
        value: What it is, as the scenario holds it.
        unit: What it is measured in, or of what it is a share; "none" for a name, empty for a section that is off.
        kind: Who says so: somebody who wrote it, a preset, or nobody.
        source: Where it was written ("launch.toml:12"), or what the preset is called; empty for a default.
        cite: What stands behind the number of a preset or default; empty where that is off or neutral.
        is_default: Whether it is what it would be if nobody said anything, whoever says so.
        meaning: What its key is: the end of "This is ...".
    """

    path: Path
    value: Any
    unit: str
    kind: SourceKind
    source: str
    cite: str
    is_default: bool = False
    meaning: str = ""

    @property
    def is_off(self) -> bool:
        """Say whether nobody asked for it and it does nothing."""
        return self.kind == "default" and not self.cite


def values_of(scenario: Scenario) -> tuple[Value, ...]:
    """Give every value of a scenario."""
    names, sources = dict(scenario.filled), sources_of(scenario)
    presets = {path: (kind_of(names[path]), source) for path, source in sources.items()}
    leaves = (_with_platform(scenario, leaf) for leaf in _leaves(scenario, (), is_needed=True))
    written = {**_platforms_from_the_top(scenario), **scenario.written}
    return tuple(_valued(leaf, written, presets) for leaf in leaves)


def values_as_resolved(scenario: Scenario) -> tuple[Value, ...]:
    """Give every value of a scenario that was written out, defaults and presets filled in.

    Who says so is told by what it is: what a preset says is that preset's, what nobody has to write is a default, and
    all else was written, nobody knows where.
    """
    told = values_of(scenario.model_copy(update={"filled": found_in(scenario), "written": {}}))
    return tuple(
        its if its.kind == "preset" or its.is_default else replace(its, kind="written", source="", cite="")
        for its in told
    )


class _Leaf(NamedTuple):
    """A value before it is asked who says so; `acts` where it would do something as a default."""

    path: Path
    value: Any
    field: FieldInfo
    acts: bool


def _platforms_from_the_top(scenario: Scenario) -> dict[Path, str]:
    """Give where the platform of each creator and pool stands that names none, where the one at the top acts."""
    found: list[tuple[Path, Account]] = [(("creators", row), its) for row, its in enumerate(scenario.creators)]
    found += [(("pools", name), its) for name, its in scenario.pools.items()]
    place = scenario.written.get(("platform",), "the top")
    acts = scenario.platform is not None
    return {(*path, "platform"): place for path, its in found if acts and its.platform is None}


def _with_platform(scenario: Scenario, leaf: _Leaf) -> _Leaf:
    """Put the platform at the top in place of one that an account leaves out; rows of a list have their pool's."""
    section, *below = leaf.path
    is_blank = section in ("creators", "pools") and below[1:] == ["platform"] and leaf.value is None
    return leaf._replace(value=scenario.platform) if is_blank else leaf


def _valued(leaf: _Leaf, written: Mapping[Path, str], presets: Mapping[Path, tuple[str, str]]) -> Value:
    path, unit, is_default = leaf.path, unit_of(leaf.field), leaf.value == leaf.field.default
    means = leaf.field.description or ""
    if (place := written.get(path)) is not None:
        return Value(path, leaf.value, unit, "written", place, "", is_default, means)
    if path in presets:
        return Value(path, leaf.value, unit, "preset", *presets[path], is_default, means)
    cite = cite_of(leaf.field) if leaf.acts else ""
    return Value(path, leaf.value, unit, "default", "", cite, is_default, means)


def _leaves(section: Section, path: Path, *, is_needed: bool) -> Iterator[_Leaf]:
    for name, field in _fields(section):
        value = getattr(section, name)
        inner = dict(_inner(value))
        for below, one in inner.items():
            used = is_needed and not (isinstance(one, Discovery) and not _can_be_discovered(section))
            yield from _leaves(one, (*path, name, *below), is_needed=used)
        for below, one in {} if inner else dict(_entries(name, value)).items():
            yield _Leaf((*path, name, *below), one, field, is_needed and not _is_idle(section, name))


def _fields(section: Section) -> list[tuple[str, FieldInfo]]:
    """Give the keys of a section; those of its own stand before what it has in common with others."""
    fields = [its for its in type(section).model_fields.items() if not its[1].exclude]
    return sorted(fields, key=lambda its: its[0] not in type(section).__annotations__)


def _inner(value: Any) -> Iterator[tuple[Path, Section]]:
    """Give the sections that a value holds, by where they stand in it; a law is a value of its own."""
    if isinstance(value, Section):
        rows: Any = {(): value}
    elif isinstance(value, Mapping):
        rows = {(key,): row for key, row in value.items()}
    else:
        rows = {(key,): row for key, row in enumerate(value)} if isinstance(value, tuple) else {}
    yield from ((key, row) for key, row in rows.items() if isinstance(row, Section) and not is_law(row))


def _entries(name: str, value: Any) -> Iterator[tuple[Path, Any]]:
    """Give a value, or each target of the overlap, which is a section without keys of its own."""
    if name != "overlap" or value is None:
        yield (), value
        return
    for first, given in value.items():
        pairs = {(first, other): share for other, share in given.items()} if isinstance(given, Mapping) else {}
        yield from pairs.items() if pairs else [((first,), given)]


def is_law(section: Section) -> bool:
    """Say whether a section is one value: a law, or how long something takes."""
    return any(tag in type(section).model_fields for tag in TAGS)


def _is_idle(section: Section, key: str) -> bool:
    """Say whether a key does nothing because another one of its section does nothing."""
    needed = _NEEDS.get(key)
    if needed not in type(section).model_fields:
        return False
    value = getattr(section, needed)
    return value is None or (isinstance(value, Quantity) and value.bounds[1] == 0)


def _can_be_discovered(scenario: Section) -> bool:
    assert isinstance(scenario, Scenario), "only a scenario has discovery"
    return any(account.can_be_discovered for account in (*scenario.creators, *scenario.pools.values()))
