"""The split dial: which split of the budget is best, and what all others bring.

In: findings. Out: an exhibit, or None where the question was not asked. Invariant: the sentences are those of `split`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.present import digits, titles
from simulator.present.claims import Facts
from simulator.present.digits import Unit
from simulator.present.findings import Findings, Summary
from simulator.present.frontier import frontier_alt, frontier_title, short_frontier_title
from simulator.present.objectives import measure_words
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.pitch.parts import estimate_text, estimates_series, labelled_series
from simulator.present.pitch.parts import shown as shown_plans
from simulator.present.spending import count_range, money_range, money_text, percent
from simulator.present.split import (
    hiring_pools,
    plays_line,
    row_of,
    split_face,
    split_lines,
    split_text,
    split_title,
    told_chance,
    unit_of_mean,
    zone_text,
)

Row = Mapping[str, Any]
# Splits that a chart of bars holds.
_MOST_BARS = 12
# Letters of a pool's name beside a point.
_POOL = 20


def dial(findings: Findings) -> Exhibit | None:
    """Show what each split brings and which is best."""
    summary = findings.decisions.get("split")
    if summary is None:
        return None
    told, face = split_lines(summary), split_face(summary)
    two = len(summary["pools"]) == 2
    return Exhibit(
        "split",
        split_title(summary),
        tuple(face),
        chart=_lines(summary) if two else _bars(summary),
        picture="split" if two else "frontier",
        alt=f"Mean {measure_words(summary)} of each split, with its interval: {_means_text(summary)}.",
        table=_table(summary),
        details=(*(line for line in told if line not in face), plays_line(summary)),
        notes=(
            f"Each split of {money_text(summary['budget'], summary['currency'])} meets the same markets and luck.",
            f"Differences below {zone_text(summary)} are taken not to matter.",
            "Played is what the table has; what lies between is taken to be like its neighbours.",
        ),
    )


def frontier(findings: Findings) -> Exhibit | None:
    """Show which splits no other beats both on average and in the worst plays."""
    summary = findings.decisions.get("split")
    if summary is None or len(summary["pools"]) != 2:
        return None
    return Exhibit(
        "frontier",
        titles.fitted(lambda _: frontier_title(summary), lambda _: short_frontier_title(summary)),
        chart=_points(findings.facts, summary),
        picture="frontier",
        alt=frontier_alt(summary),
        table=_table(summary),
        notes=("Nothing decides between splits by their worst plays: the points are what was seen.",),
        aside=True,
    )


def _lines(summary: Summary) -> Chart:
    """Draw the mean over the share of the first pool, and where the worst plays lie."""
    rows, unit = _in_order(summary), unit_of_mean(summary)
    words = measure_words(summary)
    at = tuple(float(row["shares"][summary["pools"][0]]) for row in rows)
    mean = labelled_series(f"mean {words}", [row["mean"] for row in rows], _named(summary, rows))
    worst = labelled_series("mean of the worst 5% of plays", [row["expected_shortfall_5"] for row in rows], colour=1)
    along = Axis(f"share of the budget to {digits.shortened(summary['pools'][0])}", digits.PERCENT)
    return Chart("lines", (mean, worst), along, Axis(f"{words} per play", unit), at=at)


def _bars(summary: Summary) -> Chart:
    """Draw the mean of each split that was left, the best first."""
    rows, unit = summary["splits"], unit_of_mean(summary)
    order = sorted(rows, key=lambda row: -(row["mean"]["value"] or float("-inf")))[:_MOST_BARS]
    words = f"mean {measure_words(summary)}"
    series = estimates_series(words, [row["mean"] for row in order], unit)
    return Chart("bars", (series,), Axis("split"), Axis(words, unit), tuple(split_text(summary, row) for row in order))


def _points(facts: Facts, summary: Summary) -> Chart | None:
    """Draw each split and each plan by its worst plays and its mean; those that nothing beats in both are joined."""
    splits = sorted(filter(_is_known, summary["splits"]), key=lambda row: float(row["mean"]["value"]))
    if not splits:
        return None
    efficient, others = ([row for row in splits if row["efficient"] is which] for which in (True, False))
    best = [row for row in splits if row is row_of(summary)]
    plans = {plan: row for plan, row in summary["plans"].items() if _is_known(row)}
    every = [*efficient, *others, *plans.values()]
    ends = [row for row in (*efficient[:1], *efficient[-1:]) if row not in best]
    kinds = [
        replace(_kind("other splits", others, every), colour="muted"),
        replace(_kind("beaten by none in both", efficient, every, _texts(summary, ends)), colour="ink", joined=True),
        replace(
            _kind("the split named", best, every, _texts(summary, best)), colour="ink", mark="diamond", low=(), high=()
        ),
        *(_plan(facts, summary, plan, every) for plan in plans),
    ]
    worst = labelled_series("", [row["expected_shortfall_5"] for row in every])
    unit = unit_of_mean(summary)
    return Chart(
        "points",
        tuple(kind for kind in kinds if any(value is not None for value in kind.values)),
        Axis(f"{_measured(summary)}, mean of the worst 5% of plays", unit),
        Axis(f"mean {_measured(summary)}", unit),
        (*(split_text(summary, row) for row in (*efficient, *others)), *(digits.shortened(plan) for plan in plans)),
        at=tuple(float(value or 0.0) for value in worst.values),
        at_low=worst.low if _has_intervals(worst) else (),
        at_high=worst.high if _has_intervals(worst) else (),
    )


def _kind(name: str, rows: Sequence[Row], every: Sequence[Row], texts: Mapping[int, str] | None = None) -> Series:
    """Give the means of some rows among all, with these texts at them."""
    held = {id(row) for row in rows}
    means = [row["mean"] if id(row) in held else {} for row in every]
    labels = tuple((texts or {}).get(id(row), "") for row in every)
    series = labelled_series(name, means, labels if any(labels) else ())
    return series if _has_intervals(series) else replace(series, low=(), high=())


def _plan(facts: Facts, summary: Summary, plan: str, every: Sequence[Row]) -> Series:
    """Give the point of a plan, in the colour that the plan has elsewhere."""
    name, shown, row = digits.shortened(plan), shown_plans(facts), summary["plans"][plan]
    today = " (today)" if plan == summary["today"]["strategy"] else ""
    series = _kind(f"{name}{today}", [row], every, {id(row): name})
    return replace(series, colour=shown.index(plan) if plan in shown else "muted", mark="square")


def _texts(summary: Summary, rows: Sequence[Row]) -> dict[int, str]:
    """Name splits as short as their points need."""
    pool = summary["pools"][0]
    return {id(row): f"{percent(row['shares'][pool])} to {digits.shortened(pool, _POOL)}" for row in rows}


def _has_intervals(series: Series) -> bool:
    return any(end is not None for end in series.low)


def _is_known(row: Row) -> bool:
    return row["mean"]["value"] is not None and row["expected_shortfall_5"]["value"] is not None


def _measured(summary: Summary) -> str:
    """Name the measure with its unit."""
    one = digits.plain(1, 0, digits.money_unit(summary["currency"]))
    return f"{measure_words(summary)} {f'[per {one} spent]' if summary['measure'] == 'roi' else 'per play'}"


def _in_order(summary: Summary) -> list[Row]:
    return sorted(summary["splits"], key=lambda row: row["shares"][summary["pools"][0]])


def _named(summary: Summary, rows: Sequence[Row]) -> tuple[str, ...]:
    """Label the split that is named, and today's."""
    best, today = row_of(summary), summary["today"]["place"]
    now = None if today is None else summary["splits"][today]
    unit = unit_of_mean(summary)
    return tuple(estimate_text(row["mean"], unit) if row is best or row is now else "" for row in rows)


