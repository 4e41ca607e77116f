"""The lanes of the picture of one play: what is drawn in each, the numbers beside it, and what needs a key.

In: what happened in one play of a strategy. Out: lanes, which draw themselves where they are put. Invariants: a mark
tells by its shape what it is, not only by its colour; numbers count everything, also what lies under something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.present import digits, one_play
from simulator.present.colour import tint
from simulator.present.digits import count
from simulator.present.one_play import Happening, Log, money_text
from simulator.present.pictures.look import brand, ink, muted
from simulator.present.scales import Limits, Values
from simulator.scenario.strategy import ADS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_BINS = 64
_BIN_DAYS = (1, 2, 7, 14, 28, 56, 112, 224, 448)


class Canvas(NamedTuple):
    """Where a lane is drawn: in these axes, so far below their top, so high [lanes of weight 1]."""

    axes: Axes
    top: float
    height: float
    # Of a lane of weight 1 [pt].
    points: float

    @property
    def middle(self) -> float:
        """Give the height of the lane's middle, in units of the axes."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Lane:
    """One lane of a panel: its name, what is drawn, the numbers beside it, and which marks that needs in the key."""

    name: str
    draw: Callable[[Canvas], None]
    numbers: tuple[str, ...]
    marks: frozenset[str]
    weight: int = 1


@dataclass(frozen=True)
class Scene:
    """What the lanes of a panel share.

    Attributes:
        log: What happened.
        colour: Of the plan.
        limits: First and last day drawn.
        most_shown: The most impressions that a post was shown to strangers at once, in any plan.
        unit: Of money.
    """

    log: Log
    colour: str
    limits: Limits
    most_shown: float
    unit: digits.Unit


def creator_lanes(scene: Scene) -> list[Lane]:
    """Make a lane for each creator, the first to begin on top."""
    return [_creator_lane(scene, who) for who in scene.log.creators]


def _creator_lane(scene: Scene, who: str) -> Lane:
    log = scene.log.of(who)
    marks = {
        "waiting": any(post.submitted is not None for post in log.posts),
        "sent back": any(post.sent_back for post in log.posts),
        "on time": scene.log.reviewed and len(log.late) < len(log.out),
        "out": bool(log.out) and not scene.log.reviewed,
        "late": bool(log.late),
        "scandal": bool(log.scandals),
        "aftermath": bool(log.scandals),
        "dropped out": bool(log.dropped),
        "strangers": bool(log.discovery),
    }
    kinds = frozenset(kind for kind, there in marks.items() if there)
    return Lane(who, partial(_draw_creator, scene, log), (_creator_text(log),), kinds)


def _creator_text(log: Log) -> str:
    scandal, dropped = "scandal" if log.scandals else "", "dropped out" if log.dropped else ""
    return ", ".join(filter(None, (_posts_text(log), scandal, dropped)))


def _posts_text(log: Log) -> str:
    late, waiting = len(log.late), sum(post.waits for post in log.posts)
    parts = (f"{count(late)} late" if late else "", f"{count(waiting)} waiting" if waiting else "")
    return ", ".join(filter(None, (_some(len(log.out), "post"), *parts)))


def _some(number: int, thing: str) -> str:
    return f"{count(number) if number else 'no'} {thing}{'' if number == 1 else 's'}"


def _draw_creator(scene: Scene, log: Log, canvas: Canvas) -> None:
    axes, y, size = canvas.axes, canvas.middle, min(0.42 * canvas.points, 9.0)
    low, high = scene.limits
    begin = [min(day, log.end) for day in (*(it.day for it in log.dropped), *(it.day for it in log.scandals))]
    axes.plot((low, min(begin, default=high)), (y, y), color=brand().pale, linewidth=0.8, zorder=1)
    for it in log.scandals:
        _greyed(canvas, it.day, high)
    _bubbles(canvas, log.discovery, scene)
    for post in log.posts:
        if post.submitted is not None:
            axes.plot((post.submitted, post.ready), (y, y), color=muted(), linewidth=3, solid_capstyle="butt", zorder=3)
        axes.plot(post.sent_back, [y] * len(post.sent_back), "|", color=ink(), markersize=size * 1.2, zorder=4)
    on_time = [post.published or 0.0 for post in log.out if post.late <= 0]
    late = [post.published or 0.0 for post in log.late]
    axes.plot(on_time, [y] * len(on_time), "o", **_on_time_mark(scene.colour, size))
    axes.plot(late, [y] * len(late), "D", **_late_mark(scene.colour, size))
    _trouble(canvas, log, y, y)


