"""The commands; the only place that prints and exits.

In: words on the command line. Out: text on stdout (the answer), text on stderr (progress, warnings, errors) and an
exit code. `start.py` writes a first scenario (its questions are in `interview.py`), `look.py` says what one holds,
`play.py` runs it (`progress.py` says how far it is), `compare.py` sets runs beside each other, `split.py`, `target.py`,
`sensitivity.py` and `creators.py` put questions to paired plays (how, in `questions.py`), `replay.py` plays one
replication again, `pictures.py`, `report.py`, `deck.py` and `files.py` hand results on (how, in `handing.py`); what
several take is in `options.py`, how all of them end in `endings.py`.
"""

from __future__ import annotations

import click

from simulator.cli.compare import compare, diff
from simulator.cli.creators import creators
from simulator.cli.deck import deck
from simulator.cli.endings import Commands
from simulator.cli.files import export, schema
from simulator.cli.look import check, explain
from simulator.cli.pictures import pictures
from simulator.cli.play import run
from simulator.cli.replay import replay
from simulator.cli.report import report
from simulator.cli.sensitivity import sensitivity
from simulator.cli.split import split
from simulator.cli.start import init
from simulator.cli.target import target


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="campaign-roi")
def main() -> None:
    """Should the budget go to many micro-influencers, one celebrity, or a mix?

    Plays the campaign of a scenario file many times and answers with distributions.
    """


_QUESTIONS = (compare, diff, split, target, sensitivity, creators, replay)
_HANDED_ON = (pictures, report, deck, export)
for command in (init, check, explain, run, *_QUESTIONS, *_HANDED_ON, schema):
    main.add_command(command)
