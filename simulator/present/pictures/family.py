"""Every picture there is, by name: who asks for one need not know who draws it.

In: findings. Out: what draws each picture that they allow, in the order in which they are told. Invariant: a picture is
there if and only if what it shows was found.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from simulator.errors import CampaignError, ResultsError
from simulator.present.findings import Findings, Summary
from simulator.present.pictures.cascade import cascade_pictures
from simulator.present.pictures.frontier import draw_frontier
from simulator.present.pictures.plots import study_pictures
from simulator.present.pictures.saving import Draw
from simulator.present.pictures.sensitivity import draw_tornado, has_tornado
from simulator.present.pictures.split import draw_dial, has_dial
from simulator.present.pictures.target import draw_chances
from simulator.present.pictures.variance import draw_variance
from simulator.present.pictures.waterfall import way_pictures
from simulator.present.pictures.worth import worth_pictures
from simulator.present.variance import has_parts
from simulator.scenario.model import Scenario
from simulator.study.disk import DECISIONS
from simulator.study.finished import scenario_of

if TYPE_CHECKING:
    from simulator.study.results import Study


@dataclass(frozen=True)
class Decided:
    """The answer to a question, read back: as much of it as pictures need."""

    summary: Summary
    pairs: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class _Played:
    """A run that was read back, with what pictures use of a study."""

    findings: Findings
    # For the names of creators; None where its file cannot be loaded any more.
    scenario: Scenario | None

    def __getattr__(self, name: str) -> Any:
        """Give a table or the summary."""
        return getattr(self.findings, name)


def drawable_pictures(findings: Findings) -> Mapping[str, Draw]:
    """Give what draws each picture; `saving.svg_text` and `saving.png_bytes` take it and a look."""
    scenario = _scenario(findings)
    pictures = study_pictures(cast("Study", _Played(findings, scenario)))
    if scenario is None:
        pictures.pop("operations", None)
    return {**pictures, **way_pictures(findings), **_of_decisions(findings), **cascade_pictures(findings)}


def _scenario(findings: Findings) -> Scenario | None:
    """Load the scenario where a picture needs it."""
    if findings.operations is None:
        return None
    with suppress(CampaignError):
        return scenario_of(findings.finished)
    return None


def _of_decisions(findings: Findings) -> dict[str, Draw]:
    found = {name: Decided(summary) for name, summary in findings.decisions.items()}
    pictures: dict[str, Draw] = {}
    if split := found.get("split"):
        pictures |= {"split": partial(draw_dial, split)} if has_dial(split) else {}
        pictures["frontier"] = partial(draw_frontier, split)
    if target := found.get("target"):
        pictures["target"] = partial(draw_chances, target)
    if (sensitivity := found.get("sensitivity")) and has_tornado(sensitivity):
        pictures["tornado"] = partial(draw_tornado, sensitivity)
    if sensitivity and has_parts(sensitivity.summary):
        pictures["variance"] = partial(draw_variance, sensitivity)
    if creators := findings.decisions.get("creators"):
        pictures |= worth_pictures(Decided(creators, _pairs(findings)))
    return pictures


def _pairs(findings: Findings) -> list[dict[str, Any]]:
    """Read which creators' audiences overlap; none where nobody counted."""
    file = findings.finished.path / DECISIONS / "overlap.csv"
    if not file.is_file():
        return []
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return [{**row, "overlap": float(row["overlap"])} for row in csv.DictReader(lines)]
    except (OSError, ValueError, KeyError) as error:
        raise ResultsError(f"{file}: cannot be read ({error}). Ask the question again, which writes it anew.") from None
