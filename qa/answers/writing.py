"""Drafted sentences made an answer: marks renumbered, citations cut and verified, claims judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.answers.citations import cite, verify
from qa.answers.cited import from_sentence
from qa.answers.drafting import Drafted
from qa.answers.marks import Piece
from qa.answers.sources import Sources
from qa.answers.support import SupportChecker, Verdict
from qa.model import Citation, Claim, Claimed, Event, Token

_UNSUPPORTED = "unsupported"


class Writer:
    """Writes one answer; citations are numbered in the order in which they are first shown."""

    def __init__(
        self, sources: Sources, support: SupportChecker, language: str, *, strict: bool
    ) -> None:
        self._sources = sources
        self._support = support
        self._language = language
        self._strict = strict
        self._cited: dict[int, Citation] = {}
        """By the number of the source."""
        self._shown: list[str] = []
        self.claims: list[Claim] = []
        self.left_out = 0
        """Sentences that a strict writer did not show."""

    @property
    def text(self) -> str:
        """The answer so far: its Token events, put together."""
        return "".join(self._shown)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """By number, from 1 on."""
        return tuple(self._cited.values())

    def write_all(self, sentences: Iterable[Drafted]) -> Iterator[Event]:
        """`write` for each of several sentences."""
        for sentence in sentences:
            yield from self.write(sentence)

    def write(self, sentence: Drafted) -> Iterator[Event]:
        """A Token with the sentence and, once it is judged, a Claimed.

        A strict writer judges first, and shows nothing of a sentence that is not borne out.
        """
        verdict = self._judged(sentence) if self._strict else None
        if verdict and verdict.support == _UNSUPPORTED:
            self.left_out += 1
            return
        yield self._token(sentence)
        verdict = verdict or self._judged(sentence)
        citations = tuple(self._cited[number] for number in sentence.numbers)
        numbers = tuple(sorted(citation.number for citation in citations))
        claim = Claim(sentence.text, numbers, verdict.support, verdict.reason)
        self.claims.append(claim)
        yield Claimed(claim, citations)

    def _token(self, sentence: Drafted) -> Token:
        shown = "".join(self._rendered(piece) for piece in sentence.pieces)
        self._shown.append(shown if self._shown else shown.lstrip())
        return Token(self._shown[-1])

    def _rendered(self, piece: Piece) -> str:
        marks = (f"[{self._citation(number).number}]" for number in piece.numbers)
        return piece.text or "".join(marks)

    def _citation(self, number: int) -> Citation:
        """The citation of a source, compared with the stored article before anything is shown."""
        if number not in self._cited:
            source = self._sources[number]
            citation = cite(len(self._cited) + 1, source.article, source.span)
            verify(citation, source.article)
            self._cited[number] = citation
        return self._cited[number]

    def _judged(self, sentence: Drafted) -> Verdict:
        cited = [from_sentence(self._sources[number].sentence) for number in sentence.numbers]
        verdict = self._support.check(sentence.text, cited, self._language)
        return verdict if cited else Verdict(_UNSUPPORTED, verdict.reason)
