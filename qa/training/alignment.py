"""Which words translate which, learnt from rows that say the same in two languages.

IBM model 1 (Brown et al. 1993, "The mathematics of statistical machine translation"), by
expectation and maximisation over every pair of words that share a row. A word without a row of
its own in a dictionary finds its translations here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.training.corpus import Samples
from qa.training.vocabulary import Ragged

_ROUNDS = 5
_NOTHING = np.float32(1e-30)


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
        return _shares(self.other, self.counts)

    def other_shares(self) -> NDArray[np.float32]:
        """Of all that an English word was translated by, the part that each other word is."""
        return _shares(self.english, self.counts)


def align(groups: Iterable[Samples], words: int) -> Aligned:
    """Expected translations of the words of the other side, whose rows are below `words`."""
    samples = list(groups)
    cells = _Cells.of(
        Ragged.concatenated([group.english for group in samples]),
        Ragged.concatenated([group.other for group in samples]),
        words,
    )
    weights = np.concatenate([group.chances * len(group) for group in samples])
    weight = weights[cells.row_of_token].astype(np.float32)
    chance: NDArray[np.float32] = np.ones(len(cells.pairs), dtype=np.float32)
    counts: NDArray[np.float32] = chance
    for _ in range(_ROUNDS):
        values = chance[cells.pair]
        totals = np.add.reduceat(values, cells.starts)
        values *= np.repeat(weight / np.maximum(totals, _NOTHING), cells.lengths)
        counts = np.bincount(cells.pair, values, len(cells.pairs)).astype(np.float32)
        of_english = np.bincount(cells.pairs % words, counts, words).astype(np.float32)
        chance = (counts / np.maximum(of_english[cells.pairs % words], _NOTHING)).astype(np.float32)
    return Aligned(cells.pairs // words, cells.pairs % words, counts)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Every (other token, English token) of a row, the cells of one other token side by side."""

    pair: NDArray[np.int64]
    """For each cell its place in `pairs`."""
    pairs: NDArray[np.int64]
    """The distinct word pairs: other * words + english."""
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    row_of_token: NDArray[np.int64]

    @classmethod
    def of(cls, english: Ragged, other: Ragged, words: int) -> "_Cells":
        row_of_token = np.repeat(np.arange(len(other)), other.lengths)
        kept = english.lengths[row_of_token] > 0
        row_of_token, tokens = row_of_token[kept], other.flat[kept]
        beside = english.take(row_of_token)
        lengths = beside.lengths
        keys = np.repeat(tokens, lengths) * words + beside.flat
        pairs, pair = np.unique(keys, return_inverse=True)
        return cls(pair, pairs, beside.offsets[:-1], lengths, row_of_token)


def _shares(words: NDArray[np.int64], counts: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.bincount(words, counts)[words]
    shares: NDArray[np.float32] = (counts / np.maximum(total, _NOTHING)).astype(np.float32)
    return shares
