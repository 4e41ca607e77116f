"""Plans compared within one run and across runs: what a shared world is, what is said, and bad requests."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from make_study import HOSTILE
from study_helpers import creator, state_of, tiny, tiny_values, write_scenario
from test_estimates import Array, false_claims
from test_scenarios import ROOT, scaled_down

import simulator
from simulator import cli
from simulator.decide.compare import advice
from simulator.decide.objective import words_of
from simulator.decide.runs import Run, runs_of, world_differences
from simulator.errors import ResultsError, ScenarioError
from simulator.present.compared import compared_lines
from simulator.present.diff import diff_lines
from simulator.present.pictures import plots
from simulator.study.estimates import Estimate, Markets, shortfall_difference
from simulator.study.results import Study

REPLICATIONS = 40


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Play the tiny scenario."""
    return simulator.run(tiny(tmp_path_factory.mktemp("base"), replications=REPLICATIONS))


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., Study]:
    """Play the tiny scenario with other values, by dotted key."""

    def play(replications: int = REPLICATIONS, **values: object) -> Study:
        path = write_scenario(tmp_path, tiny_values(replications=replications))
        return simulator.run(simulator.load(path, {key.replace("__", "."): value for key, value in values.items()}))

    return play


def pair_of(summary: dict[str, Any], a: str, b: str | None = None) -> dict[str, Any]:
    """Find the pair of two plans, by default of one plan in two runs."""
    pairs = {(its["a"]["plan"], its["b"]["plan"]): its for its in summary["pairs"]}
    found: dict[str, Any] = pairs[a, b or a]
    return found


def text_of(summary: dict[str, Any], *, one_measure: bool = False) -> str:
    """Write a comparison on one line."""
    return " ".join(" ".join(compared_lines(summary, one_measure=one_measure)).split())


# ---- within one run


def test_measures_go_by_the_words_of_a_run() -> None:
    """One name for a measure, whichever command tells it."""
    columns = ("reach_2_plus", "reach_3_plus", "on_target_reach", "roi_12_months", "roi_tracked", "brand_orders")
    assert [
        *("reach, 2 times or more", "reach, 3 times or more", "reach of the niche"),
        *("ROI after 12 months", "ROI tracked", "brand orders"),
    ] == [words_of(column) for column in columns]


def test_what_is_equal_is_called_the_same(variant: Callable[..., Study]) -> None:
    """Not a 0 without interval; and the worst plays are told of both plans, not as a difference alone."""
    cheap, dear = variant(product__margin=0.5), variant(product__margin=0.4)
    pair = pair_of(compared := simulator.compare(dear, cheap).summary, "many")
    its = pair["measures"]["roi"]
    for side, run in (("shortfall_a", cheap), ("shortfall_b", dear)):
        assert run.summary["strategies"]["many"]["roi"]["expected_shortfall_5"] == its[side]
    lines = compared_lines(compared)
    assert [line for line in lines if line.startswith("clicks ") and line.endswith("the same")]
    assert [line for line in lines if line.startswith("ROI, mean of the worst")]


def test_within_one_run_differences_are_those_of_the_summary(base: Study) -> None:
    """All pairs of plans, in all its measures and more: means, intervals, p values and who wins are the same."""
    found = simulator.compare(base).summary
    assert [("many", "one"), ("many", "free"), ("one", "free")] == [
        (its["a"]["plan"], its["b"]["plan"]) for its in found["pairs"]
    ]
    for theirs in base.summary["comparisons"]:
        measures = pair_of(found, theirs["a"], theirs["b"])["measures"]
        ours = measures.get(theirs["measure"])
        if ours is None:  # left out where it is 0 in every play of both
            assert 0 == theirs["difference"]["mean"]["value"]
            continue
        for key in ("difference", "p_value", "a_beats_b", "b_beats_a"):
            assert theirs[key] == ours[key], (theirs["measure"], key)
        assert theirs["replications_saved_by_pairing"] == ours["saved_by_pairing_across_markets"]
    assert {"roi", "management_cost", "posts_done", "roi_tracked"} <= pair_of(found, "many", "one")["measures"].keys()


