"""A scenario may say only what differs from another one; each value still knows the line it stands on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import simulator
from simulator.errors import ScenarioError
from simulator.study.results import resolved_toml

RATES = """\
reach_per_follower = 0.2
engagement_per_impression = 0.1
share_per_impression = 0.004
click_per_impression = 0.02
order_per_click = 0.02
delay = { dist = "lognormal", median_hours = 8.0, sigma = 1.4 }
"""
BASE = f"""\
name = "base"
title = "The base"
horizon_days = 21
budget = 10_000
[people]
count = 20_000
niches = {{ beauty = 0.4, food = 0.6 }}
[product]
order_value = 100
margin = 0.5
[pools.micro]
count = 20
followers = "1_000 to 5_000"
fee = {{ law = "power", scale = 0.04, exponent = 0.9, noise = 0.5 }}
post_days = [0]
formats = {{ feed = {{}}, story = {{ reach_per_follower = 0.05 }} }}
{RATES}
[[creators]]
handle = "anna"
followers = 10_000
fee = 900
post_days = [0]
{RATES}
[[creators]]
handle = "ben"
followers = 8_000
fee = 700
post_days = [0]
{RATES}
[strategies.portfolio]
split = {{ micro = 1.0 }}
[strategies.anna]
creators = ["anna"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("base.toml").write_text(BASE, encoding="utf-8")
    return tmp_path


def top(text: str, name: str = "top.toml") -> str:
    """Write a scenario that extends the base."""
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(f'extends = "base.toml"\n{text}', encoding="utf-8")
    return name


def loaded(text: str, overrides: Mapping[str, object] | None = None) -> simulator.scenario.model.Scenario:
    return simulator.load(top(text), overrides)


def plain(text: str) -> Any:
    return json.loads(json.dumps(loaded(text).plain()))


def refusal(path: str, overrides: Mapping[str, object] | None = None) -> str:
    with pytest.raises(ScenarioError) as caught:
        simulator.load(path, overrides)
    return str(caught.value)


# ---- what is laid over what


def test_nothing_written_is_the_base(folder: Path) -> None:
    """But for the name and the title, which are each file's own."""
    base, same = simulator.load("base.toml"), loaded("")
    assert {**base.plain(), "name": "top", "title": ""} == same.plain()
    assert base.hash == loaded('name = "base"\ntitle = "The base"\n').hash


def test_sections_are_laid_over_key_by_key(folder: Path) -> None:
    """One key of a section, pool, strategy or format changes; the others stay."""
    text = """\
[product]
margin = 0.4
[pools.micro]
count = 5
formats.story.reach_per_follower = 0.07
"""
    values = plain(text)
    assert (100, 0.4) == (values["product"]["order_value"], values["product"]["margin"])
    assert (5, "1000.0 to 5000.0") == (values["pools"]["micro"]["count"], values["pools"]["micro"]["followers"])
    assert {"feed": {}, "story": {"reach_per_follower": 0.07}} == values["pools"]["micro"]["formats"]


def test_creators_are_laid_over_by_handle(folder: Path) -> None:
    """A handle that is there changes, in its place; another one comes after."""
    text = f"""\
[[creators]]
handle = "cem"
followers = 5_000
fee = 100
post_days = [0]
{RATES}
[[creators]]
handle = "anna"
fee = 1
"""
    creators = loaded(text).creators
    assert ["anna", "ben", "cem"] == [its.handle for its in creators]
    assert [1, 700, 100] == [its.fee.median for its in creators]
    assert 10_000 == creators[0].followers


def test_tables_of_numbers_are_replaced(folder: Path) -> None:
    """Otherwise shares of both would add up to more than 1, and niches could never go."""
    text = """\
[people]
niches = { fashion = 1.0 }
[strategies.portfolio]
split = { micro = 0.5 }
"""
    values = plain(text)
    assert {"fashion": 1.0} == values["people"]["niches"]
    assert {"micro": 0.5} == values["strategies"]["portfolio"]["split"]


def test_a_distribution_that_says_which_replaces(folder: Path) -> None:
    """Its parameters are not mixed with those of another one; one that does not say which changes what is there."""
    whole = plain('[pools.micro]\ndelay = { dist = "exponential", mean_hours = 3 }\n')["pools"]["micro"]
    assert {"dist": "exponential", "mean_hours": 3} == whole["delay"]
    part = plain("[pools.micro]\ndelay.sigma = 2\nfee = { noise = 0.1 }\n")["pools"]["micro"]
    assert {"dist": "lognormal", "median_hours": 8.0, "sigma": 2} == part["delay"]
    assert {"law": "power", "scale": 0.04, "exponent": 0.9, "noise": 0.1} == part["fee"]
    value = plain('[product]\nmargin = { dist = "pert", min = 0.1, mode = 0.2, max = 0.3 }\n')["product"]
    assert {"dist": "pert", "min": 0.1, "mode": 0.2, "max": 0.3} == value["margin"]


def test_keys_of_the_base_can_be_removed(folder: Path) -> None:
    """Also where another way of saying it takes their place, and rows by handle; the rest keeps its lines."""
    text = """\
remove = ["strategies.anna", "pools.micro.post_days", "creators.anna"]
[pools.micro]
posts = 2
[strategies.ben]
creators = ["ben"]
"""
    scenario = loaded(text)
    assert ["portfolio", "ben"] == list(scenario.strategies)
    assert ["ben"] == [its.handle for its in scenario.creators]
    assert (None, 2) == (scenario.pools["micro"].post_days, scenario.pools["micro"].posts)
    line = 1 + BASE.split("\n").index('handle = "ben"')
    assert f"base.toml:{line}" == scenario.written["creators", 0, "handle"]


def test_files_extend_files_that_extend_files(folder: Path) -> None:
    """The nearest one counts; `--set` lies on top of all, and the result stands alone."""
    top("budget = 20_000\n[product]\nmargin = 0.3\n", "middle.toml")
    Path("top.toml").write_text('extends = "middle.toml"\nbudget = 30_000\n', encoding="utf-8")
    scenario = simulator.load("top.toml", {"horizon_days": 7, "pools.micro.fee.scale": 0.5})
    assert (30_000, 0.3, 7) == (scenario.budget, scenario.product.margin.median, scenario.horizon_days)
    assert 0.5 == scenario.plain()["pools"]["micro"]["fee"]["scale"]
    Path("alone.toml").write_text(resolved_toml(scenario), encoding="utf-8")
    assert scenario.hash == simulator.load("alone.toml").hash
    assert "extends" not in resolved_toml(scenario)


def test_files_are_named_relative_to_who_names_them(folder: Path) -> None:
    """A graph file of a base in another folder is found from there."""
    Path("shared").mkdir()
    Path("shared/edges.csv").write_text("followed,follower\nanna,u1\nben,u1\n", encoding="utf-8")
    people = BASE.replace("count = 20_000\nniches = { beauty = 0.4, food = 0.6 }", 'graph_file = "edges.csv"')
    cut = people.partition("[pools.micro]")[0] + people[people.index("[[creators]]") :]
    text = cut.replace("[strategies.portfolio]\nsplit = { micro = 1.0 }\n", "").replace("followers = 10_000\n", "")
    Path("shared/base.toml").write_text(text.replace("followers = 8_000\n", ""), encoding="utf-8")
    Path("mine").mkdir()
    Path("mine/top.toml").write_text('extends = "../shared/base.toml"\nbudget = 5_000\n', encoding="utf-8")
    scenario = simulator.load("mine/top.toml")
    assert scenario.graph_path is not None and scenario.graph_path.is_file()
    assert simulator.load("shared/base.toml").graph_digest == scenario.graph_digest != ""


# ---- where a value stands


def test_each_value_knows_its_file_and_line(folder: Path) -> None:
    """The last one to write it, and `--set` before any file."""
    scenario = loaded("[product]\nmargin = 0.4\n", {"budget": 1_000})
    line = 1 + BASE.split("\n").index("order_value = 100")
    assert f"base.toml:{line}" == scenario.written["product", "order_value"]
    assert "top.toml:3" == scenario.written["product", "margin"]
    assert "--set budget" == scenario.written[("budget",)]
    assert ("product", "niche_fit") not in scenario.written


def test_problems_name_the_file_in_which_they_stand(folder: Path) -> None:
    """Those of the file itself first; all of them at once."""
    Path("base.toml").write_text(BASE.replace("count = 20\n", "count = 0\n"), encoding="utf-8")
    line = 1 + BASE.split("\n").index("count = 20")
    assert (
        refusal(top("[product]\nmargin = 2\n[pools.micro]\nfolowers = 3\n"))
        == f"""\
top.toml: 3 problems
  top.toml:3: product.margin: given 2; a share lies between 0 and 1 (if percent is meant, write "2%"). This is the \
share of an order's value that is left after its costs; for example margin = 0.5.
  top.toml:5: pools.micro.folowers: unknown key. Did you mean "followers"? There is: \
{refusal_keys()}.
  base.toml:{line}: pools.micro.count: given 0; must be a whole number from 1 to 100,000. This is how many creators \
can be hired; for example count = 60."""
    )


def refusal_keys() -> str:
    from simulator.scenario.account import Pool

    keys = list(Pool.model_fields)
    return ", ".join(keys[:30]) + (", ..." if len(keys) > 30 else "")


# ---- what is refused


def test_a_missing_file_is_said_with_what_there_is(folder: Path) -> None:
    """On the line of `extends`, with the nearest name."""
    Path("top.toml").write_text('budget = 3\nextends = "bse.toml"\n', encoding="utf-8")
    assert (
        'top.toml: 1 problem\n  top.toml:2: extends: given "bse.toml"; there is no such file. It is named relative to '
        'this one. Did you mean "base.toml"? There is: base.toml, top.toml.'
    ) == refusal("top.toml")


def test_a_circle_is_said_with_all_its_files(folder: Path) -> None:
    """Wherever in it one begins."""
    for name, base in (("a", "b"), ("b", "c"), ("c", "b"), ("self", "self")):
        Path(f"{name}.toml").write_text(f'extends = "{base}.toml"\n', encoding="utf-8")
    assert (
        'c.toml: 1 problem\n  c.toml:1: extends: given "b.toml"; the files go round in a circle: b.toml -> c.toml -> '
        "b.toml. Remove one extends."
    ) == refusal("a.toml")
    assert (
        'self.toml: 1 problem\n  self.toml:1: extends: given "self.toml"; this is the file itself. Name another one, '
        "or remove this key."
    ) == refusal("self.toml")


def test_a_base_that_is_no_toml_is_named(folder: Path) -> None:
    """With its line, not that of who extends it."""
    Path("base.toml").write_text("budget = 1,5\n", encoding="utf-8")
    assert refusal(top("")).startswith("base.toml:1: this is not TOML: budget = 1,5\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "extends = 3\n",
            '1 problem\n  top.toml:1: extends: given 3; must be text in quotes, such as extends = "base.toml".',
        ),
        ('extends = "base.toml"\nremove = "product"\n', 'top.toml:2: remove: given "product"; must be a list'),
        (
            'extends = "base.toml"\nremove = ["strategies.ana"]\n',
            'given "strategies.ana"; base.toml has no such key. Did you mean "anna"? There is: portfolio, anna.',
        ),
        (
            'extends = "base.toml"\nremove = [""]\n',
            'top.toml:2: remove: given ""; base.toml has no such key.',
        ),
    ],
)
def test_keys_of_layers_are_checked(text: str, message: str, folder: Path) -> None:
    """As all others are."""
    Path("top.toml").write_text(text, encoding="utf-8")
    assert message in refusal("top.toml")


