"""Result folders and findings for the tests of what goes to a client.

`findings_of` makes findings of a study built by hand (`make_study`), with known returns and no decisions;
`tiny_results` plays the tiny scenario for real, with every question asked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from study_helpers import execute, tiny_values, without_pictures, write_scenario

from simulator.present.findings import Findings
from simulator.study.finished import Finished

STRATEGIES = {"many": {"split": {"micro": 1.0}}, "one": {"split": {"star": 1.0}}}
QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("split", "--steps", "3", "--most", "40"),
    ("sensitivity", "--replications", "32"),
    ("target", "--measure", "orders", "--at-least", "5", "--replications", "20"),
)


def findings_of(study: Any, **decisions: Any) -> Findings:
    """Give the findings of a study built by hand."""
    tables = {"replications": study.replications, "timeline": study.timeline, "creators": study.creators}
    if study.operations.num_rows:
        tables["operations"] = study.operations
    # As it would be read back.
    summary = json.loads(json.dumps(study.summary))
    return Findings(Finished(Path("results/made"), {"world_hash": "made"}, summary, tables, ""), decisions)


def two_plans() -> dict[str, object]:
    """Give the values of a tiny scenario with two pools and a plan for each."""
    micro = tiny_values()["pools"]["micro"]  # type: ignore[index]
    star = micro | {"count": 2, "followers": "600 to 900", "fee": 700.0}
    return tiny_values(pools={"micro": micro, "star": star}, creators=[], strategies=STRATEGIES)


def tiny_results(folder: Path, **values: object) -> Path:
    """Play a tiny scenario of two plans, ask every question of it, trace one play; give its result folder."""
    scenario = write_scenario(folder, two_plans() | values)
    results = folder / "results"
    done = [execute(without_pictures("run", scenario, "--out", results, "--quiet"))]
    done += [execute(without_pictures(*question, results, "--quiet")) for question in QUESTIONS]
    done += [execute(without_pictures("creators", results, "--quiet"))]
    play = ("replay", results, "--strategy", "many", "--replication", "3", "--trace")
    done += [execute(without_pictures(*play))]
    for one in done:
        assert 0 == one.returncode, one.stderr + one.stdout
    return results
