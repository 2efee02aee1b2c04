"""Errors in the protocol's own shape, from the same table of problems as everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from qa.serve.api.problems import (
    CROSS_SITE,
    CROWDED,
    INVALID,
    KINDS,
    MALFORMED,
    NO_KEY,
    NOT_FOUND,
    RATE,
    SCOPE,
    TOO_LARGE,
    UNUSABLE,
    Kind,
    Problem,
    headers_of,
)

PATHS = "/v1/"
"""Where errors have this shape."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What clients of the protocol tell errors apart by."""

    status: int
    type: str
    code: str


_REQUEST = "invalid_request_error"
_ROWS: Mapping[str, _Row] = MappingProxyType(
    {
        MALFORMED.name: _Row(400, _REQUEST, "malformed"),
        INVALID.name: _Row(400, _REQUEST, "invalid_value"),
        UNUSABLE.name: _Row(400, _REQUEST, "unusable"),
        NO_KEY.name: _Row(401, _REQUEST, "invalid_api_key"),
        SCOPE.name: _Row(403, _REQUEST, "missing_scope"),
        CROSS_SITE.name: _Row(403, _REQUEST, "cross_site"),
        NOT_FOUND.name: _Row(404, _REQUEST, "not_found"),
        TOO_LARGE.name: _Row(413, _REQUEST, "request_too_large"),
        RATE.name: _Row(429, "rate_limit_error", "rate_limit_exceeded"),
        CROWDED.name: _Row(429, "rate_limit_error", "too_busy"),
    }
)


class Refused(Problem):
    """A request that the protocol's servers refuse, with the code they have for it."""

    def __init__(self, code: str, detail: str, param: str, kind: Kind = INVALID) -> None:
        self.code = code
        self.param = param
        super().__init__(kind, detail)


class ErrorIn(BaseModel):
    """What went wrong."""

    message: str = Field(description="What is wrong, and what to do.")
    type: str
    param: str | None = Field(description="The parameter that is wrong, if one is.")
    code: str | None
    request_id: str = Field(description="Also in the server's log.")


class ErrorOut(BaseModel):
    """An error as the protocol has it."""

    error: ErrorIn


def error_of(problem: Problem, request_id: str) -> ErrorOut:
    """The problem as clients of the protocol read it."""
    row = _row(problem.kind)
    code, param = row.code, _param(problem)
    if isinstance(problem, Refused):
        code, param = problem.code, problem.param
    error = ErrorIn(
        message=problem.detail, type=row.type, param=param, code=code, request_id=request_id
    )
    return ErrorOut(error=error)


def error_response(problem: Problem, request: Request) -> JSONResponse:
    """The same as a response, with the time to wait where waiting helps."""
    content = error_of(problem, request.state.request_id).model_dump(mode="json")
    return JSONResponse(content, _row(problem.kind).status, headers_of(problem))


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for its OpenAPI description, beside those that any route has."""
    table: dict[int | str, dict[str, Any]] = {}
    for kind in KINDS.values():
        row = _row(kind)
        if row.status in {*statuses, 400, 401, 403, 429, 500}:
            example = error_of(Problem(kind, kind.advice), "3f1c9a7e5b2d4c60")
            entry = table.setdefault(row.status, _entry(kind))
            examples = entry["content"]["application/json"]["examples"]
            examples[row.code] = {"value": example.model_dump(mode="json")}
    return table


def _entry(kind: Kind) -> dict[str, Any]:
    content = {"application/json": {"examples": dict[str, Any]()}}
    return {"description": kind.title, "model": ErrorOut, "content": content}


def _row(kind: Kind) -> _Row:
    kept = kind.status if kind.status in (405, 415) else max(500, kind.status)
    return _ROWS.get(kind.name) or _Row(
        kept, "server_error" if kept >= 500 else _REQUEST, kind.name.replace("-", "_")
    )


def _param(problem: Problem) -> str | None:
    """`messages[0].content` of `body/messages/0/content`."""
    if not problem.errors:
        return None
    first, *rest = problem.errors[0].pointer.split("/")[1:] or [""]
    return (first + "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in rest)) or None
