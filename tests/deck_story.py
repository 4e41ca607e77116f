"""A story made by hand, with charts of every kind and names that would like to be something else than text."""

from __future__ import annotations

import io
import math
from functools import cache

from pptx import Presentation

from simulator.present.deck.deck import open_look, told_deck
from simulator.present.digits import PERCENT, money_unit
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit, Story, Table

MONEY = money_unit("$")
HOSTILE = (
    "=1+1",
    "<script>alert('x')</script> & co",
    "a\x00b\x1bc",
    "small_first_then_big_and_boosted_by_everybody_who_can_pay",
    "\u0645\u0624\u062b\u0631\u0648\u0646",
)
DAYS = tuple(float(day) for day in range(31))
MIDDLES = tuple(place / 20 - 0.875 for place in range(40))


def _growing(end: float, days: float) -> tuple[float, ...]:
    return tuple(end * (1 - math.exp(-day / days)) for day in DAYS)


def _bell(middle: float) -> tuple[float, ...]:
    return tuple(math.exp(-((at - middle) ** 2) / 0.1) / 6 for at in MIDDLES)


_PROFIT = Series(
    "profit",
    (12_000.123456789012, -4_000.1, 3_000.0, 1 / 3, None),
    (9_000.7, -6_000.3, -1_000.2, 0.1, None),
    (15_000.3, -2_000.9, 7_000.1, 2_000.2, None),
    (0, 1, 2, 3, 4),
    ("$12k", "-$4,000", "$3,000", "$0.3", "undefined"),
)
CHARTS = {
    "columns": Chart("columns", (_PROFIT,), Axis("plan"), Axis("profit per play", MONEY), HOSTILE),
    "bars": Chart(
        "bars",
        (
            Series("before", (0.2, 0.5, 0.7), (0.1, 0.4, 0.6), (0.3, 0.6, 0.8), 0, ("20%", "50%", "70%")),
            Series("after", (0.3, 0.4, 0.9), (0.2, 0.3, 0.85), (0.4, 0.6, 0.95), 1, ("30%", "40%", "90%")),
        ),
        Axis("plan"),
        Axis("chance to lose money", PERCENT),
        HOSTILE[:3],
    ),
    "stacked": Chart(
        "stacked",
        (
            Series("inputs", (0.2, 0.5, 0.7), colour=0, labels=("20%", "50%", "70%")),
            Series("markets", (0.3, 0.4, 0.01), colour=1, labels=("30%", "40%", "1%")),
            Series("chance", (0.5, 0.1, 0.29), colour="muted", labels=("50%", "10%", "29%")),
        ),
        Axis("plan"),
        Axis("share of the variance", PERCENT),
        HOSTILE[:3],
    ),
    "waterfall": Chart(
        "waterfall",
        (
            Series(
                "money",
                (5_000.25, -4_000.5, -3_000.125, 2_500.0, 499.625),
                colour=("muted", "loss", "loss", "gain", "muted"),
                labels=("$5k", "-$4k", "-$3k", "$2.5k", "$500"),
            ),
        ),
        Axis("step"),
        Axis("money", MONEY),
        ("margin of orders", "fees", "management", "refunds", "profit"),
        totals=frozenset({"margin of orders", "profit"}),
    ),
    "histogram": Chart(
        "histogram",
        (Series(HOSTILE[0], _bell(0.2)), Series(HOSTILE[1], _bell(-0.3), colour=1)),
        Axis("ROI"),
        Axis("share of plays", PERCENT),
        at=MIDDLES,
    ),
    "lines": Chart(
        "lines",
        (
            Series(HOSTILE[3], _growing(4e5, 8), _growing(3e5, 8), _growing(5e5, 8), 0, ("",) * 30 + ("390k",)),
            Series("one", _growing(3.8e5, 3), colour=1),
            Series("mix", _growing(3.7e5, 5), colour=2),
            Series("asked for", (1e5,) * 31, colour="muted", dashed=True),
        ),
        Axis("day"),
        Axis("people reached"),
        at=DAYS,
    ),
}
CHARTS["points"] = Chart(
    "points",
    (
        Series(HOSTILE[1], (None, 0.1, None, 0.33), (None, 0.05, None, None), (None, 0.15, None, None), "muted"),
        Series(
            "beaten by none",
            (-0.2, None, 1 / 3, None),
            (-0.3, None, 0.2, None),
            (-0.15, None, 0.4, None),
            0,
            ("-0.2 of it", "", "=2+2", ""),
            joined=True,
        ),
        Series("the one named", (None, None, 1 / 3, None), colour=1, mark="diamond"),
    ),
    Axis("ROI, mean of the worst 5% of plays"),
    Axis("mean ROI"),
    HOSTILE[:4],
    at=(-0.4, -0.7, -0.9123456789012345, -0.91),
    at_low=(-0.5, -0.75, -0.95, None),
    at_high=(-0.35, -0.6, -0.9, None),
)
LONG = Table(
    ("plan", "what it does", "profit"),
    tuple((f"{HOSTILE[row % 5]} {row}", f"sentence {row} " * (row % 7), f"${row:,}") for row in range(40)),
)
SHORT = Table(("plan", "profit"), tuple((name, "$1") for name in HOSTILE))


def made_story() -> Story:
    """Make a story with an exhibit of each kind."""
    charts = tuple(
        Exhibit(
            "answer" if kind == "columns" else f"chart_{kind}",
            f"The {kind} say that {HOSTILE[place % 5]} wins 78% of the plays and loses less",
            ("One sentence that is said beside it.", "Another one, in which more is said (0.2 to 0.3)."),
            chart=chart,
            alt=f"A chart of {kind}, in words.",
            table=SHORT,
            details=("A detail.",),
            notes=("It rests on this.",),
        )
        for place, (kind, chart) in enumerate(CHARTS.items())
    )
    others = (
        Exhibit("picture", "A picture shows it", ("Said beside.",), picture="made", alt="A picture, in words."),
        Exhibit("doubts", "A table under sentences", ("A sentence.", "Another."), table=SHORT),
        Exhibit("assumptions", "A long table under sentences", ("A sentence.",), table=LONG),
        Exhibit("words", "Words only, and many of them", tuple(f"Sentence {n}: " + "word " * 40 for n in range(12))),
        Exhibit("appendix", "A long table", table=LONG, notes=("Each row counts.",)),
    )
    origin = "scenario hash 3f9a1c77 | seed 7 | 400 plays in 4 markets"
    missing = (("Which split is best", "campaign-roi split results/made"),)
    return Story("Micro or celebrity?", "micro-vs-celebrity", origin, (*charts, *others), missing)


@cache
def made_picture() -> bytes:
    """Draw the one picture there is."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (400, 300), "#0072b2").save(file, "PNG")
    return file.getvalue()


def made_deck(template: object = None, story: Story | None = None) -> bytes:
    """Put the story on slides."""
    look, _ = open_look(template, None)  # type: ignore[arg-type]
    return told_deck(story or made_story(), look, lambda name: made_picture() if name == "made" else None).data


def opened(data: bytes):
    """Open a deck."""
    return Presentation(io.BytesIO(data))
