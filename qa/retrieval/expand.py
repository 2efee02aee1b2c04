"""The ways of writing each question word that the lexical index is asked for, in any script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log1p
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.index.keys import language_of, stem_of, word_of
from qa.index.lexical import Alternative, Field, WeightedTerm
from qa.index.word_table import WordTable
from qa.retrieval.question import AskedWord
from qa.retrieval.spelling import reliability
from qa.text.names import name_keys
from qa.text.organisations import OrganisationName

_LOOKED_AT = 96
"""Near words that are looked up in the index, at most, until enough of them occur."""

_TELLING = 2
"""Consonants of a name key that tell a word."""
_DOUBT = 0.25
"""Power of how much less likely the best spelling that occurs is than the best of all."""


class TermCounts(Protocol):
    """What the expansion needs to know of the index."""

    def doc_freq(self, field: Field, term: str) -> int:
        """In how many passages a term occurs."""

    def count(self) -> int:
        """How many passages there are."""


@dataclass(frozen=True, slots=True)
class ExpansionSettings:
    """How near a translation must be, how many there are, and what each kind of term weighs."""

    floor: float = 0.4
    translations: int = 16
    sharpness: float = 2.0
    """The chance that a near word is a translation is its cosine to this power."""
    related: float = 0.6
    """How near a word of the same language must be that has the same consonants."""
    aligned: float = 1.0
    """Weight of a sure translation by aligned text."""
    spelled: float = 1.0
    """Weight of the likeliest spelling of a name that occurs."""
    names: float = 1.0
    context: float = 0.5
    organisations: bool = True
    """Whether organisations are looked for by their other names."""


NO_EXPANSION = ExpansionSettings(
    floor=inf, related=inf, aligned=0.0, spelled=0.0, names=0.0, organisations=False
)
"""A question's words as they are."""


