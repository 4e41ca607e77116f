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

**Chances.** A threshold is a probability in units of 2**-32, from 0 (never) to 2**32 (always).

**Order.** Events of one second are played by (kind, post, shower, viewer): posts before showings; posts
by creator name, then number; a creator before people, people by number, then the platform, then paid media.

**State.** A person has a count of impressions and may have ordered; a person shares a post at most
once and orders at most once. A decision to share or to order that finds it done already is no event. An order takes a
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
_STRANGER = np.uint64(1 << 63)  # the first of the words under which a shower picks a viewer
# The word of the creator as a shower; a person's word is its number + 1, or comes from the text of its id.
CREATOR = 0
PLATFORM = 1 << 31
PAID = 1 << 32
ATTEMPTS = 64

# What an impression leads to, as bits.
ENGAGED = 1
SHARED = 2
CLICKED = 4
ORDERED = 8

CHANCE_BITS = 32
WEAR_BITS = 31  # fixed point of the fatigue table; 32 + 31 bits still fit a product
FRESH = 1 << WEAR_BITS  # the wear of a first impression, which lowers nothing
DELAY_BITS = 14  # a delay table has 2**14 entries

_CHANCE_SHIFT = np.uint64(64 - CHANCE_BITS)
_WEAR_SHIFT = np.uint64(WEAR_BITS)
_DELAY_SHIFT = np.uint64(64 - DELAY_BITS)
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


@rule("boolean(uint64, uint64)")
def is_returned(showing: Word, threshold: Word) -> bool:
    """Decide whether what was ordered after a showing is sent back."""
    return happens(fold(showing, RETURN), threshold)


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
