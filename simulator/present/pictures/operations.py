"""The picture of one play: what each strategy's creators, reviewers, platform, paid media and stock did, day by day.

In: a study whose log has rows. Out: a figure. Invariants: the picture is of one play and says so; every strategy
drawn has the same days; colour is never the only sign; what is left out is counted in a note. On a page that does not
grow there are only as many strategies as have room, one at least.

A strategy is a panel of lanes: one per creator while these are few, else one per kind of happening, with what
happened per day; then one for paid media and one for the stock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from simulator.present import digits, one_play, titles
from simulator.present.claims import Facts
from simulator.present.digits import count, listed
from simulator.present.one_play import Finding, Log
from simulator.present.operations_lines import plan_of_title
from simulator.present.pictures import lanes
from simulator.present.pictures.lanes import Canvas, Lane, Mark, Scene
from simulator.present.pictures.look import brand, muted, size
from simulator.present.pictures.operations_names import picture_names
from simulator.present.pictures.page import (
    LINE,
    Page,
    add_axes_at,
    cut_off,
    draw_zero_line,
    drawable,
    new_page,
    put,
    rectangle,
    set_ticks,
    stroke,
    width_of,
    wrapped,
)
from simulator.present.pictures.rows import Plan, hide_lines, plans_of
from simulator.present.scales import Limits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Study

# In the key: what signs mean, and the signs.
Entry = tuple[str, tuple[Mark, ...]]
MOST_PLANS = 3
# Findings in the title.
_MOST_TOLD = 2
# Behind every rank of a finding.
_NO_FINDING = 99
# With more creators than this, more posts of one, or more weight of lanes in all, happenings are counted per day.
_MOST_CREATORS, _MOST_POSTS, _MOST_LANES, _MOST_LANES_NARROW, _MOST_LANES_FIXED = 12, 40, 24, 14, 8
# Heights [in]: of a lane of weight 1 at least and at most, of a panel's heading, between panels, of the axis' words.
_LOWEST, _HIGHEST, _HEADING, _GAP, _AXIS = 0.225, 0.5, 0.31, 0.18, 0.62
# Of a lane of weight 1 in a column [in]; about how many letters a line has there.
_NARROW, _LETTERS = 0.26, 46
# Between the entries of the key, from a mark to its words, below the key [in].
_BETWEEN, _BESIDE, _KEY_GAP = 0.3, 0.34, 0.16


@dataclass(frozen=True)
class Panel:
    """One strategy: its key, its name and what the title leaves to say of it, its lanes, when nothing was to sell."""

    key: str
    heading: str
    more: tuple[str, ...]
    lanes: tuple[Lane, ...]
    sold_out: tuple[one_play.Period, ...]

    @property
    def weight(self) -> int:
        """Give how high its lanes are [lanes of weight 1]; a panel without lanes has one line of text."""
        return _weight(self.lanes) or 1

    @property
    def words(self) -> float:
        """Give how high the words above its lanes are, in a column; on a slide they stand beside them [in]."""
        return LINE * max(len(self.lanes), 1) if size().narrow else 0.0

    @property
    def heading_height(self) -> float:
        """Give how high its heading is [in]."""
        return _HEADING + LINE * self.lines_of_more

    @property
    def lines_of_more(self) -> int:
        """Count the lines of what the title leaves to say, in a column; on a slide it stands beside the name."""
        return min(len(digits.broken(self.more[0], _LETTERS)), 2) if size().narrow and self.more else 0


def draw_operations(study: Study) -> Figure:
    """Draw what happened in the play that the log is of."""
    names = picture_names(study.operations["who"].unique().to_pylist(), study.scenario, drawable)
    every = {plan.key: one_play.log_of(study, plan.key, names) for plan in plans_of(study)}
    gravest = _gravest(_findings(study, every))
    if not size().grows:
        # with room for few, one is the plan that the title above it tells of
        gravest.sort(key=lambda plan: plan != plan_of_title(Facts(study.summary)))
    for most in range(MOST_PLANS, 0, -1):
        logs = {plan.key: every[plan.key] for plan in plans_of(study) if plan.key in gravest[:most]}
        panels = _panels(study, [plan for plan in plans_of(study) if plan.key in logs], logs)
        eventful = any(log.eventful for log in logs.values())
        page, key = _page(study, _title(study, logs), _under(study, len(panels), eventful=eventful), panels)
        if size().grows or page.figure.get_figheight() <= size().height:
            break
    _write_key(page, key)
    _draw_panels(
        page, len(key), panels, _limits(logs.values()), f"{titles.days_label(study.summary)}; the first is day 0"
    )
    return page.figure


def _limits(logs: Iterable[Log]) -> Limits:
    days = [0.0] + [day for log in logs for day in (log.end, *log.days)]
    rim = 0.015 * (max(days) - min(days))
    return min(days) - rim, max(days) + rim


# ---- what is said


def _findings(study: Study, logs: Mapping[str, Log]) -> dict[str, list[Finding]]:
    unit = digits.money_unit(study.summary["currency"])
    return {key: one_play.findings(log, unit) for key, log in logs.items()}


def _telling(found: Mapping[str, Sequence[Finding]]) -> dict[Finding, list[str]]:
    """Choose the findings of the title, at most two, the gravest first, and give the plans of each."""
    chosen: dict[Finding, list[str]] = {}
    for key in sorted(found, key=lambda key: found[key][0].rank):
        if found[key][0] in chosen or len(chosen) < _MOST_TOLD:
            chosen.setdefault(found[key][0], []).append(key)
    return chosen


def _gravest(found: Mapping[str, Sequence[Finding]]) -> list[str]:
    """Order the plans by their findings, each one's gravest first; the same findings keep scenario order."""
    # What has no further finding is less grave than what has.
    return sorted(found, key=lambda key: (*(one.rank for one in found[key]), _NO_FINDING))


