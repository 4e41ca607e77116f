"""Every value of a scenario: told once, with its unit, and by whom."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from study_helpers import creator, tiny_values, write_scenario
from test_model import FULL, leaves, scenario_of

import simulator
from simulator.present.values import value_lines
from simulator.scenario.emit import to_toml
from simulator.scenario.load import load
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.values import Value, values_of
from simulator.scenario.wording import TAGS

Path_ = tuple[str | int, ...]
SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
ONE_VALUE = (
    *("niches", "split", "posts", "fee", "delay", "peer_delay", "review_hours", "rework_hours", "purchase_lag"),
    *("least_share", "most_share", "most_hired"),
)


def by_path(scenario: Scenario) -> dict[Path_, Value]:
    """Give the values of a scenario by path."""
    return {value.path: value for value in values_of(scenario)}


def full(folder: Path) -> Scenario:
    """Load the scenario that has every key from a file."""
    file = folder / "full.toml"
    file.write_text(to_toml({**FULL, "strategies": {"all": FULL["strategies"]["all"]}}), encoding="utf-8")
    return load(file)


def is_of_row(value: Value) -> bool:
    """Say whether a value is one of a row of a listed pool."""
    return (value.path[0], *value.path[2:3]) == ("pools", "creators")


def told(scenario: Scenario) -> list[str]:
    """Give the lines that tell a scenario's values."""
    return value_lines(scenario, values_of(scenario))


def row(lines: list[str], key: str, section: str) -> str:
    """Give the first row of a key in a section, continued rows joined, gaps closed."""
    start = lines.index(section)
    its = "\n".join(lines[start : start + 1 + [*lines[start:], ""].index("")])
    found = re.findall(rf"(?m)^ +{re.escape(key)}  +(\S.*(?:\n {{32,}}\S.*)*)", its)
    assert found, key
    return re.sub(r"\s{2,}", "  ", found[0].replace("\n", " "))


def whole(path: Path_) -> Path_:
    """Give the value of which a number of a distribution, law, list or table is a part."""
    for end, key in enumerate(path, start=1):
        if key in ONE_VALUE and (path[0], key) != ("approval", "delay"):
            return path[:end]
    return whole(path[:-1]) if path[-1] in PARTS else path


PARTS = (*TAGS, "min", "mode", "max", "mean", "sd", "median", "sigma", "at", "value", "exponent", "curvature", "slope")


# ---- the values


def test_every_key_of_the_full_scenario_comes_once() -> None:
    """Nothing that is written is left out, and nothing comes twice."""
    scenario = scenario_of(FULL)
    paths = Counter(value.path for value in values_of(scenario))
    assert {1} == {*paths.values()}
    assert {whole(path) for path in leaves(FULL)} <= {*paths}
    assert not [path for path in paths if {*path} & {"folder", "written", "filled", "extends", *TAGS}]


def test_every_value_of_the_full_scenario_is_told_once_with_its_source(tmp_path: Path) -> None:
    """Each key stands in its section with the file and line that it is written on."""
    scenario = full(tmp_path)
    text, lines = (tmp_path / "full.toml").read_text().splitlines(), told(scenario)
    values = values_of(scenario)
    assert len(values) > 190
    for value in values:
        if value.kind == "written":
            its_line = int(value.source.rpartition(":")[2])
            assert re.search(rf"\b{re.escape(str(value.path[-1]))}\b", text[its_line - 1]), value.path
    ends = Counter(match[0] for line in lines if (match := re.search(r"full\.toml:\d+$", line)))
    told_alone = (value for value in values if value.path[-1] == "handle" or not is_of_row(value))
    sources = Counter(value.source.rpartition("/")[2] for value in told_alone if value.kind == "written")
    assert sources == ends
    assert sum(sources.values()) > 150


