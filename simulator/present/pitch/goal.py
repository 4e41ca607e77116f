"""How much money reaches a target, or that it is out of reach.

In: findings. Out: an exhibit, or None where the question was not asked. Invariant: the sentences are those of `target`.
"""

from __future__ import annotations

from simulator.present import digits
from simulator.present.findings import Findings, Summary
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Table
from simulator.present.pitch.parts import labelled_series
from simulator.present.spending import money_text, percent
from simulator.present.target import confidence_table, goal, split_text, target_lines, target_title

_FACE = 3


def target(findings: Findings) -> Exhibit | None:
    """Show how often the target is reached, by budget."""
    summary = findings.decisions.get("target")
    if summary is None:
        return None
    told = [line.strip() for line in target_lines(summary)]
    chart = _chart(summary)
    return Exhibit(
        "target",
        target_title(summary),
        tuple(told[:_FACE]),
        chart=chart,
        picture="target",
        alt=f"The chance of {goal(summary)} or more by budget, with its interval: {_curves_text(summary)}.",
        table=_table(summary),
        details=tuple(told[_FACE:]),
        notes=(
            f"Asked for: {goal(summary)} in {percent(summary['confidence'])} of plays.",
            f"{digits.count(summary['replications'])} plays judge it, which had no part in choosing the split.",
        ),
    )


def _chart(summary: Summary) -> Chart | None:
    """Draw the chance with the split that was chosen; other curves have budgets of their own and are in the table."""
    curve = next((curve for curve in summary["curves"] if curve["points"]), None)
    if curve is None:
        return None
    chances = [point["probability"] for point in curve["points"]]
    series = labelled_series(f"with {split_text(curve)}", chances)
    at = tuple(float(point["budget"]) for point in curve["points"])
    money = digits.money_unit(summary["currency"])
    wanted = Series(
        f"asked for: {percent(summary['confidence'])}", (summary["confidence"],) * len(at), colour="muted", dashed=True
    )
    return Chart(
        "lines",
        (series, wanted),
        Axis("budget", money),
        Axis(f"chance of {goal(summary)} or more", digits.PERCENT),
        at=at,
    )


def _curves_text(summary: Summary) -> str:
    """Say of each curve how it begins and ends."""
    told = []
    for curve in summary["curves"]:
        if curve["points"]:
            ends = [curve["points"][0], curve["points"][-1]]
            texts = (f"{digits.percent(point['probability'])} with {_money(summary, point)}" for point in ends)
            told.append(f"{split_text(curve)}, {' up to '.join(dict.fromkeys(texts))}")
    return "; ".join(told)


def _money(summary: Summary, point: digits.Estimate) -> str:
    return money_text(round(point["budget"]), summary["currency"])


def _table(summary: Summary) -> Table:
    """Give the chance by budget, then the budgets that other confidences need, each number in a column of its kind."""
    rows = [
        (split_text(curve), _money(summary, point), digits.percent(point["probability"]), "", "")
        for curve in summary["curves"]
        for point in curve["points"]
    ]
    _, confidences = confidence_table(summary)
    rows += [(f"in {share} of plays", "", "", needs, interval) for share, needs, interval in confidences]
    header = ("split, or how often it is wanted", "budget", "reaches it in", "budget needed", "95% interval of it")
    measures = ("", "", "chance_of_target", "needed_budget", "needed_budget")
    return Table(header, tuple(rows), column_measures=measures)
