"""Which creators are worth their money.

In: findings. Out: an exhibit per plan, none where the question was not asked. Invariant: the sentences are those of
`worth`, and so is what is called sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.present import digits, titles
from simulator.present.digits import NUMBER, with_interval
from simulator.present.findings import Findings, Summary
from simulator.present.pitch.chart import Axis, Chart, Colour
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.pitch.parts import estimates_series
from simulator.present.titles import without_brackets
from simulator.present.worth import VERDICTS, overlap_title, plan_lines, shared_lines, short_worth_title, worth_title

_OF_VERDICT: dict[str, Colour] = {"drop": "loss", "keep": "gain", "open": "muted"}
# Creators that a chart holds at either end of the ranks; sentences on the face of it; letters of a name.
_MOST_BARS, _FACE, _NAME = 8, 3, 24


def creators(findings: Findings) -> list[Exhibit]:
    """Show for each plan what its creators add to profit."""
    summary = findings.decisions.get("creators")
    if summary is None:
        return []
    plans = list(summary["strategies"])
    several = len(plans) > 1
    ends = [f"_{place}" if several else "" for place in range(1, len(plans) + 1)]
    worths = [
        _of_plan(summary, plan, end, aside=place > 0) for place, (plan, end) in enumerate(zip(plans, ends, strict=True))
    ]
    return [
        *worths,
        *(_overlap(summary, plan, end) for plan, end in zip(plans, ends, strict=True) if _overlaps(summary, plan)),
    ]


def _overlaps(summary: Summary, plan: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = summary["strategies"][plan]["overlaps"]
    return found


def _overlap(summary: Summary, plan: str, end: str) -> Exhibit:
    """Show whose audiences overlap most."""
    pairs = _overlaps(summary, plan)
    rows = tuple(
        (*(digits.shortened(pair[key], _NAME) for key in ("creator", "other")), *_shares(pair)) for pair in pairs
    )
    told = "; ".join(f"{first} and {second} {share}" for first, second, share, _ in rows[:_MOST_BARS])
    return Exhibit(
        f"overlap{end}",
        titles.fitted(lambda _: without_brackets(overlap_title(summary, plan)), lambda _: "How much audiences overlap"),
        picture=f"overlap{end}",
        alt=f"A matrix of how much each two audiences overlap, as a share of the smaller one; the most: {told}.",
        table=Table(
            ("creator", "and", "overlap, of the smaller audience", "from market to market"),
            rows,
            column_measures=("", "", "overlap", "overlap"),
        ),
        notes=("An overlap is the share of the smaller of two audiences that follows both creators.",),
        aside=True,
    )


def _shares(pair: Mapping[str, Any]) -> tuple[str, str]:
    mean, low, high = ({"value": pair[key], "low": None, "high": None} for key in ("overlap", "lowest", "highest"))
    spread = digits.range_text(low, high, digits.PERCENT) if pair["markets"] > 1 else "one market"
    return digits.value_text(mean, digits.PERCENT), spread


def _of_plan(summary: Summary, plan: str, end: str, *, aside: bool) -> Exhibit:
    told = plan_lines(summary, plan)
    every = summary["strategies"][plan]["creators"]
    some = _some(every)
    unit, names = digits.money_unit(summary["currency"]), _names(every)
    ends = "; ".join(f"{names[its['name']]} {with_interval(its['marginal']['profit'], unit)}" for its in some)
    left = len(every) - len(some)
    more = f" ({left:,} between them are in the table)" if left else ""
    return Exhibit(
        f"creators{end}",
        titles.fitted(lambda _: worth_title(summary, plan), lambda _: short_worth_title(summary, plan)),
        tuple(told[:_FACE]),
        chart=_bars(summary, some, names),
        picture=f"creators{end}",
        alt=f"Bars of what each creator adds to profit per play, with intervals{more}: {ends}.",
        table=_table(summary, every, names),
        details=(*told[_FACE:], *shared_lines(summary)),
        notes=("A creator is worth what the plan brings with it less what the same plays bring without it.",),
        aside=aside,
    )


def _names(every: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return digits.display_names([its["name"] for its in every], _NAME)


def _some(every: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Choose the creators to draw: those at either end of the ranks."""
    return every if len(every) <= 2 * _MOST_BARS else [*every[:_MOST_BARS], *every[-_MOST_BARS:]]


def _bars(summary: Summary, some: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Chart:
    unit = digits.money_unit(summary["currency"])
    profits = [its["marginal"]["profit"] for its in some]
    colours = tuple(_OF_VERDICT[its["verdict"]] for its in some)
    series = estimates_series("added profit per play", profits, unit, colours)
    across = Axis("added profit per play", unit)
    return Chart("bars", (series,), Axis("creator"), across, tuple(names[its["name"]] for its in some))


def _table(summary: Summary, every: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    money = digits.money_unit(summary["currency"])
    units = {"spend": money, "reach": NUMBER, "incremental_orders": NUMBER, "profit": money}
    rows = tuple(
        (
            names[its["name"]],
            *(with_interval(its["marginal"][key], unit) for key, unit in units.items()),
            VERDICTS[its["verdict"]],
        )
        for its in every
    )
    header = ("creator, per play", "costs", "adds reach", "adds incremental orders", "adds profit", "")
    return Table(header, rows, column_measures=("", *(f"marginal_{key}" for key in units), "verdict"))
