"""Likely translations of a table's words, from aligned text: what nearness of vectors cannot tell.

A file of three arrays: row i of the table is translated by `rows[offsets[i] : offsets[i + 1]]`,
with the `chances` of each in 255ths.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = "translations.npz"
_WHOLE = 255


@dataclass(frozen=True, slots=True, eq=False)
class Translations:
    """For each row of a word table the rows that translate it, the likeliest first."""

    offsets: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    chances: NDArray[np.uint8]

    @classmethod
    def none(cls, size: int) -> Self:
        """No translation of any of so many rows."""
        return cls(np.zeros(size + 1, np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.uint8))

    @classmethod
    def of(
        cls,
        size: int,
        words: NDArray[np.integer],
        translated: NDArray[np.integer],
        chances: NDArray[np.floating],
    ) -> Self:
        """From pairs of rows, each with the chance that the first is translated by the second."""
        order = np.lexsort((translated, -chances, words))
        counts = np.bincount(words, minlength=size)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)
        rounded = np.clip(np.round(chances[order] * _WHOLE), 1, _WHOLE).astype(np.uint8)
        return cls(offsets, translated[order].astype(np.uint32), rounded)

    @classmethod
    def read(cls, folder: Path, size: int) -> Self:
        """Those of a model folder; none where it has no such file."""
        if not (folder / FILE).exists():
            return cls.none(size)
        with np.load(folder / FILE) as arrays:
            return cls(arrays["offsets"], arrays["rows"], arrays["chances"])

    def write(self, folder: Path) -> None:
        """Writes the file into a model folder."""
        np.savez_compressed(
            folder / FILE, offsets=self.offsets, rows=self.rows, chances=self.chances
        )

    def of_row(self, row: int) -> list[tuple[int, float]]:
        """Rows and chances of the translations of one row."""
        part = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        chances = self.chances[part].astype(float) / _WHOLE
        return list(zip(self.rows[part].tolist(), chances.tolist(), strict=True))
