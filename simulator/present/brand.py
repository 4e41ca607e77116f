"""How everything that goes to a client looks: colours, font, logo.

In: nothing, or a small TOML file (`--style`). Out: a `Brand`, which pictures, report and deck share. Invariant: text is
readable on its ground (WCAG 2.2 AA: a contrast of at least 4.5 to 1), and what is drawn stands out from it (3 to 1).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

from simulator.errors import ScenarioError
from simulator.present.colour import ALIKE, DRAWN_CONTRAST, TEXT_CONTRAST, contrast, likeness, tint
from simulator.scenario.files import files_in
from simulator.scenario.parts import nearest
from simulator.scenario.toml_file import TomlFile, read_toml, visible
from simulator.scenario.wording import shown


@dataclass(frozen=True)
class Brand:
    """The look that pictures, report and deck share.

    Attributes:
        colours: One for each plan, in scenario order, as "#rrggbb"; there are six or more.
        ink: Of text.
        muted: Of text beside, such as notes, and of axes.
        pale: Of thin lines between rows.
        ground: Of paper.
        gain: Of what is better than nothing, such as an added profit above 0.
        loss: Of what is worse.
        font: The family, and what to take where a reader has none of it.
        font_file: The file of the family, or None where it is looked for among those installed.
        logo: A picture file (PNG or SVG), or None.
    """

    # The first three are of Okabe and Ito (2008); their other five are too pale for white paper, so the rest is chosen
    # to differ most from these for all visions of `colour.VISIONS`.
    colours: tuple[str, ...] = ("#0072b2", "#d55e00", "#009e73", "#542788", "#7f4f24", "#00585a")
    ink: str = "#1a1a1a"
    muted: str = "#595959"
    pale: str = "#d9d9d9"
    ground: str = "#ffffff"
    gain: str = "#0072b2"
    loss: str = "#d55e00"
    font: tuple[str, ...] = ("DejaVu Sans", "sans-serif")
    font_file: Path | None = None
    logo: Path | None = None

    @property
    def raster_logo(self) -> Path | None:
        """Give the logo as PNG: itself, or the file of its name beside one that is SVG; None where there is none."""
        png = self.logo.with_suffix(".png") if self.logo else None
        return png if png and png.is_file() else None


PLAIN = Brand()
_TEXTS, _DRAWN = ("ink", "muted"), ("gain", "loss")
_KEYS = ("colours", *_TEXTS, "ground", *_DRAWN, "font", "logo")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_COLOURS, _LARGEST_LOGO = 12, 5_000_000


@dataclass
class _Reading:
    """A brand file while it is read: what is wrong with it, and the line of each key."""

    file: TomlFile
    problems: list[str] = field(default_factory=list)

    def refuse(self, key: str, message: str) -> None:
        """Note what is wrong with a key."""
        line = self.file.lines.get((key,))
        self.problems.append(visible(f"  {self.file.path}{f':{line}' if line else ''}: {key}: {message}"))

    def text(self, key: str) -> str | None:
        """Give a text that is not empty; of anything else note it."""
        given = self.file.values.get(key)
        if given is None or (isinstance(given, str) and given.strip()):
            return given
        self.refuse(key, f"given {shown(given)}; must be text in quotes.")
        return None

    def colour(self, key: str, given: object) -> str | None:
        """Give a colour; of anything else note it."""
        if isinstance(given, str) and _COLOUR.fullmatch(given):
            return given.lower()
        self.refuse(key, f'given {shown(given)}; must be "#" and six digits from 0 to 9 and a to f: "#0072b2".')
        return None


def read_brand(path: Path) -> Brand:
    """Read a brand file.

    Args:
        path: A TOML file; all its keys may be left out, and files that it names are relative to it.

    Raises:
        ScenarioError: it cannot be read, or something in it cannot be used; all that is wrong is told at once.
    """
    reading = _Reading(read_toml(path))
    for key in reading.file.values:
        if key not in _KEYS:
            reading.refuse(key, f"there is no such key.{nearest(key, list(_KEYS))}")
    brand = _with_logo(reading, _with_font(reading, _with_colours(reading, PLAIN)))
    if reading.problems:
        many = f"{len(reading.problems)} problem{'' if len(reading.problems) == 1 else 's'}"
        raise ScenarioError("\n".join([visible(f"{path}: {many}"), *reading.problems]))
    return brand


def brand_notes(brand: Brand, plans: int = 6) -> list[str]:
    """Say which of the first colours of a brand will look alike to somebody, and what a brand cannot do everywhere.

    Args:
        brand: Any.
        plans: How many plans are to be told apart.
    """
    found = [likeness(*pair) for pair in combinations(brand.colours[:plans], 2)]
    notes = [
        f"style: {its.colours[0]} and {its.colours[1]} will look alike to readers with {its.vision} (difference "
        f"{its.difference:.1f}; {ALIKE:.0f} or more can be told apart). Choose colours that differ in lightness, too."
        for its in found
        if its.difference < ALIKE
    ]
    if brand.logo and not brand.raster_logo:
        png = brand.logo.with_suffix(".png").name
        notes.append(f"style: the logo stands in SVG pictures only; for PNG pictures put {png} beside it.")
    return notes


# ---- colours


def _with_colours(reading: _Reading, brand: Brand) -> Brand:
    values = reading.file.values
    names = [key for key in ("ground", *_TEXTS, *_DRAWN) if key in values]
    single = {key: found for key in names if (found := reading.colour(key, values[key]))}
    series = _series(reading)
    brand = replace(brand, **single)  # type: ignore[arg-type]  # all of these fields are colours
    if {"ground", "muted"} & single.keys():
        brand = replace(brand, pale=tint(brand.muted, 0.25, brand.ground))
    for key in _TEXTS:
        _check(reading, key, getattr(brand, key), brand.ground, TEXT_CONTRAST)
    for key in _DRAWN:
        _check(reading, key, getattr(brand, key), brand.ground, DRAWN_CONTRAST)
    for colour in series:
        _check(reading, "colours", colour, brand.ground, DRAWN_CONTRAST)
    return replace(brand, colours=_completed(series, brand))


def _series(reading: _Reading) -> list[str]:
    given = reading.file.values.get("colours", [])
    if not isinstance(given, list) or len(given) > _MOST_COLOURS:
        reading.refuse(
            "colours",
            f'given {shown(given)}; must be a list of at most {_MOST_COLOURS} colours: ["#0072b2", "#d55e00"].',
        )
        return []
    found = [colour for one in given if (colour := reading.colour("colours", one))]
    twice = [colour for colour in dict.fromkeys(found) if found.count(colour) > 1]
    if twice:
        reading.refuse("colours", f"{', '.join(twice)} stands there twice; each plan needs a colour of its own.")
    return found


def _check(reading: _Reading, key: str, colour: str, ground: str, least: float) -> None:
    ratio = contrast(colour, ground)
    if ratio >= least:
        return
    darker = "darker" if contrast("#000000", ground) > contrast("#ffffff", ground) else "lighter"
    reading.refuse(
        key,
        f"{colour} on the ground {ground} has a contrast of {int(100 * ratio) / 100:.2f} to 1; {least:g} to 1 is "
        f"needed to be read (WCAG AA). Write a {darker} one, or another ground.",
    )


def _completed(given: Sequence[str], brand: Brand) -> tuple[str, ...]:
    """Add ours that differ most from those given, one by one, until there are as many as ours."""
    ours = [_standing_out(colour, brand) for colour in PLAIN.colours]
    if not given:
        return tuple(ours)
    colours = list(given)
    while len(colours) < len(ours) and (left := [colour for colour in ours if colour not in colours]):
        colours.append(max(left, key=lambda one: min(likeness(one, other).difference for other in colours)))
    return tuple(colours)


def _standing_out(colour: str, brand: Brand) -> str:
    """Mix a colour of ours with the ink until it stands out from the ground."""
    mixed = (tint(colour, share / 10, brand.ink) for share in range(10, 0, -1))
    return next((one for one in mixed if contrast(one, brand.ground) >= DRAWN_CONTRAST), brand.ink)


# ---- font and logo


def _with_font(reading: _Reading, brand: Brand) -> Brand:
    given = reading.text("font")
    if given is None:
        return brand
    if not given.lower().endswith((".ttf", ".otf")):
        return replace(brand, font=(given.strip(), *PLAIN.font))
    file = reading.file.path.parent / given
    if not file.is_file():
        there = files_in(file.parent, "*.[to]tf", file.name)
        reading.refuse("font", f"given {shown(given)}; there is no such file. It is named relative to this one.{there}")
        return brand
    family = family_of(file)
    if not family:
        reading.refuse("font", f"given {shown(given)}; this file is no font. Name a .ttf or .otf file, or a family.")
    return replace(brand, font=(family or PLAIN.font[0], *PLAIN.font), font_file=file)


def family_of(file: Path) -> str:
    """Give the name of a font's family; nothing where it is no font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(io.BytesIO(file.read_bytes()), lazy=True) as font:
            return str(font["name"].getDebugName(1) or "")
    except (TTLibError, OSError, KeyError, ValueError, AssertionError):
        return ""


