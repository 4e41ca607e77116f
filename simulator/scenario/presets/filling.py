"""Fill what creators and pools leave out from presets: evidence, platforms and tiers.

In: raw values of a scenario. Out: the same values with blanks filled, and which preset each is from; of a scenario, the
source of each. Invariants: what is written is never touched (a key counts as a whole), and an account for which neither
evidence nor a platform nor a tier is named gets nothing.

What wins: a written value, then evidence where the account is on a platform that the evidence is about or on none that
is named, then the account's platform. The sources contradict each other, so none is a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from simulator.scenario.account import PLATFORMS, Creator, Pool, planned_posts
from simulator.scenario.listed import ListedPool, Member, is_listed
from simulator.scenario.model import EVIDENCE, Scenario
from simulator.scenario.parts import Parts, Path, Problem
from simulator.scenario.presets.preset import middle_of, preset, presets_for, tier, tier_of, typed
from simulator.scenario.quantity import parse_quantity
from simulator.scenario.terms import PowerFee
from simulator.scenario.wording import NAMES, inside, shown

Filled = tuple[Path, str]  # where a value stands, and the preset it is from: "industry", "tiktok", "tier micro"
OF_CONTRACT = ("fee", "management_cost")


def fill(values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Filled, ...]]:
    """Fill the blanks of creators and pools from the presets that raw values name.

    Args:
        values: The raw values of a scenario, which stay as they are. A name that is no preset is refused elsewhere;
            here the one that was probably meant stands in for it, so that no blank is called missing besides.

    Returns:
        The values with blanks filled, and for each blank its path and the name of the preset.
    """
    if _has_graph_file(values):
        return dict(values), ()
    filled, found = _copied(values), list[Filled]()
    for path, account in _accounts(filled):
        blanks = _blanks(values, path, account)
        account.update({key: value for key, (value, _) in blanks.items()})
        found += [((*path, key), name) for key, (_, name) in blanks.items()]
    return filled, tuple(found)


def fillable(section: str) -> frozenset[str]:
    """Give the keys that an account of a section may leave out where a preset, or a roster file, has them.

    Args:
        section: `creators` or `pools`.
    """
    keys = {key for name in (*EVIDENCE, *PLATFORMS) for key in _keys_from(name, (section, ""))}
    return frozenset(keys | ({*_filled_by("tier"), "creators"} if section == "pools" else set()))


def sources_of(scenario: Scenario) -> dict[Path, str]:
    """Give the source of each value that a scenario has from a preset, by the path of the value."""
    return {path: _source(scenario, path, name) for path, name in scenario.filled}


def found_in(scenario: Scenario) -> tuple[Filled, ...]:
    """Give the values that are what a preset or tier says, whoever wrote them, each with the one that wins.

    A scenario that was written out, presets filled in, no longer says which they were.
    """
    return tuple(_found_in(scenario))


def _found_in(scenario: Scenario) -> Iterator[Filled]:
    accounts: list[tuple[Path, Creator | Pool | ListedPool]] = [
        *((("creators", place), its) for place, its in enumerate(scenario.creators)),
        *((("pools", name), its) for name, its in scenario.pools.items()),
    ]
    for path, account in accounts:
        platform = account.platform or scenario.platform
        yield from _held(presets_for(scenario.evidence, platform), path, account)
        yield from (((*path, key), name) for key, name in _held_of_tier(account, on_platform=platform is not None))
        for place, row in enumerate(account.creators if isinstance(account, ListedPool) else ()):
            yield from _held(presets_for(scenario.evidence, row.platform or platform), (*path, "creators", place), row)


def _held(names: Iterable[str], path: Path, account: Creator | Pool | ListedPool | Member) -> Iterator[Filled]:
    """Give which keys of an account, or of a row of a list, are what which preset says."""
    found: dict[str, str] = {}
    for name in names:
        for key in _keys_from(name, path):
            posts = account.post_count if key == "fee" and isinstance(account, Pool | ListedPool) else 1
            if getattr(account, key, None) == _for_posts(getattr(typed(name), key), posts):
                found.setdefault(key, name)
    yield from (((*path, key), name) for key, name in found.items())


def _held_of_tier(account: Creator | Pool | ListedPool, *, on_platform: bool) -> Iterator[tuple[str, str]]:
    """Give which keys of an account are what the tier says that it names, or on a platform that of its followers."""
    named, ends = account.tier if isinstance(account, Pool) else None, account.fewest_and_most
    its = tier(named) if named else tier_of(middle_of(ends)) if on_platform and ends else None
    if its and account.fake_share == its.usual_fake_share:
        yield "fake_share", its.title
    if its and named and ends == its.followers:
        yield "followers", its.title


def _for_posts(value: Any, posts: int) -> Any:
    """Give what a preset says of an account with so many posts: a fee is for one."""
    return value.model_copy(update={"scale": value.scale * posts}) if isinstance(value, PowerFee) else value


def _source(scenario: Scenario, path: Path, name: str) -> str:
    key = str(path[-1])
    its = preset(name) if name in (*EVIDENCE, *PLATFORMS) else tier(name.removeprefix("tier "))
    posts = scenario.pools[str(path[1])].post_count if key == "fee" else 1
    more = "" if posts == 1 else f" Computed: {posts:,} posts cost {posts:,} times as much."
    return its.sources[key] + more


# ---- which preset fills what


def _blanks(values: Mapping[str, Any], path: Path, account: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    """Give what fills an account: by key the value and the name of its preset."""
    found: dict[str, tuple[Any, str]] = {}
    for name in _presets_of(values, path):
        for key in _keys_from(name, path):
            found.setdefault(key, (_value(name, key, account), name))
    if len(path) == 2:
        found |= _of_tier(values, path, account)
    needless = {"fee"} if _rows(account) and all("fee" in row for row in _rows(account)) else set()
    return {key: given for key, given in found.items() if key not in {*account, *needless}}


def _presets_of(values: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """Give the names of the presets that fill an account; a row of a pool has the pool's unless it posts elsewhere."""
    platform = _named(values, platform_key(values, path))
    if len(path) > 2 and platform == _named(values, platform_key(values, path[:2])):
        return ()
    return presets_for(_named(values, ("evidence",)), platform)


