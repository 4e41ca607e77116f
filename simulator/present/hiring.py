"""Whom the strategies hire, as text, before anything is played and after.

In: a scenario and its plans, or a summary. Out: lines of text. Invariant: what differs between markets is shown as a
range; nothing here needs a market to be built.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.campaign.hiring import Hired, Plans, hired_rows
from simulator.market.creators import Profile
from simulator.present import digits
from simulator.present.digits import Estimate
from simulator.scenario.contract import is_known
from simulator.scenario.model import Scenario
from simulator.scenario.people import SyntheticPeople

if TYPE_CHECKING:  # `check` needs no numpy
    from simulator.present.claims import Summary


def scenario_line(scenario: Scenario) -> str:
    """Say how much would be played, in what."""
    markets = len(scenario.markets_played)
    people = f" of {scenario.people.count:,} people" if isinstance(scenario.people, SyntheticPeople) else ""
    return (
        f"{scenario.replications:,} replications of {_several(len(scenario.strategies), 'strategy', 'strategies')} in "
        f"{_several(markets, 'market', 'markets')}{people}, "
        f"{scenario.horizon_days:g} day{'' if scenario.horizon_days == 1 else 's'} each."
    )


def hiring_lines(scenario: Scenario, plans: Plans) -> list[str]:
    """Say for every strategy whom it hires from each pool, for how much, and what it leaves unspent."""
    names = digits.display_names(scenario.strategies)
    lines = [f"{name} hires {_purchases(hired_rows(plans, key), scenario.currency)}." for key, name in names.items()]
    if any(_is_open(profile) for plan in plans.values() for profile in plan.profiles):
        lines.append("Costs that are ranges count with their median here; each play draws them.")
    return lines


def hiring_line(summary: Summary, plan: str) -> str:
    """Say whom a strategy of a study hires."""
    name = digits.display_names(summary["strategies"])[plan]
    return f"{name} hires {_purchases(summary['strategies'][plan]['hiring'], str(summary['currency']))}."


# How the cost lines of a summary are called where a client reads them.
COST_WORDS = {
    "fee": "fees",
    "agency_commission": "agency commission",
    "usage_rights": "usage rights",
    "exclusivity": "exclusivity",
    "whitelisting": "whitelisting",
    "production_cost": "production",
    "product_sent_cost": "product sent",
    "management_cost": "management",
    "affiliate_commission": "affiliate commission",
    "paid_media": "paid media",
}
# What of a plan's purchases is paid media.
PAID = ("boost", "ads")
# From this share of what was planned on, it counts as spent: cents may be left over.
_AS_PLANNED = 0.995


def cost_line(summary: Summary, plan: str) -> str:
    """Say what a strategy's money goes to on average, the largest cost first; empty where it is one cost or none."""
    name, unit = digits.display_names(summary["strategies"])[plan], digits.money_unit(str(summary["currency"]))
    means = {line: its["mean"] for line, its in summary["strategies"][plan].get("costs", {}).items()}
    planned = _planned_text(summary["strategies"][plan], means, unit)
    told = (line for line, mean in means.items() if mean["value"] or (planned and line == "paid_media"))
    paid = sorted(told, key=lambda line: -means[line]["value"])
    if len(paid) < 2 and not planned:
        return ""
    parts = [
        f"{COST_WORDS[line]} {digits.value_text(means[line], unit)}{planned if line == 'paid_media' else ''}"
        for line in paid
    ]
    about = "" if all(digits.interval_text(means[line]) == "exact" for line in paid) else ", about"
    return f"{name} spends per play{about}: {', '.join(parts)}{_on_top_text(summary, plan, means)}."


def _planned_text(its: Mapping[str, Any], means: Mapping[str, Estimate], unit: digits.Unit) -> str:
    """Say how much was planned for paid media where clearly less is spent, " of $4,000 planned"."""
    bought = [row for row in its.get("hiring", []) if row["buys"] in PAID]
    spent = (means.get("paid_media") or {}).get("value")
    if not bought or spent is None:
        return ""
    planned = sum(row["spent"] for row in bought) / len({row["market"] for row in its["hiring"]})
    return f" of {digits.plain(planned, 0, unit)} planned" if spent < _AS_PLANNED * planned else ""


