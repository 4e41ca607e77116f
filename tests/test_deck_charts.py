"""Native charts: the sheet behind each holds its numbers to the last bit, and the chart holds what its sheet holds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import openpyxl
import pytest
from deck_story import CHARTS, HOSTILE, MONEY, made_deck, opened
from lxml import etree

from simulator.present.deck import measure
from simulator.present.deck.axes import number_format, scale_of, tick_labels
from simulator.present.deck.bars import draw_bars, draw_stacked, labels_room, laid_out
from simulator.present.deck.lines import draw_lines
from simulator.present.deck.measure import Box
from simulator.present.deck.native import draw_distributions
from simulator.present.deck.parts import Palette
from simulator.present.deck.points import draw_points
from simulator.present.deck.waterfall import draw_waterfall
from simulator.present.digits import NUMBER, PERCENT, clean
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.typeset import MINUS

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PALETTE = Palette(("#0072b2", "#d55e00", "#009e73", "#542788", "#7f4f24", "#00585a"), "#1a1a1a", "#ffffff")
BOX = Box(0, 0, 8, 5)


@cache
def charts() -> dict[str, object]:
    """Give the chart of each kind as a reader of the deck finds it."""
    found = {}
    for slide in opened(made_deck()).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                found[shape.name.removeprefix("chart_").replace("answer", "columns")] = shape.chart
    return found


def xml_of(kind: str):
    return charts()[kind]._chartSpace


def sheet_of(kind: str, *, values: bool):
    blob = charts()[kind].part.chart_workbook.xlsx_part.blob
    return openpyxl.load_workbook(io.BytesIO(blob), data_only=values).active


def columns_of(kind: str) -> dict[str, list[object]]:
    columns = sheet_of(kind, values=True).iter_cols(values_only=True)
    return {str(first): list(rest) for first, *rest in columns}


def cached(reference) -> list[str | None]:
    points = {int(point.get("idx")): point.findtext(f"{C}v") for point in reference.iter(f"{C}pt")}
    return [points.get(place) for place in range(int(reference.find(f".//{C}ptCount").get("val")))]


def references(kind: str) -> Iterator[tuple[str, list[str | None]]]:
    for reference in xml_of(kind).iter(f"{C}numRef", f"{C}strRef"):
        yield reference.findtext(f"{C}f"), cached(reference)


def test_every_kind_is_there() -> None:
    assert set(CHARTS) == set(charts())


@pytest.mark.parametrize("kind", CHARTS)
def test_the_sheet_holds_exactly_the_numbers(kind: str) -> None:
    """Each number of the chart stands in the sheet with all its bits; what is undefined is an empty cell."""
    chart, columns = CHARTS[kind], columns_of(kind)
    for series in chart.series:
        name = clean(series.name)
        assert list(series.values) == columns[name]
        for end, numbers in (("low", series.low), ("high", series.high)):
            assert not numbers or list(numbers) == columns[f"{name}, {end}"]
    if chart.at:
        assert list(chart.at) in columns.values()
    for end, numbers in (("low", chart.at_low), ("high", chart.at_high)):
        assert not numbers or list(numbers) == columns[f"{chart.along.title}, {end}"]


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_shows_what_its_sheet_holds(kind: str) -> None:
    """What is kept in the chart for display is what stands in the cells that it refers to."""
    sheet, seen = sheet_of(kind, values=True), 0
    for formula, held in references(kind):
        cells = sheet[formula.partition("!")[2].replace("$", "")]
        found = [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]
        for cell, text in zip(found, held, strict=True):
            seen += 1
            assert text == cell if cell is None or isinstance(cell, str) else float(text) == cell
    assert seen > 10


@pytest.mark.parametrize("kind", CHARTS)
def test_names_are_text_and_formulas_are_our_own(kind: str) -> None:
    """A cell with a formula is one of those that a chart computes; a name that begins with "=" is a text."""
    own = {"plus", "minus", "from", "to", "not drawn", "above 0", "below 0"}
    for column in sheet_of(kind, values=False).iter_cols():
        computed = str(column[0].value).rpartition(", ")[2] in own
        assert all(cell.data_type != "f" or computed for cell in column)
        assert all(cell.data_type == "s" for cell in column if cell.value in map(clean, HOSTILE))


@pytest.mark.parametrize("kind", CHARTS)
def test_colours_are_places_in_the_theme(kind: str) -> None:
    """No colour is written down, so a template recolours the chart."""
    assert [] == list(xml_of(kind).iter(f"{A}srgbClr"))
    assert {"accent1"} <= {colour.get("val") for colour in xml_of(kind).iter(f"{A}schemeClr")}


@pytest.mark.parametrize("kind", ["columns", "bars", "waterfall", "stacked", "points"])
def test_labels_are_linked_to_their_cells(kind: str) -> None:
    """Each label is a field of a cell range, and says what stands in that cell."""
    space, sheet = xml_of(kind), sheet_of(kind, values=True)
    for series in space.iter(f"{C}ser"):
        formulas = [node.text for node in series.iter() if etree.QName(node).localname == "f"]
        labels = list(series.iter(f"{C}dLbl"))
        for label in labels:
            row = int(label.find(f"{C}idx").get("val"))
            column = re.search(r"\$([A-Z]+)\$2", formulas[-1])[1]
            assert sheet[f"{column}{row + 2}"].value == label.find(f".//{A}fld/{A}t").text
    assert list(space.iter(f"{C}dLbl"))


def test_python_pptx_reads_the_series() -> None:
    """Names and numbers come back through the library's own reading."""
    (plot,) = charts()["columns"].plots
    assert [clean(name) for name in HOSTILE] == list(plot.categories)
    assert ("profit", CHARTS["columns"].series[0].values) == (plot.series[0].name, plot.series[0].values)


