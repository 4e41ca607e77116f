"""Decisions: questions that a strategist puts to paired plays.

In: a scenario, or what a run came to. Out: frozen values, each with a `summary` of plain Python in the style of
`summary.json`. Invariant: whatever is compared has met the same worlds, and no answer claims more than its interval
supports.

Each question has a door, named as its command, and rooms behind it:

    run --precision   stopping.py: looked_at.py; its rules are in study/: precision.py, decided.py
    compare           compare.py: runs.py
    diff              diff.py
    split             split.py: splits.py, search.py, split_plays.py, selection.py, frontier.py, split_summary.py
    target            target.py: budgets.py, target_plays.py, ladder.py, levers.py, target_tables.py
    sensitivity       sensitivity.py: unknown_plays.py, recombine.py, movers.py, variance.py, sobol.py, choice.py,
                      break_even.py, farther.py, worst.py
    creators          worth.py: left_out.py, marginal.py, overlap.py
    replay            replay.py: trace.py, traced.py, cascades.py

What several of them need: objective.py (what is made large), shares.py (shares of a budget), scaled.py (values times a
factor) and folder.py (where answers and plays are kept).
"""
