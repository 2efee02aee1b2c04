"""Text to vectors: the word table that ships with the package, and which embedder a name means.

A word table is a model2vec folder:

* `model.safetensors`: `embeddings` (V, d), any number type, any scale of each row (rows are made
  unit length on load, so int8 rows may each use their whole range); `weights` (V,), the words'
  inverse-frequency weights in a mean, all 1 where the file has none.
* `tokenizer.json`: a WordPiece model over white space, pieces marked `##`, whose words are the
  keys of `qa.index.keys`. A key that is not a word is cut into the longest pieces, greedily.
* `config.json`: `name`, which the index fingerprint carries beside a hash of the files.
* `common_directions.npy`, optional: (n, d) float32, orthonormal rows. A text's mean loses its
  part along each of them (Arora et al. 2017, "A simple but tough-to-beat baseline").
* `translations.npz`, optional: which rows translate which (`qa.index.translations`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.errors import EmbedderError
from qa.index.keys import is_plain, language_of, model_key, own_language, plain_key
from qa.index.translations import Translations
from qa.model import Vector, Vectors
from qa.roles import Embedder
from qa.text.content import asks, content_words
from qa.text.language import detect_language
from qa.text.stems import english_stems
from qa.text.tokens import Token, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHIPPED_MODEL = Path(__file__).parent / "static_model"
_MODEL_FILES = ("model.safetensors", "tokenizer.json", "config.json")
_DIRECTIONS_FILE = "common_directions.npy"
_ALIGNED = frozenset({"en", "ar"})
"""Languages whose words are translated by one another; the others' by English ones."""
_PARTICLES = frozenset("بلكفسو")
"""Arabic letters that stand before a word as by, to, like, so, will and and."""
_LEAST_BARE = 3
"""Letters of the word that is left without one."""
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
    ) -> None:
        self.name = name
        self.words = list(words)
        self.vectors = vectors
        self.weights = weights
        self.directions = directions
        self.translations = translations or Translations.none(len(self.words))
        self._tokenizer = tokenizer
        self._rows = {word: row for row, word in enumerate(self.words)}
        special = [word for word in self.words if word.startswith("[") and word.endswith("]")]
        self._unknown = {self._rows.pop(word) for word in special}
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

    def __reduce__(self) -> tuple[type[WordTable], tuple[object, ...]]:
        parts = (self.name, self.words, self._tokenizer, self.vectors, self.weights)
        return WordTable, (*parts, self.directions, self.translations)

    @property
    def dimension(self) -> int:
        """Length of each row."""
        return int(self.vectors.shape[1])

    def key(self, token: Token, language: str | None = None) -> str:
        """The entry that a word is looked up by: its language's own, else the plain one.

        A word without either goes by another form of it that has one.
        """
        key = model_key(token, language)
        if key in self._rows:
            return key
        return self._other_form(key, token.stem) if is_plain(key) else plain_key(token.form)

    def keys(self, text: str, language: str | None = None) -> list[str]:
        """The same for all words of a text, in order."""
        return [self.key(token, language) for token in tokenize(text, language)]

    def _other_form(self, key: str, stem: str) -> str:
        """A form of the same English stem, or the Arabic word less a particle; else the key.

        Which letters are attached particles only a list of words can tell: the stemmer leaves
        most of them.
        """
        bare = key[1:]
        if key[0] in _PARTICLES and len(bare) >= _LEAST_BARE and bare in self._rows:
            return bare
        return self._forms.get(stem, key)

    @cached_property
    def _forms(self) -> dict[str, str]:
        """The most frequent form of each English stem."""
        english = [word for word in self._rows if word.isascii() and word.isalpha()]
        rare_first = np.argsort(
            [-self.weights[self._rows[word]] for word in english], kind="stable"
        )
        forms = [english[i] for i in rare_first]
        return dict(zip(english_stems(forms), forms, strict=True))

    def row(self, key: str) -> int | None:
        """The row of a key that is itself a word of the table."""
        return self._rows.get(key)

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


