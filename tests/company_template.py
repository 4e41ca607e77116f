"""A template as companies have them: narrow slides, own colours and fonts, renamed layouts, somebody's old slides."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches

ACCENTS = ("7A1FA2", "00695C", "B71C1C", "1A237E", "5D4037", "37474F")
FONT, INK, PAPER = "Georgia", "102030", "FFFDF5"
# What must not be found in a deck that is made with it.
OLD = "Quarterly secret of ACME"
_SECTION = """<p:ext xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
 uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst
 xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Quarterly secret of ACME"
 id="{6E3F7C24-1111-4222-8333-444455556666}"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section>
</p14:sectionLst></p:ext>"""


def company_template(path: Path) -> Path:
    """Write a template of 4:3 with the title at the bottom, on three slides of which somebody reported."""
    company = Presentation()
    _theme(company)
    for place, layout in enumerate(company.slide_layouts):
        layout.name = f"ACME {place}"
    for layout in list(company.slide_layouts)[6:]:
        company.slide_layouts.remove(layout)
    for holder in (company.slide_master, company.slide_layouts[1], company.slide_layouts[5]):
        for shape in holder.placeholders:
            _move(shape)
    _report(company)
    company.core_properties.title = OLD
    company.save(str(path))
    return path


def _theme(company: Presentation) -> None:
    part = company.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode()
    for place, colour in enumerate(ACCENTS, 1):
        xml = re.sub(rf"(<a:accent{place}>).*?(</a:accent{place}>)", rf'\1<a:srgbClr val="{colour}"/>\2', xml)
    xml = re.sub(r"(<a:dk1>).*?(</a:dk1>)", rf'\1<a:srgbClr val="{INK}"/>\2', xml)
    xml = re.sub(r"(<a:lt1>).*?(</a:lt1>)", rf'\1<a:srgbClr val="{PAPER}"/>\2', xml)
    part._blob = xml.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>').encode()


def _move(shape) -> None:
    kind = shape.placeholder_format.type.name
    if kind == "TITLE":
        shape.left, shape.top, shape.width, shape.height = Inches(0.5), Inches(5.6), Inches(9), Inches(1.1)
    elif kind in ("OBJECT", "BODY"):
        shape.left, shape.top, shape.width, shape.height = Inches(0.5), Inches(0.4), Inches(9), Inches(5)


def _report(company: Presentation) -> None:
    for place in range(3):
        slide = company.slides.add_slide(company.slide_layouts[1])
        slide.shapes.title.text = OLD
        slide.notes_slide.notes_text_frame.text = OLD
        data = CategoryChartData()
        data.categories = [OLD, "b"]
        data.add_series(OLD, (1, 2 + place))
        slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(2), Inches(2), data)
    extended = etree.SubElement(company.part._element, f"{{{company.part._element.nsmap['p']}}}extLst")
    extended.append(etree.fromstring(_SECTION))
