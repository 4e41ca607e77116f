"""The schema for editors: it accepts what the loader accepts, and refuses what one key is wrong about, at that key."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, ValidationError
from pydantic import ValidationError as ModelError
from test_model import FULL, Path_, copy_with, leaves

from simulator import cli
from simulator.errors import ScenarioError
from simulator.scenario.emit import to_toml
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.scenario.presets.filling import fill
from simulator.scenario.schema import DRAFT, scenario_schema, schema_text
from simulator.scenario.section import Section
from simulator.scenario.wording import HIDDEN

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "scenarios").glob("*.toml"))
BROKEN = sorted((Path(__file__).parent / "scenarios_broken").glob("*.toml"))
FROM_FILE = {
    "horizon_days": 5,
    "people": {"graph_file": "edges.csv", "activity_spread": "30%"},
    "product": {"order_value": 100, "margin": "50%"},
    "creators": [{**FULL["creators"][0], "handle": "anna"}],
    "strategies": {"hire": {"creators": ["anna"]}},
}
TODAY = "2026-03-02"


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    return Draft4Validator(scenario_schema())


def as_editors_see_it(value: Any) -> Any:
    """Give TOML values as editors hand them to a schema: dates as text, and nothing for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: as_editors_see_it(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_editors_see_it(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def in_toml(raw: dict[str, Any]) -> dict[str, Any]:
    """Give values as they come out of a TOML file."""
    return as_editors_see_it(tomllib.loads(to_toml(json.loads(json.dumps(raw)))))


def places_of(errors: list[ValidationError]) -> Iterator[Path_]:
    """Give where errors lie, those inside an "either ... or" included."""
    for error in errors:
        yield tuple(error.absolute_path)
        yield from places_of(error.context)


def messages(schema: Draft4Validator, raw: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in schema.iter_errors(raw)]


# ---- the schema itself


def test_it_is_a_schema_of_the_draft_that_editors_read() -> None:
    """It is valid against its meta-schema, and has no word of a later draft that an old reader would skip."""
    schema = scenario_schema()
    assert DRAFT == schema["$schema"] == Draft4Validator.META_SCHEMA["id"]
    Draft4Validator.check_schema(schema)
    words = set(words_of(schema))
    assert words <= {"$schema", *Draft4Validator.META_SCHEMA["properties"], "$ref", "format"}, words


def words_of(node: Any) -> Iterator[str]:
    """Give every keyword that is used, not the names of keys."""
    for word, inner in node.items():
        yield word
        if word in ("properties", "patternProperties", "definitions"):
            nodes = list(inner.values())
        else:
            nodes = inner if isinstance(inner, list) else [inner]
        for one in nodes if word not in ("default", "enum") else ():
            if isinstance(one, dict):
                yield from words_of(one)


def test_beside_a_reference_stands_nothing() -> None:
    """An editor skips it."""

    def nodes(node: Any) -> Iterator[dict[str, Any]]:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        yield from [node] if isinstance(node, dict) else []
        for one in inner:
            yield from nodes(one)

    references = [node for node in nodes(scenario_schema()) if "$ref" in node]
    definitions = scenario_schema()["definitions"]
    assert len(references) > 100
    assert all(["$ref"] == list(node) for node in references)
    assert all(node["$ref"].removeprefix("#/definitions/") in definitions for node in references)


def test_the_same_bytes_always() -> None:
    """Nothing of a clock or the order of a set is in it, and the command prints it."""
    assert schema_text() == schema_text()
    printed = CliRunner().invoke(cli.main, ["schema"])
    assert (0, schema_text()) == (printed.exit_code, printed.stdout)
    assert scenario_schema() == json.loads(printed.stdout)


def test_the_command_writes_it(tmp_path: Path) -> None:
    """Into the file that a scenario's first line names."""
    file = tmp_path / "campaign-roi.schema.json"
    lost = CliRunner().invoke(cli.main, ["schema", "--out", str(tmp_path)])
    assert (3, True) == (lost.exit_code, "It was not written. Choose another place with --out." in lost.output)
    done = CliRunner().invoke(cli.main, ["schema", "--out", str(file)])
    assert (0, "") == (done.exit_code, done.output)
    assert schema_text() == file.read_text(encoding="utf-8")


def sections_of(kind: type[Section]) -> list[type[Section]]:
    return [one for below in kind.__subclasses__() for one in (below, *sections_of(below))]


def test_every_key_says_what_it_is() -> None:
    """A word over each key of the model, with an example; and no field that is no key."""
    definitions = scenario_schema()["definitions"] | {"Scenario": scenario_schema()}
    seen = 0
    for section in sections_of(Section):
        if section.__module__.startswith("simulator.") and section.__name__ in definitions:
            its = definitions[section.__name__]["properties"]
            assert set(section.model_fields) - set(HIDDEN) == set(its)
            for key, field in section.model_fields.items():
                if field.description and key not in HIDDEN:
                    assert its[key]["description"].lower().startswith(field.description.lower())
                    seen += 1
    assert seen > 150
    fee = definitions["Creator"]["properties"]["fee"]
    assert (
        "What the creator is paid for all posts together, in money [money per creator, all posts]. For example: 900"
        == fee["description"]
    )
    assert 0.0 == definitions["Creator"]["properties"]["management_cost"]["default"]


# ---- what it accepts


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_accepted(schema: Draft4Validator, path: Path) -> None:
    assert [] == messages(schema, as_editors_see_it(tomllib.loads(path.read_text(encoding="utf-8"))))


def test_every_key_is_accepted(schema: Draft4Validator) -> None:
    """Those of a graph file included, a date as TOML has it, and percentages for numbers."""
    assert [] == messages(schema, in_toml(FULL))
    assert [] == messages(schema, FROM_FILE)
    assert [] == messages(schema, {key: value for key, value in FULL.items() if key != "name"})
    dated = as_editors_see_it(tomllib.loads(f"start_date = {TODAY}"))
    assert [] == messages(schema, FULL | dated)


def test_every_example_is_accepted(schema: Draft4Validator) -> None:
    """An editor that shows an example does not mark it as wrong once it is written."""
    for name, node in (schema.schema["definitions"] | {"Scenario": schema.schema}).items():
        for key, its in node.get("properties", {}).items():
            example = its.get("description", "").partition("For example: ")[2]
            if example:
                value = as_editors_see_it(tomllib.loads(f"value = {example}"))["value"]
                assert [] == messages(
                    schema.evolve(schema={**its, "definitions": schema.schema["definitions"]}), value
                ), (
                    name,
                    key,
                )


@pytest.mark.parametrize("top", [{"evidence": "industry"}, {"platform": "tiktok"}])
def test_what_a_preset_fills_in_is_not_demanded(schema: Draft4Validator, top: dict[str, Any]) -> None:
    """Rates and delay may be left out, with a platform a pool's fee as well, with a tier its followers."""
    raw = {**FROM_FILE, **top, "budget": 100, "people": {"count": 1000}}
    raw["creators"] = [{"handle": "anna", "fee": 100, "followers": 100, "post_days": [0]}]
    raw["pools"] = {"micro": {"platform": "x", "tier": "micro", "count": 3, "posts": 1}}
    Scenario.model_validate({"name": "x", **fill(raw)[0]})
    assert [] == messages(schema, raw)
    del raw["creators"][0]["fee"]  # which is a creator's own
    assert ("creators", 0) in places_of(list(schema.iter_errors(raw)))


@pytest.mark.parametrize(
    "layer",
    [
        {"extends": "base.toml"},
        {"extends": "base.toml", "remove": ["strategies.one"], "product": {"margin": 0.4}},
        {"extends": "base.toml", "people": {"niche_affinity": 2.0}},
        {"extends": "base.toml", "creators": [{"handle": "anna", "fee": 5}], "pools": {"micro": {"count": 3}}},
        {"extends": "base.toml", "pools": {"micro": {"delay": {"sigma": 1.0}, "fee": {"scale": 2.0}}}},
        {"extends": "base.toml", "strategies": {"new": {"boost": {"cpm": 9}}}},
    ],
)
def test_a_scenario_that_extends_another_may_leave_out_what_that_has(schema: Draft4Validator, layer: Any) -> None:
    """Any key, at the top or inside; without `extends` the same is missing something."""
    assert [] == messages(schema, layer)
    assert [] != messages(schema, {key: value for key, value in layer.items() if key != "extends"})


def test_what_is_wrong_in_a_layer_is_refused(schema: Draft4Validator) -> None:
    """Keys are known and values within bounds there, too."""
    for wrong, place in (({"prodct": {}}, ()), ({"product": {"margin": 2}}, ("product", "margin"))):
        assert place in places_of(list(schema.iter_errors({"extends": "base.toml", **wrong})))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_is_wrong_only_between_keys_is_accepted(schema: Draft4Validator, path: Path) -> None:
    """Whatever the model accepts, the schema accepts; what keys say together is no claim of either."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        Scenario.model_validate({"name": "x", **fill(raw)[0]})
    except (ValueError, RecursionError, OSError):
        return
    assert [] == messages(schema, as_editors_see_it(raw))


WORDS = (
    "1% to 3%",
    "2.4%",
    "10 to 20",
    "0.5",
    "1_000",
    "pools",
    "mon",
    "anna",
    "",
    "beauty",
    "power",
    TODAY,
    "-1",
    "x" * 61,
)
TABLES = (
    {"dist": "pert", "min": 0, "mode": "1%", "max": 0.5},
    {"dist": "lognormal", "median": 3, "sigma": 0.5},
    {"dist": "lognormal", "median_hours": 3, "sigma": 0.5},
    {"dist": "beta", "mean": 0.3, "sd": 0.1},
    {"dist": "uniform", "min": 1, "max": 2},
    {"dist": "constant", "hours": 1},
    {"law": "power", "at": 1000, "value": "1% to 3%", "exponent": 0.1},
    {"law": "power", "scale": 3.0, "exponent": 0.9},
    {"count": 5},
    {"anna": 0.3},
    {},
)
NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 0.5, 1.0, 2, 100, 1000, 1e9, 1e15, 2**31 - 2, 2**63 - 1, 24, 3660]),
    st.integers(-10, 10**6),
    st.floats(-1, 100),
)
VALUES = st.one_of(
    NUMBERS,
    st.sampled_from(WORDS),
    st.sampled_from(TABLES),
    st.booleans(),
    st.lists(st.one_of(NUMBERS, st.sampled_from(WORDS)), max_size=3),
)


@settings(derandomize=True, max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(leaves(FULL), key=str)), VALUES)
def test_what_the_model_accepts_at_a_key_the_schema_accepts(path: Path_, value: Any) -> None:
    """Whatever one key is changed to."""
    raw = copy_with(FULL, path, value)
    try:
        Scenario.model_validate(raw)
    except ModelError:
        return
    assert [] == messages(VALIDATOR, raw)


VALIDATOR = Draft4Validator(scenario_schema())

# ---- what it refuses

MICRO, ANNA, ALL = ("pools", "micro"), ("creators", 0), ("strategies", "all")
MISSING = object()  # the key is taken away
# What is wrong -> the key that is changed, what it is changed to, and where the error lies if not there.
WRONG: dict[str, tuple[Path_, object, Path_ | None]] = {
    # unknown keys
    "unknown_key_at_the_top": (("sede",), 7, ()),
    "unknown_section": (("prodct",), {}, ()),
    "field_that_is_no_key": (("folder",), ".", ()),
    "unknown_key_of_the_product": (("product", "margn"), 0.5, ("product",)),
    "unknown_key_of_people": (("people", "cuont"), 5, ("people",)),
    "unknown_key_of_a_pool": ((*MICRO, "handle"), "x", MICRO),
    "unknown_key_of_a_creator": ((*ANNA, "count"), 5, ANNA),
    "unknown_key_of_terms": ((*MICRO, "terms", "fee"), 0.1, (*MICRO, "terms")),
    "unknown_key_of_a_boost": ((*ALL, "boost", "dayz"), 1, (*ALL, "boost")),
    "unknown_key_of_a_delay": ((*MICRO, "delay", "mean_hours"), 1, (*MICRO, "delay")),
    "unknown_key_of_a_law": ((*MICRO, "fee", "slope"), 1, (*MICRO, "fee")),
    "unknown_key_of_a_distribution": ((*MICRO, "reach_per_follower", "mean"), 0.2, (*MICRO, "reach_per_follower")),
    # wrong types
    "text_for_a_whole_number": (("people", "count"), "200_000", None),
    "fraction_for_a_whole_number": (("replications",), 400.0, None),
    "truth_for_a_number": (("horizon_days",), True, None),
    "number_for_truth": (("stock", "pause_paid"), 1, None),
    "number_for_text": (("title",), 5, None),
    "number_for_a_list": ((*ANNA, "post_days"), 3, None),
    "text_for_a_list": ((*ALL, "creators"), "anna", None),
    "list_for_a_table": (("product",), [], None),
    "table_for_a_list": (("creators",), {}, None),
    "number_for_a_table": (("overlap",), 0.3, None),
    "number_for_a_delay": ((*MICRO, "delay"), 6.0, None),
    "text_for_a_table_of_plans": (("strategies",), "all", None),
    # out of bounds
    "seed_below_0": (("seed",), -1, None),
    "no_days": (("horizon_days",), 0, None),
    "too_many_days": (("horizon_days",), 3661, None),
    "no_budget": (("budget",), 0, None),
    "share_above_1": (("product", "margin"), 1.5, None),
    "share_below_0": ((*ANNA, "reach_per_follower"), -0.1, None),
    "all_followers_fake": ((*ANNA, "fake_share"), 1, None),
    "factor_above_10": ((*MICRO, "trust"), 11, None),
    "multiplier_below_1": (("product", "untracked_multiplier"), 0.5, None),
    "impressions_for_nothing": (("ads", "cpm"), 0, None),
    "no_half_life": (("brand", "half_life_days"), 0, None),
    "customers_who_never_stop": (("product", "repeat_orders", "probability"), 1, None),
    "day_25_hours": (("approval", "working_hours"), [9.0, 25.0], ("approval", "working_hours", 1)),
    "correlation_above_1": (
        ("correlate",),
        [["product.order_value", "pools.micro.click_per_impression", 1.5]],
        ("correlate", 0, 2),
    ),
    "no_waves": ((*ALL, "stagger", "waves"), 0, None),
    "sigma_above_20": ((*MICRO, "delay"), {"dist": "lognormal", "median_hours": 6.0, "sigma": 21.0}, None),
    "exponent_above_3": ((*MICRO, "fee", "exponent"), 4.0, (*MICRO, "fee")),
    "split_of_nothing": ((*ALL, "split", "micro"), 0, None),
    "empty_list": ((*ANNA, "post_days"), [], None),
    "empty_table": (("people", "niches"), {}, None),
    # misspelt words, and texts that are no numbers
    "misspelt_evidence": (("evidence",), "industri", None),
    "misspelt_weekday": ((*("pools", "mid"), "weekdays"), ["monday"], ("pools", "mid", "weekdays", 0)),
    "misspelt_order_of_a_stagger": ((*ALL, "stagger", "by"), "small", None),
    "misspelt_delay": ((*MICRO, "delay"), {"dist": "exponental", "mean_hours": 4.0}, None),
    "misspelt_distribution": ((*MICRO, "trust"), {"dist": "prt", "min": 1, "mode": 1, "max": 2}, None),
    "distribution_of_another_kind": ((*MICRO, "management_cost"), {"dist": "beta", "mean": 0.5, "sd": 0.1}, None),
    "misspelt_law": ((*MICRO, "fee", "law"), "powr", (*MICRO, "fee")),
    "range_with_a_dash": ((*MICRO, "click_per_impression"), "1%-3%", None),
    "percent_of_money": (("product", "order_value"), "10%", None),
    "word_for_a_number": ((*MICRO, "followers"), "many", None),
    "decimal_comma": (("product", "margin"), "0,5", None),
    "date_the_other_way_round": (("start_date",), "02.03.2026", None),
    "blank_handle": ((*ANNA, "handle"), " ", None),
    "long_handle": ((*ANNA, "handle"), "x" * 61, None),
    "name_with_a_slash": (("name",), "a/b", None),
    "name_of_a_pool_with_a_dot": (("pools", "a.b"), FULL["pools"]["micro"], ("pools",)),
    "long_name_of_a_plan": (("strategies", "x" * 61), {}, None),
    # missing keys
    "no_horizon": (("horizon_days",), MISSING, ()),
    "no_people": (("people",), MISSING, ()),
    "no_plans": (("strategies",), MISSING, ()),
    "no_margin": (("product", "margin"), MISSING, ("product",)),
    "no_count_of_people": (("people", "count"), MISSING, ("people",)),
    "no_handle": ((*ANNA, "handle"), MISSING, ANNA),
    "no_fee": ((*ANNA, "fee"), MISSING, ANNA),
    "no_count_of_a_pool": ((*MICRO, "count"), MISSING, MICRO),
    "no_price_of_ads": (("ads", "cpm"), MISSING, ("ads",)),
    "no_kind_of_delay": ((*MICRO, "delay", "dist"), MISSING, (*MICRO, "delay")),
    "no_parameter_of_a_delay": ((*MICRO, "delay", "sigma"), MISSING, (*MICRO, "delay")),
    "no_parameter_of_a_distribution": ((*ANNA, "reach_per_follower", "max"), MISSING, (*ANNA, "reach_per_follower")),
    "no_parameter_of_a_law": ((*MICRO, "fee", "scale"), MISSING, (*MICRO, "fee")),
    "no_probability_of_a_scandal": ((*ANNA, "scandal", "probability_per_day"), MISSING, (*ANNA, "scandal")),
}


def changed(path: Path_, value: object) -> dict[str, Any]:
    """Copy the full scenario with one key changed or taken away."""
    raw = copy_with(FULL, path, None if value is MISSING else value)
    if value is MISSING:
        here = raw
        for key in path[:-1]:
            here = here[key]
        del here[path[-1]]
    return raw


def test_the_scenario_that_is_changed_is_good(tmp_path: Path) -> None:
    """So what is refused below is refused for the change."""
    path = tmp_path / "good.toml"
    path.write_text(to_toml(json.loads(json.dumps(FULL))), encoding="utf-8")
    assert "full" == load(path).name
    assert len(WRONG) >= 50


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_about_one_key_is_refused_there(schema: Draft4Validator, tmp_path: Path, name: str) -> None:
    """By the schema and by the loader, both at the key that is meant."""
    path, value, place = WRONG[name]
    raw = changed(path, value)
    place = path if place is None else place
    errors = list(schema.iter_errors(raw))
    # what is missing lies inside an "either ... or", for a layer may leave it out
    assert place in (places_of(errors) if value is MISSING else [tuple(error.absolute_path) for error in errors])
    file = tmp_path / f"{name}.toml"
    file.write_text(to_toml(raw), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    key = [word for word in path if isinstance(word, str)]
    rows = [row for row in str(caught.value).splitlines()[1:] if key[0] in row]
    assert any(key[-1] in row or ".".join(key[:-1]) in row.replace("creators.anna", "creators") for row in rows), rows


def test_fixed_words_are_offered(schema: Draft4Validator) -> None:
    """An editor completes them."""
    weekdays = schema.schema["definitions"]["Pool"]["properties"]["weekdays"]["items"]["enum"]
    assert ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] == weekdays
    assert (
        list(get_args(get_args(Scenario.model_fields["evidence"].annotation)[0]))
        == (schema.schema["properties"]["evidence"]["enum"])
    )
