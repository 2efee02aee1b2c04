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
NEAR = 3
"""Words apart, in either order: languages put adjectives on different sides of a noun."""
_NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Shares:
    """What counts in a passage beside the matches in its best place."""

    anywhere: float = 0.5
    """Matches anywhere: the longer the passage is, the more of them are chance."""
    pairs: float = 0.5
    """Question words that follow one another and are near each other in the passage too."""
    covered: float = 0.8
    """How much of the passage is about the question."""
    prior: int = 2 * BLOCK
    """Words that count as in every passage, as much about the question as passages are on average:
    one of three words would be all about any of them."""


FOR_QUESTIONS = Shares()
FOR_SENTENCES = Shares(covered=1.4, prior=0)
"""Who looks for a sentence looks for a passage that says it and little else."""


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

    def raise_matches(self, matches: Matrix, rows: WordIds) -> None:
        """Lets the pieces of each word match as well as the word does, in place.

        `matches` are those of the rows, shape (words, len(rows)).
        """
        for word in self.words:
            of_word = matches[word.column]
            for at in np.add.outer(np.arange(len(word.pieces)), self.places(word, rows)):
                of_word[at] = np.maximum(of_word[at], word.similarity)

    def places(self, word: PiecedWord, rows: WordIds) -> NDArray[np.intp]:
        """Where a word begins in some rows, and is no part of a longer one."""
        at = np.flatnonzero(rows == word.pieces[0])
        for step, piece in enumerate(word.pieces[1:], start=1):
            at = at[at + step < len(rows)]
            at = at[rows[at + step] == piece]
        after = np.minimum(at + len(word.pieces), len(rows) - 1)
        goes_on = self.is_inner[rows[after]] & (rows[after] != _NO_ROW)
        goes_on &= after == at + len(word.pieces)
        whole: NDArray[np.intp] = at[~goes_on]
        return whole


def late_interaction(
    similarity: Matrix,
    weights: Matrix,
    passages: Sequence[WordIds],
    rarity: Matrix,
    pieced: PiecedWords | None = None,
    shares: Shares = FOR_QUESTIONS,
) -> Matrix:
    """Score of each passage, shape (passages,); 0 where no word matches.

    The weighted sum of the best matches in the passage's best place; a share of that anywhere, for
    an answer has the question's words side by side; of pairs of words near each other (as phrases
    count in Metzler and Croft 2005); and of how well the passage's words are matched in turn (as in
    BERTScore, Zhang et al. 2020). `similarity` holds every table row against every question word,
    shape (table, words); `weights` are the question words', adding up to 1, `rarity` the rows'.
    """
    filled = [ids for ids in passages if len(ids)]
    if not filled:
        return np.zeros(len(passages), dtype=np.float32)
    texts = _Texts.of(similarity, filled, pieced)
    blocks = texts.in_blocks()
    anywhere = _weighed(texts.most(texts.matches), weights)
    place = blocks.most(_weighed(blocks.in_places(), weights))
    pairs = _weighed(texts.most(texts.pairs()), _of_pairs(weights))
    covered = texts.covered(rarity, shares.prior)
    scores = place + shares.anywhere * anywhere + shares.pairs * pairs + shares.covered * covered
    return _with_empty(passages, np.where(anywhere > 0, scores, 0))


def best_matches(similarity: Matrix, texts: Sequence[WordIds]) -> Matrix:
    """Best similarity of each question word in each text, shape (texts, words); at least 0."""
    filled = [ids for ids in texts if len(ids)]
    if not filled:
        return np.zeros((len(texts), similarity.shape[1]), dtype=np.float32)
    read = _Texts.of(similarity, filled)
    return _with_empty(texts, read.most(read.matches).T)