def test_an_interval_is_computed_from_its_ends() -> None:
    """How far a whisker reaches is a formula of value and end, so an edit of either moves it."""
    columns = columns_of("bars")
    for series in CHARTS["bars"].series:
        assert [h - v for v, h in zip(series.values, series.high, strict=True)] == columns[f"{series.name}, plus"]
        assert [-(lo - v) for v, lo in zip(series.values, series.low, strict=True)] == columns[f"{series.name}, minus"]
    assert "=E2-B2" not in str(sheet_of("bars", values=False)["F2"].value)
    assert "=D2-B2" == sheet_of("bars", values=False)["F2"].value
    assert "=B2-C2" == sheet_of("bars", values=False)["G2"].value


def drawn_from_to(base: float, above: float, below: float) -> tuple[float, float]:
    """Give from where to where stacked columns show something: parts above 0 and below it are stacked apart."""
    low = base + below if base < 0 or below < 0 else base
    high = base + above if base > 0 or above > 0 else base
    return low, high


@pytest.mark.parametrize(
    "values", [(5.0, -4.0, -3.0, 2.5, 0.5), (-5.0, -1.0, 8.0, -4.0, -2.0), (3.0, -3.0, 0.0, 1.0, 1.0)]
)
def test_a_waterfall_stands_where_the_steps_lead(values: tuple[float, ...]) -> None:
    """Each step is drawn from where the last one ended, also through 0; the last one is a total."""
    names = tuple("abcde")
    series = Series("money", values)
    chart = Chart("waterfall", (series,), Axis(""), Axis("", MONEY), names, totals=frozenset("e"))
    columns = draw_waterfall(chart, BOX, PALETTE).columns
    base, above, below = ([cell.value for cell in columns[place].cells] for place in (4, 5, 6))
    ends, at = [], 0.0
    for name, value in zip(names, values, strict=True):
        start = 0.0 if name == "e" else at
        at = start + value
        ends.append((min(start, at), max(start, at)))
    assert ends == [drawn_from_to(*step) for step in zip(base, above, below, strict=True)]