def test_studies_and_folders_say_the_same(tmp_path: Path, base: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result folder is read back as it was in memory; what is found can be written as JSON."""
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])
    folder = played(tmp_path, "tiny", replications=REPLICATIONS)
    ours, theirs = simulator.compare(base).summary, simulator.compare(folder).summary
    assert ours == theirs == json.loads(json.dumps(theirs, allow_nan=False))


def test_plans_of_one_measure_hold_together(base: Study, variant: Callable[..., Study]) -> None:
    """The verdict counts the pairs in which chance has a part: not those of a plan that never has an ROI."""
    assert {1} == {its["measures"]["roi"]["together"] for its in simulator.compare(base).summary["pairs"]}
    three = {"many": {"split": {"micro": 0.9}}, "some": {"split": {"micro": 0.5}}, "one": {"creators": ["anna"]}}
    found = simulator.compare(variant(replications=10, strategies=three)).summary
    assert {3} == {its["measures"]["roi"]["together"] for its in found["pairs"]}
    assert "who is ahead is claimed so that all 3 comparisons by a measure hold together (95%)" in text_of(found)


# ---- across runs


def test_a_run_differs_from_itself_played_longer_by_exactly_nothing(base: Study, variant: Callable[..., Study]) -> None:
    """The first replications of a longer run are the shorter run; that they are the same is said, no interval."""
    found = simulator.compare(base, variant(replications=60)).summary
    its = pair_of(found, "many")
    assert ("same plan", "same world", [], True) == tuple(
        its[key] for key in ("kind", "pairing", "world_differs_in", "same_in_every_play")
    )
    assert {"a": 60, "b": 40, "compared": 40} == its["replications"]
    mean = its["measures"]["roi"]["difference"]["mean"]
    assert (0.0, 0.0, 0.0) == (mean["value"], mean["low"], mean["high"])
    text = text_of(found)
    assert "many in tiny #2 and in tiny #1 are the same in every one of 40 plays: no measure differs." in text
    assert "Only the first 40 replications are compared, those that both have." in text


def test_two_runs_are_as_good_as_one_with_both_plans(
    tmp_path: Path, base: Study, variant: Callable[..., Study]
) -> None:
    """A what-if in a run of its own meets the same world as beside the plan: the same differences, to the bit."""
    apart = simulator.compare(base, variant(**{"strategies.many.split": {"micro": 0.6}})).summary
    strategies = {"many": {"split": {"micro": 0.6}}, "before": {"split": {"micro": 0.9}}}
    beside = simulator.compare(simulator.run(tiny(tmp_path, replications=REPLICATIONS, strategies=strategies))).summary
    ours, theirs = pair_of(apart, "many")["measures"], pair_of(beside, "many", "before")["measures"]
    assert ours["orders"]["difference"] == theirs["orders"]["difference"]
    assert 0 != ours["orders"]["difference"]["mean"]["value"]


def test_plans_of_the_same_name_come_first_in_every_measure(base: Study, variant: Callable[..., Study]) -> None:
    """What changed is told in all measures, later minus earlier; all other pairs in the one that was asked for."""
    what_if = variant(pools__micro__management_cost=60)
    found = simulator.compare(base, what_if, measure="profit").summary
    assert ["same plan"] * 3 + ["other plans"] * 6 == [its["kind"] for its in found["pairs"]]
    assert {"a": "tiny #2", "b": "tiny #1"} == {key: found["pairs"][0][key]["run"] for key in ("a", "b")}
    assert {"profit", "orders"} <= found["pairs"][0]["measures"].keys()
    assert ["profit"] == list(pair_of(found, "one", "many")["measures"])
    legend = '"50 more?": about so many more replications would decide it'
    assert (" more?" in text_of(found)) == (legend in text_of(found))
    assert legend in text_of(found, one_measure=True)
    assert legend not in text_of(simulator.compare(base).summary)
    before, after = (its.summary["strategies"]["many"]["profit"]["mean"]["value"] for its in (base, what_if))
    mean = pair_of(found, "many")["measures"]["profit"]["difference"]["mean"]
    assert pytest.approx(after - before) == mean["value"]


SHARED = [
    {"pools__micro__management_cost": 50},
    {"people__activity_spread": 0.2},
    {"people__niche_affinity": 3.0},
    {"product__margin": 0.2},
    {"horizon_days": 2.0},
]
APART = [
    ({"seed": 4}, "none", ["the seed (3 and 4)"]),
    ({"markets": 3}, "same seed", ["the number of markets (2 and 3)"]),
    ({"people__count": 2_100}, "same seed", ["people.count (2000 and 2100)"]),
    ({"people__niches": {"beauty": 1.0, "food": 2.0}}, "same seed", ["people.niches"]),
    (
        {"seed": 5, "people__follow_back_probability": 0.1},
        "none",
        ["the seed (3 and 5)", "people.follow_back_probability (0.5 and 0.1)"],
    ),
]


@pytest.mark.parametrize("values", SHARED, ids=lambda values: next(iter(values)))
def test_worlds_are_shared(base: Study, variant: Callable[..., Study], values: dict[str, Any]) -> None:
    """What plans do, cost and bring may differ; people, graph and luck are the same."""
    found = simulator.compare(base, variant(replications=6, **values)).summary
    assert ("same world", []) == (found["pairs"][0]["pairing"], found["pairs"][0]["world_differs_in"])
    assert "tiny #1 and tiny #2 share a world: the same seed, markets and people" in text_of(found)


@pytest.mark.parametrize(("values", "pairing", "differs"), APART, ids=lambda value: str(value)[:30])
def test_worlds_are_not_shared(
    base: Study, variant: Callable[..., Study], values: dict[str, Any], pairing: str, differs: list[str]
) -> None:
    """What differs is said; nobody wins a play that the two did not meet in the same world."""
    found = simulator.compare(base, variant(replications=6, **values)).summary
    its = found["pairs"][0]
    assert (pairing, differs) == (its["pairing"], its["world_differs_in"])
    assert "a_beats_b" not in its["measures"]["roi"]
    assert "a_beats_b" in simulator.compare(base).summary["pairs"][0]["measures"]["roi"]
    text = text_of(found)
    assert f"tiny #1 and tiny #2 do not share a world; they differ in {differs[0]}" in text
    if pairing == "none":
        assert its["measures"]["roi"]["saved_by_pairing"] is None
        assert 40 == its["measures"]["roi"]["mean_b"]["n"]  # all plays of both count
        assert "They are independent studies" in text
    else:
        assert "They have the same seed, so the unknowns are drawn by the same numbers" in text


def test_other_programs_and_graphs_are_other_worlds(base: Study) -> None:
    """Names of decisions hang on the program; of a graph file, people hang on its bytes and on who is a creator."""
    run = runs_of([base])[0]
    assert [] == world_differences(run, run)
    newer = dataclasses.replace(run, program={"sources": "new", "numpy": "9.9"})
    numpy_here = run.program["numpy"]
    assert ["the version of the program", f"the version of numpy ({numpy_here} and 9.9)"] == world_differences(
        run, newer
    )

    def of_graph(digest: str | None, *handles: str) -> Run:
        values = {"people": {"graph_file": "g.csv"}, "creators": [{"handle": handle} for handle in handles]}
        return dataclasses.replace(run, values=values, graph=digest)

    assert [] == world_differences(of_graph("1", "anna"), of_graph("1", "anna"))
    assert ["the graph file"] == world_differences(of_graph("1", "anna"), of_graph("2", "anna"))
    (line,) = world_differences(of_graph("1", "anna"), of_graph("1", "anna", "ben"))
    assert line.startswith("the creators by name") and "(ben in one only)" in line
    assert "does not tell which it was" in world_differences(of_graph(None, "anna"), of_graph("1", "anna"))[0]
    assert ["the people (from a graph file and drawn)"] == world_differences(run, of_graph("1", "anna"))


def test_a_folder_tells_which_graph_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs on one graph file share a world, also when the file is gone since; on another file they do not."""
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])
    anna = {key: value for key, value in creator("a").items() if key != "followers"}
    own = {"people": {"graph_file": "edges.csv"}, "creators": [anna], "pools": {}, "replications": 4}
    edges = tmp_path / "edges.csv"
    folders = []
    for name, text, margin in (("x", "a,p\na,q\n", 0.5), ("y", "a,p\na,q\n", 0.4), ("z", "a,p\na,q\np,q\n", 0.5)):
        edges.write_text("followed,follower\n" + text)
        product = {**tiny_values()["product"], "margin": margin}  # type: ignore[dict-item]
        folders.append(played(tmp_path, name, **own, product=product, strategies={"one": {"creators": ["a"]}}))
    edges.unlink()
    assert ["same world", "same seed", "same seed"] == [
        its["pairing"] for its in simulator.compare(*folders).summary["pairs"]
    ]


