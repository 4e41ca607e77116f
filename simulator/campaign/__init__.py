"""One campaign: who is hired, what they publish when, and what it comes to in counts and money.

`play.play` is the door: one strategy, one market, one replication in, one `Outcome` out. `hiring.py` spends the
budget, `unknowns.py` draws what nobody knows, `operations.py` holds the SimPy processes, `ledger.py` counts.
"""
