"""Problems in the OpenAPI description: which a route may answer with, each with an example."""

from __future__ import annotations

from typing import Any

from qa.serve.api.problems import (
    INTERNAL,
    INVALID,
    MEDIA_TYPE,
    NO_KEY,
    RATE,
    SCOPE,
    Kind,
    Problem,
    document_of,
)


def responses(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The problems of a route for its OpenAPI description, beside those that any route has."""
    table: dict[int | str, dict[str, Any]] = {}
    for kind in (*kinds, INVALID, NO_KEY, SCOPE, RATE, INTERNAL):
        example = document_of(Problem(kind, kind.advice), "3f1c9a7e5b2d4c60")
        described = table.setdefault(kind.status, {"description": "", "content": {MEDIA_TYPE: {}}})
        described["description"] = " · ".join(filter(None, [described["description"], kind.title]))
        described["content"][MEDIA_TYPE] = {
            "schema": {"$ref": "#/components/schemas/ProblemDocument"},
            "examples": described["content"][MEDIA_TYPE].get("examples", {})
            | {kind.name: {"value": example.model_dump(mode="json")}},
        }
        if kind.status in (429, 503):
            described["headers"] = {
                "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            }
    return table
