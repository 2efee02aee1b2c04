"""Routes of what answers are worth to their readers: say it, and read what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from qa.errors import NotFoundError
from qa.records.answers import Feedback, Place, Thumb
from qa.serve.api.access import Account
from qa.serve.api.cursors import cursor_of, key_of, wrong_query
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
from qa.serve.api.schemas import ANSWER, with_example
from qa.serve.api.service import DESCRIBED, Admin, Reader, Service, Serving

router = APIRouter(prefix="/feedback", tags=["answers"], dependencies=DESCRIBED)

_FEEDBACK: dict[str, Any] = {"answer": ANSWER["id"], "thumb": "up", "comment": "Just that."}
_STORED = _FEEDBACK | {"id": "fb_0cZr8PqK2mV0sN4xTdLw3g", "created": "2024-05-01T09:31:00Z"}


class FeedbackIn(BaseModel):
    """What a reader thinks of an answer."""

    model_config = with_example(_FEEDBACK)

    answer: str = Field(max_length=40, description="The answer's id.")
    thumb: Thumb
    comment: str = Field(default="", max_length=2_000)


class FeedbackOut(BaseModel):
    """Feedback as it was stored."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STORED]})

    id: str
    answer: str
    thumb: Thumb
    comment: str
    created: datetime


class FeedbackQuery(BaseModel):
    """Which feedback is wanted."""

    model_config = ConfigDict(extra="forbid")

    thumb: Thumb | None = None
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(
        default=None, max_length=200, description="`next` of the page before."
    )


class FeedbacksOut(BaseModel):
    """A page of feedback, the latest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"feedback": [_STORED], "next": None}]}
    )

    feedback: list[FeedbackOut]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


@router.post(
    "",
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


@router.get("", responses=responses(), summary="What answers were worth")
async def list_feedback(
    service: Serving,
    _: Admin,
    wanted: Annotated[FeedbackQuery, Query()],
) -> FeedbacksOut:
    """All readers' feedback, the latest first, a page at a time; needs the scope admin."""
    before, limit = _before(wanted.cursor), wanted.limit
    found = await run_in_threadpool(
        service.records.answers.feedback, wanted.thumb, before, limit + 1
    )
    following = _cursor(found[limit - 1]) if len(found) > limit else None
    page = [FeedbackOut.model_validate(one, from_attributes=True) for one in found[:limit]]
    return FeedbacksOut(feedback=page, next=following)


def _cursor(last: Feedback) -> str:
    return cursor_of(f"{last.created.isoformat()} {last.id}")


def _before(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    try:
        created, _, id_ = key_of(cursor).partition(" ")
        return datetime.fromisoformat(created), id_
    except ValueError as error:
        raise wrong_query("cursor", str(error)) from None
