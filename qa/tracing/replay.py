"""A traced question asked again: by the chat model, or read out of its recorded reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from qa.answering import GENERATIVE
from qa.answers.tape import Playback
from qa.assistant import Assistant
from qa.errors import NotFoundError, UsageError
from qa.model import Article, Hit, Passage
from qa.tracing.comparison import Difference, cautions, cautions_on_reply, differences
from qa.tracing.recording import record
from qa.tracing.trace import Found, Trace


@dataclass(frozen=True, slots=True)
class Replayed:
    """A trace beside that of the same question asked now."""

    before: Trace
    after: Trace
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]
    """What may explain them."""

    @property
    def is_same(self) -> bool:
        """Whether nothing that counts is otherwise."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """The document of `qa replay --json`."""
        return {
            "same": self.is_same,
            "warnings": list(self.warnings),
            "differences": {part.part.value: list(part.lines) for part in self.differences},
            "replayed": self.after.as_json(),
        }


def replay(assistant: Assistant, trace: Trace, *, recorded_reply: bool = False) -> Replayed:
    """Asks again; `recorded_reply`: what the chat model replied then stands in for it.

    Then nothing is sent, and the reply is read with the passages that it was written from. Raises
    UsageError where these are gone, or a chat model is needed and none is set.
    """
    is_played = recorded_reply and trace.model is not None
    if trace.understood.mode == GENERATIVE and not is_played and assistant.model is None:
        raise UsageError(
            f"the trace is of the chat model {trace.model!r} and none is set: "
            "set QA_CHAT_MODEL, or replay with --recorded-reply"
        )
    request = replace(trace.request, mode=trace.understood.mode)
    after = record(assistant, request, _playback(assistant, trace) if is_played else None)
    told = cautions_on_reply(trace, after) if is_played else ()
    return Replayed(trace, after, differences(trace, after), cautions(trace, after) + told)


def _playback(assistant: Assistant, trace: Trace) -> Playback:
    return Playback(trace.model or "", trace.calls, tuple(_hits(assistant, trace)))


def _hits(assistant: Assistant, trace: Trace) -> Iterator[Hit]:
    articles: dict[str, Article] = {}
    for found in trace.retrieved if trace.calls else ():
        if found.article not in articles:
            articles[found.article] = _article(assistant, found)
        yield _hit(articles[found.article], found)


def _article(assistant: Assistant, found: Found) -> Article:
    try:
        return assistant.article(found.article, found.version)
    except NotFoundError as error:
        raise UsageError(
            "the recorded reply cites sentences of an article that has changed or gone since "
            f"({found.article!r}, version {found.version!r}), so it cannot be read again: "
            "replay the trace without --recorded-reply"
        ) from error


def _hit(article: Article, found: Found) -> Hit:
    if not 0 <= found.start <= found.end <= len(article.text):
        raise UsageError(
            f"the trace is damaged: {found.start}-{found.end} is no place in {found.article!r}"
        )
    text = article.text[found.start : found.end]
    passage = Passage(found.passage, article.key, article.version, found.start, found.end, text)
    return Hit(passage, article, found.score, found.legs)
