"""Where the page and Gradio's clients ask: behind the limits and figures of the interface."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Left
from threading import Semaphore
from time import perf_counter
from typing import Protocol

from qa.model import Answer, Done, Event, Exchange, Filters, Hit
from qa.serve.api.leaving import LEFT
from qa.serve.api.metrics import Metrics
from qa.serve.api.problems import problem_of
from qa.serve.api.workers import ANSWERING, THREADS, Workers
from qa.serve.conversation import AssistantLike
from qa.serve.reading import Events

logger = logging.getLogger(__name__)

_PULSE_SECONDS = 0.2
"""Whoever waits for a place looks this often whether its reader left."""
BY_PAGE = "page"
BY_GRADIO = "gradio"
"""Who asks, in the figures' label of the method."""


class Searching(AssistantLike, Protocol):
    """What is needed of the assistant."""

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The k best passages, best first."""

    @property
    def fingerprint(self) -> str:
        """What the index was made with."""


class Outcome:
    """How a request ends; until something is told of it, its caller has left."""

    def __init__(self) -> None:
        self.status = LEFT

    def succeeded(self) -> None:
        """The caller has got what was asked for."""
        self.status = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """An assistant whose questions are admitted and counted."""

    assistant: Searching
    workers: Workers = field(default_factory=Workers)
    metrics: Metrics = field(default_factory=Metrics)
    searching: Semaphore = field(default_factory=lambda: Semaphore(THREADS))
    """Places for the page's questions whose passages are looked for."""
    answering: Semaphore = field(default_factory=lambda: Semaphore(ANSWERING))
    """Places for those that are answered; a question without one waits."""

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
        """The events of an answer for the page; raises Problem where too many are under way."""
        events = self.assistant.stream(
            question, filters, language, history=history, mode=mode, reader=reader
        )
        return _Admitted(self, events)

    @contextmanager
    def admitted(self, by: str, route: str) -> Iterator[Outcome]:
        """A place among the questions under way, as of a request; raises Problem for none."""
        with self.counted(by, route) as outcome, self.workers.admission():
            yield outcome

    @contextmanager
    def counted(self, by: str, route: str) -> Iterator[Outcome]:
        """Log and count what is done meanwhile as a request is."""
        started, outcome = perf_counter(), Outcome()
        try:
            yield outcome
        except Exception as error:
            outcome.status = problem_of(error).kind.status
            raise
        finally:
            seconds = perf_counter() - started
            logger.info("%s %s %s %.0f ms", by, route, outcome.status, 1000 * seconds)
            self.metrics.count_request(by, route, outcome.status, seconds)

    def answered(self, answer: Answer, outcome: Outcome) -> None:
        """Count an answer that was given."""
        self.metrics.count_answer(answer)
        outcome.succeeded()


class _Admitted:
    """The events of an answer, which takes its place when it begins and leaves it at its end."""

    def __init__(self, desk: Desk, events: Events) -> None:
        self._desk = desk
        self._events = events
        self._left = Left()

    def __iter__(self) -> Iterator[Event]:
        """The events; raises Problem where there is no place."""
        with self._desk.admitted(BY_PAGE, "/ask") as outcome:
            for event in self._in_turn():
                if isinstance(event, Done):
                    self._desk.answered(event.answer, outcome)
                yield event

    def close(self) -> None:
        """End the answer, from any thread."""
        self._left.set()
        self._events.close()

    def _in_turn(self) -> Iterator[Event]:
        events = iter(self._events)
        with self._place(self._desk.searching):
            found = next(events, None)
        if found is not None:
            yield found
            with self._place(self._desk.answering):
                yield from events

    @contextmanager
    def _place(self, places: Semaphore) -> Iterator[None]:
        """One of the places; whoever left waits for none, since no event comes any more."""
        while not (is_held := places.acquire(timeout=_PULSE_SECONDS)):
            if self._left.is_set():
                break
        try:
            yield
        finally:
            if is_held:
                places.release()
