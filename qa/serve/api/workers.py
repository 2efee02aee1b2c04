"""Threads that do the blocking work of requests, so that the event loop only waits."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import chain
from threading import Lock
from typing import ParamSpec, Protocol, TypeVar

import anyio
from anyio import CapacityLimiter, Semaphore, fail_after, to_thread

from qa.answers.stopping import Stoppable
from qa.errors import StorageBusyError
from qa.model import Event
from qa.serve.api.problems import CROWDED, Problem

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 2 * (os.cpu_count() or 1)
"""Questions whose passages are looked for at one moment."""
ANSWERING = 64
"""Questions that are answered at one moment: most of the time a chat model is waited for."""
ADMITTED = 256
"""Questions that are asked at one time; most of them wait, for a thread or for their reader."""
CHANGING = 2
"""Changes of articles in threads at one moment: one is made, the next gets ready."""
CHANGE_WAIT = 30.0
"""Seconds that a change waits for those before it to get a thread."""


class Closeable(Protocol):
    """What ends once nobody wants it."""

    def close(self) -> None:
        """Ends it, from any thread."""


class Workers:
    """A limited number of threads, and of requests that wait for them."""

    def __init__(
        self, threads: int = THREADS, admitted: int = ADMITTED, change_wait: float = CHANGE_WAIT
    ) -> None:
        self._limiter = CapacityLimiter(threads)
        self._answering = CapacityLimiter(ANSWERING)
        self._changes = Semaphore(CHANGING)
        self._changing = CapacityLimiter(CHANGING)
        self._change_wait = change_wait
        self._admitted = admitted
        self._inside = 0
        # The page asks from threads of its own.
        self._counting = Lock()

    @property
    def inside(self) -> int:
        """Requests admitted and not done."""
        return self._inside

    @contextmanager
    def admission(self) -> Iterator[None]:
        """A place among the requests under way; raises Problem where there is none."""
        with self._counting:
            inside = self._inside
            if inside >= self._admitted:
                raise Problem(CROWDED, f"{inside} questions are under way: ask again in a moment")
            self._inside += 1
        try:
            yield
        finally:
            with self._counting:
                self._inside -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do the work in one of the threads."""
        return await to_thread.run_sync(lambda: work(*args, **named), limiter=self._limiter)

    async def change(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Change articles in a thread, in which to wait for other changes holds up nobody else.

        Raises StorageBusyError where those before it take too long.
        """
        async with self._place():
            return await to_thread.run_sync(lambda: work(*args, **named), limiter=self._changing)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            with fail_after(self._change_wait):
                await self._changes.acquire()
        except TimeoutError:
            raise StorageBusyError(
                f"other changes have been under way for more than {self._change_wait:g} s: "
                "try again when they are done"
            ) from None
        try:
            yield
        finally:
            self._changes.release()

    async def finish(self, events: Stoppable[Event], work: Callable[[Iterable[Event]], T]) -> T:
        """Work on an answer's events in the threads; cancelled, they end at once."""
        try:
            first = await self._abandonable(self._limiter, _step, events)
            return await self._abandonable(self._answering, work, chain(first or (), events))
        except anyio.get_cancelled_exc_class():
            await self.close(events)
            raise

    async def iterate(self, items: Iterator[T]) -> AsyncIterator[T]:
        """The items as a thread finds them: between two of them no thread is held.

        Cancelled, it waits for no item under way: whoever cancels it closes their source.
        """
        limiter = self._limiter
        while step := await self._abandonable(limiter, _step, items):
            # What has begun goes on at once; only to begin means to wait for all before it.
            limiter = self._answering
            yield step[0]

    async def _abandonable(
        self, limiter: CapacityLimiter, work: Callable[P, T], *args: P.args, **named: P.kwargs
    ) -> T:
        return await to_thread.run_sync(
            lambda: work(*args, **named), limiter=limiter, abandon_on_cancel=True
        )

    async def close(self, items: Closeable) -> None:
        """End an answer that was left early, in a thread: its `finally` may take a while.

        In none of ours, which may all be waiting for what this ends.
        """
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(items.close)


def _step(items: Iterator[T]) -> tuple[T] | None:
    """The next item, wrapped: StopIteration cannot cross from a thread to a coroutine."""
    for item in items:
        return (item,)
    return None
