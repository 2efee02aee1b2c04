"""Late interaction: each question word against its best match in a passage, and in one place of it.

The scheme of ColBERT (Khattab and Zaharia 2020) over static word vectors, so that similarities
to the whole vocabulary are computed once per question and only looked up per passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

WordIds: TypeAlias = NDArray[np.int32]
"""Rows of the word table, in the order of a text."""
Matrix: TypeAlias = NDArray[np.float32]

BLOCK = 16
"""Words; two blocks in a row, about a long sentence, are a place."""
ANYWHERE = 0.5
"""Say of matches anywhere in the passage beside those of one place: the longer it is, the more of
them are chance."""


@dataclass(frozen=True, slots=True)
class PiecedWord:
    """A way of writing a question word in several rows: pieces, or the words of a name."""

    column: int
    """Which question word."""
    pieces: tuple[int, ...]
    """Rows, in order."""
    similarity: float
    """To the question word."""


@dataclass(frozen=True, slots=True, eq=False)
class PiecedWords:
    """Words whose pieces say little each, and all if they stand in a row."""

    words: tuple[PiecedWord, ...]
    is_inner: NDArray[np.bool_]
    """Which rows of the table go on a word."""

    def places(self, word: PiecedWord, rows: WordIds) -> NDArray[np.intp]:
        """Where a word begins in some rows, and is no part of a longer one."""
        at = np.flatnonzero(rows == word.pieces[0])
        for step, piece in enumerate(word.pieces[1:], start=1):
            at = at[at + step < len(rows)]
            at = at[rows[at + step] == piece]
        after = np.minimum(at + len(word.pieces), len(rows) - 1)
        goes_on = self.is_inner[rows[after]] & (after == at + len(word.pieces))
        whole: NDArray[np.intp] = at[~goes_on]
        return whole


def late_interaction(
    similarity: Matrix,
    weights: Matrix,
    passages: Sequence[WordIds],
    pieced: PiecedWords | None = None,
) -> Matrix:
    """Score of each passage, shape (passages,), from 0 to 1.5 where the weights add up to 1.

    The weighted sum of the best matches in the passage's best place, plus half of that anywhere:
    an answer has the question's words side by side. `similarity` holds every table row against
    every question word, shape (table, words).
    """
    filled = [ids for ids in passages if len(ids)]
    if not filled:
        return np.zeros(len(passages), dtype=np.float32)
    blocks = _Blocks.of(similarity, filled, pieced)
    anywhere = _weighed(blocks.in_texts(blocks.matches), weights)
    place = blocks.in_texts(_weighed(blocks.in_places(), weights))
    return _with_empty(passages, place + ANYWHERE * anywhere)


def best_matches(similarity: Matrix, texts: Sequence[WordIds]) -> Matrix:
    """Best similarity of each question word in each text, shape (texts, words); at least 0."""
    filled = [ids for ids in texts if len(ids)]
    if not filled:
        return np.zeros((len(texts), similarity.shape[1]), dtype=np.float32)
    blocks = _Blocks.of(similarity, filled)
    return _with_empty(texts, blocks.in_texts(blocks.matches))


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Texts cut into runs of `BLOCK` words."""

    matches: Matrix
    """Best match of each question word in each block, shape (blocks, words)."""
    first: NDArray[np.intp]
    """First block of each text."""
    last: NDArray[np.intp]

    @classmethod
    def of(
        cls, similarity: Matrix, texts: Sequence[WordIds], pieced: PiecedWords | None = None
    ) -> _Blocks:
        lengths = np.array([len(ids) for ids in texts])
        sizes = -(-lengths // BLOCK)
        ends = np.cumsum(sizes)
        text = np.repeat(np.arange(len(texts)), sizes)
        block = np.arange(ends[-1]) - (ends - sizes)[text]
        # A last block that is not full repeats the last word, which changes no maximum.
        within = np.minimum(block * BLOCK + np.arange(BLOCK)[:, None], lengths[text] - 1)
        starts = np.cumsum(lengths) - lengths
        rows = np.concatenate(texts)
        matches: Matrix = np.maximum(similarity[rows[within + starts[text]]].max(axis=0), 0.0)
        blocks = cls(matches, ends - sizes, ends - 1)
        if pieced:
            for word in pieced.words:
                blocks._raise(word, pieced.places(word, rows), starts)
        return blocks

    def _raise(self, word: PiecedWord, places: NDArray[np.intp], starts: NDArray[np.intp]) -> None:
        """Lets each block in which a word begins match as well as the word does, in place."""
        text = np.searchsorted(starts, places, side="right") - 1
        blocks = self.first[text] + (places - starts[text]) // BLOCK
        column = self.matches[:, word.column]
        column[blocks] = np.maximum(column[blocks], word.similarity)

    def in_places(self) -> Matrix:
        """Best matches within each block and the one after it in the same text."""
        following = np.arange(1, len(self.matches) + 1)
        following[self.last] = self.last
        return np.maximum(self.matches, self.matches[following])

    def in_texts(self, values: Matrix) -> Matrix:
        """The most that any block of each text has, from values by block."""
        most: Matrix = np.maximum.reduceat(values, self.first, axis=0)
        return most


def _with_empty(texts: Sequence[WordIds], values: Matrix) -> Matrix:
    """Values of the texts that have words, in their places among all; 0 for the others."""
    every = np.zeros((len(texts), *values.shape[1:]), dtype=np.float32)
    every[[len(ids) > 0 for ids in texts]] = values
    return every


def _weighed(matches: Matrix, weights: Matrix) -> Matrix:
    """`matches @ weights`, without BLAS: on thin matrices it warns of invalid values at random."""
    sums: Matrix = np.einsum("tw,w->t", matches, weights)
    return sums
