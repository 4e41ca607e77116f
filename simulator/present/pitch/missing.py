"""What could be told had it been asked for, with the command that asks.

In: findings. Out: what it is, and the command. Invariant: a command can be typed as it is, and asks what the scenario
allows: no split of one pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from simulator.present import digits
from simulator.present.claims import Facts, ranking
from simulator.present.findings import Findings


def missing(findings: Findings, program: str = "campaign-roi") -> tuple[tuple[str, str], ...]:
    """Give what was not asked and how to ask it.

    Args:
        findings: What there is.
        program: How the program is called.
    """
    asked = dict(_questions(findings, program))
    return tuple((what, command) for name, (what, command) in asked.items() if name not in findings.decisions)


def _questions(findings: Findings, program: str) -> Iterator[tuple[str, tuple[str, str]]]:
    results = quote(digits.clean(findings.finished.path))
    pools, hired = _hired(findings)
    if len(pools) > 1:
        yield "split", ("Which split of the budget is best", f"{program} split {results}")
    if pools:
        yield "target", ("How much money a target takes", f"{program} target {results} {_target(findings)}")
    what = "What moves the outcome, and which value of which input would turn the choice"
    yield "sensitivity", (what, f"{program} sensitivity {results}")
    if hired > 1:
        yield "creators", ("What each creator is worth", f"{program} creators {results}")
    best = _first_to_type(findings.facts)
    if not findings.traces and best is not None:
        play = f"--strategy {quote(best)} --replication 0 --trace"
        yield "replay", ("How a post spreads in one play", f"{program} replay {results} {play}")


def _first_to_type(facts: Facts) -> str | None:
    """Give the leading plan of those whose names can be typed."""
    return next((plan for plan in (*ranking(facts), *facts.plans) if digits.clean(plan) == plan), None)


def _hired(findings: Findings) -> tuple[set[str], int]:
    """Give the pools that any plan hires from, ads among them, and how many creators a plan hires at most."""
    rows = {plan: its["hiring"] for plan, its in findings.summary["strategies"].items()}
    pools = {str(row["pool"]) for its in rows.values() for row in its if row["pool"] is not None}
    by_market = [sum(r["hired"] for r in its if r["market"] == row["market"]) for its in rows.values() for row in its]
    return pools, max(by_market, default=0)


def _target(findings: Findings) -> str:
    """Ask for the orders that the leading plan brings in half of the plays, and for at least one."""
    facts = findings.facts
    best = next(iter(ranking(facts)), facts.plans[0])
    middle = facts.measure(best, "orders")["quantiles"]["0.5"]["value"] or 0.0
    return f"--measure orders --at-least {max(float(f'{middle:.2g}'), 1.0):.0f}"
