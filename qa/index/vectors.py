"""Passage vectors in Chroma, embedded or on a server; the one module that knows chromadb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from qa.errors import IndexStateError, QAError, StorageError
from qa.index.dates import date_number
from qa.model import Filters, StoredPassage, Vector, Vectors

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.api.types import Where
    from chromadb.config import Settings

SHARED_COLLECTION = "news-qa-passages"
"""What every index called its own before each had a name for it."""
_DATABASE_FILE = "chroma.sqlite3"
# Against Chroma's defaults (100, 100): a third less time to add, and of 200 nearest passages,
# which is what retrieval asks for, one in 25 is missed instead of one in 18.
_HNSW: Any = {"space": "cosine", "ef_construction": 64, "ef_search": 300}
_PROBED = 100
_WIDER = 4
"""So many times the passages wanted are looked through before the engine is asked to filter."""


class VectorIndex:
    """Nearest passages by cosine, of those that a filter lets pass."""

    def __init__(
        self, folder: Path, url: str = "", *, name: str = SHARED_COLLECTION, create: bool = False
    ) -> None:
        """Opens the collection of that name, or makes it; one that is there is not made again."""
        self._url = url
        self._name = name
        self._place = _without_user(url) or str(folder)
        if not (url or create or (folder / _DATABASE_FILE).is_file()):
            raise IndexStateError(f"the index lacks {self._place!r}; run `qa rebuild`")
        with self._errors_as(IndexStateError), ExitStack() as opened:
            self._client = _server(url) if url else _embedded(folder)
            opened.callback(self.close)
            self._collection = self._made() if create else self._found()
            self._batch = self._client.get_max_batch_size()
            opened.pop_all()

    def add(self, passages: Sequence[StoredPassage], vectors: Vectors) -> None:
        """Stores the vectors of passages; a passage that is there already is replaced."""
        with self._errors_as(StorageError):
            for start in range(0, len(passages), self._batch):
                batch = passages[start : start + self._batch]
                self._collection.upsert(
                    # Documents stay in the archive: Chroma would index their words at length.
                    ids=[str(passage.id) for passage in batch],
                    embeddings=vectors[start : start + self._batch],
                    metadatas=[_metadata(passage) for passage in batch],
                )

    def search(
        self, vector: Vector, k: int, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The k nearest passages: (passage id, cosine), best first; fewer if there are not k."""
        if k < 1:
            return []
        wanted = filters or Filters()
        where = _where(wanted)
        if where is None:
            return [(i, cosine) for i, cosine, _ in self._query(vector, k, None)]
        # The engine looks through all that a filter lets pass, seconds in a large archive: where it
        # lets most of it pass, the nearest hold enough of them.
        nearest = self._query(vector, _WIDER * k, None)
        passing = [(i, cosine) for i, cosine, held in nearest if _passes(held, wanted)]
        if len(passing) >= k:
            return passing[:k]
        found = {i: cosine for i, cosine, _ in self._query(vector, k, where)}
        if len(found) < k:
            # Few pass, and the graph may lead to none of them.
            found |= self._some(vector, k, where)
        return sorted(found.items(), key=lambda item: -item[1])[:k]

    def _some(self, vector: Vector, k: int, where: Where) -> dict[int, float]:
        """Cosines of k of those the engine lets pass, of all where there are no more."""
        with self._errors_as(IndexStateError):
            held = self._collection.get(where=where, limit=k, include=["embeddings"])
        if not held["ids"]:
            return {}
        vectors = np.asarray(held["embeddings"], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector)
        cosines = (vectors @ vector) / np.maximum(norms, np.finfo(np.float32).tiny)
        return dict(zip(map(int, held["ids"]), cosines.tolist(), strict=True))

    def _query(
        self, vector: Vector, k: int, where: Where | None
    ) -> Iterator[tuple[int, float, Mapping[str, Any]]]:
        """The k nearest of those the engine lets pass: (passage id, cosine, metadata)."""
        with self._errors_as(IndexStateError):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=k,
                where=where,
                include=["distances", "metadatas"],
            )
        distances, held = (found["distances"] or [[]])[0], (found["metadatas"] or [[]])[0]
        for i, distance, values in zip(found["ids"][0], distances, held, strict=True):
            yield int(i), 1.0 - distance, values

    def delete(self, passage_ids: Sequence[int]) -> None:
        """Removes passages; unknown ones are ignored."""
        ids = [str(passage) for passage in passage_ids]
        with self._errors_as(StorageError):
            for start in range(0, len(ids), self._batch):
                self._collection.delete(ids=ids[start : start + self._batch])

    def clear(self) -> None:
        """Removes all passages."""
        with self._errors_as(StorageError):
            self._client.delete_collection(self._name)
            self._collection = self._made()

    def rename(self, name: str) -> None:
        """Takes the collection away from whoever else knows it by its old name."""
        with self._errors_as(StorageError):
            self._collection.modify(name=name)
        self._name = name

    def drop(self, name: str) -> None:
        """Removes another collection of the same store, where there is one."""
        from chromadb.errors import NotFoundError

        with self._errors_as(StorageError), suppress(NotFoundError):
            self._client.delete_collection(name)

    def count(self) -> int:
        """How many passages are stored."""
        with self._errors_as(IndexStateError):
            return self._collection.count()

    def ids(self) -> list[int]:
        """The ids of all passages stored."""
        with self._errors_as(IndexStateError):
            return [int(passage) for passage in self._collection.get(include=[])["ids"]]

    def check(self, dimension: int) -> None:
        """Raises IndexStateError where the graph that is searched is gone; its rows may be left."""
        expected = min(self.count(), _PROBED)
        found = self.search(np.ones(dimension, dtype=np.float32), expected)
        # The search is approximate: a few may be missed, half of them not.
        if len(found) < expected / 2:
            raise IndexStateError(
                f"{self._place!r} finds {len(found)} passages of {expected}; run `qa rebuild`"
            )

    def close(self) -> None:
        """Lets go of the store."""
        self._client.close()
        if self._url:
            # Chroma's own close leaves its connections to a server open, two clients' of them.
            client: Any = self._client
            for each in (client, client._admin_client):
                each._server._session.close()

    def _found(self) -> Collection:
        return self._client.get_collection(self._name, embedding_function=None)

    def _made(self) -> Collection:
        return self._client.create_collection(
            self._name, embedding_function=None, configuration={"hnsw": _HNSW}
        )

    @contextmanager
    def _errors_as(self, kind: type[QAError]) -> Iterator[None]:
        from chromadb.errors import ChromaError, NotFoundError

        try:
            yield
        except NotFoundError as error:
            raise IndexStateError(
                f"{self._place!r} holds no collection {self._name!r}, which this index is to have"
                f" there: run `qa rebuild` ({error})"
            ) from error
        except (ChromaError, ValueError, OSError) as error:
            if self._url:
                raise StorageError(
                    f"the Chroma server {self._place!r} fails: {error}; "
                    "start it or mend QA_CHROMA_URL"
                ) from error
            advice = "run `qa rebuild`" if kind is IndexStateError else "mend that and run it again"
            raise kind(f"{self._place!r} fails: {error}; {advice}") from error


