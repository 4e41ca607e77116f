"""What each creator of a plan does in one replication: when posts are due, who drops out, who has a scandal.

In: a scenario, a plan, what its posts are to the crowd, and unknowns. Out: the `Work` of each creator. Invariant: all
of it comes from names (of the post for its jitter, of the creator for the rest), so two strategies that hire a
creator see the same delays, the same drop-out and the same scandal.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, log, log1p

from simulator.campaign.content import post_key
from simulator.campaign.hiring import Plan
from simulator.campaign.operations import Assignment, Scandal, Work
from simulator.campaign.schedule import planned_seconds
from simulator.campaign.unknowns import Unknowns
from simulator.market.creators import Profile
from simulator.scenario.model import Scenario
from simulator.scenario.section import SECONDS_PER_DAY
from simulator.spread.conditions import Conditions, Effect
from simulator.spread.rules import FRESH
from simulator.streams import extend_key, uniform


def team_of(
    scenario: Scenario, plan: Plan, conditions: Conditions, unknowns: Unknowns, *, scandals: bool = True
) -> Iterator[Work]:
    """Give what each creator does, in the plan's order; posts are numbered through all of them."""
    first = 0
    for profile, planned in zip(plan.profiles, planned_seconds(scenario, plan), strict=True):
        keys = [post_key(unknowns, profile.name, number) for number in range(len(planned))]
        assignments = tuple(
            Assignment(first + number, key, second + _jitter(profile, key))
            for number, (key, second) in enumerate(zip(keys, planned, strict=True))
        )
        scandal = _scandal(profile, assignments, conditions, unknowns) if scandals else None
        yield Work(profile.name, assignments, _delivered(profile, unknowns), scandal)
        first += len(assignments)


def _jitter(profile: Profile, key: int) -> int:
    """Give how much later than planned a post is due [s], up to `post_jitter_hours`."""
    latest = round(profile.account.post_jitter_hours * 3600)
    return (extend_key(key, "jitter") >> 32) * (latest + 1) >> 32


def _delivered(profile: Profile, unknowns: Unknowns) -> int:
    """Give how many posts a creator delivers: all, or, of one who drops out, any number below that."""
    chance = unknowns.value(f"{profile.path}.completion_probability", profile.account.completion_probability)
    key = extend_key(unknowns.replication_key, "drop-out", profile.name)
    if uniform(key) < chance:
        return profile.account.post_count
    return int(uniform(extend_key(key, "after")) * profile.account.post_count)


def _scandal(
    profile: Profile, assignments: tuple[Assignment, ...], conditions: Conditions, unknowns: Unknowns
) -> Scandal | None:
    """Give the scandal of a creator, None where there is none up to the horizon."""
    terms = profile.account.scandal
    if terms is None:
        return None
    path = f"{profile.path}.scandal"
    probability = unknowns.value(f"{path}.probability_per_day", terms.probability_per_day)
    days = scandal_day(probability, uniform(extend_key(unknowns.replication_key, "scandal", profile.name)))
    if days * SECONDS_PER_DAY > conditions.horizon:
        return None
    trust = unknowns.value(f"{path}.trust_left", terms.trust_left)
    posts = [conditions.posts[its.post] for its in assignments]
    effects = {
        its.post: Effect(*(int(chance * trust) for chance in post.effect))
        for its, post in zip(assignments, posts, strict=True)
    }
    goodwill_left = unknowns.value(f"{path}.goodwill_left", terms.goodwill_left)
    return Scandal(int(days * SECONDS_PER_DAY), effects, posts[0].creator, round(goodwill_left * FRESH))


def scandal_day(probability_per_day: float, u: float) -> float:
    """Give when a scandal comes, of which a share u of all would come later: exponential, without memory [days]."""
    if probability_per_day >= 1:
        return 0.0
    return log(u) / log1p(-probability_per_day) if probability_per_day > 0 else inf
