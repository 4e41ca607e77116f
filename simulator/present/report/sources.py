"""What a number rests on: the inputs of the scenario behind an entry of the glossary, each with who says so.

In: the entries, and the table of every input. Out: the inputs that each key of an entry stands for. Invariants: a key
of the scenario is listed where an input of it acts; nothing that acts for an entry is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulator.present.glossary import Entry
from simulator.present.pitch.exhibit import Table

# What a pool says, a creator by name says as well.
_POOLS, _ACCOUNTS = "pools.*.", ("pools.", "creators.")


@dataclass(frozen=True)
class Source:
    """The inputs that one key stands for.

    Attributes:
        key: As in the glossary, `*` for any name.
        anchor: By which links find it.
        meaning: What it is.
        rows: Where each stands, its value, and who says so.
    """

    key: str
    anchor: str
    meaning: str
    rows: tuple[tuple[str, str, str], ...]


def sources(entries: Iterable[Entry], inputs: Table | None) -> Mapping[str, Source]:
    """Find the inputs behind every key on which some entry rests; a key that none has is left out.

    Args:
        entries: Of the glossary.
        inputs: Every input: its key, what it is, its value, who says so; None where the scenario cannot be read.
    """
    rows = inputs.rows if inputs else ()
    keys = dict.fromkeys(key for entry in entries for key in entry.rests_on)
    found = {key: [row for row in rows if _stands_for(key, row[0])] for key in keys}
    return {key: _source(key, its) for key, its in found.items() if its}


def _source(key: str, rows: list[tuple[str, ...]]) -> Source:
    anchor = "i-" + re.sub(r"[^a-z0-9_]+", "-", key.lower().replace("*", "any"))
    return Source(key, anchor, rows[0][1], tuple((path, value, who) for path, _, value, who in rows))


def _stands_for(key: str, path: str) -> bool:
    """Say whether a key means what stands at a path, or what that is part of.

    >>> _stands_for("pools.*.fee", "creators.anna.fee"), _stands_for("ads.cpm", "ads.cpm"), _stands_for("ads", "adsx")
    (True, True, False)
    """
    if key.startswith(_POOLS) and path.startswith(_ACCOUNTS):
        # Names may hold dots; what is told of an account stands behind its name.
        return path.endswith("." + key.removeprefix(_POOLS)) or f".{key.removeprefix(_POOLS)}." in path
    pattern = re.escape(key).replace(r"\*", ".+")
    return re.fullmatch(rf"{pattern}(\..+)?", path) is not None
