"""Decks hold what the file format demands: PowerPoint repairs, or refuses, what other programs let pass.

References:
    ECMA-376 Part 1, Annex A (sequences of DrawingML charts); 19.3, 20.1 (identities of slides and shapes).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from deck_story import CHARTS, made_deck
from lxml import etree

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr "
    "txPr crossAx crosses crossesAt "
)
_SHOWN = "showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator "
_SERIES = "idx order tx spPr "
SEQUENCES = {
    "chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotFmts protection chart spPr txPr "
    "externalData printSettings userShapes extLst",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs "
    "extLst",
    "plotArea": "layout barChart lineChart scatterChart catAx valAx dTable spPr extLst",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
    "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId extLst",
    "scatterChart": "scatterStyle varyColors ser dLbls axId extLst",
    "barChart/ser": _SERIES + "invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape extLst",
    "lineChart/ser": _SERIES + "marker dPt dLbls trendline errBars cat val smooth extLst",
    "scatterChart/ser": _SERIES + "marker dPt dLbls trendline errBars xVal yVal smooth extLst",
    "dPt": "idx invertIfNegative marker bubble3D explosion spPr pictureOptions extLst",
    "dLbls": "dLbl delete numFmt spPr txPr dLblPos " + _SHOWN + "showLeaderLines leaderLines extLst",
    "dLbl": "idx delete layout tx numFmt spPr txPr dLblPos " + _SHOWN + "extLst",
    "marker": "symbol size spPr extLst",
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr extLst",
    "catAx": _AXIS + "auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
    "valAx": _AXIS + "crossBetween majorUnit minorUnit dispUnits extLst",
    "scaling": "logBase orientation max min extLst",
    "title": "tx layout overlay spPr txPr extLst",
    "legend": "legendPos legendEntry layout overlay spPr txPr extLst",
    "legendEntry": "idx delete txPr extLst",
    "layout": "manualLayout extLst",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h extLst",
    "numRef": "f numCache extLst",
    "strRef": "f strCache extLst",
    "numCache": "formatCode ptCount pt extLst",
    "strCache": "ptCount pt extLst",
}
# What may stand once only is all but these.
_MANY = {"ser", "dPt", "dLbl", "errBars", "trendline", "legendEntry", "pt", "catAx", "valAx", "axId"}
# Where a label of a series may stand, by how its bars are grouped.
_PLACES = {"clustered": {"ctr", "inBase", "inEnd", "outEnd"}, "stacked": {"ctr", "inBase", "inEnd"}}
_PLACES["percentStacked"] = _PLACES["stacked"]


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made_deck())) as package:
        return {name: package.read(name) for name in package.namelist()}


def trees(parts: dict[str, bytes], pattern: str) -> Iterator[etree._Element]:
    found = [etree.fromstring(data) for name, data in parts.items() if re.fullmatch(pattern, name)]
    assert found
    return iter(found)


def wrong(element: etree._Element) -> list[str]:
    """Say what stands in an element where its sequence does not allow it."""
    name = etree.QName(element).localname
    parent = "" if element.getparent() is None else etree.QName(element.getparent()).localname
    sequence = SEQUENCES.get(f"{parent}/{name}", SEQUENCES.get(name))
    if sequence is None or not element.tag.startswith(C):
        return []
    order, children = sequence.split(), [etree.QName(child).localname for child in element]
    unknown = [f"{name} holds {child}" for child in children if child not in order]
    places = [order.index(child) for child in children if child in order]
    # Axes come in any order among each other.
    places = [order.index("catAx") if order[place] == "valAx" and name == "plotArea" else place for place in places]
    twice = [f"{name} holds {child} twice" for child, n in Counter(children).items() if n > 1 and child not in _MANY]
    return unknown + twice + ([f"{name}: {children}"] if places != sorted(places) else [])


def test_elements_of_charts_stand_in_the_order_of_the_schema(parts: dict[str, bytes]) -> None:
    spaces = list(trees(parts, r"ppt/charts/chart\d+\.xml"))
    assert len(CHARTS) == len(spaces)
    assert [] == [found for space in spaces for element in space.iter(f"{C}*") for found in wrong(element)]
    seen = {etree.QName(element).localname for space in spaces for element in space.iter(f"{C}*")}
    assert {key for key in SEQUENCES if "/" not in key} - {"lineChart"} <= seen


@pytest.mark.parametrize(
    "xml",
    ["<scaling><min/><orientation/></scaling>", "<dLbl><idx/><tx/><layout/></dLbl>", "<title><tx/><tx/></title>"],
)
def test_the_check_finds_what_is_out_of_order(xml: str) -> None:
    assert wrong(etree.fromstring(xml.replace(">", f' xmlns="{C[1:-1]}">', 1)))


def test_labels_stand_where_their_bars_allow(parts: dict[str, bytes]) -> None:
    """A label beyond the end of a stacked bar is what PowerPoint repairs a file for."""
    for bars in (bars for space in trees(parts, r"ppt/charts/chart\d+\.xml") for bars in space.iter(f"{C}barChart")):
        allowed = _PLACES[bars.find(f"{C}grouping").get("val")]
        assert {place.get("val") for place in bars.iter(f"{C}dLblPos")} <= allowed


def test_axes_cross_each_other(parts: dict[str, bytes]) -> None:
    for space in trees(parts, r"ppt/charts/chart\d+\.xml"):
        axes = {axis.find(f"{C}axId").get("val"): axis for axis in space.iter(f"{C}catAx", f"{C}valAx")}
        used = {number.get("val") for plot in space.find(f".//{C}plotArea") for number in plot.findall(f"{C}axId")}
        assert axes.keys() == used
        assert all(axis.find(f"{C}crossAx").get("val") in axes.keys() - {key} for key, axis in axes.items())
        orders = [order.get("val") for order in space.iter(f"{C}order")]
        assert len(orders) == len(set(orders))


def test_sheets_are_there(parts: dict[str, bytes]) -> None:
    """Each chart names the workbook that its relation leads to."""
    for name in [name for name in parts if re.fullmatch(r"ppt/charts/chart\d+\.xml", name)]:
        data = etree.fromstring(parts[name]).find(f"{C}externalData")
        relations = etree.fromstring(parts[name.replace("charts/", "charts/_rels/") + ".rels"])
        (target,) = (one.get("Target") for one in relations if one.get("Id") in data.attrib.values())
        assert target.replace("..", "ppt") in parts


def test_identities_are_there_once(parts: dict[str, bytes]) -> None:
    """Shapes of a slide or layout, and slides and layouts of the deck."""
    for tree in trees(parts, r"ppt/(slides|slideLayouts|slideMasters|notesSlides)/[^/]+\.xml"):
        ids = [shape.get("id") for shape in tree.iter(f"{P}cNvPr")]
        assert len(ids) == len(set(ids))
    (deck,) = trees(parts, r"ppt/presentation\.xml")
    numbers = [slide.get("id") for slide in deck.iter(f"{P}sldId")]
    assert len(numbers) == len(set(numbers)) == len(list(trees(parts, r"ppt/slides/slide\d+\.xml")))
    assert all(256 <= int(number) < 2**31 for number in numbers)


def test_text_bodies_hold_paragraphs(parts: dict[str, bytes]) -> None:
    """Each body has its properties first and a paragraph at least; in a paragraph, properties come first."""
    for tree in trees(parts, r"ppt/(slides|slideLayouts|notesSlides)/[^/]+\.xml"):
        for body in tree.iter(f"{P}txBody", f"{A}txBody"):
            children = [etree.QName(child).localname for child in body]
            assert "bodyPr" == children[0] and "p" == children[-1]
        for paragraph in tree.iter(f"{A}p"):
            names = [etree.QName(child).localname for child in paragraph]
            assert "pPr" not in names[1:] and "endParaRPr" not in names[:-1]
        for cell in tree.iter(f"{A}tcPr"):
            assert [etree.QName(child).localname for child in cell] in ([], ["lnB"])


def test_parts_have_their_types_and_relations_lead_somewhere(parts: dict[str, bytes]) -> None:
    types = etree.fromstring(parts["[Content_Types].xml"])
    named = {one.get("PartName") for one in types if one.get("PartName")}
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    assert all(f"/{name}" in named or name.rpartition(".")[2] in endings for name in parts if name[0] != "[")
    assert named <= {f"/{name}" for name in parts}