def test_where_a_value_was_written_is_said(tmp_path: Path) -> None:
    """A line of the file, an override, or nothing; a value that is set is no longer of the file."""
    path = write_scenario(tmp_path)
    scenario = load(path, {"product.margin": 0.4, "pools.micro.trust": 1.5, "creators.anna.fee": "800 to 1_200"})
    values, lines = by_path(scenario), path.read_text().splitlines()
    assert ("written", "--set product.margin") == (values["product", "margin"].kind, values["product", "margin"].source)
    assert "--set pools.micro.trust" == values["pools", "micro", "trust"].source
    assert "--set creators.anna.fee" == values["creators", 0, "fee"].source
    line = int(values["creators", 1, "fee"].source.rpartition(":")[2])
    assert "fee = 0" == lines[line - 1]
    assert "bert" in lines[line - 3]
    assert ("default", "") == (values["product", "niche"].kind, values["product", "niche"].source)
    assert not load(path).written["product", "margin"].startswith("--set")


def test_a_platform_at_the_top_is_that_of_accounts_without_one(tmp_path: Path) -> None:
    """With its line, not as off; a row of a list has its pool's, and without a platform there is none."""
    plain = tiny_values()
    row = {"handle": "cy", "followers": 200, "fee": 9}
    listed = {key: value for key, value in plain["pools"]["micro"].items() if key not in ("count", "followers")}  # type: ignore[index]
    pools = {**plain["pools"], "x": plain["pools"]["micro"] | {"platform": "x"}, "own": {**listed, "creators": [row]}}  # type: ignore[index,dict-item]
    found = by_path(load(write_scenario(tmp_path, plain | {"platform": "tiktok", "pools": pools})))
    top = found["platform",]
    for path in (("creators", 0), ("pools", "micro"), ("pools", "own")):
        its = found[*path, "platform"]
        assert ("tiktok", top.source, False) == (its.value, its.source, its.is_off)
    assert "x" == found["pools", "x", "platform"].value
    assert found["pools", "own", "creators", 0, "platform"].is_off
    assert by_path(load(write_scenario(tmp_path, plain)))["pools", "micro", "platform"].is_off


def test_a_layer_is_named_by_its_own_file(tmp_path: Path) -> None:
    """What a scenario changes has its line, what it leaves has that of the file it extends."""
    write_scenario(tmp_path)
    path = tmp_path / "mine.toml"
    path.write_text('extends = "tiny.toml"\n[product]\nmargin = 0.3\n', encoding="utf-8")
    lines = told(load(path))
    assert "30% of order value mine.toml:3" == re.sub(" +", " ", row(lines, "margin", "[product]"))
    assert re.search(r"\$80 to \$120 per order +tiny\.toml:\d+$", "\n".join(lines), re.MULTILINE)


def test_defaults_that_do_nothing_are_off() -> None:
    """A default is off where it is neutral, and where the key it belongs to is; one that is written never is."""
    values = by_path(scenario_of(tiny_values(stock={"units": 5})))
    for path in ("people", "niches"), ("people", "niche_affinity"), ("stock", "pause_paid"):
        assert not values[path].is_off, path
    account = ("pools", "micro")
    assert values[(*account, "every_days")].is_off
    assert values[(*account, "terms", "usage_rights_months")].is_off
    assert values["discovery", "most"].is_off
    assert values["brand",].is_off
    silent = by_path(scenario_of(tiny_values(behaviour={})))
    assert silent["behaviour", "peer_delay"].is_off
    pool: dict[str, Any] = tiny_values()["pools"]["micro"]  # type: ignore[index]
    terms, found = {"usage_rights_of_fee_per_month": 0.2}, {"nonfollower_reach_ratio": 0.2, "posts": 2}
    del pool["post_days"]
    values = by_path(scenario_of(tiny_values(pools={"micro": pool | found | {"terms": terms}})))
    assert not values[(*account, "every_days")].is_off
    assert not values[(*account, "terms", "usage_rights_months")].is_off
    assert values[(*account, "terms", "exclusivity_months")].is_off
    assert not values["discovery", "most"].is_off


# ---- as text


