"""The answer: which plan, how sure, and what it holds for.

In: findings. Out: an exhibit. Invariant: nothing is said here that `words.answer` does not say.
"""

from __future__ import annotations

from simulator.present import digits, titles, words
from simulator.present.findings import Findings
from simulator.present.hiring import account_sizes
from simulator.present.pitch import parts
from simulator.present.pitch.exhibit import Exhibit
from simulator.present.plan_rows import plan_rows

_MEASURES = ("roi", "profit")


def answer(findings: Findings) -> Exhibit:
    """Give the answer, with the mean ROI of each plan."""
    facts, summary = findings.facts, findings.summary
    told = words.answer(summary, account_sizes(findings.creators.to_pylist()))
    face = words.face_lines(summary)
    return Exhibit(
        "answer",
        titles.fitted(
            lambda longest: titles.roi_title(summary, longest), lambda longest: titles.short_roi_title(summary, longest)
        ),
        tuple(face),
        chart=parts.means_chart(facts, "roi", digits.PER_ONE, "mean ROI", "bars"),
        alt=f"Bars of the mean ROI of each plan with its interval: {parts.means_text(facts, 'roi', digits.PER_ONE)}.",
        table=parts.by_plan_table(facts, [row for row in plan_rows(facts) if row.measure in _MEASURES]),
        details=tuple(line for line in told.sentences if line not in face),
        notes=(*parts.basis(facts, "roi"), *parts.left_out(facts), *findings.notes),
    )
