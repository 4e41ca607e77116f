"""Brand files: what they change, and that all that is wrong with one is told at once."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest

from simulator.errors import ScenarioError
from simulator.present.brand import PLAIN, brand_notes, css_family, read_brand, svg_shape
from simulator.present.colour import contrast, likest, tint

FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50"/></svg>'


def written(folder: Path, text: str) -> Path:
    path = folder / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_brand(written(folder, text))
    return str(caught.value)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    """Every key may be left out."""
    assert PLAIN == read_brand(written(tmp_path, ""))
    assert [] == brand_notes(PLAIN)


def test_all_keys_arrive(tmp_path: Path) -> None:
    """Files are named relative to the brand file; the family is read from the font; our colours complete theirs."""
    (tmp_path / "serif.ttf").write_bytes(FONT.read_bytes())
    (tmp_path / "logo.svg").write_text(SVG)
    text = """
        colours = ["#7A003C", "#00708A"]
        ink = "#101820"
        muted = "#505860"
        ground = "#FFFDF7"
        gain = "#00708a"
        loss = "#7a003c"
        font = "serif.ttf"
        logo = "logo.svg"
    """
    its = read_brand(written(tmp_path, text))
    assert ("#7a003c", "#00708a") == its.colours[:2]
    assert (6, 4) == (len(its.colours), len(set(its.colours) & set(PLAIN.colours)))
    assert ("#101820", "#505860", "#fffdf7") == (its.ink, its.muted, its.ground)
    assert ("#00708a", "#7a003c") == (its.gain, its.loss)
    assert tint("#505860", 0.25, "#fffdf7") == its.pale
    assert ("DejaVu Serif", "DejaVu Sans", "sans-serif") == its.font
    assert tmp_path / "serif.ttf" == its.font_file
    assert tmp_path / "logo.svg" == its.logo
    assert its.raster_logo is None
    assert ["style: the logo stands in SVG pictures only; for PNG pictures put logo.png beside it."] == brand_notes(its)
    (tmp_path / "logo.png").write_bytes(PNG)
    assert tmp_path / "logo.png" == its.raster_logo
    assert [] == brand_notes(its)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """With its line, what was given, what is allowed and what there is."""
    (tmp_path / "Logo.png").write_bytes(PNG)
    text = (
        'colors = ["#000000"]\ncolours = ["red", "#ffee00", "#0072b2"]\nink = "#aaaaaa"\nfont = 7\nlogo = "logo.png"\n'
    )
    text += 'muted = "#fff"\n'
    message = refused(tmp_path, text)
    path = tmp_path / "brand.toml"
    lines = message.splitlines()
    assert f"{path}: 7 problems" == lines[0]
    assert f'  {path}:1: colors: there is no such key. Did you mean "colours"? There is: colours, ink' in message
    assert f'  {path}:2: colours: given "red"; must be "#" and six digits from 0 to 9 and a to f: "#0072b2".' in lines
    assert (
        f"  {path}:2: colours: #ffee00 on the ground #ffffff has a contrast of 1.20 to 1; 3 to 1 is needed" in message
    )
    assert f"  {path}:3: ink: #aaaaaa on the ground #ffffff has a contrast of 2.32 to 1; 4.5 to 1 is needed" in message
    assert "Write a darker one, or another ground." in message
    assert f"  {path}:4: font: given 7; must be text in quotes." in lines
    assert f'  {path}:5: logo: given "logo.png"; there is no such file. It is named relative to this one.' in message
    assert 'Did you mean "Logo.png"?' in message
    assert f'  {path}:6: muted: given "#fff"; must be "#" and six digits' in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colours = "#0072b2"', "must be a list of at most 12 colours"),
        ('colours = ["#0072b2", "#0072B2"]', "#0072b2 stands there twice; each plan needs a colour of its own."),
        ('ground = "#202020"', "Write a lighter one, or another ground."),
        ('font = "no.ttf"', "there is no such file"),
        ('font = "brand.otf"', "this file is no font"),
        ('logo = "brand.toml"', "it is no PNG or SVG picture"),
        ('logo = "bad.svg"', "it is no SVG picture with a width and a height, or a viewBox."),
        ('logo = ""', "must be text in quotes"),
        ("colours = [", "this is not TOML"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Never half a brand."""
    (tmp_path / "brand.otf").write_text("no font")
    (tmp_path / "bad.svg").write_text("<svg><script>")
    assert said in refused(tmp_path, text)


def test_a_dark_ground_gets_colours_that_stand_out_from_it(tmp_path: Path) -> None:
    """Ours are mixed with the ink as far as that needs."""
    text = 'ground = "#101418"\nink = "#f5f5f5"\nmuted = "#b8c0c8"\ngain = "#5cb8ff"\nloss = "#ff9a4d"'
    its = read_brand(written(tmp_path, text))
    assert 6 == len(its.colours) == len(set(its.colours))
    assert min(contrast(colour, its.ground) for colour in its.colours) >= 3


def test_colours_that_look_alike_to_some_are_named(tmp_path: Path) -> None:
    """Allowed, but told, with for whom and what would help; negative control: with one plan nothing is."""
    its = read_brand(written(tmp_path, 'colours = ["#b5402a", "#5f7a1c"]'))
    (note, *_) = brand_notes(its, plans=2)
    assert note.startswith(
        "style: #b5402a and #5f7a1c will look alike to readers with deuteranopia (difference 0.2; 10"
    )
    assert note.endswith("Choose colours that differ in lightness, too.")
    assert [] == brand_notes(its, plans=1)


def test_completed_colours_are_the_farthest_of_ours(tmp_path: Path) -> None:
    """Beside our own blue the next is not our blue again, and all six differ for everybody as far as they can."""
    its = read_brand(written(tmp_path, 'colours = ["#0072b2"]'))
    assert set(PLAIN.colours) == set(its.colours)
    assert likest(its.colours[:2]).difference > 40


def test_families_are_written_for_style_sheets() -> None:
    """Names in quotes, out of which nothing breaks."""
    assert "'Open Sans', sans-serif" == css_family(("Open Sans", "sans-serif"))
    assert "'a b'" == css_family(("a' b}</style>",)).replace("style", "")


def test_shapes_of_logos() -> None:
    """By the viewBox, else by width and height; nothing of what is no picture."""
    assert 4.0 == svg_shape(SVG.encode())
    assert 2.0 == svg_shape(b'<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"/>')
    assert svg_shape(b'<svg xmlns="http://www.w3.org/2000/svg"/>') is None
    assert svg_shape(b"<html/>") is None
