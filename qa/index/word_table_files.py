"""Reading a word table's files, a model2vec folder.

* `model.safetensors`: `embeddings` (V, d), any number type, any scale of each row (rows are made
  unit length on load, so int8 rows may each use their whole range); `weights` (V,), the words'
  inverse-frequency weights in a mean, all 1 where the file has none.
* `tokenizer.json`: a WordPiece model over white space, pieces marked `##`, whose words are the
  keys of `qa.index.keys`. A key that is not a word is cut into the longest pieces, greedily.
* `config.json`: `name`, which the index fingerprint carries beside a hash of the files.
* `common_directions.npy`, optional: (n, d) float32, orthonormal rows. A text's mean loses its
  part along each of them (Arora et al. 2017, "A simple but tough-to-beat baseline").
* `translations.npz`, optional: which rows translate which (`qa.index.translations`).
* `transliteration.npz`, optional: how names are written in another script
  (`qa.index.transliteration`).
* `glosses.npz`, optional: words without a row by rows of English ones (`qa.index.glosses`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.errors import EmbedderError
from qa.index.glosses import FILE as GLOSSES_FILE

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MODEL_FILES = ("model.safetensors", "tokenizer.json", "config.json")
_DIRECTIONS_FILE = "common_directions.npy"


@dataclass(frozen=True, slots=True, eq=False)
class StoredTable:
    """What the tensors, the tokenizer and the configuration of a folder hold."""

    name: str
    words: Sequence[str]
    tokenizer: Tokenizer
    rows: NDArray[np.generic]
    weights: NDArray[np.float32]


def read_stored(folder: Path) -> StoredTable:
    """What a folder holds; raises EmbedderError where one of the three is missing or damaged."""
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if missing:
        raise EmbedderError(
            f"no word table in {str(folder)!r}: {', '.join(missing)} missing; "
            "install news-qa again, or make the model with python -m qa.training"
        )
    with readable(folder):
        return _read_files(*(folder / name for name in _MODEL_FILES))


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Says of any failure within that a file of the folder is damaged: EmbedderError."""
    try:
        yield
    except Exception as error:  # the tokenizers library raises nothing narrower
        raise EmbedderError(
            f"the word table in {str(folder)!r} cannot be read: {error}; install news-qa again"
        ) from error


def _read_files(tensors: Path, tokens: Path, config: Path) -> StoredTable:
    # Not by way of model2vec, whose imports and copies take longer than all of the reading.
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    arrays = load_file(tensors)
    rows, tokenizer = arrays["embeddings"], Tokenizer.from_file(str(tokens))
    vocabulary = tokenizer.get_vocab()
    if len(vocabulary) != len(rows):
        raise ValueError(f"{len(vocabulary)} words for {len(rows)} rows")
    return StoredTable(
        name=json.loads(config.read_bytes()).get("name", config.parent.name),
        words=sorted(vocabulary, key=vocabulary.__getitem__),
        tokenizer=tokenizer,
        rows=rows,
        weights=arrays.get("weights", np.ones(len(rows))).astype(np.float32),
    )


def read_directions(folder: Path, dimension: int) -> NDArray[np.float32]:
    """The common directions, shape (n, dimension); none where the folder has no such file."""
    path = folder / _DIRECTIONS_FILE
    if not path.exists():
        return np.zeros((0, dimension), dtype=np.float32)
    directions: NDArray[np.float32] = np.load(path).astype(np.float32)
    return directions.reshape(-1, dimension)


def digest_of(folder: Path) -> str:
    """Short hash of the files that make a text's vector: what questions alone need is left out."""
    digest = hashlib.sha256()
    for name in (*_MODEL_FILES, _DIRECTIONS_FILE, GLOSSES_FILE):
        if (folder / name).exists():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]
