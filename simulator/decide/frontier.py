"""The efficient frontier: plans of which none is better both on average and in its worst plays.

In: for each plan its mean and its expected shortfall, the greater the better. Out: who is efficient. Invariant: of
equal plans all or none are; a plan without one of the two numbers is not.
"""

from __future__ import annotations

from collections.abc import Sequence

MeanAndShortfall = tuple[float | None, float | None]


def efficient(plans: Sequence[MeanAndShortfall]) -> list[bool]:
    """Say of each plan whether no other is at least as good in both and better in one.

    >>> efficient([(1.0, 0.0), (0.5, 0.5), (0.4, 0.4), (None, 1.0)])
    [True, True, False, False]

    References:
        Markowitz (1952), Portfolio selection, Journal of Finance 7; with expected shortfall as the risk: Rockafellar
        and Uryasev (2000), Journal of Risk 2.
    """
    known = [(mean, worst) for mean, worst in plans if mean is not None and worst is not None]
    return [
        mean is not None
        and worst is not None
        and not any(m >= mean and w >= worst and (m > mean or w > worst) for m, w in known)
        for mean, worst in plans
    ]
