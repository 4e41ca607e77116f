"""A first scenario from five answers: product, budget, market, platform, and what to compare.

In: `Answers`. Out: the text of a commented TOML scenario. Invariants: whatever the answers, the text is a scenario that
can be checked and run, and its plans hire somebody (answers with which that is not so are refused); every number in it
is an answer, is computed from the published figures of the platform, or is called assumed.

Whom a budget can pay goes by the usual fee on the platform. An account is called affordable where the budget pays for
`_ENOUGH` of its size, for the fees of equal accounts differ by factors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from simulator.errors import ScenarioError
from simulator.scenario.account import PlatformName
from simulator.scenario.checks.paid import MAX_PAID_IMPRESSIONS
from simulator.scenario.emit import to_toml
from simulator.scenario.presets.preset import Tier, tiers, typed
from simulator.scenario.rates import rate_at, unknown_of
from simulator.scenario.schema import schema_text
from simulator.scenario.section import Lognormal
from simulator.scenario.terms import PowerFee

Comparison = Literal["many-or-few", "sizes", "creators-or-ads", "own-list"]
COMPARISONS: dict[Comparison, str] = {
    "many-or-few": "many small creators, few large ones, or a mix",
    "sizes": "every size of account that the budget pays for",
    "creators-or-ads": "creators, paid ads, or half of each",
    "own-list": "the creators on my own list, or usual ones of the platform",
}
FEWEST_PEOPLE, MOST_PEOPLE = 20_000, 5_000_000
_ENOUGH = 5  # creators that a budget must pay for, for a pool of them to be worth while
_OF_MARKET = 0.5  # who may follow one account
_HORIZONS = (30, 60, 90, 180)  # days, of which the first is taken that sees almost all of a post
_ALMOST_ALL = 0.9  # of its impressions
_CHEAPEST_CPM = 6
_HEAD = """\
#:schema ./{answers.schema_file}
# {question}
#
# Written by `campaign-roi init`; every line is yours to change. What creators leave out (how many see a post, click and
# order, what a pool is paid) is filled in from figures published for {answers.platform}. This shows each of them:
#     campaign-roi explain {answers.file}
# Whom the plans hire, and then the answer:
#     campaign-roi check {answers.file}
#     campaign-roi run {answers.file}"""
ROSTER_EXAMPLE = """\
handle,followers,engagement rate,average views,fee,category,audience credibility
example_one,48 200,3.1%,9 800,650,beauty,82%
example_two,31.5k,2.4%,7 100,480,fashion,78%
example_three,22 900,4.0%,5 600,n/a,beauty,85%
example_four,64k,1.9%,12 300,900,food,n/a
example_five,18 400,3.6%,4 900,300,beauty,80%
"""


@dataclass(frozen=True)
class Answers:
    """What a first scenario is made of.

    Attributes:
        product: What is sold.
        order_value: What a customer pays for it, in money.
        budget: What a plan may spend, in money.
        people: How many people could buy it [persons].
        roster_file: The list of creators, for "own-list".
        file: What the scenario will be called, for the commands it tells of.
    """

    product: str
    order_value: float
    budget: float
    people: int
    platform: PlatformName
    compare: Comparison
    currency: str = "$"
    roster_file: str = "creators.csv"
    file: str = "scenario.toml"
    schema_file: str = "campaign-roi.schema.json"


def starter_text(answers: Answers) -> str:
    """Write a scenario.

    Raises:
        ScenarioError: the budget pays for nobody there, or the market is too small or too large.
    """
    if not FEWEST_PEOPLE <= answers.people <= MOST_PEOPLE:
        raise ScenarioError(
            f"market size: given {answers.people:,} people; this asks for {FEWEST_PEOPLE:,} to {MOST_PEOPLE:,}. "
            "For another size, answer one of these and change people.count in the file."
        )
    plans = _PLANS[answers.compare](answers)
    return "\n".join([*_head(answers), *_market(answers), *_product(answers), *plans]) + "\n"


def starter_files(answers: Answers) -> dict[str, str]:
    """Write a scenario, and what lies beside it: the schema for editors and, to compare a list, an example of one.

    Returns:
        By name of the file its text, the scenario last.

    Raises:
        ScenarioError: as `starter_text`.
    """
    text = starter_text(answers)
    files = {answers.schema_file: schema_text()}
    if answers.compare == "own-list":
        files[answers.roster_file] = ROSTER_EXAMPLE
    return {**files, answers.file: text}


def file_name(product: str) -> str:
    """Give a name for the file of a product's scenario."""
    return (re.sub(r"[^a-z0-9]+", "_", product.lower()).strip("_")[:40] or "campaign") + ".toml"


# ---- what every scenario has


