"""The campaign as SimPy processes: each creator publishes to a plan while the crowd reacts.

In: a SimPy environment that counts whole seconds, a crowd and who publishes what when. Out: nothing; the crowd
has been played up to the horizon. Invariant: the crowd has played every second before t when the campaign does
something at t, and what the campaign does at t holds for what the crowd sees from t on.

Whatever a campaign does besides publishing is one more process here; it sees the crowd through `Crowd`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from simulator.spread.conditions import Tally


class Crowd(Protocol):
    """What the campaign needs of a clock that plays the crowd."""

    def publish(self, post: int, second: int) -> None:
        """Show a post to its creator's followers, from a second on."""

    def advance(self, until: int) -> None:
        """Play every event of the seconds before `until`."""

    def tally(self) -> Tally:
        """Give what happened so far."""


@dataclass(frozen=True)
class Publication:
    """A post (index into `Conditions.posts`) and when it goes out [s]."""

    post: int
    second: int


def creator_at_work(
    env: simpy.Environment, crowd: Crowd, plan: Iterable[Publication]
) -> Generator[simpy.Event, Any, None]:
    """Publish a creator's posts, each at its second."""
    for publication in sorted(plan, key=lambda p: (p.second, p.post)):
        yield env.timeout(publication.second - env.now)
        crowd.publish(publication.post, int(env.now))


def run_campaign(env: simpy.Environment, crowd: Crowd, plans: Iterable[Iterable[Publication]], horizon: int) -> None:
    """Play a campaign up to its horizon, the last second included."""
    for plan in plans:
        env.process(creator_at_work(env, crowd, plan))
    while (next_second := env.peek()) <= horizon:
        crowd.advance(int(next_second))
        env.step()
    crowd.advance(horizon + 1)
