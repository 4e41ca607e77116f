"""Pictures as bytes and as files: PNG, and SVG whose text stays text.

In: what draws a picture, and a look. Out: PNG; SVG with a title for who cannot see it, and with the letters of its
font, so that it looks the same everywhere. Invariants: the same picture gives the same bytes; names are
text, never markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.present.pictures.fonts import font_faces
from simulator.present.pictures.logo import LABEL, svg_logo
from simulator.present.pictures.look import DPI, Look, brand, look, styled
from simulator.study.disk import disk_errors, write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]
# Markup, which text is never part of: in it "<" and ">" are written otherwise.
_TAG = re.compile(r"<[^>]*>")
# Where a name begins that is given or used.
_NAME = re.compile(r'(?<= id=")|(?<=href="#)|(?<=url\(#)')
_ROUND = "stroke-linejoin:round;stroke-linecap:butt"


def save_picture(draw: Draw, stem: Path, wanted: Look | None = None) -> list[Path]:
    """Draw a picture and write it as PNG and SVG.

    Args:
        draw: Draws it.
        stem: The path of the files, without their ends.
        wanted: In which look, the plain one on a slide where not given.

    Raises:
        ResultsError: If it cannot be written.
    """
    with styled(wanted):
        figure = draw()
        pictures = {
            stem.with_name(stem.name + ".png"): _png(figure),
            stem.with_name(stem.name + ".svg"): _svg(figure, "", "", carried=True).encode(),
        }
    for path, content in pictures.items():
        with disk_errors(path):
            write_whole(path, content)
    return list(pictures)


def png_bytes(draw: Draw, wanted: Look | None = None) -> bytes:
    """Draw a picture as PNG."""
    with styled(wanted):
        return _png(draw())


def svg_text(draw: Draw, wanted: Look | None = None, *, alt: str = "", prefix: str = "", carried: bool = True) -> str:
    """Draw a picture as SVG.

    Args:
        draw: Draws it.
        wanted: In which look.
        alt: What it shows, for who cannot see it.
        prefix: Begins each name in it, so that several pictures can stand in one document.
        carried: Whether it carries the letters of its font; a page of many pictures has them once, see `page_fonts`.
    """
    with styled(wanted):
        return _svg(draw(), alt, prefix, carried=carried)


def page_fonts(pictures: Mapping[str, str] | list[str], wanted: Look | None = None, more: str = "") -> str:
    """Write the style rules with the letters that several SVG pictures need, for the page that they stand in.

    Args:
        pictures: SVG.
        wanted: Their look.
        more: Other text of the page in the same font.
    """
    every = pictures.values() if isinstance(pictures, Mapping) else pictures
    return font_faces((wanted or look()).brand, [more, *(_letters(svg) for svg in every)])


def _png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None})
    return stream.getvalue()


def _svg(figure: Figure, alt: str, prefix: str, *, carried: bool) -> str:
    title, logo = str(figure.get_label()), svg_logo(float(figure.get_figheight()))
    shown = [axes for axes in figure.axes if axes.get_label() == LABEL] if logo else []
    for axes in shown:
        axes.set_visible(False)
    stream = io.BytesIO()
    figure.savefig(
        stream, format="svg", dpi=DPI, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    for axes in shown:
        axes.set_visible(True)
    return _dressed(stream.getvalue().decode(), title, alt, prefix, logo, carried=carried)


def _dressed(svg: str, title: str, alt: str, prefix: str, logo: str, *, carried: bool) -> str:
    """Put in what who cannot see, and who lacks the font, needs; leave out what would reach beyond this picture."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>\s*", "", body, count=1, flags=re.DOTALL)
    body = _TAG.sub(lambda tag: _prefixed(tag[0], prefix), body)
    opening, _, rest = body.partition(">")
    described = f' aria-describedby="{prefix}desc"' if alt else ""
    said = f'<title id="{prefix}title">{escape(title, quote=False)}</title>'
    said += f'<desc id="{prefix}desc">{escape(alt, quote=False)}</desc>' if alt else ""
    fonts = f"<style>{font_faces(brand(), [_letters(body)])}</style>" if carried else ""
    head = f'{opening} role="img" aria-labelledby="{prefix}title"{described} style="{_ROUND}">\n {said}\n {fonts}\n'
    end = rest.rindex("</svg>")
    return head + rest[:end].lstrip() + logo + rest[end:]


def _prefixed(tag: str, prefix: str) -> str:
    """Write a prefix before the names that a tag gives or uses."""
    return _NAME.sub(lambda _: prefix, tag) if prefix else tag


def _letters(svg: str) -> str:
    """Give the text of a picture."""
    return unescape(" ".join(_TAG.sub("\n", part) for part in re.findall(r"<text.*?</text>", svg, re.DOTALL)))
