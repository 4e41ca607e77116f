"""What creators are called in the picture of one play, where a name has little room and few scripts.

In: creators as the log names them, the scenario, and what the picture's font can show of a text. Out: a name for
each. Invariants: no two creators get the same name, and none is called as the ads are; who is known by a number in
its pool ("micro/3") keeps its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from simulator.scenario.strategy import ADS

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


def picture_names(names: Iterable[str | None], scenario: Scenario, drawable: Callable[[str], str]) -> dict[str, str]:
    """Give every creator its handle as far as it can be drawn, else its place in the list: "own #5".

    Args:
        names: As in the log: "anna", "micro/3", "own/anna".
        scenario: Whose creators they are.
        drawable: Leaves out of a text what the font has no picture of.
    """
    every = sorted({name for name in names if name} - {ADS})
    shown = {name: _shown(name, scenario, drawable) for name in every}
    alike = Counter((*shown.values(), ADS))
    return {name: short if alike[short] == 1 else _placed(name, scenario) for name, short in shown.items()}


def _shown(name: str, scenario: Scenario, drawable: Callable[[str], str]) -> str:
    pool, _, handle = name.partition("/")
    if pool not in scenario.pools:
        handle = name
    elif handle.isdecimal():
        return name
    kept = drawable(handle)
    return kept if any(letter.isalnum() for letter in kept) else _placed(name, scenario)


def _placed(name: str, scenario: Scenario) -> str:
    """Name a creator by its place in its pool, or among the creators of the scenario."""
    pool, _, handle = name.partition("/")
    if pool in scenario.pools:
        return f"{pool} #{scenario.pools[pool].places[handle]}"
    handles = [creator.handle for creator in scenario.creators]
    return f"creator #{handles.index(name) + 1}"
