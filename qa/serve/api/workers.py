"""Threads that do the blocking work of requests, so that the event loop only waits."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from qa.answers.stopping import Stoppable
from qa.model import Event
from qa.serve.api.problems import CROWDED, Problem

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 2 * (os.cpu_count() or 1)
"""Questions that are worked on at one moment."""
ADMITTED = 256
"""Questions that are asked at one time; most of them wait, for a thread or for their reader."""


class Workers:
    """A limited number of threads, and of requests that wait for them."""

    def __init__(self, threads: int = THREADS, admitted: int = ADMITTED) -> None:
        self._limiter = CapacityLimiter(threads)
        self._admitted = admitted
        self._inside = 0

    @property
    def inside(self) -> int:
        """Requests admitted and not done."""
        return self._inside

    @contextmanager
    def admission(self) -> Iterator[None]:
        """A place among the requests under way; raises Problem where there is none."""
        if self._inside >= self._admitted:
            raise Problem(CROWDED, f"{self._inside} questions are under way: ask again in a moment")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do the work in one of the threads."""
        return await to_thread.run_sync(lambda: work(*args, **named), limiter=self._limiter)

    async def finish(self, events: Stoppable[Event], work: Callable[[], T]) -> T:
        """Work on an answer's events in one of the threads; cancelled, they end at once."""
        try:
            return await to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
        except anyio.get_cancelled_exc_class():
            await self.close(events)
            raise

    async def iterate(self, items: Iterator[T]) -> AsyncIterator[T]:
        """The items as a thread finds them: between two of them no thread is held.

        Cancelled, it waits for no item under way: whoever cancels it closes their source.
        """
        while True:
            step = await to_thread.run_sync(
                _step, items, limiter=self._limiter, abandon_on_cancel=True
            )
            if step is None:
                return
            yield step[0]

    async def close(self, items: Stoppable[Event]) -> None:
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