# ---- what pairing saves


@pytest.fixture(scope="module")
def shipped() -> Callable[..., Study]:
    """Play a shipped scenario, scaled down, with a mix as its only plan."""

    def play(values: dict[str, object], replications: int = 20) -> Study:
        mix = {"split": {"micro": 0.5, "celebrity": 0.5}}
        path = ROOT / "scenarios" / "micro_vs_celebrity.toml"
        return simulator.run(scaled_down(path, {"strategies": {"mix": mix}, "markets": 2, **values}), replications)

    return play


def test_pairing_saves_five_times_where_one_thing_changes(shipped: Callable[..., Study]) -> None:
    """A creator dropped, a fee changed, a tenth of the budget moved: the whole interval lies above 5, for ROI.

    Unlike plans save less, which is told as it is; and other seeds, which share nothing, save nothing at all.
    """
    rich: dict[str, object] = {"budget": 60_000, "pools.micro.count": 25}  # all are hired, and the celebrity
    base, split = shipped(rich), {"strategies.mix.split": {"micro": 0.4, "celebrity": 0.6}}
    what_ifs = {
        "a creator less": (base, shipped({**rich, "pools.micro.count": 24})),
        "a fee": (base, shipped({**rich, "pools.micro.fee.scale": 0.045})),
        "a tenth of the split": (shipped({}, 60), shipped(split, 60)),
    }
    for name, (before, what_if) in what_ifs.items():
        found = simulator.compare(before, what_if).summary
        saved = found["pairs"][0]["measures"]["roi"]["saved_by_pairing"]
        assert saved["low"] > 5, (name, saved)
        assert "saved replications by ROI" in text_of(found, one_measure=True)
    unlike = {"portfolio": {"split": {"micro": 1.0}}, "celebrity": {"split": {"celebrity": 1.0}}}
    found = simulator.compare(shipped({"strategies": unlike})).summary
    assert found["pairs"][0]["measures"]["roi"]["saved_by_pairing"]["high"] < 5
    found = simulator.compare(base, shipped({**rich, "seed": 8}, 4)).summary
    assert found["pairs"][0]["measures"]["roi"]["saved_by_pairing"] is None
    assert "saved replications" not in text_of(found, one_measure=True)


