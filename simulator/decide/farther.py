"""How far from what is plausible, or from what is known, a choice flips.

In: a question, plans, and where their choice does not flip. Out: dicts in the style of `summary.json`. Invariants: only
the value asked about is changed, so every play meets the luck, market and unknowns it would meet anyway; what lies
beyond the last value that was played is not said.

An unknown is moved on from the end of what is plausible that is nearer to a draw, what is known (the value of an order,
the margin, the fees of an account) both ways from what it is: doubled or halved, of a share its odds, until the choice
flips, or after STEPS of them, or at a value that the scenario cannot have. These plays are a quarter of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.campaign.hiring import check_hiring, plans_of
from simulator.campaign.unknowns import unknown_inputs
from simulator.decide.break_even import break_even, side_of
from simulator.decide.recombine import concerns
from simulator.decide.scaled import Fee, fee_times
from simulator.decide.unknown_plays import DRAWN, HIGH, LOW, Columns, Question, column
from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw
from simulator.scenario.strategy import ADS
from simulator.scenario.terms import PowerFee
from simulator.scenario.variant import changed
from simulator.study.estimates import Values, mean_estimate
from simulator.study.trials import Alternative, Trials

STEPS = 4
_PART_OF_ROWS = 4
# An unknown is not moved on where a straight line would need so many times the plausible range beyond its end.
_TOO_FAR = 4
_KNOWN = ("product.order_value", "product.margin")


@dataclass(frozen=True)
class _Lever:
    """What is moved: from where, which way, and what is to be written for a value.

    Attributes:
        path: Of the value, or of a fee.
        start: From where; fees are told as times what they are.
        up: Whether upwards.
        kind: "share", "amount", or "times" for fees.
        key: What is replaced.
        fee: What stands there, of a fee.
        played: Values, rising, with the difference of the plans in each row.
    """

    path: str
    start: float
    up: bool
    kind: str
    key: str
    fee: Fee | None
    played: dict[float, Values] = field(default_factory=dict)

    def value(self, step: int) -> float:
        """Give the value after so many steps."""
        times = 2.0 ** (step if self.up else -step)
        if self.kind != "share":
            return self.start * times
        odds = self.start / (1 - self.start) * times
        return odds / (1 + odds)

    def change(self, value: float) -> dict[str, object]:
        """Give what is to be replaced, by key."""
        if self.fee is not None:
            return fee_times(self.key, self.fee, value)
        return {self.key: value}


def farther(
    question: Question, names: Sequence[str], apart: Columns, found: Sequence[Mapping[str, Any]], trials: Trials
) -> list[dict[str, Any]]:
    """Look for the value at which a choice flips beyond what is plausible, or of what is known.

    Args:
        question: What is asked.
        names: The plan, and its rival if it has one.
        apart: The difference of the plans by what the plays are about.
        found: Where the choice flips within what is plausible, by unknown.
        trials: Who plays.
    """
    levers = [*_of_unknowns(question, apart, found), *_of_what_is_known(question, names, apart)]
    for step in range(1, STEPS + 1):
        _play(question, names, [its for its in levers if not _told(question, its)], step, trials)
    told = [_break_even(question, its) for its in levers if len(its.played) > 1]
    found_first = sorted(told, key=lambda its: (its["kind"] != "flips", its["break_even"]["value"] is None))
    return list({its["path"]: its for its in reversed(found_first)}.values())[::-1]


def _rows(question: Question) -> int:
    return max(question.rows.count // _PART_OF_ROWS, 1)


def _of_unknowns(question: Question, apart: Columns, found: Sequence[Mapping[str, Any]]) -> Iterator[_Lever]:
    """Give the unknowns that move the difference, alone, but turn it nowhere: on from the end nearer to a draw."""
    for its in found:
        path, ends = str(its["path"]), {share: column(apart, ("at", its["path"], share)) for share in (LOW, HIGH)}
        alone = len(question.factor_of(path).paths) == 1
        swing = mean_estimate(ends[HIGH] - ends[LOW], question.rows.market)
        if its["kind"] != "never" or not alone or not side_of(swing):
            continue
        left = {share: abs(float(np.nanmean(rows))) for share, rows in ends.items()}
        nearer = min(left, key=lambda share: left[share])
        if left[nearer] > _TOO_FAR * abs(swing["value"] or 0.0):
            continue
        quantity = question.unknowns[path]
        start = quantity.quantile(nearer)
        key = f"{path}.value" if _is_law(question.scenario, path) else path
        kind = "share" if quantity.kind == "share" else "amount"
        yield _Lever(path, start, nearer == HIGH, kind, key, None, {start: ends[nearer][: _rows(question)]})


def _is_law(scenario: Scenario, path: str) -> bool:
    """Say whether a law stands at the key of a rate, whose `value` is not known."""
    section, _, rest = path.partition(".")
    owner, _, key = rest.rpartition(".")
    handles = {creator.handle: creator for creator in scenario.creators}
    account = (scenario.pools if section == "pools" else handles).get(owner)
    return isinstance(getattr(account, key, None), RateLaw)


def _of_what_is_known(question: Question, names: Sequence[str], apart: Columns) -> Iterator[_Lever]:
    """Give what an order is worth, where that is known, and the fees of the accounts that are hired, both ways."""
    product, drawn = question.scenario.product, apart[DRAWN][: _rows(question)]
    for path, its in zip(_KNOWN, (product.order_value, product.margin), strict=True):
        if its.is_fixed and 0 < its.median and (its.kind != "share" or its.median < 1):
            for up in (False, True):
                yield _Lever(path, its.median, up, its.kind, path, None, {its.median: drawn})
    for path, fee in _fees(question.scenario, names).items():
        for up in (False, True):
            yield _Lever(path, 1.0, up, "times", path, fee, {1.0: drawn})


def _fees(scenario: Scenario, names: Sequence[str]) -> dict[str, Fee]:
    """Give the fees of the accounts that plans hire from, which are known or differ from creator to creator."""
    hired = [(handle, True) for name in names for handle in scenario.strategies[name].creators]
    hired += [(pool, False) for name in names for pool in scenario.strategies[name].split if pool != ADS]
    by_handle = {creator.handle: creator for creator in scenario.creators}
    found: dict[str, Fee] = {}
    for owner, named in dict.fromkeys(hired):
        fee = getattr(by_handle[owner] if named else scenario.pools[owner], "fee", None)
        written = isinstance(fee, Quantity) and fee.form in ("fixed", "range") and max(fee.values) > 0
        if written or isinstance(fee, PowerFee):
            assert isinstance(fee, Quantity | PowerFee), "one of the two, as was just seen"
            found[f"{'creators' if named else 'pools'}.{owner}.fee"] = fee
    return {path: fee for path, fee in found.items() if path not in unknown_inputs(scenario)}


def _play(question: Question, names: Sequence[str], levers: Sequence[_Lever], step: int, trials: Trials) -> None:
    """Play one value more of each lever, for the plans that it has to do with."""
    draws = question.rows.drawn()[: _rows(question)]
    variants = [
        (its, value, variant) for its in levers if (variant := _variant(question, its, value := its.value(step)))
    ]
    wanted = [
        Alternative(name, variant if concerns(its.path, question.scenario, name) else question.scenario, name)
        for its, _, variant in variants
        for name in names
    ]
    tables = iter(trials.play([(its, draws) for its in wanted]))
    for its, value, _ in variants:
        values = [question.objective.values(next(tables)) for _ in names]
        its.played[value] = values[0] - values[1] if len(values) > 1 else values[0]


def _variant(question: Question, lever: _Lever, value: float) -> Scenario | None:
    """Give the scenario with another value; None where it cannot have that, hires nobody or leaves it unknown."""
    try:
        variant = changed(question.scenario, lever.change(value))
        check_hiring(variant, plans_of(variant))
    except ScenarioError:
        return None
    return None if lever.path in unknown_inputs(variant) else variant


def _break_even(question: Question, lever: _Lever) -> dict[str, Any]:
    at = sorted(lever.played)
    rows = np.stack([lever.played[value] for value in at], axis=1)
    told = break_even(at, rows, question.rows.market[: _rows(question)])
    return {"path": lever.path, "measured_as": lever.kind, "start": lever.start, **told}


def _told(question: Question, lever: _Lever) -> bool:
    return len(lever.played) > 1 and _break_even(question, lever)["kind"] == "flips"