def _head(answers: Answers) -> Iterator[str]:
    question = f"{answers.product}: {COMPARISONS[answers.compare]}?"
    yield from _HEAD.format(question=question, answers=answers).splitlines()
    if answers.currency != "$":
        yield f"# Fees that are filled in are US dollars; where {answers.currency} is something else, write your own."
    yield ""
    yield from _lines(title=question)
    yield from _lines(currency=answers.currency) if answers.currency != "$" else ()
    yield from _with("seed = 1", "the number that makes the randomness: another one, another draw")
    yield from _with(f"horizon_days = {_horizon(answers.platform)}", "how long the campaign is watched")
    yield from _with("replications = 200", "how many times each plan is played; more make the answer surer")
    yield from _with(f"budget = {_number(answers.budget)}", "what each plan may spend")
    yield from _lines(platform=answers.platform)


def _market(answers: Answers) -> Iterator[str]:
    yield from ("", "[people]")
    yield from _with(f"count = {answers.people:_}", "could buy; real followers are taken to be of them")
    yield from _with("activity_spread = 0.3", "assumed: some see far more of what is posted than others")
    yield from ("", "[behaviour]")
    yield from _with('reach_per_peer = "8% to 15%"', "assumed: the chance that a follower sees what a friend shares")
    yield from _with("fatigue = 0.43", "the k-th impression works k ** -0.43 times as well as the first")


def _product(answers: Answers) -> Iterator[str]:
    yield from ("", "[product]")
    yield from _with(f"order_value = {_number(answers.order_value)}", "what a customer pays")
    yield from _with(
        'margin = "40% to 60%"', "assumed: what is left of it after its costs; yours is better known to you"
    )
    yield from _with("baseline_order_probability = 0.005", "assumed: who would have bought anyway, no merit of a plan")


# ---- what is compared


def _many_or_few(answers: Answers) -> Iterator[str]:
    small, large = _small(answers), _several(answers)[-1]
    yield from _pool(answers, small)
    yield from _pool(answers, large)
    yield from ("", f"[strategies.many_{small.name}]", f"split = {{ {small.name} = 1.0 }}")
    yield from ("", f"[strategies.few_{large.name}]", f"split = {{ {large.name} = 1.0 }}")
    yield from ("", "[strategies.mix]", f"split = {{ {small.name} = 0.5, {large.name} = 0.5 }}")


def _sizes(answers: Answers) -> Iterator[str]:
    sizes = _several(answers)
    for its in sizes:
        yield from _pool(answers, its)
    for its in sizes:
        yield from ("", f"[strategies.{its.name}]", f"split = {{ {its.name} = 1.0 }}")


def _creators_or_ads(answers: Answers) -> Iterator[str]:
    small = _usual(answers)
    if answers.budget > (most := MAX_PAID_IMPRESSIONS * _CHEAPEST_CPM / 1000):
        raise ScenarioError(
            f"budget: given {_number(answers.budget)}; as ads it would buy more than {MAX_PAID_IMPRESSIONS:,} "
            f"impressions, which is the most that can be played. Answer {most:,.0f} or less, or compare something else."
        )
    yield from _pool(answers, small)
    yield from ("", "# No table is behind these numbers, and they may decide the answer.", "[ads]")
    yield from _with(f'cpm = "{_CHEAPEST_CPM} to 12"', "assumed: what a thousand paid impressions cost")
    yield from _with("days = 14", "over how many days the money is spent")
    for key in ("click_per_impression", "order_per_click"):
        usual = _range_of(answers.platform, key, small)
        yield from _with(f'{key} = "{usual}"', f"assumed: as of {small.name} creators there; write what you measured")
    yield from ("", "[strategies.creators]", f"split = {{ {small.name} = 1.0 }}")
    yield from ("", "[strategies.ads]", "split = { ads = 1.0 }")
    yield from ("", "[strategies.half_of_each]", f"split = {{ {small.name} = 0.5, ads = 0.5 }}")


def _own_list(answers: Answers) -> Iterator[str]:
    small = _usual(answers)
    yield from ("", "[pools.own]")
    yield from _with(f"roster_file = {_text(answers.roster_file)}", "a row for each creator; hired from the top down")
    yield from _plan_of_posts()
    yield from _pool(answers, small)
    yield from ("", "[strategies.own_list]", "split = { own = 1.0 }")
    yield from ("", f"[strategies.usual_{small.name}]", f"split = {{ {small.name} = 1.0 }}")


_PLANS: dict[Comparison, Callable[[Answers], Iterator[str]]] = {
    "many-or-few": _many_or_few,
    "sizes": _sizes,
    "creators-or-ads": _creators_or_ads,
    "own-list": _own_list,
}


# ---- whom a budget pays for


