"""The three stores of one index folder, and the fingerprint that says what they were made with."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from qa.errors import IndexStateError, StorageError
from qa.index.lexical import LexicalIndex
from qa.index.preparation import Prepared
from qa.index.vectors import SHARED_COLLECTION, VectorIndex
from qa.index.words import WordStore

FORMAT = 2
"""Raised when an index of before can no longer be read as it lies."""

_HEADER_FILE = "index.json"
_COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything that an index depends on and that a question must share with it."""

    embedder: str
    dimension: int
    question_prefix: str
    passage_prefix: str
    words: str
    """Name of the word table."""
    passages: str
    """Settings of the splitter (`qa.articles.passages.PASSAGE_VERSION`)."""
    folding: int
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """Short hash of all of it, for `Answer.index`."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def differences(self, other: Fingerprint) -> str:
        """What another fingerprint says otherwise: "embedder 'a' instead of 'b'; …"."""
        theirs = asdict(other)
        return "; ".join(
            f"{name} {theirs[name]!r} instead of {value!r}"
            for name, value in asdict(self).items()
            if theirs[name] != value
        )


class Index:
    """The opened stores of a folder; a context manager."""

    def __init__(
        self,
        fingerprint: Fingerprint,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        words: WordStore,
    ) -> None:
        self.fingerprint = fingerprint
        self.vectors = vectors
        self.lexical = lexical
        self.words = words

    @classmethod
    def open(
        cls, folder: Path, fingerprint: Fingerprint, *, write: bool = False, chroma_url: str = ""
    ) -> Index:
        """Opens an index, or begins one for writing where the folder holds none.

        Raises IndexStateError where it is absent, damaged or made with another fingerprint.
        """
        if not cls.is_there(folder):
            if write:
                return cls.create(folder, fingerprint, chroma_url=chroma_url)
            raise IndexStateError(
                f"there is no index in {str(folder)!r}; add articles with `qa ingest PATH`"
            )
        header = _compare(folder, fingerprint)
        index = _open_stores(folder, header, chroma_url, create=False, write=write)
        with ExitStack() as opened:
            opened.callback(index.close)
            if chroma_url and header.collection == SHARED_COLLECTION:
                index._claim(folder, write=write)
            index.vectors.check(fingerprint.dimension)
            opened.pop_all()
        return index

    @classmethod
    def create(cls, folder: Path, fingerprint: Fingerprint, *, chroma_url: str = "") -> Index:
        """An empty index in place of whatever is in the folder, opened for writing."""
        before, header = _header(folder), _Header(fingerprint, _new_name())
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise StorageError(
                f"cannot write {str(folder)!r}: {error}; mend that and run it again"
            ) from error
        with ExitStack() as opened:
            index = _open_stores(folder, header, chroma_url, create=True, write=True)
            opened.callback(index.close)
            _write_header(folder, header)
            # A server keeps vectors when the folder goes; of a shared name they may be another's.
            if before and before.collection != SHARED_COLLECTION:
                index.vectors.drop(before.collection)
            opened.pop_all()
        return index

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether an index was begun in a folder, readable or not."""
        return (folder / _HEADER_FILE).is_file()

    @staticmethod
    def made_with(folder: Path) -> Fingerprint | None:
        """What a folder's index was made with; None where there is none or it is unreadable."""
        header = _header(folder)
        return header.fingerprint if header else None

    def counts(self) -> tuple[int, ...]:
        """How many passages each store holds."""
        return self.vectors.count(), self.lexical.count(), self.words.count()

    def ids(self) -> set[int]:
        """Passages that any store holds."""
        return {*self.vectors.ids(), *self.lexical.ids(), *self.words.ids()}

    def add(self, prepared: Prepared) -> None:
        """Adds passages, over what is there of them; the lexical index shows them on `commit`."""
        self.vectors.add(prepared.passages, prepared.vectors)
        self.words.add([passage.id for passage in prepared.passages], prepared.words)
        self.lexical.add(prepared.passages, prepared.terms)

    def commit(self) -> None:
        """Makes all that was added durable and visible."""
        self.lexical.commit()

    def delete(self, passage_ids: Sequence[int]) -> None:
        """Removes passages from all stores."""
        self.vectors.delete(passage_ids)
        self.words.delete(passage_ids)
        self.lexical.delete(passage_ids)
        self.lexical.commit()

    def clear(self) -> None:
        """Removes all passages from all stores."""
        self.vectors.clear()
        self.words.clear()
        self.lexical.clear()

    def _claim(self, folder: Path, *, write: bool) -> None:
        """Makes the collection of the shared name this index's own; readers only look at it.

        Raises IndexStateError where it holds other passages, as after another index took it.
        """
        ours, theirs = self.words, self.vectors
        if ours.count() != theirs.count() or (write and {*ours.ids()} != {*theirs.ids()}):
            raise IndexStateError(
                f"the collection {SHARED_COLLECTION!r} on the Chroma server does not hold the"
                f" passages of {str(folder)!r}, another data folder may have used it too: run"
                " `qa rebuild`, which makes a collection for this folder alone"
            )
        if write:
            header = _Header(self.fingerprint, _new_name())
            self.vectors.rename(header.collection)
            _write_header(folder, header)

    def close(self) -> None:
        """Lets go of the stores."""
        self.lexical.close()
        self.words.close()
        self.vectors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Header:
    """What the folder says of its index."""

    fingerprint: Fingerprint
    collection: str
    """Of its vectors in Chroma: no other index has one of that name, also on the same server."""


def _open_stores(folder: Path, header: _Header, url: str, *, create: bool, write: bool) -> Index:
    with ExitStack() as opened:
        # The lexical index first: its lock keeps a second writer from the other two.
        lexical = LexicalIndex(folder / "lexical", create=create, write=write)
        opened.callback(lexical.close)
        words = WordStore(folder / "words.sqlite", create=create)
        opened.callback(words.close)
        vectors = VectorIndex(folder / "vectors", url, name=header.collection, create=create)
        opened.pop_all()
    return Index(header.fingerprint, vectors, lexical, words)


def _compare(folder: Path, fingerprint: Fingerprint) -> _Header:
    header = _header(folder)
    if header is None:
        raise IndexStateError(f"{str(folder / _HEADER_FILE)!r} cannot be read; run `qa rebuild`")
    if differences := fingerprint.differences(header.fingerprint):
        raise IndexStateError(
            f"the index in {str(folder)!r} was made with other settings: {differences}; "
            "run `qa rebuild`, or go back to the settings it was made with"
        )
    return header


def _header(folder: Path) -> _Header | None:
    """None where there is none or it is unreadable."""
    try:
        values = dict(json.loads((folder / _HEADER_FILE).read_text("utf-8")))
        collection = str(values.pop(_COLLECTION, SHARED_COLLECTION))
        return _Header(Fingerprint(**values), collection)
    except (OSError, ValueError, TypeError):
        return None


def _write_header(folder: Path, header: _Header) -> None:
    values = asdict(header.fingerprint) | {_COLLECTION: header.collection}
    draft = folder / f"{_HEADER_FILE}.new"
    draft.write_text(json.dumps(values, indent=2), encoding="utf-8")
    draft.replace(folder / _HEADER_FILE)


def _new_name() -> str:
    return f"news-qa-{uuid4().hex}"
