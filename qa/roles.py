"""The roles (Protocols) that parts play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.model import Event, Hit, QuestionWord, Vector, Vectors


class Embedder(Protocol):
    """Turns texts into unit vectors; questions and passages may be treated differently."""

    @property
    def name(self) -> str:
        """Name and version, part of the index fingerprint."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    @property
    def prefixes(self) -> tuple[str, str]:
        """What is put before a question and before a passage; part of the fingerprint."""

    def embed_question(self, text: str) -> Vector:
        """One question's vector, shape (dimension,)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Passage vectors, shape (len(texts), dimension)."""


class Matcher(Protocol):
    """How well each word of a question is matched by each of several texts, in any language."""

    def language(self, question: str, default: str = "en") -> str:
        """The question's language, ISO 639-1; default where no word of it is known in any."""

    def question_words(
        self, question: str, language: str | None = None
    ) -> tuple[QuestionWord, ...]:
        """The content words of a question, stop words and question words left out.

        `language` is the question's, where it is known better than it can be detected.
        """

    def match(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """Best match of each word in each text, 0 to 1, shape (len(texts), len(words)).

        `languages` holds the ISO 639-1 code of each text, which says what its words mean; empty
        where it is unknown.
        """

    def match_pairs(
        self, words: Sequence[QuestionWord], texts: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """Best match of each word and the next one near each other in each text, the worse of both.

        Shape (len(texts), len(words) - 1).
        """


class Answerer(Protocol):
    """Turns hits into a verified answer, as an event stream that ends with `Done`."""

    def answer(
        self, question: str, hits: Sequence[Hit], retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """Token events and then one Done; abstains where the hits hold no answer.

        `language` is the one of the frame text around the quotes; None: the question's.
        """

    def empty_index(
        self, question: str, retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """The same where nothing has been indexed at all."""
