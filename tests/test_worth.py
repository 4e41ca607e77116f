"""What creators are worth: with and without, exactly where it must be, and never surer than together."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from scipy import special
from study_helpers import creator, tiny, tiny_values, tree, write_scenario

import simulator
from simulator.campaign.hiring import hire, planned_cents
from simulator.cli import main
from simulator.decide.marginal import SOLO_MEASURES, own_share, together_level, verdict_of
from simulator.decide.overlap import OVERLAP_SCHEMA, Audiences, mean_overlaps, overlap_table
from simulator.decide.worth import MOST_UNASKED, WORTH_SCHEMA, Worth
from simulator.errors import ScenarioError
from simulator.market.overlap import overlap_of, pair_overlaps
from simulator.present.pictures.worth import draw_worth
from simulator.present.worth import overlap_title, worth_lines, worth_table, worth_title
from simulator.scenario.model import Scenario
from simulator.study.estimates import cautious_mean_estimate, mean_estimate
from simulator.study.montecarlo import run
from simulator.study.results import ResultFolder, csv_bytes, summary_json
from simulator.study.trial_store import TrialStore
from simulator.study.trials import Trials

HANDLES = ("anna", "bert", "cleo")
FIXED_MONEY = {"order_value": 80.0, "margin": 0.5}  # an order brings whole cents, so nothing is rounded


class Watched(Trials):
    """Remembers what was asked for, and counts what had to be played."""

    def __init__(self, store: TrialStore | None = None) -> None:
        self.asked: list[tuple[frozenset[str], list[int]]] = []
        self.played = 0
        super().__init__(store=store, workers=2, progress=self)

    def play(self, wanted: Any) -> list[pa.Table]:
        self.asked += [(its.without, [draw.replication for draw in draws]) for its, draws in wanted]
        return super().play(wanted)

    def expect(self, plays: int) -> None:
        pass

    def add(self, plays: int) -> None:
        self.played += plays


def of_file(folder: Path, followers: Mapping[str, Sequence[int]], follows: Sequence[tuple[int, int]] = ()) -> Scenario:
    """Give a scenario of people from a file: who follows which creator, and which person follows which."""
    folder.mkdir(exist_ok=True)
    edges = [(name, f"p{person}") for name, its in followers.items() for person in its]
    edges += [(f"p{followed}", f"p{follower}") for followed, follower in follows]
    rows = ["followed,follower", *(f"{followed},{follower}" for followed, follower in edges)]
    (folder / "edges.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    terms = {"followers": None, "post_days": [0, 0.5], "reach_per_follower": 0.6}
    creators = [{k: v for k, v in creator(name, **terms).items() if v is not None} for name in followers]
    strategies = {"all": {"creators": list(followers)}}
    people, product = {"graph_file": "edges.csv"}, {**FIXED_MONEY, "baseline_order_probability": 0.1}
    return tiny(folder, people=people, product=product, creators=creators, pools={}, strategies=strategies)


def by_name(worth: Worth, strategy: str = "all") -> dict[str, Any]:
    """Give what is said of each creator of a plan."""
    return {its["name"]: its for its in worth.summary["strategies"][strategy]["creators"]}


# ---- exact: marginal and solo


def test_with_disjoint_audiences_a_creator_adds_what_it_brings_alone(tmp_path: Path) -> None:
    """Without sharing marginal equals solo in every count and to the cent, with interval; nothing is lost between."""
    apart = {name: range(100 * place, 100 * place + 100) for place, name in enumerate(HANDLES)}
    worth = simulator.creators(of_file(tmp_path, apart), solo=True)
    assert set(HANDLES) == set(by_name(worth))
    for its in by_name(worth).values():
        assert its["solo"] == {measure: its["marginal"][measure] for measure in SOLO_MEASURES}
        assert its["solo"]["orders"]["value"] > 0
        assert (1.0, 1.0) == (
            its["share_of_solo"]["reach"]["value"],
            its["share_of_solo"]["incremental_orders"]["value"],
        )
        assert its["audience_overlap"] == 0.0
    plan = worth.summary["strategies"]["all"]
    assert plan["own_reach"]["value"] == 1.0
    for measure in SOLO_MEASURES:
        total = sum(its["marginal"][measure]["value"] for its in by_name(worth).values())
        assert plan["total"][measure]["value"] == pytest.approx(total)


def test_with_shared_followers_it_adds_less(tmp_path: Path) -> None:
    """Negative control: audiences that overlap; what each adds to reach is less than it reaches alone, and in all."""
    half = {name: range(50 * place, 50 * place + 100) for place, name in enumerate(HANDLES)}
    worth = simulator.creators(of_file(tmp_path, half), solo=True)
    for its in by_name(worth).values():
        assert its["marginal"]["reach"]["high"] < its["solo"]["reach"]["low"]
        assert its["share_of_solo"]["reach"]["high"] < 1.0
        assert its["marginal"]["spend"] == its["solo"]["spend"]
        assert its["marginal"]["impressions"] == its["solo"]["impressions"]  # nobody shares, so they are not fewer
    assert worth.summary["strategies"]["all"]["own_reach"]["high"] < 1.0
    assert by_name(worth)["bert"]["audience_overlap"] == 0.5
    assert "Of the people whom a creator reaches alone, all would lose without it from 15% (12% to 18%), bert, to " in (
        "\n".join(worth_lines(worth.summary))
    )


def test_with_sharing_disjoint_audiences_are_not_enough(tmp_path: Path) -> None:
    """Negative control: followers of one creator follow those of another, who show them what they saw."""
    apart = {name: range(100 * place, 100 * place + 100) for place, name in enumerate(HANDLES)}
    across = [(person, (person + 100) % 300) for person in range(300)]
    worth = simulator.creators(of_file(tmp_path, apart, across), solo=True)
    assert all(its["solo"]["reach"] != its["marginal"]["reach"] for its in by_name(worth).values())


def test_whom_nobody_follows_is_worth_its_fee_exactly(tmp_path: Path) -> None:
    """It adds nothing to any count, surely, and takes its fee; it is to be dropped, however few the plays."""
    creators = [creator("anna"), creator("bert", fee=50, followers=0)]
    scenario = tiny(tmp_path, creators=creators, strategies={"all": {"creators": ["anna", "bert"]}}, replications=4)
    worth = simulator.creators(scenario)
    bert = by_name(worth)["bert"]
    for measure in ("reach", "impressions", "orders", "incremental_orders", "revenue"):
        assert (0.0, 0.0, 0.0) == tuple(bert["marginal"][measure][end] for end in ("value", "low", "high")), measure
    assert (50.0, -50.0) == (bert["marginal"]["spend"]["value"], bert["marginal"]["profit"]["value"])
    assert ("drop", (-50.0, -50.0)) == (
        bert["verdict"],
        (bert["profit_together"]["low"], bert["profit_together"]["high"]),
    )
    assert ["bert"] == worth.summary["strategies"]["all"]["drop_first"]
    assert worth.summary["strategies"]["all"]["drop_together"] is None


# ---- what is played


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Give a scenario with a plan of a pool and a named creator, one of ads, and one of a single creator."""
    ads = {"cpm": 8, "click_per_impression": 0.01, "order_per_click": 0.02, "days": 1}
    strategies = {
        "many": {"creators": ["anna"], "split": {"micro": 0.9, "ads": 0.1}},
        "one": {"creators": ["anna"]},
        "paid": {"split": {"ads": 1.0}},
    }
    return tiny(tmp_path_factory.mktemp("worth"), strategies=strategies, ads=ads, product=FIXED_MONEY)


