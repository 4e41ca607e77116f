"""What happens beside posting, and what a campaign leaves behind.

In: findings. Out: exhibits, or None where nothing is to be told. Invariant: every sentence names its plan.
"""

from __future__ import annotations

from simulator.present import digits, titles
from simulator.present.claims import Facts
from simulator.present.findings import Findings
from simulator.present.long_run import (
    MONTHS_AFTER,
    assumptions,
    has_long_run,
    long_run_lines,
    long_run_title,
    over_time,
    short_long_run_title,
)
from simulator.present.operations_lines import operations_lines, operations_title
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table

_FACE = 4


def long_run(findings: Findings) -> Exhibit | None:
    """Show ROI at the end of the campaign and months after it."""
    if not has_long_run(findings.summary):
        return None
    facts = findings.facts
    told = parts.lines_of(facts, long_run_lines)
    ends = "; ".join(f"{facts.names[plan]} {_course_text(facts, plan)}" for plan in _with_roi(facts))
    return Exhibit(
        "long_run",
        titles.fitted(
            lambda longest: long_run_title(facts.summary, longest),
            lambda longest: short_long_run_title(facts.summary, longest),
        ),
        tuple(over_time(facts)[:_FACE]),
        chart=_lines(facts),
        picture="long_run",
        alt=f"Lines of mean ROI at the end of the campaign and 3, 6 and 12 months after it: {ends}.",
        table=_table(facts),
        details=(*told, *assumptions(facts.summary)),
        notes=(*parts.basis(facts, "roi_over_time"), *assumptions(facts.summary)),
    )


def _with_roi(facts: Facts) -> list[str]:
    return [plan for plan in parts.shown(facts) if facts.mean(plan)["value"] is not None]


def _course_text(facts: Facts, plan: str) -> str:
    return ", ".join(digits.with_interval(facts.mean(plan, key), digits.PER_ONE) for key in MONTHS_AFTER.values())


def _lines(facts: Facts) -> Chart | None:
    plans = parts.shown(facts)
    series = tuple(_course(facts, plan, plans.index(plan)) for plan in _with_roi(facts))
    if not series:
        return None
    along = Axis("months after the campaign")
    return Chart(
        "lines", series, along, Axis("mean ROI", digits.PER_ONE), at=tuple(float(months) for months in MONTHS_AFTER)
    )


def _course(facts: Facts, plan: str, colour: int) -> Series:
    means = [facts.mean(plan, key) for key in MONTHS_AFTER.values()]
    return parts.estimates_series(facts.names[plan], means, digits.PER_ONE, colour)


def _table(facts: Facts) -> Table:
    keys = ("roi", *MONTHS_AFTER.values())
    header = (
        "mean ROI",
        "campaign's own",
        *("at its end" if not months else f"{months} months after" for months in MONTHS_AFTER),
    )
    rows = tuple(
        (facts.names[plan], *(digits.with_interval(facts.mean(plan, key), digits.PER_ONE) for key in keys))
        for plan in facts.plans
    )
    return Table(header, rows, column_measures=("", *keys))


def operations(findings: Findings) -> Exhibit | None:
    """Say what happens beside posting: approval, who shows posts, stock, returns, scandals."""
    facts = findings.facts
    told = [] if findings.operations is None else parts.lines_of(facts, operations_lines)
    title = titles.fitted(lambda longest: operations_title(Facts(facts.summary, longest)))
    if not told or not title:
        return None
    plays = "one play of each plan" if len(facts.plans) > 1 else "one play"
    return Exhibit(
        "operations",
        title,
        tuple(told[:_FACE]),
        picture="operations",
        alt=f"The course of {plays}, day by day. Over all plays: {' '.join(told)}",
        table=_told_table(told),
        details=tuple(told[_FACE:]),
        notes=parts.basis(facts),
        aside=True,
    )


def _told_table(told: list[str]) -> Table:
    """Give each sentence a row, by its plan."""
    return Table(("plan", "over all plays"), tuple(tuple(line.split(": ", 1)) for line in told))
