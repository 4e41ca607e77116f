"""The rulebook: what one impression does, against a plain twin, exact cases and laws.

Error rate: statistical checks have a fixed set of names and fail with probability `ALPHA` each if the rulebook
is right; beside each stands a wrong rulebook that must fail.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.spread import rules
from simulator.streams import MASK, fold, name_key

ALPHA = 1e-4
ALWAYS = 2**32
FRESH = 2**31  # the wear of a first impression
WORDS = st.integers(0, MASK)
CHANCES = st.integers(0, ALWAYS) | st.sampled_from([0, 1, ALWAYS - 1, ALWAYS])
WEARS = st.integers(0, FRESH) | st.sampled_from([0, 1, FRESH - 1, FRESH])

Respond = Callable[..., int]


def number_of(showing: int, purpose: int) -> int:
    """Give the number of a decision about a showing, in units of 2**-32."""
    return fold(showing, purpose) >> 32


def plain_response(showing: int, wear: int, *chances: int) -> int:
    """Respond in plain Python, from the text of the rulebook."""
    engage, share, click, order = chances
    engages = number_of(showing, 2) < engage * wear // 2**31
    shares = number_of(showing, 3) < share * wear // 2**31
    clicks = number_of(showing, 4) < click * wear // 2**31
    orders = clicks and number_of(showing, 5) < order
    return engages * 1 + shares * 2 + clicks * 4 + orders * 8


@given(WORDS, WEARS, st.tuples(CHANCES, CHANCES, CHANCES, CHANCES))
@example(0, FRESH, (ALWAYS, ALWAYS, ALWAYS, ALWAYS))
@example(MASK, FRESH, (ALWAYS, ALWAYS, ALWAYS, ALWAYS))
@example(0, 0, (ALWAYS, ALWAYS, ALWAYS, ALWAYS))
@settings(derandomize=True, max_examples=500)
def test_response_equals_its_plain_twin(showing: int, wear: int, chances: tuple[int, int, int, int]) -> None:
    """Compiled and in plain Python the rulebook gives the same response to any impression."""
    assert plain_response(showing, wear, *chances) == rules.response(showing, wear, *chances)


@given(WORDS)
@example(0)
@example(MASK)
@settings(derandomize=True)
def test_never_and_always(key: int) -> None:
    """A chance of 0 never happens and one of 2**32 always, whatever the key."""
    assert not rules.happens(key, 0)
    assert rules.happens(key, ALWAYS)


@pytest.mark.parametrize("threshold", [1, 2**31, ALWAYS - 1])
def test_a_decision_compares_the_top_half(threshold: int) -> None:
    """A decision is yes for exactly the numbers below the threshold; the low half of the key is not looked at."""
    for low in (0, 2**32 - 1):
        assert rules.happens(((threshold - 1) << 32) + low, threshold)
        assert not rules.happens((threshold << 32) + low, threshold)


@given(CHANCES, WEARS)
@example(ALWAYS, FRESH)
@settings(derandomize=True)
def test_wear_never_raises_a_chance(threshold: int, wear: int) -> None:
    """A worn chance is the product, rounded down: never above the chance, and the chance itself when fresh."""
    assert threshold * wear // 2**31 == rules.worn(threshold, wear) <= threshold
    assert threshold == rules.worn(threshold, FRESH)


@given(WORDS, WEARS, WEARS, CHANCES)
@settings(derandomize=True)
def test_more_fatigue_never_adds_a_response(showing: int, one: int, other: int, chance: int) -> None:
    """What a tired person does, the same person would have done fresher: the decision's name stays the same."""
    tired, fresh = (rules.response(showing, wear, chance, chance, chance, ALWAYS) for wear in sorted((one, other)))
    assert tired == tired & fresh


