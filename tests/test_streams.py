"""Keyed randomness: known answers, and numbers of neighbouring names that look unrelated.

Error rate: a statistical check fails with probability `ALPHA` for a perfect hash, all its cells together;
the names are fixed, so it either always passes or always fails. Beside each check stands its negative
control: a chain of one multiplication per word must fail it, at the same place of the name.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator import streams
from simulator.streams import GAMMA, MASK, extend_key, fold, generator, name_key, text_word, uniform

Words = npt.NDArray[np.uint64]
Fold = Callable[[Words, Words], Words]

ALPHA = 1e-4
SEEDS = [0, 1, 7, 2**63 - 1]
WORDS = st.integers(0, MASK)
# The places of a showing's name, and a name to start from: neighbours differ at one place, by one.
PLACES = ("seed", "replication", "creator's post", "shower", "viewer", "purpose")
USUAL = (7, 3, 2, 1_000, 20_000, 1)


def array_fold(key: Words, word: Words) -> Words:
    """Fold arrays: the same source, on numpy's wrapping 64-bit numbers."""
    return fold(key, word)  # type: ignore[arg-type, return-value]


def weak_fold(key: Words, word: Words) -> Words:
    """Fold with one multiplication: what a hash must not be."""
    return (key + word) * np.uint64(GAMMA)


def neighbours(place: int, count: int, hashing: Fold = array_fold, seed: int = 7) -> Words:
    """Give the keys of names that differ at one place only, where the word counts up (count,)."""
    key = np.full(count, streams._ROOT, np.uint64)
    for i, usual in enumerate((seed, *USUAL[1:])):
        words = np.full(count, usual, np.uint64)
        if i == place:
            words += np.arange(count, dtype=np.uint64)
        key = hashing(key, words)
    return key


def test_splitmix64_known_answers() -> None:
    """Folding 1, 2, 3 ... into a key gives SplitMix64's published outputs for that seed."""
    published = {
        1234567: [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ],
        0: [
            16294208416658607535,
            7960286522194355700,
            487617019471545679,
            17909611376780542444,
            1961750202426094747,
        ],
    }
    for seed, expected in published.items():
        assert expected == [fold(seed, word) for word in range(1, 6)]


def test_names_keep_their_keys() -> None:
    """A name gives the key it gave in earlier versions: anything else would change every result."""
    assert 9370218965779684112 == name_key(0)
    assert 15109955144937114065 == name_key(7, "replication", 3)
    assert 0x7A950AECA1017617 == text_word("micro/3")  # b2sum -l 64, read as little-endian


