"""The pictures of a study, drawn into a folder.

In: a study. Out: the files written. Invariant: the same study gives the same bytes.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.present.long_run import has_long_run
from simulator.present.pictures.long_run import draw_long_run
from simulator.present.pictures.look import Look
from simulator.present.pictures.money import draw_money
from simulator.present.pictures.operations import draw_operations
from simulator.present.pictures.reach import draw_reach_over_time
from simulator.present.pictures.roi import draw_roi_distribution, draw_roi_exceedance
from simulator.present.pictures.saving import Draw, save_picture

if TYPE_CHECKING:
    from simulator.study.results import Study


def study_pictures(study: Study) -> dict[str, Draw]:
    """Give what draws each picture of a study, in the order in which they are told."""
    draws = {
        "roi_distribution": draw_roi_distribution,
        "roi_exceedance": draw_roi_exceedance,
        "reach_over_time": draw_reach_over_time,
        "money": draw_money,
        # Only where a play was logged, and where a campaign leaves anything behind.
        **({"operations": draw_operations} if study.operations is not None and study.operations.num_rows else {}),
        **({"long_run": draw_long_run} if has_long_run(study.summary) else {}),
    }
    return {name: partial(draw, study) for name, draw in draws.items()}


def draw_all(study: Study, folder: Path, wanted: Look | None = None) -> list[Path]:
    """Draw all pictures into a folder, each as PNG and SVG.

    Raises:
        ResultsError: If a picture cannot be written.
    """
    return [path for name, draw in study_pictures(study).items() for path in save_picture(draw, folder / name, wanted)]
