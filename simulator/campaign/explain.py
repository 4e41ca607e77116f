"""What the rates of each creator, each pool and the ads come to, before anything is played.

In: a scenario. Out: frozen values: for each rate what was written and by whom, its steps for typical numbers of
followers, and what follows directly for impressions, clicks, orders and money. Invariants: the steps are those that
are played (`funnel.py`), with every unknown at its median; no market is built and nothing heavy is imported.

Directly means: real followers who see the posts of one creator who delivers all of them. Friends, strangers, paid
media, goodwill, wear by repetition and the quality of posts are left out, so that the numbers are products to be
checked by hand: impressions x clicks per impression x orders per click.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from simulator.campaign.funnel import Step, impression_steps, impression_steps_of_ads, reach_step
from simulator.campaign.hiring import planned_cents
from simulator.market.creators import Profile, creator_profile, typical_profiles, typical_rows
from simulator.market.expected import Audience, expected_share
from simulator.scenario.account import Account, Creator, Pool
from simulator.scenario.contract import ValueOf
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.people import SyntheticPeople
from simulator.scenario.presets.evidence import kind_of
from simulator.scenario.quantity import Quantity
from simulator.scenario.strategy import ADS, Ads

Source = str  # "written", "default", or the preset: "evidence industry", "platform tiktok", "tier micro"


@dataclass(frozen=True)
class Explained:
    """One rate of an account.

    Attributes:
        source: Who gave the value: the scenario (or --set), a preset that it names, nobody, or the rows of a list.
        steps: The rate at the median of every unknown, one for each number of followers.
        low: The same where every unknown is at its 5% point.
        high: The same where every unknown is at its 95% point.
        own: Of a listed pool, how many of the creators that it is about have a rate of their own, written or measured.
    """

    source: Source
    steps: tuple[Step, ...]
    low: tuple[Step, ...]
    high: tuple[Step, ...]
    own: int = 0

    @property
    def key(self) -> str:
        """Give where the rate stands in the account."""
        return self.steps[0].key

    def unknowns(self, *, in_niche: bool = False) -> int:
        """Count the ranges that the rate is a product of; with one, low and high are the bounds of 90% of the plays."""
        step = self.steps[0]
        factors = (*step.times, *(step.in_niche if in_niche else ()))
        return step.is_open + sum(not factor.given.is_fixed for factor in factors)


@dataclass(frozen=True)
class Direct:
    """What one real follower does directly, by all posts of a creator at the medians; of ads, who sees one once.

    Attributes:
        impressions: How many of the posts the follower sees.
        engagements: How often the follower engages.
        clicks: How often a follower outside the product's niche clicks, and one in it.
        orders: How many of these clicks end in an order, of both.
        people: Real followers of one creator in the market; None where not known.
        cents: What the contract of one creator is planned to cost [cents]; of ads None.
        cpm: What 1,000 impressions on followers in the market cost, in money; None where there are none.
        niche_share: Which share of the followers (of ads: viewers) is expected to be of the product's niche; None where
            the product has none, nothing is known of it, or targets of overlap decide who follows.
        strangers: How many impressions on strangers come on top of each of these, of posts as usual.
    """

    impressions: float
    engagements: float
    clicks: tuple[float, float]
    orders: tuple[float, float]
    people: int | None
    cents: int | None
    cpm: float | None
    niche_share: float | None = None
    strangers: float = 0.0

    def cost_of(self, count: float) -> float | None:
        """Give what one engagement, click or order costs where a follower makes so many, in money; None where none."""
        return self.cpm / 1000 * self.impressions / count if self.cpm is not None and count else None


@dataclass(frozen=True)
class Explanation:
    """What the rates of a creator, a pool or the ads come to; of a listed pool those of its creators on one platform.

    Attributes:
        name: The creator's handle, the pool's name, or ADS.
        followers: Advertised followers: of a creator its own, of a pool the fewest, the median and the most [accounts].
            None stands for a number that nobody wrote.
        rates: By the order in which a follower becomes a customer.
        direct: One for each number of followers.
        creators: Of a listed pool, how many creators it is about.
        platform: Of a listed pool whose creators post on several, on which these do.
        shown: Of a listed pool, the handle of each creator whose followers these are.
    """

    name: str
    account: Creator | Pool | ListedPool | Ads
    followers: tuple[int | None, ...]
    rates: tuple[Explained, ...]
    direct: tuple[Direct, ...]
    creators: int = 0
    platform: str | None = None
    shown: tuple[str, ...] = ()


def explain(scenario: Scenario) -> list[Explanation]:
    """Explain every creator, then every pool, each in the scenario's order, then the ads; a mixed list by platform."""
    found = [
        *(
            _account(scenario, ("creators", row), its, (creator_profile(its),))
            for row, its in enumerate(scenario.creators)
        ),
        *(one for name, its in scenario.pools.items() for one in _pool(scenario, name, its)),
    ]
    return [*found, _ads(scenario, scenario.ads)] if scenario.ads else found


