"""The terminal page: the answer first, one table, files, and commands that can be typed."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import make_study
import numpy as np
import pytest
from make_study import HandMadeStudy, make, skewed

from simulator.present import terminal, words

PATHS = [
    Path("results/micro-vs-celebrity") / name
    for name in ("manifest.json", "scenario.toml", "summary.json", "figures/money.png", "figures/money.svg")
]
ROWS = ("spend", "reach [people]", "orders", "profit", "ROI", "ROI, 5% to 95%", "chance of profit", "ROI, mean of the")


def render(study: HandMadeStudy, width: int = 80, **how: bool) -> str:
    return terminal.render(study, PATHS, width, **how)  # type: ignore[arg-type]


def joined(text: str) -> str:
    return " ".join(text.split())


def test_the_answer_comes_first_and_whole() -> None:
    """Whether a plan pays, which wins, and what that holds for, before anything else."""
    study = make_study.two()
    expected = " ".join(words.answer(study.summary).sentences)
    assert joined(render(study)).startswith(expected)


def test_the_table_has_a_row_per_question() -> None:
    """Cost, reach, orders, profit, ROI, its spread, the chance of profit and the shortfall, in this order."""
    text = render(make_study.two()).partition("per play")[2]
    places = [text.index(f"\n{row} ") for row in ROWS]
    assert sorted(places) == places
    roi = next(line for line in text.splitlines() if line.startswith("ROI  "))
    assert ["ROI", "0.26 (0.21 to 0.31)", "-0.39 (-0.46 to -0.32)"] == [cell.strip() for cell in roi.split("|")]


def test_the_formula_and_the_hiring_follow() -> None:
    """Every ROI has its formula, every plan whom it hires."""
    text = render(make_study.two())
    assert "ROI = (incremental orders x order value x margin - spend) / spend" in text
    assert "celebrity hires 37 to 40 of 60 micro for $59,000 ($230 to $920 left unspent)." in text


def test_files_are_listed_by_folder() -> None:
    """The folder once, pictures of one name together."""
    text = render(make_study.two())
    assert "Written to results/micro-vs-celebrity:\n  manifest.json, scenario.toml, summary.json\n" in text
    assert "  figures/money.png|svg\n" in text


def test_nothing_written_is_not_listed() -> None:
    """Without files the page still says what to try."""
    text = terminal.render(make_study.two())  # type: ignore[arg-type]
    assert "Written to" not in text
    assert "campaign-roi run SCENARIO.toml" in text


def commands(text: str) -> list[list[str]]:
    """Read the commands of a page as a shell does."""
    whole = text.replace("\\\n", " ")
    return [shlex.split(line) for line in whole.splitlines() if line.strip().startswith("campaign-roi ")]


def test_commands_can_be_typed_as_they_are() -> None:
    """Each names the scenario that was run and changes one thing; a what-if writes to a folder of its own."""
    found = commands(render(make_study.tie()))
    assert 3 == len(found)
    outs = [command[command.index("--out") + 1] for command in found if "--set" in command]
    assert len(set(outs)) == len(outs) == 2
    assert all(out.startswith("results/micro-vs-celebrity-") for out in outs)
    for command in found:
        assert ["campaign-roi", "run", "results/micro-vs-celebrity/scenario.toml"] == command[:3]
        assert ("--set" in command) != ("--replications" in command)


def test_more_replications_continue_the_same_folder() -> None:
    """What was played is not played again: the folder is the default, or the one that was written to."""
    more = next(command for command in commands(render(make_study.tie())) if "--replications" in command)
    assert "--out" not in more
    study = make_study.tie()
    text = terminal.render(study, [Path("elsewhere/summary.json")])  # type: ignore[arg-type]
    more = next(command for command in commands(text) if "--replications" in command)
    assert "elsewhere" == more[more.index("--out") + 1]


def test_too_close_to_call_suggests_enough_replications() -> None:
    """The suggestion would decide a difference of today's size; where all is clear it is not made."""
    study = make_study.tie()
    command = next(command for command in commands(render(study)) if "--replications" in command)
    asked = int(command[command.index("--replications") + 1])
    undecided = words.answer(study.summary).undecided
    assert undecided is not None
    half = (undecided["high"] - undecided["low"]) / 2
    assert half * (400 / asked) ** 0.5 < abs(undecided["value"])
    assert not any("--replications" in command for command in commands(render(make_study.two())))


def test_hopelessly_close_plans_ask_for_no_replications() -> None:
    """A thousand times more plays are no advice."""
    plays, noise = skewed(400, 0.2), np.random.default_rng(1).standard_normal(400)
    study = make({"a": plays, "b": plays + noise - noise.mean() + 0.002})
    assert words.answer(study.summary).undecided is not None
    assert not any("--replications" in command for command in commands(render(study)))


def test_few_plays_suggest_more() -> None:
    """Three plays decide nothing, whatever they say."""
    assert any("--replications" in command for command in commands(render(make_study.two(3))))


def test_what_never_varied_asks_for_many_more() -> None:
    """Ten times the plays may show what is rare; plans that are the same in every play are not helped by more."""
    lost, equal = np.full(100, -1.0), skewed(100, 0.2)
    text = render(make({"a": lost, "b": skewed(100, 0.2)}))
    assert any("--replications" in command and "1000" in command for command in commands(text))
    assert not any("--replications" in command for command in commands(render(make({"a": equal, "b": equal}))))


def test_without_advice_there_is_no_heading_for_it() -> None:
    """A study of clear verdicts without budget ends with its files."""
    study = make_study.all_negative()
    assert "Next:" in render(study)
    bare = dataclasses.replace(study, summary={**study.summary, "budget": None})
    assert "Next:" not in render(bare)


