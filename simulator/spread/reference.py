"""The reference clock: the rulebook played by plain SimPy, one event per impression.

In: `Conditions` and a SimPy environment, then what the campaign does: publish posts, show them to strangers, change
what they lead to, restock. Out: a `Tally`.
Invariant: SimPy's own order of events is the rulebook's. A showing's priority is its (post, shower,
viewer) as one big integer above those of SimPy and the campaign, so the campaign's events of a second
come first and ties never depend on who was inserted first.

Slow on purpose: this file is meant to be read in one sitting and believed.
"""

from __future__ import annotations

from collections import Counter
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
    INCREMENTAL_RETURNS,
    LOST_ORDERS,
    NEW_ORDERS,
    ORDERS,
    RETURNED_ORDERS,
    SHARES,
    Conditions,
    Counts,
    Seconds,
    Strangers,
    Tally,
    anyway_of,
    reach_of,
    shown_count,
)

FIRST_PRIORITY = 16  # below are those of SimPy itself and of what a campaign does


class Showing(simpy.Event):
    """A post shown to a viewer, who sees it when this event happens."""

    def __init__(self, crowd: ReferenceCrowd, post: int, shower: int, viewer: int, key: int, delay: int) -> None:
        """Put the showing on SimPy's agenda."""
        super().__init__(crowd.env)
        self.post, self.shower, self.viewer, self.key = post, shower, viewer, key
        self._ok, self._value = True, None
        assert self.callbacks is not None
        self.callbacks.append(crowd.see)
        priority: Any = FIRST_PRIORITY + (((post << 33) + shower) << 31) + viewer
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
        self.stock = None if conditions.stock is None else simpy.Container(env, init=conditions.stock)
        self.chances = [(post.engage, post.share, post.click, post.order) for post in conditions.posts]
        self.shown_to_strangers: Counter[tuple[int, int]] = Counter()
        self.reached: set[tuple[int, int]] = set()
        self.ran_out: int | None = None
        self.wear_seen = [0] * len(conditions.posts)
        self.by_post = np.zeros((len(conditions.posts), len(COUNTS)), np.int64)
        self.by_hour = np.zeros((conditions.hours + 1, len(HOURLY)), np.int64)

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from now on."""
        assert second == self.env.now
        its = self.conditions.posts[post]
        shower = rules.shower_key(its.key, rules.CREATOR)
        self._show(post, rules.CREATOR, shower, its.audience, its.reach, its.delay)

    def show(self, post: int, source: int, count: int, second: int, to: Strangers, delay: Seconds) -> int:
        """Show a post to so many strangers, from now on, and give how many were found."""
        assert second == self.env.now
        found = 0
        first = self.shown_to_strangers[post, source]
        self.shown_to_strangers[post, source] += count
        for number in range(source + first, source + first + count):
            shower = rules.shower_key(self.conditions.posts[post].key, number)
            viewer = self._stranger(shower, to)
            if viewer is not None:
                key = rules.showing_key(shower, self.conditions.people.word(viewer))
                self._put(post, number, viewer, key, delay)
                found += 1
        return found

    def change(self, post: int, click: int, order: int) -> None:
        """Change the chances of a click and of an order per click, from now on."""
        engage, share, _, _ = self.chances[post]
        self.chances[post] = engage, share, click, order

    def restock(self, units: int) -> None:
        """Add to the stock."""
        assert self.stock is not None
        if units:
            self.stock.put(units)

    def advance(self, until: int) -> None:
        """Do nothing: the showings lie in the campaign's own environment, which plays them in turn."""

    def take_sold_out(self) -> int | None:
        """Give the second in which the stock ran out, once, after it did."""
        second, self.ran_out = self.ran_out, None
        return second

    def attention(self, post: int) -> float:
        """Give the impressions of a post so far, each counted as far as its viewer was not tired."""
        return self.wear_seen[post] / rules.FRESH

    @property
    def counts(self) -> Counts:
        """Give the counts of each post so far, to be read only (posts, COUNTS)."""
        return self.by_post

    def tally(self) -> Tally:
        """Give what happened so far."""
        reached = np.zeros(self.conditions.creators, np.int64)
        for creator, _ in self.reached:
            reached[creator] += 1
        seen = np.zeros(self.conditions.people.count, np.int64)
        for person, times in self.times_seen.items():
            seen[person] = times
        niches = reach_of(seen, self.conditions.people, self.conditions.target_niche)
        so_far = len(self.times_seen), self.by_post.copy(), self.by_hour.copy(), reached
        return Tally(*so_far, *niches, *anyway_of(seen, self.conditions))

    def _show(self, post: int, number: int, shower: int, followers: Any, reach: Any, delay: Seconds) -> None:
        for viewer in followers.tolist():
            c = self.conditions
            key = rules.showing_key(shower, c.people.word(viewer))
            if rules.happens(key, int(reach[c.people.activity[viewer]])):
                self._put(post, number, viewer, key, delay)

    def _put(self, post: int, number: int, viewer: int, key: int, delay: Seconds) -> None:
        wait = int(delay[rules.delay_entry(key)])
        if self.env.now + wait <= self.conditions.horizon:
            Showing(self, post, number, viewer, key, wait)

    def _stranger(self, shower: int, to: Strangers) -> int | None:
        people = self.conditions.people
        others = people.count - to.count
        for attempt in range(rules.ATTEMPTS):
            number = rules.stranger_number(shower, attempt)
            place = rules.stranger_place(number, to.inside, to.first, to.count, others)
            if place >= 0 and (viewer := int(people.by_niche[place])) not in to.passed_over:
                return viewer
        return None

    def see(self, event: simpy.Event) -> None:
        """Let a viewer see a post, and do what follows from it."""
        assert isinstance(event, Showing)
        post, viewer, c = event.post, event.viewer, self.conditions
        seen = self.times_seen.get(viewer, 0)
        wear = int(c.wear[min(seen, len(c.wear) - 1)])
        wants = rules.response(event.key, wear, *self.chances[post])
        self.times_seen[viewer] = seen + 1
        self.wear_seen[post] += wear
        self.reached.add((c.posts[post].creator, viewer))
        hour = rules.hour_of(int(self.env.now))
        self.by_hour[hour] += (seen == 0, 1, 0)
        self.by_post[post, IMPRESSIONS] += 1
        self.by_post[post, ENGAGEMENTS] += bool(wants & rules.ENGAGED)
        self.by_post[post, CLICKS] += bool(wants & rules.CLICKED)
        if event.shower != rules.CREATOR:
            self.by_post[post, shown_count(event.shower)] += 1
        if wants & rules.ORDERED and viewer not in self.has_ordered:
            self._order(post, viewer, hour, event.key)
        if wants & rules.SHARED and (post, viewer) not in self.has_shared:
            self._share(post, viewer)

    def _order(self, post: int, viewer: int, hour: int, key: int) -> None:
        if not self._take_from_stock():
            self.by_post[post, LOST_ORDERS] += 1
            return
        self.has_ordered.add(viewer)
        c = self.conditions
        anyway = rules.happens(rules.showing_key(c.baseline_key, c.people.word(viewer)), c.anyway(viewer))
        self.by_hour[hour, NEW_ORDERS] += 1
        self.by_post[post, ORDERS] += 1
        self.by_post[post, INCREMENTAL_ORDERS] += not anyway
        if rules.is_returned(key, c.returns):
            self.by_post[post, RETURNED_ORDERS] += 1
            self.by_post[post, INCREMENTAL_RETURNS] += not anyway

    def _take_from_stock(self) -> bool:
        if self.stock is None:
            return True
        if self.stock.level < 1:
            return False
        self.stock.get(1)
        if self.stock.level < 1:
            self.ran_out = int(self.env.now)
        return True

    def _share(self, post: int, viewer: int) -> None:
        self.has_shared.add((post, viewer))
        self.by_post[post, SHARES] += 1
        c = self.conditions
        friends = c.graph.followers[c.graph.offsets[viewer] : c.graph.offsets[viewer + 1]]
        shower = rules.shower_key(c.posts[post].key, c.people.word(viewer))
        self._show(post, viewer + 1, shower, friends, c.peer_reach, c.peer_delay)
