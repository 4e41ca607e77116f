"""The glossary: an entry for every number that is shown, and formulas that give the numbers of a real run."""

from __future__ import annotations

import copy
import json
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import make_study
import numpy as np
import pyarrow as pa
import pytest
from make_results import two_plans
from pydantic import BaseModel
from study_helpers import DELAY, write_scenario

import simulator
from simulator.present.glossary import Entry, glossary, key_of
from simulator.present.meanings import OF_MEASURES
from simulator.present.meanings_of_answers import OF_ESTIMATES, OF_QUESTIONS
from simulator.scenario.model import Scenario
from simulator.study.chunks import REPLICATION_SCHEMA, values_of

# What is fixed can stand in a formula.
ORDER_VALUE, MARGIN = 100.0, 0.5


@dataclass(frozen=True)
class Asked:
    """A run and the questions that were put to it, as they are read back from files."""

    summary: Mapping[str, Any]
    decisions: Mapping[str, Mapping[str, Any]]
    replications: pa.Table


def read_back(summary: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(summary)))


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    product = {"order_value": ORDER_VALUE, "margin": MARGIN, "baseline_order_probability": 0.1}
    scenario = simulator.load(write_scenario(tmp_path_factory.mktemp("tiny"), two_plans() | {"product": product}))
    run = simulator.run(scenario)
    decisions = {
        "split": simulator.split(scenario, steps=3, most=40),
        "target": simulator.target(scenario, measure="orders", at_least=5, replications=20),
        "sensitivity": simulator.sensitivity(scenario, replications=32),
        "creators": simulator.creators(scenario, solo=True),
    }
    told = {name: read_back(its.summary) for name, its in decisions.items()}
    return Asked(read_back(run.summary), told, run.replications)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Play a campaign in which everything is that there can be."""
    values: dict[str, Any] = two_plans()
    values["brand"] = {"half_life_days": 60, "occasion_every_days": 30, "order_per_occasion": 0.1}
    values["product"] |= {"earned_media_cpm": 10, "return_probability": 0.1, "untracked_multiplier": 1.2}
    values["product"] |= {"repeat_orders": {"probability": 0.3, "delay": DELAY}}
    values["behaviour"] |= {"comments_of_engagements": 0.1, "saves_of_engagements": 0.1, "share_per_order": 0.1}
    values["stock"] = {"units": 30}
    values["approval"] = {"reviewers": 1, "submit_days_before": 0, "review_hours": DELAY}
    scandal = {"probability_per_day": 0.1, "trust_left": 0.5, "refund_of_fee": 0.5}
    values["pools"]["micro"] |= {"scandal": scandal, "goodwill_per_impression": 0.001}
    return read_back(simulator.run(simulator.load(write_scenario(tmp_path_factory.mktemp("all"), values))).summary)


@pytest.fixture(scope="module")
def entries(findings: Asked) -> Mapping[str, Entry]:
    return glossary(findings.summary, findings.decisions)


# ---- every number has an entry


def estimates_in(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the path of every estimate in a summary."""
    if isinstance(value, Mapping):
        if {"value", "low", "high"} <= value.keys():
            yield path
        for key, inner in value.items():
            yield from estimates_in(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from estimates_in(inner, path)


def without_entry(
    entries: Mapping[str, Entry], paths: typing.Iterable[tuple[str, ...]], question: str = ""
) -> list[str]:
    return sorted({".".join(path) for path in paths if key_of(path, question) not in entries})


def test_every_estimate_of_a_plan_has_an_entry(findings: Asked, entries: Mapping[str, Entry]) -> None:
    for its in findings.summary["strategies"].values():
        paths = list(estimates_in(its))
        assert len(paths) > 100
        assert [] == without_entry(entries, paths)


@pytest.mark.parametrize("question", ["split", "target", "sensitivity", "creators"])
def test_every_estimate_of_a_question_has_an_entry(
    findings: Asked, entries: Mapping[str, Entry], question: str
) -> None:
    paths = list(estimates_in(findings.decisions[question]))
    assert len(paths) > 5
    assert [] == without_entry(entries, paths, question)


def test_a_measure_without_entry_would_be_found(entries: Mapping[str, Entry]) -> None:
    assert ["fame"] == without_entry(entries, [("fame",)])
    assert ["ratios.fame"] == without_entry(entries, [("ratios", "fame")])
    assert ["plans.fame"] == without_entry(entries, [("plans", "fame")], "split")


def test_every_estimate_of_a_campaign_with_everything_has_an_entry_and_no_entry_is_idle(
    findings: Asked, everything: Mapping[str, Any]
) -> None:
    told = glossary(everything, findings.decisions)
    for its in everything["strategies"].values():
        assert [] == without_entry(told, estimates_in(its))
    every = [OF_MEASURES, OF_ESTIMATES, *OF_QUESTIONS.values()]
    assert {key for of in every for key in of} == told.keys()
    assert all(entry.unit for entry in told.values())
    assert "returned orders count as none" in told["revenue"].formula
    assert "refunds" in told["profit"].formula


def test_nothing_has_an_entry_that_was_not_found() -> None:
    told = glossary(make_study.one().summary)
    assert {"roi", "spend", "break_even_cost_share", "mean"} <= told.keys()
    assert not {"cpm", "brand_lift", "wins", "p_value", "first_order", "marginal_profit"} & told.keys()
    assert {"wins", "p_value"} <= glossary(make_study.two().summary).keys()


# ---- each entry is whole


def test_each_entry_says_what_it_is_in_which_unit_and_how_sure(entries: Mapping[str, Entry]) -> None:
    for key, entry in entries.items():
        assert key == entry.key
        assert all((entry.name, entry.meaning, entry.unit, entry.how_sure)), key
        assert re.fullmatch(r"[A-Z].*[^.]\.", entry.meaning), key
        assert entry.how_sure.endswith("."), key
        assert "CURRENCY" not in entry.unit, key
    names = [entry.name for entry in entries.values()]
    assert len(set(names)) == len(names)


def test_a_formula_is_that_of_the_summary_where_it_has_one(findings: Asked, entries: Mapping[str, Entry]) -> None:
    formulas = findings.summary["formulas"]
    assert formulas["roi"] == entries["roi"].formula
    assert {key: its for key, its in formulas.items() if key in entries} == {
        key: entries[key].formula for key in formulas if key in entries
    }


def test_every_other_figure_that_is_worked_out_has_a_formula(entries: Mapping[str, Entry]) -> None:
    ratios = [entry for entry in entries.values() if entry.unit.startswith(("money per", "times"))]
    assert len(ratios) > 5
    assert [] == [entry.key for entry in ratios if not entry.formula]


def test_an_interval_is_told_as_the_summary_has_it(findings: Asked) -> None:
    summary = copy.deepcopy(dict(findings.summary))
    assert "exact" in glossary(summary)["fee"].how_sure
    assert "Wilson" not in glossary(summary)["roi"].how_sure
    for its in summary["strategies"].values():
        its["roi"]["mean"] |= {"method": "no variation seen", "low": None, "high": None, "across_markets": None}
    assert "no interval" in glossary(summary)["roi"].how_sure
    assert "markets" not in glossary(summary)["roi"].how_sure


# ---- what it rests on is in the scenario


def keys_of_the_model(kind: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Give every key of a scenario, `*` for any name."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield ".".join((*path, name))
            if len(path) < 4:
                yield from keys_of_the_model(field.annotation, (*path, name))
    elif (inner := typing.get_args(kind)) and typing.get_origin(kind) is not typing.Literal:
        named = typing.get_origin(kind) in (dict, tuple)
        for one in inner:
            yield from keys_of_the_model(one, (*path, "*") if named else path)


KEYS = frozenset(keys_of_the_model(Scenario))


def strangers(keys: typing.Iterable[str]) -> list[str]:
    return sorted(set(keys) - KEYS)


def test_what_a_measure_rests_on_are_keys_of_a_scenario(entries: Mapping[str, Entry]) -> None:
    every = [OF_MEASURES, OF_ESTIMATES, *OF_QUESTIONS.values()]
    assert [] == strangers(key for of in every for its in of.values() for key in its.keys)
    assert [] == strangers(key for entry in entries.values() for key in entry.rests_on)
    assert ["pools.*.luck"] == strangers(["pools.*.fee", "pools.*.luck"])


def test_what_a_measure_rests_on_includes_what_its_parts_rest_on(entries: Mapping[str, Entry]) -> None:
    assert set(entries["spend"].rests_on) < set(entries["profit"].rests_on) == set(entries["roi"].rests_on)
    assert "pools.*.reach_per_follower" in entries["profit"].rests_on
    assert "product.order_value" not in entries["clicks"].rests_on
    assert set(entries["profit"].rests_on) == set(entries["marginal_profit"].rests_on)


def test_every_part_of_a_measure_is_a_measure() -> None:
    every = [OF_MEASURES, OF_ESTIMATES, *OF_QUESTIONS.values()]
    known = {key for of in every for key in of}
    for of in every:
        for key, its in of.items():
            assert isinstance(its.made_of, tuple) and isinstance(its.keys, tuple), key
            assert set() == set(its.made_of) - known, key


# ---- formulas give the numbers of the run


def worked_out(formula: str, columns: Mapping[str, Any]) -> Any:
    """Work out the right side of a formula from columns by their names."""
    text = formula.partition(" = ")[2].partition(";")[0].replace(" x ", " * ")
    for name in sorted(columns, key=len, reverse=True):
        text = re.sub(rf"\b{name.replace('_', ' ')}\b", f"columns['{name}']", text, flags=re.IGNORECASE)
    return eval(text, {"columns": columns})  # formulas are this program's own


def columns_of(findings: Asked, plan: str) -> dict[str, Any]:
    rows = findings.replications
    mine = rows.filter(np.array(rows["strategy"].to_pylist()) == plan)
    names = [field.name for field in REPLICATION_SCHEMA if field.name not in ("strategy", "market", "replication")]
    return {name: values_of(mine, name) for name in names} | {
        "order_value": ORDER_VALUE,
        "margin": MARGIN,
        "untracked_multiplier": 1.0,
    }


@pytest.mark.parametrize("key", ["roi", "profit", "revenue", "spend", "roi_tracked", "roi_with_untracked"])
@pytest.mark.parametrize("plan", ["many", "one"])
def test_the_formula_of_a_column_gives_the_column(
    findings: Asked, entries: Mapping[str, Entry], plan: str, key: str
) -> None:
    columns = columns_of(findings, plan)
    assert columns[key].std() > 0 or key == "spend"
    assert worked_out(entries[key].formula, columns) == pytest.approx(columns[key])


@pytest.mark.parametrize(
    "key", ["roas", "cpm", "cpe", "cpc", "cpa", "break_even_cost_share", "break_even_order_factor"]
)
@pytest.mark.parametrize("plan", ["many", "one"])
def test_the_formula_of_a_ratio_gives_the_ratio_of_the_means(
    findings: Asked, entries: Mapping[str, Entry], plan: str, key: str
) -> None:
    its = findings.summary["strategies"][plan]
    means = {name: np.mean(values) for name, values in columns_of(findings, plan).items()}
    means["order_contribution"] = its["order_contribution"]["mean"]["value"]
    means["refunds"] = means.pop("refund")
    assert worked_out(entries[key].formula, means) == pytest.approx(its["ratios"][key]["value"])
    assert worked_out(entries["order_contribution"].formula, means) == pytest.approx(means["order_contribution"])


@pytest.mark.parametrize("plan", ["many", "one"])
def test_the_formula_of_later_orders_counts_those_because_of_the_campaign(
    everything: Mapping[str, Any], plan: str
) -> None:
    """Orders of people who would have bought anyway are in neither part of the share."""
    its, told = everything["strategies"][plan], glossary(everything)
    found = {**its, **its["long_run"], **its["operations"]}
    names = ("orders", "incremental_orders", "returned_orders", "incremental_returns", "brand_orders")
    means = {name: found[name]["mean"]["value"] for name in names}
    means["later_orders_up_to_12_months"] = found["later_orders_12_months"]["mean"]["value"]
    formula, share = told["later_share"].formula, its["ratios"]["later_share"]["value"]
    assert means["orders"] > means["incremental_orders"]
    assert worked_out(formula, means) == pytest.approx(share)
    wrong = formula.replace("incremental orders", "orders").replace("incremental returns", "returned orders")
    assert worked_out(wrong, means) != pytest.approx(share)


def test_a_wrong_formula_would_be_found(findings: Asked, entries: Mapping[str, Entry]) -> None:
    columns = columns_of(findings, "many")
    wrong = entries["roi"].formula.replace("incremental orders", "orders")
    assert worked_out(wrong, columns) != pytest.approx(columns["roi"])
    wrong = entries["profit"].formula.replace(" x margin", "")
    assert worked_out(wrong, columns) != pytest.approx(columns["profit"])


def test_the_same_summary_gives_the_same_glossary(findings: Asked, entries: Mapping[str, Entry]) -> None:
    again = glossary(json.loads(json.dumps(findings.summary)), findings.decisions)
    assert [*entries.items()] == [*again.items()]
