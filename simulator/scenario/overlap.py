"""How much audiences overlap, as a strategist would have it: the table `[overlap]`.

In: the values of the table. Out: targets by pool, and by pair of creators known by name. Invariant: the overlap of two
audiences is the followers they share, as a share of the smaller one; without a target audiences overlap as it falls.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simulator.scenario.section import Name, PlainShare

MOST_NAMED = 60  # creators in the table; who follows which of them is held in the bits of one number


# No key begins with "#", so a tag in the path of an error cannot be taken for a key.
def _which_target(given: Any) -> str:
    return "#pairs" if isinstance(given, Mapping) else "#pool"


Pairs = Annotated[dict[Name, PlainShare], Field(min_length=1)]
OverlapTable = Annotated[
    dict[
        Name,
        Annotated[Annotated[Pairs, Tag("#pairs")] | Annotated[PlainShare, Tag("#pool")], Discriminator(_which_target)],
    ],
    Field(min_length=1),
]


@dataclass(frozen=True)
class Target:
    """How much audiences are to overlap.

    Attributes:
        share: Shared followers as a share of the smaller audience.
        pool: The pool of which any two creators are meant; None where two known by name are.
        creators: The handles of these two, the one whose table it stands in first; empty for a pool.
    """

    share: float
    pool: str | None = None
    creators: tuple[str, ...] = ()


def targets_of(table: Mapping[str, float | Mapping[str, float]] | None) -> tuple[Target, ...]:
    """Give every target of a table, in its order; none where there is no table.

    >>> targets_of({"micro": 0.15, "anna": {"ben": 0.3}})
    (Target(share=0.15, pool='micro', creators=()), Target(share=0.3, pool=None, creators=('anna', 'ben')))
    """
    targets: list[Target] = []
    for name, given in (table or {}).items():
        if isinstance(given, Mapping):
            targets += [Target(share, creators=(name, other)) for other, share in given.items()]
        else:
            targets.append(Target(given, pool=name))
    return tuple(targets)


def is_too_low(share: float, audience: int, people: int) -> bool:
    """Say whether audiences of a pool cannot overlap so little, because chance alone makes them share more."""
    return audience > share * people + 1e-6


def too_low_text(share: float, audience: int, people: int) -> str:
    """Say that they cannot, and what they do at least."""
    return (
        f"given {share:g}; a creator of this pool may have {audience:,} followers among {people:,} people, and such "
        f"audiences overlap by {share_at_least(audience / people)} or more. Write that or more"
    )


def share_at_least(share: float) -> str:
    """Write a share with three digits that are no lower than it.

    >>> share_at_least(0.1500001)
    '0.151'
    """
    if share <= 0:
        return "0.001"
    step = 10.0 ** (math.floor(math.log10(share)) - 2)
    return f"{math.ceil(share / step - 1e-9) * step:.3g}"
