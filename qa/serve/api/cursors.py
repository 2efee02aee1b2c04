"""Cursors of pages of articles: the key of the last one, which only we can read."""

from __future__ import annotations

import base64
import binascii


def cursor_of(key: str) -> str:
    """The cursor of the page after an article."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str | None) -> str:
    """The article that a page begins after, empty for the first; raises ValueError."""
    if not cursor:
        return ""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ValueError("no cursor of this server: take the one of the page before") from None
