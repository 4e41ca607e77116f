"""Reach: how it grows from day to day, and where it goes.

In: findings. Out: exhibits. Invariant: the lines are those of the timeline, at some hours, the last among them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.present import digits, scales, titles
from simulator.present.claims import Facts
from simulator.present.findings import Findings
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.pitch.ways import money_alt, money_table, reach_alt, reach_chart, reach_table
from simulator.present.reach_steps import Way, amount, money_title, reach_title, ways
from simulator.present.scales import Course

# Hours of the timeline that a chart holds at most, and plans of which it holds the band.
_PLACES, _MOST_BANDS = 120, 3
_ENDS = (("p90", "90% of plays below"), ("p10", "10% of plays below"))


def over_time(findings: Findings) -> Exhibit:
    """Show the median reach by day, and between which values most plays lie."""
    facts = findings.facts
    courses = {plan: scales.timeline_of(findings, plan, "reach") for plan in parts.shown(facts)}
    courses = {plan: course for plan, course in courses.items() if len(course["hour"])}
    ends = "; ".join(f"{facts.names[plan]} {_end_text(course)}" for plan, course in courses.items())
    of = "At the end of the only play" if facts.plays == 1 else "At the end, median and in brackets 80% of plays"
    told = f"{of}: {ends}."
    return Exhibit(
        "reach",
        titles.fitted(
            lambda longest: titles.reach_title(facts.summary, longest),
            lambda longest: titles.short_reach_title(facts.summary, longest),
        ),
        (told,),
        chart=_lines(facts, courses),
        picture="reach_over_time",
        alt=f"Lines of the people reached so far, by day. {told}",
        table=_table(facts, courses),
        notes=(
            "Reach counts different people of the market who saw the campaign at least once.",
            *parts.basis(facts),
            *parts.left_out(facts),
        ),
    )


def _end_text(course: Course) -> str:
    return _at_text(course, -1)


def _lines(facts: Facts, courses: dict[str, Course]) -> Chart | None:
    if not courses:
        return None
    hours = next(iter(courses.values()))["hour"]
    step = max(1, -(-(len(hours) - 1) // _PLACES))
    kept = np.unique([*range(0, len(hours), step), len(hours) - 1])
    series: list[Series] = []
    for place, plan in enumerate(courses):
        course, name = courses[plan], facts.names[plan]
        series.append(Series(name, tuple(course["p50"][kept].tolist()), colour=place))
        if len(courses) <= _MOST_BANDS:
            series += [
                Series(f"{name}, {what}", tuple(course[end][kept].tolist()), colour=place, dashed=True)
                for end, what in _ENDS
            ]
    along = Axis(titles.days_label(facts.summary))
    return Chart("lines", tuple(series), along, Axis("people reached"), at=tuple((hours[kept] / 24).tolist()))


def _table(facts: Facts, courses: dict[str, Course]) -> Table | None:
    """Give median and band at the end of each day, of long campaigns at eight days."""
    if not courses:
        return None
    hours = next(iter(courses.values()))["hour"]
    kept = np.unique(np.linspace(0, len(hours) - 1, 9).round().astype(int))[1:]
    rows = [
        (
            digits.tick_text(round(float(hours[place]) / 24, 1)),
            *(_at_text(course, place) for course in courses.values()),
        )
        for place in kept
    ]
    header = ("days", *(f"{facts.names[plan]}, median (10% to 90% of plays)" for plan in courses))
    return Table(header, tuple(rows), column_measures=("", *("reach" for _ in courses)))


def _at_text(course: Course, place: int) -> str:
    p10, p50, p90 = (digits.two_digits(course[key][place]) for key in ("p10", "p50", "p90"))
    return p50 if p10 == p90 else f"{p50} ({p10} to {p90})"


def waterfalls(findings: Findings) -> list[Exhibit]:
    """Show for each plan what becomes of advertised followers, the leading plan first; none for what is not known."""
    told = [way for way in ways(findings) if way.reach]
    return [_waterfall(findings, way, place) for place, way in enumerate(told, start=1)]


def _waterfall(findings: Findings, way: Way, place: int) -> Exhibit:
    name = "waterfall" if place == 1 else f"waterfall_{place}"
    after = ", ".join(f"{amount(step)} {step.label}" for step in way.funnel[1:])
    money = (f"{money_title(findings.facts, way)}.",) if way.money else ()
    reach, margin = reach_table(way), money_table(way)
    return Exhibit(
        name,
        titles.fitted(
            lambda longest: reach_title(_named(findings, way, longest)),
            lambda longest: reach_title(_named(findings, way, longest), short=True),
        ),
        (*((f"Then, per play: {after}.",) if after else ()), *money),
        chart=reach_chart(way),
        picture=name,
        alt=f"{reach_alt(way)} {money_alt(way) if way.money else ''}".strip(),
        table=Table(reach.header, reach.rows + margin.rows, row_measures=reach.row_measures + margin.row_measures),
        notes=(*way.notes, *parts.basis(findings.facts)),
        aside=place > 1,
    )


def _named(findings: Findings, way: Way, longest: int) -> Way:
    return replace(way, name=Facts(findings.summary, longest).names[way.plan])
