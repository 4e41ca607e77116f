"""Whether every niche that is named is one that people have: of the product, creators, pools, boosts and ads.

In: the parts of a scenario. Out: problems, each with the path of the key it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.account import Creator, Pool
from simulator.scenario.listed import ListedPool
from simulator.scenario.parts import Part, Parts, Problem, nearest
from simulator.scenario.product import Product
from simulator.scenario.section import UNCHANGED
from simulator.scenario.strategy import Ads, Boost


def niche_problems(parts: Parts) -> Iterator[Problem]:
    """Say where a section names a niche that the people do not have."""
    single = [part for part in (parts.product, parts.ads) if part]
    for section in (*single, *parts.accounts, *parts.boosts.values()):
        yield from _niche(section, parts)
    yield from _factors_without_niche(parts)
    yield from _factor_of_nobody(parts)
    yield from _bought_anyway(parts)


def _factors_without_niche(parts: Parts) -> Iterator[Problem]:
    product = parts.product
    if product is None or not product.has("niche") or product.value.niche is not None:
        return
    for key in ("niche_fit", "viewer_fit", "baseline_niche_factor"):
        if product.has(key) and getattr(product.value, key) != UNCHANGED:
            message = 'this has no effect while the product has no niche. Write niche = "beauty", or remove this key.'
            yield Problem((*product.path, key), message)


def _factor_of_nobody(parts: Parts) -> Iterator[Problem]:
    product = parts.product
    if product is None or not product.has("baseline_niche_factor", "baseline_order_probability"):
        return
    if product.value.baseline_niche_factor != UNCHANGED and product.value.baseline_order_probability.bounds[1] == 0:
        message = (
            "this has no effect while nobody would have bought anyway. Write baseline_order_probability = 0.01, or "
            "remove this key."
        )
        yield Problem((*product.path, "baseline_niche_factor"), message)


def _bought_anyway(parts: Parts) -> Iterator[Problem]:
    """Say where more people of the product's niche would have bought anyway than there are."""
    product, keys = parts.product, ("baseline_order_probability", "baseline_niche_factor")
    if product is None or not product.has(*keys):
        return
    chance, factor = (getattr(product.value, key).plausible_high for key in keys)
    if factor > 1 and chance * factor > 1 + 1e-12:
        yield Problem(
            (*product.path, keys[1]),
            f"{factor:g} times a {keys[0]} of {chance:g} is {chance * factor:.4g}; a chance is at most 1. Lower one of "
            "the two.",
        )


def _niche(
    part: Part[Creator] | Part[Pool] | Part[ListedPool] | Part[Boost] | Part[Ads] | Part[Product], parts: Parts
) -> Iterator[Problem]:
    niche, path = part.value.niche, (*part.path, "niche")
    if niche is None or parts.people is None or not part.has("niche"):
        return
    synthetic = parts.synthetic
    if synthetic is None:
        yield Problem(path, f'given "{niche}"; people from a graph file have no niches. Remove this key.')
    elif synthetic.has("niches") and niche not in synthetic.value.niches:
        known = nearest(niche, list(synthetic.value.niches))
        yield Problem(path, f'no niche "{niche}" in people.niches.{known}')
