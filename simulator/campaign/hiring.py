"""What the strategies buy with their budget, whom they hire above all, before anything is played.

In: a scenario. Out: a frozen `Plan` per strategy and market: the creators hired, what each share of the budget
bought, and the money for paid impressions. Invariant: pools are hired from in their own order, the same for every
strategy, and a pool's share stops at the first creator it cannot pay (nobody is skipped); no strategy plans to spend
more than its budget (where named creators and a boost cost more, the scenario is refused when it is read). Nothing
heavy is imported or built, so `check` can say all of this at once.

Explicit creators are paid first, then the boost; the shares of `split` are shares of what is left of the budget, and
that of ads is money for paid impressions. Costs that are unknown before the campaign (a range) are planned at their
median; what a contract is made of stands in `scenario/contract.py`. A plan without some of its creators
(`Plan.without`) is the same plan with their places left empty: nobody moves up, and their money is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from simulator.errors import ScenarioError
from simulator.market.creators import Profile, creator_profile, pool_profile
from simulator.scenario.account import Creator
from simulator.scenario.contract import ValueOf, contract_cents, median, to_cents
from simulator.scenario.model import Scenario
from simulator.scenario.strategy import ADS, Strategy

Plans = Mapping[tuple[str, int], "Plan"]  # by strategy and market
Buys = Literal["creators", "boost", "ads"]


@dataclass(frozen=True)
class ShareSpending:
    """What one share of the budget bought: creators hired of those offered (for ads none), and money [cents].

    Attributes:
        share: Its name in the split: a pool, or ADS.
    """

    share: str
    hired: int
    offered: int
    spent_cents: int
    unspent_cents: int


@dataclass(frozen=True)
class Plan:
    """What a strategy buys in one market.

    Attributes:
        strategy: Name of the strategy.
        market: Index of the market.
        profiles: Whom it hires, by name order.
        shares: What each share of its split bought, in the order of the split.
        boost_cents: Money for impressions of the creators' posts [cents].
        boosted: Names of the creators whose posts may be boosted, which is what whitelisting is paid for.
        left_out: Whom it would hire, too, but for `without`, by name order.
    """

    strategy: str
    market: int
    profiles: tuple[Profile, ...]
    shares: tuple[ShareSpending, ...]
    boost_cents: int = 0
    boosted: frozenset[str] = frozenset()
    left_out: tuple[Profile, ...] = ()

    @property
    def chosen(self) -> tuple[Profile, ...]:
        """Give whom it hires and whom it would hire but for `without`, by name order."""
        return _by_name((*self.profiles, *self.left_out))

    @property
    def ads_cents(self) -> int:
        """Give the money for ads, their share of the split [cents]."""
        return sum(spending.spent_cents for spending in self.shares if spending.share == ADS)

    @property
    def rows(self) -> tuple[str, ...]:
        """Give the rows of a play's books: the creators by name, then the ads where the split has a share of them."""
        ads = (ADS,) if any(spending.share == ADS for spending in self.shares) else ()
        return (*(profile.name for profile in self.profiles), *ads)

    def without(self, names: Collection[str]) -> Plan:
        """Leave some creators out, each with its posts and its cost; names it does not hire change nothing.

        Nobody else moves up. The others post when they would have posted, in the groups of a stagger too, and a boost
        of posts by name spends on them what it would have spent. What is not decided before the campaign goes on
        without the creators: a boost finds its best posts among the others', and reviewers have fewer to read.
        """
        dropped = tuple(profile for profile in self.profiles if profile.name in names)
        kept = tuple(profile for profile in self.profiles if profile.name not in names)
        return replace(
            self,
            profiles=kept,
            shares=tuple(self._with_saved(spending, dropped) for spending in self.shares),
            boosted=self.boosted.difference(names),
            left_out=_by_name((*self.left_out, *dropped)),
        )

    def _with_saved(self, spending: ShareSpending, dropped: tuple[Profile, ...]) -> ShareSpending:
        """Give what a share buys when it saves what some creators, hired here, are planned to cost."""
        its = [profile for profile in dropped if profile.pool == spending.share]
        saved = sum(planned_cents(profile, boosted=profile.name in self.boosted) for profile in its)
        return replace(
            spending,
            hired=spending.hired - len(its),
            spent_cents=spending.spent_cents - saved,
            unspent_cents=spending.unspent_cents + saved,
        )


