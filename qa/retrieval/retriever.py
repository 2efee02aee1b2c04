"""From a question to passages: two legs find candidates, late interaction reads them, all blend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qa.articles.archive import Archive
from qa.index.stores import Index
from qa.index.word_table import WordTable
from qa.model import Filters, Hit
from qa.retrieval.expand import NO_EXPANSION, Expander
from qa.retrieval.fuse import Scores, blend, ranks
from qa.retrieval.question import (
    AskedWord,
    is_sentence,
    read_search,
    told_similarity,
    vectors_of,
)
from qa.retrieval.rerank import (
    FOR_QUESTIONS,
    FOR_SENTENCES,
    PiecedWord,
    PiecedWords,
    Shares,
    late_interaction,
)
from qa.roles import Embedder
from qa.text.language import detect_language

STATIC_WEIGHTS: Mapping[str, float] = MappingProxyType({"late": 1.0, "lexical": 0.6, "dense": 0.4})
"""Say of each leg when the embedder is the word table's mean, which blurs a passage."""
HUB_WEIGHTS: Mapping[str, float] = MappingProxyType({"late": 1.0, "lexical": 0.5, "dense": 1.0})
"""Say of each leg when the embedder is a sentence-transformers model."""
SENTENCES = 1.4
"""So much more say has late interaction where a sentence is looked for: it reads all its words."""
DEPTH = 200
"""Candidates that each of the two legs may name."""
_BY_WORDS = 0.5
"""What the translations of single words say of an organisation that articles have a name for."""
_TRIES = 3
"""Searches of one question while the archive changes, before its next change has to wait."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the retriever work: all, but for benches that ask what one of them earns."""

    legs: frozenset[str] = frozenset(STATIC_WEIGHTS)
    """Those left out neither name candidates nor have a say."""
    expansion: bool = True
    """Whether the lexical leg looks for translations and name keys too."""


ALL_PARTS = Parts()