@pytest.fixture(scope="module")
def of_many(mixed: Scenario) -> Worth:
    return simulator.creators(mixed, solo=True)


def test_the_whole_plan_is_played_as_in_a_run(mixed: Scenario, of_many: Worth) -> None:
    """Its means are those of the run's summary, and plans in which there is nobody to leave out are named."""
    ran = simulator.run(mixed).summary["strategies"]["many"]
    its = of_many.summary["strategies"]["many"]
    assert {name: ran[name]["mean"]["value"] for name in its["total"]} == {
        name: mean["value"] for name, mean in its["total"].items()
    }
    assert ["many"] == list(of_many.summary["strategies"])
    assert ["one hires nobody but anna", "paid hires nobody, so ther"] == [
        text[:26].rstrip(":") for text in of_many.summary["left_out"]
    ]


def test_a_creator_counts_where_it_is_hired(mixed: Scenario, of_many: Worth) -> None:
    """A pool's creator that one market hires and another does not is played in the one; anna in both."""
    worth = by_name(of_many, "many")
    hired = {m: {p.name for p in hire(mixed, m, "many").profiles} for m in range(2)}
    for name, its in worth.items():
        markets = [m for m in hired if name in hired[m]]
        assert (len(markets), 2, 6 * len(markets)) == (its["markets_hired_in"], its["markets"], its["n"])
    assert {"anna"} | {name for name in worth if name.startswith("micro/")} == set(worth)


