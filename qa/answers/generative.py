"""Answers that a chat model writes from numbered sentences, every one of them held to its source.

Nothing is shown before the first sentence that cites: until then the reply may turn out to be a
refusal, in the wrong language, or the model's own memory. From there on it is shown sentence by
sentence, for what has been shown cannot be taken back where a sentence breaks off halfway.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

from qa.answers.abstention import Reason
from qa.answers.asking import inputs, messages, prompt_tokens
from qa.answers.chat_model import Chat, ModelChunk, Replying
from qa.answers.drafting import Drafted, Reply
from qa.answers.extractive import ExtractiveAnswerer
from qa.answers.frames import Frames, load_frames
from qa.answers.replies import is_foreign, is_sentinel, says_nothing
from qa.answers.sources import Sources, number_sentences
from qa.answers.support import SupportChecker
from qa.answers.writing import Writer
from qa.errors import ChatModelError
from qa.model import Answer, Done, Event, Hit, Token
from qa.text.language import detect_language

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

logger = logging.getLogger(__name__)

MODE = "generative"
_REPLY_TOKENS = 1024
"""Of the context, left free for the reply."""
_LEAST_TOKENS = 256
"""For the sources, however long the question is."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what is known before the model is asked."""

    text: str
    offered: int
    """How many passages were retrieved."""
    language: str
    frames: Frames
    quotes: tuple[Event, ...]
    """What the extractive answerer says: shown where the model fails."""
    quoted: Answer
    started: float

    def timings(self) -> Mapping[str, float]:
        """Milliseconds up to now."""
        return {**self.quoted.timings, "answer_ms": 1000 * (perf_counter() - self.started)}


@dataclass(frozen=True, slots=True)
class _Notice:
    """A sentence of the frames' notices, by its name."""

    name: str
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Attempt:
    """One request to the model, and what comes of it."""

    sources: Sources
    reply: Reply
    writer: Writer
    is_reminded: bool
    """Told once more which language is asked for."""
    request: Replying | None = None
    held: list[Drafted] = field(default_factory=list)
    """The sentences up to the first that cites."""
    refused: bool = False
    is_foreign: bool = False
    """Given up because it begins in another language than the one asked for."""

    def close(self) -> None:
        """Stops the request, if it is still going on."""
        if self.request:
            self.request.close()

    def begins_foreign(self, language: str) -> bool:
        """Whether to give it up, since the sentences so far are in another language."""
        self.is_foreign = is_foreign(" ".join(sentence.text for sentence in self.held), language)
        return self.is_foreign

    @property
    def failure(self) -> str | None:
        """Why nothing of the reply was shown, as a notice's name; None where it is a refusal."""
        if self.reply.error:
            return self.reply.error.kind
        if self.is_foreign:
            return "language"
        if self.writer.left_out:
            return "unsupported"
        text = " ".join(sentence.text for sentence in self.held)
        if self.refused or says_nothing(text):
            return None
        return "uncited" if text else "empty"

    def notices(self, asked: _Asked) -> Iterator[_Notice]:
        """What went otherwise than asked for."""
        if self.reply.error:
            yield from (_Notice(self.reply.error.kind), _Notice("kept"))
        if self.sources.used < asked.offered:
            yield _Notice("fewer", {"used": self.sources.used, "offered": asked.offered})
        if is_foreign(" ".join(claim.text for claim in self.writer.claims), asked.language):
            yield _Notice("language")
        if self.writer.left_out:
            yield _Notice("dropped", {"count": self.writer.left_out})