def response(fatigue: float, by_frequency: tuple[float, ...], k: int) -> float:
    """Give by what a person's k-th impression multiplies engagement, shares, clicks and goodwill, counted from 1."""
    return float(k**-fatigue) * (by_frequency[min(k, len(by_frequency)) - 1] if by_frequency else 1.0)


def _at(u: float, _path: str, quantity: Quantity) -> float:
    return quantity.quantile(u)


# Every unknown at its median, at its 5% point and at its 95% point.
_MEDIAN, _LOW, _HIGH = (partial(_at, u) for u in (0.5, 0.05, 0.95))


def _pool(scenario: Scenario, name: str, pool: Pool | ListedPool) -> Iterator[Explanation]:
    """Explain a pool; creators of a list who post on several platforms are told by platform."""
    if not isinstance(pool, ListedPool):
        yield _account(scenario, ("pools", name), pool, typical_profiles(scenario, name))
        return
    by_platform: dict[str | None, list[int]] = {}
    for row, account in enumerate(pool.accounts):
        by_platform.setdefault(account.platform or scenario.platform, []).append(row)
    for platform, rows in by_platform.items():
        found = _account(scenario, ("pools", name), pool, typical_profiles(scenario, name, rows), rows)
        shown = tuple(pool.creators[row].handle for row in typical_rows(pool, rows))
        its = platform if len(by_platform) > 1 else None
        yield replace(found, creators=len(rows), platform=its, shown=shown)


def _account(
    scenario: Scenario,
    path: tuple[str, str | int],
    account: Creator | Pool | ListedPool,
    profiles: tuple[Profile, ...],
    rows: Sequence[int] = (),
) -> Explanation:
    filled = dict(scenario.filled)
    median, low, high = (
        [_steps(scenario, profile, value_of) for profile in profiles] for value_of in (_MEDIAN, _LOW, _HIGH)
    )
    of_rows = [_presets_of(filled, path, row, account) for row in rows]

    def source(key: str) -> Source:
        presets = {its.get(key, "") for its in of_rows}
        if len(presets) == 1 and (preset := presets.pop()):
            return kind_of(preset)
        if any(getattr(profile.account, key) != getattr(account, key) for profile in profiles):
            return "creators' own"
        if (*path, key) in filled:
            return kind_of(filled[*path, key])
        return "written" if key in account.model_fields_set else "default"

    def explained(key: str) -> Explained:
        first = key.partition(".")[0]
        own = sum(its.get(first, "") is None for its in of_rows)
        at_median, at_low, at_high = (tuple(steps[key] for steps in its) for its in (median, low, high))
        return Explained(source(first), at_median, at_low, at_high, own)

    rates = tuple(map(explained, median[0]))
    shares = (_niche_share(scenario, profile) for profile in profiles)
    direct = tuple(_direct(*its) for its in zip(profiles, median, shares, strict=True))
    name = account.handle if isinstance(account, Creator) else str(path[1])
    return Explanation(name, account, tuple(profile.followers for profile in profiles), rates, direct)