def test_what_pairing_saves_is_never_boasted(base: Study) -> None:
    """Within the tiny run it neither clearly saves nor costs, and where a plan gains what the other loses it costs."""
    assert "Pairing of many and one neither clearly saved nor cost replications by ROI" in text_of(
        simulator.compare(base).summary
    )
    rows = base.replications
    roi = np.array(rows["roi"].to_numpy(), float)
    mirrored = np.where(np.array(rows["strategy"].to_pylist()) == "one", 5 - np.roll(roi, REPLICATIONS), roi)
    column = pa.array(mirrored, from_pandas=True)
    against = dataclasses.replace(base, replications=rows.set_column(rows.schema.get_field_index("roi"), "roi", column))
    assert "Pairing of many and one cost replications by ROI" in text_of(simulator.compare(against).summary)


# ---- advice


def mean_of(value: float, half: float) -> Estimate:
    """Give a mean of 100 replications."""
    return {"value": value, "low": value - half, "high": value + half, "level": 0.95, "method": "t", "n": 100}


def test_advice_says_what_more_replications_would_do() -> None:
    """So many more; take it as a tie; it does not matter; it is decided already."""
    assert {"kind": "more", "more": 500} == advice(mean_of(0.1, 0.2), 1, None, is_tie=True)
    assert advice(mean_of(0.1, 0.2), 9, None, is_tie=True)["more"] > 500
    assert "tie" == advice(mean_of(1e-4, 0.2), 1, None, is_tie=True)["kind"]
    assert "tie" == advice(mean_of(0.0, 0.2), 1, None, is_tie=True)["kind"]
    assert "decided" == advice(mean_of(0.3, 0.2), 1, None, is_tie=False)["kind"]
    assert "too small to matter" == advice(mean_of(0.01, 0.02), 1, 0.05, is_tie=True)["kind"]
    assert "too small to matter" == advice(mean_of(0.03, 0.01), 1, 0.05, is_tie=False)["kind"]
    # To be sure that it is below 1 takes fewer than to tell it from 0.
    assert {"kind": "more", "more": 320} == advice(mean_of(0.1, 1.5), 1, 1.0, is_tie=True)
    unknown: Estimate = {**mean_of(1, 1), "low": None, "high": None}
    assert {"kind": "no interval", "more": None} == advice(unknown, 1, None, is_tie=True)


