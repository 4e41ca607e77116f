"""Approval of content: calendars second by second, the queue against theory and a recursion, rounds, and withdrawals.

A check against a law is wrong about a right program with a probability of about 6.8e-6, at fixed seeds; beside it
stands the same check on a law that is wrong on purpose, which it must reject.

References:
    Erlang (1917), Solution of some problems in the theory of probabilities of significance in automatic telephone
    exchanges: the chance to wait and the mean wait in M/M/c.
    Kiefer, Wolfowitz (1955), On the theory of queues with many servers, Trans. AMS 78: waits as a recursion.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from market_helpers import P_BOUND, Values, distribution_agrees
from scipy import stats

from simulator.campaign.approval import MOST_ROUNDS, Office, WorkingTime
from simulator.scenario.section import WEEKDAYS, Constant, Exponential, Lognormal, PowerLaw
from simulator.scenario.strategy import Approval
from simulator.spread.conditions import quantile_seconds
from simulator.streams import extend_key, name_key, uniform

HOUR, DAY, WEEK = 3600, 86_400, 604_800
MONDAY, THURSDAY, FRIDAY, SATURDAY = 0, 3, 4, 5
CENTURY = 36_525 * DAY
ALL_DAYS = tuple(range(7))
ALWAYS_OPEN: Mapping[str, object] = {"working_hours": [0, 24], "working_days": list(WEEKDAYS)}
OFFICE_HOURS = WorkingTime(9 * HOUR, 17 * HOUR, (0, 1, 2, 3, 4), MONDAY)


def exactly(hours: float) -> dict[str, object]:
    """Give a delay that is always the same."""
    return {"dist": "constant", "hours": hours}


def on_average(hours: float) -> dict[str, object]:
    """Give a delay without memory."""
    return {"dist": "exponential", "mean_hours": hours}


def approval(**values: object) -> Approval:
    """Give one reviewer who takes three hours, Monday to Friday from 9 to 17, but for what is given."""
    return Approval.model_validate({"reviewers": 1, "review_hours": exactly(3), **values})


# Working time ------------------------------------------------------------------------------------------------


def seconds_at_work(time: WorkingTime, first_day: int, last_day: int) -> npt.NDArray[np.int64]:
    """Go through all seconds of some days and give those at which somebody works; weekdays are the calendar's."""
    day_0 = date(2024, 1, 1) + timedelta(days=time.start_weekday)  # 2024-01-01 was a Monday
    second_of_day = np.arange(DAY)
    is_open = (time.opens <= second_of_day) & (second_of_day < time.closes)
    return np.concatenate(
        [
            day * DAY + second_of_day[is_open]
            for day in range(first_day, last_day + 1)
            if (day_0 + timedelta(days=day)).weekday() in time.days
        ]
    )


def by_counting(at_work: npt.NDArray[np.int64], second: int, work: int) -> tuple[int, int]:
    """Give `next_open` and `after`, by counting seconds at work."""
    future = at_work[np.searchsorted(at_work, second) :]
    return int(future[0]), int(future[work - 1]) + 1 if work else int(future[0])


def a_calendar(rng: random.Random) -> WorkingTime:
    """Draw working hours that may be very short, go from midnight or up to it, and fall on any days."""
    opens = rng.choice([0, 9 * HOUR, DAY - 1, rng.randrange(DAY)])
    closes = min(rng.choice([opens + 1, opens + 7, DAY, rng.randint(opens + 1, DAY)]), DAY)
    days = sorted(rng.sample(ALL_DAYS, rng.randint(1, 7)))
    return WorkingTime(opens, closes, tuple(days), rng.randrange(7))


@pytest.mark.parametrize("seed", range(12))
def test_working_time_is_as_counted_second_by_second(seed: int) -> None:
    """Any calendar, before and after second 0, at its borders and within, is as when all seconds are gone through."""
    rng = random.Random(seed)
    time = a_calendar(rng)
    at_work = seconds_at_work(time, -15, 36)
    borders = [day * DAY + second for day in range(-14, 15) for second in (0, time.opens, time.closes)]
    starts = [border + offset for border in rng.sample(borders, 12) for offset in (-1, 0, 1)]
    for second in (*starts, *(rng.randrange(-14 * DAY, 15 * DAY) for _ in range(12))):
        a_day = time.closes - time.opens
        for work in (0, 1, a_day, rng.randint(0, 2 * a_day * len(time.days))):
            assert by_counting(at_work, second, work) == (time.next_open(second), time.after(second, work))