def test_values_are_told_as_they_are_written(tmp_path: Path) -> None:
    """Shares in percent, money with its sign, ranges as ranges, laws and delays by their keys, units behind."""
    lines = told(full(tmp_path))
    expected = {
        ("[product]", "order_value"): "€85 to €115 per order",
        ("[product]", "margin"): "50% of order value",
        ("[product]", "purchase_lag"): "lognormal: median_hours 1, sigma 3 (hours)",
        ("[people]", "count"): "200,000 persons",
        ("[people]", "niches"): "beauty 0.4, food 0.6 (relative sizes)",
        ("[behaviour]", "response_by_frequency"): "0.7, 1, 0.8 (times)",
        ("[overlap]", "anna and ben"): "30% of the smaller audience",
        ("[stock]", "pause_paid"): "false",
        ("[ads]", "cpm"): "€6 to €12 per 1,000 impressions",
        (
            "[pools.mid]",
            "reach_per_follower",
        ): "power: at 30,000, value 12% to 25%, exponent -0.22 (of advertised followers)",
        ("[pools.mid]", "click_per_impression"): "log_quadratic: at 1,000,000, value beta: mean 2%, sd 0.5%, "
        "curvature -0.1, slope 0.05 (of impressions)",
        ("[pools.micro]", "fee"): "power: scale 0.038, exponent 0.89, noise 0.8 (€ per creator, all posts)",
        ("[pools.micro]", "management_cost"): "lognormal: median €250, sigma 0.3 per creator",
        ("[[creators]] ben", "delay"): "constant: hours 1 (hours)",
        ("[strategies.all]", "split"): "micro 60%, mid 30%, ads 10% (of the budget left after creators and boost)",
        ("[strategies.all]", "cpm"): "€8 per 1,000 impressions",
        ("At the top", "start_date"): "2026-03-02",
        ("At the top", "seed"): "7",
        ("At the top", "correlate"): "product.order_value, pools.micro.click_per_impression, 0.4 (rank correlation)",
    }
    for (section, key), text in expected.items():
        told_text, _, source = row(lines, key, section).rpartition(" ")
        assert text == re.sub(" +", " ", told_text.strip())
        assert source.startswith("full.toml:")


def test_defaults_that_act_are_cited_and_neutral_ones_stand_together(tmp_path: Path) -> None:
    """A short source stands in the line, a long one below; sections that are off are named once."""
    lines = told(load(write_scenario(tmp_path, tiny_values(people={"count": 2000}))))
    assert "8 times, against other niches  default: assumed" == row(lines, "niche_affinity", "[people]")
    marked = row(lines, "followings_per_person", "[people]")
    assert "25 persons followed, per person  default [1]" == marked
    assert any(line.startswith("[1] thinner than Kwak et al. 2010") for line in lines)
    text = " ".join(" ".join(lines).split())
    assert "off or neutral: weekdays, " not in text
    assert "trust 1, disclosure 1, quality_spread 0, fake_share 0%, completion_probability 100%, scandal, terms" in text
    assert "Not used: [brand], [approval], [discovery], [stock], [ads], [decision], [overlap]" in text
    assert [1, 1] == [text.count(once) for once in ("[brand]", "At the top")]


def test_what_a_preset_fills_in_names_it_with_its_source_below(tmp_path: Path) -> None:
    """Each source is told once, whoever has values from it."""
    anna = {key: value for key, value in creator("anna").items() if not key.endswith(("impression", "click"))}
    values = tiny_values(evidence="industry", creators=[anna, anna | {"handle": "bo"}], pools={})
    values["strategies"] = {"one": {"creators": ["anna"]}}
    scenario = load(write_scenario(tmp_path, values))
    lines = told(scenario)
    filled = by_path(scenario)["creators", 0, "click_per_impression"]
    assert ("preset", "evidence industry") == (filled.kind, filled.source)
    told_once = row(lines, "click_per_impression", "[[creators]] anna")
    assert told_once == row(lines, "click_per_impression", "[[creators]] bo")
    mark = re.search(r"evidence industry (\[\d+\])$", told_once)
    assert mark
    [note] = [place for place, line in enumerate(lines) if line.startswith(mark[1])]
    assert filled.cite.startswith(lines[note].removeprefix(f"{mark[1]} "))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_values_of_shipped_scenarios_fit_a_screen(path: Path) -> None:
    """No line is longer than 100 characters, no number has an exponent, and each value that acts has a row."""
    scenario = simulator.load(path)
    lines = told(scenario)
    assert max(map(len, lines)) <= 100
    assert not re.search(r"\d[eE][+-]?\d", "\n".join(line for line in lines if ".toml" not in line))
    acting = [value for value in values_of(scenario) if not value.is_off and not is_of_row(value)]
    sources = [
        line
        for line in lines
        if re.search(r"(\.toml:\d+|default(: \S.*| \[\d+\])|(evidence|platform|tier) \w+ \[\d+\])$", line)
    ]
    assert len(acting) == len(sources)


