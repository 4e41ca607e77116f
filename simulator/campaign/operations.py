"""The campaign as SimPy processes: posts are reviewed and go out, creators drop out, scandals and stock-outs happen.

In: a SimPy environment that counts whole seconds, a crowd, and what each creator is to do. Out: `Campaign`, which
knows afterwards what went out when and what else happened; the crowd has been played up to the horizon. Invariant:
the crowd has played every second before t when the campaign does something at t, and what the campaign does at t
holds for what the crowd sees from t on. What the crowd did in second t reaches the campaign at t + 1, before
anything else of that second.

Every chance decision was made before, by name: when a scandal would come, how many posts a creator delivers.
Impressions that money or the platform adds are in `promotion.py`, the queue of reviewers in `approval.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from simulator.campaign.approval import Office
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import Stock
from simulator.spread.conditions import Counts, Seconds, Strangers, Tally

Process = Generator[simpy.Event, Any, None]
_FIRST_OF_ITS_SECOND = -1  # SimPy itself uses priorities 0 (urgent) and 1 (normal)


class Crowd(Protocol):
    """What the campaign needs of a clock that plays the crowd."""

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from a second on."""

    def show(self, post: int, source: int, count: int, second: int, to: Strangers, delay: Seconds) -> None:
        """Show a post to so many strangers, from a second on; the source is the platform or paid media."""

    def change(self, post: int, click: int, order: int) -> None:
        """Change the chances of a click and of an order per click, from now on."""

    def restock(self, units: int) -> None:
        """Add to the stock."""

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`, but none after the second in which the stock runs out."""

    def sold_out(self) -> int | None:
        """Give the second in which the stock ran out, once, after it did."""

    @property
    def counts(self) -> Counts:
        """Give the counts of each post so far, to be read only (posts, COUNTS)."""

    def tally(self) -> Tally:
        """Give what happened so far."""


@dataclass(frozen=True)
class Assignment:
    """A post that a creator is to deliver.

    Attributes:
        post: Index into `Conditions.posts`.
        key: Name of the post in this replication.
        due: When it is to go out [s].
    """

    post: int
    key: int
    due: int


@dataclass(frozen=True)
class Scandal:
    """What happens to a creator.

    Attributes:
        second: When it becomes public [s].
        chances: Of each of the creator's posts, by index: the chances of a click and of an order from then on.
    """

    second: int
    chances: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Work:
    """What one creator does in a campaign.

    Attributes:
        name: Of the creator.
        assignments: All posts of the contract, in the order of their numbers.
        delivered: How many of them the creator delivers before dropping out.
        scandal: None where there is none up to the horizon.
    """

    name: str
    assignments: tuple[Assignment, ...]
    delivered: int
    scandal: Scandal | None = None


@dataclass(frozen=True)
class Happening:
    """One line of a campaign's log; see `study.results.OPERATIONS_SCHEMA` for the kinds and their values."""

    second: int
    what: str
    who: str = ""
    number: int | None = None
    value: float | None = None


class Campaign:
    """What the processes of one campaign share, and what they did.

    Attributes:
        published: When each post that went out did so, by its index [s].
        withdrawn: Posts that a scandal stopped.
        disgraced: Names of the creators with a scandal so far.
        sold_out_since: Since when there is nothing to sell, None where there is something [s].
        log: What happened, in the order it did.
        follow_ups: What begins when a post goes out, by its index.
    """

    def __init__(self, env: simpy.Environment, crowd: Crowd, horizon: int) -> None:
        """Prepare a campaign in which nothing is planned yet."""
        self.env, self.crowd, self.horizon = env, crowd, horizon
        self.published: dict[int, int] = {}
        self.withdrawn: set[int] = set()
        self.disgraced: set[str] = set()
        self.sold_out_since: int | None = None
        self.log: list[Happening] = []
        self.follow_ups: dict[int, Callable[[], Process]] = {}
        self._sold_out_seconds = 0
        self._stock: Stock | None = None

    @property
    def now(self) -> int:
        """Give the second it is."""
        return int(self.env.now)

    @property
    def sold_out_seconds(self) -> int:
        """Give how long there has been nothing to sell, up to the horizon [s]."""
        since = self.sold_out_since
        return self._sold_out_seconds + (0 if since is None else self.horizon - since)

    def note(self, what: str, who: str = "", number: int | None = None, value: float | None = None) -> None:
        """Write down what happens now."""
        self.log.append(Happening(self.now, what, who, number, value))

    def hire(self, team: Sequence[Work], office: Office | None = None, lead: int = 0) -> None:
        """Let creators work.

        Args:
            team: What each of them does.
            office: Who reviews posts, None where nobody does.
            lead: How long before it is due a post is submitted [s].
        """
        for work in team:
            posts = work.assignments[: work.delivered]
            # A scandal of a second comes before what is due in it: it was put on the agenda first.
            waiting: list[simpy.Process] = []
            if work.scandal is not None:
                self.env.process(self._scandal(work, work.scandal, waiting))
            waiting += [self.env.process(self._post(work, number, office, lead)) for number in range(len(posts))]
            if work.delivered < len(work.assignments):
                self.env.process(self._drop_out(work))

    def sell(self, stock: Stock) -> None:
        """Let the stock run out and be filled again."""
        self._stock = stock
        if stock.units == 0:
            self.env.process(self._at(0, self._sold_out))

    def run(self) -> None:
        """Play everything up to the horizon, its own second included."""
        while True:
            next_second = min(self.env.peek(), self.horizon + 1)
            self.crowd.advance(int(next_second))
            if (second := self.crowd.sold_out()) is not None:
                _News(self.env, second + 1, self._sold_out)
            elif next_second > self.horizon:
                return
            else:
                self.env.step()

    def _at(self, second: int, act: Callable[[], None]) -> Process:
        yield self.env.timeout(max(second - self.now, 0))
        act()

    def _post(self, work: Work, number: int, office: Office | None, lead: int) -> Process:
        """Submit a post, wait until it is approved, and let it go out when it is due, or later."""
        its = work.assignments[number]
        try:
            yield self.env.timeout(its.due - (lead if office else 0) - self.now)
            if office:
                yield from office.approved(its.key, lambda what, value: self.note(what, work.name, number + 1, value))
                yield self.env.timeout(max(its.due - self.now, 0))
        except simpy.Interrupt:
            self.withdrawn.add(its.post)
            return
        self.published[its.post] = self.now
        self.crowd.publish(its.post, self.now)
        self.note("published", work.name, number + 1, (self.now - its.due) / 3600)
        if its.post in self.follow_ups:
            self.env.process(self.follow_ups[its.post]())

    def _drop_out(self, work: Work) -> Process:
        missing = work.assignments[work.delivered :]
        yield self.env.timeout(max(missing[0].due - self.now, 0))
        self.note("dropped_out", work.name, None, len(missing))

    def _scandal(self, work: Work, scandal: Scandal, posts: Sequence[simpy.Process]) -> Process:
        """Stop what is not out yet, and let what is out lose trust."""
        yield self.env.timeout(scandal.second - self.now)
        stopped = [process for process in posts if process.is_alive]
        for process in stopped:
            process.interrupt()
        for post, (click, order) in scandal.chances.items():
            self.crowd.change(post, click, order)
        self.disgraced.add(work.name)
        self.note("scandal", work.name, None, len(stopped))

    def _sold_out(self) -> None:
        self.sold_out_since = self.now
        self.note("sold_out")
        if self._stock is not None and self._stock.restock_units > 0:
            after = round(self._stock.restock_after_days * SECONDS_PER_DAY)
            self.env.process(self._at(self.now + after, self._restock))

    def _restock(self) -> None:
        assert self._stock is not None
        assert self.sold_out_since is not None
        self.crowd.restock(self._stock.restock_units)
        self._sold_out_seconds += self.now - self.sold_out_since
        self.sold_out_since = None
        self.note("restocked", value=self._stock.restock_units)


class _News(simpy.Event):
    """Something the crowd did, of which the campaign hears before it does anything in a second."""

    def __init__(self, env: simpy.Environment, second: int, hear: Callable[[], None]) -> None:
        """Put the news on SimPy's agenda."""
        super().__init__(env)
        self._ok, self._value = True, None
        assert self.callbacks is not None
        self.callbacks.append(lambda _: hear())
        priority: Any = _FIRST_OF_ITS_SECOND
        env.schedule(self, priority, second - env.now)
