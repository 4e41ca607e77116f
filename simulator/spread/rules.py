"""The rulebook: what one impression does to one person.

In: keys and integer thresholds. Out: yes or no, or a small integer. Invariant: no arrays, no state, no
floating point; both clocks call exactly these functions, so they can only differ in order, and the
order is written down here too.

**Names.** A showing is named by (replication, post, shower, viewer). Whether it is seen, when, and what
follows from it are decisions about that showing, each with its own purpose word.

A shower is the creator (0), a person (its number + 1), or, above all people, the platform or paid media: the i-th
impression that the platform adds to a post is shown by PLATFORM + i, the i-th that is paid for by PAID + i. So a
person may be shown a post again, and each showing has a name of its own.

**Strangers.** The platform and paid media pick a viewer for each impression: of one niche with a given chance, else of
all others, everyone alike. Where there is nobody to pick from, or a follower whom the platform passes over, they try
again, up to ATTEMPTS times; then nobody sees it.

**Who persuades.** The chance to share may depend on how many different friends have shown the viewer the post, the one
who shows it now included; creators, the platform and paid media are no friends. Clicks and orders per click may have
another chance where the viewer is of the product's niche.

**Orders.** An order follows a click at once, or after a lag as an event of its own, under the name of the showing that
was clicked. The n-th order of a customer (n from 1, the first being 0) is named by (replication, person, n), also
whether and when it happens. Who orders may share the post then.

**Goodwill.** An impression leaves goodwill in its viewer, a chance that is added to that of an order after each click
and at each occasion of the viewer's own. It halves in every half-life, and only impressions and scandals write it:
what it is at any other second is worked out from there. Occasions are named by (replication, person, period), one in
each period at any second of it. The goodwill that an impression leaves counts for all later events, at occasions
from the next second on.

**Chances.** A threshold is a probability in units of 2**-32, from 0 (never) to 2**32 (always).

**Order.** Events of one second are played by (kind, post, shower, viewer): posts before showings, showings before first
orders, these before later ones; posts by creator name, then number; a creator before people, people by number, then
the platform, then paid media; later orders by their number instead of a shower.

**State.** A person has a count of impressions and may have ordered; a person shares a post at most once and orders at
most once, later orders aside. A decision to share or to order that finds it done already is no event. An order takes a
unit of the stock; where there is none it is lost, and the person may order later.
"""

from __future__ import annotations

import numpy as np

from simulator.compiled import Whole, Word, fold, rule

# Purposes: the last word of a decision's name. Whether a showing is seen is the showing's own number.
DELAY = 1
ENGAGE = 2
SHARE = 3
CLICK = 4
ORDER = 5
RETURN = 6
ADVOCATE = 7
ENGAGEMENT_KIND = 8
REPEAT = 9
OCCASION_ORDER = 10
_STRANGER = np.uint64(1 << 63)  # the first of the words under which a shower picks a viewer
# The word of the creator as a shower; a person's word is its number + 1, or comes from the text of its id.
CREATOR = 0
PLATFORM = 1 << 31
PAID = 1 << 32
ATTEMPTS = 64

# Kinds of events, in their order within a second; a post that goes out comes before all of them.
SHOWING = 0
FIRST_ORDER = 1
LATER_ORDER = 2

# What an impression leads to, as bits.
ENGAGED = 1
SHARED = 2
CLICKED = 4
ORDERED = 8

CHANCE_BITS = 32
WEAR_BITS = 31  # fixed point of the fatigue table; 32 + 31 bits still fit a product
FRESH = 1 << WEAR_BITS  # the wear of a first impression, which lowers nothing
DELAY_BITS = 14  # a delay table has 2**14 entries
DECAY_BITS = 12  # a half-life is cut into 2**12 steps

_CHANCE_SHIFT = np.uint64(64 - CHANCE_BITS)
_WEAR_SHIFT = np.uint64(WEAR_BITS)
_DELAY_SHIFT = np.uint64(64 - DELAY_BITS)
_CERTAIN = np.uint64(1 << CHANCE_BITS)
_LOW_HALF = np.uint64((1 << 32) - 1)


@rule("uint64(uint64, uint64)")
def shower_key(post: Word, shower_word: Word) -> Word:
    """Name what one shower does with one post."""
    return fold(post, shower_word)


@rule("uint64(uint64, uint64)")
def showing_key(shower: Word, viewer_word: Word) -> Word:
    """Name one showing."""
    return fold(shower, viewer_word)


@rule("boolean(uint64, uint64)")
def happens(key: Word, threshold: Word) -> bool:
    """Decide: the top half of the key's number is below the threshold."""
    return bool((key >> _CHANCE_SHIFT) < threshold)


@rule("int64(uint64)")
def delay_entry(showing: Word) -> Whole:
    """Give the entry of the delay table that holds a showing's delay."""
    return np.int64(fold(showing, DELAY) >> _DELAY_SHIFT)


@rule("int64(uint64)")
def lag_entry(showing: Word) -> Whole:
    """Give the entry of the table of lags that holds how long after a click its order comes."""
    return delay_entry(fold(showing, ORDER))


@rule("uint64(uint64, uint64)")
def worn(threshold: Word, wear: Word) -> Word:
    """Multiply a chance by the response to repetition: `wear` of 2**31 leaves it, up to 2**32 - 1 raises it."""
    return (threshold * wear) >> _WEAR_SHIFT


