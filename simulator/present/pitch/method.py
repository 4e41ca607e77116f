"""How the numbers came about: plays, markets, formulas.

In: findings. Out: an exhibit. Invariant: the formulas are those of the summary, word for word.
"""

from __future__ import annotations

from simulator.present import digits
from simulator.present.evidence import evidence_line
from simulator.present.findings import Findings
from simulator.present.pitch import parts
from simulator.present.pitch.exhibit import Exhibit, Table


def method(findings: Findings) -> Exhibit:
    """Say how the numbers came about."""
    facts, summary = findings.facts, findings.summary
    level = float(facts.mean(facts.plans[0], "profit").get("level", 0.95))
    evidence = evidence_line(summary)
    return Exhibit(
        "method",
        f"Every number is from {parts.plays_text(summary)}, in which all plans meet the same luck"
        if len(facts.plans) > 1
        else f"Every number is from {parts.plays_text(summary)}",
        (
            "A play is one campaign in a synthetic market: luck decides for each person who sees, clicks and orders.",
            f"Intervals are {digits.plain(100 * level, 0)}% and hold for {digits.clean(summary['conditional_on'])}.",
            *([evidence] if evidence else []),
        ),
        table=Table(("number", "formula"), tuple(_formula(text) for text in summary["formulas"].values())),
        notes=parts.basis(facts),
    )


def _formula(text: str) -> tuple[str, str]:
    name, _, formula = digits.clean(text).partition(" = ")
    return name, formula
