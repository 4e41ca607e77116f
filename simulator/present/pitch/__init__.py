"""What is told to a client, once, for the report and the deck alike.

In: `findings.Findings`. Out: a `Story`: exhibits in the order in which they are told, each with its conclusion, the
numbers behind it and what they rest on. `exhibit.py` says what an exhibit is, `chart.py` what can be drawn of numbers
without knowing by whom, `story.py` which exhibits there are and in which order; the others make one each.
"""
