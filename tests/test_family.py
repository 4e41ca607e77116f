"""All pictures as one family: which there are, at which sizes, and what their SVG holds."""

from __future__ import annotations

import base64
import copy
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import make_study
import pytest
from make_results import findings_of
from make_study import HOSTILE
from picture_helpers import SVG, faults, placed

from simulator.present.brand import PLAIN, Brand
from simulator.present.findings import Findings
from simulator.present.pictures import family, fonts, saving
from simulator.present.pictures.family import drawable_pictures
from simulator.present.pictures.look import COLUMN, SLIDE, Look, Size
from simulator.present.pictures.saving import page_fonts, png_bytes, svg_text

# What split, target, sensitivity and creators said of micro_vs_celebrity, to six digits.
RECORDED = json.loads((Path(__file__).parent / "recorded_decisions.json").read_text(encoding="utf-8"))
QUESTIONS = ("split", "target", "sensitivity", "creators")
OF_RUN = ["roi_distribution", "roi_exceedance", "reach_over_time", "money"]
OF_ANSWERS = ["split", "frontier", "target", "tornado", "variance", "creators", "overlap"]
# Names as a user may write them, in place of those recorded.
NAMES = {
    "plain": {},
    "long": {
        "micro": "micro-influencers of beauty and skin care",
        "celebrity": "one_celebrity_without_any_blank_in_it",
    },
    "hostile": {"micro": HOSTILE, "celebrity": "$x_1$ <script>alert(1)</script> & co"},
    "one letter": {"micro": "a", "celebrity": "b"},
}


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Put other names of pools in a value, keys included."""
    if isinstance(value, dict):
        return {renamed(key, names): renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\b(micro|celebrity)\b(?!-)", lambda found: names.get(found[0], found[0]), value)
    return value


@cache
def told(variant: str = "plain") -> Findings:
    """Give findings with the recorded answers, with other names of pools."""
    answers = renamed({name: copy.deepcopy(RECORDED[name]) for name in QUESTIONS}, NAMES[variant])
    return findings_of(make_study.two(), **answers)


@pytest.fixture(autouse=True)
def _pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the recorded overlaps instead of those of a folder."""
    monkeypatch.setattr(family, "_pairs", lambda _findings: RECORDED["pairs"])


