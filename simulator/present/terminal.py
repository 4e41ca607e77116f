"""The result of a study as text for a terminal: the answer first, then one table, then what to do next.

In: a study and the files that were written. Out: one text.
Invariant: nothing is printed here, and nothing a scenario says can act on the terminal. No line is
longer than the width, but for a path or a name that cannot be broken without harm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from os.path import commonpath
from pathlib import Path
from shlex import quote
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.box import ASCII
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.present import digits, words
from simulator.present.attribution import attribution_lines, tells_tracked
from simulator.present.claims import Facts, ranking
from simulator.present.evidence import evidence_line
from simulator.present.hiring import account_sizes, cost_line, dropped_line, hiring_line
from simulator.present.long_run import assumptions, has_long_run, long_run_lines
from simulator.present.operations_lines import operations_lines
from simulator.present.overlap import overlap_line
from simulator.present.plan_rows import has_untracked, plan_rows
from simulator.study.advice import rounded_up, times_to_decide

if TYPE_CHECKING:
    from simulator.study.results import Study

NARROWEST = 40
# A measure's name and, at the least, one plan's numbers must stand side by side.
_FIRST_COLUMN, _PLAN_COLUMN = 19, 19
# Where nothing varied in all replications, whatever is rare needs many more to be seen.
_TIMES_WITHOUT_VARIATION = 10


def render(
    study: Study,
    result_paths: Sequence[Path] = (),
    width: int = 100,
    *,
    color: bool = False,
    ascii_only: bool = False,
    command: Sequence[str] = (),
) -> str:
    """Write the result of a study for a terminal.

    Args:
        study: What was played.
        result_paths: The files that were written.
        width: Columns of the terminal; taken as 40 where it is narrower.
        color: Whether to use bold and dim type.
        ascii_only: Whether the terminal shows nothing but ASCII; other letters come out as escapes.
        command: Parts of the command that plays the scenario again; by default the resolved file among the results.
    """
    console = _console(max(width, NARROWEST), color=color)
    with console.capture() as captured:
        for part in _parts(study, result_paths, console.width, command):
            # Rich joins texts before it prints them, and what a text says about wrapping is lost.
            console.print(part, crop=False, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))
    text = "\n".join(_without_end_blanks(line) for line in captured.get().split("\n")).strip("\n") + "\n"
    return text.encode("ascii", "backslashreplace").decode() if ascii_only else text


def _without_end_blanks(line: str) -> str:
    """Take the blanks off a line's end, also those before the codes that end a style."""
    return re.sub(r" +((?:\x1b\[[0-9;]*m)*)$", r"\1", line)


def _console(width: int, *, color: bool) -> Console:
    return Console(
        width=width,
        force_terminal=color,
        force_jupyter=False,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        safe_box=True,
    )


def _parts(study: Study, result_paths: Sequence[Path], width: int, command: Sequence[str]) -> Iterator[RenderableType]:
    answer, summary = words.answer(study.summary, account_sizes(study.creators.to_pylist())), study.summary
    yield from _answer(answer)
    facts = Facts(summary)
    yield from _tables(facts, width)
    yield Text(digits.clean(summary["formulas"]["roi"]), style="dim")
    if has_untracked(facts):
        yield Text(digits.clean(summary["formulas"]["roi_with_untracked"]), style="dim")
    if tells_tracked(summary):
        yield Text(digits.clean(summary["formulas"]["roi_tracked"]), style="dim")
    if has_long_run(summary):
        yield Text(digits.clean(summary["formulas"]["roi_over_time"]), style="dim")
        yield Text(" ".join(assumptions(summary)), style="dim")
    if said := evidence_line(summary):
        yield Text(said, style="dim")
    yield ""
    for plan in summary["strategies"]:
        yield Text(hiring_line(summary, plan))
        yield from (Text(line) for line in (cost_line(summary, plan), dropped_line(summary, plan)) if line)
        yield from (Text(line) for line in operations_lines(summary, plan))
        yield from (Text(line) for line in attribution_lines(summary, plan))
        yield from (Text(line) for line in [overlap_line(summary, plan)] if line)
        yield from (Text(line) for line in long_run_lines(summary, plan))
    yield ""
    if result_paths:
        yield from _files(_folder(result_paths), result_paths, width)
    run = command or [f"campaign-roi run {quote(_scenario_file(result_paths))}"]
    steps = list(_next_steps(study, answer, result_paths, run))
    if steps:
        yield Text("Next:", style="bold")
    for advice, parts in steps:
        yield Text(f"  {advice}:")
        for line in _command_lines(parts, width):
            yield _unbroken(line)


def _answer(answer: words.Answer) -> Iterator[RenderableType]:
    """Give the two verdicts, each with what belongs to it, then what comes later, and what all this holds for."""
    for verdict, *more in (answer.pays, answer.wins):
        yield Text(verdict, style="bold")
        yield from (Text(text) for text in more)
        yield ""
    if answer.over_time:
        yield from (Text(text) for text in answer.over_time)
        yield ""
    yield Text(" ".join(answer.limits), style="dim")
    yield ""


def _unbroken(line: str) -> RenderableType:
    """Keep what is to be copied in one piece, even where it is longer than a line."""
    return Text(line, no_wrap=True, overflow="ignore")


