"""One campaign: who is hired, what they publish when, and what it comes to in counts and money.

`play.play` is the door: one strategy, one market, one replication in, one `Outcome` out. Before a play, `hiring.py`
spends the budget and `schedule.py` plans the posts. In a play, `unknowns.py` draws what nobody knows, `content.py` says
what posts are to the crowd (`funnel.py`: what multiplies which rate) and `team.py` what creators do; together that is a
play's `setting.py`. `explain.py` says what the rates come to without a play. `operations.py`
holds the SimPy processes, `approval.py`, `discovery.py` and `paid.py` those of reviewers, platform and paid media, in
the turns of `agenda.py`; `record.py` and `ledger.py` count, `long_run.py` what comes after.
"""
