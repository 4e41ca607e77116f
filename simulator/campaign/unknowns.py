"""What nobody knows before the campaign: one draw per replication, the same for every strategy.

In: a scenario and the number of a replication. Out: the value of any quantity of it, by its path.
Invariant: the value depends on (seed, replication, path) only.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.scenario.quantity import Quantity
from simulator.streams import extend_key, name_key, uniform


@dataclass(frozen=True)
class Unknowns:
    """The unknowns of one replication."""

    replication_key: int

    @classmethod
    def of(cls, seed: int, replication: int) -> Unknowns:
        """Give the unknowns of a replication."""
        return cls(name_key(seed, "replication", replication))

    def value(self, path: str, quantity: Quantity) -> float:
        """Give the value of a quantity in this replication."""
        if quantity.is_fixed:
            return quantity.values[0]
        return quantity.quantile(uniform(extend_key(self.replication_key, "unknown", path)))