def test_ticks_of_a_histogram_stand_at_their_bins() -> None:
    """A round number stands at the bin in which it lies, and nothing at the others."""
    written = columns_of("histogram")["written at the axis"]
    found = {text: at for text, at in zip(written, CHARTS["histogram"].at, strict=True) if text}
    assert {f"{MINUS}0.5", "0.0", "0.5", "1.0"} <= set(found)
    assert all(abs(float(text.replace(MINUS, "-")) - at) <= 0.0501 for text, at in found.items())


def test_names_of_lines_move_apart() -> None:
    """Three lines that end at one place get names that do not touch, in the order of the lines."""
    lines = tuple(
        Series(name, (0.0, end), colour=k) for k, (name, end) in enumerate({"a": 1.0, "b": 0.99, "c": 0.98}.items())
    )
    chart = Chart("lines", lines, Axis("day"), Axis("people"), at=(0.0, 1.0))
    space = etree.fromstring(draw_lines(chart, BOX, PALETTE).xml)
    plot = float(space.find(f".//{C}plotArea/{C}layout/{C}manualLayout/{C}h").get("val")) * BOX.height
    at = []
    for series, its in zip(space.iter(f"{C}ser"), lines, strict=True):
        moved = series.find(f".//{C}dLbl/{C}layout/{C}manualLayout/{C}y")
        at.append((1 - its.values[1]) * plot + (0.0 if moved is None else float(moved.get("val")) * BOX.height))
    assert all(below - above >= measure.height_of(1, 14) - 1e-6 for above, below in pairwise(at))


def test_names_of_lines_that_end_in_one_place_stand_above_them() -> None:
    """Rather than far from their lines; the end of a band has no name there."""
    lines = tuple(Series(f"plan {k}", (1.0, k / 1000), colour=k) for k in range(5))
    band = Series("band", (0.5, 0.0), dashed=True)
    chart = Chart("lines", (*lines, band), Axis("ROI"), Axis("share of plays", PERCENT), at=(0.0, 1.0))
    space = etree.fromstring(draw_lines(chart, BOX, PALETTE).xml)
    assert ["5"] == [entry.find(f"{C}idx").get("val") for entry in space.iter(f"{C}legendEntry")]
    assert [] == list(space.iter(f"{C}dLbl"))


def test_names_of_lines_are_never_broken_by_the_program_that_shows_them() -> None:
    """A name has as many lines as it has room for; programs break what may be wrapped in the middle of a word."""
    name = "creators_very_boosted"
    lines = (Series(name, (0.0, 1.0)), Series("one", (0.0, 0.2), colour=1))
    chart = Chart("lines", lines, Axis("day"), Axis("people"), at=(0.0, 1.0))
    for width in (8.0, 12.0):
        space = etree.fromstring(draw_lines(chart, replace(BOX, width=width), PALETTE).xml)
        assert ["none", "none"] == [label.find(f".//{A}bodyPr").get("wrap") for label in space.iter(f"{C}dLbl")]
        plot = space.find(f".//{C}plotArea/{C}layout/{C}manualLayout")
        right = width * (1 - float(plot.find(f"{C}x").get("val")) - float(plot.find(f"{C}w").get("val")))
        label = next(space.iter(f"{C}dLbl"))
        shown = [text.text for text in label.iter(f"{A}t")] or [name]
        assert name == "".join(shown)
        assert all(measure.width_of(text, 14, bold=True) + 0.1 <= right for text in shown)


def test_points_have_whiskers_in_both_directions_computed_from_their_ends() -> None:
    """Each way has its formulas; a point that has no interval has no whisker, nor has a series without any."""
    chart, sheet = CHARTS["points"], sheet_of("points", values=False)
    columns, name = columns_of("points"), chart.along.title
    plus = [None if high is None else high - at for at, high in zip(chart.at, chart.at_high, strict=True)]
    assert plus == columns[f"{name}, plus"]
    formulas = {str(column[0].value): [cell.value for cell in column[1:]] for column in sheet.iter_cols()}
    assert ["=D2-B2", "=D3-B3", "=D4-B4", None] == formulas[f"{name}, plus"]
    assert ["=B2-C2", "=B3-C3", "=B4-C4", None] == formulas[f"{name}, minus"]
    ways = [[bars.find(f"{C}errDir").get("val") for bars in its.iter(f"{C}errBars")] for its in points_of_chart()]
    assert [["x", "y"], ["x", "y"], []] == ways