def _on_top_text(summary: Summary, plan: str, means: Mapping[str, Estimate]) -> str:
    """Say it where a strategy spends more than the budget because orders cost commission, which no plan can know."""
    spend = (summary["strategies"][plan].get("spend") or {"mean": {}})["mean"].get("value")
    budget, commission = summary.get("budget"), (means.get("affiliate_commission") or {}).get("value") or 0.0
    if not budget or spend is None or not spend - commission <= budget < spend:
        return ""
    return "; the affiliate commission comes on top of the budget"


def account_sizes(creators: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Give the size of account that stands behind a follower whom each strategy hires, which hires any [followers].

    It is a geometric mean weighted by followers, so that one large account counts beside many small ones.

    Args:
        creators: Rows of creators.csv, one per strategy and hired creator.
    """
    behind: dict[str, list[tuple[float, float]]] = {}
    for row in creators:
        if size := row["followers"] or row["audience"]:
            behind.setdefault(row["strategy"], []).append((size * (row["markets_hired_in"] or 1), math.log(size)))
    return {
        plan: math.exp(sum(weight * size for weight, size in its) / sum(weight for weight, _ in its))
        for plan, its in behind.items()
    }


def paid_share(summary: Summary, plan: str) -> float:
    """Give which share of what a strategy plans to spend is for paid media."""
    rows = summary["strategies"][plan]["hiring"]
    return float(sum(row["spent"] for row in rows if row["buys"] in PAID) / (sum(row["spent"] for row in rows) or 1.0))


def dropped_line(summary: Summary, plan: str) -> str:
    """Say how many posts a strategy loses to creators who drop out; empty where it loses none."""
    name, its = digits.display_names(summary["strategies"])[plan], summary["strategies"][plan].get("operations") or {}
    if "posts_dropped" not in its or not its["posts_dropped"]["mean"]["value"]:
        return ""
    dropped, done = its["posts_dropped"]["mean"], its["posts_done"]["mean"]
    lost = f"{digits.with_interval(dropped)} posts per play to creators who drop out"
    out = f"{digits.with_interval(done)} go out" if done["value"] else "no post goes out in the days that are played"
    return f"{name} loses {lost}; {out}."


def _is_open(profile: Profile) -> bool:
    """Say whether what a creator costs is drawn anew in each play."""
    return profile.fee_cents is None or not is_known(profile.account)


def _purchases(rows: Sequence[Hired], currency: str) -> str:
    """Say whom a strategy hires, then what else it buys."""
    kinds: dict[tuple[bool, str, str | None], list[Hired]] = {}
    for row in rows:
        kinds.setdefault((row["buys"] != "creators", row["buys"], row["pool"]), []).append(row)
    creators = [_creators(its, currency) for (paid, *_), its in kinds.items() if not paid]
    paid = [_paid(its, currency) for (paid, *_), its in kinds.items() if paid]
    return "; ".join([*(creators or ["nobody"]), *paid])


def _creators(rows: Sequence[Hired], currency: str) -> str:
    money = _money(currency)
    hired = _range((row["hired"] for row in rows), digits.count)
    spent = _range((row["spent"] for row in rows), money)
    pool = rows[0]["pool"]
    if pool is None:
        return f"{hired} named {'creator' if hired == '1' else 'creators'} for {spent}"
    left = _range((row["unspent"] or 0.0 for row in rows), money)
    return f"{hired} of {rows[0]['offered']:,} {digits.shortened(pool)} for {spent} ({left} left unspent)"


def _paid(rows: Sequence[Hired], currency: str) -> str:
    spent = _range((row["spent"] for row in rows), _money(currency))
    return f"{spent} for {'ads' if rows[0]['buys'] == 'ads' else 'boosting posts'}"


def _money(currency: str) -> Callable[[float], str]:
    unit = digits.money_unit(currency)
    return lambda amount: digits.plain(amount, 0, unit)


def _several(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _range(values: Iterable[float], show: Callable[[float], str]) -> str:
    ends = sorted(values)
    low, high = show(ends[0]), show(ends[-1])
    return low if low == high else f"{low} to {high}"
