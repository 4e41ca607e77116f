"""Conclusions as sentences, pictures and a terminal page.

`claims.py` says what may be claimed, `words.py` puts it into sentences and `digits.py` numbers into text; `plots.py`
draws (with `scales.py`), `terminal.py`, `hiring.py` and `explain.py` (with `lasting.py` and `written.py`) lay out what
the commands print. Nothing here prints or plays.
"""
