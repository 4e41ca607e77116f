"""The appendix: every estimate of every plan.

In: findings. Out: an exhibit. Invariant: each number has its interval and its unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from simulator.decide.objective import words_of
from simulator.present import digits
from simulator.present.claims import Facts
from simulator.present.findings import Findings
from simulator.present.glossary import Entry, glossary
from simulator.present.objectives import measure_unit
from simulator.present.pitch import parts
from simulator.present.pitch.exhibit import Exhibit, Table

# Groups of a plan's summary that hold estimates or means of one measure each.
_GROUPS = ("ratios", "long_run", "costs", "operations", "customers")
_THOUSANDS = 1_000.0


def appendix(findings: Findings) -> Exhibit:
    """List every estimate of every plan."""
    facts = findings.facts
    return Exhibit(
        "appendix",
        f"Every mean of {_which(len(facts.plans))}, with its interval",
        table=_table(facts),
        notes=(*(f"{digits.clean(text)}." for text in facts.summary["formulas"].values()), *parts.basis(facts)),
    )


def _which(plans: int) -> str:
    return {1: "the plan", 2: "both plans"}.get(plans, f"all {plans} plans")


def _table(facts: Facts) -> Table:
    known = glossary(facts.summary)
    found = {plan: dict(_estimates(facts.summary["strategies"][plan])) for plan in facts.plans}
    measures = list(dict.fromkeys(measure for its in found.values() for measure in its))
    told = [measure for measure in measures if any(_is_told(its.get(measure)) for its in found.values())] or measures
    rows = tuple(
        (_name(known, measure), *(_text(facts, found[plan].get(measure), measure) for plan in facts.plans))
        for measure in told
    )
    header = ("mean per play", *(facts.names[plan] for plan in facts.plans))
    return Table(header, rows, row_measures=tuple(told))


def _estimates(its: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the mean of each measure, then ratios and groups, by name."""
    for measure, estimates in its.items():
        if measure in _GROUPS:
            yield from ((key, found) for key, one in (estimates or {}).items() if (found := _estimate(one)))
        elif found := _estimate(estimates):
            yield measure, found


def _estimate(found: object) -> Mapping[str, Any] | None:
    """Give an estimate, or the mean of a measure; None of anything else."""
    if not isinstance(found, Mapping):
        return None
    inner = found.get("mean")
    one = inner if isinstance(inner, Mapping) else found
    return one if "value" in one and "low" in one else None


def _is_told(estimate: Mapping[str, Any] | None) -> bool:
    """Say whether an estimate is anything but 0 for certain, which is what is off."""
    return bool(estimate and (estimate["value"] or estimate["low"] or estimate["high"]))


def _name(known: Mapping[str, Entry], measure: str) -> str:
    return known[measure].name if measure in known else words_of(measure)


def _text(facts: Facts, estimate: Mapping[str, Any] | None, measure: str) -> str:
    if estimate is None:
        return ""
    unit = measure_unit(measure, facts.currency)
    # Of thousands nobody reads a tenth, however small the error.
    many = abs(estimate["value"] or 0.0) * unit.scale >= _THOUSANDS
    return digits.with_interval(estimate, replace(unit, most=min(unit.most, 0)) if many else unit)
