"""The report: one HTML file that needs nothing else.

In: findings and a brand. Out: the bytes of an HTML file. `page.py` makes it, out of `parts.py` (an exhibit as it stands
on the page, its numbers as a table), `drawings.py` (its picture as inline SVG), `sources.py` (the inputs that numbers
lead to) and `looks.py` (the brand as CSS); `seal.py` says whether a file is still as it was written. What it looks like
stands in `templates/`.

Invariants: nothing is loaded and no script runs, so the file works from a mail attachment; names are text; the same
findings and the same brand give the same bytes.
"""
