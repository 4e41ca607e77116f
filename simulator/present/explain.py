"""What rates come to, as text: a table for each creator, each pool and the ads, then all of them side by side.

In: a scenario and its explanations. Out: lines of text. Invariants: a line holds 100 characters where its names
allow; a multiplier that changes nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap

from simulator.campaign.explain import Direct, Explained, Explanation
from simulator.campaign.funnel import Factor, Step
from simulator.present import digits
from simulator.present.lasting import lasting_lines
from simulator.present.written import amount_text, median_text, money, number, rate_text, share, three_digits
from simulator.scenario.account import Creator, Pool
from simulator.scenario.model import Scenario
from simulator.scenario.quantity import Quantity
from simulator.scenario.strategy import Ads
from simulator.scenario.terms import PowerFee

_LABEL, _COLUMN, _WIDTH = 34, 11, 100
_LEGEND = """\
Each rate as it is written, what multiplies it and what that makes, every unknown at its median.
A range, 1% to 3%, and what a rate "makes" hold 90% of the plays; uniform and pert never leave their
min and max. Then what follows directly, where one creator's real followers see all its posts of
mean quality: without friends, strangers, paid media, goodwill and wear by repetition, and who would
order twice counts twice."""


def explanation_lines(scenario: Scenario, explanations: Sequence[Explanation]) -> list[str]:
    """Say what every rate is, what multiplies it and what follows."""
    blocks = [_LEGEND.splitlines(), *(list(_account(scenario, its)) for its in explanations)]
    blocks += [_side_by_side(scenario, explanations), _anyway(scenario), lasting_lines(scenario)]
    first, *others = (block for block in blocks if block)
    return [*first, *(line for block in others for line in ("", *block))]


def _account(scenario: Scenario, its: Explanation) -> Iterator[str]:
    yield _heading(its)
    yield from _shown(its)
    if its.followers[0] is not None:
        which = "" if len(its.followers) == 1 else ": fewest, median, most"
        yield from _row("", [digits.count(size or 0) for size in its.followers], f"followers{which}")
    for rate in its.rates:
        yield from _rate(scenario, rate, its.creators)
    yield from _direct(scenario, its)


def _heading(its: Explanation) -> str:
    niche = f" of {digits.clean(its.account.niche)}" if its.account.niche else ""
    if isinstance(its.account, Ads):
        return f"{its.name}: seen by {'people' + niche if niche else 'anybody'}"
    count = its.account.post_count
    posts = "1 post" if count == 1 else f"{count:,} posts"
    if isinstance(its.account, Creator):
        return f"{digits.clean(its.name)}: creator{niche}, {posts}"
    creators = "1 creator" if its.account.count == 1 else f"{its.account.count:,} creators"
    if its.platform is not None:
        return f"{its.name}, on {its.platform}: {its.creators:,} of a pool of {creators}{niche}, {posts} each"
    return f"{its.name}: pool of {creators}{niche}, {posts} each"


def _shown(its: Explanation) -> list[str]:
    """Name the creators of a list who stand for it."""
    if its.creators < 2:
        return []
    names = digits.listed([digits.shortened(handle) for handle in its.shown])
    text = f"The columns are {names}, with rates of their own where they have such."
    return [f"  {line}" for line in wrap(text, _WIDTH - 2)]


def _row(label: str, values: Sequence[str], note: str = "") -> Iterator[str]:
    """Write a row of a table; a long note goes on below itself."""
    front = f"{label:<{_LABEL}}" + "".join(f"{value:>{_COLUMN}}" for value in values) + "  "
    first, *others = wrap(note, max(_WIDTH - len(front), 30)) or [""]
    yield (front + first).rstrip()
    yield from (" " * len(front) + line for line in others)


# ---- rates

_Row = tuple[str, list[float], str]


def _rate(scenario: Scenario, rate: Explained, creators: int) -> Iterator[str]:
    """Write a rate, then a row for all that multiplies it, with what it has come to so far."""
    texts = dict.fromkeys(rate_text(step.given) for step in rate.steps)
    given = f"{next(iter(texts))}; {rate.source}" if len(texts) == 1 else "differs between creators"
    given = f"differs: {rate.own:,} of {creators:,} have their own" if rate.own else given
    yield from _row(f"  {rate.key}", [share(step.value) for step in rate.steps], given)
    if not any(step.value for step in rate.steps):
        return
    everybody, in_niche = list(_everybody(rate)), list(_in_niche(rate))
    others = ["viewers of other niches"] if everybody and in_niche else []
    yield from _rows(everybody, [_bounds(rate, in_niche=False), *others])
    yield from _rows(in_niche, [_bounds(rate, in_niche=True), f"viewers of {digits.clean(scenario.product.niche)}"])


def _rows(rows: Sequence[_Row], last: list[str]) -> Iterator[str]:
    """Write rows of multipliers; the last one says what all of them make."""
    for place, (label, values, note) in enumerate(rows, start=1):
        notes = [note, *(last if place == len(rows) else []), _most(values)]
        yield from _row(f"      {label}", [share(value) for value in values], "; ".join(filter(None, notes)))


def _everybody(rate: Explained) -> Iterator[_Row]:
    """Give a row for each multiplier that holds whoever sees the post."""
    values = [step.value for step in rate.steps]
    for factor in _acting(rate.steps[0].times):
        values = [value * factor.value for value in values]
        yield _times(factor, values)
    real = dict.fromkeys(number(step.real_share) for step in rate.steps)
    if any(step.real_share != 1 for step in rate.steps):
        label = f"/ {next(iter(real))} (1 - fake_share)" if len(real) == 1 else "/ (1 - fake_share)"
        yield label, [step.rate() for step in rate.steps], "of real followers"


def _in_niche(rate: Explained) -> Iterator[_Row]:
    for factor in _acting(rate.steps[0].in_niche):
        yield _times(factor, [step.rate_in_niche() for step in rate.steps])


def _acting(factors: Iterable[Factor]) -> list[Factor]:
    return [factor for factor in factors if _varies(factor.given)]


def _varies(factor: Quantity) -> bool:
    """Say whether a factor changes anything."""
    return not factor.is_fixed or factor.median != 1


def _times(factor: Factor, values: list[float]) -> _Row:
    return f"x {number(factor.value)} {factor.name}", values, "" if factor.given.is_fixed else amount_text(factor.given)


def _bounds(rate: Explained, *, in_niche: bool) -> str:
    """Say between which bounds the rate lies, at the middle one of the numbers of followers."""
    several = rate.unknowns(in_niche=in_niche)
    if several != 1:
        return f"{several} ranges: medians only" if several else ""
    middle = len(rate.steps) // 2
    low, high = (share(_of(its[middle], in_niche=in_niche)) for its in (rate.low, rate.high))
    where = " at the median" if len({step.value for step in rate.steps}) > 1 else ""
    return f"makes {low} to {high}{where}" if low != high else ""


def _of(step: Step, *, in_niche: bool) -> float:
    return step.rate_in_niche() if in_niche else step.rate()


def _most(values: Iterable[float]) -> str:
    return "more than 1 counts as 1" if any(value > 1 for value in values) else ""


# ---- what follows


def _direct(scenario: Scenario, its: Explanation) -> Iterator[str]:
    direct, ads = its.direct, isinstance(its.account, Ads)
    whom = _whom(scenario, direct[0])
    yield "  of 1,000 impressions" if ads else "  of 1,000 real followers, by all posts"
    if len(whom) > 1 or _varies(scenario.product.baseline_niche_factor):
        yield from _niche_row(scenario, direct)
    if not ads:
        yield from _row("    impressions", [three_digits(1000 * one.impressions) for one in direct])
    for who, of in whom:
        yield from _row(f"    clicks{who}", [three_digits(1000 * of(one, one.clicks)) for one in direct])
    for who, of in whom:
        yield from _row(f"    orders{who}", [three_digits(1000 * of(one, one.orders)) for one in direct])
    yield from _contract(its, scenario.currency)
    yield from _costs(scenario, its, whom)


_Whom = list[tuple[str, Callable[[Direct, tuple[float, float]], float]]]


def _whom(scenario: Scenario, first: Direct) -> _Whom:
    """Give the viewers who are told apart: by label, and how clicks or orders of both kinds make theirs."""
    if first.clicks[0] == first.clicks[1] and first.orders[0] == first.orders[1]:
        return [("", lambda _, both: both[0])]
    niche = digits.shortened(scenario.product.niche, 12)
    apart: _Whom = [(", other niches", lambda _, both: both[0]), (f", {niche}", lambda _, both: both[1])]
    return apart if first.niche_share is None else [*apart, (", expected mix", _mixed)]


def _mixed(one: Direct, both: tuple[float, float]) -> float:
    """Give what viewers do where as many of them as expected are of the product's niche."""
    of_niche = one.niche_share or 0.0
    return (1 - of_niche) * both[0] + of_niche * both[1]