def margins(study: HandMadeStudy) -> list[float]:
    settings = [part for command in commands(render(study)) for part in command if part.startswith("product.margin=")]
    return [float(setting.split("=")[1]) for setting in settings]


def test_the_margin_suggested_is_that_of_break_even() -> None:
    """Profit is linear in the margin: at the suggested one the best plan's mean profit is about 0."""
    study = make_study.two()
    (margin,) = margins(study)
    roi = study.summary["strategies"]["portfolio"]["roi"]["mean"]["value"]
    assert abs((1 + roi) * margin / make_study.MARGIN - 1) < 0.03


def test_no_margin_of_more_than_all_is_suggested() -> None:
    """Plans that lose half of the spend at a margin of 50% cannot be saved by margin."""
    assert [] == margins(make_study.all_negative())


@pytest.mark.parametrize(
    ("budget", "more"), [(7000.0, "10500"), (9000.0, "13500"), (0.1, "0.15"), (1e15, "1500000000000000")]
)
def test_half_as_much_budget_again_is_half_as_much_again(budget: float, more: str) -> None:
    """Exactly, and in digits that the command line takes."""
    study = make_study.two()
    found = commands(render(dataclasses.replace(study, summary={**study.summary, "budget": budget})))
    assert [f"budget={more}"] == [part for command in found for part in command if part.startswith("budget=")]


def with_stock(share: float, units: int) -> HandMadeStudy:
    """Let the better plan's stock of so many units run out in this share of plays."""
    study = make_study.two()
    plans = {**study.summary["strategies"]}
    plans["portfolio"] = {**plans["portfolio"], "sold_out": {"probability": {"value": share, "low": 0, "high": 1}}}
    scenario = SimpleNamespace(**vars(study.scenario), stock=SimpleNamespace(units=units))
    return dataclasses.replace(study, scenario=scenario, summary={**study.summary, "strategies": plans})


def test_who_sells_out_is_advised_more_to_sell_not_more_money() -> None:
    """From more than half of the plays on; of nothing, half as much again is no advice."""

    def advised(study: HandMadeStudy) -> set[str]:
        settings = {part for command in commands(render(study)) for part in command if "=" in part}
        return {setting for setting in settings if not setting.startswith("product.margin=")}

    assert {"stock.units=375"} == advised(with_stock(0.6, 250))
    assert {"budget=90000"} == advised(with_stock(0.5, 250)) == advised(make_study.two())
    assert set() == advised(with_stock(1.0, 0))


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize(
    "study", [make_study.one, make_study.two, make_study.five, make_study.tie, make_study.undefined]
)
def test_no_line_is_longer_than_the_width(study: object, width: int) -> None:
    """Tables and sentences fit; only what must stay in one piece to be copied may not."""
    text = render(study(), width)  # type: ignore[operator]
    kept = re.compile(r"Written to|    campaign-roi|        --")
    long = [line for line in text.splitlines() if len(line) > width and not kept.match(line)]
    assert [] == long


def test_every_plan_is_in_the_table() -> None:
    """Five plans with long names go below each other rather than being squeezed or dropped."""
    text = render(make_study.five())
    assert 2 == sum(line.startswith("spend ") for line in text.splitlines())
    cells = [line.count("$60k (exact)") for line in text.splitlines() if line.startswith("spend ")]
    assert 5 == sum(cells)


def test_a_plan_whose_name_is_long_breaks_between_its_words() -> None:
    """After "_" and "-"; negative control: a name that fits stays whole."""
    plans = ("small_and_boosted", "micro-vs-celebrity-and-ads", "mix_of_both")
    text = render(make({name: skewed(40, 0.1 * k, seed=k) for k, name in enumerate(plans)}), 76)
    head = text[: text.index("\nspend ")].splitlines()[-4:]
    said = {word.strip() for line in head for word in line.split("|")}
    assert {"small_and_", "boosted", "celebrity-and-", "ads", "mix_of_both"} <= said


def test_plain_text_has_no_escapes_and_colour_has() -> None:
    """Colour is asked for, and changes no letter."""
    study = make_study.two()
    plain, coloured = render(study), render(study, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1m" in coloured
    assert plain == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_hostile_names_cannot_act_on_the_terminal() -> None:
    """Escapes go, markup is text."""
    study = make({"[red]a[/red]\x1b[2J": skewed(40, 0.2), ":bomb: b": skewed(40, 0.1, seed=2)})
    text = render(study, 200)
    assert "\x1b" not in text
    assert "[red]a[/red][2J" in text
    assert ":bomb: b" in text


def test_a_terminal_without_unicode_gets_ascii() -> None:
    """Letters it cannot show come out as escapes; the page itself is ASCII anyway."""
    assert render(make_study.two()).isascii()
    study = make({"caf\xe9": skewed(40, 0.2), "b": skewed(40, 0.1, seed=2)}, currency="\u20ac")
    assert "caf\xe9" in render(study)
    assert render(study, ascii_only=True).isascii()


def test_suggestions_add_to_the_command_that_was_typed() -> None:
    """Settings given before are kept; the suggestion changes one thing more."""
    text = terminal.render(make_study.two(), PATHS, 200, command=["campaign-roi run my.toml", "--set seed=3"])  # type: ignore[arg-type]
    assert all(["campaign-roi", "run", "my.toml", "--set", "seed=3", "--set"] == found[:6] for found in commands(text))
    assert 2 == len(commands(text))


def test_what_is_to_be_copied_stays_in_one_piece() -> None:
    """A path is not broken at the window's edge, also where it holds blanks."""
    path = "'" + "my files/" * 20 + "my.toml'"
    text = terminal.render(make_study.two(), PATHS, 60, command=[f"campaign-roi run {path}"])  # type: ignore[arg-type]
    assert 2 == text.count(f"campaign-roi run {path} ")
