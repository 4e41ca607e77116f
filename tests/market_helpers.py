"""Help for the tests of laws and identities: small scenarios, bare crowds, and checks with a stated error rate.

In: edges, probabilities and numbers of plays. Out: scenarios on disk, plays of one post on one graph, and whether a
sample agrees with a law.

A check against a law is wrong about a right program with a probability written beside it, and always stands next to
a negative control: the same check on a law that is wrong on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

import simulator
from simulator.campaign.hiring import hire
from simulator.campaign.ledger import Outcome
from simulator.campaign.play import Engine, play
from simulator.market.build import build_market
from simulator.market.follow_graph import FollowGraph, graph_of_edges
from simulator.market.graph_file import read_graph_file
from simulator.market.people import ACTIVITY_LEVELS, People
from simulator.scenario.emit import to_toml
from simulator.scenario.model import Scenario
from simulator.scenario.section import Constant
from simulator.spread.conditions import Conditions, DelayLaw, Post, chance, delay_table, reach_table, wear_table
from simulator.spread.crowd import CompiledCrowd
from simulator.streams import name_key
from simulator.study.results import Study

Edge = tuple[str, str]  # followed, follower: content runs from the first to the second
Values = npt.NDArray[np.float64]
COUNTS = ("reach", "impressions", "engagements", "shares", "clicks", "orders", "incremental_orders")
MEASURES = (*COUNTS, "revenue", "spend", "profit", "roi")

# A sample mean further than this many standard errors from the law's mean does not agree: a right program fails with
# probability 6.8e-6 (two-sided, normal).
Z_BOUND = 4.5
# The same for a count against a binomial law, exactly.
P_BOUND = 6.8e-6


def creator(handle: str, **values: object) -> dict[str, object]:
    """Give a creator who posts once at the start, is seen at once, and whose post everybody shares."""
    return {
        "handle": handle,
        "fee": 100.0,
        "post_days": [0.0],
        "reach_per_follower": 0.3,
        "engagement_per_impression": 0.0,
        "share_per_impression": 1.0,
        "click_per_impression": 0.0,
        "order_per_click": 0.0,
        "delay": {"dist": "constant", "hours": 0.0},
    } | values


def scenario_values(
    creators: Sequence[Mapping[str, object]], strategies: Mapping[str, Sequence[str]], /, **values: object
) -> dict[str, object]:
    """Give a scenario on a graph file: creators, the creators of each strategy, and what else differs from default."""
    return {
        "name": "test",
        "seed": 7,
        "horizon_days": 20.0,
        "replications": 60,
        "markets": 1,
        "people": {"graph_file": "edges.csv", "activity_spread": 0.0},
        "behaviour": {
            "reach_per_peer": 0.3,
            "peer_delay": {"dist": "exponential", "mean_hours": 2.0},
            "fatigue": 0.0,
        },
        "product": {"order_value": 100.0, "margin": 0.5, "baseline_order_probability": 0.0},
        "creators": [dict(c) for c in creators],
        "strategies": {name: {"creators": list(handles)} for name, handles in strategies.items()},
    } | values


def write_edges(folder: Path, edges: Iterable[Edge]) -> None:
    """Write a graph file."""
    rows = ["followed,follower", *(f"{followed},{follower}" for followed, follower in edges)]
    (folder / "edges.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def load(folder: Path, values: Mapping[str, object], edges: Iterable[Edge] | None = None) -> Scenario:
    """Write a scenario and its graph file into a folder, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    if edges is not None:
        write_edges(folder, edges)
    (folder / "scenario.toml").write_text(to_toml(dict(values)), encoding="utf-8")
    return simulator.load(folder / "scenario.toml")


def outcomes(scenario: Scenario, strategy: str, engine: Engine = "compiled") -> list[Outcome]:
    """Play a strategy on a graph file without the study around it."""
    assert scenario.graph_path is not None
    edges = read_graph_file(scenario.graph_path, [c.handle for c in scenario.creators])
    plan = hire(scenario, 0, strategy)
    market = build_market(scenario, 0, plan.profiles, edges)
    return [play(scenario, market, plan, replication, engine) for replication in range(scenario.replications)]


def column(study: Study, strategy: str, measure: str) -> Values:
    """Give a measure of a strategy by replication (R,)."""
    rows = study.replications.to_pylist()
    return np.array([row[measure] for row in rows if row["strategy"] == strategy], np.float64)