def test_what_is_removed_and_still_used_is_said(folder: Path) -> None:
    """With the line that takes it away, for the one that uses it stands in another file."""
    line = 1 + BASE.split("\n").index("split = { micro = 1.0 }")
    said = refusal(top('remove = ["creators.ben", "pools.micro"]\n'))
    assert f'  base.toml:{line}: strategies.portfolio.split.micro: no pool "micro".' in said
    assert said.endswith("It is taken away by remove (top.toml:2).")


def test_remove_without_extends_is_refused(folder: Path) -> None:
    """There is nothing that it could act on."""
    Path("alone.toml").write_text(f'remove = ["product"]\n{BASE}', encoding="utf-8")
    assert (
        "alone.toml: 1 problem\n"
        "  alone.toml:1: remove: has no effect without extends. Write extends, or remove this key."
    ) == refusal("alone.toml")


def test_layers_cannot_be_set(folder: Path) -> None:
    """Files are laid over each other before anything is set."""
    assert (
        "--set extends: files are laid over each other before anything is set. Write this key in a file."
    ) in refusal("base.toml", {"extends": "other.toml"})


def test_a_layer_over_itself_changes_nothing(folder: Path) -> None:
    """Whatever the base holds: laying its own values over it gives the same scenario."""
    base = simulator.load("base.toml")
    assert base.hash == loaded(resolved_toml(base)).hash