def points_of_chart() -> list[etree._Element]:
    return list(xml_of("points").iter(f"{C}ser"))


def test_points_look_like_what_they_are() -> None:
    """Shapes differ beside colours, and only joined points have a line."""
    marks = [its.find(f"{C}marker/{C}symbol").get("val") for its in points_of_chart()]
    assert ["circle", "circle", "diamond"] == marks
    lines = [its.find(f"{C}spPr/{A}ln/{A}noFill") is None for its in points_of_chart()]
    assert [False, True, False] == lines
    assert 3 == len(set(re.findall(r'schemeClr val="(\w+)"', "".join(map(marker_colour, points_of_chart())))))


def marker_colour(series: etree._Element) -> str:
    return etree.tostring(series.find(f"{C}marker/{C}spPr/{A}solidFill")).decode()


def test_labels_of_points_that_have_no_room_are_left_out() -> None:
    """Of twelve points at one place some have a label, and no two labels touch; the sheet still holds them all."""
    names = tuple(f"{place} to micro" for place in range(12))
    crowd = Series("splits", tuple(0.001 * place for place in range(12)), labels=names)
    far = Series("far", (None,) * 12 + (9.0,), labels=("",) * 12 + ("alone",), colour=1)
    crowd = replace(crowd, values=(*crowd.values, None), labels=(*names, ""))
    chart = Chart("points", (crowd, far), Axis("x"), Axis("y"), (*names, "far"), at=(*(0.5,) * 12, 1.0))
    drawn = draw_points(chart, BOX, PALETTE)
    space = etree.fromstring(drawn.xml)
    first, second = (
        [int(label.find(f"{C}idx").get("val")) for label in its.iter(f"{C}dLbl")] for its in space.iter(f"{C}ser")
    )
    assert 1 <= len(first) < 12 and [12] == second
    assert (*names, "") in [column.cells for column in drawn.columns]
    moved: dict[str, list[float]] = {}
    for label in next(space.iter(f"{C}ser")).iter(f"{C}dLbl"):
        down = label.find(f"{C}layout/{C}manualLayout/{C}y")
        shift = 0.0 if down is None else float(down.get("val"))
        moved.setdefault(label.find(f"{C}dLblPos").get("val"), []).append(shift * BOX.height)
    assert all(b - a >= measure.height_of(1, 14) for of in moved.values() for a, b in pairwise(sorted(of)))


def test_bars_that_face_each_other_share_a_row() -> None:
    """As in a tornado; where both are 0, labels would lie over each other, so there is none."""

    def drawn(*second: float) -> tuple[bool, list[int]]:
        series = tuple(Series(name, of, labels=("a", "b")) for name, of in (("low", (-1.0, 0.0)), ("high", second)))
        chart = Chart("bars", series, Axis(""), Axis("x"), ("one", "two"))
        space = etree.fromstring(draw_bars(chart, BOX, PALETTE).xml)
        return space.find(f".//{C}overlap") is not None, [
            len(list(its.iter(f"{C}dLbl"))) for its in space.iter(f"{C}ser")
        ]

    assert (True, [1, 1]) == drawn(2.0, 0.0)
    assert (False, [2, 2]) == drawn(-2.0, 0.0)


def test_names_that_do_not_fit_below_columns_stand_beside_bars() -> None:
    """Columns lie down rather than break a name in the middle of a word."""

    def direction(names: tuple[str, ...]) -> str:
        chart = Chart("columns", (Series("x", (1.0,) * len(names)),), Axis(""), Axis("x"), names)
        return etree.fromstring(draw_bars(chart, BOX, PALETTE).xml).find(f".//{C}barDir").get("val")

    assert "col" == direction(("micro", "celebrity"))
    assert "bar" == direction(tuple(f"small_first_then_big_and_boosted_{k}" for k in range(5)))


