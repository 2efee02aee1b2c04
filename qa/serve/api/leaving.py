"""What is to end once its caller has gone away, or has got all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, Request

from qa.answers.stopping import Stoppable
from qa.model import Event
from qa.serve.api.service import Service, Serving

T = TypeVar("T")

LEFT = 499
"""The status of a response that nobody waits for, as nginx logs it."""
PING = ": ping\n\n"
PING_SECONDS = 15.0


async def _leaving(service: Serving) -> AsyncIterator[AsyncExitStack]:
    """What is to be done once the response was sent, or nobody waits for it any more."""
    async with AsyncExitStack() as stack:
        # Here and not in the route: a stream that has begun cannot be refused with a status.
        stack.enter_context(service.workers.admission())
        yield stack


Leaving = Annotated[AsyncExitStack, Depends(_leaving)]


async def until_left(
    service: Service,
    request: Request,
    events: Stoppable[Event],
    work: Callable[[Iterable[Event]], T],
) -> T:
    """Work on an answer's events in a thread; they end at once when the caller goes away."""
    watching = asyncio.create_task(_stop_when_left(service, request, events))
    try:
        return await service.workers.finish(events, work)
    finally:
        watching.cancel()


async def _stop_when_left(service: Service, request: Request, events: Stoppable[Event]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    await service.workers.close(events)


@asynccontextmanager
async def kept_alive(
    lines: AsyncIterator[str],
) -> AsyncIterator[AsyncIterator[str]]:
    """The lines as they come, with a comment where none has come for a while."""
    sender, receiver = anyio.create_memory_object_stream[str](1)

    async def produce() -> None:
        async with sender:
            async for line in lines:
                await sender.send(line)

    async def passed_on() -> AsyncIterator[str]:
        while True:
            line = PING
            try:
                with anyio.move_on_after(PING_SECONDS):
                    line = await receiver.receive()
            except anyio.EndOfStream:
                return
            yield line

    async with anyio.create_task_group() as group, receiver:
        group.start_soon(produce)
        yield passed_on()
        group.cancel_scope.cancel()
