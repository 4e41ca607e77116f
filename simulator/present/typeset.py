"""Text as it is set on a page or a slide: what belongs together is not torn apart at the end of a line.

In: a sentence. Out: the same sentence with true minus signs before its numbers and spaces that do not break in short
brackets. Invariants: a name keeps its hyphens, and a range written with one; nothing but signs and spaces is changed.
"""

from __future__ import annotations

import re

MINUS, NO_BREAK = "\u2212", "\u00a0"
_SIGN = re.compile(r"(?<![\w)\]-])-(?=[$\u20ac\u00a3\u00a5]?\d)")
# An interval; longer brackets hold words, which may be broken.
_LONGEST = 24
_BRACKET = re.compile(r"\([^()]*\d[^()]*\)")


def typeset(text: str) -> str:
    """Set the signs of numbers and hold intervals together.

    >>> typeset("a-1 loses -0.76 (-0.81 to -0.73)").replace(NO_BREAK, "~")
    'a-1 loses \u22120.76 (\u22120.81~to~\u22120.73)'
    """
    return _BRACKET.sub(lambda found: _held(found[0]), _SIGN.sub(MINUS, text))


def _held(bracket: str) -> str:
    return bracket.replace(" ", NO_BREAK) if len(bracket) <= _LONGEST else bracket
