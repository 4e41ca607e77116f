"""The two clocks play the same campaign to the same bit, and this test can tell when they do not.

In: small worlds, drawn so that ties are the rule: few distinct delays, posts at equal seconds, overlapping audiences,
fatigue that makes the order of impressions count, strangers who are shown posts, chances that change, stock that runs
out and comes back. Each is played by the compiled clock, with buckets of any
width, and by the reference; tallies must be equal. Wrong clocks, played in the same worlds, must differ.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator
from simulator.campaign.operations import Assignment, Campaign, Crowd, Process, Work
from simulator.market.follow_graph import FollowGraph, graph_of_edges
from simulator.market.people import ACTIVITY_LEVELS, People
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw
from simulator.scenario.strategy import Stock
from simulator.spread import arrays, reference, rules
from simulator.spread.conditions import (
    DELAY_ENTRIES,
    Conditions,
    DelayLaw,
    Effect,
    Post,
    Strangers,
    delay_table,
    reach_table,
    wear_table,
)
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.goodwill import MOST_GOODWILL, Brand
from simulator.spread.reference import ReferenceCrowd
from simulator.spread.tally import COUNTS, Tally
from simulator.streams import fold, name_key, text_word

ALWAYS, FRESH = 2**32, 2**31
HOUR = 3600
SCENARIO = Path(__file__).parent.parent / "scenarios" / "micro_vs_celebrity.toml"

Seconds = npt.NDArray[np.int64]
Counts = tuple[int, list[list[int]], list[list[int]], list[int], list[int], list[Any]]
MakeCrowd = Callable[[Conditions, simpy.Environment], Crowd]


@dataclass(frozen=True)
class Publication:
    """A post (index into `Conditions.posts`) and when it goes out [s]."""

    post: int
    second: int


@dataclass(frozen=True)
class Act:
    """What a campaign does to the crowd at a second, besides publishing."""

    second: int
    do: Callable[[Crowd], None]


Plans = list[list[Publication]]


@dataclass(frozen=True)
class World:
    """A small world, who publishes what when in it, and what else the campaign does."""

    conditions: Conditions
    plans: Plans
    bucket_bits: int | None = None
    acts: tuple[Act, ...] = ()
    stock: Stock | None = None

    def __repr__(self) -> str:
        """Show what matters when a world is found on which the clocks differ."""
        c = self.conditions
        graph = [c.graph.followers[a:b].tolist() for a, b in zip(c.graph.offsets, c.graph.offsets[1:], strict=False)]
        chances = [(p.engage, p.share, p.click, p.order) for p in c.posts]
        delays = [sorted(set(table.tolist()))[:9] for table in (c.peer_delay, *(p.delay for p in c.posts))]
        audiences = [post.audience.tolist() for post in c.posts]
        return (
            f"World(horizon={c.horizon}, bits={self.bucket_bits}, plans={self.plans}, followers={graph}, "
            f"audiences={audiences}, chances={chances}, delays={delays}, wear={c.wear[:4].tolist()}, "
            f"acts={[act.second for act in self.acts]}, stock={self.stock})"
        )


# Drawing worlds ---------------------------------------------------------------------------------------------

TINY_HORIZONS = [0, 1, 2, 59, 63, 64, 65]
HORIZONS = [HOUR - 1, HOUR, HOUR + 1, 7300, 20_000, 100_000, 400_000]
TIED_HORIZONS = [3, 5, 59, 64, 65, HOUR, 7300]
TIED_DELAYS = [[0], [1], [2], [0, 1], [1, 2], [0, 1, 2, 3]]
FEW_DELAYS = [*TIED_DELAYS, [60], [HOUR], [0, 1, 2, 3, 64], [1, 1, 1, 5000]]
DELAY_LAWS: list[DelayLaw] = [
    Constant(dist="constant", hours=0.0),
    Constant(dist="constant", hours=1.0),
    Exponential(dist="exponential", mean_hours=0.01),
    Exponential(dist="exponential", mean_hours=2.0),
    Lognormal(dist="lognormal", median_hours=1.0, sigma=1.5),
    PowerLaw(dist="power_law", flat_minutes=5.0, exponent=0.242),
]
BUCKETS = [0, 1, 3, 6, 9, 12, 20, None]


def table_of(delays: Sequence[int], horizon: int, least: int) -> Seconds:
    """Give a delay table with few distinct entries."""
    return np.resize(np.clip(np.array(delays, np.int64), least, horizon + 1), DELAY_ENTRIES)


def draw_delay(rng: random.Random, horizon: int, least: int, ties: bool) -> Seconds:
    if ties:
        return table_of(rng.choice(TIED_DELAYS), horizon, least)
    if rng.randrange(3):
        return table_of(rng.choice(FEW_DELAYS), horizon, least)
    return delay_table(rng.choice(DELAY_LAWS), horizon, least)


def draw_chance(rng: random.Random, probabilities: Sequence[float] = (0, 0.3, 0.5, 0.9, 1)) -> int:
    return int(rng.choice(probabilities) * ALWAYS)


def draw_posts(
    rng: random.Random, keys: Sequence[int], audience: npt.NDArray[np.int32], horizon: int, spread: float, ties: bool
) -> list[Post]:
    """Draw one creator's posts: reach and delay are the creator's, what comes of an impression is each post's."""
    reach, delay = reach_table(rng.choice([0.4, 0.8, 1.0]), spread), draw_delay(rng, horizon, 0, ties)
    return [draw_post(rng, key, audience, reach, delay, ties) for key in keys]


