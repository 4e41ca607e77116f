"""What happened in one play of a strategy, read from its log, and the sentences that say it.

In: the log of one replication, a row per happening. Out: a `Log`: posts with their waiting, what else happened, when
there was nothing to sell; and findings, the gravest first. Invariants: a sentence says what happened in this play and
nothing about others; rows of a kind that is not known change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.present import digits, scales
from simulator.present.digits import count
from simulator.scenario.strategy import ADS

if TYPE_CHECKING:
    from simulator.study.results import Study

# Hours from which on a duration is told in days.
_LONG = 48.0
_LONGEST_NAME = 24
# Of fewer late posts than this, the latest is told, not the middle.
_FEW = 4

Rows = Sequence[Mapping[str, Any]]
Period = tuple[float, float]


@dataclass(frozen=True)
class Post:
    """One post of a creator, with the days on which something happened to it.

    Attributes:
        who: Its creator.
        submitted: When it was first handed in, None where nobody reviews.
        sent_back: When reviewers sent it back.
        ready: When it no longer waited for reviewers: approved, out, stopped by a scandal, or the play is over.
        published: When it went out, None where it never did.
        late: By how much that was later than planned [hours].
        waits: Whether it still waited for reviewers when the play was over.
    """

    who: str
    submitted: float | None
    sent_back: tuple[float, ...]
    ready: float
    published: float | None
    late: float
    waits: bool


class Happening(NamedTuple):
    """Something that is no step of a post: when, to whom, and how much."""

    day: float
    who: str
    value: float


@dataclass(frozen=True)
class Log:
    """What happened in one play of a strategy.

    Attributes:
        end: The day on which the play is over.
        posts: In the order in which they first appear.
        scandals: With the posts that each stopped.
        dropped: Creators who dropped out, with the posts that are missing.
        discovery: What the platform showed to strangers, in impressions.
        paid: What was spent on paid impressions, in money.
        paused: What was not spent on them while there was nothing to sell, in money.
        restocked: With the units that came in.
        sold_out: From when to when there was nothing to sell.
    """

    end: float
    posts: tuple[Post, ...]
    scandals: tuple[Happening, ...]
    dropped: tuple[Happening, ...]
    discovery: tuple[Happening, ...]
    paid: tuple[Happening, ...]
    paused: tuple[Happening, ...]
    restocked: tuple[Happening, ...]
    sold_out: tuple[Period, ...]

    @property
    def out(self) -> list[Post]:
        """Give the posts that went out."""
        return [post for post in self.posts if post.published is not None]

    @property
    def late(self) -> list[Post]:
        """Give the posts that went out later than planned."""
        return [post for post in self.out if post.late > 0]

    @property
    def reviewed(self) -> bool:
        """Say whether anybody reviews posts; nothing else makes them late."""
        return any(post.submitted is not None or post.late > 0 for post in self.posts)

    @property
    def eventful(self) -> bool:
        """Say whether anything went otherwise than planned."""
        return bool(self.scandals or self.dropped or self.late or self.sold_out or self.paused)

    @property
    def creators(self) -> list[str]:
        """Give the creators to whom anything happened, the first one first."""
        first: dict[str, float] = {}
        steps = [(post.who, _first_day(post)) for post in self.posts]
        others = [(it.who, it.day) for it in (*self.scandals, *self.dropped, *self.discovery) if it.who != ADS]
        for who, day in [*steps, *others]:
            first[who] = min(day, first.get(who, day))
        return sorted(first, key=lambda who: (first[who], who))

    @property
    def days(self) -> list[float]:
        """Give every day on which something happened."""
        happenings = (*self.scandals, *self.dropped, *self.discovery, *self.paid, *self.paused, *self.restocked)
        steps = [_first_day(post) for post in self.posts] + [post.published or 0.0 for post in self.posts]
        return [*steps, *(it.day for it in happenings), *(day for period in self.sold_out for day in period)]

    def of(self, who: str) -> Log:
        """Keep what happened to one creator; the stock belongs to none."""

        def its(happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
            return tuple(it for it in happenings if it.who == who)

        return replace(
            self,
            posts=tuple(post for post in self.posts if post.who == who),
            scandals=its(self.scandals),
            dropped=its(self.dropped),
            discovery=its(self.discovery),
            paid=its(self.paid),
            paused=its(self.paused),
            restocked=(),
            sold_out=(),
        )


def _first_day(post: Post) -> float:
    return min(day for day in (post.submitted, post.published, post.ready) if day is not None)


def replication_of(study: Study) -> int:
    """Say which replication the log is of."""
    return int(study.operations["replication"][0].as_py())


def log_of(study: Study, plan: str, names: Mapping[str, str] | None = None) -> Log:
    """Read what happened to a strategy; creators may be given other names."""
    table = scales.rows_of(study.operations, strategy=plan).to_pylist()
    called = [{**row, "who": (names or {}).get(row["who"], row["who"])} for row in table]
    return read_log(called, float(study.summary["horizon_days"]))


def read_log(lines: Rows, horizon_days: float) -> Log:
    """Read what happened in one play, line by line, up to the horizon."""
    rows = sorted(lines, key=lambda row: float(row["day"]))
    end = max([horizon_days, *(float(row["day"]) for row in rows)])

    def happenings(what: str) -> tuple[Happening, ...]:
        return tuple(
            Happening(row["day"], row["who"] or "", row["value"] or 0.0) for row in rows if row["what"] == what
        )

    return Log(
        end=end,
        posts=_posts(rows, happenings("scandal"), end),
        scandals=happenings("scandal"),
        dropped=happenings("dropped_out"),
        discovery=happenings("discovery"),
        paid=happenings("paid"),
        paused=happenings("paused"),
        restocked=happenings("restocked"),
        sold_out=tuple(_sold_out(rows, end)),
    )


_STEPS = ("submitted", "sent_back", "approved", "published")


def _posts(rows: Rows, scandals: Iterable[Happening], end: float) -> tuple[Post, ...]:
    steps: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["what"] in _STEPS and row["who"] != ADS:
            steps.setdefault((row["who"] or "", row["post"] or 0), []).append(row)
    stopped = {it.who: it.day for it in reversed(list(scandals))}
    return tuple(_post(who, its, stopped.get(who), end) for (who, _), its in steps.items())


def _post(who: str, steps: Rows, stopped: float | None, end: float) -> Post:
    days = {what: [float(row["day"]) for row in steps if row["what"] == what] for what in _STEPS}
    published = min(days["published"], default=None)
    late = max((float(row["value"] or 0.0) for row in steps if row["what"] == "published"), default=0.0)
    done = days["approved"][-1:] + days["published"] + ([] if stopped is None else [max(stopped, steps[0]["day"])])
    return Post(
        who=who,
        submitted=min(days["submitted"], default=None),
        sent_back=tuple(days["sent_back"]),
        ready=min(done, default=end),
        published=published,
        late=late,
        waits=not done,
    )


def _sold_out(rows: Rows, end: float) -> Iterable[Period]:
    since: float | None = None
    for row in rows:
        if row["what"] == "sold_out" and since is None:
            since = row["day"]
        elif row["what"] == "restocked" and since is not None:
            yield since, row["day"]
            since = None
    if since is not None:
        yield since, end


# ---- what is said of it


class Finding(NamedTuple):
    """A sentence about one play, and how grave it is: 0 is the gravest."""

    rank: int
    text: str


def findings(log: Log, unit: digits.Unit) -> list[Finding]:
    """Say what happened, the gravest first.

    Args:
        log: What happened.
        unit: Of money.
    """
    said = (
        _nothing_to_sell_text,
        _scandal_text,
        _sold_out_text,
        _late_text,
        _dropped_text,
        _waiting_text,
        _on_time_text,
    )
    found = [Finding(rank, text) for rank, say in enumerate(said) if (text := say(log))]
    if not found and log.paid:
        found = [Finding(len(said), _paid_text(log, unit))]
    return found or [Finding(len(said) + 1, "no post went out")]


def _nothing_to_sell_text(log: Log) -> str:
    if not _began_empty(log):
        return ""
    until = log.sold_out[0][1]
    if until >= log.end:
        return "there was never anything to sell"
    again = "" if len(log.sold_out) == 1 else ", nor later for a while"
    return f"there was nothing to sell for the first {duration_text(24 * until)}{again}"


def _began_empty(log: Log) -> bool:
    return bool(log.sold_out) and log.sold_out[0][0] <= 0


def _scandal_text(log: Log) -> str:
    if not log.scandals:
        return ""
    first, many = log.scandals[0], len(log.scandals)
    who = f"a scandal of {digits.shortened(first.who, _LONGEST_NAME)} on {day_text(first.day)}"
    what = who if many == 1 else f"{count(many)} scandals, the first on {day_text(first.day)},"
    return f"{what} stopped {_some(sum(it.value for it in log.scandals), 'post')}"


def _sold_out_text(log: Log) -> str:
    if not log.sold_out or _began_empty(log):
        return ""
    since, until = log.sold_out[0]
    if len(log.sold_out) == 1 and until >= log.end:
        return f"sold out from {day_text(since)} to the end"
    return f"sold out on {day_text(since)}, {sold_out_for(log)}{_in_all(log)}"


def sold_out_for(log: Log) -> str:
    """Say how long there was nothing to sell: "for 3.2 days"; a stock that is filled again at once is out as well."""
    hours = sold_out_hours(log)
    return f"for {duration_text(hours)}" if hours else "for a moment"


def _in_all(log: Log) -> str:
    times = len(log.sold_out)
    return "" if times == 1 else f"{' in all' if sold_out_hours(log) else ''} ({count(times)} times)"


def _late_text(log: Log) -> str:
    out, late = len(log.out), [post.late for post in log.late]
    if not late:
        return ""
    if out == 1:
        return f"the only post that went out was {duration_text(late[0])} late"
    were = "was" if len(late) == 1 else "were"
    which = f"{count(len(late))} of the {count(out)}" if len(late) < out else f"all {count(out)}"
    return f"{which} posts that went out {were} late, {_by_how_much(late)}"


def _by_how_much(late: Sequence[float]) -> str:
    if len(late) < _FEW:
        return f"by {'' if len(late) == 1 else 'up to '}{duration_text(max(late))}"
    return f"half of them by {duration_text(median(late))} or more"


def _dropped_text(log: Log) -> str:
    if not log.dropped:
        return ""
    missing = sum(it.value for it in log.dropped)
    lost = f"{_some(missing, 'post')} {'is' if missing == 1 else 'are'} missing"
    return f"{_some(len(log.dropped), 'creator')} dropped out and {lost}"


def _waiting_text(log: Log) -> str:
    waiting = sum(post.waits for post in log.posts)
    were = "was" if waiting == 1 else "were"
    return f"{_some(waiting, 'post')} {were} still not approved at the end" if waiting else ""


def _on_time_text(log: Log) -> str:
    if log.late or not log.out:
        return ""
    if not log.reviewed:
        return _out_text(log)
    every = {1: "the only post", 2: "both posts"}.get(len(log.out), f"all {count(len(log.out))} posts")
    if missing := _missing(log):
        return f"{_some(len(log.out), 'post')} went out on time, {count(missing)} never did"
    return f"{every} that went out {'was' if len(log.out) == 1 else 'were'} on time"


def _missing(log: Log) -> float:
    return sum(it.value for it in (*log.scandals, *log.dropped)) + sum(post.waits for post in log.posts)


def _out_text(log: Log) -> str:
    """Say how many posts went out where nothing could make them late."""
    who = f" of {_some(len({post.who for post in log.out}), 'creator')}"
    missing = _missing(log)
    return f"{_some(len(log.out), 'post')}{who} went out{f', {count(missing)} never did' if missing else ''}"


def _paid_text(log: Log, unit: digits.Unit) -> str:
    first, last = day_text(log.paid[0].day), day_text(log.paid[-1].day)
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{money_text(sum(it.value for it in log.paid), unit)} bought impressions {when}"


def sold_out_hours(log: Log) -> float:
    """Give how long there was nothing to sell [hours]."""
    return 24 * sum(until - since for since, until in log.sold_out)


def _some(number: float, thing: str) -> str:
    many = "no" if number == 0 else count(number)
    return f"{many} {thing}{'' if number in (0, 1) else 's'}"


def day_text(day: float) -> str:
    """Name the day into which a time falls; day 0 begins at the start.

    >>> day_text(3.4), day_text(-0.2)
    ('day 3', 'day -1')
    """
    return f"day {math.floor(day):,}"


def duration_text(hours: float) -> str:
    """Write a duration with two digits, in hours or days.

    >>> duration_text(5.04), duration_text(1.0), duration_text(77), duration_text(0.2)
    ('5 hours', '1 hour', '3.2 days', '12 minutes')
    """
    if hours < 1:
        number, thing = hours * 60, "minute"
    else:
        number, thing = (hours, "hour") if hours < _LONG else (hours / 24, "day")
    rounded = float(f"{number:.2g}")
    return f"{digits.tick_text(rounded)} {thing}{'' if rounded == 1 else 's'}"


def money_text(amount: float, unit: digits.Unit) -> str:
    """Write an amount with as many digits as one looks at: three."""
    return digits.tick_text(float(f"{amount:.3g}"), unit)
