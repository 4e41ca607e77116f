"""A study holds every play, paired and in order, whoever played it and whatever went wrong."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from study_helpers import creator, tiny

import simulator
from simulator.campaign.hiring import plans_of
from simulator.campaign.play import play
from simulator.errors import ExecutionError, ScenarioError
from simulator.market.build import build_market
from simulator.scenario.contract import COSTS
from simulator.scenario.model import Scenario
from simulator.study import montecarlo
from simulator.study.chunks import MEASURES, REPLICATION_SCHEMA, cut
from simulator.study.montecarlo import World


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("scenario"), replications=60, markets=2)


@pytest.fixture(scope="module")
def table(scenario: Scenario) -> pa.Table:
    return simulator.run(scenario, workers=1).replications


def test_a_study_has_a_row_per_strategy_and_replication(scenario: Scenario, table: pa.Table) -> None:
    """Columns as in replications.csv; sorted by strategy in scenario order, then replication 0..R-1."""
    assert table.schema.equals(REPLICATION_SCHEMA)
    expected = [(strategy, i % 2, i) for strategy in ("many", "one", "free") for i in range(60)]
    assert expected == [(row["strategy"], row["market"], row["replication"]) for row in table.to_pylist()]
    assert 50 < len(set(table["reach"].to_pylist())), "plays differ, so that the tests below can see anything"


@pytest.mark.parametrize("workers", [2, 4])
def test_the_number_of_workers_changes_nothing(scenario: Scenario, table: pa.Table, workers: int) -> None:
    """Threads share the work, not the results."""
    assert simulator.run(scenario, workers=workers).replications.equals(table)


@pytest.mark.parametrize("replications", [1, 7, 50])
def test_the_first_replications_of_a_longer_run_are_the_shorter_run(
    scenario: Scenario, table: pa.Table, replications: int
) -> None:
    """`replications` replaces the scenario's number; play i stays play i."""
    short = simulator.run(scenario, replications=replications)
    assert replications == short.summary["replications"] == short.scenario.replications
    expected = [row for row in table.to_pylist() if row["replication"] < replications]
    assert expected == short.replications.to_pylist()


def test_any_replication_can_be_played_alone(scenario: Scenario, table: pa.Table) -> None:
    """A play depends on scenario, market, plan and number only."""
    world = World(scenario, plans_of(scenario), cut(scenario))
    for strategy, replication in (("many", 59), ("one", 0), ("free", 31)):
        market = world.market(replication % 2)
        alone = play(scenario, market, world.plans[strategy, replication % 2], replication)
        row = next(r for r in table.to_pylist() if (r["strategy"], r["replication"]) == (strategy, replication))
        values = vars(alone) | dict(zip(COSTS, alone.costs, strict=True))
        assert row == {name: values[name] for name in REPLICATION_SCHEMA.names}


def test_both_engines_give_the_same_study(scenario: Scenario) -> None:
    """The engine is no part of the result."""
    compiled, reference = (simulator.run(scenario, 6, engine=engine) for engine in ("compiled", "reference"))
    assert compiled.replications.equals(reference.replications)
    assert compiled.timeline.equals(reference.timeline)
    assert compiled.creators.equals(reference.creators)
    assert compiled.summary == reference.summary


def test_seeds_give_different_worlds_and_seed_0_is_one_of_them(tmp_path: Path, table: pa.Table) -> None:
    """Any seed from 0 to 2**63 - 1 can be repeated, and no two give the same numbers."""
    seen = [table["reach"].to_pylist()[:8]]
    for seed in (0, 1, 2**63 - 1):
        scenario = tiny(tmp_path, seed=seed, markets=2)
        first, again = (simulator.run(scenario, 8).replications["reach"].to_pylist()[:8] for _ in range(2))
        assert first == again
        assert first not in seen
        seen.append(first)


def test_spend_0_is_an_undefined_roi_and_nothing_else(table: pa.Table) -> None:
    """Where nothing is spent ROI is null; profit is what was earned."""
    for row in table.to_pylist():
        if row["strategy"] == "free":
            assert (row["spend"], row["roi"]) == (0.0, None)
        else:
            assert row["profit"] / row["spend"] == row["roi"]


