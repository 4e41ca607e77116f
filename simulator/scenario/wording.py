"""What is wrong with a key, in words for somebody who is no programmer.

In: what pydantic found and the raw values of the file. Out: `Problem`s: what was given, what is allowed, what the key
is and how it may be written. Invariant: what is allowed is read off the model, so a message cannot disagree with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from simulator.scenario.account import PLATFORMS, RATES, TIERS, Creator, Format, Pool, Scandal
from simulator.scenario.decision import Decision
from simulator.scenario.grammar import TWO
from simulator.scenario.listed import ListedPool, is_listed
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.parts import Path, Problem, nearest
from simulator.scenario.people import PeopleFromFile, SyntheticPeople
from simulator.scenario.product import Behaviour, Brand, Product, Repeat
from simulator.scenario.quantity import parse_number
from simulator.scenario.rates import LAWS
from simulator.scenario.section import DELAYS, Section
from simulator.scenario.strategy import ADS, Ads, Approval, Boost, Discovery, Stagger, Stock, Strategy
from simulator.scenario.terms import Terms

HIDDEN = ("folder", "graph_digest", "filled", "written", "notes")  # fields of a scenario that are no keys
# how each section is written
SECTIONS = {
    "people": "a line [people] with keys below it, such as count = 200_000",
    "behaviour": "a line [behaviour] with keys below it, such as reach_per_peer = 0.1",
    "product": "a line [product] with keys below it, such as order_value = 85.0 and margin = 0.5",
    "brand": "a line [brand] with keys below it, such as half_life_days = 60 and occasion_every_days = 30",
    "approval": "a line [approval] with keys below it, such as reviewers = 2",
    "discovery": "a line [discovery] with keys below it, such as review_hours = [1, 6, 24]",
    "stock": "a line [stock] with keys below it, such as units = 500",
    ADS: "a line [ads] with keys below it, such as cpm = 8, click_per_impression = 0.01 and order_per_click = 0.015",
    "creators": 'a line [[creators]] for each creator, with two brackets, and keys below it, such as handle = "anna"',
    "pools": "a line [pools.NAME] for each pool, with keys below it, such as count = 60",
    "overlap": "a line [overlap] with keys below it, such as micro = 0.15, or anna = { ben = 0.3 } for two creators",
    "decision": 'a line [decision] with keys below it, such as measure = "profit" and indifference = 500',
    "strategies": 'a line [strategies.NAME] for each plan, with creators = ["anna"] or split = { micro = 1.0 } below',
}
_TABLES: dict[str, type[Section]] = {
    "behaviour": Behaviour,
    "product": Product,
    "brand": Brand,
    "approval": Approval,
    "discovery": Discovery,
    "stock": Stock,
    ADS: Ads,
    "decision": Decision,
}
_INNER: dict[str, type[Section]] = {
    "repeat_orders": Repeat,
    "scandal": Scandal,
    "terms": Terms,
    "boost": Boost,
    "stagger": Stagger,
}
# The keys that name a preset, and the names there are.
NAMES: dict[str, tuple[str, ...]] = {"evidence": EVIDENCE, "platform": PLATFORMS, "tier": TIERS}
TAGS = ("dist", "law")  # the keys that say which of several sections is meant
_ROWS: dict[str, type[Section]] = {"creators": Creator, "pools": Pool, "strategies": Strategy}
_REASONS = {
    "string_type": "must be text in quotes",
    "string_pattern_mismatch": "must be letters without accents, digits, - and _, and begin with a letter or digit",
    "string_unicode": "must be readable text",
    "tuple_type": "must be a list in square brackets",
    "dict_type": "must be a table in curly brackets",
    "too_short": "must not be empty",
    "bool_type": "must be true or false, without quotes",
}
_LONGEST_SHOWN = 80


def inside(raw: Any, path: Path) -> Any:
    """Give what stands at a path of raw values, None where nothing does."""
    for key in path:
        if isinstance(raw, Mapping):
            raw = raw.get(key)
        else:
            raw = raw[key] if isinstance(raw, list | tuple) and isinstance(key, int) and key < len(raw) else None
    return raw


def section_at(path: Path, raw: Any) -> type[Section] | None:
    """Give the kind of section that stands at a path, as far as what is written tells."""
    kind: Any = Scenario
    for depth, key in enumerate(path):
        kind = _kind_below(kind, key, inside(raw, path[:depth]))
    return _section_of(kind, inside(raw, path))


def _kind_below(kind: Any, key: str | int, given: object) -> Any:
    """Give what may stand at a key of a section, or of a table or list of them."""
    if section := _section_of(kind, given):
        field = section.model_fields.get(str(key))
        return field.annotation if field else None
    inner = [get_args(one) for one in _kinds(kind) if get_origin(one) in (dict, tuple)]
    return (inner[0][1] if isinstance(key, str) else inner[0][0]) if inner else None


def _section_of(kind: Any, given: object) -> type[Section] | None:
    """Give the section that is meant where there are several, or where something else may stand as well."""
    sections = [one for one in _kinds(kind) if isinstance(one, type) and issubclass(one, Section)]
    table = given if isinstance(given, Mapping) else {}
    if PeopleFromFile in sections:
        return PeopleFromFile if "graph_file" in table else SyntheticPeople
    if ListedPool in sections:
        return ListedPool if is_listed(table) else Pool
    fits = [one for one in sections if all(_has_tag(one, tag, table, len(sections)) for tag in TAGS)]
    return fits[0] if fits else None


def _has_tag(section: type[Section], tag: str, table: Mapping[str, Any], choices: int) -> bool:
    """Say whether a table has the tag that says it is this section; where there is one only, its word may be wrong."""
    field = section.model_fields.get(tag)
    return field is None or (tag in table and (choices == 1 or table[tag] in get_args(field.annotation)))


def _kinds(annotation: Any) -> list[Any]:
    """Give what may stand where an annotation does: the members of a union."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [one for member in get_args(annotation) for one in _kinds(member)]
    return [annotation]


