"""A conversation: each question with its answer, from the assistant's events as they come."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from time import monotonic
from typing import Protocol, TypeAlias

from qa.errors import QAError, UsageError
from qa.model import (
    Answer,
    Article,
    Citation,
    Claim,
    Claimed,
    Done,
    Event,
    Exchange,
    Filters,
    Retrieved,
)
from qa.serve.api.problems import Problem
from qa.serve.reading import Events, read_apart

logger = logging.getLogger(__name__)

UPDATE_SECONDS = 0.05
"""The page is redrawn at most this often while an answer streams."""
PULSE_SECONDS = 0.2
"""While nothing comes, a reader's stop is looked for this often."""


class Answering(Protocol):
    """What a question is put to."""

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: str | None = None,
        *,
        history: Sequence[Exchange] = (),
        mode: str | None = None,
        reader: str = "en",
    ) -> Events:
        """The events of one answer: Retrieved, Token and Claimed…, Done."""


class AssistantLike(Answering, Protocol):
    """What the page needs of the assistant."""

    @property
    def model(self) -> str | None:
        """The chat model that answers unless quotes are asked for; None: there is none."""

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
class Asked:
    """A question as the page asks it."""

    question: str
    filters: Filters = field(default_factory=Filters)
    mode: str | None = None
    """extractive or generative; None: whatever the assistant does by itself."""
    history: tuple[Exchange, ...] = ()
    reader: str = "en"
    """The page's language, for a question whose own nobody can tell."""


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of an answer as it came; a chat model's pieces are sentences."""

    text: str
    """With [1] markers and the blanks before it."""
    claim: Claim | None = None
    """The sentence with its verdict, once it has one; quotes have none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what is known of its answer so far."""

    asked: Asked
    phase: Phase = Phase.WAITING
    written: tuple[Written, ...] = ()
    """The answer as far as it has streamed."""
    cited: tuple[Citation, ...] = ()
    """What the sentences so far cite."""
    answer: Answer | None = None
    problem: str = ""
    """What a reader can be told of a failure; empty where nothing can be told."""
    passages: int = 0
    languages: Mapping[str, str] = field(default_factory=dict)
    """Language of each retrieved article, by key."""

    @property
    def question(self) -> str:
        """The reader's own words."""
        return self.asked.question

    @property
    def text(self) -> str:
        """The answer's text as far as it has streamed."""
        return "".join(piece.text for piece in self.written)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What can be opened by now."""
        return self.answer.citations if self.answer else self.cited

    @property
    def running(self) -> bool:
        """Whether more of the answer may come."""
        return self.phase in RUNNING

    @property
    def judged(self) -> bool:
        """Whether the sentences have verdicts: a chat model's have, quotes need none."""
        abstained = self.answer is not None and self.answer.abstained
        return not abstained and any(piece.claim for piece in self.written)

    def stopped(self) -> Turn:
        """The turn as the reader's stop leaves it; one that has ended stays as it is."""
        return replace(self, phase=Phase.STOPPED) if self.running else self

    def citation(self, number: int) -> Citation:
        """The citation of that number; raises UsageError where the answer has none."""
        for citation in self.citations:
            if citation.number == number:
                return citation
        raise UsageError(f"the answer has no citation {number!r}")


Turns: TypeAlias = tuple[Turn, ...]


def history(turns: Iterable[Turn]) -> tuple[Exchange, ...]:
    """What was asked and answered: neither half answers nor refusals."""
    answers = (turn.answer for turn in turns if turn.phase is Phase.DONE and turn.answer)
    return tuple(
        Exchange(answer.standalone or answer.question, answer.answer)
        for answer in answers
        if not answer.abstained
    )


def follow(assistant: Answering, asked: Asked) -> Generator[Turn]:
    """Ask, and give the turn after each event, the same again while none comes.

    Errors end it as a failed turn; closing it ends the answer, however long the next event takes.
    """
    turn = Turn(asked)
    yield turn
    events = assistant.stream(
        asked.question,
        asked.filters,
        history=asked.history,
        mode=asked.mode,
        reader=asked.reader,
    )
    with closing(read_apart(events, PULSE_SECONDS)) as coming:
        for came in coming:
            if isinstance(came, Exception):
                yield _failed(turn, came)
                return
            turn = advance(turn, came) if came else turn
            yield turn


def _failed(turn: Turn, error: Exception) -> Turn:
    """The turn with what a reader can be told: of an error that was not foreseen, nothing."""
    if isinstance(error, QAError | Problem):
        return replace(turn, phase=Phase.FAILED, problem=str(error))
    logger.error("a question of the page failed", exc_info=error)
    return replace(turn, phase=Phase.FAILED)


def advance(turn: Turn, event: Event) -> Turn:
    """The turn after one more event."""
    if isinstance(event, Retrieved):
        languages = {hit.article.key: hit.article.language for hit in event.hits}
        return replace(turn, phase=Phase.READING, passages=len(event.hits), languages=languages)
    if isinstance(event, Done):
        return replace(turn, phase=Phase.DONE, answer=event.answer)
    if isinstance(event, Claimed):
        return _claimed(turn, event)
    return replace(turn, phase=Phase.ANSWERING, written=(*turn.written, Written(event.text)))


def _claimed(turn: Turn, event: Claimed) -> Turn:
    """The turn with the verdict on its last sentence, and what that sentence cites."""
    *earlier, last = turn.written
    known = {citation.number: citation for citation in (*turn.cited, *event.citations)}
    return replace(
        turn,
        written=(*earlier, replace(last, claim=event.claim)),
        cited=tuple(known[number] for number in sorted(known)),
    )


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