def test_counting_sees_a_wrong_calendar() -> None:
    """The count differs where one opens a second later, has another Saturday, or another first day."""
    at_work = seconds_at_work(OFFICE_HOURS, -15, 36)
    for wrong in (
        replace(OFFICE_HOURS, opens=9 * HOUR + 1),
        replace(OFFICE_HOURS, closes=17 * HOUR + 1),
        replace(OFFICE_HOURS, days=(0, 1, 2, 3, 4, 5)),
        replace(OFFICE_HOURS, start_weekday=1),
    ):
        given_by = [(wrong.next_open(s), wrong.after(s, 50 * HOUR)) for s in range(-WEEK, WEEK, HOUR)]
        assert given_by != [by_counting(at_work, s, 50 * HOUR) for s in range(-WEEK, WEEK, HOUR)]


def test_working_time_by_hand() -> None:
    """Monday to Friday from 9 to 17: work that fills a day ends at its closing time, and more goes on the next day."""
    friday = 4 * DAY
    next_monday = 7 * DAY
    assert 9 * HOUR == OFFICE_HOURS.next_open(0) == OFFICE_HOURS.next_open(9 * HOUR)
    assert 17 * HOUR - 1 == OFFICE_HOURS.next_open(17 * HOUR - 1)
    assert DAY + 9 * HOUR == OFFICE_HOURS.next_open(17 * HOUR)
    assert next_monday + 9 * HOUR == OFFICE_HOURS.next_open(friday + 17 * HOUR) == OFFICE_HOURS.next_open(6 * DAY)
    assert 9 * HOUR == OFFICE_HOURS.next_open(-1) == OFFICE_HOURS.next_open(-2 * DAY)
    assert -3 * DAY + 16 * HOUR == OFFICE_HOURS.next_open(-3 * DAY + 16 * HOUR)  # a Friday
    assert 17 * HOUR == OFFICE_HOURS.after(0, 8 * HOUR)
    assert DAY + 9 * HOUR + 1 == OFFICE_HOURS.after(0, 8 * HOUR + 1)
    assert next_monday + 10 * HOUR == OFFICE_HOURS.after(friday + 16 * HOUR, 2 * HOUR)
    assert 9 * HOUR == OFFICE_HOURS.after(-DAY, 0)
    assert 999 * WEEK + friday + 17 * HOUR == OFFICE_HOURS.after(0, 40_000 * HOUR)
    thursday_first = replace(OFFICE_HOURS, start_weekday=THURSDAY)
    assert 4 * DAY + 9 * HOUR == thursday_first.after(DAY + 17 * HOUR, 0)


@settings(derandomize=True, max_examples=300)
@given(
    st.integers(0, 10**6),
    st.integers(-5000 * DAY, 5000 * DAY),
    st.integers(0, 10**10),
    st.integers(1, 10**10),
    st.integers(0, 1000),
)
def test_long_work_is_the_sum_of_its_parts(seed: int, second: int, first: int, then: int, weeks: int) -> None:
    """Work may be split anywhere, whole weeks of it shift by weeks, and nothing is slower than at full time."""
    time = a_calendar(random.Random(seed))
    a_week = (time.closes - time.opens) * len(time.days)
    end = time.after(second, first + then)
    assert end == time.after(time.after(second, first), then)
    assert end + weeks * WEEK == time.after(second, first + then + weeks * a_week)
    assert end + weeks * WEEK == time.after(second + weeks * WEEK, first + then)
    assert end - second >= first + then
    assert time.next_open(end - 1) == end - 1  # it ends with a second of work


@settings(derandomize=True)
@given(st.integers(-(10**10), 10**10), st.integers(0, 10**10), st.integers(0, 6))
def test_around_the_clock_is_addition(second: int, work: int, start_weekday: int) -> None:
    """Whoever works all hours of all days begins at once and ends when the work is done."""
    always = WorkingTime.of(approval(**ALWAYS_OPEN), start_weekday)
    assert second == always.next_open(second)
    assert second + work == always.after(second, work)