def shown(given: object) -> str:
    """Write a value as it would stand in the file, cut where it is long."""
    text = _written(given)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _written(given: object) -> str:
    if isinstance(given, str | bool):
        return json.dumps(given, ensure_ascii=False)
    if isinstance(given, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(value)}" for key, value in given.items()) + " }" if given else "{}"
    if isinstance(given, list | tuple):
        return "[" + ", ".join(_written(value) for value in given) + "]"
    return "nothing" if given is None else str(given)


def problem_of(details: ErrorDetails, raw: Mapping[str, Any]) -> Problem:
    """Say what pydantic found."""
    path, kind = _written_path(details["loc"], raw), details["type"]
    if kind == "extra_forbidden":
        return Problem(path, _unknown_key(path, raw))
    if kind == "missing":
        return Problem(path, _missing(path, raw))
    reason = _reason(details, path, raw)
    return Problem(path, f"given {shown(details['input'])}; {reason}.{_meaning(path, raw)}")


def _written_path(loc: tuple[int | str, ...], raw: Any) -> Path:
    """Leave what stands in the file (but for a missing key) of pydantic's path: no names of union members."""
    path: list[str | int] = []
    for i, key in enumerate(loc):
        here = inside(raw, tuple(path))
        if isinstance(here, Mapping):
            ends_here = i == len(loc) - 1 and not str(key).startswith(("#", "["))
            written = key in here or ends_here
        else:
            written = isinstance(here, list | tuple) and isinstance(key, int)
        path += [key] if written else []
    return tuple(path)


def _field_at(path: Path, raw: Any) -> tuple[str, FieldInfo | None]:
    """Give the key of the model that a path is, or lies in, with its field."""
    for end in range(len(path), 0, -1):
        if section := section_at(path[: end - 1], raw):
            key = str(path[end - 1])
            return key, section.model_fields.get(key)
    return "", None


def _is_section(path: Path) -> bool:
    """Say whether a path is a section or one row of `creators`, `pools` or `strategies`."""
    return path[0] in SECTIONS and (len(path) == 1 or (len(path) == 2 and path[0] in _ROWS))


def _missing(path: Path, raw: Any) -> str:
    if path[-1] == "dist":
        return f"missing. Here {_delay_rule()}."
    if _is_section(path):
        return f"missing. Write {SECTIONS[str(path[0])]}."
    return f"missing.{_meaning(path, raw, 'write for example')}"


def _meaning(path: Path, raw: Any, verb: str = "for example") -> str:
    """Say what a key is and how it may be written; nothing about a section and its name."""
    key, field = _field_at(path, raw)
    if _is_section(path) or field is None or not field.description:
        return ""
    return f" This is {field.description}; {verb} {key} = {(field.examples or [''])[0]}."


def _unknown_key(path: Path, raw: Mapping[str, Any]) -> str:
    key, parent = str(path[-1]), path[:-1]
    section = section_at(parent, raw)
    if section is PeopleFromFile and key in SyntheticPeople.model_fields:
        return "has no effect on people from a graph file. Remove this key."
    if section is ListedPool and key in Pool.model_fields:
        return "has no effect on a pool whose creators are listed, each with its own. Remove this key."
    if parent and key in Scenario.model_fields and key not in HIDDEN:
        return f"does not belong under [{parent[0]}]. Write it at the top, above the first line in brackets."
    if home := home_of(key, section):
        return f"does not belong here. Write it {home}."
    known = [k for k in section.model_fields if k not in HIDDEN] if section else []
    if section is Pool and get_close_matches(key, ListedPool.model_fields.keys() - Pool.model_fields, cutoff=0.6):
        known = ["creators", "roster_file"]
    what = "section" if isinstance(inside(raw, path), Mapping) else "key"
    return f"unknown {what}.{nearest(key, [*known, 'graph_file'] if section is SyntheticPeople else known)}"


