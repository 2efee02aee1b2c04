"""What the stores need of passages: vectors, lexical terms and word ids, each text cut once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from qa.index.embedding import StaticEmbedder
from qa.index.lexical import PassageTerms
from qa.index.word_table import WordTable
from qa.index.words import WordIds
from qa.model import StoredPassage, Vectors
from qa.roles import Embedder
from qa.text.names import name_keys
from qa.text.stems import bare_form
from qa.text.tokens import tokenize

# Marks that are never part of a word, so that "قال:" and "قال" share a place in the cache.
_MARKS = '.,،؛;:!؟?"«»“”()[]…'
_CACHED_RUNS = 500_000
_CACHED_CONTEXTS = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """Passages with all that is stored of them, index by index."""

    passages: Sequence[StoredPassage]
    vectors: Vectors
    terms: Sequence[PassageTerms]
    words: Sequence[WordIds]


class _Run(NamedTuple):
    """What becomes of a run of visible characters: mostly one word with its punctuation."""

    stems: str
    forms: str
    names: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text as the stores see it."""

    stems: str
    forms: str
    names: str
    words: WordIds


class _Runs(dict[str, _Run]):
    """The runs of one language met so far, forgotten when they are too many."""

    def __init__(self, cut: Callable[[str], _Run]) -> None:
        super().__init__()
        self._cut = cut

    def __missing__(self, run: str) -> _Run:
        bare = run.strip(_MARKS)
        found = self._cut(run) if bare == run else self[bare]
        if len(self) >= _CACHED_RUNS:
            self.clear()
        self[run] = found
        return found


class Preparation:
    """Cuts, looks up and embeds passages.

    Words never reach over white space, so a text is the sum of its runs of visible characters.
    Those repeat: taking them from a cache is several times as fast as cutting each text afresh.
    """

    def __init__(self, embedder: Embedder, table: WordTable) -> None:
        self._embedder = embedder
        self._table = table
        self.needs_words_only = isinstance(embedder, StaticEmbedder) and embedder.table is table
        self._runs: dict[str, _Runs] = {}
        self._context = lru_cache(_CACHED_CONTEXTS)(self._cut)

    def prepare(self, passages: Sequence[StoredPassage]) -> Prepared:
        """All that the stores need, in the order of the passages."""
        texts = [self._cut(passage.text, passage.language) for passage in passages]
        contexts = [self._context(passage.context, passage.language) for passage in passages]
        pairs = list(zip(texts, contexts, strict=True))
        words = [np.concatenate((text.words, context.words)) for text, context in pairs]
        terms = [
            PassageTerms(
                text=text.stems,
                context=context.stems,
                forms=f"{text.forms} {context.forms}",
                names=f"{text.names} {context.names}",
            )
            for text, context in pairs
        ]
        return Prepared(passages, self._embed(passages, words), terms, words)

    def prepare_each(self, steps: Iterable[Sequence[StoredPassage]]) -> Iterator[Prepared]:
        """The preparation of each step, made when it is asked for."""
        return map(self.prepare, steps)

    def _cut(self, text: str, language: str) -> _Cut:
        if language not in self._runs:
            self._runs[language] = _Runs(partial(self._cut_run, language))
        runs = map(self._runs[language].__getitem__, text.split())
        stems, forms, names, rows = tuple(zip(*runs, strict=True)) or ((), (), (), ())
        return _Cut(
            stems=" ".join(stems),
            forms=" ".join(forms),
            names=" ".join(names),
            words=np.array(list(chain.from_iterable(rows)), dtype=np.int32),
        )

    def _cut_run(self, language: str, run: str) -> _Run:
        tokens = tokenize(run, language)
        return _Run(
            stems=" ".join([token.stem for token in tokens]),
            forms=" ".join([bare_form(token.form, language) for token in tokens]),
            names=" ".join([key for token in tokens for key in name_keys(token.form, language)]),
            rows=tuple(self._table.rows([self._table.key(token, language) for token in tokens])),
        )

    def _embed(self, passages: Sequence[StoredPassage], words: Sequence[WordIds]) -> Vectors:
        if isinstance(self._embedder, StaticEmbedder) and self.needs_words_only:
            # The words are looked up already.
            return self._embedder.embed_ids(words)
        return self._embedder.embed_passages([f"{p.context}\n{p.text}" for p in passages])