class Hired(TypedDict):
    """What a strategy buys in one market: creators of one pool or (pool None) those it names, ads, or a boost.

    Money is as planned: a cost that is an unknown of each replication counts with its median.
    """

    market: int
    buys: Buys
    pool: str | None
    hired: int
    offered: int
    spent: float
    unspent: float | None


def fee_cents(profile: Profile, value_of: ValueOf) -> int:
    """Give a creator's fee [cents]; `value_of` gives the value of an unknown one by its key."""
    if profile.fee_cents is not None:
        return profile.fee_cents
    assert isinstance(profile.account, Creator), "only a creator of its own can have an unknown fee"
    return to_cents(value_of("fee", profile.account.fee))


def planned_cents(profile: Profile, *, boosted: bool = False) -> int:
    """Give what hiring a creator, whose posts may be boosted or not, is planned to cost [cents]."""
    return sum(contract_cents(profile.account, fee_cents(profile, median), median, boosted=boosted))


def hire(scenario: Scenario, market: int, strategy: str) -> Plan:
    """Spend a strategy's budget in one market."""
    spec = scenario.strategies[strategy]
    profiles = _named(scenario, strategy)
    boost_cents = to_cents(spec.boost.budget) if spec.boost else 0
    to_share = max(to_cents(scenario.budget or 0.0) - _planned(spec, profiles) - boost_cents, 0)
    left, shares = to_share, []
    for name, share in spec.split.items():
        cents = min(_share_of(to_share, share), left)
        hired, spending = _buy(scenario, market, strategy, name, cents)
        profiles += hired
        shares.append(spending)
        left -= cents
    return Plan(
        strategy,
        market,
        _by_name(profiles),
        tuple(shares),
        boost_cents,
        boosted=frozenset(profile.name for profile in profiles if spec.boosts(profile.name)),
    )