def test_advice_stands_in_the_answer(base: Study, variant: Callable[..., Study]) -> None:
    """Too close to call, about so many more; with a difference that matters to the user, that it does not."""
    what_if = variant(seed=21)
    text = text_of(simulator.compare(base, what_if).summary)
    assert "is too close to call: its mean in tiny #2 minus that in tiny #1 lies between -0." in text
    assert "more replications would decide it, if the difference is what it seems." in text
    matters = variant(seed=21, decision={"indifference": 5.0})
    text = text_of(simulator.compare(matters, base).summary)
    assert "Whichever it is, the difference is smaller than matters to you (5.00)." in text


def test_the_decision_says_what_plans_are_judged_by(variant: Callable[..., Study]) -> None:
    """Measure, time and target of [decision] count where nothing is asked for; what is asked for counts first."""
    study = variant(decision={"measure": "orders", "at_least": 12.0})
    found = simulator.compare(study).summary
    assert ("orders_at_least_12", "chance of orders of 12 or more") == (found["measure"], found["measure_in_words"])
    rows = study.replications.filter(pa.compute.equal(study.replications["strategy"], "many"))
    chance = np.mean(rows["orders"].to_numpy() >= 12)
    assert pytest.approx(chance) == found["pairs"][0]["measures"]["orders_at_least_12"]["mean_a"]["value"]
    assert "orders_at_least_12" == simulator.compare(study, measure="Orders").summary["measure"]
    assert "orders_at_least_9" == simulator.compare(study, at_least=9).summary["measure"]
    assert "roi" == simulator.compare(study, measure="roi").summary["measure"]
    assert "reach_2_plus" == simulator.compare(study, measure="reach 2 plus").summary["measure"]
    assert "roi" == simulator.diff(study, variant()).summary["outcomes"]["measure"]
    assert "profit_3_months" == simulator.compare(study, measure="profit", at="3 months").summary["measure"]
    assert "fee" == simulator.compare(study, measure="fee").summary["measure"]


