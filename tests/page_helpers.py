"""Help for the tests of pages that are made in part from the program's own data.

In: a page, and what is made for it. Out: whether the page holds that, between two marks.
"""

from __future__ import annotations

import os
from pathlib import Path

BEGIN, END = "<!-- from the files of the presets -->", "<!-- until here -->"


def holds(page: Path, made: str) -> bool:
    """Say whether a page has, between its marks, what is made for it; write it there first where RECORD is set."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    wanted = f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}"
    if os.environ.get("RECORD"):
        page.write_text(wanted, encoding="utf-8")
    return page.read_text(encoding="utf-8") == wanted
