"""What nobody knows before the campaign: one draw per replication, the same for every strategy.

In: a scenario's seed, how its unknowns go together, and the number of a replication. Out: the value of any quantity,
by its path. Invariant: the value depends on (seed, replication, path) only, and for unknowns that go together on the
paths of these; how each is distributed is what the scenario says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

from simulator.scenario.correlation import Correlation
from simulator.scenario.quantity import Quantity
from simulator.streams import extend_key, name_key, uniform

_NORMAL = NormalDist()
_LEAST = 2.0**-53  # a uniform number is above 0 and below 1


@dataclass(frozen=True)
class Unknowns:
    """The unknowns of one replication.

    Attributes:
        together: By path, the uniform numbers of those that go together.
    """

    replication_key: int
    together: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, seed: int, replication: int, correlation: Correlation | None = None) -> Unknowns:
        """Give the unknowns of a replication."""
        key = name_key(seed, "replication", replication)
        return cls(key, _mixed(key, correlation) if correlation else {})

    def value(self, path: str, quantity: Quantity) -> float:
        """Give the value of a quantity in this replication."""
        if quantity.is_fixed:
            return quantity.values[0]
        u = self.together.get(path)
        return quantity.quantile(_alone(self.replication_key, path) if u is None else u)


def _alone(replication_key: int, path: str) -> float:
    return uniform(extend_key(replication_key, "unknown", path))


def _mixed(replication_key: int, correlation: Correlation) -> dict[str, float]:
    """Mix the uniform numbers that unknowns would have alone, as normal numbers."""
    alone = [_alone(replication_key, name) for name in correlation.names]
    normal = [_NORMAL.inv_cdf(u) for u in alone]
    mixed = {}
    for name, u, weights in zip(correlation.names, alone, correlation.weights, strict=True):
        together = _NORMAL.cdf(sum(weight * z for weight, z in zip(weights, normal, strict=False)))
        mixed[name] = min(max(together, _LEAST), 1 - _LEAST) if any(weights[:-1]) else u
    return mixed
