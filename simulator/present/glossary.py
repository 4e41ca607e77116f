"""What every number is: its name, meaning, formula and unit, what it rests on, and how sure it is.

In: the summary of a run, and those of the questions that were put to it. Out: an `Entry` by the key of each measure.
Invariants: there is an entry for what was found, and for nothing else; a formula that the summary gives is given as
there; no entry is without meaning or unit; what a measure rests on includes what its parts rest on.

Keys are the names of columns and of the summary: "roi", "cpm", "fee". What is said of any measure has a key of its own
("mean", "quantiles", "wins"), and so has what a question adds ("marginal_profit", "first_order"): see `key_of`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from simulator.decide.objective import words_of
from simulator.present.meanings import OF_MEASURES, Meaning
from simulator.present.meanings_of_answers import METHODS, NAMED, OF_ESTIMATES, OF_QUESTIONS
from simulator.present.units import CURRENCY, unit_of
from simulator.study.ways import WAYS

Summary = Mapping[str, Any]
# Parts of what a summary says of a plan that hold several measures.
_GROUPS = frozenset(
    {"ratios", "long_run", "customers", "costs", "operations", "scandals", "sold_out", "engagement_kinds", "sharing"}
    | {"impressions_by_way"}
)
# Of these the name of the group is needed.
_RENAMED = {
    **{("scandals", name): f"scandal_{name}" for name in ("probability", "roi_cost", "shortfall_cost")},
    ("sold_out", "probability"): "sold_out_probability",
    ("impressions_by_way", "creators"): "creator_impressions",
    **{("impressions_by_way", way): column for way, column in WAYS.items()},
}
_HIRING = ("hired", "offered", "spent", "unspent")
_COUNTED = "Counted in each market; the plan decides it."
# Formulas of a summary that stand under another name than their measure.
_TOLD_AS = {
    **{f"roi_{months}_months": "roi_over_time" for months in (3, 6, 12)},
    **dict.fromkeys(("creator_impressions", *WAYS.values()), "impressions_by_way"),
}


@dataclass(frozen=True)
class Entry:
    """What one number is.

    Attributes:
        key: By which it is found, such as "roi".
        name: How it is called in sentences.
        meaning: What it is, in a sentence.
        formula: How it is worked out; "" where it is counted.
        unit: What it is measured in.
        rests_on: The keys of a scenario that it rests on, as in its file, `*` for any name; what a pool says, a creator
            by name says as well.
        how_sure: Which interval it has, and how that is made.
    """

    key: str
    name: str
    meaning: str
    formula: str
    unit: str
    rests_on: tuple[str, ...]
    how_sure: str


def glossary(summary: Summary, decisions: Mapping[str, Summary] | None = None) -> dict[str, Entry]:
    """Say what each number is.

    Args:
        summary: Of a run.
        decisions: The summaries of the questions that were put to it, by name, as `findings.Findings` holds them.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for its in summary["strategies"].values():
        for key, estimate in _measures(its):
            found.setdefault(key, []).append(estimate)
    entries = {key: _entry(summary, key, OF_MEASURES[key], _how_sure(its)) for key, its in found.items()}
    told = {key: its for key, its in OF_ESTIMATES.items() if key in _MEANS or summary.get("comparisons")}
    for question in decisions or {}:
        told |= OF_QUESTIONS.get(question, {})
    return entries | {key: _entry(summary, key, its, its.sure) for key, its in told.items()}


# What is said of every plan, by itself.
_MEANS = frozenset({"mean", "across_markets", "quantiles", "probability_positive", "expected_shortfall_5"})


def key_of(path: Sequence[str], question: str = "") -> str | None:
    """Find the entry of an estimate.

    Args:
        path: The names that lead to it: in what a summary says of a plan, or in the file of a question.
        question: Whose file it is, "" for the summary of a run.

    Returns:
        The key of its entry, None where it has none.

    >>> key_of(["ratios", "cpm"]), key_of(["costs", "fee", "mean"]), key_of(["scandals", "probability"])
    ('cpm', 'fee', 'scandal_probability')
    >>> key_of(["strategies", "portfolio", "creators", "marginal", "profit"], "creators")
    'marginal_profit'
    """
    if question:
        pairs = reversed([*pairwise(path)])
        longer = [NAMED[question].get(".".join(pair)) for pair in pairs]
        return next(filter(None, [*longer, *(NAMED[question].get(word) for word in reversed(path))]), None)
    if path[0] in _GROUPS:
        return _RENAMED.get((path[0], path[1]), path[1])
    inner = path[1] if len(path) > 1 and path[0] == "audience_overlap" else path[0]
    return inner if inner in OF_MEASURES else path[0] if path[0] in OF_MEASURES else None


def _measures(its: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each measure of a plan with its estimate, that of the mean where there are several."""
    for name, value in its.items():
        if name == "hiring":
            yield from ((key, {"method": _COUNTED}) for key in _HIRING if value)
        elif value is not None and name in _GROUPS:
            yield from (
                (_RENAMED.get((name, key), key), _estimate(one)) for key, one in value.items() if one is not None
            )
        elif value is not None:
            yield name, _estimate(value)
            if name == "audience_overlap":
                yield "unduplicated_share", _estimate(value["unduplicated_share"])


def _estimate(value: Mapping[str, Any]) -> Mapping[str, Any]:
    its: Mapping[str, Any] = value.get("mean", value)
    return its


def _how_sure(estimates: Sequence[Mapping[str, Any]]) -> str:
    """Say how the intervals of a measure are made, which may differ between plans."""
    told = [_method(str(one["method"])) for one in estimates]
    if any((one.get("across_markets") or {}).get("low") is not None for one in estimates):
        told.append(f"Across markets: {METHODS['t over market means']}")
    return " ".join(dict.fromkeys(told))


def _method(method: str) -> str:
    known = max((start for start in METHODS if method.startswith(start)), key=len, default="")
    return METHODS.get(known, method)


def _entry(summary: Summary, key: str, its: Meaning, how_sure: str) -> Entry:
    return Entry(
        key,
        its.name or words_of(key),
        f"{its.means}.",
        summary["formulas"].get(_TOLD_AS.get(key, key), its.formula),
        _unit(key, its, str(summary["currency"])),
        tuple(dict.fromkeys(_rests_on(key))),
        how_sure,
    )


def _unit(key: str, its: Meaning, currency: str) -> str:
    bare = key.removeprefix("marginal_").removeprefix("solo_")
    return its.unit.replace(CURRENCY, currency) or unit_of([bare], currency)


def _rests_on(key: str) -> Iterator[str]:
    """Give the keys of a measure, after those of what it is made of."""
    its = _meaning(key)
    for part in its.made_of:
        yield from _rests_on(part)
    yield from its.keys


def _meaning(key: str) -> Meaning:
    every = [OF_MEASURES, OF_ESTIMATES, *OF_QUESTIONS.values()]
    return next(of[key] for of in every if key in of)