def unfold(key: int, number: int) -> int:
    """Undo `fold`: give the word that was folded into the key."""
    z = number
    for shift, factor in ((31, streams._MIX_2), (27, streams._MIX_1), (30, GAMMA)):
        for _ in range(64 // shift):
            z = number ^ (z >> shift)
        number = z = (z - key if factor == GAMMA else z) * pow(factor, -1, 2**64) & MASK
    return number


@given(WORDS, WORDS)
@example(0, 0)
@example(MASK, MASK)
@settings(derandomize=True)
def test_fold_is_a_bijection_of_words(key: int, word: int) -> None:
    """The word can be told from the number, so different words never collide under one key."""
    assert word == unfold(key, fold(key, word))


@given(WORDS, st.lists(WORDS | st.text(max_size=5)), st.lists(WORDS | st.text(max_size=5)))
@settings(derandomize=True)
def test_a_name_can_be_given_in_parts(seed: int, head: list[int | str], tail: list[int | str]) -> None:
    """Extending the key of a name's beginning gives the key of the whole name."""
    assert name_key(seed, *head, *tail) == extend_key(name_key(seed, *head), *tail)


def test_names_differ_in_words_order_and_length() -> None:
    """Another word, another order, a word more and a text instead of a number are other names."""
    names: list[tuple[int | str, ...]] = [(), (0,), (0, 0), (1,), (1, 2), (2, 1), (12,), ("12",), ("1", "2"), ("",)]
    names += [("\u00e9",), ("e\u0301",), (MASK,)]
    keys = {name_key(seed, *name) for seed in SEEDS for name in names}
    assert len(SEEDS) * len(names) == len(keys)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_is_a_seed(seed: int) -> None:
    """The least and the greatest seed work like any other: repeatable, in range, unlike their neighbours."""
    key = name_key(seed, "replication", 0)
    assert key == name_key(seed, "replication", 0)
    assert 0 < key <= MASK
    assert 3 == len({key, name_key(seed ^ 1, "replication", 0), name_key(seed ^ 2, "replication", 0)})


# Uniformity ----------------------------------------------------------------------------------------------


def cells_are_even(counts: npt.NDArray[np.int64]) -> bool:
    """Check by a two-sided chi-square: suspiciously even counts are not random either."""
    expected = counts.sum() / counts.size
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    law = stats.chi2(counts.size - 1)
    return bool(2 * min(law.cdf(chi_square), law.sf(chi_square)) > ALPHA)


def bits(keys: Words, lowest: int, count: int) -> npt.NDArray[np.int64]:
    """Give some bits of each key as a number."""
    return ((keys >> np.uint64(lowest)) & np.uint64((1 << count) - 1)).astype(np.int64)


def is_uniform(keys: Words) -> bool:
    """Check the highest, the middle and the lowest ten bits of the keys."""
    parts = [bits(keys, lowest, 10) for lowest in (54, 32, 0)]
    return all(cells_are_even(np.bincount(part, minlength=1024)) for part in parts)


@pytest.mark.parametrize("place", range(len(PLACES)), ids=PLACES)
def test_neighbouring_names_are_uniform(place: int) -> None:
    """Keys of names that count up at one place are uniform; a multiplication's are not."""
    assert all(is_uniform(neighbours(place, 1 << 17, seed=seed)) for seed in SEEDS)
    assert not is_uniform(neighbours(place, 1 << 17, weak_fold))


def test_uniform_follows_the_uniform_law() -> None:
    """The numbers in (0, 1) of named keys pass a Kolmogorov-Smirnov test that their cubes' roots fail."""
    u = [uniform(name_key(7, "market", market, "pool", place)) for market in range(100) for place in range(200)]
    assert stats.kstest(u, "uniform").pvalue > ALPHA
    assert stats.kstest(np.asarray(u) ** (1 / 1.1), "uniform").pvalue < ALPHA


def test_uniform_excludes_both_ends() -> None:
    """The least key gives a number above 0 and the greatest one below 1, equally far from the ends."""
    assert 2.0**-53 == uniform(0)
    assert 1 - 2.0**-53 == uniform(MASK)
    assert math.isclose(0.5, uniform(2**63), abs_tol=2.0**-52)


# No correlation between neighbours -------------------------------------------------------------------------


def are_unrelated(keys: Words, lag: int) -> bool:
    """Check pairs of keys that are `lag` apart: correlation, and evenness of 32 x 32 cells, high and low bits."""
    ahead, behind = keys[lag:], keys[:-lag]
    r = np.corrcoef(ahead.astype(np.float64), behind.astype(np.float64))[0, 1]
    if abs(r) * math.sqrt(ahead.size) > stats.norm.isf(ALPHA / 2):
        return False
    pairs = [bits(ahead, lowest, 5) * 32 + bits(behind, lowest, 5) for lowest in (59, 32, 0)]
    return all(cells_are_even(np.bincount(pair, minlength=1024)) for pair in pairs)


@pytest.mark.parametrize("place", range(len(PLACES)), ids=PLACES)
@pytest.mark.parametrize("lag", [1, 2, 3, 64])
def test_neighbouring_names_are_unrelated(place: int, lag: int) -> None:
    """Keys of names that are neighbours at one place have no serial correlation; a multiplication's do."""
    assert are_unrelated(neighbours(place, 1 << 17), lag)
    assert not are_unrelated(neighbours(place, 1 << 17, weak_fold), lag)


def test_neighbours_at_two_places_are_unrelated() -> None:
    """Person by replication: each row and column of a table of keys is unrelated to the next one."""

    def table(hashing: Fold) -> Words:
        side = np.arange(360, dtype=np.uint64)
        key = hashing(np.full((360, 1), 7, np.uint64), side[:, None])
        return hashing(hashing(key, np.full((1, 1), 5, np.uint64)), side[None, :])

    assert are_unrelated(table(array_fold).ravel(), 1)
    assert are_unrelated(table(array_fold).ravel(), 360)
    assert are_unrelated(table(array_fold).T.ravel(), 359)
    assert not are_unrelated(table(weak_fold).ravel(), 360)


def flips(hashing: Fold, keys: Words, words: Words) -> Iterator[npt.NDArray[np.float64]]:
    """Give, for each bit of key and word, how often each output bit changes when it is flipped (64,)."""
    for one in (np.uint64(1) << np.uint64(bit) for bit in range(64)):
        for other in (hashing(keys ^ one, words), hashing(keys, words ^ one)):
            changed = hashing(keys, words) ^ other
            yield np.array([np.mean(bits(changed, bit, 1)) for bit in range(64)])


def avalanches(hashing: Fold, keys: Words, words: Words) -> bool:
    """Check that every input bit flips every output bit half of the time, all 8,192 pairs together."""
    worst = max(float(np.abs(share - 0.5).max()) for share in flips(hashing, keys, words))
    return bool(worst / (0.5 / math.sqrt(keys.size)) < stats.norm.isf(ALPHA / 2 / 8192))


def test_every_bit_of_a_name_flips_half_of_the_number() -> None:
    """Flipping a bit of a key or of a small word changes each bit of the number with probability 1/2."""
    rng = np.random.default_rng(1)
    keys = rng.integers(0, MASK, 4096, np.uint64, endpoint=True)
    words = rng.integers(0, 1_000_000, 4096, np.uint64)
    assert avalanches(array_fold, keys, words)
    assert not avalanches(weak_fold, keys, words)


# Numpy streams ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [0, 1, MASK, name_key(7, "outside", "micro/3")])
def test_generator_belongs_to_its_name(key: int) -> None:
    """A key always gives the same numbers, whatever other generators gave before; the next key gives others."""
    first = generator(key).integers(0, MASK, 100, np.uint64)
    generator(key ^ 1).random(1000)
    assert first.tolist() == generator(key).integers(0, MASK, 100, np.uint64).tolist()
    assert not np.any(first == generator(key ^ 1).integers(0, MASK, 100, np.uint64))


def test_generators_of_neighbouring_keys_are_unrelated() -> None:
    """The first numbers of the generators of keys 0, 1, 2 ... are uniform and unrelated."""
    raw = np.array([generator(key).bit_generator.random_raw() for key in range(1 << 14)], np.uint64)
    assert is_uniform(raw)
    assert are_unrelated(raw, 1)


def test_streams_imports_no_numpy() -> None:
    """Checking a scenario needs keys but no arrays: importing the module leaves numpy alone."""
    code = "import simulator.streams, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()
