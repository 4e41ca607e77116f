"""What people do and what they feel for the brand, as far as several keys must fit together.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.scenario.account import Creator, Pool, Scandal
from simulator.scenario.listed import ListedPool
from simulator.scenario.parts import Part, Parts, Problem
from simulator.scenario.rates import unknown_of
from simulator.scenario.section import CERTAIN
from simulator.scenario.strategy import Ads


def behaviour_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem between the keys of people's behaviour and goodwill."""
    yield from _engagement_kinds(parts)
    if "brand" not in parts.raw:
        for section in _leaving(parts):
            yield from _goodwill(section)
    elif isinstance(parts.raw["brand"], Mapping) and not any(
        _may_leave_goodwill(section) for section in _leaving(parts)
    ):
        yield from _brand_of_nobody(parts)


def _leaving(parts: Parts) -> list[Part[Creator] | Part[Pool] | Part[ListedPool] | Part[Ads]]:
    """Give whose impressions may leave goodwill."""
    return [*parts.accounts, *([parts.ads] if parts.ads else [])]


def _may_leave_goodwill(part: Part[Creator] | Part[Pool] | Part[ListedPool] | Part[Ads]) -> bool:
    """Say whether goodwill is written of somebody; 0 may be written too, to see what changes without it."""
    return not part.has("goodwill_per_impression") or "goodwill_per_impression" in part.value.model_fields_set


def _brand_of_nobody(parts: Parts) -> Iterator[Problem]:
    message = (
        "this has no effect while no impression leaves goodwill. Write goodwill_per_impression = "
        '"0.05% to 0.2%" under a creator, a pool or the ads, or remove this'
    )
    yield Problem(("brand",), f"{message} section.")
    for part in parts.accounts:
        if (scandal := _scandal_of(part)) is not None and scandal.goodwill_left != CERTAIN:
            yield Problem((*part.path, "scandal", "goodwill_left"), f"{message} key.")


def _scandal_of(part: Part[Creator] | Part[Pool] | Part[ListedPool] | Part[Ads]) -> Scandal | None:
    return part.value.scandal if isinstance(part.value, Creator | Pool | ListedPool) and part.has("scandal") else None


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


def _goodwill(part: Part[Creator] | Part[Pool] | Part[ListedPool] | Part[Ads]) -> Iterator[Problem]:
    """Say where goodwill is written though nothing says how long it lasts and what it does."""
    mend = "Write a section [brand], half_life_days = 60 and occasion_every_days = 30 in it, or remove this key."
    if part.has("goodwill_per_impression") and unknown_of(part.value.goodwill_per_impression).bounds[1] > 0:
        yield Problem((*part.path, "goodwill_per_impression"), f"this has no effect without a brand. {mend}")
    if (scandal := _scandal_of(part)) is not None and scandal.goodwill_left != CERTAIN:
        yield Problem((*part.path, "scandal", "goodwill_left"), f"this has no effect without a brand. {mend}")
