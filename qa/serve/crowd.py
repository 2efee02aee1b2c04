"""Everybody who uses a server in the load bench: readers, slow readers, and one who writes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx

from qa.articles.drafts import Draft
from qa.model import Article
from qa.serve.api.sse import received

STREAMING = 4
"""One reader in so many watches the answer grow."""
WRITE_SECONDS = 0.25
"""Between two articles that come in."""
SLOW_BYTES = 16
"""That a slow reader takes at a time, once in SLOW_SECONDS."""
SLOW_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """Who asks, for how long, of how large an archive."""

    clients: int = 64
    seconds: float = 60.0
    passages: int = 10_000
    slow: int = 4
    """Readers that take their answers a few bytes at a time."""


@dataclass(slots=True)
class Tally:
    """What was seen, as it is counted."""

    milliseconds: list[float] = field(default_factory=list)
    """Of each answer, from the request to its last byte."""
    seconds: float = 0.0
    """From the beginning to the last answer, which came after the time was over."""
    errors: list[str] = field(default_factory=list)
    citations: int = 0
    wrong: int = 0
    """Citations whose quote is in no version of the article at their place."""
    stored: int = 0
    slowly_read: int = 0
    """Bytes that the slow readers took."""


class Crowd:
    """The users of one server, who know every version of every article."""

    def __init__(
        self, address: str, articles: Sequence[Article], questions: Sequence[str], plan: Plan
    ) -> None:
        self._address = address
        self._texts = {article.key: [article.text] for article in articles}
        self._questions = cycle(questions)
        self._plan = plan
        self._tally = Tally()
        self._started = 0.0

    async def run(self) -> Tally:
        """Readers, slow readers and a writer, until the time is over."""
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=f"{self._address}/api/v1", timeout=60, limits=limits
        ) as client:
            await self._answer(client, next(self._questions), watching=False)
            self._started = monotonic()
            async with asyncio.TaskGroup() as everybody:
                for number in range(self._plan.clients):
                    everybody.create_task(self._read(client, watching=number % STREAMING == 0))
                for _ in range(self._plan.slow):
                    everybody.create_task(self._read_slowly())
                everybody.create_task(self._write(client))
        return self._tally

    def _goes_on(self) -> bool:
        return monotonic() - self._started < self._plan.seconds

    async def _read(self, client: httpx.AsyncClient, *, watching: bool) -> None:
        while self._goes_on():
            started = monotonic()
            try:
                answer = await self._answer(client, next(self._questions), watching=watching)
                self._tally.citations += len(answer["citations"])
                self._tally.wrong += wrong_citations(answer["citations"], self._texts)
            except (httpx.HTTPError, KeyError, ValueError) as error:
                self._tally.errors.append(repr(error))
                continue
            self._tally.milliseconds.append(1000 * (monotonic() - started))
            self._tally.seconds = monotonic() - self._started

    async def _answer(
        self, client: httpx.AsyncClient, question: str, *, watching: bool
    ) -> dict[str, Any]:
        asked = {"question": question, "store": False}
        if not watching:
            response = await client.post("/ask", json=asked)
            document: dict[str, Any] = response.raise_for_status().json()
            return document
        async with client.stream("POST", "/ask/stream", json=asked) as response:
            lines = [line async for line in response.raise_for_status().aiter_lines()]
        *_, last = received(lines)
        if last.name != "done":
            raise ValueError(f"the stream ended with {last}")
        document = json.loads(last.data)
        return document

    async def _write(self, client: httpx.AsyncClient) -> None:
        """New versions of articles, one after the other, and new articles between them."""
        for number, known in enumerate(cycle([*self._texts])):
            if not self._goes_on():
                return
            text = f"{number}. {self._texts[known][0]}"
            key = f"new-{number}" if number % 2 else known
            # Known before it is sent: a reader may see it before the writer is told.
            stored = Draft(text=text).as_article(key).text
            self._texts.setdefault(key, []).append(stored)
            try:
                (await client.put(f"/articles/{key}", json={"text": text})).raise_for_status()
                self._tally.stored += 1
            except httpx.HTTPError as error:
                self._tally.errors.append(repr(error))
            await asyncio.sleep(WRITE_SECONDS)

    async def _read_slowly(self) -> None:
        """Watch an answer grow a few bytes at a time, over a connection that buffers little."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        server = urlsplit(self._address)
        body = json.dumps({"question": next(self._questions), "store": False}).encode()
        with connection:
            await loop.sock_connect(connection, (server.hostname, server.port))
            head = f"POST /api/v1/ask/stream HTTP/1.1\r\nHost: {server.netloc}\r\n"
            kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            await loop.sock_sendall(connection, f"{head}{kind}".encode() + body)
            while self._goes_on():
                self._tally.slowly_read += len(await loop.sock_recv(connection, SLOW_BYTES))
                await asyncio.sleep(SLOW_SECONDS)


def wrong_citations(
    citations: Sequence[Mapping[str, Any]], texts: Mapping[str, Sequence[str]]
) -> int:
    """How many quote what no version of their article says at their place."""
    return sum(
        all(
            text[cited["start"] : cited["end"]] != cited["quote"]
            for text in texts[cited["article"]]
        )
        for cited in citations
    )