def _on_time_mark(colour: str, size: float) -> dict[str, Any]:
    return {"color": colour, "markersize": size, "markeredgecolor": brand().ground, "markeredgewidth": 0.6, "zorder": 5}


def _late_mark(colour: str, size: float) -> dict[str, Any]:
    return {
        "markerfacecolor": brand().ground, "markeredgecolor": colour,
        "markeredgewidth": 1.8, "markersize": size * 0.85, "zorder": 5,
    }  # fmt: skip


def _greyed(canvas: Canvas, since: float, until: float) -> None:
    edges = canvas.top + 0.08, canvas.top + canvas.height - 0.08
    canvas.axes.fill_between((since, until), *edges, **_aftermath_mark(), zorder=0.5)


def _aftermath_mark() -> dict[str, Any]:
    return {"facecolor": ink(), "alpha": 0.16, "linewidth": 0}


def _bubbles(canvas: Canvas, shown: Sequence[Happening], scene: Scene) -> None:
    """Draw impressions as discs whose areas are to each other as these."""
    if shown:
        widest = 1.15 * canvas.points * canvas.height
        areas = [widest**2 * it.value / (scene.most_shown or 1.0) for it in shown]
        days = [it.day for it in shown]
        canvas.axes.scatter(
            days, [canvas.middle] * len(days), s=areas, color=scene.colour, alpha=0.28, linewidths=0, zorder=2
        )


def _trouble(canvas: Canvas, log: Log, scandal: float, dropped: float) -> None:
    """Mark scandals and creators who drop out, each at its height."""
    size = min(0.62 * canvas.points, 12.0)
    days = [it.day for it in log.scandals]
    canvas.axes.plot(
        days, [scandal] * len(days), "X", color=ink(), markersize=size, markeredgecolor=brand().ground, zorder=7
    )
    days = [it.day for it in log.dropped]
    canvas.axes.plot(days, [dropped] * len(days), "v", **_dropped_mark(size * 0.75), zorder=6)


def _dropped_mark(size: float) -> dict[str, Any]:
    return {
        "markerfacecolor": brand().ground,
        "markeredgecolor": ink(),
        "markeredgewidth": 1.6,
        "markersize": size,
    }


# ---- many creators: happenings per day


def summed_lanes(scene: Scene) -> list[Lane]:
    """Make a lane for each kind of happening, with what happened per day."""
    lanes = (_waiting_lane(scene), _posts_lane(scene), _lost_lane(scene), _strangers_lane(scene))
    return [lane for lane in lanes if lane is not None]


def _bins(limits: Limits) -> tuple[Values, str]:
    """Divide the days into at most so many parts; give their edges and what one of them is called."""
    low, high = limits
    width = next((days for days in _BIN_DAYS if (high - low) / days <= _MOST_BINS), _BIN_DAYS[-1])
    edges = np.arange(np.floor(low / width), np.ceil(high / width) + 1) * width
    return edges, "per day" if width == 1 else f"per {width} days"


def _per_bin(edges: Values, happenings: Iterable[tuple[float, float]]) -> Values:
    pairs = list(happenings)
    sums, _ = np.histogram([day for day, _ in pairs], edges, weights=[value for _, value in pairs])
    return np.asarray(sums, dtype=np.float64)


def _bars(canvas: Canvas, edges: Values, lower: Values, upper: Values, most: float, **how: Any) -> None:
    """Draw bars between two heights, of which `most` fills the lane."""
    ground, scale = canvas.top + canvas.height - 0.12, (canvas.height - 0.3) / (most or 1.0)
    there = upper > 0
    places, wide = edges[:-1][there], np.diff(edges)[there]
    canvas.axes.bar(
        places + 0.08 * wide, -scale * upper[there], 0.84 * wide, ground - scale * lower[there],
        align="edge", zorder=3, **how,
    )  # fmt: skip


def _waiting_lane(scene: Scene) -> Lane | None:
    posts = [post for post in scene.log.posts if post.submitted is not None]
    if not posts:
        return None
    steps = sorted([(post.submitted or 0.0, 1) for post in posts] + [(post.ready, -1) for post in posts])
    course = np.cumsum([step for _, step in steps])
    back, days = sum(len(post.sent_back) for post in posts), [day for day, _ in steps]
    numbers = (f"at most {count(int(course.max()))} at once", f"{count(back)} sent back" if back else "")
    draw = partial(_draw_course, np.asarray(days), course)
    return Lane("waiting", draw, numbers, frozenset({"waiting"}), 2)


