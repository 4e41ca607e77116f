"""How fast the two engines are, on the same scenario, in one process.

Prints nanoseconds per follower scanned, per impression and per share for both engines, and how many times faster the
compiled one is. Both play the very same replications; that they give the same result is checked on the way.

    python benchmarks/engines.py                     # the shipped scenario at a million people, about five minutes
    python benchmarks/engines.py --people 100000     # smaller, for a quick look

How the three figures are told apart: each engine plays variants of the same conditions. In the first nobody is ever
reached, so all time goes into scanning followers. In the second people are reached and nobody shares: what is left
after scanning is divided by the impressions. In the third every fifth impression is shared (as it is, shares are too
few to be timed): what is left after both is divided by the shares; it holds the scan of the sharer's followers.
The ratio of seconds is that of the conditions as they are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import simpy

import simulator
from simulator.campaign.content import conditions_of
from simulator.campaign.hiring import hire
from simulator.campaign.operations import Assignment, Campaign, Crowd, Work
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import build_market
from simulator.spread.conditions import Conditions, Tally, chance
from simulator.spread.crowd import CompiledCrowd
from simulator.spread.reference import ReferenceCrowd

REFERENCE_REPEATS = 1  # it takes minutes, and no figure of it is small enough to be noise
SCENARIO = Path(__file__).parent.parent / "scenarios" / "micro_vs_celebrity.toml"
ENGINES: dict[str, Callable[[Conditions, simpy.Environment], Crowd]] = {
    "compiled": lambda conditions, _env: CompiledCrowd(conditions),
    "reference": ReferenceCrowd,
}


@dataclass(frozen=True)
class Timing:
    """One play: how long it took [s] and what happened."""

    seconds: float
    tally: Tally

    @property
    def impressions(self) -> int:
        """Give the impressions of all posts."""
        return int(self.tally.by_post[:, 0].sum())

    @property
    def shares(self) -> int:
        """Give the shares of all posts."""
        return int(self.tally.by_post[:, 2].sum())


def timed_play(engine: str, conditions: Conditions) -> Timing:
    """Play conditions once, each post published at second 0."""
    env = simpy.Environment()
    crowd = ENGINES[engine](conditions, env)
    team = [Work("", (Assignment(i, post.key, 0),), 1) for i, post in enumerate(conditions.posts)]
    begin = time.process_time()
    campaign = Campaign(env, crowd, conditions.horizon)
    campaign.hire(team)
    campaign.run()
    return Timing(time.process_time() - begin, crowd.tally())


def variants(conditions: Conditions) -> dict[str, Conditions]:
    """Give the variants: nobody is reached, nobody shares, every fifth impression is shared, and as it is."""
    never = np.zeros_like(conditions.peer_reach)
    return {
        "scan": replace(conditions, posts=tuple(replace(p, reach=never) for p in conditions.posts)),
        "silent": replace(conditions, posts=tuple(replace(p, share=0) for p in conditions.posts)),
        "shared": replace(conditions, posts=tuple(replace(p, share=chance(0.2)) for p in conditions.posts)),
        "whole": conditions,
    }


def measure(engine: str, conditions: Conditions, repeats: int) -> dict[str, float]:
    """Give the median seconds of a play and the three costs [ns]."""
    scanned = sum(post.audience.size for post in conditions.posts)
    runs = {name: [timed_play(engine, c) for _ in range(repeats)] for name, c in variants(conditions).items()}
    median = {name: float(np.median([run.seconds for run in its])) for name, its in runs.items()}
    per_follower = median["scan"] / scanned
    silent, shared = runs["silent"][0], runs["shared"][0]
    per_impression = (median["silent"] - median["scan"]) / silent.impressions
    rest = median["shared"] - median["scan"] - per_impression * shared.impressions
    return {
        "seconds": median["whole"],
        "ns per follower scanned": 1e9 * per_follower,
        "ns per impression": 1e9 * per_impression,
        "ns per share": 1e9 * rest / max(shared.shares, 1),
    }


def main() -> None:
    """Measure both engines and print a table per strategy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5, help="plays of the compiled engine per variant")
    arguments = parser.parse_args()
    scale = arguments.people / 1_000_000
    scenario = simulator.load(
        SCENARIO,
        {
            "people.count": arguments.people,
            "pools.micro.followers": f"{10_000 * scale} to {100_000 * scale}",
            "pools.celebrity.followers": f"{1_250_000 * scale} to {1_450_000 * scale}",
        },
    )
    plans = [hire(scenario, 0, strategy) for strategy in scenario.strategies]
    market = build_market(scenario, 0, {p.name: p for plan in plans for p in plan.profiles}.values())
    for plan in plans:
        conditions = conditions_of(scenario, market, plan, Unknowns.of(scenario.seed, 0))
        timed_play("compiled", conditions)  # compiles
        results = {"compiled": measure("compiled", conditions, arguments.repeats)}
        results["reference"] = measure("reference", conditions, REFERENCE_REPEATS)
        same = [timed_play(engine, conditions).tally for engine in ENGINES]
        assert same[0].reach == same[1].reach
        assert np.array_equal(same[0].by_post, same[1].by_post)
        assert np.array_equal(same[0].by_hour, same[1].by_hour)
        assert np.array_equal(same[0].reach_by_creator, same[1].reach_by_creator)
        print(
            f"\n{plan.strategy}, {arguments.people:,} people: {int(same[0].by_post[:, 0].sum()):,} impressions, "
            f"{int(same[0].by_post[:, 2].sum()):,} shares, the same on both engines"
        )
        print(f"{'':26}{'compiled':>12}{'reference':>12}{'ratio':>9}")
        for row in results["compiled"]:
            fast, slow = results["compiled"][row], results["reference"][row]
            print(f"{row:26}{fast:12.4g}{slow:12.4g}{slow / fast if fast > 0 else float('nan'):8.0f}x")


if __name__ == "__main__":
    main()