def test_a_picture_is_there_where_what_it_shows_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the run always; those of an answer where the question was asked."""
    monkeypatch.setattr(family, "way_pictures", lambda _findings: {})
    assert [*OF_RUN, *OF_ANSWERS] == list(drawable_pictures(told()))
    assert OF_RUN == list(drawable_pictures(findings_of(make_study.two())))
    alone = findings_of(make_study.two(), target=RECORDED["target"])
    assert [*OF_RUN, "target"] == list(drawable_pictures(alone))
    three = {**RECORDED["split"], "pools": ["a", "b", "c"]}
    assert [*OF_RUN, "frontier"] == list(drawable_pictures(findings_of(make_study.two(), split=three)))
    known = {**RECORDED["sensitivity"], "tornado": []}
    assert "tornado" not in drawable_pictures(findings_of(make_study.two(), sensitivity=known))


@pytest.mark.parametrize("size", [SLIDE, COLUMN], ids=lambda size: size.name)
@pytest.mark.parametrize("variant", NAMES)
def test_no_text_of_an_answer_is_cut_off_or_lies_on_another(variant: str, size: Size) -> None:
    """Every text lies inside the picture and keeps off all others, whatever pools are called."""
    draws = drawable_pictures(told(variant))
    for name in OF_ANSWERS:
        figure, found = placed(draws[name], Look(size=size))
        assert len(found) > 8
        assert [] == faults(figure, found), name
        assert size.width == figure.get_figwidth()


# ---- SVG


@cache
def svg(name: str, prefix: str = "", alt: str = "", carried: bool = True) -> str:
    return svg_text(drawable_pictures(told())[name], prefix=prefix, alt=alt, carried=carried)


@pytest.mark.parametrize("name", ["money", "split"])
def test_the_same_picture_has_the_same_bytes(name: str) -> None:
    """SVG and PNG; negative control: of another size it has others."""
    draw = drawable_pictures(told())[name]
    assert svg(name) == svg_text(draw)
    assert png_bytes(draw) == png_bytes(draw)
    assert svg(name) != svg_text(draw, Look(size=COLUMN))


def test_a_picture_says_what_it_is_to_who_cannot_see_it() -> None:
    """The title is the conclusion, the description what was given, both as text."""
    root = ET.fromstring(svg("money", alt="Spend & <b>profit</b>", prefix="p1-"))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and desc is not None
    assert "Going by the means" in str(title.text) or "On average" in str(title.text)
    assert "Spend & <b>profit</b>" == desc.text
    assert ("img", "p1-title", "p1-desc") == tuple(
        root.attrib[key] for key in ("role", "aria-labelledby", "aria-describedby")
    )
    assert ET.fromstring(svg("money")).find(f"{SVG}desc") is None


def test_pictures_can_stand_in_one_document() -> None:
    """Names do not collide, each reference finds its own, and no style reaches beyond its picture."""
    every = {name: svg(name, f"{name}-", carried=False) for name in ("money", "split", "frontier")}
    ids = [found for one in every.values() for found in re.findall(r' id="([^"]+)"', one)]
    assert len(set(ids)) == len(ids) > 50
    for name, one in every.items():
        used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', one))
        assert used and {a or b for a, b in used} <= set(re.findall(r' id="([^"]+)"', one))
        assert all((a or b).startswith(f"{name}-") for a, b in used)
        assert "<style" not in one and "<metadata" not in one and "<?xml" not in one
    plain = re.findall(r' id="([^"]+)"', svg("money")) + re.findall(r' id="([^"]+)"', svg("split"))
    assert len(set(plain)) < len(plain)  # negative control


def test_markup_in_names_changes_no_name() -> None:
    """A plan that is called like an attribute or a reference stays text."""
    name = 'x id="me" url(#me) <g id="you">'
    study = make_study.make({name: make_study.skewed(40, 0.1), "b": make_study.skewed(40, 0.2, seed=2)})
    text = svg_text(drawable_pictures(findings_of(study))["reach_over_time"], prefix="p-")
    root = ET.fromstring(text)
    said = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    assert 'id="me"' in said and "p-me" not in text
    assert all(one.attrib["id"].startswith("p-") for one in root.iter() if "id" in one.attrib)


def faces(text: str) -> dict[str, Any]:
    """Read the fonts that a text carries, by weight."""
    from fontTools.ttLib import TTFont

    found = re.findall(r"font-weight:([\d ]+);src:url\(data:font/woff;base64,([^)]+)\)", text)
    return {weight: TTFont(io.BytesIO(base64.b64decode(data))) for weight, data in found}


def test_a_picture_carries_the_letters_it_needs() -> None:
    """Regular and bold, with every letter that the font has; so text looks the same everywhere and stays text."""
    study = make_study.make({"\u00c4rger \u03a9": make_study.skewed(40, 0.1), "\u5c0f": make_study.skewed(40, 0.2)})
    text = svg_text(drawable_pictures(findings_of(study))["roi_exceedance"])
    carried = faces(text)
    assert ["400", "700"] == list(carried)
    for font in carried.values():
        letters = set(font.getBestCmap())
        assert {ord("a"), ord("Z"), ord("%"), 0xC4, 0x3A9} <= letters
        assert 0x5C0F not in letters
        assert len(letters) < 120
    assert "\u5c0f" in text and "font-family:'DejaVu Sans'" in text
    assert text.count("<text") > 10 and len(text) < 80_000


def test_a_page_of_pictures_has_its_letters_once() -> None:
    """All that they need, and nothing in the pictures themselves."""
    page = [svg("money", "a-", carried=False), svg("split", "b-", carried=False)]
    assert "@font-face" not in "".join(page)
    rules = page_fonts(page, more="\u00e9")
    assert 2 == rules.count("@font-face")
    assert 0xE9 in faces(rules)["400"].getBestCmap()


# ---- a company's look


def company(tmp_path: Path, **values: Any) -> Brand:
    import matplotlib as mpl
    from fontTools.ttLib import TTFont

    with TTFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf") as font:
        for place in (1, 16):
            font["name"].setName("House", place, 3, 1, 0x409)
            font["name"].setName("House", place, 1, 0, 0)
        font.save(tmp_path / "house.ttf")
    its = {
        "colours": ("#7a003c", "#00708a", *PLAIN.colours[2:]),
        "ground": "#fffdf7",
        "ink": "#101820",
        "gain": "#00708a",
        "loss": "#7a003c",
    }
    return Brand(**{**its, "font": ("House", *PLAIN.font), "font_file": tmp_path / "house.ttf", **values})


def test_a_brand_reaches_every_mark_and_letter(tmp_path: Path) -> None:
    """Its colours, ground, ink and font are there, ours are not; nothing of it stays behind."""
    from matplotlib.font_manager import fontManager

    before = list(fontManager.ttflist)
    look = Look(company(tmp_path))
    for name in ("money", "split", "tornado", "creators"):
        text = svg_text(drawable_pictures(told())[name], look)
        assert "#fffdf7" in text and "#101820" in text and "#7a003c" in text
        assert PLAIN.ink not in text and "#ffffff" not in text
        assert "font-family:'House'" in text and ["400 700"] == list(faces(text))
    assert before == list(fontManager.ttflist)
    assert PLAIN.ink in svg_text(drawable_pictures(told())["money"])


def test_a_font_that_is_not_here_is_said(tmp_path: Path) -> None:
    """Pictures take ours then; negative control: of one that is here nothing is said."""
    (note,) = fonts.font_note(Brand(font=("No Such Font", *PLAIN.font)))
    assert "no font 'No Such Font' is installed here; pictures use DejaVu Sans. Name its .ttf or .otf file." in note
    assert [] == fonts.font_note(PLAIN) == fonts.font_note(company(tmp_path))


@pytest.mark.parametrize("kind", ["png", "svg", "both"])
def test_the_logo_stands_in_the_corner(tmp_path: Path, kind: str) -> None:
    """Once, in every picture that can hold it, and no text on it; PNG pictures need it as PNG."""
    import numpy as np
    from matplotlib.image import imsave

    if kind != "svg":
        imsave(tmp_path / "logo.png", np.full((30, 90, 3), 0.5))
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"/>')
    look = Look(Brand(logo=tmp_path / ("logo.png" if kind == "png" else "logo.svg")))
    draw = drawable_pictures(told())["money"]
    text = svg_text(draw, look)
    assert 1 == text.count("<image ")
    assert (1 if kind != "png" else 0) == text.count("data:image/svg+xml;base64,")
    assert (kind != "svg") == (png_bytes(draw, look) != png_bytes(draw))
    figure, found = placed(draw, look)
    wide, _ = figure.get_size_inches() * figure.dpi
    left = wide - (0.12 + 1.02) * figure.dpi
    assert not [words for words, box in found if box.y0 < 0.46 * figure.dpi and box.x1 > left]
    assert [] == faults(figure, found)


def test_saved_files_are_those_bytes(tmp_path: Path) -> None:
    """A file is what the functions give."""
    draw = drawable_pictures(told())["money"]
    png, text = saving.save_picture(draw, tmp_path / "money")
    assert png.read_bytes() == png_bytes(draw)
    assert text.read_text(encoding="utf-8") == svg("money")
