"""The values that travel between the floors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
"""One embedding, shape (dimension,), unit length unless it is all zeros."""

Vectors: TypeAlias = NDArray[np.float32]
"""Embeddings, shape (texts, dimension)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of Unicode code points: text[start:end]."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One news item as stored; `text` is the citable body, the title is not part of it."""

    key: str
    """From the caller, its URL or its path; the same key is the same article."""
    version: str
    """Hash of title, text and metadata: the same version is the same content."""
    title: str
    text: str
    language: str
    """ISO 639-1 code of the text."""
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article version: article.text[start:end] == text."""

    id: int
    article: str
    """Key of its article."""
    version: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """What the indexes need to know of a passage that the archive holds."""

    id: int
    article_id: int
    """Row of its article version in the archive: one version, one number."""
    text: str
    context: str
    """Title, outlet and date of its article: indexed with the text, never cited."""
    language: str
    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class LegRank:
    """Where one retrieval leg placed a passage."""

    rank: int
    """1 is first."""
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its score and what each leg thought of it."""

    passage: Passage
    article: Article
    score: float
    """The blended score of the rerank; comparable within one question only."""
    legs: Mapping[str, LegRank] = field(default_factory=dict)
    """By leg name: dense, lexical, late."""

    def as_json(self) -> dict[str, Any]:
        """The hit for `qa search --json`: offsets are code points of the article's text."""
        article = self.article
        return {
            "score": self.score,
            "article": article.key,
            "version": article.version,
            "title": article.title,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "language": article.language,
            "start": self.passage.start,
            "end": self.passage.end,
            "text": self.passage.text,
            "legs": {name: asdict(leg) for name, leg in self.legs.items()},
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader restricts a question to; None means no restriction. Dates are inclusive."""

    language: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word of a question."""

    form: str
    """As written in the question."""
    weight: float
    """Inverse document frequency, scaled so that the weights of a question add up to 1."""
    is_name: bool
    """Probably a proper name: matched across scripts by its name key too."""
    language: str = ""
    """ISO 639-1 code of the question, which says what the word means; empty where unknown."""
    is_borrowed: bool = False
    """Sounds like its translations: a well-known name, or a loanword, in whatever script."""
    is_untold: bool = False
    """Nothing is known that translates it: a rare word, or a name."""
    in_capitals: bool = False
    """Names an organisation by its capitals alone: in small letters it is a common word (WHO)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what in an article: the sentence's span, the cue verb and the speaker."""

    span: Span
    speaker: str | None
    """The speaker as the article writes it, or None where nobody is named."""
    cue: str | None
    """The verb of saying, as written."""
    known_as: str | None = None
    """Everything the article calls the speaker: title and full name; for matching."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of an article's text: article.text[start:end] == quote, for that version."""

    number: int
    article: str
    version: str
    title: str
    outlet: str | None
    published: date | None
    url: str | None
    start: int
    end: int
    quote: str


SUPPORTED = frozenset({"quoted", "supported"})
"""Verdicts of claims that can be taken as fact."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]
    support: str
    """quoted, supported, partial or unsupported."""
    reason: str | None = None
    """What the citations do not bear out, where they do not bear out all of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets; `as_json` is the contract's document."""

    question: str
    answer: str
    """Text with [1] markers."""
    language: str
    mode: str
    """extractive or generative."""
    abstained: bool
    reason: str | None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    timings: Mapping[str, float]
    """Milliseconds by step: retrieve_ms, answer_ms."""
    index: str
    """Fingerprint of the index that was asked."""
    confidence: float | None = None
    """Calibrated probability that the evidence is right; what the abstention threshold cuts."""
    model: str | None = None
    """The chat model that wrote the answer; None where it is made of quotes."""
    notice: str | None = None
    """What went otherwise than asked for: a model that failed, passages left out."""
    usage: Mapping[str, int] = field(default_factory=dict)
    """Tokens of the chat model, as far as it tells: input_tokens, output_tokens."""
    dropped_marks: int = 0
    """Citation marks of the model that pointed nowhere and were left out."""
    standalone: str | None = None
    """What was asked in place of a question that needs the conversation; None: the question."""

    def as_json(self) -> dict[str, Any]:
        """The answer as contracts.md lays it out, ready for json.dumps."""
        return {
            "question": self.question,
            "answer": self.answer,
            "language": self.language,
            "mode": self.mode,
            "abstained": self.abstained,
            "reason": self.reason,
            "confidence": self.confidence,
            "claims": [
                {
                    "text": c.text,
                    "citations": list(c.citations),
                    "support": c.support,
                    "reason": c.reason,
                }
                for c in self.claims
            ],
            "citations": [citation_as_json(c) for c in self.citations],
            "timings": dict(self.timings),
            "index": self.index,
            "model": self.model,
            "notice": self.notice,
            "usage": dict(self.usage),
            "dropped_marks": self.dropped_marks,
            "standalone": self.standalone,
        }


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """The citation as contracts.md lays it out: the date in ISO 8601."""
    day = citation.published
    return asdict(citation) | {"published": day.isoformat() if day else None}


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: retrieval is done."""

    hits: tuple[Hit, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Token:
    """Event: the next piece of the answer's text; the pieces add up to `Answer.answer`."""

    text: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Event: one more sentence of the answer is whole, with its verdict and what it cites."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of a conversation and what it was answered."""

    question: str
    """As it was asked, best as `Answer.standalone` where that is not None."""
    answer: str


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the whole answer, every citation verified."""

    answer: Answer


Event: TypeAlias = Retrieved | Token | Claimed | Done
