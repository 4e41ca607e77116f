"""One market: people, who follows whom, and the audiences of the creators that are hired.

In: a scenario, the index of a market and the profiles of the creators. Out: a frozen `Market`, shared
read-only by all plays in it. Invariant: it depends on (seed, market) and on names only, so it can be
rebuilt anywhere and hiring one creator more changes nothing about the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.errors import ScenarioError
from simulator.market.audiences import Appeal, appeal_of, draw_audience
from simulator.market.creators import Profile, creator_profile, market_key
from simulator.market.follow_graph import FollowGraph, draw_follow_graph, graph_of_edges
from simulator.market.graph_file import EdgeList
from simulator.market.overlapping import Member, Public, draw_from_public, draw_related, public_of
from simulator.market.people import People, named_people, numbered_people
from simulator.scenario.account import Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.overlap import is_too_low, too_low_text
from simulator.scenario.people import PeopleFromFile
from simulator.streams import extend_key


@dataclass(frozen=True)
class Market:
    """The world that all strategies share.

    Attributes:
        audiences: People who follow each creator, by name; ascending (F,) int32.
    """

    people: People
    graph: FollowGraph
    audiences: dict[str, npt.NDArray[np.int32]]


@dataclass(frozen=True)
class Ground:
    """A market before anybody is hired."""

    people: People
    graph: FollowGraph


def build_market(scenario: Scenario, market: int, profiles: Iterable[Profile], edges: EdgeList | None = None) -> Market:
    """Build a market with the audiences of the given creators.

    Args:
        scenario: What is to be played.
        market: Index of the market.
        profiles: The creators that are hired in it.
        edges: What the scenario's graph file says, where the people come from one.

    Raises:
        ScenarioError: there are no people, a creator has more followers than there are people, or audiences cannot
            overlap as little or as much as is asked.
    """
    return furnished(scenario, market, ground_of(scenario, market, edges), profiles, edges)


def ground_of(scenario: Scenario, market: int, edges: EdgeList | None = None) -> Ground:
    """Build the people of a market and who follows whom.

    Raises:
        ScenarioError: there are no people.
    """
    if isinstance(scenario.people, PeopleFromFile):
        assert edges is not None
        return _ground_from_file(scenario, market, edges)
    its_key, spec = market_key(scenario, market), scenario.people
    people = numbered_people(spec.count, list(spec.niches.values()), its_key)
    graph = draw_follow_graph(
        people.niche,
        extend_key(its_key, "follow graph"),
        mean_followings=spec.followings_per_person,
        within_niche=spec.followings_within_niche,
        follower_exponent=spec.follower_exponent,
        following_exponent=spec.following_exponent,
        follow_back=spec.follow_back_probability,
    )
    return Ground(people, graph)


def _ground_from_file(scenario: Scenario, market: int, edges: EdgeList) -> Ground:
    if not edges.ids:
        raise ScenarioError(f"{scenario.graph_path}: no people in it, only creators.")
    people = named_people(edges.ids, market_key(scenario, market))
    return Ground(people, graph_of_edges(people.count, edges.followed, edges.follower))


def furnished(
    scenario: Scenario, market: int, ground: Ground, profiles: Iterable[Profile], edges: EdgeList | None = None
) -> Market:
    """Draw the audiences of the given creators on the ground of a market, see `build_market`."""
    known, drawn = {}, list(profiles)
    if edges is not None:
        known, drawn = edges.audiences, [profile for profile in drawn if profile.pool is not None]
    its_key = market_key(scenario, market)
    return Market(ground.people, ground.graph, known | _audiences(scenario, its_key, ground, drawn))


def _audiences(
    scenario: Scenario, its_key: int, ground: Ground, profiles: Iterable[Profile]
) -> dict[str, npt.NDArray[np.int32]]:
    """Draw the audiences of creators: as the overlap asked for ties them together, else each for itself."""
    people = ground.people
    draw = _Draw(scenario, its_key, people, ground.graph)
    pools = {target.pool: target.share for target in scenario.overlap_targets if target.pool}
    audiences: dict[str, npt.NDArray[np.int32]] = {}
    for profile in profiles:
        _check_size(people, profile)
        if profile.pool is not None and profile.pool in pools:
            pool = scenario.pools[profile.pool]
            audiences[profile.name] = draw.from_public(profile, pool, pools[profile.pool])
        elif profile.pool is None and profile.name in draw.related:
            audiences[profile.name] = draw.related[profile.name]
        else:
            audiences[profile.name] = draw_audience(
                people, draw.appeal(profile), profile.audience_size, draw.key(profile)
            )
    return audiences


class _Draw:
    """What audiences of one market are drawn from; each part is made when it is first needed."""

    def __init__(self, scenario: Scenario, its_key: int, people: People, graph: FollowGraph) -> None:
        self._scenario, self._key, self._people, self._graph = scenario, its_key, people, graph
        self._appeals: dict[str | None, Appeal] = {}
        self._publics: dict[str, Public] = {}

    def key(self, profile: Profile) -> int:
        return extend_key(self._key, "audience", profile.path, profile.name)

    def appeal(self, profile: Profile) -> Appeal:
        niche = profile.account.niche
        if niche not in self._appeals:
            self._appeals[niche] = _appeal(self._scenario, self._people, self._graph, niche)
        return self._appeals[niche]

    def from_public(self, profile: Profile, pool: Pool | ListedPool, share: float) -> npt.NDArray[np.int32]:
        if profile.path not in self._publics:
            most = pool.audience_bound
            _check_share(self._people, profile, most, share)
            key = extend_key(self._key, "overlap", profile.path)
            self._publics[profile.path] = public_of(self._people, self.appeal(profile), max(most, 1), share, key)
        return draw_from_public(self._people, self._publics[profile.path], profile.audience_size, self.key(profile))

    @cached_property
    def related(self) -> dict[str, npt.NDArray[np.int32]]:
        """Draw the audiences of all creators that the table names, hired or not, so that none depends on who is."""
        pairs = [target for target in self._scenario.overlap_targets if target.creators]
        shares = {frozenset(target.creators): target.share for target in pairs}
        named = frozenset().union(*shares)
        profiles = [creator_profile(creator) for creator in self._scenario.creators if creator.handle in named]
        for profile in profiles:
            _check_size(self._people, profile)
        members = [Member(its.name, its.audience_size, self.appeal(its), self.key(its)) for its in profiles]
        return draw_related(self._people, members, shares)


def _appeal(scenario: Scenario, people: People, graph: FollowGraph, niche: str | None) -> Appeal:
    index = scenario.niche_index(niche)
    if index is None or isinstance(scenario.people, PeopleFromFile):
        return appeal_of(people, graph.followings, None, 1.0)
    return appeal_of(people, graph.followings, index, scenario.people.niche_affinity)


def _check_size(people: People, profile: Profile) -> None:
    if profile.audience_size > people.count:
        raise ScenarioError(
            f"{profile.path}.followers: {profile.name} has {profile.audience_size:,} real followers in a market of "
            f"{people.count:,} people. Lower followers, or raise outside_share or the number of people."
        )


def _check_share(people: People, profile: Profile, most: int, share: float) -> None:
    """Refuse what could not be foreseen: of people from a file it is not known how many they are."""
    if is_too_low(share, most, people.count):
        told = too_low_text(share, most, people.count)
        raise ScenarioError(f"overlap.{profile.pool}: {told}, or lower {profile.path}.followers.")