def _keys_from(name: str, path: Path) -> list[str]:
    """Give the keys that a preset fills: what a contract costs is a pool's, and a creator's own fee is written."""
    without = {"pools": () if len(path) == 2 else OF_CONTRACT, "creators": ("fee",)}[str(path[0])]
    return [key for key in preset(name).values if key not in without]


def _value(name: str, key: str, account: Mapping[str, Any]) -> Any:
    value = deepcopy(preset(name).values[key])
    return {**value, "scale": value["scale"] * planned_posts(account)} if key == "fee" else value


def _of_tier(values: Mapping[str, Any], path: Path, account: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    """Give what the tier of an account fills: the one it names, or on a platform the one in which its followers lie."""
    named = _named(values, (*path, "tier")) if path[0] == "pools" and not is_listed(account) else None
    if named is not None:
        its = tier(named)
        span = f"{its.followers[0]} to {its.followers[1]}"
        return {"followers": (span, its.title), "fake_share": (its.usual_fake_share, its.title)}
    middle = _middle_followers(account) if platform_key(values, path) else None
    return {} if middle is None else {"fake_share": (tier_of(middle).usual_fake_share, tier_of(middle).title)}


def _middle_followers(account: Mapping[str, Any]) -> float | None:
    """Give the middle of an account's followers, of a listed pool that of its creators; None if unknown."""
    ends = [end for one in _rows(account) or [account] for end in _ends(one.get("followers"))]
    return middle_of(ends) if ends else None


def _rows(pool: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the creators of a listed pool, as far as they can be read."""
    rows = pool.get("creators")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _ends(followers: object) -> tuple[float, ...]:
    try:
        return parse_quantity(followers, "hard_range").bounds
    except ValueError:
        return ()


# ---- which key asked for it


def platform_key(values: Mapping[str, Any], path: Path) -> Path | None:
    """Give the key that says where an account posts: its own, its pool's or the scenario's; None where none does."""
    homes = ((*home, "platform") for home in dict.fromkeys((path, path[:2], ())))
    return next((key for key in homes if inside(values, key) is not None), None)


def asked_by(values: Mapping[str, Any], path: Path, name: str) -> Path:
    """Give the key that had a value filled in from a preset, whose line is that of the value."""
    own_tier = (*path[:-1], "tier")
    if name in EVIDENCE:
        return ("evidence",)
    if name not in PLATFORMS and inside(values, own_tier) is not None:
        return own_tier
    key = platform_key(values, path[:-1])
    assert key is not None, "only a platform fills what neither evidence nor a tier does"
    return key


def _named(values: Mapping[str, Any], key: Path | None) -> str | None:
    """Give the preset that a key names, or the one that was probably meant."""
    given = inside(values, key) if key else None
    if key is None or given is None:
        return None
    known = NAMES[str(key[-1])]
    if given in known:
        return str(given)
    close = get_close_matches(given[:60], known, n=1, cutoff=0.5) if isinstance(given, str) else []
    return close[0] if close else known[0]


# ---- the accounts of raw values


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Copy raw values as far down as accounts are filled."""
    return {key: _copy(value, 4) if key in ("creators", "pools") else value for key, value in values.items()}


def _copy(given: Any, depth: int) -> Any:
    if depth and isinstance(given, Mapping):
        return {key: _copy(value, depth - 1) for key, value in given.items()}
    return [_copy(value, depth - 1) for value in given] if depth and isinstance(given, list) else given


def _accounts(values: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Give each creator, pool and row of a pool that is a table: where it stands, and its keys."""
    for path, account in _tables(("creators",), values.get("creators"), list):
        yield path, account
    for path, pool in _tables(("pools",), values.get("pools"), Mapping):
        yield path, pool
        yield from _tables((*path, "creators"), pool.get("creators"), list)


def _tables(path: Path, given: Any, kind: Any) -> Iterator[tuple[Path, Any]]:
    if not isinstance(given, kind):
        return
    rows: Iterable[tuple[Any, Any]] = given.items() if isinstance(given, Mapping) else enumerate(given)
    yield from (((*path, key), row) for key, row in rows if isinstance(row, Mapping))


def _has_graph_file(values: Mapping[str, Any]) -> bool:
    return inside(values, ("people", "graph_file")) is not None


# ---- what is wrong with it, and what would help


def preset_problems(parts: Parts) -> Iterator[Problem]:
    """Say where evidence or a platform is named that can have no effect."""
    raw = parts.raw
    if _has_graph_file(raw):
        yield from _without_followers(raw)
    elif raw.get("evidence") in EVIDENCE:
        yield from _without_accounts(raw)


def _without_followers(raw: Mapping[str, Any]) -> Iterator[Problem]:
    paths = [(), *(path for path, _ in _accounts(raw))]
    for key in [("evidence",), *((*path, "platform") for path in paths)]:
        if (given := inside(raw, key)) is not None:
            yield Problem(
                key,
                f"given {shown(given)}; its rates are laws of followers, and people from a graph file follow who the "
                "file says: their creators show no number of followers. Remove this key and write the rates of each "
                "creator.",
            )


def _without_accounts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Say that evidence has no account to fill: all post elsewhere than it is about."""
    about = preset(raw["evidence"]).platforms
    there = {_named(raw, platform_key(raw, path)): path for path, _ in _accounts(raw)}
    if there and not {None, *about} & there.keys():
        yield Problem(
            ("evidence",),
            f"given {shown(raw['evidence'])}; this is about {' and '.join(about)}, and all creators and pools post on "
            f"{' and '.join(map(str, there))}, so it fills in nothing. Remove this key, or correct platform.",
        )


def without_consequences(problems: Iterable[Problem], values: Mapping[str, Any]) -> list[Problem]:
    """Leave out that values are missing where a preset was to fill them in, but its name stands where it can not."""
    given = list(problems)
    asked = {str(problem.path[-1]) for problem in given if problem.path} & NAMES.keys()
    keys = {key for name in asked for key in _filled_by(name)}
    blanks = {path for path in _fillable(values) if path[-1] in keys}
    return [problem for problem in given if problem.path not in blanks]


def offer(problems: Iterable[Problem], values: Mapping[str, Any]) -> str:
    """Say which presets there are where rates are missing that one would fill in; empty where none are."""
    if any(key in values for key in ("evidence", "platform")) or _has_graph_file(values):
        return ""
    blanks = {path for path in _fillable(values) if path[-1] in _filled_by("evidence")}
    if not any(problem.path in blanks for problem in problems):
        return ""
    first, *others = EVIDENCE
    return (
        f'evidence = "{first}", written at the top, would fill in the rates and the delay that creators and pools '
        f'leave out. Other sources, which disagree: {", ".join(others)}. platform = "{PLATFORMS[0]}", at the top or '
        f"in one of them, would do so too, and more; there is also {', '.join(PLATFORMS[1:])}."
    )


def _filled_by(name: str) -> tuple[str, ...]:
    """Give the keys that must be written where `evidence`, `platform` or `tier` does not fill them."""
    return ("followers",) if name == "tier" else tuple(preset(NAMES[name][0]).values)


def _fillable(values: Mapping[str, Any]) -> Iterator[Path]:
    """Give the path of each key that an account leaves out and a preset could fill in."""
    for path, account in _accounts(values):
        of_tier = _filled_by("tier") if path[0] == "pools" and len(path) == 2 else ()
        keys = (*_keys_from(PLATFORMS[0], path), *of_tier)
        yield from ((*path, key) for key in keys if key not in account)
