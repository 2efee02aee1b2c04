"""Every error of the interface as an RFC 9457 problem document, from one table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from qa import errors
from qa.errors import QAError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/v1/problems"
"""Where the table can be read; a problem's type is a row of it."""
_TOLD = 5
"""Wrong fields that `detail` names; `errors` has all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the error table."""

    name: str
    status: int
    title: str
    advice: str
    retry_after: int | None = None
    """Seconds."""

    @property
    def type(self) -> str:
        """The URI reference that names this kind of problem."""
        return f"{PAGE}#{self.name}"


INVALID = Kind(
    "invalid-request",
    422,
    "The request does not fit its description",
    "Mend what `errors` points at.",
)
MALFORMED = Kind(
    "malformed", 400, "The request cannot be read", "Send valid JSON, or a complete form."
)
UNUSABLE = Kind(
    "unusable", 422, "This cannot be asked or stored", "Read `detail`, mend the request."
)
NO_KEY = Kind(
    "no-key",
    401,
    "A valid API key is needed",
    "Send `Authorization: Bearer KEY`; `qa keys create` makes one.",
)
SCOPE = Kind(
    "missing-scope", 403, "The API key does not cover this", "Use a key with the scope named."
)
CROSS_SITE = Kind(
    "cross-site",
    403,
    "Other sites' pages may not ask here",
    "Call from a program, or from a page of this server.",
)
NOT_FOUND = Kind("not-found", 404, "There is no such thing", "Check the key, id or path.")
METHOD = Kind(
    "method-not-allowed", 405, "The path knows other methods", "See `Allow` and the OpenAPI."
)
CONFLICT = Kind(
    "conflict",
    409,
    "The same idempotency key is at work",
    "Wait, then send the request again.",
    retry_after=1,
)
CHANGED = Kind(
    "changed", 412, "The article is no longer that version", "Read it again, then decide."
)
TOO_LARGE = Kind("too-large", 413, "The request is too large", "Send less at a time.")
MEDIA = Kind(
    "unsupported-format",
    415,
    "This format cannot be read",
    "Send one of the formats that `detail` names, not compressed.",
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    "The idempotency key belongs to another request",
    "Use a new key for each request of its own.",
)
RATE = Kind(
    "rate-limited", 429, "Too many requests in a short time", "Wait as long as `Retry-After` says."
)
CROWDED = Kind(
    "too-busy",
    429,
    "Too many requests are under way",
    "Wait as long as `Retry-After` says.",
    retry_after=2,
)
INTERNAL = Kind("internal", 500, "Something went wrong here", "Tell the operator the request id.")
STORAGE = Kind(
    "storage", 500, "The data folder cannot be used", "Tell the operator: `detail` names the cause."
)
BUSY = Kind(
    "storage-busy",
    503,
    "The archive cannot be changed right now",
    "Do what `detail` names, or wait as long as `Retry-After` says.",
    retry_after=10,
)
NOT_READY = Kind(
    "not-ready",
    503,
    "The index cannot answer right now",
    "Tell the operator: `detail` names the command that mends it.",
    retry_after=60,
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            MALFORMED,
            NO_KEY,
            SCOPE,
            CROSS_SITE,
            NOT_FOUND,
            METHOD,
            CONFLICT,
            CHANGED,
            TOO_LARGE,
            MEDIA,
            INVALID,
            UNUSABLE,
            KEY_REUSED,
            RATE,
            CROWDED,
            INTERNAL,
            STORAGE,
            BUSY,
            NOT_READY,
        )
    }
)

_OF_ERROR: Mapping[type[QAError], Kind] = MappingProxyType(
    {
        errors.UsageError: UNUSABLE,
        errors.ArticleError: UNUSABLE,
        errors.NotFoundError: NOT_FOUND,
        errors.StorageBusyError: BUSY,
        errors.StorageError: STORAGE,
        errors.IndexStateError: NOT_READY,
        errors.EmbedderError: NOT_READY,
        QAError: INTERNAL,
    }
)
"""The nearest class counts, so that new errors of the tree are some kind of problem at least."""