def _draw_course(days: Values, course: Values, canvas: Canvas) -> None:
    ground, scale = canvas.top + canvas.height - 0.12, (canvas.height - 0.3) / max(course.max(), 1)
    canvas.axes.fill_between(days, ground, ground - scale * course, step="post", color=muted(), linewidth=0, zorder=3)


def _posts_lane(scene: Scene) -> Lane | None:
    out, late = scene.log.out, scene.log.late
    if not out:
        return None
    edges, each = _bins(scene.limits)
    every = _per_bin(edges, ((post.published or 0.0, 1.0) for post in out))
    slipped = _per_bin(edges, ((post.published or 0.0, 1.0) for post in late))
    plain = "bar on time" if scene.log.reviewed else "bar out"
    marks = frozenset([*([plain] if len(late) < len(out) else []), *(["bar late"] if late else [])])
    numbers = _posts_text(scene.log), f"up to {count(every.max())} {each}"
    return Lane("posts out", partial(_draw_posts, scene, edges, every - slipped, slipped), numbers, marks, 2)


def _draw_posts(scene: Scene, edges: Values, on_time: Values, late: Values, canvas: Canvas) -> None:
    most = float((on_time + late).max())
    _bars(canvas, edges, np.zeros_like(on_time), on_time, most, color=scene.colour, linewidth=0)
    _bars(canvas, edges, on_time, late, most, **_hatched_mark(scene.colour))


def _hatched_mark(colour: str) -> dict[str, Any]:
    return {"facecolor": brand().ground, "edgecolor": colour, "hatch": "/////", "linewidth": 0.8}


def _lost_lane(scene: Scene) -> Lane | None:
    scandals, dropped = scene.log.scandals, scene.log.dropped
    if not scandals and not dropped:
        return None
    numbers = [
        f"{_some(len(scandals), 'scandal')}, {_some(round(sum(it.value for it in scandals)), 'post')} stopped",
        f"{count(len(dropped))} dropped out",
    ]
    kept = [text for text, there in zip(numbers, (scandals, dropped), strict=True) if there]
    marks = frozenset([*(["scandal"] if scandals else []), *(["dropped out"] if dropped else [])])
    return Lane("creators lost", partial(_draw_lost, scene), tuple(kept), marks, 2)


def _draw_lost(scene: Scene, canvas: Canvas) -> None:
    both = bool(scene.log.scandals and scene.log.dropped)
    apart = canvas.height / 5 if both else 0.0
    _trouble(canvas, scene.log, canvas.middle - apart, canvas.middle + apart)


def _strangers_lane(scene: Scene) -> Lane | None:
    shown = scene.log.discovery
    if not shown:
        return None
    edges, each = _bins(scene.limits)
    sums = _per_bin(edges, ((it.day, it.value) for it in shown))
    numbers = f"{digits.two_digits(sums.sum())} impressions", f"up to {digits.two_digits(sums.max())} {each}"
    return Lane("to strangers", partial(_draw_strangers, scene, edges, sums), numbers, frozenset(), 2)


def _draw_strangers(scene: Scene, edges: Values, sums: Values, canvas: Canvas) -> None:
    _bars(canvas, edges, np.zeros_like(sums), sums, float(sums.max()), color=scene.colour, alpha=0.35, linewidth=0)


# ---- paid media and stock


def paid_lane(scene: Scene) -> list[Lane]:
    """Make the lane of what is spent on impressions, where anything is."""
    log = scene.log
    if not log.paid and not log.paused:
        return []
    edges, each = _bins(scene.limits)
    ads, boosts = (
        _per_bin(edges, ((it.day, it.value) for it in log.paid if (it.who == ADS) == is_ads))
        for is_ads in (True, False)
    )
    paused = _per_bin(edges, ((it.day, it.value) for it in log.paused))
    kinds = {"ads": ads.any(), "boosts": boosts.any(), "paused": paused.any()}
    draw = partial(_draw_paid, edges, (boosts, ads, paused))
    marks = frozenset(kind for kind, there in kinds.items() if there)
    return [Lane("paid media", draw, _paid_text(scene, (boosts, ads, paused), each), marks, 2)]


def _paid_text(scene: Scene, parts: Sequence[Values], each: str) -> tuple[str, ...]:
    boosts, ads, paused = (float(part.sum()) for part in parts)
    amounts = {"boosts": boosts, "ads": ads}
    spent = [f"{what} {money_text(amount, scene.unit)}" for what, amount in amounts.items() if amount]
    most = f"up to {money_text(float((parts[0] + parts[1]).max()), scene.unit)} {each}" if spent else ""
    return ", ".join(spent), f"{money_text(paused, scene.unit)} not spent" if paused else most


