"""One market: people, who follows whom, and the audiences of the creators that are hired.

In: a scenario, the index of a market and the profiles of the creators. Out: a frozen `Market`, shared
read-only by all plays in it. Invariant: it depends on (seed, market) and on names only, so it can be
rebuilt anywhere and hiring one creator more changes nothing about the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.errors import ScenarioError
from simulator.market.audiences import Appeal, appeal_of, draw_audience
from simulator.market.creators import Profile, market_key
from simulator.market.follow_graph import FollowGraph, draw_follow_graph, graph_of_edges
from simulator.market.graph_file import EdgeList
from simulator.market.people import People, named_people, numbered_people
from simulator.scenario.model import PeopleFromFile, Scenario
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


def build_market(scenario: Scenario, market: int, profiles: Iterable[Profile], edges: EdgeList | None = None) -> Market:
    """Build a market with the audiences of the given creators.

    Args:
        scenario: What is to be played.
        market: Index of the market.
        profiles: The creators that are hired in it.
        edges: What the scenario's graph file says, where the people come from one.

    Raises:
        ScenarioError: there are no people, or a creator has more followers than there are people.
    """
    if isinstance(scenario.people, PeopleFromFile):
        assert edges is not None
        return _market_from_file(scenario, market, profiles, edges)
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
    return Market(people, graph, _audiences(scenario, its_key, people, graph, profiles))


def _market_from_file(scenario: Scenario, market: int, profiles: Iterable[Profile], edges: EdgeList) -> Market:
    if not edges.ids:
        raise ScenarioError(f"{scenario.graph_path}: no people in it, only creators.")
    its_key = market_key(scenario, market)
    people = named_people(edges.ids, its_key)
    graph = graph_of_edges(people.count, edges.followed, edges.follower)
    pooled = [profile for profile in profiles if profile.pool is not None]
    audiences = edges.audiences | _audiences(scenario, its_key, people, graph, pooled)
    return Market(people, graph, audiences)


def _audiences(
    scenario: Scenario, its_key: int, people: People, graph: FollowGraph, profiles: Iterable[Profile]
) -> dict[str, npt.NDArray[np.int32]]:
    appeals: dict[str | None, Appeal] = {}
    audiences = {}
    for profile in profiles:
        _check_size(people, profile)
        niche = profile.account.niche
        if niche not in appeals:
            appeals[niche] = _appeal(scenario, people, graph, niche)
        key = extend_key(its_key, "audience", profile.path, profile.name)
        audiences[profile.name] = draw_audience(people, appeals[niche], profile.audience_size, key)
    return audiences


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
