"""What an answer rests on: every input of the scenario that acts, with its unit and who says so.

In: the text of a resolved scenario. Out: `Inputs`, and tables of them. Invariants: what no plan hires, what is off and
what decides no play (names, the seed, how many plays) is no input; a value is said to be a preset's or a default only
where it is the same; the table is read off the scenario, so it is there even where the files that it names are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from simulator.campaign.unknowns import unknown_inputs
from simulator.errors import ScenarioError
from simulator.present import digits
from simulator.present.inputs import key_words
from simulator.present.pitch.exhibit import Table
from simulator.present.values import bare_text, value_text
from simulator.present.written import exact
from simulator.scenario.account import Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.load import read_resolved
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import LogQuadraticRate, PowerRate
from simulator.scenario.terms import PowerFee
from simulator.scenario.values import Value, values_as_resolved

# Who says a value where neither a preset nor a default is the same.
_SCENARIO = "set in the scenario"
_NO_INPUT = frozenset({"name", "title", "currency", "seed", "replications", "markets", "evidence", "platform"})
_NO_UNIT = frozenset({"", "none", "yes or no"})
# What matters most, in the order of the money's way; those of accounts stand in one row for all of them.
_OF_WORLD = ("product.order_value", "product.margin", "product.baseline_order_probability")
_OF_SPREAD = ("behaviour.reach_per_peer",)
_OF_ACCOUNTS = (
    *("followers", "fee", "management_cost", "fake_share"),
    *("reach_per_follower", "click_per_impression", "order_per_click"),
)
_OF_ADS = ("ads.cpm",)
# How many accounts a row names.
_MOST_ACCOUNTS = 3
HEADER = ("input", "value", "who says so")


@dataclass(frozen=True)
class Inputs:
    """The inputs of a scenario.

    Attributes:
        scenario: As its text says.
        values: Each input, in the order of the scenario.
        listed: How many creators are listed, whose own values are no part of `values`.
        unknown: How many of the values are ranges that each play draws anew.
    """

    scenario: Scenario
    values: tuple[Value, ...]
    listed: int
    unknown: int

    @property
    def kinds(self) -> Counter[str]:
        """Count the inputs by who says so: "written", "preset", "default"."""
        return Counter(its.kind for its in self.values)


def inputs_of(scenario_toml: str) -> Inputs | None:
    """Gather the inputs of a resolved scenario; None where it cannot be read."""
    try:
        scenario = read_resolved(scenario_toml)
    except ScenarioError:
        return None
    hired = [its for name in scenario.strategies for its in scenario.accounts_of(name)]
    values = [its for its in values_as_resolved(scenario) if _is_input(scenario, its)]
    listed = {its.handle for pool in hired if isinstance(pool, ListedPool) for its in pool.creators}
    unknown = [path for path in unknown_inputs(scenario) if _is_used(scenario, tuple(path.split(".")))]
    return Inputs(scenario, tuple(values), len(listed), len(unknown))


def _is_input(scenario: Scenario, value: Value) -> bool:
    top, path = value.path[0], value.path
    is_row = len(path) > 3 and path[2] == "creators"
    idle = value.is_off or (value.kind == "default" and not value.cite) or value.unit in _NO_UNIT or top in _NO_INPUT
    return not (idle or is_row or top == "decision") and _is_used(scenario, path)


def _is_used(scenario: Scenario, path: Path) -> bool:
    """Say whether any plan has to do with what stands there: of accounts, those that it may hire."""
    if path[0] not in ("pools", "creators") or len(path) < 2:
        return True
    used = {_account_name(scenario, its) for name in scenario.strategies for its in scenario.accounts_of(name)}
    return _owner(scenario, path) in used


def _account_name(scenario: Scenario, account: Creator | Pool | ListedPool) -> str:
    if isinstance(account, Creator):
        return account.handle
    return next(name for name, its in scenario.pools.items() if its is account)


def _owner(scenario: Scenario, path: Path) -> str:
    """Name the account of a value."""
    return scenario.creators[path[1]].handle if isinstance(path[1], int) else str(path[1])


# ---- tables


def short_table(its: Inputs) -> Table:
    """Give the inputs that matter most; a row holds a rate of all accounts."""
    rows = [*_rows_of(its, _OF_WORLD), *_account_rows(its), *_rows_of(its, (*_OF_SPREAD, *_OF_ADS))]
    return Table(HEADER, tuple(rows))


def full_table(its: Inputs) -> Table:
    """Give every input, in the order of the scenario, with what it is and at length who says so."""
    rows = [(_dotted(its.scenario, one), one.meaning, _text(its, one), _who(one, at_length=True)) for one in its.values]
    listed = f"{its.listed:,} creators, each with its own numbers"
    more = [("creators by name", "the lists of creators", listed, _SCENARIO)] if its.listed else []
    return Table(("key", "what it is", *HEADER[1:]), (*rows, *more))


def _rows_of(its: Inputs, keys: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    by_key = {_dotted(its.scenario, one): one for one in its.values}
    yield from ((_input_words(key), _text(its, by_key[key]), _who(by_key[key])) for key in keys if key in by_key)


def _account_rows(its: Inputs) -> Iterator[tuple[str, str, str]]:
    for key in _OF_ACCOUNTS:
        found = [one for one in its.values if one.path[0] in ("pools", "creators") and one.path[2:] == (key,)]
        if found:
            texts: dict[str, list[str]] = {}
            for one in found:
                texts.setdefault(_account_text(its, one), []).append(_named(its.scenario, one))
            yield key_words(key), _side_by_side(texts), digits.listed(dict.fromkeys(map(_who, found)))


def _named(scenario: Scenario, value: Value) -> str:
    """Name the account of a value, of a list with how many of its creators have it."""
    name = digits.shortened(_owner(scenario, value.path), 20)
    account = scenario.pools.get(str(value.path[1]))
    rows = account.creators if isinstance(account, ListedPool) else ()
    own = sum(value.path[2] in row.own for row in rows)
    return f"{name} ({len(rows) - own} of {len(rows)} creators)" if own else name


def _side_by_side(texts: dict[str, list[str]]) -> str:
    """Write what accounts have, each with whose it is where they, or creators of one, differ."""
    if len(texts) == 1 and not any(name.endswith(" creators)") for names in texts.values() for name in names):
        return next(iter(texts))
    told = [f"{digits.listed(names)}: {text}" for text, names in texts.items()][:_MOST_ACCOUNTS]
    more = sum(map(len, [*texts.values()][_MOST_ACCOUNTS:]))
    return "; ".join(told) + (f"; {more} more in the full table" if more else "")


def _input_words(key: str) -> str:
    return key_words(key) + (" of ads" if key.startswith("ads.") else "")


def _account_text(its: Inputs, value: Value) -> str:
    """Write the value of an account: of a law what it comes to, in words."""
    return _law_text(its, value) or bare_text(value, its.scenario.currency)


def _law_text(its: Inputs, value: Value) -> str:
    given = value.value
    if isinstance(given, PowerFee):
        return _fee_text(its, value, given)
    if isinstance(given, PowerRate | LogQuadraticRate):
        ends = (exact(end, 100) + "%" for end in (given.value.plausible_low, given.value.plausible_high))
        return f"{' to '.join(dict.fromkeys(ends))} at {given.at:,.0f} followers"
    if isinstance(given, Quantity) and given.form == "pert":
        least, usual, most = (
            bare_text(replace(value, value=Quantity(given.kind, "fixed", (one,))), its.scenario.currency)
            for one in given.values
        )
        return f"{least} to {most}, most likely {usual}"
    return ""


def _fee_text(its: Inputs, value: Value, fee: PowerFee) -> str:
    account = its.scenario.pools[str(value.path[1])]
    ends = account.fewest_and_most
    sums = dict.fromkeys(digits.two_digits(fee.usual(end)) for end in ends)
    sign = digits.money_unit(its.scenario.currency).before
    return f"about {' to '.join(sign + one for one in sums)}, by followers"


def _text(its: Inputs, value: Value) -> str:
    is_file = value.path[-1] == "graph_file"
    return PurePath(str(value.value)).name if is_file else value_text(value, its.scenario.currency)


def _dotted(scenario: Scenario, value: Value) -> str:
    """Write where a value stands, a creator by its handle."""
    path = [*value.path]
    if path[0] == "creators" and isinstance(path[1], int):
        path[1] = scenario.creators[path[1]].handle
    return digits.clean(".".join(map(str, path)))


def _who(value: Value, *, at_length: bool = False) -> str:
    if value.kind == "preset":
        return f"{value.source}: {value.cite}" if at_length else value.source
    if value.kind == "default":
        return f"default: {value.cite}" if at_length else "default"
    return _SCENARIO
