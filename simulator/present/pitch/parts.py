"""What several exhibits are made of: plans to draw, numbers with their intervals, tables and texts of them.

In: facts. Out: series, tables, sentences. Invariants: a plan has one place in the brand's colours wherever it is
drawn; where plans are left out, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from simulator.present import digits
from simulator.present.claims import Facts
from simulator.present.digits import Estimate, Unit
from simulator.present.findings import Summary
from simulator.present.pitch.chart import Axis, Chart, Colour, Kind, Series
from simulator.present.pitch.exhibit import Table
from simulator.present.plan_rows import PlanRow
from simulator.present.scales import left_out_notes, plans_to_show

# Plans that one chart holds.
MOST_PLANS = 6


def shown(facts: Facts) -> list[str]:
    """Choose the plans that a chart holds; their places are their colours."""
    return plans_to_show(facts.summary, MOST_PLANS)


def left_out(facts: Facts) -> list[str]:
    """Say it where charts do not hold all plans."""
    return left_out_notes(facts.summary, shown(facts))


def means_chart(facts: Facts, measure: str, unit: Unit, name: str, kind: Kind = "columns") -> Chart:
    """Draw the mean of a measure, with its interval, plan by plan."""
    plans = shown(facts)
    means = [facts.mean(plan, measure) for plan in plans]
    series = estimates_series(name, means, unit, tuple(range(len(plans))))
    return Chart(kind, (series,), Axis(""), Axis(name, unit), tuple(facts.names[plan] for plan in plans))


def estimates_series(
    name: str, estimates: Sequence[Estimate], unit: Unit, colour: Colour | tuple[Colour, ...] = 0
) -> Series:
    """Make a row of estimates with their intervals, each labelled with as many digits as its own allows."""
    return labelled_series(name, estimates, tuple(estimate_text(its, unit) for its in estimates), colour)


def labelled_series(
    name: str, estimates: Sequence[Estimate], labels: tuple[str, ...] = (), colour: Colour | tuple[Colour, ...] = 0
) -> Series:
    """Make a row of estimates with their intervals and these labels."""
    values, low, high = (tuple(its.get(end) for its in estimates) for end in ("value", "low", "high"))
    return Series(name, values, low, high, colour, labels)


def estimate_text(estimate: Estimate, unit: Unit) -> str:
    """Write a value for a chart: amounts from ten thousand on in thousands."""
    ends = [estimate.get(end) for end in ("low", "value", "high")]
    return digits.value_text(estimate, digits.compact_unit(unit, *ends) if unit.scale == 1.0 else unit)


def means_text(facts: Facts, measure: str, unit: Unit, plans: Iterable[str] | None = None) -> str:
    """Write the means of plans with their intervals, as they follow a colon."""
    each = shown(facts) if plans is None else plans
    return "; ".join(f"{facts.names[plan]} {digits.with_interval(facts.mean(plan, measure), unit)}" for plan in each)


def plans_table(facts: Facts, rows: Sequence[PlanRow], plans: Sequence[str] | None = None) -> Table:
    """Give a row for each measure and a column for each plan."""
    columns = facts.plans if plans is None else plans
    return Table(
        ("per play", *(facts.names[plan] for plan in columns)),
        tuple((_flat(row.name), *(row.text(facts, plan) for plan in columns)) for row in rows),
        row_measures=tuple(row.key or row.measure for row in rows),
    )


def by_plan_table(facts: Facts, rows: Sequence[PlanRow]) -> Table:
    """Give a row for each plan and a column for each measure."""
    return Table(
        ("plan", *(_flat(row.name) for row in rows)),
        tuple((facts.names[plan], *(row.text(facts, plan) for row in rows)) for plan in facts.plans),
        column_measures=("", *(row.key or row.measure for row in rows)),
    )


def _flat(name: str) -> str:
    return name.replace("\n", " ")


def lines_of(facts: Facts, *tell: Callable[[Summary, str], str | list[str]]) -> list[str]:
    """Give what is told of each plan, plan by plan; what says nothing is left out."""
    found: list[str] = []
    for plan in facts.plans:
        for telling in tell:
            told = telling(facts.summary, plan)
            found += [told] if isinstance(told, str) else told
    return [line for line in found if line]


def plays_text(summary: Summary) -> str:
    """Say how many plays in how many markets."""
    plays, markets = (int(summary[key]) for key in ("replications", "markets"))
    each = f"{digits.count(plays)} play{'' if plays == 1 else 's'}"
    return f"{each} in {digits.count(markets)} market{'' if markets == 1 else 's'}"


def basis(facts: Facts, *formulas: str) -> tuple[str, ...]:
    """Say what numbers rest on: formulas, plays, markets."""
    told = [digits.clean(facts.summary["formulas"][key]) for key in formulas if key in facts.summary["formulas"]]
    of = " of each plan; all plans meet the same markets and the same luck" if len(facts.plans) > 1 else ""
    plays = f"{plays_text(facts.summary)}{of}."
    return (*(f"{formula}." for formula in told), plays)
