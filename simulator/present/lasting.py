"""What acts over time and among friends, as text: repetition, sharing, later orders, goodwill.

In: a scenario. Out: lines of text. Invariant: what is off is not mentioned.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from simulator.campaign.explain import response
from simulator.present.digits import listed
from simulator.present.written import amount_text, delay_text, ends_text, median_text, number
from simulator.scenario.model import Scenario

_WIDTH, _LABEL = 100, 16
_SHOWN_IMPRESSIONS = 5


def lasting_lines(scenario: Scenario) -> list[str]:
    """Say what acts over time and among friends; nothing where nothing does."""
    paragraphs = [*_behaviour(scenario), *_orders(scenario), *_goodwill(scenario)]
    lines = [line for label, text in paragraphs for line in _paragraph(label, text)]
    return ["Over time and among friends", *lines] if lines else []


def _paragraph(label: str, text: str) -> Iterator[str]:
    """Write a label and a text beside it, over several lines where it is long."""
    first, *others = wrap(text, _WIDTH - _LABEL)
    yield f"  {label}".ljust(_LABEL) + first
    yield from (" " * _LABEL + line for line in others)


def _behaviour(scenario: Scenario) -> Iterator[tuple[str, str]]:
    its = scenario.behaviour
    if its.fatigue.bounds[1] or its.response_by_frequency:
        yield "repetition", _repetition(scenario)
    if its.reach_per_peer.bounds[1]:
        yield "friends", f"a follower sees what a friend shares with {median_text(its.reach_per_peer)}."
    if its.share_by_friends:
        times = listed(number(factor) for factor in its.share_by_friends)
        yield "", f"Once 1, 2, ... friends have shown it, a post is shared {times} times as often (the last: or more)."
    if its.share_per_order.bounds[1]:
        yield "", f"Who orders shares the post with {median_text(its.share_per_order)}."
    if its.most_reproduction is not None:
        yield "", f"Where a share would cause more than {its.most_reproduction:g} others, posts are shared less often."


def _repetition(scenario: Scenario) -> str:
    its = scenario.behaviour
    shown = range(1, _SHOWN_IMPRESSIONS + 1)
    counts = listed(number(response(its.fatigue.median, its.response_by_frequency, k)) for k in shown)
    acts_on = "shares, clicks and goodwill" if scenario.brand else "shares and clicks"
    besides = " and response_by_frequency" if its.response_by_frequency else ""
    return (
        f"the 1st to {_SHOWN_IMPRESSIONS}th impression of a person, all posts together, counts {counts} in engagement, "
        f"{acts_on} (fatigue {amount_text(its.fatigue)}{besides})."
    )


def _orders(scenario: Scenario) -> Iterator[tuple[str, str]]:
    product = scenario.product
    if product.purchase_lag:
        yield "purchase lag", f"from click to order {delay_text(product.purchase_lag)}."
    if product.repeat_orders:
        its = product.repeat_orders
        yield (
            "repeat orders",
            (
                f"an order is followed by another with {median_text(its.probability)}; from order to order "
                f"{delay_text(its.delay)}; {_further(its.probability.median)}."
            ),
        )
    if product.return_probability.bounds[1]:
        yield "returns", f"an order is sent back with {median_text(product.return_probability)} and then earns nothing."


def _further(probability: float) -> str:
    """Say how many orders follow a customer's first, where each is followed by another with a probability."""
    if probability == 1:
        return "a customer never stops"
    return f"in the long run {number(probability / (1 - probability))} more for each customer"


def _goodwill(scenario: Scenario) -> Iterator[tuple[str, str]]:
    its = scenario.brand
    if its is None:
        return
    half_life, every = ends_text(its.half_life_days), number(its.occasion_every_days)
    without = f" ({median_text(its.order_per_occasion)} without it)" if its.order_per_occasion.bounds[1] else ""
    adds = "it adds to the chance of an order after a click, and at an occasion to buy, one every"
    yield "goodwill", f"halves in {half_life} days; {adds} {every} days{without}."