class StaticEmbedder:
    """Weighted mean of word vectors less their common directions, unit length (an `Embedder`)."""

    prefixes = ("", "")

    def __init__(self, table: WordTable) -> None:
        self.table = table

    @property
    def name(self) -> str:
        """The table's name and the hash of its files."""
        return self.table.name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.table.dimension

    def embed_question(self, text: str) -> Vector:
        """The mean of a question's content words; of all words of a statement."""
        language = detect_language(text)
        tokens = tokenize(text, language)
        if asks(text, tokens, language):
            tokens = content_words(tokens, language)
        keys = [self.table.key(token, language) for token in tokens]
        question: Vector = self.embed_ids([self.table.ids_of_keys(keys)])[0]
        return question

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Means of all words of each text; a text without a known word is all zeros."""
        return self.embed_ids([self.table.ids(text) for text in texts])

    def embed_ids(self, texts: Sequence[NDArray[np.int32]]) -> Vectors:
        """The vectors of texts given as rows of the table, shape (len(texts), dimension)."""
        table = self.table
        means = np.zeros((len(texts), table.dimension), dtype=np.float32)
        for mean, ids in zip(means, texts, strict=True):
            # One text at a time: its rows stay in the processor's cache.
            np.matmul(table.weights[ids], table.vectors[ids], out=mean)
        means -= (means @ table.directions.T) @ table.directions
        return unit_rows(means)


def load_embedder(name: str, device: str, batch_size: int) -> Embedder:
    """The shipped embedder for "", else the sentence-transformers model of that name or path."""
    if not name:
        return StaticEmbedder(load_word_table())
    from qa.index.hub import HubEmbedder

    return HubEmbedder(name, device=device, batch_size=batch_size)


@lru_cache(maxsize=4)
def load_word_table(folder: Path | None = None) -> WordTable:
    """The table in a folder, by default the shipped one; raises EmbedderError if it is not one."""
    place = folder or SHIPPED_MODEL
    stored = _read(place)
    vectors = unit_rows(stored.rows.astype(np.float32))
    return WordTable(
        name=f"{stored.name}-{_digest(place)}",
        words=stored.words,
        tokenizer=stored.tokenizer,
        vectors=vectors,
        weights=stored.weights,
        directions=_directions(place, vectors.shape[1]),
        translations=Translations.read(place, len(vectors)),
    )


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows at length 1, in place; rows of zeros stay as they are."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows /= np.where(lengths > 0, lengths, 1)[:, np.newaxis]
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """What the three files of a folder hold."""

    name: str
    words: Sequence[str]
    tokenizer: Tokenizer
    rows: NDArray[np.generic]
    weights: NDArray[np.float32]


def _read(folder: Path) -> _Stored:
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if missing:
        raise EmbedderError(
            f"no word table in {str(folder)!r}: {', '.join(missing)} missing; "
            "install news-qa again, or make the model with python -m qa.training"
        )
    try:
        return _read_files(*(folder / name for name in _MODEL_FILES))
    except Exception as error:  # the tokenizers library raises nothing narrower
        raise EmbedderError(
            f"the word table in {str(folder)!r} cannot be read: {error}; install news-qa again"
        ) from error


def _read_files(tensors: Path, tokens: Path, config: Path) -> _Stored:
    # Not by way of model2vec, whose imports and copies take longer than all of the reading.
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    arrays = load_file(tensors)
    rows, tokenizer = arrays["embeddings"], Tokenizer.from_file(str(tokens))
    vocabulary = tokenizer.get_vocab()
    if len(vocabulary) != len(rows):
        raise ValueError(f"{len(vocabulary)} words for {len(rows)} rows")
    return _Stored(
        name=json.loads(config.read_bytes()).get("name", config.parent.name),
        words=sorted(vocabulary, key=vocabulary.__getitem__),
        tokenizer=tokenizer,
        rows=rows,
        weights=arrays.get("weights", np.ones(len(rows))).astype(np.float32),
    )


def _directions(folder: Path, dimension: int) -> NDArray[np.float32]:
    path = folder / _DIRECTIONS_FILE
    if not path.exists():
        return np.zeros((0, dimension), dtype=np.float32)
    directions: NDArray[np.float32] = np.load(path).astype(np.float32)
    return directions.reshape(-1, dimension)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (*_MODEL_FILES, _DIRECTIONS_FILE):
        if (folder / name).exists():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def _blocks(words: Sequence[str]) -> list[tuple[str, slice]]:
    """Runs of rows by whose words they are: one language's, or any's where it is empty."""
    blocks: list[tuple[str, slice]] = []
    start = 0
    for language, run in groupby(words, key=own_language):
        end = start + len(list(run))
        blocks.append((language, slice(start, end)))
        start = end
    return blocks