def draw_post(
    rng: random.Random,
    key: int,
    audience: npt.NDArray[np.int32],
    reach: npt.NDArray[np.uint64],
    delay: Seconds,
    ties: bool,
) -> Post:
    return Post(
        key=key,
        audience=audience,
        reach=reach,
        delay=delay,
        engage=draw_chance(rng),
        share=draw_chance(rng, (0.5, 0.9, 1) if ties else (0, 0.5, 0.9, 1, 1)),
        click=draw_chance(rng, (0.5, 0.9, 1)),
        order=draw_chance(rng),
        share_by_friends=tuple(draw_chance(rng) for _ in range(rng.choice([0, 0, 1, 3]))),
        click_on_target=rng.choice([None, draw_chance(rng)]),
        order_on_target=rng.choice([None, draw_chance(rng)]),
        goodwill=draw_goodwill(rng),
    )


def draw_goodwill(rng: random.Random) -> int:
    return rng.choice([0, 1, 1 << 24, 1 << 31, MOST_GOODWILL])


def draw_brand(rng: random.Random, seed: int) -> Brand:
    half_life, every = rng.choice([(1, 1), (7, 3), (HOUR, 900), (HOUR, 7 * HOUR), (86_400, 9 * HOUR), (10**7, 10**6)])
    return Brand(
        name_key(seed, "occasion"),
        half_life=half_life,
        occasion_every=every,
        order_at_occasion=draw_chance(rng, (0, 0.1)),
        most=rng.choice([1 << 30, MOST_GOODWILL]),
    )


def draw_people(rng: random.Random, count: int) -> People:
    texts = [text_word(f"person {i}") for i in range(count)] if rng.randrange(2) else []
    activity = [rng.randrange(ACTIVITY_LEVELS) for _ in range(count)]
    niches = [rng.randrange(3) for _ in range(count)]
    return People(count, np.array(niches, np.uint8), np.array(activity, np.uint16), np.array(texts, np.uint64))


def draw_graph(rng: random.Random, count: int, ties: bool) -> FollowGraph:
    degree = rng.choice([3, 5] if ties else [0, 3, 5, 6])
    edges = [(rng.randrange(count), rng.randrange(count)) for _ in range(count * degree)]
    followed, follower = np.array(edges, np.int32).reshape(-1, 2).T
    return graph_of_edges(count, followed, follower)


def draw_wear(rng: random.Random) -> npt.NDArray[np.uint64]:
    table = wear_table(rng.choice([0.0, 0.43, 1.0, 3.0]), rng.choice([(), (), (0.5, 1.9, 0.0, 1.0)]))
    return table[: rng.choice([2, 3, table.size])]


def draw_world(rng: random.Random, ties: bool = False) -> World:
    """Draw a world of 1 to 30 people and up to 4 creators; with `ties`, one in which most events are tied."""
    count = rng.choice([6, 8, 12, 20] if ties else [1, 2, 3, 8, 13, 20, 25, 30])
    horizon, spread = draw_horizon(rng, ties), rng.choice([0.0, 0.0, 0.4])
    creators = rng.choice([1, 2, 3, 4])
    seed = rng.randrange(2**63)
    posts, plans = [], []
    for creator in range(creators):
        audience = np.array(sorted(rng.sample(range(count), draw_size(rng, count))), np.int32)
        numbers = range(rng.choice([1, 2, 3]))
        plans.append([Publication(len(posts) + i, draw_second(rng, horizon, ties)) for i in numbers])
        keys = [name_key(seed, "post", creator, number) for number in numbers]
        posts += [replace(post, creator=creator) for post in draw_posts(rng, keys, audience, horizon, spread, ties)]
    conditions = Conditions(
        people=draw_people(rng, count),
        graph=draw_graph(rng, count, ties),
        horizon=horizon,
        posts=tuple(posts),
        peer_reach=reach_table(rng.choice([0.8, 1.0] if ties else [0.0, 0.5, 0.8, 1.0, 1.0]), spread),
        peer_delay=draw_delay(rng, horizon, 1, ties),
        wear=draw_wear(rng),
        baseline_key=name_key(seed, "baseline order"),
        baseline=draw_chance(rng),
        baseline_on_target=draw_chance(rng),
    )
    world = World(conditions, plans, draw_bucket_bits(rng, horizon))
    return with_operations(world, rng, ties) if ties or rng.randrange(2) else world


def with_operations(world: World, rng: random.Random, ties: bool) -> World:
    """Add to a world what a campaign may do to the crowd, and stock that runs out."""
    horizon = world.conditions.horizon
    acts = [draw_act(rng, world.conditions, ties) for _ in range(rng.choice([12, 20] if ties else [1, 2, 5]))]
    days = [0.0, 1 / 86_400, 3 / 86_400, rng.randrange(horizon + 1) / 86_400]
    stock = Stock(
        units=rng.choice([0, 1, 2, 5, 9]), restock_units=rng.choice([0, 1, 2]), restock_after_days=rng.choice(days)
    )
    target = rng.choice([None, 0, 2, 5])
    conditions = replace(world.conditions, returns=draw_chance(rng, (0, 0.5)), stock=stock.units, target_niche=target)
    return replace(world, conditions=with_customers(conditions, rng, ties), acts=tuple(acts), stock=stock)


