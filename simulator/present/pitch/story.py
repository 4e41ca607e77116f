"""Which exhibits there are, and in which order they are told.

In: findings. Out: a `Story`. Invariants: the answer comes first; an exhibit whose question was not asked is not there,
and `missing` says how to ask it; the same findings give the same story.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from simulator.present import digits
from simulator.present.findings import Findings
from simulator.present.glossary import glossary
from simulator.present.pitch.answer import answer
from simulator.present.pitch.appendix import appendix
from simulator.present.pitch.assumptions import assumptions, every_input
from simulator.present.pitch.creators import creators
from simulator.present.pitch.dial import dial, frontier
from simulator.present.pitch.doubts import doubts, variance
from simulator.present.pitch.exhibit import Exhibit, Story
from simulator.present.pitch.goal import target
from simulator.present.pitch.later import long_run, operations
from simulator.present.pitch.missing import missing
from simulator.present.pitch.parts import plays_text
from simulator.present.pitch.plans import money, plans
from simulator.present.pitch.reach import over_time, waterfalls
from simulator.present.pitch.returns import chances, returns
from simulator.present.pitch.sureness import sureness
from simulator.present.pitch.traces import cascades


def story(findings: Findings) -> Story:
    """Tell what was found."""
    summary, known = findings.summary, glossary(findings.summary, findings.decisions)
    exhibits = (
        answer(findings),
        plans(findings),
        returns(findings),
        chances(findings),
        over_time(findings),
        *waterfalls(findings),
        money(findings),
        dial(findings),
        frontier(findings),
        target(findings),
        *creators(findings),
        long_run(findings),
        operations(findings),
        *cascades(findings),
        doubts(findings),
        variance(findings),
        sureness(findings),
        assumptions(findings),
        _beside(every_input(findings)),
        appendix(findings),
    )
    return Story(
        title=digits.clean(summary.get("title") or summary["scenario"]),
        subtitle=digits.clean(summary["scenario"]),
        origin=f"scenario hash {summary['hash'][:8]} | seed {summary['seed']} | {plays_text(summary)}",
        exhibits=tuple(_explained(exhibit, known) for exhibit in exhibits if exhibit is not None),
        missing=missing(findings),
    )


def _beside(exhibit: Exhibit | None) -> Exhibit | None:
    return exhibit and replace(exhibit, aside=True)


def _explained(exhibit: Exhibit, known: Container[str]) -> Exhibit:
    """Name of its table those measures only that the glossary explains."""
    if exhibit.table is None:
        return exhibit
    rows, columns = (
        tuple(measure if measure in known else "" for measure in measures)
        for measures in (exhibit.table.row_measures, exhibit.table.column_measures)
    )
    return replace(exhibit, table=replace(exhibit.table, row_measures=rows, column_measures=columns))