def home_of(key: str, section: type[Section] | None) -> str:
    """Say where a key belongs; nothing where no section has it, or more than one but for creators and pools."""
    kinds: dict[str, type[Section]] = {**_TABLES, **_INNER, **_ROWS, "people": SyntheticPeople, "formats": Format}
    homes = [name for name, kind in kinds.items() if key in kind.model_fields]
    if homes == ["creators", "pools"]:
        return "under a creator or a pool"
    if homes == ["pools"]:
        return "under a pool"
    if len(homes) != 1:
        return ""
    if homes[0] in _TABLES:
        return f"under [{homes[0]}]"
    field = section.model_fields.get(homes[0]) if section and homes[0] in _INNER else None
    return f"inside {homes[0]}, which is written {homes[0]} = {(field.examples or [''])[0]}" if field else ""


def _reason(details: ErrorDetails, path: Path, raw: Any) -> str:
    kind, given = details["type"], details["input"]
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, ").rstrip(".")
    if kind in ("tuple_type", "dict_type", "model_type", "too_short") and _is_section(path):
        table = _TABLES.get(str(path[0]))
        return f"write {SECTIONS[str(path[0])]}{_keys_of(table) if table else ''}"
    if kind == "literal_error":
        return _choice(details, path)
    if kind in ("union_tag_invalid", "union_tag_not_found", "model_attributes_type", "model_type"):
        section = section_at(path, raw)
        if section is not None:
            return f"{_REASONS['dict_type']}{_keys_of(section)}"
        return _law_rule(given) if path[-1] in RATES else _delay_rule(given)
    field = _field_at(path, raw)[1]
    return _REASONS.get(kind) or _limits(kind, given, field) or details["msg"][:1].lower() + details["msg"][1:]


def _keys_of(section: type[Section]) -> str:
    return f"; its keys are {', '.join(section.model_fields)}"


def _choice(details: ErrorDetails, path: Path) -> str:
    """Say which words there are, and of those that name a preset, which was probably meant."""
    given, key = details["input"], str(path[-1])
    if key in NAMES and isinstance(given, str):
        return f"there is no such {key}.{nearest(given, list(NAMES[key]))}".rstrip(".")
    return f"must be {details['ctx']['expected']}".replace("'", '"')


def _delay_rule(given: object = None) -> str:
    return _kind_rule("delay", "dist", DELAYS, given)


def _law_rule(given: object = None) -> str:
    return _kind_rule("law", "law", LAWS, given)


def _kind_rule(what: str, tag: str, kinds: Mapping[str, type[Section]], given: object) -> str:
    """Say which kinds of something there are and how each is written, and which was probably meant."""
    there = f"a {what} is written {', '.join(_how(tag, name, kind) for name, kind in kinds.items())}"
    name = given.get(tag) if isinstance(given, Mapping) else None
    known = nearest(name, list(kinds)).partition(" There")[0] if isinstance(name, str) else ""
    return there if name is None else f'there is no {what} "{name}".{known} Here {there}'


def _how(tag: str, name: str, kind: type[Section]) -> str:
    keys = ", ".join(f"{key} = ..." for key in kind.model_fields if key != tag)
    return f'{{ {tag} = "{name}", {keys} }}'


def _limits(kind: str, given: object, field: FieldInfo | None) -> str:
    """Say which numbers, or how long a text, a field allows; nothing where that was not the fault."""
    if field is None:
        return ""
    limits = list(_flat(field.annotation, field.metadata))
    if kind in ("string_too_long", "too_long"):
        most = min(limit.max_length for limit in limits if isinstance(limit, MaxLen))
        return f"must have at most {most} {'characters' if kind == 'string_too_long' else 'entries'}"
    if not kind.startswith(("int_", "float_", "finite_", "greater_", "less_")):
        return ""
    number = "a whole number" if int in limits else "a number"
    return f"must be {number}{_range(limits)}{_number_hint(given, limits)}"


def _flat(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    """Give a type and all it is made of, limits included."""
    yield annotation
    yield from metadata
    for inner in get_args(annotation):
        if isinstance(inner, FieldInfo):
            yield from inner.metadata
        else:
            yield from _flat(inner, [])


def _range(limits: list[Any]) -> str:
    words: list[str] = []
    for limit in limits:
        joint = "to" if words and words[0].startswith("from") else "and"
        match limit:
            case Ge(ge):
                words.append(f"from {_plain(ge)}")
            case Gt(gt):
                words.append(f"above {_plain(gt)}")
            case Le(le):
                words.append(f"to {_plain(le)}" if joint == "to" else f"and at most {_plain(le)}")
            case Lt(lt):
                words.append(f"{joint} below {_plain(lt)}")
    # where two kinds of values may stand, a limit of both comes twice
    return "".join(f" {word}" for word in dict.fromkeys(words))


def _plain(number: Any) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.16g}"


def _number_hint(given: object, limits: list[Any]) -> str:
    if (isinstance(given, str) and TWO.fullmatch(given)) or (isinstance(given, Mapping) and "dist" in given):
        return ", and no range: it is the same in all plays"
    if isinstance(given, str):
        return ", without quotes" if "%" not in given and parse_number(given) is not None else ""
    if not isinstance(given, int | float) or isinstance(given, bool):
        return ""
    if int in limits and isinstance(given, float) and given.is_integer():
        return f", written {int(given):_}"
    is_share = any(limit in (Le(1), Lt(1)) for limit in limits)
    return f' (if percent is meant, write "{given:g}%")' if is_share and 1 < given <= 100 else ""
