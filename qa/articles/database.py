"""SQLite or PostgreSQL behind one class: transactions, and errors a user can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, inspect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from qa.errors import StorageBusyError, StorageError

BUSY_MILLISECONDS = 10_000
_WRITES = "archive_writes"
_ADVICE = "write sqlite:///path or postgresql+psycopg://…"
_SCHEME = re.compile(r"[\w+.-]{1,30}")


class Database:
    """Opens read and write transactions on one URL; raises StorageError where it cannot."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._name = _shown(self._engine.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the archive and changes nothing."""
        with self._translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed whole or not at all; one writer at a time on SQLite."""
        with self._translated(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def create_missing(self, tables: MetaData) -> None:
        """Creates those of the tables that are missing; where none is, no writer is waited for."""
        with self.reading() as connection:
            held = inspect(connection).get_table_names()
        if not tables.tables.keys() <= set(held):
            with self.writing() as connection:
                tables.create_all(connection)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if type(error) not in {OperationalError, DatabaseError}:
                raise  # a defect of ours: a broken constraint or a wrong statement
            raise _storage_error(self._name, error) from error


def _storage_error(name: str, error: DatabaseError) -> StorageError:
    reason = str(error.orig).strip()
    if "locked" in reason or "busy" in reason:
        return StorageBusyError(
            f"the archive {name!r} is being written by another process ({reason}): try again when"
            " that one is done"
        )
    return StorageError(
        f"cannot use the archive {name!r} ({reason}): check that it is an archive of this"
        " program, that its folder can be written and that the disk is not full"
    )


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    try:
        engine = create_engine(parsed)
    except ArgumentError as error:
        raise StorageError(
            f"{_shown(parsed)!r} is not an archive URL ({error}): {_ADVICE}"
        ) from error
    except ModuleNotFoundError as error:
        raise StorageError(
            f"the archive {_shown(parsed)!r} needs the Python package {error.name!r}:"
            f" pip install {error.name}"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # Where the password stands in it, nobody knows: neither the rest nor the cause is told.
        begin = _SCHEME.match(url)
        told = f"what begins with {begin[0]!r}" if begin else "this"
        raise StorageError(
            f"{told} is not an archive URL: {_ADVICE}, with what a password holds of "
            "/ : @ # % percent-encoded"
        ) from None


def _shown(url: URL) -> str:
    """The URL without its password; in its query there may stand another."""
    return url.set(query={}).render_as_string(hide_password=True)


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # sqlite3 would begin transactions itself, but not before a SELECT: we begin them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    # IMMEDIATE takes the write lock at once: a lock asked for after reading can only fail.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