class Retriever:
    """Finds the passages that fit a question in any language; safe for threads."""

    def __init__(
        self,
        index: Index,
        archive: Archive,
        embedder: Embedder,
        table: WordTable,
        weights: Mapping[str, float] = STATIC_WEIGHTS,
        parts: Parts = ALL_PARTS,
    ) -> None:
        self._index = index
        self._archive = archive
        self._embedder = embedder
        self._table = table
        self._weights = {leg: weight for leg, weight in weights.items() if leg in parts.legs}
        self._sentence_weights = {
            leg: weight * SENTENCES if leg == "late" else weight
            for leg, weight in self._weights.items()
        }
        self._expander = Expander(table, index.lexical, None if parts.expansion else NO_EXPANSION)

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The k best passages, best first; none where no word of the question is known.

        Articles with equal text under several keys are a hit each: every one is evidence.
        """
        for _ in range(_TRIES):
            before = self._archive.view_counter()
            hits = self._search(question, k, filters)
            # A version that was replaced in between is in no result, and the new one may not be.
            if self._archive.view_counter() == before:
                return hits
        with self._archive.steady_view():
            return self._search(question, k, filters)

    def _search(self, question: str, k: int, filters: Filters | None) -> list[Hit]:
        asked = detect_language(question)
        words = self._expander.found(read_search(question, asked, self._table))
        similarity = self._table.similarity(
            vectors_of(words, self._table.dimension),
            self._index.lexical.languages(self._table.languages),
        )
        depth = max(DEPTH, k)
        dense = self._dense(question, depth, filters)
        lexical = self._lexical(words, similarity, depth, filters)
        languages = self._archive.passage_languages([*{**dense, **lexical}])
        candidates = sorted(languages)
        if is_sentence(question, asked):
            weights, shares = self._sentence_weights, FOR_SENTENCES
        else:
            weights, shares = self._weights, FOR_QUESTIONS
        legs = {
            "dense": _scores(dense, candidates),
            "lexical": _scores(lexical, candidates),
            "late": self._late(words, self._told(words, similarity), candidates, shares),
        }
        blended = blend(legs, weights, [languages[i] for i in candidates], asked)
        return self._hits(candidates, blended, legs, k)

    def _dense(self, question: str, depth: int, filters: Filters | None) -> dict[int, float]:
        if "dense" not in self._weights:
            return {}
        vector = self._embedder.embed_question(question)
        # Every passage is equally far from no direction at all.
        return dict(self._index.vectors.search(vector, depth, filters)) if vector.any() else {}

    def _lexical(
        self,
        words: Sequence[AskedWord],
        similarity: NDArray[np.float32],
        depth: int,
        filters: Filters | None,
    ) -> dict[int, float]:
        if "lexical" not in self._weights:
            return {}
        # Words that every passage holds would cost much here and name no candidate.
        content = [i for i, word in enumerate(words) if word.is_content]
        terms = self._expander.alternatives([words[i] for i in content], similarity[:, content])
        return dict(self._index.lexical.search(terms, depth, filters))

    def _late(
        self,
        words: Sequence[AskedWord],
        similarity: NDArray[np.float32],
        ids: Sequence[int],
        shares: Shares,
    ) -> Scores:
        weights = np.array([word.word.weight for word in words], dtype=np.float32)
        passages = self._index.words.get_many(ids)
        pieced, rarity = self._pieced(words), self._table.weights
        scores = late_interaction(similarity, weights, passages, rarity, pieced, shares)
        scores[scores == 0] = np.nan  # no word of the question is anywhere near
        return scores

    def _told(
        self, words: Sequence[AskedWord], similarity: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The similarity, in place, raised to what aligned text and spellings say of each word."""
        for column, word in enumerate(words):
            spelled = {self._table.row(term): chance for term, chance in word.spellings.items()}
            for row, chance in (*word.translations.items(), *spelled.items()):
                if row is not None:
                    told = told_similarity(chance)
                    similarity[row, column] = max(similarity[row, column], told)
            if word.word.in_capitals:
                similarity[:, column] = 0.0
            elif word.called:
                similarity[self._table.row_languages != word.word.language, column] *= _BY_WORDS
        return similarity

    def _pieced(self, words: Sequence[AskedWord]) -> PiecedWords:
        """The ways of writing the words that no row says alone, the words themselves included."""
        ways = [
            PiecedWord(column, pieces, similarity)
            for column, word in enumerate(words)
            for pieces, similarity in (*self._ways(word), *self._names(word))
            if pieces
        ]
        return PiecedWords(tuple(ways), self._table.is_inner)

    def _ways(self, word: AskedWord) -> Iterator[tuple[tuple[int, ...], float]]:
        """The pieces of a word and of its spellings, each with its similarity to the word."""
        chances = ((key, told_similarity(chance)) for key, chance in word.spellings.items())
        for key, similarity in ((word.key, 1.0), *chances):
            if self._table.row(key) is None:
                yield tuple(self._table.rows([key])), similarity

    def _names(self, word: AskedWord) -> Iterator[tuple[tuple[int, ...], float]]:
        """The rows, in a row, of what the organisation is called that the word is part of."""
        for name in word.called:
            if not name.is_form:
                keys = (self._table.key(token, name.language) for token in name.tokens)
                yield tuple(self._table.rows(keys)), 1.0

    def _hits(
        self, candidates: Sequence[int], blended: Scores, legs: Mapping[str, Scores], k: int
    ) -> list[Hit]:
        best = np.argsort(-blended, kind="stable")[:k].tolist()
        passages = self._archive.live_passages([candidates[i] for i in best])
        articles = self._archive.live_articles([*{p.article for p in passages.values()}])
        placed = {name: ranks(scores, best) for name, scores in legs.items()}
        hits = []
        for place, i in enumerate(best):
            passage = passages.get(candidates[i])
            article = articles.get(passage.article) if passage else None
            # An article may have been replaced since its passage was found: then it is no hit.
            if passage and article and article.version == passage.version:
                found = {name: rank for name, leg in placed.items() if (rank := leg[place])}
                hits.append(Hit(passage, article, float(blended[i]), found))
        return hits


def _scores(found: Mapping[int, float], candidates: Sequence[int]) -> Scores:
    return np.array([found.get(key, np.nan) for key in candidates], dtype=np.float32)
