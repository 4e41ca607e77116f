"""Trials: what is played for a question is what `run` plays, is kept, and may be recombined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from study_helpers import tiny

import simulator
from simulator.campaign.unknowns import unknown_inputs
from simulator.scenario.model import Scenario
from simulator.scenario.variant import changed, only, with_split
from simulator.study import trials as trials_module
from simulator.study.chunks import REPLICATION_SCHEMA, rows_of, values_of
from simulator.study.trial_store import TrialStore
from simulator.study.trials import Alternative, Draw, Trials, draws_of


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("trials"))


def one(scenario: Scenario, draws: Sequence[Draw], trials: Trials | None = None) -> list[float]:
    """Give the ROI of the plan with a pool."""
    (rows,) = (trials or Trials()).play([(Alternative("a", scenario, "many"), draws)])
    return [float(roi) for roi in values_of(rows, "roi")]


class Count:
    """Counts plays."""

    def __init__(self) -> None:
        self.expected = self.played = 0

    def expect(self, plays: int) -> None:
        self.expected += plays

    def add(self, plays: int) -> None:
        self.played += plays


def test_trials_give_what_a_run_gives(scenario: Scenario) -> None:
    """Every column of every replication is equal, also of a strategy alone in its scenario and in another order."""
    ran = simulator.run(scenario).replications
    draws = draws_of(scenario, reversed(range(scenario.replications)))
    wanted = [(Alternative(name, only(scenario, name), name), draws) for name in scenario.strategies]
    for name, rows in zip(scenario.strategies, Trials(workers=2).play(wanted), strict=True):
        assert rows_of(ran, name).to_pylist() == rows.to_pylist()[::-1]
        assert rows.schema == REPLICATION_SCHEMA


def test_markets_are_shared_by_alternatives_that_hire_differently(scenario: Scenario) -> None:
    """A split, a fee that is changed, a creator left out: each is played as it would be alone."""
    draws = draws_of(scenario, range(4))
    anna = with_split(scenario, "half", {"micro": 0.5}, scenario.strategies["one"])
    wanted = [
        (Alternative("half", anna, "half"), draws),
        (Alternative("dear", changed(scenario, {"creators.anna.fee": 300}), "one"), draws),
        (Alternative("gone", anna, "half", frozenset({"anna"})), draws),
    ]
    together = Trials(workers=2).play(wanted)
    assert [rows.to_pylist() for rows in together] == [Trials().play([its])[0].to_pylist() for its in wanted]
    assert 300 == values_of(together[1], "spend").max()


def test_overlap_that_ties_audiences_is_drawn_for_each_scenario(tmp_path: Path) -> None:
    """Audiences of a pool that is to overlap depend on what is asked for, so those of another wish are not taken."""
    loose, tight = (tiny(tmp_path, overlap={"micro": share}) for share in (0.3, 0.6))
    trials, draws = Trials(), draws_of(loose, range(4))
    assert [one(its, draws, trials) for its in (loose, tight)] == [one(its, draws) for its in (loose, tight)]
    assert one(loose, draws) != one(tight, draws)


def test_names_and_how_often_it_is_played_make_no_other_alternative(scenario: Scenario) -> None:
    same = changed(scenario, {"replications": 7, "markets": 5, "title": "Else", "decision.measure": "profit"})
    key = Alternative("a", scenario, "many").key
    assert key == Alternative("b", only(same, "many"), "many").key
    others = [
        Alternative("a", scenario, "one"),
        Alternative("a", scenario, "many", frozenset({"micro/1"})),
        Alternative("a", changed(scenario, {"product.margin": 0.4}), "many"),
        Alternative("a", changed(scenario, {"seed": 4}), "many"),
    ]
    assert len({key, *(other.key for other in others)}) == len(others) + 1


def test_what_was_played_is_not_played_again(scenario: Scenario, tmp_path: Path) -> None:
    """Neither by the same trials nor by others that use the folder; a file that is broken counts for nothing."""
    draws, counts = draws_of(scenario, range(6)), [Count() for _ in range(4)]
    trials = Trials(store=TrialStore(tmp_path), progress=counts[0])
    first = one(scenario, draws[:4], trials)
    assert (4, 4) == (counts[0].expected, counts[0].played)
    both = one(scenario, draws, trials)
    assert (6, 6) == (counts[0].expected, counts[0].played)
    assert both[:4] == first
    again = [one(scenario, draws, Trials(store=TrialStore(tmp_path), progress=count)) for count in counts[1:3]]
    assert [both, both] == again
    assert [0, 0] == [count.played for count in counts[1:3]]
    broken = min(tmp_path.rglob("*.parquet"))
    broken.write_bytes(broken.read_bytes()[:-9])
    assert both == one(scenario, draws, Trials(store=TrialStore(tmp_path), progress=counts[3]))
    assert 0 < counts[3].played < 6


def test_plays_of_another_version_are_not_used(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws, count = draws_of(scenario, range(2)), Count()
    one(scenario, draws, Trials(store=TrialStore(tmp_path)))
    monkeypatch.setattr("simulator.study.trial_store.versions", lambda: {"numpy": "0"})
    one(scenario, draws, Trials(store=TrialStore(tmp_path), progress=count))
    assert 2 == count.played


def test_an_interrupted_question_keeps_what_was_finished(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, count = trials_module.play, Count()

    def breaks_at_5(scenario: Scenario, market: object, plan: object, replication: int, *rest: object) -> object:
        if replication == 5:
            raise KeyboardInterrupt
        return played(scenario, market, plan, replication, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(trials_module, "play", breaks_at_5)
    draws = [Draw(replication, replication % 2, replication) for replication in range(8)]
    with pytest.raises(KeyboardInterrupt):
        one(scenario, draws, Trials(store=TrialStore(tmp_path), workers=1))
    monkeypatch.setattr(trials_module, "play", played)
    assert one(scenario, draws) == one(scenario, draws, Trials(store=TrialStore(tmp_path), progress=count))
    assert 4 == count.played, "those of the market that was finished are kept"


# ---- recombined draws


def test_inputs_are_the_unknowns_and_nothing_else(scenario: Scenario) -> None:
    """With the inputs of another replication, whatever was known before stays, and chance with it."""
    known = {path: quantity.median for path, quantity in unknown_inputs(scenario).items()}
    fixed = changed(scenario, known)
    own, lent = (one(fixed, [Draw(3, 1, inputs)]) for inputs in (3, 8))
    assert own == lent
    assert one(scenario, [Draw(3, 1, 3)]) != one(scenario, [Draw(3, 1, 8)])
    assert one(fixed, [Draw(3, 1, 3)]) != one(fixed, [Draw(4, 1, 3)])
    assert one(fixed, [Draw(3, 1, 3)]) != one(fixed, [Draw(3, 7, 3)]), "a market that the scenario does not play"


def test_all_inputs_swapped_one_by_one_are_those_of_the_other_replication(scenario: Scenario) -> None:
    """That the paths are all there are, each by its right name."""
    every = tuple((path, 8) for path in unknown_inputs(scenario))
    assert one(scenario, [Draw(3, 1, 8)]) == one(scenario, [Draw(3, 1, 3, every)])
    assert one(scenario, [Draw(3, 1, 8)]) != one(scenario, [Draw(3, 1, 3, every[:-1])])


def test_inputs_that_go_together_are_swapped_together(tmp_path: Path) -> None:
    pair = ["product.order_value", "behaviour.reach_per_peer"]
    scenario = tiny(tmp_path, correlate=[[*pair, 0.8]])
    every = tuple((path, 8) for path in unknown_inputs(scenario))
    assert one(scenario, [Draw(3, 1, 8)]) == one(scenario, [Draw(3, 1, 3, every)])


def test_unknown_inputs_are_named_in_order(scenario: Scenario) -> None:
    expected = ["product.order_value", "behaviour.reach_per_peer", "pools.micro.reach_per_follower"]
    assert expected == list(unknown_inputs(scenario))
    assert np.isclose(0.1, unknown_inputs(scenario)["behaviour.reach_per_peer"].plausible_low)
