"""What each creator came to, as the table `creators.csv`.

In: a scenario, its plans and the assembled replications. Out: a row per strategy and hired creator, and one for its
ads. Invariant: the rows of a strategy add up to the means of `replications`, but for reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulator.campaign.hiring import Plan, Plans
from simulator.campaign.ledger import BOOKED_BY_CREATOR, COUNTED_BY_CREATOR
from simulator.market.creators import Profile
from simulator.scenario.contract import COSTS
from simulator.scenario.model import Scenario
from simulator.scenario.strategy import ADS
from simulator.study.chunks import books_of, overlap_in, plans_by_market, rows_of

Totals = npt.NDArray[np.int64]

# People whom several creators reach count with each of them, so this column does not add up, and its name says so.
_CREATOR_COLUMNS = {"reach": "reach_not_additive"}

CREATOR_SCHEMA = pa.schema(
    [
        ("strategy", pa.string()),
        ("creator", pa.string()),
        ("pool", pa.string()),
        ("niche", pa.string()),
        ("markets_hired_in", pa.int64()),
        ("followers", pa.float64()),
        ("audience", pa.float64()),
        ("audience_overlap", pa.float64()),
        ("posts", pa.float64()),
        *((_CREATOR_COLUMNS.get(name, name), pa.float64()) for name in COUNTED_BY_CREATOR),
        *((name, pa.float64()) for name in (*COSTS, "refund")),
    ]
)


def creator_table(scenario: Scenario, plans: Plans, audiences: Mapping[str, int], rows: pa.Table) -> pa.Table:
    """Give a row per strategy and hired creator, then one for its ads; counts and money are means over replications.

    A replication in whose market a creator is not hired counts with 0, so that the rows of a strategy add up to the
    means of `replications`, but for reach. What the account shows (followers, audience) and how much its audience
    overlaps with those of the strategy's other creators is the mean over the markets it is hired in.
    """
    records: list[dict[str, object]] = []
    for strategy in scenario.strategies:
        its = rows_of(rows, strategy)
        hired: dict[str, list[tuple[Profile, Totals]]] = {}
        overlaps: dict[str, list[float]] = {}
        ads: list[Totals] = []
        for plan in plans_by_market(plans, strategy):
            totals = _by_creator(its, plan)
            for profile, total in zip(plan.profiles, totals, strict=False):
                hired.setdefault(profile.name, []).append((profile, total))
            for name, overlap in _overlaps(its, plan).items():
                overlaps.setdefault(name, []).append(overlap)
            ads += list(totals[len(plan.profiles) :])
        records += [
            {
                **_creator_record(strategy, hired[name], audiences, its.num_rows),
                "audience_overlap": fmean(overlaps[name]) if name in overlaps else None,
            }
            for name in sorted(hired)
        ]
        records += [_ads_record(scenario, strategy, ads, its.num_rows)] if ads else []
    return pa.Table.from_pylist(records, schema=CREATOR_SCHEMA)


def _overlaps(its: pa.Table, plan: Plan) -> dict[str, float]:
    """Give how much each creator's audience overlaps with those of the others in a plan, where there are others."""
    overlap = overlap_in(its, plan)
    shares = overlap.creators if overlap else ()
    return {profile.name: its for profile, its in zip(plan.profiles, shares, strict=False) if its is not None}


def _by_creator(its: pa.Table, plan: Plan) -> Totals:
    """Give the totals of a plan's rows over the replications of its market (rows, columns)."""
    played = its.filter(pc.equal(its["market"], plan.market))
    totals: Totals = books_of(played, plan).sum(axis=0)
    return totals


def _creator_record(
    strategy: str, hired: list[tuple[Profile, Totals]], audiences: Mapping[str, int], replications: int
) -> dict[str, object]:
    """Give one creator's row from its profile and totals in each market it is hired in."""
    profiles = [profile for profile, _ in hired]
    first = profiles[0]
    return {
        "strategy": strategy,
        "creator": first.name,
        "pool": first.pool,
        "niche": first.account.niche,
        "markets_hired_in": len(profiles),
        "followers": None if first.followers is None else fmean(profile.followers or 0 for profile in profiles),
        "audience": fmean(audiences.get(first.name, profile.audience_size) for profile in profiles),
        "posts": first.account.post_count,
        **_means([total for _, total in hired], replications),
    }


def _ads_record(scenario: Scenario, strategy: str, ads: list[Totals], replications: int) -> dict[str, object]:
    """Give the row of a strategy's ads from their totals in each market; they have no account and no posts."""
    return {
        "strategy": strategy,
        "creator": ADS,
        "pool": ADS,
        "niche": scenario.ads.niche if scenario.ads else None,
        "markets_hired_in": len(ads),
        **_means(ads, replications),
    }


def _means(totals: list[Totals], replications: int) -> dict[str, float]:
    """Give counts and money [currency] of a row as means over all replications of its strategy."""
    means = np.sum(totals, axis=0) / replications
    columns = [_CREATOR_COLUMNS.get(name, name) for name in BOOKED_BY_CREATOR]
    means[len(COUNTED_BY_CREATOR) :] /= 100
    return dict(zip(columns, means.tolist(), strict=True))