def with_customers(c: Conditions, rng: random.Random, ties: bool) -> Conditions:
    """Let who orders do so after a lag, share then and order again, let impressions leave goodwill; or only some."""
    after = c.horizon + (0 if ties else int(c.ends[-1]))
    seed = rng.randrange(2**63)
    return replace(
        c,
        advocate=draw_chance(rng),
        lag=rng.choice([None, draw_delay(rng, c.horizon, 1, ties)]),
        later_key=name_key(seed, "later"),
        repeat=draw_chance(rng, (0, 0.5, 0.8)),
        repeat_delay=draw_delay(rng, after, 1, ties),
        comments=draw_chance(rng, (0, 0.3)),
        saves=draw_chance(rng, (0, 0.3)),
        brand=rng.choice([None, draw_brand(rng, seed)]),
    )


def draw_act(rng: random.Random, c: Conditions, ties: bool) -> Act:
    """Draw one thing a campaign does at some second."""
    post, second = rng.randrange(len(c.posts)), draw_second(rng, c.horizon, ties)
    if rng.randrange(4) == 0:
        effect, creator = Effect(*(draw_chance(rng) for _ in range(4)), draw_goodwill(rng)), c.posts[post].creator
        kept = rng.choice([FRESH, FRESH // 3, 0])
        return Act(second, lambda crowd: (crowd.change(post, effect), crowd.lose_goodwill(creator, second, kept)))
    source, count = rng.choice([rules.PLATFORM, rules.PAID]), rng.choice([3, 8, 20] if ties else [0, 1, 3, 20])
    to, delay = draw_strangers(rng, c, c.posts[post].audience), draw_delay(rng, c.horizon, 0, ties)
    return Act(second, lambda crowd: crowd.show(post, source, count, second, to, delay))


def draw_strangers(rng: random.Random, c: Conditions, audience: npt.NDArray[np.int32]) -> Strangers:
    """Draw among whom viewers are picked."""
    starts, niche = c.people.niche_starts, rng.randrange(4)
    passed_over = audience if rng.randrange(2) else np.empty(0, np.int32)
    count = int(starts[niche + 1] - starts[niche])
    return Strangers(int(starts[niche]), count, draw_chance(rng, (0, 0.5, 1)), passed_over)


def draw_size(rng: random.Random, count: int) -> int:
    return rng.choice([count, (count + 1) // 2, rng.randrange(count + 1)])


def draw_horizon(rng: random.Random, ties: bool) -> int:
    if ties:
        return rng.choice(TIED_HORIZONS)
    return rng.choice(HORIZONS if rng.randrange(5) else TINY_HORIZONS)


def draw_second(rng: random.Random, horizon: int, ties: bool) -> int:
    if ties:
        return rng.choice([0, 0, 1, 2])
    usual = [0, 0, 1, 63, 64, 100, 128, HOUR, rng.randrange(horizon + 1), rng.randrange(horizon + 1)]
    return rng.choice(usual if rng.randrange(5) else [horizon, horizon + 1])


def draw_bucket_bits(rng: random.Random, horizon: int) -> int | None:
    bits = rng.choice(BUCKETS)
    return 6 if bits is not None and horizon >> bits > 30_000 else bits  # a million buckets are only slow


# Playing them -------------------------------------------------------------------------------------------------


def counts_of(tally: Tally) -> Counts:
    """Give a tally as lists, which can be compared and shown."""
    often = [*tally.reach_by_frequency.tolist(), tally.on_target_reach]
    after = [tally.later_orders.tolist(), tally.brand_orders.tolist(), tally.goodwill]
    return tally.reach, tally.by_post.tolist(), tally.by_hour.tolist(), tally.reach_by_creator.tolist(), often, after


def played(world: World, make: MakeCrowd, env: simpy.Environment | None = None) -> Counts:
    """Play a world's campaign."""
    env = env or simpy.Environment()
    its_crowd = make(world.conditions, env)
    campaign = Campaign(env, its_crowd, world.conditions.horizon)
    campaign.hire([work_of(world, name, plan) for name, plan in enumerate(world.plans)])
    for act in world.acts:
        env.process(acting(campaign, act))
    if world.stock is not None:
        campaign.sell(world.stock)
    campaign.run()
    return counts_of(its_crowd.tally())


def work_of(world: World, name: int, plan: list[Publication]) -> Work:
    """Give what a creator does who publishes to a plan."""
    assignments = [Assignment(p.post, world.conditions.posts[p.post].key, p.second) for p in plan]
    return Work(str(name), tuple(assignments), len(plan))


def acting(campaign: Campaign, act: Act) -> Process:
    """Do something at its second."""
    yield campaign.env.timeout(act.second)
    act.do(campaign.crowd)


def compiled(world: World) -> Counts:
    """Play a world on the compiled clock with its width of buckets."""
    return played(world, lambda conditions, env: CompiledCrowd(conditions, world.bucket_bits))


def by_reference(world: World) -> Counts:
    """Play a world on the reference clock."""
    return played(world, ReferenceCrowd)


RELAXED = settings(
    derandomize=True,
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(st.randoms(use_true_random=False))
@RELAXED
def test_clocks_agree_on_drawn_worlds(rng: random.Random) -> None:
    """In any world, with buckets of any width, both clocks count the same."""
    world = draw_world(rng, ties=rng.randrange(4) == 0)
    assert by_reference(world) == compiled(world), world


@cache
def tied_worlds() -> tuple[World, ...]:
    """Give two hundred worlds full of ties, always the same."""
    return tuple(draw_world(random.Random(seed), ties=True) for seed in range(200))


@cache
def tied_counts() -> tuple[Counts, ...]:
    """Give what the compiled clock counts in the worlds full of ties."""
    return tuple(compiled(world) for world in tied_worlds())


def test_clocks_agree_on_worlds_full_of_ties() -> None:
    """In worlds where most events are tied, both clocks count the same."""
    assert tied_counts() == tuple(by_reference(world) for world in tied_worlds())


def test_width_of_a_bucket_changes_nothing() -> None:
    """Every width of buckets gives the same counts in the same world."""
    for world in [w for w in tied_worlds() if w.conditions.horizon <= 20_000][:20]:
        assert 1 == len({repr(compiled(replace(world, bucket_bits=bits))) for bits in BUCKETS})


def test_drawn_worlds_have_something_to_compare() -> None:
    """The worlds full of ties have impressions, shares, clicks and orders, and more of them than people."""
    total = dict(zip(COUNTS, np.sum([np.sum(its[1], axis=0) for its in tied_counts()], axis=0), strict=True))
    assert total["impressions"] > 10_000
    assert total["shares"] > 1000
    assert total["orders"] > total["incremental_orders"] > 100
    assert min(total["discovery_impressions"], total["paid_impressions"], total["lost_orders"]) > 500
    assert total["returned_orders"] > total["incremental_returns"] > 50


def test_impressions_are_counted_by_what_led_to_them() -> None:
    """Those by friends, discovery and payment are parts of all; an order is filled at most once a person."""
    for world, (reach, by_post, by_hour, by_creator, often, _) in zip(tied_worlds(), tied_counts(), strict=True):
        total = dict(zip(COUNTS, np.sum(by_post, axis=0).tolist(), strict=True))
        parts = ("friend_impressions", "discovery_impressions", "paid_impressions")
        assert sum(total[part] for part in parts) <= total["impressions"] == np.sum(by_hour, axis=0)[1]
        assert total["orders"] - total["repeat_orders"] <= reach <= world.conditions.people.count
        assert total["returned_orders"] <= total["orders"]
        assert max(by_creator) <= reach <= sum(by_creator)
        assert often[0] == reach >= often[1] >= often[2]
        assert often[3] <= reach if world.conditions.target_niche is not None else often[3] == reach


# Clocks that are wrong ------------------------------------------------------------------------------------------


class RevisedOrder(simpy.Environment):
    """Orders the crowd's events of one second in another way than the rulebook."""

    def __init__(self, revise: Callable[[int], int]) -> None:
        """Take what turns (post, shower, viewer), as one integer, into another priority."""
        super().__init__()
        self._revise = revise

    def schedule(self, event: simpy.Event, priority: Any = 1, delay: float = 0) -> None:
        """Put an event on the agenda."""
        first = reference.FIRST_PRIORITY
        super().schedule(event, priority if priority < first else first + self._revise(priority - first), delay)


SHOWER_BITS = ((1 << 33) - 1) << 31
WRONG_ORDERS: dict[str, Callable[[int], int]] = {
    "as inserted": lambda order: 0,
    "backwards": lambda order: (1 << 100) - order,
    "later posts first": lambda order: order ^ (0xFF << 64),
    "posts by shower": lambda order: order & ((1 << 64) - 1),
    "creators after people": lambda order: order if order & SHOWER_BITS else order | SHOWER_BITS,
    "platform before people": lambda order: order ^ (1 << 62) if order & SHOWER_BITS else order,
    "paid before platform": lambda order: order ^ (3 << 62) if order >> 62 & 3 else order,
    "people backwards": lambda order: order ^ (SHOWER_BITS >> 1 & SHOWER_BITS) if order & SHOWER_BITS else order,
}


def share_of_differing_worlds(play_wrongly: Callable[[World], Counts]) -> float:
    """Give the share of eighty worlds full of ties where a wrong clock's counts are not the compiled clock's."""
    pairs = zip(tied_worlds()[:80], tied_counts()[:80], strict=True)
    return float(np.mean([play_wrongly(world) != counts for world, counts in pairs]))


@pytest.mark.parametrize("name", WRONG_ORDERS)
def test_another_order_of_ties_is_noticed(name: str) -> None:
    """A reference that breaks ties in another way differs from the compiled clock in a tenth of the worlds."""
    revise = WRONG_ORDERS[name]
    assert share_of_differing_worlds(lambda world: played(world, ReferenceCrowd, RevisedOrder(revise))) >= 0.1


def test_the_harness_of_wrong_orders_is_right() -> None:
    """With the rulebook's own order the same harness finds no difference, so only the order was at fault."""
    assert 0 == share_of_differing_worlds(lambda world: played(world, ReferenceCrowd, RevisedOrder(lambda o: o)))


class Twice(set[Any]):
    """Forgets a member the first time it is asked for it."""

    def __init__(self) -> None:
        """Begin empty, with nothing asked."""
        super().__init__()
        self.asked: set[Any] = set()

    def __contains__(self, member: object) -> bool:
        """Say no to the first question about a member."""
        known = super().__contains__(member)
        if known and member not in self.asked:
            self.asked.add(member)
            return False
        return known


class OrdersTwice(ReferenceCrowd):
    """Lets a person order twice."""

    def __init__(self, conditions: Conditions, env: simpy.Environment) -> None:
        """Prepare a play."""
        super().__init__(conditions, env)
        self.has_ordered = Twice()


class SharesTwice(ReferenceCrowd):
    """Lets a person share a post twice."""

    def __init__(self, conditions: Conditions, env: simpy.Environment) -> None:
        """Prepare a play."""
        super().__init__(conditions, env)
        self.has_shared = Twice()


class Oversells(ReferenceCrowd):
    """Fills orders also where nothing is left."""

    def _take_from_stock(self) -> bool:
        super()._take_from_stock()
        return True


class LosesBuyers(ReferenceCrowd):
    """Takes a lost order for one that was filled."""

    def _order(self, post: int, viewer: int, key: int, number: int) -> None:
        super()._order(post, viewer, key, number)
        self.has_ordered.add(viewer)


class ForgetsStrangers(ReferenceCrowd):
    """Names the showings to strangers from the first again, whenever it shows more."""

    def show(self, *args: Any) -> int:
        """Show a post to strangers."""
        self.shown_to_strangers.clear()
        return super().show(*args)


class NeverChanges(ReferenceCrowd):
    """Keeps to the first chances."""

    def change(self, post: int, effect: Effect) -> None:
        """Change nothing."""


class HearsLate(ReferenceCrowd):
    """Tells the campaign a second later that the stock ran out."""

    def take_sold_out(self) -> int | None:
        """Give a second too late."""
        second = super().take_sold_out()
        return None if second is None else second + 1


def with_wear(world: World, wear: npt.NDArray[np.uint64]) -> World:
    """Give a world with another table of fatigue."""
    return replace(world, conditions=replace(world.conditions, wear=wear))


WRONG_CLOCKS: dict[str, Callable[[World], Counts]] = {
    "orders twice": lambda world: played(world, OrdersTwice),
    "shares twice": lambda world: played(world, SharesTwice),
    "oversells": lambda world: played(world, Oversells),
    "loses buyers": lambda world: played(world, LosesBuyers),
    "forgets strangers": lambda world: played(world, ForgetsStrangers),
    "never changes": lambda world: played(world, NeverChanges),
    "hears late": lambda world: played(world, HearsLate),
    "forgets fatigue": lambda world: by_reference(with_wear(world, world.conditions.wear[:1])),
    "counts impressions from two": lambda world: by_reference(with_wear(world, world.conditions.wear[1:])),
    "counts two impressions as one": lambda world: by_reference(with_wear(world, np.repeat(world.conditions.wear, 2))),
}


@pytest.mark.parametrize("name", WRONG_CLOCKS)
def test_another_rule_is_noticed(name: str) -> None:
    """A reference that breaks a rule differs from the compiled clock in a fifth of the worlds."""
    assert share_of_differing_worlds(WRONG_CLOCKS[name]) >= 0.2


# Worlds worked out by hand ------------------------------------------------------------------------------------

Clock = Callable[[World], Counts]
CLOCKS: dict[str, Clock] = {"compiled": compiled, "reference": by_reference}
each_clock = pytest.mark.parametrize("clock", CLOCKS.values(), ids=list(CLOCKS))


def small_world(
    audiences: Sequence[Sequence[int]],
    publications: Sequence[Publication],
    edges: Sequence[tuple[int, int]] = (),
    *,
    people: int = 4,
    horizon: int = 10 * HOUR,
    delays: Sequence[Sequence[int]] = ((0,), (0,)),
    peer_delay: Sequence[int] = (60,),
    clicks: int = ALWAYS,
    orders: int = 0,
    shares: int = ALWAYS,
    wear: Sequence[int] = (FRESH,),
    bucket_bits: int | None = None,
) -> World:
    """Make a world with one post per creator in which everything that may happen does."""
    followed, follower = np.array(edges, np.int32).reshape(-1, 2).T
    equal = np.full(ACTIVITY_LEVELS, ALWAYS, np.uint64)
    conditions = Conditions(
        people=People(people, np.zeros(people, np.uint8), np.zeros(people, np.uint16), np.empty(0, np.uint64)),
        graph=graph_of_edges(people, followed, follower),
        horizon=horizon,
        posts=tuple(
            Post(
                key=name_key(7, i),
                audience=np.array(its, np.int32),
                reach=equal,
                delay=table_of(delays[i], horizon, 0),
                engage=ALWAYS,
                share=shares,
                click=clicks,
                order=orders,
            )
            for i, its in enumerate(audiences)
        ),
        peer_reach=equal,
        peer_delay=table_of(peer_delay, horizon, 1),
        wear=np.array(wear, np.uint64),
        baseline_key=name_key(7, "baseline order"),
        baseline=0,
    )
    return World(conditions, [[publication] for publication in publications], bucket_bits)


@each_clock
def test_one_post_counted_by_hand(clock: Clock) -> None:
    """Creator shows 0; 0 shows 1 and 2 a minute later; 1 shows 2 and 0 back; 2 and 3 have no followers to show."""
    world = small_world([[0]], [Publication(0, HOUR)], [(0, 1), (0, 2), (1, 2), (1, 0)], orders=ALWAYS)
    reach, [by_post], by_hour, by_creator, often, _ = clock(world)
    assert 3 == reach == by_creator[0]
    assert [3, 2, 0, 3] == often
    assert [5, 5, 3, 5, 3, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0] == by_post
    assert [[0, 0, 0], [1, 1, 1], [2, 4, 2]] == by_hour[:3]
    assert [0, 0, 0] == np.sum(by_hour[3:], axis=0).tolist()


FIRST_ONLY = (FRESH, 0)  # whoever comes second finds the person worn out


@each_clock
@pytest.mark.parametrize("order", [1, -1])
def test_posts_of_one_second_come_by_their_place(clock: Clock, order: int) -> None:
    """Of two posts that one person sees in the same second the first in name order comes first."""
    publications = [Publication(0, 5), Publication(1, 5)][::order]
    by_post = clock(small_world([[0], [0]], publications, wear=FIRST_ONLY))[1]
    assert [[1, 1, 1, 1], [1, 0, 0, 0]] == [its[:4] for its in by_post]


@each_clock
def test_post_published_now_takes_its_place_among_the_pending(clock: Clock) -> None:
    """A post seen in the second it is published comes before a pending showing of a later post."""
    world = small_world(
        [[0], [0]], [Publication(0, 50), Publication(1, 10)], delays=[[0], [40]], wear=FIRST_ONLY, bucket_bits=6
    )
    assert [[1, 1, 1, 1], [1, 0, 0, 0]] == [its[:4] for its in clock(world)[1]]


def showing_of(world: World, shower_word: int, viewer: int) -> int:
    """Give the key of a showing of a world's first post."""
    return fold(fold(world.conditions.posts[0].key, shower_word), viewer + 1)


def clicks_on(world: World, shower_word: int, viewer: int) -> bool:
    """Say whether a person who is not worn out clicks on the first post as one shower shows it."""
    return fold(showing_of(world, shower_word, viewer), rules.CLICK) >> 32 < world.conditions.posts[0].click


def with_late_creator(world: World, viewer: int, delay: int) -> World:
    """Let one of the creator's followers see the post later than the others."""
    (post,) = world.conditions.posts
    table = post.delay.copy()
    table[rules.delay_entry(showing_of(world, rules.CREATOR, viewer))] = delay
    return replace(world, conditions=replace(world.conditions, posts=(replace(post, delay=table),)))


@each_clock
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("audience", [(3, 5, 7), (3, 5, 7, 9)])
def test_showers_of_one_second_come_by_number(clock: Clock, seed: int, audience: tuple[int, ...]) -> None:
    """A person shown one post by several in the same second responds to the creator, else to the lowest number."""
    edges = [(shower, 9) for shower in (7, 3, 5)]
    world = small_world([audience], [Publication(0, 0)], edges, people=10, clicks=2**31, wear=FIRST_ONLY)
    post = replace(world.conditions.posts[0], key=name_key(seed, "post"))
    world = with_late_creator(replace(world, conditions=replace(world.conditions, posts=(post,))), 9, 60)
    clicks = sum(clicks_on(world, rules.CREATOR, person) for person in (3, 5, 7))
    clicks += clicks_on(world, rules.CREATOR if 9 in audience else 3 + 1, 9)
    _, by_post, by_hour, *_ = clock(world)
    assert clicks == by_post[0][3]
    assert [3, 3, 0] == by_hour[0]


@each_clock
@pytest.mark.parametrize(("delay", "seen"), [(HOUR - 1, 1), (HOUR, 1), (HOUR + 1, 0)])
def test_horizon_is_inclusive(clock: Clock, delay: int, seen: int) -> None:
    """What falls on the horizon happens, what falls a second later does not."""
    world = small_world([[0]], [Publication(0, 0)], horizon=HOUR, delays=[[delay]])
    assert seen == clock(world)[0]


@each_clock
@pytest.mark.parametrize("bucket_bits", [0, 6, 20])
@pytest.mark.parametrize(("delay", "seen"), [(HOUR - 1, 2), (HOUR, 2), (HOUR + 1, 1)])
def test_horizon_is_inclusive_for_friends(clock: Clock, delay: int, seen: int, bucket_bits: int) -> None:
    """What a friend shows is seen up to the horizon's own second."""
    world = small_world([[0]], [Publication(0, 0)], [(0, 1)], horizon=HOUR, peer_delay=[delay], bucket_bits=bucket_bits)
    assert seen == clock(world)[0]


@each_clock
@pytest.mark.parametrize(("second", "seen"), [(HOUR, 1), (HOUR + 1, 0)])
def test_publishing_on_the_horizon(clock: Clock, second: int, seen: int) -> None:
    """A post may go out in the horizon's own second and is seen at once; later it does not go out."""
    assert seen == clock(small_world([[0]], [Publication(0, second)], horizon=HOUR))[0]


@each_clock
def test_nobody_and_nothing(clock: Clock) -> None:
    """Without posts, and with a post that nobody follows, nothing is counted."""
    assert (0, []) == clock(small_world([], []))[:2]
    assert (0, [[0] * len(COUNTS)]) == clock(small_world([[]], [Publication(0, 0)]))[:2]


def reachable(graph: FollowGraph, start: Sequence[int]) -> set[int]:
    """Give everybody whom a post reaches if everybody shares."""
    found, left = set(start), list(start)
    while left:
        person = left.pop()
        fresh = set(graph.followers[graph.offsets[person] : graph.offsets[person + 1]].tolist()) - found
        found |= fresh
        left += fresh
    return found


@each_clock
@pytest.mark.parametrize("seed", range(10))
def test_sharing_always_reaches_whoever_can_be_reached(clock: Clock, seed: int) -> None:
    """With certain reach and shares, a post reaches its out-component and is shown along every edge of it once."""
    rng = random.Random(seed)
    edges = [(rng.randrange(30), rng.randrange(30)) for _ in range(40)]
    audience = sorted(rng.sample(range(30), 3))
    world = small_world([audience], [Publication(0, 0)], edges, people=30, bucket_bits=rng.choice(BUCKETS[2:]))
    graph = world.conditions.graph
    people = reachable(graph, audience)
    shown = len(audience) + sum(int(graph.offsets[p + 1] - graph.offsets[p]) for p in people)
    reach, [by_post], *_ = clock(world)
    assert (len(people), shown, len(people)) == (reach, by_post[0], by_post[2])


# Room for more --------------------------------------------------------------------------------------------------


class Watched(CompiledCrowd):
    """Notes which of its stores had to grow."""

    def __init__(self, conditions: Conditions, bucket_bits: int | None) -> None:
        """Prepare a play."""
        self.grown: list[int] = []
        super().__init__(conditions, bucket_bits)

    def _grow(self, status: int) -> None:
        self.grown.append(status)
        super()._grow(status)


def grown_while_equal(world: World) -> set[int]:
    """Give which stores grew while a world was played, and make sure that both clocks agree on it."""
    crowds: list[Watched] = []

    def watched(conditions: Conditions, env: simpy.Environment) -> Crowd:
        crowds.append(Watched(conditions, world.bucket_bits))
        return crowds[0]

    assert by_reference(world) == played(world, watched)
    return set(crowds[0].grown)


CALENDAR, DESK = arrays.GROW_CALENDAR, arrays.GROW_DESK
LATE, SHARED = arrays.GROW_LATE, arrays.GROW_SHARED


@pytest.mark.parametrize("bucket_bits", [6, 12])
def test_hub_with_thousands_of_followers(bucket_bits: int) -> None:
    """Thousands who see a hub's share in one bucket and share it on make every store grow; no count is lost."""
    count = 5000
    hub = [(0, person) for person in range(1, count)]
    onward = [(person, person * 7 % count) for person in range(1, count, 4)]
    world = small_world(
        [[0], list(range(count))],
        [Publication(0, 0), Publication(1, 10)],
        hub + onward,
        people=count,
        delays=[[0], [0, 3, 5, 90]],
        peer_delay=[1, 2, 40],
        wear=wear_table(0.43).tolist(),
        bucket_bits=bucket_bits,
    )
    assert {CALENDAR, DESK, LATE, SHARED} == grown_while_equal(world)


def test_much_is_put_back_when_the_campaign_interrupts() -> None:
    """A bucket that is interrupted while thousands of shares wait in it goes back whole, the calendar grown for it."""
    count = 1200
    edges = [(person, (person + step) % count) for person in range(count) for step in range(1, 9)]
    world = small_world(
        [list(range(count)), [5]],
        [Publication(0, 0), Publication(1, 7)],
        edges,
        people=count,
        horizon=300,
        peer_delay=[20, 31, 50],
        wear=wear_table(1.0).tolist(),
        bucket_bits=9,
    )
    assert {CALENDAR, LATE} <= grown_while_equal(world)


def test_many_hours_and_many_posts() -> None:
    """Four hundred posts, most of them in the same seconds, over a long horizon."""
    world = small_world(
        [[0, 1, 2]] * 400,
        [Publication(i, i % 3 * 100_000) for i in range(400)],
        [(0, 1), (1, 2), (2, 3), (3, 0)],
        horizon=90 * 86_400,
        delays=[[0, 64, HOUR]] * 400,
        peer_delay=[1, 64, 200_000],
        wear=wear_table(0.1).tolist(),
        clicks=2**31,
    )
    assert SHARED in grown_while_equal(world)


# How a campaign advances the compiled clock -----------------------------------------------------------------------


def busy_world(bucket_bits: int | None = 9) -> World:
    """Give a world in which things happen in every minute of an hour."""
    edges = [(person, other) for person in range(12) for other in range(12)]
    return small_world(
        [[0, 1, 2], [1, 2, 3]],
        [Publication(0, 0), Publication(1, 100)],
        edges,
        people=12,
        horizon=HOUR,
        delays=[[0, 30, 700], [0, 1, 200]],
        peer_delay=[1, 7, 60, 300],
        clicks=2**31,
        wear=wear_table(0.43).tolist(),
        bucket_bits=bucket_bits,
    )


def advanced(world: World, stops: Sequence[int]) -> Counts:
    """Play a world with stops of its own between the posts."""
    its_crowd = CompiledCrowd(world.conditions, world.bucket_bits)
    publications = sorted((p for plan in world.plans for p in plan), key=lambda p: p.second)
    for second in sorted([*stops, *(p.second for p in publications)]):
        its_crowd.advance(second)
        while publications and publications[0].second == second:
            its_crowd.publish(publications[0].post, second)
            publications.pop(0)
    its_crowd.advance(world.conditions.horizon + 1)
    return counts_of(its_crowd.tally())


STOPS = {
    "every second": range(HOUR + 1),
    "the same second again and again": [100] * 5 + [101] * 5 + [512] * 5 + [HOUR] * 5,
    "borders of buckets": [511, 512, 513, 1023, 1024, 1025],
    "start and end": [0, 0, HOUR, HOUR + 1, HOUR + 1],
}


@pytest.mark.parametrize("stops", STOPS.values(), ids=list(STOPS))
@pytest.mark.parametrize("bucket_bits", [0, 6, 9, None])
def test_stops_change_nothing(stops: Sequence[int], bucket_bits: int | None) -> None:
    """However often the campaign looks in between, also in the middle of a bucket, the counts are the same."""
    world = busy_world(bucket_bits)
    assert by_reference(world) == advanced(world, stops)


def test_advance_plays_the_seconds_before() -> None:
    """Advancing up to a second leaves that second itself for later."""
    its_crowd = CompiledCrowd(small_world([[0]], [], delays=[[30]]).conditions)
    its_crowd.publish(0, 0)
    reached = []
    for until in (0, 30, 31, 31):
        its_crowd.advance(until)
        reached.append(its_crowd.tally().reach)
    assert [0, 0, 1, 1] == reached


def test_publishing_into_an_opened_bucket() -> None:
    """A post that goes out in the middle of a bucket mixes with what was pending in it, in order."""
    world = busy_world(bucket_bits=20)
    assert by_reference(world) == compiled(world)
    alone = replace(world, plans=[world.plans[0], [Publication(1, HOUR + 1)]])
    assert by_reference(alone) == compiled(alone) != compiled(world)


def test_tallies_do_not_change_afterwards() -> None:
    """A tally is a copy: later play does not change it, and changing it does not change the play."""
    world = busy_world()
    its_crowd, other = CompiledCrowd(world.conditions), CompiledCrowd(world.conditions)
    its_crowd.publish(0, 0)
    its_crowd.advance(200)
    early = its_crowd.tally()
    before = counts_of(early)
    its_crowd.advance(HOUR)
    assert before == counts_of(early) != counts_of(its_crowd.tally())
    late = counts_of(its_crowd.tally())
    for tally in (early, its_crowd.tally()):
        tally.by_post[:], tally.by_hour[:], tally.reach_by_creator[:] = -1, -1, -1
    assert late == counts_of(its_crowd.tally())
    assert 0 == other.tally().reach == other.tally().by_hour.sum()


def test_play_leaves_its_conditions_as_they_are() -> None:
    """Threads share markets and tables, so a play only reads them."""
    world = draw_world(random.Random(3), ties=True)
    before = repr(world) + repr(shared_arrays(world.conditions))
    compiled(world)
    by_reference(world)
    assert before == repr(world) + repr(shared_arrays(world.conditions))


def shared_arrays(c: Conditions) -> list[bytes]:
    """Give the contents of everything that plays share."""
    arrays = [c.people.activity, c.people.codes, c.graph.offsets, c.graph.followers, c.peer_reach, c.peer_delay]
    arrays += [
        c.wear,
        *(post.audience for post in c.posts),
        *(table for post in c.posts for table in (post.reach, post.delay)),
    ]
    return [array.tobytes() for array in arrays]


# Whole studies ----------------------------------------------------------------------------------------------------


TWO_CREATORS = """
name = "two-creators"
seed = 7
horizon_days = 20
replications = 25
markets = 1
[people]
graph_file = "edges.csv"
activity_spread = 0.2
[behaviour]
reach_per_peer = "20% to 60%"
peer_delay = { dist = "exponential", mean_hours = 2.0 }
fatigue = 0.5
[product]
order_value = 100.0
margin = 0.5
baseline_order_probability = 0.2
"""
ONE_CREATOR = """
[[creators]]
handle = "{handle}"
fee = 100.0
post_days = [0.0, 1.0]
reach_per_follower = 0.6
engagement_per_impression = 0.5
share_per_impression = 0.7
click_per_impression = 0.6
order_per_click = 0.5
delay = {{ dist = "constant", hours = 0.0 }}
"""


def test_study_of_a_graph_file(tmp_path: Path) -> None:
    """With people known by text, every replication and every hour of a whole study is the same on both clocks."""
    rng = random.Random(5)
    names = ["a", "b", *(f"person {i}" for i in range(30))]
    rows = [f"{rng.choice(names)},{rng.choice(names[2:])}" for _ in range(150)]
    (tmp_path / "edges.csv").write_text("\n".join(["followed,follower", *rows, ""]))
    creators = "".join(ONE_CREATOR.format(handle=handle) for handle in "ab")
    strategies = '[strategies.both]\ncreators = ["a", "b"]\n[strategies.only_a]\ncreators = ["a"]\n'
    (tmp_path / "two.toml").write_text(TWO_CREATORS + creators + strategies)
    scenario = simulator.load(tmp_path / "two.toml")
    reference, fast = (simulator.run(scenario, engine=engine, workers=1) for engine in ("reference", "compiled"))
    assert reference.replications.equals(fast.replications)
    assert reference.timeline.equals(fast.timeline)
    assert reference.creators.equals(fast.creators)
    assert len(set(fast.replications["orders"].to_pylist())) > 3
