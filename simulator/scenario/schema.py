"""A JSON Schema of scenarios, for editors that complete and check TOML as it is typed.

In: the model. Out: a dict, which JSON holds. Invariants: whatever the loader accepts, the schema accepts; what the
loader refuses for one key's sake, the schema refuses as far as it can say so; both are read off the same model. How
keys, or the numbers of a text, go together is the loader's to say.

Editors read an old draft of JSON Schema. Taplo, which is inside Even Better TOML (VS Code) and most other editors, says
in its manual, "Developing Schemas", that it supports draft 4; so `exclusiveMinimum` is a boolean here, a fixed word an
`enum` of one, and shared parts stand in `definitions`. By the same page it ignores all that stands beside a `$ref`, so
what a key means stands beside an `anyOf` of one, or an `allOf` where a table follows: of an `anyOf`, editors mark the
whole table for an error inside it. It hands a TOML date to the schema as text (its `dom/serde.rs`). Tombi reads
`#:schema` as Taplo does, and takes `format` for the type of a TOML date. Pydantic makes the schema, in draft 2020-12;
here it is rewritten.

What a preset may fill in is never demanded, and what is missing in a scenario that `extends` another one neither. A
draft without conditions can say the second only with an "either ... or" at the top, so keys and values stand in one
tree of definitions, and what must be there in a second one that leaves out all else ("...-whole").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from simulator.scenario.grammar import AS_WRITTEN
from simulator.scenario.model import Scenario
from simulator.scenario.presets.filling import fillable
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import Section
from simulator.scenario.wording import HIDDEN

DRAFT = "http://json-schema.org/draft-04/schema#"
_HOME, _PYDANTIC_HOME = "#/definitions/", "#/$defs/"
_WHOLE = "-whole"  # ends the names of the definitions that say what must be there
# Pydantic's words, and draft 4's; of a list, also those for lengths.
_SAME = {"oneOf": "anyOf", "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_OF_LISTS = {**_SAME, "minLength": "minItems", "maxLength": "maxItems", "prefixItems": "items"}

Node = dict[str, Any]
Definitions = Mapping[str, Node]


def scenario_schema() -> Node:
    """Give the JSON Schema (draft 4) of a scenario file."""
    made = Scenario.model_json_schema(schema_generator=_Generator)
    made["required"].remove("name")  # which a file has of its own
    for hidden in HIDDEN:
        made["properties"].pop(hidden, None)
    definitions = {name: _draft4(node) for name, node in made.pop("$defs").items()}
    for section in ("creators", "pools"):
        for name in _referred(made["properties"][section]):
            its = definitions[name]
            its["required"] = [key for key in its.get("required", ()) if key not in fillable(section)]
    root = _merged(_draft4(made), definitions)
    definitions = {name: _merged(node, definitions) for name, node in definitions.items()}
    return {
        "$schema": DRAFT,
        "title": "A scenario of campaign-roi",
        **_undemanding(root),
        "anyOf": [{"required": ["extends"]}, _whole(root, definitions)],
        "definitions": {
            **{name: _undemanding(node) for name, node in definitions.items()},
            **{
                name + _WHOLE: _whole(its, definitions)
                for name, its in definitions.items()
                if _demands(its, definitions)
            },
        },
    }


def schema_text() -> str:
    """Give the schema as JSON text; the same text always."""
    return json.dumps(scenario_schema(), indent=1) + "\n"


class _Generator(GenerateJsonSchema):
    """Pydantic's own, but for defaults: they are shown as they are written."""

    def encode_default(self, dft: Any) -> Any:
        """Give a default as TOML has it; None for what is a section."""
        if isinstance(dft, Section):
            return None
        return dft.plain() if isinstance(dft, Quantity) else super().encode_default(dft)


def _referred(node: Any) -> Iterator[str]:
    """Give the names of the definitions that pydantic refers to in a node."""
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"].removeprefix(_PYDANTIC_HOME)
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from _referred(one)


