"""API keys: the token is shown once, what is stored is its hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from qa.articles.database import Database
from qa.errors import NotFoundError, UsageError
from qa.records.schema import api_keys

SCOPES = ("read", "write", "admin")
"""What a key may be for: ask and read, change articles, everything."""
USUAL_RATE = "600/minute"

_PREFIX = "qa"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; its token is not."""

    id: str
    name: str
    scopes: tuple[str, ...]
    rate: str
    """Requests in a time: 600/minute."""
    created: datetime
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with the token that nobody can be told again."""

    key: ApiKey
    token: str


class Keys:
    """The keys of one server; every method is one transaction and may raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, scopes: Collection[str], rate: str = USUAL_RATE) -> NewKey:
        """Makes a key; raises UsageError for a scope there is not, or none at all."""
        if not scopes or set(scopes) - set(SCOPES):
            raise UsageError(f"scopes {sorted(scopes)!r}: choose of {', '.join(SCOPES)}")
        id_ = secrets.token_hex(6)
        token = f"{_PREFIX}_{id_}_{secrets.token_urlsafe(32)}"
        row = {
            "id": id_,
            "name": name,
            "digest": _digest(token),
            "scopes": " ".join(scope for scope in SCOPES if scope in scopes),
            "rate": rate,
            "created": time.time(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(api_keys).values(row))
        return NewKey(self._one(id_), token)

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first, revoked ones too."""
        with self._database.reading() as connection:
            return [_key(r) for r in connection.execute(select(api_keys).order_by("created"))]

    def any_active(self) -> bool:
        """Whether a key is there that has not been revoked."""
        statement = select(api_keys.c.id).where(api_keys.c.revoked.is_(None)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(statement).first() is not None

    def revoke(self, id_: str) -> ApiKey:
        """Ends a key at once; raises NotFoundError for an unknown one."""
        active = update(api_keys).where(api_keys.c.id == id_, api_keys.c.revoked.is_(None))
        with self._database.writing() as connection:
            connection.execute(active.values(revoked=time.time()))
        return self._one(id_)

    def find(self, token: str) -> ApiKey | None:
        """The active key of that token; None for anything else, in the same time."""
        prefix, _, rest = token.partition("_")
        row = self._row(rest.partition("_")[0]) if prefix == _PREFIX else None
        known = row.digest if row is not None else _digest("")
        same = hmac.compare_digest(known, _digest(token))
        return _key(row) if same and row is not None and row.revoked is None else None

    def _one(self, id_: str) -> ApiKey:
        row = self._row(id_)
        if row is None:
            raise NotFoundError(f"no key {id_!r}: `qa keys list` shows those there are")
        return _key(row)

    def _row(self, id_: str) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(select(api_keys).where(api_keys.c.id == id_)).first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes.split()),
        rate=row.rate,
        created=datetime.fromtimestamp(row.created, UTC),
        revoked=None if row.revoked is None else datetime.fromtimestamp(row.revoked, UTC),
    )
