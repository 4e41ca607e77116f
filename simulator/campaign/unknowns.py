"""What nobody knows before the campaign: one draw per replication, the same for every strategy.

In: a scenario's seed, how its unknowns go together, and the number of a replication. Out: the value of any quantity,
by its path. Invariant: the value depends on (seed, replication, path) only, and for unknowns that go together on the
paths of these; how each is distributed is what the scenario says.

Whoever asks what an unknown does plays a replication again with the `Inputs` of another: all of its unknowns, or some,
take the numbers they have there, while every other decision of chance stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

from simulator.scenario.checks.correlation import quantities
from simulator.scenario.correlation import Correlation
from simulator.scenario.model import Scenario
from simulator.scenario.parts import parts_of
from simulator.scenario.quantity import Quantity
from simulator.streams import extend_key, name_key, uniform

_NORMAL = NormalDist()
_LEAST = 2.0**-53  # a uniform number is above 0 and below 1


@dataclass(frozen=True)
class Inputs:
    """Whose numbers the unknowns of a play take.

    Attributes:
        replication: The replication whose unknowns these are.
        swapped: Paths of unknowns, each with the other replication whose number it takes instead. Of unknowns that go
            together, it is the number that each would have alone that is taken from elsewhere.
    """

    replication: int
    swapped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Unknowns:
    """The unknowns of one replication.

    Attributes:
        replication_key: Names the replication's decisions of chance, but for its unknowns.
        alone: Gives the uniform number that an unknown has by itself, by its path.
        together: By path, the uniform numbers of those that go together.
    """

    replication_key: int
    alone: Callable[[str], float]
    together: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls, seed: int, replication: int, correlation: Correlation | None = None, inputs: Inputs | None = None
    ) -> Unknowns:
        """Give the unknowns of a replication, or those that other replications lend it."""
        given = inputs or Inputs(replication)
        usual, lent = _key(seed, given.replication), {path: _key(seed, of) for path, of in given.swapped}

        def alone(path: str) -> float:
            return uniform(extend_key(lent.get(path, usual), "unknown", path))

        return cls(_key(seed, replication), alone, _mixed(alone, correlation) if correlation else {})

    def value(self, path: str, quantity: Quantity) -> float:
        """Give the value of a quantity in this replication."""
        if quantity.is_fixed:
            return quantity.values[0]
        u = self.together.get(path)
        return quantity.quantile(self.alone(path) if u is None else u)


def unknown_inputs(scenario: Scenario) -> dict[str, Quantity]:
    """Give every quantity that is not known before a play, by its path, in the order of the scenario's sections."""
    found = quantities(parts_of(scenario.plain()))
    return {path: quantity for path, quantity in found if not quantity.is_fixed}


def _key(seed: int, replication: int) -> int:
    return name_key(seed, "replication", replication)


def _mixed(alone_of: Callable[[str], float], correlation: Correlation) -> dict[str, float]:
    """Mix the uniform numbers that unknowns would have alone, as normal numbers."""
    alone = [alone_of(name) for name in correlation.names]
    normal = [_NORMAL.inv_cdf(u) for u in alone]
    mixed = {}
    for name, u, weights in zip(correlation.names, alone, correlation.weights, strict=True):
        together = _NORMAL.cdf(sum(weight * z for weight, z in zip(weights, normal, strict=False)))
        mixed[name] = min(max(together, _LEAST), 1 - _LEAST) if any(weights[:-1]) else u
    return mixed
