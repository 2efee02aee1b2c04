"""The archive of articles and their passages: the source of truth that every index follows.

A version is *pending* until it is indexed, *indexed* while readers see it, and *retired* once a
newer one took its place, until the indexes have dropped it. Of one key at most one version is
pending and at most one indexed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import delete, select

from qa.articles import queries, writes
from qa.articles.database import Database
from qa.articles.queries import ArchiveCounts, chunks
from qa.articles.schema import RETIRED, articles, in_state, metadata, passages
from qa.articles.versions import PutResult, plan_put
from qa.errors import NotFoundError, StorageError
from qa.model import Article, Filters, Passage, StoredPassage

__all__ = ["Archive", "ArchiveCounts", "PutResult", "RetiredArticle"]


@dataclass(frozen=True, slots=True)
class RetiredArticle:
    """A version that no reader sees any more, with the passages the indexes should drop."""

    article_id: int
    passage_ids: tuple[int, ...]


class Archive:
    """Articles by key and version; every method is one transaction and may raise StorageError."""

    def __init__(self, url: str) -> None:
        """Opens the archive at an SQLAlchemy URL and creates its tables where they are missing."""
        self._database = Database(url)
        self._view = Lock()
        try:
            self._prepare()
        except StorageError:
            self.close()
            raise

    def _prepare(self) -> None:
        # Reading first: it need not wait for another process that writes.
        self._database.create_missing(metadata)
        with self._database.reading() as connection:
            is_prepared = writes.check_meta(connection)
        if not is_prepared:
            with self._database.writing() as connection:
                writes.prepare_meta(connection)

    def put(self, new: Sequence[Article]) -> list[PutResult]:
        """Stores what is new as pending, with its passages; what readers see stays as it is.

        Of several pending versions of a key only the last is kept, and none where it turns out
        to be the live one again.
        """
        with self._database.writing() as connection:
            plan = plan_put(new, writes.held_versions(connection, [a.key for a in new]))
            if plan.replaced or plan.additions:
                writes.retire(connection, plan.replaced)
                writes.insert_pending(connection, list(plan.additions.values()))
                writes.count_change(connection)
        return plan.results

    def held_keys(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that name an article, live or pending, in the order asked."""
        with self._database.reading() as connection:
            known = {version.key for version in writes.held_versions(connection, keys)}
        return [key for key in keys if key in known]

    def delete(self, keys: Sequence[str]) -> list[str]:
        """Retires every version of these keys, so that no reader sees them; the keys it held."""
        with self.steady_view(), self._database.writing() as connection:
            held = list(writes.held_versions(connection, keys))
            if held:
                writes.retire(connection, [version.id for version in held])
                writes.count_change(connection, visible=True)
        known = {version.key for version in held}
        return [key for key in dict.fromkeys(keys) if key in known]

    def pending_passages(self, limit: int, after: int = 0) -> list[StoredPassage]:
        """Passages of whole pending articles in order: about `limit`, one article at least.

        Those of articles numbered up to `after` are passed over.
        """
        with self._database.reading() as connection:
            ids = writes.next_pending(connection, limit, after)
            return list(writes.stored_passages(connection, ids))

    def mark_indexed(self, article_ids: Sequence[int]) -> list[int]:
        """Shows these pending versions to readers; returns the older ones that retire for it."""
        with self.steady_view(), self._database.writing() as connection:
            retired = writes.show(connection, article_ids)
            writes.count_change(connection, visible=True)
        return retired

    def retired(self) -> list[RetiredArticle]:
        """What the indexes should drop, and then `forget`."""
        statement = (
            select(articles.c.id, passages.c.id.label("passage_id"))
            .outerjoin(passages)
            .where(in_state(RETIRED))
            .order_by(articles.c.id, passages.c.id)
        )
        passage_ids: dict[int, list[int]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(statement):
                passage_ids[row.id] += [] if row.passage_id is None else [row.passage_id]
        return [RetiredArticle(id_, tuple(found)) for id_, found in passage_ids.items()]

    def forget(self, article_ids: Sequence[int]) -> None:
        """Deletes those of the versions that are retired, with their passages."""
        with self._database.writing() as connection:
            for part in chunks(article_ids):
                connection.execute(
                    delete(articles).where(in_state(RETIRED), articles.c.id.in_(part))
                )
            writes.count_change(connection)

    def mark_all_pending(self) -> None:
        """For a rebuild: the newest version of every key waits to be indexed, none is live.

        Passages are cut anew, under new ids, where an older splitter cut them.
        """
        with self.steady_view(), self._database.writing() as connection:
            writes.make_all_pending(connection)
            writes.count_change(connection, visible=True)

    def live_ids(self, ids: Sequence[int]) -> set[int]:
        """Those of the passages whose article readers see."""
        with self._database.reading() as connection:
            return queries.live_ids(connection, ids)

    def passage_languages(self, ids: Sequence[int]) -> dict[int, str]:
        """Language of each passage whose article readers see, ISO 639-1, by id."""
        with self._database.reading() as connection:
            return queries.passage_languages(connection, ids)

    def live_passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages whose article readers see, by id, with their text."""
        with self._database.reading() as connection:
            return queries.live_passages(connection, ids)

    def article(self, key: str, version: str | None = None) -> Article:
        """That version, or the one readers see (the pending one where none is live yet)."""
        with self._database.reading() as connection:
            found = queries.find_article(connection, key, version)
        if found is None:
            which = f"article {key!r}" if version is None else f"version {version!r} of {key!r}"
            raise NotFoundError(f"no {which} in the archive: `qa search` shows the keys it holds")
        return found

    def live_articles(self, keys: Sequence[str]) -> dict[str, Article]:
        """The live versions of these keys, by key; other keys are left out."""
        with self._database.reading() as connection:
            return queries.live_articles_by_key(connection, keys)

    def articles(self, filters: Filters | None = None) -> Iterator[Article]:
        """Live articles by key, a few in memory at a time; all as of the first one."""
        with self._database.reading() as connection:
            yield from queries.live_articles(connection, filters or Filters())

    def page(self, filters: Filters, after: str, limit: int) -> list[Article]:
        """Live articles whose keys follow `after`, in the order of their keys."""
        with self._database.reading() as connection:
            return queries.live_page(connection, filters, after, limit)

    def copies(self, key: str) -> list[str]:
        """Other keys whose text is the same to the character, as agencies' stories are."""
        with self._database.reading() as connection:
            return queries.copies_of(connection, key)

    def outlets(self) -> list[str]:
        """Outlets of live articles, in order."""
        with self._database.reading() as connection:
            return queries.live_outlets(connection)

    def keys(self) -> list[str]:
        """Keys of live articles, in order."""
        with self._database.reading() as connection:
            return queries.live_keys(connection)

    def languages(self) -> list[str]:
        """Languages of live articles, in order."""
        with self._database.reading() as connection:
            return queries.live_languages(connection)

    def counts(self) -> ArchiveCounts:
        """How much is live and how much waits; fast on large archives too."""
        with self._database.reading() as connection:
            return queries.count(connection)

    def change_counter(self) -> int:
        """Grows with every change: what was computed at an equal count still holds."""
        with self._database.reading() as connection:
            return int(writes.get_meta(connection, "changes"))

    def view_counter(self) -> int:
        """Grows with every change that readers see."""
        with self._database.reading() as connection:
            return int(writes.get_meta(connection, "views"))

    @contextmanager
    def steady_view(self) -> Iterator[None]:
        """Keeps other threads from changing what readers see; they wait."""
        with self._view:
            yield

    def close(self) -> None:
        """Closes the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