def _niche_row(scenario: Scenario, direct: Sequence[Direct]) -> Iterator[str]:
    """Say how many viewers are expected to be of the product's niche, or that it is not known."""
    niche = digits.shortened(scenario.product.niche, 12)
    if direct[0].niche_share is None:
        yield from _row(f"    of {niche}", ["not known"], "[overlap] decides who follows")
    else:
        yield from _row(f"    of {niche}, expected", [share(one.niche_share or 0.0) for one in direct])


def _contract(its: Explanation, currency: str) -> Iterator[str]:
    direct = its.direct
    if direct[0].cents is None:
        return
    yield "  of one creator"
    if direct[0].people is not None:
        yield from _row("    real followers in the market", [digits.count(one.people or 0) for one in direct])
    contracts = [money((one.cents or 0) / 100, currency) for one in direct]
    yield from _row("    contract, as planned", contracts, _spread_of_fees(its))


def _spread_of_fees(its: Explanation) -> str:
    """Say that a usual fee is below the mean of what creators are paid, where their fees differ by a law."""
    fee = its.account.fee if isinstance(its.account, Pool) else None
    if not isinstance(fee, PowerFee) or not fee.noise:
        return ""
    return f"at the usual fee, as are the costs below; the mean fee is {three_digits(fee.mean_factor)} times it"


