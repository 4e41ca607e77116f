"""Text as it is set on a page or a slide: what belongs together is not torn apart at the end of a line.

In: a sentence. Out: the same sentence with true minus signs before its numbers and spaces that do not break in
bracketed intervals. Invariants: a name keeps its hyphens, and a range written with one; nothing else is
changed.
"""

from __future__ import annotations

import re

MINUS, NO_BREAK = "\u2212", "\u00a0"
_SIGN = re.compile(r"(?<![\w)\]-])-(?=[$\u20ac\u00a3\u00a5]?\d)")
_INTERVAL = re.compile(r"\([^() ]+ to [^() ]+\)")


def loosened(text: str) -> str:
    """Let intervals be broken after all, where a line has no room for one."""
    return text.replace(NO_BREAK, " ")


def typeset(text: str) -> str:
    """Set the signs of numbers and hold intervals together.

    >>> typeset("a-1 loses -0.76 (-0.81 to -0.73)").replace(NO_BREAK, "~")
    'a-1 loses \u22120.76 (\u22120.81~to~\u22120.73)'
    """
    return _INTERVAL.sub(lambda found: found[0].replace(" ", NO_BREAK), _SIGN.sub(MINUS, text))
