"""Findings for the tests of what goes to a client.

`findings_of` makes findings of a study built by hand (`make_study`), with known returns and the decisions given;
`two_plans` are the values of a tiny scenario that can be played for real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from study_helpers import tiny_values

from simulator.present.findings import Findings
from simulator.study.finished import Finished

STRATEGIES = {"many": {"split": {"micro": 1.0}}, "one": {"split": {"star": 1.0}}}


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
