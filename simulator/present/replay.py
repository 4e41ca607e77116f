"""One play of a run in sentences: what it came to, where that lies among all plays, and what happened.

In: the summary of a replay. Out: lines of text, first the answer. Invariant: a play is told as one play: its own
numbers have no interval, and those of all plays have theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary
from simulator.present.digits import NUMBER, PER_ONE, PERCENT, Unit, count, money_unit, with_interval
from simulator.present.one_play import findings, read_log

# What each number is called, and whether more of it is better; where that is not said, it is just more.
_MEASURES = {
    "profit": "profit",
    "revenue": "revenue",
    "spend": "spend",
    "reach": "reach",
    "impressions": "impressions",
    "engagements": "engagements",
    "shares": "shares",
    "clicks": "clicks",
    "orders": "orders",
    "incremental_orders": "incremental orders",
}
_BETTER = ("roi", "profit")
_MONEY = ("profit", "revenue", "spend")


def replay_lines(summary: Summary) -> list[str]:
    """Say what a play came to, beside all plays of its strategy, and what happened in it."""
    name = digits.shortened(summary["strategy"])
    which = f"{name}, replication {summary['replication']} (in market {summary['market']})"
    lines = [f"{which}: {_roi_text(summary)}.", *(f"  {text}" for text in _measure_texts(summary))]
    lines.append(f"In this play, {'; '.join(_happened(summary))}.")
    return lines + ([*_trace_lines(summary)] if summary["trace"] else [])


def _roi_text(summary: Summary) -> str:
    its = summary["measures"]["roi"]
    if its["value"] is None:
        return "ROI is undefined, because nothing was spent"
    text = f"ROI {_written(its['value'], PER_ONE)}, {_standing_text(its, 'better')}{_mean_text(its, PER_ONE)}"
    plays = sum(its["plays"].values())
    return f"{text}; the run has {count(plays)} such plays" if plays > 1 else f"{text}; the run has no other play"


def _measure_texts(summary: Summary) -> Iterator[str]:
    width = max(map(len, _MEASURES.values()))
    for name, called in _MEASURES.items():
        its = summary["measures"][name]
        unit = money_unit(summary["currency"]) if name in _MONEY else NUMBER
        standing = _standing_text(its, "better" if name in _BETTER else "more")
        yield f"{called:<{width}}  {_written(its['value'], unit)}, {standing}{_mean_text(its, unit)}"


def _written(value: float, unit: Unit) -> str:
    """Write the number of one play, which has no interval: all of a count, two decimals of anything else."""
    return digits.plain(value, 0 if isinstance(value, int) else 2, unit)


def _mean_text(its: Mapping[str, Any], unit: Unit) -> str:
    return f" (mean {with_interval(its['mean'], unit)})"


def _standing_text(its: Mapping[str, Any], more: str) -> str:
    """Say where a number lies among those of all plays: "better than 84% of plays"."""
    lower, equal, higher = (its["plays"][side] for side in ("lower", "equal", "higher"))
    plays = lower + equal + higher
    if equal == plays:
        return "the same in every play"
    if lower == 0 or higher == 0:
        extreme = {"better": ("the worst", "the best"), "more": ("the least", "the most")}[more][higher == 0]
        return f"{extreme} of all plays{f', as in {count(equal)} of them' if equal > 1 else ''}"
    same = f" and the same as {_share(equal - 1, plays)}" if equal > 1 else ""
    return f"{more} than {_share(lower, plays)} of plays{same}"


def _share(some: int, of_all: int) -> str:
    return digits.plain(100 * some / of_all, 0, PERCENT)


def _happened(summary: Summary) -> list[str]:
    log = read_log(summary["happenings"], float(summary["horizon_days"]))
    return [its.text for its in findings(log, money_unit(summary["currency"]))]


def _trace_lines(summary: Summary) -> Iterator[str]:
    its = summary["trace"]
    later = its["events"] - its["impressions"]
    orders = f" and {_some(later, 'order')} that came after a lag or later" if later else ""
    yield f"The log has {_some(its['impressions'], 'impression')}{orders}, in the order in which they happened."
    if not its["shares"]:
        yield "Nobody shared a post, so there are no cascades."
        return
    far = f"the farthest {_some(its['depth'], 'step')} from it"
    yield (
        f"{_some(its['shares'], 'share')} of {count(its['posts_shared'])} of {_some(its['posts'], 'post')}: "
        f"{_share(its['shares_not_by_friends'], its['shares'])} by people to whom no friend had shown the post, {far}."
    )
    yield _largest_text(its["largest"])


def _largest_text(post: Mapping[str, Any]) -> str:
    """Say how the largest cascade looks, between a pure broadcast and a chain of as many nodes."""
    n = post["nodes"]
    broadcast, chain = 2 * (n - 1) / n, (n + 1) / 3
    between = f" ({broadcast:.2f} for a pure broadcast, {chain:,.2f} for a chain)" if n > 3 else ""
    return (
        f"The largest cascade is that of post {post['post']} of {digits.shortened(post['creator'])}: "
        f"{_some(n - 1, 'share')}, {_some(post['depth'], 'step')} deep, structural virality "
        f"{post['structural_virality']:.2f}{between}."
    )


def _some(number: int, thing: str) -> str:
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"