def test_the_cost_is_saved_and_not_spent_again(mixed: Scenario, of_many: Worth) -> None:
    """What a pool's creator adds to spend is what it costs; the next of the pool does not take its place."""
    profiles = {p.name: p for p in hire(mixed, 0, "many").profiles}
    for name, its in by_name(of_many, "many").items():
        if its["markets_hired_in"] == 2:
            other = {p.name: p for p in hire(mixed, 1, "many").profiles}[name]
            cost = (planned_cents(profiles[name]) + planned_cents(other)) / 200
            assert its["marginal"]["spend"]["value"] == pytest.approx(cost)
            assert its["solo"]["spend"]["value"] == pytest.approx(cost)


def test_a_question_that_was_answered_is_not_played_again(tmp_path: Path, mixed: Scenario) -> None:
    """From the store come the same bytes; one creator more is only that many plays more."""
    first, second = (Watched(TrialStore(tmp_path)) for _ in range(2))
    one = simulator.creators(mixed, "many", "anna", trials=first)
    more = simulator.creators(mixed, ["many"], ["anna", "micro/1"], trials=second)
    assert (24, by_name(more, "many")["micro/1"]["n"]) == (first.played, second.played)
    assert by_name(one, "many")["anna"]["marginal"] == by_name(more, "many")["anna"]["marginal"]
    again = Watched(TrialStore(tmp_path))
    assert summary_json(more.summary) == summary_json(
        simulator.creators(mixed, ["many"], ["anna", "micro/1"], trials=again).summary
    )
    assert again.played == 0


def test_those_to_drop_are_left_out_together_in_other_plays(tmp_path: Path) -> None:
    """What chose them does not also say what dropping them brings."""
    creators = [creator("anna"), *(creator(name, fee=50 + place, followers=0) for place, name in enumerate("bc"))]
    scenario = tiny(tmp_path, creators=creators, strategies={"all": {"creators": ["anna", "b", "c"]}})
    trials = Watched()
    worth = simulator.creators(scenario, replications=6, trials=trials)
    together = worth.summary["strategies"]["all"]["drop_together"]
    assert ["c", "b"] == together["creators"]
    assert (101.0, -101.0) == (together["change"]["profit"]["value"], together["change"]["spend"]["value"])
    assert [(frozenset(), list(range(6, 12))), (frozenset({"b", "c"}), list(range(6, 12)))] == trials.asked[-2:]
    assert trials.played == worth.summary["plays"]


def test_few_plays_suffice_unless_more_are_asked_for(tmp_path: Path) -> None:
    """A study's number is too many to play for each creator, so it is cut; fewer plays than markets are fine."""
    scenario = tiny(tmp_path, replications=5000, strategies={"all": {"creators": ["anna", "bert"]}})
    trials = Watched()
    with pytest.raises(RuntimeError):
        simulator.creators(scenario, trials=stopping(trials))
    assert MOST_UNASKED == len(trials.asked[0][1])
    assert 1 == simulator.creators(scenario, replications=1).summary["markets"]