class Expander:
    """Finds what a question word may look like in the articles: translations and name keys."""

    def __init__(
        self, table: WordTable, counts: TermCounts, settings: ExpansionSettings | None = None
    ) -> None:
        self._words = table.words
        self._languages = table.row_languages
        self._counts = counts
        self._settings = settings or ExpansionSettings()

    def found(self, words: Iterable[AskedWord]) -> list[AskedWord]:
        """The words, of the spellings and other names only those that occur."""
        return [
            replace(
                word,
                spellings=_occurring(word.spellings, self._occurs),
                spelled_forms=_occurring(word.spelled_forms, self._is_form),
                called=tuple(name for name in word.called if self._is_written(name)),
            )
            for word in words
        ]

    def alternatives(
        self, words: Sequence[AskedWord], similarity: NDArray[np.float32]
    ) -> list[list[Alternative]]:
        """For each word its own stem, translations and name keys, as far as the index has them.

        Beside the words of an organisation that articles call otherwise stand its names.
        `similarity` holds every table row against every question word, shape (table, words).
        """
        # Of one dimension: several times as fast.
        near = np.flatnonzero(similarity.ravel() > self._settings.floor)
        rows, columns = np.divmod(near, max(1, len(words)))
        every: list[list[Alternative]] = [
            [*self._terms(word, rows[columns == i], similarity[:, i])]
            for i, word in enumerate(words)
        ]
        return [*every, *self._organisations(words)]

    def _organisations(self, words: Sequence[AskedWord]) -> Iterator[list[Alternative]]:
        """The names of each organisation, the one in the question among them."""
        for names in dict.fromkeys(word.called for word in words if word.called):
            asked = [word for word in words if word.called == names and not word.word.in_capitals]
            whole = [name.forms for name in names if name.is_form]
            stemmed = [name.stems for name in names if not name.is_form]
            if asked:
                stemmed.append(tuple(word.stem for word in asked))
            yield [
                *(_together("forms", name, 1.0) for name in whole),
                *(_together("text", name, 1.0) for name in stemmed),
                *(_together("context", name, self._settings.context) for name in stemmed),
            ]

    def _terms(
        self, word: AskedWord, near: NDArray[np.intp], similarity: NDArray[np.float32]
    ) -> list[WeightedTerm]:
        if word.word.in_capitals:
            return []
        translations = self._translations(word, near, similarity)
        chances = {
            **self._related(word, near, similarity),
            **translations,
            # What stands in for a word in the table stands in for it here too.
            stem_of(word.key): 1.0,
            word.stem: 1.0,
        }
        return [
            *self._in_field("text", chances, 1.0),
            *self._in_field("context", chances, self._settings.context),
            *self._as_written(word, translations),
            *self._spelled(word),
            *self._names(word),
        ]

    def _as_written(
        self, word: AskedWord, translations: Mapping[str, float]
    ) -> Iterator[WeightedTerm]:
        """The word with its own endings: by their stems السيسي and السيستاني are one name.

        It is as much rarer than its stem where the articles have it in translation as elsewhere.
        """
        held = self._counts.doc_freq("text", word.stem)
        if held and self._is_form(word.form):
            chances = {**translations, word.stem: 1.0}
            among = sum(c * self._counts.doc_freq("text", term) for term, c in chances.items())
            yield WeightedTerm("forms", word.form, self._rarity(among) / self._rarity(held))

    def _spelled(self, word: AskedWord) -> Iterator[WeightedTerm]:
        if self._settings.spelled:
            yield from self._in_field("forms", word.spelled_forms, self._settings.spelled)

    def _in_field(
        self, field: Field, chances: Mapping[str, float], weight: float
    ) -> Iterator[WeightedTerm]:
        """The stems that the field holds, as if all were one word that is as frequent as they are.

        A rare stem would outweigh the right translation otherwise (the merged document
        frequencies of probabilistic structured queries, Darwish and Oard 2003).
        """
        found = {term: n for term in chances if (n := self._counts.doc_freq(field, term))}
        merged = self._rarity(sum(chances[term] * n for term, n in found.items()))
        for term, n in found.items():
            yield WeightedTerm(field, term, weight * chances[term] * merged / self._rarity(n))

    def _rarity(self, passages: float) -> float:
        """BM25's inverse document frequency, as the index computes it."""
        total = self._counts.count()
        held = min(passages, total)
        return log1p((total - held + 0.5) / (held + 0.5))

    def _translations(
        self, word: AskedWord, near: NDArray[np.intp], similarity: NDArray[np.float32]
    ) -> dict[str, float]:
        """Chance by stem: by nearness, by aligned text or by sound, whichever says the most."""
        chances = self._near(word, near, similarity)
        for row, chance in word.translations.items() if self._settings.aligned else ():
            term = stem_of(self._words[row])
            chances[term] = max(self._settings.aligned * chance, chances.get(term, 0.0))
        for term, chance in word.spellings.items() if self._settings.spelled else ():
            chances[term] = max(self._settings.spelled * chance, chances.get(term, 0.0))
        return chances

    def _near(
        self, word: AskedWord, near: NDArray[np.intp], similarity: NDArray[np.float32]
    ) -> dict[str, float]:
        """The most likely ones that occur in the articles."""
        foreign = near[self._may_translate(word, near)]
        best = foreign[np.argsort(-similarity[foreign], kind="stable")][:_LOOKED_AT].tolist()
        chances: dict[str, float] = {}
        for row in best:
            term = stem_of(self._words[row])
            if term not in chances and self._occurs(term):
                chances[term] = float(similarity[row]) ** self._settings.sharpness
                if len(chances) == self._settings.translations:
                    break
        return chances

    def _related(
        self, word: AskedWord, near: NDArray[np.intp], similarity: NDArray[np.float32]
    ) -> dict[str, float]:
        """Forms and spellings of the same word that stemming leaves apart, as far as they occur.

        Broken plurals (صاروخ, صواريخ), verbs and their nouns, names as other newspapers write
        them (ترامب, ترمب): the consonants are the same and the meaning is near.
        """
        own = near[self._languages[near] == language_of(word.key)]
        of_stem = name_keys(word.stem, word.word.language)
        keys = {key for key in (*word.names, *of_stem) if len(key) >= _TELLING}
        chances: dict[str, float] = {}
        for row in own[similarity[own] >= self._settings.related].tolist():
            term = stem_of(self._words[row])
            if not keys.isdisjoint(name_keys(word_of(self._words[row]))) and self._occurs(term):
                chance = float(similarity[row]) ** self._settings.sharpness
                chances[term] = max(chance, chances.get(term, 0.0))
        return chances

    def _is_written(self, name: OrganisationName) -> bool:
        if not self._settings.organisations:
            return False
        if name.is_form:
            return all(map(self._is_form, name.forms))
        return all(map(self._occurs, name.stems))

    def _occurs(self, term: str) -> bool:
        return any(self._counts.doc_freq(field, term) for field in ("text", "context"))

    def _is_form(self, form: str) -> bool:
        return self._counts.doc_freq("forms", form) > 0

    def _may_translate(self, word: AskedWord, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Words of other languages; of any where the articles never write the word so."""
        languages = self._languages[rows]
        is_own = languages == language_of(word.key)
        if self._counts.doc_freq("text", word.stem) == 0:
            is_own[:] = False
        allowed: NDArray[np.bool_] = (languages != "") & ~is_own
        return allowed

    def _names(self, word: AskedWord) -> Iterator[WeightedTerm]:
        if not (word.word.is_name and self._settings.names):
            return
        for key in word.names:
            if self._counts.doc_freq("names", key):
                yield WeightedTerm("names", key, self._settings.names * reliability(key))


def _together(field: Field, terms: Iterable[str], weight: float) -> tuple[WeightedTerm, ...]:
    return tuple(WeightedTerm(field, term, weight) for term in terms)


def _occurring(spellings: Mapping[str, float], occurs: Callable[[str], bool]) -> dict[str, float]:
    """Chances beside the likeliest that occurs: articles write a name mostly in one way.

    If it is a far-fetched spelling, it may as well be another word.
    """
    found = {spelling: chance for spelling, chance in spellings.items() if occurs(spelling)}
    most = max(found.values(), default=1.0)
    trust = (most / max(spellings.values(), default=1.0)) ** _DOUBT
    return {spelling: trust * chance / most for spelling, chance in found.items()}