def _inside(node: Node, change: Callable[[Node], Node]) -> Node:
    """Copy a node, with the nodes that lie in it changed."""
    done = dict(node)
    for key in ("properties", "patternProperties"):
        if key in node:
            done[key] = {name: change(inner) for name, inner in node[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            done[key] = change(node[key])
    for key in ("items", "anyOf", "allOf"):
        if isinstance(node.get(key), list):
            done[key] = [change(inner) for inner in node[key]]
    return done


# ---- from draft 2020-12 to draft 4


def _draft4(made: Node) -> Node:
    given = _without_null(made)
    words = _OF_LISTS if given.get("type") == "array" else _SAME
    node = {words.get(key, key): value for key, value in given.items() if key not in ("title", "discriminator")}
    if node.get("default", 0) is None:
        del node["default"]
    if "const" in node:
        node["enum"] = [node.pop("const")]
    for limit in ("Minimum", "Maximum"):
        if f"exclusive{limit}" in node:
            node[limit.lower()], node[f"exclusive{limit}"] = node[f"exclusive{limit}"], True
    node = _described(_with_names(node))
    if "$ref" in node:
        name = node.pop("$ref").removeprefix(_PYDANTIC_HOME)
        target = {"$ref": _HOME + name}
        return {**node, "anyOf" if name in AS_WRITTEN else "allOf": [target]} if node else target
    return _inside(node, _draft4)


def _without_null(node: Node) -> Node:
    """Leave out "nothing", which TOML has no word for; what is left alone needs no choice."""
    there = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
    others = {key: value for key, value in node.items() if key != "anyOf"}
    return (
        _without_null({**there[0], **others}) if len(there) == 1 else {**others, **({"anyOf": there} if there else {})}
    )


def _with_names(node: Node) -> Node:
    """Say which names a table with free names may have, as draft 4 can: by patterns of those that it may not."""
    names = node.pop("propertyNames", None)
    if "patternProperties" in node:
        node["additionalProperties"] = False
    if names and "maxLength" in names:
        too_long: Node = {f"^.{{{names['maxLength'] + 1},}}$": {"not": {}}}
        node["patternProperties"] = {**node.get("patternProperties", {}), **too_long}
    return node


def _described(node: Node) -> Node:
    """Say what a key is, and how it may be written, which draft 4 has no other place for."""
    examples, unit, cite = (node.pop(word, None) for word in ("examples", "unit", "cite"))
    if "description" in node:
        meaning = node["description"].partition("\n\n")[0]
        measured = f" [{unit}]" if unit and unit != "none" and "[" not in meaning else ""
        example = f". For example: {examples[0]}" if examples and examples[0] else ""
        default = f". Its default: {cite}" if cite else ""
        node["description"] = meaning[:1].upper() + meaning[1:] + measured + default + example
    return node


# ---- tables told apart by the keys they have


def _merged(node: Node, definitions: Definitions) -> Node:
    """Lay tables over each other where one of several may stand and no word says which.

    So an editor marks the key that is wrong, not the whole table.
    """
    node = _inside(node, lambda inner: _merged(inner, definitions))
    kinds = [_target(one, definitions) for one in node.get("anyOf", ())]
    if len(kinds) < 2 or any(kind.get("type") != "object" or _is_tagged(kind) for kind in kinds):
        return node
    keys = dict.fromkeys(key for kind in kinds for key in kind["properties"])
    return {
        **node,
        "type": "object",
        "properties": {
            key: _either([its["properties"][key] for its in kinds if key in its["properties"]]) for key in keys
        },
        "additionalProperties": False,
        "anyOf": [_kind_of_table(kind, keys) for kind in kinds],
    }


def _target(node: Node, definitions: Definitions) -> Node:
    return definitions[node["$ref"].removeprefix(_HOME)] if "$ref" in node else node


def _is_tagged(node: Node) -> bool:
    """Say whether a word says which of several tables one is, or it is no table with keys of its own."""
    return "properties" not in node or any(map(_is_word, node["properties"].values()))


def _is_word(node: Node) -> bool:
    """Say whether there is but one word that may stand here."""
    return len(node.get("enum", ())) == 1


def _either(nodes: list[Node]) -> Node:
    different = [node for i, node in enumerate(nodes) if node not in nodes[:i]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _kind_of_table(kind: Node, keys: Iterable[str]) -> Node:
    """Give what tells a table from the others: what it must and must not have."""
    foreign = [{"required": [key]} for key in keys if key not in kind["properties"]]
    demanded = {"required": kind["required"]} if kind.get("required") else {}  # an empty one is no draft 4
    return {**demanded, "not": {"anyOf": foreign}}


# ---- what must be there


def _undemanding(node: Node) -> Node:
    """Leave out which keys must be there."""
    return _inside({key: value for key, value in node.items() if key != "required"}, _undemanding)


def _demands(node: Node, definitions: Definitions) -> bool:
    """Say whether something must be there, or in what may be there."""
    inner = [
        *node.get("properties", {}).values(),
        *node.get("patternProperties", {}).values(),
        *node.get("anyOf", ()),
        *node.get("allOf", ()),
    ]
    inner += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    inner += [_target(node, definitions)] if "$ref" in node else []
    return bool(node.get("required")) or any(_demands(one, definitions) for one in inner)


def _whole(node: Node, definitions: Definitions, *, is_choice: bool = False) -> Node:
    """Leave out all but what must be there and, where it is one of several, what tells which of them is meant."""
    if "$ref" in node:
        return {"$ref": node["$ref"] + _WHOLE} if _demands(node, definitions) else node

    def matters(inner: Any) -> bool:
        return isinstance(inner, dict) and (_is_word(inner) or _demands(inner, definitions))

    telling = ("type", "enum") if is_choice or _is_word(node) else ()
    done = {key: node[key] for key in ("required", "not", *telling) if node.get(key)}
    for key in ("properties", "patternProperties"):
        if kept := {name: inner for name, inner in node.get(key, {}).items() if matters(inner)}:
            done[key] = kept
    for key in ("items", "additionalProperties"):
        if matters(node.get(key)):
            done[key] = node[key]
    for key in ("anyOf", "allOf"):
        if any(map(matters, node.get(key, ()))):
            done[key] = node[key]
    return _inside(done, lambda inner: _whole(inner, definitions, is_choice=inner in node.get("anyOf", ())))
