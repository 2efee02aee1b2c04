"""Words that have no row of the table, each with the English one that it goes by.

A row costs two hundred bytes, a line here about six, and a rare word is hardly more than its
translation. A file of two arrays: the words as keys of the table (`qa.index.keys`), one a line,
in UTF-8, and the row of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

FILE = "glosses.npz"


def read_glosses(folder: Path) -> dict[str, int]:
    """Key → row, of a model folder; empty where it has no such file."""
    if not (folder / FILE).exists():
        return {}
    with np.load(folder / FILE) as arrays:
        keys = arrays["keys"].tobytes().decode().splitlines()
        return dict(zip(keys, arrays["rows"].tolist(), strict=True))


def write_glosses(folder: Path, glosses: Mapping[str, int]) -> None:
    """Writes the file into a model folder, the same bytes for the same glosses."""
    keys = sorted(glosses)
    np.savez_compressed(
        folder / FILE,
        keys=np.frombuffer("\n".join(keys).encode(), np.uint8),
        rows=np.array([glosses[key] for key in keys], np.uint32),
    )
