"""Which written values lie outside of what a platform's tables, or the scenario's evidence, hold for possible.

In: a scenario. Out: a sentence for each such rate, fee and share of fake followers, which names the denominator: to
take a rate of followers for one of impressions is the commonest mistake. Invariants: a value lies outside where its
median is below the 1st or above the 99th percentile of the preset for an account of that size; what a preset filled in
never does.

An account's size is the geometric middle of its followers. Fees are compared where the scenario counts in dollars, as
the tables do. A preset that gives one number and no spread says nothing of what is possible.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from simulator.scenario.account import RATES_TO_ORDER, Account, Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.presets.evidence import keys_of, named_accounts, presets_of
from simulator.scenario.presets.filling import OF_CONTRACT
from simulator.scenario.presets.preset import Tier, middle_of, tier_of, typed
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw, rate_at, unknown_of
from simulator.scenario.terms import PowerFee

_CURRENCY = "$"
_COUNTS = {
    "reach_per_follower": "It counts different followers who see a post, by all that the account shows; views by "
    "others are nonfollower_reach_ratio.",
    "engagement_per_impression": "It counts likes and comments by impressions, not by followers.",
    "share_per_impression": "It counts shares by impressions, not by followers or likes.",
    "click_per_impression": "It counts clicks by impressions, not by followers or visits of the profile.",
    "order_per_click": "It counts orders by clicks, not by impressions.",
}
_ALL = frozenset((*RATES_TO_ORDER, "fake_share"))
_Limits = tuple[float, float]  # the 1st and the 99th percentile


@dataclass(frozen=True)
class _Compared:
    """An account with what of it is compared.

    Attributes:
        followers: The geometric middle of the followers that it may show.
        fee: For all posts; None where it has none of its own.
        keys: Which of its rates and shares are its own; the others are compared once, as the pool's.
        is_read: Whether these come from a roster file, which were divided by the right number already.
    """

    name: str
    account: Account
    followers: float
    fee: Quantity | PowerFee | None
    keys: frozenset[str]
    is_read: bool = False


@dataclass(frozen=True)
class _Outside:
    """A value that lies outside of what is known.

    Attributes:
        name: Of which account.
        value: The value as it is written, and which it is of several.
        factor: How many times the limit that it passes; below 1 where it is too small.
        known_of: Of whom the limits are known: "instagram micro".
        limits: The 1st and the 99th percentile, as they are written.
        hint: What it counts, or which mistake would explain it.
    """

    name: str
    key: str
    value: str
    factor: float
    known_of: str
    limits: str
    hint: str

    @property
    def side(self) -> str:
        """Say which limit it passes."""
        return "above the 99th" if self.factor > 1 else "below the 1st"

    @property
    def said(self) -> str:
        """Say it of the account alone."""
        return (
            f"{self.name}: {self.key} {self.value} is {self.side} percentile of {self.known_of} ({self.limits}). "
            f"{self.hint}"
        )


def range_warnings(scenario: Scenario) -> list[str]:
    """Say which values of creators and pools lie outside of what their platform's tables, or the evidence, know."""
    warnings: list[str] = []
    handles = [its.handle for its in scenario.creators]
    for section, name, account in named_accounts(scenario):
        if (followers := middle_followers(account)) is None:
            continue
        compared = _Compared(name, account, followers, account.fee, _ALL)
        warnings += [found.said for found in _all_outside(scenario, compared)]
        warnings += _of_rows(scenario, name, account) if isinstance(account, ListedPool) else []
        row = name if section == "pools" else handles.index(name)
        warnings += [f"{name}: {said}" for said in _in_dollars(scenario, (section, row))]
    return warnings


def _of_rows(scenario: Scenario, pool: str, account: ListedPool) -> list[str]:
    """Say it of the creators of a listed pool; where it is so for several, once for each key and side."""
    is_read = ("pools", pool, "roster_file") in scenario.written
    compared = (
        _Compared(f"{pool}/{its.handle}", of, its.followers, its.fee, frozenset(its.own), is_read)
        for its, of in zip(account.creators, account.accounts, strict=True)
    )
    alike: dict[tuple[str, bool], list[_Outside]] = {}
    for found in (found for one in compared for found in _all_outside(scenario, one)):
        alike.setdefault((found.key, found.factor > 1), []).append(found)
    return [_said_of(pool, account.count, found) if len(found) > 1 else found[0].said for found in alike.values()]


def _said_of(pool: str, count: int, found: Sequence[_Outside]) -> str:
    """Say it of several creators of a list, with the one that lies farthest off."""
    farthest = max(found, key=lambda one: max(one.factor, 1 / one.factor if one.factor else math.inf))
    return (
        f"{pool}: the {farthest.key} of {len(found):,} of {count:,} creators is {farthest.side} percentile of what is "
        f"usual for their size and platform, farthest {farthest.name} ({farthest.value}, usual {farthest.limits}). "
        f"{farthest.hint}"
    )


def _all_outside(scenario: Scenario, one: _Compared) -> Iterator[_Outside]:
    presets = presets_of(scenario, one.account)
    if not presets:
        return
    *_, known = presets  # a platform's tables, where it is named, rather than one side of a dispute
    its_tier = tier_of(one.followers)
    known_of = f"{known} {its_tier.name}"
    yield from _outside_rates(one, presets, known, known_of)
    if one.account.platform or scenario.platform:
        yield from _outside_shares(one, its_tier, known_of)
        yield from _outside_fees(one, known, known_of, scenario.currency)