def test_working_time_is_read_from_the_scenario() -> None:
    """Days may be named in any order and twice; hours that round to no second have one."""
    days = ["fri", "mon", "fri"]
    assert WorkingTime(9 * HOUR, 17 * HOUR, ALL_DAYS[:5], 2) == WorkingTime.of(approval(), 2)
    read = WorkingTime.of(approval(working_hours=[9.5, 12.01], working_days=days), SATURDAY)
    assert WorkingTime(34_200, 43_236, (MONDAY, FRIDAY), SATURDAY) == read
    for hours, opens in (([9, 9.00001], 9 * HOUR), ([23.99999, 24], DAY - 1), ([0, 1e-9], 0)):
        assert WorkingTime(opens, opens + 1, (0,), 0) == WorkingTime.of(
            approval(working_hours=hours, working_days=["mon"]), 0
        )


# An office that is watched -----------------------------------------------------------------------------------

Event = tuple[int, str, float | None]  # when [s], what, value


class LastFirst(simpy.Resource):
    """Reviewers who take the post that came last, which is wrong."""

    class PutQueue(list[Any]):
        """The last in the list comes first."""

        def append(self, item: object) -> None:
            """Put a request before all others."""
            self.insert(0, item)


@dataclass
class Watched:
    """An office, what it noted of each post, and what its processes returned [s]."""

    env: simpy.Environment
    office: Office
    events: dict[str, list[Event]] = field(default_factory=dict)
    waited: dict[str, int] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)

    @property
    def wait_hours(self) -> float | None:
        """Give the mean wait of a submission so far [hours]."""
        return self.office.review_wait_hours(int(self.env.now))

    def process(self, name: str, second: int, key: int) -> Generator[simpy.Event, Any, None]:
        """Submit a post at its second, and stop where it is withdrawn."""
        log = self.events.setdefault(name, [])
        try:
            yield self.env.timeout(second - self.env.now)
            self.waited[name] = yield from self.office.approved(
                key, lambda what, value: log.append((int(self.env.now), what, value))
            )
        except simpy.Interrupt:
            self.withdrawn[name] = int(self.env.now)

    def withdrawal(self, process: simpy.Process, second: int) -> Generator[simpy.Event, Any, None]:
        """Withdraw a post at a second, if it is not approved by then."""
        yield self.env.timeout(second - self.env.now)
        if process.is_alive:
            process.interrupt("scandal")

    def at(self, name: str, what: str) -> list[int]:
        """Give when something happened to a post [s]."""
        return [second for second, happened, _ in self.events[name] if happened == what]

    def begun(self, name: str) -> int:
        """Give when the review of a post of one round began [s]."""
        return self.at(name, "submitted")[0] + self.waited[name]


def key_of(name: str) -> int:
    """Give the name of a post."""
    return name_key(5, "post", name)


def watch(
    section: Approval,
    submissions: Mapping[str, int],
    send_back: float = 0.0,
    withdrawals: Mapping[str, int] | None = None,
    start_weekday: int = MONDAY,
    resource: Callable[[simpy.Environment, int], simpy.Resource] | None = None,
) -> Watched:
    """Let posts be submitted and withdrawn at their seconds, until nothing is left to do."""
    env = simpy.Environment(initial_time=min(submissions.values()))
    watched = Watched(env, Office(env, section, start_weekday, send_back))
    if resource:
        watched.office._reviewers = resource(env, section.reviewers)
    for name, second in submissions.items():
        process = env.process(watched.process(name, second, key_of(name)))
        if withdrawals and name in withdrawals:
            env.process(watched.withdrawal(process, withdrawals[name]))
    env.run()
    return watched


# By hand -----------------------------------------------------------------------------------------------------


def test_two_posts_one_reviewer_and_a_closing_time() -> None:
    """Friday at 13 and 14 h, three hours each: the first is done at 16 h, the second is in hand over the weekend.

    A third of Friday, 18 h, waits for it until Monday at 11 h.
    """
    friday, monday = 4 * DAY, 7 * DAY
    submitted = {"a": friday + 13 * HOUR, "b": friday + 14 * HOUR, "c": friday + 18 * HOUR}
    watched = watch(approval(), submitted)
    assert {
        "a": [(submitted["a"], "submitted", None), (friday + 16 * HOUR, "approved", 0.0)],
        "b": [(submitted["b"], "submitted", None), (monday + 11 * HOUR, "approved", 2.0)],
        "c": [(submitted["c"], "submitted", None), (monday + 14 * HOUR, "approved", 65.0)],
    } == watched.events
    assert {"a": 0, "b": 2 * HOUR, "c": 65 * HOUR} == watched.waited
    assert 67 / 3 == pytest.approx(watched.wait_hours or 0, abs=0)