def _title(study: Study, logs: Mapping[str, Log]) -> str:
    names, found = digits.display_names(study.summary["strategies"]), _findings(study, logs)
    told = {
        finding: "Every plan drawn" if 1 < len(keys) == len(found) else listed(names[key] for key in keys)
        for finding, keys in _telling(found).items()
    }
    return "; ".join(f"{who}: {finding.text}" for finding, who in told.items())


def _under(study: Study, shown: int, *, eventful: bool) -> str:
    """Say, before anything is read, that this is one play, and an unusual one where it is."""
    which = "The only play" if study.summary["replications"] == 1 else "One play"
    much = " in which much happened" if eventful and study.summary["replications"] > 1 else ""
    what = "what each plan did when, all with the same luck" if shown > 1 else "what happened when"
    return f"{which} (replication {count(one_play.replication_of(study))}){much}, not an average: {what}"


def _notes(study: Study, shown: Sequence[str]) -> list[str]:
    """Say what is not drawn."""
    names = digits.display_names(study.summary["strategies"])
    others = [names[key] for key in names if key not in shown]
    some = f"{count(len(shown))} of {count(len(names))} plans"
    drawn = f"{some} are drawn, those with most to tell" if size().grows else f"There is room for {some}"
    return [f"{drawn}; not {listed(others)}."] if others else []


# ---- what is drawn


def _panels(study: Study, plans: Sequence[Plan], logs: Mapping[str, Log]) -> list[Panel]:
    names, found = digits.display_names(study.summary["strategies"]), _findings(study, logs)
    unit, limits = digits.money_unit(study.summary["currency"]), _limits(logs.values())
    most_shown = max((it.value for log in logs.values() for it in log.discovery), default=0.0)
    scenes = {plan.key: Scene(logs[plan.key], plan.colour, limits, most_shown, unit) for plan in plans}
    drawn, in_title = _lanes(scenes), {key for keys in _telling(found).values() for key in keys}
    panels = []
    for key, scene in scenes.items():
        more = tuple(one.text for one in found[key][1 if key in in_title else 0 :])
        every = (*drawn[key], *lanes.paid_lane(scene), *lanes.stock_lane(scene))
        panels.append(Panel(key, names[key], more, every, scene.log.sold_out))
    return panels