def _means_text(summary: Summary) -> str:
    unit = unit_of_mean(summary)
    rows = summary["splits"]
    return "; ".join(f"{split_text(summary, row)} {digits.with_interval(row['mean'], unit)}" for row in rows)


def _table(summary: Summary) -> Table:
    """Give a row for each split: shares, whom it hires, what it brings, what it leaves."""
    unit, words = unit_of_mean(summary), measure_words(summary)
    with_chance = row_of(summary)["probability"] is not None
    chance = [told_chance(summary)] if with_chance else []
    header = (*summary["pools"], "hired", f"mean {words}", "mean of the worst 5%", *chance, "left unspent", "")
    measure = summary["measure"]
    of_chance = "probability_positive" if summary["at_least"] is None else "chance_of_target"
    chances = [of_chance] if with_chance else []
    measures = ("",) * len(summary["pools"]) + ("hired", measure, "expected_shortfall_5", *chances, "unspent", "")
    rows = tuple(
        _row(summary, place, row, unit, with_chance=with_chance) for place, row in enumerate(summary["splits"])
    )
    return Table(tuple(map(digits.clean, header)), rows, column_measures=measures)


def _row(summary: Summary, place: int, row: Row, unit: Unit, *, with_chance: bool) -> tuple[str, ...]:
    hired = " + ".join(count_range(row["bought"][pool]["hired"]) for pool in hiring_pools(summary))
    return (
        *(percent(row["shares"][pool]) for pool in summary["pools"]),
        hired,
        digits.with_interval(row["mean"], unit),
        digits.with_interval(row["expected_shortfall_5"], unit),
        *([digits.percent(row["probability"])] if with_chance else []),
        money_range(row["unspent"], summary["currency"]),
        _mark(summary, place),
    )


def _mark(summary: Summary, place: int) -> str:
    marks = {summary["today"]["place"]: "today"} | dict.fromkeys(summary["as_good"]["places"], "as good")
    marks |= dict.fromkeys(summary["rivals"], "still in") | {summary["best"]["place"]: "named"}
    return marks.get(place, "")
