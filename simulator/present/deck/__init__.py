"""A deck: what was found as slides, with charts that a reader may edit.

In: a `Story` of `pitch`, a company's template or a brand. Out: the bytes of a .pptx file. `deck.py` is the way in;
`template.py` and `plain.py` open what slides are put on and `look.py` says where on it there is room; `slides.py` makes
slides of exhibits, `pages.py` what every slide has, `tables.py` and `text.py` what fits, as `measure.py` measures;
`native.py` adds a chart, which `bars.py`, `waterfall.py`, `lines.py` and `points.py` draw of `parts.py` and `axes.py`
over a `sheet.py`; `package.py` seals the file. python-pptx is an extra, and imported inside functions.
"""
