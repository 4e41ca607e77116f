"""The campaign as SimPy processes: posts are reviewed and go out, creators drop out, scandals and stock-outs happen.

In: a SimPy environment that counts whole seconds, a crowd, and what each creator is to do. Out: `Campaign`, which
knows afterwards what went out when and what else happened; the crowd has been played up to the horizon. Invariant:
the crowd has played every second before t when the campaign does something at t, and what the campaign does at t
holds for what the crowd sees from t on. What the crowd did in second t reaches the campaign at t + 1, before
anything else of that second; in which order the campaign itself acts within a second says `agenda.py`.

Every chance decision was made before, by name: when a scandal would come, how many posts a creator delivers.
The queue of reviewers is in `approval.py`, what the platform adds in `discovery.py`, what money buys in `paid.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from simulator.campaign.agenda import Moment, Turn
from simulator.campaign.approval import Office
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.scenario.strategy import Stock
from simulator.spread.conditions import Counts, Effect, Seconds, Strangers
from simulator.spread.rules import FRESH
from simulator.spread.tally import Tally

Process = Generator[simpy.Event, Any, None]


class Crowd(Protocol):
    """What the campaign needs of a clock that plays the crowd."""

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from a second on."""

    def show(self, post: int, source: int, count: int, second: int, to: Strangers, delay: Seconds) -> int:
        """Show a post to so many strangers, from a second on, and give how many were found.

        The source is the platform or paid media.
        """

    def change(self, post: int, effect: Effect) -> None:
        """Change what a post's impressions lead to, from now on."""

    def lose_goodwill(self, creator: int, second: int, kept: int) -> None:
        """Let everybody who saw a post of a creator, by its row, keep only a part of their goodwill.

        The part is in units of 2**-31; impressions of this second come after.
        """

    def restock(self, units: int) -> None:
        """Add to the stock."""

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`, but none after the second in which the stock runs out."""

    def take_sold_out(self) -> int | None:
        """Give the second in which the stock ran out, once, after it did."""

    def attention(self, post: int) -> float:
        """Give the impressions of a post so far, each counted as far as its viewer was not tired."""

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
        effects: What each of the creator's posts leads to from then on, by its index.
        creator: Row of the creator in `Tally.reach_by_creator`.
        goodwill_left: What stays of the goodwill of everybody who saw a post of the creator, in units of 2**-31.
    """

    second: int
    effects: dict[int, Effect]
    creator: int = 0
    goodwill_left: int = FRESH


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
    """One line of a campaign's log.

    Attributes:
        second: When [s].
        what: One of these, and what its value is: submitted; sent_back; approved (hours it waited for reviewers);
            published (hours later than planned); dropped_out (posts not delivered); scandal (posts stopped); discovery
            (impressions on strangers); paid (money spent); paused (money not spent); sold_out; restocked (units).
        who: A creator, the ads, or nobody.
        number: Of the creator's post, from 1.
    """

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
        stock_outs: How often the stock ran out.
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
        self.stock_outs = 0
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
        delivered = [(work, number) for work in team for number in range(work.delivered)]
        # Who submits in the same second queues by the posts' names, so no creator is always the last.
        delivered.sort(key=lambda its: its[0].assignments[its[1]].key)
        waiting: dict[str, list[simpy.Process]] = {work.name: [] for work in team}
        for work, number in delivered:
            waiting[work.name].append(self.env.process(self._post(work, number, office, lead)))
        for work in team:
            if work.scandal is not None:
                self.env.process(self._scandal(work, work.scandal, waiting[work.name]))
            if work.delivered < len(work.assignments):
                self.env.process(self._drop_out(work))

    def sell(self, stock: Stock) -> None:
        """Let the stock run out and be filled again."""
        self._stock = stock
        if stock.units == 0:
            self._tell_sold_out(0)

    def run(self) -> None:
        """Play everything up to the horizon, its own second included."""
        while True:
            next_second = min(self.env.peek(), self.horizon + 1)
            self.crowd.advance(int(next_second))
            if (second := self.crowd.take_sold_out()) is not None:
                self._tell_sold_out(second + 1)
            elif next_second > self.horizon:
                return
            else:
                self.env.step()

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
        yield Moment(self.env, scandal.second, Turn.SCANDAL)
        stopped = [process for process in posts if process.is_alive]
        for process in stopped:
            process.interrupt()
        for post, effect in scandal.effects.items():
            self.crowd.change(post, effect)
        if scandal.goodwill_left < FRESH:
            self.crowd.lose_goodwill(scandal.creator, self.now, scandal.goodwill_left)
        self.disgraced.add(work.name)
        self.note("scandal", work.name, None, len(stopped))

    def _tell_sold_out(self, second: int) -> None:
        news = Moment(self.env, second, Turn.NEWS)
        assert news.callbacks is not None
        news.callbacks.append(lambda _: self._sold_out())

    def _sold_out(self) -> None:
        self.sold_out_since = self.now
        self.stock_outs += 1
        self.note("sold_out")
        if self._stock is not None and self._stock.restock_units > 0:
            self.env.process(self._restock())

    def _restock(self) -> Process:
        assert self._stock is not None
        yield Moment(self.env, self.now + round(self._stock.restock_after_days * SECONDS_PER_DAY), Turn.RESTOCK)
        assert self.sold_out_since is not None
        self.crowd.restock(self._stock.restock_units)
        self._sold_out_seconds += self.now - self.sold_out_since
        self.sold_out_since = None
        self.note("restocked", value=self._stock.restock_units)
