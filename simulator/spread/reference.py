"""The reference clock: the rulebook played by plain SimPy, one event per impression.

In: `Conditions` and a SimPy environment, then posts as the campaign publishes them. Out: a `Tally`.
Invariant: SimPy's own order of events is the rulebook's. A showing's priority is its (post, shower,
viewer) as one big integer above SimPy's own priorities 0 and 1, so the campaign's events of a second
come first and ties never depend on who was inserted first.

Slow on purpose: this file is meant to be read in one sitting and believed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import simpy

from simulator.spread import rules
from simulator.spread.conditions import (
    CLICKS,
    COUNTS,
    ENGAGEMENTS,
    HOURLY,
    IMPRESSIONS,
    INCREMENTAL_ORDERS,
    NEW_ORDERS,
    ORDERS,
    SHARES,
    Conditions,
    Tally,
)

CREATOR_NUMBER = 0  # as a shower; person p is p + 1
_FIRST_PRIORITY = 2  # SimPy itself uses 0 (urgent) and 1 (normal)


class Showing(simpy.Event):
    """A post shown to a viewer, who sees it when this event happens."""

    def __init__(self, crowd: ReferenceCrowd, post: int, shower: int, viewer: int, key: int, delay: int) -> None:
        """Put the showing on SimPy's agenda."""
        super().__init__(crowd.env)
        self.post, self.shower, self.viewer, self.key = post, shower, viewer, key
        self._ok, self._value = True, None
        assert self.callbacks is not None
        self.callbacks.append(crowd.see)
        priority: Any = _FIRST_PRIORITY + (((post << 33) + shower) << 31) + viewer
        crowd.env.schedule(self, priority, delay)


class ReferenceCrowd:
    """One play of the crowd, each impression a SimPy event."""

    def __init__(self, conditions: Conditions, env: simpy.Environment) -> None:
        """Prepare a play in an environment that counts whole seconds."""
        self.env = env
        self.conditions = conditions
        self.times_seen: dict[int, int] = {}
        self.has_shared: set[tuple[int, int]] = set()
        self.has_ordered: set[int] = set()
        self.by_post = np.zeros((len(conditions.posts), len(COUNTS)), np.int64)
        self.by_hour = np.zeros((conditions.hours + 1, len(HOURLY)), np.int64)

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from now on."""
        assert second == self.env.now
        its = self.conditions.posts[post]
        shower = rules.shower_key(its.key, rules.CREATOR)
        self._show(post, CREATOR_NUMBER, shower, its.audience, its.reach, its.delay)

    def advance(self, until: int) -> None:
        """Do nothing: the showings lie in the campaign's own environment, which plays them in turn."""

    def tally(self) -> Tally:
        """Give what happened so far."""
        return Tally(len(self.times_seen), self.by_post.copy(), self.by_hour.copy())

    def _show(self, post: int, number: int, shower: int, followers: Any, reach: Any, delay: Any) -> None:
        for viewer in followers.tolist():
            c = self.conditions
            key = rules.showing_key(shower, c.people.word(viewer))
            if rules.happens(key, int(reach[c.people.activity[viewer]])):
                wait = int(delay[rules.delay_entry(key)])
                if self.env.now + wait <= c.horizon:
                    Showing(self, post, number, viewer, key, wait)

    def see(self, event: simpy.Event) -> None:
        """Let a viewer see a post, and do what follows from it."""
        assert isinstance(event, Showing)
        post, viewer, c = event.post, event.viewer, self.conditions
        its = c.posts[post]
        seen = self.times_seen.get(viewer, 0)
        wear = int(c.wear[min(seen, len(c.wear) - 1)])
        wants = rules.response(event.key, wear, its.engage, its.share, its.click, its.order)
        self.times_seen[viewer] = seen + 1
        hour = rules.hour_of(int(self.env.now))
        self.by_hour[hour] += (seen == 0, 1, 0)
        self.by_post[post, IMPRESSIONS] += 1
        self.by_post[post, ENGAGEMENTS] += bool(wants & rules.ENGAGED)
        self.by_post[post, CLICKS] += bool(wants & rules.CLICKED)
        if wants & rules.ORDERED and viewer not in self.has_ordered:
            self._order(post, viewer, hour)
        if wants & rules.SHARED and (post, viewer) not in self.has_shared:
            self._share(post, viewer)

    def _order(self, post: int, viewer: int, hour: int) -> None:
        self.has_ordered.add(viewer)
        c = self.conditions
        anyway = rules.happens(rules.showing_key(c.baseline_key, c.people.word(viewer)), c.baseline)
        self.by_hour[hour, NEW_ORDERS] += 1
        self.by_post[post, ORDERS] += 1
        self.by_post[post, INCREMENTAL_ORDERS] += not anyway

    def _share(self, post: int, viewer: int) -> None:
        self.has_shared.add((post, viewer))
        self.by_post[post, SHARES] += 1
        c = self.conditions
        friends = c.graph.followers[c.graph.offsets[viewer] : c.graph.offsets[viewer + 1]]
        shower = rules.shower_key(c.posts[post].key, c.people.word(viewer))
        self._show(post, viewer + 1, shower, friends, c.peer_reach, c.peer_delay)