def middle_followers(account: Creator | Pool | ListedPool) -> float | None:
    """Give the middle of the followers that an account may show; None where a graph file says who follows."""
    if isinstance(account, ListedPool):
        return middle_of(member.followers for member in account.creators)
    ends = account.fewest_and_most
    return None if ends is None else middle_of(ends)


# ---- rates


def _outside_rates(one: _Compared, presets: tuple[str, ...], known: str, known_of: str) -> Iterator[_Outside]:
    account, followers = one.account, one.followers
    filled = {key for name in presets for key in keys_of(account, name)}
    for key in (key for key in RATES_TO_ORDER if key in one.keys - filled):
        given, theirs = getattr(account, key), getattr(typed(known), key)
        value, limits = _at(given, 0.5, followers), (_at(theirs, 0.01, followers), _at(theirs, 0.99, followers))
        if unknown_of(theirs).is_fixed or _inside(value, limits):
            continue
        hint = "" if one.is_read else _slip(key, value, limits, _views(account, followers))
        shown = f"{_percent(value)}{_which(given, followers)}"
        yield _Outside(
            one.name, key, shown, _factor(value, limits), known_of, _ends(limits, _percent), hint or _COUNTS[key]
        )


def _at(rate: RateLaw | Quantity, u: float, followers: float) -> float:
    return rate_at(rate, unknown_of(rate).quantile(u), followers)


def _which(given: RateLaw | Quantity | PowerFee, followers: float) -> str:
    """Say which of several values was compared."""
    if not isinstance(given, Quantity):
        return f" (of {followers:,.0f} followers)"
    return "" if given.is_fixed else " (the median of what is written)"


def _views(account: Account, followers: float) -> float:
    """Give the views of a post per follower, by whomever: published rates by followers count what strangers do too."""
    return _at(account.reach_per_follower, 0.5, followers) * (1 + account.nonfollower_reach_ratio.median)


def _slip(key: str, value: float, limits: _Limits, views: float) -> str:
    """Say which mistake would explain a rate; nothing where none of the common ones does."""
    if key.endswith("_per_impression") and views and _inside(value / views, limits) and value < limits[0]:
        return (
            f"If this counts by followers, as many tables do, divide it by all views per follower, those by strangers "
            f"included ({_percent(views)}): that is {_percent(value / views)}."
        )
    return f'If percent is meant, write "{_percent(value / 100)}".' if _inside(value / 100, limits) else ""


# ---- fake followers and fees


def _outside_shares(one: _Compared, its_tier: Tier, known_of: str) -> Iterator[_Outside]:
    share, theirs = one.account.fake_share, its_tier.fake_share
    limits = theirs.quantile(0.01), theirs.quantile(0.99)
    if "fake_share" in one.keys and share != its_tier.usual_fake_share and not _inside(share, limits):
        hint = "It counts fake and inactive ones by all followers shown."
        factor = _factor(share, limits)
        yield _Outside(one.name, "fake_share", _percent(share), factor, known_of, _ends(limits, _percent), hint)


def _outside_fees(one: _Compared, known: str, known_of: str, currency: str) -> Iterator[_Outside]:
    law, posts = typed(known).fee, one.account.post_count
    if one.fee is None or currency != _CURRENCY:
        return
    assert isinstance(law, PowerFee), "the fee of a platform is a law of followers"
    theirs = Quantity("amount", "lognormal", (_fee_at(law, one.followers) * posts, law.noise))
    value, limits = _fee_at(one.fee, one.followers), (theirs.quantile(0.01), theirs.quantile(0.99))
    if not _inside(value, limits):
        hint = f"It is for {'1 post' if posts == 1 else f'{posts:,} posts together'}."
        shown = f"{_money(value)}{_which(one.fee, one.followers)}"
        yield _Outside(one.name, "fee", shown, _factor(value, limits), known_of, _ends(limits, _money), hint)


def _fee_at(fee: PowerFee | Quantity, followers: float) -> float:
    return fee.median if isinstance(fee, Quantity) else fee.usual(followers)


def _in_dollars(scenario: Scenario, place: Path) -> Iterator[str]:
    """Say what was filled in as dollars where a scenario counts otherwise."""
    of_money = [str(path[-1]) for path, _ in scenario.filled if path[:-1] == place and path[-1] in OF_CONTRACT]
    if scenario.currency == _CURRENCY or not of_money:
        return
    are, them = ("is", "it") if len(of_money) == 1 else ("are", "them")
    yield (
        f"{' and '.join(of_money)} {are} filled in as US dollars, and this scenario counts in {scenario.currency}. "
        f"Write {them} yourself."
    )


# ---- words


def _inside(value: float, limits: _Limits) -> bool:
    low, high = limits
    return low * (1 - 1e-9) <= value <= high * (1 + 1e-9)


def _factor(value: float, limits: _Limits) -> float:
    """Give how many times the limit that it passes a value is."""
    low, high = limits
    return value / (high if value > high else low)


def _ends(limits: _Limits, written: Callable[[float], str]) -> str:
    return " to ".join(map(written, limits))


def _percent(share: float) -> str:
    return f"{_plain(100 * share)}%"


def _money(amount: float) -> str:
    return f"{_CURRENCY}{amount:,.0f}" if amount >= 100 else f"{_CURRENCY}{_plain(amount)}"


def _plain(number: float) -> str:
    """Write three digits, without an exponent."""
    return f"{Decimal(f'{number:.3g}'):f}"
