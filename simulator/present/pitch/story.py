"""Which exhibits there are, and in which order they are told.

In: findings. Out: a `Story`. Invariants: the answer comes first; an exhibit whose question was not asked is not there,
and `missing` says how to ask it; the same findings give the same story.
"""

from __future__ import annotations

from simulator.present import digits, titles
from simulator.present.findings import Findings
from simulator.present.hiring import account_sizes
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Story, Table
from simulator.present.words import answer


def story(findings: Findings) -> Story:
    """Tell what was found."""
    summary = findings.summary
    plays = f"{digits.count(summary['replications'])} plays in {digits.count(summary['markets'])} markets"
    return Story(
        title=digits.clean(summary.get("title") or summary["scenario"]),
        subtitle=digits.clean(summary["scenario"]),
        origin=f"scenario hash {summary['hash'][:8]} | seed {summary['seed']} | {plays}",
        exhibits=(_answer(findings), _plans(findings)),
    )


def _answer(findings: Findings) -> Exhibit:
    told = answer(findings.summary, account_sizes(findings.creators.to_pylist()))
    return Exhibit("answer", told.headline, (*told.pays, *told.wins), details=told.limits)


def _plans(findings: Findings) -> Exhibit:
    facts, unit = findings.facts, digits.money_unit(findings.facts.currency)
    means = [facts.mean(plan, "profit") for plan in facts.plans]
    return Exhibit(
        "plans",
        titles.money_title(findings.summary),
        chart=Chart(
            "columns",
            (
                Series(
                    "profit",
                    tuple(mean["value"] for mean in means),
                    tuple(mean["low"] for mean in means),
                    tuple(mean["high"] for mean in means),
                    tuple(range(len(means))),
                    tuple(digits.value_text(mean, unit) for mean in means),
                ),
            ),
            Axis("plan"),
            Axis("profit per play", unit),
            tuple(facts.names[plan] for plan in facts.plans),
        ),
        picture="money",
        alt="Profit of each plan.",
        table=Table(
            ("plan", "profit"),
            tuple((facts.names[p], digits.with_interval(facts.mean(p, "profit"), unit)) for p in facts.plans),
            column_measures=("", "profit"),
        ),
    )
