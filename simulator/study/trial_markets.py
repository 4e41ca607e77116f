"""The markets of trials: built once, kept while memory allows, furnished with whoever an alternative hires.

In: a scenario, the index of a market and the creators hired in it. Out: a `Market`. Invariant: the same as
`build_market` gives; who follows whom is shared by all alternatives whose people are the same, and an audience by all
that hire the same account.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.market.build import Ground, Market, furnished, ground_of
from simulator.market.creators import Profile
from simulator.market.graph_file import EdgeList, edges_of
from simulator.scenario.checks.memory import machine_bytes
from simulator.scenario.model import Scenario

# Of the memory of this machine, what markets may take that are kept for later.
_SHARE_OF_MEMORY = 0.3


@dataclass
class _Kept:
    """One market: its ground once it is built, and the audiences drawn on it so far, by account."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ground: Ground | None = None
    audiences: dict[tuple[object, ...], npt.NDArray[np.int32]] = field(default_factory=dict)


class TrialMarkets:
    """Gives markets, and keeps as many as memory allows, but at least one for each worker."""

    def __init__(self, workers: int) -> None:
        """Keep markets for so many workers."""
        self._workers, self._lock = workers, threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
        self._edges: dict[tuple[object, ...], EdgeList | None] = {}

    def market(self, scenario: Scenario, index: int, profiles: Sequence[Profile]) -> Market:
        """Give a market with the audiences of creators; the first to ask builds it, others wait."""
        kept = self._entry((*_ground_key(scenario), index))
        edges = self._edges_of(scenario)
        with kept.lock:
            if kept.ground is None:
                kept.ground = ground_of(scenario, index, edges)
                self._forget(kept.ground)
            tied = _ties(scenario)
            keys = {its.name: (its.path, its.name, its.audience_size, its.account.niche, tied) for its in profiles}
            missing = [its for its in profiles if keys[its.name] not in kept.audiences]
            drawn = furnished(scenario, index, kept.ground, missing, edges).audiences
            kept.audiences |= {keys[its.name]: drawn[its.name] for its in missing}
            known = {name: kept.audiences[key] for name, key in keys.items()}
            return Market(kept.ground.people, kept.ground.graph, drawn | known)

    def _entry(self, key: tuple[object, ...]) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            return kept

    def _forget(self, ground: Ground) -> None:
        """Drop the markets that were used longest ago, once there are more than memory is for."""
        most = max(self._workers, int(_SHARE_OF_MEMORY * machine_bytes() / max(_bytes(ground), 1)))
        with self._lock:
            while len(self._kept) > most:
                self._kept.popitem(last=False)

    def _edges_of(self, scenario: Scenario) -> EdgeList | None:
        key = (scenario.graph_path, scenario.graph_digest, *(creator.handle for creator in scenario.creators))
        with self._lock:
            if key not in self._edges:
                self._edges[key] = edges_of(scenario)
            return self._edges[key]


def _ground_key(scenario: Scenario) -> tuple[object, ...]:
    """Give what people and follow graph of a market depend on, but for the market's index."""
    handles = tuple(its.handle for its in scenario.creators) if scenario.graph_path else ()
    return scenario.seed, _text(scenario.people.model_dump(mode="python")), scenario.graph_digest, handles


def _ties(scenario: Scenario) -> str:
    """Give what audiences depend on beside their own account: where overlap is asked for, on all the others."""
    if scenario.overlap is None:
        return ""
    plain = scenario.plain()
    return _text([plain["overlap"], plain.get("creators"), plain.get("pools")])


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bytes(ground: Ground) -> int:
    """Give the memory that people and graph take [bytes]."""
    parts = (*vars(ground.people).values(), *vars(ground.graph).values())
    return sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
