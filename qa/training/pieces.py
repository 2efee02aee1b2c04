"""Rows of word pieces: what a word would have been, had it been known, from how it is spelled."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import is_plain
from qa.model import Vectors
from qa.training.vocabulary import MARK, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_RIDGE = 2.0
_ROUNDS = 40


def cut(word: str, rows: dict[str, int]) -> list[int]:
    """The rows a word would fall into were it not itself an entry; empty if it cannot be cut.

    Greedy from the left, the longest entry first: what a WordPiece tokenizer does.
    """
    found: list[int] = []
    start = 0
    while start < len(word):
        mark = MARK if start else ""
        ends = range(len(word) if start else len(word) - 1, start, -1)
        end = next((end for end in ends if mark + word[start:end] in rows), None)
        if end is None:
            return []
        found.append(rows[mark + word[start:end]])
        start = end
    return found


def fit_pieces(vocabulary: Vocabulary, vectors: Vectors, weights: NDArray[np.float32]) -> None:
    """Fills the pieces' rows, in place, so that the pieces of a known word add up to its row.

    Ridge regression by conjugate gradients over all known words, each counted by its weight; the
    rows of whole words stay as they are, also where a longer word begins with one.
    """
    from scipy.sparse import csr_matrix, diags

    rows = vocabulary.rows()
    shared = [is_plain(word) for word in vocabulary.entries[1 : vocabulary.words]]
    cuts = [
        cut(word, rows) if plain else []
        for word, plain in zip(vocabulary.entries[1:], shared, strict=False)
    ]
    flat = np.array([row for cut_rows in cuts for row in cut_rows])
    owner = np.repeat(np.arange(len(cuts)), [len(c) for c in cuts])
    shape = (len(cuts), len(vocabulary.entries))
    spelling = csr_matrix((np.ones(len(flat), np.float32), (owner, flat)), shape=shape)
    counted = diags(weights[1 : vocabulary.words] * shared)
    known, free = spelling[:, : vocabulary.words], spelling[:, vocabulary.words :]
    left = vectors[1 : vocabulary.words] - known @ vectors[: vocabulary.words]
    vectors[vocabulary.words :] = _solve(free.T @ counted @ free, free.T @ counted @ left)


def _solve(matrix: "csr_matrix", right: Vectors) -> Vectors:
    """X of (matrix + ridge) X = right, all columns at once."""
    solution = np.zeros_like(right)
    residual = right.copy()
    direction = residual.copy()
    length = (residual**2).sum(axis=0)
    for _ in range(_ROUNDS):
        image = matrix @ direction + _RIDGE * direction
        step = length / np.maximum((direction * image).sum(axis=0), 1e-12)
        solution += step * direction
        residual -= step * image
        longer, length = length, (residual**2).sum(axis=0)
        direction = residual + direction * (length / np.maximum(longer, 1e-12))
    return solution
