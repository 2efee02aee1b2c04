"""Where the rows begin: the nearer to the right place, the less there is to train.

* An English word begins at the teacher's vector of the word alone.
* A word of another language begins at its translations (expected counts of an alignment), and a
  part of it at the centre of the teacher's vectors of the texts it is in.

In that centre a text of n words counts 1/n²: a one-word text says what its word means, a long
one hardly.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.model import Vectors
from qa.training.alignment import Aligned
from qa.training.corpus import Samples
from qa.training.sources import Kind
from qa.training.vocabulary import Ragged

_CENTRE = 0.5
_FAINT = 0.03
"""Translations of a smaller share are noise."""


@dataclass(frozen=True, slots=True)
class SingleWords:
    """The teacher's vectors, reduced, of words given alone."""

    rows: NDArray[np.int64]
    vectors: Vectors
    """Unit vectors, shape (len(rows), dimension)."""


def starting_rows(
    samples: Mapping[Kind, Samples], single: SingleWords, translations: Aligned, count: int
) -> Vectors:
    """Unit rows, shape (count, dimension); rows that nothing is known of are zeros."""
    centres = _centres(samples, count)
    english = centres.copy()
    english[single.rows] = single.vectors
    translated = _translated(translations, english)
    foreign = np.linalg.norm(translated, axis=1) > 0
    foreign[single.rows] = False
    english[foreign] = unit_rows(translated + _CENTRE * centres)[foreign]
    return english


def unit_rows(rows: Vectors) -> Vectors:
    """The rows at length 1; rows of zeros stay as they are."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    united: Vectors = np.divide(rows, np.where(lengths > 0, lengths, 1), dtype=np.float32)
    return united


def _translated(translations: Aligned, english: Vectors) -> Vectors:
    from scipy.sparse import csr_matrix

    size = len(english)
    strong = translations.where(translations.english_shares() >= _FAINT)
    pairs = (strong.other, strong.english)
    mixed: Vectors = csr_matrix((strong.counts, pairs), shape=(size, size)) @ english
    return unit_rows(mixed)


def _centres(samples: Mapping[Kind, Samples], count: int) -> Vectors:
    dimension = next(iter(samples.values())).targets.shape[1]
    total: Vectors = np.zeros((count, dimension), dtype=np.float32)
    for group in samples.values():
        importance = group.chances * len(group)
        for texts in (group.english, group.other):
            total += _gathered(texts, importance, group.targets, count)
    return unit_rows(total)


def _gathered(
    texts: Ragged, importance: NDArray[np.float64], targets: Vectors, count: int
) -> Vectors:
    from scipy.sparse import csr_matrix

    lengths = texts.lengths
    shares = np.repeat(importance / np.maximum(lengths, 1) ** 2, lengths).astype(np.float32)
    texts_of = np.repeat(np.arange(len(texts)), lengths)
    within = csr_matrix((shares, (texts.flat, texts_of)), shape=(count, len(texts)))
    gathered: Vectors = within @ targets
    return gathered
