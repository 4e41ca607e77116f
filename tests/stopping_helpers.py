"""Help for the tests of runs that stop when they are sure enough: laws of ROI, and studies of made-up plays.

In: a law, a rule and a seed. Out: how often the intervals after the stop hold the truth. The laws are hard on purpose:
skewed, heavy-tailed, or with an order in one play out of 50. All have a spread of 1, so that what is wanted is in
spreads; means are 0, because a mean is only ever compared with a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from simulator.study import decided, precision
from simulator.study.estimates import Markets, Values, mean_estimate
from simulator.study.group_sequential import Design, _Order
from simulator.study.pivot import pivot_of

Draw = Callable[[np.random.Generator, int], npt.NDArray[np.float64]]
MARKETS = 4
STEP = 100
MOST = 3_000


def _standardised(draw: Draw, mean: float, spread: float) -> Draw:
    return lambda rng, n: (draw(rng, n) - mean) / spread


def _pareto(shape: float) -> Draw:
    mean = 1 / (shape - 1)
    spread = math.sqrt(shape / ((shape - 1) ** 2 * (shape - 2)))
    return _standardised(lambda rng, n: rng.pareto(shape, n), mean, spread)


_LOG_NORMAL = _standardised(
    lambda rng, n: np.exp(rng.standard_normal(n)), math.exp(0.5), math.sqrt((math.e - 1) * math.e)
)
LAWS: dict[str, Draw] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "log-normal (0, 1), skewness 6": _LOG_NORMAL,
    "log-normal, mirrored: rare great losses": lambda rng, n: -_LOG_NORMAL(rng, n),
    "Pareto 3.5: no fourth moment": _pareto(3.5),
    "Pareto 2.5: no third moment": _pareto(2.5),
    "orders in 1 of 20 plays": _standardised(lambda rng, n: rng.poisson(0.05, n).astype(float), 0.05, math.sqrt(0.05)),
    "an order in 1 of 50 plays": _standardised(
        lambda rng, n: (rng.random(n) < 0.02).astype(float), 0.02, math.sqrt(0.0196)
    ),
}
# Of two plans that met the same worlds: what they share has gone from the difference, what is left is like this.
DIFFERENCES: dict[str, Draw] = {
    "normal": LAWS["normal"],
    "log-normal (0, 1), skewness 6": _LOG_NORMAL,
    "log-normal less another": lambda rng, n: (_LOG_NORMAL(rng, n) - _LOG_NORMAL(rng, n)) / math.sqrt(2),
    "Pareto 2.5: no third moment": LAWS["Pareto 2.5: no third moment"],
    "orders in 1 of 20 plays, of each": lambda rng, n: (
        (LAWS["orders in 1 of 20 plays"](rng, n) - LAWS["orders in 1 of 20 plays"](rng, n)) / math.sqrt(2)
    ),
}


@dataclass(frozen=True)
class Found:
    """What repeated studies came to: shares of them, and the mean number of replications."""

    covered: float
    naive_covered: float
    replications: float
    decided: float = 0.0
    naive_decided: float = 0.0


def market_of(n: int) -> Markets:
    """Give the markets of replications, as a run plays them."""
    return np.arange(n) % MARKETS


def precise(draw: Draw, wanted: float, studies: int, seed: int, most: int = 10_000) -> Found:
    """Repeat a study that stops where its mean is known well enough; naive is to stop at the first t interval."""
    rng, market = np.random.default_rng(seed), market_of(most)
    found = []
    for _ in range(studies):
        values = draw(rng, most)
        n = _stop_when_precise(values, market, wanted, most)
        low, high = _bounds(precision.known(values[:n], market[:n], 1))
        naive_low, naive_high = _bounds(_naively_precise(values, market, wanted, most))
        found.append((low <= 0 <= high, naive_low <= 0 <= naive_high, n))
    return Found(*np.mean(found, axis=0).tolist())


def _stop_when_precise(values: Values, market: Markets, wanted: float, most: int) -> int:
    look, n = None, precision.first_look(STEP, most)
    while True:
        look = precision.look({"a": values[:n]}, market[:n], wanted, step=STEP, most=most, before=look)
        if look.is_enough or n == most:
            return n
        n = look.then


def _naively_precise(values: Values, market: Markets, wanted: float, most: int) -> object:
    """Look every 20 replications, and stop at the first t interval that is narrow enough."""
    n = np.arange(40, most + 1, 20)
    sums, squares = np.cumsum(values)[n - 1], np.cumsum(values**2)[n - 1]
    error = np.sqrt(np.maximum(squares / n - (sums / n) ** 2, 0) / (n - 1))
    narrow = (1.96 * error <= wanted) & (error > 0)
    at = int(n[np.argmax(narrow)]) if narrow.any() else most
    return mean_estimate(values[:at], market[:at])


def _bounds(estimate: object) -> tuple[float, float]:
    assert isinstance(estimate, dict), "studies like these have an interval"
    return (estimate["low"], estimate["high"]) if estimate["low"] is not None else (math.inf, -math.inf)


def contested(
    draw: Draw, difference: float, studies: int, seed: int, *, zone: float | None = None, most: int = MOST
) -> Found:
    """Repeat a study of two plans that stops when it is decided; naive is to stop at the first t interval without 0."""
    rng, market = np.random.default_rng(seed), market_of(most)
    found = []
    for _ in range(studies):
        values = draw(rng, most) + difference
        plans = {"a": values, "b": np.zeros(most)}
        sights = list(sights_of(plans, market, zone))
        naive_held, naive_decided = _naively_decided(values, difference, most)
        held = _holds(sights, difference, zone, most)
        found.append((held, naive_held, sights[-1].replications, sights[-1].why == "decided", naive_decided))
    return Found(*np.mean(found, axis=0).tolist())


def sights_of(plans: dict[str, Values], market: Markets, zone: float | None = None) -> Iterator[decided.Sight]:
    """Look at plans until it is decided which is best."""
    design = decided.plan_looks(STEP, len(market), len(plans))
    for n, bound in zip(design.looks, design.bounds, strict=True):
        sight = decided.sight_of({name: its[:n] for name, its in plans.items()}, market[:n], bound, zone=zone)
        yield sight
        if sight.why:
            return


def _holds(sights: list[decided.Sight], difference: float, zone: float | None, most: int) -> bool:
    """Say whether the interval after the stop holds a difference, without working out its ends."""
    design, look = decided.plan_looks(STEP, most, 2), len(sights) - 1
    pivot = sights[-1].pivots["a", "b"]
    assert pivot is not None, "studies like these have an interval"
    inner = None if zone is None else design.inner(look, zone / pivot.error)
    seen = pivot.deviate()
    return 0.025 <= share_above(design, look, seen, seen - pivot.deviate(difference), inner) <= 0.975


def _naively_decided(values: Values, difference: float, most: int) -> tuple[bool, bool]:
    """Stop at the first t interval without 0: whether it holds the difference, and whether one was found."""
    n = np.array(decided.looks_of(STEP, most))
    means = np.cumsum(values)[n - 1] / n
    errors = np.sqrt((np.cumsum(values**2)[n - 1] / n - means**2) / (n - 1))
    clear = np.abs(means) > 1.96 * errors
    at = int(np.argmax(clear)) if clear.any() else len(n) - 1
    return bool(abs(means[at] - difference) <= 1.96 * errors[at]), bool(clear.any())


def three_plans(draw: Draw, means: tuple[float, float, float], studies: int, seed: int) -> dict[str, float]:
    """Repeat a study of three plans: share of wrong decisions, coverage of pairs and of the plans' own t intervals."""
    rng, market = np.random.default_rng(seed), market_of(MOST)
    wrong, pairs, own = [], [], []
    for _ in range(studies):
        plans = {name: draw(rng, MOST) + mean for name, mean in zip("abc", means, strict=True)}
        sights = list(sights_of(plans, market))
        last, n = sights[-1], sights[-1].replications
        truth = dict(zip("abc", means, strict=True))
        wrong.append(last.why == "decided" and truth[last.leader or ""] < max(means) + (means.count(max(means)) > 1))
        settled = decided.settled(decided.plan_looks(STEP, MOST, 3), sights)
        for a, b in combinations("abc", 2):
            if (a, b) in settled:
                low, high = _bounds(settled[a, b].difference)
            else:
                low, high = _bounds(mean_estimate(plans[a][:n] - plans[b][:n], market[:n]))
            pairs.append(low <= truth[a] - truth[b] <= high)
        for name, values in plans.items():
            low, high = _bounds(mean_estimate(values[:n], market[:n]))
            own.append(low <= truth[name] <= high)
    return {"wrong": float(np.mean(wrong)), "pairs": float(np.mean(pairs)), "own": float(np.mean(own))}


def shares_of_pivot(draw: Draw, n: int, studies: int, seed: int) -> float:
    """Give how often the interval of a run that nobody looked at holds the truth."""
    rng, market = np.random.default_rng(seed), market_of(n)
    pivots = (pivot_of(draw(rng, n), market) for _ in range(studies))
    held = [low <= 0 <= high for pivot in pivots if pivot for low, high in [pivot.interval(0.95)]]
    return sum(held) / studies


def share_above(design: Design, look: int, deviate: float, drift: float, inner: Sequence[float] | None = None) -> float:
    """Give the probability that a run ends above one that was seen, of which the interval of `ending` holds the middle.

    Args:
        design: As for `ending`, and so the next two and `inner`.
        look: Index of the look at which it ended.
        deviate: What was seen there.
        drift: The true difference as a deviate at that look.
        inner: Where each look stops the run because the difference is small.
    """
    if deviate < 0:
        return 1 - _Order(design, look, -deviate, inner).above(-drift)
    return _Order(design, look, deviate, inner).above(drift)
