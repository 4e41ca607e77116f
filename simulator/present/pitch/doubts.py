"""What would change our mind: inputs that turn the choice, what better data are worth, and what no play can tell.

In: findings. Out: exhibits. Invariant: there is one whatever was asked; the sentences are those of `words`,
`sensitivity` and `choice`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits, titles, words
from simulator.present.choice import choice_lines, choice_title
from simulator.present.digits import with_interval
from simulator.present.findings import Findings, Summary
from simulator.present.hiring import account_sizes
from simulator.present.inputs import input_name, range_text
from simulator.present.inputs import value_text as input_text
from simulator.present.objectives import objective_unit, objective_words
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.sensitivity import finding, index_text, moving_lines, note_lines, variance_lines, worst_lines

# Inputs that a chart holds, sentences on the face of it.
_MOST_BARS, _FACE = 8, 4


def doubts(findings: Findings) -> Exhibit:
    """Say what would change our mind."""
    summary, facts = findings.summary, findings.facts
    always = words.doubts(summary, account_sizes(findings.creators.to_pylist()))
    asked = findings.decisions.get("sensitivity")
    choice = [] if asked is None else list(choice_lines(asked))
    told = [*choice, *always]
    title = "" if asked is None else choice_title(asked)
    return Exhibit(
        "doubts",
        title or titles.fitted(lambda longest: words.doubts_title(summary, longest)),
        tuple(told[:_FACE]),
        details=tuple(told[_FACE:]),
        notes=parts.basis(facts, "break_even_cost_share", "break_even_order_factor"),
        table=_break_even_table(findings),
    )


def sensitivity(findings: Findings) -> Exhibit | None:
    """Show which unknown input moves the outcome most, and what better data are worth; None where it was not asked."""
    summary = findings.decisions.get("sensitivity")
    if summary is None:
        return None
    variance = variance_lines(summary)
    drawn = bool(summary["tornado"]) and summary["mean"]["value"] is not None
    rows, markets = digits.count(summary["replications"]), digits.count(summary["markets"])
    return Exhibit(
        "sensitivity",
        titles.cut(finding(summary)),
        tuple(variance[:2]),
        chart=_tornado(summary) if drawn else None,
        picture="tornado" if drawn else "",
        alt=_alt(summary) if drawn else "",
        table=_inputs_table(summary) if drawn else None,
        details=(*moving_lines(summary), *variance[2:], *worst_lines(summary), *note_lines(summary)),
        notes=(
            f"{rows} paired plays for each bar, in {markets} market{'' if summary['markets'] == 1 else 's'}.",
            "Low and high end of an input hold 90% of what is plausible; all else is as drawn.",
        ),
    )


def _break_even_table(findings: Findings) -> Table:
    facts = findings.facts
    keys = {"break_even_cost_share": digits.PERCENT, "break_even_order_factor": digits.TIMES}
    rows = tuple(
        (
            facts.names[plan],
            *(with_interval(facts.summary["strategies"][plan]["ratios"][key], unit) for key, unit in keys.items()),
        )
        for plan in facts.plans
    )
    return Table(
        ("plan", "breaks even at this share of its cost", "or with so many times the orders"),
        rows,
        column_measures=("", *keys),
    )


def _tornado(summary: Summary) -> Chart:
    """Draw by how much each end of an input moves the mean, the widest on top."""
    bars = summary["tornado"][:_MOST_BARS]
    unit, objective = objective_unit(summary, summary["currency"]), objective_words(summary, summary["currency"])
    series = tuple(_end(summary, bars, end, colour) for end, colour in (("low", 5), ("high", 0)))
    across = Axis(f"change of mean {objective}", unit)
    return Chart("bars", series, Axis("input"), across, tuple(input_name(its["path"]) for its in bars))


def _end(summary: Summary, bars: list[Mapping[str, Any]], end: str, colour: int) -> Series:
    changes = [its[end]["change"] for its in bars]
    labels = tuple(input_text(summary, its["path"], its[end]["at"]) for its in bars)
    return parts.labelled_series(f"at its {end} end", changes, labels, colour)


def _alt(summary: Summary) -> str:
    unit = objective_unit(summary, summary["currency"])
    told = (
        f"{input_name(its['path'])} from {range_text(summary, its['path'])}: "
        f"{' to '.join(digits.value_text(its[end]['mean'], unit) for end in ('low', 'high'))}"
        for its in summary["tornado"][:_MOST_BARS]
    )
    mean = f"mean {objective_words(summary, summary['currency'])}"
    return (
        f"A tornado: the {mean} of {digits.shortened(summary['plan'])} at both ends of each input: {'; '.join(told)}."
    )


def _inputs_table(summary: Summary) -> Table:
    unit, rows = objective_unit(summary, summary["currency"]), []
    for its in summary["tornado"]:
        factor = next(one for one in summary["factors"] if its["path"] in one["paths"])
        ends = (with_interval(its[end]["mean"], unit) for end in ("low", "high"))
        shares = (index_text(factor[key]) for key in ("first_order", "total"))
        rows.append((input_name(its["path"]), range_text(summary, its["path"]), *ends, *shares))
    header = ("input", "low to high", "mean at low", "mean at high", "alone, of the variance", "with others")
    measures = ("", "", summary["measure"], summary["measure"], "first_order", "total")
    return Table(header, tuple(rows), column_measures=measures)
