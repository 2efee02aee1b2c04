"""Which words translate which, learnt from rows that say the same in two languages.

Two IBM models 1 (Brown et al. 1993, "The mathematics of statistical machine translation"), one
each way, by expectation and maximisation over every pair of words that share a row. They learn
together and count only what both expect (Liang, Taskar and Klein 2006, "Alignment by agreement"):
one way alone, a rare word takes up whatever its rows hold. A word without a row of its own in a
dictionary finds its translations here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.training.corpus import Samples
from qa.training.vocabulary import Ragged

_ROUNDS = 5
_NOTHING = 1e-30


@dataclass(frozen=True, slots=True)
class Aligned:
    """Word pairs by how many times, as expected, the one was translated by the other."""

    other: NDArray[np.int64]
    english: NDArray[np.int64]
    counts: NDArray[np.float32]

    def where(self, kept: NDArray[np.bool_]) -> "Aligned":
        """Some of the pairs."""
        return Aligned(self.other[kept], self.english[kept], self.counts[kept])

    def english_shares(self) -> NDArray[np.float32]:
        """Of all that an other word was translated by, the part that each English word is."""
        return _divided(self.counts, self.other).astype(np.float32)

    def other_shares(self) -> NDArray[np.float32]:
        """Of all that an English word was translated by, the part that each other word is."""
        return _divided(self.counts, self.english).astype(np.float32)


def align(groups: Iterable[Samples], words: int) -> Aligned:
    """Expected translations of the words of the other side, whose rows are below `words`."""
    samples = list(groups)
    cells = _Cells.of(
        Ragged.concatenated([group.english for group in samples]),
        Ragged.concatenated([group.other for group in samples]),
        words,
    )
    weights = np.concatenate([group.chances * len(group) for group in samples])[cells.row]
    other, english = cells.pairs // words, cells.pairs % words
    counts = of_english = of_other = np.ones(len(cells.pairs))
    for _ in range(_ROUNDS):
        agreed = _divided(of_english[cells.pair], cells.other_token)
        agreed *= _divided(of_other[cells.pair], cells.english_token)
        counts = np.bincount(cells.pair, agreed * weights, len(cells.pairs)).astype(float)
        of_english, of_other = _divided(counts, english), _divided(counts, other)
    return Aligned(other, english, counts.astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Every pair of an other token and an English token of a row."""

    pair: NDArray[np.int64]
    """For each cell its place in `pairs`."""
    pairs: NDArray[np.int64]
    """The distinct word pairs: other * words + english."""
    row: NDArray[np.int64]
    other_token: NDArray[np.int64]
    """For each cell which of all tokens of its side it has, counted through all rows."""
    english_token: NDArray[np.int64]

    @classmethod
    def of(cls, english: Ragged, other: Ragged, words: int) -> "_Cells":
        row_of_token = np.repeat(np.arange(len(other)), other.lengths)
        # Each other token beside every English token of its row.
        beside = english.lengths[row_of_token]
        other_token = np.repeat(np.arange(len(other.flat)), beside)
        row = row_of_token[other_token]
        within = np.arange(len(row)) - np.repeat(np.cumsum(beside) - beside, beside)
        english_token = english.offsets[row] + within
        keys = other.flat[other_token] * np.int64(words) + english.flat[english_token]
        pairs, pair = np.unique(keys, return_inverse=True)
        return cls(pair, pairs, row, other_token, english_token)


def _divided(values: NDArray[np.floating], owners: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each value as a share of all values of its owner."""
    total = np.bincount(owners, values)[owners]
    shares: NDArray[np.float64] = values / np.maximum(total, _NOTHING)
    return shares
