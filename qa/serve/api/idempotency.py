"""Writes that may be repeated: with an idempotency key the first one's reply is given again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from qa.records.replies import Replies, Reply
from qa.serve.api.access import Account
from qa.serve.api.problems import CONFLICT, KEY_REUSED, Problem
from qa.serve.api.service import Serving

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Of the caller's choice; the same key gives the same reply for 24 hours.",
    ),
]


@dataclass(frozen=True, slots=True)
class Made:
    """What a write came to."""

    content: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Once:
    """One write, done once however often it is sent."""

    replies: Replies
    account: str
    key: str | None
    place: str
    """Method and path."""

    async def do(self, body: bytes, work: Callable[[], Awaitable[Made]]) -> Response:
        """The reply to a write of that body; raises Problem where its key is taken."""
        if self.key is None:
            return _response(_remembered(await work()))
        digest = hashlib.sha256(f"{self.place}\n".encode() + body).hexdigest()
        earlier = await run_in_threadpool(self.replies.begin, self.account, self.key, digest)
        if earlier is not None:
            return _replayed(earlier, digest)
        try:
            made = await work()
        except BaseException:
            await run_in_threadpool(self.replies.abandon, self.account, self.key)
            raise
        reply = _remembered(made)
        finish = (self.account, self.key, made.status, reply)
        await run_in_threadpool(self.replies.finish, *finish)
        return _response(reply)


def _replayed(earlier: Reply, digest: str) -> Response:
    if earlier.request != digest:
        raise Problem(KEY_REUSED, "the Idempotency-Key was sent before with another request")
    if earlier.status is None:
        raise Problem(CONFLICT, "the request with this Idempotency-Key is still at work")
    response = _response(earlier.body)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _remembered(made: Made) -> str:
    content = made.content.model_dump(mode="json")
    reply = {"status": made.status, "headers": dict(made.headers), "content": content}
    return json.dumps(reply, ensure_ascii=False)


def _response(remembered: str) -> Response:
    reply = json.loads(remembered)
    # As compact as FastAPI writes the other responses.
    content = json.dumps(reply["content"], ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, reply["status"], reply["headers"], "application/json")


async def _once(request: Request, service: Serving, idempotency_key: IdempotencyKey = None) -> Once:
    place = f"{request.method} {request.url.path}?{request.url.query}"
    account: Account = request.state.account
    return Once(service.records.replies, account.id, idempotency_key, place)


OnlyOnce = Annotated[Once, Depends(_once)]
