"""From expected translations of an alignment to the chances that the model folder holds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.index.translations import Translations
from qa.training.alignment import Aligned

_LEAST = 0.05
"""Chances below are noise, and a passage that they alone find is no find."""
_MOST = 6
"""Translations of a word."""

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def translations(first: Aligned, further: Sequence[Aligned], size: int) -> Translations:
    """English and Arabic words by one another, those of the further languages by English ones."""
    ways = [
        _likely(first.other, first.english, first.english_shares()),
        _likely(first.english, first.other, first.other_shares()),
        *(_likely(one.other, one.english, one.english_shares()) for one in further),
    ]
    words, translated, chances = (np.concatenate(column) for column in zip(*ways, strict=True))
    return Translations.of(size, words, translated, chances)


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
