"""Values of a scenario times a factor, as they are written there.

In: a quantity or the law of a fee, and a factor. Out: what is to be put in its place. Invariant: a range or a
distribution is multiplied as a whole: "1% to 3%" times 1.5 is "1.5% to 4.5%".
"""

from __future__ import annotations

from simulator.scenario.quantity import Quantity
from simulator.scenario.terms import PowerFee

Fee = Quantity | PowerFee


def times(quantity: Quantity, factor: float) -> object:
    """Multiply a quantity, as it is written in a scenario.

    >>> times(Quantity("share", "range", (0.01, 0.03)), 2.0)
    '0.02 to 0.06'
    """
    fixed = 1 if quantity.form == "lognormal" else None
    values = tuple(value if place == fixed else value * factor for place, value in enumerate(quantity.values))
    return Quantity(quantity.kind, quantity.form, values).plain()


def fee_times(path: str, fee: Fee, factor: float) -> dict[str, object]:
    """Multiply a fee: give what is to be replaced, by dotted key.

    >>> fee_times("pools.micro.fee", Quantity("amount", "fixed", (200.0,)), 0.5)
    {'pools.micro.fee': 100.0}
    """
    return {path: times(fee, factor)} if isinstance(fee, Quantity) else {f"{path}.scale": fee.scale * factor}