def test_work_that_ends_at_closing_time_lets_nobody_in() -> None:
    """A review from 14 to 17 h ends on the day; whoever waits begins in the morning."""
    watched = watch(approval(), {"a": 14 * HOUR, "b": 14 * HOUR})
    assert [17 * HOUR] == watched.at("a", "approved")
    assert [DAY + 12 * HOUR] == watched.at("b", "approved")
    assert 19 * HOUR == watched.waited["b"]


def test_a_post_submitted_before_the_start_and_at_night() -> None:
    """On the Saturday before day 0: it waits for Monday morning, and the other reviewer takes the next one then."""
    saturday = -2 * DAY + 20 * HOUR
    watched = watch(approval(reviewers=2), {"a": saturday, "b": saturday + HOUR, "c": saturday + 2 * HOUR})
    assert {"a": 37 * HOUR, "b": 36 * HOUR, "c": 38 * HOUR} == watched.waited
    assert [[12 * HOUR], [12 * HOUR], [15 * HOUR]] == [watched.at(name, "approved") for name in "abc"]


def test_the_weekday_of_day_0_counts() -> None:
    """Where day 0 is a Saturday, a post of its noon waits for day 2."""
    watched = watch(approval(), {"a": 12 * HOUR}, start_weekday=SATURDAY)
    assert [2 * DAY + 12 * HOUR] == watched.at("a", "approved")


def test_a_post_sent_back_waits_again() -> None:
    """Reviewed from 9 h for three hours, reworked for ten by the clock, and the next round waits for the morning."""
    once = next(f"post {i}" for i in range(999) if is_sent_back(f"post {i}", 0) and not is_sent_back(f"post {i}", 1))
    watched = watch(approval(rework_hours=exactly(10)), {once: 8 * HOUR}, send_back=0.5)
    assert [
        (8 * HOUR, "submitted", None),
        (12 * HOUR, "sent_back", None),
        (22 * HOUR, "submitted", None),
        (DAY + 12 * HOUR, "approved", 12.0),
    ] == watched.events[once]
    assert 12 * HOUR == watched.waited[once]
    assert watched.wait_hours == 6.0  # of two submissions


def test_equal_seconds_queue_in_the_order_of_processes() -> None:
    """Of posts submitted in the same second the one whose process was made first is reviewed first."""
    watched = watch(approval(**ALWAYS_OPEN), dict.fromkeys("cab", 0))
    assert [0, 3 * HOUR, 6 * HOUR] == [watched.begun(name) for name in "cab"]


def test_a_first_submission_goes_before_one_of_the_same_second_that_comes_back() -> None:
    """Sent back at 3 h and reworked until 13 h, it waits for the post that is first submitted then."""
    back = next(f"post {i}" for i in range(999) if is_sent_back(f"post {i}", 0) and not is_sent_back(f"post {i}", 1))
    new = next(f"post {i}" for i in range(999) if not is_sent_back(f"post {i}", 0))
    section = approval(**ALWAYS_OPEN, rework_hours=exactly(10))
    watched = watch(section, {back: 0, new: 13 * HOUR}, send_back=0.5)
    assert [0, 13 * HOUR] == watched.at(back, "submitted")
    assert {back: 3 * HOUR, new: 0} == watched.waited


def test_who_still_waits_counts_with_the_wait_so_far() -> None:
    """The mean wait is empty before the first submission, and grows while a post waits for the morning."""
    env = simpy.Environment(initial_time=-DAY)
    watched = Watched(env, Office(env, approval(), MONDAY, 0.0))
    assert watched.wait_hours is None
    env.process(watched.process("a", -DAY, 1))
    env.run(until=9 * HOUR)
    assert watched.wait_hours == 33.0
    env.run(until=9 * HOUR + 60)
    assert watched.wait_hours == 33.0


# Withdrawn posts ---------------------------------------------------------------------------------------------