_OF_STATUS: Mapping[int, Kind] = MappingProxyType(
    {400: MALFORMED, 404: NOT_FOUND, 405: METHOD, 413: TOO_LARGE, 415: MEDIA}
)


class Problem(Exception):
    """A request that the interface itself refuses."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = tuple(errors)
        super().__init__(detail)


Respond: TypeAlias = Callable[[Problem, Request], JSONResponse]
"""Makes a problem the response to a request."""


class FieldProblem(BaseModel):
    """One field that does not fit."""

    pointer: str = Field(description="Where it is: body/question, query/limit.")
    detail: str


class ProblemDocument(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="Which row of the error table this is.")
    title: str
    status: int
    detail: str = Field(description="What is wrong this time, and what to do.")
    request_id: str = Field(description="To be told to the operator; also in the server's log.")
    errors: list[FieldProblem] = Field(default=[], description="The fields, where it is fields.")


def problem_of(error: Exception) -> Problem:
    """Any error as a problem; one that nobody foresaw tells the caller nothing of itself."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _validation_problem(error)
    if isinstance(error, HTTPException):
        kind = _OF_STATUS.get(error.status_code, INVALID if error.status_code < 500 else INTERNAL)
        return Problem(kind, _http_detail(error), headers=error.headers)
    if isinstance(error, QAError):
        kind = next(_OF_ERROR[one] for one in type(error).__mro__ if one in _OF_ERROR)
        return Problem(kind, str(error))
    return Problem(INTERNAL, "the server's log has the cause under this request id")


def _validation_problem(error: RequestValidationError) -> Problem:
    found = [
        FieldProblem(pointer="/".join(map(str, one["loc"])), detail=one["msg"])
        for one in error.errors()
    ]
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        why = f"{first['ctx']['error']}, at character {first['loc'][-1]}"
        return Problem(MALFORMED, f"the body is no JSON: {why}", errors=found)
    if isinstance(error.body, bytes) and found[0].pointer == "body":
        detail = "the body was not sent as JSON: send `Content-Type: application/json` with it"
        return Problem(INVALID, detail, errors=[FieldProblem(pointer="body", detail=detail)])
    told = [f"{one.pointer}: {one.detail}" for one in found[:_TOLD]]
    more = [f"and {len(found) - _TOLD} more"] if len(found) > _TOLD else []
    return Problem(INVALID, "; ".join(told + more), errors=found)


def _http_detail(error: HTTPException) -> str:
    """What is wrong; of a method that is not known, those that are."""
    allowed = (error.headers or {}).get("Allow")
    return f"this path knows {allowed}" if allowed else str(error.detail)


def document_of(problem: Problem, request_id: str) -> ProblemDocument:
    """The problem as the caller reads it."""
    return ProblemDocument(
        type=problem.kind.type,
        title=problem.kind.title,
        status=problem.kind.status,
        detail=problem.detail,
        request_id=request_id,
        errors=list(problem.errors),
    )


def headers_of(problem: Problem) -> dict[str, str]:
    """The headers of its response, with the time to wait where waiting helps."""
    wait = problem.kind.retry_after
    return ({} if wait is None else {"Retry-After": str(wait)}) | problem.headers


def problem_response(problem: Problem, request: Request) -> JSONResponse:
    """The problem as a response."""
    content = document_of(problem, request.state.request_id).model_dump(mode="json")
    return JSONResponse(content, problem.kind.status, headers_of(problem), MEDIA_TYPE)


def answer_with_problems(app: FastAPI, respond: Respond) -> None:
    """Give an application the one way of telling errors."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        return respond(told(error), request)

    for kind in (Problem, QAError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handle)


def told(error: Exception) -> Problem:
    """The error as a problem; the log has those that are ours to mend, with their cause."""
    problem = problem_of(error)
    if problem.kind.status >= 500:
        unforeseen = error if problem.kind is INTERNAL else None
        logger.error("%s: %s", problem.kind.name, error, exc_info=unforeseen)
    return problem