def test_fatigue_wears_engagement_share_and_click_not_order() -> None:
    """With no response left nothing happens; an order after a click does not depend on wear."""
    showings = [name_key(7, "showing", i) for i in range(2_000)]
    assert {0} == {rules.response(s, 0, ALWAYS, ALWAYS, ALWAYS, ALWAYS) for s in showings}
    for bit, chances in ((1, (ALWAYS, 0, 0, 0)), (2, (0, ALWAYS, 0, 0)), (4, (0, 0, ALWAYS, 0))):
        happened = np.mean([rules.response(s, FRESH // 4, *chances) == bit for s in showings])
        assert pytest.approx(0.25, abs=0.05) == happened
    clicked = [s for s in showings if rules.response(s, FRESH // 4, 0, 0, ALWAYS, 0)]
    ordered = [rules.response(s, FRESH // 4, 0, 0, ALWAYS, 2**31) == 12 for s in clicked]
    assert [number_of(s, rules.ORDER) < 2**31 for s in clicked] == ordered
    assert 0 < sum(ordered) < len(ordered)


@given(WORDS, CHANCES, CHANCES, CHANCES)
@settings(derandomize=True)
def test_order_needs_a_click(showing: int, engage: int, click: int, order: int) -> None:
    """Nobody orders without a click; with certain orders exactly the clicks order."""
    assert not rules.response(showing, FRESH, engage, ALWAYS, 0, ALWAYS) & rules.ORDERED
    wants = rules.response(showing, FRESH, engage, 0, click, order)
    assert not wants & rules.ORDERED or wants & rules.CLICKED
    certain = rules.response(showing, FRESH, engage, 0, click, ALWAYS)
    assert bool(certain & rules.CLICKED) == bool(certain & rules.ORDERED)


def test_bits_and_purposes_are_different() -> None:
    """Each outcome has a bit of its own and each decision a purpose of its own."""
    assert {1, 2, 4, 8} == {rules.ENGAGED, rules.SHARED, rules.CLICKED, rules.ORDERED}
    assert 5 == len({rules.DELAY, rules.ENGAGE, rules.SHARE, rules.CLICK, rules.ORDER})


# Independence ---------------------------------------------------------------------------------------------------

RATES = {rules.ENGAGED: 0.3, rules.SHARED: 0.2, rules.CLICKED: 0.5}
ORDER_RATE = 0.4


def probability_of(wants: int) -> float:
    """Give how likely a response is if engagement, share and click are independent and orders follow clicks."""
    if wants & rules.ORDERED and not wants & rules.CLICKED:
        return 0.0
    p = float(np.prod([rate if wants & bit else 1 - rate for bit, rate in RATES.items()]))
    if wants & rules.CLICKED:
        p *= ORDER_RATE if wants & rules.ORDERED else 1 - ORDER_RATE
    return p


def showings_seen(reach: float) -> list[int]:
    """Give the showings of 10 posts by 8 showers to 1,000 people that are seen: small numbers, all of them."""
    posts = [name_key(7, "replication", 0, "post", "a", number) for number in range(10)]
    showers = [rules.shower_key(post, word) for post, word in itertools.product(posts, range(8))]
    keys = (rules.showing_key(shower, viewer) for shower, viewer in itertools.product(showers, range(1, 1001)))
    return [key for key in keys if rules.happens(key, round(reach * ALWAYS))]


def responses_fit(respond: Respond, showings: list[int]) -> bool:
    """Check by chi-square how often each of the twelve possible responses occurs."""
    thresholds = [round(p * ALWAYS) for p in (*RATES.values(), ORDER_RATE)]
    counts = np.bincount([respond(s, FRESH, *thresholds) for s in showings], minlength=16)
    expected = np.array([probability_of(wants) for wants in range(16)]) * len(showings)
    possible = expected > 0
    if counts[~possible].any():
        return False
    return bool(stats.chisquare(counts[possible], expected[possible]).pvalue > ALPHA)


def response_of_one_number(showing: int, wear: int, *chances: int) -> int:
    """Respond wrongly: engagement and share are decided by the same number."""
    shares = number_of(showing, rules.ENGAGE) < chances[1]
    return plain_response(showing, wear, *chances) & ~rules.SHARED | shares * rules.SHARED


def response_of_the_showing(showing: int, wear: int, *chances: int) -> int:
    """Respond wrongly: engagement is decided by the number that decided whether the showing is seen."""
    engages = showing >> 32 < chances[0]
    return plain_response(showing, wear, *chances) & ~rules.ENGAGED | engages * rules.ENGAGED


@pytest.mark.parametrize("reach", [1.0, 0.2])
def test_decisions_of_an_impression_are_independent(reach: float) -> None:
    """Among the showings that are seen, engagement, share and click are independent and orders follow clicks."""
    showings = showings_seen(reach)
    assert responses_fit(rules.response, showings)
    assert not responses_fit(response_of_one_number, showings)


def test_response_does_not_know_how_likely_the_showing_was() -> None:
    """Being seen is another decision: reusing its number would make the rarely reached respond more often."""
    assert not responses_fit(response_of_the_showing, showings_seen(0.2))


def delay_entries(showings: list[int]) -> npt.NDArray[np.int64]:
    """Give the entry of the delay table of each showing."""
    return np.array([rules.delay_entry(showing) for showing in showings])


def test_delays_are_uniform_over_their_table() -> None:
    """The entries of seen showings stay inside the table and are uniform, also apart by engagement."""
    showings = showings_seen(0.2)
    entries = delay_entries(showings)
    assert 0 <= entries.min() <= entries.max() < 2**14
    uniform = np.bincount(entries // 256, minlength=64)
    assert stats.chisquare(uniform).pvalue > ALPHA
    engaged = np.array([rules.response(s, FRESH, 2**31, 0, 0, 0) for s in showings], bool)
    assert stats.ks_2samp(entries[engaged], entries[~engaged]).pvalue > ALPHA
    by_showing = np.array([showing >> 50 for showing in showings])  # a wrong entry: the showing's own number
    assert stats.chisquare(np.bincount(by_showing // 256, minlength=64)).pvalue < ALPHA


@given(WORDS, WORDS, WORDS)
@settings(derandomize=True)
def test_names_are_folded_as_they_are_written(post: int, shower: int, viewer: int) -> None:
    """A showing's key is its post's, folded with the shower and then the viewer; the entry has 14 bits."""
    assert fold(post, shower) == rules.shower_key(post, shower)
    assert fold(shower, viewer) == rules.showing_key(shower, viewer)
    assert fold(post, rules.DELAY) >> 50 == rules.delay_entry(post)


def test_an_hour_ends_with_its_last_second() -> None:
    """Row h counts what happens after h - 1 and up to h hours; second 0 is row 0."""
    assert [0, 1, 1, 2, 24] == [rules.hour_of(second) for second in (0, 1, 3600, 3601, 86_400)]