def test_a_post_withdrawn_in_review_frees_its_reviewer() -> None:
    """The next post is served in the same second; the one withdrawn is not approved."""
    watched = watch(approval(**ALWAYS_OPEN), {"a": 0, "b": 1}, withdrawals={"a": HOUR})
    assert {"a": HOUR} == watched.withdrawn
    assert ["submitted"] == [what for _, what, _ in watched.events["a"]]
    assert HOUR == watched.begun("b")
    assert [4 * HOUR] == watched.at("b", "approved")


def test_a_post_withdrawn_in_the_queue_leaves_it() -> None:
    """Who waited behind it is served when its turn would have been; its wait is nobody's."""
    watched = watch(approval(**ALWAYS_OPEN), {"a": 0, "b": 1, "c": 2}, withdrawals={"b": HOUR})
    assert 3 * HOUR == watched.begun("c")
    assert (3 * HOUR - 2) / 2 / HOUR == watched.wait_hours


def test_a_post_withdrawn_in_the_second_of_its_turn() -> None:
    """The slot that it was just given goes to the next one, in the same second."""
    for second in (3 * HOUR - 1, 3 * HOUR, 3 * HOUR + 1):
        watched = watch(approval(**ALWAYS_OPEN), {"a": 0, "b": 1, "c": 2}, withdrawals={"b": second})
        assert max(second, 3 * HOUR) == watched.begun("c")
        assert 0 == watched.office._reviewers.count == len(watched.office._reviewers.queue)


def test_a_post_withdrawn_at_night_in_hand_or_during_rework() -> None:
    """In the hands of a reviewer who sleeps it counts for no wait; during its rework it holds nobody up."""
    watched = watch(approval(), {"a": 0, "b": 1}, withdrawals={"a": HOUR})
    assert 9 * HOUR == watched.begun("b")
    assert (9 * HOUR - 1) / HOUR == watched.wait_hours
    section = approval(**ALWAYS_OPEN, rework_hours=exactly(100))
    watched = watch(section, {"a": 0}, send_back=1.0, withdrawals={"a": 50 * HOUR})
    assert [(0, "submitted", None), (3 * HOUR, "sent_back", None)] == watched.events["a"]
    assert {"a": 50 * HOUR} == watched.withdrawn


@pytest.mark.parametrize("seed", range(3))
def test_no_reviewer_is_lost_by_withdrawals(seed: int) -> None:
    """After many withdrawals at any second all reviewers are free, and every other post is approved."""
    rng = random.Random(seed)
    submissions = {f"{i}": rng.randrange(3 * DAY) for i in range(120)}
    withdrawals = {name: second + rng.randrange(2 * DAY) for name, second in submissions.items() if rng.random() < 0.4}
    section = approval(reviewers=3, review_hours=on_average(2), rework_hours=on_average(4))
    watched = watch(section, submissions, send_back=0.3, withdrawals=withdrawals)
    assert 0 == watched.office._reviewers.count == len(watched.office._reviewers.queue)
    assert set(submissions) == set(watched.withdrawn) ^ set(watched.waited)
    assert 10 < len(watched.withdrawn) < len(withdrawals)


# Rounds ------------------------------------------------------------------------------------------------------


def is_sent_back(name: str, number: int, probability: float = 0.5) -> bool:
    """Say whether a round's own number sends a post back."""
    return uniform(extend_key(key_of(name), "send back", number)) < probability


def rounds_of(name: str, probability: float) -> int:
    """Give how many rounds a post has by its own numbers."""
    return next((i + 1 for i in range(MOST_ROUNDS) if not is_sent_back(name, i, probability)), MOST_ROUNDS)


@cache
def rounds_played(probability: float, posts: int) -> dict[str, int]:
    """Give how many rounds posts had that met no queue."""
    section = approval(reviewers=posts, **ALWAYS_OPEN, rework_hours=exactly(1))
    watched = watch(section, {f"{i}": 0 for i in range(posts)}, send_back=probability)
    assert watched.wait_hours == 0
    return {name: len(watched.at(name, "submitted")) for name in watched.events}


def rounds_agree(rounds: Sequence[int], probability: float) -> bool:
    """Say whether numbers of rounds agree with a geometric law (chi squared; fails wrongly at most 6.8e-6)."""
    counts = Counter(min(number, 6) for number in rounds)
    law = [(1 - probability) * probability**i for i in range(5)]
    expected = np.array([*law, 1 - sum(law)]) * len(rounds)
    return bool(stats.chisquare([counts[i] for i in range(1, 7)], expected).pvalue >= P_BOUND)


