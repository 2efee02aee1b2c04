"""Words and word pieces as rows of unit vectors: the table that ships with the package."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.index.glosses import read_glosses
from qa.index.keys import language_of, model_key, own_language
from qa.index.stand_ins import JOINT, StandIns
from qa.index.translations import Translations
from qa.index.transliteration import Transliteration
from qa.index.word_table_files import digest_of, read_directions, read_stored, readable
from qa.model import Vectors
from qa.text.tokens import Token, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHIPPED_MODEL = Path(__file__).parent / "static_model"
_ALIGNED = frozenset({"en", "ar"})
"""Languages whose words are translated by one another; the others' by English ones."""
_CACHED_UNKNOWN_KEYS = 1 << 17


class WordTable:
    """Unit vectors of words and word pieces, as an array of rows and the way from text to rows."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        tokenizer: Tokenizer,
        vectors: NDArray[np.float32],
        weights: NDArray[np.float32],
        directions: NDArray[np.float32],
        translations: Translations | None = None,
        transliteration: Transliteration | None = None,
        glosses: Mapping[str, int] | None = None,
    ) -> None:
        self.name = name
        self.words = list(words)
        self.vectors = vectors
        self.weights = weights
        self.directions = directions
        self.translations = translations or Translations.none(len(self.words))
        self.transliteration = transliteration or Transliteration()
        self._tokenizer = tokenizer
        self._rows = {word: row for row, word in enumerate(self.words)}
        special = [word for word in self.words if word.startswith("[") and word.endswith("]")]
        self._unknown = {self._rows.pop(word) for word in special}
        self._glosses = glosses or {}
        self._stand_ins = StandIns(self.words, self._rows, weights, self._glosses)
        self._pieces = lru_cache(_CACHED_UNKNOWN_KEYS)(self._cut)
        self._blocks = _blocks(self.words)
        self.languages = frozenset(language for language, _ in self._blocks if language)
        """The languages that have entries of their own."""

    @cached_property
    def row_languages(self) -> NDArray[np.str_]:
        """`language_of` each row's word."""
        known = (
            language or language_of(word)
            for language, rows in self._blocks
            for word in self.words[rows]
        )
        return np.array(list(known))

    @cached_property
    def is_inner(self) -> NDArray[np.bool_]:
        """Which rows are pieces that go on a word."""
        return np.array([word.startswith("##") for word in self.words])

    def __reduce__(self) -> tuple[type[WordTable], tuple[object, ...]]:
        parts = (self.name, self.words, self._tokenizer, self.vectors, self.weights)
        return WordTable, (
            *parts,
            self.directions,
            self.translations,
            self.transliteration,
            self._glosses,
        )

    @property
    def dimension(self) -> int:
        """Length of each row."""
        return int(self.vectors.shape[1])

    def key(self, token: Token, language: str | None = None) -> str:
        """The entry that a word is looked up by: its own, else what stands in for it.

        For a compound these are several, joined; a word of which nothing is known is its own key.
        """
        key = model_key(token, language)
        return key if key in self._rows else self._stand_ins.key(token, language)

    def keys(self, text: str, language: str | None = None) -> list[str]:
        """The same for all words of a text, in order."""
        return [self.key(token, language) for token in tokenize(text, language)]

    def row(self, key: str) -> int | None:
        """The row of a key that is itself a word of the table."""
        return self._rows.get(key)

    def knows(self, key: str) -> bool:
        """Whether a key is a word of the table, or made of some."""
        return all(entry in self._rows for entry in key.split(JOINT))

    def translated(self, key: str) -> dict[int, float]:
        """Rows that translate a key, each with its chance; empty where none is known.

        A word of a language that joined English and Arabic goes by way of English.
        """
        row = self.row(key)
        direct = dict(self.translations.of_row(row)) if row is not None else {}
        if language_of(key) in _ALIGNED:
            return direct
        chances = dict(direct)
        for middle, first in direct.items():
            for row, second in self.translations.of_row(middle):
                chances[row] = chances.get(row, 0.0) + first * second
        return chances

    def similarity(self, vectors: Vectors, languages: Container[str]) -> NDArray[np.float32]:
        """Cosine of every row with some unit vectors, shape (rows, len(vectors)).

        Words that only texts of another language look up are passed over and stay at 0.
        """
        cosines = np.zeros((len(self.vectors), len(vectors)), dtype=np.float32)
        for language, rows in self._blocks:
            if not language or language in languages:
                np.matmul(self.vectors[rows], vectors.T, out=cosines[rows])
        return cosines

    def ids(self, text: str, language: str | None = None) -> NDArray[np.int32]:
        """Rows of the known words and pieces of a text, in order."""
        return self.ids_of_keys(self.keys(text, language))

    def ids_of_keys(self, keys: Iterable[str]) -> NDArray[np.int32]:
        """Rows of keys, in order; a key of which no piece is known has none."""
        return np.array(self.rows(keys), dtype=np.int32)

    def rows(self, keys: Iterable[str]) -> list[int]:
        """The same as plain numbers, for a few keys at a time."""
        known = self._rows.get
        rows: list[int] = []
        for key in keys:
            row = known(key)
            if row is None:
                rows.extend(self._pieces(key))
            else:
                rows.append(row)
        return rows

    def _cut(self, key: str) -> tuple[int, ...]:
        encoding = self._tokenizer.encode(key, add_special_tokens=False)
        return tuple(row for row in encoding.ids if row not in self._unknown)


@lru_cache(maxsize=4)
def load_word_table(folder: Path | None = None) -> WordTable:
    """The table in a folder, by default the shipped one; raises EmbedderError if it is not one."""
    place = folder or SHIPPED_MODEL
    stored = read_stored(place)
    vectors = unit_rows(stored.rows.astype(np.float32))
    with readable(place):
        directions = read_directions(place, vectors.shape[1])
        translations = Translations.read(place, len(vectors))
        transliteration = Transliteration.read(place)
        glosses = read_glosses(place)
    return WordTable(
        name=f"{stored.name}-{digest_of(place)}",
        words=stored.words,
        tokenizer=stored.tokenizer,
        vectors=vectors,
        weights=stored.weights,
        directions=directions,
        translations=translations,
        transliteration=transliteration,
        glosses=glosses,
    )


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows at length 1, in place; rows of zeros stay as they are."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows /= np.where(lengths > 0, lengths, 1)[:, np.newaxis]
    return rows


def _blocks(words: Sequence[str]) -> list[tuple[str, slice]]:
    """Runs of rows by whose words they are: one language's, or any's where it is empty."""
    blocks: list[tuple[str, slice]] = []
    start = 0
    for language, run in groupby(words, key=own_language):
        end = start + len(list(run))
        blocks.append((language, slice(start, end)))
        start = end
    return blocks
