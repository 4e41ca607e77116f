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
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import numpy as np
import simpy

from simulator.spread import rules
from simulator.spread.conditions import Conditions, Counts, Effect, Seconds, Strangers
from simulator.spread.goodwill import YEAR, decay_table
from simulator.spread.tally import (
    ADVOCATE_SHARES,
    CLICKS,
    COUNTS,
    ENGAGEMENTS,
    HOURLY,
    IMPRESSIONS,
    INCREMENTAL_ORDERS,
    INCREMENTAL_REPEAT_ORDERS,
    INCREMENTAL_RETURNS,
    LIKES,
    LOST_ORDERS,
    NEW_ORDERS,
    ORDERS,
    REPEAT_ORDERS,
    RETURNED_ORDERS,
    SHARES,
    Tally,
    anyway_of,
    reach_of,
    shown_count,
)

FIRST_PRIORITY = 16  # below are those of SimPy itself and of what a campaign does


class Showing(simpy.Event):
    """A post shown to a viewer, who sees it when this event happens; or an order that follows from one.

    The kind of event comes first in its priority. A later order has its number in place of a shower.
    """

    def __init__(
        self, crowd: ReferenceCrowd, kind: int, post: int, shower: int, viewer: int, key: int, delay: int
    ) -> None:
        """Put the event on SimPy's agenda."""
        super().__init__(crowd.env)
        self.kind, self.post, self.shower, self.viewer, self.key = kind, post, shower, viewer, key
        self._ok, self._value = True, None
        assert self.callbacks is not None
        self.callbacks.append(crowd.see if kind == rules.SHOWING else crowd.order)
        priority: Any = FIRST_PRIORITY + (((((kind << 30) + post) << 33) + shower) << 31) + viewer
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
        self.effects = [post.effect for post in conditions.posts]
        self.friends: Counter[tuple[int, int]] = Counter()
        self.goodwill: dict[int, tuple[int, int]] = {}
        self.brand_orders = 0
        self.later_orders = np.zeros(len(conditions.ends), np.int64)
        self.lifetime_orders = 0
        self.waiting: list[tuple[int, int, int, int, int]] = []
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

    def change(self, post: int, effect: Effect) -> None:
        """Change what a post's impressions lead to, from now on."""
        self.effects[post] = effect

    def lose_goodwill(self, creator: int, second: int, kept: int) -> None:
        """Let everybody who saw a post of a creator keep only a part of their goodwill, in units of 2**-31."""
        for viewer in [viewer for row, viewer in self.reached if row == creator and viewer in self.goodwill]:
            self._write_goodwill(viewer, second - 1, rules.worn(self._goodwill_at(viewer, second - 1), kept))

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
        by_frequency, on_target = reach_of(seen, self.conditions.people, self.conditions.target_niche)
        brand_orders, goodwill = self._brand_tally()
        return Tally(
            len(self.times_seen),
            self.by_post.copy(),
            self.by_hour.copy(),
            reached,
            by_frequency,
            on_target,
            self._orders_behind(),
            self.lifetime_orders,
            brand_orders,
            goodwill,
            *anyway_of(seen, self.conditions),
        )

    def _brand_tally(self) -> tuple[Counts, int]:
        """Give the orders that goodwill led to up to the horizon and each end, and all goodwill at the horizon."""
        horizon = self.conditions.horizon
        ends = [horizon, *self.conditions.ends.tolist()]
        seconds = [second for viewer in self.goodwill for second in self._brand_orders(viewer, ends[-1])]
        orders = [sum(second <= end for second in seconds) for end in ends]
        goodwill = sum(self._goodwill_at(viewer, horizon) for viewer in self.goodwill)
        return self.brand_orders + np.array(orders, np.int64), goodwill

    def _show(self, post: int, number: int, shower: int, followers: Any, reach: Any, delay: Seconds) -> None:
        for viewer in followers.tolist():
            c = self.conditions
            key = rules.showing_key(shower, c.people.word(viewer))
            if rules.happens(key, int(reach[c.people.activity[viewer]])):
                self._put(post, number, viewer, key, delay)

    def _put(self, post: int, number: int, viewer: int, key: int, delay: Seconds) -> None:
        wait = int(delay[rules.delay_entry(key)])
        if self.env.now + wait <= self.conditions.horizon:
            Showing(self, rules.SHOWING, post, number, viewer, key, wait)

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
        if rules.CREATOR < event.shower < rules.PLATFORM:
            self.friends[post, viewer] += 1
        seen = self.times_seen.get(viewer, 0)
        wear = int(c.wear[min(seen, len(c.wear) - 1)])
        wants = self._wants(event, wear)
        self._count(event, seen, wear)
        if c.brand and self.effects[post].goodwill:
            now, gain = int(self.env.now), rules.worn(self.effects[post].goodwill, wear)
            self._write_goodwill(viewer, now, self._goodwill_at(viewer, now) + gain)
        if wants & rules.ENGAGED:
            self.by_post[post, ENGAGEMENTS] += 1
            self.by_post[post, LIKES + rules.engagement_kind(event.key, c.comments, c.saves)] += 1
        self.by_post[post, CLICKS] += bool(wants & rules.CLICKED)
        if wants & rules.SHARED:
            self._share(post, viewer)
        if wants & rules.ORDERED:
            self._order_after(event)

    def _wants(self, event: Showing, wear: int) -> int:
        """Give what the viewer wants to do, as bits."""
        post, viewer, c = self.conditions.posts[event.post], event.viewer, self.conditions
        its, goodwill = self.effects[event.post], self._goodwill_at(viewer, int(self.env.now))
        click, order = (its.click_on_target, its.order_on_target) if c.is_on_target(viewer) else (its.click, its.order)
        by_friends = (post.share, *post.share_by_friends)
        share = by_friends[min(self.friends[event.post, viewer], len(by_friends) - 1)]
        return rules.response(event.key, wear, post.engage, share, click, rules.either(order, goodwill))

    def _count(self, event: Showing, seen: int, wear: int) -> None:
        self.times_seen[event.viewer] = seen + 1
        self.wear_seen[event.post] += wear
        self.reached.add((self.conditions.posts[event.post].creator, event.viewer))
        self.by_hour[rules.hour_of(int(self.env.now))] += (seen == 0, 1, 0)
        self.by_post[event.post, IMPRESSIONS] += 1
        if event.shower != rules.CREATOR:
            self.by_post[event.post, shown_count(event.shower)] += 1

    def _share(self, post: int, viewer: int) -> None:
        """Let somebody show a post to all followers, unless that is done already."""
        if (post, viewer) in self.has_shared:
            return
        self.has_shared.add((post, viewer))
        self.by_post[post, SHARES] += 1
        c = self.conditions
        friends = c.graph.followers[c.graph.offsets[viewer] : c.graph.offsets[viewer + 1]]
        shower = rules.shower_key(c.posts[post].key, c.people.word(viewer))
        self._show(post, viewer + 1, shower, friends, c.peer_reach, c.peer_delay)

    # ---- orders

    def _order_after(self, event: Showing) -> None:
        """Let a click lead to an order, at once or after the lag."""
        lag = self.conditions.lag
        if lag is None:
            self._first_order(event)
            return
        wait = int(lag[rules.lag_entry(event.key)])
        if self.env.now + wait <= self.conditions.horizon:
            Showing(self, rules.FIRST_ORDER, event.post, event.shower, event.viewer, event.key, wait)
        else:
            self.waiting.append((int(self.env.now) + wait, event.post, event.shower, event.viewer, event.key))

    def order(self, event: simpy.Event) -> None:
        """Let an order happen that is an event of its own: the first one after its lag, or a later one."""
        assert isinstance(event, Showing)
        if event.kind == rules.FIRST_ORDER:
            self._first_order(event)
        else:
            self._order(event.post, event.viewer, event.key, event.shower)

    def _first_order(self, event: Showing) -> None:
        if event.viewer not in self.has_ordered:
            self._order(event.post, event.viewer, event.key, 0)

    def _order(self, post: int, viewer: int, key: int, number: int) -> None:
        if not self._take_from_stock():
            self.by_post[post, LOST_ORDERS] += 1
            return
        self.has_ordered.add(viewer)
        c = self.conditions
        incremental = self._is_incremental(viewer)
        self.by_hour[rules.hour_of(int(self.env.now)), NEW_ORDERS] += 1
        self.by_post[post, ORDERS] += 1
        self.by_post[post, REPEAT_ORDERS] += number > 0
        self.by_post[post, INCREMENTAL_ORDERS] += incremental
        self.by_post[post, INCREMENTAL_REPEAT_ORDERS] += incremental and number > 0
        if rules.is_returned(key, c.returns):
            self.by_post[post, RETURNED_ORDERS] += 1
            self.by_post[post, INCREMENTAL_RETURNS] += incremental
        if rules.is_advocated(key, c.advocate) and (post, viewer) not in self.has_shared:
            self.by_post[post, ADVOCATE_SHARES] += 1
            self._share(post, viewer)
        if number == 0:
            self.lifetime_orders += self._lifetime_orders(viewer, key)
        following = self._next_order(viewer, number + 1, int(self.env.now))
        if following is None:
            return
        second, its_key = following
        if second <= c.horizon:
            Showing(self, rules.LATER_ORDER, post, number + 1, viewer, its_key, second - int(self.env.now))
        elif incremental:
            self.later_orders += self._kept_behind(viewer, number + 1, second, its_key)

    def _is_incremental(self, viewer: int) -> bool:
        c = self.conditions
        return not rules.happens(rules.showing_key(c.baseline_key, c.people.word(viewer)), c.anyway(viewer))

    def _next_order(self, viewer: int, number: int, before: int) -> tuple[int, int] | None:
        """Give when a customer orders for the n-th time, after the order before it, and the order's name."""
        c = self.conditions
        key = int(rules.later_order(c.later_key, c.people.word(viewer), number))
        if c.repeat_delay is None or not rules.is_repeated(key, c.repeat):
            return None
        return before + int(c.repeat_delay[rules.delay_entry(key)]), key

    def _orders_from(self, viewer: int, number: int, second: int, key: int) -> Iterator[tuple[int, bool]]:
        """Give when an order and all that follow it come, and whether they are kept."""
        following: tuple[int, int] | None = (second, key)
        while following:
            second, key = following
            yield second, not rules.is_returned(key, self.conditions.returns)
            number += 1
            following = self._next_order(viewer, number, second)

    def _lifetime_orders(self, viewer: int, key: int) -> int:
        """Count the orders that a customer keeps within a year of the first, which comes now."""
        now = int(self.env.now)
        within = takewhile(lambda order: order[0] <= now + YEAR, self._orders_from(viewer, 0, now, key))
        return sum(kept for _, kept in within)

    def _kept_behind(self, viewer: int, number: int, second: int, key: int) -> Counts:
        """Count an order behind the horizon and all that follow, where they are kept, up to each end."""
        ends = self.conditions.ends
        within = takewhile(lambda order: order[0] <= ends[-1], self._orders_from(viewer, number, second, key))
        later = np.zeros_like(ends)
        for at, kept in within:
            later += kept * (at <= ends)
        return later

    def _orders_behind(self) -> Counts:
        """Count the incremental orders behind the horizon; of who clicked more than once the first one counts."""
        later, done = self.later_orders.copy(), set(self.has_ordered)
        for second, _, _, viewer, key in sorted(self.waiting):
            if second > self.conditions.ends[-1] or viewer in done:
                continue
            done.add(viewer)
            if self._is_incremental(viewer):
                later += self._kept_behind(viewer, 0, second, key)
        return later

    def _take_from_stock(self) -> bool:
        if self.stock is None:
            return True
        if self.stock.level < 1:
            return False
        self.stock.get(1)
        if self.stock.level < 1:
            self.ran_out = int(self.env.now)
        return True

    # ---- goodwill: how much, and the second at which it was written, of everybody who has any

    def _goodwill_at(self, viewer: int, second: int) -> int:
        brand, (goodwill, written) = self.conditions.brand, self.goodwill.get(viewer, (0, second))
        if brand is None:
            return 0
        halvings, step = divmod(rules.decay_steps(second - written, brand.half_life), len(decay_table()))
        return int(rules.faded(goodwill, int(decay_table()[step]), halvings))

    def _brand_orders(self, viewer: int, until: int) -> list[int]:
        """Give when goodwill leads to orders after it was written, up to a second."""
        brand, written, orders = self.conditions.brand, self.goodwill[viewer][1], []
        assert brand
        until = min(until, written + rules.goodwill_lasts(brand.half_life))
        for period in range(written // brand.occasion_every, until // brand.occasion_every + 1):
            its_occasion = rules.occasion(brand.key, self.conditions.people.word(viewer), period)
            second = rules.occasion_second(its_occasion, period, brand.occasion_every)
            if written < second <= until:
                goodwill = self._goodwill_at(viewer, second)
                returns = self.conditions.returns
                if rules.is_brand_order(its_occasion, brand.order_at_occasion, goodwill, returns):
                    orders.append(second)
        return orders

    def _write_goodwill(self, viewer: int, second: int, goodwill: int) -> None:
        """Count orders up to a second, and write what goodwill there is then, up to the most."""
        assert self.conditions.brand
        if viewer in self.goodwill:
            self.brand_orders += len(self._brand_orders(viewer, second))
        self.goodwill[viewer] = min(goodwill, self.conditions.brand.most), second