def test_one_is_singular_and_names_are_made_safe(tmp_path: Path) -> None:
    """Of one there is "1 creator", "1 month"; a name that a terminal would obey is shown without that."""
    values = tiny_values()
    pool: dict[str, Any] = values["pools"]["micro"]  # type: ignore[index]
    pool |= {"count": 1, "terms": {"usage_rights_of_fee_per_month": 0.2}}
    lines = told(load(write_scenario(tmp_path, values | {"title": "a\u202eb", "horizon_days": 1})))
    assert row(lines, "count", "[pools.micro]").startswith("1 creator ")
    assert "1 month  default: assumed: one month" == row(lines, "usage_rights_months", "[pools.micro]")
    assert row(lines, "horizon_days", "At the top").startswith("1 day ")
    assert row(lines, "title", "At the top").startswith("ab ")


def test_creators_of_a_list_have_a_row_each(tmp_path: Path) -> None:
    """Of twelve the first ten are told, each with what is its own, and where that stands; presets are marked."""
    scenario = load(write_scenario(tmp_path))

    def its(row: int, key: str, value: object, kind: Any = "written", cite: str = "") -> Value:
        source = {"written": f"creators.csv:{row + 2}", "preset": "platform tiktok", "default": ""}[kind]
        return Value(("pools", "own", "creators", row, key), value, "none", kind, source, cite)

    rows = [
        (its(row, "handle", f"creator{row}"), its(row, "followers", 5000 + row), its(row, "niche", None, "default"))
        for row in range(12)
    ]
    filled = its(0, "reach_per_follower", Quantity("share", "fixed", (0.3,)), "preset", "Views per follower.")
    lines = value_lines(scenario, [*rows[0], filled, *(value for row in rows[1:] for value in row)])
    start = lines.index("  creators, 12 in all, each with what is its own")
    text = [re.sub(" +", " ", line.strip()) for line in lines[start + 1 :]]
    assert "creator0 followers 5000, reach_per_follower 30% [1] creators.csv:2" == text[0]
    assert "creator9 followers 5009 creators.csv:11" == text[9]
    assert "and 2 more, whose values are in scenario.toml of a result folder" == text[10]
    assert "[1] Views per follower." in lines


def test_a_listed_pool_of_a_file_says_its_lines(tmp_path: Path) -> None:
    """Each row of the list has the line on which it stands; what a row leaves out is the pool's and not repeated."""
    values = tiny_values()
    pool: dict[str, Any] = values["pools"]["micro"]  # type: ignore[index]
    del pool["count"], pool["followers"]
    pool["creators"] = [{"handle": "cy", "followers": 200, "fee": 9}, {"handle": "di", "followers": 300}]
    path = write_scenario(tmp_path, values)
    scenario = load(path)
    lines = told(scenario)
    text, found = path.read_text().splitlines(), by_path(scenario)["pools", "micro", "creators", 1, "followers"]
    assert "followers = 300" == text[int(found.source.rpartition(":")[2]) - 1]
    start = lines.index("  creators, 2 in all, each with what is its own")
    assert re.fullmatch(r" {4}cy +followers 200, fee \$9 +tiny\.toml:\d+", lines[start + 1])
    assert re.fullmatch(r" {4}di +followers 300 +tiny\.toml:\d+", lines[start + 2])
