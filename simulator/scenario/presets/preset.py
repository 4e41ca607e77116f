"""What the files of `presets/` hold: what a study, a platform's tables or a tier says of an account.

In: the name of a preset or tier, or a number of followers. Out: frozen values, each with its source. Invariant: no
value is without a source.

Evidence is the file `presets/NAME.toml`, a platform `presets/platforms/NAME.toml`: a table for each key of an account,
with its value and its source. What a preset does not hold, it takes from the one that it is `based_on`; a key that is
`like` that of another has its value. Tiers are in `presets/tiers.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from statistics import fmean
from typing import Any

from simulator.scenario.account import PLATFORMS, Pool
from simulator.scenario.parts import parts_of
from simulator.scenario.quantity import Quantity, parse_quantity

FOLDER = Path(__file__).parent
_ABOUT = ("based_on", "publication", "says", "platforms", "followers", "most_fake_share")


@dataclass(frozen=True)
class Preset:
    """What one source, or one platform, says.

    Attributes:
        name: How scenarios call it.
        publication: Who found it, and where that is published.
        says: The finding, in a few words.
        values: What it gives to a key of an account, as TOML holds it. Not to be changed. A fee is for one post.
        sources: Where the value of each of these keys comes from, what was computed and what is assumed.
        platforms: For accounts on which platforms it is meant.
        followers: For accounts with how many advertised followers it is meant: the fewest and the most.
        most_fake_share: Up to which share of these may be fake.
    """

    name: str
    publication: str
    says: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]
    platforms: tuple[str, ...]
    followers: tuple[int, int]
    most_fake_share: float


@dataclass(frozen=True)
class Tier:
    """A size of account.

    Attributes:
        name: How scenarios call it.
        followers: The fewest and the most advertised followers [accounts].
        fake_share: Which share of these is fake or inactive; the usual one is its mode.
        sources: Where both come from, by key.
    """

    name: str
    followers: tuple[int, int]
    fake_share: Quantity
    sources: Mapping[str, str]

    @property
    def title(self) -> str:
        """Give how it is cited."""
        return f"tier {self.name}"

    @property
    def middle(self) -> float:
        """Give the followers of an account in its middle."""
        return middle_of(self.followers)

    @property
    def usual_fake_share(self) -> float:
        """Give the share that a scenario is filled with."""
        _, usual, _ = self.fake_share.values
        return usual


@cache
def preset(name: str) -> Preset:
    """Read a preset.

    Args:
        name: One of `EVIDENCE` or of `PLATFORMS`.

    Returns:
        The preset, with what it takes from others.
    """
    is_platform = name in PLATFORMS
    given = _read(FOLDER / "platforms" / f"{name}.toml" if is_platform else FOLDER / f"{name}.toml")
    base = preset(given["based_on"]) if "based_on" in given else None
    own = {key: table for key, table in given.items() if key not in _ABOUT}
    span = given.get("followers") or {}
    return Preset(
        name,
        given["publication"],
        given["says"],
        {**(base.values if base else {}), **{key: _value(key, table) for key, table in own.items()}},
        {**(base.sources if base else {}), **{key: table["source"] for key, table in own.items()}},
        (name,) if is_platform else tuple(given.get("platforms") or (base.platforms if base else ())),
        base.followers if base and not span else (span["from"], span["to"]),
        given["most_fake_share"] if base is None else base.most_fake_share,
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _value(key: str, table: Mapping[str, Any]) -> Any:
    return preset(table["like"]).values[key] if "like" in table else table["value"]


def presets_for(evidence: str | None, platform: str | None) -> tuple[str, ...]:
    """Give the presets that fill an account, the one that wins first.

    Args:
        evidence: What the scenario asks for, one of `EVIDENCE`, or None.
        platform: Where the account posts, one of `PLATFORMS`, or None where that is not said.
    """
    fits = evidence is not None and (platform is None or platform in preset(evidence).platforms)
    return tuple(name for name in (evidence if fits else None, platform) if name is not None)


@cache
def tiers() -> tuple[Tier, ...]:
    """Give every tier, the smallest first."""
    given = _read(FOLDER / "tiers.toml")
    sources = given.pop("sources")
    return tuple(
        Tier(
            name,
            (its["followers"]["from"], its["followers"]["to"]),
            parse_quantity(its["fake_share"], "share"),
            sources,
        )
        for name, its in given.items()
    )


def tier(name: str) -> Tier:
    """Give a tier by its name, one of `TIERS`."""
    return next(its for its in tiers() if its.name == name)


def middle_of(followers: Iterable[float]) -> float:
    """Give the geometric middle of numbers of followers, which says of what size an account, or a list of them, is."""
    return exp(fmean(log(max(number, 1.0)) for number in followers))


def tier_of(followers: float) -> Tier:
    """Give the tier of a number of followers; beyond all tiers, the smallest or the largest."""
    return next((its for its in tiers() if followers < its.followers[1]), tiers()[-1])


@cache
def typed(name: str) -> Pool:
    """Give a pool whose values are those of a preset, as a scenario holds them; its other values mean nothing."""
    pool = parts_of({"pools": {name: dict(preset(name).values)}}).pools[name].value
    assert isinstance(pool, Pool), "a preset lists nobody"
    return pool