def usual_cost(platform: PlatformName, followers: float) -> float:
    """Give what a creator usually costs on a platform for one post: fee and management, in money."""
    its = typed(platform)
    assert isinstance(its.fee, PowerFee), "the fee of every platform is a law"
    return its.fee.usual(followers) + its.management_cost.median


def _horizon(platform: PlatformName) -> int:
    """Give a time that sees almost all impressions of a post on a platform [days]."""
    delay = typed(platform).delay
    assert isinstance(delay, Lognormal), "the delays of every platform are log-normal"
    hours = delay.median_hours * math.exp(delay.sigma * NormalDist().inv_cdf(_ALMOST_ALL))
    return next(days for days in _HORIZONS if 24 * days >= hours)


def _range_of(platform: PlatformName, key: str, its: Tier) -> str:
    """Give the range of a rate of a usual account of a tier, as a scenario writes it."""
    rate = getattr(typed(platform), key)
    low, high = (rate_at(rate, unknown_of(rate).quantile(u), its.middle) for u in (0.05, 0.95))
    return f"{100 * low:.2g}% to {100 * high:.2g}%"


def _affordable(answers: Answers) -> list[Tier]:
    """Give the tiers of which the budget pays for several creators, the smallest first."""
    found = [its for its in tiers() if _fits_market(its, answers) and _pays(its, answers)]
    if not found:
        raise ScenarioError(
            f"budget: given {_number(answers.budget)}; it pays for too few creators on {answers.platform}. "
            f"{_how_much(answers, tiers()[0])}"
        )
    return found


def _several(answers: Answers) -> list[Tier]:
    """Give the same where there are at least two, to be compared."""
    affordable = _affordable(answers)
    if len(affordable) < 2:
        raise ScenarioError(f"{_why_not(tiers()[1], answers)} Or compare something else.")
    return affordable


def _small(answers: Answers) -> Tier:
    """Give the tier that small creators are of: micro where there is a larger one, else the smallest."""
    affordable = _affordable(answers)
    return affordable[1 if len(affordable) > 2 else 0]


def _usual(answers: Answers) -> Tier:
    """Give the tier that creators are of where sizes are not compared: micro, or nano where there can be no other."""
    return _affordable(answers)[:2][-1]


def _pays(its: Tier, answers: Answers) -> bool:
    return answers.budget >= _ENOUGH * usual_cost(answers.platform, its.middle)


def _fits_market(its: Tier, answers: Answers) -> bool:
    return _fewest_people(its) <= answers.people


def _fewest_people(its: Tier) -> int:
    """Give how many people a market must have for accounts of a tier [persons]."""
    return math.ceil(its.followers[1] * (1 - its.usual_fake_share) / _OF_MARKET)


def _why_not(its: Tier, answers: Answers) -> str:
    """Say why there can be no pool of a tier: the market is too small for it, or the budget."""
    if not _fits_market(its, answers):
        people = _fewest_people(its)
        return (
            f"market size: given {answers.people:,} people, of whom there are too few for accounts of two sizes: "
            f"{people * _OF_MARKET:,.0f} may follow a {its.name} account, and no more than half of a market should. "
            f"Answer {people:,} or more."
        )
    return (
        f"budget: given {_number(answers.budget)}; there are not two sizes of account of which it pays for several on "
        f"{answers.platform}. {_how_much(answers, its)}"
    )


def _how_much(answers: Answers, its: Tier) -> str:
    cost = usual_cost(answers.platform, its.middle)
    least = math.ceil(_ENOUGH * cost / 100) * 100
    return (
        f"A {its.name} account costs about {cost:,.0f} there, to find and brief it included; answer {least:,} or more."
    )


# ---- accounts as text


def _pool(answers: Answers, its: Tier) -> Iterator[str]:
    count = min(max(math.ceil(2.5 * answers.budget / usual_cost(answers.platform, its.middle)), 10), 5000)
    low, high = its.followers
    yield from ("", f"[pools.{its.name}]")
    yield from _with(f'tier = "{its.name}"', f"{low:,} to {high:,} followers")
    yield from _with(f"count = {count:_}", "how many of them could be hired; the budget decides how many are")
    yield from _plan_of_posts()


def _plan_of_posts() -> Iterator[str]:
    yield from _with("post_days = [0]", "one post each; [0, 7] would be two")
    yield from _with("post_jitter_hours = 72", "spread over the first days")


def _with(line: str, comment: str) -> Iterator[str]:
    """Write a line with a comment behind it."""
    yield f"{line:<38} # {comment}"


def _lines(**values: object) -> Iterator[str]:
    yield from to_toml(values).splitlines()


def _text(value: str) -> str:
    (line,) = _lines(text=value)
    return line.removeprefix("text = ")


def _number(value: float) -> str:
    return f"{int(value):_}" if value == int(value) else f"{value:_.2f}"
