"""Which accounts rest on evidence or a platform's tables, and where these are used beyond what they hold for.

In: a scenario. Out: the keys that hold what a preset says, and sentences of caution. Invariant: both go by values, not
by who wrote them, so a scenario that is written out and read again has the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.scenario.account import PLATFORMS, RATES_TO_ORDER, Account, Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.presets.preset import preset, presets_for, typed

_KEYS = (*RATES_TO_ORDER, "delay")


def named_accounts(scenario: Scenario) -> Iterator[tuple[str, str, Creator | Pool | ListedPool]]:
    """Give every creator, then every pool: its section, its name and itself."""
    yield from (("creators", its.handle, its) for its in scenario.creators)
    yield from (("pools", name, its) for name, its in scenario.pools.items())


def platforms_of(scenario: Scenario) -> tuple[str, ...]:
    """Give every platform on which the scenario, an account or a creator of a listed pool says to post."""
    named = [scenario.platform]
    for _, _, account in named_accounts(scenario):
        named += [account.platform, *(row.platform for row, _ in _rows(account))]
    return tuple(dict.fromkeys(name for name in named if name))


def presets_of(scenario: Scenario, account: Account) -> tuple[str, ...]:
    """Give the names of the presets that fill what an account leaves out, the one that wins first."""
    return presets_for(scenario.evidence, account.platform or scenario.platform)


@dataclass(frozen=True)
class Use:
    """What one account has from a preset, or creators of one listed pool.

    Attributes:
        section: "creators" or "pools".
        name: The creator's handle, or the pool's name.
        preset: What its values are from.
        keys: Which of its rates and delay; of a list, which of those of any of the creators.
        followers: The fewest and the most that these show [accounts]; None where a graph file says who follows.
        fake_share: Which share of these is fake, at most.
        creators: Of a listed pool, how many creators it is about, and of how many; of another account 1 and 1.
    """

    section: str
    name: str
    preset: str
    keys: tuple[str, ...]
    followers: tuple[float, float] | None
    fake_share: float
    creators: tuple[int, int] = (1, 1)

    @property
    def who(self) -> str:
        """Say whom it is about, with the verb."""
        some, all_of_them = self.creators
        if some == all_of_them:
            return f"{self.name} has"
        return f"{some:,} of {all_of_them:,} creators of {self.name} {'has' if some == 1 else 'have'}"


def uses_of(scenario: Scenario) -> Iterator[Use]:
    """Give the rates and delays of creators and pools that are what a preset says, each of the preset that wins.

    Of a listed pool its rows count, for these may post elsewhere than their pool, and may have rates of their own.
    """
    for section, name, account in named_accounts(scenario):
        found: dict[str, list[Use]] = {}
        rows = _rows(account)
        for its, followers in rows:
            for preset_name, keys in _keys_of_each(scenario, its):
                use = Use(section, name, preset_name, keys, followers, its.fake_share)
                found.setdefault(preset_name, []).extend([use] if keys else [])
        yield from (_together(uses, len(rows)) for uses in found.values() if uses)


def _rows(account: Creator | Pool | ListedPool) -> list[tuple[Account, tuple[float, float] | None]]:
    """Give an account, or those of the creators of a listed pool, each with the fewest and the most followers."""
    if not isinstance(account, ListedPool):
        return [(account, account.fewest_and_most)]
    pairs = zip(account.accounts, account.creators, strict=True)
    return [(its, (float(row.followers), float(row.followers))) for its, row in pairs]


def _together(uses: Sequence[Use], of: int) -> Use:
    """Give what creators of one account have from one preset as one use."""
    ends = [use.followers for use in uses if use.followers is not None]
    return replace(
        uses[0],
        keys=tuple(key for key in _KEYS if any(key in use.keys for use in uses)),
        followers=(min(low for low, _ in ends), max(high for _, high in ends)) if ends else None,
        fake_share=max(use.fake_share for use in uses),
        creators=(len(uses), of),
    )


def _keys_of_each(scenario: Scenario, account: Account) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the presets of an account, each with the keys that no preset before it has."""
    seen: set[str] = set()
    for its in presets_of(scenario, account):
        yield its, (keys := tuple(key for key in keys_of(account, its) if key not in seen))
        seen.update(keys)


def keys_of(account: Account, name: str) -> tuple[str, ...]:
    """Give which of an account's rates and delay are what a preset says."""
    return tuple(key for key in _KEYS if getattr(account, key) == getattr(typed(name), key))


def evidence_warnings(scenario: Scenario) -> list[str]:
    """Say of which accounts a preset is used though it is not meant for them."""
    return [warning for use in uses_of(scenario) for warning in (*_beyond_followers(use), *_beyond_fakes(use))]


def _beyond_followers(use: Use) -> Iterator[str]:
    fewest, most = preset(use.preset).followers
    low, high = (round(end) for end in use.followers or (0, 0))
    if high and not fewest <= low <= high <= most:
        shown = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        holds = f"is meant for accounts with {fewest:,} to {most:,}"
        yield f"{use.who} {shown} followers; {kind_of(use.preset)} {holds}, its rates are a guess here."


def _beyond_fakes(use: Use) -> Iterator[str]:
    most = preset(use.preset).most_fake_share
    if "reach_per_follower" in use.keys and use.fake_share > most:
        holds = f"is meant for accounts with at most {most:.0%} of these"
        at_most = "at most " if use.creators != (1, 1) else ""
        yield f"{use.who} {at_most}{100 * use.fake_share:.3g}% fake followers; {kind_of(use.preset)} {holds}."


def kind_of(name: str) -> str:
    """Give a preset's name with what it is: "evidence industry", "platform tiktok"; a tier's says it."""
    kinds = {"evidence": EVIDENCE, "platform": PLATFORMS}
    return " ".join([*(kind for kind, names in kinds.items() if name in names), name])
