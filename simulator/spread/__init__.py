"""How a post spreads: one rulebook, two clocks.

`rules.py` says what one impression does to one person. `conditions.py` turns chances, delays and fatigue into
integer tables and says what goes into a play and what comes out. `reference.py` plays it on plain SimPy, to be
read and believed; `crowd.py` plays it compiled, with pending events in `calendar_queue.py`. They agree to the bit.
"""
