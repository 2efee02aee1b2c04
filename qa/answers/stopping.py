"""A reader's stop: any thread may make it while another one waits for the next event."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextvars import ContextVar
from threading import Event, Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class Stopped(BaseException):
    """Ends a step that nobody waits for; no handler of errors may take it for a failure."""


class Request(Protocol):
    """What a step may be waiting for."""

    def close(self) -> None:
        """Ends it, from any thread."""


class _Stop:
    """Whether a stop was made, and the requests that it ends."""

    def __init__(self) -> None:
        self._made = Event()
        self._lock = Lock()
        # Weak: a request that is given up must still be able to end itself.
        self._requests: WeakSet[Request] = WeakSet()

    @property
    def is_made(self) -> bool:
        return self._made.is_set()

    def make(self) -> None:
        with self._lock:
            self._made.set()
            requests = list(self._requests)
        for request in requests:
            request.close()

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.add(request)


_current: ContextVar[_Stop | None] = ContextVar("the stop of the step under way", default=None)


def ends_with_stop(request: Request) -> None:
    """Let a stop of the step under way end this request too; raises Stopped after one."""
    if stop := _current.get():
        stop.add(request)
        raise_if_stopped()


def raise_if_stopped() -> None:
    """Raise Stopped where a stop of the step under way was made."""
    if (stop := _current.get()) and stop.is_made:
        raise Stopped


class Stoppable(Iterator[T], Generic[T]):
    """A generator's steps, whose `close` also ends what a step in another thread waits for."""

    def __init__(self, steps: Generator[T]) -> None:
        self._steps = steps
        self._stop = _Stop()
        self._stepping = Lock()

    def __next__(self) -> T:
        """The next step; StopIteration at the end and after a stop."""
        with self._stepping:
            before = _current.set(self._stop)
            try:
                step = next(self._steps)
                raise_if_stopped()
            except Stopped:
                self._steps.close()
                raise StopIteration from None
            finally:
                _current.reset(before)
            return step

    def close(self) -> None:
        """Make the stop; a step under way elsewhere ends by itself, and the generator with it."""
        self._stop.make()
        if self._stepping.acquire(blocking=False):
            try:
                self._steps.close()
            finally:
                self._stepping.release()
