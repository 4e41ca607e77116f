"""Where reach and money go, as what an exhibit is made of: a chart, tables, and both in words.

In: a `Way` of `reach_steps`. Out: its waterfall, its tables and what stands in place of a picture. Invariant: what is
written at a step is what the sentences say of it.
"""

from __future__ import annotations

from simulator.present import digits
from simulator.present.digits import NUMBER, Unit
from simulator.present.pitch.chart import Axis, Chart, Colour, Series
from simulator.present.pitch.exhibit import Table
from simulator.present.reach_steps import Step, Steps, Way, amount, as_estimate, colour_of


def reach_chart(way: Way) -> Chart:
    """Give the steps of reach as a waterfall."""
    return _chart(way.reach, Axis("people per play"), NUMBER)


def _chart(steps: Steps, across: Axis, unit: Unit) -> Chart:
    colours: tuple[Colour, ...] = tuple(colour_of(step) for step in steps)
    known = [step.estimate if step.total and step.estimate else {} for step in steps]
    series = Series(
        "per play",
        tuple(step.value for step in steps),
        tuple(its.get("low") for its in known),
        tuple(its.get("high") for its in known),
        colours,
        tuple(amount(step, unit) for step in steps),
    )
    totals = frozenset(step.label for step in steps if step.total)
    return Chart("waterfall", (series,), Axis("step"), across, tuple(step.label for step in steps), totals=totals)


def reach_table(way: Way) -> Table:
    """Give every number from advertised followers to incremental orders."""
    return _table((*way.reach, *(way.funnel[1:] if way.reach else way.funnel)), NUMBER)


def money_table(way: Way) -> Table:
    """Give every number from incremental margin to profit."""
    return _table(way.money, digits.money_unit(way.currency))


def _table(steps: Steps, unit: Unit) -> Table:
    rows = tuple((step.label, digits.value_text(as_estimate(step), unit), _interval(step, unit)) for step in steps)
    measures = tuple(step.key if step.estimate else "" for step in steps)
    return Table(("step", "mean per play", "interval"), rows, measures)


def _interval(step: Step, unit: Unit) -> str:
    return digits.interval_text(step.estimate, unit) if step.estimate is not None else "no interval"


def reach_alt(way: Way) -> str:
    """Say in words what the waterfall and the funnel show."""
    after = ", ".join(f"{amount(step)} {step.label}" for step in way.funnel[1:])
    return f"Waterfall of people, means per play of {way.name}: {_told(way.reach, NUMBER)}. After that: {after}."


def money_alt(way: Way) -> str:
    """Say in words what the waterfall of money shows."""
    return f"Waterfall of money, means per play of {way.name}: {_told(way.money, digits.money_unit(way.currency))}."


def _told(steps: Steps, unit: Unit) -> str:
    return "; ".join(f"{step.label} {amount(step, unit)}" for step in steps)
