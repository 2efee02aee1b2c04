"""The rows of the word table that each passage's words have, for late interaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexStateError, StorageError

WordIds: TypeAlias = NDArray[np.int32]

_SCHEMA = "CREATE TABLE IF NOT EXISTS words (passage INTEGER PRIMARY KEY, ids BLOB NOT NULL)"
_EMPTY: WordIds = np.zeros(0, dtype=np.int32)


class WordStore:
    """Word ids by passage: those of the text, then those of the context; safe for threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not path.is_file():
            raise IndexStateError(f"the index lacks {str(path)!r}; run `qa rebuild`")
        try:
            # One connection behind a lock: a read of 400 passages holds it for about 2 ms.
            self._database = sqlite3.connect(path, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"cannot open {str(path)!r}: {error}") from error
        self._path = path
        self._lock = Lock()
        self._prepare()

    def add(self, passage_ids: Sequence[int], words: Sequence[WordIds]) -> None:
        """Stores word ids; a passage that is there already is replaced."""
        rows = [
            (passage, ids.astype("<i4").tobytes())
            for passage, ids in zip(passage_ids, words, strict=True)
        ]
        self._write("INSERT OR REPLACE INTO words VALUES (?, ?)", rows)

    def get_many(self, passage_ids: Sequence[int]) -> list[WordIds]:
        """Word ids of each passage in the order asked; empty for an unknown one."""
        rows = self._read(
            "SELECT passage, ids FROM words WHERE passage IN (SELECT value FROM json_each(?))",
            json.dumps(list(passage_ids)),
        )
        found = {passage: np.frombuffer(ids, dtype="<i4") for passage, ids in rows}
        return [found.get(passage, _EMPTY) for passage in passage_ids]

    def delete(self, passage_ids: Sequence[int]) -> None:
        """Removes passages; unknown ones are ignored."""
        self._write("DELETE FROM words WHERE passage = ?", [(passage,) for passage in passage_ids])

    def clear(self) -> None:
        """Removes all passages."""
        self._write("DELETE FROM words WHERE ? OR 1", [(1,)])

    def count(self) -> int:
        """How many passages are stored."""
        return int(self._read("SELECT count(*) FROM words")[0][0])

    def ids(self) -> list[int]:
        """The ids of all passages stored."""
        return [row[0] for row in self._read("SELECT passage FROM words")]

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._database.close()

    def _prepare(self) -> None:
        try:
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(_SCHEMA)
        except sqlite3.Error as error:
            self._database.close()
            raise self._damaged(error) from error

    def _read(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._database.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise self._damaged(error) from error

    def _write(self, statement: str, rows: Sequence[tuple[int] | tuple[int, bytes]]) -> None:
        with self._lock:
            try:
                with self._database:
                    self._database.executemany(statement, rows)
            except sqlite3.OperationalError as error:
                raise StorageError(f"cannot write {str(self._path)!r}: {error}") from error
            except sqlite3.Error as error:
                raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.Error) -> IndexStateError:
        return IndexStateError(f"{str(self._path)!r} cannot be read: {error}; run `qa rebuild`")
