"""What the processes of a campaign leave behind for the books.

In: nothing; the processes of `operations.py` count as they go. Out: a frozen `Record`, of which `ledger.py` makes
counts and money. Invariant: there is one row per row of the play's books: the creators of the plan in its order, then,
where a share of the budget buys ads, the ads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

POSTS = ("posts_done", "posts_slipped", "posts_dropped", "posts_withdrawn")


@dataclass(frozen=True)
class Record:
    """What the processes of a campaign did, by row of the play's books (creators in the plan's order, then ads).

    Attributes:
        posts: How many posts went out up to the horizon, how many of these later than planned, how many were not
            delivered because the creator had dropped out, and how many a scandal stopped (rows, POSTS).
        paid_cents: Money spent on paid impressions [cents] (rows,).
        scandals: Whether the creator had a scandal, 0 or 1 (rows,).
        review_wait_hours: Mean time that a submission waited for a reviewer [hours], None where nothing was reviewed.
        sold_out_hours: Time without anything to sell, up to the horizon [hours].
    """

    posts: npt.NDArray[np.int64]
    paid_cents: npt.NDArray[np.int64]
    scandals: npt.NDArray[np.int64]
    review_wait_hours: float | None = None
    sold_out_hours: float = 0.0
