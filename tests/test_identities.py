"""What must not change when something else does: exact identities of whole studies.

Every chance decision has a name, so what concerns other names cannot move it. Nothing here is statistical.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from market_helpers import (
    COUNTS,
    MEASURES,
    Edge,
    column,
    creator,
    load,
    outcomes,
    rows_of,
    scenario_values,
)

import simulator
from simulator.campaign.hiring import hire
from simulator.campaign.play import play
from simulator.errors import ScenarioError
from simulator.market.build import build_market
from simulator.market.graph_file import read_graph_file
from simulator.study.chunks import REACH_MEASURES
from simulator.study.results import Study

Values = dict[str, object]

# A funnel in which everything happens often enough to be seen to change.
FUNNEL = {
    "reach_per_follower": "30% to 60%",
    "engagement_per_impression": 0.5,
    "share_per_impression": 0.4,
    "click_per_impression": "20% to 60%",
    "order_per_click": 0.5,
    "post_days": [0.0, 1.5],
    "post_jitter_hours": 6.0,
    "delay": {"dist": "lognormal", "median_hours": 3.0, "sigma": 1.2},
}
BEHAVIOUR = {
    "reach_per_peer": "20% to 50%",
    "peer_delay": {"dist": "exponential", "mean_hours": 5.0},
    "fatigue": 0.4,
}
PRODUCT = {"order_value": "60 to 140", "margin": 0.5, "baseline_order_probability": 0.1}
NAMES = [f"{letter}{i}" for letter in "pqr" for i in range(30)]
EDGES: list[Edge] = [
    *(("a", name) for name in NAMES[:50]),
    *(("b", name) for name in NAMES[35:]),
    *((NAMES[i], NAMES[(i * k + k) % 90]) for i in range(90) for k in (2, 7, 11) if (i * k + k) % 90 != i),
]


def graph_values(**values: object) -> Values:
    """Give a study of two creators on a graph of 90 people, with everything switched on."""
    creators = [creator("a", **FUNNEL), creator("b", **(FUNNEL | {"fee": "50 to 200"}))]
    strategies = {"both": ["a", "b"], "only_a": ["a"]}
    people = {"graph_file": "edges.csv", "activity_spread": 0.2}
    parts = {"people": people, "behaviour": BEHAVIOUR, "product": PRODUCT, "horizon_days": 4.0}
    return scenario_values(creators, strategies, **(parts | values))


def pool(**values: object) -> Values:
    """Give a pool of small accounts in one niche."""
    account = {key: value for key, value in creator("", **FUNNEL).items() if key != "handle"}
    law = {"law": "power", "scale": 2.0, "exponent": 0.8, "noise": 0.5}
    return account | {"count": 8, "followers": "30 to 150", "niche": "beauty", "fee": law} | values


SPLITS: Mapping[str, Values] = {
    "micro": {"split": {"micro": 1.0}},
    "large": {"split": {"large": 1.0}},
    "mixed": {"creators": ["anna"], "split": {"micro": 0.5, "large": 0.5}},
}


def synthetic_values(**values: object) -> Values:
    """Give a study of two pools and a creator in synthetic markets of 600 people."""
    parts: Values = {
        "people": {"count": 600, "activity_spread": 0.2, "followings_per_person": 6.0},
        "creators": [creator("anna", **FUNNEL, followers=120, niche="food", fake_share=0.1, outside_share=0.2)],
        "pools": {
            "micro": pool(),
            "large": pool(count=2, followers="200 to 300", fee="100 to 300", outside_share=0.3),
        },
        "strategies": dict(SPLITS),
        "markets": 4,
        "budget": 900.0,
        "replications": 40,
    }
    return graph_values(**(parts | values))


def run_graph(folder: Path, edges: list[Edge] = EDGES, **values: object) -> Study:
    """Run the study on the graph file."""
    return simulator.run(load(folder, graph_values(**values), edges))


def run_synthetic(folder: Path, **values: object) -> Study:
    """Run the study in the synthetic markets."""
    return simulator.run(load(folder, synthetic_values(**values)))


def all_rows(study: Study) -> dict[str, list[tuple[object, ...]]]:
    """Give all rows of a study's replications by strategy, market and number included."""
    names = dict.fromkeys(study.replications["strategy"].to_pylist())
    return {name: rows_of(study, name, ("market", "replication", *MEASURES)) for name in names}


