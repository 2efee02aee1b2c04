"""Keeps the three stores of an index in step with the archive, which is the truth.

A batch is added to the stores, then the archive flips it to indexed (and what it replaces to
retired), then the retired passages leave the stores. Readers ask the archive which passages are
live, so they see the flip and nothing else. Interrupted before the flip, the batch is pending
still and is added again over what is there; after it, the retired are still known as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from qa.errors import IndexStateError
from qa.index.ahead import PreparationAhead
from qa.index.preparation import Preparation, Prepared
from qa.index.stores import Index
from qa.index.word_table import WordTable
from qa.model import StoredPassage
from qa.roles import Embedder

Progress: TypeAlias = Callable[[int], None]
"""Called with how many passages have been added to the stores since the last call."""

PrepareEach: TypeAlias = Callable[[Iterable[Sequence[StoredPassage]]], Iterator[Prepared]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is done at a time, in passages."""

    batch: int = 8192
    """A commit: large enough that commits cost little, small enough to lose little."""
    step: int = 1024
    """Prepared and stored at a time, in whole articles."""
    ahead_from: int = 4096
    """Pending, for which a second process pays: it takes a second or two to start."""


USUAL_PACE = Pace()


class Retired(Protocol):
    """An article version that a newer one replaced, still in the stores."""

    @property
    def article_id(self) -> int:
        """Its row in the archive."""

    @property
    def passage_ids(self) -> Sequence[int]:
        """Its passages."""


class Counts(Protocol):
    """How much the archive holds."""

    @property
    def passages(self) -> int:
        """Passages of indexed articles."""

    @property
    def pending_passages(self) -> int:
        """Passages of articles that are still to be indexed."""


class PassageArchive(Protocol):
    """What the indexer needs of the archive."""

    def pending_passages(self, limit: int, after: int) -> Sequence[StoredPassage]:
        """Passages not indexed yet, of the articles that follow one: about `limit`."""

    def mark_indexed(self, article_ids: Sequence[int]) -> object:
        """Flips articles to indexed, and what they replace to retired, in one transaction."""

    def retired(self) -> Sequence[Retired]:
        """Article versions that can be dropped from the stores."""

    def forget(self, article_ids: Sequence[int]) -> None:
        """Drops retired article versions for good."""

    def mark_all_pending(self) -> None:
        """Every article is to be indexed anew."""

    def live_ids(self, ids: Sequence[int]) -> set[int]:
        """Those of the passages that belong to indexed articles."""

    def counts(self) -> Counts:
        """How much is there."""


def _silent(done: int) -> None:
    """The progress of nobody watching."""


class Indexer:
    """Moves pending articles of the archive into the stores, interrupted at any point or not."""

    def __init__(
        self,
        archive: PassageArchive,
        index: Index,
        embedder: Embedder,
        table: WordTable,
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._archive = archive
        self._index = index
        self._table = table
        self._preparation = Preparation(embedder, table)
        self._pace = pace

    def recover(self, progress: Progress = _silent) -> None:
        """After opening for writing: finishes and mends what an interrupted run left."""
        self.drop_retired()
        if not self._in_step():
            self._drop_strangers()
        self.index_pending(progress)
        if not self._in_step():
            # Something is missing or there twice, and no count says which.
            self.rebuild(progress)
        if not self._in_step():
            raise IndexStateError(
                f"the index holds {self._index.counts()} passages by store, the archive "
                f"{self._archive.counts().passages}: check the disk, then run `qa rebuild`"
            )

    def index_pending(self, progress: Progress = _silent) -> int:
        """Indexes all pending articles and drops those replaced; returns the passages indexed."""
        total, batch, articles = 0, 0, set[int]()
        with self._preparing(self._archive.counts().pending_passages) as prepare_each:
            for prepared in prepare_each(self._steps()):
                self._index.add(prepared)
                progress(len(prepared.passages))
                total += len(prepared.passages)
                batch += len(prepared.passages)
                articles.update(passage.article_id for passage in prepared.passages)
                if batch >= self._pace.batch:
                    self._flip(articles)
                    batch, articles = 0, set()
            self._flip(articles)
        return total

    def rebuild(self, progress: Progress = _silent) -> int:
        """Indexes everything the archive holds anew, into emptied stores."""
        # The archive first: interrupted before it knew, readers would trust empty stores.
        self._archive.mark_all_pending()
        self._index.clear()
        self.drop_retired()
        return self.index_pending(progress)

    def drop_retired(self) -> None:
        """Removes from the stores what readers see no more, and then forgets it."""
        retired = self._archive.retired()
        if retired:
            self._index.delete([id_ for article in retired for id_ in article.passage_ids])
            self._archive.forget([article.article_id for article in retired])

    @contextmanager
    def _preparing(self, passages: int) -> Iterator[PrepareEach]:
        """Preparation here, or ahead in another process where there is enough to do for two."""
        if passages < self._pace.ahead_from or not self._preparation.needs_words_only:
            yield self._preparation.prepare_each
            return
        with PreparationAhead(self._table) as ahead:
            yield ahead.prepare_each

    def _steps(self) -> Iterator[Sequence[StoredPassage]]:
        last = 0
        while passages := self._archive.pending_passages(self._pace.step, last):
            yield passages
            last = passages[-1].article_id

    def _flip(self, articles: set[int]) -> None:
        """Shows readers what was added of these articles, in place of what they replace."""
        if articles:
            self._index.commit()
            self._archive.mark_indexed(sorted(articles))
            self.drop_retired()

    def _in_step(self) -> bool:
        return set(self._index.counts()) == {self._archive.counts().passages}

    def _drop_strangers(self) -> None:
        """Removes what the stores hold and no reader may see, pending passages included."""
        held = self._index.ids()
        strangers = held - self._archive.live_ids(sorted(held))
        self._index.delete(sorted(strangers))