class GenerativeAnswerer:
    """Lets a chat model answer from the hits; quotes where it fails; safe for threads."""

    def __init__(
        self,
        model: Chat,
        fallback: ExtractiveAnswerer,
        support: SupportChecker,
        *,
        context_tokens: int = 8192,
        strict: bool = False,
    ) -> None:
        self._model = model
        self._fallback = fallback
        self._support = support
        self._context_tokens = context_tokens
        self._strict = strict

    def answer(
        self, question: str, hits: Sequence[Hit], retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """Token and Claimed events and then one Done; closing the iterator stops the request.

        The model is asked only where the extractive answerer does not abstain.
        """
        started = perf_counter()
        quotes = tuple(self._fallback.answer(question, hits, retrieve_ms, language))
        quoted = next(event.answer for event in quotes if isinstance(event, Done))
        if quoted.abstained:
            yield from quotes
            return
        own = language or detect_language(question)
        frames = load_frames(own)
        asked = _Asked(question, len(hits), own, frames, quotes, quoted, started)
        yield from self._asked(asked, hits)

    def empty_index(
        self, question: str, retrieve_ms: float, language: str | None = None
    ) -> Iterator[Event]:
        """The abstention where nothing has been indexed at all."""
        return self._fallback.empty_index(question, retrieve_ms, language)

    def _asked(
        self, asked: _Asked, hits: Sequence[Hit], *, is_reminded: bool = False
    ) -> Iterator[Event]:
        """Asks; again with fewer passages if they are too long, once more for a wrong language."""
        attempt = self._attempt(asked, hits, is_reminded=is_reminded)
        failure = None
        try:
            yield from self._written(asked, attempt)
        except ChatModelError as error:
            failure = error.kind
            logger.warning("%s", error)
        fewer = [] if attempt.writer.text else hits[: attempt.sources.used // 2]
        if failure == "too_long" and fewer:
            yield from self._asked(asked, fewer, is_reminded=is_reminded)
        elif attempt.is_foreign and not is_reminded:
            yield from self._asked(asked, hits, is_reminded=True)
        else:
            yield from self._ended(asked, attempt, failure)

    def _attempt(self, asked: _Asked, hits: Sequence[Hit], *, is_reminded: bool) -> _Attempt:
        taken = prompt_tokens(asked.text, asked.language) + _REPLY_TOKENS
        sources = number_sentences(hits, max(_LEAST_TOKENS, self._context_tokens - taken))
        writer = Writer(sources, self._support, asked.language, strict=self._strict)
        return _Attempt(sources, Reply(sources.numbers), writer, is_reminded)

    def _written(self, asked: _Asked, attempt: _Attempt) -> Iterator[Event]:
        """The events of a reply; raises ChatModelError where it failed before its first word."""
        is_open = False
        # The request ends first: a chain that is closed early reads what is left of its model.
        with closing(self._drafted(asked, attempt)) as sentences, closing(attempt):
            for sentence in sentences:
                if is_sentinel(sentence.text):
                    attempt.refused = True
                elif is_open:
                    yield from attempt.writer.write(sentence)
                else:
                    attempt.held.append(sentence)
                    is_open = bool(sentence.numbers)
                    if is_open and attempt.begins_foreign(asked.language):
                        return
                    if is_open:
                        yield from attempt.writer.write_all(attempt.held)

    def _drafted(self, asked: _Asked, attempt: _Attempt) -> Generator[Drafted]:
        """The sentences of a reply, streamed by the chain of prompt, model and reader."""
        from langchain_core.runnables import RunnableGenerator, RunnableLambda

        def chunks(prompts: Iterator[list[BaseMessage]]) -> Iterator[ModelChunk]:
            for prompt in prompts:
                attempt.request = self._model.stream(prompt)
                yield from attempt.request

        chain: Runnable[Mapping[str, str], Drafted] = (
            RunnableLambda(messages)
            | RunnableGenerator(chunks)
            | RunnableGenerator(attempt.reply.read)
        )
        values = inputs(
            asked.text, asked.language, attempt.sources, is_reminded=attempt.is_reminded
        )
        yield from chain.stream(values)

    def _ended(self, asked: _Asked, attempt: _Attempt, failure: str | None) -> Iterator[Event]:
        """What follows when no more comes of a reply, or none came at all."""
        if attempt.reply.error:
            logger.warning("%s", attempt.reply.error)
        if attempt.writer.claims:
            yield Done(self._written_answer(asked, attempt))
            return
        failure = failure or attempt.failure
        if failure is None:
            yield from self._abstained(asked, attempt)
        else:
            notice = self._told(asked, (_Notice(failure), _Notice("quotes")))
            yield from _quoted(asked, notice)

    def _abstained(self, asked: _Asked, attempt: _Attempt) -> Iterator[Event]:
        """The model's own refusal, with the passages that the extractive answer quotes."""
        reason = asked.frames.reason(Reason.MODEL)
        text = f"{reason} {asked.frames.nearest}"
        yield Token(text)
        yield Done(
            replace(
                self._answer(asked, attempt, text),
                abstained=True,
                reason=reason,
                language=asked.frames.language,
                citations=asked.quoted.citations,
            )
        )

    def _written_answer(self, asked: _Asked, attempt: _Attempt) -> Answer:
        writer = attempt.writer
        answer = self._answer(asked, attempt, writer.text)
        return replace(answer, claims=tuple(writer.claims), citations=writer.citations)

    def _answer(self, asked: _Asked, attempt: _Attempt, text: str) -> Answer:
        """What any outcome of a reply says of itself."""
        return replace(
            asked.quoted,
            answer=text,
            language=asked.language,
            mode=MODE,
            claims=(),
            timings=asked.timings(),
            model=self._model.name,
            notice=self._told(asked, attempt.notices(asked)),
            dropped_marks=attempt.reply.dropped_marks,
        )

    def _told(self, asked: _Asked, notices: Iterable[_Notice]) -> str | None:
        name = asked.frames.isolated(self._model.name, "en")
        told = [asked.frames.notice(notice.name, model=name, **notice.values) for notice in notices]
        return " ".join(told) or None


def _quoted(asked: _Asked, notice: str | None) -> Iterator[Event]:
    """The extractive answer in place of the model's."""
    yield from (event for event in asked.quotes if not isinstance(event, Done))
    yield Done(replace(asked.quoted, timings=asked.timings(), notice=notice))
