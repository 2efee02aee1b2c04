"""An assistant whose answers under way can be ended at once: an evaluation need not wait for them.

A chat model may take minutes for one answer, and whoever stops an evaluation wants none of it.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from types import FrameType
from typing import Protocol

from qa.answers.stopping import Stoppable
from qa.evaluation.answer_run import AssistantLike
from qa.model import Article, Event


class Answering(AssistantLike, Protocol):
    """What an evaluation needs of an assistant, with answers that can be ended."""

    def stream(self, question: str) -> Stoppable[Event]:
        """The events of one answer: Retrieved, Token…, Done."""


class Ended(Exception):
    """Takes the place of an answer that was ended; nobody waits for it."""


class Interruptible:
    """The assistant as an evaluation asks it; safe for threads."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self._under_way: set[Stoppable[Event]] = set()
        self._is_ended = False
        self._lock = Lock()

    def end(self) -> None:
        """End all answers under way, from any thread, and every later one as it begins."""
        with self._lock:
            self._is_ended = True
            under_way = [*self._under_way]
        for events in under_way:
            events.close()

    def stream(self, question: str) -> Iterator[Event]:
        """The events of one answer; raises Ended once they were ended."""
        events = self._assistant.stream(question)
        with self._lock:
            self._under_way.add(events)
            if self._is_ended:
                events.close()
        try:
            yield from events
        finally:
            with self._lock:
                self._under_way.discard(events)
        if self._is_ended:
            raise Ended

    @property
    def fingerprint(self) -> str:
        """Of the index."""
        return self._assistant.fingerprint

    @property
    def revision(self) -> int:
        """Grows with every change of the archive."""
        return self._assistant.revision

    @property
    def answer_settings(self) -> Mapping[str, str | None]:
        """The settings that answers depend on."""
        return self._assistant.answer_settings

    def article(self, key: str) -> Article:
        """One stored article; raises NotFoundError."""
        return self._assistant.article(key)

    def keys(self) -> list[str]:
        """Of every article that readers see."""
        return self._assistant.keys()


@contextmanager
def ended_by_interruption(assistant: Interruptible) -> Iterator[None]:
    """Let Ctrl-C end the answers under way too; for the main thread.

    Before the interruption is raised: as it passes, those who ask are waited for.
    """

    def end(number: int, frame: FrameType | None) -> None:
        assistant.end()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
