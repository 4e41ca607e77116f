"""Creators who drop out: how many, after how many posts, what they are paid, and the same ones for every strategy."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest
from scipy.stats import binom, chisquare
from study_helpers import creator, tiny

import simulator
from simulator.scenario.account import Creator
from simulator.scenario.contract import contract_cents, median, to_cents
from simulator.study.results import Study, csv_bytes

HANDLES = tuple("abcdefgh")
REPLICATIONS = 400


def run(
    tmp_path: Path,
    completion: object,
    strategies: dict[str, Any] | None = None,
    replications: int = REPLICATIONS,
    **values: Any,
) -> Study:
    """Run creators with four posts each that nobody sees; without the key where completion is None."""
    its = {} if completion is None else {"completion_probability": completion}
    quiet = {"reach_per_follower": 0.0, "post_days": [0, 0.1, 0.2, 0.3], "fee": 100.01, **its, **values}
    return simulator.run(
        tiny(
            tmp_path,
            replications=replications,
            creators=[creator(handle, **quiet) for handle in HANDLES],
            strategies=strategies or {"all": {"creators": list(HANDLES)}},
        )
    )


def test_drop_outs_are_binomial_and_leave_after_any_number_of_posts(tmp_path: Path) -> None:
    """Single-post contracts dropped by a creator with probability 0.3, in 400 plays x 8 creators; error rate 1e-5."""
    one_post = run(tmp_path, 0.7, post_days=[0]).replications["posts_dropped"].to_numpy()
    expected = binom.pmf(np.arange(9), 8, 0.3) * REPLICATIONS
    observed = np.bincount(one_post, minlength=9)
    observed, expected = np.append(observed[:5], observed[5:].sum()), np.append(expected[:5], expected[5:].sum())
    assert chisquare(observed, expected).pvalue > 1e-5
    wrong = binom.pmf(np.arange(9), 8, 0.4) * REPLICATIONS
    assert chisquare(observed, np.append(wrong[:5], wrong[5:].sum())).pvalue < 1e-5


def test_a_creator_who_drops_out_has_done_any_number_of_posts(tmp_path: Path) -> None:
    """With completion 0, a creator alone does 0 to 3 of 4 posts, equally often; error rate 1e-5."""
    study = run(tmp_path, 0.0, {"one": {"creators": ["a"]}})
    done = Counter(study.replications["posts_done"].to_pylist())
    assert {0, 1, 2, 3} == set(done)
    assert chisquare([done[i] for i in range(4)]).pvalue > 1e-5
    total = pc.add(study.replications["posts_done"], study.replications["posts_dropped"])
    assert {4} == set(total.to_pylist())


def test_completion_for_certain_is_no_key(tmp_path: Path) -> None:
    """A probability of 1 changes no byte; a lower one does."""
    seen: dict[str, Any] = {"reach_per_follower": 0.5, "replications": 4}
    written, plain, lower = (run(tmp_path, completion, **seen) for completion in (1.0, "100%", "50%"))
    without = run(tmp_path, None, **seen)
    assert csv_bytes(written.replications) == csv_bytes(plain.replications) == csv_bytes(without.replications)
    assert csv_bytes(written.replications) != csv_bytes(lower.replications)


def test_who_drops_out_is_paid_for_what_was_delivered(tmp_path: Path) -> None:
    """Fee and what depends on it by the post, to the cent; the product and the managing are gone."""
    terms = {"agency_commission_of_fee": 0.1, "production_cost_per_post": 5, "product_sent_cost": 9}
    anna = Creator.model_validate(
        creator("a", fee=100.01, post_days=[0, 1, 2, 3], management_cost=20, terms=terms, completion_probability=0.5)
    )
    full = to_cents(100.01)
    assert (10_001, 1_000, 0, 0, 0, 2_000, 900, 2_000) == contract_cents(anna, full, median)
    assert (7_501, 750, 0, 0, 0, 1_500, 900, 2_000) == contract_cents(anna, full, median, 3)
    assert (0, 0, 0, 0, 0, 0, 900, 2_000) == contract_cents(anna, full, median, 0)
    study = run(tmp_path, 0.5, {"one": {"creators": ["a"]}})
    for row in study.replications.to_pylist():
        assert round(10_001 * row["posts_done"] / 4) == to_cents(row["spend"])


def test_strategies_lose_the_same_creators(tmp_path: Path) -> None:
    """Who drops out, and when, comes from the creator's name: what one strategy loses, the other loses too."""
    both = run(tmp_path, 0.6, {"some": {"creators": ["b", "c"]}, "again": {"creators": ["c", "a", "b"]}})
    rows = {row["creator"]: row for row in both.creators.to_pylist() if row["strategy"] == "again"}
    for row in both.creators.to_pylist():
        assert row["posts_dropped"] == rows[row["creator"]]["posts_dropped"] > 0


def test_spend_that_depends_on_delivery_is_not_fixed_by_the_plan(tmp_path: Path) -> None:
    """Posts and spend vary from play to play and say so."""
    summary = run(tmp_path, 0.9).summary["strategies"]["all"]
    done, dropped = (summary["operations"][posts]["mean"] for posts in ("posts_done", "posts_dropped"))
    assert done["low"] < done["high"]
    assert dropped["value"] == pytest.approx(32 - done["value"])
    assert summary["spend"]["mean"]["low"] < summary["spend"]["mean"]["high"]
    costs = {line: its["mean"] for line, its in summary["costs"].items()}
    assert costs["fee"]["low"] < costs["fee"]["high"]
    # No commission is agreed, so none is paid, whatever happens; nobody can lose a management cost of 0.
    assert (0.0, 0.0) == (costs["affiliate_commission"]["high"], costs["management_cost"]["high"])