@pytest.fixture(scope="module")
def on_graph(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Run the study on the graph file, as it is."""
    return run_graph(tmp_path_factory.mktemp("graph"))


@pytest.fixture(scope="module")
def in_markets(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Run the study in the synthetic markets, as it is."""
    return run_synthetic(tmp_path_factory.mktemp("markets"))


def test_the_studies_here_are_alive(on_graph: Study, in_markets: Study) -> None:
    """In the studies of this file every measure happens and varies, so that equality says something."""
    for study in (on_graph, in_markets):
        for name in all_rows(study):
            for measure in set(MEASURES) - {"spend"}:
                values = column(study, name, measure)
                assert values.any()
                assert len(set(values.tolist())) > 5


def test_strategy_against_itself_differs_by_exactly_zero(tmp_path: Path) -> None:
    """The same strategy under two names is equal in every measure of every replication, and the comparison says 0."""
    for study in (
        run_graph(tmp_path, strategies={"one": {"creators": ["a", "b"]}, "two": {"creators": ["b", "a"]}}),
        run_synthetic(tmp_path, strategies={"one": SPLITS["mixed"], "two": SPLITS["mixed"]}),
    ):
        rows = all_rows(study)
        assert rows["one"] == rows["two"]
        for comparison in study.summary["comparisons"]:
            mean = comparison["difference"]["mean"]
            assert (0.0, 0.0, 0.0) == (mean["value"], mean["low"], mean["high"])
            assert 0.0 == comparison["a_beats_b"]["value"]
            assert comparison["replications_saved_by_pairing"] is None
        assert {c["measure"] for c in study.summary["comparisons"]} == {*MEASURES, *REACH_MEASURES}


def test_strategies_do_not_see_each_other(tmp_path: Path, in_markets: Study) -> None:
    """Another strategy, or another order of strategies, changes nothing in the others."""
    full = all_rows(in_markets)
    for names in (["large", "micro"], ["mixed"], ["mixed", "large", "micro"]):
        fewer = all_rows(run_synthetic(tmp_path, strategies={name: SPLITS[name] for name in names}))
        assert names == list(fewer)
        assert {name: full[name] for name in names} == fewer


def test_first_replications_of_a_longer_run_are_the_shorter_run(tmp_path: Path) -> None:
    """The first 50 of 200 replications are those of a run of 50, and number i plays in market i % markets."""
    scenario = load(tmp_path, synthetic_values(strategies={"micro": SPLITS["micro"]}))
    longer, shorter = (all_rows(simulator.run(scenario, replications=n))["micro"] for n in (200, 50))
    assert longer[:50] == shorter
    assert [(i % 4, i) for i in range(200)] == [row[:2] for row in longer]


def test_a_replication_can_be_played_alone(tmp_path: Path) -> None:
    """Replication 17 by itself is row 17 of the study."""
    scenario = load(tmp_path, graph_values(), EDGES)
    study, path = simulator.run(scenario), scenario.graph_path
    assert path is not None
    plan = hire(scenario, 0, "both")
    market = build_market(scenario, 0, plan.profiles, read_graph_file(path, ["a", "b"]))
    alone = play(scenario, market, plan, 17)
    assert rows_of(study, "both")[17] == tuple(getattr(alone, measure) for measure in MEASURES)


def test_workers_do_not_matter(tmp_path: Path) -> None:
    """One worker or three: the same replications, timeline, creators and summary."""
    scenario = load(tmp_path, synthetic_values())
    one, three = simulator.run(scenario, workers=1), simulator.run(scenario, workers=3)
    assert one.replications.equals(three.replications)
    assert one.timeline.equals(three.timeline)
    assert one.creators.equals(three.creators)
    assert one.summary == three.summary


UNMOVED_BY_FEES = (*COUNTS, "revenue")


def test_creator_without_followers_changes_spend_only(tmp_path: Path) -> None:
    """Hiring a creator nobody follows costs its fee, and everything else is equal to the bit."""
    hermit = creator("0 hermit", **FUNNEL | {"fee": 80.0}, management_cost=5.5)
    creators = [creator("a", **FUNNEL), creator("b", **FUNNEL), hermit]
    strategies = {"before": {"creators": ["a", "b"]}, "after": {"creators": ["a", "b", "0 hermit"]}}
    study = run_graph(tmp_path, creators=creators, strategies=strategies)
    assert rows_of(study, "before", UNMOVED_BY_FEES) == rows_of(study, "after", UNMOVED_BY_FEES)
    assert (column(study, "before", "spend") + 85.5).tolist() == column(study, "after", "spend").tolist()


def test_creator_without_followers_beside_a_pool(tmp_path: Path) -> None:
    """The same in synthetic markets, where the budget of the pool is what the creator leaves of it."""
    hermit = creator("0 hermit", **FUNNEL | {"fee": 80.0}, followers=0)
    before = run_synthetic(tmp_path, strategies={"it": SPLITS["micro"]})
    with_it = {"it": {"creators": ["0 hermit"], **SPLITS["micro"]}}
    after = run_synthetic(tmp_path, creators=[hermit], strategies=with_it, budget=980.0)
    assert rows_of(before, "it", UNMOVED_BY_FEES) == rows_of(after, "it", UNMOVED_BY_FEES)
    assert pytest.approx(column(before, "it", "spend") + 80.0, rel=1e-14) == column(after, "it", "spend")


def test_doubled_fees_double_spend_only(tmp_path: Path) -> None:
    """With fees twice as high spend is exactly twice as high, and counts and revenue are equal to the bit."""

    def with_fee(fee: float) -> Study:
        return run_graph(tmp_path, creators=[creator("a", **FUNNEL | {"fee": fee}), creator("b", **FUNNEL)])

    once, twice = with_fee(123.45), with_fee(246.90)
    for strategy in ("only_a", "both"):
        assert rows_of(once, strategy, UNMOVED_BY_FEES) == rows_of(twice, strategy, UNMOVED_BY_FEES)
    assert (2 * column(once, "only_a", "spend")).tolist() == column(twice, "only_a", "spend").tolist()
    assert (column(once, "both", "spend") + 123.45).tolist() == column(twice, "both", "spend").tolist()


@pytest.mark.parametrize("run", [run_graph, run_synthetic])
def test_creator_nobody_hires_changes_nothing(
    tmp_path: Path, run: Callable[..., Study], on_graph: Study, in_markets: Study
) -> None:
    """One more creator in the file, whom no strategy hires, changes no number of the study."""
    values, extra = (graph_values(), {}) if run is run_graph else (synthetic_values(), {"followers": 300})
    idle = creator("0 idle", **FUNNEL, **extra)
    before = on_graph if run is run_graph else in_markets
    after = run(tmp_path, creators=[idle, *values["creators"]])  # type: ignore[misc]
    assert before.replications.equals(after.replications)
    assert before.timeline.equals(after.timeline)
    assert before.creators.equals(after.creators)
    assert before.summary["strategies"] == after.summary["strategies"]


def test_pool_nobody_hires_changes_nothing(tmp_path: Path, in_markets: Study) -> None:
    """One more pool in the file, from which no strategy hires, changes no number of the study."""
    pools = {"idle": pool(niche="tech"), **synthetic_values()["pools"]}  # type: ignore[dict-item]
    assert in_markets.replications.equals(run_synthetic(tmp_path, pools=pools).replications)


def test_strategies_hire_the_same_creators(tmp_path: Path) -> None:
    """Two strategies that hire the same creator get the same fee, audience and luck."""
    shares = {"small": {"split": {"micro": 0.4}}, "large": {"split": {"micro": 0.9, "large": 0.1}}}
    quiet = {
        "reach_per_peer": 0.0,
        "fatigue": 0.0,
    }  # so that creators' own counts do not depend on each other
    study = run_synthetic(tmp_path, strategies=shares, behaviour=quiet, markets=1)
    keys = (
        "fee",
        "followers",
        "audience",
        "impressions",
        "outside_impressions",
        "engagements",
        "shares",
        "clicks",
    )
    hired: dict[str, dict[str, list[object]]] = {name: {} for name in shares}
    for row in study.creators.to_pylist():
        hired[row["strategy"]][row["creator"]] = [row[key] for key in keys]
    common = hired["small"].keys() & hired["large"].keys()
    assert len(common) == len(hired["small"]) >= 4
    assert {key: hired["large"][key] for key in common} == hired["small"]


def test_rows_are_a_set(tmp_path: Path, on_graph: Study) -> None:
    """Order and repeats of the rows change no number."""
    mixed = EDGES[::-1] + EDGES[10:30] + EDGES[:1] * 5
    after = run_graph(tmp_path, mixed)
    assert on_graph.replications.equals(after.replications)
    assert on_graph.creators.equals(after.creators)
    assert () == on_graph.warnings == after.warnings


def test_impossible_follows_are_ignored_and_counted(tmp_path: Path, on_graph: Study) -> None:
    """Rows in which someone follows themselves, or a creator follows, change nothing and are counted in a warning."""
    more = [(NAMES[0], NAMES[0]), ("a", "a"), (NAMES[1], "a"), (NAMES[2], "b"), ("a", "b")]
    after = run_graph(tmp_path, EDGES + more)
    assert on_graph.replications.equals(after.replications)
    assert on_graph.creators.equals(after.creators)
    selves, by_creators = after.warnings
    assert "2 rows" in selves
    assert "3 rows" in by_creators
    assert list(after.warnings) == after.summary["warnings"]


def test_people_elsewhere_change_nothing(tmp_path: Path, on_graph: Study) -> None:
    """A component that the post cannot reach changes no luck, though all people are numbered anew.

    Only with whom those reached are compared changes: there are more others.
    """
    far = [("A", "AA"), ("AA", "AB"), ("q05", "q07"), ("zz", "A"), ("AB", NAMES[0]), ("zzz", NAMES[3])]
    after = run_graph(tmp_path, EDGES + far)
    compared = ["naive_incremental_orders"]
    assert on_graph.replications.drop(compared).equals(after.replications.drop(compared))
    assert not on_graph.replications.equals(after.replications)


def ids_of(folder: Path, edges: list[Edge]) -> list[str]:
    """Give the people of a graph file in the order of their numbers."""
    (folder / "edges.csv").write_text("followed,follower\n" + "".join(f"{a},{b}\n" for a, b in edges), encoding="utf-8")
    return read_graph_file(folder / "edges.csv", ["a"]).ids


def test_ids_are_texts_in_code_point_order(tmp_path: Path) -> None:
    """Ids are compared as texts and sorted by code point; every id but a handle is a person, wherever it stands."""
    texts = [
        "7",
        "007",
        "7.0",
        "1e3",
        "NA",
        "null",
        "true",
        "é",
        "e\u0301",
        "Ω",
        "ﬀ",
        "\uffee",
        "\U0001f600",
        "名前",
        "B",
        "b c",
    ]
    assert sorted(texts) == ids_of(tmp_path, [("a", text) for text in texts])
    assert sorted(texts) == ids_of(tmp_path, [(text, text) for text in texts] + [("a", "a")])
    assert sorted(texts) == ids_of(tmp_path, [(text, "a") for text in texts])


def test_luck_belongs_to_the_text_of_an_id(tmp_path: Path) -> None:
    """A person called "7" and one called "007" are two people with luck of their own, and so are unicode twins."""

    def reached(person: str) -> list[int]:
        scenario = load(
            tmp_path,
            graph_values(replications=200, strategies={"only_a": {"creators": ["a"]}}),
            [("a", person)],
        )
        return [outcome.reach for outcome in outcomes(scenario, "only_a")]

    luck = [reached(person) for person in ("7", "007", "é", "e\u0301", "名前")]
    assert all(0 < sum(its) < 200 for its in luck)
    assert len(luck) == len({tuple(its) for its in luck})
    assert luck[0] == reached("7")


def test_creators_of_a_graph_file_are_not_people(tmp_path: Path) -> None:
    """A creator who is followed by everybody and follows everybody is not reached."""
    people = [f"p{i}" for i in range(20)]
    edges = [("a", p) for p in people] + [(p, "a") for p in people] + [(p, "b") for p in people]
    certain = [creator(h, **FUNNEL | {"reach_per_follower": 1.0, "post_days": [0.0]}) for h in "ab"]
    study = run_graph(tmp_path, edges, creators=certain, horizon_days=400.0)
    assert {20.0} == set(column(study, "both", "reach").tolist()) == set(column(study, "only_a", "reach").tolist())


def test_a_file_of_creators_only_is_refused(tmp_path: Path) -> None:
    """Without people there is nothing to play, and the message says so."""
    with pytest.raises(ScenarioError, match="no people"):
        run_graph(tmp_path, [("a", "b")])


@pytest.mark.parametrize("run", [run_graph, run_synthetic])
def test_any_seed_runs_and_repeats(tmp_path: Path, run: Callable[..., Study]) -> None:
    """The seeds 0, 1 and 2**63 - 1 give three worlds, each the same when run again."""
    seeds = (0, 1, 2**63 - 1)
    first, again = ([all_rows(run(tmp_path, seed=seed, replications=12)) for seed in seeds] for _ in range(2))
    assert first == again
    assert all(first[i] != first[j] for i, j in ((0, 1), (0, 2), (1, 2)))


def test_luck_depends_on_the_seed_alone(tmp_path: Path) -> None:
    """Also where the market draws nothing, because all people are alike, each seed has its own luck."""
    people = {"graph_file": "edges.csv", "activity_spread": 0.0}
    seeds = (0, 1, 2**63 - 1)
    reach = [column(run_graph(tmp_path, people=people, seed=seed), "only_a", "reach").tolist() for seed in seeds]
    assert 3 == len({tuple(its) for its in reach})