def _by_name(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    return tuple(sorted(profiles, key=lambda profile: profile.name))


def _named(scenario: Scenario, strategy: str) -> list[Profile]:
    accounts = scenario.accounts_of(strategy)
    return [creator_profile(account) for account in accounts if isinstance(account, Creator)]


def _planned(spec: Strategy, profiles: list[Profile]) -> int:
    return sum(planned_cents(profile, boosted=spec.boosts(profile.name)) for profile in profiles)


def _share_of(cents: int, share: float) -> int:
    """Give a share of an amount in whole cents, rounded down, but 0.3 of 60,000.00 is 18,000.00 and no cent less."""
    return int(cents * share + 1e-6)


def _buy(scenario: Scenario, market: int, strategy: str, share: str, cents: int) -> tuple[list[Profile], ShareSpending]:
    """Spend a share of the budget on creators of a pool, or on ads."""
    if share == ADS:
        return [], ShareSpending(ADS, 0, 0, cents, 0)
    hired: list[Profile] = []
    offered, left = scenario.pools[share].count, cents
    while len(hired) < offered:
        profile, cost = _offer(scenario, market, strategy, share, len(hired) + 1)
        if cost > left:
            break
        left -= cost
        hired.append(profile)
    return hired, ShareSpending(share, len(hired), offered, cents - left, left)


def _offer(scenario: Scenario, market: int, strategy: str, pool: str, place: int) -> tuple[Profile, int]:
    """Give the creator at a place of a pool, and what it would cost a strategy [cents]."""
    profile = pool_profile(scenario, market, pool, place)
    return profile, planned_cents(profile, boosted=scenario.strategies[strategy].boosts(profile.name))


def plans_of(scenario: Scenario) -> Plans:
    """Spend the budget of every strategy in every market that is played."""
    return {
        (strategy, market): hire(scenario, market, strategy)
        for market in scenario.markets_played
        for strategy in scenario.strategies
    }


def check_hiring(scenario: Scenario, plans: Plans) -> None:
    """Make sure that each strategy that pays for a pool hires somebody.

    Raises:
        ScenarioError: a strategy hires nobody in any market; the message says what the first creator costs.
    """
    problems = [
        f"strategies.{strategy}: can hire nobody in any market. {_too_dear(scenario, plans, strategy)} Raise the "
        f"budget (now {scenario.budget or 0:,.2f}) or the share, or lower the fee."
        for strategy, spec in scenario.strategies.items()
        if _pools(spec) and not any(plans[strategy, market].profiles for market in scenario.markets_played)
    ]
    if problems:
        raise ScenarioError("\n".join(problems))


def _pools(spec: Strategy) -> list[str]:
    """Give the pools that a strategy pays for; ads are none."""
    return [pool for pool in spec.split if pool != ADS]


def hiring_warnings(scenario: Scenario, plans: Plans) -> list[str]:
    """Say which pools a strategy pays for and hires nobody from, in some markets or in all of them."""
    warnings = []
    for strategy, spec in scenario.strategies.items():
        for pool in _pools(spec):
            empty = [market for market in scenario.markets_played if not _spending(plans, strategy, market, pool).hired]
            if empty:
                where = markets_text(len(empty), len(scenario.markets_played))
                warnings.append(
                    f"{strategy} hires nobody from {pool} in {where}: {_first_cost(scenario, plans, strategy, pool)}."
                )
    return warnings


def markets_text(some: int, of_all: int) -> str:
    """Say in how many markets something is not, of so many; as the end of "not in ..."."""
    if some < of_all:
        return f"{some} of {of_all} markets"
    return "the market that is played" if of_all == 1 else "any market"


def _too_dear(scenario: Scenario, plans: Plans, strategy: str) -> str:
    sentences = [_first_cost(scenario, plans, strategy, pool) for pool in _pools(scenario.strategies[strategy])]
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)


def _first_cost(scenario: Scenario, plans: Plans, strategy: str, pool: str) -> str:
    """Say what the first creator of a pool costs where it is cheapest among those the strategy cannot pay."""
    costs = {
        market: _offer(scenario, market, strategy, pool, 1)[1]
        for market in scenario.markets_played
        if not _spending(plans, strategy, market, pool).hired
    }
    market = min(costs, key=lambda market: costs[market])
    share = _spending(plans, strategy, market, pool).unspent_cents
    return (
        f"the first creator of {pool!r} costs {costs[market] / 100:,.2f} with all that comes with the fee, "
        f"and {pool!r} has {share / 100:,.2f} of the budget"
    )


def _spending(plans: Plans, strategy: str, market: int, pool: str) -> ShareSpending:
    return next(spending for spending in plans[strategy, market].shares if spending.share == pool)


def hired_rows(plans: Plans, strategy: str) -> list[Hired]:
    """Give what a strategy buys: by market, named creators first, then the boost, then the shares of its split."""
    return [row for (name, _), plan in plans.items() if name == strategy for row in _rows(plan)]


def _rows(plan: Plan) -> list[Hired]:
    named = [profile for profile in plan.profiles if profile.pool is None]
    cost = sum(planned_cents(profile, boosted=profile.name in plan.boosted) for profile in named)
    rows = [_row(plan, "creators", None, len(named), len(named), cost)] if named else []
    rows += [_row(plan, "boost", None, 0, 0, plan.boost_cents)] if plan.boost_cents else []
    for its in plan.shares:
        row = _row(plan, ADS if its.share == ADS else "creators", its.share, its.hired, its.offered, its.spent_cents)
        rows.append({**row, "unspent": its.unspent_cents / 100})
    return rows


def _row(plan: Plan, buys: Buys, pool: str | None, hired: int, offered: int, cents: int) -> Hired:
    return {
        "market": plan.market,
        "buys": buys,
        "pool": pool,
        "hired": hired,
        "offered": offered,
        "spent": cents / 100,
        "unspent": None,
    }
