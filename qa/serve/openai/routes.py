"""Routes of OpenAI's chat protocol, so that its clients can use the archive as a model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from qa.model import Answer, Event
from qa.serve.api.leaving import LEFT, Leaving, kept_alive, until_left
from qa.serve.api.problems import told
from qa.serve.api.service import DESCRIBED, Reader, Service, Serving, finished
from qa.serve.openai.documents import ChatOut, ModelOut, ModelsOut
from qa.serve.openai.errors import described, error_of
from qa.serve.openai.replies import Reply, line
from qa.serve.openai.requests import MODELS, ChatIn, check_model

MOST_BYTES = 1024 * 1024
"""Of a conversation."""
_BORN = 1442361600
"""When the models came to be, as clients want to know: the day of the first seed article."""
_UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_STREAM_EXAMPLE = """data: {"id": "chatcmpl-…", "object": "chat.completion.chunk", …, "choices": \
[{"index": 0, "delta": {"content": "According "}, "logprobs": null, "finish_reason": null}]}

data: [DONE]
"""

router = APIRouter(
    tags=["openai"], dependencies=DESCRIBED, max_body_size=MOST_BYTES, responses=described()
)


@router.get("/models", summary="The models there are")
def list_models(_: Reader) -> ModelsOut:
    """The archive as models: `news-qa`, and `news-qa-quotes`, which never asks a chat model."""
    return ModelsOut(object="list", data=[*map(_model, MODELS)])


@router.get("/models/{model}", responses=described(404), summary="One model")
def get_model(_: Reader, model: str) -> ModelOut:
    """A model there is."""
    check_model(model)
    return _model(model)


def _model(name: str) -> ModelOut:
    return ModelOut(id=name, object="model", created=_BORN, owned_by="news-qa")


@router.post(
    "/chat/completions",
    response_model=ChatOut,
    responses=described(404, 413, 503)
    | {200: {"content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}}},
    summary="An answer as a chat completion",
)
async def complete_chat(
    asked: ChatIn, request: Request, service: Serving, account: Reader, leaving: Leaving
) -> dict[str, Any] | Response:
    """Answer the last message, at once or as a stream, with citations and their footnotes."""
    events = service.stream(asked.as_wanted())
    reply = _reply(asked, request)

    def document(answer: Answer) -> dict[str, Any]:
        return service.remember(answer, account, store=bool(asked.store))

    if asked.stream:
        leaving.push_async_callback(service.workers.close, events)
        chunks = reply.chunks(events, document, wants_usage=asked.wants_usage)
        lines = await leaving.enter_async_context(kept_alive(_told(service, request, chunks)))
        return StreamingResponse(lines, headers=_UNBUFFERED, media_type="text/event-stream")

    def work(events: Iterable[Event]) -> dict[str, Any] | None:
        answer = finished(events)
        return None if answer is None else reply.whole(answer, document(answer))

    return await until_left(service, request, events, work) or Response(status_code=LEFT)


def _reply(asked: ChatIn, request: Request) -> Reply:
    articles = f"{request.base_url}api/v1/articles/"
    return Reply(asked.model, articles)


async def _told(service: Service, request: Request, chunks: Iterator[str]) -> AsyncIterator[str]:
    """The chunks, and an error as the last of them, for the response has begun."""
    try:
        async for chunk in service.workers.iterate(chunks):
            yield chunk
    except Exception as error:
        yield line(error_of(told(error), request.state.request_id).model_dump(mode="json"))
