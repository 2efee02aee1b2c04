"""Places and organisations that texts name, told to be the same in whatever language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.answers.places import Place, find_places, place_codes
from qa.model import QuestionWord
from qa.text.organisations import Mention, find_organisations, organisation_codes
from qa.text.tokens import tokenize

_SAME = 0.9
"""What it is worth that a text names the organisation, or the place or its capital."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A place or an organisation with where the text names it: text[start:end]."""

    codes: frozenset[str]
    """What tells whatever bears the name from others."""
    start: int
    end: int


def find_entities(text: str, language: str) -> list[Entity]:
    """The places and organisations that a text calls by names that tell them."""
    named: list[Place | Mention] = [
        *find_places(text, language),
        *find_organisations(text, language),
    ]
    return [Entity(one.codes, one.start, one.end) for one in named]


@lru_cache(maxsize=1 << 13)
def entity_codes(text: str, language: str) -> frozenset[str]:
    """The codes of all that a text may name, by whatever name."""
    return place_codes(text, language) | organisation_codes(text, language)


def codes_of_words(
    question: str, language: str, entities: Iterable[Entity]
) -> Mapping[str, frozenset[str]]:
    """The codes of each word that is, or is part of, the name of one of them; by folded form."""
    return {
        token.form: entity.codes
        for entity in entities
        for token in tokenize(question[entity.start : entity.end], language)
    }


def match_entities(
    words: Sequence[QuestionWord],
    codes: Mapping[str, frozenset[str]],
    texts: Sequence[str],
    languages: Sequence[str],
) -> NDArray[np.float32]:
    """How surely each entity is named in each text, 0 to 1, shape (texts, words); 0 for others."""
    found = np.zeros((len(texts), len(words)), dtype=np.float32)
    for column, word in enumerate(words):
        if asked := codes.get(word.form):
            named = [
                bool(asked & entity_codes(text, language))
                for text, language in zip(texts, languages, strict=True)
            ]
            found[:, column] = np.where(named, _SAME, 0.0)
    return found