def _lanes(scenes: Mapping[str, Scene]) -> dict[str, list[Lane]]:
    """Give plans with few creators a lane for each, while the page has room; the others a lane per kind."""
    chosen = {key: lanes.summed_lanes(scene) for key, scene in scenes.items()}
    for key in sorted(scenes, key=lambda key: len(scenes[key].log.creators)):
        singly = {**chosen, key: lanes.creator_lanes(scenes[key])}
        fits = sum(_weight(some) for some in singly.values()) <= _most_lanes()
        if _is_small(scenes[key].log) and (fits or _weight(singly[key]) <= _weight(chosen[key])):
            chosen = singly
    return chosen


def _most_lanes() -> int:
    if size().narrow:
        return _MOST_LANES_NARROW
    return _MOST_LANES if size().grows else _MOST_LANES_FIXED


def _weight(some: Iterable[Lane]) -> int:
    return sum(lane.weight for lane in some)


def _is_small(log: Log) -> bool:
    posts = Counter(post.who for post in log.posts)
    return len(log.creators) <= _MOST_CREATORS and max(posts.values(), default=0) <= _MOST_POSTS


# ---- where it is drawn


def _page(study: Study, title: str, under: str, panels: Sequence[Panel]) -> tuple[Page, list[list[Entry]]]:
    """Lay out a page as high as all panels need, and the lines of its key."""
    plays = f"one play: replication {count(one_play.replication_of(study))}, not an average"
    notes = _notes(study, [panel.key for panel in panels])
    lay = partial(new_page, study, title, under, notes, plays=plays)
    page = lay()
    key, weight = _key_lines(page.figure, panels), sum(panel.weight for panel in panels)
    around = len(key) * LINE + _frames(panels)
    if size().narrow:
        return lay(body=around + _NARROW * weight), key
    lanes_high = page.top - page.bottom - around
    wanted = min(max(lanes_high, _LOWEST * weight), _HIGHEST * weight)
    return lay(height=size().height + wanted - lanes_high), key


def _frames(panels: Sequence[Panel]) -> float:
    """Give the height of everything but the lanes and the key [in]."""
    headings = sum(panel.heading_height + panel.words for panel in panels)
    return _AXIS + headings + (len(panels) - 1) * _GAP + _KEY_GAP


def _draw_panels(page: Page, key_lines: int, panels: Sequence[Panel], limits: Limits, days: str) -> None:
    its = size()
    top = page.top - key_lines * LINE - _KEY_GAP
    free = page.top - page.bottom - key_lines * LINE - _frames(panels)
    unit = free / sum(panel.weight for panel in panels)
    width = its.inner if its.narrow else its.right - its.left - 0.2
    for panel in panels:
        _write_heading(page, top, panel)
        top -= panel.heading_height
        height = unit * panel.weight + panel.words
        axes = add_axes_at(page, its.left, top - height, width, height)
        _draw_panel(axes, panel, limits, unit, days if panel is panels[-1] else "")
        _write_lanes(page, top, panel, unit)
        top -= height + _GAP


def _write_heading(page: Page, top: float, panel: Panel) -> None:
    its = size()
    (name,) = wrapped(page.figure, panel.heading, its.inner, 1, weight="bold")
    put(page.figure, its.margin, top, name, weight="bold")
    after = its.margin + (0.0 if its.narrow else width_of(page.figure, name, weight="bold") + 0.2)
    top -= LINE if its.narrow else 0.0
    room = its.width - its.margin - after
    fitting = [said for said in _beginnings(panel.more) if width_of(page.figure, said) <= room]
    if panel.more:
        lines = [fitting[-1]] if fitting else wrapped(page.figure, panel.more[0], room, max(panel.lines_of_more, 1))
        for place, line in enumerate(lines):
            put(page.figure, after, top - place * LINE, line, color=muted())


def _beginnings(parts: Sequence[str], between: str = "; ") -> list[str]:
    """Join the first part, the first two, and so on; empty parts are left out."""
    kept = [part for part in parts if part]
    return [between.join(kept[: many + 1]) for many in range(len(kept))]


