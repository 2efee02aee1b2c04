"""Answers made of quotes: the one to three sentences that answer best, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from qa.answers.abstention import Calibration, Reason, features, load_calibration, why_not
from qa.answers.attribution import as_asked, speaker_of
from qa.answers.citations import cite, verify
from qa.answers.frames import Frames, load_frames
from qa.answers.reading import Sentence
from qa.answers.scoring import Ranking, Weights, rank
from qa.answers.selection import choose
from qa.model import Answer, Citation, Claim, Done, Event, Hit, QuestionWord, Token
from qa.roles import Matcher
from qa.text.language import detect_language

MODE = "extractive"
_PIECE = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what was read out of it."""

    text: str
    language: str
    words: tuple[QuestionWord, ...]
    frames: Frames
    retrieve_ms: float
    started: float


class ExtractiveAnswerer:
    """Quotes the one to three sentences that answer best, or abstains; safe for threads."""

    def __init__(
        self,
        matcher: Matcher,
        index: str = "",
        weights: Weights | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._matcher = matcher
        self._index = index
        self._weights = weights or Weights()
        self._calibration = calibration or load_calibration()

    def answer(
        self, question: str, hits: Sequence[Hit], retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """Token events and then one Done; `language` is the reader's, default the question's."""
        asked = self._read(question, retrieve_ms, language)
        ranking = self._rank(asked, hits)
        if ranking is None:
            reason = Reason.NO_ARTICLE if asked.words else Reason.NO_WORDS
            yield from self._abstained(asked, asked.frames.reason(reason), (), 0.0)
            return
        confidence = self._calibration.probability(features(ranking))
        if confidence < self._calibration.threshold:
            yield from self._too_far(asked, ranking, confidence)
        else:
            yield from self._quoted(asked, ranking, confidence)

    def empty_index(
        self, question: str, retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """The same, where nothing has been indexed at all."""
        asked = self._read(question, retrieve_ms, language)
        yield from self._abstained(asked, asked.frames.reason(Reason.EMPTY_INDEX), (), 0.0)

    def rank(self, question: str, hits: Sequence[Hit]) -> Ranking | None:
        """The sentences of the hits by how well they answer; None where there is none."""
        return self._rank(self._read(question, 0.0, None), hits)

    def _rank(self, asked: _Asked, hits: Sequence[Hit]) -> Ranking | None:
        return rank(asked.text, asked.language, asked.words, hits, self._matcher, self._weights)

    def _read(self, question: str, retrieve_ms: float, language: str | None) -> _Asked:
        started = perf_counter()
        own = detect_language(question)
        words = tuple(self._matcher.question_words(question))
        return _Asked(question, own, words, load_frames(language or own), retrieve_ms, started)

    def _quoted(self, asked: _Asked, ranking: Ranking, confidence: float) -> Iterator[Event]:
        claims: list[Claim] = []
        citations: list[Citation] = []
        pieces: list[str] = []
        for number, sentence in enumerate(choose(ranking), start=1):
            citation = _checked(number, sentence)
            speaker = speaker_of(sentence, asked.text, asked.words, asked.frames)
            text = asked.frames.claim(citation, speaker, sentence.article.language)
            claims.append(Claim(text, (number,), "quoted"))
            citations.append(citation)
            piece = f"{text} [{number}]" if number == 1 else f"\n\n{text} [{number}]"
            pieces.append(piece)
            yield from _tokens(piece)
        yield self._done(asked, "".join(pieces), citations, confidence, claims=claims)

    def _too_far(self, asked: _Asked, ranking: Ranking, confidence: float) -> Iterator[Event]:
        reason, form = why_not(ranking)
        name = None if form is None else as_asked(asked.text, form)
        nearest = [_checked(n, sentence) for n, sentence in enumerate(choose(ranking), start=1)]
        yield from self._abstained(asked, asked.frames.reason(reason, name), nearest, confidence)

    def _abstained(
        self, asked: _Asked, reason: str, nearest: Sequence[Citation], confidence: float
    ) -> Iterator[Event]:
        text = f"{reason} {asked.frames.nearest}" if nearest else reason
        yield from _tokens(text)
        yield self._done(asked, text, nearest, confidence, reason=reason)

    def _done(
        self,
        asked: _Asked,
        text: str,
        citations: Sequence[Citation],
        confidence: float,
        claims: Sequence[Claim] = (),
        reason: str | None = None,
    ) -> Done:
        milliseconds = 1000 * (perf_counter() - asked.started)
        return Done(
            Answer(
                question=asked.text,
                answer=text,
                language=asked.frames.language,
                mode=MODE,
                abstained=reason is not None,
                reason=reason,
                claims=tuple(claims),
                citations=tuple(citations),
                timings={"retrieve_ms": asked.retrieve_ms, "answer_ms": milliseconds},
                index=self._index,
                confidence=confidence,
            )
        )


def _checked(number: int, sentence: Sentence) -> Citation:
    """The citation of a sentence, compared with the stored article before anything is shown."""
    citation = cite(number, sentence.article, sentence.span)
    verify(citation, sentence.article)
    return citation


def _tokens(text: str) -> Iterator[Event]:
    """The text in pieces that a reader sees appear one by one."""
    return (Token(piece) for piece in _PIECE.findall(text))
