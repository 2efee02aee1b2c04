"""Routes of answers that were given: read them again, say what they are worth."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import NotFoundError
from qa.serve.api.access import Account
from qa.serve.api.described import responses
from qa.serve.api.idempotency import Made, OnlyOnce
from qa.serve.api.problems import (
    BUSY,
    CONFLICT,
    KEY_REUSED,
    MALFORMED,
    NOT_FOUND,
    TOO_LARGE,
)
from qa.serve.api.schemas import FeedbackIn, FeedbackOut, StoredAnswerOut
from qa.serve.api.service import DESCRIBED, Reader, Service, Serving

router = APIRouter(tags=["answers"], dependencies=DESCRIBED)


@router.get(
    "/answers/{id}",
    response_model=StoredAnswerOut,
    responses=responses(NOT_FOUND),
    summary="An answer that was given",
)
async def get_answer(
    service: Serving, account: Reader, id: Annotated[str, Path(max_length=40)]
) -> dict[str, Any]:
    """An answer as it was given, marked stale where a cited article has changed since."""
    return await run_in_threadpool(_stored, service, account, id)


def _stored(service: Service, account: Account, id_: str) -> dict[str, Any]:
    answer = service.records.answers.find(id_)
    if not account.owns(answer.account):
        raise NotFoundError(f"no answer {id_!r} of this key")
    cited = {c["article"]: c["version"] for c in answer.document["citations"]}
    now = service.assistant.articles_by_key([*cited])
    changed = [k for k, version in cited.items() if k not in now or now[k].version != version]
    own = {"id": id_, "created": answer.created, "stale": bool(changed), "changed": changed}
    return dict(answer.document) | own


@router.post(
    "/feedback",
    status_code=201,
    response_model=FeedbackOut,
    responses=responses(NOT_FOUND, MALFORMED, TOO_LARGE, CONFLICT, KEY_REUSED, BUSY),
    summary="What an answer is worth",
)
async def post_feedback(
    sent: FeedbackIn, service: Serving, account: Reader, once: OnlyOnce
) -> Response:
    """Store a thumb and a comment on an answer."""

    async def work() -> Made:
        given = await run_in_threadpool(_judge, service, account, sent)
        return Made(FeedbackOut.model_validate(given, from_attributes=True), 201)

    return await once.do(sent.model_dump_json().encode(), work)


def _judge(service: Service, account: Account, sent: FeedbackIn) -> object:
    answers = service.records.answers
    if not account.owns(answers.find(sent.answer).account):
        raise NotFoundError(f"no answer {sent.answer!r} of this key")
    return answers.judge(sent.answer, account.id, sent.thumb, sent.comment)
