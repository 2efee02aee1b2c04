"""The assistant: the one place that reads Settings and builds the parts from them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Self

from qa.answering import Answering
from qa.answers.stopping import Stoppable
from qa.answers.tape import Tape
from qa.articles.archive import Archive, PutResult
from qa.folder import DataFolder
from qa.index.indexer import Indexer
from qa.index.stores import Index
from qa.index.word_table import load_word_table
from qa.ingestion import Guard, Ingestion, Progress, silent, unguarded
from qa.model import Answer, Article, Done, Event, Exchange, Filters, Hit, Retrieved
from qa.parts import (
    answer_settings_of,
    archive_url,
    embedder_of,
    is_unfinished,
    open_index,
    reach_settings_of,
    status_of,
)
from qa.reports import IngestReport, Status
from qa.retrieval.matching import WordMatcher
from qa.retrieval.question import checked_question
from qa.retrieval.retriever import ALL_PARTS, HUB_WEIGHTS, STATIC_WEIGHTS, Parts, Retriever
from qa.roles import Embedder
from qa.settings import Settings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

ANSWER_HITS = 10
"""Passages that an answer is looked for in."""
_READER_WAIT = 10.0
"""Seconds that a reader waits for a writer before it gives up."""


class Assistant:
    """Everything that pages, commands and programs ask of the archive; a context manager."""

    def __init__(
        self,
        settings: Settings,
        archive: Archive,
        index: Index,
        embedder: Embedder,
        parts: Parts = ALL_PARTS,
    ) -> None:
        """Tie parts that are open already; `open` is the way to get an assistant."""
        table = load_word_table()
        weights = HUB_WEIGHTS if settings.embedder else STATIC_WEIGHTS
        self._settings = settings
        self._archive = archive
        self._index = index
        self._ingestion = Ingestion(
            settings.data_dir, archive, Indexer(archive, index, embedder, table)
        )
        self._retriever = Retriever(index, archive, embedder, table, weights, parts)
        self._answering = Answering(settings, WordMatcher(table), index.fingerprint.digest)
        self._held = ExitStack()

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        write: bool = False,
        parts: Parts = ALL_PARTS,
        progress: Progress = silent,
    ) -> Self:
        """Open the data folder: to read beside other readers, or to write alone.

        What an interrupted run left is finished first, which `progress` is told of. Raises
        StorageBusyError where another process is in the way, at once to a writer and after a
        while to a reader; IndexStateError where the index was made by another embedder.
        """
        if write:
            return cls._opened(settings, parts, progress, write=True)
        if is_unfinished(settings):
            # By a process that is at it still, perhaps: that one is waited for and does the rest.
            DataFolder(settings.data_dir, write=False, wait=_READER_WAIT).close()
        if is_unfinished(settings):
            cls._opened(settings, parts, progress, write=True, wait=_READER_WAIT).close()
        return cls._opened(settings, parts, progress, write=False, wait=_READER_WAIT)

    @classmethod
    def _opened(
        cls,
        settings: Settings,
        parts: Parts,
        progress: Progress,
        *,
        write: bool,
        wait: float = 0,
    ) -> Self:
        with ExitStack() as held:
            held.enter_context(DataFolder(settings.data_dir, write=write, wait=wait))
            archive = held.enter_context(Archive(archive_url(settings)))
            embedder = embedder_of(settings)
            index = held.enter_context(open_index(settings, archive, embedder, write=write))
            assistant = cls(settings, archive, index, embedder, parts)
            if write:
                assistant._ingestion.begin(progress)
            assistant._held = held.pop_all()
        return assistant

    def close(self) -> None:
        """Give the data folder back; a second call does nothing."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fingerprint(self) -> str:
        """What the index was made with, as `Answer.index` says it."""
        return self._index.fingerprint.digest

    @property
    def revision(self) -> int:
        """Grows with every change of the archive: what was read at an equal one still holds."""
        return self._archive.change_counter()

    @property
    def model(self) -> str | None:
        """The chat model that answers unless quotes are asked for; None: there is none."""
        return self._settings.chat_model or None

    @property
    def answer_settings(self) -> dict[str, str | None]:
        """The settings that answers depend on, for whoever keeps a record of them."""
        return answer_settings_of(self._settings)

    @property
    def reach_settings(self) -> dict[str, str | None]:
        """How the chat model is reached, which decides whether it answers; no address in it."""
        return reach_settings_of(self._settings)

    # --- writing: open(write=True)

    @property
    def writable(self) -> bool:
        """Whether articles can be added and deleted here."""
        return self._ingestion.begun

    def check_writable(self) -> None:
        """Raises StorageBusyError, which names who holds the folder, where it is only read here."""
        self._ingestion.check()

    def ingest(self, paths: Sequence[Path], progress: Progress = silent) -> IngestReport:
        """Read files and folders into the archive and index them; failures leave the rest be."""
        return self._ingestion.ingest(paths, progress)

    def ingest_articles(
        self,
        articles: Iterable[Article],
        progress: Progress = silent,
        guard: Guard = unguarded,
    ) -> list[PutResult]:
        """Put articles of the caller's own making into the archive and index them."""
        return self._ingestion.ingest_articles(articles, progress, guard)

    def delete(self, keys: Sequence[str], guard: Guard = unguarded) -> list[str]:
        """Take articles out of the archive and the indexes, in one step; the keys it held."""
        return self._ingestion.delete(keys, guard)

    # --- reading

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The k best passages for a question in any language, best first."""
        return self._retriever.search(checked_question(question), k, filters)

    def ask(
        self,
        question: str,
        filters: Filters | None = None,
        language: str | None = None,
        *,
        history: Sequence[Exchange] = (),
        mode: str | None = None,
        tape: Tape | None = None,
    ) -> Answer:
        """The answer to a question, in its own language or in the one asked for.

        `history`: what was asked and answered before, the latest last. `mode`: extractive or
        generative; None: generative where a chat model is set. `tape`: takes down what happens.
        """
        events = self.stream(question, filters, language, history=history, mode=mode, tape=tape)
        return next(event.answer for event in events if isinstance(event, Done))

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: str | None = None,
        *,
        history: Sequence[Exchange] = (),
        mode: str | None = None,
        tape: Tape | None = None,
        reader: str = "en",
    ) -> Stoppable[Event]:
        """The same as events while it is made: Retrieved, Token and Claimed, Done.

        `reader`: the language of the answer where nothing says which the question is in. Closing
        the iterator, from any thread, stops a chat model's request.
        """
        return Stoppable(self._events(question, filters, language, history, mode, tape, reader))

    def _events(
        self,
        question: str,
        filters: Filters | None,
        language: str | None,
        history: Sequence[Exchange],
        mode: str | None,
        tape: Tape | None,
        reader: str,
    ) -> Generator[Event]:
        question = checked_question(question)
        asked = self._answering.ask(question, language, history, mode, tape, reader)
        started = perf_counter()
        hits: Sequence[Hit] = self._retriever.search(
            asked.standalone.question, ANSWER_HITS, filters
        )
        milliseconds = 1000 * (perf_counter() - started)
        yield Retrieved(tuple(hits), milliseconds)
        hits = tape.found(hits) if tape else hits
        is_empty = not hits and not self._archive.counts().articles
        yield from self._answering.answer(asked, None if is_empty else hits, milliseconds)

    def prepare(self) -> None:
        """Make the chat model and its judge now rather than with the first question.

        Raises SettingsError or JudgeError where they are wrong.
        """
        self._answering.prepare()

    def article(self, key: str, version: str | None = None) -> Article:
        """A stored article, the newest version unless one is named; raises NotFoundError."""
        return self._archive.article(key, version)

    def keys(self) -> list[str]:
        """The keys of all articles that readers see, in order."""
        return self._archive.keys()

    def articles(self, filters: Filters, after: str = "", limit: int = 100) -> list[Article]:
        """A page of the articles that readers see, by key, from the first one after `after`."""
        return self._archive.page(filters, after, limit)

    def articles_by_key(self, keys: Sequence[str]) -> dict[str, Article]:
        """Those of these articles that readers see."""
        return self._archive.live_articles(keys)

    def copies(self, key: str) -> list[str]:
        """Other articles with the very same text."""
        return self._archive.copies(key)

    def outlets(self) -> list[str]:
        """The outlets that a reader can filter by."""
        return self._archive.outlets()

    def languages(self) -> list[str]:
        """The languages that a reader can filter by, ISO 639-1."""
        return self._archive.languages()

    def status(self) -> Status:
        """What is indexed, and with what."""
        return status_of(self._settings, self._archive)

    # --- LangChain

    def as_retriever(self, k: int = 10, filters: Filters | None = None) -> BaseRetriever:
        """The retriever as LangChain's chains take it."""
        from qa.retrieval.langchain import NewsRetriever

        return NewsRetriever(search=self._retriever.search, k=k, filters=filters)

    def as_runnable(self) -> Runnable[str, Answer]:
        """`ask` as a LangChain runnable: invoke, batch and pipe."""
        from langchain_core.runnables import RunnableLambda

        return RunnableLambda(self.ask)