def _with_logo(reading: _Reading, brand: Brand) -> Brand:
    given = reading.text("logo")
    if given is None:
        return brand
    file = reading.file.path.parent / given
    reason = _why_no_logo(file)
    if reason:
        reading.refuse("logo", f"given {shown(given)}; {reason}")
    return replace(brand, logo=file)


def _why_no_logo(file: Path) -> str:
    """Say why a file cannot be a logo; nothing where it can."""
    if not file.is_file():
        there = files_in(file.parent, "*.[ps][nv]g", file.name)
        return f"there is no such file. It is named relative to this one.{there}"
    if file.stat().st_size > _LARGEST_LOGO:
        return f"it has more than {_LARGEST_LOGO:,} bytes. Save a smaller one."
    data, kind = file.read_bytes(), file.suffix.lower()
    if kind == ".png" and data.startswith(_PNG):
        return ""
    if kind == ".svg":
        return "" if svg_shape(data) else "it is no SVG picture with a width and a height, or a viewBox."
    return "it is no PNG or SVG picture. Save it as one of these."


def svg_shape(data: bytes) -> float | None:
    """Give how many times as wide as high an SVG picture is; None where it is none, or does not say."""
    try:
        root = ET.fromstring(data)  # noqa: S314  # expat limits what entities grow to
    except ET.ParseError:
        return None
    box = _numbers(root.attrib.get("viewBox", "").replace(",", " ").split()[2:])
    sides = box or _numbers([root.attrib.get("width", ""), root.attrib.get("height", "")])
    is_svg = root.tag == "{http://www.w3.org/2000/svg}svg"
    return sides[0] / sides[1] if is_svg and len(sides) == 2 and min(sides) > 0 else None


def _numbers(texts: Iterable[str]) -> list[float]:
    found = [re.match(r"\d*\.?\d+", text) for text in texts]
    return [float(match[0]) for match in found if match]


def css_family(families: Sequence[str]) -> str:
    """Write font families as a style sheet does, names in quotes."""
    generic = ("serif", "sans-serif", "monospace")
    quoted = [name if name in generic else "'" + re.sub(r"[^\w .-]", "", name) + "'" for name in families]
    return ", ".join(quoted)
