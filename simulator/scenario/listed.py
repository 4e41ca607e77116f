"""A pool whose creators are known: a list of them, in the order in which they are hired.

In: the table `[pools.NAME]` with rows `[[pools.NAME.creators]]`, written by hand or read from `roster_file`. Out: a
frozen pool and, for each row, its account. Invariants: what a row leaves out is the pool's; a creator's account comes
from the pool and its own row only, so the order of the rows and other rows do not matter to it.

A pool that is drawn (`account.Pool`) and one that is listed have the same interface: `count`, `fewest_and_most`,
`mean_followers`, `audience_bound`, `names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simulator.scenario.account import MOST_FOLLOWERS, Account, PlatformName, Pool, StrangersRatio
from simulator.scenario.quantity import Amount, Quantity
from simulator.scenario.rates import Rate
from simulator.scenario.section import LIST, Delay, FileName, Name, Section, ShareBelowOne, about, unit_of
from simulator.scenario.terms import PoolFee, PowerFee

MOST_LISTED = 10_000


def _as_pool(key: str, example: str) -> Any:
    """Say of a key of a row what the pool says of the same key."""
    field = Account.model_fields[key]
    return about(field.description or "", example, unit_of(field))


class Member(Section):
    """One creator of a listed pool: who it is, and what differs from the pool."""

    handle: Annotated[Name, about("the name of the creator", '"anna"', "none")]
    followers: Annotated[
        int,
        Field(ge=1, le=MOST_FOLLOWERS),
        about("how many followers the account shows", "50_000", "advertised followers"),
    ]
    fee: Annotated[
        Amount | None,
        about("what the creator is paid for all posts together, in money", "900", "money per creator, all posts"),
    ] = None
    platform: Annotated[PlatformName | None, _as_pool("platform", '"tiktok"')] = None
    niche: Annotated[Name | None, _as_pool("niche", '"beauty"')] = None
    fake_share: Annotated[ShareBelowOne | None, _as_pool("fake_share", "0.25")] = None
    outside_share: Annotated[ShareBelowOne | None, _as_pool("outside_share", "0.3")] = None
    reach_per_follower: Annotated[Rate | None, _as_pool("reach_per_follower", "0.18")] = None
    engagement_per_impression: Annotated[Rate | None, _as_pool("engagement_per_impression", "0.11")] = None
    share_per_impression: Annotated[Rate | None, _as_pool("share_per_impression", "0.004")] = None
    click_per_impression: Annotated[Rate | None, _as_pool("click_per_impression", "0.018")] = None
    order_per_click: Annotated[Rate | None, _as_pool("order_per_click", "0.02")] = None
    delay: Annotated[Delay | None, _as_pool("delay", '{ dist = "lognormal", median_hours = 6.0, sigma = 1.4 }')] = None
    nonfollower_reach_ratio: Annotated[StrangersRatio | None, _as_pool("nonfollower_reach_ratio", "0.3")] = None

    @cached_property
    def own(self) -> Mapping[str, Any]:
        """Give what differs from the pool's account, by key."""
        given = {key: getattr(self, key) for key in Account.model_fields if key in type(self).model_fields}
        return {key: value for key, value in given.items() if value is not None}


class ListedPool(Account):
    """Creators of one sort that are known by name, of which a strategy hires as many as it can pay, in their order."""

    creators: Annotated[
        tuple[Member, ...],
        LIST,
        Field(min_length=1, max_length=MOST_LISTED),
        about(
            "the list of the pool's creators, in the order in which they are hired",
            '[{ handle = "anna", followers = 50_000, fee = 900 }]',
        ),
    ]
    fee: Annotated[
        PoolFee | None,
        about(
            "what a creator whose row has no fee is paid for all posts together, in money",
            '"100 to 2_000"',
            "money per creator, all posts",
        ),
    ] = None
    roster_file: Annotated[
        FileName | None,
        Field(exclude=True),
        about("the CSV file that holds the pool's creators, relative to the scenario", '"creators.csv"', "none"),
    ] = None
    audience_country: Annotated[
        FileName | None,
        Field(exclude=True),
        about(
            "the country of the market, of which the roster file says what share of an audience lives in it",
            '"US"',
            "none",
        ),
    ] = None

    @property
    def count(self) -> int:
        """Give how many creators can be hired."""
        return len(self.creators)

    @property
    def fewest_and_most(self) -> tuple[float, float]:
        """Give between how many followers an account of the pool shows."""
        followers = [member.followers for member in self.creators]
        return float(min(followers)), float(max(followers))

    @property
    def mean_followers(self) -> float:
        """Give how many followers an account of the pool shows on average."""
        return sum(member.followers for member in self.creators) / len(self.creators)

    @property
    def audience_bound(self) -> int:
        """Give how many followers a creator of the pool has among the people of the market at most [persons]."""
        pairs = zip(self.creators, self.accounts, strict=True)
        return max(account.audience_size(member.followers) for member, account in pairs)

    def fee_of(self, member: Member) -> Quantity | PowerFee:
        """Give what a creator is paid: the fee of its row, else the pool's."""
        fee = self.fee if member.fee is None else member.fee
        assert fee is not None, "checked when the scenario is read"
        return fee

    @property
    def can_be_discovered(self) -> bool:
        """Say whether the platform may show posts of a creator to strangers."""
        return any(account.can_be_discovered for account in self.accounts)

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """Give the account of each row; rows that say the same share one."""
        values = {key: getattr(self, key) for key in Account.model_fields}
        written = self.model_fields_set.intersection(values)
        known: dict[tuple[Any, ...], Account] = {}
        for member in self.creators:
            if (key := tuple(member.own.items())) not in known:
                own = written.union(member.own)
                known[key] = Account.model_construct(_fields_set=own, **{**values, **member.own})
        return tuple(known[tuple(member.own.items())] for member in self.creators)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Give the place of each creator, counted from 1, by what stands behind the pool's name in its own."""
        return {member.handle: place for place, member in enumerate(self.creators, start=1)}


# No key begins with "#", so a tag in the path of an error cannot be taken for a key.
def is_listed(given: Any) -> bool:
    """Say whether a pool, as it is written or read, is one whose creators are listed."""
    return isinstance(given, ListedPool) or (
        isinstance(given, Mapping) and bool({"creators", "roster_file"} & {*given})
    )


AnyPool = Annotated[
    Annotated[Pool, Tag("#drawn")] | Annotated[ListedPool, Tag("#listed")],
    Discriminator(lambda given: "#listed" if is_listed(given) else "#drawn"),
]