def _presets_of(filled: Mapping[Path, str], path: Path, row: int, account: Account) -> dict[str, str | None]:
    """Give what a row of a list says other than its pool, each with the preset that says it; None where it does."""
    assert isinstance(account, ListedPool), "only lists have rows"
    return {key: filled.get((*path, "creators", row, key)) for key in account.creators[row].own}


def _formats(profile: Profile) -> list[str | None]:
    """Give the format of each post of a creator."""
    return [profile.account.format_of(number) for number in range(profile.account.post_count)]


def _steps(scenario: Scenario, profile: Profile, value_of: ValueOf) -> dict[str, Step]:
    """Give every rate of an account by key: reach of each format that differs, then what an impression does."""
    reach = (reach_step(profile, its_format, value_of) for its_format in dict.fromkeys(_formats(profile)))
    return {step.key: step for step in reach} | impression_steps(profile, scenario.product, value_of)


def _direct(profile: Profile, steps: Mapping[str, Step], niche_share: float | None) -> Direct:
    posts = [(min(reach_step(profile, its, _MEDIAN).rate(), 1.0), its) for its in _formats(profile)]
    seen = sum(rate for rate, _ in posts)
    by_strangers = sum(rate * _strangers(profile, its_format) for rate, its_format in posts)
    people, cents = None if profile.followers is None else profile.audience_size, planned_cents(profile)
    impressions = (people or 0) * seen
    cpm = cents * 10 / impressions if impressions else None
    strangers = by_strangers / seen if seen else 0.0
    return Direct(seen, *_answers(steps, seen), people, cents, cpm, niche_share, strangers)


def _strangers(profile: Profile, its_format: str | None) -> float:
    """Give the median ratio of impressions on strangers of a post of a format."""
    own = profile.account.formats[its_format].nonfollower_reach_ratio if its_format else None
    return (profile.account.nonfollower_reach_ratio if own is None else own).median


def _niche_share(scenario: Scenario, profile: Profile) -> float | None:
    """Give the expected share of followers of the product's niche; an audience that has a target is drawn otherwise."""
    people, niche, name = scenario.people, scenario.product.niche, profile.pool or profile.name
    tied = any(name == target.pool if profile.pool else name in target.creators for target in scenario.overlap_targets)
    if niche is None or tied or not isinstance(people, SyntheticPeople):
        return None
    return expected_share(people, niche, Audience(profile.account.niche, profile.audience_size))


def _answers(steps: Mapping[str, Step], impressions: float) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Give engagements of so many impressions, then clicks and orders, each outside the product's niche and in it."""
    keys = ("engagement_per_impression", "click_per_impression", "order_per_click")
    engagement, click, order = (_capped(steps[key]) for key in keys)
    clicks = impressions * click[0], impressions * click[1]
    return impressions * engagement[0], clicks, (clicks[0] * order[0], clicks[1] * order[1])


def _capped(step: Step) -> tuple[float, float]:
    return min(step.rate(), 1.0), min(step.rate_in_niche(), 1.0)


def _share_of_viewers(scenario: Scenario, ads: Ads) -> float | None:
    """Give the expected share of the product's niche among who sees an ad: anybody, or the people of one niche."""
    people, niche = scenario.people, scenario.product.niche
    if niche is None or not isinstance(people, SyntheticPeople):
        return None
    return float(ads.niche == niche) if ads.niche else people.niches[niche] / sum(people.niches.values())


def _ads(scenario: Scenario, ads: Ads) -> Explanation:
    median, low, high = (
        impression_steps_of_ads(ads, scenario.product, value_of) for value_of in (_MEDIAN, _LOW, _HIGH)
    )
    rates = tuple(
        Explained("written" if key in ads.model_fields_set else "default", (median[key],), (low[key],), (high[key],))
        for key in median
    )
    direct = Direct(1.0, *_answers(median, 1.0), None, None, ads.cpm.median, _share_of_viewers(scenario, ads))
    return Explanation(ADS, ads, (None,), rates, (direct,))
