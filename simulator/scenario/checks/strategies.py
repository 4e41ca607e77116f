"""What must hold between a strategy and whom it hires: names, shares and money.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from simulator.scenario.account import Creator
from simulator.scenario.contract import ValueOf, contract_cents, median, to_cents
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Part, Parts, Problem, nearest
from simulator.scenario.strategy import ADS, Strategy
from simulator.scenario.wording import SECTIONS

MAX_POSTS = 65_535  # each costs a scan of its creator's followers; more is a slip of the pen


def strategy_problems(parts: Parts) -> Iterator[Problem]:
    """Give every problem between strategies and the accounts they hire."""
    for strategy in parts.strategies.values():
        yield from _hires(strategy, parts)
        yield from _split(strategy, parts)
        yield from _explicit_cost(strategy, parts)
        yield from _posts(strategy, parts)
        yield from _stagger(strategy, parts)


def _hires(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy, path = part.value, (*part.path, "creators")
    if part.has("creators"):
        known = dict.fromkeys(parts.handles)
        for handle, times in Counter(strategy.creators).items():
            if handle not in known:
                yield Problem(path, f'no creator "{handle}".{nearest(handle, list(known))}')
            elif times > 1:
                yield Problem(path, f'hires "{handle}" {times} times; name each creator once.')
    if not {"creators", "split"} & strategy.model_fields_set:
        yield Problem(part.path, 'hires nobody. Give creators = ["handle"], split = { pool = 1.0 }, or both.')


def _split(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    path, raw_pools = (*part.path, "split"), parts.raw.get("pools")
    raw_split = parts.raw["strategies"][part.path[1]].get("split")
    if not isinstance(raw_split, Mapping) or not raw_split:
        return
    pools = list(raw_pools) if isinstance(raw_pools, Mapping) else []
    known = [*pools, *([ADS] if ADS in parts.raw else [])]
    for pool in raw_split:
        if pool == ADS and pool not in known:
            yield Problem((*path, pool), f"no section says what these ads are. Write {SECTIONS[ADS]}.")
        elif pool not in known:
            yield Problem((*path, pool), f'no pool "{pool}".{nearest(pool, known)}')
    total = sum(part.value.split.values())
    if part.has("split") and total > 1 + 1e-9:
        yield Problem(path, f"the shares add up to {total:g}; together they are at most 1. Lower one of them.")
    if parts.raw.get("budget") is None and not _is_misspelt("budget", parts):
        yield Problem(path, "shares of which budget? Write budget = 60_000 at the top of the file.")


def _explicit_cost(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    hired = _hired(part, parts)
    if parts.budget is None or not part.has("creators") or not all(_has_cost(creator) for creator in hired):
        return
    creators, strategy = [creator.value for creator in hired], _with_usable_boost(part, parts)
    boost, budget = _boost_cents(part, parts), to_cents(parts.budget)
    # the bounds first: they are free, a median may need scipy
    if boost + _cents(strategy, creators, lambda _, q: q.bounds[1]) <= budget:
        return
    cents = _cents(strategy, creators, median)
    rights = " with the right to boost them" if cents > _cents(Strategy(), creators, median) else ""
    if cents > budget:
        yield Problem(
            (*part.path, "creators"),
            f"the creators cost {cents / 100:,.2f}{rights} and the budget is {parts.budget:,.2f}. Raise the budget or "
            "hire fewer of them.",
        )
    elif cents + boost > budget:
        beside = f" beside creators who cost {cents / 100:,.2f}{rights}" if cents else ""
        mend = "lower this one or hire fewer creators" if cents else "or lower this one"
        yield Problem(
            (*part.path, "boost", "budget"),
            f"given {boost / 100:,.2f}{beside}, and the budget for all of it is {parts.budget:,.2f}. Raise the budget, "
            f"{mend}.",
        )


def _hired(part: Part[Strategy], parts: Parts) -> list[Part[Creator]]:
    """Give the creators that a strategy names, each once, as far as there are such."""
    found = [parts.creator(handle) for handle in dict.fromkeys(part.value.creators)]
    return [creator for creator in found if creator is not None]


def _with_usable_boost(part: Part[Strategy], parts: Parts) -> Strategy:
    """Give a strategy with its boost where one can rely on whom it boosts, else without."""
    boost = parts.boost_of(part)
    usable = boost.value if boost and boost.has("top", "posts") else None
    return part.value.model_copy(update={"boost": usable})


def _boost_cents(part: Part[Strategy], parts: Parts) -> int:
    boost = parts.boost_of(part)
    return to_cents(boost.value.budget) if boost and boost.has("budget") else 0


def _has_cost(creator: Part[Creator]) -> bool:
    """Say whether all that a creator's contract costs can be relied on; its posts count where they cost something."""
    per_post = creator.value.terms.production_cost_per_post.bounds[1] > 0
    return creator.has("fee", "management_cost", "terms", *(["post_days", "posts"] if per_post else []))


def _cents(strategy: Strategy, creators: list[Creator], value_of: ValueOf) -> int:
    """Give what a strategy pays creators by contract [cents]."""
    return sum(
        sum(contract_cents(its, to_cents(value_of("fee", its.fee)), value_of, boosted=strategy.boosts(its.handle)))
        for its in creators
    )


def _posts(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy = part.value
    creators = [creator.value for creator in _hired(part, parts) if creator.has("post_days", "posts")]
    pools = [pool.value for name, pool in parts.pools.items() if name in strategy.split]
    posts = sum(c.post_count for c in creators) + sum(pool.count * pool.post_count for pool in pools)
    posts += ADS in strategy.split  # ads are played as one post
    if part.has("creators", "split") and posts > MAX_POSTS:
        yield Problem(
            part.path,
            f"plans up to {posts:,} posts; at most {MAX_POSTS:,} can be played. Shorten post_days, lower posts "
            "or lower the count of a pool.",
        )


def _stagger(part: Part[Strategy], parts: Parts) -> Iterator[Problem]:
    strategy, stagger = part.value, part.value.stagger
    if stagger is None or not part.has("stagger", "creators", "split"):
        return
    if stagger.waves == "pools" and not strategy.split.keys() - {ADS}:
        yield Problem(
            (*part.path, "stagger", "waves"),
            'given "pools"; this strategy hires from no pool. Write a number of groups, such as waves = 3.',
        )
    if stagger.by != "name" and strategy.creators and parts.people is not None and parts.synthetic is None:
        yield Problem(
            (*part.path, "stagger", "by"),
            f'given "{stagger.by}"; with a graph file the advertised followers of creators are not known. Write '
            'by = "name".',
        )


def _is_misspelt(key: str, parts: Parts) -> bool:
    """Say whether a key at the top was probably meant by one that is not known, which is said already."""
    return bool(get_close_matches(key, parts.raw.keys() - Scenario.model_fields, cutoff=0.8))