def test_rounds_follow_the_posts_own_numbers() -> None:
    """Each review asks one named number whether it sends the post back."""
    assert {f"{i}": rounds_of(f"{i}", 0.3) for i in range(2000)} == rounds_played(0.3, 2000)


def test_rounds_are_geometric() -> None:
    """The number of rounds has the law of independent reviews, and not that of slightly stricter or milder ones."""
    rounds = list(rounds_played(0.3, 2000).values())
    assert rounds_agree(rounds, 0.3)
    assert not rounds_agree(rounds, 0.37)
    assert not rounds_agree(rounds, 0.23)


def test_the_last_round_approves() -> None:
    """Content that is always sent back goes through in round 20; content that never is, in the first."""
    section = approval(**ALWAYS_OPEN, review_hours=exactly(1), rework_hours=exactly(2))
    watched = watch(section, {"a": 0}, send_back=1.0)
    assert 20 == len(watched.at("a", "submitted")) == MOST_ROUNDS
    assert 19 == len(watched.at("a", "sent_back"))
    assert [(20 + 19 * 2) * HOUR] == watched.at("a", "approved")
    assert "approved" == watched.events["a"][-1][1]
    assert 1 == len(watch(section, {"a": 0}, send_back=0.0).at("a", "submitted"))


# Times and names ---------------------------------------------------------------------------------------------


def test_quantiles_of_each_law() -> None:
    """Medians by hand, and a tail too long for a number is infinite."""
    power = PowerLaw(dist="power_law", flat_minutes=5.0, exponent=1.0)
    assert 2 * HOUR == quantile_seconds(Constant(dist="constant", hours=2.0), 0.5)
    assert 2 * HOUR * math.log(2) == pytest.approx(
        quantile_seconds(Exponential(dist="exponential", mean_hours=2.0), 0.5)
    )
    assert 2 * HOUR == pytest.approx(quantile_seconds(Lognormal(dist="lognormal", median_hours=2.0, sigma=1.5), 0.5))
    assert [150, 300, 600] == pytest.approx([quantile_seconds(power, u) for u in (0.25, 0.5, 0.75)])
    endless = PowerLaw(dist="power_law", flat_minutes=5.0, exponent=0.001)
    assert math.isinf(quantile_seconds(endless, 1 - 2**-53))


def test_reviews_and_reworks_have_their_laws() -> None:
    """Both are exponential with their own means, by names of their own; the same check rejects a mean 40% longer."""
    section = approval(reviewers=1000, **ALWAYS_OPEN, review_hours=on_average(5), rework_hours=on_average(50))
    watched = watch(section, {f"{i}": 0 for i in range(1000)}, send_back=1.0)
    first = [watched.at(name, "sent_back")[0] for name in watched.events]
    rework = [watched.at(name, "submitted")[1] - watched.at(name, "sent_back")[0] for name in watched.events]
    for sample, mean in ((first, 5 * HOUR), (rework, 50 * HOUR)):
        assert distribution_agrees(sample, exponential(mean))
        assert not distribution_agrees(sample, exponential(1.4 * mean))
    assert abs(stats.spearmanr(first, rework).statistic) * math.sqrt(1000) < 4.5


def test_each_round_asks_its_own_name() -> None:
    """Reviews and reworks of all rounds are the numbers of these names, each another one."""
    section = approval(**ALWAYS_OPEN, review_hours=on_average(5), rework_hours=on_average(50))
    watched = watch(section, {"a": 0}, send_back=1.0)
    submitted, sent_back = watched.at("a", "submitted"), watched.at("a", "sent_back")
    ended = [*sent_back, *watched.at("a", "approved")]
    reviews = [later - earlier for later, earlier in zip(ended, submitted, strict=True)]
    reworks = [later - earlier for later, earlier in zip(submitted[1:], sent_back, strict=True)]
    assert [named("review", 5.0, i) for i in range(20)] == reviews
    assert [named("rework", 50.0, i) for i in range(19)] == reworks
    assert 39 == len({*reviews, *reworks})


def named(what: str, mean_hours: float, number: int) -> int:
    """Give how long something takes in a round of post a, by its name [s]."""
    law = Exponential(dist="exponential", mean_hours=mean_hours)
    return round(quantile_seconds(law, uniform(extend_key(key_of("a"), what, number))))


