"""What several commands take: a scenario file, and values put in place of those in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

import click


def overrides_of(settings: Sequence[str]) -> dict[str, object]:
    """Read what was given with --set: values by dotted key."""
    from simulator.scenario.toml_file import toml_value

    overrides: dict[str, object] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{text!r}: write KEY=VALUE, such as product.margin=0.4.", param_hint="--set")
        overrides[key.strip()] = toml_value(value.strip())
    return overrides


SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
SET = click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="Replace a value of the scenario, for example product.margin=0.4. May be repeated.",
)


SOURCE = click.argument("source", metavar="SCENARIO|RESULTS", type=click.Path(path_type=Path))
WORKERS = click.option("--workers", type=click.IntRange(1, 1024), help="Threads.  [default: one per processor]")
OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="The result folder.  [default: RESULTS, or results/<scenario>]"
)
JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print the numbers as JSON on stdout and nothing else there."
)
STYLE = click.option("--style", type=click.Path(path_type=Path), help="A brand file (TOML): colours, font, logo.")
FORCE = click.option("--force", is_flag=True, help="Replace a file that is there, whatever it is.")
QUIET = click.option("--quiet", is_flag=True, help="Print no progress.")
MEASURE = click.option(
    "--measure", help="What is to be made large, such as profit, orders or reach_2_plus.  [default: roi, or [decision]]"
)
AT = click.option(
    "--at", help='Until when its money is counted, such as "3 months".  [default: the end of the campaign]'
)
AT_LEAST = click.option("--at-least", type=float, help="The target: the chance to reach it is made large instead.")


def command_of(scenario: Path, settings: Sequence[str]) -> list[str]:
    """Give the parts of the command that plays a scenario with the same values."""
    return [f"{program()} run {quote(str(scenario))}", *(f"--set {quote(text)}" for text in settings)]


def program() -> str:
    """Give the word this program is called by: as it was typed, where its bare name would not be found."""
    typed = Path(sys.argv[0])
    if typed.parts[-2:] == ("simulator", "__main__.py"):
        return f"{quote(sys.executable)} -m simulator"
    bare = shutil.which("campaign-roi") or not typed.name.startswith("campaign-roi")
    return "campaign-roi" if bare else quote(str(typed))