def stopping(trials: Watched) -> Watched:
    """Let trials take note of what is asked for and play nothing."""

    def play(wanted: Any) -> list[pa.Table]:
        trials.asked += [(its.without, [draw.replication for draw in draws]) for its, draws in wanted]
        raise RuntimeError

    trials.play = play  # type: ignore[method-assign]
    return trials


@pytest.mark.parametrize(
    ("strategies", "names", "replications", "text"),
    [
        (
            ["mny"],
            [],
            None,
            "strategy: given 'mny'; there is none of this name. Did you mean \"many\"? There is: many, one",
        ),
        (["many"], ["ana"], None, "creator: given 'ana'; many hires no such creator. Did you mean \"anna\"?"),
        (["paid"], [], None, "paid hires nobody, so there is no creator to leave out."),
        (["many", "one"], [], None, "one hires nobody but anna: without it nothing is left of the plan"),
        ([], [], 0, "replications: given 0; must be a whole number from 1 to 1,000,000."),
    ],
)
def test_what_cannot_be_asked_is_refused(
    mixed: Scenario, strategies: list[str], names: list[str], replications: int | None, text: str
) -> None:
    """With what is possible, before anything is played."""
    trials = Watched()
    with pytest.raises(ScenarioError) as error:
        simulator.creators(mixed, strategies, names, replications=replications, trials=trials)
    assert text in str(error.value)
    assert [] == trials.asked


# ---- how sure


def cautious_and_plain(values: npt.NDArray[np.float64], level: float) -> tuple[Any, Any]:
    """Give both ends of both intervals of many means at once (samples, n), for values of one market."""
    n = values.shape[1]
    mean = values.mean(axis=1)
    off = values - mean[:, None]
    error = np.sqrt((off**2).sum(axis=1) / (n - 1) / n)
    safe = np.where(error > 0, error, 1.0)
    skew = ((off / (n * safe[:, None])) ** 3).sum(axis=1)
    skew = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
    t = special.stdtrit(n - 1, (1 + level) / 2)
    hall = [mean - error * 3 / skew * (np.cbrt(1 + skew * (q - skew / 6)) - 1) for q in (t, -t)]
    plain = (mean - t * error, mean + t * error)
    known = error > 0
    outer = (np.minimum(plain[0], hall[0]), np.maximum(plain[1], hall[1]))
    return tuple(np.where(known, end, np.nan) for end in outer), tuple(np.where(known, end, np.nan) for end in plain)


def test_many_claims_hold_together_though_gains_are_rare() -> None:
    """Sixty creators who pay just what they cost: all are left alone in at least 95% of 500 studies.

    Each brings an order worth ten times its cost in every tenth play. Negative control: with t alone, in a third of
    all studies somebody would be dropped.
    """
    families, creators, plays = 500, 60, 100
    gains = np.random.default_rng(5).random((families * creators, plays)) < 0.1
    cautious, plain = cautious_and_plain(10.0 * gains - 1.0, together_level(creators))
    wrong = [
        np.mean(((low > 0) | (high < 0)).reshape(families, creators).any(axis=1)) for low, high in (cautious, plain)
    ]
    assert wrong[0] <= 0.05
    assert wrong[1] >= 0.3


def test_the_interval_is_the_one_that_was_measured() -> None:
    """One formula, for many samples at once or for one; it holds that of t alone, and knows what is fixed."""
    values = 10.0 * (np.random.default_rng(6).random((40, 100)) < 0.1) - 1.0
    market = np.zeros(100, np.int64)
    (lows, highs), _ = cautious_and_plain(values, 0.999)
    for its, low, high in zip(values, lows, highs, strict=True):
        estimate, plain = cautious_mean_estimate(its, market, 0.999), mean_estimate(its, market, 0.999)
        assert (low, high) == pytest.approx((estimate["low"], estimate["high"]))
        assert estimate["low"] <= plain["low"] <= plain["high"] <= estimate["high"]  # type: ignore[operator]
    same = np.full(100, -3.0)
    assert (None, None) == tuple(cautious_mean_estimate(same, market, 0.999)[end] for end in ("low", "high"))  # type: ignore[literal-required]
    fixed = cautious_mean_estimate(same, market, 0.999, structural=True)
    assert (-3.0, -3.0) == (fixed["low"], fixed["high"])


