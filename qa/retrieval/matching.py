"""How well each question word is matched by each of several short texts, in any language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of
from qa.index.word_table import WordTable
from qa.model import QuestionWord, Vector
from qa.retrieval.question import AskedWord, read_question, told_similarity, word_vector
from qa.retrieval.rerank import WordIds, best_matches, best_pairs
from qa.retrieval.spelling import is_spelled_otherwise, same_name
from qa.text.language import detect_language
from qa.text.names import name_keys
from qa.text.tokens import Token, stem, tokenize

_MOSTLY = 0.4
"""Chance of translations that sound like a word; the rest is other words of their sentences."""
_SHARED = frozenset({"ar", "en", "ru"})
"""Languages that words are taken to be of by their script."""
_CACHED_FORMS = 1 << 16
_CACHED_TEXTS = 1 << 13
"""Sentences; the same ones are matched for many questions."""


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    form: str
    key: str
    stem: str
    names: tuple[str, ...]
    vector: Vector


class WordMatcher:
    """A `Matcher` by the word table, equal stems and, for names, name keys; safe for threads."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._form = lru_cache(_CACHED_FORMS)(self._look_up)

    def language(self, question: str, default: str = "en") -> str:
        """The question's language, borne out by a word of it; else the default."""
        return detect_language(question, default, self._is_word)

    def question_words(
        self, question: str, language: str | None = None
    ) -> tuple[QuestionWord, ...]:
        """The content words of a question; all its words where it has no others."""
        language = language or detect_language(question)
        return tuple(
            replace(
                asked.word,
                is_borrowed=self._is_borrowed(asked),
                is_untold=not (asked.translations or asked.called),
            )
            for asked in read_question(question, language, self._table)
        )

    def match(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """Best match of each word in each text, 0 to 1, shape (len(texts), len(words)).

        `languages` holds each text's; words are stemmed and looked up in it.
        """
        found = np.zeros((len(texts), len(words)), dtype=np.float32)
        for places, similarity, rows in self._read(words, texts, languages):
            found[places] = best_matches(similarity, rows)
        return found

    def match_pairs(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """How well each word and the next one are matched near each other: the worse of both.

        Shape (len(texts), len(words) - 1), best of each text.
        """
        found = np.zeros((len(texts), max(len(words) - 1, 0)), dtype=np.float32)
        for places, similarity, rows in self._read(words, texts, languages):
            found[places] = best_pairs(similarity, rows)
        return found

    def _read(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> Iterator[tuple[list[int], NDArray[np.float32], list[WordIds]]]:
        """The places of the texts of a language, its forms' similarity, and each text in forms."""
        told = zip(texts, languages, strict=True)
        for language, places in _places([_own(language)] for _, language in told).items():
            forms = [_forms_of(texts[i], language or None) for i in places]
            row = {form: i for i, form in enumerate(dict.fromkeys(chain.from_iterable(forms)))}
            rows = [np.array([row[form] for form in text], dtype=np.int32) for text in forms]
            read = [self._form(form, language) for form in row]
            yield places, self._similarity(read, words), rows

    def _similarity(
        self, forms: Sequence[_Form], words: Sequence[QuestionWord]
    ) -> NDArray[np.float32]:
        """Each form against each question word, shape (forms, words)."""
        asked = [self._form(word.form, word.language) for word in words]
        similarity = self._vectors(forms) @ self._vectors(asked).T
        self._add_translations(similarity, forms, asked)
        stems = _places((one.stem,) for one in asked)
        named = zip(words, asked, strict=True)
        names = _places(one.names if word.is_name else () for word, one in named)
        for i, form in enumerate(forms):
            for key in form.names:
                for column in names.get(key, ()):
                    likely = same_name(asked[column].form, form.form, key)
                    similarity[i, column] = max(similarity[i, column], likely)
            for column in stems.get(form.stem, ()):
                similarity[i, column] = 1.0
        similarity[:, [word.in_capitals for word in words]] = 0.0
        return np.clip(similarity, 0.0, 1.0, out=similarity)

    def _add_translations(
        self, similarity: NDArray[np.float32], forms: Sequence[_Form], asked: Sequence[_Form]
    ) -> None:
        """Raises the similarity, in place, to what aligned text says."""
        places = _places((form.key,) for form in forms)
        for column, one in enumerate(asked):
            for row, chance in self._table.translated(one.key).items():
                for i in places.get(self._table.words[row], ()):
                    similarity[i, column] = max(similarity[i, column], told_similarity(chance))

    def _is_word(self, form: str, language: str) -> bool:
        key = self._table.key(Token(form, stem(form, language), 0, len(form)), language)
        return language_of(key) == language and self._table.row(key) is not None

    def _is_borrowed(self, asked: AskedWord) -> bool:
        """Whether it is mostly translated by what it sounds like, ساركوزي by Sarkozy."""
        words = self._table.words
        alike = (
            chance
            for row, chance in asked.translations.items()
            if is_spelled_otherwise(asked.word.form, words[row])
        )
        return sum(alike) >= _MOSTLY

    def _vectors(self, forms: Sequence[_Form]) -> NDArray[np.float32]:
        vectors = np.array([form.vector for form in forms], dtype=np.float32)
        return vectors.reshape(-1, self._table.dimension)

    def _look_up(self, form: str, language: str) -> _Form:
        token = Token(form, stem(form, language), 0, len(form))
        key = self._table.key(token, language)
        names = name_keys(form, language)
        return _Form(form, key, token.stem, names, word_vector(key, self._table))


def _own(language: str) -> str:
    """The language of a text, empty where its words mean the same without it."""
    return "" if language in _SHARED else language


@lru_cache(_CACHED_TEXTS)
def _forms_of(text: str, language: str | None) -> tuple[str, ...]:
    return tuple(token.form for token in tokenize(text, language))


def _places(keys: Iterable[Iterable[str]]) -> Mapping[str, list[int]]:
    """At which positions each key occurs."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, several in enumerate(keys):
        for key in several:
            places[key].append(i)
    return places
