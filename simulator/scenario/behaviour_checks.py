"""What people do and what they feel for the brand, as far as several keys must fit together.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import Creator, Pool
from simulator.scenario.parts import Part, Parts, Problem
from simulator.scenario.rates import unknown_of
from simulator.scenario.section import CERTAIN
from simulator.scenario.strategy import Ads


def behaviour_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem between the keys of people's behaviour and goodwill."""
    yield from _engagement_kinds(parts)
    if "brand" not in parts.raw:
        for section in (*parts.accounts, *([parts.ads] if parts.ads else [])):
            yield from _goodwill(section)


def _engagement_kinds(parts: Parts) -> Iterator[Problem]:
    keys = ("comments_of_engagements", "saves_of_engagements")
    if parts.behaviour is None or not parts.behaviour.has(*keys):
        return
    comments, saves = (getattr(parts.behaviour.value, key) for key in keys)
    if comments + saves > 1:
        yield Problem(
            ("behaviour", keys[1]),
            f"given {saves:g} beside {keys[0]} = {comments:g}; an engagement is one thing, so together they are at "
            "most 1. Lower one of the two.",
        )


def _goodwill(part: Part[Creator] | Part[Pool] | Part[Ads]) -> Iterator[Problem]:
    """Say where goodwill is written though nothing says how long it lasts and what it does."""
    mend = "Write a section [brand], half_life_days = 60 and occasion_every_days = 30 in it, or remove this key."
    if part.has("goodwill_per_impression") and unknown_of(part.value.goodwill_per_impression).bounds[1] > 0:
        yield Problem((*part.path, "goodwill_per_impression"), f"this has no effect without a brand. {mend}")
    scandal = part.value.scandal if isinstance(part.value, Creator | Pool) and part.has("scandal") else None
    if scandal is not None and scandal.goodwill_left != CERTAIN:
        yield Problem((*part.path, "scandal", "goodwill_left"), f"this has no effect without a brand. {mend}")