def _costs(scenario: Scenario, its: Explanation, whom: _Whom) -> Iterator[str]:
    direct, currency = its.direct, scenario.currency
    if all(one.cpm is None for one in direct):
        return
    yield "  what it costs"
    yield from _row("    1,000 impressions", [money(one.cpm, currency) for one in direct])
    yield from _row("    an engagement", [money(one.cost_of(one.engagements), currency) for one in direct])
    for who, of in whom:
        costs = [money(one.cost_of(of(one, one.clicks)), currency) for one in direct]
        yield from _row(f"    a click{who}", costs)
    for who, of in whom:
        costs = [money(one.cost_of(of(one, one.orders)), currency) for one in direct]
        yield from _row(f"    an order{who}", costs, _earned(scenario, its) if who == whom[-1][0] else "")


def _earned(scenario: Scenario, its: Explanation) -> str:
    product = scenario.product
    earned = money(product.order_value.median * product.margin.median, scenario.currency)
    commission = not isinstance(its.account, Ads) and its.account.terms.affiliate_commission_of_order_value.bounds[1]
    less = [*(["returns"] if product.return_probability.bounds[1] else []), *(["commission"] if commission else [])]
    return f"an order earns {earned}" + (f" before {digits.listed(less)}" if less else "")


# ---- side by side


def _side_by_side(scenario: Scenario, explanations: Sequence[Explanation]) -> list[str]:
    """Compare accounts, each at its median number of followers; nothing where there is one."""
    if len(explanations) == 1:
        return []
    head = ("impressions", "clicks", "orders", "CPM", "CPE", "CPC", "CPA")
    rows = [row for its in explanations for row in _compared(scenario, its)]
    width = max(26, *(len(label) for label, _ in rows))
    return [
        "Side by side at the median: of 1,000 real followers (ads: impressions), and what 1,000 impressions",
        "(CPM), an engagement (CPE), a click (CPC) and an order (CPA) cost",
        *(f"  {label:<{width}}" + "".join(f"{cell:>10}" for cell in cells) for label, cells in [("", head), *rows]),
        *_strangers(explanations),
    ]


def _strangers(explanations: Sequence[Explanation]) -> list[str]:
    """Say by how much views by strangers lower these costs; nothing where there are none."""
    ratios = {_named(its, digits.clean(its.name)): its.direct[len(its.direct) // 2].strangers for its in explanations}
    said = [f"{three_digits(1 + ratio)} for {name}" for name, ratio in ratios.items() if ratio]
    if not said:
        return []
    text = (
        "Costs are of followers' impressions alone. Views by strangers cost nothing more; with those of a usual post, "
        f"divide by about {digits.listed(said)}."
    )
    return [f"  {line}" for line in wrap(text, _WIDTH - 2)]


def _named(its: Explanation, name: str) -> str:
    """Say of whom of a pool it is, by a name of it."""
    return name if its.platform is None else f"{name} on {its.platform}"


def _compared(scenario: Scenario, its: Explanation) -> Iterator[tuple[str, Sequence[str]]]:
    one, currency = its.direct[len(its.direct) // 2], scenario.currency
    for who, of in _whom(scenario, one):
        clicks, orders = of(one, one.clicks), of(one, one.orders)
        counts = (three_digits(1000 * count) for count in (one.impressions, clicks, orders))
        costs = (one.cpm, one.cost_of(one.engagements), one.cost_of(clicks), one.cost_of(orders))
        yield _named(its, digits.shortened(its.name, 12)) + who, (*counts, *(money(cost, currency) for cost in costs))


# ---- who needs no campaign


def _anyway(scenario: Scenario) -> list[str]:
    """Say who would have bought without the campaign; nothing where nobody would."""
    product = scenario.product
    anyway, factor = product.baseline_order_probability, product.baseline_niche_factor
    if not anyway.bounds[1]:
        return []
    text = f"Of all people {median_text(anyway)} would have bought without the campaign"
    if _varies(factor):
        of_niche = share(anyway.median * factor.median)
        text += f", of people of {digits.clean(product.niche)} {of_niche} (baseline_niche_factor {amount_text(factor)})"
    text += "; their orders are no effect of it: tracked, but not in ROI."
    return ["Who would have bought anyway", *(f"  {line}" for line in wrap(text, _WIDTH - 2))]
