"""From expected translations of an alignment to the chances that the model folder holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of, stem_of
from qa.index.translations import Translations
from qa.training.alignment import Aligned

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_LEAST = 0.05
"""Chances below are noise, and a passage that they alone find is no find."""
_MOST = 6
"""Translations of a word."""
_STEM_COUNTS = 5.0
"""How often a form counts as translated the way all forms of its stem are."""

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def translations(
    first: Aligned, further: Sequence[Aligned], entries: Sequence[str]
) -> Translations:
    """English and Arabic words by one another, those of the further languages by English ones."""
    ways = [
        _likely(first.other, first.english, first.english_shares()),
        _likely(*_by_form_and_stem(first, entries)),
        *(_likely(one.other, one.english, one.english_shares()) for one in further),
    ]
    words, translated, chances = (np.concatenate(column) for column in zip(*ways, strict=True))
    return Translations.of(len(entries), words, translated, chances)


def _by_form_and_stem(aligned: Aligned, entries: Sequence[str]) -> _Pairs:
    """What each English form is translated by, as if it had also been met with its stem's chances.

    Entries of English are forms, and *fumbled* is met too seldom to say what *fumble* says
    (a Dirichlet prior, as smoothing of language models has it: Zhai and Lafferty 2004).
    """
    from scipy.sparse import coo_matrix, csr_matrix

    size = len(entries)
    english = [row for row, entry in enumerate(entries) if language_of(entry) == "en"]
    _, stem = np.unique([stem_of(entries[row]) for row in english], return_inverse=True)
    forms = csr_matrix((np.ones(len(english)), (english, stem)), shape=(size, stem.max() + 1))
    counts = csr_matrix((aligned.counts, (aligned.english, aligned.other)), shape=(size, size))
    smoothed = coo_matrix(counts + _STEM_COUNTS * (forms @ _by_row(forms.T @ counts)))
    chances = coo_matrix(_by_row(smoothed.tocsr()))
    return chances.row.astype(np.int64), chances.col.astype(np.int64), chances.data


def _by_row(counts: "csr_matrix") -> "csr_matrix":
    """Each row as shares of its sum; an empty one stays so."""
    from scipy.sparse import diags_array

    total = np.asarray(counts.sum(axis=1)).ravel()
    return diags_array(np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)) @ counts


def _likely(
    words: NDArray[np.int64], others: NDArray[np.int64], chances: NDArray[np.float32]
) -> _Pairs:
    """The likeliest others of each word with their chances."""
    likely = (chances >= _LEAST) & (words != others)
    words, others, chances = words[likely], others[likely], chances[likely]
    order = np.lexsort((others, -chances, words))
    words, others, chances = words[order], others[order], chances[order]
    kept = np.arange(len(words)) - np.searchsorted(words, words) < _MOST
    return words[kept], others[kept], chances[kept]