def exponential(mean: float) -> Callable[[Values], Values]:
    """Give the distribution function of delays without memory."""
    return lambda t: np.asarray(-np.expm1(-t / mean))


def test_work_takes_a_second_at_least_and_a_century_at_most() -> None:
    """No work takes no time, and a delay too long for a number is a whole number of seconds all the same."""
    quick = watch(approval(**ALWAYS_OPEN, review_hours=exactly(0), rework_hours=exactly(0)), {"a": 0}, send_back=1.0)
    assert [20 + 19] == quick.at("a", "approved")
    endless: dict[str, object] = {"dist": "power_law", "flat_minutes": 6e6, "exponent": 0.001}
    slow = watch(approval(**ALWAYS_OPEN, review_hours=endless), {"a": 0})
    assert [CENTURY] == slow.at("a", "approved")
    never = watch(approval(working_hours=[9, 9.0003], working_days=["mon"], review_hours=endless), {"a": 0})
    assert [(CENTURY - 1) * WEEK + 9 * HOUR + 1] == never.at("a", "approved")


def luck(watched: Watched, name: str) -> tuple[int, list[int], int]:
    """Give what a post's own names decide: its rounds, each rework, and the work of all its reviews together [s]."""
    submitted, sent_back = watched.at(name, "submitted"), watched.at(name, "sent_back")
    reworks = [later - earlier for later, earlier in zip(submitted[1:], sent_back, strict=True)]
    in_review = watched.at(name, "approved")[0] - submitted[0] - sum(reworks) - watched.waited[name]
    return len(submitted), reworks, in_review


def test_other_posts_and_other_reviewers_change_only_the_queue() -> None:
    """With more posts, in another order, with more reviewers and at another time a post's luck is its own."""
    section = approval(**ALWAYS_OPEN, review_hours=on_average(3), rework_hours=on_average(9))
    alone = {f"{i}": watch(section, {f"{i}": 100 * i}, send_back=0.4) for i in range(12)}
    mine = {name: luck(watched, name) for name, watched in alone.items()}
    several = watch(section, {name: 100 * i for i, name in enumerate(alone)}, send_back=0.4)
    others = {f"other {i}": 50 * i for i in range(20)}
    crowded = watch(section, {**others, **dict.fromkeys(reversed(alone), -DAY)}, send_back=0.4)
    many = watch(section.model_copy(update={"reviewers": 40}), {**dict.fromkeys(alone, 7), **others}, send_back=0.4)
    for watched in (several, crowded, many):
        assert mine == {name: luck(watched, name) for name in alone}
    assert 0 == sum(many.waited.values())
    waits = [sum(watched.waited[name] for name in alone) for watched in (several, crowded)]
    assert 0 < waits[0] < waits[1]
    assert max(rounds for rounds, _, _ in mine.values()) > 1


# The queue against a recursion ---------------------------------------------------------------------------------


def beginnings(
    submitted: Sequence[int], work: Sequence[int], time: WorkingTime, reviewers: int
) -> tuple[list[int], list[int]]:
    """Give when each review begins and ends: who comes next takes who is free first [s]."""
    free = [submitted[0]] * reviewers
    begun, done = [], []
    for arrival, its_work in zip(submitted, work, strict=True):
        begun.append(time.next_open(max(arrival, heapq.heappop(free))))
        done.append(time.after(begun[-1], its_work))
        heapq.heappush(free, done[-1])
    return begun, done


