"""The brand as CSS: colours and font as custom properties, the rest is `templates/report.css`.

In: a brand. Out: text of CSS. Invariant: no value of a brand can end the style or begin another rule.
"""

from __future__ import annotations

import base64
from pathlib import Path

from simulator.present.brand import PLAIN, Brand

# What devices bring along; a brand's own font stands before it where it has one.
SYSTEM = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_KEYWORDS = {"system-ui", "-apple-system", "serif", "sans-serif", "monospace"}
_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


def root_css(brand: Brand, origin: str) -> str:
    """Give the rule that sets every value of a brand, and the line that stands on each printed page."""
    own = () if brand.font == PLAIN.font else brand.font
    values = {
        "ink": brand.ink,
        "muted": brand.muted,
        "pale": brand.pale,
        "ground": brand.ground,
        "accent": brand.colours[0],
        "font": ", ".join(map(_family, dict.fromkeys((*own, *SYSTEM)))),
    }
    rules = "".join(f"--{name}: {value}; " for name, value in values.items())
    # Margin boxes of printed pages do not know custom properties everywhere.
    foot = f"font: 8pt sans-serif; color: {brand.muted};"
    return (
        f":root {{ {rules}}}\n@page {{ @bottom-left {{ content: {css_text(origin)}; {foot} }} "
        f'@bottom-right {{ content: counter(page) " / " counter(pages); {foot} }} }}\n'
    )


def css_text(text: str) -> str:
    r"""Write a text as a string of CSS, in which only letters, digits and blanks stand for themselves.

    >>> css_text('a "</style>')
    '"a \\22 \\3c \\2f style\\3e "'
    """
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def _family(name: str) -> str:
    return name if name in _KEYWORDS else css_text(name)


def logo_source(brand: Brand) -> str:
    """Give the logo as the source of an image, "" where there is none."""
    if brand.logo is None:
        return ""
    return data_source(brand.logo.read_bytes(), _KINDS[Path(brand.logo).suffix.lower()])


def data_source(data: bytes, kind: str) -> str:
    """Give bytes as an address that holds them."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
