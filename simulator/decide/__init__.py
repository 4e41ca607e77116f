"""Decisions: questions that a strategist puts to paired plays.

In: a scenario, or what a run came to. Out: frozen values, each with a `summary` of plain Python in the style of
`summary.json`. Invariant: whatever is compared has met the same worlds, and no answer claims more than its interval
supports.
"""