def _embedded(folder: Path) -> Client:
    from chromadb import PersistentClient
    from chromadb.api.shared_system_client import SharedSystemClient

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return cast("Client", PersistentClient(folder, settings=_settings()))
    except BaseException:
        # Chroma would hand the half-started system to the next client of the same folder.
        SharedSystemClient.clear_system_cache()
        raise


def _server(url: str) -> Client:
    from chromadb import HttpClient

    if "@" in url:
        raise ValueError("a user and a password are not passed on: write it without them")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write it as http://host:port")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    client = HttpClient(parts.hostname, port, ssl=secure, settings=_settings())
    return cast("Client", client)


def _without_user(url: str) -> str:
    """What may be told of a URL: a password may stand before the host."""
    return re.sub(r"^(\w+://)?.*@", r"\1", url)


def _settings() -> Settings:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _metadata(passage: StoredPassage) -> dict[str, str | int]:
    # What is filtered by and no more: each value costs as much as a tenth of the vector.
    values: dict[str, str | int] = {"language": passage.language}
    if passage.outlet is not None:
        values["outlet"] = passage.outlet
    if passage.published is not None:
        values["date"] = date_number(passage.published)
    return values


def _passes(held: Mapping[str, Any], filters: Filters) -> bool:
    """Whether a passage's metadata pass, as `_where` has the engine decide it."""
    if filters.language not in (None, held["language"]):
        return False
    if filters.outlet not in (None, held.get("outlet")):
        return False
    if filters.since is None and filters.until is None:
        return True
    day = held.get("date")
    return (
        day is not None
        and (filters.since is None or day >= date_number(filters.since))
        and (filters.until is None or day <= date_number(filters.until))
    )


def _where(filters: Filters) -> Where | None:
    exact = {"language": filters.language, "outlet": filters.outlet}
    conditions: list[Any] = [{f: value} for f, value in exact.items() if value is not None]
    if filters.since is not None:
        conditions.append({"date": {"$gte": date_number(filters.since)}})
    if filters.until is not None:
        conditions.append({"date": {"$lte": date_number(filters.until)}})
    if len(conditions) > 1:
        # Chroma takes "$and" of two conditions or more only.
        conditions = [{"$and": conditions}]
    return conditions[0] if conditions else None