@pytest.mark.parametrize("reviewers", [1, 2, 5])
@pytest.mark.parametrize(
    "hours", [ALWAYS_OPEN, {}, {"working_hours": [0, 0.5]}, {"working_hours": [22, 24], "working_days": ["sun"]}]
)
def test_every_review_begins_as_in_the_recursion(reviewers: int, hours: Mapping[str, object]) -> None:
    """First come, first served, in working time: each beginning and each end to the second, ties included."""
    rng = random.Random(reviewers)
    submitted = sorted(rng.randrange(-DAY, 2 * DAY) // HOUR * HOUR for _ in range(150))
    law = Lognormal(dist="lognormal", median_hours=1.5, sigma=0.8)
    section = approval(reviewers=reviewers, review_hours=law.model_dump(), **hours)
    work = [round(quantile_seconds(law, uniform(extend_key(key_of(f"{i}"), "review", 0)))) for i in range(150)]
    begun, done = beginnings(submitted, work, WorkingTime.of(section, FRIDAY), reviewers)
    for resource in (None, LastFirst):
        watched = watch(section, {f"{i}": s for i, s in enumerate(submitted)}, start_weekday=FRIDAY, resource=resource)
        as_watched = [watched.begun(f"{i}") for i in range(150)]
        assert (begun == as_watched) == (resource is None)
        assert (done == [watched.at(f"{i}", "approved")[0] for i in range(150)]) == (resource is None)
        if resource is None:
            wait = sum(b - s for b, s in zip(begun, submitted, strict=True))
            assert wait / 150 / HOUR == watched.wait_hours


# The queue against Erlang's law ------------------------------------------------------------------------------

SERVICE = 10 * HOUR  # mean review [s]; long, so that rounding to seconds does not matter


def mean_wait(reviewers: int, load: float) -> float:
    """Give the mean wait in M/M/c around the clock, in mean reviews (Erlang C); load is arrivals per mean review."""
    blocked = 1.0
    for servers in range(1, reviewers + 1):
        blocked = load * blocked / (servers + load * blocked)
    waits = blocked / (1 - load / reviewers * (1 - blocked))
    return waits / (reviewers - load)


@dataclass
class Stream:
    """Posts that come at random, in cycles: one begins with a post that finds the office empty."""

    office: Office
    in_office: int = 0
    cycles: list[list[int]] = field(default_factory=list)

    def arrivals(self, env: simpy.Environment, load: float, cycles: int) -> Generator[simpy.Event, Any, None]:
        """Submit posts, independently, until so many cycles are over."""
        number = 0
        while True:
            gap = -math.log(uniform(name_key(1, "gap", number))) * SERVICE / load
            yield env.timeout(round(gap))
            if self.in_office == 0:
                if len(self.cycles) == cycles:
                    return
                self.cycles.append([])
            env.process(self.post(name_key(1, "post", number), self.cycles[-1]))
            number += 1
            self.in_office += 1

    def post(self, key: int, waits: list[int]) -> Generator[simpy.Event, Any, None]:
        """Wait for approval."""
        waits.append((yield from self.office.approved(key, lambda _what, _value: None)))
        self.in_office -= 1


@cache
def cycles_of(reviewers: int, load: float, cycles: int) -> tuple[tuple[int, ...], ...]:
    """Give the waits of all posts [s], by cycle; cycles are independent of each other and have one law."""
    env = simpy.Environment()
    section = approval(reviewers=reviewers, review_hours=on_average(SERVICE / HOUR), **ALWAYS_OPEN)
    stream = Stream(Office(env, section, MONDAY, 0.0))
    env.process(stream.arrivals(env, load, cycles))
    env.run()
    return tuple(tuple(waits) for waits in stream.cycles)


def wait_agrees(cycles: Sequence[Sequence[int]], mean: float) -> bool:
    """Say whether the mean wait agrees with a law's, in mean reviews.

    The sum over a cycle of (wait - mean wait of the law) has mean 0, also for a queue that starts empty. A t test over
    50 batches of cycles fails for a right queue with probability 6.8e-6, about.
    """
    over = np.array([sum(waits) / SERVICE - mean * len(waits) for waits in cycles])
    return bool(stats.ttest_1samp(over.reshape(50, -1).sum(axis=1), 0.0).pvalue >= P_BOUND)


@pytest.mark.parametrize(("reviewers", "load", "cycles"), [(1, 0.7, 15_000), (3, 2.1, 4000)])
def test_mean_wait_is_erlangs(reviewers: int, load: float, cycles: int) -> None:
    """At 70% utilisation; not that of one reviewer more, nor that of a tenth less or more content."""
    played = cycles_of(reviewers, load, cycles)
    assert wait_agrees(played, mean_wait(reviewers, load))
    assert not wait_agrees(played, mean_wait(reviewers + 1, load))
    assert not wait_agrees(played, mean_wait(reviewers, 0.9 * load))
    assert not wait_agrees(played, mean_wait(reviewers, 1.1 * load))


def test_erlangs_law_by_hand() -> None:
    """One reviewer: load / (1 - load); two at load 1: a third of a review."""
    assert 0.7 / 0.3 == pytest.approx(mean_wait(1, 0.7))
    assert 1 / 3 == pytest.approx(mean_wait(2, 1.0))
