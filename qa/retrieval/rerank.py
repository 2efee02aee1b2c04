"""Late interaction: each question word against its best match in a passage, and in one place of it.

The scheme of ColBERT (Khattab and Zaharia 2020) over static word vectors, so that similarities
to the whole vocabulary are computed once per question and only looked up per passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

WordIds: TypeAlias = NDArray[np.int32]
"""Rows of the word table, in the order of a text."""
Matrix: TypeAlias = NDArray[np.float32]

BLOCK = 16
"""Words; two blocks in a row, about a long sentence, are a place."""


def late_interaction(similarity: Matrix, weights: Matrix, passages: Sequence[WordIds]) -> Matrix:
    """Score of each passage, shape (passages,), from 0 to 2 where the weights add up to 1.

    The weighted sum of the best matches anywhere in the passage, plus that of its best place:
    an answer has the question's words side by side. `similarity` holds every table row against
    every question word, shape (table, words).
    """
    blocks, starts = _blocks(similarity, passages)
    places = _weighed(np.maximum(blocks[:-1], blocks[1:]), weights)
    # Between two passages lies an empty block: what begins there is the next passage's.
    places[starts[1:] - 1] = 0.0
    best: Matrix = np.maximum.reduceat(places, starts) if len(passages) else places
    return best + _weighed(_best_in(blocks, starts), weights)


def best_matches(similarity: Matrix, texts: Sequence[WordIds]) -> Matrix:
    """Best similarity of each question word in each text, shape (texts, words); at least 0."""
    return _best_in(*_blocks(similarity, texts))


def _best_in(blocks: Matrix, starts: NDArray[np.intp]) -> Matrix:
    """The same from blocks of texts that begin at `starts`."""
    if len(starts) == 0 or blocks.shape[1] == 0:
        return np.zeros((len(starts), blocks.shape[1]), dtype=np.float32)
    best: Matrix = np.maximum.reduceat(blocks, starts, axis=0)
    return best


def _weighed(matches: Matrix, weights: Matrix) -> Matrix:
    """`matches @ weights`, without BLAS: on thin matrices it warns of invalid values at random."""
    sums: Matrix = np.einsum("tw,w->t", matches, weights)
    return sums


def _blocks(similarity: Matrix, texts: Sequence[WordIds]) -> tuple[Matrix, NDArray[np.intp]]:
    """Best matches within each run of `BLOCK` words, and which of the runs begins each text.

    Each text is followed by an empty block; the last one by two.
    """
    lengths = np.fromiter((len(ids) for ids in texts), dtype=np.intp, count=len(texts))
    sizes = -(-lengths // BLOCK) + 1
    starts = np.cumsum(sizes) - sizes
    count, words = int(sizes.sum()) + 1, similarity.shape[1]
    laid_out = np.zeros((count * BLOCK, words), dtype=np.float32)
    shifts = starts * BLOCK - (np.cumsum(lengths) - lengths)
    places = np.arange(int(lengths.sum())) + np.repeat(shifts, lengths)
    rows = np.concatenate([*texts, np.zeros(0, dtype=np.int32)])
    laid_out[places] = similarity[rows]
    blocks: Matrix = laid_out.reshape(count, BLOCK, words).max(axis=1, initial=0.0)
    return blocks, starts