def _draw_paid(edges: Values, parts: Sequence[Values], canvas: Canvas) -> None:
    boosts, ads, paused = parts
    most = float((boosts + ads + paused).max())
    _bars(canvas, edges, np.zeros_like(ads), boosts, most, **_crossed_mark())
    _bars(canvas, edges, boosts, ads, most, **_dotted_mark())
    _bars(canvas, edges, boosts + ads, paused, most, **_paused_mark())


def _crossed_mark() -> dict[str, Any]:
    return {"facecolor": brand().ground, "edgecolor": muted(), "hatch": "xxxx", "linewidth": 0.8}


def _dotted_mark() -> dict[str, Any]:
    return {"facecolor": brand().ground, "edgecolor": muted(), "hatch": "....", "linewidth": 0.8}


def _paused_mark() -> dict[str, Any]:
    return {"facecolor": "none", "edgecolor": ink(), "linestyle": (0, (2, 1.5)), "linewidth": 1.0}


def stock_lane(scene: Scene) -> list[Lane]:
    """Make the lane of the stock, where it runs out."""
    log = scene.log
    if not log.sold_out and not log.restocked:
        return []
    marks = frozenset([*(["sold out"] if log.sold_out else []), *(["restocked"] if log.restocked else [])])
    at_the_end = log.sold_out and log.sold_out[0][0] >= log.end
    text = f"sold out {'at the end' if at_the_end else one_play.sold_out_for(log)}" if log.sold_out else "restocked"
    return [Lane("stock", partial(_draw_stock, scene), (text,), marks)]


def _draw_stock(scene: Scene, canvas: Canvas) -> None:
    axes, y = canvas.axes, canvas.middle
    for since, until in scene.log.sold_out:
        axes.plot((since, until), (y, y), color=ink(), linewidth=0.42 * canvas.points, solid_capstyle="butt", zorder=3)
    days = [it.day for it in scene.log.restocked]
    axes.plot(days, [y] * len(days), "^", **_dropped_mark(min(0.5 * canvas.points, 10.0)), zorder=6)


# ---- what the marks mean


class Mark(NamedTuple):
    """A sign of the key: the shape ("bar", "line" or a marker), what it means, how it is drawn.

    Signs of the same meaning stand side by side before its words.
    """

    shape: str
    words: str
    how: dict[str, Any]


def sold_out_band() -> dict[str, Any]:
    """Give how the days without anything to sell are drawn."""
    edge = tint(muted(), 0.5, brand().ground)
    return {"facecolor": "none", "edgecolor": edge, "hatch": "////", "linewidth": 0, "zorder": 0.2}


def key() -> dict[str, Mark]:
    """Give the signs by name, in the order in which they are explained."""
    strangers = {"color": muted(), "markersize": 13, "alpha": 0.28, "markeredgewidth": 0}
    return {
        "waiting": Mark("line", "waits for approval", {"color": muted(), "linewidth": 3}),
        "sent back": Mark("|", "sent back", {"color": ink(), "markersize": 10}),
        "on time": Mark("o", "posts on time", _on_time_mark(muted(), 8)),
        "bar on time": Mark("bar", "posts on time", {"facecolor": muted(), "linewidth": 0}),
        "out": Mark("o", "posts", _on_time_mark(muted(), 8)),
        "bar out": Mark("bar", "posts", {"facecolor": muted(), "linewidth": 0}),
        "late": Mark("D", "late posts", _late_mark(muted(), 8)),
        "bar late": Mark("bar", "late posts", _hatched_mark(muted())),
        "strangers": Mark("o", "shown to strangers (area: how often)", strangers),
        "dropped out": Mark("v", "drops out", _dropped_mark(8)),
        "scandal": Mark("X", "scandal", {"color": ink(), "markersize": 10, "markeredgecolor": brand().ground}),
        "aftermath": Mark("bar", "after a scandal", _aftermath_mark()),
        "boosts": Mark("bar", "boosts", _crossed_mark()),
        "ads": Mark("bar", "ads", _dotted_mark()),
        "paused": Mark("bar", "paused, not spent", _paused_mark()),
        "sold out": Mark("bar", "sold out", {**sold_out_band(), "edgecolor": muted()}),
        "restocked": Mark("^", "restocked", _dropped_mark(8)),
    }
