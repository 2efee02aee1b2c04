"""Countries and cities of a question in a handful of sentences, in whatever language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.answers.places import find_places, place_codes
from qa.model import QuestionWord
from qa.text.tokens import tokenize

_SAME_PLACE = 0.9
"""What it is worth that a text names the place, or its capital."""


def codes_of_words(question: str, language: str) -> Mapping[str, frozenset[str]]:
    """The codes of each word that is, or is part of, the name of a place; by folded form."""
    places = find_places(question, language)
    return {
        token.form: place.codes
        for place in places
        for token in tokenize(question[place.start : place.end], language)
    }


def match_places(
    words: Sequence[QuestionWord],
    codes: Mapping[str, frozenset[str]],
    texts: Sequence[str],
    languages: Sequence[str],
) -> NDArray[np.float32]:
    """How surely each place is named in each text, 0 to 1, shape (texts, words); 0 for others."""
    found = np.zeros((len(texts), len(words)), dtype=np.float32)
    for column, word in enumerate(words):
        if asked := codes.get(word.form):
            named = [
                bool(asked & _codes(text, language))
                for text, language in zip(texts, languages, strict=True)
            ]
            found[:, column] = np.where(named, _SAME_PLACE, 0.0)
    return found


@lru_cache(maxsize=1 << 13)
def _codes(text: str, language: str) -> frozenset[str]:
    return place_codes(text, language)
