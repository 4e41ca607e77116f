"""Help for the tests of studies and commands: one tiny scenario, result folders as bytes, and the program as a process.

In: values that differ from the tiny scenario's. Out: scenarios, files and finished processes.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import simulator
from simulator.campaign.ledger import Outcome
from simulator.scenario.emit import to_toml
from simulator.scenario.model import Scenario

DELAY = {"dist": "exponential", "mean_hours": 3.0}
RATES = {
    "engagement_per_impression": 0.2,
    "share_per_impression": 0.1,
    "click_per_impression": 0.2,
    "order_per_click": 0.3,
    "delay": DELAY,
}


def creator(handle: str, **values: object) -> dict[str, object]:
    """Give a creator with 300 followers who posts at the start."""
    own = {"handle": handle, "followers": 300, "fee": 200.0, "post_days": [0], "reach_per_follower": 0.3}
    return own | RATES | values


def tiny_values(**values: object) -> dict[str, object]:
    """Give the values of a scenario of 2,000 people, one pool and two creators, that plays in no time."""
    return {
        "name": "tiny",
        "seed": 3,
        "horizon_days": 1.5,
        "replications": 12,
        "markets": 2,
        "budget": 1000,
        "people": {"count": 2000, "followings_per_person": 8.0},
        "behaviour": {"reach_per_peer": "10% to 30%", "peer_delay": DELAY},
        "product": {"order_value": "80 to 120", "margin": 0.5, "baseline_order_probability": 0.1},
        "pools": {
            "micro": {
                "count": 4,
                "followers": "100 to 400",
                "fee": {"law": "power", "scale": 2.0, "exponent": 0.9, "noise": 0.5},
                "management_cost": 10,
                "post_days": [0, 0.5],
                "post_jitter_hours": 2.0,
                "outside_share": 0.2,
                "reach_per_follower": "20% to 40%",
            }
            | RATES
        },
        "creators": [creator("anna"), creator("bert", fee=0, followers=0, post_days=[1])],
        "strategies": {
            "many": {"split": {"micro": 0.9}},
            "one": {"creators": ["anna"]},
            "free": {"creators": ["bert"]},
        },
    } | values


def write_scenario(folder: Path, values: Mapping[str, object] | None = None) -> Path:
    """Write a scenario file, by default the tiny one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny.toml"
    path.write_text(to_toml(dict(tiny_values() if values is None else values)), encoding="utf-8")
    return path


def tiny(folder: Path, **values: object) -> Scenario:
    """Load the tiny scenario with other values."""
    return simulator.load(write_scenario(folder, tiny_values(**values)))


def tree(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file of a folder but the manifest."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Give modification time and bytes of everything in a folder, itself included."""
    paths = [folder, *folder.rglob("*")]
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in paths}


# Pictures take as long as everything else; one test of the command draws them.
WITHOUT_PICTURES = """
import contextlib, sys
import simulator.cli, simulator.present.pictures.plots
simulator.present.pictures.plots.draw_all = lambda study, folder: []
with contextlib.suppress(OSError):
    print("ready", file=sys.stderr, flush=True)
simulator.cli.main(prog_name="campaign-roi")
"""


def command(*words: object) -> list[str]:
    """Give the program as a process is started."""
    return [sys.executable, "-m", "simulator", *map(str, words)]


def without_pictures(*words: object) -> list[str]:
    """Give the program without its pictures; it says "ready" on stderr when its own code begins."""
    return [sys.executable, "-c", WITHOUT_PICTURES, *map(str, words)]


def execute(command_line: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a process to its end."""
    return subprocess.run(command_line, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def values_of(outcome: Outcome) -> dict[str, Any]:
    """Give all that came of a play as values that can be compared."""
    fields = dataclasses.asdict(outcome)
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in fields.items()}
