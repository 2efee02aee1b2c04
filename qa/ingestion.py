"""Articles into the archive and both indexes, and out again; the indexes anew from the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from qa.articles.archive import Archive, PutResult
from qa.articles.readers import (
    ReadArticle,
    ReadFailure,
    ReadWarning,
    count_files,
    read_paths,
)
from qa.errors import StorageBusyError
from qa.folder import DataFolder, holders
from qa.index.indexer import Indexer
from qa.index.stores import Index
from qa.index.word_table import load_word_table
from qa.model import Article
from qa.parts import archive_url, embedder_of, fingerprint_of, index_folder
from qa.reports import IngestReport
from qa.settings import Settings

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told as work goes on: the stage, how many are done, of how many."""
Guard: TypeAlias = Callable[[], None]
"""Called when a change has its turn, before it: raising, it keeps everything as it is."""

_ARTICLES_AT_ONCE = 500
_CHARACTERS_AT_ONCE = 16_000_000
"""Of articles put into the archive in one transaction; a single one may be longer."""
_TURN_WAIT = 10.0
"""Seconds that a small change waits for a large one of the same process."""


def silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody watching."""


def unguarded() -> None:
    """The guard of a change that is wanted whatever was changed before."""


class Ingestion:
    """Every change of the articles in a data folder, one at a time; refused until it has begun."""

    def __init__(self, data_dir: Path, archive: Archive, indexer: Indexer) -> None:
        self._data_dir = data_dir
        self._archive = archive
        self._indexer = indexer
        self._turns = Lock()
        self._begun = False

    def begin(self, progress: Progress = silent) -> None:
        """Finish what an interrupted run left, and take changes: the folder is held to write."""
        report = self._of_pending(progress)
        if self._archive.counts().pending:
            # Now, not after the first thousand passages: a hub model takes a minute for them.
            report(0)
        self._indexer.recover(report)
        self._begun = True

    @property
    def begun(self) -> bool:
        """Whether changes are taken."""
        return self._begun

    def ingest(self, paths: Sequence[Path], progress: Progress) -> IngestReport:
        """Read files and folders into the archive and index them; failures leave the rest be."""
        told: list[ReadFailure | ReadWarning] = []
        files = count_files(paths, self._data_dir)
        read = _kept(read_paths(paths, self._data_dir), told, files, progress)
        with self.turn():
            results = self._put(read)
            self._index_pending(progress)
        return IngestReport.from_results(results, told)

    def ingest_articles(
        self, articles: Iterable[Article], progress: Progress, guard: Guard
    ) -> list[PutResult]:
        """Put articles of the caller's own making into the archive and index them."""
        with self.turn(_TURN_WAIT):
            guard()
            results = self._put(ReadArticle(article, article.key) for article in articles)
            self._index_pending(progress)
        return results

    def delete(self, keys: Sequence[str], guard: Guard) -> list[str]:
        """Take articles out of the archive and the indexes, in one step; the keys it held.

        Interrupted after the archive has dropped them, the next writer clears the indexes.
        """
        with self.turn(_TURN_WAIT):
            guard()
            deleted = self._archive.delete(keys)
            self._indexer.drop_retired()
        return deleted

    def check(self) -> None:
        """Raises StorageBusyError, which names who holds the folder, where no change is taken."""
        if not self._begun:
            raise StorageBusyError(
                f"the data folder {str(self._data_dir)!r} is open for reading only, "
                f"and held by {holders(self._data_dir)}: to change articles, end that and open "
                "the folder to write, as `qa serve --write` does"
            )

    @contextmanager
    def turn(self, wait: float = -1) -> Iterator[None]:
        """One change at a time; raises StorageBusyError where its turn does not come."""
        self.check()
        if not self._turns.acquire(timeout=wait):
            raise StorageBusyError(
                f"other articles have been indexed for more than {wait:g} s: "
                "try again when that is done"
            )
        try:
            yield
        finally:
            self._turns.release()

    def _put(self, articles: Iterable[ReadArticle]) -> list[PutResult]:
        batches = (list(self._as_held(batch)) for batch in _batches(articles))
        return [result for batch in batches for result in self._archive.put(batch)]

    def _as_held(self, batch: Sequence[ReadArticle]) -> Iterator[Article]:
        """The articles, under each spelling of their keys by which the archive has them already.

        What was read under two spellings by an earlier version stays up to date under both.
        """
        spelled = [key for read in batch if read.other_keys for key in read.keys]
        held = set(self._archive.held_keys(spelled))
        for read in batch:
            keys = [key for key in read.keys if key in held] or [read.article.key]
            yield from (replace(read.article, key=key) for key in keys)

    def _index_pending(self, progress: Progress) -> int:
        return self._indexer.index_pending(self._of_pending(progress))

    def _of_pending(self, progress: Progress) -> Callable[[int], None]:
        return _counted(progress, self._archive.counts().pending_passages)


def rebuild(settings: Settings, progress: Progress = silent) -> int:
    """Make the indexes anew from the archive with the embedder set now; the passages indexed."""
    with ExitStack() as held:
        held.enter_context(DataFolder(settings.data_dir, write=True))
        archive = held.enter_context(Archive(archive_url(settings)))
        embedder = embedder_of(settings)
        # Before the index is emptied: interrupted in between, nobody takes it for a whole one.
        archive.mark_all_pending()
        fingerprint = fingerprint_of(embedder)
        index = held.enter_context(
            Index.create(index_folder(settings), fingerprint, chroma_url=settings.chroma_url)
        )
        indexer = Indexer(archive, index, embedder, load_word_table())
        indexer.drop_retired()
        return indexer.index_pending(_counted(progress, archive.counts().pending_passages))


def _kept(
    read: Iterable[ReadArticle | ReadFailure | ReadWarning],
    told: list[ReadFailure | ReadWarning],
    files: int,
    progress: Progress,
) -> Iterator[ReadArticle]:
    """The articles that could be read; failures and warnings are put aside, all are counted."""
    for done, item in enumerate(read, 1):
        progress("reading", done, max(files, done))
        if isinstance(item, ReadArticle):
            yield item
        else:
            told.append(item)


def _batches(articles: Iterable[ReadArticle]) -> Iterator[list[ReadArticle]]:
    batch: list[ReadArticle] = []
    characters = 0
    for read in articles:
        batch.append(read)
        characters += len(read.article.text)
        if len(batch) == _ARTICLES_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _counted(progress: Progress, total: int) -> Callable[[int], None]:
    """The indexer's progress (passages since last told) as the callers' (done, total)."""
    done = 0

    def report(more: int) -> None:
        nonlocal done
        done += more
        progress("indexing", done, max(total, done))

    return report
