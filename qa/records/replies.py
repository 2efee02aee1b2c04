"""Replies to writes by their idempotency key: a repeated request is answered, not done again."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from qa.articles.database import Database
from qa.records.schema import replies

KEPT_SECONDS = 24 * 3600
ABANDONED_SECONDS = 15 * 60
"""After which work that never ended, because the server died, may be done anew."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an earlier request of the same idempotency key was, and what it was answered."""

    request: str
    """Hash of the request."""
    status: int | None
    """None while it is still under way."""
    body: str


class Replies:
    """Remembered replies by account and idempotency key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, account: str, key: str, request: str) -> Reply | None:
        """Takes the key for a new request, or returns the earlier one's reply."""
        with self._database.writing() as connection:
            connection.execute(delete(replies).where(_expired(time.time())))
            chosen = (replies.c.account == account) & (replies.c.key == key)
            row = connection.execute(select(replies).where(chosen)).first()
            if row is not None:
                return Reply(row.request, row.status, row.body or "")
            new = {"account": account, "key": key, "request": request, "created": time.time()}
            connection.execute(insert(replies).values(new))
        return None

    def finish(self, account: str, key: str, status: int, body: str) -> None:
        """Remembers what the request was answered."""
        chosen = (replies.c.account == account) & (replies.c.key == key)
        with self._database.writing() as connection:
            connection.execute(update(replies).where(chosen).values(status=status, body=body))

    def abandon(self, account: str, key: str) -> None:
        """Frees the key of a request that failed: it may be sent again."""
        chosen = (replies.c.account == account) & (replies.c.key == key)
        with self._database.writing() as connection:
            connection.execute(delete(replies).where(chosen))


def _expired(now: float) -> ColumnElement[bool]:
    unfinished = replies.c.status.is_(None) & (replies.c.created < now - ABANDONED_SECONDS)
    return or_(replies.c.created < now - KEPT_SECONDS, unfinished)