def _tables(facts: Facts, width: int) -> Iterator[RenderableType]:
    """Give the table; where the plans do not fit beside each other, the rest of them below."""
    most = max((width - _FIRST_COLUMN) // _PLAN_COLUMN, 1)
    blocks = math.ceil(len(facts.plans) / most)
    each = math.ceil(len(facts.plans) / blocks)
    for start in range(0, len(facts.plans), each):
        yield _table(facts, facts.plans[start : start + each], width)
        yield ""


def _table(facts: Facts, plans: Sequence[str], width: int) -> Table:
    table = Table(box=ASCII, show_edge=False, pad_edge=False, show_lines=False, header_style="bold")
    table.add_column("per play", no_wrap=True)
    room = (width - _FIRST_COLUMN) // len(plans) - 3
    for plan in plans:
        name = "\n".join(digits.broken(facts.names[plan], room))
        table.add_column(Text(name, overflow="fold"), justify="right", max_width=room)
    for row in plan_rows(facts):
        cells = [row.cell(facts, plan) for plan in plans]
        one_line = all(len(f"{value} {more}") <= room for value, more in cells)
        table.add_row(row.name, *((" " if one_line else "\n").join(filter(None, both)) for both in cells))
    return table


def _files(folder: Path, result_paths: Sequence[Path], width: int) -> Iterator[RenderableType]:
    yield _unbroken(f"Written to {digits.clean(folder)}:")
    for parent, names in _by_parent(path.relative_to(folder) for path in result_paths):
        for line in wrap(parent + ", ".join(names), width - 4, break_long_words=False, break_on_hyphens=False):
            yield _unbroken(f"  {line}")
    yield ""


def _folder(result_paths: Sequence[Path]) -> Path:
    return Path(commonpath([str(path.parent) for path in result_paths]) or ".")


def _by_parent(paths: Iterable[Path]) -> Iterator[tuple[str, list[str]]]:
    """Group files by folder, and the same name with several endings into one: "money.png|svg"."""
    endings: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        parent = "" if str(path.parent) == "." else f"{digits.clean(path.parent)}/"
        endings.setdefault((parent, digits.clean(path.stem)), []).append(path.suffix.lstrip("."))
    parents = dict.fromkeys(parent for parent, _ in endings)
    for parent in parents:
        names = [f"{stem}.{'|'.join(ends)}" for (at, stem), ends in endings.items() if at == parent]
        yield parent, names


def _next_steps(
    study: Study, answer: words.Answer, result_paths: Sequence[Path], run: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    """Suggest commands that can be typed as they are: what for, and its parts."""
    name = str(study.summary["scenario"])
    folder = _folder(result_paths) if result_paths else Path("results") / name
    replications = _replications_to_try(answer, study.summary["replications"])
    if replications:
        # The same folder: it is continued, and only the plays that are not there yet are played.
        here = [] if folder == Path("results") / name else [f"--out {quote(str(folder))}"]
        yield "More replications tell more", [*run, f"--replications {replications}", *here]
    for key, value, why in _what_ifs(study):
        out = quote(f"{folder}-{key.rpartition('.')[2]}-{value}")
        others = [part for part in run if not part.startswith(f"--set {key}=")]
        yield why, [*others, f"--set {key}={value}", f"--out {out}"]


def _command_lines(parts: Sequence[str], width: int) -> list[str]:
    """Put a command on one line where it fits, else each part on a line of its own."""
    whole = "    " + " ".join(parts)
    return [whole] if len(whole) <= width else ["    " + " \\\n        ".join(parts)]


def _scenario_file(result_paths: Sequence[Path]) -> str:
    """Give the resolved scenario among the files, which runs as it is."""
    found = [str(path) for path in result_paths if path.name == "scenario.toml"]
    return found[0] if found else "SCENARIO.toml"


def _replications_to_try(answer: words.Answer, played: int) -> int | None:
    """Give how many replications would decide, if the difference is what it seems to be."""
    if played < words.FEW_PLAYS:
        return 200
    undecided = answer.undecided
    if undecided is None or not undecided["value"]:
        return None
    if not digits.has_interval(undecided):
        return _TIMES_WITHOUT_VARIATION * played
    times = times_to_decide(undecided)
    return None if times is None or times > words.MOST_TIMES else rounded_up(played * max(times, 2.0))


def _what_ifs(study: Study) -> Iterator[tuple[str, str, str]]:
    """Suggest one change of the margin and one of the budget, or of the stock where that holds the best plan back.

    Yields:
        Key, value, why.
    """
    facts = Facts(study.summary)
    best = next(iter(ranking(facts)), None)
    margin = study.scenario.product.margin
    if best is not None and margin.is_fixed:
        share = study.summary["strategies"][best]["ratios"]["break_even_cost_share"]["value"]
        # Orders bring in so much of what break-even takes: with the margin divided by that, mean profit is 0.
        needed = round(margin.median / share, 2) if share else 1.0
        if 0 < needed < 1:
            yield "product.margin", f"{needed:g}", f"With the margin at which {facts.names[best]} about breaks even"
    if best is not None and _mostly_sold_out(study.summary["strategies"][best]):
        # More money would bring orders that cannot be filled.
        if units := math.ceil(1.5 * study.scenario.stock.units) if study.scenario.stock else 0:
            yield "stock.units", str(units), f"With half as much to sell again; {facts.names[best]} mostly sells out"
    elif study.summary["budget"]:
        half_more = Decimal(f"{1.5 * study.summary['budget']:.15g}")
        yield "budget", f"{half_more:f}", "With half as much budget again"


def _mostly_sold_out(its: Mapping[str, Any]) -> bool:
    sold_out = its.get("sold_out") or {"probability": {"value": 0.0}}
    return float(sold_out["probability"]["value"] or 0.0) > 0.5
