"""How a post spreads: one rulebook, two clocks.

`rules.py` says what one impression does to one person. `conditions.py` turns chances, delays and fatigue into
integer tables and says what goes into a play, `tally.py` what comes out; `goodwill.py` is what impressions leave in
people.
`reference.py` plays it on plain SimPy, to be read and believed; `crowd.py` plays it compiled, by kernels that show
posts (`showings.py`), let people see them (`impressions.py`) and order (`orders.py`), with pending events in
`calendar_queue.py`. They agree to the bit.
"""
