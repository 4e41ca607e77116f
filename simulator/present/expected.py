"""What plans reach directly and how much audiences overlap, as text, before anything is played.

In: what is expected of a scenario. Out: lines of text. Invariant: what is expected has three digits, for it is no more
precise; what is assumed stands below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from simulator.campaign.expected import PairOverlap, PlanReach
from simulator.present import digits
from simulator.present.written import share, three_digits

_WIDTH, _PLAN, _PAIR, _COLUMN, _MOST_PAIRS = 100, 26, 68, 12, 15
_REACH = (
    "Followers are real ones in the market, counted for each creator; people are different ones who see a post of a "
    "creator they follow, and who follows several does so by niche and by how many accounts it follows. Every unknown "
    "is at its median, all posts go out, and friends, strangers and who is shown paid media come on top."
)
_BOUND = " At most: [overlap] decides who follows several of them."
_OVERLAP = (
    "Of creators with the median number of followers, by niche and by how many accounts people follow; each is right "
    "to about a tenth of itself, more often too low than too high. run counts it."
)


def reach_lines(reached: Sequence[PlanReach]) -> list[str]:
    """Say what each plan reaches directly; nothing where that is not known."""
    if not reached:
        return []
    paid = any(its.paid for its in reached)
    head = ["creators", "followers", "impressions", "people", "each sees", *(["paid impr."] if paid else [])]
    rows = [(digits.shortened(its.strategy, _PLAN - 1), _cells(its, paid=paid)) for its in reached]
    notes = _REACH + (_BOUND if any(its.is_bound for its in reached) else "")
    return [
        "What each plan reaches directly, as it would hire",
        *(
            f"  {label:<{_PLAN}}" + "".join(f"{cell:>{_COLUMN}}" for cell in cells)
            for label, cells in [("", head), *rows]
        ),
        *_note(notes),
    ]


def overlap_lines(pairs: Sequence[PairOverlap]) -> list[str]:
    """Say how much audiences overlap, where there are many pairs those that do most; nothing where there are none."""
    if not pairs:
        return []
    told = pairs if len(pairs) <= _MOST_PAIRS else sorted(pairs, key=lambda its: -its.share)[:_MOST_PAIRS]
    left = len(pairs) - len(told)
    return [
        "Expected overlap of audiences: followers of both, as a share of the smaller audience",
        *(f"  {' and '.join(_names(its)):<{_PAIR}}{share(its.share):>8}{_asked(its)}" for its in told),
        *([f"  {left:,} more pairs overlap less"] if left else []),
        *_note(_OVERLAP),
    ]


def _names(its: PairOverlap) -> list[str]:
    return [digits.shortened(name, 30) for name in its.names]


def _asked(its: PairOverlap) -> str:
    return "  asked for" if its.is_target else ""


def _cells(its: PlanReach, *, paid: bool) -> Iterator[str]:
    fewest, most = its.creators
    yield f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    yield from (_about(count) for count in (its.followers, its.impressions))
    yield ("up to " if its.is_bound else "") + _about(its.people)
    yield three_digits(its.impressions / its.people) if its.people >= 1 else "-"
    yield from [_about(its.paid)] if paid else []


def _about(count: float) -> str:
    """Write a number of people with three digits.

    >>> _about(136_627.3)
    '137,000'
    """
    return digits.count(float(f"{count:.3g}"))


def _note(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
