"""The method and the assumptions with their sources: the exhibit, and the table of every input for who wants them all.

In: findings. Out: two `Exhibit`s. Invariants: each number of a sentence is counted from the scenario or the run; what
is not played is said, also what this scenario leaves out though it could be played.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.present import digits
from simulator.present.evidence import evidence_line
from simulator.present.findings import Findings
from simulator.present.pitch.exhibit import Exhibit
from simulator.present.pitch.inputs import Inputs, full_table, inputs_of, short_table
from simulator.scenario.model import Scenario
from simulator.scenario.people import SyntheticPeople

_NEVER_PLAYED = "what competitors do, seasons, prices that change, and what posts are worth beyond these orders"
_KINDS = {"written": "set in the scenario", "preset": "from published figures", "default": "left at the default"}


def assumptions(findings: Findings) -> Exhibit:
    """Say how the answer was made, and what it rests on."""
    its = inputs_of(findings.finished.scenario_toml)
    return Exhibit(
        "assumptions",
        _title(findings, its),
        lines=tuple(_method(findings, its)),
        table=short_table(its) if its else None,
        details=tuple(_details(findings, its)),
        notes=tuple(_notes(findings)),
    )


def every_input(findings: Findings) -> Exhibit | None:
    """Give the table of every input; None where the scenario cannot be read."""
    its = inputs_of(findings.finished.scenario_toml)
    if its is None:
        return None
    counts = its.kinds
    parts = [f"{number} {_be(number)} {words}" for kind, words in _KINDS.items() if (number := counts[kind])]
    return Exhibit("inputs", f"Of {len(its.values)} inputs, {digits.listed(parts)}", table=full_table(its))


# ---- what it rests on


def _title(findings: Findings, its: Inputs | None) -> str:
    if its is None:
        plays = _times(findings.facts.plays)
        several = len(findings.facts.plans) > 1
        return (
            f"Every plan met the same people and the same luck, {plays}" if several else f"The plan was played {plays}"
        )
    number = len(its.values)
    if its.unknown == 0:
        return f"The answer rests on {number} inputs, all taken as known"
    what = "a range, because nobody knows it" if its.unknown == 1 else "ranges, because nobody knows them"
    return f"The answer rests on {number} inputs; {its.unknown} {_be(its.unknown)} {what} better"


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{digits.count(number)} times"


# ---- the method


def _method(findings: Findings, its: Inputs | None) -> Iterator[str]:
    facts, days = findings.facts, findings.summary["horizon_days"]
    markets = "one market" if facts.markets == 1 else f"{digits.count(facts.markets)} markets"
    whose = {1: "The plan was", 2: "Both plans were"}.get(len(facts.plans), f"Each of the {len(facts.plans)} plans was")
    campaign = f"a campaign of {days:g} day{'' if days == 1 else 's'}"
    yield f"{whose} played {_times(facts.plays)}, in {markets}{_people(its)}: {campaign}, post by post."
    unknown = its is not None and its.unknown > 0
    if len(facts.plans) > 1:
        ranges = ", and each range is drawn anew for all of them" if unknown else ""
        yield f"In a play all plans meet the same people and the same luck{ranges}: what differs is due to the plans."
    elif unknown:
        yield "Whatever is a range is drawn anew in each play."


def _people(its: Inputs | None) -> str:
    people = its.scenario.people if its else None
    return f" of {people.count:,} people" if isinstance(people, SyntheticPeople) else ""


def _details(findings: Findings, its: Inputs | None) -> Iterator[str]:
    """Say what is from whom, and what is not in it."""
    if said := evidence_line(findings.summary):
        yield said
    if its and its.unknown:
        yield (
            "Of a range, 90% of the plays lie between its ends; what has a most likely value never leaves its least "
            "and its most."
        )
    yield f"Not played by this program: {_NEVER_PLAYED}."
    if its and (left_out := [*_left_out(its.scenario)]):
        yield f"Could be played, and is left out of this scenario: {digits.listed(left_out)}."
    if its is None:
        yield "The scenario among the results could not be read, so its inputs are not listed."


def _left_out(scenario: Scenario) -> Iterator[str]:
    product, accounts = scenario.product, [*scenario.creators, *scenario.pools.values()]
    if scenario.brand is None:
        yield "goodwill and what it sells later"
    if product.repeat_orders is None:
        yield "customers who order again"
    if product.return_probability.bounds[1] == 0:
        yield "orders that are returned"
    if product.baseline_order_probability.bounds[1] == 0:
        yield "people who would have bought anyway"
    if all(account.scandal is None for account in accounts):
        yield "scandals"
    if all(account.completion_probability.bounds[0] == 1 for account in accounts):
        yield "creators who do not deliver"
    if scenario.stock is None:
        yield "a stock that runs out"
    if scenario.approval is None:
        yield "the time that approval takes"


def _notes(findings: Findings) -> Iterator[str]:
    summary = findings.summary
    yield digits.clean(summary["formulas"]["roi"]) + "."
    again = "who plays these again gets the same ones"
    yield f"Every number comes from scenario {summary['hash'][:8]} and seed {summary['seed']}: {again}."
