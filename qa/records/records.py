"""The records of one server, opened together."""

from __future__ import annotations

from typing import Self

from qa.articles.database import Database
from qa.errors import StorageError
from qa.records.answers import Answers
from qa.records.keys import Keys
from qa.records.replies import Replies
from qa.records.schema import metadata


class Records:
    """Keys, answers and replies in one database; a context manager."""

    def __init__(self, url: str) -> None:
        """Opens the records at an SQLAlchemy URL and creates its tables where absent."""
        self._database = Database(url)
        try:
            self._database.create_missing(metadata)
        except StorageError:
            self.close()
            raise
        self.keys = Keys(self._database)
        self.answers = Answers(self._database)
        self.replies = Replies(self._database)

    def close(self) -> None:
        """Closes the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
