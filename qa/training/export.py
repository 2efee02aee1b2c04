"""The trained table as a model2vec folder, written beside the old one and then put in its place."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.index.glosses import write_glosses
from qa.index.translations import Translations
from qa.index.transliteration import Transliteration
from qa.model import Vectors
from qa.training.errors import TrainingError
from qa.training.vocabulary import Vocabulary

LARGEST_BYTES = 40_000_000
_INT8 = 127


def quantised(vectors: Vectors) -> NDArray[np.int8]:
    """Rows over their largest number, as int8: readers make rows unit length again."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.round(vectors / np.where(largest > 0, largest, 1) * _INT8).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Table:
    """What is written: entry, row, weight and translations of each word, and what all share."""

    name: str
    vocabulary: Vocabulary
    vectors: Vectors
    weights: NDArray[np.float32]
    directions: Vectors
    translations: Translations
    transliteration: Transliteration
    glosses: Mapping[str, int]


def write_model(folder: Path, table: Table, card: str) -> int:
    """Writes the folder in one step and returns its size in bytes; TrainingError if too large."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _write_table(fresh, table)
    (fresh / "README.md").write_text(card, "utf-8")
    size = sum(file.stat().st_size for file in fresh.iterdir())
    if size > LARGEST_BYTES:
        raise TrainingError(
            f"the model takes {size:,} bytes, over {LARGEST_BYTES:,}: give it fewer words or pieces"
        )
    _replace(folder, fresh)
    return size


def _write_table(folder: Path, table: Table) -> None:
    from safetensors.numpy import save_file

    tensors: dict[str, NDArray[Any]] = {
        "embeddings": quantised(table.vectors),
        "weights": table.weights.astype(np.float16),
    }
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # safetensors lets nobody else read it
    np.save(folder / "common_directions.npy", table.directions)
    table.translations.write(folder)
    table.transliteration.write(folder)
    write_glosses(folder, table.glosses)
    table.vocabulary.tokenizer().save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "name": table.name,
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "hidden_dim": int(table.vectors.shape[1]),
        "embedding_dtype": "int8",
        "normalize": True,
        "max_length": None,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _replace(folder: Path, fresh: Path) -> None:
    """Two renames: a reader sees the old folder, for a moment none, then the new one."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
