"""What is told to a client, once, for the report and the deck alike.

In: `findings.Findings`. Out: a `Story`: exhibits in the order in which they are told, each with its conclusion, the
numbers behind it and what they rest on. `exhibit.py` says what an exhibit is, `chart.py` what can be drawn of numbers
without knowing by whom, `story.py` which exhibits there are and in which order; `missing.py` is what was not asked.

An exhibit or a few each: `answer.py`, `plans.py`, `returns.py` (ROI), `reach.py` (with `ways.py`, where it goes),
`dial.py` (the split), `goal.py` (the target), `doubts.py` (what would change our mind), `creators.py`,
`sureness.py`, `later.py`, `traces.py`, `assumptions.py` (with `inputs.py`) and `appendix.py`, made of `parts.py`.
"""