def test_a_loss_that_is_plain_is_seen() -> None:
    """A creator who costs 400 and brings one of 40 now and then is to be dropped, among sixty."""
    values = 40.0 * (np.random.default_rng(7).random(100) < 0.1) - 400
    assert verdict_of(cautious_mean_estimate(values, np.zeros(100, np.int64), together_level(60))) == "drop"


def test_own_share_adds_up_where_creators_are_hired() -> None:
    """Two markets, one creator in each: together they add what the plan reaches."""
    whole = pa.table({"reach": [10, 20, 30, 40], "market": [0, 1, 0, 1]})
    added = [([0, 2], np.array([10.0, 30.0])), ([1, 3], np.array([20.0, 40.0]))]
    assert own_share(whole, added)["value"] == 1.0
    assert own_share(whole, added[:1])["value"] == 0.4


# ---- overlap


def some_audiences(count: int = 6, people: int = 50) -> list[npt.NDArray[np.int32]]:
    rng = np.random.default_rng(3)
    sizes = [0, *rng.integers(1, 30, count - 1).tolist()]
    return [np.sort(rng.permutation(people)[:size]).astype(np.int32) for size in sizes]


def test_pairs_overlap_as_sets_do() -> None:
    """The matrix is that of sets, the same both ways round, and its mean that of `overlap_of`."""
    audiences = some_audiences()
    shares = pair_overlaps(50, audiences)
    for a, one in enumerate(audiences):
        for b, other in enumerate(audiences):
            smaller = min(one.size, other.size)
            if a == b or smaller == 0:
                assert np.isnan(shares[a, b])
            else:
                assert shares[a, b] == len(set(one.tolist()) & set(other.tolist())) / smaller == shares[b, a]
    assert np.nanmean(shares) == pytest.approx(overlap_of(50, audiences).mean)


def test_pairs_are_told_over_the_markets_where_both_are_hired() -> None:
    """Largest first, with the lowest and the highest of the markets."""
    alike, apart = np.arange(4, dtype=np.int32), np.arange(4, 8, dtype=np.int32)
    first = Audiences(10, {"a": alike, "b": alike, "c": apart})
    second = Audiences(10, {"a": alike, "b": apart})
    rows = overlap_table("plan", [first, second]).to_pylist()
    assert [("a", "b", 0.5, 0.0, 1.0, 2), ("a", "c", 0.0, 0.0, 0.0, 1), ("b", "c", 0.0, 0.0, 0.0, 1)] == [
        tuple(row[name] for name in OVERLAP_SCHEMA.names[1:]) for row in rows
    ]
    assert {"a": 0.25, "b": 0.25, "c": 0.0} == mean_overlaps(overlap_table("plan", [first, second]))


# ---- what is said and drawn


def estimate(value: float, half: float) -> dict[str, Any]:
    return {"value": value, "low": value - half, "high": value + half, "level": 0.95, "method": "t", "n": 100}


def made_up(profits: Mapping[str, tuple[float, float, float]], **more: Any) -> dict[str, Any]:
    """Make a summary of creators with these added profits: value, and half the interval for itself and together."""
    creators = [
        {
            "name": name,
            "pool": None,
            "drawn": False,
            "markets_hired_in": 2,
            "markets": 4,
            "n": 100,
            "verdict": verdict_of(estimate(value, together)),  # type: ignore[arg-type]
            "marginal": {
                "profit": estimate(value, half),
                "spend": {**estimate(420.0, 0.0), "method": "fixed by the plan"},
                "reach": estimate(900.0, 50.0),
                "incremental_orders": estimate(6.0, 3.0),
            },
            "profit_together": estimate(value, together),
        }
        for name, (value, half, together) in sorted(profits.items(), key=lambda its: its[1][0])
    ]
    plan = {
        "name": "portfolio",
        "creators": creators,
        "drop_first": [its["name"] for its in creators if its["verdict"] == "drop"],
        "keep_first": [its["name"] for its in reversed(creators) if its["verdict"] == "keep"],
        "own_reach": estimate(0.7, 0.02),
        "overlaps": [
            {"creator": "a", "other": "b", "overlap": 0.43, "lowest": 0.4, "highest": 0.45, "markets": 3},
        ],
        "drop_together": None,
    }
    return {
        "scenario": "made-up",
        "hash": "0123456789abcdef",
        "seed": 7,
        "currency": "$",
        "replications": 100,
        "markets": 4,
        "conditional_on": "the 4 markets played",
        "plays": 300,
        "level": 0.95,
        "solo": False,
        "left_out": [],
        "strategies": {"portfolio": {**plan, **more}},
    }


