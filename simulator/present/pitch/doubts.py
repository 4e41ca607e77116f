"""What would change our mind: inputs that turn the choice, what better data are worth, and what no play can tell.

In: findings. Out: an exhibit. Invariant: it is there whatever was asked; the sentences are those of `words`,
`sensitivity` and `choice`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits, titles, words
from simulator.present.choice import choice_face, choice_lines, choice_title
from simulator.present.claims import Facts
from simulator.present.digits import with_interval
from simulator.present.findings import Findings, Summary
from simulator.present.hiring import account_sizes
from simulator.present.inputs import input_name, range_text
from simulator.present.inputs import value_text as input_text
from simulator.present.objectives import objective_unit, objective_words
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Colour, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.sensitivity import (
    better_data,
    factor_name,
    finding,
    index_text,
    moving_lines,
    note_lines,
    variance_lines,
    worst_lines,
)
from simulator.present.variance import PARTS, has_parts, strongest, variance_alt, variance_title
from simulator.present.variance import parts as parts_of

# Inputs that a chart holds, sentences on the face of it.
_MOST_BARS, _FACE = 8, 4
# So many inputs, the strongest first, are drawn beside the parts of the variance.
_MOST_FACTORS = 5


def doubts(findings: Findings) -> Exhibit:
    """Say what would change our mind, with the inputs that move the outcome most where that was asked."""
    summary = findings.summary
    always = words.doubts(summary, account_sizes(findings.creators.to_pylist()))
    asked = findings.decisions.get("sensitivity")
    if asked is None:
        return Exhibit(
            "doubts",
            titles.fitted(
                lambda longest: words.doubts_title(summary, longest),
                lambda longest: words.doubts_title(summary, longest, short=True),
            ),
            tuple(always[:_FACE]),
            table=_break_even_table(findings.facts),
            details=tuple(always[_FACE:]),
            notes=parts.basis(findings.facts, "break_even_cost_share", "break_even_order_factor"),
        )
    told = (*choice_lines(asked), *variance_lines(asked), *moving_lines(asked), *worst_lines(asked), *note_lines(asked))
    face = (*choice_face(asked), *always[:1], f"{finding(asked)}.", *better_data(asked))[:_FACE]
    drawn = bool(asked["tornado"]) and asked["mean"]["value"] is not None
    return Exhibit(
        "doubts",
        choice_title(asked) or titles.cut(finding(asked)),
        face,
        chart=_tornado(asked) if drawn else None,
        picture="tornado" if drawn else "",
        alt=_alt(asked) if drawn else "",
        table=_inputs_table(asked) if drawn else _break_even_table(findings.facts),
        details=tuple(line for line in (*told, *always) if line not in face),
        notes=(_plays(asked), "Low and high end of an input hold 90% of what is plausible; all else is as drawn."),
    )


def variance(findings: Findings) -> Exhibit | None:
    """Show what makes plays differ; None where it was not asked or cannot be told."""
    asked = findings.decisions.get("sensitivity")
    if asked is None or not has_parts(asked):
        return None
    rows = [(PARTS[name][0], digits.percent(share), "") for name, share in parts_of(asked).items()]
    rows += [(factor_name(its), index_text(its["first_order"]), index_text(its["total"])) for its in strongest(asked)]
    return Exhibit(
        "variance",
        titles.fitted(
            lambda longest: variance_title(asked, longest), lambda longest: variance_title(asked, longest, short=True)
        ),
        tuple(better_data(asked)),
        chart=_shares(asked),
        picture="variance",
        alt=variance_alt(asked),
        table=Table(
            ("of the variance", "alone", "with others"),
            tuple(rows),
            row_measures=(*(f"variance_share_{name}" for name in parts_of(asked)), *("" for _ in strongest(asked))),
            column_measures=("", "first_order", "total"),
        ),
        notes=(_plays(asked),),
        aside=True,
    )


def _shares(asked: Summary) -> Chart:
    """Draw the parts of the variance, then what the strongest inputs bring alone."""
    whole = [(PARTS[name][0], share) for name, share in parts_of(asked).items()]
    told = whole + [(factor_name(its), its["first_order"]) for its in strongest(asked)[:_MOST_FACTORS]]
    shares = [share for _, share in told]
    series = Series(
        "share of the variance",
        tuple(share["value"] for share in shares),
        tuple(share["low"] for share in shares),
        tuple(share["high"] for share in shares),
        tuple(0 if place < len(whole) else "muted" for place in range(len(told))),
        tuple(digits.value_text(share, digits.PERCENT) for share in shares),
    )
    along, across = Axis(""), Axis("share of the variance (grey: one input alone)", digits.PERCENT)
    return Chart("bars", (series,), along, across, tuple(name for name, _ in told))


def _plays(asked: Summary) -> str:
    rows, markets = digits.count(asked["replications"]), digits.count(asked["markets"])
    return f"{rows} paired plays for each bar, in {markets} market{'' if asked['markets'] == 1 else 's'}."


def _break_even_table(facts: Facts) -> Table:
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
    ends: tuple[tuple[str, Colour], ...] = (("low", "pale"), ("high", 0))
    series = tuple(_end(summary, bars, end, colour) for end, colour in ends)
    across = Axis(f"change of mean {objective}", unit)
    return Chart("bars", series, Axis("input"), across, tuple(input_name(its["path"]) for its in bars))


def _end(summary: Summary, bars: list[Mapping[str, Any]], end: str, colour: Colour) -> Series:
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
