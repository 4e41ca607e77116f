"""People and who follows whom, from an edge list in a CSV file.

In: a file with the header `followed,follower` and ids as text, and the handles of the creators. Out: the
ids of the people, the edges between them and each creator's followers. Invariant: the rows are a set;
their order and repeats do not matter. People are numbered by the code-point order of their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario

_COLUMNS = ["followed", "follower"]


@dataclass(frozen=True)
class EdgeList:
    """What a graph file says.

    Attributes:
        ids: The text of each person's id, in the order of their numbers (N,).
        followed: The followed person of each edge between people (E,) int32; likewise follower.
        audiences: The followers of each creator by handle, ascending, each (F,) int32.
        warnings: What was left out, in sentences.
    """

    ids: list[str]
    followed: npt.NDArray[np.int32]
    follower: npt.NDArray[np.int32]
    audiences: dict[str, npt.NDArray[np.int32]]
    warnings: tuple[str, ...]


def edges_of(scenario: Scenario) -> EdgeList | None:
    """Read the scenario's graph file, if its people come from one.

    Raises:
        ScenarioError: the file cannot be used.
    """
    if scenario.graph_path is None:
        return None
    return read_graph_file(scenario.graph_path, [creator.handle for creator in scenario.creators])


def read_graph_file(path: Path, handles: list[str]) -> EdgeList:
    """Read an edge list.

    Args:
        path: A CSV file with the header `followed,follower`.
        handles: The ids that are creators; every other id in any row is a person.

    Raises:
        ScenarioError: the file is not such a list; the message says what is wrong.
    """
    followed, follower, ids = _columns(path)
    named = set(handles)
    is_creator = np.array([text in named for text in ids], bool)
    person_of = np.cumsum(~is_creator) - 1  # number of each id that is a person
    self_follow = followed == follower
    by_creator = is_creator[follower] & ~self_follow
    keep = ~self_follow & ~by_creator
    among_people = keep & ~is_creator[followed]
    audiences = {
        ids[i]: np.unique(person_of[follower[keep & (followed == i)]]).astype(np.int32)
        for i in np.flatnonzero(is_creator)
    }
    return EdgeList(
        [text for text, creator in zip(ids, is_creator, strict=True) if not creator],
        person_of[followed[among_people]].astype(np.int32),
        person_of[follower[among_people]].astype(np.int32),
        {handle: audiences.get(handle, np.empty(0, np.int32)) for handle in handles},
        _warnings(path, int(self_follow.sum()), int(by_creator.sum())) + _missing(path, handles, ids),
    )


def _columns(path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], list[str]]:
    """Read both columns as places in the sorted list of all ids."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    types = {name: pa.string() for name in _COLUMNS}
    convert = csv.ConvertOptions(column_types=types, strings_can_be_null=False)
    try:
        table = csv.read_csv(path, convert_options=convert)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except pa.ArrowInvalid as error:
        raise ScenarioError(f"{path}: not an edge list: {_reason(str(error))} {_HOW}") from None
    if sorted(table.column_names) != sorted(_COLUMNS):
        raise ScenarioError(f"{path}: the header is {','.join(table.column_names)!r}. {_HOW}")
    columns = [table[name].combine_chunks() for name in _COLUMNS]
    for name, column in zip(_COLUMNS, columns, strict=True):
        empty = pc.index(column, "").as_py()
        if empty >= 0:
            raise ScenarioError(f"{path}: row {empty + 1} below the header has an empty {name}. {_HOW}")
    # Bytes of UTF-8 sort as code points do.
    distinct = pc.unique(pa.concat_arrays(columns))
    ids = distinct.take(pc.sort_indices(distinct))
    places = [pc.index_in(column, value_set=ids).to_numpy().astype(np.int64) for column in columns]
    return places[0], places[1], ids.to_pylist()


_HOW = "Its first line is followed,follower (small letters, a comma between) and each row below it holds two ids."


def _reason(message: str) -> str:
    """Say in plain words what the CSV library found wrong."""
    for found, plain in _REASONS.items():
        if found in message:
            return plain
    return f"{message.rstrip('.')}."


_REASONS = {
    "Empty CSV": "the file is empty.",
    "straddling": "a row is longer than a megabyte; is a quotation mark left open?",
    "invalid UTF8": "it is not UTF-8 text; save it as UTF-8.",
}


def _missing(path: Path, handles: list[str], ids: list[str]) -> tuple[str, ...]:
    """Say which creators nobody can follow because the file does not know them."""
    there = set(ids)
    missing = [handle for handle in handles if handle not in there]
    alike = {_bare(text): text for text in ids} if missing else {}
    return tuple(
        f"{path.name}: nobody follows the creator {handle!r}, it is in no row."
        + (f" Did you mean {alike[_bare(handle)]!r}?" if _bare(handle) in alike else "")
        for handle in missing
    )


def _bare(text: str) -> str:
    return text.strip().removeprefix("@").casefold()


def _warnings(path: Path, self_follows: int, by_creators: int) -> tuple[str, ...]:
    warnings = []
    if self_follows:
        warnings.append(f"{path.name}: {self_follows} rows in which someone follows themselves were ignored.")
    if by_creators:
        warnings.append(f"{path.name}: {by_creators} rows with a creator as the follower were ignored.")
    return tuple(warnings)