def test_the_answer_comes_first() -> None:
    """What is saved, what is lost, what profit gains, with intervals; hired where; who else, and who pays.

    Profit has the interval that holds for all creators, because it was the plays that chose whom to tell of.
    """
    summary = made_up({"micro/12": (-180.0, 20.0, 60.0), "anna": (500.0, 30.0, 90.0), "bert": (10.0, 90.0, 300.0)})
    lines = worth_lines(summary)
    assert lines[0] == (
        "Dropping micro/12 from portfolio would save $420 and lose 6 (3 to 9) incremental orders per play: profit "
        "+$180 (120 to 240) (it is hired in 2 of 4 markets, and counted there)."
    )
    assert lines[1] == "Drop first, surely worth less than they cost (1 of 3 creators): micro/12."
    assert lines[2].startswith("anna adds most to portfolio: for $420 it brings 6 (3 to 9) incremental orders per play")
    assert worth_title(summary, "portfolio") == (
        "Of 3 creators of portfolio 1 surely costs more than it brings, 1 surely brings more than it costs and 1 is "
        "undecided"
    )
    assert overlap_title(summary, "portfolio") == (
        "Audiences overlap most between a and b: 43% of the smaller one (40% to 45% in 3 markets)"
    )


def test_apart_means_no_overlap() -> None:
    """Where the largest overlap is none, that is what is said; without pairs, nothing."""
    apart = [{"creator": "a", "other": "b", "overlap": 0.0, "lowest": 0.0, "highest": 0.0, "markets": 1}]
    profits = {"a": (1.0, 2.0, 3.0)}
    assert "No two audiences of portfolio overlap." in worth_lines(made_up(profits, overlaps=apart))
    assert "" == overlap_title(made_up(profits, overlaps=[]), "portfolio")


def test_nobody_is_called_worthless_unless_that_holds_for_all_together() -> None:
    """An interval of its own beside 0 is not enough where those of all creators together are not."""
    summary = made_up({"a": (-180.0, 20.0, 200.0), "b": (180.0, 20.0, 200.0)})
    lines = worth_lines(summary)
    assert lines[0].startswith("No creator of portfolio surely costs more than it brings. Dropping a from portfolio")
    assert lines[1] == "No creator of portfolio surely brings more than it costs."
    assert worth_title(summary, "portfolio").startswith("No creator of portfolio surely costs more")
    assert ["undecided", "undecided"] == [row.rsplit(maxsplit=1)[1] for row in worth_table(summary, "portfolio")[2:]]


def test_what_several_come_to_together_is_said() -> None:
    """With the number of other plays behind it."""
    change = {"profit": estimate(300, 50), "reach": estimate(-900, 20), "incremental_orders": estimate(-9, 2)}
    several = {"creators": ["a", "b"], "change": change}
    summary = made_up({"a": (-180.0, 20.0, 60.0), "b": (-90.0, 20.0, 60.0)}, drop_together=several)
    assert (
        "Without all 2 of them at once, in 100 other plays: profit +$300 (250 to 350), reach -900 (-920 to -880), "
        "incremental orders -9 (-11 to -7) per play."
    ) in worth_lines(summary)