@pytest.mark.parametrize(
    ("unit", "step", "code"),
    [
        (PERCENT, 0.2, '#,##0%;"-"#,##0%'),
        (PERCENT, 0.005, '#,##0.0%;"-"#,##0.0%'),
        (NUMBER, 0.5, '#,##0.0;"-"#,##0.0'),
        (MONEY, 500.0, '"$"#,##0;"-$"#,##0;"$"0'),
    ],
)
def test_number_formats_carry_their_unit_and_a_true_minus(unit, step: float, code: str) -> None:
    assert code.replace("-", MINUS) == number_format(unit, step)


def test_signs_of_labels_are_those_of_sentences() -> None:
    """The label of a loss has a true minus, in the chart and in its sheet; the number in its cell is a number."""
    labels, values = columns_of("columns")["profit, label"], columns_of("columns")["profit"]
    assert (f"{MINUS}$4,000", -4000.1) == (labels[1], values[1])
    assert [] == [label.text for label in xml_of("columns").iter(f"{A}t") if label.text.startswith("-")]


def test_axes_are_round_and_short() -> None:
    """Numbers in thousands are written so; ticks are few and none has more decimals than its step."""
    scale = scale_of([0.0, 43_123.7], MONEY, 5)
    assert (0.0, 50_000.0, 10_000.0) == (scale.low, scale.high, scale.step)
    assert ["$0", "$10k", "$20k", "$30k", "$40k", "$50k"] == tick_labels(scale, MONEY)
    assert [f"{MINUS}0.2", f"{MINUS}0.1", "0.0", "0.1"] == tick_labels(scale_of([-0.13, 0.31], NUMBER, 5), NUMBER)[:4]


def test_labels_of_parts_stand_out() -> None:
    """White on dark parts, ink on pale ones."""
    pale = Palette(("#ffff99", "#000066", *("#009e73",) * 4), "#1a1a1a", "#ffffff")
    assert ("tx1", "bg1", "bg1") == (pale.on(0), pale.on(1), pale.on("muted"))


def test_a_label_below_0_stands_beside_its_name_and_not_on_it() -> None:
    """The axis goes on where what it ends at leaves a label no room, also where bars go to both sides."""
    series = Series("ROI", (-0.79, 0.09), (-0.83, 0.05), (-0.76, 0.14), labels=("-0.79", "0.09"))
    chart = Chart("bars", (series,), Axis(""), Axis("ROI"), ("few", "boosted"))
    for width in (5.0, 6.0, 7.0, 9.0):
        frame = laid_out(chart, Box(0, 0, width, 3), [-0.83, 0.14], labels_room([series]))
        assert frame.scale.place(-0.83) * frame.plot.width >= labels_room([series])


def test_colours_that_come_again_are_darker() -> None:
    """Of seven parts of a whole no two look the same."""
    parts = tuple(Series(f"part {k}", (0.1,), colour=k) for k in range(7))
    chart = Chart("stacked", parts, Axis("plan"), Axis("spend", MONEY), ("one",))
    space = etree.fromstring(draw_stacked(chart, BOX, PALETTE).xml)
    looks = {etree.tostring(its.find(f"{C}spPr")) for its in space.iter(f"{C}ser")}
    assert 7 == len(looks)


def test_distributions_of_wide_bins_are_lines_with_ticks_in_place() -> None:
    """Ticks of columns stand at whole bins: of few, far from their numbers, and more than two hide each other."""
    fine = CHARTS["histogram"]
    coarse = replace(fine, at=fine.at[::4], series=tuple(replace(s, values=s.values[::4]) for s in fine.series))
    many = replace(fine, series=(*fine.series, replace(fine.series[0], name="third", colour=2)))
    kinds = [
        etree.fromstring(draw_distributions(chart, BOX, PALETTE).xml).find(f".//{C}barChart") is not None
        for chart in (fine, coarse, many)
    ]
    assert [True, False, False] == kinds