def test_names_are_never_alike_and_lines_short(tmp_path: Path) -> None:
    """Plans that begin and end alike are told apart, and lines hold 100 characters with any name."""
    ends = ("beauty and skin care", "fashion and skin care")
    strategies = {f"portfolio of sixty micro-influencers, {end}": {"split": {"micro": 0.5}} for end in ends}
    strategies |= {HOSTILE: {"split": {"micro": 0.9}}}
    loaded = tiny(tmp_path, replications=10, strategies=strategies, currency="EUR")
    runs = [simulator.run(its) for its in (loaded, simulator.load(tmp_path / "tiny.toml", {"product.margin": 0.3}))]
    for found in (simulator.compare(runs[0]), simulator.compare(*runs, measure="profit")):
        lines = compared_lines(found.summary)
        assert max(map(len, lines)) <= 100
        text = " ".join(" ".join(lines).split())
        assert "...beauty and skin care" in text and "...fashion and skin care" in text
    lines = diff_lines(simulator.diff(*runs))
    assert max(map(len, lines)) <= 100


# ---- bad requests


def played(folder: Path, name: str, **values: object) -> Path:
    """Run the tiny scenario into a folder of a name."""
    path = write_scenario(folder, tiny_values(**values))
    result = CliRunner().invoke(cli.main, ["run", str(path), "--out", str(folder / name), "--quiet"])
    assert 0 == result.exit_code, result.stderr
    return folder / name


def invoke(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli.main, list(map(str, words)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "ordes"}, 'there is no such measure in these runs. Did you mean "orders"? There is: reach, '),
        ({"measure": "brand_lift"}, "there is no such measure"),
        ({"measure": "fee", "at_least": 3.0}, "fee has no target and no later time. These have: roi, profit, "),
        ({"measure": "reach", "at": "3 months"}, "After it there is: roi, profit, incremental_orders."),
        ({"measure": "roi", "at": "4 months"}, '"3 months", "6 months", "12 months"'),
    ],
)  # fmt: skip
def test_bad_measures_say_what_there_is(base: Study, options: dict[str, Any], message: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ScenarioError) as caught:
        simulator.compare(base, **options)
    assert message in str(caught.value)


def test_plays_in_which_a_measure_is_undefined_are_left_out(base: Study) -> None:
    """And that is told; a single play gives no interval, and nothing is claimed from it."""
    rows = base.replications
    first = np.array(rows["replication"].to_pylist()) < 10
    roi = np.where(first, np.nan, np.array(rows["roi"].to_numpy(), float))
    column = pa.array(roi, from_pandas=True)
    fewer = dataclasses.replace(base, replications=rows.set_column(rows.schema.get_field_index("roi"), "roi", column))
    assert ", in the 30 plays where both have one" in text_of(simulator.compare(fewer).summary)
    assert ", in the" not in text_of(simulator.compare(base).summary)


def test_worst_plays_of_equal_plans_are_seldom_called_better(variant: Callable[..., Study]) -> None:
    """Heavy tails at most in 5% of comparisons, three standard errors more granted; without caution far more often."""
    study = variant(replications=400)
    strategies = {plan: {"roi": study.summary["strategies"][plan]["roi"]} for plan in ("many", "one")}
    summary = {**study.summary, "strategies": strategies}
    rows = study.replications.select(["strategy", "market"])
    plans = np.array(rows["strategy"].to_pylist())

    def told(a: Array, b: Array, market: Markets) -> Estimate:
        """Compare the plans as if they had earned this."""
        roi = np.zeros(len(plans))
        roi[plans == "many"], roi[plans == "one"] = a, b
        earned = rows.append_column("roi", pa.array(roi))
        compared = simulator.compare(dataclasses.replace(study, replications=earned, summary=summary)).summary
        its: Estimate = compared["pairs"][0]["measures"]["roi"]["shortfall_difference"]
        return its

    studies = 200
    most = 0.05 + 3 * math.sqrt(0.05 * 0.95 / studies)
    assert false_claims("Pareto", 400, studies, 1.0, told) < most
    assert false_claims("Pareto", 400, studies, 1.0, shortfall_difference) > most