def best_pairs(similarity: Matrix, texts: Sequence[WordIds]) -> Matrix:
    """The same of each question word and the next one, near each other: the worse of both.

    Shape (texts, words - 1).
    """
    filled = [ids for ids in texts if len(ids)]
    if not filled:
        return np.zeros((len(texts), max(similarity.shape[1] - 1, 0)), dtype=np.float32)
    read = _Texts.of(similarity, filled)
    return _with_empty(texts, read.most(read.pairs()).T)


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """The words of some texts in a row, `NEAR` gaps after each, so that none reaches the next.

    Values are by place last, in which direction there are many: numpy is faster so.
    """

    rows: WordIds
    """`_NO_ROW` in the gaps."""
    matches: Matrix
    """How well each question word is matched at each place, shape (words, places); at least 0."""
    starts: NDArray[np.intp]
    """Where each text begins."""
    lengths: NDArray[np.intp]
    """Without the gaps."""

    @classmethod
    def of(
        cls, similarity: Matrix, texts: Sequence[WordIds], pieced: PiecedWords | None = None
    ) -> _Texts:
        gap = np.full(NEAR, _NO_ROW, dtype=np.int32)
        rows = np.concatenate([part for ids in texts for part in (ids, gap)])
        matches = np.maximum(similarity[rows].T, 0.0, order="C")
        matches[:, rows == _NO_ROW] = 0.0
        if pieced is not None:
            pieced.raise_matches(matches, rows)
        lengths = np.array([len(ids) for ids in texts])
        return cls(rows, matches, np.cumsum(lengths + NEAR) - lengths - NEAR, lengths)

    def most(self, values: Matrix) -> Matrix:
        """The most that any word of each text has, from values by place."""
        most: Matrix = np.maximum.reduceat(values, self.starts, axis=-1)
        return most

    def in_blocks(self) -> _Blocks:
        """The same matches by runs of words."""
        sizes = -(-self.lengths // BLOCK)
        ends = np.cumsum(sizes)
        block = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        starts = np.repeat(self.starts, sizes) + BLOCK * block
        matches: Matrix = np.maximum.reduceat(self.matches, starts, axis=-1)
        return _Blocks(matches, ends - sizes, ends - 1)

    def pairs(self) -> Matrix:
        """How well each word matches a question word, and one near it the question's next.

        The worse of the two, shape (words - 1, places).
        """
        following = self.matches[1:]
        near = np.zeros_like(following)
        for step in range(1, NEAR + 1):
            np.maximum(near[:, :-step], following[:, step:], out=near[:, :-step])
            np.maximum(near[:, step:], following[:, :-step], out=near[:, step:])
        worse: Matrix = np.minimum(self.matches[:-1], near)
        return worse

    def covered(self, rarity: Matrix, prior: int) -> Matrix:
        """Weighted mean of how well each text's words, and usual ones, match the question's."""
        weights = np.where(self.rows == _NO_ROW, 0, rarity[self.rows])
        matched = weights * self.matches.max(axis=0, initial=0)
        weight = prior * weights.sum() / self.lengths.sum()
        usual = weight * matched.sum() / weights.sum()
        sums, whole = (np.add.reduceat(values, self.starts) for values in (matched, weights))
        covered: Matrix = (sums + usual) / (whole + weight)
        return covered


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Texts cut into runs of `BLOCK` words."""

    matches: Matrix
    """Best match of each question word in each block, shape (words, blocks)."""
    first: NDArray[np.intp]
    """First block of each text."""
    last: NDArray[np.intp]

    def in_places(self) -> Matrix:
        """Best matches within each block and the one after it in the same text."""
        following = np.arange(1, self.matches.shape[1] + 1)
        following[self.last] = self.last
        return np.maximum(self.matches, self.matches[:, following])

    def most(self, values: Matrix) -> Matrix:
        """The most that any block of each text has, from values by block."""
        most: Matrix = np.maximum.reduceat(values, self.first)
        return most


def _of_pairs(weights: Matrix) -> Matrix:
    """Weight of each word with the next one, adding up to 1."""
    both = weights[:-1] + weights[1:]
    shares: Matrix = both / both.sum()
    return shares


def _with_empty(texts: Sequence[WordIds], values: Matrix) -> Matrix:
    """Values of the texts that have words, in their places among all; 0 for the others."""
    every = np.zeros((len(texts), *values.shape[1:]), dtype=np.float32)
    every[[len(ids) > 0 for ids in texts]] = values
    return every


def _weighed(matches: Matrix, weights: Matrix) -> Matrix:
    """`matches @ weights`, without BLAS: on thin matrices it warns of invalid values at random."""
    sums: Matrix = np.einsum("wt,w->t", matches, weights)
    return sums
