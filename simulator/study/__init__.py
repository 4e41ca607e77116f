"""Many replications, on any executor, safely on disk, and what may be concluded from them.

`montecarlo.run` is the door. `chunks.py` cuts the work, `executors.py` does it `faults.py` says what nobody foresaw;
`results.py` is the result folder, `finished.py` reads one back and `disk.py` is how a file is written; `estimates.py`
and `compare.py` conclude, `summary.py` gathers what there is by subject (`creators.py`, `engagement.py`, `ways.py`,
`overlap.py`, `long_run.py`, `operations.py`).

Plays for questions are `trials.py` (`trial_store.py` on disk, `trial_markets.py` in memory). Whether a run may stop is
told by `precision.py` and `decided.py`, which stand on `group_sequential.py` and `pivot.py`; what pairing saves by
`pairing.py`, and how many more replications would decide by `advice.py`.
"""