def rows_of(study: Study, strategy: str, measures: Sequence[str] = MEASURES) -> list[tuple[object, ...]]:
    """Give measures of a strategy by replication, exactly as they are stored."""
    rows = study.replications.to_pylist()
    return [tuple(row[m] for m in measures) for row in rows if row["strategy"] == strategy]


def graph_of(count: int, edges: Iterable[tuple[int, int]]) -> FollowGraph:
    """Make a follow graph of (followed, follower) numbers."""
    pairs = np.array(sorted(edges), np.int32).reshape(-1, 2)
    return graph_of_edges(count, pairs[:, 0].copy(), pairs[:, 1].copy())


def numbered(count: int) -> People:
    """Make people who are known by their number, all alike."""
    return People(count, np.zeros(count, np.uint8), np.zeros(count, np.uint16), np.empty(0, np.uint64))


def conditions_on(
    graph: FollowGraph,
    sources: Sequence[int] | npt.NDArray[np.integer],
    *,
    replication: int = 0,
    peer_reach: float = 1.0,
    share: float = 1.0,
    source_reach: float = 1.0,
    peer_delay: DelayLaw | None = None,
    source_delay: DelayLaw | None = None,
    horizon: int = 20_000,
    people: People | None = None,
) -> Conditions:
    """Give one post by one creator whose followers are the sources; all else is as the cascade needs it.

    Args:
        graph: Who follows whom.
        sources: The creator's followers.
        replication: Names the luck of the play.
        peer_reach: Chance that a friend sees a share.
        share: Chance that an impression leads to a share.
        source_reach: Chance that a source sees the post.
        peer_delay: Time until a friend sees a share; one second where not given.
        source_delay: Time until a source sees the post; none where not given.
        horizon: Last second that is played [s].
        people: The people; known by their number where not given.
    """
    post = Post(
        key=name_key(11, "replication", replication, "post", "a", 0),
        audience=np.unique(np.asarray(sources, np.int32)),
        reach=reach_table(source_reach, 0.0),
        delay=delay_table(source_delay or Constant(dist="constant", hours=0.0), horizon, 0),
        engage=0,
        share=chance(share),
        click=0,
        order=0,
    )
    return Conditions(
        people=people or numbered(graph.offsets.size - 1),
        graph=graph,
        horizon=horizon,
        posts=(post,),
        peer_reach=np.full(ACTIVITY_LEVELS, chance(peer_reach), np.uint64),
        peer_delay=delay_table(peer_delay or Constant(dist="constant", hours=0.0), horizon, 1),
        wear=wear_table(0.0),
        baseline_key=name_key(11, "baseline"),
        baseline=0,
    )


def reach_on(conditions: Conditions) -> int:
    """Play one post on the compiled clock and give its reach."""
    crowd = CompiledCrowd(conditions)
    crowd.publish(0, 0)
    crowd.advance(conditions.horizon + 1)
    return crowd.tally().reach


def reached_by(conditions: Conditions, seconds: Iterable[int]) -> list[int]:
    """Play one post on the compiled clock and give the reach up to and including each second, in rising order."""
    crowd = CompiledCrowd(conditions)
    crowd.publish(0, 0)
    reach = []
    for second in seconds:
        crowd.advance(second + 1)
        reach.append(crowd.tally().reach)
    return reach


def mean_agrees(sample: Iterable[float], mean: float, sd: float | None = None) -> bool:
    """Say whether a sample's mean agrees with a law, at `Z_BOUND`.

    Args:
        sample: Independent values.
        mean: The law's mean.
        sd: The law's standard deviation; the sample's own where not given.
    """
    values = np.asarray(list(sample), np.float64)
    spread = float(values.std(ddof=1)) if sd is None else sd
    return bool(abs(values.mean() - mean) <= Z_BOUND * spread / np.sqrt(values.size))


def variance_agrees(sample: Iterable[float], mean: float, variance: float) -> bool:
    """Say whether the squared distances from a law's mean agree with its variance, at `Z_BOUND`."""
    return mean_agrees((np.asarray(list(sample), np.float64) - mean) ** 2, variance)


def count_agrees(hits: int, of: int, probability: float) -> bool:
    """Say whether a count agrees with a binomial law, at `P_BOUND`."""
    return bool(stats.binomtest(hits, of, probability).pvalue >= P_BOUND)


def distribution_agrees(sample: Iterable[float], law: Callable[[Values], Values]) -> bool:
    """Say whether a sample agrees with a continuous law's distribution function (Kolmogorov), at `P_BOUND`."""
    return bool(stats.kstest(np.asarray(list(sample), np.float64), law).pvalue >= P_BOUND)