@rule("int64(uint64, uint64, uint64, uint64, uint64, uint64)")
def response(showing: Word, wear: Word, engage: Word, share: Word, click: Word, order: Word) -> int:
    """Decide what a person wants to do after an impression.

    Engaging, sharing and clicking are independent; an order may follow a click and does not wear.

    Returns:
        The bits ENGAGED, SHARED, CLICKED and ORDERED.
    """
    wants = 0
    if happens(fold(showing, ENGAGE), worn(engage, wear)):
        wants |= ENGAGED
    if happens(fold(showing, SHARE), worn(share, wear)):
        wants |= SHARED
    if happens(fold(showing, CLICK), worn(click, wear)):
        wants |= CLICKED
        if happens(fold(showing, ORDER), order):
            wants |= ORDERED
    return wants


@rule("int64(uint64, uint64, uint64)")
def engagement_kind(showing: Word, comments: Word, saves: Word) -> Whole:
    """Decide what an engagement is: 0 a like, 1 a comment, 2 a save."""
    number = fold(showing, ENGAGEMENT_KIND) >> _CHANCE_SHIFT
    return 1 if number < comments else 2 if number < comments + saves else 0


@rule("boolean(uint64, uint64)")
def is_returned(order: Word, threshold: Word) -> bool:
    """Decide whether an order is sent back; the first is named by its showing."""
    return happens(fold(order, RETURN), threshold)


@rule("boolean(uint64, uint64)")
def is_advocated(order: Word, threshold: Word) -> bool:
    """Decide whether somebody who orders shares the post then; the first order is named by its showing."""
    return happens(fold(order, ADVOCATE), threshold)


@rule("uint64(uint64, uint64, int64)")
def later_order(customers: Word, person_word: Word, number: Whole) -> Word:
    """Name a customer's order after the first, counted from 1; its own delay is `delay_entry` of the name."""
    return fold(fold(customers, person_word), np.uint64(number))


@rule("boolean(uint64, uint64)")
def is_repeated(order: Word, threshold: Word) -> bool:
    """Decide whether a later order happens, after the one before it."""
    return happens(fold(order, REPEAT), threshold)


@rule("boolean(uint64, uint64, boolean, uint64, uint64)")
def buys_anyway(baseline: Word, person_word: Word, is_on_target: bool, others: Word, on_target: Word) -> bool:  # noqa: FBT001 - a rule takes numbers
    """Decide whether a person would have bought anyway; people of the target niche have a chance of their own."""
    return happens(fold(baseline, person_word), on_target if is_on_target else others)


@rule("int64(int64, int64)")
def decay_steps(elapsed: Whole, half_life: Whole) -> Whole:
    """Give the time since goodwill was written, to the nearest step; a half-life has 2**DECAY_BITS of them [steps]."""
    return ((elapsed << DECAY_BITS) + half_life // 2) // half_life


@rule("uint64(uint64, uint64, int64)")
def faded(goodwill: Word, factor: Word, halvings: Whole) -> Word:
    """Give what is left of goodwill after whole half-lives and a part of one, whose factor is in units of 2**-31."""
    return np.uint64(0) if halvings > CHANCE_BITS else ((goodwill * factor) >> _WEAR_SHIFT) >> np.uint64(halvings)


@rule("int64(int64)")
def goodwill_lasts(half_life: Whole) -> Whole:
    """Give how long after it was written goodwill may be more than nothing [s]."""
    return (CHANCE_BITS + 1) * half_life


@rule("uint64(uint64, uint64)")
def either(threshold: Word, goodwill: Word) -> Word:
    """Add goodwill to a chance, which does not get above certain."""
    return min(threshold + goodwill, _CERTAIN)


@rule("uint64(uint64, uint64, int64)")
def occasion(occasions: Word, person_word: Word, period: Whole) -> Word:
    """Name the occasion to buy that a person has in a period, counted from 0."""
    return fold(fold(occasions, person_word), np.uint64(period))


@rule("int64(uint64, int64, int64)")
def occasion_second(its_occasion: Word, period: Whole, length: Whole) -> Whole:
    """Give the second of an occasion, any in its period being as likely [s]."""
    return period * length + np.int64(((its_occasion >> _CHANCE_SHIFT) * np.uint64(length)) >> _CHANCE_SHIFT)


@rule("boolean(uint64, uint64, uint64, uint64)")
def is_brand_order(its_occasion: Word, baseline: Word, goodwill: Word, returns: Word) -> bool:
    """Decide whether goodwill makes a person order at an occasion, who would not have otherwise, and keeps it."""
    order = fold(its_occasion, OCCASION_ORDER)
    wanted = happens(order, either(baseline, goodwill)) and not happens(order, baseline)
    return wanted and not is_returned(order, returns)


@rule("uint64(uint64, int64)")
def stranger_number(shower: Word, attempt: Whole) -> Word:
    """Give the number with which a shower picks a viewer: its top half decides the niche, its low half the person."""
    return fold(shower, _STRANGER + np.uint64(attempt))


@rule("int64(uint64, int64)")
def place_of(number: Word, count: Whole) -> Whole:
    """Give the place, from 0, that the low half of a number picks among so many; count is below 2**32."""
    return np.int64(((number & _LOW_HALF) * np.uint64(count)) >> _CHANCE_SHIFT)


@rule("int64(uint64, uint64, int64, int64, int64)")
def stranger_place(number: Word, inside: Word, first: Whole, count: Whole, others: Whole) -> Whole:
    """Give the place, in the order of people by niche, that a number picks; -1 where nobody is there to be picked.

    Args:
        number: See `stranger_number`.
        inside: Chance that the viewer is of the target niche.
        first: Where the people of that niche begin.
        count: How many they are.
        others: How many all others are.
    """
    if happens(number, inside):
        return first + place_of(number, count) if count > 0 else -1
    if others == 0:
        return -1
    place = place_of(number, others)
    return place + count if place >= first else place


@rule("int64(int64)")
def hour_of(second: Whole) -> Whole:
    """Give the hour that a second counts to: hour h holds what happens after h - 1 and up to h hours."""
    return (second + 3599) // 3600
