"""Answers that were given, to be opened again, and what readers thought of them."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, delete, insert, select, tuple_

from qa.articles.database import Database
from qa.errors import NotFoundError
from qa.records.schema import answers, feedback

KEPT = timedelta(days=90)
"""After which answers go, with their feedback."""

Thumb: TypeAlias = Literal["up", "down"]
Place: TypeAlias = tuple[datetime, str]
"""Of feedback among all of it: when it was given, and its id."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given."""

    id: str
    account: str
    """Who asked."""
    created: datetime
    document: Mapping[str, Any]
    """What `Answer.as_json` said."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer."""

    id: str
    answer: str
    created: datetime
    thumb: Thumb
    comment: str


class Answers:
    """Stored answers with their feedback; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, document: Mapping[str, Any], account: str) -> str:
        """Stores an answer; returns the id to ask for it by, which nobody can guess."""
        id_ = f"ans_{secrets.token_urlsafe(16)}"
        row = {
            "id": id_,
            "account": account,
            "created": time.time(),
            "document": json.dumps(document, ensure_ascii=False),
        }
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(_expired()))
            connection.execute(insert(answers).values(row))
        return id_

    def find(self, id_: str) -> StoredAnswer:
        """One stored answer; raises NotFoundError."""
        with self._database.reading() as connection:
            one = select(answers).where(answers.c.id == id_, ~_expired())
            row = connection.execute(one).first()
        if row is None:
            raise NotFoundError(f"no answer {id_!r}: it was not stored, or has been too long ago")
        created = datetime.fromtimestamp(row.created, UTC)
        return StoredAnswer(row.id, row.account, created, json.loads(row.document))

    def judge(self, answer: str, account: str, thumb: Thumb, comment: str = "") -> Feedback:
        """Stores what a reader thought of an answer; raises NotFoundError for an unknown one."""
        self.find(answer)
        given = Feedback(
            f"fb_{secrets.token_urlsafe(16)}", answer, datetime.now(UTC), thumb, comment
        )
        row = {
            "id": given.id,
            "answer": answer,
            "account": account,
            "created": given.created.timestamp(),
            "thumb": thumb,
            "comment": comment,
        }
        with self._database.writing() as connection:
            connection.execute(insert(feedback).values(row))
        return given

    def feedback(
        self, thumb: Thumb | None = None, before: Place | None = None, limit: int = 100
    ) -> list[Feedback]:
        """What readers thought of answers that are kept, the latest first."""
        order = (feedback.c.created, feedback.c.id)
        statement = select(feedback).join(answers).where(~_expired())
        if thumb is not None:
            statement = statement.where(feedback.c.thumb == thumb)
        if before is not None:
            moment, id_ = before
            statement = statement.where(tuple_(*order) < (moment.timestamp(), id_))
        latest = statement.order_by(*(column.desc() for column in order)).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(latest).all()
        return [
            Feedback(r.id, r.answer, datetime.fromtimestamp(r.created, UTC), r.thumb, r.comment)
            for r in rows
        ]

    def drop_expired(self) -> None:
        """Deletes answers that are too old, with their feedback."""
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(_expired()))


def _expired() -> ColumnElement[bool]:
    return answers.c.created < time.time() - KEPT.total_seconds()
