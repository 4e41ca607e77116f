"""Every picture there is, by name: who asks for one need not know who draws it.

In: findings. Out: what draws each picture that they allow, in the order in which they are told. Invariant: a picture is
there if and only if what it shows was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.present.findings import Findings

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def drawable_pictures(findings: Findings) -> Mapping[str, Callable[[], Figure]]:
    """Give what draws each picture; to be called inside `page.styled`."""
    raise NotImplementedError(findings)
