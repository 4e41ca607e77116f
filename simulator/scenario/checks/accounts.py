"""What must hold between the keys of creators and pools: names, plans of posts, shares of followers.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import Account, Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.parts import Part, Parts, Path, Problem, nearest
from simulator.scenario.people import SyntheticPeople
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import RateLaw, highest
from simulator.scenario.strategy import ADS


def account_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem between the keys of creators and pools."""
    yield from _handles(parts)
    for account in parts.accounts:
        yield from _plan(account)
        yield from _rates(account, parts)
        yield from _followers(account, parts)


def _handles(parts: Parts) -> Iterator[Problem]:
    seen: set[str] = set()
    taken = f'"{ADS}" is what paid impressions are called in a split; choose another'
    if ADS in parts.pools:
        yield Problem(("pools", ADS), f"{taken} name for this pool.")
    for creator in parts.creators:
        handle, path = creator.value.handle, (*creator.path, "handle")
        if not creator.has("handle"):
            continue
        if handle in seen:
            yield Problem(path, f'two creators have the handle "{handle}"; each creator needs a handle of its own.')
        if handle == ADS:
            yield Problem(path, f"{taken} handle.")
        pool, slash, _ = handle.partition("/")
        if slash and pool in parts.pools:
            yield Problem(path, f'"{handle}" is how a creator of the pool "{pool}" is called; choose another handle.')
        seen.add(handle)


def _plan(part: Part[Creator] | Part[Pool] | Part[ListedPool]) -> Iterator[Problem]:
    account = part.value
    if not part.has("post_days", "posts"):
        return
    if account.post_days is None and account.posts is None:
        yield Problem(
            (*part.path, "post_days"),
            "missing. This is the list of days on which posts go out, counted from 0 at the start; write for example "
            "post_days = [0, 3, 7], or posts = 3 with every_days = 2 for posts at regular intervals.",
        )
    elif account.post_days is not None and account.posts is not None:
        message = f"given {account.posts} beside post_days; a plan has one of the two. Remove posts or post_days."
        yield Problem((*part.path, "posts"), message)
    elif account.posts is None:
        yield from _plan_without_posts(part)


def _plan_without_posts(part: Part[Creator] | Part[Pool] | Part[ListedPool]) -> Iterator[Problem]:
    for key in ("first_day", "every_days"):
        value = getattr(part.value, key)
        # a default may be written out
        if part.has(key) and value != type(part.value).model_fields[key].default:
            message = f"given {value:g}; this has no effect without posts. Write posts = 3, or remove this key."
            yield Problem((*part.path, key), message)


def _rates(part: Part[Creator] | Part[Pool] | Part[ListedPool], parts: Parts) -> Iterator[Problem]:
    account = part.value
    if part.has("fake_share", "outside_share") and not account.shares_fit:
        total = account.fake_share + account.outside_share
        yield Problem(
            (*part.path, "outside_share"),
            f"fake_share {account.fake_share:g} and outside_share {account.outside_share:g} add up to {total:g}; "
            "together they are at most 1. Lower one of the two.",
        )
    if part.has("formats", "post_formats"):
        for name in dict.fromkeys(account.post_formats):
            if name not in account.formats:
                known = nearest(name, list(account.formats))
                yield Problem((*part.path, "post_formats"), f'no format "{name}" in formats.{known}')
    for key, rate in account.rates.items():
        if part.has(key[0]):
            yield from _rate(part, key, rate, parts)


def _rate(
    part: Part[Creator] | Part[Pool] | Part[ListedPool], key: Path, rate: RateLaw | Quantity, parts: Parts
) -> Iterator[Problem]:
    account = part.value
    if isinstance(rate, Quantity):
        yield from _reachable(part, key, rate.plausible_high)
    elif isinstance(account, Creator) and parts.people is not None and parts.synthetic is None:
        message = (
            "given a law of followers; people from a graph file follow who the file says, and this creator shows no "
            'number of followers. Write a share (0.024 or "2.4%") or a range ("1% to 3%").'
        )
        yield Problem((*part.path, *key), message)
    elif part.has("followers", "creators") and (ends := account.fewest_and_most) is not None:
        yield from _highest_of_law(part, key, *highest(rate, *ends))


def _highest_of_law(
    part: Part[Creator] | Part[Pool] | Part[ListedPool], key: Path, rate: float, followers: float
) -> Iterator[Problem]:
    """Say that a law leads out of what a rate can be."""
    if rate > 1 + 1e-12:
        yield Problem(
            (*part.path, *key),
            f"the law gives {rate:.4g} to an account with {followers:,.0f} followers; a share is at most 1. Lower "
            "value, or make the law flatter.",
        )
    else:
        yield from _reachable(part, key, rate, f" (by the law, of an account with {followers:,.0f})")


def _reachable(
    part: Part[Creator] | Part[Pool] | Part[ListedPool], key: Path, reach: float, whose: str = ""
) -> Iterator[Problem]:
    if key[-1] != "reach_per_follower" or not part.has("fake_share"):
        return
    if not part.value.can_reach(reach):
        yield unreachable((*part.path, *key), part.value, reach, whose)


def unreachable(path: Path, account: Account, reach: float, whose: str = "") -> Problem:
    """Say that more followers are to be reached than are real."""
    return Problem(
        path,
        f"{reach:g} of the advertised followers{whose} cannot be reached when only "
        f"{account.real_share:g} of them are real (1 - fake_share). Lower one of the two.",
    )


def _followers(part: Part[Creator] | Part[Pool] | Part[ListedPool], parts: Parts) -> Iterator[Problem]:
    if parts.synthetic is not None:
        yield from _followers_in_market(part, parts.synthetic)
    elif parts.people is not None and isinstance(part.value, Creator):
        given = {key: getattr(part.value, key) for key in ("followers", "fake_share", "outside_share") if part.has(key)}
        for key, value in given.items():
            # a share may be written as 0, which is what holds
            if value is not None and (key == "followers" or value > 0):
                message = f"given {value:g}; the graph file says who follows this creator. Remove this key."
                yield Problem((*part.path, key), message)


def are_too_many(real_followers: float, people: SyntheticPeople) -> bool:
    """Say whether an account has more real followers than there are people."""
    return real_followers >= people.count + 0.5


def _followers_in_market(
    part: Part[Creator] | Part[Pool] | Part[ListedPool], people: Part[SyntheticPeople]
) -> Iterator[Problem]:
    account, path = part.value, (*part.path, "followers")
    if isinstance(account, ListedPool):  # each row by itself
        return
    if isinstance(account, Creator) and account.followers is None and part.has("followers"):
        yield Problem(
            path, "missing. This is how many followers the account shows; write for example followers = 50_000."
        )
    if not part.has("followers", "fake_share", "outside_share") or not people.has("count"):
        return
    _, most = account.fewest_and_most or (0.0, 0.0)
    real = most * account.market_share
    if are_too_many(real, people.value):
        yield Problem(
            path,
            f"up to {real:,.0f} real followers in a market of {people.value.count:,} people. Raise people.count, "
            "raise outside_share (followers who live outside the market) or lower followers.",
        )
