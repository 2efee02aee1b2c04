"""Routes that ask: an answer at once, an answer as it grows, the passages alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from qa.model import Event
from qa.serve.api.described import responses
from qa.serve.api.leaving import LEFT, Leaving, until_left
from qa.serve.api.problems import (
    BUSY,
    CROWDED,
    MALFORMED,
    NOT_READY,
    TOO_LARGE,
    UNUSABLE,
    document_of,
    told,
)
from qa.serve.api.schemas import AnswerOut, AskIn, SearchIn, SearchOut
from qa.serve.api.service import DESCRIBED, Reader, Serving, finished
from qa.serve.api.sse import as_sent, error_event

router = APIRouter(tags=["asking"], dependencies=DESCRIBED)

_REFUSALS = responses(MALFORMED, TOO_LARGE, UNUSABLE, CROWDED, NOT_READY, BUSY)
_STREAM_EXAMPLE = """event: retrieved
data: {"hits": […], "milliseconds": 24.1}

event: token
data: {"text": "According to Medvedev: “"}

: ping

event: claim
data: {"text": "…", "support": "quoted", "reason": null, "citations": […]}

event: done
data: {"id": "ans_…", "answer": "According to Medvedev: “…” [1]", …}
"""


@router.post("/ask", response_model=AnswerOut, responses=_REFUSALS, summary="One answer")
async def ask(
    asked: AskIn, request: Request, service: Serving, account: Reader
) -> dict[str, Any] | Response:
    """Answer a question from the archive, with citations that are true to the character."""
    events = service.stream(asked.as_wanted())

    def work(events: Iterable[Event]) -> dict[str, Any] | None:
        answer = finished(events)
        if answer is None:
            return None
        return service.remember(answer, account, store=asked.store)

    with service.workers.admission():
        return await until_left(service, request, events, work) or Response(status_code=LEFT)


@router.post(
    "/ask/stream",
    response_class=EventSourceResponse,
    summary="One answer as it grows",
    responses=_REFUSALS | {200: {"content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}}},
)
async def ask_stream(
    asked: AskIn, request: Request, service: Serving, account: Reader, leaving: Leaving
) -> AsyncIterator[ServerSentEvent]:
    """Answer as server-sent events: `retrieved`, `token`…, `claim`…, then `done` or `error`.

    A comment is sent while nothing else is, so that no proxy ends the connection. Who goes away
    ends the work.
    """
    events = service.stream(asked.as_wanted())
    leaving.push_async_callback(service.workers.close, events)
    sent = as_sent(events, lambda a: service.remember(a, account, store=asked.store))
    try:
        async for event in service.workers.iterate(sent):
            yield event
    except Exception as error:
        # The response has begun: all that is left is to say so in the stream.
        document = document_of(told(error), request.state.request_id)
        yield error_event(document.model_dump(mode="json"))


@router.post("/search", responses=_REFUSALS, summary="Passages without an answer")
async def search(asked: SearchIn, service: Serving, _: Reader) -> SearchOut:
    """Rank the passages that fit a question in any language, the best first."""
    with service.workers.admission():
        hits = await service.workers.run(
            service.assistant.search, asked.question, asked.limit, asked.filters.as_filters()
        )
    return SearchOut.model_validate(
        {
            "question": asked.question,
            "hits": [hit.as_json() for hit in hits],
            "index": service.assistant.fingerprint,
        }
    )
