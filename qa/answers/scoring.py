"""How well each sentence answers a question: its own words, who says it, and what is around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.answers.entities import Entity, codes_of_words, find_entities, match_entities
from qa.answers.kinds import holds_kind, kind_of
from qa.answers.namesakes import capitalised, match_names
from qa.answers.reading import Sentence, read_hits
from qa.model import Hit, QuestionWord
from qa.roles import Matcher

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a match is worth by where it is found, and what else counts.

    Chosen on the development half of eval/questions/seeds.jsonl.
    """

    sharpness: float = 2.0
    """Matches are raised to this power: two half matches are less than a whole one."""
    speaker: float = 0.9
    """A match in the name or title of who says the sentence."""
    before: tuple[float, float] = (0.4, 0.2)
    """In the sentence before it, and the one before that."""
    title: float = 0.4
    stated: float = 1.0
    """Once more for what the sentence and its speaker hold without their surroundings."""
    pairs: float = 0.3
    """Question words in a row that are near each other in the sentence too."""
    said_by: float = 0.1
    """The speaker is a person that the question names."""
    kind: float = 0.2
    """The sentence holds a number, date, reason … where the question asks for one."""
    rank: float = 0.1
    """The passage's place among the hits, from 1 for the best score down to 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Best match of each question word by where it was found, sharpened.

    Shape (sentences, words), 0 to 1 each.
    """

    words: tuple[QuestionWord, ...]
    capitals: NDArray[np.bool_]
    """Which words the question writes with a capital, shape (words,)."""
    own: Scores
    speaker: Scores
    before: tuple[Scores, Scores]
    title: Scores
    pairs: Scores
    """Of each word and the next one, near each other in the sentence; shape (sentences, words - 1),
    not sharpened."""

    @property
    def weights(self) -> Scores:
        """Weight of each word, adding up to 1."""
        return np.array([word.weight for word in self.words], dtype=np.float32)

    @property
    def pair_weights(self) -> Scores:
        """Weight of each word with the next one, adding up to 1."""
        both = self.weights[:-1] + self.weights[1:]
        shares: Scores = both / both.sum()
        return shares

    @property
    def names(self) -> NDArray[np.bool_]:
        """Which words are names."""
        return np.array([word.is_name for word in self.words], dtype=bool)

    def stated(self, weights: Weights) -> Scores:
        """In the sentence itself or in the name of who says it."""
        best: Scores = np.maximum(self.own, weights.speaker * self.speaker)
        return best

    def credited(self, weights: Weights) -> Scores:
        """The same, or at a discount around the sentence."""
        best: Scores = np.maximum.reduce(
            [
                self.stated(weights),
                weights.before[0] * self.before[0],
                weights.before[1] * self.before[1],
                weights.title * self.title,
            ]
        )
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The sentences of all hits with what was found in them, best first in `order`."""

    question: str
    entities: tuple[Entity, ...]
    """The places and organisations that the question names."""
    sentences: tuple[Sentence, ...]
    matches: Matches
    stated: Scores
    """Shape (sentences, words)."""
    credited: Scores
    """Shape (sentences, words)."""
    scores: Scores
    """Shape (sentences,); comparable within one question."""
    order: tuple[int, ...]
    is_foreign: bool
    """The best sentence is in another language than the question."""


def rank(
    question: str,
    language: str,
    words: Sequence[QuestionWord],
    hits: Sequence[Hit],
    matcher: Matcher,
    weights: Weights,
) -> Ranking | None:
    """The sentences of the hits by how well they answer; None where there is no sentence."""
    sentences = read_hits(hits)
    if not sentences or not words:
        return None
    capitals = capitalised(question, words)
    entities = tuple(find_entities(question, language))
    codes = codes_of_words(question, language, entities)
    matches = match_sentences(matcher, words, capitals, codes, sentences, weights.sharpness)
    stated, credited = matches.stated(weights), matches.credited(weights)
    scores = (
        _weighed(credited, matches.weights)
        + weights.stated * _weighed(stated, matches.weights)
        + weights.pairs * _weighed(matches.pairs, matches.pair_weights)
        + weights.said_by * _spoken_by_asked(matches)
        + _prior(kind_of(question), sentences, hits, weights)
    )
    order = tuple(np.argsort(-scores, kind="stable").tolist())
    is_foreign = sentences[order[0]].article.language != language
    return Ranking(
        question, entities, tuple(sentences), matches, stated, credited, scores, order, is_foreign
    )


def _weighed(matches: Scores, weights: Scores) -> Scores:
    """`matches @ weights`, without BLAS: on thin matrices it warns of invalid values at random."""
    sums: Scores = np.einsum("sw,w->s", matches, weights)
    return sums


def match_sentences(
    matcher: Matcher,
    words: Sequence[QuestionWord],
    capitals: frozenset[str],
    codes: Mapping[str, frozenset[str]],
    sentences: Sequence[Sentence],
    sharpness: float,
) -> Matches:
    """Every sentence and its surroundings against the question, each text matched once."""
    rows: dict[tuple[str, str], int] = {}

    def row(text: str, language: str) -> int:
        return rows.setdefault((text, language), len(rows))

    own = [row(s.text, s.article.language) for s in sentences]
    speaker = [row(" ".join(s.speakers), s.article.language) for s in sentences]
    before = [[row(t, s.article.language) for t in (*s.before, "", "")[:2]] for s in sentences]
    title = [row(s.article.title, s.article.language) for s in sentences]
    texts, languages = [text for text, _ in rows], [language for _, language in rows]
    found = matcher.match(words, texts, languages)
    found = np.maximum(found, match_names(words, capitals, texts))
    found = np.maximum(found, match_entities(words, codes, texts, languages))
    found **= np.float32(sharpness)
    return Matches(
        words=tuple(words),
        capitals=np.array([word.form in capitals for word in words], dtype=bool),
        own=found[own],
        speaker=found[speaker],
        before=(found[[nearest for nearest, _ in before]], found[[next_ for _, next_ in before]]),
        title=found[title],
        pairs=matcher.match_pairs(
            words, [s.text for s in sentences], [s.article.language for s in sentences]
        ),
    )


def _spoken_by_asked(matches: Matches) -> Scores:
    """How surely the speaker is a person the question names, 0 to 1, shape (sentences,)."""
    # Without capitals any word may be a name: ماذا قال كيري.
    caseless = [word.form == word.form.upper() for word in matches.words]
    names = matches.names | np.array(caseless, dtype=bool)
    best: Scores = matches.speaker[:, names].max(axis=1, initial=0.0)
    return best


def _prior(
    kind: str | None, sentences: Sequence[Sentence], hits: Sequence[Hit], weights: Weights
) -> Scores:
    """What speaks for each sentence besides the question's words, shape (sentences,)."""
    held = [holds_kind(kind, s.text, s.article.language) for s in sentences]
    kinds = np.array(held, dtype=np.float32)
    ranks = _standing(hits)[[s.hit for s in sentences]]
    prior: Scores = weights.kind * kinds + weights.rank * ranks
    return prior


def _standing(hits: Sequence[Hit]) -> Scores:
    """The hits' scores from 1 for the best down to 0."""
    scores = np.array([hit.score for hit in hits], dtype=np.float32)
    width = float(np.ptp(scores))
    if not width:
        return np.ones_like(scores)
    standing: Scores = (scores - scores.min()) / width
    return standing
