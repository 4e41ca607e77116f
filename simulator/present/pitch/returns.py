"""ROI from play to play: its distribution, the chance of a profit, the worst plays.

In: findings. Out: exhibits. Invariants: bins are those of the picture; plays beyond them are counted in a sentence; the
chance of a profit read off at 0 is that of the summary.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulator.present import digits, scales, titles
from simulator.present.claims import Facts, Pair, leading_pair
from simulator.present.digits import Estimate
from simulator.present.findings import Findings
from simulator.present.losing import no_profit_line, worst_lines
from simulator.present.pitch import parts
from simulator.present.pitch.chart import Axis, Chart, Series
from simulator.present.pitch.exhibit import Exhibit
from simulator.present.plan_rows import plan_rows, return_rows
from simulator.present.scales import Limits, Values
from simulator.study.estimates import LEAST, shortfall_difference

# Plans of which the chance of no profit stands on the face of it.
_MOST_TOLD = 3
# Places along the axis of ROI at which the chance to exceed it is given.
_PLACES = 80


def returns(findings: Findings) -> Exhibit:
    """Show how ROI differs from play to play, who wins how often and how bad the worst plays are."""
    facts, pair = findings.facts, leading_pair(findings.facts)
    worst = worst_difference(findings, pair)
    groups, limits = _groups(findings), _limits(findings)
    chances = [no_profit_line(facts, plan) for plan in facts.plans]
    worse = list(worst_lines(facts, pair, worst))
    few, told = len(chances) <= _MOST_TOLD, worst is not None and digits.has_interval(worst)
    return Exhibit(
        "roi",
        titles.fitted(lambda longest: titles.wins_title(facts.summary, worst, longest)),
        (*(chances if few else []), *(worse if told else [])),
        chart=_histogram(facts, groups, limits),
        picture="roi_distribution",
        alt=f"Histogram of the ROI of plays. {_spread_text(facts)}",
        table=parts.by_plan_table(facts, [row for row in plan_rows(facts) if row.measure == "roi"]),
        details=(*([] if few else chances), *([] if told else worse), *_notes(facts, groups, limits)),
        notes=(*parts.basis(facts, "roi"), *parts.left_out(facts)),
    )


def chances(findings: Findings) -> Exhibit | None:
    """Show the chance to exceed each ROI, 0 among them; None where plays tell nothing of chances."""
    facts = findings.facts
    groups, limits = _groups(findings), _limits(findings)
    if facts.plays == 1 or not any(map(len, groups.values())):
        return None
    told = "; ".join(f"{facts.names[plan]} {_chance_text(facts, plan)}" for plan in parts.shown(facts))
    return Exhibit(
        "chance",
        titles.fitted(lambda longest: titles.chance_title(facts.summary, longest)),
        chart=_exceedance(facts, groups, limits),
        picture="roi_exceedance",
        alt=f"Falling lines: the share of plays with a higher ROI. At 0, the chance of a profit: {told}.",
        table=parts.by_plan_table(facts, return_rows()),
        details=tuple(_notes(facts, groups, limits)),
        notes=(*parts.basis(facts, "roi"), *parts.left_out(facts)),
        aside=True,
    )


def worst_difference(findings: Findings, pair: Pair | None) -> Estimate | None:
    """Estimate by how much the worst 5% of plays of the first plan are better than those of the second, in pairs.

    Of more than two plans nothing is estimated: which two come first is seen from the same plays. The interval is
    cautious, because a plan is called better for it.
    """
    if pair is None or len(findings.facts.plans) > 2:
        return None
    level = float(pair.mean.get("level", 0.95))
    first, second = (scales.rows_of(findings.replications, strategy=plan) for plan in (pair.first, pair.second))
    a, b = (np.asarray(rows["roi"].to_numpy(), dtype=np.float64) for rows in (first, second))
    return dict(shortfall_difference(a, b, first["market"].to_numpy(), level, cautious=True))


def _groups(findings: Findings) -> dict[str, Values]:
    return {plan: scales.roi_of(findings, plan) for plan in parts.shown(findings.facts)}


def _limits(findings: Findings) -> Limits:
    groups = _groups(findings)
    return scales.limits_of(groups.values(), [findings.facts.mean(plan) for plan in groups])


def _axis(facts: Facts) -> Axis:
    one = digits.plain(1, 0, digits.money_unit(facts.currency))
    return Axis(f"ROI [profit per {one} spent]", digits.PER_ONE)


def _histogram(facts: Facts, groups: Mapping[str, Values], limits: Limits) -> Chart | None:
    """Count plays by bin; of a single play there is nothing to count."""
    if facts.plays == 1 or not any(map(len, groups.values())):
        return None
    bins = np.linspace(max(limits[0], LEAST["roi"]), limits[1], scales.bin_count(max(map(len, groups.values()))) + 1)
    series = tuple(
        Series(facts.names[plan], tuple((np.histogram(roi, bins)[0] / len(roi)).tolist()), colour=place)
        for place, (plan, roi) in enumerate(groups.items())
        if len(roi)
    )
    middles = ((bins[:-1] + bins[1:]) / 2).tolist()
    return Chart("histogram", series, _axis(facts), Axis("share of plays", digits.PERCENT), at=tuple(middles))


def _exceedance(facts: Facts, groups: Mapping[str, Values], limits: Limits) -> Chart:
    zero = [0.0] if limits[0] < 0 < limits[1] else []
    at = np.unique([*np.linspace(*limits, _PLACES + 1), *zero])
    series = tuple(
        Series(facts.names[plan], tuple(scales.exceedance(roi, at).tolist()), colour=place)
        for place, (plan, roi) in enumerate(groups.items())
        if len(roi)
    )
    across = Axis("plays with a higher ROI", digits.PERCENT)
    return Chart("lines", series, _axis(facts), across, at=tuple(at.tolist()))


def _spread_text(facts: Facts) -> str:
    """Say in words where the plays of each plan lie."""
    spread = return_rows()[0]
    told = [
        f"{facts.names[plan]}: mean {digits.with_interval(facts.mean(plan), digits.PER_ONE)}, 5% to 95% of plays "
        f"{spread.text(facts, plan)}"
        for plan in parts.shown(facts)
    ]
    return "; ".join(told) + "."


def _chance_text(facts: Facts, plan: str) -> str:
    chance = facts.measure(plan)["probability_positive"]
    return "has no ROI" if chance["value"] is None else digits.percent(chance)


def _notes(facts: Facts, groups: Mapping[str, Values], limits: Limits) -> list[str]:
    undefined = scales.undefined_notes(groups, facts.names, facts.plays)
    return [*undefined, *scales.outside_notes(groups, limits)]
