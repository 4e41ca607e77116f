"""Render what goes to a client, and measure the pages: for the tests that look.

In: a deck or a report as a file. Out: its pages as pictures, the words on them with their places, and what a browser
measures. Needs programs that a user of this package does not: LibreOffice, poppler and Chromium.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

INSTALL = {
    "soffice": "LibreOffice (Debian: apt install libreoffice-impress)",
    "pdftoppm": "poppler (Debian: apt install poppler-utils)",
    "pdftotext": "poppler (Debian: apt install poppler-utils)",
    "chromium": "Chromium (Debian: apt install chromium)",
}
_DOTS_PER_INCH = 80
# The highest page that a screenshot is taken of [px].
_HIGHEST = 14_000


def program(name: str) -> str:
    """Find a program, or fail with what to install."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is needed to look at pages, and is not installed. Install {INSTALL[name]}.", pytrace=False)
    return found


def call(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, check=False)
    assert 0 == done.returncode, done.stderr[-2000:]
    return done.stdout


@dataclass(frozen=True)
class Word:
    """A word on a page and its box [pt]."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Word) -> float:
        """Give which share of the smaller box both have in common."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        least = min(self.area, other.area)
        return max(width, 0) * max(height, 0) / least if least > 0 else 0.0

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Page:
    """A page of a PDF."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def beyond(self, slack: float = 0.5) -> list[str]:
        """Give the words that do not lie inside the page."""
        return [
            its.text
            for its in self.words
            if min(its.left, its.top) < -slack or its.right > self.width + slack or its.bottom > self.height + slack
        ]

    def overlapping(self, share: float = 0.3) -> list[tuple[str, str]]:
        """Give the words that lie over each other."""
        words = [word for word in self.words if word.text.strip()]
        return [
            (one.text, other.text)
            for place, one in enumerate(words)
            for other in words[place + 1 :]
            if one.covers(other) > share
        ]


_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def pages_of(pdf: Path) -> list[Page]:
    """Read the words of every page of a PDF."""
    text = call(program("pdftotext"), "-bbox", pdf, "-")
    pages = []
    for width, height, inside in _PAGE.findall(text):
        words = [Word(html.unescape(its[4]), *map(float, its[:4])) for its in _WORD.findall(inside)]
        pages.append(Page(float(width), float(height), tuple(words)))
    return pages


def pictures_of(pdf: Path, name: str) -> list[Path]:
    """Write every page of a PDF as a PNG beside it."""
    call(program("pdftoppm"), "-png", "-r", str(_DOTS_PER_INCH), pdf, pdf.parent / name)
    return sorted(pdf.parent.glob(f"{name}-*.png"))


def deck_as_pdf(deck: Path) -> Path:
    """Print a deck with LibreOffice, beside it."""
    profile = (deck.parent / "soffice_profile").resolve().as_uri()
    own = f"-env:UserInstallation={profile}"
    call(program("soffice"), own, "--headless", "--convert-to", "pdf", "--outdir", deck.parent, deck)
    return deck.with_suffix(".pdf")


# ---- the report


def chromium(page: Path, *options: str) -> str:
    profile = (page.parent / "chromium_profile").resolve()
    usual = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=10000")
    return call(program("chromium"), *usual, f"--user-data-dir={profile}", *options, page.resolve().as_uri())


def report_as_pdf(report: Path) -> Path:
    """Print a report with Chromium, beside it."""
    pdf = report.parent / "report_printed.pdf"
    chromium(report, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return pdf


# A page with the report in a frame of any width: windows of browsers have a least width, frames have none.
_FRAME = """<!DOCTYPE html><meta charset="utf-8"><style>body {{ margin: 0 }}
iframe {{ border: 0; display: block; width: {width}px; height: {height}px }}</style>
<iframe srcdoc="{inside}"></iframe><pre id="measured"></pre>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument, width = frame.clientWidth, far = [], cut = [];
  if ({opened}) page.querySelectorAll("details").forEach(its => its.open = true);
  const shown = its => its.getClientRects().length > 0 && !its.closest("details:not([open]) > :not(summary)");
  const scrolls = its => {{
    for (let up = its; up && up !== page.body; up = up.parentElement)
      if (["auto", "scroll"].includes(frame.contentWindow.getComputedStyle(up).overflowX)) return true;
    return false;
  }};
  const named = its => its.tagName + " " + (its.id || its.textContent.trim().slice(0, 50));
  for (const its of page.body.querySelectorAll("*")) {{
    if (!shown(its) || its.closest("svg") || its.closest(".skip")) continue;
    if (its.getBoundingClientRect().right > width + 1 && !scrolls(its)) far.push(named(its));
  }}
  for (const text of page.querySelectorAll("svg text")) {{
    if (!shown(text) || !text.textContent.trim()) continue;
    const its = text.getBoundingClientRect(), room = text.closest("svg").getBoundingClientRect();
    const across = its.left < room.left - 1 || its.right > room.right + 1;
    if (across || its.top < room.top - 1 || its.bottom > room.bottom + 1) cut.push(named(text));
  }}
  const figures = [...page.querySelectorAll("figure svg, img, figure")].filter(shown);
  const bare = figures.filter(its => its.tagName === "FIGURE" ? !its.querySelector("figcaption, table")
    : its.tagName === "IMG" ? !its.hasAttribute("alt")
    : !(its.getAttribute("aria-label") || its.getAttribute("aria-labelledby") || its.querySelector("title, desc")
        || its.closest("[aria-hidden=true]"))).map(named);
  const sideways = [...page.querySelectorAll("table")]
    .filter(its => shown(its) && its.parentElement.scrollWidth > its.parentElement.clientWidth + 1).map(named);
  document.querySelector("#measured").textContent = JSON.stringify({{
    width, scroll: page.documentElement.scrollWidth, height: page.documentElement.scrollHeight,
    far, cut, bare, sideways, figures: figures.length, details: page.querySelectorAll("details").length,
  }});
}};
</script>"""


@dataclass(frozen=True)
class Look:
    """What a browser measures of a page at a width.

    Attributes:
        width: Of the window, without scroll bars [px].
        scroll: Of all that is on the page [px].
        height: Likewise.
        far: Elements that reach beyond the window and cannot be scrolled by themselves.
        cut: Texts of pictures that reach beyond their picture.
        bare: Figures and pictures without a text alternative.
        sideways: Tables that are wider than their place.
        figures: How many figures and pictures are shown.
        details: How many parts can be opened.
    """

    width: int
    scroll: int
    height: int
    far: Sequence[str]
    cut: Sequence[str]
    bare: Sequence[str]
    sideways: Sequence[str]
    figures: int
    details: int


def measured(report: Path, width: int, *, opened: bool, picture: Path | None = None) -> Look:
    """Lay a report out at a width, all of it opened or as it comes, and take a picture of it if asked."""
    inside = html.escape(report.read_text(encoding="utf-8"), quote=True)
    frame = report.parent / f"frame_{width}.html"
    write = {"width": width, "inside": inside, "opened": "true" if opened else "false"}
    frame.write_text(_FRAME.format(height=900, **write), encoding="utf-8")
    found = re.search(r'<pre id="measured">(.*?)</pre>', chromium(frame, "--dump-dom"), re.DOTALL)
    assert found and found.group(1), "the browser measured nothing"
    values: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    if picture is not None:
        height = min(values["height"], _HIGHEST)
        frame.write_text(_FRAME.format(height=height, **write), encoding="utf-8")
        chromium(frame, f"--screenshot={picture}", f"--window-size={max(width, 500)},{height}")
    return Look(**values)
