"""Approval of content before it goes out: who reviews it, when they work, and how often it is sent back.

In: a SimPy environment that counts whole seconds, the section `[approval]` and how likely a review sends a post back.
Out: for each post the second at which it is approved, and how long it waited. Invariants: a reviewer has one post in
hand at a time and works in working hours only; how long reviews and reworks of a post take and in which rounds it is
sent back comes from its own name, so strategies that hire its creator differ in the queue only.

A queue of calls in line, first come, first served, for c servers. Second 0 is midnight at the start of day 0, and
seconds before it are negative, because content is submitted before it is to go out. Whoever waits does so by the
clock: hours in which nobody works are waited, too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import simpy

from simulator.scenario.section import SECONDS_PER_DAY, WEEKDAYS
from simulator.scenario.strategy import Approval
from simulator.spread.conditions import DelayLaw, quantile_seconds
from simulator.streams import extend_key, uniform

Note = Callable[[str, float | None], None]

# The last round approves, or a post that is sent back with certainty would never go out.
MOST_ROUNDS = 20
_SECONDS_PER_HOUR = 3600
_SECONDS_PER_WEEK = 7 * SECONDS_PER_DAY
# A century, longer than any campaign: work that takes longer is as good as never done.
_LONGEST = 36_525 * SECONDS_PER_DAY


@dataclass(frozen=True)
class WorkingTime:
    """When reviewers work: the same hours on some days of every week.

    Working seconds are numbered through all weeks, from 0 at the first one of the week that holds day 0, and negative
    before it. So a jump over any number of weeks is a division.

    Attributes:
        opens: Second of the day at which they begin.
        closes: Second of the day from which they do not work, later than `opens`.
        days: Weekdays on which they work, rising, 0 for Monday.
        start_weekday: The weekday of day 0.
    """

    opens: int
    closes: int
    days: tuple[int, ...]
    start_weekday: int

    @classmethod
    def of(cls, approval: Approval, start_weekday: int) -> WorkingTime:
        """Read the working time of a scenario; hours are rounded to seconds, and a day has at least one of them."""
        begin, end = (round(hours * _SECONDS_PER_HOUR) for hours in approval.working_hours)
        opens = min(begin, SECONDS_PER_DAY - 1)
        days = sorted({WEEKDAYS.index(day) for day in approval.working_days})
        return cls(opens, max(end, opens + 1), tuple(days), start_weekday)

    def next_open(self, second: int) -> int:
        """Give the first second, from a given one on, at which reviewers work [s]."""
        return self._second_of(self._worked_before(second))

    def after(self, second: int, work_seconds: int) -> int:
        """Give the first second at which so much working time has passed since `next_open(second)` [s].

        Args:
            second: From when on they work.
            work_seconds: How long, at least 0 [s].
        """
        if work_seconds == 0:
            return self.next_open(second)
        return self._second_of(self._worked_before(second) + work_seconds - 1) + 1

    @property
    def _per_day(self) -> int:
        return self.closes - self.opens

    def _worked_before(self, second: int) -> int:
        """Give the number of the first working second that is not before a given second."""
        day, in_day = divmod(second + self.start_weekday * SECONDS_PER_DAY, SECONDS_PER_DAY)
        week, weekday = divmod(day, 7)
        place = bisect_left(self.days, weekday)
        worked_today = min(max(in_day - self.opens, 0), self._per_day) if weekday in self.days else 0
        return (week * len(self.days) + place) * self._per_day + worked_today

    def _second_of(self, number: int) -> int:
        """Give the second that is the working second of a number."""
        days, in_day = divmod(number, self._per_day)
        week, place = divmod(days, len(self.days))
        day = self.days[place] - self.start_weekday
        return week * _SECONDS_PER_WEEK + day * SECONDS_PER_DAY + self.opens + in_day


class Office:
    """The reviewers of one play, and the queue of posts before them.

    Submissions of the same second queue in the order in which SimPy plays them, which breaks ties by insertion: first
    submissions in the order in which the processes of the posts were made, where each waits for its submission in one
    timeout that it asks for when it begins; then those that come back from rework, in the order in which they were
    sent back.
    """

    def __init__(
        self, env: simpy.Environment, approval: Approval, start_weekday: int, send_back_probability: float
    ) -> None:
        """Open the office.

        Args:
            env: Counts whole seconds; submissions may lie before second 0.
            approval: Who reviews how long, and when.
            start_weekday: The weekday of day 0, 0 for Monday.
            send_back_probability: What turned out for `approval.send_back_probability` in this replication.
        """
        self._env = env
        self._approval = approval
        self._send_back_probability = send_back_probability
        self._working_time = WorkingTime.of(approval, start_weekday)
        self._reviewers = simpy.Resource(env, approval.reviewers)
        self._begun = 0
        self._waited = 0
        self._waiting: dict[simpy.Event, int] = {}

    def review_wait_hours(self, until: int) -> float | None:
        """Give how long a submission waited for a reviewer, on average [hours]; None where there was none.

        Each round is a submission of its own. One that still waits counts with its wait so far, or who waits longest
        would be left out; one whose post was withdrawn while it waited is left out.

        Args:
            until: The second that it is [s].
        """
        waited = self._waited + sum(until - submitted for submitted in self._waiting.values())
        submissions = self._begun + len(self._waiting)
        return waited / submissions / _SECONDS_PER_HOUR if submissions else None

    def approved(self, post_key: int, note: Note) -> Generator[simpy.Event, Any, int]:
        """Submit a post now and take it through its rounds; to be used with `yield from` in the post's own process.

        There are at most `MOST_ROUNDS` rounds, and the last one always approves. An interrupt passes through, and the
        post leaves the queue, or the hands of its reviewer, who is free at once.

        Args:
            post_key: Name of the post in its replication.
            note: Is told "submitted" and "sent_back" as they happen in each round, and "approved" with the hours that
                the post waited in all of them.

        Returns:
            How long the post waited for reviewers in all rounds, each from its submission until a review began [s].
        """
        waited = 0
        for number in range(MOST_ROUNDS):
            note("submitted", None)
            waited += yield from self._reviewed(_drawn(self._approval.review_hours, post_key, "review", number))
            if number == MOST_ROUNDS - 1 or not self._is_sent_back(post_key, number):
                break
            note("sent_back", None)
            yield self._env.timeout(_drawn(self._approval.rework_hours, post_key, "rework", number))
        note("approved", waited / _SECONDS_PER_HOUR)
        return waited

    def _reviewed(self, work: int) -> Generator[simpy.Event, Any, int]:
        """Wait for a reviewer and for the review, and give how long the first took [s].

        A reviewer who is free at night takes the post and begins in the morning; one who has it in hand keeps it over
        nights and weekends.
        """
        submitted = int(self._env.now)
        with self._reviewers.request() as reviewer:
            self._waiting[reviewer] = submitted
            try:
                yield reviewer
                begin = self._working_time.next_open(int(self._env.now))
                yield self._env.timeout(begin - int(self._env.now))
            finally:
                del self._waiting[reviewer]
            self._begun += 1
            self._waited += begin - submitted
            yield self._env.timeout(self._working_time.after(begin, work) - begin)
        return begin - submitted

    def _is_sent_back(self, post_key: int, number: int) -> bool:
        return uniform(extend_key(post_key, "send back", number)) < self._send_back_probability


def _drawn(law: DelayLaw, post_key: int, what: str, number: int) -> int:
    """Draw how long something takes in a round, counted from 0: whole seconds, at least 1 [s]."""
    seconds = quantile_seconds(law, uniform(extend_key(post_key, what, number)))
    return round(min(max(seconds, 1), _LONGEST))
