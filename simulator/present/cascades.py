"""How far one play of a plan spread from friend to friend, in sentences.

In: a traced play. Out: a title, a text for who cannot see the picture. Invariant: a play is told as one play: its own
counts are exact and stand for no other.
"""

from __future__ import annotations

from simulator.decide.traced import Traced
from simulator.present import digits
from simulator.present.digits import count


def cascade_title(traced: Traced) -> str:
    """Say what friends contributed, and how far a post went from one to the next."""
    its = traced.summary["outcome"]
    which = f"{digits.shortened(traced.summary['strategy'])}, one play"
    if not traced.shares:
        return f"{which}: nobody shared a post"
    friends = f"{count(its['friend_impressions'])} of {_several(its['impressions'], 'impression')} come from friends"
    return f"{which}: {friends}; {_chain(traced)}"


def _chain(traced: Traced) -> str:
    longest = max(share.depth for share in traced.shares)
    return "no share led to another" if longest == 1 else f"the longest chain is {count(longest)} shares"


def cascade_alt(traced: Traced) -> str:
    """Say in words what the picture shows."""
    if not traced.shares:
        return f"{cascade_title(traced)}."
    led = sum(share.depth > 1 for share in traced.shares)
    most = max(traced.shares, key=lambda share: share.shown)
    return (
        f"Cascades of replication {traced.summary['replication']}: each line goes from who showed a post to who shared "
        f"it. {cascade_title(traced)}. Of {_several(len(traced.shares), 'share')}, {count(led)} came from what a "
        f"friend had shown; the share that was seen most showed its post to {_people(most.shown)}."
    )


def _people(number: int) -> str:
    return f"{count(number)} {'person' if number == 1 else 'people'}"


def _several(number: int, thing: str) -> str:
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"
