"""What a decision names must be there, and its limits must leave something to choose.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.decision import LATER
from simulator.scenario.parts import Parts, Problem, is_number, nearest
from simulator.scenario.strategy import ADS

_BY_POOL = ("least_share", "most_share", "most_hired")


def decision_problems(parts: Parts) -> Iterator[Problem]:
    """Say what a decision names that is not there, and which limits cannot hold together."""
    written = parts.raw.get("decision")
    if not isinstance(written, Mapping):
        return
    yield from _unknown_pools(parts, written)
    yield from _of_no_time(written)
    yield from _at_odds(written)


def _unknown_pools(parts: Parts, written: Mapping[str, Any]) -> Iterator[Problem]:
    pools = [*parts.pools, *([ADS] if parts.ads else [])]
    for key in _BY_POOL:
        for name in _table(written, key):
            if key == "most_hired" and name == ADS:
                yield Problem(("decision", key, name), "ads hire nobody. Limit their share with most_share.")
            elif name not in pools:
                yield Problem(("decision", key, name), f'no pool "{name}".{nearest(name, pools)}')


def _of_no_time(written: Mapping[str, Any]) -> Iterator[Problem]:
    measure, at = written.get("measure", "roi"), written.get("at_months", 0)
    if at and isinstance(measure, str) and measure not in LATER:
        yield Problem(
            ("decision", "at_months"),
            f"{measure} is counted up to the end of the campaign only. After it there is: {', '.join(LATER)}.",
        )


def _at_odds(written: Mapping[str, Any]) -> Iterator[Problem]:
    least, most = _shares(written, "least_share"), _shares(written, "most_share")
    if max(least.values(), default=0.0) <= 1 < sum(least.values()) - 1e-9:
        yield Problem(("decision", "least_share"), f"these shares add up to {sum(least.values()):g}, more than 1.")
    for name in least.keys() & most.keys():
        if least[name] > most[name]:
            yield Problem(
                ("decision", "least_share", name),
                f"given {least[name]:g}, and most_share allows {most[name]:g} at the most. Lower this or raise that.",
            )


def _shares(written: Mapping[str, Any], key: str) -> dict[str, float]:
    return {name: float(share) for name, share in _table(written, key).items() if is_number(share)}


def _table(written: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    its = written.get(key)
    return its if isinstance(its, Mapping) else {}