def test_of_many_creators_both_ends_are_shown(tmp_path: Path) -> None:
    """A table and a picture of a hundred stay readable, and say how many more there are; wide letters keep columns."""
    profits = {f"creator/{place}": (10.0 * place - 500, 20.0, 60.0) for place in range(99)} | {"東京": (0.0, 1.0, 2.0)}
    summary = made_up(profits)
    table = worth_table(summary, "portfolio")
    assert (19, "... 84 more in creators.csv") == (len(table), table[10])
    overlaps = pa.Table.from_pylist(
        [{**row, "strategy": "portfolio"} for row in summary["strategies"]["portfolio"]["overlaps"]],
        schema=OVERLAP_SCHEMA,
    )
    worth = Worth(None, summary, WORTH_SCHEMA.empty_table(), overlaps)  # type: ignore[arg-type]
    paths = draw_worth(worth, tmp_path)
    assert ["creators.png", "creators.svg", "overlap.png", "overlap.svg"] == [path.name for path in paths]
    svg = (tmp_path / "creators.svg").read_text(encoding="utf-8")
    assert ("creator/0<" in svg, "creator/50<" in svg, "creator/98<" in svg) == (True, False, True)
    assert "86 more between them are in creators.csv" in svg
    styles = [style for path in paths[1::2] for style in re.findall(r'style="([^"]*)"', path.read_text("utf-8"))]
    assert 12 <= min(float(size) for style in styles for size in re.findall(r"font[^;]*?([\d.]+)px", style))


# ---- the command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a scenario file and the results of its run, as the command finds them."""
    home = tmp_path_factory.mktemp("command")
    strategies = {"all": {"creators": ["anna", "bert"]}}
    values = tiny_values(strategies=strategies, creators=[creator("anna"), creator("bert", fee=90)], replications=6)
    write_scenario(home, values)
    return home


def invoked(*words: object) -> Result:
    return CliRunner().invoke(main, ["creators", *map(str, words)], catch_exceptions=False)


def test_the_command_answers_and_keeps_what_it_played(folder: Path) -> None:
    """Files are those of the Python function; the second time nothing is played; JSON is the file and nothing else."""
    done = invoked(folder / "tiny.toml", "--out", folder / "results")
    assert 0 == done.exit_code
    assert done.stdout.splitlines()[0].startswith(("Dropping ", "No creator of all surely"))
    worth = simulator.creators(simulator.load(folder / "tiny.toml"))
    decisions = folder / "results" / "decisions"
    assert summary_json(worth.summary) == (decisions / "creators.json").read_bytes()
    assert csv_bytes(worth.creators) == (decisions / "creators.csv").read_bytes()
    assert csv_bytes(worth.overlaps) == (decisions / "overlap.csv").read_bytes()
    assert (decisions / "figures" / "creators.png").read_bytes().startswith(b"\x89PNG")
    again = invoked(folder / "tiny.toml", "--out", folder / "results", "--json", "--strategy", "all")
    assert json.loads(again.stdout) == worth.summary
    assert "All plays that this needs were finished before." in again.stderr


def test_a_finished_run_is_asked_as_it_stands(folder: Path) -> None:
    """What is decided goes into its folder, beside what it came to, which stays as it is; nothing can be set."""
    scenario, out = simulator.load(folder / "tiny.toml"), folder / "ran"
    with ResultFolder(out, scenario, "compiled") as results:
        study = run(scenario, folder=results)
        results.write(study, lambda _study, _folder: [])
    before = tree(out)
    assert 0 == invoked(out, "--quiet").exit_code
    after = tree(out)
    assert before == {name: after[name] for name in before}
    total = json.loads(after["decisions/creators.json"])["strategies"]["all"]["total"]
    assert study.summary["strategies"]["all"]["profit"]["mean"] == total["profit"]
    wrong = invoked(out, "--set", "budget=5")
    assert (2, True) == (wrong.exit_code, "in which nothing can be set" in wrong.stderr)


def test_the_command_refuses_what_cannot_be_asked(folder: Path) -> None:
    """A plan that is none, with what there is; a run that is none; nothing is answered."""
    out = folder / "refused"
    wrong = invoked(folder / "tiny.toml", "--out", out, "--strategy", "al")
    assert (2, True) == (wrong.exit_code, 'Did you mean "all"?' in wrong.stderr)
    assert [] == list(out.rglob("creators*"))
    assert 3 == invoked(folder).exit_code
