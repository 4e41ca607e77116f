"""Many replications, on any executor, safely on disk, and what may be concluded from them.

`montecarlo.run` is the door. `hired.py` says who is hired, `chunks.py` cuts the work, `executors.py` does it;
`results.py` is the result folder and `disk.py` how a file is written; `estimates.py` and `compare.py` conclude,
`summary.py` gathers what there is by subject (`creators.py`, `engagement.py`, `ways.py`, `overlap.py`, `long_run.py`,
`operations.py`).
"""