def _draw_panel(axes: Axes, panel: Panel, limits: Limits, unit: float, days: str) -> None:
    words = LINE / unit if size().narrow else 0.0  # of each lane, in lanes of weight 1
    high = panel.weight + words * max(len(panel.lanes), 1)
    axes.set_xlim(*limits)
    axes.set_ylim(high, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    set_ticks(axes.xaxis, digits.tick_text, 8)
    axes.tick_params(labelbottom=bool(days))
    axes.set_xlabel(days)
    draw_zero_line(axes)
    for since, until in panel.sold_out:
        axes.axvspan(since, until, **lanes.sold_out_band())
    below = 0.0
    for lane in panel.lanes:
        axes.axhline(below, color=brand().pale, linewidth=0.8, zorder=0)
        hide_lines(axes, below, below + words)
        lane.draw(Canvas(axes, below + words, lane.weight, 72 * unit))
        below += words + lane.weight
    # Drawing may have widened the axes.
    axes.set_xlim(*limits)
    axes.set_ylim(high, 0)


def _write_lanes(page: Page, top: float, panel: Panel, unit: float) -> None:
    """Write names on the left of the lanes, numbers on their right; in a column, both above."""
    its = size()
    if not panel.lanes:
        put(page.figure, its.margin if its.narrow else its.right, top - unit / 2, "nothing happened", va="center")
    write = _write_above if its.narrow else _write_beside
    write(page, top, panel.lanes, unit)


def _write_beside(page: Page, top: float, some: Sequence[Lane], unit: float) -> None:
    its, middle = size(), top
    names = cut_off(page.figure, [lane.name for lane in some], its.left - its.margin - 0.15)
    for lane, name in zip(some, names, strict=True):
        middle -= unit * lane.weight / 2
        put(page.figure, its.margin, middle, name, va="center")
        lines = [wrapped(page.figure, text, its.right_width, 1)[0] for text in lane.numbers if text]
        put(page.figure, its.right, middle, "\n".join(lines), va="center", linespacing=1.1)
        middle -= unit * lane.weight / 2


def _write_above(page: Page, top: float, some: Sequence[Lane], unit: float) -> None:
    its = size()
    names = cut_off(page.figure, [lane.name for lane in some], 0.4 * its.inner)
    for lane, name in zip(some, names, strict=True):
        put(page.figure, its.margin, top - 0.03, name)
        room = its.inner - width_of(page.figure, name) - 0.2
        fitting = [said for said in _beginnings(lane.numbers, ", ") if width_of(page.figure, said) <= room]
        said = fitting[-1] if fitting else wrapped(page.figure, lane.numbers[0], room, 1)[0]
        put(page.figure, its.width - its.margin, top - 0.03, said, ha="right", color=muted())
        top -= LINE + unit * lane.weight


# ---- the key


def _key_lines(figure: Figure, panels: Sequence[Panel]) -> list[list[Entry]]:
    """Divide the signs that occur, those of the same meaning together, into lines that fit the page."""
    used = {mark for panel in panels for lane in panel.lanes for mark in lane.marks}
    lines: list[list[Entry]] = []
    left, its = size().width, size()
    for words, marks in groupby((mark for name, mark in lanes.key().items() if name in used), lambda mark: mark.words):
        entry = (words, tuple(marks))
        wide = _width_of_entry(figure, entry)
        if left + wide > its.width - its.margin + _BETWEEN:
            lines.append([])
            left = its.margin
        lines[-1].append(entry)
        left += wide
    return lines


def _width_of_entry(figure: Figure, entry: Entry) -> float:
    words, marks = entry
    return _BESIDE * len(marks) + width_of(figure, words) + _BETWEEN


def _write_key(page: Page, key: Sequence[Sequence[Entry]]) -> None:
    for number, entries in enumerate(key):
        left, top = size().margin, page.top - number * LINE
        for words, marks in entries:
            for place, (shape, _, how) in enumerate(marks):
                _draw_mark(page.figure, left + place * _BESIDE, top - 0.09, shape, how)
            put(page.figure, left + len(marks) * _BESIDE, top, words, color=muted())
            left += _width_of_entry(page.figure, (words, marks))


def _draw_mark(figure: Figure, left: float, middle: float, shape: str, how: Mapping[str, Any]) -> None:
    if shape == "bar":
        rectangle(figure, left, middle - 0.07, 0.24, 0.14, **how)
    elif shape == "line":
        stroke(figure, (left, left + 0.24), (middle, middle), **how)
    else:
        stroke(figure, (left + 0.12,), (middle,), marker=shape, linestyle="none", **how)
