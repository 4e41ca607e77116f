"""Conclusions: as sentences, on a terminal page, as pictures, a report and a deck.

Sentences first: `claims.py` says what may be claimed, `words.py` puts it into sentences and `digits.py` numbers into
text; `terminal.py`, `hiring.py` and `explain.py` (with `lasting.py` and `written.py`) lay out what the commands print.
The other modules here are named after what their sentences are of (`split.py`, `worth.py`, ...); where `pictures/` and
`pitch/` have one of the same name, it draws or tells that.

What goes to a client begins with `findings.py`, a result folder read back, and wears a `brand.py`: `pictures/` draws,
`pitch/` tells the story once, `report/` and `deck/` show it. Sentences know none of these, pictures and pitch not each
other, report and deck neither. Nothing here prints or plays.
"""
