"""Which accounts rest on evidence or a platform's tables, and where these are used beyond what they hold for.

In: a scenario. Out: the keys that hold what a preset says, and sentences of caution. Invariant: both go by values, not
by who wrote them, so a scenario that is written out and read again has the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import PLATFORMS, RATES_TO_ORDER, Account, Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.preset import preset, presets_for, typed

_KEYS = (*RATES_TO_ORDER, "delay")


def named_accounts(scenario: Scenario) -> Iterator[tuple[str, str, Creator | Pool | ListedPool]]:
    """Give every creator, then every pool: its section, its name and itself."""
    yield from (("creators", its.handle, its) for its in scenario.creators)
    yield from (("pools", name, its) for name, its in scenario.pools.items())


def presets_of(scenario: Scenario, account: Account) -> tuple[str, ...]:
    """Give the names of the presets that fill what an account leaves out, the one that wins first."""
    return presets_for(scenario.evidence, account.platform or scenario.platform)


def keys_by_preset(scenario: Scenario) -> dict[str, dict[tuple[str, str], tuple[str, ...]]]:
    """Give the rates and delays of creators and pools that are what a preset says, each of the preset that wins.

    Returns:
        By preset, and by section and name ("creators", the handle), the keys; what has none is left out.
    """
    found: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
    for section, name, account in named_accounts(scenario):
        for its, keys in _keys_of_each(scenario, account):
            if keys:
                found.setdefault(its, {})[section, name] = keys
    return found


def _keys_of_each(scenario: Scenario, account: Creator | Pool | ListedPool) -> Iterator[tuple[str, tuple[str, ...]]]:
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
    warnings = []
    for _, name, account in named_accounts(scenario):
        for its, keys in _keys_of_each(scenario, account):
            warnings += [*_beyond_followers(name, account, its, keys), *_beyond_fakes(name, account, its, keys)]
    return warnings


def _beyond_followers(
    name: str, account: Creator | Pool | ListedPool, its: str, keys: tuple[str, ...]
) -> Iterator[str]:
    fewest, most = preset(its).followers
    low, high = (round(end) for end in account.fewest_and_most or (0, 0))
    if keys and high and not fewest <= low <= high <= most:
        has = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        holds = f"is meant for accounts with {fewest:,} to {most:,}"
        yield f"{name} has {has} followers; {kind_of(its)} {holds}, its rates are a guess here."


def _beyond_fakes(name: str, account: Creator | Pool | ListedPool, its: str, keys: tuple[str, ...]) -> Iterator[str]:
    most = preset(its).most_fake_share
    if "reach_per_follower" in keys and account.fake_share > most:
        holds = f"is meant for accounts with at most {most:.0%} of these"
        yield f"{name} has {100 * account.fake_share:.3g}% fake followers; {kind_of(its)} {holds}."


def kind_of(name: str) -> str:
    """Give a preset's name with what it is: "evidence industry", "platform tiktok"; a tier's says it."""
    kinds = {"evidence": EVIDENCE, "platform": PLATFORMS}
    return " ".join([*(kind for kind, names in kinds.items() if name in names), name])