def test_one_play_decides_nothing(variant: Callable[..., Study]) -> None:
    """It has no interval, and what pairing saved cannot be told."""
    found = simulator.compare(variant(replications=1)).summary
    assert "By ROI, many against one cannot be decided: one play gives no interval." in text_of(found)
    assert {"kind": "no interval", "more": None} == found["pairs"][0]["measures"]["roi"]["advice"]


def test_bad_runs_say_what_is_possible(tmp_path: Path, base: Study, variant: Callable[..., Study]) -> None:
    """No run, no folder, the same folder twice, a single plan, something else altogether."""
    (tmp_path / "empty").mkdir()
    for given, error, message in (
        ((), ScenarioError, "Name a result folder"),
        ((tmp_path / "nowhere",), ResultsError, "there is no such folder. Name the result folder of a run"),
        ((tmp_path / "empty",), ResultsError, "is not a result folder of this program"),
        ((3,), ScenarioError, "given 3; must be a result folder, or a study"),
    ):
        with pytest.raises(error, match=message):
            simulator.compare(*given)  # type: ignore[arg-type]
    single = variant(replications=2, strategies={"one": {"creators": ["anna"]}})
    with pytest.raises(ScenarioError, match=r"tiny: only one plan was played \(one\)"):
        simulator.compare(single)
    assert 1 == len([its for its in simulator.compare(single, base).summary["pairs"] if its["kind"] == "same plan"])


def test_money_in_two_currencies_is_not_compared(base: Study, variant: Callable[..., Study]) -> None:
    """ROI has none; money is left out, and refused where it is asked for; another horizon is told."""
    other = variant(replications=6, currency="EUR", horizon_days=2.0)
    found = simulator.compare(base, other).summary
    assert not {"profit", "spend", "fee"} & found["pairs"][0]["measures"].keys()
    text = text_of(found)
    assert "Money is counted tiny #1 in $ and tiny #2 in EUR, so it is not compared." in text
    assert "What is counted up to the horizon goes to 1.5 days in tiny #1 and 2 days in tiny #2." in text
    with pytest.raises(ScenarioError, match=r"profit is money, and these runs count it in \$ and EUR"):
        simulator.compare(base, other, measure="profit")


# ---- the command


def test_the_command_says_who_is_ahead_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer first; compare.json in the first folder is what --json prints; the runs stay as they are."""
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])
    launch = played(tmp_path, "launch", replications=REPLICATIONS)
    micro = tiny_values()["pools"]["micro"] | {"management_cost": 60}  # type: ignore[index]
    what_if = played(tmp_path, "what-if", replications=REPLICATIONS, pools={"micro": micro})
    before = state_of(what_if)
    result = invoke("compare", launch, what_if)
    assert (0, "") == (result.exit_code, result.stderr), result.stderr
    assert result.stdout.startswith("By ROI, many is 0.")
    assert " lower in what-if than in launch, and lower in " in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 100
    kept = (launch / "decisions" / "compare.json").read_bytes()
    assert kept == invoke("compare", launch, what_if, "--json").stdout_bytes
    assert before == state_of(what_if)
    narrow = invoke("compare", launch, what_if, "--measure", "reach").stdout
    assert "By reach, many" in narrow and "incremental orders" not in narrow
    assert (2, True) == (
        (bad := invoke("compare", launch, "--measure", "x")).exit_code,
        "There is: reach" in bad.stderr,
    )
    assert (2, True) == ((bad := invoke("compare", launch, launch)).exit_code, "is given twice" in bad.stderr)
    assert 3 == invoke("compare", launch, tmp_path).exit_code
    assert 2 == invoke("compare").exit_code
    (what_if / "decisions").write_text("in the way")
    unwritten = invoke("compare", what_if)
    assert (3, True) == (unwritten.exit_code, unwritten.stdout.startswith("By ROI, "))
    assert "decisions" in unwritten.stderr and "It was not written" in unwritten.stderr
