"""Cursors of pages: what the page before ended with, which only we can read."""

from __future__ import annotations

import base64
import binascii

from fastapi.exceptions import RequestValidationError


def cursor_of(key: str) -> str:
    """The cursor of the page after an article, or whatever else has a key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str | None) -> str:
    """The key that a page begins after, empty for the first; raises ValueError."""
    if not cursor:
        return ""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ValueError("no cursor of this server: take the one of the page before") from None


def wrong_query(field: str, reason: str) -> RequestValidationError:
    """What is raised for a parameter of the query that only its route can tell to be wrong."""
    return RequestValidationError([{"type": "value_error", "loc": ("query", field), "msg": reason}])
