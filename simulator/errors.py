"""What can go wrong, and the exit code each kind ends with.

    CampaignError                 4  base class: catch this to catch all of them
    +-- ScenarioError             2  the scenario or the command line cannot be used as written
    +-- ResultsError              3  the results folder or the disk refuses
    +-- ExecutionError            4  a replication could not be played

Every message says where, what was given, what is allowed and what to do. Only `cli/` prints one
and exits; everything else raises.
"""

from __future__ import annotations


class CampaignError(Exception):
    """Base of every error this program raises on purpose."""

    exit_code = 4


class ScenarioError(CampaignError):
    """Raise when a scenario or a command line cannot be used as written."""

    exit_code = 2


class ResultsError(CampaignError):
    """Raise when a results folder holds something else, or the disk refuses."""

    exit_code = 3


class ExecutionError(CampaignError):
    """Raise when a replication cannot be played."""

    exit_code = 4
