"""One question and its answer as it grows: the assistant's events become the states of a turn."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from time import monotonic
from typing import Protocol

from qa.errors import QAError, UsageError
from qa.model import Answer, Article, Citation, Claimed, Done, Event, Filters, Retrieved

logger = logging.getLogger(__name__)

UPDATE_SECONDS = 0.05
"""The page is redrawn at most this often while an answer streams."""


class AssistantLike(Protocol):
    """What the page needs of the assistant."""

    def stream(
        self, question: str, filters: Filters | None = None, language: str | None = None
    ) -> Iterator[Event]:
        """The events of one answer: Retrieved, Token…, Done."""

    def article(self, key: str, version: str | None = None) -> Article:
        """One stored article; raises NotFoundError."""

    def outlets(self) -> list[str]:
        """The outlets of the archive, in order."""

    def languages(self) -> list[str]:
        """The languages of the archive as ISO 639-1 codes, in order."""

    def status(self) -> StatusLike:
        """What is indexed."""


class StatusLike(Protocol):
    """What the page needs of the archive's status."""

    @property
    def articles(self) -> int:
        """How many articles can be asked about."""


class Phase(StrEnum):
    """How far a turn is; the page's styles and tests read it."""

    WAITING = "waiting"
    READING = "reading"
    ANSWERING = "answering"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


RUNNING = frozenset({Phase.WAITING, Phase.READING, Phase.ANSWERING})


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what is known of its answer so far."""

    question: str
    phase: Phase = Phase.WAITING
    text: str = ""
    """The answer's text as far as it has streamed."""
    answer: Answer | None = None
    problem: str = ""
    """What a reader can be told of a failure; empty where nothing can be told."""
    passages: int = 0
    languages: Mapping[str, str] = field(default_factory=dict)
    """Language of each retrieved article, by key."""

    @property
    def running(self) -> bool:
        """Whether more of the answer may come."""
        return self.phase in RUNNING

    def stopped(self) -> Turn:
        """The turn as the reader's stop leaves it; one that has ended stays as it is."""
        return replace(self, phase=Phase.STOPPED) if self.running else self

    def citation(self, number: int) -> Citation:
        """The citation of that number; raises UsageError where the answer has none."""
        for citation in self.answer.citations if self.answer else ():
            if citation.number == number:
                return citation
        raise UsageError(f"the answer has no citation {number!r}")


def follow(assistant: AssistantLike, question: str, filters: Filters) -> Iterator[Turn]:
    """Ask, and give the turn after each event; errors end it as a failed turn."""
    turn = Turn(question)
    yield turn
    try:
        for event in assistant.stream(question, filters):
            turn = advance(turn, event)
            yield turn
    except QAError as error:
        yield replace(turn, phase=Phase.FAILED, problem=str(error))
    except Exception:
        # The edge of the product: the reader gets one calm line, the log gets the rest.
        logger.exception("a question of the page failed")
        yield replace(turn, phase=Phase.FAILED)


def advance(turn: Turn, event: Event) -> Turn:
    """The turn after one more event."""
    if isinstance(event, Retrieved):
        languages = {hit.article.key: hit.article.language for hit in event.hits}
        return replace(turn, phase=Phase.READING, passages=len(event.hits), languages=languages)
    if isinstance(event, Done):
        return replace(turn, phase=Phase.DONE, answer=event.answer)
    if isinstance(event, Claimed):
        return turn
    return replace(turn, phase=Phase.ANSWERING, text=turn.text + event.text)


def paced(turns: Iterable[Turn], seconds: float = UPDATE_SECONDS) -> Iterator[Turn]:
    """Leave out states that come faster than `seconds`, but no change of phase and not the last."""
    held: Turn | None = None
    phase, shown = None, 0.0
    for turn in turns:
        if turn.phase != phase or monotonic() - shown >= seconds:
            phase, shown, held = turn.phase, monotonic(), None
            yield turn
        else:
            held = turn
    if held is not None:
        yield held


def read_filters(values: Mapping[str, str]) -> Filters:
    """The filters as the page's form has them: empty text is no restriction; raises UsageError."""
    try:
        since, until = (date.fromisoformat(d) if (d := values.get(k)) else None for k in DATES)
    except ValueError as error:
        raise UsageError(f"a filter's date cannot be read: {error}. Choose it again") from None
    return Filters(values.get("language") or None, values.get("outlet") or None, since, until)


DATES = ("since", "until")
