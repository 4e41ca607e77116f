"""What the processes of a campaign leave behind for the books.

In: what a campaign knows when it is over. Out: a frozen `Record`, of which `ledger.py` makes counts and money.
Invariant: there is one row per row of the play's books: the creators of the plan in its order, then,
where a share of the budget buys ads, the ads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.campaign.approval import Office
from simulator.campaign.operations import Campaign, Work
from simulator.campaign.paid import Purchase
from simulator.campaign.setting import Setting

POSTS = ("posts_done", "posts_slipped", "posts_dropped", "posts_withdrawn", "posts_pending")


@dataclass(frozen=True)
class Record:
    """What the processes of a campaign did, by row of the play's books (creators in the plan's order, then ads).

    Attributes:
        posts: How many posts went out up to the horizon, how many of these later than planned, how many were not
            delivered because the creator had dropped out, how many a scandal stopped, and how many were delivered
            but not out at the horizon: in review, or due later (rows, POSTS).
        paid_cents: Money spent on paid impressions [cents] (rows,).
        scandals: Whether the creator had a scandal, 0 or 1 (rows,).
        review_wait_hours: Mean wait of a submission for a reviewer, up to the horizon [hours]; None without any.
        sold_out_hours: Time without anything to sell, up to the horizon [hours].
        stock_outs: How often the stock ran out.
    """

    posts: npt.NDArray[np.int64]
    paid_cents: npt.NDArray[np.int64]
    scandals: npt.NDArray[np.int64]
    review_wait_hours: float | None = None
    sold_out_hours: float = 0.0
    stock_outs: int = 0


def record_of(setting: Setting, campaign: Campaign, office: Office | None, bought: Sequence[Purchase]) -> Record:
    """Write down what a campaign that is over did."""
    rows = setting.plan.rows
    posts, paid = np.zeros((len(rows), len(POSTS)), np.int64), np.zeros(len(rows), np.int64)
    for row, work in enumerate(setting.team):
        posts[row] = _posts_of(work, campaign)
    for purchase in bought:
        for post, cents in purchase.spent_cents.items():
            paid[setting.conditions.posts[post].creator] += cents
    return Record(
        posts,
        paid,
        scandals=np.array([name in campaign.disgraced for name in rows], np.int64),
        review_wait_hours=office.review_wait_hours(campaign.horizon) if office else None,
        sold_out_hours=campaign.sold_out_seconds / 3600,
        stock_outs=campaign.stock_outs,
    )


def _posts_of(work: Work, campaign: Campaign) -> tuple[int, int, int, int, int]:
    """Give what became of a creator's posts (POSTS,)."""
    out = [(its, campaign.published[its.post]) for its in work.assignments if its.post in campaign.published]
    withdrawn = sum(its.post in campaign.withdrawn for its in work.assignments)
    slipped = sum(second > its.due for its, second in out)
    dropped = len(work.assignments) - work.delivered
    return len(out), slipped, dropped, withdrawn, work.delivered - len(out) - withdrawn
