"""Keyed randomness: every chance decision has a name, and its number comes from that name.

In: a seed and the words of a name (numbers or texts). Out: a 64-bit key, or a number made of it.
Invariant: a name always gives the same number, whatever was asked before it, on whichever worker.
This is the only place where randomness is made.

The hash is SplitMix64, which is counter-based: its i-th output for state s is `mix(s + i * GAMMA)`,
so it can be asked for any i directly. A name is folded word by word: the output for one word is the
state for the next. For a fixed key, different words never collide (the mix is a bijection).

References:
    Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA, section 4;
    the multipliers are Stafford's mix 13.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

GAMMA = 0x9E3779B97F4A7C15
MASK = 0xFFFFFFFFFFFFFFFF
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB
# Any odd constant does; without one, seed 0 would start from the fixed point mix(0) = 0.
_ROOT = 0xD1B54A32D192ED03


def fold(key: int, word: int) -> int:
    """Hash one word of a name into a key.

    The same source runs as Python (integers of any size, hence the masks) and compiled
    (`compiled.fold`, wrapping uint64, where the masks cost nothing).

    Args:
        key: State so far, 0 to 2**64 - 1.
        word: Next word of the name, 0 to 2**64 - 1.

    Returns:
        The new key, 0 to 2**64 - 1: SplitMix64's output number `word` from state `key`.
    """
    z = (key + GAMMA * word) & MASK
    z = ((z ^ (z >> 30)) * _MIX_1) & MASK
    z = ((z ^ (z >> 27)) * _MIX_2) & MASK
    return z ^ (z >> 31)


def text_word(text: str) -> int:
    """Turn a text into a word for `fold`: the first 8 bytes of its BLAKE2b digest."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def name_key(seed: int, *words: int | str) -> int:
    """Give the key of a named decision.

    >>> name_key(7, "replication", 3) == name_key(7, "replication", 3)
    True
    >>> name_key(7, "replication", 3) == name_key(7, "replication", 4)
    False
    """
    return extend_key(fold(_ROOT, seed), *words)


def extend_key(key: int, *words: int | str) -> int:
    """Give the key of a name that continues the name of `key`."""
    for word in words:
        key = fold(key, text_word(word) if isinstance(word, str) else word)
    return key


def uniform(key: int) -> float:
    """Give the number in (0, 1), both ends excluded, that belongs to a key."""
    return ((key >> 12) + 0.5) * 2.0**-52


def generator(key: int) -> np.random.Generator:
    """Give a numpy generator (Philox) for a name that needs many numbers at once."""
    import numpy as np

    return np.random.Generator(np.random.Philox(key=key))
