"""An answer's events, read in a thread of their own: no wait keeps a reader from stopping."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol, TypeAlias

from qa.model import Event


class Events(Protocol):
    """The events of an answer."""

    def __iter__(self) -> Iterator[Event]:
        """Itself."""

    def close(self) -> None:
        """Ends the answer, from any thread, also while the next event is awaited."""


class _End:
    """Comes after the last event."""


_Queue: TypeAlias = SimpleQueue[Event | Exception | _End]


def read_apart(events: Events, pulse: float) -> Generator[Event | Exception | None]:
    """The events, or the error that ends them; None after each `pulse` seconds without one.

    Closing the generator closes the events.
    """
    queue: _Queue = SimpleQueue()
    Thread(target=_read, args=(events, queue), name="answer", daemon=True).start()
    try:
        while not isinstance(came := _next(queue, pulse), _End):
            yield came
    finally:
        events.close()


def _next(queue: _Queue, pulse: float) -> Event | Exception | _End | None:
    try:
        return queue.get(timeout=pulse)
    except Empty:
        return None


def _read(events: Events, queue: _Queue) -> None:
    try:
        for event in events:
            queue.put(event)
    except Exception as error:  # whoever waits for the queue must hear of it
        queue.put(error)
    queue.put(_End())