@pytest.mark.parametrize("workers", [0, -1])
def test_workers_below_1_are_refused(scenario: Scenario, workers: int) -> None:
    """Zero threads would play nothing."""
    with pytest.raises(ScenarioError, match=f"workers: given {workers}; at least 1"):
        simulator.run(scenario, workers=workers)


@pytest.mark.parametrize("replications", [0, -5, 1_000_001])
def test_impossible_replications_are_refused(scenario: Scenario, replications: int) -> None:
    """The number of replications has the limits it has in a file."""
    with pytest.raises(ScenarioError, match=rf"replications: given {replications}; .*whole number from 1"):
        simulator.run(scenario, replications=replications)


def test_an_unknown_engine_is_refused(scenario: Scenario) -> None:
    """A misspelt engine doesn't silently become the default."""
    with pytest.raises(ScenarioError, match="engine: given 'fast'; there is 'compiled' and 'reference'"):
        simulator.run(scenario, engine="fast")  # type: ignore[arg-type]


def test_a_strategy_that_hires_nobody_is_refused(tmp_path: Path) -> None:
    """The message says what the first creator costs."""
    with pytest.raises(ScenarioError, match=r"many: can hire nobody.*first creator of 'micro' costs \d"):
        simulator.run(tiny(tmp_path, budget=10, strategies={"many": {"split": {"micro": 1.0}}}))


def test_a_play_that_fails_says_which(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in one play ends the run with its strategy, replication and market."""

    def broken(s: Scenario, market: object, plan: object, replication: int, engine: str) -> object:
        if replication == 7 and plan.strategy == "one":  # type: ignore[attr-defined]
            raise ZeroDivisionError("no luck")
        return play(s, market, plan, replication)  # type: ignore[arg-type]

    monkeypatch.setattr(montecarlo, "play", broken)
    with pytest.raises(
        ExecutionError, match="'one', replication 7 in market 1 was not played: ZeroDivisionError: no luck"
    ):
        simulator.run(scenario, 10)


def test_too_little_memory_says_so(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory is no fault of the program and comes with advice."""

    def huge(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(montecarlo, "build_market", huge)
    with pytest.raises(ExecutionError, match=r"market \d could not be built: .* too little memory"):
        simulator.run(scenario, 10)


def test_each_market_is_built_once_and_dropped_after_its_last_chunk(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many chunks share a market, whichever thread asks first; memory holds only markets in use."""
    built: Counter[int] = Counter()

    def counted(s: Scenario, market: int, *rest: object) -> object:
        built[market] += 1
        return build_market(s, market, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(montecarlo, "build_market", counted)
    world = World(scenario, plans_of(scenario), cut(scenario))
    threads = [threading.Thread(target=world.market, args=(i % 2,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {0: 1, 1: 1} == built
    for chunk in cut(scenario):
        assert chunk.market in world._markets
        world.done_with(chunk.market)
    assert {} == world._markets


def test_progress_counts_every_play(scenario: Scenario) -> None:
    """What is told adds up to strategies x replications."""

    class Told:
        kept: int | None = None
        plays = 0

        def begin(self, kept: int) -> None:
            self.kept = kept

        def add(self, plays: int) -> None:
            self.plays += plays

    told = Told()
    montecarlo.run(scenario, 20, workers=1, progress=told)
    assert (0, 3 * 20) == (told.kept, told.plays)


def test_what_a_graph_file_ignores_is_said(tmp_path: Path) -> None:
    """Rows that were left out are warned about, in the study and in its summary."""
    (tmp_path / "edges.csv").write_text("followed,follower\na,p\np,p\nq,a\np,q\n")
    anna = {key: value for key, value in creator("a").items() if key != "followers"}
    people = {"graph_file": "edges.csv"}
    values = {"people": people, "creators": [anna], "pools": {}, "strategies": {"one": {"creators": ["a"]}}}
    study = simulator.run(tiny(tmp_path, **values), 3)
    assert 2 == len(study.warnings)
    assert list(study.warnings) == study.summary["warnings"]
    assert "1 rows in which someone follows themselves" in study.warnings[0]
    assert 1 == study.creators["audience"][0].as_py()


def test_measures_are_finite(table: pa.Table) -> None:
    """No cell of any play is infinite or not a number."""
    assert all(cell is None or abs(cell) < 1e12 for name in MEASURES for cell in table[name].to_pylist())
